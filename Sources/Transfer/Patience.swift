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

  /// Waits on a clock that nobody can set, and shows how long still. Returns early if the program is interrupted.
  func wait(_ seconds: Double, showing progress: Progress? = nil) {
    wait(seconds) { rest in
      progress?.waits(rest)
      return true
    }
  }

  /// The same, for as long as a function agrees, which is told how many seconds are left.
  func wait(_ seconds: Double, while isWanted: (Double) -> Bool) {
    let until = Self.now() + seconds * scale
    while !Interruption.isAsked {
      let rest = until - Self.now()
      if rest <= 0 || !isWanted(rest / max(scale, 1e-9)) { return }
      // In pieces, and never on the word of one call: a signal may come before it, and it may end too soon.
      _ = poll(nil, 0, Int32(min(rest, 0.5) * 1000) + 1)
    }
  }

  /// Seconds since some time in the past.
  static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
