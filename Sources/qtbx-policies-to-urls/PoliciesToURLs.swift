import ArgumentParser
import Base
import Catalog
import Requests
import Toolbox

/// Writes the requests that create compliance policies again, a step at a time: each step needs what the one before has brought.
@main
struct PoliciesToURLs: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-policies-to-urls", abstract: "Write the requests that create compliance policies again.", version: version)

  enum Step: String, ExpressibleByArgument, CaseIterable { case export, `import`, scope }

  @Option(help: .init("Which requests: export, import or scope.", valueName: "step"))
  var step = Step.import

  @Flag(help: "The files are exports, not lists: each is imported as it is.")
  var exports = false

  @Option(help: .init("Where the exports are, as ID.xml, for import.", valueName: "folder"))
  var folder = "policies"

  @Option(help: .init("The version of the API in the paths.", valueName: "version"))
  var apiVersion = "4.0"

  @Option(
    help: .init("Policy ids, as qtbx-push --map-out has written them for the import, for scope: source_id,target_id.", valueName: "file"),
    completion: .file())
  var policyMap: String?

  @Option(help: .init("Asset group ids, for scope: source_id,target_id.", valueName: "file"), completion: .file())
  var assetGroupMap: String?

  @Option(help: .init("Tag ids, for scope: source_id,target_id.", valueName: "file"), completion: .file())
  var tagMap: String?

  @OptionGroup var maps: MapOptions
  @OptionGroup var requests: RequestOptions
  @OptionGroup var common: CommonOptions
  @OptionGroup var input: InputFiles

  func validate() throws {
    let version = apiVersion.utf8.split(separator: ".", omittingEmptySubsequences: false)
    guard version.count == 2, version.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isDigit) }) else {
      throw ValidationError("--api-version takes a version as 4.0")
    }
    guard !folder.isEmpty, folder.utf8.allSatisfy({ $0 >= " " && $0 != 0x7F }) else {
      throw ValidationError("--folder takes the name of a folder, without control characters")
    }
    if exports {
      guard step == .import else { throw ValidationError("--exports is for --step import: an export has no scope") }
      guard !input.files.isEmpty, !input.files.contains(where: { $0 == "-" || $0.utf8.contains { $0 < " " || $0 == 0x7F } }) else {
        throw ValidationError("--exports needs files, whose names become part of the list, without control characters")
      }
      guard common.report == nil, common.log == nil, requests.stylesheet == nil, requests.grammar == nil else {
        throw ValidationError("--report, --log, --stylesheet and --grammar are for lists: of an export, all is carried")
      }
    }
    for (option, value) in [("--policy-map", policyMap), ("--asset-group-map", assetGroupMap), ("--tag-map", tagMap)]
    where value != nil && step != .scope {
      throw ValidationError("\(option) is for --step scope: the other steps carry no ids")
    }
  }

  func run() throws {
    if !maps.maps.isEmpty, step != .scope { throw Complaint(.usage, "--map is for --step scope: the other steps carry no ids") }
    if !requests.target.isEmpty, exports || step != .import { throw Complaint(.usage, "--target is for the import of a list") }
    if exports {
      let writer = try RequestWriter(requests.format, server: requests.server)
      let exports = ExportedPolicies(paths: input.files, apiVersion: apiVersion)
      try writer.write(Bookkeeping(kind: "policy", options: common)) { () throws(Complaint) in
        let answer = try exports.answer()
        // There is no report of exports that would have them.
        for note in answer.notes where !common.quiet { Terminal.remark("warning: \(note.reason)") }
        return answer
      }
      return
    }
    let others: [MapOptions.KindOption] = [
      ("policy", "--policy-map", policyMap), ("asset-group", "--asset-group-map", assetGroupMap), ("tag", "--tag-map", tagMap),
    ]
    var filter = try ListFilter(
      .policies, grammar: PackageResources.policy_grammar,
      translation: step == .scope ? maps.rules(for: .policies, .annotate, besides: others) : [],
      reading: input.paths(of: "a document"), options: common)
    // The import tells what becomes of a policy.
    filter.saysDrops = step == .import
    try filter.writeRequests(
      PackageResources.policies_to_urls_xsl, parameters: [("step", step.rawValue), ("folder", folder), ("api-version", apiVersion)], as: requests)
  }
}
