internal import Base
internal import Catalog
internal import Markup
internal import Requests

/// The grammar and the maps, at work on one record after the other in the same memory.
final class RecordWorker {
  private let grammar: RecordGrammar?
  private let saysDrops: Bool
  private let inspect: (@Sendable (borrowing Outline, Subject, inout [Note]) -> ListFilter.Fate)?
  private let isLeftOut: (@Sendable (borrowing Outline) -> Bool)?
  private let translation: Translation
  private var kind: String
  private let identity: Identity
  private var outline = Outline()
  private var memory = RecordGrammar.Memory()

  init(_ filter: ListFilter, _ translation: Translation) {
    grammar = filter.grammar
    saysDrops = filter.saysDrops
    inspect = filter.inspect
    isLeftOut = filter.isLeftOut
    self.translation = translation
    kind = filter.kind
    identity = filter.identity
  }

  /// All records of a batch are of one list.
  func begin(_ batch: borrowing Batch) {
    kind = batch.kind
  }

  /// What the record that was read last says that it is.
  var subject: Subject {
    if identity.id.isEmpty, !outline.elements.isEmpty { return Subject(kind: kind, id: outline.ownText(of: 0).trimmed) }
    return Subject(
      kind: kind, id: outline.id(by: identity)?.trimmed ?? "", name: (outline.text(atFirstOf: identity.name) ?? "").unframed)
  }

  /// A record that stands in the record, by its own id and name.
  private func innerSubject(at index: Int) -> Subject? {
    func text(_ paths: [StaticString]) -> String? { paths.lazy.compactMap { self.outline.text(ofChild: $0, of: index) }.first }
    let (id, name) = (text(identity.id)?.trimmed ?? "", text(identity.name)?.unframed ?? "")
    return id.isEmpty && name.isEmpty ? nil : Subject(kind: kind, id: id, name: name)
  }

  /// The record as the stylesheet is to see it, without bytes if it is refused or is to be left out, and what is to be said about it.
  func prepare(_ record: [UInt8], _ unmapped: inout [Unmapped]) throws(Complaint) -> (bytes: [UInt8]?, subject: Subject, notes: [Note]) {
    outline.read(record)
    let subject = subject
    var notes: [Note] = []
    guard check(subject, &notes, isCopied: false) else { return (nil, subject, notes) }
    if let inspect, inspect(outline, subject, &notes) == .remove { return (nil, subject, notes) }
    // The stylesheet will say that it is not made again.
    if identity.isEverywhere(subject.id, subject.name) || isLeftOut?(outline) == true { return (record, subject, notes) }
    let bytes = try translation.apply(to: outline, without: memory.hidden, of: subject, notes: &notes, unmapped: &unmapped)
    return (bytes, subject, notes)
  }

  /// Adds what the grammar says about the record that was read last. False if it is refused.
  private func check(_ subject: Subject, _ notes: inout [Note], isCopied: Bool) -> Bool {
    guard let grammar else { return true }
    let found = grammar.check(outline, of: subject, isCopied: isCopied, in: &memory) { [self] in innerSubject(at: $0) }
    notes += saysDrops ? found : found.filter { $0.disposition != .dropped }
    return !found.contains { $0.disposition == .refused }
  }

  /// The stylesheets believe the attributes that a map puts on an element, so no input may bring its own.
  func refuseMarks(in batch: Batch) throws(Complaint) {
    for segment in batch.segments {
      outline.read(Array(batch.bytes[segment.range]))
      if outline.hasAttribute("qtbx-target") || outline.hasAttribute("qtbx-target-lacks") {
        throw Complaint(
          .refused, "\(subject.description) has the attribute qtbx-target, which only a map may give", at: "\(batch.name):\(segment.line)")
      }
    }
  }

  func inspect(_ record: [UInt8], _ notes: inout [Note], _ body: (borrowing Outline, Subject, inout [Note]) -> ListFilter.Fate) -> ListFilter.Fate {
    outline.read(record)
    let subject = subject
    _ = check(subject, &notes, isCopied: true)
    return body(outline, subject, &notes)
  }

  /// What is made of a record that the grammar does not refuse.
  func value<Item>(of record: [UInt8], _ notes: inout [Note], _ make: (borrowing Outline, Subject, inout [Note]) -> Item?) -> Item? {
    outline.read(record)
    let subject = subject
    return check(subject, &notes, isCopied: false) ? make(outline, subject, &notes) : nil
  }

  func translateInspected(_ notes: inout [Note], _ unmapped: inout [Unmapped]) throws(Complaint) -> [UInt8]? {
    try translation.apply(to: outline, of: subject, notes: &notes, unmapped: &unmapped)
  }
}

/// A stylesheet that a thread keeps.
final class StylesheetBox {
  private let stylesheet: Stylesheet
  /// A user's own is named in messages.
  private let name: String?

  init(_ stylesheet: consuming Stylesheet, named name: String?) {
    self.stylesheet = stylesheet
    self.name = name
  }

  func apply(
    to document: [UInt8], parameters: [(name: String, value: String)], _ body: (borrowing Stylesheet.Result) throws(Complaint) -> Void
  ) throws(Complaint) {
    do throws(Complaint) {
      try stylesheet.apply(to: document, parameters: parameters, body)
    } catch {
      throw name.map { error.at($0) } ?? error
    }
  }
}
