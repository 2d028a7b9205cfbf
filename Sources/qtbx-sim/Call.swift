import Base
import Glibc
import Markup

/// One request, as the service sees it.
struct Call: Sendable {
  var method: String
  /// The path, still percent-encoded.
  var path: String
  /// What stood behind the question mark, as it came.
  var query = ""
  var contentType = ""
  /// In which form the answer is wanted.
  var accept = ""
  var body: [UInt8] = []
  var user = ""
  /// From query and form body. Of a parameter that is given twice the last one counts.
  var parameters: [String: String] = [:]
  /// The names in the order in which they came.
  var order: [String] = []
  /// The first part of the path that the resource's pattern left open: the version.
  var version = ""
  /// The names of parameters whose values are not UTF-8, or have a character that XML does not have.
  var unreadable: [String] = []

  var wantsJSON: Bool { accept.lowercased().contains("application/json") }

  var isForm: Bool { contentType.lowercased().hasPrefix("application/x-www-form-urlencoded") }

  subscript(_ name: String) -> String? { parameters[name] }

  /// Whether a flag is given and not 0.
  func isOn(_ name: String) -> Bool { parameters[name] == "1" }

  /// Reads the parameters of the query, and of the body if it is a form.
  mutating func readParameters() {
    take(form: Array(query.utf8))
    if isForm { take(form: body) }
  }

  private mutating func take(form: [UInt8]) {
    for pair in form.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let (name, value) = (Self.plain(parts[0]), Self.plain(parts.count > 1 ? parts[1] : []))
      let (readName, readValue) = (Self.text(name), Self.text(value))
      if readName == nil || readValue == nil { unreadable.append(Self.shown(name)) }
      guard let readName, !readName.isEmpty else { continue }
      if parameters[readName] == nil { order.append(readName) }
      parameters[readName] = readValue ?? Self.shown(value)
    }
  }

  /// Text that a document can hold, nil if bytes are none.
  private static func text(_ bytes: [UInt8]) -> String? {
    guard let text = String(validating: bytes, as: UTF8.self), text.unicodeScalars.allSatisfy(\.isXML) else { return nil }
    return text
  }

  /// Bytes that are no text, as a message shows them: question marks, as the service escapes what it cannot print.
  private static func shown(_ bytes: [UInt8]) -> String {
    String(String.UnicodeScalarView(bytes.map { (" "..<0x7F).contains($0) ? Unicode.Scalar($0) : "?" }))
  }

  /// A form's bytes: `+` is a blank. A broken escape stays as it is.
  private static func plain(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var plain: [UInt8] = []
    var at = bytes.startIndex
    while at < bytes.endIndex {
      if bytes[at] == "%", at + 2 < bytes.endIndex, let high = Character(Unicode.Scalar(bytes[at + 1])).hexDigitValue,
        let low = Character(Unicode.Scalar(bytes[at + 2])).hexDigitValue
      {
        plain.append(UInt8(high << 4 | low))
        at += 3
      } else {
        plain.append(bytes[at] == "+" ? " " : bytes[at])
        at += 1
      }
    }
    return plain
  }
}

/// What the service says.
struct Answer: Sendable {
  var status = 200
  var headers: [(name: String, value: String)] = []
  var body: [UInt8] = []
  /// Recorded answers say `application/xml` or `text/xml;charset=UTF-8`. Without a charset text/xml is something else.
  var contentType = "application/xml"

  init(status: Int = 200, _ body: [UInt8], contentType: String = "application/xml") {
    self.status = status
    self.body = body
    self.contentType = contentType
  }

  static func html(status: Int, _ title: String) -> Answer {
    let page =
      "<!DOCTYPE HTML PUBLIC \"-//IETF//DTD HTML 2.0//EN\">\n<html><head><title>\(title)</title></head>\n<body><h1>\(title)</h1></body></html>\n"
    return Answer(status: status, Array(page.utf8), contentType: "text/html; charset=iso-8859-1")
  }
}

/// Why the service does not do what it is asked: an HTTP status, a code and a text.
struct Refusal: Error {
  var status = 400
  var code: String
  var text: String
  var items: [(key: String, value: String)] = []

  init(_ code: Int, _ text: String, status: Int = 400) {
    self.code = String(code)
    self.text = text
    self.status = status
  }

  /// One of the asset management API, which answers errors with HTTP 200.
  init(tag code: String, _ text: String) {
    self.code = code
    self.text = text
    status = 200
  }

  /// An error of which the documentation has the whole text, nil for a code that it does not have. With a status of one's own, or the one
  /// of the documentation. U16 p. 551-552.
  static func published(_ code: String, status: Int? = nil) -> Refusal? {
    guard let number = Int(code), let error = published[number] else { return nil }
    return Refusal(number, error.text, status: status ?? error.status)
  }

  /// What the texts leave open is filled in by the functions below.
  private static let published: [Int: (status: Int, text: String)] = [
    999: (400, "Internal Error"), 1901: (400, "Unrecognized parameter(s): rehearsed"), 1903: (400, "Missing required parameter(s): rehearsed"),
    1904: (400, "Please specify only one of these parameters: rehearsed"), 1905: (400, "parameter rehearsed has invalid value: rehearsed"),
    1907: (400, "The following combination of key=value pairs is not supported: rehearsed=1"),
    1908: (400, "Request method (GET or POST) is incompatible with specified parameter(s): rehearsed"), 1920: (409, blocked),
    1922: (400, "Please specify at least one of the following parameters: rehearsed"),
    1960: (409, " This API cannot be run again until 1 currently running API instance has finished."),
    1965: (409, " This API cannot be run again for a while."),
    1981: (202, "Your request is being processed. Please try this same request again later."),
    1999: (503, "We are performing scheduled maintenance on our System. We apologize for any inconvenience."), 2000: (401, "Bad Login/Password"),
    // Recorded with HTTP 200; the documentation does not have it.
    2001: (200, "This account has expired."), 2002: (403, "User account is inactive."),
    2003: (409, "Registration must be completed before API requests will be served for this account"),
    2011: (409, "SecureID authentication is required for this account, so API access is blocked"),
    2012: (403, "User license is not authorized to run this API."),
  ]
  private static let blocked = "The requested operation is blocked by one or more existing Business Objects"

  static func unrecognized(_ names: [String]) -> Refusal { Refusal(1901, "Unrecognized parameter(s): \(names.joined(separator: ", "))") }

  static func missing(_ names: String...) -> Refusal { missing(names) }

  static func missing(_ names: [String]) -> Refusal { Refusal(1903, "Missing required parameter(s): \(names.joined(separator: ", "))") }

  static func tooMany(_ names: [String]) -> Refusal {
    Refusal(1904, "Please specify only one of these parameters: \(names.joined(separator: ", "))")
  }

  static func invalid(_ name: String, _ value: String, _ why: String) -> Refusal {
    Refusal(1905, "parameter \(name) has invalid value: \(SecretNames.has(name) ? "masked" : value) (\(why))")
  }

  /// Parameters that do not go together, with what they say.
  static func unsupported(_ names: [String], _ call: Call) -> Refusal {
    let pairs = names.map { name in "\(name)=\(SecretNames.has(name) ? "masked" : call[name] ?? "")" }
    return Refusal(1907, "The following combination of key=value pairs is not supported: \(pairs.joined(separator: ", "))")
  }

  static func method(_ parameter: String) -> Refusal {
    Refusal(1908, "Request method (GET or POST) is incompatible with specified parameter(s): \(parameter)")
  }

  static func atLeastOne(_ names: [String]) -> Refusal {
    Refusal(1922, "Please specify at least one of the following parameters: \(names.joined(separator: ", "))")
  }
}

/// The documents that every resource answers with.
enum Document {
  /// The host that documents name. A client must go on asking the host that it was told, not this one.
  static let host = "https://qualysapi.rehearsal.invalid"

  static let before = "<!-- This answer comes from a rehearsal, not from the service. //-->\n"
  static let after =
    "<!-- CONFIDENTIAL AND PROPRIETARY INFORMATION. An answer of the real service ends with a note like this one. //-->\n<!-- keep-alive -->\n"

  static func now() -> String {
    var seconds = time(nil)
    return text(of: &seconds) + "Z"
  }

  /// `2031-01-02T03:04:05Z` as some elements print it: `01/02/2031 at 03:04:05 (GMT)`. Empty for what is no date.
  static func spoken(_ date: String) -> String {
    let parts = date.split { !$0.isNumber }
    return parts.count == 6 ? "\(parts[1])/\(parts[2])/\(parts[0]) at \(parts[3]):\(parts[4]):\(parts[5]) (GMT)" : ""
  }

  /// The beginning of the day, in UTC, so many days from today: the sample of U12 p. 211 and 214 counts so.
  static func midnight(after days: Int) -> String {
    let now = time(nil)
    var seconds = now - now % 86_400 + days * 86_400
    return text(of: &seconds) + "Z"
  }

  /// `2031-01-02T03:04:05` of seconds since 1970, in UTC.
  static func text(of seconds: inout time_t) -> String {
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let date = "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
    return date + "T\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
  }

  /// What `echo_request=1` adds.
  static func echo(_ call: Call) -> String {
    guard call.isOn("echo_request") else { return "" }
    var text = "  <REQUEST>\n    <DATETIME>\(now())</DATETIME>\n    <USER_LOGIN>\(escaped(call.user))</USER_LOGIN>\n"
    text += "    <RESOURCE>\(host)\(escaped(call.path))</RESOURCE>\n    <PARAM_LIST>\n"
    for name in call.order {
      text +=
        "      <PARAM>\n        <KEY>\(escaped(name))</KEY>\n        <VALUE>\(SecretNames.has(name) ? "masked" : escaped(call[name] ?? ""))</VALUE>\n      </PARAM>\n"
    }
    return text + "    </PARAM_LIST>\n  </REQUEST>\n"
  }

  static func escaped(_ text: String) -> String { String(decoding: Outline.escaped(text), as: UTF8.self) }

  static func simpleReturn(
    _ text: String, code: String? = nil, items: [(key: String, value: String)] = [], for call: Call? = nil, declaration: Bool = true,
    doctype: String = "SIMPLE_RETURN"
  ) -> [UInt8] {
    var xml = declaration ? "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n" : ""
    xml += "<!DOCTYPE \(doctype) SYSTEM \"\(host)/api/2.0/simple_return.dtd\">\n<SIMPLE_RETURN>\n"
    if let call { xml += echo(call) }
    xml += "  <RESPONSE>\n    <DATETIME>\(now())</DATETIME>\n"
    if let code { xml += "    <CODE>\(escaped(code))</CODE>\n" }
    xml += "    <TEXT>\(escaped(text))</TEXT>\n"
    if !items.isEmpty {
      xml += "    <ITEM_LIST>\n"
      for item in items {
        xml += "      <ITEM>\n        <KEY>\(escaped(item.key))</KEY>\n        <VALUE>\(escaped(item.value))</VALUE>\n      </ITEM>\n"
      }
      xml += "    </ITEM_LIST>\n"
    }
    return Array((xml + "  </RESPONSE>\n</SIMPLE_RETURN>\n").utf8)
  }

  static func serviceResponse(_ inside: [UInt8]) -> [UInt8] {
    let opening =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ServiceResponse xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
      + "xsi:noNamespaceSchemaLocation=\"\(host)/qps/xsd/2.0/am/tag.xsd\">\n"
    return Array(opening.utf8) + inside + Array("</ServiceResponse>\n".utf8)
  }

  /// The answer of a call of the first API that has none of its own. Its sentence stands in a MESSAGE, or without one: U16 p. 535.
  static func genericReturn(_ status: String, message: String? = nil, text: String = "", number: String? = nil, for call: Call) -> Answer {
    let name = call.path.split(separator: "/").last.map { String($0) } ?? ""
    let attributes = [("status", status)] + (number.map { [("number", $0)] } ?? [])
    let answer = Element(
      "GENERIC_RETURN",
      children: [
        Element("API", attributes: [("name", name), ("username", call.user), ("at", now())]),
        Element("RETURN", text, attributes: attributes, children: message.map { [Element("MESSAGE", $0)] } ?? []),
      ])
    let opening = "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<!DOCTYPE GENERIC_RETURN SYSTEM \"\(host)/generic_return.dtd\">\n"
    return Answer(Array(opening.utf8) + answer.xml() + ["\n"])
  }

  /// A refusal, in the form that the path's API has.
  static func answer(_ refusal: Refusal, for call: Call) -> Answer {
    if call.path.hasPrefix("/qps/") { return Portal.answer(refusal, for: call) }
    // Recorded errors begin with the DOCTYPE.
    return Answer(status: refusal.status, simpleReturn(refusal.text, code: refusal.code, items: refusal.items, declaration: false))
  }

  /// A list: records between their wrappers.
  static func list(
    root: String, dtd: String, wrapper: String, records: [[UInt8]], behind: String = "", for call: Call
  ) -> Answer {
    let address = host + call.path + (call.path.hasSuffix("/") ? "" : "/") + dtd
    var xml = Array("<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<!DOCTYPE \(root) SYSTEM \"\(address)\">\n\(before)".utf8)
    xml += "<\(root)>\n\(echo(call))  <RESPONSE>\n    <DATETIME>\(now())</DATETIME>\n".utf8
    if !records.isEmpty {
      xml += "    <\(wrapper)>\n".utf8
      for record in records {
        xml += "      ".utf8
        xml += record
        xml.append("\n")
      }
      xml += "    </\(wrapper)>\n".utf8
    }
    xml += behind.utf8
    xml += "  </RESPONSE>\n</\(root)>\n\(after)".utf8
    return Answer(xml)
  }

  /// The warning that a list goes on. Its address is not the caller's: it names another host and more parameters than were sent.
  ///
  /// - Parameters:
  ///   - isLast: whether the id is the highest one of the next page, which lists that go downwards say.
  ///   - saysLimit: whether the call has a parameter for the length of a page; not every one has.
  static func warning(limit: Int, nextID: String, isLast: Bool = false, for call: Call, saysLimit: Bool = true) -> String {
    let bound = isLast ? "id_max" : "id_min"
    var query = "action=list"
    for name in call.order where name != "action" && name != bound && name != "truncation_limit" {
      query +=
        "&\(name)="
        + (call[name] ?? "").utf8.map { byte in
          switch byte {
          case "0"..."9", "A"..."Z", "a"..."z", "-", ".", "_", ",": String(Character(Unicode.Scalar(byte)))
          default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
          }
        }.joined()
    }
    return """
          <WARNING>
            <CODE>1980</CODE>
            <TEXT>\(limit) record limit exceeded. Use URL to get next batch of results.</TEXT>
            <URL><![CDATA[
      \(host)\(call.path)?\(query)\(saysLimit ? "&truncation_limit=\(limit)" : "")&\(bound)=\(nextID)
      ]]></URL>
          </WARNING>

      """
  }
}
