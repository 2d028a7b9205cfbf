import Support
import SystemPackage
import Testing

/// P09, P06: what became of a lost request is asked of the target, and nothing is ever created twice.
@Suite struct ResolveTests {
  private static let lost = step(200, "", "\"reset\":-1")

  /// A list of asset groups, or a page of one that goes on with an id.
  private func list(_ groups: [(id: Int, title: String)], next: Int? = nil) -> String {
    let records = groups.map { "<ASSET_GROUP><ID>\($0.id)</ID><TITLE><![CDATA[\($0.title)]]></TITLE></ASSET_GROUP>" }.joined(separator: "\n")
    let warning = next.map {
      "<WARNING><CODE>1980</CODE><TEXT>More.</TEXT><URL><![CDATA[\nhttps://elsewhere.example\(path)?action=list&truncation_limit=2&id_min=\($0)\n]]></URL></WARNING>"
    }
    return step(
      200,
      "<?xml version=\"1.0\"?>\n<!-- before -->\n<ASSET_GROUP_LIST_OUTPUT><RESPONSE><DATETIME>2026-11-22T02:35:55Z</DATETIME>"
        + (records.isEmpty ? "" : "<ASSET_GROUP_LIST>\(records)</ASSET_GROUP_LIST>") + (warning ?? "")
        + "</RESPONSE></ASSET_GROUP_LIST_OUTPUT>\n<!-- behind -->")
  }

  /// A plan: what creates, and what lists.
  private func plan(_ creations: [String], _ lists: [String], at path: String = path, listedAt place: String? = nil) -> String {
    "{\"POST \(path)\":[\(creations.joined(separator: ","))],\"GET \(place ?? path)\":[\(lists.joined(separator: ","))]}"
  }

  private func resolve(_ list: String, _ server: FaultServer, _ options: [String] = []) async throws -> Outcome {
    try await push(list, to: server.url, in: server.folder, ["--resolve", "--map-out", "map.csv"] + options, scale: "0.0005")
  }

  private func map(_ server: FaultServer) throws -> String {
    String(String(decoding: try Files.read(server.folder.appending("map.csv")) ?? [], as: UTF8.self).dropFirst("source_id,target_id,name\n".count))
  }

  /// On the second page, behind an address of another host.
  @Test func whatIsFoundOnceIsDone() async throws {
    let pages = [list([(1, "All"), (2, "b2")], next: 3), list([(90001, "a"), (90002, "b")])]
    try await FaultServer.with(plan([success, Self.lost, success], pages)) { server in
      #expect(try await push(groups("a", "b"), to: server.url, in: server.folder).status == 8)
      let outcome = try await resolve(groups("a", "b"), server)
      #expect(outcome.status == 0, "\(outcome.errorText)")
      #expect(outcome.outputText == "already\t90001\t4000001\ta\t\nfound\t90002\t4000002\tb\t\n")
      #expect(outcome.errorText.contains(" s: a request whose answer was lost may still be at work"), "\(outcome.errorText)")
      #expect(outcome.errorText.hasSuffix("0 done, 1 already done, 0 refused, 0 unknown, 1 found\n"))
      #expect(try map(server) == "4000001,90001,a\n4000002,90002,b\n")
      #expect(try states(server.folder) == ["intent", "done", "intent", "unknown", "found"])
      #expect(try server.received.map(\.method) == ["POST", "POST", "GET", "GET"])
      #expect(try server.received.last?.path.contains("id_min=3") == true)
      // And then nothing is unknown any more, and nothing is asked.
      let again = try await resolve(groups("a", "b"), server)
      #expect(again.status == 0 && again.errorText.hasSuffix("0 done, 2 already done, 0 refused, 0 unknown\n"), "\(again.errorText)")
      #expect(try server.received.count == 4)
    }
  }

  /// How long a lost request may still be at work is for the user to know.
  @Test(arguments: [(["--settle", "0"], ""), (["--settle", "199"], "waiting 19"), ([], " s: a request whose answer was lost")])
  func theTimeToSettleIsAnOption(_ options: [String], _ words: String) async throws {
    try await FaultServer.with(plan([Self.lost], [list([(90002, "a")])])) { server in
      #expect(try await push(groups("a"), to: server.url, in: server.folder).status == 8)
      let outcome = try await resolve(groups("a"), server, options)
      #expect(outcome.status == 0, "\(outcome.errorText)")
      #expect(words.isEmpty ? !outcome.errorText.contains("waiting") : outcome.errorText.contains(words), "\(outcome.errorText)")
    }
  }

  /// Nor is a title that only looks the same: an accent of its own, another case, a longer one.
  @Test(arguments: [[], ["Web", "Mu\u{308}ller", "müller", "Müller 2", "Müll"]])
  func whatIsNotThereIsSentAgain(_ titles: [String]) async throws {
    let listed = titles.enumerated().map { (id: $0 + 70, title: $1) }
    try await FaultServer.with(plan([Self.lost, success], [list(listed)])) { server in
      let line = groups("M%C3%BCller")
      #expect(try await push(line, to: server.url, in: server.folder).status == 8)
      let outcome = try await resolve(line, server)
      #expect(outcome.status == 0, "\(outcome.errorText)")
      #expect(outcome.outputText == "done\t90001\t4000001\tMüller\t\n")
      #expect(try states(server.folder) == ["intent", "unknown", "unsent", "intent", "done"])
      #expect(try count("M%C3%BCller", server) == 2)
    }
  }

  /// Several objects of the name, one that has a lower id than one that was created before, and two requests for one object.
  @Test(arguments: [
    ([(90005, "b"), (90006, "b")], "several objects of this name"), ([(90000, "b")], "90000, that may be older than the request"),
    ([(90005, "b"), (90001, "a"), (90007, "b"), (90008, "b")], "several objects of this name"),
  ])
  func whatIsNotClearStaysUnknown(_ listed: [(Int, String)], _ reason: String) async throws {
    try await FaultServer.with(plan([success, Self.lost, success], [list(listed.map { (id: $0.0, title: $0.1) })])) { server in
      #expect(try await push(groups("a", "b"), to: server.url, in: server.folder).status == 8)
      let outcome = try await resolve(groups("a", "b"), server)
      #expect(outcome.status == 8)
      #expect(outcome.outputText.contains("unknown\t\t4000002\tb\tthe target has "), "\(outcome.outputText)")
      #expect(outcome.outputText.contains(reason), "\(outcome.outputText)")
      #expect(outcome.errorText.contains("line 2, asset group \"b\" (4000002)"))
      #expect(try count("b", server) == 1)
      #expect(try map(server) == "4000001,90001,a\n")
    }
  }

  /// Titles that need not be unique: the object of another request is not counted.
  @Test(arguments: [([501], "done\t503"), ([501, 502], "found\t502"), ([501, 502, 503], "unknown\t")])
  func theObjectOfAnotherRequestIsItsOwn(_ ids: [Int], _ start: String) async throws {
    let path = "/api/2.0/fo/schedule/scan/"
    func line(_ source: Int) -> String { "\(path)?action=create&scan_title=Daily&active=1#schedule=\(source)\n" }
    let answer = step(
      200,
      "<SCHEDULE_SCAN_LIST_OUTPUT><RESPONSE><SCHEDULE_SCAN_LIST>"
        + ids.map { "<SCAN><ID>\($0)</ID><TITLE>Daily</TITLE></SCAN>" }.joined() + "</SCHEDULE_SCAN_LIST></RESPONSE></SCHEDULE_SCAN_LIST_OUTPUT>")
    let creations = [step(200, created(501)), Self.lost, step(200, created(503))]
    try await FaultServer.with(plan(creations, [answer], at: path, listedAt: "/api/5.0/fo/schedule/scan/")) { server in
      #expect(try await push(line(1) + line(2), to: server.url, in: server.folder).status == 8)
      let outcome = try await resolve(line(1) + line(2), server)
      #expect(outcome.outputText.hasPrefix("already\t501\t1\tDaily\t\n\(start)"), "\(outcome.outputText) \(outcome.errorText)")
    }
    // One object, and two requests that may have made it; or the one that is known is in another list.
    try await FaultServer.with(plan([Self.lost, Self.lost, success], [answer], at: path, listedAt: "/api/5.0/fo/schedule/scan/")) { server in
      #expect(try await push(line(1) + line(2), to: server.url, in: server.folder).status == 8)
      let outcome = try await resolve(line(1) + line(2), server)
      #expect(outcome.outputText.split(separator: "\n").allSatisfy { $0.hasPrefix("unknown\t") }, "\(outcome.outputText)")
      #expect(try await resolve(line(1), server).outputText.hasPrefix("unknown\t"))
      #expect(try server.received.count { $0.method == "POST" } == 2)
    }
    try await FaultServer.with(plan([step(200, created(501)), Self.lost, success], [answer], at: path, listedAt: "/api/5.0/fo/schedule/scan/")) {
      server in
      #expect(try await push(line(1) + line(2), to: server.url, in: server.folder).status == 8)
      let outcome = try await resolve(line(2), server)
      #expect(outcome.outputText.hasPrefix("unknown\t"), "\(outcome.outputText)")
    }
  }

  /// A tag is known by its parent, too.
  @Test(arguments: [
    ("", "found\t701"), ("<parentTagId>0</parentTagId>", "found\t701"), ("<parentTagId>55</parentTagId>", "found\t702"),
    ("<parentTagId>56</parentTagId>", "done\t703"),
  ])
  func aTagIsKnownByItsParent(_ parent: String, _ start: String) async throws {
    let create = "/qps/rest/2.0/create/am/tag"
    let answer = step(
      200,
      "<ServiceResponse><responseCode>SUCCESS</responseCode><count>3</count><hasMoreRecords>false</hasMoreRecords><data>"
        + "<Tag><id>700</id><name>Other</name><children><list><TagSimple><id>9</id><name>Web</name></TagSimple></list></children></Tag>"
        + "<Tag><id>701</id><name>Web</name></Tag><Tag><id>702</id><name>Web</name><parentTagId>55</parentTagId></Tag></data></ServiceResponse>")
    let made = step(
      200, "<ServiceResponse><responseCode>SUCCESS</responseCode><data><Tag><id>703</id><name>Web</name></Tag></data></ServiceResponse>")
    let plan = "{\"POST \(create)\":[\(Self.lost),\(made)],\"POST /qps/rest/2.0/search/am/tag\":[\(answer)]}"
    try await FaultServer.with(plan) { server in
      let line =
        "POST\t\(create)#tag=1\t<ServiceRequest><data><Tag><children><set><Tag><name>Inner</name></Tag></set></children><name>Web</name>\(parent)</Tag></data></ServiceRequest>\n"
      #expect(try await push(line, to: server.url, in: server.folder).status == 8)
      let outcome = try await resolve(line, server)
      #expect(outcome.status == 0 && outcome.outputText.hasPrefix(start), "\(outcome.outputText) \(outcome.errorText)")
    }
  }

  /// A domain is known by its network, too, and its name has no case.
  @Test(arguments: [("&network_id=55", "found\t702"), ("&network_id=56", "done\t703"), ("&network_id=0", "found\t701"), ("", "found\t701")])
  func aDomainIsKnownByItsNetwork(_ network: String, _ start: String) async throws {
    let create = "/api/2.0/fo/asset/domain/"
    func domain(_ id: Int, _ network: Int) -> String {
      "<DOMAIN><DOMAIN_NAME>alpha.example</DOMAIN_NAME><DOMAIN_ID>\(id)</DOMAIN_ID><NETWORK><NETWORK_ID>\(network)</NETWORK_ID></NETWORK></DOMAIN>"
    }
    let answer = step(200, "<DOMAIN_LIST>\(domain(701, 0))\(domain(702, 55))</DOMAIN_LIST>")
    try await FaultServer.with(plan([Self.lost, step(200, created(703))], [answer], at: create)) { server in
      let line = "\(create)?action=create&domain=Alpha.example\(network)#domain=1\n"
      #expect(try await push(line, to: server.url, in: server.folder).status == 8)
      let outcome = try await resolve(line, server)
      #expect(outcome.status == 0 && outcome.outputText.hasPrefix(start), "\(outcome.outputText) \(outcome.errorText)")
    }
  }

  /// A policy that was created years ago is not the one of this push.
  @Test(arguments: [("2019-01-02T03:04:05Z", "unknown\t"), ("2090-01-02T03:04:05Z", "found\t301")])
  func anObjectThatIsOlderIsNotTaken(_ date: String, _ start: String) async throws {
    let place = "/api/4.0/fo/compliance/policy/"
    let answer = step(
      200,
      "<POLICY_LIST_OUTPUT><RESPONSE><POLICY_LIST><POLICY><ID>301</ID><TITLE>Base</TITLE><CREATED>\n<DATETIME>\(date)</DATETIME>\n<BY>ab</BY></CREATED>"
        + "</POLICY></POLICY_LIST></RESPONSE></POLICY_LIST_OUTPUT>")
    try await FaultServer.with(plan([Self.lost, success], [answer], at: place)) { server in
      let line = "POST\t\(place)?action=import&title=Base#policy=3\t<A/>\n"
      #expect(try await push(line, to: server.url, in: server.folder).status == 8)
      let outcome = try await resolve(line, server)
      #expect(outcome.outputText.hasPrefix(start), "\(outcome.outputText) \(outcome.errorText)")
      #expect(try server.received.count { $0.method == "POST" } == 1)
    }
  }

  /// What was refused and is sent again has a higher id than a request that was lost between: that one is no older for it.
  @Test func whatIsSentAgainMakesNothingOlder() async throws {
    let steps = [step(200, refusal("1905")), Self.lost, step(200, created(90003))]
    try await FaultServer.with(plan(steps, [list([(90002, "b"), (90003, "a")])])) { server in
      #expect(try await push(groups("a", "b"), to: server.url, in: server.folder).status == 8)
      #expect(try await push(groups("a", "b"), to: server.url, in: server.folder).status == 8)
      let outcome = try await resolve(groups("a", "b"), server, ["--settle", "0"])
      #expect(outcome.status == 0, "\(outcome.errorText)")
      #expect(outcome.outputText == "already\t90003\t4000001\ta\t\nfound\t90002\t4000002\tb\t\n", "\(outcome.outputText)")
    }
  }

  /// An id that was there before a request was begun is not its own.
  @Test func whatIsThereBeforeIsOlder() async throws {
    let steps = [step(200, created(90005)), Self.lost]
    try await FaultServer.with(plan(steps, [list([(90002, "b"), (90005, "a")])])) { server in
      #expect(try await push(groups("a", "b"), to: server.url, in: server.folder).status == 8)
      let outcome = try await resolve(groups("a", "b"), server, ["--settle", "0"])
      #expect(outcome.status == 8, "\(outcome.errorText)")
      #expect(outcome.outputText.contains("unknown\t\t4000002\tb\tthe target has an object of this name, 90002, that may be older"))
    }
  }

  /// Without the whole list nothing is settled, and nothing is sent: neither the unknown request nor the rest.
  @Test(arguments: [
    step(500), step(200, ""), step(200, "<html><title>Login</title></html>"), step(200, refusal("1901")), step(401, refusal("2000")),
    step(200, "<ASSET_GROUP_LIST_OUTPUT><RESPONSE>"), step(302, "", headers: ["Location": "http://127.0.0.1:{port}/other"]),
    step(200, "<ASSET_GROUP_LIST_OUTPUT><RESPONSE><GROUPS><GROUP><ID>1</ID></GROUP></GROUPS></RESPONSE></ASSET_GROUP_LIST_OUTPUT>"),
    step(200, "<ASSET_GROUP_LIST_OUTPUT><RESPONSE><ID_SET><ID>1</ID></ID_SET></RESPONSE></ASSET_GROUP_LIST_OUTPUT>"),
    step(
      200,
      "<ASSET_GROUP_LIST_OUTPUT><RESPONSE><ASSET_GROUP_LIST><ASSET_GROUP><ID>1</ID></ASSET_GROUP></ASSET_GROUP_LIST></RESPONSE></ASSET_GROUP_LIST_OUTPUT>"
    ),
  ])
  func withoutTheListNothingIsSettled(_ answer: String) async throws {
    let isNoAnswer = [step(500), step(200, "<ASSET_GROUP_LIST_OUTPUT><RESPONSE>")].contains(answer)
    try await FaultServer.with(plan([Self.lost, success], [answer])) { server in
      #expect(try await push(groups("a"), to: server.url, in: server.folder).status == 8)
      let before = try Files.read(server.folder.appending("journal"))
      let outcome = try await resolve(groups("a", "b"), server)
      #expect(outcome.status == (isNoAnswer ? 9 : 4))
      #expect(
        outcome.errorText.contains("the target's asset-groups cannot be listed, so nothing is settled, and nothing sent: "), "\(outcome.errorText)")
      #expect(outcome.output.isEmpty)
      #expect(try Files.read(server.folder.appending("journal")) == before)
      #expect(try server.received.count { $0.method == "POST" } == 1)
    }
  }

  /// What no list shows stays unknown, is not asked for, and does not stop the rest.
  @Test func whatHasNoListStaysUnknown() async throws {
    let lines = [
      "/x/?action=create&title=a#thing=1\n", "\(path)?action=edit&id=7&set_title=b#asset-group=2\n",
      "POST\t/qps/rest/2.0/update/am/tag/7#tag=3\t<ServiceRequest><data><Tag><name>c</name></Tag></data></ServiceRequest>\n",
      "/api/3.0/fo/scan/cloud/perimeter/job/?action=create&module=pc&scan_title=d#schedule=4\n",
    ]
    try await FaultServer.with("{\"\":[\(Array(repeating: Self.lost, count: 4).joined(separator: ",")),\(success)]}") { server in
      #expect(try await push(lines.joined(), to: server.url, in: server.folder).status == 8)
      let outcome = try await resolve(lines.joined() + groups("e"), server)
      #expect(outcome.status == 8)
      #expect(outcome.outputText.split(separator: "\n").map { $0.split(separator: "\t")[0] } == ["unknown", "unknown", "unknown", "unknown", "done"])
      #expect(try server.received.map(\.method) == Array(repeating: "POST", count: 5))
      #expect(!outcome.errorText.contains("waiting"))
    }
  }

  /// An interruption while it waits leaves everything as it was.
  @Test func anInterruptionSettlesNothing() async throws {
    try await FaultServer.with(plan([Self.lost, success], [list([])])) { server in
      #expect(try await push(groups("a"), to: server.url, in: server.folder).status == 8)
      let outcome = try await script(
        """
        set -m
        $PUSH --server $URL --journal journal --resolve < list.urls > out 2> err & push=$!
        for i in $(seq 200); do grep -q waiting err && break; sleep 0.02; done
        sleep 0.2; kill -INT $push; wait $push; echo status=$?; cat out err
        """, groups("a", "b"), to: server.url, in: server.folder)
      #expect(outcome.outputText.contains("status=8\n"), "\(outcome.outputText)")
      #expect(try states(server.folder) == ["intent", "unknown"])
      #expect(try server.received.count == 1)
    }
  }

  /// P14: killed at every write and sync while it settles, and run again.
  @Test(arguments: ["write", "fdatasync", "sendto"]) func killedWhileSettlingNothingIsSentTwice(_ call: String) async throws {
    let pages = [list([(90002, "b")])]
    for point in 1...40 {
      let isOver = try await FaultServer.with(plan([Self.lost, Self.lost, success], pages)) { server in
        _ = try await push(groups("a", "b", "c"), to: server.url, in: server.folder)
        let run = try await script(
          "exec strace -f -qq -o /dev/null -e trace=\(call) -e inject=\(call):signal=KILL:when=\(point) "
            + "$PUSH --server $URL --journal journal --resolve --time-scale 0.0001 < list.urls", groups("a", "b", "c"), to: server.url,
          in: server.folder)
        // Without asking again: this server's list does not know what it has taken meanwhile.
        let last = try await push(groups("a", "b", "c"), to: server.url, in: server.folder)
        for (title, most) in [("a", 2), ("b", 1), ("c", 1)] { #expect(try count(title, server) <= most, "\(call) \(point) \(title)") }
        let unknown = last.outputText.split(separator: "\n").count { $0.hasPrefix("unknown\t") }
        #expect(last.status == (unknown == 0 ? 0 : 8))
        return run.status == 0
      }
      if isOver {
        #expect(point > 1)
        return
      }
    }
    Issue.record("\(call): there was no end")
  }

  /// Bad days in a row, with a server that keeps what it takes: killed, run again and resolved until all is done, everything is there once.
  @Test(arguments: ["sendto", "fdatasync", "recvfrom", "write"]) func whateverHappensEverythingIsThereOnce(_ call: String) async throws {
    try await Files.withScratch { folder in
      let list = (1...12).map { "/api/2.0/fo/network/?action=create&name=Network%20\($0)#network=\($0)\n" }.joined()
      try Files.write(Array(list.utf8), to: folder.appending("list.urls"))
      let outcome = try await run(
        "/bin/bash",
        [
          "-c",
          """
          $SIM --port 0 --exit-after-seconds 60 --save saved \
            --fault 'POST /api/2.0/fo/network/: ok, lost, drop, reset, cut=20, 500 done, 500, html, empty, lost, ok' > address & sim=$!
          for i in $(seq 100); do [ -s address ] && break; sleep 0.05; done
          url=$(sed 's/^listening on //' address)
          push="$PUSH --server $url --journal journal --time-scale 0.0001 --resolve --map-out map.csv -q list.urls"
          for point in 9 7 5 3 4 6 8 11; do
            strace -f -qq -o /dev/null -e trace=\(call) -e inject=\(call):signal=KILL:when=$point $push > out 2> err
          done
          for round in 1 2 3 4 5 6; do $push > out 2> err; status=$?; [ $status = 0 ] && break; done
          kill $sim; wait $sim
          echo status=$status; cat err; grep -h -o '<NAME>.*</NAME>' saved/* | sort; cat map.csv
          """,
        ], in: folder,
        environment: plain.merging(["PUSH": Place.program("qtbx-push").string, "SIM": Place.program("qtbx-sim").string, "q_username": "rehearsal"]) {
          $1
        })
      let lines = outcome.outputText.split(separator: "\n")
      #expect(lines.first == "status=0", "\(outcome.outputText) \(outcome.errorText)")
      for number in 1...12 {
        #expect(lines.count { $0.contains("Network \(number)<") || $0.contains("[Network \(number)]") } == 1, "\(number): \(outcome.outputText)")
        #expect(lines.count { $0.hasSuffix(",Network \(number)") } == 1)
      }
    }
  }
}
