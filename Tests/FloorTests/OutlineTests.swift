import Base
import Markup
import Support
import Testing

@Suite struct OutlineTests {
  /// What libxml2 sees in a document: a line for each element of a record, in the order of their start tags.
  static let dump = """
    <xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
      <xsl:template match="/">
        <o>
          <xsl:for-each select="//*[ancestor-or-self::REC or ancestor-or-self::ITEM]">
            <e name="{name()}" parent="{name(..)}" leaf="{not(*)}">
              <t><xsl:value-of select="."/></t>
              <xsl:for-each select="@*"><a name="{name()}"><xsl:value-of select="."/></a></xsl:for-each>
            </e>
          </xsl:for-each>
        </o>
      </xsl:template>
    </xsl:stylesheet>
    """

  struct Seen: Equatable {
    var name: String
    var parent: String?
    var isLeaf: Bool
    var text: String
    var attributes: [String: String]
  }

  /// The walk over the bytes and the tree of libxml2 agree on every element, attribute and text.
  @Test func agreesWithTheTree() throws {
    let stylesheet = try Stylesheet(compiling: Array(Self.dump.utf8), named: "dump.xsl")
    var outline = Outline()
    var elements = 0
    var attributes = 0
    for seed in 0..<80 as Range<UInt64> {
      for record in try pass(Grown(seed: seed).text, records: Grown.records).records {
        var expected: [Seen] = []
        // Alone, so that nothing but the record is an ancestor.
        try stylesheet.apply(to: Array(record.text.utf8), parameters: []) { result throws(Complaint) in
          try result.forEachElement { element throws(Complaint) in
            var seen = Seen(
              name: element.attribute("name") ?? "", parent: element.attribute("parent"), isLeaf: element.attribute("leaf") == "true", text: "",
              attributes: [:])
            try element.forEachChild { child throws(Complaint) in
              if child.name == "t" { seen.text = child.text } else { seen.attributes[child.attribute("name") ?? ""] = child.text }
            }
            expected.append(seen)
          }
        }
        outline.read(Array(record.text.utf8))
        var found: [Seen] = []
        for element in outline.elements {
          var values: [String: String] = [:]
          for index in element.attributes {
            let attribute = outline.attributes[Int(index)]
            // A declaration of a namespace is no attribute to XPath.
            if outline.string(attribute.name).hasPrefix("xmlns") { continue }
            values[outline.string(attribute.name)] = outline.text(attribute.value)
          }
          attributes += values.count
          found.append(
            Seen(
              name: outline.string(element.name), parent: element.parent < 0 ? "" : outline.string(outline.elements[Int(element.parent)].name),
              isLeaf: element.isLeaf, text: outline.text(element.content),
              attributes: values))
        }
        #expect(found == expected, "seed \(seed): \(record.text)")
        elements += found.count
        try expectRanges(outline)
      }
    }
    #expect(elements > 400 && attributes > 200)
  }

  /// Each range is where it says, and lies in that of the element around it.
  private func expectRanges(_ outline: borrowing Outline) throws {
    for element in outline.elements {
      let whole = outline.string(element.whole)
      let tag = outline.string(element.tag)
      let name = outline.string(element.name)
      #expect(whole.hasPrefix(tag) && tag.hasPrefix("<" + name) && tag.hasSuffix(">"))
      if tag.hasSuffix("/>") {
        #expect(whole == tag && element.content.isEmpty)
      } else {
        let end = outline.string(element.content.upperBound..<element.whole.upperBound)
        #expect(whole == tag + outline.string(element.content) + end)
        #expect(end.hasPrefix("</" + name) && end.hasSuffix(">"))
      }
      if element.parent >= 0 {
        let parent = outline.elements[Int(element.parent)].content
        #expect(parent.lowerBound <= element.whole.lowerBound && element.whole.upperBound <= parent.upperBound)
      }
      for index in element.attributes {
        let value = outline.attributes[Int(index)].value
        let quotes = outline.string(value.lowerBound - 1..<value.lowerBound) + outline.string(value.upperBound..<value.upperBound + 1)
        #expect(quotes == "\"\"" || quotes == "''")
      }
    }
  }

  static let texts: [(content: String, text: String)] = [
    ("", ""), ("plain", "plain"), ("ä€😀", "ä€😀"),
    ("&amp;&lt;&gt;&quot;&apos;", "&<>\"'"), ("&amp;lt;", "&lt;"),
    ("&#65;&#x41;&#x20ac;&#x20AC;&#128512;&#0065;", "AA€€😀A"), ("&#13;&#10;&#9;", "\r\n\t"), ("&#38;amp;", "&amp;"),
    ("<![CDATA[<a>&amp;]]>", "<a>&amp;"), ("a<![CDATA[b]]><![CDATA[]]>c", "abc"), ("<![CDATA[x]]]>", "x]"),
    ("<![CDATA[x]]]]><![CDATA[>y]]>", "x]]>y"),
    ("a<!-- b > c -->d", "ad"), ("a<!---->d", "ad"), ("a<!--> b -->d", "ad"), ("a<!---> b -->d", "ad"), ("a<!-- <b> ' -->d", "ad"),
    ("a<?p b > c ?>d", "ad"), ("a<?p?>d", "ad"), ("a<?p <!-- ?>d", "ad"), ("<?p ???>d", "d"),
    ("a\r\nb\rc\nd\r", "a\nb\nc\nd\n"), ("<![CDATA[a\r\nb\rc]]>", "a\nb\nc"), ("a\r<!-- -->\nb", "a\n\nb"), ("\r\r\n\n", "\n\n\n"),
    ("a<b>d</b>e", "ade"), ("a<b c='>'>d</b>e", "ade"), ("a<b/>e", "ae"), ("a\u{301}", "a\u{301}"), ("  a  ", "  a  "),
  ]

  @Test(arguments: texts)
  func readsTexts(_ one: (content: String, text: String)) throws {
    let document = "<R>" + one.content + "</R>"
    #expect(Array(Outline.text(of: Array(one.content.utf8)[...]).utf8) == Array(one.text.utf8))
    // The table itself is right only if libxml2 says so.
    let stylesheet = try Stylesheet(
      compiling: Array(
        """
        <xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
          <xsl:template match="/"><o><v><xsl:value-of select="."/></v></o></xsl:template>
        </xsl:stylesheet>
        """.utf8), named: "test.xsl")
    try stylesheet.apply(to: Array(document.utf8), parameters: []) { result throws(Complaint) in
      try result.forEachElement { element throws(Complaint) in #expect(Array(element.text.utf8) == Array(one.text.utf8)) }
    }
  }

  @Test func findsWhatItIsAskedFor() {
    var outline = Outline()
    outline.read(Array("<R a='1'><ID>1</ID><SET><IP n='2'>x</IP><ID>3</ID></SET><ID>4</ID><E/></R>".utf8))
    #expect(outline.text(ofChild: "ID") == "1")
    #expect(outline.text(ofChild: "IP") == nil)
    #expect(outline.text(ofChild: "E") == "")
    #expect((0..<outline.elements.count).map { outline.path(to: $0) } == ["", "ID", "SET", "SET/IP", "SET/ID", "ID", "E"])
    #expect(
      outline.has(outline.elements[2].name, "SET") && !outline.has(outline.elements[2].name, "SE") && !outline.has(outline.elements[2].name, "SET "))
    #expect(outline.has(outline.elements[2].name, Array("SET".utf8)) && !outline.has(outline.elements[2].name, Array("XET".utf8)))
    #expect(outline.hasAttribute("n") && outline.hasAttribute("a") && !outline.hasAttribute("IP"))
    // The memory is used again, and nothing of the last record is left in it.
    outline.read(Array("<R/>".utf8))
    #expect(outline.elements.count == 1 && outline.attributes.isEmpty)
    #expect(outline.text(ofChild: "ID") == nil)
  }

  /// What no stream has checked has no outline worth having; but reading it, and asking for anything, ends: at every byte where a document may be cut off,
  /// and with any byte in place of another.
  @Test func whateverIsReadHasAnEnd() {
    let whole = Array(
      "<a k='1' key=\"x>\" ><!-- c --><b:B key='t'><![CDATA[ d ]]>&amp;&#65;<c/><?p i?></b:B><ID>7</ID><IP_MAP><V4>1</V4></IP_MAP>t</a >".utf8)
    func ask(_ bytes: [UInt8]) {
      var outline = Outline()
      outline.read(bytes)
      for index in outline.elements.indices {
        let element = outline.elements[index]
        for range in [element.name, element.tag, element.content, element.whole] {
          #expect(range.lowerBound >= 0 && Int(range.upperBound) <= bytes.count)
          _ = outline.text(range)
          _ = outline.plainRun(in: range)
        }
        _ = (outline.path(to: index), outline.ownText(of: index), outline.has(index, step: Array("B[key=t]".utf8)))
      }
      for attribute in outline.attributes { _ = (outline.string(attribute.name), outline.text(attribute.value)) }
      _ = (outline.text(at: "IP_MAP/V4"), outline.text(at: "@k"), outline.text(at: "."), outline.hasAttribute("k"))
      _ = Outline.text(of: bytes[...])
      _ = bytes.withUnsafeBufferPointer { Outline.children("ID", "IP_MAP", of: $0) }
    }
    for end in 0...whole.count {
      ask(Array(whole[..<end]))
      ask(Array(whole[end...]))
    }
    let marks = Array("<>/!?-[]&;'\"= a".utf8)
    for at in whole.indices {
      for mark in marks {
        var bytes = whole
        bytes[at] = mark
        ask(bytes)
      }
    }
    for seed in 0..<3000 as Range<UInt64> {
      var random = Seeded(seed)
      ask(
        (0..<random.below(40)).flatMap { _ in
          Array(random.pick(["<", ">", "/", "<!--", "-->", "<![CDATA[", "]]>", "<?", "?>", "&", ";", "a", " ", "='", "\"", "</a>"]).utf8)
        })
    }
  }

  @Test func escapes() {
    #expect(String(decoding: Outline.escaped("a<b>&\"'\r\nä"), as: UTF8.self) == "a&lt;b&gt;&amp;&quot;&apos;&#13;\nä")
    for text in ["", "a", "<R a=\"1\">&amp;</R>", "\r\n\r", "]]>", "é😀"] {
      #expect(Array(Outline.text(of: Outline.escaped(text)[...]).utf8) == Array(text.utf8))
    }
  }
}
