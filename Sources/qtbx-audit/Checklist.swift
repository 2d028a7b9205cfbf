import Base
import Toolbox

/// A page of things to tick off, as `qtbx-checklist` and `qtbx-undo` leave it.
struct Checklist {
  private(set) var isThere = false
  private(set) var total = 0
  private(set) var done = 0
  /// How many items are open that come from each list.
  private(set) var open: [String: Int] = [:]
  private var items = Rows()
  private let file: String

  init() { file = "" }

  /// Errors: `local`.
  init(of file: String, in files: MigrationFiles) throws(Complaint) {
    self.file = file
    guard files.exists(file) else { return }
    isThere = true
    var isList = false
    var text = Rows()
    var all = (total: 0, done: 0)
    var lists: [String: Int] = [:]
    try Input(files.path(file)).forEachLine { line, _ in
      let words = String(decoding: line, as: UTF8.self)
      let isDone = words.hasPrefix("- [x] ") || words.hasPrefix("- [X] ")
      if isDone || words.hasPrefix("- [ ] ") {
        all.total += 1
        if isDone {
          all.done += 1
        } else {
          // What it ends with is the page's own, whatever the names in it say.
          let source = words.ranges(of: "; from ").last.map { words[$0.upperBound...].prefix { $0 != "," && $0 != "." } } ?? ""
          lists[String(source), default: 0] += 1
        }
        let box =
          isDone
          ? "<span class=\"box\" aria-hidden=\"true\">☑</span><span class=\"hidden\">done: </span>"
          : "<span class=\"box\" aria-hidden=\"true\">☐</span><span class=\"hidden\">to do: </span>"
        text.add((isList ? "" : "<ul class=\"tick\">\n") + "<li>\(box)\(Self.markup(String(words.dropFirst(6))))</li>\n")
        isList = true
        return
      }
      if words.isEmpty || words.hasPrefix("# ") { return }
      let lead = isList ? "</ul>\n" : ""
      isList = false
      if words.hasPrefix("## ") {
        text.add("\(lead)<h3>\(Self.markup(String(words.dropFirst(3))))</h3>\n")
      } else {
        text.add("\(lead)<p>\(Self.markup(words))</p>\n")
      }
    }
    if isList { text.add("</ul>\n") }
    items = text
    (total, done, open) = (all.total, all.done, lists)
  }

  /// The chapter; empty if there is neither page.
  func markup(undone: Checklist) -> String {
    var text = ""
    for (list, title) in [(self, "What no call does"), (undone, "What only a person takes back")] where list.isThere {
      text +=
        "<p><strong>\(title)</strong> (<code>\(HTML.text(list.file))</code>): \(HTML.counted(list.total, "item")), \(HTML.number(list.done)) done.</p>\n"
      text += Self.closed(list.items.markup) + list.items.rest("line", in: list.file)
    }
    return text
  }

  /// A list that is cut off has its end.
  private static func closed(_ markup: String) -> String {
    markup.ranges(of: "<ul").count > markup.ranges(of: "</ul>").count ? markup + "</ul>\n" : markup
  }

  /// Code, strong text and backslashes; all else is text.
  private static func markup(_ line: String) -> String {
    var markup = ""
    var text = ""
    var isStrong = false
    var rest = line[...]
    func flush() {
      markup += HTML.text(text, atMost: 4000)
      text = ""
    }
    while let first = rest.unicodeScalars.first {
      if first == "`" {
        let mark = rest.prefix { $0 == "`" }
        let behind = rest.dropFirst(mark.count)
        if let end = Self.closing(mark.count, in: behind) {
          flush()
          var name = String(behind[..<end])
          if name.count > 1, name.hasPrefix(" "), name.hasSuffix(" "), name.contains(where: { $0 != " " }) {
            name = String(name.dropFirst().dropLast())
          }
          markup += "<code><bdi>\(HTML.text(name, atMost: 400))</bdi></code>"
          rest = behind[end...].dropFirst(mark.count)
          continue
        }
        text += mark
        rest = behind
      } else if rest.hasPrefix("**") {
        flush()
        markup += isStrong ? "</strong>" : "<strong>"
        isStrong.toggle()
        rest = rest.dropFirst(2)
      } else if first == "\\", rest.count > 1 {
        rest = rest.dropFirst()
        text.append(rest.removeFirst())
      } else {
        text.append(rest.removeFirst())
      }
    }
    flush()
    return markup + (isStrong ? "</strong>" : "")
  }

  /// Where a run of just so many marks begins.
  private static func closing(_ count: Int, in text: Substring) -> String.Index? {
    var at = text.startIndex
    while at < text.endIndex {
      guard text[at] == "`" else {
        at = text.index(after: at)
        continue
      }
      let run = text[at...].prefix { $0 == "`" }
      if run.count == count { return at }
      at = run.endIndex
    }
    return nil
  }
}
