import Support
import SystemPackage
import Testing
import Transfer

/// What an answer, or none, says about the request.
@Suite struct AnswerTests {
  /// P05.
  @Test(arguments: [500, 502, 504, 503, 408]) func aServerErrorIsUnknownAndNotRetried(_ status: Int) async throws {
    try await FaultServer.with(plan(step(status, "<html><body>Bad day</body></html>"), success)) { server in
      let outcome = try await push(groups("Web", "DB"), to: server.url, in: server.folder)
      #expect(outcome.status == 8)
      #expect(try server.received.count == 2)
      #expect(try states(server.folder) == ["intent", "unknown", "intent", "done"])
      #expect(outcome.errorText.contains("HTTP \(status)"))
      #expect(outcome.outputText.hasPrefix("unknown\t\t4000001\tWeb\t"))
      // Nor by the next run.
      #expect(try await push(groups("Web", "DB"), to: server.url, in: server.folder).status == 8)
      #expect(try server.received.count == 2)
    }
  }

  /// P06: taken, and the answer lost. `keep` is how many answers the connection has given before.
  @Test(arguments: [0, 1, 3], ["\"reset\":-1", "\"cut\":0"]) func aLostAnswerIsUnknownAndNeverSentAgain(_ keep: Int, _ loss: String) async throws {
    let steps = Array(repeating: success, count: keep) + [step(200, created(1), loss), success]
    try await FaultServer.with("{\"POST \(path)\":[\(steps.joined(separator: ","))]}") { server in
      let list = (1...5).map { group("g\($0)", $0) }.joined()
      let outcome = try await push(list, to: server.url, in: server.folder)
      #expect(outcome.status == 8)
      for _ in 1...2 {
        let again = try await push(list, to: server.url, in: server.folder)
        #expect(again.status == 8)
        #expect(again.errorText.contains("4 already done, 0 refused, 1 unknown"))
        #expect(again.errorText.contains("line \(keep + 1), asset group \"g\(keep + 1)\" (\(keep + 1))"), "\(again.errorText)")
      }
      for title in 1...5 { #expect(try count("g\(title)", server) == 1) }
      let received = try server.received
      // Otherwise this tests nothing: the connection that was lost had been used before.
      if keep > 0 { #expect(received[keep].connection == received[0].connection) }
      #expect(try states(server.folder).count { $0 == "unknown" } == 1)
    }
  }

  /// P06: what has no body could be sent again without going back, and libcurl would.
  @Test(arguments: ["GET", "DELETE", "PUT"]) func aLostAnswerToARequestWithoutABodyIsNotSentAgain(_ method: String) async throws {
    try await FaultServer.with("{\"\(method) /x\":[\(success),\(step(200, "", "\"reset\":-1")),\(success)]}") { server in
      let list = (1...3).map { "\(method)\t/x?title=g\($0)\n" }.joined()
      let outcome = try await push(list, to: server.url, in: server.folder)
      #expect(outcome.status == 8)
      for title in 1...3 { #expect(try count("g\(title)", server) == 1) }
      let received = try server.received
      #expect(received.count >= 2 && received[0].connection == received[1].connection)
      #expect(try states(server.folder) == ["intent", "done", "intent", "unknown", "intent", "done"])
    }
  }

  /// P06: a server that closes a connection that nobody uses at the time has lost nothing.
  @Test func aConnectionThatWasClosedWhileIdleIsNoLoss() async throws {
    let last = step(200, created(1), headers: ["X-RateLimit-Remaining": "0", "X-RateLimit-ToWait-Sec": "30"], "\"close\":true")
    try await FaultServer.with(plan(last)) { server in
      let outcome = try await push(groups("a", "b", "c"), to: server.url, in: server.folder)
      #expect(outcome.status == 0, "\(outcome.errorText)")
      #expect(try server.received.count == 3)
    }
  }

  /// P06: what comes on a connection that nobody uses at the time is the answer to nothing: neither to the next request, nor instead of it.
  @Test(arguments: [0, 0.05], [200, 408]) func aSecondAnswerIsNobodys(_ seconds: Double, _ status: Int) async throws {
    let last = step(
      200, created(1), headers: ["X-RateLimit-Remaining": "0", "X-RateLimit-ToWait-Sec": "30"],
      "\"second\":[\(seconds),\(status),\"\(status == 200 ? created(666).replacing("\"", with: "\\\"") : "")\"]")
    try await FaultServer.with(plan(last, step(200, created(2)))) { server in
      let outcome = try await push(groups("a", "b"), to: server.url, in: server.folder)
      #expect(outcome.status == 0, "\(outcome.errorText)")
      let received = try server.received
      #expect(received.count == 2)
      #expect(received[0].connection != received[1].connection)
      #expect(outcome.outputText.split(separator: "\n").map { $0.split(separator: "\t")[1] } == ["1", "2"])
    }
  }

  /// P07: answers that break off.
  @Test(arguments: [
    "\"cut\":50", "\"reset\":50", "\"cut\":50,\"chunked\":true", "\"length\":5000", "\"reset\":50,\"chunked\":true", "\"length\":20",
  ])
  func anAnswerThatBreaksOffIsUnknown(_ loss: String) async throws {
    try await FaultServer.with(plan(step(200, created(1), loss), success)) { server in
      let outcome = try await push(groups("Web", "DB"), to: server.url, in: server.folder)
      #expect(outcome.status == 8)
      #expect(try states(server.folder) == ["intent", "unknown", "intent", "done"], "\(outcome.errorText)")
      #expect(try await push(groups("Web", "DB"), to: server.url, in: server.folder).status == 8)
      #expect(try count("Web", server) == 1)
      #expect(try count("DB", server) == 1)
    }
  }

  /// P07: the rest of an answer whose length lies is not taken for the answer to the next request.
  @Test func anAnswerIsOfItsOwnRequest() async throws {
    let second = "HTTP/1.1 200 Told\\r\\nContent-Length: \(created(666).utf8.count)\\r\\n\\r\\n" + created(666)
    let double = "{\"body\":\"<A/>\(second.replacing("\"", with: "\\\""))\",\"length\":4,\"keep\":true}"
    try await FaultServer.with(plan(double, step(200, created(7)))) { server in
      let outcome = try await push(groups("a", "b"), to: server.url, in: server.folder)
      #expect(outcome.outputText.hasPrefix("unknown\t\t4000001\ta\t"), "\(outcome.errorText)")
      #expect(outcome.outputText.hasSuffix("done\t7\t4000002\tb\t\n"), "\(outcome.outputText)")
      #expect(try server.received.count == 2)
    }
  }

  /// P08: an error in the clothes of a success is a refusal, with its code and its text.
  @Test func aSuccessWithACodeIsARefusal() async throws {
    try await FaultServer.with(plan(step(200, refusal("1905", "parameter title has invalid value: Web")), success)) { server in
      let outcome = try await push(groups("Web", "DB"), to: server.url, in: server.folder)
      #expect(outcome.status == 4)
      let words = "line 1, asset group \"Web\" (4000001): refused: 1905: parameter title has invalid value: Web"
      #expect(outcome.errorText.contains(words), "\(outcome.errorText)")
      #expect(outcome.errorText.contains("1 done, 0 already done, 1 refused, 0 unknown"))
      #expect(try states(server.folder) == ["intent", "refused", "intent", "done"])
    }
  }

  /// P08: and so is a 409 that waiting does not cure.
  @Test func aConflictWithAnotherCodeIsARefusal() async throws {
    try await FaultServer.with(plan(step(409, refusal("1907")), success)) { server in
      let outcome = try await push(groups("Web", "DB"), to: server.url, in: server.folder, ["--stop-on-error"])
      #expect(outcome.status == 4)
      #expect(try server.received.count == 1)
      #expect(try states(server.folder) == ["intent", "refused"])
    }
  }

  /// P07: a conflict without its code says nothing.
  @Test(arguments: ["\"cut\":60", "\"reset\":60"]) func aConflictThatBreaksOffIsUnknown(_ loss: String) async throws {
    try await FaultServer.with(plan(step(409, refusal("1965"), loss), success)) { server in
      let outcome = try await push(groups("Web", "DB"), to: server.url, in: server.folder)
      #expect(try states(server.folder) == ["intent", "unknown", "intent", "done"], "\(outcome.errorText)")
      #expect(try count("Web", server) == 1)
    }
  }

  /// P08: what is no document of the service proves nothing.
  @Test(arguments: [
    "", "<html><head><title>Login</title></head><body><form></form></body></html>", "<!DOCTYPE html><html><br></html>", "<FOO/>",
    "<SIMPLE_RETURN><RESP",
    "Internal error", "<SIMPLE_RETURN/><SIMPLE_RETURN/>", "\u{7f}\u{fffd}",
  ])
  func anAnswerThatIsNoDocumentIsUnknown(_ body: String) async throws {
    try await FaultServer.with(plan(step(200, body), success)) { server in
      let outcome = try await push(groups("Web", "DB"), to: server.url, in: server.folder, ["--stop-on-unknown"])
      #expect(outcome.status == 8)
      #expect(try states(server.folder) == ["intent", "unknown"])
      #expect(try await push(groups("Web", "DB"), to: server.url, in: server.folder).status == 8)
      #expect(try count("Web", server) == 1)
      #expect(try count("DB", server) == 1)
    }
  }

  /// P08: the report template calls say their success where others have the code of an error.
  @Test func aTemplateIsCreatedAlthoughItSaysSoInTheCode() async throws {
    let answer =
      "<!DOCTYPE SIMPLE_RETURN SYSTEM \"https://q/simple_return.dtd\"><SIMPLE_RETURN><RESPONSE><DATETIME>2026-11-22T02:35:55Z</DATETIME>"
      + "<CODE>Template successfully created</CODE><TEXT></TEXT><ITEM_LIST><ITEM><KEY>ID</KEY><VALUE>77</VALUE></ITEM></ITEM_LIST></RESPONSE></SIMPLE_RETURN>"
    try await FaultServer.with(plan(step(200, answer))) { server in
      let outcome = try await push(groups("Web"), to: server.url, in: server.folder)
      #expect(outcome.status == 0, "\(outcome.errorText)")
      #expect(outcome.outputText == "done\t77\t4000001\tWeb\t\n")
    }
  }

  /// And so they say the id, in brackets behind the sentence. A number in brackets behind an error is none.
  @Test(arguments: [
    ("Scan Report Template(s) Created Successfully [89876]", "done\t89876\t4000001\tWeb\t\n"),
    ("Scan Report Template(s) Created Successfully\n        [89876]", "done\t89876\t4000001\tWeb\t\n"),
    ("Created Successfully [a7]", "done\t\t4000001\tWeb\t\n"), ("Template(s) Created Successfully", "done\t\t4000001\tWeb\t\n"),
    ("Failed [89876]", "refused\t\t4000001\tWeb\tFailed [89876]: \n"),
  ])
  func theIDOfATemplateStandsInTheCode(_ code: String, _ row: String) async throws {
    let answer =
      "<!DOCTYPE SIMPLE_RETURN SYSTEM \"https://q/simple_return.dtd\"><SIMPLE_RETURN><RESPONSE><DATETIME>2017-04-06T05:41:32Z</DATETIME>"
      + "<CODE>\(code)</CODE><TEXT></TEXT></RESPONSE></SIMPLE_RETURN>"
    try await FaultServer.with(plan(step(200, answer))) { server in
      let outcome = try await push(groups("Web"), to: server.url, in: server.folder)
      #expect(outcome.outputText == row)
    }
  }

  /// An import of option profiles has the ids as keys: of one, it is the id, and of nothing else.
  @Test(arguments: [
    ("Successfully imported Option profile for the subscription Id 5", ["9001"], "9001"),
    ("Successfully imported Option profile for the subscription Id 5", ["9001", "9002"], ""), ("Done", ["9001"], ""),
    ("Successfully imported Option profile for the subscription Id 5", ["PCI"], ""),
  ])
  func anImportedProfileHasItsIDAsKey(_ text: String, _ keys: [String], _ id: String) async throws {
    let items = keys.map { "<ITEM><KEY>\($0)</KEY><VALUE>Nightly</VALUE></ITEM>" }.joined()
    let answer = "<SIMPLE_RETURN><RESPONSE><TEXT>\(text)</TEXT><ITEM_LIST>\(items)</ITEM_LIST></RESPONSE></SIMPLE_RETURN>"
    try await FaultServer.with(plan(step(200, answer))) { server in
      let outcome = try await push(groups("Web"), to: server.url, in: server.folder)
      #expect(outcome.outputText == "done\t\(id)\t4000001\tWeb\t\n")
    }
  }

  private func batch(_ items: String...) -> String {
    let list = items.map { "<BATCH>\($0)</BATCH>" }.joined()
    return "<?xml version=\"1.0\"?><!DOCTYPE BATCH_RETURN SYSTEM \"https://q/api/2.0/batch_return.dtd\"><BATCH_RETURN><RESPONSE>"
      + "<DATETIME>2026-11-22T02:35:55Z</DATETIME><BATCH_LIST>\(list)</BATCH_LIST></RESPONSE></BATCH_RETURN>"
  }

  private static let madeRecord = "<TEXT>Successfully Created</TEXT><ID_SET><ID>70729</ID></ID_SET>"
  private static let inUse = "<CODE>1920</CODE><TEXT>192.0.2.7 is used by Root</TEXT>"

  /// P08: a batch is read item by item. Its code 1920 is no limit, and what is done in part is never sent again as a whole, whatever the status.
  @Test(arguments: [200, 400, 409]) func aBatchIsReadItemByItem(_ status: Int) async throws {
    let (made, inUse) = (Self.madeRecord, Self.inUse)
    let more = "<TEXT>Successfully Created</TEXT><ID_SET><ID>70730</ID><ID_RANGE>70740-70742</ID_RANGE></ID_SET>"
    let late = "<CODE>1905</CODE><TEXT>No.</TEXT><ID_SET><ID>5</ID></ID_SET>"
    try await FaultServer.with(
      plan(step(200, batch(made)), step(status, batch(made, inUse, more, late)), step(status, batch(inUse)), step(status, batch(inUse, late)))
    ) { server in
      let list = groups("all", "some", "none", "neither")
      let outcome = try await push(list, to: server.url, in: server.folder, ["--map-out", "map.csv"])
      #expect(outcome.status == 4)
      #expect(
        outcome.outputText == """
          done\t70729\t4000001\tall\t
          partly\t70729,70730,70740-70742\t4000002\tsome\trefused: 1920: 192.0.2.7 is used by Root; 5: 1905: No.
          refused\t\t4000003\tnone\t1920: 192.0.2.7 is used by Root
          refused\t\t4000004\tneither\t2 items: 1920: 192.0.2.7 is used by Root; 5: 1905: No.

          """)
      #expect(outcome.errorText.contains("1 done, 0 already done, 2 refused, 0 unknown, 1 done in part"), "\(outcome.errorText)")
      #expect(try server.received.count == 4)
      #expect(try states(server.folder) == ["intent", "done", "intent", "partly", "intent", "refused", "intent", "refused"])
      let map = String(decoding: try Files.read(server.folder.appending("map.csv")) ?? [], as: UTF8.self)
      #expect(map == "source_id,target_id,name\n4000001,70729,all\n")
      let again = try await push(list, to: server.url, in: server.folder)
      #expect(again.status == 4)
      #expect(again.outputText.contains("partly\t70729,70730,70740-70742\t4000002\tsome\trefused: 1920"))
      #expect(again.errorText.contains("line 2, asset group \"some\" (4000002)"), "\(again.errorText)")
      #expect(try count("all", server) == 1)
      #expect(try count("some", server) == 1)
      #expect(try count("none", server) == 2)
    }
  }

  /// What breaks off decides nothing: the rest may say that some of it is done. Wherever it is cut, and whatever the transport says.
  @Test(arguments: [400, 404, 409, 429], ["cut", "short", "unsaid"].flatMap { manner in [0, 1, 60, 180, 300].map { (manner, $0) } })
  func aBatchThatBreaksOffIsUnknown(_ status: Int, _ place: (manner: String, at: Int)) async throws {
    let (manner, at) = place
    let whole = batch(Self.inUse, Self.madeRecord)
    let part = String(whole.prefix(at))
    // Of a length that is said and kept, nothing is missing: an empty answer has its status, and that is all it says.
    if manner == "short", at == 0 { return }
    let answer =
      switch manner {
      case "cut": step(status, whole, "\"cut\":\(at)")
      case "short": step(status, part)
      default: step(status, part, "\"unsaid\":true")
      }
    try await FaultServer.with(plan(answer, success)) { server in
      let list = groups("a", "b")
      let outcome = try await push(list, to: server.url, in: server.folder)
      #expect(try states(server.folder) == ["intent", "unknown", "intent", "done"], "\(outcome.errorText)")
      #expect(try await push(list, to: server.url, in: server.folder).status == 8)
      #expect(try count("a", server) == 1)
    }
  }

  /// A page for people, and plain text, have no more to say than their status.
  @Test(arguments: ["", "Bad Request", "<html><body>Bad", "<!DOCTYPE html><p>No"]) func aRefusalThatIsNoDocumentIsOne(_ body: String) async throws {
    try await FaultServer.with(plan(step(400, body), success)) { server in
      let outcome = try await push(groups("a", "b"), to: server.url, in: server.folder)
      #expect(try states(server.folder) == ["intent", "refused", "intent", "done"], "\(outcome.errorText)")
    }
  }

  /// A part of an answer, said to be one.
  @Test func aPartOfAnAnswerIsUnknown() async throws {
    try await FaultServer.with(plan(step(206, created(1)), success)) { server in
      let outcome = try await push(groups("a", "b"), to: server.url, in: server.folder)
      #expect(try states(server.folder) == ["intent", "unknown", "intent", "done"], "\(outcome.errorText)")
    }
  }

  private static let processing = refusal("1981", "Your request is being processed. Please try this same request again later.")

  /// The service is at work on it: what creates may be done by that, and what reads is asked again.
  @Test(arguments: [202, 200, 409]) func whatIsBeingProcessedIsUnknown(_ status: Int) async throws {
    try await FaultServer.with(plan(step(status, Self.processing), success)) { server in
      let outcome = try await push(groups("a", "b"), to: server.url, in: server.folder)
      #expect(try states(server.folder) == ["intent", "unknown", "intent", "done"], "\(outcome.errorText)")
      #expect(outcome.outputText.hasPrefix("unknown\t\t4000001\ta\t1981: Your request is being processed."), "\(outcome.outputText)")
      #expect(try await push(groups("a", "b"), to: server.url, in: server.folder).status == 8)
      #expect(try count("a", server) == 1)
    }
    let list = step(200, "<X_LIST_OUTPUT><RESPONSE/></X_LIST_OUTPUT>")
    try await FaultServer.with("{\"\":[\(step(status, Self.processing)),\(list)]}") { server in
      let outcome = try await push("GET\t/x/?action=list\n", to: server.url, in: server.folder)
      #expect(outcome.status == 0 && outcome.errorText.contains("waiting 1 s: 1981"), "\(outcome.errorText)")
      #expect(try server.received.count == 2)
    }
  }

  /// Maintenance: nothing is taken, and it ends.
  @Test func maintenanceIsWaitedFor() async throws {
    try await FaultServer.with(plan(step(503, refusal("1999", "Scheduled maintenance.")), success)) { server in
      let outcome = try await push(groups("a"), to: server.url, in: server.folder)
      #expect(outcome.status == 0 && outcome.errorText.contains("waiting 1 s: 1999"), "\(outcome.errorText)")
      #expect(try states(server.folder) == ["intent", "done"])
    }
  }

  /// P08: an answer's words are known by their places. An object that the service may add one day has an id, a code and a batch of its own.
  @Test func whatStandsElsewhereIsNoAnswer() {
    func judge(_ body: String) -> Judgement { ServiceAnswer.judge(Reply(status: 200, headers: [:]), Array(body.utf8)) }
    let stranger = "<NEWS><APPLIANCE><ID>1980</ID></APPLIANCE><RESPONSE><ID>7</ID></RESPONSE><BATCH><CODE>1905</CODE><ID>8</ID></BATCH></NEWS>"
    for place in ["", stranger] {
      let made = "<RESPONSE>\(place)<APPLIANCE><ID>5</ID>\(place)</APPLIANCE></RESPONSE>\(place)"
      #expect(judge("<APPLIANCE_CREATE_OUTPUT>\(made)</APPLIANCE_CREATE_OUTPUT>") == .done(id: "5", text: ""))
      #expect(judge("<TAG_OUTPUT>\(place)<RESPONSE>\(place)</RESPONSE></TAG_OUTPUT>") == .done(id: nil, text: ""))
      #expect(judge(batch(Self.madeRecord + place) + "\n") == .done(id: "70729", text: "Successfully Created"))
      #expect(judge(batch(Self.inUse + place)) == .refused(code: "1920", text: "192.0.2.7 is used by Root"))
      #expect(judge("<BATCH_RETURN><RESPONSE>\(place)</RESPONSE></BATCH_RETURN>") == .unclear(reason: "the answer says of no item what became of it"))
    }
  }

  /// P07: the beginning of an answer, of which nothing says that it is one, decides nothing that would let the request be sent again.
  @Test(arguments: 400..<500) func aPartOfAnAnswerDecidesNothing(_ status: Int) {
    func judge(_ body: ArraySlice<UInt8>, isMeasured: Bool) -> Judgement {
      ServiceAnswer.judge(Reply(status: status, headers: [:], isMeasured: isMeasured), Array(body))
    }
    let whole = [refusal("1905", "No."), refusal("1965"), created(7), batch(Self.madeRecord, Self.inUse), batch(Self.inUse)]
    // What begins as a document, and goes on as something else.
    let others = ["<Tag>x</Tag>\0 y </Tag>", "   <Tag>\n ame  </Tag>\n    </children>", "<a/><b", "<html><body>No.</body></html>", "No.\0 <a/>", ""]
    for text in whole + others {
      let body = Array(text.utf8)
      for isMeasured in [false] + (whole.contains(text) ? [true] : []) {
        let all = judge(body[...], isMeasured: isMeasured)
        for count in 0...body.count {
          let part = judge(body[..<count], isMeasured: isMeasured)
          switch part {
          case .unclear: break
          case .stop where [401, 403].contains(status): break
          // Too many calls, says the status alone. Of what is measured, nothing at all is an answer, too.
          case .wait where status == 429: break
          case _ where isMeasured && count == 0: break
          default:
            let isAll = body[count...].allSatisfy { $0 <= 0x20 }
            #expect(isAll && part == all, "\(text.debugDescription), \(count) bytes, measured: \(isMeasured): \(part), not \(all)")
          }
        }
      }
    }
  }

  /// P08: a batch that says nothing of any item proves nothing, and one that stops with the first part done stops there.
  @Test func aBatchWithoutItemsIsUnknown() async throws {
    try await FaultServer.with(plan(step(200, batch()), step(200, batch(Self.madeRecord, Self.inUse)), success)) { server in
      let list = groups("a", "b", "c")
      let outcome = try await push(list, to: server.url, in: server.folder, ["--stop-on-error"])
      #expect(try states(server.folder) == ["intent", "unknown", "intent", "partly"], "\(outcome.errorText)")
      #expect(try await push(list, to: server.url, in: server.folder, ["--stop-on-error"]).status == 8)
      #expect(try server.received.count == 2)
    }
  }

  /// What `echo_request=1` adds has ids, too.
  @Test func theEchoOfTheRequestIsNoAnswer() async throws {
    let echo =
      "<SIMPLE_RETURN><REQUEST><DATETIME>2026-11-22T02:35:55Z</DATETIME><USER_LOGIN>ab</USER_LOGIN><PARAM_LIST><PARAM><KEY>id</KEY>"
      + "<VALUE>666</VALUE></PARAM><PARAM><KEY>CODE</KEY><VALUE>1905</VALUE></PARAM></PARAM_LIST></REQUEST>"
    try await FaultServer.with(plan(step(200, created(7).replacing("<SIMPLE_RETURN>", with: echo)))) { server in
      let outcome = try await push(groups("a"), to: server.url, in: server.folder)
      #expect(outcome.outputText == "done\t7\t4000001\ta\t\n", "\(outcome.errorText)")
    }
  }

  private func merged(_ content: String) -> String { "<POLICY_MERGE_RESULT_OUTPUT><RESPONSE>\(content)</RESPONSE></POLICY_MERGE_RESULT_OUTPUT>" }

  /// The answer to a merge is a whole policy: what stands in that is not said of the request.
  @Test(arguments: [
    "<CODE>1920</CODE>", "<CODE>1905</CODE>", "<CODE>2001</CODE>", "<ERROR number=\"5\">x</ERROR>",
    "<RETURN status=\"FAILED\" number=\"5\">x</RETURN>",
    "<responseCode>FAILED</responseCode>",
  ]) func whatStandsDeepInAnAnswerIsNotSaidOfTheRequest(_ part: String) async throws {
    try await FaultServer.with(plan(step(200, merged("<POLICY><TITLE>a</TITLE><SECTION>\(part)</SECTION></POLICY>")))) { server in
      let outcome = try await push(groups("a"), to: server.url, in: server.folder)
      #expect(outcome.status == 0, "\(outcome.errorText)")
      #expect(try server.received.count == 1)
      #expect(try states(server.folder) == ["intent", "done"])
    }
  }

  /// P08: an error is one in whatever document it comes, and a document that says nothing proves nothing.
  @Test func anErrorInAnOutputIsARefusal() async throws {
    let answers = [
      merged("<CODE>1905</CODE><TEXT>No.</TEXT>"), "<USER_LIST_OUTPUT><ERROR number=\"999\">No.</ERROR></USER_LIST_OUTPUT>",
      "<DUPLICATE_HOSTS_ERROR_OUTPUT><RESPONSE><DATETIME>2026-11-22T02:35:55Z</DATETIME></RESPONSE></DUPLICATE_HOSTS_ERROR_OUTPUT>",
      "<SIMPLE_RETURN></SIMPLE_RETURN>",
    ]
    try await FaultServer.with("{\"\":[\(answers.map { step(200, $0) }.joined(separator: ","))]}") { server in
      let outcome = try await push(groups("a", "b", "c", "d"), to: server.url, in: server.folder)
      #expect(
        outcome.outputText == """
          refused\t\t4000001\ta\t1905: No.
          refused\t\t4000002\tb\t999: No.
          refused\t\t4000003\tc\tDUPLICATE_HOSTS_ERROR_OUTPUT:\u{20}
          unknown\t\t4000004\td\tthe answer says nothing

          """, "\(outcome.errorText)")
    }
  }

  /// An answer that comes before the end of a request may be one to what had come of it.
  @Test(arguments: [200, 502]) func anEarlyAnswerThatBreaksOffIsUnknown(_ status: Int) async throws {
    try await FaultServer.with("{\"\":[\(step(status, created(1), "\"early\":1000,\"length\":5000")),\(success)]}") { server in
      // More than the buffers on the way hold.
      let list = "POST\t/x/?action=import&title=g\t<A>\(String(repeating: "<B>some text</B>", count: 1 << 20))</A>\n"
      let outcome = try await push(list, to: server.url, in: server.folder)
      #expect(outcome.status == 8)
      #expect(try states(server.folder) == ["intent", "unknown"], "\(outcome.errorText)")
      #expect(try server.received.count == 1)
    }
  }

  /// A body is read twice: of a pipe, nothing would be left to send.
  @Test(arguments: ["/dev/stdin", ".", "pipe", "empty"]) func aBodyIsAFileWithSomethingInIt(_ name: String) async throws {
    try await FaultServer.with(plan(success)) { server in
      let outcome = try await script(
        "mkfifo pipe; : > empty; echo '<A/>' | $PUSH --server $URL --journal journal list.urls", "POST\t\(path)?action=import\t@\(name)\n",
        to: server.url, in: server.folder)
      #expect(outcome.status == 1)
      #expect(outcome.errorText == "qtbx-push: \(name): \(name == "empty" ? "the body is empty" : "a body is a file")\n")
      #expect(try server.received.isEmpty)
    }
  }

  /// A line that names thousands would help nobody: the results do.
  @Test func theLastLineNamesTen() async throws {
    try await FaultServer.with(plan(step(500))) { server in
      let list = (1...12).map { group("g\($0)", $0) }.joined()
      let outcome = try await push(list, to: server.url, in: server.folder)
      #expect(outcome.errorText.contains("\"g10\" (10); and 2 more)"), "\(outcome.errorText)")
      #expect(outcome.outputText.split(separator: "\n").count == 12)
    }
  }

  /// A word that only sounds like success.
  @Test func unsuccessfulIsNoSuccess() async throws {
    try await FaultServer.with(plan(step(200, refusal("Unsuccessful operation")))) { server in
      let outcome = try await push(groups("a"), to: server.url, in: server.folder)
      #expect(outcome.outputText.hasPrefix("refused\t"))
    }
  }

  /// P05, P07: what only reads is sent again, whatever went wrong, and is never unknown.
  @Test(arguments: ["/x/?action=list&title=g", "/x/?action=export&title=g", "/qps/rest/2.0/get/am/tag/7?title=g", "/msp/user_list.php?title=g"])
  func aGetThatOnlyReadsIsSentAgain(_ url: String) async throws {
    let list = step(200, "<X_LIST_OUTPUT><RESPONSE/></X_LIST_OUTPUT>")
    let faults = [
      step(500), step(408), step(503, "<html/>"), step(200, "", "\"reset\":-1"), step(200, created(1), "\"cut\":20"),
      step(200, created(1), "\"reset\":9"),
    ]
    try await FaultServer.with("{\"\":[\((faults + [list]).joined(separator: ","))]}") { server in
      let outcome = try await push("GET\t\(url)\n", to: server.url, in: server.folder, scale: "0.001")
      #expect(outcome.status == 0, "\(outcome.errorText)")
      #expect(try server.received.count == 7)
      #expect(try states(server.folder) == ["intent", "done"])
    }
    try await FaultServer.with("{\"\":[\(faults[0])]}") { server in
      let outcome = try await push("GET\t\(url)\n", to: server.url, in: server.folder, scale: "0.001")
      #expect(outcome.status == 9)
      #expect(try server.received.count == 12)
      #expect(try states(server.folder) == ["intent", "unsent"])
    }
  }

  /// A GET may also create.
  @Test(arguments: [
    "/x/?action=add&title=g", "/x/?action=merge&title=g", "/msp/scheduled_scans.php?add_task=yes&title=g", "/qps/rest/2.0/create/am/tag?title=g",
  ])
  func aGetThatMayDoSomethingIsNot(_ url: String) async throws {
    try await FaultServer.with("{\"\":[\(step(500)),\(success)]}") { server in
      let outcome = try await push("GET\t\(url)\n", to: server.url, in: server.folder, scale: "0.001")
      #expect(outcome.status == 8)
      #expect(try server.received.count == 1)
      #expect(try states(server.folder) == ["intent", "unknown"])
    }
  }

  /// P10: whatever comes with it.
  @Test(arguments: [401, 403], ["plain", "html", "fill", "cut"]) func aRefusedLoginEndsTheRun(
    _ status: Int, _ manner: String
  ) async throws {
    let answer =
      switch manner {
      case "html": step(status, "<html><body>Your password has expired.</body></html>")
      case "fill": step(status, "", "\"fill\":100000000")
      case "cut": step(status, refusal("2000"), "\"cut\":10")
      default: step(status, refusal("2000", "Bad Login/Password"))
      }
    try await FaultServer.with(plan(answer, success)) { server in
      let outcome = try await push(groups("a", "b", "c"), to: server.url, in: server.folder)
      #expect(outcome.status == 4)
      #expect(try server.received.count == 1)
      #expect(outcome.errorText.contains("the server refuses the login (HTTP \(status)"))
      #expect(try states(server.folder) == ["intent", "unsent"])
    }
  }

  /// P10: an account that has ended says so with HTTP 200, and with a 409 that waiting cannot cure.
  @Test(arguments: [(200, "2001"), (409, "2003"), (409, "2011"), (403, "2012"), (400, "2012"), (403, "2002")])
  func anAccountThatHasEndedEndsTheRun(_ status: Int, _ code: String) async throws {
    try await FaultServer.with(plan(step(status, refusal(code)), success)) { server in
      let outcome = try await push(groups("a", "b"), to: server.url, in: server.folder)
      #expect(outcome.status == 4)
      #expect(try server.received.count == 1)
      #expect(outcome.errorText.contains(code))
      #expect(try states(server.folder) == ["intent", "unsent"])
    }
  }

  /// P11: to another port, another host, and down to http.
  @Test(arguments: [301, 302, 303, 307, 308]) func noRedirectIsFollowed(_ status: Int) async throws {
    try await FaultServer.with(plan(success)) { other in
      try await FaultServer.with(plan(step(status, "", headers: ["Location": other.url + path]), success)) { server in
        let outcome = try await push(groups("a", "b"), to: server.url, in: server.folder)
        #expect(outcome.status == ([307, 308].contains(status) ? 4 : 8))
        #expect(try server.received.count == 1)
        #expect(try other.received.isEmpty)
        #expect(outcome.errorText.contains("no redirect is followed"))
        // After 301 to 303 the service may have done it; 307 and 308 say that it has not.
        #expect(try states(server.folder) == ["intent", status < 304 ? "unknown" : "unsent"])
      }
    }
  }

  /// A server that says nothing, before its answer or within it, is left when the time is over, and not some seconds later.
  @Test(arguments: ["{\"delay\":100}", "{\"delay_body\":100,\"body\":\"<A/>\"}"])
  func aSilentServerIsLeftInTime(_ answer: String) async throws {
    try await FaultServer.with(plan(answer)) { server in
      let start = ContinuousClock.now
      let outcome = try await push(groups("a"), to: server.url, in: server.folder, ["--stall-timeout", "2"])
      #expect(start.duration(to: .now) < .seconds(4.8), "\(start.duration(to: .now))")
      #expect(outcome.errorText.contains("unknown: Timeout was reached: not a byte for 2 seconds"), "\(outcome.errorText)")
    }
  }

  /// Whoever sends a byte now and then is not silent.
  @Test func aSlowServerIsNotSilent() async throws {
    try await FaultServer.with(plan(step(200, created(7).replacing("successfully", with: ""), "\"slow\":0.02"))) { server in
      let outcome = try await push(groups("a"), to: server.url, in: server.folder, ["--stall-timeout", "1"])
      #expect(outcome.status == 0, "\(outcome.errorText)")
    }
  }

  /// P19: each of these ends by itself.
  @Test(arguments: [
    "{\"delay\":100}", "{\"delay_body\":100,\"body\":\"<A/>\"}", "{\"fill\":100000000}", "{\"status\":500,\"fill\":100000000}", "{\"endless\":true}",
    "{\"fill\":600,\"slow\":0.3}",
  ])
  func aBadAnswerIsBounded(_ answer: String) async throws {
    try await FaultServer.with(plan(answer, success)) { server in
      let start = ContinuousClock.now
      let outcome = try await push(groups("a", "b"), to: server.url, in: server.folder, ["--stall-timeout", "2", "--total-timeout", "5"])
      #expect(outcome.status == 8)
      #expect(start.duration(to: .now) < .seconds(60))
      #expect(try states(server.folder) == ["intent", "unknown", "intent", "done"], "\(outcome.errorText)")
      #expect(try server.received.count == 2)
    }
  }

  /// P19: and so is a 400 with a body without end, which is still a refusal.
  @Test func aHugeRefusalIsARefusal() async throws {
    try await FaultServer.with(plan(step(400, "", "\"fill\":100000000"), success)) { server in
      let outcome = try await push(groups("a", "b"), to: server.url, in: server.folder)
      #expect(try states(server.folder) == ["intent", "refused", "intent", "done"], "\(outcome.errorText)")
    }
  }

  /// A server that is not there has not got anything.
  @Test func aServerThatIsNotThereIsTriedAgainAndNothingIsUnknown() async throws {
    try await Files.withScratch { folder in
      let outcome = try await push(groups("a", "b"), to: "http://127.0.0.1:1", in: folder, scale: "0.001")
      #expect(outcome.status == 9)
      #expect(try states(folder) == ["intent", "unsent"])
      #expect(outcome.errorText.split(separator: "\n").count { $0.contains("waiting") } == 11)
      #expect(outcome.errorText.contains("not sent: Failed to connect to 127.0.0.1 port 1"), "\(outcome.errorText)")
      #expect(outcome.errorText.contains("; tried 12 times\n"), "\(outcome.errorText)")
    }
  }
}
