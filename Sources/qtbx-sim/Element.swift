internal import Base
import Markup

/// A small tree, for records that the rehearsal builds or changes.
struct Element: Sendable {
  var name: String
  var attributes: [(name: String, value: String)] = []
  var children: [Element] = []
  var text = ""
  var isCDATA = false

  init(_ name: String, _ text: String = "", attributes: [(name: String, value: String)] = [], cdata: Bool = false, children: [Element] = []) {
    self.name = name
    self.text = text
    self.attributes = attributes
    self.children = children
    isCDATA = cdata
  }

  /// Reads a record that a `RecordStream` has checked.
  init(_ record: [UInt8]) {
    var outline = Outline()
    outline.read(record)
    guard !outline.elements.isEmpty else {
      self.init("")
      return
    }
    self = Self.read(outline, 0, Self.childrenByParent(outline))
  }

  private static func childrenByParent(_ outline: borrowing Outline) -> [[Int]] {
    var children = Array(repeating: [Int](), count: outline.elements.count)
    for at in outline.elements.indices.dropFirst() where outline.elements[at].parent >= 0 { children[Int(outline.elements[at].parent)].append(at) }
    return children
  }

  private static func read(_ outline: borrowing Outline, _ index: Int, _ children: [[Int]]) -> Element {
    let element = outline.elements[index]
    var read = Element(outline.string(element.name))
    for at in element.attributes {
      let attribute = outline.attributes[Int(at)]
      read.attributes.append((outline.string(attribute.name), outline.text(attribute.value)))
    }
    if element.isLeaf {
      read.text = outline.text(element.content)
      read.isCDATA = outline.string(element.content).contains("<![CDATA[")
    }
    for child in children[index] { read.children.append(Self.read(outline, child, children)) }
    return read
  }

  // MARK: Reading

  func child(_ name: String) -> Element? { children.first { $0.name == name } }

  /// The text of a child, without white space around it; empty if there is none.
  func value(_ name: String) -> String { child(name)?.text.trimmed ?? "" }

  /// The text of a child as it is.
  func text(_ name: String) -> String { child(name)?.text ?? "" }

  func attribute(_ name: String) -> String? { attributes.first { $0.name == name }?.value }

  /// All elements of a name below this one.
  func descendants(_ name: String) -> [Element] {
    children.flatMap { ($0.name == name ? [$0] : []) + $0.descendants(name) }
  }

  // MARK: Changing

  /// Puts a child in the place of the one of its name, or behind all others.
  mutating func set(_ child: Element) {
    if let at = children.firstIndex(where: { $0.name == child.name }) { children[at] = child } else { children.append(child) }
  }

  /// Puts a child in the place of the one of its name, or before the first of others.
  mutating func set(_ child: Element, before others: Set<String>) {
    guard !children.contains(where: { $0.name == child.name }), let at = children.firstIndex(where: { others.contains($0.name) }) else {
      return set(child)
    }
    children.insert(child, at: at)
  }

  /// Puts the children into an order of names; others stay behind them.
  mutating func sort(_ order: [String]) {
    let places = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
    children = children.enumerated().sorted {
      (places[$0.element.name] ?? order.count, $0.offset) < (places[$1.element.name] ?? order.count, $1.offset)
    }.map(\.element)
  }

  mutating func remove(_ name: String) { children.removeAll { $0.name == name } }

  // MARK: Writing

  func xml(level: Int = 0) -> [UInt8] {
    var bytes: [UInt8] = []
    write(to: &bytes, level: level)
    return bytes
  }

  private func write(to bytes: inout [UInt8], level: Int) {
    bytes.append("<")
    bytes += name.utf8
    for attribute in attributes {
      bytes += " \(attribute.name)=\"".utf8
      for byte in Outline.escaped(attribute.value) {
        if byte == "\n" { bytes += "&#10;".utf8 } else if byte == "\t" { bytes += "&#9;".utf8 } else { bytes.append(byte) }
      }
      bytes.append("\"")
    }
    if children.isEmpty, text.isEmpty {
      bytes += "/>".utf8
      return
    }
    bytes.append(">")
    if children.isEmpty {
      // A section cannot hold its own end, nor a carriage return.
      if isCDATA, !text.contains("]]>"), !text.utf8.contains("\r") {
        bytes += "<![CDATA[\(text)]]>".utf8
      } else {
        bytes += Outline.escaped(text)
      }
    } else {
      for child in children {
        bytes.append("\n")
        for _ in 0...level { bytes += [" ", " "] }
        child.write(to: &bytes, level: level + 1)
      }
      bytes.append("\n")
      for _ in 0..<level { bytes += [" ", " "] }
    }
    bytes += "</\(name)>".utf8
  }
}

extension StringProtocol {
  /// Without white space at either end.
  var trimmed: String {
    let blank = { (character: Character) in character.isWhitespace }
    guard let first = firstIndex(where: { !blank($0) }), let last = lastIndex(where: { !blank($0) }) else { return "" }
    return String(self[first...last])
  }

  /// The parts of a comma list.
  var parts: [String] { split(separator: ",").map { $0.trimmed }.filter { !$0.isEmpty } }
}
