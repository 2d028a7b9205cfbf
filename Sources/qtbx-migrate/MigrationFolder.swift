import Base
import Processes

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
    shown = Folder.trimmed(Setting.path(path))
    start = try Folder.resolved(".")
    (surroundings, name) = Folder.parts(of: try Folder.place(of: shown))
    guard !name.isEmpty, name.utf8.allSatisfy(ShellWords.isPlain), !name.hasPrefix("-") else {
      throw Complaint(.usage, "--out=\(path.shown): make takes no name with a blank, a quote or another character that means something to it")
    }
  }

  /// Whether it is there.
  var isThere: Bool { Folder.has(surroundings + "/" + name) }
  var settings: String { name + "/settings" }
  /// It stands elsewhere.
  var isElsewhere: Bool { start != surroundings }

  /// A file of it, for messages.
  func shown(_ file: String) -> String { shown + "/" + file }

  /// Goes where it stands. Errors: `local`.
  func enter() throws(Complaint) { try Folder.enter(surroundings) }

  /// Makes it, if it is not there. Errors: `local`.
  func make() throws(Complaint) {
    do throws(Complaint) { try Folder.make(name) } catch { throw Complaint(error.kind, error.reason, at: shown.shown) }
  }

  /// A name of a file, as it is called from where the folder stands.
  func moved(_ path: String) -> String {
    path.isEmpty || !isElsewhere || path.hasPrefix("/") || path.hasPrefix("~/") ? path : start + "/" + path
  }

  /// Takes the lock, as long as it is kept, and until the programs that are started meanwhile have ended. Errors: `local` if another run has it.
  func lock() throws(Complaint) -> FolderLock {
    do throws(Complaint) {
      if let lock = try FolderLock.take(in: name) { return lock }
    } catch { throw error.at(shown("lock").shown) }
    throw Complaint(.local, "another run is at work here", at: shown.shown)
  }

  /// Whether a run is at work there.
  var isLocked: Bool { FolderLock.isHeld(in: name) }
}
