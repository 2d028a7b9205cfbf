internal import Glibc
package import Markup

/// What has become of every request that was ever begun: so that nothing is sent twice, whatever happens in between.
///
/// A text file, only ever appended to. Each line has its fields and, at the end, a checksum over them and the checksum of the line before, so
/// that no line can be changed, lost or moved unseen. The intent to send is on disk before the first byte is sent; an intent without an
/// outcome is a request of which only the server knows what became.
///
///     qtbx-journal	1	https://qualysapi.qualys.eu	4f0c…
///     intent	2026-11-22T02:35:55Z	9a1f…	asset-group	4000001	Web & DB	77b2…
///     done	2026-11-22T02:35:56Z	9a1f…	90001		c31d…
package struct Journal: ~Copyable {
  package enum State: Sendable, Equatable {
    /// Begun, and perhaps sent.
    case unknown(reason: String)
    case done(id: String)
    case refused(code: String, text: String)
    /// Proven not to have reached the server.
    case unsent
  }

  /// A request, as the journal knows it.
  package struct Entry: Sendable {
    package var kind: String
    package var source: String
    package var name: String
    package var state: State
  }

  private let path: String
  private let descriptor: Int32
  private var check = ""
  /// By the digest of content and source.
  package private(set) var entries: [String: Entry] = [:]
  /// The digests, in the order of their first intent.
  package private(set) var order: [String] = []

  /// Opens a journal, or begins one, for one server, and locks it. A line that was torn by a crash is cut off.
  ///
  /// Errors: `local` if another push holds it; `refused` if it is damaged, or belongs to another server.
  package init(_ path: String, server: String) throws(Complaint) {
    self.path = path
    let isNew = access(path, F_OK) != 0
    descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw Complaint(.local, "cannot open: " + Descriptor.reason(errno), at: path.shown) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw Complaint(.local, "locked: another push is using this journal", at: path.shown)
    }
    try load(server)
    if isNew {
      // The name must survive a crash as well as the contents.
      let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
      let handle = open(folder, O_RDONLY | O_CLOEXEC)
      if handle >= 0 {
        fsync(handle)
        close(handle)
      }
    }
  }

  deinit { close(descriptor) }

  // MARK: Reading

  private mutating func load(_ server: String) throws(Complaint) {
    var bytes: [UInt8] = []
    while try Descriptor.read(descriptor, 1 << 16, into: &bytes) > 0 {}
    var start = 0
    var number = 0
    while let end = bytes[start...].firstIndex(of: 0x0A) {
      number += 1
      do throws(Complaint) {
        try take(String(decoding: bytes[start..<end], as: UTF8.self), isFirst: number == 1, server)
      } catch {
        throw Complaint(error.kind, error.reason, at: "\(path.shown):\(number)")
      }
      start = end + 1
    }
    if start < bytes.count {
      // The line that a crash tore: its request, if it was an intent, had not been sent yet.
      guard ftruncate(descriptor, start) == 0 else { throw Complaint(.local, "cannot repair: " + Descriptor.reason(errno), at: path.shown) }
    }
    if number == 0 { try append(["qtbx-journal", "1", server]) }
  }

  private mutating func take(_ line: String, isFirst: Bool, _ server: String) throws(Complaint) {
    guard let last = line.lastIndex(of: "\t") else { throw Complaint(.refused, "the journal is damaged: this is no line of one") }
    guard try checksum(String(line[..<last])) == line[line.index(after: last)...] else {
      throw Complaint(.refused, "the journal is damaged: the checksum of this line is wrong")
    }
    check = String(line[line.index(after: last)...])
    let fields = line[..<last].split(separator: "\t", omittingEmptySubsequences: false).map { Self.unescaped($0) }
    if isFirst {
      guard fields.count == 3, fields[0] == "qtbx-journal", fields[1] == "1" else { throw Complaint(.refused, "this is no journal of qtbx-push") }
      guard fields[2] == server else { throw Complaint(.refused, "this journal is of \(fields[2]), and the requests are for \(server)") }
      return
    }
    guard fields.count >= 4 else { throw Complaint(.refused, "the journal is damaged: a field is missing") }
    let key = fields[2]
    switch fields[0] {
    case "intent" where fields.count == 6:
      note(key, Entry(kind: fields[3], source: fields[4], name: fields[5], state: .unknown(reason: "the push ended before the answer came")))
    case "done": entries[key]?.state = .done(id: fields[3])
    case "refused" where fields.count == 5: entries[key]?.state = .refused(code: fields[3], text: fields[4])
    case "unsent": entries[key]?.state = .unsent
    case "unknown": entries[key]?.state = .unknown(reason: fields[3])
    default: throw Complaint(.refused, "the journal has a line that this version does not know: \(fields[0])")
    }
  }

  private mutating func note(_ key: String, _ entry: Entry) {
    if entries.updateValue(entry, forKey: key) == nil { order.append(key) }
  }

  // MARK: Writing

  /// Writes down that a request is about to be sent. Returns when it is on disk.
  package mutating func intend(_ key: String, _ entry: Entry) throws(Complaint) {
    try append(["intent", Self.now(), key, entry.kind, entry.source, entry.name])
    guard fdatasync(descriptor) == 0 else { throw Complaint(.local, "cannot write: " + Descriptor.reason(errno), at: path.shown) }
    note(key, entry)
  }

  /// Writes down what became of it. The next intent, or `sync`, puts it on disk: until then, it would be unknown after a crash, which is true.
  package mutating func settle(_ key: String, _ state: State) throws(Complaint) {
    switch state {
    case .done(let id): try append(["done", Self.now(), key, id])
    case .refused(let code, let text): try append(["refused", Self.now(), key, code, text])
    case .unsent: try append(["unsent", Self.now(), key, ""])
    case .unknown(let reason): try append(["unknown", Self.now(), key, reason])
    }
    entries[key]?.state = state
  }

  package func sync() throws(Complaint) {
    guard fdatasync(descriptor) == 0 else { throw Complaint(.local, "cannot write: " + Descriptor.reason(errno), at: path.shown) }
  }

  private mutating func append(_ fields: [String]) throws(Complaint) {
    let line = fields.map { Self.escaped($0) }.joined(separator: "\t")
    let sum = try checksum(line)
    do throws(Complaint) { try Descriptor.write(Array((line + "\t" + sum + "\n").utf8), to: descriptor) } catch { throw error.at(path.shown) }
    check = sum
  }

  /// Over the line and the checksum before it.
  private func checksum(_ line: String) throws(Complaint) -> String {
    var digest = try Digest()
    digest.add(Array((check + "\n" + line).utf8))
    return digest.digits(8)
  }

  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": escaped += "\\\\"
      case "\t": escaped += "\\t"
      case "\n": escaped += "\\n"
      case "\r": escaped += "\\r"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  private static func unescaped(_ text: Substring) -> String {
    var plain = ""
    var isEscape = false
    for scalar in text.unicodeScalars {
      if isEscape {
        plain.unicodeScalars.append(scalar == "t" ? "\t" : scalar == "n" ? "\n" : scalar == "r" ? "\r" : scalar)
        isEscape = false
      } else if scalar == "\\" {
        isEscape = true
      } else {
        plain.unicodeScalars.append(scalar)
      }
    }
    return plain
  }

  private static func now() -> String {
    var seconds = time(nil)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    var text = [CChar](repeating: 0, count: 32)
    strftime(&text, text.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
