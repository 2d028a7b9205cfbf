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
}
