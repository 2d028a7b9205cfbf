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
  private var refused: [Note] = []
  private var unknown: [Note] = []
  private var unmapped: [Unmapped] = []
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
        refused.append(note)
        tally.notes += 1
      case .unknown:
        if options.strict { unknown.append(note) }
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

  mutating func add(_ missing: [Unmapped]) { unmapped += missing }

  /// The verdict. Errors: `refused` if something is lost that may not be; the complaint names all of it.
  package mutating func throwIfRefused() throws(Complaint) {
    if !unmapped.isEmpty {
      isTold = true
      for one in unmapped {
        let reason = one.targets.isEmpty ? "the \(one.description) is in no map" : "\(one.description): \(one.reason)"
        try add(row: Note(.refused, one.subject, element: one.element, reason).row)
      }
      throw Complaint(.refused, Self.words(of: unmapped))
    }
    if !refused.isEmpty {
      isTold = true
      throw Complaint(.refused, "cannot be \(participle): " + Self.words(of: refused))
    }
    if !unknown.isEmpty { throw Complaint(.refused, "unknown, and --strict was given: " + Self.words(of: unknown)) }
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

  /// `1 id has no target: appliance 78 of asset group "Web" (1), asset group "DB" (2); 1 name is in …`
  private static func words(of unmapped: [Unmapped]) -> String {
    var sentences: [String] = []
    let missing = unmapped.filter(\.targets.isEmpty)
    if !missing.isEmpty {
      let (count, list) = listed(missing)
      var options: [String] = []
      for one in missing { if let option = one.missingOption, !options.contains(option) { options.append(option) } }
      let advice = options.isEmpty ? "" : " (\(options.joined(separator: " and ")) not given; another subscription has other ids)"
      sentences.append("\(count) \(count == 1 ? "id has" : "ids have") no target\(advice): \(list)")
    }
    let joined = unmapped.filter { $0.targets.count == 1 }
    if !joined.isEmpty {
      let (count, list) = listed(joined)
      sentences.append("\(count) \(count == 1 ? "name has a target" : "names have targets") with a comma, which a list would make two: \(list)")
    }
    let several = unmapped.filter { $0.targets.count > 1 }
    if !several.isEmpty {
      let (count, list) = listed(several)
      sentences.append("\(count) \(count == 1 ? "name is" : "names are") in a map more than once: \(list)")
    }
    return sentences.joined(separator: "; ")
  }

  /// How many values there are, and where: `appliance 78 of asset group "Web" (1), asset group "DB" (2); network 9 of …`
  private static func listed(_ unmapped: [Unmapped]) -> (count: Int, list: String) {
    var order: [String] = []
    var subjects: [String: [String]] = [:]
    for one in unmapped {
      let targets = one.targets.count == 1 ? "\"\(one.targets[0])\"" : one.listedTargets
      let value = one.description + (one.targets.isEmpty ? "" : ", for \(targets),")
      if subjects[value] == nil { order.append(value) }
      // The same id may stand in one record many times.
      if subjects[value]?.last != one.subject.description { subjects[value, default: []].append(one.subject.description) }
    }
    return (order.count, order.map { "\($0) of \(subjects[$0, default: []].joined(separator: ", "))" }.joined(separator: "; "))
  }

  private static func words(of notes: [Note]) -> String {
    notes.map { note in
      "\(note.subject.description): \(note.element.isEmpty ? "" : note.element + ": ")\(note.reason)"
    }.joined(separator: "; ")
  }
}
