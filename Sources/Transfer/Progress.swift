internal import Base
internal import Glibc
internal import Toolbox

/// How far a program has come, on a line of the terminal that is written over and over, and gone before anything else is said.
///
/// Silent where standard error is not a terminal. One thread speaks for all.
final class Progress {
  private let isShown: Bool
  private var isOnLine = false
  private var drawn = -Double.infinity
  private var requests = 0
  private var records = 0
  private var bytes = 0
  /// How many things are to be done; 0 if nobody knows.
  private let total: Int
  private var settled = 0
  private var refused = 0
  /// How many of the settled ones have taken time, and since when.
  private var sent = 0
  private let start = RetryPolicy.now()
  /// Seconds that are still to be waited, 0 if something moves.
  private var rest = 0

  /// - Parameter total: how many things are to be done; 0 if nobody knows.
  init(of total: Int = 0) {
    self.total = total
    isShown = isatty(STDERR_FILENO) == 1 && getenv("TERM").map { strcmp($0, "dumb") != 0 } ?? false
  }

  /// A complaint that ends the program comes behind this.
  deinit { clear() }

  /// Counts what has been done since the last call, bytes in either direction.
  func add(requests: Int = 0, records: Int = 0, bytes: Int = 0) {
    self.requests += requests
    self.records += records
    self.bytes += bytes
    rest = 0
    draw()
  }

  /// Counts one of the things that are to be done.
  ///
  /// - Parameter isSent: it has taken time in this run.
  func count(isRefused: Bool, isSent: Bool = true) {
    settled += 1
    if isRefused { refused += 1 }
    if isSent { sent += 1 }
    rest = 0
    draw()
  }

  /// The program waits, for this many seconds still.
  func waits(_ seconds: Double) {
    rest = Int(seconds.rounded(.up))
    draw()
  }

  /// Says a line on standard error, in the program's name.
  func say(_ line: String) {
    clear()
    Terminal.remark(line.shown)
  }

  /// Takes the line away.
  func clear() {
    guard isOnLine else { return }
    isOnLine = false
    drawn = -Double.infinity
    write("\r\u{1B}[K")
  }

  private func draw() {
    guard isShown else { return }
    let now = RetryPolicy.now()
    // More often than five times a second is unrest.
    guard now - drawn >= 0.2 else { return }
    drawn = now
    isOnLine = true
    // A line that wraps could not be taken away again.
    write("\r\u{1B}[K" + "\(Terminal.programName): \(words(at: now))".prefix(columns - 1))
  }

  private func words(at now: Double) -> String {
    var parts: [String] = []
    if total > 0 {
      parts.append("\(settled) of \(total)")
      if refused > 0 { parts.append("\(refused) refused") }
      if let left = left(at: now) { parts.append(left) }
    } else {
      parts.append("\(requests) request\(requests == 1 ? "" : "s")")
      if records > 0 { parts.append("\(records) record\(records == 1 ? "" : "s")") }
      parts.append(size)
    }
    if rest > 0 { parts.append("waiting \(rest) s") }
    return parts.joined(separator: ", ")
  }

  /// `about 2 min left`, when there is enough to judge by.
  private func left(at now: Double) -> String? {
    guard sent > 1, settled < total, now - start > 2 else { return nil }
    let seconds = (now - start) / Double(sent) * Double(total - settled)
    if seconds < 55 { return "about \(max(5, Int(seconds / 5 + 0.5) * 5)) s left" }
    let minutes = Int(seconds / 60 + 0.5)
    return minutes < 100 ? "about \(minutes) min left" : "about \((minutes + 30) / 60) h left"
  }

  private var size: String {
    if bytes < 10_000 { return "\(bytes) bytes" }
    if bytes < 10_000_000 { return "\(bytes / 1000) kB" }
    return "\(bytes / 1_000_000) MB"
  }

  private var columns: Int {
    var size = winsize()
    return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 1 ? Int(size.ws_col) : 80
  }

  private func write(_ text: String) { try? Descriptor.write(Array(text.utf8), to: STDERR_FILENO) }
}
