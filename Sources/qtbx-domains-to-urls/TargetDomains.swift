import Base
import Catalog
import Markup
import Requests
import Toolbox

/// What a domain says of its network and its addresses.
struct DomainRecord: Sendable {
  /// Nil if it says none.
  private(set) var network: String?
  /// Empty if it says none.
  private(set) var networkName = ""
  private var ranges: [ClosedRange<UInt32>] = []

  /// The addresses of all of its netblocks.
  var addresses: AddressSet { AddressSet(ranges) }

  /// Nil if a range is none, with the reason.
  init?(_ outline: borrowing Outline, _ subject: Subject, _ notes: inout [Note]) {
    var isRight = true
    for index in outline.elements.indices {
      let name = outline.elements[index].name
      if outline.has(name, "NETWORK_ID") {
        let text = Self.value(at: index, in: outline)
        network = text.isEmpty ? nil : String(decoding: text, as: UTF8.self)
      } else if outline.has(name, "NETWORK_NAME") {
        networkName = String(decoding: Self.value(at: index, in: outline), as: UTF8.self)
      } else if outline.has(name, "RANGE") {
        var (start, end): (ArraySlice<UInt8>, ArraySlice<UInt8>) = ([], [])
        // What stands in it follows it.
        var child = index + 1
        while child < outline.elements.count, outline.elements[child].parent == index {
          if outline.has(outline.elements[child].name, "START") { start = Self.value(at: child, in: outline) }
          if outline.has(outline.elements[child].name, "END") { end = Self.value(at: child, in: outline) }
          child += 1
        }
        if let first = ClosedRange<UInt32>(addresses: start), let last = ClosedRange<UInt32>(addresses: end), first.lowerBound == first.upperBound,
          last.lowerBound == last.upperBound, first.lowerBound <= last.lowerBound
        {
          ranges.append(first.lowerBound...last.lowerBound)
        } else {
          let text = String(decoding: start + [UInt8(ascii: "-")] + end, as: UTF8.self)
          let reason = "\"\(text)\" are not the first and the last address of a range of IPv4 addresses"
          notes.append(Note(.refused, subject, element: "NETBLOCK/RANGE", reason))
          isRight = false
        }
      }
    }
    if !isRight { return nil }
  }

  /// The text of an element without the blanks around it. There are many of these: no text is made of one that is plain.
  private static func value(at index: Int, in outline: borrowing Outline) -> ArraySlice<UInt8> {
    let content = outline.elements[index].content
    var value = outline.bytes[Int(content.lowerBound)..<Int(content.upperBound)]
    if value.contains(where: { $0 == UInt8(ascii: "&") || $0 == UInt8(ascii: "<") }) { value = Array(outline.text(content).utf8)[...] }
    while let last = value.last, last <= " " { value = value.dropLast() }
    return value.drop { $0 <= " " }
  }
}

/// The domains that the target has.
struct TargetDomains: Sendable {
  private struct Entry: Sendable {
    /// Nil where the list does not say it.
    var network: String?
    var addresses: AddressSet
  }

  /// By what they are known by, `known`.
  private var entries: [String: [Entry]] = [:]

  private static func known(_ name: String) -> String { Resource.domains.identity?.known(name) ?? name }

  /// Reads the target's list. Errors: `refused` if it is none, or holds what is not understood.
  init(reading paths: [String]) throws(Complaint) {
    let filter = try ListFilter(.domains, grammar: PackageResources.domain_grammar, reading: paths, options: .silent())
    var found: [String: [Entry]] = [:]
    try filter.readValues { _ in
      nil
    } make: { outline, subject, notes in
      DomainRecord(outline, subject, &notes).map { (subject.name, $0.network, $0.addresses) }
    } take: { (name: String, network: String?, addresses: AddressSet) in
      found[Self.known(name), default: []].append(Entry(network: network, addresses: addresses))
    } ended: { _, _ in
      []
    }
    entries = found
  }

  /// Why a domain is not sent: the target has it, and an edit would replace what it has.
  ///
  /// - Parameter network: of the target; nil for the Global Default Network.
  func note(on domain: DomainRecord, in network: String?, of subject: Subject) -> Note? {
    let name = Self.known(subject.name)
    // What has no name is not what the target has without one.
    guard !name.isEmpty, let entry = entries[name]?.first(where: { $0.network == nil || $0.network == network ?? "0" }) else { return nil }
    let addresses = domain.addresses
    // It is there in any subscription, and nothing is replaced in it.
    if name == "none", entry.addresses.isEmpty, !addresses.isEmpty { return nil }
    let (lacking, more) = (addresses.subtracting(entry.addresses), entry.addresses.subtracting(addresses))
    if lacking.isEmpty, more.isEmpty {
      return Note(.skipped, subject, "the target has it, with the same \(addresses.isEmpty ? "name and no netblocks" : "netblocks")")
    }
    let differences = [("it lacks", lacking), ("it has besides", more)].filter { !$0.1.isEmpty }.map { "\($0.0) \($0.1.firstRanges)" }
    return Note(
      .skipped, subject, element: "NETBLOCK",
      "the target has it with other netblocks, and an edit would replace all of them: \(differences.joined(separator: "; "))")
  }
}
