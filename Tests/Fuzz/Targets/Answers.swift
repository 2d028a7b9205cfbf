internal import Base
internal import Catalog
internal import Markup
internal import Requests
internal import Transfer

/// An answer that breaks off is neither done nor refused; what stands deeper than an answer's own words changes nothing.
@Sendable func fuzzAnswers(_ input: [UInt8]) {
  guard let first = input.first, input.count > 3 else { return }
  let at = Int(input[1]) << 8 | Int(input[2])
  let status = [200, 200, 400, 409, 201, 500][Int(first / 4) % 6]
  let body: [UInt8]
  var decoy: [UInt8] = []
  if first % 4 == 0 {
    body = Array(input[3...])
  } else {
    var choices = Choices(input[3...])
    decoy = stranger(&choices)
    body = answer(&choices)
  }
  let whole = judge(body, status)
  let line = String(decoding: body, as: UTF8.self)
  switch whole {
  case .done, .partly: expect((200..<300).contains(status) || line.contains("BATCH"), "done, with the status \(status)")
  default: break
  }

  // Behind the root, comments and processing instructions might be cut.
  if let end = body.lastIndex(of: 0x3E), !body.contains("<!--"), !body.contains("<?"), at % (end + 1) < end {
    let cut = Array(body[..<(at % (end + 1))])
    let part = judge(cut, status)
    switch part {
    // Of a body that is no document, the beginning may be a whole one: nothing says that it was cut.
    case _ where isWhole(cut): break
    // No answer says that a request was not sent.
    case .done, .refused, .partly, .wait, .underWay, .unsent:
      // Busy, or closed, says the status alone.
      if case .wait = part, [409, 429, 503].contains(status) { break }
      failed("cut at \(at % (end + 1)): \(part) of \(line)")
    case .stop, .unclear: break
    }
  }

  if decoy.isEmpty { return }
  guard let end = body.lastIndex(of: 0x3C) else { return }
  var places = [end]
  if let response = body.firstRange(of: Array("</RESPONSE>".utf8)) { places.append(response.lowerBound) }
  if let response = body.firstRange(of: Array("<RESPONSE>".utf8)) { places.append(response.upperBound) }
  if let root = body.firstIndex(of: 0x3E) { places.append(root + 1) }
  for place in places {
    let larger = Array(body[..<place]) + decoy + Array(body[place...])
    let other = judge(larger, status)
    expect(other == whole, "\(whole) becomes \(other): \(String(decoding: larger, as: UTF8.self))")
    expect(envelope(larger) == envelope(body), "\(envelope(body)) becomes \(envelope(larger)): \(String(decoding: larger, as: UTF8.self))")
  }
}

/// Whether it is a document from its beginning to its end. No part of a document is.
private func isWhole(_ body: [UInt8]) -> Bool {
  final class Sink: RecordSink {
    func skeleton(_ bytes: Span<UInt8>) {}
    func opened(_ element: SkeletonElement) {}
    func closed(_ element: SkeletonElement, text: String?) {}
    func record(_ bytes: Span<UInt8>, line: Int, in surroundings: Surroundings) {}
  }
  do throws(Complaint) {
    let stream = try RecordStream(records: [], into: Sink())
    try stream.feed(body)
    try stream.finish()
    return true
  } catch {
    return false
  }
}

private func judge(_ body: [UInt8], _ status: Int) -> Judgement {
  ServiceAnswer.judge(Reply(status: status, headers: [:], isMeasured: false), body)
}

/// What the envelope says of an error and of an end that comes too soon.
private func envelope(_ body: [UInt8]) -> [String] {
  final class Sink: RecordSink {
    var envelope = Envelope(DocumentKind("tag list", roots: ["ServiceResponse", "TAG_LIST_OUTPUT"], records: ["data/Tag", "TAG"]), isCopied: false)
    func skeleton(_ bytes: Span<UInt8>) {}
    func opened(_ element: SkeletonElement) throws(Complaint) { try envelope.opened(element) }
    func closed(_ element: SkeletonElement, text: String?) throws(Complaint) { try envelope.closed(element, text: text) }
    func record(_ bytes: Span<UInt8>, line: Int, in surroundings: Surroundings) {}
  }
  let sink = Sink()
  do throws(Complaint) {
    let stream = try RecordStream(records: ["data/Tag", "TAG"], into: sink)
    try stream.feed(body)
    try stream.finish()
  } catch {
    return [error.reason]
  }
  let service = sink.envelope.service
  return [service.errorCode ?? "-", service.text, service.truncation ?? "-", "\(service.items.sorted { $0.key < $1.key })", "\(service.count ?? -1)"]
}

private let names = [
  "CODE", "TEXT", "ERROR", "RETURN", "MESSAGE", "ID", "id", "RESPONSE", "APPLIANCE", "ITEM_LIST", "ITEM", "KEY", "VALUE", "WARNING", "WARNING_LIST",
  "URL", "responseCode", "responseErrorDetails", "errorMessage", "count", "hasMoreRecords", "lastId", "data", "ID_SET", "Tag", "status",
]

/// An element that no answer has, with elements in it that answers have.
private func stranger(_ choices: inout Choices) -> [UInt8] {
  var text = "<UNRELATED>"
  var open: [String] = []
  for _ in 0..<1 + choices.number(below: 12) {
    let name = choices.pick(names)
    switch choices.byte() % 3 {
    case 0 where open.count < 6:
      open.append(name)
      text += "<\(name)>"
    case 1: if let name = open.popLast() { text += "</\(name)>" }
    default: text += "<\(name) number=\"1904\" status=\"FAILED\">\(choices.pick(["1980", "2000", "1905", "SUCCESS", "true", "7"]))</\(name)>"
    }
  }
  return Array((text + open.reversed().map { "</\($0)>" }.joined() + "</UNRELATED>").utf8)
}

/// An answer as the service gives it, with any words.
private func answer(_ choices: inout Choices) -> [UInt8] {
  func element(_ name: String, _ text: String) -> String { "<\(name)>\(String(decoding: Outline.escaped(text), as: UTF8.self))</\(name)>" }
  let isBad = choices.byte() % 2 == 1
  let code = choices.pick(["1904", "1905", "1920", "1960", "1981", "2000", "999", "Success", "INVALID_REQUEST"])
  let text = choices.plainText()
  let id = choices.pick(["4000001", "x", "0"])
  let body: String
  switch choices.byte() % 6 {
  case 0:
    body =
      "<SIMPLE_RETURN><RESPONSE><DATETIME>2026-01-01T00:00:00Z</DATETIME>" + (isBad ? element("CODE", code) : "") + element("TEXT", text)
      + "<ITEM_LIST><ITEM><KEY>ID</KEY>\(element("VALUE", id))</ITEM></ITEM_LIST></RESPONSE></SIMPLE_RETURN>"
  case 1:
    body =
      "<ServiceResponse><responseCode>\(isBad ? "INVALID_REQUEST" : "SUCCESS")</responseCode><count>1</count><data><Tag>"
      + element("id", id) + element("name", text) + "</Tag></data></ServiceResponse>"
  case 2:
    body =
      "<GENERIC_RETURN><API name=\"x\"/><RETURN status=\"\(isBad ? "FAILED" : "SUCCESS")\" number=\"\(isBad ? "1904" : "")\">x</RETURN></GENERIC_RETURN>"
  case 3:
    body =
      "<BATCH_RETURN><RESPONSE><DATETIME>x</DATETIME><BATCH_LIST><BATCH>" + (isBad ? element("CODE", code) : "") + element("TEXT", text)
      + "<ID_SET>\(element("ID", id))</ID_SET></BATCH></BATCH_LIST></RESPONSE></BATCH_RETURN>"
  case 4:
    body = "<APPLIANCE_CREATE_OUTPUT><RESPONSE><DATETIME>x</DATETIME><APPLIANCE>\(element("ID", id))</APPLIANCE></RESPONSE></APPLIANCE_CREATE_OUTPUT>"
  default:
    body =
      "<TAG_LIST_OUTPUT><RESPONSE><DATETIME>x</DATETIME><TAG_LIST><TAG>\(element("ID", id))</TAG></TAG_LIST>"
      + (isBad ? "<WARNING>\(element("CODE", "1980"))\(element("TEXT", text))</WARNING>" : "") + "</RESPONSE></TAG_LIST_OUTPUT>"
  }
  return Array(body.utf8)
}
