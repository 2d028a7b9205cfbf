import Support
import Testing

/// Exceptions of compliance policies: what the calls take, and what the list shows of it. U16 p. 505-513.
@Suite struct ExceptionRuleTests {
  private static func list(_ root: String, _ wrapper: String, _ records: String) -> String {
    "<\(root)><RESPONSE><DATETIME>2031-02-01T08:00:00Z</DATETIME><\(wrapper)>\(records)</\(wrapper)></RESPONSE></\(root)>\n"
  }

  private static func hosts(_ hosts: [(id: Int, ip: String, network: Int)]) -> String {
    list(
      "HOST_LIST_OUTPUT", "HOST_LIST",
      hosts.map {
        "<HOST><ID>\($0.id)</ID><IP>\($0.ip)</IP><TRACKING_METHOD>IP</TRACKING_METHOD><NETWORK_ID>\($0.network)</NETWORK_ID></HOST>"
      }.joined())
  }

  private static func users(_ first: Int) -> String {
    let users = [("Jane", "Doe"), ("John", "Roe")].enumerated().map { offset, name in
      "<USER><USER_LOGIN>exmpl_\(first + offset)</USER_LOGIN><USER_ID>\(first + offset)</USER_ID><CONTACT_INFO><FIRSTNAME>\(name.0)</FIRSTNAME>"
        + "<LASTNAME>\(name.1)</LASTNAME><EMAIL>\(name.0)@example.com</EMAIL></CONTACT_INFO></USER>"
    }
    return "<USER_LIST_OUTPUT><USER_LIST>\(users.joined())</USER_LIST></USER_LIST_OUTPUT>\n"
  }

  private static func policies(_ id: Int) -> String {
    list("POLICY_LIST_OUTPUT", "POLICY_LIST", "<POLICY><ID>\(id)</ID><TITLE>Baseline</TITLE></POLICY>")
  }

  private static let files = [
    "hosts.xml": hosts([(9001, "192.0.2.10", 0), (9002, "192.0.2.11", 0), (9003, "192.0.2.10", 842)]),
    "users.xml": users(910_001), "policies.xml": policies(970_041),
    "networks.xml": list("NETWORK_LIST_OUTPUT", "NETWORK_LIST", "<NETWORK><ID>842</ID><NAME>DMZ</NAME></NETWORK>"),
  ]

  private static let prelude = """
    path=/api/3.0/fo/compliance/exception/
    base='action=request&control_id=1073&host_id=9001&policy_id=970041&technology_id=11&assignee_id=910001&comments=c'
    ask3() { post $path -d "$1" | code; }
    update() { post $path -d "action=update&comments=c&$1" | code; }
    without() { sed "s/&$1=[^&]*//" <<< "$base"; }
    with() { sed "s/$1=[^&]*/$1=$2/" <<< "$base"; }
    shown() {
      get "$path?action=list&details=All" | sed -n "/<$1>/{s/^ *<$1>//; s/<.$1>.*//; s/<!.CDATA.//; s/\\]\\]>//; p;}" | paste -sd ' '
    }

    """

  @Test func takesWhatTheGuideNeeds() async throws {
    let lines = try await rehearse(
      "--load hosts.xml users.xml policies.xml networks.xml", files: Self.files,
      Self.prelude + """
        for name in control_id host_id policy_id technology_id assignee_id comments; do ask3 "$(without $name)"; done | paste -sd ' '
        ask3 "$(with host_id 1)"; ask3 "$(with policy_id 1)"; ask3 "$(with assignee_id 1)"; ask3 "$base&reopen_on_evidence_change=2"; ask3 "$base&status=Approved"
        ask3 "$(without host_id)&instance_string=os"; ask3 "$(without host_id)&tag_set_by=name&tag_set_include=a"
        post /api/2.0/fo/compliance/exception/ -d "$base&tag_set_by=name" | code; get "$path?$base" | code
        post $path -d "$base&instance_string=os" | grep -c 'Exception created successfully'; ask3 "action=create${base#action=request}"
        shown EXCEPTION_NUMBER; shown STATUS; get "$path?action=list&details=None" | grep NUMBER
        """)
    #expect(
      lines == [
        "1903 1903 1903 1903 1903 1903", "1905", "1905", "1905", "1905", "1901", "1907", "none", "1901", "1908", "1", "none",
        "9000001 9000002 9000003", "Pending Pending Pending", "    <NUMBER_SET>", "      <NUMBER_RANGE>9000001-9000003</NUMBER_RANGE>",
        "    </NUMBER_SET>",
      ])
  }

  @Test func decidesByNumber() async throws {
    let lines = try await rehearse(
      "--load hosts.xml users.xml policies.xml networks.xml", files: Self.files,
      Self.prelude + """
        for host in 9001 9002 9003; do ask3 "$(with host_id $host)"; done | paste -sd ' '; shown NETWORK
        update 'exception_numbers=9000001'; update ''; update 'exception_numbers=9000009'; update 'exception_numbers=9000001&status=Expired'
        update 'exception_numbers=9000001&status=approved'; update 'exception_numbers=9000001&status=Approved&end_date=02/01/2020'
        update 'exception_numbers=9000001&status=Approved&end_date=2031-12-16'; post $path -d 'action=update&exception_numbers=9000001' | code
        update 'exception_numbers=9000001&status=Approved&end_date=12/16/2099&reopen_on_evidence_change=1'
        update 'exception_numbers=9000002&status=Approved&end_date=0&reassign_to=910002'; update 'exception_numbers=9000003&status=Rejected'
        shown STATUS; shown EXPIRATION_DATE; shown REOPEN_ON_EVIDENCE_CHANGE; shown ASSIGNEE
        post $path -d 'action=update&exception_numbers=9000001-9000003&comments=d' | grep -e TEXT -e NUMBER_RANGE
        get "$path?action=list&status=approved&ip=192.0.2.11" | grep -c '<EXCEPTION>'; get "$path?action=list&status=Approved" | code
        get "$path?action=list&truncation_limit=2" | grep -o 'exception_number_min=.*'; get "$path?action=list" | grep -c HISTORY || true
        post $path -d 'action=delete&exception_numbers=9000001,9000003' | grep -c NUMBER; shown EXCEPTION_NUMBER
        """)
    #expect(
      lines == [
        "none none none", "Global Default Network Global Default Network DMZ", "none", "1903", "1905", "1905", "1905", "1905", "1905", "1903",
        "none", "none", "none", "Approved Approved Rejected", "2099-12-16T00:00:00Z N/A N/A", "1 0 0", "Jane Doe John Roe Jane Doe",
        "        <TEXT>Successfully Updated</TEXT>", "          <NUMBER_RANGE>9000001-9000003</NUMBER_RANGE>", "1", "1905",
        "exception_number_min=9000003", "0", "4", "9000002",
      ])
  }

  private static func exception(_ number: Int, _ ip: String, _ assignee: String, _ status: String, _ end: String, _ reopen: Int) -> String {
    """
    <EXCEPTION><EXCEPTION_NUMBER>\(number)</EXCEPTION_NUMBER><HOST><IP_ADDRESS>\(ip)</IP_ADDRESS><TRACKING_METHOD>IP</TRACKING_METHOD></HOST>\
    <TECHNOLOGY><ID>11</ID><NAME>Linux</NAME></TECHNOLOGY><POLICY><ID>70041</ID><NAME>Baseline</NAME></POLICY><CONTROL><CID>1073</CID>\
    <STATEMENT>Age</STATEMENT></CONTROL><ASSIGNEE>\(assignee)</ASSIGNEE><STATUS>\(status)</STATUS><ACTIVE>1</ACTIVE>\
    <REOPEN_ON_EVIDENCE_CHANGE>\(reopen)</REOPEN_ON_EVIDENCE_CHANGE><EXPIRATION_DATE>\(end)</EXPIRATION_DATE>\
    <MODIFIED_DATE>2031-01-15T08:53:19Z</MODIFIED_DATE><HISTORY_LIST><HISTORY><USER>Jane (exmpl_1)</USER><COMMENT>a&amp;b #1</COMMENT>\
    <INSERTION_DATE>2031-01-05T06:48:13Z</INSERTION_DATE></HISTORY></HISTORY_LIST></EXCEPTION>
    """
  }

  /// From one subscription to another in two steps: what arrives says the same of each, and nothing is sent twice.
  @Test func movesThem() async throws {
    var files = Self.files
    files["old-hosts.xml"] = Self.hosts([(1001, "192.0.2.10", 0), (1002, "192.0.2.11", 0), (1003, "192.0.2.12", 0)])
    (files["old-users.xml"], files["old-policies.xml"]) = (Self.users(510_001), Self.policies(70041))
    files["old.xml"] = Self.list(
      "EXCEPTION_LIST_OUTPUT", "EXCEPTION_LIST",
      Self.exception(58, "192.0.2.10", "Jane Doe", "Approved", "2099-12-16T00:00:00Z", 1)
        + Self.exception(59, "192.0.2.11", "John Roe", "Rejected", "N/A", 0) + Self.exception(60, "192.0.2.12", "John Roe", "Approved", "N/A", 0)
        + Self.exception(61, "192.0.2.11", "Jane Doe", "Expired", "2030-12-16T00:00:00Z", 0))
    let lines = try await rehearse(
      "--page-size 2 --load hosts.xml users.xml policies.xml networks.xml", files: files,
      Self.prelude + """
        export q_username=rehearsal q_password=any
        for list in hosts users policies exceptions; do "$programs/qtbx-fetch" -q --server $url $list -o new-$list.xml; done
        for list in hosts users policies; do "$programs/qtbx-map" -q --partial --source old-$list.xml --target new-$list.xml > $list.csv 2> /dev/null; done
        filter() { "$programs/qtbx-exceptions-to-urls" -q "$@" old.xml; }
        requests() { filter --unmapped drop --map host=hosts.csv --map user=users.csv --map policy=policies.csv --users old-users.xml --target "$1"; }
        send() { "$programs/qtbx-push" -q --server $url --journal journal "$@" | cut -f 1-3; }
        requests new-exceptions.xml > requests.urls; send --map-out map.csv requests.urls; cat map.csv
        filter --step update --unmapped drop --map exception=map.csv > update.urls; send update.urls
        "$programs/qtbx-fetch" -q --server $url exceptions -o after.xml; requests after.xml
        for name in IP_ADDRESS ASSIGNEE STATUS EXPIRATION_DATE REOPEN_ON_EVIDENCE_CHANGE COMMENT; do shown $name; done
        """)
    #expect(
      lines == [
        "done\t9000001\t58", "done\t9000002\t59", "source_id,target_id,name", "58,9000001,", "59,9000002,", "done\t9000001\t58", "done\t9000002\t59",
        "# no requests", "192.0.2.10 192.0.2.11", "Jane Doe John Roe", "Approved Rejected", "2099-12-16T00:00:00Z N/A", "1 0",
        "2031-01-05T06:48:13Z Jane (exmpl_1): a&b #1 Approved in the subscription that this one was made of: exception 58, last modified "
          + "2031-01-15T08:53:19Z 2031-01-05T06:48:13Z Jane (exmpl_1): a&b #1 Rejected in the subscription that this one was made of: exception 59, "
          + "last modified 2031-01-15T08:53:19Z",
      ])
  }
}
