import Support
import SystemPackage
import Testing

/// What survives a crash, a full disk, a damaged journal and a second push.
@Suite struct JournalTests {
  /// P14: killed at every call that writes, syncs, sends or waits for the answer; the next run is killed at the same point, too.
  @Test(arguments: ["write", "fdatasync", "fsync", "linkat", "pread64", "sendto", "poll", "recvfrom"])
  func killedAnywhereNothingIsSentTwice(_ call: String) async throws {
    try await FaultServer.with(plan(success)) { server in
      var killed = 0
      for point in 1...120 {
        let folder = server.folder.appending("k\(point)")
        Files.makeFolder(folder)
        let titles = (1...4).map { "\(call)-\(point)-\($0)" }
        let list = titles.enumerated().map { group($1, $0 + 1) }.joined()
        var isOver = false
        for round in 1...2 where !isOver {
          let run = try await script(
            "exec strace -f -qq -o /dev/null -e trace=\(call) -e inject=\(call):signal=KILL:when=\(point) "
              + "$PUSH --server $URL --journal journal --time-scale 0.01 < list.urls", list, to: server.url, in: folder,
            environment: ["TMPDIR": folder.string])
          isOver = [0, 8].contains(run.status)
          #expect(isOver || run.status == -9 || run.status == 137, "\(point): \(run.status) \(run.errorText)")
          if !isOver { killed += round == 1 ? 1 : 0 } else if round == 1 { #expect(run.status == 0, "\(point): \(run.errorText)") }
          if isOver, round == 1 {
            #expect(killed >= 1, "\(call) was never killed")
            return
          }
        }
        // Run again, without harm, until it says what became of all.
        let last = try await push(list, to: server.url, in: folder)
        let unknown = last.outputText.split(separator: "\n").filter { $0.hasPrefix("unknown\t") }.map { $0.split(separator: "\t")[2] }
        #expect(last.status == (unknown.isEmpty ? 0 : 8), "\(point): \(last.errorText)")
        // One for each time that it was killed.
        #expect(unknown.count <= 2)
        for title in titles {
          let times = try count(title, server)
          if unknown.contains(title[...]) { #expect(times <= 1) } else { #expect(times == 1, "\(call) \(point): \(title) came \(times) times") }
        }
        // And one more run sends nothing.
        let before = try server.received.count
        _ = try await push(list, to: server.url, in: folder)
        #expect(try server.received.count == before)
      }
      Issue.record("\(call) was killed \(killed) times, and there was no end")
    }
  }

  /// P15: a journal that is no longer where it was keeps nothing from being sent a second time. So nothing more is sent, and it is said.
  @Test(arguments: ["rm journal", "mv journal old", "cp journal copy; mv copy journal"], [1, 3])
  func aJournalThatIsTakenAwayEndsTheRun(_ deed: String, _ requests: Int) async throws {
    try await FaultServer.with(plan(step(200, created(1), "\"delay\":1"))) { server in
      let list = (1...requests).map { group("g\($0)", $0) }.joined()
      let outcome = try await script(
        "$PUSH --server $URL --journal journal < list.urls & until [ -s log.jsonl ]; do sleep 0.02; done; \(deed); wait $!", list,
        to: server.url, in: server.folder)
      #expect(outcome.status == 3)
      #expect(outcome.errorText.contains("journal: the journal was moved, removed or replaced while it was in use"), "\(outcome.errorText)")
      #expect(outcome.outputText.hasPrefix("done\t1\t1\tg1\t"))
      #expect(try server.received.count == 1)
    }
  }

  /// P15: the disk fails before the first, the second and the third intent is safe.
  @Test(arguments: ["fdatasync:error=EIO", "fdatasync:error=ENOSPC"], 1...3)
  func withoutAJournalNothingIsSent(_ fault: String, _ point: Int) async throws {
    try await FaultServer.with(plan(success)) { server in
      let call = fault.split(separator: ":")[0]
      let outcome = try await script(
        "strace -f -qq -o /dev/null -e trace=\(call) -e inject=\(fault):when=\(point) $PUSH --server $URL --journal journal < list.urls",
        groups("a", "b", "c"), to: server.url, in: server.folder)
      #expect(outcome.status == 3, "\(outcome.errorText)")
      #expect(outcome.errorText.contains("journal: cannot write"))
      #expect(try server.received.count == point - 1)
      #expect(try await push(groups("a", "b", "c"), to: server.url, in: server.folder).status == 0)
      for title in ["a", "b", "c"] { #expect(try count(title, server) == 1) }
    }
  }

  /// P15: the disk is full when the intent (1, 3) or the outcome (2, 4) is to be written.
  @Test(arguments: 1...4) func aJournalThatCannotBeWrittenEndsTheRun(_ point: Int) async throws {
    try await FaultServer.with(plan(success)) { server in
      let list = groups("a", "b", "c")
      // Begun before, so that it has its name from the first call on.
      #expect(try await push("# nothing\n", to: server.url, in: server.folder).status == 0)
      let outcome = try await script(
        "strace -f -qq -o /dev/null -P $PWD/journal -e trace=write -e inject=write:error=ENOSPC:when=\(point) "
          + "$PUSH --server $URL --journal $PWD/journal < list.urls", list, to: server.url, in: server.folder)
      #expect(outcome.status == 3, "\(outcome.errorText)")
      #expect(outcome.errorText.contains("journal: cannot write: No space left on device"), "\(outcome.errorText)")
      #expect(try server.received.count == point / 2)
      // An outcome that is lost leaves its request unknown.
      #expect(try await push(list, to: server.url, in: server.folder).status == (point % 2 == 1 ? 0 : 8))
      for title in ["a", "b", "c"] { #expect(try count(title, server) == 1) }
    }
  }

  /// P15: wherever the limit of the file's size falls.
  @Test func aFullDiskEndsTheRunAndTheNextOneGoesOn() async throws {
    try await FaultServer.with(plan(success)) { server in
      // Enough for several KiB of journal, and bash counts in KiB. The list, too, must fit where it waits.
      let list = (1...40).map { group("t\($0)" + String(repeating: "x", count: 40), $0) }.joined()
      var statuses: [Int] = []
      for limit in [0, 5, 6, 7, 8] {
        let outcome = try await script(
          "ulimit -f \(limit); exec $PUSH --server $URL --journal journal < list.urls",
          list, to: server.url, in: server.folder)
        statuses.append(outcome.status)
      }
      #expect(statuses.allSatisfy { [0, 3, 4].contains($0) }, "\(statuses)")
      #expect(statuses.contains(3), "\(statuses)")
      let last = try await push(list, to: server.url, in: server.folder)
      let unknown = last.outputText.split(separator: "\n").filter { $0.hasPrefix("unknown\t") }.count
      let received = try server.received
      #expect(Set(received.map(\.body)).count == received.count)
      #expect(received.count >= 40 - unknown)
    }
  }

  /// Neither results nor map may take the journal's place.
  @Test(arguments: ["--map-out journal < list.urls", "--map-out link < list.urls", "< list.urls >> journal"])
  func theJournalIsNotWrittenOver(_ rest: String) async throws {
    try await FaultServer.with(plan(success)) { server in
      #expect(try await push(groups("a"), to: server.url, in: server.folder).status == 0)
      let before = try Files.read(server.folder.appending("journal"))
      let outcome = try await script(
        "ln -s journal link; $PUSH --server $URL --journal journal \(rest)", groups("a", "b"), to: server.url, in: server.folder)
      #expect(outcome.status == 2, "\(outcome.errorText)")
      #expect(try Files.read(server.folder.appending("journal")) == before)
      #expect(try server.received.count == 1)
    }
  }

  /// P15.
  @Test func aFolderThatCannotBeWrittenToIsAComplaint() async throws {
    try await FaultServer.with(plan(success)) { server in
      for journal in ["/proc/journal", "/nowhere/journal", "/dev/null", "/tmp"] {
        let outcome = try await run(
          Place.program("qtbx-push"), ["--server", server.url, "--journal", journal], input: Array(groups("a").utf8), environment: plain)
        #expect([1, 3].contains(outcome.status))
        #expect(outcome.errorText.hasPrefix("qtbx-push: \(journal): "), "\(outcome.errorText)")
      }
      #expect(try server.received.isEmpty)
    }
  }

  /// A journal after two requests of which the second is unknown, a server that has both, and what follows.
  private func withJournal(_ body: (FaultServer, [UInt8], String) async throws -> Void) async throws {
    let lost = step(200, "", "\"reset\":-1")
    try await FaultServer.with(plan(success, lost, success)) { server in
      let list = groups("M%C3%BCller%20%26%20Co", "b")
      #expect(try await push(list, to: server.url, in: server.folder).status == 8)
      #expect(try server.received.count == 2)
      try await body(server, try Files.read(server.folder.appending("journal")) ?? [], list)
    }
  }

  /// P16: one bit, anywhere. Whatever push makes of it, nothing is sent.
  @Test func aFlippedBitIsRefusedOrDoesNotMatter() async throws {
    try await withJournal { server, bytes, list in
      for place in stride(from: 0, to: bytes.count, by: 7).map({ $0 }) + Array((bytes.count - 8)..<bytes.count) {
        var damaged = bytes
        damaged[place] ^= 1 << UInt8(place % 8)
        try Files.write(damaged, to: server.folder.appending("journal"))
        let outcome = try await push(list, to: server.url, in: server.folder)
        #expect(outcome.status == 1, "bit of byte \(place): \(outcome.errorText)")
        #expect(outcome.errorText.hasPrefix("qtbx-push: journal:"), "\(outcome.errorText)")
        #expect(try Files.read(server.folder.appending("journal")) == damaged)
      }
      #expect(try server.received.count == 2)
    }
  }

  /// P16: every bit of the last line feed, which a careless reader takes for the trace of a crash.
  @Test(arguments: 0..<8) func aFlippedLineFeedIsNoTornLine(_ bit: UInt8) async throws {
    try await withJournal { server, bytes, list in
      // As after a crash between the answer and the outcome: the last line is the intent of a request that was sent.
      let end = bytes.dropLast().lastIndex(of: 0x0A) ?? 0
      var damaged = Array(bytes[...end])
      damaged[end] ^= 1 << bit
      try Files.write(damaged, to: server.folder.appending("journal"))
      let outcome = try await push(list, to: server.url, in: server.folder)
      #expect(outcome.status == 1, "\(outcome.errorText)")
      #expect(try server.received.count == 2)
    }
  }

  /// P16: torn at each byte of the last line, the outcome of a request that was sent.
  @Test func aTornOutcomeLeavesItsRequestUnknown() async throws {
    try await withJournal { server, bytes, list in
      let start = (bytes.dropLast().lastIndex(of: 0x0A) ?? 0) + 1
      for length in start..<bytes.count {
        try Files.write(Array(bytes[..<length]), to: server.folder.appending("journal"))
        let outcome = try await push(list, to: server.url, in: server.folder)
        #expect(outcome.status == 8, "\(outcome.errorText)")
        #expect(outcome.errorText.contains("0 done, 1 already done, 0 refused, 1 unknown"), "\(length): \(outcome.errorText)")
        // It is mended: whole lines only.
        #expect(try Files.read(server.folder.appending("journal"))?.last == 0x0A)
      }
      #expect(try server.received.count == 2)
    }
  }

  /// P16: torn at each byte of the intent, which is on disk before its request is sent: so that one was not.
  @Test func aTornIntentIsOfARequestThatWasNotSent() async throws {
    try await FaultServer.with(plan(success)) { server in
      let journal = server.folder.appending("journal")
      #expect(try await push(groups("a"), to: server.url, in: server.folder).status == 0)
      let begun = try Files.read(journal) ?? []
      #expect(try await push(groups("a", "b"), to: server.url, in: server.folder).status == 0)
      let bytes = try Files.read(journal) ?? []
      let end = bytes[begun.count...].firstIndex(of: 0x0A) ?? 0
      var sent = 1
      for length in stride(from: begun.count + 1, to: end, by: 9) {
        try Files.write(Array(bytes[..<length]), to: journal)
        #expect(try await push(groups("a", "b"), to: server.url, in: server.folder).status == 0)
        sent += 1
        #expect(try count("b", server) == sent)
        #expect(try count("a", server) == 1)
      }
      // Whole but for its line feed: it may have been sent.
      try Files.write(Array(bytes[..<end]), to: journal)
      #expect(try await push(groups("a", "b"), to: server.url, in: server.folder).status == 8)
      #expect(try count("b", server) == sent)
    }
  }

  /// P16: what is no journal is not touched.
  @Test(arguments: ["", "hello", "<xml>\n</xml>\n", "qtbx-journal\t1", "qtbx-journal\t1\thttps://q\t00\n", "\n"])
  func anotherFileIsRefusedAndKept(_ text: String) async throws {
    try await FaultServer.with(plan(success)) { server in
      let journal = server.folder.appending("journal")
      try Files.write(Array(text.utf8), to: journal)
      let outcome = try await push(groups("a"), to: server.url, in: server.folder)
      #expect(outcome.status == 1)
      #expect(outcome.errorText.contains(text.isEmpty ? "journal: the journal is empty" : "journal"), "\(outcome.errorText)")
      #expect(try Files.read(journal) == Array(text.utf8))
      #expect(try server.received.isEmpty)
    }
  }

  /// P16: a journal of another list only gets longer; one of another server is refused.
  @Test func aJournalIsOfOneServer() async throws {
    try await FaultServer.with(plan(success)) { server in
      #expect(try await push(groups("a", "b"), to: server.url, in: server.folder).status == 0)
      #expect(try await push(groups("c", "a"), to: server.url, in: server.folder).status == 0)
      for title in ["b", "c"] { #expect(try count(title, server) == 1) }
      let other = try await push(groups("d"), to: "http://localhost:\(server.port)", in: server.folder)
      #expect(other.status == 1)
      #expect(other.errorText.contains("this journal is of \(server.url), and the requests are for http://localhost:\(server.port)"))
      #expect(try count("d", server) == 0)
    }
  }

  /// Names that a reader by characters would join with the tab before them.
  @Test(arguments: ["%CC%81accent", "%E2%80%8Djoiner", "%5Ctab%5Ct", "%22%27%60", "a%0Ab%09c", "%F0%9F%92%A3", "%E2%80%AEright"])
  func aJournalHoldsEveryName(_ title: String) async throws {
    try await FaultServer.with(plan(success, step(200, refusal("1905", "\u{301}no\\t")), success)) { server in
      #expect(try await push(group(title, 1) + group("b" + title, 2), to: server.url, in: server.folder).status == 4)
      let again = try await push(group(title, 1) + group("b" + title, 2), to: server.url, in: server.folder)
      #expect(again.status == 0, "\(again.errorText)")
      #expect(try server.received.count == 3)
    }
  }

  /// P17.
  @Test func aSecondPushOnTheSameJournalIsRefused() async throws {
    try await FaultServer.with(plan(step(200, created(1), "\"delay\":2"))) { server in
      let outcome = try await script(
        """
        $PUSH --server $URL --journal journal < list.urls 2> first & first=$!
        for i in $(seq 200); do [ -s log.jsonl ] && break; sleep 0.02; done
        $PUSH --server $URL --journal journal < list.urls; echo second=$?
        wait $first; echo first=$?
        """, groups("a"), to: server.url, in: server.folder)
      #expect(outcome.outputText == "second=3\ndone\t1\t4000001\ta\t\nfirst=0\n")
      #expect(outcome.errorText == "qtbx-push: journal: locked: another push is using this journal\n")
      #expect(try server.received.count == 1)
    }
  }

  /// P17: also if both begin the journal.
  @Test func twoPushesThatBeginOneJournalSendEachRequestOnce() async throws {
    try await FaultServer.with(plan(success)) { server in
      for round in 1...8 {
        let folder = server.folder.appending("r\(round)")
        Files.makeFolder(folder)
        let list = (1...3).map { group("r\(round)-\($0)", $0) }.joined()
        let outcome = try await script(
          "for n in 1 2 3 4; do $PUSH --server $URL --journal journal < list.urls & done; wait", list, to: server.url, in: folder)
        for number in 1...3 { #expect(try count("r\(round)-\(number)", server) == 1, "\(outcome.errorText)") }
        #expect(Files.names(in: folder) == ["journal", "list.urls"])
      }
    }
  }

  /// P21.
  @Test func theSameListSortedOtherwiseSendsNothing() async throws {
    try await FaultServer.with(plan(success)) { server in
      let lines = (1...5).map { group("g\($0)", $0) }
      #expect(try await push(lines.joined(), to: server.url, in: server.folder).status == 0)
      let before = try Files.read(server.folder.appending("journal"))
      for list in [lines.reversed().joined(), "# a comment\n\n" + lines.shuffled().joined(separator: "\n"), lines[2]] {
        let outcome = try await push(list, to: server.url, in: server.folder)
        #expect(outcome.status == 0)
        #expect(outcome.errorText.contains("0 done"))
      }
      #expect(try server.received.count == 5)
      #expect(try Files.read(server.folder.appending("journal")) == before)
    }
  }

  /// P21: a list that would create something twice, or that lacks its secrets, is refused before anything is sent, and makes no journal.
  @Test(arguments: [
    (group("a", 1) + group("b", 2) + group("a", 1), "line 3: it says the same as line 1"),
    (group("a", 1) + "/api/2.0/fo/auth/unix/?action=create&password={secret:unix/root/password}\n", "needs a secret"),
    (group("a", 1) + "POST\t/qps/rest/2.0/create/am/tag\t<R><?qtbx-secret unix/root/password?></R>\n", "needs a secret"),
    (group("a", 1) + "POST\t/qps/rest/2.0/create/am/tag\t@body.xml\n", "needs a secret"),
    (group("a", 1) + "POST\t/qps/rest/2.0/create/am/tag\t@missing.xml\n", "missing.xml: cannot open"),
    (group("a", 1) + "no request\n", "2: the line is not a URL"), (group("a", 1) + "/cut?off=1", "the list was cut off"),
  ])
  func aListThatIsNotRightIsRefusedAsAWhole(_ list: String, _ reason: String) async throws {
    try await FaultServer.with(plan(success)) { server in
      // The mark stands across two of the pieces that the file is read in.
      try Files.write(
        Array("<R>".utf8) + Array(repeating: 0x61, count: 65_526) + Array("<?qtbx-secret a/b/c?></R>".utf8), to: server.folder.appending("body.xml"))
      let outcome = try await push(list, to: server.url, in: server.folder)
      #expect(outcome.status == (reason.contains("missing") ? 3 : 1), "\(outcome.errorText)")
      #expect(outcome.errorText.contains(reason), "\(outcome.errorText)")
      #expect(try server.received.isEmpty)
      #expect(!Files.exists(server.folder.appending("journal")))
    }
  }

  /// P20: nothing is sent, and what the commands send is what push sends.
  @Test func dryRunPrintsTheCommandsThatSendTheSame() async throws {
    try await FaultServer.with("{\"\":[\(success)]}") { server in
      let folder = server.folder
      try Files.write(Array("<R>\n  file 'x' \u{e9}\n</R>\n".utf8), to: folder.appending("it's a body.xml"))
      let list = [
        group("Web%20%26%20DB%27s%20%27%27%CC%81%20%25%2B%23%24%60", 1), "/api/2.0/fo/empty/\n",
        "GET\t/api/2.0/fo/x/?action=list&ids=1-2%2C3\n",
        "POST\t/qps/rest/2.0/create/am/tag?a=%5B1-3%5D\t<R a=\"it's\"><b>'\u{301}$HOME `x` \\ @ &amp; é</b></R>\n", "DELETE\t/x/1?really=1\n",
        "PUT\t/qps/rest/2.0/update/am/tag/7\t<R/>\n", "POST\t/x\t@it's a body.xml\n", "/x/[1-3]/$HOME/?a=%0Ab%0D\n",
      ].joined()
      let dry = try await push(list, to: server.url, in: folder, ["--dry-run"])
      #expect(dry.status == 0, "\(dry.errorText)")
      #expect(try server.received.isEmpty)
      #expect(!Files.exists(folder.appending("journal")))
      #expect(!dry.outputText.contains(Login.password))
      try Files.write(dry.output, to: folder.appending("commands.sh"))
      try Files.write(Array("machine 127.0.0.1 login \(Login.user) password \(Login.password)\n".utf8), to: folder.appending(".netrc"))
      defer { Files.remove(folder.appending(".netrc")) }
      let curl = try await script("HOME=$PWD; bash -e commands.sh > /dev/null", "", to: server.url, in: folder)
      #expect(curl.status == 0, "\(curl.errorText)")
      let byCurl = try server.received
      #expect(byCurl.count == 8)
      let sent = try await push(list, to: server.url, in: folder)
      #expect(sent.status == 0, "\(sent.errorText)")
      let byPush = try server.received.dropFirst(byCurl.count)
      #expect(byPush.map(\.essence) == byCurl.map(\.essence))
      #expect(byPush.first?.fields["authorization"] == "Basic " + Login.encoded)
    }
  }

  /// After several runs the map has everything that was ever created, once, in the order of its first intent.
  @Test func theMapIsRightAfterSeveralRuns() async throws {
    let steps = [
      step(200, created(901)), step(200, "", "\"reset\":-1"), step(200, refusal("1905")), step(200, created(904)), step(200, created(903)),
    ]
    try await FaultServer.with("{\"POST \(path)\":[\(steps.joined(separator: ","))]}") { server in
      let list = groups("a", "b", "%22c%22%2C%20C", "d")
      let map = server.folder.appending("map.csv")
      #expect(try await push(list, to: server.url, in: server.folder, ["--map-out", "map.csv"]).status == 8)
      #expect(String(decoding: try Files.read(map) ?? [], as: UTF8.self) == "source_id,target_id,name\n4000001,901,a\n4000004,904,d\n")
      let again = try await push(list, to: server.url, in: server.folder, ["--map-out", "map.csv"])
      #expect(again.status == 8)
      let text = "source_id,target_id,name\n4000001,901,a\n4000003,903,\"\"\"c\"\", C\"\n4000004,904,d\n"
      #expect(String(decoding: try Files.read(map) ?? [], as: UTF8.self) == text)
      #expect(again.outputText.split(separator: "\n").map { $0.split(separator: "\t")[0] } == ["already", "unknown", "done", "already"])
    }
  }

  /// Whoever reads the results may leave: what was sent is in the journal, and nothing more is sent.
  @Test func aReaderThatLeavesEndsTheRun() async throws {
    try await FaultServer.with(plan(success)) { server in
      let outcome = try await script(
        "$PUSH --server $URL --journal journal < list.urls > /dev/full; echo $? >&2; $PUSH --server $URL --journal journal2 < list.urls | true",
        groups("a", "b"), to: server.url, in: server.folder)
      #expect(outcome.errorText.contains("standard output: cannot write"))
      #expect(outcome.errorText.contains("\n3\n"))
      #expect(try states(server.folder) == ["intent", "done"])
    }
  }
}
