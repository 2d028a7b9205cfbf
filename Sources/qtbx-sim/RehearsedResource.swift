import Base
import Catalog
import Markup

/// One kind of object that the service keeps: how its export is known, where it is asked for, and by which rules. A file in `Resources/`
/// for each, and one line in `Service.resources`.
struct RehearsedResource: Sendable {
  /// What the catalog knows of it; nil for pages that list nothing.
  let resource: Resource?
  /// What its saved file is called.
  let name: String
  /// What messages call one of them.
  let noun: String
  /// The roots of its export files.
  let roots: [String]
  /// Its records, as `RecordStream` takes them.
  let records: [String]
  /// The elements that hold a record's id and its name. Without a name for it, records have no id.
  let keys: (id: String?, name: String)
  /// What its records stand in, if the root's name does not say it.
  var wrapper: String?
  /// The last part of its grammar's address, if the root's name does not say it.
  var dtd: String?
  /// A part of the DOCTYPE's address, where another resource has the same root.
  var address: String?
  var endpoints: [Endpoint]
  /// Its records as an export file, nil where the list is one.
  var saved: (@Sendable ([RecordStore.Record]) -> [UInt8])?
  /// Takes an export that is not a list of records with ids. Nil where there is none.
  var adopt: (@Sendable (_ root: String, _ record: [UInt8], inout Subscription) throws(Complaint) -> Void)?
  /// What stands beside the records of an export: elements without children, and what they hold.
  var learn: (@Sendable (_ values: [String: String], inout Subscription) -> Void)?
  /// What stands behind the records of a list.
  var behind: (@Sendable (Subscription) -> String)?
  /// The document that belongs to a record as a file of its own, where it is kept without what stands around it.
  var whole: (@Sendable (RecordStore.Record) -> [UInt8])?

  /// - Parameters:
  ///   - noun: what messages call one, where the catalog has no kind for it.
  ///   - roots: of its own lists and exports, where they are not those of the document.
  ///   - records: of these.
  init(
    _ resource: Resource, noun: String? = nil, roots: [String]? = nil, records: [String]? = nil, wrapper: String? = nil, dtd: String? = nil,
    address: String? = nil, endpoints: [Endpoint], saved: (@Sendable ([RecordStore.Record]) -> [UInt8])? = nil,
    adopt: (@Sendable (_ root: String, _ record: [UInt8], inout Subscription) throws(Complaint) -> Void)? = nil,
    learn: (@Sendable (_ values: [String: String], inout Subscription) -> Void)? = nil, behind: (@Sendable (Subscription) -> String)? = nil,
    whole: (@Sendable (RecordStore.Record) -> [UInt8])? = nil
  ) {
    self.resource = resource
    name = resource.name
    self.noun = noun ?? resource.noun
    self.roots = roots ?? resource.document.roots
    self.records = records ?? resource.pageRecords
    // What is known by several values together has no number here.
    keys = resource.identity.flatMap { $0.isJoined ? nil : ("\($0.id[0])", $0.name.first.map { "\($0)" } ?? "") } ?? (nil, "")
    self.wrapper = wrapper
    self.dtd = dtd
    self.address = address
    self.endpoints = endpoints
    self.saved = saved
    self.adopt = adopt
    self.learn = learn
    self.behind = behind
    self.whole = whole
  }

  /// Pages that keep nothing of their own.
  init(pages name: String, endpoints: [Endpoint]) {
    resource = nil
    self.name = name
    noun = "page"
    (roots, records, keys) = ([], [], (nil, ""))
    self.endpoints = endpoints
  }

  /// Its records as a list, or as an export file.
  func list(_ records: [[UInt8]], _ subscription: Subscription, for call: Call) -> Answer {
    let root = roots.first ?? ""
    return Document.list(
      root: root, dtd: dtd ?? root.lowercased() + ".dtd", wrapper: wrapper ?? (root.hasSuffix("_OUTPUT") ? String(root.dropLast(7)) : root),
      records: records, behind: behind?(subscription) ?? "", for: call)
  }

  /// `1 policy`, `2 policies`
  func counted(_ count: Int) -> String { noun.counted(count) }

  /// An address of the service, and what it does.
  struct Endpoint: Sendable {
    /// The path, with `*` for the version: `/api/*/fo/network/`.
    var path: String
    var versions = ["2.0"]
    var actions: [Action] = []
    /// Answers by itself: not by action and parameters.
    var direct: (@Sendable (Call, inout Subscription) throws(Refusal) -> Answer)?
  }

  /// What `action=` may say, with its rules. They are checked in this order: method, version, unknown parameters, missing ones, values, combinations.
  struct Action: Sendable {
    var name: String
    var methods = ["POST"]
    /// The versions that know it, nil for all of its address.
    var versions: [String]?
    var rules: [Rule]
    var combinations: [Combination] = []
    /// Flags that are as if they were not given if they say 0.
    var flags: [String] = []
    /// The parameter for which a body of `text/csv` may stand, with an entry on each line.
    var upload: String?
    /// What it takes besides its own parameters. Most repeat what was asked for, if they are told so.
    var usual = [Rule("action"), Rule("echo_request", .optional, .flag)]
    var perform: @Sendable (Call, inout Subscription) throws(Refusal) -> Answer

    /// Of calls whose answers have no place for what was asked for.
    static let withoutEcho = [Rule("action")]

    func checked(_ call: Call, _ subscription: inout Subscription) throws(Refusal) -> Answer {
      guard methods.contains(call.method) else {
        throw Refusal.method("action=\(name)")
      }
      if let versions, !versions.contains(call.version) {
        throw Refusal.invalid("action", name, "not in version \(call.version)")
      }
      let call = try uploaded(call)
      try Self.check(usual + rules, call, subscription)
      var given = call
      for flag in flags where call[flag] == "0" { given.parameters[flag] = nil }
      for combination in combinations { try combination.check(given) }
      return try perform(call, &subscription)
    }

    /// The parameters of a call against rules: none that has no rule, all that are required, each with a value that it may have.
    static func check(_ rules: [Rule], _ call: Call, _ subscription: borrowing Subscription) throws(Refusal) {
      let known = Set(rules.map(\.name))
      let unknown = call.order.filter { !known.contains($0) }
      if !unknown.isEmpty { throw Refusal.unrecognized(unknown) }
      let missing = rules.filter { $0.isRequired && (call[$0.name] ?? "").trimmed.isEmpty }.map(\.name)
      if !missing.isEmpty { throw Refusal.missing(missing) }
      for rule in rules {
        guard let value = call[rule.name] else { continue }
        if let why = rule.check.fault(of: value, subscription) { throw Refusal.invalid(rule.name, value, why) }
      }
    }

    /// A call with what its body says as a parameter: `--data-binary @ips.csv` and the other parameters in the address, U16 p. 302.
    private func uploaded(_ call: Call) throws(Refusal) -> Call {
      if call.body.isEmpty || !call.contentType.lowercased().hasPrefix("text/csv") { return call }
      guard let upload else { throw Refusal.invalid("Content-Type", call.contentType, "this call has no data in CSV") }
      guard let text = String(validating: call.body, as: UTF8.self), text.unicodeScalars.allSatisfy(\.isXML) else {
        throw Refusal(1905, "parameter \(upload) has invalid value: the body is not UTF-8, or has a character that XML does not have")
      }
      if call[upload] != nil { throw Refusal.tooMany([upload, "CSV raw data"]) }
      var call = call
      call.parameters[upload] = text.split(whereSeparator: \.isNewline).joined(separator: ",")
      return call
    }
  }
}

/// A parameter, and what it may say.
struct Rule: Sendable {
  enum Presence { case required, optional }

  var name: String
  var isRequired: Bool
  var check: Check

  init(_ name: String, _ presence: Presence = .optional, _ check: Check = .any) {
    self.name = name
    isRequired = presence == .required
    self.check = check
  }
}

/// What a value must be.
indirect enum Check: Sendable {
  case any
  /// At most so many characters.
  case text(Int)
  /// At most so many characters, ASCII only.
  case ascii(Int)
  case integer(ClosedRange<Int>)
  /// 0 or 1.
  case flag
  case oneOf([String])
  /// One of these, however it is capitalised.
  case anyCase([String])
  case list(Check)
  /// Empty, too: that takes away what there is.
  case emptyOr(Check)
  /// Ids and ranges of ids, as a comma list.
  case ids
  /// One IPv4 address.
  case address
  /// IPv4 addresses and ranges, as a comma list.
  case addresses
  /// The same, and netblocks: `10.0.0.0/24`.
  case netblocks
  /// mm/dd/yyyy
  case date
  /// A word that a function looks at: nil, or why not.
  case matching(@Sendable (String) -> String?)
  /// The id of something. 0 is the Global Default Network.
  case existing(Resource, noun: String, zero: Bool = false)
  /// The name of something.
  case named(Resource, noun: String)
  /// Whatever it says: the guides have it, and nothing is done with it here. Nothing that a call is asked for is left out in silence.
  case unrehearsed

  /// Why a value is wrong, nil if it is right.
  func fault(of value: String, _ subscription: borrowing Subscription) -> String? {
    switch self {
    case .any: return nil
    case .text(let limit): return value.unicodeScalars.count > limit ? "longer than \(limit) characters" : nil
    case .ascii(let limit):
      if value.utf8.contains(where: { $0 > 0x7F }) { return "not ASCII" }
      return value.utf8.count > limit ? "longer than \(limit) characters" : nil
    case .integer(let range):
      guard let number = Self.number(value), range.contains(number) else { return "not a number from \(range.lowerBound) to \(range.upperBound)" }
      return nil
    case .flag: return value == "0" || value == "1" ? nil : "must be 0 or 1"
    case .oneOf(let words): return words.contains(value) ? nil : "must be one of: \(words.joined(separator: ", "))"
    case .anyCase(let words): return words.contains(value.lowercased()) ? nil : "must be one of: \(words.joined(separator: ", "))"
    case .list(let check):
      let parts = value.parts
      if parts.isEmpty { return "an empty list" }
      for part in parts { if let why = check.fault(of: part, subscription) { return why } }
      return nil
    case .emptyOr(let check): return value.trimmed.isEmpty ? nil : check.fault(of: value, subscription)
    case .ids:
      return value.parts.isEmpty || IDSet(value) == nil ? "neither a positive integer nor a range: \(value)" : nil
    case .address: return value.contains("-") || Addresses.range(value) == nil ? "not an IP address" : nil
    case .addresses:
      let parts = value.parts
      if parts.isEmpty { return "an empty list" }
      for part in parts where Addresses.range(part) == nil { return "not an IP address or a range: \(part)" }
      return nil
    case .netblocks:
      let parts = value.parts
      if parts.isEmpty { return "an empty list" }
      for part in parts where Addresses.block(part) == nil { return "not an IP address, a range or a netblock: \(part)" }
      return nil
    case .date: return Self.isDate(value) ? nil : "not a date mm/dd/yyyy"
    case .matching(let look): return look(value)
    case .existing(let store, let noun, let zero):
      guard let id = Self.number(value), id > 0 || zero && id == 0 else { return "not an id" }
      if zero, id == 0 { return nil }
      return subscription[store].isKnown && subscription[store][id] == nil ? "No such \(noun)" : nil
    case .named(let store, let noun):
      if value.trimmed.isEmpty { return "empty" }
      return subscription[store].isKnown && !subscription[store].contains(name: value) ? "No such \(noun)" : nil
    case .unrehearsed: return "not rehearsed"
    }
  }

  /// An id.
  static let id = Check.integer(1...largestID)

  /// An id has at most 18 digits, so that none is lost where ids are counted on.
  static let largestID = 999_999_999_999_999_999

  static func number(_ text: String) -> Int? { !text.isEmpty && text.utf8.allSatisfy(\.isDigit) ? Int(text) : nil }

  static func isDate(_ text: String) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { number(String($0)) }
    guard parts.count == 3, let month = parts[0], let day = parts[1], let year = parts[2] else { return false }
    let days = [31, year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return (1...12).contains(month) && (1...days[month - 1]).contains(day) && (1970...9999).contains(year)
  }
}

/// How parameters stand to each other.
enum Combination: Sendable {
  /// At most one: 1904.
  case exclusive([String])
  /// At least one: 1922.
  case atLeastOne([String])
  /// These are needed if a parameter says so: 1903. With nil, if it is given at all.
  case required([String], with: String, is: String?)
  /// These are only for a parameter that says so: 1907. A parameter that is not given says the default.
  case only([String], with: String, is: [String], standard: String)
  /// These go only with another parameter, whatever it says: 1907.
  case needs([String], anyOf: [String])
  /// Never together: 1907.
  case apart([String], [String])

  func check(_ call: Call) throws(Refusal) {
    func given(_ names: [String]) -> [String] { names.filter { call[$0] != nil } }
    switch self {
    case .exclusive(let names):
      let both = given(names)
      if both.count > 1 { throw Refusal.tooMany(both) }
    case .atLeastOne(let names):
      if given(names).isEmpty { throw Refusal.atLeastOne(names) }
    case .required(let names, let other, let value):
      guard let said = call[other], value == nil || said.lowercased() == value else { return }
      let missing = names.filter { call[$0] == nil }
      if !missing.isEmpty { throw Refusal.missing(missing) }
    case .only(let names, let other, let values, let standard):
      let said = call[other] ?? standard
      let odd = given(names)
      if !odd.isEmpty, !values.contains(said.lowercased()) { throw Refusal.unsupported(odd + given([other]), call) }
    case .needs(let names, let others):
      let odd = given(names)
      if !odd.isEmpty, given(others).isEmpty { throw Refusal.unsupported(odd, call) }
    case .apart(let some, let others):
      let (one, other) = (given(some), given(others))
      if let one = one.first, let other = other.first { throw Refusal.unsupported([one, other], call) }
    }
  }
}

/// Ids and ranges: `10-12,15`.
struct IDSet: Sendable {
  private(set) var ranges: [ClosedRange<Int>] = []

  init?(_ text: String) {
    for part in text.parts {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Check.number($0.trimmed) }
      guard let low = ends[0], let high = ends.count == 1 ? low : ends.last.flatMap({ $0 }), ends.count <= 2, low <= high else { return nil }
      ranges.append(low...high)
    }
  }

  func contains(_ id: Int) -> Bool { ranges.contains { $0.contains(id) } }
}

/// The ids that a list is asked for, by up to three parameters.
struct AskedIDs: Sendable {
  private let ids: IDSet?
  /// The lowest one, where a page begins.
  let first: Int
  private let last: Int

  init(_ call: Call, ids: String = "ids", from first: String = "id_min", to last: String = "id_max") {
    self.ids = call[ids].flatMap { IDSet($0) }
    self.first = call[first].flatMap { Int($0) } ?? 0
    self.last = call[last].flatMap { Int($0) } ?? Int.max
  }

  func contains(_ id: Int) -> Bool { first <= id && id <= last && ids?.contains(id) != false }
}

/// IPv4 addresses as the service writes them.
enum Addresses {
  static func range(_ text: String) -> ClosedRange<UInt32>? {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { number($0.trimmed) }
    guard let low = ends[0] else { return nil }
    if ends.count == 1 { return low...low }
    guard ends.count == 2, let high = ends[1], low <= high else { return nil }
    return low...high
  }

  /// An address, a range or a netblock.
  static func block(_ text: String) -> ClosedRange<UInt32>? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { String($0) }
    guard parts.count == 2 else { return range(text) }
    guard let address = number(parts[0]), let bits = Check.number(parts[1]), bits <= 32 else { return nil }
    let mask: UInt32 = bits == 0 ? 0 : UInt32.max << (32 - UInt32(bits))
    return address & mask...address | ~mask
  }

  private static func number(_ text: String) -> UInt32? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var number: UInt32 = 0
    for part in parts {
      guard part.utf8.count <= 3, let octet = Check.number(String(part)), octet < 256 else { return nil }
      number = number << 8 | UInt32(octet)
    }
    return number
  }

  static func text(_ range: ClosedRange<UInt32>) -> String {
    range.lowerBound == range.upperBound ? text(range.lowerBound) : text(range.lowerBound) + "-" + text(range.upperBound)
  }

  static func text(_ number: UInt32) -> String { [24, 16, 8, 0].map { String(number >> $0 & 255) }.joined(separator: ".") }

  /// A list without the addresses of another one.
  static func list(_ list: String, without removed: String) -> String {
    var kept = merged(list).map { UInt64($0.lowerBound)...UInt64($0.upperBound) }
    for hole in merged(removed).map({ UInt64($0.lowerBound)...UInt64($0.upperBound) }) {
      kept = kept.flatMap { range in
        guard range.overlaps(hole) else { return [range] }
        var rest: [ClosedRange<UInt64>] = []
        if range.lowerBound < hole.lowerBound { rest.append(range.lowerBound...hole.lowerBound - 1) }
        if range.upperBound > hole.upperBound { rest.append(hole.upperBound + 1...range.upperBound) }
        return rest
      }
    }
    return kept.map { text(UInt32($0.lowerBound)) + "-" + text(UInt32($0.upperBound)) }.joined(separator: ",")
  }

  /// The ranges of a list, sorted; those that overlap are one.
  static func merged(_ list: String) -> [ClosedRange<UInt32>] {
    var merged: [ClosedRange<UInt32>] = []
    for range in list.parts.compactMap({ block($0) }).sorted(by: { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }) {
      if let last = merged.last, range.lowerBound <= last.upperBound {
        merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
      } else {
        merged.append(range)
      }
    }
    return merged
  }
}

extension RehearsedResource {
  /// How many records a page has: as many as the call says, 0 for all of them, or as documented, and never more than the rehearsal was told.
  static func pageLimit(_ call: Call, standard: Int = 1000, _ subscription: borrowing Subscription) -> Int {
    let asked = call["truncation_limit"].flatMap { Int($0) } ?? standard
    return min(asked == 0 ? Int.max : asked, subscription.pageSize ?? Int.max)
  }

  /// One page of a store, in the order of ids, and the id that the next page begins with.
  static func page(
    of store: borrowing RecordStore, from first: Int = 0, limit: Int?, where isAsked: (RecordStore.Record) -> Bool
  ) -> (records: [RecordStore.Record], next: Int?) {
    var records: [RecordStore.Record] = []
    for id in store.from(first) {
      guard let record = store[id], isAsked(record) else { continue }
      if let limit, records.count == limit { return (records, id) }
      records.append(record)
    }
    return (records, nil)
  }

  /// Ascending ids, consecutive ones as a range.
  static func ranges(of ids: [Int]) -> [ClosedRange<Int>] {
    var ranges: [ClosedRange<Int>] = []
    for id in ids {
      if let last = ranges.last, last.upperBound == id - 1 { ranges[ranges.count - 1] = last.lowerBound...id } else { ranges.append(id...id) }
    }
    return ranges
  }

  /// Ids as a list shows them that has nothing else.
  static func idSet(_ ids: [Int]) -> String {
    let lines = ranges(of: ids).map {
      $0.count == 1 ? "      <ID>\($0.lowerBound)</ID>\n" : "      <ID_RANGE>\($0.lowerBound)-\($0.upperBound)</ID_RANGE>\n"
    }
    return "    <ID_SET>\n\(lines.joined())    </ID_SET>\n"
  }
}

extension Array where Element == UInt8 {
  /// A record without its children of these names, all other bytes as they were.
  func without(_ names: Set<String>) -> [UInt8] { keeping { !names.contains($0) } }

  /// A record with those of its children that are asked for.
  func keeping(_ isKept: (String) -> Bool) -> [UInt8] {
    var outline = Outline()
    outline.read(self)
    var kept: [UInt8] = []
    var at = 0
    for element in outline.elements where element.parent == 0 && !isKept(outline.string(element.name)) {
      // The white space before it goes, too.
      var start = Int(element.whole.lowerBound)
      while start > at, [" ", "\n", "\r", "\t"].contains(self[start - 1]) { start -= 1 }
      kept += self[at..<start]
      at = Int(element.whole.upperBound)
    }
    return kept + self[at...]
  }

  /// A record with other names for some of its children, all other bytes as they were.
  func renaming(_ names: [String: String]) -> [UInt8] {
    var outline = Outline()
    outline.read(self)
    var renamed: [UInt8] = []
    var at = 0
    for element in outline.elements where element.parent == 0 {
      guard let name = names[outline.string(element.name)] else { continue }
      renamed += self[at..<Int(element.name.lowerBound)] + Array(name.utf8)
      at = Int(element.name.upperBound)
      guard element.whole.upperBound > element.content.upperBound else { continue }
      // </NAME>
      let end = Int(element.content.upperBound) + 2
      renamed += self[at..<end] + Array(name.utf8)
      at = end + element.name.count
    }
    return renamed + self[at...]
  }

  /// The text of a record's child, or of the element at a path below the record, without white space around it.
  func child(_ path: String) -> String? {
    var outline = Outline()
    outline.read(self)
    var parent: Int32 = 0
    var found: Outline.Element?
    for name in path.utf8.split(separator: UInt8(ascii: "/")) {
      let wanted = Array(name)
      guard
        let index = outline.elements.indices.first(where: { outline.elements[$0].parent == parent && outline.has(outline.elements[$0].name, wanted) })
      else { return nil }
      (parent, found) = (Int32(index), outline.elements[index])
    }
    return found.map { outline.text($0.content).trimmed }
  }
}
