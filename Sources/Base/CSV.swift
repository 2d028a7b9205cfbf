/// Comma-separated values as RFC 4180 has them: fields with a comma, a quote or a line end stand in quotes, and a quote is doubled.
package enum CSV {
  /// The rows of a table, each with the number of its first line. Errors: `refused`, at the line.
  ///
  /// - Parameter delimiter: what stands between two fields.
  package static func rows(of bytes: [UInt8], delimiter: UInt8 = ",") throws(Complaint) -> [(line: Int, fields: [String])] {
    guard let text = String(validating: bytes[markLength(of: bytes)...], as: UTF8.self) else {
      let isWide = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
      throw Complaint(.refused, "the table is \(isWide ? "UTF-16" : "not UTF-8"): save it as CSV in UTF-8")
    }
    var rows: [(line: Int, fields: [String])] = []
    var fields: [String] = []
    var field: [UInt8] = []
    var line = 1
    var rowLine = 1
    var state = State.start
    func ended() {
      fields.append(String(decoding: field, as: UTF8.self))
      field = []
    }
    func rowEnded() {
      ended()
      if fields != [""] { rows.append((rowLine, fields)) }
      fields = []
      rowLine = line + 1
    }
    for byte in text.utf8 {
      switch (state, byte) {
      case (.quoted, "\""): state = .quoteInQuoted
      case (.quoted, _): field.append(byte)
      case (.quoteInQuoted, "\""):
        field.append(byte)
        state = .quoted
      case (.start, "\""): state = .quoted
      case (_, delimiter):
        ended()
        state = .start
      case (_, "\n"):
        rowEnded()
        state = .start
      case (.afterReturn, _): throw Complaint(.refused, "a carriage return outside quotes", at: String(line))
      case (_, "\r"): state = .afterReturn
      case (.quoteInQuoted, _): throw Complaint(.refused, "text behind the closing quote of a field", at: String(line))
      case (_, "\""): throw Complaint(.refused, "a quote inside a field that is not quoted", at: String(line))
      default:
        field.append(byte)
        state = .plain
      }
      if byte == "\n" { line += 1 }
    }
    if state == .quoted { throw Complaint(.refused, "a quoted field does not end", at: String(rowLine)) }
    if state != .start || !fields.isEmpty { rowEnded() }
    return rows
  }

  /// How many bytes the byte order mark at the start of a table has.
  package static func markLength(of bytes: [UInt8]) -> Int { bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0 }

  private enum State { case start, plain, quoted, quoteInQuoted, afterReturn }

  /// A row, with its line end.
  package static func row(_ fields: [String]) -> String {
    fields.map { field in
      guard field.utf8.contains(where: { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" }) else { return field }
      return "\"" + field.doubling("\"") + "\""
    }.joined(separator: ",") + "\n"
  }
}
