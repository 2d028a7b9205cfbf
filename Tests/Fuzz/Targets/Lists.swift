internal import Base
internal import Markup
internal import Requests

/// Whatever is a request is written again and read as the same; whatever can be asked can be written.
@Sendable func fuzzRequests(_ input: [UInt8]) {
  guard let first = input.first else { return }
  if first % 2 == 0 { readLine(Array(input.dropFirst())) } else { writeRequest(Choices(input.dropFirst())) }
}

private func readLine(_ line: [UInt8]) {
  guard let read = try? RequestLine(parsing: line) else { return }
  switch read {
  case .comment(let text): expect(Array(text.utf8) == line, "another comment")
  case .request(let request):
    expect(request.line.last == 0x0A && !request.line.dropLast().contains(0x0A), "what is written is not one line")
    guard case .request(let again)? = try? RequestLine(parsing: Array(request.line.dropLast())) else { failed("what is written is no request") }
    expect(again == request, "another request: \(again) is not \(request)")
    expect(again.line == request.line, "another line")
  }
}

private func writeRequest(_ choices: consuming Choices) {
  var request = Request(method: choices.pick(["POST", "GET", "PUT", "DELETE"]), path: "")
  repeat {
    var segment: [UInt8] = []
    PercentCoding.encode(choices.plainText(), to: &segment)
    // Slashes stay, and begin another segment.
    let names = segment.split(separator: 0x2F).filter { ![[0x2E], [0x2E, 0x2E]].contains($0) }
    request.path += names.isEmpty ? "/x" : names.map { "/" + String(decoding: $0, as: UTF8.self) }.joined()
  } while choices.byte() % 3 == 1
  while choices.byte() % 4 != 0 {
    let name = choices.text().filter { $0 != "\0" }
    let value = choices.text()
    if name.isEmpty || name.utf8.contains(0) || value.utf8.contains(0) || request.parameters.contains(where: { $0.name == name }) { continue }
    let isSecret = choices.byte() % 5 == 1
    request.parameters.append(.init(name: name, value: isSecret ? "kind/" + value + "/title/field" : value, isSecret: isSecret))
  }
  if choices.byte() % 2 == 1 { request.origin = (choices.pick(["asset-group", "tag", "a0-9"]), choices.plainText()) }
  if request.method != "GET", choices.byte() % 2 == 1 {
    let text = choices.plainText()
    request.body = choices.byte() % 2 == 0 ? .file(text) : .xml(Array("<a>".utf8) + Outline.escaped(text) + Array("</a>".utf8))
  }
  do throws(Complaint) { try request.check() } catch { failed("\(error.line): \(String(decoding: request.line, as: UTF8.self))") }
  guard case .request(let again)? = try? RequestLine(parsing: Array(request.line.dropLast())) else { failed("what is written is no request") }
  expect(again.path.isSame(request.path), "another path")
  expect(again.parameters.count == request.parameters.count, "more or fewer parameters")
  for (one, other) in zip(again.parameters, request.parameters) {
    expect(one.name.isSame(other.name) && one.value.isSame(other.value) && one.isSecret == other.isSecret, "another parameter \(other)")
  }
  expect(again.origin?.id ?? "" == request.origin?.id ?? "", "another origin")
}

/// Rows are written and read as the same; whatever bytes are a map, each of its rows says what becomes of its value.
@Sendable func fuzzTables(_ input: [UInt8]) {
  guard let first = input.first else { return }
  let bytes = Array(input.dropFirst())
  switch first % 3 {
  case 0:
    let delimiter: UInt8 = [0x2C, 0x3B, 0x09][Int(first / 3) % 3]
    if let rows = try? CSV.rows(of: bytes, delimiter: delimiter) { write(rows.map(\.fields)) }
  case 1:
    var choices = Choices(bytes[...])
    var rows: [[String]] = []
    while !choices.isOver {
      let row = (0...choices.byte() % 4).map { _ in choices.text() }
      if row != [""] { rows.append(row) }
    }
    write(rows)
  default:
    let header = "source_id,target_id" + (first / 3 % 2 == 0 ? ",name\n" : "\n")
    for reading in [IDMap.Reading.id, .name, .idOfName, nil] {
      _ = try? IDMap(parsing: bytes, for: reading)
      let whole = Array(header.utf8) + bytes
      guard let map = try? IDMap(parsing: whole, for: reading), let rows = try? CSV.rows(of: whole) else { continue }
      for row in rows.dropFirst() {
        expect(row.fields.count >= 2, "a row with one column")
        guard reading == .id || reading == nil else { continue }
        let target = map.target(of: row.fields[0], as: .id)
        expect(target?.isSame(row.fields[1]) ?? false, "\(row.fields[0]) becomes \(target ?? "nothing"), not \(row.fields[1])")
      }
    }
  }
}

/// A byte order mark at the very start would be one of the file's.
private func write(_ rows: [[String]]) {
  let text = "header\n" + rows.map { CSV.row($0) }.joined()
  guard let again = try? CSV.rows(of: Array(text.utf8)) else { failed("what is written is no table: \(text)") }
  expect(again.count == rows.count + 1, "more or fewer rows: \(text)")
  for (one, other) in zip(again.dropFirst(), rows) {
    expect(one.fields.count == other.count && zip(one.fields, other).allSatisfy { $0.isSame($1) }, "\(other) was read as \(one.fields)")
  }
}
