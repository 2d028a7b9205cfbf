import Base
import Requests
import Toolbox

/// What has to be added to a list of excluded hosts: a request for each network and each end.
struct Exclusion: Sendable {
  let comment: String
  let distributionGroups: String?
  /// The time from which days are counted, in seconds since 1970.
  let now: Int
  /// How many ranges a request has at most.
  let most: Int

  private static let day = 86_400
  /// The end of what does not expire.
  private static let never = Int.max

  private typealias Entry = AddressFilter.Entry

  func answer(to entries: [AddressFilter.Entry], there: [AddressFilter.Entry]) -> AddressFilter.Answer {
    var answer = AddressFilter.Answer()
    let present = Dictionary(grouping: there) { Self.network($0.network) }
    let networks = Dictionary(grouping: entries, by: \.network).sorted { ($0.key.utf8.count, $0.key) < ($1.key.utf8.count, $1.key) }
    for (network, entries) in networks { add(entries, of: network, there: present[Self.network(network)] ?? [], to: &answer) }
    return answer
  }

  /// What names no network is in the Global Default Network.
  private static func network(_ id: String) -> String { id.isEmpty ? "0" : id }

  private func add(_ entries: [Entry], of network: String, there: [Entry], to answer: inout AddressFilter.Answer) {
    let ends = Dictionary(grouping: entries) { $0.end ?? Self.never }.sorted { $0.key > $1.key }
    let all = AddressSet(there.map(\.range))
    // An address that stands in several records is excluded for as long as the longest of them says.
    var taken = AddressSet()
    for (end, entries) in ends {
      guard end > now else {
        answer.notes += entries.map { Note(.skipped, $0.subject, element: "@expiration_date", "it has expired, at \($0.endText)") }
        continue
      }
      let lasting = AddressSet(there.filter { $0.end ?? Self.never >= end }.map(\.range))
      let own = AddressSet(entries.map(\.range)).subtracting(taken)
      let rest = own.subtracting(lasting)
      for entry in entries { note(entry, taken: taken, lasting: lasting, all: all, in: &answer) }
      taken = taken.union(own)
      var ranges = rest.ranges[...]
      while !ranges.isEmpty {
        answer.requests.append(request(Array(ranges.prefix(most)), network, end))
        ranges = ranges.dropFirst(most)
      }
    }
  }

  /// What there is to say of a record that has not expired.
  private func note(_ entry: Entry, taken: AddressSet, lasting: AddressSet, all: AddressSet, in answer: inout AddressFilter.Answer) {
    let range = entry.range
    let count = range.size
    let isTaken = taken.count(in: range)
    if isTaken == count {
      answer.notes.append(Note(.skipped, entry.subject, "other records of the list exclude all of it, for longer"))
      return
    }
    let isLasting = lasting.count(in: range)
    if isLasting == count {
      answer.notes.append(Note(.skipped, entry.subject, "the target excludes all of it already, for at least as long"))
      return
    }
    if isTaken > 0 { answer.notes.append(Note(.noted, entry.subject, "other records of the list exclude \(isTaken) of its addresses, for longer")) }
    if isLasting > 0 {
      answer.notes.append(
        Note(.noted, entry.subject, "the target excludes \(isLasting) of its \(count) addresses already, for at least as long: these are left out"))
    }
    if all.count(in: range) > isLasting {
      answer.notes.append(
        Note(
          .noted, entry.subject, element: "@expiration_date",
          "the target excludes some of it for a shorter time, and the call may leave that as it is: remove them there first"))
    }
    if let end = entry.end, end % Self.day != 0 {
      answer.notes.append(
        Note(
          .changed, entry.subject, element: "@expiration_date",
          "the call takes whole days: \(days(until: end)) of them end at \(UTC.stamp(of: today + days(until: end) * Self.day)), "
            + "not at \(entry.endText)"))
    }
  }

  /// When the day began. In the published sample, the service counts from there, in UTC.
  private var today: Int { now - now % Self.day }

  /// Whole days, and never fewer than there are left: until its end, a host is not scanned.
  private func days(until end: Int) -> Int { (end - today + Self.day - 1) / Self.day }

  private func request(_ ranges: [ClosedRange<UInt32>], _ network: String, _ end: Int) -> Request {
    var request = Request(path: "/api/2.0/fo/asset/excluded_ip/")
    func add(_ name: String, _ value: String) { request.parameters.append(Request.Parameter(name: name, value: value)) }
    add("action", "add")
    add("ips", ranges.map(\.addresses).joined(separator: ","))
    add("comment", comment)
    if end != Self.never {
      add("expiry_days", String(days(until: end)))
      if let distributionGroups { add("dg_names", distributionGroups) }
    }
    if !network.isEmpty { add("network_id", network) }
    return request
  }
}

extension ClosedRange<UInt32> {
  /// How many addresses it has.
  fileprivate var size: Int { Int(upperBound - lowerBound) + 1 }
}

extension AddressSet {
  /// How many addresses of a range there are.
  fileprivate func count(in range: ClosedRange<UInt32>) -> Int {
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound < range.lowerBound { low = middle + 1 } else { high = middle }
    }
    var count = 0
    for other in ranges[low...] {
      if other.lowerBound > range.upperBound { break }
      count += other.clamped(to: range).size
    }
    return count
  }
}
