internal import Glibc
package import Markup

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
