internal import Dispatch
internal import Glibc
internal import Synchronization

/// A request as it came in.
package struct IncomingRequest: Sendable {
  /// Why a request is answered without a look at what it asks for.
  package enum Flaw: Sendable {
    /// Its first line is too long.
    case longAddress
    /// Its body is too large.
    case largeBody
    /// It is no HTTP, or its address is no text.
    case malformed
  }

  /// GET, POST or whatever else the first line began with.
  package var method: String
  /// Still percent-encoded.
  package var path: String
  /// What stood behind the question mark, still percent-encoded.
  package var query: String
  /// By their names in lower case.
  package var headers: [String: String]
  /// As it came, without what says how it was cut into chunks; empty if there was none.
  package var body: [UInt8]
  /// What is wrong with it; nil if it may be answered.
  package var flaw: Flaw?
}

/// What is sent back, and what goes wrong with it.
package struct OutgoingResponse: Sendable {
  /// Of HTTP: 200.
  package var status: Int
  /// In the order in which they are sent. Those that say where the body ends are not among them.
  package var headers: [(name: String, value: String)]
  /// All of it, even where less is sent.
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

/// An HTTP/1.1 server, with a thread for each connection.
///
/// It is our own because of what it must do that a library hides: to answer a first line without end, to stop reading a body, to break off
/// an answer where it is told to, to reset a connection.
package final class HTTPServer: Sendable {
  /// Why there is no server.
  package enum Failure: Error {
    case address
    case listening(String)
  }

  private struct State {
    var listener: Int32 = -1
    var isOpen = true
    var connections: Set<Int32> = []
  }

  /// So many connections are served at once; others are closed.
  private static let most = 1000

  private let address: sockaddr_storage
  private let length: socklen_t
  private let serve: @Sendable (IncomingRequest) async throws -> OutgoingResponse
  private let state = Mutex(State())

  /// - Parameters:
  ///   - address: IPv4 or IPv6.
  ///   - port: 0 takes any that is free.
  package init(address: String, port: UInt16, serve: @escaping @Sendable (IncomingRequest) async throws -> OutgoingResponse) throws(Failure) {
    var hints = addrinfo()
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(address, String(port), &hints, &found) == 0, let found, let first = found.pointee.ai_addr else { throw .address }
    defer { freeaddrinfo(found) }
    var copy = sockaddr_storage()
    memcpy(&copy, first, Int(found.pointee.ai_addrlen))
    self.address = copy
    length = found.pointee.ai_addrlen
    self.serve = serve
  }

  /// Begins to listen, and gives the port.
  package func open() throws(Failure) -> UInt16 {
    func fail() -> Failure { .listening(String(cString: strerror(errno))) }
    let listener = socket(Int32(address.ss_family), Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    if listener < 0 { throw fail() }
    var on: Int32 = 1
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
    var bound = address
    var size = length
    let isBound = withUnsafeMutablePointer(to: &bound) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, size) == 0 && listen(listener, SOMAXCONN) == 0 && getsockname(listener, $0, &size) == 0
      }
    }
    guard isBound else {
      let failure = fail()
      Glibc.close(listener)
      throw failure
    }
    state.withLock { $0.listener = listener }
    guard Self.thread({ self.accept(listener) }) else {
      Glibc.close(listener)
      throw .listening("there is no thread left")
    }
    // The port stands at the same place for both families.
    return withUnsafePointer(to: &bound) { $0.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { UInt16(bigEndian: $0.pointee.sin_port) } }
  }

  /// Stops listening, waits a moment for what is under way, and ends it.
  package func close() {
    state.withLock { state in
      state.isOpen = false
      shutdown(state.listener, Int32(SHUT_RDWR))
      // Who waits for another request is told that there is none.
      for descriptor in state.connections { shutdown(descriptor, Int32(SHUT_RD)) }
    }
    for _ in 0..<20 {
      if state.withLock({ $0.connections.isEmpty }) { return }
      usleep(10_000)
    }
    state.withLock { for descriptor in $0.connections { shutdown(descriptor, Int32(SHUT_RDWR)) } }
  }

  private func accept(_ listener: Int32) {
    while state.withLock({ $0.isOpen }) {
      let descriptor = Glibc.accept(listener, nil, nil)
      if descriptor < 0 {
        // No descriptor may be free for a moment.
        if errno != EINTR, state.withLock({ $0.isOpen }) { usleep(10_000) }
        continue
      }
      let isTaken = state.withLock { state in
        guard state.isOpen, state.connections.count < Self.most else { return false }
        state.connections.insert(descriptor)
        return true
      }
      guard isTaken else {
        Glibc.close(descriptor)
        continue
      }
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      // Closed while nobody can shut down another one of the same number.
      let end: @Sendable () -> Void = {
        self.state.withLock { state in
          state.connections.remove(descriptor)
          Glibc.close(descriptor)
        }
      }
      let isServed = Self.thread {
        ClientConnection(descriptor).converse { request in self.reply(to: request) }
        end()
      }
      if !isServed { end() }
    }
    Glibc.close(listener)
  }

  /// Waits on this thread for what is done on others. Nil if there is no answer.
  private func reply(to request: IncomingRequest) -> OutgoingResponse? {
    let answer = Box()
    let done = DispatchSemaphore(value: 0)
    let serve = serve
    Task.detached {
      let reply = try? await serve(request)
      answer.held.withLock { $0 = reply }
      done.signal()
    }
    done.wait()
    return answer.held.withLock { $0 }
  }

  private final class Box: Sendable {
    let held = Mutex<OutgoingResponse?>(nil)
  }

  /// Runs something on a thread of its own, since it waits: those of Dispatch and of tasks are too few for that. False if there is none left.
  private static func thread(_ body: @escaping @Sendable () -> Void) -> Bool {
    let work = Unmanaged.passRetained(ThreadBody(run: body))
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    var thread = pthread_t()
    let failure = pthread_create(
      &thread, &attributes,
      { context in
        if let context { Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().run() }
        return nil
      }, work.toOpaque())
    if failure != 0 { work.release() }
    return failure == 0
  }

  private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void
    init(run: @escaping @Sendable () -> Void) { self.run = run }
  }
}
