internal import Glibc
package import Markup
package import Requests

/// Sends the requests of a list, each once.
///
/// The whole list is read and checked before the first request is sent. What is done by the journal's word is not sent again; what is unknown
/// is not, either, and is named.
package struct Sender: ~Copyable {
  /// What became of the list.
  package struct Tally: Sendable {
    package var done = 0
    package var alreadyDone = 0
    package var refused = 0
    package var unknown: [String] = []
    package var unsent = 0
  }

  package struct Choices: Sendable {
    package var stopsOnError = false
    package var stopsOnUnknown = false
    package var patience = Patience()

    package init() {}
  }

  private let connection: Connection
  private var journal: Journal
  private let choices: Choices
  private let say: (String) -> Void
  private let report: (String) throws(Complaint) -> Void
  package private(set) var tally = Tally()
  /// When the next request may be sent at the earliest, by endpoint: the service has said that none is left.
  private var holds: [String: Double] = [:]

  /// - Parameters:
  ///   - say: tells a person that the program waits.
  ///   - report: takes a line for each request: status, new id, source id, name.
  package init(
    _ connection: consuming Connection, journal: consuming Journal, _ choices: Choices, say: @escaping (String) -> Void,
    report: @escaping (String) throws(Complaint) -> Void
  ) {
    self.connection = connection
    self.journal = journal
    self.choices = choices
    self.say = say
    self.report = report
  }

  /// The map of what has been created so far: `source_id,target_id,name`.
  package func map() -> String {
    var map = CSV.row(["source_id", "target_id", "name"])
    for key in journal.order {
      guard let entry = journal.entries[key], case .done(let id) = entry.state, !entry.source.isEmpty, !id.isEmpty else { continue }
      map += CSV.row([entry.source, id, entry.name])
    }
    return map
  }

  /// Sends one request, unless it is done or unknown. Returns false if nothing more may be sent.
  ///
  /// Errors: `local` if the journal cannot be written: then nothing is sent any more.
  package mutating func send(_ request: PreparedRequest) throws(Complaint) -> Bool {
    let label = request.label
    switch journal.entries[request.key]?.state {
    case .done(let id):
      tally.alreadyDone += 1
      try line("already", id, request)
      return true
    case .unknown(let reason):
      tally.unknown.append(label)
      try line("unknown", "", request, reason)
      return !choices.stopsOnUnknown
    case .refused, .unsent, nil: break
    }
    if Interruption.isAsked { return false }
    try journal.intend(
      request.key,
      Journal.Entry(kind: request.kind, source: request.source, name: request.name, state: .unknown(reason: "the push ended before the answer came")))
    switch try exchange(request) {
    case .done(let id, _):
      try journal.settle(request.key, .done(id: id ?? ""))
      tally.done += 1
      try line("done", id ?? "", request)
      return true
    case .refused(let code, let text):
      try journal.settle(request.key, .refused(code: code, text: text))
      tally.refused += 1
      say("\(label): refused: \(code)\(text.isEmpty ? "" : ": " + text)")
      try line("refused", "", request, "\(code): \(text)")
      return !choices.stopsOnError
    case .unclear(let reason):
      connection.hangUp()
      try journal.settle(request.key, .unknown(reason: reason))
      tally.unknown.append(label)
      say("\(label): unknown: \(reason)")
      try line("unknown", "", request, reason)
      return !choices.stopsOnUnknown
    case .wait(_, let reason):
      try journal.settle(request.key, .unsent)
      tally.unsent += 1
      say("\(label): not sent: \(reason)")
      return false
    case .stop(let reason, true):
      try journal.settle(request.key, .unknown(reason: reason))
      tally.unknown.append(label)
      say("\(label): unknown: \(reason)")
      try line("unknown", "", request, reason)
      return false
    case .stop(let reason, false):
      try journal.settle(request.key, .unsent)
      tally.unsent += 1
      say("\(label): not done: \(reason)")
      return false
    }
  }

  /// Puts the last outcome on disk.
  package mutating func finish() throws(Complaint) { try journal.sync() }

  private func line(_ status: String, _ id: String, _ request: PreparedRequest, _ reason: String = "") throws(Complaint) {
    let fields = [status, id, request.source, request.name, reason].map { field in
      field.unicodeScalars.reduce(into: "") { $0 += $1 == "\\" ? "\\\\" : String($1) }.shown
    }
    try report(fields.joined(separator: "\t") + "\n")
  }

  /// One request, with the waiting that proves harmless: only what the service has certainly not done is sent again.
  private mutating func exchange(_ request: PreparedRequest) throws(Complaint) -> Judgement {
    for number in 1...choices.patience.tries {
      if let reason = hold(request) { return .wait(seconds: nil, reason: reason) }
      if Interruption.isAsked { return .stop(reason: "interrupted") }
      let judgement = try attempt(request)
      guard case .wait(let asked, let reason) = judgement else { return judgement }
      if number == choices.patience.tries { break }
      let seconds = choices.patience.seconds(asked: asked, next: number + 1)
      guard seconds <= Double(choices.patience.longest) else {
        return .wait(seconds: asked, reason: "\(reason): the service asks for \(asked ?? 0) s, more than --longest-wait")
      }
      say("waiting \(Int(seconds.rounded(.up))) s: \(reason)")
      choices.patience.wait(seconds)
    }
    return .wait(seconds: nil, reason: "the service was busy \(choices.patience.tries) times")
  }

  private mutating func attempt(_ request: PreparedRequest) throws(Complaint) -> Judgement {
    let payload = try request.payload()
    defer { if case .file(let descriptor, _) = payload { close(descriptor) } }
    var body: [UInt8] = []
    do throws(Failure) {
      let reply = try connection.exchange(request.method, request.url, payload) { _, bytes in
        body.append(bytes)
        return body.count <= 1 << 22
      }
      if reply.headers["x-ratelimit-remaining"] == "0", let wait = reply.headers["x-ratelimit-towait-sec"].flatMap(Int.init), wait > 0 {
        holds[request.endpoint] = Patience.now() + Double(wait) * choices.patience.scale
      }
      return ServiceAnswer.judge(reply, body)
    } catch {
      // The status of an answer that broke off, or was too large, is one that the request was not done; a refused login must end the run.
      if let reply = error.reply, (300..<500).contains(reply.status), !error.isInterrupted { return ServiceAnswer.judge(reply, []) }
      if error.mayHaveArrived { return .unclear(reason: error.isInterrupted ? "interrupted while the answer was awaited" : error.reason) }
      if error.isInterrupted { return .stop(reason: "interrupted") }
      if error.isHopeless { return .stop(reason: error.reason) }
      return .wait(seconds: nil, reason: error.reason)
    }
  }

  /// Waits until the service has a call left again. Returns why it cannot be waited for.
  private func hold(_ request: PreparedRequest) -> String? {
    guard let until = holds[request.endpoint] else { return nil }
    let rest = until - Patience.now()
    guard rest > 0 else { return nil }
    guard rest <= Double(choices.patience.longest) * choices.patience.scale else {
      return "the service has no call left for more than --longest-wait"
    }
    say("waiting \(Int((rest / choices.patience.scale).rounded(.up))) s: the service has no call left")
    choices.patience.wait(rest / choices.patience.scale)
    return nil
  }
}

/// A request that is ready to be sent, and the name that the journal knows it by.
package struct PreparedRequest: Sendable {
  package let key: String
  package let line: Int
  let method: String
  let url: String
  let kind: String
  let source: String
  let name: String
  private let body: Request.Body?
  private static let secret = Array("<?qtbx-secret".utf8)
  private let form: [UInt8]

  /// The path, without the query: what the service counts calls by.
  var endpoint: String { String(url.prefix { $0 != "?" }) }

  /// `line 12, asset group "Web" (4000001)`
  var label: String { "line \(line), " + Subject(kind: kind.isEmpty ? "request" : kind, id: source, name: name).description }

  /// Errors: `refused` if the request holds a secret, or its file cannot be read.
  package init(_ request: Request, line: Int) throws(Complaint) {
    if request.parameters.contains(where: \.isSecret) { throw Complaint(.refused, "the request needs a secret, and no --secrets was given") }
    if case .xml(let xml) = request.body, xml.contains(Self.secret) {
      throw Complaint(.refused, "the request needs a secret, and no --secrets was given")
    }
    self.line = line
    method = request.method
    let query = String(decoding: request.query, as: UTF8.self)
    let isForm = request.body == nil && request.method != "GET"
    url = request.path + (isForm || query.isEmpty ? "" : "?" + query)
    form = isForm ? request.query : []
    body = request.body
    kind = request.origin?.kind ?? ""
    source = request.origin?.id ?? ""
    name = Self.name(of: request)
    // By content and source, not by the line's number: a list may be sorted, cut or joined.
    var digest = try Digest()
    for part in [method, request.path, query, kind, source] { digest.add(Array("\(part.utf8.count) \(part)\n".utf8)) }
    switch request.body {
    case .xml(let xml): digest.add(xml)
    case .file(let path):
      let file = try Self.open(path)
      defer { close(file) }
      // The end of the piece before: what is looked for may stand across two.
      var tail: [UInt8] = []
      while true {
        var bytes: [UInt8] = []
        if try Descriptor.read(file, 1 << 16, into: &bytes) == 0 { break }
        digest.add(bytes)
        if (tail + bytes).contains(Self.secret) { throw Complaint(.refused, "the request needs a secret, and no --secrets was given") }
        tail = Array((tail + bytes).suffix(Self.secret.count - 1))
      }
    case nil: break
    }
    key = digest.digits(16)
  }

  func payload() throws(Complaint) -> Payload? {
    switch body {
    case .xml(let xml): return .xml(xml)
    case .file(let path):
      let file = try Self.open(path)
      var status = stat()
      fstat(file, &status)
      return .file(file, length: Int(status.st_size))
    case nil: return method == "GET" ? nil : .form(form)
    }
  }

  private static func open(_ path: String) throws(Complaint) -> Int32 {
    let file = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw Complaint(.local, "cannot open the body: " + Descriptor.reason(errno), at: path.shown) }
    return file
  }

  /// What a person calls the object: its title, or the first name in its body.
  private static func name(of request: Request) -> String {
    for name in ["title", "scan_title", "name", "username", "email", "domain", "ips"] {
      if let parameter = request.parameters.first(where: { $0.name == name && !$0.isSecret }) { return parameter.value }
    }
    guard case .xml(let xml) = request.body, let open = xml.firstRange(of: Array("<name>".utf8))?.upperBound,
      let close = xml[open...].firstRange(of: Array("</name>".utf8))?.lowerBound
    else { return "" }
    return Outline.text(of: xml[open..<close])
  }
}
