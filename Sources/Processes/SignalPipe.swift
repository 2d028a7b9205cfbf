package import Base
@unsafe @preconcurrency internal import Glibc

/// The signals that want this program to end, and the one that says that a child has ended: they come as bytes of a pipe, so that whoever waits
/// for something else sees them, too.
package struct SignalPipe {
  nonisolated(unsafe) private static var entrance: Int32 = -1
  /// Where the bytes come out. It never blocks.
  let exit: Int32
  /// Whether this program is to end.
  package private(set) var isInterrupted = false
  /// The last signal that wants it, and when it came.
  private(set) var signal: (number: Int32, time: ContinuousClock.Instant)?
  /// Somebody has asked once more.
  var isUrgent = false

  /// Errors: `local`.
  package init() throws(Complaint) {
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
  package mutating func take() {
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
