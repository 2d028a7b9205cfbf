import ArgumentParser
import Catalog
import Requests
import Toolbox

/// Writes the requests that create networks again, and then those that assign their appliances.
@main
struct NetworksToURLs: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-networks-to-urls", abstract: "Write the requests that create networks again.", version: version)

  enum Step: String, ExpressibleByArgument, CaseIterable { case create, assign }

  @Option(help: .init("Which requests: create or assign.", valueName: "step"))
  var step = Step.create

  @OptionGroup var maps: MapOptions
  @OptionGroup var requests: RequestOptions
  @OptionGroup var common: CommonOptions
  @OptionGroup var input: InputFiles

  func validate() throws {
    if step == .assign, !requests.target.isEmpty { throw ValidationError("--target is for --step create: appliances are assigned to what is there") }
  }

  func run() throws {
    var filter = try ListFilter(
      .networks, grammar: PackageResources.network_grammar, translation: step == .assign ? maps.rules(for: .networks, .annotate) : [],
      reading: input.paths(of: "a document"), options: common)
    // The first step tells what becomes of a network.
    filter.saysDrops = step == .create
    try filter.writeRequests(PackageResources.networks_to_urls_xsl, parameters: [("step", step.rawValue)], as: requests)
  }
}
