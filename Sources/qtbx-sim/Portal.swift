import Base
import SimHTTP

/// The envelopes of the asset management API, in XML or in JSON: what a request holds, and what is answered.
enum Portal {
  /// The body of a request as a ServiceRequest, nil if there is none.
  static func request(_ call: Call) throws(Refusal) -> Element? {
    if call.body.allSatisfy({ [" ", "\n", "\r", "\t"].contains($0) }) { return nil }
    let type = call.contentType.lowercased()
    if type.contains("json") { return try request(json: call.body) }
    guard type.contains("xml") else {
      throw Refusal(tag: "INVALID_REQUEST", "a body is of Content-Type text/xml or application/json, not \(call.contentType)")
    }
    guard let cut = try? SplitDocument(call.body, records: ["ServiceRequest"]) else { throw Refusal(tag: "INVALID_XML", "the body is not XML") }
    guard cut.root == "ServiceRequest", let record = cut.records.first else {
      throw Refusal(tag: "INVALID_REQUEST", "the body is not a ServiceRequest")
    }
    return Element(record)
  }

  /// What a search asks for besides its filters: how many records, and where they begin.
  ///
  /// Errors: `Refusal` for anything that would be left out in silence.
  static func page(
    of records: [RecordStore.Record], _ request: Element?, _ call: Call, _ subscription: borrowing Subscription
  ) throws(Refusal) -> (records: [RecordStore.Record], hasMore: Bool) {
    let known = ["startFromId", "startFromOffset", "limitResults"]
    let preferences = request?.child("preferences")?.children ?? []
    if let odd = preferences.first(where: { !known.contains($0.name) }) {
      throw Refusal(tag: "INVALID_REQUEST", "preferences: this element is not expected: \(odd.name)")
    }
    func number(_ name: String) throws(Refusal) -> Int? {
      guard let text = preferences.first(where: { $0.name == name })?.text.trimmed else { return nil }
      guard let number = Check.number(text) else { throw Refusal(tag: "INVALID_REQUEST", "\(name) is not a number: \(text)") }
      return number
    }
    var limit = try number("limitResults") ?? 100
    guard (1...1000).contains(limit) else { throw Refusal(tag: "INVALID_REQUEST", "limitResults is not from 1 to 1000: \(limit)") }
    if let page = subscription.pageSize { limit = min(limit, page) }
    var found = records[...]
    if let first = try number("startFromId") { found = found.drop { $0.id < first } }
    if let offset = try number("startFromOffset"), offset > 0 { found = found.dropFirst(offset - 1) }
    return (Array(found.prefix(limit)), found.count > limit)
  }

  /// The filters of a request.
  ///
  /// Errors: `Refusal` for anything else that would choose among the records, and for parameters that the address does not have.
  static func criteria(_ request: Element?, _ call: Call, parameters: [String] = []) throws(Refusal) -> [(
    field: String, operation: String, value: String
  )] {
    if let odd = call.order.first(where: { !parameters.contains($0) }) {
      throw Refusal(tag: "INVALID_REQUEST", "this parameter is not expected: \(odd)")
    }
    for child in request?.children ?? [] where !["filters", "preferences", "data"].contains(child.name) {
      throw Refusal(tag: "INVALID_REQUEST", "this element is not expected: \(child.name)")
    }
    var criteria: [(field: String, operation: String, value: String)] = []
    for filters in request?.children ?? [] where filters.name == "filters" {
      for element in filters.children {
        guard element.name == "Criteria" else { throw Refusal(tag: "INVALID_REQUEST", "filters: this element is not expected: \(element.name)") }
        criteria.append((element.attribute("field") ?? "", element.attribute("operator") ?? "", element.text.trimmed))
      }
    }
    return criteria
  }

  private static func request(json bytes: [UInt8]) throws(Refusal) -> Element? {
    guard let json = JSON.read(bytes) else { throw Refusal(tag: "INVALID_REQUEST", "the body is not JSON") }
    if case .null = json { return nil }
    guard case .members(let members) = json, members.count == 1, let request = members["ServiceRequest"] else {
      throw Refusal(tag: "INVALID_REQUEST", "the body is not a ServiceRequest")
    }
    return try elements("ServiceRequest", request).first
  }

  /// A member of an object as elements: of a list one for each of its items.
  private static func elements(_ name: String, _ value: JSON) throws(Refusal) -> [Element] {
    switch value {
    case .null: return []
    case .flag(let flag): return [Element(name, flag ? "true" : "false")]
    case .number(let number): return [Element(name, number)]
    case .text(let text):
      guard text.unicodeScalars.allSatisfy(\.isXML) else { throw Refusal(tag: "INVALID_REQUEST", "\(name): a character that XML does not have") }
      return [Element(name, text)]
    case .list(let items):
      var elements: [Element] = []
      for item in items { elements += try Self.elements(name, item) }
      return elements
    case .members(let members):
      var element = Element(name)
      for member in members.keys.sorted() {
        for child in try elements(member, members[member] ?? .null) {
          // What XML says in attributes.
          if name == "Criteria", member == "value" {
            element.text = child.text
          } else if name == "Criteria" {
            element.attributes.append((member, child.text))
          } else {
            element.children.append(child)
          }
        }
      }
      return [element]
    }
  }

  // MARK: Answers

  /// - Parameters:
  ///   - records: nil where an answer has no data.
  ///   - page: Whether there is more, and the id of the last record.
  static func answer(
    count: Int, _ records: [[UInt8]]? = nil, page: (hasMore: Bool, lastID: Int?)? = nil, for call: Call
  ) -> Answer {
    var fields = [Element("responseCode", "SUCCESS"), Element("count", String(count))]
    if let page {
      fields.append(Element("hasMoreRecords", page.hasMore ? "true" : "false"))
      if let last = page.lastID { fields.append(Element("lastId", String(last))) }
    }
    if call.wantsJSON {
      var members = fields.map { "\"\($0.name)\":\(json($0))" }
      // As in XML, each record stands under the name of what it is.
      if let records {
        let elements = records.map { Element($0) }
        members.append("\"data\":[\(elements.map { "{\(JSONText.string($0.name)):\(json($0))}" }.joined(separator: ","))]")
      }
      return json(members)
    }
    var bytes = lines(fields)
    if let records {
      bytes += "  <data>\n".utf8
      for record in records { bytes += "    ".utf8 + record + ["\n"] }
      bytes += "  </data>\n".utf8
    }
    return Answer(Document.serviceResponse(bytes))
  }

  static func answer(_ refusal: Refusal, for call: Call) -> Answer {
    let code = codes[refusal.code] ?? refusal.code
    let message = Element("errorMessage", refusal.text)
    if call.wantsJSON {
      var answer = json(["\"responseCode\":\(JSONText.string(code))", "\"responseErrorDetails\":{\"errorMessage\":\(json(message))}"])
      answer.status = refusal.status
      return answer
    }
    let error = [Element("responseCode", code), Element("responseErrorDetails", children: [message])]
    return Answer(status: refusal.status, Document.serviceResponse(lines(error)))
  }

  private static func lines(_ elements: [Element]) -> [UInt8] {
    var bytes: [UInt8] = []
    for element in elements { bytes += "  ".utf8 + element.xml(level: 1) + ["\n"] }
    return bytes
  }

  /// This API has words where the other one has numbers.
  private static let codes = [
    "2000": "UNAUTHORIZED", "2002": "UNAUTHORIZED", "2003": "UNAUTHORIZED", "1960": "LIMIT_EXCEEDED", "1965": "LIMIT_EXCEEDED",
    "1905": "INVALID_REQUEST",
  ]

  private static func json(_ members: [String]) -> Answer {
    Answer(Array("{\"ServiceResponse\":{\(members.joined(separator: ","))}}\n".utf8), contentType: "application/json")
  }

  /// Numbers in JSON; everything else is text there, `hasMoreRecords`, too.
  private static let numbers: Set<String> = ["id", "parentTagId", "srcAssetGroupId", "srcBusinessUnitId", "criticalityScore", "count", "lastId"]

  private static func json(_ element: Element) -> String {
    // A list of one kind is an array, each item with its name.
    if element.name == "list" { return "[\(element.children.map { "{\"\($0.name)\":\(json($0))}" }.joined(separator: ","))]" }
    if element.name == "children" || !element.children.isEmpty {
      return "{\(element.children.map { "\"\($0.name)\":\(json($0))" }.joined(separator: ","))}"
    }
    if numbers.contains(element.name), let number = Check.number(element.text.trimmed) { return String(number) }
    return JSONText.string(element.text)
  }
}
