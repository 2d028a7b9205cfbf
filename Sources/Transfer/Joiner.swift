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
    var root = ""
    /// The names of the elements around the records, outermost first.
    var path: [String] = []
    /// The namespaces and attributes of these.
    var tags: [Tag] = []
    var head = Skeleton()
    var tail = Skeleton()
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
  private var stream: RecordStream?
  private var reader: OrderedWorkerPool<[UInt8], Bool>?
  /// What has come and is not read yet.
  private var pending: [UInt8] = []
  private var frame: Frame?
  private var pageStart = 0
  private(set) var page = Page()
  private(set) var records = 0
  private var isJoined = false
  private var lastID = ""

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
  init(_ resource: Resource, into destination: FetchDestination, isRaw: Bool) {
    self.resource = resource
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

  /// Makes the page a part of the answer; `isLast` says that nothing is left to be asked for. Errors: `remote` if it does not fit the others.
  func keep(isLast: Bool) throws(Complaint) {
    if frame == nil {
      if page.records == 0, !isLast {
        if let other = page.lost.min() { throw Complaint(.remote, "it has \(other), and no record of a known name: pages cannot be joined") }
        // Nothing to put records behind: the next page will have a place for them.
        return try destination.rewind(to: pageStart)
      }
      if !isLast, page.isScattered { throw Complaint(.remote, "the records stand in several places: pages cannot be joined") }
      if !isLast, page.isTailOut { throw Complaint(.remote, "there are more than \(Self.limit) bytes behind the records: pages cannot be joined") }
      frame = Frame(root: page.root, path: page.path ?? [], tags: page.frameTags, head: page.head ?? Skeleton(), tail: page.held)
    } else {
      isJoined = true
    }
    records += page.records
    if let last = page.answer.lastID { lastID = last }
  }

  /// Hands on what stands around all records, and puts the answer in its place.
  func finish() throws(Complaint) {
    let values = isJoined ? ["count": String(records), "hasMoreRecords": "false", "lastId": lastID] : [:]
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
        isError || !Catalog.takes(root: element.name, for: resource) || element.namespace != nil || frame.map { $0.root != element.name } ?? false
    }
    let role = page.answer.opened(element)
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
    if element.name == "WARNING", page.warning == nil, !wrappers.isEmpty {
      page.warning = (start(of: element), "", "")
    } else if element.name == "WARNING_LIST", page.warningList == nil, !wrappers.isEmpty {
      page.warningList = (start(of: element), 0, 0)
    } else if element.path.last == "WARNING_LIST" {
      page.warningList?.kept += 1
    } else if frame == nil, element.path == ["ServiceResponse"], Self.counted.contains(element.name) {
      page.content = page.held.bytes.count
    }
  }

  /// Where an element whose start tag has come last begins in the held bytes, with the blanks before it.
  private func start(of element: SkeletonElement) -> Int {
    // Of a page that is not the first, nothing is held.
    var start = max(0, page.held.bytes.count - element.tag.count)
    while start > 0, [" ", "\t", "\n", "\r"].contains(page.held.bytes[start - 1]) { start -= 1 }
    return start
  }

  func closed(_ element: SkeletonElement, text: String?) throws(Complaint) {
    page.answer.closed(element, text: text)
    page.open.removeLast()
    page.tags.removeLast()
    if page.open.isEmpty { page.isWhole = true }
    guard !page.isForeign else { return }
    if frame != nil { page.held = Skeleton() }
    switch element.name {
    case _ where element.path.last == "WARNING" && !wrappers.isEmpty: try warned(element.name, text)
    case "WARNING" where !wrappers.isEmpty: try warned(text?.trimmed ?? "")
    case "WARNING_LIST" where !wrappers.isEmpty:
      // A list of nothing is none by the grammar.
      if let list = page.warningList, list.taken > 0, list.kept == 0, frame == nil { page.held.bytes.removeSubrange(list.start...) }
      page.warningList = nil
    case _ where element.path == ["ServiceResponse"]: close(element.name)
    default: break
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
    if frame == nil { page.held.bytes.removeSubrange(warning.start...) }
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
