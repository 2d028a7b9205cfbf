import Catalog

extension RehearsedResource {
  static let appliances = RehearsedResource(
    .appliances,
    endpoints: [
      Endpoint(
        path: "/api/*/fo/appliance/",
        actions: [applianceList, applianceCreate, applianceUpdate(isVirtual: true), applianceDelete, assignNetwork]),
      Endpoint(path: "/api/*/fo/appliance/physical/", actions: [applianceUpdate(isVirtual: false)]),
      Endpoint(path: "/api/*/fo/appliance/replace_iscanner/", actions: [applianceReplace]),
    ])

  private static let name = Check.matching { name in
    if name.unicodeScalars.count > 15 { return "longer than 15 characters" }
    return name.contains(where: \.isWhitespace) ? "has a space" : nil
  }
  /// Shown without `output_mode=full`: U16 p. 85. The grammar asks for UUID and RUNNING_SLICES_COUNT, too; the sample is older than these.
  private static let brief: Set<String> = [
    "ID", "UUID", "NAME", "SOFTWARE_VERSION", "RUNNING_SLICES_COUNT", "RUNNING_SCAN_COUNT", "STATUS", "RUNNING_SCANS",
  ]
  /// The order of the grammar, U12 p. 781.
  private static let order = [
    "ID", "UUID", "NAME", "NETWORK_ID", "SOFTWARE_VERSION", "RUNNING_SLICES_COUNT", "RUNNING_SCAN_COUNT", "STATUS", "CMD_ONLY_START",
    "MODEL_NUMBER", "TYPE", "SERIAL_NUMBER", "ACTIVATION_CODE", "INTERFACE_SETTINGS", "PROXY_SETTINGS", "IS_CLOUD_DEPLOYED", "CLOUD_INFO", "VLANS",
    "STATIC_ROUTES", "ML_LATEST", "ML_VERSION", "VULNSIGS_LATEST", "VULNSIGS_VERSION", "ASSET_GROUP_COUNT", "ASSET_GROUP_LIST", "ASSET_TAGS_LIST",
    "LAST_UPDATED_DATE", "POLLING_INTERVAL", "USER_LOGIN", "HEARTBEATS_MISSED", "SS_CONNECTION", "SS_LAST_CONNECTED", "FDCC_ENABLED", "USER_LIST",
    "UPDATED", "COMMENTS", "RUNNING_SCANS", "MAX_CAPACITY_UNITS",
  ]

  private static func keep(_ appliance: Element, _ id: Int, _ subscription: inout Subscription) {
    var appliance = appliance
    appliance.sort(order)
    subscription[.appliances].put(RecordStore.Record(id: id, name: appliance.value("NAME"), xml: appliance.xml(level: 3)))
  }

  /// A UUID that is none of the service's, made of an id.
  static func uuid(of id: Int) -> String {
    let digits = String(id, radix: 16)
    let padded = String(repeating: "0", count: max(0, 16 - digits.utf8.count)) + digits
    return "00000000-0000-4000-\(padded.prefix(4))-\(padded.dropFirst(4))"
  }

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
    var hidden: Set<String> = []
    // The default is to show them.
    if call["show_tags"] == "0" { hidden.insert("ASSET_TAGS_LIST") }
    if !call.isOn("include_cloud_info") { hidden.insert("CLOUD_INFO") }
    if !call.isOn("scan_detail") { hidden.insert("RUNNING_SCANS") }
    let records = subscription[.appliances].all.filter { record in
      if let asked, !asked.contains(record.id) { return false }
      if let part = call["name"], !record.name.contains(part) { return false }
      if let network = call["network_id"], (record.xml.child("NETWORK_ID") ?? "0") != network { return false }
      if let type = call["type"], record.xml.child("TYPE")?.lowercased() != type { return false }
      if let platform = call["platform_provider"],
        !Element(record.xml).descendants("PLATFORM_PROVIDER").contains(where: { $0.text.trimmed == platform })
      {
        return false
      }
      if let scan = call["scan_ref"], !Element(record.xml).descendants("REF").contains(where: { $0.text.trimmed == scan }) { return false }
      if let busy = call["busy"], ((record.xml.child("RUNNING_SCAN_COUNT") ?? "0") != "0") != (busy == "1") { return false }
      return true
    }
    let license =
      call.isOn("include_license_info")
      ? "    <LICENSE_INFO>\n      <QVSA_LICENSES_COUNT>1000</QVSA_LICENSES_COUNT>\n      <QVSA_LICENSES_USED>\(subscription[.appliances].count)</QVSA_LICENSES_USED>\n    </LICENSE_INFO>\n"
      : ""
    return Document.list(
      root: "APPLIANCE_LIST_OUTPUT", dtd: "appliance_list_output.dtd", wrapper: "APPLIANCE_LIST",
      records: records.map { record in record.xml.keeping { !hidden.contains($0) && (isFull || brief.contains($0)) } },
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
    if call["asset_group_id"] != nil { throw Refusal.unsupported(["asset_group_id"], call) }
    let name = call["name"] ?? ""
    if subscription[.appliances].contains(name: name) { throw Refusal.invalid("name", name, "this name is in use") }
    let id = subscription[.appliances].newID()
    // Fourteen digits, as the service gives them; this one opens nothing.
    let code = "2" + String(repeating: "0", count: max(0, 13 - String(id).utf8.count)) + String(id)
    let appliance = Element(
      "APPLIANCE",
      children: [
        Element("ID", String(id)),
        Element("UUID", uuid(of: id)),
        Element("NAME", name), Element("SOFTWARE_VERSION"), Element("RUNNING_SLICES_COUNT", "0"),
        Element("RUNNING_SCAN_COUNT", "0"), Element("STATUS", "Offline"), Element("MODEL_NUMBER", "cvscanner"), Element("TYPE", "Virtual"),
        Element("SERIAL_NUMBER", "0"), Element("ACTIVATION_CODE", code), Element("VLANS", children: [Element("SETTING", "Disabled")]),
        Element("STATIC_ROUTES"), Element("ASSET_GROUP_COUNT", "0"), Element("ASSET_TAGS_LIST"), Element("LAST_UPDATED_DATE", "N/A"),
        Element("POLLING_INTERVAL", (call["polling_interval"] ?? "180") + " seconds"), Element("USER_LOGIN", call.user),
        Element("HEARTBEATS_MISSED", "0"), Element("COMMENTS"),
      ])
    keep(appliance, id, &subscription)
    subscription[.appliances].isKnown = true
    let created = Element(
      "APPLIANCE",
      children: [
        Element("ID", String(id)), Element("FRIENDLY_NAME", name), Element("ACTIVATION_CODE", code),
        Element("REMAINING_QVSA_LICENSES", String(1000 - subscription[.appliances].count)),
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
        Rule("id", .required, .existing(.appliances, noun: "appliance ID")), Rule("name", .optional, name),
        Rule("polling_interval", .optional, .integer(60...3600)), Rule("comment"),
        Rule("set_vlans", .optional, .matching { entriesFault($0, address: 1, mask: 2, name: 3, isVLAN: true) }),
        Rule("set_routes", .optional, .matching { entriesFault($0, address: 0, mask: 1, name: 3, isVLAN: false) }),
        Rule("set_tags"), Rule("add_tags"), Rule("remove_tags"), Rule("tag_set_by", .optional, .oneOf(["id", "name"])),
      ] + (isVirtual ? [Rule("enable_ipv6", .optional, .flag)] : []),
      combinations: [.exclusive(["set_tags", "add_tags"]), .exclusive(["set_tags", "remove_tags"])]
    ) { call, subscription throws(Refusal) in
      guard let id = call["id"].flatMap({ Int($0) }), let old = subscription[.appliances][id] else {
        throw Refusal.invalid("id", call["id"] ?? "", "No such appliance ID")
      }
      var appliance = Element(old.xml)
      // Each address takes its own kind: U16 p. 91, 95.
      let isPhysical = appliance.value("TYPE").lowercased() == "physical"
      if isVirtual == isPhysical, appliance.child("TYPE") != nil {
        throw Refusal.invalid("id", String(id), "not a \(isVirtual ? "virtual" : "physical") scanner")
      }
      if let name = call["name"] {
        if name != old.name, subscription[.appliances].contains(name: name) { throw Refusal.invalid("name", name, "this name is in use") }
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
      keep(appliance, id, &subscription)
      return Answer(
        Document.simpleReturn("\(isVirtual ? "Virtual" : "Physical") scanner updated successfully", items: [("ID", String(id))], for: call))
    }
  }

  private static func setTags(_ call: Call, _ appliance: inout Element, _ subscription: Subscription) throws(Refusal) {
    func names(_ parameter: String) throws(Refusal) -> [String] {
      var names: [String] = []
      for tag in (call[parameter] ?? "").parts {
        if call["tag_set_by"] == "name" {
          if subscription[.tags].isKnown, !subscription[.tags].contains(name: tag) { throw Refusal.invalid(parameter, tag, "No such tag") }
          names.append(tag)
        } else {
          guard let id = Check.number(tag) else { throw Refusal.invalid(parameter, tag, "not an id") }
          if subscription[.tags].isKnown, subscription[.tags][id] == nil { throw Refusal.invalid(parameter, tag, "No such tag") }
          names.append(subscription[.tags][id]?.name ?? tag)
        }
      }
      return names
    }
    guard call["set_tags"] != nil || call["add_tags"] != nil || call["remove_tags"] != nil else { return }
    var tags = call["set_tags"] != nil ? [] : appliance.descendants("ASSET_TAG").map { $0.value("NAME") }
    let removed = try names("remove_tags")
    tags.removeAll { removed.contains($0) }
    for name in try names("set_tags") + names("add_tags") where !tags.contains(name) { tags.append(name) }
    let listed = tags.map { name in
      let id = subscription[.tags].named(name)?.id ?? Check.number(name) ?? 0
      return Element("ASSET_TAG", children: [Element("UUID", uuid(of: id)), Element("NAME", name, cdata: true)])
    }
    appliance.set(Element("ASSET_TAGS_LIST", children: listed))
  }

  // MARK: Taking away

  private static let applianceDelete = Action(
    name: "delete", rules: [Rule("id", .required, .existing(.appliances, noun: "appliance ID"))]
  ) { call, subscription throws(Refusal) in
    guard let id = call["id"].flatMap({ Int($0) }), let old = subscription[.appliances][id] else {
      throw Refusal.invalid("id", call["id"] ?? "", "No such appliance ID")
    }
    let appliance = Element(old.xml)
    if !["", "virtual"].contains(appliance.value("TYPE").lowercased()) { throw Refusal.invalid("id", String(id), "not a virtual scanner") }
    if !["", "0"].contains(appliance.value("RUNNING_SCAN_COUNT")) { throw Refusal.invalid("id", String(id), "the scanner is running scans") }
    subscription[.appliances].remove(id)
    let stopped = deactivate(&subscription) { $0.value("ISCANNER_NAME").parts.contains(old.name) }
    let groups = replaceInGroups(id, with: nil, &subscription)
    leaveNetworks(id, &subscription)
    func list(_ names: [String]) -> String { names.isEmpty ? "None" : names.joined(separator: ", ") }
    return Answer(
      Document.simpleReturn(
        "Virtual scanner deleted successfully",
        items: [("ID", String(id)), ("DEACTIVATED_SCHEDULED_SCANS", list(stopped)), ("AFFECTED_ASSET_GROUPS", list(groups))], for: call))
  }

  /// Stops the schedules that fit, and gives their titles.
  static func deactivate(_ subscription: inout Subscription, where fits: (Element) -> Bool) -> [String] {
    change(&subscription) { scan in
      guard fits(scan) else { return false }
      scan.set(Element("ACTIVE", "0"))
      return true
    }
  }

  /// Changes schedules of both kinds, and gives the titles of those that were.
  private static func change(_ subscription: inout Subscription, _ body: (inout Element) -> Bool) -> [String] {
    var titles: [String] = []
    for store in [Resource.schedules, .pcSchedules] {
      for record in subscription[store].all {
        var scan = Element(record.xml)
        guard body(&scan) else { continue }
        titles.append(record.name)
        subscription[store].put(RecordStore.Record(id: record.id, name: record.name, xml: scan.xml(level: 3)))
      }
    }
    return titles
  }

  /// Puts another appliance in the place of one, or none, in all groups, and gives their titles.
  private static func replaceInGroups(_ id: Int, with other: Int?, _ subscription: inout Subscription) -> [String] {
    var titles: [String] = []
    for record in subscription[.assetGroups].all {
      var group = Element(record.xml)
      let ids = group.value("APPLIANCE_IDS").parts
      let isDefault = group.value("DEFAULT_APPLIANCE_ID") == String(id)
      guard ids.contains(String(id)) || isDefault else { continue }
      var kept: [String] = []
      for one in ids.compactMap({ $0 == String(id) ? other.map { String($0) } : $0 }) where !kept.contains(one) { kept.append(one) }
      if kept.isEmpty { group.remove("APPLIANCE_IDS") } else { group.set(Element("APPLIANCE_IDS", kept.joined(separator: ", "))) }
      if isDefault {
        if let other { group.set(Element("DEFAULT_APPLIANCE_ID", String(other))) } else { group.remove("DEFAULT_APPLIANCE_ID") }
      }
      titles.append(record.name)
      subscription[.assetGroups].put(RecordStore.Record(id: record.id, name: record.name, xml: group.xml(level: 3)))
    }
    return titles
  }

  private static func leaveNetworks(_ id: Int, _ subscription: inout Subscription) {
    for record in subscription[.networks].all {
      var network = Element(record.xml)
      guard var list = network.child("SCANNER_APPLIANCE_LIST"), list.children.contains(where: { $0.value("ID") == String(id) }) else { continue }
      list.children.removeAll { $0.value("ID") == String(id) }
      if list.children.isEmpty { network.remove("SCANNER_APPLIANCE_LIST") } else { network.set(list) }
      subscription[.networks].put(RecordStore.Record(id: record.id, name: record.name, xml: network.xml(level: 3)))
    }
  }

  /// U16 p. 98. No grammar of its answer was published, only a sample, which was asked for with GET.
  private static let applianceReplace = Action(
    name: "replace", methods: ["GET", "POST"],
    rules: [
      Rule("old_scanner_name", .required, .named(.appliances, noun: "scanner")),
      Rule("new_scanner_name", .required, .named(.appliances, noun: "scanner")),
      Rule("do_not_copy_settings", .optional, .flag), Rule("do_not_remove_new_scanner_from_objects", .optional, .flag),
    ]
  ) { call, subscription throws(Refusal) in
    guard let old = subscription[.appliances].named(call["old_scanner_name"] ?? "") else {
      throw Refusal.invalid("old_scanner_name", call["old_scanner_name"] ?? "", "No such scanner")
    }
    guard let new = subscription[.appliances].named(call["new_scanner_name"] ?? ""), new.id != old.id else {
      throw Refusal.invalid("new_scanner_name", call["new_scanner_name"] ?? "", "No such scanner")
    }
    var settings = Element(new.xml)
    let before = Element(old.xml)
    if (before.child("NETWORK_ID")?.text.trimmed ?? "0") != (settings.child("NETWORK_ID")?.text.trimmed ?? "0") {
      throw Refusal.invalid("new_scanner_name", new.name, "the scanners are in different networks")
    }
    if !call.isOn("do_not_remove_new_scanner_from_objects") {
      _ = replaceInGroups(new.id, with: nil, &subscription)
      _ = rename(new.name, to: nil, &subscription)
    }
    var copied = ""
    var (scans, groups): ([String], [String]) = ([], [])
    if !call.isOn("do_not_copy_settings") {
      for name in ["POLLING_INTERVAL", "VLANS", "STATIC_ROUTES"] { if let setting = before.child(name) { settings.set(setting) } }
      copied = "POLLING_INTERVAL: \(settings.value("POLLING_INTERVAL").prefix { $0.isNumber }), HEARTBEAT: 1"
      keep(settings, new.id, &subscription)
      scans = rename(old.name, to: new.name, &subscription)
      groups = replaceInGroups(old.id, with: new.id, &subscription)
    }
    let address = "\(Document.host)\(call.path)\(call.path.hasSuffix("/") ? "" : "/")replace_iscanner_output.dtd"
    var xml = "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<!DOCTYPE SCANNER_REPLACE_OUTPUT SYSTEM \"\(address)\">\n<SCANNER_REPLACE_OUTPUT>\n"
    xml += "\(Document.echo(call))  <RESPONSE>\n    <DATETIME>\(Document.now())</DATETIME>\n"
    for (name, text) in [
      ("NEW_SETTINGS", copied), ("SCHEDULED_SCANS", scans.joined(separator: ", ")), ("ASSET_GROUPS", groups.joined(separator: ", ")),
      ("SUCCESS", "Scanner Appliance replaced successfully."),
    ] {
      xml += "    <\(name)>\(Document.escaped(text))</\(name)>\n"
    }
    return Answer(Array((xml + "  </RESPONSE>\n</SCANNER_REPLACE_OUTPUT>\n").utf8))
  }

  /// Puts another scanner's name in the place of one, or none, in all schedules, and gives their titles.
  private static func rename(_ name: String, to other: String?, _ subscription: inout Subscription) -> [String] {
    change(&subscription) { scan in
      let names = scan.value("ISCANNER_NAME").parts
      guard names.contains(name) else { return false }
      var kept: [String] = []
      for one in names.compactMap({ $0 == name ? other : $0 }) where !kept.contains(one) { kept.append(one) }
      if kept.isEmpty { kept = ["External Scanner"] }
      scan.set(Element("ISCANNER_NAME", kept.joined(separator: ", "), cdata: true))
      return true
    }
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
      Rule("appliance_id", .required, .existing(.appliances, noun: "appliance ID")),
      Rule("network_id", .required, .existing(.networks, noun: "network ID", zero: true)),
    ]
  ) { call, subscription throws(Refusal) in
    guard let id = call["appliance_id"].flatMap({ Int($0) }), let network = call["network_id"].flatMap({ Int($0) }) else {
      throw Refusal.missing("appliance_id", "network_id")
    }
    if let old = subscription[.appliances][id] {
      var appliance = Element(old.xml)
      appliance.set(Element("NETWORK_ID", String(network)))
      keep(appliance, id, &subscription)
    }
    leaveNetworks(id, &subscription)
    if let record = subscription[.networks][network] {
      var element = Element(record.xml)
      var list = element.child("SCANNER_APPLIANCE_LIST") ?? Element("SCANNER_APPLIANCE_LIST")
      let name = subscription[.appliances][id]?.name ?? "scanner\(id)"
      list.children.append(Element("SCANNER_APPLIANCE", children: [Element("ID", String(id)), Element("FRIENDLY_NAME", name, cdata: true)]))
      element.set(list)
      subscription[.networks].put(RecordStore.Record(id: record.id, name: record.name, xml: element.xml(level: 3)))
    }
    return Answer(Document.simpleReturn("Success: Network ID=[\(network)] assigned to Appliance with ID=[\(id)]", for: call))
  }
}
