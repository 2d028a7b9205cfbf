import Sealing
import Support
import SystemPackage
import Testing
import Toolbox

/// The password of the login: nothing that is told or kept repeats it, and it is that of the user who is meant.
@Suite struct LoginTests {
  private static let placeholder = "{secret:login/quays_ab1/password}"

  /// As a server may repeat it.
  private static let echoes = [
    Login.password, "Kuckuck-73%21Zaunk%C3%B6nig", "Kuckuck-73!Zaunk&#246;nig", "Basic \(Login.encoded)", "\(Login.user):\(Login.password)",
    "4b75636b75636b2d3733215a61756e6bc3b66e6967", "73!Zaunk\u{F6}nig",
  ]
  private static let found = [
    "Kuckuck", "Zaunk", "uckuck-73", String(Login.encoded.dropFirst(12).dropLast(6)), "b75636b75636b2d37", "73!Za",
  ]

  /// The answers that hold an echo, and what becomes of the request.
  private static let answers: [(word: String, step: @Sendable (String) -> String)] = [
    ("refused", { step(409, refusal("1905", "No, \($0).")) }), ("refused", { step(200, refusal("1905", "No, \($0).")) }),
    ("unknown", { step(500, refusal("999", "No, \($0).")) }), ("", { step(401, refusal("2000", "No, \($0).")) }),
    ("unknown", { step(302, "", headers: ["Location": "/x/\($0)/y"]) }), ("unknown", { step(200, "<a>\($0)</a><b") }),
    ("done", { step(200, created(1).replacing(">1<", with: ">\($0)<")) }),
    (
      "partly",
      { echo in
        step(
          409,
          "<BATCH_RETURN><RESPONSE><BATCH_LIST><BATCH><CODE>1905</CODE><TEXT>\(echo)</TEXT><ID_SET><ID>1</ID></ID_SET></BATCH><BATCH><TEXT>Done</TEXT>"
            + "<ID_SET><ID>2</ID></ID_SET></BATCH></BATCH_LIST></RESPONSE></BATCH_RETURN>")
      }
    ),
    ("", { step(409, refusal("1960", "Wait, \($0)."), headers: ["X-RateLimit-ToWait-Sec": "1"]) }),
  ]

  private static func isFound(in text: String) -> Bool { found.contains { text.contains($0) } }

  @Test(arguments: answers.indices, ["env", "netrc"]) func noTextRepeatsIt(_ index: Int, _ source: String) async throws {
    let (word, answer) = Self.answers[index]
    for echo in Self.echoes {
      try await FaultServer.with(plan(answer(echo))) { server in
        let folder = server.folder
        Files.makeFolder(folder.appending("answers"))
        try Files.write(Array("machine 127.0.0.1 login \(Login.user) password \(Login.password)\n".utf8), to: folder.appending("netrc"))
        let outcome = try await push(
          groups("a"), to: server.url, in: folder,
          ["--answers", "answers", "--map-out", "map.csv"]
            + (source == "netrc" ? ["--netrc-file", "netrc"] : []),
          environment: source == "netrc" ? ["q_password": ""] : [:], scale: "0.0001")
        #expect(outcome.outputText.hasPrefix(word), "\(outcome.outputText)\(outcome.errorText)")
        for name in ["journal", "map.csv", "answers/1.xml"] {
          let text = String(decoding: try Files.read(folder.appending(name)) ?? [], as: UTF8.self)
          #expect(!Self.isFound(in: text), "\(name): \(text)")
        }
        #expect(!Self.isFound(in: outcome.outputText + outcome.errorText), "\(outcome.outputText)\(outcome.errorText)")
        #expect(try server.received.allSatisfy { $0.fields["authorization"] == "Basic " + Login.encoded })
      }
    }
  }

  /// Its messages; a document is data, and stays as it came.
  @Test func noMessageOfAFetchRepeatsIt() async throws {
    for echo in Self.echoes {
      let steps = [
        step(409, refusal("1905", "No, \(echo).")), step(401, refusal("2000", echo)), step(200, refusal("1905", echo)), step(200, "<a>\(echo)</b>"),
        step(302, "", headers: ["Location": "/x/\(echo)"]), step(409, refusal("1960", echo), headers: ["X-RateLimit-ToWait-Sec": "1"]),
      ]
      for (step, options) in steps.flatMap({ step in [[], ["--raw"]].map { (step, $0) } }) {
        try await FaultServer.with(listing(step)) { server in
          let outcome = try await fetch("asset-groups", from: server.url, in: server.folder, options, scale: "0.0001")
          #expect(!Self.isFound(in: outcome.errorText), "\(outcome.errorText)")
        }
      }
      let document = page(1...2).replacing("Group 1", with: echo)
      try await FaultServer.with(listing(step(200, document))) { server in
        let outcome = try await fetch("asset-groups", from: server.url, in: server.folder)
        #expect(outcome.outputText == document)
      }
    }
  }

  /// One of very few letters stands anywhere: only beside its user, and as Basic authentication has it, it is known.
  @Test func aShortOneLeavesWordsAsTheyAre() async throws {
    let text = "any company; quays_ab1:any; Basic cXVheXNfYWIxOmFueQ==."
    try await FaultServer.with(plan(step(409, refusal("1905", text)))) { server in
      let outcome = try await push(groups("a"), to: server.url, in: server.folder, environment: ["q_password": "any"])
      #expect(outcome.errorText.contains("refused: 1905: any company; \(Self.placeholder); B\(Self.placeholder)."), "\(outcome.errorText)")
    }
  }

  /// An answer of any length, and what is cleared already.
  @Test func aLongAnswerIsClearedWhereverItStands() throws {
    for word in ["Kuckuck-73!", "password", "secret:login/u"] {
      var bytes = Array(word.utf8)
      let filter = try EchoFilter(login: ("u", Secret(taking: &bytes)))
      let once = filter.cleared("no \(word).")
      #expect(once == "no {secret:login/u/password}." && filter.cleared(once) == once)
      guard word == "password" else { continue }
      let filler = String(repeating: "x", count: (1 << 20) - word.utf8.count / 2)
      let encoded = word.utf8.map { "&#\($0);" }.joined()
      let long = String(decoding: filter.cleared(Array((filler + word + filler + encoded + filler + encoded).utf8)), as: UTF8.self)
      #expect(long == filler + "{secret:login/u/password}" + filler + "{secret:login/u/password}" + filler + "{secret:login/u/password}")
    }
  }

  // MARK: netrc

  /// What the file says, what is asked for, and whose password goes out; or what is said.
  private static let files: [(file: String, options: [String], result: String)] = [
    ("machine 127.0.0.1 login a password b", [], "a:b"), ("machine\n127.0.0.1\nlogin\ta\r\npassword b\r\n", [], "a:b"),
    ("# machine 127.0.0.1 login x password y\nmachine other login c password d\nmachine 127.0.0.1 login a password b # more", [], "a:b"),
    ("machine 127.0.0.1 account z login \"a b\" password \"c\\\"d\\\\ #e\"", [], "a b:c\"d\\ #e"),
    ("machine other login c password d default login a password b", [], "a:b"),
    ("macdef init\nmachine 127.0.0.1 login x password y\n\nmachine 127.0.0.1 login a password b", [], "a:b"),
    ("machine 127.0.0.1 login a password b machine 127.0.0.1 login c password d", ["--user", "c"], "c:d"),
    ("machine 127.0.0.1 login a password b machine 127.0.0.1 login quays_ab1 password d", [], "quays_ab1:d"),
    ("machine 127.0.0.1 password b", ["--user", "c"], "c:b"), ("machine 127.0.0.1 password b", [], "quays_ab1:b"),
    ("machine 127.0.0.1 login a password b machine 127.0.0.1 login c password d", [], "there are 2 users for 127.0.0.1, a, c: --user says which"),
    ("machine 127.0.0.1 login a password b", ["--user", "c"], "there is no login of c for 127.0.0.1"),
    ("machine 127.0.0.1 login a password b default login c password d", ["--user", "c"], "there is no login of c for 127.0.0.1"),
    ("machine other login a password b", [], "there is no login for 127.0.0.1"), ("", [], "there is no login for 127.0.0.1"),
    ("machine 127.0.0.1 login a", [], "there is no password of a for 127.0.0.1"), ("machine 127.0.0.1 login a password \"\"", [], "is empty"),
    ("machine 127.0.0.1 login a password \"b", [], "quotes have no end"), ("machine 127.0.0.1 login a:b password c", [], "has a colon"),
    ("\u{0}\u{1}garbage", [], "there is no login for 127.0.0.1"),
  ]

  /// The user who is meant, or nobody: nothing goes out without a login, nor as another user.
  @Test(arguments: files.indices) func aFileOfLoginsSaysWhoAsks(_ index: Int) async throws {
    let (file, options, result) = Self.files[index]
    try await FaultServer.with("{\"POST \(path)\":[\(success)],\"GET \(path)\":[\(step(200, page(1...1)))]}") { server in
      try Files.write(Array(file.utf8), to: server.folder.appending("netrc"))
      let options = ["--netrc-file", "netrc"] + options
      let outcome = try await push(groups("a"), to: server.url, in: server.folder, options, environment: ["q_password": ""])
      let fetched = try await fetch("asset-groups", from: server.url, in: server.folder, options, environment: ["q_password": ""])
      if result.contains(":"), !result.contains("says which") {
        #expect(outcome.status == 0 && fetched.status == 0, "\(outcome.errorText)\(fetched.errorText)")
        let sent = try await run("/usr/bin/base64", ["-w", "0"], input: Array(result.utf8), in: server.folder).outputText
        #expect(try server.received.map { $0.fields["authorization"] } == ["Basic " + sent, "Basic " + sent])
      } else {
        #expect(outcome.status == 2 && fetched.status == 2)
        #expect(outcome.errorText.contains(result) && fetched.errorText.contains(result), "\(outcome.errorText)\(fetched.errorText)")
        #expect(try server.received.isEmpty)
      }
    }
  }
}
