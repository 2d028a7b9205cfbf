import Support
import SystemPackage
import Testing

/// Requests that delete: what is said of them, what their answers mean, and what becomes of one whose answer was lost.
@Suite struct DeletionTests {
  private static func deleted(_ id: Int) -> String {
    step(
      200,
      "<SIMPLE_RETURN><RESPONSE><DATETIME>2031-01-02T03:04:05Z</DATETIME><TEXT>Asset Group Deleted Successfully</TEXT>"
        + "<ITEM_LIST><ITEM><KEY>ID</KEY><VALUE>\(id)</VALUE></ITEM></ITEM_LIST></RESPONSE></SIMPLE_RETURN>")
  }
  private static let lost = step(200, "", "\"reset\":-1")
  private static func delete(_ id: Int, _ source: Int) -> String { "\(path)?action=delete&id=\(id)#asset-group=\(source)\n" }

  private static func list(_ ids: Int...) -> String {
    let records = ids.map { "<ASSET_GROUP><ID>\($0)</ID><TITLE>G\($0)</TITLE></ASSET_GROUP>" }.joined()
    return step(
      200,
      "<ASSET_GROUP_LIST_OUTPUT><RESPONSE><DATETIME>2031-01-02T03:04:05Z</DATETIME><ASSET_GROUP_LIST>\(records)</ASSET_GROUP_LIST></RESPONSE></ASSET_GROUP_LIST_OUTPUT>"
    )
  }

  @Test func theirNumberIsSaidAndTheyAreInNoMap() async throws {
    try await FaultServer.with(plan(Self.deleted(90001), Self.deleted(90002))) { server in
      let list = Self.delete(90001, 4_000_001) + Self.delete(90002, 4_000_002)
      let outcome = try await push(list, to: server.url, in: server.folder, ["--map-out", "map.csv", "--refuse-changed"])
      #expect(outcome.status == 0, "\(outcome.errorText)")
      #expect(outcome.errorText.contains(": delete 2 asset groups\n"), "\(outcome.errorText)")
      #expect(outcome.outputText == "done\t90001\t4000001\t\t\ndone\t90002\t4000002\t\t\n")
      #expect(String(decoding: try Files.read(server.folder.appending("map.csv")) ?? [], as: UTF8.self) == "source_id,target_id,name\n")
      let lines = try journal(server.folder)
      #expect(lines[0][6] == "POST \(path)?action=delete&id=90001" && lines[0][7].isEmpty, "\(lines)")
    }
  }

  /// A map that is deleted is no longer in the list that answers, and one that another call has added is not its id.
  @Test(arguments: ["", "<SCAN ref=\"5\"><TITLE>Other</TITLE></SCAN>"]) func tasksThatAreLeftAreAnAnswer(_ rest: String) async throws {
    let answer = step(200, "<SCHEDULEDSCANS>\(rest)</SCHEDULEDSCANS>")
    try await FaultServer.with("{\"POST /msp/scheduled_scans.php\":[\(answer)]}") { server in
      let outcome = try await push(
        "/msp/scheduled_scans.php?drop_task=yes&task_id=4#map-schedule=7\n", to: server.url, in: server.folder)
      #expect(outcome.status == 0 && outcome.outputText == "done\t\t7\t\t\n", "\(outcome.outputText)\(outcome.errorText)")
      #expect(outcome.errorText.contains("delete 1 map schedule\n"), "\(outcome.errorText)")
    }
    // Of an addition, it says nothing.
    let empty = step(200, "<SCHEDULEDSCANS></SCHEDULEDSCANS>")
    try await FaultServer.with("{\"POST /msp/scheduled_scans.php\":[\(empty)]}") { server in
      let outcome = try await push(
        "/msp/scheduled_scans.php?add_task=yes&scan_title=T#map-schedule=7\n", to: server.url, in: server.folder)
      #expect(outcome.status == 8 && outcome.outputText.hasPrefix("unknown\t"), "\(outcome.outputText)")
    }
  }

  /// An id that is still in the list has not been deleted; one that is not has.
  @Test(arguments: [(true, "done\t90001\t4000001\t\t\n"), (false, "already\t90001\t4000001\t\t\n")])
  func whatWasLostIsAskedForByItsId(_ one: (isThere: Bool, result: String)) async throws {
    let listed = one.isThere ? Self.list(70, 90001) : Self.list(70)
    try await FaultServer.with("{\"POST \(path)\":[\(Self.lost),\(Self.deleted(90001))],\"GET \(path)\":[\(listed)]}") { server in
      let list = Self.delete(90001, 4_000_001)
      let first = try await push(list, to: server.url, in: server.folder)
      #expect(first.status == 8 && first.outputText.hasPrefix("unknown\t"), "\(first.outputText)")
      // Without being told to, nothing is asked, and nothing is sent again.
      #expect(try await push(list, to: server.url, in: server.folder).status == 8)
      #expect(try server.received.count == 1)
      let outcome = try await push(list, to: server.url, in: server.folder, ["--resolve", "--settle", "0"])
      #expect(outcome.status == 0 && outcome.outputText == one.result, "\(outcome.outputText)\(outcome.errorText)")
      #expect(try server.received.count { $0.method == "POST" } == (one.isThere ? 2 : 1))
    }
  }

  /// What was refused since it is gone already is done by the word of the list; what is there still is sent again. Nobody waits for either.
  @Test(arguments: [(true, 4, "refused\t\t4000001\t\t1905: Say no.\n"), (false, 0, "already\t90001\t4000001\t\t\n")])
  func whatWasRefusedIsAskedForByItsId(_ one: (isThere: Bool, status: Int, result: String)) async throws {
    let listed = one.isThere ? Self.list(70, 90001) : Self.list(70)
    let no = step(409, refusal("1905", "Say no."))
    try await FaultServer.with("{\"POST \(path)\":[\(no),\(no),\(no)],\"GET \(path)\":[\(listed)]}") { server in
      let list = Self.delete(90001, 4_000_001)
      // The same again is refused again, and no answer alone is believed.
      for _ in 1...2 { #expect(try await push(list, to: server.url, in: server.folder).status == 4) }
      let outcome = try await push(list, to: server.url, in: server.folder, ["--resolve"])
      #expect(outcome.status == one.status && outcome.outputText == one.result, "\(outcome.outputText)\(outcome.errorText)")
      #expect(!outcome.errorText.contains("waiting"), "\(outcome.errorText)")
      #expect(try server.received.count { $0.method == "POST" } == (one.isThere ? 3 : 2))
    }
  }

  /// What was refused and creates something is no deletion: nobody asks about it.
  @Test func whatIsRefusedAndCreatesIsNotAskedFor() async throws {
    try await FaultServer.with("{\"POST \(path)\":[\(step(409, refusal("1905")))]}") { server in
      for _ in 1...2 {
        let outcome = try await push(groups("a"), to: server.url, in: server.folder, ["--resolve"])
        #expect(outcome.status == 4, "\(outcome.errorText)")
      }
      #expect(try server.received.map(\.method) == ["POST", "POST"])
    }
  }

  /// What a list says of its server comes before everything else.
  @Test func aListForAnotherServerIsRefused() async throws {
    try await FaultServer.with(plan(Self.deleted(90001))) { server in
      let list = "# only for https://qualysapi.example.com\n" + Self.delete(90001, 1)
      for options in [[], ["--dry-run"]] {
        let outcome = try await push(list, to: server.url, in: server.folder, options)
        #expect(outcome.status == 1 && outcome.output.isEmpty, "\(outcome.errorText)")
        #expect(outcome.errorText.contains("the list is only for https://qualysapi.example.com, and not for \(server.url)"), "\(outcome.errorText)")
      }
      #expect(try server.received.isEmpty && !Files.exists(server.folder.appending("journal")))
      let own = try await push("# only for \(server.url)\n" + Self.delete(90001, 1), to: server.url, in: server.folder)
      #expect(own.status == 0, "\(own.errorText)")
    }
  }

  /// A journal has what qtbx-undo needs, and the version of the journal says so.
  @Test func theCallIsInTheJournal() async throws {
    try await FaultServer.with("{\"\":[\(success)]}") { server in
      let basic = "<BASIC_INFO><GROUP_NAME>P</GROUP_NAME><GROUP_TYPE>pci</GROUP_TYPE></BASIC_INFO>"
      let profile = "<OPTION_PROFILES><OPTION_PROFILE>\(basic)</OPTION_PROFILE></OPTION_PROFILES>"
      let list =
        group("a", 1) + "/api/2.0/fo/asset/vhost/?action=create&ip=192.0.2.1&port=443&fqdn=www.example.com#virtual-host=192.0.2.1:443\n"
        + "POST\t/api/2.0/fo/subscription/option_profile/?action=import#option-profile=5\t\(profile)\n"
      #expect(try await push(list, to: server.url, in: server.folder).status == 0)
      let text = String(decoding: try Files.read(server.folder.appending("journal")) ?? [], as: UTF8.self)
      #expect(text.hasPrefix("qtbx-journal\t2\t"))
      let calls = try journal(server.folder).filter { $0[0] == "intent" }.map { [$0[6], $0[7]] }
      #expect(
        calls == [
          ["POST \(path)?action=add", ""], ["POST /api/2.0/fo/asset/vhost/?action=create&ip=192.0.2.1&port=443", ""],
          ["POST /api/2.0/fo/subscription/option_profile/?action=import", "pci"],
        ])
    }
  }
}
