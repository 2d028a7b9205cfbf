import Catalog
import Glibc
import Support
import SystemPackage
import Testing

/// The tables of resources on the pages are made from the catalog.
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
    "order": [["list", "programs that read it", "ids by `--map`", "comes after"], dashes(4)]
      + Catalog.movable.map { resource in
        var kinds: [String] = []
        for reference in resource.references where !kinds.contains(reference.kind) { kinds.append(reference.kind) }
        return [
          resource.name.replacing("-", with: " "), resource.readers.map { "`\($0)`" }.joined(separator: ", "),
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

  private static func dashes(_ count: Int) -> [String] { Array(repeating: "---", count: count) }
}
