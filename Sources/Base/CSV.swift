/// Comma-separated values as RFC 4180 has them: fields with a comma, a quote or a line end stand in quotes, and a quote is doubled.
package enum CSV {
  /// What a table consists of, in its order.
  package enum Part: Sendable {
    /// Of a field, without the quotes around it.
    case byte(UInt8)
    case endOfField
    /// The number of the line that the row begins with. An empty line is a row of one empty field.
    case endOfRow(line: Int)
  }

  /// Reads a table piece by piece, and keeps nothing of it. Errors: `refused`, at the line; what `take` throws.
  ///
  /// - Parameter delimiter: what stands between two fields.
  package static func scan(_ bytes: Span<UInt8>, delimiter: UInt8 = ",", _ take: (Part) throws(Complaint) -> Void) throws(Complaint) {
    do { _ = try UTF8Span(validating: bytes) } catch {
      let isWide = bytes.count > 1 && (bytes[0] == 0xFF && bytes[1] == 0xFE || bytes[0] == 0xFE && bytes[1] == 0xFF)
      throw Complaint(.refused, "the table is \(isWide ? "UTF-16" : "not UTF-8"): save it as CSV in UTF-8")
    }
    let hasMark = bytes.count > 2 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF
    var line = 1
    var rowLine = 1
    var state = State.start
    var isEmptyRow = true
    func rowEnded() throws(Complaint) {
      try take(.endOfField)
      try take(.endOfRow(line: rowLine))
      rowLine = line + 1
      isEmptyRow = true
    }
    for at in (hasMark ? 3 : 0)..<bytes.count {
      let byte = bytes[at]
      switch (state, byte) {
      case (.quoted, "\""): state = .quoteInQuoted
      case (.quoted, _): try take(.byte(byte))
      case (.quoteInQuoted, "\""):
        try take(.byte(byte))
        state = .quoted
      case (.start, "\""): state = .quoted
      case (_, "\n"):
        try rowEnded()
        state = .start
      case (.afterReturn, _): throw Complaint(.refused, "a carriage return outside quotes", at: String(line))
      case (_, delimiter):
        try take(.endOfField)
        isEmptyRow = false
        state = .start
      case (_, "\r"): state = .afterReturn
      case (.quoteInQuoted, _): throw Complaint(.refused, "text behind the closing quote of a field", at: String(line))
      case (_, "\""): throw Complaint(.refused, "a quote inside a field that is not quoted", at: String(line))
      default:
        try take(.byte(byte))
        state = .plain
      }
      if byte == "\n" { line += 1 }
    }
    if state == .quoted { throw Complaint(.refused, "a quoted field does not end", at: String(rowLine)) }
    if state == .afterReturn { throw Complaint(.refused, "a carriage return outside quotes", at: String(line)) }
    if state != .start || !isEmptyRow { try rowEnded() }
  }

  /// The rows of a table, each with the number of its first line. Errors: `refused`, at the line.
  ///
  /// - Parameter delimiter: what stands between two fields.
  package static func rows(of bytes: [UInt8], delimiter: UInt8 = ",") throws(Complaint) -> [(line: Int, fields: [String])] {
    var rows: [(line: Int, fields: [String])] = []
    try forEachRow(of: bytes, delimiter: delimiter) { line, fields in rows.append((line, fields)) }
    return rows
  }

  /// Lends the rows of a table one by one, each with the number of its first line. Errors: `refused`, at the line; what `body` throws.
  package static func forEachRow(
    of bytes: [UInt8], delimiter: UInt8 = ",", _ body: (_ line: Int, _ fields: [String]) throws(Complaint) -> Void
  ) throws(Complaint) {
    var fields: [String] = []
    var field: [UInt8] = []
    try scan(bytes.span, delimiter: delimiter) { part throws(Complaint) in
      switch part {
      case .byte(let byte): field.append(byte)
      case .endOfField:
        fields.append(String(decoding: field, as: UTF8.self))
        field.removeAll(keepingCapacity: true)
      case .endOfRow(let line):
        if fields != [""] { try body(line, fields) }
        fields = []
      }
    }
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
