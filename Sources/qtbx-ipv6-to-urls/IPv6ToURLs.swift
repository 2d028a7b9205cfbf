import ArgumentParser
import Base
import Catalog
import Requests
import Toolbox

/// Writes the requests that add IPv6 mapping records again, many in each.
@main
struct IPv6ToURLs: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-ipv6-to-urls", abstract: "Write the requests that add IPv6 mapping records again.", version: version)

  @Option(help: .init("How many records a request adds.", valueName: "n"))
  var records = 10_000

  @Option(help: .init("Write the requests as url, xml, curl, table or jsonl.", valueName: "format"))
  var format = Format.url

  @Option(help: .init("Where curl is to send, for --format curl.", valueName: "host"))
  var server: String?

  @Option(
    help: .init("The target's own list: what is in it already is not added again; once for each page.", valueName: "file"), completion: .file())
  var target: [String] = []

  @Option(help: .init("What becomes of a record that cannot be added as it is: error or skip.", valueName: "what"))
  var refused = RefusedRecords.error

  @OptionGroup var common: CommonOptions
  @OptionGroup var input: InputFiles

  func validate() throws {
    if !(1...10_000).contains(records) { throw ValidationError("--records takes a number from 1 to 10000: the service takes no more") }
  }

  func run() throws {
    let writer = try RequestWriter(format, server: server)
    var held = HeldOutput(unbuffered: common.unbuffered, frame: HeldOutput.Frame(writer.format))
    var there = MappingTable("the target has it in another mapping")
    if !target.isEmpty {
      try read(target, options: .silent(), refused: .skip) { mapping in there.add(mapping) }
    }
    var known = MappingTable("the list has it in another mapping")
    var data: [String] = []
    var count = 0
    func send() throws(Complaint) {
      if data.isEmpty { return }
      let request = Self.request(data)
      try request.check()
      try held.append(writer.bytes(of: request))
      data.removeAll(keepingCapacity: true)
    }
    var notes: [Note] = []
    try read(input.paths(of: "a document"), options: common, refused: refused, checksIdentity: true) { mapping throws(Complaint) in
      if let note = there.note(on: mapping, known: "the target has it already") ?? known.note(on: mapping, known: "it stands in the list twice") {
        notes.append(note)
        return
      }
      known.add(mapping)
      count += 1
      data.append(mapping.xml)
      if data.count == records { try send() }
    } ended: {
      defer { notes = [] }
      return notes
    } conclude: { () throws(Complaint) in
      (count, 0, [])
    } finish: { () throws(Complaint) in
      try send()
      try held.flush()
    }
  }

  private func read(
    _ paths: [String], options: CommonOptions, refused: RefusedRecords, checksIdentity: Bool = false,
    _ take: @escaping (Mapping) throws(Complaint) -> Void,
    ended: @escaping () -> [Note] = { [] }, conclude: () throws(Complaint) -> (count: Int, skipped: Int, notes: [Note]) = { (0, 0, []) },
    finish: () throws(Complaint) -> Void = {}
  ) throws(Complaint) {
    try ListFilter(.ipv6Mappings, grammar: PackageResources.ipv6_mapping_grammar, reading: paths, options: options)
      .readValues(refused: refused, checksIdentity: checksIdentity) { _ in
        nil
      } make: { outline, subject, notes in
        Mapping(outline, subject, &notes)
      } take: { mapping throws(Complaint) in
        try take(mapping)
      } ended: { _, _ throws(Complaint) in
        ended()
      } conclude: { () throws(Complaint) in
        try conclude()
      } finish: { () throws(Complaint) in
        try finish()
      }
  }

  /// One address that is in use already refuses the whole request: half of it would be there, and nobody would know which half.
  private static func request(_ records: [String]) -> Request {
    var request = Request(path: "/api/2.0/fo/asset/ip/v4_v6/")
    request.parameters = [
      Request.Parameter(name: "action", value: "add"), Request.Parameter(name: "all_or_nothing", value: "1"),
      Request.Parameter(name: "xml_data", value: "<IP_MAP_LIST>\(records.joined())</IP_MAP_LIST>"),
    ]
    return request
  }
}

/// Mappings by their addresses, each of which is in one mapping only.
struct MappingTable {
  private var byV4: [UInt32: IPv6Address] = [:]
  private var byV6: [IPv6Address: UInt32] = [:]
  private let conflict: String

  init(_ conflict: String) { self.conflict = conflict }

  mutating func add(_ mapping: Mapping) {
    (byV4[mapping.number], byV6[mapping.address]) = (mapping.address, mapping.number)
  }

  /// Why a mapping cannot be added, or need not.
  func note(on mapping: Mapping, known: String) -> Note? {
    let (v6, v4) = (byV4[mapping.number], byV6[mapping.address])
    if v6 == nil, v4 == nil { return nil }
    if v6 == mapping.address { return Note(.skipped, mapping.subject, known) }
    return Note(.refused, mapping.subject, element: v6 == nil ? "V6" : "V4", conflict)
  }
}
