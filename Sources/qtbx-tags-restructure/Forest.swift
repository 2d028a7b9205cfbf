import Base
import Markup

/// Records that belong below each other, in any order, made into trees.
///
/// Linear in the number of records, whatever they say: a parent that does not exist and a cycle of parents are findings, not failures.
struct Forest: Sendable {
  /// A record before it has found its place.
  struct Node: Sendable {
    /// Empty for a record that says none, which stands at the top.
    var id: String
    /// The id of the record that it says it belongs below, nil for none.
    var parent: String?
    /// What a person calls it.
    var name: String
    /// Who made it, empty for a person.
    var source: String
    /// The lines of its elements that stand before its children, and of those behind them.
    var head: [[UInt8]]
    /// The lines behind its children.
    var tail: [[UInt8]]
    /// The children that it names itself.
    var children: [(id: String, name: String)]

    init(
      id: String, parent: String?, name: String, source: String, head: [[UInt8]], tail: [[UInt8]], children: [(id: String, name: String)]
    ) {
      self.id = id
      self.parent = parent
      self.name = name
      self.source = source
      self.head = head
      self.tail = tail
      self.children = children
    }
  }

  /// What is odd about the records.
  enum Finding: Sendable {
    /// The node names a parent that is not here.
    case parentMissing(Int)
    /// The node names a child that is not here.
    case childMissing(Int, id: String, name: String)
    /// The node names a child that does not stand below it: the child names another parent, or another node has named it before.
    case childElsewhere(Int, child: Int)
    /// The node names a child that has another name itself.
    case childNamedOtherwise(Int, child: Int, name: String)
    /// The nodes would stand below themselves: each below the next, the last below the first. The first stands at the top now.
    case cycle([Int])
  }

  /// Every record that has been added, in that order.
  private(set) var nodes: [Node] = []
  /// The index of each node's parent, -1 at the top. Right after `settle`.
  var parents: [Int] = []
  private var indices: [String: Int] = [:]

  init() {}

  /// Adds a record. Gives the index of the one that has its id already, and does not add it then.
  mutating func add(_ node: Node) -> Int? {
    if let known = indices[node.id] { return known }
    indices[node.id] = nodes.count
    nodes.append(node)
    return nil
  }

  /// Adds a record that nobody has sent, at the top, and gives its index.
  mutating func invent(named name: String) -> Int {
    let line = Array("<name>".utf8) + Outline.escaped(name) + Array("</name>".utf8)
    nodes.append(Node(id: "", parent: nil, name: name, source: "", head: [line], tail: [], children: []))
    parents.append(-1)
    return nodes.count - 1
  }

  /// Finds each record's parent: the one that it names, else the one that names it.
  mutating func settle() -> [Finding] {
    var findings: [Finding] = []
    parents = Array(repeating: -1, count: nodes.count)
    for at in nodes.indices {
      guard let parent = nodes[at].parent else { continue }
      if let known = indices[parent] { parents[at] = known } else { findings.append(.parentMissing(at)) }
    }
    for at in nodes.indices {
      for (id, name) in nodes[at].children {
        guard let child = indices[id] else {
          findings.append(.childMissing(at, id: id, name: name))
          continue
        }
        if !name.isEmpty, name != nodes[child].name { findings.append(.childNamedOtherwise(at, child: child, name: name)) }
        if nodes[child].parent == nil, parents[child] == -1, child != at {
          parents[child] = at
        } else if parents[child] != at {
          findings.append(.childElsewhere(at, child: child))
        }
      }
    }
    return findings + openCycles()
  }

  /// Takes the first record of every cycle out of it.
  private mutating func openCycles() -> [Finding] {
    var findings: [Finding] = []
    // 0 is not visited; otherwise the walk that has visited it.
    var visits = Array(repeating: 0, count: nodes.count)
    for start in nodes.indices {
      var at = start
      while at >= 0, visits[at] == 0 {
        visits[at] = start + 1
        at = parents[at]
      }
      guard at >= 0, visits[at] == start + 1 else { continue }
      var first = at
      var next = parents[at]
      while next != at {
        first = min(first, next)
        next = parents[next]
      }
      var cycle = [first]
      while parents[cycle[cycle.count - 1]] != first { cycle.append(parents[cycle[cycle.count - 1]]) }
      parents[first] = -1
      findings.append(.cycle(cycle))
    }
    return findings
  }

  /// How deep each record stands, 1 at the top.
  func depths() -> [Int] {
    var depths = Array(repeating: 0, count: nodes.count)
    for start in nodes.indices {
      var chain: [Int] = []
      var at = start
      while at >= 0, depths[at] == 0 {
        chain.append(at)
        at = parents[at]
      }
      var depth = at >= 0 ? depths[at] : 0
      for one in chain.reversed() {
        depth += 1
        depths[one] = depth
      }
    }
    return depths
  }

  /// Writes the trees of the records that are kept, siblings in the order of the input. What stands below one that is not kept stands at the top.
  ///
  /// - Parameters:
  ///   - additions: lines that are put behind the first of a record's own, by its index.
  func write(
    _ element: String, kept: (Int) -> Bool, additions: [Int: [UInt8]], to output: ([UInt8]) throws(Complaint) -> Void
  ) throws(Complaint) {
    // As two arrays of indices, not one array for each record.
    var firstChild = Array(repeating: -1, count: nodes.count)
    var nextSibling = Array(repeating: -1, count: nodes.count)
    var tops: [Int] = []
    for at in nodes.indices.reversed() where kept(at) {
      if parents[at] < 0 || !kept(parents[at]) {
        tops.append(at)
      } else {
        nextSibling[at] = firstChild[parents[at]]
        firstChild[parents[at]] = at
      }
    }
    var buffer: [UInt8] = []
    func line(_ level: Int, _ text: some Sequence<UInt8>) {
      for _ in 0..<level { buffer += [" ", " "] }
      buffer += text
      buffer.append("\n")
    }
    func write(_ at: Int, _ level: Int) {
      line(level, "<\(element)>".utf8)
      for (number, field) in nodes[at].head.enumerated() {
        line(level + 1, field)
        if number == 0, let addition = additions[at] { line(level + 1, addition) }
      }
      if firstChild[at] >= 0 {
        line(level + 1, "<children>".utf8)
        line(level + 2, "<set>".utf8)
        var child = firstChild[at]
        while child >= 0 {
          write(child, level + 3)
          child = nextSibling[child]
        }
        line(level + 2, "</set>".utf8)
        line(level + 1, "</children>".utf8)
      }
      for field in nodes[at].tail { line(level + 1, field) }
      line(level, "</\(element)>".utf8)
    }
    for top in tops.reversed() {
      write(top, 1)
      if buffer.count > 1 << 16 {
        try output(buffer)
        buffer.removeAll(keepingCapacity: true)
      }
    }
    try output(buffer)
  }
}
