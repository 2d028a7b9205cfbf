internal import Glibc
package import Markup
internal import Requests
internal import Toolbox

/// A request list that has been read to its end and found right, before the first request of it is sent.
///
/// The lines wait in a file without a name; in memory are only where each stands, and the digests while the list is read.
package struct CheckedList: ~Copyable {
  /// Where a request waits.
  struct Place: Sendable {
    /// In the file.
    var range: Range<Int>
    /// In the list.
    var line: Int
    /// The number of its lane: requests of one keep their order.
    var lane: Int
  }

  private let file: Int32
  private let places: [Place]
  private let lanes: Int

  deinit { close(file) }

  /// Errors: `refused` for a line that is not a request, or that says the same as an earlier one: sent twice, it would be created twice.
  package init(_ paths: [String]) throws(Complaint) {
    // A limit on the size of files must be an error that can be told, not the end: for the journal, too.
    signal(SIGXFSZ, SIG_IGN)
    var template = Array(((getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp") + "/qtbx.XXXXXX").utf8CString)
    file = mkstemp(&template)
    guard file >= 0 else { throw Complaint(.local, "cannot spool: " + Descriptor.reason(errno)) }
    unlink(&template)
    // No password command gets it.
    _ = fcntl(file, F_SETFD, FD_CLOEXEC)
    var lines: [String: Int] = [:]
    var lanes: [String: Int] = [:]
    var places: [Place] = []
    var pending: [UInt8] = []
    let spool = file
    try ListReader(paths).forEachRequest { request, line, number throws(Complaint) in
      let prepared: PreparedRequest
      do throws(Complaint) { prepared = try PreparedRequest(request, line: number) } catch { throw error.at("line \(number)") }
      if let first = lines.updateValue(number, forKey: prepared.key) {
        throw Complaint(.refused, "it says the same as line \(first): it would be created twice", at: "line \(number)")
      }
      let lane = lanes[prepared.lane] ?? lanes.count
      lanes[prepared.lane] = lane
      let start = places.last?.range.upperBound ?? 0
      places.append(Place(range: start..<start + line.count, line: number, lane: lane))
      pending += line
      if pending.count > 1 << 16 {
        try Descriptor.write(pending, to: spool)
        pending.removeAll(keepingCapacity: true)
      }
    }
    try Descriptor.write(pending, to: file)
    self.places = places
    self.lanes = lanes.count
  }

  /// Reads the requests of some places. Several threads may do so at once.
  private static func forEach(_ places: ArraySlice<Place>, in file: Int32, _ body: (Request, Int) throws(Complaint) -> Bool) throws(Complaint) {
    for place in places {
      var filled = 0
      let line = [UInt8](unsafeUninitializedCapacity: place.range.count) { memory, used in
        while used < memory.count {
          filled = pread(file, memory.baseAddress.map { $0 + used }, memory.count - used, place.range.lowerBound + used)
          if filled > 0 { used += filled } else if filled == 0 || errno != EINTR { break }
        }
      }
      guard line.count == place.range.count else {
        throw Complaint(.local, "cannot read what was spooled: " + Descriptor.reason(filled < 0 ? errno : EIO))
      }
      if case .request(let request) = try RequestLine(parsing: line) {
        if try !body(request, place.line) { return }
      }
    }
  }

  func forEach(_ body: (Request, Int) throws(Complaint) -> Bool) throws(Complaint) { try Self.forEach(places[...], in: file, body) }

  /// Prints what would be sent as curl commands for a shell.
  package func print(for server: Server) throws(Complaint) {
    var spool = Spool(unbuffered: false)
    try forEach { request, _ throws(Complaint) in
      try spool.append(Array(request.curlCommand(for: server).utf8))
      return true
    }
    try spool.flush()
  }

  /// What a user has chosen.
  package struct Choices: Sendable {
    package var sending = Sender.Choices()
    package var jobs = 1
    package var resolves = false
    package var mapOut: String?
    package var isQuiet = false

    package init() {}
  }

  /// Sends the requests, those of one lane in their order. Errors: `remote` if any of them is not done at the end.
  package func send(_ options: ServerOptions, journal path: String, _ choices: Choices) throws(Complaint) {
    let server = try options.destination()
    let journal = try Journal(path, server: server.base)
    if journal.isSame(STDOUT_FILENO) || choices.mapOut.map({ journal.isSame($0) }) ?? false {
      throw Complaint(.usage, "the results and the map cannot go where the journal is")
    }
    // Before something is done whose answer would have no place.
    if let folder = choices.sending.answers {
      var status = stat()
      guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, access(folder, W_OK | X_OK) == 0 else {
        throw Complaint(.local, "this is no folder that can be written to", at: folder.shown)
      }
    }
    let connections = try options.connections(to: server, grace: choices.sending.patience.scale * 5)
    Interruption.watch()
    // A reader that leaves ends the run, but not before it is written down what became of all that is under way.
    signal(SIGPIPE, SIG_IGN)
    let sender = Sender(journal, choices.sending) { line throws(Complaint) in
      do throws(Complaint) { try Descriptor.write(Array(line.utf8), to: STDOUT_FILENO) } catch { throw error.at("standard output") }
    }
    var failure: Complaint?
    do throws(Complaint) {
      if choices.resolves {
        var resolution = try Resolution(of: self, sender, over: connections(), choices.sending.patience)
        try resolution.settle(sender)
      }
      try send(sender, choices.jobs, connections)
    } catch { failure = error }
    try sender.finish()
    if let mapOut = choices.mapOut {
      var file = try WholeFile(mapOut)
      try file.append(sender.map())
      try file.keep()
    }
    if let failure { throw failure }
    try verdict(sender.tally, isWhole: sender.tally.settled == places.count, path, choices.isQuiet)
  }

  private func send(
    _ sender: Sender, _ jobs: Int, _ connections: @escaping @Sendable () throws(Complaint) -> Connection
  ) throws(Complaint) {
    /// Sends requests, one after the other. Returns how many.
    @Sendable func send(_ places: ArraySlice<Place>, in file: Int32, over connection: Connection, while isWanted: () -> Bool) throws(Complaint) -> Int
    {
      var count = 0
      do throws(Complaint) {
        try Self.forEach(places, in: file) { request, number throws(Complaint) in
          count += 1
          return try sender.send(PreparedRequest(request, line: number), over: connection) && isWanted()
        }
      } catch {
        sender.stop()
        throw error
      }
      return count
    }
    // Alone, until the service has taken the login: several wrong ones at once would lock the account.
    let first = try send(places[...], in: file, over: connections()) { jobs == 1 || !sender.isKnown }
    guard first < places.count, !sender.isOver else { return }
    var queues: [[Place]] = Array(repeating: [], count: lanes)
    for place in places[first...] { queues[place.lane].append(place) }
    let crew = Crew<[Place], Int>(size: jobs) { [file] () throws(Complaint) in
      let connection = try connections()
      return { queue throws(Complaint) in try send(queue[...], in: file, over: connection) { true } }
    }
    defer { crew.dismiss() }
    for queue in queues where !queue.isEmpty { try crew.submit(queue) { _ in } }
    try crew.drain { _ in }
  }

  /// The first ones: the results name all.
  private static func some(of labels: [String]) -> String {
    labels.prefix(10).joined(separator: "; ") + (labels.count > 10 ? "; and \(labels.count - 10) more" : "")
  }

  private func verdict(_ tally: Sender.Tally, isWhole: Bool, _ path: String, _ isQuiet: Bool) throws(Complaint) {
    var line = "\(tally.done) done, \(tally.alreadyDone) already done, \(tally.refused) refused, \(tally.unknown.count) unknown"
    if !tally.partly.isEmpty { line += ", \(tally.partly.count) done in part" }
    if tally.found > 0 { line += ", \(tally.found) found" }
    if isWhole, tally.refused == 0, tally.unknown.isEmpty, tally.partly.isEmpty {
      if !isQuiet { Terminal.say("\(Terminal.programName): \(line)") }
      return
    }
    var advice: [String] = []
    if !tally.unknown.isEmpty {
      advice.append(
        "look in the target for what is unknown (\(Self.some(of: tally.unknown))): it may have been created, so it is not sent again; --resolve looks"
      )
    }
    if !tally.partly.isEmpty {
      advice.append("see the results for what is done in part (\(Self.some(of: tally.partly))): it is never sent again")
    }
    if !isWhole { advice.append("the same command with the journal \(path.shown) goes on from here") }
    throw Complaint(.remote, line + (advice.isEmpty ? "" : ": " + advice.joined(separator: "; ")))
  }
}
