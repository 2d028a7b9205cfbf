internal import Base

/// A set of IPv4 addresses, as ranges: it costs what its ranges cost, however many addresses they hold.
package struct AddressSet: Sendable, Equatable {
  /// In their order, with at least one address between two of them: so equal sets have equal ranges.
  package private(set) var ranges: [ClosedRange<UInt32>] = []

  package init() {}

  /// The addresses of ranges in any order, which may overlap. O(n log n); O(n) if they are in their order, as in a list.
  package init(_ ranges: some Sequence<ClosedRange<UInt32>>) { self.init(Array(ranges)) }

  private init(_ ranges: [ClosedRange<UInt32>]) {
    var last: UInt32 = 0
    for range in ranges {
      guard range.lowerBound >= last else {
        self.ranges = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) { append(range) }
        return
      }
      last = range.lowerBound
      append(range)
    }
  }

  /// Adds a range that begins no earlier than the last one.
  private mutating func append(_ range: ClosedRange<UInt32>) {
    // No address is beyond the last one, which has no successor.
    guard let last = ranges.last, last.upperBound == .max || last.upperBound + 1 >= range.lowerBound else {
      ranges.append(range)
      return
    }
    if range.upperBound > last.upperBound { ranges[ranges.count - 1] = last.lowerBound...range.upperBound }
  }

  /// True if there is no address.
  package var isEmpty: Bool { ranges.isEmpty }

  /// How many addresses there are: at most 2^32.
  package var count: Int { ranges.reduce(0) { $0 + Int($1.upperBound - $1.lowerBound) + 1 } }

  /// The first ranges as a message names them, and how many there are more: `10.0.0.0-10.0.0.255, 192.0.2.7 and 3 ranges more`.
  package var firstRanges: String {
    let most = 4
    let more = ranges.count - most
    return ranges.prefix(most).map(\.addresses).joined(separator: ", ") + (more > 0 ? " and \(more) range\(more == 1 ? "" : "s") more" : "")
  }

  /// Whether an address, as a number, is one of them. O(log n).
  package func contains(_ address: UInt32) -> Bool {
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound < address { low = middle + 1 } else { high = middle }
    }
    return low < ranges.count && ranges[low].contains(address)
  }

  /// The addresses of either. O(n).
  package func union(_ other: AddressSet) -> AddressSet {
    if isEmpty || other.isEmpty { return isEmpty ? other : self }
    var union = AddressSet()
    var (mine, theirs) = (ranges[...], other.ranges[...])
    while let one = mine.first, let two = theirs.first {
      if one.lowerBound <= two.lowerBound {
        union.append(one)
        mine.removeFirst()
      } else {
        union.append(two)
        theirs.removeFirst()
      }
    }
    for range in mine { union.append(range) }
    for range in theirs { union.append(range) }
    return union
  }

  /// The addresses that the other set does not have. O(n).
  package func subtracting(_ other: AddressSet) -> AddressSet {
    if isEmpty || other.isEmpty { return self }
    var rest = AddressSet()
    var theirs = other.ranges[...]
    for range in ranges {
      var start = range.lowerBound
      var isOver = false
      while let next = theirs.first, next.lowerBound <= range.upperBound {
        if next.lowerBound > start { rest.append(start...(next.lowerBound - 1)) }
        // What goes beyond this range may take something of the next one, too.
        if next.upperBound >= range.upperBound {
          isOver = true
          break
        }
        if next.upperBound >= start { start = next.upperBound + 1 }
        theirs.removeFirst()
      }
      if !isOver { rest.append(start...range.upperBound) }
    }
    return rest
  }

  /// The addresses that the other set has as well. O(n).
  package func intersection(_ other: AddressSet) -> AddressSet {
    var both = AddressSet()
    var (mine, theirs) = (ranges[...], other.ranges[...])
    while let one = mine.first, let two = theirs.first {
      let (first, last) = (max(one.lowerBound, two.lowerBound), min(one.upperBound, two.upperBound))
      if first <= last { both.append(first...last) }
      // What goes further may have something of the next one, too.
      if one.upperBound <= two.upperBound { mine.removeFirst() } else { theirs.removeFirst() }
    }
    return both
  }
}

extension ClosedRange<UInt32> {
  /// What a text names: an address, two in their order with a hyphen between them, or a network with the length of its prefix; nil if it is
  /// none of these.
  package init?(addresses text: ArraySlice<UInt8>) {
    var rest = text
    guard let first = IPv4.take(from: &rest) else { return nil }
    switch rest.popFirst() {
    case nil: self = first...first
    case "-":
      guard let last = IPv4.take(from: &rest), rest.isEmpty, first <= last else { return nil }
      self = first...last
    case "/":
      guard (1...2).contains(rest.count), rest.allSatisfy(\.isDigit),
        let length = UInt32(String(decoding: rest, as: UTF8.self)), length <= 32
      else { return nil }
      let hosts: UInt32 = length == 0 ? .max : (1 << (32 - length)) - 1
      self = (first & ~hosts)...(first | hosts)
    default: return nil
    }
  }

  /// Appends the range as it is shortest, and as the service takes it: as a network if it is just one, `192.0.2.0/24`.
  package func appendShortest(to bytes: inout [UInt8]) {
    IPv4.append(lowerBound, to: &bytes)
    let hosts = UInt64(upperBound - lowerBound) + 1
    if hosts == 1 { return }
    if hosts & (hosts - 1) == 0, UInt64(lowerBound) & (hosts - 1) == 0 {
      bytes.append("/")
      IPv4.append(number: UInt32(32 - hosts.trailingZeroBitCount), to: &bytes)
    } else {
      bytes.append("-")
      IPv4.append(upperBound, to: &bytes)
    }
  }

  /// The range as the service writes it: `192.0.2.7`, `192.0.2.1-192.0.2.9`.
  package var addresses: String {
    var bytes: [UInt8] = []
    IPv4.append(lowerBound, to: &bytes)
    if lowerBound < upperBound {
      bytes.append("-")
      IPv4.append(upperBound, to: &bytes)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// An address as text.
enum IPv4 {
  /// Takes an address off the front.
  static func take(from rest: inout ArraySlice<UInt8>) -> UInt32? {
    var address: UInt32 = 0
    var at = rest.startIndex
    for part in 0..<4 {
      if part > 0 {
        guard at < rest.endIndex, rest[at] == "." else { return nil }
        at += 1
      }
      var number: UInt32 = 0
      let start = at
      while at < rest.endIndex, rest[at].isDigit, at - start < 3 {
        number = number * 10 + UInt32(rest[at] - "0")
        at += 1
      }
      // Some readers take a number that begins with 0 for an octal one: another address.
      guard at > start, number <= 255, at - start == 1 || rest[start] != "0" else { return nil }
      address = address << 8 | number
    }
    rest = rest[at...]
    return address
  }

  /// Appends an address: without a text in between, of which there would be millions.
  static func append(_ address: UInt32, to bytes: inout [UInt8]) {
    var text = InlineArray<15, UInt8>(repeating: ".")
    var end = 0
    for shift: UInt32 in [24, 16, 8, 0] {
      let number = address >> shift & 255
      if number >= 100 {
        text[end] = digit(number / 100)
        end += 1
      }
      if number >= 10 {
        text[end] = digit(number / 10)
        end += 1
      }
      text[end] = digit(number)
      // The last point is not handed on.
      end += 2
    }
    bytes.append(text.span.extracting(0..<end - 1))
  }

  private static func digit(_ number: UInt32) -> UInt8 { "0" + UInt8(truncatingIfNeeded: number % 10) }

  /// Appends a number below 100.
  static func append(number: UInt32, to bytes: inout [UInt8]) {
    if number >= 10 { bytes.append(digit(number / 10)) }
    bytes.append(digit(number))
  }
}
