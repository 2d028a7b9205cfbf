import Base
import Catalog
import Markup
import Requests
import Toolbox

/// Exports of policies, each of which a request imports: for those who have no list, or have made the document themselves.
///
/// Only the title is read here, so memory does not depend on the size of a policy.
struct ExportedPolicies {
  let paths: [String]
  let apiVersion: String

  /// The request for each file, and what there is to say of them. Errors: `refused` if one is no export that can be imported; `usage` if two are of one
  /// policy.
  func answer() throws(Complaint) -> (requests: [Request], notes: [Note]) {
    var requests: [Request] = []
    var notes: [Note] = []
    var files: [String: String] = [:]
    /// The files of each title, byte by byte.
    var titles: [[UInt8]: [String]] = [:]
    for path in paths {
      let request = try request(importing: path)
      // Importing a policy twice makes two.
      let policy = request.origin?.id ?? path
      if let other = files.updateValue(path, forKey: policy) {
        throw Complaint(.usage, other == path ? "it is given twice" : "\(other.shown) is the export of the same policy", at: path.shown)
      }
      requests.append(request)
      let title = request.parameters.first { $0.name == "title" }?.value ?? ""
      for other in titles[Array(title.utf8), default: []] {
        if try Self.isSame(path, other) {
          throw Complaint(.usage, "\(other.shown) holds the same, byte by byte: it is the export of the same policy", at: path.shown)
        }
      }
      if let other = titles[Array(title.utf8)]?.last {
        let subject = Subject(kind: "policy", id: request.origin?.id ?? "", name: title)
        let reason = "\(path.shown) has the title of \(other.shown): there will be two policies of this title"
        notes.append(Note(.noted, subject, element: "TITLE", reason))
      }
      titles[Array(title.utf8), default: []].append(path)
    }
    return (requests, notes)
  }

  /// Whether two files are one, or hold the same.
  private static func isSame(_ path: String, _ other: String) throws(Complaint) -> Bool {
    guard let one = FileIdentity(path: path), let two = FileIdentity(path: other) else { return false }
    if one == two { return true }
    let digest = try digest(of: path)
    return try digest == self.digest(of: other)
  }

  private static func digest(of path: String) throws(Complaint) -> [UInt8] {
    let input = try Input(path)
    var digest = SHA256()
    while true {
      let bytes = try input.next()
      if bytes.isEmpty { return digest.digest }
      digest.add(bytes)
    }
  }

  private func request(importing path: String) throws(Complaint) -> Request {
    let title = try Self.title(of: path)
    var request = Request(path: "/api/\(apiVersion)/fo/compliance/policy/")
    request.parameters = [
      Request.Parameter(name: "action", value: "import"), Request.Parameter(name: "title", value: title),
      Request.Parameter(name: "create_user_controls", value: "1"),
    ]
    request.body = .file(path)
    // 71000001.xml is the export of policy 71000001.
    let name = path.split(separator: "/").last ?? ""
    if name.hasSuffix(".xml"), name.count > 4, name.dropLast(4).utf8.allSatisfy(\.isDigit) {
      request.origin = ("policy", String(name.dropLast(4)))
    }
    return request
  }

  private static func title(of path: String) throws(Complaint) -> String {
    let reader = TitleReader()
    var title = ""
    // Controls are passed over as wholes, which is faster than looking into them.
    try Input.read(path, records: ["CONTROL", "USER_DEFINED_CONTROL"], into: reader) { _ throws(Complaint) in title = try reader.title() }
    return title
  }
}

/// Finds the title of an export, and what would keep it from being imported.
private final class TitleReader: RecordSink {
  private var envelope = Envelope(
    DocumentKind("policy export", roots: ["POLICY_EXPORT_OUTPUT"], records: ["RESPONSE/POLICY"], skeleton: ["POLICY"]), isCopied: false)
  private var found: String?

  func skeleton(_ bytes: Span<UInt8>) {}
  func record(_ bytes: Span<UInt8>, line: Int, in surroundings: Surroundings) {}

  func opened(_ element: SkeletonElement) throws(Complaint) {
    // What stands inside a policy is none of the answer's own words.
    if !element.path.contains("POLICY") { try envelope.opened(element) }
    if element.name == "APPENDIX", !element.path.contains("SECTIONS") {
      throw Complaint(
        .refused, "the export has an APPENDIX, which the service refuses to import: export it without show_appendix", at: String(element.line))
    }
  }

  func closed(_ element: SkeletonElement, text: String?) throws(Complaint) {
    if !element.path.contains("POLICY") { try envelope.closed(element, text: text) }
    guard element.name == "TITLE", element.path == ["POLICY_EXPORT_OUTPUT", "RESPONSE", "POLICY"] else { return }
    if found != nil { throw Complaint(.refused, "the policy has two titles", at: String(element.line)) }
    guard let text else { throw Complaint(.refused, "the title is longer than 8 KiB, or is no text", at: String(element.line)) }
    found = text
  }

  func title() throws(Complaint) -> String {
    try envelope.ended(records: 1)
    if let cut = envelope.truncation { throw Complaint(.refused, "the policy export is cut off: \(cut)") }
    guard let title = found?.unframed, !title.isEmpty else { throw Complaint(.refused, "the policy has no title") }
    return title
  }
}
