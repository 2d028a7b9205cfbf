/// Tab-separated values, a record a line, whatever a value holds.
package enum TSV {
  /// A row, with its line end. A tab is written `\t`, a line feed `\n`, a backslash `\\`, and every other control character by its number.
  package static func row(_ fields: [String]) -> String { fields.map(field).joined(separator: "\t") + "\n" }

  /// A row that a spreadsheet reads as it is meant: an apostrophe stands before a value that it would take for a formula. A value with a
  /// quotation mark stands in quotation marks, as in RFC 4180: else one at its beginning would swallow the rows behind it.
  package static func spreadsheetRow(_ fields: [String]) -> String {
    fields.map { value in
      var plain = field(value)
      if let first = plain.first, ["=", "+", "-", "@"].contains(first) { plain = "'" + plain }
      return plain.contains("\"") ? "\"" + plain.doubling("\"") + "\"" : plain
    }.joined(separator: "\t") + "\n"
  }

  private static func field(_ text: String) -> String { text.doubling("\\").shown }
}
