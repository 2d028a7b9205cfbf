import ArgumentParser
import Base
import Catalog
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

  @Option(
    help: .init("The target's option profiles: a schedule whose own is not among them is refused; once for each list.", valueName: "list"),
    completion: .file())
  var optionProfiles: [String] = []

  @OptionGroup var maps: MapOptions
  @OptionGroup var requests: RequestOptions
  @OptionGroup var common: CommonOptions
  @OptionGroup var input: InputFiles

  static var repeatable: Set<String> { ["--option-profiles"] }

  func validate() throws {
    if let date = startAfter, UTC.seconds(of: "\(date)T00:00:00Z") == nil { throw ValidationError("--start-after takes a date as YYYY-MM-DD") }
  }

  func run() throws {
    let others: [MapOptions.KindOption] = [
      ("network", "--network-map", networkMap), ("appliance", "--appliance-map", applianceMap), ("asset-group", "--asset-group-map", assetGroupMap),
      ("distribution-group", "--distribution-group-map", distributionGroupMap), ("option-profile", "--option-profile-map", optionProfileMap),
    ]
    let rules = try maps.rules(for: .schedules, .annotate, besides: others)
    var filter = try ListFilter(
      .schedules, grammar: PackageResources.schedule_grammar, translation: rules, reading: input.paths(of: "a document"), options: common)
    if !optionProfiles.isEmpty {
      // There is a rule for each reference, in their order.
      let map = zip(Resource.schedules.references, rules).first { $0.0.kind == Resource.optionProfiles.kind }?.1
      let profiles = try OptionProfiles(in: optionProfiles, named: map)
      filter.inspect = { record, subject, notes in profiles.inspect(record, subject, &notes) }
    }
    let modules = [
      ("targets", PackageResources.schedule_targets_xsl), ("time", PackageResources.schedule_time_xsl),
      ("refusals", PackageResources.schedule_refusals_xsl), ("notes", PackageResources.schedule_notes_xsl),
    ]
    for (name, bytes) in modules { Stylesheet.register(StylesheetModule(path: "schedule/\(name).xsl", bytes: bytes)) }
    let module = module
    filter.kindOfList = { root, doctype in
      switch module {
      case .vm: Resource.schedules.kind
      case .pc: Resource.pcSchedules.kind
      // The stylesheet has the same rule, for it knows no other program.
      case nil: root.contains("COMPLIANCE") || doctype.contains("/schedule/scan/compliance/") ? Resource.pcSchedules.kind : Resource.schedules.kind
      }
    }
    try filter.writeRequests(
      PackageResources.schedule_to_urls_xsl,
      parameters: [("module", module?.rawValue ?? ""), ("active", active == .same ? "same" : ""), ("start-after", startAfter ?? "")], as: requests)
  }
}
