package import Base
internal import Glibc
internal import Processes
internal import Synchronization

/// A file that appears whole or not at all: written beside its place under another name, and renamed.
///
/// A device or a pipe has no such place; it is written as it stands.
package struct AtomicFile: ~Copyable {
  private let path: String
  private let sparesInput: Bool
  /// Nil if the file is written where it stands.
  private let temporary: String?
  /// The name of its place, without links, which nothing else is written to as long as this is; empty if it is written where it stands.
  private let target: String
  /// For another program to write to, if nothing is appended here.
  package let descriptor: Int32
  private var pending: [UInt8] = []
  /// How many bytes have been taken.
  package private(set) var count = 0
  private var isKept = false

  /// - Parameters:
  ///   - sparesInput: refuses a file that the run reads, then or until it is kept.
  ///   - isPrivate: nobody else may read it, whatever the umask says.
  /// Errors: `local`; `usage` for such a file, and for one where standard output or standard error goes, or another file that is being written.
  package init(_ path: String, sparesInput: Bool = false, isPrivate: Bool = false) throws(Complaint) {
    self.path = path
    self.sparesInput = sparesInput
    var status = stat()
    let isThere = stat(path, &status) == 0
    let isPlain = !isThere || status.st_mode & S_IFMT == S_IFREG
    // Behind a symbolic link, the file is replaced, not the link.
    let place = isPlain ? Self.place(of: path) : ""
    var taken = Self.taken(path)
    if taken == nil, isPlain, !Self.places.withLock({ $0.insert(place).inserted }) { taken = "something else is being written there" }
    target = taken == nil ? place : ""
    var template = Array((target + ".XXXXXX").utf8CString)
    // The compiler wants the descriptor before the first error.
    descriptor = taken != nil ? -1 : isPlain ? mkstemp(&template) : open(path, O_WRONLY | O_CLOEXEC)
    temporary = isPlain && taken == nil ? String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
    if let taken { throw Complaint(.usage, taken, at: path.shown) }
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
    if !target.isEmpty { Self.places.withLock { [target] in _ = $0.remove(target) } }
  }

  /// The places of the files that are being written.
  private static let places = Mutex<Set<String>>([])

  /// Why a file cannot be put somewhere; nil if it can. What is written to a descriptor would be gone with the file that was there.
  private static func taken(_ path: String) -> String? {
    guard let own = FileIdentity(path: path) else { return nil }
    if own == FileIdentity(descriptor: STDOUT_FILENO) { return "standard output goes there, too" }
    return own == FileIdentity(descriptor: STDERR_FILENO) ? "standard error goes there, too" : nil
  }

  /// The name of what a path names or shall name, without the links on the way there.
  package static func place(of path: String) -> String {
    var place = path
    // As many as the system follows.
    for _ in 0..<40 {
      var status = stat()
      guard lstat(place, &status) == 0, status.st_mode & S_IFMT == S_IFLNK else { break }
      if let resolved = try? Folder.resolved(place) { return resolved }
      var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
      let length = readlink(place, &bytes, bytes.count)
      guard length > 0 else { break }
      place = Folder.absolute(String(decoding: bytes[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self), from: Folder.parts(of: place).around)
    }
    return (try? Folder.place(of: place)) ?? place
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

  /// Puts the file in its place, if there is nothing. Returns whether there was nothing. Errors: `local`.
  package mutating func commitIfNew() throws(Complaint) -> Bool {
    guard let temporary else {
      try commit()
      return true
    }
    try write()
    guard fsync(descriptor) == 0 else { throw Complaint(.local, "cannot write: " + Descriptor.reason(errno), at: path.shown) }
    if link(temporary, target) == 0 {
      unlink(temporary)
      isKept = true
      Descriptor.syncName(of: target)
      return true
    }
    if errno == EEXIST { return false }
    // Where files have one name only, the place is taken before it is filled.
    let own = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if own < 0, errno == EEXIST { return false }
    if own < 0 { throw Complaint(.local, "cannot create: " + Descriptor.reason(errno), at: path.shown) }
    close(own)
    try commit()
    return true
  }

  /// Puts the file in its place. Errors: `local`.
  package mutating func commit() throws(Complaint) {
    try write()
    guard let temporary else { return }
    if sparesInput { try Input.refuseToWrite(path) }
    guard fsync(descriptor) == 0, rename(temporary, target) == 0 else {
      throw Complaint(.local, "cannot write: " + Descriptor.reason(errno), at: path.shown)
    }
    isKept = true
    Descriptor.syncName(of: target)
  }
}
