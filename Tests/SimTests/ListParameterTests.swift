import Support
import SystemPackage
import Testing

/// What each list and export of the rehearsal may be asked, against the tables of the two guides: which parameters there are, what they may say, and
/// what each of them changes of the answer. Nothing may be asked for in vain: a parameter is heeded, or it is refused as not rehearsed.
@Suite struct ListParameterTests {
  /// A call, and the names of its parameters, with blanks between them.
  struct Listing: Sendable, CustomTestStringConvertible {
    /// What `qtbx-fetch` calls it.
    var name: String
    var path: String
    /// What every request has.
    var start = "action=list"
    /// In the tables of both guides.
    var both = ""
    /// In the table of one of them.
    var one = ""
    /// In no table of the guides: an official page of a later edition has it, or the grammar has a REQUEST, which `echo_request` asks for.
    var younger = ""
    /// Of these, what the rehearsal refuses.
    var unrehearsed = ""
    /// What the catalog offers, and clients alone are known to send: the rehearsal does not take it.
    var unconfirmed = ""
    /// What the catalog does not offer: another form than XML, or one of many filters.
    var left = ""
    var testDescription: String { name }

    var parameters: Set<String> { Set(words(both) + words(one) + words(younger)) }
  }

  static func words(_ text: String) -> [String] { text.split(separator: " ").map { String($0) } }

  private static let api = "/api/2.0/fo/"
  private static let echo = "echo_request"
  private static let tags = "use_tags tag_include_selector tag_exclude_selector tag_set_by tag_set_include tag_set_exclude"
  private static let scans =
    "no_vm_scan_since no_compliance_scan_since vm_scan_since compliance_scan_since vm_processed_before vm_processed_after vm_scan_date_before "
    + "vm_scan_date_after vm_auth_scan_date_before vm_auth_scan_date_after"
  private static let records = "echo_request title comments ids id_min id_max"

  // The lists of option profiles are filtered by what the calls that create them take: U16 p. 120-127, 135-137, 143-147.
  private static let profile =
    "title owner global scan_parallel_scaling scan_overall_performance scan_external_scanners scan_scanner_appliances scan_total_process "
    + "scan_http_process scan_packet_delay scan_intensity additional_tcp_ports_additional"
  private static let dead = "offline_scanner scan_dead_hosts close_vuln_on_dead_hosts not_found_alive_times purge_host_data external_scanners_use"
  private static let discovery =
    "additional_tcp_ports additional_tcp_ports_standard_scan additional_udp_ports additional_udp_ports_type additional_udp_ports_custom icmp "
    + "blocked_resources protected_ports protected_ports_custom protected_ips protected_ips_custom enable_dissolvable_agent "
    + "enable_windows_share_enumeration"
  private static let vm =
    "default scan_tcp_ports scan_tcp_ports_additional 3_way_handshake scan_udp_ports scan_udp_ports_additional authoritative_option load_balancer "
    + "password_brute_forcing_system password_brute_forcing_custom vulnerability_detection custom_search_list_ids custom_search_list_title "
    + "basic_host_information_checks oval_checks all_qrdi_checks exclude_search_list_ids authentication enable_additional_certificate_detection "
    + "enable_lite_os_scan custom_http_header custom_http_definition_key custom_http_definition_header host_alive_testing not_overwrite_os "
    + "test_authentication basic_information_gathering map_tcp_ports_standard_scan map_tcp_ports_additional map_udp_ports_standard_scan "
    + "map_udp_ports_additional perform_live_host_sweep disable_dns_traffic map_overall_performance map_external_scanners map_scanner_appliances "
    + "map_netblock_size map_packet_delay map_authentication ignore_firewall_generated_tcp_rst_packets ignore_all_tcp_rst_packets "
    + "ignore_firewall_generated_tcp_syn_ack_packets not_send_tcp_ack_or_syn_ack_packets_during_host_discovery"
  private static let pc =
    "scan_ports scan_by_policy policy_names policy_ids auto_update_expected_value fim_controls_enabled custom_wmi_query_checks "
    + "enable_password_auditing custom_password_dictionary enable_windows_directory_search ignore_rst_packets "
    + "ignore_firewall_generated_syn_ack_packets not_send_ack_or_syn_ack_packets_during_host_discovery"
  private static let ownPorts =
    "owner additional_tcp_ports_additional additional_udp_ports_type additional_udp_ports_custom protected_ports "
    + "protected_ports_custom protected_ips protected_ips_custom"
  private static let ownVM =
    ownPorts
    + " scan_tcp_ports_additional scan_udp_ports_additional password_brute_forcing_system password_brute_forcing_custom vulnerability_detection "
    + "custom_search_list_ids custom_search_list_title exclude_search_list_ids authentication basic_information_gathering map_tcp_ports_additional "
    + "map_udp_ports_additional map_netblock_size map_authentication"

  static let all: [Listing] = [
    // U16 p. 381, U12 p. 520.
    Listing(name: "networks", path: api + "network/", both: "ids", one: echo),
    // U16 p. 85-86, U12 p. 77-79.
    Listing(
      name: "appliances", path: api + "appliance/",
      both: "echo_request output_mode scan_detail include_cloud_info busy scan_ref name ids include_license_info type",
      one: "show_tags platform_provider"),
    // U16 p. 354-355, U12 p. 237-238.
    Listing(
      name: "asset-groups", path: api + "asset/group/",
      both: "output_format echo_request ids id_min id_max truncation_limit network_ids unit_id user_id title show_attributes", left: "output_format"),
    // U16 p. 299-300, U12 p. 167-168.
    Listing(name: "ips", path: api + "asset/ip/", both: "echo_request ips network_id tracking_method compliance_enabled", one: "certview_enabled"),
    // U16 p. 307-312, U12 p. 171-175.
    Listing(
      name: "hosts", path: api + "asset/host/",
      both: "echo_request details os_pattern truncation_limit ips ag_ids ag_titles ids id_min id_max network_ids compliance_enabled show_tags "
        + "host_metadata host_metadata_fields \(scans) \(tags)", one: "scap_scan_since no_scap_scan_since",
      unrehearsed: "os_pattern vm_processed_before vm_processed_after host_metadata host_metadata_fields \(tags)"),
    // U16 p. 377-378, U12 p. 264-265.
    Listing(
      name: "ipv6-mappings", path: api + "asset/ip/v4_v6/",
      both: "echo_request id_min id_max ipv4_filter ipv6_network output_format truncation_limit", unrehearsed: "ipv6_network"),
    // U16 p. 82.
    Listing(name: "domains-v1", path: "/msp/asset_domain_list.php", start: "", one: "last domain", left: "last domain"),
    // U16 p. 336-337, U12 p. 206-207.
    Listing(
      name: "excluded-hosts", path: api + "asset/excluded_ip/", both: "echo_request ips network_id ag_ids ag_titles \(tags)", unrehearsed: tags),
    // U16 p. 339-340, U12 p. 210-211.
    Listing(
      name: "excluded-hosts-history", path: api + "asset/excluded_ip/history/", both: "echo_request ips network_id id_min id_max ids",
      unrehearsed: "network_id"),
    // U16 p. 346, U12 p. 222.
    Listing(name: "virtual-hosts", path: api + "asset/vhost/", both: "echo_request ip port"),
    // U16 p. 349, U12 p. 225.
    Listing(name: "restricted-ips", path: api + "setup/restricted_ips/", both: "echo_request output_format"),
    // U16 p. 524.
    Listing(
      name: "users", path: "/msp/user_list.php", start: "", one: "external_id_contains external_id_assigned", younger: "show_access_permissions",
      unrehearsed: "show_access_permissions"),
    // U16 p. 44-45, U12 p. 51-52.
    Listing(
      name: "schedules", path: api + "schedule/scan/", both: "echo_request id active show_notifications scan_type fqdn show_cloud_details",
      one: "client_id client_name"),
    Listing(
      name: "pc-schedules", path: api + "schedule/scan/compliance/",
      younger: "echo_request id active show_notifications show_cloud_details client_id client_name"),
    // U16 p. 105, U12 p. 465.
    Listing(
      name: "option-profiles", path: api + "subscription/option_profile/", start: "action=export",
      both: "output_format option_profile_id option_profile_title option_profile_type", one: "include_system_option_profiles"),
    // U16 p. 129, 138, 149.
    Listing(
      name: "option-profiles-vm", path: api + "subscription/option_profile/vm/", one: "id \(profile) \(dead) \(discovery) \(vm)", unrehearsed: ownVM,
      left: "\(profile) \(dead) \(discovery) \(vm)"),
    Listing(
      name: "option-profiles-pc", path: api + "subscription/option_profile/pc/", one: "id \(profile) \(discovery) \(pc)",
      unrehearsed: ownPorts + " scan_ports scan_by_policy policy_names policy_ids custom_password_dictionary", left: "\(profile) \(discovery) \(pc)"),
    Listing(
      name: "option-profiles-pci", path: api + "subscription/option_profile/pci/", one: "id \(profile) \(dead)",
      unrehearsed: "owner additional_tcp_ports_additional", left: "\(profile) \(dead)"),
    // U16 p. 164, 169, U12 p. 110.
    Listing(name: "static-search-lists", path: api + "qid/search_list/static/", both: "echo_request ids"),
    Listing(
      name: "dynamic-search-lists", path: api + "qid/search_list/dynamic/",
      both: "echo_request ids show_qids show_option_profiles show_distribution_groups show_report_templates show_remediation_policies"),
    // U16 p. 180, U12 p. 119.
    Listing(name: "vendors", path: api + "vendor/", start: "action=list_vendors", both: "echo_request ids"),
    // U16 p. 477-478, 480, U12 p. 279, 282.
    Listing(
      name: "policies", path: api + "compliance/policy/", both: "echo_request details ids id_min id_max",
      younger: "updated_after_datetime created_after_datetime"),
    Listing(
      name: "policy", path: api + "compliance/policy/", start: "action=export", both: "echo_request id title show_user_controls show_appendix"),
    // U16 p. 505-507, U12 p. 307-308.
    Listing(
      name: "exceptions", path: api + "compliance/exception/",
      both:
        "exception_number ip network_name status control_id control_statement policy_id technology_name assignee_id created_by modified_by details "
        + "is_active created_after_date updated_after_date expired_before_date expired_after_date exception_numbers exception_number_min "
        + "exception_number_max truncation_limit", younger: echo, unrehearsed: "created_by modified_by"),
    // U16 p. 398, 425.
    Listing(name: "report-templates", path: "/msp/report_template_list.php", start: ""),
    Listing(
      name: "scan-report-templates", path: api + "report/template/scan/", start: "action=export", both: "report_format template_id"),
    // U16 p. 288-289, 293, U12 p. 454-455.
    Listing(name: "vaults", path: api + "vault/", both: "echo_request title type modified orderby sortorder limit offset"),
    Listing(name: "vault", path: api + "vault/", start: "action=view", both: "id", younger: echo),
    // U16 p. 185, 187-188, 192, U12 p. 327, 329-330. Clients send more to some of them.
    Listing(name: "auth", path: api + "auth/", both: records, unconfirmed: "status is_system_created"),
    Listing(name: "auth-apache", path: api + "auth/apache/", both: records + " details", one: "status is_system_created"),
    Listing(name: "auth-unix", path: api + "auth/unix/", both: records + " details", unconfirmed: "status is_system_created"),
    Listing(
      name: "auth-oracle", path: api + "auth/oracle/", both: records + " details",
      unconfirmed: "status is_system_created is_template template_auth_id template_auth_name"),
  ]

  /// Every name that one of the calls has, and one that none has: a call refuses all those that are not its own.
  @Test func everyCallKnowsItsParametersAlone() async throws {
    let names = Set(Self.all.flatMap { $0.parameters.union(Self.words($0.unconfirmed)) } + ["nonsense"]).sorted()
    let rows = Self.all.map { "\($0.path)\t\($0.start.isEmpty ? "" : $0.start + "&")\n" }.joined()
    let lines = try await rehearse(
      "", files: ["rows": rows, "names": names.map { "&\($0)=1" }.joined()],
      """
      while IFS=$'\\t' read -r path start; do
        get "$path?$start$(cut -c2- names)" > answer; grep -o 'Unrecognized parameter(s): [^<]*' answer | sed 's/.*: //; s/,//g' || cat answer
      done < rows
      """)
    #expect(lines.count == Self.all.count)
    for (listing, line) in zip(Self.all, lines) {
      let refused = Set(Self.words(line))
      #expect(refused == Set(names).subtracting(listing.parameters), "\(listing.name)")
    }
  }

  /// What is not rehearsed is refused as such, and the page names it.
  @Test func whatIsNotRehearsedIsNamed() async throws {
    let rows = Self.all.flatMap { listing in Self.words(listing.unrehearsed).map { (listing, $0) } }
    let text = rows.map { listing, name in
      let value = ["use_tags", "show_access_permissions"].contains(name) ? "1" : "any"
      return "\(listing.path)?\(listing.start)&\(name)=\(value)\n"
    }.joined()
    let lines = try await rehearse(
      "", files: ["rows": text], "while read -r row; do get \"$row\" | grep -c 'has invalid value: .*(not rehearsed)' || true; done < rows")
    #expect(lines == rows.map { _ in "1" })
    let page = String(decoding: try Files.read(Place.root.appending("docs/qtbx-sim.md")) ?? [], as: UTF8.self)
    let section = page.split(separator: "### Not rehearsed").last?.split(separator: "\n## ").first ?? ""
    let named = section.split(separator: "\n").filter { $0.hasPrefix("| ") }.map { line in
      line.split(separator: "`").enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }
    for (listing, name) in rows {
      #expect(named.contains { $0.contains(listing.name) && $0.contains(name) }, "\(listing.name) \(name) is not on the page")
    }
    // Nor does the page name more.
    for line in named {
      let listings = Self.all.filter { line.contains($0.name) }
      let unrehearsed = Set(listings.flatMap { Self.words($0.unrehearsed) })
      #expect(Set(line).subtracting(unrehearsed).isSubset(of: Self.all.map(\.name)), "\(line)")
    }
  }

  /// What `qtbx-fetch` offers is what the guides have, and the other way round.
  @Test func theCatalogOffersTheSame() async throws {
    let outcome = try await shell("\"$1/qtbx-fetch\" --list-resources", [Place.programs.string])
    var offered: [String: Set<String>] = [:]
    for line in outcome.outputText.split(separator: "\n").dropFirst() {
      let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map { String($0) }
      let query = cells[2].split(separator: "?").dropFirst().first ?? ""
      let fixed = query.split(separator: "&").map { String($0.prefix { $0 != "=" }) }
      offered[cells[0]] = Set(fixed + [cells[5].split(separator: " ").first.map { String($0) } ?? ""] + Self.words(cells[6])).subtracting([
        "action", "",
      ])
    }
    for listing in Self.all {
      let given = try #require(offered[listing.name], "\(listing.name)")
      #expect(given.subtracting(listing.parameters) == Set(Self.words(listing.unconfirmed)), "\(listing.name): offered, and in no table")
      let missing = listing.parameters.subtracting(given).subtracting(Self.words(listing.left) + [Self.echo])
      #expect(missing.isEmpty, "\(listing.name): in a table, and not offered")
    }
  }
}
