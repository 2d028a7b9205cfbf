internal import Base
internal import Catalog
internal import Requests

/// What the target has by now of the names under which a list would create something.
///
/// A journal knows what was sent with it. It does not know of the same list that was sent from a copy of its folder, of a push whose journal is lost or was
/// put back from a backup, or of what a person has made since the target was fetched. The service takes most kinds of objects twice under one name, so
/// the target is asked.
struct TakenNames: ~Copyable {
  /// A list of the target, and the requests whose objects it would show, by what these are known by.
  private struct Lookup {
    let lookupList: LookupList
    var places: [(place: CheckedList.Place, matchKey: NamedObjects.Key)] = []
  }

  private var lookups: [Lookup] = []
  /// The ids that the journal has for what it has created, by the resource that shows it.
  private var own: [String: Set<String>] = [:]

  /// - Parameter entries: what the journal says. What is done, or may be, is not sent, and not looked for.
  init(of list: CheckedList, _ entries: [String: Journal.Entry]) throws(Complaint) {
    var byNumber: [Int: Lookup] = [:]
    var nameless: Set<NamedObjects.Key> = []
    for place in list.places where place.lookupList >= 0 {
      let lookupList = list.lookupLists[place.lookupList]
      let state = entries[place.key.digits]?.state
      if case .done(let id) = state, !id.isEmpty {
        own[lookupList.resource.name, default: []].formUnion(Self.ids(id))
        continue
      }
      guard let matchKey = try list.request(at: place).matchKey, !matchKey.isID else { continue }
      // The answer to some calls has no id: what is there under its name is its own.
      if case .done = state { nameless.insert(matchKey) }
      guard Standing.isToSend(place, entries) else { continue }
      byNumber[place.lookupList, default: Lookup(lookupList: lookupList)].places.append((place, matchKey))
    }
    lookups = byNumber.sorted { $0.key < $1.key }.map(\.value)
    for index in lookups.indices { lookups[index].places.removeAll { nameless.contains($0.matchKey) } }
    lookups.removeAll(where: \.places.isEmpty)
    // What the list has no more: a record that has changed since is another request.
    for entry in entries.values where !entry.isDeletion {
      let orderingKey = Request(call: entry.call)?.orderingKey
      guard let resource = orderingKey.flatMap({ LookupList.resource(orderingKey: $0) }) else { continue }
      switch entry.state {
      case .done(let ids), .partly(let ids, _): own[resource, default: []].formUnion(Self.ids(ids))
      case .refused, .unknown, .unsent: break
      }
    }
  }

  /// Those of an answer about several.
  private static func ids(_ text: String) -> [String] { text.split(separator: ",").map { String($0) } }

  /// How many lists the target is asked for, each of which may have pages.
  var count: Int { lookups.count }

  /// Asks. The requests whose names are taken, in the order of the list, with the id of what is there. Errors: `remote` or `unanswered` if a list cannot be
  /// had whole; `local`.
  func ask(_ fetcher: inout Fetcher) throws(Complaint) -> [(place: CheckedList.Place, id: String)] {
    var taken: [(place: CheckedList.Place, id: String)] = []
    for lookup in lookups {
      if Interruption.isAsked { break }
      let search = ListSearch(for: lookup.places.map(\.matchKey), in: lookup.lookupList, ignoring: own[lookup.lookupList.resource.name] ?? [])
      try search.read(over: &fetcher, orElse: "so --refuse-there sends nothing")
      for (place, matchKey) in lookup.places {
        if let object = search.found[matchKey]?.first { taken.append((place, object.id)) }
      }
    }
    return taken.sorted { $0.place.line < $1.place.line }
  }
}

extension CheckedList {
  /// Errors: `changed` if the target has objects under names that the list would create, with the names of all of them, each of which is a result, too;
  /// `remote` or `unanswered` if that cannot be asked; `local`.
  func refuseTaken(_ sender: Sender, over connection: consuming Connection, _ policy: RetryPolicy) throws(Complaint) {
    let names = try TakenNames(of: self, sender.known.entries)
    if names.count == 0 { return }
    var fetcher = Fetcher(connection, policy: policy, progress: Progress())
    let taken = try names.ask(&fetcher)
    if taken.isEmpty { return }
    var labels: [String] = []
    for (place, id) in taken {
      let request = try request(at: place)
      try sender.tell(request, there: id)
      labels.append(request.label)
    }
    throw Complaint(
      .changed,
      "the target has \(taken.count == 1 ? "an object of this name" : "objects of these \(taken.count) names") by now, which this journal does not know, "
        + "and would get another: " + PushRun.some(of: labels))
  }
}
