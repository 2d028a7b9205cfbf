import Base
@unsafe @preconcurrency import Glibc

/// The signals that want this program to end, and the one that says that a child has ended: they come as bytes of a pipe, so that whoever waits
/// for something else sees them, too.
struct SignalPipe {
  nonisolated(unsafe) private static var entrance: Int32 = -1
  /// Where the bytes come out. It never blocks.
  let exit: Int32
  /// Whether this program is to end.
  private(set) var isInterrupted = false
  /// The last signal that wants it, and when it came.
  private(set) var signal: (number: Int32, time: ContinuousClock.Instant)?
  /// Somebody has asked once more.
  fileprivate var isUrgent = false

  /// Errors: `local`.
  init() throws(Complaint) {
    let ends = try Descriptor.pipe()
    for end in [ends.exit, ends.entrance] { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
    unsafe Self.entrance = ends.entrance
    exit = ends.exit
    // A job outlives the reader of its messages.
    Glibc.signal(SIGPIPE, SIG_IGN)
    for number in [SIGINT, SIGTERM, SIGHUP, SIGCHLD] {
      var action = sigaction()
      unsafe sigaction(number, nil, &action)
      // nohup, or a shell that does not want to be rid of this with its own Ctrl-C.
      let ignored = unsafe unsafeBitCast(SIG_IGN, to: Int.self)
      if number != SIGCHLD, unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == ignored { continue }
      action = sigaction()
      action.sa_flags = SA_RESTART
      unsafe action.__sigaction_handler.sa_handler = { number in
        let kept = errno
        var byte = UInt8(truncatingIfNeeded: number)
        _ = unsafe write(SignalPipe.entrance, &byte, 1)
        errno = kept
      }
      unsafe sigaction(number, &action, nil)
    }
  }

  /// Takes what has come.
  mutating func take() {
    var byte: UInt8 = 0
    while unsafe read(exit, &byte, 1) == 1 {
      let number = Int32(byte)
      guard number != SIGCHLD else { continue }
      // Who signals a whole group may signal this one twice, at once.
      if let signal, signal.time.duration(to: .now) >= .seconds(1) { isUrgent = true }
      if signal == nil || isUrgent { signal = (number, .now) }
      isInterrupted = true
    }
  }
}

/// A program that was started. What it says on standard error is heard while it says it.
struct Child: ~Copyable {
  private let number: pid_t
  private let errors: Int32
  /// How long a signal is kept back: one to a whole group has reached the child as well, and `qtbx-push`, which waits five seconds more for its
  /// answer, would take a second one for impatience.
  private static let grace = Duration.seconds(6)

  /// - Parameters:
  ///   - program: its path.
  ///   - input: what it reads, and stays open here.
  ///   - output: what it writes to, and stays open here.
  /// Errors: `local`.
  init(_ program: String, _ arguments: [String], input: Int32, output: Int32) throws(Complaint) {
    let ends = try Descriptor.pipe()
    _ = fcntl(ends.exit, F_SETFL, O_NONBLOCK)
    defer { close(ends.entrance) }
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    for (source, target) in [(input, STDIN_FILENO), (output, STDOUT_FILENO), (ends.entrance, STDERR_FILENO)] {
      unsafe posix_spawn_file_actions_adddup2(&actions, source, target)
    }
    // What is ignored here is not ignored there.
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGPIPE)
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    let words = unsafe ([program] + arguments).map { unsafe strdup($0) } + [nil]
    defer { unsafe words.forEach { unsafe free($0) } }
    var number: pid_t = 0
    let failure = unsafe posix_spawn(&number, program, &actions, &attributes, words, environ)
    if failure != 0 {
      close(ends.exit)
      throw Complaint(.local, "cannot run: " + Descriptor.reason(failure), at: program.shown)
    }
    (self.number, errors) = (number, ends.exit)
  }

  /// Waits until it has ended, and hands on its lines. A signal that wants this program to end goes to the child, too.
  ///
  /// Returns its exit status, or 128 and the signal that has ended it.
  consuming func wait(_ signals: inout SignalPipe, hearing hear: (String) -> Void) -> Int32 {
    var lines = Lines()
    var isOpen = true
    // A signal that came before is none of this child's.
    var isPassed = signals.isInterrupted
    while true {
      var waits = [
        pollfd(fd: isOpen ? errors : -1, events: Int16(POLLIN), revents: 0), pollfd(fd: signals.exit, events: Int16(POLLIN), revents: 0),
      ]
      // Not for ever: a signal that is kept back has its time.
      _ = unsafe poll(&waits, 2, signals.isInterrupted && !isPassed ? 100 : -1)
      if isOpen { isOpen = lines.take(from: errors, hear) }
      signals.take()
      if signals.isUrgent { isPassed = false }
      if let signal = signals.signal, !isPassed, signals.isUrgent || signal.time.duration(to: .now) >= Self.grace {
        kill(number, signal.number)
        isPassed = true
        signals.isUrgent = false
      }
      var status: Int32 = 0
      if unsafe waitpid(number, &status, WNOHANG) == number {
        // What it has left running may keep the pipe open: only what is there already is read.
        if isOpen { _ = lines.take(from: errors, hear) }
        lines.end(hear)
        close(errors)
        return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
      }
    }
  }

  /// Bytes, line by line.
  private struct Lines {
    private var held: [UInt8] = []

    /// Reads what is there. False at the end.
    mutating func take(from descriptor: Int32, _ hear: (String) -> Void) -> Bool {
      var buffer = [UInt8](repeating: 0, count: 1 << 14)
      while true {
        let count = unsafe read(descriptor, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        if count <= 0 { return count < 0 && errno == EAGAIN }
        held += buffer[..<count]
        while let end = held.firstIndex(of: "\n") {
          hear(String(decoding: held[..<end], as: UTF8.self))
          held.removeFirst(end + 1)
        }
      }
    }

    /// The last line may have no end.
    mutating func end(_ hear: (String) -> Void) {
      if !held.isEmpty { hear(String(decoding: held, as: UTF8.self)) }
      held = []
    }
  }
}
