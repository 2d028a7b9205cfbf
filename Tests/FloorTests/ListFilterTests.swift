import Base
import Catalog
import Glibc
import Markup
import Requests
import Support
import SystemPackage
import Testing
import Toolbox

/// What a stylesheet is shown of a record, and what becomes of what it says.
@Suite struct ListFilterTests {
  private static let grammar = """
    NETWORK
      ID      1  is number  -> the fragment
      NAME    ?  -> name
      STATE   ?  ignored: it tells a state
      LONG    *  dropped: no call takes it
      GROUP   ?
        STATE  ?  ignored: it tells another state
        DEEP   ?  dropped: no call takes it
        MORE  ?  -> more
      TEXT    ?  -> text
      *       *  ignored: whatever it is
    """
  private static let record = """
    <NETWORK>
      <ID>1</ID>
      <STATE>on</STATE>
      <LONG><A>a</A></LONG><LONG/>
      <GROUP> <STATE/><DEEP><MORE>no</MORE></DEEP><MORE>yes</MORE></GROUP>
      <OTHER>o</OTHER>
      <TEXT>t</TEXT>
    </NETWORK>
    """

  /// What a stylesheet sees that asks for these elements, and what is said of the record.
  private func seen(_ askedFor: Set<String>?) throws(Complaint) -> (text: String, notes: [String]) {
    var grammar = try RecordGrammar(parsing: Array(Self.grammar.utf8), named: "test.grammar")
    if let askedFor { grammar.hideWholes { names in names.map(askedFor.contains) } }
    var outline = Outline()
    outline.read(Array(Self.record.utf8))
    var memory = RecordGrammar.Memory()
    let notes = grammar.check(outline, of: Subject(kind: "network", id: "1"), isCopied: false, in: &memory)
    var bytes = Array(Self.record.utf8)
    for range in memory.hidden.sorted(by: { $0.lowerBound > $1.lowerBound }) { bytes.removeSubrange(Int(range.lowerBound)..<Int(range.upperBound)) }
    return (String(decoding: bytes, as: UTF8.self), notes.map(\.element))
  }

  /// Elements that go as a whole, and the blanks before them, unless they are asked for: by their names, wherever they stand. What only a star names may be anything.
  @Test func whatNobodyAsksForIsHidden() throws {
    #expect(try seen(nil).text == Self.record)
    let none = try seen([])
    #expect(
      none.text == """
        <NETWORK>
          <ID>1</ID>
          <GROUP><MORE>yes</MORE></GROUP>
          <OTHER>o</OTHER>
          <TEXT>t</TEXT>
        </NETWORK>
        """)
    #expect(try seen(["STATE", "DEEP", "LONG", "MORE"]).text == Self.record)
    #expect(
      try seen(["STATE"]).text == """
        <NETWORK>
          <ID>1</ID>
          <STATE>on</STATE>
          <GROUP> <STATE/><MORE>yes</MORE></GROUP>
          <OTHER>o</OTHER>
          <TEXT>t</TEXT>
        </NETWORK>
        """)
    // The account is the same, whatever is shown.
    for askedFor in [[], ["STATE"], ["LONG", "DEEP"]] as [Set<String>] { #expect(try seen(askedFor).notes == seen(nil).notes) }
    #expect(none.notes == ["LONG", "GROUP/DEEP"])
  }

  /// A name is a word of its own, in the stylesheet or in a module of it.
  @Test func namesAreWords() async {
    let sheet = "<x select=\"ONE/TWO[@three = 'FOUR'] | a:FIVE\" match='SIX-A'>SEVEN.B,É8</x>"
    let names = ["ONE", "TWO", "three", "FOUR", "FIVE", "SIX-A", "SEVEN.B", "É8"]
    #expect(Stylesheet.mentions(of: names, in: Array(sheet.utf8)) == names.map { _ in true })
    // Parts of words, other letters, nothing at all.
    let others = ["ON", "NE", "THREE", "SIX", "A-SIX", "SEVEN", "B8", "8", "FOU", "FOURS", "", "select=", "É"]
    #expect(Stylesheet.mentions(of: others, in: Array(sheet.utf8)) == others.map { _ in false })
    #expect(Stylesheet.mentions(of: ["ONE", "ONE", "no", "ONE"], in: Array(sheet.utf8)) == [true, true, false, true])
    #expect(Stylesheet.mentions(of: ["ONE"], in: []) == [false] && Stylesheet.mentions(of: [], in: Array(sheet.utf8)).isEmpty)
    await #expect(processExitsWith: .success) {
      Stylesheet.register(StylesheetModule(path: "other/one.xsl", bytes: Array("<x match='IN_A_MODULE'/>".utf8)))
      Stylesheet.register(StylesheetModule(path: "other/two.xsl", bytes: Array("<x match='ANOTHER'/>".utf8)))
      exit(
        Stylesheet.mentions(of: ["IN_A_MODULE", "ANOTHER", "NEITHER"], in: Array("<x/>".utf8)) == [true, true, false] ? EXIT_SUCCESS : EXIT_FAILURE)
    }
  }

  /// A stylesheet that says a parameter twice has made no request of that record. The record is named, and nothing is written.
  @Test func aRequestThatIsNoneRefusesItsRecord() async throws {
    let list = """
      <NETWORK_LIST_OUTPUT><RESPONSE><NETWORK_LIST>
      <NETWORK><ID>41</ID><NAME>one</NAME></NETWORK>
      <NETWORK><ID>42</ID><NAME>two</NAME></NETWORK>
      <NETWORK><ID>43</ID><NAME>two</NAME></NETWORK>
      </NETWORK_LIST></RESPONSE></NETWORK_LIST_OUTPUT>
      """
    let lines = try await Files.withScratch { folder in
      try Files.write(Array(list.utf8), to: folder.appending("list.xml"))
      await #expect(processExitsWith: .success) { [folder = folder.string as String] in
        let sheet = """
          <xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
            <xsl:template match="/"><requests><xsl:apply-templates select="//NETWORK"/></requests></xsl:template>
            <xsl:template match="NETWORK">
              <request kind="network" id="{ID}" url="/api/2.0/fo/network/">
                <param name="action">create</param>
                <param name="name"><xsl:value-of select="NAME"/></param>
                <xsl:if test="NAME = 'two'"><param name="name">twice</param></xsl:if>
              </request>
            </xsl:template>
          </xsl:stylesheet>
          """
        let grammar = Array("NETWORK\n  ID    1  is number  -> the fragment\n  NAME  1  -> name\n".utf8)
        var filter: ListFilter
        var taken: [String] = []
        for (refuses, words) in [
          (
            true,
            "cannot be carried: network \"two\" (42): the request has the parameter name twice: the service would keep the last one only; network \"two\" (43): the request has the parameter name twice: the service would keep the last one only"
          ),
          (false, "the request has the parameter name twice: the service would keep the last one only"),
        ] {
          filter = try ListFilter(.networks, grammar: grammar, reading: [folder + "/list.xml"], options: .silent(report: folder + "/\(refuses).tsv"))
          do throws(Complaint) {
            _ = try filter.gather(Array(sheet.utf8), refusesRequests: refuses) { _, said in
              said.requests.map { String(decoding: $0.line, as: UTF8.self) }
            } take: {
              taken += $0
            } finish: {
              exit(2)
            }
            exit(3)
          } catch {
            guard error.kind == .refused, error.reason == words else {
              print(error)
              exit(4)
            }
          }
        }
        // What was made of the first one is the caller's, who writes nothing until it is finished.
        exit(taken.allSatisfy { $0.hasSuffix("#network=41\n") } ? EXIT_SUCCESS : 5)
      }
      return try String(decoding: Files.read(folder.appending("true.tsv")) ?? [], as: UTF8.self).split(separator: "\n").map { String($0) }
    }
    #expect(lines.count == 3)
    #expect(lines.dropFirst().allSatisfy { $0.contains("\trefused\tthe request has the parameter name twice") }, "\(lines)")
  }

  /// What a stylesheet writes for the networks of a list, and what becomes of the run: the lines of its requests, or why it fails.
  private func run(_ template: String, _ records: String, in folder: FilePath) async throws -> String {
    try Files.write(
      Array("<NETWORK_LIST_OUTPUT><RESPONSE><NETWORK_LIST>\(records)</NETWORK_LIST></RESPONSE></NETWORK_LIST_OUTPUT>".utf8),
      to: folder.appending("list.xml"))
    let sheet = """
      <xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
        <xsl:template match="/"><requests><xsl:apply-templates select="//NETWORK"/></requests></xsl:template>
        <xsl:template match="NETWORK">\(template)</xsl:template>
      </xsl:stylesheet>
      """
    try Files.write(Array(sheet.utf8), to: folder.appending("sheet.xsl"))
    Files.remove(folder.appending("answer"))
    await #expect(processExitsWith: .success) { [folder = folder.string as String] in
      let grammar = Array("NETWORK\n  ID    ?  -> the fragment\n  NAME  1  -> name\n".utf8)
      var lines: [UInt8] = []
      do throws(Complaint) {
        _ = try ListFilter(.networks, grammar: grammar, reading: [folder + "/list.xml"], options: .silent()).gather(
          [], replacedBy: folder + "/sheet.xsl"
        ) { _, said in
          said.requests.flatMap(\.line)
        } take: {
          lines += $0
        }
      } catch {
        lines = Array(error.reason.utf8)
      }
      try Files.write(lines, to: FilePath(folder + "/answer"))
    }
    return String(decoding: try Files.read(folder.appending("answer")) ?? [], as: UTF8.self)
  }

  /// Each record is answered for by itself: one with two requests does not hide one with none, whether they have ids, share one, or have none, and
  /// whatever else the stylesheet writes requests for.
  @Test func noRecordHidesAnother() async throws {
    func request(_ kind: String, _ id: String) -> String { "<request kind=\"\(kind)\" id=\"{\(id)}\" url=\"/api/2.0/fo/\(kind)/\"/>" }
    func only(_ test: String, _ text: String) -> String { "<xsl:if test=\"\(test)\">\(text)</xsl:if>" }
    let (own, other) = (request("network", "ID"), request("appliance", "concat(7, position())"))
    func record(_ id: String, _ name: String) -> String { "<NETWORK>\(id.isEmpty ? "" : "<ID>\(id)</ID>")<NAME>\(name)</NAME></NETWORK>\n" }
    let named = record("41", "one") + record("42", "two") + record("43", "three")
    let nameless = record("", "one") + record("", "two") + record("", "three")
    let alike = record("41", "one") + record("41", "two") + record("42", "three")
    try await Files.withScratch { folder in
      for list in [named, nameless, alike] {
        for answer in [own, other, own + own, own + other] {
          // All of them.
          let lines = try await run(answer, list, in: folder).split(separator: "\n")
          #expect(lines.count == (answer.utf8.count > 100 ? 6 : 3) && lines.allSatisfy { $0.hasPrefix("/") }, "\(answer) \(list) \(lines)")
          // Two for the first, and none for the second.
          let lost = try await run(only("NAME != 'two'", answer) + only("NAME = 'one'", answer), list, in: folder)
          #expect(lost.hasPrefix("the stylesheet says nothing about network \"two\""), "\(answer) \(list) \(lost)")
          // None but for the first of those that stand together.
          let first = try await run(only("not(preceding-sibling::NETWORK)", answer), list, in: folder)
          #expect(first.hasPrefix("the stylesheet says nothing about network"), "\(answer) \(list) \(first)")
        }
        // A remark is no answer.
        let remark = "<noted kind=\"network\" id=\"{ID}\">a remark</noted>"
        #expect(
          try await run(only("NAME = 'two'", remark) + only("NAME != 'two'", own + own), list, in: folder).contains("nothing about network \"two\""))
        #expect(try await run("<skipped kind=\"network\" id=\"{ID}\">left out</skipped>", list, in: folder).isEmpty)
      }
      // All that are lost are named.
      let all = try await run(only("NAME = 'one'", own + own + own), named, in: folder)
      #expect(all == "the stylesheet says nothing about network \"two\" (42), network \"three\" (43)")
    }
  }
}
