internal import Base
internal import Requests
internal import Sealing

/// What is asked of a list besides that all of its pages come.
enum Wholeness: Sendable {
  /// It may be cut off, if what is handed on says so.
  case truncated
  /// It is not cut off.
  case whole
  /// What is not found in it must not be there: no page holds anything that nobody knows, or other than it says.
  case understood
}

/// Asks for a resource, page after page, until the answer is whole.
///
/// Everything that is asked for is only read, so whatever breaks off is asked again.
struct Fetcher: ~Copyable {
  /// How an answer has ended.
  enum Ending: Sendable, Equatable {
    /// It is in its place. `pages` counts those that were asked for.
    case whole(records: Int, pages: Int)
    /// The service does not give it, and why. Something else it may give.
    case refused(String)
  }

  private enum Outcome {
    case whole
    /// Nothing has come, and it may come later.
    case again(seconds: Int?, reason: String)
    case refused(String)
  }

  private let connection: Connection
  private let policy: RetryPolicy
  private let progress: Progress
  /// The server has taken a request.
  private var isReached = false
  private var gate: RateGate

  /// What is kept of the beginning of an answer, for what an error says.
  private static let start = 1 << 16

  /// Gets ready; nothing is sent yet.
  init(_ connection: consuming Connection, policy: RetryPolicy, progress: Progress) {
    self.connection = connection
    self.policy = policy
    gate = RateGate(policy)
    self.progress = progress
  }

  /// Fetches a document, or all pages of a list, to a file, or to standard output for nil.
  ///
  /// - Parameter isRaw: the bytes of a single answer, as they come.
  /// - Errors: `remote` if the service refuses everything; `unanswered` if no whole answer comes; `local`.
  mutating func fetch(_ question: PageRequest, to path: String?, isRaw: Bool, _ wholeness: Wholeness) throws(Complaint) -> Ending {
    try fetch(question, into: FetchDestination(path, holdsHead: !isRaw && Joiner.holdsHead(question.resource)), isRaw: isRaw, wholeness)
  }

  /// Fetches a document, or all pages of a list, to read it here: it is handed on in pieces when it is whole.
  mutating func fetch(
    _ question: PageRequest, _ wholeness: Wholeness, reading take: @escaping ([UInt8]) throws(Complaint) -> Void
  ) throws(Complaint) -> Ending {
    try fetch(question, into: FetchDestination(reading: take), isRaw: false, wholeness)
  }

  /// What a person is told of it repeats no password, whatever the server has said.
  private mutating func fetch(
    _ question: PageRequest, into destination: FetchDestination, isRaw: Bool, _ wholeness: Wholeness
  ) throws(Complaint) -> Ending {
    do throws(Complaint) {
      let ending = try pages(question, into: destination, isRaw: isRaw, wholeness)
      guard case .refused(let reason) = ending else { return ending }
      return .refused(connection.echo.cleared(reason))
    } catch {
      throw connection.echo.cleared(error)
    }
  }

  /// Says what the server has to do with, on a line.
  func say(_ line: String) { progress.say(connection.echo.cleared(line)) }

  private mutating func pages(
    _ question: PageRequest, into destination: FetchDestination, isRaw: Bool, _ wholeness: Wholeness
  ) throws(Complaint) -> Ending {
    let joiner = Joiner(question.resource, into: destination, isRaw: isRaw, wholeness)
    defer { joiner.letGo() }
    var question = question
    var asked: Set<String> = []
    var number = 0
    while true {
      number += 1
      let place = number == 1 ? "" : "page \(number): "
      // Else the same pages would come round and round.
      guard asked.insert(question.key).inserted else { return .refused(place + "the service names a page that it has given before") }
      do throws(Complaint) {
        if case .refused(let reason) = try page(question, joiner, place) { return .refused(place + reason) }
        let next = isRaw ? nil : try question.following(joiner.page)
        if let next, next.isStuck {
          // A search for what is beyond an id that finds nothing has found all.
          say("warning: \(place)the service says that there is more, and has nothing more")
        }
        let isLast = next == nil || next?.isStuck == true
        do throws(Complaint) { try joiner.keep(isLast: isLast, isStuck: next?.isStuck == true) } catch {
          guard error.kind == .refused else { throw error }
          return .refused(place + error.reason)
        }
        tell(joiner.page, place, isFirst: number == 1)
        progress.add(records: joiner.page.records)
        if isLast {
          try joiner.finish()
          return .whole(records: joiner.records, pages: number)
        }
        if let next { question = next.question }
      } catch {
        throw error.kind == .local || place.isEmpty ? error : Complaint(error.kind, place + error.reason, at: error.place)
      }
    }
  }

  /// What a page says to a person.
  private func tell(_ page: Joiner.Page, _ place: String, isFirst: Bool) {
    if let announced = page.answer.count, announced != page.records {
      say("warning: \(place)the service says \(announced) records, and gives \(page.records)")
    }
    if let cut = page.cut { say("warning: \(place)the list is cut off: \(cut)") }
    guard !isFirst else { return }
    for remark in page.remarks where remark != page.cut { say("warning: \(place)\(remark)") }
    if page.moreRemarks > 0 { say("warning: \(place)\(page.moreRemarks) more warnings of the service are not carried") }
    for element in page.lost.sorted() { say("warning: \(place)\(element) is not carried: only records are joined") }
  }

  /// One page, asked for until it comes whole.
  private mutating func page(_ question: PageRequest, _ joiner: Joiner, _ place: String) throws(Complaint) -> Outcome {
    var number = 0
    while true {
      if let step = gate.step(before: question.request.path) { try take(step, "") }
      if Interruption.isAsked { throw Complaint(.unanswered, "interrupted") }
      number += 1
      let outcome = try attempt(question, joiner)
      guard case .again(let asked, let reason) = outcome else { return outcome }
      // A server that has never been there at all is more likely misspelt than busy.
      try take(policy.step(afterTry: number, of: isReached ? nil : 3, asked: asked, reason: reason), place)
    }
  }

  private func take(_ step: RetryPolicy.Step, _ place: String) throws(Complaint) {
    switch step {
    case .giveUp(let reason): throw Complaint(.unanswered, reason)
    case .wait(let seconds, let words):
      say(place + words)
      policy.wait(seconds, showing: progress)
    }
  }

  private mutating func attempt(_ question: PageRequest, _ joiner: Joiner) throws(Complaint) -> Outcome {
    var start: [UInt8] = []
    var problem: Complaint?
    let progress = progress
    progress.add(requests: 1)
    try joiner.begin()
    let reply: Reply
    do throws(Failure) {
      reply = try connection.exchange(question.method, question.url, question.payload) { reply, bytes in
        progress.add(bytes: bytes.count)
        if start.count < Self.start { start.append(bytes) }
        guard Self.isWhole(reply.status) else { return start.count < Self.start }
        var isWanted = false
        do throws(Complaint) { isWanted = try joiner.feed(bytes) } catch { problem = error }
        return isWanted
      }
    } catch {
      try joiner.abandon()
      if let problem { return try Self.fatal(problem) }
      if error.isInterrupted { throw Complaint(.unanswered, "interrupted") }
      // Half an answer may say enough: that the login is refused, that the service is busy, that this is something else.
      if let reply = error.reply, joiner.page.isForeign || !Self.isWhole(reply.status) {
        return try outcome(reply, start, joiner.page.root)
      }
      if error.isHopeless { throw Complaint(.unanswered, error.reason) }
      if error.mayHaveArrived { isReached = true }
      connection.hangUp()
      return .again(seconds: nil, reason: error.reason)
    }
    isReached = true
    gate.heed(reply, of: question.request.path)
    let outcome = try settled(reply, start, joiner)
    if case .whole = outcome { return outcome }
    try joiner.abandon()
    return outcome
  }

  /// Whether an answer with this status may be the one that was asked for. 206 brings a part of it.
  private static func isWhole(_ status: Int) -> Bool { (200..<300).contains(status) && status != 206 }

  /// What the transport has brought to its end.
  private func settled(_ reply: Reply, _ start: [UInt8], _ joiner: Joiner) throws(Complaint) -> Outcome {
    guard Self.isWhole(reply.status) else { return try outcome(reply, start, "") }
    if start.allSatisfy({ $0 <= " " }) { return .refused("the answer is empty (HTTP \(reply.status))") }
    guard ["", "identity"].contains(reply.headers["content-encoding", default: ""].lowercased()) else {
      return .refused("the answer is compressed, and was not asked to be")
    }
    do throws(Complaint) { try joiner.end() } catch {
      // A server that says no length can break off without a word.
      if error.kind == .refused, joiner.page.hasCome, !joiner.page.isWhole, !joiner.isNoXML {
        return .again(seconds: nil, reason: "the answer breaks off: \(error.reason)")
      }
      return try Self.fatal(error)
    }
    if joiner.isRaw { return try settledRaw(reply, start) }
    let page = joiner.page
    let isSearch = page.root == "ServiceResponse" && !page.isForeign
    if isSearch, page.answer.responseCode == nil { return .refused("the answer has no responseCode") }
    if page.isForeign || isSearch && page.answer.responseCode != "SUCCESS" { return try outcome(reply, start, page.root) }
    if page.answer.code.isEmpty { return .whole }
    // The service may only be busy, or the account at its end.
    if start.count < Self.start { return try outcome(reply, start, page.root) }
    return .refused("the service's error \(page.answer.code)\(page.answer.text.isEmpty ? "" : ": " + page.answer.text)")
  }

  private func settledRaw(_ reply: Reply, _ start: [UInt8]) throws(Complaint) -> Outcome {
    if !reply.isMeasured { return .refused("the answer says no length: nobody could tell whether it is whole") }
    return start.count < Self.start ? try disguised(reply, start) : .whole
  }

  /// A short answer that is not read may still be an error that says it is none. Whatever is no document of the service is taken as it is.
  private func disguised(_ reply: Reply, _ answer: [UInt8]) throws(Complaint) -> Outcome {
    let start = String(decoding: answer.prefix(1000), as: UTF8.self).trimmed.lowercased()
    if start.hasPrefix("<!doctype html") || start.hasPrefix("<html") { return .refused("this is an HTML page") }
    switch ServiceAnswer.judge(reply, answer) {
    case .done, .unclear: return .whole
    default: return try outcome(reply, answer, "")
    }
  }

  /// What an answer means that is not what was asked for.
  private func outcome(_ reply: Reply, _ start: [UInt8], _ root: String) throws(Complaint) -> Outcome {
    switch ServiceAnswer.judge(reply, start.count < Self.start ? start : []) {
    case .wait(let seconds, let reason): return .again(seconds: seconds, reason: reason)
    case .underWay(let reason): return .again(seconds: nil, reason: reason)
    case .stop(let reason, _): throw Complaint(.remote, reason)
    case .unsent(let reason): throw Complaint(.unanswered, reason)
    case .refused(let code, let text):
      return .refused("the service's error\(code.isEmpty ? "" : " " + code)\(text.isEmpty ? "" : ": " + text)")
    case .partly(_, let reason): return .refused("this is the answer to a request that was done in part: \(reason)")
    case .unclear(let reason):
      return reply.status >= 400 ? .again(seconds: nil, reason: reason) : .refused(root.isEmpty ? reason : "this is a document \(root)")
    case .done(_, let text): return .refused("this is a document \(root)\(text.isEmpty ? "" : ": " + text)")
    }
  }

  /// A page that will be no better when it is asked for again.
  private static func fatal(_ problem: Complaint) throws(Complaint) -> Outcome {
    guard problem.kind == .refused else { throw problem }
    return .refused("\(problem.place.map { "line \($0) of the answer: " } ?? "")\(problem.reason)")
  }
}
