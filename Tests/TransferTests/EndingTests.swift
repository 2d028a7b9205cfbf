import Support
import SystemPackage
import Testing

/// What a run ends with that the server has to do with: 4, refused; 8, unknown; 9, no answer. The gravest wins: 8, 4, 9.
@Suite struct EndingTests {
  private static let refused = step(409, refusal("1905"))
  private static let login = step(401, "")
  private static let lost = step(200, created(1), "\"reset\":-1")
  private static let busy = step(429, "", headers: ["Retry-After": "99999999"])

  /// What the server answers to three requests, and what that is.
  static let pushes: [(steps: [String], status: Int)] = [
    ([success, success, success], 0),
    ([success, refused, success], 4),
    ([success, lost, success], 8),
    ([success, success, busy], 9),
    // The service says no to all of it.
    ([login], 4), ([success, login], 4), ([step(307, "", headers: ["Location": "/x"])], 4),
    // Taken, and sent elsewhere: nobody knows.
    ([step(302, "", headers: ["Location": "/x"])], 8),
    // Several at a time.
    ([refused, lost, success], 8), ([lost, refused, success], 8), ([lost, success, busy], 8), ([lost, login], 8), ([refused, success, busy], 4),
    ([refused, lost, busy], 8),
  ]

  @Test(arguments: pushes.indices) func aPushEndsWithTheGravest(_ number: Int) async throws {
    let (steps, status) = Self.pushes[number]
    try await FaultServer.with("{\"POST \(path)\":[\(steps.joined(separator: ","))]}") { server in
      let outcome = try await push(groups("a", "b", "c"), to: server.url, in: server.folder)
      #expect(outcome.status == status, "\(outcome.outputText)\(outcome.errorText)")
    }
  }

  /// Of one that is not sent again, the next run knows no more: the status stays what it was.
  @Test func whatIsUnknownStaysSo() async throws {
    try await FaultServer.with(plan(Self.lost, success)) { server in
      for _ in 1...2 {
        let outcome = try await push(groups("a", "b"), to: server.url, in: server.folder)
        #expect(outcome.status == 8)
      }
    }
  }

  /// Why the target cannot be asked is what a run with --resolve ends with.
  @Test(arguments: [(login, 4), (busy, 9), (step(200, "<html></html>"), 4)] as [(String, Int)])
  func aTargetThatCannotBeAsked(_ one: (answer: String, status: Int)) async throws {
    try await FaultServer.with("{\"POST \(path)\":[\(Self.lost),\(success)],\"GET \(path)\":[\(one.answer)]}") { server in
      #expect(try await push(groups("a"), to: server.url, in: server.folder).status == 8)
      let outcome = try await push(groups("a"), to: server.url, in: server.folder, ["--resolve", "--settle", "0"])
      #expect(outcome.status == one.status, "\(outcome.errorText)")
      #expect(outcome.errorText.contains("nothing is settled, and nothing sent"), "\(outcome.errorText)")
    }
  }

  static let fetches: [(steps: [String], status: Int)] = [
    ([step(200, page(1...2))], 0), ([step(409, refusal("1905"))], 4), ([step(200, "<html></html>")], 4), ([login], 4),
    ([step(500, "")], 9), ([busy], 9), ([step(200, page(1...2), "\"cut\":100")], 9),
    ([step(200, page(1...2, next: "id_min=3")), step(503, "")], 9), ([step(200, page(1...2, next: "id_min=3")), step(409, refusal("1905"))], 4),
  ]

  @Test(arguments: fetches.indices) func aFetchSaysWhetherItIsRefused(_ number: Int) async throws {
    let (steps, status) = Self.fetches[number]
    try await FaultServer.with("{\"GET \(path)\":[\(steps.joined(separator: ","))]}") { server in
      let outcome = try await fetch("asset-groups", from: server.url, in: server.folder, scale: "0.001")
      #expect(outcome.status == status, "\(outcome.errorText)")
    }
  }

  /// One of several documents is refused, and then nobody answers any more.
  @Test func aRefusalOutweighsSilence() async throws {
    try await FaultServer.with("{\"\":[\(Self.refused),\(Self.busy)]}") { server in
      try Files.write(Array("1\n2\n".utf8), to: server.folder.appending("ids"))
      let both = try await fetch("policy", from: server.url, in: server.folder, ["--each", "ids", "-o", "{id}.xml"])
      #expect(both.status == 4, "\(both.errorText)")
      let last = try await fetch("policy", from: server.url, in: server.folder, ["--each", "ids", "-o", "{id}.xml"])
      #expect(last.status == 9, "\(last.errorText)")
    }
  }

  /// No server, and no name of one.
  @Test(arguments: ["qtbx-push", "qtbx-fetch"]) func nobodyIsThere(_ program: String) async throws {
    try await FaultServer.with(plan(success)) { server in
      for (number, url) in ["http://127.0.0.1:1", "https://no-such-host.invalid"].enumerated() {
        let words = (program == "qtbx-push" ? ["--journal", "journal\(number)"] : ["networks"]) + ["--server", url, "--time-scale", "0"]
        let outcome = try await run(Place.program(program), words, input: Array(groups("a").utf8), in: server.folder, environment: plain)
        #expect(outcome.status == 9, "\(url): \(outcome.errorText)")
      }
    }
  }
}
