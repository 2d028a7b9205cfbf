package import Base
internal import Glibc

/// Bytes that are put aside, and may be read again: in memory up to 256 KiB, then in a file without a name.
package struct SpillBuffer: ~Copyable {
  /// How many bytes there are.
  package private(set) var count = 0
  /// The last of them; those before are in the file.
  private var memory: [UInt8] = []
  private var file: NamelessFile?
  private let limit: Int
  /// This many stay in memory, where blanks can be taken back.
  private static let tail = 1 << 12

  /// - Parameter limit: so many bytes stay in memory.
  package init(limit: Int = 1 << 18) { self.limit = limit }

  /// Adds bytes at the end. Errors: `local`.
  package mutating func append(_ bytes: [UInt8]) throws(Complaint) {
    memory += bytes
    count += bytes.count
    if memory.count > limit { try overflow() }
  }

  /// Adds bytes at the end. Errors: `local`.
  package mutating func append(_ bytes: Span<UInt8>) throws(Complaint) {
    memory.append(bytes)
    count += bytes.count
    if memory.count > limit { try overflow() }
  }

  private mutating func overflow() throws(Complaint) {
    if file == nil { file = try NamelessFile() }
    guard let file = file?.descriptor else { return }
    let rest = Array(memory.suffix(Self.tail))
    memory.removeLast(rest.count)
    do throws(Complaint) { try Descriptor.write(memory, to: file) } catch { throw Complaint(.local, "cannot spool: " + error.reason) }
    memory.removeAll(keepingCapacity: true)
    memory += rest
  }

  /// Takes back what has come since there were this many bytes. Errors: `local`.
  package mutating func rewind(to count: Int) throws(Complaint) {
    guard count < self.count else { return }
    let start = self.count - memory.count
    if count >= start {
      memory.removeLast(self.count - count)
    } else {
      memory.removeAll(keepingCapacity: true)
      guard let file = file?.descriptor, ftruncate(file, count) == 0, lseek(file, count, SEEK_SET) == count else {
        throw Complaint(.local, "cannot cut the spool: " + Descriptor.reason(errno))
      }
    }
    self.count = count
  }

  /// Puts bytes in place of as many others. Errors: `local`.
  mutating func overwrite(_ bytes: [UInt8], at place: Int) throws(Complaint) {
    let start = count - memory.count
    for (at, byte) in bytes.enumerated() where place + at >= start && place + at < count { memory[place + at - start] = byte }
    let early = min(bytes.count, start - place)
    guard early > 0, let file = file?.descriptor else { return }
    let written = bytes.withUnsafeBytes { pwrite(file, $0.baseAddress, early, off_t(place)) }
    if written != early { throw Complaint(.local, "cannot change the spool: " + Descriptor.reason(written < 0 ? errno : ENOSPC)) }
  }

  /// The bytes of a range. Errors: `local`.
  package func bytes(in range: Range<Int>) throws(Complaint) -> [UInt8] {
    let start = count - memory.count
    let early = range.clamped(to: 0..<start)
    let late = range.clamped(to: start..<count)
    var bytes: [UInt8] = []
    if !early.isEmpty, let file = file?.descriptor {
      do throws(Complaint) {
        bytes = try Descriptor.read(file, at: early.lowerBound, early.count)
      } catch {
        throw Complaint(.local, "cannot read the spool: " + error.reason)
      }
    }
    if !late.isEmpty { bytes += memory[late.lowerBound - start..<late.upperBound - start] }
    return bytes
  }

  /// Hands on the bytes of a range, piece by piece. Errors: `local`.
  package func forEachPiece(of range: Range<Int>, _ body: ([UInt8]) throws(Complaint) -> Void) throws(Complaint) {
    var at = range.lowerBound
    while at < range.upperBound {
      let piece = at..<min(at + 1 << 18, range.upperBound)
      try body(bytes(in: piece))
      at = piece.upperBound
    }
  }

  /// The white space that ends at a position, at most 4 KiB of it.
  package func blanks(before end: Int) throws(Complaint) -> Range<Int> {
    var start = end
    while start > 0, end - start < Self.tail {
      let piece = try bytes(in: max(0, start - 64, end - Self.tail)..<start)
      let blank = piece.reversed().prefix { $0 == " " || $0 == "\n" || $0 == "\t" || $0 == "\r" }.count
      start -= blank
      if blank < piece.count { break }
    }
    return start..<end
  }

  /// Takes back the white space at the end, at most 4 KiB of it.
  package mutating func trim() throws(Complaint) {
    try rewind(to: blanks(before: count).lowerBound)
  }
}
