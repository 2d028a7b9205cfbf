import Support
import SystemPackage
import Testing
import Transfer

/// Answers that hold the password of a new user: nothing of it is shown or kept, whatever else is the matter with them.
@Suite struct SecretAnswerTests {
  private static let secret = "Kolibri-55"
  private static let user = "<USER><USER_LOGIN>exmpl_cd2</USER_LOGIN><PASSWORD>\(secret)</PASSWORD></USER>"
  private static let created = "exmpl_cd2 user has been successfully created."

  private static func answer(_ status: String = "SUCCESS", _ inside: String = user, _ message: String = created) -> String {
    "<?xml version=\"1.0\" encoding=\"UTF-8\" ?><USER_OUTPUT><API name=\"user.php\"/><RETURN status=\"\(status)\">"
      + "<MESSAGE>\(message)</MESSAGE></RETURN>\(inside)</USER_OUTPUT>"
  }

  /// What comes, with which status, and what is said of it.
  private static let answers: [(body: String, status: Int, word: String)] = [
    (answer(), 200, "done\texmpl_cd2"), (answer("FAILED"), 200, "refused"), (answer(), 500, "unknown"), (answer(), 404, "refused"),
    (answer("SUCCESS", user + user), 200, "done\texmpl_cd2"), (answer("SUCCESS", "<USER_LIST>\(user)</USER_LIST>"), 200, "done\texmpl_cd2"),
    (answer("SUCCESS", "<PASSWORD>\(secret)</PASSWORD>"), 200, "done\texmpl_cd2"),
    (answer("SUCCESS", "<USER><PASSWORD>\(secret)&more;</PASSWORD></USER>"), 200, "unknown"),
    (answer("SUCCESS", "<USER><PASSWORD>a&\(secret);b</PASSWORD></USER>"), 200, "unknown"),
    (answer("SUCCESS", "<USER><PASSWORD>a<\(secret)</PASSWORD></USER>"), 200, "unknown"),
    (answer("SUCCESS", "<USER><PASSWORD x=\"\(secret)\">"), 200, "unknown"), (String(answer().prefix(220)) + secret, 200, "unknown"),
    ("<html><body>exmpl_cd2 / \(secret)</body></html>", 200, "unknown"), ("exmpl_cd2 \(secret)", 200, "unknown"),
    ("<SIMPLE_RETURN><RESPONSE><TEXT>Done.</TEXT></RESPONSE><PASSWORD>\(secret)</PASSWORD></SIMPLE_RETURN>", 200, "done"),
    // Wherever else it may stand.
    (answer("SUCCESS", "<User><Login>exmpl_cd2</Login><Password>\(secret)</Password></User>"), 200, "done\texmpl_cd2"),
    (answer("SUCCESS", "<ACCOUNT secret=\"\(secret)\"><SECRET>\(secret)</SECRET></ACCOUNT>"), 200, "done\texmpl_cd2"),
    (answer("SUCCESS", "<n:USER xmlns:n=\"urn:n\"><n:PASSWORD>\(secret)</n:PASSWORD></n:USER>"), 200, "done\texmpl_cd2"),
    (answer("SUCCESS", "<!-- \(secret) --><?password \(secret)?>"), 200, "done\texmpl_cd2"),
    (answer("SUCCESS", "", created + " Password: \(secret)"), 200, "done\texmpl_cd2"),
    (answer("SUCCESS\" password=\"\(secret)", ""), 200, "done\texmpl_cd2"), (answer("\(secret)", ""), 200, "unknown"),
    (answer("success"), 200, "done\texmpl_cd2"),
    (answer("FAILED", "", "No: \(secret)"), 500, "unknown"),
    ("<\(secret)/>", 200, "unknown"), ("<ServiceResponse><responseCode>\(secret)</responseCode></ServiceResponse>", 200, "unknown"),
    ("<SIMPLE_RETURN><RESPONSE><CODE>\(secret)</CODE></RESPONSE></SIMPLE_RETURN>", 200, "refused"),
    (
      "<SIMPLE_RETURN><RESPONSE><TEXT>Done.</TEXT><ITEM_LIST><ITEM><KEY>id</KEY><VALUE>\(secret)</VALUE></ITEM></ITEM_LIST></RESPONSE></SIMPLE_RETURN>",
      200, "done"
    ),
    (
      "<BATCH_RETURN><RESPONSE><BATCH_LIST><BATCH><TEXT>\(secret)</TEXT><ID_SET><ID>\(secret)</ID></ID_SET></BATCH></BATCH_LIST></RESPONSE></BATCH_RETURN>",
      200, "unknown"
    ),
  ]

  /// However the path of the call is written, if a server may take it for the same.
  @Test(arguments: ["/msp/USER.php", "/msp/%75ser.php", "/msp/user.php/", "/msp/user.php/x", "/msp/user.php;x=1", "/msp/user.php%20"])
  func noOtherSpellingOfThePathShowsIt(_ path: String) async throws {
    try await FaultServer.with("{\"\":[\(step(200, Self.answer()))]}") { server in
      Files.makeFolder(server.folder.appending("answers"))
      let list = "\(path)?action=add&email=cd%40example.com&send_email=0#user=510001\n"
      _ = try await push(list, to: server.url, in: server.folder, ["--answers", "answers"])
      let kept = String(decoding: try Files.read(server.folder.appending("answers/1.xml")) ?? [], as: UTF8.self)
      #expect(kept.contains("it is not kept") && !kept.contains(Self.secret), "\(kept)")
    }
  }

  /// Where a redirect leads is told without its query.
  @Test func noRedirectShowsIt() async throws {
    try await FaultServer.with(plan(step(303, "", headers: ["Location": "/msp/user.php?password=\(Self.secret)"]))) { server in
      let outcome = try await push(groups("a"), to: server.url, in: server.folder)
      #expect(outcome.errorText.contains("elsewhere (HTTP 303 to /msp/user.php): no redirect"), "\(outcome.errorText)")
    }
  }

  /// A change of passwords that is refused, or done for some of the users only, is no success.
  @Test(arguments: [("SUCCESS", "done"), ("WARNING", "partly"), ("FAILED", "refused"), ("ODD", "unknown")])
  func aChangeOfPasswordsSaysWhatBecameOfIt(_ status: String, _ word: String) async throws {
    let body = "<PASSWORD_CHANGE_OUTPUT><RETURN status=\"\(status)\"><MESSAGE>exmpl_cd2: no.</MESSAGE></RETURN></PASSWORD_CHANGE_OUTPUT>"
    try await FaultServer.with("{\"\":[\(step(200, body))]}") { server in
      let outcome = try await push("/msp/password_change.php?user_logins=exmpl_cd2&email=1\n", to: server.url, in: server.folder)
      #expect(outcome.outputText.hasPrefix(word + "\t"), "\(outcome.outputText)\(outcome.errorText)")
    }
  }

  @Test(arguments: answers.indices) func nothingIsLeftOfIt(_ index: Int) async throws {
    let (body, status, word) = Self.answers[index]
    try await FaultServer.with("{\"POST /msp/user.php\":[\(step(status, body))]}") { server in
      let folder = server.folder
      Files.makeFolder(folder.appending("answers"))
      let outcome = try await push(
        "/msp/user.php?action=add&email=cd%40example.com&title=CIO&send_email=0#user=510001\n", to: server.url, in: folder,
        ["--answers", "answers", "--map-out", "map.csv"])
      #expect(outcome.outputText.hasPrefix(word), "\(outcome.outputText)\(outcome.errorText)")
      let kept = try Files.read(folder.appending("answers/1.xml")).map { String(decoding: $0, as: UTF8.self) } ?? ""
      #expect(word == "unknown" || kept.contains("it is not kept"), "\(kept)")
      let journal = String(decoding: try Files.read(folder.appending("journal")) ?? [], as: UTF8.self)
      // By the e-mail address, not by the title of a job.
      #expect(journal.contains("\tcd@example.com\t"))
      let map = String(decoding: try Files.read(folder.appending("map.csv")) ?? [], as: UTF8.self)
      for text in [outcome.outputText, outcome.errorText, kept, journal, map] { #expect(!text.contains(Self.secret), "\(text)") }
      let status = try await run(Place.program("qtbx-push"), ["--status", "--journal", "journal"], in: folder, environment: plain)
      #expect(!(status.outputText + status.errorText).contains(Self.secret))
    }
  }

  /// Other calls keep what they are told: an element of a policy may have any name.
  @Test func otherAnswersAreKeptAsTheyCame() async throws {
    let body = "<SIMPLE_RETURN><RESPONSE><TEXT>Done.</TEXT></RESPONSE><PASSWORD>length</PASSWORD></SIMPLE_RETURN>"
    try await FaultServer.with(plan(step(200, body))) { server in
      Files.makeFolder(server.folder.appending("answers"))
      _ = try await push(groups("a"), to: server.url, in: server.folder, ["--answers", "answers"])
      #expect(try Files.read(server.folder.appending("answers/1.xml")) == Array(body.utf8))
    }
  }

  /// The login stands in a sentence only.
  @Test(arguments: [
    ("exmpl_cd2 user has been successfully created.", "exmpl_cd2"), ("\n  exmpl4cd2 user\n  has been successfully\n       created.\n", "exmpl4cd2"),
    ("The user has been successfully created.", ""), ("Contact has been successfully created.", ""), ("exmpl_cd2 is in use.", ""),
    ("a,b_1 user has been successfully created.", ""),
  ]) func theLoginIsTheID(_ message: String, _ login: String) {
    let body = Array(Self.answer("SUCCESS", "", message).utf8)
    let judgement = ServiceAnswer.judge(Reply(status: 200, headers: [:]), body, secrets: ["USER", "PASSWORD"])
    guard case .done(let id, _) = judgement else {
      Issue.record("\(judgement)")
      return
    }
    #expect(id ?? "" == login)
  }

  /// What a push has created, and whose answer was lost, is found by the e-mail address.
  @Test func aLostAnswerIsFoundInTheListOfUsers() async throws {
    let users = """
      <USER_LIST_OUTPUT><USER_LIST><USER><USER_LOGIN>other_cd2</USER_LOGIN><USER_ID>910002</USER_ID><CONTACT_INFO><EMAIL> CD@Example.com </EMAIL>
      </CONTACT_INFO></USER></USER_LIST></USER_LIST_OUTPUT>
      """
    let found = step(200, users)
    let plan = "{\"POST /msp/user.php\":[\(step(500))],\"GET /msp/user_list.php\":[\(found)],\"POST /msp/user_list.php\":[\(found)]}"
    try await FaultServer.with(plan) { server in
      let list = "/msp/user.php?action=add&email=cd%40example.com&title=CIO&send_email=0#user=510001\n"
      #expect(try await push(list, to: server.url, in: server.folder).outputText.hasPrefix("unknown"))
      let outcome = try await push(list, to: server.url, in: server.folder, ["--resolve", "--settle", "0"])
      #expect(outcome.outputText.hasPrefix("found\t910002\t510001\tcd@example.com"), "\(outcome.outputText)\(outcome.errorText)")
    }
  }
}
