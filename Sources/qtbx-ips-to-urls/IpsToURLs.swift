import ArgumentParser
import Base
import Catalog
import Requests
import Toolbox

/// Writes the requests that add host addresses again, as sets: the fewest for all lists together.
@main
struct IpsToURLs: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-ips-to-urls", abstract: "Write the requests that add host addresses again.", version: version)

  @Option(help: .init("How addresses are tracked of which no list says it: IP, DNS or NETBIOS.", valueName: "method"))
  var trackingMethod: TrackingMethod?

  @Option(help: .init("Where addresses are of which no list says it: vm, pc or both, and certview, with commas.", valueName: "modules"))
  var modules: Modules?

  @Option(help: .init("How long the body of a request may be.", valueName: "bytes"))
  var maxBytes = 1 << 20

  @Flag(name: .customLong("rfc1918"), help: "Read no list: add all private addresses of RFC 1918 to --modules.")
  var rfc1918 = false

  @Flag(help: "Write how many addresses each request adds, and each module gets, not the requests.")
  var count = false

  @Option(help: .init("Write the requests as url, xml, curl, table or jsonl.", valueName: "format"))
  var format = Format.url

  @Option(help: .init("Where curl is to send, for --format curl.", valueName: "host"))
  var server: String?

  @Option(help: .init("The target's own list: what is in it is not added; once for each list.", valueName: "file"), completion: .file())
  var target: [String] = []

  @Option(help: .init("What becomes of an address that cannot be added as it is: error or skip.", valueName: "what"))
  var refused = RefusedRecords.error

  @OptionGroup var common: CommonOptions
  @OptionGroup var input: InputFiles

  func validate() throws {
    if !(1_000...1 << 26).contains(maxBytes) { throw ValidationError("--max-bytes takes a number from 1000 to \(1 << 26)") }
    if rfc1918, modules == nil { throw ValidationError("--rfc1918 needs --modules: no list says where these addresses are") }
    if rfc1918, !input.files.isEmpty { throw ValidationError("--rfc1918 reads no list") }
    if count, format != .url { throw ValidationError("--count writes no requests, so it has no --format") }
  }

  func run() throws {
    let writer = try RequestWriter(format, server: server)
    var present = AddressSet()
    if !target.isEmpty {
      try ListFilter(hostAddressesIn: target, options: .silent()).readHostAddresses { addresses, _, _ in present = present.union(addresses) }
    }
    var holdings = Holdings()
    var networks: [HostEntry.Network: Int] = [:]
    var additions: [Addition] = []
    let lists = rfc1918 ? [] : try input.paths(of: "a document")
    try ListFilter(hostAddressesIn: lists, options: common).readHostAddresses(refused: refused) { addresses, question, named in
      holdings.add(addresses, question)
      networks.merge(named) { $0 + $1 }
    } conclude: { () throws(Complaint) in
      if rfc1918 { holdings.add(Self.privateAddresses, ListQuestion()) }
      additions = holdings.settled(trackingMethod ?? (rfc1918 ? .ip : nil), modules)
      return leaveOut(present, of: &additions, summing: holdings, networks)
    } finish: { () throws(Complaint) in
      if count { try writeCounts(additions) } else { try write(additions, with: writer) }
    }
  }

  private static let privateAddresses = AddressSet(
    [0x0A00_0000...0x0AFF_FFFF, 0xAC10_0000...0xAC1F_FFFF, 0xC0A8_0000...0xC0A8_FFFF])

  // MARK: The account

  /// How many ranges are named one by one.
  private static let most = 20

  private func leaveOut(
    _ present: AddressSet, of additions: inout [Addition], summing holdings: Holdings, _ networks: [HostEntry.Network: Int]
  ) -> (count: Int, skipped: Int, notes: [Note]) {
    var summary = (count: holdings.all.count, skipped: 0, notes: [Note]())
    let all = Subject(kind: Resource.ips.kind)
    for (addresses, reason) in holdings.doubts {
      for range in addresses.ranges.prefix(Self.most) {
        summary.notes.append(Note(.refused, Subject(kind: Resource.ips.kind, id: range.addresses), reason))
      }
      let more = addresses.ranges.count - Self.most
      if more > 0 { summary.notes.append(Note(.refused, all, "the same is true of \(more) more range\(more == 1 ? "" : "s")")) }
    }
    for (network, count) in networks.sorted(by: { ($0.key.utf8.count, $0.key) < ($1.key.utf8.count, $1.key) }) {
      summary.notes.append(
        Note(
          .dropped, all, element: "@network_id",
          "\(count) entr\(count == 1 ? "y is" : "ies are") of network \(network): the call takes none, and adds to the subscription"))
    }
    for (count, words) in holdings.remarks { summary.notes.append(Note(.noted, all, "\(Self.counted(count)) \(words)")) }
    var there = 0
    for index in additions.indices {
      let before = additions[index].addresses.count
      additions[index].addresses = additions[index].addresses.subtracting(present)
      there += before - additions[index].addresses.count
    }
    additions.removeAll { $0.addresses.isEmpty }
    if there > 0 { summary.notes.append(Note(.skipped, all, "\(Self.counted(there)) in the target already, in whatever module: left out")) }
    summary.skipped = summary.count - additions.reduce(0) { $0 + $1.addresses.count }
    return summary
  }

  private static func counted(_ count: Int) -> String { count == 1 ? "1 address is" : "\(count) addresses are" }

  // MARK: The answer

  private func write(_ additions: [Addition], with writer: RequestWriter) throws(Complaint) {
    var held = HeldOutput(unbuffered: common.unbuffered, frame: HeldOutput.Frame(writer.format))
    for addition in additions {
      try addition.forEachRequest(maxBytes) { request, _ throws(Complaint) in
        try request.check()
        try held.append(writer.bytes(of: request))
      }
    }
    try held.flush()
  }

  private func writeCounts(_ additions: [Addition]) throws(Complaint) {
    var rows = "what\ttracking_method\tmodules\taddresses\n"
    var modules = [("VM", 0), ("PC", 0), ("CertView", 0)]
    for addition in additions {
      try addition.forEachRequest(maxBytes) { _, ranges throws(Complaint) in
        rows += "request\t\(addition.method.rawValue)\t\(addition.modules.description)\t\(AddressSet(ranges).count)\n"
      }
      for (index, isIn) in [addition.modules.vm, addition.modules.pc, addition.modules.certView].enumerated() where isIn {
        modules[index].1 += addition.addresses.count
      }
    }
    for (module, count) in modules { rows += "module\t\t\(module)\t\(count)\n" }
    var held = HeldOutput(unbuffered: false)
    try held.append(Array(rows.utf8))
    try held.flush()
  }
}
