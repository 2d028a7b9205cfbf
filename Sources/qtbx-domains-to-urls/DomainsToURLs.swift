import ArgumentParser
import Catalog
import Markup
import Requests
import Synchronization
import Toolbox

/// Writes the requests that create domains again, with their netblocks.
@main
struct DomainsToURLs: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-domains-to-urls", abstract: "Write the requests that create domains again.", version: version)

  enum API: String, ExpressibleByArgument, CaseIterable { case v1, v2 }
  enum NoneDomain: String, ExpressibleByArgument, CaseIterable { case error, edit }

  @Option(help: .init("Which call: v1 or v2 for all domains. Without it, v2 for those in a network of their own.", valueName: "api"))
  var api: API?

  @Option(help: .init("What becomes of the domain none if the target's list is not given: error or edit.", valueName: "what"))
  var none = NoneDomain.error

  @OptionGroup var maps: MapOptions
  @OptionGroup var requests: RequestOptions
  @OptionGroup var common: CommonOptions
  @OptionGroup var input: InputFiles

  func run() throws {
    let rules = try maps.rules(for: .domains, .annotate)
    var filter = try ListFilter(
      .domains, grammar: PackageResources.domain_grammar, translation: rules, reading: input.paths(of: "a document"), options: common)
    let target = try requests.target.isEmpty ? nil : TargetDomains(reading: requests.target)
    let unplaced = Count()
    filter.inspect = { outline, subject, notes in
      guard let domain = DomainRecord(outline, subject, &notes) else { return .remove }
      if domain.network == nil {
        if !domain.networkName.isEmpty, domain.networkName != "Global Default Network" {
          let reason = "the network \"\(domain.networkName)\" has no id here, without which the domain would be in the Global Default Network"
          notes.append(Note(.refused, subject, element: "NETWORK/NETWORK_ID", reason))
          return .remove
        }
      }
      func kept() -> ListFilter.Fate {
        if domain.network == nil { unplaced.increment() }
        return .keep
      }
      guard let target else { return kept() }
      // One that has no target is told by the map.
      var unmapped: [Unmapped] = []
      let network = domain.network.flatMap { rules.first?.target(of: $0, in: subject, element: "NETWORK/NETWORK_ID", &unmapped) }
      guard unmapped.isEmpty, let note = target.note(on: domain, in: network, of: subject) else { return kept() }
      notes.append(note)
      return .remove
    }
    // The target's list is more than names here.
    var requests = requests
    requests.target = []
    let parameters = [("api", api?.rawValue ?? ""), ("none", target == nil ? none.rawValue : NoneDomain.edit.rawValue)]
    try filter.writeRequests(PackageResources.domains_to_urls_xsl, parameters: parameters, as: requests) { _, _, _ in unplaced.note }
  }
}

/// How many domains say nothing of a network: counted on all threads.
private final class Count: Sendable {
  private let count = Mutex(0)

  func increment() { count.withLock { $0 += 1 } }

  /// Said once, since it is true of all domains of the first API.
  var note: [Note] {
    let count = count.withLock { $0 }
    if count == 0 { return [] }
    let who = count == 1 ? "1 domain says no network, so it is" : "\(count) domains say no network, so they are"
    return [
      Note(
        .noted, Subject(kind: "domain"), element: "NETWORK",
        "\(who) created in the Global Default Network: a list of the first API never says one, that of the second does")
    ]
  }
}
