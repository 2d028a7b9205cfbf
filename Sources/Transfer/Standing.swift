package import Base
package import Requests
internal import Toolbox

/// What a journal says about the requests of a list, before anything is sent.
struct Standing {
  private(set) var unsent = 0
  private var done = 0
  private var unknown = 0
  private var partly = 0

  init(of places: [CheckedList.Place], _ entries: [String: Journal.Entry]) {
    for place in places {
      if Self.isToSend(place, entries) {
        unsent += 1
        continue
      }
      switch entries[place.key.digits]?.state {
      case .done: done += 1
      case .partly: partly += 1
      default: unknown += 1
      }
    }
  }

  /// Whether the next run would send a request.
  static func isToSend(_ place: CheckedList.Place, _ entries: [String: Journal.Entry]) -> Bool {
    // A new journal knows none of them.
    if entries.isEmpty { return true }
    switch entries[place.key.digits]?.state {
    case .done, .partly: return false
    case .unknown: return place.isHarmless
    case .refused, .unsent, nil: return true
    }
  }

  /// The journal knows some of them.
  var isBegun: Bool { done + unknown + partly > 0 }

  /// `0 to send, 8 already done`
  var text: String {
    "\(unsent) to send, \(done) already done" + (unknown > 0 ? ", \(unknown) unknown" : "") + (partly > 0 ? ", \(partly) done in part" : "")
  }
}

extension CheckedList {
  /// The requests that are to be sent, and of whose records the journal has other ones that are done, or may be; by their places in the list,
  /// with when the other one was last heard of.
  func changed(since entries: [String: Journal.Entry]) throws(Complaint) -> [(request: PreparedRequest, before: Int)] {
    // What the list has itself is no other content: one record may have several requests.
    let own = Set(places.map(\.key))
    var records: [String: Int] = [:]
    for (key, entry) in entries where entry.mayBeDone && !entry.isDeletion {
      if let record = entry.record, RequestKey(key).map(own.contains) != true { records[record] = max(records[record] ?? 0, entry.latest) }
    }
    if records.isEmpty { return [] }
    var changed: [(PreparedRequest, Int)] = []
    for place in places where !place.isHarmless && Standing.isToSend(place, entries) {
      let request = try request(at: place)
      // Whoever deletes a record creates none.
      if request.isDeletion { continue }
      if let record = request.record, let before = records[record] { changed.append((request, before)) }
    }
    return changed
  }

  /// Errors: `changed` if a record would be sent once more, with the names of all of them.
  func refuseChanged(since entries: [String: Journal.Entry]) throws(Complaint) {
    let changed = try changed(since: entries)
    if changed.isEmpty { return }
    let records = changed.count == 1 ? "a record was" : "\(changed.count) records were"
    throw Complaint(
      .changed,
      "\(records) sent before with other contents, and would be created once more: " + PushRun.some(of: changed.map(\.request.label))
        + (changed.count > 10 ? " (--status names all)" : ""))
  }
}

/// What a journal says, as a table: a row for each request that it knows, or for each of a list. Nothing is sent.
package struct JournalStatus {
  private static let columns = ["state", "kind", "source_id", "target_id", "name", "when", "line", "reason"]

  private var rows: [[String]] = []
  /// How many are in a state, and the states in their order of appearance.
  private var counts: [(state: String, count: Int)] = []

  /// - Parameters:
  ///   - server: whose journal it must be; nil if it may be of any.
  ///   - list: the requests that are asked about; nil for all that the journal knows.
  /// - Errors: `refused` if the journal is damaged, or of another server; `local` if it is not there.
  package init(of journal: String, server: Server?, list: CheckedList?) throws(Complaint) {
    let journal = try JournalText(reading: journal, of: server?.base)
    if var list {
      list.recognize(in: journal.entries)
      try add(list, journal.entries)
    } else {
      for key in journal.order { add(journal.entries[key]) }
    }
  }

  /// Writes the table, or an object of JSON for each row. Errors: `unfinished` if not all is done; `local`.
  package func write(asJSON: Bool, isQuiet: Bool) throws(Complaint) {
    var spool = HeldOutput(unbuffered: false)
    if !asJSON { for row in [Self.columns] + rows { try spool.append(Array(TSV.row(row).utf8)) } }
    for row in asJSON ? rows : [] {
      let members = zip(Self.columns, row).map { name, value in
        // A number, or that there is none.
        (name: name, value: name != "line" ? JSONText.string(value) : value.isEmpty ? "null" : value)
      }
      try spool.append(Array(JSONText.object(members).utf8))
    }
    try spool.flush()
    let done = counts.first { $0.state == "done" }?.count ?? 0
    let others = counts.filter { $0.state != "done" }.map { ", \($0.count) \($0.state == "partly" ? "done in part" : $0.state)" }.joined()
    let verdict = "\(done) of \(rows.count) done\(others)"
    guard done == rows.count else { throw Complaint(.unfinished, verdict) }
    if !isQuiet { Terminal.remark(verdict) }
  }

  private mutating func add(_ list: CheckedList, _ entries: [String: Journal.Entry]) throws(Complaint) {
    let changed = try Dictionary(list.changed(since: entries).map { ($0.request.line, $0.before) }) { first, _ in first }
    for place in list.places {
      let request = try list.request(at: place)
      if let before = changed[place.line] {
        add("changed", request, when: before, "another request of this record was sent before")
      } else if let entry = entries[place.key.digits] {
        var entry = entry
        // It is sent again, whatever became of it.
        if place.isHarmless, case .unknown(let reason) = entry.state {
          add("unsent", request, when: entry.latest, reason)
        } else {
          (entry.kind, entry.source, entry.name) = (request.kind, request.source, request.name)
          add(entry, line: request.line)
        }
      } else {
        add("new", request, when: 0, "")
      }
    }
  }

  private mutating func add(_ state: String, _ request: PreparedRequest, when: Int, _ reason: String) {
    add([state, request.kind, request.source, "", request.name, when == 0 ? "" : UTC.stamp(of: when), String(request.line), reason])
  }

  private mutating func add(_ entry: Journal.Entry?, line: Int? = nil) {
    guard let entry else { return }
    let (state, id, reason) =
      switch entry.state {
      case .done(let id): ("done", id, "")
      case .partly(let ids, let reason): ("partly", ids, reason)
      case .unknown(let reason): ("unknown", "", reason)
      case .refused(let code, let text): ("refused", "", text.isEmpty ? code : "\(code): \(text)")
      case .unsent: ("unsent", "", "")
      }
    let when = entry.latest == 0 ? "" : UTC.stamp(of: entry.latest)
    add([state, entry.kind, entry.source, id, entry.name, when, line.map { String($0) } ?? "", reason])
  }

  private mutating func add(_ row: [String]) {
    rows.append(row)
    if let index = counts.firstIndex(where: { $0.state == row[0] }) { counts[index].count += 1 } else { counts.append((row[0], 1)) }
  }
}
