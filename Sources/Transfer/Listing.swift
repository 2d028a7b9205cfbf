internal import Markup
internal import Requests

/// A list of the target that shows what requests of one kind create, and how an object is known in it.
struct Listing: Sendable {
  /// What is fetched: "asset-groups".
  let resource: String
  /// Further parameters of that, `name=value`.
  let parameters: [String]
  let kind: DocumentKind
  /// The elements of a record; the date of creation is nil where the list has none.
  let id: StaticString
  let name: StaticString
  let created: StaticString?

  /// What an object is known by.
  struct Mark: Hashable, Sendable {
    /// In bytes: to the service, an accent of its own is another name.
    let name: [UInt8]
    /// Of a tag: the id of its parent, empty for none.
    let parent: String

    init(name: String, parent: String = "") {
      self.name = Array(name.trimmed.utf8)
      self.parent = parent.trimmed == "0" ? "" : parent.trimmed
    }

    /// One that was put aside.
    init(stored name: [UInt8], parent: String) { (self.name, self.parent) = (name, parent) }
  }

  private init(
    _ resource: String, _ kind: DocumentKind, _ parameters: [String] = [], id: StaticString = "ID", name: StaticString = "TITLE",
    created: StaticString? = nil
  ) {
    self.resource = resource
    self.parameters = parameters
    self.kind = kind
    self.id = id
    self.name = name
    self.created = created
  }

  /// The list that shows what a request has created, and what to look for in it; nil if there is none.
  static func of(_ request: Request, lane: String) -> (listing: Listing, mark: Mark)? {
    func value(_ name: String) -> String? { request.parameters.first { $0.name == name && !$0.isSecret }?.value }
    func marked(_ listing: Listing, _ action: String, _ name: String) -> (Listing, Mark)? {
      guard request.method == "POST", value("action") == action, let title = value(name), !title.trimmed.isEmpty else { return nil }
      return (listing, Mark(name: title))
    }
    switch lane {
    case "api/fo/asset/group": return marked(Listing("asset-groups", .assetGroups, ["show_attributes=ID,TITLE"]), "add", "title")
    case "api/fo/network": return marked(Listing("networks", .named, name: "NAME"), "create", "name")
    case "api/fo/appliance": return marked(Listing("appliances", .named, name: "NAME"), "create", "name")
    case "api/fo/schedule/scan": return marked(Listing("schedules", .schedules), "create", "scan_title")
    case "api/fo/schedule/scan/compliance": return marked(Listing("pc-schedules", .schedules), "create", "scan_title")
    case "api/fo/scan/cloud/perimeter/job":
      // Nothing lists those of the other module.
      return value("module") == "vm" ? marked(Listing("schedules", .schedules, ["scan_type=perimeter"]), "create", "scan_title") : nil
    case "api/fo/compliance/policy": return marked(Listing("policies", .named, created: "CREATED"), "import", "title")
    case "api/fo/qid/search_list/static": return marked(Listing("static-search-lists", .named), "create", "title")
    case "api/fo/qid/search_list/dynamic": return marked(Listing("dynamic-search-lists", .named), "create", "title")
    case "qps/rest/am/tag": return request.path.hasSuffix("/create/am/tag") ? tag(request) : nil
    case let other where other.hasPrefix("api/fo/auth/"):
      let type = other.dropFirst("api/fo/auth/".count)
      guard !type.contains("/"), !type.isEmpty else { return nil }
      let element = "AUTH_" + type.uppercased()
      let kind = DocumentKind(
        "list of authentication records", roots: [element + "_LIST_OUTPUT"], records: ["\(element)_LIST/\(element)"], skeleton: [element + "_LIST"])
      return marked(Listing("auth-" + String(type.map { $0 == "_" ? "-" : $0 }), kind), "create", "title")
    default: return nil
    }
  }

  /// The tag that a request creates, at the root of what it creates.
  private static func tag(_ request: Request) -> (Listing, Mark)? {
    guard case .xml(let xml) = request.body else { return nil }
    var outline = Outline()
    outline.read(xml)
    var name: String?
    var parent = ""
    for (index, element) in outline.elements.enumerated() {
      switch outline.path(to: index) {
      case "data/Tag/name": name = outline.text(element.content)
      case "data/Tag/parentTagId": parent = outline.text(element.content)
      default: break
      }
    }
    guard let name, !name.trimmed.isEmpty else { return nil }
    return (Listing("tags", .tags, id: "id", name: "name", created: "created"), Mark(name: name, parent: parent))
  }

  /// Two requests with the same key are looked for in the same list.
  var key: String { ([resource] + parameters).joined(separator: " ") }
}

/// Looks for some objects in a list, in the memory of one record.
final class Search: RecordSink {
  struct Object: Sendable {
    let id: String
    /// Seconds since 1970, 0 if the list does not say.
    let created: Int
  }

  private let listing: Listing
  private let ignored: Set<String>
  private var envelope: Envelope
  private var stream: RecordStream?
  private var outline = Outline()
  private var records = 0
  /// What has been found: at most two for each, since the second says all.
  private(set) var found: [Listing.Mark: [Object]]

  /// - Parameter ignored: the ids of objects that are known to be others.
  init(for marks: [Listing.Mark], in listing: Listing, ignoring ignored: Set<String>) {
    self.listing = listing
    self.ignored = ignored
    envelope = Envelope(listing.kind, isCopied: false)
    found = Dictionary(marks.map { ($0, []) }) { first, _ in first }
  }

  func feed(_ bytes: [UInt8]) throws(Complaint) {
    if stream == nil { stream = try RecordStream(records: listing.kind.records, into: self) }
    try stream?.feed(bytes)
  }

  /// The list is whole. Errors: `refused` if it is not one that is understood: what is not found there may still be in it.
  func finish() throws(Complaint) {
    try stream?.finish()
    stream = nil
    try envelope.ended(records: records)
    if let cut = envelope.truncation { throw Complaint(.refused, "the list is cut off: \(cut)") }
    if let note = envelope.notes.first(where: { $0.disposition == .unknown }) { throw Complaint(.refused, "\(note.element): \(note.reason)") }
  }

  func skeleton(_ bytes: Span<UInt8>) {}
  func opened(_ element: SkeletonElement) throws(Complaint) { try envelope.opened(element) }
  func closed(_ element: SkeletonElement, text: String?) throws(Complaint) { try envelope.closed(element, text: text) }

  func record(_ bytes: Span<UInt8>, line: Int, in surroundings: Surroundings) throws(Complaint) {
    records += 1
    var record: [UInt8] = []
    record.append(bytes)
    outline.read(record)
    guard let id = outline.text(ofChild: listing.id)?.trimmed, !id.isEmpty, let name = outline.text(ofChild: listing.name) else {
      throw Complaint(.refused, "a record lacks its id or its name", at: String(line))
    }
    let mark = Listing.Mark(name: name, parent: outline.text(ofChild: "parentTagId") ?? "")
    guard let known = found[mark], known.count < 2, !ignored.contains(id), !known.contains(where: { $0.id == id }) else { return }
    // Of policies, the date is the first thing in CREATED.
    let created = listing.created.flatMap { outline.text(ofChild: $0)?.trimmed.prefix(20) }
    found[mark] = known + [Object(id: id, created: created.map { Journal.seconds(of: String($0)) } ?? 0)]
  }
}
