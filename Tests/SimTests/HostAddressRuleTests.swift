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
