import Support
import SystemPackage
import Testing

/// `--refuse-there`: what the target has by now under its name, and the journal does not know, is not created once more.
@Suite struct TakenNamesTests {
  private let schedules = "/api/2.0/fo/schedule/scan/"

  private func line(_ title: String, _ source: Int) -> String { "\(schedules)?action=create&scan_title=\(title)&active=1#schedule=\(source)\n" }

  private func list(_ scans: [(id: Int, title: String)]) -> String {
    let records = scans.map { "<SCAN><ID>\($0.id)</ID><TITLE><![CDATA[\($0.title)]]></TITLE></SCAN>" }.joined()
    return step(
      200, "<SCHEDULE_SCAN_LIST_OUTPUT><RESPONSE><SCHEDULE_SCAN_LIST>\(records)</SCHEDULE_SCAN_LIST></RESPONSE></SCHEDULE_SCAN_LIST_OUTPUT>")
  }

  private func plan(_ creations: [String], _ lists: [String]) -> String {
    "{\"POST \(schedules)\":[\(creations.joined(separator: ","))],\"GET /api/5.0/fo/schedule/scan/\":[\(lists.joined(separator: ","))]}"
  }

  private func send(_ list: String, _ server: FaultServer, _ options: String...) async throws -> Outcome {
    try await push(list, to: server.url, in: server.folder, ["--refuse-there"] + options, scale: "0.0005")
  }

  private func methods(_ server: FaultServer) throws -> String { try server.received.map(\.method).joined(separator: " ") }

  /// Nothing at all is sent, each of them is a result, and the next run asks again.
  @Test func whatIsThereIsRefusedAndNamed() async throws {
    try await FaultServer.with(plan([step(200, created(503))], [list([(500, "Daily"), (501, "Weekly ")]), list([])])) { server in
      let outcome = try await send(line("Hourly", 1) + line("Daily", 2) + line("Weekly", 3), server)
      #expect(outcome.status == 7)
      #expect(outcome.outputText == "there\t500\t2\tDaily\t\nthere\t501\t3\tWeekly\t\n")
      #expect(
        outcome.errorText.hasSuffix(
          "qtbx-push: the target has objects of these 2 names by now, which this journal does not know, and would get another: "
            + "line 2, schedule \"Daily\" (2); line 3, schedule \"Weekly\" (3)\n"), "\(outcome.errorText)")
      #expect(try states(server.folder).isEmpty)
      #expect(try methods(server) == "GET")
      // Somebody has renamed them.
      let again = try await send(line("Daily", 2), server, "--format", "jsonl")
      #expect(again.status == 0 && again.outputText.contains("\"status\":\"done\""), "\(again.outputText) \(again.errorText)")
      #expect(try methods(server) == "GET GET POST")
    }
  }

  /// Other names, and what only looks the same, are no reason; without a request that creates something, nobody is asked.
  @Test(arguments: [("daily", "GET POST"), ("Daily 2", "GET POST")])
  func whatIsNotThereIsSent(_ one: (title: String, methods: String)) async throws {
    try await FaultServer.with(plan([step(200, created(503))], [list([(500, one.title)])])) { server in
      let outcome = try await send(line("Daily", 1), server)
      #expect(outcome.status == 0, "\(outcome.errorText)")
      #expect(try methods(server) == one.methods)
      #expect(try await send(line("Daily", 1), server).status == 0)
      #expect(try await send("\(schedules)?action=delete&id=503#schedule=1\n", server).status == 0)
      #expect(try methods(server) == one.methods + " POST")
    }
  }

  /// Two records of one name: what the journal knows to be the first one's is no reason against the second, also if the list has only that one any more.
  @Test(arguments: [true, false]) func whatTheJournalKnowsIsItsOwn(_ isWhole: Bool) async throws {
    let steps = [step(200, created(501)), step(409, refusal("1905")), step(200, created(502))]
    try await FaultServer.with(plan(steps, [list([]), list([(501, "Daily")])])) { server in
      #expect(try await send(line("Daily", 1) + line("Daily", 2), server).status == 4)
      let outcome = try await send((isWhole ? line("Daily", 1) : "") + line("Daily", 2), server)
      #expect(outcome.status == 0 && outcome.outputText.hasSuffix("done\t502\t2\tDaily\t\n"), "\(outcome.outputText) \(outcome.errorText)")
    }
  }

  /// An answer that has no id: what is there under its name is its own.
  @Test func whatWasCreatedWithoutAnIDIsItsOwn() async throws {
    let done = step(200, "<SIMPLE_RETURN><RESPONSE><TEXT>Done.</TEXT></RESPONSE></SIMPLE_RETURN>")
    try await FaultServer.with(plan([done, step(409, refusal("1905")), step(200, created(502))], [list([]), list([(501, "Daily")])])) { server in
      let outcome = try await send(line("Daily", 1) + line("Daily", 2), server)
      #expect(outcome.status == 4, "\(outcome.errorText)")
      #expect(try await send(line("Daily", 1) + line("Daily", 2), server).status == 0)
    }
  }

  /// Without the list nobody knows, so nothing is sent.
  @Test(arguments: [(step(400, refusal("1905")), 4), (step(200, "<SCHEDULE_SCAN_LIST_OUTPUT><RESPONSE/>"), 9)])
  func withoutTheListNothingIsSent(_ one: (step: String, status: Int)) async throws {
    try await FaultServer.with(plan([step(200, created(501))], [one.step])) { server in
      let outcome = try await send(line("Daily", 1), server)
      #expect(outcome.status == one.status, "\(outcome.errorText)")
      #expect(outcome.errorText.contains("the target's schedules cannot be listed, so --refuse-there sends nothing: "), "\(outcome.errorText)")
      #expect(try methods(server).contains("POST") == false)
    }
  }

  /// A dry run counts what would be asked.
  @Test func aDryRunCountsTheQuestions() async throws {
    try await FaultServer.with("{}") { server in
      let outcome = try await send(line("Daily", 1) + line("Weekly", 2), server, "--dry-run")
      #expect(outcome.errorText.hasPrefix("qtbx-push: 2 calls to send, and 1 before that; at 300 calls"), "\(outcome.errorText)")
      #expect(try server.received.isEmpty)
    }
  }
}
