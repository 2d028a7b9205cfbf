internal import Base
internal import Catalog
package import Markup

/// What became of a record, an element or a value that was not simply carried.
package enum Disposition: String, Sendable, CaseIterable {
  /// The record is not sent: a system object, or one that the caller left out.
  case skipped
  /// The record is not sent, since no call can: a person makes it, and others name it.
  case byHand = "by-hand"
  /// What it names is in no map: the value is left out, or without an element the whole record, which would be another one.
  case unmapped
  /// The target's call cannot set it.
  case dropped
  /// The value was translated with loss.
  case changed
  /// Carried as it is, but a person should read this.
  case noted
  /// Nobody here has ever heard of it.
  case unknown
  /// Without it the record would mean something else: the run fails, and names all of these.
  case refused
}

/// A record as a person knows it.
package struct Subject: Sendable, Equatable {
  /// Singular, as in a request's fragment: `asset-group`.
  package var kind: String
  /// In its source; empty where it has none.
  package var id: String
  /// As its source says it; empty where it has none.
  package var name: String

  package init(kind: String, id: String = "", name: String = "") {
    self.kind = kind
    self.id = id
    self.name = name
  }

  /// `asset group "Web" (4000001)`
  package var description: String {
    var words = Resource.noun(of: kind)
    if !name.isEmpty { words += " \"\(name)\"" }
    if !id.isEmpty { words += name.isEmpty ? " \(id)" : " (\(id))" }
    return words
  }
}

/// One line of the account: a row of the report.
package struct Note: Sendable, Equatable {
  /// What it is about.
  package var subject: Subject
  /// Where it stands in the record: `IP_SET/IP/@network_id`. Empty for the record itself.
  package var element: String
  /// What became of it.
  package var disposition: Disposition
  /// Why, for a person.
  package var reason: String
  /// The record of the list, where the subject is one that stands in it.
  package var record: Subject?

  package init(_ disposition: Disposition, _ subject: Subject, element: String = "", _ reason: String) {
    self.subject = subject
    self.element = element
    self.disposition = disposition
    self.reason = reason
  }

  /// The note that a stylesheet has written, nil if the element is none.
  package init?(_ element: borrowing ResultElement) {
    guard let disposition = Disposition(rawValue: element.name) else { return nil }
    self.init(
      disposition,
      // The layout around a name on a line of its own is no part of it, and no stylesheet need cut it.
      Subject(kind: element.attribute("kind") ?? "", id: element.attribute("id") ?? "", name: (element.attribute("name") ?? "").unframed),
      element: element.attribute("element") ?? "", element.text)
  }

  /// The record is not sent, and that is no failure.
  package var leavesOutRecord: Bool {
    switch disposition {
    case .skipped, .byHand: true
    case .unmapped: element.isEmpty
    case .dropped, .changed, .noted, .unknown, .refused: false
    }
  }

  /// The columns of a report.
  package static let columns = "kind\tid\tname\telement\tdisposition\treason\n"

  /// The note as a row of the report.
  package var row: ReportRow { ReportRow(subject, element: element, disposition.rawValue, reason) }
}

/// A row of a report: a note, or something else that has its columns.
package struct ReportRow: Sendable {
  private let fields: [String]

  /// - Parameter word: what became of it, where a note has its disposition.
  package init(_ subject: Subject, element: String = "", _ word: String, _ reason: String) {
    fields = [subject.kind, subject.id, subject.name, element, word, reason]
  }

  /// With its line end, for a table that may be opened in a spreadsheet.
  package var tsv: String { TSV.row(fields, forSpreadsheet: true) }
  /// The same as an object of JSON, as it is: no spreadsheet reads that.
  package var json: String {
    let names = Note.columns.dropLast().split(separator: "\t")
    return JSONText.object(zip(names, fields).map { (name: String($0), value: JSONText.string($1)) })
  }
}

/// What a run has read, written and left: the closing line of every filter.
package struct RunTally: Sendable {
  /// How many have been read, those that were skipped among them.
  package var records = 0
  /// Notes that say that a record is not sent.
  package var skipped = 0
  /// All others.
  package var notes = 0

  package init() {}

  /// `120 asset groups: 118 written, 2 skipped, 7 notes`
  package func line(kind: String) -> String {
    let noun = Subject(kind: kind).description.counted(records)
    return "\(noun): \(records - skipped) written, \(skipped) skipped, \(notes) note\(notes == 1 ? "" : "s")"
  }
}
