import Support
import SystemPackage
import Testing

/// What a journal says without sending anything, and what it says of records that have changed.
@Suite struct StatusTests {
  /// Asks for the status, with nothing in the environment that names a server or a user.
  private func status(_ options: [String] = [], input: String = "", in folder: FilePath) async throws -> Outcome {
    let nothing = ["q_api_fqdn_server": "", "q_username": "", "q_password": ""]
    return try await run(
      Place.program("qtbx-push"), ["--status", "--journal", "journal"] + options, input: Array(input.utf8), in: folder, environment: nothing)
  }

  /// The rows without the first, each without its time, which must be one.
  private func rows(_ outcome: Outcome) -> [String] {
    outcome.outputText.split(separator: "\n").dropFirst().map { line in
      var fields = line.split(separator: "\t", omittingEmptySubsequences: false).map { String($0) }
      let isTime = fields.count == 8 && fields[5].wholeMatch(of: /20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil
      if isTime { fields.remove(at: 5) }
      return fields.joined(separator: "\t")
    }
  }

  private func states(_ outcome: Outcome) -> [Substring] { rows(outcome).map { $0.prefix { $0 != "\t" } } }

  /// Four requests: done, lost, refused, and one that no longer came to the server's ears.
  private func withJournal(_ body: (FaultServer, String) async throws -> Void) async throws {
    let steps = plan(success, step(200, "", "\"reset\":-1"), step(409, refusal("1905", "Say\\more.")), step(401, refusal("2000")), success)
    try await FaultServer.with(steps) { server in
      let list = groups("Web%20%26%20DB", "b", "c", "d")
      #expect(try await push(list, to: server.url, in: server.folder).status == 8)
      #expect(try server.received.count == 4)
      try await body(server, list)
    }
  }

  @Test func everyRequestHasARow() async throws {
    try await withJournal { server, list in
      let before = try Files.read(server.folder.appending("journal"))
      let all = try await status(in: server.folder)
      #expect(all.status == 5)
      #expect(all.errorText == "qtbx-push: 1 of 4 done, 1 unknown, 1 refused, 1 unsent\n")
      #expect(all.outputText.hasPrefix("state\tkind\tsource_id\ttarget_id\tname\twhen\tline\treason\n"))
      let reason = rows(all).count > 1 ? rows(all)[1].split(separator: "\t").last.map { String($0) } ?? "" : ""
      #expect(
        rows(all) == [
          "done\tasset-group\t4000001\t90001\tWeb & DB\t\t", "unknown\tasset-group\t4000002\t\tb\t\t\(reason)",
          "refused\tasset-group\t4000003\t\tc\t\t1905: Say\\\\more.", "unsent\tasset-group\t4000004\t\td\t\t",
        ])
      #expect(!reason.isEmpty)
      // Of a list, in its order: one that is not begun has no time.
      try Files.write(Array(("# a comment\n" + group("e", 9) + group("c", 4_000_003)).utf8), to: server.folder.appending("other.urls"))
      let some = try await status(["other.urls"], in: server.folder)
      #expect(some.status == 5)
      #expect(rows(some) == ["new\tasset-group\t9\t\te\t\t2\t", "refused\tasset-group\t4000003\t\tc\t3\t1905: Say\\\\more."])
      let done = try await status(["--server", server.url, "-"], input: group("Web%20%26%20DB", 4_000_001), in: server.folder)
      #expect(done.status == 0 && done.errorText == "qtbx-push: 1 of 1 done\n", "\(done.errorText)")
      #expect(try await status(["-"], input: "# no requests\n", in: server.folder).status == 0)
      #expect(try await status(["-"], in: server.folder).status == 1)
      // It was only read, and nothing was sent.
      #expect(try Files.read(server.folder.appending("journal")) == before)
      #expect(try server.received.count == 4)
    }
  }

  /// What only reads is never unknown: the next run sends it again.
  @Test func whatOnlyReadsIsUnsent() async throws {
    try await FaultServer.with("{\"\":[\(step(200, "", "\"delay\":20"))]}") { server in
      let list = "GET\t/api/4.0/fo/compliance/policy/?action=export&id=7#policy=7\n"
      let killed = try await script(
        "$PUSH --server $URL --journal journal < list.urls & until grep -q intent journal; do sleep 0.02; done; kill -9 $!", list, to: server.url,
        in: server.folder)
      #expect(killed.status == 0)
      let (all, some) = (try await status(in: server.folder), try await status(["list.urls"], in: server.folder))
      #expect(states(all) == ["unknown"])
      #expect(states(some) == ["unsent"])
    }
  }

  /// A damaged journal says nothing; one whose last line a crash has torn is read, and left as it is.
  @Test func aDamagedJournalIsRefused() async throws {
    try await withJournal { server, _ in
      let journal = server.folder.appending("journal")
      let bytes = try Files.read(journal) ?? []
      for place in stride(from: 0, to: bytes.count, by: 13) {
        var damaged = bytes
        damaged[place] ^= 1 << UInt8(place % 8)
        try Files.write(damaged, to: journal)
        let outcome = try await status(in: server.folder)
        #expect(outcome.status == 1 && outcome.output.isEmpty, "bit of byte \(place): \(outcome.errorText)")
        #expect(try Files.read(journal) == damaged)
      }
      try Files.write(Array(bytes.dropLast(5)), to: journal)
      let torn = try await status(in: server.folder)
      // Its outcome is lost.
      #expect(torn.errorText == "qtbx-push: 1 of 4 done, 2 unknown, 1 refused\n", "\(torn.errorText)")
      #expect(try Files.read(journal) == Array(bytes.dropLast(5)))
      try Files.write([], to: journal)
      #expect(try await status(in: server.folder).status == 1)
      Files.remove(journal)
      #expect(try await status(in: server.folder).status == 3)
      #expect(!Files.exists(journal))
    }
  }

  /// The answer of neither may be added to the journal.
  @Test(arguments: ["--status", "--dry-run --server $URL < list.urls"]) func theJournalIsNotWrittenOver(_ options: String) async throws {
    try await withJournal { server, list in
      let before = try Files.read(server.folder.appending("journal"))
      let outcome = try await script("$PUSH --journal journal \(options) >> journal", list, to: server.url, in: server.folder)
      #expect(outcome.status == 2, "\(outcome.errorText)")
      #expect(try Files.read(server.folder.appending("journal")) == before)
    }
  }

  // MARK: Records that have changed

  private let refuse = ["--refuse-changed"]

  /// What is done, or may be, is not sent with other contents; what was refused is.
  @Test func aRecordThatWasSentIsRefused() async throws {
    try await withJournal { server, list in
      let changed = groups("A", "B", "C", "D")
      let outcome = try await push(changed, to: server.url, in: server.folder, refuse)
      #expect(outcome.status == 7)
      #expect(outcome.output.isEmpty)
      #expect(
        outcome.errorText
          == "qtbx-push: 2 records were sent before with other contents, and would be created once more: "
          + "line 1, asset group \"A\" (4000001); line 2, asset group \"B\" (4000002)\n")
      let dry = try await push(changed, to: server.url, in: server.folder, refuse + ["--dry-run"])
      #expect(dry.status == 7 && dry.output.isEmpty && dry.errorText == outcome.errorText, "\(dry.errorText)")
      #expect(try server.received.count == 4)
      let told = try await status(["-"], input: changed, in: server.folder)
      #expect(states(told) == ["changed", "changed", "new", "new"])
      // One line alone; the same title with another fragment, or with none; and a list that is sorted otherwise.
      let one = try await push(group("A", 4_000_001), to: server.url, in: server.folder, refuse)
      #expect(one.status == 7 && one.errorText.contains("a record was sent before"), "\(one.errorText)")
      let mended = list.split(separator: "\n").reversed().joined(separator: "\n").replacing("title=c", with: "title=C")
      let others = mended + "\n" + group("A", 7) + "\(path)?action=add&title=A\n"
      let again = try await push(others, to: server.url, in: server.folder, refuse)
      #expect(again.outputText.split(separator: "\n").map { $0.split(separator: "\t")[0] } == ["done", "done", "unknown", "already", "done", "done"])
      // Without the option, a changed record is another request, as ever.
      #expect(try await push(changed.replacing("title=C", with: "title=CC"), to: server.url, in: server.folder).status == 0)
      #expect(try server.received.count == 4 + 4 + 4)
    }
  }

  /// Several requests of one record that the list has itself are no changes: a run that has ended between them goes on.
  @Test func severalRequestsOfOneRecordGoOn() async throws {
    try await FaultServer.with(plan(success)) { server in
      let list = group("a", 1) + group("b", 1) + group("c", 1)
      let first = try await push(group("a", 1), to: server.url, in: server.folder, refuse)
      #expect(first.status == 0)
      #expect(try await push(list, to: server.url, in: server.folder, refuse).status == 0)
      #expect(try server.received.count == 3)
      // One of them has changed.
      #expect(try await push(list.replacing("title=b", with: "title=B"), to: server.url, in: server.folder, refuse).status == 7)
      #expect(try server.received.count == 3)
    }
  }

  /// Everything that was sent, in any order and with any names: a list is refused exactly if it would send a record once more.
  @Test(arguments: 1...12) func aListIsRefusedExactlyIfARecordWouldBeSentOnceMore(_ seed: UInt64) async throws {
    var random = Seeded(seed)
    let states = [success, step(409, refusal("1905")), step(200, "", "\"reset\":-1")]
    let outcomes = (1...6).map { _ in Int.random(in: 0...2, using: &random) }
    try await FaultServer.with("{\"POST \(path)\":[\((outcomes.map { states[$0] } + [success]).joined(separator: ","))]}") { server in
      _ = try await push((1...6).map { group("t\($0)", $0) }.joined(), to: server.url, in: server.folder)
      var list: [String] = []
      var isRefused = false
      for id in 1...6 where Bool.random(using: &random) {
        let isChanged = Bool.random(using: &random)
        list.append(group(isChanged ? "u\(id)" : "t\(id)", id))
        if isChanged, outcomes[id - 1] != 1 { isRefused = true }
      }
      list.shuffle(using: &random)
      let before = try server.received.count
      let outcome = try await push("# a list\n" + list.joined(), to: server.url, in: server.folder, refuse)
      #expect((outcome.status == 7) == isRefused, "\(outcomes) \(list) \(outcome.errorText)")
      if isRefused { #expect(try server.received.count == before) }
    }
  }
}
