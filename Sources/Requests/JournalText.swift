package import Base
package import Catalog
internal import Glibc

/// What a journal of qtbx-push says: its lines, and what follows from them.
///
/// Each line has its fields and, at the end, a checksum over them and the checksum of the line before, so that no line can be changed, lost or moved
/// unseen. `Transfer` writes the lines, and whoever only reads them needs nothing of it.
///
///     qtbx-journal	2	https://qualysapi.qualys.eu	4f0c…
///     intent	2026-11-22T02:35:55Z	9a1f…	asset-group	4000001	Web & DB	POST /api/2.0/fo/asset/group/?action=add		77b2…
///     done	2026-11-22T02:35:56Z	9a1f…	90001	c31d…
package struct JournalText: Sendable {
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
    /// What was called, and what it was told to do: `POST /api/2.0/fo/asset/group/?action=add`. Empty in a journal of the first version.
    package var call = ""
    /// What its object is below: the type of an option profile, the parent of a tag.
    package var below = ""
    /// What became of it.
    package var state: State
    /// The target was asked about it, and has such an object: whether this request has made it is not certain.
    package var isFound = false
    /// When it was begun for the last time: seconds of this machine's clock, 0 if the journal's stamp is none.
    package var begun = 0
    /// When it was first said to be unknown since then, 0 if nobody has lived to say so.
    package var lost = 0
    /// When something was last written down about it, 0 if the journal's stamp is none.
    package var latest = 0
    /// Which record of the journal has begun it for the last time, and which was the last about it: in the order in which they were written, whatever
    /// the clock said.
    package var records = (begun: 0, latest: 0)

    /// Its record: kind and source id; nil if it is of none.
    package var record: String? { source.isEmpty ? nil : "\(kind)=\(source)" }

    /// The service has done some of it, or may have.
    package var mayBeDone: Bool {
      switch state {
      case .done, .partly, .unknown: true
      case .refused, .unsent: false
      }
    }

    /// It deletes something.
    package var isDeletion: Bool { Request(call: call)?.deletion != nil }
  }

  /// The server that its requests were for.
  package private(set) var server = ""
  /// By the digest of content and source.
  package private(set) var entries: [String: Entry] = [:]
  /// The digests, in the order of their first intent.
  package private(set) var order: [String] = []
  private var check = ""
  private var isBegun = false
  /// How many records there are.
  private var count = 0

  package init() {}

  /// Opens a journal that is there, and only reads it, as it is. A line that was torn by a crash says nothing.
  ///
  /// - Parameters:
  ///   - path: `-` is standard input, which must be a file then.
  ///   - server: whose it must be; nil if it may be of any.
  /// - Errors: `local` if a push holds it; `refused` if it is damaged or empty, or belongs to another server; `usage` if standard output leads
  ///   into it.
  package init(reading path: String, of server: String?) throws(Complaint) {
    let descriptor = path == "-" ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0) : open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { throw Complaint(.local, "cannot open: " + Descriptor.reason(errno), at: path.shown) }
    defer { close(descriptor) }
    try Self.lock(descriptor, path, isShared: true)
    if let own = FileIdentity(descriptor: descriptor), own == FileIdentity(descriptor: STDOUT_FILENO) {
      throw Complaint(.usage, "the answer cannot go where the journal is")
    }
    try read(descriptor, path, server)
  }

  /// Keeps a push from writing into a journal that is read, and two from writing at once. Errors: `local` if it is in use, or is no file.
  package static func lock(_ descriptor: Int32, _ path: String, isShared: Bool) throws(Complaint) {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw Complaint(.local, "a journal is a file", at: path.shown)
    }
    guard flock(descriptor, (isShared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0 else {
      throw Complaint(
        .local, errno == EWOULDBLOCK ? "locked: another push is using this journal" : "cannot lock: " + Descriptor.reason(errno), at: path.shown)
    }
  }

  // MARK: Reading

  /// Takes all lines of a journal. Returns where a last line begins that has no end, and whether it is whole but for that; nil if there is none.
  ///
  /// Errors: `refused`, with file and line.
  @discardableResult
  package mutating func read(_ descriptor: Int32, _ path: String, _ server: String?) throws(Complaint) -> (start: Int, isWhole: Bool)? {
    var bytes: [UInt8] = []
    while try Descriptor.read(descriptor, 1 << 16, into: &bytes) > 0 {}
    var start = 0
    var number = 0
    while let end = bytes[start...].firstIndex(of: "\n") {
      number += 1
      do throws(Complaint) {
        try take(bytes[start..<end], server)
      } catch {
        throw Complaint(error.kind, error.reason, at: "\(path.shown):\(number)")
      }
      start = end + 1
    }
    // Begun whole, a journal has its first line: this is another file, and it is not touched, or nobody knows what this one said.
    if number == 0 {
      throw Complaint(.refused, bytes.isEmpty ? "the journal is empty: what it said is lost" : "this is no journal of qtbx-push", at: path.shown)
    }
    guard start < bytes.count else { return nil }
    let tail = bytes[start...]
    if isWhole(tail) {
      // Torn before its line feed: it says what happened, and may be of a request that was sent.
      try take(tail, server)
      return (start, true)
    }
    if isWhole(tail.dropLast()) {
      // No crash writes another character there.
      throw Complaint(.refused, "the journal is damaged: the line does not end with a line feed", at: "\(path.shown):\(number + 1)")
    }
    // The line that a crash tore: its request, if it was an intent, had not been sent yet.
    return (start, false)
  }

  /// Whether the line has its right checksum.
  private func isWhole(_ line: ArraySlice<UInt8>) -> Bool {
    guard let last = line.lastIndex(of: "\t") else { return false }
    return line[(last + 1)...].elementsEqual(Self.checksum(line[..<last], after: check).utf8)
  }

  // In bytes: a name may begin with a character that would become one with the tab before it.
  private mutating func take(_ line: ArraySlice<UInt8>, _ server: String?) throws(Complaint) {
    guard let last = line.lastIndex(of: "\t") else {
      throw Complaint(.refused, isBegun ? "the journal is damaged: this is no line of one" : "this is no journal of qtbx-push")
    }
    guard isWhole(line) else { throw Complaint(.refused, "the journal is damaged: the checksum of this line is wrong") }
    let fields = line[..<last].split(separator: "\t", omittingEmptySubsequences: false).map { TSV.unescaped($0) }
    try take(fields, server)
    check = String(decoding: line[(last + 1)...], as: UTF8.self)
    isBegun = true
  }

  private mutating func take(_ fields: [String], _ server: String?) throws(Complaint) {
    if !isBegun {
      // A journal of the first version is gone on with in the second one's lines.
      guard fields.count == 3, fields[0] == "qtbx-journal", ["1", "2"].contains(fields[1]) else {
        throw Complaint(.refused, "this is no journal of qtbx-push")
      }
      if let server, !Server.isSame(fields[2], server) {
        throw Complaint(.refused, "this journal is of \(fields[2]), and the requests are for \(server)")
      }
      self.server = fields[2]
      return
    }
    guard fields.count >= 4 else { throw Complaint(.refused, "the journal is damaged: a field is missing") }
    let key = fields[2]
    let time = Self.seconds(of: fields[1])
    count += 1
    entries[key]?.latest = time
    entries[key]?.records.latest = count
    switch fields[0] {
    case "intent" where fields.count == 6 || fields.count == 8:
      var entry = Entry(kind: fields[3], source: fields[4], name: fields[5], state: .unknown(reason: Self.unanswered), begun: time, latest: time)
      if fields.count == 8 { (entry.call, entry.below) = (fields[6], fields[7]) }
      entry.records = (count, count)
      if entries.updateValue(entry, forKey: key) == nil { order.append(key) }
    case "done": entries[key]?.state = .done(id: fields[3])
    case "found":
      entries[key]?.state = .done(id: fields[3])
      entries[key]?.isFound = true
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

  // MARK: Writing

  /// The first line of a journal.
  package static func opening(_ server: String) -> [UInt8] { JournalText().line(["qtbx-journal", "2", server]) }

  /// The line that has these fields, behind all lines before.
  package func line(_ fields: [String]) -> [UInt8] {
    var line: [UInt8] = []
    line.reserveCapacity(256)
    for (at, field) in fields.enumerated() {
      if at > 0 { line.append("\t") }
      line += Self.escaped(field).utf8
    }
    let check = Self.checksum(line[...], after: check)
    line.append("\t")
    line += check.utf8
    line.append("\n")
    return line
  }

  /// Takes a line that has been written, and its fields. Errors: `refused` if it is none.
  package mutating func add(_ line: [UInt8], _ fields: [String]) throws(Complaint) {
    try take(fields, nil)
    guard let last = line.lastIndex(of: "\t") else { return }
    check = String(decoding: line[(last + 1)...].dropLast(), as: UTF8.self)
    isBegun = true
  }

  /// The fields of a line that says that a request is about to be sent.
  package static func intent(
    _ key: String, kind: String, source: String, name: String, call: String = "", below: String = ""
  ) -> [String] {
    ["intent", UTC.stamp(of: UTC.seconds), key, kind, source, name, call, below]
  }

  /// The fields of a line that says what became of it.
  package static func outcome(_ key: String, _ state: State, isFound: Bool = false) -> [String] {
    let stamp = UTC.stamp(of: UTC.seconds)
    switch state {
    case .done(let id): return [isFound ? "found" : "done", stamp, key, id]
    case .refused(let code, let text): return ["refused", stamp, key, code, text]
    case .partly(let ids, let reason): return ["partly", stamp, key, ids, reason]
    case .unsent: return ["unsent", stamp, key, ""]
    case .unknown(let reason): return ["unknown", stamp, key, reason]
    }
  }

  // MARK: Fields

  /// Over the line and the checksum before it.
  private static func checksum(_ line: ArraySlice<UInt8>, after check: String) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(line.count + 20)
    bytes += check.utf8
    bytes.append("\n")
    bytes += line
    return String(SHA256.hex(bytes).prefix(16))
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

  private static let unanswered = "the push ended before the answer came"

  /// Seconds since 1970 of `2026-11-22T02:35:55Z`, 0 if it is none.
  package static func seconds(of stamp: String) -> Int {
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

extension Request {
  /// What it calls, and what it tells the service to do, without what it says beyond that: for a journal.
  package var call: String {
    var plain = Request(method: method, path: path)
    let names = deletion == nil ? Set(Catalog.tellingParameters(path: path, value: value)) : nil
    plain.parameters = parameters.filter { !$0.isSecret && names?.contains($0.name) != false }
    let query = String(decoding: plain.query, as: UTF8.self)
    return "\(method) \(path)" + (query.isEmpty ? "" : "?" + query)
  }

  /// The request that a journal has as a call, without what it says beyond that. Nil if it is none.
  package init?(call: String) {
    guard let blank = call.utf8.firstIndex(of: " ") else { return nil }
    let url = Array(call.utf8[call.utf8.index(after: blank)...])
    guard case .request(let request) = try? RequestLine(parsing: url) else { return nil }
    self = request
    method = String(call[..<blank])
  }

  /// What it deletes; nil if it deletes nothing.
  package var deletion: (resource: Resource, deletion: Deletion)? { Catalog.deletion(path: path, value: value) }

  /// The value of a parameter that is no secret.
  package func value(_ name: String) -> String? { parameters.first { $0.name == name && !$0.isSecret }?.value }
}
