import Support
import Testing

/// The documented rules of excluded hosts, virtual hosts and restricted IPs, and whether what a source has arrives.
@Suite struct AddressRuleTests {
  private static let paths = """
    ex=/api/2.0/fo/asset/excluded_ip/ vh=/api/2.0/fo/asset/vhost/ ri=/api/2.0/fo/setup/restricted_ips/
    items() { sed -n 's/.*<\\(TEXT\\|KEY\\|VALUE\\)>\\(.*\\)<.*/\\2/p' | paste -sd '|'; }
    ips() { sed -n 's/^ *\\(<IP.*[0-9]<.*\\)/\\1/p'; }

    """

  @Test func excludesHostsByTheRules() async throws {
    let lines = try await rehearse(
      "",
      Self.paths + """
        change() { post $ex -d "action=$1" | code; }
        change add; change 'add&ips=10.0.0.1'; change 'add&ips=10.0.0.300&comment=c'; change 'add&ips=10.0.0.0/24&comment=c'
        change 'add&ips=10.0.0.1&comment=c&expiry_days=0'; change 'add&ips=10.0.0.1&comment=c&dg_names=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16'
        change "add&ips=10.0.0.1&comment=$(printf 'x%.0s' $(seq 1025))"; change 'add&ips=10.0.0.1&comment=c&tag=1'; change 'remove&ips=10.0.0.1'; change remove_all
        get "$ex?action=add&ips=10.0.0.1&comment=c" | code
        post $ex -d 'action=add&ips=10.0.0.1-10.0.0.9,192.0.2.1&comment=c' | items; post $ex -d 'action=add&ips=10.0.0.5&comment=c' | items
        post $ex -d 'action=add&ips=10.0.0.5-10.0.0.12&comment=c&expiry_days=5' | items; get "$ex?action=list" | ips | sed "s/$(date -u -d +5days +%F)T00:00:00Z/5/"
        post $ex -d 'action=remove&ips=10.0.0.3-10.0.0.10&comment=gone' | items; get "$ex?action=list" | ips | sed 's/ exp[^>]*//'
        post $ex -d 'action=remove_all&comment=c' | items; get "$ex?action=list" | ips
        get "${ex}history/?action=list&id_min=9000003&id_max=9000003" | sed -n 's/^ *//; /<ACTION/p; /<COMM/p; /<USER_LOGIN/p; /<IP_R/p'
        get "${ex}history/?action=list" | sed -n 's/^ *<ID>//p'
        """)
    #expect(
      lines == [
        "1903", "1903", "1905", "1905", "1905", "1905", "1905", "1901", "1903", "1903", "1908",
        "Adding IPs to Excluded IPs list.|Added IPs|10.0.0.1-10.0.0.9,192.0.2.1",
        "Not Adding any IPs to Excluded IPs list.|IPs already in Excluded IPs list.|10.0.0.5",
        "Adding IPs to Excluded IPs list.|Added IPs|10.0.0.10-10.0.0.12", "<IP_RANGE>10.0.0.1-10.0.0.9</IP_RANGE>", "<IP>192.0.2.1</IP>",
        "<IP_RANGE expiration_date=\"5\">10.0.0.10-10.0.0.12</IP_RANGE>",
        "Removed IPs from Excluded IPs list.|Removed IPs|10.0.0.3-10.0.0.9,10.0.0.10", "<IP>192.0.2.1</IP>",
        "<IP_RANGE>10.0.0.1-10.0.0.2</IP_RANGE>", "<IP_RANGE>10.0.0.11-10.0.0.12</IP_RANGE>",
        "Removed IPs from Excluded IPs list.|Removed IPs|10.0.0.1-10.0.0.2,10.0.0.11-10.0.0.12,192.0.2.1",
        "<IP_RANGE>10.0.0.3-10.0.0.9</IP_RANGE>", "<ACTION>Removed</ACTION>", "<USER_LOGIN>rehearsal</USER_LOGIN>",
        "<COMMENTS><![CDATA[gone]]></COMMENTS>", "<USER_LOGIN>rehearsal</USER_LOGIN>", "9000004</ID>", "9000003</ID>", "9000002</ID>", "9000001</ID>",
      ])
  }

  /// The same address in two networks is two hosts.
  @Test func excludesHostsByNetwork() async throws {
    let lines = try await rehearse(
      "",
      Self.paths + """
        post $net -d 'action=create&name=N' | id
        for network in 9000001 0 7; do post $ex -d "action=add&ips=10.0.0.1&comment=c&network_id=$network" | code; done
        post $ex -d 'action=add&ips=10.0.0.2&comment=c' | code; get "$ex?action=list" | ips
        post $ex -d 'action=remove_all&comment=c&network_id=9000001' | code; get "$ex?action=list&network_id=9000001" | ips; get "$ex?action=list" | ips
        """)
    #expect(
      lines == [
        "9000001", "none", "none", "1905", "none", "<IP network_id=\"9000001\">10.0.0.1</IP>", "<IP network_id=\"0\">10.0.0.1</IP>",
        "<IP network_id=\"0\">10.0.0.2</IP>", "none", "<IP network_id=\"0\">10.0.0.1</IP>", "<IP network_id=\"0\">10.0.0.2</IP>",
      ])
  }

  /// A history goes downwards, page by page.
  @Test func pagesTheHistory() async throws {
    let lines = try await rehearse(
      "--page-size 2",
      Self.paths + """
        for n in 1 2 3 4 5; do post $ex -d "action=add&ips=10.0.0.$n&comment=c" > answer; done
        get "${ex}history/?action=list" | grep -o 'id_max=.*'
        q_username=rehearsal q_password=any "$programs/qtbx-fetch" excluded-hosts-history --server "$url" -o all.xml 2> said2; grep -c '<HISTORY>' all.xml
        """)
    #expect(lines == ["id_max=9000003", "5"])
  }

  @Test func makesVirtualHostsByTheRules() async throws {
    let lines = try await rehearse(
      "",
      Self.paths + """
        change() { post $vh -d "action=$1" | code; }
        names() { get "$vh?action=list" | grep -o '<FQDN>[^<]*' | cut -c 7- | paste -sd ' '; }
        key='ip=10.0.0.1&port=443'
        change "create&ip=10.0.0.1&fqdn=a.example"; change "create&$key"; change 'create&ip=10.0.0.1-10.0.0.2&port=443&fqdn=a'; change 'create&ip=10.0.0.1&port=65536&fqdn=a'
        change "create&$key&fqdn=a.example,b.example"; change "create&$key&fqdn=c.example"; change 'update&ip=10.0.0.1&port=80&fqdn=a.example'; names
        change "add_fqdn&$key&fqdn=b.example,c.example"; names; change "delete_fqdn&$key&fqdn=a.example"; names
        change "delete_fqdn&$key&fqdn=b.example,c.example"; change "update&$key&fqdn=z.example"; names
        change "delete&$key&fqdn=z.example"; change "delete&$key"; change "delete&$key"; get "$vh?action=list" | grep -c VIRTUAL_HOST_LIST\\> || true
        """)
    #expect(
      lines == [
        "1903", "1903", "1905", "1905", "none", "1905", "1905", "a.example b.example", "none", "a.example b.example c.example", "none",
        "b.example c.example", "1905", "none", "z.example", "1901", "none", "1905", "0",
      ])
  }

  @Test func restrictsAddressesByTheRules() async throws {
    let lines = try await rehearse(
      "",
      Self.paths + """
        post $ri -d 'action=replace' | code; post $ri -d 'action=replace&ips=10.0.0.0/33' | code; get "$ri?action=add&ips=10.0.0.1" | code; post $ri -d 'action=activate' | code
        post $ri -d 'action=replace&ips=10.0.0.0/30,192.0.2.1' | items; post $ri -d 'action=add&ips=192.0.2.2-192.0.2.3' | items
        printf '10.0.0.1\\n192.0.2.2-192.0.2.9\\n' > file.csv
        ask -H 'Content-Type: text/csv' --data-binary @file.csv "$url$ri?action=delete" | items; get "$ri?action=list" | ips
        post $ri -d 'action=activate&enable=1' | items; get "$ri?action=list" | grep -o '<STATUS>.*'
        post $ri -d 'action=replace&ips=10.9.0.1' | items; post $ri -d 'action=activate&enable=0' | items; get "$ri?action=list" | ips
        """)
    #expect(
      lines == [
        "1903", "1905", "1908", "1903", "Successfully replaced restricted ips|STATUS|disabled", "Successfully added restricted ips|STATUS|disabled",
        "Successfully deleted restricted ips|STATUS|disabled", "<IP>10.0.0.0</IP>", "<IP_RANGE>10.0.0.2-10.0.0.3</IP_RANGE>", "<IP>192.0.2.1</IP>",
        "Restricted IPs feature has been enabled successfully|STATUS|enabled", "<STATUS>enabled</STATUS>",
        "Successfully replaced restricted ips|STATUS|enabled", "Restricted IPs feature has been disabled successfully|STATUS|disabled",
      ])
  }

  /// All three lists go from a source to a target, and nothing is left to send then.
  @Test func movesTheLists() async throws {
    let excluded = """
      <!DOCTYPE IP_LIST_OUTPUT SYSTEM "https://qualysapi.example.com/api/2.0/fo/asset/excluded_ip/ip_list_output.dtd">
      <IP_LIST_OUTPUT><RESPONSE><DATETIME>2031-02-01T08:00:00Z</DATETIME><IP_SET><IP_RANGE network_id="0">10.0.0.1-10.0.0.20</IP_RANGE>
      <IP_RANGE network_id="0">10.0.0.5-10.0.0.30</IP_RANGE><IP network_id="42" expiration_date="DAY">10.0.0.1</IP><IP expiration_date="2018-04-28T00:00:00Z">192.0.2.1</IP>
      </IP_SET></RESPONSE></IP_LIST_OUTPUT>

      """
    let virtual = """
      <VIRTUAL_HOST_LIST_OUTPUT><RESPONSE><DATETIME>2031-02-01T08:00:00Z</DATETIME><VIRTUAL_HOST_LIST><VIRTUAL_HOST><IP>10.0.0.1</IP><PORT>443</PORT>
      <FQDN>a.example.com</FQDN><FQDN>b.example.com</FQDN></VIRTUAL_HOST></VIRTUAL_HOST_LIST></RESPONSE></VIRTUAL_HOST_LIST_OUTPUT>

      """
    let restricted = """
      <RESTRICTED_IPS_OUTPUT><RESPONSE><DATETIME>2031-02-01T08:00:00Z</DATETIME><IP_SET><IP_RANGE>10.0.0.1-10.0.0.9</IP_RANGE></IP_SET><STATUS>enabled</STATUS></RESPONSE></RESTRICTED_IPS_OUTPUT>

      """
    let lines = try await rehearse(
      "",
      files: [
        "excluded-hosts.xml": excluded, "virtual-hosts.xml": virtual, "restricted-ips.xml": restricted,
        "networks.csv": "source_id,target_id,name\n42,9000001,N\n",
      ],
      Self.paths + """
        export q_username=rehearsal q_password=any
        sed -i "s/DAY/$(date -u -d +40days +%F)T00:00:00Z/" excluded-hosts.xml
        post $net -d 'action=create&name=N' | id
        for list in excluded-hosts virtual-hosts restricted-ips; do
          map=; [ $list = restricted-ips ] || map='--map network=networks.csv'
          "$programs/qtbx-$list-to-urls" -q $map $list.xml > $list.urls
          "$programs/qtbx-push" --yes -q --server "$url" --journal $list.journal $list.urls > sent 2> said2
          "$programs/qtbx-fetch" $list --server "$url" -o $list.there 2> said2
          "$programs/qtbx-$list-to-urls" -q $map --target $list.there $list.xml
        done
        sed 's,<IP expiration_date="2018[^/]*/IP>,,' excluded-hosts.xml > wanted.xml
        "$programs/qtbx-verify" --addresses --network-map networks.csv wanted.xml excluded-hosts.there 2>&1
        get "$ex?action=list" | ips | sed "s/$(date -u -d +40days +%F)/40/"; get "$ri?action=list" | grep -o '<STATUS>.*'
        """)
    #expect(
      lines == [
        "9000001", "# no requests", "# no requests", "# no requests", "qtbx-verify: 31 of 31 addresses are there",
        "<IP_RANGE network_id=\"0\">10.0.0.1-10.0.0.30</IP_RANGE>", "<IP network_id=\"9000001\" expiration_date=\"40T00:00:00Z\">10.0.0.1</IP>",
        "<STATUS>disabled</STATUS>",
      ])
  }
}
