import ArgumentParser
import Base
import Catalog
import Markup
import Requests
import Toolbox

/// Writes the requests that create map schedules again.
@main
struct MapSchedulesToURLs: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-map-schedules-to-urls", abstract: "Write the requests that create map schedules again.", version: version)

  enum Active: String, ExpressibleByArgument, CaseIterable { case no, same }

  @Option(help: .init("Create every schedule inactive, or in the same state as it was.", valueName: "state"))
  var active = Active.no

  @Option(help: .init("Leave out start dates before this one: YYYY-MM-DD.", valueName: "date"))
  var startAfter: String?

  @Option(help: .init("The target's list of domains: what a map needs of it and it has not is named.", valueName: "list"), completion: .file())
  var domains: [String] = []

  @OptionGroup var maps: MapOptions
  @OptionGroup var requests: RequestOptions
  @OptionGroup var common: CommonOptions
  @OptionGroup var input: InputFiles

  func validate() throws {
    if let date = startAfter, UTC.seconds(of: "\(date)T00:00:00Z") == nil { throw ValidationError("--start-after takes a date as YYYY-MM-DD") }
  }

  func run() throws {
    let known = try domains.isEmpty ? nil : TargetDomains(reading: domains)
    var filter = try ListFilter(
      .mapSchedules, grammar: PackageResources.map_schedule_grammar, translation: maps.rules(for: .mapSchedules, .annotate),
      reading: input.paths(of: "a document"), options: common)
    let modules = [
      ("targets", PackageResources.schedule_targets_xsl), ("time", PackageResources.schedule_time_xsl),
      ("refusals", PackageResources.schedule_refusals_xsl), ("notes", PackageResources.schedule_notes_xsl),
    ]
    for (name, bytes) in modules { Stylesheet.register(StylesheetModule(path: "schedule/\(name).xsl", bytes: bytes)) }
    filter.inspect = { outline, subject, notes in
      // A scan has addresses there, and is left out.
      if outline.text(ofChild: "TYPE")?.trimmed.lowercased() == "scan" { return .keep }
      let groups = outline.elements.filter { outline.has($0.name, "ASSET_GROUP_TITLE") }.map { outline.text($0.content).unpadded }
      let targets = MapTargets(outline.text(ofChild: "TARGETS") ?? "", groups: Set(groups), known: known)
      let faults = targets.faults + (known.map { known in targets.domains.compactMap { known.lack(of: $0) } } ?? [])
      notes += faults.map { Note(.refused, subject, element: "TARGETS", $0) }
      return faults.isEmpty ? .keep : .remove
    }
    try filter.writeRequests(
      PackageResources.map_schedules_to_urls_xsl, parameters: [("active", active == .same ? "same" : ""), ("start-after", startAfter ?? "")],
      as: requests
    ) { count, _, _ in
      guard count > 0, known == nil else { return [] }
      let reason = "whether the target has the domains and their netblocks is not known: --domains LIST names what it lacks"
      return [Note(.noted, Subject(kind: "map-schedule"), element: "TARGETS", reason)]
    }
  }
}
