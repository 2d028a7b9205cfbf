/// Tab-separated values, a record a line, whatever a value holds.
package enum TSV {
  /// A row, with its line end. A tab is written `\t`, a line feed `\n`, a backslash `\\`, and every other control character by its number.
  ///
  /// - Parameter forSpreadsheet: an apostrophe stands before a value that a spreadsheet would take for a formula, and before one that looks like what has
  ///   become of such a value. A value with a quotation mark stands in quotation marks, as in RFC 4180: else one at its beginning would swallow the rows
  ///   behind it.
  package static func row(_ fields: [String], forSpreadsheet: Bool = false) -> String {
    var row = ""
    for (place, field) in fields.enumerated() {
      if place > 0 { row += "\t" }
      row += isPlain(field) ? field : written(field, forSpreadsheet)
    }
    return row + "\n"
  }

  /// Whether a value stands as it is, by its bytes: a report has millions, and nearly all do.
  private static func isPlain(_ value: String) -> Bool {
    if let first = value.utf8.first, first == "=" || first == "+" || first == "-" || first == "@" || first == "'" { return false }
    return value.utf8.allSatisfy { (" "..."~").contains($0) && $0 != "\\" && $0 != "\"" }
  }

  private static func written(_ value: String, _ forSpreadsheet: Bool) -> String {
    var plain = value.doubling("\\").shown
    guard forSpreadsheet else { return plain }
    if isFormula(plain.utf8) { plain = "'" + plain }
    return plain.contains("\"") ? "\"" + plain.doubling("\"") + "\"" : plain
  }

  /// Whether a value is a formula, with or without apostrophes before it.
  private static func isFormula(_ value: some Sequence<UInt8>) -> Bool {
    guard let first = value.first(where: { $0 != "'" }) else { return false }
    return first == "=" || first == "+" || first == "-" || first == "@"
  }

  /// The fields of a row that `row` has written, without its line end.
  ///
  /// - Parameter forSpreadsheet: as it was written: then an apostrophe before a value that a spreadsheet would take for a formula is none of it, and neither
  ///   are quotation marks around one.
  package static func fields(of row: ArraySlice<UInt8>, forSpreadsheet: Bool = false) -> [String] {
    var fields: [String] = []
    var start = row.startIndex
    for at in row.indices where row[at] == "\t" {
      fields.append(field(row[start..<at], forSpreadsheet))
      start = at + 1
    }
    fields.append(field(row[start...], forSpreadsheet))
    return fields
  }

  private static func field(_ written: ArraySlice<UInt8>, _ forSpreadsheet: Bool) -> String {
    guard forSpreadsheet else { return unescaped(written) }
    var plain = written
    if plain.count > 1, plain.first == "\"", plain.last == "\"" { plain = undoubled(plain.dropFirst().dropLast())[...] }
    if plain.first == "'", isFormula(plain) { plain = plain.dropFirst() }
    return unescaped(plain)
  }

  private static func undoubled(_ field: ArraySlice<UInt8>) -> [UInt8] {
    var plain: [UInt8] = []
    var isSecond = false
    for byte in field {
      isSecond = byte == "\"" && !isSecond
      if !isSecond { plain.append(byte) }
    }
    return plain
  }

  /// What `row` has escaped in a field: a tab, a line feed, a backslash, and every other control character.
  package static func unescaped(_ field: ArraySlice<UInt8>) -> String {
    let text = String(decoding: field, as: UTF8.self)
    guard field.contains("\\") else { return text }
    var plain = ""
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      guard scalar == "\\", let next = rest.popFirst() else {
        plain.unicodeScalars.append(scalar)
        continue
      }
      switch next {
      case "t": plain += "\t"
      case "n": plain += "\n"
      case "r": plain += "\r"
      case "u" where rest.first == "{":
        let digits = rest.dropFirst().prefix { $0 != "}" }
        if let number = UInt32(String(digits), radix: 16), let scalar = Unicode.Scalar(number) { plain.unicodeScalars.append(scalar) }
        rest = rest.dropFirst(digits.count + 2)
      default: plain.unicodeScalars.append(next)
      }
    }
    return plain
  }
}
