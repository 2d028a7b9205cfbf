package import Markup
package import Requests

extension NamedObjects {
  /// Writes the map, and names on standard error what has no place in it.
  ///
  /// Errors: `refused` if anything has none, unless `isPartial`.
  package static func write(_ sources: NamedObjects, in targets: NamedObjects, isPartial: Bool, isQuiet: Bool) throws(Complaint) {
    let match = try sources.matched(in: targets)
    let lacking = match.missing.map { ($0, "is not in the target") } + match.ambiguous.map { ($0, "is the name of several objects") }
    for (item, reason) in lacking {
      let warning = isPartial ? "warning: " : ""
      Terminal.say("\(Terminal.programName): \(warning)\(Subject(kind: item.kind, id: item.id, name: item.name).description.shown) \(reason)")
    }
    if !lacking.isEmpty, !isPartial {
      throw Complaint(.refused, "\(lacking.count) of \(lacking.count + match.count) have no target: --partial makes a map without them")
    }
    var spool = Spool(unbuffered: false)
    try spool.append(Array(match.table.utf8))
    try spool.flush()
    if !isQuiet {
      Terminal.say("\(Terminal.programName): \(match.count + lacking.count) names: \(match.count) mapped, \(lacking.count) without a target")
    }
  }
}

/// Reads request lists line by line.
package struct ListReader {
  private let paths: [String]
  /// A line may hold a whole tree of tags.
  private static let limit = 1 << 28

  /// - Parameter paths: `-` is standard input.
  package init(_ paths: [String]) { self.paths = paths }

  /// Writes the requests in a writer's format. Errors: `refused` for a line that is not one, with its number.
  package func write(_ writer: RequestWriter, isUnbuffered: Bool, isQuiet: Bool) throws(Complaint) {
    var spool = Spool(unbuffered: isUnbuffered, frame: Spool.Frame(writer.format))
    var count = 0
    for path in paths {
      try forEachLine(of: path) { line throws(Complaint) in
        switch try RequestLine(parsing: line) {
        case .request(let request):
          count += 1
          try spool.append(writer.bytes(of: request))
        case .comment(let text):
          // Only the list itself has a place for comments.
          if writer.format == .url { try spool.append(Array((text + "\n").utf8)) }
        }
      }
    }
    try spool.flush()
    if !isQuiet { Terminal.say("\(Terminal.programName): \(count) request\(count == 1 ? "" : "s")") }
  }

  private func forEachLine(of path: String, _ body: ([UInt8]) throws(Complaint) -> Void) throws(Complaint) {
    let input = try Input(path)
    var number = 0
    var held: [UInt8] = []
    func take(_ line: [UInt8]) throws(Complaint) {
      number += 1
      do throws(Complaint) { try body(line) } catch { throw error.at("\(path.shown):\(number)") }
    }
    while true {
      let bytes = try input.next()
      if bytes.isEmpty { break }
      var rest = bytes[...]
      while let end = rest.firstIndex(of: 0x0A) {
        held += rest[..<end]
        rest = rest[(end + 1)...]
        try take(held)
        held.removeAll(keepingCapacity: true)
      }
      held += rest
      if held.count > Self.limit { throw Complaint(.refused, "a line is longer than \(Self.limit) bytes", at: "\(path.shown):\(number + 1)") }
    }
    if !held.isEmpty { throw Complaint(.refused, "the last line has no end: the list was cut off", at: "\(path.shown):\(number + 1)") }
  }
}
