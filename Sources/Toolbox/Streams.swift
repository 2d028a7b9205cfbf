internal import Glibc
package import Markup
internal import Requests

/// A file that is read, or standard input.
package struct Input: ~Copyable {
  /// As messages name it; standard input is "-".
  package let name: String
  private let descriptor: Int32

  /// Opens a file, or standard input for `-`. Errors: `local`.
  package init(_ path: String) throws(Complaint) {
    name = path
    if path == "-" {
      descriptor = STDIN_FILENO
    } else {
      descriptor = open(path, O_RDONLY | O_CLOEXEC)
      if descriptor < 0 { throw Complaint(.local, "cannot open: " + Descriptor.reason(errno), at: path.shown) }
    }
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      throw Complaint(.local, "is a directory", at: path.shown)
    }
  }

  deinit { if descriptor != STDIN_FILENO { close(descriptor) } }

  /// Reads the next bytes, none at the end.
  package func next(_ count: Int = 1 << 16) throws(Complaint) -> [UInt8] {
    var bytes: [UInt8] = []
    do throws(Complaint) { _ = try Descriptor.read(descriptor, count, into: &bytes) } catch { throw error.at(name.shown) }
    return bytes
  }

  /// Reads all that is left: for maps and stylesheets, which are small.
  package consuming func rest() throws(Complaint) -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      let more = try next()
      if more.isEmpty { return bytes }
      bytes += more
      if bytes.count > 1 << 28 { throw Complaint(.refused, "the file is too large for what it is", at: name.shown) }
    }
  }

  /// True if a person sits at standard input, who would wait for nothing.
  package static var isTerminal: Bool { isatty(STDIN_FILENO) == 1 }
}

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

  private mutating func add(_ bytes: [UInt8]) throws(Complaint) {
    if isUnbuffered { return try Self.output(bytes) }
    memory += bytes
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

  /// Writes the whole answer. Errors: `local`, also for what only closing shows.
  package mutating func flush() throws(Complaint) {
    try add(Array((isEmpty ? frame.empty : frame.tail).utf8))
    if let file {
      guard lseek(file, 0, SEEK_SET) == 0 else { throw Complaint(.local, "cannot read the spool: " + Descriptor.reason(errno)) }
      while true {
        var bytes: [UInt8] = []
        if try Descriptor.read(file, 1 << 18, into: &bytes) == 0 { break }
        try Self.output(bytes)
      }
    }
    try Self.output(memory)
    memory = []
    if close(STDOUT_FILENO) != 0, errno != EINTR { throw Complaint(.local, "cannot write: " + Descriptor.reason(errno), at: "standard output") }
  }

  private static func output(_ bytes: [UInt8]) throws(Complaint) {
    do throws(Complaint) { try Descriptor.write(bytes, to: STDOUT_FILENO) } catch { throw error.at("standard output") }
  }
}

/// A file that appears whole or not at all: written beside its place under another name, and renamed.
///
/// A device or a pipe has no such place; it is written as it stands.
package struct WholeFile: ~Copyable {
  private let path: String
  /// Nil if the file is written where it stands.
  private let temporary: String?
  private let descriptor: Int32
  private var pending: [UInt8] = []
  private var isKept = false

  package init(_ path: String) throws(Complaint) {
    self.path = path
    var status = stat()
    let isPlain = stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG
    // Behind a symbolic link, the file is replaced, not the link.
    let target = realpath(path, nil)
    defer { free(target) }
    var template = Array(((target.map { String(cString: $0) } ?? path) + ".XXXXXX").utf8CString)
    descriptor = isPlain ? mkstemp(&template) : open(path, O_WRONLY | O_CLOEXEC)
    temporary = isPlain ? String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
    if descriptor < 0 { throw Complaint(.local, "cannot create: " + Descriptor.reason(errno), at: path.shown) }
    guard isPlain else { return }
    let mask = umask(0)
    umask(mask)
    fchmod(descriptor, 0o666 & ~mask)
  }

  deinit {
    close(descriptor)
    if !isKept, let temporary { unlink(temporary) }
  }

  package mutating func append(_ text: String) throws(Complaint) {
    pending += text.utf8
    if pending.count > 1 << 16 { try write() }
  }

  private mutating func write() throws(Complaint) {
    do throws(Complaint) { try Descriptor.write(pending, to: descriptor) } catch { throw error.at(path.shown) }
    pending.removeAll(keepingCapacity: true)
  }

  /// Puts the file in its place. Errors: `local`.
  package mutating func keep() throws(Complaint) {
    try write()
    guard let temporary else { return }
    // The name without the six characters that made it another one.
    guard fsync(descriptor) == 0, rename(temporary, String(temporary.dropLast(7))) == 0 else {
      throw Complaint(.local, "cannot write: " + Descriptor.reason(errno), at: path.shown)
    }
    isKept = true
  }
}
