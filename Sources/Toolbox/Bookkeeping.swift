package import Base
internal import Logging
package import Requests

/// The account of a run: the report, the log, the closing line, and the verdict on what may not be lost.
package struct Bookkeeping: ~Copyable {
  let kind: String
  let options: CommonOptions
  /// What the run has read and noted so far.
  package var tally = RunTally()
  /// What cannot be done with a record that is refused.
  var participle = "carried"
  private var report: AtomicFile?
  private var logger: Logger?
  private var log: LogFile?
  private var refused = NoteSample()
  private var unknown = NoteSample()
  private var unmapped = UnmappedValues()
  /// Records that cannot be carried are left out, with their reasons, instead of failing the run.
  private let skipsRefused: Bool
  private var lastSkipped: Subject?
  /// The rows of the report say already why the run has failed.
  private var isTold = false
  private var isSettled = false

  /// - Parameter skipsRefused: what cannot be carried is left out, with its reasons, instead of failing the run.
  package init(kind: String, options: CommonOptions, skipsRefused: Bool = false) {
    self.kind = kind
    self.options = options
    self.skipsRefused = skipsRefused
  }

  /// For a program that is no filter over a list. Errors: `usage`.
  package init(kind: String, options: ReportOptions, isStrict: Bool) throws(Complaint) {
    self.init(kind: kind, options: try options.full(isStrict: isStrict), skipsRefused: false)
  }

  /// Opens report and log, before anything is read. Errors: `local`.
  package mutating func open() throws(Complaint) {
    if let path = options.report {
      report = try AtomicFile(path, sparesInput: true)
      if !isJSON { try report?.append(Note.columns) }
    }
    if let path = options.log {
      let file = try LogFile(path)
      let log = PipeDelimitedLog(file: file, program: Terminal.programName)
      self.log = file
      logger = Logger(label: "qtbx") { _ in log }
      // The report would take the log's place.
      if let report = options.report, file.isSame(as: report) { throw Complaint(.usage, "it cannot be the report and the log", at: path.shown) }
      logger?.info("started", function: "run")
      try file.check()
    }
  }

  /// Writes notes into the report and the log, and counts them. Errors: `local`.
  package mutating func add(_ notes: [Note]) throws(Complaint) {
    for note in notes {
      switch note.disposition {
      case _ where note.leavesOutRecord: tally.skipped += 1
      // What is wrong with a document as a whole is no record that could be left out.
      case .refused where skipsRefused && note.subject.kind != "document":
        // A record may have several reasons.
        let record = note.record ?? note.subject
        if record != lastSkipped { tally.skipped += 1 } else { tally.notes += 1 }
        lastSkipped = record
      case .refused:
        refused.add(note)
        tally.notes += 1
      case .unknown:
        if options.strict { unknown.add(note) }
        tally.notes += 1
      default: tally.notes += 1
      }
      try add(row: note.row)
      if let logger {
        logger.warning(
          "\(note.subject.description): \(note.element.isEmpty ? "" : note.element + ": ")\(note.disposition.rawValue): \(note.reason)",
          function: "account")
      }
    }
  }

  /// Adds a row to the report that is no note: what was asked for.
  package mutating func add(row: ReportRow) throws(Complaint) {
    // Without a report, the text of a row would be made for nobody: it takes a tenth of a run.
    guard hasReport else { return }
    let text = isJSON ? row.json : row.tsv
    try report?.append(text)
  }

  /// The name of a report says how it is written.
  private var isJSON: Bool { options.report?.hasSuffix(".jsonl") == true }

  /// True if there is a report.
  package var hasReport: Bool { options.report != nil }

  /// Adds what no map has, for the verdict. Errors: `local`.
  mutating func add(_ missing: [Unmapped]) throws(Complaint) {
    if missing.isEmpty { return }
    let isJSON = isJSON
    try unmapped.add(missing, row: hasReport ? { Array((isJSON ? $0.row.json : $0.row.tsv).utf8) } : nil)
  }

  /// The verdict. Errors: `refused` if something is lost that may not be; the complaint names the first of it, and how much else there is.
  package mutating func throwIfRefused() throws(Complaint) {
    if !unmapped.isEmpty {
      isTold = true
      try unmapped.forEachPieceOfRows { bytes throws(Complaint) in try report?.append(bytes) }
      throw Complaint(.refused, unmapped.words)
    }
    if !refused.isEmpty {
      isTold = true
      throw Complaint(.refused, "cannot be \(participle): " + refused.words)
    }
    if !unknown.isEmpty { throw Complaint(.refused, "unknown, and --strict was given: " + unknown.words) }
  }

  /// A failed run still leaves its report: it says why.
  package mutating func failed(_ complaint: Complaint) throws(Complaint) {
    logger?.error("\(complaint.line)", function: "run")
    if !isTold, !isSettled {
      let words = (complaint.place.map { $0 + ": " } ?? "") + complaint.reason
      try? add(row: ReportRow(Subject(kind: "document"), Disposition.refused.rawValue, words))
    }
    try? report?.commit()
    throw complaint
  }

  /// Ends the log and puts the report in its place, before the answer is written: an answer whose report or log is lost is not whole.
  ///
  /// So nothing but the answer itself can fail afterwards. If it does, the log has a line more that says so. Errors: `local`.
  package mutating func settle() throws(Complaint) {
    logger?.info("\(tally.line(kind: kind))", function: "run")
    try log?.check()
    try report?.commit()
    isSettled = true
  }

  /// Says the closing line.
  package func close() {
    if !options.quiet { Terminal.say("\(Terminal.programName): \(tally.line(kind: kind))") }
  }
}
