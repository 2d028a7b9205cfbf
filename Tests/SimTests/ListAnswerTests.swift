import Support
import Testing

/// What each parameter of a list changes of the answer: each row alone, against a subscription that was loaded. The tables: `ListParameterTests`.
@Suite struct ListAnswerTests {
  private static func list(_ root: String, _ wrapper: String, _ records: String, request: String = "") -> String {
    let request = request.isEmpty ? "" : "<REQUEST><DATETIME>2031-02-01T08:00:00Z</DATETIME><PARAM_LIST>\(request)</PARAM_LIST></REQUEST>"
    return "<\(root)>\(request)<RESPONSE><DATETIME>2031-02-01T08:00:00Z</DATETIME><\(wrapper)>\(records)</\(wrapper)></RESPONSE></\(root)>\n"
  }

  private static func parameter(_ name: String, _ value: String) -> String { "<PARAM><KEY>\(name)</KEY><VALUE>\(value)</VALUE></PARAM>" }

  private static func dates(_ element: String, _ year: Int) -> String {
    "<\(element)><DATETIME>\(year)-03-04T05:06:07Z</DATETIME><BY>exmpl_1</BY></\(element)>"
  }

  private static let schedules = [
    "<SCAN><ID>31</ID><ACTIVE>1</ACTIVE><TITLE>A</TITLE><CLIENT><ID>5</ID><NAME>One</NAME></CLIENT><USER_LOGIN>exmpl_1</USER_LOGIN><TARGET>10.0.0.1</TARGET>"
      + "<CLOUD_DETAILS><SCAN_TYPE>Internal</SCAN_TYPE></CLOUD_DETAILS><FQDN_LIST><FQDN>a.example</FQDN></FQDN_LIST>"
      + "<NOTIFICATIONS><LAUNCH_SKIP><MESSAGE>m</MESSAGE></LAUNCH_SKIP></NOTIFICATIONS></SCAN>",
    "<SCAN><ID>32</ID><SCAN_TYPE>CertView</SCAN_TYPE><ACTIVE>0</ACTIVE><TITLE>B</TITLE><FQDN_LIST><FQDN>b.example</FQDN></FQDN_LIST></SCAN>",
    "<SCAN><ID>33</ID><ACTIVE>2</ACTIVE><TITLE>C</TITLE><CLIENT><ID>6</ID><NAME>Two</NAME></CLIENT></SCAN>",
  ].joined()

  private static func exception(_ number: Int, _ more: String, status: String, active: Int, cid: Int, year: Int, end: String) -> String {
    "<EXCEPTION><EXCEPTION_NUMBER>\(number)</EXCEPTION_NUMBER><HOST><IP_ADDRESS>10.0.0.\(number)</IP_ADDRESS><TRACKING_METHOD>IP</TRACKING_METHOD>"
      + "<NETWORK>Net \(number)</NETWORK></HOST><TECHNOLOGY><ID>\(number)</ID><NAME>Tech \(number)</NAME></TECHNOLOGY>\(more)<CONTROL><CID>\(cid)</CID>"
      + "<STATEMENT>Control \(cid)</STATEMENT><CRITICALITY><VALUE>3</VALUE><LABEL>SERIOUS</LABEL></CRITICALITY></CONTROL>"
      + "<ASSIGNEE>Jane \(number)</ASSIGNEE><STATUS>\(status)</STATUS><ACTIVE>\(active)</ACTIVE><EXPIRATION_DATE>\(end)</EXPIRATION_DATE>"
      + "<MODIFIED_DATE>\(year + 1)-03-04T05:06:07Z</MODIFIED_DATE><HISTORY_LIST><HISTORY><USER>Jane (exmpl_1)</USER><COMMENT>c</COMMENT>"
      + "<INSERTION_DATE>\(year)-03-04T05:06:07Z</INSERTION_DATE></HISTORY></HISTORY_LIST></EXCEPTION>"
  }

  private static func policyOf(_ id: Int) -> String { "<POLICY><ID>\(id)</ID><NAME>P\(id)</NAME></POLICY>" }

  private static let exceptions = [
    exception(1, policyOf(41), status: "Pending", active: 1, cid: 23, year: 2030, end: "2031-03-04T05:06:07Z"),
    exception(2, policyOf(42), status: "Approved", active: 0, cid: 234, year: 2032, end: "N/A"),
    exception(3, policyOf(42), status: "Expired", active: 0, cid: 5, year: 2033, end: "2040-03-04T05:06:07Z"),
  ].joined()

  private static func host(_ id: Int, _ ip: String, network: Int, _ more: String) -> String {
    "<HOST><ID>\(id)</ID><IP>\(ip)</IP><TRACKING_METHOD>IP</TRACKING_METHOD><NETWORK_ID>\(network)</NETWORK_ID><OS>Linux</OS>\(more)</HOST>"
  }

  private static let hosts = [
    host(
      61, "10.0.0.1", network: 7,
      "<TAGS><TAG><TAG_ID>1</TAG_ID></TAG></TAGS><LAST_VULN_SCAN_DATETIME>2030-01-02T03:04:05Z</LAST_VULN_SCAN_DATETIME>"
        + "<LAST_VM_SCANNED_DATE>2030-01-02T03:04:05Z</LAST_VM_SCANNED_DATE><LAST_VM_AUTH_SCANNED_DATE>2031-01-02T03:04:05Z</LAST_VM_AUTH_SCANNED_DATE>"
        + "<OWNER>exmpl_1</OWNER><ASSET_GROUP_IDS>11</ASSET_GROUP_IDS>"),
    host(
      62, "192.0.2.1", network: 0,
      "<LAST_VULN_SCAN_DATETIME>2032-01-02T03:04:05Z</LAST_VULN_SCAN_DATETIME><LAST_COMPLIANCE_SCAN_DATETIME>2031-01-02T00:00:00Z</LAST_COMPLIANCE_SCAN_DATETIME>"
        + "<LAST_VM_SCANNED_DATE>2032-01-02T00:00:00Z</LAST_VM_SCANNED_DATE><LAST_SCAP_SCAN_DATETIME>2031-01-02T03:04:05Z</LAST_SCAP_SCAN_DATETIME>"),
    host(63, "192.0.2.1", network: 8, ""),
  ].joined()

  private static func group(_ id: Int, _ title: String, _ network: Int, _ ips: String, _ more: String = "") -> String {
    "<ASSET_GROUP><ID>\(id)</ID><TITLE>\(title)</TITLE><OWNER_USER_ID>3\(id)</OWNER_USER_ID><OWNER_UNIT_ID>4\(id)</OWNER_UNIT_ID><NETWORK_ID>\(network)</NETWORK_ID>"
      + "<IP_SET><IP_RANGE>\(ips)</IP_RANGE></IP_SET>\(more)</ASSET_GROUP>"
  }

  private static func vault(_ id: Int, _ title: String, _ type: String, year: Int, _ server: String, by: String) -> String {
    "<VAULT_QUEST><TITLE>\(title)</TITLE><COMMENTS></COMMENTS><VAULT_TYPE>\(type)</VAULT_TYPE><CREATED_ON>2030-01-01T00:00:00Z</CREATED_ON><OWNER>exmpl_1</OWNER>"
      + "<LAST_MODIFIED><DATETIME>\(year)-01-02T03:04:05Z</DATETIME><BY>\(by)</BY></LAST_MODIFIED><SERVER_ADDRESS>\(server)</SERVER_ADDRESS><ID>\(id)</ID></VAULT_QUEST>"
  }

  private static func record(_ type: String, _ id: Int, _ title: String, _ more: String = "", by: String = "exmpl_1") -> String {
    "<AUTH_\(type)><ID>\(id)</ID><TITLE>\(title)</TITLE>\(more)<CREATED><DATETIME>2031-01-02T03:04:05Z</DATETIME><BY>\(by)</BY></CREATED>"
      + "<LAST_MODIFIED><DATETIME>2031-01-02T03:04:05Z</DATETIME></LAST_MODIFIED><COMMENTS>about \(title)</COMMENTS></AUTH_\(type)>"
  }

  private static func profile(_ id: Int, _ title: String, _ type: String, global: Int, _ more: String) -> String {
    "<OPTION_PROFILE><BASIC_INFO><ID>\(id)</ID><GROUP_NAME>\(title)</GROUP_NAME><GROUP_TYPE>\(type)</GROUP_TYPE><USER_ID>Jane (exmpl_1)</USER_ID><UNIT_ID>0</UNIT_ID>"
      + "<SUBSCRIPTION_ID>1</SUBSCRIPTION_ID><IS_DEFAULT>0</IS_DEFAULT><IS_GLOBAL>\(global)</IS_GLOBAL></BASIC_INFO><SCAN>\(more)</SCAN></OPTION_PROFILE>"
  }

  private static func search(_ name: String, _ id: Int, _ more: String = "") -> String {
    "<\(name)><ID>\(id)</ID><TITLE>L\(id)</TITLE><GLOBAL>No</GLOBAL><OWNER>exmpl_1</OWNER>\(more)</\(name)>"
  }

  private static func appliance(_ id: Int, _ name: String, _ running: Int, _ more: String) -> String {
    "<APPLIANCE><ID>\(id)</ID><UUID>u</UUID><NAME>\(name)</NAME><SOFTWARE_VERSION>2.6</SOFTWARE_VERSION><RUNNING_SLICES_COUNT>0</RUNNING_SLICES_COUNT>"
      + "<RUNNING_SCAN_COUNT>\(running)</RUNNING_SCAN_COUNT><STATUS>Online</STATUS>\(more)</APPLIANCE>"
  }

  private static func change(_ id: Int, _ ip: String) -> String {
    "<HISTORY><ID>\(id)</ID><IP_SET><IP>\(ip)</IP></IP_SET><ACTION>Added</ACTION><DATETIME>2031-01-02T03:04:05Z</DATETIME><USER_LOGIN>exmpl_1</USER_LOGIN>"
      + "<COMMENTS>c</COMMENTS></HISTORY>"
  }

  private static func user(_ id: Int, _ more: String) -> String {
    "<USER><USER_LOGIN>exmpl_\(id)</USER_LOGIN><USER_ID>\(id)</USER_ID>\(more)<CONTACT_INFO><FIRSTNAME>Jane</FIRSTNAME><LASTNAME>\(id)</LASTNAME>"
      + "<EMAIL>u\(id)@example.com</EMAIL></CONTACT_INFO><USER_STATUS>Active</USER_STATUS><CREATION_DATE>2031-01-02T03:04:05Z</CREATION_DATE>"
      + "<USER_ROLE>Manager</USER_ROLE></USER>"
  }

  private static let files = [
    "networks.xml": list(
      "NETWORK_LIST_OUTPUT", "NETWORK_LIST", "<NETWORK><ID>7</ID><NAME>Lab</NAME></NETWORK><NETWORK><ID>8</ID><NAME>Plant</NAME></NETWORK>"),
    "groups.xml": list(
      "ASSET_GROUP_LIST_OUTPUT", "ASSET_GROUP_LIST",
      group(11, "North", 7, "10.0.0.1-10.0.0.9") + group(12, "South", 0, "192.0.2.0-192.0.2.9", "<COMMENTS>c</COMMENTS>")),
    "appliances.xml": list(
      "APPLIANCE_LIST_OUTPUT", "APPLIANCE_LIST",
      appliance(
        21, "scan-a", 1,
        "<TYPE>Virtual</TYPE><CLOUD_INFO><PLATFORM_PROVIDER>ec2</PLATFORM_PROVIDER></CLOUD_INFO><ASSET_TAGS_LIST><ASSET_TAG><UUID>t</UUID><NAME>T</NAME></ASSET_TAG>"
          + "</ASSET_TAGS_LIST><RUNNING_SCANS><SCAN><TITLE>S</TITLE><REF>scan/1.2</REF></SCAN></RUNNING_SCANS>")
        + appliance(22, "scan-b", 0, "<TYPE>Physical</TYPE>") + appliance(23, "edge", 0, "<TYPE>Offline</TYPE>")),
    "schedules.xml": list("SCHEDULE_SCAN_LIST_OUTPUT", "SCHEDULE_SCAN_LIST", schedules),
    "pc.xml": list("COMPLIANCE_SCHEDULE_SCAN_LIST_OUTPUT", "COMPLIANCE_SCHEDULE_SCAN_LIST", schedules),
    "policies.xml": list(
      "POLICY_LIST_OUTPUT", "POLICY_LIST",
      "<POLICY><ID>41</ID><TITLE>Baseline</TITLE>\(dates("CREATED", 2030))\(dates("LAST_MODIFIED", 2031))<CONTROL_LIST><CONTROL><ID>9</ID><STATEMENT>s</STATEMENT>"
        + "<TECHNOLOGY_LIST><TECHNOLOGY><ID>8</ID><NAME>t</NAME></TECHNOLOGY></TECHNOLOGY_LIST></CONTROL></CONTROL_LIST></POLICY>"
        + "<POLICY><ID>42</ID><TITLE>Other</TITLE>\(dates("CREATED", 2031))\(dates("LAST_MODIFIED", 2032))</POLICY>"),
    "policy.xml": policy.replacing("</POLICY>", with: "<APPENDIX><OP_ACRONYMS><OP id=\"lt\">less</OP></OP_ACRONYMS></APPENDIX></POLICY>"),
    "exceptions.xml": list("EXCEPTION_LIST_OUTPUT", "EXCEPTION_LIST", exceptions),
    "hosts.xml": list("HOST_LIST_OUTPUT", "HOST_LIST", hosts),
    "one.xml": list("IP_LIST_OUTPUT", "IP_SET", "<IP_RANGE>10.0.0.0-10.0.0.9</IP_RANGE>"),
    "two.xml": list(
      "IP_LIST_OUTPUT", "IP_SET", "<IP>192.0.2.1</IP>", request: parameter("compliance_enabled", "1") + parameter("tracking_method", "DNS")),
    "three.xml": list("IP_LIST_OUTPUT", "IP_SET", "<IP>192.0.2.2</IP>", request: parameter("certview_enabled", "1")),
    "mappings.xml": list(
      "IP_MAP_LIST_OUTPUT", "IP_MAP_LIST",
      "<IP_MAP><ID>51</ID><V4>0.0.0.1</V4><V6>2001:db8::1</V6></IP_MAP><IP_MAP><ID>52</ID><V4>0.0.0.2</V4><V6>2001:db8::2</V6></IP_MAP>"),
    "excluded.xml": list(
      "IP_LIST_OUTPUT", "IP_SET",
      "<IP>192.0.2.1</IP><IP_RANGE network_id=\"7\">10.0.0.3-10.0.0.4</IP_RANGE><IP network_id=\"8\">10.0.0.5</IP><IP>198.51.100.1</IP>"),
    "history.xml": list("HISTORY_LIST_OUTPUT", "HISTORY_LIST", change(1663, "10.0.0.1") + change(1664, "10.0.0.2") + change(1665, "10.0.0.3")),
    "virtual.xml": list(
      "VIRTUAL_HOST_LIST_OUTPUT", "VIRTUAL_HOST_LIST",
      ["1</IP><PORT>80", "1</IP><PORT>443", "2</IP><PORT>80"].map { "<VIRTUAL_HOST><IP>10.0.0.\($0)</PORT><FQDN>a.example</FQDN></VIRTUAL_HOST>" }
        .joined()),
    "restricted.xml": list("RESTRICTED_IPS_OUTPUT", "IP_SET", "<IP>10.0.0.1</IP>"),
    "vendors.xml": list(
      "VENDOR_LIST_OUTPUT", "VENDORS", "<VENDOR><ID>458</ID><NAME>3com</NAME></VENDOR><VENDOR><ID>459</ID><NAME>4d</NAME></VENDOR>"),
    "users.xml": "<USER_LIST_OUTPUT><USER_LIST>\(user(1, "<EXTERNAL_ID>HR-1</EXTERNAL_ID>"))\(user(2, ""))</USER_LIST></USER_LIST_OUTPUT>\n",
    "profiles.xml": "<OPTION_PROFILES>"
      + profile(
        71, "A", "user", global: 1, "<SCAN_DEAD_HOSTS>1</SCAN_DEAD_HOSTS><PERFORMANCE><OVERALL_PERFORMANCE>High</OVERALL_PERFORMANCE></PERFORMANCE>")
      + profile(72, "B", "user", global: 0, "") + profile(73, "C", "compliance", global: 0, "") + profile(74, "D", "pci", global: 0, "")
      + profile(75, "S", "system", global: 1, "") + "</OPTION_PROFILES>\n",
    "static.xml": list("STATIC_SEARCH_LIST_OUTPUT", "STATIC_LISTS", search("STATIC_LIST", 81) + search("STATIC_LIST", 82)),
    "dynamic.xml": list(
      "DYNAMIC_SEARCH_LIST_OUTPUT", "DYNAMIC_LISTS",
      search(
        "DYNAMIC_LIST", 83,
        ["QIDS", "OPTION_PROFILES", "REPORT_TEMPLATES", "REMEDIATION_POLICIES", "DISTRIBUTION_GROUPS"].map { "<\($0)><X>x</X></\($0)>" }.joined())
        + search("DYNAMIC_LIST", 84)),
    "templates.xml":
      "<REPORTTEMPLATE><SCANTEMPLATE><TITLE><INFO key=\"title\">T</INFO></TITLE></SCANTEMPLATE><SCANTEMPLATE><TITLE><INFO key=\"title\">U</INFO></TITLE></SCANTEMPLATE></REPORTTEMPLATE>\n",
    "vaults.xml": "<VAULT_OUTPUT><RESPONSE><DATETIME>2031-02-01T08:00:00Z</DATETIME>"
      + vault(91, "West", "Cyber-Ark AIM", year: 2032, "192.0.2.3", by: "exmpl_2")
      + vault(92, "East", "Quest Vault", year: 2030, "192.0.2.1", by: "exmpl_1")
      + vault(93, "Far East", "Quest Vault", year: 2031, "192.0.2.2", by: "exmpl_3") + "</RESPONSE></VAULT_OUTPUT>\n",
    "apache.xml": list(
      "AUTH_APACHE_LIST_OUTPUT", "AUTH_APACHE_LIST",
      record("APACHE", 101, "One", "<STATUS>1</STATUS>", by: "exmpl_2") + record("APACHE", 102, "Two", "<STATUS>0</STATUS>")
        + record("APACHE", 104, "Made", "<IS_SYSTEM_CREATED>1</IS_SYSTEM_CREATED>")),
    "unix.xml": list("AUTH_UNIX_LIST_OUTPUT", "AUTH_UNIX_LIST", record("UNIX", 103, "Three")),
    "oracle.xml": list("AUTH_ORACLE_LIST_OUTPUT", "AUTH_ORACLE_LIST", record("ORACLE", 105, "Four")),
  ]

  private static let loaded =
    "--load networks.xml groups.xml appliances.xml schedules.xml pc-schedules=pc.xml policies.xml policy.xml exceptions.xml hosts.xml ips=one.xml ips=two.xml "
    + "ips=three.xml mappings.xml excluded-hosts=excluded.xml history.xml virtual.xml restricted.xml vendors.xml users.xml profiles.xml static.xml dynamic.xml "
    + "templates.xml vaults.xml apache.xml unix.xml oracle.xml"

  /// Of a list: what is looked for in its answers, and each request with what is found, or the code of a refusal.
  private struct Rows {
    var name: String
    var pattern: String
    var rows: [(more: String, found: String)]

    init(_ name: String, _ pattern: String, _ rows: [(String, String)]) { (self.name, self.pattern, self.rows) = (name, pattern, rows) }
  }

  /// Refusals by their codes; an empty text where nothing is found.
  private static let rows: [Rows] = [
    Rows(
      "networks", "<ID>[0-9]+", [("", "7 8"), ("ids=8", "8"), ("ids=8,7", "7 8"), ("ids=7-8", "1905"), ("ids=9", ""), ("echo_request=2", "1905")]),
    Rows("networks", "<KEY>[a-z_]+", [("echo_request=1&ids=7", "action echo_request ids"), ("echo_request=0", "")]),
    Rows(
      "appliances", "<(ID|COUNT)>[0-9]+",
      [
        ("", "21 22 23"), ("ids=21,23", "21 23"), ("ids=21-23", "1905"), ("name=scan", "21 22"), ("busy=1", "21"), ("busy=0", "22 23"),
        ("scan_ref=scan/1.2", "21"), ("scan_ref=scan/9", ""), ("output_mode=full&type=virtual", "21"), ("output_mode=full&type=physical", "22"),
        ("output_mode=full&type=offline", "23"), ("type=virtual", "1907"), ("output_mode=full&type=cloud", "1905"), ("platform_provider=ec2", "21"),
        ("platform_provider=gce", ""), ("platform_provider=aws", "1905"), ("show_tags=1", "1907"), ("include_cloud_info=1", "1907"),
        ("output_mode=all", "1905"), ("network_id=7", "1901"),
      ]),
    Rows(
      "appliances", "<(TYPE|RUNNING_SCANS|ASSET_TAGS_LIST|CLOUD_INFO|LICENSE_INFO)>",
      [
        ("ids=21", ""), ("ids=21&output_mode=brief", ""), ("ids=21&output_mode=full", "TYPE ASSET_TAGS_LIST"),
        ("ids=21&output_mode=full&show_tags=0", "TYPE"), ("ids=21&output_mode=full&include_cloud_info=1", "TYPE CLOUD_INFO ASSET_TAGS_LIST"),
        ("ids=21&scan_detail=1", "RUNNING_SCANS"), ("ids=21&include_license_info=1", "LICENSE_INFO"),
      ]),
    Rows(
      "asset-groups", "<ID>[0-9]+|id_min=[0-9]+",
      [
        ("", "11 12"), ("ids=12", "12"), ("ids=11-12", "1905"), ("id_min=12", "12"), ("id_max=11", "11"), ("title=North", "11"), ("title=Nor", ""),
        ("network_ids=7", "11"), ("network_ids=0,7", "11 12"), ("network_ids=9", "1905"), ("unit_id=412", "12"), ("user_id=311", "11"),
        ("truncation_limit=1", "11 12"), ("truncation_limit=1&id_min=12", "12"), ("truncation_limit=0", "11 12"), ("truncation_limit=-1", "1905"),
        ("output_format=xml", "11 12"), ("output_format=csv", "1905"), ("output_format=XML", "1905"),
      ]),
    Rows(
      "asset-groups", "<(TITLE|COMMENTS|IP_SET)>|ID_RANGE",
      [
        ("ids=12", "TITLE IP_SET"), ("ids=12&show_attributes=All", "TITLE IP_SET COMMENTS"), ("ids=12&show_attributes=ALL", "TITLE IP_SET COMMENTS"),
        ("ids=12&show_attributes=COMMENTS", "COMMENTS"), ("show_attributes=None", "ID_RANGE ID_RANGE"), ("show_attributes=", "1905"),
        ("show_attributes=OWNERS", "1905"),
      ]),
    Rows(
      "ips", "<IP(_RANGE)?>[^<]*",
      [
        ("", "10.0.0.0-10.0.0.9 192.0.2.1-192.0.2.2"), ("ips=10.0.0.7-10.0.0.99", "10.0.0.7-10.0.0.9"),
        ("network_id=7", "10.0.0.0-10.0.0.9 192.0.2.1-192.0.2.2"),
        ("network_id=9", "1905"), ("network_id=7,8", "1905"), ("tracking_method=DNS", "192.0.2.1"), ("tracking_method=EC2", "1905"),
        ("compliance_enabled=1", "192.0.2.1"), ("compliance_enabled=0&certview_enabled=0", "10.0.0.0-10.0.0.9"),
        ("compliance_enabled=0&certview_enabled=1", "192.0.2.2"), ("compliance_enabled=1&certview_enabled=1", ""),
        ("certview_enabled=1", "192.0.2.2"),
      ]),
    Rows(
      "hosts", "<ID>[0-9]+|id_min=[0-9]+",
      [
        ("", "61 62 63"), ("ids=61-62", "61 62"), ("id_min=62", "62 63"), ("id_max=61", "61"), ("id_min=0", "1905"), ("ips=10.0.0.0-10.0.0.9", "61"),
        ("network_ids=0,8", "62 63"), ("network_ids=9", "1905"), ("ag_ids=11", "61"), ("ag_ids=11-12", "61 62"), ("ag_ids=13", "1905"),
        ("ag_titles=out", "62"), ("ag_titles=Nor,Sou", "61 62"), ("ag_titles=East", "1905"), ("ag_ids=11-12&ag_titles=South", "62"),
        ("compliance_enabled=1", "62 63"),
        ("compliance_enabled=0", "61"), ("vm_scan_since=2031-01-01", "62"), ("no_vm_scan_since=2031-01-01", "61 63"),
        ("compliance_scan_since=2031-01-02", "62"), ("no_compliance_scan_since=2031-01-02T00:00:01Z", "61 62 63"),
        ("scap_scan_since=2031-01-02T03:04:05Z", "62"), ("no_scap_scan_since=2031-01-02", "61 63"), ("vm_scan_date_before=2032-01-02", "61"),
        ("vm_scan_date_after=2032-01-01", "62"), ("vm_scan_date_after=2032-01-02", ""), ("vm_auth_scan_date_before=2031-01-02", ""),
        ("vm_auth_scan_date_after=2031-01-02", "61"), ("vm_scan_since=yesterday", "1905"), ("truncation_limit=2", "61 62 63"),
        ("truncation_limit=0", "61 62 63"), ("truncation_limit=1000001", "1905"), ("details=None", ""), ("use_tags=0", "61 62 63"),
      ]),
    Rows(
      "hosts", "<(OS|LAST_VULN_SCAN_DATETIME|OWNER|ASSET_GROUP_IDS|ASSET_GROUP_LIST|TAGS)>|ID_RANGE",
      [
        ("ids=61", "OS"), ("ids=61&details=Basic", "OS"), ("ids=61&details=Basic/AGs", "OS ASSET_GROUP_IDS ASSET_GROUP_LIST"),
        ("ids=61&details=All", "OS LAST_VULN_SCAN_DATETIME OWNER"),
        ("ids=61&details=All/AGs", "OS LAST_VULN_SCAN_DATETIME OWNER ASSET_GROUP_IDS ASSET_GROUP_LIST"), ("details=None", "ID_RANGE ID_RANGE"),
        ("ids=61&show_tags=1", "OS TAGS"), ("details=Full", "1905"),
      ]),
    Rows(
      "ipv6-mappings", "<ID>[0-9]+|id_min=[0-9]+|ID,IPv4",
      [
        ("", "ID,IPv4"), ("output_format=CSV", "ID,IPv4"), ("output_format=XML", "51 52"), ("output_format=xml&id_min=52", "52"),
        ("output_format=xml&id_max=51", "51"), ("output_format=xml&ipv4_filter=0.0.0.2-0.0.0.9", "52"),
        ("output_format=xml&truncation_limit=1", "51 52"),
        ("truncation_limit=0", "1905"), ("id_min=0", "1905"), ("output_format=json", "1905"),
      ]),
    Rows(
      "excluded-hosts", ">[0-9.-]+<",
      [
        ("", "192.0.2.1 10.0.0.3-10.0.0.4 10.0.0.5 198.51.100.1"), ("ips=10.0.0.4-10.0.0.5", "10.0.0.3-10.0.0.4 10.0.0.5"),
        ("network_id=7", "10.0.0.3-10.0.0.4"), ("network_id=0,8", "192.0.2.1 10.0.0.5 198.51.100.1"), ("network_id=9", "1905"),
        ("ag_ids=11", "10.0.0.3-10.0.0.4"), ("ag_ids=12", "192.0.2.1"), ("ag_titles=North,South", "192.0.2.1 10.0.0.3-10.0.0.4"),
        ("ag_ids=11&ag_titles=North", "1904"), ("ag_ids=13", "1905"), ("use_tags=0", "192.0.2.1 10.0.0.3-10.0.0.4 10.0.0.5 198.51.100.1"),
        ("ips=10.0.0.0/24", "1905"),
      ]),
    Rows(
      "excluded-hosts-history", "<ID>[0-9]+",
      [
        ("", "1665 1664 1663"), ("ips=10.0.0.1-10.0.0.2", "1664 1663"), ("id_min=1664", "1665 1664"), ("id_max=1664", "1664 1663"),
        ("ids=1663,1665", "1665 1663"), ("ids=1663-1665", "1905"), ("truncation_limit=1", "1901"),
      ]),
    Rows(
      "virtual-hosts", "<(IP|PORT)>[0-9.]+",
      [
        ("ip=10.0.0.2", "10.0.0.2 80"), ("port=443", "10.0.0.1 443"), ("port=0443", "10.0.0.1 443"), ("ip=10.0.0.1&port=80", "10.0.0.1 80"),
        ("ip=10.0.0.1-10.0.0.2", "1905"), ("ip=10.0.0.1,10.0.0.2", "1905"), ("port=http", "1905"),
      ]),
    Rows(
      "restricted-ips", "RESTRICTED_IPS_OUTPUT>|BEGIN_RESPONSE_BODY_CSV",
      [
        ("", "RESTRICTED_IPS_OUTPUT RESTRICTED_IPS_OUTPUT"), ("output_format=XML", "RESTRICTED_IPS_OUTPUT RESTRICTED_IPS_OUTPUT"),
        ("output_format=CSV", "BEGIN_RESPONSE_BODY_CSV"), ("output_format=csv", "BEGIN_RESPONSE_BODY_CSV"), ("output_format=pdf", "1905"),
      ]),
    Rows(
      "users", "<USER_ID>[0-9]+|number=.[0-9]+",
      [
        ("", "1 2"), ("external_id_contains=R-", "1"), ("external_id_contains=r-", ""), ("external_id_assigned=0", "2"),
        ("external_id_assigned=1", "1"),
        ("external_id_assigned=1&external_id_contains=R", "1904"), ("external_id_contains=<b>", "1905"), ("action=list", "1901"),
        ("echo_request=1", "1901"), ("show_access_permissions=0", "1 2"), ("show_access_permissions=2", "1905"),
      ]),
    Rows(
      "schedules", "<SCAN>.<ID>[0-9]+|<ID>3[0-9]+",
      [
        ("", "31 32 33"), ("id=32", "32"), ("id=0032", "32"), ("active=1", "31 33"), ("active=0", "32"), ("scan_type=certview", "32"),
        ("scan_type=certview&active=1", ""), ("scan_type=vm", "1905"), ("fqdn=a.example", "31"), ("fqdn=x.example,b.example", "32"),
        ("client_id=5", "31"),
        ("client_name=Two", "33"), ("client_name=Two&fqdn=a.example", ""), ("client_id=5&client_name=One", "1904"),
      ]),
    Rows(
      "schedules", "<(NOTIFICATIONS|CLOUD_DETAILS)>",
      [
        ("id=31", ""), ("id=31&show_notifications=1", "NOTIFICATIONS"), ("id=31&show_cloud_details=1", "CLOUD_DETAILS"),
        ("show_notifications=2", "1905"),
      ]),
    Rows(
      "pc-schedules", "<ID>3[0-9]+", [("", "31 32 33"), ("id=32", "32"), ("active=0", "32"), ("client_id=6", "33"), ("client_name=One", "31")]),
    Rows(
      "pc-schedules", "<(NOTIFICATIONS|CLOUD_DETAILS)>",
      [("id=31", ""), ("id=31&show_notifications=1", "NOTIFICATIONS"), ("id=31&show_cloud_details=1", "CLOUD_DETAILS")]),
    Rows(
      "option-profiles", "<ID>7[0-9]+",
      [
        ("", "71 72 73 74"), ("option_profile_id=72", "72"), ("option_profile_title=C", "73"), ("option_profile_type=pci", "74"),
        ("option_profile_type=user&option_profile_title=C", ""), ("include_system_option_profiles=1", "71 72 73 74 75"),
        ("include_system_option_profiles=0", "71 72 73 74"), ("output_format=XML", "71 72 73 74"), ("output_format=CSV", "1905"),
        ("option_profile_type=vm", "1905"), ("echo_request=1", "1901"),
      ]),
    Rows(
      "option-profiles-vm", "<ID>7[0-9]+",
      [
        ("", "71 72"), ("id=72", "72"), ("title=A", "71"), ("global=1", "71"), ("scan_dead_hosts=1", "71"), ("scan_dead_hosts=0", "72"),
        ("scan_overall_performance=high", "71"), ("scan_overall_performance=fast", "1905"), ("blocked_resources=0", "71 72"),
        ("echo_request=1", "1901"),
      ]),
    Rows("option-profiles-pc", "<ID>7[0-9]+", [("", "73"), ("id=71", ""), ("global=0", "73"), ("scan_dead_hosts=1", "1901")]),
    Rows("option-profiles-pci", "<ID>7[0-9]+", [("", "74"), ("id=74", "74"), ("title=D", "74"), ("title=A", "")]),
    Rows("static-search-lists", "<ID>8[0-9]+", [("", "81 82"), ("ids=82", "82"), ("ids=81-82", "1905")]),
    Rows("dynamic-search-lists", "<ID>8[0-9]+", [("", "83 84"), ("ids=84", "84"), ("ids=83-84", "1905")]),
    Rows(
      "dynamic-search-lists", "<(QIDS|OPTION_PROFILES|REPORT_TEMPLATES|REMEDIATION_POLICIES|DISTRIBUTION_GROUPS)>",
      [
        ("", "QIDS OPTION_PROFILES REPORT_TEMPLATES REMEDIATION_POLICIES DISTRIBUTION_GROUPS"),
        ("show_qids=0&show_option_profiles=0&show_report_templates=0", "REMEDIATION_POLICIES DISTRIBUTION_GROUPS"),
        ("show_remediation_policies=0&show_distribution_groups=0&show_qids=1", "QIDS OPTION_PROFILES REPORT_TEMPLATES"), ("show_qids=2", "1905"),
      ]),
    Rows("vendors", "<ID>[0-9]+", [("", "458 459"), ("ids=459", "459"), ("ids=458-459", "1905")]),
    Rows(
      "policies", "<ID>4[0-9]+",
      [
        ("", "41 42"), ("ids=42", "42"), ("ids=41-42", "41 42"), ("id_min=42", "42"), ("id_max=41", "41"), ("id_min=0", "1905"),
        ("updated_after_datetime=2031-03-05", "42"), ("created_after_datetime=2030-03-04", "41 42"),
        ("created_after_datetime=2031-03-04T05:06:07Z", ""),
        ("created_after_datetime=03/04/2031", "1905"), ("truncation_limit=1", "1901"),
      ]),
    Rows(
      "policies", "<(CONTROL|TECHNOLOGY_LIST|USER_LIST)>|ID_RANGE",
      [
        ("ids=41", "CONTROL"), ("ids=41&details=Basic", "CONTROL"), ("ids=41&details=All", "CONTROL TECHNOLOGY_LIST USER_LIST"),
        ("details=None", "ID_RANGE ID_RANGE"), ("details=all", "1905"),
      ]),
    Rows(
      "policy", "<(USER_DEFINED_CONTROL|APPENDIX)>",
      [
        ("id=41", ""), ("title=Baseline", ""), ("id=41&show_user_controls=1", "USER_DEFINED_CONTROL"), ("id=41&show_appendix=1", "APPENDIX"),
        ("id=41&title=Baseline", "1904"), ("", "1922"), ("id=43", "1905"), ("ids=41", "1901"),
      ]),
    Rows(
      "exceptions", "<EXCEPTION_NUMBER>[0-9]+|exception_number_min=[0-9]+",
      [
        ("", "1 2 3"), ("exception_number=2", "2"), ("exception_numbers=2-3", "2 3"), ("exception_number=2&exception_numbers=3", ""),
        ("exception_number_min=2", "2 3"), ("exception_number_max=1", "1"), ("ip=10.0.0.2", "2"), ("ip=10.0.0.1-10.0.0.2", "1905"),
        ("network_name=Net%203", "3"), ("status=approved", "2"), ("status=Approved", "1905"), ("control_id=23", "1 2"),
        ("control_statement=rol%205", "3"),
        ("policy_id=42", "2 3"), ("policy_id=43", "1905"), ("technology_name=Tech%201", "1"), ("assignee_id=2", "2"), ("assignee_id=9", "1905"),
        ("is_active=1", "1"), ("is_active=0", "2 3"), ("created_after_date=03/04/2032", "3"), ("updated_after_date=03/03/2033", "2 3"),
        ("expired_before_date=03/04/2040", "1"), ("expired_after_date=03/04/2031", "3"), ("expired_after_date=2031-03-04", "1905"),
        ("truncation_limit=2", "1 2 3"), ("truncation_limit=0", "1905"), ("details=None", ""),
      ]),
    Rows(
      "exceptions", "<(ASSIGNEE|HISTORY_LIST)>|NUMBER_RANGE",
      [
        ("exception_number=1", "ASSIGNEE"), ("exception_number=1&details=Basic", "ASSIGNEE"),
        ("exception_number=1&details=All", "ASSIGNEE HISTORY_LIST"),
        ("details=None", "NUMBER_RANGE NUMBER_RANGE"),
      ]),
    Rows("report-templates", "<TITLE>|<.CDATA.[TU]", [("", "TITLE TITLE"), ("action=list", "1901"), ("echo_request=1", "1901")]),
    Rows(
      "scan-report-templates", ">[TU]<",
      [
        ("report_format=xml", "T U"), ("report_format=xml&template_id=9000002", "U"), ("", "1903"), ("report_format=pdf", "1905"),
        ("report_format=xml&template_id=7", "1905"), ("report_format=xml&echo_request=1", "1901"),
      ]),
    Rows(
      "vaults", "<ID>[0-9]+",
      [
        ("", "91 92 93"), ("title=East", "92 93"), ("type=Quest%20Vault", "92 93"), ("type=CyberArk%20AIM", "91"), ("type=Cyber-Ark%20AIM", "91"),
        ("type=Vault", "1905"), ("modified=2031-01-03", "91"), ("orderby=id&sortorder=desc", "93 92 91"), ("orderby=title", "92 93 91"),
        ("orderby=system_name", "92 93 91"), ("orderby=last_modified", "92 93 91"), ("orderby=last_modified_by&sortorder=asc", "92 91 93"),
        ("orderby=owner", "1905"), ("limit=1&offset=2", "92"), ("limit=0&offset=2", "92 93"), ("limit=1", "1903"), ("offset=1", "1903"),
      ]),
    Rows("vault", "<ID>[0-9]+", [("id=92", "92"), ("", "1903"), ("id=9", "1905")]),
    Rows(
      "auth", "<AUTH_[A-Z]+_IDS>|<ID(_RANGE)?>[0-9-]+|id_min=[0-9]+",
      [
        ("", "AUTH_UNIX_IDS 103 AUTH_ORACLE_IDS 105 AUTH_APACHE_IDS 101-102 104"), ("title=T", "AUTH_UNIX_IDS 103 AUTH_APACHE_IDS 102"),
        ("comments=out%20Tw", "AUTH_APACHE_IDS 102"),
        ("ids=102-103", "AUTH_UNIX_IDS 103 AUTH_APACHE_IDS 102"), ("id_min=104", "AUTH_ORACLE_IDS 105 AUTH_APACHE_IDS 104"),
        ("id_max=101", "AUTH_APACHE_IDS 101"), ("id_min=0", "1905"),
      ]),
    Rows(
      "auth-apache", "<ID>[0-9]+",
      [
        ("", "101 102 104"), ("title=T", "102"), ("comments=about%20O", "101"), ("ids=101-102", "101 102"), ("id_min=102", "102 104"),
        ("id_max=101", "101"),
        ("status=1", "101 104"), ("status=0", "102"), ("is_system_created=0", "101 102"), ("is_system_created=1", "104"), ("status=on", "1905"),
      ]),
    Rows(
      "auth-apache", "<(TITLE|GLOSSARY)>|ID_RANGE|<USER_LOGIN>[a-z_0-9]+",
      [
        ("ids=101", "TITLE"), ("ids=101&details=Basic", "TITLE"), ("ids=101-102&details=All", "TITLE TITLE GLOSSARY exmpl_1 exmpl_2"),
        ("ids=101-102&details=None", "ID_RANGE ID_RANGE"), ("details=basic", "1905"),
      ]),
    Rows(
      "auth-unix", "<ID>[0-9]+",
      [
        ("title=T", "103"), ("title=O", ""), ("comments=O", ""), ("ids=101", ""), ("id_min=104", ""), ("id_max=103", "103"), ("status=1", "1901"),
        ("is_system_created=0", "1901"),
      ]),
    Rows(
      "auth-oracle", "<ID>[0-9]+",
      [
        ("title=F", "105"), ("comments=about%20F", "105"), ("ids=105", "105"), ("id_min=106", ""), ("id_max=104", ""), ("details=None", "105"),
        ("is_template=1", "1901"), ("template_auth_id=1", "1901"), ("template_auth_name=a", "1901"), ("status=1", "1901"),
      ]),
    Rows("auth-unix", "<(TITLE|GLOSSARY)>", [("details=All", "TITLE GLOSSARY"), ("details=Basic", "TITLE")]),
  ]

  @Test func everyParameterIsHeeded() async throws {
    var (addresses, patterns) = ("", "")
    for rows in Self.rows {
      let listing = try #require(ListParameterTests.all.first { $0.name == rows.name })
      for row in rows.rows {
        let query = [listing.start, row.more].filter { !$0.isEmpty }.joined(separator: "&")
        addresses +=
          "url = \"URL\(listing.path)?\(query.replacing("<", with: "%3C").replacing(">", with: "%3E"))\"\noutput = \"\(patterns.count { $0 == "\n" })\"\n"
        patterns += rows.pattern + "\n"
      }
    }
    let lines = try await rehearse(
      Self.loaded, files: Self.files.merging(["addresses": addresses, "patterns": patterns]) { $1 },
      """
      sed "s#URL#$url#" addresses > config; ask -K config; number=0
      while read -r pattern; do
        found=$(sed -n 's/.*<CODE>\\(19[0-7][0-9]\\)<\\/CODE>.*/\\1/p; s/.*<ERROR number="\\([0-9]*\\)".*/\\1/p' $number)
        [ -n "$found" ] || found=$(tr -d '\\n' < $number | { grep -oE "$pattern" || true; } | sed 's/^<[A-Z_]*>\\(..*\\)/\\1/; s/^.*=//; s/[<>]//g' | paste -sd' ')
        echo "$found"; number=$((number + 1))
      done < patterns
      """)
    let expected = Self.rows.flatMap { rows in rows.rows.map { (rows.name, $0.more, $0.found) } }
    #expect(lines.count == expected.count)
    for (line, row) in zip(lines, expected) { #expect(line == row.2, "\(row.0) \(row.1)") }
  }

  /// No parameter is without a row, but for those that are refused.
  @Test func noParameterIsWithoutARow() {
    for listing in ListParameterTests.all {
      let rows = Self.rows.filter { $0.name == listing.name }.flatMap(\.rows)
      let tried = Set(rows.flatMap { $0.more.split(separator: "&").map { String($0.prefix { $0 != "=" }) } })
      var missing = listing.parameters.subtracting(tried).subtracting(ListParameterTests.words(listing.unrehearsed))
      // What is repeated is so for all lists alike.
      missing.remove("echo_request")
      // Of the many by which option profiles are filtered, those of each form have a row. What a list of domains may be asked is about maps.
      if listing.name.hasPrefix("option-profiles-") || listing.name == "domains-v1" { missing.subtract(ListParameterTests.words(listing.left)) }
      #expect(missing.isEmpty, "\(listing.name)")
    }
  }

  /// A page is never larger than the rehearsal was told, and its warning begins the next one.
  @Test func everyListThatHasPagesIsCut() async throws {
    let rows = [
      ("asset-groups", "", "id_min=12"), ("asset-groups", "&truncation_limit=0", "id_min=12"), ("hosts", "", "id_min=62"),
      ("hosts", "&truncation_limit=0", "id_min=62"), ("ipv6-mappings", "&output_format=xml", "id_min=52"),
      ("ipv6-mappings", "&output_format=xml&truncation_limit=9", "id_min=52"), ("excluded-hosts-history", "", "id_max=1664"),
      ("policies", "", "id_min=42"),
      ("exceptions", "", "exception_number_min=2"), ("exceptions", "&truncation_limit=2", "exception_number_min=2"), ("auth", "", "id_min=102"),
      ("auth-apache", "", "id_min=102"),
      // No guide has pages of these.
      ("networks", "", ""), ("appliances", "", ""), ("schedules", "", ""), ("excluded-hosts", "", ""), ("static-search-lists", "", ""),
      ("vendors", "", ""),
    ]
    let text = rows.compactMap { name, more, _ in
      ListParameterTests.all.first { $0.name == name }.map { "\($0.path)?\($0.start)\(more)\n" }
    }
    let lines = try await rehearse(
      "--page-size 1 " + Self.loaded, files: Self.files.merging(["rows": text.joined()]) { $1 },
      "while read -r address; do get \"$address\" | { grep -oE '[a-z_]*id_(min|max)=[0-9]+|exception_number_min=[0-9]+' || echo; }; done < rows")
    #expect(lines == rows.map(\.2))
  }

  /// What the asset management API would leave out in silence is refused.
  @Test func searchesRefuseWhatTheyDoNotHeed() async throws {
    let tags = (1...3).map { "<Tag><id>\($0)</id><name>T\($0)</name><color>#FFF</color></Tag>" }.joined()
    let rows = [
      ("", "1 2 3"), ("<filters><Criteria field=\"id\" operator=\"GREATER\">1</Criteria></filters>", "2 3"),
      ("<filters><Criterion field=\"id\" operator=\"GREATER\">1</Criterion></filters>", "INVALID_REQUEST"),
      ("<filter><Criteria field=\"id\" operator=\"GREATER\">1</Criteria></filter>", "INVALID_REQUEST"),
      (
        "<filters><Criteria field=\"id\" operator=\"GREATER\">1</Criteria></filters><filters><Criteria field=\"id\" operator=\"LESSER\">3</Criteria></filters>",
        "2"
      ),
      ("<filters><Criteria field=\"created\" operator=\"EQUALS\">1</Criteria></filters>", "INVALID_REQUEST"),
      ("<preferences><limitResults>2</limitResults></preferences>", "1 2"),
      ("<preferences><limitResults>0</limitResults></preferences>", "INVALID_REQUEST"),
      ("<preferences><limitResults>1001</limitResults></preferences>", "INVALID_REQUEST"),
      ("<preferences><startFromId>2</startFromId></preferences>", "2 3"),
      ("<preferences><startFromOffset>3</startFromOffset></preferences>", "3"),
      ("<preferences><startFromOffset>x</startFromOffset></preferences>", "INVALID_REQUEST"),
      ("<preferences><sort>name</sort></preferences>", "INVALID_REQUEST"),
    ]
    let lines = try await rehearse(
      "--load tags.xml",
      files: [
        "tags.xml":
          "<ServiceResponse><responseCode>SUCCESS</responseCode><count>3</count><hasMoreRecords>false</hasMoreRecords><data>\(tags)</data></ServiceResponse>\n",
        "rows": rows.map { $0.0 + "\n" }.joined(),
      ],
      """
      said() { tr -d '\\n' | grep -oE '<id>[0-9]+|INVALID_REQUEST' | sed 's/<id>//' | sort -u | paste -sd' '; }
      while read -r more; do search "<ServiceRequest>$more</ServiceRequest>" | said; done < rows
      xml '/qps/rest/2.0/search/am/tag?fields=id' '<ServiceRequest/>' | grep -c '<name>' || true; xml '/qps/rest/2.0/search/am/tag?limit=1' '<ServiceRequest/>' | said
      users=/qps/rest/2.0/search/am/user
      xml $users '<ServiceRequest><preferences><limitResults>x</limitResults></preferences></ServiceRequest>' | said
      xml $users '<ServiceRequest><preferences><limitResults>1001</limitResults></preferences></ServiceRequest>' | said
      xml $users '<ServiceRequest><filters><Criterion field="id" operator="EQUALS">1</Criterion></filters></ServiceRequest>' | said
      xml "$users?username=a" '<ServiceRequest/>' | said
      """)
    #expect(lines == rows.map(\.1) + ["0", "INVALID_REQUEST", "INVALID_REQUEST", "INVALID_REQUEST", "INVALID_REQUEST", "INVALID_REQUEST"])
  }

  /// When an exception was created stands in its history alone, and which addresses are in a module in their list: without these, nobody knows.
  @Test func refusesWhatNobodyKnows() async throws {
    let bare = Self.list("EXCEPTION_LIST_OUTPUT", "EXCEPTION_LIST", Self.exceptions.replacing(#/<HISTORY_LIST>.*?<.HISTORY_LIST>/#, with: ""))
    let lines = try await rehearse(
      "--load bare.xml hosts.xml", files: ["bare.xml": bare, "hosts.xml": Self.files["hosts.xml"] ?? ""],
      """
      get '/api/2.0/fo/compliance/exception/?action=list&created_after_date=01/01/2031' | code
      host='/api/2.0/fo/asset/host/?action=list'; get "$host&compliance_enabled=1" | code; get "$host&ag_ids=11" | code; get "$host&network_ids=77" | code
      """)
    #expect(lines == ["1905", "1905", "1905", "none"])
  }
}
