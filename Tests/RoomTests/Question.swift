import Catalog
import Glibc
import Requests
import Support
import SystemPackage

/// How a room is asked that does not make requests of the list on its standard input: which of its documents has the variants, and what
/// comes of them.
struct Question: Sendable {
  /// What the program reads besides.
  enum Other: Sendable {
    case none
    /// A file of the case.
    case file(String)
    /// The same document without its records.
    case empty
    /// The same document with the record that the variants were made of.
    case same
  }

  /// What the program writes.
  enum Output: Sendable {
    /// Rows, or requests, one a line.
    case lines
    /// The records, as they stood in the document.
    case records
    /// The document.
    case document
  }

  /// Where the grammar of the records is.
  enum Source: Sendable {
    case file
    /// What the cases hold, and nothing else, is what a record may hold. Paths have a fate of their own if it is not `-> as it is`; that of
    /// one that is a record in the grammar of the room may be `as in the grammar`.
    case cases([String: String])
  }

  var room: String
  /// What is changed.
  var words: String
  /// `{variant}` stands for the document with the variants, `{other}` for the other one.
  var arguments: [String]
  /// The file of a case that has the specimens.
  var file = "input.xml"
  /// What the arguments of such a case hold.
  var given: [String] = []
  var other = Other.none
  var records: Set<String>
  var source = Source.file
  var output = Output.records
  /// Many records can stand in one document, and are known by their ids.
  var isBatched = true
  /// What stands twice is refused, not carried as it stands.
  var isStrict = true

  /// Places that are not spoken of, whatever the grammar says: by their last names, with the reason.
  var ignored: [String: String] = [:]
  /// How deep the places are that elements are moved to, where another question has the others.
  var reach = Int.max
  /// Values that are only read where another one is missing, by their paths.
  var standIns: [String: String] = [:]

  var isCopy: Bool { output != .lines }

  /// Every room that is asked in a way of its own.
  static let all = maps + controls + policies + addresses + authentication

  private static let objects = Set(Catalog.mappable.flatMap(\.document.records).map { String($0.split(separator: "/").last ?? "") })

  /// As the page of the program says.
  private static let standIns = ["USER_LOGIN": "USER_ID", "NAME": "TITLE"]

  /// A map says of both lists what it could not map. Objects are known by their names, so each variant needs a run of its own.
  private static let maps = [
    Question(
      room: "map", words: "objects of the source", arguments: ["--partial", "--source", "{variant}", "--target", "{other}"], file: "source.xml",
      other: .file("target.xml"), records: objects, output: .lines, isBatched: false, standIns: standIns),
    Question(
      room: "map", words: "objects of the target", arguments: ["--partial", "--source", "{other}", "--target", "{variant}"], file: "target.xml",
      other: .file("source.xml"), records: objects, output: .lines, isBatched: false, standIns: standIns),
  ]

  /// What an address says of itself stands in its attributes: there is nothing to know it by in a request for many, so each variant needs a run.
  private static let addresses = [
    Question(
      room: "excluded-hosts-to-urls", words: "attributes of an address",
      arguments: ["--time", "2031-02-01T08:00:00Z", "--map", "network=networks.csv", "{variant}"], given: ["network=networks.csv"],
      records: ["IP", "IP_RANGE"], output: .lines, isBatched: false)
  ]

  /// Those types that have something of their own: bodies, keys, vaults for several things, choices. All others are rows of the same table, and are
  /// tried with `QTBX_ALL_TYPES=1`.
  private static let ownTypes: Set<String> = [
    "docker", "http", "mongodb", "ms_sql", "network_ssh", "oracle", "postgresql", "snmp", "unix", "windows",
  ]

  /// A list has records of one type, and one case has a list of each.
  private static let authentication = Resource.authenticationTypes.compactMap { type -> Question? in
    let slug = String(type.name.dropFirst("auth-".count)).replacing("-", with: "_")
    guard ownTypes.contains(slug) || getenv("QTBX_ALL_TYPES") != nil else { return nil }
    return Question(
      room: "auth-to-urls", words: "records of \(slug)",
      arguments: ["--map", "network=networks.csv", "--map", "vault=vaults.csv", "--refused", "skip", "--unmapped", "drop", "{variant}"],
      file: "\(slug).xml", given: ["network=networks.csv", "unix.xml"], records: ["AUTH_" + slug.uppercased()], output: .lines)
  }

  private static func control(
    _ words: String, _ arguments: [String], _ other: Other = .none, isStrict: Bool = true, ignored: [String: String] = [:], reach: Int = 0
  ) -> Question {
    Question(
      room: "merge-policy", words: words, arguments: arguments, given: ["--select"], other: other, records: ["CONTROL", "USER_DEFINED_CONTROL"],
      isStrict: isStrict, ignored: ignored, reach: reach)
  }

  /// A control is carried from one of two policies, or takes the place of one. One that stays where it is, is nobody's business.
  private static let controls = [
    control("controls of a selection", ["--select", "{variant}"], reach: 3),
    control("controls that are added", ["--old", "{variant}", "{other}"], .empty),
    control("controls that replace others", ["--old", "{variant}", "{other}"], .same),
    control(
      "controls that are replaced", ["--old", "{other}", "{variant}"], .same, isStrict: false,
      ignored: ["@total": "it follows from what there is"]),
    control("controls that stay", ["--old", "{other}", "{variant}"], .empty, isStrict: false),
    Question(
      room: "merge-policy", words: "technologies of a policy", arguments: ["--select", "{variant}"], file: "technologies.xml",
      records: ["TECHNOLOGY"], isStrict: false),
  ]

  private static let apart = "ignored: changed by themselves"
  private static let around = [
    "TECHNOLOGIES/TECHNOLOGY": apart, "SECTIONS/SECTION/CONTROLS/CONTROL": apart, "SECTIONS/SECTION/CONTROLS/USER_DEFINED_CONTROL": apart,
    "APPENDIX": "dropped: the service refuses to import a policy with its appendix",
  ]
  /// What the page of the program says.
  private static let counted = "ignored: it counts what is there afterwards"
  private static let aroundOld = [
    "APPENDIX": "dropped: it stays behind",
    "TECHNOLOGIES/@total": counted, "SECTIONS/@total": counted, "SECTIONS/SECTION/CONTROLS/@total": counted,
    "TECHNOLOGIES/TECHNOLOGY": "as in the grammar", "SECTIONS/SECTION/CONTROLS/CONTROL": apart,
    "SECTIONS/SECTION/CONTROLS/USER_DEFINED_CONTROL": apart,
  ]

  private static func policy(_ words: String, _ arguments: [String], _ other: Other = .none, fates: [String: String], reach: Int = .max) -> Question {
    Question(
      room: "merge-policy", words: words, arguments: arguments, file: "whole.xml", other: other, records: ["POLICY"], source: .cases(fates),
      output: .document, isBatched: false, isStrict: false, reach: reach)
  }

  /// What stands around controls and technologies.
  private static let policies = [
    policy("the policy of a selection", ["--select", "{variant}"], fates: around),
    policy("the new policy", ["--old", "{other}", "{variant}"], .same, fates: around),
    policy("the old policy", ["--add-technologies", "--old", "{variant}", "{other}"], .file("other.xml"), fates: aroundOld, reach: 1),
  ]

  // MARK: Grammars

  /// The grammar of the records, from the text of the room's own. One without reads ids and names, as the catalog has them.
  func grammar(_ text: [UInt8]?, named name: String, of documents: [ListDocument]) throws -> RecordGrammar {
    guard let text else { return try RecordGrammar(identitiesOf: Catalog.mappable) }
    guard case .cases(let fates) = source else { return try RecordGrammar(parsing: text, named: name) }
    var shapes: [(name: String, shape: Shape)] = []
    for record in documents.flatMap(\.records) {
      if !shapes.contains(where: { $0.name == record.name }) { shapes.append((record.name, Shape())) }
      for at in shapes.indices where shapes[at].name == record.name { shapes[at].shape.take(record) }
    }
    let lines = String(decoding: text, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("#") }
    let derived = shapes.flatMap { [$0.name] + $0.shape.lines(indent: 1, path: "", fates, lines) }
    return try RecordGrammar(parsing: Array(derived.joined(separator: "\n").utf8), named: words)
  }

  /// What an element has been seen to hold.
  private struct Shape {
    var children: [(name: String, shape: Shape)] = []
    var attributes: [String] = []
    var standsTwice = false

    mutating func take(_ tree: Tree) {
      for attribute in tree.attributes where !attributes.contains(attribute.name) { attributes.append(attribute.name) }
      var counts: [String: Int] = [:]
      for (_, child) in tree.children {
        counts[child.name, default: 0] += 1
        let at = children.firstIndex { $0.name == child.name } ?? children.count
        if at == children.count { children.append((child.name, Shape())) }
        children[at].shape.take(child)
        if counts[child.name] == 2 { children[at].shape.standsTwice = true }
      }
    }

    func lines(indent: Int, path: String, _ fates: [String: String], _ grammar: [Substring]) -> [String] {
      let blanks = String(repeating: "  ", count: indent)
      let around = path.isEmpty ? "" : path + "/"
      var lines = attributes.map { "\(blanks)@\($0) \(fates["\(around)@\($0)"] ?? "-> as it is")" }
      for (name, shape) in children {
        let how = "\(blanks)\(name) \(shape.standsTwice ? "*" : "?")"
        switch fates[around + name] {
        case "as in the grammar":
          let start = grammar.firstIndex { $0 == name }.map { $0 + 1 } ?? grammar.count
          lines.append(how)
          lines += grammar[start...].prefix { $0.hasPrefix(" ") }.map { blanks + $0 }
        case let fate?: lines.append("\(how) \(fate)")
        case nil:
          lines.append(shape.children.isEmpty ? how + " -> as it is" : how)
          lines += shape.lines(indent: indent + 1, path: around + name, fates, grammar)
        }
      }
      return lines
    }
  }

  // MARK: Answers

  /// A row as one that names a place below a record, without the numbers by which siblings are told apart. Nil if it only counts the record.
  func row(_ row: Row) -> Row? {
    guard isCopy else { return row }
    if ["selected", "replaced", "identical", "kept", "omitted", "missing"].contains(row.disposition) { return nil }
    if row.disposition == "added", row.element.isEmpty { return nil }
    var row = row
    row.element = row.element == "." ? "" : row.element.replacing(/\[[^\]]*\]/, with: "")
    guard output == .document else { return row }
    for prefix in ["RESPONSE/POLICY/", "RESPONSE/POLICY"] where row.element.hasPrefix(prefix) {
      row.element = String(row.element.dropFirst(prefix.count))
      break
    }
    if row.kind == "section" { row.element = "SECTIONS/SECTION/" + row.element }
    if row.kind == "technology" { row.element = "TECHNOLOGIES/TECHNOLOGY" + (row.element.isEmpty ? "" : "/") + row.element }
    return row
  }

  /// A message that names places below a record.
  func message(_ text: String) -> String { output == .document ? text.replacing(": POLICY/", with: ": ") : text }

  /// What is to stay the same: lines, or records.
  func pieces(of output: [UInt8]) -> [String] {
    if self.output == .records { return ListDocument(output, records: records)?.records.map(\.written) ?? [] }
    return String(decoding: output, as: UTF8.self).split(separator: "\n").map { String($0) }
  }
}
