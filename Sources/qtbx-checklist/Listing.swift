import Catalog

/// A list that says something of what is to be done. The word is that of `qtbx-fetch`.
enum Listing: String, CaseIterable, Sendable {
  case networks, appliances
  case assetGroups = "asset-groups"
  case ipv6Mappings = "ipv6-mappings"
  case users
  case portalUsers = "portal-users"
  case restrictedIPs = "restricted-ips"
  case subscription, tags, schedules
  case pcSchedules = "pc-schedules"
  case optionProfiles = "option-profiles"
  case staticSearchLists = "static-search-lists"
  case dynamicSearchLists = "dynamic-search-lists"
  case policies, exceptions
  case reportTemplates = "report-templates"

  var resource: Resource {
    switch self {
    case .networks: .networks
    case .appliances: .appliances
    case .assetGroups: .assetGroups
    case .ipv6Mappings: .ipv6Mappings
    case .users: .users
    case .portalUsers: .portalUsers
    case .restrictedIPs: .restrictedIPs
    case .subscription: .subscription
    case .tags: .tags
    case .schedules: .schedules
    case .pcSchedules: .pcSchedules
    case .optionProfiles: .optionProfiles
    case .staticSearchLists: .staticSearchLists
    case .dynamicSearchLists: .dynamicSearchLists
    case .policies: .policies
    case .exceptions: .exceptions
    case .reportTemplates: .reportTemplates
    }
  }

  /// What one of its records is, in a note.
  var kind: String { self == .reportTemplates ? "report-template" : resource.kind }

  /// The settings are the one document that has no list: of the vendor's guide, the names of their parts are known.
  private static let settings = DocumentKind(
    "document of subscription settings", roots: ["RECORD"],
    records: ["SCAN", "REPORTS", "REMEDIATION", "USERS"].map { "RECORD/SUBSCRIPTION/FO/" + $0 }, skeleton: ["SUBSCRIPTION", "SUBSCRIPTION/FO"])

  var document: DocumentKind { self == .subscription ? Self.settings : resource.document }

  /// All of them: each document may be any.
  static let document = DocumentKind(
    "list that a checklist is made of", roots: distinct(\.roots), records: distinct(\.records),
    skeleton: Set(allCases.flatMap(\.document.skeleton)))

  private static func distinct(_ part: (DocumentKind) -> [String]) -> [String] { Array(Set(allCases.flatMap { part($0.document) })).sorted() }

  // MARK: Silence

  /// The elements of which no record has one if the list was fetched in a way that leaves them out.
  var speakers: [String] {
    switch self {
    case .schedules, .pcSchedules: ["NOTIFICATIONS"]
    case .assetGroups: ["OWNER_UNIT_ID", "UNIT_ID", "ASSIGNED_UNIT_IDS", "UNIT_IDS"]
    case .policies: ["IS_LOCKED"]
    case .portalUsers: ["roleList"]
    default: []
    }
  }

  /// What depends on these, and what may be the matter if there are none: then silence says nothing.
  var silence: (task: Task, reason: String)? {
    switch self {
    case .schedules, .pcSchedules: (.distributionGroup, "names nobody who is told of a scan: was it fetched with show_notifications=1?")
    case .assetGroups: (.businessUnit, "says of no group to which unit it belongs: was it fetched with show_attributes=ALL?")
    case .policies: (.lockedPolicy, "says of no policy whether it is locked: was it fetched with details=Basic?")
    case .portalUsers: (.portalRole, "says of no user which roles there are.")
    case .subscription: (.restriction, "has no part USERS that is known here.")
    default: nil
    }
  }

  // MARK: Recognition

  /// What the records of a document are in notes, by its root element and its system identifier, where more than one list has that root element.
  static let undecided = "record"

  /// The list of a document, if that can be told before its records are seen.
  static func of(root: String, doctype: String) -> Listing? {
    let all = allCases.filter { $0.document.roots.contains(root) }
    if all.count == 1 { return all[0] }
    // The rule of qtbx-schedule-to-urls.
    guard all == [.schedules, .pcSchedules] else { return nil }
    return root.contains("COMPLIANCE") || doctype.contains("/schedule/scan/compliance/") ? .pcSchedules : .schedules
  }

  /// The list that a record belongs to.
  ///
  /// - Parameter kind: what its document holds.
  static func of(record: String, kind: String) -> Listing? {
    allCases.first { one in
      (one.kind == kind || kind == undecided) && one.document.records.contains { $0.split(separator: "/").last.map(String.init) == record }
    }
  }

  // MARK: What is read

  /// An element that is looked at. Each stands once at most.
  private enum Look {
    /// It holds a value.
    case value(String)
    /// Everything in it.
    case whole(String)
    case inside(String, [Look])

    private static let rest = "ignored: there is nothing to do for it\n"

    func lines(_ indent: String = "  ") -> String {
      switch self {
      case .value(let name): "\(indent)\(name) ? -> what is to be done\n\(indent)  @* \(Self.rest)"
      case .whole(let name): "\(indent)\(name) ? ignored: it is looked at as a whole\n"
      case .inside(let name, let looks):
        "\(indent)\(name) ?\n" + looks.map { $0.lines(indent + "  ") }.joined() + "\(indent)  @* \(Self.rest)\(indent)  * * \(Self.rest)"
      }
    }

    static func record(_ name: String, _ looks: [Look]) -> String {
      "\(name)\n" + looks.map { $0.lines() }.joined() + "  @* \(rest)  * * \(rest)"
    }

    /// Records that are values themselves.
    static func values(_ name: String) -> String { "\(name) text -> whether there are any\n  @* \(rest)" }
  }

  private var grammar: String {
    switch self {
    case .networks: Look.record("NETWORK", [.value("ID"), .value("NAME")])
    case .appliances:
      Look.record("APPLIANCE", [.value("ID"), .value("NAME"), .value("TYPE"), .value("SERIAL_NUMBER"), .value("USER_LOGIN")])
    case .assetGroups:
      Look.record(
        "ASSET_GROUP",
        [.value("ID"), .value("TITLE"), .value("OWNER_USER_ID|OWNER_ID"), .value("OWNER_UNIT_ID|UNIT_ID"), .value("ASSIGNED_UNIT_IDS|UNIT_IDS")])
    case .ipv6Mappings: Look.record("IP_MAP", [.value("ID")])
    case .users:
      Look.record(
        "USER",
        [
          .value("USER_LOGIN"), .value("USER_ID"), .inside("CONTACT_INFO", [.value("EMAIL")]), .whole("ASSIGNED_ASSET_GROUPS"),
          .value("USER_STATUS"), .value("USER_ROLE"), .value("BUSINESS_UNIT"), .value("UNIT_MANAGER_POC"), .value("MANAGER_POC"),
          .whole("PERMISSIONS"),
        ])
    case .portalUsers: Look.record("User", [.value("id"), .value("emailAddress"), .whole("roleList")])
    case .restrictedIPs: Look.values("IP|IP_RANGE")
    case .subscription:
      Look.record("REPORTS", []) + Look.record("REMEDIATION", [])
        + Look.record("USERS", [.whole("SUB_IPV6_RESTRICT_MAP"), .whole("SUBSCRIPTION_IP_RESTRICT_MAP"), .whole("IP_RANGE")])
    case .tags: Look.record("Tag", [.value("id"), .value("name"), .value("ruleType")])
    // The settings have a SCAN, too, in which none of these stands.
    case .schedules:
      Look.record("SCAN", [.value("ID"), .value("TITLE"), .value("ACTIVE"), .inside("NOTIFICATIONS", [.whole("DISTRIBUTION_GROUPS")])])
    case .pcSchedules: ""
    case .optionProfiles:
      Look.record(
        "OPTION_PROFILE",
        [
          .inside("BASIC_INFO", [.value("ID"), .value("GROUP_NAME")]),
          .inside(
            "SCAN",
            [
              .inside("PASSWORD_BRUTE_FORCING", [.whole("CUSTOM_LIST")]),
              .inside("DISSOLVABLE_AGENT", [.inside("PASSWORD_AUDITING_ENABLE", [.whole("CUSTOM_PASSWORD_DICTIONARY")])]),
              .inside("SCAN_RESTRICTION", [.whole("SCAN_BY_POLICY")]),
            ]),
        ])
    case .staticSearchLists:
      Look.record("STATIC_LIST", [.value("ID"), .value("TITLE"), .whole("REMEDIATION_POLICIES"), .whole("DISTRIBUTION_GROUPS")])
    case .dynamicSearchLists:
      Look.record(
        "DYNAMIC_LIST", [.value("ID"), .value("TITLE"), .whole("CRITERIA"), .whole("REMEDIATION_POLICIES"), .whole("DISTRIBUTION_GROUPS")])
    case .policies: Look.record("POLICY", [.value("ID"), .value("TITLE"), .value("IS_LOCKED"), .value("INCLUDE_AGENT_IPS")])
    case .exceptions:
      Look.record("EXCEPTION", [.value("EXCEPTION_NUMBER"), .inside("HOST", [.value("IP_ADDRESS")]), .value("STATUS"), .value("ACTIVE")])
    case .reportTemplates: Look.record("REPORT_TEMPLATE", [.value("ID"), .value("TITLE"), .value("TEMPLATE_TYPE")])
    }
  }

  /// The records of all lists.
  static let grammar = Array(allCases.map(\.grammar).joined().utf8)
}
