package import Base
package import Markup

/// One request of a request list: what would be sent, to any server.
package struct Request: Sendable, Equatable {
  /// A form parameter, or one of the query if the request has a body.
  package struct Parameter: Sendable, Equatable {
    /// As it stands in the form.
    package var name: String
    /// Plain text, or the `KIND/TITLE/FIELD` of a secret.
    package var value: String
    /// The value is a secret's name, which only `qtbx-push` can fill in.
    package var isSecret = false

    package init(name: String, value: String, isSecret: Bool = false) {
      self.name = name
      self.value = value
      self.isSecret = isSecret
    }
  }

  /// What goes along with a request whose parameters stand in its URL.
  package enum Body: Sendable, Equatable {
    /// XML on one line.
    case xml([UInt8])
    /// The contents of a file.
    case file(String)
  }

  /// Of HTTP: POST, or GET.
  package var method = "POST"
  /// The path on the server: `/api/2.0/fo/asset/group/`.
  package var path: String
  /// In their order, which a server may heed.
  package var parameters: [Parameter] = []
  /// Nil for a request that is a form.
  package var body: Body?
  /// The kind and the source id of what the request creates: the fragment.
  package var origin: (kind: String, id: String)?

  package static func == (one: Request, other: Request) -> Bool {
    one.method == other.method && one.path == other.path && one.parameters == other.parameters && one.body == other.body
      && one.origin?.kind == other.origin?.kind && one.origin?.id == other.origin?.id
  }

  package init(method: String = "POST", path: String) {
    self.method = method
    self.path = path
  }

  /// The request that a stylesheet has written. Errors: `refused` if it is not one.
  package init(_ element: borrowing ResultElement) throws(Complaint) {
    method = element.attribute("method") ?? "POST"
    path = element.attribute("url") ?? ""
    guard path.hasPrefix("/") else { throw Complaint(.refused, "the stylesheet wrote a request without a url") }
    if let kind = element.attribute("kind"), let id = element.attribute("id"), !id.isEmpty { origin = (kind, id) }
    var found = self
    var names: Set<String> = []
    try element.forEachChild { child throws(Complaint) in
      if child.isNamed("param") {
        guard let name = child.attribute("name") else { throw Complaint(.refused, "the stylesheet wrote a param without a name") }
        if !names.insert(name).inserted {
          throw Complaint(.refused, "the request has the parameter \(name) twice: the service would keep the last one only")
        }
        var secret: String?
        try child.forEachChild { inner throws(Complaint) in if inner.isNamed("secret") { secret = inner.text } }
        found.parameters.append(Parameter(name: name, value: secret ?? child.text, isSecret: secret != nil))
      } else if child.isNamed("body") {
        found.body = child.attribute("file").map { .file($0) } ?? .xml(RequestLine.escapingControls(in: child.contentOnOneLine()))
      } else {
        throw Complaint(.refused, "the stylesheet wrote \"\(child.name)\" inside a request")
      }
    }
    self = found
    try check()
  }

  /// What is written must be what is read: the line is read back before anybody gets it, unless its parts leave nothing to ask.
  /// Errors: `refused` if it says something else.
  package func check() throws(Complaint) {
    if isPlainForm { return }
    let subject = origin.map { Subject(kind: $0.kind, id: $0.id).description }
    do throws(Complaint) {
      guard try RequestLine(parsing: Array(line.dropLast())) == .request(self) else {
        throw Complaint(.refused, "it would be read as another one")
      }
    } catch {
      throw Complaint(.refused, "the request\(subject.map { " of " + $0 } ?? "") cannot stand in a list: \(error.reason)")
    }
  }

  /// Whether this is a form, as most requests are, whose line cannot be read as anything else: names, values and the id are percent-encoded, so
  /// all that counts is what a reader asks of them behind that. False is no verdict.
  var isPlainForm: Bool {
    guard method == "POST", body == nil, RequestLine.isPlain(path: path) else { return false }
    // Beside each other, few names are compared sooner than they are put into a set.
    var names: Set<String> = []
    for (index, parameter) in parameters.enumerated() {
      if parameter.isSecret || parameter.name.isEmpty { return false }
      if PercentCoding.hasNull(parameter.name) || PercentCoding.hasNull(parameter.value) { return false }
      if parameters.count > 16 {
        if !names.insert(parameter.name).inserted { return false }
      } else if parameters[..<index].contains(where: { $0.name == parameter.name }) {
        return false
      }
    }
    guard let origin else { return true }
    return RequestLine.isKind(origin.kind.utf8) && !origin.id.isEmpty && !PercentCoding.hasNull(origin.id)
  }

  // MARK: The line

  /// The query, percent-encoded: also the form body of a request without another.
  package var query: [UInt8] {
    var query: [UInt8] = []
    writeQuery(to: &query)
    return query
  }

  private func writeQuery(to query: inout [UInt8]) {
    var isFirst = true
    for parameter in parameters {
      if !isFirst { query.append("&") }
      isFirst = false
      PercentCoding.encode(parameter.name, to: &query)
      query.append("=")
      if parameter.isSecret {
        query += "{secret:".utf8
        PercentCoding.encode(parameter.value, to: &query)
        query.append("}")
      } else {
        PercentCoding.encode(parameter.value, to: &query)
      }
    }
  }

  /// Whether the parameters are sent as the body, as a form.
  package var isForm: Bool { body == nil && method != "GET" }

  /// The path, with the parameters that no form takes: what is asked of the server.
  package var target: String {
    let query = isForm ? "" : String(decoding: query, as: UTF8.self)
    return path + (query.isEmpty ? "" : "?" + query)
  }

  /// The request as a line of a request list, with its line feed.
  package var line: [UInt8] {
    var line: [UInt8] = []
    line.reserveCapacity(512)
    if method != "POST" || body != nil {
      line += method.utf8
      line.append("\t")
    }
    line += path.utf8
    if !parameters.isEmpty {
      line.append("?")
      writeQuery(to: &line)
    }
    if let origin {
      line.append("#")
      line += origin.kind.utf8
      line.append("=")
      PercentCoding.encode(origin.id, to: &line)
    }
    switch body {
    case .xml(let xml):
      line.append("\t")
      line += xml
    case .file(let path):
      line += "\t@".utf8
      line += path.utf8
    case nil: break
    }
    line.append("\n")
    return line
  }
}

/// Percent-encoding for query values: what RFC 3986 calls unreserved stays, and `,`, `:`, `/` for the reader's sake.
package enum PercentCoding {
  /// Adds a text, encoded, to these bytes.
  package static func encode(_ text: String, to bytes: inout [UInt8]) {
    var text = text
    text.withUTF8 { text in
      // What is plain goes in one piece: most values are.
      var at = 0
      while at < text.count {
        var end = at
        while end < text.count, isPlain(text[end]) { end += 1 }
        bytes.append(contentsOf: text[at..<end])
        if end < text.count {
          bytes.append("%")
          bytes.append(digit(text[end] >> 4))
          bytes.append(digit(text[end] & 15))
        }
        at = end + 1
      }
    }
  }

  /// The text of encoded bytes, nil if an escape is broken or the text is not UTF-8.
  package static func decode(_ bytes: ArraySlice<UInt8>) -> String? {
    // Most are plain ASCII, which needs no look at whether it is UTF-8.
    guard bytes.contains(where: { $0 == "%" || $0 >= 0x80 }) else { return String(decoding: bytes, as: UTF8.self) }
    var plain: [UInt8] = []
    plain.reserveCapacity(bytes.count)
    var at = bytes.startIndex
    while at < bytes.endIndex {
      if bytes[at] == "%" {
        guard at + 2 < bytes.endIndex, let high = Character(Unicode.Scalar(bytes[at + 1])).hexDigitValue,
          let low = Character(Unicode.Scalar(bytes[at + 2])).hexDigitValue
        else { return nil }
        plain.append(UInt8(high << 4 | low))
        at += 3
      } else {
        plain.append(bytes[at])
        at += 1
      }
    }
    return String(validating: plain, as: UTF8.self)
  }

  /// Whether a text has the character that no reader takes, however it is written.
  static func hasNull(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { text in text.contains(0) }
  }

  private static func digit(_ number: UInt8) -> UInt8 { number < 10 ? "0" + number : "A" - 10 + number }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    // - . / and the digits with the colon stand side by side.
    case "a"..."z", "-"...":", "A"..."Z", ",", "_", "~": true
    default: false
    }
  }
}
