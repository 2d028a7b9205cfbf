import Base
import Markup
import Requests

/// The asset tags of a subscription, put below their parents, without those that every subscription makes by itself.
///
/// The service makes tags for business units and asset groups, and a few by name. They are left out; what people have put below them is
/// kept and given another place: it must not follow a parent that the target does not have, under an id that means another tag there.
struct TagHierarchy: Sendable {
  private let cloudAgentParent: String?
  private let orphansUnder: String?
  private var forest = Forest()
  private var notes: [Note] = []
  private var isLeftOut: [Bool] = []
  private var additions: [Int: [UInt8]] = [:]

  /// What a tag cannot nest deeper than: each level is three elements deep, and a document may be 256 deep.
  private static let depth = 80
  private static let cloudAgent = "Cloud Agent"
  private static let malware = "Malware Domain Assets"
  private static let searchTags = "Asset Search Tags"
  private static let importedSearchTags = "Imported Asset Search Tags"
  /// Made by the service at the top; below them stand tags that it makes, too.
  private static let makers = ["Business Units", "Asset Groups"]
  private static let system = makers + [malware, cloudAgent, searchTags, "Internet Facing Assets", "Passive Sensor", "Unmanaged", "ICS_OCA"]

  /// - Parameters:
  ///   - cloudAgentParent: the id of the target's tag "Cloud Agent".
  ///   - orphansUnder: the name of a new tag for what has lost its parent.
  init(cloudAgentParent: String?, orphansUnder: String?) {
    self.cloudAgentParent = cloudAgentParent
    self.orphansUnder = orphansUnder
  }

  /// The tags that the stylesheet has described.
  static func tags(in result: borrowing Stylesheet.Result) throws(Complaint) -> [Forest.Node] {
    var tags: [Forest.Node] = []
    try result.forEachElement { element throws(Complaint) in
      guard element.name == "tag" else { return }
      var node = Forest.Node(
        id: element.attribute("id") ?? "", parent: element.attribute("parent"), name: element.attribute("name") ?? "",
        source: element.attribute("source") ?? "", head: [], tail: [], children: [])
      try element.forEachChild { part throws(Complaint) in
        switch part.name {
        case "child": node.children.append((part.attribute("id") ?? "", part.attribute("name") ?? ""))
        case "head": try part.forEachChild { field throws(Complaint) in node.head.append(field.onOneLine()) }
        default: try part.forEachChild { field throws(Complaint) in node.tail.append(field.onOneLine()) }
        }
      }
      tags.append(node)
    }
    return tags
  }

  /// Adds tags of one page or of several. A tag that stands there twice is noted.
  mutating func add(_ tags: [Forest.Node]) {
    for tag in tags {
      guard let known = forest.add(tag) else { continue }
      let first = forest.nodes[known]
      let isSame =
        first.name == tag.name && first.parent == tag.parent && first.source == tag.source && first.head == tag.head && first.tail == tag.tail
        && first.children.elementsEqual(tag.children) { $0 == $1 }
      notes.append(
        isSame
          ? Note(.skipped, subject(of: tag), "the pages hold it twice")
          : Note(.refused, subject(of: tag), element: "id", "the pages hold two different tags of this id: they were not made at one time"))
    }
  }

  // MARK: Finding every tag its place

  /// Puts every tag below its parent, and says what could not be done as it was.
  mutating func settle() -> [Note] {
    let findings = forest.settle()
    markSystemTags()
    for finding in findings { note(finding) }
    let opened = Set(findings.compactMap { if case .cycle(let cycle) = $0 { cycle[0] } else { nil } })

    var cloudAgent: [Int] = []
    var searchTags: [Int] = []
    var orphans: [Int] = []
    for at in forest.nodes.indices where !isLeftOut[at] {
      let parent = forest.parents[at]
      if parent >= 0, isLeftOut[parent] {
        switch systemTag(above: parent) {
        case Self.cloudAgent where cloudAgentParent != nil: cloudAgent.append(at)
        case Self.searchTags: searchTags.append(at)
        default: orphans.append(at)
        }
      } else if parent < 0, forest.nodes[at].parent != nil, !opened.contains(at) {
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
        let advice = parent >= 0 && systemTag(above: parent) == Self.cloudAgent ? " (--cloud-agent-parent gives it the target's)" : ""
        say(.changed, at, "it stands at the top now: \(loss(of: at))\(advice)")
        forest.parents[at] = -1
      }
    }
    noteEqualNames()
    let depths = forest.depths()
    for at in forest.nodes.indices where !isLeftOut[at] && depths[at] == Self.depth + 1 {
      say(.refused, at, "it stands deeper than \(Self.depth) levels, which no document here can say")
    }
    return notes
  }

  /// Leaves out the tags that the service makes by itself: some by their name at the top, others by what they were made from.
  private mutating func markSystemTags() {
    let nodes = forest.nodes
    // Once any tag says what it was made from, those that do not say it were made by a person.
    let saysSource = nodes.contains { !$0.source.isEmpty }
    isLeftOut = nodes.indices.map { isSystem($0) || !nodes[$0].source.isEmpty }
    for at in nodes.indices {
      let parent = forest.parents[at]
      let above = parent >= 0 ? nodes[parent].name : ""
      if isSystem(at) {
        let hasRule = nodes[at].head.contains { $0.starts(with: "<ruleText>".utf8) }
        say(.skipped, at, "the service makes \"\(nodes[at].name)\" by itself\(hasRule ? "; the rule that it has here is not carried" : "")")
      } else if !nodes[at].source.isEmpty {
        let isMoved = parent >= 0 && !isLeftOut[parent]
        say(.skipped, at, "the service makes it from \(nodes[at].source)\(isMoved ? "; that it stands below \"\(above)\" is not carried" : "")")
      } else if parent >= 0, isSystem(parent), above == Self.malware {
        isLeftOut[at] = true
        say(.skipped, at, "the service makes what stands below \"\(above)\"")
      } else if parent >= 0, isSystem(parent), Self.makers.contains(above), !saysSource {
        isLeftOut[at] = true
        say(.skipped, at, "it stands below \"\(above)\" and counts as made by the service: no tag of the input says what it was made from")
      }
    }
  }

  /// True for the tags that are known by their name: those of people stand somewhere else.
  private func isSystem(_ index: Int) -> Bool {
    forest.nodes[index].parent == nil && forest.parents[index] < 0 && Self.system.contains(forest.nodes[index].name)
  }

  /// The name of the system tag in whose tree a tag that is left out stands, with nothing but such tags between them.
  private func systemTag(above index: Int) -> String? {
    var at = index
    while forest.parents[at] >= 0, isLeftOut[forest.parents[at]] { at = forest.parents[at] }
    return isSystem(at) ? forest.nodes[at].name : nil
  }

  private mutating func place(_ tags: [Int], below name: String) {
    guard !tags.isEmpty else { return }
    guard !Self.system.contains(name) else {
      notes.append(Note(.refused, Subject(kind: "tag", name: name), "the service makes a tag of this name by itself: put the tags below another one"))
      return
    }
    let scalars = name.unicodeScalars
    guard scalars.contains(where: { $0 > " " }), scalars.allSatisfy({ $0 >= " " && $0.isXML }) else {
      notes.append(Note(.refused, Subject(kind: "tag", name: name), "this is no name of a tag: it is blank, or holds control characters"))
      return
    }
    let moved = Set(tags)
    // A person may have made a tag of that name already, after an earlier migration.
    let known = forest.nodes.indices.first { at in
      forest.nodes[at].name == name && forest.parents[at] < 0 && !isLeftOut[at] && additions[at] == nil && !moved.contains(at)
    }
    let parent = known ?? forest.invent(named: name)
    if known == nil {
      isLeftOut.append(false)
      notes.append(Note(.noted, Subject(kind: "tag", name: name), "a new tag, for \(tags.count) whose parent is not carried"))
    }
    for at in tags {
      say(.changed, at, "it stands below \"\(name)\" now: \(loss(of: at))")
      forest.parents[at] = parent
    }
  }

  /// Why a tag cannot stay where it was.
  private func loss(of orphan: Int) -> String {
    let parent = forest.parents[orphan]
    if parent >= 0 { return "its parent \"\(forest.nodes[parent].name)\" is not carried" }
    return "its parent \(forest.nodes[orphan].parent ?? "") is not in the input"
  }

  // MARK: Notes

  private mutating func note(_ finding: Forest.Finding) {
    let nodes = forest.nodes
    switch finding {
    case .parentMissing: break  // Who stays has become an orphan, and that is said there.
    case .childMissing(let at, let id, let name):
      say(.dropped, at, "its child, \(Subject(kind: "tag", id: id, name: name).description), is not in the input", in: "children/list/TagSimple/id")
    case .childElsewhere(let at, let child):
      if isLeftOut[child] { return }
      let rival = nodes[child].parent.map { "names another parent, \($0)" } ?? "is listed by another tag, too, and stands there"
      let why = child == at ? "it lists itself as its child" : "its child \(shown(child)) \(rival)"
      say(.noted, at, why, in: "children/list/TagSimple/id")
    case .childNamedOtherwise(let at, let child, let name):
      say(.noted, at, "it calls its child \(shown(child)) \"\(name)\"; the child's own name is carried", in: "children/list/TagSimple/name")
    case .cycle(let cycle):
      let others = cycle.dropFirst().map { shown($0) }
      let way = others.isEmpty ? "" : ", by way of \(others.joined(separator: ", "))"
      let top = isLeftOut[cycle[0]] ? "" : "; it stands at the top now"
      let element = nodes[cycle[0]].parent == nil ? "children/list/TagSimple/id" : "parentTagId"
      say(.changed, cycle[0], "it would stand below itself\(way)\(top)", in: element)
    }
  }

  /// Whether the service wants names unique among siblings or among all is not settled, so equal names are said.
  private mutating func noteEqualNames() {
    var made = Set(Self.system)
    for at in forest.nodes.indices where isLeftOut[at] { made.insert(forest.nodes[at].name) }
    var first: [String: Int] = [:]
    for at in forest.nodes.indices where !isLeftOut[at] {
      let name = forest.nodes[at].name
      if let other = first[name] { say(.noted, at, "another tag has this name: \(forest.nodes[other].id)", in: "name") } else { first[name] = at }
      if made.contains(name) { say(.noted, at, "the service makes a tag of this name, too", in: "name") }
    }
  }

  private mutating func say(_ disposition: Disposition, _ index: Int, _ reason: String, in element: String = "") {
    notes.append(Note(disposition, subject(of: forest.nodes[index]), element: element, reason))
  }

  private func subject(of tag: Forest.Node) -> Subject { Subject(kind: "tag", id: tag.id, name: tag.name) }

  private func shown(_ index: Int) -> String { "\"\(forest.nodes[index].name)\" (\(forest.nodes[index].id))" }

  // MARK: Writing

  /// Writes the trees.
  func write(_ output: ([UInt8]) throws(Complaint) -> Void) throws(Complaint) {
    try forest.write("Tag", kept: { !isLeftOut[$0] }, additions: additions, to: output)
  }
}
