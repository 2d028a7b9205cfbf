internal import Base
internal import Markup
internal import Requests

/// What a reply of the service means for the request that it answers.
package enum Judgement: Sendable, Equatable {
  /// Done; the id of what was created, if the answer says it.
  case done(id: String?, text: String)
  /// Not done, and why.
  case refused(code: String, text: String)
  /// Some of its items are done: their ids, and why the others are not.
  case partly(ids: String, reason: String)
  /// Not done: the service is busy. Seconds to wait, if it says so.
  case wait(seconds: Int?, reason: String)
  /// The service has taken a request like this, and is still at work on it.
  case underWay(reason: String)
  /// The service refuses everything: nothing more may be sent. The request was not done, unless it `mayBeDone`.
  case stop(reason: String, mayBeDone: Bool = false)
  /// Nothing more can be sent, and the request has not been: there is no server that could take it, or the run ends.
  case unsent(reason: String)
  /// Nobody can tell from the reply.
  case unclear(reason: String)
}

/// Reads the documents that the service answers requests with, also where an error comes in the clothes of a success.
package struct ServiceAnswer: Sendable {
  /// The service is busy, and has not done anything.
  private static let limits: Set<String> = ["1920", "1960", "1965"]
  /// Nothing will go better with the next request: the account or the login.
  private static let lockouts: Set<String> = ["2000", "2001", "2002", "2003", "2011", "2012"]
  /// "Your request is being processed": whoever has sent it.
  private static let working = "1981"
  /// Maintenance: nothing is taken until it has ended.
  private static let closed = "1999"

  /// - Parameters:
  ///   - body: at most some MiB; more is no answer to a request.
  ///   - secrets: the names of elements that hold a secret. Nothing of them is in the judgement.
  ///   - isDeletion: the request deletes something.
  package static func judge(_ reply: Reply, _ body: [UInt8], secrets: [String] = [], isDeletion: Bool = false) -> Judgement {
    let words = AnswerWords(isGuarded: !secrets.isEmpty, mayBeDone: reply.status >= 500)
    var problem: String?
    do throws(Complaint) {
      let stream = try RecordStream(records: secrets, into: words)
      try stream.feed(body)
      try stream.finish()
    } catch {
      // What the parser says of such an answer may repeat a piece of it: of a password with a `&`, for example.
      problem = secrets.isEmpty ? error.reason : "it cannot be read, and may hold a secret"
    }
    let (code, text) = (words.code, words.text)
    let said = [code, text].filter { !$0.isEmpty }.joined(separator: ": ")
    switch reply.status {
    case 401, 403: return .stop(reason: "the server refuses the login (HTTP \(reply.status)\(said.isEmpty ? "" : ", " + said))")
    case 300..<400:
      // After 307 and 308 the request would have to be sent again; 303 is also how a form that was taken is answered.
      return .stop(
        reason: "the server sends elsewhere (HTTP \(reply.status) to \(elsewhere(reply))): no redirect is followed",
        mayBeDone: ![307, 308].contains(reply.status))
    case 200..<500 where lockouts.contains(code) && problem == nil: return .stop(reason: "the account cannot go on (\(said))")
    case 200..<600 where limits.contains(code) && problem == nil: return .wait(seconds: toWait(reply, words), reason: said)
    case 200..<500 where code == working && problem == nil: return .underWay(reason: said)
    case 503 where code == closed && problem == nil: return .wait(seconds: toWait(reply, words), reason: said)
    case 206: return .unclear(reason: "HTTP 206, a part of an answer")
    // The rest of a document may say of each item what the status does not, and of an answer without a length nobody knows the rest.
    case 400... where problem != nil && (isDocument(body) || !reply.isMeasured):
      return .unclear(reason: "HTTP \(reply.status), and the answer breaks off\(problem.map { ": " + $0 } ?? "")")
    // Each item has its own fate, whatever the status says of the whole.
    case 200..<500 where words.isBatch && problem == nil: break
    // What says neither its length nor an error of the service may be the beginning of anything.
    case 400..<500 where !reply.isMeasured && !words.saysError && ![408, 429].contains(reply.status):
      return .unclear(reason: "HTTP \(reply.status), and the answer says neither its length nor an error of the service")
    case 409 where code.isEmpty:
      let limit = reply.headers["x-concurrency-limit-limit"].flatMap(Int.init)
      let running = reply.headers["x-concurrency-limit-running"].flatMap(Int.init)
      let isCrowded = limit.flatMap { limit in running.map { $0 >= limit } } ?? false
      return .wait(seconds: toWait(reply, words), reason: isCrowded ? "HTTP 409, the concurrency limit" : "HTTP 409")
    case 429: return .wait(seconds: toWait(reply, words), reason: "HTTP 429")
    case 503 where reply.headers["retry-after"] != nil: return .wait(seconds: toWait(reply, words), reason: "HTTP 503")
    case 408, 500...: return .unclear(reason: "HTTP \(reply.status)\(said.isEmpty ? "" : ", " + said)")
    case 400..<500: return .refused(code: code.isEmpty ? "HTTP \(reply.status)" : code, text: text)
    case 200..<300: break
    default: return .unclear(reason: "HTTP \(reply.status)")
    }
    if let problem { return .unclear(reason: "the answer is no document of the service: \(problem)") }
    return words.judgement(isDeletion: isDeletion)
  }

  /// What may be kept of an answer that holds a secret: what is told of it, written anew. Whatever else stands in it, and wherever, is left out.
  static func withheld(_ body: [UInt8], of reply: Reply, secrets: [String]) -> [UInt8] {
    let words = AnswerWords(isGuarded: true, mayBeDone: reply.status >= 500)
    do throws(Complaint) {
      let stream = try RecordStream(records: secrets, into: words)
      try stream.feed(body)
      try stream.finish()
    } catch {
      return Array("<!-- The answer cannot be read, and may hold a secret: it is not kept. -->\n".utf8)
    }
    return words.kept
  }

  /// Where a redirect leads. A query may repeat the request, or the answer.
  private static func elsewhere(_ reply: Reply) -> String {
    guard let location = reply.headers["location"] else { return "?" }
    return String(location.prefix { $0 != "?" && $0 != "#" })
  }

  /// Whether an answer begins as a document of the service does: not as a page for people, nor as plain text.
  static func isDocument(_ body: [UInt8]) -> Bool {
    // In whatever encoding.
    let start = body.prefix(200).filter { $0 > " " && $0 < 0x80 }.map { ("A"..."Z").contains($0) ? $0 | 0x20 : $0 }
    return start.first == "<" && !start.starts(with: "<html".utf8) && !start.starts(with: "<!doctypehtml".utf8)
  }

  /// What the headers say, or the body of a rate limit. A date in Retry-After is not read: the clock of this machine may be wrong.
  private static func toWait(_ reply: Reply, _ words: AnswerWords) -> Int? {
    // The longest counts: a limit that has no wait says 0, and another one may have a wait.
    [reply.headers["x-ratelimit-towait-sec"], reply.headers["retry-after"], words.items["seconds_to_wait"]]
      .compactMap { $0.flatMap { Int($0) } }.filter { $0 >= 0 }.max()
  }
}

/// The words of an answer: what every document says, what became of the items of a batch, and the id of what was created.
private final class AnswerWords: RecordSink {
  private var answer = AnswerReader()
  /// What became of each item of a BATCH_RETURN.
  private struct Batch {
    var code: String?
    var text = ""
    var ids: [String] = []

    /// `1310339: 1905: No.`
    var reason: String { [ids.joined(separator: ","), code ?? "", text].filter { !$0.isEmpty }.joined(separator: ": ") }
  }

  private var batches: [Batch] = []
  /// The ids of scheduled tasks: of two, one is enough to know that nobody says which is the new one.
  private var tasks: [String] = []
  var isBatch: Bool { !isGuarded && answer.root == "BATCH_RETURN" && !batches.isEmpty }
  private var id: String?
  /// The answer may hold a secret, wherever: only what is known to be none is told.
  private let isGuarded: Bool

  /// What the answer says of a failure is no refusal: the request may have been done.
  private let mayBeDone: Bool

  init(isGuarded: Bool, mayBeDone: Bool) {
    self.isGuarded = isGuarded
    self.mayBeDone = mayBeDone
  }

  var code: String {
    if !isGuarded { return answer.code }
    return isKnown && !answer.code.isEmpty && answer.code.utf8.allSatisfy(\.isDigit) ? answer.code : ""
  }
  var text: String {
    if !isGuarded { return answer.text }
    if !isKnown { return "" }
    // Who is refused gets no secret. A success is one sentence, and no word of it is told that is not known, but the login.
    let isRefused = !code.isEmpty || ["FAILED", "WARNING"].contains(answer.status)
    return isRefused && !mayBeDone ? answer.text : sentence(of: answer.text)
  }
  var items: [String: String] { answer.items }

  /// What a call whose answer holds a secret is known to answer with.
  private var isKnown: Bool { ["USER_OUTPUT", "PASSWORD_CHANGE_OUTPUT", "GENERIC_RETURN", "SIMPLE_RETURN"].contains(answer.root) }
  /// In the service's own words.
  var saysError: Bool { answer.errorCode != nil }
  private var hasFailed: Bool { (answer.status ?? "SUCCESS") != "SUCCESS" || !answer.code.isEmpty }

  /// `exmpl_cd2 user has been successfully created`, and nothing around it.
  private func sentence(of text: String) -> String {
    let words = text.utf8.split { $0 <= " " }.map { String(decoding: $0, as: UTF8.self) }
    guard let index = words.firstIndex(of: "successfully"), index + 1 < words.count else { return "" }
    let between: Set = ["user", "contact", "password", "passwords", "has", "have", "been", "was", "were"]
    let ends: Set = ["created", "updated", "changed", "activated", "deactivated"]
    let end = String(words[index + 1].prefix { $0.isLetter })
    guard words[..<index].dropFirst().allSatisfy({ between.contains($0) }), ends.contains(end) else { return "" }
    return (words[...index] + [end]).joined(separator: " ") + "."
  }

  /// What is told of an answer that may hold a secret, as a document.
  var kept: [UInt8] {
    let rest = "<!-- What else stood here may hold a secret: it is not kept. -->"
    if !isKnown { return Array("<!-- The answer is none that is known of this call, and may hold a secret: it is not kept. -->\n".utf8) }
    let (code, text) = (Outline.escaped(code), Outline.escaped(text))
    var lines: [UInt8] = Array("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<\(answer.root)>\n".utf8)
    if answer.root == "SIMPLE_RETURN" {
      lines += Array("  <RESPONSE><CODE>".utf8) + code + Array("</CODE><TEXT>".utf8) + text + Array("</TEXT></RESPONSE>\n".utf8)
    } else {
      let status = answer.status.flatMap { ["SUCCESS", "FAILED", "WARNING"].contains($0) ? $0 : nil } ?? ""
      lines += Array("  <RETURN status=\"\(status)\" number=\"".utf8) + code + Array("\"><MESSAGE>".utf8)
      lines += text + Array("</MESSAGE></RETURN>\n".utf8)
    }
    return lines + Array("  \(rest)\n</\(answer.root)>\n".utf8)
  }

  func skeleton(_ bytes: Span<UInt8>) {}
  func record(_ bytes: Span<UInt8>, line: Int, in surroundings: Surroundings) {}

  func opened(_ element: SkeletonElement) {
    _ = answer.opened(element)
    if element.path == ["SCHEDULEDSCANS"], ["SCAN", "MAP"].contains(element.name), tasks.count < 2 { tasks.append(element.attribute("ref") ?? "") }
    if !answer.isAside, element.name == "BATCH", AnswerReader.place(of: element) == "BATCH_LIST/BATCH" { batches.append(Batch()) }
  }

  func closed(_ element: SkeletonElement, text: String?) {
    // What `echo_request` adds repeats the request: its ids and texts are no answer.
    if !answer.isAside, let text = text?.trimmed, !text.isEmpty { take(element, text) }
    answer.closed(element, text: text)
  }

  private func take(_ element: SkeletonElement, _ text: String) {
    // By its place, as all that an answer says: an object of another kind may stand there, with an ID or a CODE of its own.
    switch (element.name, batches.indices.last) {
    case ("CODE", let last?) where AnswerReader.place(of: element) == "BATCH_LIST/BATCH/CODE": batches[last].code = text
    case ("TEXT", let last?) where AnswerReader.place(of: element) == "BATCH_LIST/BATCH/TEXT": batches[last].text = text
    case ("ID", let last?), ("ID_RANGE", let last?):
      if AnswerReader.place(of: element) == "BATCH_LIST/BATCH/ID_SET/\(element.name)" { batches[last].ids.append(text) }
    case ("NUMBER", let last?), ("NUMBER_RANGE", let last?):
      if AnswerReader.place(of: element) == "BATCH_LIST/BATCH/NUMBER_SET/\(element.name)" { batches[last].ids.append(text) }
    case ("ID", nil) where id == nil && ["ID", "APPLIANCE/ID"].contains(AnswerReader.place(of: element)): id = text
    case ("id", nil) where id == nil && element.path.count == 3 && element.path[1] == "data": id = text
    default: break
    }
  }

  func judgement(isDeletion: Bool) -> Judgement {
    let (code, text) = (code, text)
    if isGuarded, !isKnown { return .unclear(reason: "the answer is none that is known of this call, and may hold a secret") }
    // Some of what was asked for is done, and the text says of what it is not.
    if answer.status == "WARNING" { return .partly(ids: "", reason: text) }
    switch answer.root {
    case "SIMPLE_RETURN":
      // The report template calls put the sentence of success where errors have their code.
      if !answer.code.isEmpty, answer.errorCode != nil { return .refused(code: code, text: text) }
      if answer.code.isEmpty, answer.text.isEmpty, items.isEmpty { return .unclear(reason: "the answer says nothing") }
      let named = items["id"] ?? items["exception_number"] ?? bracketedID ?? importedProfile
      return .done(id: isGuarded ? nil : named, text: text.isEmpty ? code : text)
    case "ServiceResponse":
      guard let said = answer.responseCode else { return .unclear(reason: "the answer has no responseCode") }
      return said == "SUCCESS" ? .done(id: id, text: text) : .refused(code: said, text: text)
    case "USER_OUTPUT", "PASSWORD_CHANGE_OUTPUT", "GENERIC_RETURN":
      switch answer.status {
      case "SUCCESS": return .done(id: login, text: text)
      // What is refused is sent again, so a word that nobody knows is no refusal.
      case "FAILED": return .refused(code: code, text: text)
      case nil: return .unclear(reason: "the answer has no status")
      default: return .unclear(reason: "the status of the answer is none that is known")
      }
    case "BATCH_RETURN":
      return code.isEmpty ? batchJudgement : .refused(code: code, text: text)
    case let other where other.hasSuffix("_OUTPUT"):
      // Such as DUPLICATE_HOSTS_ERROR_OUTPUT.
      if other.hasSuffix("_ERROR_OUTPUT") { return .refused(code: code.isEmpty ? other : code, text: text) }
      return hasFailed ? .refused(code: code, text: text) : .done(id: id, text: text)
    case _ where hasFailed: return .refused(code: code, text: text)
    // With the tasks that are left, of which none is the one that was deleted.
    case "SCHEDULEDSCANS" where isDeletion: return .done(id: nil, text: text)
    // The first API answers with the task that it has added.
    case "SCHEDULEDSCANS" where !tasks.isEmpty: return .done(id: tasks.count == 1 && !tasks[0].isEmpty ? tasks[0] : nil, text: text)
    case let other: return .unclear(reason: "the answer is a document \(other)")
    }
  }

  /// Of `Scan Report Template(s) Created Successfully [89876]`, which is all that such an answer says: U16 p. 432.
  private var bracketedID: String? {
    guard answer.errorCode == nil, code.hasSuffix("]"), let open = code.lastIndex(of: "[") else { return nil }
    let id = code[code.index(after: open)...].dropLast().trimmed
    return IDForm.number.fault(of: id) == nil ? id : nil
  }

  /// Of `exmpl_cd2 user has been successfully created.`: no other place of such an answer says what a new user is called.
  private var login: String? {
    let words = text.utf8.split { $0 <= " " }.map { String(decoding: $0, as: UTF8.self) }
    guard words.dropFirst().starts(with: ["user", "has", "been", "successfully"]), let first = words.first,
      first.utf8.contains(where: { $0 == "_" || $0.isDigit }), IDForm.user.fault(of: first) == nil
    else { return nil }
    return first
  }

  /// Of an option profile that was imported: its id is the key, and its title the value. Of several, nobody asks.
  private var importedProfile: String? {
    let words = text.lowercased().split(separator: " ")
    guard words.starts(with: ["successfully", "imported", "option", "profile"]), items.count == 1, let id = items.first?.key,
      IDForm.number.fault(of: id) == nil
    else { return nil }
    return id
  }

  private var batchJudgement: Judgement {
    let done = batches.filter { $0.code == nil }
    let refused = batches.filter { $0.code != nil }
    let ids = done.flatMap(\.ids).joined(separator: ",")
    if batches.isEmpty { return .unclear(reason: "the answer says of no item what became of it") }
    if refused.isEmpty { return .done(id: ids.isEmpty ? nil : ids, text: done.map(\.text).joined(separator: "; ")) }
    if done.isEmpty, refused.count == 1 { return .refused(code: refused[0].code ?? "", text: refused[0].text) }
    let reason = refused.map(\.reason).joined(separator: "; ")
    return done.isEmpty ? .refused(code: "\(refused.count) items", text: reason) : .partly(ids: ids, reason: "refused: " + reason)
  }
}
