import Base
import Testing

/// Text of JSON, which people look at, too.
@Suite struct JSONTextTests {
  /// What a terminal does not show, obeys, or writes the next characters backwards after.
  private static func misleads(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0...0x1F, 0x7F...0x9F, 0x61C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
    default: false
    }
  }

  /// Every character is itself, or an escape that stands for it.
  @Test func nothingLooksOtherwiseThanItIs() {
    for scalar in (UInt32(0)...0x1_FFFF).compactMap({ Unicode.Scalar($0) }) {
      let text = JSONText.string("a\(scalar)b")
      let inside = text.dropFirst(2).dropLast(2)
      let number = inside.hasPrefix("\\u") ? UInt32(inside.dropFirst(2), radix: 16) : nil
      let letters: [Unicode.Scalar: String] = ["\n": "\\n", "\r": "\\r", "\t": "\\t", "\"": "\\\"", "\\": "\\\\"]
      if let letter = letters[scalar] {
        #expect(inside == letter)
      } else if Self.misleads(scalar) {
        #expect(number == scalar.value && inside.utf8.count == 6, "U+\(String(scalar.value, radix: 16)): \(text.debugDescription)")
      } else {
        #expect(text.unicodeScalars.elementsEqual("\"a\(scalar)b\"".unicodeScalars), "U+\(String(scalar.value, radix: 16))")
      }
    }
  }
}
