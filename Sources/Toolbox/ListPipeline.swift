internal import Base
internal import Catalog
internal import Markup
internal import Requests

/// Some records, and in a splice what stands between them.
struct Batch: Sendable {
  struct Segment: Sendable {
    var range: Range<Int>
    var isRecord: Bool
    var line: Int
    /// What is known of a record before it is worked on.
    var finding = IdentityCheck.Finding()
  }

  var name = ""
  /// What its records are.
  var kind = ""
  var bytes: [UInt8] = []
  var segments: [Segment] = []
  var surroundings: Surroundings?

  /// So many bytes make a batch.
  static let size = 1 << 15

  /// Adds a record, or what stands between two.
  mutating func add(_ part: Span<UInt8>, isRecord: Bool, line: Int, _ finding: IdentityCheck.Finding) {
    // What grows step by step would be copied with each, and need twice its memory for it.
    if segments.isEmpty { bytes.reserveCapacity(Self.size + Self.size / 4) }
    let start = bytes.count
    bytes.append(part)
    segments.append(Segment(range: start..<bytes.count, isRecord: isRecord, line: line, finding: finding))
  }

  /// Adds records, and what stands between them, which nobody asks for.
  mutating func add(_ records: ArraySlice<(range: Range<Int>, line: Int)>, of bytes: Span<UInt8>) {
    guard let first = records.first, let last = records.last else { return }
    if segments.isEmpty { self.bytes.reserveCapacity(Self.size + Self.size / 4) }
    let shift = self.bytes.count - first.range.lowerBound
    self.bytes.append(bytes.extracting(first.range.lowerBound..<last.range.upperBound))
    for record in records {
      segments.append(Segment(range: record.range.lowerBound + shift..<record.range.upperBound + shift, isRecord: true, line: record.line))
    }
  }

  /// The system identifier of the DOCTYPE, empty if there is none.
  var doctype: String { surroundings.map { Self.doctype(in: $0.opening) } ?? "" }

  /// The same of the beginning of a document.
  static func doctype(in opening: [UInt8]) -> String {
    guard let start = opening.firstRange(of: Array("<!DOCTYPE".utf8))?.upperBound else { return "" }
    let rest = opening[start...]
    guard let quote = rest.firstIndex(where: { ["\"", "'", ">", "["].contains($0) }), opening[quote] < "(" else { return "" }
    return String(decoding: opening[(quote + 1)...].prefix { $0 != opening[quote] }, as: UTF8.self)
  }
}

/// What has become of a batch.
struct BatchResult<Item: Sendable>: Sendable {
  var items: [Item] = []
  var notes: [Note] = []
  var unmapped: [Unmapped] = []
}

/// One run over all inputs: cuts them into batches, keeps the account, and passes the verdict at the end.
final class ListPipeline<Item: Sendable>: RecordSink {
  private let filter: ListFilter
  private let pool: OrderedWorkerPool<Batch, BatchResult<Item>>
  private let take: (Item) throws(Complaint) -> Void
  private let isSplice: Bool
  private var batch = Batch()
  private var envelope: Envelope
  /// What the envelope says, kept: to ask it for each record would copy it.
  private var isForeign = false
  private var isUnknown = false
  /// The system identifier of the document; nil until its beginning has come.
  private var doctype: String?
  private var kind: String
  /// What the first record of the document is called; nil as long as there is none.
  private var recordName: String?
  private var identities: IdentityCheck?
  private var bookkeeping: Bookkeeping
  private var inputName = ""
  /// Where others go first: the records that wait for these.
  private let later: LaterRecords?
  /// What was said about the documents themselves.
  private(set) var documentNotes: [Note] = []
  /// The root element of each document.
  private(set) var roots: [String] = []
  /// What the service says around the records of each document.
  private(set) var services: [AnswerReader] = []
  /// What the records of each document are, whether it has any or not.
  private(set) var lists: [ListFilter.ListedKind] = []
  /// What there is to say of a document all of whose records have been taken, by what the service says around them and by their kind.
  var documentEnded: ((AnswerReader, _ kind: String) throws(Complaint) -> [Note])?

  init(
    _ filter: ListFilter, isSplice: Bool, makeWorker: @escaping @Sendable () throws(Complaint) -> (Batch) throws(Complaint) -> BatchResult<Item>,
    take: @escaping (Item) throws(Complaint) -> Void
  ) {
    self.filter = filter
    self.isSplice = isSplice
    self.take = take
    pool = OrderedWorkerPool(size: filter.options.jobs ?? Terminal.processors, makeWorker: makeWorker)
    envelope = Envelope(filter.document, isCopied: isSplice)
    kind = filter.kind
    identities = filter.checksIdentity ? IdentityCheck(filter) : nil
    later = filter.precedence.map { LaterRecords(besides: $0) }
    bookkeeping = Bookkeeping(kind: filter.kind, options: filter.options, skipsRefused: filter.skipsRefused)
  }

  func run(conclude: () throws(Complaint) -> [Note], finish: () throws(Complaint) -> Void) throws(Complaint) {
    try run(finish: finish) { () throws(Complaint) in try bookkeeping.add(conclude()) }
  }

  /// The account is of what the records come to, not of the records; what was refused before is left out of it, too.
  func run(summary: () throws(Complaint) -> (count: Int, skipped: Int, notes: [Note]), finish: () throws(Complaint) -> Void) throws(Complaint) {
    try run(finish: finish) { () throws(Complaint) in
      let lost = bookkeeping.tally.skipped
      let summary = try summary()
      try bookkeeping.add(summary.notes)
      bookkeeping.tally.records = summary.count + lost
      bookkeeping.tally.skipped = summary.skipped + lost
    }
  }

  private func run(finish: () throws(Complaint) -> Void, conclude: () throws(Complaint) -> Void) throws(Complaint) {
    defer { pool.shutDown() }
    Input.announce(filter.paths)
    try bookkeeping.open()
    do throws(Complaint) {
      try readAll()
      if bookkeeping.tally.records > 0 || services.contains(where: { $0.listStatus != nil }) { try bookkeeping.add(filter.remarks) }
      try conclude()
      try bookkeeping.throwIfRefused()
      try bookkeeping.settle()
      try finish()
    } catch {
      try bookkeeping.failed(error)
    }
    bookkeeping.close()
  }

  private func readAll() throws(Complaint) {
    let paths = filter.paths
    var pages = ListPages(filter.resources)
    // What is said of a document comes behind what is said of its records, and these may come later.
    var notes: [Note] = []
    for path in paths {
      inputName = path.shown
      envelope = Envelope(filter.document, isCopied: isSplice)
      (isForeign, isUnknown) = (false, false)
      doctype = nil
      recordName = nil
      kind = filter.kind
      var lack: String?
      try Input.read(path, records: filter.document.records, into: self, isReference: filter.options.isReference) { stream throws(Complaint) in
        try flush()
        // What is said of the document comes behind what is said of its records, whichever thread was faster.
        try pool.drain { yield throws(Complaint) in try self.collect(yield) }
        try envelope.ended(records: stream.count)
        try filter.refuseAnotherList(envelope.rootName, asking: envelope.service.resource, doctype: doctype ?? "")
        bookkeeping.tally.records += stream.count
        // What a list lacks that says what there is would be created again.
        if filter.options.isReference, let count = envelope.service.count, count > stream.count {
          lack = "the answer says \(count) records and holds \(stream.count)"
        }
        roots.append(envelope.rootName)
        services.append(envelope.service)
        let listed = filter.kindOfList?(envelope.rootName, doctype ?? "") ?? filter.kind
        lists.append(ListFilter.ListedKind(name: inputName, kind: listed, hasRecords: stream.count > 0))
        if let documentEnded { try bookkeeping.add(documentEnded(envelope.service, kind)) }
        if let encoding = stream.foreignEncoding, isSplice {
          try bookkeeping.add([Note(.changed, Subject(kind: "document", name: envelope.rootName), "the document was \(encoding) and is UTF-8 now")])
        }
      }
      if later == nil { try addDocumentNotes(envelope.notes) } else { notes += envelope.notes }
      pages.add(envelope.service, named: inputName, doctype: doctype ?? "", recordName: recordName, lacking: lack)
    }
    if let later {
      try later.forEach { place, bytes, line throws(Complaint) in
        if place.name != inputName { try flush() }
        inputName = place.name
        try enqueue(bytes.span, line: line, in: place.surroundings)
      }
      try flush()
      try pool.drain { yield throws(Complaint) in try self.collect(yield) }
      try addDocumentNotes(notes)
    }
    try judge(pages)
  }

  /// Errors: `refused` if the last page of a list is missing, unless that is taken.
  private func judge(_ pages: ListPages) throws(Complaint) {
    let cutOff = pages.cutOff
    guard let first = cutOff.first else { return }
    if filter.options.allowTruncated {
      try addDocumentNotes(cutOff.map { Note(.noted, Subject(kind: "document", name: $0.root), "the list is truncated: \($0.reason)") })
      return
    }
    let advice = first.isBeyondHelp ? "fetch it again" : isSplice ? "fetch it whole (truncation_limit=0)" : "fetch the rest and give all pages"
    let others = cutOff.count == 1 ? "" : "; so is the list in " + cutOff.dropFirst().map(\.name).joined(separator: ", ")
    throw Complaint(.refused, "the list is truncated (\(first.reason)): \(advice), or say --allow-truncated\(others)", at: first.name)
  }

  private func addDocumentNotes(_ notes: [Note]) throws(Complaint) {
    documentNotes += notes
    try bookkeeping.add(notes)
  }

  private func collect(_ yield: BatchResult<Item>) throws(Complaint) {
    try bookkeeping.add(yield.notes)
    try bookkeeping.add(yield.unmapped)
    for item in yield.items { try take(item) }
  }

  private func flush() throws(Complaint) {
    guard !batch.segments.isEmpty else { return }
    batch.name = inputName
    batch.kind = kind
    let full = batch
    batch = Batch()
    try pool.submit(full) { yield throws(Complaint) in try self.collect(yield) }
  }

  // MARK: The parts of a document

  func skeleton(_ bytes: Span<UInt8>) throws(Complaint) {
    if doctype == nil {
      var opening: [UInt8] = []
      opening.append(bytes)
      doctype = Batch.doctype(in: opening)
    }
    guard isSplice else { return }
    // The blanks before a record stay with it, so that they can go with it.
    let isFull = batch.bytes.count >= Batch.size && batch.segments.last?.isRecord == true
    if isFull || batch.bytes.count >= 1 << 20 { try flush() }
    batch.add(bytes, isRecord: false, line: 0, IdentityCheck.Finding())
  }

  func opened(_ element: SkeletonElement) throws(Complaint) {
    try envelope.opened(element)
    (isForeign, isUnknown) = (envelope.isForeign, envelope.isUnknown)
  }

  func closed(_ element: SkeletonElement, text: String?) throws(Complaint) {
    try envelope.closed(element, text: text)
    (isForeign, isUnknown) = (envelope.isForeign, envelope.isUnknown)
  }

  func record(_ bytes: Span<UInt8>, line: Int, in surroundings: Surroundings) throws(Complaint) {
    if isForeign { return }
    if recordName == nil { recordName = Self.name(of: bytes) }
    if isUnknown {
      throw Complaint(.refused, "a record stands in an element that is not known here: nobody knows what it is there", at: String(line))
    }
    if let later, try later.keep(bytes, line: line, at: LaterRecords.Place(name: inputName, surroundings: surroundings)) { return }
    try enqueue(bytes, line: line, in: surroundings)
  }

  func records(
    _ places: ArraySlice<(range: Range<Int>, line: Int)>, of bytes: Span<UInt8>, in surroundings: Surroundings
  ) throws(Complaint) {
    if isForeign { return }
    if recordName == nil, let first = places.first { recordName = Self.name(of: bytes.extracting(first.range)) }
    // Where nobody looks at each, they are added by the batch.
    guard !isSplice, later == nil, identities == nil else {
      var end = 0
      for place in places {
        if place.range.lowerBound > end { try skeleton(bytes.extracting(end..<place.range.lowerBound)) }
        try record(bytes.extracting(place.range), line: place.line, in: surroundings)
        end = place.range.upperBound
      }
      return
    }
    var rest = places
    while let first = rest.first {
      try makeRoom(in: surroundings)
      let end = first.range.lowerBound + Batch.size - batch.bytes.count
      let some = rest.prefix(filter.batchSize - batch.segments.count).prefix { $0.range.lowerBound < end }
      batch.add(some, of: bytes)
      rest = rest[some.endIndex...]
    }
  }

  /// The name of an element that begins with `<`, without a prefix.
  private static func name(of element: Span<UInt8>) -> String {
    var name: [UInt8] = []
    for index in element.indices.dropFirst() {
      let byte = element[index]
      if byte <= " " || byte == ">" || byte == "/" { break }
      if byte == ":" { name.removeAll() } else { name.append(byte) }
    }
    return String(decoding: name, as: UTF8.self)
  }

  /// Gets ready to add a record of these surroundings to the batch that is being filled.
  private func makeRoom(in surroundings: Surroundings) throws(Complaint) {
    let isFull = batch.segments.count >= filter.batchSize || batch.bytes.count >= Batch.size
    if isFull || batch.surroundings?.generation != surroundings.generation { try flush() }
    if batch.segments.isEmpty {
      batch.surroundings = surroundings
      kind = filter.kindOfList?(envelope.rootName, batch.doctype) ?? filter.kind
    }
  }

  /// Adds a record to the batch that is being filled.
  private func enqueue(_ bytes: Span<UInt8>, line: Int, in surroundings: Surroundings) throws(Complaint) {
    if !isSplice { try makeRoom(in: surroundings) }
    // The batch is touched once: each time is looked at, so that nobody else changes it meanwhile, and records may be short.
    batch.add(bytes, isRecord: true, line: line, identities?.look(at: bytes, of: kind) ?? IdentityCheck.Finding())
  }
}
