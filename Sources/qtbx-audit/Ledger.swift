import Base
import Requests
import Toolbox

/// All that the files of a migration say of the records of one resource, by record.
///
/// What there is to read of a record is written as markup when it is met, and put aside: only who it is, and where that stands, is kept.
final class Ledger {
  /// What a piece of markup belongs to, in the order of the page.
  enum Part: UInt8, CaseIterable { case request, outcome, note, comparison }

  struct Entry {
    var kind: UInt16
    /// Stands in the source's list.
    var isListed: Bool
    var id: String
    var name: String
    /// Its id in the target, where something says it.
    var target = ""
    var wasThere = false
    var isThere = false
    /// Others of its kind were taken back, and it is not known whether that was before the target was fetched.
    fileprivate var isPast = false
    /// What became of the request that deletes it again.
    fileprivate var deletion: Deletion?
    var differs = false
    fileprivate var firstPiece: Int32 = -1
    fileprivate var lastPiece: Int32 = -1
    fileprivate var lastOutcome: Int32 = -1
    /// Requests, and those that no journal knows.
    fileprivate(set) var requests: UInt32 = 0
    fileprivate var unsent: UInt32 = 0
    fileprivate var created: UInt32 = 0
    fileprivate var found: UInt32 = 0
    /// What other requests than the one that creates have done.
    fileprivate var changed: UInt32 = 0
    fileprivate var refused: UInt32 = 0
    fileprivate var partly: UInt32 = 0
    fileprivate var unknown: UInt32 = 0
    fileprivate(set) var notes = NoteCounts()
    fileprivate var isRefused = false
    fileprivate var isSkipped = false

    var fate: Fate {
      if deletion == .done { return .takenBack }
      if unknown > 0 || deletion == .unknown { return .unknown }
      let done = created + changed
      if partly > 0 || deletion == .partly || refused > 0 && done > 0 || unsent > 0 && created > 0 { return .partly }
      if deletion == .refused { return .kept }
      if refused > 0 { return .refused }
      if unsent > 0 { return .toSend }
      if differs { return .otherwise }
      if created > 0 { return .created }
      if found > 0 { return .found }
      if isRefused { return .cannot }
      if wasThere { return .before }
      if isThere { return isPast ? .past : .there }
      if changed > 0 { return .created }
      return isSkipped ? .left : .none
    }

    var hasPieces: Bool { firstPiece >= 0 }
  }

  /// What became of a request that deletes. Of several, the last of these words says it, so that nothing that may be there counts as gone.
  enum Deletion: Int { case done, refused, partly, unknown }

  /// What a journal says of a request.
  struct Outcome {
    fileprivate var next: Int32
    fileprivate var call: UInt32
    /// Nothing has come of it, so a later request of the same call stands for it.
    fileprivate var isVain = false
    fileprivate var isClaimed = false
  }

  private struct Key: Hashable {
    let kind: UInt16
    /// In bytes: to the service, an accent of its own is another id.
    let id: [UInt8]
  }

  private struct Piece {
    var next: Int32 = -1
    let part: Part
    let place: Range<Int>
  }

  private(set) var entries: [Entry] = []
  private(set) var kinds: [String] = []
  private var kindNumbers: [String: UInt16] = [:]
  private var places: [Key: Int32] = [:]
  /// Those of a name, for what has no id: made when that is asked for the first time. A negative number is several.
  private var names: [[UInt8]: Int32]?
  private var pieces: [Piece] = []
  private var outcomes: [Outcome] = []
  private var calls: [String: UInt32] = [:]
  private var spool = SpillBuffer()
  /// How many of the records stand in the source's list.
  private(set) var listed = 0
  /// The notes that are of no record.
  private(set) var generalNotes = NoteCounts()

  func kind(of entry: Entry) -> String { kinds[Int(entry.kind)] }

  func number(of kind: String) -> UInt16 {
    if let known = kindNumbers[kind] { return known }
    let number = UInt16(clamping: kinds.count)
    kinds.append(kind)
    kindNumbers[kind] = number
    return number
  }

  private static let longest = 400

  /// Adds a record of the source's list.
  func list(_ item: NamedObjects.Item) {
    listed += 1
    _ = place(of: item.kind, item.id, item.name, isListed: true)
  }

  /// The record with an id; one that no list has is added.
  ///
  /// - Parameter name: what it is called, if it is not known.
  func place(of kind: String, _ id: String, _ name: String, isListed: Bool = false) -> Int {
    let number = number(of: kind)
    let key = Key(kind: number, id: Array((id.isEmpty ? "\0" + name : id).utf8))
    if let known = places[key] {
      if entries[Int(known)].name.isEmpty { entries[Int(known)].name = Self.short(name) }
      return Int(known)
    }
    places[key] = Int32(entries.count)
    entries.append(Entry(kind: number, isListed: isListed, id: Self.short(id), name: Self.short(name)))
    return entries.count - 1
  }

  /// The record with an id, if there is one.
  func known(_ kind: String, _ id: String) -> Int? {
    guard let number = kindNumbers[kind] else { return nil }
    return places[Key(kind: number, id: Array(id.utf8))].map { Int($0) }
  }

  /// The one record of the source's list with this name, if it has no other of it.
  func named(_ name: String) -> Int? {
    if name.isEmpty { return nil }
    if names == nil {
      var all: [[UInt8]: Int32] = [:]
      for (at, entry) in entries.enumerated() where entry.isListed && !entry.name.isEmpty {
        let key = Array(entry.name.utf8)
        all[key] = all[key] == nil ? Int32(at) : -1
      }
      names = all
    }
    return names?[Array(Self.short(name).utf8)].flatMap { $0 < 0 ? nil : Int($0) }
  }

  private static func short(_ text: String) -> String {
    text.utf8.count <= longest ? text : String(text.unicodeScalars.prefix(longest)) + "… (\(text.unicodeScalars.count) characters)"
  }

  // MARK: What is said of a record

  /// Puts markup aside. Errors: `local`.
  private func add(_ part: Part, _ markup: String, to place: Int) throws(Complaint) {
    let start = spool.count
    try spool.append(Array(markup.utf8))
    let piece = Int32(pieces.count)
    pieces.append(Piece(part: part, place: start..<spool.count))
    if entries[place].lastPiece >= 0 {
      pieces[Int(entries[place].lastPiece)].next = piece
    } else {
      entries[place].firstPiece = piece
    }
    entries[place].lastPiece = piece
  }

  private func number(ofCall call: String) -> UInt32 {
    if let known = calls[call] { return known }
    calls[call] = UInt32(calls.count)
    return UInt32(calls.count - 1)
  }

  /// What a journal says. Errors: `local`.
  ///
  /// - Parameter isFirst: the request is one that creates, not one that completes what was created.
  func add(_ outcome: JournalText.Entry, _ markup: String, to place: Int, isFirst: Bool) throws(Complaint) {
    let call = number(ofCall: outcome.call)
    var before = entries[place].lastOutcome
    while before >= 0 {
      if outcomes[Int(before)].call == call, outcomes[Int(before)].isVain {
        outcomes[Int(before)].isVain = false
        entries[place].refused -= 1
      }
      before = outcomes[Int(before)].next
    }
    outcomes.append(Outcome(next: entries[place].lastOutcome, call: call))
    entries[place].lastOutcome = Int32(outcomes.count - 1)
    switch outcome.state {
    case .done(let id):
      if !isFirst { entries[place].changed += 1 } else if outcome.isFound { entries[place].found += 1 } else { entries[place].created += 1 }
      if isFirst, !id.isEmpty { entries[place].target = Self.short(id) }
    case .refused:
      entries[place].refused += 1
      outcomes[outcomes.count - 1].isVain = true
    case .partly(let ids, _):
      entries[place].partly += 1
      if isFirst { entries[place].target = Self.short(ids) }
    case .unknown: entries[place].unknown += 1
    // It is sent again, and counted as a request.
    case .unsent: outcomes[outcomes.count - 1].isClaimed = true
    }
    try add(.outcome, markup, to: place)
  }

  /// A request of a list: one that no journal knows is still to be sent. Errors: `local`.
  func add(request call: String, _ markup: String, to place: Int) throws(Complaint) {
    entries[place].requests += 1
    var at = entries[place].lastOutcome
    let number = calls[call]
    while at >= 0, outcomes[Int(at)].isClaimed || outcomes[Int(at)].call != number { at = outcomes[Int(at)].next }
    if at >= 0 { outcomes[Int(at)].isClaimed = true } else { entries[place].unsent += 1 }
    try add(.request, markup, to: place)
  }

  /// A note. Errors: `local`.
  ///
  /// - Parameter isFirst: it stands in the report of the requests that create.
  func add(_ disposition: Disposition, element: String, _ markup: String, to place: Int, isFirst: Bool) throws(Complaint) {
    entries[place].notes.add(disposition)
    if disposition == .refused { entries[place].isRefused = true }
    if disposition == .skipped { entries[place].isSkipped = true }
    try add(.note, markup, to: place)
  }

  func add(general disposition: Disposition) { generalNotes.add(disposition) }

  /// What the comparison with the target says. Errors: `local`.
  func add(comparison markup: String, to place: Int) throws(Complaint) {
    entries[place].differs = true
    try add(.comparison, markup, to: place)
  }

  /// What a map, or a list of the target, says.
  func set(_ place: Int, target: String? = nil, wasThere: Bool? = nil, isThere: Bool? = nil) {
    if let target, entries[place].target.isEmpty { entries[place].target = Self.short(target) }
    if let wasThere { entries[place].wasThere = wasThere }
    if let isThere { entries[place].isThere = isThere }
  }

  /// What the journal of an undoing says. Errors: `local`.
  func add(deletion outcome: JournalText.Entry, _ markup: String, to place: Int) throws(Complaint) {
    let deletion: Deletion
    switch outcome.state {
    case .done: deletion = .done
    case .refused: deletion = .refused
    case .partly: deletion = .partly
    case .unknown: deletion = .unknown
    case .unsent: return
    }
    if deletion.rawValue >= entries[place].deletion?.rawValue ?? 0 { entries[place].deletion = deletion }
    try add(.outcome, markup, to: place)
  }

  /// When all files have been read: what came with other requests is not said to be there once such were taken back, or may have been.
  func settle() {
    guard entries.contains(where: { $0.deletion.map { $0 != .refused } ?? false }) else { return }
    for place in entries.indices { entries[place].isPast = true }
  }

  // MARK: What is written

  /// The markup of a record's parts. Errors: `local`.
  func pieces(of entry: Entry) throws(Complaint) -> [Part: [UInt8]] {
    var found: [Part: [UInt8]] = [:]
    var at = entry.firstPiece
    while at >= 0 {
      let piece = pieces[Int(at)]
      found[piece.part, default: []] += try spool.bytes(in: piece.place)
      at = piece.next
    }
    return found
  }
}
