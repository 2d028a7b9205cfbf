import ArgumentParser
import Catalog
import Requests
import Toolbox

/// Writes the requests that create virtual and containerized scanner appliances again, and then those that set what any appliance is like.
@main
struct AppliancesToURLs: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-appliances-to-urls", abstract: "Write the requests that create scanner appliances again.", version: version)

  enum Step: String, ExpressibleByArgument, CaseIterable { case create, settings }
  enum Untyped: String, ExpressibleByArgument, CaseIterable { case refuse, virtual, physical }

  @Option(help: .init("Which requests: create or settings.", valueName: "step"))
  var step = Step.create

  @Option(help: .init("What an appliance is of which the list does not say it: virtual, physical or refuse.", valueName: "type"))
  var untyped = Untyped.refuse

  @OptionGroup var maps: MapOptions
  @OptionGroup var requests: RequestOptions
  @OptionGroup var common: CommonOptions
  @OptionGroup var input: InputFiles

  func validate() throws {
    if step == .settings, !requests.target.isEmpty {
      throw ValidationError("--target is for --step create: settings are those of appliances that are there")
    }
  }

  func run() throws {
    var filter = try ListFilter(
      .appliances, grammar: PackageResources.appliance_grammar, translation: step == .settings ? maps.rules(for: .appliances, .annotate) : [],
      remarks: step == .create
        ? [("heartbeat checks, scanning options", "no list shows them and no call sets them: they are set by hand")] : [],
      reading: input.paths(of: "a document"), options: common)
    // The first step tells what becomes of an appliance.
    filter.saysDrops = step == .create
    try filter.writeRequests(
      PackageResources.appliances_to_urls_xsl, parameters: [("step", step.rawValue), ("untyped", untyped.rawValue)], as: requests
    ) { count, source, target in
      step == .create && count > 0 ? [licenses(for: count, source, target)] : []
    }
  }

  /// How many licences the requests take, before anybody sends them.
  private func licenses(for needed: Int, _ source: [AnswerReader], _ target: [AnswerReader]) -> Note {
    var words = needed == 1 ? "the request takes a licence for a virtual scanner" : "the \(needed) requests take a licence for a virtual scanner each"
    func known(_ lists: [AnswerReader]) -> (count: Int, used: Int)? {
      lists.lazy.compactMap { list in list.licenses.count.flatMap { count in list.licenses.used.map { (count, $0) } } }.first
    }
    if let (count, used) = known(source) { words += "; the source uses \(used) of \(count)" }
    if let (count, used) = known(target) {
      let left = max(0, count - used)
      words += "; the target uses \(used) of \(count)"
      if left < needed {
        words += ", so the service will refuse \(needed - left)"
        if !common.quiet { Terminal.remark("warning: \(words)") }
      }
    }
    return Note(.noted, Subject(kind: Resource.appliances.kind), element: "LICENSE_INFO", words)
  }
}
