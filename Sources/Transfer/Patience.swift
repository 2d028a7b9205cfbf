internal import Glibc
internal import Markup

/// How long to wait for a busy service, and when to give up.
package struct Patience: Sendable {
  /// The longest single wait, in seconds. What the service asks beyond that ends the run.
  package var longest = 3600
  /// How often one request is tried.
  package var tries = 12
  /// Seconds are multiplied by this: tests have less time than people.
  package var scale = 1.0

  package init() {}

  /// The seconds to wait before try number `next` (the second is 2). Without word from the service: 1, 2, 4 … 60, with jitter, so that
  /// several programs do not come back at one time.
  func seconds(asked: Int?, next: Int) -> Double {
    if let asked, asked > 0 { return Double(asked) }
    let base = Double(min(60, 1 << min(next - 2, 6)))
    return base * Double.random(in: 0.5...1.0)
  }

  /// Waits on a clock that nobody can set. Returns early if the program is interrupted.
  func wait(_ seconds: Double) {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    let nanoseconds = now.tv_nsec + Int(seconds * scale * 1e9)
    var until = timespec(tv_sec: now.tv_sec + nanoseconds / 1_000_000_000, tv_nsec: nanoseconds % 1_000_000_000)
    while !Interruption.isAsked, clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nil) == EINTR {}
  }
}
