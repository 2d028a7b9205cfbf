internal import Glibc

/// When a call that has failed is made again, how long before, and when it is given up.
package struct RetryPolicy: Sendable {
  /// What comes after a call that has failed, or before one that may not be made yet.
  enum Step: Sendable {
    /// The words say so: `waiting 12 s: HTTP 429`.
    case wait(seconds: Double, words: String)
    case giveUp(reason: String)
  }

  /// The longest single wait, in seconds. What the service asks beyond that ends the run.
  package var longest = 3600
  /// How often one request is tried.
  var tries = 12
  /// Seconds are multiplied by this: tests have less time than people.
  package var scale = 1.0

  package init() {}

  /// What comes after try number `number` has failed.
  ///
  /// - Parameters:
  ///   - limit: how often it is tried, if not as often as usual.
  ///   - asked: the seconds that the service asks for.
  func step(afterTry number: Int, of limit: Int? = nil, asked: Int?, reason: String) -> Step {
    if number >= min(limit ?? tries, tries) { return .giveUp(reason: "\(reason); tried \(number) times") }
    let seconds = seconds(asked: asked, next: number + 1)
    guard seconds <= Double(longest) else { return .giveUp(reason: "\(reason): the service asks for \(asked ?? 0) s, more than --longest-wait") }
    return .wait(seconds: seconds, words: "waiting \(Int(seconds.rounded(.up))) s: \(reason)")
  }

  /// The seconds to wait before try number `next` (the second is 2). Without word from the service: 1, 2, 4 … 60, no more than the longest, with jitter, so that
  /// several programs do not come back at one time.
  private func seconds(asked: Int?, next: Int) -> Double {
    if let asked, asked > 0 { return Double(asked) }
    let base = Double(min(60, 1 << min(next - 2, 6), longest))
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

/// When the next call of an endpoint may be made at the earliest: a service that has none left says how long it will have none.
struct RateGate: Sendable {
  private let policy: RetryPolicy
  private var openings: [String: Double] = [:]

  init(_ policy: RetryPolicy) { self.policy = policy }

  /// Takes what a reply says of the calls that are left.
  mutating func heed(_ reply: Reply, of endpoint: String) {
    guard reply.headers["x-ratelimit-remaining"] == "0", let wait = reply.headers["x-ratelimit-towait-sec"].flatMap(Int.init), wait > 0 else {
      return
    }
    openings[endpoint] = RetryPolicy.now() + Double(wait) * policy.scale
  }

  /// What comes before the next call, nil if it may be made at once.
  func step(before endpoint: String) -> RetryPolicy.Step? {
    let rest = (openings[endpoint].map { $0 - RetryPolicy.now() } ?? 0) / max(policy.scale, 1e-9)
    guard rest > 0 else { return nil }
    guard rest <= Double(policy.longest) else { return .giveUp(reason: "the service has no call left for more than --longest-wait") }
    return .wait(seconds: rest, words: "waiting \(Int(rest.rounded(.up))) s: the service has no call left")
  }
}
