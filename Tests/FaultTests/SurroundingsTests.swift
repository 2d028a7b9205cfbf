import Support
import SystemPackage
import Testing

extension FaultTests {
  /// The machine around a program: what it hands over, what it lets it write, and how much of it a program takes.
  @Suite struct SurroundingsTests {
    static let noProc = "unshare --map-root-user --mount sh -c 'mount -t tmpfs none /proc && exec \"$@\"' sh"

    /// E.g. a chroot: Swift's own arguments would be none then.
    @Test(
      .enabled("needs a mount namespace of its own") { try await shell("\(noProc) test ! -e /proc/self").status == 0 }, arguments: Subject.all)
    func takesItsArgumentsWithoutProc(_ subject: Subject) async throws {
      try await withSandbox(for: subject) { sandbox in
        let expected = try await sandbox.run(subject.sample)
        let outcome = try await sandbox.script("\(Self.noProc) \"$@\" < input")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(outcome.output == expected.output)
        let wrong = try await sandbox.script("\(Self.noProc) \"$@\" < input", ["--nonesuch"])
        #expect(wrong.status == 2)
        #expect(wrong.errorText.contains("unknown option '--nonesuch'"))
      }
    }

    /// A limit on the size of files is an error as others are.
    @Test(arguments: Subject.longWriters) func complainsOfALimitOnFiles(_ subject: Subject) async throws {
      try await withSandbox(for: subject, input: subject.large) { sandbox in
        let outcome = try await sandbox.script("ulimit -f 512; \"$@\" < input > output")
        #expect(outcome.flaw(expecting: [3]) == nil)
        #expect(outcome.errorText.contains("File too large"))
      }
    }

    /// A log whose lines are lost fails the run, before anything is written.
    @Test(arguments: Subject.filters) func complainsOfALogThatIsFull(_ subject: Subject) async throws {
      try await withSandbox(for: subject) { sandbox in
        let outcome = try await sandbox.run(subject.sample, ["--log", "/dev/full"])
        #expect(outcome.flaw(expecting: [3]) == nil)
        #expect(outcome.errorText.contains("/dev/full"))
      }
    }

    /// So does one that takes only some of the lines, the closing line among them.
    @Test(arguments: Subject.shapes.filter(\.isFilter)) func complainsOfALogThatFillsUp(_ subject: Subject) async throws {
      try await withSandbox(for: subject) { sandbox in
        var statuses: Set<Int> = []
        for room in stride(from: 0, through: 2400, by: 120) {
          let outcome = try await sandbox.script(
            "ulimit -f 4; head -c \(4096 - room) /dev/zero | tr '\\0' x > log; \"$@\" --log log < input 2> said; status=$?; cat said >&2; exit $status"
          )
          statuses.insert(outcome.status)
          if outcome.status == 0 {
            #expect(try sandbox.text(of: "log").contains(" written, "), "room for \(room) bytes")
          } else {
            #expect(outcome.flaw(expecting: [3]) == nil, "room for \(room) bytes")
          }
        }
        #expect(statuses == [0, 3])
      }
    }

    @Test(.enabled("needs strace, and to be allowed to trace") { try await Tool.canTrace() })
    func spoolsToTmpIfNoFolderIsNamed() async throws {
      let subject = Subject.groupsToURLs
      try await withSandbox(for: subject, input: subject.document(records: 500, padding: 3_300)) { sandbox in
        let outcome = try await sandbox.script("TMPDIR= strace -f -qq -o trace -e trace=openat \"$@\" < input > output", seconds: 240)
        #expect(outcome.status == 0, "\(outcome.errorText)")
        let trace = try sandbox.text(of: "trace")
        #expect(trace.contains("\"/tmp/qtbx.") || trace.contains("\"/tmp\", O_"))
        #expect(!trace.contains("\"/qtbx.") && !trace.contains("\"/\", O_"))
      }
    }

    /// Whatever name it goes by, an input is never written over.
    @Test(arguments: Subject.filters) func neverWritesOverItsInput(_ subject: Subject) async throws {
      try await withSandbox(for: subject) { sandbox in
        for option in ["--report", "--log"] {
          for name in ["input", "./input", "link", "twin-of-input"] {
            let outcome = try await sandbox.script("ln -sf input link; ln -f input twin-of-input; \"$@\" < input", [option, name])
            #expect(outcome.status == 2, "\(option) \(name): \(outcome.errorText)")
            #expect(outcome.output == [])
            let kept = try sandbox.contents(of: "input")
            #expect(kept == subject.sample, "\(option) \(name)")
          }
        }
        for file in subject.files.keys {
          let outcome = try await sandbox.run(subject.sample, ["--report", file])
          #expect(outcome.status == 2, "\(file): \(outcome.errorText)")
          #expect(outcome.output == [])
          #expect(try sandbox.text(of: file) == subject.files[file])
        }
      }
    }

    /// As a spreadsheet reads it, and as `cut` does.
    @Test(.enabled(if: Tool.has(Tool.python), "needs python3"), arguments: Subject.filters.filter { $0.twin == nil && $0.reportsTitles })
    func reportsAreReadAlike(_ subject: Subject) async throws {
      let reader = """
        import csv, sys
        rows = list(csv.reader(open("report.tsv", newline="", encoding="utf-8"), delimiter="\\t", strict=True))
        lines = open("report.tsv", encoding="utf-8").read().split("\\n")[:-1]
        assert len(rows) == len(lines) > 1, (len(rows), len(lines))
        assert all(len(row) == 6 == len(line.split("\\t")) for row, line in zip(rows, lines))
        print("\\x1f".join(field for row in rows for field in row), end="")
        """
      for title in ["\"", "\"a", "a\"", "a \"b\" c", "\"\"", "=\"x\"", "\"a,b\""] {
        try await withSandbox(for: subject, input: subject.document(titled: title)) { sandbox in
          let outcome = try await sandbox.run(sandbox.contents(of: "input"), ["--report", "report.tsv"])
          #expect(outcome.status == 0, "\(outcome.errorText)")
          let fields = try await Support.run(FilePath(Tool.python), ["-c", reader], in: sandbox.folder)
          #expect(fields.status == 0, "\(title): \(fields.errorText)")
          #expect(fields.outputText.split(separator: "\u{1F}").contains((title.hasPrefix("=") ? "'" : "") + title), "\(title)")
        }
      }
    }

    // MARK: Memory

    private func kilobytes(_ sandbox: Sandbox) async throws -> (used: Int, outcome: Outcome) {
      let outcome = try await sandbox.script("/usr/bin/time -o time -f %M \"$@\" < input > output", seconds: 240)
      // A failed program has a line of its own there.
      return (Int(try sandbox.text(of: "time").utf8Lines.last ?? "") ?? 0, outcome)
    }

    /// What stands around the records does not stay.
    @Test(.enabled(if: Tool.has("/usr/bin/time"), "needs time"), arguments: Subject.shapes.filter { $0.isFilter && $0.twin == nil && !$0.isAlone })
    func forgetsWhatItDoesNotKnow(_ subject: Subject) async throws {
      func kilobytes(_ count: Int) async throws -> Int {
        let around = String(repeating: "<NEWS><A>1</A><B c='2'>some words</B></NEWS>\n", count: count)
        let document = Array((subject.opening.joined() + subject.record(1, "Web") + around + subject.closing).utf8)
        var used = 0
        try await withSandbox(for: subject, input: document) { sandbox in
          let outcome: Outcome
          (used, outcome) = try await self.kilobytes(sandbox)
          // A list that one answer follows from is refused, with how many there are, and no other one is.
          let isRefused = outcome.status == 1 && outcome.errorText.contains(": \(count) elements are not known here, and without them")
          let isClosed = ["excluded-hosts-to-urls", "restricted-ips-to-urls"].contains(subject.folder)
          #expect(isClosed ? isRefused : outcome.status == 0, "\(outcome.errorText)")
        }
        return used
      }
      // Noted one by one, they would take some eight times their size; a program that copies a document has a few pieces of it under way.
      let (few, many) = (try await kilobytes(10_000), try await kilobytes(60_000))
      #expect(few > 0 && many < few + 24_000, "\(few) KiB, then \(many)")
    }

    /// The largest record is what bounds the memory; a larger one is refused.
    @Test(.enabled(if: Tool.has("/usr/bin/time"), "needs time"))
    func boundsTheMemoryOfARecord() async throws {
      let subject = Subject.groupsToURLs
      let member = "<IP>192.0.2.200</IP>\n"
      func document(_ bytes: Int) -> [UInt8] {
        let members = String(repeating: member, count: bytes / member.utf8.count)
        return Array((subject.opening.joined() + subject.record(1, "Web").replacing("<IP_SET>", with: "<IP_SET>" + members) + subject.closing).utf8)
      }
      // What the page says, of a record that the debug build can bear.
      try await withSandbox(for: subject, input: document(1_000_000)) { sandbox in
        let (used, outcome) = try await kilobytes(sandbox)
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect((1..<100_000).contains(used), "\(used) KiB")
      }
      try await withSandbox(for: subject, input: document(40_000_000)) { sandbox in
        let (used, outcome) = try await kilobytes(sandbox)
        #expect(outcome.flaw() == nil)
        #expect(outcome.errorText.contains("a record is longer than 16777216 bytes"))
        #expect((1..<100_000).contains(used), "\(used) KiB")
      }
    }
  }
}
