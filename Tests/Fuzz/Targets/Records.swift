internal import Base
internal import CLibxml
internal import Glibc
internal import Markup

/// Keeps what a stream hands on.
final class Kept: RecordSink {
  var skeleton: [UInt8] = []
  var whole: [UInt8] = []
  var records: [[UInt8]] = []
  var lines: [Int] = []
  var elements: [String] = []

  func skeleton(_ bytes: Span<UInt8>) {
    skeleton.append(bytes)
    whole.append(bytes)
  }

  func opened(_ element: SkeletonElement) {
    elements.append("<\(element.path.joined(separator: "/"))/\(element.name) \(element.line) \(element.tag)")
  }

  func closed(_ element: SkeletonElement, text: String?) {
    elements.append("</\(element.name) \(element.holdsText) \(element.holdsElements) \(text ?? "-")")
  }

  func record(_ bytes: Span<UInt8>, line: Int, in surroundings: Surroundings) {
    whole.append(bytes)
    var record: [UInt8] = []
    record.append(bytes)
    records.append(record + [0] + surroundings.opening + [0] + surroundings.closing)
    lines.append(line)
  }
}

/// A document, in pieces of these lengths, again and again.
private func pass(_ document: [UInt8], pieces: [Int], skims: Bool) -> (kept: Kept, complaint: Complaint?, isForeign: Bool) {
  let kept = Kept()
  var isForeign = false
  do throws(Complaint) {
    let stream = try RecordStream(records: ["list/r", "ASSET_GROUP", "POLICY", "SCAN", "TagList"], into: kept, skims: skims)
    do throws(Complaint) {
      var at = 0
      var piece = 0
      while at < document.count {
        let end = min(document.count, at + pieces[piece % pieces.count])
        piece += 1
        try stream.feed(Array(document[at..<end]))
        at = end
      }
      try stream.finish()
    } catch {
      isForeign = stream.foreignEncoding != nil
      throw error
    }
    isForeign = stream.foreignEncoding != nil
    return (kept, nil, isForeign)
  } catch {
    return (kept, error, isForeign)
  }
}

/// What libxml2 says of the whole by itself.
private func isWellFormed(_ document: [UInt8]) -> Bool {
  guard let context = xmlNewParserCtxt() else { return false }
  defer { xmlFreeParserCtxt(context) }
  let options = Int32(XML_PARSE_NONET.rawValue | XML_PARSE_IGNORE_ENC.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue)
  let tree = document.withUnsafeBytes { bytes in
    xmlCtxtReadMemory(context, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count), nil, nil, options)
  }
  if let tree { xmlFreeDoc(tree) }
  return context.pointee.wellFormed == 1 && context.pointee.nsWellFormed == 1
}

/// However a document is cut into pieces, and skimmed or not, the record stream says the same of it, and never takes what libxml2 refuses.
@Sendable func fuzzRecords(_ input: [UInt8]) {
  guard let first = input.first, input.count > 4 else { return }
  let pieces = input[1..<4].map { 1 + Int($0) * Int($0) / 16 }
  var document = Array(input[4...])
  // The inside of a record, or of its elements; else a document.
  switch first % 4 {
  case 0: break
  case 1: document = Array("<list><r>".utf8) + document + Array("</r></list>".utf8)
  case 2: document = Array("<list><r><a>".utf8) + document + Array("</a></r>\n<r/></list>".utf8)
  default:
    document = Array("<list><r>".utf8) + document + Array(" \(String(repeating: "x", count: 200))</r><r>".utf8) + document + Array("</r></list>".utf8)
  }
  let whole = pass(document, pieces: [.max / 2], skims: false)
  let plain = pass(document, pieces: pieces, skims: false)
  let skimmed = pass(document, pieces: pieces, skims: true)
  let skimmedWhole = pass(document, pieces: [.max / 2], skims: true)

  for (one, other, name) in [(plain, skimmed, "in pieces"), (whole, skimmedWhole, "whole"), (whole, plain, "whole and in pieces")] {
    expect(
      (one.complaint == nil) == (other.complaint == nil),
      "\(name): \(one.complaint?.line ?? "taken") against \(other.complaint?.line ?? "taken")")
    if let one = one.complaint, let other = other.complaint {
      // libxml2's words and lines depend on how much of the document it has.
      if name != "whole and in pieces" {
        expect(one.reason.isSame(other.reason), "\(name): \(one.line) against \(other.line)")
        let lines = [one, other].map { Int($0.place ?? "0") ?? 0 }
        expect(abs(lines[0] - lines[1]) <= 1, "\(name): \(one.line) against \(other.line)")
      }
    } else {
      expect(one.kept.records == other.kept.records && one.kept.lines == other.kept.lines, "\(name): other records")
      expect(one.kept.whole == other.kept.whole && one.kept.skeleton == other.kept.skeleton, "\(name): other bytes")
      expect(one.kept.elements == other.kept.elements, "\(name): other elements")
    }
  }

  if whole.isForeign { return }
  if let complaint = whole.complaint {
    if complaint.reason.hasPrefix("not well-formed") || complaint.reason.hasPrefix("the document breaks off") {
      expect(!isWellFormed(document), "refused, and libxml2 takes it: \(complaint.line)")
    }
  } else {
    expect(isWellFormed(document), "taken, and libxml2 refuses it")
    let mark = document.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    expect(whole.kept.whole[...] == document[mark...] || whole.kept.whole == document, "other bytes than the document's")
  }
}
