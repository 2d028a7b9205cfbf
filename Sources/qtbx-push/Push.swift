import ArgumentParser
import Base
import Requests
import Sealing
import Toolbox
import Transfer

/// Sends a request list to a server, each request once.
@main
struct Push: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-push", abstract: "Send a request list to a server, each request once.", version: version + "\n" + transferVersions)
  static let repeatable: Set<String> = ["--map"]

  @OptionGroup var service: ServerOptions

  @Option(
    help: .init("What was sent and what became of it. A run with the same journal goes on where the last one ended.", valueName: "file"),
    completion: .file())
  var journal: String?

  @Option(help: .init("Write source_id,target_id,name of all that has been created.", valueName: "file"), completion: .file())
  var mapOut: String?

  @Option(help: .init("Keep each answer, as N.xml for the request of line N.", valueName: "folder"), completion: .directory)
  var answers: String?

  @Option(help: .init("A sealed file of the secrets that the list names.", valueName: "file"), completion: .file())
  var secrets: String?

  @Option(help: .init("Seal the passwords that the service answers with in this file.", valueName: "file"), completion: .file())
  var credentials: String?

  @OptionGroup var passphrase: PassphraseOptions

  @Option(
    name: .customLong("map"),
    help: .init("A map whose names are put beside the ids in the service's messages; may be repeated.", valueName: "file"), completion: .file())
  var maps: [String] = []

  @Flag(help: "Print what would be sent, as curl commands, and send nothing.")
  var dryRun = false

  @Flag(help: "Print what the journal says, of the list if there is one, and send nothing.")
  var status = false

  @Flag(help: "Refuse a list with a record that was sent before with other contents.")
  var refuseChanged = false

  @Flag(help: "First ask the target, and refuse a list that would create what is there by now.")
  var refuseThere = false

  @Flag(name: .shortAndLong, help: "Send without asking at the terminal.")
  var yes = false

  @Flag(help: "First ask the target about the requests that are unknown.")
  var resolve = false

  @Option(help: .init("Seconds that a request whose answer was lost may still be at work there, for --resolve.", valueName: "n"))
  var settle = 300

  @Option(help: .init("How many requests may be under way at once, to different endpoints.", valueName: "n"))
  var jobs = 1

  @Flag(help: "End with the first request that is refused, or done in part.")
  var stopOnError = false

  @Flag(help: "End with the first request of which nobody knows what became.")
  var stopOnUnknown = false

  enum ResultFormat: String, ExpressibleByArgument, CaseIterable { case tsv, jsonl }

  @Option(help: .init("Write the results, or the status, as tsv or jsonl.", valueName: "format"))
  var format = ResultFormat.tsv

  @Flag(name: .shortAndLong, help: "Neither begin nor end with a line that counts.")
  var quiet = false

  @OptionGroup var input: InputFiles

  func validate() throws {
    if passphrase.isGiven, secrets == nil, credentials == nil {
      throw ValidationError("a passphrase, and --iter, go with --secrets or --credentials")
    }
    if dryRun, credentials != nil { throw ValidationError("--credentials keeps what the service answers: it does not go with --dry-run") }
    if status, dryRun || refuseChanged || refuseThere || resolve || mapOut != nil || answers != nil || secrets != nil || credentials != nil {
      throw ValidationError("--status only says what the journal says: it goes with --journal, --server, --format, --quiet and a list")
    }
    if dryRun, format != .tsv { throw ValidationError("--dry-run prints curl commands: --format is how results are written") }
    if refuseChanged, journal == nil { throw ValidationError("--refuse-changed needs --journal FILE: it says what was sent") }
    if status, journal == nil { throw ValidationError("--status needs --journal FILE") }
    if !dryRun, journal == nil { throw ValidationError("--journal FILE is needed: it is what keeps a request from being sent twice") }
    if !(0...86_400).contains(settle) { throw ValidationError("--settle takes 0 to 86400 seconds") }
    if !(1...16).contains(jobs) { throw ValidationError("--jobs takes a number from 1 to 16") }
  }

  func run() throws {
    if status {
      let list = input.files.isEmpty ? nil : try CheckedList(input.files, takesSecrets: true)
      try JournalStatus(of: journal ?? "", server: service.server.map { name throws(Complaint) in try Server(name) }, list: list).write(
        asJSON: format == .jsonl, isQuiet: quiet)
      return
    }
    let paths = try input.paths(of: "a request list")
    if secrets == "-", paths.contains("-") { throw Complaint(.usage, "the list and the secrets cannot both be standard input") }
    let list = try CheckedList(paths, takesSecrets: secrets != nil)
    let table = try secrets.map { path throws(Complaint) in
      try SecretFile.opening(path, passphrase, inputIsData: paths.contains("-") || path == "-").table()
    }
    if let table, let secrets { try list.check(table, of: secrets) }
    if dryRun {
      try list.print(for: service.destination(), journal: journal, refusesChanged: refuseChanged, asksFirst: refuseThere, isQuiet: quiet)
      return
    }
    var choices = PushRun.Options()
    choices.sending.stopsOnError = stopOnError
    choices.sending.stopsOnUnknown = stopOnUnknown
    choices.sending.policy = service.retryPolicy()
    choices.sending.writesJSON = format == .jsonl
    choices.sending.answers = answers
    choices.sending.secrets = table
    choices.credentials = credentials
    choices.reads = [secrets, service.netrcFile].compactMap { $0 }.filter { $0 != "-" }
    choices.passphrase = passphrase
    choices.readsInput = paths.contains("-") || secrets == "-"
    choices.jobs = jobs
    choices.resolves = resolve
    choices.settle = settle
    choices.mapOut = mapOut
    choices.maps = maps
    choices.isQuiet = quiet
    choices.isSure = yes
    choices.refusesChanged = refuseChanged
    choices.refusesThere = refuseThere
    var run = PushRun(list, journal: journal ?? "", choices)
    try run.send(service)
  }
}
