package import Base
internal import Glibc
internal import Requests
package import Sealing
internal import Toolbox

/// A list on its way to a server: what is said before, the sending, and the verdict.
package struct PushRun: Sendable {
  /// What a user has chosen.
  package struct Options: Sendable {
    /// How requests are sent.
    package var sending = Sender.SendOptions()
    /// How many requests are under way at the same time.
    package var jobs = 1
    /// The target is asked what became of requests whose answers were lost.
    package var resolves = false
    /// How long a request whose answer was lost may still be at work on the server, in seconds.
    package var settle = 300
    /// Where the map of old and new ids is written; nil for nowhere.
    package var mapOut: String?
    /// Maps whose names are put beside the ids in the service's messages.
    package var maps: [String] = []
    /// What else is read, where nothing may be written.
    package var reads: [String] = []
    /// Where the passwords of new users are sealed; nil for nowhere.
    package var credentials: String?
    /// Where the passphrase of that file comes from.
    package var passphrase = PassphraseOptions()
    /// Standard input is data.
    package var readsInput = false
    /// Only what went wrong is said.
    package var isQuiet = false
    /// A record that was sent with other contents is not sent once more.
    package var refusesChanged = false
    /// What the target has by now, under its name, is not created once more: the target is asked.
    package var refusesThere = false
    /// Nobody is asked before the first request is sent.
    package var isSure = false

    package init() {}
  }

  private var list: CheckedList
  private let choices: Options
  /// The path of the journal.
  private let journal: String

  package init(_ list: CheckedList, journal: String, _ choices: Options) {
    self.list = list
    self.journal = journal
    self.choices = choices
  }

  /// Sends the requests, those of one queue in their order. Errors: how `Sender.Tally.ending` says it, if any of them is not done at the
  /// end.
  package mutating func send(_ options: ServerOptions) throws(Complaint) {
    let server = try options.destination()
    try list.check(for: server)
    let user = try options.asker()
    let names = try choices.maps.map { path throws(Complaint) in try ObjectNames(of: path) }
    // Before something is done whose answer would have no place.
    try checkPlaces()
    // A pipe or a device is opened once only.
    var map = try choices.mapOut.map { path throws(Complaint) in try AtomicFile(path) }
    if map?.canRewind ?? false { map = nil }
    let journal = try Journal(journal, server: server.base)
    if let own = journal.identity, own == FileIdentity(descriptor: STDOUT_FILENO) || own == choices.mapOut.flatMap({ FileIdentity(path: $0) }) {
      throw Complaint(.usage, "the results and the map cannot go where the journal is")
    }
    list.recognize(in: journal.entries)
    if choices.refusesChanged { try list.refuseChanged(since: journal.entries) }
    try announce(journal.entries, server, user)
    var sending = choices.sending
    sending.credentials = try credentialsFile()
    let connections = try options.connections(to: server, grace: choices.sending.policy.scale * 5, inputIsData: choices.readsInput)
    Interruption.watch()
    // A reader that leaves ends the run, but not before it is written down what became of all that is under way.
    signal(SIGPIPE, SIG_IGN)
    let sender = Sender(journal, sending, of: list.places.count, names: names) { line throws(Complaint) in
      do throws(Complaint) { try Descriptor.write(Array(line.utf8), to: STDOUT_FILENO) } catch { throw error.at("standard output") }
    }
    // None takes the place of another one: of each, something else follows.
    var failures: [Complaint] = []
    do throws(Complaint) {
      if choices.resolves {
        var resolution = try Reconciliation(of: list, sender, over: connections(), choices.sending.policy, settle: choices.settle)
        try resolution.settle(sender)
      }
      if choices.refusesThere { try list.refuseTaken(sender, over: connections(), choices.sending.policy) }
      try send(sender, connections)
    } catch { failures.append(error) }
    do throws(Complaint) { try sender.finish() } catch { failures.append(error) }
    if let mapOut = choices.mapOut {
      do throws(Complaint) {
        if map == nil { map = try AtomicFile(mapOut) }
        try map?.append(sender.map(of: list))
        try map?.commit()
      } catch { failures.append(error) }
    }
    // What nobody can get again comes first.
    if let failure = Complaint.all(sender.losses + failures) { throw failure }
    try verdict(sender.tally)
  }

  /// The file for the passwords of new users, ready to be written. Errors: `local`; `sealed`.
  private func credentialsFile() throws(Complaint) -> CredentialsFile? {
    guard let path = choices.credentials else { return nil }
    let isNew = FileIdentity(path: path) == nil
    return try CredentialsFile(path, passphrase: choices.passphrase.passphrase(of: path, isNew: isNew, inputIsData: choices.readsInput))
  }

  /// Errors: `usage` if two of the files are one; `local` if there is no folder for the answers.
  private func checkPlaces() throws(Complaint) {
    let results = FileIdentity(descriptor: STDOUT_FILENO)
    let map = choices.mapOut.flatMap { FileIdentity(path: $0) }
    if map != nil, map == results { throw Complaint(.usage, "the results and the map cannot go to one file") }
    if list.sources.contains(where: { $0 == map || $0 == results }) {
      throw Complaint(.usage, "the results and the map cannot go where the list is")
    }
    let read = (choices.maps + choices.reads).compactMap { path in FileIdentity(path: path).map { (path, $0) } }
    if let (path, _) = read.first(where: { $0.1 == map || $0.1 == results }) {
      throw Complaint(.usage, "the results and the map cannot go where \(path.shown) is, which is read")
    }
    if let file = choices.credentials.flatMap({ FileIdentity(path: $0) }),
      ([results, map, FileIdentity(path: journal)] + list.sources.map { Optional($0) }).contains(file)
    {
      throw Complaint(.usage, "the passwords cannot go where the journal, the list, the results or the map is")
    }
    if let folder = choices.sending.answers {
      var status = stat()
      guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, access(folder, W_OK | X_OK) == 0 else {
        throw Complaint(.local, "this is no folder that can be written to", at: folder.shown)
      }
      if let mapOut = choices.mapOut, KeptAnswers.has(mapOut, in: folder) {
        throw Complaint(.usage, "the map cannot go where an answer may go", at: mapOut.shown)
      }
    }
  }

  /// Says what is going to be done, where, and as whom, and asks a person at a terminal. Errors: `refused` if the person says no.
  private func announce(_ entries: [String: Journal.Entry], _ server: Server, _ user: String) throws(Complaint) {
    let standing = Standing(of: list.places, entries)
    let count = list.places.count
    let what = "\(count) request\(count == 1 ? "" : "s") to \(server.base) as \(user)" + (list.deeds.isEmpty ? "" : ": \(list.deeds)")
    let whole = what + (standing.isBegun ? "; \(standing.text)" : "")
    let asks = !choices.isSure && (standing.unsent > 0 || choices.resolves && count > 0) && isatty(STDERR_FILENO) == 1
    let terminal = asks ? open("/dev/tty", O_RDWR | O_CLOEXEC) : -1
    if !choices.isQuiet || terminal >= 0 { Terminal.remark(whole.shown) }
    guard terminal >= 0 else { return }
    defer { close(terminal) }
    try Descriptor.write(Array("Send? (y/n) ".utf8), to: terminal)
    var answer: [UInt8] = []
    while answer.last != "\n", answer.count < 100 {
      if try Descriptor.read(terminal, 1, into: &answer) == 0 { break }
    }
    guard ["y", "yes"].contains(String(decoding: answer, as: UTF8.self).trimmed.lowercased()) else {
      throw Complaint(.refused, "you have not said yes: nothing was sent (--yes does not ask)")
    }
  }

  private func send(_ sender: Sender, _ connections: @escaping @Sendable () throws(Complaint) -> Connection) throws(Complaint) {
    /// Sends requests, one after the other. Returns how many.
    @Sendable func send(_ places: ArraySlice<CheckedList.Place>, over connection: Connection, while isWanted: () -> Bool) throws(Complaint) -> Int {
      var count = 0
      do throws(Complaint) {
        for place in places {
          count += 1
          if try !sender.send(list.request(at: place), over: connection) || !isWanted() { break }
        }
      } catch {
        sender.stop()
        throw error
      }
      return count
    }
    // Alone, until the service has taken the login: several wrong ones at once would lock the account.
    let first = try send(list.places[...], over: connections()) { choices.jobs == 1 || !sender.isKnown }
    guard first < list.places.count, !sender.isOver else { return }
    var queues: [[CheckedList.Place]] = Array(repeating: [], count: list.queues)
    for place in list.places[first...] { queues[place.queue].append(place) }
    let pool = OrderedWorkerPool<[CheckedList.Place], Int>(size: choices.jobs) { () throws(Complaint) in
      let connection = try connections()
      return { queue throws(Complaint) in try send(queue[...], over: connection) { true } }
    }
    defer { pool.shutDown() }
    for queue in queues where !queue.isEmpty { try pool.submit(queue) { _ in } }
    try pool.drain { _ in }
  }

  /// The first ones: the results name all.
  static func some(of labels: [String]) -> String {
    labels.prefix(10).joined(separator: "; ") + (labels.count > 10 ? "; and \(labels.count - 10) more" : "")
  }

  private func verdict(_ tally: Sender.Tally) throws(Complaint) {
    let ending = tally.ending(of: list.places.count)
    var line = "\(tally.done) done, \(tally.alreadyDone) already done, \(tally.refused) refused, \(tally.unknown.count) unknown"
    if !tally.partly.isEmpty { line += ", \(tally.partly.count) done in part" }
    if tally.found > 0 { line += ", \(tally.found) found" }
    guard let ending else {
      if !choices.isQuiet { Terminal.remark(line) }
      return
    }
    var advice: [String] = []
    if !tally.unknown.isEmpty {
      // Whether to look for something that is there, or for something that is gone.
      let deed = tally.deeds.count == 1 ? tally.deeds.first ?? "done" : "done"
      advice.append(
        "look in the target for what is unknown (\(Self.some(of: tally.unknown))): it may have been \(deed), so it is not sent again; "
          + (choices.resolves ? "--resolve once more helps only where a list shows it" : "--resolve looks")
      )
    }
    if !tally.partly.isEmpty {
      advice.append("see the results for what is done in part (\(Self.some(of: tally.partly))): it is never sent again")
    }
    if tally.settled < list.places.count { advice.append("the same command with the journal \(journal.shown) goes on from here") }
    throw Complaint(ending, line + (advice.isEmpty ? "" : ": " + advice.joined(separator: "; ")))
  }
}

/// The names of the target's objects, by their ids, as a map has them.
struct ObjectNames: Sendable {
  let names: [String: String]

  /// Reads a map, as every program does. Errors: `refused` if it is none; `local`.
  init(of path: String) throws(Complaint) {
    let bytes = try Input(path).rest()
    do throws(Complaint) { names = try IDMap(parsing: bytes).namesByTarget } catch {
      throw Complaint(error.kind, error.reason, at: path.shown + (error.place.map { ":" + $0 } ?? ""))
    }
  }
}
