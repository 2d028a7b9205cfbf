internal import FlyingFox
internal import FlyingSocks
internal import Foundation

/// A request as it came in.
package struct Visit: Sendable {
  package var method: String
  /// Still percent-encoded.
  package var path: String
  /// What stood behind the question mark, still percent-encoded.
  package var query: String
  /// By their names in lower case.
  package var headers: [String: String]
  package var body: [UInt8]
}

/// What is sent back, and what goes wrong with it.
package struct Reply: Sendable {
  package var status: Int
  package var headers: [(name: String, value: String)]
  package var body: [UInt8]
  /// Only so many bytes of the body are sent, then the connection is closed.
  package var cut: Int?
  /// Nothing is sent: the connection is closed.
  package var isSilent = false
  /// The connection is reset instead of closed.
  package var isReset = false

  package init(status: Int, headers: [(name: String, value: String)], body: [UInt8]) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}

/// An HTTP server. The one floor that stands on FlyingFox, and so on Foundation; neither shows outside.
package final class Doorway: Sendable {
  package enum Failure: Error {
    case address
    case listening(String)
  }

  private let server: HTTPServer

  /// - Parameters:
  ///   - address: IPv4 or IPv6.
  ///   - port: 0 takes any that is free.
  package init(address: String, port: UInt16, serve: @escaping @Sendable (Visit) async throws -> Reply) throws(Failure) {
    let socketAddress: any SocketAddress
    do {
      if address.contains(":") {
        socketAddress = try sockaddr_in6.inet6(ip6: address, port: port)
      } else {
        socketAddress = try sockaddr_in.inet(ip4: address, port: port)
      }
    } catch {
      throw .address
    }
    server = Self.server(socketAddress, Door(serve: serve))
  }

  private static func server(_ address: some SocketAddress, _ door: Door) -> HTTPServer {
    HTTPServer(
      config: HTTPServer.Configuration(
        address: address, timeout: 3600, sharedRequestBufferSize: 1 << 16, sharedRequestReplaySize: 1 << 30, logger: .disabled), handler: door)
  }

  /// Begins to listen, and gives the port.
  package func open() async throws(Failure) -> UInt16 {
    let server = server
    let running = Task<String?, Never> {
      do { try await server.run() } catch {
        // What this library calls an error in words, the system calls it by a number.
        if case SocketError.failed(_, _, let message) = error { return message }
        return "\(error)"
      }
      return nil
    }
    // Whichever comes first: it listens, or it has failed.
    let listening = Task<Bool, Never> { (try? await server.waitUntilListening(timeout: 30)) != nil }
    let failure = Task<String?, Never> {
      let reason = await running.value
      listening.cancel()
      return reason
    }
    guard await listening.value else { throw .listening(await failure.value ?? "no answer") }
    switch await server.listeningAddress {
    case .ip4(_, let port), .ip6(_, let port): return port
    default: throw .listening("no port")
    }
  }

  /// Stops listening, and waits a moment for what is under way.
  package func close() async { await server.stop(timeout: 0.2) }
}

/// How far a time zone is from Greenwich, by its Olson name; nil for a name that is none.
package func secondsEast(of zone: String, at seconds: Int) -> Int? {
  TimeZone(identifier: zone)?.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(seconds)))
}

/// Requests in, replies out, and the faults of the wire.
private struct Door: HTTPHandler {
  let serve: @Sendable (Visit) async throws -> Reply

  func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
    let port =
      switch request.remoteAddress {
      case .ip4(_, let port), .ip6(_, let port): port
      default: UInt16(0)
      }
    let wire = Wire(peerPort: port)
    wire?.hurry()
    if request.headers[HTTPHeader("Expect")]?.lowercased() == "100-continue" { wire?.askForBody() }
    var headers: [String: String] = [:]
    for header in request.headers { headers[header.key.rawValue.lowercased()] = header.value }
    let visit = Visit(
      method: request.method.rawValue, path: request.target.path(), query: request.target.query(), headers: headers,
      body: Array(try await request.bodyData))
    let reply = try await serve(visit)
    if reply.isReset, reply.cut == 0 {
      wire?.reset()
      throw Broken()
    }
    if reply.isSilent {
      wire?.hangUp()
      throw Broken()
    }
    if reply.isReset { wire?.resetOnClose() }
    var response = HTTPResponse(
      statusCode: HTTPStatusCode(reply.status, phrase: Self.phrases[reply.status] ?? "Rehearsed"), body: Self.body(reply.body, cut: reply.cut))
    for header in reply.headers { response.headers[HTTPHeader(header.name)] = header.value }
    return response
  }

  private static func body(_ bytes: [UInt8], cut: Int?) -> HTTPBodySequence {
    guard let cut, cut < bytes.count else { return HTTPBodySequence(data: Data(bytes), suggestedBufferSize: 1 << 16) }
    return HTTPBodySequence(from: BrokenBody(bytes: Array(bytes.prefix(cut))), count: bytes.count)
  }

  private static let phrases = [
    200: "OK", 301: "Moved Permanently", 302: "Found", 307: "Temporary Redirect", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden",
    404: "Not Found", 409: "Conflict", 414: "Request-URI Too Long", 429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway",
    503: "Service Unavailable", 504: "Gateway Timeout",
  ]
}

private struct Broken: Error {}

/// A body that breaks off.
private struct BrokenBody: AsyncBufferedSequence {
  typealias Element = UInt8
  let bytes: [UInt8]

  func makeAsyncIterator() -> Iterator { Iterator(bytes: bytes[...]) }

  struct Iterator: AsyncBufferedIteratorProtocol {
    var bytes: ArraySlice<UInt8>

    mutating func next() async throws -> UInt8? {
      guard let first = bytes.popFirst() else { throw Broken() }
      return first
    }

    mutating func nextBuffer(suggested count: Int) async throws -> ArraySlice<UInt8>? {
      if bytes.isEmpty { throw Broken() }
      let part = bytes.prefix(count)
      bytes = bytes.dropFirst(count)
      return part
    }
  }
}
