import Base
import Catalog
import Markup
import Requests
import Synchronization
import Toolbox

/// Whose hosts the records log in to: what the target has of them, and which stand in several records.
///
/// Memory grows with the ranges of the records.
final class Hosts: Sendable {
  private struct Claim {
    var subject: Subject
    /// Records of one group take a host once.
    var group: String
    var hosts: AddressSet
  }

  /// What the target has, if its lists were given.
  private let there: AddressSet?
  /// What a network becomes: two of the source may be one of the target.
  private let networks: TranslationRule?
  private let claims = Mutex<[Claim]>([])

  init(_ there: AddressSet?, networks: TranslationRule?) {
    self.there = there
    self.networks = networks
  }

  /// The addresses of the target's lists. Errors: those of a list that cannot be read.
  static func there(in paths: [String]) throws(Complaint) -> AddressSet? {
    if paths.isEmpty { return nil }
    var ranges: [ClosedRange<UInt32>] = []
    let filter = try ListFilter(.ips, grammar: PackageResources.host_ip_grammar, reading: paths, options: .silent())
    try filter.readValues { _ in
      nil
    } make: { outline, _, _ -> ClosedRange<UInt32>? in
      ClosedRange(addresses: Array(outline.text(outline.elements[0].content).trimmed.utf8)[...])
    } take: { range throws(Complaint) in
      ranges.append(range)
    } ended: { _, _ throws(Complaint) in
      []
    }
    return AddressSet(ranges)
  }

  /// Several records of these types may have one host: with another port, database or password. HTTP is not bound to hosts.
  private static let sharing: Set<String> = ["oracle", "oracle_listener", "ibm_db2", "ms_sql", "azure_ms_sql", "http"]

  /// Takes a record, and says what the target lacks of its hosts. It runs on any thread.
  func see(_ outline: borrowing Outline, _ slug: String, _ subject: Subject, _ notes: inout [Note]) {
    var ranges: [ClosedRange<UInt32>] = []
    var network = ""
    let (ip, range, networkID) = (Array("IP".utf8), Array("IP_RANGE".utf8), Array("NETWORK_ID".utf8))
    for element in outline.elements {
      if element.parent == 0, outline.has(element.name, networkID) { network = outline.text(element.content).trimmed }
      guard outline.has(element.name, ip) || outline.has(element.name, range) else { continue }
      if let range = ClosedRange<UInt32>(addresses: Array(outline.text(element.content).trimmed.utf8)[...]) { ranges.append(range) }
    }
    let hosts = AddressSet(ranges)
    if hosts.isEmpty { return }
    if let there {
      let missing = hosts.subtracting(there)
      if !missing.isEmpty {
        let count = missing.count == 1 ? "1 address" : "\(missing.count) addresses"
        notes.append(Note(.refused, subject, element: "IP_SET", "the target lacks \(count) of it: \(missing.firstRanges)"))
      }
    }
    if Self.sharing.contains(slug) { return }
    // A host is in one of these two.
    let group = slug == "network_ssh" ? "unix" : slug
    var unmapped: [Unmapped] = []
    if network.isEmpty { network = "0" }
    let target = networks?.target(of: network, in: subject, element: "NETWORK_ID", &unmapped) ?? "of the source, \(network)"
    claims.withLock { $0.append(Claim(subject: subject, group: group + " " + target, hosts: hosts)) }
  }

  /// What is said of hosts that stand in several records of a type, once all have been seen: of each record once, behind the first that has them.
  var notes: [Note] {
    let claims = claims.withLock { $0 }.sorted {
      ($0.group, $0.subject.id.utf8.count, $0.subject.id, $0.subject.name) < ($1.group, $1.subject.id.utf8.count, $1.subject.id, $1.subject.name)
    }
    var found: [Int: ClosedRange<UInt32>] = [:]
    var start = 0
    while start < claims.count {
      var end = start
      while end < claims.count, claims[end].group == claims[start].group { end += 1 }
      let entries = (start..<end).flatMap { index in claims[index].hosts.ranges.map { (range: $0, claim: index) } }.sorted {
        ($0.range.lowerBound, $0.range.upperBound, $0.claim) < ($1.range.lowerBound, $1.range.upperBound, $1.claim)
      }
      // Of the ranges so far, the one that reaches farthest.
      var reach = entries.first
      for entry in entries.dropFirst() {
        guard let last = reach else { break }
        if entry.range.lowerBound <= last.range.upperBound {
          let both = entry.range.lowerBound...min(entry.range.upperBound, last.range.upperBound)
          let later = max(entry.claim, last.claim)
          if entry.claim != last.claim, found[later] == nil { found[later] = both }
        }
        if entry.range.upperBound > last.range.upperBound { reach = entry }
      }
      start = end
    }
    return found.sorted { $0.key < $1.key }.map { index, range in
      Note(
        .noted, claims[index].subject, element: "IP_SET",
        "another record of the list has \(AddressSet([range]).firstRanges), too: the service takes a host in one only")
    }
  }
}
