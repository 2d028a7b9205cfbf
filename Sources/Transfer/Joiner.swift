internal import Base
internal import Catalog
internal import Markup
internal import Requests
internal import Toolbox

/// Joins the pages of a list to one document, record by record: what stands around the records comes from the first page that has any, and
/// the records of the others are put in behind its own.
///
/// A page streams to where the answer collects while it is checked. One that breaks off is taken back, as if it had never begun.
///
/// A long page is checked by a thread of its own. Between `feed` and `end` or `abandon`, nobody else looks into it.
final class Joiner: RecordSink, @unchecked Sendable {
  /// What stands around the records.
  private struct Frame {
    /// The names of the elements around the records, outermost first.
    var path: [String] = []
    /// The namespaces and attributes of these.
    var tags: [Tag] = []
    var head = Skeleton()
    var tail = Skeleton()
    /// It says itself that the list is cut off.
    var isCut = false
  }

  /// What a start tag says besides its name. In the frame of another page, the records would mean something else without it.
  fileprivate struct Tag: Equatable {
    var namespace: String?
    var attributes: [String: String] = [:]

    init(_ element: SkeletonElement) {
      namespace = element.namespace
      guard element.tag.contains("=") else { return }
      var outline = Outline()
      outline.read(element.tag)
      for attribute in outline.attributes { attributes[outline.string(attribute.name)] = outline.text(attribute.value) }
    }
  }

  /// Bytes outside the records, with the places in them that speak of one page and must speak of all.
  fileprivate struct Skeleton {
    var bytes: [UInt8] = []
    var places: [(element: String, range: Range<Int>)] = []

    mutating func clear() {
      bytes.removeAll(keepingCapacity: true)
      places.removeAll(keepingCapacity: true)
    }

    /// Takes out what stands behind a place, and keeps in mind what it was called.
    mutating func cut(at start: Int, leaving element: String) {
      bytes.removeSubrange(start...)
      places.removeAll { $0.range.lowerBound >= start }
      if !places.contains(where: { $0.element == element }) { places.append((element, start..<start)) }
    }

    /// A warning that led on has been taken out: another one may stand there.
    var holdsWarning: Bool { places.contains { $0.element.hasPrefix("WARNING") } }

    func with(_ values: [String: String]) -> [UInt8] {
      var edited = bytes
      for place in places.reversed() {
        if let value = values[place.element] { edited.replaceSubrange(place.range, with: value.utf8) }
      }
      return edited
    }
  }

  /// What a page has said, apart from its records.
  struct Page {
    fileprivate(set) var root = ""
    /// It is no page of this list: the service has something else to say.
    fileprivate(set) var isForeign = false
    fileprivate(set) var records = 0
    /// The URL of a WARNING: there is more. Only its query means anything here.
    fileprivate(set) var url = ""
    /// What the first WARNINGs without a URL say, and how many there are besides.
    fileprivate(set) var remarks: [String] = []
    fileprivate(set) var moreRemarks = 0
    /// What the service itself says.
    fileprivate(set) var answer = AnswerReader()
    /// What is outside the records and nowhere else in the answer.
    fileprivate(set) var lost: Set<String> = []
    /// Why the list ends with this page although it has more records; nil if it does not.
    fileprivate(set) var cut: String?
    /// What a reader of the list would say of this page; nil for a document without pages.
    fileprivate var envelope: Envelope?
    fileprivate var holdsAnything = false

    fileprivate var open: [String] = []
    fileprivate var tags: [Tag] = []
    /// Where the records stand.
    fileprivate var path: [String]?
    fileprivate var frameTags: [Tag] = []
    fileprivate var generation = -1
    fileprivate var isScattered = false
    fileprivate var head: Skeleton?
    /// Since the last record.
    fileprivate var held = Skeleton()
    /// What stands behind the last record has been handed on already.
    fileprivate var isTailOut = false
    /// Where a WARNING begins in the held bytes, with the blanks before it, and what it has said.
    fileprivate var warning: (start: Int, url: String, text: String)?
    /// Where a WARNING_LIST begins, and how many of the elements in it stay and go.
    fileprivate var warningList: (start: Int, kept: Int, taken: Int)?
    /// Where the content of an element begins in the held bytes.
    fileprivate var content: Int?
    /// All bytes of it have been read.
    fileprivate(set) var hasCome = false
    /// The root element has ended.
    fileprivate(set) var isWhole = false
  }

  private let resource: Resource
  /// The names of the elements around the records; none if the answer is one document.
  private let wrappers: Set<String>
  private let destination: FetchDestination
  let isRaw: Bool
  private let wholeness: Wholeness
  private var stream: RecordStream?
  private var reader: OrderedWorkerPool<[UInt8], Bool>?
  /// What has come and is not read yet.
  private var pending: [UInt8] = []
  private var frame: Frame?
  /// The root element of the first page, and how many pages have been kept.
  private var root = ""
  private var pages = 0
  private var pageStart = 0
  private(set) var page = Page()
  private(set) var records = 0
  /// How many records the pages say that they hold.
  private var announced = 0
  private var lastID = ""
  /// Why the list ends early, where that is taken.
  private var cut: String?

  /// How many bytes are read at a time.
  private static let piece = 1 << 18
  /// What may be held: of the bytes behind a record, in case that they are the end of the page, and of what may have to be taken out again.
  private static let limit = 1 << 22
  /// How many WARNINGs of a page are repeated to a person.
  private static let mostRemarks = 20
  /// What a search says of one page, and must say of all.
  private static let counted: Set<String> = ["count", "hasMoreRecords", "lastId"]
  private static let errors: Set<String> = ["SIMPLE_RETURN", "GENERIC_RETURN", "BATCH_RETURN", "ServiceResponse", "html", "HTML"]

  /// - Parameter isRaw: the page is handed on as it comes.
  init(_ resource: Resource, into destination: FetchDestination, isRaw: Bool, _ wholeness: Wholeness) {
    self.resource = resource
    self.wholeness = wholeness
    wrappers = Set(
      resource.pageRecords.flatMap { $0.split(separator: "/").dropLast().map { String($0) } } + (resource.pageRecords.isEmpty ? [] : ["RESPONSE"]))
    self.destination = destination
    self.isRaw = isRaw
  }

  /// Whether the head must wait for the last page, which has the last word in it.
  static func holdsHead(_ resource: Resource) -> Bool { resource.list.method == .search }

  // MARK: A page

  func begin() throws(Complaint) {
    page = Page()
    pageStart = destination.count
    stream = isRaw ? nil : try RecordStream(records: resource.pageRecords, into: self, skims: true)
  }

  /// Takes the next bytes. Returns false if the page is none of this list, and nobody needs more of it.
  func feed(_ bytes: Span<UInt8>) throws(Complaint) -> Bool {
    pending.append(bytes)
    guard pending.count >= Self.piece else { return true }
    let piece = pending
    pending = []
    let reader = reader ?? OrderedWorkerPool(size: 1, isApart: true) { { piece throws(Complaint) in try self.read(piece) } }
    self.reader = reader
    var isWanted = true
    try reader.submit(piece) { isWanted = isWanted && $0 }
    return isWanted
  }

  private func read(_ piece: [UInt8]) throws(Complaint) -> Bool {
    if let stream { try stream.feed(piece) } else { try destination.append(piece) }
    return !page.isForeign
  }

  /// The transport says that the page has ended. Errors: `refused` if the document has not, or is none.
  func end() throws(Complaint) {
    defer { letGo() }
    try reader?.drain { _ in }
    _ = try read(pending)
    page.hasCome = true
    guard !page.isForeign, let stream else { return }
    do throws(Complaint) {
      try stream.finish()
    } catch {
      isNoXML = stream.isUnread
      throw error
    }
  }

  /// The page is something else than XML: asked for again, it would be so again.
  private(set) var isNoXML = false

  /// Takes the page back. What it has said is still known.
  func abandon() throws(Complaint) {
    letGo()
    try destination.rewind(to: pageStart)
  }

  /// Ends what a page has begun. Nothing would be tidied up otherwise: thread and parser hold on to this object.
  func letGo() {
    reader?.shutDown()
    reader = nil
    stream = nil
    pending = []
  }

  /// Makes the page a part of the answer. Errors: `refused` for one that no reader of the list would take; `remote` if it does not fit the others.
  ///
  /// - Parameters:
  ///   - isLast: nothing is left to be asked for.
  ///   - isStuck: the service says that there is more, and nothing leads there.
  func keep(isLast: Bool, isStuck: Bool) throws(Complaint) {
    try judge(isLast: isLast, isStuck: isStuck)
    pages += 1
    root = page.root
    announced += page.answer.count ?? page.records
    if let last = page.answer.lastID { lastID = last }
    if let reason = page.cut { cut = reason }
    if frame == nil {
      if page.records == 0, !isLast {
        if let other = page.lost.min() { throw Complaint(.remote, "it has \(other), and no record of a known name: pages cannot be joined") }
        // Nothing to put records behind: the next page will have a place for them.
        return try destination.rewind(to: pageStart)
      }
      if !isLast, page.isScattered { throw Complaint(.remote, "the records stand in several places: pages cannot be joined") }
      if !isLast, page.isTailOut { throw Complaint(.remote, "there are more than \(Self.limit) bytes behind the records: pages cannot be joined") }
      frame = Frame(path: page.path ?? [], tags: page.frameTags, head: page.head ?? Skeleton(), tail: page.held, isCut: page.cut != nil)
    }
    records += page.records
  }

  /// Holds a page to the rules of whoever reads the list, so that it does not matter which page something stands on. What stands on a page that is written as it is
  /// is left to the reader, but for a list that ends early.
  private func judge(isLast: Bool, isStuck: Bool) throws(Complaint) {
    if isRaw { return }
    if !page.holdsAnything, page.root.hasSuffix("_OUTPUT") || page.root == "ServiceResponse" {
      throw Complaint(.refused, "there is nothing in \(page.root): the answer is not whole")
    }
    page.cut = reasonOfCut(isLast: isLast, isStuck: isStuck)
    if let cut = page.cut, wholeness != .truncated { throw Complaint(.refused, "the list is cut off: \(cut)") }
    guard var envelope = page.envelope else { return }
    if wholeness == .understood {
      if isStuck { throw Complaint(.refused, "the service says that there is more, and has nothing more") }
      try envelope.ended(records: page.records, mustBeWhole: true, isContinued: !isLast, isJoined: frame != nil)
    } else if pages > 0 || !isLast {
      // Else there is more to say about it: see `keep`.
      guard isLast || frame != nil || page.records > 0 || page.lost.isEmpty else { return }
      try envelope.ended(records: page.records, isJoined: frame != nil)
    }
  }

  /// Why the list has more records than its pages, and none leads to them.
  private func reasonOfCut(isLast: Bool, isStuck: Bool) -> String? {
    // Nothing follows a document, and no URL leads on from a search.
    if wrappers.isEmpty { return page.answer.truncation }
    if let reason = page.answer.deadEnd { return reason }
    if isSearch, let warning = page.answer.warnings.first(where: { !$0.url.isEmpty }) { return warning.text.isEmpty ? "there is more" : warning.text }
    // A search for what is beyond an id that finds nothing has found all.
    return isLast && page.answer.hasMoreRecords && !(isStuck && pages > 0) ? "hasMoreRecords is true" : nil
  }

  private var isSearch: Bool { Self.holdsHead(resource) }

  /// Hands on what stands around all records, and puts the answer in its place. Errors: `remote` if the list is cut off, and the answer could not say so; `local`.
  func finish() throws(Complaint) {
    var values = pages > 1 ? ["count": String(announced), "hasMoreRecords": cut == nil ? "false" : "true", "lastId": lastID] : [:]
    if let cut, let frame, pages > 1, !isSearch, !frame.isCut {
      guard frame.tail.holdsWarning else {
        throw Complaint(.remote, "the list is cut off, and its first page has no place behind the records that could say so")
      }
      let warning = "<WARNING><CODE>1980</CODE><TEXT>\(String(decoding: Outline.escaped(cut), as: UTF8.self))</TEXT></WARNING>"
      values["WARNING"] = warning
      values["WARNING_LIST"] = "<WARNING_LIST>\(warning)</WARNING_LIST>"
    }
    try destination.append(frame?.tail.with(values) ?? [])
    try destination.finish(behind: frame?.head.with(values) ?? [])
  }

  // MARK: The parts of a page

  func skeleton(_ bytes: Span<UInt8>) throws(Complaint) {
    guard !page.isForeign else { return }
    // Before these bytes come in: they may end with a tag that is to be taken out again.
    if frame == nil {
      // Of what may have to be taken out again, all is held.
      if let start = page.warning?.start ?? page.content ?? page.warningList.flatMap({ $0.kept == 0 ? $0.start : nil }) {
        guard page.held.bytes.count - start <= Self.limit else {
          throw Complaint(.remote, "there are more than \(Self.limit) bytes in \(page.open.joined(separator: "/"))")
        }
      } else {
        try handHeld()
      }
    }
    page.held.bytes.append(bytes)
  }

  /// Hands on what has been held for long enough.
  private func handHeld() throws(Complaint) {
    let count = page.held.bytes.count
    if page.records > 0 {
      guard count > (page.isTailOut ? 1 << 16 : Self.limit) else { return }
      page.isTailOut = true
    } else if Self.holdsHead(resource) {
      guard count > Self.limit else { return }
      throw Complaint(.remote, "there are more than \(Self.limit) bytes before the first record")
    } else {
      guard count > 1 << 16 else { return }
    }
    try destination.append(page.held.bytes)
    page.held = Skeleton()
  }

  func opened(_ element: SkeletonElement) throws(Complaint) {
    if element.path.isEmpty {
      page.root = element.name
      let isError = resource.list.takesAnyRoot && Self.errors.contains(element.name)
      page.isForeign =
        isError || !Catalog.takes(root: element.name, for: resource) || element.namespace != nil || pages > 0 && element.name != root
      if !page.isForeign { page.envelope = envelope(of: element.name) }
    } else {
      page.holdsAnything = true
    }
    let role = page.answer.opened(element)
    try page.envelope?.opened(element)
    page.open.append(element.name)
    page.tags.append(Tag(element))
    if element.name == "ERROR", element.path.count == 1 { page.isForeign = true }
    guard !page.isForeign else { return }
    let isKnown = resource.document.skeleton.contains(AnswerReader.place(of: element))
    // The glossary of a page explains its own records, and only the first can bring one.
    let isEnvelope = [.root, .envelope].contains(role) || page.open.contains("REQUEST")
    let isAround = isEnvelope || isKnown || wrappers.contains(element.name) || frame?.path.contains(element.name) ?? false
    if !isAround, page.lost.count < 10 { page.lost.insert(page.open.dropFirst().joined(separator: "/")) }
    if frame != nil { page.held = Skeleton() }
    switch warningPlace(of: element) {
    case "WARNING", "WARNING_LIST/WARNING": page.warning = (start(of: element), "", "")
    case "WARNING_LIST": page.warningList = (start(of: element), 0, 0)
    default:
      if element.path.last == "WARNING_LIST" {
        page.warningList?.kept += 1
      } else if frame == nil, element.path == ["ServiceResponse"], Self.counted.contains(element.name) {
        page.content = page.held.bytes.count
      }
    }
  }

  /// Where a warning of the service or a part of it stands; nil for anything else, whatever it is called. A search leads on by its last id alone, so what it
  /// warns of is not touched.
  private func warningPlace(of element: SkeletonElement) -> String? {
    guard !wrappers.isEmpty, !isSearch, element.namespace == nil, element.path.count < 5, !page.answer.isAside else { return nil }
    let place = AnswerReader.place(of: element)
    return place.hasPrefix("WARNING") ? place : nil
  }

  /// What reads the page as a reader of the list would.
  private func envelope(of root: String) -> Envelope? {
    if wrappers.isEmpty { return nil }
    if wholeness == .understood { return Envelope(resource.document, isCopied: false) }
    // Where records stood on the first page, they may stand on the others.
    var names = (frame?.path ?? []).dropFirst()
    if names.first == "RESPONSE" { names = names.dropFirst() }
    let places = names.indices.map { names[...$0].joined(separator: "/") }
    let known = resource.document.skeleton.union(places)
    return Envelope(DocumentKind(resource.document.noun, roots: [root], records: resource.pageRecords, skeleton: known), isCopied: false)
  }

  /// Where an element whose start tag has come last begins in the held bytes, with the blanks before it.
  private func start(of element: SkeletonElement) -> Int {
    // Of a page that is not the first, nothing is held.
    var start = max(0, page.held.bytes.count - element.tag.count)
    while start > 0, [" ", "\t", "\n", "\r"].contains(page.held.bytes[start - 1]) { start -= 1 }
    return start
  }

  func closed(_ element: SkeletonElement, text: String?) throws(Complaint) {
    let place = page.isForeign ? nil : warningPlace(of: element)
    page.answer.closed(element, text: text)
    try page.envelope?.closed(element, text: text)
    if element.path.isEmpty, element.holdsText { page.holdsAnything = true }
    let isList = element.path.isEmpty || element.holdsElements || frame?.path.contains(element.name) == true
    if frame != nil, page.lost.count < 10, element.holdsText, isList, !page.answer.isAside {
      page.lost.insert("text in \(element.name)")
    }
    page.open.removeLast()
    page.tags.removeLast()
    if page.open.isEmpty { page.isWhole = true }
    guard !page.isForeign else { return }
    if frame != nil { page.held = Skeleton() }
    switch place {
    case "WARNING/URL", "WARNING/TEXT", "WARNING_LIST/WARNING/URL", "WARNING_LIST/WARNING/TEXT": try warned(element.name, text)
    case "WARNING", "WARNING_LIST/WARNING": try warned(text?.trimmed ?? "")
    case "WARNING_LIST":
      // A list of nothing is none by the grammar.
      if let list = page.warningList, list.taken > 0, list.kept == 0, !element.holdsText, frame == nil {
        page.held.cut(at: list.start, leaving: element.name)
      }
      page.warningList = nil
    case _ where element.path == ["ServiceResponse"]: close(element.name)
    default:
      // What else it holds goes with nothing that is taken out.
      if page.warning == nil { page.warningList?.kept += 1 }
      let isStray = element.name == "URL" && element.path.last == "WARNING" && !wrappers.isEmpty && !isSearch && !page.answer.isAside
      if isStray, text?.trimmed.isEmpty != true {
        let place = element.path.dropLast().joined(separator: "/")
        throw Complaint(.refused, "a WARNING with a URL stands in \(place): nobody knows whether the list goes on there")
      }
    }
  }

  private func warned(_ name: String, _ text: String?) throws(Complaint) {
    switch name {
    case "URL":
      // Longer than what is read of a text: not to be taken for none.
      guard let text else { throw Complaint(.remote, "the URL of the next page cannot be read") }
      page.warning?.url = text.trimmed
    case "TEXT": page.warning?.text = text?.trimmed ?? ""
    default: break
    }
  }

  /// A WARNING has ended. One with a URL leads on, and is taken out; another is a word to the reader.
  private func warned(_ text: String) throws(Complaint) {
    guard let warning = page.warning else { return }
    page.warning = nil
    if warning.url.isEmpty {
      let remark = warning.text.isEmpty ? text : warning.text
      if page.remarks.count == Self.mostRemarks { page.moreRemarks += 1 } else if !remark.isEmpty { page.remarks.append(remark) }
      page.warningList?.kept += 1
      return
    }
    guard page.url.isEmpty || page.url == warning.url else {
      throw Complaint(.remote, "the service names two next pages: \(page.url) and \(warning.url)")
    }
    page.url = warning.url
    page.warningList?.taken += 1
    if frame == nil { page.held.cut(at: warning.start, leaving: "WARNING") }
  }

  /// What a search says of itself: where, since the last page has the last word.
  private func close(_ name: String) {
    if let start = page.content, let end = page.held.bytes.lastIndex(of: "<"), start < end {
      page.held.places.append((name, start..<end))
    }
    page.content = nil
  }

  func record(_ bytes: Span<UInt8>, line: Int, in surroundings: Surroundings) throws(Complaint) {
    guard !page.isForeign else { return }
    if surroundings.generation != page.generation {
      page.generation = surroundings.generation
      try moved()
    }
    if page.warning != nil || page.warningList != nil { throw Complaint(.refused, "a record stands in a WARNING", at: String(line)) }
    try destination.append(page.held.bytes)
    page.held.clear()
    page.isTailOut = false
    try destination.append(bytes)
    page.records += 1
  }

  /// The next record may stand elsewhere.
  private func moved() throws(Complaint) {
    if let frame {
      if page.open != frame.path {
        throw Complaint(
          .remote, "the records stand in \(page.open.joined(separator: "/")), those of the first page in \(frame.path.joined(separator: "/"))")
      }
      if let place = page.tags.indices.first(where: { page.tags[$0] != frame.tags[$0] }) {
        throw Complaint(
          .remote, "\(page.open[place]) has a namespace or attributes that it has not on the first page: the pages cannot be joined")
      }
    } else if let path = page.path {
      if path != page.open { page.isScattered = true }
    } else {
      page.path = page.open
      page.frameTags = page.tags
      guard Self.holdsHead(resource) else { return }
      page.head = page.held
      page.held = Skeleton()
    }
  }
}
