import Support
import SystemPackage
import Testing

/// A refusal is one line that a person can read, however much is refused: the report has all of it.
@Suite struct RefusalTests {
  private static let groups = 3000

  private static func list(_ record: (Int) -> String) -> String {
    let records = (1...groups).map { "<ASSET_GROUP><ID>\($0)</ID>\(record($0))</ASSET_GROUP>\n" }.joined()
    return "<ASSET_GROUP_LIST_OUTPUT><RESPONSE><ASSET_GROUP_LIST>\n" + records + "</ASSET_GROUP_LIST></RESPONSE></ASSET_GROUP_LIST_OUTPUT>"
  }

  /// Each with a network of its own, or all with the same one.
  @Test(arguments: [
    (3000, "3000 ids have no target", "; and 2980 others"), (1, "1 id has no target", ", and 2990 others"),
  ])
  func whatNoMapHasIsNamedInPart(_ networks: Int, _ start: String, _ end: String) async throws {
    try await Files.withScratch { folder in
      try Files.write(
        Array(Self.list { "<TITLE>Site \($0)</TITLE><NETWORK_ID>\(10 + $0 % networks)</NETWORK_ID>" }.utf8), to: folder.appending("list.xml"))
      try Files.write(Array("source_id,target_id\n".utf8), to: folder.appending("map.csv"))
      let outcome = try await run(
        Place.program("qtbx-ag-to-urls"), ["--map", "network=map.csv", "--report", "report.tsv", "list.xml"], in: folder)
      #expect(outcome.status == 1 && outcome.output.isEmpty)
      #expect(outcome.errorText.contains(start) && outcome.errorText.contains(end), "\(outcome.errorText)")
      #expect(outcome.errorText.utf8.count < 8000)
      let report = String(decoding: try Files.read(folder.appending("report.tsv")) ?? [], as: UTF8.self)
      #expect(report.split(separator: "\n").count { $0.contains("\trefused\t") } == Self.groups)
    }
  }

  /// What is refused for other reasons, too.
  @Test func whatIsRefusedIsNamedInPart() async throws {
    try await Files.withScratch { folder in
      try Files.write(Array(Self.list { _ in "<TITLE></TITLE>" }.utf8), to: folder.appending("list.xml"))
      let outcome = try await run(Place.program("qtbx-ag-to-urls"), ["--report", "report.jsonl", "list.xml"], in: folder)
      #expect(outcome.status == 1 && outcome.output.isEmpty && outcome.errorText.contains("; and 2950 others"), "\(outcome.errorText)")
      #expect(outcome.errorText.utf8.count < 8000)
      let report = String(decoding: try Files.read(folder.appending("report.jsonl")) ?? [], as: UTF8.self)
      #expect(report.split(separator: "\n").count { $0.contains("refused") } == Self.groups)
    }
  }
}
