internal import Base
internal import Catalog
internal import Markup
internal import Requests

/// A list of the target that shows what requests of one kind create.
struct LookupList: Sendable {
  let resource: Resource
  /// Further parameters of its call, `name=value`.
  let parameters: [String]

  /// What an object is known by. The service may have taken blanks off the name that it was sent, so they do not count here.
  static func key(_ kind: String, _ name: String, parent: String = "") -> NamedObjects.Key {
    NamedObjects.Key(kind: kind, name: name.trimmed, parent: parent)
  }

  /// The list that shows what a request has created, or no longer shows what it has deleted, and what to look for in it; nil if there is none.
  static func of(_ request: Request, orderingKey: String) -> (lookupList: LookupList, matchKey: NamedObjects.Key)? {
    guard request.method == "POST" else { return nil }
    if let (resource, deletion) = request.deletion {
      // Of several, some may be gone and others not.
      let id = deletion.id.isEmpty ? request.path.split(separator: "/").last.map { String($0) } : request.value(deletion.id)
      guard let id, IDForm.number.fault(of: id) == nil else { return nil }
      let creator = creations[orderingKey]?.first
      let lookupList = LookupList(resource: creator?.resource ?? resource, parameters: creator?.creation.listed ?? [])
      return lookupList.resource.identity.map { !$0.isJoined } == true ? (lookupList, NamedObjects.Key(kind: lookupList.resource.kind, id: id)) : nil
    }
    for (resource, creation) in creations[orderingKey] ?? [] {
      guard let matchKey = matchKey(of: request, by: creation, resource) else { continue }
      return (LookupList(resource: resource, parameters: creation.listed), matchKey)
    }
    return nil
  }

  /// The calls that create something, by what requests must keep their order for.
  private static let creations = Dictionary(
    grouping: Catalog.all.flatMap { resource in resource.creations.map { (resource: resource, creation: $0) } }
  ) { Request(path: $0.creation.path).orderingKey }

  /// The name of the resource that shows what calls with an ordering key create; nil if there is none.
  static func resource(orderingKey: String) -> String? { creations[orderingKey]?.first?.resource.name }

  /// The name of what a request creates; nil if it is no such call.
  private static func matchKey(of request: Request, by creation: Creation, _ resource: Resource) -> NamedObjects.Key? {
    func key(_ name: String, parent: String = "") -> NamedObjects.Key {
      Self.key(resource.kind, resource.identity?.known(name) ?? name, parent: parent)
    }
    func value(_ name: String) -> String? { request.parameters.first { $0.name == name && !$0.isSecret }?.value }
    if let (name, expected) = creation.condition, value(name) != expected { return nil }
    if creation.isNamedInBody {
      // A document that names no file: what stands in one is not looked for.
      guard value("action") == creation.action, case .xml(let xml) = request.body else { return nil }
      return name(in: xml, at: creation.name).map { name in
        key(name, parent: creation.parent.flatMap { Self.name(in: xml, at: $0) } ?? "")
      }
    }
    guard creation.action.isEmpty else {
      guard value("action") == creation.action, let name = value("\(creation.name)"), !name.trimmed.isEmpty else { return nil }
      return key(name, parent: creation.impliedParent ?? creation.parent.flatMap { value("\($0)") } ?? "")
    }
    // Of a form without an action, its condition says it.
    if request.body == nil {
      guard creation.condition != nil, let name = value("\(creation.name)"), !name.trimmed.isEmpty else { return nil }
      return key(name)
    }
    // Of an asset management call, the path says what it does.
    guard request.path.hasSuffix(creation.path.split(separator: "{version}").last ?? ""), case .xml(let xml) = request.body else { return nil }
    var outline = Outline()
    outline.read(xml)
    // At the root of what it creates.
    guard let name = outline.text(at: creation.name), !name.trimmed.isEmpty else { return nil }
    return key(name, parent: creation.parent.flatMap { outline.text(at: $0) } ?? "")
  }

  private static func name(in xml: [UInt8], at path: StaticString) -> String? {
    var outline = Outline()
    outline.read(xml)
    return outline.text(at: path).flatMap { $0.trimmed.isEmpty ? nil : $0 }
  }

  /// Two requests with the same key are looked for in the same list.
  var key: String { ([resource.name] + parameters).joined(separator: " ") }
}

/// Looks for some objects in a list, in the memory of one record.
final class ListSearch: RecordSink {
  struct Object: Sendable {
    let id: String
    /// Seconds since 1970, 0 if the list does not say.
    let created: Int
  }

  private let lookupList: LookupList
  private let ignored: Set<String>
  /// Something is looked for by its name.
  private let hasNames: Bool
  private var envelope: Envelope
  private var stream: RecordStream?
  private var outline = Outline()
  private var records = 0
  /// What has been found: at most two for each, since the second says all.
  private(set) var found: [NamedObjects.Key: [Object]]

  /// - Parameter ignored: the ids of objects that are known to be others.
  init(for matchKeys: [NamedObjects.Key], in lookupList: LookupList, ignoring ignored: Set<String>) {
    self.lookupList = lookupList
    self.ignored = ignored
    hasNames = matchKeys.contains { !$0.isID }
    envelope = Envelope(lookupList.resource.document, isCopied: false)
    found = Dictionary(matchKeys.map { ($0, []) }) { first, _ in first }
  }

  /// Asks the target for the list. Errors: `remote` or `unanswered` if it cannot be had whole; `local`.
  ///
  /// - Parameter consequence: what the user is told that this means.
  func read(over fetcher: inout Fetcher, orElse consequence: String) throws(Complaint) {
    var callOptions = PageRequest.CallOptions()
    callOptions.parameters = lookupList.parameters
    do throws(Complaint) {
      let question = try PageRequest(lookupList.resource, callOptions, id: nil)
      let ending = try fetcher.fetch(question, .understood) { bytes throws(Complaint) in try self.feed(bytes) }
      if case .refused(let reason) = ending { throw Complaint(.refused, reason) }
      try finish()
    } catch {
      throw Complaint(
        [.local, .unanswered].contains(error.kind) ? error.kind : .remote,
        "the target's \(lookupList.resource.name) cannot be listed, \(consequence): \(error.line)")
    }
  }

  private func feed(_ bytes: [UInt8]) throws(Complaint) {
    if stream == nil { stream = try RecordStream(records: lookupList.resource.document.records, into: self) }
    try stream?.feed(bytes)
  }

  /// The list is whole. Errors: `refused` if it is not one that is understood: what is not found there may still be in it.
  private func finish() throws(Complaint) {
    try stream?.finish()
    stream = nil
    try envelope.ended(records: records, mustBeWhole: true)
  }

  func skeleton(_ bytes: Span<UInt8>) {}
  func opened(_ element: SkeletonElement) throws(Complaint) { try envelope.opened(element) }
  func closed(_ element: SkeletonElement, text: String?) throws(Complaint) { try envelope.closed(element, text: text) }

  func record(_ bytes: Span<UInt8>, line: Int, in surroundings: Surroundings) throws(Complaint) {
    records += 1
    var record: [UInt8] = []
    record.append(bytes)
    outline.read(record)
    guard let identity = lookupList.resource.identity, let id = outline.text(atFirstOf: identity.id)?.trimmed, !id.isEmpty else {
      throw Complaint(.refused, "a record lacks its id or its name", at: String(line))
    }
    // Whose it is does not matter.
    let own = NamedObjects.Key(kind: lookupList.resource.kind, id: id)
    if found[own]?.isEmpty == true { found[own] = [Object(id: id, created: 0)] }
    if !hasNames { return }
    guard let name = outline.text(atFirstOf: identity.name) else {
      throw Complaint(.refused, "a record lacks its id or its name", at: String(line))
    }
    let matchKey = LookupList.key(
      lookupList.resource.kind, identity.known(name), parent: identity.parent.flatMap { outline.text(at: $0) } ?? "")
    guard let known = found[matchKey], known.count < 2, !ignored.contains(id), !known.contains(where: { $0.id == id }) else { return }
    // Of policies, the date is the first thing in CREATED.
    let created = identity.created.flatMap { outline.text(at: $0)?.trimmed.prefix(20) }
    found[matchKey] = known + [Object(id: id, created: created.map { JournalText.seconds(of: String($0)) } ?? 0)]
  }
}

extension NamedObjects.Key {
  /// The id that it is known by; nil for what is known by its name.
  var id: String? { if case .id(let id) = mark { id } else { nil } }
  /// It is known by its id.
  var isID: Bool { id != nil }
  /// What the name is unique below; empty for none.
  var parent: String { if case .name(_, let parent) = mark { parent } else { "" } }
}
