import Support
import Testing

/// Search lists: what the calls take, and what the lists show of it. U16 p. 164-178.
@Suite struct SearchListRuleTests {
  private static let prelude = """
    static=/api/2.0/fo/qid/search_list/static/ dynamic=/api/2.0/fo/qid/search_list/dynamic/
    static() { post $static -d "action=create&$1" | code; }
    dynamic() { post $dynamic -d "action=create&$1" | code; }
    criteria() { get "$dynamic?action=list&ids=$1" | sed -n '/<CRITERIA>/,/<.CRITERIA>/s/^ *<\\([A-Z0-9_]*\\)><!.CDATA.\\(.*\\)\\]\\]>.*/\\1 \\2/p'; }

    """

  @Test func createsStaticLists() async throws {
    let lines = try await rehearse(
      "",
      Self.prelude + """
        post $static -d 'action=create&title=A&qids=5-7,3&global=1&comments=c' | id
        static 'qids=1'; static 'title=B'; static 'title=B&qids=x'; static 'title=B&qids=7-5'; static 'title=B&qids=1-9999999999'; static 'title=A&qids=1'
        static 'title=B&qids=1&global=Yes'; static 'title=B&qids=1&vuln_title=x'; static 'title=%C3%BC&qids=1'; static 'title=B&qids=1'
        get "$static?action=list" | tr -d ' \\n' | grep -o '<STATIC_LIST>.*</STATIC_LIST>'; get "$static?action=list&ids=7" | grep -c STATIC_LIST || true
        """)
    #expect(
      lines == [
        "9000001", "1903", "1903", "1905", "1905", "1905", "1905", "1905", "1901", "1905", "none",
        "<STATIC_LIST><ID>9000001</ID><TITLE><![CDATA[A]]></TITLE><GLOBAL>Yes</GLOBAL><OWNER>rehearsal</OWNER><QIDS><QID>5</QID><QID>6</QID>"
          + "<QID>7</QID><QID>3</QID></QIDS><COMMENTS><![CDATA[c]]></COMMENTS></STATIC_LIST><STATIC_LIST><ID>9000002</ID><TITLE><![CDATA[B]]></TITLE>"
          + "<GLOBAL>No</GLOBAL><OWNER>rehearsal</OWNER><QIDS><QID>1</QID></QIDS></STATIC_LIST>",
        "0",
      ])
  }

  @Test func takesTheValuesOfTheGuideOnly() async throws {
    let lines = try await rehearse(
      "",
      Self.prelude + """
        dynamic 'title=A'; dynamic 'title=A&nac_nam=0'; dynamic 'title=A&cvss_base_operand=1'; dynamic 'title=A&cvss_base=11'
        dynamic 'title=A&published_date_today=1&published_date_in_previous=Week'; dynamic 'title=A&published_date_in_previous=Day'
        dynamic 'title=A&published_date_between=02/30/2030-03/01/2030'; dynamic 'title=A&published_date_between=03/02/2030-03/01/2030'
        dynamic 'title=A&published_date_within_last_days=0'; dynamic 'title=A&discovery_methods=ALL'; dynamic 'title=A&confirmed_severities=1,6'
        dynamic 'title=A&compliance_types=CobIT'; dynamic 'title=A&qids_not_Exploitable=1'; dynamic 'title=A&published=Week'; dynamic 'title=A&vendors=acme'
        dynamic 'title=A&published_date_today=0&user_modified_date_in_previous=Week&not_user_modified=1&cvss_base=7.5&cvss_base_operand=2'; criteria 9000001
        """)
    #expect(
      lines == [
        "1922", "1922", "1903", "1905", "1904", "1905", "1905", "1905", "1905", "1905", "1905", "1905", "1901", "1901", "1901", "none",
        "CVSS_BASE_SCORE 7.5", "CVSS_BASE_SCORE_OPERAND 2", "USER_MODIFIED NOT Previous 1 week", "PUBLISHED NOT Today",
      ])
  }

  /// U16 p. 167: what a call says of a list of the QIDs 1 to 3, its answer, and the QIDs then.
  private static let staticUpdates = [
    ("", "none", "1 2 3"), ("title=B", "none", "1 2 3"), ("title=Taken", "1905", "1 2 3"), ("title=", "1905", "1 2 3"),
    ("title=%C3%BC", "1905", "1 2 3"), ("global=2", "1905", "1 2 3"), ("qids=7,5-6", "none", "7 5 6"), ("add_qids=3-4", "none", "1 2 3 4"),
    ("remove_qids=1,9", "none", "2 3"), ("add_qids=1,4&remove_qids=1-2", "none", "3 1 4"), ("qids=7&add_qids=1", "1904", "1 2 3"),
    ("qids=7&remove_qids=1", "1904", "1 2 3"), ("remove_qids=1-3", "1905", "1 2 3"), ("qids=", "1905", "1 2 3"), ("qid=7", "1901", "1 2 3"),
    ("vuln_title=x", "1901", "1 2 3"), ("id=7", "1905", "1 2 3"),
  ]

  @Test func updatesStaticLists() async throws {
    let lines = try await rehearse(
      "", files: ["updates": Self.staticUpdates.map { $0.0 + "\n" }.joined()],
      Self.prelude + """
        static 'title=Taken&qids=1'; post $static -d 'action=update&title=A' | code; get "$static?action=update&id=9000001" | code
        while read -r one; do
          id=$(post $static -d 'action=create&title=A&qids=1-3&comments=c' | id)
          said=$(post $static -d "action=update&id=$id&$one" | code)
          echo "$one $said $(get "$static?action=list&ids=$id" | grep -o '<QID>[0-9]*' | sed 's/.*>//' | paste -sd' ')"
          post $static -d "action=delete&id=$id" -o answer
        done < updates
        id=$(post $static -d 'action=create&title=A&qids=1-3&comments=c' | id)
        post $static -d "action=update&id=$id&title=Z&global=1&comments=" | tr -d '\\n' | grep -o 'Search list.*</VALUE>' | tr -d ' '
        get "$static?action=list&ids=$id" | tr -d ' \\n' | grep -o '<TITLE>.*<MODIFIED>'; get "$static?action=list&ids=$id" | grep -c COMMENTS || true
        """)
    #expect(
      lines == ["none", "1903", "1908"] + Self.staticUpdates.map { "\($0.0) \($0.1) \($0.2)" } + [
        "Searchlistupdatedsuccessfully</TEXT><ITEM_LIST><ITEM><KEY>ID</KEY><VALUE>\(9_000_002 + Self.staticUpdates.count)</VALUE>",
        "<TITLE><![CDATA[Z]]></TITLE><GLOBAL>Yes</GLOBAL><OWNER>rehearsal</OWNER><MODIFIED_BY>rehearsal</MODIFIED_BY><MODIFIED>", "0",
      ])
  }

  /// U16 p. 172-178: what a call says of a list with these criteria, its answer, and what has changed then.
  private static let dynamicBefore =
    "vuln_title=x&not_vuln_title=1&confirmed_severities=3,4&cvss_base=5&cvss_base_operand=1&sans_20=1&non_running_services=1&published_date_in_previous=Week"
  private static let dynamicUpdates = [
    ("", "none", ""), ("confirmed_severities=5", "none", "+CONFIRMED_SEVERITY 5 -CONFIRMED_SEVERITY 3, 4"),
    ("confirmed_severities=", "none", "-CONFIRMED_SEVERITY 3, 4"), ("confirmed_severities=6", "1905", ""),
    ("not_vuln_title=0", "none", "+VULNERABILITY_TITLE x -VULNERABILITY_TITLE NOT x"),
    ("vuln_title=y", "none", "+VULNERABILITY_TITLE y -VULNERABILITY_TITLE NOT x"), ("discovery_methods=", "1905", ""),
    ("cpe=Hardware", "none", "+CPE Hardware"), ("cpe=", "1905", ""), ("cvss_base=", "none", "-CVSS_BASE_SCORE 5 -CVSS_BASE_SCORE_OPERAND 1"),
    ("cvss_base=&cvss_base_operand=2", "1903", ""), ("cvss_base_operand=2", "1903", ""),
    ("cvss_base=6&cvss_base_operand=2", "none", "+CVSS_BASE_SCORE 6 +CVSS_BASE_SCORE_OPERAND 2 -CVSS_BASE_SCORE 5 -CVSS_BASE_SCORE_OPERAND 1"),
    ("cvss_base=6", "none", "+CVSS_BASE_SCORE 6 -CVSS_BASE_SCORE 5"),
    ("sans_20=0", "none", "+OTHER Non-running services -OTHER Non-running services, 2008 SANS 20"),
    ("nac_nam=1", "none", "+NETWORK_ACCESS NAC / NAM"),
    ("unset_published_date=", "none", "-PUBLISHED Previous 1 week"), ("unset_published_date=1", "1905", ""),
    ("unset_published_date=&published_date_today=1", "1907", ""), ("published_date_today=1&published_date_within_last_days=3", "1904", ""),
    ("not_published=1", "none", "+PUBLISHED NOT Previous 1 week -PUBLISHED Previous 1 week"), ("unset_user_modified_date=", "none", ""),
    ("unset_service_modified_date=", "none", ""), ("unset_created_date=", "1901", ""), ("qids=1", "1901", ""), ("title=Taken", "1905", ""),
    (
      "vuln_title=&confirmed_severities=&cvss_base=&sans_20=0&non_running_services=0&unset_published_date=", "1922", ""
    ),
  ]

  @Test func updatesDynamicLists() async throws {
    let lines = try await rehearse(
      "", files: ["updates": Self.dynamicUpdates.map { $0.0 + "\n" }.joined()],
      Self.prelude + """
        dynamic 'title=Taken&vuln_title=x'; post $dynamic -d 'action=update&id=7' | code; post $dynamic -d 'action=update&title=A' | code
        while read -r one; do
          id=$(post $dynamic -d 'action=create&title=A&\(Self.dynamicBefore)' | id)
          criteria $id > before; said=$(post $dynamic -d "action=update&id=$id&$one" | code); criteria $id > after
          changed=$({ diff before after || true; } | sed -n 's/^> /+/p; s/^< /-/p' | sort | paste -sd' ')
          echo "$one $said $changed"
          post $dynamic -d "action=delete&id=$id" -o answer
        done < updates
        """)
    #expect(lines == ["none", "1905", "1903"] + Self.dynamicUpdates.map { "\($0.0) \($0.1) \($0.2)" })
  }

  /// By names in one subscription, by ids in the other.
  @Test func movesVendorsByTheListOfTheTarget() async throws {
    let lines = try await rehearse(
      "--load vendors.xml",
      files: [
        "vendors.xml": """
        <VENDOR_LIST_OUTPUT><RESPONSE><DATETIME>2031-02-01T08:00:00Z</DATETIME><VENDORS>
        <VENDOR><ID>7001</ID><NAME>acme</NAME></VENDOR><VENDOR><ID>7003</ID><NAME>3example</NAME></VENDOR>
        </VENDORS></RESPONSE></VENDOR_LIST_OUTPUT>

        """
      ],
      Self.prelude + """
        export q_username=rehearsal q_password=any
        dynamic 'title=A&vendor_ids=7001,7002'; dynamic 'title=A&vendor_ids=7001,7003&not_vendor_ids=1'; criteria 9000001
        "$programs/qtbx-fetch" -q --server $url dynamic-search-lists -o lists.xml; "$programs/qtbx-fetch" -q --server $url vendors -o list.xml
        "$programs/qtbx-search-lists-to-urls" -q --vendors list.xml lists.xml
        """)
    #expect(
      lines == [
        "1905", "none", "VENDOR NOT acme,3example",
        "/api/2.0/fo/qid/search_list/dynamic/?action=create&title=A&global=0&vendor_ids=7001,7003&not_vendor_ids=1#search-list=9000001",
      ])
  }
}
