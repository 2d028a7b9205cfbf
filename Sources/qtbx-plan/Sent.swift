import Base
import Catalog
import Requests

extension Request {
  /// It sets something that is there, and creates nothing.
  var changesWhatIsThere: Bool { Catalog.undoing(path: path, below: "", value: value)?.undoing.creates == false }
}

/// What journals of `qtbx-push` say was sent, and has not been deleted since: by the requests, not by the names of records.
struct Sent {
  enum Fate: Hashable {
    /// It was sent, and taken.
    case done
    /// It was sent, and only some of it was taken: what the service has said of the rest.
    case partly(String)
    /// It was sent, and its answer was lost.
    case unknown
    /// What it has created was to be deleted, and that answer was lost.
    case perhapsDeleted

    /// What a plan says of it, where there is something to say.
    var reason: String? {
      switch self {
      case .done: nil
      case .partly(let rest): "it has been sent, and was done in part" + (rest.isEmpty ? "" : " (\(rest))")
      case .unknown: "it has been sent, and its answer was lost: the journal does not know what became of it"
      case .perhapsDeleted: "it was to be deleted, and the answer was lost: the journal does not know what became of it"
      }
    }

    /// Of several requests for the same thing, this one being the last, one that is certain says it. What was taken in part since is not all there.
    func or(_ other: Fate?) -> Fate {
      if case .partly = self { return self }
      return other == .done ? .done : self
    }
  }

  /// A call, and what it is about.
  private struct Key: Hashable {
    let call: String
    let kind: String
    /// In bytes: a name with an accent of its own is another one.
    let id: [UInt8]

    init(call: String, kind: String, id: String) { (self.call, self.kind, self.id) = (call, kind, Array(id.utf8)) }
  }

  /// Addresses of one request.
  struct Addresses {
    let call: String
    let fate: Fate
    let parameters: [Request.Parameter]
    var ranges: [ClosedRange<UInt32>] = []
    var others: Set<String> = []
  }

  private var fates: [Key: Fate] = [:]
  /// When the last of those requests was settled that change what is there.
  private var changes: [Key: Int] = [:]
  private(set) var addresses: [Addresses] = []
  /// The addresses that stand for one of IPv6, by what became of their requests.
  private var mapped: [(fate: Fate, addresses: AddressSet)] = []
  /// By the id of the target, the network of the source that a journal has created there.
  private(set) var networks: [String: String] = [:]
  /// How many requests for IPv6 mapping records there are of which no journal says which ones they are.
  private(set) var unnamedMappings = 0

  /// Reads journals.
  ///
  /// - Parameter server: whose they must be; nil if they may be of any one.
  /// - Errors: those of reading; `refused` if one is of another server.
  init(_ paths: [String], of server: String?) throws(Complaint) {
    var entries: [JournalText.Entry] = []
    _ = try JournalText.read(paths, of: server.map { name throws(Complaint) in try Server(name).base }) { entries += $0.requests }
    var deletions = JournalDeletions()
    for entry in entries { deletions.add(entry) }
    for entry in entries where !entry.isDeletion && !entry.call.hasPrefix("GET ") { take(entry, deletions) }
    mapped = Self.byFate(addresses.filter { $0.call == Self.mappings }).map { ($0.fate, AddressSet($0.addresses.flatMap(\.ranges))) }
  }

  private mutating func take(_ entry: JournalText.Entry, _ deletions: JournalDeletions) {
    guard let fate = Self.fate(of: entry, deletions) else { return }
    let request = Request(call: entry.call)
    let call = request.map { Self.call(of: $0) } ?? ""
    var key = Key(call: call, kind: entry.kind, id: entry.source)
    if entry.source.isEmpty, let request {
      if call == Self.tagCreation { key = Key(call: call, kind: entry.below, id: entry.name) }
      if Self.isOfAddresses(call) { take(addresses: entry, request, call, fate) }
    }
    fates[key] = fate.or(fates[key])
    if fate == .done, entry.undoing?.undoing.creates == false { changes[key] = max(changes[key] ?? 0, entry.latest) }
    if entry.kind == "network", case .done(let id) = entry.state, !entry.source.isEmpty { networks[id] = entry.source }
  }

  /// What became of a request; nil if it has left nothing.
  private static func fate(of entry: JournalText.Entry, _ deletions: JournalDeletions) -> Fate? {
    let id: String
    let fate: Fate
    switch entry.state {
    case .refused, .unsent: return nil
    case .unknown: return .unknown
    case .done(let done): (id, fate) = (done, .done)
    case .partly(let ids, let rest): (id, fate) = (ids, .partly(rest))
    }
    guard case .deletion(let deletion)? = entry.undoing?.undoing.way, let request = try? entry.request(deletion, of: id) else { return fate }
    switch deletions.covers(request, since: entry.latest) {
    case true?: return nil
    case false?: return fate
    case nil: return .perhapsDeleted
    }
  }

  private mutating func take(addresses entry: JournalText.Entry, _ request: Request, _ call: String, _ fate: Fate) {
    if call == Self.mappings, entry.name.isEmpty { unnamedMappings += 1 }
    var addresses = Addresses(call: call, fate: fate, parameters: request.parameters.filter { $0.name != "action" })
    for part in entry.name.utf8.split(separator: UInt8(ascii: ",")) {
      if let range = ClosedRange<UInt32>(addresses: Array(part)[...]) {
        addresses.ranges.append(range)
      } else {
        addresses.others.insert(String(decoding: Array(part), as: UTF8.self))
      }
    }
    self.addresses.append(addresses)
  }

  // MARK: Calls

  /// What a request calls and what it does, without what differs from call to call: the version, and an id.
  static func call(of request: Request) -> String {
    let path = request.path.split(separator: "/").filter { part in !part.utf8.allSatisfy { $0.isDigit || $0 == "." } }.joined(separator: "/")
    return path + (request.value("action").map { " " + $0 } ?? "")
  }

  private static let tagCreation = "qps/rest/create/am/tag"
  private static let mappings = "api/fo/asset/ip/v4_v6 add"
  private static func isOfAddresses(_ call: String) -> Bool {
    call == mappings || call == "api/fo/asset/ip add" || call == "api/fo/asset/excluded_ip add"
  }

  // MARK: What is asked

  /// What became of the request of a record; nil if no journal says that it is there.
  func fate(of call: String, kind: String, id: String) -> Fate? {
    // A journal of the first version does not say the call.
    let plain = id.isEmpty ? nil : fates[Key(call: "", kind: kind, id: id)]
    return fates[Key(call: call, kind: kind, id: id)].map { $0.or(plain) } ?? plain
  }

  /// The same of a tree of tags, by the name of its root and the id in the target of what that is below.
  func fate(ofTree name: String, below parent: String) -> Fate? { fates[Key(call: Self.tagCreation, kind: parent, id: name)] }

  /// The same of the mapping record of an address.
  func fate(ofMapping address: String) -> Fate? {
    guard let range = ClosedRange<UInt32>(addresses: Array(address.utf8)[...]) else { return nil }
    return mapped.first { $0.addresses.contains(range.lowerBound) }?.fate
  }

  /// Addresses by what became of their requests, what is certain first.
  static func byFate(_ all: [Addresses]) -> [(fate: Fate, addresses: [Addresses])] {
    var fates: [Fate] = [.done]
    var known: [Fate: [Addresses]] = [:]
    for one in all {
      if !fates.contains(one.fate) { fates.append(one.fate) }
      known[one.fate, default: []].append(one)
    }
    return fates.compactMap { fate in known[fate].map { (fate, $0) } }
  }

  /// When a request that changes what is there was last done, in seconds since 1970. Nil if no journal has one.
  func change(by call: String, kind: String, id: String) -> Int? { changes[Key(call: call, kind: kind, id: id)] }
}
