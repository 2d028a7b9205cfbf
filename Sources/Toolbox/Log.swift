package import Base
internal import Glibc
internal import Logging
internal import Synchronization

/// Writes a log file with the columns time, level, run, user, function, message, separated by `" | "`.
///
///     2026-11-22 02:35:55,120 | INFO | qtbx-ag-rewrite: 20261122023555 | ann | run | 120 asset groups: 118 written
///
/// Times are UTC. The run is the program and the second of its start. Control characters and bars in a message are escaped, so that a
/// line is always one event.
struct PipeDelimitedLog: LogHandler {
  var logLevel: Logger.Level = .info
  var metadata: Logger.Metadata = [:]
  var metadataProvider: Logger.MetadataProvider?
  private let file: LogFile
  private let run: String
  private let user: String

  /// Writes to a log file, in the name of a program.
  init(file: LogFile, program: String) {
    self.file = file
    run = "\(program): \(UTC.now().digits)"
    user = getpwuid(geteuid()).flatMap { $0.pointee.pw_name }.map { String(cString: $0) } ?? String(geteuid())
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let text = "\(event.message)".shown.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\u{7c}")
    let function = event.function.prefix { $0 != "(" }
    let line = "\(UTC.now().text) | \(event.level.rawValue.uppercased()) | \(run) | \(user) | \(function) | \(text)\n"
    file.append(line)
  }
}

/// The log of a program whose work goes step by step: a line for each event.
package struct StepLog: Sendable {
  /// How much an event matters.
  package enum Level: Sendable { case info, warning, error }

  private let file: LogFile
  private let logger: Logger

  /// - Parameters:
  ///   - path: nil for standard error.
  ///   - program: as the log names it.
  /// Errors: `local`.
  package init(_ path: String?, as program: String) throws(Complaint) {
    file = if let path { try LogFile(path) } else { try LogFile.console() }
    let log = PipeDelimitedLog(file: file, program: program)
    logger = Logger(label: "qtbx") { _ in log }
  }

  /// Adds a line.
  package func add(_ message: String, _ level: Level = .info, in step: String) {
    let level: Logger.Level =
      switch level {
      case .info: .info
      case .warning: .warning
      case .error: .error
      }
    logger.log(level: level, "\(message)", function: step)
  }

  /// Errors: `local` if a line is lost.
  package func check() throws(Complaint) { try file.check() }
}

/// A log, open for appending. What cannot be written is remembered, since a logger has nobody to tell.
final class LogFile: Sendable {
  private let path: String
  private let descriptor: Int32
  private let failure = Mutex<Complaint?>(nil)

  /// Errors: `local`; `usage` if it is a file that is read, or where standard output goes. Standard error may go there, line by line behind the others.
  init(_ path: String) throws(Complaint) {
    try Input.refuseToWrite(path)
    if let own = FileIdentity(path: path) {
      if own == FileIdentity(descriptor: STDOUT_FILENO) { throw Complaint(.usage, "standard output goes there, too", at: path.shown) }
      if own == FileIdentity(descriptor: STDERR_FILENO), fcntl(STDERR_FILENO, F_GETFL) & O_APPEND == 0 {
        throw Complaint(.usage, "standard error goes there, too, and not to its end (2>> does)", at: path.shown)
      }
    }
    self.path = path
    descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    if descriptor < 0 { throw Complaint(.local, "cannot open: " + Descriptor.reason(errno), at: path.shown) }
  }

  private init(_ descriptor: Int32, named name: String) throws(Complaint) {
    path = name
    self.descriptor = descriptor
    if descriptor < 0 { throw Complaint(.local, "cannot open: " + Descriptor.reason(errno), at: name) }
  }

  /// Standard error. Errors: `local`.
  static func console() throws(Complaint) -> LogFile { try LogFile(fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0), named: "standard error") }

  deinit { close(descriptor) }

  /// Whether a path leads to this file. A device takes whatever is written to it.
  func isSame(as path: String) -> Bool {
    FileIdentity(descriptor: descriptor).map { $0 == FileIdentity(path: path) } ?? false
  }

  func append(_ line: String) {
    do throws(Complaint) {
      // One write a line: several programs of a pipe may share a log.
      try Descriptor.write(Array(line.utf8), to: descriptor)
    } catch {
      let complaint = error.at(path.shown)
      failure.withLock { if $0 == nil { $0 = complaint } }
    }
  }

  /// Errors: `local` if a line is lost.
  func check() throws(Complaint) {
    if let complaint = failure.withLock({ $0 }) { throw complaint }
  }
}
