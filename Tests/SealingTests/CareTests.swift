import Glibc
import Sealing
import Support
import SystemPackage
import Testing

/// Who else could get at a secret while the program runs, and by what it leaves.
@Suite struct CareTests {
  private func expectNoSecret(_ text: String, _ place: String) {
    for secret in Sample.secrets + [Sample.passphrase] { #expect(!text.contains(secret.prefix { $0 != "\n" }), "\(place) shows \(secret)") }
  }

  /// S01: while the program has the table open and waits for its reader.
  @Test func nobodySeesASecretMeanwhile() async throws {
    try await Files.withScratch { folder in
      let outcome = try await script(
        """
        mkdir tmp; export TMPDIR=$PWD/tmp; mkfifo new
        $SECRETS reseal --passphrase-fd 3 --new-passphrase-command 'cat new' -o resealed sealed.qsec 3< passphrase > out 2> err & run=$!
        for i in $(seq 200); do grep -q 'VmLck:.* 0 kB' /proc/$run/status || break; sleep 0.02; done
        sleep 0.5
        tr '\\0' ' ' < /proc/$run/cmdline; tr '\\0' '\\n' < /proc/$run/environ; ls -l /proc/$run/fd; ls -A tmp
        grep VmLck /proc/$run/status; stat -c %U /proc/$run/environ
        echo another > new; wait $run; echo "status=$?"; cat out err
        """, in: folder)
      let text = outcome.outputText + outcome.errorText
      #expect(text.contains("status=0\n") && text.contains("qtbx-secrets"), "\(text)")
      #expect(text.contains(/VmLck:\s+[1-9]/), "\(text)")
      expectNoSecret(text, "the system")
      #expect(Files.names(in: folder.appending("tmp")).isEmpty)
    }
  }

  /// A command that tells the passphrase gets neither the table nor an open file.
  @Test func noChildGetsASecret() async throws {
    try await Files.withScratch { folder in
      let outcome = try await script(
        "$SECRETS seal --passphrase-command 'env > child; ls -l /proc/self/fd >> child; ulimit -c >> child; echo x' secrets.csv > /dev/null",
        in: folder)
      #expect(outcome.status == 0, "\(outcome.errorText)")
      let child = String(decoding: try Files.read(folder.appending("child")) ?? [], as: UTF8.self)
      #expect(!child.contains("secrets.csv") && child.hasSuffix("\n0\n"), "\(child)")
      expectNoSecret(child, "the child")
    }
  }

  /// S02.
  @Test(arguments: ["SEGV", "ABRT", "ILL", "TRAP"]) func aCrashLeavesNoCoreAndShowsNoMemory(_ signal: String) async throws {
    try await Files.withScratch { folder in
      let outcome = try await script(
        """
        ulimit -c unlimited; export SWIFT_BACKTRACE=enable=yes; mkfifo new
        $SECRETS reseal --passphrase-fd 3 --new-passphrase-fd 4 sealed.qsec 3< passphrase 4<> new > out 2> err & run=$!
        for i in $(seq 200); do grep -q 'VmLck:.* 0 kB' /proc/$run/status || break; sleep 0.02; done
        sleep 0.5; kill -\(signal) $run; wait $run 2> /dev/null; echo "status=$?"
        # One file has no helper beside it that would write a backtrace.
        cat err out | grep -v '^swift runtime: unable to locate swift-backtrace; disabling backtracing.$' || true
        """, in: folder)
      #expect(outcome.outputText == "status=\(["SEGV": 139, "ABRT": 134, "ILL": 132, "TRAP": 133][signal, default: 0])\n", "\(outcome.outputText)")
      #expect(Files.names(in: folder).allSatisfy { !$0.contains("core") })
    }
  }

  // MARK: Files

  /// S05: what is written, others cannot read, and a file is whole or is not there.
  @Test func whatIsWrittenIsYours() async throws {
    try await Files.withScratch { folder in
      try Files.write(
        Array("/api/2.0/fo/auth/unix/?action=create&password={secret:unix/Root%20%231/password}\n".utf8), to: folder.appending("list.urls"))
      let outcome = try await script(
        """
        umask 0; key='--passphrase-command cat\\ passphrase'
        $SECRETS template -q list.urls > one; $SECRETS template -q -o two list.urls
        $SECRETS seal -q --passphrase-fd 3 secrets.csv 3< passphrase > three; $SECRETS seal -q --passphrase-fd 3 -o four secrets.csv 3< passphrase
        $SECRETS open --plain --passphrase-fd 3 sealed.qsec 3< passphrase > five; $SECRETS open --plain --passphrase-fd 3 -o six sealed.qsec 3< passphrase
        stat -c '%n %a' one two three four five six
        : > real; chmod 644 real; ln -s real link; $SECRETS template -q -o link list.urls; test -L link && stat -c '%n %a' real
        # A file that was there, and that one adds to, stays whose it is.
        echo before > old; chmod 644 old; $SECRETS template -q list.urls >> old; stat -c '%n %a' old
        ls | grep -v -x -e one -e two -e three -e four -e five -e six -e old -e real -e link
        """, in: folder)
      #expect(
        outcome.outputText == """
          one 600
          two 600
          three 600
          four 600
          five 600
          six 600
          real 600
          old 644
          list.urls
          passphrase
          sealed.qsec
          secrets.csv

          """, "\(outcome.errorText)")
    }
  }

  /// A full disk, a limit, a reader that has gone: a failure, and the file that was there is there still.
  @Test func whatCannotBeWrittenIsAFailure() async throws {
    try await Files.withScratch { folder in
      let outcome = try await script(
        """
        cp sealed.qsec before
        key() { cat passphrase; echo new; }
        $SECRETS reseal --passphrase-fd 3 --new-passphrase-fd 3 sealed.qsec 3< <(key) > /dev/full 2> err; echo "status=$?"
        mkdir closed; cp sealed.qsec closed
        ( ulimit -f 0; $SECRETS reseal --passphrase-fd 3 --new-passphrase-fd 3 -o sealed.qsec sealed.qsec 3< <(key) 2> /dev/null; echo "status=$?" )
        $SECRETS open --plain --passphrase-fd 3 sealed.qsec 3< passphrase >&- 2> /dev/null; echo "status=$?"
        $SECRETS seal --passphrase-fd 3 -o missing/x secrets.csv 3< passphrase 2> /dev/null; echo "status=$?"
        cmp before sealed.qsec && ls
        """, in: folder)
      #expect(
        outcome.outputText == "status=3\nstatus=3\nstatus=3\nstatus=3\nbefore\nclosed\nerr\npassphrase\nsealed.qsec\nsecrets.csv\n",
        "\(outcome.outputText)")
    }
  }

  /// S05: what others could have read or written is warned of.
  @Test(arguments: [
    ("chmod 640 sealed.qsec", "others can get at it: chmod go= sealed.qsec"), ("chmod 604 sealed.qsec", "others can get at it"),
    ("chmod 620 sealed.qsec", "others can get at it"), ("mv sealed.qsec real; ln -s real sealed.qsec", "it is a symbolic link"),
    ("chown 12345 sealed.qsec", "it belongs to another user"), (":", ""),
  ])
  func whatOthersCanReachIsWarnedOf(_ change: String, _ warning: String) async throws {
    if change.contains("chown"), geteuid() != 0 { return }
    try await Files.withScratch { folder in
      let outcome = try await script("\(change); $SECRETS list -q --passphrase-fd 3 sealed.qsec 3< passphrase > /dev/null", in: folder)
      #expect(outcome.status == 0)
      #expect(warning.isEmpty ? outcome.errorText.isEmpty : outcome.errorText.contains("warning: sealed.qsec: \(warning)"), "\(outcome.errorText)")
    }
  }

  /// Memory that cannot be locked is warned of, and used.
  @Test func memoryThatIsNotLockedIsWarnedOf() async throws {
    try await Files.withScratch { folder in
      // Root needs no leave to lock.
      let outcome = try await script(
        """
        run() { if [ $(id -u) = 0 ]; then setpriv --bounding-set=-ipc_lock --inh-caps=-ipc_lock "$@"; else "$@"; fi; }
        ulimit -l 0; run $SECRETS list --passphrase-fd 3 sealed.qsec 3< passphrase
        """, in: folder)
      #expect(outcome.status == 0, "\(outcome.errorText)")
      #expect(outcome.errorText.hasPrefix("qtbx-secrets: warning: the memory for secrets cannot be locked"), "\(outcome.errorText)")
      #expect(outcome.errorText.split(separator: "\n").count == 2, "\(outcome.errorText)")
    }
  }

  // MARK: The terminal

  /// Runs the program in a terminal of its own; `steps` is JSON, as `terminal.py` says.
  private func terminal(_ steps: String, _ arguments: [String], in folder: FilePath) async throws -> String {
    let script = Place.root.appending("Tests/TransferTests/terminal.py")
    return try await run("/usr/bin/env", ["python3", script.string, steps, program.string] + arguments, in: folder).outputText
  }

  /// S06, S07: the passphrase is typed twice, unseen, though standard input is data.
  @Test func aPassphraseIsTypedUnseen() async throws {
    try await Files.withScratch { folder in
      try Files.write(Array(Sample.table.utf8), to: folder.appending("secrets.csv"))
      let typed = "{\"type\":\"\(Sample.passphrase)\\n\"}"
      let text = try await terminal(
        "[[\"New passphrase of the sealed file: \",\(typed)],[\"Once more: \",\(typed)]]", ["seal", "-q", "-o", "new.qsec", "secrets.csv"], in: folder
      )
      #expect(text.hasSuffix("status=0\necho=on\n") && !text.contains(Sample.passphrase), "\(text)")
      let shown = try await terminal("[[\"Passphrase of new.qsec: \",\(typed)]]", ["open", "new.qsec"], in: folder)
      #expect(shown.contains("p&ss \"\"w\"\" <ö> %41+") && shown.hasSuffix("status=0\necho=on\n"), "\(shown)")
      let differing = try await terminal(
        "[[\"New passphrase of the sealed file: \",\(typed)],[\"Once more: \",{\"type\":\"x\\n\"}]]", ["seal", "-o", "other.qsec", "secrets.csv"],
        in: folder)
      #expect(differing.contains("the passphrases are not the same: nothing was sealed") && differing.contains("status=1\necho=on"), "\(differing)")
      #expect(!Files.exists(folder.appending("other.qsec")))
    }
  }

  /// S06: an interruption gives the echo back.
  @Test(arguments: ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "^C"]) func aSignalAtThePromptLeavesTheEcho(_ signal: String) async throws {
    try await Files.withScratch { folder in
      try Files.write(try await sealed(in: folder), to: folder.appending("sealed.qsec"))
      let action = signal == "^C" ? "{\"type\":\"secr\\u0003\"}" : "{\"signal\":\"\(signal)\"}"
      let text = try await terminal("[[\"Passphrase of sealed.qsec: \",\(action)]]", ["list", "sealed.qsec"], in: folder)
      #expect(text.hasSuffix("status=-\(["SIGTERM": 15, "SIGHUP": 1, "SIGQUIT": 3][signal] ?? 2)\necho=on\n"), "\(text)")
      #expect(!text.contains("secr\n"))
    }
  }

  /// S07: where there is no terminal, standard input is not taken for it.
  @Test func withoutATerminalNobodyIsAsked() async throws {
    try await Files.withScratch { folder in
      let outcome = try await script(
        "setsid -w $SECRETS seal < secrets.csv; echo status=$?; setsid -w $SECRETS list < sealed.qsec; echo status=$?", in: folder)
      #expect(outcome.outputText == "status=2\nstatus=2\n", "\(outcome.outputText)")
      #expect(outcome.errorText.contains("there is no terminal to ask at; give --passphrase-command or --passphrase-fd"))
    }
  }

  /// What a value has of control characters does not reach a terminal.
  @Test func noValueSteersATerminal() async throws {
    try await Files.withScratch { folder in
      let table = "kind,title,field,username,value\nunix,a,b,,\u{1B}[2J\u{85}x\u{7F}\n"
      try Files.write(try await sealedAnew(table, in: folder), to: folder.appending("sealed.qsec"))
      let text = try await terminal("[]", ["open", "--passphrase-command", "cat passphrase", "sealed.qsec"], in: folder)
      #expect(text.contains("unix,a,b,,\\u{1b}[2J\\u{85}x\\u{7f}"), "\(text)")
      let plain = try await run(program, ["open", "--plain", "--passphrase-command", "cat passphrase", "sealed.qsec"], in: folder)
      #expect(plain.outputText == table)
    }
  }
}
