import Support
import Testing

/// Option profiles: what the calls take, and what a list shows of it. U16 p. 105-151.
@Suite struct OptionProfileRuleTests {
  private static let prelude = """
    op=/api/2.0/fo/subscription/option_profile/; lists=/api/2.0/fo/qid/search_list/static/
    export q_username=rehearsal q_password=any PATH=$programs:$PATH
    vm() { post ${op}vm/ -d "action=create&scan_tcp_ports=full&scan_udp_ports=none&basic_information_gathering=all&$1" | code; }
    pc() { post ${op}pc/ -d "action=create&scan_ports=targeted&scan_overall_performance=normal&$1" | code; }
    pci() { post ${op}pci/ -d "action=create&$1" | code; }
    import() { xml "$op?action=import" "<OPTION_PROFILES>$1</OPTION_PROFILES>"; }
    profile() {
      echo "<OPTION_PROFILE><BASIC_INFO><ID>7</ID><GROUP_NAME>$1</GROUP_NAME><GROUP_TYPE>${3:-user}</GROUP_TYPE><USER_ID>x</USER_ID><UNIT_ID>0</UNIT_ID>"
      echo "<SUBSCRIPTION_ID>5</SUBSCRIPTION_ID></BASIC_INFO>$2</OPTION_PROFILE>"
    }
    values() { get "$op?action=export&option_profile_title=$1" | sed -n "s/.*<\\($2\\)>\\(<!.CDATA.\\)\\{0,1\\}\\([^]<]*\\).*/\\1 \\3/p"; }

    """

  /// The request of p. 137, and the profile that p. 141 lists: 1 is on, whatever U12 says of these flags.
  @Test func oneMeansOn() async throws {
    let lines = try await rehearse(
      "",
      Self.prelude + """
        post ${op}pci/ -d 'action=create&title=jp pci 333&global=1&offline_scanner=1&external_scanners_use=3&scan_parallel_scaling=1' \\
          -d 'scan_overall_performance=high&additional_tcp_ports_additional=80,35' | id
        get "${op}pci/?action=list&title=jp%20pci%20333" > list
        grep -o '<\\(IS_GLOBAL\\|IS_OFFLINE_SYNCABLE\\|SCAN_DEAD_HOSTS\\|PURGE[A-Z_]*\\|PARALLEL_SCALING\\|OVERALL[A-Z_]*\\|EXTERNAL_SCANNERS\\)>[^<]*' list
        grep -o '<\\(SCANNER_APPLIANCES\\|TOTAL_PROCESSES\\|HTTP_PROCESSES\\|PACKET_DELAY\\|STANDARD_SCAN\\|HAS_ADDITIONAL\\|ADDITIONAL_PORTS\\)>[^<]*' list
        # What the filter makes of it is the request again.
        qtbx-option-profiles-to-urls -q --way create < list | tr '&#' '\\n\\n' | sed 1d
        """)
    #expect(
      lines == [
        "9000001", "<IS_GLOBAL>1", "<IS_OFFLINE_SYNCABLE>1", "<SCAN_DEAD_HOSTS>0", "<PURGE_OLD_HOST_OS_CHANGED>0", "<PARALLEL_SCALING>1",
        "<OVERALL_PERFORMANCE>High", "<EXTERNAL_SCANNERS>20", "<SCANNER_APPLIANCES>40", "<TOTAL_PROCESSES>15", "<HTTP_PROCESSES>15",
        "<PACKET_DELAY>Short", "<STANDARD_SCAN>1", "<HAS_ADDITIONAL>1", "<ADDITIONAL_PORTS>80,35", "title=jp%20pci%20333", "global=1",
        "offline_scanner=1", "scan_dead_hosts=0", "purge_host_data=0", "scan_parallel_scaling=1", "scan_overall_performance=high",
        "external_scanners_use=3", "additional_tcp_ports_additional=80,35", "option-profile=9000001",
      ])
  }

  /// U16 p. 127: the default ports, and all addresses.
  @Test func whatIsNotSaidOfBlockedResourcesIsAllOfIt() async throws {
    let lines = try await rehearse(
      "",
      Self.prelude + """
        vm 'title=Ports&blocked_resources=1&protected_ports=custom&protected_ports_custom=22'
        vm 'title=Both&blocked_resources=1'
        vm 'title=None&blocked_resources=0'
        for title in Ports Both None; do values $title 'CUSTOM_PORT_LIST\\|WATCHGUARD_DEFAULT_BLOCKED_PORTS\\|ALL_REGISTERED_IPS\\|CUSTOM_IP_LIST'; done
        """)
    #expect(
      lines.suffix(4) == ["CUSTOM_PORT_LIST 22", "ALL_REGISTERED_IPS 1", "WATCHGUARD_DEFAULT_BLOCKED_PORTS 1", "ALL_REGISTERED_IPS 1"])
  }

  /// By title, and of another one nobody is told.
  @Test func aSearchListThatIsMissingMakesItComplete() async throws {
    let custom = { (titles: String...) in
      "<CUSTOM_LIST>" + titles.map { "<CUSTOM><ID>1</ID><TITLE>\($0)</TITLE></CUSTOM>" }.joined() + "</CUSTOM_LIST>"
    }
    let scan = { (lists: String) in "<SCAN><VULNERABILITY_DETECTION>\(lists)</VULNERABILITY_DETECTION></SCAN>" }
    let lines = try await rehearse(
      "",
      Self.prelude + """
        post $lists -d 'action=create&title=Top&qids=1' | id; post $lists -d 'action=create&title=Noisy&qids=2' | id
        import "$(profile A '\(scan(custom("Top") + "<DETECTION_EXCLUDE>" + custom("Noisy", "Gone") + "</DETECTION_EXCLUDE>"))')" \\
          | grep -o '<\\(TEXT\\|KEY\\|VALUE\\)>[^<]*'
        import "$(profile B '\(scan(custom("Top", "top")))')" | code
        get "$op?action=export&option_profile_title=A" | tr -d ' \\n' | grep -o '<VULN.*</VULNERABILITY_DETECTION>'
        get "$op?action=export&option_profile_title=B" | tr -d ' \\n' | grep -o '<VULN.*</VULNERABILITY_DETECTION>'
        # The filter says so before.
        get "$op?action=export&option_profile_title=A" > a.xml; get "$lists?action=list&ids=9000002" > lists.xml
        qtbx-option-profiles-to-urls -q --search-lists lists.xml a.xml 2>&1 || true
        """)
    #expect(
      lines == [
        "9000001", "9000002", "<TEXT>Successfully imported Option profile for the subscription Id 900001", "<KEY>9000001", "<VALUE>A", "none",
        "<VULNERABILITY_DETECTION><CUSTOM_LIST><CUSTOM><ID>9000001</ID><TITLE>Top</TITLE></CUSTOM></CUSTOM_LIST><DETECTION_EXCLUDE><CUSTOM_LIST>"
          + "<CUSTOM><ID>9000002</ID><TITLE>Noisy</TITLE></CUSTOM></CUSTOM_LIST></DETECTION_EXCLUDE></VULNERABILITY_DETECTION>",
        "<VULNERABILITY_DETECTION><COMPLETE><![CDATA[complete]]></COMPLETE></VULNERABILITY_DETECTION>",
        "qtbx-option-profiles-to-urls: 1 id has no target: search list \"Top\" of option profile \"A\" (9000001)",
      ])
  }

  @Test func anImportTakesNeitherPasswordListsNorPolicies() async throws {
    let brute =
      "<PASSWORD_BRUTE_FORCING><CUSTOM_LIST><CUSTOM><ID>1</ID><TITLE>Old</TITLE><LOGIN_PASSWORD>L:a,P:qsecret</LOGIN_PASSWORD></CUSTOM></CUSTOM_LIST></PASSWORD_BRUTE_FORCING>"
    let policies = "<SCAN_RESTRICTION><SCAN_BY_POLICY><POLICY><ID>1</ID><TITLE>P</TITLE></POLICY></SCAN_BY_POLICY></SCAN_RESTRICTION>"
    let lines = try await rehearse(
      "", files: ["policy.xml": policy],
      Self.prelude + """
        import "$(profile A '<SCAN>\(brute)</SCAN>')" | code; import "$(profile B '<SCAN>\(policies)</SCAN>' compliance)" | code
        get "$op?action=export" > all; grep -c 'CUSTOM_LIST\\|SCAN_RESTRICTION\\|qsecret' all || true; grep -c qsecret log || true
        xml "$pol?action=import&title=P&create_user_controls=1" "$(cat policy.xml)" | id
        post ${op}vm/ -d 'action=update&id=9000001&password_brute_forcing_custom=Old,New' | grep -o '<TEXT>[^<]*'
        post ${op}pc/ -d 'action=update&id=9000002&scan_by_policy=1&policy_ids=9000001' | grep -o '<TEXT>[^<]*'
        post ${op}pc/ -d 'action=update&id=9000002&scan_by_policy=1&policy_ids=9000009' | code; post ${op}pc/ -d 'action=update&id=9000001&global=1' | code
        values A TITLE; values B TITLE
        """)
    #expect(
      lines == [
        "none", "none", "0", "0", "9000001", "<TEXT>Option profile successfully updated.",
        "<TEXT>Compliance Option profile successfully updated.", "1905", "1905", "TITLE Old", "TITLE New", "TITLE P",
      ])
  }

  @Test func takesTheValuesOfTheGuideOnly() async throws {
    let lines = try await rehearse(
      "",
      Self.prelude + """
        vm ''; post ${op}vm/ -d 'action=create&title=A' | code; vm 'title=A&global=2'; vm 'title=A&scan_packet_delay=Short'; vm 'title=A&not_found_alive_times=3'
        vm 'title=A&custom_search_list_ids=5'; vm 'title=A&vulnerability_detection=custom&custom_search_list_ids=5'; vm 'title=A&exclude_search_list_ids=5'
        vm 'title=A&map_netblock_size=64'; vm 'title=A&map_tcp_ports_standard_scan=1&map_tcp_ports_additional=1-8'; vm 'title=A&map_udp_ports_additional=1-11'
        vm 'title=A&scan_tcp_ports_additional=1-12501'; vm 'title=A&scan_tcp_ports_additional=7-5'; vm 'title=A&additional_udp_ports_custom=5'
        vm 'title=A&additional_udp_ports_type=custom'; vm 'title=A&protected_ports=default'; vm 'title=A&authentication=Windows,Telnet'; vm 'title=A&scan_ports=standard'
        vm 'title=A'; vm 'title=A'
        pc 'title=A&enable_password_auditing=1'; pc 'title=A&policy_ids=1'; pc 'title=A&default=1'; pc 'title=A&ignore_rst_packets=1'
        pci 'title=A&additional_tcp_ports_additional=1-8'; pci 'title=A&additional_tcp_ports_additional=1-6,1024'
        import "$(profile A '<SCAN/>' pci)" | code; import "$(profile C '<SCAN/>' other)" | code; import "$(profile C '<SCAN><NSX/></SCAN>')" | code
        import "$(profile C '<SCAN><SCAN_DEAD_HOSTS>x</SCAN_DEAD_HOSTS></SCAN>')" | code; import "$(profile C '<SCAN/>')$(profile C '<SCAN/>')" | code
        import '' | code; post "$op?action=import" -d 'x=1' | code; import "$(profile C '<SCAN/>')$(profile C '<SCAN/>' pci)" | code
        """)
    #expect(
      lines == [
        "1903", "1903", "1905", "1905", "1907", "1907", "1905", "1905", "1905", "1905", "1905", "1905", "1905", "1907", "1903", "1907", "1905",
        "1901", "none", "1905", "1907", "1907", "1901", "none", "1905", "none", "1905", "1905", "1905", "1905", "1905", "1905", "1901", "none",
      ])
  }

  /// By title and by id.
  @Test func schedulesNameProfilesThatAreThere() async throws {
    let lines = try await rehearse(
      "",
      Self.prelude + """
        schedule() {
          post $vm -d "action=create&scan_title=S&active=0&ip=10.0.0.1&occurrence=daily&frequency_days=1&start_hour=1&start_minute=0" \\
            -d "time_zone_code=FR&observe_dst=no&iscanner_name=External&$1" | code
        }
        schedule option_title=Any; vm title=A; schedule option_title=Any; schedule option_title=A; schedule option_id=9000001; schedule option_id=9000002
        """)
    #expect(lines == ["none", "none", "1905", "none", "none", "1905"])
  }

  /// There can only be one.
  @Test func aNewDefaultTakesThePlaceOfTheOld() async throws {
    let lines = try await rehearse(
      "",
      Self.prelude + """
        vm 'title=A&default=1'; vm 'title=B&default=1'; values A IS_DEFAULT; values B IS_DEFAULT; get "${op}vm/?action=delete&id=9000002" | grep -o 'it is the default profile'
        get "${op}vm/?action=delete&id=9000001" | grep -o 'Deleted'
        get "$op?action=export" | grep -c '<OPTION_PROFILE>'
        """)
    #expect(lines == ["none", "none", "IS_DEFAULT 0", "IS_DEFAULT 1", "it is the default profile", "Deleted", "1"])
  }

  /// The export of a target, and what `qtbx-push` has kept of the requests.
  @Test func anImportIsFoundByTitleAndType() async throws {
    let lines = try await rehearse(
      "--fault 'POST /api/2.0/fo/subscription/option_profile/: reset, reset, ok'",
      Self.prelude + """
        { echo '<OPTION_PROFILES>'; profile A '<SCAN/>'; profile A '<SCAN/>' pci | sed s/7/8/; echo '</OPTION_PROFILES>'; } > profiles.xml
        qtbx-option-profiles-to-urls -q profiles.xml > profiles.urls
        qtbx-push -q --server $url --journal j profiles.urls 2> /dev/null | cut -f 1,2,3,4 || true
        qtbx-push -q --server $url --journal j --resolve --settle 0 --map-out map.csv profiles.urls 2> said | cut -f 1,2,3,4 || cat said
        cat map.csv
        """)
    #expect(lines.suffix(3) == ["source_id,target_id,name", "7,9000001,A", "8,9000002,A"], "\(lines)")
  }
}
