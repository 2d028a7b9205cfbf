package import Markup
package import Requests

/// What can be fetched by name: one call of the service that lists or exports.
package struct Resource: Sendable {
  /// How the call is made.
  package enum Call: String, Sendable {
    case get = "GET"
    /// Either will do: a form takes over where a URL would be too long.
    case getOrPost = "GET or POST"
    /// A search of the asset management API: XML in a POST.
    case search = "POST search"
  }

  package let name: String
  package let call: Call
  /// `{version}` stands for the version of the call, where it has one, and `{id}` for the id of one document.
  package let path: String
  /// The version that is asked for unless a person says otherwise; empty where a path has none.
  package let version: String
  /// The other versions that the call is known to have, or said to have.
  package let otherVersions: [String]
  /// What is sent unless a person says otherwise.
  package let parameters: [Request.Parameter]
  /// The other parameters that the call is known to take.
  package let others: [String]
  /// The parameter that names one document, if there is one.
  package let id: String?
  /// The call has to name one document.
  package let needsID: Bool
  /// The root elements of the answer. None: its name is not confirmed, and any but those of an error will do.
  let roots: [String]
  /// The element names of the records, as `RecordStream` takes them. None: the answer is one document.
  let records: [String]

  init(
    _ name: String, _ path: String, version: String = "2.0", versions: String = "", _ call: Call = .getOrPost,
    _ parameters: KeyValuePairs<String, String> = [:], others: String = "", id: String? = nil, needsID: Bool = false, roots: [String] = [],
    records: [String] = []
  ) {
    self.name = name
    self.path = path
    self.version = path.contains("{version}") ? version : ""
    otherVersions = versions.split(separator: " ").map { String($0) }
    self.call = call
    self.parameters = parameters.map { Request.Parameter(name: $0.key, value: $0.value) }
    self.others = others.split(separator: " ").map { String($0) }
    self.id = id
    self.needsID = needsID || path.contains("{id}")
    self.roots = roots
    self.records = records
  }

  /// Errors: `usage` if there is none of the name.
  package static func named(_ name: String) throws(Complaint) -> Resource {
    if let resource = all.first(where: { $0.name == name }) { return resource }
    if let reason = withoutCall[name] { throw Complaint(.usage, "no call of the API lists \(name): \(reason)") }
    throw Complaint(.usage, "there is no resource \"\(name)\": --list-resources names all")
  }

  /// Whether an answer with this root element may be one to the call. Where none is confirmed, the list of another resource is not.
  func takes(root: String) -> Bool {
    if !roots.isEmpty { return roots.contains(root) }
    return !root.hasSuffix("_ERROR_OUTPUT") && (records.isEmpty || !Self.outputs.contains(root))
  }

  private static let outputs = Set(all.flatMap(\.roots).filter { $0.hasSuffix("_OUTPUT") })

  /// The table, as tab-separated values.
  package static var table: String {
    let rows = all.map { resource in
      let query = resource.parameters.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
      return [
        resource.name, resource.call.rawValue, resource.path + (query.isEmpty ? "" : "?" + query), resource.version,
        resource.otherVersions.joined(separator: " "),
        resource.id.map { $0 + (resource.needsID ? "" : " (optional)") } ?? "", resource.others.joined(separator: " "),
      ].joined(separator: "\t")
    }
    return (["resource\tmethod\trequest\tversion\tother versions\tone by\tother parameters"] + rows).joined(separator: "\n") + "\n"
  }

  // MARK: The table

  /// Objects that the service has and no call of it lists.
  private static let withoutCall = [
    "distribution-groups": "make the map for them by hand", "business-units": "their titles stand in the users and asset groups",
  ]

  package static let all = assets + people + tagging + scans + compliance + reports + logins

  private static let assets = [
    Resource("networks", "/api/{version}/fo/network/", .getOrPost, ["action": "list"], others: "ids", records: ["NETWORK_LIST/NETWORK"]),
    Resource(
      "appliances", "/api/{version}/fo/appliance/", .getOrPost, ["action": "list", "output_mode": "full", "show_tags": "1"],
      others: "ids name type busy scan_ref platform_provider scan_detail include_cloud_info include_license_info network_id",
      roots: ["APPLIANCE_LIST_OUTPUT"], records: ["APPLIANCE_LIST/APPLIANCE"]),
    Resource(
      "asset-groups", "/api/{version}/fo/asset/group/", versions: "3.0", .getOrPost, ["action": "list", "show_attributes": "ALL"],
      others: "ids id_min id_max title network_ids unit_id user_id truncation_limit", roots: ["ASSET_GROUP_LIST_OUTPUT"],
      records: ["ASSET_GROUP_LIST/ASSET_GROUP"]),
    // No attribute of an address comes back: it is listed once for each combination of the filters.
    Resource(
      "ips", "/api/{version}/fo/asset/ip/", versions: "3.0", .getOrPost, ["action": "list"],
      others: "ips network_id tracking_method compliance_enabled certview_enabled",
      roots: ["IP_LIST_OUTPUT"], records: ["IP_SET/IP", "IP_SET/IP_RANGE"]),
    Resource(
      "ipv6-mappings", "/api/{version}/fo/asset/ip/v4_v6/", .getOrPost, ["action": "list", "output_format": "xml"],
      others: "id_min id_max ipv4_filter ipv6_network truncation_limit", roots: ["IP_MAP_LIST_OUTPUT"], records: ["IP_MAP_LIST/IP_MAP"]),
    Resource(
      "domains", "/api/{version}/fo/asset/domain/", .getOrPost, ["action": "list"], roots: ["DOMAIN_LIST", "DOMAIN_LIST_OUTPUT"],
      records: ["DOMAIN_LIST/DOMAIN"]),
    Resource("domains-v1", "/msp/asset_domain_list.php", .get, records: ["DOMAIN"]),
    // A caller who sees custom networks only has to name them: network_id.
    Resource(
      "excluded-hosts", "/api/{version}/fo/asset/excluded_ip/", .getOrPost, ["action": "list"],
      others: "ips network_id ag_ids ag_titles use_tags tag_include_selector tag_exclude_selector tag_set_by tag_set_include tag_set_exclude",
      roots: ["IP_LIST_OUTPUT"], records: ["IP_SET/IP", "IP_SET/IP_RANGE"]),
    // Pages that go downwards: their URL says id_max.
    Resource(
      "excluded-hosts-history", "/api/{version}/fo/asset/excluded_ip/history/", .getOrPost, ["action": "list"],
      others: "ips network_id id_min id_max ids", roots: ["HISTORY_LIST_OUTPUT"], records: ["HISTORY_LIST/HISTORY"]),
    Resource(
      "virtual-hosts", "/api/{version}/fo/asset/vhost/", .getOrPost, ["action": "list"], others: "ip port", roots: ["VIRTUAL_HOST_LIST_OUTPUT"],
      records: ["VIRTUAL_HOST_LIST/VIRTUAL_HOST"]),
  ]

  private static let people = [
    Resource(
      "users", "/msp/user_list.php", .getOrPost, others: "external_id_contains external_id_assigned show_access_permissions",
      roots: ["USER_LIST_OUTPUT"], records: ["USER_LIST/USER"]),
    Resource(
      "portal-users", "/qps/rest/{version}/search/am/user/", .search, ["limitResults": "1000"], roots: ["ServiceResponse"], records: ["data/User"]),
    Resource("user-preferences", "/api/{version}/fo/user_prefs/", .get, ["action": "export"], id: "user_id", needsID: true),
    // The addresses from which people may log in.
    Resource(
      "restricted-ips", "/api/{version}/fo/setup/restricted_ips/", .getOrPost, ["action": "list", "output_format": "XML"],
      roots: ["RESTRICTED_IPS_OUTPUT"], records: ["IP_SET/IP", "IP_SET/IP_RANGE"]),
    Resource("time-zones", "/msp/time_zone_code_list.php", .get),
    Resource("subscription", "/api/{version}/fo/subscription/index.php", .get, ["action": "export"]),
  ]

  private static let tagging = [
    Resource(
      "tags", "/qps/rest/{version}/search/am/tag", .search, ["limitResults": "1000"], others: "fields", roots: ["ServiceResponse"],
      records: ["data/Tag"]),
    Resource("tag", "/qps/rest/{version}/get/am/tag/{id}", .get, roots: ["ServiceResponse"], records: ["data/Tag"]),
    Resource(
      "agent-keys", "/qps/rest/{version}/search/ca/agentactkey/", version: "1.0", .search, ["limitResults": "1000"], roots: ["ServiceResponse"],
      records: ["data/AgentActKey"]),
    Resource(
      "agent-key", "/qps/rest/{version}/get/ca/agentactkey/{id}", version: "1.0", .get, roots: ["ServiceResponse"], records: ["data/AgentActKey"]),
    Resource(
      "agent-profiles", "/qps/rest/{version}/search/ca/agentconfig", version: "1.0", .search, ["limitResults": "1000"], roots: ["ServiceResponse"],
      records: ["data/AgentConfig"]),
  ]

  private static let scans =
    [
      // The root element of compliance lists is not confirmed.
      Resource(
        "schedules", "/api/{version}/fo/schedule/scan/", version: "5.0", versions: "2.0 3.0", .getOrPost,
        ["action": "list", "show_notifications": "1", "show_cloud_details": "1"],
        others: "id active scan_type fqdn client_id client_name", records: ["SCHEDULE_SCAN_LIST/SCAN", "SCAN"]),
      Resource(
        "pc-schedules", "/api/{version}/fo/schedule/scan/compliance/", .getOrPost,
        ["action": "list", "show_notifications": "1", "show_cloud_details": "1"], others: "id active client_id client_name",
        records: ["COMPLIANCE_SCHEDULE_SCAN_LIST/SCAN", "SCAN"]),
      Resource("map-schedules", "/msp/scheduled_scans.php", .get, records: ["SCHEDULEDSCANS/SCAN", "SCHEDULEDSCANS/MAP"]),
      Resource(
        "option-profiles", "/api/{version}/fo/subscription/option_profile/", versions: "7.0", .getOrPost,
        ["action": "export", "include_system_option_profiles": "0"],
        others: "option_profile_title option_profile_type output_format", id: "option_profile_id", roots: ["OPTION_PROFILES"],
        records: ["OPTION_PROFILES/OPTION_PROFILE"]),
    ]
    + ["vm", "pc", "pci"].map { kind in
      Resource(
        "option-profiles-\(kind)", "/api/{version}/fo/subscription/option_profile/\(kind)/", versions: kind == "vm" ? "4.0 5.0" : "", .getOrPost,
        ["action": "list"], others: "title", id: "id",
        roots: ["OPTION_PROFILES"], records: ["OPTION_PROFILES/OPTION_PROFILE"])
    } + [
      Resource(
        "static-search-lists", "/api/{version}/fo/qid/search_list/static/", versions: "3.0", .getOrPost, ["action": "list"], others: "ids",
        roots: ["STATIC_SEARCH_LIST_OUTPUT", "SEARCH_LIST_OUTPUT"], records: ["STATIC_LISTS/STATIC_LIST"]),
      // What the lists are made of, without the tens of thousands of vulnerabilities that they come to.
      Resource(
        "dynamic-search-lists", "/api/{version}/fo/qid/search_list/dynamic/", versions: "3.0", .getOrPost,
        [
          "action": "list", "show_qids": "0", "show_option_profiles": "0", "show_distribution_groups": "0", "show_report_templates": "0",
          "show_remediation_policies": "0",
        ], others: "ids", roots: ["DYNAMIC_SEARCH_LIST_OUTPUT", "SEARCH_LIST_OUTPUT"], records: ["DYNAMIC_LISTS/DYNAMIC_LIST"]),
      // Dynamic lists have the names of vendors, and the calls that create them want the ids.
      Resource(
        "vendors", "/api/{version}/fo/vendor/", .get, ["action": "list_vendors"], others: "ids", roots: ["VENDOR_LIST_OUTPUT"],
        records: ["VENDORS/VENDOR"]),
    ]

  private static let compliance = [
    Resource(
      "policies", "/api/{version}/fo/compliance/policy/", version: "4.0", versions: "2.0 3.0 5.0", .getOrPost,
      ["action": "list", "details": "Basic"],
      others: "ids id_min id_max updated_after_datetime created_after_datetime", roots: ["POLICY_LIST_OUTPUT"], records: ["POLICY_LIST/POLICY"]),
    Resource(
      "policy", "/api/{version}/fo/compliance/policy/", version: "4.0", versions: "2.0 3.0 5.0", .get,
      ["action": "export", "show_user_controls": "1"], others: "title show_appendix", id: "id",
      needsID: true, roots: ["POLICY_EXPORT_OUTPUT"]),
    Resource(
      "controls", "/api/{version}/fo/compliance/control/", version: "4.0", versions: "2.0", .getOrPost, ["action": "list", "details": "All"],
      others: "ids",
      records: ["CONTROL_LIST/CONTROL"]),
    Resource(
      "exceptions", "/api/{version}/fo/compliance/exception/", version: "3.0", versions: "2.0", .getOrPost, ["action": "list", "details": "All"],
      others: "exception_numbers exception_number_min exception_number_max ip network_name status control_id control_statement policy_id "
        + "technology_name assignee_id created_by modified_by is_active created_after_date updated_after_date expired_before_date "
        + "expired_after_date truncation_limit", records: ["EXCEPTION_LIST/EXCEPTION"]),
  ]

  private static let reports =
    [
      Resource(
        "report-templates", "/msp/report_template_list.php", .get, roots: ["REPORT_TEMPLATE_LIST"], records: ["REPORT_TEMPLATE_LIST/REPORT_TEMPLATE"])
    ]
    + [("scan", "7.0", "SCANTEMPLATE"), ("pciscan", "2.0", "PCISCANTEMPLATE"), ("patch", "2.0", "PATCHTEMPLATE"), ("map", "2.0", "MAPTEMPLATE")].map {
      kind, version, element in
      Resource(
        "\(kind)-report-templates", "/api/{version}/fo/report/template/\(kind)/", version: version, .get,
        ["action": "export", "report_format": "xml"],
        id: "template_id", roots: ["REPORTTEMPLATE"], records: ["REPORTTEMPLATE/\(element)"])
    }

  /// The types of authentication records that sources name, each an endpoint of its own.
  private static let loginTypes = [
    "apache", "azure_ms_sql", "bind", "cassandra", "cisco_apic", "datastax", "docker", "greenplum", "http", "ibm_db2", "ibm_websphere", "infoblox",
    "informixdb", "jboss", "kubernetes", "mariadb", "marklogic", "microsoft_sharepoint", "mongodb", "ms_exchange", "ms_iis", "ms_sql", "mysql",
    "neo4j", "network_ssh", "nginx", "nsx", "oracle", "oracle_http_server", "oracle_listener", "oracle_weblogic", "palo_alto_firewall",
    "postgresql", "sap_hana", "sapiq", "snmp", "sybase", "tomcat", "unix", "vcenter", "vmware", "windows",
  ]

  private static let logins =
    [
      Resource(
        "vaults", "/api/{version}/fo/vault/", .getOrPost, ["action": "list"], others: "title type modified orderby sortorder limit offset",
        roots: ["AUTH_VAULT_LIST_OUTPUT"], records: ["AUTH_VAULTS/AUTH_VAULT"]),
      Resource("vault", "/api/{version}/fo/vault/", .getOrPost, ["action": "view"], id: "id", needsID: true),
      // The ids of each type stand in an element of its own: two pages of one type give two of them.
      Resource(
        "auth", "/api/{version}/fo/auth/", versions: "3.0", .getOrPost, ["action": "list"],
        others: "title comments ids id_min id_max status is_system_created",
        records: loginTypes.flatMap { ["AUTH_RECORDS/AUTH_\($0.uppercased())_IDS", "AUTH_RECORDS/AUTH_\($0.uppercased())_RECORDS"] }),
    ]
    + loginTypes.map { type in
      let name = type.uppercased()
      return Resource(
        "auth-" + String(type.map { $0 == "_" ? "-" : $0 }), "/api/{version}/fo/auth/\(type)/", versions: "3.0", .getOrPost, ["action": "list"],
        others: "details title comments ids id_min id_max status is_system_created"
          + (["oracle", "mongodb"].contains(type) ? " template_auth_id template_auth_name is_template" : ""),
        roots: ["AUTH_\(name)_LIST_OUTPUT"], records: ["AUTH_\(name)_LIST/AUTH_\(name)"])
    }
}
