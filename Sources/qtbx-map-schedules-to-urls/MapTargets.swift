import Base
import Catalog
import Markup
import Requests
import Toolbox

/// What a map schedule says is to be mapped: domains with their netblocks, and asset groups among them.
struct MapTargets {
  /// A domain, and the netblocks that it is mapped with.
  struct Domain {
    var name: String
    var netblocks: [ClosedRange<UInt32>] = []
  }

  private(set) var domains: [Domain] = []
  /// What is not understood of it, and why.
  private(set) var faults: [String] = []

  /// - Parameters:
  ///   - groups: the titles of the schedule's asset groups, which may stand among the domains.
  ///   - known: the domains of the target, whose names need no dot; nil if nobody knows them.
  init(_ text: String, groups: Set<String>, known: TargetDomains?) {
    guard let entries = Self.entries(of: text) else {
      faults = ["its brackets do not match"]
      return
    }
    for entry in entries.map(\.unpadded) where !entry.isEmpty {
      if !groups.contains(entry) {
        add(entry, groups, known)
      } else if entry.utf8.contains("[") {
        // Of the same text, the service makes a domain with netblocks.
        faults.append("\"\(entry)\" is one of the asset groups, and reads like a domain with netblocks: nobody knows which of them is meant")
      }
    }
  }

  /// The texts between the commas that stand outside of brackets; nil if brackets do not match.
  private static func entries(of text: String) -> [String]? {
    var entries: [[UInt8]] = [[]]
    var isInside = false
    for byte in text.utf8 {
      switch byte {
      case "[", "]":
        if isInside == (byte == "[") { return nil }
        isInside = byte == "["
      case "," where !isInside:
        entries.append([])
        continue
      default: break
      }
      entries[entries.count - 1].append(byte)
    }
    return isInside ? nil : entries.map { String(decoding: $0, as: UTF8.self) }
  }

  private mutating func add(_ entry: String, _ groups: Set<String>, _ known: TargetDomains?) {
    let parts = entry.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    var domain = Domain(name: parts[0].unpadded)
    if known?.has(domain.name) != true {
      // A title that a person has written otherwise is no domain, even if it looks like one.
      let like = groups.filter { $0.lowercased() == entry.lowercased() }.sorted().first
      if like != nil || !Self.isDomainName(domain.name) {
        let hint = like.map { ", among which is \"\($0)\"" } ?? ""
        faults.append("\"\(entry)\" is neither a domain nor one of the asset groups" + hint)
        return
      }
    }
    if parts.count == 2 {
      var list = parts[1].unpadded[...]
      // What stands in brackets is all that may stand there.
      if list.hasPrefix("["), list.hasSuffix("]") { list = list.dropFirst().dropLast() }
      for text in list.split(separator: ",", omittingEmptySubsequences: false) {
        guard let range = ClosedRange<UInt32>(addresses: Array(text.unpadded.utf8)[...]) else {
          faults.append("\"\(text.unpadded)\", a netblock of \(domain.name), is not an IPv4 address, a range of them or a network")
          return
        }
        domain.netblocks.append(range)
      }
    }
    if domain.name.lowercased() == "none", domain.netblocks.isEmpty { faults.append("the domain none is mapped with a netblock only") }
    domains.append(domain)
  }
}

extension MapTargets {
  /// Whether a map could be one of this: names with dots between them, the last of which is no number. `none` is in every subscription.
  ///
  /// Other scripts than Latin are not looked at: the service may take a name as it is written.
  static func isDomainName(_ text: String) -> Bool {
    if text.lowercased() == "none" { return true }
    let labels = text.split(separator: ".", omittingEmptySubsequences: false)
    guard labels.count > 1, text.utf8.count <= 253, let last = labels.last, !last.utf8.allSatisfy({ ("0"..."9").contains($0) }) else { return false }
    return labels.allSatisfy { label in
      (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
        && label.unicodeScalars.allSatisfy { scalar in
          switch scalar {
          case "a"..."z", "A"..."Z", "0"..."9", "-", "_": true
          default: scalar > "\u{9F}" && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
          }
        }
    }
  }
}

/// The domains that the target has.
struct TargetDomains: Sendable {
  private var netblocks: [String: AddressSet] = [:]

  private static func known(_ name: String) -> String { Resource.domains.identity?.known(name) ?? name }

  /// Reads lists of domains. Errors: `refused` for one that is none.
  init(reading paths: [String]) throws(Complaint) {
    let filter = try ListFilter(objectsOf: [.domains], in: Resource.domains.document, reading: paths, options: .silent())
    var ranges: [String: [ClosedRange<UInt32>]] = [:]
    try filter.readValues { _ in
      nil
    } make: { outline, subject, _ in
      (subject.name, Self.ranges(of: outline))
    } take: { (name: String, more: [ClosedRange<UInt32>]) in
      ranges[Self.known(name), default: []] += more
    } ended: { _, _ in
      []
    }
    netblocks = ranges.mapValues { AddressSet($0) }
  }

  private static func ranges(of domain: borrowing Outline) -> [ClosedRange<UInt32>] {
    var ranges: [ClosedRange<UInt32>] = []
    for index in domain.elements.indices where domain.has(domain.elements[index].name, "RANGE") {
      var start: UInt32?
      var end: UInt32?
      // What is in an element stands behind it, and nothing else is in between.
      for element in domain.elements[(index + 1)...].prefix(while: { $0.whole.lowerBound < domain.elements[index].whole.upperBound }) {
        let address = ClosedRange<UInt32>(addresses: Array(domain.text(element.content).unpadded.utf8)[...])
        if domain.has(element.name, "START") { start = address?.lowerBound }
        if domain.has(element.name, "END") { end = address?.upperBound }
      }
      if let start, let end, start <= end { ranges.append(start...end) }
    }
    return ranges
  }

  /// Whether it has a domain of this name.
  func has(_ name: String) -> Bool { netblocks[Self.known(name)] != nil }

  /// What the target lacks of a domain; nil for nothing.
  func lack(of domain: MapTargets.Domain) -> String? {
    let name = Self.known(domain.name)
    // That one is in every subscription.
    guard let there = netblocks[name] ?? (name == "none" ? AddressSet([]) : nil) else { return "the target has no domain \(domain.name)" }
    let lacking = AddressSet(domain.netblocks).subtracting(there)
    return lacking.isEmpty ? nil : "the target's domain \(domain.name) lacks \(lacking.firstRanges)"
  }
}
