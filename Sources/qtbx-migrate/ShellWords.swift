import Base

/// Words as a shell reads them, and nothing else of what a shell does.
enum ShellWords {
  /// Takes a text apart: blanks separate, quotes and a backslash keep together. Errors: `usage` for a quotation mark or a backslash without an end.
  static func words(of text: String) throws(Complaint) -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Unicode.Scalar?
    var isEscaped = false
    for scalar in text.unicodeScalars {
      if isEscaped {
        // Within double quotes a backslash is one, but before these two.
        if quote != nil, scalar != "\"", scalar != "\\" { word?.unicodeScalars.append("\\") }
        word = (word ?? "") + String(scalar)
        isEscaped = false
      } else if scalar == "\\", quote != "'" {
        isEscaped = true
        word = word ?? ""
      } else if scalar == quote {
        quote = nil
      } else if quote == nil, scalar == "'" || scalar == "\"" {
        quote = scalar
        word = word ?? ""
      } else if quote == nil, scalar == " " {
        if let whole = word { words.append(whole) }
        word = nil
      } else {
        word = (word ?? "") + String(scalar)
      }
    }
    if let quote { throw Complaint(.usage, "the quotation mark \(quote) has no end: \(text)") }
    if isEscaped { throw Complaint(.usage, "there is nothing behind the last backslash: \(text)") }
    if let whole = word { words.append(whole) }
    return words
  }

  /// The same words, without blanks before and behind them.
  static func written(_ text: String) throws(Complaint) -> String {
    func isBlank(_ byte: UInt8) -> Bool { byte == " " }
    let bytes = Array(text.utf8)
    let plain = String(decoding: bytes.drop(while: isBlank).reversed().drop(while: isBlank).reversed(), as: UTF8.self)
    // A blank that a backslash keeps is none of these.
    return plain.utf8.count == bytes.count || !plain.hasSuffix("\\") ? plain : try words(of: text).map(quoted).joined(separator: " ")
  }

  /// A word that a shell takes for this, whatever it holds.
  static func quoted(_ word: String) -> String {
    if !word.isEmpty, word.utf8.allSatisfy(isPlain) { return word }
    var quoted = "'"
    // By scalars: a quote with an accent behind it is one character, and still a quote.
    for scalar in word.unicodeScalars { if scalar == "'" { quoted += "'\\''" } else { quoted.unicodeScalars.append(scalar) } }
    return quoted + "'"
  }

  /// Whether this means itself in a shell and in a makefile, wherever it stands.
  static func isPlain(_ byte: UInt8) -> Bool {
    byte.isDigit || ("a"..."z").contains(byte | 0x20) || "-_./+,@".utf8.contains(byte) || byte >= 0x80
  }

  /// A value on the command line of make, which makes this of it.
  static func forMake(_ value: String) -> String {
    var text = ""
    for scalar in value.unicodeScalars { text += scalar == "$" ? "$$" : String(scalar) }
    return text
  }
}
