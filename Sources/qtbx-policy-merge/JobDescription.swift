import Base
import Toolbox

/// What a job was asked to do. Written down first of all, it tells one job from another.
struct JobDescription {
  var server: String
  var user: String
  var newPolicy: String
  var oldPolicy: String
  /// The chosen controls; nil for all.
  var cids: [String]?
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
      "cids\t\(cids?.joined(separator: ",") ?? "all")", "merge\t\(mergesHere ? "here" : "")",
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

/// A list of chosen controls.
enum CIDList {
  /// The controls in the order of their numbers, each once; nil if there is neither list nor file. Errors: `usage`.
  static func chosen(list: String?, file: String?) throws(Complaint) -> [String]? {
    var text = list
    if let file { text = try contents(of: file) }
    guard let text else { return nil }
    let words = text.split(separator: ",").map { $0.trimming(" ") }.filter { !$0.isEmpty }
    if let word = words.first(where: { !$0.isNumber }) {
      throw Complaint(.usage, "a list of CIDs is numbers and commas, and \"\(word)\" is no number")
    }
    if words.isEmpty { throw Complaint(.usage, "the list of CIDs is empty: leave it out if all controls are meant") }
    return Set(words).sorted { one, other in
      let (number, otherNumber) = (one.drop { $0 == "0" }, other.drop { $0 == "0" })
      return (number.utf8.count, number, one) < (otherNumber.utf8.count, otherNumber, other)
    }
  }

  /// As `qtbx-merge-policy` reads such a file: a byte order mark, line ends of any kind, comments behind `#`. With commas between the words.
  private static func contents(of path: String) throws(Complaint) -> String {
    var bytes: [UInt8]
    do throws(Complaint) { bytes = try Input(path).rest() } catch {
      throw Complaint(.usage, "--cid_file: " + error.line)
    }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    let lines = String(decoding: bytes, as: UTF8.self).unicodeScalars.split { $0 == "\n" || $0 == "\r" }
    return lines.flatMap { $0.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" || $0 == "," } }.map { String($0) }.joined(separator: ",")
  }
}

extension Substring {
  fileprivate func trimming(_ character: Character) -> String {
    String(drop { $0 == character }.reversed().drop { $0 == character }.reversed())
  }
}
