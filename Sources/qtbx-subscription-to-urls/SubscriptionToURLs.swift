import ArgumentParser
import Base
import Catalog
import Markup
import Requests
import Toolbox

/// Writes the request that gives another subscription the settings of this one.
@main
struct SubscriptionToURLs: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-subscription-to-urls", abstract: "Write the request that imports the settings of a subscription.", version: version)

  @Option(
    help: .init("The list of excluded hosts of the source: each must be in the settings; once for each page.", valueName: "file"),
    completion: .file())
  var excludedHosts: [String] = []

  @Option(help: .init("What becomes of settings that would lose excluded hosts: error or accept.", valueName: "what"))
  var excluded = Dangerous.error

  @Option(help: .init("What becomes of settings that say from where one may log in: error or accept.", valueName: "what"))
  var restricted = Dangerous.error

  @Option(help: .init("The file that the request names as its body, if it is not the one that is read.", valueName: "file"), completion: .file())
  var body: String?

  @Option(help: .init("The path of the call.", valueName: "path"))
  var path = "/api/2.0/fo/subscription/index.php"

  @Option(help: .init("Write the request as url, xml, curl, table or jsonl.", valueName: "format"))
  var format = Format.url

  @Option(help: .init("Where curl is to send, for --format curl.", valueName: "host"))
  var server: String?

  @Flag(help: "Refuse settings that the vendor's guide does not name.")
  var strict = false

  @OptionGroup var account: ReportOptions

  @Argument(help: .init("The file to read; - or none is standard input.", valueName: "file"), completion: .file())
  var file: String?

  /// What does harm in the target unless a person has looked at it.
  enum Dangerous: String, ExpressibleByArgument, CaseIterable { case error, accept }

  static let repeatable: Set<String> = ["--excluded-hosts"]

  func validate() throws {
    if file ?? "-" == "-", body == nil { throw ValidationError("standard input has no name: --body says which file is to be sent") }
    if let name = body ?? file, name.isEmpty || name.utf8.contains(where: { $0 < " " || $0 == 0x7F }) {
      throw ValidationError("the name of the file becomes part of the list: it is not empty, and has no control character")
    }
    if let name = body ?? file, !Input.isLasting(name) {
      throw ValidationError(
        body == nil ? "\(name.shown) is gone when the list is sent: --body says which file it is to name" : "--body takes the name of a file")
    }
    if !path.hasPrefix("/") { throw ValidationError("--path takes a path on the server, which begins with /") }
  }

  func run() throws {
    if file == nil, Input.isTerminal { throw Complaint(.usage, "nothing to read: give a file, or a document on standard input") }
    let source = file ?? "-"
    Input.announce([source] + excludedHosts + (body.map { [$0] } ?? []))
    let writer = try RequestWriter(format, server: server)
    let kind = Resource.subscription.kind
    try writer.write(Bookkeeping(kind: kind, options: account, isStrict: strict)) { () throws(Complaint) in
      let settings = Settings(kind: kind)
      try settings.read(source)
      let hosts = try excludedHosts.isEmpty ? nil : ExcludedHostList.addresses(of: excludedHosts)
      var request = Request(path: path)
      request.parameters = [Request.Parameter(name: "action", value: "import")]
      request.body = .file(body ?? source)
      return ([request], settings.notes(excluding: hosts, accepting: excluded == .accept, restricting: restricted == .accept))
    }
  }
}

/// The list of excluded hosts, of which only the addresses matter.
enum ExcludedHostList {
  private static let grammar = """
    IP|IP_RANGE         text is addresses  -> what the settings must have
      @network_id       ignored: the settings are not known to say networks
      @expiration_date  ignored: it stands in EXCLUDED_IPS_EXPIRATION
    """

  /// Errors: `refused` if one is no such list.
  static func addresses(of paths: [String]) throws(Complaint) -> AddressSet {
    var ranges: [ClosedRange<UInt32>] = []
    try ListFilter(.excludedHosts, grammar: Array(grammar.utf8), reading: paths, options: .silent()).readValues { _ in
      nil
    } make: { outline, _, _ in
      ClosedRange<UInt32>(addresses: Array(outline.ownText(of: 0).trimmed.utf8)[...])
    } take: { (range: ClosedRange<UInt32>) in
      ranges.append(range)
    } ended: { _, _ in
      []
    }
    return AddressSet(ranges)
  }
}
