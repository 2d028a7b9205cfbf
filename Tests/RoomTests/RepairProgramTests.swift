import Support
import SystemPackage
import Testing

/// The program, with inputs that are large or were made to do harm.
@Suite struct RepairProgramTests {
  private static let program = Place.program("qtbx-repair")

  /// 33 MB with a fault in every record, and then cut: what is written is as long, and memory is not.
  @Test(.enabled(if: Files.exists("/usr/bin/time"), "needs time")) func memoryDoesNotGrowWithTheDocument() async throws {
    try await Files.withScratch { folder in
      let data = Place.root.appending("scripts/make-data").string
      let outcome = try await shell(
        "$1 asset-groups 20000 | sed 's/www\\([0-9]*\\).example/www\\1 \\& \\x0b.example/' | head -c -200 > in.xml; "
          + "/usr/bin/time -o peak -f %M $2 in.xml --report report.tsv > out.xml; echo $? $(xmllint --noout out.xml 2>&1 | wc -l) $(grep -c '<ASSET_GROUP>' out.xml)",
        [data, Self.program.string], in: folder)
      #expect(outcome.outputText == "0 0 19999\n", "\(outcome.errorText.suffix(400))")
      #expect(outcome.errorText.hasSuffix("\nqtbx-repair: 1 document: 1 written, 0 skipped, 40001 notes\n"))
      // Of so many places the report names a part, and counts the rest.
      let report = String(decoding: try Files.read(folder.appending("report.tsv")) ?? [], as: UTF8.self).split(separator: "\n")
      #expect(report.count == 1 + 10_000 + 3)
      let last = report.suffix(3).map { $0.split(separator: "\t").last ?? "" }
      #expect(last[0].contains(": truncation: the document breaks off in this ASSET_GROUP"))
      #expect(last[1...] == ["control-characters: 15000 more places", "ampersands: 15000 more places"])
      let peak = String(decoding: try Files.read(folder.appending("peak")) ?? [], as: UTF8.self)
      #expect((peak.split(separator: "\n").last.flatMap { Int($0) } ?? .max) < 40_000, "KiB")
    }
  }

  /// A long search that breaks off says that there is more, where it has said that there is not: far behind that, and in a file by then.
  @Test func aLongSearchSaysThatThereIsMore() async throws {
    let tags = (1...60_000).map { "<Tag><id>\($0)</id><name>Web \($0)</name></Tag>\n" }.joined()
    let start = "<ServiceResponse><responseCode>SUCCESS</responseCode><count>60001</count><hasMoreRecords>"
    let outcome = try await run(Self.program, ["-"], input: Array("\(start)false</hasMoreRecords><data>\n\(tags)<Tag><id>60001</id><na".utf8))
    #expect(outcome.status == 0, "\(outcome.errorText)")
    let end = "<WARNING><CODE>1980</CODE><TEXT>qtbx-repair has cut this list back: records are missing</TEXT></WARNING></ServiceResponse>\n"
    #expect(outcome.outputText == "\(start)true </hasMoreRecords><data>\n\(tags)</data>\(end)")
  }

  /// Megabytes of what has to be looked at closely, in a text, in a value, in a section, before the document and behind it.
  private static let words = [
    "&", "&a", "&#", "&#x", "&#0", "&#0;", "&amp", "\u{1}", "\u{0}", "a\u{1}", "]", "]]", "]\u{1}", "-", "?", "<", "<?xml", "<?xml ", "<?xml?>", "<!",
    "<![CDATA[",
    "<!--", "<a>", "<a/>", "<a ", "<a b='", "</a>", "</R>", "<R>", "<R/>", "<L>", "\"", "'", " ", "\n", "\r", "\u{FEFF}", "\u{FFFE}", "é",
    "\u{1F5A7}", "x",
    "<!DOCTYPE ", "[", "<!ENTITY a 'b'>", "HTTP/1.1 200 OK\r\n",
  ]
  private static let bytes: [[UInt8]] = [[0xE9], [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x96], [0xC3, 0x01], [0xEF, 0xBF], [0x80]]

  @Test(arguments: ["", "<L><R><T>", "<L><R/><R><T a='", "<L><R><T><![CDATA[", "<L><R/></L>x"]) func nothingTakesLong(start: String) async throws {
    try await Files.withScratch { folder in
      for word in Self.words.map({ Array($0.utf8) }) + Self.bytes {
        var input = Array(start.utf8)
        for _ in 0..<1_000_000 / word.count { input += word }
        // Seconds of the processor, and bytes of memory: what a plain document needs is far below.
        let outcome = try await shell("ulimit -v 500000 -t 5; exec \"$@\"", [Self.program.string, "--record", "R"], input: input, in: folder)
        let name = "\(start) \(String(decoding: word, as: UTF8.self).debugDescription)"
        #expect(outcome.status == 0 || outcome.status == 1, "\(name): status \(outcome.status) \(outcome.errorText.prefix(200))")
        if outcome.status == 1 {
          #expect(outcome.output.isEmpty && outcome.error.count { $0 == 0x0A } == 1, "\(name): \(outcome.errorText.prefix(300))")
        }
      }
    }
  }
}
