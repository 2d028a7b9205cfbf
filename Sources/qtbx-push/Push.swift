import ArgumentParser
import Markup
import Requests
import Toolbox
import Transfer

/// Sends a request list to a server, each request once.
@main
struct Push: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-push", abstract: "Send a request list to a server, each request once.", version: version)

  @OptionGroup var service: ServerOptions

  @Option(
    help: .init("What was sent and what became of it. A run with the same journal goes on where the last one ended.", valueName: "file"),
    completion: .file())
  var journal: String?

  @Option(help: .init("Write source_id,target_id,name of all that has been created.", valueName: "file"), completion: .file())
  var mapOut: String?

  @Flag(help: "Print what would be sent, as curl commands, and send nothing.")
  var dryRun = false

  @Flag(help: "End with the first request that is refused.")
  var stopOnError = false

  @Flag(help: "End with the first request of which nobody knows what became.")
  var stopOnUnknown = false

  @Flag(name: .shortAndLong, help: "Do not end with a line that counts.")
  var quiet = false

  @OptionGroup var input: InputFiles

  func validate() throws {
    if !dryRun, journal == nil { throw ValidationError("--journal FILE is needed: it is what keeps a request from being sent twice") }
  }

  func run() throws {
    let list = try CheckedList(input.paths(of: "a request list"))
    if dryRun {
      try list.print(for: service.destination())
      return
    }
    var choices = Sender.Choices()
    choices.stopsOnError = stopOnError
    choices.stopsOnUnknown = stopOnUnknown
    choices.patience = service.patience()
    try list.send(service, journal: journal ?? "", choices, mapOut: mapOut, isQuiet: quiet)
  }
}
