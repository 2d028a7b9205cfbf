internal import Base
internal import CTransfer
internal import Glibc
internal import Requests
internal import Sealing
internal import Toolbox

/// The libraries that talk, as they are where a program runs: `libcurl/7.88.1 OpenSSL/3.0.17`, and what these stand on.
package let transferVersions = String(cString: ctransfer_libraries())

/// What the server has said: everything but the body.
package struct Reply: Sendable {
  /// Of HTTP: 200.
  package var status: Int
  /// Lower-case names.
  package var headers: [String: String]
  /// HTTP says where the body ends: with a length, in chunks, or in frames, not with the connection.
  package var isMeasured = true

  package init(status: Int, headers: [String: String], isMeasured: Bool = true) {
    self.status = status
    self.headers = headers
    self.isMeasured = isMeasured
  }
}

/// Why there is no whole reply.
struct Failure: Error, Sendable {
  /// The server may have acted on the request: only it knows.
  var mayHaveArrived: Bool
  /// For a person, on one line.
  var reason: String
  /// Trying again would fail in the same way: TLS, or a mistake in the options.
  var isHopeless = false
  /// The caller ended the exchange itself.
  var isInterrupted = false
  /// The answer was longer than anybody wants to read.
  var isTooLong = false
  /// What there was of the reply before it broke off, if it was more than an interim one: the status may say enough.
  var reply: Reply?
}

/// A body that goes along with a request.
enum Payload: Sendable {
  case form([UInt8])
  case xml([UInt8])
  /// An open file of XML, and its length.
  case file(Int32, length: Int)
  /// A form or XML with secrets in it.
  case locked(FilledText, isForm: Bool)

  /// In bytes.
  var length: Int {
    switch self {
    case .form(let bytes), .xml(let bytes): bytes.count
    case .file(_, let length): length
    case .locked(let text, _): text.bytes.count
    }
  }
}

/// Time-outs, in seconds.
struct Timeouts: Sendable {
  /// For the connection and TLS to come about.
  var connect = 30
  /// Without a single byte.
  var stall = 300
  /// For the whole exchange.
  var total = 3600

  init() {}
}

/// A line to the server, used for one exchange after the other. TLS is always verified, no redirect is followed.
final class Connection {
  private let handle: OpaquePointer
  /// Where it leads.
  let server: Server
  /// Who asks.
  let login: (user: String, password: Secret)
  /// Takes the password out of what the server says, wherever it is told or kept.
  let echo: EchoFilter
  private let authorities: String?
  private let timeouts: Timeouts
  /// Seconds that the answer under way is still awaited after an interruption.
  private let grace: Double
  /// When the last exchange ended, nil if there was none since the line was begun.
  private var lastUse: Double?
  /// Its protocol says which answer is whose: that of an earlier request cannot be taken for another one's.
  private var namesAnswers = false

  /// libcurl's numbers for a certificate that is not trusted, of another host, or not there; a bad authority file; a bad URL or proxy.
  private static let hopeless: Set<Int32> = [1, 3, 5, 35, 53, 54, 58, 59, 60, 66, 77, 82, 83, 90, 91, 98]

  /// What libcurl says when the callback that watches has ended the exchange.
  private static let endedByUs: Int32 = 42
  /// What it says when no TLS comes about.
  private static let noTLS: Int32 = 35
  /// What it says when a body cannot be sent once more.
  private static let notWoundBack: Int32 = 65

  private static let isReady = ctransfer_prepare() != 0

  /// Gets ready; nothing is sent yet. Errors: `fault` if libcurl cannot be used; `local`.
  init(
    to server: Server, as credentials: Credentials, trusting authorities: String?, timeouts: Timeouts, grace: Double = 0
  ) throws(Complaint) {
    guard Self.isReady, let handle = ctransfer_new() else { throw Complaint(.fault, "libcurl cannot be used") }
    self.handle = handle
    self.server = server
    login = (credentials.user, credentials.password)
    echo = try EchoFilter(login: login)
    self.authorities = authorities
    self.timeouts = timeouts
    self.grace = grace
  }

  deinit { ctransfer_free(handle) }

  /// Ends the line. After an answer that was not understood, the rest of it would be taken for the next one.
  func hangUp() {
    ctransfer_forget(handle)
    lastUse = nil
  }

  /// Seconds after which a line is not used again: the other end may be about to close it, and a request on a line that is closed is one of which
  /// nobody knows whether it has arrived.
  private static let longestIdle = 1.0

  /// Ends a line that has waited, and one on which something has come that was not asked for, a second answer or that of a proxy which is tired of
  /// waiting: it would be taken for the answer to the next request.
  private func hangUpIfStale() {
    guard let lastUse else { return }
    if RetryPolicy.now() - lastUse > Self.longestIdle || !namesAnswers && ctransfer_has_input(handle) != 0 { hangUp() }
  }

  /// Sends a request and takes the body of the reply piece by piece; `take` returns false to end it.
  ///
  /// - Parameters:
  ///   - url: path and query, relative to the server.
  ///   - filled: the whole URL, if there are secrets in it.
  func exchange(
    _ method: String, _ url: String, _ payload: Payload? = nil, filled: FilledText? = nil, take: @escaping (Reply, Span<UInt8>) -> Bool
  ) throws(Failure) -> Reply {
    hangUpIfStale()
    defer { lastUse = RetryPolicy.now() }
    let state = ExchangeState(take, grace: grace)
    let context = Unmanaged.passUnretained(state).toOpaque()
    var outcome = ctransfer_outcome()
    withCall(method, server.base + url, filled, payload) { call in
      var call = call
      outcome = ctransfer_perform(
        handle, &call,
        { context, bytes, count in ExchangeState.of(context).header(UnsafeRawBufferPointer(start: bytes, count: count)) },
        { context, bytes, count in ExchangeState.of(context).body(UnsafeRawBufferPointer(start: bytes, count: count)) },
        { context, _, _ in Interruption.isUrgent(after: ExchangeState.of(context).grace) ? 1 : 0 },
        context)
    }
    namesAnswers = state.isFramed
    let reply = Reply(status: outcome.status, headers: state.headers, isMeasured: state.isMeasured)
    guard outcome.failure == 0 else {
      var reason = withUnsafeBytes(of: outcome.reason) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if !server.isLoopback { reason = ProxyAddress.cleared(reason, orRather: String(cString: ctransfer_words(outcome.failure))) }
      // What libcurl says then is that we have not let it send the request again.
      if [Self.endedByUs, Self.notWoundBack].contains(outcome.failure), !state.wasEnded { reason = "the connection was lost before the answer came" }
      if outcome.failure == Self.noTLS, server.isLoopback { reason += " (on this machine, perhaps --server http://\(server.base.dropFirst(8)))" }
      throw Failure(
        mayHaveArrived: outcome.may_have_arrived != 0, reason: state.wasEnded ? "the answer is too large" : reason.shown,
        // A proxy that refuses, by its password or its rules, will not change its mind.
        isHopeless: Self.hopeless.contains(outcome.failure) || (400..<500).contains(outcome.proxy_status),
        isInterrupted: Interruption.isAsked && outcome.failure == Self.endedByUs, isTooLong: state.wasEnded,
        reply: reply.status < 200 ? nil : reply)
    }
    return reply
  }

  private func withCall(_ method: String, _ url: String, _ filled: FilledText?, _ payload: Payload?, _ body: (ctransfer_call) -> Void) {
    var call = ctransfer_call()
    call.body_descriptor = -1
    call.connect_seconds = timeouts.connect
    call.stall_seconds = timeouts.stall
    call.total_seconds = timeouts.total
    call.is_direct = server.isLoopback ? 1 : 0
    func withText(_ text: String?, _ body: (UnsafePointer<CChar>?) -> Void) {
      if let text { text.withCString { body($0) } } else { body(nil) }
    }
    func withURL(_ url: String, _ filled: FilledText?, _ body: (UnsafePointer<CChar>?) -> Void) {
      guard let filled else { return withText(url, body) }
      filled.bytes.withBytes { bytes in
        bytes.withUnsafeBytes { body($0.baseAddress?.assumingMemoryBound(to: CChar.self)) }
      }
    }
    withText(method) { method in
      withURL(url, filled) { url in
        withText(authorities) { authorities in
          call.method = method
          call.url = url
          call.authorities = authorities
          withPayload(payload, &call) { call in
            var call = call
            withText(login.user) { user in
              login.password.withPointer { password in
                call.user = user
                call.password = password
                body(call)
              }
            }
          }
        }
      }
    }
  }

  private func withPayload(_ payload: Payload?, _ call: inout ctransfer_call, _ body: (ctransfer_call) -> Void) {
    var full = call
    func bytes(_ bytes: Span<UInt8>, _ type: String) {
      type.withCString { type in
        bytes.withUnsafeBytes { memory in
          full.content_type = type
          // Never NULL: an empty form is a body, too.
          full.body = memory.baseAddress?.assumingMemoryBound(to: CChar.self) ?? type
          full.body_length = memory.count
          body(full)
        }
      }
    }
    switch payload {
    case nil: body(full)
    case .form(let form): bytes(form.span, "application/x-www-form-urlencoded")
    case .xml(let xml): bytes(xml.span, "text/xml")
    case .locked(let text, let isForm): text.bytes.withBytes { bytes($0, isForm ? "application/x-www-form-urlencoded" : "text/xml") }
    case .file(let descriptor, let length):
      "text/xml".withCString { type in
        full.content_type = type
        full.body_descriptor = descriptor
        full.body_descriptor_length = Int64(length)
        body(full)
      }
    }
  }
}

/// What libcurl's callbacks share with the exchange that they belong to.
private final class ExchangeState {
  private let take: (Reply, Span<UInt8>) -> Bool
  private(set) var headers: [String: String] = [:]
  private var status = 0
  private(set) var isFramed = false
  var isMeasured: Bool { isFramed || headers["content-length"] != nil || headers["transfer-encoding"] != nil }
  private var headerBytes = 0
  private(set) var wasEnded = false
  let grace: Double

  init(_ take: @escaping (Reply, Span<UInt8>) -> Bool, grace: Double) {
    self.take = take
    self.grace = grace
  }

  static func of(_ context: UnsafeMutableRawPointer?) -> ExchangeState {
    guard let context else { preconditionFailure("libcurl lost its context") }
    return Unmanaged<ExchangeState>.fromOpaque(context).takeUnretainedValue()
  }

  func header(_ bytes: UnsafeRawBufferPointer) -> Int32 {
    headerBytes += bytes.count
    if headerBytes > 1 << 18 {
      wasEnded = true
      return 1
    }
    if bytes.starts(with: "HTTP/".utf8) {
      let line = String(decoding: bytes, as: UTF8.self)
      // A proxy's answer, or an interim one, comes before.
      headers = [:]
      isFramed = !line.hasPrefix("HTTP/1.")
      status = line.split(separator: " ").dropFirst().first.flatMap { Int($0.prefix(3)) } ?? 0
    } else if let colon = bytes.firstIndex(of: ":"), headers.count < 200 {
      let name = bytes[..<colon].map { ("A"..."Z").contains($0) ? $0 | 0x20 : $0 }
      var value = bytes[(colon + 1)...].drop(while: \.isBlank)
      while let last = value.last, last.isBlank { value.removeLast() }
      headers[String(decoding: name, as: UTF8.self)] = String(decoding: value, as: UTF8.self)
    }
    return 0
  }

  func body(_ bytes: UnsafeRawBufferPointer) -> Int32 {
    let isWanted = bytes.withMemoryRebound(to: UInt8.self) { take(Reply(status: status, headers: headers), $0.span) }
    if !isWanted { wasEnded = true }
    return isWanted ? 0 : 1
  }
}

/// The signals that want the program to end: the exchange under way is ended, what is known is written down, and the program says how to go on.
enum Interruption {
  nonisolated(unsafe) private static var count: sig_atomic_t = 0
  /// When the first signal came.
  nonisolated(unsafe) private static var since = 0.0

  /// True once a signal has come.
  static var isAsked: Bool { count > 0 }

  /// Whether an exchange is to end: some seconds after the first signal, or with the second.
  static func isUrgent(after grace: Double) -> Bool { count > 1 || count == 1 && RetryPolicy.now() - since >= grace }

  /// Notices the signals from now on, in place of ending by them.
  static func watch() {
    Signals.handle(Signals.endings) { number in
      let now = RetryPolicy.now()
      if Interruption.count == 0 {
        (Interruption.since, Interruption.count) = (now, 1)
      } else if number != SIGHUP, now - Interruption.since >= 0.1 {
        // Somebody is impatient. Nobody is whose session is gone, which the system and the shell say both; nor who signals a whole group and one of its
        // programs at once, as make and timeout do.
        Interruption.count = 2
      }
    }
  }
}
