import ArgumentParser
import Base
import Catalog
import Requests
import Toolbox

/// Writes the requests that give users of another subscription their preferences.
@main
struct PreferencesToURLs: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-preferences-to-urls", abstract: "Write the requests that give users their preferences again.", version: version)

  @Option(help: .init("Whose preferences the one document holds: the id of a user of the source.", valueName: "id"))
  var user: String?

  @Option(help: .init("The file that the request names as its body, if it is not the one that is read.", valueName: "file"), completion: .file())
  var body: String?

  @Option(help: .init("What becomes of a user that no map holds: error or drop.", valueName: "what"))
  var unmapped = UnmappedIDs.error

  @Option(help: .init("Write the requests as url, xml, curl, table or jsonl.", valueName: "format"))
  var format = Format.url

  @Option(help: .init("Where curl is to send, for --format curl.", valueName: "host"))
  var server: String?

  @OptionGroup var maps: MapOptions
  @OptionGroup var account: ReportOptions
  @OptionGroup var input: InputFiles

  func validate() throws {
    let files = input.files.isEmpty ? ["-"] : input.files
    if user != nil, files.count > 1 { throw ValidationError("--user is for one document: those of several are told by their names, ID.xml") }
    if let user, !PreferenceFile.isID(user) { throw ValidationError("--user takes the id of a user, which is a number") }
    if files.contains("-"), files.count > 1 { throw ValidationError("standard input is for one document") }
    if files == ["-"], user == nil || body == nil {
      throw ValidationError("standard input has no name: --user says whose preferences it holds, and --body the file that is to be sent")
    }
    if body != nil, files.count > 1 { throw ValidationError("--body is for one document: several are sent as they are named") }
    if (files + [body ?? "-"]).contains(where: { $0.isEmpty || $0.utf8.contains { $0 < " " || $0 == 0x7F } }) {
      throw ValidationError("the names of the files become part of the list: none is empty, or has a control character")
    }
    if let body, !Input.isLasting(body) { throw ValidationError("--body takes the name of a file") }
    if body == nil, let pipe = files.first(where: { !Input.isLasting($0) }) {
      throw ValidationError("\(pipe.shown) is gone when the list is sent: --body says which file it is to name")
    }
  }

  func run() throws {
    let paths = try input.paths(of: "a document")
    Input.announce(paths)
    let writer = try RequestWriter(format, server: server)
    let files = paths.map { PreferenceFile(path: $0, body: body ?? $0, user: user) }
    let rule = try maps.rules(for: .userPreferences, .replace).first
    try writer.write(Bookkeeping(kind: Resource.userPreferences.kind, options: account, isStrict: false)) { () throws(Complaint) in
      try Preferences(of: files, users: rule, dropsUnmapped: unmapped == .drop).answer()
    }
  }
}
