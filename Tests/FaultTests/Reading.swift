// Readers of the answers, written apart from the programs: what reads its own writing agrees with its own mistakes.

/// Text as XML has it.
enum XMLText {
  static func escaped(_ text: String) -> [UInt8] {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      // A parser would make line feeds of both, and blanks in an attribute.
      case "\r", "\n", "\t": escaped += "&#\(scalar.value);"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return Array(escaped.utf8)
  }

  /// The text of every element of a name that holds text only.
  static func contents(of name: String, in document: [UInt8]) -> [String] {
    let (open, close) = (Array("<\(name)>".utf8), Array("</\(name)>".utf8))
    return document.ranges(of: open).compactMap { start in
      document[start.upperBound...].firstRange(of: close).map { text(document[start.upperBound..<$0.lowerBound]) }
    }
  }

  private static func text(_ raw: ArraySlice<UInt8>) -> String {
    var rest = raw[...]
    var text: [UInt8] = []
    let (open, close) = (Array("<![CDATA[".utf8), Array("]]>".utf8))
    while let first = rest.first {
      if rest.starts(with: open), let end = rest.firstRange(of: close) {
        text += rest[(rest.startIndex + open.count)..<end.lowerBound]
        rest = rest[end.upperBound...]
      } else if first == 0x26, let end = rest.firstIndex(of: 0x3B) {
        text += character(String(decoding: rest[(rest.startIndex + 1)..<end], as: UTF8.self)).utf8
        rest = rest[(end + 1)...]
      } else {
        text.append(first)
        rest = rest.dropFirst()
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func character(_ name: String) -> String {
    let named = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]
    if let known = named[name] { return known }
    let value = name.hasPrefix("#x") ? UInt32(name.dropFirst(2), radix: 16) : UInt32(name.dropFirst())
    return value.flatMap(Unicode.Scalar.init).map { String(Character($0)) } ?? "(&\(name); is no character)"
  }
}

/// Percent-encoding, as a server decodes a form: `+` is a blank there.
enum Percent {
  static func encoded(_ text: String) -> [UInt8] {
    Array(
      text.utf8.map { byte in
        let character = Character(Unicode.Scalar(byte))
        if byte < 0x80, character.isLetter || character.isNumber { return String(character) }
        return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }.joined().utf8)
  }

  static func decoded(_ text: some StringProtocol) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let first = rest.popFirst() {
      if first == 0x25, rest.count >= 2, let byte = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
        bytes.append(byte)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(first == 0x2B ? 0x20 : first)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The parameters of a line of a request list.
  static func parameters(of line: some StringProtocol) -> [(name: String, value: String)] {
    let url = line.prefix { $0 != "#" }
    return url.drop { $0 != "?" }.dropFirst().split(separator: "&", omittingEmptySubsequences: false).map { pair in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (decoded(parts[0]), parts.count == 2 ? decoded(parts[1]) : "(no value)")
    }
  }

  /// A parameter's value in every line.
  static func values(of name: String, in list: [UInt8]) -> [String] {
    String(decoding: list, as: UTF8.self).utf8Lines.map { line in
      parameters(of: line).filter { $0.name == name }.map(\.value).joined(separator: "(twice)")
    }
  }
}

extension String {
  /// What stands between line feeds, and nothing else: to Swift, CR LF is one character and a line end of its own.
  var utf8Lines: [String] {
    var lines = utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    if lines.last == "" { lines.removeLast() }
    return lines
  }
}

/// Comma-separated values.
enum CSVText {
  static func rows(of bytes: [UInt8]) -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var field: [UInt8] = []
    var quotes = 0
    for byte in bytes {
      if byte == 0x22 { quotes += 1 }
      // Between two quotes of a field their number is odd.
      let isInside = quotes % 2 == 1
      if !isInside, byte == 0x2C || byte == 0x0A {
        row.append(unquoted(field))
        field = []
        quotes = 0
        if byte == 0x0A {
          rows.append(row)
          row = []
        }
      } else {
        field.append(byte)
      }
    }
    return rows
  }

  private static func unquoted(_ field: [UInt8]) -> String {
    guard field.first == 0x22, field.last == 0x22, field.count > 1 else { return String(decoding: field, as: UTF8.self) }
    return String(decoding: Array(field.dropFirst().dropLast()).replacing([0x22, 0x22], with: [0x22]), as: UTF8.self)
  }
}
