package import Base
internal import Glibc

/// What is done with files and folders by their names, and what a name means.
///
/// A name is bytes: what follows a slash may be an accent, which is one character with it.
package enum Folder {
  // MARK: Names

  /// The one name of what is there, without links, `.` and `..`. Errors: `local`, also if there is no such thing.
  package static func resolved(_ path: String) throws(Complaint) -> String {
    guard let name = unsafe realpath(path, nil) else { throw failure("cannot find", path) }
    defer { unsafe free(name) }
    return unsafe String(cString: name)
  }

  /// The one name of what is there or shall be: the folder around it must be there. Errors: `local`.
  package static func place(of path: String) throws(Complaint) -> String {
    let (around, name) = parts(of: path)
    // What ends so names no new thing.
    if has(path) || ["", ".", ".."].contains(name) { return try resolved(path) }
    let folder = try resolved(around)
    return (folder == "/" ? "" : folder) + "/" + name
  }

  /// A name without slashes at its end: `migration` of `migration/`. The root is called `/`.
  package static func trimmed(_ path: String) -> String {
    let bytes = Array(path.utf8)
    let end = bytes.lastIndex { $0 != "/" }.map { $0 + 1 } ?? min(bytes.count, 1)
    return String(decoding: bytes[..<end], as: UTF8.self)
  }

  /// The folder around a thing, and its name there: `a/b` and `c` of `a/b/c/`, `.` and `c` of `c`, `/` and nothing of the root.
  package static func parts(of path: String) -> (around: String, name: String) {
    let bytes = Array(trimmed(path).utf8)
    guard let slash = bytes.lastIndex(of: "/") else { return (".", String(decoding: bytes, as: UTF8.self)) }
    return (String(decoding: bytes[..<max(slash, 1)], as: UTF8.self), String(decoding: bytes[(slash + 1)...], as: UTF8.self))
  }

  /// A name that means the same in every folder.
  ///
  /// - Parameter start: the folder from which it was meant.
  package static func absolute(_ path: String, from start: String) -> String { path.utf8.first == "/" ? path : start + "/" + path }

  /// The folder where this program is, also if its file was replaced meanwhile. Nil if the system does not say.
  package static let ofThisProgram: String? = {
    var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = unsafe readlink("/proc/self/exe", &bytes, bytes.count)
    guard length > 0 else { return nil }
    return parts(of: String(decoding: bytes[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)).around
  }()

  // MARK: What is there

  /// Whether there is something of this name: behind a link, what it names.
  package static func has(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  /// How long a file is, and when it was changed: seconds, and the rest in nanoseconds. Nil if there is none.
  package static func status(of path: String) -> (size: Int, changed: (Int, Int))? {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    return (Int(status.st_size), (Int(status.st_mtim.tv_sec), Int(status.st_mtim.tv_nsec)))
  }

  /// Whether there is a file with something in it.
  package static func isFilled(_ path: String) -> Bool { (status(of: path)?.size ?? 0) > 0 }

  /// Whether this is a file that can be run.
  static func isProgram(_ path: String) -> Bool {
    var status = stat()
    return unsafe access(path, X_OK) == 0 && stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  // MARK: Changes

  /// Makes a folder, and those that it stands in; none if it is there. Errors: `local`, also if something else has that name.
  package static func make(_ path: String) throws(Complaint) {
    let bytes = Array(path.utf8)
    for end in bytes.indices where bytes[end] == "/" && end > 0 { _ = unsafe mkdir(String(decoding: bytes[..<end], as: UTF8.self), 0o777) }
    var status = stat()
    guard unsafe mkdir(path, 0o777) == 0 || errno == EEXIST && stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR else {
      throw failure("cannot make the folder", path)
    }
  }

  /// Goes into a folder. Errors: `local`.
  package static func enter(_ path: String) throws(Complaint) {
    if unsafe chdir(path) != 0 { throw failure("cannot go into", path) }
  }

  /// Removes a file, or a folder with all that is in it. What a link names stays. Errors: `local`; none if it is gone already.
  package static func remove(_ path: String) throws(Complaint) {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return }
    if status.st_mode & S_IFMT == S_IFDIR {
      for name in try Descriptor.names(in: path) { try remove(path + "/" + name) }
    }
    if unsafe Glibc.remove(path) != 0, errno != ENOENT { throw failure("cannot remove", path) }
  }

  private static func failure(_ words: String, _ path: String) -> Complaint {
    let reason = Descriptor.reason(errno)
    return Complaint(.local, "\(words): \(reason)", at: path.shown)
  }
}
