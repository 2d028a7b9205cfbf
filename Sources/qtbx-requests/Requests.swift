import ArgumentParser
import Requests
import Toolbox

/// Checks a request list, and writes it in any format.
@main
struct CheckRequests: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-requests", abstract: "Check a request list, and write it as url, xml, curl, table or jsonl.", version: version)

  @Option(help: .init("Write the requests as url, xml, curl, table or jsonl.", valueName: "format"))
  var format = Format.url

  @Option(help: .init("Where curl is to send, for --format curl.", valueName: "host"))
  var server: String?

  @Flag(name: .shortAndLong, help: "Do not end with a line that counts.")
  var quiet = false

  @Flag(help: "Write at once instead of the whole answer or none.")
  var unbuffered = false

  @OptionGroup var input: InputFiles

  func run() throws {
    try ListReader(input.paths(of: "a request list")).write(RequestWriter(format, server: server), isUnbuffered: unbuffered, isQuiet: quiet)
  }
}
