internal import Base
internal import Glibc
internal import Markup
internal import Requests

/// The grammars of the project.
private let grammars: [RecordGrammar] = {
  let folder = getenv("QTBX_GRAMMARS").map { String(cString: $0) } ?? "xslt"
  return ["asset-group", "network", "policy", "policy-control", "schedule", "tag", "tag-tree"].map { name in
    guard let file = fopen("\(folder)/\(name).grammar", "r") else { failed("there is no \(folder)/\(name).grammar") }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 18)
    let count = fread(&bytes, 1, bytes.count, file)
    do throws(Complaint) { return try RecordGrammar(parsing: Array(bytes.prefix(count)), named: name) } catch { failed(error.line) }
  }
}()

/// Any text is a grammar or refused; in any record, each element that a grammar has no line for is named.
@Sendable func fuzzGrammar(_ input: [UInt8]) {
  guard let first = input.first else { return }
  let bytes = Array(input.dropFirst())
  if first % 8 == 7 {
    // A grammar, and behind an empty line the records.
    let end = bytes.firstRange(of: [0x0A, 0x0A])
    guard let grammar = try? RecordGrammar(parsing: Array(bytes[..<(end?.lowerBound ?? bytes.count)]), named: "it") else { return }
    for index in grammar.rules.indices { _ = grammar.path(of: index) }
    if let end { check(Array(bytes[end.upperBound...]), grammar) }
    return
  }
  check(bytes, grammars[Int(first) % 7])
}

private func check(_ record: [UInt8], _ grammar: RecordGrammar) {
  // An outline is one of a checked record.
  let sink = Kept()
  do throws(Complaint) {
    let stream = try RecordStream(records: [], into: sink)
    try stream.feed(record)
    try stream.finish()
    if stream.foreignEncoding != nil { return }
  } catch {
    return
  }
  // The element alone: what stands around it is nobody's.
  guard let start = record.firstIndex(of: 0x3C), record.last == 0x3E, !record.contains("<!DOCTYPE"), !record.contains("<?"), !record.contains("<!--")
  else {
    return
  }
  var outline = Outline()
  outline.read(Array(record[start...]))
  expect(!outline.elements.isEmpty, "a record without an element")
  var memory = RecordGrammar.Memory()
  let notes = grammar.check(outline, of: Subject(kind: "record"), isCopied: false, in: &memory)
  let copied = grammar.check(outline, of: Subject(kind: "record"), isCopied: true, in: &memory)
  let name = outline.string(outline.elements[0].name)
  guard grammar.index(of: [], in: name) != nil else {
    expect(notes.count == 1 && notes[0].disposition == .refused, "a record of another name")
    return
  }
  for index in outline.elements.indices.dropFirst() {
    let path = outline.path(to: index)
    let names = path.split(separator: "/").map(String.init)
    // Within what is unknown, or goes as a whole, nothing is named.
    guard let around = grammar.index(of: names.dropLast(), in: name), !grammar.rules[around].isWhole, grammar.index(of: names, in: name) == nil else {
      continue
    }
    let parent = names.dropLast().joined(separator: "/")
    for notes in [notes, copied] {
      let isNamed = notes.contains { note in
        [.unknown, .refused].contains(note.disposition)
          && (note.element.isSame(path) || note.element.isSame(parent) || !note.element.isEmpty && path.hasPrefix(note.element + "/"))
      }
      expect(isNamed, "\(path) is not known, and nothing says so: \(String(decoding: record, as: UTF8.self))")
    }
  }
}
