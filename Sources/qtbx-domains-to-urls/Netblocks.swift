import Base
import Catalog
import Markup
import Requests
import Toolbox

/// The addresses of a domain.
struct Netblocks: Sendable {
  let addresses: AddressSet

  /// Nil if a range is none, with the reason.
  init?(_ outline: borrowing Outline, _ subject: Subject, _ notes: inout [Note]) {
    var ranges: [ClosedRange<UInt32>] = []
    var isRight = true
    for index in outline.elements.indices where outline.has(outline.elements[index].name, "RANGE") {
      let (start, end) = (outline.text(ofChild: "START", of: index)?.trimmed ?? "", outline.text(ofChild: "END", of: index)?.trimmed ?? "")
      if let range = ClosedRange<UInt32>(addresses: Array("\(start)-\(end)".utf8)[...]) {
        ranges.append(range)
      } else {
        let reason = "\"\(start)-\(end)\" are not the first and the last address of a range of IPv4 addresses"
        notes.append(Note(.refused, subject, element: "NETBLOCK/RANGE", reason))
        isRight = false
      }
    }
    if !isRight { return nil }
    addresses = AddressSet(ranges)
  }
}

/// The domains that the target has.
struct TargetDomains: Sendable {
  private struct Entry: Sendable {
    /// Nil where the list does not say it.
    var network: String?
    var addresses: AddressSet
  }

  /// By name, in small letters: the service does not tell them apart.
  private var entries: [String: [Entry]] = [:]

  /// Reads the target's list. Errors: `refused` if it is none, or holds what is not understood.
  init(reading paths: [String]) throws(Complaint) {
    let filter = try ListFilter(.domains, grammar: PackageResources.domain_grammar, reading: paths, options: .silent())
    var found: [String: [Entry]] = [:]
    try filter.readValues { _ in
      nil
    } make: { outline, subject, notes in
      Netblocks(outline, subject, &notes).map { (subject.name, outline.text(at: "NETWORK/NETWORK_ID")?.trimmed, $0.addresses) }
    } take: { (name: String, network: String?, addresses: AddressSet) in
      found[name.lowercased(), default: []].append(Entry(network: network == "" ? nil : network, addresses: addresses))
    } ended: { _, _ in
      []
    }
    entries = found
  }

  /// Why a domain is not sent: the target has it, and an edit would replace what it has.
  ///
  /// - Parameter network: of the target; nil for the Global Default Network.
  func note(on netblocks: Netblocks, in network: String?, of subject: Subject) -> Note? {
    let name = subject.name.lowercased()
    guard let entry = entries[name]?.first(where: { $0.network == nil || $0.network == network ?? "0" }) else { return nil }
    // It is there in any subscription, and nothing is replaced in it.
    if name == "none", entry.addresses.isEmpty, !netblocks.addresses.isEmpty { return nil }
    let (lacking, more) = (netblocks.addresses.subtracting(entry.addresses), entry.addresses.subtracting(netblocks.addresses))
    if lacking.isEmpty, more.isEmpty {
      return Note(.skipped, subject, "the target has it, with the same \(netblocks.addresses.isEmpty ? "name and no netblocks" : "netblocks")")
    }
    let differences = [("it lacks", lacking), ("it has besides", more)].filter { !$0.1.isEmpty }.map { "\($0.0) \($0.1.firstRanges)" }
    return Note(
      .skipped, subject, element: "NETBLOCK",
      "the target has it with other netblocks, and an edit would replace all of them: \(differences.joined(separator: "; "))")
  }
}
