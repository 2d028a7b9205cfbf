import Base
import Catalog
import Requests

/// What is said of host addresses that are there: U16 p. 303-306, U12 p. 233-235.
///
/// What the guides do not say, and is rehearsed here: `network_id`, which later editions have; that an address must be in the subscription, where the
/// sample of one guide adds it so; and what becomes of an update whose name no host has. No list of addresses shows an owner, fields and a comment: the
/// list of hosts does, for those that have been scanned.
extension RehearsedResource {
  static let addressUpdate = Action(
    name: "update",
    rules: [
      Rule("ips", .required, .netblocks), Rule("tracking_method", .optional, methods), Rule("host_dns"), Rule("host_netbios"), Rule("owner"),
      Rule("ud1", .optional, .ascii(128)), Rule("ud2", .optional, .ascii(128)), Rule("ud3", .optional, .ascii(128)), Rule("comment"),
      Rule("network_id", .optional, .existing(.networks, noun: "network ID", zero: true)),
    ], upload: "ips"
  ) { call, subscription throws(Refusal) in
    let addresses = AddressSet(Addresses.merged(call["ips"] ?? ""))
    let names = ["host_dns": "DNS", "host_netbios": "NETBIOS"].filter { call[$0.key] != nil }
    if let name = names.keys.min(), addresses.count != 1 { throw Refusal.unsupported(["ips", name], call) }
    let held = holdings(subscription)
    if subscription[.ips].isKnown, !addresses.subtracting(held.values.reduce(AddressSet()) { $0.union($1) }).isEmpty {
      // As it was recorded.
      throw Refusal(1905, "IP(s) do not exist.")
    }
    // A user of another role owns what is in the user's account, which nobody knows here.
    try checkOwner(call, ["Manager", "Unit Manager", "Scanner", "Reader"], subscription)
    var hosts = subscription[.hosts].all.map { (record: $0, host: Element($0.xml)) }
    hosts = hosts.filter { record, host in
      let network = host.value("NETWORK_ID")
      return Addresses.range(record.name).map { addresses.contains($0.lowerBound) } == true
        && (network.isEmpty ? "0" : network) == call["network_id"] ?? "0"
    }
    if !names.isEmpty {
      hosts = hosts.filter { _, host in names.allSatisfy { host.value($0.value).lowercased() == (call[$0.key] ?? "").trimmed.lowercased() } }
      if let name = names.keys.min(), hosts.isEmpty, subscription[.hosts].isKnown {
        throw Refusal.invalid(name, call[name] ?? "", "no host of this address has this name")
      }
    } else if call["tracking_method"] != nil {
      let several = Dictionary(grouping: hosts.map(\.host)) { $0.value("IP") }.values.filter { $0.count > 1 }.flatMap { $0 }
      if !several.isEmpty { return duplicates(several.sorted { $0.value("IP") < $1.value("IP") }, for: call) }
    }
    if let method = call["tracking_method"], subscription[.ips].isKnown {
      var all: [Holding: AddressSet] = [:]
      for (holding, there) in held {
        var changed = holding
        changed.method = method
        let both = there.intersection(addresses)
        if !both.isEmpty { all[changed] = (all[changed] ?? AddressSet()).union(both) }
        let rest = there.subtracting(addresses)
        if !rest.isEmpty { all[holding] = (all[holding] ?? AddressSet()).union(rest) }
      }
      keep(all, &subscription)
    }
    for (record, host) in hosts {
      let changed = said(call, of: host)
      subscription[.hosts].put(RecordStore.Record(id: record.id, name: record.name, xml: changed.xml(level: 3)))
    }
    return Answer(Document.simpleReturn("IPs successfully updated", for: call))
  }

  /// Errors: `Refusal` for an owner who is not of these roles. Whoever asks is a Manager.
  static func checkOwner(_ call: Call, _ roles: Set<String>, _ subscription: borrowing Subscription) throws(Refusal) {
    guard let owner = call["owner"], owner != call.user, subscription[.users].isKnown else { return }
    let user = subscription[.users].all.first { $0.xml.child("USER_LOGIN") == owner }
    guard let role = user?.xml.child("USER_ROLE") else { throw Refusal.invalid("owner", owner, "no such user") }
    if !roles.contains(role) { throw Refusal.invalid("owner", owner, "the user is a \(role)") }
  }

  /// A host as the list shows it after an update, in the order of the grammar: U12 p. 585.
  private static func said(_ call: Call, of host: Element) -> Element {
    var host = host
    // What an agent or a cloud tracks stays so, and nothing is said of it.
    if let method = call["tracking_method"], ["IP", "DNS", "NETBIOS"].contains(host.value("TRACKING_METHOD").uppercased()) {
      host.set(Element("TRACKING_METHOD", method))
    }
    if let owner = call["owner"] { host.set(Element("OWNER", owner), before: ["COMMENTS", "USER_DEF", "ASSET_GROUP_IDS"]) }
    if let comment = call["comment"] { host.set(Element("COMMENTS", comment, cdata: true), before: ["USER_DEF", "ASSET_GROUP_IDS"]) }
    let fields = (1...3).compactMap { number in call["ud\(number)"].map { Element("VALUE_\(number)", $0, cdata: true) } }
    if !fields.isEmpty {
      var own = host.child("USER_DEF") ?? Element("USER_DEF")
      for field in fields { own.set(field, before: field.name == "VALUE_1" ? ["VALUE_2", "VALUE_3"] : field.name == "VALUE_2" ? ["VALUE_3"] : []) }
      host.set(own, before: ["ASSET_GROUP_IDS"])
    }
    return host
  }

  /// What is answered where an address is that of several hosts: U16 p. 305, the grammar U12 p. 612. Its WARNING has a URL, and is no end of a page.
  private static func duplicates(_ hosts: [Element], for call: Call) -> Answer {
    let entries = hosts.map { host in
      Element(
        "DUPLICATE_HOST",
        children: [
          Element("IP", host.value("IP")), Element("DNS_HOSTNAME", host.value("DNS")), Element("NETBIOS_HOSTNAME", host.value("NETBIOS")),
          Element("LAST_SCANDATE", Document.spoken(host.value("LAST_VULN_SCAN_DATETIME"))), Element("TRACKING", host.value("TRACKING_METHOD")),
        ])
    }
    let warning = Element(
      "WARNING",
      children: [
        Element("TEXT", "The tracking method of a host with several entries of scan data is changed in the user interface alone."),
        Element("DUPLICATE_HOSTS", children: entries), Element("URL", Document.host + "/fo/tools/ip_assets.php", cdata: true),
      ])
    let address = Document.host + call.path + (call.path.hasSuffix("/") ? "" : "/") + "duplicate_hosts_error.dtd"
    var xml = "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<!DOCTYPE DUPLICATE_HOSTS_ERROR_OUTPUT SYSTEM \"\(address)\">\n"
    xml +=
      "<DUPLICATE_HOSTS_ERROR_OUTPUT>\n\(Document.echo(call))  <RESPONSE>\n    <CODE>1982</CODE>\n    <DATETIME>\(Document.now())</DATETIME>\n    "
    return Answer(status: 400, Array(xml.utf8) + warning.xml(level: 2) + Array("\n  </RESPONSE>\n</DUPLICATE_HOSTS_ERROR_OUTPUT>\n".utf8))
  }
}
