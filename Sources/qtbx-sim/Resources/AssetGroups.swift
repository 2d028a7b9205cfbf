import Catalog

extension RehearsedResource {
  static let assetGroups = RehearsedResource(
    .assetGroups, endpoints: [Endpoint(path: "/api/*/fo/asset/group/", actions: [groupList, groupAdd, groupEdit, groupDelete])])

  /// The elements that an attribute of `show_attributes` stands for. The id is always shown. OWNER, USER_IDS and UNIT_IDS are the names of
  /// U16 p. 355, those with a word more are younger.
  private static let attributes: [String: [String]] = [
    "OWNER": ["OWNER_USER_ID", "OWNER_ID", "OWNER_UNIT_ID", "UNIT_ID"], "USER_IDS": ["ASSIGNED_USER_IDS"], "UNIT_IDS": ["ASSIGNED_UNIT_IDS"],
    "ID": ["ID"], "TITLE": ["TITLE"], "OWNER_USER_NAME": ["OWNER_USER_NAME"], "OWNER_USER_ID": ["OWNER_USER_ID", "OWNER_ID"],
    "OWNER_UNIT_ID": ["OWNER_UNIT_ID", "UNIT_ID"], "NETWORK_IDS": ["NETWORK_IDS", "NETWORK_ID"], "LAST_UPDATE": ["LAST_UPDATE"], "IP_SET": ["IP_SET"],
    "APPLIANCE_LIST": ["APPLIANCE_IDS", "DEFAULT_APPLIANCE_ID"], "DOMAIN_LIST": ["DOMAIN_LIST"], "DNS_LIST": ["DNS_LIST"],
    "NETBIOS_LIST": ["NETBIOS_LIST"], "EC2_ID_LIST": ["EC2_IDS", "EC2_ID_LIST"], "HOST_IDS": ["HOST_IDS"],
    "ASSIGNED_USER_IDS": ["ASSIGNED_USER_IDS"], "ASSIGNED_UNIT_IDS": ["ASSIGNED_UNIT_IDS"], "BUSINESS_IMPACT": ["BUSINESS_IMPACT"],
    "CVSS": ["CVSS_ENVIRO_CDP", "CVSS_ENVIRO_TD", "CVSS_ENVIRO_CR", "CVSS_ENVIRO_IR", "CVSS_ENVIRO_AR"], "COMMENTS": ["COMMENTS"],
  ]

  /// What is shown if no attributes are asked for, with the names that the samples have there: U16 p. 355, U12 p. 238. The grammar does not
  /// declare OWNER_ID and UNIT_ID.
  private static let few: Set<String> = [
    "ID", "TITLE", "OWNER_USER_ID", "OWNER_UNIT_ID", "OWNER_ID", "UNIT_ID", "NETWORK_ID", "NETWORK_IDS", "IP_SET",
  ]

  private static let groupList = Action(
    name: "list", methods: ["GET", "POST"],
    rules: [
      // No ranges: the guides name them where there are such.
      Rule("ids", .optional, .list(Check.id)), Rule("id_min", .optional, .integer(0...Int.max)), Rule("id_max", .optional, .integer(0...Int.max)),
      Rule("title"), Rule("network_ids", .optional, .list(.existing(.networks, noun: "network ID", zero: true))),
      Rule("unit_id", .optional, .integer(0...Int.max)), Rule("user_id", .optional, .integer(0...Int.max)),
      Rule(
        "show_attributes", .optional,
        .matching { value in
          if value == "None" || value == "ALL" || value == "All" { return nil }
          if value.parts.isEmpty { return "an empty list" }
          return value.parts.first { attributes[$0] == nil }.map { "no such attribute: \($0)" }
        }),
      Rule("truncation_limit", .optional, .integer(0...1_000_000)),
      // Both guides call it required, and no request that they print has it: U16 p. 354-356, U12 p. 237-240.
      Rule("output_format", .optional, .matching { $0 == "xml" ? nil : $0 == "csv" ? "not rehearsed" : "must be one of: csv, xml" }),
    ]
  ) { call, subscription throws(Refusal) in
    let ids = AskedIDs(call)
    let asked = call["network_ids"].flatMap { IDSet($0) }
    let limit = pageLimit(call, subscription)
    let (records, next) = page(of: subscription[.assetGroups], from: ids.first, limit: limit) { record in
      func number(_ names: String...) -> Int? { names.lazy.compactMap { record.xml.child($0) }.first.flatMap { Int($0) } }
      guard ids.contains(record.id) else { return false }
      if let title = call["title"], record.name != title { return false }
      if let asked, !networks(of: record).contains(where: { asked.contains($0) }) { return false }
      if let unit = call["unit_id"], number("OWNER_UNIT_ID", "UNIT_ID") != Int(unit) { return false }
      if let user = call["user_id"], number("OWNER_USER_ID", "OWNER_ID") != Int(user) { return false }
      return true
    }
    let more = next.map { Document.warning(limit: limit, nextID: String($0), for: call) } ?? ""
    let (root, dtd) = ("ASSET_GROUP_LIST_OUTPUT", "asset_group_list_output.dtd")
    let shown = call["show_attributes"] ?? ""
    let isWhole = shown.uppercased() == "ALL"
    if shown == "None" {
      let ids = records.isEmpty ? "" : idSet(records.map(\.id))
      return Document.list(root: root, dtd: dtd, wrapper: "", records: [], behind: ids + more, for: call)
    }
    let elements = Set(shown.parts.flatMap { attributes[$0] ?? [] } + ["ID"])
    let bodies = records.map { record in
      if call["show_attributes"] == nil {
        return record.xml.keeping { few.contains($0) }.renaming(["OWNER_USER_ID": "OWNER_ID", "OWNER_UNIT_ID": "UNIT_ID"])
      }
      return isWhole ? record.xml : record.xml.keeping { elements.contains($0) }
    }
    return Document.list(root: root, dtd: dtd, wrapper: "ASSET_GROUP_LIST", records: bodies, behind: more, for: call)
  }

  private static func networks(of group: RecordStore.Record) -> [Int] {
    (group.xml.child("NETWORK_ID") ?? group.xml.child("NETWORK_IDS") ?? "0").parts.compactMap { Int($0) }
  }

  /// Asset groups by which other lists are filtered: U16 p. 309, 337, U12 p. 171, 207.
  static let groupRules = [Rule("ag_ids", .optional, .ids), Rule("ag_titles", .optional, .list(.any))]

  /// The groups that a call names, for each of the two parameters that it has: by their ids, and by a part of their titles.
  ///
  /// Errors: `Refusal` for one that is not there.
  static func askedGroups(_ call: Call, _ subscription: borrowing Subscription) throws(Refusal) -> [[RecordStore.Record]] {
    var asked: [[RecordStore.Record]] = []
    for name in groupRules.map(\.name) {
      guard let value = call[name] else { continue }
      if !subscription[.assetGroups].isKnown { throw Refusal.invalid(name, value, "the rehearsal has no asset groups: load a list") }
      let all = subscription[.assetGroups].all
      var groups: [RecordStore.Record] = []
      for part in value.parts {
        let ids = name == "ag_ids" ? IDSet(part) : nil
        let found = all.filter { group in ids.map { $0.contains(group.id) } ?? group.name.contains(part) }
        if found.isEmpty { throw Refusal.invalid(name, part, "No such asset group") }
        groups += found
      }
      asked.append(groups)
    }
    return asked
  }

  /// Whether of each of some choices a group has an address of a network.
  static func hold(_ choices: [[RecordStore.Record]], _ range: ClosedRange<UInt32>, in network: Int) -> Bool {
    choices.allSatisfy { groups in
      groups.contains { group in
        guard networks(of: group).contains(network) else { return false }
        return (Element(group.xml).child("IP_SET")?.children ?? []).compactMap { Addresses.range($0.text.trimmed) }.contains { $0.overlaps(range) }
      }
    }
  }

  private static let impact = Check.oneOf(["critical", "high", "medium", "low", "none"])
  /// What a group is given one by one, as adding and editing name it.
  private static let plain: [Rule] =
    [
      Rule("comments", .optional, .text(255)), Rule("division", .optional, .text(64)), Rule("function", .optional, .text(64)),
      Rule("location", .optional, .text(64)), Rule("business_impact", .optional, impact),
      Rule("default_appliance_id", .optional, .existing(.appliances, noun: "appliance ID")),
      Rule("cvss_enviro_cdp", .optional, .oneOf(["high", "medium-high", "low-medium", "low", "none"])),
      Rule("cvss_enviro_td", .optional, .oneOf(["high", "medium", "low", "none"])),
    ] + ["cr", "ir", "ar"].map { Rule("cvss_enviro_" + $0, .optional, .oneOf(["high", "medium", "low"])) }
  private static let lists: [Rule] = [
    // A sample adds a netblock: U16 p. 357.
    Rule("ips", .optional, .netblocks), Rule("appliance_ids", .optional, .list(.existing(.appliances, noun: "appliance ID"))),
    Rule("domains", .optional, .matching(domainFault)), Rule("dns_names"), Rule("netbios_names"),
  ]
  /// The order in which a list shows a group's elements.
  private static let order =
    ["ID", "TITLE", "OWNER_USER_ID", "OWNER_UNIT_ID", "NETWORK_ID", "NETWORK_IDS", "LAST_UPDATE", "BUSINESS_IMPACT"]
    + ["CDP", "TD", "CR", "IR", "AR"].map { "CVSS_ENVIRO_" + $0 }
    + [
      "DEFAULT_APPLIANCE_ID", "APPLIANCE_IDS", "IP_SET", "DOMAIN_LIST", "DNS_LIST", "NETBIOS_LIST", "HOST_IDS", "EC2_IDS", "EC2_ID_LIST",
      "ASSIGNED_USER_IDS", "ASSIGNED_UNIT_IDS", "COMMENTS", "OWNER_USER_NAME",
    ]

  private static let groupAdd = Action(
    name: "add",
    rules: [Rule("title", .required, .text(255)), Rule("network_id", .optional, .existing(.networks, noun: "network ID", zero: true))] + lists
      + plain
  ) { call, subscription throws(Refusal) in
    let title = call["title"] ?? ""
    try checkTitle("title", title, subscription)
    let id = subscription[.assetGroups].newID()
    var group = Element(
      "ASSET_GROUP",
      children: [
        Element("ID", String(id)), Element("TITLE", title, cdata: true), Element("OWNER_USER_ID", "1"),
        Element("OWNER_UNIT_ID", "0"),
        Element("NETWORK_ID", call["network_id"] ?? "0"), Element("BUSINESS_IMPACT", "Medium"),
      ] + ["CDP", "TD", "CR", "IR", "AR"].map { Element("CVSS_ENVIRO_" + $0, "Not Defined") })
    set(plain.map(\.name), of: &group) { call[$0] }
    // The default is one of the group's.
    set(lists.map(\.name), of: &group) { call[$0] ?? ($0 == "appliance_ids" ? call["default_appliance_id"] : nil) }
    keep(group, &subscription)
    subscription[.assetGroups].isKnown = true
    return Answer(Document.simpleReturn("Asset Group successfully added.", items: [("ID", String(id))], for: call))
  }

  private static let groupEdit = Action(
    name: "edit",
    rules: [Rule("id", .required, .existing(.assetGroups, noun: "asset group ID")), Rule("set_title", .optional, .text(255))]
      + plain.map { Rule("set_" + $0.name, .optional, $0.name == "comments" ? $0.check : .emptyOr($0.check)) }
      + lists.flatMap { [Rule("set_" + $0.name, .optional, .emptyOr($0.check)), Rule("add_" + $0.name, .optional, $0.check)] }
      + lists.map { Rule("remove_" + $0.name, .optional, $0.check) }
  ) { call, subscription throws(Refusal) in
    let old = try group(call, subscription)
    var group = Element(old.xml)
    if let title = call["set_title"] {
      if title.trimmed.isEmpty { throw Refusal.invalid("set_title", "", "empty") }
      if title != old.name { try checkTitle("set_title", title, subscription) }
      group.set(Element("TITLE", title, cdata: true))
    }
    set(plain.map(\.name), of: &group) { call["set_" + $0] }
    let before = group
    set(lists.map(\.name), of: &group) { name in
      let (added, removed) = (call["add_" + name], call["remove_" + name])
      if added == nil, removed == nil { return call["set_" + name] }
      let present = call["set_" + name] ?? listed(name, in: before)
      return name == "ips"
        ? Addresses.list(present + "," + (added ?? ""), without: removed ?? "") : joined(present, added ?? "", without: removed ?? "")
    }
    keep(group, &subscription)
    return Answer(Document.simpleReturn("Asset Group Updated Successfully", items: [("ID", String(old.id))], for: call))
  }

  private static let groupDelete = Action(
    name: "delete", rules: [Rule("id", .required, .existing(.assetGroups, noun: "asset group ID"))]
  ) { call, subscription throws(Refusal) in
    let old = try group(call, subscription)
    if old.name == "All" { throw Refusal.invalid("id", String(old.id), "this group is in every subscription") }
    subscription[.assetGroups].remove(old.id)
    follow(group: old.id, nil, &subscription)
    leavePolicies(old.id, &subscription)
    // Scans that it was a target of do not run any more.
    _ = deactivate(&subscription) { scan in scan.descendants("ASSET_GROUP_TITLE").contains { $0.text.trimmed == old.name } }
    return Answer(Document.simpleReturn("Asset Group Deleted Successfully", items: [("ID", String(old.id))], for: call))
  }

  private static func group(_ call: Call, _ subscription: borrowing Subscription) throws(Refusal) -> RecordStore.Record {
    guard let id = call["id"].flatMap({ Int($0) }), let group = subscription[.assetGroups][id] else {
      throw Refusal.invalid("id", call["id"] ?? "", "No such asset group ID")
    }
    return group
  }

  private static func checkTitle(_ parameter: String, _ title: String, _ subscription: borrowing Subscription) throws(Refusal) {
    if title.trimmed == "All" { throw Refusal.invalid(parameter, title, "this title is reserved") }
    if subscription[.assetGroups].contains(name: title) { throw Refusal.invalid(parameter, title, "an asset group with this title exists") }
  }

  private static func keep(_ group: Element, _ subscription: inout Subscription) {
    var group = group
    group.set(Element("LAST_UPDATE", Document.now()))
    group.sort(order)
    let (id, title) = (Int(group.value("ID")) ?? 0, group.text("TITLE"))
    subscription[.assetGroups].put(RecordStore.Record(id: id, name: title, xml: group.xml(level: 3)))
    follow(group: id, title, &subscription)
  }

  /// Puts what parameters say where the list shows it; nil leaves it, an empty value takes it away.
  /// Division, function and location are taken, and never listed.
  private static func set(_ parameters: [String], of group: inout Element, to value: (String) -> String?) {
    let network = group.value("NETWORK_ID").isEmpty ? "0" : group.value("NETWORK_ID")
    for parameter in parameters {
      guard let value = value(parameter), let name = elements[parameter] else { continue }
      var element = Element(name)
      switch parameter {
      case "comments": element = Element(name, value, cdata: true)
      case "business_impact": element.text = value.capitalisedFirst
      case "default_appliance_id": element.text = value
      case "appliance_ids": element.text = value.parts.joined(separator: ", ")
      case "ips":
        element.children = Addresses.merged(value).map { range in
          let (low, high) = (Addresses.text(range.lowerBound), Addresses.text(range.upperBound))
          return low == high ? Element("IP", low) : Element("IP_RANGE", low + "-" + high)
        }
      case "domains":
        element.children = domainParts(value).map { domain in
          let netblock = domain.netblock.parts.joined(separator: ", ")
          return Element("DOMAIN", domain.name, attributes: [("network_id", network), ("netblock", netblock)], cdata: true)
        }
      case "dns_names", "netbios_names":
        let item = parameter == "dns_names" ? "DNS" : "NETBIOS"
        element.children = value.parts.map { Element(item, $0, attributes: [("network_id", network)], cdata: true) }
      default: element.text = value.split(separator: "-").map { String($0).capitalisedFirst }.joined(separator: "-")
      }
      if element.children.isEmpty, element.text.isEmpty { group.remove(name) } else { group.set(element) }
    }
  }

  private static let elements = [
    "comments": "COMMENTS", "business_impact": "BUSINESS_IMPACT", "default_appliance_id": "DEFAULT_APPLIANCE_ID", "appliance_ids": "APPLIANCE_IDS",
    "ips": "IP_SET", "domains": "DOMAIN_LIST", "dns_names": "DNS_LIST", "netbios_names": "NETBIOS_LIST", "cvss_enviro_cdp": "CVSS_ENVIRO_CDP",
    "cvss_enviro_td": "CVSS_ENVIRO_TD", "cvss_enviro_cr": "CVSS_ENVIRO_CR", "cvss_enviro_ir": "CVSS_ENVIRO_IR", "cvss_enviro_ar": "CVSS_ENVIRO_AR",
  ]

  /// What a group has of a list, as a parameter says it.
  private static func listed(_ parameter: String, in group: Element) -> String {
    guard let element = elements[parameter].flatMap({ group.child($0) }) else { return "" }
    if parameter == "appliance_ids" { return element.text }
    return element.children.map { item in
      let netblock = item.attribute("netblock") ?? ""
      return item.text.trimmed + (netblock.isEmpty ? "" : ":[\(netblock)]")
    }.joined(separator: ",")
  }

  /// A list with others added and removed; a domain is known by its name alone.
  private static func joined(_ list: String, _ added: String, without removed: String) -> String {
    let gone = Set(domainParts(removed).map(\.name))
    let new = domainParts(added)
    let names = gone.union(new.map(\.name))
    return (domainParts(list).filter { !names.contains($0.name) } + new.filter { !gone.contains($0.name) })
      .map { $0.netblock.isEmpty ? $0.name : "\($0.name):[\($0.netblock)]" }.joined(separator: ",")
  }

  /// `a.example,b.example:[10.0.0.1-10.0.0.9, 10.0.1.7]`: a comma within brackets does not separate.
  private static func domainParts(_ text: String) -> [(name: String, netblock: String)] {
    var parts: [(name: String, netblock: String)] = []
    var part = ""
    var depth = 0
    for character in text + "," {
      if character == "[" { depth += 1 }
      if character == "]" { depth -= 1 }
      guard character == ",", depth <= 0 else {
        part.append(character)
        continue
      }
      let whole = part.trimmed
      part = ""
      if whole.isEmpty { continue }
      if let colon = whole.firstIndex(of: ":") {
        let netblock = whole[whole.index(after: colon)...]
        parts.append((whole[..<colon].trimmed, netblock.hasPrefix("[") && netblock.hasSuffix("]") ? netblock.dropFirst().dropLast().trimmed : "?"))
      } else {
        parts.append((whole, ""))
      }
    }
    return parts
  }

  private static func domainFault(_ value: String) -> String? {
    let parts = domainParts(value)
    if parts.isEmpty { return "an empty list" }
    for part in parts {
      if part.name.isEmpty || part.name.contains(where: { $0.isWhitespace || $0 == "[" || $0 == "]" }) { return "not a domain: \(part.name)" }
      for block in part.netblock.parts where Addresses.range(block) == nil { return "not a netblock: \(block)" }
    }
    return nil
  }
}

extension String {
  var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}
