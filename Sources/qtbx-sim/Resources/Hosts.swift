import Base
import Catalog
import Requests

/// Hosts that have been scanned, which a list that was loaded has: U16 p. 307-315, U12 p. 170-178, the elements U12 p. 585-591.
///
/// What the guides do not say, and is rehearsed here: several filters all count, as those of the list of detections do; a host belongs to a group that
/// has its address in its network; the owner, the comment and the fields of a host are no basic information.
extension RehearsedResource {
  static let hosts: RehearsedResource = RehearsedResource(
    .hosts, endpoints: [Endpoint(path: "/api/*/fo/asset/host/", actions: [hostList])])

  /// Of a host, the basic information, and what says where and by whom it was found; IPV6 is in samples of other lists. All else is shown with All.
  private static let basic: Set<String> = [
    "ID", "IP", "IPV6", "TRACKING_METHOD", "NETWORK_ID", "DNS", "EC2_INSTANCE_ID", "NETBIOS", "OS", "QG_HOSTID",
  ]

  /// Dates since which a host was scanned or not, and the element that says when it was the last time.
  private static let scans: [(parameter: String, element: String)] = [
    ("vm_scan_since", "LAST_VULN_SCAN_DATETIME"), ("compliance_scan_since", "LAST_COMPLIANCE_SCAN_DATETIME"),
    ("scap_scan_since", "LAST_SCAP_SCAN_DATETIME"),
  ]
  private static let ends: [(parameter: String, element: String)] = [
    ("vm_scan_date", "LAST_VM_SCANNED_DATE"), ("vm_auth_scan_date", "LAST_VM_AUTH_SCANNED_DATE"),
  ]

  private static let hostList = Action(
    name: "list", methods: ["GET", "POST"],
    rules: [
      Rule("details", .optional, .oneOf(["Basic", "Basic/AGs", "All", "All/AGs", "None"])), Rule("ids", .optional, .ids),
      Rule("id_min", .optional, Check.id), Rule("id_max", .optional, Check.id), Rule("ips", .optional, .addresses),
      Rule("network_ids", .optional, .list(.existing(.networks, noun: "network ID", zero: true))), Rule("compliance_enabled", .optional, .flag),
      Rule("show_tags", .optional, .flag), Rule("truncation_limit", .optional, .integer(0...1_000_000)),
    ] + groupRules + tagRules + dates.map { Rule($0, .optional, .matching(dateTimeFault)) }
      // The expressions are those of another library; no list says when results were processed.
      + ["os_pattern", "vm_processed_before", "vm_processed_after", "host_metadata", "host_metadata_fields"].map { Rule($0, .optional, .unrehearsed) }
  ) { call, subscription throws(Refusal) in
    let ids = AskedIDs(call)
    let limit = pageLimit(call, subscription)
    let asked = call["network_ids"].flatMap { IDSet($0) }
    let ranges = call["ips"].map { $0.parts.compactMap { Addresses.range($0) } }
    let groups = try askedGroups(call, subscription)
    if let flag = call["compliance_enabled"], !subscription[.ips].isKnown {
      throw Refusal.invalid("compliance_enabled", flag, "the rehearsal does not know which addresses are in this module: load a list of addresses")
    }
    let compliant = AddressSet(holdings(subscription).filter { $0.key.pc }.flatMap { $0.value.ranges })
    let (records, next) = page(of: subscription[.hosts], from: ids.first, limit: limit) { record in
      guard ids.contains(record.id) else { return false }
      let host = Element(record.xml)
      let network = Int(host.value("NETWORK_ID")) ?? 0
      let address = Addresses.range(record.name)
      if let asked, !asked.contains(network) { return false }
      if let ranges, address.map({ address in ranges.contains { $0.overlaps(address) } }) != true { return false }
      if !groups.isEmpty, address.map({ hold(groups, $0, in: network) }) != true { return false }
      if let flag = call["compliance_enabled"], address.map({ compliant.contains($0.lowerBound) }) ?? false != (flag == "1") { return false }
      return isScanned(host, call)
    }
    let details = call["details"] ?? "Basic"
    let more = next.map { Document.warning(limit: limit, nextID: String($0), for: call) } ?? ""
    if details == "None" {
      let set = records.isEmpty ? "" : idSet(records.map(\.id))
      return Document.list(root: "HOST_LIST_OUTPUT", dtd: "host_list_output.dtd", wrapper: "", records: [], behind: set + more, for: call)
    }
    let (isWhole, hasGroups) = (details.hasPrefix("All"), details.hasSuffix("/AGs"))
    let shown = records.map { record in
      record.xml.keeping { name in
        switch name {
        case "ASSET_GROUP_IDS": hasGroups
        case "TAGS": call.isOn("show_tags")
        // Shown where it is asked for, which is not rehearsed.
        case "METADATA": false
        default: isWhole || basic.contains(name)
        }
      }
    }
    return Document.list(
      root: "HOST_LIST_OUTPUT", dtd: "host_list_output.dtd", wrapper: "HOST_LIST", records: shown,
      behind: more + (hasGroups ? groupGlossary(records, subscription) : ""), for: call)
  }

  private static let dates =
    scans.flatMap { [$0.parameter, "no_" + $0.parameter] } + ends.flatMap { [$0.parameter + "_before", $0.parameter + "_after"] }

  /// Whether a host was scanned when a call says. Dates of one form compare as text.
  private static func isScanned(_ host: Element, _ call: Call) -> Bool {
    for scan in scans {
      let last = host.value(scan.element)
      if let since = call[scan.parameter].map(instant), last < since { return false }
      if let since = call["no_" + scan.parameter].map(instant), last >= since { return false }
    }
    for end in ends {
      let last = host.value(end.element)
      if let bound = call[end.parameter + "_before"].map(instant), last.isEmpty || last >= bound { return false }
      if let bound = call[end.parameter + "_after"].map(instant), last <= bound { return false }
    }
    return true
  }

  /// The titles of the groups that hosts name, as far as they are known here.
  private static func groupGlossary(_ hosts: [RecordStore.Record], _ subscription: Subscription) -> String {
    let ids = Set(hosts.flatMap { ($0.xml.child("ASSET_GROUP_IDS") ?? "").parts }.compactMap { Int($0) })
    let groups = ids.sorted().compactMap { subscription[.assetGroups][$0] }.map { group in
      Element("ASSET_GROUP", children: [Element("ID", String(group.id)), Element("TITLE", group.name, cdata: true)])
    }
    if groups.isEmpty { return "" }
    let glossary = Element("GLOSSARY", children: [Element("ASSET_GROUP_LIST", children: groups)])
    return "    \(String(decoding: glossary.xml(level: 2), as: UTF8.self))\n"
  }
}
