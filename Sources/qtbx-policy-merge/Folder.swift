import Base
import Glibc
import Processes
import Toolbox

/// Small files.
extension Folder {
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
    if unsafe Glibc.rename(path, other) != 0 { throw Complaint(.local, "cannot rename: " + Descriptor.reason(errno), at: path.shown) }
    Descriptor.syncName(of: other)
  }
}

/// The folder that all jobs of a user have in common, and the lock that keeps two runs apart.
struct Home {
  /// Below `QTBX_HOME`, or the folder where this was started.
  let path: String

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

  /// Takes the lock, as long as it is kept, and until the programs that are started meanwhile have ended. Nil if another run has it. Errors: `local`.
  func lock() throws(Complaint) -> FolderLock? {
    do throws(Complaint) { return try FolderLock.take(in: path) } catch { throw error.at((path + "/lock").shown) }
  }
}
