import Base
import Catalog
import Requests
import Toolbox

/// One of the two subscriptions.
enum Side: Int, CaseIterable, Sendable {
  case source, target

  var word: String { self == .source ? "source" : "target" }
}

/// The names of both sides, as numbers that both have in common.
///
/// Ids are of one subscription. Each name gets a number, whichever side has it, and the maps that the filters are given say so for each side: then what they
/// write of both can be compared as it stands. The numbers begin with digits that are drawn for each run, so nothing in an export can look like one.
final class NameBook {
  /// What the list of one side says of a kind.
  private struct Listing {
    var numbers: [String: Int] = [:]
    /// In the order of the list.
    var ids: [String] = []
    /// The ids of those numbers that several objects have.
    var twice: [Int: [String]] = [:]
    fileprivate var first: [Int: String] = [:]
    var isThere = false
  }

  private let folders: [ExportFolder]
  private let prefix: String
  /// The same as bytes.
  private let mark: [UInt8]
  private var names: [String] = []
  private var numbers: [NamedObjects.Key: Int] = [:]
  private var listings: [Side: [String: Listing]] = [.source: [:], .target: [:]]
  private var read: Set<String> = []
  private var cycles: [(side: Side, kind: String, names: [String])] = []
  private let allowsTruncated: Bool

  init(_ source: ExportFolder, _ target: ExportFolder, allowsTruncated: Bool) {
    folders = [source, target]
    self.allowsTruncated = allowsTruncated
    prefix = "8" + Self.padded(Int(UInt32.random(in: 0..<1_000_000_000)))
    mark = Array(prefix.utf8)
  }

  /// Nine digits.
  private static func padded(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 9 - digits.utf8.count)) + digits
  }

  // MARK: What is asked

  func isListed(_ kind: String, _ side: Side) throws(Complaint) -> Bool {
    try read(kind)
    return listings[side]?[kind]?.isThere ?? false
  }

  /// The number of an object's name; nil if no list of that side has the object.
  func number(of id: String, _ kind: String, _ side: Side) throws(Complaint) -> Int? {
    try read(kind)
    return listings[side]?[kind]?.numbers[id]
  }

  func name(of number: Int) -> String { names[number] }

  /// Whether the list of a side has the name.
  func has(_ number: Int, _ kind: String, _ side: Side) -> Bool { listings[side]?[kind]?.first[number] != nil }

  /// The id that a side has for a name; empty if it has none.
  func id(of number: Int, _ kind: String, _ side: Side) -> String { listings[side]?[kind]?.first[number] ?? "" }

  /// The names that stand twice in the list of a side, in its order, with the ids that have them.
  func twice(_ kind: String, _ side: Side) throws(Complaint) -> [(number: Int, ids: [String])] {
    try read(kind)
    return (listings[side]?[kind]?.twice ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// Objects that stand below themselves.
  func circles(_ kind: String) -> [(side: Side, names: [String])] { cycles.filter { $0.kind == kind }.map { ($0.side, $0.names) } }

  /// The numbers of the names of a side, in the order of its list.
  func numbers(of kind: String, _ side: Side) throws(Complaint) -> [Int] {
    try read(kind)
    let listing = listings[side]?[kind] ?? Listing()
    return listing.ids.compactMap { listing.numbers[$0] }
  }

  /// The number of a name that stands below nothing, if both sides have it.
  func common(_ kind: String, named name: String) throws(Complaint) -> Int? {
    try read(kind)
    guard let number = numbers[NamedObjects.Key(kind: kind, name: name)] else { return nil }
    return Side.allCases.allSatisfy { has(number, kind, $0) } ? number : nil
  }

  /// The number as it stands in a map: of 19 digits, which every program takes for an id.
  func written(_ number: Int) -> String { prefix + Self.padded(number) }

  /// The number that stands so in a map; nil if it is none of this run.
  func number(written text: String) -> Int? {
    guard text.utf8.count == 19, text.hasPrefix(prefix), let number = Int(String(text.dropFirst(10))), number < names.count else { return nil }
    return number
  }

  /// A map of the ids of one side.
  func map(of kind: String, _ side: Side) throws(Complaint) -> NamelessFile {
    try read(kind)
    let file = try NamelessFile()
    var rows = CSV.row(["source_id", "target_id", "name"])
    let listing = listings[side]?[kind] ?? Listing()
    // The Global Default Network is in every subscription, and stands for itself.
    for id in listing.ids where id != "0" && id.utf8.allSatisfy(\.isDigit) {
      guard let number = listing.numbers[id] else { continue }
      rows += CSV.row([id, written(number), names[number]])
      if rows.utf8.count > 1 << 16 {
        try Descriptor.write(Array(rows.utf8), to: file.descriptor)
        rows = ""
      }
    }
    try Descriptor.write(Array(rows.utf8), to: file.descriptor)
    return file
  }

  /// A value with names for the numbers of this run, each between marks that no value holds. A list that has nothing else is put in the order of the
  /// names: that of the ids is another one in each subscription.
  func spelled(_ value: String) -> String {
    guard value.utf8.count >= 19 else { return value }
    let bytes = Array(value.utf8)
    // By bytes: a search by characters takes a sixth of a plan.
    guard bytes.indices.dropLast(18).contains(where: { bytes[$0] == mark[0] && bytes[$0...].starts(with: mark) }) else { return value }
    var parts: [[UInt8]] = [[]]
    var isPure = true
    var at = 0
    while at < bytes.count {
      if bytes[at...].starts(with: mark), at + 19 <= bytes.count, bytes[(at + 10)..<(at + 19)].allSatisfy(\.isDigit),
        at + 19 == bytes.count || !bytes[at + 19].isDigit, at == 0 || !bytes[at - 1].isDigit,
        let number = Int(String(decoding: bytes[(at + 10)..<(at + 19)], as: UTF8.self)), number < names.count
      {
        parts[parts.count - 1] += [1] + Array(names[number].utf8) + [2]
        at += 19
      } else if bytes[at] == "," {
        parts.append([])
        at += 1
      } else {
        isPure = false
        parts[parts.count - 1].append(bytes[at])
        at += 1
      }
    }
    if isPure { parts.sort { $0.lexicographicallyPrecedes($1) } }
    return String(decoding: Array(parts.joined(separator: [UInt8(ascii: ",")])), as: UTF8.self)
  }

  // MARK: Reading

  /// Where the objects of a kind are listed.
  private func lists(of kind: String, _ side: Side) -> (resources: [Resource], files: [String]) {
    let folder = folders[side.rawValue]
    if kind == "distribution-group" {
      let resources = Catalog.unlisted.filter { $0.kind == kind && $0.identity?.within != nil }
      return (resources, folder.files(of: ["schedules", "pc-schedules"]))
    }
    if kind.hasPrefix("auth-") { return (Resource.authenticationTypes, Self.authentication(in: folder)) }
    if kind == "report-template" { return (Resource.reportTemplateExports, Self.templates(in: folder)) }
    let resources = Catalog.all.filter { $0.kind == kind && $0.identity != nil && !folder.files(of: $0.name).isEmpty }
    return (resources, folder.files(of: resources.map(\.name)))
  }

  static func authentication(in folder: ExportFolder) -> [String] {
    let files = folder.documents(in: "auth")
    // Those of Unix and Windows first: others lean on them.
    let first = files.filter { $0.hasSuffix("/unix.xml") || $0.hasSuffix("/windows.xml") }
    return first + files.filter { !first.contains($0) }
  }

  static func templates(in folder: ExportFolder) -> [String] {
    let kinds = Resource.reportTemplateExports.map(\.name)
    let files = folder.documents(in: "report-templates")
    return kinds.compactMap { name in files.first { $0.hasSuffix("/\(name).xml") } } + folder.files(of: kinds)
  }

  private func read(_ kind: String) throws(Complaint) {
    let kind = kind.hasPrefix("auth-") ? "auth-" : kind
    // Some records have no kind, and nothing names them.
    guard !kind.isEmpty, read.insert(kind).inserted else { return }
    // A domain is one of its network's.
    if kind == "domain" { try read("network") }
    for side in Side.allCases {
      let (resources, files) = lists(of: kind, side)
      if kind != "auth-" { listings[side, default: [:]][kind, default: Listing()].isThere = !files.isEmpty }
      if resources.isEmpty || files.isEmpty { continue }
      // Only tags have to be known all before one of them has its place.
      var trees: [NamedObjects.Item] = []
      _ = try ListFilter(
        objectsOf: resources, in: DocumentKind(anyOf: resources), reading: files, options: .silent(allowsTruncated: allowsTruncated)
      ).forEachObject { item in
        if kind == "tag" { trees.append(item) } else { self.add(item, parent: self.parent(of: item, side), shown: item.name, side) }
      }
      add(trees: trees, side)
    }
  }

  private func parent(of item: NamedObjects.Item, _ side: Side) -> String {
    guard item.kind == "domain" else { return item.parent }
    return listings[side]?["network"]?.numbers[item.parent.trimmed].map { "#\($0)" } ?? item.parent
  }

  @discardableResult private func add(_ item: NamedObjects.Item, parent: String, shown: String, _ side: Side) -> Int {
    // What has no name is like no other.
    let name = item.name.isEmpty ? "\u{1}\(side.word)\(item.id)" : item.name
    let key = NamedObjects.Key(kind: item.kind, name: name, parent: parent)
    let number = numbers[key] ?? names.count
    if number == names.count {
      numbers[key] = number
      names.append(item.name.isEmpty ? item.id : shown)
    }
    var listing = listings[side]?[item.kind] ?? Listing()
    // Kept in place: a copy of the tables for each object would take for ever.
    listings[side]?[item.kind] = nil
    if !item.id.isEmpty, listing.numbers.updateValue(number, forKey: item.id) == nil {
      listing.ids.append(item.id)
      if let first = listing.first[number] { listing.twice[number, default: [first]].append(item.id) } else { listing.first[number] = item.id }
    }
    listing.isThere = true
    listings[side]?[item.kind] = listing
    return number
  }

  /// Tags are below others, whose numbers come first. Those of a circle have no way to its top: they stand as if they were below nothing.
  private func add(trees items: [NamedObjects.Item], _ side: Side) {
    var places: [String: Int] = [:]
    for (place, item) in items.enumerated() { places[item.id] = place }
    var done: [Int?] = Array(repeating: nil, count: items.count)
    for start in items.indices {
      // From the tag upwards to what is known: no recursion, however deep it is.
      var way: [Int] = []
      var seen: Set<Int> = []
      var at: Int? = start
      while let place = at, done[place] == nil {
        if !seen.insert(place).inserted, let first = way.firstIndex(of: place) {
          cycles.append((side, "tag", way[first...].map { items[$0].name }))
          at = nil
          break
        }
        way.append(place)
        at = places[items[place].parent.trimmed]
      }
      var above = at.flatMap { done[$0] }
      for place in way.reversed() where done[place] == nil {
        let shown = above.map { names[$0] + " / " + items[place].name } ?? items[place].name
        let number = add(items[place], parent: above.map { "#\($0)" } ?? "", shown: shown, side)
        done[place] = number
        above = number
      }
    }
  }
}
