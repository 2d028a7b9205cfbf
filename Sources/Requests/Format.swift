package import Base

/// How a request list is written.
package enum Format: String, Sendable, CaseIterable {
  /// A line each: the list itself.
  case url
  /// The stylesheets' vocabulary.
  case xml
  /// A configuration file for `curl -K`.
  case curl
  /// For reading: decoded, aligned, a parameter a line.
  case table
  /// A JSON object a line.
  case jsonl

  /// What stands before the first request, between two, and behind the last.
  package var frame: (head: String, separator: String, tail: String) {
    switch self {
    case .url, .jsonl: ("", "", "")
    case .table: ("", "\n", "")
    case .curl: ("", "next\n", "")
    case .xml: ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<requests>\n", "", "</requests>\n")
    }
  }

  /// A list without a request. It says so wherever there is room for words, since nothing at all is what a program writes that has failed; a
  /// JSON object a line has none.
  package var empty: String {
    switch self {
    case .url, .curl: "# no requests\n"
    case .table: "no requests\n"
    case .xml: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<requests/>\n"
    case .jsonl: ""
    }
  }
}

/// Writes requests in one format.
package struct RequestWriter: Sendable {
  /// What it writes.
  package let format: Format
  /// Where `curl` is to send: `https://qualysapi.qualys.eu`, without a path.
  private let server: String

  /// - Parameter server: a host name, or a URL. Needed for `curl`, which knows no relative URLs.
  package init(_ format: Format, server: String?) throws(Complaint) {
    self.format = format
    guard format == .curl else {
      if server != nil { throw Complaint(.usage, "--server goes with --format curl: a request list names no server") }
      self.server = ""
      return
    }
    guard let server, !server.isEmpty else { throw Complaint(.usage, "--format curl needs --server: curl knows no relative URLs") }
    self.server = try Server(server).base
  }

  /// Errors: `refused` if a comment says that the list is for another server than curl is to send to.
  package func check(_ comment: String) throws(Complaint) {
    if !server.isEmpty { try Server(server).check(comment) }
  }

  /// A request, as it stands between two separators.
  package func bytes(of request: Request) throws(Complaint) -> [UInt8] {
    switch format {
    case .url: request.line
    case .xml: try xml(request)
    case .curl: try curl(request)
    case .table: Array(table(request).utf8)
    case .jsonl: Array(json(request).utf8)
    }
  }

  private func xml(_ request: Request) throws(Complaint) -> [UInt8] {
    Array(try element(request).utf8)
  }

  private func element(_ request: Request) throws(Complaint) -> String {
    var xml = "  <request"
    if let origin = request.origin { xml += try " kind=\"\(attribute(origin.kind))\" id=\"\(attribute(origin.id))\"" }
    xml += try " url=\"\(attribute(request.path))\""
    if request.method != "POST" { xml += " method=\"\(request.method)\"" }
    if request.parameters.isEmpty, request.body == nil { return xml + "/>\n" }
    xml += ">\n"
    for parameter in request.parameters {
      xml += try "    <param name=\"\(attribute(parameter.name))\""
      let value = try text(parameter.value)
      xml += parameter.isSecret ? ">\n      <secret>\(value)</secret>\n    </param>\n" : value.isEmpty ? "/>\n" : ">\(value)</param>\n"
    }
    switch request.body {
    case .xml(let body): xml += "    <body>\(String(decoding: body, as: UTF8.self))</body>\n"
    case .file(let path): xml += try "    <body file=\"\(attribute(path))\"/>\n"
    case nil: break
    }
    return xml + "  </request>\n"
  }

  private func text(_ value: String) throws(Complaint) -> String {
    replaced(try checked(value), ["&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"])
  }

  /// Whatever is written passes here or at `text`: no reference stands for a character that no XML document may hold. Errors: `refused`.
  private func checked(_ value: String) throws(Complaint) -> String {
    guard let scalar = value.unicodeScalars.first(where: { !$0.isXML }) else { return value }
    let digits = String(scalar.value, radix: 16, uppercase: true)
    let character = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    throw Complaint(.refused, "a value has the character U+\(character), which XML cannot hold")
  }

  private func attribute(_ value: String) throws(Complaint) -> String {
    replaced(try checked(value), ["&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"])
  }

  /// By scalars: a quote with an accent behind it is one character, and still a quote.
  private func replaced(_ value: String, _ replacements: [Unicode.Scalar: String]) -> String {
    var text = ""
    for scalar in value.unicodeScalars {
      if let replacement = replacements[scalar] { text += replacement } else { text.unicodeScalars.append(scalar) }
    }
    return text
  }

  private func curl(_ request: Request) throws(Complaint) -> [UInt8] {
    var holdsSecret = request.parameters.contains(where: \.isSecret)
    switch request.body {
    case .xml(let body): holdsSecret = holdsSecret || body.contains("<?qtbx-secret")
    // One that is not there yet is not looked at: a later step may make it.
    case .file(let path): if try Placeholder.isNamed(inFile: path) == true { holdsSecret = true }
    case nil: break
    }
    if holdsSecret {
      throw Complaint(.refused, "a request holds a secret's name, which only qtbx-push can fill in: curl would send it as it stands")
    }
    var text = ""
    let words = (request.deletion == nil ? [] : ["deletes"]) + (request.origin.map { [$0.kind, $0.id.shown] } ?? [])
    if !words.isEmpty { text += "# \(words.joined(separator: " "))\n" }
    text += "url = \(quoted(server + request.target))\n"
    if request.method != "POST" { text += "request = \(request.method)\n" }
    text += "header = \"X-Requested-With: qtbx\"\nnetrc-optional\nfail-with-body\ngloboff\n"
    switch request.body {
    case .xml(let body): text += "header = \"Content-Type: text/xml\"\ndata-raw = \(quoted(String(decoding: body, as: UTF8.self)))\n"
    case .file(let path): text += "header = \"Content-Type: text/xml\"\ndata-binary = \(quoted("@" + path))\n"
    case nil: if request.isForm { text += "data-raw = \(quoted(String(decoding: request.query, as: UTF8.self)))\n" }
    }
    // curl ends without a word of which line, and sends nothing at all.
    if text.utf8.split(separator: "\n").contains(where: { $0.count > 102_400 }) {
      throw Complaint(.refused, "a request is longer than the 102,400 bytes that curl reads as one line of its configuration")
    }
    return Array(text.utf8)
  }

  /// A value in a curl configuration file.
  private func quoted(_ value: String) -> String {
    "\"" + replaced(value, ["\\": "\\\\", "\"": "\\\"", "\t": "\\t", "\n": "\\n", "\r": "\\r"]) + "\""
  }

  private func table(_ request: Request) -> String {
    var table = TableText()
    // A person who reads a list must not have to find that in a path.
    let words = (request.deletion == nil ? [] : ["deletes"]) + (request.origin.map { [Subject(kind: $0.kind, id: $0.id).description] } ?? [])
    table.add("\(request.method) \(request.path)" + (words.isEmpty ? "" : "   (\(words.joined(separator: " ")))"))
    table.add(request.rows)
    return table.text
  }

  private func json(_ request: Request) -> String {
    var members: [String] = []
    if let origin = request.origin { members.append("\"kind\":\(JSONText.string(origin.kind)),\"id\":\(JSONText.string(origin.id))") }
    members.append("\"method\":\(JSONText.string(request.method)),\"path\":\(JSONText.string(request.path))")
    // An array, since a reader may not keep the order of an object's members.
    let parameters = request.parameters.map {
      "[\(JSONText.string($0.name)),\($0.isSecret ? "{\"secret\":\(JSONText.string($0.value))}" : JSONText.string($0.value))]"
    }
    members.append("\"params\":[\(parameters.joined(separator: ","))]")
    switch request.body {
    case .xml(let body): members.append("\"body\":\(JSONText.string(String(decoding: body, as: UTF8.self)))")
    case .file(let path): members.append("\"file\":\(JSONText.string(path))")
    case nil: break
    }
    return "{\(members.joined(separator: ","))}\n"
  }
}

extension Request {
  /// What it says, decoded: its parameters, a line each, and the lines of its body. A secret is its name.
  package var rows: [(name: String, lines: [String])] {
    var rows = parameters.map { (name: $0.name, lines: [$0.isSecret ? "(secret: \($0.value))" : $0.value]) }
    switch body {
    case .xml(let body): rows.append((name: "body", lines: TableText.lines(of: body)))
    case .file(let path): rows.append((name: "body", lines: ["(the file \(path))"]))
    case nil: break
    }
    return rows
  }
}
