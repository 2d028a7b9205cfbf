import ArgumentParser
import Base
import Markup
import Toolbox

/// Mends what the service, or what a file went through, has left in an export, and leaves every other byte as it is.
@main
struct RepairDocument: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-repair", abstract: "Mend what the service, or what a file went through, has left in an export.", version: version)

  enum InvalidBytes: String, ExpressibleByArgument, CaseIterable {
    case windows1252 = "windows-1252"
    case replace
  }

  @Option(help: .init("Do not mend these kinds of faults; all for none.", valueName: "kinds"))
  var no: String?

  @Option(help: .init("Mend these kinds alone: \(RepairKind.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "kinds"))
  var only: String?

  @Option(help: .init("Which document of a file with several is written, counted from 1.", valueName: "n"))
  var document: Int?

  @Option(help: .init("The elements that are records, in a document that is not known here.", valueName: "name"))
  var record: String?

  @Option(help: .init("What a byte becomes that is no UTF-8: its character in windows-1252, or replace for U+FFFD.", valueName: "what"))
  var invalidBytes = InvalidBytes.windows1252

  @OptionGroup var account: ReportOptions

  @Argument(help: .init("The document to read; - or none is standard input.", valueName: "file"), completion: .file())
  var file: String?

  func validate() throws {
    if no != nil, only != nil { throw ValidationError("--no and --only exclude each other") }
    let kinds = try kinds()
    if let document, !(1...1_000_000).contains(document) { throw ValidationError("--document takes a number, counted from 1") }
    if document != nil, !kinds.contains(.concatenation) { throw ValidationError("--document is for several documents: concatenation must be mended") }
    if let record, record.isEmpty || record.utf8.contains(where: { $0 <= " " || $0 == 0x7F }) || record.split(separator: "/").isEmpty {
      throw ValidationError("--record takes the name of an element, or LIST/ITEM")
    }
  }

  /// What is mended.
  private func kinds() throws -> Set<RepairKind> {
    func chosen(_ list: String, by option: String) throws -> Set<RepairKind> {
      let words = list.split(separator: ",", omittingEmptySubsequences: false).map { String($0) }
      if words == ["all"] { return Set(RepairKind.allCases) }
      return Set(
        try words.map { word in
          if let kind = RepairKind(rawValue: word) { return kind }
          let known = RepairKind.allCases.map(\.rawValue).joined(separator: ", ")
          throw ValidationError("\(option) knows no kind \"\(word)\": \(known), or all")
        })
    }
    if let only { return try chosen(only, by: "--only") }
    return Set(RepairKind.allCases).subtracting(try no.map { try chosen($0, by: "--no") } ?? [])
  }

  func run() throws {
    if file == nil, Input.isTerminal { throw Complaint(.usage, "nothing to read: give a file, or a document on standard input") }
    let forms = KnownForms(record: record)
    let repair = DocumentRepair(
      mending: try kinds(), document: document, readsWindows1252: invalidBytes == .windows1252, naming: RepairRun.named,
      formOf: { forms.form(of: $0) })
    try RepairRun(file ?? "-", account, forms).run(repair)
  }
}
