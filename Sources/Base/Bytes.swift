internal import Glibc

extension Array where Element == UInt8 {
  /// Appends borrowed bytes.
  package mutating func append(_ bytes: Span<UInt8>) {
    bytes.withUnsafeBufferPointer { append(contentsOf: $0) }
  }

  /// Whether a word, of one byte or more, occurs anywhere.
  package func contains(_ word: StaticString) -> Bool {
    let length = word.utf8CodeUnitCount
    return withUnsafeBytes { bytes in
      var at = 0
      // Its first byte is looked for at the speed of the C library.
      while at + length <= bytes.count, let start = bytes.baseAddress {
        guard let found = memchr(start + at, Int32(word.utf8Start[0]), bytes.count - length + 1 - at) else { return false }
        if memcmp(found, word.utf8Start, length) == 0 { return true }
        at = UnsafeRawPointer(found) - start + 1
      }
      return false
    }
  }
}

extension UInt8: @retroactive ExpressibleByUnicodeScalarLiteral {
  /// A byte by its ASCII character: `bytes.first == "<"`.
  @_transparent
  public init(unicodeScalarLiteral character: Unicode.Scalar) { self.init(ascii: character) }
}

extension UInt8 {
  /// An ASCII digit.
  @inlinable package var isDigit: Bool { self >= "0" && self <= "9" }

  /// White space as XML has it.
  @inlinable package var isBlank: Bool { self == " " || self == "\n" || self == "\t" || self == "\r" }
}
