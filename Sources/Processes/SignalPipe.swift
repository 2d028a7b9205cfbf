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
    // The ends of children are known by it, whatever those think of their own who have started this.
    if Signals.isIgnored(SIGCHLD) { Glibc.signal(SIGCHLD, SIG_DFL) }
    Signals.handle(Signals.endings + [SIGCHLD]) { number in
      let kept = errno
      var byte = UInt8(truncatingIfNeeded: number)
      _ = unsafe write(SignalPipe.entrance, &byte, 1)
      errno = kept
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
