internal import Base

/// What a request list has in place of a secret: kind, title and field of the record that it belongs to, `unix/Root #1/password`.
///
/// Kind and field have no slash, and the title may have some. Names are compared byte by byte.
package struct SecretName: Hashable, Sendable {
  private let bytes: [UInt8]
  private let ends: Range<Int>

  /// Nil if it has not three parts, or one of them is empty.
  package init?(_ text: String) { self.init(Array(text.utf8)) }

  /// Nil if one of them is empty, or if kind or field has a slash.
  package init?(kind: String, title: String, field: String) {
    guard !kind.utf8.contains("/"), !field.utf8.contains("/") else { return nil }
    self.init(Array("\(kind)/\(title)/\(field)".utf8))
  }

  private init?(_ bytes: [UInt8]) {
    guard let first = bytes.firstIndex(of: "/"), let last = bytes.lastIndex(of: "/"), first > 0, first + 1 < last, last + 1 < bytes.count,
      !bytes.contains(0)
    else { return nil }
    self.bytes = bytes
    ends = first..<last
  }

  /// What sort of record it belongs to: `unix`.
  package var kind: String { String(decoding: bytes[..<ends.lowerBound], as: UTF8.self) }
  /// What the record is called.
  package var title: String { String(decoding: bytes[(ends.lowerBound + 1)..<ends.upperBound], as: UTF8.self) }
  /// What the secret is called in its record: `password`.
  package var field: String { String(decoding: bytes[(ends.upperBound + 1)...], as: UTF8.self) }
  /// All of it.
  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// As it stands in a list: `{secret:unix/Root%20%231/password}`.
  package var placeholder: [UInt8] {
    var placeholder = Array("{secret:".utf8)
    PercentCoding.encode(text, to: &placeholder)
    return placeholder + ["}"]
  }
}
