import ArgumentParser
import Base
import Requests
import Toolbox

/// Compares two lists, of requests or of addresses: what should be there, and what is there.
@main
struct Verify: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-verify", abstract: "Compare two request lists: what is missing, and what is more.", version: version)
  static let repeatable: Set<String> = ["--ignore"]

  @Option(help: .init("The list of before: what it has is not more.", valueName: "file"), completion: .file())
  var before: String?

  @Flag(help: "Nothing of the first list may be there already, by name.")
  var absent = false

  @Option(help: .init("A parameter, or an element of a body, that is not compared; may be repeated.", valueName: "name"))
  var ignore: [String] = []

  @Flag(help: "Compare two documents line by line, but for what an export says of itself.")
  var documents = false

  @Flag(help: "Compare two lists of addresses as they were fetched: all of the first one must be in the second one.")
  var addresses = false

  @Option(help: .init("What the networks of the first list are called in the second one, for --addresses.", valueName: "file"), completion: .file())
  var networkMap: String?

  @Flag(help: "Take an address for there in whatever network, for --addresses.")
  var anyNetwork = false

  @Flag(name: .shortAndLong, help: "Do not end with a line that counts.")
  var quiet = false

  @Argument(help: .init("What should be there.", valueName: "wanted"), completion: .file())
  var wanted: String

  @Argument(help: .init("What is there; - is standard input.", valueName: "there"), completion: .file())
  var there: String

  func validate() throws {
    if addresses, absent || before != nil { throw ValidationError("--addresses compares no requests: it goes with --network-map and --quiet") }
    if !addresses, networkMap != nil || anyNetwork { throw ValidationError("--network-map and --any-network go with --addresses") }
    if anyNetwork, networkMap != nil { throw ValidationError("--any-network needs no --network-map") }
    if documents, addresses || absent || before != nil {
      throw ValidationError("--documents compares no requests and no addresses: it goes with --quiet")
    }
    if !ignore.isEmpty, documents || addresses || absent { throw ValidationError("--ignore is for a comparison of requests") }
    if absent, before != nil { throw ValidationError("--absent compares names, and has no --before") }
    if [wanted, there, before].count(where: { $0 == "-" }) > 1 { throw ValidationError("only one of the lists can be standard input") }
  }

  func run() throws {
    if documents { try compareDocuments() } else if addresses { try compareAddresses() } else { try compareRequests() }
  }

  private func compareDocuments() throws(Complaint) {
    for path in [wanted, there] where path == "-" { throw Complaint(.usage, "a document is read several times: it is no standard input", at: path) }
    let (missing, more) = try DocumentLines.differences(wanted, there)
    let words = [(missing.count, "missing"), (more.count, "more")].filter { $0.0 > 0 }.map { "\("line".counted($0.0)) \($0.1)" }
    func rows(_ what: String, _ lines: [[UInt8]]) -> [[UInt8]] {
      lines.map { Array("\(what)\t\(String(decoding: $0, as: UTF8.self).shown)\n".utf8) }
    }
    try answer(rows("missing", missing) + rows("more", more), words.isEmpty ? "the documents say the same" : words.joined(separator: ", "))
  }

  private func compareAddresses() throws(Complaint) {
    let networks = try networkMap.map { path throws(Complaint) in try MapOptions.map(path, as: .id) }
    Input.announce([wanted, there])
    let (wanted, there) = (
      try AddressList(wanted, ignoresNetworks: anyNetwork), try AddressList(there, ignoresNetworks: anyNetwork)
    )
    let (rows, count) = wanted.missing(in: there, networks: networks, now: UTC.now().stamp)
    try answer(
      rows.map { Array($0.utf8) }, "\(wanted.count - count) of \(wanted.count) addresses are there" + (count == 0 ? "" : ", \(count) missing"))
  }

  private func compareRequests() throws(Complaint) {
    var comparison = Comparison(ignoring: Set(ignore))
    try read(wanted) { comparison.want($0, $1) }
    if absent {
      try read(there) { request, _ in comparison.find(name: request) }
    } else {
      try read(there) { comparison.find($0, $1) }
      if let before { try read(before) { request, _ in comparison.excuse(request) } }
    }
    try answer(absent ? comparison.present : comparison.differences, absent ? comparison.absence : comparison.verdict)
  }

  private func answer(_ rows: [[UInt8]], _ verdict: String) throws(Complaint) {
    var spool = HeldOutput(unbuffered: false)
    for row in rows { try spool.append(row) }
    try spool.flush()
    // The rows are the answer; the status says that there are some.
    guard rows.isEmpty else { throw Complaint(.refused, verdict) }
    if !quiet { Terminal.remark(verdict) }
  }

  private func read(_ path: String, _ take: (Request, [UInt8]) -> Void) throws(Complaint) {
    try ListReader([path]).forEachRequest { request, line, _ throws(Complaint) in take(request, line) }
  }
}
