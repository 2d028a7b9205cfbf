import Base
import Markup

/// Text as it stands in a page. Nothing that a file says is markup there, and what cannot be seen, or would turn a line around, is written out.
enum HTML {
  static func text(_ text: String) -> String {
    if text.utf8.allSatisfy({ (" "..."~").contains($0) && $0 != "<" && $0 != "&" && $0 != ">" && $0 != "\"" && $0 != "'" }) { return text }
    var shown = text.shown
    if !shown.unicodeScalars.allSatisfy(\.isXML) {
      shown = shown.unicodeScalars.map { $0.isXML ? String($0) : "\\u{\(String($0.value, radix: 16))}" }.joined()
    }
    return String(decoding: Outline.escaped(shown), as: UTF8.self)
  }

  /// The beginning of what is longer, and how long that is.
  static func text(_ text: String, atMost limit: Int) -> String {
    guard text.utf8.count > limit else { return self.text(text) }
    let count = text.unicodeScalars.count
    guard count > limit else { return self.text(text) }
    return self.text(String(text.unicodeScalars.prefix(limit))) + "… <em>(\(number(count)) characters)</em>"
  }

  /// A name stands for itself, whichever way its letters are written.
  static func name(_ name: String) -> String { "<bdi>\(text(name, atMost: 200))</bdi>" }

  /// Lines of a value as lines.
  static func lines(_ text: String, atMost limit: Int) -> String {
    guard text.utf8.contains("\n"), text.utf8.count <= limit else { return self.text(text, atMost: limit) }
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { self.text(String($0)) }.joined(separator: "<br/>")
  }

  /// `62,000`
  static func number(_ number: Int) -> String {
    let digits = Array(String(number))
    return String(digits.enumerated().flatMap { at, digit in at > 0 && (digits.count - at) % 3 == 0 ? [",", digit] : [digit] })
  }

  /// `1 record`, `62,000 records`
  static func counted(_ count: Int, _ noun: String) -> String {
    let words = noun.counted(count)
    return number(count) + words.dropFirst(String(count).count)
  }

  /// A table with its head, and a name that a screen reader says.
  static func table(_ caption: String, _ columns: [String], _ rows: String, isHidden: Bool = true, kind: String = "") -> String {
    let heads = columns.map { "<th scope=\"col\">\($0)</th>" }.joined()
    return "<table\(kind.isEmpty ? "" : " class=\"\(kind)\"")><caption\(isHidden ? " class=\"hidden\"" : "")>\(caption)</caption>"
      + "<thead><tr>\(heads)</tr></thead><tbody>\(rows)</tbody></table>\n"
  }

  /// What may be wider than the window, and is moved by itself then, with the keyboard, too.
  static func region(_ label: String, _ content: String) -> String {
    "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"\(label)\">\(content)</div>"
  }

  /// A row, whose first cell names it. The cells are markup already.
  static func row(_ first: String, _ others: [String]) -> String {
    "<tr><th scope=\"row\">\(first)</th>\(others.map { "<td>\($0)</td>" }.joined())</tr>\n"
  }
}
