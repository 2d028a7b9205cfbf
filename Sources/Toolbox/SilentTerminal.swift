package import Base
internal import Glibc

/// A line that is typed without being seen, on the terminal itself: standard input is data.
///
/// A signal that ends or stops the program meanwhile gives the terminal its echo back first.
package enum SilentTerminal {
  nonisolated(unsafe) private static var terminal: Int32 = -1
  nonisolated(unsafe) private static var before = termios()
  nonisolated(unsafe) private static var silent = termios()

  /// Whether there is a terminal to ask at.
  package static func open() -> Bool {
    if terminal < 0 { terminal = Glibc.open("/dev/tty", O_RDWR | O_CLOEXEC) }
    return terminal >= 0
  }

  /// Shows a question and has an answer typed without echo. Errors: `local`, and those of `read`.
  package static func ask<Answer: ~Copyable>(_ question: String, _ read: (Int32) throws(Complaint) -> Answer) throws(Complaint) -> Answer {
    defer {
      close(terminal)
      terminal = -1
    }
    guard tcgetattr(terminal, &before) == 0 else { throw Complaint(.local, "cannot switch off the echo: " + Descriptor.reason(errno)) }
    silent = before
    silent.c_lflag &= ~tcflag_t(ECHO)
    var old: [(Int32, sigaction)] = []
    func catching(_ signal: Int32, _ handler: @escaping @convention(c) (Int32) -> Void) {
      if Signals.isIgnored(signal) { return }
      var action = sigaction()
      action.__sigaction_handler.sa_handler = handler
      var former = sigaction()
      sigaction(signal, &action, &former)
      old.append((signal, former))
    }
    for signal in Signals.endings + [SIGQUIT] {
      catching(signal) { signal in
        SilentTerminal.restore()
        // As if there had been no handler: whoever has started this program sees what has ended it.
        Glibc.signal(signal, SIG_DFL)
        raise(signal)
      }
    }
    catching(SIGTSTP) { _ in
      SilentTerminal.restore()
      raise(SIGSTOP)
      SilentTerminal.silence()
    }
    Self.silence()
    defer {
      Self.restore()
      for (signal, action) in old {
        var action = action
        sigaction(signal, &action, nil)
      }
    }
    try Descriptor.write(Array(question.utf8), to: terminal)
    return try read(terminal)
  }

  private static func silence() { tcsetattr(terminal, TCSAFLUSH, &silent) }

  /// Gives the echo back, on a line of its own: what was typed has not moved the cursor.
  private static func restore() {
    tcsetattr(terminal, TCSAFLUSH, &before)
    var end: UInt8 = "\n"
    _ = write(terminal, &end, 1)
  }
}
