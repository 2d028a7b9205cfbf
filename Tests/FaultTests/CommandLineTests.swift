import Support
import SystemPackage
import Testing

extension FaultTests {
  /// Command lines that cannot be meant.
  @Suite struct CommandLineTests {
    /// F24. Status 2, nothing on standard output, and two lines: the reason, and where to look.
    @Test(arguments: Subject.all) func refusesWrongCommandLines(_ subject: Subject) async throws {
      var wrong = [["--unknown"], ["--unknown", "value"], ["--unknown=value"], ["-Z"], ["--quiet", "--quiet"], ["--quiet=yes"]]
      if subject.isFilter {
        wrong += [
          ["--report", "a.tsv", "--report", "b.tsv"], ["--report", "a.tsv", "--report=a.tsv"], ["--report"], ["--strict", "--strict"],
          ["--log", "a", "--log", "b"], ["--log"],
        ]
      }
      if subject.hasJobs {
        wrong +=
          ["0", "-1", "257", "two", "1.5", "", "99999999999999999999"].map { ["--jobs", $0] } + [
            ["--jobs", "1", "--jobs", "1"], ["--jobs", "1", "--jobs=2"], ["--jobs"],
          ]
        wrong += [["--unmapped", "keep"], ["--unmapped", ""], ["--unmapped=drop", "--unmapped=error"]]
      }
      if subject.twin == nil {
        wrong += ["no", "", "URL"].map { ["--format", $0] } + [["--format"]]
      } else {
        wrong += [["more"], ["--partial", "--partial"], ["--source"]]
      }
      if subject.writesRequests {
        wrong += [["--server", "example.com"], ["--format", "curl"], ["--format", "url", "--format", "url"]]
        wrong += ["http://example.com", "example.com/path", "user@example.com", "https://", "", "ex ample.com", "a\"b", "a\nb"].map {
          ["--format", "curl", "--server", $0]
        }
      }
      if !subject.files.isEmpty { wrong += [subject.arguments] }
      try await withSandbox(for: subject) { sandbox in
        let flaws = try await found(wrong) { options in
          let outcome = try await sandbox.run(subject.sample, options)
          let isRight =
            outcome.status == 2 && outcome.output.isEmpty && outcome.complaints.count == 2 && outcome.complaints[1] == "Try '\(subject.name) --help'."
          return isRight && outcome.error.allSatisfy { $0 == 0x0A || $0 >= 0x20 }
            ? nil : "\(options): status \(outcome.status), \(outcome.output.count) bytes, \(outcome.errorText)"
        }
        #expect(flaws == [])
        #expect(!Files.exists(sandbox.folder.appending("a.tsv")), "a report was begun")
      }
    }

    /// What stands for all rooms is there, and the shapes are those that the floors know: a new one is worth a look at what it is tried with.
    @Test func everyShapeIsTried() {
      let shapes = Set(Subject.shapes.map { $0.shape.joined(separator: " ") })
      #expect(
        shapes == [
          "parameters streams", "parameters xml", "parameters xml streams", "elements xml streams", "elements xml streams writes splices",
          "elements xml writes", "elements xml writes splices alone", "columns xml twin", "columns",
          "none xml", "none xml streams", "none xml writes", "none xml alone",
        ])
    }

    /// F24. What is needed is missing.
    @Test(arguments: [[], ["--source", "input"], ["--target", "input"], ["--source", "-", "--target", "-"]])
    func refusesAMapOfOneList(_ arguments: [String]) async throws {
      var subject = Subject.map
      subject.arguments = arguments
      try await withSandbox(for: subject) { sandbox in
        let outcome = try await sandbox.run(subject.sample)
        #expect(outcome.status == 2)
        #expect(outcome.output == [])
        #expect(outcome.complaints.count == 2, "\(outcome.errorText)")
      }
    }

    /// An option's file that cannot be read or made is named before anything is written.
    @Test(arguments: Subject.filters) func namesFilesThatCannotBeOpened(_ subject: Subject) async throws {
      try await withSandbox(for: subject) { sandbox in
        for options in [["--report", "missing/report.tsv"], ["--log", "missing/log"]] {
          let outcome = try await sandbox.run(subject.sample, options)
          #expect(outcome.flaw(expecting: [3]) == nil, "\(options)")
          #expect(outcome.errorText.contains("missing/"), "\(options)")
        }
      }
    }
  }
}
