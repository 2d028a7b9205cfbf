import Markup

/// An element of a document, to make variants of: a piece taken out, put elsewhere, changed. Text stays as it was written.
struct Tree: Sendable, Equatable {
  enum Part: Sendable, Equatable { case text(String), element(Tree) }
  struct Attribute: Sendable, Equatable { var name: String, value: String }

  var name: String
  var attributes: [Attribute] = []
  var parts: [Part] = []

  /// - Parameter text: as it stands in a document, escaped.
  init(_ name: String, text: String) { (self.name, parts) = (name, [.text(text)]) }

  init(_ name: String, holding child: Tree) { (self.name, parts) = (name, [.element(child)]) }

  init(_ outline: borrowing Outline, at index: Int) {
    let element = outline.elements[index]
    name = outline.string(element.name)
    attributes = element.attributes.map {
      Attribute(name: outline.string(outline.attributes[Int($0)].name), value: outline.string(outline.attributes[Int($0)].value))
    }
    var at = element.content.lowerBound
    func addText(to end: Int32, _ parts: inout [Part]) { if at < end { parts.append(.text(outline.string(at..<end))) } }
    for child in (index + 1)..<max(outline.elements.count, index + 1) {
      let whole = outline.elements[child].whole
      if whole.lowerBound >= element.content.upperBound { break }
      guard Int(outline.elements[child].parent) == index else { continue }
      addText(to: whole.lowerBound, &parts)
      parts.append(.element(Tree(outline, at: child)))
      at = whole.upperBound
    }
    addText(to: element.content.upperBound, &parts)
  }

  /// As it stands in a document.
  var written: String {
    let attributes = attributes.map { " \($0.name)=\"\($0.value.replacing("\"", with: "&quot;"))\"" }.joined()
    let content = parts.map { if case .element(let child) = $0 { child.written } else if case .text(let text) = $0 { text } else { "" } }
    return "<\(name)\(attributes)>\(content.joined())</\(name)>"
  }

  /// What paths call it: `INFO[key=title]` where an attribute `key` tells it from others of its name.
  var called: String { name + (attributes.first { $0.name == "key" }.map { "[key=\($0.value)]" } ?? "") }

  /// Its own text, without markup.
  var text: String {
    parts.map { if case .text(let text) = $0 { Outline.text(of: Array(text.utf8)[...]) } else { "" } }.joined()
  }

  /// Where its child elements stand among its parts.
  var children: [(at: Int, tree: Tree)] { parts.enumerated().compactMap { if case .element(let child) = $1 { ($0, child) } else { nil } } }

  subscript(place: ArraySlice<Int>) -> Tree {
    get {
      guard let at = place.first, case .element(let child) = parts[at] else { return self }
      return child[place.dropFirst()]
    }
    set {
      guard let at = place.first, case .element(var child) = parts[at] else {
        self = newValue
        return
      }
      child[place.dropFirst()] = newValue
      parts[at] = .element(child)
    }
  }
}

/// A document, and the records in it.
struct ListDocument: Sendable {
  private let bytes: [UInt8]
  private var ranges: [Range<Int>] = []
  private(set) var records: [Tree] = []

  /// Nil if it is not plain UTF-8 without entities of its own, or holds no such record.
  init?(_ bytes: [UInt8], records names: Set<String>) {
    guard let text = String(validating: bytes, as: UTF8.self), !text.contains("<!ENTITY") else { return nil }
    self.bytes = bytes
    var start = 0
    // An outline begins with an element.
    while let open = bytes[start...].firstIndex(of: 0x3C), open + 1 < bytes.count, bytes[open + 1] == 0x3F || bytes[open + 1] == 0x21 {
      let close = bytes[open...].starts(with: "<!--".utf8) ? "-->" : ">"
      guard let end = bytes[open...].firstRange(of: Array(close.utf8)) else { return nil }
      if bytes[open..<end.upperBound].firstRange(of: Array("encoding=\"ISO".utf8)) != nil { return nil }
      start = end.upperBound
    }
    var outline = Outline()
    outline.read(Array(bytes[start...]))
    var end: Int32 = 0
    for (at, element) in outline.elements.enumerated() {
      // What explains the list is no record of it.
      if outline.string(element.name) == "GLOSSARY" { end = max(end, element.whole.upperBound) }
      guard names.contains(outline.string(element.name)), element.whole.lowerBound >= end else { continue }
      end = element.whole.upperBound
      ranges.append((start + Int(element.whole.lowerBound))..<(start + Int(end)))
      records.append(Tree(outline, at: at))
    }
    if records.isEmpty { return nil }
  }

  /// The document with another record in the place of one.
  func replacing(_ index: Int, by record: Tree) -> [UInt8] {
    bytes[..<ranges[index].lowerBound] + Array(record.written.utf8) + bytes[ranges[index].upperBound...]
  }

  /// The document with other records.
  func holding(_ others: [Tree]) -> [UInt8] {
    bytes[..<(ranges.first?.lowerBound ?? 0)] + Array(others.map(\.written).joined(separator: "\n").utf8) + bytes[(ranges.last?.upperBound ?? 0)...]
  }
}
