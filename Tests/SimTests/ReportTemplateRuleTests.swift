import Support
import Testing

/// Report templates: what the calls take, what they answer, and what both lists show of it. U16 p. 398-400 and 424-446.
@Suite struct ReportTemplateRuleTests {
  private static let prelude = """
    template=/api/2.0/fo/report/template/ create='action=create&report_format=xml'
    info() { echo "<INFO key=\\"$1\\">$2</INFO>"; }
    # KIND TITLE SECTION KEY VALUE [KEY VALUE]
    body() {
      element=$(tr a-z A-Z <<< $1)TEMPLATE
      echo "<REPORTTEMPLATE><$element><TITLE>$(info title "$2")</TITLE><$3>$(info "$4" "$5")${6:+$(info "$6" "$7")}</$3></$element></REPORTTEMPLATE>"
    }
    make() { xml "$template$1/?$create" "$(body "$@")" | code; }

    """

  /// The second version has its success in CODE, the third in TEXT.
  @Test func createsTemplates() async throws {
    let lines = try await rehearse(
      "",
      Self.prelude + """
        make scan A DISPLAY sort_by host; xml "/api/7.0/fo/report/template/patch/?$create" "$(body patch A DISPLAY group_by AG)" | id
        make map A FILTER map_idm_dns 1; make pciscan A USERACCESS global 1; make scan A DISPLAY sort_by host; make scan '' DISPLAY sort_by host
        get /msp/report_template_list.php | tr -d ' \\n' | grep -o '<ID>[0-9]*</ID>\\|<TEMPLATE_TYPE>[A-Za-z]*\\|<GLOBAL>.' | tr '\\n' ' '; echo
        get "${template}scan/?action=export&report_format=xml" | grep -c '<SCANTEMPLATE>'
        get "${template}map/?action=export&report_format=xml&template_id=9000003" | sed -n 's/ *\\(<INFO.*\\)/\\1/p'
        get "${template}map/?action=export&report_format=xml&template_id=9000001" | code; get "${template}map/?action=export" | code
        ask -X PUT -H 'Content-Type: text/xml' --data-binary "$(body scan B DISPLAY sort_by vuln)" "$url${template}scan/?action=update&report_format=xml&template_id=9000001" | code
        post ${template}scan/ -d 'action=delete&template_id=9000001' | code; post ${template}scan/ -d 'action=delete&template_id=9000001' | code
        post ${template}scan/ -d "$create" | code
        """)
    #expect(
      lines == [
        "Scan Report Template(s) Created Successfully [9000001]", "9000002", "Map Report Template(s) Created Successfully [9000003]",
        "PCI Scan Report Template(s) Created Successfully [9000004]", "1905", "1903",
        "<ID>9000001</ID> <TEMPLATE_TYPE>Scan <GLOBAL>0 <ID>9000002</ID> <TEMPLATE_TYPE>Patch <GLOBAL>0 <ID>9000003</ID> <TEMPLATE_TYPE>Map "
          + "<GLOBAL>0 <ID>9000004</ID> <TEMPLATE_TYPE>Scan <GLOBAL>1 ",
        "1", "<INFO key=\"title\"><![CDATA[A]]></INFO>", "<INFO key=\"owner\"><![CDATA[1001]]></INFO>",
        "<INFO key=\"map_idm_dns\"><![CDATA[1]]></INFO>", "1905", "1903", "Scan Report Template Updated Successfully [9000001]",
        "Scan Report Template(s) Deleted Successfully [9000001]", "1905", "1903",
      ])
  }

  @Test func takesTheValuesOfTheGuideOnly() async throws {
    let lines = try await rehearse(
      "",
      Self.prelude + """
        make scan A DISPLAY sort_by name; make scan A DISPLAY graph_os yes; make scan A DISPLAY deep 1; make scan A ELSEWHERE sort_by host
        make patch A DISPLAY sort_by host; make map A TARGET ips 192.0.2.1; make scan A TARGET ips 192.0.2.300; make scan A FILTER included_os 'Windows 10'
        make scan A SERVICESPORTS required_ports 70000; make scan $(printf '%065d' 0) DISPLAY sort_by host
        make scan A FILTER display_non_running_kernels 1 exclude_non_running_kernel 1; make pciscan A PCIRISKRANKING custom_pci_ranking 1
        make map A FILTER map_idm_dns 0; make scan A TARGET selection_type date selection_range 2999-01-01; make scan A TARGET selection_type date selection_range 5
        xml "${template}scan/?$create" "$(body patch A DISPLAY group_by AG)" | code; xml "${template}scan/?$create" '<REPORTTEMPLATE>' | code
        make scan A SERVICESPORTS required_services akak_trojan services_info 'akak trojan'
        get "${template}scan/?action=export&report_format=xml" | grep -o 'required_services.*akak.trojan'
        """)
    #expect(
      lines == [
        "1905", "1905", "1901", "1905", "1901", "1905", "1905", "1905", "1905", "1905", "1904", "1903", "1922", "1905", "1905", "1905", "1905",
        "Scan Report Template(s) Created Successfully [9000001]", "required_services\"><![CDATA[akak trojan",
      ])
  }

  /// From one subscription to another, with the ids that things have there, and back into requests.
  @Test func movesTemplatesWithTheIdsOfTheTarget() async throws {
    let lines = try await rehearse(
      "",
      Self.prelude + """
        export PATH=$programs:$PATH q_username=rehearsal q_password=any
        for kind in scan pci-scan patch map; do
          cp -r "$fixtures/report-templates-to-urls/creates-$kind-templates" $kind; cd $kind
          args=$(grep -v 'report\\|out' args || true)
          qtbx-report-templates-to-urls -q $args input.xml > sent.urls
          qtbx-push -q --server $url --journal journal --map-out map.csv sent.urls | cut -f 1,2
          qtbx-fetch -q --server $url $(tr -d - <<< $kind)-report-templates -o after.xml
          for map in groups tags networks search-lists logins; do [ ! -e $map ] || sed -i '1!s/.*,\\(.*\\)/\\1,\\1/' $map; done
          qtbx-report-templates-to-urls -q $args after.xml > listed.urls
          qtbx-verify -q sent.urls listed.urls; cd ..
        done
        grep -c . scan/sent.urls; sed -n 2p scan/map.csv
        """)
    #expect(
      lines == ["done\t9000001", "done\t9000002", "done\t9000003", "done\t9000004", "1", "SCANTEMPLATE:Weekly,9000001,Weekly"])
  }

  /// An answer that was lost is looked for in the list of all templates, by the title.
  @Test func aLostAnswerIsFoundByTitle() async throws {
    let lines = try await rehearse(
      "--fault 'POST /api/2.0/fo/report/template/map/: lost, ok'",
      """
      export PATH=$programs:$PATH q_username=rehearsal q_password=any
      qtbx-report-templates-to-urls -q "$fixtures/report-templates-to-urls/creates-map-templates/input.xml" > list.urls
      qtbx-push -q --server $url --journal journal list.urls | cut -f 1,2 || true
      qtbx-push -q --server $url --journal journal --resolve --settle 0 list.urls | cut -f 1,2
      get /msp/report_template_list.php | grep -c '<ID>'
      """)
    #expect(lines == ["unknown\t", "found\t9000001", "1"])
  }
}
