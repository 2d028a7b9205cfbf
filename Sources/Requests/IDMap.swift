package import Base

/// The form that the ids of a kind have.
package enum IDForm: Sendable {
  /// Digits.
  case number
  /// A user's: digits, or the login that stands for them.
  case user
  /// A name: any text that a document can hold.
  case name

  /// Why a text is none of the form; nil if it is one.
  package func fault(of text: String) -> String? {
    // What XML cannot hold would break the answer, wherever it stands.
    if !text.unicodeScalars.allSatisfy(\.isXML) { return "it has a control character" }
    switch self {
    case .name: return nil
    case .number, .user:
      if (1...20).contains(text.utf8.count), text.utf8.allSatisfy(\.isDigit) { return nil }
      if Self.isScientific(text) { return "the spreadsheet changed it: make the column text, and enter it again" }
      if text.unicodeScalars.contains(where: \.properties.isWhitespace), Self.isNumber(text.filter { !$0.isWhitespace }) {
        return "there are blanks around it or in it"
      }
      if Self.isGrouped(text) { return "it has separators between its digits" }
      if self == .user, text.utf8.allSatisfy({ $0 > " " && $0 < 0x7F && !["\"", "'", ",", ";", "<", ">"].contains($0) }) { return nil }
      return self == .user ? "it is no login" : "it is no number"
    }
  }

  private static func isNumber(_ text: some StringProtocol) -> Bool { !text.isEmpty && text.utf8.allSatisfy(\.isDigit) }

  /// `6.10011E+05`, with a comma instead in some languages: what a spreadsheet makes of a long number. Digits are lost for good.
  static func isScientific(_ text: String) -> Bool {
    let halves = text.split(whereSeparator: { $0 == "E" || $0 == "e" })
    guard halves.count == 2, let sign = halves[1].first, sign == "+" || sign == "-", isNumber(halves[1].dropFirst()) else { return false }
    let parts = halves[0].split(omittingEmptySubsequences: false, whereSeparator: { $0 == "." || $0 == "," })
    return parts.count <= 2 && parts.allSatisfy { isNumber($0) }
  }

  /// `9,977`, or with a dot, an apostrophe or any blank.
  private static func isGrouped(_ text: String) -> Bool {
    let parts = text.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "," || $0 == "." || $0 == "'" || $0 == "\u{2019}" })
    return parts.count > 1 && parts.allSatisfy { isNumber($0) }
  }
}

/// Values by name, as it is written.
///
/// Names are the same if their bytes are. Only where no name is the same, one that is written with equivalent letters (é, or e and an accent)
/// is meant; blanks are never taken for each other.
struct NameTable<Value: Sendable>: Sendable {
  /// Hardly any name has an equivalent, so most need no list of their own.
  private enum Entry: Sendable {
    /// The key is the name.
    case one(Value)
    case several([(name: String, value: Value)])
  }

  private var entries: [String: Entry] = [:]

  /// The names that are this one or equivalent to it, with their values.
  private func all(_ name: String) -> [(name: String, value: Value)] {
    guard let place = entries.index(forKey: name) else { return [] }
    switch entries[place].value {
    case .one(let value): return [(entries[place].key, value)]
    case .several(let all): return all
    }
  }

  mutating func reserve(_ count: Int) { entries.reserveCapacity(count) }

  /// The value of exactly this name.
  subscript(exactly name: String) -> Value? {
    get {
      guard let place = entries.index(forKey: name) else { return nil }
      switch entries[place].value {
      case .one(let value): return Self.isSame(entries[place].key, name) ? value : nil
      case .several(let all): return all.first { Self.isSame($0.name, name) }?.value
      }
    }
    set {
      guard let newValue else { return }
      var all = all(name)
      if let place = all.firstIndex(where: { Self.isSame($0.name, name) }) { all[place].value = newValue } else { all.append((name, newValue)) }
      entries[name] = all.count == 1 ? .one(newValue) : .several(all)
    }
  }

  /// The value of exactly this name.
  subscript(exactly name: String, default value: Value) -> Value {
    get { self[exactly: name] ?? value }
    set { self[exactly: name] = newValue }
  }

  /// The values of all names that are this one or equivalent to it.
  func equivalents(of name: String) -> [Value] { all(name).map(\.value) }

  /// The value of this name, or else of all that are equivalent.
  func values(for name: String) -> [Value] {
    let all = all(name)
    if let same = all.first(where: { Self.isSame($0.name, name) }) { return [same.value] }
    return all.filter { Self.blanks(in: $0.name) == Self.blanks(in: name) }.map(\.value)
  }

  /// Lends all names, with their values.
  func forEach(_ body: (_ name: String, Value) -> Void) {
    for (key, entry) in entries {
      switch entry {
      case .one(let value): body(key, value)
      case .several(let all): for one in all { body(one.name, one.value) }
      }
    }
  }

  private static func isSame(_ one: String, _ other: String) -> Bool { one.utf8.elementsEqual(other.utf8) }

  private static func blanks(in name: String) -> [Unicode.Scalar] { name.unicodeScalars.filter(\.properties.isWhitespace) }
}

/// What an id, or a name, of the source subscription is called in the target: `source_id,target_id,name`.
package struct IDMap: Sendable {
  /// What a value is, and what is wanted for it.
  package enum Reading: Sendable {
    /// An id, for an id.
    case id
    /// A name, for a name. A map made by `qtbx-map` matches equal names, so a name beside two ids stands for itself.
    case name
    /// A name, for an id: by the third column, or by the first where the third is empty.
    case idOfName
  }

  /// What a map says of a value.
  package enum Finding: Sendable, Equatable {
    case target(String)
    case nothing
    /// The source has it, and the target does not.
    case missing
    /// It stands in the map for all of these.
    case several([String])
  }

  private let reading: Reading?
  private var targets = NameTable<(target: String, isNamed: Bool)>()
  /// Target ids by name: several for a name that stands for several.
  private var byName = NameTable<[String]>()
  /// What the source has, and the target does not, as the map says: ids, and names in bytes.
  private var missing: (ids: Set<String>, names: Set<[UInt8]>) = ([], [])
  /// How many commas a value has at most that the map knows.
  private(set) var commas = 0

  /// What stands in place of the target's id in the row of an object that the target lacks.
  package static let missingMark = "-"

  package init() { reading = nil }

  /// Reads a map: with the header `source_id,target_id` and perhaps `name`, or two columns without one. Semicolons or tabs stand for the
  /// commas if they do in the header. Errors: `refused`, at the line.
  ///
  /// - Parameter reading: what is wanted of it, so that ids which are none are refused; nil if anything may stand in it.
  package init(parsing bytes: [UInt8], for reading: Reading? = nil) throws(Complaint) {
    // An empty map would leave every id out: without a target, or in silence with those that pass through.
    guard !bytes.isEmpty else {
      throw Complaint(.refused, "there is nothing at all: whatever was to write the map has failed (a map without rows has its header)")
    }
    self.reading = reading
    let start = bytes[CSV.markLength(of: bytes)...].prefix { $0 != "\n" }.filter { $0 != "\"" }
    let delimiter = [";", "\t"].first { start.starts(with: Array("source_id".utf8) + [$0]) } ?? ","
    targets.reserve(bytes.count { $0 == "\n" })
    var hasHeader: Bool?
    // Row by row: all of them would take more memory than what is kept.
    try CSV.forEachRow(of: bytes, delimiter: delimiter) { line, fields throws(Complaint) in
      if let hasHeader { return try add(row: fields, at: line, hasHeader: hasHeader) }
      let isHeader = fields.prefix(2) == ["source_id", "target_id"]
      hasHeader = isHeader
      if !isHeader { try add(row: fields, at: line, hasHeader: false) }
    }
  }

  private mutating func add(row fields: [String], at line: Int, hasHeader: Bool) throws(Complaint) {
    guard fields.count == 2 || hasHeader && fields.count == 3 else {
      let other = fields.count == 1 ? [";", "\t"].first { fields[0].contains($0) } : nil
      let advice = other.map { "; where \($0 == ";" ? "semicolons" : "tabs") stand between them, the header must say so: source_id\($0)target_id" }
      throw Complaint(
        .refused, "a map has the columns source_id,target_id and perhaps name; without that header it has two" + (advice ?? ""), at: String(line))
    }
    // With a name beside it, a target is an id.
    if fields.count == 3, !fields[0].isEmpty, fields[1] == Self.missingMark { return try add(missing: fields[0], name: fields[2], at: line) }
    try add(fields[0], fields[1], name: fields.count == 3 ? fields[2] : nil, at: line)
  }

  /// Adds a row of a map: what a value of the source is in the target. Errors: `refused` for one that is none, or that says otherwise than a row
  /// before.
  package mutating func add(_ source: String, _ target: String, name: String?, at line: Int? = nil) throws(Complaint) {
    let place = line.map { String($0) }
    let name = name ?? ""
    guard !source.isEmpty, !target.isEmpty else {
      guard !source.isEmpty, !name.isEmpty else { throw Complaint(.refused, "a map entry lacks its source or its target", at: place) }
      let row = "the row of \"\(name)\" (\(source)) has no target yet"
      throw Complaint(.refused, "\(row): fill in what it is called in the target, or take the row out", at: place)
    }
    try check(source, target, name, at: place)
    if let other = targets[exactly: source]?.target, other != target {
      throw Complaint(.refused, "\"\(source)\" is mapped to \"\(other)\" and to \"\(target)\"", at: place)
    }
    if missing.ids.contains(source) { throw Self.contradiction(source, target, at: place) }
    targets[exactly: source] = (target, !name.isEmpty)
    commas = max(commas, source.utf8.count { $0 == "," }, name.utf8.count { $0 == "," })
    if name.isEmpty { return }
    if !byName[exactly: name, default: []].contains(target) { byName[exactly: name, default: []].append(target) }
  }

  /// Adds a row that says that the target lacks something, which is checked as any other.
  private mutating func add(missing source: String, name: String, at line: Int) throws(Complaint) {
    let place = String(line)
    try check(source, nil, name, at: place)
    if let target = targets[exactly: source]?.target { throw Self.contradiction(source, target, at: place) }
    missing.ids.insert(source)
    missing.names.insert(Array(name.utf8))
    commas = max(commas, name.utf8.count { $0 == "," })
  }

  private static func contradiction(_ source: String, _ target: String, at place: String?) -> Complaint {
    Complaint(.refused, "\"\(source)\" is mapped to \"\(target)\" and to \"\(missingMark)\", which says that the target lacks it", at: place)
  }

  /// Refuses what is no id where an id must stand, and what nothing can carry.
  ///
  /// - Parameter target: nil where the target lacks it.
  private func check(_ source: String, _ target: String?, _ name: String, at place: String?) throws(Complaint) {
    let isNamed = !name.isEmpty
    let forms: (IDForm, IDForm) =
      switch reading {
      case .id: (.number, .number)
      case .idOfName: (isNamed ? .number : .name, .number)
      case .name, nil: (.name, .name)
      }
    for case (let text?, let form) in [(source, forms.0), (target, forms.1), (name, .name)] {
      if let fault = form.fault(of: text) { throw Complaint(.refused, "\"\(text)\" is no \(form == .name ? "name" : "id"): \(fault)", at: place) }
    }
    // Ids that a name stands beside are not read where names are wanted; but a spreadsheet that changed them has changed more.
    if isNamed, let text = [source, target].lazy.compactMap({ $0 }).first(where: IDForm.isScientific) {
      throw Complaint(.refused, "\"\(text)\" is no id: \(IDForm.number.fault(of: text) ?? "")", at: place)
    }
  }

  /// What the objects of the target are called, by their ids. One that has several names in the map has none here: nobody knows which it has there.
  package var namesByTarget: [String: String] {
    var names: [String: [String]] = [:]
    byName.forEach { name, targets in for target in targets { names[target, default: []].append(name) } }
    return names.compactMapValues { $0.count == 1 ? $0[0] : nil }
  }

  /// What the map says of a value.
  package func finding(of value: String, as reading: Reading) -> Finding {
    let found = target(for: value, as: reading)
    let isMissing = reading == .id ? missing.ids.contains(value) : missing.names.contains(Array(value.utf8))
    guard isMissing else { return found }
    // A name of several objects, one of which the target lacks: nobody knows which is meant.
    if reading == .idOfName, case .target(let target) = found { return .several([target, Self.missingMark]) }
    return found == .nothing ? .missing : found
  }

  private func target(for value: String, as reading: Reading) -> Finding {
    switch reading {
    case .id:
      if let known = targets[exactly: value] { return .target(known.target) }
      return Self.finding(targets.values(for: value).map(\.target))
    case .name:
      // Beside a name, ids are ids: a scanner may well be called as another one's number.
      let found = targets.values(for: value).filter { !$0.isNamed || IDForm.number.fault(of: $0.target) != nil }
      if !found.isEmpty { return Self.finding(found.map(\.target)) }
      return byName.values(for: value).isEmpty ? .nothing : .target(value)
    case .idOfName:
      let found = byName.values(for: value).flatMap { $0 }
      if !found.isEmpty { return Self.finding(found) }
      return Self.finding(targets.values(for: value).filter { !$0.isNamed }.map(\.target))
    }
  }

  private static func finding(_ targets: [String]) -> Finding {
    guard let first = targets.first else { return .nothing }
    return targets.allSatisfy { $0 == first } ? .target(first) : .several(targets)
  }

  /// The target of a value, nil if the map does not say, or says several.
  package func target(of value: String, as reading: Reading) -> String? {
    if case .target(let target) = finding(of: value, as: reading) { target } else { nil }
  }
}
