extension DocumentKind {
  /// Addresses and ranges; what they are, only the call says.
  fileprivate static let addresses = addresses(isClosed: false)

  /// The same of hosts that no scan may touch: each is excluded, or the answer is another one.
  fileprivate static let exclusions = addresses(isClosed: true)

  private static func addresses(isClosed: Bool) -> DocumentKind {
    DocumentKind(
      "list of addresses", roots: ["IP_LIST_OUTPUT"], records: ["IP_SET/IP", "IP_SET/IP_RANGE"], skeleton: ["IP_SET"], isClosed: isClosed)
  }
}

extension Resource {
  /// Host addresses. No attribute of one comes back: they are listed once for each combination of the filters, and the answer repeats these.
  package static let ips = Resource(
    "ips", kind: "address", document: .addresses,
    list: ListCall(
      .getOrPost, "/api/{version}/fo/asset/ip/", versions: "3.0", ["action": "list", "echo_request": "1"],
      others: "ips network_id tracking_method compliance_enabled certview_enabled"),
    undoings: Undoing.person(
      "/api/{version}/fo/asset/ip/", ["add", "update"], telling: ["tracking_method", "enable_vm", "enable_pc", "enable_certview"],
      "no call removes an address from a subscription"),
    isMoved: true, readers: ["qtbx-ips-to-urls"])

  /// Hosts that have been scanned: only then the service knows them by ids. An address is one host's in a network only.
  package static let hosts = Resource(
    "hosts", kind: "host",
    document: DocumentKind("host list", roots: ["HOST_LIST_OUTPUT"], records: ["HOST_LIST/HOST"], skeleton: ["HOST_LIST"]),
    identity: Identity(id: "ID", name: ["IP"], parent: "NETWORK_ID", names: .host),
    list: ListCall(
      .getOrPost, "/api/{version}/fo/asset/host/", ["action": "list", "details": "Basic"],
      others: "ids id_min id_max ips ag_ids ag_titles network_ids compliance_enabled os_pattern truncation_limit "
        + "vm_scan_since no_vm_scan_since compliance_scan_since no_compliance_scan_since scap_scan_since no_scap_scan_since "
        + "vm_scan_date_before vm_scan_date_after vm_auth_scan_date_before vm_auth_scan_date_after vm_processed_before vm_processed_after "
        + "use_tags tag_include_selector tag_exclude_selector tag_set_by tag_set_include tag_set_exclude show_tags host_metadata host_metadata_fields"
    ))

  /// Which IPv6 address an IPv4 address stands for.
  package static let ipv6Mappings = Resource(
    "ipv6-mappings", kind: "ipv6-mapping",
    document: DocumentKind("list of IPv6 mappings", roots: ["IP_MAP_LIST_OUTPUT"], records: ["IP_MAP_LIST/IP_MAP"], skeleton: ["IP_MAP_LIST"]),
    identity: Identity(id: "ID", name: ["V4"]),
    list: ListCall(
      .getOrPost, "/api/{version}/fo/asset/ip/v4_v6/", ["action": "list", "output_format": "xml"],
      others: "id_min id_max ipv4_filter ipv6_network truncation_limit"),
    // The remove call takes every record that has one of the addresses, and all that was found on the hosts: U16 p. 374.
    undoings: Undoing.person(
      "/api/{version}/fo/asset/ip/v4_v6/", ["add"], "removing a record deletes what scans have found, and records that were there before"),
    isReferable: false, follows: ["address"], isMoved: true, readers: ["qtbx-ipv6-to-urls"])

  /// Hosts that no scan may touch. A caller who sees custom networks only has to name them: network_id.
  package static let excludedHosts = Resource(
    "excluded-hosts", kind: "excluded-host", document: .exclusions,
    list: ListCall(
      .getOrPost, "/api/{version}/fo/asset/excluded_ip/", ["action": "list"],
      others: "ips network_id ag_ids ag_titles use_tags tag_include_selector tag_exclude_selector tag_set_by tag_set_include tag_set_exclude"),
    // action=remove does not tell who has excluded a host.
    undoings: Undoing.person(
      "/api/{version}/fo/asset/excluded_ip/", ["add"], telling: ["network_id"],
      "removing them would let scans touch hosts that were excluded before, too"),
    isReferable: false, references: [Reference("network", at: .attribute("network_id"), isVital: true, constants: Reference.zero)],
    follows: ["subscription"], isMoved: true, readers: ["qtbx-excluded-hosts-to-urls"])

  /// Who excluded which hosts when. Pages that go downwards: their URL says id_max.
  package static let excludedHostsHistory = Resource(
    "excluded-hosts-history",
    document: DocumentKind("history of excluded hosts", roots: ["HISTORY_LIST_OUTPUT"], records: ["HISTORY_LIST/HISTORY"]),
    list: ListCall(
      .getOrPost, "/api/{version}/fo/asset/excluded_ip/history/", ["action": "list"], others: "ips network_id id_min id_max ids"))

  /// Names under which a web server on one address is scanned. It has no id: the address and the port are the key, in its network if a list says one.
  package static let virtualHosts = Resource(
    "virtual-hosts", kind: "virtual-host",
    document: DocumentKind(
      "list of virtual hosts", roots: ["VIRTUAL_HOST_LIST_OUTPUT"], records: ["VIRTUAL_HOST_LIST/VIRTUAL_HOST"], skeleton: ["VIRTUAL_HOST_LIST"]),
    identity: Identity(joining: "IP", "PORT", parent: "NETWORK_ID", names: .socket),
    list: ListCall(.getOrPost, "/api/{version}/fo/asset/vhost/", ["action": "list"], others: "ip port"),
    // U16 p. 347: by its address and its port, which an answer does not say.
    undoings: [
      .deletion(
        of: "/api/{version}/fo/asset/vhost/", [("action", "create")],
        by: Deletion("/api/{version}/fo/asset/vhost/", [("action", "delete")], key: ["ip", "port"]))
    ], isReferable: false,
    references: [Reference("network", at: .child("NETWORK_ID"), isVital: true, constants: Reference.zero)],
    follows: ["address"], isMoved: true, readers: ["qtbx-virtual-hosts-to-urls"])

  /// The addresses from which people may log in. No migration sends them by itself: they can lock everybody out.
  package static let restrictedIPs = Resource(
    "restricted-ips", kind: "restricted-ip",
    document: DocumentKind(
      "list of restricted addresses", roots: ["RESTRICTED_IPS_OUTPUT"], records: ["IP_SET/IP", "IP_SET/IP_RANGE"], skeleton: ["IP_SET", "STATUS"],
      isClosed: true),
    list: ListCall(.getOrPost, "/api/{version}/fo/setup/restricted_ips/", ["action": "list", "output_format": "XML"]),
    undoings: Undoing.person(
      "/api/{version}/fo/setup/restricted_ips/", ["add", "delete", "replace", "clear", "activate"], Undoing.unknownBefore), isReferable: false,
    readers: ["qtbx-restricted-ips-to-urls"])
}
