internal import ArgumentParser
package import Markup
package import Requests

/// A filter over a list: reads documents record by record, works on batches of records side by side, and gives the whole answer or none.
///
/// A room says what the list is; the rest, from the first byte to the closing line, is done here.
package struct ListFilter: Sendable {
  /// What is to become of a record.
  package enum Fate: Sendable { case keep, remove }

  package var document: DocumentKind
  /// What a record is, as in a request's fragment: `asset-group`.
  package var kind: String
  /// The children of a record that hold its id and its name.
  package var id: StaticString
  package var name: StaticString
  package var translation: [TranslationRule]
  /// What is true of the whole list, said once if it has records.
  package var remarks: [Note]
  let paths: [String]
  let options: CommonOptions
  private(set) var skipsRefused = false

  /// - Parameters:
  ///   - remarks: elements that no list has, and why.
  ///   - paths: the documents to read, `-` for standard input.
  package init(
    _ document: DocumentKind, of kind: String, id: StaticString = "ID", name: StaticString = "TITLE", translation: [TranslationRule] = [],
    remarks: [(element: String, reason: String)] = [], reading paths: [String], options: CommonOptions
  ) {
    self.document = document
    self.kind = kind
    self.id = id
    self.name = name
    self.translation = translation
    self.remarks = remarks.map { Note(.dropped, Subject(kind: kind), element: $0.element, $0.reason) }
    self.paths = paths
    self.options = options
  }

  // MARK: XML to requests

  /// Writes the requests that a stylesheet makes of the records.
  ///
  /// - Parameters:
  ///   - builtIn: the room's own stylesheet, which `--stylesheet` replaces.
  ///   - parameters: the stylesheet's parameters. It also gets `doctype`, the system identifier of the document.
  package func writeRequests(
    _ builtIn: [UInt8], parameters: [(name: String, value: String)] = [], as requests: RequestOptions
  ) throws(Complaint) {
    let writer = try RequestWriter(requests.format, server: requests.server)
    let format = writer.format
    var spool = Spool(unbuffered: options.unbuffered, frame: Spool.Frame(format))
    var filter = self
    filter.skipsRefused = requests.refused == .skip
    try filter.gather(builtIn, replacedBy: requests.stylesheet, parameters: parameters) { result, yield throws(Complaint) -> [UInt8] in
      // The stylesheets' vocabulary is written as they write it, notes and all.
      if format == .xml { return try result.inside() }
      var list: [UInt8] = []
      for request in yield.requests {
        if !list.isEmpty { list += format.frame.separator.utf8 }
        list += try writer.bytes(of: request)
      }
      return list
    } take: { list throws(Complaint) in
      try spool.append(list)
    } conclude: {
      []
    } finish: { () throws(Complaint) in
      try spool.flush()
    }
  }

  /// What a stylesheet has said about a batch.
  package struct Said: Sendable {
    package var requests: [Request] = []
    var notes: [Note] = []
  }

  /// Applies a stylesheet to batches of records, makes something of each result, and takes these in order.
  ///
  /// - Parameters:
  ///   - make: runs on any thread.
  ///   - conclude: what there is to say when all has been taken.
  ///   - finish: writes the answer, once nothing stands against it.
  package func gather<Item: Sendable>(
    _ builtIn: [UInt8], replacedBy path: String? = nil, parameters: [(name: String, value: String)] = [],
    _ make: @escaping @Sendable (borrowing Stylesheet.Result, Said) throws(Complaint) -> Item, take: @escaping (Item) throws(Complaint) -> Void,
    conclude: () throws(Complaint) -> [Note] = { [] }, finish: () throws(Complaint) -> Void = {}
  ) throws(Complaint) {
    Stylesheet.register(StylesheetModule(path: "common/vocabulary.xsl", bytes: PackageResources.vocabulary_xsl))
    let source = try path.map { path throws(Complaint) in try Input(path).rest() } ?? builtIn
    let name = path?.shown ?? "the built-in stylesheet"
    // Compiled here once only to complain about it before anything is read.
    if path != nil { _ = try Stylesheet(compiling: source, named: name) }
    let translation = Translation(translation, dropsUnmapped: options.unmapped == .drop)
    let (id, idName) = (id, self.name)
    let kind = kind
    try Pass<Item>(self, isSplice: false) { () throws(Complaint) in
      let box = StylesheetBox(try Stylesheet(compiling: source, named: name), named: path?.shown)
      let translator = Translator(translation, kind: kind, id: id, name: idName)
      return { batch throws(Complaint) in
        var yield = Yield<Item>()
        if batch.bytes.contains("qtbx-target") { try translator.refuseMarks(in: batch) }
        var document = batch.surroundings?.opening ?? []
        for segment in batch.segments {
          if translation.rules.isEmpty {
            document += batch.bytes[segment.range]
          } else {
            document += try translator.translate(Array(batch.bytes[segment.range]), &yield.notes, &yield.unmapped)
          }
        }
        document += batch.surroundings?.closing ?? []
        let all = [(name: "doctype", value: batch.doctype)] + parameters
        try box.apply(to: document, parameters: all) { result throws(Complaint) in
          var said = Said()
          try result.forEachElement { element throws(Complaint) in
            if let note = Note(element) {
              said.notes.append(note)
              if note.disposition != .skipped, note.disposition != .refused { return }
            } else if element.name == "request" {
              said.requests.append(try Request(element))
            }
            yield.answers += 1
          }
          yield.notes += said.notes
          yield.items.append(try make(result, said))
        }
        // A stylesheet that says nothing about a record would lose it in silence.
        if yield.answers < batch.segments.count {
          throw Complaint(
            .refused, "the stylesheet says nothing about some of \(batch.segments.count) records", at: "\(batch.name):\(batch.segments[0].line)")
        }
        return yield
      }
    } take: { item throws(Complaint) in
      try take(item)
    }.run(conclude: conclude, finish: finish)
  }

  // MARK: XML to XML

  /// Writes the document again, byte for byte but for the records that are removed and the values that maps replace.
  ///
  /// - Parameter inspect: looks at a record and decides; its notes are added to the account.
  package func rewrite(_ inspect: @escaping @Sendable (borrowing Outline, Subject, inout [Note]) -> Fate) throws(Complaint) {
    guard paths.count <= 1 else { throw Complaint(.usage, "one document becomes one document: give one file only") }
    let translation = Translation(translation, dropsUnmapped: options.unmapped == .drop)
    let (kind, id, name) = (kind, id, name)
    var spool = Spool(unbuffered: options.unbuffered)
    try Pass<[UInt8]>(self, isSplice: true) { () throws(Complaint) in
      let translator = Translator(translation, kind: kind, id: id, name: name)
      return { batch throws(Complaint) in
        var yield = Yield<[UInt8]>()
        var output: [UInt8] = []
        output.reserveCapacity(batch.bytes.count + 1024)
        for segment in batch.segments {
          if !segment.isRecord {
            output += batch.bytes[segment.range]
          } else if translator.inspect(Array(batch.bytes[segment.range]), &yield.notes, inspect) == .keep {
            output += try translator.translateInspected(&yield.notes, &yield.unmapped)
          } else {
            // The line of the record goes with it.
            while let last = output.last, last <= 0x20 { output.removeLast() }
          }
        }
        yield.items = [output]
        return yield
      }
    } take: { output throws(Complaint) in
      try spool.append(output)
    }.run(conclude: { [] }, finish: { () throws(Complaint) in try spool.flush() })
  }
}

/// The maps, at work on one record after the other in the same memory.
private final class Translator {
  private let translation: Translation
  private let kind: String
  private let id: StaticString
  private let name: StaticString
  private var outline = Outline()

  init(_ translation: Translation, kind: String, id: StaticString, name: StaticString) {
    self.translation = translation
    self.kind = kind
    self.id = id
    self.name = name
  }

  private var subject: Subject {
    Subject(kind: kind, id: outline.text(ofChild: id)?.trimmed ?? "", name: outline.text(ofChild: name) ?? "")
  }

  func translate(_ record: [UInt8], _ notes: inout [Note], _ unmapped: inout [Unmapped]) throws(Complaint) -> [UInt8] {
    outline.read(record)
    return try translateInspected(&notes, &unmapped)
  }

  /// The stylesheets believe the attribute that a map puts on an element, so no input may bring its own.
  func refuseMarks(in batch: Batch) throws(Complaint) {
    for segment in batch.segments {
      outline.read(Array(batch.bytes[segment.range]))
      if outline.hasAttribute("qtbx-target") {
        throw Complaint(.refused, "\(subject.description) has the attribute qtbx-target, which only a map may give", at: "\(batch.name):\(segment.line)")
      }
    }
  }

  func inspect(_ record: [UInt8], _ notes: inout [Note], _ body: (borrowing Outline, Subject, inout [Note]) -> ListFilter.Fate) -> ListFilter.Fate {
    outline.read(record)
    return body(outline, subject, &notes)
  }

  func translateInspected(_ notes: inout [Note], _ unmapped: inout [Unmapped]) throws(Complaint) -> [UInt8] {
    try translation.apply(to: outline, of: subject, notes: &notes, unmapped: &unmapped)
  }
}

/// A stylesheet that a thread keeps.
private final class StylesheetBox {
  private let stylesheet: Stylesheet
  /// A user's own is named in messages.
  private let name: String?

  init(_ stylesheet: consuming Stylesheet, named name: String?) {
    self.stylesheet = stylesheet
    self.name = name
  }

  func apply(
    to document: [UInt8], parameters: [(name: String, value: String)], _ body: (borrowing Stylesheet.Result) throws(Complaint) -> Void
  ) throws(Complaint) {
    do throws(Complaint) {
      try stylesheet.apply(to: document, parameters: parameters, body)
    } catch {
      throw name.map { error.at($0) } ?? error
    }
  }
}

/// Some records, and in a splice what stands between them.
struct Batch: Sendable {
  struct Segment: Sendable {
    var range: Range<Int>
    var isRecord: Bool
    var line: Int
  }

  var name = ""
  var bytes: [UInt8] = []
  var segments: [Segment] = []
  var surroundings: Surroundings?

  /// The system identifier of the DOCTYPE, empty if there is none.
  var doctype: String {
    guard let opening = surroundings?.opening, let start = opening.firstRange(of: Array("<!DOCTYPE".utf8))?.upperBound else { return "" }
    let rest = opening[start...]
    guard let quote = rest.firstIndex(where: { [0x22, 0x27, 0x3E, 0x5B].contains($0) }), opening[quote] < 0x28 else { return "" }
    return String(decoding: opening[(quote + 1)...].prefix { $0 != opening[quote] }, as: UTF8.self)
  }
}

/// What has become of a batch.
struct Yield<Item: Sendable>: Sendable {
  var items: [Item] = []
  var notes: [Note] = []
  var unmapped: [Unmapped] = []
  /// How many requests and refusals the stylesheet has written: at least one for each record.
  var answers = 0
}

/// One run over all inputs: cuts them into batches, keeps the account, and passes the verdict at the end.
final class Pass<Item: Sendable>: RecordSink {
  private let filter: ListFilter
  private let crew: Crew<Batch, Yield<Item>>
  private let take: (Item) throws(Complaint) -> Void
  private let isSplice: Bool
  private var batch = Batch()
  private var envelope: Envelope
  private var bookkeeping: Bookkeeping
  private var inputName = ""

  init(
    _ filter: ListFilter, isSplice: Bool, makeWorker: @escaping @Sendable () throws(Complaint) -> (Batch) throws(Complaint) -> Yield<Item>,
    take: @escaping (Item) throws(Complaint) -> Void
  ) {
    self.filter = filter
    self.isSplice = isSplice
    self.take = take
    crew = Crew(size: filter.options.jobs ?? Terminal.processors, makeWorker: makeWorker)
    envelope = Envelope(filter.document, isCopied: isSplice)
    bookkeeping = Bookkeeping(kind: filter.kind, options: filter.options, skipsRefused: filter.skipsRefused)
  }

  func run(conclude: () throws(Complaint) -> [Note], finish: () throws(Complaint) -> Void) throws(Complaint) {
    defer { crew.dismiss() }
    try bookkeeping.open()
    do throws(Complaint) {
      try readAll()
      if bookkeeping.account.records > 0 { try bookkeeping.add(filter.remarks) }
      try bookkeeping.add(conclude())
      try bookkeeping.pass()
      try bookkeeping.keepReport()
      try finish()
    } catch {
      try bookkeeping.failed(error)
    }
    bookkeeping.close()
  }

  private func readAll() throws(Complaint) {
    let paths = filter.paths
    var truncations: [(name: String, reason: String)] = []
    for path in paths {
      let input = try Input(path)
      inputName = input.name.shown
      envelope = Envelope(filter.document, isCopied: isSplice)
      do throws(Complaint) {
        let stream = try RecordStream(records: filter.document.records, into: self)
        while true {
          let bytes = try input.next()
          if bytes.isEmpty { break }
          try stream.feed(bytes)
        }
        try stream.finish()
        try flush()
        try envelope.ended(records: stream.count)
        bookkeeping.account.records += stream.count
        if let encoding = stream.foreignEncoding, isSplice {
          try bookkeeping.add([Note(.changed, Subject(kind: "document", name: envelope.rootName), "the document was \(encoding) and is UTF-8 now")])
        }
      } catch {
        // A line of this document becomes a place in it.
        if let place = error.place, place.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
          throw Complaint(error.kind, error.reason, at: inputName + ":" + place)
        }
        throw error.at(inputName)
      }
      try bookkeeping.add(envelope.notes)
      if let truncation = envelope.truncation { truncations.append((inputName, truncation)) }
    }
    // One page of many always says that there is more; if all do, the last is missing.
    if truncations.count == paths.count, let (name, reason) = truncations.last {
      let advice = isSplice ? "fetch it whole (truncation_limit=0)" : "fetch the rest and give all pages"
      guard filter.options.allowTruncated else { throw Complaint(.refused, "the list is truncated (\(reason)): \(advice), or say --allow-truncated", at: name) }
      try bookkeeping.add([Note(.noted, Subject(kind: "document", name: envelope.rootName), "the list is truncated: \(reason)")])
    }
    try crew.finish { yield throws(Complaint) in try self.collect(yield) }
  }

  private func collect(_ yield: Yield<Item>) throws(Complaint) {
    try bookkeeping.add(yield.notes)
    bookkeeping.add(yield.unmapped)
    for item in yield.items { try take(item) }
  }

  private func flush() throws(Complaint) {
    guard !batch.segments.isEmpty else { return }
    batch.name = inputName
    let full = batch
    batch = Batch()
    try crew.submit(full) { yield throws(Complaint) in try self.collect(yield) }
  }

  // MARK: The parts of a document

  func skeleton(_ bytes: Span<UInt8>) throws(Complaint) {
    guard isSplice else { return }
    // The blanks before a record stay with it, so that they can go with it.
    let isFull = batch.bytes.count >= 1 << 16 && batch.segments.last?.isRecord == true
    if isFull || batch.bytes.count >= 1 << 20 { try flush() }
    let start = batch.bytes.count
    batch.bytes.append(bytes)
    batch.segments.append(Batch.Segment(range: start..<batch.bytes.count, isRecord: false, line: 0))
  }

  func opened(_ element: SkeletonElement) throws(Complaint) { try envelope.opened(element) }

  func closed(_ element: SkeletonElement, text: String?) throws(Complaint) { try envelope.closed(element, text: text) }

  func record(_ bytes: Span<UInt8>, line: Int, in surroundings: Surroundings) throws(Complaint) {
    if !isSplice {
      let isFull = batch.segments.count >= 64 || batch.bytes.count >= 1 << 16
      if isFull || batch.surroundings?.generation != surroundings.generation { try flush() }
      if batch.segments.isEmpty { batch.surroundings = surroundings }
    }
    let start = batch.bytes.count
    batch.bytes.append(bytes)
    batch.segments.append(Batch.Segment(range: start..<batch.bytes.count, isRecord: true, line: line))
  }
}
