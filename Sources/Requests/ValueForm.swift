/// What a value must look like for the service to take it: offline is the place to learn that it does not.
///
/// An empty value has every form, since nothing is sent for it.
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
  /// One address, IPv4 or of the shape of IPv6.
  case address
  /// A name of a host or a domain: without a blank. What else the service takes in one is not documented.
  case hostName

  /// The form of this name in a grammar: `number`, `0..59`, `flag`, `ids`, `addresses`, `address`, `host-name`.
  init?(_ name: Substring) {
    switch name {
    case "number": self = .number
    case "flag": self = .flag
    case "ids": self = .ids
    case "addresses": self = .addresses
    case "address": self = .address
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
    case .address: "an IP address"
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
    case .flag: return value.count == 1 && (value.first == UInt8(ascii: "0") || value.first == UInt8(ascii: "1"))
    case .ids:
      return value.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).allSatisfy {
        Self.withoutBlanks($0).allSatisfy(Self.isDigit)
      }
    case .addresses: return Self.areAddresses(value)
    case .address:
      if value.contains(UInt8(ascii: ":")) { return value.allSatisfy { Self.isDigit($0) || $0 == 0x3A || $0 == 0x2E || Self.isHexLetter($0) } }
      var rest = value
      return Self.address(&rest) != nil && rest.isEmpty
    case .hostName: return !value.contains { $0 <= UInt8(ascii: " ") || $0 == 0x7F }
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

  private static func isHexLetter(_ byte: UInt8) -> Bool { (0x61...0x66).contains(byte | 0x20) }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D }

  private static func withoutBlanks(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard let first = text.firstIndex(where: { !isBlank($0) }), let last = text.lastIndex(where: { !isBlank($0) }) else { return [] }
    return text[first...last]
  }

  private static func areAddresses(_ value: ArraySlice<UInt8>) -> Bool {
    var rest = value
    guard let first = address(&rest) else { return false }
    if rest.isEmpty { return true }
    if rest.first == UInt8(ascii: "/") {
      rest.removeFirst()
      return !rest.isEmpty && rest.count <= 2 && rest.allSatisfy(isDigit) && Int(String(decoding: rest, as: UTF8.self)).map { $0 <= 32 } ?? false
    }
    guard rest.popFirst() == UInt8(ascii: "-") else { return false }
    guard let last = address(&rest) else { return false }
    return rest.isEmpty && first <= last
  }

  /// Takes an address off the front.
  private static func address(_ rest: inout ArraySlice<UInt8>) -> UInt32? {
    var address: UInt32 = 0
    var at = rest.startIndex
    for part in 0..<4 {
      if part > 0 {
        guard at < rest.endIndex, rest[at] == UInt8(ascii: ".") else { return nil }
        at += 1
      }
      var number: UInt32 = 0
      let start = at
      while at < rest.endIndex, isDigit(rest[at]), at - start < 3 {
        number = number * 10 + UInt32(rest[at] - UInt8(ascii: "0"))
        at += 1
      }
      guard at > start, number <= 255 else { return nil }
      address = address << 8 | number
    }
    rest = rest[at...]
    return address
  }
}
