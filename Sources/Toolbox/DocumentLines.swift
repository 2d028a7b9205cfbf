package import Base

/// A document that is sent as it is, line by line, without what an export adds: when and of which server it is.
package struct DocumentLines {
  private let path: String

  package init(_ path: String) { self.path = path }

  /// What two documents have in common if they say the same: drawn for each run, so nobody can make another one with it.
  package func digest() throws(Complaint) -> String {
    var (one, two) = (Hasher(), Hasher())
    two.combine(Self.salt)
    var count = 0
    try forEachLine { line in
      one.combine(line)
      two.combine(line)
      count += 1
    }
    return "\(count) lines, \(one.finalize()) \(two.finalize())"
  }

  private static let salt = UInt64.random(in: 0...UInt64.max)

  /// Hands on each line that says something, without the blanks around it. Errors: `local`.
  func forEachLine(_ take: ([UInt8]) throws(Complaint) -> Void) throws(Complaint) {
    try Input(path).forEachLine { line, _ throws(Complaint) in
      var line = line.drop { $0 <= " " }
      while let last = line.last, last <= " " { line.removeLast() }
      if !line.isEmpty, !Self.isOfTheExport(line) { try take(Array(line)) }
    }
  }

  /// What an export says of itself: how it begins, and how it ends.
  private static let ofTheExport = [
    ("<!DOCTYPE", ">"), ("<DATETIME>", "</DATETIME>"), ("<EXPORTED>", "</EXPORTED>"), ("<?xml ", "?>"), ("<!--", "-->"),
  ].map { (start: Array($0.0.utf8), end: Array($0.1.utf8)) }

  /// The line says when the document was made, or by whom, and nothing else: a document may stand on one line.
  package static func isOfTheExport(_ line: ArraySlice<UInt8>) -> Bool {
    var line = line.drop { $0 <= " " }
    while let last = line.last, last <= " " { line.removeLast() }
    return ofTheExport.contains { start, end in
      line.starts(with: start) && line.dropFirst(start.count).firstRange(of: end)?.upperBound == line.endIndex
    }
  }

  /// The first lines in which two documents are not the same. Errors: `local`.
  package static func firstDifference(_ source: String, _ target: String) throws(Complaint) -> (source: String, target: String)? {
    // The lines of one wait in a file: documents may be large.
    var spool = SpillBuffer()
    var ends: [Int] = []
    try DocumentLines(target).forEachLine { line throws(Complaint) in
      try spool.append(line)
      ends.append(spool.count)
    }
    var number = 0
    var found: (String, String)?
    try DocumentLines(source).forEachLine { line throws(Complaint) in
      defer { number += 1 }
      if found != nil { return }
      let other = number < ends.count ? try spool.bytes(in: (number == 0 ? 0 : ends[number - 1])..<ends[number]) : []
      if other != line { found = (String(decoding: line, as: UTF8.self), String(decoding: other, as: UTF8.self)) }
    }
    if found == nil, number < ends.count {
      let more = try spool.bytes(in: (number == 0 ? 0 : ends[number - 1])..<ends[number])
      found = ("", String(decoding: more, as: UTF8.self))
    }
    return found.map { (source: $0.0, target: $0.1) }
  }

  /// The lines that only one of two documents has, in the order of that one: those of the first, then those of the second. Where both have the same in
  /// another order, the first line of each that stands elsewhere. Memory grows with the lines that differ, not with those
  /// that both have. Errors: `local`.
  package static func differences(_ wanted: String, _ there: String) throws(Complaint) -> (missing: [[UInt8]], more: [[UInt8]]) {
    var counts: [Int: Int] = [:]
    func place(_ line: [UInt8]) -> Int {
      var hasher = Hasher()
      hasher.combine(salt)
      hasher.combine(line)
      return hasher.finalize()
    }
    try DocumentLines(wanted).forEachLine { counts[place($0), default: 0] += 1 }
    try DocumentLines(there).forEachLine { counts[place($0), default: 0] -= 1 }
    func rest(_ path: String, _ sign: Int) throws(Complaint) -> [[UInt8]] {
      var lines: [[UInt8]] = []
      if !counts.values.contains(where: { $0 * sign > 0 }) { return lines }
      try DocumentLines(path).forEachLine { line in
        guard let count = counts[place(line)], count * sign > 0 else { return }
        counts[place(line)] = count - sign
        lines.append(line)
      }
      return lines
    }
    let (missing, more) = (try rest(wanted, 1), try rest(there, -1))
    if missing.isEmpty, more.isEmpty, let first = try firstDifference(wanted, there) {
      return ([Array(first.source.utf8)], [Array(first.target.utf8)])
    }
    return (missing, more)
  }
}
