import ArgumentParser
import Requests
import Toolbox

/// Checks a request list, and writes it in any format.
@main
struct CheckRequests: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-requests", abstract: "Check a request list, and write it as url, xml, curl, table, jsonl or summary.", version: version)

  @Option(help: .init("Write the requests as url, xml, curl, table, jsonl or summary.", valueName: "format"))
  var format = ListFormat.url

  @Option(help: .init("Where curl is to send, for --format curl.", valueName: "host"))
  var server: String?

  @Flag(name: .shortAndLong, help: "Do not end with a line that counts.")
  var quiet = false

  @Flag(help: "Write at once instead of the whole answer or none.")
  var unbuffered = false

  @OptionGroup var input: InputFiles

  func validate() throws {
    if format == .summary, unbuffered { throw ValidationError("--format summary is written when all is read: it goes without --unbuffered") }
    if format == .summary, server != nil { throw ValidationError("--server goes with --format curl: a request list names no server") }
  }

  func run() throws {
    let reader = ListReader(try input.paths(of: "a request list"))
    guard let format = format.format else { return try Summary.write(reader, isQuiet: quiet) }
    try reader.write(RequestWriter(format, server: server), isUnbuffered: unbuffered, isQuiet: quiet)
  }
}
