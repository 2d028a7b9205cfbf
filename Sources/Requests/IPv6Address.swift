internal import Base

/// An IPv6 address, however it is written: RFC 4291, section 2.2.
package struct IPv6Address: Hashable, Sendable {
  private let high: UInt64
  private let low: UInt64

  /// Nil if the text is none.
  package init?(_ text: String) {
    let halves = text.split(separator: "::", maxSplits: 2, omittingEmptySubsequences: false).map { Self.groups(of: $0) }
    guard let first = halves.first, var groups = first, halves.count <= 2 else { return nil }
    if halves.count == 2 {
      guard let rest = halves[1], groups.count + rest.count <= 7 else { return nil }
      groups += Array(repeating: 0, count: 8 - groups.count - rest.count) + rest
    }
    guard groups.count == 8 else { return nil }
    high = groups[..<4].reduce(0) { $0 << 16 | UInt64($1) }
    low = groups[4...].reduce(0) { $0 << 16 | UInt64($1) }
  }

  /// The same text for each way to write it: all eight groups.
  package var groups: String {
    [high, low].flatMap { half in [48, 32, 16, 0].map { String(half >> UInt64($0) & 0xFFFF, radix: 16) } }.joined(separator: ":")
  }

  /// An address of a host as something to compare: the same text for each way to write an IPv6 address, any other one as it is, in small letters.
  static func known(_ text: String) -> String { text.utf8.contains(":") ? Self(text)?.groups ?? text.lowercased() : text.lowercased() }

  /// Numbers of 16 bits; the last two may be an IPv4 address.
  private static func groups(of text: Substring) -> [UInt16]? {
    if text.isEmpty { return [] }
    var groups: [UInt16] = []
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      if index == parts.count - 1, part.utf8.contains(".") {
        guard let range = ClosedRange<UInt32>(addresses: Array(part.utf8)[...]), range.count == 1 else { return nil }
        groups += [UInt16(range.lowerBound >> 16), UInt16(range.lowerBound & 0xFFFF)]
        continue
      }
      guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy({ $0 != "+" && $0 != "-" }),
        let group = UInt16(part, radix: 16)
      else { return nil }
      groups.append(group)
    }
    return groups
  }
}
