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
