import Base
import Markup
import Requests
import Support
import SystemPackage
import Testing

@Suite struct RequestLineTests {
  /// A parameter. Outside of its module one is made by changing another.
  private func parameter(name: String, value: String, isSecret: Bool = false) -> Request.Parameter {
    guard case .request(let request) = try? RequestLine(parsing: Array("/a?b=c".utf8)), var parameter = request.parameters.first else {
      preconditionFailure("no line is read at all")
    }
    (parameter.name, parameter.value, parameter.isSecret) = (name, value, isSecret)
    return parameter
  }

  // MARK: Round trips

  /// A random request, of those that a list can hold.
  private func request(_ random: inout Seeded) -> Request {
    let pieces = [
      "a", "Web", "&", "=", "#", "%", "+", "?", "/", " ", "\t", "\n", "\r\n", "\"", "'", "{", "}", "{secret:a/b/c}", "<b>", "\\", "ä", "€", "😀",
      "\u{301}",
      "[1-3]", "@", ",", ";", "\u{7F}", "\u{80}", "\u{85}", "\u{9F}", "\u{A0}", "\u{FEFF}", "\u{1}", "\u{2028}", "%41",
    ]
    func text(atLeast least: Int, _ random: inout Seeded) -> String {
      (0..<(least + random.below(6))).map { _ in random.pick(pieces) }.joined()
    }
    var request = Request(
      method: random.pick(["POST", "POST", "GET", "PUT", "DELETE"]),
      path: random.pick(["/api/2.0/fo/asset/group/", "/qps/rest/2.0/create/am/tag", "/", "/a%20b/c;d=e/~x", "/msp/x.php", "/a/@b:c!$&'()*+,"]))
    for _ in 0..<random.below(5) {
      let name = random.chance(70) ? random.pick(["action", "title", "ips", "echo_request", "id"]) : text(atLeast: 1, &random)
      if request.parameters.contains(where: { $0.name == name }) { continue }
      let isSecret = random.chance(15)
      let secret = "kind/" + text(atLeast: 1, &random).replacing("/", with: "") + "x/password"
      request.parameters.append(parameter(name: name, value: isSecret ? secret : text(atLeast: 0, &random), isSecret: isSecret))
    }
    if random.chance(50) { request.origin = (random.pick(["asset-group", "tag", "x-1"]), text(atLeast: 1, &random)) }
    switch random.below(3) {
    case 0 where request.method != "GET":
      let content = ["", "a &amp; b", "\t", "<b c=\"'\u{301}\">ä😀</b>", "&#10;", "<S><?qtbx-secret a/b/c?></S>", "\\\"", "<![CDATA[<x>]]>", "{}"]
      request.body = .xml(Array(("<R" + random.pick(["", " a='1'"]) + ">" + random.pick(content) + random.pick(content) + "</R>").utf8))
    case 1 where request.method != "GET": request.body = .file(random.pick(["body.xml", "/tmp/a b.xml", "@x", "ä\t\"\\.xml", "../x#y?z"]))
    default: break
    }
    return request
  }

  @Test func goesRound() throws {
    var random = Seeded(1)
    for _ in 0..<3000 {
      let request = request(&random)
      let line = request.line
      #expect(line.last == 0x0A && line.count { $0 == 0x0A } == 1)
      guard case .request(let found) = try RequestLine(parsing: Array(line.dropLast())) else {
        Issue.record("a comment: \(request)")
        continue
      }
      #expect(found == request)
      #expect(found.line == line)
    }
  }

  /// Whether a request may stand in a list is what its reader says, and in the reader's words: however it is found out.
  @Test func checksAsTheReaderDoes() {
    let paths = [
      "/api/2.0/fo/asset/group/", "/api/2.0/fo/asset/group/", "/api/2.0/fo/asset/group/", "/a_b-c.d/E9", "/", "", "a", "a/b", "//a", "/a//b", "/.a",
      "/a/.", "/a/../b", "/..", "/a/..b", "/a..b", "/a%41", "/a%2e", "/%2E%2e/a", "/a%00", "/a%", "/a b", "/ä", "/{a}", "/a?b=c", "/a?", "/a#tag=1",
      "/a#", "/a\tb", "/a\n", "/a\r", "/a\u{7F}", "#", "/a;b=c", "/a+b", "/~a", "/a\\b", "/a\u{0}", "POST\t/a",
    ]
    let names = ["action", "title", "title", "ips", "", "a b", "{x}", "a\u{0}", "\u{0}", "ä", "a\u{308}", "&=#", "%41", "A"]
    let pieces = ["a", "1", " ", "&", "=", "#", "%", "+", "{", "}", "/", "\t", "\n", "\r", "ä", "\u{85}", "\u{FEFF}", "{secret:a/b/c}"]
    var random = Seeded(11)
    var taken = 0
    var refused: Set<String> = []
    for _ in 0..<6000 {
      func text() -> String { (0..<random.below(4)).map { _ in random.chance(1) ? "\u{0}" : random.pick(pieces) }.joined() }
      var request = Request(path: random.chance(60) ? "/api/2.0/fo/asset/group/" : random.pick(paths))
      if random.chance(10) { request.method = random.pick(["GET", "PUT", "DELETE", "PATCH", "", "post"]) }
      for _ in 0..<random.below(4) {
        let isSecret = random.chance(5)
        let value = isSecret ? random.pick(["a/b/c", "a/b", "", "a/{b}/c", "a/\u{0}/c"]) : text()
        request.parameters.append(parameter(name: random.pick(names), value: value, isSecret: isSecret))
      }
      if random.chance(60) {
        let kind = random.chance(80) ? "asset-group" : random.pick(["tag", "x-1", "-", "Tag", "", "a b", "ä", "a=b", "a#b", "a_b", "a\u{0}"])
        request.origin = (kind, random.chance(80) ? "4000001" : text())
      }
      if random.chance(10) {
        let bodies = ["<a/>", "<a>b\tc</a>", "<a>\n</a>", "<a>\u{85}</a>", "<a>", "text", "", "<!-- --><a/>", "<a>&e;</a>", "<a>\u{0}</a>", "@a"]
        request.body = random.chance(70) ? .xml(Array(random.pick(bodies).utf8)) : .file(random.pick(["a.xml", "", "a\tb", "a\nb", "\u{9F}", "ä"]))
      }
      var read: RequestLine?
      let why = refusal { () throws(Complaint) in read = try RequestLine(parsing: Array(request.line.dropLast())) }
      let reason = refusal { () throws(Complaint) in try request.check() }
      if read == .request(request) {
        taken += 1
        #expect(reason == nil, "\(request)")
      } else {
        let expected = why ?? "it would be read as another one"
        refused.insert(expected)
        #expect(reason?.hasSuffix("cannot stand in a list: " + expected) == true, "\(request): \(reason ?? "taken"), not \(expected)")
      }
    }
    // Both are met often enough to mean something.
    #expect(taken > 1500)
    #expect(refused.count > 30, "\(refused.count)")
  }

  static let lines = [
    "/a", "/a?b=c", "/a?b=", "/a?b=c&d=e#tag=1", "/a#asset-group=4000001",
    "/a?b=%26%3D%23%25%2B%20%0A%C3%A4#x-1=%2F%20%23".replacing("%2F", with: "/"),
    "/a?password={secret:auth/Web%20DB/password}", "/a?b=%7Bx%7D", "/a?b=a,b:c/d-e.f_g~h", "GET\t/a?b=c", "GET\t/a", "DELETE\t/a?b=c#tag=1",
    "PUT\t/a",
    "POST\t/a\t<b>c</b>", "POST\t/a?x=1#tag=5\t<b>c\td</b>", "PUT\t/a\t@body.xml", "POST\t/a\t@../a\tb.xml", "POST\t/a\t<b/>",
  ]

  /// A line that is written as these programs write it stays as it is.
  @Test(arguments: lines)
  func keepsLines(_ line: String) throws {
    guard case .request(let request) = try RequestLine(parsing: Array(line.utf8)) else {
      Issue.record("a comment")
      return
    }
    #expect(String(decoding: request.line, as: UTF8.self) == line + "\n")
  }

  @Test func readsForeignSpellings() throws {
    // Escapes in lower case, and of characters that need none.
    guard case .request(let request) = try RequestLine(parsing: Array("/a?%74itle=%c3%a4%41".utf8)) else { return }
    #expect(request.parameters == [parameter(name: "title", value: "äA")])
    #expect(String(decoding: request.line, as: UTF8.self) == "/a?title=%C3%A4A\n")
  }

  @Test(arguments: ["", "# a comment", "#", "#/a?b=c", "# ä \t x"])
  func keepsComments(_ line: String) throws {
    #expect(try RequestLine(parsing: Array(line.utf8)) == .comment(line))
  }

  @Test func tellsSecretsFromText() throws {
    guard case .request(let request) = try RequestLine(parsing: Array("/a?p={secret:auth/A%2FB/password}&q=%7Bsecret:a/b/c%7D".utf8)) else { return }
    #expect(request.parameters.map(\.isSecret) == [true, false])
    #expect(request.parameters.map(\.value) == ["auth/A/B/password", "{secret:a/b/c}"])
  }

  // MARK: Refusals

  static let refused: [(line: String, reason: String)] = [
    ("a", "not a URL that begins with /"),
    (" /a", "not a URL that begins with /"),
    ("//host/a", "not a URL that begins with /"),
    ("https://qualysapi.qualys.eu/a", "names a server"),
    ("/a b", "the URL has \" \""),
    ("/a?b=ä", "a character that is not ASCII"),
    ("/a?b=\"", "must be percent-encoded"),
    ("/a?b=<", "must be percent-encoded"),
    ("/a?b=\\", "must be percent-encoded"),
    ("/a?", "is not a parameter"),
    ("/a?b", "is not a parameter"),
    ("/a?b=c&", "is not a parameter"),
    ("/a?&b=c", "is not a parameter"),
    ("/a?=c", "is not a parameter"),
    ("/a?b=c+d", "may mean a blank"),
    ("/a?b=%", "not percent-encoded UTF-8"),
    ("/a?b=%4", "not percent-encoded UTF-8"),
    ("/a?b=%4G", "not percent-encoded UTF-8"),
    ("/a?b=%C3", "not percent-encoded UTF-8"),
    ("/a?b=%FF", "not percent-encoded UTF-8"),
    ("/a?b=%C0%AF", "not percent-encoded UTF-8"),
    ("/a?b=%ED%A0%80", "not percent-encoded UTF-8"),
    ("/a?b=%00", "not percent-encoded UTF-8"),
    ("/a?%FF=b", "a parameter's name is not percent-encoded UTF-8"),
    ("/a?b=1&b=2", "the parameter b is given twice"),
    ("/a?b=1&%62=2", "the parameter b is given twice"),
    ("/a?b={x}", "the value of b has a brace"),
    ("/a?b={secret:x/y/z", "the value of b has a brace"),
    ("/a?b=x{secret:x/y/z}", "the value of b has a brace"),
    ("/a?b={secret:x/y/z}x", "the value of b has a brace"),
    ("/a?b={secret:x/{y}/z}", "the value of b has a brace"),
    ("/a?b={secret:x/y}", "is not KIND/TITLE/FIELD"),
    ("/a?b={secret:}", "is not KIND/TITLE/FIELD"),
    ("/a?{b}=c", "a parameter's name"),
    ("/{a}", "the path has a brace"),
    ("/a/../b", "the path has a segment"),
    ("/a/./b", "the path has a segment"),
    ("/a/%2e%2E/b", "the path has a segment"),
    ("/a/..", "the path has a segment"),
    ("/a#", "the fragment"),
    ("/a#tag", "the fragment"),
    ("/a#tag=", "the fragment"),
    ("/a#=1", "the fragment"),
    ("/a#Tag=1", "the fragment"),
    ("/a#tag=%FF", "the fragment"),
    ("/a#tag=1#2", "the fragment"),
    ("/a\r", "ends with a carriage return"),
    ("/a\r?b=c", "has the control character"),
    ("/a\u{7F}", "has the control character"),
    ("/a?b=\u{0}", "has the control character"),
    ("/a?b=c\u{80}", "has the control character U+0080"),
    ("POST\t/a\t<b>\u{9F}</b>", "has the control character U+009F"),
    ("POST\t/a\t@\u{85}", "has the control character U+0085"),
    ("# \u{1B}[2J", "has the control character U+001B"),
    ("# \u{7F}", "has the control character U+007F"),
    ("#\r", "ends with a carriage return"),
    ("\u{FEFF}/a", "begins with a byte order mark"),
    ("\u{FEFF}# comment", "begins with a byte order mark"),
    ("/a%00", "the path is not percent-encoded UTF-8"),
    ("/a%zz", "the path is not percent-encoded UTF-8"),
    ("/a?%00=b", "a parameter's name is not percent-encoded UTF-8"),
    ("/a#tag=%00", "the fragment"),
    ("get\t/a", "\"get\" is not a method"),
    ("PATCH\t/a", "\"PATCH\" is not a method"),
    ("\t/a", "\"\" is not a method"),
    ("/a\t/b", "is not a method"),
    ("POST\t/a", "a POST line with a method has a body"),
    ("GET\t/a\t<b/>", "a GET has no body"),
    ("GET\t", "not a URL that begins with /"),
    ("POST\t/a\t", "the body is not one element"),
    ("POST\t/a\t@", "the body names no file"),
    ("POST\t/a\ttext", "the body is not one element"),
    ("POST\t/a\t <b/>", "the body is not one element"),
    ("POST\t/a\t<?xml version='1.0'?><b/>", "the body is not one element"),
    ("POST\t/a\t<!DOCTYPE b><b/>", "the body is not one element"),
    ("POST\t/a\t<!-- --><b/>", "the body is not one element"),
    ("POST\t/a\t<b>", "the body is not XML"),
    ("POST\t/a\t<b/><c/>", "the body is not XML"),
    ("POST\t/a\t<b>&e;</b>", "refers to an entity"),
    ("POST\t/a\t<b/>x", "the body is not XML"),
  ]

  @Test(arguments: refused)
  func refuses(_ one: (line: String, reason: String)) {
    let reason = refusal { () throws(Complaint) in _ = try RequestLine(parsing: Array(one.line.utf8)) }
    #expect(reason?.contains(one.reason) == true, "\(reason ?? "taken")")
  }

  // MARK: One set of rules for writer and reader

  /// Whatever a stylesheet writes is refused there and then, or is read as what it was. Nothing raw on a line is a control character.
  @Test func readsWhatAStylesheetWrites() throws {
    let stylesheet = try Stylesheet(
      compiling: Array(
        """
        <xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
          <xsl:template match="/"><requests><xsl:copy-of select="*"/></requests></xsl:template>
        </xsl:stylesheet>
        """.utf8), named: "copy.xsl")
    let texts = [
      "a", "&#127;", "\u{7F}", "\u{80}", "&#x85;", "\u{9F}", "\u{A0}", "\u{A7}", "\u{C2}", "&amp;#133;", "&#10;", "&lt;!--", "--&gt;", "?&gt;",
      "]]&gt;",
    ]
    var random = Seeded(7)
    var written = 0
    for _ in 0..<2000 {
      func text(_ count: Int) -> String { (0..<random.below(count)).map { _ in random.pick(texts) }.joined() }
      let content = text(6)
      let odd = random.below(12)
      let inside = odd == 0 ? "<?p \(random.pick(["x", "\u{85}", "\u{7F}"]))?>" : odd == 1 ? "<!-- \(random.pick(["x", "\u{9C}"])) -->" : ""
      let file = random.chance(20) ? " file='\(random.pick(["a.xml", "a\u{80}", "a\u{7F}b", "ä"]))'" : ""
      let path = random.pick(["/a/", "/a/", "/a/", "/a b", "/a/../b", "/a{b}", "//a", "/a\u{E9}", "/a?b=c", "/a#b"])
      let document = """
        <request url='\(path)' kind='\(random.pick(["tag", "tag", "tag", "Tag", "a b"]))' id='\(text(3))'>\
        <param name='\(random.pick(["a", "a", "a", "", "{x}"]))'>\(text(4))</param>\
        <body\(file)><T a='\(text(4))'>\(content)\(inside)</T></body></request>
        """
      try stylesheet.apply(to: Array(document.utf8), parameters: []) { result throws(Complaint) in
        try result.forEachElement { element throws(Complaint) in
          let request: Request
          do throws(Complaint) { request = try Request(element) } catch {
            #expect(error.kind == .refused)
            return
          }
          written += 1
          let line = request.line
          #expect(
            String(decoding: line.dropLast(), as: UTF8.self).unicodeScalars.allSatisfy { $0 == "\t" || $0.properties.generalCategory != .control })
          #expect(try RequestLine(parsing: Array(line.dropLast())) == .request(request))
        }
      }
    }
    #expect(written > 300)
  }

  /// A parameter that stands twice is found among many, and they take the time of many: not that of each with each.
  @Test func readsManyParameters() throws {
    let pairs = (0..<60_000).map { "p\($0)=1" }
    let clock = ContinuousClock()
    let once = try clock.measure { _ = try RequestLine(parsing: Array("/a?p=1".utf8)) }
    let line = "/a?" + pairs.joined(separator: "&")
    let time = try clock.measure {
      guard case .request(let request) = try RequestLine(parsing: Array(line.utf8)) else { return }
      try request.check()
      #expect(request.parameters.count == 60_000)
    }
    // Each with each would be more than a thousand million comparisons, a minute of this build.
    #expect(time < .seconds(20), "\(time) \(once)")
    #expect(
      refusal { () throws(Complaint) in _ = try RequestLine(parsing: Array((line + "&p59999=2").utf8)) }
        == "the parameter p59999 is given twice: the service would keep the last one only")
    // With few and with many, a form is known by its parts.
    for count in [2, 16, 17, 40] {
      var request = Request(path: "/a")
      request.parameters = (0..<count).map { parameter(name: "p\($0)", value: "x") }
      #expect(throws: Never.self) { try request.check() }
      request.parameters[count - 1].name = "p0"
      #expect(throws: Complaint.self) { try request.check() }
    }
  }

  @Test func refusesWhatIsNotUTF8() {
    #expect(refusal { () throws(Complaint) in _ = try RequestLine(parsing: Array("/a?b=".utf8) + [0xE4]) } == "the line is not UTF-8")
    #expect(refusal { () throws(Complaint) in _ = try RequestLine(parsing: [0x23, 0xFF]) } == "the line is not UTF-8")
  }

  // MARK: Other formats

  /// A combining character makes another `Character` of what must be escaped before it.
  @Test func escapesBeforeCombiningCharacters() throws {
    var request = Request(path: "/a")
    request.parameters = [parameter(name: "n\"\u{301}", value: "&\u{301}<\u{338}")]
    request.origin = ("tag", "\"\u{301}")
    let xml = try RequestWriter(.xml, server: nil).bytes(of: request)
    #expect(refusal { () throws(Complaint) in try pass(xml) } == nil, "\(String(decoding: xml, as: UTF8.self))")
  }

  /// What no XML document may hold is refused wherever it stands in a request.
  @Test func refusesWhatXMLCannotHold() throws {
    let foreign = "a\u{FFFE}"
    var requests: [Request] = []
    func add(_ change: (inout Request) -> Void) {
      var request = Request(path: "/a")
      change(&request)
      requests.append(request)
    }
    add { $0.path = "/" + foreign }
    add { $0.parameters = [parameter(name: foreign, value: "x")] }
    add { $0.parameters = [parameter(name: "x", value: foreign)] }
    add { $0.parameters = [parameter(name: "x", value: "unix/\(foreign)/password", isSecret: true)] }
    add { $0.origin = (foreign, "1") }
    add { $0.origin = ("tag", foreign) }
    add { $0.body = .file(foreign + ".xml") }
    let writer = try RequestWriter(.xml, server: nil)
    for request in requests {
      #expect(
        refusal { () throws(Complaint) in _ = try writer.bytes(of: request) } == "a value has the character U+FFFE, which XML cannot hold",
        "\(request)")
    }
  }

  /// What the XML format says is what the request says.
  @Test func writesXML() throws {
    let stylesheet = try Stylesheet(
      compiling: Array(
        """
        <xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
          <xsl:template match="/"><requests><xsl:copy-of select="*"/></requests></xsl:template>
        </xsl:stylesheet>
        """.utf8), named: "copy.xsl")
    var random = Seeded(2)
    for _ in 0..<300 {
      var request = request(&random)
      // XML cannot say these at all.
      request.parameters.removeAll { $0.name.unicodeScalars.contains("\u{1}") || $0.value.unicodeScalars.contains("\u{1}") }
      if request.origin?.id.unicodeScalars.contains("\u{1}") == true { request.origin = nil }
      // A body comes back as it is written on one line, which may be another spelling of the same.
      if request.body != nil { request.body = .file("x\"<&.xml") }
      var found: Request?
      try stylesheet.apply(to: RequestWriter(.xml, server: nil).bytes(of: request), parameters: []) { result throws(Complaint) in
        try result.forEachElement { element throws(Complaint) in found = try Request(element) }
      }
      // The blanks of the indentation belong to a secret's element, not to the secret.
      #expect(found == request)
    }
  }

  /// Wherever the name stands in a file: in one piece of it, or across two. A file that is not there yet is not looked at, and one that cannot be read is
  /// refused.
  @Test func keepsSecretsInFilesFromCurl() async throws {
    let writer = try RequestWriter(.curl, server: "https://127.0.0.1")
    try await Files.withScratch { folder in
      let path = folder.appending("body.xml")
      var request = Request(path: "/a")
      request.body = .file(path.string)
      func fault() -> Complaint? {
        do throws(Complaint) {
          _ = try writer.bytes(of: request)
          return nil
        } catch {
          return error
        }
      }
      #expect(fault() == nil)
      for before in [0, 1, 1 << 16 - 3, 1 << 16 - 13, 1 << 16 - 14, 1 << 16, 3 << 16 - 1] {
        try Files.write(Array("<R>".utf8) + [UInt8](repeating: 0x20, count: before) + Array("<p><?qtbx-secret a/b/c?></p></R>".utf8), to: path)
        #expect(fault()?.reason.contains("a secret's name") == true, "\(before)")
      }
      try Files.write(Array("<R><p>qtbx-secret</p></R>".utf8), to: path)
      #expect(fault() == nil)
      request.body = .file(folder.string)
      #expect(fault()?.kind == .local)
    }
  }

  @Test func keepsSecretsFromCurl() throws {
    let writer = try RequestWriter(.curl, server: "https://127.0.0.1")
    var form = Request(path: "/a")
    form.parameters = [parameter(name: "p", value: "a/b/c", isSecret: true)]
    #expect(refusal { () throws(Complaint) in _ = try writer.bytes(of: form) }?.contains("a secret's name") == true)
    var body = Request(path: "/a")
    body.body = .xml(Array("<R><?qtbx-secret a/b/c?></R>".utf8))
    #expect(refusal { () throws(Complaint) in _ = try writer.bytes(of: body) }?.contains("a secret's name") == true)
  }

  static let servers: [(server: String?, isTaken: Bool)] = [
    (nil, false), ("", false), ("qualysapi.qualys.eu", true), ("https://qualysapi.qualys.eu", true), ("https://qualysapi.qualys.eu/", true),
    ("https://h:8443", true), ("http://127.0.0.1:1", true), ("http://localhost:1", true), ("http://[::1]:1", true),
    ("http://qualysapi.qualys.eu", false),
    ("http://127.0.0.1.evil.example", false), ("http://localhost.evil.example", false), ("https://user:secret@h", false), ("https://h/path", false),
    ("ftp://h", false), ("file:///etc/passwd", false), ("https://", false), ("https://a b", false), ("https://a\"b", false), ("https://a\\b", false),
    ("https://ä", false), ("https://h?x", false), ("https://h#x", false), ("https://{a,b}", false), ("https://h[1-2]", false),
  ]

  @Test(arguments: servers)
  func takesServers(_ one: (server: String?, isTaken: Bool)) {
    let reason = refusal { () throws(Complaint) in _ = try RequestWriter(.curl, server: one.server) }
    #expect((reason == nil) == one.isTaken, "\(reason ?? "taken")")
  }

  // MARK: The real curl

  static let curl: FilePath = "/usr/bin/curl"

  /// Answers `count` requests, or until there is a file `stop`, and says what they were.
  static let server = """
    import http.server, os, sys, time
    folder, count = sys.argv[1], int(sys.argv[2])
    answered = 0
    class Answer(http.server.BaseHTTPRequestHandler):
        def any(self):
            global answered
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            fields = [self.command, self.path, self.headers.get("X-Requested-With", "-"), self.headers.get("Content-Type", "-"), body.hex() or "-"]
            print("\\t".join(fields), flush=True)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()
            answered += 1
        do_GET = do_POST = do_PUT = do_DELETE = any
        def log_message(self, *_): pass
    server = http.server.HTTPServer(("127.0.0.1", 0), Answer)
    server.timeout = 0.5
    with open(folder + "/port.new", "w") as port: port.write(str(server.server_port))
    os.rename(folder + "/port.new", folder + "/port")
    end = time.time() + 120
    while answered < count and time.time() < end and not os.path.exists(folder + "/stop"): server.handle_request()
    """

  struct Arrived: Equatable {
    var method: String, path: String, requestedWith: String, type: String
    var body: [UInt8]
  }

  /// What arrives at a server on this machine when curl reads a file with these requests.
  private func arrived(_ requests: [Request], in folder: FilePath) async throws -> [Arrived] {
    async let served = run("/usr/bin/env", ["python3", "-c", Self.server, folder.string, String(requests.count)])
    var port: String?
    for _ in 0..<600 where port == nil {
      try await Task.sleep(for: .milliseconds(50))
      port = try Files.read(folder.appending("port")).map { String(decoding: $0, as: UTF8.self) }
    }
    let writer = try RequestWriter(.curl, server: "http://127.0.0.1:\(try #require(port))")
    var config: [UInt8] = []
    for (index, request) in requests.enumerated() {
      if index > 0 { config += Array(writer.format.frame.separator.utf8) }
      config += try writer.bytes(of: request)
    }
    try Files.write(config, to: folder.appending("requests.curl"))
    // No settings of the one who runs the tests.
    let sent = try await run(
      Self.curl, ["-q", "--silent", "--show-error", "--max-time", "20", "--noproxy", "*", "-K", "requests.curl"], in: folder,
      environment: ["HOME": folder.string])
    try Files.write([], to: folder.appending("stop"))
    #expect(sent.status == 0, "\(sent.errorText)")
    let outcome = try await served
    #expect(outcome.status == 0, "\(outcome.errorText)")
    return outcome.outputText.split(separator: "\n").map { line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      let digits = fields[4] == "-" ? [] : Array(fields[4].utf8)
      let body = stride(from: 0, to: digits.count, by: 2).map { UInt8(String(decoding: digits[$0...($0 + 1)], as: UTF8.self), radix: 16) ?? 0 }
      return Arrived(method: fields[0], path: fields[1], requestedWith: fields[2], type: fields[3], body: body)
    }
  }

  /// What must arrive of a request.
  private func expected(_ request: Request, file: [UInt8]) -> Arrived {
    let query = String(decoding: request.query, as: UTF8.self)
    let isForm = request.body == nil && request.method != "GET"
    var arrived = Arrived(
      method: request.method, path: request.path + (isForm || query.isEmpty ? "" : "?" + query), requestedWith: "qtbx",
      type: isForm ? "application/x-www-form-urlencoded" : request.body == nil ? "-" : "text/xml", body: [])
    switch request.body {
    case .xml(let xml): arrived.body = xml
    case .file: arrived.body = file
    case nil: if isForm { arrived.body = request.query }
    }
    return arrived
  }

  @Test(.enabled(if: Files.exists(curl), "curl is not here"))
  func sendsTheSameByCurl() async throws {
    let file = Array("<R>\r\n\0\u{301}\"\\</R>\n".utf8)
    var random = Seeded(3)
    var requests: [Request] = []
    while requests.count < 40 {
      var request = request(&random)
      request.parameters.removeAll(where: \.isSecret)
      if case .xml(let body) = request.body, body.firstRange(of: Array("<?qtbx".utf8)) != nil { continue }
      if case .file = request.body { request.body = .file("a \"b\\ä.xml") }
      requests.append(request)
    }
    // As long as a line of such a file may be, nearly.
    var long = Request(path: "/long")
    long.parameters = [parameter(name: "ips", value: (0..<7_500).map { "10.0.\($0 / 256).\($0 % 256)" }.joined(separator: ","))]
    requests.append(long)
    var body = Request(path: "/body")
    body.body = .xml(Array("<R>\(String(repeating: "\"\\\t'ä", count: 10_000))</R>".utf8))
    requests.append(body)
    let sent = requests
    let found = try await Files.withScratch { folder in
      try Files.write(file, to: folder.appending("a \"b\\ä.xml"))
      return try await arrived(sent, in: folder)
    }
    #expect(found.count == sent.count)
    for (found, request) in zip(found, sent) { #expect(found == expected(request, file: file)) }
  }

  /// Then it would send none of the requests.
  @Test func refusesWhatCurlCannotRead() throws {
    let writer = try RequestWriter(.curl, server: "https://127.0.0.1")
    var form = Request(path: "/a")
    form.parameters = [parameter(name: "ips", value: String(repeating: "1", count: 102_400))]
    #expect(refusal { () throws(Complaint) in _ = try writer.bytes(of: form) } != nil)
    var body = Request(path: "/a")
    body.body = .xml(Array("<R>\(String(repeating: "\"", count: 60_000))</R>".utf8))
    #expect(refusal { () throws(Complaint) in _ = try writer.bytes(of: body) } != nil)
  }

  /// curl would make several requests of brackets in a URL.
  @Test(.enabled(if: Files.exists(curl), "curl is not here"))
  func sendsBracketsByCurl() async throws {
    let request = Request(path: "/a[1-3]/b")
    let found = try await Files.withScratch { folder in try await arrived([request], in: folder) }
    #expect(found == [expected(request, file: [])])
  }

  /// The journal, the page of an audit and the tables of a list call a request by the same name.
  @Test func mappingRecordsGoByTheirAddresses() throws {
    var request = Request(path: "/api/2.0/fo/asset/ip/v4_v6/")
    let maps = ["0.0.0.1", "0.0.0.2"].map { "<IP_MAP><V4>\($0)</V4><V6>2001:db8::1</V6></IP_MAP>" }.joined()
    request.parameters = [parameter(name: "action", value: "add"), parameter(name: "xml_data", value: "<IP_MAP_LIST>\(maps)</IP_MAP_LIST>")]
    #expect(request.name == "0.0.0.1,0.0.0.2")
    // The value of a parameter is any text.
    let data = "<IP_MAP_LIST>\(maps)</IP_MAP_LIST>"
    for end in data.indices {
      request.parameters[1].value = String(data[..<end])
      _ = (request.name, request.rows)
    }
  }
}
