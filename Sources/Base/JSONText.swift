/// Text of JSON, as RFC 8259 has it.
package enum JSONText {
  /// An object on a line of its own: members in their order, whose values are JSON already.
  package static func object(_ members: [(name: String, value: String)]) -> String {
    "{" + members.map { string($0.name) + ":" + $0.value }.joined(separator: ",") + "}\n"
  }

  /// A string in its quotes. Control characters are written by their number, also those that JSON allows, and so are those that a terminal does not
  /// show, or writes backwards after: they could steer it, or make a text look like another.
  package static func string(_ value: String) -> String {
    var text = "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.steers:
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}
