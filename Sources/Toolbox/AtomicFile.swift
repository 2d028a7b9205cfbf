package import Base
internal import Glibc

/// A file that appears whole or not at all: written beside its place under another name, and renamed.
///
/// A device or a pipe has no such place; it is written as it stands.
package struct AtomicFile: ~Copyable {
  private let path: String
  private let sparesInput: Bool
  /// Nil if the file is written where it stands.
  private let temporary: String?
  /// For another program to write to, if nothing is appended here.
  package let descriptor: Int32
  private var pending: [UInt8] = []
  /// How many bytes have been taken.
  package private(set) var count = 0
  private var isKept = false

  /// - Parameters:
  ///   - sparesInput: refuses a file that the run reads, then or until it is kept.
  ///   - isPrivate: nobody else may read it, whatever the umask says.
  /// Errors: `local`; `usage` for such a file.
  package init(_ path: String, sparesInput: Bool = false, isPrivate: Bool = false) throws(Complaint) {
    self.path = path
    self.sparesInput = sparesInput
    var status = stat()
    let isThere = stat(path, &status) == 0
    let isPlain = !isThere || status.st_mode & S_IFMT == S_IFREG
    // Behind a symbolic link, the file is replaced, not the link.
    let target = realpath(path, nil)
    defer { free(target) }
    var template = Array(((target.map { String(cString: $0) } ?? path) + ".XXXXXX").utf8CString)
    descriptor = isPlain ? mkstemp(&template) : open(path, O_WRONLY | O_CLOEXEC)
    temporary = isPlain ? String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
    if descriptor < 0 { throw Complaint(.local, "cannot create: " + Descriptor.reason(errno), at: path.shown) }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    if sparesInput { try Input.refuseToWrite(path) }
    // That is how it has been made.
    guard isPlain, !isPrivate else { return }
    // Who may read what is replaced may read what replaces it, and nobody else: as if it were written where it stands.
    if isThere {
      fchmod(descriptor, status.st_mode & 0o777)
      return
    }
    let mask = umask(0)
    umask(mask)
    fchmod(descriptor, 0o666 & ~mask)
  }

  deinit {
    close(descriptor)
    if !isKept, let temporary { unlink(temporary) }
  }

  /// Adds text at the end. Errors: `local`.
  package mutating func append(_ text: String) throws(Complaint) {
    pending += text.utf8
    count += text.utf8.count
    if pending.count > 1 << 16 { try write() }
  }

  /// Adds bytes at the end. Errors: `local`.
  package mutating func append(_ bytes: [UInt8]) throws(Complaint) {
    try write()
    pending = bytes
    count += bytes.count
    try write()
  }

  /// Whether what was written can be taken back.
  package var canRewind: Bool { temporary != nil }

  /// Takes back what has come since there were this many bytes. Errors: `local`.
  package mutating func rewind(to count: Int) throws(Complaint) {
    try write()
    guard ftruncate(descriptor, count) == 0, lseek(descriptor, count, SEEK_SET) == count else {
      throw Complaint(.local, "cannot write: " + Descriptor.reason(errno), at: path.shown)
    }
    self.count = count
  }

  private mutating func write() throws(Complaint) {
    do throws(Complaint) { try Descriptor.write(pending, to: descriptor) } catch { throw error.at(path.shown) }
    pending.removeAll(keepingCapacity: true)
  }

  /// Puts the file in its place. Errors: `local`.
  package mutating func commit() throws(Complaint) {
    try write()
    guard let temporary else { return }
    if sparesInput { try Input.refuseToWrite(path) }
    // The name without the six characters that made it another one.
    let target = String(temporary.dropLast(7))
    guard fsync(descriptor) == 0, rename(temporary, target) == 0 else {
      throw Complaint(.local, "cannot write: " + Descriptor.reason(errno), at: path.shown)
    }
    isKept = true
    Descriptor.syncName(of: target)
  }
}
