internal import Base
internal import Catalog
internal import Glibc
internal import Markup
internal import Requests
internal import Sealing
internal import Toolbox

/// The digest of a request's content and source: what the journal knows it by.
struct RequestKey: Hashable, Sendable {
  private let high: UInt64
  private let low: UInt64

  /// The first half of a digest.
  init(_ digest: consuming Digest) { (high, low) = digest.numbers() }

  /// What `digits` gave; nil if it is something else.
  init?(_ digits: String) {
    guard digits.utf8.count == 32, let high = UInt64(digits.prefix(16), radix: 16), let low = UInt64(digits.suffix(16), radix: 16) else { return nil }
    (self.high, self.low) = (high, low)
  }

  /// 32 hexadecimal digits, as they stand in the journal.
  var digits: String { Digest.digits(of: high) + Digest.digits(of: low) }
}

/// A request that is ready to be sent, and the name that the journal knows it by.
///
/// A line of a list becomes one once. As bytes, it waits in a file until it is its turn.
struct PreparedRequest: Sendable {
  let key: RequestKey
  /// What an earlier version has written into a journal, if that is something else: it took the moment of an export for its contents. Known where the list
  /// has just been read.
  private(set) var formerKey: RequestKey?
  /// In the list, counted from 1.
  let line: Int
  let method: String
  let url: String
  let kind: String
  let source: String
  let name: String
  /// What it calls, and what it tells the service to do.
  let call: String
  /// It deletes something.
  let isDeletion: Bool
  /// It only reads: sent twice, it does no harm.
  let isHarmless: Bool
  let content: Content
  /// What its object is known by in the list of its kind; nil if there is no such list.
  let matchKey: NamedObjects.Key?
  /// Its body is a file with the name of a secret. Known where the list has just been read, nil where it is stored.
  private(set) var fileHasSecrets: Bool?

  /// What goes along with it.
  enum Content: Sendable {
    case nothing
    case form([UInt8])
    case xml([UInt8])
    /// As it was when its digest was made.
    case file(String, FileState)
  }

  /// What tells whether a file has been written to since.
  struct FileState: Sendable, Equatable {
    let numbers: [Int]

    init(_ descriptor: Int32) {
      var status = stat()
      fstat(descriptor, &status)
      numbers = [
        Int(status.st_dev), Int(status.st_ino), Int(status.st_size), Int(status.st_mtim.tv_sec), Int(status.st_mtim.tv_nsec),
        Int(status.st_ctim.tv_sec), Int(status.st_ctim.tv_nsec),
      ]
    }

    init(_ numbers: [Int]) { self.numbers = numbers }

    var length: Int { numbers[2] }
  }

  /// The path, without the query: what the service counts calls by.
  var endpoint: String { url.utf8.firstIndex(of: "?").map { String(url[..<$0]) } ?? url }

  /// The elements of its answer that hold a secret: none for most.
  var secrets: [String] { Catalog.secrets(ofAnswersTo: decodedEndpoint) }

  private var decodedEndpoint: String {
    let path = endpoint
    return path.utf8.contains("%") ? PercentCoding.decode(Array(path.utf8)[...]) ?? path : path
  }

  /// Its answer has a password, which nobody can ask for again.
  var isToldPassword: Bool {
    Catalog.isToldSecret(by: decodedEndpoint) { name, value in
      var pairs = url.utf8.drop { $0 != "?" }.dropFirst().split(separator: "&").map { Array($0) }
      if case .form(let form) = content { pairs += form.split(separator: "&").map { Array($0) } }
      return pairs.contains { PercentCoding.decode($0[...]) == "\(name)=\(value)" }
    }
  }

  /// `line 12, asset group "Web" (4000001)`
  var label: String { "line \(line), " + Subject(kind: kind.isEmpty ? "request" : kind, id: source, name: name).description }

  /// What it does, as a participle.
  var deed: String {
    if isDeletion { return "deleted" }
    guard let plain = Request(call: call), let known = Catalog.undoing(path: plain.path, below: "", value: plain.value) else { return "done" }
    return known.undoing.creates ? "created" : "changed"
  }

  /// Its record: kind and source id; nil if it is of none.
  var record: String? { source.isEmpty ? nil : "\(kind)=\(source)" }

  /// - Parameter matchKey: what its object is known by.
  /// - Errors: `refused` if its file cannot be read.
  init(_ request: Request, line: Int) throws(Complaint) { try self.init(request, line: line, matchKey: nil) }

  init(_ request: Request, line: Int, matchKey: NamedObjects.Key?) throws(Complaint) {
    self.line = line
    self.matchKey = matchKey
    method = request.method
    url = request.target
    isHarmless = request.method == "GET" && (request.onlyReads ?? request.path.hasSuffix("_list.php"))
    kind = request.origin?.kind ?? ""
    source = request.origin?.id ?? ""
    name = request.name
    call = request.call
    isDeletion = request.deletion != nil
    // By content and source, not by the line's number: a list may be sorted, cut or joined.
    let query = request.query
    var digest = try Digest()
    var former = try Digest()
    for part in [method, request.path, String(decoding: query, as: UTF8.self), kind, source] {
      digest.add(Array("\(part.utf8.count) \(part)\n".utf8))
      former.add(Array("\(part.utf8.count) \(part)\n".utf8))
    }
    switch request.body {
    case .xml(let xml):
      digest.add(xml)
      content = .xml(xml)
    case .file(let path):
      let file = try Self.open(path)
      defer { close(file) }
      let state = FileState(file)
      // When it was exported is no contents: fetched once more, it is the same request.
      var lines = LastingLines()
      var search = Placeholder.Search()
      while true {
        var bytes: [UInt8] = []
        if try Descriptor.read(file, 1 << 16, into: &bytes) == 0 { break }
        former.add(bytes)
        lines.take(bytes) { digest.add(Array($0)) }
        search.look(at: bytes)
      }
      lines.end { digest.add(Array($0)) }
      content = .file(path, state)
      fileHasSecrets = search.isFound
      formerKey = RequestKey(former)
    case nil: content = request.isForm ? .form(query) : .nothing
    }
    key = RequestKey(digest)
    if formerKey == key { formerKey = nil }
  }

  static let needsSecret = Complaint(.refused, "the request needs a secret, and no --secrets was given")

  // MARK: In a file

  /// All of it but its key and the number of its line, as bytes.
  var stored: [UInt8] {
    var fields = [method, url, kind, source, name, isHarmless ? "1" : "", call, isDeletion ? "1" : ""].map { Array($0.utf8) }
    switch content {
    case .nothing: fields += [[], [], []]
    case .form(let form): fields += [Array("form".utf8), form, []]
    case .xml(let xml): fields += [Array("xml".utf8), xml, []]
    case .file(let path, let state):
      fields += [Array("file".utf8), Array(path.utf8), Array(state.numbers.map(String.init).joined(separator: " ").utf8)]
    }
    switch matchKey?.mark {
    case .name(let name, let parent): fields += [Array(matchKey?.kind.utf8 ?? "".utf8), name, Array(parent.utf8)]
    case .id(let id): fields += [Array(matchKey?.kind.utf8 ?? "".utf8), Array(id.utf8)]
    case nil: break
    }
    return fields.reduce(into: []) { bytes, field in
      bytes += Array("\(field.count):".utf8)
      bytes += field
    }
  }

  /// Reads what `stored` gave. Errors: `fault` if it is something else.
  ///
  /// - Parameter key: what the journal knows it by.
  init(stored bytes: [UInt8], line: Int, key: RequestKey) throws(Complaint) {
    var fields: [ArraySlice<UInt8>] = []
    var rest = bytes[...]
    while let colon = rest.firstIndex(of: ":"), let count = Int(String(decoding: rest[..<colon], as: UTF8.self)), count >= 0,
      count < rest.endIndex - colon
    {
      let end = colon + 1 + count
      fields.append(rest[(colon + 1)..<end])
      rest = rest[end...]
    }
    guard rest.isEmpty, (11...14).contains(fields.count), fields.count != 12 else { throw Complaint(.fault, "a request was not kept as it was") }
    func text(_ index: Int) -> String { String(decoding: fields[index], as: UTF8.self) }
    self.line = line
    self.key = key
    (method, url) = (text(0), text(1))
    (kind, source, name) = (text(2), text(3), text(4))
    isHarmless = !fields[5].isEmpty
    (call, isDeletion) = (text(6), !fields[7].isEmpty)
    switch text(8) {
    case "form": content = .form(Array(fields[9]))
    case "xml": content = .xml(Array(fields[9]))
    case "file": content = .file(text(9), FileState(text(10).split(separator: " ").compactMap { Int($0) }))
    default: content = .nothing
    }
    matchKey =
      switch fields.count {
      case 14: NamedObjects.Key(kind: text(11), name: text(12), parent: text(13))
      case 13: NamedObjects.Key(kind: text(11), id: text(12))
      default: nil
      }
  }

  // MARK: Sending

  /// The body. Errors: `local` if its file cannot be read; `refused` if it is another file by now.
  func payload() throws(Complaint) -> Payload? {
    switch content {
    case .nothing: return nil
    case .form(let form): return .form(form)
    case .xml(let xml): return .xml(xml)
    case .file(let path, let state):
      let file = try Self.open(path)
      // The journal knows the request by what the file was: another content would be sent in its name.
      guard FileState(file) == state else {
        close(file)
        throw Complaint(.refused, "the body has changed since the list was read", at: path.shown)
      }
      return .file(file, length: state.length)
    }
  }

  static func open(_ path: String) throws(Complaint) -> Int32 {
    let file = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw Complaint(.local, "cannot open the body: " + Descriptor.reason(errno), at: path.shown) }
    // It is read twice: now for its digest, and later to be sent. A pipe would be empty then, and nothing would be sent in its name.
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else {
      close(file)
      throw Complaint(.refused, status.st_mode & S_IFMT == S_IFREG ? "the body is empty" : "a body is a file", at: path.shown)
    }
    return file
  }

  /// The request as a curl command for a shell.
  func curlCommand(for server: Server) -> String {
    let body: CurlCommand.Body =
      switch content {
      case .nothing: .nothing
      case .form(let form): .form(form)
      case .xml(let xml): .xml(xml)
      case .file(let path, _): .file(path)
      }
    return CurlCommand(method: method, target: url, body: body).text(for: server)
  }

  // MARK: Names

  /// The words of the service about this request, with the names of the objects that it knows by their ids only.
  ///
  /// - Parameter name: the name of the object with an id, nil if nobody knows one.
  func explained(_ text: String, _ name: (String) -> String?) -> String {
    let said = Self.words(of: text.utf8)
    guard !said.isEmpty else { return text }
    // Only what the request itself has: a number may be anything.
    var own = Set(Self.words(of: url.utf8))
    switch content {
    case .form(let bytes), .xml(let bytes): own.formUnion(Self.words(of: bytes))
    case .nothing, .file: break
    }
    var notes: [String] = []
    var seen: Set<String> = []
    for word in said where own.contains(word) && seen.insert(word).inserted {
      if let name = name(word) { notes.append("\(word) is \(name)") }
    }
    if notes.isEmpty { return text }
    return "\(text) (\(notes.prefix(5).joined(separator: ", "))\(notes.count > 5 ? " and \(notes.count - 5) more" : ""))"
  }

  /// What could be ids in a text: runs of letters, digits, `-` and `_` with a digit in them.
  private static func words(of bytes: some Collection<UInt8>) -> [String] {
    bytes.split { byte in
      !(byte.isDigit || ("a"..."z").contains(byte | 0x20) || byte == "-" || byte == "_")
    }.filter { word in word.count <= 64 && word.contains { $0.isDigit } }.map { String(decoding: $0, as: UTF8.self) }
  }
}

extension Request {
  /// Whether the call says that it only reads: by its action, and by its verb in the asset management API. Nil if it says neither.
  var onlyReads: Bool? {
    let segments = path.split(separator: "/")
    let isRest = segments.starts(with: ["qps", "rest"]) && segments.count > 3
    // However the parameter is spelt: whoever takes it for another one has done nothing wrong.
    let words = parameters.filter { $0.name.lowercased().trimmed == "action" }.map(\.value) + (isRest ? [String(segments[3])] : [])
    return words.isEmpty ? nil : words.allSatisfy(Self.readingActions.contains)
  }

  private static let readingActions: Set<String> = [
    "list", "export", "view", "fetch", "get", "search", "count", "list_vendors", "list_vendor_references",
  ]
}

/// The lines of a body, piece by piece, without what an export says of itself. Memory is bounded, however long a line is.
private struct LastingLines {
  /// No such line is longer.
  private static let longest = 1024

  private var begun: [UInt8] = []
  private var isLong = false

  mutating func take(_ bytes: [UInt8], _ keep: (ArraySlice<UInt8>) -> Void) {
    var rest = bytes[...]
    while let end = rest.firstIndex(of: "\n") {
      add(rest[...end], keep)
      finish(keep)
      rest = rest[(end + 1)...]
    }
    add(rest, keep)
  }

  mutating func end(_ keep: (ArraySlice<UInt8>) -> Void) { finish(keep) }

  private mutating func add(_ bytes: ArraySlice<UInt8>, _ keep: (ArraySlice<UInt8>) -> Void) {
    if isLong { return keep(bytes) }
    begun += bytes
    if begun.count > Self.longest {
      keep(begun[...])
      begun.removeAll(keepingCapacity: true)
      isLong = true
    }
  }

  private mutating func finish(_ keep: (ArraySlice<UInt8>) -> Void) {
    if !isLong, !DocumentLines.isOfTheExport(begun[...]) { keep(begun[...]) }
    begun.removeAll(keepingCapacity: true)
    isLong = false
  }
}
