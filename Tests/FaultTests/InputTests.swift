import Support
import SystemPackage
import Testing

extension FaultTests {
  /// Input that is cut off, broken, in another encoding, or not what it should be.
  @Suite struct InputTests {
    /// F08. Cut at every byte before the root's end, the answer is no answer at all.
    @Test(arguments: Subject.readers) func refusesTheSampleCutAtEveryByte(_ subject: Subject) async throws {
      try await withSandbox(for: subject) { sandbox in
        let sample = subject.sample
        let isFirst = Subject.shapes.contains { $0.folder == subject.folder }
        // Behind the root there is one line feed. Of a shape that is known, some cuts will do, the last among them.
        let cuts = isFirst ? Array(0..<sample.count - 1) : Array(stride(from: sample.count - 2, through: 0, by: -13))
        let flaws = try await found(cuts) { count in
          try await sandbox.run(Array(sample.prefix(count))).flaw().map { "after \(count) bytes: \($0)" }
        }
        #expect(flaws == [])
      }
    }

    /// F08, for request lists, which end anywhere between two lines.
    @Test func refusesRequestsCutWithinALine() async throws {
      let subject = Subject.requests
      try await withSandbox(for: subject) { sandbox in
        let list = subject.sample + subject.input("<a><b>x</b></a>")
        let flaws = try await found(Array(1..<list.count)) { count in
          let outcome = try await sandbox.run(Array(list.prefix(count)))
          guard list[count - 1] == 0x0A else { return outcome.flaw().map { "after \(count) bytes: \($0)" } }
          return outcome.status == 0 && outcome.output == Array(list.prefix(count)) ? nil : "after \(count) bytes, which are whole lines"
        }
        #expect(flaws == [])
      }
    }

    /// F08. What was written before the cut was seen is no whole document, and no half request.
    @Test(arguments: Subject.shapes.filter(\.streams)) func whatIsWrittenBeforeACutIsNotWhole(_ subject: Subject) async throws {
      let whole = subject.document(records: 300, padding: 1_000)
      try await withSandbox(for: subject, input: whole) { sandbox in
        let expected = try await sandbox.run(whole).output
        let cuts = Array(stride(from: whole.count / 2, to: whole.count - 1, by: whole.count / 31)) + [whole.count - 2]
        let flaws = try await found(cuts) { count in
          let cut = Array(whole.prefix(count))
          let outcome = try await sandbox.run(cut, ["--unbuffered"])
          if !subject.readsXML, cut.last == 0x0A { return nil }
          if outcome.status != 1 || outcome.complaints.count != 1 { return "status \(outcome.status): \(outcome.errorText)" }
          if !expected.starts(with: outcome.output) || outcome.output.count == expected.count {
            return "what was written after \(count) bytes is not the beginning"
          }
          if subject.writesXML {
            if outcome.output.contains(Array("</\(subject.root)>".utf8)) { return "the root is closed after \(count) bytes" }
          } else if let last = outcome.output.last, last != 0x0A {
            return "a request is cut after \(count) bytes"
          }
          return nil
        }
        #expect(flaws == [])
      }
    }

    /// F09.
    @Test(arguments: Subject.readers) func refusesAnEmptyInput(_ subject: Subject) async throws {
      try await withSandbox(for: subject) { sandbox in
        for empty in ["", " ", "\n", "\u{FEFF}"] {
          let outcome = try await sandbox.run(Array(empty.utf8))
          #expect(outcome.flaw() == nil, "\(Array(empty.utf8))")
        }
      }
    }

    /// F09, for request lists: one without requests has a comment that says so, and nothing at all is no list.
    @Test func takesAnEmptyRequestList() async throws {
      try await withSandbox(for: .requests) { sandbox in
        let outcome = try await sandbox.run(Array("# no requests\n".utf8))
        #expect(outcome.status == 0)
        #expect(outcome.outputText == "# no requests\n")
        #expect(outcome.errorText == "qtbx-requests: 0 requests\n")
        let nothing = try await sandbox.run([])
        #expect(nothing.status == 1 && nothing.output.isEmpty && nothing.errorText.contains("there is nothing at all"))
      }
    }

    /// F09.
    @Test(arguments: Subject.known) func refusesADirectoryAndAClosedInput(_ subject: Subject) async throws {
      try await withSandbox(for: subject) { sandbox in
        // Journals are named.
        for redirection in subject.only == .output ? [] : ["< .", "<&-", "0> other"] {
          let outcome = try await sandbox.script("\"$@\" \(redirection)")
          #expect(outcome.flaw(expecting: [3]) == nil, "\(redirection)")
        }
        if !subject.arguments.contains("-") {
          for file in [".", "missing.xml", "/dev/mem/missing"] {
            let outcome = try await sandbox.run([], [file])
            #expect(outcome.flaw(expecting: [3]) == nil, "\(file)")
          }
        }
      }
    }

    /// F09. The second read would only say that the input has ended: an error there must not pass for an end.
    @Test(.enabled("needs strace, and to be allowed to trace") { try await Tool.canTrace() }, arguments: Subject.everyReading(of: Subject.shapes))
    func noReadErrorIsMissed(_ subject: Subject) async throws {
      try await withSandbox(for: subject) { sandbox in
        let expected = try await sandbox.run(subject.sample)
        for number in 1...2 {
          let outcome = try await trace(sandbox, "read:error=EIO:when=\(number)")
          #expect(outcome.flaw(expecting: [3]) == nil, "EIO, read \(number)")
          let repeated = try await trace(sandbox, "read:error=EINTR:when=\(number)")
          #expect(repeated.status == 0, "EINTR, read \(number): \(repeated.errorText)")
          #expect(repeated.output == expected.output, "EINTR, read \(number)")
        }
      }
    }

    /// Runs with a fault at the file `input`. Fails the test if the fault was never met.
    private func trace(_ sandbox: Sandbox, _ fault: String) async throws -> Outcome {
      let outcome = try await sandbox.script("strace -f -qq -o trace -P \"$PWD/input\" -e trace=read -e inject=\(fault) \"$@\" < input")
      #expect(try sandbox.text(of: "trace").contains("(INJECTED)"), "\(fault) was never met")
      return outcome
    }

    /// F10. The complaint says what came instead.
    @Test(arguments: Subject.readers) func namesWhatItGotInstead(_ subject: Subject) async throws {
      let sample = subject.sample
      let error = """
        <?xml version="1.0" encoding="UTF-8" ?><!DOCTYPE SIMPLE_RETURN SYSTEM "https://qualysapi.example.com/api/2.0/simple_return.dtd">
        <SIMPLE_RETURN><RESPONSE><DATETIME>2031-02-01T08:00:00Z</DATETIME><CODE>1960</CODE><TEXT>Too many calls at once</TEXT></RESPONSE></SIMPLE_RETURN>

        """
      let assetError = """
        <ServiceResponse><responseCode>INVALID_CREDENTIALS</responseCode><responseErrorDetails><errorMessage>No such user</errorMessage>\
        </responseErrorDetails></ServiceResponse>
        """
      let instead: [(words: [String], input: [UInt8])] = [
        ([], sample + sample), ([], sample + [0, 0]), ([], sample + [0] + sample), ([], sample + Array("bye".utf8)),
        ([], Array("bye\n".utf8) + sample),
        ([], sample + Array("<a/>".utf8)), ([], sample + Array("&amp;".utf8)), ([], sample + Array("<![CDATA[ ]]>".utf8)),
        ([], Array("\n".utf8) + sample),
        (["HTML", "Log in"], Array("<!DOCTYPE html>\n<html><head><title>Log in</title></head><body><p>Please<br></body></html>".utf8)),
        (["HTML"], Array("<html xmlns=\"http://www.w3.org/1999/xhtml\"><head><title>x</title></head></html>".utf8)),
        (["1960", "Too many calls at once"], Array(error.utf8)), (["INVALID_CREDENTIALS", "No such user"], Array(assetError.utf8)),
        (["JSON"], Array("{\"ServiceResponse\": {}}".utf8)), (["compressed"], [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]),
        (["this is a list of vulnerabilities"], Array("<KNOWLEDGE_BASE_VULN_LIST_OUTPUT><RESPONSE/></KNOWLEDGE_BASE_VULN_LIST_OUTPUT>".utf8)),
      ]
      try await withSandbox(for: subject) { sandbox in
        let answers = ["1960", "INVALID_CREDENTIALS", "this is a list of vulnerabilities"]
        for (words, input) in instead where !(subject.takesAny && answers.contains(words.first ?? "")) {
          let outcome = try await sandbox.run(input)
          let start = String(decoding: input.suffix(40), as: UTF8.self)
          #expect(outcome.flaw() == nil, "…\(start)")
          for word in words { #expect(outcome.errorText.contains(word), "…\(start)") }
        }
      }
    }

    /// F10, for request lists.
    @Test func namesTheLineThatIsNoRequest() async throws {
      let list = Subject.requests.sample
      let odd: [[UInt8]] = [
        Array("<!DOCTYPE html>\n<html><title>x</title></html>\n".utf8), Subject.rewrite.sample, [0, 0, 0x0A], [0, 0], Array("bye\n".utf8),
        Array("bye".utf8),
        Array("https://qualysapi.example.com/api/\n".utf8), Array("//example.com/api/\n".utf8), [0xEF, 0xBB, 0xBF] + list,
        Array(list.dropLast()) + [0x0D, 0x0A],
      ]
      try await withSandbox(for: .requests) { sandbox in
        for lines in odd {
          let outcome = try await sandbox.run(list + lines)
          #expect(outcome.flaw() == nil, "\(String(decoding: lines.prefix(40), as: UTF8.self))")
          #expect(outcome.errorText.hasPrefix("qtbx-requests: -:2: "))
        }
      }
    }

    /// F11.
    @Test(arguments: Subject.writers.filter { $0.only != .output }) func refusesWhatIsNoText(_ subject: Subject) async throws {
      let raw: [[UInt8]] = [
        [0xFF], [0xC3], [0xE2, 0x82], [0xC0, 0xAF], [0xC1, 0x81], [0xED, 0xA0, 0x80], [0xED, 0xB0, 0x80], [0xF4, 0x90, 0x80, 0x80],
        [0xF8, 0x88, 0x80, 0x80, 0x80],
        [0x80], [0x00], [0x01], [0x08], [0x0B], [0x0C], [0x1B],
      ]
      let references = [
        "&#0;", "&#x0;", "&#x1;", "&#xB;", "&#x1B;", "&#xD800;", "&#xDFFF;", "&#xFFFE;", "&#xFFFF;", "&#x110000;", "&#-1;", "&#;", "&#x;",
      ]
      let escapes = ["%00", "%FF", "%C0%AF", "%ED%A0%80", "%F4%90%80%80", "%E2%82", "%", "%4", "%zz", "%+1"]
      // U+FFFE is a character of UTF-8, though none of XML's.
      let inTheirWords =
        subject.readsXML
        ? references.map { Array($0.utf8) } + [[0xEF, 0xBF, 0xBE], [0xEF, 0xBF, 0xBF]] : escapes.map { Array($0.utf8) } + [[0x7F], [0xC3, 0xA9]]
      try await withSandbox(for: subject) { sandbox in
        let flaws = try await found(raw + inTheirWords) { bytes in
          try await sandbox.run(subject.document(titled: Array("Web".utf8) + bytes + Array("Site".utf8))).flaw().map { "\(bytes): \($0)" }
        }
        #expect(flaws == [])
      }
    }

    /// F12. Another encoding, the same text.
    @Test(arguments: Subject.readers) func readsOtherEncodings(_ subject: Subject) async throws {
      let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
      func declared(_ encoding: String, _ title: [UInt8]) -> [UInt8] {
        subject.document(titled: title).replacing(Array("UTF-8".utf8), with: Array(encoding.utf8), maxReplacements: 1)
      }
      let wide = String(decoding: declared("UTF-16", Array("Caf\u{E9} \u{2014} \u{1F5A7}".utf8)), as: UTF8.self).utf16
      let cases: [(name: String, title: String, input: [UInt8])] = [
        ("UTF-8 with a mark", "Caf\u{E9}", mark + subject.document(titled: "Caf\u{E9}")),
        ("utf-8", "Caf\u{E9}", declared("utf-8", Array("Caf\u{E9}".utf8))),
        ("UTF-16LE", "Caf\u{E9} \u{2014} \u{1F5A7}", [0xFF, 0xFE] + wide.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }),
        ("UTF-16BE", "Caf\u{E9} \u{2014} \u{1F5A7}", [0xFE, 0xFF] + wide.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }),
        ("ISO-8859-1", "Caf\u{E9}", declared("ISO-8859-1", [0x43, 0x61, 0x66, 0xE9])),
        ("windows-1252", "\u{20AC} \u{201C}x\u{201D}", declared("windows-1252", [0x80, 0x20, 0x93, 0x78, 0x94])),
        // The second byte of this letter is a backslash, that of the other a bracket.
        ("Shift_JIS", "\u{8868}\u{30BC}", declared("Shift_JIS", [0x95, 0x5C, 0x83, 0x5B])),
        ("US-ASCII", "Cafe", declared("US-ASCII", Array("Cafe".utf8))),
      ]
      for (name, title, input) in cases {
        try await withSandbox(for: subject, input: subject.document(titled: title)) { sandbox in
          let expected = try await sandbox.run(sandbox.contents(of: "input"))
          #expect(subject.says([title], in: expected.output))
          let outcome = try await sandbox.run(input)
          #expect(outcome.status == 0, "\(name): \(outcome.errorText)")
          let text = outcome.output.starts(with: mark) ? Array(outcome.output.dropFirst(3)) : outcome.output
          // A name in small letters is a name of the same encoding, and a splice keeps it.
          #expect(text.replacing(Array("\"utf-8\"".utf8), with: Array("\"UTF-8\"".utf8)) == expected.output, "\(name)")
        }
      }
    }

    /// F12. A declaration that the bytes contradict.
    @Test(arguments: Subject.everyReading(of: Subject.shapes).filter(\.readsXML)) func refusesWronglyDeclaredEncodings(_ subject: Subject)
      async throws
    {
      func declared(_ encoding: String, _ title: [UInt8] = Array("Cafe".utf8)) -> [UInt8] {
        subject.document(titled: title).replacing(Array("UTF-8".utf8), with: Array(encoding.utf8), maxReplacements: 1)
      }
      func wide(_ bytes: [UInt8]) -> [UInt8] { bytes.flatMap { [$0, 0] } }
      let cases: [(name: String, input: [UInt8])] = [
        ("ISO-8859-1 as UTF-8", declared("UTF-8", [0x43, 0x61, 0x66, 0xE9])), ("UTF-8 as US-ASCII", declared("US-ASCII", Array("Caf\u{E9}".utf8))),
        ("UTF-8 as UTF-16", declared("UTF-16")), ("UTF-8 as UTF-16LE", declared("UTF-16LE")), ("UTF-8 as UTF-32", declared("UTF-32")),
        ("a UTF-8 mark before ISO-8859-1", [0xEF, 0xBB, 0xBF] + declared("ISO-8859-1")),
        ("a UTF-16 mark before UTF-8", [0xFF, 0xFE] + wide(declared("UTF-8"))),
        ("a UTF-16 mark before ISO-8859-1", [0xFF, 0xFE] + wide(declared("ISO-8859-1"))),
        ("UTF-16 without a mark", wide(declared("UTF-16"))), ("half a character", [0xFF, 0xFE] + wide(declared("UTF-16")).dropLast()),
        ("half a character pair", [0xFF, 0xFE] + wide(declared("UTF-16")).replacing([0x43, 0], with: [0x3D, 0xD8])),
        ("the wrong mark", [0xFE, 0xFF] + wide(declared("UTF-16"))), ("half a letter", declared("Shift_JIS", [0x95])),
        ("a name that nobody knows", declared("x-nobody")), ("a name with an order to iconv", declared("ISO-8859-1//IGNORE")),
        ("a name that is a path", declared("../../etc/passwd")), ("no name", declared("")),
      ]
      try await withSandbox(for: subject) { sandbox in
        let flaws = try await found(cases) { one in try await sandbox.run(one.input).flaw().map { "\(one.name): \($0)" } }
        #expect(flaws == [])
      }
    }

    /// F13. Everything but the ids stays, byte for byte, and a second pass changes nothing.
    @Test(arguments: [
      " SYSTEM \"https://qualysapi.example.com/a.dtd\"", " PUBLIC \"-//Example//A//EN\" 'a.dtd'", " [<!-- <&> --><?x y?> <!ELEMENT ID (#PCDATA)>\n]",
      "",
    ])
    func aSpliceKeepsEveryOtherByte(doctype: String) async throws {
      let subject = Subject.rewrite
      func document(_ network: String) -> [UInt8] {
        let text = """
          <?xml version='1.0' encoding="UTF-8" standalone='no' ?><!-- before <&> --><?pi before="x" ?>
          <!DOCTYPE ASSET_GROUP_LIST_OUTPUT\(doctype) >
          <ASSET_GROUP_LIST_OUTPUT  xml:lang = 'en' >\t<RESPONSE\n><DATETIME>2031-02-01T08:00:00Z</DATETIME ><!-- in -- it -->
          <ASSET_GROUP_LIST xml:space="preserve"> <!--a--> <ASSET_GROUP ><ID> 4000001 </ID><TITLE><![CDATA[a]]]]><![CDATA[> &amp; <b>]]>&#10;&#xD;&quot;'"</TITLE>\r
          <NETWORK_ID>\(network)</NETWORK_ID><IP_SET a='&#10;&#9;&lt;"' network_id = '\(network)' b="'&gt;>"><IP
          network_id="\(network)"
          >192.0.2.7</IP><?pi in it?></IP_SET><EMPTY/><EMPTY\t/><EMPTY></EMPTY><!--\u{A0}\u{2028}--></ASSET_GROUP></ASSET_GROUP_LIST></RESPONSE>
          </ASSET_GROUP_LIST_OUTPUT><!-- after --><?pi after?>\r

            \t
          """
        return Array(text.replacing("in -- it", with: "in - it").utf8)
      }
      try await withSandbox(for: subject) { sandbox in
        let outcome = try await sandbox.run(document("5"))
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(outcome.outputText == String(decoding: document("15"), as: UTF8.self))
        #expect(outcome.output == document("15"))
        let second = try await sandbox.run(outcome.output)
        #expect(second.status == 0, "\(second.errorText)")
        #expect(second.output == outcome.output)
      }
    }

    /// F13. What stands beside an id in its element is none of the id's bytes.
    @Test(arguments: ["<!-- n -->5", "5<?pi?>", "<![CDATA[5]]>", " 5\t", "\n  5\n"])
    func aSpliceKeepsWhatStandsBesideAnID(content: String) async throws {
      func document(_ content: String) -> [UInt8] {
        Subject.rewrite.sample.replacing(Array("<NETWORK_ID>0<".utf8), with: Array("<NETWORK_ID>\(content)<".utf8))
          .replacing(Array("\"5\"".utf8), with: Array("\"15\"".utf8))
      }
      try await withSandbox(for: .rewrite, input: document(content)) { sandbox in
        let outcome = try await sandbox.run(sandbox.contents(of: "input"))
        #expect(outcome.outputText == String(decoding: document(content.replacing("5", with: "15")), as: UTF8.self))
      }
    }

    /// F15. What stands there is not known, and leaving it out would be a loss.
    @Test(arguments: Subject.shapes) func refusesEntitiesThatNobodyDeclares(_ subject: Subject) async throws {
      let doctypes = ["SYSTEM \"x.dtd\"", "PUBLIC \"-//Example//A//EN\" \"x.dtd\"", "[]", "[<!-- -->]"]
      let places = [("l:&foo;:t", ""), ("", "<NOVELTY>&foo;</NOVELTY>"), ("", "<NOVELTY word=\"l:&foo;:t\"/>"), ("&nbsp;", ""), ("", "&foo;")]
      try await withSandbox(for: subject) { sandbox in
        for doctype in doctypes {
          // Without the entity it is taken; the body of a request has no DOCTYPE.
          let harmless = try await sandbox.run(subject.document(doctype: doctype, titled: "R&amp;D"))
          #expect(harmless.status == 0 || !subject.readsXML, "\(doctype): \(harmless.errorText)")
          for (title, between) in places {
            let outcome = try await sandbox.run(subject.document(doctype: doctype, titled: title, between: between))
            #expect(outcome.flaw() == nil, "\(doctype), \(title)\(between)")
          }
        }
      }
    }

    /// F22.
    @Test(.enabled(if: Tool.has(Tool.python), "needs python3"), arguments: Subject.everyReading)
    func oneByteAtATimeIsTheSameInput(_ subject: Subject) async throws {
      let helper = """
        import os, subprocess, sys, time
        program = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE)
        for byte in open('input', 'rb').read():
            os.write(program.stdin.fileno(), bytes([byte]))
            time.sleep(0.0002)
        program.stdin.close()
        sys.exit(program.wait())
        """
      try await withSandbox(for: subject, input: subject.document(titled: "Caf\u{E9} & \u{1F5A7}")) { sandbox in
        let expected = try await sandbox.run(sandbox.contents(of: "input"))
        let outcome = try await Support.run("/usr/bin/timeout", ["60", Tool.python, "-c", helper] + sandbox.command(), in: sandbox.folder)
        #expect(outcome.status == 0)
        #expect(outcome.output == expected.output)
        #expect(outcome.error == expected.error)
      }
    }
  }
}
