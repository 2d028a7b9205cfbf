import Support
import SystemPackage
import Testing

/// One document for each id.
@Suite struct FetchEachTests {
  private static let address = "/api/4.0/fo/compliance/policy/"

  private func policy(_ id: Int) -> String {
    "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<POLICY_EXPORT_OUTPUT>\n  <RESPONSE>\n    <POLICY><TITLE>P\(id)</TITLE></POLICY>\n  </RESPONSE>\n</POLICY_EXPORT_OUTPUT>\n"
  }

  private func plan(_ answers: [(Int, String)]) -> String {
    "{" + answers.map { "\"GET \(Self.address)?action=export&show_user_controls=1&id=\($0.0)\":[\($0.1)]" }.joined(separator: ",") + "}"
  }

  /// Of authentication records, a list for each type that there are any of. A type that is not known here is named.
  @Test func fetchesTheRecordsOfEachType() async throws {
    func ids(_ type: String) -> String { "<AUTH_\(type)_IDS><ID_SET><ID>\(type.utf8.count)</ID></ID_SET></AUTH_\(type)_IDS>" }
    func list(_ type: String) -> String {
      "<AUTH_\(type)_LIST_OUTPUT><RESPONSE><DATETIME>2031-02-01T08:00:00Z</DATETIME><AUTH_\(type)_LIST><AUTH_\(type)><ID>1</ID><TITLE>T</TITLE></AUTH_\(type)>"
        + "</AUTH_\(type)_LIST></RESPONSE></AUTH_\(type)_LIST_OUTPUT>"
    }
    let all =
      "<AUTH_RECORDS_OUTPUT><RESPONSE><DATETIME>2031-02-01T08:00:00Z</DATETIME><AUTH_RECORDS>\(ids("UNIX"))\(ids("MS_SQL"))\(ids("FOO"))"
      + "</AUTH_RECORDS></RESPONSE></AUTH_RECORDS_OUTPUT>"
    let plan = """
      {"GET /api/2.0/fo/auth/?":[\(step(200, all))],"GET /api/2.0/fo/auth/ms_sql/":[\(step(200, list("MS_SQL")))],
      "GET /api/2.0/fo/auth/unix/":[\(step(400, refusal("1905", "No."))),\(step(200, list("UNIX")))]}
      """
    try await FaultServer.with(plan) { server in
      let folder = server.folder
      Files.makeFolder(folder.appending("auth"))
      let options = ["-o", "auth/{type}.xml"]
      let first = try await fetch("auth", from: server.url, in: folder, options)
      #expect(first.status == 4, "\(first.errorText)")
      #expect(first.errorText.contains("warning: records of a type that is not known here are not fetched: AUTH_FOO_IDS"), "\(first.errorText)")
      #expect(first.errorText.contains("auth-unix: refused: "), "\(first.errorText)")
      #expect(Files.names(in: folder.appending("auth")) == ["ms-sql.xml"])
      let second = try await fetch("auth", from: server.url, in: folder, options)
      #expect(second.status == 0)
      #expect(second.errorText.hasSuffix("qtbx-fetch: auth: 1 fetched, 1 there already, 0 refused\n"), "\(second.errorText)")
      #expect(Files.names(in: folder.appending("auth")) == ["ms-sql.xml", "unix.xml"])
    }
  }

  /// A refused id is named, the others come, and a second run asks only for what is missing.
  @Test func goesOnAndResumes() async throws {
    let refused = step(400, refusal("1905", "No such policy."))
    try await FaultServer.with(plan([(11, step(200, policy(11))), (12, refused + "," + step(200, policy(12))), (13, step(200, policy(13)))])) {
      server in
      let folder = server.folder
      Files.makeFolder(folder.appending("d"))
      try Files.write(Array("# policies\n11\n\n12\r\n13\n11\n".utf8), to: folder.appending("ids.txt"))
      let options = ["--each", "ids.txt", "-o", "d/{id}.xml"]
      let first = try await fetch("policy", from: server.url, in: folder, options)
      #expect(first.status == 4)
      #expect(first.errorText.contains("policy 12: refused: the service's error 1905: No such policy."), "\(first.errorText)")
      #expect(first.errorText.contains("policy: 2 fetched, 0 there already, 1 refused"))
      #expect(Files.names(in: folder.appending("d")) == ["11.xml", "13.xml"])
      #expect(try Files.read(folder.appending("d/13.xml")) == Array(policy(13).utf8))
      let second = try await fetch("policy", from: server.url, in: folder, options)
      #expect(second.status == 0)
      #expect(second.errorText == "qtbx-fetch: policy: 1 fetched, 2 there already, 0 refused\n")
      #expect(try server.received.count == 4)
      #expect(try server.received.last?.path.hasSuffix("&id=12") == true)
      #expect(first.output.isEmpty && second.output.isEmpty)
    }
  }

  /// A login that is refused ends it, and it goes on from there.
  @Test func aLockoutEndsTheRun() async throws {
    try await FaultServer.with(
      plan([(1, step(200, policy(1))), (2, step(401, refusal("2000")) + "," + step(200, policy(2))), (3, step(200, policy(3)))])
    ) { server in
      try Files.write(Array("1\n2\n3\n".utf8), to: server.folder.appending("ids.txt"))
      let options = ["--each", "ids.txt", "-o", "{id}.xml"]
      let first = try await fetch("policy", from: server.url, in: server.folder, options)
      #expect(first.status == 4)
      #expect(
        first.errorText.contains("policy 2: ") && first.errorText.contains("1 fetched, 2 not: the same command goes on from here"),
        "\(first.errorText)")
      #expect(try server.received.count == 2)
      #expect(left(server.folder) == ["1.xml", "ids.txt"])
      let second = try await fetch("policy", from: server.url, in: server.folder, options)
      #expect(second.status == 0)
      #expect(left(server.folder) == ["1.xml", "2.xml", "3.xml", "ids.txt"])
    }
  }

  /// Killed while a document comes: a run with the same command brings all, and no file is half.
  @Test func aKilledRunGoesOn() async throws {
    let slow = step(200, policy(2), "\"delay_body\":5") + "," + step(200, policy(2))
    try await FaultServer.with(plan([(1, step(200, policy(1))), (2, slow), (3, step(200, policy(3)))])) { server in
      try Files.write(Array("1\n2\n3\n".utf8), to: server.folder.appending("ids.txt"))
      let outcome = try await fetchScript(
        """
        run() { $FETCH policy --server $URL --each ids.txt -o '{id}.xml'; }
        run & for i in $(seq 200); do [ "$(wc -l < log.jsonl)" = 2 ] && break; sleep 0.02; done; sleep 0.2
        kill -KILL $(pgrep -P $!) $!; wait; ls *.xml; run 2> /dev/null; echo $?; cat 1.xml 2.xml 3.xml
        """, from: server.url, in: server.folder)
      #expect(outcome.outputText == "1.xml\n0\n" + policy(1) + policy(2) + policy(3), "\(outcome.outputText) \(outcome.errorText)")
      #expect(try server.received.count == 4)
    }
  }

  /// An id leads into no other folder and into no other parameter.
  @Test(arguments: ["../x", "1/2", ".", "..", "1&action=list", "a b", "", "-", "1\u{0}", "é", String(repeating: "1", count: 65), "{id}"])
  func refusesWhatIsNoID(_ id: String) async throws {
    try await FaultServer.with("{\"\":[\(step(200, policy(1)))]}") { server in
      try Files.write(Array("1\n\(id)\n".utf8), to: server.folder.appending("ids.txt"))
      let outcome = try await fetch("policy", from: server.url, in: server.folder, ["--each", "ids.txt", "-o", "{id}.xml"])
      if id.isEmpty || id == "-" { return }
      #expect(outcome.status == 1, "\(outcome.errorText)")
      #expect(outcome.errorText.contains("ids.txt:2: "), "\(outcome.errorText)")
      #expect(try server.received.isEmpty)
      #expect(left(server.folder) == ["ids.txt"])
    }
  }
}
