import Support
import SystemPackage
import Testing

/// What goes wrong on the way: asked again where that helps, and never half an answer.
@Suite struct FetchFaultTests {
  /// P01. The server's clock is the judge.
  @Test func waitsAsLongAsTheServiceAsks() async throws {
    let busy = step(409, refusal("1965"), headers: ["X-RateLimit-ToWait-Sec": "2"])
    try await FaultServer.with(listing(busy, step(200, page(1...2)))) { server in
      let outcome = try await fetch("asset-groups", from: server.url, in: server.folder, scale: "1")
      let received = try server.received
      #expect(outcome.status == 0, "\(outcome.errorText)")
      #expect(outcome.outputText == page(1...2))
      #expect(received.count == 2)
      #expect(received[1].time - received[0].time >= 2)
      #expect(outcome.errorText.contains("waiting 2 s: 1965"))
    }
  }

  /// P02.
  @Test func givesUpAfterTwelveTries() async throws {
    let busy = step(409, "", headers: ["X-RateLimit-ToWait-Sec": "0", "X-Concurrency-Limit-Limit": "2", "X-Concurrency-Limit-Running": "2"])
    try await FaultServer.with(listing(busy)) { server in
      let outcome = try await fetch("asset-groups", from: server.url, in: server.folder, ["-o", "out.xml"], scale: "0.001")
      #expect(outcome.status == 9)
      #expect(try server.received.count == 12)
      #expect(outcome.errorText.contains("the concurrency limit; tried 12 times"), "\(outcome.errorText)")
      #expect(left(server.folder).isEmpty)
    }
  }

  /// P03: a date is not read, nonsense neither; too long a time ends the run.
  @Test(arguments: ["7", "Wed, 21 Oct 2015 07:28:00 GMT", "soon", "99999999"], [429, 503]) func readsRetryAfter(_ value: String, _ status: Int)
    async throws
  {
    try await FaultServer.with(listing(step(status, "", headers: ["Retry-After": value]), step(200, page(1...2)))) { server in
      let outcome = try await fetch("asset-groups", from: server.url, in: server.folder, ["--longest-wait", "100"])
      let isTooLong = value == "99999999"
      #expect(outcome.status == (isTooLong ? 9 : 0), "\(outcome.errorText)")
      #expect(try server.received.count == (isTooLong ? 1 : 2))
      if value == "7" { #expect(outcome.errorText.contains("waiting 7 s")) }
      if isTooLong { #expect(outcome.errorText.contains("more than --longest-wait")) }
    }
  }

  /// Where the service asks for nothing, no wait is longer than the longest, and that is no reason to give up.
  @Test func ownWaitsAreNoLongerThanTheLongest() async throws {
    let steps = Array(repeating: step(503), count: 8) + [step(200, page(1...2))]
    try await FaultServer.with(listing(steps.joined(separator: ","))) { server in
      let outcome = try await fetch("asset-groups", from: server.url, in: server.folder, ["--longest-wait", "1"])
      #expect(outcome.status == 0 && !outcome.errorText.contains("asks for"), "\(outcome.errorText)")
      #expect(try server.received.count == 9)
    }
  }

  /// P04.
  @Test func holdsTheNextPageWhenNoneRemains() async throws {
    let first = step(200, page(1...2, next: "id_min=3"), headers: ["X-RateLimit-Remaining": "0", "X-RateLimit-ToWait-Sec": "2"])
    try await FaultServer.with(listing(first, step(200, page(3...3)))) { server in
      let outcome = try await fetch("asset-groups", from: server.url, in: server.folder, scale: "1")
      let received = try server.received
      #expect(outcome.outputText == page(1...3))
      #expect(received.count == 2 && received[1].time - received[0].time >= 1.9)
      #expect(outcome.errorText.contains("no call left"))
    }
  }

  /// P05, P07: on any page, and nothing of the broken one stays.
  @Test(
    arguments: [
      step(500, "<html>Bad day</html>"), step(502), step(504), step(408), step(200, page(3...4), "\"cut\":150"), step(200, page(3...4), "\"cut\":0"),
      step(200, page(3...4), "\"reset\":-1"), step(200, page(3...4), "\"reset\":200"), step(200, page(3...4), "\"cut\":300,\"chunked\":true"),
      step(200, page(3...4), "\"length\":5000"), step(200, page(3...4), "\"cut\":300,\"unsaid\":true"),
      step(200, page(3...4, pad: String(repeating: "<X>some text</X>", count: 20_000)), "\"cut\":300000"),
    ], [1, 2, 3]) func asksAgainForWhatBrokeOff(_ fault: String, _ at: Int) async throws
  {
    var steps = [step(200, page(1...2, next: "id_min=3")), step(200, page(3...4, next: "id_min=5")), step(200, page(5...6))]
    steps.insert(fault, at: at - 1)
    steps.insert(fault, at: at - 1)
    try await FaultServer.with("{\"GET \(path)\":[\(steps.joined(separator: ","))]}") { server in
      let outcome = try await fetch("asset-groups", from: server.url, in: server.folder, ["-o", "out.xml"])
      #expect(outcome.status == 0, "\(outcome.errorText)")
      #expect(outcome.errorText.split(separator: "\n").count { $0.contains("waiting") } == 2)
      #expect(try Files.read(server.folder.appending("out.xml")) == Array(page(1...6).utf8))
      let received = try server.received
      #expect(received.count == 5)
      #expect(received[at - 1].path == received[at].path && received[at].path == received[at + 1].path)
    }
  }

  /// P07: an interim answer is none.
  @Test func asksAgainAfterAnInterimAnswer() async throws {
    try await FaultServer.with(listing("{\"interim\":102}", step(200, page(1...2)))) { server in
      let outcome = try await fetch("asset-groups", from: server.url, in: server.folder)
      #expect(outcome.outputText == page(1...2), "\(outcome.errorText)")
      #expect(try server.received.count == 2)
    }
  }

  /// P07: what ends with the connection may have been cut, whether the server says so or not. A document shows it; bytes do not.
  @Test(arguments: ["1.0", "1.1"]) func bytesWithoutALengthAreNotTaken(_ version: String) async throws {
    try await FaultServer.with(listing(step(200, page(1...2), "\"version\":\"\(version)\",\"silent\":true"))) { server in
      #expect(try await fetch("asset-groups", from: server.url, in: server.folder).outputText == page(1...2))
      let raw = try await fetch("asset-groups", from: server.url, in: server.folder, ["--raw", "-o", "out.xml"])
      #expect(raw.status == 4)
      #expect(raw.errorText.contains("the answer says no length"), "\(raw.errorText)")
      #expect(left(server.folder).isEmpty)
    }
  }

  /// P08: a search that does not say that it went well, and the list of something else where the root has no confirmed name.
  @Test(arguments: [
    ("tags", "POST /qps/", "<ServiceResponse/>", "the answer has no responseCode"),
    ("tags", "POST /qps/", "<ServiceResponse><data></data></ServiceResponse>", "the answer has no responseCode"),
    ("networks", "GET /api/", page(1...2), "this is a document ASSET_GROUP_LIST_OUTPUT"),
    ("schedules", "GET /api/", "<X_ERROR_OUTPUT/>", "the service's error X_ERROR_OUTPUT"),
  ]) func anAnswerToSomethingElseIsNone(_ resource: String, _ call: String, _ answer: String, _ reason: String) async throws {
    try await FaultServer.with("{\"\(call)\":[\(step(200, answer))]}") { server in
      let outcome = try await fetch(resource, from: server.url, in: server.folder, ["-o", "out.xml"])
      #expect(outcome.status == 4)
      #expect(outcome.errorText.contains(reason), "\(outcome.errorText)")
      #expect(left(server.folder).isEmpty)
    }
  }

  /// P07: for ever, and there is no file.
  @Test(
    arguments: ["\"cut\":200", "\"reset\":200", "\"cut\":200,\"chunked\":true", "\"length\":5000", "\"cut\":200,\"unsaid\":true"], ["", "--raw"])
  func whatAlwaysBreaksOffLeavesNothing(_ fault: String, _ raw: String) async throws {
    try await FaultServer.with(listing(step(200, page(1...4), fault))) { server in
      let outcome = try await fetch(
        "asset-groups", from: server.url, in: server.folder, ["-o", "out.xml"] + (raw.isEmpty ? [] : [raw]), scale: "0.001")
      // Of an answer without a length nobody knows whether it is whole, and what is not read would be no better later.
      #expect(outcome.status == (fault.contains("unsaid") && raw == "--raw" ? 4 : 9), "\(outcome.errorText)")
      #expect(left(server.folder).isEmpty)
    }
  }

  /// P08: the errors that come in the clothes of a success, at once and with their words; some are a matter of waiting.
  @Test(arguments: [
    (refusal("1905", "No such parameter."), "the service's error 1905: No such parameter."), (refusal("2001", "This account has expired."), "2001"),
    ("<html><body>Sign in</body></html>", "HTML page"), ("", "the answer is empty"), (" \n", "the answer is empty"),
    ("<ServiceResponse><responseCode>UNAUTHORIZED</responseCode></ServiceResponse>", "UNAUTHORIZED"), ("<x/>", "this is a document x"),
    ("<GENERIC_RETURN><RETURN status=\"FAILED\" number=\"999\">No.</RETURN></GENERIC_RETURN>", "error 999: No."), ("%PDF-1.4", "this is no XML"),
  ]) func anErrorInTheClothesOfASuccessIsNoData(_ answer: String, _ reason: String) async throws {
    try await FaultServer.with(listing(step(200, answer))) { server in
      let outcome = try await fetch("asset-groups", from: server.url, in: server.folder, ["-o", "out.xml"], scale: "0.001")
      #expect(outcome.status == 4)
      #expect(outcome.errorText.contains(reason), "\(outcome.errorText)")
      #expect(try server.received.count == 1)
      #expect(left(server.folder).isEmpty)
      if !["<x/>", "%PDF-1.4"].contains(answer) {
        let raw = try await fetch("asset-groups", from: server.url, in: server.folder, ["--raw"])
        #expect(raw.status == 4)
      }
    }
    try await FaultServer.with(listing(step(200, refusal("1960", "Too many.")), step(200, page(1...1)))) { server in
      let outcome = try await fetch("asset-groups", from: server.url, in: server.folder)
      #expect(outcome.outputText == page(1...1))
      #expect(outcome.errorText.contains("waiting"))
    }
  }

  /// P10: no second try, also where the answer breaks off.
  @Test(arguments: [401, 403], ["", "\"cut\":3"]) func aRefusedLoginEndsTheRun(_ status: Int, _ more: String) async throws {
    try await FaultServer.with(listing(step(200, page(1...1, next: "id_min=2")), step(status, refusal("2000", "Bad Login"), more))) { server in
      let outcome = try await fetch("asset-groups", from: server.url, in: server.folder, ["-o", "out.xml"])
      #expect(outcome.status == 4)
      #expect(outcome.errorText.contains("refuses the login (HTTP \(status)"), "\(outcome.errorText)")
      #expect(try server.received.count == 2)
      #expect(left(server.folder).isEmpty)
    }
  }

  /// P11.
  @Test(arguments: [301, 302, 303, 307, 308]) func noRedirectIsFollowed(_ status: Int) async throws {
    try await FaultServer.with("{\"\":[\(step(200, page(1...1)))]}") { other in
      try await FaultServer.with(listing(step(status, "", headers: ["Location": "\(other.url)\(path)"]))) { server in
        let outcome = try await fetch("asset-groups", from: server.url, in: server.folder)
        #expect(outcome.status == 4)
        #expect(outcome.errorText.contains("no redirect is followed"))
        #expect(try server.received.count == 1)
        #expect(try other.received.isEmpty)
      }
    }
  }

  /// P19: a server that is silent, slow or talks without end.
  @Test func nothingIsWaitedForWithoutEnd() async throws {
    let stall = ["--stall-timeout", "1"]
    try await FaultServer.with(listing(step(200, page(1...4), "\"delay_body\":4"), step(200, page(1...4)))) { server in
      let outcome = try await fetch("asset-groups", from: server.url, in: server.folder, stall)
      #expect(outcome.outputText == page(1...4), "\(outcome.errorText)")
      #expect(try server.received.count == 2)
    }
    try await FaultServer.with(listing(step(200, page(1...4), "\"slow\":0.2"), step(200, page(1...4)))) { server in
      let outcome = try await fetch("asset-groups", from: server.url, in: server.folder, ["--total-timeout", "2"])
      #expect(outcome.outputText == page(1...4), "\(outcome.errorText)")
    }
    for fault in [step(500, "", "\"fill\":100000000"), step(200, "", "\"endless\":true")] {
      try await FaultServer.with(listing(fault, step(200, page(1...4)))) { server in
        let outcome = try await fetchScript(
          "/usr/bin/time -o peak -f %M $FETCH asset-groups --server $URL --time-scale 0.01 > /dev/null; echo $?; cat peak", from: server.url,
          in: server.folder)
        let lines = outcome.outputText.split(separator: "\n")
        #expect(lines.first == "0", "\(outcome.errorText)")
        #expect(lines.last.flatMap { Int($0) }.map { $0 < 32 << 10 } == true)
      }
    }
  }

  /// A host that is not there is not asked for minutes.
  @Test func aServerThatIsNotThereIsSaidSoon() async throws {
    try await Files.withScratch { folder in
      let outcome = try await fetch("asset-groups", from: "http://127.0.0.1:1", in: folder)
      #expect(outcome.status == 9)
      #expect(outcome.errorText.split(separator: "\n").count == 3, "\(outcome.errorText)")
    }
  }

  /// Killed in the middle of the second page, at its end, and interrupted: the file that was there stays, and no other of its name comes.
  @Test(arguments: ["KILL", "TERM", "INT", "HUP"]) func anEndInTheMiddleLeavesTheOldFile(_ signal: String) async throws {
    let second = step(200, page(3...4), "\"delay_body\":5")
    try await FaultServer.with(listing(step(200, page(1...2, next: "id_min=3")), second)) { server in
      try Files.write(Array("old".utf8), to: server.folder.appending("out.xml"))
      let outcome = try await fetchScript(
        """
        set -m
        $FETCH asset-groups --server $URL -o out.xml & fetch=$!
        for i in $(seq 200); do [ "$(wc -l < log.jsonl)" = 2 ] && break; sleep 0.02; done; sleep 0.2
        kill -\(signal) $fetch; wait $fetch; echo $?; cat out.xml
        """, from: server.url, in: server.folder)
      let status = signal == "KILL" ? 137 : 9
      #expect(outcome.outputText == "\(status)\nold", "\(outcome.outputText) \(outcome.errorText)")
      // What a kill leaves has another name, which no glob takes for an answer.
      let names = left(server.folder)
      #expect(signal == "KILL" ? names.allSatisfy { $0 == "out.xml" || !$0.hasSuffix(".xml") } : names == ["out.xml"])
      if signal != "KILL" { #expect(outcome.errorText.contains("interrupted")) }
    }
  }

  /// The disk is full, or standard output is gone: status 3, one line.
  @Test(arguments: ["> /dev/full", ">&-", "-o /dev/full", "-o missing/out.xml", "-o ."]) func whatCannotBeWrittenIsALocalFailure(_ output: String)
    async throws
  {
    try await FaultServer.with(listing(step(200, page(1...4)))) { server in
      let outcome = try await fetchScript("$FETCH asset-groups --server $URL \(output)", from: server.url, in: server.folder)
      #expect(outcome.status == 3, "\(outcome.errorText)")
      #expect(outcome.errorText.split(separator: "\n").count == 1)
      #expect(left(server.folder).isEmpty)
    }
  }

  /// `--raw` gives the very bytes.
  @Test(arguments: ["a,b\n1,2\n", "<a>not <b>well</a>", "\u{0}\u{1}binary", String(repeating: "line\n", count: 100_000)])
  func rawIsUntouched(_ answer: String) async throws {
    try await FaultServer.with(listing(step(200, "half", "\"cut\":2"), step(200, answer))) { server in
      let outcome = try await fetch("asset-groups", from: server.url, in: server.folder, ["--raw"])
      #expect(outcome.output == Array(answer.utf8))
      #expect(outcome.status == 0)
    }
  }

  /// A proxy on the way to this machine is not used, and TLS that is not trusted ends the run at once.
  @Test func thisMachineIsNeverProxied() async throws {
    try await FaultServer.with("{\"\":[\(step(200, page(1...1)))]}") { proxy in
      try await FaultServer.with(listing(step(200, page(1...2)))) { server in
        let outcome = try await fetch(
          "asset-groups", from: server.url, in: server.folder, environment: ["http_proxy": proxy.url, "all_proxy": proxy.url])
        #expect(outcome.outputText == page(1...2))
        #expect(try proxy.received.isEmpty)
      }
    }
  }

  /// The line that says how far it is, on a terminal only, and gone in the end.
  @Test func progressIsShownOnATerminalOnly() async throws {
    try await FaultServer.with(listing(step(200, page(1...2, next: "id_min=3")), step(200, page(3...4), "\"delay\":1"), step(200, page(1...2)))) {
      server in
      let shown = try await fetchScript(
        "TERM=xterm script -qec \"$FETCH asset-groups --server $URL -o out.xml\" /dev/null | tr '\\r' '\\n'; cat out.xml", from: server.url,
        in: server.folder)
      #expect(shown.outputText.contains("\u{1B}[K"), "\(shown.outputText)")
      #expect(shown.outputText.contains("1 request"))
      #expect(shown.outputText.contains("\u{1B}[Kqtbx-fetch: asset-groups: 4 records in 2 pages"), "\(shown.outputText)")
      #expect(shown.outputText.hasSuffix(page(1...4)))
      let plain = try await fetch("asset-groups", from: server.url, in: server.folder)
      #expect(plain.errorText == "qtbx-fetch: asset-groups: 2 records in 1 page\n")
    }
  }
}
