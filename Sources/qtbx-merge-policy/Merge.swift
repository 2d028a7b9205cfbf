import Base
import Markup
import Requests
import Toolbox

/// A new policy that gets the chosen controls of an old one.
final class Merge: PolicyDraft {
  /// What is done with the chosen controls.
  struct MergeOptions {
    var updatesExisting = true
    var addsNew = true
    var addsTechnologies = false
  }

  private let old: Selection
  private let options: MergeOptions
  private let findings: Findings
  /// The technologies that the policy lists, with those that are added.
  private var listed: Set<String> = []
  private var newTechnologies: [[PieceTable.Piece]] = []
  /// The sections that chosen controls are added to, by their headings; of several alike, the first.
  private var targetSections: [String: Section] = [:]
  /// The headings of the old policy, which has been read by then.
  private lazy var headings = Set(old.places.map(\.heading))
  private var highestNumber = 0
  private var new = Outline()
  private var chosen = Outline()

  init(_ old: Selection, _ options: MergeOptions, title: Title, findings: Findings) {
    self.old = old
    self.options = options
    self.findings = findings
    super.init(title: title, grammar: old.grammar)
  }

  private static func subject(_ cid: CID, _ heading: String) -> Subject { Subject(kind: "control", id: String(cid), name: heading) }

  // MARK: Reading

  override func take(_ technology: Technology, _ outline: borrowing Outline, at range: Range<Int>) throws(Complaint) {
    listed.insert(technology.id)
    try findings.add(grammar.notes(ofUntouched: outline, technology.subject), isNamed: true)
  }

  override func take(_ control: Control, _ bytes: Span<UInt8>) throws(Complaint) {
    let start = draft.hold.count
    let heading = section?.heading ?? ""
    if let one = old.control(control.cid, for: heading) {
      try replace(control, bytes, by: one, in: heading)
    } else {
      try draft.hold.append(bytes)
      var record: [UInt8] = []
      record.append(bytes)
      new.read(record)
      try findings.add(grammar.notes(ofUntouched: new, Self.subject(control.cid, heading)), isNamed: true)
    }
    section?.controls?.count += 1
    section?.controls?.last = start..<draft.hold.count
  }

  private func replace(_ control: Control, _ bytes: Span<UInt8>, by one: Selection.Chosen, in heading: String) throws(Complaint) {
    let replacement = try old.draft.hold.bytes(in: one.range)
    var original: [UInt8] = []
    original.append(bytes)
    if original == replacement {
      try draft.hold.append(bytes)
      try findings.add(.identical, control.cid, in: heading, "")
      return try findings.add(old.notes(of: one))
    }
    guard options.updatesExisting else {
      try draft.hold.append(bytes)
      try findings.add(.kept, control.cid, in: heading, "left as it is, by --no-update-existing")
      new.read(original)
      return try findings.add(grammar.notes(ofUntouched: new, Self.subject(control.cid, heading)))
    }
    try draft.hold.append(replacement)
    chosen.read(replacement)
    var differences: [ControlValues.Difference] = []
    var words = ""
    if findings.wantsDifferences {
      new.read(original)
      differences = ControlValues(chosen).differences(from: ControlValues(new))
      if differences.isEmpty { words = "no value differs: only how they are written, or their order" }
    }
    if control.isUserDefined != one.isUserDefined { words = "\(one.isUserDefined ? "only" : "not") in the old policy it is user-defined" }
    try findings.add(.replaced, control.cid, in: heading, words)
    for difference in differences { try findings.add(difference, of: control.cid, in: heading) }
    try findings.add(old.notes(of: one))
    try carried(control.cid, in: heading)
  }

  /// Looks at what the control in `chosen` needs of the policy around it. Errors: `refused` if there is no place for that.
  private func carried(_ cid: CID, in heading: String) throws(Complaint) {
    for found in Technology.all(of: chosen, but: listed) where !listed.contains(found.id) {
      // A control may name it by its ID alone.
      let technology = old.listed[found.id]?.technology ?? found
      let name = technology.subject.description
      let subject = Self.subject(cid, heading)
      guard options.addsTechnologies else {
        try findings.add([
          Note(.noted, subject, element: "TECHNOLOGIES", "the new policy does not list the \(name): --add-technologies adds it")
        ])
        continue
      }
      guard let (range, _, isAlone) = old.listed[technology.id] else {
        try findings.add([Note(.noted, subject, element: "TECHNOLOGIES", "neither policy lists the \(name)")])
        continue
      }
      guard isAlone else {
        throw Complaint(.refused, "TECHNOLOGIES/TECHNOLOGY/ID: the old policy has that of the \(name) twice: nobody knows which is meant")
      }
      guard technologies != nil else { throw Complaint(.refused, "the new policy has no TECHNOLOGIES to which the \(name) could be added") }
      let bytes = try old.draft.hold.bytes(in: range)
      new.read(bytes)
      try old.checkPrefixes(in: bytes, of: "the old policy's \(name)")
      listed.insert(technology.id)
      newTechnologies.append([.drawn(range)])
      try findings.add(technology)
      try findings.add(grammar.notes(of: new, technology.subject), isNamed: true)
    }
  }

  override func sectionEnded(_ section: Section) throws(Complaint) {
    let previous = sections?.count ?? 0
    sections?.count = previous + 1
    sections?.last = section.part.start..<draft.hold.count
    // Of another size, it is no number of a section, and there would be none behind it.
    highestNumber = max(highestNumber, Int32(section.number?.text ?? "").map { Int($0) } ?? previous + 1)
    guard let controls = section.controls else { return }
    noteTotal(of: controls, in: "the new policy", element: "SECTIONS/SECTION/CONTROLS", " in section \"\(section.heading)\"")
    if headings.contains(section.heading), targetSections[section.heading] == nil {
      targetSections[section.heading] = section
    } else {
      correct(controls, to: controls.count)
    }
  }

  override func sectionsEnded(_ sections: Part) throws(Complaint) {
    noteTotal(of: sections, in: "the new policy", element: "SECTIONS")
  }

  // MARK: What the new policy lacks

  /// The new policy has been read: adds what it does not have, and makes the totals right. Errors: `refused`, `local`.
  func finish() throws(Complaint) {
    try findings.add(old.refusals)
    try old.sayMissing(to: findings)
    var added: [String: [[PieceTable.Piece]]] = [:]
    /// By the old policy's section, those that get a section of their own.
    var newSections: [(place: Int, controls: [Range<Int>])] = []
    for one in old.unmet {
      let place = Int(one.section)
      let heading = old.places[place].heading
      guard options.addsNew else {
        try findings.add(.omitted, one.cid, in: heading, "left out, by --no-add-new")
        continue
      }
      chosen.read(try old.draft.hold.bytes(in: one.range))
      if targetSections[heading] != nil {
        added[heading, default: []].append([.drawn(one.range)])
        try findings.add(.added, one.cid, in: heading, "")
      } else {
        if newSections.last?.place != place { newSections.append((place, [])) }
        newSections[newSections.count - 1].controls.append(one.rangeWithBlank)
        try findings.add(.added, one.cid, in: heading, "to a new section at the end")
      }
      try findings.add(old.notes(of: one))
      try carried(one.cid, in: heading)
    }
    for one in old.unused where options.updatesExisting {
      let subject = Self.subject(one.cid, old.places[Int(one.section)].heading)
      try findings.add([Note(.noted, subject, "the old policy's control of this section is not carried: the new policy has it elsewhere")])
    }
    for (heading, section) in targetSections {
      guard let controls = section.controls else { continue }
      let children = added[heading] ?? []
      correct(controls, to: controls.count + children.count)
      try put(children, into: controls, "CONTROLS", within: section.part.start)
    }
    if let sections {
      correct(sections, to: sections.count + newSections.count)
      var children: [[PieceTable.Piece]] = []
      for one in newSections { children.append(try pieces(ofSection: one.place, one.controls, number: highestNumber + children.count + 1)) }
      try put(children, into: sections, "SECTIONS", within: policy?.start)
    }
    if let technologies, !newTechnologies.isEmpty {
      noteTotal(of: technologies, in: "the new policy", element: "TECHNOLOGIES")
      correct(technologies, to: technologies.count + newTechnologies.count)
      try put(newTechnologies, into: technologies, "TECHNOLOGIES", within: policy?.start)
    }
    for (name, text) in old.particulars where text.map({ !$0.trimmed.isEmpty }) ?? true {
      if text == nil || !particulars.contains(where: { $0.name == name && $0.text == text }) { try findings.leave(name, text, of: old.title) }
    }
    // A control of a kind that nobody knows is among them: it is not merged.
    try findings.add(old.surroundingNotes.map { Note($0.disposition, $0.subject, element: $0.element, "in the old policy: " + $0.reason) })
    if let encoding = old.encoding { note(.changed, "the old policy is \(encoding): its controls are UTF-8 now") }
    noteWhole()
    try findings.add(notes)
  }

  /// A section of the old policy with some of its controls.
  private func pieces(ofSection place: Int, _ controls: [Range<Int>], number: Int) throws(Complaint) -> [PieceTable.Piece] {
    let section = old.places[place]
    guard let part = section.controls else { return [] }
    // Without its controls, which have been looked at.
    try old.checkPrefixes(
      in: old.draft.hold.bytes(in: section.part.start..<part.tagEnd) + old.draft.hold.bytes(in: part.contentEnd..<section.part.end),
      of: "the old policy's section \"\(section.heading)\"")
    var pieces: [PieceTable.Piece] = []
    var at = section.part.start
    func put(_ text: String, at range: Range<Int>) {
      pieces += [.drawn(at..<range.lowerBound), .bytes(Array(text.utf8))]
      at = range.upperBound
    }
    if let old = section.number {
      put(String(number), at: old.range)
    } else if let tag = section.emptyNumber {
      put("<NUMBER>\(number)</NUMBER>", at: tag)
    } else {
      // Each section has one.
      let layout = try old.draft.hold.bytes(in: old.draft.hold.blanks(before: part.start))
      put(String(decoding: layout, as: UTF8.self) + "<NUMBER>\(number)</NUMBER>", at: section.part.tagEnd..<section.part.tagEnd)
    }
    let former = section.number?.text ?? ""
    if former != String(number) {
      let subject = Subject(kind: "section", name: section.heading)
      try findings.add(
        [Note(.changed, subject, element: "NUMBER", "\(former.isEmpty ? "none" : former) in the old policy, \(number) in the merged one")])
    }
    if let total = part.total { put(String(controls.count), at: total.range) }
    pieces.append(.drawn(at..<part.tagEnd))
    pieces += controls.map { .drawn($0) }
    pieces.append(.drawn(try old.draft.hold.blanks(before: part.contentEnd).lowerBound..<section.part.end))
    return pieces
  }

  /// Puts children behind the last one of an element, or into an empty one, indented as those around them.
  ///
  /// - Parameter outer: where the element around it begins.
  private func put(_ children: [[PieceTable.Piece]], into part: Part, _ name: String, within outer: Int?) throws(Complaint) {
    guard !children.isEmpty else { return }
    func blank(before start: Int) throws(Complaint) -> [UInt8] { try draft.hold.bytes(in: draft.hold.blanks(before: start)) }
    if let last = part.last {
      let lead = try PieceTable.Piece.bytes(blank(before: last.lowerBound))
      return draft.replace(last.upperBound..<last.upperBound, with: children.flatMap { [lead] + $0 })
    }
    let own = try blank(before: part.start)
    let outer = try outer.map { outer throws(Complaint) in try blank(before: outer) } ?? []
    let step = own.starts(with: outer) ? own.dropFirst(outer.count) : []
    let inside = children.flatMap { [.bytes(own + step)] + $0 }
    if part.isEmptyTag {
      draft.replace(part.tagEnd - 2..<part.tagEnd, with: [.bytes([">"])] + inside + [.bytes(own + "</\(name)>".utf8)])
    } else {
      draft.replace(part.tagEnd..<part.tagEnd, with: inside + (part.contentEnd == part.tagEnd ? [.bytes(own)] : []))
    }
  }
}
