package import Base
package import Catalog
internal import Markup
package import Requests

/// A call for a resource, as it is sent: one page, or one document.
package struct PageRequest: Sendable {
  /// What is asked for.
  package let resource: Resource
  private var call: ListCall { resource.list }
  /// The request that asks for it, or for its next page.
  package private(set) var request: Request
  /// Of a search: its filters, without the one that leads to the next page.
  private var criteria: [Criterion] = []
  /// Of a search: only what is beyond this id.
  private var beyond = ""

  /// A filter of a search.
  package struct Criterion: Sendable {
    let field: String
    let `operator`: String
    let value: String

    /// Errors: `usage` if it is not `FIELD:OPERATOR:VALUE`.
    package init(_ text: String) throws(Complaint) {
      let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map { String($0) }
      guard parts.count == 3, !parts[0].isEmpty, !parts[1].isEmpty else {
        throw Complaint(.usage, "\"\(text)\" is not a criterion, FIELD:OPERATOR:VALUE")
      }
      (field, `operator`, value) = (parts[0], parts[1], parts[2])
    }
  }

  /// What a person has said about a call.
  package struct CallOptions: Sendable {
    /// Another path than the catalog's; nil for that one.
    package var path: String?
    /// Another version of the call than the catalog's; nil for that one.
    package var version: String?
    /// `name=value`; without a value, the parameter is left out.
    package var parameters: [String] = []
    /// The filters of a search, `FIELD:OPERATOR:VALUE`.
    package var criteria: [String] = []

    package init() {}
  }

  /// - Parameter id: the one document that is asked for.
  /// - Errors: `usage`.
  package init(_ resource: Resource, _ callOptions: CallOptions, id: String?) throws(Complaint) {
    self.resource = resource
    let call = resource.list
    var path = callOptions.path ?? call.path
    let version = callOptions.version ?? call.version
    guard version.utf8.allSatisfy({ $0.isDigit || $0 == "." }) else {
      throw Complaint(.usage, "\"\(version)\" is not a version, such as 2.0")
    }
    if path.contains("{version}") {
      guard !version.isEmpty else { throw Complaint(.usage, "the path has a place for a version, and none is known: give --api-version") }
      path = path.replacing("{version}", with: version)
    } else if let version = callOptions.version {
      path = try Self.versioned(path, version)
    }
    var parameters = call.parameters.map { Request.Parameter(name: $0.name, value: $0.value) }
    for wish in callOptions.parameters {
      let parts = wish.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { String($0) }
      guard parts.count == 2, !parts[0].isEmpty else { throw Complaint(.usage, "\"\(wish)\" is not a parameter, NAME=VALUE") }
      if callOptions.parameters.count(where: { $0.hasPrefix(parts[0] + "=") }) > 1 {
        throw Complaint(.usage, "the parameter \(parts[0]) is given twice")
      }
      parameters.removeAll { $0.name == parts[0] }
      if !parts[1].isEmpty { parameters.append(Request.Parameter(name: parts[0], value: parts[1])) }
    }
    if let id {
      guard Self.isID(id) else { throw Complaint(.usage, "\"\(id)\" is not an id") }
      if path.contains("{id}") {
        path = path.replacing("{id}", with: id)
      } else if let name = call.id {
        if parameters.contains(where: { $0.name == name }) { throw Complaint(.usage, "the parameter \(name) is given twice") }
        parameters.append(Request.Parameter(name: name, value: id))
      } else {
        throw Complaint(.usage, "no call fetches one of \(resource.name) by its id")
      }
    } else if call.needsID, path.contains("{id}") || !parameters.contains(where: { $0.name == call.id || $0.name == "title" }) {
      throw Complaint(.usage, "which one? give --id, or --each with a file of ids")
    }
    // What a request list refuses, no program sends.
    guard case .request(let checked) = try? RequestLine(parsing: Array("GET\t\(path)".utf8)), checked.parameters.isEmpty, checked.origin == nil else {
      throw Complaint(.usage, "\"\(path)\" is not a path on the server")
    }
    request = Request(method: call.method == .search ? "POST" : "GET", path: path)
    request.parameters = parameters
    // A call that says nothing is one of the table's.
    guard request.onlyReads ?? true else {
      throw Complaint(.usage, "this call may change something: qtbx-fetch only reads, and asks again for what breaks off")
    }
    if call.method == .search {
      for criterion in callOptions.criteria { criteria.append(try Criterion(criterion)) }
      try fill()
    } else if !callOptions.criteria.isEmpty {
      throw Complaint(.usage, "--criteria is for searches, and \(resource.name) is none")
    }
    settle()
  }

  /// Whether a text can be an id: nothing that could lead into another folder, path or parameter.
  static func isID(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count)
      && text.utf8.allSatisfy { $0.isDigit || ("a"..."z").contains($0 | 0x20) || $0 == "-" || $0 == "_" }
  }

  /// The path with another version: `/api/2.0/…` or `/qps/rest/2.0/…`.
  private static func versioned(_ path: String, _ version: String) throws(Complaint) -> String {
    guard !version.isEmpty else { throw Complaint(.usage, "the version is empty") }
    var segments = path.split(separator: "/", omittingEmptySubsequences: false).map { String($0) }
    let place = segments.count > 3 && segments[1] == "api" ? 2 : segments.count > 4 && segments[1] == "qps" && segments[2] == "rest" ? 3 : nil
    guard let place else { throw Complaint(.usage, "\(path) has no version: {version} in --path says where it belongs") }
    segments[place] = version
    return segments.joined(separator: "/")
  }

  /// Writes the body of a search. Errors: `usage` if the number of records is none.
  private mutating func fill() throws(Complaint) {
    var xml = "<ServiceRequest>"
    var filters = criteria
    if !beyond.isEmpty { filters.append(try Criterion("id:GREATER:\(beyond)")) }
    if !filters.isEmpty {
      xml += "<filters>"
      for filter in filters {
        xml +=
          "<Criteria field=\"\(Self.escaped(filter.field))\" operator=\"\(Self.escaped(filter.operator))\">\(Self.escaped(filter.value))</Criteria>"
      }
      xml += "</filters>"
    }
    if let limit = limit ?? request.parameters.first(where: { $0.name == "limitResults" })?.value {
      guard let number = Int(limit), (1...1000).contains(number) else { throw Complaint(.usage, "limitResults is a number from 1 to 1000") }
      self.limit = limit
      request.parameters.removeAll { $0.name == "limitResults" }
      xml += "<preferences><limitResults>\(number)</limitResults></preferences>"
    }
    request.body = .xml(Array((xml + "</ServiceRequest>").utf8))
  }

  /// How many records a page of a search may have.
  private var limit: String?

  private static func escaped(_ text: String) -> String { String(decoding: Outline.escaped(text), as: UTF8.self) }

  /// A form takes what would be too long for a URL.
  private mutating func settle() {
    guard call.method == .getOrPost else { return }
    request.method = request.query.count > 2000 ? "POST" : "GET"
  }

  // MARK: Sending

  var method: String { request.method }

  /// Path and query.
  var url: String { request.target }

  var payload: Payload? {
    if case .xml(let xml) = request.body { return .xml(xml) }
    return request.isForm ? .form(request.query) : nil
  }

  /// Two questions with the same key are answered by the same page.
  var key: String { String(decoding: request.query, as: UTF8.self) + " " + beyond }

  // MARK: The next page

  /// What leads on from a page, nil if it is the last. `isStuck` says that the service promises more, and nothing leads there.
  ///
  /// Errors: `remote` if there is more and the page does not say where.
  func following(_ page: Joiner.Page) throws(Complaint) -> (question: PageRequest, isStuck: Bool)? {
    var next = self
    if call.method == .search {
      guard page.answer.hasMoreRecords else { return nil }
      guard let last = page.answer.lastID else {
        if page.records == 0 { return (self, true) }
        throw Complaint(.remote, "the service says that there is more, and not behind which id")
      }
      if page.records == 0, last == beyond { return (self, true) }
      next.beyond = last
      try next.fill()
      return (next, false)
    }
    guard !page.url.isEmpty else { return nil }
    // Neither host nor path of it: they are where the password goes.
    guard let start = page.url.firstIndex(of: "?") else { throw Complaint(.remote, "the URL of the next page has no query: \(page.url)") }
    let query = page.url[page.url.index(after: start)...].prefix { $0 != "#" }
    var parameters: [Request.Parameter] = []
    for pair in query.utf8.split(separator: "&") {
      let parts = Array(pair).map { $0 == "+" ? " " : $0 }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = PercentCoding.decode(parts[0]), let value = PercentCoding.decode(parts.count == 2 ? parts[1] : []) else {
        throw Complaint(.remote, "the URL of the next page cannot be read: \(page.url)")
      }
      parameters.removeAll { $0.name == name }
      parameters.append(Request.Parameter(name: name, value: value))
    }
    // However it is spelt: the service may be less exact than a comparison. So a name that none of its parameters has is none, either.
    guard
      parameters.allSatisfy({ one in
        !one.name.isEmpty && one.name.utf8.allSatisfy { $0.isDigit || ("a"..."z").contains($0 | 0x20) || $0 == "_" }
          && (one.name.lowercased() != "action" || request.parameters.contains(one))
      })
    else {
      throw Complaint(.remote, "the URL of the next page may change something: \(page.url)")
    }
    // What it leaves out is as it was asked for: a page without its attributes would lose them.
    next.request.parameters = request.parameters.filter { old in !parameters.contains { $0.name == old.name } } + parameters
    guard next.request.onlyReads ?? true else { throw Complaint(.remote, "the URL of the next page may change something: \(page.url)") }
    next.settle()
    return (next, false)
  }
}
