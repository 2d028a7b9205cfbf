import Base
import Markup
import Support
import SystemPackage
import Testing

@Suite struct StylesheetTests {
  private func stylesheet(_ body: String, _ attributes: String = "") throws(Complaint) -> Stylesheet {
    try Stylesheet(
      compiling: Array("<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform' \(attributes)>\(body)</xsl:stylesheet>".utf8),
      named: "test.xsl")
  }

  /// What the elements below the root of the result hold, each on one line.
  private func lines(_ body: String, _ attributes: String = "", of document: String = "<a/>", with parameters: [(name: String, value: String)] = [])
    throws(Complaint) -> [String]
  {
    let compiled = try stylesheet(body, attributes)
    var lines: [String] = []
    try compiled.apply(to: Array(document.utf8), parameters: parameters) { result throws(Complaint) in
      try result.forEachElement { element throws(Complaint) in lines.append(String(decoding: element.contentOnOneLine(), as: UTF8.self)) }
    }
    return lines
  }

  private func complaint(_ body: () throws(Complaint) -> Void) -> Complaint? {
    do throws(Complaint) {
      try body()
      return nil
    } catch { return error }
  }

  // MARK: Walls

  /// A file that could be read, were there no wall.
  private func withFile(_ body: (String) throws -> Void) async throws {
    try await Files.withScratch { folder in
      let path = folder.appending("secret.xml")
      try Files.write(
        Array("<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'><xsl:variable name='x'/></xsl:stylesheet>".utf8),
        to: path)
      try body(path.string)
    }
  }

  @Test func readsNoDocuments() async throws {
    try await withFile { path in
      for place in [path, "file://" + path, "http://127.0.0.1:9/x.xml", "ftp://127.0.0.1/x", "no-such.xml"] {
        let found = complaint { () throws(Complaint) in
          _ = try lines("<xsl:template match='/'><o><e><xsl:copy-of select=\"document('\(place)')\"/></e></o></xsl:template>")
        }
        #expect(found?.kind == .refused, "\(place)")
        #expect(found?.reason.contains("the stylesheet failed") == true, "\(found?.reason ?? "taken")")
      }
    }
  }

  @Test func includesNoFiles() async throws {
    try await withFile { path in
      for element in ["include", "import"] {
        let found = complaint { () throws(Complaint) in _ = try stylesheet("<xsl:\(element) href='\(path)'/><xsl:template match='/'/>") }
        #expect(found?.kind == .refused, "\(element)")
        #expect(found?.place == "test.xsl")
      }
      // The same file is no module by its name alone.
      #expect(complaint { () throws(Complaint) in _ = try stylesheet("<xsl:include href='qtbx:/no/such.xsl'/>") } != nil)
    }
  }

  @Test func writesNoFiles() async throws {
    try await Files.withScratch { folder in
      let path = folder.appending("written.xml").string
      for (element, namespace) in [
        ("exsl:document", "xmlns:exsl='http://exslt.org/common' extension-element-prefixes='exsl'"),
        ("saxon:output", "xmlns:saxon='http://icl.com/saxon' extension-element-prefixes='saxon'"),
        ("xalan:write", "xmlns:xalan='org.apache.xalan.xslt.extensions.Redirect' extension-element-prefixes='xalan'"),
        ("xt:document", "xmlns:xt='http://www.jclark.com/xt' extension-element-prefixes='xt'"),
        ("xsl:document", ""),
      ] {
        let found = complaint { () throws(Complaint) in
          _ = try lines(
            "<xsl:template match='/'><o><\(element) href='\(path)' file='\(path)' select='\"\(path)\"' method='xml'><x/></\(element)></o>"
              + "</xsl:template>",
            namespace)
        }
        #expect(found != nil, "\(element)")
        #expect(!Files.exists(FilePath(path)), "\(element)")
      }
      // Nor folders on the way to one.
      let deep = folder.appending("new").appending("written.xml").string
      _ = complaint { () throws(Complaint) in
        _ = try lines("<xsl:template match='/'><o><xsl:document href='\(deep)'><x/></xsl:document></o></xsl:template>")
      }
      #expect(Files.names(in: folder).isEmpty)
    }
  }

  // MARK: Failures

  @Test func saysWhatTheStylesheetSays() {
    let found = complaint { () throws(Complaint) in
      _ = try lines("<xsl:template match='/'><o/><xsl:message terminate='yes'>asset group  \"Web\"\nhas no ID</xsl:message></xsl:template>")
    }
    #expect(found?.kind == .refused)
    #expect(found?.reason.contains("asset group \"Web\" has no ID") == true, "\(found?.reason ?? "taken")")
    // A message alone is no failure.
    #expect(complaint { () throws(Complaint) in _ = try lines("<xsl:template match='/'><o/><xsl:message>x</xsl:message></xsl:template>") } == nil)
  }

  @Test(arguments: [
    "<xsl:template match='/'><o><xsl:call-template name='x'/></o></xsl:template><xsl:template name='x'><xsl:call-template name='x'/></xsl:template>",
    "<xsl:template match='/'><o><xsl:apply-templates select='a' mode='x'/></o></xsl:template>"
      + "<xsl:template match='a' mode='x'><b><xsl:apply-templates select='.' mode='x'/></b></xsl:template>",
    "<xsl:template match='/'><o><xsl:call-template name='x'/></o></xsl:template>"
      + "<xsl:template name='x'><xsl:param name='n' select='0'/>"
      + "<xsl:call-template name='x'><xsl:with-param name='n' select='$n + 1'/></xsl:call-template></xsl:template>",
  ])
  func endsARunawayRecursion(_ body: String) {
    let found = complaint { () throws(Complaint) in _ = try lines(body) }
    #expect(found?.kind == .refused)
    #expect(found?.reason.contains("infinite template recursion") == true, "\(found?.reason ?? "taken")")
  }

  static let broken = [
    "<xsl:template match='/'><xsl:value-of select='('/></xsl:template>", "<xsl:template match='//['/>", "<xsl:template/>",
    "<xsl:template match='/'>",
  ]

  @Test(arguments: broken)
  func refusesWhatDoesNotCompile(_ body: String) {
    let found = complaint { () throws(Complaint) in _ = try stylesheet(body) }
    #expect(found?.kind == .refused)
    #expect(found?.place == "test.xsl")
    #expect(found?.reason.hasPrefix("the stylesheet does not compile: ") == true && found?.reason.hasSuffix(": ") == false)
  }

  static let failing = [
    "<xsl:value-of select='$nonesuch'/>", "<xsl:value-of select='nonesuch()'/>", "<xsl:call-template name='nonesuch'/>",
    "<xsl:value-of select='x:f()' xmlns:x='urn:x'/>",
  ]

  @Test(arguments: failing)
  func refusesWhatFails(_ element: String) {
    #expect(complaint { () throws(Complaint) in _ = try lines("<xsl:template match='/'><o>\(element)</o></xsl:template>") }?.kind == .refused)
  }

  /// One failure leaves nothing behind for the next run of the same stylesheet.
  @Test func worksAfterAFailure() throws {
    let compiled = try stylesheet(
      "<xsl:template match='/'><o><xsl:if test='a/@bad'><xsl:message terminate='yes'>bad</xsl:message></xsl:if>"
        + "<e><xsl:value-of select='a'/></e></o></xsl:template>"
    )
    for text in ["1", "2", "3"] {
      #expect(
        complaint { () throws(Complaint) in try compiled.apply(to: Array("<a bad=''/>".utf8), parameters: []) { _ throws(Complaint) in } } != nil)
      var found = ""
      try compiled.apply(to: Array("<a>\(text)</a>".utf8), parameters: []) { result throws(Complaint) in
        try result.forEachElement { element throws(Complaint) in found += element.text }
      }
      #expect(found == text)
    }
  }

  // MARK: Results

  @Test func passesParameters() throws {
    let body = "<xsl:param name='p'>none</xsl:param><xsl:template match='/'><o><e><xsl:value-of select='$p'/></e></o></xsl:template>"
    #expect(try lines(body) == ["none"])
    // Text, never XPath, whatever quotes it has.
    for value in ["x", "it's", "say \"x\"", "it's \"x\"", "/a", "1 div 0", "ä"] {
      let escaped = value
      #expect(try lines(body, with: [("p", value)]) == [escaped], "\(value)")
    }
    #expect(try lines(body, with: [("p", "<&>")]) == ["&lt;&amp;&gt;"])
  }

  @Test func writesOnOneLine() throws {
    let body = "<xsl:template match='/'><o><e><xsl:copy-of select='/a/node()'/></e></o></xsl:template>"
    let document = "<a>\n<b c=\"&#10;&#9;&quot;&lt;&amp;'>\">&amp;&lt;&gt;\"'&#13;\r\n\t</b><!-- x --><?p q?><e/>ä😀</a>"
    let line = try #require(try lines(body, of: document).first)
    #expect(!line.utf8.contains { $0 < 0x20 })
    // Comments are not carried.
    #expect(line == "&#10;<b c=\"&#10;&#9;&quot;&lt;&amp;'&gt;\">&amp;&lt;&gt;\"'&#13;&#10;&#9;</b><?p q?><e/>ä😀")
    // Read again, it says the same.
    #expect(try lines(body, of: "<a>" + line + "</a>") == [line])
  }

  @Test func keepsNamespacesOnOneLine() throws {
    let body = "<xsl:template match='/'><o><e><xsl:copy-of select='/a/*'/></e></o></xsl:template>"
    let line = try #require(try lines(body, of: "<a><x:b xmlns:x='urn:x' x:c='1'><d xmlns='urn:d'/></x:b></a>").first)
    #expect(line == "<x:b xmlns:x=\"urn:x\" x:c=\"1\"><d xmlns=\"urn:d\"/></x:b>")
    #expect(refusal { () throws(Complaint) in try pass(line) } == nil)
  }

  @Test func takesPrefixesFromAround() throws {
    // The declaration stands on an element that is not written.
    let body = "<xsl:template match='/'><o xmlns:x='urn:x'><e><x:b x:c='1'/></e></o></xsl:template>"
    let line = try #require(try lines(body).first)
    #expect(line == "<x:b xmlns:x=\"urn:x\" x:c=\"1\"/>")
    #expect(refusal { () throws(Complaint) in try pass(line) } == nil, "\(line)")
  }

  @Test func givesWhatIsInside() throws {
    let compiled = try stylesheet(
      "<xsl:output indent='yes' omit-xml-declaration='no'/><xsl:template match='/'><o><xsl:copy-of select='/a/*'/></o></xsl:template>")
    func inside(_ document: String) throws -> String {
      var bytes: [UInt8] = []
      try compiled.apply(to: Array(document.utf8), parameters: []) { result throws(Complaint) in bytes = try result.inside() }
      return String(decoding: bytes, as: UTF8.self)
    }
    #expect(try inside("<a><b/><c>1</c></a>") == "  <b/>\n  <c>1</c>\n")
    #expect(try inside("<a/>") == "")
  }

  @Test func makesNoDocument() throws {
    let found = complaint { () throws(Complaint) in _ = try lines("<xsl:template match='/'>text</xsl:template>") }
    #expect(found?.reason == "the stylesheet made no document")
  }
}
