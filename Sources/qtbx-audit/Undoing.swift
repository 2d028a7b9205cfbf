import Catalog
import Requests

/// What the journal of an undoing says of the requests that delete what was created.
final class Undoing {
  static let file = "undo/undo.journal"

  private var deletions: [JournalText.Entry] = []
  /// Where they stand: by what is called, and by the record of the source.
  private var places: [String: [Int]] = [:]
  /// Those that stand at a record.
  private var isTold: [Bool] = []

  init() {}

  init(_ journal: JournalText) {
    for key in journal.order {
      guard let entry = journal.entries[key], entry.isDeletion else { continue }
      places[entry.call, default: []].append(deletions.count)
      if let record = entry.record { places[record, default: []].append(deletions.count) }
      deletions.append(entry)
    }
    isTold = Array(repeating: false, count: deletions.count)
  }

  /// The last request since then that was to delete what a request has created; nil if there is none.
  ///
  /// - Parameter id: what it has created, in the target.
  func deletion(of entry: JournalText.Entry, id: String) -> JournalText.Entry? {
    var call = ""
    if case .deletion(let deletion)? = entry.undoing?.undoing.way { call = (try? entry.request(deletion, of: id).call) ?? "" }
    // A list that was written by hand may call it otherwise.
    guard let found = places[call] ?? entry.record.flatMap({ places[$0] }) else { return nil }
    let since = found.filter { deletions[$0].latest >= entry.latest && deletions[$0].state != .unsent }
    for place in since { isTold[place] = true }
    return since.max { deletions[$0].latest < deletions[$1].latest }.map { deletions[$0] }
  }

  /// Those that have perhaps deleted something, or have not, and that stand at no record: whoever reads the page has to know of them.
  var rest: [JournalText.Entry] {
    deletions.indices.filter { place in
      if isTold[place] { return false }
      switch deletions[place].state {
      case .unknown, .partly, .refused: return true
      case .done, .unsent: return false
      }
    }.map { deletions[$0] }
  }

  /// Something was deleted, or may have been.
  var hasDeleted: Bool { deletions.contains(where: \.mayBeDone) }
}
