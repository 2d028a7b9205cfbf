import ArgumentParser
import Base
import Markup

/// How the checklist is written.
enum PageFormat: String, CaseIterable, ExpressibleByArgument {
  case md, html, tsv

  /// The whole page.
  func page(of items: [Item]) -> String {
    switch self {
    case .md: Self.markdown(items)
    case .html: Self.html(items)
    case .tsv: Self.table(items)
    }
  }

  /// Items of one moment of the migration each, in their order.
  private static func chapters(_ items: [Item]) -> [(moment: Moment, items: [Item])] {
    var chapters: [(moment: Moment, items: [Item])] = []
    for item in items {
      let moment = item.task.facts.moment
      if chapters.last?.moment == moment { chapters[chapters.count - 1].items.append(item) } else { chapters.append((moment, [item])) }
    }
    return chapters
  }

  private static let title = "What no call does in the migration"

  private static func summary(_ items: [Item]) -> String {
    let unseen = items.count { $0.state == .unseen }
    return "\(items.count) item\(items.count == 1 ? "" : "s"), \(unseen) of them not looked at, or in part."
  }

  private static func capitalized(_ words: String) -> String { words.prefix(1).uppercased() + words.dropFirst() }

  /// Where it comes from, in words.
  private static func source(_ item: Item) -> String {
    item.state == .unseen ? "" : item.lists.isEmpty ? "general" : "from " + item.lists.map(\.rawValue).joined(separator: ", ")
  }

  /// What it is, what to do, who does it, and where that is from.
  private static func sentence(_ item: Item, _ write: (Wording) -> String, _ strong: (String) -> String) -> String {
    let facts = item.task.facts
    var head = strong(facts.kind)
    if !item.name.isEmpty { head += " " + write("\(item.name)") }
    if !item.id.isEmpty { head += " (" + write("\(item.id)") + ")" }
    let source = source(item)
    return head + ": " + write(item.wording) + " " + write("By \(words: facts.doer.rawValue)\(words: source.isEmpty ? "" : "; \(source)").")
  }

  // MARK: Markdown

  private static func markdown(_ items: [Item]) -> String {
    var page = "# \(title)\n\n\(summary(items))\n"
    for (moment, items) in chapters(items) {
      page += "\n## \(capitalized(moment.words))\n\n"
      for item in items { page += "- [ ] " + sentence(item, markdown) { "**\($0)**" } + "\n" }
    }
    return page
  }

  private static func markdown(_ wording: Wording) -> String {
    wording.parts.map { part in
      switch part {
      case .words(let words): words.replacing("_", with: "\\_")
      case .name(let name): code(name)
      }
    }.joined()
  }

  /// A code span: nothing in it means anything. Its marks are longer than any row of them in the name.
  private static func code(_ name: String) -> String {
    let name = name.shown
    var (longest, length) = (0, 0)
    for byte in name.utf8 {
      length = byte == "`" ? length + 1 : 0
      longest = max(longest, length)
    }
    let mark = String(repeating: "`", count: longest + 1)
    // A blank on both sides is taken away again, but from blanks alone it is not.
    let isBlank = name.utf8.allSatisfy { $0 == " " }
    let isPadded = !isBlank && (name.hasPrefix("`") || name.hasSuffix("`") || name.hasPrefix(" ") && name.hasSuffix(" "))
    return mark + (isPadded ? " \(name) " : name) + mark
  }

  // MARK: HTML

  private static func html(_ items: [Item]) -> String {
    var page = """
      <!DOCTYPE html>
      <html xmlns="http://www.w3.org/1999/xhtml" lang="en">
      <head>
      <meta charset="UTF-8"/>
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>
      <title>\(title)</title>
      <style>body { font-family: sans-serif; max-width: 50em; margin: auto } ul { list-style: none; padding: 0 } li { margin: 0.5em 0 } \
      code { white-space: pre-wrap } .unseen { color: #a00 }</style>
      </head>
      <body>
      <h1>\(title)</h1>
      <p>\(summary(items))</p>

      """
    for (moment, items) in chapters(items) {
      page += "<h2>\(capitalized(moment.words))</h2>\n<ul>\n"
      for item in items {
        let mark = item.state == .unseen ? " class=\"unseen\"" : ""
        page += "<li\(mark)><label><input type=\"checkbox\"/> " + sentence(item, html) { "<b>\($0)</b>" } + "</label></li>\n"
      }
      page += "</ul>\n"
    }
    return page + "</body>\n</html>\n"
  }

  private static func html(_ wording: Wording) -> String {
    wording.parts.map { part in
      switch part {
      case .words(let words): escaped(words)
      case .name(let name): "<code>" + escaped(name.shown) + "</code>"
      }
    }.joined()
  }

  private static func escaped(_ text: String) -> String { String(decoding: Outline.escaped(text), as: UTF8.self) }

  // MARK: TSV

  private static func table(_ items: [Item]) -> String {
    var rows = TSV.row(["state", "when", "kind", "name", "id", "who", "what", "from"])
    for item in items {
      let facts = item.task.facts
      rows += TSV.row(
        [
          item.state.rawValue, facts.moment.words, facts.kind, item.name, item.id, facts.doer.rawValue, item.wording.plain,
          item.lists.isEmpty ? "general" : item.lists.map(\.rawValue).joined(separator: ", "),
        ], forSpreadsheet: true)
    }
    return rows
  }
}
