package import Base
package import Catalog
package import Markup

/// A value that a map does not translate, and the record that it stands in.
package struct Unmapped: Sendable {
  /// What the value is: "appliance".
  package var noun: String
  /// As it stands in the record.
  package var value: String
  /// It is a name, which a message quotes.
  package var isName = false
  /// What the map says instead of one target; empty if it says nothing. A single one is a name that no list can hold.
  package var targets: [String] = []
  /// The option that gives the map, if none was given.
  package var missingOption: String?
  /// The record that it stands in.
  package var subject: Subject
  /// Where it stands in the record.
  package var element: String

  /// `appliance 78`, `scanner "LON  01"`: a name as it is, so that its blanks are seen.
  package var description: String { isName ? "\(noun) \"\(value)\"" : "\(noun) \(value)" }

  /// `9001 and 9002`
  package var listedTargets: String { targets.joined(separator: " and ") }

  /// What is the matter with it, behind "since".
  package var reason: String {
    switch targets.count {
    case 0: "no map says what it is in the target"
    case 1: "its name in the target, \"\(targets[0])\", has a comma: in a list it would be two"
    default: "the map has it more than once, for \(listedTargets)"
    }
  }
}

/// One kind of id or name in the records of a document, and the map that says what it becomes.
package struct TranslationRule: Sendable {
  /// Where a value stands in a record.
  package enum Place: Sendable {
    /// The text of the elements with this path below the record: `["DISTRIBUTION_GROUP", "ID"]` for any such ID.
    case element([String])
    /// The text of the record's own child of this name, wherever else the name stands.
    case child(String)
    /// The attribute of this name, wherever it stands.
    case attribute(String)
  }

  /// What is done with a value that a map translates.
  package enum Effect: Sendable {
    /// The value is replaced where it stands.
    case replace
    /// The element gets the attribute `qtbx-target` for the stylesheet, and keeps its text. If it is a list, and values of it have no target
    /// and are left out, `qtbx-target-lacks` says how many.
    case annotate
  }

  var place: Place
  /// What a value is: "appliance".
  package private(set) var noun: String
  var option: String
  var map: IDMap?
  var reading: IDMap.Reading
  var isList: Bool
  var holdsRanges: Bool
  var effect: Effect
  var isLenient: Bool
  var isVital: Bool
  /// It is the record's own id, and what is written sets what the object is like.
  package private(set) var isOwn = false
  /// The other object cannot stand in two records, nor in one twice.
  package private(set) var isSole = false
  /// Without a map its values pass through.
  private var needsMap = true
  /// Where the element at this path has this value, it is another thing.
  private(set) var exception: (path: StaticString, value: String)?
  /// Of each value of the list, the part before a bar counts; one without a bar is a piece of another's text. No comma in quotes is the list's own.
  private(set) var holdsFields = false
  /// Hosts have addresses for names: blanks around one are layout, and part of no name.
  private var holdsAddresses = false
  /// What may stand before all values, and is no part of the first: `NOT`.
  private let leadingWord: [UInt8]
  /// Values that are the same in every subscription.
  package private(set) var passes: @Sendable (String) -> Bool

  /// - Parameters:
  ///   - noun: what a value is: "appliance".
  ///   - option: the option that gives the map: "--appliance-map".
  ///   - map: nil if none was given: then ids are refused, since another subscription has other ids, and names pass through.
  ///   - isList: the text holds several values, separated by commas.
  ///   - holdsRanges: some of them are ranges of ids, `10-12`, which stand for each id in them.
  ///   - isLenient: a value that the map lacks passes through.
  ///   - isVital: a record that would lose all of its values is another record: dropped ids take it along.
  ///   - leadingWord: what may stand before all values, with a blank behind it, and is no part of the first: `NOT`.
  ///   - passes: values that are the same in every subscription.
  package init(
    _ place: Place, _ noun: String, option: String, map: IDMap?, as reading: IDMap.Reading = .id, isList: Bool = false, holdsRanges: Bool = false,
    effect: Effect = .replace, isLenient: Bool = false, isVital: Bool = false, leadingWord: String = "",
    passes: @escaping @Sendable (String) -> Bool = { _ in false }
  ) {
    self.place = place
    self.noun = noun
    self.option = option
    self.map = map
    self.reading = reading
    self.isList = isList
    self.holdsRanges = holdsRanges
    self.effect = effect
    self.isLenient = isLenient
    self.isVital = isVital
    self.leadingWord = Array(leadingWord.utf8)
    self.passes = passes
  }

  /// The rule for what a record says of another object.
  ///
  /// - Parameter map: what was given for that kind; nil for none.
  package init(_ reference: Reference, option: String, map: IDMap?, effect: Effect) {
    let place: Place =
      switch reference.place {
      case .element(let path): .element(path.split(separator: "/").map { String($0) })
      case .child(let name): .child(name)
      case .attribute(let name): .attribute(name)
      }
    self.init(
      place, reference.noun, option: option, map: map, as: IDMap.Reading(reference.form), isList: reference.isList,
      holdsRanges: reference.holdsRanges, effect: effect, isLenient: reference.isLenient, isVital: reference.isVital, passes: reference.isConstant)
    isOwn = reference.isOwn
    isSole = reference.isSole
    needsMap = reference.needsMap
    exception = reference.exception
    holdsFields = reference.holdsFields
    holdsAddresses = reference.kind == "host"
  }

  fileprivate var isElement: Bool { if case .attribute = place { false } else { true } }
  fileprivate var isChild: Bool { if case .child = place { true } else { false } }

  // MARK: Values

  /// What becomes of a text.
  fileprivate struct Change {
    /// What stands at which bytes of it instead, in their order.
    var edits: [(range: Range<Int>, text: String)] = []
    /// No value is left of it.
    var isEmptied = false
  }

  /// A value of a list, and what becomes of it.
  private struct Member {
    var range: Range<Int>
    /// All that stands between the commas around it.
    var whole: Range<Int>
    var fate = Fate.stays

    enum Fate {
      case stays, goes
      case becomes(String)
    }
  }

  /// What becomes of a text with its values mapped; the blanks and commas between them stay as they are. Nil if nothing is to change.
  ///
  /// - Parameter missing: takes a value without a target, and what the map says of it instead of one.
  fileprivate func change(of text: [UInt8], in range: Range<Int>, missing: (String, [String]) -> Void) -> Change? {
    if reading != .id, map == nil { return nil }
    let inner = frameless(text, range)
    /// A list has room for so many ids of ranges, not each range.
    var room = 100_000
    guard isList else {
      switch member(Value(text, inner, of: inner), room: &room, missing).fate {
      case .stays: return nil
      case .goes: return Change(edits: [(inner, "")], isEmptied: true)
      case .becomes(let target): return Change(edits: [(inner, target)])
      }
    }
    var members: [Member] = []
    var isChanged = false
    func add(_ member: Member) {
      if case .stays = member.fate {} else { isChanged = true }
      members.append(member)
    }
    forEachValue(of: text, inner) { add(member($0, room: &room, missing)) }
    return isChanged ? Self.change(members) : nil
  }

  /// A value that goes takes a comma along.
  private static func change(_ members: [Member]) -> Change {
    var change = Change(isEmptied: true)
    var isFirst = true
    for (at, member) in members.enumerated() {
      switch member.fate {
      case .goes where isFirst:
        let next = at + 1 < members.count ? members[at + 1].range.lowerBound : member.range.upperBound
        change.edits.append((member.range.lowerBound..<next, ""))
      case .goes: change.edits.append((member.whole.lowerBound - 1..<member.whole.upperBound, ""))
      case .becomes(let text):
        change.edits.append((member.range, text))
        change.isEmptied = false
        isFirst = false
      case .stays:
        if !member.range.isEmpty { change.isEmptied = false }
        isFirst = false
      }
    }
    return change
  }

  /// A value where it stands, and what the map says of it if it has been asked.
  private struct Value {
    var range: Range<Int>
    var whole: Range<Int>
    var text: String
    var finding: IDMap.Finding?

    init(_ bytes: [UInt8], _ range: Range<Int>, of whole: Range<Int>) {
      self.range = range
      self.whole = whole
      text = String(decoding: bytes[range], as: UTF8.self)
    }
  }

  private func member(_ value: Value, room: inout Int, _ missing: (String, [String]) -> Void) -> Member {
    var member = Member(range: value.range, whole: value.whole)
    if value.range.isEmpty { return member }
    if holdsFields {
      guard let bar = value.text.utf8.firstIndex(of: "|") else { return member }
      let field = value.text[..<bar].unpadded
      if passes(field) { return member }
      member.fate = target(of: field, nil, missing)
      if case .becomes(let target) = member.fate { member.fate = .becomes(target + value.text[bar...]) }
      return member
    }
    if passes(value.text) { return member }
    if holdsRanges, map != nil, let ids = idRange(value.text, room: &room) {
      // Each id of it has a target of its own, or is missing by itself.
      let targets = ids.compactMap { id -> String? in
        switch target(of: String(id), nil, missing) {
        case .becomes(let target): target
        case .stays: String(id)
        case .goes: nil
        }
      }
      member.fate = targets.isEmpty ? .goes : .becomes(targets.joined(separator: ","))
    } else {
      member.fate = target(of: value.text, value.finding, missing)
    }
    return member
  }

  private func target(of value: String, _ known: IDMap.Finding?, _ missing: (String, [String]) -> Void) -> Member.Fate {
    switch known ?? map?.finding(of: value, as: reading) ?? .nothing {
    case .target(let target):
      if !isList || reading == .id || !target.utf8.contains(",") { return .becomes(target) }
      // The request has its values with commas between them, and no way to say that one of these is a name's own.
      missing(value, [target])
    case .nothing where isLenient && (map != nil || !needsMap): return .stays
    case .nothing, .missing: missing(value, [])
    case .several(let targets): missing(value, targets)
    }
    return .goes
  }

  /// The ids from the first to the last of a range. Where there is no room for them all, it is a value that no map has.
  private func idRange(_ text: String, room: inout Int) -> ClosedRange<Int>? {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0.unpadded) }
    guard ends.count == 2, let first = ends[0], let last = ends[1], first <= last, last - first < room else { return nil }
    room -= last - first + 1
    return first...last
  }

  // MARK: Lists

  /// The values of a list. A comma may belong to a name: the longest text between commas that the map knows is a value.
  private func forEachValue(of text: [UInt8], _ range: Range<Int>, _ body: (Value) -> Void) {
    var starts = [range.lowerBound]
    var isQuoted = false
    for at in range {
      if holdsFields, text[at] == "\"" { isQuoted.toggle() }
      if text[at] == ",", !isQuoted { starts.append(at + 1) }
    }
    var at = 0
    while at < starts.count {
      var width = 1
      var value: Value?
      if reading != .id, let commas = map?.commas {
        width = min(commas + 1, starts.count - at)
        while width > 1 {
          let joined = self.value(text, range, starts, at, width)
          if let finding = joined.finding, finding != .nothing {
            value = joined
            break
          }
          width -= 1
        }
      }
      body(value ?? self.value(text, range, starts, at, width))
      at += width
    }
  }

  /// The text from one comma to another. The blanks beside a comma belong to the list, unless the map has a name with them.
  private func value(_ text: [UInt8], _ range: Range<Int>, _ starts: [Int], _ at: Int, _ width: Int) -> Value {
    let whole = starts[at]..<(at + width < starts.count ? starts[at + width] - 1 : range.upperBound)
    let inner = Self.unpadded(text, whole)
    if reading == .id || inner.isEmpty { return Value(text, inner, of: whole) }
    let first = at == 0 ? whole.lowerBound : inner.lowerBound
    let last = at + width == starts.count ? whole.upperBound : inner.upperBound
    var value = Value(text, first..<last, of: whole)
    value.finding = map?.finding(of: value.text, as: reading)
    if value.range == whole { return value }
    var asIs = Value(text, whole, of: whole)
    asIs.finding = map?.finding(of: asIs.text, as: reading)
    switch (asIs.finding, value.finding) {
    case (.target, .nothing), (.several, .nothing): return asIs
    case (.target(let one), .target(let other)) where one != other: value.finding = .several([one, other])
    default: break
    }
    return value
  }

  // MARK: Blanks

  /// The part of a text without what is layout: around an id all blanks, around a name those of a line of its own.
  fileprivate func frameless(_ text: [UInt8], _ range: Range<Int>) -> Range<Int> {
    let inner = Self.unpadded(text, range)
    if reading == .id || holdsAddresses || inner.isEmpty { return inner }
    let lead = text[range.lowerBound..<inner.lowerBound].contains("\n") ? inner.lowerBound : range.lowerBound
    let trail = text[inner.upperBound..<range.upperBound].contains("\n") ? inner.upperBound : range.upperBound
    return lead..<trail
  }

  /// The part of a text behind the word that may stand before its values.
  fileprivate func values(of text: [UInt8], _ range: Range<Int>) -> Range<Int> {
    let inner = Self.unpadded(text, range)
    let behind = inner.lowerBound + leadingWord.count
    guard !leadingWord.isEmpty, behind < inner.upperBound, text[behind].isBlank, text[inner].starts(with: leadingWord) else { return range }
    return Self.unpadded(text, behind..<inner.upperBound).lowerBound..<range.upperBound
  }

  private static func unpadded(_ text: [UInt8], _ range: Range<Int>) -> Range<Int> {
    var (lower, upper) = (range.lowerBound, range.upperBound)
    while lower < upper, text[lower].isBlank { lower += 1 }
    while upper > lower, text[upper - 1].isBlank { upper -= 1 }
    return lower..<upper
  }
}

/// Rewrites the ids and names of records by maps, byte for byte except for these.
package struct Translation: Sendable {
  /// Those that change or check anything: one without a map is not among them, unless it is about ids.
  package let rules: [TranslationRule]
  /// An id that a map does not hold is left out, with a note, instead of failing the run.
  package let dropsUnmapped: Bool

  private let names: [[[UInt8]]]
  /// A bit for each length of an element's name that a rule speaks of: most elements are passed over by it.
  private let lengths: UInt64
  /// The rules for attributes, as indices.
  private let attributeRules: [Int]

  /// - Parameter dropsUnmapped: leaves out an id that no map holds, with a note, instead of failing the run.
  package init(_ all: [TranslationRule], dropsUnmapped: Bool) {
    // Without a map a name passes through: such a rule would only look.
    let rules = all.filter { $0.map != nil || $0.reading == .id }
    self.rules = rules
    self.dropsUnmapped = dropsUnmapped
    names = rules.map { rule in
      switch rule.place {
      case .element(let path): path.reversed().map { Array($0.utf8) }
      case .child(let name), .attribute(let name): [Array(name.utf8)]
      }
    }
    lengths = zip(rules, names).reduce(0) { bits, rule in
      rule.0.isElement ? bits | 1 << UInt64(min(rule.1[0].prefix { $0 != "[" }.count, 63)) : bits
    }
    attributeRules = rules.indices.filter { !rules[$0].isElement }
  }

  /// The record's bytes with every rule applied; nil if it has lost what made it itself.
  ///
  /// Notes and unmapped values are added to those of the caller.
  ///
  /// - Parameter hidden: what is left out besides.
  package func apply(
    to outline: borrowing Outline, without hidden: [Range<Int32>] = [], of subject: @autoclosure () -> Subject, notes: inout [Note],
    unmapped: inout [Unmapped]
  ) throws(Complaint) -> [UInt8]? {
    var edits: [(range: Range<Int32>, bytes: [UInt8])] = hidden.map { ($0, []) }
    for at in outline.elements.indices.dropFirst() {
      let element = outline.elements[at]
      if lengths & 1 << UInt64(min(element.name.count, 63)) != 0 {
        for index in names.indices where rules[index].isElement && matches(outline, at, names[index]) {
          if rules[index].isChild, element.parent != 0 { continue }
          if let (path, value) = rules[index].exception, outline.text(at: path)?.trimmed == value { continue }
          guard edit(outline, at, rules[index], subject(), &edits, &notes, &unmapped) else { return nil }
        }
      }
      for attribute in element.attributes {
        for index in attributeRules where outline.has(outline.attributes[Int(attribute)].name, names[index][0]) {
          edit(outline, at, attribute: Int(attribute), rules[index], subject(), &edits, &notes, &unmapped)
        }
      }
    }
    guard !edits.isEmpty else { return outline.bytes }
    edits.sort { $0.range.lowerBound < $1.range.lowerBound }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(outline.bytes.count + 64)
    var at = 0
    for (range, replacement) in edits where Int(range.lowerBound) >= at {
      bytes += outline.bytes[at..<Int(range.lowerBound)]
      bytes += replacement
      at = Int(range.upperBound)
    }
    bytes += outline.bytes[at...]
    return bytes
  }

  private func matches(_ outline: borrowing Outline, _ index: Int, _ path: [[UInt8]]) -> Bool {
    var at = index
    for name in path {
      guard at > 0, outline.has(at, step: name) else { return false }
      at = Int(outline.elements[at].parent)
    }
    return true
  }

  /// False if the record is lost with the value.
  private func edit(
    _ outline: borrowing Outline, _ index: Int, _ rule: TranslationRule, _ subject: @autoclosure () -> Subject,
    _ edits: inout [(range: Range<Int32>, bytes: [UInt8])],
    _ notes: inout [Note], _ unmapped: inout [Unmapped]
  ) -> Bool {
    let content = outline.elements[index].content
    let before = notes.count
    // Most values are plain: then a byte of the text is a byte of the record.
    let placed = outline.isPlain(content) ? nil : PlacedText(outline.bytes, content)
    let text = placed?.bytes ?? outline.bytes
    let range = rule.values(of: text, placed.map { 0..<$0.bytes.count } ?? Int(content.lowerBound)..<Int(content.upperBound))
    var lacks = 0
    let change = rule.change(of: text, in: range) { value, targets in
      lacks += 1
      miss(value, targets, rule, subject(), outline.path(to: index), nil, &notes, &unmapped)
    }
    guard let change else { return true }
    if rule.isVital, dropsUnmapped, change.isEmptied {
      // The record as a whole is what the map has no place for, not one value of it.
      notes.removeSubrange(before...)
      notes.append(
        Note(
          .unmapped, subject(),
          "without its \(rule.noun), which no map has, it would be another \(Resource.noun(of: subject().kind))"))
      return false
    }
    switch rule.effect {
    case .replace:
      for edit in change.edits {
        if let placed {
          edits += placed.edits(edit.range, becomes: edit.text)
        } else {
          edits.append((Int32(edit.range.lowerBound)..<Int32(edit.range.upperBound), Outline.escaped(edit.text)))
        }
      }
    case .annotate:
      let end = outline.elements[index].name.upperBound
      let target = Self.applied(change, to: text, in: rule.frameless(text, range))
      let lacking = rule.isList && lacks > 0 ? " qtbx-target-lacks=\"\(lacks)\"" : ""
      edits.append((end..<end, Array(" qtbx-target=\"".utf8) + Self.quotable(target) + ["\""] + Array(lacking.utf8)))
    }
    return true
  }

  private func edit(
    _ outline: borrowing Outline, _ index: Int, attribute: Int, _ rule: TranslationRule, _ subject: @autoclosure () -> Subject,
    _ edits: inout [(range: Range<Int32>, bytes: [UInt8])], _ notes: inout [Note], _ unmapped: inout [Unmapped]
  ) {
    let value = outline.attributes[attribute].value
    let placed = outline.isPlain(value) ? nil : Array(outline.text(value).utf8)
    let text = placed ?? outline.bytes
    let range = placed.map { 0..<$0.count } ?? Int(value.lowerBound)..<Int(value.upperBound)
    var isMissing = false
    let change = rule.change(of: text, in: range) { missing, targets in
      isMissing = true
      let member = outline.text(outline.elements[index].content)
      miss(
        missing, targets, rule, subject(), outline.path(to: index) + "/@" + outline.string(outline.attributes[attribute].name),
        "\(member) left out, since without its \(rule.noun) it would be another member", &notes, &unmapped)
    }
    guard let change else { return }
    if isMissing, dropsUnmapped {
      // The whole element goes: without the attribute, it would say something else.
      edits.append((outline.elements[index].whole, []))
    } else if placed != nil {
      edits.append((value, Self.quotable(Self.applied(change, to: text, in: range))))
    } else {
      for edit in change.edits { edits.append((Int32(edit.range.lowerBound)..<Int32(edit.range.upperBound), Self.quotable(edit.text))) }
    }
  }

  /// A part of a text with its changes.
  private static func applied(_ change: TranslationRule.Change, to text: [UInt8], in range: Range<Int>) -> String {
    var bytes: [UInt8] = []
    var at = range.lowerBound
    for edit in change.edits {
      bytes += text[at..<edit.range.lowerBound]
      bytes += edit.text.utf8
      at = edit.range.upperBound
    }
    return String(decoding: bytes + text[at..<range.upperBound], as: UTF8.self)
  }

  /// Text as the value of an attribute. A tab or a line feed in it would be read as a blank, and be another name.
  private static func quotable(_ text: String) -> [UInt8] {
    let bytes = Outline.escaped(text)
    guard bytes.contains(where: { $0 == "\t" || $0 == "\n" }) else { return bytes }
    return bytes.flatMap { $0 == "\t" ? Array("&#9;".utf8) : $0 == "\n" ? Array("&#10;".utf8) : [$0] }
  }

  private func miss(
    _ value: String, _ targets: [String], _ rule: TranslationRule, _ subject: Subject, _ path: String, _ consequence: String?,
    _ notes: inout [Note], _ unmapped: inout [Unmapped]
  ) {
    let one = Unmapped(
      noun: rule.noun, value: value, isName: rule.reading != .id, targets: targets, missingOption: rule.map == nil ? rule.option : nil,
      subject: subject, element: path)
    if !dropsUnmapped {
      unmapped.append(one)
    } else {
      let reason = targets.isEmpty ? consequence : nil
      notes.append(
        Note(targets.isEmpty ? .unmapped : .dropped, subject, element: path, "\(one.description): \(reason ?? "left out, since \(one.reason)")"))
    }
  }
}

extension TranslationRule {
  /// The path of the elements that it speaks of; nil if it speaks of attributes.
  package var path: String? {
    switch place {
    case .element(let path): path.joined(separator: "/")
    case .child(let name): name
    case .attribute: nil
    }
  }

  /// What a single id of a record becomes, where a program that needs no stylesheet asks; nil if it has no target, which is added to the others.
  package func target(of id: String, in subject: Subject, element: String, _ unmapped: inout [Unmapped]) -> String? {
    if passes(id) { return id }
    if let target = map?.target(of: id, as: reading) { return target }
    if isLenient, map != nil || !needsMap { return id }
    unmapped.append(
      Unmapped(noun: noun, value: id, targets: [], missingOption: map == nil ? option : nil, subject: subject, element: element))
    return nil
  }
}

extension Outline {
  /// Whether a range of content, or of an attribute's value, is its own text.
  fileprivate func isPlain(_ range: Range<Int32>) -> Bool {
    for at in Int(range.lowerBound)..<Int(range.upperBound) where bytes[at] == "&" || bytes[at] == "<" || bytes[at] == "\r" { return false }
    return true
  }
}

extension StringProtocol {
  /// Without the layout around it: a title may be CDATA on a line of its own. Blanks without a line feed belong to the text.
  package var unframed: String {
    // Most texts have no blank at either end.
    if utf8.withContiguousStorageIfAvailable({ bytes in (bytes.first ?? 0) > " " && (bytes.last ?? 0) > " " }) == true { return String(self) }
    func isBlank(_ scalar: Unicode.Scalar) -> Bool { ["\t", "\n", "\r", " "].contains(scalar) }
    let lead = unicodeScalars.prefix(while: isBlank)
    let trail = unicodeScalars.reversed().prefix(while: isBlank)
    if lead.count == unicodeScalars.count { return "" }
    let inner = unicodeScalars.dropFirst(lead.contains("\n") ? lead.count : 0).dropLast(trail.contains("\n") ? trail.count : 0)
    return String(String.UnicodeScalarView(inner))
  }

  /// Without the blanks of XML around it: an id as it is. A no-break blank is none of them.
  package var unpadded: String {
    if utf8.withContiguousStorageIfAvailable({ bytes in
      bytes.first.map { first in !first.isBlank && bytes.last?.isBlank == false } ?? false
    }) == true {
      return String(self)
    }
    // By bytes: a blank with an accent behind it is one character.
    let bytes = Array(utf8)
    guard let first = bytes.firstIndex(where: { !$0.isBlank }), let last = bytes.lastIndex(where: { !$0.isBlank }) else { return "" }
    return String(decoding: bytes[first...last], as: UTF8.self)
  }

  /// Without the white space around it, and with each run of white space inside as one blank. Not for names: each blank counts in them.
  package var trimmed: String {
    // Most values are ASCII without a blank. In one piece: byte by byte, a text of whatever kind says each of them through a table.
    if utf8.withContiguousStorageIfAvailable({ bytes in !bytes.contains { $0 <= " " || $0 >= 0x80 } }) == true { return String(self) }
    // The Unicode properties of a character cost much more than its bytes.
    guard utf8.allSatisfy({ $0 < 0x80 }) else { return split(whereSeparator: \.isWhitespace).joined(separator: " ") }
    var collapsed: [UInt8] = []
    for byte in utf8 where byte > " " || byte < "\t" || byte > "\r" && byte < " " || collapsed.last != " " {
      collapsed.append(("\t"..."\r").contains(byte) ? " " : byte)
    }
    if collapsed.first == " " { collapsed.removeFirst() }
    if collapsed.last == " " { collapsed.removeLast() }
    return String(decoding: collapsed, as: UTF8.self)
  }
}

extension IDMap.Reading {
  /// How a map is read for what stands in a record.
  package init(_ form: Reference.Form) {
    self =
      switch form {
      case .id: .id
      case .name: .name
      case .idOfName: .idOfName
      }
  }
}
