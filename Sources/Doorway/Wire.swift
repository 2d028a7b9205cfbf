internal import Glibc

/// The connection that a request came by, for what an HTTP library does not do: to break off, to reset, to ask for the body.
///
/// FlyingFox does not hand out its sockets. It says the peer's port, and no two open connections of this process share one.
struct Wire: Sendable {
  private let descriptor: Int32

  /// Finds the connection by the peer's port, nil if it has gone.
  init?(peerPort: UInt16) {
    guard let folder = opendir("/proc/self/fd") else { return nil }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard let candidate = Int32(name), Self.peerPort(of: candidate) == peerPort else { continue }
      descriptor = candidate
      return
    }
    return nil
  }

  private static func peerPort(of descriptor: Int32) -> UInt16? {
    var address = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let answer = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &length) }
    }
    guard answer == 0 else { return nil }
    switch Int32(address.ss_family) {
    case AF_INET:
      return withUnsafePointer(to: &address) { $0.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { UInt16(bigEndian: $0.pointee.sin_port) } }
    case AF_INET6:
      return withUnsafePointer(to: &address) { $0.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { UInt16(bigEndian: $0.pointee.sin6_port) } }
    default: return nil
    }
  }

  /// Small packets go at once: header and body are written one after the other, and the second must not wait for the first to be confirmed.
  func hurry() {
    var on: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
  }

  /// When the connection is closed, the peer is told that it was reset.
  func resetOnClose() {
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
  }

  /// The peer is told at once that the connection was reset. The descriptor stays its owner's.
  func reset() {
    var nowhere = sockaddr(sa_family: sa_family_t(AF_UNSPEC), sa_data: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
    connect(descriptor, &nowhere, socklen_t(MemoryLayout<sockaddr>.size))
  }

  /// Nothing more is sent or received.
  func hangUp() { shutdown(descriptor, Int32(SHUT_RDWR)) }

  /// The client waits before it sends its body.
  func askForBody() {
    let line = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
    _ = line.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
  }
}
