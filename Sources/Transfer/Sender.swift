internal import Base
internal import Glibc
internal import Requests
package import Sealing
internal import Synchronization
internal import Toolbox

/// Sends the requests of a list, each once. Several jobs may send at the same time, each over a connection of its own.
///
/// The whole list is read and checked before the first request is sent. What is done by the journal's word is not sent again; what is unknown
/// or done in part is not, either, and is named.
package final class Sender: Sendable {
  /// What became of the list.
  struct Tally: Sendable {
    /// Requests that the service has done in this run.
    var done = 0
    /// Requests that the journal says are done.
    var alreadyDone = 0
    /// Requests whose answers were lost, and that the target has all the same.
    var found = 0
    /// Requests that the service does not want.
    var refused = 0
    /// Requests of which some items are done: what a person calls them.
    var partly: [String] = []
    /// Requests of which nobody knows what became: what a person calls them.
    var unknown: [String] = []
    /// What those may have done: "created", "deleted", "changed".
    var deeds: Set<String> = []
    /// Requests that have not reached the server.
    var unsent = 0
    /// The service takes nothing more: not this login, or not here.
    var isShutOut = false

    /// How many requests have come to an end, if not to a good one.
    var settled: Int { done + alreadyDone + found + refused + partly.count + unknown.count }

    /// How the run ends that has sent a list of so many requests; nil if all of them are done.
    func ending(of total: Int) -> Complaint.Kind? {
      var kinds: [Complaint.Kind] = []
      if !unknown.isEmpty { kinds.append(.unknown) }
      if refused > 0 || !partly.isEmpty || isShutOut { kinds.append(.remote) }
      if settled < total { kinds.append(.unanswered) }
      return Complaint.Kind.gravest(of: kinds)
    }
  }

  /// What a user has chosen.
  package struct SendOptions: Sendable {
    /// Nothing more is sent after a request that is refused.
    package var stopsOnError = false
    /// Nothing more is sent after a request of which nobody knows what became.
    package var stopsOnUnknown = false
    /// When a request is tried again.
    package var policy = RetryPolicy()
    /// Results are objects of JSON.
    package var writesJSON = false
    /// A folder for the answers, as the service has sent them.
    package var answers: String?
    /// What is filled in where a request has the name of a secret.
    package var secrets: SecretTable?
    /// Where the passwords of new users are kept.
    package var credentials: CredentialsFile?

    package init() {}
  }

  /// What became of a request, by the word that results have for it.
  private enum Status: String {
    case done, already, found, there, refused, partly, unknown
  }

  /// What became of a request, as it is written.
  private struct ResultLine {
    var status: Status
    var line: String
  }

  /// What the jobs share: one of them at a time stands at it.
  private struct SharedState: ~Copyable {
    var journal: Journal
    var tally = Tally()
    var gate: RateGate
    /// What the ids in the service's messages mean: of the target, from maps and by this journal's word, and of the source.
    var names: [String: String]
    var sourceNames: [String: String]
    /// Nothing more is sent.
    var isOver = false
    /// The service has taken the login.
    var isKnown = false
    /// What the service has said once, and could not be kept: each says what is lost.
    var losses: [Complaint] = []
    /// The digests of what was unknown, and has been found.
    var found: Set<String> = []
    let progress: Progress
    let report: @Sendable (String) throws(Complaint) -> Void
    /// Results and messages go to one terminal: whoever reads both need not read the same twice.
    let isOneScreen = isatty(STDOUT_FILENO) == 1 && isatty(STDERR_FILENO) == 1

    /// Says what became of a request: as a result, and to a person who may not see the results.
    func say(_ result: ResultLine, _ message: String? = nil, isNew: Bool = true) throws(Complaint) {
      if let message, !isOneScreen { progress.say(message) }
      // Else the result would stick to the line that shows how far it is.
      if isOneScreen { progress.clear() }
      try report(result.line)
      progress.count(isRefused: result.status == .refused, isSent: isNew)
    }

    /// The service's words, with the names of the objects that it knows by their ids.
    func explained(_ text: String, of request: PreparedRequest) -> String {
      request.explained(text) { id in names[id].map { "\"\($0)\"" } ?? sourceNames[id].map { "\"\($0)\" in the source" } }
    }
  }

  /// How far the journal is safe.
  private struct SyncedThrough {
    var lines = 0
    /// After an error, the system says of the next sync that it went well, whatever has been lost.
    var failure: Complaint?
  }

  private let shared: Mutex<SharedState>
  private let synced = Mutex(SyncedThrough())
  private let disk: Journal.Disk
  private let choices: SendOptions

  /// - Parameters:
  ///   - total: how many requests there are.
  ///   - names: maps of what the target has.
  ///   - report: takes a line for each request: status, new id, source id, name. It is never called by two jobs at once.
  init(
    _ journal: consuming Journal, _ choices: SendOptions, of total: Int, names: [ObjectNames],
    report: @escaping @Sendable (String) throws(Complaint) -> Void
  ) {
    disk = journal.disk
    var targets = names.reduce(into: [:]) { $0.merge($1.names) { first, _ in first } }
    var sources: [String: String] = [:]
    for entry in journal.entries.values where !entry.name.isEmpty {
      if case .done(let id) = entry.state, !id.isEmpty, !entry.isDeletion { targets[id] = entry.name }
      if !entry.source.isEmpty { sources[entry.source] = entry.name }
    }
    shared = Mutex(
      SharedState(
        journal: journal, gate: RateGate(choices.policy), names: targets, sourceNames: sources, progress: Progress(of: total), report: report))
    self.choices = choices
  }

  func say(_ line: String) { shared.withLock { $0.progress.say(line) } }

  /// What has become of the requests so far.
  var tally: Tally { shared.withLock { $0.tally } }
  /// Nothing more is sent.
  var isOver: Bool { shared.withLock { $0.isOver } || Interruption.isAsked }
  /// The service has taken the login: more than one request at a time would not lock the account.
  var isKnown: Bool { shared.withLock { $0.isKnown } }

  /// What the service has said once, and could not be kept. Whoever ends the run says it.
  var losses: [Complaint] { shared.withLock { $0.losses } }

  /// Nothing more is sent, by any job.
  func stop() { shared.withLock { $0.isOver = true } }

  /// What the journal says: the requests by their digests, and these in the order of their first intent.
  var known: (entries: [String: Journal.Entry], order: [String]) { shared.withLock { ($0.journal.entries, $0.journal.order) } }

  /// Writes down what the target says about requests that were unknown, by their digests.
  ///
  /// - Parameter states: with whether an object that is there has been found, or one that was to be deleted has not.
  func settle(_ states: [(key: String, state: Journal.State, isFound: Bool)]) throws(Complaint) {
    try shared.withLock { shared throws(Complaint) in
      for (key, state, isFound) in states {
        try shared.journal.settle(key, state, isFound: isFound)
        if case .done = state, isFound { shared.found.insert(key) }
      }
    }
    try disk.sync()
  }

  /// Writes a result for a request that is not sent, since the target has an object of its name.
  func tell(_ request: PreparedRequest, there id: String) throws(Complaint) {
    try shared.withLock { shared throws(Complaint) in try shared.report(result(.there, id, request).line) }
  }

  /// The map of what has been created so far: `source_id,target_id,name`.
  ///
  /// What was sent once more with other contents has one target: the one that was created last. A list may have several requests of a record itself.
  func map(of list: CheckedList) -> String {
    let own = Set(list.places.map(\.key))
    return shared.withLock { shared in
      let created = shared.journal.entries.filter { _, entry in
        if case .done(let id) = entry.state { return !entry.source.isEmpty && !id.isEmpty && !entry.isDeletion }
        return false
      }
      let newest = Dictionary(created.map { ($0.value.record, $0) }) { $0.value.records.begun > $1.value.records.begun ? $0 : $1 }
      func isOfTheList(_ key: String?) -> Bool { key.flatMap { RequestKey($0) }.map(own.contains) == true }
      var map = CSV.row(["source_id", "target_id", "name"])
      for key in shared.journal.order {
        guard let entry = created[key], case .done(let id) = entry.state else { continue }
        let last = newest[entry.record]?.key
        guard last == key || isOfTheList(last) && isOfTheList(key) else { continue }
        map += CSV.row([entry.source, id, entry.name])
      }
      return map
    }
  }

  // MARK: One request

  /// Sends one request, unless it is done or unknown. Returns false if nothing more may be sent.
  ///
  /// Errors: `local` if the journal or a result cannot be written: then nothing is sent any more.
  func send(_ request: PreparedRequest, over connection: Connection) throws(Complaint) -> Bool {
    do throws(Complaint) {
      switch try begin(request) {
      case .needless: return true
      case .over: return false
      case .begun(let line): try secure(line, request)
      }
      var kept = Kept()
      let judgement = try exchange(request, over: connection, &kept)
      // Before the journal says that it is done: nobody could ask for a password again. If it cannot be kept, the journal must say it all the same.
      keep(over: connection) { () throws(Complaint) in try keepAccounts(kept, of: request, judgement) }
      // The journal comes first: it is what the next run believes. An answer is kept even if its result cannot be written.
      let goesOn = Result { () throws(Complaint) in try end(request, judgement) }
      keep(over: connection) { () throws(Complaint) in try keepAnswer(kept, of: request) }
      return try goesOn.get() && !isOver
    } catch {
      // For all jobs: what cannot be written down is not sent.
      stop()
      throw error
    }
  }

  /// Keeps what comes once. What cannot be kept ends the run, and is said at its end, whatever else fails.
  private func keep(over connection: Connection, _ body: () throws(Complaint) -> Void) {
    do throws(Complaint) { try body() } catch {
      shared.withLock { shared in
        shared.losses.append(connection.echo.cleared(error))
        shared.isOver = true
      }
    }
  }

  private func keepAccounts(_ kept: Kept, of request: PreparedRequest, _ judgement: Judgement) throws(Complaint) {
    guard let credentials = choices.credentials else { return }
    let isDone =
      switch judgement {
      case .done, .partly: true
      default: false
      }
    if isDone, kept.accounts.isEmpty, request.isToldPassword {
      throw Complaint(.local, "\(request.label): its answer names no user with a password: it is lost, and another one must be asked for")
    }
    try credentials.add(kept.accounts, of: request.kind, named: request.name)
  }

  private func keepAnswer(_ kept: Kept, of request: PreparedRequest) throws(Complaint) {
    guard let folder = choices.answers, !kept.answer.isEmpty else { return }
    do throws(Complaint) { try KeptAnswers.add(kept.answer, of: request.line, to: folder) } catch {
      throw Complaint(error.kind, "\(error.reason): the answer to \(request.label) is lost", at: error.place)
    }
  }

  private enum Beginning {
    /// There is nothing to send.
    case needless
    case over
    /// The intent is this line of the journal.
    case begun(line: Int)
  }

  private func begin(_ request: PreparedRequest) throws(Complaint) -> Beginning {
    try shared.withLock { shared throws(Complaint) in
      if shared.isOver { return .over }
      switch shared.journal.entries[request.key.digits]?.state {
      case .done(let id):
        let isFound = shared.found.contains(request.key.digits)
        if isFound { shared.tally.found += 1 } else { shared.tally.alreadyDone += 1 }
        try shared.say(result(isFound ? .found : .already, id, request), isNew: false)
        return .needless
      case .partly(let ids, let reason):
        shared.tally.partly.append(request.label)
        try shared.say(result(.partly, ids, request, reason), isNew: false)
        if choices.stopsOnError { shared.isOver = true }
        return .needless
      case .unknown(let reason) where !request.isHarmless:
        shared.tally.unknown.append(request.label)
        shared.tally.deeds.insert(request.deed)
        try shared.say(result(.unknown, "", request, reason), isNew: false)
        if choices.stopsOnUnknown { shared.isOver = true }
        return .needless
      case .unknown, .refused, .unsent, nil: break
      }
      if Interruption.isAsked { return .over }
      try shared.journal.checkPlace()
      try shared.journal.intend(
        request.key.digits, kind: request.kind, source: request.source, name: request.name, call: request.call,
        below: request.matchKey?.parent ?? "")
      if !request.source.isEmpty, !request.name.isEmpty { shared.sourceNames[request.source] = request.name }
      return .begun(line: shared.journal.written)
    }
  }

  /// Returns when a line of the journal is on disk. One sync does for all jobs that have written by then.
  private func secure(_ line: Int, _ request: PreparedRequest) throws(Complaint) {
    do throws(Complaint) {
      try synced.withLock { synced throws(Complaint) in
        if let failure = synced.failure { throw failure }
        if synced.lines >= line { return }
        let written = shared.withLock { $0.journal.written }
        do throws(Complaint) { try disk.sync() } catch {
          synced.failure = error
          throw error
        }
        synced.lines = written
      }
    } catch {
      // It will not be sent in this run; the next one may.
      shared.withLock { shared in try? shared.journal.settle(request.key.digits, .unsent) }
      throw error
    }
  }

  /// Writes down what became of a request. Returns false if nothing more may be sent.
  private func end(_ request: PreparedRequest, _ judgement: Judgement) throws(Complaint) -> Bool {
    try shared.withLock { shared throws(Complaint) in
      let key = request.key.digits
      var isOver = false
      switch judgement {
      case .done(let id, _):
        try shared.journal.settle(key, .done(id: id ?? ""))
        shared.tally.done += 1
        if let id, !id.isEmpty, !request.name.isEmpty { shared.names[id] = request.name }
        try shared.say(result(.done, id ?? "", request))
      case .refused(let code, let text):
        try shared.journal.settle(key, .refused(code: code, text: text))
        shared.tally.refused += 1
        let text = shared.explained(text, of: request)
        try shared.say(
          result(.refused, "", request, "\(code): \(text)"), "\(request.label): refused: \(code)\(text.isEmpty ? "" : ": " + text)")
        isOver = choices.stopsOnError
      case .partly(let ids, let reason):
        try shared.journal.settle(key, .partly(ids: ids, reason: reason))
        shared.tally.partly.append(request.label)
        let reason = shared.explained(reason, of: request)
        try shared.say(result(.partly, ids, request, reason), "\(request.label): done in part: \(reason)")
        isOver = choices.stopsOnError
      case .unclear(let reason), .underWay(let reason), .stop(let reason, true):
        try shared.journal.settle(key, .unknown(reason: reason))
        shared.tally.unknown.append(request.label)
        shared.tally.deeds.insert(request.deed)
        try shared.say(result(.unknown, "", request, reason), "\(request.label): unknown: \(reason)")
        if case .stop = judgement {
          shared.tally.isShutOut = true
          isOver = true
        } else {
          isOver = choices.stopsOnUnknown
        }
      case .wait(_, let reason), .unsent(let reason), .stop(let reason, false):
        try shared.journal.settle(key, .unsent)
        shared.tally.unsent += 1
        if case .stop = judgement { shared.tally.isShutOut = true }
        let word = if case .wait = judgement { "sent" } else { "done" }
        shared.progress.say("\(request.label): not \(word): \(reason)")
        isOver = true
      }
      if isOver { shared.isOver = true }
      return !shared.isOver
    }
  }

  /// Puts the last outcome on disk.
  func finish() throws(Complaint) {
    shared.withLock { $0.progress.clear() }
    if let failure = synced.withLock({ $0.failure }) { throw failure }
    try disk.sync()
    try shared.withLock { shared throws(Complaint) in try shared.journal.checkPlace() }
  }

  private func result(_ status: Status, _ id: String, _ request: PreparedRequest, _ reason: String = "") -> ResultLine {
    ResultLine(status: status, line: line(status.rawValue, id, request, reason))
  }

  private func line(_ status: String, _ id: String, _ request: PreparedRequest, _ reason: String) -> String {
    guard choices.writesJSON else { return TSV.row([status, id, request.source, request.name, reason]) }
    return JSONText.object([
      (name: "status", value: JSONText.string(status)), (name: "line", value: String(request.line)),
      (name: "kind", value: JSONText.string(request.kind)),
      (name: "source_id", value: JSONText.string(request.source)), (name: "target_id", value: JSONText.string(id)),
      (name: "name", value: JSONText.string(request.name)), (name: "reason", value: JSONText.string(reason)),
    ])
  }

  // MARK: The exchange

  /// What is kept of the last answer.
  private struct Kept {
    /// Its body, if answers are kept.
    var answer: [UInt8] = []
    /// The users that it says the passwords of, if these are.
    var accounts: [(login: String, password: String)] = []
  }

  /// One request, with the waiting that proves harmless: only what the service has certainly not done is sent again, and what only reads.
  private func exchange(
    _ request: PreparedRequest, over connection: Connection, _ kept: inout Kept
  ) throws(Complaint) -> Judgement {
    var number = 0
    while true {
      if let step = shared.withLock({ $0.gate.step(before: request.endpoint) }), let reason = take(step) {
        return .wait(seconds: nil, reason: reason)
      }
      if Interruption.isAsked { return .unsent(reason: "interrupted") }
      // Another job may have met the end meanwhile.
      if isOver { return .unsent(reason: "the run has ended") }
      number += 1
      let judgement = try attempt(request, over: connection, &kept)
      guard case .wait(let asked, let reason) = judgement else { return judgement }
      if let reason = take(choices.policy.step(afterTry: number, asked: asked, reason: reason)) { return .wait(seconds: asked, reason: reason) }
    }
  }

  /// Waits as a step says. Returns why it cannot be waited for.
  private func take(_ step: RetryPolicy.Step) -> String? {
    switch step {
    case .giveUp(let reason): return reason
    case .wait(let seconds, let words):
      say(words)
      wait(seconds)
      return nil
    }
  }

  /// Waits, unless the run ends.
  func wait(_ seconds: Double) {
    choices.policy.wait(seconds) { rest in
      shared.withLock { shared in
        shared.progress.waits(rest)
        return !shared.isOver
      }
    }
  }

  private func attempt(
    _ request: PreparedRequest, over connection: Connection, _ kept: inout Kept
  ) throws(Complaint) -> Judgement {
    let filled: FilledRequest
    do throws(Complaint) { filled = try request.filled(from: choices.secrets, over: connection) } catch {
      // Nothing has gone out that was not answered.
      shared.withLock { shared in try? shared.journal.settle(request.key.digits, .unsent) }
      throw error
    }
    defer { filled.end() }
    let judgement = answer(to: request, filled, over: connection, &kept)
    if let echo = filled.echo {
      kept.answer = echo.cleared(answer: kept.answer)
      return echo.cleared(judgement)
    }
    kept.answer = connection.echo.cleared(kept.answer)
    return connection.echo.cleared(judgement)
  }

  private func answer(to request: PreparedRequest, _ filled: FilledRequest, over connection: Connection, _ kept: inout Kept) -> Judgement {
    let secrets = request.secrets
    var body: [UInt8] = []
    defer { if filled.echo != nil || !secrets.isEmpty { body.wipe() } }
    // What may repeat a secret is looked through in memory.
    let limit = choices.answers == nil || filled.echo != nil ? 1 << 22 : 1 << 28
    kept = Kept()
    do throws(Failure) {
      let reply = try connection.exchange(request.method, request.url, filled.payload, filled: filled.url) { _, bytes in
        body.append(bytes)
        return body.count <= limit
      }
      let judgement = ServiceAnswer.judge(reply, body, secrets: secrets, isDeletion: request.isDeletion)
      if choices.answers != nil { kept.answer = secrets.isEmpty ? body : ServiceAnswer.withheld(body, of: reply, secrets: secrets) }
      if choices.credentials != nil, !secrets.isEmpty { kept.accounts = NewAccount.all(in: body) }
      shared.withLock { shared in
        shared.progress.add(requests: 1, bytes: body.count + (filled.payload?.length ?? 0))
        shared.gate.heed(reply, of: request.endpoint)
        if (200..<300).contains(reply.status) { if case .stop = judgement {} else { shared.isKnown = true } }
      }
      if case .underWay(let reason) = judgement { return request.isHarmless ? .wait(seconds: nil, reason: reason) : judgement }
      guard case .unclear(let reason) = judgement else { return judgement }
      // What comes behind such an answer would be taken for the next one.
      connection.hangUp()
      return request.isHarmless && (reply.status == 408 || reply.status >= 500) ? .wait(seconds: nil, reason: reason) : judgement
    } catch {
      // What breaks off decides nothing: the rest may have said that some of it is done. But a refused login must end the run, and so does a
      // redirect, neither of which has more to say; a request without its end is none; and what is too long for a document of the service,
      // and does not begin as one, has no more to say than its status.
      if var reply = error.reply, !error.isInterrupted,
        [401, 403].contains(reply.status) || (300..<400).contains(reply.status)
          || (400..<500).contains(reply.status)
            && (!error.mayHaveArrived || error.isTooLong && reply.status != 409 && !ServiceAnswer.isDocument(body))
      {
        reply.isMeasured = true
        return ServiceAnswer.judge(reply, [])
      }
      if error.isInterrupted, !error.mayHaveArrived && error.reply == nil || request.isHarmless { return .unsent(reason: "interrupted") }
      // An answer that came before the end of the request may be one to what had come of it.
      if error.mayHaveArrived || error.reply != nil {
        connection.hangUp()
        if request.isHarmless { return .wait(seconds: nil, reason: error.reason) }
        return .unclear(reason: error.isInterrupted ? "interrupted while the answer was awaited" : error.reason)
      }
      if error.isHopeless { return .unsent(reason: error.reason) }
      return .wait(seconds: nil, reason: error.reason)
    }
  }
}
