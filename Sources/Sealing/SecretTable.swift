package import Base
package import Requests
package import Toolbox

/// The secrets of a file, by their names. The values stay in locked memory.
///
///     kind,title,field,username,value
///     unix,Root #1,password,root,…
package final class SecretTable: Sendable {
  /// All of a secret but its value.
  package struct Row: Sendable {
    /// What a list calls it.
    package let name: SecretName
    /// For a person.
    package let username: String
    /// Of its value, in the values.
    fileprivate let range: Range<Int>

    /// There is a value.
    package var isFilled: Bool { !range.isEmpty }
  }

  /// In their order.
  package let rows: [Row]
  private let values: LockedBytes
  private let places: [SecretName: Int]

  /// The header of a table of secrets, as it is written.
  package static let header = ["kind", "title", "field", "username", "value"]

  /// Reads a table. Errors: `refused`, at the line; no value is in them.
  package convenience init(parsing table: borrowing LockedBytes) throws(Complaint) {
    var reader = try Reader(room: table.count)
    try table.withBytes { bytes throws(Complaint) in
      try CSV.scan(bytes, delimiter: Self.delimiter(of: bytes)) { part throws(Complaint) in try reader.take(part) }
    }
    try self.init(reader)
  }

  private init(_ reader: consuming Reader) throws(Complaint) {
    if reader.columns.isEmpty { throw Self.noHeader }
    rows = reader.rows
    places = reader.places
    values = reader.values
  }

  private static let noHeader = Complaint(.refused, "a table of secrets begins with kind,title,field,username,value", at: "1")

  /// Whether it looks like one: what was decrypted with a wrong passphrase does not.
  package static func isOne(_ table: borrowing LockedBytes) -> Bool {
    table.withBytes { bytes in
      do { _ = try UTF8Span(validating: bytes) } catch { return false }
      var reader: [String] = []
      var field: [UInt8] = []
      do throws(Complaint) {
        try CSV.scan(bytes, delimiter: delimiter(of: bytes)) { part throws(Complaint) in
          switch part {
          case .byte(let byte): if field.count < 20 { field.append(byte) }
          case .endOfField:
            reader.append(String(decoding: field, as: UTF8.self))
            field = []
          case .endOfRow:
            // The rest is for whoever reads it.
            if reader != [""] { throw Complaint(.fault, "") }
            reader = []
          }
        }
      } catch {}
      return ["kind", "title", "field", "value"].allSatisfy { reader.contains($0) }
    }
  }

  /// As a spreadsheet may have it.
  private static func delimiter(of bytes: Span<UInt8>) -> UInt8 {
    for at in bytes.indices.prefix(200) where [",", ";", "\t", "\n"].contains(bytes[at]) { return bytes[at] == "\n" ? "," : bytes[at] }
    return ","
  }

  /// The parts of a table on their way into rows.
  private struct Reader: ~Copyable {
    var columns: [String] = []
    var rows: [Row] = []
    var places: [SecretName: Int] = [:]
    var values: LockedBytes
    private var fields: [String] = []
    private var field: [UInt8] = []
    private var start = 0

    init(room: Int) throws(Complaint) { values = try LockedBytes(capacity: room) }

    private var isValue: Bool { fields.count < columns.count && columns[fields.count] == "value" }

    mutating func take(_ part: CSV.Part) throws(Complaint) {
      switch part {
      case .byte(let byte): if isValue { values.append(byte) } else { field.append(byte) }
      case .endOfField:
        fields.append(String(decoding: field, as: UTF8.self))
        field.removeAll(keepingCapacity: true)
      case .endOfRow(let line):
        defer {
          fields = []
          start = values.count
        }
        if fields == [""], values.count == start { return }
        do throws(Complaint) { try end() } catch { throw error.at(String(line)) }
      }
    }

    private mutating func end() throws(Complaint) {
      guard !columns.isEmpty else {
        columns = fields
        guard ["kind", "title", "field", "value"].allSatisfy({ name in columns.count { $0 == name } == 1 }),
          columns.allSatisfy({ SecretTable.header.contains($0) }), Set(columns).count == columns.count
        else { throw SecretTable.noHeader }
        return
      }
      guard fields.count == columns.count else { throw Complaint(.refused, "the row has \(fields.count) of \(columns.count) columns") }
      func field(_ name: String) -> String { columns.firstIndex(of: name).map { fields[$0] } ?? "" }
      guard let name = SecretName(kind: field("kind"), title: field("title"), field: field("field")) else {
        throw Complaint(.refused, "kind, title and field name a secret: none of them is empty, and only a title has slashes")
      }
      if places.updateValue(rows.count, forKey: name) != nil { throw Complaint(.refused, "the secret \(name.text) stands there twice") }
      let range = start..<values.count
      if values.withBytes(range, { value in value.indices.contains { value[$0] == 0 } }) {
        throw Complaint(.refused, "the secret \(name.text) has a NUL")
      }
      rows.append(Row(name: name, username: field("username"), range: range))
    }
  }

  // MARK: Asking

  /// The row of a secret, nil if there is none.
  package func row(of name: SecretName) -> Row? { places[name].map { rows[$0] } }

  /// Lends the value of a secret; nothing is lent if there is none.
  package func withValue<Answer>(of name: SecretName, _ body: (Span<UInt8>) -> Answer) -> Answer? {
    guard let row = row(of: name), row.isFilled else { return nil }
    return values.withBytes(row.range, body)
  }

  /// Whether XML can hold the value of a secret.
  package func isXML(_ name: SecretName) -> Bool {
    withValue(of: name) { value in
      for at in value.indices {
        switch value[at] {
        case "\t", "\n", "\r", " "...: break
        default: return false
        }
        // U+FFFE and U+FFFF.
        if at + 2 < value.count, value[at] == 0xEF, value[at + 1] == 0xBF, value[at + 2] >= 0xBE { return false }
      }
      return true
    } ?? true
  }

  // MARK: Filling in

  /// What a value becomes for its place.
  package enum Encoding: Sendable { case percent, xml }

  /// Bytes with secrets in the places that were found in them. Errors: `fault` if there is none of the name, which was asked before; `local`.
  ///
  /// - Parameter isText: a zero stands behind it.
  package func filled(
    _ bytes: [UInt8], _ placeholders: [Placeholder], as encoding: Encoding, isText: Bool = false
  ) throws(Complaint) -> LockedBytes {
    let room = placeholders.reduce(bytes.count + 1) { sum, placeholder in sum + 6 * (row(of: placeholder.name)?.range.count ?? 0) }
    var filled = try LockedBytes(capacity: room)
    var at = 0
    for placeholder in placeholders {
      filled.append(bytes.span.extracting(at..<placeholder.range.lowerBound))
      guard let row = row(of: placeholder.name), row.isFilled else {
        throw Complaint(.fault, "there is no secret \(placeholder.name.text)")
      }
      values.withBytes(row.range) { value in
        for at in value.indices {
          switch encoding {
          case .percent: Self.appendPercent(value[at], to: &filled)
          case .xml: Self.appendXML(value[at], to: &filled)
          }
        }
      }
      at = placeholder.range.upperBound
    }
    filled.append(bytes.span.extracting(at..<bytes.count))
    if isText { filled.append(0) }
    return filled
  }

  private static func appendPercent(_ byte: UInt8, to filled: inout LockedBytes) {
    switch byte {
    case "a"..."z", "A"..."Z", "0"..."9", "-", ".", "_", "~": filled.append(byte)
    default:
      filled.append("%")
      for half in [byte >> 4, byte & 15] { filled.append(half < 10 ? "0" + half : "A" - 10 + half) }
    }
  }

  private static func appendXML(_ byte: UInt8, to filled: inout LockedBytes) {
    switch byte {
    case "&": append("&amp;", to: &filled)
    case "<": append("&lt;", to: &filled)
    case ">": append("&gt;", to: &filled)
    case "\r": append("&#13;", to: &filled)
    default: filled.append(byte)
    }
  }

  private static func append(_ word: StaticString, to filled: inout LockedBytes) {
    for at in 0..<word.utf8CodeUnitCount { filled.append(word.utf8Start[at]) }
  }
}
