package import Base
internal import CLibxml
internal import CMarkup
internal import Glibc

/// Where a record stands: the document's own bytes that open and close everything around it.
///
/// Put around any records of the same surroundings, they make a small document in which absolute paths, namespaces and the internal subset
/// hold as they do in the whole.
package struct Surroundings: Sendable {
  /// The prolog (declaration, comments, DOCTYPE) and the start tags of the open elements.
  package var opening: [UInt8]
  /// Their end tags.
  package var closing: [UInt8]
  /// Changes whenever anything but records and text has been met.
  package var generation: Int
}

/// An element of the skeleton, met outside every record.
package struct SkeletonElement: Sendable {
  /// The name, without its prefix.
  package var name: String
  /// The namespace, nil for none.
  package var namespace: String?
  /// The names of the elements around it, outermost first.
  package var path: [String]
  /// In the document, counted from 1.
  package var line: Int
  /// The start tag.
  fileprivate(set) package var tag: [UInt8]
  /// Text that is not blank stands directly in it. Known when it has ended.
  fileprivate(set) package var holdsText = false
  /// Elements stand in it, records among them. Known when it has ended.
  fileprivate(set) package var holdsElements = false

  /// All of its attributes, in their order.
  package var attributes: [(name: String, value: String)] {
    var outline = Outline()
    outline.read(tag)
    return outline.attributes.map { (outline.string($0.name), outline.text($0.value)) }
  }

  /// The value of an attribute, nil if there is none of the name.
  package func attribute(_ name: StaticString) -> String? {
    var outline = Outline()
    outline.read(tag)
    for attribute in outline.attributes where outline.has(attribute.name, name) { return outline.text(attribute.value) }
    return nil
  }
}

/// What is done with the parts of a document, in their order.
package protocol RecordSink: AnyObject {
  /// Bytes of the document outside every record.
  func skeleton(_ bytes: Span<UInt8>) throws(Complaint)
  /// An element outside every record has been opened.
  func opened(_ element: SkeletonElement) throws(Complaint)
  /// An element outside every record has ended. `text` is what stood in it if it held no element, at most 8 KiB.
  func closed(_ element: SkeletonElement, text: String?) throws(Complaint)
  /// A record: the bytes of one element, from `<` to `>`.
  func record(_ bytes: Span<UInt8>, line: Int, in surroundings: Surroundings) throws(Complaint)
  /// Records that hold no element, with nothing but white space between them: the first begins the bytes, or white space before it, and the last ends them.
  func records(_ places: ArraySlice<(range: Range<Int>, line: Int)>, of bytes: Span<UInt8>, in surroundings: Surroundings) throws(Complaint)
}

extension RecordSink {
  /// Takes them one by one, with what stands between them.
  package func records(
    _ places: ArraySlice<(range: Range<Int>, line: Int)>, of bytes: Span<UInt8>, in surroundings: Surroundings
  ) throws(Complaint) {
    var end = 0
    for place in places {
      if place.range.lowerBound > end { try skeleton(bytes.extracting(end..<place.range.lowerBound)) }
      try record(bytes.extracting(place.range), line: place.line, in: surroundings)
      end = place.range.upperBound
    }
  }
}

/// A document, cut into skeleton and records.
///
/// One SAX pass checks the whole document against the parse policy and finds where each record begins and ends; no tree is built. Memory
/// is bounded by the largest record. A record is the outermost element of one of the given names, in no namespace: "SCAN" for any,
/// "RESPONSE/POLICY_LIST/POLICY" for those below elements of these names.
///
/// Where the pass must be quick, it skims: the parser is shown the tags of a record, and what stands between them only if it
/// is not of the plain kind that a loop over the bytes knows to be well-formed.
package final class RecordStream {
  private let sink: any RecordSink
  private let scan: UnsafeMutablePointer<Scan>
  private var transcoder = Transcoder()

  /// The bytes from document position `base` on that may still be needed.
  private var window: [UInt8] = []
  private var base = 0
  /// How far the skeleton has been handed on.
  private var emitted = 0
  private var fed = 0
  /// The first bytes, until they have shown what the document is. Nil from then on.
  private var start: [UInt8]? = []

  /// The skeleton's open elements.
  private var open: [SkeletonElement] = []
  private var prolog: [UInt8]?
  private var surroundings = Surroundings(opening: [], closing: [], generation: 0)
  /// The end of the last start tag, while nothing but text has followed it.
  private var leaf: Int?
  /// The record that is open: its `<`, what follows its start tag, and the line.
  private var recordStart: (position: Int, inside: Int, line: Int)?

  private let skims: Bool
  /// How many bytes the parser has not been shown, since they are plain.
  package var unseen: Int { scan.pointee.skipped }
  /// How far the parser has been given the document, or the document has been skimmed.
  private var given = 0
  /// The inside of a record is being skimmed; the line of its start tag.
  private var skimmedFrom: Int32?
  /// How many records had to be shown to the parser after all.
  private var doubts = 0
  /// A record has ended, and no other element has begun.
  private var isBehindRecord = false
  private var recordBytes = 0
  /// Records of a run, in memory that stays.
  private var run: [cmarkup_element] = []
  /// How many records stood in runs, and how often there was none.
  private var inRuns = 0
  private var noRuns = 0
  private var mayRun: Bool { noRuns < 16 + inRuns / 2 }

  /// How many records have been handed on.
  package private(set) var count = 0
  /// What is wrong with a document that was refused, if it is of a kind that can be mended.
  package private(set) var mendable: RepairKind?
  /// The encoding of the input where it was not UTF-8.
  package var foreignEncoding: String? { transcoder.foreign }

  /// Gets ready to read one document. Errors: `fault` if there is no memory.
  package init(records: [String], into sink: any RecordSink, skims: Bool = false) throws(Complaint) {
    ParsePolicy.prepare()
    self.sink = sink
    self.skims = skims
    scan = .allocate(capacity: 1)
    scan.initialize(to: Scan())
    var handler = Scan.handler()
    guard let context = xmlCreatePushParserCtxt(&handler, scan, nil, 0, nil) else {
      scan.deinitialize(count: 1)
      scan.deallocate()
      throw Complaint(.fault, "out of memory")
    }
    scan.pointee.context = context
    xmlCtxtUseOptions(context, ParsePolicy.checking)
    // Interned, so that a name is compared as a pointer.
    scan.pointee.records = records.map { record in
      record.split(separator: "/").map { xmlDictLookup(context.pointee.dict, String($0), -1) }
    }
  }

  deinit {
    if let context = scan.pointee.context {
      // Made by the parser itself for entity declarations, before our callback refuses them.
      if let document = context.pointee.myDoc { xmlFreeDoc(document) }
      xmlFreeParserCtxt(context)
    }
    cmarkup_skimmer_end(&scan.pointee.skimmer)
    scan.deinitialize(count: 1)
    scan.deallocate()
  }

  /// What has come has not reached the parser: it is too short to be told, or it is something else than XML.
  package var isUnread: Bool { start != nil }

  /// Takes the next bytes of the input.
  package func feed(_ bytes: consuming [UInt8]) throws(Complaint) {
    try check(transcoder.transcode(bytes, last: false))
  }

  /// The input has ended: the document must have ended, too.
  package func finish() throws(Complaint) {
    try check(transcoder.transcode([], last: true))
    if let start {
      if start.isEmpty { throw Complaint(.refused, "the input is empty: whatever was to write it has failed, or has written nothing") }
      try lookAtStart(start, last: true)
      self.start = nil
      try take(start[...])
    }
    stopSkimming()
    try give(upTo: fed)
    // The parser would say of what breaks off that there is something behind its end.
    let open = openAtEnd
    xmlParseChunk(scan.pointee.context, nil, 0, 1)
    try handEvents()
    let words = scan.pointee.words
    if let open, scan.pointee.violation == nil, words.left == 0 || cmarkupText(words).hasPrefix("Extra content") {
      if count > 0 { mendable = .truncation }
      throw Complaint(.refused, "the document breaks off: " + open, at: line)
    }
    guard let context = scan.pointee.context, context.pointee.wellFormed == 1, context.pointee.nsWellFormed == 1 else {
      throw complaint(fallback: "the document is not well-formed")
    }
    try ParsePolicy.complainIfAskedToLoad()
    try skeleton(upTo: fed)
  }

  private func check(_ bytes: [UInt8]) throws(Complaint) {
    guard let known = start else { return try take(bytes[...]) }
    let whole = known + bytes
    start = whole
    guard try lookAtStart(whole, last: false) else { return }
    start = nil
    try take(whole[...])
  }

  private func take(_ bytes: ArraySlice<UInt8>) throws(Complaint) {
    // In pieces, so that a start tag or a text that grows without end is seen before the parser has it whole.
    var rest = bytes
    while !rest.isEmpty {
      var piece = rest.prefix(1 << 16)
      rest = rest.dropFirst(piece.count)
      // The parser would say of a control character that it is no UTF-8. What is wrong before it is said first.
      let control = piece.withUnsafeBytes { cmarkup_control($0.baseAddress, $0.count) }
      let character = control < piece.count ? piece[piece.startIndex + control] : nil
      if character != nil { piece = piece.prefix(control) }
      window += piece
      fed += piece.count
      while given < fed {
        if skimmedFrom != nil, !skim() { break }
        if skims { try passRuns() }
        try give(upTo: skims ? stop : fed)
        // The parser stands behind the start tag of a record, and has seen nothing of what follows.
        if skims, let started = recordStart, started.inside == given, scan.pointee.position == given {
          scan.pointee.skimmer.at = given - started.position
          scan.pointee.skimmer.tag = given - started.position
          scan.pointee.skimmer.depth = 0
          skimmedFrom = scan.pointee.context?.pointee.input?.pointee.line
        }
      }
      if let character {
        stopSkimming()
        try give(upTo: fed)
        throw try refusal(of: character)
      }
      try boundPending()
      try handSkeleton()
    }
  }

  /// A control character that no document may hold, behind all that has been fed.
  private func refusal(of character: UInt8) throws(Complaint) -> Complaint {
    let digits = (character < 0x10 ? "0" : "") + String(character, radix: 16, uppercase: true)
    let name = character == 0 ? "a NUL byte" : "the control character U+00" + digits
    let unread = window[max(0, scan.pointee.position - base)...]
    let number = scan.pointee.line + unread.count { $0 == "\n" }
    // What the parser holds back depends on the pieces in which it came: it is to look at all of it. That this is not a whole document is no fault.
    let isOpen = openAtEnd != nil
    xmlParseChunk(scan.pointee.context, nil, 0, 1)
    let words = scan.pointee.words
    let isFault = words.count > 0 && !(isOpen && (words.left == 0 || cmarkupText(words).hasPrefix("Extra content")))
    if scan.pointee.violation != nil || isFault { throw complaint(fallback: "") }
    mendable = .controlCharacters
    return Complaint(.refused, "the input has \(name), which XML cannot hold", at: String(max(1, number)))
  }

  /// What has no end when the input has ended, nil if the document is over.
  private var openAtEnd: String? {
    if scan.pointee.words.count > 0 || scan.pointee.violation != nil { return nil }
    if let started = recordStart {
      let name = window[(started.position - base + 1)...].prefix { $0 > " " && $0 != ">" && $0 != "/" }
      return "the \(String(decoding: name, as: UTF8.self)) of line \(started.line) has no end"
    }
    if let last = open.last { return "the \(last.name) of line \(last.line) has no end" }
    if prolog == nil { return "it has no root element" }
    // Behind the root, a comment or a processing instruction may have begun.
    let rest = window[max(0, scan.pointee.position - base)...].drop { $0 <= " " }
    return rest.starts(with: "<!-".utf8) || rest.starts(with: "<?".utf8) || rest.elementsEqual("<".utf8) || rest.elementsEqual("<!".utf8)
      ? "what stands behind its root element has no end" : nil
  }

  /// Shows the parser the document up to a position.
  private func give(upTo end: Int) throws(Complaint) {
    while given < end {
      let piece = window[given - base..<min(end, given + 1 << 16) - base]
      given += piece.count
      let status = piece.withUnsafeBytes { piece in
        xmlParseChunk(scan.pointee.context, piece.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(piece.count), 0)
      }
      // While libxml2 looks for the end of an internal subset, it forgets between two pieces that it is in a comment: from the start, then.
      if let context = scan.pointee.context, context.pointee.instate == XML_PARSER_DTD { context.pointee.checkIndex = 0 }
      try handEvents()
      if status != 0 || scan.pointee.words.count > 0 { throw complaint(fallback: "the document is not well-formed") }
      if given < end { try boundPending() }
    }
  }

  // MARK: Skimming

  /// Where the parser is to stop, so that the next record can be skimmed: behind the record that it is in, or behind the next tag. Where
  /// records are short and no run, or hardly ever plain, it is quicker to let it go on.
  private var stop: Int {
    guard count == 0 || recordBytes / count >= 200 || mayRun, doubts < 16 + count / 2 else { return fed }
    var start = given
    if let started = recordStart {
      let name = window[(started.position - base + 1)...].prefix { $0 > " " && $0 != ">" && $0 != "/" }
      guard let end = find(["<", "/"] + name, from: given) else { return fed }
      start = end
    } else if !isBehindRecord {
      return fed
    }
    guard let end = find(Self.tagEnd, from: start) else { return fed }
    // Of a name that is no UTF-8, the parser says so only where something stands behind it.
    let unread = recordStart == nil ? min(start, scan.pointee.position) : start
    return window[unread - base..<end - base].contains { $0 >= 0x80 } ? fed : end + 1
  }

  private static let tagEnd: [UInt8] = [">"]

  /// Where a word begins next in the document.
  private func find(_ word: [UInt8], from start: Int) -> Int? {
    let found = window[(start - base)...].withUnsafeBytes { cmarkup_find($0.baseAddress, $0.count, word, word.count) }
    return found < 0 ? nil : start + found
  }

  /// Goes on through a record. Returns false if more bytes are needed.
  private func skim() -> Bool {
    guard let started = recordStart else { return true }
    let record = started.position - base
    let from = scan.pointee.skimmer.at
    let room = Int32(ParsePolicy.depth - scan.pointee.depth)
    let verdict = window[record...].withUnsafeBytes { cmarkup_skim(&scan.pointee.skimmer, $0.baseAddress, $0.count, room) }
    if verdict == cmarkup_is_unsure {
      doubts += 1
      stopSkimming()
      return true
    }
    // To the parser, the record is empty so far.
    let passed = window[record + from..<record + scan.pointee.skimmer.at]
    given += passed.count
    scan.pointee.skipped += passed.count
    scan.pointee.lastEvent = given
    scan.pointee.context?.pointee.input?.pointee.line += Int32(passed.withUnsafeBytes { cmarkup_lines($0.baseAddress, $0.count) })
    if verdict == cmarkup_at_end_tag { skimmedFrom = nil }
    return skimmedFrom == nil
  }

  /// Passes over records behind a record that hold a plain text and no element, which a list may have by the hundred thousand: the parser sees none of
  /// them.
  private func passRuns() throws(Complaint) {
    guard isBehindRecord, mayRun, recordStart == nil, !open.isEmpty, given < fed, scan.pointee.position == given,
      let input = scan.pointee.context?.pointee.input
    else { return }
    let names = scan.pointee.records.filter { path in
      scan.pointee.open.suffix(path.count - 1).elementsEqual(path.dropLast())
    }.map { path in path.last.flatMap { name in UnsafeRawPointer(name)?.assumingMemoryBound(to: CChar.self) } }
    if run.isEmpty { run = [cmarkup_element](repeating: cmarkup_element(), count: 1 << 10) }
    let held = window
    let bytes = held.span
    let before = inRuns
    while true {
      let start = given - base
      let number = held[start...].withUnsafeBytes { cmarkup_run($0.baseAddress, $0.count, names, names.count, &run, run.count) }
      if number == 0 {
        if inRuns == before { noRuns += 1 }
        return
      }
      if surroundings.opening.isEmpty { rebuildSurroundings() }
      let line = Int(input.pointee.line)
      let end = start + Int(run[number - 1].end)
      let passed = held[start..<end]
      given += passed.count
      scan.pointee.skipped += passed.count
      scan.pointee.lastEvent = given
      input.pointee.line += Int32(passed.withUnsafeBytes { cmarkup_lines($0.baseAddress, $0.count) })
      count += number
      inRuns += number
      recordBytes += passed.count
      try skeleton(upTo: base + start)
      emitted = base + end
      let places = run[..<number].map { (range: Int($0.start)..<Int($0.end), line: line + Int($0.line)) }
      try sink.records(places[...], of: bytes.extracting(start..<end), in: surroundings)
    }
  }

  /// The parser is to see the record after all.
  private func stopSkimming() {
    guard let line = skimmedFrom, let started = recordStart else { return }
    skimmedFrom = nil
    scan.pointee.skipped -= given - started.inside
    scan.pointee.lastEvent = started.inside - 1
    scan.pointee.context?.pointee.input?.pointee.line = line
    given = started.inside
  }

  /// Says what a document is that is not XML at all. The parser would only say that it is broken, or empty. False if more bytes are needed.
  @discardableResult
  private func lookAtStart(_ bytes: [UInt8], last: Bool) throws(Complaint) -> Bool {
    let text = bytes.prefix(4096).drop { $0 == " " || ("\t"..."\r").contains($0) || $0 == 0xEF || $0 == 0xBB || $0 == 0xBF }
    guard let first = text.first else {
      if last { throw Complaint(.refused, "the input is blank: it has no document") }
      return bytes.count >= 4096
    }
    // A NUL byte has a message of its own.
    if first == 0 { return true }
    guard first == "<" else {
      if !last, text.count < 200, !text.contains("\n") { return false }
      if !NotXML.isKnown(text), DocumentRepair.documentStart(in: Array(text), from: 0, last: true) != nil { mendable = .leadingText }
      throw Complaint(.refused, NotXML.words(text), at: nil)
    }
    let lower = text.map { ("A"..."Z").contains($0) ? $0 | 0x20 : $0 }
    let pages = ["<!doctype html", "<html"].map { Array($0.utf8) }
    if !last, pages.contains(where: { lower.count < $0.count && $0.starts(with: lower) }) { return false }
    guard pages.contains(where: { lower.starts(with: $0) }) else { return true }
    let open = lower.firstRange(of: Array("<title>".utf8))?.upperBound
    let close = open.flatMap { open in lower[open...].firstRange(of: Array("</title>".utf8))?.lowerBound }
    if !last, close == nil, bytes.count < 4096 { return false }
    let title = open.flatMap { open in close.map { " titled \"\(String(decoding: text.dropFirst(open).prefix($0 - open), as: UTF8.self))\"" } }
    throw Complaint(.refused, "this is an HTML page\(title ?? ""), not a Qualys document")
  }

  /// The first complaint of the pass: our own rules', else the parser's.
  private func complaint(fallback: String) -> Complaint {
    if let violation = scan.pointee.violation { return Complaint(.refused, violation.reason, at: String(violation.line)) }
    let words = scan.pointee.words
    guard words.count > 0 else { return Complaint(.refused, fallback, at: line) }
    let text = cmarkupText(words)
    // The parser's own limit, which is the same.
    if text.contains("Huge input lookup") { return Complaint(.refused, Scan.textIsTooLong, at: line) }
    // Of bytes at the end of what it has, the parser only says that it is at its wits' end.
    let isMalformed = text.hasPrefix(Self.notUTF8) || text.contains("detected an error in element content")
    mendable = isMalformed ? .invalidUTF8 : fault(in: text)
    return Complaint(.refused, "not well-formed: " + (isMalformed ? Self.notUTF8 : text), at: String(max(words.line, 1)))
  }

  private static let notUTF8 = "Input is not proper UTF-8"

  /// The kind of fault that the parser speaks of, if it can be mended.
  private func fault(in text: String) -> RepairKind? {
    let words: [(start: String, kind: RepairKind)] = [
      ("xmlParseEntityRef: no name", .ampersands), ("EntityRef: expecting ';'", .ampersands),
      ("xmlParseCharRef: invalid decimal value", .ampersands), ("xmlParseCharRef: invalid hexadecimal value", .ampersands),
      ("xmlParseCharRef: invalid xmlChar value", .controlCharacters),
      ("xmlParseCharRef: character reference out of bounds", .controlCharacters), ("Char 0x", .controlCharacters),
      ("PCDATA invalid Char value", .controlCharacters),
      ("XML declaration allowed only at the start of the document", open.isEmpty && prolog == nil ? .leadingSpace : .concatenation),
    ]
    if let known = words.first(where: { text.hasPrefix($0.start) }) { return known.kind }
    guard text.hasPrefix("Extra content") else { return nil }
    // The parser has stopped, and stands nowhere.
    let rest = window[max(0, min(window.count, given - scan.pointee.words.left - base))...].drop { $0 <= " " }
    return DocumentRepair.documentStart(in: ["\n"] + rest.prefix(1 << 16), from: 0, last: true) == nil ? nil : .concatenation
  }

  private var line: String { String(max(1, scan.pointee.context?.pointee.input?.pointee.line ?? 1)) }

  /// Refuses what the parser holds back until it is whole, and would then need too long for.
  private func boundPending() throws(Complaint) {
    let position = scan.pointee.position
    if max(position - scan.pointee.lastEvent, fed - scan.pointee.lastEvent - ParsePolicy.tag) > ParsePolicy.text + 1 {
      throw Complaint(.refused, Scan.textIsTooLong, at: line)
    }
    let context = scan.pointee.context
    // A name that the parser has met, and that was skimmed over elsewhere, counts twice: a list has some hundred.
    if let dictionary = context?.pointee.dict, Int(xmlDictSize(dictionary)) + Int(scan.pointee.skimmer.known_count) > ParsePolicy.names {
      throw Complaint(.refused, "the document has more than \(ParsePolicy.names) different names", at: line)
    }
    if let started = recordStart, fed - started.position > ParsePolicy.record {
      throw Complaint(.refused, "a record is longer than \(ParsePolicy.record) bytes", at: String(started.line))
    }
    guard fed - position >= 1 << 15 else { return }
    let pending = window[(position - base)...]
    guard pending.first == "<", let second = pending.dropFirst().first, second != "!", second != "?" else { return }
    if pending.count > ParsePolicy.tag { throw Complaint(.refused, "a start tag is longer than \(ParsePolicy.tag) bytes", at: line) }
    var quote: UInt8 = 0
    var attributes = 0
    for byte in pending {
      if quote != 0 {
        if byte == quote { quote = 0 }
      } else if byte == "\"" || byte == "'" {
        quote = byte
        attributes += 1
      }
    }
    if attributes > ParsePolicy.attributes { throw Complaint(.refused, "an element has more than \(ParsePolicy.attributes) attributes", at: line) }
  }

  // MARK: What the pass has found

  private func handEvents() throws(Complaint) {
    if scan.pointee.events.isEmpty { return }
    var events: [Scan.Event] = []
    swap(&events, &scan.pointee.events)
    defer {
      // The same memory again.
      events.removeAll(keepingCapacity: true)
      swap(&events, &scan.pointee.events)
    }
    for event in events {
      switch event {
      case .opened(let name, let namespace, let end, let line):
        let start = lastTag(before: end)
        isBehindRecord = false
        if prolog == nil { prolog = Array(window[0..<start - base]) }
        try skeleton(upTo: end)
        let tag = Array(window[start - base..<end - base])
        let element = SkeletonElement(name: name, namespace: namespace, path: open.map(\.name), line: line - Self.lineFeeds(in: tag[...]), tag: tag)
        if !open.isEmpty { open[open.count - 1].holdsElements = true }
        open.append(element)
        leaf = end
        changed()
        try sink.opened(element)
      case .closed(let end):
        let text = leaf.flatMap { start in start >= base && end - start <= 8192 ? Outline.text(of: window[start - base..<end - base]) : nil }
        leaf = nil
        isBehindRecord = false
        try skeleton(upTo: end)
        let element = open.removeLast()
        changed()
        try sink.closed(element, text: text)
      case .text:
        if !open.isEmpty { open[open.count - 1].holdsText = true }
      case .recordStarted(let end, let line):
        let start = lastTag(before: end)
        if !open.isEmpty { open[open.count - 1].holdsElements = true }
        // A document whose root is itself a record has no skeleton element to end the prolog.
        if prolog == nil { prolog = Array(window[0..<start - base]) }
        try skeleton(upTo: start)
        recordStart = (start, end + 1, line - Self.lineFeeds(in: window[start - base..<end - base]))
        leaf = nil
      case .recordEnded(let end):
        guard let started = recordStart else { continue }
        recordStart = nil
        isBehindRecord = true
        recordBytes += end - started.position
        if surroundings.opening.isEmpty { rebuildSurroundings() }
        emitted = end
        count += 1
        let held = window
        let bytes = held.span
        try sink.record(bytes.extracting(started.position - base..<end - base), line: started.line, in: surroundings)
      }
    }
  }

  private func changed() {
    surroundings.generation += 1
    surroundings.opening = []
  }

  private func rebuildSurroundings() {
    surroundings.opening = (prolog ?? []) + open.flatMap(\.tag)
    surroundings.closing = open.reversed().flatMap { element in
      // The name as it is written, with its prefix.
      Array("</".utf8) + element.tag.dropFirst().prefix { $0 > " " && $0 != ">" && $0 != "/" } + [">"]
    }
    // An empty opening means "not known": a record that is itself the root has nothing around it but a blank.
    if surroundings.opening.isEmpty { surroundings.opening = ["\n"] }
  }

  /// The `<` of the start tag that ends at `end`: the last one before, since none may stand in an attribute's value.
  private func lastTag(before end: Int) -> Int {
    base + (window[..<(end - base)].lastIndex(of: "<") ?? 0)
  }

  /// libxml2 names the line where a start tag ends; a person wants the one where it begins.
  private static func lineFeeds(in tag: ArraySlice<UInt8>) -> Int { tag.count { $0 == "\n" } }

  private func skeleton(upTo end: Int) throws(Complaint) {
    guard end > emitted else { return }
    let held = window
    let bytes = held.span
    try sink.skeleton(bytes.extracting(emitted - base..<end - base))
    emitted = end
  }

  /// Hands on the skeleton that is behind the parser, and forgets what nobody needs any more.
  private func handSkeleton() throws(Complaint) {
    let position = scan.pointee.position
    if prolog == nil, open.isEmpty, recordStart == nil {
      // Kept whole for the surroundings.
      if position > ParsePolicy.prolog {
        throw Complaint(.refused, "there are more than \(ParsePolicy.prolog) bytes before the root element", at: line)
      }
      return
    }
    if recordStart == nil { try skeleton(upTo: position) }
    var needed = recordStart?.position ?? position
    if let leaf, position - leaf <= 8192 { needed = min(needed, leaf) }
    // Moving the rest to the front costs as much as the rest is long, so it waits until most of the window can go.
    if needed - base > window.count / 2 {
      window.removeFirst(needed - base)
      base = needed
    }
  }
}

/// What an input is that does not begin as XML does.
enum NotXML {
  /// It is something that has a name of its own, and no document with some text before it.
  static func isKnown(_ text: ArraySlice<UInt8>) -> Bool {
    ["{", "[", "/", "POST\t", "GET\t", "PUT\t", "DELETE\t", "# ", "source_id,", "kind\tid\t"].contains { text.starts(with: $0.utf8) }
  }

  static func words(_ text: ArraySlice<UInt8>) -> String {
    func begins(_ words: String...) -> Bool { words.contains { text.starts(with: $0.utf8) } }
    if begins("HTTP/") { return "these are HTTP headers before a document: save what is behind them only" }
    if begins("{", "[") { return "this is JSON: the programs read XML" }
    if begins("/", "POST\t", "GET\t", "PUT\t", "DELETE\t", "# ") { return "this is a request list, not XML: qtbx-requests reads it" }
    if begins("source_id,") { return "this is a map of ids, not XML: it goes with an option" }
    if begins("kind\tid\t") { return "this is a report, not XML" }
    // Whatever it is, it may be a secret.
    return "this is no XML: it does not begin with a tag"
  }
}

/// The state of the pass, shared with libxml2's callbacks: its address is their user data, and `words` stands first in it since
/// `cmarkup_sax_error` takes the same address.
private struct Scan {
  enum Event {
    case opened(name: String, namespace: String?, end: Int, line: Int)
    case closed(end: Int)
    /// The first text of the open element that is not blank.
    case text
    case recordStarted(end: Int, line: Int)
    case recordEnded(end: Int)
  }

  var words = cmarkup_message()
  var context: xmlParserCtxtPtr?
  /// The names of records, each behind those of the elements that it must stand in.
  var records: [[UnsafePointer<xmlChar>?]] = []
  /// The names of the skeleton's open elements.
  var open: [UnsafePointer<xmlChar>?] = []
  /// Of each, whether it has been said that it holds text.
  var texts: [Bool] = []
  var events: [Event] = []
  var violation: (reason: String, line: Int)?
  var depth = 0
  /// The depth of the record that is open, 0 outside.
  var recordDepth = 0
  var lastEvent = 0
  /// How many bytes of the document the parser has not been shown.
  var skipped = 0
  var skimmer = cmarkup_skimmer()

  /// How many bytes of the document the parser is behind. Exact for UTF-8 at a tag's `>` when it starts an element, and just behind it
  /// when it ends one: what `xmlByteConsumed` computes where no encoder is at work. Inlined, or all of the state is copied for the question.
  @inline(__always)
  var position: Int {
    guard let input = context?.pointee.input else { return 0 }
    return Int(input.pointee.consumed) + (input.pointee.cur - input.pointee.base) + skipped
  }

  @inline(__always)
  var line: Int { Int(context?.pointee.input?.pointee.line ?? 0) }

  mutating func violate(_ reason: String) {
    if violation == nil { violation = (reason, line) }
    words.count += 1
    xmlStopParser(context)
  }

  /// Refuses too long a text between this tag and the last.
  @inline(__always)
  mutating func mark(_ position: Int) {
    // The last event may have been at the ">" of its tag, not behind it.
    if position - lastEvent > ParsePolicy.text + 1, tagStart(position) - lastEvent > ParsePolicy.text + 1 { violateText() }
    lastEvent = position
  }

  mutating func violateText() { violate(Self.textIsTooLong) }

  static let textIsTooLong = "a text is longer than \(ParsePolicy.text) bytes"

  /// Where the tag at the parser's position begins: it is parsed as a whole, so its `<` is still in the parser's buffer.
  private func tagStart(_ position: Int) -> Int {
    guard let input = context?.pointee.input, let base = input.pointee.base, let behind = input.pointee.cur else { return position }
    var at = behind - 1
    while at > base, at.pointee != "<" { at -= 1 }
    return position - (behind - at)
  }

  static func handler() -> xmlSAXHandler {
    var handler = xmlSAXHandler()
    handler.initialized = UInt32(XML_SAX2_MAGIC)
    handler.serror = { cmarkup_sax_error($0, $1) }
    handler.startElementNs = { data, name, _, uri, _, _, attributes, _, _ in
      let scan = Scan.of(data)
      scan.pointee.depth += 1
      let depth = scan.pointee.depth
      let position = scan.pointee.position
      scan.pointee.mark(position)
      if depth > ParsePolicy.depth { scan.pointee.violate("elements are nested more than \(ParsePolicy.depth) deep") }
      if attributes > ParsePolicy.attributes { scan.pointee.violate("an element has more than \(ParsePolicy.attributes) attributes") }
      guard scan.pointee.recordDepth == 0 else { return }
      guard let next = scan.pointee.context?.pointee.input?.pointee.cur else { return }
      let empty = next[0] == "/"
      // A tag that is broken, or cut by the end of the input, is told of before libxml2 finds that it has no end.
      guard next[empty ? 1 : 0] == ">" else { return }
      let isRecord = scan.pointee.records.contains { path in
        path.last == name && scan.pointee.open.suffix(path.count - 1).elementsEqual(path.dropLast())
      }
      if uri == nil, isRecord {
        scan.pointee.recordDepth = depth
        scan.pointee.events.append(.recordStarted(end: position, line: scan.pointee.line))
      } else {
        scan.pointee.open.append(name)
        scan.pointee.texts.append(false)
        scan.pointee.events.append(
          .opened(
            name: name.map { String(cString: $0) } ?? "", namespace: uri.map { String(cString: $0) }, end: position + (empty ? 2 : 1),
            line: scan.pointee.line))
      }
    }
    handler.endElementNs = { data, _, _, _ in
      let scan = Scan.of(data)
      let position = scan.pointee.position
      scan.pointee.mark(position)
      if scan.pointee.recordDepth == 0 {
        scan.pointee.open.removeLast()
        scan.pointee.texts.removeLast()
        scan.pointee.events.append(.closed(end: position))
      } else if scan.pointee.recordDepth == scan.pointee.depth {
        scan.pointee.recordDepth = 0
        scan.pointee.events.append(.recordEnded(end: position))
      }
      scan.pointee.depth -= 1
    }
    handler.characters = { data, text, count in
      let scan = Scan.of(data)
      guard scan.pointee.recordDepth == 0, let text, scan.pointee.texts.last == false else { return }
      guard UnsafeBufferPointer(start: text, count: Int(count)).contains(where: { $0 > " " }) else { return }
      scan.pointee.texts[scan.pointee.texts.count - 1] = true
      scan.pointee.events.append(.text)
    }
    // The same, or libxml2 would look at every blank text to tell which it is.
    handler.ignorableWhitespace = handler.characters
    handler.entityDecl = { data, name, _, _, _, _ in Scan.refuse(data, "declares the entity", name) }
    handler.unparsedEntityDecl = { data, name, _, _, _ in Scan.refuse(data, "declares the entity", name) }
    handler.getEntity = { data, name in
      Scan.of(data).pointee.refuseReference()
      return nil
    }
    handler.getParameterEntity = { data, name in
      Scan.refuse(data, "refers to the parameter entity", name)
      return nil
    }
    handler.reference = { data, _ in Scan.of(data).pointee.refuseReference() }
    return handler
  }

  /// The state behind a callback's user data, which libxml2 hands back as it got it.
  @inline(__always)
  fileprivate static func of(_ data: UnsafeMutableRawPointer?) -> UnsafeMutablePointer<Scan> {
    guard let data else { preconditionFailure("libxml2 lost its user data") }
    return data.assumingMemoryBound(to: Scan.self)
  }

  /// Without the name: a password that is written without its escapes may have an ampersand.
  fileprivate mutating func refuseReference() { violate("the document refers to an entity: entities are never read here") }

  fileprivate static func refuse(_ data: UnsafeMutableRawPointer?, _ what: String, _ name: UnsafePointer<xmlChar>?) {
    let scan = Scan.of(data)
    scan.pointee.violate("the document \(what) \"\(name.map { String(cString: $0) } ?? "")\": entities are never read here")
  }
}

/// The collected words of a library.
func cmarkupText(_ words: cmarkup_message) -> String {
  let text = withUnsafeBytes(of: words.text) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  return text.last == " " ? String(text.dropLast()) : text
}
