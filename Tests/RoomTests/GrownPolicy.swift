import Support

/// A random policy export, kept in pieces: what is to become of it is put together from these, never read back from bytes.
struct GrownPolicy {
  struct Control {
    var cid: Int
    var text: String
    /// What stands before it: blanks, and perhaps a comment.
    var lead: String
  }

  struct Section {
    var number: Int
    var heading: String
    /// The heading as it is written.
    var written: String
    var controls: [Control]
    /// What stands behind the last control.
    var tail: String
    /// How it ends without a control.
    var empty: String
  }

  var sections: [Section]
  private let title: String
  /// A line end, or nothing in a document of one line.
  private let lineEnd: String
  private let step: String
  private let quote: String
  private let hasTotals: Bool
  private let hasAppendix: Bool
  private let doctype: String

  /// - Parameter repeats: a number may stand in it several times. Few numbers make two policies have many in common.
  init(_ random: inout Seeded, repeats: Bool) {
    lineEnd = random.pick(["\n", "\n", "\r\n", ""])
    step = random.pick(["  ", "\t", " "])
    quote = random.pick(["\"", "'"])
    hasTotals = random.chance(85)
    hasAppendix = random.chance(25)
    doctype = random.pick(["", "<!DOCTYPE POLICY_EXPORT_OUTPUT SYSTEM \"https://qualysapi.example.com/policy_export_output.dtd\">\(lineEnd)"])
    title = random.pick(["<![CDATA[A & B]]>", "A &amp; B", " A "])
    sections = []
    var cids = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 100_003, 100_004].shuffled(using: &random)
    let (inner, outer) = (blank(6), blank(5))
    for number in 0..<random.below(6) {
      let heading = random.pick(["Accounts", "R&D #1", "Zürich", "Services", "x <y>"])
      var controls: [Control] = []
      for _ in 0..<random.pick([0, 1, 1, 2, 3, 8]) {
        guard let cid = repeats ? random.pick(cids) : cids.popLast() else { break }
        let lead = random.chance(15) ? inner + "<!-- <CONTROL> -->" + inner : inner
        controls.append(Control(cid: cid, text: Self.control(cid, &random), lead: lead))
      }
      sections.append(
        Section(
          number: number * 2 + 1, heading: heading, written: Self.written(heading, &random), controls: controls,
          tail: (random.chance(20) ? inner + "<!-- end -->" : "") + outer, empty: random.pick(["/>", "></CONTROLS>", ">\(outer)</CONTROLS>"])))
    }
  }

  private static func written(_ text: String, _ random: inout Seeded) -> String {
    if random.chance(50) { return "<![CDATA[\(text)]]>" }
    let escaped = text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
    return random.chance(30) ? " \(escaped) " : escaped
  }

  private static func control(_ cid: Int, _ random: inout Seeded) -> String {
    let name = random.chance(25) ? "USER_DEFINED_CONTROL" : "CONTROL"
    let odd = random.pick(["\n  <ID>\(cid)</ID>\n", "<!-- c --><ID> 0\(cid)\n</ID>", "<ID ><![CDATA[\(cid)]]></ID >"])
    let id = random.chance(60) ? "<ID>\(cid)</ID>" : odd
    let value = random.pick(["60", "<![CDATA[^umask 027 ]]>", "a <B>b</B> c", "&lt;x&gt;", "<!-- tuned -->7", "Zürich", " ", "\r\n"])
    let reference = random.pick(["", "<REFERENCE_TEXT/>", "<REFERENCE_TEXT a='>'>r\(random.below(50))</REFERENCE_TEXT>"])
    let technology = "<TECHNOLOGY><ID>\(random.below(4))</ID><V>\(value)</V></TECHNOLOGY>"
    return "<\(name)\(random.pick(["", "", " b=\"'>\""]))>\(id)\(reference)<TECHNOLOGIES total=\"1\">\(technology)</TECHNOLOGIES></\(name)>"
  }

  /// Gives some of the controls other values.
  mutating func vary(_ random: inout Seeded) {
    for place in sections.indices {
      for number in sections[place].controls.indices where random.chance(60) {
        sections[place].controls[number].text = Self.control(sections[place].controls[number].cid, &random)
      }
    }
  }

  var cids: Set<Int> { Set(sections.flatMap(\.controls).map(\.cid)) }

  // MARK: Writing

  /// White space before an element at a depth.
  private func blank(_ depth: Int) -> String { lineEnd.isEmpty ? "" : lineEnd + String(repeating: step, count: depth) }

  private func total(_ count: Int) -> String { hasTotals ? " total=\(quote)\(count)\(quote)" : "" }

  /// A section, without the blanks before it.
  private func text(_ section: Section, count: Int? = nil) -> String {
    let tag = "<CONTROLS\(total(count ?? section.controls.count))"
    let content = section.controls.map { $0.lead + $0.text }.joined()
    return "<SECTION>\(blank(5))<NUMBER>\(section.number)</NUMBER>\(blank(5))<HEADING>\(section.written)</HEADING>\(blank(5))"
      + (section.controls.isEmpty ? tag + section.empty : "\(tag)>\(content)\(section.tail)</CONTROLS>") + blank(4) + "</SECTION>"
  }

  private func text(of sections: [String], withAppendix: Bool) -> String {
    """
    <?xml version="1.0" encoding="UTF-8" ?>\(lineEnd)\(doctype)<POLICY_EXPORT_OUTPUT>\(blank(1))<RESPONSE>\(blank(2))<POLICY>\(blank(3))\
    <TITLE>\(title)</TITLE>\(blank(3))<COVER_PAGE><![CDATA[a <b> & c]]></COVER_PAGE>\(blank(3))<TECHNOLOGIES/>\(blank(3))\
    <SECTIONS\(total(sections.count))>\(sections.map { blank(4) + $0 }.joined())\(blank(3))</SECTIONS>\
    \(withAppendix ? "\(blank(3))<APPENDIX><OP><CONTROLS><CONTROL/></CONTROLS></OP></APPENDIX>" : "")\
    \(blank(2))</POLICY>\(blank(1))</RESPONSE>\(lineEnd)</POLICY_EXPORT_OUTPUT>\(lineEnd)
    """
  }

  /// The whole document.
  var text: String { text(of: sections.map { text($0) }, withAppendix: hasAppendix) }

  /// The chosen controls alone, and the sections that they stand in.
  func selected(_ isChosen: (Int) -> Bool) -> String {
    var kept: [String] = []
    for var section in sections {
      let count = section.controls.count { isChosen($0.cid) }
      if count == 0 { continue }
      for number in section.controls.indices where !isChosen(section.controls[number].cid) {
        section.controls[number].text = ""
        // The blanks right before it go with it.
        let lead = section.controls[number].lead
        section.controls[number].lead = lead.hasSuffix(">" + blank(6)) ? blank(6) + "<!-- <CONTROL> -->" : ""
      }
      kept.append(text(section, count: count))
    }
    return text(of: kept, withAppendix: false)
  }

  /// This policy with the chosen controls of an old one.
  func merged(with old: GrownPolicy, _ isChosen: (Int) -> Bool, updates: Bool, adds: Bool) -> String {
    let chosen = old.sections.flatMap { section in section.controls.filter { isChosen($0.cid) }.map { (heading: section.heading, control: $0) } }
    var merged = sections
    // How many of a number there have been under a heading.
    var seen: [String: Int] = [:]
    for place in sections.indices where updates {
      for number in sections[place].controls.indices {
        let alike = chosen.filter { $0.control.cid == sections[place].controls[number].cid }
        let counterparts = alike.filter { $0.heading == sections[place].heading }
        let nth = seen["\(sections[place].controls[number].cid) \(sections[place].heading)", default: 0]
        seen["\(sections[place].controls[number].cid) \(sections[place].heading)"] = nth + 1
        guard let one = nth < counterparts.count ? counterparts[nth] : counterparts.first ?? alike.first else { continue }
        merged[place].controls[number].text = one.control.text
      }
    }
    var new: [String] = []
    var highest = sections.map(\.number).max() ?? 0
    for var section in old.sections where adds {
      let lacking = section.controls.filter { isChosen($0.cid) && !cids.contains($0.cid) }
      if lacking.isEmpty { continue }
      if let landing = sections.firstIndex(where: { $0.heading == section.heading }) {
        if merged[landing].controls.isEmpty { merged[landing].tail = blank(5) }
        merged[landing].controls += lacking.map { Control(cid: $0.cid, text: $0.text, lead: blank(6)) }
      } else {
        highest += 1
        section.number = highest
        section.controls = lacking.map { Control(cid: $0.cid, text: $0.text, lead: old.blank(6)) }
        section.tail = old.blank(5)
        new.append(old.text(section))
      }
    }
    return text(of: merged.map { text($0) } + new, withAppendix: false)
  }
}
