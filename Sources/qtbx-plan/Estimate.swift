/// How many calls a service level allows, in which time.
struct ServiceLevel {
  var calls: Int
  /// The window in which they are counted.
  var seconds: Int
  var concurrency: Int

  /// "Qualys API Limits": what the service has for a subscription unless support has set it otherwise.
  static let standard = ServiceLevel(calls: 300, seconds: 3600, concurrency: 2)
  static let express = ServiceLevel(calls: 50, seconds: 86_400, concurrency: 1)

  var words: String { "\(calls) calls \(seconds == 3600 ? "an hour" : "a day")" }
}

/// What a plan takes: calls, and the time that the service makes a caller wait. How long a call takes, nobody knows before.
struct Estimate {
  let level: ServiceLevel
  private(set) var counts: [(group: String, calls: Int, isCounted: Bool)] = []
  private(set) var ask = 0
  private(set) var send = 0
  private(set) var fetch = 0
  private(set) var saved = 0

  init(_ level: ServiceLevel) { self.level = level }

  mutating func add(_ group: Group, _ counts: Counts) {
    // What is not sent need not be fetched back.
    ask += counts.questions
    send += counts.requests
    fetch += counts.fetches
    saved += counts.saved
    self.counts.append((group.name, counts.questions + counts.requests + counts.fetches, group.isCounted))
  }

  /// Each API is counted for itself: who sends more than its limit waits for the next window.
  var waitByAPI: Int {
    counts.filter { $0.isCounted && $0.calls > 0 }.reduce(0) { $0 + ($1.calls - 1) / level.calls * level.seconds }
  }

  /// If they were all counted together.
  var waitTogether: Int {
    let all = counts.filter(\.isCounted).reduce(0) { $0 + $1.calls }
    return all == 0 ? 0 : (all - 1) / level.calls * level.seconds
  }

  private static func time(_ seconds: Int) -> String {
    if seconds == 0 { return "no waiting" }
    if seconds % 86_400 == 0, seconds > 86_400 { return "\(seconds / 86_400) days of waiting" }
    let hours = seconds / 3600
    return "\(hours) hour\(hours == 1 ? "" : "s") of waiting"
  }

  var lines: [String] {
    if send == 0 { return [] }
    var first = "Calls: " + (ask > 0 ? "\(ask) to ask what is there, " : "") + "\(send) to send, \(fetch) to fetch back"
    if saved > 0 { first += "; \(saved) saved, since what they create is there already" }
    var second = "At \(level.words) of each API: \(Self.time(waitByAPI))"
    if waitTogether != waitByAPI { second += "; if all of them are counted together: \(Self.time(waitTogether))" }
    second += level.concurrency > 1 ? ". \(level.concurrency) at once: qtbx-push --jobs \(level.concurrency)." : ". One at a time."
    return [first + ".", second]
  }
}
