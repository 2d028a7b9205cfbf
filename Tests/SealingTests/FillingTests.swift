import Base
import Requests
import Sealing
import Support
import SystemPackage
import Testing
import Toolbox

/// Secrets in their places, and out of answers.
@Suite struct FillingTests {
  private static let hostile = [
    "x", "p&ss", "<b>", "]]>", "a]]>b", "%41%zz%", "a+b c", "\"'`", "{secret:a/b/c}", "?>", "\\n\\u0041\\", "ä€😀", " blanks ", "line\nfeed\r\n\ttab",
    "&amp;", "&#65;",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7+/x+y/z0123456789==\n-----END RSA PRIVATE KEY-----\n", "==", "#", "public",
    "Kolibri-55&%<\"\\ü",
  ]

  private func table(of values: [String]) throws -> SecretTable {
    try SealingTests.table(
      CSV.row(SecretTable.header) + values.enumerated().map { CSV.row(["unix", "n\($0.offset)", "password", "", $0.element]) }.joined())
  }

  private func text(_ bytes: borrowing LockedBytes) -> String {
    bytes.withBytes { bytes in bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }
  }

  /// A form is read again as what the table has.
  @Test func aFormHasTheValue() throws {
    let secrets = try table(of: Self.hostile)
    for (number, value) in Self.hostile.enumerated() {
      let form = Array("action=create&title=%7Bx%7D&password={secret:unix/n\(number)/password}&z=1".utf8)
      let filled = text(try secrets.filled(form, Placeholder.all(inForm: form), as: .percent))
      let parameters = filled.split(separator: "&").map { $0.split(separator: "=", omittingEmptySubsequences: false) }
      #expect(parameters.map { PercentCoding.decode(Array($0[1].utf8)[...]) } == ["create", "{x}", value, "1"], "\(filled)")
      #expect(filled.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
    }
  }

  /// So is a body, by another reader of XML.
  @Test func aBodyHasTheValue() async throws {
    let values = Self.hostile
    let secrets = try table(of: values)
    let body = Array(
      ("<R a=\"&lt;?qtbx-secret a/b/c?&gt;\">" + values.indices.map { "<P><?qtbx-secret unix/n\($0)/password?></P>" }.joined() + "</R>").utf8)
    let filled = text(try secrets.filled(body, Placeholder.all(inBody: body), as: .xml))
    let outcome = try await run(
      "/usr/bin/env",
      ["python3", "-c", "import sys, xml.etree.ElementTree as e\nfor p in e.fromstring(sys.stdin.buffer.read()): print(repr(p.text.encode()))"],
      input: Array(filled.utf8))
    let expected = try await run(
      "/usr/bin/env", ["python3", "-c", "import sys\nfor p in sys.stdin.buffer.read().split(b'\\0'): print(repr(p))"],
      input: Array(values.joined(separator: "\0").utf8))
    #expect(outcome.outputText == expected.outputText, "\(outcome.errorText)")
  }

  /// A name is told letter by letter.
  @Test func namesAreComparedAsTheyAre() throws {
    let secrets = try SealingTests.table("kind,title,field,value\nunix,Z\u{FC}rich,password,x\nunix,a/b,password,y\n")
    #expect(SecretName("unix/Z\u{FC}rich/password").flatMap { secrets.row(of: $0) } != nil)
    #expect(SecretName("unix/Zu\u{308}rich/password").flatMap { secrets.row(of: $0) } == nil)
    #expect(SecretName("unix/a/b/password").flatMap { secrets.row(of: $0) } != nil)
    for wrong in ["", "/", "a/b", "/a/b", "a/b/", "a//b", "//", "///"] { #expect(SecretName(wrong) == nil, "\(wrong)") }
    #expect(SecretName("a///b")?.title == "/")
  }

  /// What is no table of secrets, with the line; never with what stands there.
  @Test(arguments: [
    ("", "1"), ("kind,title,field\n", "1"), ("kind,title,field,value,value\n", "1"), ("kind,title,field,value,other\n", "1"), ("unix,a,b,c\n", "1"),
    ("kind,title,field,value\nunix,a,b\n", "2"), ("kind,title,field,value\nunix,a,b,s3cret,d\n", "2"),
    ("kind,title,field,value\nu/x,a,b,s3cret\n", "2"),
    ("kind,title,field,value\nunix,a,b,s3cret\nunix,a,b,s3cret\n", "3"), ("kind,title,field,value\nunix,a,b,\"s3cret\n", "2"),
    ("kind,title,field,value\nunix,a,b,\"s3cret\"x\n", "2"), ("kind,title,field,value\nunix,a,b,s3c\rret\n", "2"),
    ("kind,title,field,value\nunix,a,b,s3c\"ret\n", "2"),
    ("kind,title,field,value\nunix,a,b,s3\0cret\n", "2"),
  ])
  func whatIsNoTableIsRefused(_ text: String, _ line: String) {
    let error = #expect(throws: Complaint.self) { try SealingTests.table(text) }
    #expect(error?.place == line && error?.kind == .refused, "\(error?.line ?? "")")
    #expect(error?.line.contains("s3c") == false)
  }

  // MARK: Echoes

  private static func percent(_ text: String, _ plain: String = "", small: Bool = false) -> String {
    text.utf8.map { byte -> String in
      if byte < 0x80, Character(Unicode.Scalar(byte)).isLetter || Character(Unicode.Scalar(byte)).isNumber || plain.utf8.contains(byte) {
        return String(Character(Unicode.Scalar(byte)))
      }
      let digits = String(byte, radix: 16, uppercase: !small)
      return "%" + (digits.count < 2 ? "0" : "") + digits
    }.joined()
  }

  private static func xml(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
  }

  private static func json(_ text: String, ascii: Bool = false) -> String {
    text.utf16.map { unit -> String in
      switch unit {
      case 0x22: "\\\""
      case 0x5C: "\\\\"
      case 0x0A: "\\n"
      case 0x0D: "\\r"
      case 0x09: "\\t"
      case 0x20..<0x7F: String(UnicodeScalar(UInt8(unit)))
      default: "\\u" + String(repeating: "0", count: 4 - String(unit, radix: 16).count) + String(unit, radix: 16)
      }
    }.joined()
  }

  /// The ways in which a server may repeat a value.
  private static let encodings: [@Sendable (String) -> String] = [
    { $0 }, { percent($0) }, { percent($0, "-._~") }, { percent($0, small: true) }, { percent($0).replacing("%20", with: "+") }, { xml($0) },
    { xml(percent($0)) },
    { percent(xml($0)) }, { xml(xml($0)) }, { percent(percent($0)) }, { json($0) }, { xml(json($0)) },
    { $0.unicodeScalars.map { "&#\($0.value);" }.joined() }, { $0.unicodeScalars.map { "&#x\(String($0.value, radix: 16));" }.joined() },
    { $0.replacing("]]>", with: "]]]]><![CDATA[>") }, { $0.replacing("\n", with: "\r\n") }, { $0.replacing("\n", with: "&#10;") },
    { $0.split(whereSeparator: \.isNewline).joined(separator: " ") }, { $0.map { String($0) }.joined(separator: "\n") },
  ]

  /// Whatever a server makes of a value, the answer has the placeholder, and what stands around it stays.
  @Test(arguments: encodings.indices) func noAnswerRepeatsASecret(_ index: Int) throws {
    let values = Self.hostile.filter { $0.utf8.count > 5 }
    let secrets = try table(of: values)
    for (number, value) in values.enumerated() {
      guard let name = SecretName("unix/n\(number)/password") else { continue }
      let filter = try EchoFilter([name], of: secrets)
      let placeholder = String(decoding: name.placeholder, as: UTF8.self)
      let echoed = Self.encodings[index](value)
      let answer = "<R><A>password=\(echoed)</A><B>[\(echoed)]</B></R>"
      let cleared = String(decoding: filter.cleared(answer: Array(answer.utf8)), as: UTF8.self)
      // A line end may have become two.
      let bare = cleared.split { $0 == " " || $0 == "\n" || $0 == "\r\n" || $0 == "\t" || $0 == "+" }.joined()
      #expect(bare == "<R><A>password=\(placeholder)</A><B>[\(placeholder)]</B></R>", "\(value) as \(echoed)")
      #expect(filter.cleared("no: " + echoed).hasPrefix("no: "))
      #expect(!filter.cleared("no: " + echoed).contains(echoed))
    }
  }

  /// As digits and in Base64, wherever in a longer text; and a long one in pieces.
  @Test func noAnswerRepeatsASecretInDigitsOrPieces() async throws {
    let value = "Kolibri-55&%<\"\\ü-and-more"
    let secrets = try table(of: [value])
    guard let name = SecretName("unix/n0/password") else { return }
    let filter = try EchoFilter([name], of: secrets)
    for front in ["", "a", "ab", "abc", "user:"] {
      let outcome = try await run("/usr/bin/base64", ["-w", "20"], input: Array((front + value + "&more=1").utf8))
      let cleared = filter.cleared(outcome.outputText)
      // The letters at the edges have a part of what stands beside them.
      #expect(cleared.contains("{secret:unix/n0/password}") && cleared.utf8.count < 50 + front.utf8.count, "\(cleared)")
    }
    let digits = value.utf8.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    for text in [digits, digits.uppercased()] { #expect(filter.cleared("<\(text)>") == "<{secret:unix/n0/password}>") }
    #expect(filter.cleared("value '\(value.prefix(14))...' is too long") == "value '{secret:unix/n0/password}...' is too long")
    #expect(filter.cleared("No such thing: Kolibri") == "No such thing: Kolibri")
  }

  /// A piece of a secret that itself looks encoded, in an answer that is; and the last letters of Base64.
  @Test func noAnswerRepeatsWhatLooksEncoded() async throws {
    let value = "S3CR3T&=+%41{} \u{E4}\"'<x>"
    let secrets = try table(of: [value])
    guard let name = SecretName("unix/n0/password") else { return }
    let filter = try EchoFilter([name], of: secrets)
    for text in ["S3CR3T&amp;=+%41{}", "S3CR3T%26=+%2541{}", "S3CR3T&=+%41{}"] {
      #expect(filter.cleared("<\(text)>") == "<{secret:unix/n0/password}>", "\(text)")
    }
    let text = try await run("/usr/bin/base64", ["-w", "0"], input: Array(value.utf8)).outputText
    #expect(filter.cleared("<\(text)>") == "<{secret:unix/n0/password}>")
  }

  /// What cannot be searched is not kept.
  @Test func anAnswerThatIsNotUTF8IsNotKept() throws {
    let secrets = try table(of: ["Zürich-55"])
    guard let name = SecretName("unix/n0/password") else { return }
    let filter = try EchoFilter([name], of: secrets)
    let wide = "<a>Z\u{FC}rich-55</a>".utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    let latin = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>Z\u{FC}rich-55</a>".unicodeScalars.map { UInt8($0.value) }
    for answer in [wide, [0xFF, 0xFE] + wide, latin] {
      #expect(String(decoding: filter.cleared(answer: answer), as: UTF8.self).contains("it is not kept"))
    }
    let ascii = Array("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>done</a>".utf8)
    #expect(filter.cleared(answer: ascii) == ascii)
  }
}
