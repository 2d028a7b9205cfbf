internal import Glibc
package import Markup
package import Requests

/// A request that is ready to be sent, and the name that the journal knows it by.
package struct PreparedRequest: Sendable {
  package let key: String
  package let line: Int
  let method: String
  let url: String
  let kind: String
  let source: String
  let name: String
  private let body: Request.Body?
  private static let secret = Array("<?qtbx-secret".utf8)
  private let form: [UInt8]

  /// The path, without the query: what the service counts calls by.
  var endpoint: String { String(url.prefix { $0 != "?" }) }
  /// What requests must keep their order for: the path without versions and ids, and for the asset management API without the verb.
  package let lane: String
  /// It only reads: sent twice, it does no harm.
  let isHarmless: Bool
  let path: String
  let parameters: [Request.Parameter]

  /// `line 12, asset group "Web" (4000001)`
  var label: String { "line \(line), " + Subject(kind: kind.isEmpty ? "request" : kind, id: source, name: name).description }

  /// Errors: `refused` if the request holds a secret, or its file cannot be read.
  package init(_ request: Request, line: Int) throws(Complaint) {
    if request.parameters.contains(where: \.isSecret) { throw Complaint(.refused, "the request needs a secret, and no --secrets was given") }
    if case .xml(let xml) = request.body, xml.contains(Self.secret) {
      throw Complaint(.refused, "the request needs a secret, and no --secrets was given")
    }
    self.line = line
    method = request.method
    let query = String(decoding: request.query, as: UTF8.self)
    url = request.target
    form = request.isForm ? request.query : []
    body = request.body
    path = request.path
    parameters = request.parameters
    let parts = request.path.split(separator: "/").filter { part in !part.allSatisfy { $0.isNumber || $0 == "." } }
    let isRest = parts.starts(with: ["qps", "rest"]) && parts.count > 2
    lane = (isRest ? parts[..<2] + parts[3...] : parts[...]).joined(separator: "/")
    isHarmless = request.method == "GET" && (request.onlyReads ?? parts.last?.hasSuffix("_list.php") ?? false)
    kind = request.origin?.kind ?? ""
    source = request.origin?.id ?? ""
    name = Self.name(of: request)
    // By content and source, not by the line's number: a list may be sorted, cut or joined.
    var digest = try Digest()
    for part in [method, request.path, query, kind, source] { digest.add(Array("\(part.utf8.count) \(part)\n".utf8)) }
    switch request.body {
    case .xml(let xml): digest.add(xml)
    case .file(let path):
      let file = try Self.open(path)
      defer { close(file) }
      // The end of the piece before: what is looked for may stand across two.
      var tail: [UInt8] = []
      while true {
        var bytes: [UInt8] = []
        if try Descriptor.read(file, 1 << 16, into: &bytes) == 0 { break }
        digest.add(bytes)
        if (tail + bytes).contains(Self.secret) { throw Complaint(.refused, "the request needs a secret, and no --secrets was given") }
        tail = Array((tail + bytes).suffix(Self.secret.count - 1))
      }
    case nil: break
    }
    key = digest.digits(16)
  }

  func payload() throws(Complaint) -> Payload? {
    switch body {
    case .xml(let xml): return .xml(xml)
    case .file(let path):
      let file = try Self.open(path)
      var status = stat()
      fstat(file, &status)
      return .file(file, length: Int(status.st_size))
    case nil: return method == "GET" ? nil : .form(form)
    }
  }

  private static func open(_ path: String) throws(Complaint) -> Int32 {
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

  /// What a person calls the object: its title, or the first name in its body.
  private static func name(of request: Request) -> String {
    for name in ["title", "scan_title", "name", "username", "email", "domain", "ips"] {
      if let parameter = request.parameters.first(where: { $0.name == name && !$0.isSecret }) { return parameter.value }
    }
    guard case .xml(let xml) = request.body, let open = xml.firstRange(of: Array("<name>".utf8))?.upperBound,
      let close = xml[open...].firstRange(of: Array("</name>".utf8))?.lowerBound
    else { return "" }
    return Outline.text(of: xml[open..<close])
  }
}

extension Request {
  /// Whether the call says that it only reads: by its action, and by its verb in the asset management API. Nil if it says neither.
  var onlyReads: Bool? {
    let segments = path.split(separator: "/")
    let isRest = segments.starts(with: ["qps", "rest"]) && segments.count > 3
    let words = parameters.filter { $0.name == "action" }.map(\.value) + (isRest ? [String(segments[3])] : [])
    return words.isEmpty ? nil : words.allSatisfy(["list", "export", "view", "fetch", "get", "search", "count"].contains)
  }
}
