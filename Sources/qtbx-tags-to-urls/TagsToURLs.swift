import ArgumentParser
import Catalog
import Requests
import Toolbox

/// Writes the requests that create trees of asset tags.
@main
struct TagsToURLs: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-tags-to-urls", abstract: "Write the requests that create asset tags, one for each tree.", version: version)

  @OptionGroup var requests: RequestOptions
  @OptionGroup var common: CommonOptions
  @OptionGroup var input: InputFiles

  func run() throws {
    try ListFilter(
      .tags, as: .tagTrees, grammar: PackageResources.tag_tree_grammar, reading: input.paths(of: "a document"),
      options: common
    ).writeRequests(PackageResources.tags_to_urls_xsl, as: requests)
  }
}
