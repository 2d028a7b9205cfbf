import Markup

/// A document, cut into its records: everything that came in is read through this, so through the parse policy.
struct Cut {
  private(set) var root = ""
  private(set) var records: [[UInt8]] = []
  private(set) var lines: [Int] = []

  private final class Sink: RecordSink {
    var root = ""
    var records: [[UInt8]] = []
    var lines: [Int] = []

    func skeleton(_ bytes: Span<UInt8>) {}
    func opened(_ element: SkeletonElement) { if element.path.isEmpty { root = element.name } }
    func closed(_ element: SkeletonElement, text: String?) {}
    func record(_ bytes: Span<UInt8>, line: Int, in surroundings: Surroundings) {
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
    // A document that is itself a record.
    if root.isEmpty, let first = records.first {
      var outline = Outline()
      outline.read(first)
      root = outline.string(outline.elements[0].name)
    }
  }
}
