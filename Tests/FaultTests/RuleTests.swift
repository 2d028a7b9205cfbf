import Support
import SystemPackage
import Testing

extension FaultTests {
  /// Rules of the floors that every room keeps.
  @Suite struct RuleTests {
    /// A document of these records, with titles as the document needs them.
    private static func document(_ subject: Subject, _ records: (number: Int, title: String)...) -> [UInt8] {
      Array((subject.opening.joined() + records.map { subject.record($0.number, $0.title) }.joined() + subject.closing).utf8)
    }

    /// The rooms that leave out what the target has.
    private static func leavesOutWhatIsThere(_ sandbox: Sandbox) async throws -> Bool {
      try await sandbox.run([], ["--help"]).outputText.contains("\n  --target <file>")
    }

    /// What has no name is not what the target has without one: with the target's list, the same is written, or refused, as without it.
    @Test(arguments: Subject.all.filter { $0.readsXML && $0.writesRequests && $0.only == nil })
    func anEmptyNameIsNothingThatTheTargetHas(_ subject: Subject) async throws {
      try await withSandbox(for: subject) { sandbox in
        guard try await Self.leavesOutWhatIsThere(sandbox), !subject.arguments.contains("--target") else { return }
        // Whichever element is the name: each in its turn.
        for leaf in subject.template.matches(of: /<([^<>\/ ]+)>[^<]*<\/\1>/) {
          let name = String(leaf.output.1)
          func emptied(_ number: Int, _ blank: String) -> String {
            let record = subject.record(number, "record \(number)")
            guard let start = record.firstRange(of: "<\(name)>"), let end = record.firstRange(of: "</\(name)>") else { return record }
            return String(record[..<start.upperBound] + blank + record[end.lowerBound...])
          }
          func list(_ records: String...) -> [UInt8] { Array((subject.opening.joined() + records.joined() + subject.closing).utf8) }
          try sandbox.put(list(emptied(7, ""), emptied(8, " ")), as: "there.xml")
          let list = list(emptied(1, ""))
          let alone = try await sandbox.run(list)
          let compared = try await sandbox.run(list, ["--target", "there.xml"])
          if compared.errorText.contains("--target is for") { return }
          // A target's list that is refused, since that element may not be empty, says nothing of names.
          if compared.status == 1, alone.status == 0 { continue }
          #expect(compared.status == alone.status, "\(name): \(compared.errorText)")
          #expect(compared.output == alone.output, "\(name)")
        }
      }
    }

    /// Two records of one id, which are not the same: one of them would be lost, or take the place of the other.
    @Test(arguments: Subject.all.filter { $0.readsXML && $0.writesForms && $0.template.contains("number}") })
    func oneIDOfTwoRecordsIsRefused(_ subject: Subject) async throws {
      try await withSandbox(for: subject) { sandbox in
        let alone = try await sandbox.run(Self.document(subject, (1, "one"), (2, "two")))
        let doubled = try await sandbox.run(Self.document(subject, (1, "one"), (1, "two")))
        #expect(alone.status == 0, "\(alone.errorText)")
        #expect(doubled.status == 1 && doubled.output.isEmpty, "\(doubled.errorText)")
      }
    }

    /// Whatever came instead of XML may be a secret: it is told by what it is not, wherever a message may go.
    @Test(arguments: Subject.readers) func whatIsNoXMLIsNotQuoted(_ subject: Subject) async throws {
      let secret = "hunter2"
      let inputs = [
        "\(secret)-password\n", "{\"password\": \"\(secret)\"}", "<\(secret)", "<?\(secret)?>", "<!-- \(secret) --", "<a>&\(secret);</a>",
        "<a b=\(secret)/>", "\u{1}\(secret)", "a \(secret) <USER_LIST_OUTPUT/>", "-----BEGIN \(secret)\n<a/>",
      ]
      try await withSandbox(for: subject) { sandbox in
        let isLogged = subject.isFilter && subject.hasJobs
        for input in inputs {
          let outcome = try await sandbox.run(Array(input.utf8), isLogged ? ["--log", "log", "--report", "report.tsv"] : [])
          var said = outcome.errorText + outcome.outputText
          if isLogged { for name in ["log", "report.tsv"] { said += try sandbox.text(of: name) } }
          #expect(outcome.status == 1, "\(input): \(outcome.status)")
          #expect(!said.contains(secret), "\(input): \(said)")
        }
      }
    }

    /// A record that stands in an element that nobody knows is not carried while the report says that the element is not.
    @Test(arguments: Subject.all.filter { $0.readsXML && $0.opening[1].contains("\n") && !$0.takesAny })
    func recordsInWhatIsNotKnownAreRefused(_ subject: Subject) async throws {
      let record = subject.record(1, "one")
      guard let list = subject.closing.split(separator: "\n").first?.split(whereSeparator: { " </>".contains($0) }).first, list != subject.root
      else { return }
      let opening = subject.opening.joined()
      guard let place = opening.ranges(of: "<\(list)").last else { return }
      let inside = String(opening[place.lowerBound...])
      let rest = subject.closing.drop { $0 != ">" }.dropFirst()
      let document = opening[..<place.lowerBound] + "<BATCH>" + inside + record + "</\(list)></BATCH>" + rest
      try await withSandbox(for: subject) { sandbox in
        let outcome = try await sandbox.run(Array(document.utf8))
        #expect(outcome.status == 1 && outcome.output.isEmpty, "\(document): \(outcome.errorText)")
      }
    }

    /// A name that Swift cannot say is no file that is not there.
    @Test(arguments: Subject.known) func anArgumentThatIsNoTextIsNamed(_ subject: Subject) async throws {
      try await withSandbox(for: subject) { sandbox in
        let outcome = try await sandbox.script("cp input $'l\\xe9.xml'; \"$@\" $'l\\xe9.xml' < /dev/null")
        #expect(outcome.status == 2 && outcome.errorText.contains("not UTF-8"), "\(outcome.status): \(outcome.errorText)")
      }
    }
  }
}
