import Glibc
import Support
import SystemPackage
import Testing

/// Where the published grammars are: they belong to the vendor, and are not a part of this project.
private enum Grammars {
  static let folder: String = {
    if let said = getenv("QTBX_DTD").map({ String(cString: $0) }), !said.isEmpty { return said }
    return Place.root.string + "/../shared/dtd"
  }()
  static let areHere = Files.exists(FilePath(folder).appending("simple_return.dtd"))

  /// Puts `valid NAME [DEPARTURE…]` before a script: it reads an answer, and says "valid" or what is wrong with it. A departure is where
  /// the samples of the guides, or lists of today, are not what the grammar of 2018 says: an expression for sed.
  static func prelude() -> String {
    """
    dtd='\(folder)'
    valid() {
      local name=$1; shift; : > departures
      for one in "$@"; do printf '%s\\n' "$one" >> departures; done
      sed -f departures "$dtd/$name.dtd" > grammar.dtd; cat > answer.xml
      if xmllint --noout --nonet --dtdvalid grammar.dtd answer.xml 2> wrong; then echo valid; else head -4 wrong; fi
    }

    """
  }

  /// Without attributes asked for, the samples have OWNER_ID and UNIT_ID: U16 p. 355, U12 p. 238.
  static let owners = #"'s/ASSET_GROUP (ID, TITLE?,/& OWNER_ID?, UNIT_ID?,/' '$a <!ELEMENT OWNER_ID (#PCDATA)><!ELEMENT UNIT_ID (#PCDATA)>'"#
  /// Elements of schedules that are younger than the grammar.
  static let young = #"""
    's/TITLE?, USER_LOGIN, TARGET/TITLE?, CLIENT?, USER_LOGIN, TARGET/' 's/USER_ENTERED_IPS?, OPTION_PROFILE?/USER_ENTERED_IPS?, FQDN_LIST?, ELB_DNS?, OPTION_PROFILE?/' \
    's/USE_IP_NT_RANGE_TAGS)>/USE_IP_NT_RANGE_TAGS, USE_IP_NT_RANGE_TAGS_INCLUDE?, USE_IP_NT_RANGE_TAGS_EXCLUDE?)>/' \
    's/AFTER_COMPLETE?,$/& LAUNCH_DELAY?, LAUNCH_SKIP?, DEACTIVATE_SCHEDULE?,/' \
    '$a <!ELEMENT CLIENT (ID, NAME)><!ELEMENT FQDN_LIST (FQDN+)><!ELEMENT FQDN (#PCDATA)><!ELEMENT ELB_DNS (DNS+)><!ELEMENT DNS (#PCDATA)>' \
    '$a <!ELEMENT USE_IP_NT_RANGE_TAGS_INCLUDE (#PCDATA)><!ELEMENT USE_IP_NT_RANGE_TAGS_EXCLUDE (#PCDATA)>' \
    '$a <!ELEMENT LAUNCH_DELAY (MESSAGE)><!ELEMENT LAUNCH_SKIP (MESSAGE)><!ELEMENT DEACTIVATE_SCHEDULE (MESSAGE)>'
    """#
  /// Tags that a policy leaves out are younger than the grammar.
  static let excludedTags = #"""
    's/TAG_INCLUDE_SELECTOR?,$/& TAG_SET_EXCLUDE?, TAG_EXCLUDE_SELECTOR?,/' \
    '$a <!ELEMENT TAG_SET_EXCLUDE (TAG_ID+)><!ELEMENT TAG_EXCLUDE_SELECTOR (#PCDATA)>'
    """#
}

/// What is answered is what the published grammars say.
@Suite(.enabled(if: Grammars.areHere, "the published grammars are not here: QTBX_DTD names their folder"))
struct GrammarTests {
  private func validate(_ options: String = "", files: [String: String] = [:], _ script: String) async throws {
    let lines = try await rehearse(options, files: files, Grammars.prelude() + script)
    #expect(!lines.isEmpty)
    #expect(lines.allSatisfy { $0 == "valid" }, "\(lines.joined(separator: "\n"))")
  }

  @Test func emptyLists() async throws {
    try await validate(
      "",
      """
      get "$net?action=list" | valid network_list_output; get "$app?action=list" | valid appliance_list_output
      get "$app?action=list&output_mode=full&include_license_info=1" | valid appliance_list_output
      get "$ag?action=list" | valid asset_group_list_output; get "$ag?action=list&show_attributes=None" | valid asset_group_list_output
      get "$vm?action=list" | valid schedule_scan_list_output; get "$pol?action=list" | valid policy_list_output
      get "$pol?action=list&details=None&echo_request=1" | valid policy_list_output
      get '/api/2.0/fo/asset/excluded_ip/?action=list' | valid excluded_ip_list_output
      get '/api/2.0/fo/asset/vhost/?action=list&echo_request=1' | valid virtual_host_list_output
      get '/api/2.0/fo/setup/restricted_ips/?action=list' | valid restricted_ips_output
      """)
  }

  @Test func assetGroups() async throws {
    try await validate(
      "--page-size 2 --save saved",
      """
      everything='action=add&ips=10.0.0.0/24,10.1.0.1,10.2.0.1-10.2.0.9&appliance_ids=7,8&default_appliance_id=8&dns_names=a.example,b.example&netbios_names=A,B'
      more='comments=a%5D%5D%3Eb%0D%0A&business_impact=high&cvss_enviro_cdp=low-medium&cvss_enviro_td=none&cvss_enviro_cr=low&cvss_enviro_ir=low&cvss_enviro_ar=low'
      for title in A%26 B C; do
        post $ag -d "$everything&$more&division=d&function=f&location=l&title=$title" --data-urlencode 'domains=a.example,b.example:[10.0.0.1-10.0.0.9,10.0.1.7]' | valid simple_return
      done
      post $ag -d 'action=add&title=bare' | valid simple_return; post $ag -d 'action=edit&id=9000002&set_ips=&set_comments=&add_dns_names=c.example' | valid simple_return
      get "$ag?action=list&show_attributes=ALL&echo_request=1" | valid asset_group_list_output
      get "$ag?action=list&show_attributes=ALL&truncation_limit=0&id_min=9000003" | valid asset_group_list_output
      get "$ag?action=list&show_attributes=None" | valid asset_group_list_output
      for one in TITLE OWNER OWNER_USER_ID NETWORK_IDS LAST_UPDATE IP_SET APPLIANCE_LIST DOMAIN_LIST DNS_LIST NETBIOS_LIST EC2_ID_LIST HOST_IDS USER_IDS BUSINESS_IMPACT CVSS COMMENTS; do
        get "$ag?action=list&show_attributes=$one" | valid asset_group_list_output
      done
      get "$ag?action=list" | valid asset_group_list_output \(Grammars.owners)
      post $ag -d 'action=delete&id=9000001' | valid simple_return
      stop; valid asset_group_list_output < saved/asset-groups.xml
      """)
  }

  @Test func networksAndAppliances() async throws {
    try await validate(
      "--save saved",
      """
      post $net -d 'action=create&name=N%26' | valid simple_return; post $net -d 'action=update&id=9000001&name=M' | valid simple_return
      for name in one two three; do post $app -d "action=create&name=$name&echo_request=1" | valid appliance_create_output; done
      xml $tag '<ServiceRequest><data><Tag><name>T</name></Tag></data></ServiceRequest>' > made
      post $app -d 'action=assign_network_id&appliance_id=9000001&network_id=9000001' | valid simple_return
      post $app -d 'action=assign_network_id&appliance_id=9000002&network_id=9000001' | valid simple_return
      post $app -d 'action=update&id=9000001&comment=c&polling_interval=60&tag_set_by=name&set_tags=T' --data-urlencode 'set_vlans=12|10.0.0.1|255.255.255.0|Lab' --data-urlencode 'set_routes=10.9.0.0|255.255.0.0|10.0.0.254|R' | valid simple_return
      get "$net?action=list" | valid network_list_output
      get "$app?action=list" | valid appliance_list_output; get "$app?action=list&output_mode=full" | valid appliance_list_output
      get "$app?action=list&output_mode=full&show_tags=0&include_license_info=1&echo_request=1" | valid appliance_list_output
      post $app -d 'action=delete&id=9000002' | valid simple_return; get "$net?action=list" | valid network_list_output
      post $app -d 'action=assign_network_id&appliance_id=9000001&network_id=0' | valid simple_return; get "$net?action=list" | valid network_list_output
      stop; valid network_list_output < saved/networks.xml; valid appliance_list_output < saved/appliances.xml
      """)
  }

  @Test func schedules() async throws {
    try await validate(
      "--save saved",
      """
      base='action=create&active=1&option_title=Full&start_date=02/03/2031&start_hour=1&start_minute=2&time_zone_code=JP'
      daily="$base&occurrence=daily&frequency_days=1"; ip='ip=10.0.0.1-10.0.0.9,10.1.0.1'
      add() { post $vm -d "$1" | valid simple_return; }
      list() { get "$vm?action=list&show_notifications=1&show_cloud_details=1" | valid schedule_scan_list_output "$@"; }
      add "$daily&scan_title=A%26&$ip&exclude_ip_per_scan=10.0.0.2&priority=5&ip_network_id=0&iscanner_name=External"
      add "$base&scan_title=B&asset_group_ids=7,8&scanners_in_ag=1&default_scanner=0&occurrence=weekly&frequency_weeks=2&weekdays=monday,friday&recurrence=3&end_after=0&end_after_mins=45"
      add "$base&scan_title=C&$ip&occurrence=monthly&frequency_months=2&day_of_week=1&week_of_month=last&pause_after_hours=2&pause_after_mins=30&resume_in_days=1&resume_in_hours=4&observe_dst=no"
      add "$base&scan_title=D&$ip&occurrence=monthly&frequency_months=2&day_of_month=31&end_after=5&resume_in_days=Manually&pause_after_hours=1"
      add "$daily&scan_title=E&target_from=tags&tag_set_by=name&tag_set_include=T&tag_set_exclude=U&tag_include_selector=all&scanners_in_tagset=1"
      add "$daily&scan_title=F&$ip&before_notify=1&before_notify_unit=days&before_notify_time=1&before_notify_message=x&after_notify=1&recipient_group_ids=81,82"
      add "$daily&scan_title=G&target_from=tags&tag_set_include=5&connector_name=c&ec2_endpoint=us-east-1&use_ip_nt_range_tags=0"
      add "$daily&scan_title=H&target_from=tags&tag_set_include=5&connector_uuid=4e0f7b7e-0000-4000-8000-000000000002&ec2_endpoint=vpc-12ab34cd&ec2_only_classic=1"
      add "$daily&scan_title=I&$ip&scan_type=certview"
      list; get "$vm?action=list&echo_request=1" | valid schedule_scan_list_output
      add 'action=update&id=9000002&end_after=3&pause_after_hours=1&set_start_time=1&start_date=02/03/2031&start_hour=5&start_minute=10&time_zone_code=IN&observe_dst=no'
      add 'action=update&id=9000006&before_notify=0&after_notify=1&after_notify_message=y&recipient_group_ids=83'; list
      # What is younger than the grammar.
      add "$daily&scan_title=J&fqdn=a.example&client_id=4&delay_notify=1&skipped_notify=1&deactivate_notify=1"
      add "$daily&scan_title=K&target_from=tags&tag_set_include=5&use_ip_nt_range_tags_include=1&use_ip_nt_range_tags_exclude=0"
      post /api/4.0/fo/scan/cloud/perimeter/job/ -d "action=create&scan_title=L&module=vm&cloud_provider=aws&connector_name=c&active=0&option_title=Full&schedule=recurring&occurrence=daily&frequency_days=1&start_hour=1&start_minute=0&time_zone_code=JP&platform_type=classic&region_code=us-east-1&elb_dns=a.example" | valid simple_return
      list \(Grammars.young)
      add 'action=delete&id=9000001'
      stop; valid schedule_scan_list_output \(Grammars.young) < saved/schedules.xml
      """)
  }

  /// Every element that the grammar of an export has.
  private static let wholePolicy = """
    <POLICY_EXPORT_OUTPUT><RESPONSE><DATETIME>2031-01-02T03:04:05Z</DATETIME><POLICY><TITLE><![CDATA[Whole]]></TITLE><DESCRIPTION>d</DESCRIPTION><LOCKED>0</LOCKED>
    <EXPORTED><![CDATA[2031-01-02T03:04:05Z]]></EXPORTED><COVER_PAGE><![CDATA[c]]></COVER_PAGE><STATUS><![CDATA[active]]></STATUS>
    <TECHNOLOGIES total="1"><TECHNOLOGY><ID>11</ID><NAME>Unix</NAME></TECHNOLOGY></TECHNOLOGIES><SECTIONS total="1"><SECTION><NUMBER>1</NUMBER><HEADING>h</HEADING>
    <CONTROLS total="2"><CONTROL><ID>1045</ID><CRITICALITY><LABEL>SERIOUS</LABEL><VALUE>3</VALUE></CRITICALITY><IS_CONTROL_DISABLE>0</IS_CONTROL_DISABLE>
    <REFERENCE_TEXT>r</REFERENCE_TEXT><TECHNOLOGIES total="1"><TECHNOLOGY><ID>11</ID><NAME>Unix</NAME><EVALUATE><CTRL><AND><DP><K id="a">k</K><OP>re</OP><CD>any</CD><V><![CDATA[v]]></V>
    <FV set="0">f</FV></DP><NOT><DP><K>k</K></DP></NOT></AND></CTRL></EVALUATE><RATIONALE>r</RATIONALE></TECHNOLOGY></TECHNOLOGIES></CONTROL>
    <CONTROL><ID>1046</ID><TECHNOLOGIES total="1"><TECHNOLOGY><ID>11</ID></TECHNOLOGY></TECHNOLOGIES></CONTROL></CONTROLS></SECTION></SECTIONS>
    <APPENDIX><OP_ACRONYMS><OP id="re">matches</OP></OP_ACRONYMS><DATA_POINT_ACRONYMS><DP><K id="a">k</K></DP></DATA_POINT_ACRONYMS></APPENDIX></POLICY></RESPONSE></POLICY_EXPORT_OUTPUT>

    """

  @Test func policies() async throws {
    try await validate(
      "--load whole.xml groups.xml --page-size 2 --save saved", files: ["whole.xml": Self.wholePolicy, "groups.xml": groups],
      """
      for more in '' '&show_appendix=1' '&show_user_controls=1&echo_request=1'; do get "$pol?action=export&id=9000001$more" | valid policy_export_output; done
      get "$pol?action=export&id=9000001" > whole
      for title in Copy%26 Third; do xml "$pol?action=import&title=$title&create_user_controls=1" @whole | valid simple_return; done
      get "$pol?action=export&id=9000002" | valid policy_export_output
      xml $tag '<ServiceRequest><data><Tag><name>T</name></Tag></data></ServiceRequest>' > made
      post $pol -d 'action=set_asset_group_ids&id=9000002&asset_group_ids=4000001,4000002,4000003,4000009&evaluate_now=1' | valid simple_return
      post $pol -d 'action=set_asset_tags&id=9000002&tag_set_include=9000001&tag_include_selector=all' | valid simple_return
      for details in Basic All None; do get "$pol?action=list&details=$details&echo_request=1" | valid policy_list_output; done
      get "$pol?action=list&id_min=9000002" | valid policy_list_output
      post $pol -d 'action=set_asset_tags&id=9000002&tag_set_include=9000001&tag_set_exclude=9000001' | valid simple_return
      get "$pol?action=list&details=All" | valid policy_list_output \(Grammars.excludedTags)
      stop; valid policy_list_output \(Grammars.excludedTags) < saved/policies.xml; for one in saved/policies/*; do valid policy_export_output < $one; done
      """)
  }

  private static let addressLists = [
    "excluded.xml": """
    <!DOCTYPE IP_LIST_OUTPUT SYSTEM "https://api.example.com/api/2.0/fo/asset/excluded_ip/ip_list_output.dtd">
    <IP_LIST_OUTPUT><RESPONSE><DATETIME>2031-01-02T03:04:05Z</DATETIME><IP_SET><IP_RANGE network_id="0" expiration_date="2031-04-28T00:00:00Z">10.0.0.1-10.0.0.9</IP_RANGE>
    <IP network_id="3012">10.1.0.1</IP></IP_SET></RESPONSE></IP_LIST_OUTPUT>

    """,
    "virtual.xml": """
    <VIRTUAL_HOST_LIST_OUTPUT><RESPONSE><DATETIME>2031-01-02T03:04:05Z</DATETIME><VIRTUAL_HOST_LIST><VIRTUAL_HOST><IP>10.0.0.1</IP><PORT>443</PORT><FQDN>a.example</FQDN>
    <FQDN>b.example</FQDN></VIRTUAL_HOST><VIRTUAL_HOST><IP>10.0.0.2</IP><PORT>80</PORT><FQDN>c.example</FQDN></VIRTUAL_HOST></VIRTUAL_HOST_LIST></RESPONSE></VIRTUAL_HOST_LIST_OUTPUT>

    """,
    "restricted.xml": """
    <RESTRICTED_IPS_OUTPUT><RESPONSE><DATETIME>2031-01-02T03:04:05Z</DATETIME><IP_SET><IP_RANGE>10.0.0.1-10.0.0.9</IP_RANGE></IP_SET><STATUS>enabled</STATUS></RESPONSE></RESTRICTED_IPS_OUTPUT>

    """,
  ]

  @Test func addresses() async throws {
    try await validate(
      "--load excluded.xml virtual.xml restricted.xml --save saved", files: Self.addressLists,
      """
      excluded=/api/2.0/fo/asset/excluded_ip/?action=list virtual=/api/2.0/fo/asset/vhost/?action=list restricted=/api/2.0/fo/setup/restricted_ips/?action=list
      for more in '' '&ips=10.0.0.5' '&network_id=3012' '&ips=10.9.0.1' '&echo_request=1'; do get "$excluded$more" | valid excluded_ip_list_output; done
      for more in '' '&ip=10.0.0.1' '&port=80' '&port=81'; do get "$virtual$more" | valid virtual_host_list_output; done
      get "$restricted" | valid restricted_ips_output; get "$restricted&output_format=xml&echo_request=1" | valid restricted_ips_output
      stop; valid excluded_ip_list_output < saved/excluded-hosts.xml; valid virtual_host_list_output < saved/virtual-hosts.xml
      valid restricted_ips_output < saved/restricted-ips.xml
      """)
  }

  @Test func changesOfAddresses() async throws {
    try await validate(
      "--save saved",
      """
      ex=/api/2.0/fo/asset/excluded_ip/ vh=/api/2.0/fo/asset/vhost/ ri=/api/2.0/fo/setup/restricted_ips/
      post $ex -d 'action=add&ips=10.0.0.1-10.0.0.9&comment=a%26b&expiry_days=5' | valid simple_return; post $ex -d 'action=add&ips=10.0.0.2&comment=c' | valid simple_return
      post $ex -d 'action=remove&ips=10.0.0.4&comment=d' | valid simple_return; get "$ex?action=list" | valid excluded_ip_list_output
      for more in '' '&ips=10.0.0.4' '&id_max=1' '&echo_request=1'; do get "${ex}history/?action=list$more" | valid excluded_ip_history_output; done
      post $ex -d 'action=remove_all&comment=e' | valid simple_return; get "$ex?action=list" | valid excluded_ip_list_output
      post $vh -d 'action=create&ip=10.0.0.1&port=443&fqdn=a.example,b.example' | valid simple_return; get "$vh?action=list" | valid virtual_host_list_output
      for word in update add_fqdn delete_fqdn; do post $vh -d "action=$word&ip=10.0.0.1&port=443&fqdn=c.example" | valid simple_return; done
      post $vh -d 'action=delete&ip=10.0.0.1&port=443' | valid simple_return; get "$vh?action=list" | valid virtual_host_list_output
      for word in add replace delete; do post $ri -d "action=$word&ips=10.0.0.0/24,192.0.2.1" | valid simple_return; get "$ri?action=list" | valid restricted_ips_output; done
      post $ri -d 'action=activate&enable=1' | valid simple_return; post $ri -d 'action=clear' | valid simple_return
      stop; valid excluded_ip_history_output < saved/excluded-hosts-history.xml; valid excluded_ip_list_output < saved/excluded-hosts.xml
      """)
  }

  @Test func hostAddresses() async throws {
    try await validate(
      "--save saved",
      """
      ip=/api/2.0/fo/asset/ip/ map=/api/2.0/fo/asset/ip/v4_v6/
      get "$ip?action=list" | valid ip_list_output; get "$map?action=list&output_format=xml" | valid ip_map_list_output
      post $ip -d 'action=add&enable_vm=1&ips=10.0.0.0/24,10.0.1.1,0.0.0.1-0.0.0.9&echo_request=1' | valid simple_return
      post $ip -d 'action=add&enable_vm=0&ips=10.0.0.0/24' | valid simple_return
      for more in '' '&tracking_method=IP&compliance_enabled=0&certview_enabled=0&echo_request=1' '&tracking_method=DNS'; do
        get "$ip?action=list$more" | valid ip_list_output
      done
      post $map -d 'action=add' --data-urlencode 'csv_data=0.0.0.1,2001:db8::1' | valid simple_return
      for more in '' '&echo_request=1' '&ipv4_filter=0.0.0.2'; do get "$map?action=list&output_format=xml$more" | valid ip_map_list_output; done
      stop; valid ip_list_output < saved/ips.xml; valid ip_map_list_output < saved/ipv6-mappings.xml
      """)
  }

  @Test func updatesOfAddresses() async throws {
    let host = { (id: Int, more: String) in "<HOST><ID>\(id)</ID><IP>10.0.0.5</IP><TRACKING_METHOD>DNS</TRACKING_METHOD>\(more)</HOST>" }
    let hosts = [
      host(1, "<ASSET_GROUP_IDS>7</ASSET_GROUP_IDS>"),
      host(2, "<DNS>a.example.com</DNS><LAST_VULN_SCAN_DATETIME>2031-01-02T03:04:05Z</LAST_VULN_SCAN_DATETIME>"),
    ]
    let list =
      "<HOST_LIST_OUTPUT><RESPONSE><DATETIME>2031-02-01T08:00:00Z</DATETIME><HOST_LIST>\(hosts.joined())</HOST_LIST></RESPONSE></HOST_LIST_OUTPUT>\n"
    try await validate(
      "--load hosts.xml", files: ["hosts.xml": list],
      """
      ip=/api/2.0/fo/asset/ip/
      for more in '' '&echo_request=1'; do post $ip -d "action=update&ips=10.0.0.5&tracking_method=IP$more" | valid duplicate_hosts_error_output; done
      post $ip -d 'action=update&ips=10.0.0.5&host_dns=a.example.com&tracking_method=IP&owner=x&ud1=1&ud3=3&comment=a%26b' | valid simple_return
      post $ip -d 'action=update&ips=10.0.0.5&ud2=2&comment=c' | valid simple_return
      for details in Basic Basic/AGs All All/AGs None; do get "/api/2.0/fo/asset/host/?action=list&details=$details" | valid host_list_output; done
      get '/api/2.0/fo/asset/host/?action=list&truncation_limit=1&details=All/AGs&echo_request=1' | valid host_list_output
      """)
  }

  /// The fault steps with the codes of the documentation, and what is refused.
  @Test func refusals() async throws {
    try await validate(
      "--fault 'GET /api/2.0/fo/network/: 202 1981, 1999, 999, 501 999, 2002, 2011, 2012, 1901, 1903, 1904, 1905, 1907, 1908, 1920, 1922, 1960, 1965, 2000, 2001, 2003, ok'",
      """
      for n in $(seq 20); do get "$net?action=list" | valid simple_return; done
      post $net -d 'action=create' | valid simple_return; post $net -d 'action=create&name=N&more=%3C' | valid simple_return
      post $net -d 'action=update&id=5&name=N' | valid simple_return; get "$net?action=create&name=N" | valid simple_return
      post $vm -d 'action=create&scan_title=S&active=1&option_id=1&option_title=x&start_hour=1&start_minute=0&time_zone_code=JP&occurrence=daily' | valid simple_return
      post $net -d 'action=create&name=%FF%01' | valid simple_return; curl -sS -u x:y "$url$net" | valid simple_return
      curl -sS -H 'X-Requested-With: t' -d 'action=login&username=rehearsal&password=x' "$url/api/2.0/fo/session/" | valid simple_return
      """)
  }
}
