import Support
import Testing

/// Scanner appliances: the rules of their calls, and the way from one rehearsal to another.
@Suite struct ApplianceTests {
  private static let prelude = """
    qcss=/api/2.0/fo/appliance/qcss/; phys=/api/2.0/fo/appliance/physical/
    add() { post $app -d "action=create&$1" | code; }
    change() { post "$1" -d "action=update&id=$2" --data-urlencode "$3" | code; }

    """

  /// A list of the source: one of each type, and how many licences there are.
  private static func list(licenses: (Int, Int)) -> String {
    """
    <?xml version="1.0" encoding="UTF-8" ?>
    <!DOCTYPE APPLIANCE_LIST_OUTPUT SYSTEM "https://qualysapi.example.com/api/2.0/fo/appliance/appliance_list_output.dtd">
    <APPLIANCE_LIST_OUTPUT><RESPONSE><DATETIME>2031-02-01T08:00:00Z</DATETIME><APPLIANCE_LIST>
    <APPLIANCE><ID>7</ID><NAME>box</NAME><TYPE>Physical</TYPE><SERIAL_NUMBER>20260401001</SERIAL_NUMBER>
    <VLANS><SETTING>Enabled</SETTING><VLAN><ID>9</ID><NAME>Cellar</NAME><IP_ADDRESS>10.9.0.1</IP_ADDRESS><NETMASK>255.255.255.0</NETMASK></VLAN></VLANS>
    <POLLING_INTERVAL>600 seconds</POLLING_INTERVAL><COMMENTS>below</COMMENTS></APPLIANCE>
    <APPLIANCE><ID>8</ID><NAME>virtual</NAME><TYPE>Virtual</TYPE><ACTIVATION_CODE>20000000000008</ACTIVATION_CODE>
    <VLANS><SETTING>Enabled</SETTING><VLAN><ID>20</ID><NAME><![CDATA[Lab: 2]]></NAME><IP_ADDRESS>10.20.0.1</IP_ADDRESS><NETMASK>255.255.255.128</NETMASK></VLAN>
    <VLAN><ID>0</ID><NAME></NAME><IP_ADDRESS>10.0.0.1</IP_ADDRESS><NETMASK>255.0.0.0</NETMASK></VLAN></VLANS>
    <STATIC_ROUTES><ROUTE><NAME>r1</NAME><IP_ADDRESS>10.30.0.0</IP_ADDRESS><NETMASK>255.255.0.0</NETMASK><GATEWAY>10.20.0.2</GATEWAY></ROUTE>
    <ROUTE><NAME>r2</NAME><IP_ADDRESS>10.40.0.0</IP_ADDRESS><NETMASK></NETMASK><GATEWAY>10.20.0.3</GATEWAY></ROUTE></STATIC_ROUTES>
    <ASSET_TAGS_LIST><ASSET_TAG><UUID>u</UUID><NAME><![CDATA[A & B]]></NAME></ASSET_TAG><ASSET_TAG><UUID>v</UUID><NAME>C</NAME></ASSET_TAG></ASSET_TAGS_LIST>
    <POLLING_INTERVAL>300 seconds</POLLING_INTERVAL><COMMENTS><![CDATA[a <b> & "c", d=e|f]]></COMMENTS></APPLIANCE>
    <APPLIANCE><ID>9</ID><NAME>pod-with-a-name-that-is-longer</NAME><TYPE>Containerized</TYPE>
    <ASSET_TAGS_LIST><ASSET_TAG><UUID>v</UUID><NAME>C</NAME></ASSET_TAG></ASSET_TAGS_LIST><COMMENTS>a pod</COMMENTS></APPLIANCE>
    </APPLIANCE_LIST><LICENSE_INFO><QVSA_LICENSES_COUNT>\(licenses.0)</QVSA_LICENSES_COUNT><QVSA_LICENSES_USED>\(licenses.1)</QVSA_LICENSES_USED></LICENSE_INFO>
    </RESPONSE></APPLIANCE_LIST_OUTPUT>

    """
  }

  /// A value of set_vlans, and the code that it leads to. U16 p. 100-102.
  private static let vlans = [
    ("", "none"), ("0|10.0.0.1|255.255.255.0|vlan1", "none"), ("4096|10.0.0.1|255.255.255.0|", "none"), ("4097|10.0.0.1|255.255.255.0|a", "1905"),
    ("|10.0.0.1|255.255.255.0|a", "1905"), ("1|10.0.0.256|255.255.255.0|a", "1905"), ("1|10.0.0.1|255.0.255.0|a", "1905"), ("1|10.0.0.1||a", "1905"),
    ("1||255.255.255.0|a", "1905"), ("1|||a", "1905"), ("1|||a|ipv6_auto", "none"), ("1|||a|ipv6_auto|2001:db8::1", "1905"),
    ("1|||a|ipv6_static|2001:db8::1", "none"), ("1|||a|ipv6_static", "1905"), ("1|||a|ipv6_static|10.0.0.1", "1905"),
    ("1|||a|ipv6|2001:db8::1", "1905"),
    ("1|10.0.0.1|255.255.255.0|a||2001:db8::1", "1905"), ("1|10.0.0.1|255.255.255.0|a|ipv6_auto", "none"),
    ("1|10.0.0.1|255.255.255.0|a|ipv6_auto||x", "1905"), ("1|10.0.0.1|255.255.255.0|a,", "1905"),
    ("1|10.0.0.1|255.255.255.0|a:b c,2|10.0.0.2|255.255.255.255|d", "none"), ("1|10.0.0.1|255.255.255.0|a<b", "1905"),
    ("1|10.0.0.1|255.255.255.0|a=b", "1905"), ("1|10.0.0.1|255.255.255.0|a\"b", "1905"), ("1|10.0.0.1|255.255.255.0|ä", "1905"),
    ("1|10.0.0.1-10.0.0.1|255.255.255.0|a", "1905"),
  ]

  /// The same of set_routes.
  private static let routes = [
    ("", "none"), ("10.10.25.0|255.255.255.0|10.10.25.255|Route1", "none"), ("10.10.25.0||10.10.25.255|", "none"),
    ("10.10.25.0|255.255.255.0||R", "1905"),
    ("|255.255.255.0|10.10.25.255|R", "1905"), ("|||R", "1905"), ("|||R|2001:db8::500/64|2001:db8::1", "none"), ("|||R|2001:db8::500", "1905"),
    ("10.1.0.0|255.255.0.0|10.0.0.9|R|2001:db8::|2001:db8::1", "none"), ("10.1.0.0|0.0.255.0|10.0.0.9|R", "1905"),
    ("10.1.0.0|0.0.0.0|10.0.0.9|R", "none"),
    ("10.1.0.0|255.255.0.0|gateway|R", "1905"), ("10.1.0.0|255.255.0.0|10.0.0.9|a&b", "1905"),
    ("10.1.0.0|255.255.0.0|10.0.0.9|R|10.2.0.0|10.0.0.9", "1905"),
  ]

  @Test func setsVLANsAndRoutesByTheRules() async throws {
    let lines = try await rehearse(
      "",
      files: ["vlans": Self.vlans.map { $0.0 + "\n" }.joined(), "routes": Self.routes.map { $0.0 + "\n" }.joined()],
      Self.prelude + """
        add name=one
        while read -r value; do echo "$(change $app 9000001 "set_vlans=$value")"; done < vlans
        while read -r value; do echo "$(change $app 9000001 "set_routes=$value")"; done < routes
        change $app 9000001 set_vlans=; change $app 9000001 set_routes=
        get "$app?action=list&output_mode=full" | tr -d ' \\n' | grep -o '<VLANS>.*STATIC_ROUTES/>'
        """)
    #expect(
      lines == ["none"] + Self.vlans.map(\.1) + Self.routes.map(\.1) + ["none", "none", "<VLANS><SETTING>Disabled</SETTING></VLANS><STATIC_ROUTES/>"])
  }

  /// Each type has its own address, names and parameters; all that are no machines take a licence.
  @Test func countsLicensesAndTellsTypesApart() async throws {
    let lines = try await rehearse(
      "--load list.xml", files: ["list.xml": Self.list(licenses: (4, 2))],
      Self.prelude + """
        licenses() { get "$app?action=list&include_license_info=1" | grep -o 'LICENSES_[A-Z]*>[0-9][0-9]*' | sed 's/.*>//' | paste -sd' '; }
        licenses
        post $app -d 'action=create&name=one' | grep -o 'REMAINING.*[0-9]<'; post $qcss -d 'action=create&name=a-pod-with-a-name-of-its-own' | grep -o 'REMAINING.*[0-9]<'
        licenses; add name=two; post $qcss -d 'action=create&name=two' | code; post $app -d 'action=create&name=two' | grep -o 'no virtual.*left'
        post $app -d 'action=delete&id=9000001' | code; licenses; add name=two; licenses
        post $qcss -d 'action=create&name=has%20space' | code; post $qcss -d "action=create&name=$(printf 'x%.0s' $(seq 33))" | code
        change $app 7 comment=c; change $qcss 7 comment=c; change $phys 7 comment=c; change $app 9 comment=c; change $qcss 9 comment=c; change $phys 8 comment=c; change $app 8 comment=c
        change $qcss 9 'set_vlans=1|10.0.0.1|255.255.255.0|a'; change $phys 7 'enable_ipv6=1'; change $phys 7 'set_routes=10.1.0.0|255.255.0.0|10.0.0.9|R'
        post $qcss -d 'action=list' | grep -o '<ID>.*<'; get "$qcss?action=list" | code; post $qcss -d 'action=delete&id=9000003' | code
        """)
    #expect(
      lines
        == [
          "4 2", "REMAINING_QVSA_LICENSES>1<", "REMAINING_QVSA_LICENSES>0<", "4 4", "1905", "1905", "no virtual scanner license is left", "none",
          "4 3", "none",
          "4 4", "1905", "1905",
          "1905", "1905", "none", "1905", "none", "1905", "none", "1901", "1901", "none", "<ID>9<", "<ID>9000002<", "1908", "1905",
        ])
  }

  /// What was created and set, fetched and written again, is the same; the activation codes stand in the list and in kept answers only.
  @Test func appliancesMoveToAnotherSubscription() async throws {
    let box =
      "<APPLIANCE_LIST_OUTPUT><RESPONSE><APPLIANCE_LIST><APPLIANCE><ID>77</ID><NAME>box</NAME><TYPE>Physical</TYPE></APPLIANCE></APPLIANCE_LIST></RESPONSE></APPLIANCE_LIST_OUTPUT>"
    let lines = try await rehearse(
      "--load box.xml", files: ["source.xml": Self.list(licenses: (2, 2)), "box.xml": box],
      Self.prelude + """
        export PATH=$programs:$PATH q_username=rehearsal q_password=any
        for name in 'A & B' C; do xml $tag "<ServiceRequest><data><Tag><name><![CDATA[$name]]></name></Tag></data></ServiceRequest>" > answer; done
        # The activated box has its old name.
        qtbx-fetch -q --server $url appliances -o before.xml
        qtbx-appliances-to-urls -q --target before.xml source.xml > create.urls; mkdir answers; umask 022
        qtbx-push -q --server $url --journal journal --answers answers --map-out created.csv create.urls > results 2> said || cat said
        qtbx-fetch -q --server $url appliances -o after.xml; qtbx-map --source source.xml --target after.xml > map.csv
        qtbx-appliances-to-urls -q --step settings --map appliance=map.csv --report report.tsv --log made.log source.xml > settings.urls
        qtbx-push -q --server $url --journal journal settings.urls > results 2> said || cat said
        qtbx-fetch -q --server $url appliances -o after.xml
        qtbx-appliances-to-urls -q after.xml > created-again.urls
        sed -n 's/.*<ID>\\([0-9]*\\)<.*/\\1,\\1/p' after.xml | sort -u > same.csv
        qtbx-appliances-to-urls -q --step settings --map appliance=same.csv after.xml > settings-again.urls
        cut -d'#' -f1 create.urls > one; cut -d'#' -f1 created-again.urls > two; diff one two || true
        cut -d'#' -f1 settings.urls | sort > one; cut -d'#' -f1 settings-again.urls | sort > two; diff one two || true
        grep -c . settings.urls; grep -o 'physical/?action=update&id=77&polling_interval=600' settings.urls
        code=$(sed -n 's/.*<ACTIVATION_CODE>\\(.*\\)<.*/\\1/p' answers/1.xml)
        [ -n "$code" ]; grep -l "$code" -r . | sort; stat -c %a answers/1.xml
        """)
    #expect(
      lines == [
        // What the service takes for a polling interval that nobody gave.
        "2c2", "< /api/2.0/fo/appliance/qcss/?action=create&name=pod-with-a-name-that-is-longer", "---",
        "> /api/2.0/fo/appliance/qcss/?action=create&name=pod-with-a-name-that-is-longer&polling_interval=180",
        "3c3", "< /api/2.0/fo/appliance/qcss/?action=update&id=9000002&comment=a%20pod&set_tags=C&tag_set_by=name", "---",
        "> /api/2.0/fo/appliance/qcss/?action=update&id=9000002&polling_interval=180&comment=a%20pod&set_tags=C&tag_set_by=name",
        "3", "physical/?action=update&id=77&polling_interval=600", "./after.xml", "./answers/1.xml", "600",
      ])
  }
}
