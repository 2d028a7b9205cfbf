import Support
import SystemPackage
import Testing

extension FaultTests {
  /// Text that means something to what reads the answer.
  @Suite struct TextTests {
    static let naughty: [String] = [
      "'", "\"", "''\"\"", "`id`", "$(id)", "${HOME}", "; rm -rf x", "| cat", "> x", "*", "~", "\\", "\\n", "%", "%00", "%0d%0a", "%s%n%x", "%%", "&",
      "&amp;", "&amp;amp;", "&#0;",
      "<", "</TITLE>", "</name>", "<![CDATA[x", "]]>", "<!--", "-->", "<?php ?>", "<!DOCTYPE a>", "{secret:a/b/c}", "{}", "a=b&c=d", "a+b", "#",
      "#x=1", "?", "/../../etc/passwd",
      "http://example.com/?a=b#c", "caf\u{E9}", "cafe\u{301}", "\u{FF21}\u{FF1D}", "\u{1F469}\u{200D}\u{1F692}\u{1F3FD}", "\u{1F1E8}\u{1F1ED}",
      "\u{202E}evil\u{202C}", "\u{200F}\u{5D0}\u{5D1}",
      "\u{FEFF}x", "a\u{200B}b", "Z\u{351}\u{36B}a\u{343}", "\u{10FFFD}", "\u{E000}", "\u{A0}", "\u{130}\u{131}\u{DF}", "NULL", "null", "true", "0",
      "-1", "1e9", "NaN", "0x0", "All x", "all",
      "=1+1", "+1", "@SUM(1)", "-2+3", "a,b", "a;b", "a|b", "a\tb", " x", "x ", "a  b", "<script>alert(1)</script>", "' or '1'='1", "%7Bsecret%7D",
      "\u{85}", "\u{2028}",
      String(repeating: "x", count: 255), String(repeating: "\u{1F5A7}", count: 255), String(repeating: "&", count: 1_000),
    ]

    /// F21. What comes out is what went in, as a reference or as CDATA.
    @Test(arguments: Subject.shapes) func naughtyTitlesComeThrough(_ subject: Subject) async throws {
      let cases = Self.naughty.flatMap { title -> [(String, [UInt8])] in
        let cdata = Array("<![CDATA[\(title)]]>".utf8)
        return [(title, subject.escaped(title))] + (subject.readsXML && !title.contains("]]>") && !title.contains("</") ? [(title, cdata)] : [])
      }
      try await withSandbox(for: subject) { sandbox in
        let flaws = try await found(cases) { title, raw in
          let input = subject.document(titled: raw)
          var staged = sandbox
          if let twin = subject.twin {
            // The list to compare with is one of its own for each.
            let name = "target-\(UInt64.random(in: 0...(.max))).xml"
            try sandbox.put(input, as: name)
            staged = Sandbox(subject: subject, arguments: subject.arguments.map { $0 == twin ? name : $0 }, folder: sandbox.folder)
          }
          let outcome = try await staged.run(input)
          if outcome.status == 1, outcome.flaw() == nil { return nil }
          if outcome.status == 0, subject.says([title], in: outcome.output) { return nil }
          return "\(title.debugDescription): status \(outcome.status), \(subject.titles(in: outcome.output) ?? []), \(outcome.errorText)"
        }
        #expect(flaws == [])
      }
    }

    /// F21. Nearly all of them come through: a program that refuses everything would pass otherwise.
    @Test(arguments: Subject.all.filter(\.tellsTitles)) func fewTitlesAreRefused(_ subject: Subject) async throws {
      let input = Self.naughty.enumerated().filter { !$0.element.isEmpty }.reduce(into: Array(subject.opening.joined().utf8)) { document, one in
        document += Array(subject.record(one.offset + 1, Subject.mark).utf8).replacing(
          Array(Subject.mark.utf8), with: subject.escaped("\(one.offset): \(one.element)"))
      }
      try await withSandbox(for: subject, input: input + Array(subject.closing.utf8)) { sandbox in
        let outcome = try await sandbox.run(sandbox.contents(of: "input"))
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(subject.says(Self.naughty.enumerated().map { "\($0.offset): \($0.element)" }, in: outcome.output))
      }
    }

    static let lineEnds = ["\r", "\n", "\r\n", "\t", "\u{B}", "\u{85}", "\u{2028}", "\u{2029}"]

    /// F30. One record, one line, whatever its title holds.
    @Test(arguments: Subject.all.filter(\.writesRequests)) func noTitleMakesASecondRequest(_ subject: Subject) async throws {
      let forged = "POST /api/2.0/fo/asset/group/?action=delete"
      let ends =
        Self.lineEnds.filter { $0 != "\u{B}" } + [
          "\r\n\r\n", "\r\n ", "\r\n\t", "\n\r", "\r\r\n", "%0d%0a", "%0D%0A%0D%0A", "\\r\\n", "&#13;&#10;", "\u{560D}\u{560A}",
        ]
      try await withSandbox(for: subject) { sandbox in
        let flaws = try await found(ends) { end in
          let title = "Web\(end)\(forged)"
          let outcome = try await sandbox.run(subject.document(titled: title))
          if outcome.status == 1, outcome.flaw() == nil { return nil }
          if outcome.status != 0 { return "\(end.debugDescription): status \(outcome.status)" }
          if outcome.output.count(where: { $0 == 0x0A }) != 1 || outcome.output.contains(0x0D) { return "\(end.debugDescription): another line" }
          if !subject.says([title], in: outcome.output) { return "\(end.debugDescription): \(subject.titles(in: outcome.output) ?? [])" }
          // In a form nothing is raw but printable ASCII; in a body, text may be.
          let isForm = outcome.outputText.hasPrefix("/")
          return isForm && !outcome.output.dropLast().allSatisfy({ (0x21...0x7E).contains($0) }) ? "\(end.debugDescription): not encoded" : nil
        }
        #expect(flaws == [])
        let nul = try await sandbox.run(subject.document(titled: subject.readsXML ? Array("a\0b".utf8) : Array("a%00b".utf8)))
        #expect(nul.flaw() == nil)
      }
    }

    /// F31. As a server decodes a form.
    @Test(arguments: Subject.all.filter(\.writesForms)) func formsAreDecodedToWhatTheyWere(_ subject: Subject) async throws {
      let title = "a&b=c+d%41 e%2B\u{E9}\u{20AC}\u{1F5A7};/?#[]@!$'()*,\"<>\\^`{|}~"
      try await withSandbox(for: subject) { sandbox in
        let outcome = try await sandbox.run(subject.document(titled: title))
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(subject.says([title], in: outcome.output))
        // The list is its own normal form.
        let again = Sandbox(subject: .requests, folder: sandbox.folder)
        #expect(try await again.run(outcome.output).output == outcome.output)
      }
    }

    /// F32. A spreadsheet takes these for formulas.
    @Test(arguments: Subject.filters.filter { $0.twin == nil && $0.reportsTitles }) func noReportRowIsAFormula(_ subject: Subject) async throws {
      for start in ["=", "+", "-", "@"] {
        let title = "\(start)cmd|' /C calc'!A0"
        try await withSandbox(for: subject, input: subject.document(titled: title)) { sandbox in
          let outcome = try await sandbox.run(sandbox.contents(of: "input"), ["--report", "report.tsv"])
          #expect(outcome.status == 0, "\(outcome.errorText)")
          let fields = try sandbox.text(of: "report.tsv").utf8Lines.flatMap { $0.split(separator: "\t") }
          #expect(fields.contains("'\(title)"[...]), "the record is in no row")
          #expect(fields.filter { "=+-@".contains($0.first ?? "x") } == [])
        }
      }
    }

    /// F32. No field of a report can make another field or another row.
    @Test(arguments: Subject.filters.filter { $0.twin == nil }) func noTitleMakesASecondReportRow(_ subject: Subject) async throws {
      try await withSandbox(for: subject) { sandbox in
        _ = try await sandbox.run(subject.document(titled: "x"), ["--report", "plain.tsv"])
        let rows = try sandbox.text(of: "plain.tsv").utf8Lines
        func kind(_ row: String) -> Substring { row.prefix { $0 != "\t" } }
        for end in Self.lineEnds where end != "\u{B}" {
          let outcome = try await sandbox.run(subject.document(titled: "x\(end)=y"), ["--report", "report.tsv"])
          #expect([0, 1].contains(outcome.status))
          let bytes = try sandbox.contents(of: "report.tsv")
          let found = String(decoding: bytes, as: UTF8.self).utf8Lines
          // A title with a line end may have a row more of its own, but every row begins as those of a plain title do.
          #expect(Set(found.map(kind)) == Set(rows.map(kind)), "\(end.debugDescription)")
          #expect(found.allSatisfy { $0.utf8.count(where: { $0 == 0x09 }) == 5 }, "\(end.debugDescription)")
          #expect(!bytes.contains(0x0D), "\(end.debugDescription)")
        }
      }
    }

    /// F32. RFC 4180: what a field holds stays in it.
    @Test func mapFieldsAreQuoted() async throws {
      let titles = ["a,b", "a\"b", "\"", "\"\"", "a\nb", "a\r\nb", "a\rb", ",", "=1,2", "plain", " x ", "\u{E9}\u{2028}", "'"]
      let subject = Subject.map
      let records = titles.enumerated().map { subject.record($0.offset, String(decoding: subject.escaped($0.element), as: UTF8.self)) }.joined()
      try await withSandbox(for: subject, input: Array((subject.opening.joined() + records + subject.closing).utf8)) { sandbox in
        let outcome = try await sandbox.run(sandbox.contents(of: "input"))
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(subject.titles(in: outcome.output) == titles)
        #expect(outcome.outputText.hasPrefix("source_id,target_id,name\n7000,7000,\"a,b\"\n7001,7001,\"a\"\"b\"\n"))
      }
    }

    /// F33. Whatever is said on standard error is printable text, whether of data, of a file's name or of an option.
    @Test(arguments: Subject.all) func noDataSteersTheTerminal(_ subject: Subject) async throws {
      let steering = "\u{9B}31mRed\u{9D}0;t\u{9C}\u{85}\u{202E}live\u{2028}"
      let escape = "\u{1B}[31mRed\u{1B}]0;t\u{7}\u{7F}\u{8}"
      var runs: [(name: String, input: [UInt8], options: [String])] = [
        ("an option", subject.sample, ["--\(escape)"]), ("a value", subject.sample, ["--format", escape]),
        ("a broken name", subject.input("<a\(steering)></b\(steering)>"), []),
        ("raw bytes", subject.input("<a>\(escape)</a>"), []),
      ]
      if subject.twin == nil { runs.append(("a file's name", [], [escape + steering])) }
      if subject.isFilter {
        runs += [
          ("a page's title", Array("<html><title>\(escape)\(steering)</title></html>".utf8), []),
          (
            "a service's error",
            Array("<SIMPLE_RETURN><RESPONSE><CODE>1\(steering)</CODE><TEXT>\(steering)\n\(steering)</TEXT></RESPONSE></SIMPLE_RETURN>".utf8), []
          ),
          ("another kind of document", Array("<X\u{202E}/>".utf8), []),
          ("an encoding", Array("<?xml version=\"1.0\" encoding=\"\(escape)\"?><a/>".utf8), []),
          ("a report's name", subject.sample, ["--report", "\(escape)/\(steering)"]),
          (
            "a truncated list",
            subject.document(titled: "x").replacing(
              Array("<RESPONSE>".utf8), with: Array("<RESPONSE><WARNING><TEXT>\(steering)</TEXT><URL>x</URL></WARNING>".utf8)), []
          ),
          ("a title", subject.document(titled: steering), ["--strict"]),
          ("a missing network", subject.sample.replacing(Array(">0<".utf8), with: Array(">9\(steering)<".utf8)), []),
        ]
      } else {
        runs += [
          ("a method", Array("\(steering)\t/x\n".utf8), []), ("a parameter", Array("/x?a%1B=1&a%1B=2\n".utf8), []),
          ("a line", Array("\(escape)\n".utf8), []),
          ("a pair", Array("/x?\(steering)\n".utf8), []),
        ]
      }
      let complained = try await withComplaints(of: subject, in: runs)
      #expect(complained.flaws == [])
      #expect(complained.count * 2 > runs.count, "most of these are refused")
    }

    private func withComplaints(of subject: Subject, in runs: [(name: String, input: [UInt8], options: [String])]) async throws -> (
      flaws: [String], count: Int
    ) {
      var flaws: [String] = []
      var count = 0
      try await withSandbox(for: subject) { sandbox in
        for run in runs {
          let outcome = try await sandbox.run(run.input, run.options)
          if outcome.status != 0 { count += 1 }
          let steering = outcome.errorText.unicodeScalars.filter { scalar in
            switch scalar.value {
            case 0x0A: false
            case 0..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
            default: false
            }
          }
          if !steering.isEmpty { flaws.append("\(run.name): \(outcome.errorText.debugDescription)") }
          // A wrong command line also says where to look.
          if outcome.complaints.count > (outcome.status == 2 ? 2 : 1) {
            flaws.append("\(run.name): \(outcome.complaints.count) lines: \(outcome.errorText.debugDescription)")
          }
        }
      }
      return (flaws, count)
    }
  }
}
