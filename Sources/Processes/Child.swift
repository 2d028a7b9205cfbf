package import Base
@unsafe @preconcurrency internal import Glibc

/// A program that was started, and is waited for. One that nobody waits for is told to end, and has ended when this value is gone.
package struct Child: ~Copyable {
  /// What one of its standard descriptors is.
  package enum Stream: Sendable {
    /// That of this program.
    case same
    /// `/dev/null`.
    case nothing
    /// A descriptor of this program, which stays open here.
    case descriptor(Int32)
  }

  private let number: pid_t

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - program: its path, or a name that is looked for in `PATH`.
  ///   - keeping: descriptors that it has by the same numbers: `/dev/fd/N` in its arguments.
  /// Errors: `local` if it cannot be started.
  package init(
    _ program: String, _ arguments: [String], input: Stream = .nothing, output: Stream = .same, errors: Stream = .same, keeping: [Int32] = []
  ) throws(Complaint) {
    let streams = [(input, STDIN_FILENO), (output, STDOUT_FILENO), (errors, STDERR_FILENO)]
    number = try Self.start(program, arguments, streams, keeping: keeping)
  }

  deinit {
    kill(number, SIGTERM)
    _ = Self.wait(for: number)
  }

  /// Waits until it has ended. Returns its exit status, or 128 and the signal that has ended it.
  package consuming func wait() -> Int32 {
    let status = Self.wait(for: number)
    discard self
    return status
  }

  /// Runs a program to its end. Returns its exit status, or 128 and a signal, and what it has written.
  ///
  /// Errors: `local` if it cannot be started.
  package static func answer(_ program: String, _ arguments: [String], errors: Stream = .same) throws(Complaint) -> (status: Int32, text: String) {
    let file = try NamelessFile()
    let status = try Child(program, arguments, output: .descriptor(file.descriptor), errors: errors).wait()
    return (status, try file.text())
  }

  // MARK: Signals

  /// How long a signal is kept back: one to a whole group has reached the child as well, and `qtbx-push`, which waits five seconds more for its
  /// answer, would take a second one for impatience.
  private static let grace = Duration.seconds(6)

  /// Waits until it has ended, and hands on the lines that come out of a pipe meanwhile. A signal that wants this program to end goes to the child, too.
  ///
  /// Returns its exit status, or 128 and the signal that has ended it.
  package consuming func wait(_ signals: inout SignalPipe, reading lines: consuming Pipe, _ hear: (String) -> Void) -> Int32 {
    // A signal that came before is none of this child's.
    var isPassed = signals.isInterrupted
    func say(_ line: ArraySlice<UInt8>, _: Int) { hear(String(decoding: line, as: UTF8.self)) }
    while true {
      // Not for ever: a signal that is kept back has its time.
      Pipe.wait(for: [lines.waited, signals.exit], milliseconds: signals.isInterrupted && !isPassed ? 100 : -1)
      // What cannot be read is the end of it: the child is at work, and has to be waited for.
      try? lines.take(say)
      signals.take()
      if signals.isUrgent { isPassed = false }
      if let signal = signals.signal, !isPassed, signals.isUrgent || signal.time.duration(to: .now) >= Self.grace {
        kill(number, signal.number)
        isPassed = true
        signals.isUrgent = false
      }
      // Behind the signals: the one that says that it has ended may be among them, and nothing else would say so again.
      var status: Int32 = 0
      if unsafe waitpid(number, &status, WNOHANG) == number {
        try? lines.takeLast(say)
        discard self
        return Self.ending(status)
      }
    }
  }

  // MARK: The system

  static func wait(for number: pid_t) -> Int32 {
    var status: Int32 = 0
    while unsafe waitpid(number, &status, 0) < 0 {
      // Nobody else waits for it, and a status that is not known is no success.
      if errno != EINTR { return Int32(Complaint.Kind.fault.rawValue) }
    }
    return ending(status)
  }

  /// Its exit status, or 128 and the signal that has ended it.
  static func ending(_ status: Int32) -> Int32 { status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F }

  /// - Parameter isGroup: it is a group of processes of its own.
  static func start(
    _ program: String, _ arguments: [String], _ streams: [(Stream, Int32)] = [], keeping: [Int32] = [], isGroup: Bool = false
  ) throws(Complaint) -> pid_t {
    // Whoever has started this program may not care for the ends of its own children, and that is inherited: then no status would be known here.
    if Signals.isIgnored(SIGCHLD) { signal(SIGCHLD, SIG_DFL) }

    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    var copies: [Int32] = []
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      for copy in copies { close(copy) }
    }
    for (stream, target) in streams {
      switch stream {
      case .same: break
      case .nothing: unsafe posix_spawn_file_actions_addopen(&actions, target, "/dev/null", target == STDIN_FILENO ? O_RDONLY : O_WRONLY, 0)
      case .descriptor(var source):
        if source <= STDERR_FILENO, source != target {
          // Another one has come into its place by then.
          source = fcntl(source, F_DUPFD_CLOEXEC, 10)
          if source < 0 { throw Complaint(.local, "cannot run: " + Descriptor.reason(errno), at: program.shown) }
          copies.append(source)
        }
        unsafe posix_spawn_file_actions_adddup2(&actions, source, target)
      }
    }
    // Onto itself: then it stays open there, and only there.
    for descriptor in keeping { unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, descriptor) }

    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    // What is held back here, or by the thread of a pool that this may be, is not held back there.
    unsafe posix_spawnattr_setsigmask(&attributes, &signals)
    // What is ignored here by habit is not ignored there.
    for number in [SIGPIPE, SIGXFSZ] { unsafe sigaddset(&signals, number) }
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    unsafe posix_spawnattr_setpgroup(&attributes, 0)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | (isGroup ? POSIX_SPAWN_SETPGROUP : 0)))
    let words = unsafe ([program] + arguments).map { unsafe strdup($0) } + [nil]
    defer { unsafe words.forEach { unsafe free($0) } }
    var number: pid_t = 0
    let failure = unsafe posix_spawnp(&number, program, &actions, &attributes, words, environ)
    if failure != 0 { throw Complaint(.local, "cannot run: " + Descriptor.reason(failure), at: program.shown) }
    return number
  }
}
