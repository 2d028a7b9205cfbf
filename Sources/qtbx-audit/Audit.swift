import ArgumentParser
import Base
import Glibc
import Requests
import Toolbox

/// Writes a page of all that a migration's folder says.
@main
struct Audit: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-audit", abstract: "Write a page of all that the folder of a migration says.", version: version)

  @Option(help: .init("Write pages into a folder of their own, instead of one page to standard output.", valueName: "folder"), completion: .directory)
  var out: String?

  @Option(help: .init("How many records of a resource a page has (default: 2000).", valueName: "n"))
  var records = 2000

  @Flag(name: .shortAndLong, help: "Do not end with a line that counts.")
  var quiet = false

  @Argument(help: .init("The folder of the migration.", valueName: "folder"), completion: .directory)
  var folder: String

  func validate() throws {
    if !(1...10_000_000).contains(records) { throw ValidationError("--records takes a number from 1 to 10000000") }
  }

  func run() throws {
    let pages = try out.map { path throws(Complaint) in try PageFolder(path) }
    let files = try MigrationFiles(folder, avoiding: pages.map { [$0.place, $0.written] } ?? [])
    try files.checkQuiet()
    var page = try AuditPage(files, perPage: records, folder: pages)
    let target = TargetServer((try? Settings(in: files)) ?? Settings())
    let undoing = page.readUndoing(target)
    for source in Source.all(in: files) { try page.add(try Chapter(source, in: files, target, undoing)) }
    try page.add(try Chapter(ofRestOf: undoing))
    if let doubt = target.doubt { page.note(Unread("settings", doubt, in: files)) }
    if let pages {
      var file = try pages.file("index.html")
      try page.close { bytes throws(Complaint) in try file.append(bytes) }
      try file.commit()
      try files.checkUnchanged()
      try pages.commit()
    } else {
      var held = HeldOutput(unbuffered: false)
      try page.close { bytes throws(Complaint) in try held.append(bytes) }
      try files.checkUnchanged()
      try held.flush()
    }
    for warning in page.warnings { Terminal.remark("warning: \(warning)") }
    if !quiet { Terminal.remark(page.verdict) }
    // The page has said it; the status says it to a program.
    if !page.isWhole { Glibc.exit(Int32(Complaint.Kind.unfinished.rawValue)) }
  }
}

extension AuditPage {
  /// What the journal of an undoing says: nothing, if there is none.
  mutating func readUndoing(_ target: TargetServer) -> Undoing {
    let file = Undoing.file
    guard files.exists(file) else { return Undoing() }
    do throws(Complaint) {
      let journal = try JournalText(reading: files.path(file), of: nil)
      try target.check(journal.server, of: file)
      let undoing = Undoing(journal)
      isUndone = undoing.hasDeleted
      return undoing
    } catch {
      note(Unread(file, error, in: files))
      return Undoing()
    }
  }
}
