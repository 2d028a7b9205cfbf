import Base
import Catalog
import Markup

/// Static and dynamic search lists: U16 p. 164-179, the elements U12 p. 798-812.
///
/// What the guides do not say, and is rehearsed here: a title is one list's of its kind, how Today and a discovery method are printed, that a list has a
/// criterion at least, and that a `not_` alone turns the criterion that is there. Nobody computes the QIDs of a dynamic list here.
extension RehearsedResource {
  static let staticSearchLists: RehearsedResource = RehearsedResource(
    .staticSearchLists, noun: "static search list", roots: ["STATIC_SEARCH_LIST_OUTPUT"], wrapper: "STATIC_LISTS", dtd: "static_list_output.dtd",
    endpoints: [
      Endpoint(
        path: "/api/*/fo/qid/search_list/static/", versions: ["2.0", "3.0"],
        actions: [
          Action(name: "list", methods: ["GET", "POST"], rules: [Rule("ids", .optional, .list(Check.id))]) { call, subscription throws(Refusal) in
            staticSearchLists.list(asked(call, subscription[.staticSearchLists]), subscription, for: call)
          },
          Action(name: "create", rules: common + [Rule("qids", .required, qids)]) { call, subscription throws(Refusal) in
            let listed = (call["qids"].flatMap { IDSet($0) }?.ranges ?? []).flatMap { Array($0) }
            let content = Element("QIDS", children: listed.map { Element("QID", String($0)) })
            return try create("STATIC_LIST", .staticSearchLists, content, call, &subscription)
          },
          staticUpdate, delete(.staticSearchLists),
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
            name: "list", methods: ["GET", "POST"],
            rules: [Rule("ids", .optional, .list(Check.id))] + shown.map { Rule($0.parameter, .optional, .flag) }
          ) { call, subscription throws(Refusal) in
            let hidden = Set(shown.filter { call[$0.parameter] == "0" }.map(\.element))
            let records = asked(call, subscription[.dynamicSearchLists]).map { $0.without(hidden) }
            return dynamicSearchLists.list(records, subscription, for: call)
          },
          Action(
            name: "create",
            rules: common + criteria.flatMap { $0.rules() } + flags.map { Rule($0.parameter, .optional, .flag) }
              + periods.flatMap { rules(of: $0.parameter) },
            combinations: combinations, flags: flags.map(\.parameter)
          ) { call, subscription throws(Refusal) in
            var content = Element("CRITERIA")
            overwrite(&content, call, subscription)
            return try create("DYNAMIC_LIST", .dynamicSearchLists, content, call, &subscription)
          },
          dynamicUpdate, delete(.dynamicSearchLists),
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

  private static let changed = [
    Rule("id", .required, .integer(1...Check.largestID)), Rule("title", .optional, .ascii(256)), Rule("global", .optional, .flag), Rule("comments"),
  ]

  /// U16 p. 167.
  private static let staticUpdate = Action(
    name: "update", rules: changed + ["qids", "add_qids", "remove_qids"].map { Rule($0, .optional, qids) },
    combinations: [.exclusive(["qids", "add_qids"]), .exclusive(["qids", "remove_qids"])]
  ) { call, subscription throws(Refusal) in
    try update(.staticSearchLists, call, &subscription) { list throws(Refusal) in
      func given(_ name: String) -> [String] { (call[name].flatMap { IDSet($0) }?.ranges ?? []).flatMap { $0.map { String($0) } } }
      var kept = call["qids"] != nil ? given("qids") : list.child("QIDS")?.children.map { $0.text.trimmed } ?? []
      // What is in both is added.
      let removed = Set(given("remove_qids"))
      kept.removeAll { removed.contains($0) }
      var known = Set(kept)
      for qid in given("add_qids") where known.insert(qid).inserted { kept.append(qid) }
      if known.isEmpty { throw Refusal.invalid("remove_qids", call["remove_qids"] ?? "", "a static list has one QID at least") }
      if known.count > 100_000 { throw Refusal.invalid("add_qids", call["add_qids"] ?? "", "more QIDs than there are") }
      list.set(Element("QIDS", children: kept.map { Element("QID", $0) }), before: uses)
    }
  }

  /// What stands behind the content of a list.
  private static let uses: Set<String> = ["OPTION_PROFILES", "REPORT_TEMPLATES", "REMEDIATION_POLICIES", "DISTRIBUTION_GROUPS", "COMMENTS"]

  /// U16 p. 178. Only criteria that are said are overwritten.
  private static let dynamicUpdate = Action(
    name: "update",
    rules: changed + criteria.flatMap { $0.rules(isUpdate: true) } + flags.map { Rule($0.parameter, .optional, .flag) }
      + periods.flatMap { rules(of: $0.parameter) }
      + periods.map { Rule(unset($0.parameter), .optional, .matching { $0.isEmpty ? nil : "empty, to unset the date" }) },
    combinations: periods.map { .exclusive(forms(of: $0.parameter)) } + periods.map { .apart([unset($0.parameter)], forms(of: $0.parameter)) }
      + operands
  ) { call, subscription throws(Refusal) in
    let known = subscription
    for operand in operands {
      guard case .required(let scores, let name, _) = operand, call[name] != nil else { continue }
      let missing = scores.filter { (call[$0] ?? "").trimmed.isEmpty }
      if !missing.isEmpty { throw Refusal.missing(missing) }
    }
    return try update(.dynamicSearchLists, call, &subscription) { list throws(Refusal) in
      var content = list.child("CRITERIA") ?? Element("CRITERIA")
      overwrite(&content, call, known)
      if content.children.isEmpty { throw Refusal.atLeastOne(criteria.map(\.parameter)) }
      list.set(content, before: uses)
    }
  }

  private static func unset(_ period: String) -> String { "unset_\(period)_date" }

  private static func update(
    _ resource: Resource, _ call: Call, _ subscription: inout Subscription, _ change: (inout Element) throws(Refusal) -> Void
  ) throws(Refusal) -> Answer {
    guard let old = call["id"].flatMap({ Int($0) }).flatMap({ subscription[resource][$0] }) else {
      throw Refusal.invalid("id", call["id"] ?? "", "No such search list ID")
    }
    var list = Element(old.xml)
    var title = old.name
    if let given = call["title"]?.trimmed {
      if given.isEmpty { throw Refusal.invalid("title", given, "empty") }
      if given != title, subscription[resource].contains(name: given) {
        throw Refusal.invalid("title", given, "a search list of this title is there already")
      }
      title = given
      list.set(Element("TITLE", title, cdata: true))
    }
    if call["global"] != nil { list.set(Element("GLOBAL", call.isOn("global") ? "Yes" : "No")) }
    try change(&list)
    if let comments = call["comments"] {
      if comments.isEmpty { list.remove("COMMENTS") } else { list.set(Element("COMMENTS", comments, cdata: true)) }
    }
    let content: Set<String> = ["QIDS", "CRITERIA"]
    list.set(Element("MODIFIED_BY", call.user), before: content.union(["MODIFIED"]))
    list.set(Element("MODIFIED", Document.spoken(Document.now()), cdata: true), before: content)
    subscription[resource].put(RecordStore.Record(id: old.id, name: title, xml: list.xml(level: 3)))
    return Answer(Document.simpleReturn("Search list updated successfully", items: [("ID", String(old.id))], for: call))
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

    /// The table does not say of these that an empty value takes them away.
    private static let lasting: Set<String> = [
      "discovery_methods", "cpe", "vuln_provider", "cvss_base_operand", "cvss_temp_operand", "cvss3_base_operand", "cvss3_temp_operand",
    ]

    func rules(isUpdate: Bool = false) -> [Rule] {
      [Rule(parameter, .optional, isUpdate && !Self.lasting.contains(parameter) ? .emptyOr(check) : check)]
        + (isNegatable ? [Rule("not_" + parameter, .optional, .flag)] : [])
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

  /// Puts what a call says in the place of what the criteria were.
  private static func overwrite(_ content: inout Element, _ call: Call, _ subscription: Subscription) {
    for criterion in criteria {
      if call[criterion.parameter] != nil {
        content.remove(criterion.name)
        if let element = criterion.element(call, subscription) {
          content.children.append(element)
        } else {
          // Nobody can say how a score is compared that is not there.
          content.remove(criterion.name + "_OPERAND")
        }
      } else if criterion.isNegatable, let flag = call["not_" + criterion.parameter], let there = content.child(criterion.name) {
        content.set(turned(there, isNegated: flag == "1"))
      }
    }
    for name in ["OTHER", "NETWORK_ACCESS"] {
      let words = content.value(name).parts
      let kept = flags.filter { $0.element == name && (call[$0.parameter].map { $0 == "1" } ?? words.contains($0.word)) }.map(\.word)
      content.remove(name)
      if !kept.isEmpty { content.children.append(Element(name, kept.joined(separator: ", "), cdata: true)) }
    }
    for period in periods {
      if call[unset(period.parameter)] != nil { content.remove(period.element) }
      if let element = element(of: period, call) {
        content.set(element)
      } else if let flag = call["not_" + period.parameter], let there = content.child(period.element) {
        content.set(turned(there, isNegated: flag == "1"))
      }
    }
    content.sort(order)
  }

  private static func turned(_ criterion: Element, isNegated: Bool) -> Element {
    let text = criterion.text.trimmed
    let plain = text.hasPrefix("NOT ") ? String(text.dropFirst(4)) : text
    return Element(criterion.name, (isNegated ? "NOT " : "") + plain, cdata: true)
  }

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
    ] + periods.map { .exclusive(forms(of: $0.parameter)) } + operands

  private static let operands = ["cvss_base", "cvss_temp", "cvss3_base", "cvss3_temp"].map {
    Combination.required([$0], with: $0 + "_operand", is: nil)
  }

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
