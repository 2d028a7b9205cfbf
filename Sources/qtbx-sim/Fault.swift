import Base

/// What goes wrong with the requests to an address, one step after the other; the last step repeats.
///
///     POST /api/2.0/fo/asset/group/: 409 1965 wait=2, 503*3, lost, ok
struct FaultPlan: Sendable {
  struct Step: Sendable {
    /// As it was written, for the log.
    var text = ""
    /// The answer, nil for the service's own.
    var status: Int?
    var code: String?
    var wait: String?
    var retryAfter: String?
    /// The request is processed. Otherwise nothing happens to the subscription.
    var isProcessed = true
    var isHTML = false
    var isEmpty = false
    /// Nothing is answered: the connection is closed.
    var isSilent = false
    /// So many bytes of the body are sent.
    var cut: Int?
    /// The connection is reset instead of closed.
    var isReset = false
    /// Seconds before the answer.
    var delay = 0.0

    static let ok = Step(text: "")
  }

  var method: String
  var prefix: String
  var steps: [Step]

  /// Errors: `usage`, with the word that is not understood.
  init(_ text: String) throws(Complaint) {
    func refuse(_ why: String) -> Complaint { Complaint(.usage, "--fault \"\(text)\": \(why)") }
    guard let colon = text.firstIndex(of: ":") else { throw refuse("a fault is METHOD /path: step, step") }
    let head = text[..<colon].split(separator: " ")
    guard head.count == 2, head[1].hasPrefix("/"), head[0].allSatisfy({ $0.isUppercase || $0 == "*" }) else {
      throw refuse("a fault is METHOD /path: step, step")
    }
    (method, prefix, steps) = (String(head[0]), String(head[1]), [])
    for part in text[text.index(after: colon)...].split(separator: ",", omittingEmptySubsequences: false) {
      var words = part.split(separator: " ").map { String($0) }
      guard !words.isEmpty else { throw refuse("a step is empty") }
      var times = 1
      for at in words.indices {
        guard let star = words[at].lastIndex(of: "*"), let number = Int(words[at][words[at].index(after: star)...]), (1...100_000).contains(number)
        else {
          continue
        }
        times = number
        words[at] = String(words[at][..<star])
      }
      var step = Step(text: words.joined(separator: " "))
      var isDone = false
      for word in words {
        guard try !Self.read(word, into: &step, refuse) else {
          isDone = true
          continue
        }
      }
      if isDone { step.isProcessed = true }
      steps += Array(repeating: step, count: times)
    }
  }

  /// Reads a word. True for `done`.
  private static func read(_ word: String, into step: inout Step, _ refuse: (String) -> Complaint) throws(Complaint) -> Bool {
    let pair = word.split(separator: "=", maxSplits: 1).map { String($0) }
    func number() throws(Complaint) -> Int {
      guard pair.count == 2, let number = Check.number(pair[1]) else { throw refuse("\(word) needs a number") }
      return number
    }
    switch pair.first ?? "" {
    case "ok": break
    case "done": return true
    case "lost": step.isSilent = true
    case "drop":
      step.isSilent = true
      step.isProcessed = false
    case "html":
      step.isHTML = true
      step.isProcessed = false
    case "empty":
      step.isEmpty = true
      step.isProcessed = false
    case "wait": step.wait = String(try number())
    case "retry-after":
      step.retryAfter = pair.count == 2 ? pair[1].split(separator: "_", omittingEmptySubsequences: false).joined(separator: " ") : ""
    case "cut": step.cut = try number()
    case "reset":
      step.isReset = true
      step.cut = pair.count == 2 ? try number() : 0
    case "slow":
      guard pair.count == 2, let seconds = Double(pair[1]), (0...600).contains(seconds) else {
        throw refuse("\(word): slow takes seconds, at most 600")
      }
      step.delay = seconds
    case let status where pair.count == 1:
      if step.status == nil, let number = Check.number(status), (200...599).contains(number) {
        step.status = number
        // 200 alone is the service's own answer.
        if number != 200 { step.isProcessed = false }
      } else if step.status == nil, step.code == nil, let published = Refusal.published(word) {
        // A code alone has the status of the documentation.
        (step.status, step.code, step.isProcessed) = (published.status, word, false)
      } else if step.status != nil, step.code == nil, word.allSatisfy({ $0.isASCII && ($0.isNumber || $0.isUppercase || $0 == "_") }) {
        step.code = word
        step.isProcessed = false
      } else {
        throw refuse("\(word) is not a step")
      }
    default: throw refuse("\(word) is not a step")
    }
    return false
  }

  func covers(_ method: String, _ path: String) -> Bool { (self.method == method || self.method == "*") && path.hasPrefix(prefix) }
}

extension FaultPlan.Step {
  /// The answer instead of the service's own, nil if that is to be given.
  func answer(for call: Call) -> Answer? {
    if isHTML { return titled(.html(status: status ?? 200, "Sign In")) }
    if isEmpty { return titled(Answer(status: status ?? 200, [])) }
    if let code {
      var refusal = Refusal.published(code, status: status) ?? Refusal(0, "This is a rehearsed error.", status: status ?? 200)
      refusal.code = code
      if code == "1965" { refusal.items = [("SECONDS_TO_WAIT", wait ?? "3600")] }
      if code == "1960" { refusal.items = [("CALLS_TO_FINISH", "1")] }
      return titled(Document.answer(refusal, for: call))
    }
    if let status, status != 200 { return titled(.html(status: status, "Rehearsed error \(status)")) }
    return nil
  }

  private func titled(_ answer: Answer) -> Answer {
    var answer = answer
    if let wait { answer.headers.append(("X-RateLimit-ToWait-Sec", wait)) }
    if let retryAfter { answer.headers.append(("Retry-After", retryAfter)) }
    if status == 301 || status == 302 || status == 307 || status == 308 { answer.headers.append(("Location", Document.host + "/elsewhere")) }
    return answer
  }
}
