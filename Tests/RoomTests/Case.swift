import Support
import SystemPackage
import Testing

/// A case: `fixtures/<room>/<case>/`, named after the rule that it shows.
///
///     args        the arguments, one a line; {out} is a scratch folder
///     input.xml   standard input (input.urls for request lists)
///     output.*    what the program must write; no file if nothing
///     stderr      what it must say; no file if nothing
///     status      its exit status; no file if 0
///     out/        what it must leave in {out}
///
/// The program runs in the case's folder, so that it can name the other files there. With `QTBX_RECORD=1` the expected files are
/// written instead of compared; `git diff fixtures` then shows what changed, and a person reads it.
struct Case: CustomTestStringConvertible, Sendable {
  let room: String
  let name: String

  var testDescription: String { "\(room)/\(name)" }
  var folder: FilePath { Place.root.appending("fixtures").appending(room).appending(name) }
  var program: FilePath { Place.program("qtbx-" + room) }

  /// Every case of every room.
  static let all: [Case] = {
    let fixtures = Place.root.appending("fixtures")
    return Files.names(in: fixtures).filter { Files.isFolder(fixtures.appending($0)) && !["demo", "faults"].contains($0) }.flatMap { room in
      Files.names(in: fixtures.appending(room)).map { Case(room: room, name: $0) }
    }
  }()

  func arguments(out: FilePath) throws -> [String] {
    guard let text = try Files.read(folder.appending("args")) else { return [] }
    return String(decoding: text, as: UTF8.self).split(separator: "\n").map { line in
      String(line).replacing("{out}", with: out.string)
    }
  }

  func input() throws -> [UInt8] {
    for name in Files.names(in: folder) where name.hasPrefix("input.") { return try Files.read(folder.appending(name)) ?? [] }
    return []
  }

  /// The name of the file with the expected output: `output.urls`.
  var outputName: String {
    if let known = Files.names(in: folder).first(where: { $0.hasPrefix("output.") }) { return known }
    let format = (try? arguments(out: "/")).flatMap { arguments in
      arguments.firstIndex(of: "--format").map { arguments[arguments.index(after: $0)] }
    }
    switch format {
    case "curl": return "output.curl"
    case "table": return "output.txt"
    case "jsonl": return "output.jsonl"
    case "xml": return "output.xml"
    default: break
    }
    switch room {
    case "map", "secrets": return "output.csv"
    case "audit": return "output.html"
    case "plan": return "output.txt"
    case "push": return "output.sh"
    case "requests", "undo": return "output.urls"
    default: return room.hasSuffix("to-urls") ? "output.urls" : "output.xml"
    }
  }
}
