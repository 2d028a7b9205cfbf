import Base
import Markup
import Support
import Testing

@Suite struct RecordStreamTests {
  static let chunks = [1, 2, 3, 7, 64, 4096, .max]

  // MARK: Cutting

  /// Whatever the document and however it comes, every byte comes out once and in its place.
  @Test(arguments: chunks)
  func cutsRandomDocuments(inChunksOf chunk: Int) throws {
    var records = 0
    for seed in 0..<40 as Range<UInt64> {
      let grown = Grown(seed: seed)
      let found = try pass(Array(grown.text.utf8), records: Grown.records, chunk: chunk)
      #expect(String(decoding: found.whole, as: UTF8.self) == grown.text, "seed \(seed)")
      #expect(found.records.map(\.text) == grown.records.map(\.text), "seed \(seed)")
      #expect(found.records.map(\.line) == grown.records.map(\.line), "seed \(seed)")
      #expect(found.opened.map { Named($0) } == grown.opened.map { Named($0) }, "seed \(seed)")
      for (element, grown) in zip(found.opened, grown.opened) {
        if let kind = grown.attributes["kind"] { #expect(element.attribute("kind") == kind, "seed \(seed)") }
        if grown.attributes["id"] == nil { #expect(element.attribute("id") == nil, "seed \(seed)") }
      }
      #expect(found.closed.map(\.name) == grown.closed.map(\.name), "seed \(seed)")
      #expect(found.closed.map(\.text) == grown.closed.map(\.text), "seed \(seed)")
      records += found.records.count
    }
    #expect(records > 100)
  }

  private struct Named: Equatable {
    var name: String, namespace: String?, path: [String], line: Int, tag: String

    init(_ element: SkeletonElement) {
      (name, namespace, path, line) = (element.name, element.namespace, element.path, element.line)
      tag = String(decoding: element.tag, as: UTF8.self)
    }

    init(_ element: Grown.Element) {
      (name, namespace, path, line, tag) = (element.name, element.namespace, element.path, element.line, element.tag)
    }
  }

  /// Between the surroundings, a record stands where it stood.
  @Test func surroundsRecords() throws {
    for seed in 0..<60 as Range<UInt64> {
      let grown = Grown(seed: seed)
      let found = try pass(grown.text, records: Grown.records)
      for (record, expected) in zip(found.records, grown.records) {
        let alone = try pass(record.opening + record.text + record.closing, records: Grown.records)
        #expect(alone.records.map(\.text) == [expected.text], "seed \(seed)")
        #expect(alone.opened.map(\.name) == expected.path, "seed \(seed)")
      }
    }
  }

  @Test func countsGenerations() throws {
    let found = try pass("<T><R/> <R/><!-- --><L><R/></L><R/></T>", records: ["R"])
    let generations = found.records.map(\.generation)
    // The first two stand in the same surroundings, each of the others in new ones.
    #expect(generations[0] == generations[1])
    #expect(Set(generations).count == 3)
    #expect(found.records.map(\.opening) == ["<T>", "<T>", "<T><L>", "<T>"])
    #expect(found.records.map(\.closing) == ["</T>", "</T>", "</L></T>", "</T>"])
  }

  @Test(arguments: chunks)
  func cutsAtTheByte(inChunksOf chunk: Int) throws {
    let document = """
      <?xml version="1.0"?>
      <!-- <R>not one</R> -->
      <T a='>' b="/&gt;'">
        <R>1</R><R/><R
          a=">"
        >2<R>inner</R><![CDATA[</R>]]></R
        ><x:R xmlns:x="urn:x">no</x:R>
        <L><R><!-- </R> -->3</R></L><r/><RR/>
        <L xmlns="urn:y"><R>no</R><R xmlns="">4</R></L>
      </T>

      """
    let found = try pass(document, records: ["R"], chunk: chunk)
    #expect(
      found.records.map(\.text) == [
        "<R>1</R>", "<R/>", "<R\n    a=\">\"\n  >2<R>inner</R><![CDATA[</R>]]></R\n  >", "<R><!-- </R> -->3</R>", "<R xmlns=\"\">4</R>",
      ])
    #expect(found.records.map(\.line) == [4, 4, 4, 8, 9])
    #expect(found.opened.map(\.name) == ["T", "R", "L", "r", "RR", "L", "R"])
    #expect(String(decoding: found.whole, as: UTF8.self) == document)
  }

  /// A record may be known by its parent, too.
  @Test(arguments: chunks)
  func goesByTheParent(inChunksOf chunk: Int) throws {
    let document = "<T><R>no</R><L><R>1</R><M><R>no</R></M><x:L xmlns:x='urn:x'><R>?</R></x:L><R>2<L><R/></L></R></L><L/><R>no</R><L>\n<R/></L></T>"
    let found = try pass(document, records: ["L/R"], chunk: chunk)
    #expect(found.records.map(\.text).filter { $0 != "<R>?</R>" } == ["<R>1</R>", "<R>2<L><R/></L></R>", "<R/>"])
    #expect(String(decoding: found.whole, as: UTF8.self) == document)
    #expect(try pass("<R/>", records: ["L/R"]).records.isEmpty)
    #expect(try pass("<L><R/><S/><A/></L>", records: ["L/R", "S"]).records.map(\.text) == ["<R/>", "<S/>"])
  }

  @Test func takesARootThatIsARecord() throws {
    let found = try pass("<!-- x --><R>1</R>\n", records: ["R"], chunk: 1)
    #expect(found.records.map(\.text) == ["<R>1</R>"])
    #expect(found.records.map(\.opening) == ["<!-- x -->"])
    #expect(String(decoding: found.skeleton, as: UTF8.self) == "<!-- x -->\n")
    #expect(try pass("<R/>", records: ["R"]).records.map(\.text) == ["<R/>"])
  }

  /// The document's own grammar stands around each record, too. libxml2 completes namespaces by it, and other attributes only if it may
  /// load grammars as well: `xsltproc --novalid` says the same of the whole document.
  @Test func carriesTheGrammar() throws {
    let document = "<!DOCTYPE T [<!ATTLIST R kind CDATA 'given' xmlns:n CDATA 'urn:n'>]><T><L><R><n:a>x</n:a></R><R kind='own'/></L></T>"
    let stylesheet = try Stylesheet(
      compiling: Array(
        """
        <xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:p="urn:n">
          <xsl:template match="/">
            <o><xsl:for-each select="/T/L/R"><v><xsl:value-of select="concat(@kind, '|', p:a)"/></v></xsl:for-each></o>
          </xsl:template>
        </xsl:stylesheet>
        """.utf8), named: "test.xsl")
    let found = try pass(document, records: ["R"]).records.map { record in
      var text = ""
      try stylesheet.apply(to: Array((record.opening + record.text + record.closing).utf8), parameters: []) { result throws(Complaint) in
        try result.forEachElement { element throws(Complaint) in text += element.text }
      }
      return text
    }
    #expect(found == ["|x", "own|"])
  }

  /// Texts are given for leaves only, and not the longest.
  @Test(arguments: chunks)
  func givesTheTextOfLeaves(inChunksOf chunk: Int) throws {
    let long = String(repeating: "y", count: 8000)
    let longer = String(repeating: "z", count: 9000)
    let found = try pass(
      "<T><A> a &amp; b </A><B/><C></C><D>x<R/></D><E>\(long)</E><F>\(longer)</F><G><![CDATA[<R>]]><!-- no -->1<?p no?></G></T>",
      records: ["R"], chunk: chunk)
    #expect(found.closed.map(\.name) == ["A", "B", "C", "D", "E", "F", "G", "T"])
    #expect(found.closed.map(\.text) == [" a & b ", "", "", nil, long, nil, "<R>1", nil])
  }

  // MARK: Encodings

  @Test(arguments: chunks)
  func transcodes(inChunksOf chunk: Int) throws {
    for seed in 0..<15 as Range<UInt64> {
      let latin = Grown(seed: seed, declaration: "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n", isLatin: true)
      let bytes = latin.text.unicodeScalars.map { UInt8($0.value) }
      try expect(bytes, chunk, toBe: latin.text.replacing("ISO-8859-1", with: "UTF-8"), latin)

      let wide = Grown(seed: seed, declaration: "<?xml version='1.0' encoding='UTF-16' standalone='no'?>")
      let told = wide.text.replacing("encoding='UTF-16'", with: "encoding='UTF-8'")
      try expect([0xFF, 0xFE] + wide.text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }, chunk, toBe: told, wide)
      try expect([0xFE, 0xFF] + wide.text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }, chunk, toBe: told, wide)

      // No declaration, and a byte order mark of UTF-8, which stays.
      let marked = Grown(seed: seed)
      try expect([0xEF, 0xBB, 0xBF] + marked.text.utf8, chunk, toBe: "\u{FEFF}" + marked.text, marked)
      let both = Grown(seed: seed, declaration: "<?xml version=\"1.0\" encoding=\"utf-8\"?>")
      try expect([0xEF, 0xBB, 0xBF] + both.text.utf8, chunk, toBe: "\u{FEFF}" + both.text, both)
    }
  }

  private func expect(_ bytes: [UInt8], _ chunk: Int, toBe text: String, _ grown: Grown) throws {
    let found = try pass(bytes, records: Grown.records, chunk: chunk)
    #expect(found.whole == Array(text.utf8))
    #expect(found.records.map(\.text) == grown.records.map(\.text))
    #expect(found.records.map(\.line) == grown.records.map(\.line))
    #expect(found.closed.map(\.text) == grown.closed.map(\.text))
  }

  @Test func tellsTheForeignEncoding() throws {
    func name(_ bytes: [UInt8]) throws -> String? {
      let stream = try RecordStream(records: [], into: Catch())
      try stream.feed(bytes)
      try stream.finish()
      return stream.foreignEncoding
    }
    #expect(try name(Array("<a/>".utf8)) == nil)
    #expect(try name(Array("<?xml version='1.0' encoding='utf-8'?><a/>".utf8)) == nil)
    #expect(try name(Array("<?xml version='1.0' encoding='windows-1252'?><a/>".utf8)) == "windows-1252")
    #expect(try name([0xFF, 0xFE] + "<a/>".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }) == "UTF-16")
  }

  /// What looks like a declaration is none.
  @Test(arguments: chunks)
  func readsAProcessingInstructionAsSuch(inChunksOf chunk: Int) throws {
    let document = "<?xml-stylesheet href='x' encoding='ISO-8859-1'?><a>ä</a>"
    #expect(try pass(document, chunk: chunk).whole == Array(document.utf8))
  }

  static let unreadable: [(bytes: [UInt8], reason: String)] = [
    ([], "the input is empty"),
    ([0x1F, 0x8B, 8, 0], "the input is compressed"),
    ([0x50, 0x4B, 3, 4], "zip archive"),
    ([0xFF, 0xFE, 0, 0, 0x3C, 0, 0, 0], "UTF-32"),
    ([0, 0, 0xFE, 0xFF], "UTF-32"),
    ([0x3C, 0, 0x61, 0, 0x2F, 0, 0x3E, 0], "UTF-16 without a byte order mark"),
    ([0, 0x3C, 0, 0x61, 0, 0x2F, 0, 0x3E], "UTF-16 without a byte order mark"),
    ([0xFF, 0xFE, 0x3C, 0, 0x61, 0, 0x00, 0xD8, 0x3E, 0], "bytes that are not UTF-16"),
    ([0xFF, 0xFE, 0x3C, 0, 0x61, 0, 0x2F, 0, 0x3E], "bytes that are not UTF-16"),
    ([0x4C, 0x6F, 0xA7, 0x94, 0x93, 0x40], "EBCDIC"),
    (Array("<a>\0</a>".utf8), "NUL"),
    (Array("<a/>\0".utf8), "NUL"),
    (Array("<a>".utf8) + [0xE4] + Array("</a>".utf8), "not well-formed"),
    (Array("<a>".utf8) + [0xC0, 0xAF] + Array("</a>".utf8), "not well-formed"),
    (Array("<a>".utf8) + [0xED, 0xA0, 0x80] + Array("</a>".utf8), "not well-formed"),
    (Array("<?xml version='1.0' encoding='UTF-16'?><a/>".utf8), "says UTF-16, but the bytes are not"),
    (Array("<?xml version='1.0' encoding='nonesuch'?><a/>".utf8), "the encoding nonesuch is not known here"),
    (Array("<?xml version='1.0' encoding='ASCII//IGNORE'?><a>ä</a>".utf8), "is not known here"),
    (Array("<?xml version='1.0' encoding='US-ASCII'?><a>ä</a>".utf8), "bytes that are not US-ASCII"),
    ([0xEF, 0xBB, 0xBF] + Array("<?xml version='1.0' encoding='ISO-8859-1'?><a/>".utf8), "byte order mark says UTF-8"),
    (Array("<?xml version='1.0' \(String(repeating: " ", count: 2000)) encoding='ISO-8859-1'?><a/>".utf8), "the XML declaration does not end"),
    (Array("<?xml version='1.0' encoding='ISO-8859-1'".utf8), "the XML declaration does not end"),
  ]

  @Test(arguments: unreadable, [1, 3, .max])
  func refusesWhatItCannotRead(_ one: (bytes: [UInt8], reason: String), inChunksOf chunk: Int) {
    let reason = refusal { () throws(Complaint) in try pass(one.bytes, chunk: chunk) }
    #expect(reason?.contains(one.reason) == true, "\(reason ?? "taken")")
  }

  // MARK: The policy

  static let refused: [(text: String, reason: String)] = [
    ("<a>", "the document breaks off"),
    ("<a></b>", "not well-formed"),
    ("<a/><b/>", "not well-formed"),
    ("<a/>text", "not well-formed"),
    ("  ", "the input is blank"),
    ("<a b='1' b='2'/>", "Attribute … redefined"),
    ("<a b='<'/>", "not well-formed"),
    ("<a>]]></a>", "not well-formed"),
    ("<a>\u{1}</a>", "the control character U+0001"),
    ("<a>\u{FFFE}</a>", "not well-formed: Char 0xFFFE"),
    ("<a><!-- -- --></a>", "not well-formed"),
    ("<n:a/>", "prefix … on … is not defined"),
    ("<a n:b=''/>", "prefix … for … on … is not defined"),
    ("<a xmlns:x='urn:1' xmlns:y='urn:1' x:b='' y:b=''/>", "not well-formed"),
    ("<!DOCTYPE a [<!ENTITY e 'x'>]><a/>", "declares the entity \"e\""),
    ("<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>", "declares the entity \"e\""),
    ("<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>", "declares the entity \"e\""),
    ("<!DOCTYPE a [<!ENTITY e SYSTEM 'x' NDATA y>]><a/>", "declares the entity \"e\""),
    ("<!DOCTYPE a [<!ENTITY % p SYSTEM 'file:///etc/passwd'> %p;]><a/>", "declares the entity \"p\""),
    ("<!DOCTYPE a [%p;]><a/>", "refers to the parameter entity \"p\""),
    ("<!DOCTYPE a SYSTEM 'x.dtd'><a>&foo;</a>", "refers to an entity: "),
    ("<!DOCTYPE a SYSTEM 'x.dtd'><a b='&foo;'/>", "refers to an entity: "),
    ("<a>&foo;</a>", "refers to an entity: "),
    ("<!DOCTYPE html><html><head><title>Sign in</title>", "an HTML page titled \"Sign in\""),
    ("  <HTML>", "an HTML page"),
    ("{\"a\": 1}", "this is JSON"),
    ("[1]", "this is JSON"),
  ]

  @Test(arguments: refused)
  func refuses(_ one: (text: String, reason: String)) {
    let reason = refusal { () throws(Complaint) in try pass(one.text) }
    #expect(reason?.contains(one.reason) == true, "\(reason ?? "taken")")
  }

  /// What stands before a control character: right so far, broken, or nobody can tell yet.
  static let beginnings = [
    "", "<a>", "<a", "<a>\n<b", "<a>\n<b c='d'>\n", "<a>\n<b c='d\n", "<a>\n<b c=d\n", "<a>\nx]]>\n", "<a>\nx]]>\n<", "<a>\n&\n", "<a>\n&x\n",
    "<a>\n&x;\n",
    "<a>\n&amp\n", "<a>\n&#0;\n", "<a>\n<b></c>\n", "<a>\n<b></c\n", "<a>\n<!-- -- \n", "<a>\n<!-- x\n", "<a>\n<![CDATA[ x\n", "<a>\n<?b \n",
    "<a>\n<?xml \n", "<a/>\nx\n", "<a/>\n<b/>\n", "<a>\n<<\n", "<a>\n<b:c/>\n", "<a>\n<b c='d' c='d'/>\n", "<a>\n<b c='&'>\n", "<a b='\n<",
    "<!DOCTYPE a [\n",
    "<a>\n\(String(repeating: "x", count: 500))]]>\n", "<a>\n\(String(repeating: "x", count: 500))\n&\n",
    "<a>\n<b \(String(repeating: "x", count: 500))\n",
  ]

  /// The message does not depend on the pieces in which the document comes.
  @Test(arguments: beginnings) func controlCharactersAreToldAlikeInAnyPieces(_ beginning: String) {
    func complaint(_ document: [UInt8], _ chunk: Int) -> Complaint? {
      do throws(Complaint) {
        try pass(document, chunk: chunk)
        return nil
      } catch {
        return error
      }
    }
    for odd in ["\u{0}", "\u{3}", "\u{1F}"] {
      let document = Array("\(beginning)\(odd)\n</a>".utf8)
      let whole = complaint(document, .max)
      #expect(whole != nil)
      for chunk in 1...60 { #expect(complaint(document, chunk) == whole, "\(beginning.debugDescription) in pieces of \(chunk)") }
    }
  }

  /// A password that is written without its escapes: what the parser takes for markup is a piece of it.
  static let unescaped = [
    "<a>x<hunter2>y</a>", "<a>x</hunter2>y</a>", "<a>x<b hunter2</a>", "<a>x<b hunter2/></a>", "<a>x<b hunter2=y/></a>", "<a>x<hunter2:b/></a>",
    "<a>x<b hunter2:c='y'/></a>", "<a>x<b hunter2='1' hunter2='2'/></a>", "<a>x<hunter2 y</a>", "<a>x&hunter2</a>", "<a>x&hunter2;</a>",
    "<a>x&#hunter2;</a>", "<a>x<?hunter2</a>", "<a>x<!hunter2</a>", "<a>x<![hunter2[y</a>", "<a>x<b xmlns:hunter2=''/></a>",
    "<a>x<b xmlns='hunter2 y'/></a>", "<a>x<b c='<hunter2'/></a>", "<a>x<b:hunter2:c/></a>", "<a>x</a><hunter2>",
  ]

  @Test(arguments: unescaped, chunks)
  func quotesNothing(_ text: String, inChunksOf chunk: Int) {
    let reason = refusal { () throws(Complaint) in try pass(text, chunk: chunk) }
    #expect(reason?.contains("hunter2") != true, "\(reason ?? "taken")")
  }

  static let taken = [
    "<a/>", "\n<a/>\n<!-- x --><?p?>\n", "<a>&lt;&gt;&amp;&quot;&apos;&#65;</a>", "<!DOCTYPE a SYSTEM 'https://127.0.0.1/x.dtd'><a/>",
    "<!DOCTYPE a PUBLIC '-//x' 'file:///etc/passwd'><a/>", "<?xml version='1.0' standalone='yes'?><a/>",
    // Invalid by its own grammar, and well-formed.
    "<!DOCTYPE a [<!ELEMENT a EMPTY>]><a>text</a>", "<!DOCTYPE a [<!ATTLIST a b (one|one) #IMPLIED>]><a/>",
    "<!DOCTYPE a [<!ELEMENT a ANY><!ELEMENT a ANY>]><a/>", "<!DOCTYPE a [<!ATTLIST a xml:id CDATA #IMPLIED>]><a xml:id=' 1 '/>",
    "<!DOCTYPE b [<!NOTATION n SYSTEM 'x'>]><a/>",
    "<?oasis-xml-catalog catalog='file:///tmp/none'?><a/>", "<a xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include href='/etc/passwd'/></a>",
  ]

  @Test(arguments: taken, chunks)
  func takes(_ text: String, inChunksOf chunk: Int) throws {
    #expect(try pass(text, chunk: chunk).whole == Array(text.utf8))
  }

  /// A document that ends anywhere before its end is no document.
  @Test func refusesEveryCut() {
    let document = Array("<?xml version='1.0'?><T><R a='1'>x&amp;<![CDATA[y]]><!-- z --></R><R/></T>".utf8)
    for end in document.indices {
      for chunk in [1, Int.max] {
        #expect(refusal { () throws(Complaint) in try pass(Array(document[..<end]), records: ["R"], chunk: chunk) } != nil, "\(end)")
      }
    }
  }

  /// A document with a few changed bytes is taken or refused, the same however it comes, and nothing of it is lost.
  @Test func standsDamage() throws {
    var takenCount = 0
    for seed in 0..<200 as Range<UInt64> {
      var random = Seeded(seed + 5000)
      var bytes = Array(Grown(seed: seed % 40).text.utf8)
      for _ in 0...random.below(3) {
        let at = random.below(bytes.count)
        switch random.below(3) {
        case 0: bytes[at] = random.pick(Array("<>&'\"/!-[]? x=".utf8))
        case 1: bytes.remove(at: at)
        default: bytes.insert(random.pick(Array("<>&'\"/!-[]?; ".utf8)), at: at)
        }
      }
      let whole = Result { () throws(Complaint) in try pass(bytes, records: Grown.records) }
      for chunk in [1, 7, 64] {
        let pieces = Result { () throws(Complaint) in try pass(bytes, records: Grown.records, chunk: chunk) }
        switch (whole, pieces) {
        case (.success(let one), .success(let other)):
          takenCount += 1
          #expect(one.whole == bytes && other.whole == bytes, "seed \(seed)")
          #expect(one.records == other.records, "seed \(seed)")
        case (.failure(let one), .failure(let other)): #expect(one.kind == .refused && other.kind == .refused, "seed \(seed)")
        case (.success, .failure(let reason)): Issue.record("seed \(seed): refused in pieces only: \(reason.line)")
        case (.failure(let reason), .success): Issue.record("seed \(seed): refused as a whole only: \(reason.line)")
        }
      }
    }
    #expect(takenCount > 25)
  }

  @Test func saysWhereItIs() {
    do throws(Complaint) {
      try pass("<a>\n<b>\n</c></a>")
      Issue.record("taken")
    } catch {
      #expect(error.kind == .refused)
      #expect(error.place == "3")
    }
  }

  // MARK: The limits

  @Test func boundsDepth() throws {
    func nested(_ depth: Int) -> String { String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth) }
    try pass(nested(ParsePolicy.depth))
    #expect(refusal { () throws(Complaint) in try pass(nested(ParsePolicy.depth + 1)) } == "elements are nested more than 256 deep")
    #expect(refusal { () throws(Complaint) in try pass(nested(100_000)) } != nil)
  }

  @Test func boundsAttributes() throws {
    func element(_ count: Int, _ value: String = "") -> String {
      "<a " + (0..<count).map { "a\($0)='\(value)'" }.joined(separator: " ") + "/>"
    }
    try pass(element(ParsePolicy.attributes))
    #expect(refusal { () throws(Complaint) in try pass(element(ParsePolicy.attributes + 1)) } == "an element has more than 1000 attributes")
    // Seen before the parser would compare each with each.
    #expect(refusal { () throws(Complaint) in try pass(element(200_000)) } == "an element has more than 1000 attributes")
    let value = String(repeating: "x", count: 2000)
    #expect(refusal { () throws(Complaint) in try pass(element(900, value)) } == "a start tag is longer than 1048576 bytes")
  }

  @Test func boundsTags() throws {
    func element(_ length: Int) -> String { "<t><a b='" + String(repeating: "x", count: length) + "'/></t>" }
    try pass(element(1_000_000))
    #expect(refusal { () throws(Complaint) in try pass(element(ParsePolicy.tag + (1 << 16))) } == "a start tag is longer than 1048576 bytes")
  }

  @Test func boundsNames() throws {
    func document(_ count: Int) -> String { "<t>" + (0..<count).map { "<n\($0)/>" }.joined() + "</t>" }
    try pass(document(9_900))
    #expect(refusal { () throws(Complaint) in try pass(document(20_000)) } == "the document has more than 10000 different names")
  }

  @Test func boundsTexts() throws {
    func text(_ length: Int) -> String { String(repeating: "x", count: length) }
    try pass("<t>" + text(ParsePolicy.text) + "</t>")
    let longer = text(ParsePolicy.text + ParsePolicy.tag + 100_000)
    #expect(refusal { () throws(Complaint) in try pass("<t>" + longer + "</t>") } == "a text is longer than 10000000 bytes")
    #expect(refusal { () throws(Complaint) in try pass("<t><![CDATA[" + longer + "]]></t>") } != nil)
    #expect(refusal { () throws(Complaint) in try pass("<t><!--" + longer + "--></t>") } != nil)
    #expect(refusal { () throws(Complaint) in try pass("<t><?p " + longer + "?></t>") } != nil)
  }

  @Test func boundsPrologs() throws {
    func prolog(_ count: Int) -> String { String(repeating: "<!-- \(String(repeating: "x", count: 991)) -->\n", count: count) + "<a/>" }
    try pass(prolog(1000))
    #expect(refusal { () throws(Complaint) in try pass(prolog(2000)) } == "there are more than 1048576 bytes before the root element")
  }

  /// Feeds more than a record may hold, piece by piece.
  @Test func boundsRecords() throws {
    let stream = try RecordStream(records: ["R"], into: Catch())
    try stream.feed(Array("<T><R>".utf8))
    let piece = Array(String(repeating: "<v>" + String(repeating: "x", count: 99_993) + "</v>", count: 10).utf8)
    var fed = 0
    let reason = refusal { () throws(Complaint) in
      while fed < 2 * ParsePolicy.record {
        try stream.feed(piece)
        fed += piece.count
      }
    }
    #expect(reason == "a record is longer than 16777216 bytes")
    #expect(fed < ParsePolicy.record + (1 << 21))
  }
}
