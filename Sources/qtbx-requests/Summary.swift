import ArgumentParser
import Base
import Catalog
import Markup
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
      try held.append(Array(TSV.row([String(line), kind, id, name(of: request), action(of: request)]).utf8))
    }
    try held.flush()
    if !isQuiet { Terminal.remark("\(count) request\(count == 1 ? "" : "s")") }
  }

  /// What the service is told to do: a parameter says it, or the path, or the method.
  private static func action(of request: Request) -> String {
    if request.deletion != nil { return "delete" }
    if let action = request.value("action") { return action }
    let segments = request.path.split(separator: "/")
    if segments.starts(with: ["qps", "rest"]), segments.count > 3 { return String(segments[3]) }
    return request.method
  }

  /// What a person calls it: the parameter or the element that the catalog names, or else what looks like a name. Empty if nothing does.
  private static func name(of request: Request) -> String {
    let creations = creations[plain(request.path)] ?? []
    let own = creations.filter { !$0.action.isEmpty && !$0.isNamedInBody }.map { "\($0.name)" }
    for name in own + ["title", "scan_title", "name", "username", "email", "domain", "ips"] { if let value = request.value(name) { return value } }
    guard case .xml(let xml) = request.body else { return "" }
    var outline = Outline()
    outline.read(xml)
    for creation in creations where creation.isNamedInBody || creation.action.isEmpty {
      if let name = outline.text(at: creation.name), !name.trimmed.isEmpty { return name.trimmed }
    }
    return ""
  }

  /// By what their paths have in every version.
  private static let creations = Dictionary(grouping: Catalog.all.flatMap(\.creations)) { plain($0.path) }

  private static func plain(_ path: String) -> String {
    path.split(separator: "/").filter { !$0.hasPrefix("{") && !$0.allSatisfy { $0.isNumber || $0 == "." } }.joined(separator: "/")
  }
}
