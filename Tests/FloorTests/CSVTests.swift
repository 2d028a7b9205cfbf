import Base
import Markup
import Requests
import Support
import Testing

@Suite struct CSVTests {
  static let tables: [(text: String, rows: [[String]])] = [
    ("", []),
    ("a,b\n", [["a", "b"]]),
    ("a,b", [["a", "b"]]),
    ("a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]]),
    (",\n", [["", ""]]),
    ("a,\n", [["a", ""]]),
    ("a,", [["a", ""]]),
    ("\"a,b\",\"c\"\"d\"\n", [["a,b", "c\"d"]]),
    ("\"a\r\nb\",c\n", [["a\r\nb", "c"]]),
    ("\"\",x\n", [["", "x"]]),
    ("\u{FEFF}a,b\n", [["a", "b"]]),
    ("a,b\n\nc,d\n", [["a", "b"], ["c", "d"]]),
    (" a , b \n", [[" a ", " b "]]),
    ("ä,\"€,😀\"\n", [["ä", "€,😀"]]),
  ]

  @Test(arguments: tables)
  func reads(_ one: (text: String, rows: [[String]])) throws {
    #expect(try CSV.rows(of: Array(one.text.utf8)).map(\.fields) == one.rows)
  }

  /// What is written as a row of a report is read again as it was.
  @Test func rowsOfReportsAreReadAgain() {
    let fields = [
      "", "plain", "a\tb\nc\r", "\\t \\\\ \\", "=1+1", "+49", "-x", "@x", "\"", "\"\"", "say \"a\" and b", "=\"x\"", "\u{202E}\u{1B}[31m\0",
      "ä € 😀 e\u{301}", "'quoted'", "'=x", "''@", "'", "''", "'\"", "\"x\"",
    ]
    for isForSpreadsheet in [false, true] { #expect(read(fields, isForSpreadsheet) == fields) }
    // What differs stands there as what differs.
    for (one, other) in [("=x", "'=x"), ("'=x", "''=x"), ("'x", "x")] {
      #expect(TSV.row([one], forSpreadsheet: true) != TSV.row([other], forSpreadsheet: true))
    }
    #expect(TSV.row(["=x", "'=x", "'x"], forSpreadsheet: true) == "'=x\t''=x\t'x\n")
  }

  private func read(_ fields: [String], _ isForSpreadsheet: Bool) -> [String] {
    TSV.fields(of: Array(TSV.row(fields, forSpreadsheet: isForSpreadsheet).utf8.dropLast())[...], forSpreadsheet: isForSpreadsheet)
  }

  /// Each form of a row has a reader that takes back what the writer has added, and nothing else.
  @Test func rowsGoRound() {
    let pieces = [
      "'", "\"", "=", "+", "-", "@", "\\", "t", "n", "u{41}", "\t", "\n", "\r", "\0", "a", " ", "ä", "\u{301}", "\u{85}", "\u{202E}", "\u{2066}",
    ]
    for seed in 0..<4000 as Range<UInt64> {
      var random = Seeded(seed)
      let fields = (0...random.below(3)).map { _ in (0..<random.below(5)).map { _ in random.pick(pieces) }.joined() }
      for isForSpreadsheet in [false, true] {
        let found = read(fields, isForSpreadsheet)
        #expect(found.map { Array($0.utf8) } == fields.map { Array($0.utf8) }, "\(fields) \(found)")
      }
    }
  }

  static let refused: [(bytes: [UInt8], place: String?, reason: String)] = [
    (Array("a,b\n\"c,d\n".utf8), "2", "a quoted field does not end"),
    (Array("a,b\nc,\"d\nx\n".utf8), "2", "a quoted field does not end"),
    (Array("a,b\n\nc,\"d\"e\n".utf8), "3", "text behind the closing quote of a field"),
    (Array("\"a\nb\nc\",d\nx\"y,z\n".utf8), "4", "a quote inside a field that is not quoted"),
    (Array("a\rb\n".utf8), "1", "a carriage return outside quotes"),
    (Array("a,\"b\"\rc\n".utf8), "1", "a carriage return outside quotes"),
    ([0x61, 0x2C, 0xE4, 0x0A], nil, "the table is not UTF-8: save it as CSV in UTF-8"),
    ([0xFF, 0xFE, 0x61, 0x00, 0x0A, 0x00], nil, "the table is UTF-16: save it as CSV in UTF-8"),
  ]

  @Test(arguments: refused)
  func refuses(_ one: (bytes: [UInt8], place: String?, reason: String)) {
    #expect(throws: Complaint(.refused, one.reason, at: one.place)) { try CSV.rows(of: one.bytes) }
  }

  /// Whatever stands in the fields, a table that was written is read as it was.
  @Test func goesRound() throws {
    for seed in 0..<300 as Range<UInt64> {
      var random = Seeded(seed)
      let pieces = [",", "\"", "\n", "\r", "\r\n", "a", " ", "ä", "e\u{301}", "", "\"\"", "=1+1", "\u{1F600}", "\u{301}"]
      var rows: [[String]] = []
      for _ in 0..<(1 + random.below(6)) {
        // A row of one empty field would be an empty line, which says nothing.
        rows.append((0..<(2 + random.below(3))).map { _ in (0..<random.below(5)).map { _ in random.pick(pieces) }.joined() })
      }
      let text = rows.map(CSV.row).joined()
      let found = try CSV.rows(of: Array(text.utf8))
      #expect(found.map { $0.fields.map { Array($0.utf8) } } == rows.map { $0.map { Array($0.utf8) } }, "seed \(seed)")
      // The line of a row is one more than the line feeds before it.
      var before = 1
      for (row, found) in zip(rows, found) {
        #expect(found.line == before, "seed \(seed)")
        before += CSV.row(row).utf8.count { $0 == 0x0A }
      }
    }
  }

  @Test(arguments: [";", "\t"] as [Character])
  func readsOtherDelimiters(_ delimiter: Character) throws {
    let text = "a,b\(delimiter)\"c\(delimiter)\"\"d\"\n"
    #expect(try CSV.rows(of: Array(text.utf8), delimiter: delimiter.asciiValue ?? 0).map(\.fields) == [["a,b", "c\(delimiter)\"d"]])
  }

  // MARK: Maps

  @Test func readsMaps() throws {
    let map = try IDMap(parsing: Array("source_id,target_id,name\n1,11,Web\n2,12,\"A, B\"\n3,13,Twice\n4,14,Twice\n5,11,Web\n6,16,\n".utf8))
    #expect(map.target(of: "1", as: .id) == "11")
    #expect(map.target(of: "Web", as: .id) == nil)
    #expect(map.target(of: "Web", as: .name) == "Web")
    #expect(map.target(of: "Mail", as: .name) == nil)
    #expect(map.target(of: "A, B", as: .idOfName) == "12")
    #expect(map.target(of: "Web", as: .idOfName) == "11")
    // A name that stands for two ids stands for none, and that is no reason to say that it is not there.
    #expect(map.finding(of: "Twice", as: .idOfName) == .several(["13", "14"]))
    #expect(map.finding(of: "Once", as: .idOfName) == .nothing)
    // An id that has a name is no name: a group may be called as another one's number.
    #expect(map.finding(of: "2", as: .idOfName) == .nothing)
    #expect(map.finding(of: "2", as: .name) == .nothing)
    #expect(map.target(of: "6", as: .idOfName) == "16")
    #expect(try IDMap(parsing: Array("Web,Web EU\n".utf8)).target(of: "Web", as: .name) == "Web EU")
    #expect(try IDMap(parsing: Array("source_id,target_id,name\nWeb,Web EU,Web\n".utf8)).target(of: "Web", as: .name) == "Web EU")
    #expect(try IDMap(parsing: Array("source_id,target_id\n".utf8)).target(of: "1", as: .id) == nil)
    // What was to write it has failed.
    #expect(throws: Complaint.self) { try IDMap(parsing: []) }
  }

  /// What stands between the columns is what does in the header.
  @Test(arguments: [
    "\u{FEFF}source_id;target_id;name\r\n1;11;A, B\r\n", "source_id\ttarget_id\tname\n1\t11\tA, B\n",
    "\"source_id\";\"target_id\";\"name\"\n1;11;\"A, B\"\n",
    "source_id,target_id,name\n1,11,\"A, B\"",
  ])
  func readsMapsOfSpreadsheets(_ text: String) throws {
    let map = try IDMap(parsing: Array(text.utf8), for: .id)
    #expect(map.target(of: "1", as: .id) == "11" && map.target(of: "A, B", as: .name) == "A, B")
  }

  static let wrongMaps: [(text: String, place: String, reason: String, reading: IDMap.Reading?)] = [
    ("1,2,3\n", "1", "a map has the columns", nil),
    ("source_id,target_id\n1\n", "2", "a map has the columns", nil),
    ("source_id,target_id,name\n1,2,a,b\n", "2", "a map has the columns", nil),
    ("1;2\n", "1", "semicolons stand between them, the header must say so: source_id;target_id", nil),
    ("1\t2\n", "1", "tabs stand between them", nil),
    ("source_id,target_id\n1,2\n1,3\n", "3", "\"1\" is mapped to \"2\" and to \"3\"", nil),
    ("1,\n", "1", "lacks its source or its target", nil),
    ("1,2\n,3\n", "2", "lacks its source or its target", nil),
    ("1,2\n\"3,4\n", "2", "does not end", nil),
    ("1,2\n3,\"9,977\"\n", "2", "\"9,977\" is no id: it has separators between its digits", .id),
    ("1,2\n3,9.977\n", "2", "separators", .id),
    ("1,2\n3,9'977'000\n", "2", "separators", .id),
    ("1,2\n3,9 977\n", "2", "\"9 977\" is no id: there are blanks", .id),
    ("1,2\n3,9\u{A0}977\n", "2", "blanks", .id),
    ("1,2\n3,9\u{202F}977\n", "2", "blanks", .id),
    ("1,2\n3, 9\n", "2", "\" 9\" is no id: there are blanks", .id),
    ("1,2\n3\t,9\n", "2", "blanks", .id),
    ("1,2\n3,9\u{1}\n", "2", "control character", .id),
    ("a,b\nc,d\u{1B}\n", "2", "is no name: it has a control character", .name),
    ("a,b\nc,d\u{FFFE}\n", "2", "control character", nil),
    ("source_id,target_id,name\n1,2,a\u{B}\n", "2", "control character", .id),
    ("1,2\n6.10011E+05,3\n", "2", "\"6.10011E+05\" is no id: the spreadsheet changed it", .id),
    ("source_id;target_id\n6,10011e+05;3\n", "2", "the spreadsheet changed it", .id),
    ("source_id,target_id,name\n1,9.1E+06,LON-01\n", "2", "the spreadsheet changed it", .name),
    ("source_id,target_id,name\n1,9.1E+06,Web\n", "2", "the spreadsheet changed it", .idOfName),
    ("1,2\nx,3\n", "2", "\"x\" is no id: it is no number", .id),
    ("1,2\n3,-4\n", "2", "no number", .id),
    ("1,2\n3,4.0\n", "2", "separators", .id),
    ("1,2\n3,\u{0664}\n", "2", "no number", .id),
    ("1,2\n3,123456789012345678901\n", "2", "no number", .id),
    ("Web,x\n", "1", "\"x\" is no id", .idOfName),
    // A row of what the target lacks is checked as any other, and contradicts one with a target, wherever it stands.
    ("source_id,target_id,name\n6.1E+05,-,Net\n", "2", "\"6.1E+05\" is no id: the spreadsheet changed it", .id),
    ("source_id,target_id,name\n6.1E+05,-,Net\n", "2", "\"6.1E+05\" is no id: the spreadsheet changed it", .idOfName),
    ("source_id,target_id,name\n6.1E+05,-,Net\n", "2", "\"6.1E+05\" is no id: the spreadsheet changed it", nil),
    ("source_id,target_id,name\n x,-,Net\n", "2", "no number", .id),
    ("source_id,target_id,name\n1,-,a\u{1}\n", "2", "control character", .name),
    ("source_id,target_id,name\n610,-,Net\n610,9001,Net\n", "3", "\"610\" is mapped to \"9001\" and to \"-\"", .id),
    ("source_id,target_id,name\n610,9001,Net\n611,9002,X\n610,-,Net\n", "4", "\"610\" is mapped to \"9001\" and to \"-\"", nil),
  ]

  /// What the objects of the target are called is read of the same rows, whatever stands between the columns.
  @Test func aMapNamesTheTargetsObjects() throws {
    for mark in [",", ";", "\t"] {
      let rows = [
        ["source_id", "target_id", "name"], ["1", "11", "Web"], ["2", "-", "Gone"], ["3", "13", "A"], ["4", "13", "B"], ["5", "15", ""],
      ]
      let map = try IDMap(parsing: Array(rows.map { $0.joined(separator: mark) + "\n" }.joined().utf8))
      #expect(map.namesByTarget == ["11": "Web"])
    }
  }

  /// A name of two objects, of which the target has one, has no target: nobody knows which of them is meant.
  @Test func aNameThatIsMissingOnceHasNoTarget() throws {
    let map = try IDMap(parsing: Array("source_id,target_id,name\n1,11,Net\n2,-,Net\n3,-,Web\n3,-,Web\n".utf8))
    #expect(map.finding(of: "Net", as: .idOfName) == .several(["11", "-"]) && map.finding(of: "Web", as: .idOfName) == .missing)
    #expect(map.finding(of: "1", as: .id) == .target("11") && map.finding(of: "2", as: .id) == .missing && map.finding(of: "4", as: .id) == .nothing)
  }

  @Test(arguments: wrongMaps)
  func refusesMaps(_ one: (text: String, place: String, reason: String, reading: IDMap.Reading?)) {
    do throws(Complaint) {
      _ = try IDMap(parsing: Array(one.text.utf8), for: one.reading)
      Issue.record("taken")
    } catch {
      #expect(error.place == one.place)
      #expect(error.reason.contains(one.reason), "\(error.reason)")
    }
  }

  @Test(arguments: [
    ("510001", nil), ("exmpl_jd", nil), ("a.b-c@example.com", nil), ("a,b", "it is no login"), ("a b", "it is no login"), ("4,100", "separators"),
  ])
  func knowsUsers(_ id: String, _ fault: String?) {
    #expect((IDForm.user.fault(of: id) == nil) == (fault == nil))
    #expect(fault.map { IDForm.user.fault(of: id)?.contains($0) ?? false } ?? true)
  }

  // MARK: Names

  /// The pieces of names which a careless comparison takes for each other.
  static let pieces = [
    "a", "A", "b", "7", "ä", "a\u{308}", "K", "\u{212A}", " ", "  ", "\t", "\n", "\r", "\u{A0}", "\u{2000}", "\u{2002}", "\u{2028}", "\u{3000}",
    "\u{85}",
    "\u{200B}", ",", ", ", ";", "\"", "'", "&", "<", "=", "\u{301}",
  ]

  /// Whatever blanks are in the names, a map that is made from two lists maps each name to its own id, or the name is refused.
  @Test(arguments: 0..<300 as Range<UInt64>)
  func mapsEachNameToItsOwnID(_ seed: UInt64) throws {
    var random = Seeded(seed)
    let names = (0..<12).map { _ in (0..<(1 + random.below(4))).map { _ in random.pick(Self.pieces) }.joined().unframed }.filter { !$0.isEmpty }
    func list(_ first: Int) -> [NamedObjects.Item] {
      names.filter { _ in random.chance(80) }.shuffled(using: &random).enumerated().map { at, name in
        NamedObjects.Item(kind: "asset-group", id: String(first + at), name: name)
      }
    }
    let (old, new) = (list(1000), list(9000))
    var (source, target) = (NamedObjects(), NamedObjects())
    for item in old { source.add(item) }
    for item in new { target.add(item) }
    let match = try source.matched(in: target)
    let map = try IDMap(parsing: Array(match.table.utf8), for: .idOfName)
    #expect(match.count + match.lacking.count == old.count)
    let refused = Set(match.lacking.map(\.subject.id))
    for item in old {
      let own = new.filter { Array($0.name.utf8) == Array(item.name.utf8) }
      let isAlone = old.count { Array($0.name.utf8) == Array(item.name.utf8) } == 1
      if refused.contains(item.id) {
        #expect(own.count != 1 || !isAlone, "\(item)")
        continue
      }
      let found = map.target(of: item.name, as: .idOfName)
      if own.isEmpty {
        // The only other way to write the same letters; the blanks are the same.
        let equivalent = new.filter { $0.name == item.name }
        #expect(equivalent.count == 1 && equivalent.first?.id == found)
        #expect(equivalent.allSatisfy { Self.blanks($0.name) == Self.blanks(item.name) })
      } else {
        #expect(own.count == 1 && own.first?.id == found, "\(item)")
      }
      #expect(map.target(of: item.name, as: .name).map { Array($0.utf8) } == Array(item.name.utf8))
      #expect(try Self.translated(item.name, by: map) == found, "\(item)")
    }
    // A name of neither list stands for nothing.
    let other = names.map { $0 + "\u{A0}" }.filter { name in !names.contains { $0 == name } }
    for name in other { #expect(map.finding(of: name, as: .idOfName) == .nothing) }
  }

  private static func blanks(_ name: String) -> [Unicode.Scalar] { name.unicodeScalars.filter(\.properties.isWhitespace) }

  /// What a map makes of a name in a document.
  private static func translated(_ name: String, by map: IDMap) throws -> String? {
    var outline = Outline()
    outline.read(Array("<R><T>".utf8) + Outline.escaped(name) + Array("</T></R>".utf8))
    var notes: [Note] = []
    var unmapped: [Unmapped] = []
    let rule = TranslationRule(.element(["T"]), "asset group", option: "--asset-group-map", map: map, as: .idOfName, effect: .annotate)
    let bytes = try Translation([rule], dropsUnmapped: false).apply(to: outline, of: Subject(kind: "r"), notes: &notes, unmapped: &unmapped)
    outline.read(bytes ?? [])
    return outline.attributes.first.map { outline.text($0.value) }
  }

  @Test func namesWhatHasNoCounterpart() throws {
    func objects(_ kind: String, _ items: [(String, String)]) -> NamedObjects {
      var objects = NamedObjects()
      for (id, name) in items { objects.add(NamedObjects.Item(kind: kind, id: id, name: name)) }
      return objects
    }
    let match = try objects("network", [("2", "A"), ("2", "B"), ("3", "C"), ("3", "C"), ("4,1", "D"), ("5", ""), ("6", "F"), ("7", "G")])
      .matched(in: objects("network", [("12", "A"), ("13", "C"), ("14", "D"), ("16", "F"), ("16", "x"), ("1,7", "G")]))
    #expect(match.table == "source_id,target_id,name\n3,13,C\n")
    #expect(match.lacking.map(\.subject.id) == ["2", "2", "4,1", "5", "6", "7"])
    #expect(match.useless.map(\.subject.id) == ["1,7"])
    var empty = NamedObjects()
    empty.add(root: "ASSET_GROUP_LIST_OUTPUT")
    #expect(refusal { () throws(Complaint) in _ = try empty.matched(in: objects("network", [])) } == nil)
    #expect(refusal { () throws(Complaint) in _ = try empty.matched(in: objects("network", [("1", "A")])) } != nil)
  }
}
