import ArgumentParser
import Base
import Requests
import Toolbox

/// Writes the requests that delete what a journal says was created.
@main
struct Undo: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-undo", abstract: "Write the requests that delete what the journals of qtbx-push say was created.", version: version)

  @Option(help: .init("Write the requests as url, xml, curl, table or jsonl.", valueName: "format"))
  var format = Format.url

  @Option(help: .init("Whose journals they must be, and where curl is to send.", valueName: "host"))
  var server: String?

  @OptionGroup var account: ReportOptions

  @Argument(
    help: .init("The journals, those that were begun first before others; - or none is standard input.", valueName: "journal"), completion: .file())
  var journals: [String] = []

  func run() throws {
    if journals.isEmpty, Input.isTerminal { throw Complaint(.usage, "nothing to read: give a journal of qtbx-push") }
    let paths = journals.isEmpty ? ["-"] : journals
    if paths.count(where: { $0 == "-" }) > 1 { throw Complaint(.usage, "only one of the journals can be standard input") }
    Input.announce(paths)
    var base = try server.map { name throws(Complaint) in try Server(name).base }
    var plan = Plan()
    var steps: [Step] = []
    var bookkeeping = try Bookkeeping(kind: "request", options: account, isStrict: false)
    try bookkeeping.open()
    do throws(Complaint) {
      for path in paths {
        let journal = try JournalText(reading: path, of: nil)
        if let base, !Server.isSame(base, journal.server) {
          let other = server == nil ? "the one before is of \(base)" : "--server is \(base)"
          throw Complaint(.refused, "this journal is of \(journal.server.shown), and \(other)", at: path.shown)
        }
        base = journal.server
        plan.add(journal)
      }
      steps = plan.steps
      let target = try Server(base ?? "")
      let writer = try RequestWriter(format, server: format == .curl ? target.base : nil)
      for step in steps { try bookkeeping.add(row: step.row) }
      bookkeeping.tally.records = steps.count
      bookkeeping.tally.skipped = steps.count { $0.request == nil }
      try bookkeeping.settle()
      try write(steps, with: writer, for: target)
    } catch {
      try bookkeeping.failed(error)
    }
    if !account.quiet { Terminal.remark(plan.verdict(of: steps)) }
  }

  private func write(_ steps: [Step], with writer: RequestWriter, for target: Server) throws(Complaint) {
    var spool = HeldOutput(unbuffered: false, frame: HeldOutput.Frame(format))
    // Only the list itself has a place for comments.
    let hasComments = format == .url
    if hasComments { try spool.append(Array("# What these journals say was created, last first.\n\(target.claim)\n".utf8)) }
    for step in steps {
      if hasComments, let comment = step.comment { try spool.append(Array("# \(comment.shown)\n".utf8)) }
      if let request = step.request { try spool.append(writer.bytes(of: request)) }
    }
    try spool.flush()
  }
}
