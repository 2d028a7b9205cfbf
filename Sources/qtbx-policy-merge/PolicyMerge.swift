import ArgumentParser
import Base
import Glibc
import Processes
import Requests
import Toolbox

/// Merges chosen controls of an old compliance policy into a copy of a new one, in the subscription.
@main
struct PolicyMerge: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-policy-merge",
    abstract: "Merge chosen controls of an old compliance policy into a copy of a new one, in the subscription.",
    discussion: "What has failed goes on with the same command. The names of options may have hyphens instead of underscores.",
    version: version)

  @Option(name: .customLong("new_policy_id"), help: .init("The policy that is copied, and whose copy gets the controls.", valueName: "n"))
  var newPolicyID: String

  @Option(name: .customLong("old_policy_id"), help: .init("The policy whose controls somebody has customized.", valueName: "n"))
  var oldPolicyID: String

  @Option(name: .customLong("cid_list"), help: .init("The chosen controls, with commas between them (default: all).", valueName: "cids"))
  var cidList: String?

  @Option(name: .customLong("cid_file"), help: .init("A file that names the chosen controls.", valueName: "file"), completion: .file())
  var cidFile: String?

  @Flag(help: "Show what would change; nothing is created.")
  var preview = false

  @Flag(name: .customLong("offline_merge"), help: "Import the policy as merged here, instead of letting the service merge.")
  var offlineMerge = false

  @Flag(name: .customLong("no_update_existing"), help: "Leave controls that the new policy has as they are.")
  var noUpdateExisting = false

  @Flag(name: .customLong("no_add_new"), help: "Leave out controls that the new policy does not have.")
  var noAddNew = false

  @Flag(name: .customLong("add_technologies"), help: "Add technologies that the new policy does not have.")
  var addTechnologies = false

  @Option(help: .init("What becomes of a chosen control that the old policy does not have: error or warn.", valueName: "what"))
  var missing = Severity.error

  @Option(help: .init("What becomes of a result that is not what was expected: error or warn.", valueName: "what"))
  var differences = Severity.error

  @Flag(help: "Put the last job aside and begin anew.")
  var again = false

  @Flag(name: .customLong("log_to_console"), help: "Write the log to standard error instead of log/policy_merge.log.")
  var logToConsole = false

  @Option(name: .customLong("api_version"), help: .init("The version of all calls.", valueName: "version"))
  var apiVersion = "4.0"

  @Option(name: .customLong("export_api_version"), help: .init("The version of what is fetched, if it is another one.", valueName: "version"))
  var exportAPIVersion: String?

  @Option(name: .customLong("import_api_version"), help: .init("The version of the import, if it is another one.", valueName: "version"))
  var importAPIVersion: String?

  @Option(name: .customLong("merge_api_version"), help: .init("The version of the merge, if it is another one.", valueName: "version"))
  var mergeAPIVersion: String?

  @OptionGroup var account: AccountOptions

  @Option(help: .hidden)
  var execute: String?

  @Flag(name: .customLong("rebuild_venv"), help: .hidden)
  var rebuildVenv = false

  /// Hyphens in the names of options are taken for underscores. Nothing behind `=` is an empty value, not a missing one: a variable that is empty.
  static func normalized(_ arguments: [String]) -> [String] {
    arguments.flatMap { argument in
      let name = argument.prefix { $0 != "=" }
      guard name.hasPrefix("--"), !["--generate-", "--experimental-", "--help-"].contains(where: name.hasPrefix) else { return [argument] }
      let spelled = "--" + String(name.dropFirst(2).map { $0 == "-" ? "_" : $0 })
      return argument.hasSuffix("=") && argument.count == name.count + 1 ? [spelled, ""] : [spelled + argument.dropFirst(name.count)]
    }
  }

  func validate() throws {
    for (name, id) in [("--new_policy_id", newPolicyID), ("--old_policy_id", oldPolicyID)] where !id.isNumber || id.hasPrefix("0") {
      throw ValidationError("\(name) takes the id of a policy, and \"\(id)\" is none")
    }
    if newPolicyID == oldPolicyID { throw ValidationError("the new and the old policy are the same") }
    if cidList != nil, cidFile != nil { throw ValidationError("--cid_list or --cid_file, not both") }
    if cidFile?.isEmpty == true { throw ValidationError("--cid_file names no file: leave it out if all controls are meant") }
    if noUpdateExisting, noAddNew { throw ValidationError("--no_update_existing and --no_add_new together leave nothing to merge") }
    for version in [apiVersion] + [exportAPIVersion, importAPIVersion, mergeAPIVersion].compactMap(\.filled) {
      let parts = version.split(separator: ".", omittingEmptySubsequences: false)
      guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 1 && String($0).isNumber }) else {
        throw ValidationError("a version is like 4.0, and \"\(version)\" is none")
      }
    }
    if let execute, execute != "policy_merge" { throw ValidationError("there is no tool \(execute) here: only policy_merge") }
  }

  func run() throws {
    let controls = try ControlFilter(chosenBy: cidList, file: cidFile)
    let description = try JobDescription(
      server: account.serverName(), user: account.userName(), newPolicy: newPolicyID, oldPolicy: oldPolicyID,
      cids: controls.cids?.sorted(), mergesHere: offlineMerge, updatesExisting: !noUpdateExisting, addsNew: !noAddNew,
      addsTechnologies: addTechnologies, missing: missing, exportVersion: exportAPIVersion.filled ?? apiVersion,
      importVersion: importAPIVersion.filled ?? apiVersion, mergeVersion: mergeAPIVersion.filled ?? apiVersion)
    let start = try Folder.resolved(".")
    let sisters = try Sisters(start: start, service: account.service(at: description.server, as: description.user, start: start))
    let home = try Home(start: start)
    // Before anything else is opened.
    let lock = try home.lock()
    let log = try JobLog(home, isOnConsole: logToConsole)
    guard lock != nil else {
      log.complain("another run is at work in \(home.path)")
      Glibc.exit(Int32(Complaint.Kind.local.rawValue))
    }
    if rebuildVenv { log.warn("--rebuild_venv is not heeded: there is nothing to rebuild here") }
    if Environment.value(of: "q_tls_verify_status")?.lowercased() == "false" {
      log.warn("q_tls_verify_status is not heeded: TLS is always verified, and --cacert adds an authority")
    }
    let job = try Job(description, home, sisters, log: log)
    let status = job.status { () throws(Complaint) in
      if preview { try job.preview() } else { try job.run(again: again, differences: differences) }
    }
    // Until here.
    withExtendedLifetime(lock) {}
    Glibc.exit(status)
  }
}

/// Whether something ends the run, or is only said.
enum Severity: String, ExpressibleByArgument, CaseIterable { case error, warn }

extension String? {
  /// Nil also for nothing at all.
  var filled: String? { self?.isEmpty == false ? self : nil }
}

extension String {
  /// Whether these are digits and nothing else.
  var isNumber: Bool { !isEmpty && utf8.allSatisfy(\.isDigit) }
}
