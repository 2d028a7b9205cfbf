import Glibc
import Support
import SystemPackage
import Testing

/// Waiting for a busy service.
@Suite struct LimitTests {
  /// A limit that asks for no wait takes nothing from another one that does.
  @Test(arguments: [["X-RateLimit-ToWait-Sec": "0", "Retry-After": "30"], ["X-RateLimit-ToWait-Sec": "30", "Retry-After": "0"]])
  func theLongestWaitCounts(_ headers: [String: String]) async throws {
    try await FaultServer.with("{\"\":[\(step(429, "", headers: headers)),\(success),\(step(503, "", headers: headers)),\(step(200, page(1...1)))]}")
    { server in
      let outcome = try await push(groups("a"), to: server.url, in: server.folder)
      #expect(outcome.status == 0 && outcome.errorText.contains("waiting 30 s: HTTP 429"), "\(outcome.errorText)")
      let fetched = try await fetch("asset-groups", from: server.url, in: server.folder)
      #expect(fetched.status == 0 && fetched.errorText.contains("waiting 30 s: HTTP 503"), "\(fetched.errorText)")
    }
  }

  /// P01. The server's clock is the judge.
  @Test func waitsAsLongAsTheServiceAsks() async throws {
    let busy = step(409, refusal("1965"), headers: ["X-RateLimit-ToWait-Sec": "2"])
    try await FaultServer.with(plan(busy, success)) { server in
      let outcome = try await push(groups("Web"), to: server.url, in: server.folder, scale: "1")
      let received = try server.received
      #expect(outcome.status == 0, "\(outcome.errorText)")
      #expect(received.count == 2)
      #expect(received[1].time - received[0].time >= 2)
      #expect(outcome.errorText.contains("waiting 2 s: 1965"))
      #expect(try states(server.folder) == ["intent", "done"])
    }
  }

  /// P01: some answers say it in their body only.
  @Test func waitsAsLongAsTheBodySays() async throws {
    try await FaultServer.with(plan(step(409, refusal("1965", items: [("SECONDS_TO_WAIT", "68")])), success)) { server in
      let outcome = try await push(groups("Web"), to: server.url, in: server.folder)
      #expect(outcome.errorText.contains("waiting 68 s"))
      #expect(outcome.status == 0)
    }
  }

  /// P02.
  @Test(arguments: [[:], ["X-RateLimit-ToWait-Sec": "0", "X-Concurrency-Limit-Limit": "2", "X-Concurrency-Limit-Running": "2"]])
  func backsOffWithLimitedTriesWithoutATime(_ headers: [String: String]) async throws {
    try await FaultServer.with(plan(step(409, "", headers: headers))) { server in
      let outcome = try await push(groups("Web", "DB"), to: server.url, in: server.folder, scale: "0.001")
      #expect(outcome.status == 9)
      #expect(try server.received.count == 12)
      #expect(try count("DB", server) == 0)
      #expect(headers.isEmpty || outcome.errorText.contains("concurrency"))
      let waits = outcome.errorText.split(separator: "\n").filter { $0.contains("waiting") }
      #expect(waits.count == 11)
      #expect(waits.last?.contains("waiting 1 s") == false)
      #expect(try states(server.folder) == ["intent", "unsent"])
      #expect(outcome.errorText.contains("the same command with the journal"))
    }
  }

  /// P02: the code of the concurrency limit.
  @Test func namesTheConcurrencyLimit() async throws {
    let crowd = step(409, refusal("1960", "This API cannot be run again until 1 currently running instance has finished."))
    try await FaultServer.with(plan(crowd, success)) { server in
      let outcome = try await push(groups("Web"), to: server.url, in: server.folder)
      #expect(outcome.status == 0)
      #expect(outcome.errorText.contains("1960: This API cannot be run again"))
    }
  }

  /// P03: seconds are obeyed; of a date and of anything else only that it is there.
  @Test(arguments: [429, 503], ["7", "Wed, 21 Oct 2076 07:28:00 GMT", "Wed, 21 Oct 2015 07:28:00 GMT", "soon", "-5", "99999999999999999999"])
  func takesRetryAfterInEveryShape(_ status: Int, _ value: String) async throws {
    try await FaultServer.with(plan(step(status, "", headers: ["Retry-After": value]), success)) { server in
      let outcome = try await push(groups("Web"), to: server.url, in: server.folder)
      #expect(outcome.status == 0, "\(outcome.errorText)")
      #expect(try server.received.count == 2)
      #expect(outcome.errorText.contains(value == "7" ? "waiting 7 s: HTTP \(status)" : "waiting 1 s: HTTP \(status)"))
    }
  }

  /// P03.
  @Test(arguments: [409, 429, 503]) func endsRatherThanWaitForAYear(_ status: Int) async throws {
    let busy = step(status, "", headers: [status == 409 ? "X-RateLimit-ToWait-Sec" : "Retry-After": "99999999"])
    try await FaultServer.with(plan(busy, success)) { server in
      let outcome = try await push(groups("Web", "DB"), to: server.url, in: server.folder, ["--longest-wait", "100"])
      #expect(outcome.status == 9)
      #expect(outcome.errorText.contains("the service asks for 99999999 s, more than --longest-wait"))
      #expect(try server.received.count == 1)
      #expect(try states(server.folder) == ["intent", "unsent"])
      // And it goes on later.
      #expect(try await push(groups("Web", "DB"), to: server.url, in: server.folder).status == 0)
      #expect(try server.received.count == 3)
    }
  }

  /// P04. The server's clock is the judge.
  @Test func holdsTheNextCallWhenNoneRemains() async throws {
    let last = step(200, created(1), headers: ["X-RateLimit-Remaining": "0", "X-RateLimit-ToWait-Sec": "2"])
    try await FaultServer.with(plan(last, success)) { server in
      let outcome = try await push(groups("Web", "DB"), to: server.url, in: server.folder, scale: "1")
      let received = try server.received
      #expect(outcome.status == 0)
      #expect(received.count == 2)
      #expect(received[1].time - received[0].time >= 1.9)
      #expect(outcome.errorText.contains("no call left"))
    }
  }

  /// P04: such a wait has its limit, too.
  @Test func doesNotHoldForAYear() async throws {
    let last = step(200, created(1), headers: ["X-RateLimit-Remaining": "0", "X-RateLimit-ToWait-Sec": "99999999"])
    try await FaultServer.with(plan(last, success)) { server in
      let outcome = try await push(groups("Web", "DB"), to: server.url, in: server.folder)
      #expect(outcome.status == 9)
      #expect(try server.received.count == 1)
      #expect(outcome.errorText.contains("--longest-wait"))
      #expect(try states(server.folder) == ["intent", "done", "intent", "unsent"])
    }
  }

  /// P04: the limit is reached by the call itself, and that is not a reason to wait.
  @Test func runningEqualToTheLimitIsNormal() async throws {
    let full = step(
      200, created(1), headers: ["X-Concurrency-Limit-Limit": "1", "X-Concurrency-Limit-Running": "1", "X-RateLimit-Remaining": "5"])
    try await FaultServer.with(plan(full)) { server in
      let outcome = try await push(groups("Web", "DB"), to: server.url, in: server.folder, scale: "100")
      #expect(outcome.status == 0)
      #expect(!outcome.errorText.contains("waiting"))
    }
  }

  /// P18: neither the zone nor a clock that is wrong changes how long it waits; stamps are UTC.
  @Test(arguments: ["TZ=Pacific/Kiritimati", "TZ=America/St_Johns", "FAKETIME=2031-01-01 00:00:00", "FAKETIME=+0 x200"])
  func waitsByAClockThatNobodySets(_ setting: String) async throws {
    let busy = step(409, refusal("1965"), headers: ["X-RateLimit-ToWait-Sec": "1"])
    try await FaultServer.with(plan(busy, success)) { server in
      var command = "$PUSH --server $URL --journal journal --time-scale 1 < list.urls"
      let parts = setting.split(separator: "=")
      if parts[0] == "FAKETIME" {
        // Real for the clock that nobody sets.
        let time = parts[1].hasPrefix("+") ? String(parts[1]) : "@\(parts[1])"
        command = "DONT_FAKE_MONOTONIC=1 FAKETIME_DONT_FAKE_MONOTONIC=1 faketime -f '\(time)' " + command
      } else {
        command = "export \(setting); " + command
      }
      let outcome = try await script(command, groups("Web"), to: server.url, in: server.folder)
      let received = try server.received
      #expect(outcome.status == 0, "\(outcome.errorText)")
      #expect(received.count == 2)
      if received.count == 2 { #expect((1..<5).contains(received[1].time - received[0].time)) }
      if parts[0] == "TZ" {
        var seconds = time(nil)
        var utc = tm()
        gmtime_r(&seconds, &utc)
        let stamp = try journal(server.folder)[0][1]
        #expect(stamp.hasSuffix("Z"))
        #expect(Int(stamp.dropFirst(8).prefix(2)).map { abs($0 - Int(utc.tm_mday)) <= 1 } == true)
        #expect([Int(utc.tm_hour), (Int(utc.tm_hour) + 23) % 24].contains(Int(stamp.dropFirst(11).prefix(2)) ?? -1))
      }
    }
  }
}
