import Base
import Catalog
import Markup
import Requests
import Testing

@Suite struct TranslationTests {
  static let map: IDMap = {
    guard let map = try? IDMap(parsing: Array("source_id,target_id,name\n1,11,Web\n2,\"a<&>\"\"\",B\n3,13,C\n".utf8)) else { return IDMap() }
    return map
  }()

  private func translate(_ record: String, _ rules: [TranslationRule], drops: Bool = false)
    throws -> (text: String, notes: [Note], unmapped: [Unmapped])
  {
    var outline = Outline()
    outline.read(Array(record.utf8))
    var notes: [Note] = []
    var unmapped: [Unmapped] = []
    let bytes = try Translation(rules, dropsUnmapped: drops)
      .apply(to: outline, of: Subject(kind: "asset-group", id: "7", name: "Web"), notes: &notes, unmapped: &unmapped)
    return (String(decoding: bytes ?? [], as: UTF8.self), notes, unmapped)
  }

  private func element(
    _ path: String..., isList: Bool = false, map: IDMap? = map, reading: IDMap.Reading = .id, effect: TranslationRule.Effect = .replace
  )
    -> TranslationRule
  { TranslationRule(.element(path), "appliance", option: "--appliance-map", map: map, as: reading, isList: isList, effect: effect) }

  private func attribute(_ name: String) -> TranslationRule {
    TranslationRule(.attribute(name), "network", option: "--network-map", map: Self.map)
  }

  /// Without its network, an object with addresses is one of the Global Default Network: it is left out, or somebody else refuses it.
  @Test func leavesOutWhatHasLostItsNetwork() {
    let others = [
      // A member of another network is left out by itself.
      "asset-groups": "@network_id",
      // The stylesheets refuse a schedule with addresses.
      "schedules": "NETWORK_ID", "pc-schedules": "NETWORK_ID",
      // A template creates and logs in to nothing.
      "scan-report-templates": "TARGET/INFO[key=network]", "pciscan-report-templates": "TARGET/INFO[key=network]",
      "patch-report-templates": "TARGET/INFO[key=network]",
    ]
    for resource in Catalog.all {
      for reference in resource.references where reference.kind == "network" && !reference.isVital {
        let place =
          switch reference.place {
          case .element(let path): path
          case .child(let name): name
          case .attribute(let name): "@" + name
          }
        #expect(others[resource.name] == place, "\(resource.name): \(place)")
      }
    }
  }

  @Test func touchesTheMappedBytesOnly() throws {
    let record =
      "<R  a = '1' >\r\n\t<ID>1</ID><!-- <N>1</N> --><N >1</N ><N><![CDATA[1]]></N><N>&#49;</N>"
      + "<X><N>\n 3 </N></X><?N 1?><N/>&amp;<N><!-->1-->1</N><M>1</M></R >"
    let found = try translate(record, [element("N")])
    #expect(
      found.text
        == "<R  a = '1' >\r\n\t<ID>1</ID><!-- <N>1</N> --><N >11</N ><N><![CDATA[11]]></N><N>11</N>"
        + "<X><N>\n 13 </N></X><?N 1?><N/>&amp;<N><!-->1-->11</N><M>1</M></R >"
    )
    #expect(found.notes.isEmpty && found.unmapped.isEmpty)
  }

  /// A range stands for each id in it; one that is none, or too long, is an id that no map has.
  @Test func takesRangesApart() throws {
    func groups(_ text: String, map: IDMap? = Self.map, drops: Bool = false) throws -> (text: String, notes: [Note], unmapped: [Unmapped]) {
      let rule = TranslationRule(
        .child("G"), "asset group", option: "--asset-group-map", map: map, isList: true, holdsRanges: true, effect: .annotate)
      return try translate("<R><G>\(text)</G></R>", [rule], drops: drops)
    }
    #expect(try groups(" 1 - 3 ").text == "<R><G qtbx-target=\"11,a&lt;&amp;&gt;&quot;,13\"> 1 - 3 </G></R>")
    #expect(try groups("3-3,1").text == "<R><G qtbx-target=\"13,11\">3-3,1</G></R>")
    #expect(try groups("2-4,1-", drops: true).notes.map(\.reason).map { $0.prefix { $0 != ":" } } == ["asset group 4", "asset group 1-"])
    #expect(try groups("3-1,1-100001,-1,0-9223372036854775807").unmapped.map(\.value) == ["3-1", "1-100001", "-1", "0-9223372036854775807"])
    // A list has room for so many, not each of its ranges.
    #expect(try groups("1-3," + String(repeating: "1-90000,", count: 1000), drops: true).notes.count < 91_000)
    // Without a map nothing is taken apart: all of it has no target.
    #expect(try groups("1-3,7", map: nil).unmapped.map(\.value) == ["1-3", "7"])
  }

  /// The record's own child, and none of its name further in.
  @Test func toldApartByPlaceAChildIsMappedAlone() throws {
    let rule = TranslationRule(.child("ID"), "policy id", option: "--policy-map", map: Self.map)
    #expect(try translate("<R><X><ID>1</ID></X><ID>1</ID></R>", [rule]).text == "<R><X><ID>1</ID></X><ID>11</ID></R>")
  }

  /// The white space around a title, if there is a line feed in it.
  @Test(arguments: [("\n  a b \n", "a b"), (" a ", " a "), ("\n a ", "a "), (" a\n", " a"), (" \n ", ""), ("", ""), ("\u{A0}a\r\n", "\u{A0}a")])
  func unframesTitles(_ text: String, _ title: String) { #expect(text.unframed == title) }

  /// Without a value to map, not a byte changes.
  @Test func leavesOtherRecordsAlone() throws {
    for seed in 0..<40 as Range<UInt64> {
      for record in try pass(Grown(seed: seed).text, records: Grown.records).records {
        #expect(try translate(record.text, [element("NONE"), attribute("none")], drops: true).text == record.text)
      }
    }
  }

  /// What is around a random place of a random record stays as it was.
  @Test func splicesRandomRecords() throws {
    for seed in 0..<40 as Range<UInt64> {
      for record in try pass(Grown(seed: seed).text, records: Grown.records).records {
        let (head, tail) = (record.text, "</X>")
        let found = try translate("<X>" + head + "<N>1</N>" + head + "<N>2</N>" + tail, [element("N")])
        #expect(found.text == "<X>" + head + "<N>11</N>" + head + "<N>a&lt;&amp;&gt;&quot;</N>" + tail)
      }
    }
  }

  @Test func goesByThePath() throws {
    let record = "<R><A><ID>1</ID></A><B><A><ID>1</ID></A><ID>1</ID></B><ID>1</ID></R>"
    #expect(try translate(record, [element("A", "ID")]).text == "<R><A><ID>11</ID></A><B><A><ID>11</ID></A><ID>1</ID></B><ID>1</ID></R>")
    #expect(try translate(record, [element("B", "A", "ID")]).text == "<R><A><ID>1</ID></A><B><A><ID>11</ID></A><ID>1</ID></B><ID>1</ID></R>")
    // The record itself is no part of a path.
    #expect(try translate(record, [element("R", "ID")]).text == record)
    #expect(try translate("<ID>1</ID>", [element("ID")]).text == "<ID>1</ID>")
  }

  @Test func mapsLists() throws {
    #expect(try translate("<R><N> 1,3 ,\n1</N></R>", [element("N", isList: true)]).text == "<R><N> 11,13 ,\n11</N></R>")
    #expect(try translate("<R><N>1,3</N></R>", [element("N")]).unmapped.map(\.value) == ["1,3"])
    let dropped = try translate("<R><N>1,9,3,8</N></R>", [element("N", isList: true)], drops: true)
    #expect(dropped.text == "<R><N>11,13</N></R>")
    #expect(try translate("<R><N>1 , 9 , 3 ,8</N></R>", [element("N", isList: true)], drops: true).text == "<R><N>11 , 13 </N></R>")
    #expect(try translate("<R><N> 9, 1 </N></R>", [element("N", isList: true)], drops: true).text == "<R><N> 11 </N></R>")
    #expect(dropped.notes.map(\.reason) == ["9", "8"].map { "appliance \($0): left out, since no map says what it is in the target" })
    #expect(dropped.notes.allSatisfy { $0.disposition == .unmapped && $0.element == "N" && $0.subject.id == "7" })
    #expect(try translate("<R><N>9</N></R>", [element("N", isList: true)], drops: true).text == "<R><N></N></R>")
    #expect(try translate("<R><N>,</N><N> </N></R>", [element("N", isList: true)]).text == "<R><N>,</N><N> </N></R>")
  }

  @Test func namesEveryMissingValue() throws {
    let record = "<R><N>1,9</N><N>8</N></R>"
    let found = try translate(record, [element("N", isList: true)])
    #expect(found.unmapped.map(\.value) == ["9", "8"])
    #expect(found.unmapped.allSatisfy { $0.noun == "appliance" && $0.missingOption == nil && $0.subject.name == "Web" })
    // Ids of another subscription mean nothing, so no map is as good as an empty one; names may be the same.
    #expect(try translate(record, [element("N", map: nil)]).unmapped.map(\.missingOption) == ["--appliance-map", "--appliance-map"])
    let names = try translate(record, [element("N", map: nil, reading: .name)])
    #expect(names.text == record && names.unmapped.isEmpty)
  }

  @Test func mapsAttributes() throws {
    let record = "<R><IP network_id='1' x=\"2\">10.0.0.1</IP><IP  network_id = \"2\"/></R>"
    #expect(
      try translate(record, [attribute("network_id")]).text
        == "<R><IP network_id='11' x=\"2\">10.0.0.1</IP><IP  network_id = \"a&lt;&amp;&gt;&quot;\"/></R>")
    #expect(try translate("<R><IP network_id='9'/></R>", [attribute("network_id")]).unmapped.map(\.value) == ["9"])
  }

  /// A quote in a target must not end the attribute, whatever quotes it stands in.
  @Test func escapesInAttributes() throws {
    let map = try IDMap(parsing: Array("1,it's\n".utf8))
    let rule = TranslationRule(.attribute("n"), "network", option: "--network-map", map: map)
    let found = try translate("<R><IP n='1'/></R>", [rule])
    #expect(refusal { () throws(Complaint) in try pass(found.text) } == nil, "\(found.text)")
  }

  /// Nor may one end a CDATA section.
  @Test func escapesInCDATA() throws {
    let map = try IDMap(parsing: Array("1,x]]><EVIL/><![CDATA[\n2,\"a\rb\"\n".utf8))
    let rule = TranslationRule(.element(["N"]), "name", option: "--name-map", map: map)
    for (source, target) in [("1", "x]]><EVIL/><![CDATA["), ("2", "a\rb")] {
      let found = try translate("<R><N><![CDATA[\(source)]]></N></R>", [rule])
      let sink = try pass(found.text)
      #expect(sink.opened.map(\.name) == ["R", "N"], "\(found.text)")
      #expect(sink.closed.first?.text == target)
    }
  }

  /// Without its network, an address would be another one: the whole element goes.
  @Test func dropsElementsByAttribute() throws {
    let rules = [attribute("network_id")]
    for (record, rest) in [
      ("<R>a<IP network_id='9'>10.0.0.1</IP>b</R>", "<R>ab</R>"), ("<R>a<IP network_id='9'/>b</R>", "<R>ab</R>"),
      ("<R>a<IP network_id='9' >x</IP\n>b</R>", "<R>ab</R>"), ("<R>a<IP network_id='9'></IP>b</R>", "<R>ab</R>"),
      ("<R>a<IP network_id='9'><IP>x</IP></IP>b</R>", "<R>ab</R>"),
      ("<R>a<IP network_id='9'>1</IP><IP network_id='1'>2</IP></R>", "<R>a<IP network_id='11'>2</IP></R>"),
    ] {
      let found = try translate(record, rules, drops: true)
      #expect(found.text == rest)
      #expect(found.notes.map(\.element) == ["IP/@network_id"])
    }
    // What is to change inside of what goes, goes as well.
    #expect(try translate("<R><IP network_id='9'><N>1</N></IP><N>1</N></R>", rules + [element("N")], drops: true).text == "<R><N>11</N></R>")
  }

  @Test func annotates() throws {
    let found = try translate("<R><A x='1'>1</A><A >2</A><A>9</A></R>", [element("A", effect: .annotate)])
    #expect(found.text == "<R><A qtbx-target=\"11\" x='1'>1</A><A qtbx-target=\"a&lt;&amp;&gt;&quot;\" >2</A><A qtbx-target=\"\">9</A></R>")
    #expect(found.unmapped.map(\.value) == ["9"])
  }

  /// Where ids stand, several of them are no name, however they are separated: a name is the same in every subscription, and needs no map.
  @Test func severalIDsAreNoName() {
    let references = Catalog.all.flatMap(\.references).filter { $0.form == .id }
    #expect(references.count > 20)
    for reference in references {
      for text in ["21 22", "21\n22", "21\t22", "21-22", "-21", "21\u{A0}22"] {
        #expect(!reference.isConstant(text), "\(reference.kind) at \(reference.place): \"\(text)\"")
      }
    }
  }

  /// What the stylesheet is told of a list that has lost a part.
  @Test func saysHowManyValuesHaveNoTarget() throws {
    let record = "<R><N>1,3</N><N>1,9,8</N></R>"
    #expect(
      try translate(record, [element("N", isList: true, effect: .annotate)], drops: true).text
        == "<R><N qtbx-target=\"11,13\">1,3</N><N qtbx-target=\"11\" qtbx-target-lacks=\"2\">1,9,8</N></R>")
  }

  /// An address is found by what it is.
  @Test func findsAddressesHoweverTheyAreWritten() throws {
    let text = "source_id,target_id,name\n1,11,2001:DB8:0:0::1\n2,12,192.0.2.1\n3,-,2001:db8::3\n4,14,2001:db8::4\n5,15,2001:db8:0::4\n"
    let map = try IDMap(parsing: Array(text.utf8), for: .idOfName, ofAddresses: true)
    for one in ["2001:db8::1", "2001:0db8::0:1", "2001:DB8::0.0.0.1"] { #expect(map.finding(of: one, as: .idOfName) == .target("11")) }
    #expect(map.finding(of: "192.0.2.1", as: .idOfName) == .target("12"))
    #expect(map.finding(of: "2001:db8:0::3", as: .idOfName) == .missing)
    #expect(map.finding(of: "2001:db8::4", as: .idOfName) == .several(["14", "15"]))
    let pairs = try IDMap(parsing: Array("2001:db8::1,11\n".utf8), for: .idOfName, ofAddresses: true)
    #expect(pairs.finding(of: "2001:DB8:0::1", as: .idOfName) == .target("11"))
  }

  @Test func passesWhatIsTheSameEverywhere() throws {
    let rule = TranslationRule(.element(["N"]), "appliance", option: "--appliance-map", map: Self.map, isList: true) { $0 == "External" }
    #expect(try translate("<R><N>External, 1</N><N>External</N></R>", [rule]).text == "<R><N>External, 11</N><N>External</N></R>")
    let lenient = TranslationRule(.element(["N"]), "name", option: "--name-map", map: Self.map, isList: true, isLenient: true)
    #expect(try translate("<R><N>9, 1</N><N>9</N></R>", [lenient]).text == "<R><N>9, 11</N><N>9</N></R>")
  }

  /// What is no value stays where it is: comments and instructions between values and inside of them, CDATA sections, blanks.
  @Test(arguments: [
    ("1<!-- a -->,<?b?> 3", "11<!-- a -->,<?b?> 13"), ("1,<![CDATA[ 3]]>", "11,<![CDATA[ 13]]>"),
    ("<![CDATA[1, ]]><!--,-->&#51; ", "<![CDATA[11, ]]><!--,-->13 "),
    ("&#x31;<!--1-->,\r\n3", "11<!--1-->,\r\n13"), ("<!-- a --> <!-- b -->", "<!-- a --> <!-- b -->"), ("1<![CDATA[,]]>3", "11<![CDATA[,]]>13"),
    ("<!-->,-->3", "<!-->,-->13"),
  ])
  func keepsWhatIsNoValue(_ before: String, _ after: String) throws {
    #expect(try translate("<R><N>\(before)</N></R>", [element("N", isList: true)]).text == "<R><N>\(after)</N></R>")
  }

  @Test func keepsCommentsInsideOfValues() throws {
    let map = try IDMap(parsing: Array("12,99\n".utf8))
    #expect(try translate("<R><N>1<!-- a -->2<?b?></N></R>", [element("N", map: map)]).text == "<R><N>99<!-- a --><?b?></N></R>")
    #expect(try translate("<R><N><![CDATA[1]]><!-- a -->2</N></R>", [element("N", map: map)]).text == "<R><N><![CDATA[99]]><!-- a --></N></R>")
    let dropped = try translate("<R><N>7<!-- a -->, 12<!-- b -->, <!-- c -->8</N></R>", [element("N", isList: true, map: map)], drops: true)
    #expect(dropped.text == "<R><N><!-- a -->99<!-- b --><!-- c --></N></R>")
  }

  private func names(_ text: String, _ map: String, effect: TranslationRule.Effect = .annotate, isList: Bool = true) throws -> (
    target: String?, unmapped: [Unmapped]
  ) {
    let map = try IDMap(parsing: Array(map.utf8), for: .name)
    let found = try translate("<R><N>\(text)</N></R>", [element("N", isList: isList, map: map, reading: .name, effect: effect)])
    var outline = Outline()
    outline.read(Array(found.text.utf8))
    return (outline.attributes.first.map { outline.text($0.value) }, found.unmapped)
  }

  /// Each blank of a name counts, in the document, in the map and in what is written; only the layout around it does not.
  @Test(arguments: [
    ("A  B", "two"), ("A B", "one"), ("A\u{A0}B", "no-break"), ("A\tB", "tab"), (" A B", "lead"), ("\u{A0}A B", "no-break lead"),
    ("\n  <![CDATA[A  B]]>\n ", "two"),
    ("A B ", nil), ("A\u{2003}B", nil), ("a b", nil),
  ])
  func comparesNamesAsTheyAre(_ text: String, _ target: String?) throws {
    let map = "A  B,two\nA B,one\nA\u{A0}B,no-break\nA\tB,tab\n A B,lead\n\u{A0}A B,no-break lead\n"
    for isList in [true, false] {
      let found = try names(text, map, isList: isList)
      #expect(found.unmapped.map(\.value) == (target == nil ? [text] : []))
      #expect(found.unmapped.allSatisfy { $0.description == "appliance \"\(text)\"" })
      if let target { #expect(found.target == target) }
    }
  }

  @Test func writesNamesAsTheyAre() throws {
    #expect(try names("A", "A,\" x \t y\n\"\n").target == " x \t y\n")
    let map = try IDMap(parsing: Array("A,\" x  y \"\n".utf8))
    #expect(try translate("<R><N>\n A </N></R>", [element("N", map: map, reading: .name)]).unmapped.map(\.value) == ["A "])
    #expect(try translate("<R><N>\n A\n</N></R>", [element("N", map: map, reading: .name)]).text == "<R><N>\n  x  y \n</N></R>")
  }

  /// The longest text that the map knows is a name; the blanks beside a comma belong to the list.
  @Test(arguments: [
    ("Paris, rack 2", "P2"), ("Bern,Paris, rack 2", "B,P2"), ("Paris, rack 2 ,rack 3", "P2 ,R"), ("Paris,Bern", "P,B"), ("Paris, rack 3", "P, R"),
    ("Paris, rack 2,rack 3", "P2,R"), (" Bern", "lead"), ("Paris, Bern", nil),
  ])
  func knowsNamesWithCommas(_ text: String, _ target: String?) throws {
    let found = try names(text, "\"Paris, rack 2\",P2\nParis,P\nBern,B\nrack 3,R\n Bern,lead\n")
    // A name with a blank before it is another one, and behind a comma nobody can tell.
    if let target { #expect(found.target == target) } else { #expect(found.unmapped.map(\.targets) == [["lead", "B"]]) }
  }

  @Test func saysThatANameIsThereTwice() throws {
    let map = try IDMap(parsing: Array("source_id,target_id,name\n1,11,Web\n2,12,Web\n".utf8))
    let rule = element("N", map: map, reading: .idOfName, effect: .annotate)
    let found = try translate("<R><N>Web</N><N>DB</N></R>", [rule])
    #expect(found.unmapped.map(\.targets) == [["11", "12"], []])
    let dropped = try translate("<R><N>Web</N></R>", [rule], drops: true)
    #expect(dropped.notes.map(\.reason) == ["appliance \"Web\": left out, since the map has it more than once, for 11 and 12"])
  }

  // MARK: Words

  @Test(arguments: [("", ""), (" \n", ""), (" 9\t", "9"), (" \u{A0}9 ", "\u{A0}9"), ("\r\n9 7\r\n", "9 7"), (" \u{301}", "\u{301}")])
  func unpads(_ text: String, _ expected: String) { #expect(Array(text.unpadded.utf8) == Array(expected.utf8)) }

  static let trimmed = [
    ("", ""), (" ", ""), ("a", "a"), (" a ", "a"), ("a  b", "a b"), ("\n a\t\r\n b ", "a b"), (" ä  ö ", "ä ö"), ("a\u{1}b", "a\u{1}b"),
    ("\u{A0}a", "a"),
  ]

  @Test(arguments: trimmed)
  func trims(_ text: String, _ expected: String) { #expect(text.trimmed == expected) }
}
