import ArgumentParser
import Base
import Catalog
import Markup
import Requests
import Toolbox

/// Writes the requests that create option profiles again, and those that give them what an import never takes.
@main
struct OptionProfilesToURLs: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-option-profiles-to-urls", abstract: "Write the requests that create option profiles again.", version: version)

  enum Step: String, ExpressibleByArgument, CaseIterable { case `import`, complete }
  enum Way: String, ExpressibleByArgument, CaseIterable { case `import`, create }

  @Option(help: .init("Which requests: import or complete.", valueName: "step"))
  var step = Step.import

  @Option(help: .init("How a profile is created: import, or create, field by field.", valueName: "way"))
  var way = Way.import

  @Flag(help: "Send each document as it is, in one request.")
  var whole = false

  @Option(
    help: .init("The target's search lists, by whose titles it knows those of a profile; once for each list.", valueName: "list"),
    completion: .file())
  var searchLists: [String] = []

  @Option(help: .init("The number of the target's subscription, for the documents that are imported.", valueName: "id"))
  var subscriptionID: String?

  @OptionGroup var maps: MapOptions
  @OptionGroup var requests: RequestOptions
  @OptionGroup var common: CommonOptions
  @OptionGroup var input: InputFiles

  static var repeatable: Set<String> { ["--search-lists"] }

  func validate() throws {
    if let subscriptionID, !(1...20).contains(subscriptionID.utf8.count) || !subscriptionID.utf8.allSatisfy(\.isDigit) {
      throw ValidationError("--subscription-id takes the number of a subscription")
    }
    if step == .complete {
      let others: [(option: String, isGiven: Bool)] = [
        ("--way create", way == .create), ("--whole", whole), ("--search-lists", !searchLists.isEmpty), ("--subscription-id", subscriptionID != nil),
        ("--target", !requests.target.isEmpty),
      ]
      if let (option, _) = others.first(where: \.isGiven) {
        throw ValidationError("\(option) is for --step import: the other step speaks of profiles that are there")
      }
    }
    if way == .create, subscriptionID != nil { throw ValidationError("--subscription-id is for --way import: the other way sends no number") }
    guard whole else { return }
    let others: [(option: String, isGiven: Bool)] = [
      ("--way create", way == .create), ("--subscription-id", subscriptionID != nil), ("--target", !requests.target.isEmpty),
      ("--stylesheet", requests.stylesheet != nil), ("--grammar", requests.grammar != nil), ("--strict", common.strict),
    ]
    if let (option, _) = others.first(where: \.isGiven) { throw ValidationError("\(option) is not for --whole: the document is sent as it is") }
    guard !input.files.isEmpty, input.files.allSatisfy({ Input.isLasting($0) && !$0.utf8.contains { $0 < " " || $0 == 0x7F } }) else {
      throw ValidationError("--whole needs files, whose names become part of the list, without control characters")
    }
  }

  func run() throws {
    if step == .import, !maps.maps.isEmpty {
      // The same maps can be given to all programs: an import carries no ids that they would translate.
      _ = try maps.rules(for: .optionProfiles, .annotate)
    }
    let known = searchLists.isEmpty ? nil : try SearchLists(in: searchLists)
    if whole {
      let writer = try RequestWriter(requests.format, server: requests.server)
      let documents = WholeExports(paths: input.files, searchLists: known)
      // A request is for all that is in a document, which may be many profiles.
      let account = Bookkeeping(kind: "document", options: common, skipsRefused: requests.refused == .skip)
      try writer.write(account) { () throws(Complaint) in try documents.answer() }
      return
    }
    let rules = step == .complete ? try maps.rules(for: .optionProfiles, .annotate) : known?.rules ?? []
    var filter = try ListFilter(
      .optionProfiles, grammar: PackageResources.option_profile_grammar, translation: rules, reading: input.paths(of: "a document"), options: common)
    // The import tells what becomes of a profile.
    filter.saysDrops = step == .import
    if step == .complete, !maps.maps.isEmpty, let own = rules.first(where: \.isOwn) {
      filter.inspect = { record, subject, notes in Self.inspect(record, subject, &notes, own) }
    }
    if let known, step == .import { filter.inspect = { record, subject, notes in known.inspect(record, subject, &notes) } }
    try filter.writeRequests(
      PackageResources.option_profiles_to_urls_xsl,
      parameters: [("step", step.rawValue), ("way", way.rawValue), ("subscription-id", subscriptionID ?? "")], as: requests)
  }

  /// A profile that no import has made, since the target had its title or refused it, is not this migration's to change: what it lacks is named.
  private static func inspect(_ record: borrowing Outline, _ subject: Subject, _ notes: inout [Note], _ own: TranslationRule) -> ListFilter.Fate {
    var missing: [Unmapped] = []
    if own.target(of: subject.id, in: subject, element: "", &missing) != nil || missing.first?.missingOption != nil { return .keep }
    let isLeftEmpty = record.elements.indices.contains { index in
      let name = record.elements[index].name
      return record.has(name, "SCAN_BY_POLICY")
        || record.has(name, "CUSTOM_LIST") && record.path(to: index).hasSuffix("PASSWORD_BRUTE_FORCING/CUSTOM_LIST")
    }
    notes.append(
      Note(
        isLeftEmpty ? .byHand : .skipped, subject,
        isLeftEmpty
          ? "the map has no profile that was imported for it: its policies and lists for brute forcing are looked at by hand, in the target's own"
          : "the map has no profile that was imported for it, and an import leaves nothing of it empty"))
    return .remove
  }
}
