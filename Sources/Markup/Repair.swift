/// A kind of fault that is mended.
package enum RepairKind: String, CaseIterable, Sendable {
  /// White space before an XML declaration.
  case leadingSpace = "leading-space"
  /// Text before the document, HTTP headers for example.
  case leadingText = "leading-text"
  /// What XML 1.0 cannot hold, as a character or as a reference.
  case controlCharacters = "control-characters"
  /// An ampersand that begins no reference.
  case ampersands
  /// Bytes that are no UTF-8.
  case invalidUTF8 = "invalid-utf-8"
  /// The document breaks off.
  case truncation
  /// There are several documents.
  case concatenation
}

/// Something that was mended, and where.
package struct Repair: Sendable {
  /// What was wrong.
  package let kind: RepairKind
  /// Of the input, counted from 1.
  package let line: Int
  /// In the line, in bytes, counted from 1.
  package let column: Int
  /// The record that it is in, as the document says it: id and name, empty where they are not known; nil outside of all records.
  package internal(set) var record: (id: String, name: String)?
  /// Where in the record, or in the document if it is in none: `IP_SET/IP`.
  package let element: String
  /// What became of it, for a person.
  package let words: String
}

/// What the records of a document are, and what they are known by.
package struct RecordForm: Sendable {
  /// As `RecordStream` takes them.
  package let records: [String]
  let paths: [[[UInt8]]]
  let ids: [[[UInt8]]]
  let names: [[[UInt8]]]
  let listsWarnings: Bool

  /// What a list says for itself when it was cut back, with the code of one that goes on elsewhere.
  package static let cutBack = "qtbx-repair has cut this list back: records are missing"

  /// - Parameters:
  ///   - ids: where a record says its id, as paths below it.
  ///   - names: the same for its name.
  ///   - listsWarnings: the warnings of such a document stand in a WARNING_LIST.
  package init(records: [String], ids: [String], names: [String], listsWarnings: Bool = false) {
    self.records = records
    self.listsWarnings = listsWarnings
    paths = records.map(Self.steps)
    self.ids = ids.map(Self.steps)
    self.names = names.map(Self.steps)
  }

  private static func steps(_ path: String) -> [[UInt8]] { path.split(separator: "/").map { Array($0.utf8) } }
}

/// A place in the input.
struct InputPlace: Equatable {
  var line = 1
  /// In bytes.
  var column = 1
}
