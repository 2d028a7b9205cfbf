import Testing

@testable import qtbx_tags_restructure

/// What is true of every forest, whatever its records say.
@Suite struct ForestTests {
  @Test(arguments: 0..<400)
  func standsAndIsWrittenWhole(_ seed: Int) throws {
    var random = Generator(seed: UInt64(seed))
    let sown = Self.nodes(&random)
    var forest = Forest()
    for node in sown { #expect(forest.add(node) == nil) }
    let findings = forest.settle()
    let indices = Dictionary(uniqueKeysWithValues: sown.enumerated().map { ($1.id, $0) })

    // Every walk upwards ends, so every plant is reachable from the top, and by one way only, since it has one parent.
    let depths = forest.depths()
    for at in sown.indices {
      var steps = 0
      var next = at
      while next >= 0, steps <= sown.count {
        next = forest.parents[next]
        steps += 1
      }
      #expect(next == -1, "\(at) stands below itself")
      #expect(depths[at] == steps)
    }

    // Whoever names a parent that is here stands below it, but for one plant of every ring. Whoever names one that is not is a finding.
    var opened: Set<Int> = []
    var orphans: Set<Int> = []
    var rivals: Set<[Int]> = []
    var missing = 0
    for finding in findings {
      switch finding {
      case .cycle(let cycle):
        #expect(opened.insert(cycle[0]).inserted)
        for (at, parent) in zip(cycle, [-1] + cycle.dropFirst(2) + cycle.prefix(1)) { #expect(forest.parents[at] == parent) }
      case .parentMissing(let at): #expect(orphans.insert(at).inserted)
      case .childElsewhere(let at, let child): rivals.insert([at, child])
      case .childMissing: missing += 1
      case .childNamedOtherwise(let at, let child, let name):
        #expect(name != sown[child].name && sown[at].children.contains { $0.id == sown[child].id && $0.name == name })
      }
    }
    for (at, node) in sown.enumerated() where !opened.contains(at) {
      if let parent = node.parent {
        #expect(forest.parents[at] == indices[parent] ?? -1)
        #expect(orphans.contains(at) == (indices[parent] == nil))
      } else if forest.parents[at] >= 0 {
        #expect(sown[forest.parents[at]].children.contains { $0.id == node.id })
      }
    }
    // A list is right, or said to be wrong.
    var missed = 0
    for (at, node) in sown.enumerated() {
      for child in node.children {
        guard let child = indices[child.id] else {
          missed += 1
          continue
        }
        #expect(forest.parents[child] == at || rivals.contains([at, child]) || opened.contains(child))
      }
    }
    #expect(missing == missed)

    // Written, every plant that is kept stands once, below its parent if that is kept.
    let isKept = sown.map { _ in random.next(10) > 0 }
    var text: [UInt8] = []
    try forest.write("Tag", kept: { isKept[$0] }, additions: [:]) { text += $0 }
    let written = Self.parents(in: text)
    #expect(written.count == isKept.count { $0 })
    for (at, node) in sown.enumerated() where isKept[at] {
      let parent = forest.parents[at]
      #expect(written[node.id] == [parent >= 0 && isKept[parent] ? sown[parent].id : ""])
    }
  }

  @Test func namesTheWholeRing() {
    var forest = Forest()
    let sown = [("x", "b"), ("a", "b"), ("b", "c"), ("c", "a"), ("self", "self")]
    for (id, parent) in sown { _ = forest.add(Self.node(id, below: parent)) }
    let rings: [[Int]] = forest.settle().map { if case .cycle(let cycle) = $0 { cycle } else { [] } }
    #expect(rings == [[1, 2, 3], [4]])
    #expect(forest.parents == [2, -1, 3, 1, -1])
  }

  @Test func knowsAnIDTwice() {
    var forest = Forest()
    #expect(forest.add(Self.node("a")) == nil)
    #expect(forest.add(Self.node("b")) == nil)
    #expect(forest.add(Self.node("a", below: "b")) == 0)
    #expect(forest.nodes.count == 2)
  }

  @Test func keepsSiblingsInOrder() throws {
    var forest = Forest()
    let sown: [(id: String, parent: String?)] = [("3", "r"), ("1", "r"), ("r", nil), ("2", "r")]
    for (id, parent) in sown { _ = forest.add(Self.node(id, below: parent)) }
    _ = forest.settle()
    forest.parents[3] = forest.invent(named: "<new>")
    var text: [UInt8] = []
    try forest.write("Tag", kept: { _ in true }, additions: [2: Array("<parentTagId>9</parentTagId>".utf8)]) { text += $0 }
    #expect(
      String(decoding: text, as: UTF8.self).split(separator: "\n").map { $0.drop { $0 == " " } } == [
        "<Tag>", "<name>r</name>", "<parentTagId>9</parentTagId>", "<children>", "<set>", "<Tag>", "<name>3</name>", "<tail/>", "</Tag>", "<Tag>",
        "<name>1</name>", "<tail/>", "</Tag>", "</set>", "</children>", "<tail/>", "</Tag>", "<Tag>", "<name>&lt;new&gt;</name>", "<children>",
        "<set>",
        "<Tag>", "<name>2</name>", "<tail/>", "</Tag>", "</set>", "</children>", "</Tag>",
      ])
  }

  // MARK: Forests

  private static func node(_ id: String, below parent: String? = nil) -> Forest.Node {
    Forest.Node(
      id: id, parent: parent, name: id, source: "", head: [Array("<name>\(id)</name>".utf8)], tail: [Array("<tail/>".utf8)], children: [])
  }

  /// Up to 200 plants in any order, with parents that are missing, rings, and lists that are right, wrong or absent.
  private static func nodes(_ random: inout Generator) -> [Forest.Node] {
    var nodes = (0..<random.next(201)).map { Self.node("p\($0)") }
    // How much is wrong: sometimes nothing.
    let faults = random.next(4)
    for at in nodes.indices {
      switch random.next(12) {
      case 0, 1: break
      case 2 where faults > 0: nodes[at].parent = "gone\(random.next(5))"
      case 3 where faults > 1: nodes[at].parent = "p\(random.next(nodes.count))"
      default: if at > 0 { nodes[at].parent = "p\(random.next(at))" }
      }
    }
    for at in nodes.indices {
      guard let parent = nodes[at].parent, random.next(3) > 0, let known = nodes.firstIndex(where: { $0.id == parent }) else { continue }
      nodes[known].children.append((nodes[at].id, ""))
      // Some children only stand in their parent's list.
      if random.next(4) == 0 { nodes[at].parent = nil }
    }
    if faults > 2 {
      for _ in nodes.indices where random.next(10) == 0 {
        nodes[random.next(nodes.count)].children.append((random.next(5) == 0 ? "gone" : "p\(random.next(nodes.count))", ""))
      }
    }
    for at in nodes.indices.reversed() { nodes.swapAt(at, random.next(at + 1)) }
    return nodes
  }

  /// Below which plants each one stands, as the text has it; empty for the top.
  private static func parents(in text: [UInt8]) -> [String: [String]] {
    var found: [String: [String]] = [:]
    var path: [String] = []
    for line in String(decoding: text, as: UTF8.self).split(separator: "\n").map({ $0.drop { $0 == " " } }) {
      if line.hasPrefix("<name>") {
        let name = String(line.dropFirst(6).dropLast(7))
        found[name, default: []].append(path.last ?? "")
        path.append(name)
      } else if line == "</Tag>" {
        path.removeLast()
      }
    }
    return found
  }

  /// SplitMix64: the same numbers everywhere.
  private struct Generator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    /// A number from 0 up to, but not including, a bound.
    mutating func next(_ bound: Int) -> Int {
      state &+= 0x9E37_79B9_7F4A_7C15
      var bits = state
      bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
      bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
      return Int((bits ^ (bits >> 31)) % UInt64(bound))
    }
  }
}
