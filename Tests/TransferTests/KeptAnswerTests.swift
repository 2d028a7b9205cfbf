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

  /// An answer takes the place of nothing: not of one of another list, nor of a body, nor of a journal.
  @Test func anAnswerReplacesNothing() async throws {
    let refused = step(409, refusal("1905"))
    try await FaultServer.with("{\"POST \(path)\":[\(refused),\(success),\(success),\(step(200, created(90002)))],\"\":[\(success)]}") { server in
      let folder = server.folder
      Files.makeFolder(folder.appending("answers"))
      func kept(_ name: String) throws -> String { String(decoding: try Files.read(folder.appending(name)) ?? [], as: UTF8.self) }
      _ = try await push(groups("a"), to: server.url, in: folder, ["--answers", "answers"])
      _ = try await push(groups("a"), to: server.url, in: folder, ["--answers", "answers"])
      _ = try await push(groups("b"), to: server.url, in: folder, ["--answers", "answers"])
      #expect(Files.names(in: folder.appending("answers")).sorted() == ["1.2.xml", "1.3.xml", "1.xml"])
      #expect(try [kept("answers/1.xml"), kept("answers/1.2.xml"), kept("answers/1.3.xml")] == [refusal("1905"), created(90001), created(90001)])
      // In the folder of a body, a map and a journal.
      try Files.write(Array("<BODY/>".utf8), to: folder.appending("1.xml"))
      let list = "POST\t/qps/rest/2.0/create/am/tag#tag=1\t@1.xml\n"
      let outcome = try await run(
        Place.program("qtbx-push"), ["--server", server.url, "--journal", "1.2.xml", "--map-out", "map.csv", "--answers", "."],
        input: Array(list.utf8), in: folder, environment: plain)
      #expect(outcome.status == 0, "\(outcome.errorText)")
      #expect(try kept("1.xml") == "<BODY/>" && kept("1.2.xml").hasPrefix("qtbx-journal") && kept("1.3.xml") == created(90001))
      #expect(try server.received.count == 4)
    }
  }

  /// Nothing is sent if the map would take the place of an answer.
  @Test(arguments: ["answers/7.xml", "./answers/../answers/1.2.xml", "link"]) func theMapIsNoAnswer(_ path: String) async throws {
    try await FaultServer.with(plan(success)) { server in
      Files.makeFolder(server.folder.appending("answers"))
      let outcome = try await script(
        "ln -s answers/1.xml link; $PUSH --server $URL --journal journal --answers answers --map-out \(path) list.urls", groups("a"), to: server.url,
        in: server.folder)
      #expect(outcome.status == 2 && outcome.errorText.contains("the map cannot go where an answer may go"), "\(outcome.errorText)")
      #expect(try server.received.isEmpty)
    }
  }

  /// Nobody can ask for it again: it is kept though its result has no reader.
  @Test(arguments: ["| true", "> /dev/full", ">&-"]) func anAnswerIsKeptThoughItsResultHasNoPlace(_ end: String) async throws {
    try await FaultServer.with(plan(step(200, created(90001), "\"delay\":0.5"), success)) { server in
      Files.makeFolder(server.folder.appending("answers"))
      let outcome = try await script(
        "$PUSH --server $URL --journal journal --answers answers list.urls \(end)", groups("a", "b"), to: server.url, in: server.folder)
      #expect(outcome.errorText.contains("standard output: "), "\(outcome.errorText)")
      #expect(try states(server.folder) == ["intent", "done"])
      #expect(try Files.read(server.folder.appending("answers/1.xml")) == Array(created(90001).utf8))
    }
  }

  /// What is lost is said first, with whatever else fails.
  @Test func anAnswerThatIsLostIsSaidWithTheRest() async throws {
    try await FaultServer.with(plan(step(200, created(90001), "\"delay\":0.5"))) { server in
      let outcome = try await script(
        """
        mkdir answers place
        $PUSH --server $URL --journal journal --answers answers --map-out place/map.csv list.urls > /dev/full & push=$!
        for i in $(seq 200); do [ -s log.jsonl ] && break; sleep 0.01; done
        mv answers place elsewhere 2> /dev/null || { mv answers gone; mv place lost; }; wait $push; echo "status=$?"
        """, groups("a"), to: server.url, in: server.folder)
      #expect(outcome.outputText == "status=3\n")
      #expect(
        outcome.errorText.contains(
          "qtbx-push: answers/1.xml: cannot create: No such file or directory: the answer to line 1, asset group \"a\" (4000001) is lost; standard output: "
        ),
        "\(outcome.errorText)")
      #expect(outcome.errorText.contains("; place/map.csv: cannot create"), "\(outcome.errorText)")
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
