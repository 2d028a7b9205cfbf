import Requests
import Support
import Testing

/// Sets of addresses against sets of numbers.
@Suite struct AddressSetTests {
  /// Some ranges of 64 addresses, which begin at `start`; one address more often than many.
  private func ranges(from start: UInt32, _ random: inout Seeded) -> [ClosedRange<UInt32>] {
    (0..<random.below(9)).map { _ in
      let first = UInt32(random.below(64))
      let last = min(63, first + UInt32(random.chance(40) ? 0 : random.below(20)))
      return (start + first)...(start + last)
    }
  }

  private func model(_ ranges: [ClosedRange<UInt32>]) -> Set<UInt32> { ranges.reduce(into: []) { $0.formUnion($1) } }

  /// The set is that of the model, in as few ranges as there can be.
  private func expect(_ set: AddressSet, _ model: Set<UInt32>, _ comment: Comment) {
    #expect(set.ranges.flatMap { Array($0) } == model.sorted(), comment)
    #expect(set.count == model.count && set.isEmpty == model.isEmpty, comment)
    for (one, next) in zip(set.ranges, set.ranges.dropFirst()) { #expect(next.lowerBound - one.upperBound > 1, comment) }
  }

  /// At both ends of all addresses, too, where there is none before and none behind.
  @Test(arguments: [0, 0xC000_0200, UInt32.max - 63]) func anOperationIsThatOfSets(_ start: UInt32) {
    var random = Seeded(UInt64(start) + 1)
    for round in 0..<3_000 {
      let (one, two) = (ranges(from: start, &random), ranges(from: start, &random))
      let comment: Comment = "\(round): \(one) \(two)"
      let (mine, theirs) = (AddressSet(one), AddressSet(two))
      let (my, their) = (model(one), model(two))
      expect(mine, my, comment)
      expect(mine.union(theirs), my.union(their), comment)
      expect(mine.subtracting(theirs), my.subtracting(their), comment)
      expect(mine.intersection(theirs), my.intersection(their), comment)
      #expect(mine.isSubset(of: theirs) == my.isSubset(of: their), comment)
      #expect((mine == theirs) == (my == their), comment)
      #expect(AddressSet(one.shuffled(using: &random) + one) == mine, comment)
      for address in start...(start + 63) where mine.contains(address) != my.contains(address) { Issue.record("\(comment): \(address)") }
    }
  }

  @Test func allAddressesAreASet() {
    let all = AddressSet([0...UInt32.max])
    #expect(all.count == 1 << 32 && all.subtracting(all).isEmpty && all.union(all) == all)
    let rest = all.subtracting(AddressSet([0...0, 5...5, UInt32.max...UInt32.max]))
    #expect(rest.ranges == [1...4, 6...(UInt32.max - 1)])
    #expect(AddressSet().isSubset(of: AddressSet()) && AddressSet().isSubset(of: all) && !all.isSubset(of: rest))
    #expect(rest.union(AddressSet([5...5, 0...0])).ranges == [0...(UInt32.max - 1)])
  }

  /// Many ranges take no longer than sorting them: with the square of them, this would not end.
  @Test func manyRangesAreFew() {
    let even = AddressSet((0..<200_000).reversed().map { UInt32($0) * 4...UInt32($0) * 4 })
    let odd = AddressSet((0..<200_000).map { UInt32($0) * 4 + 1...UInt32($0) * 4 + 2 })
    #expect(even.ranges.count == 200_000 && even.union(odd).ranges.count == 200_000)
    #expect(even.subtracting(odd) == even && even.union(odd).subtracting(odd) == even && even.isSubset(of: even.union(odd)))
  }

  static let texts: [(text: String, written: String?)] = [
    ("192.0.2.7", "192.0.2.7"), ("0.0.0.0-255.255.255.255", "0.0.0.0-255.255.255.255"), ("192.0.2.9-192.0.2.9", "192.0.2.9"),
    ("192.0.2.0/24", "192.0.2.0-192.0.2.255"), ("192.0.2.77/30", "192.0.2.76-192.0.2.79"), ("192.0.2.7/32", "192.0.2.7"),
    ("10.9.8.7/0", "0.0.0.0-255.255.255.255"), ("010.001.000.255", nil), ("192.0.2.9-192.0.2.8", nil), ("192.0.2.256", nil),
    ("192.0.2", nil),
    ("192.0.2.1.1", nil), ("192.0.2.1/33", nil), ("192.0.2.1/", nil), ("192.0.2.1/+1", nil), ("192.0.2.1-", nil), ("192.0.2.1-192.0.2.2-", nil),
    ("", nil), ("2001:db8::1", nil), ("1920.2.1.1", nil), (" 192.0.2.1", nil), ("192.0.2.1,192.0.2.2", nil),
  ]

  @Test(arguments: texts) func aTextIsARangeOrNone(_ one: (text: String, written: String?)) {
    #expect(ClosedRange<UInt32>(addresses: Array(one.text.utf8)[...])?.addresses == one.written)
  }

  @Test func whatIsWrittenIsRead() {
    var random = Seeded(7)
    for _ in 0..<2_000 {
      let bounds = [UInt32.random(in: 0...UInt32.max, using: &random), UInt32.random(in: 0...UInt32.max, using: &random)].sorted()
      let range = bounds[0]...(random.chance(30) ? bounds[0] : bounds[1])
      #expect(ClosedRange<UInt32>(addresses: Array(range.addresses.utf8)[...]) == range)
      // Networks, and their neighbours.
      let hosts = UInt32.max >> UInt32(random.below(32))
      for one in [range, (range.lowerBound & ~hosts)...(range.lowerBound | hosts), (range.lowerBound & ~hosts)...((range.lowerBound | hosts) - 1)] {
        var shortest: [UInt8] = []
        one.appendShortest(to: &shortest)
        #expect(ClosedRange<UInt32>(addresses: shortest[...]) == one && shortest.count <= one.addresses.utf8.count)
      }
    }
  }

  static let shortest: [(range: ClosedRange<UInt32>, text: String)] = [
    (0...UInt32.max, "0.0.0.0/0"), (0...0, "0.0.0.0"), (0...1, "0.0.0.0/31"), (1...2, "0.0.0.1-0.0.0.2"),
    (UInt32.max...UInt32.max, "255.255.255.255"),
    (0xC000_0200...0xC000_02FF, "192.0.2.0/24"), (0xC000_0200...0xC000_02FE, "192.0.2.0-192.0.2.254"),
    (0xC000_0280...0xC000_037F, "192.0.2.128-192.0.3.127"),
  ]

  @Test(arguments: shortest) func aNetworkIsWrittenAsOne(_ one: (range: ClosedRange<UInt32>, text: String)) {
    var text: [UInt8] = []
    one.range.appendShortest(to: &text)
    #expect(String(decoding: text, as: UTF8.self) == one.text)
  }
}

extension AddressSet {
  fileprivate func isSubset(of other: AddressSet) -> Bool { subtracting(other).isEmpty }
}
