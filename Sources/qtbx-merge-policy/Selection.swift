import Base
import Markup
import Requests
import Toolbox

/// The chosen controls of a policy: as a document of their own, and as what a merge draws on.
final class Selection: PolicyDraft {
  /// A chosen control, where it stands in the draft.
  struct Chosen {
    let cid: CID
    let start: Int
    let length: Int32
    /// Of `places`.
    let section: Int32
    /// How many blanks stand before it.
    let blank: Int16
    let isUserDefined: Bool
    /// The new policy has a control of this number, too. True or false of the first of several alike.
    var isMet = false
    /// It stands in the new policy now.
    var isUsed = false

    var range: Range<Int> { start..<start + Int(length) }
    var rangeWithBlank: Range<Int> { start - Int(blank)..<start + Int(length) }
  }

  let choice: ControlFilter
  /// The controls go into another document.
  private let isForMerge: Bool
  /// By number, and those of the same number as they stand.
  private(set) var chosen: [Chosen] = []
  /// The sections that hold chosen controls.
  private(set) var places: [Section] = []
  /// The technologies of the policy by their IDs: the first, and whether another one has its ID, too.
  private(set) var listed: [String: (range: Range<Int>, technology: Technology, isAlone: Bool)] = [:]
  /// By a number that stands several times: under each heading, where in `chosen` they are, and how many of them have taken a place.
  private var groups: [CID: [String: (indices: [Int], paired: Int)]] = [:]
  /// How many controls were left out.
  private(set) var leftOut = 0

  /// What is unknown in chosen controls, by where they stand in the draft.
  private var unknown: [Int: [Note]] = [:]
  /// Why chosen controls, or technologies, cannot be carried.
  private(set) var refusals: [Note] = []
  private var outline = Outline()

  init(_ choice: ControlFilter, isForMerge: Bool, title: Title, grammar: ControlGrammar) {
    self.choice = choice
    self.isForMerge = isForMerge
    super.init(title: title, grammar: grammar)
  }

  /// What is unknown in a chosen control.
  func notes(of one: Chosen) -> [Note] { unknown[one.start] ?? [] }

  /// The numbers that were asked for and are not there.
  var missing: [CID] { (choice.cids ?? []).filter { index(of: $0) == nil }.sorted() }

  /// The first of the chosen controls with a number.
  func index(of cid: CID) -> Int? {
    var (low, high) = (0, chosen.count)
    while low < high {
      let middle = (low + high) / 2
      if chosen[middle].cid < cid { low = middle + 1 } else { high = middle }
    }
    return low < chosen.count && chosen[low].cid == cid ? low : nil
  }

  /// The control that takes the place of one in a section: the next of the same heading if there are several. Remembers that it was asked for.
  func control(_ cid: CID, for heading: String) -> Chosen? {
    guard let first = index(of: cid) else { return nil }
    chosen[first].isMet = true
    var taken = first
    if first + 1 < chosen.count, chosen[first + 1].cid == cid {
      if groups[cid] == nil { groups[cid] = group(from: first) }
      if let alike = groups[cid]?[heading] {
        taken = alike.indices[alike.paired < alike.indices.count ? alike.paired : 0]
        groups[cid]?[heading]?.paired += 1
      }
    }
    chosen[taken].isUsed = true
    return chosen[taken]
  }

  private func group(from first: Int) -> [String: (indices: [Int], paired: Int)] {
    var group: [String: (indices: [Int], paired: Int)] = [:]
    var index = first
    while index < chosen.count, chosen[index].cid == chosen[first].cid {
      group[places[Int(chosen[index].section)].heading, default: ([], 0)].indices.append(index)
      index += 1
    }
    return group
  }

  /// The chosen controls that the new policy has, but whose own bytes have taken no place in it.
  var unused: [Chosen] {
    var unused: [Chosen] = []
    var first = 0
    for index in chosen.indices {
      if chosen[index].cid != chosen[first].cid { first = index }
      if chosen[first].isMet, !chosen[index].isUsed { unused.append(chosen[index]) }
    }
    return unused
  }

  /// The chosen controls that the new policy does not have, as they stand in the old.
  var unmet: [Chosen] {
    var unmet: [Chosen] = []
    var first = 0
    for index in chosen.indices {
      if chosen[index].cid != chosen[first].cid { first = index }
      if !chosen[first].isMet { unmet.append(chosen[index]) }
    }
    return unmet.sorted { $0.start < $1.start }
  }

  /// Says what was chosen, for a selection that is written itself.
  func say(to findings: Findings) throws(Complaint) {
    try findings.add(refusals)
    for one in chosen.sorted(by: { $0.start < $1.start }) {
      try findings.add(.selected, one.cid, in: places[Int(one.section)].heading, "")
      try findings.add(notes(of: one))
    }
    findings.skip(leftOut)
    try sayMissing(to: findings)
    noteWhole()
    try findings.add(notes)
  }

  /// Names the controls that were asked for and are not there.
  func sayMissing(to findings: Findings) throws(Complaint) {
    for cid in missing { try findings.add(.missing, cid, in: "", "the \(isForMerge ? "old " : "")policy does not have it") }
  }

  // MARK: Reading

  override func take(_ technology: Technology, _ outline: borrowing Outline, at range: Range<Int>) throws(Complaint) {
    if listed[technology.id] == nil {
      listed[technology.id] = (range, technology, true)
    } else {
      listed[technology.id]?.isAlone = false
    }
    // Of those for a merge, only what is added is written.
    if isForMerge { return }
    add(grammar.notes(ofUntouched: outline, technology.subject))
  }

  override func take(_ control: Control, _ bytes: Span<UInt8>) throws(Complaint) {
    guard choice.contains(control.cid) else {
      leftOut += 1
      return try draft.hold.trim()
    }
    var record: [UInt8] = []
    record.append(bytes)
    if isForMerge {
      try checkPrefixes(in: record, of: "control \(control.cid)", at: String(control.line))
    }
    let start = draft.hold.count
    outline.read(record)
    let notes = grammar.notes(of: outline, Subject(kind: "control", id: String(control.cid), name: section?.heading ?? ""))
    refusals += notes.filter { $0.disposition == .refused }
    let unknown = notes.filter { $0.disposition != .refused }
    if !unknown.isEmpty { self.unknown[start] = unknown }
    chosen.append(
      Chosen(
        cid: control.cid, start: start, length: Int32(bytes.count), section: Int32(places.count),
        blank: Int16(try draft.hold.blanks(before: start).count), isUserDefined: control.isUserDefined))
    try draft.hold.append(bytes)
    section?.controls?.count += 1
  }

  /// Errors: `refused` if an element that goes into another document uses a namespace prefix that it does not declare itself.
  func checkPrefixes(in element: consuming [UInt8], of name: String, at place: String? = nil) throws(Complaint) {
    guard declaresPrefixes else { return }
    var outline = Outline()
    outline.read(element)
    guard let prefix = Self.foreignPrefix(in: outline) else { return }
    throw Complaint(.refused, "\(name) uses the namespace prefix \"\(prefix)\", which is declared outside of it", at: place)
  }

  private static func foreignPrefix(in control: borrowing Outline) -> String? {
    func prefix(_ name: Range<Int32>) -> String? {
      let parts = control.string(name).split(separator: ":")
      return parts.count == 2 && parts[0] != "xml" && parts[0] != "xmlns" ? String(parts[0]) : nil
    }
    func isDeclared(_ prefix: String, at index: Int) -> Bool {
      var at = index
      while at >= 0 {
        let element = control.elements[at]
        if element.attributes.contains(where: { control.string(control.attributes[Int($0)].name) == "xmlns:" + prefix }) { return true }
        at = Int(element.parent)
      }
      return false
    }
    for index in control.elements.indices {
      let names = [control.elements[index].name] + control.elements[index].attributes.map { control.attributes[Int($0)].name }
      for name in names {
        if let prefix = prefix(name), !isDeclared(prefix, at: index) { return prefix }
      }
    }
    return nil
  }

  override func sectionEnded(_ section: Section) throws(Complaint) {
    if let controls = section.controls, controls.count > 0 {
      places.append(section)
    } else if choice.cids != nil {
      return draft.replace(try draft.hold.blanks(before: section.part.start).lowerBound..<draft.hold.count, with: "")
    }
    sections?.count += 1
    guard let controls = section.controls else { return }
    correct(controls, to: controls.count)
    if !isForMerge { noteTotal(of: controls, in: "the policy", element: "SECTIONS/SECTION/CONTROLS", " in section \"\(section.heading)\"") }
  }

  override func sectionsEnded(_ sections: Part) throws(Complaint) {
    correct(sections, to: sections.count)
    if !isForMerge { noteTotal(of: sections, in: "the policy", element: "SECTIONS") }
    chosen.sort { ($0.cid, $0.start) < ($1.cid, $1.start) }
  }
}
