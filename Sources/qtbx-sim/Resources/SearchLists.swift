import Base
import Catalog
import Markup

/// Static and dynamic search lists: U16 p. 164-178, the elements U12 p. 798-812.
///
/// What the guides do not say, and is rehearsed here: a title is one list's of its kind, and how Today and a discovery method are printed. Nobody
/// computes the QIDs of a dynamic list here.
extension RehearsedResource {
  static let staticSearchLists: RehearsedResource = RehearsedResource(
    .staticSearchLists, noun: "static search list", roots: ["STATIC_SEARCH_LIST_OUTPUT"], wrapper: "STATIC_LISTS", dtd: "static_list_output.dtd",
    endpoints: [
      Endpoint(
        path: "/api/*/fo/qid/search_list/static/", versions: ["2.0", "3.0"],
        actions: [
          Action(name: "list", methods: ["GET", "POST"], rules: [Rule("ids", .optional, .ids)]) { call, subscription throws(Refusal) in
            staticSearchLists.list(asked(call, subscription[.staticSearchLists]), subscription, for: call)
          },
          Action(name: "create", rules: common + [Rule("qids", .required, qids)]) { call, subscription throws(Refusal) in
            let listed = (call["qids"].flatMap { IDSet($0) }?.ranges ?? []).flatMap { Array($0) }
            let content = Element("QIDS", children: listed.map { Element("QID", String($0)) })
            return try create("STATIC_LIST", .staticSearchLists, content, call, &subscription)
          },
          delete(.staticSearchLists),
        ])
    ])

  static let dynamicSearchLists: RehearsedResource = RehearsedResource(
    .dynamicSearchLists, noun: "dynamic search list", roots: ["DYNAMIC_SEARCH_LIST_OUTPUT", "SEARCH_LIST_OUTPUT"], wrapper: "DYNAMIC_LISTS",
    dtd: "dynamic_list_output.dtd",
    endpoints: [
      Endpoint(
        path: "/api/*/fo/qid/search_list/dynamic/", versions: ["2.0", "3.0"],
        actions: [
          Action(
            name: "list", methods: ["GET", "POST"], rules: [Rule("ids", .optional, .ids)] + shown.map { Rule($0.parameter, .optional, .flag) }
          ) { call, subscription throws(Refusal) in
            let hidden = Set(shown.filter { call[$0.parameter] == "0" }.map(\.element))
            let records = asked(call, subscription[.dynamicSearchLists]).map { $0.without(hidden) }
            return dynamicSearchLists.list(records, subscription, for: call)
          },
          Action(
            name: "create",
            rules: common + criteria.flatMap(\.rules) + flags.map { Rule($0.parameter, .optional, .flag) }
              + periods.flatMap { rules(of: $0.parameter) },
            combinations: combinations, flags: flags.map(\.parameter)
          ) { call, subscription throws(Refusal) in
            var content = Element("CRITERIA", children: criteria.compactMap { $0.element(call, subscription) })
            for name in ["OTHER", "NETWORK_ACCESS"] {
              let words = flags.filter { $0.element == name && call.isOn($0.parameter) }.map(\.word)
              if !words.isEmpty { content.children.append(Element(name, words.joined(separator: ", "), cdata: true)) }
            }
            for period in periods { if let element = element(of: period, call) { content.children.append(element) } }
            content.sort(order)
            return try create("DYNAMIC_LIST", .dynamicSearchLists, content, call, &subscription)
          },
          delete(.dynamicSearchLists),
        ])
    ])

  // MARK: Both

  private static let common = [Rule("title", .required, .ascii(256)), Rule("global", .optional, .flag), Rule("comments")]

  /// A range for which there is no room is none.
  private static let qids = Check.matching { text in
    guard let set = IDSet(text), !set.ranges.isEmpty else { return "neither QIDs nor ranges" }
    return set.ranges.reduce(0) { $0 + min($1.upperBound - $1.lowerBound, 100_000) + 1 } <= 100_000 ? nil : "more QIDs than there are"
  }

  private static func asked(_ call: Call, _ store: RecordStore) -> [[UInt8]] {
    let ids = call["ids"].flatMap { IDSet($0) }
    return store.all.filter { ids?.contains($0.id) ?? true }.map(\.xml)
  }

  private static func create(
    _ name: String, _ resource: Resource, _ content: Element, _ call: Call, _ subscription: inout Subscription
  ) throws(Refusal) -> Answer {
    let title = (call["title"] ?? "").trimmed
    if subscription[resource].contains(name: title) { throw Refusal.invalid("title", title, "a search list of this title is there already") }
    // Option profiles take the id of a list of either kind: no two have the same.
    let id = max(subscription[.staticSearchLists].nextID, subscription[.dynamicSearchLists].nextID)
    var record = Element(
      name,
      children: [
        Element("ID", String(id)), Element("TITLE", title, cdata: true), Element("GLOBAL", call.isOn("global") ? "Yes" : "No"),
        Element("OWNER", call.user), content,
      ])
    if let comments = call["comments"], !comments.isEmpty { record.children.append(Element("COMMENTS", comments, cdata: true)) }
    subscription[resource].put(RecordStore.Record(id: id, name: title, xml: record.xml(level: 3)))
    subscription[resource].isKnown = true
    return Answer(Document.simpleReturn("New search list created successfully", items: [("ID", String(id))], for: call))
  }

  /// U16 p. 168 and 179.
  private static func delete(_ resource: Resource) -> Action {
    Action(name: "delete", rules: [Rule("id", .required, .integer(1...Check.largestID))]) { call, subscription throws(Refusal) in
      guard let list = call["id"].flatMap({ Int($0) }).flatMap({ subscription[resource][$0] }) else {
        throw Refusal.invalid("id", call["id"] ?? "", "No such search list ID")
      }
      try Usage.check(searchList: list.id, subscription)
      subscription[resource].remove(list.id)
      return Answer(Document.simpleReturn("search list deleted successfully", items: [("ID", String(list.id))], for: call))
    }
  }

  private static let shown: [(parameter: String, element: String)] = [
    ("show_qids", "QIDS"), ("show_option_profiles", "OPTION_PROFILES"), ("show_distribution_groups", "DISTRIBUTION_GROUPS"),
    ("show_report_templates", "REPORT_TEMPLATES"), ("show_remediation_policies", "REMEDIATION_POLICIES"),
  ]

  // MARK: Criteria

  /// A criterion, and the parameter that says it.
  private struct Criterion: Sendable {
    var name: String
    var parameter: String
    var check: Check
    /// There is a parameter for its opposite.
    var isNegatable = false
    /// What is printed for a value, where that is another word.
    var words: [String: String] = [:]

    var rules: [Rule] {
      [Rule(parameter, .optional, check)] + (isNegatable ? [Rule("not_" + parameter, .optional, .flag)] : [])
    }

    func element(_ call: Call, _ subscription: Subscription) -> Element? {
      guard let value = call[parameter], !value.trimmed.isEmpty else { return nil }
      var text = value
      if case .list = check {
        text = value.parts.map { part in
          if parameter == "vendor_ids" { return Int(part).flatMap { subscription[.vendors][$0]?.name } ?? "vendor \(part)" }
          return words[part] ?? part
        }.joined(separator: parameter == "vendor_ids" ? "," : ", ")
      } else if let word = words[value] {
        text = word
      }
      return Element(name, (isNegatable && call.isOn("not_" + parameter) ? "NOT " : "") + text, cdata: true)
    }
  }

  private static func oneOf(_ words: String...) -> Check { .oneOf(words) }

  private static let severities = Check.list(.integer(1...5))
  private static let yesOrNo = ["1": "Yes", "0": "No"]
  private static let score = Check.matching { text in
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, parts.allSatisfy({ Check.number(String($0)) != nil }), let whole = Check.number(String(parts[0])) else {
      return "not a number"
    }
    return whole < 10 || whole == 10 && (parts.count == 1 || Check.number(String(parts[1])) == 0) ? nil : "not a score of 0 to 10"
  }

  private static let criteria: [Criterion] = [
    Criterion(name: "VULNERABILITY_TITLE", parameter: "vuln_title", check: .any, isNegatable: true),
    Criterion(
      name: "DISCOVERY_METHOD", parameter: "discovery_methods", check: .list(oneOf("Remote", "Authenticated", "Remote_Authenticated")),
      words: ["Remote": "Remote Only", "Authenticated": "Authenticated Only", "Remote_Authenticated": "Remote and Authenticated"]),
    Criterion(
      name: "AUTHENTICATION_TYPE", parameter: "auth_types",
      check: .list(
        oneOf(
          "Windows", "Unix", "Oracle", "SNMP", "VMware", "DB2", "HTTP", "MySQL",  // Younger than the guides.
          "PANOS", "TOMCAT", "MARIADB", "MongoDB", "WEBLOGIC"))),
    Criterion(
      name: "USER_CONFIGURATION", parameter: "user_configuration", check: .list(oneOf("disabled", "custom")),
      words: ["disabled": "Disabled", "custom": "Edited"]),
    Criterion(name: "CATEGORY", parameter: "categories", check: .list(.any), isNegatable: true),
    Criterion(name: "CONFIRMED_SEVERITY", parameter: "confirmed_severities", check: severities),
    Criterion(name: "POTENTIAL_SEVERITY", parameter: "potential_severities", check: severities),
    Criterion(name: "INFORMATION_SEVERITY", parameter: "ig_severities", check: severities),
    Criterion(name: "VENDOR", parameter: "vendor_ids", check: .list(.existing(.vendors, noun: "vendor ID")), isNegatable: true),
    Criterion(name: "PRODUCT", parameter: "products", check: .list(.any), isNegatable: true),
    Criterion(name: "CVSS_BASE_SCORE", parameter: "cvss_base", check: score),
    Criterion(name: "CVSS_TEMPORAL_SCORE", parameter: "cvss_temp", check: score),
    Criterion(name: "CVSS3_BASE_SCORE", parameter: "cvss3_base", check: score),
    Criterion(name: "CVSS3_TEMPORAL_SCORE", parameter: "cvss3_temp", check: score),
    Criterion(
      name: "CVSS_ACCESS_VECTOR", parameter: "cvss_access_vector", check: oneOf("Undefined", "Local", "Adjacent_Network", "Network"),
      words: ["Adjacent_Network": "Adjacent Network"]),
    Criterion(name: "PATCH_AVAILABLE", parameter: "patch_available", check: .list(.flag), words: yesOrNo),
    Criterion(name: "VIRTUAL_PATCH_AVAILABLE", parameter: "virtual_patch_available", check: .list(.flag), words: yesOrNo),
    Criterion(name: "CVE_ID", parameter: "cve_ids", check: .list(.any), isNegatable: true),
    Criterion(name: "EXPLOITABILITY", parameter: "exploitability", check: .list(.any)),
    Criterion(name: "ASSOCIATED_MALWARE", parameter: "malware_associated", check: .list(.any)),
    Criterion(name: "VENDOR_REFERENCE", parameter: "vendor_refs", check: .list(.any), isNegatable: true),
    Criterion(name: "BUGTRAQ_ID", parameter: "bugtraq_id", check: .integer(0...Check.largestID), isNegatable: true),
    Criterion(name: "VULNERABILITY_DETAILS", parameter: "vuln_details", check: .any),
    Criterion(
      name: "SUPPORTED_MODULES", parameter: "supported_modules",
      check: .list(oneOf("VM", "CA-Windows Agent", "CA-Linux Agent", "WAS", "WAF", "MD"))),
    Criterion(name: "COMPLIANCE_DETAILS", parameter: "compliance_details", check: .any),
    Criterion(
      name: "COMPLIANCE_TYPE", parameter: "compliance_types", check: .list(oneOf("PCI", "CobiT", "HIPAA", "GLBA", "SOX")), words: ["CobiT": "CobIT"]),
    // The guide misprints the second one.
    Criterion(
      name: "QUALYS_TOP_20", parameter: "qualys_top_lists", check: .list(oneOf("Internal_10", "External_10", "Extermal_10")),
      words: ["Internal_10": "Top Internal 10", "External_10": "Top External 10", "Extermal_10": "Top External 10"]),
    Criterion(name: "CPE", parameter: "cpe", check: .list(oneOf("Operating System", "Application", "Hardware", "None"))),
    Criterion(name: "PROVIDER", parameter: "vuln_provider", check: oneOf("iDefense")),
    Criterion(name: "CVSS_BASE_SCORE_OPERAND", parameter: "cvss_base_operand", check: oneOf("1", "2")),
    Criterion(name: "CVSS_TEMPORAL_SCORE_OPERAND", parameter: "cvss_temp_operand", check: oneOf("1", "2")),
    Criterion(name: "CVSS3_BASE_SCORE_OPERAND", parameter: "cvss3_base_operand", check: oneOf("1", "2")),
    Criterion(name: "CVSS3_TEMPORAL_SCORE_OPERAND", parameter: "cvss3_temp_operand", check: oneOf("1", "2")),
  ]

  /// What is said by flags: several of them may stand in one element.
  private static let flags: [(parameter: String, element: String, word: String)] = [
    ("qids_not_exploitable", "OTHER", "Not exploitable due to configuration"), ("non_running_services", "OTHER", "Non-running services"),
    ("sans_20", "OTHER", "2008 SANS 20"), ("nac_nam", "NETWORK_ACCESS", "NAC / NAM"),
  ]

  /// Dates, each with four parameters of which a call takes one.
  private static let periods: [(element: String, parameter: String)] = [
    ("USER_MODIFIED", "user_modified"), ("PUBLISHED", "published"), ("SERVICE_MODIFIED", "service_modified"),
  ]

  private static func forms(of parameter: String) -> [String] {
    ["between", "today", "in_previous", "within_last_days"].map { "\(parameter)_date_\($0)" }
  }

  private static func rules(of parameter: String) -> [Rule] {
    let checks = [between, Check.flag, oneOf("Year", "Month", "Week", "Quarter"), Check.integer(1...9999)]
    return zip(forms(of: parameter), checks).map { Rule($0, .optional, $1) } + [Rule("not_" + parameter, .optional, .flag)]
  }

  private static let between = Check.matching { text in
    let ends = text.split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2, ends.allSatisfy({ Check.isDate(String($0)) }) else { return "not a range mm/dd/yyyy-mm/dd/yyyy" }
    func key(_ date: Substring) -> [Int] {
      let parts = date.split(separator: "/").compactMap { Int($0) }
      return [parts[2], parts[0], parts[1]]
    }
    return key(ends[1]).lexicographicallyPrecedes(key(ends[0])) ? "it ends before it begins" : nil
  }

  private static func element(of period: (element: String, parameter: String), _ call: Call) -> Element? {
    let names = forms(of: period.parameter)
    guard let given = names.firstIndex(where: { call[$0] != nil }), let value = call[names[given]] else { return nil }
    var isNegated = call.isOn("not_" + period.parameter)
    let text: String
    switch given {
    case 0: text = value
    case 1:
      text = "Today"
      if value == "0" { isNegated.toggle() }
    case 2: text = "Previous 1 " + value.lowercased()
    default: text = "Last \(value) days"
    }
    return Element(period.element, (isNegated ? "NOT " : "") + text, cdata: true)
  }

  private static let combinations: [Combination] =
    [
      // {criteria} is required: U16 p. 172.
      .atLeastOne(criteria.map(\.parameter) + flags.map(\.parameter) + periods.flatMap { forms(of: $0.parameter) })
    ] + periods.map { .exclusive(forms(of: $0.parameter)) }
    + ["cvss_base", "cvss_temp", "cvss3_base", "cvss3_temp"].map { .required([$0], with: $0 + "_operand", is: nil) }

  /// Of the published grammar: U12 p. 802.
  private static let order = [
    "VULNERABILITY_TITLE", "DISCOVERY_METHOD", "AUTHENTICATION_TYPE", "USER_CONFIGURATION", "CATEGORY", "CONFIRMED_SEVERITY", "POTENTIAL_SEVERITY",
    "INFORMATION_SEVERITY", "VENDOR", "PRODUCT", "CVSS_BASE_SCORE", "CVSS_TEMPORAL_SCORE", "CVSS3_BASE_SCORE", "CVSS3_TEMPORAL_SCORE",
    "CVSS_ACCESS_VECTOR", "PATCH_AVAILABLE", "VIRTUAL_PATCH_AVAILABLE", "CVE_ID", "EXPLOITABILITY", "ASSOCIATED_MALWARE", "VENDOR_REFERENCE",
    "BUGTRAQ_ID", "VULNERABILITY_DETAILS", "SUPPORTED_MODULES", "COMPLIANCE_DETAILS", "COMPLIANCE_TYPE", "QUALYS_TOP_20", "OTHER", "NETWORK_ACCESS",
    "PROVIDER", "CVSS_BASE_SCORE_OPERAND", "CVSS_TEMPORAL_SCORE_OPERAND", "CVSS3_BASE_SCORE_OPERAND", "CVSS3_TEMPORAL_SCORE_OPERAND",
    "USER_MODIFIED", "PUBLISHED", "SERVICE_MODIFIED", "CPE",
  ]
}
