import ArgumentParser
import Catalog
import Requests
import Toolbox

/// Writes the requests that create the asset groups of a list again.
@main
struct AssetGroupsToURLs: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-ag-to-urls", abstract: "Write the requests that create asset groups again.", version: version)
  static let repeatable: Set<String> = ["--business-impact"]

  @Option(help: .init("What a renamed business impact title means: TITLE=critical, high, medium, low or none.", valueName: "title=value"))
  var businessImpact: [String] = []

  @OptionGroup var maps: MapOptions
  @OptionGroup var requests: RequestOptions
  @OptionGroup var common: CommonOptions
  @OptionGroup var input: InputFiles

  func run() throws {
    try ListFilter(
      .assetGroups, grammar: PackageResources.asset_group_grammar,
      // Without a map, the ids are those of the target already: qtbx-ag-rewrite has written them.
      translation: maps.rules(for: .assetGroups, .replace, mappedOnly: true) + [
        TranslationRule(
          .element(["BUSINESS_IMPACT"]), "business impact", option: "--business-impact", map: impacts(), as: .name, effect: .annotate, isLenient: true
        )
      ],
      remarks: ["division", "function", "location"].map { ($0, "the service never exports it, so no request can set it") },
      reading: input.paths(of: "a document"), options: common
    ).writeRequests(PackageResources.ag_to_urls_xsl, as: requests)
  }

  private func impacts() throws -> IDMap? {
    if businessImpact.isEmpty { return nil }
    var map = IDMap()
    for pair in businessImpact {
      let parts = pair.split(separator: "=", omittingEmptySubsequences: false)
      guard parts.count > 1, let value = parts.last, ["critical", "high", "medium", "low", "none"].contains(value) else {
        throw ValidationError("--business-impact takes TITLE=VALUE with a value of critical, high, medium, low or none")
      }
      let title = parts.dropLast().joined(separator: "=")
      if let known = map.target(of: title, as: .id), known != value { throw ValidationError("--business-impact gives \"\(title)\" two values") }
      try map.add(title, String(value), name: nil)
    }
    return map
  }
}
