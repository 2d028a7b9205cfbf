internal import Base
internal import Catalog
internal import Glibc
internal import Requests

/// What the journal has as unknown, settled by the lists of the target; and so are deletions that were refused, since no answer tells what is gone already
/// from what may not be deleted.
struct Reconciliation: ~Copyable {
  /// How long a request whose answer was lost may still be at work on the server, in seconds.
  private let lag: Int
  /// By how much the clock of the service and that of this machine may differ, in seconds.
  private static let skew = 300

  /// A request of which only the target knows what became.
  private struct Unknown {
    let key: String
    let entry: Journal.Entry
    let matchKey: NamedObjects.Key
  }

  /// A list that is to be read, and what is looked for in it.
  private struct Lookup {
    let lookupList: LookupList
    var unknown: [Unknown] = []
  }

  private let entries: [String: Journal.Entry]
  /// By its digest, the highest id that the journal has for the same resource from before the request was begun. Ids grow, as far as is known.
  private let newest: [String: Int]
  /// Of the requests that are not in the list: those that are unknown, by kind and name, and the kinds of those that have an id.
  private let strangers: (unknown: Set<NamedObjects.Key>, kinds: [String: Set<String>])
  private var lookups: [Lookup] = []
  /// By its digest, the resource that shows what a request of the list creates.
  private var resources: [String: String] = [:]
  private var fetcher: Fetcher

  /// - Parameter list: the requests to settle; of others in the journal, it is only known that they have their ids.
  init(
    of list: CheckedList, _ sender: Sender, over connection: Connection, _ policy: RetryPolicy, settle: Int
  ) throws(Complaint) {
    lag = settle
    let (entries, order) = sender.known
    self.entries = entries
    fetcher = Fetcher(connection, policy: policy, progress: Progress())
    var lookups: [Lookup] = []
    var resources: [String: String] = [:]
    var numbers: [String: Int] = [:]
    for place in list.places where place.lookupList >= 0 {
      let lookupList = list.lookupLists[place.lookupList]
      let key = place.key.digits
      resources[key] = lookupList.resource.name
      guard let entry = entries[key], entry.isOpen, let matchKey = try list.request(at: place).matchKey else { continue }
      let number = numbers[lookupList.key] ?? lookups.count
      if number == lookups.count { lookups.append(Lookup(lookupList: lookupList)) }
      numbers[lookupList.key] = number
      lookups[number].unknown.append(Unknown(key: key, entry: entry, matchKey: matchKey))
    }
    self.lookups = lookups
    self.resources = resources
    var records: [(at: Int, key: String, resource: String, id: Int?)] = []
    var strangers: (unknown: Set<NamedObjects.Key>, kinds: [String: Set<String>]) = ([], [:])
    for key in order {
      guard let entry = entries[key] else { continue }
      if let resource = resources[key] {
        records.append((entry.records.begun, key, resource, nil))
        // A request that was refused at first has its id from later than its first record.
        if case .done(let id) = entry.state { records.append((entry.records.latest, key, resource, Int(id) ?? 0)) }
      } else if case .unknown = entry.state {
        strangers.unknown.insert(LookupList.key(entry.kind, entry.name))
      } else if case .done(let id) = entry.state {
        strangers.kinds[id, default: []].insert(entry.kind)
      }
    }
    var newest: [String: Int] = [:]
    var highest: [String: Int] = [:]
    for record in records.sorted(by: { $0.at < $1.at }) {
      if let id = record.id {
        highest[record.resource] = max(highest[record.resource] ?? 0, id)
      } else {
        newest[record.key] = highest[record.resource]
      }
    }
    self.newest = newest
    self.strangers = strangers
  }

  /// Asks. Either all lists can be had, or nothing is settled. Errors: `remote` or `unanswered` if one cannot; `local`.
  mutating func settle(_ sender: Sender) throws(Complaint) {
    if lookups.isEmpty { return }
    // What was refused is at work no more.
    let lost = lookups.flatMap(\.unknown).filter { !$0.entry.isRefused }.map(\.entry.lost)
    // A push that was killed has not said when its request went out: its intent may have waited for long.
    let age = lost.contains(0) ? 0 : lost.max().map { time(nil) - $0 } ?? lag
    if age < lag {
      // A clock that was set back makes it no longer than this.
      let rest = Double(min(lag, lag - age))
      sender.say("waiting \(Int(rest)) s: a request whose answer was lost may still be at work on the server")
      sender.wait(rest)
    }
    var states: [(key: String, state: Journal.State, isFound: Bool)] = []
    for lookup in lookups {
      if Interruption.isAsked { return }
      let search = try search(lookup)
      let twins = Dictionary(lookup.unknown.map { ($0.matchKey, 1) }, uniquingKeysWith: +)
      for unknown in lookup.unknown {
        let state = state(of: unknown, search.found[unknown.matchKey] ?? [], hasTwin: twins[unknown.matchKey] != 1)
        // What is there still was refused for another reason, which stays.
        if unknown.entry.isRefused, state == .unsent { continue }
        states.append((unknown.key, state, isFound: !unknown.matchKey.isID))
      }
    }
    try sender.settle(states)
  }

  private mutating func search(_ lookup: Lookup) throws(Complaint) -> ListSearch {
    let lookupList = lookup.lookupList
    let search = ListSearch(for: lookup.unknown.map(\.matchKey), in: lookupList, ignoring: ids(of: lookupList.resource.name))
    try search.read(over: &fetcher, orElse: "so nothing is settled, and nothing sent")
    return search
  }

  /// The ids that the journal has for requests whose objects a resource shows.
  private func ids(of resource: String) -> Set<String> {
    var ids: Set<String> = []
    for (key, entry) in entries where resources[key] == resource {
      if case .done(let id) = entry.state { ids.insert(id) }
    }
    return ids
  }

  /// - Parameter hasTwin: another unknown request of the list may have made what is found.
  private func state(of unknown: Unknown, _ objects: [ListSearch.Object], hasTwin: Bool) -> Journal.State {
    // What is deleted is gone, or is there still, and then it can be asked for again.
    if let id = unknown.matchKey.id { return objects.isEmpty ? .done(id: id) : .unsent }
    guard let object = objects.first else { return .unsent }
    if objects.count > 1 { return .unknown(reason: "the target has several objects of this name") }
    let kind = unknown.entry.kind
    if hasTwin || strangers.unknown.contains(LookupList.key(kind, unknown.entry.name)) {
      return .unknown(reason: "the target has an object of this name, and another request of it is unknown, too")
    }
    // A request that is not in the list, and may be of the same kind, has this id.
    if let kinds = strangers.kinds[object.id], kind.isEmpty || kinds.contains(kind) || kinds.contains("") {
      return .unknown(reason: "the target has an object of this name, \(object.id), that may be another request's")
    }
    let isOlder = Int(object.id).map { $0 < newest[unknown.key] ?? 0 } ?? false
    if isOlder || object.created > 0 && object.created < unknown.entry.begun - Self.skew {
      return .unknown(reason: "the target has an object of this name, \(object.id), that may be older than the request")
    }
    return .done(id: object.id)
  }
}

extension Journal.Entry {
  fileprivate var isRefused: Bool { if case .refused = state { true } else { false } }

  /// The target's list says what became of it.
  fileprivate var isOpen: Bool { if case .unknown = state { true } else { isRefused && isDeletion } }
}
