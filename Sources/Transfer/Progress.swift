internal import Glibc
internal import Markup
internal import Toolbox

/// How far a program has come, on a line of the terminal that is written over and over, and gone before anything else is said.
///
/// Silent where standard error is not a terminal. One thread speaks for all.
package final class Progress {
  private let isShown: Bool
  private var isOnLine = false
  private var drawn = -Double.infinity
  private var requests = 0
  private var records = 0
  private var bytes = 0
  /// Seconds that are still to be waited, 0 if something moves.
  private var rest = 0

  package init() {
    isShown = isatty(STDERR_FILENO) == 1 && getenv("TERM").map { strcmp($0, "dumb") != 0 } ?? false
  }

  /// A complaint that ends the program comes behind this.
  deinit { clear() }

  /// Counts what has been done since the last call, bytes in either direction.
  package func add(requests: Int = 0, records: Int = 0, bytes: Int = 0) {
    self.requests += requests
    self.records += records
    self.bytes += bytes
    rest = 0
    draw()
  }

  /// The program waits, for this many seconds still.
  package func waits(_ seconds: Double) {
    rest = Int(seconds.rounded(.up))
    draw()
  }

  /// Says a line on standard error, in the program's name.
  package func say(_ line: String) {
    clear()
    Terminal.say("\(Terminal.programName): \(line.shown)")
  }

  /// Takes the line away.
  package func clear() {
    guard isOnLine else { return }
    isOnLine = false
    drawn = -Double.infinity
    write("\r\u{1B}[K")
  }

  private func draw() {
    guard isShown else { return }
    let now = Patience.now()
    // More often than five times a second is unrest.
    guard now - drawn >= 0.2 else { return }
    drawn = now
    isOnLine = true
    var parts = ["\(requests) request\(requests == 1 ? "" : "s")"]
    if records > 0 { parts.append("\(records) record\(records == 1 ? "" : "s")") }
    parts.append(size)
    if rest > 0 { parts.append("waiting \(rest) s") }
    // A line that wraps could not be taken away again.
    write("\r\u{1B}[K" + "\(Terminal.programName): \(parts.joined(separator: ", "))".prefix(columns - 1))
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
