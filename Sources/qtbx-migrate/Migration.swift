import ArgumentParser
import Base
import Glibc
import Processes
import Toolbox

/// Which migration, and by which makefile.
struct OutOption: ParsableArguments {
  /// The folder of a migration of which nobody says where it is.
  static let usual = "migration"

  @Option(help: .init("The folder of the migration (default: \(usual)).", valueName: "folder"), completion: .directory)
  var out: String = usual

  @Option(help: .init("Another makefile than the one that is installed.", valueName: "file"), completion: .file())
  var makeFile: String?
}

/// What every verb takes that runs make.
struct RunOptions: ParsableArguments {
  @OptionGroup var place: OutOption

  @Flag(name: [.customShort("n"), .long], help: "Print the commands, and run none of them.")
  var dryRun = false

  @Option(name: [.customShort("j", allowingJoined: true), .long], help: .init("How many files are worked on at a time.", valueName: "n"))
  var jobs = 1

  @OptionGroup var settings: MigrationOptions

  func validate() throws {
    if !(1...16).contains(jobs) { throw ValidationError("--jobs takes a number from 1 to 16") }
  }
}

/// A migration: its folder, what is set for it, and the makefile that does the work.
struct Migration {
  let folder: MigrationFolder
  /// The command line over the file.
  private(set) var options: MigrationOptions
  private let makeFile: String

  /// Goes where the folder stands. Errors: `usage`; `local`.
  init(_ place: OutOption, _ given: MigrationOptions, isResolving: Bool = false) throws(Complaint) {
    try given.check()
    makeFile = try Self.makeFile(place.makeFile)
    folder = try MigrationFolder(place.out)
    options = given.moved(to: folder)
    try folder.enter()
    if Folder.has(folder.settings) {
      options = options.over(try SettingsFile.options(in: folder.settings, shownAs: folder.shown("settings")))
      try options.check()
    }
    if isResolving { options.pushOptions = (options.pushOptions ?? "") + " --resolve" }
    Self.prepareEnvironment()
  }

  /// The makefile beside the programs, or in the checkout where they were built. Errors: `local` if it is not there.
  private static func makeFile(_ given: String?) throws(Complaint) -> String {
    if let given { return try Folder.resolved(Setting.path(given)) }
    let folder = Folder.ofThisProgram ?? "."
    var places = [folder + "/../share/qtbx/migrate.mk"]
    if let build = (folder + "/").ranges(of: "/.build/").first { places.append(folder[..<build.lowerBound] + "/scripts/migrate.mk") }
    guard let place = places.first(where: { Folder.has(String($0)) }) else {
      throw Complaint(.local, "migrate.mk is not installed: it is neither in \(places.joined(separator: " nor in ")) (--make-file)")
    }
    return try Folder.resolved(String(place))
  }

  /// The programs are found in PATH, or beside this one. What another make says to its own is not meant here.
  private static func prepareEnvironment() {
    for name in ["MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEFILES", "GNUMAKEFLAGS", "MAKEOVERRIDES", "MAKE_TERMOUT", "MAKE_TERMERR"] {
      unsafe unsetenv(name)
    }
    // Its messages name settings as they are called here.
    unsafe setenv("QTBX_FRONT", "qtbx-migrate", 1)
    guard let own = Folder.ofThisProgram else { return }
    unsafe setenv("PATH", (Environment.value(of: "PATH") ?? "/usr/bin:/bin") + ":" + own, 1)
  }

  /// Errors: `usage` if nobody says which servers.
  func checkServers() throws(Complaint) {
    for (side, server) in [("source", options.source), ("target", options.target)] where server?.isEmpty != false {
      let file = folder.shown("settings").shown
      throw Complaint(
        .usage,
        Folder.has(folder.settings)
          ? "\(file) does not say what the \(side) is, and there is no --\(side)"
          : "there is no \(file): qtbx-migrate init --source SERVER --target SERVER writes it")
    }
  }

  // MARK: make

  private func arguments(_ goal: String, _ variables: [String], _ more: [String] = []) -> [String] {
    more + ["--no-print-directory", "-f", makeFile, "out=" + folder.name] + variables + [goal]
  }

  /// Runs a goal, and returns make's status, or what the server has to do with it. Errors: `local` if make cannot be run.
  private func make(_ goal: String, _ more: [String], jobs: Int) throws(Complaint) -> Int32 {
    let variables = try options.variables(lock: FolderLock.number) + more
    let endings = RecipeEndings(in: folder.name)
    try endings.listen()
    let status = try Child.run("make", arguments(goal, variables, jobs == 1 ? [] : ["-j\(jobs)"]))
    let kinds = try endings.kinds()
    // make was ended by a signal, or by what the server has nothing to do with.
    guard status == 2, let kind = Complaint.Kind.gravest(of: kinds) else { return status }
    return Int32(kind.rawValue)
  }

  /// Prints the commands of a goal, behind that of make. Errors: `local` if make cannot be run.
  func show(_ goal: String, _ more: [String]) throws(Complaint) -> Int32 {
    let variables = try options.variables(lock: nil) + more
    let words = (["make"] + arguments(goal, variables)).map(ShellWords.quoted).joined(separator: " ")
    if folder.isElsewhere { try Self.say("cd " + ShellWords.quoted(folder.surroundings)) }
    try Self.say("# " + words)
    return try Child.run("make", arguments("made-" + goal, variables, ["-n"]))
  }

  /// What the folder says. Errors: `local`, also if the makefile does not say what is moved.
  func state() throws(Complaint) -> FolderState {
    // Nobody is asked, so nothing is said of servers and of logins.
    var offline = options
    for setting in Setting.all where setting.form == .server || setting.name.hasPrefix("source-") || setting.name.hasPrefix("target-") {
      offline[keyPath: setting.place] = nil
    }
    let (status, facts) = try Child.answer("make", arguments("facts", offline.variables(lock: nil), ["--silent"]))
    guard status == 0 else { throw Complaint(.local, "make does not say what is moved", at: makeFile.shown) }
    return try FolderState(of: folder.name, facts: facts)
  }

  /// What comes next. Errors: `local`.
  func next(_ state: FolderState, isRunning: Bool = false) throws(Complaint) -> NextStep {
    if !isRunning, folder.isLocked { return NextStep(state: .wait, words: "wait: another run is at work in \(folder.shown.shown)") }
    return try state.next(options)
  }

  /// Does a verb: runs its goal, and ends with the table and what comes next. Returns the exit status. Errors: `local`.
  ///
  /// - Parameters:
  ///   - more: further variables of make.
  ///   - again: what was fetched from the target behind what was sent is fetched once more.
  func perform(_ verb: String, goal: String, _ more: [String], jobs: Int, again: Bool) throws(Complaint) -> Int32 {
    if folder.isElsewhere { Terminal.remark("in \(folder.surroundings.shown)") }
    try folder.make()
    let lock = try folder.lock()
    defer { withExtendedLifetime(lock) {} }
    if again { for name in ["after", "verify"] { try Folder.remove(folder.name + "/" + name) } }
    let status = try make("made-" + goal, more, jobs: jobs)
    try conclude(goal == "undone" ? "undo --push" : verb, status)
    return status
  }

  /// Prints and keeps the table, and says what comes next. Errors: `local`.
  func conclude(_ verb: String, _ status: Int32) throws(Complaint) {
    let state = try state()
    var file = try AtomicFile(folder.name + "/table")
    try file.append(state.table)
    try file.commit()
    var next = try verb == "undo" ? state.nextOfUndoing() : next(state, isRunning: true)
    if status > 128 {
      next = NextStep(state: .run, verb: verb, words: "goes on where a signal has ended it")
    } else if status == Int32(Complaint.Kind.unanswered.rawValue), next.state == .run {
      next = NextStep(state: .run, verb: verb, words: "goes on where no answer came")
    } else if status != 0, next.state == .run || next.state == .done {
      // What has failed and has left nothing behind was said above.
      next = NextStep(state: .mend, verb: verb, words: "what is said above")
    }
    try Self.say(state.table + next.line(folder))
  }

  /// Writes a line to standard output. Errors: `local`.
  static func say(_ text: String) throws(Complaint) {
    do throws(Complaint) { try Descriptor.write(Array((text + "\n").utf8), to: STDOUT_FILENO) } catch { throw error.at("standard output") }
  }
}

extension MigrationOptions {
  /// With the names of files as they are called from where the folder stands.
  func moved(to folder: MigrationFolder) -> MigrationOptions {
    var moved = self
    for setting in Setting.all where [.file, .madeFile].contains(setting.form) {
      moved[keyPath: setting.place] = self[keyPath: setting.place].map(folder.moved)
    }
    return moved
  }
}
