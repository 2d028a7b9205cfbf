import Catalog

/// Lists of addresses and of names.
extension RehearsedResource {
  /// Hosts that are never scanned: U16 p. 336-346.
  static let excludedHosts: RehearsedResource = RehearsedResource(
    .excludedHosts, noun: "excluded entry", wrapper: "IP_SET",
    dtd: "ip_list_output.dtd", address: "/asset/excluded_ip/",
    endpoints: [
      Endpoint(
        path: "/api/*/fo/asset/excluded_ip/",
        actions: [
          Action(
            name: "list", methods: ["GET", "POST"],
            rules: [
              Rule("ips", .optional, .addresses), Rule("network_id", .optional, .list(.existing(.networks, noun: "network ID", zero: true))),
            ] + groupRules + tagRules, combinations: [.exclusive(groupRules.map(\.name))]
          ) { call, subscription throws(Refusal) in
            let groups = try askedGroups(call, subscription)
            let asked = call["ips"].map { Addresses.merged($0) }
            let networks = call["network_id"].flatMap { IDSet($0) }
            let records = subscription[.excludedHosts].all.map(\.xml).filter { record in
              let entry = Element(record)
              let own = Check.number(network(of: entry)) ?? 0
              if let networks, !networks.contains(own) { return false }
              guard let range = Addresses.range(entry.text.trimmed) else { return asked == nil && groups.isEmpty }
              if !hold(groups, range, in: own) { return false }
              return asked?.contains { $0.overlaps(range) } ?? true
            }
            return excludedHosts.list(records, subscription, for: call)
          },
          Action(
            name: "add",
            rules: changeRules(.required) + [
              Rule("expiry_days", .optional, .integer(1...36_500)),
              Rule("dg_names", .optional, .matching { $0.parts.count > 15 ? "more than 15 distribution groups" : nil }),
            ]
          ) { call, subscription throws(Refusal) in exclude(call, &subscription) },
          Action(name: "remove", rules: changeRules(.required)) { call, subscription throws(Refusal) in
            include(call["ips"] ?? "", call, &subscription)
          },
          Action(name: "remove_all", rules: changeRules(nil)) { call, subscription throws(Refusal) in
            include("0.0.0.0-255.255.255.255", call, &subscription)
          },
        ])
    ])

  private static func changeRules(_ ips: Rule.Presence?) -> [Rule] {
    (ips.map { [Rule("ips", $0, .addresses)] } ?? [])
      + [Rule("comment", .required, .text(1024)), Rule("network_id", .optional, .existing(.networks, noun: "network ID", zero: true))]
  }

  /// What names no network is in the default one.
  private static func network(of entry: Element) -> String { entry.attribute("network_id") ?? "0" }

  /// The entries of the network that a call is about.
  private static func entries(_ call: Call, _ subscription: borrowing Subscription) -> [(id: Int, entry: Element)] {
    subscription[.excludedHosts].all.map { ($0.id, Element($0.xml)) }.filter { network(of: $0.1) == call["network_id"] ?? "0" }
  }

  private static func element(_ range: ClosedRange<UInt32>, _ attributes: [(name: String, value: String)] = []) -> Element {
    Element(range.count == 1 ? "IP" : "IP_RANGE", Addresses.text(range), attributes: attributes)
  }

  private static func put(_ ranges: [ClosedRange<UInt32>], _ attributes: [(name: String, value: String)], _ subscription: inout Subscription) {
    for range in ranges {
      let id = subscription[.excludedHosts].newID()
      subscription[.excludedHosts].put(RecordStore.Record(id: id, name: "", xml: element(range, attributes).xml()))
    }
    subscription[.excludedHosts].isKnown = true
  }

  /// What is there stays as it is, for as long as it was.
  private static func exclude(_ call: Call, _ subscription: inout Subscription) -> Answer {
    let ips = call["ips"] ?? ""
    let present = entries(call, subscription).map { $0.entry.text.trimmed }.joined(separator: ",")
    let added = Addresses.merged(Addresses.list(ips, without: present))
    if added.isEmpty {
      let items = [(key: "IPs already in Excluded IPs list.", value: Addresses.merged(ips).map { Addresses.text($0) }.joined(separator: ","))]
      return Answer(Document.simpleReturn("Not Adding any IPs to Excluded IPs list.", items: items, for: call))
    }
    var attributes: [(name: String, value: String)] = []
    let hasNetworks = call["network_id"] != nil || subscription[.networks].count > 0
    if hasNetworks { attributes.append(("network_id", call["network_id"] ?? "0")) }
    if let days = call["expiry_days"].flatMap({ Int($0) }) { attributes.append(("expiration_date", Document.midnight(after: days))) }
    put(added, attributes, &subscription)
    record("Added", added, call, &subscription)
    let value = added.map { Addresses.text($0) }.joined(separator: ",")
    return Answer(Document.simpleReturn("Adding IPs to Excluded IPs list.", items: [("Added IPs", value)], for: call))
  }

  private static func include(_ ips: String, _ call: Call, _ subscription: inout Subscription) -> Answer {
    let asked = Addresses.merged(ips)
    var removed: [ClosedRange<UInt32>] = []
    for (id, entry) in entries(call, subscription) {
      let text = entry.text.trimmed
      guard let range = Addresses.range(text), asked.contains(where: { $0.overlaps(range) }) else { continue }
      subscription[.excludedHosts].remove(id)
      put(Addresses.merged(Addresses.list(text, without: ips)), entry.attributes, &subscription)
      removed += asked.filter { $0.overlaps(range) }.map { $0.clamped(to: range) }
    }
    if !removed.isEmpty { record("Removed", removed, call, &subscription) }
    let value = removed.sorted { $0.lowerBound < $1.lowerBound }.map { Addresses.text($0) }.joined(separator: ",")
    return Answer(
      Document.simpleReturn("Removed IPs from Excluded IPs list.", items: removed.isEmpty ? [] : [("Removed IPs", value)], for: call))
  }

  // MARK: The history

  /// Who has excluded which hosts, and why, the last change first: U16 p. 339-341.
  static let excludedHostsHistory: RehearsedResource = RehearsedResource(
    .excludedHostsHistory, noun: "change", dtd: "history_list_output.dtd",
    endpoints: [
      Endpoint(
        path: "/api/*/fo/asset/excluded_ip/history/",
        actions: [
          Action(
            name: "list", methods: ["GET", "POST"],
            rules: [
              // No change says in which network it was.
              Rule("ips", .optional, .addresses), Rule("network_id", .optional, .unrehearsed),
              Rule("id_min", .optional, .integer(0...Check.largestID)), Rule("id_max", .optional, .integer(0...Check.largestID)),
              Rule("ids", .optional, .list(Check.id)),
            ]
          ) { call, subscription throws(Refusal) in
            let asked = call["ips"].map { Addresses.merged($0) }
            let ids = AskedIDs(call)
            let changes = subscription[.excludedHostsHistory].all.map { (id: Int(Element($0.xml).value("ID")) ?? 0, xml: $0.xml) }.filter { id, xml in
              guard ids.contains(id) else { return false }
              guard let asked else { return true }
              return Element(xml).child("IP_SET")?.children.contains { entry in
                Addresses.range(entry.text.trimmed).map { range in asked.contains { $0.overlaps(range) } } ?? false
              } ?? false
            }.sorted { $0.id > $1.id }
            let limit = pageLimit(call, subscription)
            let page = changes.prefix(limit).map(\.xml)
            let rest = changes.dropFirst(limit).first.map {
              Document.warning(limit: limit, nextID: String($0.id), isLast: true, for: call, saysLimit: false)
            }
            return Document.list(
              root: "HISTORY_LIST_OUTPUT", dtd: "history_list_output.dtd", wrapper: "HISTORY_LIST", records: page,
              behind: (rest ?? "") + (page.isEmpty ? "" : glossary(of: page)), for: call)
          }
        ])
    ])

  private static func record(_ action: String, _ ranges: [ClosedRange<UInt32>], _ call: Call, _ subscription: inout Subscription) {
    let id = subscription[.excludedHostsHistory].newID()
    let change = Element(
      "HISTORY",
      children: [
        Element("ID", String(id)), Element("IP_SET", children: ranges.map { element($0) }), Element("ACTION", action),
        Element("DATETIME", Document.now()), Element("USER_LOGIN", call.user), Element("COMMENTS", call["comment"] ?? "", cdata: true),
      ])
    subscription[.excludedHostsHistory].put(RecordStore.Record(id: id, name: "", xml: change.xml(level: 3)))
    subscription[.excludedHostsHistory].isKnown = true
  }

  /// Everybody is a manager here, without a name.
  private static func glossary(of changes: [[UInt8]]) -> String {
    let users = Set(changes.map { Element($0).value("USER_LOGIN") }).sorted().map { user in
      Element(
        "USER", children: [Element("USER_LOGIN", user), Element("FIRST_NAME", "-"), Element("LAST_NAME", "-"), Element("ROLE", "Manager")])
    }
    let glossary = Element("GLOSSARY", children: [Element("USER_LIST", children: users)])
    return "    " + String(decoding: glossary.xml(level: 2), as: UTF8.self) + "\n"
  }

  /// Tags by which lists of hosts are filtered: which host has which is not known here.
  static let tagRules =
    [Rule("use_tags", .optional, .matching { $0 == "0" ? nil : $0 == "1" ? "not rehearsed" : "must be 0 or 1" })]
    + ["tag_include_selector", "tag_exclude_selector", "tag_set_by", "tag_set_include", "tag_set_exclude"].map { Rule($0, .optional, .unrehearsed) }

  // MARK: Virtual hosts

  /// U16 p. 346-348; the last name of one stays: U12 p. 224.
  static let virtualHosts: RehearsedResource = RehearsedResource(
    .virtualHosts, noun: "virtual host",
    dtd: "vhost_list_output.dtd",
    endpoints: [
      Endpoint(
        path: "/api/*/fo/asset/vhost/",
        actions: [
          Action(
            name: "list", methods: ["GET", "POST"], rules: [Rule("ip", .optional, .address), Rule("port", .optional, .integer(0...65535))]
          ) { call, subscription throws(Refusal) in
            let records = subscription[.virtualHosts].all.map(\.xml).filter { record in
              if let ip = call["ip"], record.child("IP").flatMap({ Addresses.range($0) }) != Addresses.range(ip) { return false }
              return call["port"].map { port in record.child("PORT").flatMap { Int($0) } == Int(port) } ?? true
            }
            return virtualHosts.list(records, subscription, for: call)
          },
          Action(name: "create", rules: hostRules + [names]) { call, subscription throws(Refusal) in
            if host(call, subscription) != nil { throw Refusal.invalid("ip", call["ip"] ?? "", "it has a virtual host of this port") }
            if subscription[.virtualHosts].count >= 5000 { throw Refusal.invalid("ip", call["ip"] ?? "", "there are 5000 virtual hosts") }
            let id = subscription[.virtualHosts].newID()
            keep(id, distinct(call["fqdn"]?.parts ?? []), call, &subscription)
            return Answer(Document.simpleReturn("Virtual host successfully created.", for: call))
          },
          change("update", "Virtual host successfully updated.") { _, given in given },
          change("add_fqdn", "Virtual host FQDN(s) successfully added.") { $0 + $1 },
          change("delete_fqdn", "Virtual host FQDN(s) successfully deleted.") { there, given in there.filter { !given.contains($0) } },
          Action(name: "delete", rules: hostRules) { call, subscription throws(Refusal) in
            guard let (id, _) = host(call, subscription) else { throw noHost(call) }
            subscription[.virtualHosts].remove(id)
            return Answer(Document.simpleReturn("Virtual host successfully deleted.", for: call))
          },
        ])
    ])

  private static let hostRules = [
    Rule("ip", .required, .address),
    Rule("port", .required, .integer(0...65535)),
  ]
  private static let names = Rule("fqdn", .required, .list(.matching { $0.contains(where: \.isWhitespace) ? "not a domain name" : nil }))

  private static func host(_ call: Call, _ subscription: borrowing Subscription) -> (id: Int, names: [String])? {
    let (ip, port) = (call["ip"]?.trimmed, call["port"].flatMap { Int($0) })
    for record in subscription[.virtualHosts].all where record.xml.child("IP") == ip && record.xml.child("PORT").flatMap({ Int($0) }) == port {
      return (record.id, Element(record.xml).descendants("FQDN").map { $0.text.trimmed })
    }
    return nil
  }

  private static func noHost(_ call: Call) -> Refusal { Refusal.invalid("ip", call["ip"] ?? "", "it has no virtual host of this port") }

  private static func distinct(_ names: [String]) -> [String] {
    var known = Set<String>()
    return names.filter { known.insert($0).inserted }
  }

  private static func keep(_ id: Int, _ names: [String], _ call: Call, _ subscription: inout Subscription) {
    let key = [Element("IP", (call["ip"] ?? "").trimmed), Element("PORT", call["port"].flatMap { Int($0) }.map { String($0) } ?? "")]
    let host = Element("VIRTUAL_HOST", children: key + names.map { Element("FQDN", $0) })
    subscription[.virtualHosts].put(RecordStore.Record(id: id, name: "", xml: host.xml(level: 3)))
    subscription[.virtualHosts].isKnown = true
  }

  /// An action that gives a virtual host other names.
  private static func change(
    _ name: String, _ text: String, _ names: @escaping @Sendable (_ there: [String], _ given: [String]) -> [String]
  ) -> Action {
    Action(name: name, rules: hostRules + [Self.names]) { call, subscription throws(Refusal) in
      guard let (id, there) = host(call, subscription) else { throw noHost(call) }
      let left = distinct(names(there, call["fqdn"]?.parts ?? []))
      if left.isEmpty { throw Refusal.invalid("fqdn", call["fqdn"] ?? "", "a virtual host has one at least") }
      keep(id, left, call, &subscription)
      return Answer(Document.simpleReturn(text, for: call))
    }
  }

  // MARK: Restricted IPs

  /// From where one may log in: U16 p. 349-353, U12 p. 225.
  static let restrictedIPs: RehearsedResource = RehearsedResource(
    .restrictedIPs, noun: "restricted entry", wrapper: "IP_SET",
    endpoints: [
      Endpoint(
        path: "/api/*/fo/setup/restricted_ips/",
        actions: [
          Action(
            name: "list", methods: ["GET", "POST"], rules: [Rule("output_format", .optional, .anyCase(["xml", "csv"]))]
          ) { call, subscription throws(Refusal) in
            let records = subscription[.restrictedIPs].all.map(\.xml)
            let status = subscription.restrictsIPs ? "enabled" : "disabled"
            guard call["output_format"]?.lowercased() == "csv" else { return restrictedIPs.list(records, subscription, for: call) }
            let lines = records.map { Element($0).text.trimmed + "\n" }.joined()
            let text =
              "----BEGIN_RESPONSE_BODY_CSV\n\(lines)----END_RESPONSE_BODY_CSV\n"
              + "----BEGIN_RESPONSE_FOOTER_CSV\nSTATUS\n\(status)\n----END_RESPONSE_FOOTER_CSV\n"
            return Answer(Array(text.utf8), contentType: "text/csv;charset=UTF-8")
          },
          restriction("add", "Successfully added restricted ips") { Addresses.merged($0 + "," + $1) },
          restriction("delete", "Successfully deleted restricted ips") { Addresses.merged(Addresses.list($0, without: $1)) },
          restriction("replace", "Successfully replaced restricted ips") { Addresses.merged($1) },
          Action(name: "clear", methods: ["GET", "POST"], rules: []) { call, subscription throws(Refusal) in
            restrict([], &subscription)
            subscription.restrictsIPs = false
            return restricted("Successfully cleared restricted ips", subscription, for: call)
          },
          Action(name: "activate", methods: ["GET", "POST"], rules: [Rule("enable", .required, .flag)]) { call, subscription throws(Refusal) in
            subscription.restrictsIPs = call.isOn("enable")
            if !subscription.restrictsIPs { restrict([], &subscription) }
            let word = subscription.restrictsIPs ? "enabled" : "disabled"
            return restricted("Restricted IPs feature has been \(word) successfully", subscription, for: call)
          },
        ])
    ],
    learn: { values, subscription in subscription.restrictsIPs = values["STATUS"] == "enabled" },
    behind: { "    <STATUS>\($0.restrictsIPs ? "enabled" : "disabled")</STATUS>\n" })

  /// An action that makes another list of what there is and what is given: as a parameter, or as the lines of a body.
  private static func restriction(
    _ name: String, _ text: String, _ change: @escaping @Sendable (_ there: String, _ given: String) -> [ClosedRange<UInt32>]
  ) -> Action {
    Action(name: name, rules: [Rule("ips", .required, .netblocks)], upload: "ips") { call, subscription throws(Refusal) in
      let ips = call["ips"] ?? ""
      restrict(change(subscription[.restrictedIPs].all.map { Element($0.xml).text.trimmed }.joined(separator: ","), ips), &subscription)
      return restricted(text, subscription, for: call)
    }
  }

  private static func restrict(_ ranges: [ClosedRange<UInt32>], _ subscription: inout Subscription) {
    for record in subscription[.restrictedIPs].all { subscription[.restrictedIPs].remove(record.id) }
    for range in ranges {
      let id = subscription[.restrictedIPs].newID()
      subscription[.restrictedIPs].put(RecordStore.Record(id: id, name: "", xml: element(range).xml()))
    }
    subscription[.restrictedIPs].isKnown = true
  }

  private static func restricted(_ text: String, _ subscription: borrowing Subscription, for call: Call) -> Answer {
    Answer(Document.simpleReturn(text, items: [("STATUS", subscription.restrictsIPs ? "enabled" : "disabled")], for: call))
  }

  /// What search lists call vendors: U16 p. 180.
  static let vendors: RehearsedResource = RehearsedResource(
    .vendors, noun: "vendor", wrapper: "VENDORS",
    endpoints: [
      Endpoint(
        path: "/api/*/fo/vendor/",
        actions: [
          Action(name: "list_vendors", methods: ["GET", "POST"], rules: [Rule("ids", .optional, .list(Check.id))]) {
            call, subscription throws(Refusal) in
            let asked = call["ids"].flatMap { IDSet($0) }
            return vendors.list(subscription[.vendors].all.filter { asked?.contains($0.id) ?? true }.map(\.xml), subscription, for: call)
          }
        ])
    ])
}
