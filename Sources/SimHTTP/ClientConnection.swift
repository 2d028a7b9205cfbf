internal import Base
internal import Glibc

/// A connection: requests in, replies out, and the faults of the wire.
struct ClientConnection {
  /// The longest first line. No documentation names one; this is what such servers mostly have.
  static let longestLine = 8190
  /// All headers of a request together.
  static let longestHead = 1 << 16
  /// A policy of a thousand controls has some ten million bytes.
  static let largestBody = 1 << 26

  private let descriptor: Int32
  /// What was received, and from where on it has not been read.
  private var buffer: [UInt8] = []
  private var at = 0

  init(_ descriptor: Int32) {
    self.descriptor = descriptor
    var on: Int32 = 1
    // Small packets go at once: header and body must not wait for each other.
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
  }

  /// Answers one request after the other, until one of the two ends it.
  mutating func answerAll(_ answer: (IncomingRequest) -> OutgoingResponse?) {
    while let (request, wantsMore) = request() {
      guard let reply = answer(request), send(reply, to: request, isLast: !wantsMore), wantsMore else { break }
    }
  }

  func converse(_ answer: (IncomingRequest) -> OutgoingResponse?) {
    var copy = self
    copy.answerAll(answer)
  }

  // MARK: Receiving

  /// The next request, and whether another one may follow. Nil if there is none.
  private mutating func request() -> (IncomingRequest, wantsMore: Bool)? {
    var request = IncomingRequest(method: "", path: "", query: "", headers: [:], body: [])
    guard var line = line(atMost: Self.longestLine, request: &request) else { return nil }
    // A line feed too many behind a body is forgiven.
    if line.isEmpty, request.flaw == nil {
      guard let next = self.line(atMost: Self.longestLine, request: &request) else { return nil }
      line = next
    }
    let words = line.split(separator: " ", omittingEmptySubsequences: true)
    if request.flaw == .longAddress {
      // The method and what fits, for the log.
      request.method = String(decoding: words.first?.prefix(16) ?? [], as: UTF8.self)
      setTarget(words.count > 1 ? words[1] : [], &request)
      request.flaw = .longAddress
      return (request, false)
    }
    guard words.count == 3, words[2].starts(with: "HTTP/1.".utf8) else { return (flawed(request), false) }
    request.method = String(decoding: words[0], as: UTF8.self)
    setTarget(words[1], &request)
    var wantsMore = words[2].last == "1"
    guard headers(&request) else { return request.flaw == nil ? nil : (request, false) }
    if request.flaw != nil { return (request, false) }
    switch request.headers["connection"]?.lowercased() {
    case "close": wantsMore = false
    case "keep-alive": wantsMore = true
    default: break
    }
    guard body(&request) else { return request.flaw == nil ? nil : (request, false) }
    return (request, wantsMore)
  }

  private func flawed(_ request: IncomingRequest) -> IncomingRequest {
    var request = request
    request.flaw = .malformed
    return request
  }

  private func setTarget(_ target: ArraySlice<UInt8>, _ request: inout IncomingRequest) {
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    guard let path = parts.first.flatMap({ String(validating: $0, as: UTF8.self) }),
      let query = parts.count > 1 ? String(validating: parts[1], as: UTF8.self) : "", path.hasPrefix("/")
    else {
      request.flaw = .malformed
      return
    }
    (request.path, request.query) = (path, query)
  }

  /// False if the connection has ended, or with a flaw.
  private mutating func headers(_ request: inout IncomingRequest) -> Bool {
    var rest = Self.longestHead
    while true {
      guard let line = line(atMost: rest, request: &request) else { return false }
      if request.flaw != nil {
        request.flaw = .malformed
        return false
      }
      if line.isEmpty { return true }
      rest -= line.count
      guard let colon = line.firstIndex(of: ":") else {
        request.flaw = .malformed
        return false
      }
      let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
      let value = Self.trimmed(line[(colon + 1)...])
      // Of two lengths, a proxy might have gone by the other one.
      if name == "content-length", let other = request.headers[name], other != value {
        request.flaw = .malformed
        return false
      }
      request.headers[name] = value
    }
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
    let isBlank = { (byte: UInt8) in byte == " " || byte == "\t" }
    let rest = bytes.drop(while: isBlank)
    guard let last = rest.lastIndex(where: { !isBlank($0) }) else { return "" }
    return String(decoding: rest[...last], as: UTF8.self)
  }

  /// False if the connection has ended, or with a flaw.
  private mutating func body(_ request: inout IncomingRequest) -> Bool {
    let isChunked = request.headers["transfer-encoding"]?.lowercased() == "chunked"
    var length = 0
    if let text = request.headers["content-length"] {
      guard !isChunked, let number = Self.number(text, base: 10) else {
        request.flaw = .malformed
        return false
      }
      length = number
    }
    if length > Self.largestBody {
      request.flaw = .largeBody
      return false
    }
    if length > 0 || isChunked, request.headers["expect"]?.lowercased() == "100-continue" {
      guard write(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)) else { return false }
    }
    if !isChunked { return take(length, into: &request.body) }
    while true {
      guard let line = line(atMost: 1024, request: &request) else { return false }
      let digits = String(decoding: line.prefix { $0 != ";" }, as: UTF8.self)
      guard request.flaw == nil, let count = Self.number(Self.trimmed(Array(digits.utf8)[...]), base: 16) else {
        request.flaw = .malformed
        return false
      }
      if count == 0 { break }
      if count > Self.largestBody - request.body.count {
        request.flaw = .largeBody
        return false
      }
      guard take(count, into: &request.body), let end = self.line(atMost: 2, request: &request) else { return false }
      if !end.isEmpty {
        request.flaw = .malformed
        return false
      }
    }
    // Headers may follow. They say nothing here.
    var rest = IncomingRequest(method: "", path: "", query: "", headers: [:], body: [])
    return headers(&rest)
  }

  /// A number that is one: no sign, no blank. One that does not fit is larger than everything that is allowed.
  private static func number(_ text: String, base: Int) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy({ Character(Unicode.Scalar($0)).hexDigitValue.map { $0 < base } ?? false }) else { return nil }
    return Int(text, radix: base) ?? Int.max
  }

  /// A line without its end. One that is too long is read to its end, kept as far as it is allowed, and a flaw. Nil at the end.
  private mutating func line(atMost limit: Int, request: inout IncomingRequest) -> ArraySlice<UInt8>? {
    var line: [UInt8] = []
    while true {
      let end = buffer[at...].firstIndex(of: "\n")
      let part = buffer[at..<(end ?? buffer.endIndex)]
      line += part.prefix(max(0, limit + 1 - line.count))
      if part.count > limit || line.count > limit { request.flaw = .longAddress }
      at = end.map { $0 + 1 } ?? buffer.endIndex
      if end != nil { break }
      guard receive() else { return nil }
    }
    if line.last == "\r" { line.removeLast() }
    return line.prefix(limit)
  }

  private mutating func take(_ count: Int, into body: inout [UInt8]) -> Bool {
    var rest = count
    while rest > 0 {
      if at == buffer.endIndex, !receive() { return false }
      let part = buffer[at...].prefix(rest)
      body += part
      at += part.count
      rest -= part.count
    }
    return true
  }

  /// Waits for more. False at the end.
  private mutating func receive() -> Bool {
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = chunk.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      buffer = Array(chunk[..<count])
      at = 0
      return true
    }
  }

  // MARK: Sending

  /// False if nothing may follow.
  private func send(_ reply: OutgoingResponse, to request: IncomingRequest, isLast: Bool) -> Bool {
    if reply.isReset, reply.cut == 0 {
      reset()
      return false
    }
    if reply.isSilent { return false }
    var head = "HTTP/1.1 \(reply.status) \(Self.phrases[reply.status] ?? "Rehearsed")\r\nContent-Length: \(reply.body.count)\r\n"
    for header in reply.headers { head += "\(header.name): \(header.value)\r\n" }
    if isLast { head += "Connection: close\r\n" }
    let body = request.method == "HEAD" ? [] : reply.body[..<min(reply.cut ?? Int.max, reply.body.count)]
    guard write(Array((head + "\r\n").utf8) + body) else { return false }
    if reply.isReset {
      // What was sent should arrive before the reset does.
      usleep(50_000)
      reset()
      return false
    }
    if reply.cut.map({ $0 < reply.body.count }) == true { return false }
    if request.flaw != nil { drain() }
    return true
  }

  private func write(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress.map { $0 + sent }, $0.count - sent, Int32(MSG_NOSIGNAL)) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  /// A client that is still sending would not see the answer if the connection were closed at once: a moment is left to it.
  private func drain() {
    shutdown(descriptor, Int32(SHUT_WR))
    var wait = timeval(tv_sec: 2, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    // No more than a body may have, and no longer than a few seconds.
    let end = time(nil) + 5
    var rest = Self.largestBody
    while rest > 0, time(nil) < end {
      let count = chunk.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
      if count <= 0 { return }
      rest -= count
    }
  }

  /// When the connection is closed, the peer is told that it was reset.
  private func reset() {
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
  }

  private static let phrases = [
    200: "OK", 202: "Accepted", 301: "Moved Permanently", 302: "Found", 307: "Temporary Redirect", 400: "Bad Request", 401: "Unauthorized",
    403: "Forbidden", 404: "Not Found", 409: "Conflict", 413: "Request Entity Too Large", 414: "Request-URI Too Long", 429: "Too Many Requests",
    500: "Internal Server Error", 501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
  ]
}
