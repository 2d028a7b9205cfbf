import Catalog
import Requests
import Support
import SystemPackage
import Testing

/// A room whose records are checked by a grammar, and the records in its cases.
struct GrammarRoom: CustomTestStringConvertible, Sendable {
  let name: String
  let grammar: RecordGrammar
  let cases: [Case]
  /// What the program takes so that one record does not fail the others. Without `--refused`, each needs a run of its own.
  let leniency: [String]
  /// How it is asked, if it does not make requests of the list on its standard input.
  var question: Question?

  var testDescription: String { question.map { "\(name), \($0.words)" } ?? name }
  var isBatched: Bool { question?.isBatched ?? leniency.contains("--refused") }
  var isCopy: Bool { question?.isCopy ?? false }

  /// Every room with a grammar that is asked in a way of its own, or has a stylesheet and reads its list from standard input.
  static func all() async throws -> [GrammarRoom] {
    var rooms: [GrammarRoom] = []
    for folder in Files.names(in: Place.root.appending("Sources")) where folder.hasPrefix("qtbx-") {
      let files = Files.names(in: Place.root.appending("Sources").appending(folder))
      let name = String(folder.dropFirst("qtbx-".count))
      let file = files.first { $0.hasSuffix(".grammar") }
      let text = try file.flatMap { try Files.read(Place.root.appending("Sources").appending(folder).appending($0)) }
      let questions = Question.all.filter { $0.room == name }
      for question in questions { rooms.append(try GrammarRoom(question, text, named: file ?? folder)) }
      guard let file, let text, questions.isEmpty, files.contains(where: { $0.hasSuffix(".xsl") }) else { continue }
      // Further documents, and sheets of one's own, are other questions.
      let others = ["--stylesheet", "--grammar", "--allow-truncated"]
      let cases = Case.all.filter { one in
        one.room == name && !Files.exists(one.folder.appending("status")) && Files.exists(one.folder.appending("input.xml"))
          && !Self.names(documentsOf: one, others)
      }
      if cases.isEmpty { continue }
      let help = try await run(Place.program(folder), ["--help"]).outputText
      let leniency = [("--refused", "skip"), ("--unmapped", "drop")].flatMap { help.contains($0.0) ? [$0.0, $0.1] : [] }
      rooms.append(GrammarRoom(name: name, grammar: try RecordGrammar(parsing: text, named: file), cases: cases, leniency: leniency))
    }
    return rooms
  }

  /// Whether a case reads other documents than its input, or has one of the options. The search lists of a target are no records of the room.
  private static func names(documentsOf one: Case, _ options: [String]) -> Bool {
    let arguments = (try? one.arguments(out: "/")) ?? []
    return zip([""] + arguments, arguments).contains { before, argument in
      options.contains(argument) || (argument.hasSuffix(".xml") && before != "--search-lists")
    }
  }

  private init(name: String, grammar: RecordGrammar, cases: [Case], leniency: [String]) {
    (self.name, self.grammar, self.cases, self.leniency) = (name, grammar, cases, leniency)
  }

  private init(_ question: Question, _ text: [UInt8]?, named file: String) throws {
    let cases = Case.all.filter { one in
      one.room == question.room && !Files.exists(one.folder.appending("status")) && Files.exists(one.folder.appending(question.file))
        && Set((try? one.arguments(out: "/")) ?? []).isSuperset(of: question.given)
    }
    let documents = try cases.compactMap { ListDocument(try Files.read($0.folder.appending(question.file)) ?? [], records: question.records) }
    self.init(name: question.room, grammar: try question.grammar(text, named: file, of: documents), cases: cases, leniency: [])
    self.question = question
  }

  /// The document of a case that has the specimens.
  func document(of one: Case) throws -> [UInt8] {
    guard let question else { return try one.input() }
    return try Files.read(one.folder.appending(question.file)) ?? []
  }

  /// The case's arguments, without those that say where and how the answer is written.
  func arguments(of one: Case) throws -> [String] {
    var kept: [String] = []
    var skips = 0
    for argument in try one.arguments(out: "/") {
      if ["--report", "--format", "--server", "--log", "--refused", "--unmapped"].contains(argument) { skips = 2 }
      if skips == 0, !["--quiet", "-q", "--strict"].contains(argument) { kept.append(argument) }
      skips = max(0, skips - 1)
    }
    return kept + leniency
  }

  /// What the room's program says to a document in the place of a case's own.
  ///
  /// - Parameter other: what it reads besides, where the room is asked in a way of its own.
  func answer(to document: [UInt8], besides other: [UInt8] = [], as one: Case) async throws -> Answer {
    try await Files.withScratch { scratch in
      let report = scratch.appending("report.tsv")
      var arguments = try question?.arguments ?? arguments(of: one)
      if question != nil {
        for (place, name, bytes) in [("{variant}", "variant.xml", document), ("{other}", "other.xml", other)] {
          guard let at = arguments.firstIndex(of: place) else { continue }
          try Files.write(bytes, to: scratch.appending(name))
          arguments[at] = scratch.appending(name).string
        }
      }
      let outcome = try await run(
        Place.program("qtbx-" + name), arguments + ["--quiet", "--report", report.string], input: question == nil ? document : [], in: one.folder)
      let rows = String(decoding: try Files.read(report) ?? [], as: UTF8.self).split(separator: "\n").dropFirst().compactMap { Row($0) }
      return Answer(
        lines: question?.pieces(of: outcome.output) ?? outcome.outputText.split(separator: "\n").map { String($0) },
        rows: question.map { question in rows.compactMap { question.row($0) } } ?? rows,
        message: question?.message(outcome.errorText) ?? outcome.errorText, isFailed: outcome.status != 0)
    }
  }
}

/// What a program has said.
struct Answer: Sendable {
  var lines: [String]
  var rows: [Row]
  var message: String
  var isFailed: Bool
}

/// A row of a report.
struct Row: Sendable, Equatable {
  var kind: String
  var id: String
  var name: String
  var element: String
  var disposition: String
  var reason: String

  init?(_ line: Substring) {
    let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map { field in
      let plain = field.hasPrefix("\"") ? field.dropFirst().dropLast().replacing("\"\"", with: "\"")[...] : field
      // An apostrophe keeps a spreadsheet from taking a path that begins with @ for a formula.
      return String(plain.hasPrefix("'") ? plain.dropFirst() : plain)
    }
    guard fields.count == 6 else { return nil }
    (kind, id, name, element, disposition, reason) = (fields[0], fields[1], fields[2], fields[3], fields[4], fields[5])
  }
}

/// A place in a record that the grammar knows: an element, or one of its attributes.
struct Site: Sendable {
  /// The way to the element among the parts of the elements around it.
  var place: [Int]
  /// Below the record; the last one is `@name` for an attribute.
  var names: [String]
  var line: Int
  var rule: RecordGrammar.Rule

  var path: String { names.joined(separator: "/") }
  var isAttribute: Bool { names.last?.hasPrefix("@") ?? false }
}

/// A record of a case that variants are made of.
struct Specimen: Sendable {
  let origin: Case
  let document: ListDocument
  let index: Int
  let record: Tree
  /// Without the record itself.
  let sites: [Site]

  init(_ origin: Case, _ document: ListDocument, _ index: Int, _ grammar: RecordGrammar) {
    (self.origin, self.document, self.index) = (origin, document, index)
    record = document.records[index]
    var sites: [Site] = []
    func visit(_ tree: Tree, _ place: [Int], _ names: [String]) {
      func add(_ more: [Int], _ name: String) -> RecordGrammar.Rule? {
        guard let line = grammar.index(of: names + [name], in: document.records[index].name) else { return nil }
        sites.append(Site(place: place + more, names: names + [name], line: line, rule: grammar.rules[line]))
        return grammar.rules[line]
      }
      for attribute in tree.attributes { _ = add([], "@" + attribute.name) }
      for child in tree.children {
        if let rule = add([child.at], child.tree.called), !rule.isWhole { visit(child.tree, place + [child.at], names + [child.tree.called]) }
      }
    }
    visit(record, [], [])
    self.sites = sites
  }

  /// What it shows: the lines of the grammar, each in one of its spellings.
  var coverage: Set<String> { Set(sites.filter { !$0.rule.names.contains("*") }.map { Self.key($0.line, $0.names.last ?? "") }) }

  /// A place in the records of a room, which may be of several kinds.
  func path(of site: Site) -> String { "\(record.name) \(site.path)" }

  func value(at site: Site) -> String {
    let element = record[site.place[...]]
    return site.isAttribute ? element.attributes.first { "@" + $0.name == site.names.last }?.value ?? "" : element.text
  }

  static func key(_ line: Int, _ spelling: String) -> String { "\(line) \(spelling)" }

  /// The element that tells the record from others: its id, else its name.
  var label: [Int]? { Self.label(of: record) }

  /// What stands before it may stand twice, so each variant is asked.
  static func label(of record: Tree) -> [Int]? {
    for word in ["id", "user_id", "name", "title"] {
      for child in record.children where child.tree.name.lowercased() == word && !child.tree.text.isEmpty {
        if child.tree.children.isEmpty { return [child.at] }
        if let inner = child.tree.children.first(where: { $0.tree.called == "INFO[key=title]" }) { return [child.at, inner.at] }
      }
    }
    return nil
  }

  /// What a report calls a record.
  struct Name: Sendable {
    private let texts: [String]

    init(of record: Tree) {
      let words = ["id", "user_id", "user_login", "name", "title"]
      let own = record.children.filter { words.contains($0.tree.name.lowercased()) }.map { $0.tree.text.trimmed }
      // What has no id is known by several values together.
      let joined = Catalog.all.filter { resource in
        resource.identity?.isJoined == true && resource.document.records.contains { $0.hasSuffix("/" + record.name) }
      }.compactMap(\.identity).map { identity in
        identity.id.map { path in Self.text(at: "\(path)", of: record) }.joined(separator: ":")
      }
      texts = own + joined
    }

    private static func text(at path: String, of record: Tree) -> String {
      if path == "." { return record.name }
      var at: Tree? = record
      for name in path.split(separator: "/") { at = at?.children.first { $0.tree.called == name }?.tree }
      return at?.text.trimmed ?? ""
    }

    func fits(_ row: Row) -> Bool { texts.contains(row.id) || row.id.isEmpty && texts.contains(row.name.trimmed) }
  }

  var name: Name { Name(of: record) }
}
