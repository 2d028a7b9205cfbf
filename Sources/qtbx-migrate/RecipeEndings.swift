import Base
import Glibc
import Processes
import Toolbox

/// What make does not hand on: its own status is 2, whatever status the recipe had that has failed.
///
/// The shell that runs a recipe reads a file before, and that writes the status down when the shell ends. make need not know.
struct RecipeEndings {
  private let file: String

  init(in folder: String) { file = folder + "/ended" }

  private var hook: String { file + ".bash" }

  /// Errors: `local`.
  func listen() throws(Complaint) {
    try Folder.remove(file)
    var script = try AtomicFile(hook)
    // A program of a recipe may be a script of bash as well, such as one that says a password: its status is its own.
    try script.append(
      """
      read -r parent < /proc/$PPID/comm
      case $parent in make | gmake) trap 'case $? in 4 | 8 | 9) echo $? >> \(file) ;; esac' EXIT ;; esac

      """)
    try script.commit()
    unsafe setenv("BASH_ENV", hook, 1)
  }

  /// What the server has to do with: refused, unknown, no answer. Errors: `local`.
  func kinds() throws(Complaint) -> [Complaint.Kind] {
    unsafe unsetenv("BASH_ENV")
    let lines = Folder.has(file) ? String(decoding: try Input(file).rest(), as: UTF8.self).split(separator: "\n") : []
    for path in [hook, file] { try Folder.remove(path) }
    return lines.compactMap { UInt8($0).flatMap(Complaint.Kind.init) }
  }
}
