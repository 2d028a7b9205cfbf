import Base
import Catalog
import Markup
import Requests
import Toolbox

/// An address or a range of a list.
struct HostEntry: Sendable {
  var range: ClosedRange<UInt32>
  /// What its attribute says; no sample of this list has one.
  var network = ""

  private static let shapes = [("<IP>", "</IP>"), ("<IP_RANGE>", "</IP_RANGE>")].map { (Array($0.0.utf8), Array($0.1.utf8)) }

  /// What the bytes of a record say if there is nothing but its text: of millions, all are like that.
  init?(plain record: ArraySlice<UInt8>) {
    for (opening, closing) in Self.shapes where record.starts(with: opening) {
      let inside = record.dropFirst(opening.count).dropLast(closing.count)
      // A text of digits and dots cannot hold the end of another element.
      guard record.count > opening.count + closing.count, let range = ClosedRange<UInt32>(addresses: inside) else { return nil }
      self.range = range
      return
    }
    return nil
  }

  /// What any other record says; nil if it cannot be added, with the reason.
  init?(_ outline: borrowing Outline, _ subject: Subject, _ notes: inout [Note]) {
    for index in outline.elements[0].attributes {
      let attribute = outline.attributes[Int(index)]
      let value = outline.text(attribute.value).trimmed
      if value.isEmpty { continue }
      if outline.has(attribute.name, "expiration_date") {
        notes.append(Note(.refused, subject, element: "@expiration_date", "only hosts that are never scanned expire: this is a list of those"))
        return nil
      }
      guard outline.has(attribute.name, "network_id") else { continue }
      guard value.utf8.allSatisfy(\.isDigit) else {
        notes.append(Note(.refused, subject, element: "@network_id", "\(value) stands for no one network, so nobody knows where this belongs"))
        return nil
      }
      network = value
    }
    guard let range = ClosedRange<UInt32>(addresses: Array(outline.text(outline.elements[0].content).trimmed.utf8)[...]) else {
      notes.append(Note(.refused, subject, "there is no address in it"))
      return nil
    }
    self.range = range
  }
}

extension ListFilter {
  /// Lists of host addresses.
  init(hostAddressesIn paths: [String], options: CommonOptions) throws(Complaint) {
    try self.init(.ips, grammar: PackageResources.host_ip_grammar, reading: paths, options: options)
  }

  /// Reads the addresses, list by list, with what each list was asked for.
  func readHostAddresses(
    refused: RefusedRecords = .error, _ take: @escaping (AddressSet, ListQuestion, [HostEntry.Network: Int]) -> Void,
    conclude: () throws(Complaint) -> (count: Int, skipped: Int, notes: [Note]) = { (0, 0, []) }, finish: () throws(Complaint) -> Void = {}
  ) throws(Complaint) {
    var ranges: [ClosedRange<UInt32>] = []
    var networks: [HostEntry.Network: Int] = [:]
    try readValues(refused: refused) {
      HostEntry(plain: $0)
    } make: { outline, subject, notes in
      HostEntry(outline, subject, &notes)
    } take: { entry in
      ranges.append(entry.range)
      if !entry.network.isEmpty { networks[entry.network, default: 0] += 1 }
    } ended: { service, _ throws(Complaint) in
      let question = try ListQuestion(service)
      take(AddressSet(ranges), question, networks)
      (ranges, networks) = ([], [:])
      return question.notes
    } conclude: { () throws(Complaint) in
      try conclude()
    } finish: { () throws(Complaint) in
      try finish()
    }
  }
}

extension HostEntry {
  typealias Network = String
}
