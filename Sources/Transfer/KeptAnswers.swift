internal import Base
internal import Glibc
internal import Processes
internal import Requests
internal import Toolbox

/// The files of answers in a folder: `12.xml` for the request of line 12, `12.2.xml` and so on where there is one. No file is ever replaced: it may be the
/// answer to the same line of another list, or whatever else has such a name.
enum KeptAnswers {
  /// Adds an answer. Errors: `local`.
  static func add(_ answer: [UInt8], of line: Int, to folder: String) throws(Complaint) {
    var number = 1
    while true {
      let path = "\(folder)/\(line)\(number == 1 ? "" : ".\(number)").xml"
      number += 1
      var status = stat()
      if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG { continue }
      // An answer may hold what opens something: the activation code of an appliance.
      var file = try AtomicFile(path, isPrivate: true)
      try file.append(answer)
      if try file.commitIfNew() { return }
    }
  }

  /// Whether an answer may get this place.
  static func has(_ path: String, in folder: String) -> Bool {
    let (around, name) = Folder.parts(of: AtomicFile.place(of: path))
    guard let folder = try? Folder.resolved(folder), let place = try? Folder.resolved(around) else { return false }
    return folder == place && name.hasSuffix(".xml") && name.dropLast(4).utf8.allSatisfy { $0.isDigit || $0 == "." }
  }
}
