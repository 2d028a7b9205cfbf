import Base
import Catalog
import Markup
import Requests
import Toolbox

/// A policy export on its way through: held back as it is read, while totals, title and what is dropped are made right.
///
/// What becomes of the controls is said by those who inherit.
class PolicyDraft: RecordSink {
  /// An element whose children are counted.
  struct Part {
    /// Where its `<` stands, and where its start tag ends.
    let start: Int
    let tagEnd: Int
    /// It is `<NAME/>`.
    let isEmptyTag: Bool
    /// Its attribute `total`.
    let total: (range: Range<Int>, text: String)?
    /// Where its content ends, and where it ends itself; known when it has ended.
    var contentEnd = 0
    var end = 0
    /// How many children it has when it is written, and where the last of them begins and ends.
    var count = 0
    var last: Range<Int>?
    /// How many children were read.
    fileprivate(set) var found = 0
  }

  /// A section that is open, or has just ended.
  struct Section {
    var part: Part
    var heading = ""
    /// Its place among the sections, as the policy numbers them.
    var number: (range: Range<Int>, text: String)?
    /// Where `<NUMBER/>` stands.
    fileprivate(set) var emptyNumber: Range<Int>?
    var controls: Part?
    fileprivate var numberPart: Part?
    fileprivate var headingPart: Part?
  }

  /// What the title becomes.
  enum Title {
    case kept
    case text(String)
    /// `MERGED_POLICY_`, this time, and the title.
    case merged(stamp: String)
  }

  var draft = PieceTable()
  private(set) var notes: [Note] = []
  /// The encoding of the document where it was not UTF-8.
  private(set) var encoding: String?
  /// The title that the policy had.
  private(set) var title = ""
  /// What the policy says of itself, beside its technologies and sections, by the names of the elements. No text if it is a long one, or no text.
  private(set) var particulars: [(name: String, text: String?)] = []
  private(set) var technologies: Part?
  var sections: Part?
  var section: Section?
  /// Someone declares a namespace prefix around the controls.
  private(set) var declaresPrefixes = false
  private let newTitle: Title
  /// What is known of the controls.
  let grammar: ControlGrammar
  private var envelope = Envelope(Resource.policy.document, isCopied: true)
  private(set) var policy: Part?
  private var titlePart: Part?
  private var leaf: Part?
  /// How deep the appendix stands that is being left out.
  private var appendix: Int?
  /// The elements of the policy that have been met of those that stand once, by their places.
  private var met: Set<String> = []
  /// Attributes that nobody knows.
  private var strangers: [Note] = []

  init(title: Title, grammar: ControlGrammar) {
    newTitle = title
    self.grammar = grammar
  }

  /// Reads the whole policy. Errors: `refused` for what is no policy export, `local`.
  final func read(_ path: String) throws(Complaint) {
    try Input.read(path, records: Resource.policy.document.records, into: self) { stream throws(Complaint) in
      try envelope.ended(records: stream.count)
      if let cut = envelope.truncation { throw Complaint(.refused, "the policy export is cut off: \(cut)") }
      guard policy != nil else { throw Complaint(.refused, "the policy export has no POLICY") }
      guard sections != nil else { throw Complaint(.refused, "POLICY/SECTIONS: this element is missing") }
      // A new title would be lost.
      if titlePart == nil {
        guard case .kept = newTitle else { throw Complaint(.refused, "the policy has no TITLE, whose place the new one could take") }
      }
      notes += surroundingNotes
      encoding = stream.foreignEncoding
    }
  }

  final func note(_ disposition: Disposition, element: String = "", _ reason: String) {
    notes.append(Note(disposition, Subject(kind: "policy", name: title), element: element, reason))
  }

  final func add(_ notes: [Note]) { self.notes += notes }

  /// What stands around the controls, and is not what was to be expected there.
  final var surroundingNotes: [Note] { envelope.notes + strangers }

  /// What there is to say about every policy that is written.
  final func noteWhole() {
    if let encoding { note(.changed, "the document was \(encoding) and is UTF-8 now") }
    note(.noted, "an export never holds the scope: asset groups and tags are assigned after the import")
  }

  // MARK: For those who inherit

  /// A control, in `section`; puts it, or what stands for it, at the end of the draft.
  func take(_ control: Control, _ bytes: Span<UInt8>) throws(Complaint) {}

  /// A technology of the policy, which stands at this range of the draft.
  func take(_ technology: Technology, _ outline: borrowing Outline, at range: Range<Int>) throws(Complaint) {}

  /// `section` has ended, and the draft with it.
  func sectionEnded(_ section: Section) throws(Complaint) {}

  /// All sections have ended.
  func sectionsEnded(_ sections: Part) throws(Complaint) {}

  /// Makes a total right that says how many children there are. One that is not there stays so.
  final func correct(_ part: Part, to count: Int) {
    if let total = part.total, total.text.trimmed != String(count) { draft.replace(total.range, with: String(count)) }
  }

  /// Notes that a total was wrong where it was read.
  final func noteTotal(of part: Part, in policy: String, element: String, _ place: String = "") {
    guard let total = part.total, total.text.trimmed != String(part.found) else { return }
    note(.changed, element: element + "/@total", "\(policy) says \(total.text) and holds \(part.found)\(place)")
  }

  /// Names the attributes that nobody knows of an element in its place. Errors: `refused` if it stands twice in the policy.
  private func account(for element: SkeletonElement) throws(Complaint) {
    let place = Self.place(of: element)
    // TITLE, SECTIONS and others that are read complain by themselves.
    if element.path.count == 3, !met.insert(place).inserted { throw Self.doubled(element) }
    var outline = Outline()
    outline.read(element.tag)
    for attribute in outline.attributes where !outline.string(attribute.name).hasPrefix("xmlns") {
      if outline.has(attribute.name, "total"), ["TECHNOLOGIES", "SECTIONS", "CONTROLS"].contains(element.name) { continue }
      let path = (element.path.dropFirst() + [element.name]).joined(separator: "/") + "/@" + outline.string(attribute.name)
      strangers.append(Note(.unknown, Subject(kind: "document", name: envelope.rootName), element: path, "this attribute is not known here"))
    }
  }

  // MARK: The parts of the document

  final func skeleton(_ bytes: Span<UInt8>) throws(Complaint) {
    if appendix == nil { try draft.hold.append(bytes) }
  }

  final func opened(_ element: SkeletonElement) throws(Complaint) {
    if appendix != nil { return }
    try envelope.opened(element)
    if element.tag.contains("xmlns:") { declaresPrefixes = true }
    guard !envelope.isForeign, element.namespace == nil else { return }
    let place = Self.place(of: element)
    if place.hasPrefix("POLICY"), Resource.policy.document.skeleton.contains(place) { try account(for: element) }
    func once(_ former: Part?, _ order: String? = nil) throws(Complaint) -> Part {
      if former != nil { throw Self.doubled(element) }
      if let order { throw Complaint(.refused, "\(place): this element stands behind \(order)", at: String(element.line)) }
      return part(element)
    }
    switch place {
    case "POLICY": policy = try once(policy)
    case "POLICY/TITLE":
      leaf = try once(titlePart)
      titlePart = leaf
    case "POLICY/SECTIONS/SECTION/NUMBER":
      leaf = try once(section?.numberPart, section?.controls == nil ? nil : "CONTROLS")
      section?.numberPart = leaf
    case "POLICY/TECHNOLOGIES": technologies = try once(technologies, sections == nil ? nil : "SECTIONS")
    case "POLICY/SECTIONS": sections = try once(sections)
    case "POLICY/SECTIONS/SECTION": section = Section(part: part(element))
    case "POLICY/SECTIONS/SECTION/HEADING":
      let heading = try once(section?.headingPart, section?.controls == nil ? nil : "CONTROLS")
      section?.headingPart = heading
    case "POLICY/SECTIONS/SECTION/CONTROLS":
      let controls = try once(section?.controls)
      section?.controls = controls
    case let place where element.name == "APPENDIX" && place.split(separator: "/").count <= 2:
      appendix = element.path.count
      let end = draft.hold.count
      draft.replace(try draft.hold.blanks(before: end - element.tag.count).lowerBound..<end, with: "")
      particulars.append(("APPENDIX", nil))
      note(.dropped, element: "APPENDIX", "the service refuses to import a policy with its appendix")
    default: break
    }
  }

  final func closed(_ element: SkeletonElement, text: String?) throws(Complaint) {
    if let depth = appendix {
      if element.path.count == depth { appendix = nil }
      return
    }
    try envelope.closed(element, text: text)
    guard !envelope.isForeign, element.namespace == nil else { return }
    let place = Self.place(of: element)
    if element.path.count == 3, Resource.policy.document.skeleton.contains(place), !["TECHNOLOGIES", "SECTIONS"].contains(element.name) {
      particulars.append((element.name, element.holdsElements ? nil : text))
    }
    switch place {
    case "POLICY/TITLE":
      title = text?.trimmed ?? ""
      if let leaf { try setTitle(ended(leaf), text: text) }
    case "POLICY/TECHNOLOGIES":
      if let part = technologies { technologies = try ended(part) }
    case "POLICY/SECTIONS/SECTION/NUMBER":
      if let part = try leaf.map({ leaf throws(Complaint) in try ended(leaf) }) {
        if part.isEmptyTag {
          section?.emptyNumber = part.start..<part.tagEnd
        } else {
          section?.number = (part.tagEnd..<part.contentEnd, text?.trimmed ?? "")
        }
      }
    case "POLICY/SECTIONS/SECTION/HEADING":
      guard let text else {
        throw Complaint(.refused, "\(place): this is not a text of at most 8192 bytes", at: String(element.line))
      }
      section?.heading = text.trimmed
    case "POLICY/SECTIONS/SECTION/CONTROLS":
      if let part = section?.controls { section?.controls = try ended(part) }
    case "POLICY/SECTIONS/SECTION":
      guard var ended = section else { return }
      section = nil
      ended.part = try self.ended(ended.part)
      sections?.found += 1
      try sectionEnded(ended)
    case "POLICY/SECTIONS":
      if let part = sections { sections = try ended(part) }
      if let sections { try sectionsEnded(sections) }
    default: break
    }
  }

  final func record(_ bytes: Span<UInt8>, line: Int, in surroundings: Surroundings) throws(Complaint) {
    if envelope.isForeign { return }
    let start = draft.hold.count
    if bytes[1] == "T" {
      try draft.hold.append(bytes)
      var record: [UInt8] = []
      record.append(bytes)
      var outline = Outline()
      outline.read(record)
      try take(Technology(outline, at: 0), outline, at: start..<draft.hold.count)
      technologies?.count += 1
      technologies?.found += 1
      technologies?.last = start..<draft.hold.count
    } else {
      section?.controls?.found += 1
      try take(Control(bytes, line: line), bytes)
    }
  }

  /// Where an element stands below RESPONSE, empty elsewhere.
  private static func place(of element: SkeletonElement) -> String {
    if element.path.count < 2 || element.path[1] != "RESPONSE" { return "" }
    return (element.path.dropFirst(2) + [element.name]).joined(separator: "/")
  }

  private static func doubled(_ element: SkeletonElement) -> Complaint {
    Complaint(.refused, "\(place(of: element)): this element stands twice, and only one can be meant", at: String(element.line))
  }

  /// An element whose start tag has just been put at the end of the draft.
  private func part(_ element: SkeletonElement) -> Part {
    let end = draft.hold.count
    let start = end - element.tag.count
    var outline = Outline()
    outline.read(element.tag)
    let total = outline.attributes.first { outline.has($0.name, "total") }
    return Part(
      start: start, tagEnd: end, isEmptyTag: element.tag.dropLast().last == "/",
      total: total.map { (start + Int($0.value.lowerBound)..<start + Int($0.value.upperBound), outline.text($0.value)) })
  }

  /// The same element, when the draft ends with its end tag.
  private func ended(_ part: Part) throws(Complaint) -> Part {
    var ended = part
    ended.contentEnd = part.tagEnd
    ended.end = draft.hold.count
    if part.isEmptyTag { return ended }
    let window = max(part.tagEnd, draft.hold.count - 4096)
    let tail = try draft.hold.bytes(in: window..<draft.hold.count)
    guard let tag = tail.lastIndex(of: "<") else { throw Complaint(.refused, "an end tag is longer than 4096 bytes") }
    ended.contentEnd = window + tag
    return ended
  }

  // MARK: The title

  private func setTitle(_ part: Part, text: String?) throws(Complaint) {
    let new: String
    switch newTitle {
    case .kept: return
    case .text(let title): new = title
    case .merged(let stamp):
      guard text != nil else { throw Complaint(.refused, "the TITLE of the policy is not a text of at most 8192 bytes") }
      new = "MERGED_POLICY_\(stamp)_\(title.split(separator: " ").joined(separator: "_"))"
    }
    if new.unicodeScalars.count > 255 {
      note(.noted, element: "TITLE", "the new title has \(new.unicodeScalars.count) characters; how many the service takes is not documented")
    }
    if part.isEmptyTag {
      return draft.replace(part.tagEnd - 2..<part.tagEnd, with: [.bytes([">"] + Outline.escaped(new) + Array("</TITLE>".utf8))])
    }
    var outline = Outline()
    let bytes = try draft.hold.bytes(in: part.start..<draft.hold.count)
    outline.read(bytes)
    guard let content = outline.elements.first?.content, let run = outline.plainRun(in: content) else {
      return draft.replace(part.tagEnd..<part.contentEnd, with: [.bytes(Outline.escaped(new))])
    }
    // Blanks around the old title are its own; only those of a line of its own are the document's layout.
    let isBlank = { (byte: UInt8) in [" ", "\t", "\n", "\r"].contains(byte) }
    let before = bytes[..<Int(run.range.lowerBound)].reversed().prefix(while: isBlank)
    let behind = bytes[Int(run.range.upperBound)...].prefix(while: isBlank)
    let isLayout = before.contains("\n") || behind.contains("\n")
    let start = Int(run.range.lowerBound) - (isLayout ? 0 : before.count)
    let end = Int(run.range.upperBound) + (isLayout ? 0 : behind.count)
    let range = part.start + start..<part.start + end
    draft.replace(range, with: [.bytes(run.isLiteral ? Self.literal(new) : Outline.escaped(new))])
  }

  /// Text as it stands in a CDATA section, which can hold neither its own end nor a carriage return.
  private static func literal(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if byte == ">", bytes.suffix(2) == ["]", "]"] {
        bytes += "]]><![CDATA[>".utf8
      } else if byte == "\r" {
        bytes += "]]>&#13;<![CDATA[".utf8
      } else {
        bytes.append(byte)
      }
    }
    return bytes
  }
}
