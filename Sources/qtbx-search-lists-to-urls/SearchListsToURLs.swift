import ArgumentParser
import Base
import Catalog
import Requests
import Toolbox

/// Writes the requests that create search lists again.
@main
struct SearchListsToURLs: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-search-lists-to-urls", abstract: "Write the requests that create static and dynamic search lists again.", version: version)

  @Option(help: .init("The target's list of vendors, whose ids dynamic lists need.", valueName: "list"), completion: .file())
  var vendors: String?

  @OptionGroup var maps: MapOptions
  @OptionGroup var requests: RequestOptions
  @OptionGroup var common: CommonOptions
  @OptionGroup var input: InputFiles

  func run() throws {
    let ids = try vendors.map { path throws(Complaint) in try Self.ids(ofVendorsIn: path) }
    let vendor = TranslationRule(
      .element(["CRITERIA", "VENDOR"]), "vendor", option: "--vendors", map: ids, as: .idOfName, isList: true, effect: .annotate,
      // A criterion begins so where it asks for all others.
      leadingWord: "NOT")
    var document = DocumentKind(anyOf: [.staticSearchLists, .dynamicSearchLists])
    document.noun = "list of search lists"
    let filter = try ListFilter(
      .staticSearchLists, besides: [.dynamicSearchLists], as: document, grammar: PackageResources.search_list_grammar, translation: [vendor],
      reading: input.paths(of: "a document"), options: common)
    try filter.writeRequests(PackageResources.search_lists_to_urls_xsl, as: requests) { count, lists, _ in
      guard count > 0, lists.contains(where: { $0.root != "STATIC_SEARCH_LIST_OUTPUT" }) else { return [] }
      return [
        Note(
          .noted, Subject(kind: filter.kind), element: "CRITERIA",
          "no list says which Real-Time Threat Indicators a dynamic list asks for: compare those lists by hand")
      ]
    }
  }

  /// What the vendors of a list are called, and their ids. Errors: those of a list that cannot be read.
  private static func ids(ofVendorsIn path: String) throws(Complaint) -> IDMap {
    var map = IDMap()
    _ = try ListFilter(objectsOf: [.vendors], in: Resource.vendors.document, reading: [path], options: .silent()).forEachObject {
      vendor throws(Complaint) in
      if vendor.name.isEmpty { return }
      if let fault = IDForm.number.fault(of: vendor.id) {
        throw Complaint(.refused, "the vendor \"\(vendor.name)\" has the id \"\(vendor.id)\": \(fault)", at: path.shown)
      }
      try map.add(vendor.id, vendor.id, name: vendor.name)
    }
    return map
  }
}
