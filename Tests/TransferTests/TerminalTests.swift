import Support
import SystemPackage
import Testing

/// What a person sees and does at a terminal.
@Suite struct TerminalTests {
  /// Runs a program in a terminal of its own; `steps` is JSON, as `terminal.py` says.
  private func terminal(
    _ steps: String, _ program: String, _ arguments: [String], in folder: FilePath, environment: [String: String] = [:]
  ) async throws -> String {
    let script = Place.root.appending("Tests/TransferTests/terminal.py")
    let settings = plain.merging(["TERM": "xterm"]) { $1 }.merging(environment) { $1 }
    let outcome = try await run(
      "/usr/bin/env", ["python3", script.string, steps, program == "env" ? program : Place.program(program).string] + arguments, in: folder,
      environment: settings)
    #expect(outcome.error.isEmpty, "\(outcome.errorText)")
    return outcome.outputText
  }

  /// What is left to read when the terminal has done what it was told: a line that was taken away is not there.
  private func screen(_ text: String) -> [String] {
    // A carriage return and a line feed are one character to Swift, and not the one that is looked for.
    text.replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false).map { line in
      // To the start of the line, and away with the rest of it.
      let parts = line.replacing("\u{1B}[K", with: "\u{0}").split(separator: "\u{0}", omittingEmptySubsequences: false)
      return String(parts.last ?? "").replacing("\r", with: "")
    }
  }

  private func push(
    _ list: String, _ steps: String, _ options: [String], to server: FaultServer, environment: [String: String] = [:]
  ) async throws -> String {
    try Files.write(Array(list.utf8), to: server.folder.appending("list.urls"))
    return try await terminal(
      steps, "qtbx-push", ["--server", server.url, "--journal", "journal", "--time-scale", "0.01"] + options + ["list.urls"], in: server.folder,
      environment: environment)
  }

  /// Where it goes, as whom, and what is done there.
  @Test func aPersonIsAskedBeforeAnythingIsSent() async throws {
    try await FaultServer.with(plan(success)) { server in
      let no = try await push(groups("a", "b"), "[[\"Send? (y/n) \",{\"type\":\"n\\n\"}]]", [], to: server)
      #expect(no.contains("qtbx-push: 2 requests to \(server.url) as \(Login.user): create 2 asset groups\r\nSend? (y/n) "), "\(no)")
      #expect(no.contains("nothing was sent") && no.hasSuffix("status=1\necho=on\n"), "\(no)")
      #expect(try server.received.isEmpty)
      #expect(try states(server.folder).isEmpty)
      let yes = try await push(groups("a", "b"), "[[\"Send? (y/n) \",{\"type\":\"y\\n\"}]]", [], to: server)
      #expect(yes.hasSuffix("status=0\necho=on\n"), "\(yes)")
      #expect(try server.received.count == 2)
      // There is nothing left to ask about.
      let again = try await push(groups("a", "b"), "[]", [], to: server)
      #expect(again.contains("create 2 asset groups; 0 to send, 2 already done\r\n") && again.hasSuffix("status=0\necho=on\n"), "\(again)")
      #expect(!again.contains("Send?"))
    }
  }

  /// Scripts say so, and where no person sits there is nobody to ask.
  @Test func nobodyIsAskedWhoHasSaidYes() async throws {
    try await FaultServer.with(plan(success)) { server in
      let sure = try await push(groups("a"), "[]", ["--yes"], to: server)
      #expect(sure.hasSuffix("status=0\necho=on\n") && !sure.contains("Send?"), "\(sure)")
      let script = try await TransferTests.push(groups("b"), to: server.url, in: server.folder)
      #expect(script.status == 0)
      #expect(script.errorText.hasPrefix("qtbx-push: 1 request to \(server.url) as \(Login.user): create 1 asset group\n"), "\(script.errorText)")
    }
  }

  /// The line that shows how far it is goes away before a result, and a refusal is said once.
  @Test func resultsAndProgressDoNotMix() async throws {
    let slow = step(200, created(1), "\"delay\":0.3")
    let no = step(200, refusal("1905", "No such thing."), "\"delay\":0.3")
    try await FaultServer.with(plan(slow, no, slow, slow, slow, slow, slow, slow, slow, slow)) { server in
      let text = try await push(groups("a", "b", "c", "d", "e", "f", "g", "h", "i", "j"), "[]", ["--yes"], to: server)
      #expect(text.contains("qtbx-push: 3 of 10, 1 refused"), "\(text)")
      #expect(text.contains(/[3-9] of 10, 1 refused, about \d+ s left/), "\(text)")
      let lines = screen(text)
      #expect(lines.filter { $0.hasPrefix("done\t") }.count == 9, "\(lines)")
      #expect(lines.filter { $0.contains("No such thing.") } == ["refused\t\t4000002\tb\t1905: No such thing."], "\(lines)")
      #expect(!lines.contains { $0.contains(" of 10") }, "\(lines)")
      #expect(lines.contains { $0.hasPrefix("qtbx-push: 9 done, 0 already done, 1 refused, 0 unknown") }, "\(lines)")
    }
  }

  /// Whatever results look like, it is known what is refused.
  @Test func refusalsAreCountedInEachFormat() async throws {
    let slow = step(200, created(1), "\"delay\":0.3")
    let no = step(200, refusal("1905", "No such thing."), "\"delay\":0.3")
    try await FaultServer.with(plan(no, slow, no, slow)) { server in
      let text = try await push(groups("a", "b", "c", "d", "e", "f"), "[]", ["--yes", "--format", "jsonl"], to: server)
      #expect(text.contains("qtbx-push: 3 of 6, 2 refused"), "\(text)")
      #expect(screen(text).filter { $0.hasPrefix("{\"status\":\"refused\"") }.count == 2, "\(text)")
    }
  }

  /// The results go elsewhere: then what was refused is said here.
  @Test func aRefusalIsSaidWhereTheResultsAreNot() async throws {
    try await FaultServer.with(plan(step(200, refusal("1905", "No such thing.")))) { server in
      try Files.write(Array(groups("a").utf8), to: server.folder.appending("list.urls"))
      let program = Place.program("qtbx-push").string
      let text = try await run(
        "/usr/bin/env",
        [
          "python3", Place.root.appending("Tests/TransferTests/terminal.py").string, "[]", "/bin/sh", "-c",
          "'\(program)' --server \(server.url) --journal journal --yes list.urls > results",
        ], in: server.folder, environment: plain.merging(["TERM": "xterm"]) { $1 }
      ).outputText
      #expect(screen(text).contains("qtbx-push: line 1, asset group \"a\" (4000001): refused: 1905: No such thing."), "\(text)")
    }
  }

  /// A document for each id: how many of them, and how long still.
  @Test func aFetchSaysHowFarItIs() async throws {
    let document = step(200, "<POLICY_EXPORT_OUTPUT><RESPONSE><POLICY><TITLE>A</TITLE></POLICY></RESPONSE></POLICY_EXPORT_OUTPUT>", "\"delay\":0.3")
    let no = step(400, refusal("1905", "No such policy."))
    try await FaultServer.with("{\"\":[\(document),\(no),\(document)]}") { server in
      try Files.write(Array((1...10).map { "\($0)\n" }.joined().utf8), to: server.folder.appending("ids"))
      let text = try await terminal(
        "[]", "qtbx-fetch", ["policy", "--each", "ids", "-o", "{id}.xml", "--server", server.url], in: server.folder)
      #expect(text.contains(/qtbx-fetch: [3-9] of 10, 1 refused, about \d+ s left/), "\(text)")
      let lines = screen(text)
      #expect(!lines.contains { $0.contains(" of 10") }, "\(lines)")
      #expect(lines.filter { $0.contains("No such policy.") } == ["qtbx-fetch: policy 2: refused: the service's error 1905: No such policy."])
    }
  }

  /// At the prompt of the password: the program ends at once, and the terminal shows again what is typed.
  @Test(arguments: ["qtbx-push", "qtbx-fetch"], ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "^C"])
  func aSignalAtThePromptLeavesTheEcho(_ program: String, _ signal: String) async throws {
    try await Files.withScratch { folder in
      try Files.write(Array(groups("a").utf8), to: folder.appending("list.urls"))
      let arguments = program == "qtbx-push" ? ["--journal", "journal", "--yes", "list.urls"] : ["networks"]
      let action = signal == "^C" ? "{\"type\":\"secr\\u0003\"}" : "{\"signal\":\"\(signal)\"}"
      // Not set, the password is asked for.
      let text = try await terminal(
        "[[\"Password of \(Login.user): \",\(action)]]", "env",
        ["-u", "q_password", Place.program(program).string, "--server", "http://127.0.0.1:1"] + arguments, in: folder)
      let number = ["SIGTERM": 15, "SIGHUP": 1, "SIGQUIT": 3][signal] ?? 2
      #expect(text.hasSuffix("status=-\(number)\necho=on\n"), "\(text)")
      #expect(!text.contains("secr"))
    }
  }

  /// One that was ignored means nothing there, either.
  @Test(arguments: ["INT", "TERM", "HUP", "QUIT"]) func whatWasIgnoredIsSoAtThePrompt(_ signal: String) async throws {
    try await FaultServer.with(listing(step(200, page(1...1)))) { server in
      let text = try await terminal(
        "[[\"Password of \(Login.user): \",{\"signal\":\"SIG\(signal)\"}],[\"\",{\"type\":\"\(Login.password)\\n\"}]]", "env",
        ["-u", "q_password", "--ignore-signal=\(signal)", Place.program("qtbx-fetch").string, "--server", server.url, "asset-groups"],
        in: server.folder)
      #expect(text.hasSuffix("status=0\necho=on\n"), "\(text)")
    }
  }

  /// And one that is typed is not seen.
  @Test func aPasswordIsTypedUnseen() async throws {
    try await FaultServer.with(listing(step(200, page(1...1)))) { server in
      let text = try await terminal(
        "[[\"Password of \(Login.user): \",{\"type\":\"\(Login.password)\\n\"}]]", "env",
        ["-u", "q_password", Place.program("qtbx-fetch").string, "--server", server.url, "asset-groups"], in: server.folder)
      #expect(text.hasSuffix("status=0\necho=on\n") && !text.contains(Login.password), "\(text)")
      #expect(try server.received[0].fields["authorization"] == "Basic \(Login.encoded)")
    }
  }
}
