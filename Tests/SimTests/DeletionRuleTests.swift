import Support
import Testing

/// What the calls that delete take, and what they refuse: U16 p. 50, 94, 133, 168, 179, 188, 293, 359, 433 and 512; what no guide says is in docs/qtbx-sim.md.
@Suite struct DeletionRuleTests {
  private static func lists(_ root: String, _ wrapper: String, _ records: String) -> String {
    "<\(root)><RESPONSE><DATETIME>2031-02-01T08:00:00Z</DATETIME><\(wrapper)>\(records)</\(wrapper)></RESPONSE></\(root)>\n"
  }

  /// An id that is not there, and one of something else, is refused; what is deleted is gone, and is refused the next time.
  @Test func deletesSearchLists() async throws {
    let lines = try await rehearse(
      "",
      """
      static=/api/2.0/fo/qid/search_list/static/ dynamic=/api/2.0/fo/qid/search_list/dynamic/
      post $static -d 'action=create&title=A&qids=1' | id; post $dynamic -d 'action=create&title=B&vuln_title=x' | id
      post $static -d 'action=delete&id=9000002' | code; post $static -d 'action=delete' | code; post $static -d 'action=delete&id=9000001&title=A' | code
      get "$static?action=delete&id=9000001" | code
      post $static -d 'action=delete&id=9000001' | grep -o '<TEXT>.*</TEXT>'; post $static -d 'action=delete&id=9000001' | code
      post $dynamic -d 'action=delete&id=9000002' | id; get "$dynamic?action=list" | grep -c '<DYNAMIC_LIST>' || true
      """)
    #expect(lines == ["9000001", "9000002", "1905", "1903", "1901", "1908", "<TEXT>search list deleted successfully</TEXT>", "1905", "9000002", "0"])
  }

  /// Whatever names an object keeps it.
  @Test func refusesWhatIsInUse() async throws {
    let lines = try await rehearse(
      "",
      """
      static=/api/2.0/fo/qid/search_list/static/ vault=/api/2.0/fo/vault/ unix=/api/2.0/fo/auth/unix/ profile=/api/2.0/fo/subscription/option_profile
      post $static -d 'action=create&title=A&qids=1' | id
      post $static -d 'action=create&title=C&qids=1' | id
      body='<REPORTTEMPLATE><SCANTEMPLATE><TITLE><INFO key="title">T</INFO></TITLE><FILTER><INFO key="selective_vulns">custom</INFO>'
      body="$body<INFO key=\\"search_list_ids\\">9000001</INFO></FILTER></SCANTEMPLATE></REPORTTEMPLATE>"
      template=/api/2.0/fo/report/template/scan/
      xml "$template?action=create&report_format=xml" "$body" | grep -c 'Created Successfully'
      post $static -d 'action=delete&id=9000001' | grep -o 'in use by the report template T'
      post $template -d 'action=delete&template_id=9000001' | grep -o 'Deleted Successfully .9000001.'; post $static -d 'action=delete&id=9000001' | code
      post $vault -d 'action=create&title=V&type=CyberArk PIM Suite&server_address=192.0.2.1&safe=s&username=u&password=p' | id
      post $unix -d 'action=create&title=R&username=root&ips=192.0.2.2&login_type=vault&vault_type=CyberArk PIM Suite&vault_id=9000001&folder=f&file=g' | code
      post $vault -d 'action=delete&id=9000001' | grep -o 'in use by the authentication record R'
      post $unix -d 'action=delete&ids=9000001' | grep -c 'Successfully Deleted'; post $unix -d 'action=delete&ids=9000001' | code
      post $vault -d 'action=delete&id=9000001' | grep -c Deleted; post $vault -d 'action=delete&id=9000001' | code
      """)
    #expect(
      lines == [
        "9000001", "9000002", "1", "in use by the report template T", "Deleted Successfully [9000001]", "none", "9000001", "none",
        "in use by the authentication record R", "1", "1905", "1", "1905",
      ])
  }

  /// A group that is deleted takes itself out of what it was for; those of the service stay.
  @Test func leavesNothingOfAGroupBehind() async throws {
    let lines = try await rehearse(
      "--load \"$PWD/policies.xml\" \"$PWD/groups.xml\" \"$PWD/tags.xml\"",
      files: [
        "policies.xml": Self.lists(
          "POLICY_LIST_OUTPUT", "POLICY_LIST", "<POLICY><ID>7</ID><TITLE>P</TITLE><ASSET_GROUP_IDS>41-43</ASSET_GROUP_IDS></POLICY>"),
        "groups.xml": Self.lists(
          "ASSET_GROUP_LIST_OUTPUT", "ASSET_GROUP_LIST",
          (40...43).map { "<ASSET_GROUP><ID>\($0)</ID><TITLE>\($0 == 40 ? "All" : "G\($0)")</TITLE></ASSET_GROUP>" }.joined()),
        "tags.xml": "<ServiceResponse><responseCode>SUCCESS</responseCode><count>2</count><data><Tag><id>1</id><name>Cloud Agent</name></Tag>"
          + "<Tag><id>2</id><name>Own</name></Tag></data></ServiceResponse>\n",
      ],
      """
      post $ag -d 'action=delete&id=40' | code; post $ag -d 'action=delete&id=42' | code; post $ag -d 'action=delete&id=42' | code
      get "$pol?action=list" | grep -o '<ASSET_GROUP_IDS>.*</ASSET_GROUP_IDS>'
      for id in 1 2 2; do xml /qps/rest/2.0/delete/am/tag/$id '<ServiceRequest/>' | code; done
      domain=/api/2.0/fo/asset/domain/; post $domain -d 'action=create&domain=example.com' | id
      post $domain -d 'action=delete&ids=5' | code; post $domain -d 'action=delete&ids=9000001' | code; get "$domain?action=list" | grep -c '<DOMAIN>' || true
      """)
    #expect(
      lines == [
        "1905", "none", "1905", "<ASSET_GROUP_IDS>41,43</ASSET_GROUP_IDS>", "INVALID_REQUEST", "SUCCESS", "OBJECT_NOT_FOUND", "9000001", "1905",
        "none", "0",
      ])
  }
}
