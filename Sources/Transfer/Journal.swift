package import Base
internal import Glibc
internal import Toolbox

/// What has become of every request that was ever begun: so that nothing is sent twice, whatever happens in between.
///
/// A text file, only ever appended to. Each line has its fields and, at the end, a checksum over them and the checksum of the line before, so
/// that no line can be changed, lost or moved unseen. The intent to send is on disk before the first byte is sent; an intent without an
/// outcome is a request of which only the server knows what became.
///
///     qtbx-journal	1	https://qualysapi.qualys.eu	4f0c…
///     intent	2026-11-22T02:35:55Z	9a1f…	asset-group	4000001	Web & DB	77b2…
///     done	2026-11-22T02:35:56Z	9a1f…	90001	c31d…
package struct Journal: ~Copyable, Sendable {
  /// What became of a request.
  package enum State: Sendable, Equatable {
    /// Begun, and perhaps sent.
    case unknown(reason: String)
    case done(id: String)
    case refused(code: String, text: String)
    /// Some of its items are done: their ids, and why the others are not.
    case partly(ids: String, reason: String)
    /// Proven not to have reached the server.
    case unsent
  }

  /// A request, as the journal knows it.
  package struct Entry: Sendable {
    /// Of what the request makes: `asset-group`.
    package var kind: String
    /// Its id in the source; empty if the request names none.
    package var source: String
    /// For a person.
    package var name: String
    /// What became of it.
    package var state: State
    /// When it was begun for the last time: seconds of this machine's clock, 0 if the journal's stamp is none.
    package var begun = 0
    /// When it was first said to be unknown since then, 0 if nobody has lived to say so.
    package var lost = 0
    /// When something was last written down about it, 0 if the journal's stamp is none.
    package var latest = 0

    /// Its record: kind and source id; nil if it is of none.
    var record: String? { source.isEmpty ? nil : "\(kind)=\(source)" }

    /// The service has done some of it, or may have.
    var mayBeDone: Bool {
      switch state {
      case .done, .partly, .unknown: true
      case .refused, .unsent: false
      }
    }
  }

  /// Where the lines are kept safe. It can be asked while another thread writes a line.
  package struct Disk: Sendable {
    fileprivate let descriptor: Int32
    fileprivate let path: String

    /// Returns when all that was written is on disk.
    package func sync() throws(Complaint) {
      guard fdatasync(descriptor) == 0 else { throw Complaint(.local, "cannot write: " + Descriptor.reason(errno), at: path.shown) }
    }
  }

  private let path: String
  private let descriptor: Int32
  private let isRead: Bool
  private var check = ""
  /// Where the next line begins.
  private var end = 0
  /// Half a line could not be taken back: what came behind it could not be read.
  private var isTorn = false
  /// How many lines this run has written.
  package private(set) var written = 0
  /// For as long as the journal is open.
  package var disk: Disk { Disk(descriptor: descriptor, path: path) }
  /// By the digest of content and source.
  package private(set) var entries: [String: Entry] = [:]
  /// The digests, in the order of their first intent.
  package private(set) var order: [String] = []

  /// Opens a journal, or begins one, for one server, and locks it. A line that was torn by a crash is cut off.
  ///
  /// - Errors: `local` if another push holds it; `refused` if it is damaged or empty, or belongs to another server.
  package init(_ path: String, server: String) throws(Complaint) { try self.init(path, of: server, isRead: false) }

  /// Opens a journal that is there, and only reads it, as it is.
  ///
  /// - Parameter server: whose it must be; nil if it may be of any.
  /// - Errors: the same; `usage` if standard output leads into it.
  init(reading path: String, of server: String?) throws(Complaint) { try self.init(path, of: server, isRead: true) }

  private init(_ path: String, of server: String?, isRead: Bool) throws(Complaint) {
    self.path = path
    self.isRead = isRead
    // The compiler wants the descriptor before the first error.
    var failure: Complaint?
    if !isRead, let server, access(path, F_OK) != 0 { do throws(Complaint) { try Self.begin(path, server) } catch { failure = error } }
    descriptor = open(path, (isRead ? O_RDONLY : O_RDWR | O_APPEND) | O_CLOEXEC | O_NOFOLLOW)
    if let failure { throw failure }
    guard descriptor >= 0 else { throw Complaint(.local, "cannot open: " + Descriptor.reason(errno), at: path.shown) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw Complaint(.local, "a journal is a file", at: path.shown)
    }
    guard flock(descriptor, (isRead ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0 else {
      throw Complaint(
        .local, errno == EWOULDBLOCK ? "locked: another push is using this journal" : "cannot lock: " + Descriptor.reason(errno), at: path.shown)
    }
    // Between opening and locking, another push may have put its own here.
    guard isSame(path) else { throw Complaint(.local, "another push has begun this journal: give the command again", at: path.shown) }
    if isRead, identity == FileIdentity(descriptor: STDOUT_FILENO) { throw Complaint(.usage, "the answer cannot go where the journal is") }
    try load(server)
  }

  /// Puts a journal with its first line in its place, whole or not at all: then an empty one has lost what it said, and is never begun again.
  private static func begin(_ path: String, _ server: String) throws(Complaint) {
    let first = ["qtbx-journal", "1", server].map { escaped($0) }.joined(separator: "\t")
    let line = first + "\t" + (try checksum(Array(first.utf8), after: "")) + "\n"
    if try beginNameless(path, line) { return }
    var template = Array((path + ".XXXXXX").utf8CString)
    let file = mkstemp(&template)
    guard file >= 0 else { throw Complaint(.local, "cannot create: " + Descriptor.reason(errno), at: path.shown) }
    let temporary = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer {
      close(file)
      unlink(temporary)
    }
    do throws(Complaint) { try Descriptor.write(Array(line.utf8), to: file) } catch { throw error.at(path.shown) }
    // Linked, not renamed: another push may have begun the same journal meanwhile, and holds it.
    guard fsync(file) == 0, link(temporary, path) == 0 || errno == EEXIST || access(path, F_OK) != 0 && rename(temporary, path) == 0 else {
      throw Complaint(.local, "cannot create: " + Descriptor.reason(errno), at: path.shown)
    }
    Descriptor.syncName(of: path)
  }

  /// The same where a file needs no name before it is whole: a push that is killed leaves nothing. Returns false where that cannot be done.
  private static func beginNameless(_ path: String, _ line: String) throws(Complaint) -> Bool {
    let file = Descriptor.openNameless(in: path.lastIndex(of: "/").map { String(path[...$0]) } ?? ".", linkable: true)
    guard file >= 0 else { return false }
    defer { close(file) }
    do throws(Complaint) { try Descriptor.write(Array(line.utf8), to: file) } catch { throw error.at(path.shown) }
    // A journal that another push has begun meanwhile is taken as it is.
    guard fsync(file) == 0, linkat(AT_FDCWD, "/proc/self/fd/\(file)", AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0 || errno == EEXIST else {
      return false
    }
    Descriptor.syncName(of: path)
    return true
  }

  deinit { close(descriptor) }

  // MARK: Reading

  /// What a journal says, without writing into it; nothing if there is none.
  package static func entries(of path: String, server: String) throws(Complaint) -> [String: Entry] {
    access(path, F_OK) != 0 && errno == ENOENT ? [:] : try Journal(reading: path, of: server).entries
  }

  private mutating func load(_ server: String?) throws(Complaint) {
    var bytes: [UInt8] = []
    while try Descriptor.read(descriptor, 1 << 16, into: &bytes) > 0 {}
    var start = 0
    var number = 0
    while let end = bytes[start...].firstIndex(of: "\n") {
      number += 1
      do throws(Complaint) {
        try take(bytes[start..<end], isFirst: number == 1, server)
      } catch {
        throw Complaint(error.kind, error.reason, at: "\(path.shown):\(number)")
      }
      start = end + 1
    }
    // Begun whole, a journal has its first line: this is another file, and it is not touched, or nobody knows what this one said.
    if number == 0 {
      throw Complaint(.refused, bytes.isEmpty ? "the journal is empty: what it said is lost" : "this is no journal of qtbx-push", at: path.shown)
    }
    if start < bytes.count { try mend(bytes[start...], at: start, line: number + 1, server) }
    end = Int(lseek(descriptor, 0, SEEK_END))
  }

  /// Whether a path leads to this journal.
  private func isSame(_ path: String) -> Bool { FileIdentity(path: path) == identity }

  /// Which file this is.
  var identity: FileIdentity? { FileIdentity(descriptor: descriptor) }

  /// Looks at a last line that has no end.
  private mutating func mend(_ tail: ArraySlice<UInt8>, at start: Int, line number: Int, _ server: String?) throws(Complaint) {
    if try isWhole(tail) {
      // Torn before its line feed: it says what happened, and may be of a request that was sent.
      try take(tail, isFirst: false, server)
      if isRead { return }
      do throws(Complaint) { try Descriptor.write(["\n"], to: descriptor) } catch { throw error.at(path.shown) }
    } else if try isWhole(tail.dropLast()) {
      // No crash writes another character there.
      throw Complaint(.refused, "the journal is damaged: the line does not end with a line feed", at: "\(path.shown):\(number)")
    } else if !isRead, ftruncate(descriptor, off_t(start)) != 0 {
      // The line that a crash tore: its request, if it was an intent, had not been sent yet.
      throw Complaint(.local, "cannot repair: " + Descriptor.reason(errno), at: path.shown)
    }
  }

  /// Whether the line has its right checksum.
  private func isWhole(_ line: ArraySlice<UInt8>) throws(Complaint) -> Bool {
    guard let last = line.lastIndex(of: "\t") else { return false }
    return try line[(last + 1)...].elementsEqual(Self.checksum(Array(line[..<last]), after: check).utf8)
  }

  // In bytes: a name may begin with a character that would become one with the tab before it.
  private mutating func take(_ line: ArraySlice<UInt8>, isFirst: Bool, _ server: String?) throws(Complaint) {
    guard let last = line.lastIndex(of: "\t") else {
      throw Complaint(.refused, isFirst ? "this is no journal of qtbx-push" : "the journal is damaged: this is no line of one")
    }
    guard try isWhole(line) else { throw Complaint(.refused, "the journal is damaged: the checksum of this line is wrong") }
    check = String(decoding: line[(last + 1)...], as: UTF8.self)
    let fields = line[..<last].split(separator: "\t", omittingEmptySubsequences: false).map { Self.unescaped(String(decoding: $0, as: UTF8.self)) }
    if isFirst {
      guard fields.count == 3, fields[0] == "qtbx-journal", fields[1] == "1" else { throw Complaint(.refused, "this is no journal of qtbx-push") }
      if let server, fields[2] != server { throw Complaint(.refused, "this journal is of \(fields[2]), and the requests are for \(server)") }
      return
    }
    guard fields.count >= 4 else { throw Complaint(.refused, "the journal is damaged: a field is missing") }
    let key = fields[2]
    let time = Self.seconds(of: fields[1])
    entries[key]?.latest = time
    switch fields[0] {
    case "intent" where fields.count == 6:
      note(
        key,
        Entry(kind: fields[3], source: fields[4], name: fields[5], state: .unknown(reason: Self.unanswered), begun: time, latest: time))
    case "done": entries[key]?.state = .done(id: fields[3])
    case "refused" where fields.count == 5: entries[key]?.state = .refused(code: fields[3], text: fields[4])
    case "partly" where fields.count == 5: entries[key]?.state = .partly(ids: fields[3], reason: fields[4])
    case "unsent": entries[key]?.state = .unsent
    case "unknown":
      entries[key]?.state = .unknown(reason: fields[3])
      // What was asked about in vain, and written down again, is no younger for it.
      if entries[key]?.lost == 0 { entries[key]?.lost = time }
    default: throw Complaint(.refused, "the journal has a line that this version does not know: \(fields[0])")
    }
  }

  private mutating func note(_ key: String, _ entry: Entry) {
    if entries.updateValue(entry, forKey: key) == nil { order.append(key) }
  }

  // MARK: Writing

  /// Writes down that a request is about to be sent. It may be sent when this is on disk, not before.
  package mutating func intend(_ key: String, kind: String, source: String, name: String) throws(Complaint) {
    let stamp = UTC.now().stamp
    try append(["intent", stamp, key, kind, source, name])
    let time = Self.seconds(of: stamp)
    note(key, Entry(kind: kind, source: source, name: name, state: .unknown(reason: Self.unanswered), begun: time, latest: time))
  }

  /// Writes down what became of it. The next sync puts it on disk: until then, it would be unknown after a crash, which is true.
  package mutating func settle(_ key: String, _ state: State) throws(Complaint) {
    switch state {
    case .done(let id): try append(["done", UTC.now().stamp, key, id])
    case .refused(let code, let text): try append(["refused", UTC.now().stamp, key, code, text])
    case .partly(let ids, let reason): try append(["partly", UTC.now().stamp, key, ids, reason])
    case .unsent: try append(["unsent", UTC.now().stamp, key, ""])
    case .unknown(let reason): try append(["unknown", UTC.now().stamp, key, reason])
    }
    entries[key]?.state = state
  }

  private mutating func append(_ fields: [String]) throws(Complaint) {
    let line = fields.map { Self.escaped($0) }.joined(separator: "\t")
    let sum = try Self.checksum(Array(line.utf8), after: check)
    let bytes = Array((line + "\t" + sum + "\n").utf8)
    do throws(Complaint) {
      if isTorn { throw Complaint(.local, "cannot write: the line before is torn") }
      try Descriptor.write(bytes, to: descriptor)
    } catch {
      // Half a line may be there, and another job may still have something to write down.
      isTorn = isTorn || ftruncate(descriptor, off_t(end)) != 0
      throw error.at(path.shown)
    }
    end += bytes.count
    check = sum
    written += 1
  }

  /// Over the line and the checksum before it.
  private static func checksum(_ line: [UInt8], after check: String) throws(Complaint) -> String {
    var digest = try Digest()
    digest.add(Array((check + "\n").utf8) + line)
    return digest.digits(8)
  }

  private static func escaped(_ text: String) -> String {
    guard text.utf8.contains(where: { ["\\", "\t", "\n", "\r"].contains($0) }) else { return text }
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

  private static func unescaped(_ text: String) -> String {
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

  private static let unanswered = "the push ended before the answer came"

  /// Seconds since 1970 of `2026-11-22T02:35:55Z`, 0 if it is none.
  static func seconds(of stamp: String) -> Int {
    var numbers: [Int32] = []
    var isNumber = false
    for byte in stamp.utf8 {
      let isDigit = byte.isDigit
      if isDigit, isNumber {
        // A fraction of a second may have many.
        if numbers[numbers.count - 1] < 10_000 { numbers[numbers.count - 1] = numbers[numbers.count - 1] * 10 + Int32(byte - "0") }
      } else if isDigit {
        numbers.append(Int32(byte - "0"))
      }
      isNumber = isDigit
    }
    guard numbers.count >= 6, stamp.hasSuffix("Z") else { return 0 }
    var parts = tm()
    (parts.tm_year, parts.tm_mon, parts.tm_mday) = (numbers[0] - 1900, numbers[1] - 1, numbers[2])
    (parts.tm_hour, parts.tm_min, parts.tm_sec) = (numbers[3], numbers[4], numbers[5])
    return timegm(&parts)
  }
}
