import ArgumentParser
import Markup
import Requests
import Toolbox

/// Writes the requests that create scan schedules again.
@main
struct ScheduleToURLs: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-schedule-to-urls", abstract: "Write the requests that create scan schedules again.", version: version)

  enum Module: String, ExpressibleByArgument, CaseIterable { case vm, pc }
  enum Active: String, ExpressibleByArgument, CaseIterable { case no, same }

  @Option(help: .init("Whose schedules these are: vm or pc (default: what the list says).", valueName: "module"))
  var module: Module?

  @Option(help: .init("Create every schedule inactive, or in the same state as it was.", valueName: "state"))
  var active = Active.no

  @Option(help: .init("Leave out start dates before this one: YYYY-MM-DD.", valueName: "date"))
  var startAfter: String?

  @Option(help: .init("Network ids: source_id,target_id.", valueName: "file"), completion: .file())
  var networkMap: String?

  @Option(
    help: .init("Scanner appliances by name: source_id,target_id holds names, or name says that it is the same.", valueName: "file"),
    completion: .file())
  var applianceMap: String?

  @Option(help: .init("Asset groups: source_id,target_id,name. Then groups are named by id.", valueName: "file"), completion: .file())
  var assetGroupMap: String?

  @Option(help: .init("Distribution group ids: source_id,target_id.", valueName: "file"), completion: .file())
  var distributionGroupMap: String?

  @Option(help: .init("Renamed option profiles: source_id,target_id holds titles.", valueName: "file"), completion: .file())
  var optionProfileMap: String?

  @OptionGroup var requests: RequestOptions
  @OptionGroup var common: CommonOptions
  @OptionGroup var input: InputFiles

  func validate() throws {
    guard let date = startAfter else { return }
    let parts = date.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    guard date.utf8.count == 10, parts.count == 3, (1...12).contains(parts[1]), (1...31).contains(parts[2]) else {
      throw ValidationError("--start-after takes a date as YYYY-MM-DD")
    }
  }

  func run() throws {
    var filter = try ListFilter(
      .schedules, of: "schedule", grammar: PackageResources.schedule_grammar,
      translation: [
        TranslationRule(.element(["NETWORK_ID"]), "network", option: "--network-map", map: map(networkMap), effect: .annotate) { $0 == "0" },
        TranslationRule(
          .element(["ISCANNER_NAME"]), "scanner", option: "--appliance-map", map: map(applianceMap, as: .name), as: .name, isList: true,
          effect: .annotate,
          passes: Self.isChoice),
        TranslationRule(
          .element(["ASSET_GROUP_TITLE_LIST", "ASSET_GROUP_TITLE"]), "asset group", option: "--asset-group-map",
          map: map(assetGroupMap, as: .idOfName),
          as: .idOfName,
          effect: .annotate),
        TranslationRule(
          .element(["DISTRIBUTION_GROUP", "ID"]), "distribution group", option: "--distribution-group-map", map: map(distributionGroupMap),
          effect: .annotate),
        TranslationRule(
          .element(["OPTION_PROFILE", "TITLE"]), "option profile", option: "--option-profile-map", map: map(optionProfileMap, as: .name), as: .name,
          effect: .annotate,
          isLenient: true),
      ],
      reading: input.paths(of: "a document"), options: common)
    let modules = [
      ("targets", PackageResources.schedule_targets_xsl), ("time", PackageResources.schedule_time_xsl),
      ("refusals", PackageResources.schedule_refusals_xsl), ("notes", PackageResources.schedule_notes_xsl),
    ]
    for (name, bytes) in modules { Stylesheet.register(StylesheetModule(path: "schedule/\(name).xsl", bytes: bytes)) }
    let module = module
    filter.kindOfList = { root, doctype in
      switch module {
      case .vm: "schedule"
      case .pc: "pc-schedule"
      // The stylesheet has the same rule, for it knows no other program.
      case nil: root.contains("COMPLIANCE") || doctype.contains("/schedule/scan/compliance/") ? "pc-schedule" : "schedule"
      }
    }
    try filter.writeRequests(
      PackageResources.schedule_to_urls_xsl,
      parameters: [("module", module?.rawValue ?? ""), ("active", active == .same ? "same" : ""), ("start-after", startAfter ?? "")], as: requests)
  }

  /// The words that choose scanners instead of naming one, in all their spellings.
  @Sendable private static func isChoice(_ name: String) -> Bool {
    let name = name.lowercased()
    let words = ["external", "external scanner", "external scanners", "default scanner"]
    return words.contains(name) || name.hasPrefix("all in ") || name.hasPrefix("all scanners in ")
  }
}
