import ArgumentParser
import Base
import Catalog
import Requests
import Toolbox

/// Writes the requests that create report templates again.
@main
struct ReportTemplatesToURLs: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-report-templates-to-urls", abstract: "Write the requests that create report templates again.", version: version)

  @Option(help: .init("The version of the API in the paths, if it is not the one that qtbx-fetch asks for.", valueName: "version"))
  var apiVersion: String?

  @Option(
    help: .init("What logins are in the target, for those who may see the reports: source_id,target_id.", valueName: "file"), completion: .file())
  var loginMap: String?

  @OptionGroup var maps: MapOptions
  @OptionGroup var requests: RequestOptions
  @OptionGroup var common: CommonOptions
  @OptionGroup var input: InputFiles

  func validate() throws {
    let version = (apiVersion ?? "2.0").utf8.split(separator: ".", omittingEmptySubsequences: false)
    guard version.count == 2, version.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isDigit) }) else {
      throw ValidationError("--api-version takes a version as 7.0")
    }
  }

  func run() throws {
    let logins = try loginMap.map { path throws(Complaint) in try MapOptions.map(path, as: .name) }
    let login = TranslationRule(
      .element(["USERACCESS", "INFO[key=report_access_users]"]), "login", option: "--login-map", map: logins, as: .name, isList: true,
      effect: .annotate)
    // Those of scans hold every reference that any of them does.
    let filter = try ListFilter(
      Resource.reportTemplateExports[0], besides: Array(Resource.reportTemplateExports[1...]), grammar: PackageResources.report_template_grammar,
      translation: maps.rules(for: Resource.reportTemplateExports[0], .annotate) + [login], reading: input.paths(of: "a document"), options: common)
    try filter.writeRequests(
      PackageResources.report_templates_to_urls_xsl,
      parameters: [
        ("api-version", apiVersion ?? ""), ("logins", loginMap == nil ? "" : "1"),
        ("today", String(UTC.now().stamp.prefix(10).filter { $0 != "-" })),
      ],
      as: requests)
  }
}
