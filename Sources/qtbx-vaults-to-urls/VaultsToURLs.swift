import ArgumentParser
import Catalog
import Markup
import Requests
import Toolbox

/// Writes the requests that create vaults again.
@main
struct VaultsToURLs: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-vaults-to-urls", abstract: "Write the requests that create vaults again, with the names of their secrets.", version: version)
  static let repeatable = UnlistedValues.repeatable

  @OptionGroup var unlisted: UnlistedValues
  @OptionGroup var maps: MapOptions
  @OptionGroup var requests: RequestOptions
  @OptionGroup var common: CommonOptions
  @OptionGroup var input: InputFiles

  func run() throws {
    // The target is asked for its list, which has the titles of all.
    var filter = try ListFilter(
      .vault, besides: [.vaults], as: Resource.vault.document, grammar: PackageResources.vault_grammar, reading: input.paths(of: "a document"),
      options: common)
    Stylesheet.register(StylesheetModule(path: "common/rows.xsl", bytes: PackageResources.rows_xsl))
    Stylesheet.register(StylesheetModule(path: "vaults/table.xsl", bytes: PackageResources.vaults_table_xsl))
    let watch = UnlistedValues.Watch(unlisted)
    filter.inspect = { _, subject, _ in
      watch.see("vault", subject)
      return .keep
    }
    let (kind, isPartial) = (filter.kind, !requests.target.isEmpty)
    try filter.writeRequests(PackageResources.vaults_to_urls_xsl, parameters: unlisted.parameters(), as: requests) { _, _, _ in
      watch.notes(kind: kind, isPartial: isPartial)
    }
  }
}
