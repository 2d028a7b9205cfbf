import Base
import Requests
import Toolbox

/// What has become of a control.
enum Outcome: String, CaseIterable {
  /// The old policy's bytes stand where the new policy's stood.
  case replaced
  case added
  /// The same bytes in both.
  case identical
  /// Only the old policy's selection has it.
  case selected
  /// The new policy's, since existing controls were not to be updated.
  case kept
  /// Not added, since new controls were not to be.
  case omitted
  /// The old policy does not have it.
  case missing

  /// It is in what is written, as it was asked for.
  var isWritten: Bool { [.replaced, .added, .identical, .selected].contains(self) }
}

/// How a preview is written.
enum PreviewFormat: String, CaseIterable { case table, tsv }

/// What there is to say about a run: to its report, and in a preview to standard output.
final class Findings {
  private var bookkeeping: Bookkeeping
  private let format: PreviewFormat?
  private var preview = HeldOutput(unbuffered: false)
  private var counts: [Outcome: Int] = [:]

  /// - Parameter format: how the preview is written, nil for none.
  init(options: ReportOptions, isStrict: Bool, previewAs format: PreviewFormat?) throws(Complaint) {
    bookkeeping = try Bookkeeping(kind: "control", options: options, isStrict: isStrict)
    self.format = format
  }

  /// Whether anybody wants to know what differs.
  var wantsDifferences: Bool { format != nil || bookkeeping.hasReport }

  /// Does the work, passes the verdict on what was found, writes the answer, and says at the end what there is to say.
  ///
  /// Errors: those of the work, and `local`.
  func keep(_ work: () throws(Complaint) -> Void, answer: () throws(Complaint) -> Void, said: () -> Void) throws(Complaint) {
    try bookkeeping.open()
    do throws(Complaint) {
      switch format {
      case .table: try preview.append(Self.line("CID", "outcome", "section, or what differs"))
      case .tsv: try preview.append(Array(Note.columns.utf8))
      case nil: break
      }
      try work()
      try bookkeeping.throwIfRefused()
      try bookkeeping.settle()
      if format == nil { try answer() } else { try writePreview() }
    } catch {
      try bookkeeping.failed(error)
    }
    said()
    // A preview ends with a count of its own, and nothing was written.
    if format == nil { bookkeeping.close() }
  }

  /// Says what has become of a control in a section.
  func add(_ outcome: Outcome, _ cid: CID, in heading: String, _ words: String) throws(Complaint) {
    counts[outcome, default: 0] += 1
    bookkeeping.tally.records += 1
    if !outcome.isWritten { bookkeeping.tally.skipped += 1 }
    try say(Subject(kind: "control", id: String(cid), name: heading), outcome.rawValue, words, inTable: String(cid), heading)
  }

  /// Says what differs within a control.
  func add(_ difference: ControlValues.Difference, of cid: CID, in heading: String) throws(Complaint) {
    try say(
      Subject(kind: "control", id: String(cid), name: heading), element: difference.place, difference.word, difference.words, inTable: "",
      difference.place)
  }

  /// Says that a technology of the old policy is listed now.
  func add(_ technology: Technology) throws(Complaint) {
    try say(technology.subject, Outcome.added.rawValue, "the new policy did not list it", inTable: "", technology.subject.description)
  }

  /// Says that what the old policy says of itself stays behind.
  func leave(_ element: String, _ text: String?, of policy: String) throws(Complaint) {
    let words = (text.map { ControlValues.quoted($0) + " in" } ?? "that of") + " the old policy stays behind"
    try say(Subject(kind: "policy", name: policy), element: element, "ignored", words, inTable: "", element)
  }

  /// Counts controls that were left out since nobody asked for them.
  func skip(_ count: Int) {
    bookkeeping.tally.records += count
    bookkeeping.tally.skipped += count
  }

  /// - Parameter isNamed: no line of its own stands before a control's notes.
  func add(_ notes: [Note], isNamed: Bool = false) throws(Complaint) {
    try bookkeeping.add(notes)
    for note in notes where format != nil {
      // Behind a control's own line, its section is known.
      let isOwn = !isNamed && note.subject.kind == "control" && !note.element.isEmpty
      let subject = isOwn || note.subject.kind == "policy" ? "" : note.subject.description
      let place = [subject, note.element].filter { !$0.isEmpty }.joined(separator: ", ")
      try append(note.row.tsv, inTable: "", note.disposition.rawValue, place, note.reason)
    }
  }

  private func say(
    _ subject: Subject, element: String = "", _ word: String, _ words: String, inTable name: String, _ place: String
  ) throws(Complaint) {
    guard wantsDifferences else { return }
    let row = ReportRow(subject, element: element, word, words)
    try bookkeeping.add(row: row)
    try append(row.tsv, inTable: name, word, place, words)
  }

  private func append(_ row: String, inTable name: String, _ word: String, _ place: String, _ words: String) throws(Complaint) {
    switch format {
    case .tsv: try preview.append(Array(row.utf8))
    case .table: try preview.append(Self.line(name, word, place.isEmpty ? words : words.isEmpty ? place : "\(place): \(words)"))
    case nil: break
    }
  }

  private func writePreview() throws(Complaint) {
    if format == .table {
      let total = counts.values.reduce(0, +)
      let words = Outcome.allCases.compactMap { outcome in counts[outcome].map { "\($0) \(outcome.rawValue)" } }
      try preview.append(Array("\n\(total) control\(total == 1 ? "" : "s")\(total == 0 ? "" : ": ")\(words.joined(separator: ", "))\n".utf8))
    }
    try preview.flush()
  }

  private static func line(_ name: String, _ word: String, _ words: String) -> [UInt8] {
    func padded(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(1, width - text.count)) }
    return Array((padded(name, 10) + padded(word, 11) + words.shown + "\n").utf8)
  }
}
