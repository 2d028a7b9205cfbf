package import Base
package import Catalog
package import Markup

extension Outline {
  /// What the record says that its id is; nil if it says none, or not all of it.
  package func id(by identity: Identity) -> String? {
    guard identity.isJoined else { return text(atFirstOf: identity.id) }
    let values = identity.id.compactMap { text(at: $0)?.trimmed }.filter { !$0.isEmpty }
    return values.count == identity.id.count ? values.joined(separator: ":") : nil
  }
}

extension Identity {
  /// What an object is known by, of the name that its record has.
  ///
  /// A name may stand on a line of its own; its other blanks are part of it. An e-mail address and a name of a host have none, and no case. An
  /// address and a port are what they are, however they are written.
  package func known(_ name: String) -> String {
    switch nameForm {
    case .text: return name.unframed
    case .mail, .host: return name.trimmed.lowercased()
    case .socket:
      let text = name.trimmed
      guard let colon = text.lastIndex(of: ":") else { return text.lowercased() }
      let (address, port) = (String(text[..<colon]), text[text.index(after: colon)...])
      let number = port.drop { $0 == "0" }
      return IPv6Address.known(address) + ":" + (number.isEmpty && !port.isEmpty ? "0" : String(number))
    }
  }
}

/// The objects of a list, by name: one side of a map.
package struct NamedObjects: Sendable {
  /// Resources by the names of their records.
  package struct Resources: Sendable {
    fileprivate let byRecord: [String: Resource]

    /// - Parameter resources: of two with records of one name, the first counts.
    package init(_ resources: [Resource]) {
      let pairs = resources.flatMap { resource in resource.document.records.map { (String($0.split(separator: "/").last ?? ""), resource) } }
      byRecord = Dictionary(pairs) { first, _ in first }
    }
  }

  /// An object of a list.
  package struct Item: Sendable {
    /// What it is: `network`.
    package var kind: String
    /// In its subscription.
    package var id: String
    /// As it is in the list, without the layout around it.
    package var name: String
    /// The id of the object that it is below, empty where names are unique by themselves.
    package var parent = ""

    /// What it is found by in the other list.
    package var key: Key { Key(kind: kind, name: name, parent: parent) }

    /// What a record of a list says of itself, or of those objects that it names; nothing if it is of none of the resources.
    package static func all(in record: borrowing Outline, of resources: Resources) -> [Item] {
      guard let root = record.elements.first, let resource = resources.byRecord[record.string(root.name)], let identity = resource.identity else {
        return []
      }
      if let path = identity.within {
        let path = "\(path)"
        var items: [Item] = []
        for index in record.elements.indices where record.path(to: index) == path {
          func text(_ names: [StaticString]) -> String {
            for name in names { if let text = record.text(ofChild: name, of: index) { return text } }
            return ""
          }
          items.append(Item(kind: resource.kind, id: text(identity.id).trimmed, name: identity.known(text(identity.name))))
        }
        return items
      }
      let id = record.id(by: identity)?.trimmed ?? ""
      let name = identity.isJoined ? id : record.text(atFirstOf: identity.name) ?? ""
      var item = Item(kind: resource.kind, id: id, name: identity.known(name))
      if let path = identity.parent { item.parent = record.text(at: path) ?? "" }
      return [item]
    }

    package init(kind: String, id: String, name: String) {
      self.kind = kind
      self.id = id
      self.name = name
    }

    /// It is a host in a network of its own: an address in another network is another host's.
    fileprivate var isInNetwork: Bool { kind == "host" && !["", "0"].contains(parent.trimmed) }

    fileprivate var subject: Subject { Subject(kind: kind, id: id, name: name) }
  }

  /// What an object of a list is known by: an object of another kind is another one, whatever it is called.
  package struct Key: Hashable, Sendable {
    /// What of it is unique among those of its kind.
    package enum Mark: Hashable, Sendable {
      /// The name in bytes: to the service, an accent of its own is another name. Below, of a tag: the id of its parent, empty for none. Of a domain:
      /// that of its network. Of an option profile: its type.
      case name([UInt8], below: String)
      case id(String)
    }

    /// What it is: `network`.
    package let kind: String
    /// What it is found by.
    package let mark: Mark

    /// Takes the layout around the name away; a parent 0 is none.
    package init(kind: String, name: String, parent: String = "") {
      self.kind = kind
      mark = .name(Array(name.unframed.utf8), below: parent.trimmed == "0" ? "" : parent.trimmed)
    }

    /// Of what is known by its id alone.
    package init(kind: String, id: String) {
      self.kind = kind
      mark = .id(id)
    }
  }

  private var kinds: Set<String> = []
  private var items: [Item] = []
  /// Where the objects of a name stand in `items`.
  private var places = NameTable<[Int]>()
  /// Of hosts in networks of their own, by their addresses.
  private var placesInNetworks = NameTable<[Int]>()
  /// The ids of those that hosts are in.
  private var networks: Set<String> = []
  /// The names of an id.
  private var names: [String: [String]] = [:]

  package init() {}

  /// Adds an object of a list, or of one of its pages.
  package mutating func add(_ item: Item) {
    kinds.insert(item.kind)
    if item.kind == "host" { networks.insert(item.isInNetwork ? item.parent.trimmed : "0") }
    // A page that was fetched twice is no second object.
    if !item.name.isEmpty, let known = places(as: item)[exactly: item.name], known.contains(where: { items[$0].id == item.id }) { return }
    if item.name.isEmpty, !item.id.isEmpty, names[item.id]?.contains("") == true { return }
    if !item.name.isEmpty {
      if item.isInNetwork {
        placesInNetworks[exactly: item.name, default: []].append(items.count)
      } else {
        places[exactly: item.name, default: []].append(items.count)
      }
    }
    if !item.id.isEmpty { names[item.id, default: []].append(item.name) }
    items.append(item)
  }

  /// Adds the kind of a list that may have no objects at all, by its root element. A search may be one of several: then its objects say it.
  package mutating func add(root: String) {
    let kinds = Set(Catalog.mappable.filter { $0.document.roots.contains(root) }.map(\.kind))
    if kinds.count == 1 { self.kinds.formUnion(kinds) }
  }

  /// What became of each object of a source list.
  package struct Match: Sendable {
    /// What the objects are: "network".
    package var kind: String
    /// The rows of the map, with its header.
    package var table = CSV.row(["source_id", "target_id", "name"])
    /// How many rows there are, without the header.
    package var count = 0
    /// What has no target, and why.
    package var lacking: [Note] = []
    /// What nothing can be mapped to, and why.
    package var useless: [Note] = []
  }

  /// Matches by name. Errors: `refused` if the lists are of two kinds.
  ///
  /// - Parameter filler: what stands for the target of an object that has none, but an id: nothing, where a person fills it in, or the mark of a map. Without
  ///   one, it has no row.
  package func matched(in target: NamedObjects, filler: String? = nil) throws(Complaint) -> Match {
    let kinds = kinds.union(target.kinds)
    guard kinds.count <= 1 else {
      throw Complaint(.refused, "the lists are not of one kind: \(kinds.sorted().joined(separator: ", "))")
    }
    var match = Match(kind: kinds.first ?? "object")
    for item in target.items {
      if let fault = Self.fault(of: item) { match.useless.append(Note(.refused, item.subject, "in the target, \(fault)")) }
    }
    var unfilled: Set<String> = []
    for item in items {
      switch counterpart(of: item, in: target) {
      case .success(let other):
        match.table += CSV.row([item.id, other.id, item.name])
        match.count += 1
      case .failure(let why):
        match.lacking.append(Note(.refused, item.subject, why.reason))
        guard let filler, Self.form(of: item).fault(of: item.id) == nil, unfilled.insert(item.id).inserted else { continue }
        match.table += CSV.row([item.id, filler, item.name])
      }
    }
    return match
  }

  /// Where those stand that may have the name of an object, and be it.
  private func places(as item: Item) -> NameTable<[Int]> { item.isInNetwork ? placesInNetworks : places }

  private struct Obstacle: Error { var reason: String }

  /// The one object of the target that has the name of this one.
  private func counterpart(of item: Item, in target: NamedObjects) -> Result<Item, Obstacle> {
    if let fault = Self.fault(of: item) ?? clash(of: item) { return .failure(Obstacle(reason: fault)) }
    // The Global Default Network is the same everywhere, whether a list has it or not.
    if item.kind == "network", item.id == "0" { return .success(item) }
    let found = target.places(as: item).values(for: item.name).flatMap { $0 }
    guard let first = found.first else {
      let place = item.kind == "host" ? item.isInNetwork ? " in a network of its own" : " in the Global Default Network" : ""
      return .failure(Obstacle(reason: "the target has none of this name\(place)"))
    }
    // Where the target has only an equivalent of the name, no other name may be one as well.
    let isExact = target.places(as: item)[exactly: item.name] != nil
    let own = places(as: item)
    let rivals = isExact ? own[exactly: item.name]?.count ?? 0 : own.equivalents(of: item.name).reduce(0) { $0 + $1.count }
    guard rivals == 1, found.count == 1 else {
      return .failure(Obstacle(reason: isExact ? "several objects have this name" : "several objects have an equivalent name, and none has the same"))
    }
    let other = target.items[first]
    if let fault = Self.fault(of: other) ?? target.clash(of: other) { return .failure(Obstacle(reason: "in the target, \(fault)")) }
    if let fault = doubt(about: item, in: target) { return .failure(Obstacle(reason: fault)) }
    return .success(other)
  }

  /// Why a host in a network of its own has no place in the map: the networks of two subscriptions have other ids, and whoever reads the map knows
  /// the address alone.
  private func doubt(about item: Item, in target: NamedObjects) -> String? {
    guard item.isInNetwork, networks.count > 1 || target.networks.count > 1 else { return nil }
    return "the lists have hosts of several networks: fetch those of one network of each subscription (network_ids), and map these"
  }

  private static func form(of item: Item) -> IDForm { item.kind == "user" ? .user : .number }

  /// What an object lacks.
  private static func fault(of item: Item) -> String? {
    if item.id.isEmpty { return "it has no id: was the list fetched without attributes?" }
    if let fault = form(of: item).fault(of: item.id) { return "\"\(item.id)\" is no id: \(fault)" }
    if !item.name.isEmpty { return nil }
    return ["user", "portal-user"].contains(item.kind) ? "it has no e-mail address" : "it has no name: was the list fetched without attributes?"
  }

  /// An id is one object's.
  private func clash(of item: Item) -> String? {
    guard let all = names[item.id], all.count > 1 else { return nil }
    return "the id \(item.id) has several names: " + all.map { "\"\($0)\"" }.joined(separator: ", ")
  }
}
