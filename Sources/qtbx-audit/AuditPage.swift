import Base
import Catalog
import Requests
import Toolbox

/// A migration as pages: the first has all chapters, and the records of each resource that do not fit there stand on pages beside it.
struct AuditPage: ~Copyable {
  let files: MigrationFiles
  private let perPage: Int
  /// Nil where all is one page, on standard output.
  private let folder: PageFolder?
  private let title: String
  private var overview = ""
  private var overviewTotal = Fates()
  private var notes = NoteCounts()
  private var resourceLinks = ""
  /// The chapters of the resources.
  private var resources = SpillBuffer()
  /// The names of all records, where some stand on other pages.
  private var index = SpillBuffer()
  private var trouble = Rows()
  private var maps = ""
  private var verification = ""
  private var unread: [Unread] = []

  mutating func note(_ one: Unread) { unread.append(one) }
  private var checklist: Checklist
  private var servers: Set<String> = []
  private var times = (first: 0, last: 0)
  private var differences = 0
  /// The resources that something was asked for of, and those of them that were compared with the target.
  private var asked = 0
  private var verified = 0
  private var hasBrokenComparison = false
  /// Something was taken back, or may have been.
  var isUndone = false
  private var sent = 0
  private var requests = 0
  private var hasBeside = false

  /// Errors: `local`.
  init(_ files: MigrationFiles, perPage: Int, folder: PageFolder?) throws(Complaint) {
    self.files = files
    self.perPage = perPage
    self.folder = folder
    let name = files.folder.split(separator: "/").last.map { String($0) } ?? files.folder
    title = "Audit of " + name
    checklist = Checklist()
    do throws(Complaint) { checklist = try Checklist(of: "checklist.md", in: files) } catch {
      unread.append(Unread("checklist.md", error, in: files))
    }
  }

  /// What is said when all is done.
  var verdict: String {
    let count = overviewTotal.total
    return "\(HTML.counted(count, "record")): \(overviewTotal.words.isEmpty ? "nothing" : overviewTotal.words)"
      + (unread.isEmpty ? "" : "; \(HTML.counted(unread.count, "file")) cannot be read")
  }

  var isWhole: Bool { unread.isEmpty }

  /// What could not be read, a line for each.
  var warnings: [String] { unread.map { "\(files.path($0.path)): \($0.reason)".shown } }

  // MARK: Resources

  /// Adds a resource. Errors: `local`; `usage` if its records need pages beside this one and have no place.
  mutating func add(_ chapter: Chapter) throws(Complaint) {
    unread += chapter.unread
    guard chapter.isThere else { return }
    chapter.ledger.settle()
    let fates = chapter.fates
    let notes = chapter.notes
    overviewTotal.add(fates)
    self.notes.add(notes)
    servers.formUnion(chapter.servers)
    if chapter.firstTime > 0 { times.first = times.first == 0 ? chapter.firstTime : min(times.first, chapter.firstTime) }
    times.last = max(times.last, chapter.lastTime)
    differences += chapter.missing + chapter.more
    if chapter.requests > 0 || chapter.isVerified { asked += 1 }
    if chapter.isVerified { verified += 1 }
    if chapter.hasBrokenComparison { hasBrokenComparison = true }
    sent += chapter.done
    requests += chapter.requests

    let name = HTML.text(chapter.source.name)
    let byHand = checklist.open[chapter.source.name] ?? 0
    resourceLinks += "<li><a href=\"#resource-\(name)\">\(HTML.text(chapter.title))</a></li>\n"
    func number(_ value: Int?) -> String { value.map { HTML.number($0) } ?? "<span class=\"none\">–</span>" }
    let compared =
      !chapter.isVerified
      ? "<span class=\"none\">–</span>"
      : chapter.missing + chapter.more == 0 ? "same" : "<strong>\(HTML.counted(chapter.missing + chapter.more, "difference"))</strong>"
    let cells = [
      number(chapter.read), number(chapter.before), number(chapter.hasList ? chapter.requests : nil), number(chapter.hasJournal ? chapter.done : nil),
    ].map { "<td class=\"number\">\($0)</td>" }.joined()
    overview +=
      "<tr><th scope=\"row\"><a href=\"#resource-\(name)\">\(HTML.text(chapter.title))</a></th>"
      + "<td class=\"became\">\(fates.bar)\(fates.words.isEmpty ? "no records" : fates.words)</td>\(cells)"
      + "<td class=\"number\">\(checklist.isThere ? HTML.number(byHand) : "<span class=\"none\">–</span>")</td><td>\(compared)</td></tr>\n"
    if chapter.isVerified { addVerification(chapter) }
    if let file = chapter.mapFile { addMap(chapter, file) }
    try write(chapter, fates, notes, byHand)
  }

  private mutating func addVerification(_ chapter: Chapter) {
    let name = HTML.text(chapter.source.name)
    verification += HTML.row(
      "<a href=\"#resource-\(name)\">\(HTML.text(chapter.title))</a>",
      [HTML.number(chapter.missing), HTML.number(chapter.more), chapter.missing + chapter.more == 0 ? "the same" : "differs"])
  }

  private mutating func addMap(_ chapter: Chapter, _ file: String) {
    maps += "<h3>\(HTML.text(chapter.title))</h3>\n<p><code>\(HTML.text(file))</code>: \(HTML.counted(chapter.mapRows, "row"))"
    if chapter.holes.count == 0 {
      maps += file.hasPrefix("maps/") ? "; every record of the source has one.</p>\n" : ".</p>\n"
      return
    }
    maps += "; \(HTML.counted(chapter.holes.count, "record")) of the source without one.</p>\n"
    let table = HTML.table("Records without an id in the target", ["record", "id", "what became of it"], chapter.holes.markup)
    maps +=
      "<details><summary>Holes in the map of \(HTML.text(chapter.title.lowercased()))</summary>\n"
      + HTML.region("Holes in the map of \(HTML.text(chapter.title.lowercased()))", table)
    maps += chapter.holes.rest("hole", in: file) + "</details>\n"
  }

  /// How many bytes of records the first page of several takes.
  private static let fullness = 10_000_000

  /// The chapter of a resource, and the pages beside it. Errors: `local`; `usage`.
  private mutating func write(_ chapter: Chapter, _ fates: Fates, _ notes: NoteCounts, _ byHand: Int) throws(Complaint) {
    let ledger = chapter.ledger
    let name = chapter.source.name
    let count = ledger.entries.count
    if count > perPage, folder == nil {
      throw Complaint(
        .usage,
        "\(name) has \(count) records, and a page has \(perPage) of each resource: --out FOLDER writes the others into pages beside it, and --records \(count) takes them into this one"
      )
    }
    // A page that is full opens slowly: from then on, all records stand beside it.
    let onFirst = folder != nil && resources.count > Self.fullness ? 0 : min(count, perPage)
    var head =
      "<section class=\"resource\(onFirst > 0 ? " listing" : "")\" id=\"resource-\(HTML.text(name))\" aria-labelledby=\"title-\(HTML.text(name))\">\n"
    head += "<h3 id=\"title-\(HTML.text(name))\">\(HTML.text(chapter.title))</h3>\n"
    var facts: [String] = []
    if let read = chapter.read { facts.append("\(HTML.number(read)) in the source") }
    if let before = chapter.before { facts.append("\(HTML.number(before)) in the target before") }
    if chapter.hasList { facts.append(HTML.counted(chapter.requests, "request")) }
    if chapter.hasJournal {
      facts.append(
        "\(HTML.number(chapter.done)) done, \(HTML.number(chapter.refused)) refused, \(HTML.number(chapter.unknown)) unknown by the journals")
    }
    if let after = chapter.after { facts.append("\(HTML.number(after)) in the target afterwards") }
    if chapter.isVerified { facts.append("compared: \(HTML.number(chapter.missing)) missing, \(HTML.number(chapter.more)) more") }
    if byHand > 0 { facts.append("<a href=\"#by-hand\">\(HTML.counted(byHand, "item")) by hand</a>") }
    if notes.total > 0 { facts.append("notes: \(notes.words)") }
    head += "<p class=\"facts\">\(facts.joined(separator: "; ")).</p>\n"
    for one in chapter.unread {
      head += "<p class=\"unread\"><strong>Cannot be read:</strong> <code>\(HTML.text(one.path))</code>: \(HTML.text(one.reason))</p>\n"
    }
    if chapter.general.count > 0 {
      let table = HTML.table("Notes on the list", ["about", "element", "disposition", "reason"], chapter.general.markup)
      let label = "Notes on the list of \(HTML.text(chapter.title.lowercased()))"
      head +=
        "<details><summary>\(HTML.counted(chapter.general.count, "note")) on the list, or on other things that it names</summary>\n"
        + HTML.region(label, table) + "\(chapter.general.rest("note", in: "lists/\(name).tsv"))</details>\n"
    }
    if chapter.comparison.count > 0 {
      let table = HTML.table("What differs", ["row", "what", "where"], chapter.comparison.markup)
      let label = "What differs in \(HTML.text(chapter.title.lowercased()))"
      head +=
        "<details open=\"open\"><summary>\(HTML.counted(chapter.comparison.count, "difference")) between what was sent and the target</summary>\n"
        + HTML.region(label, table) + "\(chapter.comparison.rest("difference", in: "verify/\(name).tsv"))</details>\n"
    }
    try resources.append(Array(head.utf8))

    let pages = 1 + (count - onFirst + perPage - 1) / perPage
    func records(_ page: Int) -> Range<Int> {
      page == 0 ? 0..<onFirst : (onFirst + (page - 1) * perPage)..<min(count, onFirst + page * perPage)
    }
    if pages > 1 {
      hasBeside = true
      let links = (2...pages).map { page in
        let first = ledger.entries[records(page - 1).lowerBound]
        return "<li><a href=\"\(Self.file(name, page))\">page \(page), from \(HTML.name(first.name.isEmpty ? first.id : first.name))</a></li>"
      }.joined(separator: "\n")
      let text =
        (onFirst == 0
          ? "<p>The records stand on pages beside this one.</p>\n"
          : "<p>Records 1 to \(HTML.number(onFirst)) of \(HTML.number(count)); the others stand on pages beside this one.</p>\n")
        + "<details><summary>\(HTML.counted(pages - 1, "more page")) of \(HTML.text(chapter.title.lowercased()))</summary><ul>\n\(links)\n</ul></details>\n"
      try resources.append(Array(text.utf8))
    }
    for page in 0..<pages {
      let range = records(page)
      if page == 0 {
        var held = SpillBuffer()
        swap(&held, &resources)
        try writeRecords(of: chapter, range, page) { bytes throws(Complaint) in try held.append(bytes) }
        swap(&held, &resources)
      } else if let folder {
        var file = try folder.file(Self.file(name, page + 1))
        try file.append(Array(beside(chapter, page, pages, range, count).utf8))
        try writeRecords(of: chapter, range, page) { bytes throws(Complaint) in try file.append(bytes) }
        try file.append(Array("</section>\n\(Self.end)".utf8))
        try file.commit()
      }
    }
    try resources.append(Array("</section>\n".utf8))
  }

  private static func file(_ name: String, _ page: Int) -> String { "\(name)-\(page).html" }

  /// The head of a page beside the first.
  private func beside(_ chapter: Chapter, _ page: Int, _ pages: Int, _ range: Range<Int>, _ count: Int) -> String {
    let name = chapter.source.name
    let title = "\(chapter.title), page \(page + 1) of \(pages)"
    let back = page == 1 ? "index.html#resource-\(name)" : Self.file(name, page)
    let next = page + 1 < pages ? "<li><a href=\"\(HTML.text(Self.file(name, page + 2)))\">next page</a></li>\n" : ""
    return Self.start("\(self.title): \(title)", holding: true)
      + "<header>\n<h1>\(HTML.text(title))</h1>\n<p class=\"soft\">Records \(HTML.number(range.lowerBound + 1)) to \(HTML.number(range.upperBound)) of \(HTML.number(count)).</p>\n</header>\n"
      + "<nav class=\"contents\" aria-label=\"Pages\">\n<ul>\n<li><a href=\"index.html\">\(HTML.text(self.title))</a></li>\n<li><a href=\"\(HTML.text(back))\">page before</a></li>\n\(next)"
      + "<li><a href=\"names.html\">all names</a></li>\n</ul>\n</nav>\n<main id=\"main\" data-beside=\"names.html\">\n<section class=\"holding resource listing\" aria-label=\"Records\">\n"
  }

  /// Errors: `local`.
  private mutating func writeRecords(
    of chapter: Chapter, _ range: Range<Int>, _ page: Int, _ write: ([UInt8]) throws(Complaint) -> Void
  ) throws(Complaint) {
    if range.isEmpty { return }
    try write(Array("<ol class=\"records\" aria-label=\"\(HTML.text(chapter.title))\">\n".utf8))
    let noun = chapter.source.resource?.kind ?? ""
    for number in range {
      let entry = chapter.ledger.entries[number]
      let anchor = "\(chapter.source.name)-\(number + 1)"
      let kind = chapter.ledger.kind(of: entry)
      let fate = entry.fate
      let shown =
        entry.name.isEmpty ? entry.id.isEmpty ? Subject(kind: kind).description : "\(Subject(kind: kind).description) \(entry.id)" : entry.name
      var ids = entry.id.isEmpty ? "" : "<code>\(HTML.text(entry.id, atMost: 80))</code>"
      if !entry.target.isEmpty { ids += "\(ids.isEmpty ? "" : " ")<span class=\"to\">→ <code>\(HTML.text(entry.target, atMost: 80))</code></span>" }
      var marks: [String] = []
      if kind != noun { marks.append(HTML.text(Subject(kind: kind).description)) }
      if !entry.isListed, chapter.read != nil { marks.append("not in the list of the source") }
      if !entry.notes.words.isEmpty { marks.append(entry.notes.words) }
      let line =
        "\(fate.label) <span class=\"name\">\(HTML.name(shown))</span> <span class=\"ids\">\(ids)</span> <span class=\"marks\">\(marks.joined(separator: "; "))</span>"
      var text = "<li class=\"record\" id=\"\(HTML.text(anchor))\" data-fate=\"\(fate.word)\""
      text += entry.notes.names.isEmpty ? ">" : " data-notes=\"\(entry.notes.names)\">"
      if entry.hasPieces {
        text += "<details><summary>\(line)</summary>\n<div class=\"body\">\n"
        try write(Array(text.utf8))
        let pieces = try chapter.ledger.pieces(of: entry)
        if let part = pieces[.comparison] { try write(Array("<p class=\"part\">Verification</p>\n<ul>\n".utf8) + part + Array("</ul>\n".utf8)) }
        if let part = pieces[.outcome] { try write(Array("<p class=\"part\">What became of it</p>\n<ul>\n".utf8) + part + Array("</ul>\n".utf8)) }
        if let part = pieces[.note] {
          try write(
            Array(
              "<p class=\"part\">Notes</p>\n<table><caption class=\"hidden\">Notes</caption><thead><tr><th scope=\"col\">element</th><th scope=\"col\">disposition</th><th scope=\"col\">reason</th></tr></thead><tbody>"
                .utf8)
              + part + Array("</tbody></table>\n".utf8))
        }
        if let part = pieces[.request] { try write(Array("<p class=\"part\">\(entry.requests == 1 ? "Request" : "Requests")</p>\n".utf8) + part) }
        try write(Array("</div></details></li>\n".utf8))
      } else {
        try write(Array((text + "<div class=\"plain\">\(line)</div></li>\n").utf8))
      }
      if fate.mood == .bad {
        let place = (page == 0 ? "" : Self.file(chapter.source.name, page + 1)) + "#" + anchor
        trouble.add(
          "<li>\(fate.label) <a href=\"\(HTML.text(place))\">\(HTML.name(shown))</a> <span class=\"soft\">\(HTML.text(chapter.title.lowercased())): \(fate.meaning)</span></li>\n"
        )
      }
      if folder != nil {
        if number == range.lowerBound {
          let title = HTML.text(chapter.title)
          let file = page == 0 ? "index.html" : Self.file(chapter.source.name, page + 1)
          let link = page == 0 ? "index.html#resource-\(chapter.source.name)" : file
          try index.append(
            Array(
              ("<h2><a href=\"\(HTML.text(link))\">\(title), page \(page + 1)</a></h2>\n"
                + "<pre class=\"names\" data-place=\"\(HTML.text("\(file)#\(chapter.source.name)-"))\" data-first=\"\(number + 1)\">").utf8))
        }
        try index.append(
          Array("\(HTML.text(shown, atMost: 200))\t\(HTML.text(entry.id, atMost: 80))\t\(HTML.text(entry.target, atMost: 80))\t\(fate.words)\n".utf8))
        if number == range.upperBound - 1 { try index.append(Array("</pre>\n".utf8)) }
      }
    }
    try write(Array("</ol>\n".utf8))
  }

  // MARK: The page

  private static func start(_ title: String, holding: Bool = false) -> String {
    """
    <!DOCTYPE html>
    <html xmlns="http://www.w3.org/1999/xhtml" lang="en">
    <head>
    <meta charset="UTF-8"/>
    <meta http-equiv="Content-Security-Policy" content="\(Styles.policy)"/>
    <meta name="viewport" content="width=device-width, initial-scale=1"/>
    <meta name="referrer" content="no-referrer"/>
    <meta name="generator" content="qtbx-audit \(versionNumber)"/>
    <title>\(HTML.text(title))</title>
    <style>\(Styles.sheet)</style>
    </head>
    <body>
    <a class="skip" href="#main">To the content</a>

    """
  }

  private static let end = "</main>\n<script>\(Styles.script)</script>\n</body>\n</html>\n"

  /// Writes the first page, piece by piece. Errors: `local`.
  mutating func close(_ write: ([UInt8]) throws(Complaint) -> Void) throws(Complaint) {
    let plan = planChapter()
    let hand = checklist.markup(undone: undoChecklist())
    let programs = programsChapter()
    let mapRows = otherMaps()
    var head = Self.start(title)
    head += "<header>\n<h1>\(HTML.text(title))</h1>\n\(subtitle())</header>\n"
    var chapters = ["overview": "Overview"]
    var order = ["overview"]
    func add(_ id: String, _ words: String, _ isThere: Bool) {
      if isThere {
        chapters[id] = words
        order.append(id)
      }
    }
    add("attention", "Needs a person", trouble.count > 0)
    add("unread", "Cannot be read", !unread.isEmpty)
    add("plan", "Plan", !plan.isEmpty)
    add("by-hand", "By hand", !hand.isEmpty)
    add("resources", "Resources", !resourceLinks.isEmpty)
    add("maps", "Maps", !(maps + mapRows).isEmpty)
    add("verification", "Verification", !verification.isEmpty)
    add("programs", "Programs and options", true)
    add("files", "Files", true)
    head += "<nav class=\"contents\" aria-label=\"Contents\">\n<ul>\n"
    for id in order { head += "<li><a href=\"#\(id)\">\(chapters[id] ?? "")</a></li>\n" }
    head += "</ul>\n"
    if !resourceLinks.isEmpty { head += "<ul class=\"resources\" aria-label=\"Resources\">\n\(resourceLinks)</ul>\n" }
    head += "</nav>\n<main id=\"main\"\(hasBeside ? " data-beside=\"names.html\"" : "")>\n"
    head += overviewChapter(hasBeside: hasBeside)
    if trouble.count > 0 {
      head += Self.chapter(
        "attention", "Needs a person", "<ul class=\"plan\">\n\(trouble.markup)</ul>\n" + trouble.rest("record", in: "the resources below"))
    }
    if !unread.isEmpty {
      let rows = unread.map { HTML.row("<code>\(HTML.text($0.path, atMost: 200))</code>", [HTML.text($0.reason, atMost: 600)]) }.joined()
      head += Self.chapter(
        "unread", "Cannot be read",
        "<p>What these files say is not on this page, or not all of it.</p>\n" + HTML.table("Files that cannot be read", ["file", "why"], rows))
    }
    if !plan.isEmpty { head += Self.chapter("plan", "Plan", plan) }
    if !hand.isEmpty { head += Self.chapter("by-hand", "By hand", hand) }
    try write(Array(head.utf8))
    if !resourceLinks.isEmpty {
      try write(
        Array(
          "<section class=\"holding\" id=\"resources\" aria-labelledby=\"title-resources\">\n<h2 id=\"title-resources\">Resources</h2>\n\(Self.legend)"
            .utf8))
      try resources.forEachPiece(of: 0..<resources.count, write)
      try write(Array("</section>\n".utf8))
    }
    var tail = ""
    if !(maps + mapRows).isEmpty {
      tail += Self.chapter(
        "maps", "Maps",
        "<p>What the ids of the source are called in the target. A record without one is a hole: what names it cannot be sent.</p>\n" + maps + mapRows
      )
    }
    if !verification.isEmpty {
      tail += Self.chapter(
        "verification", "Verification",
        "<p>The target, fetched back, and compared with what was asked for. Each difference stands at its resource.</p>\n"
          + HTML.table("The comparison of each resource", ["resource", "missing", "more", "result"], verification))
    }
    tail += Self.chapter("programs", "Programs and options", programs)
    try write(Array(tail.utf8))
    try writeFiles(write)
    try write(Array(Self.end.utf8))
    if let folder, hasBeside { try writeIndex(folder) }
  }

  private static func chapter(_ id: String, _ title: String, _ content: String) -> String {
    "<section id=\"\(id)\" aria-labelledby=\"title-\(id)\">\n<h2 id=\"title-\(id)\">\(title)</h2>\n\(content)</section>\n"
  }

  /// What the words on the labels mean.
  private static let legend: String = {
    let rows = Fate.Mood.allCases.flatMap { mood in Fate.allCases.filter { $0.mood == mood } }.map { HTML.row($0.label, [$0.meaning]) }.joined()
    return "<details><summary>What the words mean</summary>\n" + HTML.table("What the words mean", ["word", "meaning"], rows) + "</details>\n"
  }()

  /// All names, with the pages that they stand on. Errors: `local`.
  private mutating func writeIndex(_ folder: PageFolder) throws(Complaint) {
    var file = try folder.file("names.html")
    try file.append(
      Array(
        (Self.start("\(title): all names")
          + "<header>\n<h1>All names</h1>\n<p class=\"soft\">\(HTML.counted(overviewTotal.total, "record")), each with the page that it stands on.</p>\n</header>\n"
          + "<nav class=\"contents\" aria-label=\"Pages\">\n<ul>\n<li><a href=\"index.html\">\(HTML.text(title))</a></li>\n</ul>\n</nav>\n<main id=\"main\">\n<p>Name, id in the source, id in the target, and what became of each record.</p>\n")
          .utf8))
    try index.forEachPiece(of: 0..<index.count) { bytes throws(Complaint) in try file.append(bytes) }
    try file.append(Array(Self.end.utf8))
    try file.commit()
  }

  // MARK: Chapters

  private func subtitle() -> String {
    let settings = (try? Settings(in: files)) ?? Settings()
    var text = ""
    if let source = settings.value("source"), let target = settings.value("target") ?? servers.sorted().first {
      text += "<p>From <code>\(HTML.text(source, atMost: 200))</code> to <code>\(HTML.text(target, atMost: 200))</code>.</p>\n"
    } else if let target = servers.sorted().first {
      text += "<p>To <code>\(HTML.text(target, atMost: 200))</code>.</p>\n"
    }
    if times.first > 0 {
      text +=
        "<p class=\"soft\">First request <time>\(UTC.stamp(of: times.first))</time>, last answer <time>\(UTC.stamp(of: times.last))</time>, by the clock of the machine that sent.</p>\n"
    }
    return text
  }

  private func overviewChapter(hasBeside: Bool) -> String {
    let total = overviewTotal.total
    let (good, open, bad, out) = (overviewTotal.count(.good), overviewTotal.count(.open), overviewTotal.count(.bad), overviewTotal.count(.out))
    var verdict =
      total == 0
      ? "No record was read." : "<strong>\(HTML.number(good)) of \(HTML.counted(total, "record"))</strong> \(good == 1 ? "is" : "are") in the target."
    if bad > 0 { verdict += " <strong>\(HTML.number(bad))</strong> \(bad == 1 ? "needs" : "need") <a href=\"#attention\">a person</a>." }
    if open > 0 { verdict += " \(HTML.number(open)) \(open == 1 ? "is" : "are") not sent, or nothing was made of \(open == 1 ? "it" : "them")." }
    if out > 0 { verdict += " \(HTML.number(out)) \(out == 1 ? "was" : "were") left out or taken back, with the reason." }
    let some = verified == asked ? "" : " in \(HTML.number(verified)) of \(HTML.counted(asked, "resource"))"
    if differences > 0 {
      verdict += " The target, fetched back\(some), has <a href=\"#verification\">\(HTML.counted(differences, "difference"))</a>."
    } else if hasBrokenComparison {
      verdict += " The comparison with the target cannot be read, or not all of it."
    } else if verified > 0 {
      verdict +=
        isUndone
        ? " Before anything was taken back, the target gave what was asked for\(some)."
        : " The target was fetched back, and gives what was asked for\(some)."
    } else if sent > 0 {
      verdict += " The target was not compared yet."
    }
    if checklist.isThere {
      let items = checklist.total - checklist.done
      verdict +=
        items == 0
        ? " Nothing is left to do by hand."
        : " <a href=\"#by-hand\">\(HTML.counted(items, "item"))</a> of \(HTML.number(checklist.total)) \(items == 1 ? "is" : "are") left to do by hand."
    }
    if !unread.isEmpty { verdict += " <strong><a href=\"#unread\">\(HTML.counted(unread.count, "file"))</a> cannot be read.</strong>" }
    func figure(_ mood: String, _ word: String, _ count: Int) -> String {
      "<div class=\"\(mood)\"><dt>\(word)</dt><dd>\(HTML.number(count))</dd></div>\n"
    }
    var text = "<p class=\"verdict\">\(verdict)</p>\n<dl class=\"figures\">\n"
    text +=
      figure("good", "in the target", good) + figure("open", "not sent", open) + figure(bad > 0 ? "bad" : "open", "need a person", bad)
      + figure("out", "left out", out)
    if checklist.isThere { text += figure("open", "to do by hand", checklist.total - checklist.done) }
    text += "</dl>\n"
    if !overview.isEmpty {
      let columns = ["resource", "what became of the records", "in the source", "in the target before", "requests", "done", "by hand", "compared"]
      let heads = columns.enumerated().map { "<th scope=\"col\"\((2...6).contains($0.offset) ? " class=\"number\"" : "")>\($0.element)</th>" }
        .joined()
      text +=
        HTML.region(
          "Overview of resources",
          "<table class=\"overview\"><caption class=\"hidden\">Overview of resources</caption><thead><tr>\(heads)</tr></thead>"
            + "<tbody>\n\(overview)</tbody></table>") + "\n"
    }
    if notes.total > 0 { text += "<p>What could not simply be carried: \(notes.words). Each note stands at its record.</p>\n" }
    return Self.chapter("overview", "Overview", text)
  }

  /// The plan as `qtbx-plan` has said it.
  private mutating func planChapter() -> String {
    guard files.has("plan.txt") else { return "" }
    var rows = Rows()
    var text = ""
    var isOpen = false
    do throws(Complaint) {
      try Input(files.path("plan.txt")).forEachLine(mustEnd: true) { line, _ throws(Complaint) in
        let words = String(decoding: line, as: UTF8.self)
        if words.isEmpty { return }
        let isItem = words.hasPrefix("  ")
        if !isItem, isOpen {
          rows.add("</ul></details>\n")
          isOpen = false
        }
        let markup = HTML.text(words.trimmed, atMost: 1000)
        if !isItem, words.contains(": "), let first = words.first, first.isLowercase {
          rows.add("<details><summary>\(markup)</summary><ul class=\"plan\">\n")
          isOpen = true
        } else if isItem, isOpen {
          rows.add("<li\(words.hasPrefix("    ") ? " class=\"soft\"" : "")>\(markup)</li>\n")
        } else {
          rows.add("<p>\(markup)</p>\n")
        }
      }
    } catch {
      unread.append(Unread("plan.txt", error, in: files))
    }
    text = rows.markup
    // What is cut off, or has no end, is closed.
    let opened = text.ranges(of: "<details>").count - text.ranges(of: "</details>").count
    if opened > 0 { text += "</ul></details>\n" }
    return "<p>What <code>plan.txt</code> says would have been done, before anything was sent.</p>\n"
      + text.replacing("<ul class=\"plan\">\n</ul>", with: "")
      + rows.rest("line", in: "plan.txt")
  }

  private mutating func undoChecklist() -> Checklist {
    do throws(Complaint) { return try Checklist(of: "undo/checklist.md", in: files) } catch {
      unread.append(Unread("undo/checklist.md", error, in: files))
      return Checklist()
    }
  }

  private mutating func programsChapter() -> String {
    var text = "<p>This page was written by <code>qtbx-audit</code> \(versionNumber).</p>\n"
    do throws(Complaint) {
      let settings = try Settings(in: files)
      let rows = settings.rows.map {
        HTML.row(
          "<code>\(HTML.text($0.key, atMost: 100))</code>", [$0.isShown ? "<code>\(HTML.text($0.value, atMost: 600))</code>" : HTML.text($0.value)])
      }.joined()
      if !rows.isEmpty { text += HTML.table("Settings of the migration", ["setting", "value"], rows, isHidden: false) }
    } catch {
      unread.append(Unread("settings", error, in: files))
    }
    let runs = Settings.runs(in: files)
    if let complaint = runs.complaint { unread.append(Unread(Settings.runFile, complaint, in: files)) }
    return text + runs.markup
  }

  /// Maps of what no resource here is.
  private mutating func otherMaps() -> String {
    var text = ""
    for stem in files.stems(in: "maps", ".csv")
    where !maps.contains("<code>maps/\(HTML.text(stem)).csv</code>") && !unread.contains(where: { $0.path == "maps/\(stem).csv" })
      && files.has("maps/\(stem).csv") && !stem.hasSuffix("-before")
    {
      let file = "maps/\(stem).csv"
      var rows = Rows()
      var holes = 0
      do throws(Complaint) {
        for (_, fields) in try CSV.rows(of: Input(files.path(file)).rest()) where fields.count > 1 && fields[0] != "source_id" {
          let isHole = fields[1].isEmpty || fields[1] == IDMap.missingMark
          if isHole { holes += 1 }
          rows.add(
            HTML.row(
              "<code>\(HTML.text(fields[0], atMost: 80))</code>",
              [
                isHole ? "<strong>nothing</strong>" : "<code>\(HTML.text(fields[1], atMost: 80))</code>",
                HTML.name(fields.count > 2 ? fields[2] : ""),
              ]))
        }
      } catch {
        unread.append(Unread(file, error, in: files))
      }
      let title = stem.replacing("-", with: " ")
      text +=
        "<h3>\(HTML.text(title.prefix(1).uppercased() + title.dropFirst()))</h3>\n<p><code>\(HTML.text(file))</code>: \(HTML.counted(rows.count, "row")), \(HTML.number(holes)) without an id in the target.</p>\n"
      if rows.count > 0 {
        text += HTML.table("The map of \(HTML.text(title))", ["source", "target", "name"], rows.markup) + rows.rest("row", in: file)
      }
    }
    return text
  }

  /// Errors: `local`.
  private func writeFiles(_ write: ([UInt8]) throws(Complaint) -> Void) throws(Complaint) {
    let text =
      "<section id=\"files\" aria-labelledby=\"title-files\">\n<h2 id=\"title-files\">Files</h2>\n"
      + "<p>All files of the folder, with their SHA-256, as <code>sha256sum</code> prints it.</p>\n<table class=\"files\"><caption class=\"hidden\">Files and their checksums</caption><thead><tr><th scope=\"col\">file</th><th scope=\"col\" class=\"number\">bytes</th><th scope=\"col\">SHA-256</th></tr></thead><tbody>\n"
    try write(Array(text.utf8))
    try files.forEachChecksum { file, digest throws(Complaint) in
      let reserve = files.reserve(of: file).map { " <span class=\"soft\">\($0.rawValue)</span>" } ?? ""
      try write(
        Array(
          "<tr><th scope=\"row\"><code>\(HTML.text(file.path, atMost: 300))</code>\(reserve)</th><td class=\"number\">\(HTML.number(file.size))</td><td>\(digest.map { "<code>\($0)</code>" } ?? "")</td></tr>\n"
            .utf8))
    }
    try write(Array("</tbody></table>\n</section>\n".utf8))
  }
}
