internal import Base
import Markup
import Requests

/// An IPv6 address and the IPv4 address that stands for it.
struct Mapping: Sendable {
  var subject: Subject
  /// As they are written.
  var v4: String
  var v6: String
  /// As they are compared.
  var number: UInt32
  var address: IPv6Address

  /// The IPv4 addresses that may stand for another one.
  private static let special: ClosedRange<UInt32> = 0x0000_0001...0x00FE_FFFF

  /// Nil if the record is none that the service takes, with the reason.
  init?(_ outline: borrowing Outline, _ subject: Subject, _ notes: inout [Note]) {
    (v4, v6) = (outline.text(ofChild: "V4")?.trimmed ?? "", outline.text(ofChild: "V6")?.trimmed ?? "")
    self.subject = subject
    guard let range = ClosedRange<UInt32>(addresses: Array(v4.utf8)[...]), range.count == 1, Self.special.contains(range.lowerBound) else {
      notes.append(Note(.refused, subject, element: "V4", "\"\(v4)\" is not an address from 0.0.0.1 to 0.254.255.255"))
      return nil
    }
    guard let address = IPv6Address(v6) else {
      notes.append(Note(.refused, subject, element: "V6", "\"\(v6)\" is not an IPv6 address"))
      return nil
    }
    (number, self.address) = (range.lowerBound, address)
  }

  /// The record in the data of an upload: without its id, which the service would not keep.
  var xml: String { "<IP_MAP><V4>\(v4)</V4><V6>\(v6)</V6></IP_MAP>" }
}

/// An IPv6 address, however it is written: RFC 4291, section 2.2.
struct IPv6Address: Hashable, Sendable {
  private let high: UInt64
  private let low: UInt64

  init?(_ text: String) {
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
