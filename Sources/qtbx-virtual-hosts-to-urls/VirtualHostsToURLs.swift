import ArgumentParser
import Catalog
import Requests
import Toolbox

/// Writes the requests that create virtual hosts again.
@main
struct VirtualHostsToURLs: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-virtual-hosts-to-urls", abstract: "Write the requests that create virtual hosts again.", version: version)

  @OptionGroup var maps: MapOptions
  @OptionGroup var requests: RequestOptions
  @OptionGroup var common: CommonOptions
  @OptionGroup var input: InputFiles

  func run() throws {
    let filter = try ListFilter(
      .virtualHosts, grammar: PackageResources.virtual_host_grammar, translation: maps.rules(for: .virtualHosts, .annotate),
      reading: input.paths(of: "a document"), options: common)
    try filter.writeRequests(PackageResources.virtual_hosts_to_urls_xsl, as: requests)
  }
}
