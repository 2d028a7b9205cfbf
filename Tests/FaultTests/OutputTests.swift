import Support
import SystemPackage
import Testing

extension FaultTests {
  /// Standard output that is full, closed, slow or gone.
  @Suite struct OutputTests {
    /// F01.
    @Test(arguments: Subject.writers) func complainsOnceIfTheDeviceIsFull(_ subject: Subject) async throws {
      try await withSandbox(for: subject) { sandbox in
        let outcome = try await sandbox.script("\"$@\" < input > /dev/full")
        #expect(outcome.flaw(expecting: [3]) == nil)
        #expect(outcome.errorText.contains("No space left on device"))
        for option in ["--help", "--version"] {
          let outcome = try await sandbox.script("\"$@\" \(option) > /dev/full")
          #expect(outcome.flaw(expecting: [3]) == nil, "\(option)")
        }
      }
    }

    /// F02. A whole answer is held back until all has been read; unbuffered, it must end with the first byte that cannot be written.
    @Test(arguments: Subject.shapeWriters) func complainsOnceIfTheDeviceIsFullInTheMiddle(_ subject: Subject) async throws {
      try await withSandbox(for: subject, input: subject.large) { sandbox in
        let outcome = try await sandbox.script("\"$@\" < input > /dev/full")
        #expect(outcome.flaw(expecting: [3]) == nil)
        if subject.streams {
          let outcome = try await sandbox.script("cat input | \"$@\" --unbuffered > /dev/full; echo ${PIPESTATUS[@]}")
          #expect(outcome.outputText == "141 3\n", "the sender's and the program's status")
          #expect(outcome.complaints.count == 1, "\(outcome.errorText)")
        }
      }
    }

    /// The spool, too, is a file that can fail.
    @Test(arguments: Subject.longWriters) func complainsOnceIfThereIsNoRoomForTheSpool(_ subject: Subject) async throws {
      try await withSandbox(for: subject, input: subject.large) { sandbox in
        let outcome = try await sandbox.run(sandbox.contents(of: "input"), environment: ["TMPDIR": sandbox.path("missing")])
        #expect(outcome.flaw(expecting: [3]) == nil)
      }
    }

    /// F03.
    @Test(arguments: Subject.writers) func complainsOnceIfStandardOutputIsClosed(_ subject: Subject) async throws {
      try await withSandbox(for: subject) { sandbox in
        let outcome = try await sandbox.script("\"$@\" < input >&-")
        #expect(outcome.flaw(expecting: [3]) == nil)
      }
    }

    /// F03, of standard error: what is said there must not reach a file that was opened in its place.
    @Test(arguments: Subject.all) func succeedsIfStandardErrorIsClosed(_ subject: Subject) async throws {
      try await withSandbox(for: subject) { sandbox in
        let expected = try await sandbox.run(subject.sample, subject.isFilter ? ["--report", "expected.tsv"] : [])
        let outcome = try await sandbox.script("\"$@\" < input 2>&-", subject.isFilter ? ["--report", "report.tsv"] : [])
        #expect(outcome.status == 0)
        #expect(outcome.output == expected.output)
        let (report, expectedReport) = (try sandbox.contents(of: "report.tsv"), try sandbox.contents(of: "expected.tsv"))
        #expect(report == expectedReport)
      }
    }

    /// F04.
    @Test(arguments: Subject.longWriters) func endsQuietlyWhenTheReaderLeaves(_ subject: Subject) async throws {
      try await withSandbox(for: subject, input: subject.large) { sandbox in
        for option in subject.streams ? ["", "--unbuffered"] : [""] {
          let outcome = try await sandbox.script("\"$@\" \(option) < input | head -c 64 > head; echo ${PIPESTATUS[0]}")
          #expect(outcome.outputText == "141\n", "\(option)")
          #expect(outcome.error == [], "\(outcome.errorText.prefix(200))")
          #expect(try sandbox.contents(of: "head").count == 64)
        }
      }
    }

    /// F05.
    @Test(.enabled(if: Tool.has(Tool.python), "needs python3"), arguments: Subject.longWriters.filter { $0.only == nil })
    func allBytesReachASlowReader(_ subject: Subject) async throws {
      let helper = """
        import fcntl, os, subprocess, sys, time
        reading, writing = os.pipe()
        fcntl.fcntl(writing, 1031, 4096)  # F_SETPIPE_SZ
        os.set_blocking(writing, False)
        program = subprocess.Popen(sys.argv[1:], stdin=open('input', 'rb'), stdout=writing)
        os.close(writing)
        time.sleep(1)
        with os.fdopen(reading, 'rb') as pipe, open('output', 'wb') as output: output.write(pipe.read())
        sys.exit(program.wait())
        """
      try await withSandbox(for: subject, input: subject.document(records: 300, padding: 1_000)) { sandbox in
        let expected = try await sandbox.run(sandbox.contents(of: "input"))
        let outcome = try await Support.run("/usr/bin/timeout", ["60", Tool.python, "-c", helper] + sandbox.command(), in: sandbox.folder)
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(expected.output.count > 200_000)
        #expect(try sandbox.contents(of: "output") == expected.output)
      }
    }

    /// F06. Fails at every one of the first writes, and at the end, where some systems say it first.
    @Test(.enabled("needs strace, and to be allowed to trace") { try await Tool.canTrace() }, arguments: Subject.shapes)
    func noWriteErrorIsMissed(_ subject: Subject) async throws {
      let input = subject.document(records: 330, padding: 1_100)
      try await withSandbox(for: subject, input: input) { sandbox in
        // Unbuffered, so that there are several writes; what is written at once has one.
        let last = subject.streams ? 5 : 1
        let unbuffered = subject.streams ? ["--unbuffered"] : []
        for error in ["ENOSPC", "EIO"] {
          for number in 1...last {
            let outcome = try await trace(sandbox, "write:error=\(error):when=\(number)", unbuffered)
            #expect(outcome.flaw(expecting: [3]) == nil, "\(error), write \(number)")
          }
        }
        let outcome = try await trace(sandbox, "close:error=EIO:when=1", [])
        #expect(outcome.flaw(expecting: [3]) == nil, "close")
      }
    }

    /// F06. An interrupted write is repeated.
    @Test(.enabled("needs strace, and to be allowed to trace") { try await Tool.canTrace() }, arguments: Subject.shapes)
    func interruptedWritesAreRepeated(_ subject: Subject) async throws {
      try await withSandbox(for: subject) { sandbox in
        let expected = try await sandbox.run(subject.sample)
        let outcome = try await trace(sandbox, "write:error=EINTR:when=1", [])
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(try sandbox.contents(of: "output") == expected.output)
      }
    }

    /// Runs with a fault at the file `output`. Fails the test if the fault was never met.
    private func trace(_ sandbox: Sandbox, _ fault: String, _ more: [String]) async throws -> Outcome {
      let call = fault.prefix { $0 != ":" }
      let outcome = try await sandbox.script(
        "strace -f -qq -o trace -P \"$PWD/output\" -e trace=\(call) -e inject=\(fault) \"$@\" < input > output", more)
      #expect(try sandbox.text(of: "trace").contains("(INJECTED)"), "\(fault) was never met")
      return outcome
    }

    /// F07. Whatever the language, the time and the number of threads.
    @Test(arguments: Subject.all) func sameBytesEverywhere(_ subject: Subject) async throws {
      let input = subject.document(records: 200)
      try await withSandbox(for: subject, input: input) { sandbox in
        let report = subject.isFilter ? ["--report", "report.tsv"] : []
        let expected = try await sandbox.run(input, report)
        let expectedReport = try sandbox.contents(of: "report.tsv")
        #expect(expected.status == 0, "\(expected.errorText)")
        #expect((subject.titles(in: expected.output)?.count ?? 200) == 200)
        func compare(_ outcome: Outcome, _ circumstance: String) throws {
          #expect(outcome.output == expected.output, "\(circumstance)")
          #expect(outcome.error == expected.error, "\(circumstance)")
          #expect(outcome.status == 0, "\(circumstance)")
          #expect(try sandbox.contents(of: "report.tsv") == expectedReport, "\(circumstance)")
        }
        for _ in 1...2 { try compare(await sandbox.run(input, report), "again") }
        let circumstances = [["LC_ALL": "C"], ["LC_ALL": "tr_TR.UTF-8"], ["LC_ALL": "de_DE.ISO-8859-1"], ["TZ": "Pacific/Kiritimati"]]
        for circumstance in circumstances { try compare(await sandbox.run(input, report, environment: circumstance), "\(circumstance)") }
        for jobs in subject.hasJobs ? [1, 2, 4] : [] { try compare(await sandbox.run(input, report + ["--jobs", "\(jobs)"]), "\(jobs) jobs") }
        if subject.streams { try compare(await sandbox.run(input, report + ["--unbuffered"]), "unbuffered") }
      }
    }

    /// F07. Few machines have the Turkish locale, in which a capital i has a dot, so it is made.
    @Test(.enabled(if: Tool.has("/usr/share/i18n/locales/tr_TR") && Tool.has("/usr/bin/localedef"), "needs localedef and its sources"))
    func sameBytesInTurkish() async throws {
      try await Files.withScratch { folder in
        // It ends with 1 for mere warnings.
        _ = try await run("/usr/bin/localedef", ["-c", "-i", "tr_TR", "-f", "UTF-8", folder.appending("tr_TR.UTF-8").string])
        #expect(Files.exists(folder.appending("tr_TR.UTF-8/LC_CTYPE")))
        for subject in Subject.all {
          try await withSandbox(for: subject, input: subject.document(titled: "INDIGO title \u{130}\u{131}")) { sandbox in
            let input = try sandbox.contents(of: "input")
            let expected = try await sandbox.run(input)
            let outcome = try await sandbox.run(input, environment: ["LC_ALL": "tr_TR.UTF-8", "LOCPATH": folder.string])
            #expect(outcome.status == 0)
            #expect(outcome.output == expected.output)
            #expect(outcome.error == expected.error)
          }
        }
      }
    }

    /// F07. A clock that stands elsewhere.
    @Test(.enabled(if: Tool.has("/usr/bin/faketime"), "needs faketime"), arguments: Subject.all)
    func sameBytesInAnotherYear(_ subject: Subject) async throws {
      try await withSandbox(for: subject) { sandbox in
        let expected = try await sandbox.run(subject.sample)
        let outcome = try await sandbox.script("faketime '2041-01-01 00:00:00' \"$@\" < input")
        #expect(outcome.status == 0)
        #expect(outcome.output == expected.output)
        #expect(outcome.error == expected.error)
      }
    }
  }
}
