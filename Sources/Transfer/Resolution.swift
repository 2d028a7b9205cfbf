internal import Glibc
internal import Markup
internal import Requests

/// What the journal has as unknown, settled by the lists of the target.
struct Resolution: ~Copyable {
  /// How long a request whose answer was lost may still be at work on the server, in seconds.
  private static let lag = 300

  /// A request of which only the target knows what became.
  private struct Unknown {
    let key: String
    let entry: Journal.Entry
    let mark: Listing.Mark
  }

  /// A list that is to be read, and what is looked for in it.
  private struct Inquiry {
    let listing: Listing
    var unknown: [Unknown] = []
  }

  private let entries: [String: Journal.Entry]
  /// Where each request stands in the order of the first intents.
  private let places: [String: Int]
  private var inquiries: [Inquiry] = []
  /// By its digest, the resource that shows what a request of the list creates.
  private var resources: [String: String] = [:]
  private var fetcher: Fetcher

  /// - Parameter list: the requests to settle; of others in the journal, it is only known that they have their ids.
  init(
    of list: borrowing CheckedList, _ sender: Sender, over connection: Connection, _ patience: Patience
  ) throws(Complaint) {
    let (entries, order) = sender.known
    self.entries = entries
    places = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
    fetcher = Fetcher(connection, patience: patience, progress: Progress())
    var inquiries: [Inquiry] = []
    var resources: [String: String] = [:]
    var numbers: [String: Int] = [:]
    try list.forEach { request, line throws(Complaint) in
      let prepared = try PreparedRequest(request, line: line)
      guard let (listing, mark) = Listing.of(request, lane: prepared.lane) else { return true }
      resources[prepared.key] = listing.resource
      guard let entry = entries[prepared.key], case .unknown = entry.state else { return true }
      let number = numbers[listing.key] ?? inquiries.count
      if number == inquiries.count { inquiries.append(Inquiry(listing: listing)) }
      numbers[listing.key] = number
      inquiries[number].unknown.append(Unknown(key: prepared.key, entry: entry, mark: mark))
      return true
    }
    self.inquiries = inquiries
    self.resources = resources
  }

  /// Asks. Either all lists can be had, or nothing is settled. Errors: `remote` if one cannot; `local`.
  mutating func settle(_ sender: Sender) throws(Complaint) {
    let lost = inquiries.flatMap(\.unknown).map(\.entry.lost)
    guard let youngest = lost.max() else { return }
    // A push that was killed has not said when its request went out: its intent may have waited for long.
    let age = lost.contains(0) ? 0 : time(nil) - youngest
    if age < Self.lag {
      // A clock that was set back makes it no longer than this.
      let rest = Double(min(Self.lag, Self.lag - age))
      sender.say("waiting \(Int(rest)) s: a request whose answer was lost may still be at work on the server")
      sender.wait(rest)
    }
    var states: [(key: String, state: Journal.State)] = []
    for inquiry in inquiries {
      if Interruption.isAsked { return }
      let search = try search(inquiry)
      for unknown in inquiry.unknown {
        states.append((unknown.key, state(of: unknown, search.found[unknown.mark] ?? [], inquiry)))
      }
    }
    try sender.settle(states)
  }

  private mutating func search(_ inquiry: Inquiry) throws(Complaint) -> Search {
    let listing = inquiry.listing
    let search = Search(for: inquiry.unknown.map(\.mark), in: listing, ignoring: ids(of: listing.resource))
    var wishes = Question.Wishes()
    wishes.parameters = listing.parameters
    do throws(Complaint) {
      let question = try Question(Resource.named(listing.resource), wishes, id: nil)
      let ending = try fetcher.fetch(question) { bytes throws(Complaint) in try search.feed(bytes) }
      if case .refused(let reason) = ending { throw Complaint(.refused, reason) }
      try search.finish()
    } catch {
      throw Complaint(
        error.kind == .local ? .local : .remote,
        "the target's \(listing.resource) cannot be listed, so nothing is settled, and nothing sent: \(error.line)")
    }
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

  private func state(of unknown: Unknown, _ objects: [Search.Object], _ inquiry: Inquiry) -> Journal.State {
    guard let object = objects.first else { return .unsent }
    if objects.count > 1 { return .unknown(reason: "the target has several objects of this name") }
    if hasTwin(unknown, inquiry) { return .unknown(reason: "the target has an object of this name, and another request of it is unknown, too") }
    if belongsElsewhere(object.id, unknown) {
      return .unknown(reason: "the target has an object of this name, \(object.id), that may be another request's")
    }
    let isOlder = Int(object.id).map { $0 < newest(before: unknown, inquiry.listing.resource) } ?? false
    if isOlder || object.created > 0 && object.created < unknown.entry.begun - Self.lag {
      return .unknown(reason: "the target has an object of this name, \(object.id), that may be older than the request")
    }
    return .done(id: object.id)
  }

  /// Whether another request may have made what is found.
  private func hasTwin(_ unknown: Unknown, _ inquiry: Inquiry) -> Bool {
    if inquiry.unknown.contains(where: { $0.mark == unknown.mark && $0.key != unknown.key }) { return true }
    return entries.contains { key, entry in
      guard case .unknown = entry.state, resources[key] == nil else { return false }
      return entry.kind == unknown.entry.kind && Listing.Mark(name: entry.name) == Listing.Mark(name: unknown.entry.name)
    }
  }

  /// Whether a request that is not in the list, and may be of the same kind, has an id.
  private func belongsElsewhere(_ id: String, _ unknown: Unknown) -> Bool {
    entries.contains { key, entry in
      guard case .done(id) = entry.state, resources[key] == nil else { return false }
      return entry.kind == unknown.entry.kind || entry.kind.isEmpty || unknown.entry.kind.isEmpty
    }
  }

  /// The highest id that was given before a request was begun for the first time. Ids grow, as far as is known.
  private func newest(before unknown: Unknown, _ resource: String) -> Int {
    var highest = 0
    for (key, entry) in entries where resources[key] == resource && places[key, default: 0] < places[unknown.key, default: 0] {
      if case .done(let id) = entry.state { highest = max(highest, Int(id) ?? 0) }
    }
    return highest
  }
}
