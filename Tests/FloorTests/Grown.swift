import Support
import Testing

/// A random document, and what must be found in it: written down while it grows, never read back from its bytes.
struct Grown {
  struct Record: Equatable {
    var text: String
    var line: Int
    var path: [String]
  }

  struct Element: Equatable {
    var name: String
    var namespace: String?
    var line: Int
    var path: [String]
    var tag: String
    var attributes: [String: String]
  }

  static let records = ["REC", "ITEM"]

  private(set) var text = ""
  private(set) var records: [Record] = []
  /// The skeleton's elements, in the order of their start tags.
  private(set) var opened: [Element] = []
  /// Their names and texts, in the order of their end tags.
  private(set) var closed: [(name: String, text: String?)] = []

  private var random: Seeded
  private var path: [String] = []
  private let lineEnd: String
  private let isLatin: Bool
  private var size = 0

  /// - Parameter declaration: the prolog's first line.
  init(seed: UInt64, declaration: String = "", isLatin: Bool = false) {
    random = Seeded(seed)
    lineEnd = random.chance(30) ? "\r\n" : "\n"
    self.isLatin = isLatin
    text = declaration
    if random.chance(50) {
      // The records' names stand here, too, where they are no elements.
      text += "<!-- <REC> </REC> -->" + lineEnd + "<?REC <ITEM/> ?>"
    }
    if random.chance(50) {
      text += "<!DOCTYPE TOP SYSTEM \"https://127.0.0.1/none.dtd\""
      if random.chance(60) { text += " [<!ELEMENT REC ANY><!ATTLIST REC kind CDATA \"a > b\">\(lineEnd)<!-- ]> <REC> -->]" }
      text += ">" + lineEnd
    }
    skeleton(depth: 0)
    if random.chance(30) { text += lineEnd + "<!-- <REC/> -->" + lineEnd }
  }

  private var line: Int { 1 + text.utf8.count { $0 == 0x0A } }

  /// A start tag or an empty element's, its attributes, and whether the element is empty.
  private mutating func tag(_ name: String, _ declarations: String = "") -> (tag: String, attributes: [String: String], isEmpty: Bool) {
    var tag = "<" + name + declarations
    var values: [String: String] = [:]
    for attribute in ["id", "kind", "überlang", "b.c-d"] where random.chance(25) {
      let quote = random.chance(50) ? "\"" : "'"
      let (raw, plain) = random.pick([
        ("a > b", "a > b"), ("/>", "/>"), ("", ""), ("&lt;REC&gt;", "<REC>"), ("&#38;&amp;", "&&"), (quote == "'" ? "say \"x\"" : "it's", ""),
        ("&quot;&apos;", "\"'"), (isLatin ? "ä" : "ä€", isLatin ? "ä" : "ä€"), ("]]>", "]]>"), ("--", "--"),
      ])
      tag += random.pick([" ", "  ", lineEnd + " ", "\t"]) + attribute + random.pick(["=", " = "]) + quote + raw + quote
      values[attribute] = plain == "" ? raw : plain
    }
    let isEmpty = random.chance(20)
    tag += random.pick(["", "", " ", lineEnd]) + (isEmpty ? "/>" : ">")
    return (tag, values, isEmpty)
  }

  /// Text between two tags: as it is written, and what it says.
  private mutating func content() -> (raw: String, plain: String) {
    var raw = ""
    var plain = ""
    for _ in 0..<random.below(5) {
      switch random.below(10) {
      case 0:
        let inside = random.pick(["<REC>", "</REC>", "<ITEM a='>", "& ]] >", "<!-- x", "a" + lineEnd + "b"])
        raw += "<![CDATA[" + inside + "]]>"
        plain += inside.replacing("\r\n", with: "\n")
      case 1: raw += "<!-- <REC> </ITEM> ' \" > -->"
      case 2: raw += "<?ITEM <REC/> ?>"
      case 3:
        let (reference, character) = random.pick([
          ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&#38;", "&"), ("&#x26;", "&"), ("&#13;", "\r"),
          ("&#x20AC;", "€"), ("&#128512;", "😀"), ("&#10;", "\n"), ("&#xe4;", "ä"),
        ])
        raw += reference
        plain += character
      case 4:
        raw += lineEnd
        plain += "\n"
      case 5:
        let word = isLatin ? "Grüße" : "Grüße 漢字 😀"
        raw += word
        plain += word
      case 6:
        let word = String(repeating: "x", count: random.below(300))
        raw += word
        plain += word
      default:
        let word = random.pick(["web", " ", "a > b", "'\"", "10.0.0.1-10.0.0.9", "\t"])
        raw += word
        plain += word
      }
    }
    return (raw, plain)
  }

  /// An element outside records. Its name may be a record's, in a namespace.
  private mutating func skeleton(depth: Int) {
    size += 1
    let (name, local, declarations, namespace) =
      depth == 0
      ? ("TOP", "TOP", "", nil)
      : random.pick(
        [
          ("LIST", "LIST", "", nil), ("A", "A", "", nil), ("DATE", "DATE", "", nil), ("RECORD", "RECORD", "", nil), ("RE", "RE", "", nil),
          ("n:REC", "REC", " xmlns:n=\"urn:n\"", "urn:n"), ("m:ITEM", "ITEM", " xmlns:m='urn:m'", "urn:m"),
        ] as [(String, String, String, String?)])
    let (tag, attributes, isEmpty) = tag(name, declarations)
    opened.append(
      Element(name: local, namespace: namespace, line: line, path: path, tag: tag, attributes: attributes))
    text += tag
    path.append(local)
    var said: String? = ""
    if !isEmpty || depth == 0 {
      if isEmpty {
        // The root has to hold something.
        text.removeLast(2)
        text += ">"
        opened[opened.count - 1].tag = String(tag.dropLast(2)) + ">"
      }
      for _ in 0..<(depth == 0 ? 12 : random.below(5)) {
        let (raw, plain) = content()
        text += raw
        said = said.map { $0 + plain }
        guard size < 60, depth == 0 || random.chance(60) else { continue }
        said = nil
        if depth < 6, random.chance(45) {
          skeleton(depth: depth + 1)
        } else {
          let line = line
          let start = text.utf8.count
          record(depth: 0)
          records.append(Record(text: String(decoding: Array(text.utf8)[start...], as: UTF8.self), line: line, path: path))
        }
      }
      let (raw, plain) = content()
      text += raw
      said = said.map { $0 + plain }
      text += "</" + name + random.pick(["", "", " ", lineEnd]) + ">"
    }
    path.removeLast()
    closed.append((local, said))
  }

  /// A record, and what is in it: perhaps records again, which are a part of it.
  private mutating func record(depth: Int) {
    size += 1
    let name = random.pick(depth == 0 ? Self.records : Self.records + ["A", "LIST", "n:X"])
    let (tag, _, isEmpty) = tag(name, name == "n:X" ? " xmlns:n='urn:n'" : "")
    text += tag
    if isEmpty { return }
    for _ in 0..<random.below(4) {
      text += content().raw
      if depth < 4, random.chance(40) { record(depth: depth + 1) }
    }
    text += "</" + name + random.pick(["", "", " "]) + ">"
  }
}
