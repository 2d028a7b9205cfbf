import Base
import Catalog
import Markup
import Requests
import Toolbox

/// The search lists of the target: an import finds them by their titles, and by the titles alone.
struct SearchLists: Sendable {
  private var map = IDMap()
  /// Byte by byte: to the service, an accent of its own is another title.
  private var titles: Set<[UInt8]> = []
  private var equivalents: Set<String> = []

  /// Where a profile names search lists. Lists for brute forcing have elements of the same names.
  private static let places = [
    ["VULNERABILITY_DETECTION", "CUSTOM_LIST", "CUSTOM", "TITLE"], ["DETECTION_EXCLUDE", "CUSTOM_LIST", "CUSTOM", "TITLE"],
  ]

  /// - Parameter paths: the target's lists, static and dynamic ones.
  /// - Errors: those of a list that cannot be read; `refused` for one without an id.
  init(in paths: [String]) throws(Complaint) {
    let resources: [Resource] = [.staticSearchLists, .dynamicSearchLists]
    var document = DocumentKind(anyOf: resources)
    document.noun = "list of search lists"
    for path in paths {
      var found: [(id: String, title: String)] = []
      _ = try ListFilter(objectsOf: resources, in: document, reading: [path], options: .silent()).forEachObject { list throws(Complaint) in
        found.append((list.id, list.name))
      }
      for list in found where !list.title.isEmpty {
        if let fault = IDForm.number.fault(of: list.id) {
          throw Complaint(.refused, "the search list \"\(list.title)\" has the id \"\(list.id)\": \(fault)", at: path.shown)
        }
        try map.add(list.id, list.id, name: list.title)
        titles.insert(Array(list.title.utf8))
        equivalents.insert(list.title)
      }
    }
  }

  func has(_ title: String) -> Bool { titles.contains(Array(title.utf8)) }

  /// The id that each title has in the target.
  var rules: [TranslationRule] {
    Self.places.map { TranslationRule(.element($0), "search list", option: "--search-lists", map: map, as: .idOfName, effect: .annotate) }
  }

  /// Refuses what a map of names takes for the same, and the service does not.
  func inspect(_ record: borrowing Outline, _ subject: Subject, _ notes: inout [Note]) -> ListFilter.Fate {
    var fate = ListFilter.Fate.keep
    for index in record.elements.indices.dropFirst() where record.elements[index].isLeaf && record.has(record.elements[index].name, "TITLE") {
      let path = record.path(to: index)
      guard Self.places.contains(where: { path.hasSuffix($0.joined(separator: "/")) }) else { continue }
      let title = record.text(record.elements[index].content).unframed
      if equivalents.contains(title), !has(title) {
        notes.append(
          Note(.refused, subject, element: path, "the target's search list \"\(title)\" is written with other characters, so it would not be found"))
        fate = .remove
      }
    }
    return fate
  }
}
