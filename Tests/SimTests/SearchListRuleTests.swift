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
