package import Base
internal import CMarkup
internal import Glibc

/// Mends a document that no parser takes, piece by piece, and keeps every other byte.
///
/// A tokenizer, no parser: it knows where text, tags, values and sections begin and end, and leaves the verdict to whoever checks what it writes.
/// It remembers the names of the open elements, and where the outermost of them may be cut back to; memory does not depend on the input otherwise.
package struct DocumentRepair: ~Copyable {
  /// What has come of the input since it was last asked.
  package struct Part {
    /// What was written before is cut back to so many bytes first.
    package var cut: Int?
    /// These bytes stand at a place in what is left of it, in place of as many others.
    package var change: (at: Int, bytes: [UInt8])?
    /// The next bytes of the document.
    package var bytes: [UInt8] = []
    /// What was mended.
    package var repairs: [Repair] = []
    /// What else was mended, when enough places have been named: how many, by their kinds.
    package var others: [RepairKind: Int] = [:]
  }

  private let kinds: Set<RepairKind>
  private let wanted: Int?
  private let formOf: (String) -> RecordForm?
  /// How many places may still be named.
  private var unnamed: Int
  private var part = Part()
  /// How many bytes of the document were taken before those of the part.
  private var written = 0

  /// The first bytes, until the document has begun. Nil from then on.
  private var lead: [UInt8]? = []
  private var leadAt = 0
  private var leadStart = 0
  private var transcoder: Transcoder
  private var isForeign = false
  private var scrubber: Scrubber

  /// Clean bytes that cannot be told yet: the beginning of a reference or of markup.
  private var held: [UInt8] = []
  /// Where these stood in the input: the first of them, and each that does not stand right behind the one before it.
  private var heldPlaces: [(at: Int, place: InputPlace)] = []
  /// How many bytes of the buffer were held.
  private var heldCount = 0
  private var isWaiting = false
  /// What the scrubber has mended, and which of it the tokenizer has not come to.
  private var faults: [Scrubber.Fault] = []
  private var nextFault = 0
  /// The bytes of the buffer before this are written, or left out.
  private var copied = 0

  private enum State {
    case start, prolog, content, epilog, between
    case tag, value, endTag, comment, section, instruction, broken
    case doctype, doctypeQuote, doctypeComment, doctypeInstruction
  }
  private var state = State.start
  private var quote: UInt8 = 0
  private var previous: UInt8 = 0
  private var isInSubset = false
  private var lineIsBlank = true
  /// In a section: how many of the byte that its end begins with were the last before this place.
  private var endRun = 0
  /// In a section: a document begins there, it seems, and then another section of its kind.
  private var intruder: InputPlace?
  private var isNested = false
  private var tokenStart = 0
  private var tokenPlace: InputPlace?
  private var textPlace = InputPlace()

  /// An open element.
  private struct Open {
    /// Where its name begins among the names.
    var name: Int
    /// Where its tag begins in what is written.
    var start: Int
    /// The same in the input; only where the document may be cut back to it.
    var place: InputPlace?
    /// A whole record stands in it.
    var holds = false
  }
  private var open: [Open] = []
  private var names: [UInt8] = []
  private var hasRoot = false

  private var form: RecordForm?
  /// The depth of the record that is open, 0 outside.
  private var recordDepth = 0
  private var pending: [Repair] = []
  private var id: [UInt8] = []
  private var name: [UInt8] = []
  /// There was an ampersand that begins no reference, and is not mended: the document will be refused.
  private var isBare = false
  private var capture: (depth: Int, isID: Bool, from: Int)?
  private var captured: [UInt8] = []
  /// Where a search says whether it has more records, in what is written, and where this ends.
  private var moreRecords: (start: Int, end: Int)?

  private var isWritten: Bool
  /// How many documents there are, as far as has been read.
  package private(set) var documents = 1
  private var starts: [InputPlace] = []
  /// The name of the root element of the document that is written; empty until it is known.
  package private(set) var root = ""
  /// The elements that are records in it, as `RecordStream` takes them.
  package var records: [String] { form?.records ?? [] }
  /// The line of the input that it begins in.
  package private(set) var startLine = 1
  /// The encoding of the input where it was not UTF-8.
  package var foreignEncoding: String? { transcoder.foreign }

  /// - Parameters:
  ///   - kinds: what is mended.
  ///   - document: which of several documents is written; nil if there may be one only.
  ///   - readsWindows1252: bytes that are no UTF-8 become what they are there, not U+FFFD.
  ///   - limit: so many places are named, the others counted.
  ///   - formOf: what the records are in a document with this root element.
  package init(
    mending kinds: Set<RepairKind>, document: Int?, readsWindows1252: Bool, naming limit: Int, formOf: @escaping (_ root: String) -> RecordForm?
  ) {
    self.kinds = kinds
    wanted = document
    unnamed = limit
    self.formOf = formOf
    transcoder = Transcoder(takesHalf: kinds.contains(.truncation))
    isWritten = (document ?? 1) == 1
    scrubber = Scrubber(
      controls: kinds.contains(.controlCharacters), bytes: kinds.contains(.invalidUTF8), readsWindows1252: readsWindows1252)
  }

  /// Takes the next bytes of the input. Errors: `refused`, at a line of the input.
  package mutating func feed(_ bytes: consuming [UInt8]) throws(Complaint) {
    try take(bytes, last: false)
  }

  /// The input has ended. Errors: `refused`, at a line of the input.
  package mutating func finish() throws(Complaint) {
    try take([], last: true)
    try ended()
  }

  /// What has come since it was last asked.
  package mutating func taken() -> Part {
    var part = Part()
    swap(&part, &self.part)
    written += part.bytes.count
    capture?.from = 0
    return part
  }

  private mutating func take(_ bytes: consuming [UInt8], last: Bool) throws(Complaint) {
    if var start = lead {
      start += bytes
      lead = start
      guard try begin(last: last) else { return }
      bytes = Array(start[leadStart...])
      lead = nil
    }
    scrubber.scrub(isForeign ? try transcoder.transcode(bytes, last: last) : bytes, last: last)
    try tokenize(last: last)
    if last, transcoder.lost > 0 {
      let count = transcoder.lost == 1 ? "the last byte is" : "the last \(transcoder.lost) bytes are"
      note(.truncation, scrubber.place(at: .max), "\(count) no whole character, and left out")
    }
  }

  // MARK: Where the document begins

  /// Looks for the beginning of the document. False if more bytes are needed.
  private mutating func begin(last: Bool) throws(Complaint) -> Bool {
    guard let bytes = lead else { return true }
    if bytes.count < 4, !last { return false }
    if Self.isWide(bytes) {
      isForeign = true
      return true
    }
    // Control characters and a byte order mark are no text.
    while leadAt < bytes.count, bytes[leadAt] <= " " || bytes[leadAt] == 0xEF && bytes[leadAt...].starts(with: Self.mark) {
      leadAt += bytes[leadAt] == 0xEF ? 3 : 1
    }
    let isText = leadAt < bytes.count && bytes[leadAt] != "<"
    if isText, kinds.contains(.leadingText), !NotXML.isKnown(bytes[leadAt...]) {
      guard let start = Self.documentStart(in: bytes, from: leadAt, last: last) else {
        if bytes.count < Self.longestLead, !last { return false }
        // There is no document: the check will say what this is.
        return true
      }
      let text = Array(bytes[..<start])
      if text.contains("</") || text.contains("/>") {
        throw Complaint(.refused, "the beginning of the document is missing: there are tags before it", at: "1")
      }
      note(.leadingText, InputPlace(), Self.words(of: text))
      scrubber.pass(over: text)
      leadStart = start
      leadAt = start
      startLine += text.count { $0 == "\n" }
      return try decide(last: last)
    }
    if isText || leadAt > Self.longestLead { return true }
    return try decide(last: last)
  }

  /// Whether the document is in another encoding. False if more bytes are needed.
  private mutating func decide(last: Bool) throws(Complaint) -> Bool {
    guard let bytes = lead else { return true }
    let head = bytes[leadStart...].drop { $0 <= " " }.prefix(1200).filter { $0 >= " " || $0 == "\n" || $0 == "\r" || $0 == "\t" }
    var probe = Transcoder()
    do throws(Complaint) {
      _ = try probe.transcode(Array(head), last: last)
    } catch {
      throw Complaint(error.kind, error.reason, at: error.place == nil ? nil : String(startLine))
    }
    guard probe.hasDecided || last || head.count > 1100 else { return false }
    if probe.foreign != nil {
      isForeign = true
      // The declaration must be the first that the transcoder sees.
      let start = bytes[leadStart...].firstIndex { $0 > " " } ?? leadStart
      if start > leadStart, kinds.contains(.leadingSpace) {
        note(.leadingSpace, InputPlace(line: startLine), Self.spaceWords(start - leadStart))
        scrubber.pass(over: Array(bytes[leadStart..<start]))
        startLine += bytes[leadStart..<start].count { $0 == "\n" }
        leadStart = start
      }
    }
    return true
  }

  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
  /// How many bytes of text, or of white space, may stand before a document.
  private static let longestLead = 1 << 16

  /// Whether these bytes are in units of two or four, or compressed: for the transcoder, which takes or refuses them.
  private static func isWide(_ bytes: [UInt8]) -> Bool {
    let marks: [[UInt8]] = [[0xFF, 0xFE], [0xFE, 0xFF], [0, 0, 0xFE, 0xFF], [0x1F, 0x8B], ["P", "K", 3, 4], ["L", "o", 0xA7, 0x94]]
    return marks.contains { bytes.starts(with: $0) }
      || bytes.count > 3 && (bytes[0] == "<" && bytes[1] == 0 && bytes[3] == 0 || bytes[0] == 0 && bytes[1] == "<" && bytes[2] == 0)
  }

  /// Where a document begins behind text: at an XML declaration, or at a line that begins with a tag or a DOCTYPE.
  static func documentStart(in bytes: [UInt8], from start: Int, last: Bool) -> Int? {
    var lineIsBlank = false
    for at in start..<bytes.count {
      switch bytes[at] {
      case "\n": lineIsBlank = true
      case " ", "\t", "\r": break
      // A byte order mark.
      case 0xEF where lineIsBlank, 0xBB where lineIsBlank, 0xBF where lineIsBlank: break
      case "<":
        let begins = bytes.withUnsafeBufferPointer { beginsDocument($0, at: at, lineIsBlank: lineIsBlank) }
        if begins == true { return at }
        // What cannot be told yet is looked at again.
        if begins == nil, !last { return nil }
        lineIsBlank = false
      default: lineIsBlank = false
      }
    }
    return nil
  }

  /// Whether a document begins at a `<`, nil if these bytes are too few to tell.
  private static func beginsDocument(_ b: UnsafeBufferPointer<UInt8>, at start: Int, lineIsBlank: Bool) -> Bool? {
    if let declaration = isDeclaration(b, at: start) { if declaration { return true } } else { return nil }
    guard lineIsBlank else { return false }
    guard start + 1 < b.count else { return nil }
    return beginsName(b[start + 1]) ? true : has("<!DOCTYPE", b, at: start)
  }

  /// Whether an XML declaration begins at a `<`, nil if these bytes are too few to tell. `<?xml-stylesheet` is none.
  private static func isDeclaration(_ b: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool? {
    guard let word = has("<?xml", b, at: start) else { return nil }
    guard word else { return false }
    return start + 5 < b.count ? b[start + 5].isBlank : nil
  }

  /// Whether a word stands at a place, nil if these bytes are too few to tell.
  private static func has(_ word: StaticString, _ b: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool? {
    let count = min(word.utf8CodeUnitCount, b.count - start)
    guard let base = b.baseAddress, memcmp(base + start, word.utf8Start, count) == 0 else { return false }
    return count == word.utf8CodeUnitCount ? true : nil
  }

  private static func words(of text: [UInt8]) -> String {
    let lines = text.count { $0 == "\n" } + (text.last == "\n" ? 0 : 1)
    let count = "\(lines) line\(lines == 1 ? "" : "s")"
    if text.drop(while: { $0 <= " " }).starts(with: "HTTP/".utf8) { return "HTTP headers before the document are left out, \(count)" }
    let first = String(decoding: text.drop { $0 <= " " }.prefix(40).prefix { $0 != "\n" && $0 != "\r" }, as: UTF8.self)
    return "text before the document is left out, \(count): \(first)"
  }

  private static func spaceWords(_ count: Int) -> String {
    count == 1 ? "a blank before the XML declaration is left out" : "\(count) blanks before the XML declaration are left out"
  }

  // MARK: Tokens

  private mutating func tokenize(last: Bool) throws(Complaint) {
    let buffer = held.isEmpty ? scrubber.clean : held + scrubber.clean
    heldCount = held.count
    for fault in scrubber.faults {
      faults.append(fault)
      faults[faults.count - 1].at += heldCount
    }
    copied = 0
    isWaiting = false
    var position = 0
    // A slice of the same memory: what is mended grows elsewhere.
    try buffer.withUnsafeBufferPointer { b throws(Complaint) in
      while true {
        let limit = nextFault < faults.count ? min(faults[nextFault].at, b.count) : b.count
        if position < limit { position = try run(b, from: position, to: limit, last: last) }
        if isWaiting { break }
        guard nextFault < faults.count, faults[nextFault].at <= position else { break }
        note(faults[nextFault])
        nextFault += 1
      }
      write(b, upTo: position)
      heldPlaces = position < b.count ? places(from: position) : []
      held = Array(b[position...])
    }
    if let capturing = capture {
      captured += part.bytes[capturing.from...]
      capture?.from = part.bytes.count
      if captured.count > 4096 { capture = nil }
    }
    faults.removeFirst(nextFault)
    nextFault = 0
    for at in faults.indices { faults[at].at -= position }
  }

  /// Where a byte of the buffer stood in the input.
  private mutating func place(at position: Int) -> InputPlace {
    guard position < heldCount else { return scrubber.place(at: position - heldCount) }
    guard let (start, place) = heldPlaces.last(where: { $0.at <= position }) else { return InputPlace() }
    let before = held[start..<position]
    let lines = before.count { $0 == "\n" }
    guard lines > 0, let last = before.lastIndex(of: "\n") else { return InputPlace(line: place.line, column: place.column + position - start) }
    return InputPlace(line: place.line + lines, column: position - last)
  }

  /// Where the bytes of the buffer from this one on stood in the input, counted from it.
  private mutating func places(from position: Int) -> [(at: Int, place: InputPlace)] {
    guard position < heldCount else { return scrubber.places(from: position - heldCount) }
    let before = [(0, place(at: position))] + heldPlaces.filter { $0.at > position }.map { ($0.at - position, $0.place) }
    return before + scrubber.places(from: 0).map { ($0.at + heldCount - position, $0.place) }
  }

  /// Where a byte of the buffer stands in what is written.
  private func target(of position: Int) -> Int { written + part.bytes.count + position - copied }

  private mutating func write(_ b: UnsafeBufferPointer<UInt8>, upTo position: Int) {
    if isWritten, state != .between, position > copied {
      part.bytes.append(contentsOf: UnsafeBufferPointer(rebasing: b[copied..<position]))
    }
    copied = max(copied, position)
  }

  /// Goes on to a place, or to the first byte that cannot be told without those to come.
  private mutating func run(_ b: UnsafeBufferPointer<UInt8>, from start: Int, to limit: Int, last: Bool) throws(Complaint) -> Int {
    var at = start
    while at < limit, !isWaiting {
      switch state {
      case .start: at = begin(b, last: last)
      case .content: at = try content(b, from: at, to: limit, last: last)
      case .tag: at = try tag(b, from: at, to: limit, last: last)
      case .value: at = try value(b, from: at, to: limit, last: last)
      case .endTag:
        at = try endTag(b, from: at, to: limit, last: last)
      case .prolog:
        guard let less = Self.find("<", b, at, limit) else { return limit }
        at = try markup(b, at: less, last: last)
      case .epilog: at = try epilog(b, from: at, to: limit, last: last)
      case .between: at = try between(b, from: at, to: limit, last: last)
      case .comment, .doctypeComment: at = try section(b, "-->", from: at, to: limit, last: last)
      case .section: at = try section(b, "]]>", from: at, to: limit, last: last)
      case .instruction, .doctypeInstruction: at = try section(b, "?>", from: at, to: limit, last: last)
      case .doctype: at = doctype(b, from: at, to: limit, last: last)
      case .doctypeQuote:
        guard let end = Self.find(quote, b, at, limit) else { return limit }
        state = .doctype
        at = end + 1
      case .broken: at = limit
      }
    }
    return at
  }

  /// At the first byte of the document: white space before a declaration.
  private mutating func begin(_ b: UnsafeBufferPointer<UInt8>, last: Bool) -> Int {
    let first = b.starts(with: Self.mark) ? 3 : 0
    var at = first
    while at < b.count, b[at].isBlank { at += 1 }
    let declaration = at > first && at < b.count && b[at...].starts(with: Self.mark) ? at + 3 : at
    // Enough to tell, even if there is a mark.
    if b.count - at < 9, !last, at < Self.longestLead {
      isWaiting = true
      return 0
    }
    state = .prolog
    if at > first, kinds.contains(.leadingSpace), declaration < b.count, b[declaration] == "<", Self.isDeclaration(b, at: declaration) == true {
      note(.leadingSpace, place(at: first), Self.spaceWords(at - first))
      startLine += b[first..<at].count { $0 == "\n" }
      write(b, upTo: first)
      copied = at
      return at
    }
    return first
  }

  private mutating func content(_ b: UnsafeBufferPointer<UInt8>, from start: Int, to limit: Int, last: Bool) throws(Complaint) -> Int {
    let less = Self.find("<", b, start, limit) ?? limit
    var at = start
    while let ampersand = Self.find("&", b, at, less) {
      guard let end = reference(b, at: ampersand, last: last) else {
        isWaiting = true
        return ampersand
      }
      at = end
    }
    return less < limit && at <= less ? try markup(b, at: less, last: last) : max(at, less)
  }

  private mutating func value(_ b: UnsafeBufferPointer<UInt8>, from start: Int, to limit: Int, last: Bool) throws(Complaint) -> Int {
    var at = start
    while at < limit {
      let byte = b[at]
      if byte == quote {
        state = .tag
        previous = byte
        return at + 1
      }
      if byte == "&" {
        guard let end = reference(b, at: at, last: last) else {
          isWaiting = true
          return at
        }
        at = end
      } else if byte == "<" {
        at = try lessInTag(b, at: at, last: last)
        if isWaiting || state != .value { return at }
      } else {
        at += 1
      }
    }
    return at
  }

  private mutating func tag(_ b: UnsafeBufferPointer<UInt8>, from start: Int, to limit: Int, last: Bool) throws(Complaint) -> Int {
    var at = start
    while at < limit {
      let byte = b[at]
      if byte == ">" {
        opened(b, end: at + 1, isEmpty: previous == "/")
        return at + 1
      }
      if byte == "\"" || byte == "'" {
        quote = byte
        state = .value
        return at + 1
      }
      if byte == "<" {
        at = try lessInTag(b, at: at, last: last)
        if isWaiting || state != .tag { return at }
        continue
      }
      previous = byte
      at += 1
    }
    return at
  }

  private mutating func endTag(_ b: UnsafeBufferPointer<UInt8>, from start: Int, to limit: Int, last: Bool) throws(Complaint) -> Int {
    for at in start..<limit {
      if b[at] == ">" {
        closed()
        return at + 1
      }
      if b[at] == "<" { return try lessInTag(b, at: at, last: last) }
    }
    return limit
  }

  /// A `<` in a tag is never right: the document breaks off there, if the next one begins.
  private mutating func lessInTag(_ b: UnsafeBufferPointer<UInt8>, at start: Int, last: Bool) throws(Complaint) -> Int {
    guard let begins = Self.isDeclaration(b, at: start) ?? (last ? false : nil) else {
      isWaiting = true
      return start
    }
    guard begins, kinds.contains(.concatenation) else {
      previous = "<"
      return start + 1
    }
    try nextDocument(b, at: start)
    return start
  }

  /// At a `<` outside of tags and sections.
  private mutating func markup(_ b: UnsafeBufferPointer<UInt8>, at start: Int, last: Bool) throws(Complaint) -> Int {
    // `wait` or, at the end of the input, half a token.
    func undecided() -> Int {
      if last { return b.count }
      isWaiting = true
      return start
    }
    if open.last?.holds ?? true { tokenPlace = place(at: start) }
    tokenStart = target(of: start)
    guard start + 1 < b.count else {
      if last { state = .broken }
      return undecided()
    }
    let isOver = hasRoot && open.isEmpty
    switch b[start + 1] {
    case "/":
      if let capturing = capture, capturing.depth == open.count {
        write(b, upTo: start)
        captured += part.bytes[capturing.from...]
        if capturing.isID { swap(&id, &captured) } else { swap(&name, &captured) }
        capture = nil
      }
      if open.count == 2, let more = moreRecords, more.end == 0 { moreRecords = (more.start, target(of: start)) }
      state = .endTag
      return start + 2
    case "?":
      guard let isDeclaration = Self.isDeclaration(b, at: start) else {
        if last { state = .broken }
        return undecided()
      }
      if isDeclaration, hasRoot, kinds.contains(.concatenation) {
        try nextDocument(b, at: start)
        return start
      }
      begin(.instruction)
      return start + 2
    case "!":
      let words: [(word: StaticString, state: State)] = [("<!--", .comment), ("<![CDATA[", .section), ("<!DOCTYPE", .doctype)]
      for (word, next) in words {
        guard let isThis = Self.has(word, b, at: start) else {
          if last { state = .broken }
          return undecided()
        }
        guard isThis else { continue }
        if next == .doctype, hasRoot {
          guard kinds.contains(.concatenation) else { break }
          try nextDocument(b, at: start)
          return start
        }
        begin(next)
        isInSubset = false
        return start + word.utf8CodeUnitCount
      }
      // For the check to refuse.
      return start + 2
    case let byte where Self.beginsName(byte):
      if isOver, kinds.contains(.concatenation) {
        try nextDocument(b, at: start)
        return start
      }
      var end = start + 2
      while end < b.count, !Self.endsName(b[end]) { end += 1 }
      if end == b.count, !last, end - start < 1 << 16 { return undecided() }
      try begun(b[(start + 1)..<end])
      return end
    case "<" where kinds.contains(.concatenation):
      guard let isNext = Self.isDeclaration(b, at: start + 1) ?? (last ? false : nil) else { return undecided() }
      guard isNext else { return start + 1 }
      // The document breaks off behind the first byte of a tag.
      state = .broken
      try nextDocument(b, at: start + 1)
      return start + 1
    default: return start + 1
    }
  }

  private mutating func epilog(_ b: UnsafeBufferPointer<UInt8>, from start: Int, to limit: Int, last: Bool) throws(Complaint) -> Int {
    var at = start
    while at < limit, b[at].isBlank { at += 1 }
    guard at < limit else { return at }
    if b[at] == "<" { return try markup(b, at: at, last: last) }
    guard kinds.contains(.concatenation) else { return at + 1 }
    // Text of the next document, if there is one.
    write(b, upTo: at)
    textPlace = place(at: at)
    lineIsBlank = true
    state = .between
    return at
  }

  private mutating func between(_ b: UnsafeBufferPointer<UInt8>, from start: Int, to limit: Int, last: Bool) throws(Complaint) -> Int {
    for at in start..<limit {
      switch b[at] {
      case "\n": lineIsBlank = true
      case " ", "\t", "\r": break
      case "<":
        guard let begins = Self.beginsDocument(b, at: at, lineIsBlank: lineIsBlank) ?? (last ? false : nil) else {
          isWaiting = true
          return at
        }
        if begins {
          try nextDocument(b, at: at)
          return at
        }
        lineIsBlank = false
      // A byte order mark.
      case 0xEF where lineIsBlank, 0xBB where lineIsBlank, 0xBF where lineIsBlank: break
      default: lineIsBlank = false
      }
    }
    return limit
  }

  /// A section begins, or a DOCTYPE.
  private mutating func begin(_ section: State) {
    state = section
    endRun = 0
    intruder = nil
    isNested = false
  }

  /// Up to the end of a comment, a CDATA section or an instruction.
  private mutating func section(_ b: UnsafeBufferPointer<UInt8>, _ end: StaticString, from start: Int, to limit: Int, last: Bool) throws(Complaint)
    -> Int
  {
    var at = start
    while at < limit {
      let found = Self.find(end.utf8Start[0], b, at, limit) ?? limit
      if let less = Self.find("<", b, at, found) {
        guard let end = lessInSection(b, at: less, last: last) else {
          if less > at { endRun = 0 }
          isWaiting = true
          return less
        }
        at = end
        endRun = 0
        continue
      }
      if found > at { endRun = 0 }
      if found == limit { return limit }
      guard let isEnd = Self.has(end, b, at: found) ?? (last ? false : nil) else {
        isWaiting = true
        return found
      }
      guard isEnd else {
        at = found + 1
        endRun += 1
        continue
      }
      // A text that has the end of a section in it is written as two.
      if isNested, state != .section || endRun == 0 { try refuseIntruder() }
      let behind = found + end.utf8CodeUnitCount
      if nextFault < faults.count, faults[nextFault].at < behind, faults[nextFault].at > found, isWritten {
        throw Complaint(
          .refused, "without the control characters in it, this would be \(end), which ends a section: nobody can tell whether it should",
          at: String(faults[nextFault].place.line))
      }
      state = state == .doctypeComment || state == .doctypeInstruction ? .doctype : outside
      return behind
    }
    return limit
  }

  /// Looks at a `<` in a section. Returns what comes next, nil if more bytes are needed.
  private mutating func lessInSection(_ b: UnsafeBufferPointer<UInt8>, at start: Int, last: Bool) -> Int? {
    // An instruction ends where the declaration does that it has swallowed.
    let word: StaticString = state == .section ? "<![CDATA[" : state == .comment ? "<!--" : "<?xml "
    guard state == .section || state == .comment || state == .instruction else { return start + 1 }
    guard let isDeclaration = Self.isDeclaration(b, at: start) ?? (last ? false : nil),
      let isDoctype = Self.has("<!DOCTYPE", b, at: start) ?? (last ? false : nil), let isRoot = isRoot(b, at: start) ?? (last ? false : nil),
      let isSection = Self.has(word, b, at: start) ?? (last ? false : nil)
    else { return nil }
    if intruder == nil, isDeclaration || isDoctype || isRoot { intruder = place(at: start) }
    if intruder != nil, isSection || isDeclaration && state == .instruction { isNested = true }
    return start + 1
  }

  /// Whether a tag begins that has the name of the root element, nil if these bytes are too few to tell.
  private func isRoot(_ b: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool? {
    guard let first = open.first else { return false }
    let name = names[first.name..<(open.count > 1 ? open[1].name : names.count)]
    var at = start + 1
    for byte in name {
      guard at < b.count else { return nil }
      if b[at] != byte { return false }
      at += 1
    }
    return at < b.count ? Self.endsName(b[at]) : nil
  }

  /// Another document has begun in a section of this one, and what ends the section is the other's.
  private func refuseIntruder() throws(Complaint) {
    guard let intruder else { return }
    let what = state == .section ? "a CDATA section" : state == .comment ? "a comment" : "a processing instruction"
    throw Complaint(
      .refused, "the document breaks off in \(what), it seems, and another one begins here: take them apart first", at: String(intruder.line))
  }

  /// The state between two tokens.
  private var outside: State { open.isEmpty ? hasRoot ? .epilog : .prolog : .content }

  private mutating func doctype(_ b: UnsafeBufferPointer<UInt8>, from start: Int, to limit: Int, last: Bool) -> Int {
    var at = start
    while at < limit {
      switch b[at] {
      case "\"", "'":
        quote = b[at]
        state = .doctypeQuote
        return at + 1
      case "[": isInSubset = true
      case "]": isInSubset = false
      case ">" where !isInSubset:
        state = outside
        return at + 1
      case "<":
        guard let comment = Self.has("<!--", b, at: at) ?? (last ? false : nil), let instruction = Self.has("<?", b, at: at) ?? (last ? false : nil)
        else {
          isWaiting = true
          return at
        }
        if comment || instruction {
          state = comment ? .doctypeComment : .doctypeInstruction
          return at + (comment ? 4 : 2)
        }
      default: break
      }
      at += 1
    }
    return at
  }

  // MARK: References

  /// Looks at an ampersand, and mends it if that is needed. Returns what comes next, nil if more bytes are needed.
  private mutating func reference(_ b: UnsafeBufferPointer<UInt8>, at start: Int, last: Bool) -> Int? {
    var at = start + 1
    let end = min(b.count, start + Self.longestReference)
    if at < end, b[at] == "#" {
      at += 1
      let isHexadecimal = at < end && b[at] == "x"
      if isHexadecimal { at += 1 }
      let digits = at
      var number: UInt32 = 0
      while at < end, let digit = Self.digit(b[at], isHexadecimal) {
        number = min(number * (isHexadecimal ? 16 : 10) + digit, 0x110000)
        at += 1
      }
      if at == end {
        if end == b.count, end < start + Self.longestReference, !last { return nil }
        // For the check to refuse, or to take.
        if end < b.count { return at }
      } else if at > digits, b[at] == ";" {
        at += 1
        // Without it, an ampersand that is not mended might begin a reference with what follows: the check is to see both.
        if Unicode.Scalar(number)?.isXML == true || !kinds.contains(.controlCharacters) || isBare { return at }
        write(b, upTo: start)
        copied = at
        let place = place(at: start)
        if isNamed(.controlCharacters) {
          let name = String(decoding: b[start..<min(at, start + 20)], as: UTF8.self)
          add(.controlCharacters, place, "the reference \(name) to what XML cannot hold is left out")
        }
        return at
      }
    } else {
      while at < end, Self.beginsReference(b[at]) || at > start + 1 && (b[at].isDigit || b[at] == "-" || b[at] == ".") { at += 1 }
      if at == end, end == b.count, end < start + Self.longestReference, !last { return nil }
      // Whether it is declared is for the check to say.
      if at < end, at > start + 1, b[at] == ";" { return at + 1 }
    }
    guard kinds.contains(.ampersands) else {
      isBare = true
      return start + 1
    }
    note(.ampersands, place(at: start), "the ampersand becomes &amp;")
    write(b, upTo: start + 1)
    if isWritten { part.bytes += Self.rest }
    return start + 1
  }

  private static let rest = Array("amp;".utf8)
  private static let longestReference = 1000

  private static func digit(_ byte: UInt8, _ isHexadecimal: Bool) -> UInt32? {
    if byte.isDigit { return UInt32(byte - "0") }
    let letter = byte | 0x20
    return isHexadecimal && letter >= "a" && letter <= "f" ? UInt32(letter - "a") + 10 : nil
  }

  private static func beginsReference(_ byte: UInt8) -> Bool { (byte | 0x20) >= "a" && (byte | 0x20) <= "z" || byte == "_" || byte == ":" }
  private static func beginsName(_ byte: UInt8) -> Bool { beginsReference(byte) || byte >= 0x80 }
  private static func endsName(_ byte: UInt8) -> Bool {
    byte <= ">" && (byte <= " " || byte == ">" || byte == "/" || byte == "<" || byte == "=")
  }

  private static func find(_ byte: UInt8, _ b: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Int? {
    guard start < end, let base = b.baseAddress, let found = memchr(base + start, Int32(byte), end - start) else { return nil }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }

  // MARK: Elements

  /// The name of an element has been read.
  private mutating func begun(_ name: Slice<UnsafeBufferPointer<UInt8>>) throws(Complaint) {
    if open.count == ParsePolicy.depth {
      throw Complaint(.refused, "elements are nested more than \(ParsePolicy.depth) deep", at: String(scrubber.place(at: .max).line))
    }
    open.append(Open(name: names.count, start: tokenStart, place: open.last?.holds ?? true ? tokenPlace : nil))
    names.append(contentsOf: UnsafeBufferPointer(rebasing: name))
    previous = 0
    state = .tag
    if !hasRoot {
      hasRoot = true
      if isWritten {
        root = String(decoding: name, as: UTF8.self)
        form = formOf(root)
      }
    }
    if recordDepth == 0, let form, isWritten, form.paths.contains(where: { ends(with: $0, below: 0) }) {
      recordDepth = open.count
      id.removeAll(keepingCapacity: true)
      self.name.removeAll(keepingCapacity: true)
    }
  }

  /// Whether the open elements end with these names, and the first of them is not one of the outermost so many.
  private func ends(with path: [[UInt8]], below depth: Int) -> Bool {
    guard path.count <= open.count - depth else { return false }
    var end = names.count
    for step in 1...max(1, path.count) {
      let start = open[open.count - step].name
      let name = path[path.count - step]
      if end - start != name.count || !names[start..<end].elementsEqual(name) { return false }
      end = start
    }
    return true
  }

  /// A start tag has ended.
  private mutating func opened(_ b: UnsafeBufferPointer<UInt8>, end: Int, isEmpty: Bool) {
    if isEmpty {
      closed()
      return
    }
    state = .content
    if open.count == 2, recordDepth == 0, isWritten, ends(with: Self.more, below: 0) { moreRecords = (target(of: end), 0) }
    let depth = open.count - recordDepth
    guard recordDepth > 0, capture == nil, depth > 0, depth < 4, let form else { return }
    let isID = id.isEmpty && form.ids.contains { $0.count == depth && ends(with: $0, below: recordDepth) }
    guard isID || name.isEmpty && form.names.contains(where: { $0.count == depth && ends(with: $0, below: recordDepth) }) else { return }
    write(b, upTo: end)
    captured.removeAll(keepingCapacity: true)
    capture = (open.count, isID, part.bytes.count)
  }

  /// The innermost element has ended.
  private mutating func closed() {
    guard let last = open.popLast() else {
      state = outside
      return
    }
    if recordDepth == open.count + 1 {
      recordDepth = 0
      capture = nil
      if !pending.isEmpty { settle() }
      var at = open.count - 1
      while at >= 0, !open[at].holds {
        open[at].holds = true
        at -= 1
      }
    }
    names.removeLast(names.count - last.name)
    state = outside
  }

  /// Says what was mended in a record: what is known of it now is what can be known.
  private mutating func settle() {
    let record = (text(id), text(name))
    for repair in pending {
      var known = repair
      known.record = record
      part.repairs.append(known)
    }
    pending.removeAll(keepingCapacity: true)
  }

  private func text(_ bytes: [UInt8]) -> String {
    var text = Outline.text(of: bytes[...])
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text.drop(while: \.isWhitespace).prefix(255))
  }

  private mutating func note(_ fault: Scrubber.Fault) { if isNamed(fault.kind) { add(fault.kind, fault.place, fault.words) } }

  /// Whether a place is named, not only counted.
  private mutating func isNamed(_ kind: RepairKind) -> Bool {
    if unnamed > 0 {
      unnamed -= 1
      return true
    }
    if isWritten || kind == .concatenation { part.others[kind, default: 0] += 1 }
    return false
  }

  private mutating func note(_ kind: RepairKind, _ place: InputPlace, _ words: String) {
    if isNamed(kind) { add(kind, place, words) }
  }

  private mutating func add(_ kind: RepairKind, _ place: InputPlace, _ words: String) {
    guard isWritten else {
      unnamed += 1
      return
    }
    var path: [String] = []
    for at in recordDepth..<max(recordDepth, open.count) { path.append(elementName(at)) }
    let repair = Repair(kind: kind, line: place.line, column: place.column, record: nil, element: path.joined(separator: "/"), words: words)
    guard recordDepth > 0 else {
      part.repairs.append(repair)
      return
    }
    pending.append(repair)
    if pending.count > 1000 { settle() }
  }

  // MARK: Documents

  /// A document begins behind another.
  private mutating func nextDocument(_ b: UnsafeBufferPointer<UInt8>, at start: Int) throws(Complaint) {
    write(b, upTo: start)
    let place = place(at: start)
    if isForeign {
      let encoding = foreignEncoding ?? "another encoding"
      throw Complaint(.refused, "a second document begins here, and the first is in \(encoding): take them apart first", at: String(place.line))
    }
    let isText = state == .between
    if isWritten {
      if !kinds.contains(.truncation), !open.isEmpty {
        throw Complaint(.refused, "the document breaks off: the next one begins here", at: String(place.line))
      }
      try breakOff(at: place)
    }
    documents += 1
    if documents == 2 { starts = [InputPlace()] }
    if starts.count < 20 { starts.append(place) }
    if let wanted {
      if documents == 2, wanted != 1 { skipped(1, InputPlace()) }
      if documents != wanted { skipped(documents, place) }
    }
    open.removeAll(keepingCapacity: true)
    names.removeAll(keepingCapacity: true)
    hasRoot = false
    recordDepth = 0
    pending.removeAll()
    capture = nil
    form = nil
    copied = start
    state = .prolog
    isWritten = documents == wanted
    guard isWritten else { return }
    startLine = place.line
    if isText {
      if !kinds.contains(.leadingText) { throw Complaint(.refused, "text stands before document \(documents)", at: String(textPlace.line)) }
      note(.leadingText, textPlace, "text before the document is left out")
    }
  }

  /// A document that is left out.
  private mutating func skipped(_ number: Int, _ place: InputPlace) {
    guard isNamed(.concatenation) else { return }
    part.repairs.append(
      Repair(
        kind: .concatenation, line: place.line, column: place.column, record: nil, element: "",
        words: "document \(number) begins here, and is left out"))
  }

  private mutating func ended() throws(Complaint) {
    if let wanted, wanted > documents {
      throw Complaint(.refused, "there is no document \(wanted): the file has \(documents)")
    }
    if wanted == nil, documents > 1 {
      let lines = starts.map { String($0.line) }.joined(separator: ", ") + (documents > starts.count ? ", …" : "")
      throw Complaint(
        .refused,
        "a second document begins here, of \(documents) (lines \(lines)): --document 1 writes the first one; each is written by a run of its own",
        at: String(starts[1].line))
    }
    guard isWritten else { return }
    if state == .between {
      throw Complaint(.refused, "text stands behind the root element, and no document follows it", at: String(textPlace.line))
    }
    if kinds.contains(.truncation) { try breakOff(at: scrubber.place(at: .max)) }
  }

  /// Cuts the document back to where its last whole record ends, if it breaks off.
  private mutating func breakOff(at end: InputPlace) throws(Complaint) {
    let isInToken: Bool
    switch state {
    case .start, .prolog, .content, .epilog, .between: isInToken = false
    default: isInToken = true
    }
    if isInToken, state == .section || state == .comment || state == .instruction { try refuseIntruder() }
    // Without a root, the check says what it thinks of it.
    guard hasRoot, isInToken || !open.isEmpty, root.lowercased() != "html" else { return }
    let first = open.firstIndex { !$0.holds } ?? open.count
    if first == 0, !open.isEmpty {
      throw Complaint(
        .refused,
        form == nil
          ? "the document breaks off, and nothing says which elements of \(root) are records: fetch it again, or name them with --record"
          : "the document breaks off before one record is whole: fetch it again",
        at: String(end.line))
    }
    let cut: Int
    let place: InputPlace
    let what: String
    if first < open.count {
      (cut, place) = (open[first].start, open[first].place ?? end)
      what = "in this \(elementName(first)): it and all that came behind it are missing"
    } else if isInToken {
      (cut, place) = (tokenStart, tokenPlace ?? end)
      what = "in a tag or a comment, which is left out"
    } else {
      (cut, place) = (written + part.bytes.count, end)
      what = "here: what came behind it is missing"
    }
    if cut < written {
      part.cut = cut
      part.bytes = []
      written = cut
    } else {
      part.bytes.removeLast(written + part.bytes.count - cut)
    }
    var closed: [String] = []
    var record: (id: String, name: String)?
    if recordDepth > 0 { record = (text(id), text(name)) }
    pending.removeAll()
    let response = first > 1 && elementName(1) == "RESPONSE" ? 1 : 0
    for at in (0..<first).reversed() {
      let name = elementName(at)
      if at == response { mark(cutAt: cut) }
      part.bytes += Array("</\(name)>".utf8)
      closed.append(name)
    }
    if !closed.isEmpty { part.bytes.append("\n") }
    let words = "the document breaks off \(what)\(closed.isEmpty ? "" : "; closed: \(closed.joined(separator: ", "))")"
    part.repairs.append(Repair(kind: .truncation, line: place.line, column: place.column, record: record, element: "", words: words))
  }

  /// Says in the document itself that records are missing, as the service says it of a page, so that nobody takes it for the whole list.
  private mutating func mark(cutAt cut: Int) {
    let list = form?.listsWarnings == true ? ("<WARNING_LIST>", "</WARNING_LIST>") : ("", "")
    part.bytes += Array("\(list.0)<WARNING><CODE>1980</CODE><TEXT>\(RecordForm.cutBack)</TEXT></WARNING>\(list.1)".utf8)
    guard root == "ServiceResponse" else { return }
    if let more = moreRecords, more.end - more.start == Self.no.count, more.end <= cut {
      // What was taken before is changed where it is by now, the rest before it goes there.
      let taken = min(max(0, written - more.start), Self.yes.count)
      if taken > 0 { part.change = (more.start, Array(Self.yes[..<taken])) }
      for at in taken..<Self.yes.count { part.bytes[more.start + at - written] = Self.yes[at] }
    } else {
      part.bytes += Array("<hasMoreRecords>true</hasMoreRecords>".utf8)
    }
  }

  private static let more = [Array("ServiceResponse".utf8), Array("hasMoreRecords".utf8)]
  private static let no = Array("false".utf8)
  /// As long.
  private static let yes = Array("true ".utf8)

  /// The name of one of the open elements.
  private func elementName(_ at: Int) -> String {
    String(decoding: names[open[at].name..<(at + 1 < open.count ? open[at + 1].name : names.count)], as: UTF8.self)
  }
}
