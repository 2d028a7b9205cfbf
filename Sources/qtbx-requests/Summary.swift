import ArgumentParser
import Base
import Requests
import Toolbox

/// How a list is written here: the formats of all programs, and a table of it.
enum ListFormat: String, ExpressibleByArgument, CaseIterable {
  case url, xml, curl, table, jsonl, summary

  /// Nil for the table.
  var format: Format? { Format(rawValue: rawValue) }
}

/// A row for each request of a list: which line, what it is about, and what is done.
enum Summary {
  private static let columns = ["line", "kind", "source_id", "name", "action"]

  /// Reads lists and writes the table. Errors: those of a list; `local`.
  static func write(_ reader: ListReader, isQuiet: Bool) throws(Complaint) {
    var held = HeldOutput(unbuffered: false)
    try held.append(Array(TSV.row(columns).utf8))
    var count = 0
    try reader.forEachRequest { request, _, line throws(Complaint) in
      count += 1
      let (kind, id) = request.origin ?? ("", "")
      try held.append(Array(TSV.row([String(line), kind, id, request.name, request.action]).utf8))
    }
    try held.flush()
    if !isQuiet { Terminal.remark("\(count) request\(count == 1 ? "" : "s")") }
  }
}
