import Base
import Glibc
import Sealing
import Support
import SystemPackage
import Testing

/// The sealed file, against openssl, and against whoever changes it.
@Suite struct SealedFileTests {
  // MARK: openssl

  /// What the page says for an emergency: stock openssl alone gets at the secrets.
  @Test func opensslOpensWhatIsSealed() async throws {
    let page = String(decoding: try Files.read(Place.root.appending("docs/qtbx-secrets.md")) ?? [], as: UTF8.self)
    let commands = page.split(separator: "<!-- openssl -->").dropFirst().compactMap { part in
      part.split(separator: "\n").first { $0.hasPrefix("    ") }.map { String($0.dropFirst(4)) }
    }
    try #require(commands.count == 1)
    try await Files.withScratch { folder in
      // The page has the passphrase typed; here it comes from a file.
      let outcome = try await script("ln -s sealed.qsec secrets.qsec\n\(commands[0]) -pass file:passphrase", in: folder)
      #expect(outcome.outputText == Sample.table, "\(outcome.errorText)")
    }
  }

  /// The seal, made again of what openssl has: the format is what the page says.
  @Test func opensslMakesTheSameSeal() async throws {
    try await Files.withScratch { folder in
      let outcome = try await script(
        """
        set -e
        salt=$(sed -n '1s/.*salt=//p' sealed.qsec)
        keys=$(openssl kdf -keylen 96 -binary -kdfopt digest:SHA256 -kdfopt "pass:$(cat passphrase)" -kdfopt hexsalt:$salt -kdfopt iter:600000 PBKDF2 |
          od -An -v -tx1 | tr -d ' \\n')
        head -n 2 sealed.qsec | openssl dgst -sha256 -mac HMAC -macopt hexkey:${keys:128:64} -hex | sed 's/.*= //' > mine
        sed -n 3p sealed.qsec | cmp - mine && echo same
        """, in: folder)
      #expect(outcome.outputText == "same\n", "\(outcome.errorText)")
    }
  }

  /// And the other way: what openssl seals is read, in all its forms, with a warning.
  @Test(arguments: [
    ("-iter 600000", ""), ("-iter 600000 -a", ""), ("-iter 600000 -a -A", ""), ("", "--iter 10000"),
    ("-iter 1234 -md sha256 -salt -a", "--iter 1234"),
  ])
  func readsWhatOpensslSeals(_ made: String, _ options: String) async throws {
    try await Files.withScratch { folder in
      let outcome = try await script(
        """
        openssl enc -aes-256-cbc -pbkdf2 \(made) -pass file:passphrase -in secrets.csv -out theirs
        chmod 600 theirs
        $SECRETS open --plain \(options) --passphrase-fd 3 theirs 3< passphrase
        """, in: folder)
      #expect(outcome.status == 0)
      #expect(outcome.outputText == Sample.table)
      #expect(outcome.errorText.contains("warning: theirs: nothing in a file of openssl's own shows whether it was changed"), "\(outcome.errorText)")
    }
  }

  /// A wrong passphrase that happens to end in a right padding, and a wrong number of rounds, give no table: nothing comes out.
  @Test func nothingComesOutOfAFileOfOpenssl() async throws {
    try await Files.withScratch { folder in
      let outcome = try await script(
        """
        openssl enc -aes-256-cbc -pbkdf2 -iter 1000 -pass file:passphrase -in secrets.csv -out theirs; chmod 600 theirs
        for n in $(seq 300); do
          echo wrong $n > other
          $SECRETS open --plain --iter 1000 --passphrase-fd 3 theirs 3< other 2> said && echo opened $n
          cat said
        done
        """, in: folder)
      #expect(outcome.outputText == String(repeating: "qtbx-secrets: theirs: \(Sample.unopened)\n", count: 300))
    }
  }

  /// S06: the same key as openssl makes of a file, whatever is in it.
  @Test(arguments: [
    "x", "x\n", "Zaunk\u{F6}nig\n", "Zaunko\u{308}nig\n", " x \n", "x\r\n", "x\ny\n", "\u{1F600}\n", String(repeating: "ab", count: 511) + "c\n",
  ])
  func aPassphraseIsWhatOpensslTakes(_ text: String) async throws {
    try await Files.withScratch { folder in
      try Files.write(Array(text.utf8), to: folder.appending("secret"))
      let outcome = try await script(
        """
        $SECRETS seal --passphrase-fd 3 secrets.csv 3< secret 2> said | sed -n 2p |
          openssl enc -d -aes-256-cbc -pbkdf2 -iter 600000 -md sha256 -a -A -pass file:secret
        grep warning said
        """, in: folder)
      let warning = "qtbx-secrets: warning: the passphrase ends with a carriage return, which is a part of it\n"
      #expect(outcome.outputText == Sample.table + (text.hasSuffix("\r\n") ? warning : ""), "\(outcome.errorText)")
    }
  }

  // MARK: Changes

  /// S03: one bit of every byte, a cut at every byte, and more. Nothing opens, and all of it is told alike.
  @Test func nothingThatWasChangedOpens() async throws {
    try await Files.withScratch { folder in
      let file = try await sealed(in: folder)
      let keys = try SealedFile(parsing: file).derivation.keys(of: passphrase(Sample.passphrase))
      #expect(try opened(file, with: keys) == Array(Sample.table.utf8))
      var changed: [[UInt8]] = []
      for at in file.indices {
        for bit in 0..<8 {
          var other = file
          other[at] ^= 1 << bit
          changed.append(other)
        }
        changed.append(Array(file[..<at]))
        changed.append(Array(file[..<at]) + Array(file[(at + 1)...]))
        changed.append(Array(file[..<at]) + [file[at]] + Array(file[at...]))
        // A digit or a letter that means the same to a careless reader.
        for letter in [UInt8]("A=+ \n0".utf8) where file[at] != letter { changed.append(Array(file[..<at]) + [letter] + Array(file[(at + 1)...])) }
      }
      let lines = file.split(separator: 0x0A).map { Array($0) + [0x0A] }
      let other = try await sealedAnew(in: folder).split(separator: 0x0A).map { Array($0) + [0x0A] }
      changed += [
        file + file, file + [0x0A], [0x0A] + file, lines[1], lines[0] + lines[2] + lines[1], other[0] + lines[1] + lines[2],
        lines[0] + other[1] + lines[2],
        lines[0] + lines[1] + other[2], file.map { $0 == 0x0A ? 0x0D : $0 }, lines.flatMap { $0.dropLast() + [0x0D, 0x0A] },
        Array(String(decoding: file, as: UTF8.self).uppercased().utf8), [0xEF, 0xBB, 0xBF] + file,
      ]
      #expect(changed.count > 4_000)
      for bytes in changed {
        do throws(Complaint) {
          _ = try opened(bytes, with: keys)
          // An ordinary file of openssl's own is not known to be changed; the table in it is for others to look at.
          #expect(bytes == lines[1], "\(String(decoding: bytes, as: UTF8.self)) opens")
        } catch { #expect(error == SealedFile.unopened, "\(error.line)") }
      }
    }
  }

  /// S03, with the program: its message, its status, and nothing else.
  @Test func theProgramTellsOneThingOnly() async throws {
    try await Files.withScratch { folder in
      let file = try await sealed(in: folder)
      try Files.write(Array("another\n".utf8), to: folder.appending("other"))
      let cut = Array(file.dropLast(30))
      var flipped = file
      flipped[file.count / 2] ^= 2
      for (bytes, secret) in [(file, "other"), (flipped, "passphrase"), (cut, "passphrase"), ([], "passphrase"), (file + file, "passphrase")] {
        for verb in [["open", "--plain"], ["list"], ["reseal", "--new-passphrase-command", "echo x"]] {
          let outcome = try await run(program, verb + ["--passphrase-command", "cat \(secret)"], input: bytes, in: folder)
          #expect(outcome.status == 6)
          #expect(outcome.output.isEmpty)
          #expect(outcome.errorText == "qtbx-secrets: -: \(Sample.unopened)\n")
        }
      }
    }
  }

  /// S04: refused before anything is computed, and before anybody is asked.
  @Test(arguments: ["0", "1", "1000000000", "-600000", "+600000", "0600000", "600000.0", "6e5", "209999", "10000001", "18446744073709551616", ""])
  func roundsAreLookedAtFirst(_ rounds: String) async throws {
    try await Files.withScratch { folder in
      let file = String(decoding: try await sealed(in: folder), as: UTF8.self).replacing("iter=600000", with: "iter=\(rounds)")
      #expect(throws: SealedFile.unopened) { try SealedFile(parsing: Array(file.utf8)) }
      let outcome = try await run(program, ["list", "--passphrase-command", "touch asked; echo x"], input: Array(file.utf8), in: folder)
      #expect(outcome.status == 6)
      #expect(!Files.exists(folder.appending("asked")))
    }
  }

  /// No two files are alike, though all else is.
  @Test func theSaltIsNew() async throws {
    try await Files.withScratch { folder in
      let (one, two) = (try await sealedAnew(in: folder), try await sealedAnew(in: folder))
      #expect(one.prefix(80) != two.prefix(80))
      let bodies = [one, two].map { $0.split(separator: 0x0A)[1].dropFirst(22) }
      #expect(bodies[0].prefix(20) != bodies[1].prefix(20))
    }
  }

  /// Another passphrase, the same table; the file may be written where it was read.
  @Test func resealsInPlace() async throws {
    try await Files.withScratch { folder in
      let outcome = try await script(
        """
        set -e
        printf '%s\\nnew\\n' "$(cat passphrase)" > both
        $SECRETS reseal -q --passphrase-fd 3 --new-passphrase-fd 3 -o sealed.qsec sealed.qsec 3< both
        $SECRETS open --plain --passphrase-command 'echo new' sealed.qsec
        $SECRETS list --passphrase-command 'cat passphrase' sealed.qsec || echo "status=$?"
        stat -c %a sealed.qsec; ls
        """, in: folder)
      #expect(outcome.outputText == Sample.table + "status=6\n600\nboth\npassphrase\nsealed.qsec\nsecrets.csv\n", "\(outcome.errorText)")
    }
  }
}
