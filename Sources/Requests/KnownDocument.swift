internal import Base
internal import Catalog

/// What a document is that came in place of another: so that a message can say who reads it.
struct KnownDocument {
  let noun: String
  /// The programs that read it, as a message names them; empty if none does.
  let readers: String

  private init(_ noun: String, _ readers: String = "") {
    self.noun = noun
    self.readers = readers
  }

  func complaint(insteadOf other: String) -> Complaint {
    Complaint(.refused, "this is \(noun.withArticle), not \(other): \(readers.isEmpty ? "no program here reads it" : readers)")
  }

  /// The document of a root element. A search is told by what it has found.
  static func of(root: String, holding object: String? = nil) -> KnownDocument? {
    guard root == "ServiceResponse" else { return roots[root] }
    guard let object else { return nil }
    return searches[object] ?? KnownDocument("search result of \(object)")
  }

  /// The roots of answers that are no lists.
  static let answers: Set<String> = ["SIMPLE_RETURN", "GENERIC_RETURN", "BATCH_RETURN", "USER_OUTPUT", "ERROR", "ServiceResponse"]

  /// A search is known by what it has found.
  private static let searches: [String: KnownDocument] = {
    var searches: [String: KnownDocument] = [:]
    for resource in resources where resource.document.roots == ["ServiceResponse"] {
      for record in resource.document.records { searches[String(record.split(separator: "/").last ?? "")] = KnownDocument(resource) }
    }
    return searches
  }()

  private static let roots: [String: KnownDocument] = {
    var roots = others
    var readers: [String: [String]] = [:]
    for resource in resources {
      // Of lists of one shape, only the call says what they are: all that read one of them are named.
      let own = Self.readers(of: resource)
      readers[resource.document.noun] = own + (readers[resource.document.noun] ?? []).filter { !own.contains($0) }
      for root in resource.document.roots where others[root] == nil {
        roots[root] = KnownDocument(resource, readers: readers[resource.document.noun] ?? [])
      }
    }
    return roots
  }()

  /// Of those that share a root element, the first is the one that is meant.
  private static let resources = (Catalog.all + Catalog.unlisted).reversed()

  private init(_ resource: Resource, readers: [String]? = nil) {
    let readers = readers ?? Self.readers(of: resource)
    let list = readers.count > 1 ? readers.dropLast().joined(separator: ", ") + " and " + readers[readers.count - 1] : readers.first ?? ""
    self.init(resource.document.noun, readers.isEmpty ? "" : "\(list) read\(readers.count == 1 && !list.contains(" ") ? "s" : "") it")
  }

  private static func readers(of resource: Resource) -> [String] { resource.readers + (resource.isMappable ? ["qtbx-map"] : []) }

  /// What no call of a resource gives, and what is only written here.
  private static let others: [String: KnownDocument] = [
    "SEARCH_LIST_OUTPUT": KnownDocument("list of search lists", "qtbx-map reads it"),
    "data": KnownDocument("tag document", "qtbx-tags-to-urls reads it"),
    "ASSET_DATA_REPORT": KnownDocument("scan report"),
    "ASSET_SEARCH_REPORT": KnownDocument("report of an asset search"),
    "HOST_LIST_VM_DETECTION_OUTPUT": KnownDocument("list of detections"),
    "KNOWLEDGE_BASE_VULN_LIST_OUTPUT": KnownDocument("list of vulnerabilities"),
    "POSTURE_INFO_LIST_OUTPUT": KnownDocument("list of postures"),
    "REPORT_LIST_OUTPUT": KnownDocument("list of reports"),
    "SCAN": KnownDocument("scan result"),
    "SCAN_LIST_OUTPUT": KnownDocument("list of scans"),
    "SCHEDULE_REPORT_LIST_OUTPUT": KnownDocument("list of scheduled reports"),
    "ServiceRequest": KnownDocument("request to the service"),
    "requests": KnownDocument("request list written with --format xml"),
  ]
}

extension String {
  /// A noun behind "a" or "an".
  var withArticle: String { (first.map { "aeio".contains($0) } == true ? "an " : "a ") + self }
}
