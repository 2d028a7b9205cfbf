package import Base
package import Catalog
package import Markup

/// What a kind of record may hold, how often, and what becomes of each element and attribute.
///
/// Parsed from the text in `xslt/` that docs/grammar.md describes. Checking a record is one walk over its outline; no element is compared
/// with more names than its surroundings allow.
package struct RecordGrammar: Sendable {
  /// What becomes of an element or attribute.
  package enum Fate: Sendable, Equatable {
    /// It only holds others.
    case none
    /// Its value goes there; what depends on the value is said by the stylesheet.
    case carried(to: String)
    /// The target's call cannot set it, for this reason.
    case dropped(String)
    /// Known, and without meaning for what is written, for this reason.
    case ignored(String)
  }

  /// How often an element may stand in the one around it.
  package enum Occurrence: String, Sendable { case once = "1", atMostOnce = "?", any = "*" }

  /// A line of the grammar.
  package struct Rule: Sendable {
    /// Its spellings; `*` for any name.
    package fileprivate(set) var names: [String]
    /// Nil for an attribute, and for the record itself.
    package fileprivate(set) var occurrence: Occurrence?
    /// What becomes of it.
    package fileprivate(set) var fate: Fate
    /// It speaks of an attribute of the rule that it stands below.
    package fileprivate(set) var isAttribute = false
    /// 0 for a record.
    package fileprivate(set) var depth: Int
    fileprivate var parent: Int
    fileprivate var spellings: [[UInt8]]
    /// For each spelling what its attribute `key` says, where that tells elements of one name apart.
    fileprivate var keys: [[UInt8]?]
    /// A bit for the length and the last letter of each spelling: most other names are told apart by it.
    fileprivate var hints: UInt64 = 0
    fileprivate var isClosed = false
    /// What stands in it, or in anything in it, where it should not or in place of a value, may be a secret: no message has it.
    fileprivate var isSecret = false
    fileprivate var mayHoldText = false
    /// It says what it says by its attributes, or by being there.
    fileprivate var isEmpty = false
    /// What its value must look like: another is refused.
    package fileprivate(set) var form: ValueForm?
    /// How many characters the service takes: a longer value is noted.
    package fileprivate(set) var limit: Int?
    /// The name of the element around it whose contents it has.
    package fileprivate(set) var model: String?
    fileprivate var elements: [Int] = []
    fileprivate var attributes: [Int] = []
    fileprivate var anyElement: Int?
    fileprivate var anyAttribute: Int?
    /// Which of the single elements of its parent it is.
    fileprivate var bit: Bits?
    /// The single elements that must stand in it.
    fileprivate var required = Bits()

    /// What stands in it is nobody's business: it goes as a whole. Known when all lines have been read.
    package fileprivate(set) var isWhole = false
    /// Nobody asks for it: a record need not have it.
    fileprivate var isHidden = false

    fileprivate func findIsWhole() -> Bool {
      guard elements.isEmpty, anyElement == nil, attributes.isEmpty, anyAttribute == nil, model == nil else { return false }
      switch fate {
      case .dropped, .ignored: return true
      case .none, .carried: return false
      }
    }

    /// It is a container, not a value.
    package var holdsElements: Bool { !elements.isEmpty || anyElement != nil || model != nil }
  }

  /// A set of up to 128 single elements.
  fileprivate struct Bits: Sendable, Equatable {
    var low: UInt64 = 0
    var high: UInt64 = 0

    init() {}

    init?(_ number: Int) {
      guard number < 128 else { return nil }
      if number < 64 { low = 1 << UInt64(number) } else { high = 1 << UInt64(number - 64) }
    }

    func contains(_ other: Bits) -> Bool { low & other.low == other.low && high & other.high == other.high }
    mutating func formUnion(_ other: Bits) {
      low |= other.low
      high |= other.high
    }
    var isEmpty: Bool { low == 0 && high == 0 }
  }

  /// In the order of their lines.
  package private(set) var rules: [Rule] = []
  private var records: [Int] = []
  /// Records may stand in records.
  private var nests = false

  // MARK: Parsing

  /// Reads a grammar. Errors: `refused`, at the line.
  package init(parsing bytes: [UInt8], named name: String) throws(Complaint) {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw Complaint(.refused, "the grammar is not UTF-8", at: name) }
    var around: [Int] = []
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let indent = line.prefix { $0 == " " }.count
      let words = line.dropFirst(indent)
      if words.isEmpty || words.hasPrefix("#") { continue }
      do throws(Complaint) {
        guard indent % 2 == 0, indent / 2 <= around.count else {
          throw Complaint(.refused, "a line is indented by two blanks more than the one around it")
        }
        around.removeLast(around.count - indent / 2)
        around.append(try add(words, in: around))
      } catch {
        throw error.at("\(name):\(number + 1)")
      }
    }
    guard !records.isEmpty else { throw Complaint(.refused, "the grammar has no record", at: name) }
    // A line stands behind the one around it.
    for index in rules.indices where rules[index].parent >= 0 && rules[rules[index].parent].isSecret { rules[index].isSecret = true }
    for index in rules.indices {
      guard let model = rules[index].model else { continue }
      var at = rules[index].parent
      while at >= 0, !rules[at].names.contains(model) { at = rules[at].parent }
      guard at >= 0 else { throw Complaint(.refused, "no element \(model) stands around \(rules[index].names[0])", at: name) }
      if rules[at].parent < 0 { nests = true }
      (rules[index].elements, rules[index].attributes) = (rules[at].elements, rules[at].attributes)
      (rules[index].anyElement, rules[index].anyAttribute) = (rules[at].anyElement, rules[at].anyAttribute)
      (rules[index].required, rules[index].isClosed) = (rules[at].required, rules[at].isClosed)
    }
    for index in rules.indices {
      rules[index].isWhole = rules[index].findIsWhole()
      for spelling in rules[index].spellings { rules[index].hints |= Self.hint(spelling.count, spelling.last ?? 0) }
    }
    for rule in rules where !rule.isAttribute && rule.fate == .none && !rule.holdsElements {
      throw Complaint(.refused, "the grammar does not say what becomes of \(rule.names[0])", at: name)
    }
  }

  /// The grammar of lists of which only ids and names matter: both stand once at most, and hold no markup.
  package init(identitiesOf resources: [Resource]) throws(Complaint) {
    var text = ""
    var known = Set<String>()
    for resource in resources {
      guard let identity = resource.identity else { continue }
      for record in Set(resource.document.records.map { String($0.split(separator: "/").last ?? "") }).sorted() where known.insert(record).inserted {
        text += record + "\n" + Self.lines(of: identity, within: identity.within.map { "\($0)".split(separator: "/")[...] } ?? [], indent: "  ")
      }
    }
    try self.init(parsing: Array(text.utf8), named: "the grammar of ids and names")
  }

  /// The lines for what stands in a record, down to the objects that it names.
  private static func lines(of identity: Identity, within path: ArraySlice<Substring>, indent: String) -> String {
    guard let name = path.first else { return lines(of: identity, in: "", indent: indent) }
    let ignored = "ignored: a map holds ids and names only\n"
    return "\(indent)@* \(ignored)\(indent)\(name) \(path.count == 1 ? "*" : "?")\n"
      + lines(of: identity, within: path.dropFirst(), indent: indent + "  ") + "\(indent)* * \(ignored)"
  }

  /// The lines for what stands in an element: `prefix` is the path to it.
  private static func lines(of identity: Identity, in prefix: String, indent: String) -> String {
    let ignored = "ignored: a map holds ids and names only\n"
    var lines = indent + "@* " + ignored
    // Where nothing else is its id, a name stands for both.
    var known = Set<String>()
    var containers = Set<String>()
    for (paths, what) in [(identity.id, "the id"), (identity.name, "the name")] {
      for path in paths.map({ "\($0)" }) where path.hasPrefix(prefix) {
        let names = path.dropFirst(prefix.utf8.count).split(separator: "/")
        if names.first == "." || names.count == 1 && !known.insert(path).inserted { continue }
        if path.hasPrefix("@") {
          lines += "\(indent)\(path) -> \(what)\n"
        } else if names.count == 1 {
          lines += "\(indent)\(names[0]) ? -> \(what)\n\(indent)  @* \(ignored)"
        } else if containers.insert(String(names[0])).inserted {
          lines += "\(indent)\(names[0]) ?\n" + Self.lines(of: identity, in: prefix + names[0] + "/", indent: indent + "  ")
        }
      }
    }
    return lines + indent + "* * " + ignored
  }

  /// Adds a line; returns its index.
  private mutating func add(_ line: Substring, in around: [Int]) throws(Complaint) -> Int {
    var rest = line
    func word() -> Substring {
      let word = rest.prefix { $0 != " " }
      rest = rest.dropFirst(word.count).drop { $0 == " " }
      return word
    }
    let name = word()
    let isAttribute = name.hasPrefix("@")
    let names = (isAttribute ? name.dropFirst() : name).split(separator: "|").map { String($0) }
    guard !names.isEmpty else { throw Complaint(.refused, "a line begins with a name") }
    let parent = around.last
    // NAME[key=VALUE]
    let parts = names.map { $0.split(separator: "[key=", maxSplits: 1).map { Array($0.utf8) } }
    guard parts.allSatisfy({ $0.count == 1 || $0.count == 2 && $0[1].last == "]" && !isAttribute }) else {
      throw Complaint(.refused, "\(name) is no NAME[key=VALUE]")
    }
    var rule = Rule(
      names: names, fate: .none, isAttribute: isAttribute, depth: around.count, parent: parent ?? -1, spellings: parts.map { $0[0] },
      keys: parts.map { $0.count == 2 ? Array($0[1].dropLast()) : nil })
    if !isAttribute, parent != nil {
      guard let occurrence = Occurrence(rawValue: String(word())) else { throw Complaint(.refused, "\(name) lacks how often it stands: 1, ? or *") }
      rule.occurrence = occurrence
    }
    while !rest.isEmpty {
      let place = rest
      switch word() {
      case "text": rule.mayHoldText = true
      case "empty": rule.isEmpty = true
      case "closed": rule.isClosed = true
      case "secret": rule.isSecret = true
      case "as": rule.model = String(word())
      case "is":
        let form = word()
        rule.form = ValueForm(form)
        if rule.form == nil { throw Complaint(.refused, "\"\(form)\" is no form of a value") }
      case "max":
        rule.limit = Int(word())
        if rule.limit == nil { throw Complaint(.refused, "max lacks its number of characters") }
      case "->":
        rule.fate = .carried(to: String(rest))
        rest = ""
      case "dropped:":
        rule.fate = .dropped(String(rest))
        rest = ""
      case "ignored:":
        rule.fate = .ignored(String(rest))
        rest = ""
      default: throw Complaint(.refused, "\"\(place)\" is not what becomes of an element: ->, dropped: or ignored:")
      }
    }
    let index = rules.count
    guard let parent else {
      rules.append(rule)
      records.append(index)
      return index
    }
    guard !rules[parent].isAttribute else { throw Complaint(.refused, "nothing stands in the attribute \(rules[parent].names[0])") }
    if isAttribute {
      guard rule.fate != .none else { throw Complaint(.refused, "the grammar does not say what becomes of \(name)") }
      if names == ["*"] { rules[parent].anyAttribute = index } else { rules[parent].attributes.append(index) }
    } else {
      let siblings = rules[parent].elements.map { rules[$0] }
      if let doubled = names.first(where: { name in siblings.contains { $0.names.contains(name) } }) {
        throw Complaint(.refused, "\(doubled) has two lines in one element")
      }
      if rule.occurrence != .any {
        guard let bit = Bits(siblings.count { $0.bit != nil }) else { throw Complaint(.refused, "more than 128 single elements in one") }
        rule.bit = bit
        if rule.occurrence == .once { rules[parent].required.formUnion(bit) }
      }
      if names == ["*"] { rules[parent].anyElement = index } else { rules[parent].elements.append(index) }
    }
    rules.append(rule)
    return index
  }

  // MARK: Reading

  /// A line's path below its record, `DOMAIN_LIST/DOMAIN/@netblock`; the record's own name for a record. Spellings are joined by `|`.
  package func path(of index: Int) -> String {
    let rule = rules[index]
    let name = (rule.isAttribute ? "@" : "") + rule.names.joined(separator: "|")
    return rule.depth < 2 ? name : path(of: rule.parent) + "/" + name
  }

  /// Whether its records have an element of this name.
  package func hasElement(_ name: String) -> Bool {
    records.contains { record in rules[record].elements.contains { rules[$0].names.contains(name) } }
  }

  /// The line for an element or attribute at a path below a record, `["DOMAIN_LIST", "DOMAIN", "@netblock"]`; nil if it has none.
  package func index(of path: [String], in record: String) -> Int? {
    guard var at = records.first(where: { rules[$0].names.contains(record) }) else { return nil }
    for name in path {
      let isAttribute = name.hasPrefix("@")
      let plain = isAttribute ? String(name.dropFirst()) : name
      let known = (isAttribute ? rules[at].attributes : rules[at].elements).first { rules[$0].names.contains(plain) }
      guard let next = known ?? (isAttribute ? rules[at].anyAttribute : rules[at].anyElement) else { return nil }
      at = next
    }
    return at
  }

  // MARK: Hiding

  /// The names of elements that go as a whole, wherever they stand, with the lines that speak of them.
  private var wholes: [(name: String, rule: Int)] {
    rules.indices.filter { rules[$0].isWhole && !rules[$0].isAttribute && rules[$0].depth > 0 && rules[$0].keys.allSatisfy { $0 == nil } }.flatMap {
      rule in
      rules[rule].names.map { ($0, rule) }
    }
  }

  /// Says that nobody asks for elements that go as a whole, but for those that are asked for by their names.
  ///
  /// - Parameter isAskedFor: says so of names, in their order.
  package mutating func hideWholes(_ areAskedFor: ([String]) -> [Bool]) {
    let wholes = wholes
    for (name, rule) in wholes { rules[rule].isHidden = name != "*" && !rules[rules[rule].parent].mayHoldText }
    for ((_, rule), isAskedFor) in zip(wholes, areAskedFor(wholes.map(\.name))) where isAskedFor { rules[rule].isHidden = false }
  }

  // MARK: Checking

  /// What a check keeps between two records, so that it need not be allocated again.
  package struct Memory: ~Copyable {
    fileprivate var rules: [Int32] = []
    fileprivate var seen: [Bits] = []
    /// What nobody asks for in the record that was checked last, with the blanks before it.
    package fileprivate(set) var hidden: [Range<Int32>] = []

    package init() {}
  }

  /// What is to be said about a record: unknown and dropped elements, and why it is refused.
  ///
  /// - Parameters:
  ///   - isCopied: the record is written again as it is, so that nothing is dropped, and an unknown element is kept.
  ///   - inner: who a record in the record is, by its index in the outline. Nil for one that nobody could tell from the others.
  package func check(
    _ outline: borrowing Outline, of subject: Subject, isCopied: Bool, in memory: inout Memory, inner: (Int) -> Subject? = { _ in nil }
  ) -> [Note] {
    var notes: [Note] = []
    let count = outline.elements.count
    guard count > 0, let record = records.first(where: { isNamed($0, outline, outline.elements[0].name) }) else {
      return [Note(.refused, subject, "the grammar has no such record")]
    }
    memory.rules.removeAll(keepingCapacity: true)
    memory.seen.removeAll(keepingCapacity: true)
    memory.hidden.removeAll(keepingCapacity: true)
    memory.rules.append(Int32(record))
    memory.seen.append(Bits())
    attributes(of: 0, record, outline, subject, isCopied, &notes)
    if outline.elements[0].holdsText {
      if rules[record].mayHoldText {
        if outline.elements[0].isLeaf { check(outline.elements[0].content, record, outline, subject, "", &notes) }
      } else if rules[record].holdsElements || !outline.elements[0].isLeaf {
        notes.append(Self.textNote(subject, "", outline, 0))
      } else {
        check(outline.elements[0].content, record, outline, subject, "", &notes)
      }
    } else if rules[record].mayHoldText, !rules[record].holdsElements {
      notes.append(Note(.refused, subject, "it is empty"))
    }
    var hint = 0
    for index in 1..<max(1, count) {
      let element = outline.elements[index]
      let parent = Int(element.parent)
      let before = notes.count
      defer { if nests, notes.count > before { attribute(&notes, from: before, to: index, outline, memory, inner) } }
      memory.seen.append(Bits())
      let around = Int(memory.rules[parent])
      // Inside of what is unknown, dropped or ignored as a whole.
      guard around >= 0 else {
        memory.rules.append(-1)
        continue
      }
      let known = hasOwnNamespace(outline, element) ? nil : child(of: around, outline, index, &hint)
      guard let known else {
        memory.rules.append(-1)
        if !rules[around].holdsElements {
          notes.append(
            Note(
              // In a record that is a value itself, it has no other place than its own.
              .refused, subject, element: outline.path(to: parent == 0 ? index : parent),
              "the element \(outline.string(element.name)) stands in it where \(rules[around].isEmpty ? "nothing" : "only text") is expected"))
        } else if rules[around].isClosed, holdsAnything(outline, index) {
          notes.append(
            Note(
              .refused, subject, element: outline.path(to: index),
              "this element is not known here, and without it the record would do something else"))
        } else {
          notes.append(Self.unknown("element", subject, outline.path(to: index), isCopied))
        }
        continue
      }
      // Field by field: a copy of the line costs more than the check.
      let isWhole = rules[known].isWhole
      if let bit = rules[known].bit {
        if memory.seen[parent].contains(bit) {
          notes.append(Note(.refused, subject, element: outline.path(to: index), "this element stands twice, and only one can be meant"))
        }
        memory.seen[parent].formUnion(bit)
      }
      memory.rules.append(isWhole ? -1 : Int32(known))
      if !isCopied, case .dropped(let reason) = rules[known].fate, holdsAnything(outline, index) {
        notes.append(Note(.dropped, subject, element: outline.path(to: index), reason))
      }
      if isWhole {
        if rules[known].isHidden {
          var start = element.whole.lowerBound
          while start > 0, outline.bytes[Int(start) - 1].isBlank { start -= 1 }
          memory.hidden.append(start..<element.whole.upperBound)
        }
        continue
      }
      attributes(of: index, known, outline, subject, isCopied, &notes)
      if element.holdsText, rules[known].isEmpty {
        let text = rules[known].isSecret ? "" : " \"\(outline.ownText(of: index).trimmed)\""
        notes.append(Note(.refused, subject, element: outline.path(to: index), "the text\(text) stands in it where nothing is expected"))
      } else if element.holdsText, rules[known].holdsElements, !rules[known].mayHoldText || !element.isLeaf {
        notes.append(Self.textNote(subject, outline.path(to: index), outline, index, isSecret: rules[known].isSecret))
      }
      if element.isLeaf, !element.holdsText, rules[known].occurrence == .once, rules[known].form != nil {
        notes.append(Note(.refused, subject, element: outline.path(to: index), "this element is empty"))
      }
      if element.isLeaf, element.holdsText, rules[known].form != nil || rules[known].limit != nil {
        check(element.content, known, outline, subject, outline.path(to: index), &notes)
      }
    }
    for index in 0..<count {
      let at = Int(memory.rules[index])
      guard at >= 0, !rules[at].required.isEmpty, !memory.seen[index].contains(rules[at].required) else { continue }
      let before = notes.count
      defer { if nests { attribute(&notes, from: before, to: index, outline, memory, inner) } }
      for child in rules[at].elements where rules[child].occurrence == .once {
        guard let bit = rules[child].bit, !memory.seen[index].contains(bit) else { continue }
        let path = index == 0 ? rules[child].names[0] : outline.path(to: index) + "/" + rules[child].names[0]
        notes.append(Note(.refused, subject, element: path, "this element is missing"))
      }
    }
    return notes
  }

  /// Gives notes about an element to the innermost record around it that can be told from the others, with the path below that.
  private func attribute(
    _ notes: inout [Note], from first: Int, to index: Int, _ outline: borrowing Outline, _ memory: borrowing Memory, _ inner: (Int) -> Subject?
  ) {
    var at = index
    while at > 0 {
      let rule = at < memory.rules.count ? Int(memory.rules[at]) : -1
      if rule >= 0, rules[rule].model != nil, let subject = inner(at) {
        let path = outline.path(to: at)
        for note in first..<notes.count {
          notes[note].record = notes[note].subject
          notes[note].subject = subject
          notes[note].element = String(notes[note].element.dropFirst(path.count).drop { $0 == "/" })
        }
        return
      }
      at = Int(outline.elements[at].parent)
    }
  }

  private func attributes(
    of index: Int, _ rule: Int, _ outline: borrowing Outline, _ subject: Subject, _ isCopied: Bool, _ notes: inout [Note]
  ) {
    for at in outline.elements[index].attributes {
      let attribute = outline.attributes[Int(at)]
      // It is what the line was found by.
      if rules[rule].keys.contains(where: { $0 != nil }), outline.has(attribute.name, "key") { continue }
      let known = rules[rule].attributes.first { isNamed($0, outline, attribute.name) } ?? rules[rule].anyAttribute
      var place: String { index == 0 ? "" : outline.path(to: index) + "/" }
      guard let known else {
        // A declaration for a prefix: what uses it is unknown by its name.
        if outline.string(attribute.name).hasPrefix("xmlns") { continue }
        if rules[rule].isClosed, !isCopied, !outline.text(attribute.value).trimmed.isEmpty {
          notes.append(
            Note(
              .refused, subject, element: place + "@" + outline.string(attribute.name),
              "this attribute is not known here, and without it the record would do something else"))
        } else {
          notes.append(Self.unknown("attribute", subject, place + "@" + outline.string(attribute.name), isCopied))
        }
        continue
      }
      check(attribute.value, known, outline, subject, place + "@" + outline.string(attribute.name), &notes)
      if !isCopied, case .dropped(let reason) = rules[known].fate, !outline.text(attribute.value).trimmed.isEmpty {
        notes.append(Note(.dropped, subject, element: place + "@" + outline.string(attribute.name), reason))
      }
    }
  }

  /// Whether a value is one that the service takes.
  private func check(
    _ range: Range<Int32>, _ rule: Int, _ outline: borrowing Outline, _ subject: Subject, _ path: @autoclosure () -> String,
    _ notes: inout [Note]
  ) {
    if let form = rules[rule].form {
      // Most values are plain. One with an escape is not what it looks like: no form may take `&#32;` for what a name has.
      let raw = outline.bytes[Int(range.lowerBound)..<Int(range.upperBound)]
      if raw.contains(UInt8(ascii: "&")) || !form.holds(raw), !form.holds(Array(outline.text(range).utf8)[...]) {
        let value = rules[rule].isSecret ? "its value" : "\"\(outline.text(range).trimmed)\""
        notes.append(Note(.refused, subject, element: path(), "\(value) is not \(form.noun)"))
      }
    }
    if let limit = rules[rule].limit, range.count > limit, outline.text(range).unframed.unicodeScalars.count > limit {
      notes.append(Note(.noted, subject, element: path(), "this is longer than the \(limit) characters that the service takes"))
    }
  }

  /// The line for an element in another. Records hold their elements in the order of the grammar as a rule, so the search goes on where the
  /// last one ended.
  private func child(of around: Int, _ outline: borrowing Outline, _ index: Int, _ hint: inout Int) -> Int? {
    let elements = rules[around].elements
    let name = outline.elements[index].name
    let key = outline.elements[index].attributes.isEmpty ? nil : outline.key(of: index).map { Array($0.utf8) }
    let mark = Self.hint(name.count, outline.bytes[Int(name.upperBound) - 1])
    if hint >= elements.count { hint = 0 }
    for offset in elements.indices {
      var at = hint + offset
      if at >= elements.count { at -= elements.count }
      if rules[elements[at]].hints & mark == mark, isNamed(elements[at], outline, name, keyed: key) {
        hint = at
        return elements[at]
      }
    }
    return rules[around].anyElement
  }

  private static func hint(_ count: Int, _ last: UInt8) -> UInt64 { 1 << UInt64(count & 31) | 1 << UInt64(32 + Int(last & 31)) }

  /// - Parameter key: what the element's attribute `key` says, which counts where the line asks for one.
  private func isNamed(_ rule: Int, _ outline: borrowing Outline, _ name: Range<Int32>, keyed key: [UInt8]? = nil) -> Bool {
    for (at, spelling) in rules[rule].spellings.enumerated() where outline.has(name, spelling) {
      if rules[rule].keys[at].map({ $0 == key }) ?? true { return true }
    }
    return false
  }

  /// An element in a namespace of its own is another one, whatever its name is.
  private func hasOwnNamespace(_ outline: borrowing Outline, _ element: Outline.Element) -> Bool {
    for at in element.attributes where outline.has(outline.attributes[Int(at)].name, "xmlns") {
      if !outline.attributes[Int(at)].value.isEmpty { return true }
    }
    return false
  }

  /// Whether an element holds any text, or it or anything in it has an attribute with a value: nothing is lost with an empty one.
  private func holdsAnything(_ outline: borrowing Outline, _ index: Int) -> Bool {
    let end = outline.elements[index].whole.upperBound
    var at = index
    while at < outline.elements.count, outline.elements[at].whole.lowerBound < end {
      let element = outline.elements[at]
      if element.holdsText || element.attributes.contains(where: { !outline.attributes[Int($0)].value.isEmpty }) { return true }
      at += 1
    }
    return false
  }

  private static func textNote(
    _ subject: Subject, _ path: String, _ outline: borrowing Outline, _ index: Int, isSecret: Bool = false
  ) -> Note {
    let text = isSecret ? "" : " \"\(outline.ownText(of: index).trimmed)\""
    return Note(.refused, subject, element: path, "the text\(text) stands in it where only elements are expected")
  }

  private static func unknown(_ what: String, _ subject: Subject, _ path: String, _ isCopied: Bool) -> Note {
    Note(.unknown, subject, element: path, "this \(what) is not known here\(isCopied ? "" : ", so it is not carried")")
  }
}
