import Base

/// The three types of option profiles, each with calls of its own.
enum ProfileType: String, CaseIterable, Sendable {
  case vm, pc, pci

  /// What a document says of it.
  var group: String {
    switch self {
    case .vm: "user"
    case .pc: "compliance"
    case .pci: "pci"
    }
  }

  /// What the call that creates one asks for.
  var required: Set<String> {
    switch self {
    case .vm: ["title", "scan_tcp_ports", "scan_udp_ports", "basic_information_gathering"]
    case .pc: ["title", "scan_ports", "scan_overall_performance"]
    case .pci: ["title"]
    }
  }

  /// What a profile is that is told nothing of it.
  var defaults: [(path: [String], text: String)] {
    let performance = ["SCAN", "PERFORMANCE"]
    let common = [
      (["BASIC_INFO", "IS_GLOBAL"], "0"), (performance + ["PARALLEL_SCALING"], "0"), (performance + ["OVERALL_PERFORMANCE"], "Normal"),
      (performance + ["HOSTS_TO_SCAN", "EXTERNAL_SCANNERS"], "10"), (performance + ["HOSTS_TO_SCAN", "SCANNER_APPLIANCES"], "30"),
      (performance + ["PROCESSES_TO_RUN", "TOTAL_PROCESSES"], "10"), (performance + ["PROCESSES_TO_RUN", "HTTP_PROCESSES"], "10"),
      (performance + ["PACKET_DELAY"], "Medium"), (performance + ["PORT_SCANNING_AND_HOST_DISCOVERY"], "Normal"),
      (["ADDITIONAL", "HOST_DISCOVERY", "TCP_PORTS", "STANDARD_SCAN"], "1"),
    ]
    let hosts = [(["ADDITIONAL", "HOST_DISCOVERY", "UDP_PORTS", "STANDARD_SCAN"], "1"), (["ADDITIONAL", "HOST_DISCOVERY", "ICMP"], "1")]
    let dead = [(["SCAN", "SCAN_DEAD_HOSTS"], "0"), (["SCAN", "PURGE_OLD_HOST_OS_CHANGED"], "0")]
    switch self {
    case .vm:
      return common + hosts + dead + [
        (["BASIC_INFO", "IS_DEFAULT"], "0"), (["BASIC_INFO", "IS_OFFLINE_SYNCABLE"], "0"),
        (["SCAN", "VULNERABILITY_DETECTION", "COMPLETE"], "complete"),
        (["SCAN", "VULNERABILITY_DETECTION", "DETECTION_INCLUDE", "BASIC_HOST_INFO_CHECKS"], "1"),
        (["SCAN", "VULNERABILITY_DETECTION", "DETECTION_INCLUDE", "OVAL_CHECKS"], "0"), (["MAP", "MAP_OPTIONS", "PERFORM_LIVE_HOST_SWEEP"], "1"),
      ]
    case .pc: return common + hosts
    case .pci: return common + dead + [(["BASIC_INFO", "IS_OFFLINE_SYNCABLE"], "0")]
    }
  }

  /// How parameters stand to each other.
  func combinations(isNew: Bool) -> [Combination] {
    // An update may speak of what the profile has already.
    if !isNew { return [] }
    let own: [Combination] = [
      .required(["additional_udp_ports_custom"], with: "additional_udp_ports_type", is: "custom"),
      .only(["additional_udp_ports_custom"], with: "additional_udp_ports_type", is: ["custom"], standard: "standard"),
      .only(["protected_ports", "protected_ips"], with: "blocked_resources", is: ["1"], standard: "0"),
      .required(["protected_ports_custom"], with: "protected_ports", is: "custom"),
      .only(["protected_ports_custom"], with: "protected_ports", is: ["custom"], standard: "default"),
      .required(["protected_ips_custom"], with: "protected_ips", is: "custom"),
      .only(["protected_ips_custom"], with: "protected_ips", is: ["custom"], standard: "all"),
    ]
    let dead: [Combination] = [.only(["not_found_alive_times"], with: "close_vuln_on_dead_hosts", is: ["1"], standard: "0")]
    switch self {
    case .vm:
      return own + dead + [
        .only(["custom_search_list_ids", "custom_search_list_title"], with: "vulnerability_detection", is: ["custom"], standard: "complete")
      ]
    case .pc:
      return own + [
        .only(["enable_password_auditing"], with: "enable_dissolvable_agent", is: ["1"], standard: "0"),
        .only(["policy_ids", "policy_names"], with: "scan_by_policy", is: ["1"], standard: "0"),
      ]
    case .pci: return dead
    }
  }

  /// The parameters of its calls, and where a document says the same: U16 p. 120-127, 135-137, 143-147.
  var fields: [ProfileField] {
    switch self {
    case .vm: ProfileField.basic + ProfileField.offline + ProfileField.vm + ProfileField.dead + ProfileField.performance + ProfileField.hosts
    case .pc: ProfileField.basic + ProfileField.pc + ProfileField.performance + ProfileField.hosts
    case .pci:
      ProfileField.basic + ProfileField.offline + ProfileField.dead + ProfileField.performance
        + [ProfileField("external_scanners_use", "SCAN/PERFORMANCE/EXTERNAL_SCANNERS_TO_USE", .integer(1...1000))] + ProfileField.morePorts
    }
  }
}

/// A parameter, and where a document says the same.
struct ProfileField: Sendable {
  enum Form: Sendable, Equatable {
    /// The value is the element's text.
    case value(isCDATA: Bool)
    /// The same, of ports that HAS_ADDITIONAL tells of.
    case ports
    /// Whether the element is there.
    case here
    /// Another piece of code says what it does.
    case own
  }

  let parameter: String
  let path: [String]
  let check: Check
  let form: Form
  /// What is printed for a word.
  let words: [String: String]

  init(_ parameter: String, _ path: String = "", _ check: Check = .any, _ form: Form = .value(isCDATA: false), words: [String: String] = [:]) {
    self.parameter = parameter
    self.path = path.split(separator: "/").map { String($0) }
    self.check = check
    self.form = form
    self.words = words
  }

  /// A document says it by a text.
  var isPlain: Bool { if case .value = form { true } else { form == .ports } }

  func printed(_ value: String) -> String { words[value] ?? value }

  /// The parameter's word for what is printed, in capitals or not: one list of U16 prints `high`.
  func word(for text: String) -> String { words.first { $0.value.lowercased() == text.lowercased() }?.key ?? text }

  private static func flag(_ parameter: String, _ path: String) -> ProfileField { ProfileField(parameter, path, .flag) }
  private static func number(_ parameter: String, _ path: String) -> ProfileField { ProfileField(parameter, path, .integer(0...Check.largestID)) }
  private static func oneOf(_ parameter: String, _ path: String, _ words: [String], isPrinted: Bool = true) -> ProfileField {
    // Printed with a capital.
    let printed = Dictionary(uniqueKeysWithValues: words.map { ($0, $0.prefix(1).uppercased() + $0.dropFirst()) })
    return ProfileField(parameter, path, .oneOf(words), words: isPrinted ? printed : [:])
  }

  static let basic = [
    ProfileField("title", "BASIC_INFO/GROUP_NAME", .any, .value(isCDATA: true)), ProfileField("owner", "", .any, .own),
    flag("global", "BASIC_INFO/IS_GLOBAL"),
  ]
  static let offline = [flag("offline_scanner", "BASIC_INFO/IS_OFFLINE_SYNCABLE")]
  static let dead = [
    flag("scan_dead_hosts", "SCAN/SCAN_DEAD_HOSTS"), flag("close_vuln_on_dead_hosts", "SCAN/CLOSE_VULNERABILITIES/HAS_CLOSE_VULNERABILITIES"),
    number("not_found_alive_times", "SCAN/CLOSE_VULNERABILITIES/HOST_NOT_FOUND_ALIVE"), flag("purge_host_data", "SCAN/PURGE_OLD_HOST_OS_CHANGED"),
  ]
  static let performance = [
    flag("scan_parallel_scaling", "SCAN/PERFORMANCE/PARALLEL_SCALING"),
    oneOf("scan_overall_performance", "SCAN/PERFORMANCE/OVERALL_PERFORMANCE", ["high", "normal", "low", "custom"]),
    number("scan_external_scanners", "SCAN/PERFORMANCE/HOSTS_TO_SCAN/EXTERNAL_SCANNERS"),
    number("scan_scanner_appliances", "SCAN/PERFORMANCE/HOSTS_TO_SCAN/SCANNER_APPLIANCES"),
    number("scan_total_process", "SCAN/PERFORMANCE/PROCESSES_TO_RUN/TOTAL_PROCESSES"),
    number("scan_http_process", "SCAN/PERFORMANCE/PROCESSES_TO_RUN/HTTP_PROCESSES"),
    oneOf("scan_packet_delay", "SCAN/PERFORMANCE/PACKET_DELAY", ["minimum", "short", "medium", "long", "maximum"]),
    oneOf("scan_intensity", "SCAN/PERFORMANCE/PORT_SCANNING_AND_HOST_DISCOVERY", ["normal", "medium", "low", "minimum"]),
  ]

  static let vm = [
    flag("default", "BASIC_INFO/IS_DEFAULT"),
    oneOf("scan_tcp_ports", "SCAN/PORTS/TCP_PORTS/TCP_PORTS_TYPE", ["none", "full", "standard", "light"], isPrinted: false),
    ProfileField("scan_tcp_ports_additional", "SCAN/PORTS/TCP_PORTS/TCP_PORTS_ADDITIONAL/ADDITIONAL_PORTS", Ports.check, .ports),
    flag("3_way_handshake", "SCAN/PORTS/TCP_PORTS/THREE_WAY_HANDSHAKE"),
    oneOf("scan_udp_ports", "SCAN/PORTS/UDP_PORTS/UDP_PORTS_TYPE", ["none", "full", "standard", "light"], isPrinted: false),
    ProfileField("scan_udp_ports_additional", "SCAN/PORTS/UDP_PORTS/UDP_PORTS_ADDITIONAL/ADDITIONAL_PORTS", Ports.check, .ports),
    flag("authoritative_option", "SCAN/PORTS/AUTHORITATIVE_OPTION"),
    number("external_scanners_use", "SCAN/PERFORMANCE/EXTERNAL_SCANNERS_TO_USE"), flag("load_balancer", "SCAN/LOAD_BALANCER_DETECTION"),
    oneOf(
      "password_brute_forcing_system", "SCAN/PASSWORD_BRUTE_FORCING/SYSTEM/SYSTEM_LEVEL", ["minimal", "limited", "standard", "exhaustive"]),
    ProfileField("password_brute_forcing_custom", "", .list(.any), .own),
    ProfileField("vulnerability_detection", "", .oneOf(["complete", "custom", "runtime"]), .own),
    ProfileField("custom_search_list_ids", "", .list(.integer(1...Check.largestID)), .own),
    ProfileField("custom_search_list_title", "", .list(.any), .own),
    flag("basic_host_information_checks", "SCAN/VULNERABILITY_DETECTION/DETECTION_INCLUDE/BASIC_HOST_INFO_CHECKS"),
    flag("oval_checks", "SCAN/VULNERABILITY_DETECTION/DETECTION_INCLUDE/OVAL_CHECKS"),
    flag("all_qrdi_checks", "SCAN/VULNERABILITY_DETECTION/DETECTION_INCLUDE/QRDI_CHECKS"),
    ProfileField("exclude_search_list_ids", "", .list(.integer(1...Check.largestID)), .own),
    ProfileField(
      "authentication", "SCAN/AUTHENTICATION",
      .list(
        .oneOf([
          "Windows", "Unix", "Oracle", "Oracle Listener", "SNMP", "VMware", "DB2", "HTTP", "MySQL", "MongoDB", "Tomcat Server",
          "Palo Alto Networks Firewall",
        ])), .value(isCDATA: true)),
    flag("enable_additional_certificate_detection", "SCAN/ADDL_CERT_DETECTION"),
    flag("enable_dissolvable_agent", "SCAN/DISSOLVABLE_AGENT/DISSOLVABLE_AGENT_ENABLE"),
    flag("enable_windows_share_enumeration", "SCAN/DISSOLVABLE_AGENT/WINDOWS_SHARE_ENUMERATION_ENABLE"),
    flag("enable_lite_os_scan", "SCAN/LITE_OS_SCAN"), ProfileField("custom_http_header", "SCAN/CUSTOM_HTTP_HEADER/VALUE"),
    ProfileField("custom_http_definition_key", "SCAN/CUSTOM_HTTP_HEADER/DEFINITION_KEY"),
    ProfileField("custom_http_definition_header", "SCAN/CUSTOM_HTTP_HEADER/DEFINITION_VALUE"), flag("host_alive_testing", "SCAN/HOST_ALIVE_TESTING"),
    flag("not_overwrite_os", "SCAN/DO_NOT_OVERWRITE_OS"), flag("test_authentication", "SCAN/TEST_AUTHENTICATION"),
    // U12 p. 822 has two other words, of which no sample prints one.
    ProfileField(
      "basic_information_gathering", "MAP/BASIC_INFO_GATHERING_ON", .oneOf(["all", "register", "netblockonly", "none"]),
      words: ["register": "register", "netblockonly": "netblockonly"]),
    flag("map_tcp_ports_standard_scan", "MAP/TCP_PORTS/TCP_PORTS_STANDARD_SCAN"),
    ProfileField("map_tcp_ports_additional", "MAP/TCP_PORTS/TCP_PORTS_ADDITIONAL/ADDITIONAL_PORTS", Ports.check, .ports),
    flag("map_udp_ports_standard_scan", "MAP/UDP_PORTS/UDP_PORTS_STANDARD_SCAN"),
    ProfileField("map_udp_ports_additional", "MAP/UDP_PORTS/UDP_PORTS_ADDITIONAL/ADDITIONAL_PORTS", Ports.check, .ports),
    flag("perform_live_host_sweep", "MAP/MAP_OPTIONS/PERFORM_LIVE_HOST_SWEEP"), flag("disable_dns_traffic", "MAP/MAP_OPTIONS/DISABLE_DNS_TRAFFIC"),
    oneOf("map_overall_performance", "MAP/MAP_PERFORMANCE/OVERALL_PERFORMANCE", ["high", "normal", "low", "custom"]),
    number("map_external_scanners", "MAP/MAP_PERFORMANCE/MAP_PARALLEL/EXTERNAL_SCANNERS"),
    number("map_scanner_appliances", "MAP/MAP_PERFORMANCE/MAP_PARALLEL/SCANNER_APPLIANCES"),
    // An import takes what an export prints, and one prints 64.
    ProfileField(
      "map_netblock_size", "MAP/MAP_PERFORMANCE/MAP_PARALLEL/NETBLOCK_SIZE",
      .oneOf(["1024 IPs", "4096 IPs", "8192 IPs", "16384 IPs", "32768 IPs", "65536 IPs"]), words: ["1024 IPs": "1024 IPs"]),
    oneOf("map_packet_delay", "MAP/MAP_PERFORMANCE/PACKET_DELAY", ["minimum", "short", "medium", "long", "maximum"]),
    ProfileField("map_authentication", "MAP/MAP_AUTHENTICATION", .oneOf(["VMware"])),
    flag("ignore_firewall_generated_tcp_rst_packets", "ADDITIONAL/PACKET_OPTIONS/IGNORE_FIREWALL_GENERATED_TCP_RST"),
    flag("ignore_all_tcp_rst_packets", "ADDITIONAL/PACKET_OPTIONS/IGNORE_ALL_TCP_RST"),
    flag("ignore_firewall_generated_tcp_syn_ack_packets", "ADDITIONAL/PACKET_OPTIONS/IGNORE_FIREWALL_GENERATED_TCP_SYN_ACK"),
    flag(
      "not_send_tcp_ack_or_syn_ack_packets_during_host_discovery", "ADDITIONAL/PACKET_OPTIONS/NOT_SEND_TCP_ACK_OR_SYN_ACK_DURING_HOST_DISCOVERY"),
  ]

  static let pc = [
    ProfileField("scan_ports", "", .oneOf(["standard", "targeted"]), .own), ProfileField("scan_by_policy", "", .flag, .own),
    ProfileField("policy_names", "", .list(.any), .own), ProfileField("policy_ids", "", .list(.integer(1...Check.largestID)), .own),
    flag("auto_update_expected_value", "SCAN/FILE_INTEGRITY_MONITORING/AUTO_UPDATE_EXPECTED_VALUE"),
    flag("fim_controls_enabled", "SCAN/CONTROL_TYPES/FIM_CONTROLS_ENABLED"),
    flag("custom_wmi_query_checks", "SCAN/CONTROL_TYPES/CUSTOM_WMI_QUERY_CHECKS"),
    flag("enable_dissolvable_agent", "SCAN/DISSOLVABLE_AGENT/DISSOLVABLE_AGENT_ENABLE"),
    flag("enable_password_auditing", "SCAN/DISSOLVABLE_AGENT/PASSWORD_AUDITING_ENABLE/HAS_PASSWORD_AUDITING_ENABLE"),
    ProfileField("custom_password_dictionary", "SCAN/DISSOLVABLE_AGENT/PASSWORD_AUDITING_ENABLE/CUSTOM_PASSWORD_DICTIONARY"),
    flag("enable_windows_share_enumeration", "SCAN/DISSOLVABLE_AGENT/WINDOWS_SHARE_ENUMERATION_ENABLE"),
    flag("enable_windows_directory_search", "SCAN/DISSOLVABLE_AGENT/WINDOWS_DIRECTORY_SEARCH_ENABLE"),
    flag("ignore_rst_packets", "ADDITIONAL/PACKET_OPTIONS/IGNORE_FIREWALL_GENERATED_TCP_RST"),
    flag("ignore_firewall_generated_syn_ack_packets", "ADDITIONAL/PACKET_OPTIONS/IGNORE_FIREWALL_GENERATED_TCP_SYN_ACK"),
    flag("not_send_ack_or_syn_ack_packets_during_host_discovery", "ADDITIONAL/PACKET_OPTIONS/NOT_SEND_TCP_ACK_OR_SYN_ACK_DURING_HOST_DISCOVERY"),
  ]

  static let morePorts = [
    ProfileField(
      "additional_tcp_ports_additional", "ADDITIONAL/HOST_DISCOVERY/TCP_PORTS/TCP_ADDITIONAL/ADDITIONAL_PORTS", Ports.check, .ports)
  ]

  static let hosts =
    [
      ProfileField("additional_tcp_ports", "ADDITIONAL/HOST_DISCOVERY/TCP_PORTS", .flag, .here),
      flag("additional_tcp_ports_standard_scan", "ADDITIONAL/HOST_DISCOVERY/TCP_PORTS/STANDARD_SCAN"),
    ] + morePorts + [
      ProfileField("additional_udp_ports", "ADDITIONAL/HOST_DISCOVERY/UDP_PORTS", .flag, .here),
      ProfileField("additional_udp_ports_type", "", .oneOf(["standard", "custom"]), .own),
      ProfileField("additional_udp_ports_custom", "", Ports.check, .own), flag("icmp", "ADDITIONAL/HOST_DISCOVERY/ICMP"),
      ProfileField("blocked_resources", "ADDITIONAL/BLOCK_RESOURCES", .flag, .here),
      ProfileField("protected_ports", "", .oneOf(["default", "custom"]), .own), ProfileField("protected_ports_custom", "", Ports.check, .own),
      ProfileField("protected_ips", "", .oneOf(["all", "custom"]), .own), ProfileField("protected_ips_custom", "", .addresses, .own),
    ]
}

extension RehearsedResource {
  /// The elements that stand in each, in their order: U12 p. 810-814, with those of 2022. An element is the same wherever it stands.
  static let grammar: [String: [String]] = [
    "OPTION_PROFILE": ["BASIC_INFO", "SCAN", "MAP", "ADDITIONAL", "INSTANCE_DATA_COLLECTION", "OS_BASED_INSTANCE_DISC_COLLECTION"],
    "BASIC_INFO": [
      "ID", "GROUP_NAME", "GROUP_TYPE", "USER_ID", "UNIT_ID", "SUBSCRIPTION_ID", "IS_DEFAULT", "IS_GLOBAL", "IS_OFFLINE_SYNCABLE", "UPDATE_DATE",
    ],
    "SCAN": [
      "PORTS", "SCAN_DEAD_HOSTS", "CLOSE_VULNERABILITIES", "PURGE_OLD_HOST_OS_CHANGED", "PERFORMANCE", "LOAD_BALANCER_DETECTION",
      "PASSWORD_BRUTE_FORCING", "VULNERABILITY_DETECTION", "AUTHENTICATION", "AUTHENTICATION_LEAST_PRIVILEGE", "ADDL_CERT_DETECTION",
      "DISSOLVABLE_AGENT", "SCAN_RESTRICTION", "DATABASE_PREFERENCE_KEY", "SYSTEM_AUTH_RECORD", "LITE_OS_SCAN", "CUSTOM_HTTP_HEADER",
      "HOST_ALIVE_TESTING", "ETHERNET_IP_PROBING", "FILE_INTEGRITY_MONITORING", "CONTROL_TYPES", "DO_NOT_OVERWRITE_OS", "TEST_AUTHENTICATION",
      "MAX_SCAN_DURATION_PER_ASSET",
    ],
    "PORTS": ["TCP_PORTS", "UDP_PORTS", "AUTHORITATIVE_OPTION", "STANDARD_SCAN", "TARGETED_SCAN"],
    "TCP_PORTS": [
      "TCP_PORTS_TYPE", "TCP_PORTS_STANDARD_SCAN", "TCP_PORTS_ADDITIONAL", "THREE_WAY_HANDSHAKE", "STANDARD_SCAN", "TCP_ADDITIONAL",
    ],
    "UDP_PORTS": ["UDP_PORTS_TYPE", "UDP_PORTS_STANDARD_SCAN", "UDP_PORTS_ADDITIONAL", "STANDARD_SCAN", "CUSTOM_PORT", "CUSTOM"],
    "TCP_PORTS_ADDITIONAL": ["HAS_ADDITIONAL", "ADDITIONAL_PORTS"], "UDP_PORTS_ADDITIONAL": ["HAS_ADDITIONAL", "ADDITIONAL_PORTS"],
    "TCP_ADDITIONAL": ["HAS_ADDITIONAL", "ADDITIONAL_PORTS"],
    "CLOSE_VULNERABILITIES": ["HAS_CLOSE_VULNERABILITIES", "HOST_NOT_FOUND_ALIVE"],
    "PERFORMANCE": [
      "PARALLEL_SCALING", "OVERALL_PERFORMANCE", "HOSTS_TO_SCAN", "PROCESSES_TO_RUN", "PACKET_DELAY", "PORT_SCANNING_AND_HOST_DISCOVERY",
      "EXTERNAL_SCANNERS_TO_USE", "HOST_CGI_CHECKS", "MAX_CGI_CHECKS", "MAX_TARGETS_PER_SLICE", "MAX_NUMBER_OF_TARGETS",
      "CONF_SCAN_LIMITED_CONNECTIVITY", "SKIP_PRE_SCANNING", "SCAN_MULTIPLE_SLICES_PER_SCANNER",
    ],
    "HOSTS_TO_SCAN": ["EXTERNAL_SCANNERS", "SCANNER_APPLIANCES"], "PROCESSES_TO_RUN": ["TOTAL_PROCESSES", "HTTP_PROCESSES"],
    "PASSWORD_BRUTE_FORCING": ["SYSTEM", "CUSTOM_LIST"], "SYSTEM": ["HAS_SYSTEM", "SYSTEM_LEVEL"], "CUSTOM_LIST": ["CUSTOM"],
    "CUSTOM": ["ID", "TITLE", "TYPE", "LOGIN_PASSWORD"],
    "VULNERABILITY_DETECTION": ["COMPLETE", "CUSTOM_LIST", "RUNTIME", "DETECTION_INCLUDE", "DETECTION_EXCLUDE"],
    "DETECTION_INCLUDE": ["BASIC_HOST_INFO_CHECKS", "OVAL_CHECKS", "QRDI_CHECKS"], "DETECTION_EXCLUDE": ["CUSTOM_LIST"],
    "DISSOLVABLE_AGENT": [
      "DISSOLVABLE_AGENT_ENABLE", "PASSWORD_AUDITING_ENABLE", "WINDOWS_SHARE_ENUMERATION_ENABLE", "WINDOWS_DIRECTORY_SEARCH_ENABLE",
    ],
    "PASSWORD_AUDITING_ENABLE": ["HAS_PASSWORD_AUDITING_ENABLE", "CUSTOM_PASSWORD_DICTIONARY"], "SCAN_RESTRICTION": ["SCAN_BY_POLICY"],
    "SCAN_BY_POLICY": ["POLICY"], "POLICY": ["ID", "TITLE"],
    "DATABASE_PREFERENCE_KEY": ["MSSQL", "ORACLE", "SYBASE", "POSTGRESQL", "SAPIQ", "DB2"], "MSSQL": databases, "ORACLE": databases,
    "SYBASE": databases, "POSTGRESQL": databases, "SAPIQ": databases, "DB2": databases,
    "SYSTEM_AUTH_RECORD": ["ALLOW_AUTH_CREATION", "INCLUDE_SYSTEM_AUTH"],
    "ALLOW_AUTH_CREATION": ["AUTHENTICATION_TYPE_LIST", "IBM_WAS_DISCOVERY_MODE", "ORACLE_AUTHENTICATION_TEMPLATE"],
    "AUTHENTICATION_TYPE_LIST": ["AUTHENTICATION_TYPE"], "ORACLE_AUTHENTICATION_TEMPLATE": ["ID", "TITLE"],
    "INCLUDE_SYSTEM_AUTH": ["ON_DUPLICATE_USE_USER_AUTH", "ON_DUPLICATE_USE_SYSTEM_AUTH"],
    "CUSTOM_HTTP_HEADER": ["VALUE", "DEFINITION_KEY", "DEFINITION_VALUE"], "FILE_INTEGRITY_MONITORING": ["AUTO_UPDATE_EXPECTED_VALUE"],
    "CONTROL_TYPES": ["FIM_CONTROLS_ENABLED", "CUSTOM_WMI_QUERY_CHECKS", "DO_NOT_OVERWRITE_OS"],
    "MAP": ["BASIC_INFO_GATHERING_ON", "TCP_PORTS", "UDP_PORTS", "MAP_OPTIONS", "MAP_PERFORMANCE", "MAP_AUTHENTICATION"],
    "MAP_OPTIONS": ["PERFORM_LIVE_HOST_SWEEP", "DISABLE_DNS_TRAFFIC"], "MAP_PERFORMANCE": ["OVERALL_PERFORMANCE", "MAP_PARALLEL", "PACKET_DELAY"],
    "MAP_PARALLEL": ["EXTERNAL_SCANNERS", "SCANNER_APPLIANCES", "NETBLOCK_SIZE"],
    "ADDITIONAL": ["HOST_DISCOVERY", "BLOCK_RESOURCES", "PACKET_OPTIONS"], "HOST_DISCOVERY": ["TCP_PORTS", "UDP_PORTS", "ICMP"],
    "BLOCK_RESOURCES": ["WATCHGUARD_DEFAULT_BLOCKED_PORTS", "CUSTOM_PORT_LIST", "ALL_REGISTERED_IPS", "CUSTOM_IP_LIST"],
    "PACKET_OPTIONS": [
      "IGNORE_FIREWALL_GENERATED_TCP_RST", "IGNORE_ALL_TCP_RST", "IGNORE_FIREWALL_GENERATED_TCP_SYN_ACK",
      "NOT_SEND_TCP_ACK_OR_SYN_ACK_DURING_HOST_DISCOVERY",
    ],
    "INSTANCE_DATA_COLLECTION": ["DATABASES"], "DATABASES": ["AUTHENTICATION_TYPES_LIST"], "AUTHENTICATION_TYPES_LIST": ["AUTHENTICATION_TYPE"],
    "OS_BASED_INSTANCE_DISC_COLLECTION": ["TECHNOLOGIES"], "TECHNOLOGIES": ["TECHNOLOGY"],
  ]

  private static let databases = ["DB_UDC_RESTRICTION", "DB_UDC_LIMIT"]

  /// Those of which there may be many.
  static let repeated: Set<String> = ["CUSTOM", "LOGIN_PASSWORD", "POLICY", "AUTHENTICATION_TYPE", "TECHNOLOGY"]
}
