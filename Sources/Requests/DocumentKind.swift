/// A kind of document that a program takes: how to know it, and how to know what came instead.
package struct DocumentKind: Sendable {
  /// What a person calls it: "asset group list".
  package var noun: String
  package var roots: [String]
  /// The element names of its records, as `RecordStream` takes them.
  package var records: [String]
  /// Where elements are known outside the records, besides those of every answer: the names below the root element, without RESPONSE.
  package var skeleton: Set<String>

  package init(_ noun: String, roots: [String], records: [String], skeleton: Set<String> = []) {
    self.noun = noun
    self.roots = roots
    self.records = records
    self.skeleton = skeleton
  }

  /// The names of the elements that records stand in.
  var lists: Set<String> {
    Set(records.compactMap { $0.split(separator: "/").dropLast().last.map(String.init) })
  }

  /// The names of the records, for a message.
  var recordNames: String {
    var names: [String] = []
    for record in records {
      let name = record.split(separator: "/").last.map(String.init) ?? ""
      if !names.contains(name) { names.append(name) }
    }
    return names.joined(separator: " or ")
  }
}

extension DocumentKind {
  package static let assetGroups = DocumentKind(
    "asset group list", roots: ["ASSET_GROUP_LIST_OUTPUT"], records: ["ASSET_GROUP_LIST_OUTPUT/RESPONSE/ASSET_GROUP_LIST/ASSET_GROUP"],
    skeleton: ["ASSET_GROUP_LIST"])
  /// The schedules of vulnerability or compliance scans. The root element of the latter is not confirmed.
  package static let schedules = DocumentKind(
    "schedule list", roots: ["SCHEDULE_SCAN_LIST_OUTPUT", "COMPLIANCE_SCHEDULE_SCAN_LIST_OUTPUT"],
    records: ["RESPONSE/SCHEDULE_SCAN_LIST/SCAN", "RESPONSE/COMPLIANCE_SCHEDULE_SCAN_LIST/SCAN"],
    skeleton: ["SCHEDULE_SCAN_LIST", "COMPLIANCE_SCHEDULE_SCAN_LIST"])
  /// Compliance policies as they are listed, without their controls' values.
  package static let policies = DocumentKind(
    "policy list", roots: ["POLICY_LIST_OUTPUT"], records: ["POLICY_LIST_OUTPUT/RESPONSE/POLICY_LIST/POLICY"], skeleton: ["POLICY_LIST"])
  /// A search result of the asset management API.
  package static let tags = DocumentKind("tag search result", roots: ["ServiceResponse"], records: ["ServiceResponse/data/Tag"])
  /// Any list of objects that have an id and a name.
  package static let named = DocumentKind(
    "list of named objects",
    roots: [
      "ASSET_GROUP_LIST_OUTPUT", "NETWORK_LIST_OUTPUT", "NETWORK_LIST", "APPLIANCE_LIST_OUTPUT", "ServiceResponse", "STATIC_SEARCH_LIST_OUTPUT",
      "DYNAMIC_SEARCH_LIST_OUTPUT", "SEARCH_LIST_OUTPUT", "OPTION_PROFILES", "USER_LIST_OUTPUT", "POLICY_LIST_OUTPUT",
      "DISTRIBUTION_GROUP_LIST_OUTPUT",
    ],
    records: [
      "RESPONSE/ASSET_GROUP_LIST/ASSET_GROUP", "NETWORK_LIST/NETWORK", "RESPONSE/APPLIANCE_LIST/APPLIANCE", "ServiceResponse/data/Tag",
      "STATIC_LISTS/STATIC_LIST",
      "DYNAMIC_LISTS/DYNAMIC_LIST", "OPTION_PROFILES/OPTION_PROFILE", "USER_LIST_OUTPUT/USER_LIST/USER", "RESPONSE/POLICY_LIST/POLICY",
      "DISTRIBUTION_GROUP_LIST/DISTRIBUTION_GROUP",
      "DISTRIBUTION_GROUPS/DISTRIBUTION_GROUP",
    ],
    skeleton: [
      "ASSET_GROUP_LIST", "NETWORK_LIST", "APPLIANCE_LIST", "STATIC_LISTS", "DYNAMIC_LISTS", "USER_LIST", "POLICY_LIST", "DISTRIBUTION_GROUP_LIST",
      "DISTRIBUTION_GROUPS", "LICENSE_INFO", "LICENSE_INFO/QVSA_LICENSES_COUNT", "LICENSE_INFO/QVSA_LICENSES_USED",
    ])
  /// A compliance policy with its controls. Its own technologies are records, too, and come before the sections.
  package static let policyExport = DocumentKind(
    "policy export", roots: ["POLICY_EXPORT_OUTPUT"],
    records: ["TECHNOLOGIES/TECHNOLOGY", "SECTIONS/SECTION/CONTROLS/CONTROL", "SECTIONS/SECTION/CONTROLS/USER_DEFINED_CONTROL"].map {
      "POLICY_EXPORT_OUTPUT/RESPONSE/POLICY/" + $0
    },
    skeleton: [
      "POLICY", "POLICY/TITLE", "POLICY/DESCRIPTION", "POLICY/LOCKED", "POLICY/EXPORTED", "POLICY/COVER_PAGE", "POLICY/STATUS",
      "POLICY/TECHNOLOGIES", "POLICY/SECTIONS", "POLICY/SECTIONS/SECTION", "POLICY/SECTIONS/SECTION/NUMBER", "POLICY/SECTIONS/SECTION/HEADING",
      "POLICY/SECTIONS/SECTION/CONTROLS", "APPENDIX", "POLICY/APPENDIX",
    ])
  /// What `qtbx-tags-restructure` writes.
  package static let tagTrees = DocumentKind("tag document of qtbx-tags-restructure", roots: ["data"], records: ["data/Tag"])
}
