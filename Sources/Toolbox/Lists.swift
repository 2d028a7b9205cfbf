package import Base
internal import Processes
package import Requests

extension NamedObjects {
  /// Writes the map, and accounts for what has no place in it.
  ///
  /// Errors: `refused` if anything has none, unless `isPartial`; all of it is named.
  ///
  /// - Parameters:
  ///   - isPartial: what has no place in it is left out.
  ///   - filler: or has a row with this in place of a target.
  package static func write(
    _ sources: NamedObjects, in targets: NamedObjects, saying notes: [Note], isPartial: Bool, filler: String? = nil, options: QuietOptions
  ) throws(Complaint) {
    let match = try sources.matched(in: targets, filler: filler)
    let isPartial = isPartial || filler != nil
    // Of the target's, none is left out of a map: what nothing can be mapped to is only said.
    let useless = match.useless.map { isPartial ? Note(.noted, $0.subject, $0.reason) : $0 }
    var bookkeeping = Bookkeeping(kind: match.kind, options: try options.account.full(), skipsRefused: isPartial)
    bookkeeping.participle = "mapped (--partial leaves them out, --skeleton leaves room for them)"
    bookkeeping.tally.records = match.count + match.lacking.count
    try bookkeeping.open()
    do throws(Complaint) {
      try bookkeeping.add(notes + match.lacking + useless)
      try bookkeeping.throwIfRefused()
      try bookkeeping.settle()
      if isPartial {
        for note in match.lacking + useless {
          Terminal.say("\(Terminal.programName): warning: \("\(note.subject.description): \(note.reason)".shown)")
        }
      }
      var spool = HeldOutput(unbuffered: false)
      try spool.append(Array(match.table.utf8))
      try spool.flush()
    } catch {
      try bookkeeping.failed(error)
    }
    bookkeeping.close()
  }
}

extension RequestWriter {
  /// Writes requests that a program makes of whole documents without a stylesheet, with the account of them.
  ///
  /// - Parameter make: reads the documents. It gives the requests, and a note `skipped` for each document of which there is none.
  package func write(
    _ bookkeeping: consuming Bookkeeping, _ make: () throws(Complaint) -> (requests: [Request], notes: [Note])
  ) throws(Complaint) {
    var bookkeeping = bookkeeping
    try bookkeeping.open()
    do throws(Complaint) {
      let (requests, notes) = try make()
      try bookkeeping.add(notes)
      bookkeeping.tally.records = requests.count + bookkeeping.tally.skipped
      try bookkeeping.throwIfRefused()
      for request in requests { try request.check() }
      try bookkeeping.settle()
      var spool = HeldOutput(unbuffered: false, frame: HeldOutput.Frame(format))
      for request in requests { try spool.append(bytes(of: request)) }
      try spool.flush()
    } catch {
      try bookkeeping.failed(error)
    }
    bookkeeping.close()
  }
}

/// Reads request lists line by line.
package struct ListReader {
  private let paths: [String]

  /// - Parameter paths: `-` is standard input.
  package init(_ paths: [String]) {
    self.paths = paths
    Input.announce(paths)
  }

  /// Writes the requests in a writer's format. Errors: `refused` for a line that is not one, with its number.
  package func write(_ writer: RequestWriter, isUnbuffered: Bool, isQuiet: Bool) throws(Complaint) {
    var spool = HeldOutput(unbuffered: isUnbuffered, frame: HeldOutput.Frame(writer.format))
    var count = 0
    for path in paths {
      try forEachLine(of: path) { line throws(Complaint) in
        switch try RequestLine(parsing: line) {
        case .request(let request):
          count += 1
          try spool.append(writer.bytes(of: request))
        case .comment(let text):
          try writer.check(text)
          // Only the list itself has a place for comments.
          if writer.format == .url { try spool.append(Array((text + "\n").utf8)) }
        }
      }
    }
    try spool.flush()
    if !isQuiet { Terminal.say("\(Terminal.programName): \(count) request\(count == 1 ? "" : "s")") }
  }

  /// Visits the requests, with the place of each: file and line, and the comments. Errors: `refused` for a line that is not one.
  package func forEachRequest(
    _ body: (Request, _ line: [UInt8], _ number: Int) throws(Complaint) -> Void, comment: (String) -> Void = { _ in }
  ) throws(Complaint) {
    // Counted through all files, as if they were one.
    var before = 0
    for path in paths {
      var number = 0
      try forEachLine(of: path) { line throws(Complaint) in
        number += 1
        switch try RequestLine(parsing: line) {
        case .request(let request): try body(request, line, before + number)
        case .comment(let text): comment(text)
        }
      }
      before += number
    }
  }

  private func forEachLine(of path: String, _ body: ([UInt8]) throws(Complaint) -> Void) throws(Complaint) {
    let lines = try Input(path).splitLines { line, number throws(Complaint) in
      do throws(Complaint) { try body(Array(line)) } catch { throw error.at("\(path.shown):\(number)") }
    }
    if lines.count == 0, lines.rest.isEmpty {
      throw Complaint(
        .refused, "there is nothing at all: whatever was to write the list has failed (a list without requests has a comment that says so)",
        at: path.shown)
    }
    if !lines.rest.isEmpty { throw Complaint(.refused, "the last line has no end: the list was cut off", at: "\(path.shown):\(lines.count + 1)") }
  }
}
