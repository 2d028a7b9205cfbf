package import ArgumentParser
internal import Base
internal import CBuild
internal import CMimalloc
internal import Glibc
internal import Markup

/// The version of every program, and of what they write.
package let versionNumber = "0.1.0"

/// What `--version` says of every program: its version, the commit and the compiler, and the libraries that are there when it runs.
package let version = versionNumber + "\n" + String(cString: cbuild_origin()) + "\n" + libraryVersions + ", " + allocatorVersion

/// What allocates memory, in place of the C library. It is linked only where something of it is called: 209 is 2.0.9.
private var allocatorVersion: String {
  let number = mi_version()
  return "mimalloc \(number / 100).\(number / 10 % 10).\(number % 10)"
}

/// A program: a command whose messages and exit statuses are those of this project.
///
///     @main
///     struct AssetGroupsToURLs: Program { … func run() throws { … } }
package protocol Program: ParsableCommand {
  /// Options that may be given more than once.
  static var repeatable: Set<String> { get }
  /// The arguments as the parser knows them, for a program that takes other spellings, too.
  static func normalized(_ arguments: [String]) -> [String]
}

extension Program {
  package static func main() {
    Terminal.prepare()
    let name = configuration.commandName ?? "qtbx"
    Terminal.nameProgram(name)
    guard let given = Arguments.given else {
      Terminal.say("\(name): the system does not hand over the arguments")
      Glibc.exit(Int32(Complaint.Kind.fault.rawValue))
    }
    if let argument = Arguments.unreadable {
      Terminal.say("\(name): this argument is not UTF-8: \(argument.shown): a file of such a name is read as standard input, or by another name")
      Glibc.exit(Int32(Complaint.Kind.usage.rawValue))
    }
    let arguments = normalized(given)
    do {
      // Who asks for nothing is told what there is to ask for; the parser would take it for a wish for help.
      if arguments.isEmpty, !configuration.subcommands.isEmpty { throw Complaint(.usage, "missing expected argument '<verb>'") }
      try refuseRepetition(in: arguments)
      var command = try parseAsRoot(arguments)
      try command.run()
    } catch let complaint as Complaint {
      Terminal.say("\(name): \(complaint.line)")
      if complaint.kind == .usage { Terminal.say("Try '\(name) --help'.") }
      Glibc.exit(Int32(complaint.kind.rawValue))
    } catch {
      guard exitCode(for: error) == .success else {
        let message = onOneLine(message(for: error))
        let line = unknownVerb(in: arguments) ?? unknownOption(in: arguments) ?? message.prefix(1).lowercased() + message.dropFirst()
        Terminal.say("\(name): \(line.shown)")
        Terminal.say("Try '\(([name] + verb(of: arguments).names).joined(separator: " ")) --help'.")
        Glibc.exit(Int32(Complaint.Kind.usage.rawValue))
      }
      // --help, --version, a completion script.
      do throws(Complaint) {
        let message = fullMessage(for: error)
        let isScript = arguments.contains { $0.hasPrefix("--generate-completion-script") }
        let shown = isScript ? CompletionScript.mended(message, hasVerbs: !configuration.subcommands.isEmpty) : message
        try Descriptor.write(Array((shown + "\n").utf8), to: STDOUT_FILENO)
      } catch {
        Terminal.say("\(name): standard output: \(error.line)")
        Glibc.exit(Int32(error.kind.rawValue))
      }
    }
    Glibc.exit(0)
  }
}

extension Program {
  /// Options that may be given more than once, besides those of every filter.
  package static var repeatable: Set<String> { [] }

  /// There is one spelling.
  package static func normalized(_ arguments: [String]) -> [String] { arguments }

  /// The parser would keep the last of two values in silence.
  private static func refuseRepetition(in arguments: [String]) throws(Complaint) {
    var seen: Set<Substring> = []
    for argument in arguments.prefix(while: { $0 != "--" }) where argument.hasPrefix("--") {
      let name = argument.prefix { $0 != "=" }
      if !seen.insert(name).inserted, !repeatable.union(["--map", "--target"]).contains(String(name)) {
        throw Complaint(.usage, unknownOption(in: arguments) ?? "\(name) is given twice")
      }
    }
  }

  /// Names the first option that the program does not have. The parser would first complain of what is missing for want of it, and propose
  /// options that are not alike.
  private static func unknownOption(in arguments: [String]) -> String? {
    let known = optionNames(in: arguments)
    for argument in arguments.prefix(while: { $0 != "--" }) where argument.hasPrefix("-") && argument != "-" {
      let name = String(argument.prefix { $0 != "=" })
      let letters = name.dropFirst()
      // What has a blank is the value of an option that takes options.
      if name.contains(" ") { continue }
      // Several short ones behind one dash; a number, which is a value.
      if known.contains(name) || !name.hasPrefix("--") && letters.allSatisfy({ known.contains("-\($0)") || $0.isNumber || $0 == "." }) { continue }
      let nearest = name.nearest(of: known.filter { $0.hasPrefix("--") })
      return "unknown option '\(name)'" + (nearest.map { ", perhaps '\($0)'" } ?? "")
    }
    return nil
  }

  /// The first line of a message; of one that lists what may be said instead, all of that.
  private static func onOneLine(_ message: String) -> String {
    let lines = message.split(separator: "\n", omittingEmptySubsequences: false)
    let first = lines.first.map { String($0) } ?? ""
    guard first.hasSuffix(" following:") else { return first }
    let words = lines.dropFirst().prefix { $0.hasPrefix("  - ") }.map { $0.dropFirst(4) }
    return first.dropLast(14) + words.joined(separator: ", ") + "."
  }

  /// The verb that is asked for, of a program that has verbs, and its name.
  private static func verb(of arguments: [String]) -> (type: (any ParsableCommand.Type)?, names: [String]) {
    let type = configuration.subcommands.first { $0.configuration.commandName == arguments.first }
    return (type, type == nil ? [] : Array(arguments.prefix(1)))
  }

  /// Names a verb that the program does not have, if it has any.
  private static func unknownVerb(in arguments: [String]) -> String? {
    let known = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
    guard known.count > 1, let name = arguments.first, !name.hasPrefix("-"), !known.contains(name) else { return nil }
    return "unknown verb '\(name)'" + (name.nearest(of: known).map { ", perhaps '\($0)'" } ?? "")
  }

  /// The names of all options, as the help has them.
  private static func optionNames(in arguments: [String]) -> Set<String> {
    var names: Set<String> = ["--generate-completion-script", "--experimental-dump-help", "--help-hidden"]
    let help =
      verb(of: arguments).type.map { helpMessage(for: $0, includeHidden: true, columns: 400) } ?? helpMessage(includeHidden: true, columns: 400)
    for line in help.split(separator: "\n") where line.hasPrefix("  -") {
      for word in line.dropFirst(2).split(separator: " ", omittingEmptySubsequences: false) {
        // Two blanks: from here on it is explained.
        if word.isEmpty { break }
        for name in word.split(whereSeparator: { $0 == "," || $0 == "/" }) where name.hasPrefix("-") { names.insert(String(name)) }
      }
    }
    return names
  }
}

extension String {
  /// The name that is nearly this one, if there is one; of several, the nearest. Two hyphens before an option say nothing.
  package func nearest(of names: some Sequence<String>) -> String? {
    let allowed = max(1, (hasPrefix("--") ? count - 2 : count) / 3)
    let near = names.filter { $0.distance(to: self) <= allowed }
    return near.min { ($0.distance(to: self), $0) < ($1.distance(to: self), $1) }
  }

  /// How many letters must be put in, left out, changed, or exchanged with their neighbours to make the other text of this one.
  fileprivate func distance(to other: String) -> Int {
    let (one, two) = (Array(self), Array(other))
    var rows = [Array(0...two.count)]
    for i in 1..<(one.count + 1) {
      var row = [i]
      for j in 1..<(two.count + 1) {
        var least = Swift.min(row[j - 1] + 1, rows[i - 1][j] + 1, rows[i - 1][j - 1] + (one[i - 1] == two[j - 1] ? 0 : 1))
        if i > 1, j > 1, one[i - 1] == two[j - 2], one[i - 2] == two[j - 1] { least = Swift.min(least, rows[i - 2][j - 2] + 1) }
        row.append(least)
      }
      rows.append(row)
    }
    return rows[one.count][two.count]
  }
}

/// Standard error, and what a process sets right before it does anything.
package enum Terminal {
  /// Writes a line to standard error. There is nowhere to say that this failed.
  package static func say(_ line: String) {
    try? Descriptor.write(Array((line + "\n").utf8), to: STDERR_FILENO)
  }

  /// Writes a line that begins with the program's name.
  package static func remark(_ words: String) { say("\(programName): \(words)") }

  /// The program's name, as messages begin with it. Set once, by `main`.
  nonisolated(unsafe) package private(set) static var programName = "qtbx"

  static func nameProgram(_ name: String) { programName = name }

  static func prepare() {
    // The runtime's backtracer prints memory, and left behind it keeps a pipe open.
    for crash in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT] { signal(crash, SIG_DFL) }
    // A person's signal, which a script's background jobs ignore.
    if !Signals.isIgnored(SIGQUIT) { signal(SIGQUIT, SIG_DFL) }
    // A parent may have ignored it; a filter whose reader has gone ends at once and says nothing.
    signal(SIGPIPE, SIG_DFL)
    // A limit on the size of files must be an error that can be told, not the end without a word.
    signal(SIGXFSZ, SIG_IGN)
    // A standard descriptor that is closed must not become the first file opened: it is filled with one that fails as it should.
    for (descriptor, mode) in [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY)]
    where fcntl(descriptor, F_GETFD) == -1 && errno == EBADF {
      _ = open("/dev/null", mode)
    }
  }

  /// The number of processors that are there, whether this process may use all of them or not.
  static var processors: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
}
