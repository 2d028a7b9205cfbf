internal import Base
internal import CMarkup

/// The elements of a record and the byte ranges that they stand in, so that a filter can read some of them and replace a few bytes.
///
/// For records that a `RecordStream` has checked. Of anything else, the ranges mean nothing; but they are ranges of its bytes, and what is asked of them has an
/// answer: the value of a request's parameter may be any text. A plain walk over the bytes, no tree.
package struct Outline: ~Copyable {
  /// An element of the record, as ranges of `bytes`.
  package struct Element: Sendable {
    /// The index of the element around it, -1 for the record itself.
    package var parent: Int32
    /// The name, with its prefix.
    package var name: Range<Int32>
    /// The start tag, from `<` to `>`.
    package var tag: Range<Int32>
    /// What stands between start and end tag; empty behind the tag of an empty element.
    package var content: Range<Int32>
    /// All of it, from the `<` of its start tag to the `>` of its end tag.
    package var whole: Range<Int32>
    /// Its attributes, as indices into `attributes`.
    package var attributes: Range<Int32>
    /// True if no element stands in it.
    package var isLeaf: Bool
    /// True if text that is not blank stands directly in it, beside its elements or without any.
    package var holdsText = false
  }

  /// An attribute of an element, as ranges of `bytes`.
  package struct Attribute: Sendable {
    /// The name, with its prefix.
    package var name: Range<Int32>
    /// The value, without its quotes.
    package var value: Range<Int32>
  }

  /// The record, as it was read.
  package private(set) var bytes: [UInt8] = []
  /// In the order of their start tags; the record itself is the first.
  package private(set) var elements: [Element] = []
  /// Those of all elements, in the order of the record.
  package private(set) var attributes: [Attribute] = []
  private var open: [Int32] = []

  package init() {}

  /// Outlines another record, in the memory of the last.
  package mutating func read(_ record: consuming [UInt8]) {
    bytes = record
    elements.removeAll(keepingCapacity: true)
    attributes.removeAll(keepingCapacity: true)
    open.removeAll(keepingCapacity: true)
    bytes.withUnsafeBufferPointer { walk($0) }
  }

  private mutating func walk(_ text: UnsafeBufferPointer<UInt8>) {
    let end = text.count
    var at = 0
    while at < end {
      guard text[at] == "<" else {
        // Blanks are the layout between elements: anything else is text of the element around it.
        if !text[at].isBlank {
          if let around = open.last { elements[Int(around)].holdsText = true }
          repeat { at += 1 } while at < end && text[at] != "<"
        } else {
          at += 1
        }
        continue
      }
      switch at + 1 < end ? text[at + 1] : 0 {
      case "/":  // </name>
        let end = Self.end(of: [">"], in: text, from: at)
        if let closed = open.popLast() {
          elements[Int(closed)].content = elements[Int(closed)].content.lowerBound..<Int32(at)
          elements[Int(closed)].whole = elements[Int(closed)].whole.lowerBound..<Int32(end)
        }
        at = end
      case "!":  // <!-- --> or <![CDATA[ ]]>
        let comment = at + 2 < end && text[at + 2] == "-"
        let close = Self.find(comment ? ["-", "-", ">"] : ["]", "]", ">"], in: text, from: at + 4)
        if !comment, let around = open.last, text[min(at + Self.cdata.count, close)..<close].contains(where: { !$0.isBlank }) {
          elements[Int(around)].holdsText = true
        }
        at = min(close + 3, end)
      case "?":  // <? ?>
        at = Self.end(of: ["?", ">"], in: text, from: at + 2)
      default:
        at = startTag(text, at)
      }
    }
  }

  private mutating func startTag(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
    let end = text.count
    var at = start + 1
    while at < end, !Self.endsName(text[at]) { at += 1 }
    let name = Int32(start + 1)..<Int32(at)
    let first = Int32(attributes.count)
    while at < end, text[at] != ">" {
      if text[at] == "/" || text[at].isBlank {
        at += 1
        continue
      }
      let from = at
      while at < end, !Self.endsName(text[at]) { at += 1 }
      let attribute = Int32(from)..<Int32(at)
      while at < end, text[at] != "\"", text[at] != "'" { at += 1 }
      guard at < end else { break }
      // In what is no record, the value may be cut off.
      let close = Self.find([text[at]], in: text, from: at + 1)
      attributes.append(Attribute(name: attribute, value: Int32(at + 1)..<Int32(close)))
      at = min(close + 1, end)
    }
    let parent = open.last ?? -1
    if parent >= 0 { elements[Int(parent)].isLeaf = false }
    let isEmpty = text[at - 1] == "/"
    at = min(at + 1, end)
    elements.append(
      Element(
        parent: parent, name: name, tag: Int32(start)..<Int32(at), content: Int32(at)..<Int32(at), whole: Int32(start)..<Int32(at),
        attributes: first..<Int32(attributes.count),
        isLeaf: true))
    if !isEmpty { open.append(Int32(elements.count - 1)) }
    return at
  }

  // MARK: Reading

  /// Whether an element or attribute has this name.
  package func has(_ range: Range<Int32>, _ name: StaticString) -> Bool {
    guard range.count == name.utf8CodeUnitCount else { return false }
    return bytes.withUnsafeBufferPointer { bytes in
      for at in 0..<range.count where bytes[Int(range.lowerBound) + at] != name.utf8Start[at] { return false }
      return true
    }
  }

  /// Whether an element or attribute has this name.
  package func has(_ range: Range<Int32>, _ name: [UInt8]) -> Bool {
    guard range.count == name.count else { return false }
    return bytes.withUnsafeBufferPointer { bytes in
      name.withUnsafeBufferPointer { name in
        for at in 0..<name.count where bytes[Int(range.lowerBound) + at] != name[at] { return false }
        return true
      }
    }
  }

  /// The bytes of a range as they are: for names, which hold no references.
  package func string(_ range: Range<Int32>) -> String {
    String(decoding: bytes[Int(range.lowerBound)..<Int(range.upperBound)], as: UTF8.self)
  }

  /// The text in a range of content, or of an attribute's value: references resolved, CDATA unwrapped, comments and tags left out.
  package func text(_ range: Range<Int32>) -> String {
    Self.text(of: bytes[Int(range.lowerBound)..<Int(range.upperBound)])
  }

  /// The text that stands directly in an element, beside the elements in it.
  package func ownText(of index: Int) -> String {
    let content = elements[index].content
    var bytes: [UInt8] = []
    var at = content.lowerBound
    for child in elements[(index + 1)...] where child.whole.lowerBound < content.upperBound && Int(child.parent) == index {
      bytes += self.bytes[Int(at)..<Int(child.whole.lowerBound)]
      at = child.whole.upperBound
    }
    bytes += self.bytes[Int(at)..<Int(content.upperBound)]
    return Self.text(of: bytes[...])
  }

  /// The text of the first child of this name of the record, or of another element.
  package func text(ofChild name: StaticString, of parent: Int = 0) -> String? {
    for element in elements where element.parent == parent && has(element.name, name) { return text(element.content) }
    return nil
  }

  /// Whether an element is what a step of a path means: its name, with `[key=title]` behind it where an attribute `key` tells elements of one
  /// name apart.
  package func has(_ index: Int, step: [UInt8]) -> Bool {
    let name = elements[index].name
    if step.count == name.count { return has(name, step) }
    guard step.count > name.count, step.last == "]", let key = key(of: index) else { return false }
    return step == Array(bytes[Int(name.lowerBound)..<Int(name.upperBound)]) + Self.keyed + Array(key.utf8) + ["]"]
  }

  private static let keyed = Array("[key=".utf8)

  /// The value of an element's attribute `key`, which tells elements of one name apart; nil without one.
  package func key(of index: Int) -> String? {
    for at in elements[index].attributes where has(attributes[Int(at)].name, "key") { return text(attributes[Int(at)].value) }
    return nil
  }

  /// The text of the first element at a path below the record, `CONTACT_INFO/EMAIL` or `TITLE/INFO[key=title]`. Nil if there is none. The path `.`
  /// is the name of the record itself, `@ref` an attribute of it.
  package func text(at path: StaticString) -> String? {
    if path.utf8CodeUnitCount == 1, path.utf8Start[0] == "." { return elements.first.map { string($0.name) } }
    if path.isName { return text(ofChild: path) }
    // `@ref`: an attribute of the record.
    if path.utf8Start[0] == "@" {
      let name = path.withUTF8Buffer { Array($0.dropFirst()) }
      return elements.first?.attributes.first { has(attributes[Int($0)].name, name) }.map { text(attributes[Int($0)].value) }
    }
    // The names from the innermost outwards.
    let names = path.withUTF8Buffer { path in path.split(separator: "/").map { Array($0) } }
    for index in elements.indices.dropFirst() {
      var at = index
      var rest = names[...]
      while at > 0, let name = rest.last, has(at, step: name) {
        rest.removeLast()
        at = Int(elements[at].parent)
      }
      if at == 0, rest.isEmpty { return text(elements[index].content) }
    }
    return nil
  }

  /// The text at the first of some paths that is there.
  package func text(atFirstOf paths: [StaticString]) -> String? {
    for path in paths { if let text = text(at: path) { return text } }
    return nil
  }

  /// The texts of a record's first children of two names, without outlining what comes behind them. Nil for one that there is not.
  package static func children(
    _ first: StaticString, _ second: StaticString, of record: UnsafeBufferPointer<UInt8>
  ) -> (first: String?, second: String?) {
    var found: (first: String?, second: String?) = (nil, nil)
    let end = record.count
    var depth = 0
    var at = 0
    /// The child that is open: which of the two it is, and where its content begins.
    var child: (isFirst: Bool, start: Int)?
    func has(_ name: StaticString, _ start: Int) -> Bool {
      let behind = start + name.utf8CodeUnitCount
      guard behind < end, endsName(record[behind]) else { return false }
      for offset in 0..<name.utf8CodeUnitCount where record[start + offset] != name.utf8Start[offset] { return false }
      return true
    }
    while at < end, found.first == nil || found.second == nil {
      guard record[at] == "<", at + 1 < end else {
        at += 1
        continue
      }
      switch record[at + 1] {
      case "/":
        depth -= 1
        if depth == 1, let open = child {
          let text = text(of: Array(record[open.start..<at])[...])
          if open.isFirst { found.first = text } else { found.second = text }
          child = nil
        }
        at = Self.end(of: [">"], in: record, from: at)
      case "!":
        let isComment = at + 2 < end && record[at + 2] == "-"
        at = Self.end(of: isComment ? ["-", "-", ">"] : ["]", "]", ">"], in: record, from: at + 4)
      case "?":
        at = Self.end(of: ["?", ">"], in: record, from: at + 2)
      default:
        let start = at + 1
        var quote: UInt8 = 0
        while at < end, quote != 0 || record[at] != ">" {
          if quote == 0, record[at] == "\"" || record[at] == "'" { quote = record[at] } else if record[at] == quote { quote = 0 }
          at += 1
        }
        guard at < end else { return found }
        at += 1
        guard record[at - 2] != "/" else { continue }
        depth += 1
        guard depth == 2 else { continue }
        if found.first == nil, has(first, start) { child = (true, at) } else if found.second == nil, has(second, start) { child = (false, at) }
      }
    }
    return found
  }

  /// The names from the record's child down to an element: `IP_SET/IP`, `TITLE/INFO[key=title]`.
  package func path(to index: Int) -> String {
    var names: [String] = []
    var at = index
    while at > 0 {
      names.append(string(elements[at].name) + (key(of: at).map { "[key=\($0)]" } ?? ""))
      at = Int(elements[at].parent)
    }
    return names.reversed().joined(separator: "/")
  }

  /// The text of a piece of checked content.
  package static func text(of content: ArraySlice<UInt8>) -> String {
    // Most values are plain.
    if !content.contains(where: { $0 == "&" || $0 == "<" || $0 == "\r" }) { return String(decoding: content, as: UTF8.self) }
    return content.withUnsafeBufferPointer { text in
      var plain: [UInt8] = []
      plain.reserveCapacity(text.count)
      var at = 0
      while at < text.count {
        switch text[at] {
        case "&":
          let end = find([";"], in: text, from: at)
          append(reference: text[(at + 1)..<end], to: &plain)
          at = min(end + 1, text.count)
        case "<" where text[at...].starts(with: cdata):
          let start = at + cdata.count
          let end = find(["]", "]", ">"], in: text, from: start)
          appendLines(text[start..<end], to: &plain)
          at = min(end + 3, text.count)
        case "<" where at + 3 < text.count && text[at + 1] == "!":
          at = Self.end(of: ["-", "-", ">"], in: text, from: at + 4)
        case "<" where at + 1 < text.count && text[at + 1] == "?":
          at = Self.end(of: ["?", ">"], in: text, from: at + 2)
        case "<":
          // A ">" may stand in the value of an attribute.
          var quote: UInt8 = 0
          while at < text.count, quote != 0 || text[at] != ">" {
            if quote == 0, text[at] == "\"" || text[at] == "'" { quote = text[at] } else if text[at] == quote { quote = 0 }
            at += 1
          }
          at = min(at + 1, text.count)
        default:
          let end = text[at...].firstIndex { $0 == "&" || $0 == "<" } ?? text.count
          appendLines(text[at..<end], to: &plain)
          at = end
        }
      }
      return String(decoding: plain, as: UTF8.self)
    }
  }

  private static let cdata = Array("<![CDATA[".utf8)

  /// XML makes one line feed of a carriage return, with or without a line feed behind it.
  private static func appendLines(_ text: Slice<UnsafeBufferPointer<UInt8>>, to plain: inout [UInt8]) {
    var afterReturn = false
    for byte in text {
      if byte == "\n", afterReturn {
        afterReturn = false
        continue
      }
      afterReturn = byte == "\r"
      plain.append(byte == "\r" ? "\n" : byte)
    }
  }

  private static func append(reference: Slice<UnsafeBufferPointer<UInt8>>, to plain: inout [UInt8]) {
    let name = String(decoding: reference, as: UTF8.self)
    switch name {
    case "amp": plain.append("&")
    case "lt": plain.append("<")
    case "gt": plain.append(">")
    case "quot": plain.append("\"")
    case "apos": plain.append("'")
    default:
      let number = name.hasPrefix("#x") ? UInt32(name.dropFirst(2), radix: 16) : UInt32(name.dropFirst())
      if let scalar = number.flatMap(Unicode.Scalar.init) { plain.append(contentsOf: String(Character(scalar)).utf8) }
    }
  }

  /// Whether any element has an attribute of this name.
  package func hasAttribute(_ name: StaticString) -> Bool {
    attributes.contains { has($0.name, name) }
  }

  /// The one piece of text in a range of content that is not blank, without the blanks around it; nil if there are several, or if it has
  /// references. `isLiteral` says that it stands in a CDATA section, where nothing is escaped.
  package func plainRun(in content: Range<Int32>) -> (range: Range<Int32>, isLiteral: Bool)? {
    var found: (range: Range<Int32>, isLiteral: Bool)?
    var at = Int(content.lowerBound)
    let end = Int(content.upperBound)
    while at < end {
      var piece = at..<end
      var isLiteral = false
      if bytes[at] == "<" {
        let rest = bytes[at..<end]
        let cdata = rest.starts(with: Self.cdata)
        let close: [UInt8] =
          cdata
          ? ["]", "]", ">"] : rest.starts(with: ["<", "!"]) ? ["-", "-", ">"] : rest.starts(with: ["<", "?"]) ? ["?", ">"] : [">"]
        // The two characters that begin a comment's text are not those that end it: <!-->.
        let start = cdata ? Self.cdata.count : rest.starts(with: ["<", "!"]) ? 4 : 2
        guard let last = bytes[min(at + start, end)..<end].firstRange(of: close) else { return nil }
        piece = cdata ? at + Self.cdata.count..<last.lowerBound : at..<at
        isLiteral = cdata
        at = last.upperBound
      } else {
        piece = at..<(bytes[at..<end].firstIndex(of: "<") ?? end)
        at = piece.upperBound
      }
      guard let first = bytes[piece].firstIndex(where: { !$0.isBlank }), let last = bytes[piece].lastIndex(where: { !$0.isBlank }) else {
        continue
      }
      guard found == nil, isLiteral || !bytes[piece].contains("&") else { return nil }
      found = (Int32(first)..<Int32(last + 1), isLiteral)
    }
    return found
  }

  // MARK: Writing

  /// Text as the content of an element, or as the value of an attribute in quotes of either kind.
  package static func escaped(_ text: String) -> [UInt8] {
    // Most values are plain.
    if text.utf8.allSatisfy({ $0 > "'" && $0 != "<" && $0 != ">" }) { return Array(text.utf8) }
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case "&": bytes += "&amp;".utf8
      case "<": bytes += "&lt;".utf8
      case ">": bytes += "&gt;".utf8
      case "\"": bytes += "&quot;".utf8
      case "'": bytes += "&apos;".utf8
      case "\r": bytes += "&#13;".utf8
      default: bytes.append(byte)
      }
    }
    return bytes
  }

  // MARK: Bytes
  private static func endsName(_ byte: UInt8) -> Bool { byte.isBlank || byte == ">" || byte == "/" || byte == "=" }

  /// Where `word` begins next. The end where it does not occur, which checked records do not have.
  private static func find(_ word: StaticArray, in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var at = start
    let end = text.count - word.count
    outer: while at <= end {
      for offset in 0..<word.count where text[at + offset] != word[offset] {
        at += 1
        continue outer
      }
      return at
    }
    return text.count
  }

  /// Behind the next `word`, and never behind the text.
  private static func end(of word: StaticArray, in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    min(find(word, in: text, from: start) + word.count, text.count)
  }
}

/// Up to three bytes to look for, without a heap allocation.
private struct StaticArray: ExpressibleByArrayLiteral {
  private var bytes: (UInt8, UInt8, UInt8) = (0, 0, 0)
  let count: Int

  init(arrayLiteral elements: UInt8...) {
    count = elements.count
    bytes = (elements[0], count > 1 ? elements[1] : 0, count > 2 ? elements[2] : 0)
  }

  subscript(_ index: Int) -> UInt8 { index == 0 ? bytes.0 : index == 1 ? bytes.1 : bytes.2 }
}

extension StaticString {
  /// It is the name of a child, neither a path nor an attribute.
  package var isName: Bool { withUTF8Buffer { !$0.contains("/") && $0.first != "@" } }
}
