import Base
import Catalog
import Requests

/// How all requests of some journals are taken back.
struct Plan {
  struct Counts {
    var deletions = 0
    var byHand = 0
    var withIt = 0
    var unknown = 0
    var gone = 0
    var nothing = 0
  }

  private var entries: [JournalText.Entry] = []

  /// Adds a journal that was begun after those before.
  mutating func add(_ journal: JournalText) {
    entries += journal.requests
  }

  /// What becomes of each request, the last one of the last kind first: nothing is deleted before what names it.
  var steps: [Step] {
    var deletions = JournalDeletions()
    for entry in entries { deletions.add(entry) }
    var steps = entries.enumerated().map { number, entry in Self.step(entry, number) }
    // Of the same thing, one request: a journal may be given twice.
    var written = Set<String>()
    for at in steps.indices {
      guard let request = steps[at].request else { continue }
      if deletions.covers(request, since: entries[at].latest) == true || !written.insert(request.call).inserted { steps[at].fate = .gone }
    }
    let created = Set(entries.indices.filter { Self.creates(entries[$0]) }.flatMap { Self.names(of: entries[$0]) })
    for at in steps.indices where !Self.creates(entries[at]) && !created.isDisjoint(with: Self.names(of: entries[at])) {
      switch steps[at].fate {
      case .byHand, .unknown: steps[at].fate = .withIt
      case .deletion, .withIt, .gone, .nothing: break
      }
    }
    return steps.sorted { ($0.place, -$0.number) < ($1.place, -$1.number) }
  }

  /// `12 requests: 5 to delete, 3 by hand`
  func verdict(of steps: [Step]) -> String {
    let counts = steps.reduce(into: Counts()) { $0[keyPath: $1.count] += 1 }
    let others = [
      (counts.byHand, "by hand"), (counts.withIt, "with these"), (counts.unknown, "unknown"), (counts.gone, "gone already"),
      (counts.nothing, "without anything to undo"),
    ].filter { $0.0 > 0 }.map { ", \($0.0) \($0.1)" }.joined()
    return "\(steps.count) request\(steps.count == 1 ? "" : "s"): \(counts.deletions) to delete" + others
  }

  // MARK: One request

  /// It has created what it is about, or may have.
  private static func creates(_ entry: JournalText.Entry) -> Bool {
    entry.mayBeDone && !entry.isFound && !entry.isDeletion && entry.undoing?.undoing.creates == true
  }

  /// What it is about: the record of the source, and the ids in the target.
  private static func names(of entry: JournalText.Entry) -> [String] {
    let ids: String =
      switch entry.state {
      case .done(let id): id
      case .partly(let ids, _): ids
      case .refused, .unknown, .unsent: ""
      }
    return (entry.record.map { [$0] } ?? []) + ids.split(separator: ",").map { "\(entry.kind) \($0)" }
  }

  private static func step(_ entry: JournalText.Entry, _ number: Int) -> Step {
    let known = entry.undoing
    // Of no kind that is known: a person looks at these first.
    let place = known?.place ?? -1
    let kind = entry.kind.isEmpty ? known.map { Catalog.undone[$0.place].kind } ?? "request" : entry.kind
    let subject = Subject(kind: kind, id: entry.source, name: entry.name)
    func step(_ ids: String, _ fate: Step.Fate) -> Step { Step(subject: subject, ids: ids, fate: fate, place: place, number: number) }
    if entry.call.hasPrefix("GET ") && !entry.isDeletion { return step("", .nothing("it only asks")) }
    switch entry.state {
    case .refused: return step("", .nothing("the service has refused it"))
    case .unsent: return step("", .nothing("it has not reached the service"))
    case .unknown(let reason):
      if entry.isDeletion { return step("", .unknown("it may have been deleted (\(reason))")) }
      let what = known?.undoing.creates == false ? "changed" : "created"
      return step("", .unknown("it may have been \(what), and the journal has no id (\(reason)): look in the target"))
    case .partly(let ids, let reason) where ids.isEmpty: return step("", .unknown("some of it is done, and the journal has no id (\(reason))"))
    case .done(let id), .partly(let id, _): return step(id, fate(of: entry, known?.undoing, id))
    }
  }

  private static func fate(of entry: JournalText.Entry, _ undoing: Undoing?, _ id: String) -> Step.Fate {
    if entry.isDeletion { return .nothing("it has deleted something") }
    if entry.isFound { return .byHand("the target had it when it was asked: whether this request has created it is not certain") }
    if entry.call.isEmpty { return .byHand("the journal does not say by which call: it is of an earlier version") }
    guard let undoing else { return .byHand("what takes \(entry.call) back is not known") }
    switch undoing.way {
    case .person(let reason): return .byHand(reason)
    case .deletion(let deletion):
      do throws(Complaint) { return .deletion(try entry.request(deletion, of: id)) } catch { return .byHand(error.reason) }
    }
  }
}
