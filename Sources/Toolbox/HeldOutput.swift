package import Base
internal import Glibc
package import Requests

/// Standard output, held back until the answer is whole: in memory up to 256 KiB, then in a file without a name.
package struct HeldOutput: ~Copyable {
  /// What stands before the first part of an answer, between two, and behind the last; and an answer without a part.
  package struct Frame: Sendable {
    var head = ""
    var separator = ""
    var tail = ""
    var empty = ""

    package init() {}

    /// A request list in this format.
    package init(_ format: Format) {
      (head, separator, tail) = format.frame
      empty = format.empty
    }

    /// A document with this root element.
    package init(root: String) {
      let declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      head = declaration + "<\(root)>\n"
      tail = "</\(root)>\n"
      empty = declaration + "<\(root)/>\n"
    }
  }

  private var hold = SpillBuffer()
  private let isUnbuffered: Bool
  private let frame: Frame
  private var isEmpty = true

  /// - Parameter unbuffered: writes each part at once, and holds nothing back.
  package init(unbuffered: Bool, frame: Frame = Frame()) {
    isUnbuffered = unbuffered
    self.frame = frame
  }

  /// Adds a part to the answer; writes it at once if unbuffered. Errors: `local`.
  package mutating func append(_ part: [UInt8]) throws(Complaint) {
    guard !part.isEmpty else { return }
    let lead = isEmpty ? frame.head : frame.separator
    isEmpty = false
    try add(lead.isEmpty ? part : Array(lead.utf8) + part)
  }

  /// How many bytes have been taken.
  package var count: Int { hold.count }

  private mutating func add(_ bytes: [UInt8]) throws(Complaint) {
    if isUnbuffered { try Self.output(bytes) } else { try hold.append(bytes) }
  }

  /// Takes back what has come since there were this many bytes. Errors: `local`.
  package mutating func rewind(to count: Int) throws(Complaint) {
    try hold.rewind(to: count)
    isEmpty = hold.count == 0
  }

  /// Puts bytes in place of as many others that have been taken. Errors: `local`.
  package mutating func overwrite(_ bytes: [UInt8], at place: Int) throws(Complaint) { try hold.overwrite(bytes, at: place) }

  /// Writes the whole answer, behind some more bytes. Errors: `local`, also for what only closing shows.
  package mutating func flush(behind lead: [UInt8] = []) throws(Complaint) {
    try add(Array((isEmpty ? frame.empty : frame.tail).utf8))
    try Self.output(lead)
    try pour { bytes throws(Complaint) in try Self.output(bytes) }
    try Self.end()
  }

  /// Hands on all that has been taken. Errors: `local`, and what `take` throws.
  package func pour(_ take: ([UInt8]) throws(Complaint) -> Void) throws(Complaint) {
    try hold.forEachPiece(of: 0..<hold.count, take)
  }

  /// Closes standard output. Errors: `local`, for what only closing shows.
  static func end() throws(Complaint) {
    if close(STDOUT_FILENO) != 0, errno != EINTR { throw Complaint(.local, "cannot write: " + Descriptor.reason(errno), at: "standard output") }
  }

  static func output(_ bytes: [UInt8]) throws(Complaint) {
    do throws(Complaint) { try Descriptor.write(bytes, to: STDOUT_FILENO) } catch { throw error.at("standard output") }
  }
}
