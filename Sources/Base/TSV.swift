/// Tab-separated values, a record a line, whatever a value holds.
package enum TSV {
  /// A row, with its line end. A tab is written `\t`, a line feed `\n`, a backslash `\\`, and every other control character by its number.
  ///
  /// - Parameter forSpreadsheet: an apostrophe stands before a value that a spreadsheet would take for a formula. A value with a quotation mark
  ///   stands in quotation marks, as in RFC 4180: else one at its beginning would swallow the rows behind it.
  package static func row(_ fields: [String], forSpreadsheet: Bool = false) -> String {
    fields.map { value in
      var plain = value.doubling("\\").shown
      guard forSpreadsheet else { return plain }
      if let first = plain.first, ["=", "+", "-", "@"].contains(first) { plain = "'" + plain }
      return plain.contains("\"") ? "\"" + plain.doubling("\"") + "\"" : plain
    }.joined(separator: "\t") + "\n"
  }
}
