import Base
import Toolbox

/// What a job was asked to do. Written down first of all, it tells one job from another.
struct JobDescription {
  var server: String
  var user: String
  var newPolicy: String
  var oldPolicy: String
  /// The chosen controls, in the order of their numbers; nil for all.
  var cids: [CID]?
  /// The policy is imported as merged here, and the service does not merge.
  var mergesHere: Bool
  var updatesExisting: Bool
  var addsNew: Bool
  var addsTechnologies: Bool
  var missing: Severity
  var exportVersion: String
  var importVersion: String
  var mergeVersion: String

  /// The lines of the file `job`, but for the last one, which says when the job began.
  var lines: [String] {
    [
      "server\t\(server)", "user\t\(user)", "new_policy_id\t\(newPolicy)", "old_policy_id\t\(oldPolicy)",
      "cids\t\(cids.map { $0.map(String.init).joined(separator: ",") } ?? "all")", "merge\t\(mergesHere ? "here" : "")",
      "options\t\(updatesExisting ? 1 : 0) \(addsNew ? 1 : 0) \(addsTechnologies ? 1 : 0) \(missing.rawValue)",
      "versions\t\(exportVersion) \(importVersion) \(mergeVersion)",
    ]
  }

  /// The call that merges into a policy, without its body.
  func mergeCall(into policy: String) -> String {
    "/api/\(mergeVersion)/fo/compliance/policy/?action=merge&id=\(policy)&update_existing_controls=\(updatesExisting ? 1 : 0)"
      + "&add_new_controls=\(addsNew ? 1 : 0)&add_new_technologies=\(addsTechnologies ? 1 : 0)"
  }
}

extension ControlFilter {
  /// Reads a list or a file. Entries without anything, as behind a last comma, are none. Errors: `usage`.
  init(chosenBy list: String?, file: String?) throws(Complaint) {
    let entries = list?.split(separator: ",").filter { !$0.allSatisfy { $0 == " " } }.joined(separator: ",")
    do throws(Complaint) { try self.init(list: entries, file: file) } catch { throw Complaint(.usage, error.reason, at: error.place) }
  }
}
