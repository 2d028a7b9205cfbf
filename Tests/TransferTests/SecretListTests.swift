import Glibc
import Support
import SystemPackage
import Testing

/// Lists that name secrets: the right one arrives, and nothing else has it.
@Suite struct SecretListTests {
  private static let phrase = "Zaunkönig 73!"
  private static let password = "p&ss \"w\" <ö> %41+"
  private static let key = "-----BEGIN KEY-----\nabc+/=\n-----END KEY-----\n"
  private static let table = """
    kind,title,field,username,value
    unix,Root #1,password,root,"p&ss ""w"" <ö> %41+"
    unix,Key,private_key,,"-----BEGIN KEY-----
    abc+/=
    -----END KEY-----
    "
    unix,Bell,password,,x\u{7}y
    unix,Empty,password,,

    """
  private static let unix = "/api/2.0/fo/auth/unix/"
  private static let done =
    "<BATCH_RETURN><RESPONSE><BATCH_LIST><BATCH><TEXT>Successfully Created</TEXT><ID_SET><ID>80729</ID></ID_SET></BATCH></BATCH_LIST></RESPONSE></BATCH_RETURN>"
  private static let form = "\(unix)?action=create&title=Root&username=root&password={secret:unix/Root%20%231/password}#auth-unix=31\n"
  private static let body =
    "POST\t\(unix)?action=create&title=Key&password={secret:unix/Root%20%231/password}#auth-unix=32\t<R a=\"1\"><KEY><?qtbx-secret unix/Key/private_key?></KEY></R>\n"
  private static let options = ["--secrets", "sealed.qsec", "--passphrase-command", "cat passphrase"]

  /// The table, sealed: once for all.
  private static let sealed = Task {
    try await Files.withScratch { folder in
      let outcome = try await run(
        Place.program("qtbx-secrets"), ["seal", "--passphrase-command", "echo '\(phrase)'"], input: Array(table.utf8), in: folder)
      #expect(outcome.status == 0, "\(outcome.errorText)")
      return outcome.output
    }
  }

  /// Puts the sealed table into the folder of a server.
  private func with<Answer>(_ plan: String, _ body: (FaultServer) async throws -> Answer) async throws -> Answer {
    try await FaultServer.with(plan) { server in
      try Files.write(Array((Self.phrase + "\n").utf8), to: server.folder.appending("passphrase"))
      try Files.write(try await Self.sealed.value, to: server.folder.appending("sealed.qsec"))
      chmod(server.folder.appending("sealed.qsec").string, 0o600)
      return try await body(server)
    }
  }

  private func expectNoSecret(_ text: String, _ place: String) {
    for secret in [Self.password, "p%26ss", "p&amp;ss", "abc+/=", Self.phrase] {
      #expect(!text.contains(secret), "\(place) shows \(secret): \(text)")
    }
  }

  private func text(_ name: String, _ server: FaultServer) throws -> String {
    String(decoding: try Files.read(server.folder.appending(FilePath(name).components)) ?? [], as: UTF8.self)
  }

  // MARK: Sending

  /// The server says whether the right one has arrived: in a form, in a URL, in a body, and in a body that is a file.
  @Test func theRightSecretArrives() async throws {
    try await with("{\"POST \(Self.unix)\":[\(step(200, Self.done))]}") { server in
      try Files.write(
        Array("<?xml version=\"1.0\"?>\n<R>\n  <P><?qtbx-secret unix/Root #1/password?></P>\n</R>\n".utf8), to: server.folder.appending("body.xml"))
      let file = "POST\t\(Self.unix)?action=create&title=File#auth-unix=33\t@body.xml\n"
      let outcome = try await push(
        Self.form + Self.body + file + "\(Self.unix)?action=create&title=None#auth-unix=34\n", to: server.url, in: server.folder, Self.options)
      #expect(outcome.status == 0, "\(outcome.errorText)")
      let encoded = "p%26ss%20%22w%22%20%3C%C3%B6%3E%20%2541%2B"
      let received = try server.received
      #expect(
        received.map(\.path) == [
          Self.unix, "\(Self.unix)?action=create&title=Key&password=\(encoded)", "\(Self.unix)?action=create&title=File", Self.unix,
        ])
      #expect(received[0].body == "action=create&title=Root&username=root&password=\(encoded)")
      #expect(received[1].body == "<R a=\"1\"><KEY>\(Self.key)</KEY></R>")
      #expect(received[2].body == "<?xml version=\"1.0\"?>\n<R>\n  <P>p&amp;ss \"w\" &lt;ö&gt; %41+</P>\n</R>\n")
      #expect(received[3].body == "action=create&title=None")
      #expect(
        received.map { $0.fields["type"] } == ["application/x-www-form-urlencoded", "text/xml", "text/xml", "application/x-www-form-urlencoded"])
      expectNoSecret(outcome.outputText + outcome.errorText + (try text("journal", server)), "the run")
    }
  }

  /// The journal knows the line of the list: another secret is no other request, and no digest tells one.
  @Test func theJournalKnowsTheLine() async throws {
    try await with("{\"POST \(Self.unix)\":[\(step(200, Self.done))]}") { server in
      #expect(try await push(Self.form, to: server.url, in: server.folder, Self.options).status == 0)
      let other = try await run(
        Place.program("qtbx-secrets"), ["seal", "-o", "sealed.qsec", "--passphrase-command", "cat passphrase"],
        input: Array("kind,title,field,value\nunix,Root #1,password,other\n".utf8), in: server.folder)
      #expect(other.status == 0)
      let again = try await push(Self.form, to: server.url, in: server.folder, Self.options)
      #expect(again.outputText.hasPrefix("already\t80729\t31\tRoot"), "\(again.outputText)\(again.errorText)")
      #expect(try server.received.count == 1)
      // What the journal says of a list needs no secret.
      try Files.write(Array(Self.form.utf8), to: server.folder.appending("list.urls"))
      let status = try await run(
        Place.program("qtbx-push"), ["--status", "--journal", "journal", "list.urls"], in: server.folder, environment: plain)
      #expect(status.status == 0 && status.outputText.contains("\ndone\tauth-unix\t31\t"), "\(status.outputText)\(status.errorText)")
    }
  }

  /// Nothing is sent, no journal is made, and everything that is missing is named.
  @Test(arguments: [
    (
      form + body
        + "\(unix)?action=create&password={secret:unix/More/password}#auth-unix=4\n\(unix)?action=create&password={secret:unix/Empty/password}#auth-unix=5\n"
        + "\(unix)?action=create&title=x&password={secret:unix/More/password}#auth-unix=6\n",
      options, 1,
      "sealed.qsec: the list needs 2 secrets that the file lacks: unix/More/password (line 3); unix/Empty/password (line 4): nothing was sent"
    ),
    ("POST\t\(unix)\t<R><P><?qtbx-secret unix/Bell/password?></P></R>\n", options, 1, "XML cannot hold a character of unix/Bell/password (line 1)"),
    (form, [], 1, "line 1: the request needs a secret, and no --secrets was given"),
    (
      form, ["--secrets", "sealed.qsec", "--passphrase-command", "echo other"], 6,
      "sealed.qsec: cannot be opened: the passphrase is wrong, or the file was changed"
    ),
    (form, ["--secrets", "missing", "--passphrase-command", "cat passphrase"], 3, "missing: cannot open"),
    (form, ["--secrets", "passphrase", "--passphrase-command", "cat passphrase"], 6, "passphrase: cannot be opened"),
    (form, ["--passphrase-command", "cat passphrase"], 2, "go with --secrets or --credentials"),
    (form, ["--secrets", "-", "--passphrase-command", "cat passphrase"], 2, "the list and the secrets cannot both be standard input"),
    (form, ["--secrets", "sealed.qsec", "--passphrase-fd", "0"], 2, "standard input"),
    ("POST\t\(unix)\t<R><P>x<?qtbx-secret unix/Key/private_key?></P></R>\n", options, 1, "a secret is never a part of one"),
    ("POST\t\(unix)\t@secret.xml\n", options, 1, "secret.xml: a secret's name stands in a comment"),
  ])
  func aListThatLacksASecretIsRefusedAsAWhole(_ list: String, _ options: [String], _ status: Int, _ reason: String) async throws {
    try await with("{\"POST \(Self.unix)\":[\(step(200, Self.done))]}") { server in
      try Files.write(Array("<R><!-- <?qtbx-secret unix/Key/private_key?> --></R>".utf8), to: server.folder.appending("secret.xml"))
      let outcome = try await push(list, to: server.url, in: server.folder, options)
      #expect(outcome.status == status, "\(outcome.errorText)")
      #expect(outcome.errorText.contains(reason), "\(outcome.errorText)")
      #expect(try server.received.isEmpty)
      #expect(!Files.exists(server.folder.appending("journal")))
      expectNoSecret(outcome.errorText, "the message")
    }
  }

  /// A dry run has names, in comments: curl would send them as they are.
  @Test func aDryRunShowsNames() async throws {
    try await with("{}") { server in
      let outcome = try await push(group("a", 1) + Self.form + Self.body, to: server.url, in: server.folder, Self.options + ["--dry-run"])
      #expect(outcome.status == 0, "\(outcome.errorText)")
      let lines = outcome.outputText.split(separator: "\n")
      #expect(lines.count == 5 && lines[0].hasPrefix("curl ") && lines[1...].allSatisfy { $0.hasPrefix("# ") }, "\(lines)")
      #expect(lines[2].contains("password={secret:unix/Root%20%231/password}") && lines[4].contains("<?qtbx-secret unix/Key/private_key?>"))
      expectNoSecret(outcome.outputText, "the dry run")
    }
  }

  /// S01: while a request with a secret is under way.
  @Test func nobodySeesASecretMeanwhile() async throws {
    try await with("{\"POST \(Self.unix)\":[\(step(200, Self.done, "\"delay\":1.5"))]}") { server in
      let outcome = try await script(
        """
        mkdir tmp; export TMPDIR=$PWD/tmp
        $PUSH --server $URL --journal journal --secrets sealed.qsec --passphrase-fd 7 7<passphrase < list.urls > out 2> err & push=$!
        for i in $(seq 200); do [ -s log.jsonl ] && break; sleep 0.02; done
        tr '\\0' ' ' < /proc/$push/cmdline; ls -l /proc/$push/fd; tr '\\0' '\\n' < /proc/$push/environ; ls -A tmp
        for fd in /proc/$push/fd/*; do [ -f "$fd" ] && [ "$(readlink $fd)" != "$PWD/passphrase" ] && cat "$fd"; done
        grep VmLck /proc/$push/status; stat -c %U /proc/$push/environ
        wait $push; echo "status=$?"; cat out err journal
        """, Self.form + Self.body, to: server.url, in: server.folder)
      #expect(outcome.outputText.contains("status=0"), "\(outcome.outputText)\(outcome.errorText)")
      #expect(outcome.outputText.contains(/VmLck:\s+[1-9]/))
      // The spool of the list is among what was open.
      #expect(outcome.outputText.contains("{secret:unix/Root%20%231/password}"))
      expectNoSecret(outcome.outputText + outcome.errorText, "the system")
      #expect(Files.names(in: server.folder.appending("tmp")).isEmpty)
    }
  }

  /// S02.
  @Test(arguments: ["SEGV", "ABRT"]) func aCrashLeavesNoCoreAndShowsNoMemory(_ signal: String) async throws {
    try await with("{\"POST \(Self.unix)\":[\(step(200, Self.done, "\"delay\":5"))]}") { server in
      let outcome = try await script(
        """
        ulimit -c unlimited; export SWIFT_BACKTRACE=enable=yes
        $PUSH --server $URL --journal journal --secrets sealed.qsec --passphrase-fd 7 7<passphrase < list.urls 2> err & push=$!
        for i in $(seq 200); do [ -s log.jsonl ] && break; sleep 0.02; done
        kill -\(signal) $push; wait $push 2> /dev/null; echo "status=$?"; cat err
        """, Self.form, to: server.url, in: server.folder)
      #expect(outcome.outputText.hasPrefix("status=\(signal == "SEGV" ? 139 : 134)\n"), "\(outcome.outputText)")
      expectNoSecret(outcome.outputText, "the message of a crash")
      #expect(Files.names(in: server.folder).allSatisfy { !$0.contains("core") })
    }
  }

  // MARK: Answers

  /// A server that repeats the request, in whichever place of its answer.
  private static let echoes: [(answer: String, status: Int, word: String)] = [
    (
      done.replacing("<RESPONSE>", with: "<REQUEST><POST_DATA>password=p%26ss+%22w%22+%3c%c3%b6%3e+%2541%2B&amp;x=1</POST_DATA></REQUEST><RESPONSE>"),
      200, "done\t80729"
    ),
    (done.replacing("Successfully Created", with: "Created p&amp;ss \"w\" &lt;ö&gt; %41+ for you"), 200, "done\t80729"),
    (done.replacing("<ID>80729</ID>", with: "<ID>p&amp;ss \"w\" &lt;ö&gt; %41+</ID>"), 200, "done\t\t"),
    (refusal("1905", "password has invalid value: p&amp;ss \"w\" &lt;ö&gt; %41+"), 400, "refused"),
    (refusal("p&amp;ss \"w\" &lt;ö&gt; %41+", "No."), 400, "refused"),
    (refusal("1905", "<![CDATA[bad: p&ss \"w\" <ö> %41+]]>"), 400, "refused"),
    ("<html><body>p&amp;ss &quot;w&quot; &lt;&#246;&gt; &#37;41&#43;</body></html>", 500, "unknown"), ("p&ss \"w\" <ö> %41+", 200, "unknown"),
    ("<p-ss>p&ss \"w\" <ö> %41+</p-ss>", 200, "unknown"),
    ("{\"password\":\"p&ss \\\"w\\\" <\\u00f6> %41+\"}", 200, "unknown"),
    (
      "<SIMPLE_RETURN><RESPONSE><TEXT>x</TEXT><ITEM_LIST><ITEM><KEY>ID</KEY><VALUE>p&amp;ss \"w\" &lt;ö&gt; %41+</VALUE></ITEM></ITEM_LIST></RESPONSE></SIMPLE_RETURN>",
      200, "done\t\t"
    ),
  ]

  @Test(arguments: echoes.indices) func whatIsRepeatedIsNeitherShownNorKept(_ index: Int) async throws {
    let (answer, status, word) = Self.echoes[index]
    let headers = ["Location": "/p%26ss%20%22w%22%20%3C%C3%B6%3E%20%2541%2B/x"]
    try await with("{\"POST \(Self.unix)\":[\(step(status, answer, headers: headers))]}") { server in
      Files.makeFolder(server.folder.appending("answers"))
      let outcome = try await push(Self.form, to: server.url, in: server.folder, Self.options + ["--answers", "answers", "--map-out", "map.csv"])
      #expect(outcome.outputText.hasPrefix(word), "\(outcome.outputText)\(outcome.errorText)")
      let kept = try text("answers/1.xml", server)
      #expect(kept.contains("{secret:unix/Root%20%231/password}"), "\(kept)")
      for (place, text) in [
        ("the result", outcome.outputText + outcome.errorText), ("the answer", kept), ("the journal", try text("journal", server)),
        ("the map", try text("map.csv", server)),
      ] {
        for part in ["p&ss", "p%26ss", "p&amp;ss", "%41+", "%2541", "w\"", "w&quot;"] { #expect(!text.contains(part), "\(place): \(text)") }
      }
    }
  }

  /// A redirect that has it in its path.
  @Test func noRedirectShowsASecret() async throws {
    let away = step(303, "", headers: ["Location": "https://www.example.com/p%26ss%20%22w%22%20%3C%C3%B6%3E%20%2541%2B/x"])
    try await with("{\"POST \(Self.unix)\":[\(away)]}") { server in
      let outcome = try await push(Self.form, to: server.url, in: server.folder, Self.options)
      #expect(outcome.errorText.contains("https://www.example.com/{secret:unix/Root%20%231/password}/x"), "\(outcome.errorText)")
      expectNoSecret(outcome.errorText + (try text("journal", server)), "the message")
    }
  }

  /// A short secret takes nothing from the id of what was created.
  @Test func aShortSecretLeavesTheID() async throws {
    try await with("{\"POST \(Self.unix)\":[\(step(200, Self.done))]}") { server in
      let sealed = try await run(
        Place.program("qtbx-secrets"), ["seal", "-o", "sealed.qsec", "--passphrase-command", "cat passphrase"],
        input: Array("kind,title,field,value\nunix,Root #1,password,07\n".utf8), in: server.folder)
      #expect(sealed.status == 0)
      let outcome = try await push(Self.form, to: server.url, in: server.folder, Self.options)
      #expect(outcome.outputText.hasPrefix("done\t80729\t"), "\(outcome.outputText)")
    }
  }

  // MARK: Passwords of new users

  private static let users = "/msp/user.php"

  private static func made(_ login: String, _ password: String) -> String {
    "<?xml version=\"1.0\"?><USER_OUTPUT><API name=\"user.php\"/><RETURN status=\"SUCCESS\"><MESSAGE>\(login) user has been successfully created.</MESSAGE></RETURN>"
      + "<USER><USER_LOGIN>\(login)</USER_LOGIN><PASSWORD>\(password)</PASSWORD></USER></USER_OUTPUT>"
  }

  private static func list(_ names: String...) -> String {
    names.enumerated().map { "\(users)?action=add&email=\($1)%40example.com&send_email=0#user=\(510_001 + $0)\n" }.joined()
  }

  private static let credentials = ["--credentials", "users.qsec", "--passphrase-command", "cat passphrase"]

  private func kept(_ server: FaultServer, _ passphrase: String = "cat passphrase") async throws -> String {
    let outcome = try await run(
      Place.program("qtbx-secrets"), ["open", "--plain", "--passphrase-command", passphrase, "users.qsec"], in: server.folder)
    return outcome.outputText + outcome.errorText
  }

  /// One entry a user, in one file, over several runs.
  @Test func passwordsOfNewUsersAreSealed() async throws {
    let steps = [
      step(200, Self.made("exmpl_cd2", "Kol&amp;ibri,\"5")), step(200, Self.made("exmpl_ef3", "Kauz-9")),
      step(200, Self.made("exmpl_gh4", "Specht-1")),
    ]
    try await with("{\"POST \(Self.users)\":[\(steps.joined(separator: ","))]}") { server in
      let outcome = try await push(Self.list("cd", "ef"), to: server.url, in: server.folder, Self.credentials)
      #expect(outcome.status == 0, "\(outcome.errorText)")
      let more = try await push(Self.list("cd", "ef", "gh"), to: server.url, in: server.folder, Self.credentials)
      #expect(more.status == 0, "\(more.errorText)")
      #expect(
        try await kept(server) == """
          kind,title,field,username,value
          user,cd@example.com,password,exmpl_cd2,"Kol&ibri,""5"
          user,ef@example.com,password,exmpl_ef3,"Kauz-9"
          user,gh@example.com,password,exmpl_gh4,"Specht-1"

          """)
      for secret in ["Kol", "Kauz-9", "Specht"] {
        #expect(!(outcome.outputText + outcome.errorText + more.outputText + more.errorText + (try text("journal", server))).contains(secret))
      }
      var status = stat()
      #expect(stat(server.folder.appending("users.qsec").string, &status) == 0 && status.st_mode & 0o777 == 0o600)
      #expect(Files.names(in: server.folder).filter { $0.hasPrefix("users.qsec") } == ["users.qsec"])
    }
  }

  /// On disk before the next request: a push that is killed while that is under way has lost nothing.
  @Test func aPasswordIsOnDiskBeforeTheNextRequest() async throws {
    let steps = [step(200, Self.made("exmpl_cd2", "Kolibri-5")), step(200, Self.made("exmpl_ef3", "Kauz-9"), "\"delay\":5")]
    try await with("{\"POST \(Self.users)\":[\(steps.joined(separator: ","))]}") { server in
      let outcome = try await script(
        """
        strace -f -e trace=fsync,fdatasync,rename,sendto,write -o trace $PUSH --server $URL --journal journal --credentials users.qsec \
          --passphrase-fd 7 7<passphrase < list.urls > out 2> err & push=$!
        for i in $(seq 500); do [ $(wc -l < log.jsonl) = 2 ] && break; sleep 0.02; done
        kill -KILL $(pgrep -P $push); wait $push 2> /dev/null
        # From the first answer to the next request: the file is synced and renamed before the journal says so.
        grep -e rename -e '"done.t2' trace | tail -n 2
        """, Self.list("cd", "ef"), to: server.url, in: server.folder)
      #expect(try await kept(server).hasSuffix("user,cd@example.com,password,exmpl_cd2,\"Kolibri-5\"\n"))
      let lines = outcome.outputText.split(separator: "\n")
      #expect(lines.count == 2 && lines[0].contains("users.qsec") && lines[1].contains("done"), "\(outcome.outputText)\(outcome.errorText)")
    }
  }

  /// Without a place for a password, nothing is sent.
  @Test(arguments: [
    ("missing/users.qsec", "cat passphrase", 3, "cannot open"), ("answers", "cat passphrase", 3, "cannot open"),
    ("journal", "cat passphrase", 2, "cannot go where"),
    ("other.qsec", "echo other", 6, "cannot be opened"), ("other.qsec", "false", 3, "the passphrase command failed"),
    ("plan.json", "cat passphrase", 6, "cannot be opened"),
    ("link.qsec", "cat passphrase", 3, "cannot open"),
  ])
  func withoutAPlaceForPasswordsNothingIsSent(_ path: String, _ command: String, _ status: Int, _ reason: String) async throws {
    try await with("{\"POST \(Self.users)\":[\(step(200, Self.made("exmpl_cd2", "Kolibri-5")))]}") { server in
      Files.makeFolder(server.folder.appending("answers"))
      let made = try await script(
        "cp sealed.qsec other.qsec; ln -s other.qsec link.qsec; $PUSH --server $URL --journal journal < list.urls", group("a", 1), to: server.url,
        in: server.folder)
      #expect(made.status == 4)
      let before = try server.received.count
      let outcome = try await push(
        Self.list("cd"), to: server.url, in: server.folder, ["--credentials", path, "--passphrase-command", command])
      #expect(outcome.status == status && outcome.errorText.contains(reason), "\(outcome.errorText)")
      #expect(try server.received.count == before)
    }
  }

  /// A disk that is full: what is done stays done, and whose password is lost is said.
  @Test func aPasswordThatCannotBeKeptEndsTheRun() async throws {
    try await with("{\"POST \(Self.users)\":[\(step(200, Self.made("exmpl_cd2", "Kolibri-5"), "\"delay\":0.5"))]}") { server in
      let outcome = try await script(
        """
        mkdir place
        $PUSH --server $URL --journal journal --credentials place/users.qsec --passphrase-fd 7 7<passphrase < list.urls 2> err & push=$!
        for i in $(seq 200); do [ -s log.jsonl ] && break; sleep 0.01; done
        mv place elsewhere; wait $push; echo "status=$?"; cat err
        """, Self.list("cd", "ef"), to: server.url, in: server.folder)
      #expect(outcome.outputText.contains("status=3"), "\(outcome.outputText)\(outcome.errorText)")
      #expect(outcome.outputText.contains("the password of exmpl_cd2 is lost, and another one must be asked for"), "\(outcome.outputText)")
      #expect(!outcome.outputText.contains("Kolibri"))
      #expect(try states(server.folder) == ["intent", "done"])
      #expect(try server.received.count == 1)
    }
  }

  /// An account without a login loses no password, of its own or of the others; one that nothing names is said, when all others are on disk.
  @Test(arguments: [
    ("", "cd@example.com", "user,exmpl_ab1,password,exmpl_ab1,\"Zeisig-2\"\nuser,cd@example.com,password,,\"Kolibri-5\"\n", 0),
    (" ", "", "user,exmpl_ab1,password,exmpl_ab1,\"Zeisig-2\"\n", 3),
  ])
  func anAccountWithoutALoginLosesNoOther(_ login: String, _ email: String, _ rows: String, _ status: Int) async throws {
    func user(_ login: String, _ password: String) -> String { "<USER><USER_LOGIN>\(login)</USER_LOGIN><PASSWORD>\(password)</PASSWORD></USER>" }
    let answer =
      "<USER_OUTPUT><API name=\"user.php\"/><RETURN status=\"SUCCESS\"><MESSAGE>exmpl_ab1 user has been successfully created.</MESSAGE></RETURN>"
      + user("exmpl_ab1", "Zeisig-2") + user(login, "Kolibri-5") + "</USER_OUTPUT>"
    try await with("{\"POST \(Self.users)\":[\(step(200, answer))]}") { server in
      let list = "\(Self.users)?action=add\(email.isEmpty ? "" : "&email=cd%40example.com")&send_email=0#user=510001\n"
      let outcome = try await push(list, to: server.url, in: server.folder, Self.credentials)
      #expect(outcome.status == status, "\(outcome.errorText)")
      let isLost = outcome.errorText.contains("its answer names nobody: the password of a user without a login is lost")
      #expect(isLost == (status == 3), "\(outcome.errorText)")
      #expect(try await kept(server) == "kind,title,field,username,value\n" + rows)
      #expect(try states(server.folder) == ["intent", "done"])
    }
  }

  /// The same if more than that goes wrong: nothing takes the place of what is lost.
  @Test(arguments: ["> /dev/full", ">&-", "", "--jobs 2"]) func aPasswordThatIsLostIsSaidWithTheRest(_ end: String) async throws {
    try await with("{\"POST \(Self.users)\":[\(step(200, Self.made("exmpl_cd2", "Kolibri-5"), "\"delay\":0.5"))]}") { server in
      let outcome = try await script(
        """
        mkdir place
        $PUSH --server $URL --journal journal --credentials place/users.qsec --map-out place/m.csv --passphrase-fd 7 7<passphrase 2> err \(end) < list.urls & push=$!
        for i in $(seq 200); do [ -s log.jsonl ] && break; sleep 0.01; done
        mv place elsewhere; wait $push; echo "status=$?"; cat err
        """, Self.list("cd", "ef"), to: server.url, in: server.folder)
      #expect(outcome.outputText.contains("status=3"), "\(outcome.outputText)\(outcome.errorText)")
      #expect(outcome.outputText.contains("the password of exmpl_cd2 is lost, and another one must be asked for; "), "\(outcome.outputText)")
      #expect(outcome.outputText.contains("place/m.csv: cannot create"), "\(outcome.outputText)")
      #expect(outcome.outputText.contains("standard output: ") == end.hasPrefix(">"), "\(outcome.outputText)")
      #expect(!outcome.outputText.contains("Kolibri"))
      #expect(try states(server.folder) == ["intent", "done"])
    }
  }

  /// A success in which no account can be read has lost one, if nobody else is told: that is said, and no further user is made.
  @Test(arguments: [
    ("/msp/user.php?action=add&email=cd%40example.com&send_email=0#user=1", true),
    ("/msp/user.php?action=add&email=cd%40example.com&send_email=%30#user=1", true),
    ("/msp/user.php?action=add&email=cd%40example.com&send_email=1#user=1", false), ("/msp/user.php?action=add&email=cd%40example.com#user=1", false),
    ("/msp/user.php?action=edit&login=exmpl_cd2&city=Bern#user=1", false), ("/msp/password_change.php?user_logins=exmpl_cd2&email=0", true),
    ("/msp/password_change.php?user_logins=exmpl_cd2&email=1", false),
  ])
  func anAccountThatCannotBeReadIsLost(_ line: String, _ isLost: Bool) async throws {
    let shapes = [
      "", "<USER><PASSWORD>Kolibri-5</PASSWORD></USER>", "<USER><USER_LOGIN>exmpl_cd2</USER_LOGIN></USER>",
      "<ACCOUNT><LOGIN>exmpl_cd2</LOGIN><PASSWORD>Kolibri-5</PASSWORD></ACCOUNT>",
    ]
    for shape in shapes {
      let message = "<MESSAGE>exmpl_cd2 user has been successfully created.</MESSAGE>"
      let body = "<USER_OUTPUT><RETURN status=\"SUCCESS\">\(message)</RETURN>\(shape)</USER_OUTPUT>"
      try await with("{\"\":[\(step(200, body))]}") { server in
        let outcome = try await push(line + "\n" + group("a", 1), to: server.url, in: server.folder, Self.credentials)
        #expect(outcome.outputText.hasPrefix("done\texmpl_cd2"), "\(outcome.outputText)\(outcome.errorText)")
        #expect((outcome.status == 3) == isLost, "\(outcome.errorText)")
        #expect(outcome.errorText.contains("it is lost, and another one must be asked for") == isLost, "\(outcome.errorText)")
        #expect(try server.received.count == (isLost ? 1 : 2))
        #expect(!(outcome.outputText + outcome.errorText).contains("Kolibri"))
      }
    }
  }

  /// Two at once would each write what the other does not know.
  @Test func onePushAtATimeHasTheFile() async throws {
    try await with("{\"POST \(Self.users)\":[\(step(200, Self.made("exmpl_cd2", "Kolibri-5"), "\"delay\":1.5"))]}") { server in
      let outcome = try await script(
        """
        $PUSH --server $URL --journal one --credentials users.qsec --passphrase-fd 7 7<passphrase < list.urls > /dev/null 2> err & push=$!
        for i in $(seq 200); do [ -s log.jsonl ] && break; sleep 0.02; done
        $PUSH --server $URL --journal two --credentials users.qsec --passphrase-fd 7 7<passphrase < list.urls; echo "status=$?"
        wait $push; echo "status=$?"
        """, Self.list("cd"), to: server.url, in: server.folder)
      #expect(outcome.outputText == "status=3\nstatus=0\n", "\(outcome.outputText)\(outcome.errorText)")
      #expect(outcome.errorText.contains("users.qsec: locked: another push is using this file"), "\(outcome.errorText)")
      #expect(try server.received.count == 1)
    }
  }
}
