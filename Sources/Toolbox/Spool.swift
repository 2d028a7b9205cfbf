internal import Glibc
package import Markup
internal import Requests

/// Standard output, held back until the answer is whole: in memory up to 1 MiB, then in a file without a name.
package struct Spool: ~Copyable {
  /// What stands before the first part of an answer, between two, and behind the last; and an answer without a part.
  package struct Frame: Sendable {
    var head = ""
    var separator = ""
    var tail = ""
    var empty = ""

    package init() {}

    init(_ format: Format) {
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

  private var memory: [UInt8] = []
  private var file: Int32?
  private let isUnbuffered: Bool
  private let frame: Frame
  private var isEmpty = true
  private static let limit = 1 << 20

  package init(unbuffered: Bool, frame: Frame = Frame()) {
    isUnbuffered = unbuffered
    self.frame = frame
  }

  deinit { if let file { close(file) } }

  /// Adds a part to the answer; writes it at once if unbuffered. Errors: `local`.
  package mutating func append(_ part: [UInt8]) throws(Complaint) {
    guard !part.isEmpty else { return }
    let lead = isEmpty ? frame.head : frame.separator
    isEmpty = false
    try add(lead.isEmpty ? part : Array(lead.utf8) + part)
  }

  /// How many bytes have been taken.
  package private(set) var count = 0

  private mutating func add(_ bytes: [UInt8]) throws(Complaint) {
    if isUnbuffered { return try Self.output(bytes) }
    memory += bytes
    count += bytes.count
    if memory.count > Self.limit { try overflow() }
  }

  private mutating func overflow() throws(Complaint) {
    if file == nil {
      let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
      // A file whose name is gone at once: nothing is left of it, however the program ends.
      var template = Array((folder + "/qtbx.XXXXXX").utf8CString)
      let created = mkstemp(&template)
      if created >= 0 { unlink(&template) }
      guard created >= 0 else { throw Complaint(.local, "cannot spool to \(folder): " + Descriptor.reason(errno)) }
      file = created
    }
    guard let file else { return }
    do throws(Complaint) { try Descriptor.write(memory, to: file) } catch { throw Complaint(.local, "cannot spool: " + error.reason) }
    memory.removeAll(keepingCapacity: true)
  }

  /// Takes back what has come since there were this many bytes. Errors: `local`.
  package mutating func rewind(to count: Int) throws(Complaint) {
    guard count < self.count else { return }
    if file == nil {
      memory.removeLast(self.count - count)
    } else {
      try cut(to: count)
    }
    self.count = count
    isEmpty = count == 0
  }

  private mutating func cut(to count: Int) throws(Complaint) {
    try overflow()
    guard let file, ftruncate(file, count) == 0, lseek(file, count, SEEK_SET) == count else {
      throw Complaint(.local, "cannot spool: " + Descriptor.reason(errno))
    }
  }

  /// Writes the whole answer, behind some more bytes. Errors: `local`, also for what only closing shows.
  package mutating func flush(behind lead: [UInt8] = []) throws(Complaint) {
    try add(Array((isEmpty ? frame.empty : frame.tail).utf8))
    try Self.output(lead)
    try pour { bytes throws(Complaint) in try Self.output(bytes) }
    if close(STDOUT_FILENO) != 0, errno != EINTR { throw Complaint(.local, "cannot write: " + Descriptor.reason(errno), at: "standard output") }
  }

  /// Hands on all that has been taken. Errors: `local`, and what `take` throws.
  package mutating func pour(_ take: ([UInt8]) throws(Complaint) -> Void) throws(Complaint) {
    if let file {
      guard lseek(file, 0, SEEK_SET) == 0 else { throw Complaint(.local, "cannot read the spool: " + Descriptor.reason(errno)) }
      while true {
        var bytes: [UInt8] = []
        if try Descriptor.read(file, 1 << 18, into: &bytes) == 0 { break }
        try take(bytes)
      }
    }
    try take(memory)
    memory = []
  }

  private static func output(_ bytes: [UInt8]) throws(Complaint) {
    do throws(Complaint) { try Descriptor.write(bytes, to: STDOUT_FILENO) } catch { throw error.at("standard output") }
  }
}
