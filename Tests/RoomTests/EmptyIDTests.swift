import Requests
import Support
import Testing

/// No request is written that lacks an id which it had: what the service calls by an empty id is nothing, or everything.
@Suite struct EmptyIDTests {
  @Test(arguments: try await GrammarRoom.all().filter { $0.question == nil })
  func noRequestLosesItsID(in room: GrammarRoom) async throws {
    let records = Set(room.grammar.rules.filter { $0.depth == 0 }.flatMap(\.names))
    var count = 0
    for one in room.cases {
      guard let document = ListDocument(try room.document(of: one), records: records) else { continue }
      let base = try await room.answer(to: try room.document(of: one), as: one)
      if base.isFailed { continue }
      var known = Set<Int>()
      for index in document.records.indices {
        let specimen = Specimen(one, document, index, room.grammar)
        for site in specimen.sites where !site.isAttribute && site.rule.form == .number && known.insert(site.line).inserted {
          var record = specimen.record
          record[site.place[...]].parts = []
          let answer = try await room.answer(to: document.replacing(index, by: record), as: one)
          count += 1
          let lacking = Self.emptyIDs(in: answer.lines).filter { !Self.emptyIDs(in: base.lines).contains($0) }
          #expect(answer.isFailed || lacking.isEmpty, "\(one.testDescription): \(site.path) is empty, and so is \(lacking)")
        }
      }
    }
    #expect(count > 0 || !room.grammar.rules.contains { $0.form == .number && !$0.isAttribute })
  }

  /// The names of the parameters that hold ids, and are empty.
  private static func emptyIDs(in lines: [String]) -> [String] {
    lines.flatMap { line in
      line.split(whereSeparator: { "?&#\t\n".contains($0) }).filter { $0.hasSuffix("=") }.map { String($0.dropLast()) }.filter { name in
        ["id", "ids"].contains(name) || ["_id", "_ids", "_number", "_numbers"].contains { name.hasSuffix($0) }
      }
    }
  }
}
