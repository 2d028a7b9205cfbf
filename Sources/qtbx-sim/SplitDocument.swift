import Base
import Markup

/// A document, cut into its records: everything that came in is read through this, so through the parse policy.
struct SplitDocument {
  private(set) var root = ""
  private(set) var records: [[UInt8]] = []
  private(set) var lines: [Int] = []
  /// What elements outside the records hold that have no children, by their names.
  private(set) var values: [String: String] = [:]
  /// What was asked for, where the document repeats it.
  private(set) var request: [String: String] = [:]
  /// It says that there is more.
  private(set) var goesOn = false
  /// It says that `qtbx-repair` has cut it back: no other page has what is missing.
  private(set) var isCutBack = false

  private final class Sink: RecordSink {
    var root = ""
    var records: [[UInt8]] = []
    var lines: [Int] = []
    var values: [String: String] = [:]
    var request: [String: String] = [:]
    var goesOn = false
    var isCutBack = false
    private var key = ""
    let stopsAtRoot: Bool

    init(stopsAtRoot: Bool = false) { self.stopsAtRoot = stopsAtRoot }

    func skeleton(_ bytes: Span<UInt8>) {}
    func opened(_ element: SkeletonElement) throws(Complaint) {
      guard element.path.isEmpty else { return }
      root = element.name
      if stopsAtRoot { throw Complaint(.refused, "") }
    }
    func closed(_ element: SkeletonElement, text: String?) {
      guard let text else { return }
      values[element.name] = text.trimmed
      let isWarning = element.path.last == "WARNING"
      if isWarning, element.name == "CODE" ? text.trimmed == "1980" : element.name == "URL" && !text.trimmed.isEmpty { goesOn = true }
      if isWarning, element.name == "TEXT", text.trimmed == RecordForm.cutBack { isCutBack = true }
      if element.path.count == 1, element.name == "hasMoreRecords", text.trimmed == "true" { goesOn = true }
      guard element.path.last == "PARAM", element.path.contains("REQUEST") else { return }
      if element.name == "KEY" { key = text.trimmed } else if element.name == "VALUE" { request[key] = text.trimmed }
    }
    func record(_ bytes: Span<UInt8>, line: Int, in surroundings: Surroundings) throws(Complaint) {
      var copy: [UInt8] = []
      copy.append(bytes)
      records.append(copy)
      lines.append(line)
    }
  }

  init(_ bytes: [UInt8], records names: [String]) throws(Complaint) {
    let sink = Sink()
    let stream = try RecordStream(records: names, into: sink)
    try stream.feed(bytes)
    try stream.finish()
    records = sink.records
    lines = sink.lines
    root = sink.root
    values = sink.values
    request = sink.request
    goesOn = sink.goesOn
    isCutBack = sink.isCutBack
    // A document that is itself a record.
    if root.isEmpty, let first = records.first {
      var outline = Outline()
      outline.read(first)
      root = outline.string(outline.elements[0].name)
    }
  }

  /// The name of a document's root. Which elements are its records depends on it.
  static func root(of bytes: [UInt8]) throws(Complaint) -> String {
    let sink = Sink(stopsAtRoot: true)
    let stream = try RecordStream(records: ["nothing/nothing/nothing"], into: sink)
    do throws(Complaint) {
      try stream.feed(bytes)
      try stream.finish()
    } catch {
      if sink.root.isEmpty { throw error }
    }
    return sink.root
  }

  /// The system identifier of a document's DOCTYPE, empty if there is none.
  static func doctype(of bytes: [UInt8]) -> String {
    let words = String(decoding: bytes.prefix(1 << 14), as: UTF8.self).split(separator: "<!DOCTYPE", maxSplits: 1, omittingEmptySubsequences: false)
    guard words.count == 2, let quote = words[1].firstIndex(where: { "\"'>[".contains($0) }), "\"'".contains(words[1][quote]) else { return "" }
    return String(words[1][words[1].index(after: quote)...].prefix { $0 != words[1][quote] })
  }
}
