import Base
import Catalog
import Markup
import Requests
import Toolbox

/// A list of addresses, as the service answers it: in which network, and until when.
final class AddressList: RecordSink {
  /// Addresses that have the network and the date of expiration in common.
  struct Entry {
    var addresses = AddressSet()
    /// What is no IPv4 address, range or network, as it is written.
    var others: Set<String> = []

    var isEmpty: Bool { addresses.isEmpty && others.isEmpty }
    var count: Int { addresses.count + others.count }
  }

  private static let kind = Resource.excludedHosts.document
  /// The date of what does not expire: behind every other one.
  private static let never = "~"
  /// The network of what names none.
  private static let global = "0"

  private struct Place: Hashable {
    let network: String
    let until: String
  }

  private var ranges: [Place: [ClosedRange<UInt32>]] = [:]
  private var others: [Place: Set<String>] = [:]
  private let ignoresNetworks: Bool
  private var envelope = Envelope(kind, isCopied: false)
  private var outline = Outline()
  private var records = 0
  /// By network, and then by date.
  private(set) var entries: [String: [String: Entry]] = [:]

  /// - Parameter ignoresNetworks: all addresses are in one.
  /// - Errors: `refused` if the document is no such list, or not all of it, or holds what is not known.
  init(_ path: String, ignoresNetworks: Bool) throws(Complaint) {
    self.ignoresNetworks = ignoresNetworks
    try Input.read(path, records: Self.kind.records, into: self, isReference: true) { _ throws(Complaint) in
      try envelope.ended(records: records, mustBeWhole: true)
    }
    for (place, ranges) in ranges { entries[place.network, default: [:]][place.until, default: Entry()].addresses = AddressSet(ranges) }
    for (place, others) in others { entries[place.network, default: [:]][place.until, default: Entry()].others = others }
    (ranges, others) = ([:], [:])
  }

  /// How many addresses there are, in all networks.
  var count: Int { entries.values.flatMap(\.values).reduce(0) { $0 + $1.count } }

  /// What another list lacks of this one, as rows: what is the matter, the range, its network, and when it expires. What expires earlier there is not
  /// there, and what has expired here is missed by nobody.
  ///
  /// - Parameters:
  ///   - networks: what the networks of this list are called in the other one; nil if they have the same ids.
  ///   - now: the time, as the service writes it.
  func missing(in other: AddressList, networks: IDMap?, now: String) -> (rows: [String], count: Int) {
    var rows: [String] = []
    var count = 0
    for (network, dates) in entries.sorted(by: { ($0.key.utf8.count, $0.key) < ($1.key.utf8.count, $1.key) }) {
      // The Global Default Network has the same number everywhere.
      let target = networks.map { $0.target(of: network, as: .id) ?? (network == Self.global ? network : nil) } ?? network
      let there = target.flatMap { other.entries[$0] } ?? [:]
      for (until, entry) in dates.sorted(by: { $0.key < $1.key }) where until > now {
        let lasting = there.filter { $0.key >= until }.values.reduce(into: Entry()) { lasting, entry in
          lasting.addresses = lasting.addresses.union(entry.addresses)
          lasting.others.formUnion(entry.others)
        }
        let rest = Entry(addresses: entry.addresses.subtracting(lasting.addresses), others: entry.others.subtracting(lasting.others))
        count += rest.count
        for range in rest.addresses.ranges.map(\.addresses) + rest.others.sorted() {
          rows.append("missing\t\(range.shown)\t\(network.shown)\t\(until == Self.never ? "" : until)\n")
        }
      }
    }
    return (rows, count)
  }

  // MARK: Reading

  func skeleton(_ bytes: Span<UInt8>) {}
  func opened(_ element: SkeletonElement) throws(Complaint) { try envelope.opened(element) }
  func closed(_ element: SkeletonElement, text: String?) throws(Complaint) { try envelope.closed(element, text: text) }

  func record(_ bytes: Span<UInt8>, line: Int, in surroundings: Surroundings) throws(Complaint) {
    records += 1
    var record: [UInt8] = []
    record.append(bytes)
    outline.read(record)
    guard outline.elements.count == 1, let element = outline.elements.first else {
      throw Complaint(.refused, "an address holds an element", at: String(line))
    }
    var (network, until) = (Self.global, Self.never)
    for index in element.attributes {
      let attribute = outline.attributes[Int(index)]
      let value = outline.text(attribute.value).trimmed
      if value.isEmpty { continue }
      switch outline.string(attribute.name) {
      case "network_id": network = ignoresNetworks ? network : value
      case "expiration_date":
        guard UTC.seconds(of: value) != nil else { throw Complaint(.refused, "\"\(value)\" is no date", at: String(line)) }
        // Of this one form, so they can be compared as texts.
        until = value
      case let name: throw Complaint(.refused, "the attribute \(name) of an address is not known here", at: String(line))
      }
    }
    let text = Array(outline.text(element.content).utf8).filter { !" \t\r\n".utf8.contains($0) }
    if text.isEmpty { throw Complaint(.refused, "an address is empty", at: String(line)) }
    let place = Place(network: network, until: until)
    if let range = ClosedRange<UInt32>(addresses: text[...]) {
      ranges[place, default: []].append(range)
    } else {
      others[place, default: []].insert(String(decoding: text, as: UTF8.self))
    }
  }
}
