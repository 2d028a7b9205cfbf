import Support
import SystemPackage
import Testing

/// `--answers`: what the service has said, as it has said it.
@Suite struct KeptAnswerTests {
  @Test func eachAnswerIsKeptByItsLine() async throws {
    let busy = step(409, refusal("1965"), headers: ["X-RateLimit-ToWait-Sec": "1"])
    try await FaultServer.with(plan(success, step(409, refusal("1905", "No <b>")), busy, success)) { server in
      Files.makeFolder(server.folder.appending("answers"))
      let list = "# a comment\n" + groups("a", "b", "c")
      let outcome = try await push(list, to: server.url, in: server.folder, ["--answers", "answers"])
      #expect(outcome.status == 8, "\(outcome.errorText)")
      #expect(Files.names(in: server.folder.appending("answers")) == ["2.xml", "3.xml", "4.xml"])
      let kept = try (2...4).map { String(decoding: try Files.read(server.folder.appending("answers/\($0).xml")) ?? [], as: UTF8.self) }
      // What came before a wait is not the answer.
      #expect(kept == [created(90001), refusal("1905", "No <b>"), created(90001)])
    }
  }

  /// Before something is done whose answer would be lost.
  @Test(arguments: ["nowhere", "plan.json"]) func withoutAFolderNothingIsSent(_ folder: String) async throws {
    try await FaultServer.with(plan(success)) { server in
      let outcome = try await push(groups("a"), to: server.url, in: server.folder, ["--answers", folder])
      #expect(outcome.status == 3)
      #expect(outcome.errorText.contains("\(folder): this is no folder that can be written to"), "\(outcome.errorText)")
      #expect(try server.received.isEmpty)
    }
  }

  /// The journal is the truth: what is done stays done, though its answer has no place.
  @Test func anAnswerThatCannotBeKeptEndsTheRun() async throws {
    try await FaultServer.with(plan(success)) { server in
      Files.makeFolder(server.folder.appending("answers"))
      Files.makeFolder(server.folder.appending("answers/1.xml"))
      let outcome = try await push(groups("a", "b"), to: server.url, in: server.folder, ["--answers", "answers"])
      #expect(outcome.status == 3)
      #expect(outcome.errorText.contains("answers/1.xml: cannot create"), "\(outcome.errorText)")
      #expect(try states(server.folder) == ["intent", "done"])
      #expect(try await push(groups("a", "b"), to: server.url, in: server.folder).status == 0)
      for title in ["a", "b"] { #expect(try count(title, server) == 1) }
    }
  }

  /// The answer to the merge of a policy is a whole policy. Without a place to keep it, a large one is none that can be judged.
  @Test func aLargeAnswerIsJudgedWhereItIsKept() async throws {
    let policy =
      "<POLICY_MERGE_RESULT_OUTPUT><RESPONSE><POLICY><TITLE>\(String(repeating: "x", count: 5 << 20))</TITLE></POLICY></RESPONSE></POLICY_MERGE_RESULT_OUTPUT>"
    try await FaultServer.with(plan(step(200, policy))) { server in
      Files.makeFolder(server.folder.appending("answers"))
      let kept = try await push(groups("a"), to: server.url, in: server.folder, ["--answers", "answers"])
      #expect(kept.status == 0)
      #expect(try Files.read(server.folder.appending("answers/1.xml"))?.count == policy.utf8.count)
      let unkept = try await push(groups("b"), to: server.url, in: server.folder)
      #expect(unkept.outputText.hasPrefix("unknown"))
    }
  }
}
