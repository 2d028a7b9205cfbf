import Markup
import Requests

/// A record that differs from a specimen in one thing.
struct Variant: Sendable {
  enum Demand: Sendable {
    /// Other requests, or a row with the path.
    case felt
    /// A row with the path.
    case named
    /// A row with the path that knows nothing of it, or refuses it.
    case unknown
    /// A refusal with the path.
    case refused
  }

  /// What was done, for a message.
  var deed: String
  /// What a row must name: empty for the record itself.
  var path: String
  var record: Tree
  var demand: Demand
  /// What a refusal may name instead: an element around it, that what is in it does not go together, or the place where it stood before.
  var surroundings: [String] {
    ([path, former].map { $0.split(separator: "/").dropLast().joined(separator: "/") } + [former]).filter { !$0.isEmpty }
  }
  /// A refusal may name what stands in the same element and does not go together with the new value.
  func isBeside(_ element: String) -> Bool {
    let (own, other) = (path.split(separator: "/"), element.split(separator: "/"))
    return demand == .felt && former.isEmpty && !own.isEmpty && own.dropLast() == other.dropLast()
  }
  /// Where what was moved stood before: a refusal may say that it is missing there.
  var former = ""
  /// The element that is told from those beside it by what was changed, nil if none is.
  var identified: String? {
    let names = (former.isEmpty ? path : former).split(separator: "/")
    return names.last == "ID" && names.count > 1 ? names.dropLast().joined(separator: "/") : nil
  }
  /// The new value is one of a few words, which may choose a call: what this one does not take is refused, wherever it stands.
  var isWord = false
  /// The record cannot be known by its label any more, or by that of a record in it.
  var isAlone = false
}

/// Every way to change one thing in a specimen.
struct Variants {
  private let specimen: Specimen
  private let grammar: RecordGrammar
  private let seen: [String: [String]]
  /// Records come out as they stood: it matters where.
  private let isCopy: Bool
  private let standIns: [String: String]
  private let ignored: [String: String]
  private let reach: Int
  private(set) var all: [Variant] = []

  /// Leaves some of them, at equal distances.
  mutating func thin(to limit: Int) {
    if all.count <= limit { return }
    // Each line has about as many as another: an even distance would find the same ways again and again.
    let distance = (all.count / limit + 1) | 1
    all = stride(from: 0, to: all.count, by: distance).map { all[$0] }
  }

  /// - Parameter seen: the values that stand at a path in the room's cases.
  init(of specimen: Specimen, in room: GrammarRoom, seen: [String: [String]]) {
    self.specimen = specimen
    grammar = room.grammar
    isCopy = room.isCopy
    standIns = room.question?.standIns ?? [:]
    ignored = room.question?.ignored ?? [:]
    reach = room.question?.reach ?? .max
    self.seen = seen
  }

  /// - Parameters:
  ///   - lines: the lines of the grammar whose elements are to be changed; nil for all.
  ///   - known: what other specimens have shown already, but for values, which depend on each other.
  mutating func make(of lines: Set<String>?, except known: inout Set<String>) {
    let line = grammar.index(of: [], in: specimen.record.name) ?? 0
    let root = Site(place: [], names: [], line: line, rule: grammar.rules[line])
    let containers = [root] + specimen.sites.filter { !$0.isAttribute && $0.rule.holdsElements }
    // Of places that the grammar has in one line, one is enough to move elements to.
    var lineages = Set<Int>()
    let goals = containers.filter { $0.names.count <= reach && lineages.insert($0.line).inserted }
    let absent = placesInGrammar.filter { $0.count <= reach && lineages.insert(grammar.index(of: $0, in: specimen.record.name) ?? -1).inserted }
    for site in specimen.sites where lines.map({ $0.contains(Specimen.key(site.line, site.names.last ?? "")) }) ?? true {
      if site.isAttribute {
        changeAttribute(site)
        continue
      }
      let isNew = known.insert("element " + specimen.path(of: site)).inserted
      if !site.rule.holdsElements { changeValue(site) }
      if isNew {
        double(site)
        if !site.rule.holdsElements { putElement(into: site) }
        putAttribute(on: site)
      }
      for container in goals where known.insert("move \(specimen.path(of: site)) to \(container.path)").inserted { move(site, into: container) }
      for names in absent {
        // Into the deepest element that is there.
        let near = containers.filter { names.starts(with: $0.names) }.max { $0.names.count < $1.names.count } ?? root
        let path = names.joined(separator: "/")
        if known.insert("move \(specimen.path(of: site)) to \(path)").inserted { move(site, into: near, below: Array(names[near.names.count...])) }
      }
    }
    if lines != nil { return }
    if known.insert("element " + specimen.record.name).inserted { putAttribute(on: root) }
    for container in containers where known.insert("into " + specimen.path(of: container)).inserted { putThings(into: container) }
  }

  private mutating func add(_ deed: String, _ path: String, _ demand: Variant.Demand, at site: Site, _ change: (inout Tree) -> Void) {
    var record = specimen.record
    change(&record)
    // A record in a record is called by a label of its own, and what stands in it by its path there.
    let names = path.split(separator: "/").map { String($0) }
    let inner = names.indices.last { names[$0] == record.name && grammar.index(of: Array(names[...$0]), in: record.name) != nil }
    let ownPath = inner.map { names[($0 + 1)...].joined(separator: "/") } ?? path
    let isInner = ownPath != path || site.names.dropLast().contains(record.name)
    let isAlone = isInner || specimen.label.map { !site.place.isEmpty && $0.starts(with: site.place) || site.place.starts(with: $0) } ?? true
    all.append(Variant(deed: deed, path: ownPath, record: record, demand: demand, isAlone: isAlone))
  }

  private func isIgnored(_ rule: RecordGrammar.Rule) -> Bool { if case .ignored = rule.fate { true } else { false } }

  // MARK: Values

  /// Changes the value of an element, or an attribute.
  mutating func change(_ site: Site) { if site.isAttribute { changeAttribute(site) } else { changeValue(site) } }

  private mutating func changeValue(_ site: Site) {
    let old = specimen.record[site.place[...]].text
    if let first = standIns[site.path], specimen.sites.contains(where: { $0.path == first }) { return }
    if isIgnored(site.rule) { return }
    for new in others(than: old, at: site) {
      add("\(site.path) is \"\(new)\" instead of \"\(old.trimmed)\"", site.path, .felt, at: site) { record in
        record[site.place[...]].parts = [.text(Self.escaped(new))]
      }
      all[all.count - 1].isWord = Self.areWords(seen[specimen.path(of: site)] ?? [""])
    }
  }

  private mutating func changeAttribute(_ site: Site) {
    let name = (site.names.last ?? "").dropFirst()
    guard !isIgnored(site.rule), let at = specimen.record[site.place[...]].attributes.firstIndex(where: { $0.name == name }) else { return }
    if ignored[site.names.last ?? ""] != nil { return }
    let old = specimen.record[site.place[...]].attributes[at].value
    for new in others(than: old, at: site) {
      add("\(site.path) is \"\(new)\" instead of \"\(old)\"", site.path, .felt, at: site) { record in
        record[site.place[...]].attributes[at].value = Self.escaped(new)
      }
    }
  }

  /// Other values: one that a case has, all of them where the cases have a few words only, else this one with its last letter or digit changed.
  private func others(than old: String, at site: Site) -> [String] {
    var others: [String] = []
    for value in seen[specimen.path(of: site)] ?? [] where !value.trimmed.isEmpty {
      if !(others + [old]).contains(where: { Self.meaning($0) == Self.meaning(value) }) { others.append(value.trimmed) }
    }
    if !others.isEmpty { return Self.areWords(others + [old]) ? others : [others[0]] }
    let letters = Array(old.trimmed.unicodeScalars)
    guard let at = letters.lastIndex(where: { $0.properties.isAlphabetic || $0.properties.numericType != nil }) else { return [] }
    var new = String.UnicodeScalarView()
    for (place, letter) in letters.enumerated() {
      let two: [Unicode.Scalar] = letter.value < 0x3A ? ["1", "2"] : ["x", "y"]
      new.append(place != at ? letter : letter == two[0] ? two[1] : two[0])
    }
    return [String(new)]
  }

  /// Flags are printed in two ways, which mean the same, and so are words with a hyphen and without: `Cyber-Ark`.
  static func meaning(_ text: String) -> String {
    let word = text.trimmed.lowercased().replacing("-", with: "")
    return ["yes": "1", "no": "0"][word] ?? word
  }

  /// Whether values look like all that there are: flags, or a few short words, "EC2" among them.
  static func areWords(_ values: [String]) -> Bool {
    let meanings = Set(values.map(meaning))
    if meanings.isSubset(of: ["0", "1", ""]) { return true }
    return meanings.count < 7
      && values.allSatisfy { value in
        let letters = value.trimmed.unicodeScalars
        return letters.count < 32 && (letters.first?.properties.isAlphabetic ?? true)
          && letters.allSatisfy { $0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == " " || $0 == "_" || $0 == "-" }
      }
  }

  private static func escaped(_ text: String) -> String { String(decoding: Outline.escaped(text), as: UTF8.self) }

  // MARK: What belongs elsewhere

  private mutating func double(_ site: Site) {
    guard site.rule.occurrence != .any, let last = site.place.last else { return }
    add("\(site.path) stands twice", site.path, .refused, at: site) { record in
      let copy = record[site.place[...]]
      record[site.place.dropLast()].parts.insert(.element(copy), at: last)
    }
  }

  /// Every element of the grammar that holds others, by its names below the record.
  private var placesInGrammar: [[String]] {
    guard let start = grammar.index(of: [], in: specimen.record.name) else { return [] }
    var places: [[String]] = []
    var names: [String] = []
    for rule in grammar.rules[(start + 1)...].prefix(while: { $0.depth > 0 }) where !rule.isAttribute {
      names = names.prefix(rule.depth - 1) + [rule.names[0]]
      if rule.holdsElements, !names.contains("*") { places.append(names) }
    }
    return places
  }

  /// - Parameter more: elements that are made in the container, each in the one before it.
  private mutating func move(_ site: Site, into container: Site, below more: [String] = []) {
    let around = Array(site.place.dropLast())
    guard container.place != around || !more.isEmpty, !container.place.starts(with: site.place), let last = site.place.last else { return }
    let names = container.names + more + [site.names.last ?? ""]
    let path = names.joined(separator: "/")
    let line = grammar.index(of: names, in: specimen.record.name)
    if let line, isIgnored(grammar.rules[line]) { return }
    // Two places that mean the same: nothing has changed.
    if let line, !isCopy, grammar.rules[line].fate == site.rule.fate { return }
    add("\(site.path) is moved to \(path)", path, line == nil ? .unknown : .felt, at: site) { record in
      var moved = record[site.place[...]]
      for name in more.reversed() { moved = Tree(name, holding: moved) }
      // An empty text keeps the places of what stands behind.
      record[around[...]].parts[last] = .text("")
      record[container.place[...]].parts.append(.element(moved))
    }
    all[all.count - 1].former = site.path
    if (container.names + more).contains(specimen.record.name) || container.rule.names.contains(specimen.record.name) && !container.names.isEmpty {
      all[all.count - 1].isAlone = true
    }
  }

  // MARK: What belongs nowhere

  private mutating func putElement(into site: Site) {
    if site.rule.isWhole, isIgnored(site.rule) { return }
    add("an element stands in \(site.path)", site.path, site.rule.isWhole ? .named : .refused, at: site) { record in
      record[site.place[...]].parts.append(.element(Tree("unheard-of", text: "stray")))
    }
  }

  private mutating func putAttribute(on site: Site) {
    if site.rule.isWhole, isIgnored(site.rule) { return }
    let names = site.names + ["@unheard-of"]
    guard site.rule.isWhole || grammar.index(of: names, in: specimen.record.name) == nil else { return }
    let path = (site.rule.isWhole ? site.names : names).joined(separator: "/")
    add("\(names.joined(separator: "/")) is added", path, .named, at: site) { record in
      record[site.place[...]].attributes.append(Tree.Attribute(name: "unheard-of", value: "stray"))
    }
  }

  private mutating func putThings(into container: Site) {
    let isEmpty = specimen.record[container.place[...]].children.isEmpty
    add("text stands in \(container.path)", container.path, isEmpty ? .felt : .refused, at: container) { record in
      record[container.place[...]].parts.append(.text("stray"))
    }
    let names = container.names + ["unheard-of"]
    guard grammar.index(of: names, in: specimen.record.name) == nil else { return }
    let path = names.joined(separator: "/")
    add("\(path) is added", path, .unknown, at: container) { record in
      record[container.place[...]].parts.append(.element(Tree("unheard-of", text: "stray")))
    }
  }
}
