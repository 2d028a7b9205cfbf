package import Base
internal import Markup

/// Where requests go: a platform's API server.
///
/// A host name means https. A URL may say http for this machine only, since the password goes along with every request.
package struct Server: Sendable {
  /// `https://qualysapi.qualys.eu`, without a path.
  package let base: String
  /// This machine: no proxy stands between.
  package let isLoopback: Bool
  /// What is the same for each way to write it: small letters, no dot at the end of the host, and no port that goes without saying.
  package let identity: String

  /// The host alone, in small letters, without a dot at its end and brackets.
  package let host: String

  /// - Parameter name: a host name, or a URL. Errors: `usage` for one that is none, or that would carry a password over a network in the clear.
  package init(_ name: String) throws(Complaint) {
    var url = name.contains("://") ? name : "https://" + name
    if url.hasSuffix("/") { url.removeLast() }
    let isSecure = url.hasPrefix("https://")
    guard isSecure || url.hasPrefix("http://") else { throw Complaint(.usage, "--server takes a host name, or an https URL") }
    let host = url.dropFirst(isSecure ? 8 : 7)
    // Nothing that curl would expand, and nothing that a shell or a header could take for more than a name.
    let bracketed = host.hasPrefix("[") ? host.prefix { $0 != "]" } + "]" : nil
    let plain = bracketed ?? host.prefix { $0 != ":" }
    let port = host.dropFirst(plain.count)
    let isName = plain.utf8.allSatisfy { Self.isLetterOrDigit($0) || "-._".utf8.contains($0) }
    let isAddress = host.hasPrefix(plain) && plain.dropFirst().dropLast().utf8.allSatisfy { Self.isLetterOrDigit($0) || ":.".utf8.contains($0) }
    guard !plain.isEmpty, bracketed == nil ? isName : isAddress && plain.count > 3 else {
      throw Complaint(.usage, "--server takes a host name, or an IPv6 address in brackets, perhaps with a port: no user, no path")
    }
    guard port.isEmpty || port.hasPrefix(":") && port.count > 1 && port.dropFirst().utf8.allSatisfy(\.isDigit) else {
      throw Complaint(.usage, "--server takes a host name, perhaps with a port: no user, no path")
    }
    isLoopback = ["localhost", "[::1]"].contains(plain) || plain.hasPrefix("127.") && plain.allSatisfy { $0 == "." || $0.isNumber }
    guard isSecure || isLoopback else {
      throw Complaint(.usage, "http is for this machine only: the password would go to \(host) in clear")
    }
    base = url
    // With a dot at its end, a name is the same host's.
    let bare = plain.count > 1 && plain.hasSuffix(".") ? plain.dropLast() : plain[...]
    self.host = (bracketed == nil ? bare : bare.dropFirst().dropLast()).lowercased()
    identity = (isSecure ? "https://" : "http://") + bare.lowercased() + (port == (isSecure ? ":443" : ":80") ? "" : port)
  }

  /// Whether two names are of one server: capitals, a dot at the end of the host, and the port that goes without saying make no other one of it.
  package static func isSame(_ one: String, _ other: String) -> Bool {
    if one == other { return true }
    guard let first = try? Server(one), let second = try? Server(other) else { return false }
    return first.identity == second.identity
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    byte.isDigit || ("a"..."z").contains(byte | 0x20)
  }

  /// The comment of a list that is for this server alone: what it deletes has other ids elsewhere, or is something else.
  package var claim: String { Self.claim + base }

  /// Whether a comment of a list says which server that is for.
  package static func isClaim(_ comment: String) -> Bool { comment.hasPrefix(claim) }

  /// Errors: `refused` if a comment of a list says that it is for another server.
  package func check(_ comment: String) throws(Complaint) {
    if Self.isClaim(comment), !Self.isSame(String(comment.dropFirst(Self.claim.count)), base) {
      throw Complaint(.refused, "the list is only for \(String(comment.dropFirst(Self.claim.count)).shown), and not for \(base)")
    }
  }

  private static let claim = "# only for "
}
