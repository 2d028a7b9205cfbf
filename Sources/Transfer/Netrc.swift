internal import Base
internal import Glibc
internal import Requests
internal import Sealing
internal import Toolbox

/// A file of logins: `machine HOST login USER password PASSWORD`, in any number of lines, `default` in place of `machine HOST`.
///
/// It is read here, and not by the library that talks: so the password is known that no text may repeat, and no request goes out without a login.
enum Netrc {
  private struct Entry {
    /// Nil for `default`.
    var host: [UInt8]?
    var user: String?
    var password: [UInt8]?
  }

  /// No file of logins is longer.
  private static let limit = 1 << 20

  /// The login for a server. Errors: `usage` if there is none, or if there are several and nobody says which; `local` if the file cannot be read.
  ///
  /// - Parameters:
  ///   - user: who asks, and nobody else; nil if the file says it.
  ///   - preferred: who asks if the file has several users, and this one among them.
  static func login(
    in path: String, to server: Server, named user: String?, orRather preferred: String?
  ) throws(Complaint) -> (user: String, password: Secret) {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw Complaint(.local, "cannot read: " + Descriptor.reason(errno), at: path.shown) }
    defer { close(file) }
    var bytes: [UInt8] = []
    defer { bytes.wipe() }
    do throws(Complaint) {
      while bytes.count <= limit, try Descriptor.read(file, 1 << 14, into: &bytes) > 0 {}
      if bytes.count > limit { throw Complaint(.usage, "this is no netrc file: it is too long") }
      var entries = try entries(of: bytes)
      defer { for index in entries.indices { entries[index].password?.wipe() } }
      let (name, at) = try choice(entries, server, user, preferred)
      guard var password = entries[at].password else { throw Complaint(.usage, "there is no password of \(name.shown) for \(server.host)") }
      return (name, try Secret(taking: &password))
    } catch {
      throw error.at(path.shown)
    }
  }

  private static func choice(_ entries: [Entry], _ server: Server, _ user: String?, _ preferred: String?) throws(Complaint) -> (String, Int) {
    let ofHost = entries.indices.filter { entries[$0].host.map { isSame($0, server.host) } ?? false }
    // Such a one stands for all other hosts.
    let known = ofHost.isEmpty ? entries.indices.filter { entries[$0].host == nil } : ofHost
    // A login without a name is for whoever asks.
    if let user, let at = known.first(where: { entries[$0].user ?? user == user }) { return (user, at) }
    let users = Set(known.compactMap { entries[$0].user })
    if let user { throw Complaint(.usage, "there is no login of \(user.shown) for \(server.host)") }
    if let preferred, let at = known.first(where: { users.isEmpty || entries[$0].user == preferred }) { return (preferred, at) }
    guard users.count < 2 else {
      throw Complaint(.usage, "there are \(users.count) users for \(server.host), \(users.sorted().joined(separator: ", ").shown): --user says which")
    }
    guard let name = users.first, let at = known.first(where: { entries[$0].user == name }) else {
      throw Complaint(.usage, "there is no login for \(server.host)")
    }
    return (name, at)
  }

  /// Whether a name in the file is that of a host. A dot at its end makes no other one of it.
  private static func isSame(_ name: [UInt8], _ host: String) -> Bool {
    var bare = name.map { ("A"..."Z").contains($0) ? $0 | 0x20 : $0 }
    if bare.count > 1, bare.last == "." { bare.removeLast() }
    return bare == Array(host.utf8)
  }

  private static func entries(of bytes: [UInt8]) throws(Complaint) -> [Entry] {
    var entries: [Entry] = []
    var words = Words(bytes)
    while var word = try words.next() {
      defer { word.wipe() }
      switch String(decoding: word, as: UTF8.self).lowercased() {
      case "machine": entries.append(Entry(host: try words.next()))
      case "default": entries.append(Entry())
      case "login": if let user = try words.next(), let last = entries.indices.last { entries[last].user = String(decoding: user, as: UTF8.self) }
      case "password": if let password = try words.next(), let last = entries.indices.last { entries[last].password = password }
      case "account": _ = try words.next()
      case "macdef": words.skipParagraph()
      default: break
      }
    }
    return entries
  }

  /// The words of the file. One that begins with `#` begins a comment; one in quotes may hold blanks, and backslashes before what they stand for.
  private struct Words {
    private let bytes: [UInt8]
    private var at = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Errors: `usage` for quotes without an end.
    mutating func next() throws(Complaint) -> [UInt8]? {
      while at < bytes.count {
        if bytes[at] == "#" { at = bytes[at...].firstIndex(of: "\n") ?? bytes.count }
        if at < bytes.count, !bytes[at].isBlank { break }
        at += 1
      }
      guard at < bytes.count else { return nil }
      if bytes[at] == "\"" { return try quoted() }
      let end = bytes[at...].firstIndex(where: \.isBlank) ?? bytes.count
      defer { at = end }
      return Array(bytes[at..<end])
    }

    private mutating func quoted() throws(Complaint) -> [UInt8] {
      var word: [UInt8] = []
      word.reserveCapacity(4096)
      at += 1
      while at < bytes.count, bytes[at] != "\"" {
        if bytes[at] == "\\", at + 1 < bytes.count {
          at += 1
          word.append(bytes[at] == "n" ? "\n" : bytes[at] == "r" ? "\r" : bytes[at] == "t" ? "\t" : bytes[at])
        } else {
          word.append(bytes[at])
        }
        at += 1
      }
      guard at < bytes.count else { throw Complaint(.usage, "quotes have no end") }
      at += 1
      return word
    }

    /// A macro ends with an empty line.
    mutating func skipParagraph() {
      at = bytes[at...].firstIndex(of: "\n") ?? bytes.count
      while at + 1 < bytes.count, bytes[at + 1] != "\n" { at = bytes[(at + 1)...].firstIndex(of: "\n") ?? bytes.count }
    }
  }
}
