package import ArgumentParser
internal import Glibc
internal import Markup

/// The version of every program.
package let version = "0.1.0"

/// A program: a command whose messages and exit statuses are those of this project.
///
///     @main
///     struct AssetGroupsToURLs: Program { … func run() throws { … } }
package protocol Program: ParsableCommand {
  /// Options that may be given more than once.
  static var repeatable: Set<String> { get }
}

extension Program {
  package static func main() {
    Terminal.prepare()
    let name = configuration.commandName ?? "qtbx"
    Terminal.nameProgram(name)
    do {
      try refuseRepetition()
      var command = try parseAsRoot()
      try command.run()
    } catch let complaint as Complaint {
      Terminal.say("\(name): \(complaint.line)")
      if complaint.kind == .usage { Terminal.say("Try '\(name) --help'.") }
      Glibc.exit(Int32(complaint.kind.rawValue))
    } catch {
      guard exitCode(for: error) == .success else {
        let message = message(for: error)
        let line = message.prefix(1).lowercased() + message.dropFirst().prefix { $0 != "\n" }
        Terminal.say("\(name): \(line.shown)")
        Terminal.say("Try '\(name) --help'.")
        Glibc.exit(Int32(Complaint.Kind.usage.rawValue))
      }
      // --help, --version, a completion script.
      do throws(Complaint) {
        try Descriptor.write(Array((fullMessage(for: error) + "\n").utf8), to: STDOUT_FILENO)
      } catch {
        Terminal.say("\(name): standard output: \(error.line)")
        Glibc.exit(Int32(error.kind.rawValue))
      }
    }
    Glibc.exit(0)
  }
}

extension Program {
  /// Options that may be given more than once.
  package static var repeatable: Set<String> { [] }

  /// The parser would keep the last of two values in silence.
  private static func refuseRepetition() throws(Complaint) {
    var seen: Set<Substring> = []
    for argument in CommandLine.arguments.dropFirst().prefix(while: { $0 != "--" }) where argument.hasPrefix("--") {
      let name = argument.prefix { $0 != "=" }
      if !seen.insert(name).inserted, !repeatable.contains(String(name)) { throw Complaint(.usage, "\(name) is given twice") }
    }
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
    for crash in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGQUIT] { signal(crash, SIG_DFL) }
    // A parent may have ignored it; a filter whose reader has gone ends at once and says nothing.
    signal(SIGPIPE, SIG_DFL)
    // A standard descriptor that is closed must not become the first file opened: it is filled with one that fails as it should.
    for (descriptor, mode) in [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY)]
    where fcntl(descriptor, F_GETFD) == -1 && errno == EBADF {
      _ = open("/dev/null", mode)
    }
  }

  /// The number of processors that this process may use.
  static var processors: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
}
