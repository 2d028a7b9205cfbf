internal import Base
import Glibc
import SimHTTP

/// The rehearsed service: who may ask, how often, what, and what it answers. One request after the other.
actor Service {
  /// Every resource: adding one is a file in `Resources/` and its name here.
  static let resources: [RehearsedResource] =
    [
      .networks,
      .appliances,
      .assetGroups,
      .tags,
      .schedules,
      .complianceSchedules,
      .mapSchedules,
      .perimeterJobs,
      .policies,
      .hosts,
      .exceptions,
      .ips,
      .ipv6Mappings,
      .domains,
      .excludedHosts,
      .excludedHostsHistory,
      .virtualHosts,
      .restrictedIPs,
      .vendors,
      .staticSearchLists,
      .dynamicSearchLists,
      .optionProfiles,
      .reportTemplates,
      .users,
      .portalUsers,
      .userPreferences,
      .subscription,
      .vaults,
      .secrets,
      .allAuthentication,
      .msp,
    ] + RehearsedResource.authentication

  struct Rules: Sendable {
    var user = "rehearsal"
    /// Nil takes any.
    var password: [UInt8]?
    /// Calls of each address in an hour.
    var rate = 100_000
    /// Calls of each address at once.
    var concurrency = 10
  }

  private var subscription: Subscription
  private var sessions = Sessions()
  private let rules: Rules
  private let faults: [FaultPlan]
  private var taken: [Int]
  private var running: [String: Int] = [:]
  private var calls: [String: [time_t]] = [:]
  private let log: RequestLog?
  private var count = 0

  init(_ subscription: Subscription, rules: Rules, faults: [FaultPlan], log: RequestLog?) {
    self.subscription = subscription
    self.rules = rules
    self.faults = faults
    self.log = log
    taken = Array(repeating: 0, count: faults.count)
  }

  /// Answers what comes in by HTTP.
  func reply(to request: IncomingRequest) async throws -> OutgoingResponse {
    if let flaw = request.flaw { return try reply(to: request, flaw: flaw) }
    var call = Call(method: request.method, path: request.path, query: request.query, body: request.body)
    // A body without a type is what the API mostly takes.
    call.contentType = request.headers["content-type"] ?? (request.path.hasPrefix("/qps/") ? "text/xml" : "application/x-www-form-urlencoded")
    call.accept = request.headers["accept"] ?? ""
    let who = Who(
      authorization: request.headers["authorization"], cookies: request.headers["cookie"] ?? "",
      isMarked: !(request.headers["x-requested-with"] ?? "").isEmpty)
    let (answer, step) = try await answer(call, who)
    var reply = OutgoingResponse(status: answer.status, headers: [("Content-Type", answer.contentType)] + answer.headers, body: answer.body)
    (reply.cut, reply.isSilent, reply.isReset) = (step.cut, step.isSilent, step.isReset)
    return reply
  }

  /// Answers what is no request, or more than there is room for: with a page, and without a look at it. It is logged, and no step is taken.
  private func reply(to request: IncomingRequest, flaw: IncomingRequest.Flaw) throws -> OutgoingResponse {
    count += 1
    let (status, title) =
      switch flaw {
      case .longAddress: (414, "Request-URI Too Long")
      case .largeBody: (413, "Request Entity Too Large")
      case .malformed: (400, "Bad Request")
      }
    try log?.write(Call(method: request.method, path: request.path, query: request.query), number: count, step: "")
    let answer = Answer.html(status: status, title)
    return OutgoingResponse(status: status, headers: [("Content-Type", answer.contentType)], body: answer.body)
  }

  /// What the headers say of who asks.
  private struct Who {
    var authorization: String?
    var cookies: String
    /// X-Requested-With is there.
    var isMarked: Bool
  }

  /// Everything that it holds now.
  var state: Subscription { subscription }

  /// Answers a request, and says what is to go wrong with the answer.
  private func answer(_ call: Call, _ who: Who) async throws -> (Answer, FaultPlan.Step) {
    count += 1
    let step = nextStep(call)
    try log?.write(call, number: count, step: step.text)
    let address = call.path
    running[address, default: 0] += 1
    let atOnce = running[address, default: 1]
    defer { running[address, default: 1] -= 1 }
    if step.delay > 0 { try await Task.sleep(for: .seconds(step.delay)) }
    var headers = limits(atOnce, address)
    let replaced = step.answer(for: call)
    var answer = replaced ?? Answer([])
    if step.isProcessed {
      let own = serve(call, who, atOnce: atOnce, headers: &headers)
      answer = replaced ?? own
    }
    // A fault's own header wins. On a concurrency block the service gives no waiting time.
    let own = Set(answer.headers.map(\.name))
    answer.headers += headers.filter { !own.contains($0.name) && !(step.code == "1960" && $0.name.hasPrefix("X-RateLimit-Re")) }
    return (answer, step)
  }

  private func nextStep(_ call: Call) -> FaultPlan.Step {
    // The most specific address decides; of two of the same length the first.
    var best: Int?
    for at in faults.indices where faults[at].covers(call.method, call.path) {
      if best.map({ faults[$0].prefix.utf8.count < faults[at].prefix.utf8.count }) ?? true { best = at }
    }
    guard let best else { return .ok }
    defer { taken[best] += 1 }
    return faults[best].steps[min(taken[best], faults[best].steps.count - 1)]
  }

  // MARK: Limits

  private func limits(_ atOnce: Int, _ address: String) -> [(name: String, value: String)] {
    let now = time(nil)
    var recent = calls[address] ?? []
    if let first = recent.first, first <= now - 3600 { recent.removeAll { $0 <= now - 3600 } }
    calls[address] = recent
    let wait = recent.count < rules.rate ? 0 : (recent.first ?? now) + 3600 - now
    return [
      ("X-RateLimit-Limit", String(rules.rate)), ("X-RateLimit-Window-Sec", "3600"),
      ("X-RateLimit-Remaining", String(max(0, rules.rate - recent.count - 1))), ("X-RateLimit-ToWait-Sec", String(wait)),
      ("X-Concurrency-Limit-Limit", String(rules.concurrency)),  // The call itself is not counted: recorded answers to single calls say 0.
      ("X-Concurrency-Limit-Running", String(atOnce - 1)),
    ]
  }

  private func serve(_ call: Call, _ who: Who, atOnce: Int, headers: inout [(name: String, value: String)]) -> Answer {
    var call = call
    call.readParameters()
    // The address of a GET has an end, which no documentation names; this one is what such servers mostly have.
    if call.method == "GET", call.path.utf8.count + call.query.utf8.count > 8190 { return .html(status: 414, "Request-URI Too Long") }
    do throws(Refusal) {
      let isSession = call.path == Sessions.path || call.path == Sessions.path + "/"
      if !isSession { call.user = try user(who, call) }
      if let name = call.unreadable.first { throw Refusal.invalid(name, call[name] ?? "", "not UTF-8, or a character that XML does not have") }
      if call.path.hasPrefix("/api/"), !who.isMarked { throw Refusal(1903, "Missing required header: X-Requested-With") }
      if isSession {
        headers = []
        return try sessions.answer(call, cookies: who.cookies) { user, password throws(Refusal) in
          guard isRight(user, Array(password.utf8)) else { return false }
          if user != rules.user { try RehearsedResource.checkRegistration(of: user, call, subscription) }
          return true
        }
      }
      guard let (_, endpoint, version) = Self.route(call.path) else { return .html(status: 404, "Not Found") }
      // Concurrency is checked first, and then no waiting time is given.
      if atOnce > rules.concurrency {
        headers.removeAll { $0.name == "X-RateLimit-Remaining" || $0.name == "X-RateLimit-ToWait-Sec" }
        var refusal = Refusal(1960, " This API cannot be run again until 1 currently running API instance has finished.", status: 409)
        refusal.items = [("CALLS_TO_FINISH", String(atOnce - rules.concurrency))]
        throw refusal
      }
      if calls[call.path, default: []].count >= rules.rate {
        let wait = headers.first { $0.name == "X-RateLimit-ToWait-Sec" }?.value ?? "3600"
        var refusal = Refusal(1965, " This API cannot be run again for another \(wait) seconds.", status: 409)
        refusal.items = [("SECONDS_TO_WAIT", wait)]
        throw refusal
      }
      calls[call.path, default: []].append(time(nil))
      call.version = version
      if let direct = endpoint.direct { return try direct(call, &subscription) }
      guard let action = call["action"], !action.isEmpty else { throw Refusal.missing("action") }
      guard let found = endpoint.actions.first(where: { $0.name == action }) else {
        throw Refusal.invalid("action", action, "must be one of: \(endpoint.actions.map(\.name).joined(separator: ", "))")
      }
      return try found.checked(call, &subscription)
    } catch {
      var answer = Document.answer(error, for: call)
      if error.status == 401 { answer.headers.append(("WWW-Authenticate", "Basic realm=\"Qualys\"")) }
      return answer
    }
  }

  /// Who asks: by Basic authentication, or by a session, which neither the asset management API nor the calls for users know.
  private func user(_ who: Who, _ call: Call) throws(Refusal) -> String {
    if let authorization = who.authorization, authorization.lowercased().hasPrefix("basic "),
      let plain = Base64.decoded(authorization.dropFirst(6).trimmed), let colon = plain.firstIndex(of: ":")
    {
      let user = String(decoding: plain[..<colon], as: UTF8.self)
      if isRight(user, Array(plain[(colon + 1)...])) {
        if user != rules.user { try RehearsedResource.checkRegistration(of: user, call, subscription) }
        return user
      }
    } else if who.authorization == nil, !call.path.hasPrefix("/qps/"), !call.path.hasPrefix("/msp/"), let user = sessions.user(of: who.cookies) {
      if user != rules.user { try RehearsedResource.checkRegistration(of: user, call, subscription) }
      return user
    }
    throw Refusal(2000, "Bad Login/Password", status: 401)
  }

  /// The user of the rehearsal, or one who was created here, with the password that was told.
  private func isRight(_ user: String, _ password: [UInt8]) -> Bool {
    if user == rules.user { return rules.password.map { $0 == password } ?? true }
    return RehearsedResource.isPassword(password, of: user, subscription)
  }

  /// Where a path leads to. A slash at its end is not needed.
  static func route(_ path: String) -> (RehearsedResource, RehearsedResource.Endpoint, version: String)? {
    let parts = path.split(separator: "/", omittingEmptySubsequences: true)
    for resource in resources {
      for endpoint in resource.endpoints {
        let pattern = endpoint.path.split(separator: "/", omittingEmptySubsequences: true)
        guard pattern.count == parts.count else { continue }
        var version = ""
        let fits = zip(pattern, parts).allSatisfy { expected, part in
          if expected == "*" { version = String(part) }
          return expected == "*" ? endpoint.versions.contains(String(part)) : expected == "#" ? Check.number(String(part)) != nil : expected == part
        }
        if fits { return (resource, endpoint, version) }
      }
    }
    return nil
  }
}

enum Base64 {
  static func decoded(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    var (bits, count): (UInt32, Int) = (0, 0)
    for byte in text.utf8 where byte != "=" {
      let value: UInt8
      switch byte {
      case "A"..."Z": value = byte - "A"
      case "a"..."z": value = byte - "a" + 26
      case "0"..."9": value = byte - "0" + 52
      case "+": value = 62
      case "/": value = 63
      default: return nil
      }
      bits = bits << 6 | UInt32(value)
      count += 6
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    return bytes
  }
}
