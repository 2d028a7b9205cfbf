import ArgumentParser
import Markup
import Requests
import Toolbox

/// Compares two request lists: what should be there, and what is there.
@main
struct Verify: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-verify", abstract: "Compare two request lists: what is missing, and what is more.", version: version)

  @Option(help: .init("The list of before: what it has is not more.", valueName: "file"), completion: .file())
  var before: String?

  @Flag(help: "Nothing of the first list may be there already, by name.")
  var absent = false

  @Flag(name: .shortAndLong, help: "Do not end with a line that counts.")
  var quiet = false

  @Argument(help: .init("The requests that should be there.", valueName: "wanted"), completion: .file())
  var wanted: String

  @Argument(help: .init("The requests that what is there makes; - is standard input.", valueName: "there"), completion: .file())
  var there: String

  func validate() throws {
    if absent, before != nil { throw ValidationError("--absent compares names, and has no --before") }
    if [wanted, there, before].count(where: { $0 == "-" }) > 1 { throw ValidationError("only one of the lists can be standard input") }
  }

  func run() throws {
    var comparison = Comparison()
    try read(wanted) { comparison.want($0, $1) }
    if absent {
      try read(there) { request, _ in comparison.find(name: request) }
    } else {
      try read(there) { comparison.find($0, $1) }
      if let before { try read(before) { request, _ in comparison.excuse(request) } }
    }
    var spool = Spool(unbuffered: false)
    for row in absent ? comparison.present : comparison.differences { try spool.append(row) }
    try spool.flush()
    let verdict = absent ? comparison.absence : comparison.verdict
    // The rows are the answer; the status says that there are some.
    guard spool.count == 0 else { throw Complaint(.refused, verdict) }
    if !quiet { Terminal.remark(verdict) }
  }

  private func read(_ path: String, _ take: (Request, [UInt8]) -> Void) throws(Complaint) {
    try ListReader([path]).forEachRequest { request, line, _ throws(Complaint) in take(request, line) }
  }
}
