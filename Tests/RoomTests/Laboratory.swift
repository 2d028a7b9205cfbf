import Support
import SystemPackage

/// Shows variants of one specimen to a room's program, many in one document where the program takes them, and judges the answers.
struct Laboratory: Sendable {
  private let room: GrammarRoom
  private let specimen: Specimen

  init(_ room: GrammarRoom, _ specimen: Specimen) { (self.room, self.specimen) = (room, specimen) }

  /// What the program says about one record.
  private struct Verdict: Sendable {
    var lines: [String]
    var rows: [Row]
    var message = ""

    func rows(at path: String) -> [Row] { rows.filter { $0.element == path } }

    /// Those at a path, and at those below it.
    func rows(from path: String) -> [Row] { rows.filter { $0.element == path || !path.isEmpty && $0.element.hasPrefix(path + "/") } }
  }

  /// How many records stand in one document.
  private static let batch = 250

  /// What went unnoticed: the variants, and what was said to each.
  func findings(among variants: [Variant]) async throws -> [(variant: Variant, words: String)] {
    let labelled = try await isKnownByLabel()
    var batches = [(variants.filter { !labelled || $0.isAlone }, 1)]
    if labelled { batches.append((variants.filter { !$0.isAlone }, Self.batch)) }
    let alone = try await verdict(of: specimen.record)
    let together = labelled ? try await verdicts(of: [specimen.record]).all.first : nil
    return try await withThrowingTaskGroup(of: [(variant: Variant, words: String)].self) { group in
      for (variants, size) in batches {
        for start in stride(from: 0, to: variants.count, by: size) {
          let batch = Array(variants[start..<min(start + size, variants.count)])
          group.addTask { try await self.findings(in: batch, isTogether: size > 1, against: (size > 1 ? together : nil) ?? alone) }
        }
      }
      var findings: [(variant: Variant, words: String)] = []
      for try await found in group { findings += found }
      return findings
    }
  }

  private func findings(in batch: [Variant], isTogether: Bool, against base: Verdict) async throws -> [(variant: Variant, words: String)] {
    guard isTogether else {
      let verdict = try await verdict(of: batch[0].record)
      return finding(batch[0], verdict, against: base).map { [(batch[0], $0)] } ?? []
    }
    let (verdicts, isFailed) = try await verdicts(of: batch.map(\.record))
    if !isFailed { return zip(batch, verdicts).compactMap { variant, verdict in finding(variant, verdict, against: base).map { (variant, $0) } } }
    // One of them has failed the whole run, which leaves its report. What is refused there by its path is settled.
    let rest = zip(batch, verdicts).filter { variant, verdict in !verdict.rows(at: variant.path).contains { $0.disposition == "refused" } }.map(\.0)
    if rest.isEmpty { return [] }
    if rest.count < batch.count { return try await findings(in: rest, isTogether: true, against: base) }
    if batch.count == 1 { return try await findings(in: batch, isTogether: false, against: try await verdict(of: specimen.record)) }
    let half = batch.count / 2
    return try await findings(in: Array(batch[..<half]), isTogether: true, against: base)
      + findings(in: Array(batch[half...]), isTogether: true, against: base)
  }

  /// Nil if the variant was noticed as it must be.
  private func finding(_ variant: Variant, _ verdict: Verdict, against base: Verdict) -> String? {
    // A difference of two records is named by its values.
    let named = room.isCopy ? verdict.rows(from: variant.path) : verdict.rows(at: variant.path)
    let refusals = verdict.rows.filter { $0.disposition == "refused" }
    // A map has no row for an element: what has no target is named as an object, and why.
    let isRefused = !verdict.message.isEmpty || !refusals.isEmpty && room.question?.output != .lines
    let isNoticed =
      switch variant.demand {
      case .refused where room.question?.isStrict ?? true: named.contains { $0.disposition == "refused" }
      case .named: !named.isEmpty
      // A value of a record that is replaced is dropped with it.
      case .unknown: named.contains { room.isCopy || ["unknown", "refused"].contains($0.disposition) }
      case .felt, .refused:
        !named.isEmpty || refusals.contains { variant.surroundings.contains($0.element) || variant.isBeside($0.element) }
          || named != base.rows(at: variant.path)
          || variant.isWord && refusals.contains { !base.rows.contains($0) }
          || verdict.lines != base.lines && !isRefused
      }
    // It is another one then, which is named as a whole, or is not there.
    if room.isCopy, let whole = variant.identified {
      if verdict.rows(at: whole) != base.rows(at: whole) || verdict.lines != base.lines && !isRefused { return nil }
    }
    if isNoticed || [variant.path, variant.former].contains(where: { !$0.isEmpty && verdict.message.contains(": \($0): ") }) { return nil }
    let said = verdict.rows.map { "\($0.element) \($0.disposition): \($0.reason)" }
    let change = verdict.lines == base.lines ? "the answer is the same" : "the answer differs"
    return "\(variant.deed), and no row names \(variant.path): \(change)\(isRefused ? ", refused" : ""); "
      + verdict.message + said.joined(separator: "; ")
  }

  // MARK: Running

  /// The verdict on a record where the specimen stands in its document, or alone if the others would only stand by.
  private func verdict(of record: Tree) async throws -> Verdict {
    let document = room.isBatched ? specimen.document.holding([record]) : specimen.document.replacing(specimen.index, by: record)
    let answer = try await room.answer(to: document, besides: try other(to: [specimen.record]), as: specimen.origin)
    let changed = Specimen.Name(of: record)
    // Where the others stand by, or the document is spoken of, too.
    let isFiltered = room.question.map { $0.output == .records } ?? !room.isBatched
    let rows = isFiltered ? answer.rows.filter { specimen.name.fits($0) || changed.fits($0) } : answer.rows
    return Verdict(lines: answer.isFailed ? [] : answer.lines, rows: rows, message: answer.isFailed ? answer.message : "")
  }

  /// What the program reads besides.
  func other(to records: [Tree]) throws -> [UInt8] {
    switch room.question?.other {
    case .file(let name): try Files.read(specimen.origin.folder.appending(name)) ?? []
    case .empty: specimen.document.holding([])
    case .same: specimen.document.holding(records)
    case .some(.none), nil: []
    }
  }

  /// The verdicts on many records in one document, each under a label of its own. If the run has failed, they are what its report says.
  private func verdicts(of records: [Tree]) async throws -> (all: [Verdict], isFailed: Bool) {
    guard let label = specimen.label else { return ([], true) }
    let labels = records.indices.map { String(770_000_000 + $0) }
    func labelled(_ records: [Tree]) -> [Tree] {
      zip(records, labels).map { record, text in
        var record = record
        record[(Specimen.label(of: record) ?? label)[...]].parts = [.text(text)]
        return record
      }
    }
    let answer = try await room.answer(
      to: specimen.document.holding(labelled(records)), besides: try other(to: labelled(records.map { _ in specimen.record })), as: specimen.origin)
    var places: [String: Int] = [:]
    for (place, text) in labels.enumerated() { places[text] = place }
    var verdicts = labels.map { _ in Verdict(lines: [], rows: []) }
    for line in answer.lines {
      guard let text = Self.label(in: line, isCopy: room.isCopy), let place = places[text] else { continue }
      verdicts[place].lines.append(line.replacing(text, with: "770000000"))
    }
    for row in answer.rows {
      // An id may be made of several values.
      guard let place = places[row.id] ?? places[row.name] ?? Self.label(in: row.id, isCopy: false).flatMap({ places[$0] }) else { continue }
      var row = row
      (row.id, row.name) = ("", "")
      verdicts[place].rows.append(row)
    }
    return (verdicts, answer.isFailed)
  }

  /// The first number of nine digits that begins with 77.
  private static func label(in line: String, isCopy: Bool) -> String? {
    var run: [UInt8] = []
    for byte in Array(line.utf8.prefix(isCopy ? 200 : .max)) + [0x20] {
      if byte >= 0x30, byte <= 0x39 {
        run.append(byte)
      } else {
        if run.count == 9, run.starts(with: [0x37, 0x37]) { return String(decoding: run, as: UTF8.self) }
        run.removeAll(keepingCapacity: true)
      }
    }
    return nil
  }

  /// Whether the requests of a record can be told from those of others by its label, and stay what they are.
  private func isKnownByLabel() async throws -> Bool {
    guard room.isBatched, specimen.label != nil else { return false }
    let alone = try await verdict(of: specimen.record)
    let (verdicts, isFailed) = try await verdicts(of: [specimen.record])
    guard !isFailed, let together = verdicts.first else { return false }
    return together.lines.count == alone.lines.count && together.rows.map(\.element) == alone.rows.map(\.element)
  }
}
