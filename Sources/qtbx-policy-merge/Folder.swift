import Base
import Glibc
import Toolbox

/// What is done with files and folders by their names.
enum Folder {
  /// Errors: `local`.
  static func current() throws(Complaint) -> String { try resolved(".") }

  /// A path that means the same in every folder.
  static func absolute(_ path: String, from start: String) -> String { path.hasPrefix("/") ? path : start + "/" + path }

  /// The one name of a folder, without links. Errors: `local`.
  static func resolved(_ path: String) throws(Complaint) -> String {
    guard let name = unsafe realpath(path, nil) else { throw failure("cannot find", path) }
    defer { unsafe free(name) }
    return unsafe String(cString: name)
  }

  /// Makes a folder, and those that it stands in. Errors: `local`.
  static func make(_ path: String) throws(Complaint) {
    for end in path.indices where path[end] == "/" && end != path.startIndex { _ = unsafe mkdir(String(path[..<end]), 0o777) }
    var status = stat()
    guard unsafe mkdir(path, 0o777) == 0 || errno == EEXIST && stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR else {
      throw failure("cannot make the folder", path)
    }
  }

  /// Goes into a folder. Errors: `local`.
  static func enter(_ path: String) throws(Complaint) {
    if unsafe chdir(path) != 0 { throw failure("cannot go into", path) }
  }

  /// Whether there is something of this name.
  static func has(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  /// Whether this is a file that can be run.
  static func isProgram(_ path: String) -> Bool {
    var status = stat()
    return unsafe access(path, X_OK) == 0 && stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// Whether there is a file with something in it.
  static func isFilled(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_size > 0
  }

  /// The text of a small file, without its last line end; nil if there is none.
  static func text(of path: String) -> String? {
    guard has(path), let bytes = try? Input(path).rest() else { return nil }
    let text = String(decoding: bytes, as: UTF8.self)
    return text.hasSuffix("\n") ? String(text.dropLast()) : text
  }

  /// Puts a small file in its place, whole and on disk. Errors: `local`.
  static func put(_ text: String, at path: String) throws(Complaint) {
    var file = try AtomicFile(path)
    try file.append(text)
    try file.commit()
  }

  /// Gives a file or folder another name, on disk. Errors: `local`.
  static func rename(_ path: String, to other: String) throws(Complaint) {
    if unsafe Glibc.rename(path, other) != 0 { throw failure("cannot rename", path) }
    Descriptor.syncName(of: other)
  }

  /// Removes a file, or a folder with all that is in it. What a link names stays. Errors: `local`; none if it is gone already.
  static func remove(_ path: String) throws(Complaint) {
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

/// The folder that all jobs of a user have in common, and the lock that keeps two runs apart.
struct Home {
  /// Below `QTBX_HOME`, or the folder where this was started.
  let path: String
  /// The programs that are started hold the lock, too, so that nobody begins while one of them is still at work. A shell closes no other than
  /// those of one digit.
  static let lockNumber: Int32 = 9

  /// Makes the folders. Only the user can read them: exports hold licensed text. Errors: `local`.
  init(start: String) throws(Complaint) {
    umask(0o077)
    let given = Environment.value(of: "QTBX_HOME").filled
    let home = (given.map { Folder.absolute($0, from: start) } ?? start) + "/qtbx_home/policy_merge"
    for name in ["bin", "config", "cred", "data", "log"] { try Folder.make(home + "/" + name) }
    path = try Folder.resolved(home)
  }

  var data: String { path + "/data" }
  var preview: String { path + "/preview" }
  var archive: String { path + "/archive" }

  /// Takes the lock, until this program and those that it has started have ended. False if another run has it. Errors: `local`.
  func lock() throws(Complaint) -> Bool {
    let file = unsafe open(path + "/lock", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0, dup2(file, Self.lockNumber) >= 0 else { throw Complaint(.local, Descriptor.reason(errno), at: path + "/lock") }
    if file != Self.lockNumber { close(file) }
    _ = fcntl(Self.lockNumber, F_SETFD, 0)
    return flock(Self.lockNumber, LOCK_EX | LOCK_NB) == 0
  }
}
