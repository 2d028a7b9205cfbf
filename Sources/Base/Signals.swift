internal import Glibc

/// The signals that want a program to end, and what whoever has started it has decided about them.
package enum Signals {
  /// A Ctrl-C, a `kill`, and a terminal or a session that is gone.
  package static let endings = [SIGINT, SIGTERM, SIGHUP]

  /// Whether a signal means nothing to this program. What a program begins with is inherited, and what was ignored there stays so: `nohup`, or a
  /// script that does not want what it has put into the background to end with its own Ctrl-C.
  package static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    sigaction(number, nil, &action)
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// Has a function called when one of these signals comes, from now on; those that are ignored stay so. Calls of the system that are interrupted go on.
  package static func handle(_ numbers: [Int32], by handler: @escaping @convention(c) (Int32) -> Void) {
    for number in numbers where !isIgnored(number) {
      var action = sigaction()
      action.sa_flags = SA_RESTART
      action.__sigaction_handler.sa_handler = handler
      sigaction(number, &action, nil)
    }
  }
}
