package import Base
internal import CSealing
internal import Glibc
internal import Synchronization
internal import Toolbox

/// Bytes in memory that is not swapped out, of which no core file has a copy, and which is wiped when nobody needs it any more.
///
/// The one owner of that memory. It has no description.
package struct LockedBytes: ~Copyable, @unchecked Sendable {
  private let memory: UnsafeMutableRawBufferPointer
  /// How many bytes there are.
  package private(set) var count = 0

  /// - Parameter capacity: how many bytes there may be.
  /// - Errors: `local` if there is no memory. Memory that cannot be locked is warned of once.
  package init(capacity: Int) throws(Complaint) {
    // In whole pages, so that it is not small.
    let size = max(capacity, 1)
    var isLocked: Int32 = 0
    guard let start = csealing_memory(size, &isLocked) else { throw Complaint(.local, "there is no memory for secrets: " + Descriptor.reason(errno)) }
    memory = UnsafeMutableRawBufferPointer(start: start, count: size)
    if isLocked == 0, !Self.hasWarned.exchange(true, ordering: .relaxed) {
      Terminal.remark("warning: the memory for secrets cannot be locked, and may be swapped out: raise ulimit -l")
    }
  }

  private static let hasWarned = Atomic(false)

  deinit { csealing_forget(memory.baseAddress, memory.count) }

  /// Copies bytes. Errors: `local`.
  package init(_ bytes: Span<UInt8>) throws(Complaint) {
    try self.init(capacity: bytes.count)
    append(bytes)
  }

  /// Reads an open file to its end, without a copy anywhere else. Errors: `local`; `refused` if it is longer than `limit`.
  package static func reading(_ descriptor: Int32, limit: Int = 1 << 24) throws(Complaint) -> LockedBytes {
    var read = try LockedBytes(capacity: 1 << 14)
    while true {
      if try read.read(descriptor, atMost: read.memory.count) == 0 { return read }
      if read.count > limit { throw Complaint(.refused, "the file is too large for what it is") }
      if read.count == read.memory.count {
        var wider = try LockedBytes(capacity: 2 * read.count)
        read.withBytes { wider.append($0) }
        read = wider
      }
    }
  }

  /// Reads what is there behind the end, as far as there is room. Returns the number of bytes, 0 at the end of the input.
  mutating func read(_ descriptor: Int32, atMost most: Int) throws(Complaint) -> Int {
    let room = UnsafeMutableRawBufferPointer(rebasing: memory[count..<min(memory.count, count + most)])
    let got = try Descriptor.read(descriptor, into: room)
    count += got
    return got
  }

  /// Lends the bytes.
  package borrowing func withBytes<Answer: ~Copyable, Failure>(_ body: (Span<UInt8>) throws(Failure) -> Answer) throws(Failure) -> Answer {
    let bound = UnsafeBufferPointer(start: UnsafePointer(memory.baseAddress?.assumingMemoryBound(to: UInt8.self)), count: count)
    return try body(bound.span)
  }

  /// Lends some of the bytes.
  package borrowing func withBytes<Answer: ~Copyable, Failure>(
    _ range: Range<Int>, _ body: (Span<UInt8>) throws(Failure) -> Answer
  ) throws(Failure) -> Answer {
    precondition(range.upperBound <= count)
    let start = memory.baseAddress.map { UnsafePointer($0.assumingMemoryBound(to: UInt8.self)) + range.lowerBound }
    return try body(UnsafeBufferPointer(start: start, count: range.count).span)
  }

  /// Lends all of the memory to C, which says how many bytes it has written.
  mutating func fill(_ body: (UnsafeMutablePointer<UInt8>) -> Int) {
    guard let start = memory.baseAddress else { return }
    count = min(max(0, body(start.assumingMemoryBound(to: UInt8.self))), memory.count)
  }

  /// Adds a byte at the end, for which there is room.
  package mutating func append(_ byte: UInt8) {
    precondition(count < memory.count)
    memory[count] = byte
    count += 1
  }

  /// Adds bytes at the end, for which there is room.
  package mutating func append(_ bytes: Span<UInt8>) {
    precondition(bytes.count <= memory.count - count)
    bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: memory[count...]).copyMemory(from: $0) }
    count += bytes.count
  }

  /// Takes the last byte away.
  package mutating func removeLast() {
    precondition(count > 0)
    count -= 1
    memory[count] = 0
  }
}

extension [UInt8] {
  /// Overwrites what was not made to be kept from others, once it has served.
  package mutating func wipe() {
    withUnsafeMutableBytes { csealing_wipe($0.baseAddress, $0.count) }
    removeAll()
  }
}

/// From here on, this process leaves no core file, no other process of the same user can look into it, and no child gets q_password.
package func closeProcess() {
  csealing_close_process()
  Secret.takeEnvironment()
}
