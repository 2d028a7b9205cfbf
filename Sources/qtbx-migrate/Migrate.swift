import ArgumentParser
import Base
import Glibc
import Processes
import Toolbox

/// Moves a subscription to another one, step by step, in a folder.
@main
struct Migrate: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-migrate", abstract: "Move a subscription to another one, step by step, in a folder.",
    discussion: "Each verb goes on where the last run ended, and ends with a table and what comes next.",
    version: version,
    subcommands: [
      Init.self, Fetch.self, Lists.self, Plan.self, Push.self, Verify.self, Undo.self, Status.self, Table.self, Account.self, NoteRun.self,
    ])
}

/// A verb that is a goal of the makefile.
protocol Verb: ParsableCommand {
  var options: RunOptions { get }
}

extension Verb {
  /// Does it, and ends the program with the status of what it did. Errors: `usage`; `local`.
  ///
  /// - Parameters:
  ///   - goal: another one than is called as the verb.
  ///   - more: further variables of make.
  func perform(
    goal: String? = nil, more: [String] = [], resolving: Bool = false, again: Bool = false
  ) throws(Complaint) -> Never {
    let migration = try Migration(options.place, options.settings, isResolving: resolving)
    try migration.checkServers()
    let verb = Self.configuration.commandName ?? ""
    if options.dryRun { Glibc.exit(try migration.show(goal ?? verb, more)) }
    Glibc.exit(try migration.perform(verb, goal: goal ?? verb, more, jobs: options.jobs, again: again))
  }
}

struct Init: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "init", abstract: "Write the file of settings, with all that can be set.")

  @OptionGroup var place: OutOption
  @OptionGroup var settings: MigrationOptions

  func run() throws {
    try settings.check()
    let folder = try MigrationFolder(place.out)
    try folder.enter()
    if Folder.has(folder.settings) {
      throw Complaint(.refused, "it is there already: change it with an editor", at: folder.shown("settings").shown)
    }
    let text = try SettingsFile.text(of: settings.moved(to: folder))
    try folder.make()
    var file = try AtomicFile(folder.settings)
    try file.append(text)
    try file.commit()
    let lacking = [("source", settings.source), ("target", settings.target)].filter { $0.1?.isEmpty != false }.map(\.0)
    let next =
      lacking.isEmpty
      ? NextStep(state: .run, verb: "lists", words: "fetches both subscriptions, and makes the first lists; nothing is changed")
      : NextStep(state: .mend, verb: "lists", words: "say what \(lacking.joined(separator: " and ")) are", files: ["settings"])
    try Migration.say(next.line(folder))
  }
}

struct Fetch: Verb {
  static let configuration = CommandConfiguration(commandName: "fetch", abstract: "Fetch both subscriptions as they are.")
  @OptionGroup var options: RunOptions
  func run() throws { try perform() }
}

struct Lists: Verb {
  static let configuration = CommandConfiguration(
    commandName: "lists", abstract: "Make the lists of what would be sent first, and the checklist. Nothing is changed.")
  @OptionGroup var options: RunOptions
  func run() throws { try perform() }
}

struct Plan: Verb {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Say of each record whether it is to be created, is there already, or differs. Nothing is changed.")
  @OptionGroup var options: RunOptions
  func run() throws { try perform() }
}

struct Push: Verb {
  static let configuration = CommandConfiguration(commandName: "push", abstract: "Send what is not sent, each request once.")
  @OptionGroup var options: RunOptions

  @Flag(help: "First ask the target about the requests that are unknown.")
  var resolve = false

  func run() throws { try perform(resolving: resolve) }
}

struct Verify: Verb {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Send what is not sent, fetch the target back, and compare.")
  @OptionGroup var options: RunOptions

  @Flag(help: "Fetch the target once more.")
  var again = false

  func run() throws { try perform(again: again) }
}

struct Undo: Verb {
  static let configuration = CommandConfiguration(
    commandName: "undo", abstract: "Make the list that deletes what was created, and say what only a person takes back.",
    discussion: "Nothing is sent without --push, and with it only when a person has said yes on the terminal.")
  @OptionGroup var options: RunOptions

  @Flag(help: "Send that list: delete what was created.")
  var push = false

  @Flag(name: .shortAndLong, help: "Delete without asking at the terminal.")
  var yes = false

  @Flag(help: "First ask the target about the requests that are unknown.")
  var resolve = false

  func validate() throws {
    if yes, !push { throw ValidationError("--yes goes with --push: without it, nothing is deleted") }
    if resolve, !push { throw ValidationError("--resolve goes with --push: without it, nobody is asked") }
  }

  func run() throws { try perform(goal: push ? "undone" : nil, more: yes ? ["undo=yes"] : [], resolving: resolve) }
}

struct Status: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Print the table and what comes next. No server is asked, and nothing is changed.")

  @OptionGroup var place: OutOption

  @Option(help: .init("Print it as table or json.", valueName: "format"))
  var format = StatusFormat.table

  @OptionGroup var settings: MigrationOptions

  func run() throws {
    let migration = try Migration(place, settings)
    guard migration.folder.isThere else {
      throw Complaint(.local, "there is no such migration: qtbx-migrate init begins one", at: migration.folder.shown.shown)
    }
    let state = try migration.state()
    let next = try migration.next(state)
    var held = HeldOutput(unbuffered: false)
    try held.append(Array((format == .json ? state.json(next, migration.folder) : state.table + next.line(migration.folder) + "\n").utf8))
    try held.flush()
  }
}

/// For the makefile, whose table this is.
struct Table: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "table", abstract: "Print the table alone: standard input says what is moved.", shouldDisplay: false)

  @Option(help: .init("The folder of the migration.", valueName: "folder"), completion: .directory)
  var out: String

  func run() throws {
    let facts = String(decoding: try Input("-").rest(), as: UTF8.self)
    var held = HeldOutput(unbuffered: false)
    try held.append(Array(FolderState(of: out, facts: facts).table.utf8))
    try held.flush()
  }
}
