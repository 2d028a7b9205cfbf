import Catalog

extension RehearsedResource {
  static let appliances = RehearsedResource(
    .appliances,
    endpoints: [
      Endpoint(
        path: "/api/*/fo/appliance/",
        actions: [applianceList(["GET", "POST"]), applianceCreate(.virtual), applianceUpdate(.virtual), applianceDelete(.virtual), assignNetwork]),
      Endpoint(path: "/api/*/fo/appliance/physical/", actions: [applianceUpdate(.physical)]),
      // In neither guide: what clients and the manual's later editions say of it.
      Endpoint(
        path: "/api/*/fo/appliance/qcss/",
        actions: [
          applianceList(["POST"], of: "containerized"), applianceCreate(.containerized), applianceUpdate(.containerized),
          applianceDelete(.containerized),
        ]),
      Endpoint(path: "/api/*/fo/appliance/replace_iscanner/", actions: [applianceReplace]),
    ],
    learn: { values, subscription in
      guard let count = values["QVSA_LICENSES_COUNT"].flatMap({ Int($0) }), let used = values["QVSA_LICENSES_USED"].flatMap({ Int($0) }) else {
        return
      }
      subscription.scannerLicenses = (count, used)
    },
    behind: licenseInfo)

  /// Each has an address of its own, and what is of another type is none of its own: U16 p. 91, 95.
  private enum ApplianceType: String {
    case virtual = "Virtual"
    case physical = "Physical"
    case containerized = "Containerized"

    /// 15 characters, U16 p. 90; a containerized one has 32. No spaces.
    var name: Check {
      let limit = self == .containerized ? 32 : 15
      return .matching { name in
        if name.isEmpty { return "empty" }
        if name.unicodeScalars.count > limit { return "longer than \(limit) characters" }
        return name.contains(where: \.isWhitespace) ? "has a space" : nil
      }
    }

    /// Errors: `Refusal` for one that says that it is of another type.
    func check(_ appliance: Element, _ id: Int) throws(Refusal) {
      let type = appliance.value("TYPE").lowercased()
      if !type.isEmpty, type != rawValue.lowercased() { throw Refusal.invalid("id", String(id), "not a \(rawValue.lowercased()) scanner") }
    }
  }

  /// How many licences for virtual scanners are used. Where no list has said so: as many as there are of those that are not somewhere in a rack.
  private static func usedLicenses(_ subscription: Subscription) -> Int {
    if let used = subscription.scannerLicenses.used { return used }
    return subscription[.appliances].all.count { !["physical", "offline"].contains($0.xml.child("TYPE")?.lowercased() ?? "") }
  }

  @Sendable private static func licenseInfo(_ subscription: Subscription) -> String {
    let (count, used) = (subscription.scannerLicenses.count, usedLicenses(subscription))
    return
      "    <LICENSE_INFO>\n      <QVSA_LICENSES_COUNT>\(count)</QVSA_LICENSES_COUNT>\n      <QVSA_LICENSES_USED>\(used)</QVSA_LICENSES_USED>\n    </LICENSE_INFO>\n"
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

  /// - Parameter own: the only type that is listed, if not all are.
  private static func applianceList(_ methods: [String], of own: String? = nil) -> Action {
    Action(
      name: "list", methods: methods,
      rules: [
        Rule("output_mode", .optional, .oneOf(["brief", "full"])), Rule("ids", .optional, .list(Check.id)), Rule("name"),
        // Containerized ones are younger than the guides.
        Rule("type", .optional, .oneOf(["physical", "virtual", "containerized", "offline"])), Rule("busy", .optional, .flag), Rule("scan_ref"),
        Rule("platform_provider", .optional, .oneOf(["ec2", "ec2_compat", "gce", "azure", "vCenter"])), Rule("scan_detail", .optional, .flag),
        Rule("show_tags", .optional, .flag), Rule("include_cloud_info", .optional, .flag), Rule("include_license_info", .optional, .flag),
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
        if let own, record.xml.child("TYPE")?.lowercased() != own { return false }
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
      return Document.list(
        root: "APPLIANCE_LIST_OUTPUT", dtd: "appliance_list_output.dtd", wrapper: "APPLIANCE_LIST",
        records: records.map { record in record.xml.keeping { !hidden.contains($0) && (isFull || brief.contains($0)) } },
        behind: call.isOn("include_license_info") ? licenseInfo(subscription) : "", for: call)
    }
  }

  private static func applianceCreate(_ type: ApplianceType) -> Action {
    Action(
      name: "create",
      rules: [
        Rule("name", .required, type.name), Rule("polling_interval", .optional, .integer(60...3600)),
        Rule("asset_group_id", .optional, .integer(1...Int.max)),
      ]
    ) { call, subscription throws(Refusal) in
      // The rehearsal's user is a Manager.
      if call["asset_group_id"] != nil { throw Refusal.unsupported(["asset_group_id"], call) }
      let name = call["name"] ?? ""
      if subscription[.appliances].contains(name: name) { throw Refusal.invalid("name", name, "this name is in use") }
      let used = usedLicenses(subscription)
      // No source has the number of this error.
      guard used < subscription.scannerLicenses.count else { throw Refusal.invalid("name", name, "no virtual scanner license is left") }
      let id = subscription[.appliances].newID()
      // Fourteen digits, as the service gives them; this one opens nothing.
      let code = "2" + String(repeating: "0", count: max(0, 13 - String(id).utf8.count)) + String(id)
      let appliance = Element(
        "APPLIANCE",
        children: [
          Element("ID", String(id)),
          Element("UUID", uuid(of: id)),
          Element("NAME", name), Element("SOFTWARE_VERSION"), Element("RUNNING_SLICES_COUNT", "0"),
          Element("RUNNING_SCAN_COUNT", "0"), Element("STATUS", "Offline"), Element("MODEL_NUMBER", "cvscanner"), Element("TYPE", type.rawValue),
          Element("SERIAL_NUMBER", "0"), Element("ACTIVATION_CODE", code), Element("VLANS", children: [Element("SETTING", "Disabled")]),
          Element("STATIC_ROUTES"), Element("ASSET_GROUP_COUNT", "0"), Element("ASSET_TAGS_LIST"), Element("LAST_UPDATED_DATE", "N/A"),
          Element("POLLING_INTERVAL", (call["polling_interval"] ?? "180") + " seconds"), Element("USER_LOGIN", call.user),
          Element("HEARTBEATS_MISSED", "0"), Element("COMMENTS"),
        ])
      keep(appliance, id, &subscription)
      subscription[.appliances].isKnown = true
      if subscription.scannerLicenses.used != nil { subscription.scannerLicenses.used = used + 1 }
      let created = Element(
        "APPLIANCE",
        children: [
          Element("ID", String(id)), Element("FRIENDLY_NAME", name), Element("ACTIVATION_CODE", code),
          Element("REMAINING_QVSA_LICENSES", String(max(0, subscription.scannerLicenses.count - used - 1))),
        ])
      var xml =
        "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<!DOCTYPE APPLIANCE_CREATE_OUTPUT SYSTEM \"\(Document.host)\(call.path)appliance_create_output.dtd\">\n"
      xml += "<APPLIANCE_CREATE_OUTPUT>\n\(Document.echo(call))  <RESPONSE>\n    <DATETIME>\(Document.now())</DATETIME>\n    "
      return Answer(Array(xml.utf8) + created.xml(level: 2) + Array("\n  </RESPONSE>\n</APPLIANCE_CREATE_OUTPUT>\n".utf8))
    }
  }

  private static func applianceUpdate(_ type: ApplianceType) -> Action {
    Action(
      name: "update",
      rules: [
        Rule("id", .required, .existing(.appliances, noun: "appliance ID")), Rule("name", .optional, type.name),
        Rule("polling_interval", .optional, .integer(60...3600)), Rule("comment"),
        Rule("set_tags"), Rule("add_tags"), Rule("remove_tags"), Rule("tag_set_by", .optional, .oneOf(["id", "name"])),
      ]
        + (type == .containerized
          ? [] : [Rule("set_vlans", .optional, .matching(vlansFault)), Rule("set_routes", .optional, .matching(routesFault))])
        + (type == .physical ? [] : [Rule("enable_ipv6", .optional, .flag)]),
      combinations: [.exclusive(["set_tags", "add_tags"]), .exclusive(["set_tags", "remove_tags"])]
    ) { call, subscription throws(Refusal) in
      guard let id = call["id"].flatMap({ Int($0) }), let old = subscription[.appliances][id] else {
        throw Refusal.invalid("id", call["id"] ?? "", "No such appliance ID")
      }
      var appliance = Element(old.xml)
      try type.check(appliance, id)
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
        Document.simpleReturn("\(type.rawValue) scanner updated successfully", items: [("ID", String(id))], for: call))
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

  private static func applianceDelete(_ type: ApplianceType) -> Action {
    Action(
      name: "delete", rules: [Rule("id", .required, .existing(.appliances, noun: "appliance ID"))]
    ) { call, subscription throws(Refusal) in
      guard let id = call["id"].flatMap({ Int($0) }), let old = subscription[.appliances][id] else {
        throw Refusal.invalid("id", call["id"] ?? "", "No such appliance ID")
      }
      let appliance = Element(old.xml)
      try type.check(appliance, id)
      if !["", "0"].contains(appliance.value("RUNNING_SCAN_COUNT")) { throw Refusal.invalid("id", String(id), "the scanner is running scans") }
      subscription[.appliances].remove(id)
      if let used = subscription.scannerLicenses.used { subscription.scannerLicenses.used = max(0, used - 1) }
      let stopped = deactivate(&subscription) { $0.value("ISCANNER_NAME").parts.contains(old.name) }
      let groups = replaceInGroups(id, with: nil, &subscription)
      leaveNetworks(id, &subscription)
      func list(_ names: [String]) -> String { names.isEmpty ? "None" : names.joined(separator: ", ") }
      return Answer(
        Document.simpleReturn(
          "\(type.rawValue) scanner deleted successfully",
          items: [("ID", String(id)), ("DEACTIVATED_SCHEDULED_SCANS", list(stopped)), ("AFFECTED_ASSET_GROUPS", list(groups))], for: call))
    }
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
    if [before, settings].contains(where: { !["", "0"].contains($0.value("RUNNING_SCAN_COUNT")) }) {
      throw Refusal.invalid("old_scanner_name", old.name, "a scanner is running scans")
    }
    let isCloud = [before, settings].map { scanner in scanner.descendants("PLATFORM_PROVIDER").contains { $0.text.trimmed.lowercased() == "ec2" } }
    if isCloud[0], !isCloud[1] { throw Refusal.invalid("new_scanner_name", new.name, "an EC2 scanner is replaced by another one alone") }
    if isCloud[0], call["do_not_remove_new_scanner_from_objects"] != nil {
      throw Refusal.unsupported(["do_not_remove_new_scanner_from_objects"], call)
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

  /// U16 p. 100: `ID|IPv4_ADDRESS|NETMASK|NAME|ipv6_static or ipv6_auto|IPv6_ADDRESS`. What stands behind the last that is given may be missing.
  @Sendable private static func vlansFault(_ value: String) -> String? {
    entriesFault(value) { fields in
      guard let id = Check.number(fields[0]), (0...4096).contains(id) else { return "not a VLAN id from 0 to 4096: \(fields[0])" }
      if let fault = addressFault(fields[1]) ?? maskFault(fields[2]) ?? nameFault(fields[3]) { return fault }
      switch fields[4] {
      case "": if !fields[5].isEmpty { return "neither ipv6_static nor ipv6_auto" }
      case "ipv6_static": if !isIPv6(fields[5]) { return "not an IPv6 address: \(fields[5])" }
      case "ipv6_auto": if !fields[5].isEmpty { return "an IPv6 address with ipv6_auto" }
      default: return "neither ipv6_static nor ipv6_auto: \(fields[4])"
      }
      // They are empty for IPv6.
      if fields[1].isEmpty != fields[2].isEmpty { return "an address without a netmask, or a netmask without an address" }
      return fields[1].isEmpty && fields[4].isEmpty ? "neither an IPv4 address nor IPv6" : nil
    }
  }

  /// U16 p. 102: `IPv4_ADDRESS|NETMASK|IPv4_GATEWAY|NAME|IPv6_ADDRESS|IPv6_GATEWAY`. The sample has a route without a netmask.
  @Sendable private static func routesFault(_ value: String) -> String? {
    entriesFault(value) { fields in
      if let fault = addressFault(fields[0]) ?? maskFault(fields[1]) ?? addressFault(fields[2]) ?? nameFault(fields[3]) { return fault }
      for (at, text) in [(4, String(fields[4].prefix { $0 != "/" })), (5, fields[5])] where !fields[at].isEmpty && !isIPv6(text) {
        return "not an IPv6 address: \(fields[at])"
      }
      if fields[0].isEmpty != fields[2].isEmpty || fields[4].isEmpty != fields[5].isEmpty {
        return "an address without a gateway, or a gateway alone"
      }
      return fields[0].isEmpty && fields[4].isEmpty ? "neither an IPv4 address nor IPv6" : nil
    }
  }

  private static func entriesFault(_ value: String, _ fault: ([String]) -> String?) -> String? {
    // An empty value takes all of them away.
    if value.isEmpty { return nil }
    for entry in value.split(separator: ",", omittingEmptySubsequences: false) {
      let fields = entry.split(separator: "|", omittingEmptySubsequences: false).map { $0.trimmed }
      if fields.count > 6 { return "more than six fields: \(entry)" }
      if let fault = fault(fields + Array(repeating: "", count: 6 - fields.count)) { return fault }
    }
    return nil
  }

  private static func addressFault(_ text: String) -> String? {
    text.isEmpty || !text.contains("-") && Addresses.range(text) != nil ? nil : "not an IP address: \(text)"
  }

  private static func maskFault(_ text: String) -> String? {
    if let fault = addressFault(text) { return fault }
    guard let mask = Addresses.range(text)?.lowerBound else { return nil }
    return mask.leadingZeroBitCount == 0 && (~mask).nonzeroBitCount == mask.trailingZeroBitCount || mask == 0 ? nil : "not a netmask: \(text)"
  }

  private static func nameFault(_ text: String) -> String? {
    text.utf8.count > 256 || text.utf8.contains(where: { $0 > 0x7F || "<>\"&=".utf8.contains($0) }) ? "not a name: \(text)" : nil
  }

  private static func isIPv6(_ text: String) -> Bool {
    text.contains(":") && text.utf8.allSatisfy { "0123456789abcdefABCDEF:.".utf8.contains($0) }
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
