import Support
import SystemPackage
import Testing

/// Many pages, one document.
@Suite struct FetchPageTests {
  /// The first page's frame, every page's records, no WARNING, and the same request with the URL's query.
  @Test(arguments: [[], ["-o", "out.xml"]]) func joinsPagesAtTheirRecords(_ output: [String]) async throws {
    let steps = listing(
      step(200, page(1...3, next: "action=list&id_min=4&truncation_limit=3")), step(200, page(4...6, next: "action=list&id_min=7")),
      step(200, page(7...8)))
    try await FaultServer.with(steps) { server in
      let outcome = try await fetch("asset-groups", from: server.url, in: server.folder, output)
      #expect(outcome.status == 0, "\(outcome.errorText)")
      #expect(outcome.errorText == "qtbx-fetch: asset-groups: 8 records in 3 pages\n")
      let text = output.isEmpty ? outcome.outputText : String(decoding: try Files.read(server.folder.appending("out.xml")) ?? [], as: UTF8.self)
      #expect(text == page(1...8))
      let received = try server.received
      #expect(
        received.map(\.path) == [
          "\(path)?action=list&show_attributes=ALL", "\(path)?show_attributes=ALL&action=list&id_min=4&truncation_limit=3",
          "\(path)?show_attributes=ALL&truncation_limit=3&action=list&id_min=7",
        ])
      #expect(received.allSatisfy { $0.method == "GET" && $0.fields["requested-with"] == "qtbx" })
      #expect(left(server.folder) == Array(output.dropFirst()))
    }
  }

  /// A page without a record has no place for those of others.
  @Test func anEmptyPageIsNoFrame() async throws {
    let empty = page(1...1, next: "id_min=2").replacing("<ASSET_GROUP_LIST>", with: "<!--").replacing("</ASSET_GROUP_LIST>", with: "-->")
    try await FaultServer.with(
      listing(step(200, empty), step(200, page(2...3, next: "id_min=4")), step(200, empty.replacing(warning("id_min=2"), with: "")))
    ) { server in
      let outcome = try await fetch("asset-groups", from: server.url, in: server.folder)
      #expect(outcome.status == 0, "\(outcome.errorText)")
      #expect(outcome.outputText == page(2...3))
    }
  }

  /// A document comes out as it came in, but for the encoding.
  @Test(arguments: ["UTF-8", "UTF-8-BOM", "no declaration", "no list"]) func aSinglePageIsUntouched(_ kind: String) async throws {
    var text = page(1...3, pad: "<COMMENTS>ä</COMMENTS><!-- in --><?pi in?>")
    switch kind {
    case "UTF-8-BOM": text = "\u{FEFF}" + text
    case "no declaration": text = String(text.drop { $0 != "\n" }.dropFirst())
    case "no list": text = "<ASSET_GROUP_LIST_OUTPUT>\r\n<RESPONSE><DATETIME>x</DATETIME></RESPONSE></ASSET_GROUP_LIST_OUTPUT>"
    default: break
    }
    try await FaultServer.with(listing(step(200, text))) { server in
      let outcome = try await fetch("asset-groups", from: server.url, in: server.folder)
      #expect(outcome.status == 0, "\(outcome.errorText)")
      #expect(outcome.output == Array(text.utf8))
    }
  }

  /// A WARNING without a URL is a word to the reader, and stays.
  @Test func aRemarkStays() async throws {
    let remark = "    <WARNING><TEXT>Read this.</TEXT></WARNING>\n"
    let first = page(1...2, next: "id_min=3")
    let last = page(3...4).replacing("  </RESPONSE>", with: remark + "  </RESPONSE>")
    try await FaultServer.with(listing(step(200, last), step(200, first), step(200, last))) { server in
      let one = try await fetch("asset-groups", from: server.url, in: server.folder)
      #expect(one.outputText == last)
      let two = try await fetch("asset-groups", from: server.url, in: server.folder)
      #expect(two.outputText == page(1...4))
      #expect(two.errorText.contains("warning: page 2: Read this."))
    }
  }

  /// Policy lists have their warnings in a list, which is no list when the one that leads on is taken out.
  @Test(arguments: [[], ["remark"]]) func warningsMayStandInAList(_ more: [String]) async throws {
    let remark = more.isEmpty ? "" : "    <WARNING><CODE>7</CODE><TEXT>Read this.</TEXT></WARNING>\n"
    func listed(_ ids: ClosedRange<Int>, _ next: String?) -> String {
      let list = "    <WARNING_LIST>\n" + (next.map(warning) ?? "") + remark + "    </WARNING_LIST>\n"
      return page(ids).replacing("  </RESPONSE>", with: (next == nil && remark.isEmpty ? "" : list) + "  </RESPONSE>")
    }
    try await FaultServer.with(listing(step(200, listed(1...2, "id_min=3")), step(200, listed(3...4, "id_min=5")), step(200, listed(5...5, nil)))) {
      server in
      let outcome = try await fetch("asset-groups", from: server.url, in: server.folder)
      #expect(outcome.status == 0, "\(outcome.errorText)")
      #expect(try server.received.count == 3)
      #expect(outcome.outputText == listed(1...5, nil), "\(outcome.outputText)")
      #expect(outcome.errorText.contains("page 2: Read this.") == !more.isEmpty, "\(outcome.errorText)")
    }
  }

  /// Two ways on are none.
  @Test func twoNextPagesAreRefused() async throws {
    let text = page(1...1).replacing(
      "  </RESPONSE>", with: "<WARNING_LIST>\(warning("id_min=2"))\(warning("id_min=3"))</WARNING_LIST></RESPONSE>")
    try await FaultServer.with(listing(step(200, text))) { server in
      let outcome = try await fetch("asset-groups", from: server.url, in: server.folder, ["-o", "out.xml"])
      #expect(outcome.status == 4 && outcome.errorText.contains("two next pages"), "\(outcome.errorText)")
      #expect(left(server.folder).isEmpty)
    }
  }

  /// A record would mean something else in the frame of another page.
  @Test(arguments: [
    ("<RESPONSE>", "<RESPONSE xmlns:q=\"urn:q\">"), ("<ASSET_GROUP_LIST>", "<ASSET_GROUP_LIST xml:space=\"preserve\">"),
    ("<ASSET_GROUP_LIST_OUTPUT>", "<ASSET_GROUP_LIST_OUTPUT version=\"2\">"),
  ]) func pagesOfAnotherFrameAreRefused(_ plain: String, _ other: String) async throws {
    let (one, two) = (page(1...1, next: "id_min=2"), page(2...2))
    func changed(_ page: String) -> String {
      let prefix = other.contains("xmlns:q") ? "q:" : ""
      return page.replacing(plain, with: other).replacing("<TITLE>", with: "<\(prefix)TITLE>").replacing("</TITLE>", with: "</\(prefix)TITLE>")
    }
    try await FaultServer.with(listing(step(200, one), step(200, changed(two)), step(200, changed(one)), step(200, two))) { server in
      for _ in 1...2 {
        let outcome = try await fetch("asset-groups", from: server.url, in: server.folder, ["-o", "out.xml"])
        #expect(outcome.status == 4, "\(outcome.outputText)")
        #expect(outcome.errorText.contains("page 2: ") && outcome.errorText.contains("namespace or attributes"), "\(outcome.errorText)")
      }
      #expect(left(server.folder).isEmpty)
    }
    // The same on all pages is a frame.
    try await FaultServer.with(listing(step(200, changed(one)), step(200, changed(two)))) { server in
      let outcome = try await fetch("asset-groups", from: server.url, in: server.folder)
      #expect(outcome.status == 0 && outcome.outputText == changed(page(1...2)), "\(outcome.errorText)")
    }
  }

  /// 206 brings a part, however whole it looks.
  @Test(arguments: [[], ["--raw"]]) func aPartOfAnAnswerIsNone(_ options: [String]) async throws {
    try await FaultServer.with(listing(step(206, page(1...2)))) { server in
      let outcome = try await fetch("asset-groups", from: server.url, in: server.folder, ["-o", "out.xml"] + options)
      #expect(outcome.status == 4 && outcome.errorText.contains("HTTP 206, a part of an answer"), "\(outcome.errorText)")
      #expect(left(server.folder).isEmpty)
    }
  }

  /// What the service says of an error, where a list would stand.
  @Test func anErrorInTheRootOfAListIsNamed() async throws {
    try await FaultServer.with("{\"\":[\(step(200, "<SCHEDULEDSCANS><ERROR number=\"2323\">not for you</ERROR></SCHEDULEDSCANS>"))]}") { server in
      let outcome = try await fetch("map-schedules", from: server.url, in: server.folder)
      #expect(outcome.status == 4)
      #expect(outcome.errorText == "qtbx-fetch: map-schedules: the service's error 2323: not for you\n")
    }
  }

  /// A list that is being made is asked for again.
  @Test func whatIsBeingProcessedIsAskedAgain() async throws {
    try await FaultServer.with(listing(step(202, refusal("1981", "Your request is being processed.")), step(200, page(1...1)))) { server in
      let outcome = try await fetch("asset-groups", from: server.url, in: server.folder)
      #expect(outcome.status == 0 && outcome.outputText == page(1...1), "\(outcome.errorText)")
      #expect(outcome.errorText.contains("waiting 1 s: 1981: Your request is being processed."), "\(outcome.errorText)")
    }
  }

  /// Pages of a history go downwards, and a glossary stands behind the warning.
  @Test func pagesMayGoDownwards() async throws {
    func history(_ ids: [Int], next: String?) -> String {
      "<HISTORY_LIST_OUTPUT><RESPONSE><HISTORY_LIST>\(ids.map { "<HISTORY><ID>\($0)</ID></HISTORY>" }.joined())</HISTORY_LIST>"
        + (next.map(warning) ?? "") + "</RESPONSE></HISTORY_LIST_OUTPUT>"
    }
    let place = "/api/2.0/fo/asset/excluded_ip/history/"
    let steps = "{\"GET \(place)\":[\(step(200, history([9, 8], next: "action=list&id_max=7"))),\(step(200, history([7], next: nil)))]}"
    try await FaultServer.with(steps) { server in
      let outcome = try await fetch("excluded-hosts-history", from: server.url, in: server.folder)
      #expect(outcome.outputText.replacing("\n", with: "") == history([9, 8, 7], next: nil), "\(outcome.outputText) \(outcome.errorText)")
      #expect(try server.received.map(\.path) == ["\(place)?action=list", "\(place)?action=list&id_max=7"])
    }
  }

  /// Nothing is lost in silence: what only the first page can bring is named where another page has it.
  @Test func whatIsNoRecordIsNamed() async throws {
    let glossary = "    <GLOSSARY><USER_LIST><USER><ID>7</ID></USER></USER_LIST></GLOSSARY>\n  </RESPONSE>"
    func with(_ text: String) -> String { text.replacing("  </RESPONSE>", with: glossary) }
    try await FaultServer.with(listing(step(200, with(page(1...2, next: "id_min=3"))), step(200, with(page(3...3))))) { server in
      let outcome = try await fetch("asset-groups", from: server.url, in: server.folder)
      #expect(outcome.status == 0)
      #expect(outcome.outputText == with(page(1...3)))
      #expect(outcome.errorText.contains("warning: page 2: RESPONSE/GLOSSARY is not carried"), "\(outcome.errorText)")
    }
  }

  /// Neither the host nor the path of a URL counts, nor what else it may say.
  @Test(arguments: [
    "https://{port}/elsewhere?action=list&id_min=2", "http://127.0.0.1:1/x?id_min=2&a=%E2%82%AC+b#id_min=3", "//127.0.0.1:1/?id_min=2",
    "javascript:x?id_min=2", "?id_min=2&id_min=2",
  ]) func theURLIsUsedForItsQueryOnly(_ url: String) async throws {
    try await FaultServer.with("{\"\":[\(step(200, page(3...3)))]}") { other in
      let text = page(1...1, next: "?").replacing(
        "https://elsewhere.example/api/9.9/fo/other/??", with: url.replacing("{port}", with: "127.0.0.1:\(other.port)"))
      try await FaultServer.with(listing(step(200, text), step(200, page(2...2)))) { server in
        let outcome = try await fetch("asset-groups", from: server.url, in: server.folder)
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(outcome.outputText == page(1...2))
        #expect(try server.received.count == 2)
        #expect(try server.received.last?.path.hasPrefix(path) == true)
        #expect(try server.received.last?.path.ranges(of: "id_min=2").count == 1)
        if url.contains("%E2") { #expect(try server.received.last?.path.contains("&a=%E2%82%AC%20b") == true) }
        #expect(try other.received.isEmpty)
      }
    }
  }

  /// No page twice, and no page that cannot be asked for.
  @Test(arguments: [
    ("id_min=2", "a page that it has given before"), ("id_min=%zz", "cannot be read"), ("action=delete&ids=1", "may change something"),
    ("Action=delete&ids=1", "may change something"), ("ACTION=list&id_min=2", "may change something"),
    ("%61ction%20=delete&id_min=2", "may change something"), ("action[]=delete&id_min=2", "may change something"),
    ("action%00=delete&id_min=2", "may change something"), ("=delete&id_min=2", "may change something"),
  ])
  func refusesPagesThatLeadNowhere(_ query: String, _ reason: String) async throws {
    try await FaultServer.with(listing(step(200, page(1...1, next: query)))) { server in
      let outcome = try await fetch("asset-groups", from: server.url, in: server.folder, ["-o", "out.xml"])
      #expect(outcome.status == 4)
      #expect(outcome.errorText.contains(reason), "\(outcome.errorText)")
      #expect(try server.received.count <= 2)
      #expect(left(server.folder).isEmpty)
    }
  }

  /// A second page that is none: nothing is written, and it is said which and why.
  @Test(arguments: [
    (refusal("1905", "No such group."), "page 2: the service's error 1905: No such group."),
    (page(4...4, root: "APPLIANCE_LIST_OUTPUT"), "page 2: this is a document APPLIANCE_LIST_OUTPUT"),
    ("<!DOCTYPE html><html><head><title>Sign in</title></head></html>", "HTML page titled \"Sign in\""),
    ("", "page 2: the answer is empty"), ("{\"a\":1}", "JSON"), (created(5), "page 2: this is a document SIMPLE_RETURN"),
    (tags(1...1, more: false, lastID: nil), "page 2: this is a document ServiceResponse"),
    (page(4...4).replacing("<TITLE>", with: "<TITEL>"), "page 2: line 7 of the answer: not well-formed"),
    (page(4...4).replacing("<RESPONSE>", with: "<RESPONSE><CODE>1905</CODE><TEXT>Not so.</TEXT>"), "error 1905: Not so."),
    (page(4...4).replacing("<RESPONSE>", with: "<ERROR number=\"77\">Never.</ERROR><RESPONSE>"), "error 77: Never."),
    (page(4...4).replacing("<RESPONSE>", with: "<RESPONSE><X>").replacing("</RESPONSE>", with: "</X></RESPONSE>"), "the records stand in"),
    (page(4...4).replacing("x.dtd\">", with: "x.dtd\" [<!ENTITY e 'x'>]>"), "declares the entity"),
  ]) func anErrorOnTheSecondPageFailsTheWhole(_ second: String, _ reason: String) async throws {
    try await FaultServer.with(listing(step(200, page(1...3, next: "id_min=4")), step(200, second), step(200, page(4...4)))) { server in
      let outcome = try await fetch("asset-groups", from: server.url, in: server.folder)
      #expect(outcome.errorText.contains(reason), "\(outcome.errorText)")
      #expect(outcome.status == 4)
      #expect(outcome.output.isEmpty)
      #expect(try server.received.count == 2)
    }
  }

  /// A first page of records that nobody here knows by name is not taken for an empty one; alone, it is written as it is.
  @Test func recordsOfAnotherNameAreNotLost() async throws {
    func other(_ text: String) -> String { text.replacing("ASSET_GROUP_LIST>", with: "GROUPS>") }
    try await FaultServer.with(listing(step(200, other(page(1...2, next: "id_min=3"))), step(200, other(page(1...2))))) { server in
      let outcome = try await fetch("asset-groups", from: server.url, in: server.folder)
      #expect(outcome.status == 4)
      #expect(outcome.errorText.contains("it has RESPONSE/GROUPS, and no record of a known name"), "\(outcome.errorText)")
      let alone = try await fetch("asset-groups", from: server.url, in: server.folder)
      #expect(alone.outputText == other(page(1...2)))
    }
  }

  /// The WARNING may stand in a list of its own.
  @Test func followsAWarningInAList() async throws {
    func records(_ ids: ClosedRange<Int>, _ more: String = "") -> String {
      let list = ids.map { "<AUTH_UNIX><ID>\($0)</ID></AUTH_UNIX>" }.joined()
      return "<AUTH_UNIX_LIST_OUTPUT><RESPONSE><AUTH_UNIX_LIST>\(list)</AUTH_UNIX_LIST>\(more)</RESPONSE></AUTH_UNIX_LIST_OUTPUT>"
    }
    let more = "<WARNING_LIST>" + warning("id_min=3").split(separator: "\n").map { String($0.drop { $0 == " " }) }.joined() + "</WARNING_LIST>"
    try await FaultServer.with("{\"GET /api/2.0/fo/auth/unix/\":[\(step(200, records(1...2, more))),\(step(200, records(3...4)))]}") { server in
      let outcome = try await fetch("auth-unix", from: server.url, in: server.folder)
      #expect(outcome.outputText == records(1...4), "\(outcome.errorText)")
    }
  }

  // MARK: Searches

  /// The search goes on behind the last id; what it says of itself is made right.
  @Test(arguments: [[], ["-o", "out.xml"]]) func joinsTheResultsOfASearch(_ output: [String]) async throws {
    try await FaultServer.with(
      searching(
        step(200, tags(1...3, more: true, lastID: 3).replacing("true", with: "TRUE")), step(200, tags(4...6, more: true, lastID: 6)),
        step(200, tags(7...12, more: false, lastID: 12))
      )
    ) { server in
      let outcome = try await fetch(
        "tags", from: server.url, in: server.folder, output + ["--criteria", "name:CONTAINS:a & b", "--param", "fields=id,name"])
      #expect(outcome.status == 0, "\(outcome.errorText)")
      #expect(outcome.errorText == "qtbx-fetch: tags: 12 records in 3 pages\n")
      let text = output.isEmpty ? outcome.outputText : String(decoding: try Files.read(server.folder.appending("out.xml")) ?? [], as: UTF8.self)
      #expect(text == tags(1...12, more: false, lastID: 12))
      let own = "<Criteria field=\"name\" operator=\"CONTAINS\">a &amp; b</Criteria>"
      let limit = "<preferences><limitResults>1000</limitResults></preferences></ServiceRequest>"
      let bodies = try server.received.map(\.body)
      #expect(bodies.first == "<ServiceRequest><filters>\(own)</filters>\(limit)")
      #expect(bodies.last == "<ServiceRequest><filters>\(own)<Criteria field=\"id\" operator=\"GREATER\">6</Criteria></filters>\(limit)")
      #expect(try server.received.allSatisfy { $0.path.hasSuffix("?fields=id,name") && $0.fields["type"] == "text/xml" })
    }
  }

  /// One page is left as it is, whatever it says of itself; what is wrong in that is said.
  @Test func aSearchOfOnePageIsUntouched() async throws {
    let text = tags(1...3, more: false, lastID: 2).replacing("<count>3", with: "<count>4")
    try await FaultServer.with(searching(step(200, text))) { server in
      let outcome = try await fetch("tags", from: server.url, in: server.folder)
      #expect(outcome.outputText == text)
      #expect(outcome.errorText.contains("warning: the service says 4 records, and gives 3"))
    }
  }

  /// An empty page ends a search if it leads nowhere, and does not if it does.
  @Test func anEmptyPageEndsASearch() async throws {
    try await FaultServer.with(
      searching(
        step(200, tags(1...2, more: true, lastID: 2)), step(200, tags(nil, more: true, lastID: 5)), step(200, tags(nil, more: true, lastID: 5)))
    ) { server in
      let outcome = try await fetch("tags", from: server.url, in: server.folder)
      #expect(outcome.status == 0, "\(outcome.errorText)")
      #expect(outcome.outputText == tags(1...2, more: false, lastID: 5))
      #expect(outcome.errorText.contains("warning: page 3: the service says that there is more, and has nothing more"))
      #expect(try server.received.count == 3)
    }
  }

  @Test(arguments: [
    (tags(3...4, more: true, lastID: 2), "a page that it has given before"), (tags(3...4, more: true, lastID: nil), "not behind which id"),
    (tags(3...4, more: false, lastID: 4).replacing("SUCCESS", with: "UNAUTHORIZED"), "page 2: the service's error UNAUTHORIZED"),
    (
      "<ServiceResponse><responseCode>INVALID_REQUEST</responseCode><responseErrorDetails><errorMessage>No.</errorMessage></responseErrorDetails></ServiceResponse>",
      "page 2: the service's error INVALID_REQUEST: No."
    ),
  ]) func anErrorFailsTheWholeSearch(_ second: String, _ reason: String) async throws {
    try await FaultServer.with(searching(step(200, tags(1...2, more: true, lastID: 2)), step(200, second))) { server in
      let outcome = try await fetch("tags", from: server.url, in: server.folder)
      #expect(outcome.status == 4)
      #expect(outcome.output.isEmpty)
      #expect(outcome.errorText.contains(reason), "\(outcome.errorText)")
      #expect(try server.received.count <= 3)
    }
  }

  // MARK: Size

  /// What stands around the records takes no more memory, however much it is: warnings, in a list or not, which stay on the first page and are counted on
  /// another one. One that has no end is none.
  @Test(
    arguments: [
      ("<WARNING_LIST>{more}</WARNING_LIST>", "<WARNING><CODE>7</CODE><TEXT>Read this.</TEXT></WARNING>", 0),
      ("{more}", "<WARNING>Read this. All of it, and more.</WARNING>", 0),
      ("<WARNING_LIST>{more}</WARNING_LIST>", "<NOTE>Read this. All of it.</NOTE>", 0),
      ("<WARNING_LIST><WARNING>{more}</WARNING></WARNING_LIST>", "<NOTE>Read this. All of it.</NOTE>", 4),
    ] as [(String, String, Int)], [false, true])
  func whatStandsAroundTheRecordsTakesLittleMemory(_ one: (list: String, one: String, status: Int), _ isSecond: Bool) async throws {
    let count = 600_000
    let status = isSecond ? 0 : one.status
    let around = step(200, page(3...4).replacing("</RESPONSE>", with: one.list + "</RESPONSE>"), "\"more\":[\(quoted(one.one)),\(count)]")
    try await FaultServer.with(isSecond ? listing(step(200, page(1...2, next: "id_min=3")), around) : listing(around)) { server in
      let outcome = try await fetchScript(
        """
        /usr/bin/time -q -o peak -f %M $FETCH asset-groups --server $URL -o out.xml; echo $?
        /usr/bin/time -o base -f %M $FETCH --version > nothing; echo $(($(cat peak) - $(cat base))); cat out.xml 2> nothing | grep -o 'Read this' | wc -l
        """, from: server.url, in: server.folder)
      let numbers = outcome.outputText.split(separator: "\n").compactMap { Int($0) }
      #expect(numbers.count == 3 && numbers[0] == status && numbers[1] < 24 << 10, "\(outcome.outputText)\(outcome.errorText)")
      #expect(numbers.last == (isSecond || status != 0 ? 0 : count))
      if isSecond, one.one.hasPrefix("<WARNING>") {
        let lines = outcome.errorText.split(separator: "\n")
        #expect(lines.count { $0.contains("warning: page 2: Read this.") } == 20, "\(lines.prefix(30))")
        #expect(lines.contains("qtbx-fetch: warning: page 2: \(count - 20) more warnings of the service are not carried"), "\(lines.suffix(3))")
      }
    }
  }

  /// A hundred pages of more than a megabyte, in little memory.
  @Test(arguments: ["-o out.xml", "> out.xml"]) func aHundredPagesTakeLittleMemory(_ output: String) async throws {
    let steps = (0..<100).map { number in
      step(
        200, page(number * 100 + 1...number * 100 + 100, next: number < 99 ? "id_min=\(number * 100 + 101)" : nil, pad: "<X>{blow}</X>"),
        "\"blow\":12000")
    }
    try await FaultServer.with("{\"GET \(path)\":[\(steps.joined(separator: ","))]}") { server in
      let outcome = try await fetchScript(
        "/usr/bin/time -o peak -f %M $FETCH asset-groups --server $URL \(output); echo $?; grep -o '<ID>[0-9]*' out.xml | cut -c5- | cmp - <(seq 10000) && stat -c %s out.xml; /usr/bin/time -o base -f %M $FETCH --version > nothing; echo $(($(cat peak) - $(cat base)))",
        from: server.url,
        in: server.folder)
      #expect(outcome.errorText == "qtbx-fetch: asset-groups: 10000 records in 100 pages\n")
      let lines = outcome.outputText.split(separator: "\n")
      #expect(lines.first == "0")
      #expect(lines.dropFirst().first.flatMap { Int($0) }.map { $0 > 100 << 20 } == true, "\(lines)")
      // Beyond what the program needs by itself, which is more where it is built for tests.
      #expect(lines.last.flatMap { Int($0) }.map { $0 < 12 << 10 } == true, "\(lines)")
    }
  }
}
