import ArgumentParser
import Base
import Catalog
import Toolbox
import Transfer

/// Asks the service for a list or a document, whole.
@main
struct Fetch: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-fetch", abstract: "Fetch a list with all its pages, or a document.", version: version + "\n" + transferVersions)
  static let repeatable: Set<String> = ["--param", "--criteria"]

  @Argument(help: .init("What to fetch: asset-groups, tags, policy …", valueName: "resource"), completion: .list(Catalog.all.map(\.name)))
  var resource: String?

  @Flag(help: "Print the table of resources, and fetch nothing.")
  var listResources = false

  enum TableFormat: String, ExpressibleByArgument, CaseIterable { case tsv, make }

  @Option(help: .init("Print that table as tsv or make.", valueName: "format"))
  var format: TableFormat?

  @Option(
    name: .shortAndLong, help: .init("Where the answer goes; with --each, {id} is the id; of auth, {type} is the type.", valueName: "file"),
    completion: .file())
  var output: String?

  @Option(help: .init("The one document to fetch.", valueName: "id"))
  var id: String?

  @Option(help: .init("Fetch a document for each id of a file that has none yet.", valueName: "file"), completion: .file())
  var each: String?

  @Option(name: .customLong("param"), help: .init("A parameter of the call; without a value, it is left out.", valueName: "name=value"))
  var parameters: [String] = []

  @Option(help: .init("A filter of a search.", valueName: "field:operator:value"))
  var criteria: [String] = []

  @Option(help: .init("Another path for the call; {version} is where its version belongs.", valueName: "path"))
  var path: String?

  @Option(help: .init("Another version of the call, such as 2.0.", valueName: "version"))
  var apiVersion: String?

  @Flag(help: "Take the bytes of a single answer as they come.")
  var raw = false

  @Flag(help: "Take a list that the service has cut off.")
  var allowTruncated = false

  @Flag(help: "Print the first request as a curl command, and send nothing.")
  var dryRun = false

  @Flag(name: .shortAndLong, help: "Do not end with a line that counts.")
  var quiet = false

  @OptionGroup var service: ServerOptions

  func validate() throws {
    if !listResources, resource == nil { throw ValidationError("which resource? --list-resources names all") }
    if listResources, resource != nil { throw ValidationError("--list-resources takes no resource") }
    if format != nil, !listResources { throw ValidationError("--format is for --list-resources") }
    if id != nil, each != nil { throw ValidationError("--id or --each, not both") }
  }

  func run() throws {
    guard let resource else {
      var spool = HeldOutput(unbuffered: false)
      try spool.append(Array((format == .make ? Catalog.makeTable : Catalog.table).utf8))
      return try spool.flush()
    }
    var job = FetchJob(try Catalog.listed(resource))
    job.callOptions.path = path
    job.callOptions.version = apiVersion
    job.callOptions.parameters = parameters
    job.callOptions.criteria = criteria
    job.id = id
    job.output = output
    job.isRaw = raw
    job.allowsTruncated = allowTruncated
    job.isQuiet = quiet
    let ids = try each.map { path throws(Complaint) in try FetchJob.ids(in: path) }
    if job.isByType {
      if raw || id != nil || each != nil { throw Complaint(.usage, "{type} goes with neither --raw, --id nor --each") }
      if dryRun { return try job.print(nil, for: service.destination()) }
      try job.run(eachTypeOf: service)
    } else if dryRun {
      try job.print(ids, for: service.destination())
    } else if let ids {
      try job.run(each: ids, service)
    } else {
      try job.run(service)
    }
  }
}
