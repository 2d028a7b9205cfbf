import Base
import Glibc
import Processes

/// A program with its arguments.
struct Command {
  var program: String
  var arguments: [String]
  /// It takes `--report`.
  var reports = true
}

/// Runs programs, one after the other: nothing of theirs is written into a file that has a name, and no shell is asked.
struct Runner {
  private let folders = ProgramFolders(.besideFirst)

  /// Runs a program to its end.
  ///
  /// - Parameters:
  ///   - input: what it reads on standard input, from its beginning; nil for nothing.
  ///   - files: open files that its arguments name as `/dev/fd/N`.
  ///   - successes: the statuses that are no failure.
  ///   - row: takes a row of its report, without its header.
  /// Returns the file with its answer. Errors: its own, as its last line says it, with its status; `local` if it cannot be run.
  func run(
    _ command: Command, input: NamelessFile? = nil, files: [NamelessFile], successes: Set<Int32> = [0],
    row: ([UInt8]) throws(Complaint) -> Void = { _ in }
  ) throws(Complaint) -> NamelessFile {
    let path = try folders.path(of: command.program)
    let output = try NamelessFile()
    var report = try Pipe()
    var errors = try Pipe()
    let arguments = (command.reports ? ["--report", "/dev/fd/\(report.entrance)"] : []) + command.arguments
    if let input { lseek(input.descriptor, 0, SEEK_SET) }
    let child = try Child(
      path, arguments, input: input.map { .descriptor($0.descriptor) } ?? .nothing, output: .descriptor(output.descriptor),
      errors: .descriptor(errors.entrance), keeping: files.map(\.descriptor) + (command.reports ? [report.entrance] : []))
    report.handOver()
    errors.handOver()
    var last = ""
    while report.isOpen || errors.isOpen {
      try Pipe.wait(for: report, errors)
      try report.take { line, number throws(Complaint) in if number > 1 { try row(Array(line)) } }
      try errors.take { line, _ in if !line.isEmpty, !line.starts(with: "Try '".utf8) { last = String(decoding: line, as: UTF8.self) } }
    }
    let code = child.wait()
    guard successes.contains(code) else {
      let kind = UInt8(exactly: code).flatMap { Complaint.Kind(rawValue: $0) } ?? .fault
      throw Complaint(kind == .usage ? .usage : kind, last.isEmpty ? "\(command.program) has ended with status \(code)" : last)
    }
    return output
  }
}

/// A row of a filter's report.
struct ReportRow {
  let kind: String
  let id: String
  let name: String
  let element: String
  let disposition: String
  let reason: String

  /// Nil if it is none.
  init?(_ line: [UInt8]) {
    let fields = TSV.fields(of: line[...], forSpreadsheet: true)
    guard fields.count == 6 else { return nil }
    (kind, id, name) = (fields[0], fields[1], fields[2])
    (element, disposition, reason) = (fields[3], fields[4], fields[5])
  }

  private static let leftOut = Array(": left out, since ".utf8)
  private static let colon = Array(": ".utf8)

  /// Of an id that no map has: the words for it, without what becomes of it. By bytes, since a report has millions of rows.
  var named: String {
    let bytes = Array(reason.utf8)
    func begins(_ word: [UInt8], _ at: Int) -> Bool { bytes[at] == word[0] && bytes[at...].starts(with: word) }
    let end = bytes.indices.last { begins(Self.leftOut, $0) } ?? bytes.indices.first { begins(Self.colon, $0) }
    return String(decoding: bytes[..<(end ?? bytes.count)], as: UTF8.self)
  }
}
