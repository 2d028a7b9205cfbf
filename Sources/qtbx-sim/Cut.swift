import Markup

/// A document, cut into its records: everything that came in is read through this, so through the parse policy.
struct Cut {
  private(set) var root = ""
  private(set) var records: [[UInt8]] = []
  private(set) var lines: [Int] = []
  /// What stands before the records: the declaration, the DOCTYPE, the opened elements.
  private(set) var opening: [UInt8] = []

  /// The system identifier of the DOCTYPE, empty if there is none.
  var doctype: String {
    let words = String(decoding: opening, as: UTF8.self).split(separator: "<!DOCTYPE", maxSplits: 1)
    guard words.count == 2, let quote = words[1].firstIndex(where: { "\"'>[".contains($0) }), "\"'".contains(words[1][quote]) else { return "" }
    return String(words[1][words[1].index(after: quote)...].prefix { $0 != words[1][quote] })
  }

  private final class Sink: RecordSink {
    var root = ""
    var records: [[UInt8]] = []
    var lines: [Int] = []
    var opening: [UInt8] = []

    func skeleton(_ bytes: Span<UInt8>) {}
    func opened(_ element: SkeletonElement) { if element.path.isEmpty { root = element.name } }
    func closed(_ element: SkeletonElement, text: String?) {}
    func record(_ bytes: Span<UInt8>, line: Int, in surroundings: Surroundings) {
      var copy: [UInt8] = []
      copy.append(bytes)
      if records.isEmpty { opening = surroundings.opening }
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
    opening = sink.opening
    // A document that is itself a record.
    if root.isEmpty, let first = records.first {
      var outline = Outline()
      outline.read(first)
      root = outline.string(outline.elements[0].name)
    }
  }
}
