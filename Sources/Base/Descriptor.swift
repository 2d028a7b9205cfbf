internal import Glibc

/// Reading and writing file descriptors to the end: interrupted calls are repeated, short counts continued, and a descriptor that would
/// block is waited for. libxml2's own loops do none of this.
package enum Descriptor {
  /// Reads what is there, at most `count` bytes, behind the end of `buffer`. Returns the number of bytes, 0 at the end of the input.
  package static func read(_ descriptor: Int32, _ count: Int, into buffer: inout [UInt8]) throws(Complaint) -> Int {
    var failure: Int32 = 0
    var filled = 0
    let chunk = [UInt8](unsafeUninitializedCapacity: count) { memory, used in
      repeat {
        filled = Glibc.read(descriptor, memory.baseAddress, count)
        failure = filled < 0 ? errno : 0
        if failure == EAGAIN || failure == EWOULDBLOCK { wait(for: descriptor, POLLIN) }
      } while failure == EINTR || failure == EAGAIN || failure == EWOULDBLOCK
      used = max(filled, 0)
    }
    guard failure == 0 else { throw Complaint(.local, "cannot read: " + reason(failure)) }
    if buffer.isEmpty { buffer = chunk } else { buffer += chunk }
    return filled
  }

  /// Reads what is there into memory of the caller. Returns the number of bytes, 0 at the end of the input.
  package static func read(_ descriptor: Int32, into memory: UnsafeMutableRawBufferPointer) throws(Complaint) -> Int {
    while true {
      let filled = Glibc.read(descriptor, memory.baseAddress, memory.count)
      if filled >= 0 { return filled }
      if errno == EAGAIN || errno == EWOULDBLOCK {
        wait(for: descriptor, POLLIN)
      } else if errno != EINTR {
        throw Complaint(.local, "cannot read: " + reason(errno))
      }
    }
  }

  /// Reads `count` bytes of a file from `offset` on, wherever it stands. Errors: `local`, also if there are not so many.
  package static func read(_ descriptor: Int32, at offset: Int, _ count: Int) throws(Complaint) -> [UInt8] {
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { memory, used in
      while used < count {
        let got = pread(descriptor, memory.baseAddress.map { $0 + used }, count - used, off_t(offset + used))
        if got > 0 {
          used += got
        } else if got == 0 || errno != EINTR {
          failure = got == 0 ? EIO : errno
          return
        }
      }
    }
    guard failure == 0 else { throw Complaint(.local, "cannot read: " + reason(failure)) }
    return bytes
  }

  /// Writes all of `bytes`.
  package static func write(_ bytes: [UInt8], to descriptor: Int32) throws(Complaint) { try write(bytes.span, to: descriptor) }

  /// Writes all of some borrowed bytes.
  package static func write(_ bytes: Span<UInt8>, to descriptor: Int32) throws(Complaint) {
    let failure = bytes.withUnsafeBytes { memory -> Int32 in
      var rest = memory[...]
      while !rest.isEmpty {
        let written = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if written >= 0 {
          rest = rest.dropFirst(written)
        } else if errno == EAGAIN || errno == EWOULDBLOCK {
          wait(for: descriptor, POLLOUT)
        } else if errno != EINTR {
          return errno
        }
      }
      return 0
    }
    guard failure == 0 else { throw Complaint(.local, "cannot write: " + reason(failure)) }
  }

  /// A pipe that no child inherits: what is written into one end comes out of the other. Errors: `local`.
  package static func pipe() throws(Complaint) -> (exit: Int32, entrance: Int32) {
    var ends: [Int32] = [-1, -1]
    guard Glibc.pipe(&ends) == 0 else { throw Complaint(.local, "cannot make a pipe: " + reason(errno)) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  /// What is in a folder, but for itself and the one around it, in the order of their names. Errors: `local`, also for a name that no text can hold:
  /// it could not be opened by it, and what is in it would be missing.
  package static func names(in folder: String) throws(Complaint) -> [String] {
    guard let open = opendir(folder) else { throw Complaint(.local, "cannot open: " + reason(errno), at: folder.shown) }
    defer { closedir(open) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = readdir(open) else { break }
      let (name, repaired) = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { (String(validatingCString: $0), String(cString: $0)) }
      }
      guard let name else { throw Complaint(.local, "the name of this file is not UTF-8", at: "\(folder)/\(repaired)".shown) }
      if name != ".", name != ".." { names.append(name) }
    }
    if errno != 0 { throw Complaint(.local, "cannot read: " + reason(errno), at: folder.shown) }
    return names.sorted()
  }

  /// Makes the name of a file outlive a crash of the machine, not only its contents. A folder that cannot be synced has not harmed the file.
  package static func syncName(of path: String) {
    let folder = open(path.lastIndex(of: "/").map { String(path[...$0]) } ?? ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return }
    fsync(folder)
    close(folder)
  }

  /// Opens a new file that has no name, in a folder. Returns a negative number where the system has no such files.
  ///
  /// - Parameter linkable: the file may be given a name later.
  package static func openNameless(in folder: String, linkable: Bool) -> Int32 {
    // `O_TMPFILE`, without the bit of `O_DIRECTORY`: a macro that Swift does not see.
    open(folder, O_RDWR | 0o20000000 | O_DIRECTORY | O_CLOEXEC | (linkable ? 0 : O_EXCL), 0o600)
  }

  /// The system's words for an error number.
  package static func reason(_ number: Int32) -> String {
    var text = [CChar](repeating: 0, count: 200)
    strerror_r(number, &text, text.count)
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static func wait(for descriptor: Int32, _ event: Int32) {
    var poll = pollfd(fd: descriptor, events: Int16(event), revents: 0)
    _ = Glibc.poll(&poll, 1, -1)
  }
}

/// A file in `$TMPDIR` without a name: nothing is left of it, however the program ends, and no other program gets it.
///
/// A class: as a noncopyable struct in an optional, it sends the compiler (6.3.1) into a loop that takes all memory.
package final class NamelessFile: Sendable {
  /// Open for reading and writing.
  package let descriptor: Int32

  /// Errors: `local`.
  package init() throws(Complaint) {
    // Set to nothing is not set: the root of the file system is no place for this.
    let folder = getenv("TMPDIR").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    var file = Descriptor.openNameless(in: folder, linkable: false)
    if file < 0 {
      var template = Array((folder + "/qtbx.XXXXXX").utf8CString)
      file = mkstemp(&template)
      if file >= 0 {
        unlink(&template)
        _ = fcntl(file, F_SETFD, FD_CLOEXEC)
      }
    }
    descriptor = file
    if file < 0 { throw Complaint(.local, "cannot spool to \(folder.shown): " + Descriptor.reason(errno)) }
  }

  deinit { close(descriptor) }
}
