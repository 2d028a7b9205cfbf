import Support
import SystemPackage
import Testing

/// Who asks, whom it trusts, and what nobody else may see.
@Suite struct SecretTests {
  private static let secrets = [Login.password, Login.encoded, "\(Login.user):\(Login.password)"]

  private func expectNoSecret(_ text: String, _ place: String) {
    for secret in Self.secrets { #expect(!text.contains(secret), "\(place) shows \(secret)") }
  }

  /// S01: while an answer is awaited, and afterwards.
  @Test(arguments: ["env", "command", "fd", "netrc"]) func nobodySeesThePassword(_ source: String) async throws {
    try await FaultServer.with(plan(step(200, refusal("1905"), "\"delay\":1.5"), step(401, refusal("2000")))) { server in
      let folder = server.folder
      Files.makeFolder(folder.appending("tmp"))
      try Files.write(Array("machine 127.0.0.1 login \(Login.user) password \(Login.password)\n".utf8), to: folder.appending("netrc"))
      try Files.write(Array((Login.password + "\n").utf8), to: folder.appending("vault"))
      let option =
        switch source {
        case "command": "--password-command 'cat vault'"
        case "fd": "--password-fd 7 7<vault"
        case "netrc": "--netrc-file netrc"
        default: ""
        }
      let outcome = try await script(
        """
        export TMPDIR=$PWD/tmp
        $PUSH --server $URL --journal journal \(option) < list.urls > out 2> err & push=$!
        for i in $(seq 100); do [ -s log.jsonl ] && break; sleep 0.02; done
        tr '\\0' ' ' < /proc/$push/cmdline; ls -l /proc/$push/fd; tr '\\0' '\\n' < /proc/$push/environ; tail -c +1 tmp/*
        ls -A tmp | wc -l
        grep -a CoreDumping /proc/$push/status; stat -c %U /proc/$push/environ
        wait $push; cat out err journal
        """, groups("a", "b"), to: server.url, in: folder, environment: source == "env" ? [:] : ["q_password": ""])
      let text = outcome.outputText + outcome.errorText
      #expect(text.contains("qtbx-push"))
      #expect(text.contains("the server refuses the login"), "\(text)")
      // What comes by the environment can be seen there by the same user: the page says so.
      expectNoSecret(source == "env" ? text.replacing("q_password=" + Login.password, with: "") : text, source)
      #expect(try server.received.allSatisfy { $0.fields["authorization"] == "Basic " + Login.encoded && $0.fields["requested-with"] == "qtbx" })
      #expect(try server.received.count == 2)
      #expect(Files.names(in: folder.appending("tmp")).isEmpty)
      for name in ["journal", "log.jsonl"] where name == "journal" {
        expectNoSecret(String(decoding: try Files.read(folder.appending(name)) ?? [], as: UTF8.self), name)
      }
    }
  }

  /// S01, for fetch: while a page is awaited, and in what it leaves.
  @Test(arguments: ["env", "command", "fd", "netrc"]) func nobodySeesThePasswordOfAFetch(_ source: String) async throws {
    try await FaultServer.with(listing(step(200, page(1...2), "\"delay_body\":1.5"))) { server in
      let folder = server.folder
      Files.makeFolder(folder.appending("tmp"))
      try Files.write(Array("machine 127.0.0.1 login \(Login.user) password \(Login.password)\n".utf8), to: folder.appending("netrc"))
      try Files.write(Array((Login.password + "\n").utf8), to: folder.appending("vault"))
      let option = ["command": "--password-command 'cat vault'", "fd": "--password-fd 7 7<vault", "netrc": "--netrc-file netrc"][source, default: ""]
      let outcome = try await fetchScript(
        """
        export TMPDIR=$PWD/tmp
        $FETCH asset-groups --server $URL \(option) -o out.xml 2> err & fetch=$!
        for i in $(seq 100); do [ -s log.jsonl ] && break; sleep 0.02; done
        tr '\\0' ' ' < /proc/$fetch/cmdline; ls -l /proc/$fetch/fd; tr '\\0' '\\n' < /proc/$fetch/environ
        wait $fetch; echo "status=$?"; cat err out.xml
        $FETCH asset-groups --server $URL --dry-run \(option)
        """, from: server.url, in: folder, environment: source == "env" ? [:] : ["q_password": ""])
      let text = outcome.outputText + outcome.errorText
      #expect(text.contains("status=0") && text.contains("curl --fail"), "\(text)")
      expectNoSecret(source == "env" ? text.replacing("q_password=" + Login.password, with: "") : text, source)
      #expect(try server.received.map { $0.fields["authorization"] } == ["Basic " + Login.encoded])
    }
  }

  /// A password of the environment is a line, as one from everywhere else: a line end is none of it, and what is none is refused before it is sent.
  @Test func thePasswordOfTheEnvironmentIsALine() async throws {
    try await FaultServer.with(plan(success)) { server in
      let wrong = [("a\nb", "has several lines"), ("\r\n", "is empty"), (String(repeating: "x", count: 4096), "is longer than 4095 bytes")]
      for (password, reason) in wrong {
        let outcome = try await push(groups("a"), to: server.url, in: server.folder, environment: ["q_password": password])
        #expect(outcome.status == 2 && outcome.errorText.contains(reason), "\(outcome.errorText)")
      }
      #expect(try server.received.isEmpty)
      let outcome = try await push(groups("a"), to: server.url, in: server.folder, environment: ["q_password": Login.password + "\r\n"])
      #expect(outcome.status == 0, "\(outcome.errorText)")
      #expect(try server.received.map { $0.fields["authorization"] } == ["Basic " + Login.encoded])
    }
  }

  /// S01: the command that fetches one password gets no other.
  @Test func noChildGetsThePassword() async throws {
    try await FaultServer.with(plan(success)) { server in
      let outcome = try await push(
        groups("a"), to: server.url, in: server.folder, ["--password-command", "env > child; ls -l /proc/self/fd >> child; echo other; seq 100000"])
      #expect(outcome.status == 0, "\(outcome.errorText)")
      let child = String(decoding: try Files.read(server.folder.appending("child")) ?? [], as: UTF8.self)
      #expect(child.contains("q_username"))
      expectNoSecret(child, "the child's environment")
      #expect(!child.contains("journal") && !child.contains("qtbx."), "\(child)")
      #expect(try server.received.first?.fields["authorization"] == "Basic cXVheXNfYWIxOm90aGVy")
    }
  }

  /// Neither in its environment nor by a descriptor: the command for a passphrase gets no password, and the other way round.
  @Test func noChildGetsTheSecretOfAnother() async throws {
    try await FaultServer.with(plan(success)) { server in
      try Files.write(Array("\(Login.password)\n".utf8), to: server.folder.appending("word"))
      let outcome = try await script(
        """
        look='env; ls -l /proc/self/fd; for n in 0 3 4 5 6 7; do timeout 5 cat <&$n; done; true'
        $PUSH --yes --server $URL --journal one --credentials a.qsec --passphrase-command "{ $look; } > env 2>&1; echo s" < list.urls
        $PUSH --yes --server $URL --journal two --credentials a.qsec --password-fd 7 --passphrase-command "{ $look; } > seven 2>&1; echo s" 7< word < list.urls
        $PUSH --yes --server $URL --journal three --credentials a.qsec --password-fd 0 --passphrase-command "{ $look; } > zero 2>&1; echo s" list.urls < word
        cp word phrase
        $PUSH --yes --server $URL --journal five --credentials b.qsec --passphrase-fd 7 --password-command "{ $look; } > nine 2>&1; cat word" 7< phrase < list.urls
        printf 'kind,title,field,value\\nunix,a,b,c\\n' > table
        $SECRETS seal -o c.qsec --passphrase-command "{ $look; } > ten 2>&1; echo s" table
        $SECRETS reseal -o d.qsec --passphrase-command 'echo s' --new-passphrase-fd 7 c.qsec 7< phrase
        $SECRETS reseal -o e.qsec --passphrase-command "{ $look; } > eleven 2>&1; echo s" --new-passphrase-fd 7 c.qsec 7< phrase
        """, groups("a"), to: server.url, in: server.folder,
        environment: ["SECRETS": Place.program("qtbx-secrets").string])
      let received = try server.received
      #expect(received.count == 4 && received.allSatisfy { $0.fields["authorization"] == "Basic " + Login.encoded }, "\(outcome.errorText)")
      for name in ["env", "seven", "zero", "nine", "ten", "eleven"] {
        let seen = String(decoding: try Files.read(server.folder.appending(name)) ?? [], as: UTF8.self)
        #expect(seen.contains("q_username"), "\(name): \(outcome.errorText)")
        expectNoSecret(seen, name)
        #expect(!seen.contains("/word") && !seen.contains("/phrase"), "\(name): \(seen)")
      }
    }
  }

  /// A password that is not there, or comes from two places, is a complaint, and nothing is sent.
  @Test(arguments: [
    ("--password-command false", 3), ("--password-command true", 2), ("--password-fd 9", 3), ("--netrc-file missing", 3), ("", 2),
    ("--password-fd 7 --netrc-file netrc", 2), ("--password-command 'echo x' --user a:b", 2),
    ("--password-command 'printf %5000d 1'", 2),
  ])
  func withoutAPasswordNothingIsSent(_ options: String, _ status: Int) async throws {
    try await FaultServer.with(plan(success)) { server in
      // Without a terminal.
      let outcome = try await script(
        "unset q_password; setsid -w $PUSH --server $URL --journal journal \(options) < list.urls", groups("a"), to: server.url, in: server.folder)
      #expect(outcome.status == status, "\(options): \(outcome.errorText)")
      #expect(try server.received.isEmpty)
    }
  }

  /// The password is asked for on the terminal itself, without echo, and the echo comes back.
  @Test(arguments: ["\\n", "\\x03"]) func asksTheTerminalWithoutEcho(_ end: String) async throws {
    try await FaultServer.with(plan(success)) { server in
      try Files.write(Array(Login.password.utf8), to: server.folder.appending("typed"))
      let outcome = try await script(
        """
        unset q_password
        exec python3 - <<'END'
        import os, pty, sys, termios, time
        child, terminal = pty.fork()
        if child == 0:
            os.execvp("/bin/sh", ["sh", "-c", "trap : INT; $PUSH --yes --server $URL --journal journal < list.urls; echo status=$?; stty -a | tr ' ' '\\n' | grep -x -e '-*echo'"])
        seen = b""
        while b"Password of" not in seen: seen += os.read(terminal, 1000)
        time.sleep(0.1)
        os.write(terminal, open("typed", "rb").read() + b"\(end)" + (b"\\n" if b"\(end)" != b"\\n" else b""))
        try:
            while data := os.read(terminal, 1000): seen += data
        except OSError:
            pass
        os.waitpid(child, 0)
        os.write(1, seen)
        END
        """, groups("a"), to: server.url, in: server.folder)
      expectNoSecret(outcome.outputText, "the terminal")
      #expect(outcome.outputText.contains("Password of \(Login.user): "))
      #expect(outcome.outputText.split(whereSeparator: \.isNewline).contains("echo"), "\(outcome.outputText) \(outcome.errorText)")
      if end == "\\n" {
        #expect(outcome.outputText.contains("status=0"), "\(outcome.outputText)")
        #expect(try server.received.first?.fields["authorization"] == "Basic " + Login.encoded)
      } else {
        // By the signal itself: whoever has started it sees that.
        #expect(outcome.outputText.contains("status=130"), "\(outcome.outputText)")
        #expect(try server.received.isEmpty)
      }
    }
  }

  /// S02.
  @Test(arguments: ["SEGV", "ABRT", "ILL"]) func aCrashLeavesNoCoreAndShowsNoMemory(_ signal: String) async throws {
    try await FaultServer.with(plan(step(200, created(1), "\"delay\":5"))) { server in
      let outcome = try await script(
        """
        ulimit -c unlimited; export SWIFT_BACKTRACE=enable=yes
        $PUSH --server $URL --journal journal < list.urls 2> err & push=$!
        for i in $(seq 100); do [ -s log.jsonl ] && break; sleep 0.02; done
        kill -\(signal) $push; wait $push 2> /dev/null; echo "status=$?"; cat err
        """, groups("a"), to: server.url, in: server.folder)
      #expect(outcome.outputText.contains("status=\(["SEGV": 139, "ABRT": 134, "ILL": 132][signal, default: 0])\n"), "\(outcome.outputText)")
      #expect(!outcome.outputText.contains("0x"))
      expectNoSecret(outcome.outputText, "the message of a crash")
      #expect(Files.names(in: server.folder).allSatisfy { !$0.contains("core") })
    }
  }

  /// S08: the filters cannot reach the network.
  @Test func noFilterLinksTheNetwork() async throws {
    let filters = [
      "qtbx-ag-rewrite", "qtbx-ag-to-urls", "qtbx-map", "qtbx-merge-policy", "qtbx-requests", "qtbx-schedule-to-urls", "qtbx-tags-restructure",
      "qtbx-tags-to-urls",
    ]
    for name in Files.names(in: Place.root.appending("Sources")) where name.hasPrefix("qtbx-") && Files.exists(Place.program(name)) {
      let libraries = try await run("/usr/bin/ldd", [Place.program(name).string]).outputText
      #expect(libraries.contains("libc.so"))
      if ["qtbx-push", "qtbx-fetch"].contains(name) { #expect(libraries.contains("libcurl")) }
      guard filters.contains(name) || !["qtbx-push", "qtbx-fetch", "qtbx-sim"].contains(name) else { continue }
      // What seals needs AES, and no more than that.
      let unwanted = ["libcurl", "libssl", "libnghttp2"] + (name == "qtbx-secrets" ? [] : ["libcrypto"])
      for library in unwanted { #expect(!libraries.contains(library), "\(name) links \(library)") }
    }
    for name in filters + ["qtbx-push", "qtbx-fetch"] { #expect(Files.exists(Place.program(name))) }
  }

  // MARK: TLS

  /// Makes an authority, and certificates of it: `good` for 127.0.0.1 and api.example, `other` for another host, `old`, and `self`, which
  /// signed itself.
  private func withCertificates(_ body: (FilePath) async throws -> Void) async throws {
    try await Files.withScratch { folder in
      let made = try await shell(
        """
        set -e
        openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj '/CN=Authority of a test'
        openssl req -x509 -newkey rsa:2048 -nodes -keyout self.key -out self.pem -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1
        openssl req -newkey rsa:2048 -nodes -keyout good.key -out good.csr -subj /CN=server
        for name in good other old; do
          names=IP:127.0.0.1,DNS:api.example; [ $name = other ] && names=DNS:other.example,IP:127.0.0.2
          printf 'subjectAltName=%s\\n' $names > ext
          start=20200101000000Z end=20400101000000Z; [ $name = old ] && end=20200201000000Z
          mkdir $name.d; : > $name.d/index; echo 01 > $name.d/serial
          { echo '[ca]'; echo default_ca=d; echo '[d]'; echo new_certs_dir=$name.d; echo database=$name.d/index; echo serial=$name.d/serial
            echo default_md=sha256; echo policy=p; echo '[p]'; echo commonName=supplied; } > conf
          openssl ca -batch -notext -config conf -cert ca.pem -keyfile ca.key -in good.csr -out $name.pem -startdate $start -enddate $end -extfile ext
          [ $name = good ] || cp good.key $name.key
        done
        """, in: folder)
      try #require(made.status == 0, "\(made.errorText)")
      try await body(folder)
    }
  }

  /// P12.
  @Test func onlyATrustedServerGetsThePassword() async throws {
    try await withCertificates { certificates in
      func files(_ name: String) -> (FilePath, FilePath) { (certificates.appending(name + ".pem"), certificates.appending(name + ".key")) }
      let authority = ["--cacert", certificates.appending("ca.pem").string]
      let environments: [[String: String]] = [
        [:], ["CURL_CA_BUNDLE": "", "SSL_CERT_FILE": certificates.appending("ca.pem").string, "SSL_CERT_DIR": certificates.string],
        [
          "CURL_INSECURE": "1", "CURLOPT_SSL_VERIFYPEER": "0", "PYTHONHTTPSVERIFY": "0", "NODE_TLS_REJECT_UNAUTHORIZED": "0",
          "GIT_SSL_NO_VERIFY": "1",
        ],
        ["CURL_CA_BUNDLE": certificates.appending("ca.pem").string, "CURL_HOME": certificates.string, "HOME": certificates.string],
      ]
      try Files.write(Array("insecure\n".utf8), to: certificates.appending(".curlrc"))
      defer { Files.remove(certificates.appending(".curlrc")) }
      for (name, options) in [("good", []), ("self", []), ("self", authority), ("other", authority), ("old", authority)] {
        try await FaultServer.with(plan(success), certificate: files(name)) { server in
          for (number, environment) in environments.enumerated() {
            let outcome = try await push(
              groups("a"), to: "https://127.0.0.1:\(server.port)", in: server.folder, options, environment: environment)
            #expect(outcome.status == 9, "\(name) \(environment): \(outcome.errorText)")
            // At once: a certificate does not get better.
            #expect(!outcome.errorText.contains("waiting"))
            #expect(outcome.errorText.contains("SSL"), "\(outcome.errorText)")
            #expect(try states(server.folder).count == 2 * (number + 1))
          }
          #expect(try server.received.isEmpty)
          #expect(try states(server.folder).allSatisfy { $0 == "intent" || $0 == "unsent" })
        }
      }
      try await FaultServer.with(plan(success), certificate: files("good")) { server in
        let keys = server.folder.appending("keys")
        let outcome = try await push(
          groups("a", "b"), to: "https://127.0.0.1:\(server.port)", in: server.folder, authority, environment: ["SSLKEYLOGFILE": keys.string])
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(try server.received.count == 2)
        #expect(!Files.exists(keys))
      }
      // What is too old is refused, although curl could speak it.
      for (newest, status) in [("TLSv1", 9), ("TLSv1_1", 9), ("TLSv1_2", 0)] {
        try await FaultServer.with(plan(success), certificate: files("good"), newest: newest) { server in
          let address = "https://127.0.0.1:\(server.port)"
          let able = try await shell(
            "curl -sS --cacert $1 --tlsv1.0 --ciphers ALL:@SECLEVEL=0 -d title=curl $2", [authority[1], address + path], in: server.folder)
          #expect(able.status == 0, "\(newest): \(able.errorText)")
          let outcome = try await push(groups("a"), to: address, in: server.folder, authority)
          #expect(outcome.status == status, "\(newest): \(outcome.errorText)")
          #expect(!outcome.errorText.contains("waiting"))
          #expect(try count("a", server) == (status == 0 ? 1 : 0))
        }
      }
      // A lost answer on TLS is as unknown as any, and the server that leaves does not end the program.
      try await FaultServer.with(plan(success, step(200, "", "\"cut\":0,\"length\":10"), success), certificate: files("good")) { server in
        let outcome = try await push(groups("a", "b", "c"), to: "https://127.0.0.1:\(server.port)", in: server.folder, authority)
        #expect(outcome.status == 8, "\(outcome.errorText)")
        #expect(try states(server.folder) == ["intent", "done", "intent", "unknown", "intent", "done"])
      }
    }
  }

  /// P12, for fetch: at once, and nothing is asked of a server that is not trusted.
  @Test func onlyATrustedServerIsAsked() async throws {
    try await withCertificates { certificates in
      let authority = ["--cacert", certificates.appending("ca.pem").string]
      for (name, options, status) in [
        ("self", authority, 9), ("other", authority, 9), ("old", authority, 9), ("good", [], 9), ("good", authority, 0),
      ] {
        let files = (certificates.appending(name + ".pem"), certificates.appending(name + ".key"))
        try await FaultServer.with(listing(step(200, page(1...2))), certificate: files) { server in
          let outcome = try await fetch("asset-groups", from: "https://127.0.0.1:\(server.port)", in: server.folder, options)
          #expect(outcome.status == status, "\(name): \(outcome.errorText)")
          #expect(!outcome.errorText.contains("waiting"))
          #expect(outcome.outputText == (status == 0 ? page(1...2) : ""))
          #expect(try server.received.count == (status == 0 ? 1 : 0))
        }
      }
    }
  }

  /// There is no word that turns it off; http is for this machine only, and a server has no user and no path.
  @Test(arguments: [
    ["--insecure"], ["-k"], ["--server", "http://qualysapi.example"], ["--server", "ftp://127.0.0.1"], ["--server", "https://u:p@127.0.0.1"],
    ["--server", "http://127.0.0.1.example"], ["--server", "http://127.0.0.1/x"], ["--server", "a b"], ["--server", "--proxy=x"],
    ["--server", "https://127.0.0.1", "--longest-wait", "99999999999"], ["--server", "https://127.0.0.1", "--stall-timeout", "0"],
  ])
  func noOptionIsCareless(_ options: [String]) async throws {
    try await Files.withScratch { folder in
      let outcome = try await run(
        Place.program("qtbx-push"), ["--journal", "journal"] + options, input: Array(groups("a").utf8), in: folder, environment: plain)
      #expect(outcome.status == 2, "\(outcome.errorText)")
      #expect(Files.names(in: folder).isEmpty)
    }
  }

  // MARK: Proxies

  /// P13: a server on this machine is asked directly, so that no proxy gets a password in clear.
  @Test(arguments: ["http_proxy", "https_proxy", "all_proxy", "ALL_PROXY", "HTTPS_PROXY"])
  func thisMachineIsNeverProxied(_ name: String) async throws {
    try await FaultServer.with("{\"\":[\(success)]}") { proxy in
      try await FaultServer.with(plan(success)) { server in
        let outcome = try await push(groups("a"), to: server.url, in: server.folder, environment: [name: proxy.url])
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(try proxy.received.isEmpty)
        #expect(try server.received.count == 1)
      }
    }
  }

  /// P13: https goes through a proxy by CONNECT, and the proxy sees neither the password nor the request.
  @Test(arguments: ["https_proxy", "HTTPS_PROXY", "all_proxy"]) func aProxyOnlyPassesOn(_ name: String) async throws {
    try await withCertificates { certificates in
      let files = (certificates.appending("good.pem"), certificates.appending("good.key"))
      let authority = ["--cacert", certificates.appending("ca.pem").string]
      try await FaultServer.with(plan(success), certificate: files) { server in
        try await FaultServer.with("{\"CONNECT\":[{\"tunnel\":\(server.port)}]}") { proxy in
          let outcome = try await push(groups("a", "b"), to: "api.example", in: server.folder, authority, environment: [name: proxy.url])
          #expect(outcome.status == 0, "\(outcome.errorText)")
          #expect(try server.received.count == 2)
          let seen = try proxy.received
          #expect(seen.map(\.path) == ["api.example:443"])
          expectNoSecret(seen.map { $0.fields["headers", default: ""] }.joined(), "the proxy")
          #expect(seen.allSatisfy { $0.fields["authorization"] == "" && $0.fields["requested-with"] == "" })
        }
      }
    }
  }

  /// P13: a proxy that refuses is not asked again and again, and nothing is unknown.
  @Test(arguments: [407, 403]) func aProxyThatRefusesEndsTheRun(_ status: Int) async throws {
    try await FaultServer.with("{\"\":[\(step(status, "", headers: ["Proxy-Authenticate": "Basic realm=\"x\""]))]}") { proxy in
      let list = groups("a") + "DELETE\t/x\n"
      let outcome = try await push(list, to: "api.example", in: proxy.folder, environment: ["https_proxy": proxy.url])
      #expect(outcome.status == 9)
      #expect(!outcome.errorText.contains("waiting"), "\(outcome.errorText)")
      #expect(outcome.errorText.contains("\(status)"))
      #expect(try states(proxy.folder) == ["intent", "unsent"])
      #expect(try proxy.received.count == 1)
      #expect(try proxy.received[0].fields["authorization"] == "")
    }
  }

  // MARK: In memory

  /// Wherever the password comes from, it is in memory that is locked; and a command that prints it has not failed, whatever was inherited.
  @Test(arguments: ["--password-fd 7 7<<<$q_password", "--password-command 'printenv secret'", ""])
  func thePasswordIsInLockedMemory(_ options: String) async throws {
    try await FaultServer.with(plan(step(200, created(1), "\"delay\":1"))) { server in
      let outcome = try await script(
        """
        export secret=$q_password
        careless() { exec python3 -c 'import os, signal, sys; signal.signal(signal.SIGCHLD, signal.SIG_IGN); os.execvp(sys.argv[1], sys.argv[1:])' "$@"; }
        careless $PUSH --server $URL --journal journal \(options) < list.urls > out 2> err & push=$!
        for i in $(seq 200); do [ -s log.jsonl ] && break; sleep 0.02; done
        grep VmLck /proc/$push/status; wait $push; echo status=$?; cat err
        """, groups("a"), to: server.url, in: server.folder)
      #expect(outcome.outputText.contains(/VmLck:\s+[1-9]/) && outcome.outputText.contains("status=0\n"), "\(outcome.outputText)\(outcome.errorText)")
      #expect(try server.received.first?.fields["authorization"] == "Basic \(Login.encoded)")
    }
  }

  /// User and password of a proxy's address are nowhere, also where the address cannot be read, or is taken for another one.
  @Test(arguments: [
    "http://nomen:KRU#Wort7@127.0.0.1:1", "http://nomen:KRU Wort7@127.0.0.1:1",
    "http://nomen:KRU/Wort7@127.0.0.1:1", "http://nomen:KRU?Wort7@127.0.0.1:1",
    "http://nomen:KRU@Wort7@127.0.0.1:1", "http://nomen:12/Wort7@127.0.0.1:1", "http://nomen:KRUWort7@127.0.0.1:99999",
    "odd://nomen:KRUWort7@127.0.0.1:1",
    "nomen:KRUWort7@127.0.0.1:x", "http://nomen:KRU%20Wort7@127.0.0.1:1", "http://nomen:KRU\\Wort7@127.0.0.1:1", "http://nomen:KRUWort7@[::1:1",
    "http://nomen:KRUWort7@nowhere.invalid:1", "socks5://nomen:KRU#Wort7@127.0.0.1:1", "http://nomen:\(String(repeating: "KRUWort7", count: 60))@[x",
  ])
  func noMessageShowsThePasswordOfAProxy(_ address: String) async throws {
    try await Files.withScratch { folder in
      for name in ["https_proxy", "ALL_PROXY"] {
        let pushed = try await push(groups("a"), to: "api.example", in: folder, environment: [name: address], scale: "0.0001")
        let fetched = try await fetch("asset-groups", from: "https://api.example", in: folder, environment: [name: address], scale: "0.0001")
        #expect(pushed.status == 9 && fetched.status == 9, "\(pushed.errorText)\(fetched.errorText)")
        let journal = String(decoding: try Files.read(folder.appending("journal")) ?? [], as: UTF8.self)
        for text in [pushed.outputText, pushed.errorText, fetched.errorText, journal] {
          for part in ["nomen", "KRU", "Wort7", "port 12 "] { #expect(!text.contains(part), "\(address): \(text)") }
        }
      }
    }
  }

  // MARK: Signals

  /// While an answer is awaited: the request is unknown, and the message says how to go on.
  @Test(arguments: ["INT", "TERM", "HUP"]) func anInterruptionIsHonest(_ signal: String) async throws {
    try await FaultServer.with(plan(success, step(200, created(1), "\"delay\":20"), success)) { server in
      let outcome = try await script(
        """
        set -m
        $PUSH --server $URL --journal journal --time-scale 0.01 < list.urls > out 2> err & push=$!
        for i in $(seq 200); do [ "$(wc -l < log.jsonl)" = 2 ] && break; sleep 0.02; done
        sleep 0.2; kill -\(signal) $push; wait $push; echo status=$?; cat out err
        """, groups("a", "b", "c"), to: server.url, in: server.folder)
      #expect(outcome.outputText.contains("status=8\n"), "\(outcome.outputText)")
      #expect(try states(server.folder) == ["intent", "done", "intent", "unknown"])
      #expect(outcome.outputText.contains("interrupted while the answer was awaited"))
      #expect(outcome.outputText.contains("1 done, 0 already done, 0 refused, 1 unknown"))
      #expect(outcome.outputText.contains("the same command with the journal journal goes on from here"))
      #expect(try await push(groups("a", "b", "c"), to: server.url, in: server.folder).status == 8)
      for title in ["a", "b", "c"] { #expect(try count(title, server) == 1) }
    }
  }

  /// An answer that comes soon enough is taken; with the second signal, nothing more is awaited.
  @Test(arguments: [1, 2]) func anAnswerUnderWayIsAwaitedOnce(_ signals: Int) async throws {
    try await FaultServer.with(plan(step(200, created(1), "\"delay\":2.5"), success)) { server in
      let outcome = try await script(
        """
        set -m
        $PUSH --server $URL --journal journal < list.urls > out 2> err & push=$!
        for i in $(seq 200); do [ -s log.jsonl ] && break; sleep 0.02; done
        sleep 0.2; kill -INT $push; [ \(signals) = 1 ] || { sleep 0.2; kill -INT $push; }
        wait $push; echo status=$?; cat out err
        """, groups("a", "b"), to: server.url, in: server.folder)
      #expect(outcome.outputText.contains("status=\(signals == 1 ? 9 : 8)\n"), "\(outcome.outputText)")
      #expect(try states(server.folder) == ["intent", signals == 1 ? "done" : "unknown"])
      #expect(outcome.outputText.contains("the same command with the journal journal goes on from here"))
      #expect(try server.received.count == 1)
    }
  }

  /// Who signals a whole group signals one of it twice, as make and `timeout` do, and a session that is gone is said by the system and by the shell: nobody is
  /// impatient, and the answer is awaited.
  @Test(arguments: [
    "kill -TERM $push; kill -INT $push", "kill -HUP $push; sleep 0.3; kill -HUP $push", "kill -INT $push; sleep 0.3; kill -HUP $push",
  ])
  func whoIsToldTwiceAwaitsTheAnswer(_ signals: String) async throws {
    try await FaultServer.with(plan(step(200, created(1), "\"delay\":2.5"), success)) { server in
      let outcome = try await script(
        """
        set -m
        $PUSH --server $URL --journal journal < list.urls > out 2> err & push=$!
        for i in $(seq 200); do [ -s log.jsonl ] && break; sleep 0.02; done
        sleep 0.2; \(signals); wait $push; echo status=$?; cat out err
        """, groups("a", "b"), to: server.url, in: server.folder)
      #expect(outcome.outputText.contains("status=9\n"), "\(outcome.outputText)")
      #expect(try states(server.folder) == ["intent", "done"])
    }
  }

  /// The terminal is closed, as when ssh is cut off: the system says so to the shell, the shell to its jobs, and the system once more to these. Nothing can be
  /// written there any more, and what the service has done is written down all the same.
  @Test(arguments: ["-c", "-i"]) func aSessionThatIsGoneLosesNothing(_ option: String) async throws {
    try await FaultServer.with(plan(step(200, created(1), "\"delay\":2"), success)) { server in
      let outcome = try await script(
        """
        python3 - \(option) << 'END'
        import os, pty, sys, time
        command = "$PUSH --yes --server $URL --journal journal list.urls; :"
        words = ["-c", command] if sys.argv[1] == "-c" else ["--norc", "-i"]
        child, terminal = pty.fork()
        if child == 0:
            os.execvp("bash", ["bash"] + words)
        if sys.argv[1] == "-i":
            os.write(terminal, (command + "\\n").encode())
        end = time.monotonic() + 20
        while not os.path.getsize("log.jsonl") and time.monotonic() < end:
            time.sleep(0.02)
        time.sleep(0.2)
        os.close(terminal)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0)
        END
        # It has the journal locked for as long as it is at work.
        for i in $(seq 100); do [ "$(wc -l < journal)" -ge 3 ] && flock -n journal true && break; sleep 0.1; done
        """, groups("a", "b"), to: server.url, in: server.folder)
      #expect(outcome.outputText == "True\n", "\(outcome.outputText)\(outcome.errorText)")
      #expect(try states(server.folder) == ["intent", "done"])
      #expect(try server.received.count == 1)
    }
  }

  /// `nohup`, or a script that has put it into the background: whoever has started it does not want it to end.
  @Test(arguments: ["INT", "TERM", "HUP", "QUIT"]) func whatWasIgnoredStaysSo(_ signal: String) async throws {
    try await FaultServer.with(plan(step(200, created(1), "\"delay\":1"), success)) { server in
      let outcome = try await script(
        """
        env --ignore-signal=\(signal) $PUSH --server $URL --journal journal < list.urls > out 2> err & push=$!
        for i in $(seq 200); do [ -s log.jsonl ] && break; sleep 0.02; done
        for i in 1 2; do sleep 0.2; kill -\(signal) $push; done
        wait $push; echo status=$?
        """, groups("a", "b"), to: server.url, in: server.folder)
      #expect(outcome.outputText == "status=0\n", "\(outcome.outputText)")
      #expect(try states(server.folder) == ["intent", "done", "intent", "done"])
    }
  }

  /// While it waits for the service: nothing is unknown.
  @Test(arguments: ["INT", "TERM", "HUP"]) func anInterruptedWaitLeavesNothingUnknown(_ signal: String) async throws {
    try await FaultServer.with(plan(step(409, refusal("1965"), headers: ["X-RateLimit-ToWait-Sec": "60"]), success)) { server in
      let outcome = try await script(
        """
        set -m
        $PUSH --server $URL --journal journal < list.urls > out 2> err & push=$!
        for i in $(seq 200); do grep -q waiting err && break; sleep 0.02; done
        sleep 0.2; kill -\(signal) $push; wait $push; echo status=$?; cat out err
        """, groups("a", "b"), to: server.url, in: server.folder)
      #expect(outcome.outputText.contains("status=9\n"), "\(outcome.outputText)")
      #expect(try states(server.folder) == ["intent", "unsent"])
      #expect(try await push(groups("a", "b"), to: server.url, in: server.folder).status == 0)
      #expect(try server.received.count == 3)
    }
  }
}
