import Support
import Testing

/// Host addresses and IPv6 mappings: the rules of their calls, and the way from one rehearsal to another.
@Suite struct HostAddressRuleTests {
  private static let prelude = """
    ip=/api/2.0/fo/asset/ip/; map=/api/2.0/fo/asset/ip/v4_v6/
    add() { post $ip -d "action=add&$1" | code; }
    addresses() { get "$ip?action=list$1" | { grep -oE '<IP(_RANGE)?>[^<]*' || true; } | sed 's/.*>//' | paste -sd' '; }

    """

  @Test func addsAddressesByTheRules() async throws {
    let lines = try await rehearse(
      "",
      Self.prelude + """
        add ips=10.0.0.1; add 'ips=10.0.0.1&enable_vm=0&enable_pc=0'; add enable_vm=1; add 'ips=10.0.0.300&enable_vm=1'; add 'ips=10.0.0.1&enable_vm=2'
        add 'ips=10.0.0.1&enable_vm=1&tracking_method=EC2'; add 'ips=10.0.0.1&enable_vm=1&ag_title=x'; add 'ips=10.0.0.1&enable_vm=1&network_id=0'
        add "ips=10.0.0.1&enable_vm=1&ud1=$(printf 'x%.0s' $(seq 129))"; get "$ip?action=add&ips=10.0.0.1&enable_vm=1" | code
        addresses ''
        post $ip -d 'action=add&ips=10.0.0.0/29,10.0.0.8-10.0.0.9,10.0.1.1&enable_vm=1&enable_pc=1' | grep -o 'IPs.*[a-z]<'
        post $ip -d 'action=add&ips=10.0.0.4-10.0.0.20&enable_vm=1&tracking_method=DNS&enable_certview=1' | grep -o 'IPs.*[a-z]<'
        post $ip -d 'action=add&ips=192.0.2.1&enable_pc=1' | grep -o 'IPs.*[a-z]<'
        addresses ''; addresses '&tracking_method=DNS'; addresses '&compliance_enabled=1'; addresses '&compliance_enabled=0'; addresses '&certview_enabled=1'
        addresses '&tracking_method=IP&ips=10.0.0.5-10.0.0.6,10.0.0.20'; addresses '&network_id=7'; addresses '&tracking_method=NETBIOS'
        get "$ip?action=list&tracking_method=AGENT" | code; get "$ip?action=list&compliance_enabled=yes" | code
        """)
    #expect(
      lines == [
        "1922", "1922", "1903", "1905", "1905", "1905", "1905", "1901", "1905", "1908", "",
        "IPs successfully added to Vulnerability Management/Compliance Management<", "IPs successfully added to Vulnerability Management<",
        "IPs successfully added to Compliance Management<",
        "10.0.0.0-10.0.0.20 10.0.1.1 192.0.2.1", "10.0.0.10-10.0.0.20", "10.0.0.0-10.0.0.9 10.0.1.1 192.0.2.1", "10.0.0.10-10.0.0.20",
        "10.0.0.4-10.0.0.20", "10.0.0.5-10.0.0.6", "10.0.0.0-10.0.0.20 10.0.1.1 192.0.2.1", "", "1905", "1905",
      ])
  }

  /// As the sample of the guide sends it: a body in CSV, everything else in the address.
  @Test func takesAddressesInCSV() async throws {
    let lines = try await rehearse(
      "", files: ["ips.csv": "10.0.0.1\r\n10.0.0.2-10.0.0.9\n10.0.1.0/30,10.0.2.1\n", "wrong.csv": "10.0.0.1\nten\n", "none.csv": "\n"],
      Self.prelude + """
        csv() { ask -H "Content-Type: ${4:-text/csv}" --data-binary "@$1" "$url$2?$3" | code; }
        csv ips.csv $ip 'action=add&enable_vm=1&enable_pc=1&tracking_method=IP'; addresses ''
        csv ips.csv $ip 'action=update&tracking_method=DNS'; addresses '&tracking_method=DNS'
        csv wrong.csv $ip 'action=add&enable_vm=1'; csv none.csv $ip 'action=add&enable_vm=1'; csv ips.csv $ip 'action=add&enable_vm=1&ips=10.0.0.1'
        csv ips.csv $ip 'action=add'; csv ips.csv $ip 'action=add&enable_vm=1' text/plain; csv ips.csv $ip 'action=add&enable_vm=1' application/x-www-form-urlencoded
        csv ips.csv $ip 'action=list'; csv ips.csv $ag 'action=add&title=T'; csv ips.csv /api/2.0/fo/setup/restricted_ips/ 'action=replace'
        printf '\\xff' > bytes.csv; csv bytes.csv $ip 'action=add&enable_vm=1'
        """)
    let all = "10.0.0.1-10.0.0.9 10.0.1.0-10.0.1.3 10.0.2.1"
    #expect(
      lines == ["none", all, "none", all, "1905", "1903", "1904", "1922", "1903", "1901", "1905", "1905", "none", "1905"])
  }

  /// Parameters beside the action, and the code that they lead to: U16 p. 304. The addresses are 10.0.0.1-10.0.0.9; 10.0.0.5 is two hosts'.
  private static let updates = [
    ("ips=10.0.0.1", "none"), ("tracking_method=DNS", "1903"), ("ips=10.0.0.1&tracking_method=EC2", "1905"), ("ips=10.0.0.300", "1905"),
    ("ips=10.0.0.8-10.0.0.10&tracking_method=DNS", "1905"), ("ips=10.0.0.1-10.0.0.2&host_dns=a.example.com", "1907"),
    ("ips=10.0.0.1&host_dns=a.example.com&comment=c", "none"), ("ips=10.0.0.1&host_dns=b.example.com", "1905"),
    ("ips=10.0.0.1&host_dns=A.example.com&host_netbios=wrong", "1905"), ("ips=10.0.0.5&tracking_method=IP", "1982"),
    ("ips=10.0.0.5&tracking_method=IP&host_netbios=FIVE-B", "none"), ("ips=10.0.0.5&comment=c", "none"),
    ("ips=10.0.0.5&tracking_method=IP&network_id=7", "none"), ("ips=10.0.0.1&owner=exmpl_1", "none"), ("ips=10.0.0.1&owner=exmpl_2", "none"),
    ("ips=10.0.0.1&owner=exmpl_9", "1905"), ("ips=10.0.0.1&owner=rehearsal", "none"), ("ips=10.0.0.1&ud4=x", "1901"),
    ("ips=10.0.0.1&ud2=\(String(repeating: "x", count: 129))", "1905"), ("ips=10.0.0.1&ud3=%C3%A9", "1905"), ("ips=10.0.0.1&enable_vm=1", "1901"),
    ("ips=10.0.0.1&ag_title=x", "1901"), ("ips=10.0.0.1&echo_request=2", "1905"),
  ]

  private static let hosts = """
    <HOST_LIST_OUTPUT><RESPONSE><DATETIME>2031-02-01T08:00:00Z</DATETIME><HOST_LIST>
    <HOST><ID>1</ID><IP>10.0.0.1</IP><TRACKING_METHOD>IP</TRACKING_METHOD><NETWORK_ID>0</NETWORK_ID><DNS>a.example.com</DNS><USER_DEF><VALUE_3>3</VALUE_3></USER_DEF></HOST>
    <HOST><ID>2</ID><IP>10.0.0.5</IP><TRACKING_METHOD>DNS</TRACKING_METHOD><DNS>five.example.com</DNS><NETBIOS>FIVE-A</NETBIOS><LAST_VULN_SCAN_DATETIME>2031-01-02T03:04:05Z</LAST_VULN_SCAN_DATETIME></HOST>
    <HOST><ID>3</ID><IP>10.0.0.5</IP><TRACKING_METHOD>DNS</TRACKING_METHOD><NETBIOS>FIVE-B</NETBIOS></HOST>
    <HOST><ID>4</ID><IP>10.0.0.6</IP><TRACKING_METHOD>AGENT</TRACKING_METHOD></HOST>
    </HOST_LIST></RESPONSE></HOST_LIST_OUTPUT>

    """

  private static let owners = """
    <USER_LIST_OUTPUT><USER_LIST>
    <USER><USER_LOGIN>exmpl_1</USER_LOGIN><USER_ID>1</USER_ID><USER_STATUS>Active</USER_STATUS><USER_ROLE>Manager</USER_ROLE></USER>
    <USER><USER_LOGIN>exmpl_2</USER_LOGIN><USER_ID>2</USER_ID><USER_STATUS>Active</USER_STATUS><USER_ROLE>Reader</USER_ROLE></USER>
    </USER_LIST></USER_LIST_OUTPUT>

    """

  @Test func updatesAddressesByTheRules() async throws {
    let lines = try await rehearse(
      "--load hosts.xml users.xml",
      files: ["hosts.xml": Self.hosts, "users.xml": Self.owners, "updates": Self.updates.map { $0.0 + "\n" }.joined()],
      Self.prelude + """
        post $ip -d 'action=update&ips=10.0.9.9&tracking_method=DNS' | code
        add 'ips=10.0.0.1-10.0.0.9&enable_vm=1&owner=exmpl_2'; add 'ips=10.0.0.1-10.0.0.9&enable_vm=1&owner=exmpl_1'
        while read -r one; do echo "$one $(post $ip -d "action=update&$one" | code)"; done < updates
        get "$ip?action=update&ips=10.0.0.1" | code
        post $ip -d 'action=update&ips=10.0.0.1-10.0.0.3,10.0.0.6&tracking_method=NETBIOS&owner=exmpl_2&ud1=one&ud2=two&comment=said' | grep -o 'IPs success.*d<'
        addresses '&tracking_method=NETBIOS'; addresses '&tracking_method=IP'; addresses ''
        host() { get "/api/2.0/fo/asset/host/?action=list&details=All&ids=$1" | tr -d '\\n' | grep -oE '<(TRACKING_METHOD|OWNER|COMMENTS|VALUE_.)>[^/]*' | tr -d '\\n'; echo; }
        host 1; host 4
        """)
    #expect(
      lines == ["none", "1905", "none"] + Self.updates.map { "\($0.0) \($0.1)" } + [
        "1908", "IPs successfully updated<", "10.0.0.1-10.0.0.3 10.0.0.6", "10.0.0.4-10.0.0.5 10.0.0.7-10.0.0.9", "10.0.0.1-10.0.0.9",
        "<TRACKING_METHOD>NETBIOS<<OWNER>exmpl_2<<COMMENTS><![CDATA[said]]><<VALUE_1><![CDATA[one]]><<VALUE_2><![CDATA[two]]><<VALUE_3>3<",
        "<TRACKING_METHOD>AGENT<<OWNER>exmpl_2<<COMMENTS><![CDATA[said]]><<VALUE_1><![CDATA[one]]><<VALUE_2><![CDATA[two]]><",
      ])
  }

  @Test func addsNoMoreAddressesThanAreLicensed() async throws {
    let lines = try await rehearse(
      "--licensed-addresses 10",
      Self.prelude + """
        add 'ips=10.0.0.0/29&enable_vm=1'; add 'ips=10.0.0.4-10.0.0.10&enable_vm=1'; addresses ''
        add 'ips=10.0.0.4-10.0.0.9&enable_vm=1'; add 'ips=10.0.1.1&enable_vm=1'; add 'ips=10.0.1.1&enable_vm=1&enable_pc=1'; add 'ips=10.0.1.1&enable_pc=1'
        post $ip -d 'action=add&ips=10.0.2.0/29,10.0.3.0-10.0.3.1&enable_pc=1' | grep -o '[0-9]* more than.*Management'
        addresses ''
        """)
    #expect(
      lines == [
        "none", "1905", "10.0.0.0-10.0.0.7", "none", "1905", "1905", "none", "10 more than the 1 of 10 licensed addresses of Compliance Management",
        "10.0.0.0-10.0.0.9 10.0.1.1",
      ])
  }

  @Test func addsMappingsByTheRules() async throws {
    let lines = try await rehearse(
      "",
      Self.prelude + """
        add6() { post $map --data-urlencode 'action=add' --data-urlencode "$1" "${@:2}" | tr -d '\\n' | grep -oE 'imported [0-9]+ records|<CODE>[0-9]+' ; }
        one='<IP_MAP_LIST><IP_MAP><V4>0.0.0.9</V4><V6>2001:db8::a1</V6></IP_MAP><IP_MAP><ID>7</ID><V4>0.0.0.5</V4><V6>2001:db8::a2</V6></IP_MAP></IP_MAP_LIST>'
        add6 "xml_data=$one"; add6 "xml_data=$one"; add6 "xml_data=$one" -d all_or_nothing=0
        two='<IP_MAP_LIST><IP_MAP><V4>0.0.0.7</V4><V6>2001:db8::a7</V6></IP_MAP><IP_MAP><V4>0.0.0.8</V4><V6>2001:db8::a2</V6></IP_MAP></IP_MAP_LIST>'
        add6 "xml_data=$two"; add6 "xml_data=$two" -d all_or_nothing=0
        add6 'csv_data="0.0.0.3","2001:db8::3"'; add6 'csv_data=0.0.0.3' ; add6 'csv_data=192.0.2.1,2001:db8::4'; add6 'csv_data=0.0.0.4,192.0.2.1'
        add6 "xml_data=<?xml version=\\"1.0\\"?>$one"; add6 "xml_data=$one" -d csv_data=x; add6 all_or_nothing=1
        get "$map?action=list" | tr -d '\\r' | sed -n 2,3p
        get "$map?action=list&output_format=xml" | grep -oE '<V[46]>[^<]*' | paste -sd' '
        get "$map?action=list&output_format=xml&ipv4_filter=0.0.0.5,0.0.0.7" | grep -c '<IP_MAP>'
        get "$map?action=list&output_format=xml&truncation_limit=3" | grep -oE '<CODE>.*|id_min=.*'
        get "$map?action=list&output_format=xml&id_min=9000002&id_max=9000003" | grep -c '<IP_MAP>'
        post $map -d 'action=remove' --data-urlencode 'csv_data=0.0.0.9,2001:db8::a2' | grep -o 'removed [0-9]*'
        get "$map?action=list&output_format=xml" | grep -c '<IP_MAP>'
        """)
    #expect(
      lines == [
        "imported 2 records", "<CODE>1905", "imported 0 records", "<CODE>1905", "imported 1 records", "imported 1 records", "<CODE>1905",
        "<CODE>1905",
        "<CODE>1905", "<CODE>1905", "<CODE>1904", "<CODE>1922", "ID,IPv4,IPv6", "\"9000001\",\"0.0.0.9\",\"2001:db8::a1\"",
        "<V4>0.0.0.9 <V6>2001:db8::a1 <V4>0.0.0.5 <V6>2001:db8::a2 <V4>0.0.0.7 <V6>2001:db8::a7 <V4>0.0.0.3 <V6>2001:db8::3", "2",
        "<CODE>1980</CODE>", "id_min=9000004", "2", "removed 2", "2",
      ])
  }

  /// What was fetched, added and fetched again is the same, list by list.
  @Test func addressesMoveToAnotherSubscription() async throws {
    let lines = try await rehearse(
      "",
      Self.prelude + """
        export q_username=rehearsal q_password=any q_api_fqdn_server="${url#http://}"
        add 'ips=10.0.0.0/24,10.0.1.1,0.0.0.1-0.0.0.9&enable_vm=1'; add 'ips=10.2.0.0-10.2.0.77&enable_vm=1&enable_pc=1'
        add 'ips=10.3.0.5&enable_vm=1&tracking_method=DNS'; add 'ips=10.3.1.5-10.3.1.9&enable_vm=1&enable_pc=1&enable_certview=1&tracking_method=NETBIOS'
        post $map -d 'action=add' --data-urlencode 'csv_data=0.0.0.1,2001:db8::1' | grep -o imported
        fetch() {
          for method in IP DNS NETBIOS; do for in in 0 1; do for cert in 0 1; do
            "$programs/qtbx-fetch" -q --server "$url" ips --param tracking_method=$method --param compliance_enabled=$in --param certview_enabled=$cert -o "$1-$method-$in-$cert.xml" >&2
          done; done; done
          "$programs/qtbx-fetch" -q --server "$url" ipv6-mappings -o "$1-mappings.xml" >&2
        }
        fetch before
        "$programs/qtbx-ips-to-urls" -q before-[IDN]*.xml > ips.urls; "$programs/qtbx-ipv6-to-urls" -q before-mappings.xml > ipv6.urls
        stop
        "$programs/qtbx-sim" --port 0 --exit-after-seconds 120 > port 2>> said & pid=$!
        for _ in $(seq 200); do [ -s port ] && break; sleep 0.05; done; url=$(sed -n 's/^listening on //p' port); export q_api_fqdn_server="${url#http://}"
        "$programs/qtbx-push" -q --server "$url" --journal ips.journal ips.urls >&2; "$programs/qtbx-push" -q --server "$url" --journal ipv6.journal ipv6.urls >&2
        fetch after
        for file in before-*.xml; do
          same=$(diff <(grep -oE '<(IP|IP_RANGE|V4|V6)>.*' "$file") <(grep -oE '<(IP|IP_RANGE|V4|V6)>.*' "after${file#before}") > /dev/null && echo same || echo differs)
          echo "$same"
        done | sort | uniq -c | tr -s ' '
        wc -l < ips.urls; "$programs/qtbx-ips-to-urls" -q --target after-IP-0-0.xml --target after-IP-1-0.xml before-IP-*.xml
        """)
    #expect(lines == ["none", "none", "none", "none", "imported", " 13 same", "4", "# no requests"])
  }
}
