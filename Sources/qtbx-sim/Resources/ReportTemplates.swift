import Base
import Catalog
import Markup

/// Report templates: U16 p. 398-400 and 424-446, the sections U12 p. 835-842.
///
/// What the guides do not say, and is rehearsed here: a body holds one template; a title is one template's of its kind; a template of a PCI scan is
/// listed as one of the type Scan; an export has the names of services with blanks, as the printed one, and the owner's number; what stands in an
/// export and in no table, services_info and id, is passed over. Versions behind the second answer as most calls do.
extension RehearsedResource {
  static let reportTemplates: RehearsedResource = RehearsedResource(
    .reportTemplates, noun: "report template", roots: ["REPORT_TEMPLATE_LIST", "REPORTTEMPLATE"],
    records: Resource.reportTemplates.pageRecords + TemplateKind.allCases.map { "REPORTTEMPLATE/\($0.element)" },
    endpoints: [Endpoint(path: "/msp/report_template_list.php", direct: list)]
      + TemplateKind.allCases.map { kind in
        Endpoint(
          path: "/api/*/fo/report/template/\(kind.rawValue)/", versions: ["2.0", "3.0", "4.0", "5.0", "6.0", "7.0"],
          actions: [export(kind), create(kind), update(kind), delete(kind)])
      },
    saved: { records in document(records.map(\.xml)) },
    adopt: { _, record, subscription throws(Complaint) in
      let template = Element(record)
      guard let kind = TemplateKind.allCases.first(where: { $0.element == template.name }) else {
        throw Complaint(.refused, "report template without an ID")
      }
      let title = setting("title", of: template, in: "TITLE")
      if title.isEmpty { throw Complaint(.refused, "the template has no title") }
      // An export has no id: it belongs to the listed template of its title and type, or is one of its own.
      let known = subscription[.reportTemplates].all.first { one in
        one.name == title && one.document.isEmpty && Element(one.xml).value("TEMPLATE_TYPE") == kind.listed
      }
      let id = known?.id ?? subscription[.reportTemplates].newID()
      let listed = known?.xml ?? entry(id, title, kind, template, user: "rehearsal")
      subscription[.reportTemplates].put(RecordStore.Record(id: id, name: title, xml: listed, document: record))
    },
    whole: { record in
      let element = Element(record.document).name
      let kind = TemplateKind.allCases.first { $0.element == element }
      return exported([record.document], as: element, at: "/api/2.0/fo/report/template/\(kind?.rawValue ?? "")/")
    })

  // MARK: The lists

  @Sendable private static func list(_ call: Call, _ subscription: inout Subscription) throws(Refusal) -> Answer {
    if !call.order.isEmpty { throw Refusal.unrecognized(call.order) }
    return Answer(document(subscription[.reportTemplates].all.map(\.xml)))
  }

  private static func document(_ records: [[UInt8]]) -> [UInt8] {
    let opening =
      "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<!DOCTYPE REPORT_TEMPLATE_LIST SYSTEM \"\(Document.host)/report_template_list.dtd\">\n"
    var xml = Array((opening + "<REPORT_TEMPLATE_LIST>\n").utf8)
    for record in records { xml += Array("  ".utf8) + record + ["\n"] }
    return xml + Array("</REPORT_TEMPLATE_LIST>\n".utf8)
  }

  private static func entry(_ id: Int, _ title: String, _ kind: TemplateKind, _ template: Element, user: String) -> [UInt8] {
    let isGlobal = [setting("global", of: template, in: "USERACCESS"), setting("global", of: template, in: "TITLE")].contains("1")
    return Element(
      "REPORT_TEMPLATE",
      children: [
        Element("ID", String(id)), Element("TYPE", "Auto"), Element("TEMPLATE_TYPE", kind.listed), Element("TITLE", title, cdata: true),
        Element(
          "USER",
          children: [Element("LOGIN", user, cdata: true), Element("FIRSTNAME", "A", cdata: true), Element("LASTNAME", "Rehearsal", cdata: true)]),
        Element("LAST_UPDATE", Document.now()), Element("GLOBAL", isGlobal ? "1" : "0"),
      ]
    ).xml(level: 1)
  }

  private static func exported(_ documents: [[UInt8]], as element: String, at path: String) -> [UInt8] {
    let kind = TemplateKind.allCases.first { $0.element == element }?.rawValue ?? ""
    let address = Document.host + (path.hasSuffix("/") ? path : path + "/") + "\(kind)reporttemplate_info.dtd"
    var xml = Array("<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<!DOCTYPE REPORTTEMPLATE SYSTEM \"\(address)\">\n<REPORTTEMPLATE>\n".utf8)
    for document in documents { xml += Array("  ".utf8) + document + ["\n"] }
    return xml + Array("</REPORTTEMPLATE>\n".utf8)
  }

  // MARK: The calls

  private static let format = Rule("report_format", .required, .oneOf(["xml"]))

  private static func export(_ kind: TemplateKind) -> Action {
    Action(name: "export", methods: ["GET"], rules: [format, Rule("template_id", .optional, Check.id)], usual: Action.withoutEcho) {
      call, subscription throws(Refusal) in
      var records = subscription[.reportTemplates].all.filter { !$0.document.isEmpty && Element($0.document).name == kind.element }
      if call["template_id"] != nil { records = [try asked(call, kind, subscription)] }
      return Answer(exported(records.map(\.document), as: kind.element, at: call.path))
    }
  }

  private static func create(_ kind: TemplateKind) -> Action {
    Action(name: "create", rules: [format]) { call, subscription throws(Refusal) in
      let template = try template(in: call, kind, subscription)
      let title = setting("title", of: template, in: "TITLE")
      let isTaken = subscription[.reportTemplates].all.contains { one in
        // Of one that is only listed, the type is all that is known.
        let isSameKind = one.document.isEmpty ? Element(one.xml).value("TEMPLATE_TYPE") == kind.listed : Element(one.document).name == kind.element
        return one.name == title && isSameKind
      }
      if title.isEmpty { throw Refusal.missing("title") }
      if isTaken { throw Refusal.invalid("title", title, "a template of this title is there already") }
      let id = subscription[.reportTemplates].newID()
      let document = printed(template).xml(level: 1)
      subscription[.reportTemplates].put(
        RecordStore.Record(id: id, name: title, xml: entry(id, title, kind, template, user: call.user), document: document))
      subscription[.reportTemplates].isKnown = true
      return success("\(kind.noun) Report Template(s) Created Successfully", id, call)
    }
  }

  private static func update(_ kind: TemplateKind) -> Action {
    Action(name: "update", methods: ["PUT"], rules: [format, Rule("template_id", .required, .integer(1...Check.largestID))]) {
      call, subscription throws(Refusal) in
      var record = try asked(call, kind, subscription)
      let changes = try template(in: call, kind, subscription)
      var whole = Element(record.document)
      for section in changes.children {
        var merged = whole.child(section.name) ?? Element(section.name)
        for setting in section.children {
          let at = merged.children.firstIndex { $0.attribute("key") == setting.attribute("key") }
          if let at { merged.children[at] = setting } else { merged.children.append(setting) }
        }
        whole.set(merged)
      }
      let title = setting("title", of: whole, in: "TITLE")
      record = RecordStore.Record(
        id: record.id, name: title, xml: entry(record.id, title, kind, whole, user: call.user), document: printed(whole).xml(level: 1))
      subscription[.reportTemplates].put(record)
      return success("\(kind.noun) Report Template Updated Successfully", record.id, call)
    }
  }

  private static func delete(_ kind: TemplateKind) -> Action {
    Action(name: "delete", rules: [Rule("template_id", .required, .integer(1...Check.largestID))]) { call, subscription throws(Refusal) in
      let record = try asked(call, kind, subscription)
      subscription[.reportTemplates].remove(record.id)
      return success("\(kind.noun) Report Template(s) Deleted Successfully", record.id, call)
    }
  }

  private static func asked(_ call: Call, _ kind: TemplateKind, _ subscription: Subscription) throws(Refusal) -> RecordStore.Record {
    let id = call["template_id"] ?? ""
    guard let record = Int(id).flatMap({ subscription[.reportTemplates][$0] }), Element(record.document).name == kind.element else {
      throw Refusal.invalid("template_id", id, "No such template ID")
    }
    return record
  }

  /// The second version says it where others have the number of an error, and nothing in TEXT.
  private static func success(_ sentence: String, _ id: Int, _ call: Call) -> Answer {
    if call.version == "2.0" { return Answer(Document.simpleReturn("", code: "\(sentence) [\(id)]", for: call)) }
    return Answer(Document.simpleReturn("\(sentence).", items: [("ID", String(id))], for: call))
  }

  // MARK: Templates

  private static func setting(_ key: String, of template: Element, in section: String) -> String {
    template.child(section)?.children.first { $0.attribute("key") == key }?.text.trimmed ?? ""
  }

  /// As an export has it.
  private static func printed(_ template: Element) -> Element {
    var printed = template
    for section in printed.children.indices {
      for at in printed.children[section].children.indices {
        let key = printed.children[section].children[at].attribute("key") ?? ""
        var text = printed.children[section].children[at].text
        if ["required_services", "unauthorized_services"].contains(key) { text = text.replacing("_", with: " ") }
        printed.children[section].children[at] = Element("INFO", text, attributes: [("key", key)], cdata: true)
      }
      if printed.children[section].name == "TITLE" {
        printed.children[section].children.removeAll { $0.attribute("key") == "owner" }
        printed.children[section].children.append(Element("INFO", "1001", attributes: [("key", "owner")], cdata: true))
      }
    }
    return printed
  }

  /// The template of a request's body.
  private static func template(in call: Call, _ kind: TemplateKind, _ subscription: Subscription) throws(Refusal) -> Element {
    if call.body.isEmpty || call.isForm { throw Refusal.missing("template XML") }
    let cut: SplitDocument
    do throws(Complaint) { cut = try SplitDocument(call.body, records: ["REPORTTEMPLATE/\(kind.element)"]) } catch {
      throw Refusal(1905, "the XML is not valid: \(error.reason)")
    }
    guard cut.root == "REPORTTEMPLATE", cut.records.count == 1 else { throw Refusal(1905, "not a REPORTTEMPLATE with one \(kind.element)") }
    var template = Element(cut.records[0])
    for section in template.children {
      guard let keys = kind.sections[section.name] else { throw Refusal(1905, "\(section.name) is not expected in \(kind.element)") }
      for setting in section.children where setting.name != "INFO" || setting.attribute("key") == nil {
        throw Refusal(1905, "\(setting.name) is not expected in \(section.name)")
      }
      let unknown = section.children.compactMap { $0.attribute("key") }.filter { keys[$0] == nil && !passedOver.contains($0) }
      if !unknown.isEmpty { throw Refusal.unrecognized(unknown) }
      for setting in section.children {
        // What is empty is not set.
        guard let key = setting.attribute("key"), let check = keys[key], !setting.text.trimmed.isEmpty else { continue }
        if let why = check.fault(of: setting.text.trimmed, subscription) { throw Refusal.invalid(key, setting.text, why) }
      }
    }
    try check(template, subscription)
    for at in template.children.indices { template.children[at].children.removeAll { passedOver.contains($0.attribute("key") ?? "") } }
    return template
  }

  private static let passedOver: Set = ["services_info", "id"]

  /// What depends on several settings.
  private static func check(_ template: Element, _ subscription: Subscription) throws(Refusal) {
    func value(_ section: String, _ key: String) -> String { setting(key, of: template, in: section) }
    if value("FILTER", "display_non_running_kernels") == "1", value("FILTER", "exclude_non_running_kernel") == "1" {
      throw Refusal.tooMany(["display_non_running_kernels", "exclude_non_running_kernel"])
    }
    if value("PCIRISKRANKING", "custom_pci_ranking") == "1", value("PCIRISKRANKING", "customized_ranking_comments").isEmpty {
      throw Refusal.missing("customized_ranking_comments")
    }
    let methods = (template.child("FILTER")?.children ?? []).filter { ($0.attribute("key") ?? "").hasPrefix("map_idm_") }
    if !methods.isEmpty, !methods.contains(where: { $0.text.trimmed == "1" }) { throw Refusal.atLeastOne(methods.compactMap { $0.attribute("key") }) }
    if value("TARGET", "selection_type") == "date" {
      let date = value("TARGET", "selection_range")
      let parts = date.split(separator: "-").map { String($0) }
      if parts.count != 3 || !Check.isDate("\(parts[1])/\(parts[2])/\(parts[0])") || date > Document.now().prefix(10) {
        throw Refusal.invalid("selection_range", date, "not a day yyyy-mm-dd up to today")
      }
    }
    for key in ["tag_set_include", "tag_set_exclude"] where !value("TARGET", key).isEmpty {
      let text = value("TARGET", key)
      let tag: Check = value("TARGET", "tag_set_by") == "name" ? .named(.tags, noun: "tag") : .existing(.tags, noun: "tag ID")
      if let why = Check.list(tag).fault(of: text, subscription) { throw Refusal.invalid(key, text, why) }
    }
    let network = value("TARGET", "network")
    if !network.isEmpty, network != "-100", network != "Global Default Network" {
      // The table has names, the printed export a number.
      let known: Check = Check.number(network) == nil ? .named(.networks, noun: "network") : .existing(.networks, noun: "network ID", zero: true)
      if let why = known.fault(of: network, subscription) { throw Refusal.invalid("network", network, why) }
    }
    // A title may have a comma of its own: the whole of it is tried first.
    let groups = value("TARGET", "asset_groups")
    for title in subscription[.assetGroups].contains(name: groups) ? [] : groups.parts where title != "All" {
      if let why = Check.named(.assetGroups, noun: "asset group").fault(of: title, subscription) {
        throw Refusal.invalid("asset_groups", groups, why)
      }
    }
    let users = subscription[.users]
    for login in value("USERACCESS", "report_access_users").parts where users.isKnown {
      if !users.all.contains(where: { $0.xml.child("USER_LOGIN") == login }) { throw Refusal.invalid("report_access_users", login, "no such user") }
    }
  }
}

/// The kinds of templates that calls create.
private enum TemplateKind: String, CaseIterable {
  case scan, pciscan, patch, map

  var element: String { rawValue.uppercased() + "TEMPLATE" }
  var listed: String { self == .map ? "Map" : self == .patch ? "Patch" : "Scan" }
  var noun: String { self == .pciscan ? "PCI Scan" : listed }

  /// What a template may hold.
  var sections: [String: [String: Check]] {
    switch self {
    case .scan: Self.ofScans
    case .pciscan: Self.ofScans.merging(["PCIRISKRANKING": Self.ranking]) { first, _ in first }
    case .patch: Self.ofPatches
    case .map: Self.ofMaps
    }
  }

  private static let title: [String: Check] = ["title": .text(64), "owner": .any]
  private static let access: [String: Check] = ["global": .flag, "report_access_users": .list(.any)]
  private static let footer: [String: Check] = ["display_custom_footer": .flag, "display_custom_footer_text": .text(4000)]
  /// U16 p. 447, 454 and 457: blanks are written as underscores.
  private static let names = Check.list(.matching { $0.contains(" ") ? "a blank is written _" : nil })
  private static let hosts: [String: Check] = [
    "asset_groups": .any, "asset_group_ids": .list(.existing(.assetGroups, noun: "asset group ID")), "network": .any, "ips": .netblocks,
    "tag_set_by": .oneOf(["name", "id"]), "tag_set_include": .any, "tag_set_exclude": .any,
    "tag_include_selector": .oneOf(["ALL", "ANY"]), "tag_exclude_selector": .oneOf(["ALL", "ANY"]),
  ]
  private static let port = Check.list(.integer(0...65535))
  private static let qids = Check.list(.integer(0...Check.largestID))

  private static func flags(_ names: String) -> [String: Check] {
    Dictionary(names.split(separator: " ").map { (String($0), Check.flag) }) { first, _ in first }
  }

  private static func together(_ tables: [String: Check]...) -> [String: Check] { tables.reduce(into: [:]) { $0.merge($1) { first, _ in first } } }

  private static let ofScans: [String: [String: Check]] = [
    "TITLE": title, "USERACCESS": access,
    "TARGET": together(
      hosts, flags("include_trending limit_timeframe"),
      [
        "scan_selection": .oneOf(["HostBased", "ScanBased"]),
        // The table has day, the printed export days.
        "selection_type": .oneOf(["day", "days", "month", "weeks", "date", "none", "scans"]), "selection_range": .any,
        "host_with_cloud_agents": .oneOf(["all", "scan", "agent"]),
      ]),
    "DISPLAY": together(
      footer, ["sort_by": .oneOf(["host", "vuln", "os", "group", "service", "port"]), "cvss": .oneOf(["all", "cvssv2", "cvssv3"])],
      flags(
        "display_text_summary graph_business_risk graph_vuln_over_time graph_status graph_potential_status graph_severity graph_potential_severity "
          + "graph_ig_severity graph_top_categories graph_top_vulns graph_os graph_services graph_top_ports host_details metadata_ec2_instances "
          + "include_text_summary include_vuln_details include_vuln_details_threat include_vuln_details_impact include_vuln_details_solution "
          + "include_vuln_details_vpatch include_vuln_details_compliance include_vuln_details_exploit include_vuln_details_malware "
          + "include_vuln_details_results include_vuln_details_reopened include_vuln_details_appendix exclude_account_id "
          // Younger than the guides.
          + "host_ag_details qualys_system_ids cloud_provider_metadata")),
    "FILTER": together(
      filter, ["included_os": names, "categories_list": names],
      flags(
        "status_new status_active status_reopen status_fixed vuln_active vuln_disabled vuln_ignored potential_active potential_disabled "
          + "potential_ignored ig_active ig_disabled ig_ignored exclude_superceded_patches")),
    "SERVICESPORTS": ["required_services": names, "unauthorized_services": names, "required_ports": port, "unauthorized_ports": port],
  ]

  private static let filter = together(
    ["selective_vulns": .oneOf(["complete", "custom"]), "search_list_ids": qids, "exclude_search_list_ids": qids],
    flags(
      "exclude_qid_option display_non_running_kernels exclude_non_running_kernel exclude_non_running_services "
        + "exclude_qids_not_exploitable_due_to_configuration"))

  private static let ranking: [String: Check] = [
    "custom_pci_ranking": .flag, "customized_ranking_medium_from": .integer(0...10), "customized_ranking_high_from": .integer(0...10),
    "customized_ranking_comments": .text(400), "customized_ranking_qid_searchlist_comments": .any,
  ]

  private static let ofPatches: [String: [String: Check]] = [
    "TITLE": title, "USERACCESS": access, "TARGET": together(hosts, ["patch_evaluation": .oneOf(["qidbased", "classic"])]),
    "DISPLAY": together(
      footer,
      flags("include_table_of_qids_fixed include_patch_links include_patches_from_unspecified_vendors exclude_account_id"),
      [
        "group_by": .oneOf(["HOST", "PATCH", "OS", "AG"]), "patch_severity_by": .oneOf(["assigned", "highest"]),
        "patch_cvss_score_by": .oneOf(["assigned", "highest", "none"]), "cvss": .oneOf(["all", "cvssv2", "cvssv3"]),
      ]),
    "FILTER": together(
      filter, flags("exclude_patch_qid_option"),
      [
        "selective_patches": .oneOf(["complete", "custom"]), "patch_search_list_ids": qids, "exclude_patch_search_list_ids": qids,
        "found_since_days": .oneOf(["7", "30", "90", "365", "NoLimit"]),
      ]),
  ]

  private static let ofMaps: [String: [String: Check]] = [
    "TITLE": together(title, ["global": .flag]), "OPERATINGSYSTEM": ["included_os": names],
    "DISPLAY": together(
      footer, ["map_sort_by": .oneOf(["ipaddress", "dns", "netbios", "router", "operatingsystem"])],
      flags(
        "map_related_info_lastscandate map_related_info_assetgroups map_related_info_authenticationrecords map_related_info_discoverymethod "
          + "map_exclude_account_id")),
    "FILTER": together(
      ["included_os": names, "dns_exclusions": .oneOf(["none", "DNS", "DNS-DNSZone"])],
      flags(
        "map_included_hosttypes_innetblock map_included_hosttypes_scannable map_included_hosttypes_live map_included_hosttypes_approved "
          + "map_included_hosttypes_outofnetblock map_included_hosttypes_notscannable map_included_hosttypes_notlive map_included_hosttypes_rogue "
          + "map_idm_tcp map_idm_udp map_idm_traceroute map_idm_other map_idm_dns map_idm_icmp map_idm_auth map_included_statuses_added "
          + "map_included_statuses_removed map_included_statuses_active")),
  ]
}
