import ArgumentParser
import Base
import Toolbox

/// Puts chosen controls of an old compliance policy into a new one, and leaves every other byte as it is.
@main
struct MergePolicy: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-merge-policy", abstract: "Put chosen controls of an old compliance policy into a new one.", version: version)

  enum Missing: String, ExpressibleByArgument, CaseIterable { case error, warn }

  @Option(help: .init("The old policy, whose controls are taken.", valueName: "file"), completion: .file())
  var old: String?

  @Flag(help: "Write the policy that is read with its chosen controls only.")
  var select = false

  @Option(help: .init("The chosen controls, with commas between them (default: all).", valueName: "cids"))
  var cidList: String?

  @Option(help: .init("A file that names chosen controls.", valueName: "file"), completion: .file())
  var cidFile: String?

  @Option(help: .init("What becomes of a chosen control that the old policy does not have: error or warn.", valueName: "what"))
  var missing = Missing.error

  @Flag(inversion: .prefixedNo, help: "Replace controls that the new policy has.")
  var updateExisting = true

  @Flag(inversion: .prefixedNo, help: "Add controls that it does not have.")
  var addNew = true

  @Flag(help: "List the technologies of these controls in the new policy.")
  var addTechnologies = false

  @Option(help: .init("The title of what is written.", valueName: "text"))
  var title: String?

  @Flag(help: "Title it MERGED_POLICY_, the time, and the title of the new policy.")
  var mergedTitle = false

  @Option(help: .init("The time in that title, as in 2026-01-02T03:04:05Z (default: now).", valueName: "time"))
  var time: String?

  @Flag(help: "Write what would change, not the document.")
  var preview = false

  @Option(help: .init("Write the preview as table or tsv.", valueName: "format"))
  var format: PreviewFormat?

  @Flag(help: "Refuse elements that nobody here has heard of.")
  var strict = false

  @OptionGroup var account: ReportOptions

  @Argument(help: .init("The policy to read, the new one; - or none is standard input.", valueName: "file"), completion: .file())
  var file: String?

  func validate() throws {
    if select {
      let others = [
        (old != nil, "--old: it reads one policy"), (preview, "--preview"), (!updateExisting, "--no-update-existing"), (!addNew, "--no-add-new"),
        (addTechnologies, "--add-technologies"),
      ]
      for (isGiven, option) in others where isGiven { throw ValidationError("--select does not go with \(option)") }
    } else if old == nil {
      throw ValidationError("--old FILE names the old policy (or --select takes controls out of one)")
    }
    if format != nil, !preview { throw ValidationError("--format is for --preview") }
    if title != nil, mergedTitle { throw ValidationError("--title and --merged-title exclude each other") }
    if time != nil, !mergedTitle { throw ValidationError("--time is for --merged-title") }
    if let title, title.allSatisfy(\.isWhitespace) { throw ValidationError("--title takes a text") }
    if let title, !title.unicodeScalars.allSatisfy(Self.isCharacter) { throw ValidationError("--title has a character that XML cannot hold") }
    if let time, Self.stamp(time) == nil { throw ValidationError("--time takes a time in UTC such as 2026-01-02T03:04:05Z") }
    if [old, cidFile, file ?? "-"].count(where: { $0 == "-" }) > 1 { throw ValidationError("only one of the inputs can be standard input") }
  }

  func run() throws {
    if file == nil, Input.isTerminal { throw Complaint(.usage, "nothing to read: give a file, or a policy export on standard input") }
    Input.announce([file ?? "-"] + (old.map { [$0] } ?? []))
    let choice = try ControlFilter(list: cidList, file: cidFile)
    let findings = try Findings(options: account, isStrict: strict, previewAs: preview ? format ?? .table : nil)
    let selection = Selection(choice, isForMerge: !select, title: select ? newTitle : .kept, grammar: try ControlGrammar())
    let merge = Merge(
      selection, Merge.MergeOptions(updatesExisting: updateExisting, addsNew: addNew, addsTechnologies: addTechnologies), title: newTitle,
      findings: findings)
    try findings.keep { () throws(Complaint) in
      try selection.read(select ? file ?? "-" : old ?? "-")
      try check(selection, findings)
      if select {
        try selection.say(to: findings)
      } else {
        try merge.read(file ?? "-")
        try merge.finish()
      }
    } answer: { () throws(Complaint) in
      if select { try selection.draft.write(drawingOn: SpillBuffer()) } else { try merge.draft.write(drawingOn: selection.draft.hold) }
    } said: {
      // With --quiet for a copy of the whole, for which nobody would choose.
      if choice.cids == nil, !account.quiet {
        Terminal.remark("no list of CIDs was given: all controls\(select ? "" : " of the old policy") are chosen")
      }
      warn(selection.missing)
    }
  }

  /// A preview shows what is missing; whatever writes a document without it must have been told to.
  private func check(_ selection: Selection, _ findings: Findings) throws(Complaint) {
    let cids = selection.missing
    if cids.isEmpty || preview || missing == .warn { return }
    try selection.sayMissing(to: findings)
    let count = "\(cids.count) of the \(selection.choice.cids?.count ?? 0) chosen controls"
    throw Complaint(.refused, "the \(select ? "" : "old ")policy does not have \(count) (--missing warn goes on without): \(Self.list(cids))")
  }

  private func warn(_ cids: [CID]) {
    if cids.isEmpty || preview { return }
    Terminal.remark("warning: the \(select ? "" : "old ")policy does not have \(Self.list(cids))")
  }

  private static func list(_ cids: [CID]) -> String { cids.map { String($0) }.joined(separator: ", ") }

  private var newTitle: PolicyDraft.Title {
    if let title { return .text(title) }
    guard mergedTitle else { return .kept }
    return .merged(stamp: time.flatMap(Self.stamp) ?? Self.stamp(UTC.now().digits) ?? "")
  }

  /// A time as a title has it, `20260102T030405Z`, from any way to write its fourteen digits; nil for what is no time.
  private static func stamp(_ time: String) -> String? {
    let digits = time.utf8.filter { $0 != "-" && $0 != ":" && $0 != "T" && $0 != "Z" }
    guard digits.count == 14, digits.allSatisfy(\.isDigit) else { return nil }
    let text = String(decoding: digits, as: UTF8.self)
    func number(_ from: Int, _ count: Int) -> Int { Int(text.dropFirst(from).prefix(count)) ?? 0 }
    let month = number(4, 2)
    let leap = number(0, 4) % 4 == 0 && (number(0, 4) % 100 != 0 || number(0, 4) % 400 == 0)
    let days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard (1...12).contains(month), (1...days[month - 1]).contains(number(6, 2)), number(8, 2) < 24, number(10, 2) < 60, number(12, 2) < 60 else {
      return nil
    }
    return "\(text.prefix(8))T\(text.suffix(6))Z"
  }

  private static func isCharacter(_ scalar: Unicode.Scalar) -> Bool {
    // Bytes that are not UTF-8 have become U+FFFD before they come here.
    scalar.isXML && scalar != "\u{FFFD}"
  }
}

extension PreviewFormat: ExpressibleByArgument {}
