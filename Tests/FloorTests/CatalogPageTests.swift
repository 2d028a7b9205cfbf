import Catalog
import Glibc
import Support
import SystemPackage
import Testing

/// The tables of resources on the pages are made from the catalog, and that of programs from their own pages.
///
/// With `QTBX_RECORD=1` they are written instead of compared.
@Suite struct CatalogPageTests {
  private static let isRecording = getenv("QTBX_RECORD") != nil
  private static let opening = "<!-- catalog: "
  private static let closing = "<!-- end of catalog -->"

  static let pages = ["README.md"] + Files.names(in: Place.root.appending("docs")).filter { $0.hasSuffix(".md") }.map { "docs/" + $0 }

  @Test(arguments: pages)
  func tablesAreThoseOfTheCatalog(on page: String) throws {
    let path = Place.root.appending(page)
    let text = String(decoding: try Files.read(path) ?? [], as: UTF8.self)
    var lines: [Substring] = []
    var rest = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
    while let line = rest.popFirst() {
      lines.append(line)
      guard line.hasPrefix(Self.opening), line.hasSuffix(" -->") else { continue }
      let name = String(line.dropFirst(Self.opening.count).dropLast(" -->".count))
      let end = try #require(rest.firstIndex { $0 == Self.closing }, "\(page): no end of the table \(name)")
      let rows = try #require(Self.tables[name], "\(page): there is no table \(name)")
      let table = ([""] + rows.map { "| " + $0.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |" } + [""])
      if !Self.isRecording { #expect(rest[..<end].joined(separator: "\n") == table.joined(separator: "\n"), "\(page)") }
      lines += table.map { $0[...] }
      rest = rest[end...]
    }
    if Self.isRecording, lines.joined(separator: "\n") != text { try Files.write(Array(lines.joined(separator: "\n").utf8), to: path) }
  }

  @Test func everyTableIsOnAPage() throws {
    let all = try Self.pages.map { String(decoding: try Files.read(Place.root.appending($0)) ?? [], as: UTF8.self) }.joined(separator: "\n")
    for name in Self.tables.keys { #expect(all.contains("\(Self.opening)\(name) -->"), "no page has the table \(name)") }
  }

  // MARK: The tables

  /// Rows with their header, by the name on the page.
  private static let tables: [String: [[String]]] = [
    "programs": [["program", "what it does"], dashes(2)] + programs,
    "order": [["list", "programs", "ids by `--map`", "comes after"], dashes(4)]
      + Catalog.movable.map { resource in
        var kinds: [String] = []
        for reference in resource.references where !kinds.contains(reference.kind) { kinds.append(reference.kind) }
        return [
          resource.name.replacing("-", with: " "), programs(for: resource).map { "`\($0)`" }.joined(separator: ", "),
          kinds.joined(separator: ", "), Catalog.before(resource).map { $0.name.replacing("-", with: " ") }.joined(separator: ", "),
        ]
      },
    "lists": [["list", "kind", "root", "id", "name"], dashes(5)]
      + Catalog.mappable.compactMap { resource in
        guard let identity = resource.identity else { return nil }
        let around = identity.within.map { "\($0)/" } ?? ""
        func words(_ paths: [StaticString]) -> String { paths.map { "\(around)\($0)" }.joined(separator: ", else ") }
        return [
          resource.name.replacing("-", with: " "), "`\(resource.kind)`", resource.document.roots.joined(separator: ", "), words(identity.id),
          words(identity.name),
        ]
      },
    "undoing": [["what is sent", "what takes it back"], dashes(2)] + undoings,
    "references": [["records", "where", "what", "`--map`", "looked up"], dashes(5)]
      + Catalog.all.flatMap { resource in
        resource.references.map { reference in
          let place =
            switch reference.place {
            case .element(let path): path
            case .child(let name): name
            case .attribute(let name): "@" + name
            }
          let reading =
            switch reference.form {
            case .id: "by id"
            case .name: "by name, for the name"
            case .idOfName: "by name, for the id"
            }
          return [
            resource.name.replacing("-", with: " "), place, reference.noun + (reference.isList ? ", a list" : ""), "`\(reference.kind)`", reading,
          ]
        }
      },
  ]

  /// Those that read its list. Where a list is one of ids, those that read the documents which it leads to. The checklist reads most lists, and makes nothing again.
  private static func programs(for resource: Resource) -> [String] {
    func makers(_ resource: Resource) -> [String] { resource.readers.filter { $0 != "qtbx-checklist" } }
    let own = makers(resource)
    if !own.isEmpty { return own }
    let documents = resource.name == Resource.authentication.name ? Resource.authenticationTypes : Catalog.all.filter { $0.kind == resource.kind }
    return documents.flatMap(makers).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// Of each page of a program its link, and what its NAME says.
  private static let programs: [[String]] = pages.compactMap { page in
    guard let name = page.split(separator: "/").last?.dropLast(".md".count), name.hasPrefix("qtbx-"),
      let text = (try? Files.read(Place.root.appending(page))) ?? nil
    else { return nil }
    let line = String(decoding: text, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("\(name) - ") }
    return ["[\(name)](\(page))", line.map { String($0.dropFirst(name.count + 3)) } ?? "no NAME"]
  }.sorted { $0[0] < $1[0] }

  @Test func everyMovedResourceHasAProgram() {
    for resource in Catalog.movable { #expect(!Self.programs(for: resource).isEmpty, "\(resource.name)") }
  }

  @Test func everyProgramSaysWhatItDoes() {
    for row in Self.programs { #expect(row[1] != "no NAME", "\(row[0])") }
  }

  /// Each call, by hand or by another one, in the order in which things are taken back. The types of authentication records are one.
  private static let undoings: [[String]] = Catalog.undone.flatMap { resource in
    var rows: [[String]] = []
    for undoing in resource.undoings {
      let row = [
        shown(undoing.path, undoing.parameters) + (undoing.below.map { " of the type \($0)" } ?? ""),
        {
          switch undoing.way {
          case .person(let reason): return "by hand: " + reason
          case .deletion(let deletion):
            let id = deletion.id.isEmpty ? deletion.key.map { ($0, "…") } : [(deletion.id, "ID")]
            return shown(deletion.path, deletion.parameters + id)
          }
        }(),
      ].map { $0.replacing(/\/fo\/auth\/\w+\//, with: "/fo/auth/TYPE/") }
      if !rows.contains(row) { rows.append(row) }
    }
    return rows
  }

  private static func shown(_ path: String, _ parameters: [(name: String, value: String)]) -> String {
    let query = parameters.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
    let plain = path.replacing("/api/{version}", with: "").replacing("{version}", with: "2.0").replacing("{id}", with: "ID")
    return "`\(plain)\(query.isEmpty ? "" : "?" + query)`"
  }

  private static func dashes(_ count: Int) -> [String] { Array(repeating: "---", count: count) }
}
