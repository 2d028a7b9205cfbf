import ArgumentParser
import Base
import Processes
import Requests
import Toolbox

/// For the makefile and for `scripts/many`: who asks which server, in one spelling for each. Two that are the same are one subscription.
struct Account: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "account", abstract: "Print who asks which server: nobody is asked, and no password is read.", shouldDisplay: false)

  @Option(help: .init("The server.", valueName: "host"))
  var server: String?

  @Option(help: .init("Who asks (default: q_username).", valueName: "name"))
  var user: String?

  @Option(help: .init("A netrc file that says who asks.", valueName: "file"), completion: .file())
  var netrcFile: String?

  @Option(help: .init("A migration, in place of these: it is the account of its target.", valueName: "folder"), completion: .directory)
  var out: String?

  @Option(help: .init("A folder of journals, all of which must be of this server.", valueName: "folder"), completion: .directory)
  var journals: String?

  /// How else one logs in, which says nothing of who does.
  @Argument(parsing: .allUnrecognized)
  var others: [String] = []

  func run() throws {
    var (name, user, file) = (server ?? "", user, netrcFile)
    if let out {
      let folder = try MigrationFolder(out)
      try folder.enter()
      let settings = try SettingsFile.options(in: folder.settings, shownAs: folder.shown("settings"))
      (name, user, file) = (settings.target ?? "", settings.targetUser, settings.targetNetrcFile.map(Setting.path))
    }
    let server = try Server(name)
    if let journals { try check(journals, server) }
    let login = try file.flatMap { path throws(Complaint) in path.isEmpty ? nil : try Netrc.login(for: server, in: path) }
    let known = [login, user, Environment.value(of: "q_username")].compactMap { $0 }.first { !$0.isEmpty }
    try Migration.say("\(known ?? "somebody") at \(server.identity.replacing("https://", with: ""))".shown)
  }

  /// Errors: `refused` if a journal is of another server: what is to be sent has ids of that one.
  private func check(_ folder: String, _ server: Server) throws(Complaint) {
    guard Folder.has(folder) else { return }
    for name in try Descriptor.names(in: folder) where name.hasSuffix(".journal") {
      var first = ""
      try Input(folder + "/" + name).forEachLine { line, number in if number == 1 { first = String(decoding: line, as: UTF8.self) } }
      let fields = first.split(separator: "\t", omittingEmptySubsequences: false)
      // A journal that is none is for whoever reads all of it.
      guard fields.count > 2, !Server.isSame(String(fields[2]), server.base) else { continue }
      throw Complaint(
        .refused, "this journal is of \(String(fields[2]).shown), and the target is \(server.base): another subscription needs a folder of its own",
        at: (folder + "/" + name).shown)
    }
  }
}

/// A file of logins, as curl reads it.
enum Netrc {
  /// Who asks a server; nil if the file does not say it. Errors: `local`.
  static func login(for server: Server, in path: String) throws(Complaint) -> String? {
    let address = server.identity.drop { $0 != ":" }.dropFirst(3)
    let host = address.hasPrefix("[") ? address.dropFirst().prefix { $0 != "]" } : address.prefix { $0 != ":" }
    var words = try Input(path).rest().split { $0 <= " " }.makeIterator()
    var isMeant = false
    while let word = words.next() {
      if word.elementsEqual("default".utf8) { isMeant = true }
      if word.elementsEqual("machine".utf8) {
        let name = words.next().map { String(decoding: $0, as: UTF8.self).lowercased() } ?? ""
        isMeant = name == host || name == host + "."
      }
      if word.elementsEqual("login".utf8), let login = words.next(), isMeant { return String(decoding: login, as: UTF8.self) }
      // Whatever it is.
      if word.elementsEqual("password".utf8) { _ = words.next() }
    }
    return nil
  }
}

/// For the makefile: a row of the log of runs, and in the first run whose folder it is.
struct NoteRun: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "note", abstract: "Note a run in the folder of a migration.", shouldDisplay: false)

  @Option(help: .init("The folder of the migration.", valueName: "folder"), completion: .directory)
  var out: String

  @Option(help: .init("What is to be done.", valueName: "goal"))
  var goal: String

  @Option(help: .init("The subscriptions: from whom to whom.", valueName: "accounts"))
  var accounts: String

  @Argument(help: .init("What was said on the command line.", valueName: "name=value"))
  var options: [String] = []

  func run() throws {
    try Folder.make(out)
    if !Folder.has(out + "/subscriptions") { try write(accounts + "\n", to: "subscriptions") }
    let rows = Folder.has(out + "/runs.tsv") ? String(decoding: try Input(out + "/runs.tsv").rest(), as: UTF8.self) : "when\tgoal\tversion\toptions\n"
    // What stands behind a command or a passphrase is nobody's business.
    let told = options.map { option in
      let name = option.prefix { $0 != "=" }
      return name + option.dropFirst(name.count).description.withoutSecrets
    }
    let programs = Migrate.configuration.version.split(separator: "\n").prefix(2).joined(separator: " ")
    try write(rows + [UTC.stamp(of: UTC.seconds), goal, programs, told.joined(separator: " ")].joined(separator: "\t") + "\n", to: "runs.tsv")
  }

  private func write(_ text: String, to name: String) throws(Complaint) {
    var file = try AtomicFile(out + "/" + name)
    try file.append(text)
    try file.commit()
  }
}
