import Support
import SystemPackage
import Testing

/// A list is as whole as each of its pages: what is refused on the first is refused on the others, whoever reads them.
@Suite struct PageRuleTests {
  private static let list = "    <ASSET_GROUP_LIST>\n"
  private static let deadEnd = "<WARNING><CODE>1980</CODE></WARNING>"

  private static func with(_ text: String, _ page: String = page(4...4)) -> String {
    page.replacing("  </RESPONSE>", with: text + "  </RESPONSE>")
  }

  /// Pages that hold less than they should, or what may be records.
  static let pages: [(page: String, reason: String)] = [
    (page(4...4).replacing("ASSET_GROUP_LIST>", with: "GROUPS>"), "holds GROUPS, and no ASSET_GROUP"),
    (page(4...4).replacing("ASSET_GROUP>", with: "ASSETGROUP>"), "holds ASSETGROUP, and no ASSET_GROUP"),
    (page(4...4).replacing(list, with: list + "<ASSETGROUP><ID>5</ID></ASSETGROUP>"), "holds ASSETGROUP, and only ASSET_GROUP can be joined"),
    (
      page(4...4).replacing("<ASSET_GROUP>", with: "<x:ASSET_GROUP xmlns:x=\"urn:x\">").replacing("</ASSET_GROUP>", with: "</x:ASSET_GROUP>"),
      "in a namespace of its own"
    ),
    (with("<GROUPS><GROUP><ID>5</ID></GROUP></GROUPS>"), "holds GROUPS, and only ASSET_GROUP can be joined"),
    (with("<ASSET_GROUP><ID>5</ID></ASSET_GROUP>"), "holds ASSET_GROUP directly in RESPONSE, and only"),
    ("<ASSET_GROUP_LIST_OUTPUT><RESPONSE><ID_SET><ID>4</ID></ID_SET></RESPONSE></ASSET_GROUP_LIST_OUTPUT>", "the list holds ids only"),
    ("<ASSET_GROUP_LIST_OUTPUT/>", "there is nothing in ASSET_GROUP_LIST_OUTPUT: the answer is not whole"),
    ("<ASSET_GROUP_LIST_OUTPUT> <!-- --> </ASSET_GROUP_LIST_OUTPUT>", "there is nothing in ASSET_GROUP_LIST_OUTPUT: the answer is not whole"),
    (with("<WARNING><CODE>1980</CODE><TEXT>There is more.</TEXT></WARNING>"), "the list is cut off: There is more."),
    (with("<WARNING><CODE>1980</CODE><URL> </URL></WARNING>"), "the list is cut off: there is more"),
    (with("<WARNING_LIST><WARNING><TEXT>x</TEXT></WARNING>\(deadEnd)</WARNING_LIST>"), "the list is cut off: there is more"),
    (with(String(repeating: "<WARNING><CODE>7</CODE></WARNING>", count: 30) + deadEnd + "<WARNING/>"), "the list is cut off"),
    (with("<hasMoreRecords>true</hasMoreRecords>"), "the list is cut off: hasMoreRecords is true"),
    (with("<X>\(warning("id_min=5"))</X>"), "nobody knows whether the list goes on there"),
  ]

  @Test(arguments: pages) func aFetchRefusesAPageThatIsNotWhole(_ one: (page: String, reason: String)) async throws {
    // Behind a page that has none, and behind records.
    let empty = "<ASSET_GROUP_LIST_OUTPUT><RESPONSE>\(warning("id_min=2"))</RESPONSE></ASSET_GROUP_LIST_OUTPUT>"
    let joined = [page(1...3, next: "id_min=4"), one.page]
    // Of records besides others, the first page keeps all.
    let fronts = one.reason.contains("and only") ? [joined] : [joined, [empty, one.page]]
    for pages in fronts + [[empty] + joined] {
      try await FaultServer.with(listing(pages.map { step(200, $0) }.joined(separator: ","))) { server in
        let outcome = try await fetch("asset-groups", from: server.url, in: server.folder, ["-o", "out.xml"])
        #expect(outcome.status == 4, "\(outcome.errorText)")
        #expect(outcome.errorText.contains("page \(pages.count): ") && outcome.errorText.contains(one.reason), "\(outcome.errorText)")
        #expect(left(server.folder).isEmpty)
      }
    }
  }

  /// The object of the lost request may be on the page that is not whole: the request is not sent again.
  @Test(arguments: pages.map(\.page), [["--resolve", "--settle", "0"], ["--refuse-there"]])
  func aPushSendsNothing(_ second: String, _ options: [String]) async throws {
    for pages in [[page(1...3, next: "id_min=4"), second], [second]] {
      let lists = pages.map { step(200, $0) }.joined(separator: ",")
      let answer = options == ["--refuse-there"] ? step(409, refusal("1905")) : step(200, "", "\"reset\":-1")
      try await FaultServer.with("{\"POST \(path)\":[\(answer),\(success)],\"GET \(path)\":[\(lists)]}") { server in
        _ = try await push(groups("a"), to: server.url, in: server.folder)
        let outcome = try await push(groups("a"), to: server.url, in: server.folder, options, scale: "0.0005")
        #expect(outcome.status == 4 && outcome.output.isEmpty, "\(outcome.status) \(outcome.outputText) \(outcome.errorText)")
        #expect(outcome.errorText.contains("the target's asset-groups cannot be listed"), "\(outcome.errorText)")
        #expect(try server.received.map(\.method) == ["POST"] + pages.map { _ in "GET" })
      }
    }
  }

  /// Other things that nobody knows are no records, and are named; who must know all takes none.
  @Test func whatIsNoRecordIsNamed() async throws {
    let second = Self.with("<NEWS>x</NEWS>lost")
    let lists = [page(1...3, next: "id_min=4"), second].map { step(200, $0) }.joined(separator: ",")
    try await FaultServer.with("{\"POST \(path)\":[\(step(200, "", "\"reset\":-1")),\(success)],\"GET \(path)\":[\(lists),\(lists)]}") { server in
      let outcome = try await fetch("asset-groups", from: server.url, in: server.folder)
      #expect(outcome.status == 0 && outcome.outputText == page(1...4), "\(outcome.errorText)")
      for words in ["RESPONSE/NEWS", "text in RESPONSE"] {
        #expect(outcome.errorText.contains("warning: page 2: \(words) is not carried"), "\(outcome.errorText)")
      }
      #expect(try await push(groups("a"), to: server.url, in: server.folder).status == 8)
      let resolved = try await push(groups("a"), to: server.url, in: server.folder, ["--resolve", "--settle", "0"])
      #expect(resolved.status == 4, "\(resolved.outputText)")
      #expect(try server.received.count { $0.method == "POST" } == 1)
    }
  }

  /// A first page of nothing does not change what the list is.
  @Test func anotherRootBehindAnEmptyPageIsRefused() async throws {
    func list(_ root: String, _ around: String) -> String { "<\(root)><RESPONSE>\(around)</RESPONSE></\(root)>" }
    let records = "<SCHEDULE_SCAN_LIST><SCAN><ID>1</ID></SCAN></SCHEDULE_SCAN_LIST>"
    let pages = [list("SCHEDULE_SCAN_LIST_OUTPUT", warning("id_min=2")), list("OTHER_OUTPUT", records)]
    try await FaultServer.with("{\"\":[\(pages.map { step(200, $0) }.joined(separator: ","))]}") { server in
      let outcome = try await fetch("schedules", from: server.url, in: server.folder)
      #expect(outcome.status == 4 && outcome.errorText.contains("page 2: this is a document OTHER_OUTPUT"), "\(outcome.errorText)")
    }
  }

  // MARK: Cut off

  /// One page, or the first of none: a list that ends early is none without the option, and says so with it.
  @Test(arguments: [
    "<WARNING><CODE>1980</CODE><TEXT>More.</TEXT></WARNING>", "<WARNING_LIST><WARNING><CODE>1980</CODE><TEXT>More.</TEXT></WARNING></WARNING_LIST>",
  ]) func aSinglePageThatIsCutOffIsTakenIfTold(_ warning: String) async throws {
    let text = Self.with(warning)
    try await FaultServer.with(listing(step(200, text), step(200, text))) { server in
      let refused = try await fetch("asset-groups", from: server.url, in: server.folder, ["-o", "out.xml"])
      #expect(refused.status == 4 && refused.errorText.contains("the list is cut off: More."), "\(refused.errorText)")
      #expect(left(server.folder).isEmpty)
      let taken = try await fetch("asset-groups", from: server.url, in: server.folder, ["--allow-truncated"])
      #expect(taken.status == 0 && taken.outputText == text, "\(taken.errorText)")
      #expect(taken.errorText.contains("warning: the list is cut off: More."), "\(taken.errorText)")
    }
  }

  /// The document says it where the warning was that led on, and every reader takes it at its word.
  @Test(arguments: [false, true]) func aJoinedListThatIsCutOffSaysSo(_ isListed: Bool) async throws {
    func listed(_ warning: String) -> String { isListed ? "<WARNING_LIST>\(warning)</WARNING_LIST>" : warning }
    let said = "<WARNING><CODE>1980</CODE><TEXT>5 &lt; 6 &amp; more</TEXT></WARNING>"
    let first = Self.with(listed(warning("id_min=4").trimmed) + "<GLOSSARY/>\n", page(1...3))
    let second = Self.with("<WARNING_LIST>\(said)</WARNING_LIST>")
    try await FaultServer.with(listing(step(200, first), step(200, second))) { server in
      let outcome = try await fetch("asset-groups", from: server.url, in: server.folder, ["--allow-truncated", "-o", "out.xml"])
      #expect(outcome.status == 0, "\(outcome.errorText)")
      #expect(outcome.errorText.contains("warning: page 2: the list is cut off: 5 < 6 & more\n"), "\(outcome.errorText)")
      let text = String(decoding: try Files.read(server.folder.appending("out.xml")) ?? [], as: UTF8.self)
      #expect(text == Self.with(listed(said) + "<GLOSSARY/>\n", page(1...4)).replacing("\n" + listed(said), with: listed(said)), "\(text)")
      let reader = try await run(Place.program("qtbx-ag-to-urls"), ["out.xml"], in: server.folder)
      #expect(reader.status == 1 && reader.errorText.contains("the list is truncated (5 < 6 & more)"), "\(reader.errorText)")
    }
  }

  /// What is in place of one document of many is named, and the others are fetched.
  @Test func aDocumentThatIsCutOffIsRefused() async throws {
    func policy(_ more: String) -> String {
      "<POLICY_EXPORT_OUTPUT><RESPONSE><POLICY><TITLE>a</TITLE></POLICY>\(more)</RESPONSE></POLICY_EXPORT_OUTPUT>"
    }
    let steps = [policy("<WARNING><CODE>1980</CODE><TEXT>More.</TEXT></WARNING>"), policy("")].map { step(200, $0) }.joined(separator: ",")
    try await FaultServer.with("{\"\":[\(steps)]}") { server in
      try Files.write(Array("1\n2\n".utf8), to: server.folder.appending("ids"))
      let outcome = try await fetch("policy", from: server.url, in: server.folder, ["--each", "ids", "-o", "{id}.xml"])
      #expect(outcome.status == 4 && outcome.errorText.contains("policy 1: refused: the list is cut off: More."), "\(outcome.errorText)")
      #expect(left(server.folder).sorted() == ["2.xml", "ids"])
    }
  }

  /// What is taken out leaves a document.
  @Test(arguments: [
    "<WARNING_LIST><WARNING_LIST>\(warning("id_min=4"))</WARNING_LIST><WARNING><TEXT>t</TEXT></WARNING></WARNING_LIST>",
    "<WARNING><WARNING><URL>?id_min=4</URL></WARNING></WARNING>",
    "<WARNING_LIST>\(warning("id_min=4"))<ASSET_GROUP_LIST><ASSET_GROUP><ID>9</ID></ASSET_GROUP></ASSET_GROUP_LIST></WARNING_LIST>",
  ]) func aWarningWithinAnotherIsNone(_ warnings: String) async throws {
    try await FaultServer.with(listing(step(200, Self.with(warnings, page(1...3))), step(200, page(4...4)))) { server in
      let outcome = try await fetch("asset-groups", from: server.url, in: server.folder)
      #expect(outcome.status == 4 && outcome.output.isEmpty, "\(outcome.outputText)")
    }
  }

  /// What else stands in a list of warnings stays there.
  @Test func whatStandsBesideAWarningStays() async throws {
    let news = "<NEWS>x</NEWS>"
    let first = Self.with("<WARNING_LIST>\(warning("id_min=4"))\(news)</WARNING_LIST>", page(1...3))
    try await FaultServer.with(listing(step(200, first), step(200, page(4...4)))) { server in
      let outcome = try await fetch("asset-groups", from: server.url, in: server.folder)
      #expect(outcome.status == 0 && outcome.outputText.contains("<WARNING_LIST>\n\(news)</WARNING_LIST>"), "\(outcome.outputText)")
    }
  }

  // MARK: Searches

  private static let create = "/qps/rest/2.0/create/am/tag"

  /// A search that holds less than it says, or that promises more, may have the tag.
  @Test(arguments: [
    [tags(1...1, more: false, lastID: 1).replacing("<count>1", with: "<count>5")],
    [tags(1...2, more: true, lastID: 2), tags(3...3, more: false, lastID: 3).replacing("<count>1", with: "<count>5")],
    [
      tags(1...2, more: true, lastID: 2).replacing("<count>2", with: "<count>1"),
      tags(3...3, more: false, lastID: 3).replacing("<count>1", with: "<count>2"),
    ],
    [tags(1...2, more: true, lastID: 2), tags(nil, more: true, lastID: 2)], [tags(nil, more: true, lastID: nil)],
    [tags(1...2, more: true, lastID: 2), "<ServiceResponse/>"],
    [tags(1...2, more: true, lastID: 2), tags(3...3, more: false, lastID: 3).replacing("Tag>", with: "Host>")],
  ]) func aSearchThatIsNotWholeSettlesNothing(_ pages: [String]) async throws {
    let lists = pages.map { step(200, $0) }.joined(separator: ",")
    let plan = "{\"POST \(Self.create)\":[\(step(200, "", "\"reset\":-1")),\(success)],\"POST /qps/rest/2.0/search/am/tag\":[\(lists)]}"
    try await FaultServer.with(plan) { server in
      let line = "POST\t\(Self.create)#tag=1\t<ServiceRequest><data><Tag><name>Web</name></Tag></data></ServiceRequest>\n"
      #expect(try await push(line, to: server.url, in: server.folder).status == 8)
      let outcome = try await push(line, to: server.url, in: server.folder, ["--resolve", "--settle", "0"])
      #expect(outcome.status == 4 && outcome.output.isEmpty, "\(outcome.outputText) \(outcome.errorText)")
      #expect(try server.received.count { $0.path.hasPrefix(Self.create) } == 1)
    }
  }

  /// What the pages say that they hold is not made right: the reader sees that something is missing.
  @Test func aJoinedCountIsWhatThePagesSay() async throws {
    let second = tags(3...3, more: false, lastID: 3).replacing("<count>1", with: "<count>5")
    try await FaultServer.with(searching(step(200, tags(1...2, more: true, lastID: 2)), step(200, second))) { server in
      let outcome = try await fetch("tags", from: server.url, in: server.folder)
      #expect(outcome.status == 0 && outcome.outputText.contains("<count>7</count>"), "\(outcome.outputText)")
      #expect(outcome.errorText.contains("warning: page 2: the service says 5 records, and gives 1"), "\(outcome.errorText)")
    }
  }

  /// A search that promises more, and leads nowhere, or leads on by a URL, which no search does.
  @Test(arguments: [
    tags(nil, more: true, lastID: nil), tags(1...1, more: false, lastID: 1).replacing("  <data>", with: warning("id_min=2") + "  <data>"),
  ])
  func aSearchThatIsCutOffIsTakenIfTold(_ text: String) async throws {
    try await FaultServer.with(searching(step(200, text), step(200, text))) { server in
      let refused = try await fetch("tags", from: server.url, in: server.folder)
      #expect(refused.status == 4 && refused.errorText.contains("the list is cut off"), "\(refused.errorText)")
      let taken = try await fetch("tags", from: server.url, in: server.folder, ["--allow-truncated"])
      #expect(taken.status == 0 && taken.outputText == text, "\(taken.errorText)")
    }
  }
}

extension String {
  fileprivate var trimmed: String { String(drop { $0 == " " || $0 == "\n" }.reversed().drop { $0 == " " || $0 == "\n" }.reversed()) }
}
