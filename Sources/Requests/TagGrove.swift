package import Markup

/// The asset tags of a subscription, put below their parents, without those that every subscription makes by itself.
///
/// The service makes tags for business units and asset groups, and a few by name. They are left out; what people have put below them is
/// kept and given another place: it must not follow a parent that the target does not have, under an id that means another tag there.
package struct TagGrove: Sendable {
  private let cloudAgentParent: String?
  private let orphansUnder: String?
  private var forest = Forest()
  private var notes: [Note] = []
  private var isLeftOut: [Bool] = []
  private var additions: [Int: [UInt8]] = [:]

  /// What a tag cannot nest deeper than: each level is three elements deep, and a document may be 256 deep.
  private static let depth = 80
  private static let importedSearchTags = "Imported Asset Search Tags"
  /// Made by the service at the top. Below the first three stand children that it makes, too.
  private static let makers = ["Business Units", "Asset Groups", "Malware Domain Assets"]
  private static let system = makers + ["Cloud Agent", "Asset Search Tags", "Internet Facing Assets", "Passive Sensor", "Unmanaged", "ICS_OCA"]

  /// - Parameters:
  ///   - cloudAgentParent: the id of the target's tag "Cloud Agent".
  ///   - orphansUnder: the name of a new tag for what has lost its parent.
  package init(cloudAgentParent: String?, orphansUnder: String?) {
    self.cloudAgentParent = cloudAgentParent
    self.orphansUnder = orphansUnder
  }

  /// The tags that the stylesheet has described.
  package static func tags(in result: borrowing Stylesheet.Result) throws(Complaint) -> [Forest.Plant] {
    var tags: [Forest.Plant] = []
    try result.forEachElement { element throws(Complaint) in
      guard element.name == "tag" else { return }
      var plant = Forest.Plant(
        id: element.attribute("id") ?? "", parent: element.attribute("parent"), name: element.attribute("name") ?? "",
        source: element.attribute("source") ?? "", head: [], tail: [], children: [])
      try element.forEachChild { part throws(Complaint) in
        switch part.name {
        case "child": plant.children.append((part.attribute("id") ?? "", part.attribute("name") ?? ""))
        case "head": try part.forEachChild { field throws(Complaint) in plant.head.append(field.onOneLine()) }
        default: try part.forEachChild { field throws(Complaint) in plant.tail.append(field.onOneLine()) }
        }
      }
      tags.append(plant)
    }
    return tags
  }

  package mutating func add(_ tags: [Forest.Plant]) {
    for tag in tags {
      guard let known = forest.add(tag) else { continue }
      let first = forest.plants[known]
      let isSame = first.name == tag.name && first.parent == tag.parent && first.head == tag.head && first.tail == tag.tail
      notes.append(
        isSame
          ? Note(.skipped, subject(of: tag), "the pages hold it twice")
          : Note(.refused, subject(of: tag), "the pages hold two different tags of this id: they were not made at one time"))
    }
  }

  // MARK: Finding every tag its place

  /// Puts every tag below its parent, and says what could not be done as it was.
  package mutating func settle() -> [Note] {
    let findings = forest.settle()
    let count = forest.plants.count
    isLeftOut = markSystemTags()
    for finding in findings { note(finding) }
    noteEqualNames()

    var cloudAgent: [Int] = []
    var searchTags: [Int] = []
    var orphans: [Int] = []
    for at in 0..<count where !isLeftOut[at] {
      let parent = forest.parents[at]
      if parent >= 0, isLeftOut[parent] {
        switch forest.plants[top(of: parent)].name {
        case "Cloud Agent" where cloudAgentParent != nil: cloudAgent.append(at)
        case "Asset Search Tags": searchTags.append(at)
        default: orphans.append(at)
        }
      } else if parent < 0, forest.plants[at].parent != nil {
        orphans.append(at)
      }
    }
    for at in cloudAgent {
      forest.parents[at] = -1
      additions[at] = Array("<parentTagId>\(cloudAgentParent ?? "")</parentTagId>".utf8)
      say(.changed, at, "its parent is the target's Cloud Agent, \(cloudAgentParent ?? "")")
    }
    place(searchTags, below: Self.importedSearchTags)
    if let orphansUnder {
      place(orphans, below: orphansUnder)
    } else {
      for at in orphans {
        let parent = forest.parents[at]
        let advice = parent >= 0 && forest.plants[top(of: parent)].name == "Cloud Agent" ? " (--cloud-agent-parent gives it the target's)" : ""
        if parent >= 0 { say(.changed, at, "it stands at the top now: its parent \"\(forest.plants[parent].name)\" is not carried\(advice)") }
        forest.parents[at] = -1
      }
    }
    let depths = forest.depths()
    for at in forest.plants.indices where depths[at] == Self.depth + 1 {
      say(.refused, at, "it stands deeper than \(Self.depth) levels, which no document here can say")
    }
    return notes
  }

  /// True for the tags that the service makes by itself: some by their name at the top, others by what they were made from.
  private mutating func markSystemTags() -> [Bool] {
    let plants = forest.plants
    // Once any tag says what it was made from, those that do not say it were made by a person.
    let saysSource = plants.contains { !$0.source.isEmpty }
    var marks = Array(repeating: false, count: plants.count)
    for at in plants.indices {
      if plants[at].parent == nil, forest.parents[at] < 0, Self.system.contains(plants[at].name) {
        marks[at] = true
        say(.skipped, at, "every subscription has its own tag \"\(plants[at].name)\"")
      } else if !plants[at].source.isEmpty {
        marks[at] = true
        say(.skipped, at, "the service makes it from \(plants[at].source)")
      }
    }
    for at in plants.indices where !marks[at] && forest.parents[at] >= 0 {
      let parent = forest.parents[at]
      let maker = plants[parent].name
      guard marks[parent], plants[parent].source.isEmpty, Self.makers.contains(maker), !saysSource || maker == Self.makers[2] else { continue }
      marks[at] = true
      say(.skipped, at, maker == Self.makers[2] ? "the service makes what stands below \"\(maker)\"" : "it stands below \"\(maker)\" and counts as made by the service: no tag of the input says what it was made from")
    }
    return marks
  }

  private mutating func place(_ tags: [Int], below name: String) {
    guard !tags.isEmpty else { return }
    // A person may have made a tag of that name already, after an earlier migration.
    let known = forest.plants.indices.first { forest.plants[$0].name == name && $0 < isLeftOut.count && !isLeftOut[$0] && forest.parents[$0] < 0 && !tags.contains($0) }
    let parent = known ?? forest.invent(named: name)
    if known == nil { notes.append(Note(.noted, Subject(kind: "tag", name: name), "a new tag, for \(tags.count) whose parent is not carried")) }
    for at in tags {
      forest.parents[at] = parent
      say(.changed, at, "it stands below \"\(name)\" now: its parent is not carried")
    }
  }

  private func top(of index: Int) -> Int {
    var at = index
    while forest.parents[at] >= 0, isLeftOut[forest.parents[at]] { at = forest.parents[at] }
    return at
  }

  // MARK: Notes

  private mutating func note(_ finding: Forest.Finding) {
    switch finding {
    case .parentMissing(let at):
      guard !isLeftOut[at] else { return }
      say(.changed, at, "its parent \(forest.plants[at].parent ?? "") is not in the input", in: "parentTagId")
    case .childMissing(let at, let id, let name):
      say(.dropped, at, "its child \"\(name)\" (\(id)) is not in the input", in: "children/list/TagSimple")
    case .childElsewhere(let at, let child):
      say(.noted, at, "its child \"\(forest.plants[child].name)\" (\(forest.plants[child].id)) names another parent, and stands there", in: "children/list/TagSimple")
    case .ring(let at):
      say(.changed, at, "it would stand below itself; it stands at the top now", in: "parentTagId")
    }
  }

  /// Whether the service wants names unique among siblings or among all is not settled, so equal names are said.
  private mutating func noteEqualNames() {
    var first: [String: Int] = [:]
    for at in forest.plants.indices where !isLeftOut[at] {
      guard let other = first[forest.plants[at].name] else {
        first[forest.plants[at].name] = at
        continue
      }
      say(.noted, at, "another tag has this name: \(forest.plants[other].id)", in: "name")
    }
  }

  private mutating func say(_ disposition: Disposition, _ index: Int, _ reason: String, in element: String = "") {
    notes.append(Note(disposition, subject(of: forest.plants[index]), element: element, reason))
  }

  private func subject(of tag: Forest.Plant) -> Subject { Subject(kind: "tag", id: tag.id, name: tag.name) }

  // MARK: Writing

  /// Writes the trees.
  package func write(_ output: ([UInt8]) throws(Complaint) -> Void) throws(Complaint) {
    try forest.write("Tag", kept: { $0 >= isLeftOut.count || !isLeftOut[$0] }, additions: additions, to: output)
  }
}
