package import Markup

/// The objects of a list, by name: one side of a map.
package struct NamedObjects: Sendable {
  /// An object of a list.
  package struct Item: Sendable {
    package var kind: String
    package var id: String
    package var name: String
  }

  private var items: [Item] = []
  private var places: [String: Int] = [:]
  private var ambiguous: Set<String> = []

  package init() {}

  /// The objects that the stylesheet has described.
  package static func items(in result: borrowing Stylesheet.Result) throws(Complaint) -> [Item] {
    var items: [Item] = []
    try result.forEachElement { element throws(Complaint) in
      guard element.name == "item" else { return }
      items.append(Item(kind: element.attribute("kind") ?? "", id: element.attribute("id") ?? "", name: element.attribute("name") ?? ""))
    }
    return items
  }

  package mutating func add(_ new: [Item]) {
    for item in new {
      if let known = places[item.name] {
        // A page that was fetched twice is no second object.
        if items[known].id == item.id { continue }
        ambiguous.insert(item.name)
      } else {
        places[item.name] = items.count
      }
      items.append(item)
    }
  }

  /// What became of each object of a source list.
  package struct Match: Sendable {
    /// What the objects are: "network".
    package var kind: String
    /// The rows of the map, with its header.
    package var table = CSV.row(["source_id", "target_id", "name"])
    package var count = 0
    /// What has no target, and why.
    package var lacking: [Note] = []
  }

  /// Matches by name. Errors: `refused` if the lists are of two kinds, or an object lacks its id or its name.
  package func matched(in target: NamedObjects) throws(Complaint) -> Match {
    for item in items + target.items where item.id.isEmpty || item.name.isEmpty {
      throw Complaint(
        .refused,
        "\(Subject(kind: item.kind, id: item.id, name: item.name).description) lacks its id or its name: was the list fetched without attributes?")
    }
    let kinds = Set(items.map(\.kind)).union(target.items.map(\.kind))
    guard kinds.count <= 1 else {
      throw Complaint(.refused, "the lists are not of one kind: \(kinds.sorted().joined(separator: ", "))")
    }
    var match = Match(kind: kinds.first ?? "object")
    for item in items {
      let subject = Subject(kind: item.kind, id: item.id, name: item.name)
      if ambiguous.contains(item.name) || target.ambiguous.contains(item.name) {
        match.lacking.append(Note(.refused, subject, "several objects have this name"))
      } else if let place = target.places[item.name] {
        match.table += CSV.row([item.id, target.items[place].id, item.name])
        match.count += 1
      } else {
        match.lacking.append(Note(.refused, subject, "the target has none of this name"))
      }
    }
    return match
  }
}
