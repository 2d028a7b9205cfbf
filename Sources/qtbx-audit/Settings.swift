import Base
import Requests
import Toolbox

/// What was set for the migration. What a command or an option might hold that nobody should read is left out.
struct Settings {
  private(set) var rows: [(key: String, value: String, isShown: Bool)] = []

  init() {}

  /// Errors: `local`.
  init(in files: MigrationFiles) throws(Complaint) {
    guard files.has("settings") else { return }
    var found: [(key: String, value: String, isShown: Bool)] = []
    try Input(files.path("settings")).forEachLine { line, _ in
      let text = String(decoding: line, as: UTF8.self)
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !text.trimmed.hasPrefix("#") else { return }
      let (key, value) = (String(parts[0]).trimmed, String(parts[1]).trimmed)
      if value.isEmpty { return }
      found.append(Self.row(key, value))
    }
    rows = found
  }

  func value(_ key: String) -> String? { rows.first { $0.key == key && $0.isShown }?.value }

  /// A command may have a password in it.
  private static func row(_ key: String, _ value: String) -> (key: String, value: String, isShown: Bool) {
    if key.contains("command") || key.contains("password") { return (key, "(a command, which is not shown)", false) }
    return (key, value.withoutSecrets, true)
  }

  // MARK: Runs

  static let runFile = "runs.tsv"

  /// A row for each run, as the makefile leaves it: when, what, which version, and what was said on its command line. Of a log that cannot be read to its end, what
  /// stands before that place, and why.
  static func runs(in files: MigrationFiles) -> (markup: String, complaint: Complaint?) {
    guard files.has(runFile) else { return ("", nil) }
    var rows = Rows()
    var complaint: Complaint?
    do throws(Complaint) { try readRuns(in: files, into: &rows) } catch { complaint = error }
    let markup =
      rows.count == 0
      ? "" : HTML.table("Runs", ["when", "goal", "version", "options"], rows.markup, isHidden: false) + rows.rest("run", in: runFile)
    return (markup, complaint)
  }

  private static func readRuns(in files: MigrationFiles, into rows: inout Rows) throws(Complaint) {
    try Input(files.path(runFile)).forEachLine(mustEnd: true) { line, number throws(Complaint) in
      let fields = line.split(separator: "\t", maxSplits: 3, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
      if number == 1 { return }
      guard fields.count == 4 else { throw Complaint(.refused, "this is no row of the log of runs", at: String(number)) }
      let options = "<code>\(HTML.text(row("", fields[3]).value, atMost: 2000))</code>"
      rows.add(HTML.row("<time>\(HTML.text(fields[0], atMost: 40))</time>", fields[1...2].map { HTML.text($0, atMost: 80) } + [options]))
    }
  }
}
