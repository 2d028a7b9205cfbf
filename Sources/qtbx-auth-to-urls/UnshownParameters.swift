import Base
import Markup
import Requests
import Synchronization

/// What the call takes, and the published list of a type does not show: a record may have it, and nobody can tell.
///
/// Of types without a published list, all is a guess, which another note says.
final class UnshownParameters: Sendable {
  private struct Parameter {
    /// What it would be called, in each spelling.
    var elements: [[UInt8]]
    var name: String
  }

  private let parameters: [String: [Parameter]]
  /// Types that records were of, and the elements that some of them had all the same.
  private let seen = Mutex<[String: Set<[UInt8]>]>([:])

  /// - Parameter table: the text of `auth/table.xsl`, where a row with `guess` speaks of an element that no list shows.
  init(of table: [UInt8]) {
    var outline = Outline()
    outline.read(table)
    func columns(of element: Outline.Element) -> [String: String] {
      var columns: [String: String] = [:]
      for at in element.attributes { columns[outline.string(outline.attributes[Int(at)].name)] = outline.text(outline.attributes[Int(at)].value) }
      return columns
    }
    var (blocks, found): ([String: [Parameter]], [String: [Parameter]]) = ([:], [:])
    var open: (name: String, isType: Bool, parameters: [Parameter])?
    func close() {
      guard let open else { return }
      if open.isType { found[open.name] = open.parameters } else { blocks[open.name] = open.parameters }
    }
    for element in outline.elements {
      let columns = columns(of: element)
      switch outline.string(element.name) {
      case "block", "type":
        close()
        let isType = outline.has(element.name, "type")
        open = isType && columns["guess"] != nil ? nil : (columns["name"] ?? "", isType, [])
      case "use": open?.parameters += blocks[columns["block"] ?? ""] ?? []
      case "row":
        // What a type of vault needs, and the record has not, is refused.
        let isOfVaults = columns["when"]?.contains("vault_type=") == true && columns["need"] != nil
        if columns["guess"] == nil || columns["secret"] != nil || isOfVaults { continue }
        let paths = (columns["element"] ?? "").split(separator: "|").map { $0.filter { $0 != " " } }
        if paths.contains(where: { $0.contains("/") }) { continue }
        open?.parameters.append(Parameter(elements: paths.map { Array($0.utf8) }, name: columns["param"] ?? ""))
      default: break
      }
    }
    close()
    parameters = found.filter { !$0.value.isEmpty }
  }

  /// Takes a record. It runs on any thread.
  func see(_ outline: borrowing Outline, _ slug: String) {
    guard let parameters = parameters[slug] else { return }
    var shown = Set<[UInt8]>()
    for element in outline.elements where element.parent == 0 {
      for parameter in parameters { for name in parameter.elements where outline.has(element.name, name) { shown.insert(name) } }
    }
    seen.withLock { $0[slug, default: []].formUnion(shown) }
  }

  /// What is said once all records have been seen: of each type once.
  var notes: [Note] {
    seen.withLock { $0 }.sorted { $0.key < $1.key }.compactMap { slug, shown in
      let lost = parameters[slug, default: []].filter { $0.elements.allSatisfy { !shown.contains($0) } }.map(\.name)
      if lost.isEmpty { return nil }
      return Note(
        .noted, Subject(kind: "auth-" + slug.replacing("_", with: "-")), element: "",
        "no list shows these parameters, and what a record has of them is lost unless --set says it: \(lost.joined(separator: ", "))")
    }
  }
}
