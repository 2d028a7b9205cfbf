import Base
import Markup
import Support
import Testing

/// Whatever is wrong with a document, and wherever: what is mended is well-formed, differs from the input at the places that are named and nowhere else,
/// and is never mended twice.
@Suite struct RepairTests {
  // MARK: A document of every kind of token

  /// What a part of a document is.
  private enum Part { case markup, declaration, text, value, cdata, comment, instruction, doctype }

  private static let parts: [(text: String, part: Part)] = [
    ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>", .declaration), ("\n<!-- ", .markup), ("R&D <b> - ", .comment), ("-->", .markup),
    ("<!DOCTYPE L SYSTEM \"", .doctype), ("a.dtd?x&y", .doctype), ("\" [ <!-- ' > --> <!ELEMENT I (#PCDATA)> ] >", .doctype),
    ("\n<L a=\"", .markup), ("é&lt;'&#65;", .value), ("\" >\n <R><I>", .markup), ("7", .text), ("</I><T>", .markup),
    ("Web &amp; DB é€\u{1F5A7} &#x41;", .text), ("</T><E/><?note ", .markup), ("x & <y> ? ", .instruction), ("?></R>\n <R><I>", .markup),
    ("8", .text), ("</I><T b='", .markup), ("\"x\"", .value), ("'><![CDATA[", .markup), ("R&D <T> ]] ]> &#0; é", .cdata), ("]]></T\n></R>", .markup),
    ("\n ", .text), ("<R><I>", .markup), ("9", .text), ("</I></R>\n", .markup), ("</L>\n<!-- ", .markup), ("end", .comment), (" -->\n", .markup),
  ]
  private static let document = parts.flatMap { Array($0.text.utf8) }
  /// What each byte belongs to; behind the last one there is markup.
  private static let kinds: [Part] = parts.flatMap { part in part.text.utf8.map { _ in part.part } } + [.markup]

  private static let form = RecordForm(records: ["L/R"], ids: ["I"], names: ["T"])

  struct Outcome: Equatable {
    var output: [UInt8] = []
    var repairs: [Named] = []
    var documents = 1
  }

  /// A repair, as far as it is compared.
  struct Named: Equatable {
    var kind: RepairKind
    var line: Int
    var column: Int
    var id: String?
    var name: String?
    var element: String
    var words: String
  }

  /// Mends as the program does, `chunk` bytes at a time, and lets the record stream pass the verdict.
  private func mend(
    _ input: [UInt8], chunk: Int = .max, mending kinds: Set<RepairKind> = Set(RepairKind.allCases), document: Int? = nil
  ) throws(Complaint) -> Outcome {
    var repair = DocumentRepair(mending: kinds, document: document, readsWindows1252: true, naming: .max) { root in
      root == "L" ? Self.form : root == "ServiceResponse" ? RecordForm(records: ["data/Tag"], ids: ["id"], names: ["name"]) : nil
    }
    var outcome = Outcome()
    var at = 0
    while at <= input.count {
      if at == input.count { try repair.finish() }
      let end = at + max(1, min(chunk, input.count - at))
      if at < input.count { try repair.feed(Array(input[at..<end])) }
      let part = repair.taken()
      if let cut = part.cut { outcome.output.removeLast(outcome.output.count - cut) }
      if let (place, bytes) = part.change { outcome.output.replaceSubrange(place..<place + bytes.count, with: bytes) }
      outcome.output += part.bytes
      outcome.repairs += part.repairs.map {
        Named(
          kind: $0.kind, line: $0.line, column: $0.column, id: $0.record?.id, name: $0.record?.name, element: $0.element, words: $0.words)
      }
      at = end
    }
    outcome.documents = repair.documents
    try pass(outcome.output, records: repair.records)
    return outcome
  }

  /// The same however the input comes in pieces. Nil if it is refused.
  private func mendInPieces(_ input: [UInt8], document: Int? = nil) -> Outcome? {
    let whole = Result { () throws(Complaint) in try mend(input, document: document) }
    for chunk in [1, 5] {
      let pieces = Result { () throws(Complaint) in try mend(input, chunk: chunk, document: document) }
      switch (whole, pieces) {
      case (.success(let one), .success(let other)):
        #expect(one == other, "\(String(decoding: input, as: UTF8.self).debugDescription) in pieces of \(chunk)")
      case (.failure, .failure): break
      case (.success, .failure(let complaint)), (.failure(let complaint), .success):
        Issue.record("\(String(decoding: input, as: UTF8.self).debugDescription) in pieces of \(chunk) or not: \(complaint.line)")
      }
    }
    guard case .success(let outcome) = whole else { return nil }
    // Mended once, it stays.
    let again = Result { () throws(Complaint) in try mend(outcome.output) }
    if case .success(let second) = again {
      #expect(second.output == outcome.output && second.repairs.isEmpty, "\(String(decoding: input, as: UTF8.self).debugDescription)")
    } else {
      Issue.record("what was mended is refused: \(String(decoding: outcome.output, as: UTF8.self).debugDescription)")
    }
    if outcome.repairs.contains(where: { $0.kind == .concatenation }) { return outcome }
    #expect(outcome.output == Self.edited(input, outcome.repairs), "\(String(decoding: input, as: UTF8.self).debugDescription): \(outcome.repairs)")
    return outcome
  }

  /// The place of a byte.
  private static func place(of offset: Int, in input: [UInt8]) -> (line: Int, column: Int) {
    let before = input[..<offset]
    return (before.count { $0 == 0x0A } + 1, offset - (before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0) + 1)
  }

  private static func isControl(_ byte: UInt8) -> Bool { byte < 0x20 && ![0x09, 0x0A, 0x0D].contains(byte) }

  /// The input with the changes that the repairs name, and no other: nil if a repair names a place where there is nothing of its kind.
  private static func edited(_ input: [UInt8], _ repairs: [Named]) -> [UInt8]? {
    var starts = [0]
    for at in input.indices where input[at] == 0x0A { starts.append(at + 1) }
    var output: [UInt8] = []
    var at = 0
    // A control character may stand within a character that is mended or not: the places are looked up one by one.
    var dropped = Set<Int>()
    for one in repairs where one.kind == .controlCharacters {
      guard one.line <= starts.count else { return nil }
      var offset = starts[one.line - 1] + one.column - 1
      while offset < input.count, isControl(input[offset]), one.words.hasPrefix("the reference") == false {
        dropped.insert(offset)
        offset += 1
      }
    }
    for one in repairs.sorted(by: { ($0.line, $0.column) < ($1.line, $1.column) }) {
      guard one.line <= starts.count else { return nil }
      let offset = starts[one.line - 1] + one.column - 1
      guard offset >= at, offset <= input.count else { return nil }
      func copy(to end: Int) {
        while at < end {
          if !dropped.contains(at) { output.append(input[at]) }
          at += 1
        }
      }
      copy(to: offset)
      switch one.kind {
      case .ampersands:
        guard input[at] == 0x26 else { return nil }
        output += Array("&amp;".utf8)
        at += 1
      case .controlCharacters where dropped.contains(offset): break
      case .controlCharacters where input[at] == 0x26:
        guard let end = input[at...].firstIndex(of: 0x3B) else { return nil }
        at = end + 1
      case .controlCharacters:
        guard input[at...].starts(with: [0xEF, 0xBF]) else { return nil }
        at += 3
      case .invalidUTF8:
        let hex = one.words.split(separator: " ").dropFirst(2).map { String($0) }.prefix { $0.count == 2 && $0.allSatisfy(\.isHexDigit) }
        for digits in hex {
          while dropped.contains(at) { at += 1 }
          guard at < input.count, input[at] == UInt8(String(digits), radix: 16) else { return nil }
          output += Array(latin(input[at]).utf8)
          at += 1
        }
      case .leadingSpace: while at < input.count, [0x20, 0x0A, 0x09, 0x0D].contains(input[at]) || dropped.contains(at) { at += 1 }
      case .leadingText: while at < input.count, !input[at...].starts(with: Array("<?xml ".utf8)) { at += 1 }
      case .truncation:
        // Whatever is closed there is known by the check.
        let names = one.words.split(separator: "; closed: ").dropFirst().first?.split(separator: ", ") ?? []
        for name in names {
          if name == names.last { output += Array("<WARNING><CODE>1980</CODE><TEXT>\(RecordForm.cutBack)</TEXT></WARNING>".utf8) }
          output += Array("</\(name)>".utf8)
        }
        if !names.isEmpty { output.append(0x0A) }
        return output
      case .concatenation: return nil
      }
    }
    while at < input.count {
      if !dropped.contains(at) { output.append(input[at]) }
      at += 1
    }
    return output
  }

  /// What windows-1252 has for a byte, from a table of its own: as text of the characters from 80 to 9F.
  private static func latin(_ byte: UInt8) -> String {
    let table = Array("€\u{FFFD}‚ƒ„…†‡ˆ‰Š‹Œ\u{FFFD}Ž\u{FFFD}\u{FFFD}‘’“”•–—˜™š›œ\u{FFFD}žŸ".unicodeScalars)
    return byte < 0xA0 ? String(table[Int(byte) - 0x80]) : String(Unicode.Scalar(byte))
  }

  // MARK: What is right stays

  @Test func whatIsWellFormedStays() throws {
    for chunk in 1...40 {
      let outcome = try mend(Self.document, chunk: chunk)
      #expect(outcome == Outcome(output: Self.document))
    }
  }

  /// Of the kinds that are switched off, nothing is mended.
  @Test(arguments: RepairKind.allCases) func whatIsSwitchedOffIsRefused(_ kind: RepairKind) {
    let text = String(decoding: Self.document, as: UTF8.self)
    let broken: [RepairKind: [UInt8]] = [
      .leadingSpace: Array("\n\(text)".utf8), .leadingText: Array("HTTP/1.1 200 OK\r\n\r\n\(text)".utf8),
      .controlCharacters: Array(text.replacing("Web", with: "W\u{1}eb").utf8), .ampersands: Array(text.replacing("Web", with: "Web &").utf8),
      .invalidUTF8: Self.document.map { $0 == 0x57 ? 0xE9 : $0 }, .truncation: Array(Self.document.dropLast(30)),
      .concatenation: Self.document + Self.document,
    ]
    let input = broken[kind] ?? []
    #expect(mendInPieces(input, document: kind == .concatenation ? 1 : nil)?.repairs.map(\.kind) == [kind] || kind == .concatenation)
    let others = Set(RepairKind.allCases).subtracting([kind])
    #expect(refusal { () throws(Complaint) in _ = try mend(input, mending: others) } != nil)
    // And by itself it is enough.
    #expect((try? mend(input, mending: [kind], document: kind == .concatenation ? 1 : nil)) != nil)
  }

  // MARK: Each kind, everywhere

  private static func inserting(_ bytes: [UInt8], at offset: Int) -> [UInt8] { Array(document[..<offset]) + bytes + document[offset...] }

  /// The ends of sections, which a control character may not hide.
  private static let ends: Set<Int> = {
    var inside = Set<Int>()
    for end in ["]]>", "-->", "?>"].map({ Array($0.utf8) }) {
      for at in document.indices where document[at...].starts(with: end) {
        // In a DOCTYPE, too; not what only looks like one in a text.
        if kinds[at] == .markup || kinds[at] == .declaration || kinds[at] == .doctype { inside.formUnion(at + 1..<at + end.count) }
      }
    }
    return inside
  }()

  @Test(arguments: [[0x00], [0x01], [0x0B], [0x1B], [0x1F], [0x00, 0x00, 0x08]] as [[UInt8]]) func controlCharactersGoFromEverywhere(_ bytes: [UInt8])
  {
    for offset in 0...Self.document.count {
      let outcome = mendInPieces(Self.inserting(bytes, at: offset))
      // Only one that hides the end of a section is not mended.
      if Self.ends.contains(offset) {
        #expect(outcome == nil, "at \(offset)")
        continue
      }
      #expect(outcome?.output == Self.document, "at \(offset)")
      #expect(outcome?.repairs.map(\.kind) == [.controlCharacters], "at \(offset)")
      let place = Self.place(of: offset, in: Self.document)
      #expect(outcome?.repairs.first?.line == place.line && outcome?.repairs.first?.column == place.column, "at \(offset)")
    }
  }

  @Test(arguments: ["&#0;", "&#x1f;", "&#xFFFF;", "&#xDFFF;", "&#1114112;", "&#99999999999999999999;"]) func referencesToNothingGo(
    _ reference: String
  ) {
    var count = 0
    for offset in 0...Self.document.count {
      let input = Self.inserting(Array(reference.utf8), at: offset)
      let outcome = mendInPieces(input)
      let isPlain = refusal { () throws(Complaint) in try pass(input) } == nil
      // Where it has no meaning, it stays.
      if isPlain { #expect(outcome == Outcome(output: input), "at \(offset)") }
      guard !isPlain, let outcome, outcome.repairs.map(\.kind) == [.controlCharacters] else { continue }
      #expect(outcome.output == Self.document, "at \(offset)")
      count += 1
    }
    // Between all bytes of texts and values that are not inside of a reference.
    #expect(count > 50)
  }

  @Test(arguments: ["&", "& ", "&&", "&a", "&a b;", "&#", "&#;", "&#x;", "&#xg;", "&1;", "&-;", "&é;", "&€;", "&.a;"]) func ampersandsAreMended(
    _ text: String
  ) {
    var mended = 0
    for offset in 0...Self.document.count {
      let input = Self.inserting(Array(text.utf8), at: offset)
      let outcome = mendInPieces(input)
      if refusal({ () throws(Complaint) in try pass(input) }) == nil {
        #expect(outcome == Outcome(output: input), "at \(offset)")
      } else if outcome != nil {
        mended += 1
      } else {
        // Neither in a text nor in a value, or it makes a reference to something else of what follows, or half a character.
        let isCharacter = offset > 0 && offset < Self.document.count && Self.document[offset] & 0xC0 == 0x80
        let before = Self.document[..<offset]
        let isInReference = (before.lastIndex(of: 0x26) ?? -1) > (before.lastIndex(of: 0x3B) ?? -1)
        let isRefusable =
          ![.text, .value].contains(Self.kinds[offset]) || isCharacter || isInReference || text.hasPrefix("&a") || text.hasPrefix("&é")
        #expect(isRefusable, "at \(offset)")
      }
    }
    #expect(mended > 50)
  }

  @Test(
    arguments: [[0x80], [0x81], [0xE9], [0xE9, 0x94], [0xF0, 0x9F, 0x96], [0xC3], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xFF, 0xFE]] as [[UInt8]])
  func bytesBecomeCharacters(_ bytes: [UInt8]) {
    for offset in 0...Self.document.count {
      let outcome = mendInPieces(Self.inserting(bytes, at: offset))
      if [.text, .value, .cdata, .comment, .instruction].contains(Self.kinds[offset]) {
        #expect(outcome != nil, "at \(offset)")
        // In a reference, it leaves half of one.
        let before = Self.document[..<offset]
        let isInReference = (before.lastIndex(of: 0x26) ?? -1) > (before.lastIndex(of: 0x3B) ?? -1)
        #expect(outcome?.repairs.allSatisfy { $0.kind == .invalidUTF8 || isInReference && $0.kind == .ampersands } == true, "at \(offset)")
      }
    }
  }

  /// Cut at every byte, the document has its whole records, or is refused if it has none.
  @Test func whatBreaksOffHasItsWholeRecords() throws {
    let end = Array("</R>".utf8)
    let ends = Self.document.indices.filter { Self.document[$0...].starts(with: end) }.map { $0 + end.count }
    let root = Array("</L>".utf8)
    let closed = (Self.document.firstRange(of: root)?.upperBound ?? 0)
    for count in 0...Self.document.count {
      let cut = Array(Self.document.prefix(count))
      let outcome = mendInPieces(cut)
      let whole = ends.count { $0 <= count }
      if whole == 0 {
        #expect(outcome == nil, "after \(count) bytes")
        continue
      }
      let output = try #require(outcome?.output, "after \(count) bytes")
      let records = try pass(output, records: ["L/R"]).records
      #expect(records.count == whole, "after \(count) bytes")
      #expect(output.starts(with: Self.document[..<ends[whole - 1]]))
      if count < closed { #expect(outcome?.repairs.map(\.kind) == [.truncation], "after \(count) bytes") }
    }
  }

  /// A document behind another that breaks off anywhere.
  @Test func theSecondDocumentIsFound() throws {
    let second = Array(String(decoding: Self.document, as: UTF8.self).replacing("Web", with: "Net").utf8)
    var found = 0
    for count in 0...Self.document.count {
      let input = Array(Self.document.prefix(count)) + second
      // Without being told which, neither.
      // A section that has begun goes on in the second one, and both may be one document.
      let before = String(decoding: Self.document.prefix(count), as: UTF8.self)
      let isOne =
        count == 0
        || [("<![CDATA[", "]]>"), ("<!--", "-->"), ("<?", "?>")].contains { open, close in
          before.ranges(of: open).count > before.ranges(of: close).count
        }
      #expect(isOne || refusal { () throws(Complaint) in _ = try mend(input) } != nil, "after \(count) bytes")
      // A text that has begun before it goes on in it: nobody takes both for one.
      if isOne, count > 0, [.cdata, .comment, .instruction].contains(Self.kinds[count - 1]) {
        for number in [nil, 1, 2] {
          for chunk in [.max, 1, 7] {
            let reason = refusal { () throws(Complaint) in _ = try mend(input, chunk: chunk, document: number) }
            #expect(reason?.contains("another one begins here") == true, "after \(count) bytes, in pieces of \(chunk): \(reason ?? "taken")")
          }
        }
      }
      let isAlone = count == 0 || Self.document[..<count].firstRange(of: Array("<L".utf8)) == nil
      guard let outcome = try? mend(input, document: isAlone ? 1 : 2) else {
        // A text that has begun before it goes on in it.
        #expect(
          [.comment, .cdata, .instruction, .doctype, .declaration, .markup, .value].contains(Self.kinds[max(0, count - 1)]), "after \(count) bytes")
        continue
      }
      if outcome.output == second { found += 1 }
    }
    #expect(found > 140)
  }

  /// The place of a text is that of its first character, however many bytes that has and however these come.
  @Test(arguments: ["ü", "€", "\u{1F5A7}"]) func aTextBeginsAtItsFirstCharacter(_ character: String) throws {
    for bytes in [Array(character.utf8), Array(character.utf8.dropLast()), [0xE9]] {
      let input = Self.document + [0x20, 0x20] + bytes + Array("x\n".utf8) + Self.document
      let start = Self.place(of: Self.document.count + 2, in: input)
      let whole = try mend(input, document: 2)
      let text = try #require(whole.repairs.first { $0.kind == .leadingText })
      #expect(text.line == start.line && text.column == start.column)
      for chunk in 1...9 { #expect(try mend(input, chunk: chunk, document: 2) == whole, "in pieces of \(chunk)") }
    }
  }

  /// What stands behind a control character is at its place, however it comes.
  @Test(arguments: ["x", "\u{4}@<A>\n", ""]) func aControlCharacterTakesItsPlace(_ lead: String) throws {
    for control in ["\u{B}", "\u{B}\u{B}", "\n\u{B}", "\u{B}\n", "\u{B} \u{B}", "\u{B}<D/>\u{1}"] {
      let input = Array("\(lead)\n<B/>\(control)<C/>\n<L/>".utf8)
      let whole = try mend(input, document: 1)
      for chunk in 1...9 {
        let pieces = try mend(input, chunk: chunk, document: 1)
        #expect(pieces == whole, "in pieces of \(chunk): \(pieces.repairs) against \(whole.repairs)")
      }
    }
  }

  /// A search that is cut back says that it has more records, wherever it breaks off and however it comes: at the end, or where another document begins.
  @Test func whatBreaksOffHasMoreRecords() throws {
    let head = "<ServiceResponse><responseCode>SUCCESS</responseCode><hasMoreRecords>false</hasMoreRecords><data><Tag><id>7</id>\u{1}</Tag>"
    let tail = "<Tag><id>8</id></Tag></data></ServiceResponse>"
    let other = Array("<?xml version='1.0'?><ServiceResponse><data/></ServiceResponse>".utf8)
    for count in 0..<tail.utf8.count {
      let cut = Array((head + tail.prefix(count)).utf8)
      for (input, document) in [(cut, nil), (cut + other, 1)] as [([UInt8], Int?)] {
        for chunk in [.max, 1, 2, 3, 7, 50, 101, 120, 257] {
          let output = String(decoding: try mend(input, chunk: chunk, document: document).output, as: UTF8.self)
          #expect(output.contains("<hasMoreRecords>true </hasMoreRecords>"), "after \(count) bytes, in pieces of \(chunk): \(output)")
          #expect(output.contains(RecordForm.cutBack) && !output.contains("\u{1}"))
        }
      }
    }
  }

  @Test(arguments: ["\n", " \r\n\t", "\n\n\n"]) func blanksBeforeTheDeclarationGo(_ blanks: String) {
    let outcome = mendInPieces(Array(blanks.utf8) + Self.document)
    #expect(outcome?.output == Self.document)
    #expect(outcome?.repairs.map(\.kind) == [.leadingSpace])
    // Without a declaration, they may stand there.
    let bare = Array("\(blanks)<L><R/></L>".utf8)
    #expect(mendInPieces(bare) == Outcome(output: bare))
  }

  @Test(arguments: [
    "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nLink: <https://a.example.com/?a&b>; rel=next\r\n\r\n", "fetching ...\n", "bye", "a\nb\n\n  ",
    "\u{FEFF}text\n", "\n text\n", "\u{1}x\n", "200\n<?xm\n<?xmlish\n",
  ]) func textBeforeTheDocumentGoes(_ text: String) {
    let outcome = mendInPieces(Array(text.utf8) + Self.document)
    #expect(outcome?.output == Self.document)
    #expect(outcome?.repairs.map(\.kind) == [.leadingText])
  }

  @Test(arguments: ["{", "[", "/api/2.0/\n", "POST\t/x\t", "source_id,target_id\n", "</R>\n", "x<R/>\n"]) func otherThingsBeforeItAreRefused(
    _ text: String
  ) {
    #expect(mendInPieces(Array(text.utf8) + Self.document) == nil)
  }

  /// A text may hold a document, and the end of a section as two of them.
  @Test(arguments: [
    "<?xml version='1.0'?><L><R>x</R></L>", "<![CDATA[ x", "<?xml version='1.0'?><L><![CDATA[x]]]]><![CDATA[></L>", "<!DOCTYPE L><L a='<!--'>",
  ]) func aDocumentInASectionStays(_ text: String) {
    let document = Array("<L><R><I>7</I><![CDATA[\(text)]]></R></L>".utf8)
    #expect(mendInPieces(document) == Outcome(output: document))
  }

  /// What is no character at the end of a document in units of two bytes.
  @Test(arguments: [1, 2, 3]) func halfACharacterAtTheEndGoes(_ length: Int) throws {
    func wide(_ text: String) -> [UInt8] {
      [0xFF, 0xFE] + text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    }
    let tail: [UInt8] = [0x3D, 0xD8, 0x00]
    for text in ["<L><R><I>7</I></R></L>\n", "<L><R><I>7</I></R>"] {
      let outcome = try #require(mendWide(wide(text) + tail.prefix(length)))
      #expect(outcome.repairs.contains { $0.kind == .truncation && $0.words.contains("no whole character") })
      #expect(try pass(outcome.output, records: ["L/R"]).records.count == 1)
    }
    #expect(refusal { () throws(Complaint) in _ = try mend(wide("<L><R/></L>") + tail.prefix(length), mending: [.ampersands]) } != nil)
  }

  private func mendWide(_ input: [UInt8]) -> Outcome? {
    let whole = try? mend(input)
    for chunk in [1, 3] { #expect((try? mend(input, chunk: chunk)) == whole) }
    return whole
  }

  /// With ampersands left as they are, leaving out a reference makes none of what stands around it.
  @Test(arguments: ["&&#0;amp;", "&a&#1;mp;", "& &#xB;", "&#&#0;65;"]) func noReferenceComesToBe(_ text: String) {
    let document = Array("<L><R><T>\(text)</T></R></L>".utf8)
    #expect(refusal { () throws(Complaint) in _ = try mend(document, mending: [.controlCharacters]) } != nil)
    #expect(mendInPieces(document) != nil)
  }

  /// A record is named by what stands in it, before the fault or behind it.
  @Test func recordsAreNamed() throws {
    let text = String(decoding: Self.document, as: UTF8.self)
    let outcome = try mend(Array(text.replacing("DB", with: "\u{1}DB").replacing("8<", with: "\u{2}8<").replacing("\n<L", with: "\n\u{3}<L").utf8))
    #expect(outcome.repairs.map(\.id) == [nil, "7", "8"])
    #expect(outcome.repairs.map(\.name) == [nil, "Web & DB é€\u{1F5A7} A", "R&D <T> ]] ]> &#0; é"])
    #expect(outcome.repairs.map(\.element) == ["", "T", "I"])
  }

  // MARK: Anything at all

  private static let faults: [[UInt8]] = [
    [0x00], [0x0B], [0x26], [0x26, 0x20], Array("&#0;".utf8), Array("&#x1;".utf8), [0xE9], [0x93], [0xEF, 0xBF, 0xBE], [0x3C], [0x3E],
    Array("]]>".utf8),
    Array("<?xml version='1.0'?>".utf8), Array("<L>".utf8), Array("</R>".utf8), Array("<!--".utf8), Array("-->".utf8), [0x22],
    Array("<![CDATA[".utf8),
    Array("<!DOCTYPE L>".utf8), Array("\n".utf8), [0xEF, 0xBB, 0xBF], Array("HTTP/1.1 200 OK\r\n\r\n".utf8), Array("&nbsp;".utf8), [0xC3], [0x2D],
  ]

  /// Several faults at random: mended or refused, the same in pieces, and never twice.
  @Test(arguments: 1...40) func anythingIsMendedOrRefused(_ seed: Int) {
    var random = Seeded(UInt64(seed))
    for _ in 0..<60 {
      var input = Self.document
      if random.chance(20) { input += Self.document }
      for _ in 0..<random.below(5) { input.insert(contentsOf: random.pick(Self.faults), at: random.below(input.count + 1)) }
      if random.chance(30) { input = Array(input.prefix(random.below(input.count))) }
      _ = mendInPieces(input)
    }
  }
}
