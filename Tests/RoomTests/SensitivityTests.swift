import Glibc
import Requests
import Support
import SystemPackage
import Testing

/// Nothing in a record can change unnoticed: each variant of a record gives other requests, or is told by the path of what makes it one.
///
/// Records of the cases that cover every line of a room's grammar are changed in each way that has ever hidden something: a value is
/// another one, an element stands twice, in another place, has text or markup where none belongs, or nobody has heard of it. Only what the
/// grammar calls ignored may change without effect.
@Suite struct SensitivityTests {
  @Test(arguments: try await GrammarRoom.all())
  func nothingChangesUnnoticed(in room: GrammarRoom) async throws {
    let (carried, skipped, seen) = try await specimens(of: room)
    var lacking = Self.lines(of: room)
    var known = Set<String>()
    var count = 0
    var words = Words(in: carried, seen: seen)
    for (pool, isCarried) in [(carried, true), (skipped, false)] {
      var pool = pool
      // Those that show most come first: a smaller one has nothing new to show then.
      while let best = pool.indices.max(by: { pool[$0].coverage.intersection(lacking).count < pool[$1].coverage.intersection(lacking).count }) {
        let specimen = pool[best]
        let new = specimen.coverage.intersection(lacking)
        if new.isEmpty { break }
        pool.remove(at: best)
        lacking.subtract(new)
        var variants = Variants(of: specimen, in: room, seen: seen)
        variants.make(of: isCarried ? nil : new, except: &known)
        if isCarried { words.take(specimen) }
        if room.grammar.rules.count > Self.longest { variants.thin(to: 400) }
        count += variants.all.count
        try await judge(variants, of: specimen, in: room, besides: carried)
      }
      // What one word of a few does may depend on the others: each of them is changed where it stands.
      while isCarried, let best = pool.indices.max(by: { words.new(in: pool[$0]).count < words.new(in: pool[$1]).count }) {
        let specimen = pool.remove(at: best)
        let new = words.new(in: specimen)
        if new.isEmpty { break }
        words.take(specimen)
        var variants = Variants(of: specimen, in: room, seen: seen)
        for site in new { variants.change(site) }
        try await judge(variants, of: specimen, in: room, besides: carried)
      }
    }
    for key in lacking {
      let line = Int(key.prefix { $0 != " " }) ?? 0
      Issue.record("no case of \(room.name) that succeeds holds \(room.grammar.path(of: line)), spelled \(key.drop { $0 != " " }.dropFirst())")
    }
    #expect(count > 2 * Self.lines(of: room).count)
  }

  /// A record of a longer grammar has thousands of variants. A part of them shows what the sheet does with each line, if not with each way to change
  /// it. With `QTBX_ALL_VARIANTS=1` all are tried.
  private static let longest = getenv("QTBX_ALL_VARIANTS") == nil ? 130 : Int.max

  /// What the guides have in two places, and means the same in both.
  private static let alike = ["ROOT_TOOL is moved to ROOT_TOOL_INFO_LIST/ROOT_TOOL_INFO/ROOT_TOOL"]

  /// Issues for what goes unnoticed.
  private func judge(_ variants: Variants, of specimen: Specimen, in room: GrammarRoom, besides others: [Specimen]) async throws {
    if variants.all.isEmpty { return }
    var findings = try await Laboratory(room, specimen).findings(among: variants.all)
    // What one step of a room does not carry, another may: the same record in a case with other arguments.
    for sibling in others where room.question == nil && sibling.record == specimen.record && sibling.origin.name != specimen.origin.name {
      if findings.isEmpty { break }
      findings = try await Laboratory(room, sibling).findings(among: findings.map(\.variant))
    }
    findings.removeAll { finding in Self.alike.contains { finding.words.hasPrefix($0) } }
    for finding in findings { Issue.record("\(specimen.origin.testDescription): \(finding.words)") }
  }

  /// A room would be passed over if its grammar were not found.
  @Test func everyRoomIsTried() async throws {
    let names = Set(try await GrammarRoom.all().map(\.name))
    let some = ["ag-to-urls", "map", "merge-policy", "networks-to-urls", "policies-to-urls", "schedule-to-urls", "tags-restructure", "tags-to-urls"]
    #expect(names.isSuperset(of: some))
  }

  /// The lines of a grammar for the records that are changed, each in each of its spellings.
  private static func lines(of room: GrammarRoom) -> Set<String> {
    var lines = Set<String>()
    var isChanged = true
    for (line, rule) in room.grammar.rules.enumerated() {
      if rule.depth == 0 {
        isChanged = room.question.map { !$0.records.isDisjoint(with: rule.names) } ?? true
      } else if isChanged, rule.names != ["*"] {
        for name in rule.names { lines.insert(Specimen.key(line, (rule.isAttribute ? "@" : "") + name)) }
      }
    }
    return lines
  }

  /// The records of a room's cases, those that are carried and those that are not, and the values that stand at each path in them.
  private func specimens(of room: GrammarRoom) async throws -> (carried: [Specimen], skipped: [Specimen], seen: [String: [String]]) {
    let records = room.question?.records ?? Set(room.grammar.rules.filter { $0.depth == 0 }.flatMap(\.names))
    var carried: [Specimen] = []
    var skipped: [Specimen] = []
    var seen: [String: [String]] = [:]
    for one in room.cases {
      guard let document = ListDocument(try room.document(of: one), records: records) else { continue }
      let whole = Laboratory(room, Specimen(one, document, 0, room.grammar))
      let answer = try await room.answer(to: try room.document(of: one), besides: try whole.other(to: document.records), as: one)
      if answer.isFailed { continue }
      let left = answer.rows.filter { row in
        ["skipped", "by-hand", "refused"].contains(row.disposition) || row.disposition == "unmapped" && row.element.isEmpty
      }
      for index in document.records.indices {
        let specimen = Specimen(one, document, index, room.grammar)
        if left.contains(where: specimen.name.fits) { skipped.append(specimen) } else { carried.append(specimen) }
        for site in specimen.sites where site.isAttribute || !site.rule.holdsElements {
          let (path, value) = (specimen.path(of: site), specimen.value(at: site))
          if !(seen[path] ?? []).contains(value) { seen[path, default: []].append(value) }
        }
      }
    }
    return (carried, skipped, seen)
  }
}

/// The words of short enumerations that no specimen has shown yet.
private struct Words {
  private let seen: [String: [String]]
  private var lacking = Set<String>()

  /// - Parameter seen: the values that stand at each path.
  init(in specimens: [Specimen], seen: [String: [String]]) {
    self.seen = seen.filter { Variants.areWords($1) }
    for specimen in specimens { lacking.formUnion(specimen.sites.compactMap { key(of: $0, in: specimen) }) }
  }

  /// A word in a line of the grammar, however deep it stands.
  private func key(of site: Site, in specimen: Specimen) -> String? {
    guard site.isAttribute || !site.rule.holdsElements, seen[specimen.path(of: site)] != nil else { return nil }
    let word = Variants.meaning(specimen.value(at: site))
    return word.isEmpty ? nil : "\(specimen.record.name) \(site.line) \(word)"
  }

  /// The places in a specimen that have one, one for each.
  func new(in specimen: Specimen) -> [Site] {
    var keys = Set<String>()
    return specimen.sites.filter { site in
      key(of: site, in: specimen).map { lacking.contains($0) && keys.insert($0).inserted } ?? false
    }
  }

  mutating func take(_ specimen: Specimen) { lacking.subtract(specimen.sites.compactMap { key(of: $0, in: specimen) }) }
}
