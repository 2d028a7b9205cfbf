import Base
import Glibc
import Processes
import Toolbox

/// One job: a policy that gets controls of another one. What is done is known by the files of its folder.
///
/// Each step leaves a file there, put in its place whole: a file that is there is a step that is done. What the subscription was asked to do is in the
/// journals of `qtbx-push`, so that no run imports a second copy. The steps themselves are in Steps.swift.
final class Job {
  var description: JobDescription
  let home: Home
  let log: JobLog
  private let sisters: Sisters
  private var signals: SignalPipe
  /// The title has this time in it.
  var started = ""
  /// The folder of the job is the current one, so that it tells what is in the subscription. Never in a preview.
  var isAtWork = false
  /// How to go on after a failure.
  var advice = again

  static let again = "to go on: when the cause is mended, give the same command again. What is done is not done again"

  /// Errors: `local`.
  init(_ description: JobDescription, _ home: Home, _ sisters: Sisters, log: JobLog) throws(Complaint) {
    self.description = description
    self.home = home
    self.sisters = sisters
    self.log = log
    signals = try SignalPipe()
  }

  // MARK: Beginning and ending

  /// Begins a step, unless somebody wants the run to end. Errors: `unanswered` if so; `local` if the log cannot be written.
  func enter(_ step: String) throws(Complaint) {
    signals.take()
    if signals.isInterrupted { throw Self.interruption }
    try log.check()
    log.step = step
  }

  private static let interruption = Complaint(.unanswered, "interrupted")

  /// Does the work, and says what went wrong, what is in the subscription now, and how to go on. Returns the exit status.
  ///
  /// - Parameter work: returns whether all is as it was expected.
  func status(_ work: () throws(Complaint) -> Bool) -> Int32 {
    do throws(Complaint) {
      let isRight = try work()
      try log.check()
      return isRight ? 0 : Int32(Complaint.Kind.refused.rawValue)
    } catch {
      log.complain(error.line)
      if isAtWork { log.complain("in the subscription now: \(standing)") }
      log.complain(signals.isInterrupted ? Self.again : advice)
      return signals.isInterrupted ? 128 + SIGINT : Int32(error.kind.rawValue)
    }
  }

  // MARK: Running programs

  /// What has become of a program.
  struct Ending {
    var program: String
    /// Its exit status, or 128 and a signal.
    var status: Int32 = 0
    /// What it said last.
    private var lastLine: String?
    /// What it said last, but for counts and waits.
    private var reason: String?
    /// It said that it has written none of the controls.
    var hasWrittenNothing = false
    /// Somebody wants this program to end, too.
    var isInterrupted = false

    /// Errors: with the kind of the status.
    func throwIfFailed() throws(Complaint) {
      if status == 0 { return }
      if isInterrupted { throw Job.interruption }
      let words = status > 128 ? "the signal \(status - 128) has ended it" : "it has ended with status \(status), and no word"
      throw Complaint(UInt8(exactly: status).flatMap(Complaint.Kind.init) ?? .local, reason ?? lastLine ?? "\(program): \(words)")
    }

    fileprivate init(_ program: String) { self.program = program }

    fileprivate mutating func hear(_ line: String) {
      lastLine = line
      if line.contains(" control"), line.contains(": 0 written, ") { hasWrittenNothing = true }
      let isCount = line.hasPrefix("\(Sisters.push): ") && line.contains(" done, ") && line.dropFirst(Sisters.push.count + 2).first?.isNumber == true
      if !isCount, !line.hasPrefix("\(program): waiting "), !line.hasPrefix("Try ") { reason = line }
    }
  }

  /// Runs a program to its end. What it says is logged while it says it. Errors: `local` if it cannot be started.
  ///
  /// - Parameters:
  ///   - output: where its answer goes.
  ///   - asks: it talks to the service.
  ///   - isQuiet: what it says is of no interest.
  func run(
    _ program: String, _ arguments: [String], output: Child.Stream = .same, asks: Bool = false, isQuiet: Bool = false
  ) throws(Complaint) -> Ending {
    var ending = Ending(program)
    ending.status = try sisters.run(program, arguments, output: output, asks: asks, &signals) { line in
      ending.hear(line)
      if !isQuiet { log.info(line) }
    }
    ending.isInterrupted = signals.isInterrupted
    return ending
  }

  /// Runs a program, and returns what it has written. Errors: `local`.
  func answer(_ program: String, _ arguments: [String], isQuiet: Bool = false) throws(Complaint) -> (ending: Ending, text: String) {
    let file = try NamelessFile()
    let ending = try run(program, arguments, output: .descriptor(file.descriptor), isQuiet: isQuiet)
    return (ending, try file.text())
  }

  /// Makes a file of a program's answer, whole or not at all. Errors: also those of the program.
  func make(_ path: String, _ program: String, _ arguments: [String]) throws(Complaint) -> Ending {
    var file = try AtomicFile(path)
    let ending = try run(program, arguments, output: .descriptor(file.descriptor))
    try ending.throwIfFailed()
    try file.commit()
    return ending
  }

  /// Fetches a document or a list of the service into a file. Errors: also those of the program.
  func fetch(_ resource: [String], into path: String) throws(Complaint) {
    try run(Sisters.fetch, resource + ["--api-version", description.exportVersion, "-o", path], asks: true).throwIfFailed()
  }

  /// Sends the list `NAME.urls` of one request. Its result is in `NAME.tsv` then, the service's answer in a file. Errors: `local`.
  func send(_ name: String, answer: String, _ options: [String] = []) throws(Complaint) -> Ending {
    let answers = name + ".answers"
    // What a run that was killed has left there is the answer to this request, which is not sent again.
    try Folder.make(answers)
    var results = try AtomicFile(name + ".tsv")
    // The job was asked for: nobody is asked once more, also on a terminal.
    let ending = try run(
      Sisters.push, ["--quiet", "--yes", "--journal", name + ".journal", "--answers", answers] + options + [name + ".urls"],
      output: .descriptor(results.descriptor), asks: true)
    try results.commit()
    // An answer replaces no other: one that refused, and that a killed run has left, is not the last.
    var newest = answers + "/1.xml"
    for number in 2... {
      let next = answers + "/1.\(number).xml"
      guard Folder.has(next) else { break }
      newest = next
    }
    if Folder.isFilled(newest) { try Folder.rename(newest, to: answer) }
    try Folder.remove(answers)
    return ending
  }
}
