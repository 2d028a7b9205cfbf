import Base
import Markup
import Support
import SystemPackage
import Testing

/// A stream that skims says the same as one that does not: of the same documents, at the same places, in the same words.
@Suite struct SkimTests {
  /// Records long enough to be skimmed stand before the one that is looked at.
  private static let before = "<list>\n" + String(repeating: "  <r><a>\(String(repeating: "plain text ", count: 40))</a></r>\n", count: 6)
  private static let behind = "\n  <r><a>\(String(repeating: "more text ", count: 40))</a></r>\n</list>\n"

  private func compare(_ document: [UInt8], chunk: Int, _ name: String) {
    let plain = Result { () throws(Complaint) in try pass(document, records: ["list/r"], chunk: chunk) }
    let skimmed = Result { () throws(Complaint) in try pass(document, records: ["list/r"], chunk: chunk, skims: true) }
    switch (plain, skimmed) {
    case (.success(let one), .success(let other)):
      let isSame =
        one.whole == other.whole && one.skeleton == other.skeleton && one.records == other.records
        && one.opened.map(\.line) == other.opened.map(\.line)
        && one.opened.map(\.tag) == other.opened.map(\.tag) && one.closed.map(\.text) == other.closed.map(\.text)
      #expect(isSame, "\(name) in pieces of \(chunk)")
    case (.failure(let one), .failure(let other)):
      #expect(one.reason == other.reason, "\(name) in pieces of \(chunk)")
      // libxml2's line depends on where a piece ends: it may have read the line feed behind what it complains about, or not.
      let lines = [one, other].map { Int($0.place ?? "0") ?? 0 }
      #expect(abs(lines[0] - lines[1]) <= 1, "\(name) in pieces of \(chunk)")
    case (.success, .failure(let reason)): Issue.record("\(name) in pieces of \(chunk): refused when skimmed: \(reason.line)")
    case (.failure(let reason), .success): Issue.record("\(name) in pieces of \(chunk): taken when skimmed, and must be refused: \(reason.line)")
    }
  }

  private func compare(inside text: [UInt8], _ name: String) {
    for chunk in [1, 97, 500, 5000, .max] {
      compare(Array(Self.before.utf8) + Array("<r>".utf8) + text + Array("</r>".utf8) + Array(Self.behind.utf8), chunk: chunk, name)
    }
  }

  private static let pieces = [
    "<a>", "</a>", "<b x=\"1\">", "</b>", "<c/>", "<d  />", "<e a='1' b=\"2\">", "</e>", "</e >", "text", " \n\t", "&amp;", "&lt;", "&#65;", "&#0;",
    "&apos;", "&quot;", "&gt;", "&no;", "&", "<", ">", "]]>", "]", "]]", "<![CDATA[", "<![CDATA[ <&> ]] ]]>", "<!-- c -->", "<!--", "-->", "<?p i?>",
    "é", "€", "😀", "\u{7F}", "\u{85}", "\u{FFFD}", "\u{1}", "\r\n", "=", "\"", "'", "/", "<a:b>", "</a:b>", "<x xmlns=\"y\">", "</x>",
    "<é>", "</é>", "<a", "a>", "<r>", "</r>", "<list>", "</list>", "<b x='&amp;'>", "<b x='<'>", "<b x=\"a>b\">", "<b x = '1'>", "<b x>", "<1>",
    "< a>",
  ]

  /// Each of the words of the language, and pairs of them, in an element and not.
  @Test func agreesAboutEveryWord() {
    for piece in Self.pieces {
      compare(inside: Array(piece.utf8), piece)
      compare(inside: Array("<a>\(piece)</a>".utf8), piece)
      compare(inside: Array("\(piece)\(String(repeating: "x", count: 700))</a>".utf8), piece)
    }
    for piece in Self.pieces {
      for other in Self.pieces { compare(Array("\(Self.before)<r><a>\(piece)\(other)</a></r>\(Self.behind)".utf8), chunk: 500, piece + other) }
    }
  }

  /// Every two and three bytes that UTF-8 may begin with, and what it may not.
  @Test func agreesAboutCharacters() {
    var texts: [[UInt8]] = []
    for lead in UInt8(0x80)...0xFF {
      for second in stride(from: UInt8(0x70), through: 0xF0, by: 0x10) {
        texts.append([lead, second])
        for third: UInt8 in [0x80, 0xBD, 0xBE, 0xBF, 0x20] { texts.append([lead, second, third]) }
        texts.append([lead, second, 0xBF, 0xBF])
      }
    }
    for byte in UInt8(1)..<0x80 { texts.append([byte]) }
    for text in texts { compare(Array("\(Self.before)<r><a>".utf8) + text + Array("</a></r>\(Self.behind)".utf8), chunk: 700, "\(text)") }
  }

  /// Where it has hardly any bytes behind one that is none, the parser does not say which it is.
  @Test func agreesAboutWhatIsNoCharacter() {
    for text in [[0xF3, 0x65], [0x20, 0xF3, 0x65], [0xE2, 0x82], [0xC3]] as [[UInt8]] {
      for chunk in [1, 2, 3, 7] {
        let document = Array("<list><r><a>".utf8) + text + Array("</a></r></list>".utf8)
        compare(document, chunk: chunk, "\(text)")
        let reason = refusal { () throws(Complaint) in try pass(document, records: ["list/r"], chunk: chunk) }
        #expect(reason == "not well-formed: Input is not proper UTF-8", "\(text) in pieces of \(chunk)")
      }
    }
  }

  /// Random documents, and the same with a few bytes changed.
  @Test(arguments: 1...40) func agreesAboutRandomDocuments(_ seed: Int) {
    var random = Seeded(UInt64(seed))
    for _ in 0..<30 {
      var text = "<list>"
      for _ in 0..<12 {
        text += "<r>"
        for _ in 0..<random.below(8) {
          text += random.chance(80) ? String(repeating: "some text &amp; more ", count: random.below(40)) : "<![CDATA[<]]>"
        }
        var open: [String] = []
        for _ in 0..<random.below(20) {
          if random.chance(40), let name = open.popLast() {
            text += "</\(name)>"
          } else {
            let name = random.pick(["a", "b-c", "d.e", "_f", "R"])
            open.append(name)
            text += random.chance(70) ? "<\(name)>" : "<\(name) n=\"\(random.below(9))\">"
            text += random.pick(["", "x", "\n", "€", "&lt;", "<!-- -->", "<g/>"])
          }
        }
        text += open.reversed().map { "</\($0)>" }.joined() + "</r>\n"
      }
      var bytes = Array((text + "</list>").utf8)
      compare(bytes, chunk: 1 + random.below(3000), "seed \(seed)")
      for _ in 0..<1 + random.below(3) {
        let at = random.below(bytes.count)
        switch random.below(3) {
        case 0: bytes[at] = UInt8(random.below(255) + 1)
        case 1: bytes.remove(at: at)
        default: bytes.insert(contentsOf: random.pick(Self.pieces).utf8, at: at)
        }
      }
      compare(bytes, chunk: 1 + random.below(3000), "seed \(seed), changed")
    }
  }

  /// Records that hold a text alone, in runs, and what may stand between them and in them.
  @Test func agreesAboutRuns() {
    let run = String(repeating: "<r>10.0.0.0</r>\n  ", count: 9)
    for piece in Self.pieces {
      for text in ["\(run)\(piece)\(run)", "\(run)<r>\(piece)</r>\(run)", "\(run)<r\(piece)</r>\(run)", "\(run)<r>1</r\(piece)\(run)"] {
        for chunk in [1, 7, 40, 100, .max] { compare(Array("<list>\(text)</list>".utf8), chunk: chunk, text) }
      }
    }
    for text in ["<r>1</r>\(run)", "<list>\(run)</list><r>1</r>", "<x><list>\(run)</list><r>1</r>\(run)</x>", "<list xmlns='a'>\(run)</list>"] {
      for chunk in [3, 50, .max] { compare(Array(text.utf8), chunk: chunk, text) }
    }
  }

  /// The same at random, with a few bytes changed.
  @Test(arguments: 1...20) func agreesAboutRandomRuns(_ seed: Int) {
    var random = Seeded(UInt64(1000 + seed))
    for _ in 0..<60 {
      var text = "<list>"
      for _ in 0..<40 {
        let other = random.pick(["<r a='1'>x</r>", "<r><a/></r>", "<q>1</q>", "x"])
        text += random.chance(80) ? "<r>\(random.pick(["", "1", "a\nb", "10.0.0.1-10.0.0.9"]))</r>" : other
        text += random.pick(["", "\n", " ", "\r\n  "])
      }
      var bytes = Array((text + "</list>").utf8)
      compare(bytes, chunk: 1 + random.below(900), "seed \(seed)")
      let at = random.below(bytes.count)
      if random.chance(50) { bytes[at] = UInt8(random.below(255) + 1) } else { bytes.remove(at: at) }
      compare(bytes, chunk: 1 + random.below(900), "seed \(seed), changed")
    }
  }

  /// Otherwise the other tests say nothing: hardly anything of plain records reaches the parser, and all of others.
  @Test func skimsWhatIsPlain() throws {
    let record = "<r><a>\(String(repeating: "text &lt; ", count: 50))</a><b c=\"d\"/>é</r>"
    let plain = Array("<list>\(String(repeating: record, count: 500))</list>".utf8)
    func unseen(_ document: [UInt8], skims: Bool) throws -> Int {
      let stream = try RecordStream(records: ["list/r"], into: Catch(), skims: skims)
      for start in stride(from: 0, to: document.count, by: 5000) { try stream.feed(Array(document[start..<min(start + 5000, document.count)])) }
      try stream.finish()
      return stream.unseen
    }
    #expect(try unseen(plain, skims: true) > plain.count * 9 / 10)
    #expect(try unseen(plain, skims: false) == 0)
    let odd = Array(String(decoding: plain, as: UTF8.self).replacing("é", with: "<!-- -->").utf8)
    #expect(try unseen(odd, skims: true) == 0)
    let short = Array("<list>\(String(repeating: "<r>10.0.0.1</r>\n", count: 5000))</list>".utf8)
    #expect(try unseen(short, skims: true) > short.count * 9 / 10)
  }

  /// Cut anywhere, a document is refused.
  @Test func refusesEveryCut() {
    let document = Array("\(Self.before)<r><a b=\"c\">d &amp; <![CDATA[e]]> é</a></r>\(Self.behind)".utf8)
    for end in 0..<document.count - 2 {
      let reason = refusal { () throws(Complaint) in try pass(Array(document[..<end]), records: ["list/r"], chunk: 900, skims: true) }
      #expect(reason != nil, "cut at \(end)")
    }
  }

  /// What the limits are for is not skimmed over.
  @Test func limitsHold() {
    let deep = String(repeating: "<a>", count: 260) + String(repeating: "</a>", count: 260)
    let names = (0..<11_000).map { "<n\($0)/>" }.joined()
    let attributes = "<a " + (0..<1100).map { "b\($0)=''" }.joined(separator: " ") + "/>"
    for text in [deep, names, attributes, String(repeating: "long ", count: 2_100_000), "<a b=\"" + String(repeating: "x", count: 1 << 21) + "\"/>"] {
      compare(Array("\(Self.before)<r>\(text)</r>\(Self.behind)".utf8), chunk: 100_000, String(text.prefix(20)))
    }
    // Texts that are together longer than one may be.
    let many = String(repeating: "<a>\(String(repeating: "x", count: 900_000))</a>", count: 15)
    compare(Array("\(Self.before)<r>\(many)</r>\(Self.behind)".utf8), chunk: 70_000, "many long texts")
  }

  /// The documents of the W3C suite that are elements, as the inside of a record.
  @Test(.enabled(if: ConformanceTests.isHere, "the W3C suite is not beside the checkout: ../shared/suites/xmlts20130923.zip"))
  func agreesAboutTheSuite() async throws {
    let table = try #require(try Files.read(ConformanceTests.expectations))
    var compared = 0
    try await Files.withScratch { folder in
      let unpacked = try await run("/usr/bin/env", ["python3", "-m", "zipfile", "-e", ConformanceTests.archive.string, folder.string])
      try #require(unpacked.status == 0, "\(unpacked.errorText)")
      for line in String(decoding: table, as: UTF8.self).split(separator: "\n").dropFirst() {
        let columns = line.split(separator: "\t").map(String.init)
        var bytes = try Files.read(folder.appending("xmlconf").pushing(FilePath(columns[1]))) ?? []
        if bytes.starts(with: "<?xml".utf8), let end = bytes.firstIndex(of: 0x3E) { bytes.removeFirst(end + 1) }
        if let start = bytes.lastIndex(where: { $0 == 0x5D }), start + 1 < bytes.count, bytes[start + 1] == 0x3E { bytes.removeFirst(start + 2) }
        compare(Array(Self.before.utf8) + Array("<r>".utf8) + bytes + Array("</r>".utf8) + Array(Self.behind.utf8), chunk: 800, columns[0])
        compared += 1
      }
    }
    #expect(compared > 2000)
  }
}
