import Support
import Testing

/// Domains by both APIs: the documented rules, and the way from one rehearsal to another.
@Suite struct DomainTests {
  private static let prelude = """
    domain=/api/2.0/fo/asset/domain/; old=/msp/asset_domain.php
    change() { post $old -d "$1" > answer; grep -oE 'status="[A-Z]+" number="[0-9]*"' answer | tr -d a-z\\"=' '; }
    listed() { get "$domain?action=list" | grep -oE '<(DOMAIN_NAME|NETWORK_ID|START|END)>[^<]*' | sed 's/.*>//' | paste -sd' '; }

    """

  @Test func addsAndEditsByTheFirstAPI() async throws {
    let lines = try await rehearse(
      "",
      Self.prelude + """
        change 'action=add&domain=a.example&netblock=10.1.0.0/24,192.0.2.7'; head -2 answer | tail -1 | grep -o 'GENERIC_RETURN SYSTEM'; listed
        change 'action=add&domain=A.example'; change 'action=add&domain=www.b.example'; change 'action=add'; change 'action=delete&domain=a.example'
        change 'action=add&domain=b.example&netblock=10.1.0.300'; change 'action=add&domain=b.example&network_id=0'
        change 'action=edit&domain=a.example'; change 'action=edit&domain=c.example&netblock=10.9.9.9'; listed
        change 'action=edit&domain=a.example&netblock=10.9.9.9'; listed; change 'action=edit&domain=a.example&netblock='; listed
        change 'action=add&domain=none&netblock=10.1.1.1'; change 'action=edit&domain=none&netblock=10.1.1.1'; listed
        get "$old?action=add&domain=d.example&netblock=10.5.0.1,10.5.0.3-10.5.0.9" | grep -o 'status="[A-Z]*"'
        get /msp/asset_domain_list.php | grep -cE '<(NETWORK|DOMAIN_ID)>' || true
        get /msp/asset_domain_list.php | tr -d ' \\n' | grep -o '<DOMAIN><DOMAIN_NAME>d.*</DOMAIN>'
        curl -sS -c jar -H 'X-Requested-With: t' -d 'action=login&username=rehearsal&password=x' $url/api/2.0/fo/session/ -o nothing
        curl -sS -b jar -o nothing -w '%{http_code}\\n' "$url/msp/asset_domain_list.php"
        """)
    #expect(
      lines == [
        "SUCCESS", "GENERIC_RETURN SYSTEM", "a.example 0 10.1.0.0 10.1.0.255 192.0.2.7 192.0.2.7", "FAILED1905", "FAILED1905", "FAILED1903",
        "FAILED1905", "FAILED1905", "FAILED1901", "FAILED1903", "FAILED1905", "a.example 0 10.1.0.0 10.1.0.255 192.0.2.7 192.0.2.7", "SUCCESS",
        "a.example 0 10.9.9.9 10.9.9.9", "SUCCESS", "a.example 0", "FAILED1905", "SUCCESS", "a.example 0 none 0 10.1.1.1 10.1.1.1",
        #"status="SUCCESS""#, "0",
        "<DOMAIN><DOMAIN_NAME>d.example</DOMAIN_NAME><NETBLOCK><RANGE><START>10.5.0.1</START><END>10.5.0.1</END></RANGE>"
          + "<RANGE><START>10.5.0.3</START><END>10.5.0.9</END></RANGE></NETBLOCK></DOMAIN>",
        "401",
      ])
  }

  @Test func createsByTheSecondAPI() async throws {
    let lines = try await rehearse(
      "",
      Self.prelude + """
        post $net -d 'action=create&name=Branch' | id
        create() { post $domain -d "action=$1" | code; }
        create 'create&domain=a.example&netblock=10.1.0.1'; create 'create&domain=a.example&network_id=9000001'; create 'create&domain=a.example'
        create 'create&domain=b.example&network_id=7'; create 'create&netblock=10.1.0.1'; create 'create&name=b.example'; create 'create&domain=www.b.example'
        create 'update&domain=A.EXAMPLE&netblock=10.2.0.1&network_id=9000001'; create 'update&domain=c.example'; create 'update&domain=a.example'
        listed; get "$domain?action=list" | grep -A1 '<NETWORK_NAME><!\\[CDATA\\[Branch' | grep -c '<NETWORK_ID>9000001<'
        get "$domain?action=create&domain=x.example" | code; create 'delete&ids=9000001-9000003'; get "$domain?action=list" | tail -2 | paste -sd' '
        """)
    #expect(
      lines == [
        "9000001", "none", "none", "1905", "1905", "1903", "1901", "1905", "none", "1905", "none",
        "a.example 0 a.example 9000001 10.2.0.1 10.2.0.1", "1", "1908", "none", "<DOMAIN_LIST> </DOMAIN_LIST>",
      ])
  }

  /// What the target has is left out, and the rest is there afterwards.
  @Test func movesToAnotherRehearsal() async throws {
    let lines = try await rehearse(
      "--save saved",
      Self.prelude + """
        export PATH=$programs:$PATH q_username=rehearsal q_password=any
        cat > source.xml <<'END'
        <DOMAIN_LIST>
        <DOMAIN><DOMAIN_NAME>a.example</DOMAIN_NAME><NETBLOCK><RANGE><START>10.1.0.1</START><END>10.1.0.1</END></RANGE></NETBLOCK></DOMAIN>
        <DOMAIN><DOMAIN_NAME>b.example</DOMAIN_NAME><NETBLOCK><RANGE><START>10.2.0.1</START><END>10.2.0.9</END></RANGE></NETBLOCK></DOMAIN>
        <DOMAIN><DOMAIN_NAME>none</DOMAIN_NAME><NETBLOCK><RANGE><START>10.3.0.1</START><END>10.3.0.9</END></RANGE></NETBLOCK></DOMAIN>
        </DOMAIN_LIST>
        END
        change 'action=add&domain=B.example&netblock=10.2.0.5'
        qtbx-fetch -q --server $url domains-v1 -o before.xml
        qtbx-domains-to-urls -q --target before.xml --report report.tsv source.xml > domains.urls
        cut -f 3,5,6 report.tsv | grep b.example
        qtbx-push -q --server $url --journal journal domains.urls | cut -f 1
        listed
        # What is there now is all of it.
        qtbx-fetch -q --server $url domains -o after.xml; qtbx-domains-to-urls -q --target after.xml source.xml
        stop; qtbx-domains-to-urls -q --none edit saved/domains.xml | sed 's/#.*//'
        """)
    #expect(
      lines == [
        "SUCCESS",
        "b.example\tskipped\tthe target has it with other netblocks, and an edit would replace all of them: it lacks 10.2.0.1-10.2.0.4, 10.2.0.6-10.2.0.9",
        "done", "done", "B.example 0 10.2.0.5 10.2.0.5 a.example 0 10.1.0.1 10.1.0.1 none 0 10.3.0.1 10.3.0.9", "# no requests",
        "/msp/asset_domain.php?action=add&domain=B.example&netblock=10.2.0.5",
        "/msp/asset_domain.php?action=add&domain=a.example&netblock=10.1.0.1",
        "/msp/asset_domain.php?action=edit&domain=none&netblock=10.3.0.1-10.3.0.9",
      ])
  }
}
