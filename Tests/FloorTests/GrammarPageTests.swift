import Glibc
import Requests
import Support
import SystemPackage
import Testing

/// The tables of elements on the pages are made from the grammars: a page that has one says what its program does.
///
/// With `QTBX_RECORD=1` they are written instead of compared.
@Suite struct GrammarPageTests {
  private static let isRecording = getenv("QTBX_RECORD") != nil
  private static let opening = "<!-- grammar: "
  private static let closing = "<!-- end of grammar -->"

  /// The programs that write their records again as they are: what an element becomes is no question there.
  private static let copying: Set<String> = ["qtbx-ag-rewrite", "qtbx-merge-policy"]
  /// Its grammar has 42 records: the page has a row for each, which a test of the table of these makes.
  private static let compact: Set<String> = ["qtbx-auth-to-urls"]

  static let pages = Files.names(in: Place.root.appending("docs")).filter { $0.hasSuffix(".md") && $0 != "grammar.md" }

  @Test(arguments: pages)
  func tablesAreThoseOfTheGrammars(on page: String) throws {
    let path = Place.root.appending("docs").appending(page)
    let text = String(decoding: try Files.read(path) ?? [], as: UTF8.self)
    var lines: [Substring] = []
    var rest = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
    while let line = rest.popFirst() {
      lines.append(line)
      guard line.hasPrefix(Self.opening), line.hasSuffix(" -->") else { continue }
      let name = String(line.dropFirst(Self.opening.count).dropLast(" -->".count))
      let end = try #require(rest.firstIndex { $0 == Self.closing }, "\(page): no end of the grammar \(name)")
      let table = ["", try Self.table(of: name), ""].joined(separator: "\n").split(separator: "\n", omittingEmptySubsequences: false)
      if !Self.isRecording { #expect(rest[..<end].joined(separator: "\n") == table.joined(separator: "\n"), "\(page)") }
      lines += table
      rest = rest[end...]
    }
    if Self.isRecording, lines.joined(separator: "\n") != text { try Files.write(Array(lines.joined(separator: "\n").utf8), to: path) }
  }

  @Test func everyRoomWithAGrammarHasItsTable() throws {
    var count = 0
    let others = Self.copying.union(Self.compact)
    for room in Files.names(in: Place.root.appending("Sources")) where room.hasPrefix("qtbx-") && !others.contains(room) {
      let page = String(decoding: try Files.read(Place.root.appending("docs/\(room).md")) ?? [], as: UTF8.self)
      for file in Files.names(in: Place.root.appending("Sources").appending(room)) where file.hasSuffix(".grammar") {
        count += 1
        let marker = Self.opening + file.dropLast(".grammar".count) + " -->"
        #expect(page.split(separator: "\n").contains { $0 == marker }, "docs/\(room).md has no line \(marker)")
      }
    }
    #expect(count > 0)
  }

  // MARK: The table

  /// A grammar as a person reads it.
  private static func table(of name: String) throws -> String {
    let bytes = try #require(try Files.read(Place.root.appending("xslt/\(name).grammar")), "there is no grammar \(name)")
    let grammar = try RecordGrammar(parsing: bytes, named: "\(name).grammar")
    let isOfSeveral = grammar.rules.count { $0.depth == 0 } > 1
    var rows = ["| element | how often | what becomes of it |", "| --- | --- | --- |"]
    var record = ""
    for (index, rule) in grammar.rules.enumerated() {
      if rule.depth == 0 {
        record = rule.names.joined(separator: ", ")
        // A record that is a value itself.
        if rule.fate != .none { rows.append("| \(record) | any number | \(fate(rule)) |") }
        continue
      }
      let path = (isOfSeveral ? record + "/" : "") + grammar.path(of: index).replacing("*", with: "\\*").replacing("|", with: ", ")
      rows.append("| \(path) | \(often(rule)) | \(fate(rule)) |")
    }
    return rows.joined(separator: "\n")
  }

  private static func often(_ rule: RecordGrammar.Rule) -> String {
    switch rule.occurrence {
    case .once: "once"
    case .atMostOnce: "at most once"
    case .any: "any number"
    case nil: ""
    }
  }

  private static func fate(_ rule: RecordGrammar.Rule) -> String {
    var words: [String] = []
    switch rule.fate {
    case .none: words.append(rule.model.map { "holds what \($0) holds" } ?? "holds what is below it")
    case .carried(let place): words.append(place)
    case .dropped(let reason): words.append("dropped: \(reason)")
    case .ignored(let reason): words.append("ignored: \(reason)")
    }
    if let form = rule.form { words.append(form.noun) }
    if let limit = rule.limit { words.append("at most \(limit) characters") }
    return words.joined(separator: "; ").replacing("|", with: "\\|")
  }
}
