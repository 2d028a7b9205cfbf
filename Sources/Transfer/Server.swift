package import Markup

/// Where requests go: a platform's API server.
///
/// A host name means https. A URL may say http for this machine only, since the password goes along with every request.
package struct Server: Sendable {
  /// `https://qualysapi.qualys.eu`, without a path.
  package let base: String
  /// This machine: no proxy stands between.
  let isLoopback: Bool

  /// - Parameter name: a host name, or a URL. Errors: `usage` for one that is none, or that would carry a password over a network in the clear.
  package init(_ name: String) throws(Complaint) {
    var url = name.contains("://") ? name : "https://" + name
    if url.hasSuffix("/") { url.removeLast() }
    let isSecure = url.hasPrefix("https://")
    guard isSecure || url.hasPrefix("http://") else { throw Complaint(.usage, "the server is a host name, or an https URL") }
    let host = url.dropFirst(isSecure ? 8 : 7)
    guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !"/?#@\\\"<>".utf8.contains($0) }) else {
      throw Complaint(.usage, "the server is a host name, perhaps with a port: no user, no path")
    }
    let afterBracket = host.hasPrefix("[") ? host.drop { $0 != "]" }.dropFirst() : ""
    guard !host.hasPrefix(":"), !host.hasPrefix("[") || host.contains("]"), afterBracket.isEmpty || afterBracket.hasPrefix(":") else {
      throw Complaint(.usage, "the server is a host name, or an IPv6 address in brackets, perhaps with a port")
    }
    let plain = host.hasPrefix("[") ? host.prefix { $0 != "]" } + "]" : host.prefix { $0 != ":" }
    isLoopback = ["localhost", "[::1]"].contains(plain) || plain.hasPrefix("127.") && plain.allSatisfy { $0 == "." || $0.isNumber }
    guard isSecure || isLoopback else {
      throw Complaint(.usage, "http is for this machine only: the password would go to \(host) in clear")
    }
    base = url
  }
}
