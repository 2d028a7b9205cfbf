import Base
@unsafe @preconcurrency import Glibc
import Toolbox

/// A program that is run to its end.
enum Child {
  /// Runs a program and returns what it has written. Its messages go where those of this program go, or nowhere.
  ///
  /// Errors: `local` if it cannot be started.
  static func answer(_ program: String, _ arguments: [String], isQuiet: Bool = false) throws(Complaint) -> (status: Int32, text: String) {
    let file = try NamelessFile()
    let nothing = unsafe open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { close(nothing) }
    var descriptors = [(nothing, STDIN_FILENO), (file.descriptor, STDOUT_FILENO)]
    if isQuiet { descriptors.append((nothing, STDERR_FILENO)) }
    let number = try start(program, arguments, descriptors)
    var status: Int32 = 0
    while unsafe waitpid(number, &status, 0) < 0, errno == EINTR {}
    let length = Int(lseek(file.descriptor, 0, SEEK_END))
    return (ending(status), String(decoding: try Descriptor.read(file.descriptor, at: 0, length), as: UTF8.self))
  }

  /// Its exit status, or 128 and the signal that has ended it.
  private static func ending(_ status: Int32) -> Int32 { status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F }

  /// - Parameters:
  ///   - descriptors: of this program, and what they are there.
  ///   - group: a group of processes of its own, whose signals are not held back: these are held back here.
  private static func start(
    _ program: String, _ arguments: [String], _ descriptors: [(Int32, Int32)], group: sigset_t? = nil
  ) throws(Complaint) -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    for (here, there) in descriptors { unsafe posix_spawn_file_actions_adddup2(&actions, here, there) }
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var flags = POSIX_SPAWN_SETSIGDEF
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    // What is ignored here by habit is not ignored there.
    unsafe sigaddset(&signals, SIGXFSZ)
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    if var mask = group {
      flags |= POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK
      unsafe posix_spawnattr_setpgroup(&attributes, 0)
      unsafe posix_spawnattr_setsigmask(&attributes, &mask)
    }
    unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
    let words = unsafe ([program] + arguments).map { unsafe strdup($0) } + [nil]
    defer { unsafe words.forEach { unsafe free($0) } }
    var number: pid_t = 0
    let failure = unsafe posix_spawnp(&number, program, &actions, &attributes, words, environ)
    if failure != 0 { throw Complaint(.local, "cannot run: " + Descriptor.reason(failure), at: program.shown) }
    return number
  }

  // MARK: As a shell does it

  /// Runs a program that has the terminal meanwhile, if this program has it, and returns its exit status, or 128 and the signal that has ended it
  /// or was handed on to it.
  ///
  /// It is a group of processes of its own, as a job of a shell is: a Ctrl-C reaches it and all that it has started, and not this program, which goes
  /// on when they have ended. A signal that reaches this program alone is handed on to all of them; stopped, they are continued with this program.
  ///
  /// Errors: `local` if it cannot be started.
  static func run(_ program: String, _ arguments: [String]) throws(Complaint) -> Int32 {
    // They are waited for, and not handled: none of them comes at a bad moment. SIGTTOU: giving the terminal back is no offence.
    var held = sigset_t()
    var before = sigset_t()
    unsafe sigemptyset(&held)
    for signal in endings + [SIGCHLD, SIGCONT, SIGTTOU] { unsafe sigaddset(&held, signal) }
    unsafe sigprocmask(SIG_BLOCK, &held, &before)
    defer { unsafe sigprocmask(SIG_SETMASK, &before, nil) }
    // It may come from nobody: then it would be waited for in vain.
    unsafe sigdelset(&held, SIGTTOU)
    let number = try start(program, arguments, [], group: before)
    setpgid(number, number)
    var terminal = ControllingTerminal(lentTo: number)
    defer { terminal.close() }
    terminal.lend()
    var last: (time: ContinuousClock.Instant, signal: Int32)?
    while true {
      var status: Int32 = 0
      let ended = unsafe waitpid(number, &status, WNOHANG | WUNTRACED)
      if ended == number, status & 0xFF != 0x7F {
        if status & 0x7F != 0 || last != nil { waitForOthers(of: number) }
        terminal.takeBack(isInDisorder: status & 0x7F != 0)
        return last.map { 128 + $0.signal } ?? ending(status)
      }
      if ended == number {
        let signal = status >> 8 & 0xFF
        if [SIGTTIN, SIGTTOU].contains(signal), terminal.lend() {
          // It has asked before it had the terminal.
          kill(-number, SIGCONT)
        } else {
          terminal.takeBack()
          kill(0, signal == SIGSTOP ? SIGTSTP : signal)
        }
        continue
      }
      let signal = unsafe sigwaitinfo(&held, nil)
      if signal == SIGCONT {
        terminal.lend()
        kill(-number, SIGCONT)
      } else if endings.contains(signal), last.map({ $0.time.duration(to: .now) > .seconds(1) }) ?? true {
        // Who signals a whole group may signal this one twice, at once.
        last = (.now, signal)
        kill(-number, signal)
        kill(-number, SIGCONT)
      }
    }
  }

  /// A signal ends a shell before what it has started: that may still wait for an answer. What stays for longer has nothing to do with this.
  private static func waitForOthers(of group: pid_t) {
    let end = ContinuousClock.now.advanced(by: .seconds(10))
    while kill(-group, 0) == 0, ContinuousClock.now < end { usleep(50_000) }
  }

  private static let endings = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]
}

/// The terminal from which this program was started, if there is one: who may read from it, and how it looks.
private struct ControllingTerminal {
  private let descriptor: Int32
  private let borrower: pid_t
  private var modes = termios()
  private let isKnown: Bool

  init(lentTo borrower: pid_t) {
    self.borrower = borrower
    descriptor = unsafe open("/dev/tty", O_RDWR | O_CLOEXEC)
    isKnown = unsafe descriptor >= 0 && tcgetattr(descriptor, &modes) == 0
  }

  func close() { if descriptor >= 0 { Glibc.close(descriptor) } }

  /// Gives it away, if it is this program's. Returns whether the borrower has it then.
  @discardableResult func lend() -> Bool {
    guard descriptor >= 0 else { return false }
    if tcgetpgrp(descriptor) == getpgrp() { tcsetpgrp(descriptor, borrower) }
    return tcgetpgrp(descriptor) == borrower
  }

  /// - Parameter isInDisorder: a signal has ended the borrower, perhaps where it had switched off the echo.
  mutating func takeBack(isInDisorder: Bool = false) {
    guard descriptor >= 0, tcgetpgrp(descriptor) == borrower else { return }
    tcsetpgrp(descriptor, getpgrp())
    if isInDisorder, isKnown { unsafe tcsetattr(descriptor, TCSADRAIN, &modes) }
  }
}
