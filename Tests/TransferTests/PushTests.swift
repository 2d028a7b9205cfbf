import Glibc
import Support
import SystemPackage
import Testing

/// A push as a whole: where its files are, what it says before and after, and what it does not send.
@Suite struct PushTests {
  /// Of the map, the list and the results, no two are one file; whatever the names are.
  @Test(arguments: [
    "--map-out list.urls list.urls", "--map-out list.urls < list.urls", "--map-out link list.urls", "--map-out results list.urls > results",
    "--map-out map list.urls >> list.urls",
  ]) func noFileIsReadAndWritten(_ arguments: String) async throws {
    try await FaultServer.with(plan(success)) { server in
      let outcome = try await script(
        "ln list.urls link; cp list.urls before; $PUSH --server $URL --journal journal \(arguments); echo status=$?; cmp list.urls before && ls",
        groups("a"), to: server.url, in: server.folder)
      #expect(outcome.outputText.hasPrefix("status=2\n"), "\(outcome.outputText) \(outcome.errorText)")
      #expect(!outcome.outputText.contains("journal"))
      #expect(try server.received.isEmpty)
    }
  }

  /// A map that has no place is found before anything is sent.
  @Test(arguments: ["missing/map.csv", "folder", "closed/map.csv"]) func aMapWithoutAPlaceIsFoundBefore(_ place: String) async throws {
    try await FaultServer.with(plan(success)) { server in
      // The tests may run as root, for whom no folder is closed: this one is a file.
      let outcome = try await script(
        "mkdir folder; : > closed; $PUSH --server $URL --journal journal --map-out \(place) list.urls", groups("a"), to: server.url,
        in: server.folder)
      #expect(outcome.status == 3 && outcome.errorText.contains(place), "\(outcome.errorText)")
      #expect(try server.received.isEmpty)
      #expect(!Files.names(in: server.folder).contains { $0.hasPrefix("journal") || $0.contains("map.csv") })
    }
  }

  /// A pipe is opened once, and gets the map.
  @Test func aMapMayGoIntoAPipe() async throws {
    try await FaultServer.with(plan(success)) { server in
      let outcome = try await script(
        "$PUSH -q --server $URL --journal journal --map-out >(cat > copy) list.urls; sleep 0.2; cat copy", groups("a"), to: server.url,
        in: server.folder)
      #expect(outcome.outputText.hasSuffix("source_id,target_id,name\n4000001,90001,a\n"), "\(outcome.outputText) \(outcome.errorText)")
    }
  }

  /// A limit on the size of files is a message and a status.
  @Test(arguments: [1, 2, 8]) func aLimitOfFilesIsSaid(_ limit: Int) async throws {
    try await FaultServer.with("{\"\":[\(success)]}") { server in
      let list = (1...200).map { group("g\($0)-\(String(repeating: "x", count: 100))", $0) }.joined()
      let outcome = try await script(
        "(ulimit -f \(limit); exec $PUSH --server $URL --journal journal --time-scale 0.01 list.urls); echo status=$?", list, to: server.url,
        in: server.folder)
      #expect(outcome.outputText.hasSuffix("status=3\n"), "\(outcome.outputText)")
      #expect(outcome.errorText.contains("File too large"), "\(outcome.errorText)")
    }
    try await FaultServer.with(listing(step(200, page(1...1000, pad: "<COMMENTS>\(String(repeating: "c", count: 100))</COMMENTS>")))) { server in
      let outcome = try await fetchScript(
        "(ulimit -f \(limit); exec $FETCH asset-groups --server $URL -o out.xml); echo status=$?", from: server.url, in: server.folder)
      #expect(outcome.outputText == "status=3\n" && outcome.errorText.contains("File too large"), "\(outcome.errorText)")
      #expect(left(server.folder).isEmpty)
    }
  }

  /// A file that has no name until it is whole: whenever the push is killed, nothing but a journal is left.
  @Test func aJournalIsBegunWithoutAnotherName() async throws {
    try await FaultServer.with(plan(step(200, created(1), "\"delay\":20"))) { server in
      // Every name that ever was in the folders, as the system reports it.
      let watch = """
        import ctypes, os, select, struct
        c = ctypes.CDLL(None)
        watch = c.inotify_init()
        for folder in (b'j', b't'):
            c.inotify_add_watch(watch, folder, 0x180)
        open('ready', 'w')
        while select.select([watch], [], [], 3)[0]:
            data = os.read(watch, 65536)
            while data:
                count = struct.unpack('iIII', data[:16])[3]
                print(data[16:16 + count].rstrip(bytes(1)).decode())
                data = data[16 + count:]
        """
      try Files.write(Array(watch.utf8), to: server.folder.appending("watch.py"))
      let outcome = try await script(
        """
        mkdir j t; python3 watch.py > names & watch=$!
        for i in $(seq 200); do [ -e ready ] && break; sleep 0.02; done
        TMPDIR=$PWD/t $PUSH --server $URL --journal j/journal list.urls > out 2> err & push=$!
        for i in $(seq 200); do [ -s log.jsonl ] && break; sleep 0.02; done
        kill -KILL $push; wait $watch; cat names; ls j t
        """, groups("a"), to: server.url, in: server.folder)
      #expect(outcome.outputText == "journal\nj:\njournal\n\nt:\n", "\(outcome.outputText) \(outcome.errorText)")
    }
  }

  /// Set to nothing, `TMPDIR` names no folder.
  @Test func anEmptyTemporaryFolderIsNone() async throws {
    try await FaultServer.with(plan(success)) { server in
      let outcome = try await push(groups("a"), to: server.url, in: server.folder, environment: ["TMPDIR": ""])
      #expect(outcome.status == 0, "\(outcome.errorText)")
    }
  }

  /// What would be sent is what is not done.
  @Test func aDryRunKnowsTheJournal() async throws {
    try await FaultServer.with(plan(success, step(500), success)) { server in
      _ = try await push(groups("a", "b"), to: server.url, in: server.folder)
      let before = try Files.read(server.folder.appending("journal"))
      let outcome = try await push(groups("a", "b", "c"), to: server.url, in: server.folder, ["--dry-run"])
      #expect(outcome.status == 0)
      let waiting = "qtbx-push: 1 call to send; at 300 calls an hour of each API: no waiting\n"
      #expect(outcome.errorText == waiting + "qtbx-push: 1 to send, 1 already done, 1 unknown\n", "\(outcome.errorText)")
      #expect(outcome.outputText.split(separator: "\n").count == 1 && outcome.outputText.contains("title=c"), "\(outcome.outputText)")
      #expect(try Files.read(server.folder.appending("journal")) == before)
      // Of a journal that is not there nothing is known, and none is begun.
      let fresh = try await run(
        Place.program("qtbx-push"), ["--server", server.url, "--dry-run", "--journal", "other"], input: Array(groups("a").utf8), in: server.folder,
        environment: plain)
      #expect(
        fresh.errorText == waiting + "qtbx-push: 1 to send, 0 already done\n" && !Files.exists(server.folder.appending("other")), "\(fresh.errorText)"
      )
      #expect(try server.received.count == 2)
    }
  }

  /// The service knows ids, and a person knows names: from a map, from this journal, and from the list.
  @Test func idsInAMessageGetTheirNames() async throws {
    let path = "/api/2.0/fo/schedule/scan/"
    let words = "parameter asset_group_ids has invalid value: 8000001,90001,77 (7000001) of 5"
    try await FaultServer.with("{\"POST \(TransferTests.path)\":[\(success)],\"POST \(path)\":[\(step(200, refusal("1905", words)))]}") { server in
      // As a spreadsheet may have written it.
      let map = "source_id;target_id;name\n11;8000001;\"Web, DB\"\n12;8000002;Mail\n13;5;Five\n14;-;77\n"
      try Files.write(Array(map.utf8), to: server.folder.appending("map.csv"))
      let list = groups("Offices") + "\(path)?action=create&scan_title=Daily&asset_group_ids=8000001,90001,77&target=4000001#schedule=7000001\n"
      let outcome = try await push(list, to: server.url, in: server.folder, ["--map", "map.csv"])
      let explained = "1905: \(words) (8000001 is \"Web, DB\", 90001 is \"Offices\")"
      #expect(outcome.errorText.contains("refused: \(explained)\n"), "\(outcome.errorText)")
      #expect(outcome.outputText.hasSuffix("refused\t\t7000001\tDaily\t\(explained)\n"), "\(outcome.outputText)")
      // The journal has the words of the service.
      #expect(try journal(server.folder).last?[4] == words)
    }
  }

  /// On this machine, where a rehearsal listens, the mistake is the scheme.
  @Test func aServerWithoutTLSOnThisMachineGetsAHint() async throws {
    try await FaultServer.with(plan(success)) { server in
      let name = "127.0.0.1:\(server.port)"
      for program in ["qtbx-push", "qtbx-fetch"] {
        let outcome = try await run(
          Place.program(program), program == "qtbx-push" ? ["--server", name, "--journal", "journal"] : ["networks", "--server", name],
          input: Array(groups("a").utf8), in: server.folder, environment: plain)
        #expect(outcome.status == 9 && outcome.errorText.contains("perhaps --server http://\(name)"), "\(outcome.errorText)")
      }
    }
  }

  /// The journal knows a request by what its body was.
  @Test func aBodyThatChangesMeanwhileIsNotSent() async throws {
    try await FaultServer.with("{\"\":[\(step(200, created(1), "\"delay\":1"))]}") { server in
      let list = groups("a") + "POST\t/x/?action=import&title=p\t@body.xml\n"
      let outcome = try await script(
        """
        echo '<A/>' > body.xml
        $PUSH --server $URL --journal journal list.urls & push=$!
        for i in $(seq 200); do [ -s log.jsonl ] && break; sleep 0.02; done
        echo '<B/>' > body.xml; wait $push; echo status=$?
        """, list, to: server.url, in: server.folder)
      #expect(outcome.outputText.hasSuffix("status=1\n"), "\(outcome.outputText)")
      #expect(outcome.errorText.contains("body.xml: the body has changed since the list was read"), "\(outcome.errorText)")
      #expect(try server.received.count == 1)
      #expect(try states(server.folder) == ["intent", "done", "intent", "unsent"])
      // And then as it is now.
      let again = try await push(list, to: server.url, in: server.folder)
      #expect(again.status == 0, "\(again.errorText)")
      #expect(try server.received.last?.body == "<B/>\n")
    }
  }

  /// An export that is fetched once more says another time, and is the same request; one that says something else is another one.
  @Test func whenAnExportWasMadeIsNoContents() async throws {
    try await FaultServer.with("{\"\":[\(success)]}") { server in
      let list = "POST\t/x/?action=import&title=p#policy=7\t@body.xml\n"
      func send(_ time: String, _ title: String, behind: String = "") async throws -> String {
        let body = "<?xml version=\"1.0\"?>\n<!-- \(time) -->\n<A>\n  <DATETIME>\(time)</DATETIME>\(behind)\n<T>\(title)</T></A>\n"
        try Files.write(Array(body.utf8), to: server.folder.appending("body.xml"))
        let outcome = try await push(list, to: server.url, in: server.folder)
        #expect(outcome.status == 0, "\(outcome.errorText)")
        return String(outcome.outputText.prefix { $0 != "\t" })
      }
      let first = try await send("2026-11-22T02:35:55Z", "P")
      let again = try await send("2026-11-23T02:35:55Z", "P")
      let other = try await send("2026-11-23T02:35:55Z", "Q")
      // A line that says something besides is looked at as a whole.
      let more = try await send("2026-11-23T02:35:55Z", "P", behind: "<U/>")
      #expect([first, again, other, more] == ["done", "already", "done", "done"])
      #expect(try server.received.count == 3)
    }
  }

  /// What waits in a file comes out as it went in: every kind of request, and whatever stands in it.
  @Test func everyKindOfRequestIsSentAsItStands() async throws {
    try await FaultServer.with("{\"\":[\(success)]}") { server in
      try Files.write(Array("<A>\u{1F600}</A>".utf8), to: server.folder.appending("a body.xml"))
      let list = """
        # 3:a comment
        /x/?action=add&title=12%3Aa%25b%0A%09%E2%82%AC&e=#thing=%23%3A1
        POST\t/x/?action=create&title=2\t<A>1:\t<B a="2:"/>\u{20AC}</A>
        POST\t/x/?action=create&title=3\t@a body.xml
        PUT\t/x/5?title=4
        DELETE\t/x/6?title=5
        GET\t/x/?action=list&title=6

        """
      let outcome = try await push(list, to: server.url, in: server.folder)
      #expect(outcome.status == 0, "\(outcome.errorText)")
      let received = try server.received
      #expect(
        received.map { "\($0.method) \($0.path) \($0.body)" } == [
          "POST /x/ action=add&title=12:a%25b%0A%09%E2%82%AC&e=", "POST /x/?action=create&title=2 <A>1:\t<B a=\"2:\"/>\u{20AC}</A>",
          "POST /x/?action=create&title=3 <A>\u{1F600}</A>", "PUT /x/5 title=4", "DELETE /x/6 title=5", "GET /x/?action=list&title=6 ",
        ])
      #expect(outcome.outputText.hasPrefix("done\t90001\t#:1\t12:a%b\\n\\t\u{20AC}\t\n"), "\(outcome.outputText)")
    }
  }

  /// Each request is taken from where it waits once, whatever the journal and the options ask about it; the file of a body is opened twice, for its
  /// digest and to be sent.
  @Test func aRequestIsTakenUpOnce() async throws {
    try await FaultServer.with("{\"\":[\(success)]}") { server in
      try Files.write(Array("<R/>".utf8), to: server.folder.appending("body.xml"))
      let list = groups("a", "b", "c") + "POST\t/qps/rest/2.0/create/am/tag#tag=1\t@body.xml\n"
      let first = try await push(groups("a"), to: server.url, in: server.folder)
      #expect(first.status == 0)
      let outcome = try await script(
        "strace -f -y -qq -e trace=pread64,openat -o trace $PUSH --server $URL --journal journal --resolve --refuse-changed < list.urls && "
          + "grep pread64 trace | grep -c deleted; grep -c body.xml trace", list, to: server.url, in: server.folder)
      #expect(outcome.status == 0, "\(outcome.errorText)")
      #expect(outcome.outputText.hasSuffix("\n4\n2\n"), "\(outcome.outputText)")
      #expect(try server.received.count == 4)
    }
  }
}
