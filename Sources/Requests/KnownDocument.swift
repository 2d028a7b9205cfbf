internal import Markup

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
  static let answers: Set<String> = ["SIMPLE_RETURN", "GENERIC_RETURN", "BATCH_RETURN", "USER_OUTPUT", "ServiceResponse"]

  private static let searches = ["Tag": KnownDocument("tag search result", "qtbx-tags-restructure and qtbx-map read it")]
  private static let named = "qtbx-map reads it"
  private static let roots: [String: KnownDocument] = [
    "APPLIANCE_LIST_OUTPUT": KnownDocument("appliance list", named),
    "ASSET_GROUP_LIST_OUTPUT": KnownDocument("asset group list", "qtbx-ag-rewrite, qtbx-ag-to-urls and qtbx-map read it"),
    "COMPLIANCE_SCHEDULE_SCAN_LIST_OUTPUT": KnownDocument("schedule list", "qtbx-schedule-to-urls reads it"),
    "DISTRIBUTION_GROUP_LIST_OUTPUT": KnownDocument("list of distribution groups", named),
    "DYNAMIC_SEARCH_LIST_OUTPUT": KnownDocument("list of dynamic search lists", named),
    "NETWORK_LIST": KnownDocument("network list", named),
    "NETWORK_LIST_OUTPUT": KnownDocument("network list", named),
    "OPTION_PROFILES": KnownDocument("list of option profiles", named),
    "POLICY_EXPORT_OUTPUT": KnownDocument("policy export", "qtbx-merge-policy and qtbx-policies-to-urls --exports read it"),
    "POLICY_LIST_OUTPUT": KnownDocument("policy list", "qtbx-policies-to-urls and qtbx-map read it"),
    "SCHEDULE_SCAN_LIST_OUTPUT": KnownDocument("schedule list", "qtbx-schedule-to-urls reads it"),
    "SEARCH_LIST_OUTPUT": KnownDocument("list of search lists", named),
    "STATIC_SEARCH_LIST_OUTPUT": KnownDocument("list of static search lists", named),
    "USER_LIST_OUTPUT": KnownDocument("list of users", named),
    "data": KnownDocument("tag document", "qtbx-tags-to-urls reads it"),
    // What other calls give, and what is only written here.
    "ASSET_DATA_REPORT": KnownDocument("scan report"),
    "ASSET_SEARCH_REPORT": KnownDocument("report of an asset search"),
    "AUTH_RECORDS_OUTPUT": KnownDocument("list of authentication records"),
    "CONTROL_LIST_OUTPUT": KnownDocument("list of controls"),
    "EXCEPTION_LIST_OUTPUT": KnownDocument("list of exceptions"),
    "HISTORY_LIST_OUTPUT": KnownDocument("history of excluded hosts"),
    "HOST_LIST_OUTPUT": KnownDocument("host list"),
    "HOST_LIST_VM_DETECTION_OUTPUT": KnownDocument("list of detections"),
    "IP_LIST_OUTPUT": KnownDocument("list of addresses"),
    "KNOWLEDGE_BASE_VULN_LIST_OUTPUT": KnownDocument("list of vulnerabilities"),
    "POSTURE_INFO_LIST_OUTPUT": KnownDocument("list of postures"),
    "REPORT_LIST_OUTPUT": KnownDocument("list of reports"),
    "RESTRICTED_IPS_OUTPUT": KnownDocument("list of restricted addresses"),
    "SCAN": KnownDocument("scan result"),
    "SCAN_LIST_OUTPUT": KnownDocument("list of scans"),
    "SCHEDULEDSCANS": KnownDocument("list of scheduled scans of the first API"),
    "SCHEDULE_REPORT_LIST_OUTPUT": KnownDocument("list of scheduled reports"),
    "ServiceRequest": KnownDocument("request to the service"),
    "VIRTUAL_HOST_LIST_OUTPUT": KnownDocument("list of virtual hosts"),
    "requests": KnownDocument("request list written with --format xml"),
  ]
}

extension String {
  /// A noun behind "a" or "an".
  var withArticle: String { (first.map { "aeio".contains($0) } == true ? "an " : "a ") + self }
}
