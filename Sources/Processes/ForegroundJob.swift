package import Base
@unsafe @preconcurrency internal import Glibc

/// As a shell does it.
extension Child {
  /// Runs a program that has the terminal meanwhile, if this program has it, and returns its exit status, or 128 and the signal that has ended it
  /// or was handed on to it.
  ///
  /// It is a group of processes of its own, as a job of a shell is: a Ctrl-C reaches it and all that it has started, and not this program, which goes
  /// on when they have ended. A signal that reaches this program alone is handed on to all of them; stopped, they are continued with this program.
  /// For a program of one thread: another one would take the signals that are waited for here.
  ///
  /// Errors: `local` if it cannot be started.
  package static func run(_ program: String, _ arguments: [String]) throws(Complaint) -> Int32 {
    // They are waited for, and not handled: none of them comes at a bad moment. SIGTTOU: giving the terminal back is no offence.
    var held = sigset_t()
    var before = sigset_t()
    unsafe sigemptyset(&held)
    // What is held back comes although it is ignored.
    let endings = (Signals.endings + [SIGQUIT]).filter { !Signals.isIgnored($0) }
    for signal in endings + [SIGCHLD, SIGCONT, SIGTTOU] { unsafe sigaddset(&held, signal) }
    unsafe sigprocmask(SIG_BLOCK, &held, &before)
    defer { unsafe sigprocmask(SIG_SETMASK, &before, nil) }
    // It may come from nobody: then it would be waited for in vain.
    unsafe sigdelset(&held, SIGTTOU)
    let number = try start(program, arguments, isGroup: true)
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
