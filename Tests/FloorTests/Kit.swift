import Base
import Markup
import Support
import Testing

/// Keeps what a record stream hands on, in its order.
final class Catch: RecordSink {
  struct Record: Equatable {
    var text: String
    var line: Int
    var opening: String
    var closing: String
    var generation: Int
  }

  private(set) var skeleton: [UInt8] = []
  /// Skeleton and records as they came.
  private(set) var whole: [UInt8] = []
  private(set) var records: [Record] = []
  private(set) var opened: [SkeletonElement] = []
  private(set) var closed: [(name: String, text: String?)] = []

  func skeleton(_ bytes: Span<UInt8>) {
    skeleton.append(bytes)
    whole.append(bytes)
  }

  func opened(_ element: SkeletonElement) { opened.append(element) }

  func closed(_ element: SkeletonElement, text: String?) { closed.append((element.name, text)) }

  func record(_ bytes: Span<UInt8>, line: Int, in surroundings: Surroundings) {
    whole.append(bytes)
    var record: [UInt8] = []
    record.append(bytes)
    records.append(
      Record(
        text: String(decoding: record, as: UTF8.self), line: line, opening: String(decoding: surroundings.opening, as: UTF8.self),
        closing: String(decoding: surroundings.closing, as: UTF8.self), generation: surroundings.generation))
  }
}

/// Sends a document through a record stream, `chunk` bytes at a time.
@discardableResult
func pass(
  _ bytes: [UInt8], records: [String] = [], chunk: Int = .max, skims: Bool = false, into sink: Catch = Catch()
) throws(Complaint) -> Catch {
  let stream = try RecordStream(records: records, into: sink, skims: skims)
  var at = 0
  while at < bytes.count {
    let end = at + min(chunk, bytes.count - at)
    try stream.feed(Array(bytes[at..<end]))
    at = end
  }
  try stream.finish()
  return sink
}

@discardableResult
func pass(_ text: String, records: [String] = [], chunk: Int = .max) throws(Complaint) -> Catch {
  try pass(Array(text.utf8), records: records, chunk: chunk)
}

/// The reason for which something is refused, nil if it is not.
func refusal(_ body: () throws(Complaint) -> Void) -> String? {
  do throws(Complaint) {
    try body()
    return nil
  } catch {
    return error.reason
  }
}
