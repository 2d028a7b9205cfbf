internal import Base
internal import Glibc
internal import Markup

/// A request for reading: what it calls, then a parameter a line, and no line longer than there are columns, where a value can be broken.
struct TableText {
  /// Of the terminal, if that is where it goes. In a file the same everywhere: it is compared.
  static let columns: Int = {
    var size = winsize()
    guard isatty(STDOUT_FILENO) == 1, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 40 else { return 100 }
    return Int(size.ws_col)
  }()

  private(set) var text = ""

  /// Adds a line that is never broken: a path is one word.
  mutating func add(_ line: String) { text += line.shown + "\n" }

  /// Adds rows of a name and a value; what a value has too much stands below its beginning.
  mutating func add(_ rows: [(name: String, lines: [String])]) {
    let width = rows.map(\.name.count).max() ?? 0
    let margin = String(repeating: " ", count: width + 4)
    for (name, lines) in rows {
      var lead = "  " + name.shown + String(repeating: " ", count: max(width - name.count, 0) + 2)
      for line in lines {
        // What belongs to an element stands further in than its beginning, and further than what is in it.
        let indent = line.prefix { $0 == " " }
        let isBroken = lines.count > 1 ? indent + "    " : ""
        for part in Self.parts(of: String(line), Self.columns - margin.count, further: isBroken.count) {
          text += lead + part.shown + "\n"
          lead = margin + isBroken
        }
        lead = margin
      }
    }
  }

  /// A text as lines of at most so many characters, broken behind a blank or a comma, or anywhere if there is none.
  ///
  /// - Parameter further: how much less room there is from the second line on.
  private static func parts(of text: String, _ room: Int, further: Int) -> [String] {
    var rest = Array(text)[...]
    var parts: [String] = []
    // What is written out needs more room than what it stands for: it is broken by what it is.
    while rest.count > max(20, room - (parts.isEmpty ? 0 : further)) {
      let most = max(20, room - (parts.isEmpty ? 0 : further))
      let line = rest.prefix(most)
      let blanks = line.prefix { $0 == " " }.count
      let end = line.indices.dropFirst(max(most / 2, blanks)).last { line[$0] == " " || line[$0] == "," }.map { $0 + 1 } ?? line.endIndex
      parts.append(String(rest[..<end]))
      rest = rest[end...]
    }
    return parts + (rest.isEmpty && !parts.isEmpty ? [] : [String(rest)])
  }

  /// A document with a line for each element, those in another one below it; what holds text stays on its line.
  static func lines(of xml: [UInt8]) -> [String] {
    var outline = Outline()
    outline.read(xml)
    var lines: [String] = []
    var open: [(end: Int, closing: String)] = []
    var at = 0
    func add(_ range: Range<Int>) {
      let text = String(decoding: xml[range], as: UTF8.self)
      if text.contains(where: { $0 != " " }) { lines.append(String(repeating: "  ", count: open.count) + text) }
    }
    func close(before start: Int) {
      while let last = open.last, last.end <= start {
        add(at..<max(at, last.end))
        open.removeLast()
        at = max(at, last.end)
        lines.append(String(repeating: "  ", count: open.count) + last.closing)
        at += last.closing.utf8.count
      }
    }
    for element in outline.elements {
      let whole = Int(element.whole.lowerBound)..<Int(element.whole.upperBound)
      // It stands in one that is written already.
      if whole.lowerBound < at { continue }
      close(before: whole.lowerBound)
      add(at..<whole.lowerBound)
      if element.isLeaf || element.holdsText {
        add(whole)
        at = whole.upperBound
      } else {
        add(Int(element.tag.lowerBound)..<Int(element.tag.upperBound))
        at = Int(element.tag.upperBound)
        let end = Int(element.content.upperBound)
        open.append((end, String(decoding: xml[end..<whole.upperBound], as: UTF8.self)))
      }
    }
    close(before: xml.count)
    add(min(at, xml.count)..<xml.count)
    return lines
  }
}
