import Base
@unsafe @preconcurrency import Glibc

/// The programs that do the work: beside this one, or else in PATH.
struct Sisters {
  private let folders: [String]

  init() {
    var folders: [String] = []
    var own = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = unsafe readlink("/proc/self/exe", &own, own.count - 1)
    if length > 0 {
      let path = String(decoding: own[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
      if let end = path.lastIndex(of: "/") { folders.append(String(path[..<end])) }
    }
    let others = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? "/usr/bin:/bin"
    folders += others.split(separator: ":").map { String($0) }
    self.folders = folders
  }

  /// Errors: `local` if it is nowhere.
  func path(of program: String) throws(Complaint) -> String {
    for folder in folders {
      let path = folder + "/" + program
      var status = stat()
      if unsafe access(path, X_OK) == 0, unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG { return path }
    }
    throw Complaint(.local, "\(program) is not installed: it is neither beside this program nor in PATH")
  }
}

/// A program with its arguments.
struct Command {
  var program: String
  var arguments: [String]
  /// It takes `--report`.
  var reports = true
}

/// Runs programs, one after the other: nothing of theirs is written into a file that has a name, and no shell is asked.
struct Runner {
  let sisters = Sisters()

  /// Runs a program to its end.
  ///
  /// - Parameters:
  ///   - input: what it reads on standard input, from its beginning; nil for nothing.
  ///   - files: open files that its arguments name as `/dev/fd/N`.
  ///   - successes: the statuses that are no failure.
  ///   - row: takes a row of its report, without its header.
  /// Returns the file with its answer. Errors: its own, as its last line says it, with its status; `local` if it cannot be run.
  func run(
    _ command: Command, input: NamelessFile? = nil, files: [NamelessFile], successes: Set<Int32> = [0],
    row: (String) throws(Complaint) -> Void = { _ in }
  ) throws(Complaint) -> NamelessFile {
    let path = try sisters.path(of: command.program)
    let output = try NamelessFile()
    let report = try Descriptor.pipe()
    let errors: (exit: Int32, entrance: Int32)
    do throws(Complaint) { errors = try Descriptor.pipe() } catch {
      close(report.exit)
      close(report.entrance)
      throw error
    }
    defer {
      close(report.exit)
      close(errors.exit)
    }
    var arguments = command.arguments
    if command.reports { arguments = ["--report", "/dev/fd/\(report.entrance)"] + arguments }
    let source = unsafe input?.descriptor ?? open("/dev/null", O_RDONLY | O_CLOEXEC)
    if input != nil { lseek(source, 0, SEEK_SET) }
    var child: pid_t = 0
    var failure: Complaint?
    do throws(Complaint) {
      child = try Self.start(
        path, [command.program] + arguments, moving: [(source, STDIN_FILENO), (output.descriptor, STDOUT_FILENO), (errors.entrance, STDERR_FILENO)],
        keeping: files.map(\.descriptor) + (command.reports ? [report.entrance] : []))
    } catch { failure = error }
    if input == nil { close(source) }
    // These ends are the child's: it closes them by ending.
    close(report.entrance)
    close(errors.entrance)
    if let failure { throw failure }
    var rows = Lines(skips: 1)
    var said = Lines(skips: 0)
    var last = ""
    do throws(Complaint) {
      var open = [true, true]
      while open[0] || open[1] {
        var waits = [
          pollfd(fd: open[0] ? report.exit : -1, events: Int16(POLLIN), revents: 0),
          pollfd(fd: open[1] ? errors.exit : -1, events: Int16(POLLIN), revents: 0),
        ]
        if unsafe poll(&waits, 2, -1) < 0, errno != EINTR { throw Complaint(.local, "cannot wait: " + Descriptor.reason(errno)) }
        if waits[0].revents != 0 { open[0] = try rows.take(from: report.exit, row) }
        if waits[1].revents != 0 { open[1] = try said.take(from: errors.exit) { line in if !line.isEmpty, !line.hasPrefix("Try '") { last = line } } }
      }
      try rows.end(row)
      try said.end { line in if !line.isEmpty { last = line } }
    } catch { failure = error }
    if failure != nil { kill(child, SIGTERM) }
    var status: Int32 = 0
    while unsafe waitpid(child, &status, 0) < 0, errno == EINTR {}
    if let failure { throw failure }
    let code = status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
    guard successes.contains(code) else {
      let kind = UInt8(exactly: code).flatMap { Complaint.Kind(rawValue: $0) } ?? .fault
      throw Complaint(kind == .usage ? .usage : kind, last.isEmpty ? "\(command.program) has ended with status \(code)" : last)
    }
    return output
  }

  private static func start(
    _ path: String, _ words: [String], moving: [(from: Int32, to: Int32)], keeping: [Int32]
  ) throws(Complaint) -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    for (source, target) in moving { unsafe posix_spawn_file_actions_adddup2(&actions, source, target) }
    // Onto itself: then it stays open there, and only there.
    for descriptor in keeping { unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, descriptor) }
    let arguments = unsafe words.map { unsafe strdup($0) } + [nil]
    defer { unsafe arguments.forEach { unsafe free($0) } }
    var child: pid_t = 0
    let failure = unsafe posix_spawn(&child, path, &actions, nil, arguments, environ)
    if failure != 0 { throw Complaint(.local, "cannot run: " + Descriptor.reason(failure), at: path.shown) }
    return child
  }

  /// Bytes, line by line.
  private struct Lines {
    private var held: [UInt8] = []
    private var skips: Int

    init(skips: Int) { self.skips = skips }

    /// Reads what is there. False at the end.
    mutating func take(from descriptor: Int32, _ hear: (String) throws(Complaint) -> Void) throws(Complaint) -> Bool {
      let before = held.count
      guard try Descriptor.read(descriptor, 1 << 16, into: &held) > 0 else { return false }
      guard held[before...].contains("\n") else { return true }
      var start = 0
      while let end = held[start...].firstIndex(of: "\n") {
        if skips > 0 { skips -= 1 } else { try hear(String(decoding: held[start..<end], as: UTF8.self)) }
        start = end + 1
      }
      held.removeFirst(start)
      return true
    }

    /// The last line may have no end.
    mutating func end(_ hear: (String) throws(Complaint) -> Void) throws(Complaint) {
      if !held.isEmpty, skips == 0 { try hear(String(decoding: held, as: UTF8.self)) }
      held = []
    }
  }
}

/// A row of a filter's report.
struct ReportRow {
  let kind: String
  let id: String
  let name: String
  let element: String
  let disposition: String
  let reason: String

  /// Nil if it is none.
  init?(_ line: String) {
    let fields = TSV.fields(of: Array(line.utf8)[...])
    guard fields.count == 6 else { return nil }
    (kind, id, name) = (fields[0], fields[1], fields[2])
    (element, disposition, reason) = (fields[3], fields[4], fields[5])
  }
}
