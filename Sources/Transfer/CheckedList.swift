package import Base
internal import Catalog
package import Requests
package import Sealing
internal import Toolbox

/// A request list that has been read to its end and found right, before the first request of it is sent.
///
/// A line is parsed, and its digest made, once. The requests wait in a file without a name; in memory is only where each stands.
package struct CheckedList: Sendable {
  /// Where a request waits.
  struct Place: Sendable {
    /// In the file.
    var range: Range<Int>
    /// In the list.
    var line: Int
    /// What the journal knows it by.
    var key: RequestKey
    /// What a journal of an earlier version knows it by, if that is something else.
    var formerKey: RequestKey?
    /// It only reads: sent twice, it does no harm.
    var isHarmless: Bool
    /// The number of its queue: requests of one keep their order.
    var queue: Int
    /// The number of the list of the target that shows its object; -1 if there is none.
    var lookupList: Int
  }

  private let file: NamelessFile
  private(set) var places: [Place]
  /// How many queues there are.
  let queues: Int
  /// Those of calls that the service does not count: of the asset management API.
  private let uncounted: Set<Int>
  /// The lists of the target that show what the requests create.
  let lookupLists: [LookupList]
  /// What the requests do: `create 9 tags, update 2 asset groups`.
  let deeds: String
  /// The files that the list was read from.
  let sources: [FileIdentity]
  /// What its comments say.
  private let claims: [String]
  /// The secrets that the list needs, with the first line that needs each.
  private let needed: [(secret: Request.NeededSecret, line: Int)]

  /// - Parameter takesSecrets: a request may need a secret.
  /// - Errors: `refused` for a line that is not a request, or that says the same as an earlier one: sent twice, it would be created twice.
  package init(_ paths: [String], takesSecrets: Bool = false) throws(Complaint) {
    var needed: [(secret: Request.NeededSecret, line: Int)] = []
    var known: Set<SecretName> = []
    var inBodies: Set<SecretName> = []
    file = try NamelessFile()
    var lines: [RequestKey: Int] = [:]
    var queues: [String: Int] = [:]
    var uncounted: Set<Int> = []
    var lookupLists: [LookupList] = []
    var lookupListNumbers: [String: Int] = [:]
    var deeds = Deeds()
    var places: [Place] = []
    var pending: [UInt8] = []
    var claims: [String] = []
    let spool = file.descriptor
    try ListReader(paths).forEachRequest { request, _, number throws(Complaint) in
      let orderingKey = request.orderingKey
      let looked = LookupList.of(request, orderingKey: orderingKey)
      let prepared: PreparedRequest
      do throws(Complaint) {
        prepared = try PreparedRequest(request, line: number, matchKey: looked?.matchKey)
        if !takesSecrets {
          if try prepared.needsSecrets { throw PreparedRequest.needsSecret }
        } else {
          for secret in try prepared.neededSecrets(of: request)
          where known.insert(secret.name).inserted || secret.isInBody && inBodies.insert(secret.name).inserted {
            needed.append((secret, number))
          }
        }
      } catch {
        throw error.at("line \(number)")
      }
      if let first = lines.updateValue(number, forKey: prepared.key) {
        throw Complaint(.refused, "it says the same as line \(first): it would be created twice", at: "line \(number)")
      }
      deeds.add(request, noun: looked?.lookupList.resource.noun ?? request.deletion?.resource.noun ?? orderingKey, isCreation: looked != nil)
      let queue = queues[orderingKey] ?? queues.count
      queues[orderingKey] = queue
      if request.path.hasPrefix("/qps/") { uncounted.insert(queue) }
      var lookupListNumber = -1
      if let lookupList = looked?.lookupList {
        lookupListNumber = lookupListNumbers[lookupList.key] ?? lookupLists.count
        if lookupListNumber == lookupLists.count { lookupLists.append(lookupList) }
        lookupListNumbers[lookupList.key] = lookupListNumber
      }
      let start = places.last?.range.upperBound ?? 0
      let bytes = prepared.stored
      places.append(
        Place(
          range: start..<start + bytes.count, line: number, key: prepared.key, formerKey: prepared.formerKey, isHarmless: prepared.isHarmless,
          queue: queue,
          lookupList: lookupListNumber))
      pending += bytes
      if pending.count > 1 << 16 {
        try Self.spool(pending, to: spool)
        pending.removeAll(keepingCapacity: true)
      }
    } comment: {
      if Server.isClaim($0) { claims.append($0) }
    }
    try Self.spool(pending, to: spool)
    self.places = places
    self.queues = queues.count
    self.uncounted = uncounted
    self.lookupLists = lookupLists
    self.deeds = deeds.text
    self.needed = needed
    self.claims = claims
    sources = paths.compactMap { $0 == "-" ? FileIdentity(descriptor: 0) : FileIdentity(path: $0) }
  }

  private static func spool(_ bytes: [UInt8], to file: Int32) throws(Complaint) {
    do throws(Complaint) { try Descriptor.write(bytes, to: file) } catch { throw Complaint(.local, "cannot spool the list: \(error.reason)") }
  }

  /// The request that waits at a place. Several threads may ask at once.
  func request(at place: Place) throws(Complaint) -> PreparedRequest {
    try PreparedRequest(stored: Descriptor.read(file.descriptor, at: place.range.lowerBound, place.range.count), line: place.line, key: place.key)
  }

  /// What an earlier version has sent is known by what that has written.
  mutating func recognize(in entries: [String: Journal.Entry]) {
    for index in places.indices {
      guard let former = places[index].formerKey, entries[places[index].key.digits] == nil, entries[former.digits] != nil else { continue }
      places[index].key = former
    }
  }

  /// Errors: `refused` if the list says that it is for another server.
  func check(for server: Server) throws(Complaint) { for claim in claims { try server.check(claim) } }

  /// Errors: `refused` if a file lacks secrets that the list needs, or has some that cannot stand where they belong. All of them are named.
  package func check(_ secrets: SecretTable, of path: String) throws(Complaint) {
    var lacking: [String] = []
    var foreign: [String] = []
    var known: Set<SecretName> = []
    for (secret, line) in needed {
      let label = "\(secret.name.text) (line \(line))"
      if secrets.row(of: secret.name)?.isFilled != true {
        if known.insert(secret.name).inserted { lacking.append(label) }
      } else if secret.isInBody, !secrets.isXML(secret.name) {
        foreign.append(label)
      }
    }
    var faults: [String] = []
    if !lacking.isEmpty {
      faults.append("the list needs \(lacking.count) secret\(lacking.count == 1 ? "" : "s") that the file lacks: \(lacking.joined(separator: "; "))")
    }
    if !foreign.isEmpty { faults.append("XML cannot hold a character of \(foreign.joined(separator: "; "))") }
    if !faults.isEmpty { throw Complaint(.refused, faults.joined(separator: "; ") + ": nothing was sent", at: path.shown) }
  }

  /// Prints what would be sent as curl commands for a shell.
  ///
  /// - Parameters:
  ///   - journal: what is done, or may be, by this journal's word is not printed, and counted.
  ///   - refusesChanged: a record that was sent with other contents is refused.
  ///   - asksFirst: the target would be asked what is there by now.
  package func print(
    for server: Server, journal: String?, refusesChanged: Bool, asksFirst: Bool, isQuiet: Bool
  ) throws(Complaint) {
    try check(for: server)
    let entries = try journal.map { path throws(Complaint) in try Journal.entries(of: path, server: server.base) } ?? [:]
    var list = self
    list.recognize(in: entries)
    try list.print(for: server, entries, counts: journal != nil, refusesChanged: refusesChanged, asksFirst: asksFirst, isQuiet: isQuiet)
  }

  private func print(
    for server: Server, _ entries: [String: Journal.Entry], counts: Bool, refusesChanged: Bool, asksFirst: Bool, isQuiet: Bool
  ) throws(Complaint) {
    if refusesChanged { try refuseChanged(since: entries) }
    if !isQuiet, let words = calls(entries, questions: asksFirst ? try TakenNames(of: self, entries).count : 0) { Terminal.remark(words) }
    var spool = HeldOutput(unbuffered: false)
    for place in places where Standing.isToSend(place, entries) {
      let request = try request(at: place)
      // curl would send the name of a secret as it stands.
      let lead = try request.needsSecrets ? "# This needs a secret, which qtbx-push alone fills in:\n# " : ""
      try spool.append(Array((lead + request.curlCommand(for: server)).utf8))
    }
    try spool.flush()
    if counts, !isQuiet { Terminal.remark(Standing(of: places, entries).text) }
  }
}

extension CheckedList {
  /// How many calls are to be sent, and how long the service makes their sender wait, by the limit that it has for most: 300 an hour, of each API for
  /// itself. Nil if there are none.
  ///
  /// - Parameter questions: how many lists are asked for before.
  private func calls(_ entries: [String: Journal.Entry], questions: Int) -> String? {
    let limit = 300
    var counts: [Int: Int] = [:]
    for place in places where Standing.isToSend(place, entries) { counts[place.queue, default: 0] += 1 }
    let all = counts.values.reduce(0, +)
    if all == 0 { return nil }
    let hours = counts.reduce(0) { $0 + (uncounted.contains($1.key) ? 0 : ($1.value - 1) / limit) }
    let wait = hours == 0 ? "no waiting" : "\(hours) hour\(hours == 1 ? "" : "s") of waiting"
    let first = questions == 0 ? "" : ", and \(questions) before that"
    return "\(all) call\(all == 1 ? "" : "s") to send\(first); at \(limit) calls an hour of each API: \(wait)"
  }
}

/// What the requests of a list do, counted by verb and kind.
private struct Deeds {
  private var counts: [String: Int] = [:]
  private var order: [(verb: String, noun: String)] = []

  /// - Parameter isCreation: a list of the target shows what it creates.
  mutating func add(_ request: Request, noun unnamed: String, isCreation: Bool) {
    let segments = request.path.split(separator: "/")
    let isRest = segments.starts(with: ["qps", "rest"]) && segments.count > 3
    let action = request.parameters.first { $0.name == "action" }?.value ?? (isRest ? String(segments[3]) : "")
    let verb =
      switch action {
      case _ where request.deletion != nil: "delete"
      case "add", "create", "import": "create"
      case "" where request.method == "DELETE": "delete"
      case "" where request.method == "PUT": "update"
      case "": request.method == "GET" ? "ask" : isCreation ? "create" : "send"
      default: action
      }
    let noun = request.origin.map { Subject(kind: $0.kind).description } ?? unnamed
    let key = "\(verb) \(noun)"
    if counts[key] == nil { order.append((verb, noun)) }
    counts[key, default: 0] += 1
  }

  var text: String {
    let parts = order.map { verb, noun in
      let count = counts["\(verb) \(noun)", default: 0]
      if noun.contains("/") { return "\(verb) \(count) of \(noun)" }
      return "\(verb) \(noun.counted(count))"
    }
    return parts.prefix(6).joined(separator: ", ") + (parts.count > 6 ? ", and \(parts.count - 6) more kinds" : "")
  }
}
