import Catalog

/// The records of one resource.
struct RecordStore: Sendable {
  struct Record: Sendable {
    var id: Int
    var name: String
    /// As the list shows it.
    var xml: [UInt8]
    /// What belongs to it and is not in the list: the exported policy.
    var document: [UInt8] = []
  }

  /// Ascending.
  private(set) var ids: [Int] = []
  private var records: [Int: Record] = [:]
  /// How many records have a name.
  private var names: [String: Int] = [:]
  /// Whether references to it can be checked: a list was loaded, or something was created.
  var isKnown = false
  private(set) var nextID: Int

  init(firstID: Int) { nextID = firstID }

  var count: Int { ids.count }
  var all: [Record] { ids.compactMap { records[$0] } }

  subscript(_ id: Int) -> Record? { records[id] }

  func contains(name: String) -> Bool { names[name, default: 0] > 0 }

  func named(_ name: String) -> Record? { contains(name: name) ? ids.lazy.compactMap { records[$0] }.first { $0.name == name } : nil }

  /// The records from an id on, in the order of their ids.
  func from(_ id: Int) -> ArraySlice<Int> { ids[place(of: id)...] }

  private func place(of id: Int) -> Int {
    var (low, high) = (0, ids.count)
    while low < high {
      let middle = (low + high) / 2
      if ids[middle] < id { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Adds a record, or puts it in the place of the one with its id.
  mutating func put(_ record: Record) {
    if let old = records[record.id] {
      names[old.name, default: 1] -= 1
    } else {
      ids.insert(record.id, at: place(of: record.id))
    }
    names[record.name, default: 0] += 1
    records[record.id] = record
    nextID = max(nextID, record.id + 1)
  }

  mutating func remove(_ id: Int) {
    guard let old = records.removeValue(forKey: id) else { return }
    names[old.name, default: 1] -= 1
    ids.remove(at: place(of: id))
  }

  /// An id that no record has had.
  mutating func newID() -> Int {
    defer { nextID += 1 }
    return nextID
  }
}

/// Everything that the rehearsed subscription holds.
struct Subscription: Sendable {
  private var stores: [String: RecordStore] = [:]
  /// The most records of a page, nil for the documented number.
  var pageSize: Int?
  var firstID = 9_000_001
  /// What the list that is being loaded was asked for.
  var listRequest: [String: String] = [:]
  /// What is known of the time zones of schedules: their details, by their code.
  var zones: [String: String] = [:]
  /// The titles of distribution groups that schedules have named, by their ids.
  var distributionGroups: [String: String] = [:]
  /// The licences for virtual scanners: how many there are, and how many are used, if a list that was loaded has said so.
  var scannerLicenses: (count: Int, used: Int?) = (1000, nil)
  /// How many addresses each module may have, nil for any number.
  var licensedAddresses: Int?
  /// Whether the list of addresses from which one may log in is in force.
  var restrictsIPs = false
  /// The digests of the secrets that have arrived, by `KIND/TITLE/FIELD`.
  var secrets: [String: String] = [:]

  subscript(_ resource: Resource) -> RecordStore {
    get { stores[resource.name] ?? RecordStore(firstID: firstID) }
    // In place, so that a store is not copied for one record.
    _modify { yield &stores[resource.name, default: RecordStore(firstID: firstID)] }
  }
  subscript(of resource: RehearsedResource) -> RecordStore {
    get { stores[resource.name] ?? RecordStore(firstID: firstID) }
    _modify { yield &stores[resource.name, default: RecordStore(firstID: firstID)] }
  }
}
