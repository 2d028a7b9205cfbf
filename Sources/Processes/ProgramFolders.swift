package import Base
internal import Glibc

/// Where programs are that work together: beside this one, or in `PATH`.
package struct ProgramFolders {
  /// Where a program is looked for first.
  package enum Order: Sendable {
    /// Those of the same build.
    case besideFirst
    /// As a shell finds them.
    case pathFirst
  }

  private let folders: [String]

  /// - Parameter start: the folder from which relative parts of `PATH` are meant, for a program that goes into another one.
  package init(_ order: Order, from start: String = ".") {
    let path = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? "/usr/bin:/bin"
    // A part that is empty is the folder where one stands.
    let others = path.split(separator: ":", omittingEmptySubsequences: false).map { Folder.absolute(String($0), from: start) }
    let own = Folder.ofThisProgram.map { [$0] } ?? []
    folders = order == .besideFirst ? own + others : others + own
  }

  /// The path of a program. Errors: `local` if it is nowhere.
  package func path(of program: String) throws(Complaint) -> String {
    for folder in folders where Folder.isProgram(folder + "/" + program) { return folder + "/" + program }
    throw Complaint(.local, "\(program) is not installed: it is neither beside this program nor in PATH")
  }
}
