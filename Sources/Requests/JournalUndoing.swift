package import Base
package import Catalog

/// What the requests of a journal have created, and what deletes it: for whoever takes it back, and for whoever plans what is left to do.
extension JournalText.Entry {
  /// What takes its call back, and when; nil if nobody here knows.
  package var undoing: (place: Int, undoing: Undoing)? {
    guard let call = Request(call: call) else { return nil }
    return Catalog.undoing(path: call.path, below: below, value: call.value)
  }

  /// The request that deletes what the answer has named, and nothing else. Errors: `refused` if the journal does not say what that is.
  package func request(_ deletion: Deletion, of id: String) throws(Complaint) -> Request {
    var request = Request(path: deletion.path.replacing("{version}", with: "2.0").replacing("{id}", with: id))
    request.parameters = deletion.parameters.map { Request.Parameter(name: $0.name, value: $0.value) }
    if deletion.key.isEmpty {
      let ids = deletion.takesSeveral ? Self.ends(of: id) : [id[...]]
      guard ids.allSatisfy({ IDForm.number.fault(of: String($0)) == nil }) else {
        throw Complaint(.refused, id.isEmpty ? "the answer had no id" : "\"\(id.shown)\" is no id")
      }
      if !deletion.id.isEmpty { request.parameters.append(Request.Parameter(name: deletion.id, value: id)) }
    }
    let call = Request(call: call)
    for name in deletion.key {
      guard let value = call?.value(name), !value.isEmpty else { throw Complaint(.refused, "the journal does not say its \(name)") }
      request.parameters.append(Request.Parameter(name: name, value: value))
    }
    if !deletion.body.isEmpty { request.body = .xml(Array(deletion.body.utf8)) }
    if !kind.isEmpty, !source.isEmpty {
      request.origin = (kind, source)
    } else if let undoing, deletion.key.isEmpty {
      // Of a request that names no record of the source, the object of the target is all that is known.
      request.origin = (Catalog.undone[undoing.place].kind, id)
    }
    try request.check()
    return request
  }

  /// Of `12,20-25`, the three numbers, and what stands in their place.
  private static func ends(of ids: String) -> [Substring] {
    ids.split(separator: ",", omittingEmptySubsequences: false).flatMap { $0.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false) }
  }
}

extension JournalText {
  /// The requests, in the order of their first intent.
  package var requests: [Entry] { order.compactMap { entries[$0] } }

  /// Reads journals of one server, those that were begun first before others. Returns that server; nil if there is no journal.
  ///
  /// Errors: those of reading; `refused` if one is of another server.
  ///
  /// - Parameter server: whose they must be; nil if they may be of any one.
  package static func read(
    _ paths: [String], of server: String?, _ take: (JournalText) throws(Complaint) -> Void
  ) throws(Complaint) -> String? {
    var base = server
    for path in paths {
      let journal = try JournalText(reading: path, of: nil)
      if let base, !Server.isSame(base, journal.server) {
        let other = server == nil ? "the one before is of \(base)" : "--server is \(base)"
        throw Complaint(.refused, "this journal is of \(journal.server.shown), and \(other)", at: path.shown)
      }
      base = journal.server
      try take(journal)
    }
    return base
  }
}

/// What journals say was deleted: by which object it is, however the call is written.
package struct JournalDeletions: Sendable {
  private var done: [String: Int] = [:]
  private var unknown: [String: Int] = [:]

  package init() {}

  /// Takes an entry of a journal, whatever it does.
  package mutating func add(_ entry: JournalText.Entry) {
    guard let request = Request(call: entry.call) else { return }
    for key in Self.keys(of: request) {
      switch entry.state {
      case .done: done[key] = max(done[key] ?? 0, entry.latest)
      case .unknown: unknown[key] = max(unknown[key] ?? 0, entry.latest)
      case .partly, .refused, .unsent: break
      }
    }
  }

  /// Whether all that a request would delete has been deleted since a time. Nil if that may be. What has no id may have been created again since.
  package func covers(_ request: Request, since time: Int) -> Bool? {
    let keys = Self.keys(of: request)
    if keys.isEmpty { return false }
    func says(_ times: [String: Int], _ key: String) -> Bool { times[key].map { $0 >= time } ?? false }
    if keys.allSatisfy({ says(done, $0) }) { return true }
    return keys.contains { says(done, $0) || says(unknown, $0) } ? nil : false
  }

  /// The objects that a request deletes; none if it deletes nothing.
  private static func keys(of request: Request) -> [String] {
    guard let deletion = request.deletion?.deletion else { return [] }
    var ids: [String] = []
    if !deletion.key.isEmpty {
      ids = [deletion.key.map { request.value($0) ?? "" }.joined(separator: "\u{0}")]
    } else if !deletion.id.isEmpty {
      for part in (request.value(deletion.id) ?? "").split(separator: ",") {
        let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        if ends.count == 2, let first = ends[0], let last = ends[1], first <= last, last - first < 100_000 {
          ids += (first...last).map { String($0) }
        } else {
          ids.append(String(part))
        }
      }
    } else {
      ids = [request.path.split(separator: "/").last.map { String($0) } ?? ""]
    }
    return ids.map { deletion.path + "\u{0}" + $0 }
  }
}
