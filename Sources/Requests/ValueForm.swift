internal import Base

/// What a value must look like for the service to take it: offline is the place to learn that it does not.
///
/// An empty value has every form, since nothing is sent for it: a grammar refuses one of an element that must be there.
package enum ValueForm: Sendable, Equatable {
  /// Digits.
  case number
  /// Digits, within bounds.
  case within(ClosedRange<Int>)
  /// `0` or `1`.
  case flag
  /// Numbers separated by commas, with blanks around them.
  case ids
  /// An IPv4 address, a range of two in their order, or a network with the length of its prefix.
  case addresses
  /// Several of these, separated by commas, with blanks around them.
  case addressList
  /// One address, IPv4 or of the shape of IPv6.
  case address
  /// One IPv4 address.
  case ipv4
  /// Four numbers that are ones, and zeros behind them: `255.255.252.0`.
  case netmask
  /// A name of a host or a domain: without a blank. What else the service takes in one is not documented.
  case hostName

  /// The form of this name in a grammar: `number`, `0..59`, `flag`, `ids`, `addresses`, `address-list`, `address`, `ipv4`, `netmask`, `host-name`.
  init?(_ name: Substring) {
    switch name {
    case "number": self = .number
    case "flag": self = .flag
    case "ids": self = .ids
    case "addresses": self = .addresses
    case "address-list": self = .addressList
    case "address": self = .address
    case "ipv4": self = .ipv4
    case "netmask": self = .netmask
    case "host-name": self = .hostName
    default:
      guard let dots = name.firstRange(of: ".."), let low = Int(name[..<dots.lowerBound]), let high = Int(name[dots.upperBound...]), low <= high
      else {
        return nil
      }
      self = .within(low...high)
    }
  }

  /// What the value should be: "a number from 0 to 59".
  package var noun: String {
    switch self {
    case .number: "a number"
    case .within(let bounds): "a number from \(bounds.lowerBound) to \(bounds.upperBound)"
    case .flag: "0 or 1"
    case .ids: "ids separated by commas"
    case .addresses: "an IPv4 address, a range of them or a network"
    case .addressList: "IPv4 addresses, ranges of them or networks, separated by commas"
    case .address: "an IP address"
    case .ipv4: "an IPv4 address"
    case .netmask: "a netmask"
    case .hostName: "a name of a host"
    }
  }

  /// Whether a text has the form.
  package func holds(_ text: ArraySlice<UInt8>) -> Bool {
    let value = Self.withoutBlanks(text)
    if value.isEmpty { return true }
    switch self {
    case .number: return value.allSatisfy(Self.isDigit)
    case .within(let bounds): return value.allSatisfy(Self.isDigit) && Int(String(decoding: value, as: UTF8.self)).map(bounds.contains) ?? false
    case .flag: return value.count == 1 && (value.first == "0" || value.first == "1")
    case .ids:
      return value.split(separator: ",", omittingEmptySubsequences: false).allSatisfy {
        Self.withoutBlanks($0).allSatisfy(Self.isDigit)
      }
    case .addresses: return ClosedRange<UInt32>(addresses: value) != nil
    case .addressList:
      return value.split(separator: ",", omittingEmptySubsequences: false).allSatisfy {
        ClosedRange<UInt32>(addresses: Self.withoutBlanks($0)) != nil
      }
    case .address:
      if value.contains(":") { return value.allSatisfy { Self.isDigit($0) || $0 == ":" || $0 == "." || Self.isHexLetter($0) } }
      return Self.ipv4(value) != nil
    case .ipv4: return Self.ipv4(value) != nil
    case .netmask: return Self.ipv4(value).map { ~$0 & (~$0 &+ 1) == 0 } ?? false
    case .hostName: return !String(decoding: value, as: UTF8.self).unicodeScalars.contains { $0 <= " " || (0x7F...0x9F).contains($0.value) }
    }
  }

  private static func ipv4(_ value: ArraySlice<UInt8>) -> UInt32? {
    var rest = value
    let address = IPv4.take(from: &rest)
    return rest.isEmpty ? address : nil
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= "0" && byte <= "9" }

  private static func isHexLetter(_ byte: UInt8) -> Bool { ("a"..."f").contains(byte | 0x20) }

  private static func withoutBlanks(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard let first = text.firstIndex(where: { !$0.isBlank }), let last = text.lastIndex(where: { !$0.isBlank }) else { return [] }
    return text[first...last]
  }
}
