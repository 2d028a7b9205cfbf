import Markup

extension Resource {
  static let appliances = Resource(
    name: "appliances", noun: "appliance", roots: ["APPLIANCE_LIST_OUTPUT"], records: ["APPLIANCE_LIST/APPLIANCE"],
    endpoints: [
      Endpoint(
        path: "/api/*/fo/appliance/", actions: [applianceList, applianceCreate, applianceUpdate(isVirtual: true), assignNetwork]),
      Endpoint(path: "/api/*/fo/appliance/physical/", actions: [applianceUpdate(isVirtual: false)]),
    ])

  private static let name = Check.matching { name in
    if name.unicodeScalars.count > 15 { return "longer than 15 characters" }
    return name.contains(where: \.isWhitespace) ? "has a space" : nil
  }
  /// Shown with `output_mode=full` only.
  private static let full: Set<String> = ["VLANS", "STATIC_ROUTES", "POLLING_INTERVAL"]

  private static let applianceList = Action(
    name: "list", methods: ["GET", "POST"],
    rules: [
      Rule("output_mode", .optional, .oneOf(["brief", "full"])), Rule("ids", .optional, .ids), Rule("name"),
      Rule("type", .optional, .oneOf(["physical", "virtual", "containerized", "offline"])), Rule("busy", .optional, .flag), Rule("scan_ref"),
      Rule("platform_provider", .optional, .oneOf(["ec2", "ec2_compat", "gce", "azure", "vCenter"])), Rule("scan_detail", .optional, .flag),
      Rule("show_tags", .optional, .flag), Rule("include_cloud_info", .optional, .flag), Rule("include_license_info", .optional, .flag),
      Rule("network_id", .optional, .integer(0...Int.max)),
    ],
    combinations: [.only(["type", "show_tags", "include_cloud_info"], with: "output_mode", is: ["full"], standard: "brief")]
  ) { call, subscription throws(Refusal) in
    let asked = call["ids"].flatMap { IDSet($0) }
    let isFull = call["output_mode"] == "full"
    var hidden = isFull ? [] : full
    if !call.isOn("show_tags") { hidden.insert("ASSET_TAGS_LIST") }
    if !call.isOn("include_cloud_info") { hidden.insert("CLOUD_INFO") }
    let records = subscription["appliances"].all.filter { record in
      if let asked, !asked.contains(record.id) { return false }
      if let part = call["name"], !record.name.contains(part) { return false }
      if let network = call["network_id"], (record.xml.child("NETWORK_ID") ?? "0") != network { return false }
      if let type = call["type"], record.xml.child("TYPE")?.lowercased() != type { return false }
      if let busy = call["busy"], ((record.xml.child("RUNNING_SCAN_COUNT") ?? "0") != "0") != (busy == "1") { return false }
      return true
    }
    let license =
      call.isOn("include_license_info")
      ? "    <LICENSE_INFO>\n      <QVSA_LICENSES_COUNT>1000</QVSA_LICENSES_COUNT>\n      <QVSA_LICENSES_USED>\(subscription["appliances"].count)</QVSA_LICENSES_USED>\n    </LICENSE_INFO>\n"
      : ""
    return Document.list(
      root: "APPLIANCE_LIST_OUTPUT", dtd: "appliance_list_output.dtd", wrapper: "APPLIANCE_LIST", records: records.map { $0.xml.without(hidden) },
      behind: license, for: call)
  }

  private static let applianceCreate = Action(
    name: "create",
    rules: [
      Rule("name", .required, name), Rule("polling_interval", .optional, .integer(60...3600)),
      Rule("asset_group_id", .optional, .integer(1...Int.max)),
    ]
  ) { call, subscription throws(Refusal) in
    // The rehearsal's user is a Manager.
    if call["asset_group_id"] != nil { throw Refusal(1907, "asset_group_id cannot be specified by a Manager") }
    let name = call["name"] ?? ""
    if subscription["appliances"].contains(name: name) { throw Refusal.invalid("name", name, "this name is in use") }
    let id = subscription["appliances"].newID()
    // Fourteen digits, as the service gives them; this one opens nothing.
    let code = "2" + String(repeating: "0", count: max(0, 13 - String(id).utf8.count)) + String(id)
    let appliance = Element(
      "APPLIANCE",
      children: [
        Element("ID", String(id)),
        Element("UUID", "00000000-0000-4000-8000-" + String(repeating: "0", count: max(0, 12 - String(id).utf8.count)) + String(id)),
        Element("NAME", name), Element("SOFTWARE_VERSION"), Element("RUNNING_SLICES_COUNT", "0"),
        Element("RUNNING_SCAN_COUNT", "0"), Element("STATUS", "Offline"), Element("MODEL_NUMBER", "cvscanner"), Element("TYPE", "Virtual"),
        Element("SERIAL_NUMBER", "0"), Element("ACTIVATION_CODE", code), Element("VLANS", children: [Element("SETTING", "Disabled")]),
        Element("STATIC_ROUTES"), Element("ASSET_GROUP_COUNT", "0"), Element("ASSET_TAGS_LIST"), Element("LAST_UPDATED_DATE", "N/A"),
        Element("POLLING_INTERVAL", (call["polling_interval"] ?? "180") + " seconds"), Element("USER_LOGIN", call.user),
        Element("HEARTBEATS_MISSED", "0"), Element("COMMENTS"),
      ])
    subscription["appliances"].put(Shelf.Record(id: id, name: name, xml: appliance.xml(level: 3)))
    subscription["appliances"].isKnown = true
    let created = Element(
      "APPLIANCE",
      children: [
        Element("ID", String(id)), Element("FRIENDLY_NAME", name), Element("ACTIVATION_CODE", code),
        Element("REMAINING_QVSA_LICENSES", String(1000 - subscription["appliances"].count)),
      ])
    var xml =
      "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<!DOCTYPE APPLIANCE_CREATE_OUTPUT SYSTEM \"\(Document.host)\(call.path)appliance_create_output.dtd\">\n"
    xml += "<APPLIANCE_CREATE_OUTPUT>\n\(Document.echo(call))  <RESPONSE>\n    <DATETIME>\(Document.now())</DATETIME>\n    "
    return Answer(Array(xml.utf8) + created.xml(level: 2) + Array("\n  </RESPONSE>\n</APPLIANCE_CREATE_OUTPUT>\n".utf8))
  }

  private static func applianceUpdate(isVirtual: Bool) -> Action {
    Action(
      name: "update",
      rules: [
        Rule("id", .required, .existing("appliances", noun: "appliance ID")), Rule("name", .optional, name),
        Rule("polling_interval", .optional, .integer(60...3600)), Rule("comment"),
        Rule("set_vlans", .optional, .matching { entriesFault($0, address: 1, mask: 2, name: 3, isVLAN: true) }),
        Rule("set_routes", .optional, .matching { entriesFault($0, address: 0, mask: 1, name: 3, isVLAN: false) }),
        Rule("set_tags"), Rule("add_tags"), Rule("remove_tags"), Rule("tag_set_by", .optional, .oneOf(["id", "name"])),
      ] + (isVirtual ? [Rule("enable_ipv6", .optional, .flag)] : []),
      combinations: [.exclusive(["set_tags", "add_tags"]), .exclusive(["set_tags", "remove_tags"])]
    ) { call, subscription throws(Refusal) in
      guard let id = call["id"].flatMap({ Int($0) }), let old = subscription["appliances"][id] else {
        throw Refusal.invalid("id", call["id"] ?? "", "No such appliance ID")
      }
      var appliance = Element(old.xml)
      if let name = call["name"] {
        if name != old.name, subscription["appliances"].contains(name: name) { throw Refusal.invalid("name", name, "this name is in use") }
        appliance.set(Element("NAME", name))
      }
      if let interval = call["polling_interval"] { appliance.set(Element("POLLING_INTERVAL", interval + " seconds")) }
      if let comment = call["comment"] { appliance.set(Element("COMMENTS", comment, cdata: true)) }
      if let vlans = call["set_vlans"] {
        let entries = vlans.split(separator: ",").map { entry in
          let fields = Self.fields(String(entry), 6)
          return Element(
            "VLAN",
            children: [
              Element("ID", fields[0]), Element("NAME", fields[3], cdata: true), Element("IP_ADDRESS", fields[1]), Element("NETMASK", fields[2]),
            ])
        }
        appliance.set(Element("VLANS", children: [Element("SETTING", entries.isEmpty ? "Disabled" : "Enabled")] + entries))
      }
      if let routes = call["set_routes"] {
        let entries = routes.split(separator: ",").map { entry in
          let fields = Self.fields(String(entry), 6)
          return Element(
            "ROUTE",
            children: [
              Element("NAME", fields[3], cdata: true), Element("IP_ADDRESS", fields[0]), Element("NETMASK", fields[1]), Element("GATEWAY", fields[2]),
            ])
        }
        appliance.set(Element("STATIC_ROUTES", children: entries))
      }
      try setTags(call, &appliance, subscription)
      subscription["appliances"].put(Shelf.Record(id: id, name: appliance.value("NAME"), xml: appliance.xml(level: 3)))
      return Answer(Document.simpleReturn("Virtual scanner updated successfully", items: [("ID", String(id))], for: call))
    }
  }

  private static func setTags(_ call: Call, _ appliance: inout Element, _ subscription: Subscription) throws(Refusal) {
    func names(_ parameter: String) throws(Refusal) -> [String] {
      var names: [String] = []
      for tag in (call[parameter] ?? "").parts {
        if call["tag_set_by"] == "name" {
          if subscription["tags"].isKnown, !subscription["tags"].contains(name: tag) { throw Refusal.invalid(parameter, tag, "No such tag") }
          names.append(tag)
        } else {
          guard let id = Check.number(tag) else { throw Refusal.invalid(parameter, tag, "not an id") }
          if subscription["tags"].isKnown, subscription["tags"][id] == nil { throw Refusal.invalid(parameter, tag, "No such tag") }
          names.append(subscription["tags"][id]?.name ?? tag)
        }
      }
      return names
    }
    guard call["set_tags"] != nil || call["add_tags"] != nil || call["remove_tags"] != nil else { return }
    var tags = call["set_tags"] != nil ? [] : appliance.descendants("ASSET_TAG").map { $0.value("NAME") }
    let removed = try names("remove_tags")
    tags.removeAll { removed.contains($0) }
    for name in try names("set_tags") + names("add_tags") where !tags.contains(name) { tags.append(name) }
    appliance.set(Element("ASSET_TAGS_LIST", children: tags.map { Element("ASSET_TAG", children: [Element("NAME", $0, cdata: true)]) }))
  }

  private static func fields(_ entry: String, _ count: Int) -> [String] {
    let fields = entry.split(separator: "|", omittingEmptySubsequences: false).map { $0.trimmed }
    return fields + Array(repeating: "", count: max(0, count - fields.count))
  }

  private static func entriesFault(_ value: String, address: Int, mask: Int, name: Int, isVLAN: Bool) -> String? {
    for entry in value.split(separator: ",") {
      let raw = entry.split(separator: "|", omittingEmptySubsequences: false)
      if raw.count > 6 { return "more than six fields: \(entry)" }
      let fields = fields(String(entry), 6)
      if isVLAN {
        guard let id = Check.number(fields[0]), (0...4096).contains(id) else { return "not a VLAN id from 0 to 4096: \(fields[0])" }
        if fields[4] == "ipv6_auto", !fields[5].isEmpty { return "an IPv6 address with ipv6_auto" }
      }
      for at in isVLAN ? [address, mask] : [address, mask, 2] where !fields[at].isEmpty {
        guard let range = Addresses.range(fields[at]), range.count == 1 else { return "not an IP address: \(fields[at])" }
      }
      if fields[name].utf8.count > 256 || fields[name].utf8.contains(where: { $0 > 0x7F || "<>\"&=".utf8.contains($0) }) {
        return "not a name: \(fields[name])"
      }
    }
    return nil
  }

  private static let assignNetwork = Action(
    name: "assign_network_id",
    rules: [
      Rule("appliance_id", .required, .existing("appliances", noun: "appliance ID")),
      Rule("network_id", .required, .existing("networks", noun: "network ID", zero: true)),
    ]
  ) { call, subscription throws(Refusal) in
    guard let id = call["appliance_id"].flatMap({ Int($0) }), let network = call["network_id"].flatMap({ Int($0) }) else {
      throw Refusal.missing("appliance_id", "network_id")
    }
    if let old = subscription["appliances"][id] {
      var appliance = Element(old.xml)
      appliance.set(Element("NETWORK_ID", String(network)))
      subscription["appliances"].put(Shelf.Record(id: id, name: old.name, xml: appliance.xml(level: 3)))
    }
    for other in subscription["networks"].all {
      var element = Element(other.xml)
      var list = element.child("SCANNER_APPLIANCE_LIST") ?? Element("SCANNER_APPLIANCE_LIST")
      let isHere = list.children.contains { $0.value("ID") == String(id) }
      if isHere == (other.id == network) { continue }
      if isHere {
        list.children.removeAll { $0.value("ID") == String(id) }
      } else {
        list.children.append(Element("SCANNER_APPLIANCE", children: [Element("ID", String(id))]))
      }
      element.set(list)
      subscription["networks"].put(Shelf.Record(id: other.id, name: other.name, xml: element.xml(level: 3)))
    }
    return Answer(Document.simpleReturn("Success: Network ID=[\(network)] assigned to Appliance with ID=[\(id)]", for: call))
  }
}
