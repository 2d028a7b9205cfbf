import Support
import SystemPackage
import Testing

extension FaultTests {
  /// Input that was made to do harm.
  @Suite struct HostileTests {
    /// What must never be seen of the file that the documents ask for.
    static let canary = "Canary-7f3a"

    /// Documents that ask for files or for a server, with what must become of them: nil if they may be taken as they are.
    static func lures(for subject: Subject, in folder: FilePath) -> [(name: String, input: [UInt8])] {
      let file = "file://\(folder.string)/canary.txt"
      let dtd = "file://\(folder.string)/canary.dtd"
      func plain(_ between: String) -> [UInt8] {
        subject.readsXML
          ? Array((subject.opening.joined() + subject.record(1, "R&amp;D") + between + subject.closing).utf8)
          : subject.input("<a><b>x</b>\(between)</a>")
      }
      func headed(_ instruction: String) -> [UInt8] {
        subject.readsXML
          ? Array(([subject.opening[0], instruction] + subject.opening.dropFirst()).joined().utf8)
            + Array((subject.record(1, "R&amp;D") + subject.closing).utf8)
          : subject.input("\(instruction)<a/>")
      }
      return [
        ("a general entity", subject.document(doctype: "[<!ENTITY x SYSTEM \"\(file)\">]", titled: "&x;")),
        ("a general entity by its path", subject.document(doctype: "[<!ENTITY x SYSTEM \"\(folder.string)/canary.txt\">]", titled: "&x;")),
        ("a parameter entity", subject.document(doctype: "[<!ENTITY % x SYSTEM \"\(dtd)\"> %x;]", titled: "R&amp;D")),
        ("an external DTD", subject.document(doctype: "SYSTEM \"\(dtd)\"", titled: "&x;")),
        ("an external DTD that nobody uses", subject.document(doctype: "SYSTEM \"\(dtd)\"", titled: "R&amp;D")),
        ("a DTD from a server", subject.document(doctype: "SYSTEM \"http://127.0.0.1:9/canary.dtd\"", titled: "R&amp;D")),
        ("an entity from a server", subject.document(doctype: "[<!ENTITY x SYSTEM \"http://127.0.0.1:9/canary.txt\">]", titled: "&x;")),
        ("an entity from another server", subject.document(doctype: "[<!ENTITY x SYSTEM \"ftp://127.0.0.1:9/canary.txt\">]", titled: "&x;")),
        (
          "an unparsed entity",
          subject.document(doctype: "[<!NOTATION n SYSTEM \"\(file)\"><!ENTITY x SYSTEM \"\(file)\" NDATA n>]", titled: "R&amp;D")
        ),
        ("an XInclude", plain("<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" parse=\"text\" href=\"\(file)\"/>")),
        ("a schema", plain("<x xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:noNamespaceSchemaLocation=\"\(file)\"/>")),
        ("a catalog", headed("<?oasis-xml-catalog catalog=\"\(file)\"?>")),
        ("a stylesheet", headed("<?xml-stylesheet type=\"text/xsl\" href=\"\(file)\"?>")),
        (
          "an extension",
          plain("<x:y xmlns:x=\"canary\" xmlns:exsl=\"http://exslt.org/common\"><exsl:document href=\"\(folder.string)/made\"/></x:y>")
        ),
        ("a compressed document", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
      ]
    }

    /// F16. Nothing is opened that a harmless document would not have opened, too.
    @Test(.enabled("needs strace, and to be allowed to trace") { try await Tool.canTrace() }, arguments: Subject.everyReading(of: Subject.shapes))
    func nothingIsOpenedThatADocumentAsksFor(_ subject: Subject) async throws {
      try await withSandbox(for: subject) { sandbox in
        try sandbox.put(Array("\(Self.canary)\n".utf8), as: "canary.txt")
        try sandbox.put(Array("<!ENTITY x \"\(Self.canary)\">\n".utf8), as: "canary.dtd")
        try sandbox.put(
          Array("<catalog xmlns=\"urn:oasis:names:tc:entity:xmlns:xml:catalog\"><nextCatalog catalog=\"canary.txt\"/></catalog>\n".utf8),
          as: "catalog.xml")
        func trace(_ input: [UInt8]) async throws -> (outcome: Outcome, opened: Set<String>) {
          try sandbox.put(input, as: "input")
          let outcome = try await sandbox.script(
            """
            export XML_CATALOG_FILES="$PWD/catalog.xml" SGML_CATALOG_FILES="$PWD/catalog.xml" LIBXSLT_PLUGINS_PATH="$PWD" XML_DEBUG_CATALOG=
            strace -f -qq -o trace -e trace=open,openat,openat2,socket,connect,execve "$@" < input
            """)
          let calls = try sandbox.text(of: "trace").utf8Lines.map {
            String($0.drop { $0 != " " }.drop { $0 == " " }.prefix { $0 != "," && $0 != "=" }) + paths(in: $0)
          }
          return (outcome, Set(calls.filter { !$0.hasPrefix("---") && !$0.hasPrefix("+++") }))
        }
        func paths(in call: String) -> String { call.split(separator: "\"").dropFirst().first.map { " \($0)" } ?? "" }
        let harmless = try await trace(subject.sample)
        #expect(harmless.outcome.status == 0)
        #expect(!harmless.opened.isEmpty)
        for (name, input) in Self.lures(for: subject, in: sandbox.folder) {
          let (outcome, opened) = try await trace(input)
          #expect(opened.subtracting(harmless.opened) == [], "\(name)")
          #expect([0, 1].contains(outcome.status), "\(name): \(outcome.errorText)")
          #expect(!(outcome.outputText + outcome.errorText).contains(Self.canary), "\(name)")
          #expect(!Files.exists(sandbox.folder.appending("made")), "\(name)")
          // Entities are never declared, or there is no telling what a title says.
          if name.contains("entity") { #expect(outcome.flaw() == nil, "\(name)") }
        }
      }
    }

    /// Documents of some hundred bytes that mean gigabytes.
    static let bombs: [(name: String, subset: String, use: String)] = {
      func laughs(_ levels: Int, _ width: Int) -> String {
        (1...levels).map { "<!ENTITY l\($0) \"\(String(repeating: "&l\($0 - 1);", count: width))\">" }.joined()
      }
      let long = String(repeating: "a", count: 100_000)
      return [
        ("a billion laughs", "<!ENTITY l0 \"lol\">" + laughs(9, 10), "&l9;"),
        ("laughs of elements", "<!ENTITY l0 \"<x/>\">" + laughs(9, 10), "&l9;"),
        ("laughs that nobody uses", "<!ENTITY l0 \"lol\">" + laughs(9, 10), "R&amp;D"),
        ("a deep chain", "<!ENTITY l0 \"lol\">" + laughs(5_000, 1), "&l5000;"),
        ("a quadratic one", "<!ENTITY l0 \"\(long)\">", String(repeating: "&l0;", count: 30_000)),
        ("a ring", "<!ENTITY l0 \"&l1;\"><!ENTITY l1 \"&l0;\">", "&l0;"),
        ("a ring of itself", "<!ENTITY l0 \"&l0;&l0;\">", "&l0;"),
        (
          "parameters",
          "<!ENTITY % p0 \"lol\">" + (1...20).map { "<!ENTITY % p\($0) '" + String(repeating: "&#37;p\($0 - 1);", count: 10) + "'>" }.joined()
            + "%p20;", "R&amp;D"
        ),
        ("attributes", "<!ENTITY l0 \"lol\">" + laughs(9, 10) + "<!ATTLIST NOVELTY word CDATA \"&l9;\">", "R&amp;D</b><NOVELTY/><b>"),
      ]
    }()

    /// F17. Within a gigabyte and five seconds of the processor.
    @Test(arguments: Subject.shapes) func bombsAreRefusedInTime(_ subject: Subject) async throws {
      try await withSandbox(for: subject) { sandbox in
        // The limits themselves must leave room for an ordinary run.
        let jobs = subject.hasJobs ? ["--jobs", "1"] : []
        let limited = "ulimit -v 1000000 -t 5; exec \"$@\" < input"
        let ordinary = try await sandbox.script(limited, jobs)
        #expect(ordinary.status == 0, "\(ordinary.errorText)")
        for bomb in Self.bombs {
          try sandbox.put(subject.document(doctype: "[\(bomb.subset)]", titled: bomb.use), as: "input")
          let outcome = try await sandbox.script(limited, jobs)
          #expect(outcome.flaw() == nil, "\(bomb.name)")
        }
      }
    }

    /// Markup that is too much of something.
    static let excesses: [(name: String, markup: String)] = {
      let words = String(repeating: "word ", count: 2_200_000)
      func many(_ count: Int, _ text: (Int) -> String) -> String {
        var all = ""
        for number in 1...count { all += text(number) }
        return all
      }
      return [
        ("100,000 elements deep", String(repeating: "<x>", count: 100_000) + String(repeating: "</x>", count: 100_000)),
        ("300,000 elements that do not end", String(repeating: "<x>", count: 300_000)), ("a text of 11 MB", "<x>" + words + "</x>"),
        ("an attribute of 11 MB", "<x y=\"" + words + "\"/>"), ("a comment of 11 MB", "<!--" + words + "-->"),
        ("CDATA of 11 MB", "<x><![CDATA[" + words + "]]></x>"), ("an instruction of 11 MB", "<?x " + words + "?>"),
        ("a name of 60,000 bytes", "<" + String(repeating: "x", count: 60_000) + "/>"),
        ("100,000 attributes", "<x " + many(100_000) { "a\($0)=\"\" " } + "/>"), ("100,000 names", many(100_000) { "<x\($0)/>" }),
        ("100,000 namespaces", "<x " + many(100_000) { "xmlns:a\($0)=\"b\" " } + "/>"),
      ]
    }()

    /// F18, in a record. In half a minute, where some five seconds would do: machines differ.
    @Test(arguments: Subject.shapes) func excessesAreRefusedInTime(_ subject: Subject) async throws {
      try await withSandbox(for: subject) { sandbox in
        let parts = String(decoding: subject.document(titled: Array("x".utf8) + Array(Subject.mark.utf8)), as: UTF8.self).split(
          separator: Subject.mark)
        for excess in Self.excesses {
          try sandbox.put(
            subject.readsXML ? Array((parts[0] + excess.markup + parts[1]).utf8) : subject.input("<a>\(excess.markup)</a>"), as: "input")
          let outcome = try await sandbox.script("exec \"$@\" < input", seconds: 30)
          #expect(outcome.flaw() == nil, "\(excess.name)")
        }
      }
    }

    /// F18, between the records, where every program reads in the same way.
    @Test func excessesBetweenRecordsAreRefusedInTime() async throws {
      let subject = Subject.rewrite
      try await withSandbox(for: subject) { sandbox in
        for excess in Self.excesses {
          try sandbox.put(Array((subject.opening.joined() + excess.markup + subject.record(1, "x") + subject.closing).utf8), as: "input")
          let outcome = try await sandbox.script("exec \"$@\" < input", seconds: 30)
          #expect(outcome.flaw() == nil, "\(excess.name)")
        }
      }
    }

    /// F20. A sample with a few bits turned over: taken, or refused, and nothing else.
    @Test(.enabled(if: Tool.has("/usr/bin/zzuf"), "needs zzuf"), arguments: Subject.shapes)
    func turnedBitsAreTakenOrRefused(_ subject: Subject) async throws {
      try await withSandbox(for: subject, input: subject.document(records: 3)) { sandbox in
        let outcome = try await sandbox.script(
          """
          for seed in {1..200}; do
            zzuf -s $seed -r 0.0005:0.02 < input > turned
            cmp -s input turned || count=$((count + 1))
            timeout -k 2 20 "$@" < turned > answer 2> words; status=$?
            case $status in 0) ;; 1) [ -s answer ] && echo "seed $seed: an answer" ;; *) echo "seed $seed: status $status" ;; esac
            grep -aq 'Fatal error' words && echo "seed $seed: $(head -c 200 words)"
          done
          [ $count -gt 100 ] || echo "$count inputs were changed"
          """, seconds: 300)
        #expect(outcome.outputText == "")
        #expect(outcome.status == 0)
      }
    }

    /// F19, of 150 MB: the memory of a run is bounded by its largest record.
    @Test(.enabled(if: Tool.has("/usr/bin/time"), "needs time"), arguments: [Subject.rewrite, .groupsToURLs])
    func memoryDoesNotGrowWithTheList(_ subject: Subject) async throws {
      var mapped = subject
      mapped.files["networks.csv"] = "5,15\n6,16\n7,17\n"
      mapped.files["appliances.csv"] = "7100,8100\n" + (0..<9).map { "700\($0),800\($0)\n" }.joined()
      if !subject.arguments.isEmpty { mapped.arguments += ["--appliance-map", "appliances.csv"] }
      try await withSandbox(for: mapped) { sandbox in
        let data = Place.root.appending("scripts/make-data").string
        let outcome = try await sandbox.script(
          "\(data) asset-groups 92000 | /usr/bin/time -o peak -f %M \"$@\" --jobs 2 | wc -c; echo ${PIPESTATUS[@]}", seconds: 200)
        let lines = outcome.outputText.utf8Lines
        #expect(lines.last == "0 0 0", "\(outcome.errorText)")
        #expect(outcome.errorText.contains(": 92000 asset groups: 92000 written, 0 skipped, "))
        #expect((lines.first.flatMap { Int($0) } ?? 0) > 30_000_000)
        let peak = try Int(sandbox.text(of: "peak").utf8Lines.last ?? "") ?? .max
        #expect(peak < 50_000, "KiB")
      }
    }

    /// F23. A copy without its debug information is run: this valgrind cannot read the compiler's.
    @Test(
      .enabled(if: Tool.has("/usr/bin/valgrind") && Tool.has("/usr/bin/strip"), "needs valgrind and strip"), arguments: Subject.shapes)
    func memoryIsUsedRightAndGivenBack(_ subject: Subject) async throws {
      try await withSandbox(for: subject, input: subject.document(records: 70)) { sandbox in
        let expected = try await sandbox.run(sandbox.contents(of: "input"))
        let suppressions = Place.root.appending("Tests/FaultTests/valgrind.supp").string
        func check(_ input: String, _ options: String) async throws -> (outcome: Outcome, errors: String) {
          let outcome = try await sandbox.script(
            """
            strip -o program "$1" && shift
            \(input) | valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite --show-leak-kinds=definite \
              --suppressions=\(suppressions) --log-file=errors ./program "$@" \(options)
            """, seconds: 120)
          return (outcome, try sandbox.text(of: "errors"))
        }
        for jobs in subject.hasJobs ? ["--jobs 1", "--jobs 2"] : [""] {
          let (outcome, errors) = try await check("cat input", jobs)
          #expect(outcome.status == 0, "\(jobs): \(errors)")
          #expect(outcome.output == expected.output, "\(jobs)")
          #expect(errors == "", "\(jobs)")
        }
        // A refusal, too, gives back what it holds.
        let (refused, errors) = try await check("head -c -30 input", subject.hasJobs ? "--jobs 2" : "")
        #expect(refused.flaw() == nil)
        #expect(errors == "")
      }
    }
  }
}
