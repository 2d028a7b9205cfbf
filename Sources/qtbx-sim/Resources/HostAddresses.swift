import Base
import Catalog
import Requests

/// What an address of the subscription is, as the name of a record keeps it: `DNS,1,1,0`.
struct Holding: Hashable {
  var method = "IP"
  var vm = true
  var pc = false
  var certView = false

  var name: String { ([method] + [vm, pc, certView].map { $0 ? "1" : "0" }).joined(separator: ",") }

  init(method: String, vm: Bool, pc: Bool, certView: Bool) { (self.method, self.vm, self.pc, self.certView) = (method, vm, pc, certView) }

  init(named name: String) {
    let parts = name.split(separator: ",")
    self.init(
      method: String(parts.first ?? "IP"), vm: parts.dropFirst().first == "1", pc: parts.dropFirst(2).first == "1", certView: parts.last == "1")
  }
}

/// Host addresses, and which IPv6 address an IPv4 address stands for.
extension RehearsedResource {
  /// U16 p. 299-303. What an address is, no list says: it follows from what the list was asked for.
  static let ips: RehearsedResource = RehearsedResource(
    .ips, noun: "address range", wrapper: "IP_SET", dtd: "ip_list_output.dtd", address: "/asset/ip/",
    endpoints: [
      Endpoint(
        path: "/api/*/fo/asset/ip/",
        actions: [
          Action(
            name: "list", methods: ["GET", "POST"],
            rules: [
              // Whoever sees all addresses sees them in every network.
              Rule("ips", .optional, .addresses), Rule("network_id", .optional, .existing(.networks, noun: "network ID", zero: true)),
              Rule("tracking_method", .optional, methods),
              Rule("compliance_enabled", .optional, .flag), Rule("certview_enabled", .optional, .flag),
            ]
          ) { call, subscription throws(Refusal) in
            var found = AddressSet()
            for (holding, addresses) in holdings(subscription) {
              if let method = call["tracking_method"], method != holding.method { continue }
              if let flag = call["compliance_enabled"], (flag == "1") != holding.pc { continue }
              if let flag = call["certview_enabled"], (flag == "1") != holding.certView { continue }
              found = found.union(addresses)
            }
            if let asked = call["ips"] { found = found.intersection(AddressSet(Addresses.merged(asked))) }
            return ips.list(found.ranges.map { entry($0).xml() }, subscription, for: call)
          },
          Action(
            name: "add",
            rules: [
              Rule("ips", .required, .netblocks), Rule("tracking_method", .optional, methods), Rule("enable_vm", .optional, .flag),
              Rule("enable_pc", .optional, .flag), Rule("enable_certview", .optional, .flag), Rule("enable_sca", .optional, .flag), Rule("owner"),
              Rule("ud1", .optional, .ascii(128)), Rule("ud2", .optional, .ascii(128)), Rule("ud3", .optional, .ascii(128)), Rule("comment"),
              // For Unit Managers alone; whoever asks here is a Manager.
              Rule("ag_title", .optional, .matching { _ in "not valid for a Manager" }),
            ],
            combinations: [.atLeastOne(["enable_vm", "enable_pc"])], flags: ["enable_vm", "enable_pc"], upload: "ips"
          ) { call, subscription throws(Refusal) in
            try checkOwner(call, ["Manager", "Unit Manager"], subscription)
            let (vm, pc) = (call.isOn("enable_vm"), call.isOn("enable_pc"))
            let added = AddressSet(Addresses.merged(call["ips"] ?? ""))
            if vm { try checkLicence("Vulnerability Management", \.vm, added, subscription) }
            if pc { try checkLicence("Compliance Management", \.pc, added, subscription) }
            add(
              added,
              as: Holding(method: call["tracking_method"] ?? "IP", vm: vm, pc: pc, certView: call.isOn("enable_certview")), to: &subscription)
            let modules = [vm ? "Vulnerability Management" : "", pc ? "Compliance Management" : ""].filter { !$0.isEmpty }
            return Answer(Document.simpleReturn("IPs successfully added to \(modules.joined(separator: "/"))", for: call))
          },
          addressUpdate,
        ])
    ],
    adopt: { _, record, subscription throws(Complaint) in
      let text = Element(record).text.trimmed
      guard let range = Addresses.block(text) else { throw Complaint(.refused, "\"\(text)\" is no address") }
      let request = subscription.listRequest
      let holding = Holding(
        method: request["tracking_method"] ?? "IP", vm: true, pc: request["compliance_enabled"] == "1", certView: request["certview_enabled"] == "1")
      add(AddressSet([range]), as: holding, to: &subscription)
    })

  /// A licence is for a number of addresses of a module; those that are in it already take no other.
  private static func checkLicence(
    _ name: String, _ module: KeyPath<Holding, Bool>, _ added: AddressSet, _ subscription: borrowing Subscription
  ) throws(Refusal) {
    guard let licensed = subscription.licensedAddresses else { return }
    let held = holdings(subscription).filter { $0.key[keyPath: module] }.values.reduce(AddressSet()) { $0.union($1) }
    let more = added.subtracting(held).count
    if held.count + more > licensed {
      throw Refusal.invalid("ips", added.firstRanges, "\(more) more than the \(held.count) of \(licensed) licensed addresses of \(name)")
    }
  }

  static let methods = Check.oneOf(["IP", "DNS", "NETBIOS"])

  private static func entry(_ range: ClosedRange<UInt32>) -> Element { Element(range.count == 1 ? "IP" : "IP_RANGE", range.addresses) }

  static func holdings(_ subscription: borrowing Subscription) -> [Holding: AddressSet] {
    var ranges: [Holding: [ClosedRange<UInt32>]] = [:]
    for record in subscription[.ips].all {
      if let range = Addresses.range(Element(record.xml).text.trimmed) { ranges[Holding(named: record.name), default: []].append(range) }
    }
    return ranges.mapValues { AddressSet($0) }
  }

  /// Adds addresses to modules. What is there already keeps its tracking method, which only an update changes, and its modules.
  private static func add(_ addresses: AddressSet, as new: Holding, to subscription: inout Subscription) {
    var all = holdings(subscription)
    var rest = addresses
    for (old, there) in all {
      let both = there.intersection(addresses)
      if both.isEmpty { continue }
      rest = rest.subtracting(there)
      var more = old
      (more.vm, more.pc, more.certView) = (old.vm || new.vm, old.pc || new.pc, old.certView || new.certView)
      all[old] = (all[old] ?? AddressSet()).subtracting(both)
      all[more] = (all[more] ?? AddressSet()).union(both)
    }
    all[new] = (all[new] ?? AddressSet()).union(rest)
    keep(all, &subscription)
  }

  /// Puts what the addresses are in the place of all that was known of them.
  static func keep(_ all: [Holding: AddressSet], _ subscription: inout Subscription) {
    for id in subscription[.ips].ids { subscription[.ips].remove(id) }
    let entries = all.flatMap { holding, set in set.ranges.map { (range: $0, name: holding.name) } }.sorted {
      $0.range.lowerBound < $1.range.lowerBound
    }
    for (range, name) in entries {
      let id = subscription[.ips].newID()
      subscription[.ips].put(RecordStore.Record(id: id, name: name, xml: entry(range).xml()))
    }
    subscription[.ips].isKnown = true
  }

  /// U16 p. 369-379. XML only if it is asked for.
  static let ipv6Mappings: RehearsedResource = RehearsedResource(
    .ipv6Mappings, noun: "IPv6 mapping", wrapper: "IP_MAP_LIST", dtd: "ip_map_list_output.dtd",
    endpoints: [
      Endpoint(
        path: "/api/*/fo/asset/ip/v4_v6/",
        actions: [
          Action(
            name: "list", methods: ["GET", "POST"],
            rules: [
              Rule("id_min", .optional, Check.id), Rule("id_max", .optional, Check.id), Rule("ipv4_filter", .optional, .netblocks),
              Rule("ipv6_network", .optional, .unrehearsed),
              Rule("output_format", .optional, .anyCase(["csv", "xml"])), Rule("truncation_limit", .optional, .integer(1...1_000_000)),
            ]
          ) { call, subscription throws(Refusal) in
            let ids = AskedIDs(call)
            let asked = call["ipv4_filter"].map { AddressSet(Addresses.merged($0)) }
            let (records, next) = page(
              of: subscription[.ipv6Mappings], from: ids.first, limit: pageLimit(call, standard: 5_000, subscription)
            ) { record in
              guard ids.contains(record.id) else { return false }
              guard let asked else { return true }
              return record.xml.child("V4").flatMap { Addresses.range($0) }.map { asked.contains($0.lowerBound) } ?? false
            }
            if call["output_format"]?.lowercased() == "xml" {
              let behind = next.map { Document.warning(limit: records.count, nextID: String($0), for: call) } ?? ""
              return Document.list(
                root: "IP_MAP_LIST_OUTPUT", dtd: "ip_map_list_output.dtd", wrapper: "IP_MAP_LIST", records: records.map(\.xml), behind: behind,
                for: call)
            }
            let rows = records.map { "\"\($0.id)\",\"\($0.xml.child("V4") ?? "")\",\"\($0.xml.child("V6") ?? "")\"\r\n" }.joined()
            let text =
              "----BEGIN_RESPONSE_BODY_CSV\r\nID,IPv4,IPv6\r\n\(rows)----END_RESPONSE_BODY_CSV\r\n"
              + "----BEGIN_RESPONSE_FOOTER_CSV\r\n\"Status Message\"\r\n\"Finished\"\r\n----END_RESPONSE_FOOTER_CSV\r\n"
            return Answer(Array(text.utf8), contentType: "text/csv;charset=UTF-8")
          },
          Action(name: "add", rules: upload + [Rule("all_or_nothing", .optional, .flag)], combinations: exclusive) {
            call, subscription throws(Refusal) in
            var added = 0
            let before = subscription[.ipv6Mappings]
            // Each address of either kind is in one mapping only.
            var taken = Set(before.all.flatMap { [$0.xml.child("V4") ?? "", $0.xml.child("V6")?.lowercased() ?? ""] })
            for pair in try pairs(call) {
              if !taken.isDisjoint(with: [pair.v4, pair.v6.lowercased()]) {
                if call["all_or_nothing"] == "0" { continue }
                subscription[.ipv6Mappings] = before
                throw Refusal.invalid(
                  call["xml_data"] == nil ? "csv_data" : "xml_data", "\(pair.v4), \(pair.v6)", "one of the addresses is mapped already")
              }
              taken.formUnion([pair.v4, pair.v6.lowercased()])
              let id = subscription[.ipv6Mappings].newID()
              let record = Element("IP_MAP", children: [Element("ID", String(id)), Element("V4", pair.v4), Element("V6", pair.v6)])
              subscription[.ipv6Mappings].put(RecordStore.Record(id: id, name: pair.v4, xml: record.xml(level: 3)))
              added += 1
            }
            subscription[.ipv6Mappings].isKnown = true
            return Answer(Document.simpleReturn("Successfully imported \(added) records\n", for: call))
          },
          Action(name: "remove", rules: upload, combinations: exclusive) { call, subscription throws(Refusal) in
            var removed = 0
            for pair in try pairs(call) {
              for record in subscription[.ipv6Mappings].all where record.xml.child("V4") == pair.v4 || record.xml.child("V6") == pair.v6 {
                subscription[.ipv6Mappings].remove(record.id)
                removed += 1
              }
            }
            return Answer(Document.simpleReturn("Successfully removed \(removed) records\n", for: call))
          },
        ])
    ])

  private static let upload = [Rule("csv_data"), Rule("xml_data")]
  private static let exclusive: [Combination] = [.exclusive(["csv_data", "xml_data"]), .atLeastOne(["csv_data", "xml_data"])]

  /// What is uploaded: an IP_MAP_LIST, or rows without a header.
  private static func pairs(_ call: Call) throws(Refusal) -> [(v4: String, v6: String)] {
    var pairs: [(v4: String, v6: String)] = []
    if let data = call["xml_data"] {
      guard data.hasPrefix("<IP_MAP_LIST"), let cut = try? SplitDocument(Array(data.utf8), records: ["IP_MAP"]), cut.root == "IP_MAP_LIST" else {
        throw Refusal.invalid("xml_data", String(data.prefix(40)), "not an IP_MAP_LIST")
      }
      for record in cut.records { pairs.append((record.child("V4") ?? "", record.child("V6") ?? "")) }
    } else {
      for row in (call["csv_data"] ?? "").split(whereSeparator: { $0.isNewline }) {
        let cells = row.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmed.filter { $0 != "\"" } }
        guard (2...3).contains(cells.count) else { throw Refusal.invalid("csv_data", String(row), "not a row of two or three columns") }
        pairs.append((cells[0], cells[1]))
      }
    }
    let name = call["xml_data"] == nil ? "csv_data" : "xml_data"
    if pairs.count > 10_000 { throw Refusal.invalid(name, "\(pairs.count) records", "more than 10,000 records") }
    let special = Addresses.range("0.0.0.1-0.254.255.255") ?? 0...0
    for pair in pairs {
      guard let v4 = Addresses.range(pair.v4), v4.count == 1, special.contains(v4.lowerBound) else {
        throw Refusal.invalid(name, pair.v4, "not an IPv4 address from 0.0.0.1 to 0.254.255.255")
      }
      guard pair.v6.contains(":"), pair.v6.utf8.allSatisfy({ "0123456789abcdefABCDEF:.".utf8.contains($0) }) else {
        throw Refusal.invalid(name, pair.v6, "not an IPv6 address")
      }
    }
    return pairs
  }
}
