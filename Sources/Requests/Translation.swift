package import Markup

/// A value that a map does not hold, and the record that it stands in.
package struct Unmapped: Sendable {
  /// What the value is: "appliance".
  package var noun: String
  package var value: String
  /// The option that gives the map, if none was given.
  package var missingOption: String?
  package var subject: Subject
  /// Where it stands in the record.
  package var element: String
}

/// One kind of id or name in the records of a document, and the map that says what it becomes.
package struct TranslationRule: Sendable {
  package enum Place: Sendable {
    /// The text of the elements with this path below the record: `["DISTRIBUTION_GROUP", "ID"]` for any such ID.
    case element([String])
    /// The text of the record's own child of this name, wherever else the name stands.
    case child(String)
    /// The attribute of this name, wherever it stands.
    case attribute(String)
  }

  package enum Effect: Sendable {
    /// The value is replaced where it stands.
    case replace
    /// The element gets the attribute `qtbx-target` for the stylesheet, and keeps its text.
    case annotate
  }

  var place: Place
  var noun: String
  var option: String
  var map: IDMap?
  var reading: IDMap.Reading
  var isList: Bool
  var holdsRanges: Bool
  var effect: Effect
  var isLenient: Bool
  var isVital: Bool
  var passes: @Sendable (String) -> Bool

  /// - Parameters:
  ///   - noun: what a value is: "appliance".
  ///   - option: the option that gives the map: "--appliance-map".
  ///   - map: nil if none was given: then ids are refused, since another subscription has other ids, and names pass through.
  ///   - isList: the text holds several values, separated by commas.
  ///   - holdsRanges: some of them are ranges of ids, `10-12`, which stand for each id in them.
  ///   - isLenient: a value that the map lacks passes through.
  ///   - isVital: a record that would lose all of its values is another record: dropped ids take it along.
  ///   - passes: values that are the same in every subscription.
  package init(
    _ place: Place, _ noun: String, option: String, map: IDMap?, as reading: IDMap.Reading = .id, isList: Bool = false, holdsRanges: Bool = false,
    effect: Effect = .replace, isLenient: Bool = false, isVital: Bool = false, passes: @escaping @Sendable (String) -> Bool = { _ in false }
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
    self.passes = passes
  }

  fileprivate var isElement: Bool { if case .attribute = place { false } else { true } }
  fileprivate var isChild: Bool { if case .child = place { true } else { false } }

  /// The values of a text. Without a map, and beyond a hundred thousand ids, a range stays what it is, and has no target as a whole.
  private func pieces(of text: String) -> [Substring] {
    guard isList else { return [text[...]] }
    let pieces = text.split(separator: ",", omittingEmptySubsequences: false)
    guard holdsRanges, map != nil else { return pieces }
    var room = 100_000
    return pieces.flatMap { piece -> [Substring] in
      let ends = piece.split(separator: "-", omittingEmptySubsequences: false).map { Int($0.trimmed) }
      guard ends.count == 2, let first = ends[0], let last = ends[1], first <= last, last - first < room else { return [piece] }
      room -= last - first + 1
      return (first...last).map { String($0)[...] }
    }
  }

  /// The text with its values mapped, and the blanks and commas between them as they are. Nil if nothing is to change.
  fileprivate func translated(_ text: String, missing: (String) -> Void) -> String? {
    var pieces: [String] = []
    var isMapped = false
    let all = self.pieces(of: text)
    for piece in all {
      let value = piece.trimmed
      guard !value.isEmpty, !passes(value), map != nil || reading == .id else {
        pieces.append(String(piece))
        continue
      }
      if let target = map?.target(of: value, as: reading) {
        let lead = piece.prefix { $0.isWhitespace }
        let trail = piece.reversed().prefix { $0.isWhitespace }.reversed()
        pieces.append(lead + target + String(trail))
        isMapped = true
      } else if map != nil, isLenient {
        pieces.append(String(piece))
      } else {
        missing(value)
        isMapped = true
      }
    }
    guard isMapped else { return nil }
    let joined = pieces.joined(separator: ",")
    let lead = joined.prefix { $0.isWhitespace }.count
    return pieces.count < all.count ? String(joined.dropFirst(lead)) : joined
  }
}

/// Rewrites the ids and names of records by maps, byte for byte except for these.
package struct Translation: Sendable {
  package let rules: [TranslationRule]
  /// An id that a map does not hold is left out, with a note, instead of failing the run.
  package let dropsUnmapped: Bool

  private let names: [[[UInt8]]]
  /// A bit for each length of an element's name that a rule speaks of: most elements are passed over by it.
  private let lengths: UInt64
  private let hasAttributeRules: Bool

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
    lengths = zip(rules, names).reduce(0) { bits, rule in rule.0.isElement ? bits | 1 << UInt64(min(rule.1[0].count, 63)) : bits }
    hasAttributeRules = rules.contains { !$0.isElement }
  }

  /// The record's bytes with every rule applied; nil if it has lost what made it itself.
  ///
  /// Notes and unmapped values are added to those of the caller.
  package func apply(
    to outline: borrowing Outline, of subject: @autoclosure () -> Subject, notes: inout [Note], unmapped: inout [Unmapped]
  ) throws(Complaint) -> [UInt8]? {
    var edits: [(range: Range<Int32>, bytes: [UInt8])] = []
    for at in outline.elements.indices.dropFirst() {
      let element = outline.elements[at]
      let isNamed = lengths & 1 << UInt64(min(element.name.count, 63)) != 0
      guard isNamed || hasAttributeRules && !element.attributes.isEmpty else { continue }
      for index in names.indices where rules[index].isElement ? matches(outline, at, names[index]) : !element.attributes.isEmpty {
        if rules[index].isElement {
          if rules[index].isChild, element.parent != 0 { continue }
          guard edit(outline, at, rules[index], subject(), &edits, &notes, &unmapped) else { return nil }
          continue
        }
        for attribute in element.attributes where outline.has(outline.attributes[Int(attribute)].name, names[index][0]) {
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
    return bytes + outline.bytes[at...]
  }

  private func matches(_ outline: borrowing Outline, _ index: Int, _ path: [[UInt8]]) -> Bool {
    var at = index
    for name in path {
      guard at > 0, outline.has(outline.elements[at].name, name) else { return false }
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
    let element = outline.elements[index]
    // The blanks, the comments and the CDATA around a value are none of ours.
    let run = rule.isElement && rule.effect == .replace ? outline.plainRun(in: element.content) : nil
    let target = rule.translated(run.map { outline.string($0.range) } ?? outline.text(element.content)) { value in
      miss(value, rule, subject(), outline.path(to: index), "left out, since no map says what it is in the target", &notes, &unmapped)
    }
    guard let target else { return true }
    if rule.isVital, dropsUnmapped, target.trimmed.isEmpty {
      // The record as a whole is what the map has no place for, not one value of it.
      notes.removeLast()
      notes.append(
        Note(
          .skipped, subject(), element: outline.path(to: index),
          "without its \(rule.noun), which no map has, it would be another \(subject().kind.map { $0 == "-" ? " " : String($0) }.joined())"))
      return false
    }
    switch rule.effect {
    case .replace:
      if let run, !run.isLiteral || !target.contains("]]>") && !target.utf8.contains(0x0D) {
        edits.append((run.range, run.isLiteral ? Array(target.utf8) : Outline.escaped(target)))
      } else {
        edits.append((element.content, Outline.escaped(target)))
      }
    case .annotate:
      let end = element.name.upperBound
      edits.append((end..<end, Array(" qtbx-target=\"".utf8) + Outline.escaped(target.trimmed) + [0x22]))
    }
    return true
  }

  private func edit(
    _ outline: borrowing Outline, _ index: Int, attribute: Int, _ rule: TranslationRule, _ subject: @autoclosure () -> Subject,
    _ edits: inout [(range: Range<Int32>, bytes: [UInt8])], _ notes: inout [Note], _ unmapped: inout [Unmapped]
  ) {
    let value = outline.attributes[attribute].value
    var isMissing = false
    let target = rule.translated(outline.text(value)) { missing in
      isMissing = true
      let member = outline.text(outline.elements[index].content)
      miss(
        missing, rule, subject(), outline.path(to: index) + "/@" + outline.string(outline.attributes[attribute].name),
        "\(member) left out, since without its \(rule.noun) it would be another member", &notes, &unmapped)
    }
    if isMissing, dropsUnmapped {
      // The whole element goes: without the attribute, it would say something else.
      edits.append((outline.elements[index].whole, []))
    } else if let target {
      edits.append((value, Outline.escaped(target)))
    }
  }

  private func miss(
    _ value: String, _ rule: TranslationRule, _ subject: Subject, _ path: String, _ consequence: String, _ notes: inout [Note],
    _ unmapped: inout [Unmapped]
  ) {
    if dropsUnmapped {
      notes.append(Note(.dropped, subject, element: path, "\(rule.noun) \(value): \(consequence)"))
    } else {
      unmapped.append(Unmapped(noun: rule.noun, value: value, missingOption: rule.map == nil ? rule.option : nil, subject: subject, element: path))
    }
  }
}

extension StringProtocol {
  /// Without the layout around it: a title may be CDATA on a line of its own. Blanks without a line feed belong to the text.
  package var unframed: String {
    // Most texts have no blank at either end.
    if let first = unicodeScalars.first, let last = unicodeScalars.last, first.value > 0x20, last.value > 0x20 { return String(self) }
    func isBlank(_ scalar: Unicode.Scalar) -> Bool { [0x09, 0x0A, 0x0D, 0x20].contains(scalar.value) }
    let lead = unicodeScalars.prefix(while: isBlank)
    let trail = unicodeScalars.reversed().prefix(while: isBlank)
    if lead.count == unicodeScalars.count { return "" }
    let inner = unicodeScalars.dropFirst(lead.contains("\n") ? lead.count : 0).dropLast(trail.contains("\n") ? trail.count : 0)
    return String(String.UnicodeScalarView(inner))
  }

  /// Without the white space around it, and with each run of white space inside as one blank.
  package var trimmed: String {
    // The Unicode properties of a character cost much more than its bytes, and most values are ASCII.
    guard utf8.allSatisfy({ $0 < 0x80 }) else { return split(whereSeparator: \.isWhitespace).joined(separator: " ") }
    if !utf8.contains(where: { $0 <= 0x20 }) { return String(self) }
    var collapsed: [UInt8] = []
    for byte in utf8 where byte > 0x20 || byte < 0x09 || byte > 0x0D && byte < 0x20 || collapsed.last != 0x20 {
      collapsed.append((0x09...0x0D).contains(byte) ? 0x20 : byte)
    }
    if collapsed.first == 0x20 { collapsed.removeFirst() }
    if collapsed.last == 0x20 { collapsed.removeLast() }
    return String(decoding: collapsed, as: UTF8.self)
  }
}
