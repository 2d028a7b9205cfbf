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

  static let refused: [(bytes: [UInt8], place: String?, reason: String)] = [
    (Array("a,b\n\"c,d\n".utf8), "2", "a quoted field does not end"),
    (Array("a,b\nc,\"d\nx\n".utf8), "2", "a quoted field does not end"),
    (Array("a,b\n\nc,\"d\"e\n".utf8), "3", "text behind the closing quote of a field"),
    (Array("\"a\nb\nc\",d\nx\"y,z\n".utf8), "4", "a quote inside a field that is not quoted"),
    (Array("a\rb\n".utf8), "1", "a carriage return outside quotes"),
    (Array("a,\"b\"\rc\n".utf8), "1", "a carriage return outside quotes"),
    ([0x61, 0x2C, 0xE4, 0x0A], nil, "the table is not UTF-8"),
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

  // MARK: Maps

  @Test func readsMaps() throws {
    let map = try IDMap(parsing: Array("source_id,target_id,name\n1,11,Web\n2,12,\"A, B\"\n3,13,Twice\n4,14,Twice\n5,11,Web\n".utf8))
    #expect(map.target(of: "1", as: .id) == "11")
    #expect(map.target(of: "Web", as: .id) == nil)
    #expect(map.target(of: "Web", as: .name) == "Web")
    #expect(map.target(of: "Mail", as: .name) == nil)
    #expect(map.target(of: "A, B", as: .idOfName) == "12")
    #expect(map.target(of: "Web", as: .idOfName) == "11")
    // A name that stands for two ids stands for none.
    #expect(map.target(of: "Twice", as: .idOfName) == nil)
    #expect(map.target(of: "2", as: .idOfName) == "12")
    #expect(try IDMap(parsing: Array("Web,Web EU\n".utf8)).target(of: "Web", as: .name) == "Web EU")
    #expect(try IDMap(parsing: []).target(of: "1", as: .id) == nil)
  }

  static let wrongMaps: [(text: String, place: String, reason: String)] = [
    ("1,2,3\n", "1", "a map has the columns"),
    ("source_id,target_id\n1\n", "2", "a map has the columns"),
    ("source_id,target_id,name\n1,2,a,b\n", "2", "a map has the columns"),
    ("source_id,target_id\n1,2\n1,3\n", "3", "\"1\" is mapped to \"2\" and to \"3\""),
    ("1,\n", "1", "lacks its source or its target"),
    ("1,2\n,3\n", "2", "lacks its source or its target"),
    ("1,2\n\"3,4\n", "2", "does not end"),
  ]

  @Test(arguments: wrongMaps)
  func refusesMaps(_ one: (text: String, place: String, reason: String)) {
    do throws(Complaint) {
      _ = try IDMap(parsing: Array(one.text.utf8))
      Issue.record("taken")
    } catch {
      #expect(error.place == one.place)
      #expect(error.reason.contains(one.reason), "\(error.reason)")
    }
  }
}
