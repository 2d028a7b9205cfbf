import Markup

extension Resource {
  static let assetGroups = Resource(
    name: "asset-groups", noun: "asset group", roots: ["ASSET_GROUP_LIST_OUTPUT"], records: ["ASSET_GROUP_LIST/ASSET_GROUP"], keys: ("ID", "TITLE"),
    endpoints: [Endpoint(path: "/api/*/fo/asset/group/", actions: [groupList, groupAdd])])

  /// The elements that an attribute of `show_attributes` stands for. The id is always shown.
  private static let attributes: [String: [String]] = [
    "ID": ["ID"], "TITLE": ["TITLE"], "OWNER_USER_NAME": ["OWNER_USER_NAME"], "OWNER_USER_ID": ["OWNER_USER_ID", "OWNER_ID"],
    "OWNER_UNIT_ID": ["OWNER_UNIT_ID", "UNIT_ID"], "NETWORK_IDS": ["NETWORK_IDS", "NETWORK_ID"], "LAST_UPDATE": ["LAST_UPDATE"], "IP_SET": ["IP_SET"],
    "APPLIANCE_LIST": ["APPLIANCE_IDS", "DEFAULT_APPLIANCE_ID"], "DOMAIN_LIST": ["DOMAIN_LIST"], "DNS_LIST": ["DNS_LIST"],
    "NETBIOS_LIST": ["NETBIOS_LIST"], "EC2_ID_LIST": ["EC2_ID_LIST", "EC2_IDS"], "HOST_IDS": ["HOST_IDS"],
    "ASSIGNED_USER_IDS": ["ASSIGNED_USER_IDS"], "ASSIGNED_UNIT_IDS": ["ASSIGNED_UNIT_IDS"], "BUSINESS_IMPACT": ["BUSINESS_IMPACT"],
    "CVSS": ["CVSS_ENVIRO_CDP", "CVSS_ENVIRO_TD", "CVSS_ENVIRO_CR", "CVSS_ENVIRO_IR", "CVSS_ENVIRO_AR"], "COMMENTS": ["COMMENTS"],
  ]

  private static let groupList = Action(
    name: "list", methods: ["GET", "POST"],
    rules: [
      Rule("ids", .optional, .ids), Rule("id_min", .optional, .integer(0...Int.max)), Rule("id_max", .optional, .integer(0...Int.max)), Rule("title"),
      Rule("network_ids", .optional, .ids), Rule("unit_id", .optional, .integer(0...Int.max)), Rule("user_id", .optional, .integer(0...Int.max)),
      Rule(
        "show_attributes", .optional,
        .matching { value in
          if value == "None" || value == "ALL" { return nil }
          return value.parts.first { attributes[$0] == nil }.map { "no such attribute: \($0)" }
        }),
      Rule("truncation_limit", .optional, .integer(0...1_000_000)), Rule("output_format", .optional, .oneOf(["xml", "csv"])),
    ]
  ) { call, subscription throws(Refusal) in
    if call["output_format"] == "csv" { throw Refusal(1905, "parameter output_format has invalid value: csv (not rehearsed)") }
    let ids = call["ids"].flatMap { IDSet($0) }
    let networks = call["network_ids"].flatMap { IDSet($0) }
    let top = call["id_max"].flatMap { Int($0) } ?? Int.max
    var limit = call["truncation_limit"].flatMap { Int($0) } ?? 1000
    if limit == 0 { limit = Int.max }
    if let page = subscription.pageSize { limit = min(limit, page) }
    let (records, next) = page(of: subscription["asset-groups"], from: call["id_min"].flatMap { Int($0) } ?? 0, limit: limit) { record in
      if record.id > top { return false }
      if let ids, !ids.contains(record.id) { return false }
      if let title = call["title"], record.name != title { return false }
      if let networks {
        let own = (record.xml.child("NETWORK_ID") ?? record.xml.child("NETWORK_IDS") ?? "0").parts.compactMap { Int($0) }
        if !own.contains(where: { networks.contains($0) }) { return false }
      }
      if let unit = call["unit_id"], (record.xml.child("OWNER_UNIT_ID") ?? record.xml.child("UNIT_ID")) != unit { return false }
      if let user = call["user_id"], (record.xml.child("OWNER_USER_ID") ?? record.xml.child("OWNER_ID")) != user { return false }
      return true
    }
    let more = next.map { Document.warning(limit: limit, nextID: String($0), for: call) } ?? ""
    let (root, dtd) = ("ASSET_GROUP_LIST_OUTPUT", "asset_group_list_output.dtd")
    let shown = call["show_attributes"] ?? "ALL"
    if shown == "None" {
      let ids = records.isEmpty ? "" : idSet(records.map(\.id))
      return Document.list(root: root, dtd: dtd, wrapper: "", records: [], behind: ids + more, for: call)
    }
    let elements = Set(shown.parts.flatMap { attributes[$0] ?? [] } + ["ID"])
    let bodies = records.map { record in shown == "ALL" ? record.xml : record.xml.keeping { elements.contains($0) } }
    return Document.list(root: root, dtd: dtd, wrapper: "ASSET_GROUP_LIST", records: bodies, behind: more, for: call)
  }

  private static let groupAdd = Action(
    name: "add",
    rules: [
      Rule("title", .required, .text(255)), Rule("network_id", .optional, .existing("networks", noun: "network ID", zero: true)),
      Rule("ips", .optional, .addresses), Rule("appliance_ids", .optional, .list(.existing("appliances", noun: "appliance ID"))),
      Rule("default_appliance_id", .optional, .existing("appliances", noun: "appliance ID")), Rule("domains", .optional, .matching(domainFault)),
      Rule("dns_names"), Rule("netbios_names"), Rule("comments", .optional, .text(255)), Rule("division", .optional, .text(64)),
      Rule("function", .optional, .text(64)), Rule("location", .optional, .text(64)),
      Rule("business_impact", .optional, .oneOf(["critical", "high", "medium", "low", "none"])),
      Rule("cvss_enviro_cdp", .optional, .oneOf(["high", "medium-high", "low-medium", "low", "none"])),
      Rule("cvss_enviro_td", .optional, .oneOf(["high", "medium", "low", "none"])),
      Rule("cvss_enviro_cr", .optional, .oneOf(["high", "medium", "low"])), Rule("cvss_enviro_ir", .optional, .oneOf(["high", "medium", "low"])),
      Rule("cvss_enviro_ar", .optional, .oneOf(["high", "medium", "low"])),
    ]
  ) { call, subscription throws(Refusal) in
    let title = (call["title"] ?? "").trimmed
    if title == "All" { throw Refusal.invalid("title", title, "this title is reserved") }
    if subscription["asset-groups"].contains(name: title) { throw Refusal.invalid("title", title, "an asset group with this title exists") }
    let id = subscription["asset-groups"].newID()
    let network = call["network_id"] ?? "0"
    var group = Element(
      "ASSET_GROUP",
      children: [
        Element("ID", String(id)), Element("TITLE", title, cdata: true), Element("OWNER_USER_ID", "1"), Element("OWNER_UNIT_ID", "0"),
        Element("NETWORK_ID", network), Element("LAST_UPDATE", Document.now()),
        Element("BUSINESS_IMPACT", (call["business_impact"] ?? "medium").capitalisedFirst),
      ])
    for field in ["cdp", "td", "cr", "ir", "ar"] {
      let value = call["cvss_enviro_\(field)"].map { $0.split(separator: "-").map { String($0).capitalisedFirst }.joined(separator: "-") }
      group.children.append(Element("CVSS_ENVIRO_" + field.uppercased(), value ?? "Not Defined"))
    }
    if let appliance = call["default_appliance_id"] { group.children.append(Element("DEFAULT_APPLIANCE_ID", appliance)) }
    // The default is one of the group's.
    let appliances = (call["appliance_ids"] ?? call["default_appliance_id"] ?? "").parts
    if !appliances.isEmpty { group.children.append(Element("APPLIANCE_IDS", appliances.joined(separator: ", "))) }
    let addresses = Addresses.merged(call["ips"] ?? "").map { range in
      let (low, high) = (Addresses.text(range.lowerBound), Addresses.text(range.upperBound))
      return low == high ? Element("IP", low) : Element("IP_RANGE", low + "-" + high)
    }
    if !addresses.isEmpty { group.children.append(Element("IP_SET", children: addresses)) }
    let domains = domainParts(call["domains"] ?? "").map { domain in
      Element(
        "DOMAIN", domain.name,
        attributes: [("network_id", network), ("netblock", domain.netblock.parts.joined(separator: ", "))], cdata: true)
    }
    if !domains.isEmpty { group.children.append(Element("DOMAIN_LIST", children: domains)) }
    for (parameter, element) in [("dns_names", "DNS"), ("netbios_names", "NETBIOS")] {
      let names = (call[parameter] ?? "").parts.map { Element(element, $0, attributes: [("network_id", network)], cdata: true) }
      if !names.isEmpty { group.children.append(Element(element + "_LIST", children: names)) }
    }
    if let comments = call["comments"], !comments.isEmpty { group.children.append(Element("COMMENTS", comments, cdata: true)) }
    // Division, function and location are taken, and never listed.
    subscription["asset-groups"].put(Shelf.Record(id: id, name: title, xml: group.xml(level: 3)))
    subscription["asset-groups"].isKnown = true
    return Answer(Document.simpleReturn("Asset Group successfully added.", items: [("ID", String(id))], for: call))
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
