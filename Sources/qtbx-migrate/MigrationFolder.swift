import Base
import Glibc
import Toolbox

/// The folder of a migration. What is done runs in the folder where it stands, so that names of files mean the same from everywhere.
struct MigrationFolder {
  /// As the user has named it, for messages.
  let shown: String
  /// The folder where it stands, without links.
  let surroundings: String
  /// Its name there, and from here on its path.
  let name: String
  /// The folder where this was started.
  let start: String

  /// Errors: `usage` for a name that make could not take; `local` if there is no such place.
  init(_ path: String) throws(Complaint) {
    var plain = Setting.path(path)
    while plain.count > 1, plain.hasSuffix("/") { plain.removeLast() }
    shown = plain
    start = try Self.resolved(".")
    let last = plain.split(separator: "/").last.map { String($0) } ?? ""
    let whole: String
    if Self.has(plain) || last == "." || last == ".." {
      whole = try Self.resolved(plain)
    } else {
      let before = plain.dropLast(last.utf8.count)
      whole = try Self.resolved(before.isEmpty ? "." : String(before)) + "/" + last
    }
    let end = whole.lastIndex(of: "/") ?? whole.startIndex
    name = String(whole[end...].dropFirst())
    surroundings = end == whole.startIndex ? "/" : String(whole[..<end])
    guard !name.isEmpty, name.utf8.allSatisfy(ShellWords.isPlain), !name.hasPrefix("-") else {
      throw Complaint(.usage, "--out=\(path.shown): make takes no name with a blank, a quote or another character that means something to it")
    }
  }

  /// Whether it is there.
  var isThere: Bool { Self.has(surroundings + "/" + name) }
  var settings: String { name + "/settings" }
  /// It stands elsewhere.
  var isElsewhere: Bool { start != surroundings }

  /// A file of it, for messages.
  func shown(_ file: String) -> String { shown + "/" + file }

  /// Goes where it stands. Errors: `local`.
  func enter() throws(Complaint) {
    if unsafe chdir(surroundings) != 0 { throw Self.failure("cannot go into", surroundings) }
  }

  /// Makes it, if it is not there. Errors: `local`.
  func make() throws(Complaint) {
    if unsafe mkdir(name, 0o777) != 0, errno != EEXIST { throw Self.failure("cannot make the folder", shown) }
  }

  /// A name of a file, as it is called from where the folder stands.
  func moved(_ path: String) -> String {
    path.isEmpty || !isElsewhere || path.hasPrefix("/") || path.hasPrefix("~/") ? path : start + "/" + path
  }

  // MARK: One run at a time

  /// The programs that are started hold the lock, too. A shell closes no other descriptors than those of one digit.
  static let lockNumber: Int32 = 9

  /// Takes the lock, until this program and those that it has started have ended. Errors: `local` if another run has it.
  func lock() throws(Complaint) {
    let file = unsafe open(name + "/lock", O_WRONLY | O_CREAT | O_CLOEXEC, 0o666)
    guard file >= 0, dup2(file, Self.lockNumber) >= 0 else { throw Self.failure("cannot lock", shown("lock")) }
    if file != Self.lockNumber { close(file) }
    _ = fcntl(Self.lockNumber, F_SETFD, 0)
    if flock(Self.lockNumber, LOCK_EX | LOCK_NB) != 0 { throw Complaint(.local, "another run is at work here", at: shown.shown) }
  }

  /// Whether a run is at work there.
  var isLocked: Bool {
    let file = unsafe open(name + "/lock", O_RDONLY | O_CLOEXEC)
    if file < 0 { return false }
    defer { close(file) }
    return flock(file, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }

  // MARK: Files

  /// Whether there is something of this name.
  static func has(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  /// How long a file is, and when it was changed; nil if there is none.
  static func status(of path: String) -> (size: Int, changed: (Int, Int))? {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    return (Int(status.st_size), (Int(status.st_mtim.tv_sec), Int(status.st_mtim.tv_nsec)))
  }

  /// The one name of a file, without links. Errors: `local`.
  static func resolved(_ path: String) throws(Complaint) -> String {
    guard let name = unsafe realpath(path, nil) else { throw failure("cannot find", path) }
    defer { unsafe free(name) }
    return unsafe String(cString: name)
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
