import Glibc
import Support
import SystemPackage
import Testing

/// Several requests under way at once.
@Suite struct JobsTests {
  /// Three endpoints, one after the other in the list.
  private static let endpoints = ["/api/2.0/fo/asset/group/", "/api/2.0/fo/network/", "/api/2.0/fo/appliance/"]

  /// `count` requests of each endpoint, named `place-number`.
  private func mixed(_ count: Int) -> String {
    (1...count).flatMap { number in
      Self.endpoints.indices.map { place in "\(Self.endpoints[place])?action=create&title=\(place)-\(number)#thing=\(place * 1000 + number)\n" }
    }.joined()
  }

  private func all(_ steps: String...) -> String { "{\"\":[\(steps.joined(separator: ","))]}" }

  private func titles(_ server: FaultServer, at path: String? = nil) throws -> [Substring] {
    try server.received.filter { path == nil || $0.path == path }.compactMap { $0.body.split(separator: "title=").last }
  }

  @Test func orderIsKeptWithinAnEndpointAndNoneHasTwoAtOnce() async throws {
    try await FaultServer.with(all(step(200, created(1), "\"delay\":0.02"))) { server in
      let outcome = try await push(mixed(12), to: server.url, in: server.folder, ["--jobs", "3", "--map-out", "map.csv"])
      #expect(outcome.status == 0, "\(outcome.errorText)")
      for (place, path) in Self.endpoints.enumerated() {
        #expect(try titles(server, at: path) == (1...12).map { "\(place)-\($0)" })
      }
      let received = try server.received
      #expect(received.allSatisfy { $0.waiting == 1 })
      // Otherwise this tests nothing.
      #expect(Set(received.map(\.connection)).count == 1 + 3)
      #expect(zip(received, received.dropFirst()).contains { $1.time - $0.time < 0.015 })
      // Results and journal are whole lines.
      let lines = outcome.outputText.split(separator: "\n")
      #expect(lines.count == 36 && lines.allSatisfy { $0.split(separator: "\t", omittingEmptySubsequences: false).count == 5 })
      #expect(String(decoding: try Files.read(server.folder.appending("map.csv")) ?? [], as: UTF8.self).split(separator: "\n").count == 37)
      let again = try await push(mixed(12), to: server.url, in: server.folder, ["--jobs", "3"])
      #expect(again.status == 0 && again.errorText.contains("0 done, 36 already done"), "\(again.errorText)")
      #expect(try server.received.count == 36)
    }
  }

  /// Versions of a path are one endpoint, and all that is done to tags is another.
  @Test func whatBelongsTogetherKeepsItsOrder() async throws {
    try await FaultServer.with(all(step(200, created(1), "\"delay\":0.05"))) { server in
      let list =
        "/api/2.0/fo/network/?action=create&title=0\n"
        + (1...4).map { "/api/\($0).0/fo/asset/group/?action=add&title=g\($0)\n" }.joined()
        + ["create/am/tag", "update/am/tag/7", "update/am/tag/8", "delete/am/tag/7"].enumerated().map {
          "/qps/rest/2.0/\($1)?title=t\($0)\n"
        }.joined()
      let outcome = try await push(list, to: server.url, in: server.folder, ["--jobs", "8"])
      #expect(outcome.status == 0, "\(outcome.errorText)")
      let titles = try titles(server)
      #expect(titles.filter { $0.hasPrefix("g") } == ["g1", "g2", "g3", "g4"])
      #expect(titles.filter { $0.hasPrefix("t") } == ["t0", "t1", "t2", "t3"])
      #expect(Set(try server.received.map(\.connection)).count == 3)
    }
  }

  /// P10: a wrong password is tried once, not once for each job.
  @Test func nobodyElseTriesAPasswordThatIsRefused() async throws {
    try await FaultServer.with(all(step(401, refusal("2000"), "\"delay\":0.2"))) { server in
      let outcome = try await push(mixed(3), to: server.url, in: server.folder, ["--jobs", "3"])
      #expect(outcome.status == 4)
      #expect(try server.received.count == 1)
      #expect(try states(server.folder) == ["intent", "unsent"])
    }
  }

  /// P10: a login that is refused later ends the run for all; what is under way comes to its end.
  @Test func aRefusedLoginEndsAllJobs() async throws {
    let slow = step(200, created(1), "\"delay\":0.5")
    let plan = "{\"POST \(Self.endpoints[1])\":[\(success),\(success),\(step(403, refusal("2000")))],\"\":[\(success),\(slow)]}"
    try await FaultServer.with(plan) { server in
      let outcome = try await push(mixed(20), to: server.url, in: server.folder, ["--jobs", "3"])
      #expect(outcome.status == 4)
      // The others have sent their second or third when the answer comes, and nothing more.
      #expect(try titles(server, at: Self.endpoints[1]).count == 3)
      #expect(try server.received.count <= 3 + 2 * 2)
      let states = try states(server.folder)
      #expect(states.count { $0 == "intent" } == states.count { $0 == "done" } + 1)
      #expect(states.count { $0 == "unsent" } == 1)
    }
  }

  /// All that is under way is unknown, and nothing else.
  @Test func anInterruptionEndsAllJobs() async throws {
    try await FaultServer.with(all(success, success, success, step(200, created(1), "\"delay\":30"))) { server in
      let outcome = try await script(
        """
        set -m
        $PUSH --server $URL --journal journal --jobs 3 --time-scale 0.01 < list.urls > out 2> err & push=$!
        for i in $(seq 200); do [ "$(wc -l < log.jsonl)" = 6 ] && break; sleep 0.02; done
        sleep 0.2; kill -INT $push; wait $push; echo status=$?; cat err
        """, mixed(4), to: server.url, in: server.folder)
      #expect(outcome.outputText.contains("status=8\n"), "\(outcome.outputText)")
      #expect(outcome.outputText.contains("3 done, 0 already done, 0 refused, 3 unknown"), "\(outcome.outputText)")
      let states = try states(server.folder)
      #expect(states.count { $0 == "intent" } == 6 && states.count { $0 == "unknown" } == 3 && states.count { $0 == "done" } == 3)
      #expect(try server.received.count == 6)
    }
  }

  /// P15: a disk that fails for one job fails for all: the next sync would go well, whatever has been lost.
  @Test(arguments: ["fdatasync:error=EIO", "fdatasync:error=ENOSPC"], [2, 4]) func aFailingDiskEndsAllJobs(_ fault: String, _ point: Int) async throws
  {
    try await FaultServer.with(all(step(200, created(1), "\"delay\":0.02"))) { server in
      let outcome = try await script(
        "strace -f -qq -o /dev/null -e trace=fdatasync -e inject=\(fault):when=\(point) $PUSH --server $URL --journal journal --jobs 3 < list.urls",
        mixed(10), to: server.url, in: server.folder)
      #expect(outcome.status == 3, "\(outcome.errorText)")
      #expect(outcome.errorText.contains("journal: cannot write"))
      // strace counts the calls of each thread.
      #expect(try server.received.count < 30)
      let states = try states(server.folder)
      #expect(states.count { $0 == "intent" } == states.count { $0 != "intent" })
      #expect(try await push(mixed(10), to: server.url, in: server.folder).status == 0)
      let received = try titles(server)
      #expect(Set(received).count == 30 && received.count == 30)
    }
  }

  /// P15: the half of a line that did not fit is taken back, so that another job's outcome can still be written down, and read.
  @Test func halfALineIsTakenBack() async throws {
    let slow = step(200, created(90001), "\"delay\":0.5")
    let quick = step(200, created(90001), "\"delay\":0.1")
    try await FaultServer.with("{\"\":[\(quick)],\"POST \(Self.endpoints[0])\":[\(success),\(slow)]}") { server in
      let list = [(0, "a"), (0, "b"), (1, "c"), (1, "d")].map { "\(Self.endpoints[$0])?action=add&title=\($1)#g=\($1)\n" }.joined()
      // Two are done, one is under way, and the intent of the last does not fit; an outcome, which is shorter, does.
      #expect(try await push("# nothing\n", to: server.url, in: server.folder).status == 0)
      let head = try Files.read(server.folder.appending("journal"))?.count ?? 0
      let call = Self.endpoints[..<2].map { "POST \($0)?action=add".utf8.count }.max() ?? 0
      let intent = "intent\t2026-11-22T02:35:55Z\t\t\t\t\t\t\t\n".utf8.count + 32 + "gaa".utf8.count + call + 16
      let done = "done\t2026-11-22T02:35:55Z\t\t\t\n".utf8.count + 32 + "90001".utf8.count + 16
      let outcome = try await script(
        "prlimit --fsize=\(head + 3 * intent + 3 * done) $PUSH --server $URL --journal journal --jobs 2 < list.urls", list, to: server.url,
        in: server.folder)
      #expect(outcome.status == 3, "\(outcome.errorText)")
      #expect(outcome.errorText.contains("journal: cannot write: File too large"), "\(outcome.errorText)")
      #expect(try states(server.folder) == ["intent", "done", "intent", "intent", "done", "done"])
      #expect(try await push(list, to: server.url, in: server.folder).status == 0)
      #expect(try server.received.count == 4)
    }
  }

  /// Results that nobody takes end the run for all jobs, and what is under way comes to its end.
  @Test(arguments: [" > /dev/full", " | head -n 1 > first"]) func aReaderThatLeavesLeavesNothingUnknown(_ place: String) async throws {
    try await FaultServer.with(all(success, success, step(200, created(1), "\"delay\":0.2"))) { server in
      let outcome = try await script(
        "set -o pipefail; $PUSH --server $URL --journal journal --jobs 3 < list.urls\(place)", mixed(10), to: server.url, in: server.folder)
      #expect(outcome.status == 3, "\(outcome.errorText)")
      #expect(outcome.errorText.contains("qtbx-push: standard output: cannot write"), "\(outcome.errorText)")
      let sent = try server.received.count
      #expect(sent < 10)
      let states = try states(server.folder)
      #expect(states.count { $0 == "intent" } == states.count { $0 != "intent" })
      #expect(states.count { $0 == "done" } == sent)
      let again = try await push(mixed(10), to: server.url, in: server.folder, ["--jobs", "3"])
      #expect(again.status == 0, "\(again.errorText)")
      #expect(try server.received.count == 30)
    }
  }

  /// P14: killed at every call of one of the threads, and run again.
  @Test(arguments: ["write", "fdatasync", "sendto", "recvfrom"]) func killedAnywhereNothingIsSentTwice(_ call: String) async throws {
    try await FaultServer.with(all(success)) { server in
      var killed = 0
      for point in 1...40 {
        let folder = server.folder.appending("k\(point)")
        Files.makeFolder(folder)
        let list = mixed(4).replacing("title=", with: "title=\(point)-")
        let first = try await script(
          "exec strace -f -qq -o /dev/null -e trace=\(call) -e inject=\(call):signal=KILL:when=\(point) "
            + "$PUSH --server $URL --journal journal --jobs 3 --time-scale 0.01 < list.urls", list, to: server.url, in: folder,
          environment: ["TMPDIR": folder.string])
        if first.status == 0 { break }
        #expect(first.status == -9 || first.status == 137, "\(point): \(first.status) \(first.errorText)")
        killed += 1
        let second = try await push(list, to: server.url, in: folder, ["--jobs", "3"])
        let unknown = second.outputText.split(separator: "\n").filter { $0.hasPrefix("unknown\t") }.map { $0.split(separator: "\t")[2] }
        #expect(second.status == (unknown.isEmpty ? 0 : 8), "\(point): \(second.errorText)")
        #expect(unknown.count <= 3)
        let received = try titles(server).filter { $0.hasPrefix("\(point)-") }
        #expect(Set(received).count == received.count, "\(call) \(point): \(received)")
        #expect((12 - unknown.count...12).contains(received.count))
      }
      #expect(killed >= 1 && killed < 40, "\(call) was killed \(killed) times")
    }
  }

  /// The limit of the service that is met all the same is waited for, by the job that met it.
  @Test func aJobThatWaitsDoesNotStopTheOthers() async throws {
    let busy = step(409, refusal("1960"), headers: ["X-Concurrency-Limit-Limit": "1", "X-Concurrency-Limit-Running": "1"])
    let plan = "{\"POST \(Self.endpoints[1])\":[\(busy),\(busy),\(success)],\"\":[\(success)]}"
    try await FaultServer.with(plan) { server in
      let outcome = try await push(mixed(5), to: server.url, in: server.folder, ["--jobs", "3"], scale: "0.1")
      #expect(outcome.status == 0, "\(outcome.errorText)")
      #expect(try server.received.count == 17)
      #expect(try titles(server).last?.hasPrefix("1-") == true)
    }
  }

  @Test(arguments: ["0", "17", "x"]) func takesASensibleNumber(_ jobs: String) async throws {
    try await Files.withScratch { folder in
      let outcome = try await push(groups("a"), to: "http://127.0.0.1:1", in: folder, ["--jobs", jobs])
      #expect(outcome.status == 2)
    }
  }

  // MARK: Progress

  /// On a terminal, and nowhere else, standard error shows how far the run is; what is said stands on lines of its own.
  @Test(arguments: [true, false]) func progressIsForTerminals(_ isTerminal: Bool) async throws {
    let answers = step(200, created(1), "\"delay\":0.25")
    try await FaultServer.with(all(answers, answers, step(200, refusal("1905")), answers)) { server in
      let command = "$PUSH --yes --server $URL --journal journal < list.urls > out" + (isTerminal ? "" : " 2> err")
      let outcome = try await script(
        """
        exec python3 - <<'END'
        import os, pty
        child, terminal = pty.fork()
        if child == 0:
            os.environ["TERM"] = "xterm"
            os.execvp("/bin/sh", ["sh", "-c", "\(command)"])
        seen = b""
        try:
            while data := os.read(terminal, 1000): seen += data
        except OSError:
            pass
        os.waitpid(child, 0)
        os.write(1, seen)
        END
        """, groups("a", "b", "c", "d"), to: server.url, in: server.folder)
      let seen = outcome.outputText
      let out = String(decoding: try Files.read(server.folder.appending("out")) ?? [], as: UTF8.self)
      #expect(out.split(separator: "\n").count == 4 && !out.contains("\u{1B}"))
      if isTerminal {
        #expect(seen.contains(/\r\u{1B}\[Kqtbx-push: [12] of 4/), "\(seen) \(outcome.errorText)")
        #expect(seen.contains("\r\u{1B}[Kqtbx-push: line 3, asset group \"c\" (4000003): refused: 1905: No."), "\(seen)")
        #expect(seen.hasSuffix("\r\u{1B}[Kqtbx-push: 3 done, 0 already done, 1 refused, 0 unknown\r\n"), "\(seen)")
      } else {
        #expect(seen.isEmpty)
        let errors = String(decoding: try Files.read(server.folder.appending("err")) ?? [], as: UTF8.self)
        #expect(!errors.contains("\u{1B}") && errors.split(separator: "\n").count == 3, "\(errors)")
      }
    }
  }
}
