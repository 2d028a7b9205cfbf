internal import Base
internal import Glibc
internal import Markup

/// Keeps nothing.
private final class Silence: RecordSink {
  func skeleton(_ bytes: Span<UInt8>) {}
  func opened(_ element: SkeletonElement) {}
  func closed(_ element: SkeletonElement, text: String?) {}
  func record(_ bytes: Span<UInt8>, line: Int, in surroundings: Surroundings) {}
}

private struct Mended {
  var output: [UInt8] = []
  var repairs: [String] = []
  var complaint: Complaint?
}

/// A document as it is mended, in pieces of these lengths, again and again, and then checked.
private func mend(_ document: [UInt8], pieces: [Int], kinds: Set<RepairKind>, number: Int?) -> Mended {
  let form = RecordForm(records: ["ASSET_GROUP_LIST/ASSET_GROUP", "data/Tag", "r"], ids: ["ID", "id"], names: ["TITLE", "name"])
  var repair = DocumentRepair(mending: kinds, document: number, readsWindows1252: true, naming: .max) { root in root == "none" ? nil : form }
  var mended = Mended()
  func take() {
    let part = repair.taken()
    if let cut = part.cut {
      expect(cut <= mended.output.count, "cut back to \(cut) of \(mended.output.count) bytes")
      mended.output.removeLast(mended.output.count - cut)
    }
    if let (at, bytes) = part.change {
      // Five bytes are taken for the word, whatever they are.
      expect(at > 0 && at + bytes.count <= mended.output.count && mended.output[at - 1] == UInt8(ascii: ">"), "another place is changed: \(at)")
      mended.output.replaceSubrange(at..<at + bytes.count, with: bytes)
    }
    mended.output += part.bytes
    mended.repairs += part.repairs.map {
      "\($0.line):\($0.column) \($0.kind) \($0.record?.id ?? "-") \($0.record?.name ?? "-") \($0.element) \($0.words)"
    }
  }
  do throws(Complaint) {
    var at = 0
    var piece = 0
    while at < document.count {
      let end = min(document.count, at + pieces[piece % pieces.count])
      piece += 1
      try repair.feed(Array(document[at..<end]))
      take()
      at = end
    }
    try repair.finish()
    take()
    let stream = try RecordStream(records: repair.records, into: Silence())
    try stream.feed(mended.output)
    try stream.finish()
    if stream.foreignEncoding != nil { throw Complaint(.refused, "another encoding") }
  } catch {
    mended.complaint = error
  }
  return mended
}

/// However a document comes in pieces, the same is mended in it; it is well-formed then, and stays as it is if it is mended again. What was well-formed before stays, too.
@Sendable func fuzzRepairs(_ input: [UInt8]) {
  guard let first = input.first, input.count > 3 else { return }
  let pieces = input[1..<3].map { 1 + Int($0) * Int($0) / 16 }
  let document = Array(input[3...])
  let all = Set(RepairKind.allCases)
  let kinds = first & 4 == 0 ? all : all.subtracting([RepairKind.allCases[Int(first >> 3) % RepairKind.allCases.count]])
  let number: Int? = kinds.contains(.concatenation) ? [nil, 1, 2, 1][Int(first & 3)] : nil
  let whole = mend(document, pieces: [.max / 2], kinds: kinds, number: number)
  let parts = mend(document, pieces: pieces, kinds: kinds, number: number)
  expect(
    (whole.complaint == nil) == (parts.complaint == nil),
    "whole and in pieces: \(whole.complaint?.line ?? "mended") against \(parts.complaint?.line ?? "mended")")
  guard whole.complaint == nil else { return }
  expect(whole.output == parts.output, "whole and in pieces: other bytes")
  expect(whole.repairs == parts.repairs, "whole and in pieces: \(whole.repairs) against \(parts.repairs)")
  let plain = mend(document, pieces: [.max / 2], kinds: [], number: nil)
  if plain.complaint == nil, number ?? 1 == 1 {
    expect(whole.repairs.isEmpty && whole.output == plain.output, "well-formed, and mended: \(whole.repairs)")
  }
  let again = mend(whole.output, pieces: pieces, kinds: kinds, number: nil)
  expect(again.complaint == nil, "mended, and then refused: \(again.complaint?.line ?? "")")
  expect(again.repairs.isEmpty && again.output == whole.output, "mended twice: \(again.repairs)")
  if whole.repairs.isEmpty, !document.starts(with: [0xFF, 0xFE]), !document.starts(with: [0xFE, 0xFF]), !document.contains("encoding") {
    expect(whole.output == document, "changed, and nothing is said of it")
  }
}
