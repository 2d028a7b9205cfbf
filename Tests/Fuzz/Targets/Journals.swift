internal import Base
internal import CTransfer
internal import Glibc
internal import Markup
internal import Requests
internal import Transfer

private let path = (getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp") + "/journal.\(getpid())"
private let server = "https://qualysapi.example.com"

/// What is known of a request, in bytes.
private func words(_ entries: [String: Journal.Entry]) -> [String: [UInt8]] {
  entries.mapValues { entry in
    let state =
      switch entry.state {
      case .unknown(let reason): ["unknown", reason]
      case .done(let id): ["done", id]
      case .refused(let code, let text): ["refused", code, text]
      case .partly(let ids, let reason): ["partly", ids, reason]
      case .unsent: ["unsent"]
      }
    // Whatever stands there as a call is one, or none.
    let call = Request(call: entry.call)
    if let call { expect(Request(call: call.call)?.call == call.call, "a call is another one when it is read again: \(entry.call)") }
    let facts = [entry.kind, entry.source, entry.name, entry.call, entry.below, entry.isFound ? "found" : ""]
    return Array(((facts + state).joined(separator: "\0")).utf8)
  }
}

private func put(_ bytes: [UInt8]) {
  let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
  guard file >= 0, write(file, bytes, bytes.count) == bytes.count else { failed("cannot write \(path)") }
  close(file)
}

private func contents() -> [UInt8] {
  let file = open(path, O_RDONLY)
  defer { close(file) }
  var bytes = [UInt8](repeating: 0, count: 1 << 16)
  let count = read(file, &bytes, bytes.count)
  return Array(bytes.prefix(max(0, count)))
}

/// A journal that is damaged anywhere is refused, or says what it said after one of its lines: nothing is done that was not done by then.
@Sendable func fuzzJournal(_ input: [UInt8]) {
  guard let first = input.first else { return }
  unlink(path)
  defer { unlink(path) }
  if first % 3 == 0 { readLines(Array(input.dropFirst())) } else { damage(Choices(input.dropFirst()), isDamaged: first % 3 == 1) }
}

private func damage(_ choices: consuming Choices, isDamaged: Bool) {
  // After each line.
  var states: [[String: [UInt8]]] = [[:]]
  do throws(Complaint) {
    var journal = try Journal(path, server: server)
    for _ in 0..<1 + choices.number(below: 8) {
      let key = choices.pick(["9a1f", "9a20", "00ff"])
      if journal.entries[key] == nil || choices.byte() % 4 == 0 {
        let call = choices.pick(["POST /api/2.0/fo/asset/group/?action=add", "POST /qps/rest/2.0/delete/am/tag/7", choices.text()])
        try journal.intend(key, kind: choices.text(), source: choices.text(), name: choices.text(), call: call, below: choices.text())
      } else {
        let state: Journal.State =
          switch choices.byte() % 5 {
          case 0: .done(id: choices.text())
          case 1: .refused(code: choices.text(), text: choices.text())
          case 2: .partly(ids: choices.text(), reason: choices.text())
          case 3: .unsent
          default: .unknown(reason: choices.text())
          }
        try journal.settle(key, state, isFound: choices.byte() % 4 == 0)
      }
      states.append(words(journal.entries))
    }
  } catch { failed("a journal cannot be written: \(error.line)") }

  var bytes = contents()
  if isDamaged {
    repeat {
      let at = choices.number(below: bytes.count + 1)
      switch choices.byte() % 5 {
      case 0: if at < bytes.count { bytes[at] ^= max(1, choices.byte()) }
      case 1: bytes.removeSubrange(at...)
      case 2: bytes.insert(choices.byte(), at: at)
      case 3:
        // A line or any other part once more, elsewhere.
        let lines = bytes.split(separator: 0x0A)
        if let line = lines.dropFirst(choices.number(below: lines.count)).first { bytes.insert(contentsOf: line + [0x0A], at: at) }
      default: bytes.removeSubrange(at..<min(bytes.count, at + Int(choices.byte())))
      }
    } while choices.byte() % 3 == 1
    put(bytes)
  }
  var said: [String: [UInt8]]?
  do throws(Complaint) {
    said = words(try Journal.entries(of: path, server: server))
  } catch {
    if !isDamaged { failed("what is written cannot be read: \(error.line)") }
  }
  expect(contents() == bytes, "what is only read has changed: \(contents())")
  if let said {
    expect(isDamaged ? states.contains(said) : said == states.last, "the journal never said this: \(String(decoding: bytes, as: UTF8.self))")
  }
  // A push goes on with it.
  do throws(Complaint) {
    var journal = try Journal(path, server: server)
    expect(said == words(journal.entries), "a push reads something else")
    try journal.intend("ffff", kind: "tag", source: "7", name: "behind")
    try journal.settle("ffff", .done(id: "8"))
    said = words(journal.entries)
  } catch {
    expect(said == nil, "what can be read cannot be gone on with: \(error.line)")
    expect(contents() == bytes, "what is refused has changed")
    return
  }
  guard let again = try? Journal.entries(of: path, server: server) else { failed("the journal cannot be read after it was gone on with") }
  expect(words(again) == said, "the journal says something else after it was gone on with")
}

/// Any lines, under checksums that are right.
private func readLines(_ text: [UInt8]) {
  var bytes: [UInt8] = []
  var check: [UInt8] = []
  let lines = [Array("qtbx-journal\t1\t\(server)".utf8)] + text.split(separator: 0x0A).map { Array($0) }
  for line in lines {
    check = checksum(line, after: check)
    bytes += line + [0x09] + check + [0x0A]
  }
  put(bytes)
  guard let entries = try? Journal.entries(of: path, server: server) else { return }
  for (key, entry) in entries {
    guard case .done = entry.state else { continue }
    let isSaid = lines.contains { line in
      // A backslash before a letter that needs none is nothing.
      let fields = line.filter { $0 != 0x5C }.split(separator: 0x09, omittingEmptySubsequences: false)
      return fields.first.map { $0.elementsEqual("done".utf8) || $0.elementsEqual("found".utf8) } ?? false
    }
    expect(isSaid, "\(key) is done, and no line says so")
  }
}

private func checksum(_ line: [UInt8], after check: [UInt8]) -> [UInt8] {
  guard let digest = ctransfer_digest_new() else { failed("no digest") }
  defer { ctransfer_digest_free(digest) }
  let bytes = check + [0x0A] + line
  ctransfer_digest_add(digest, bytes, bytes.count)
  var sum = [UInt8](repeating: 0, count: 32)
  ctransfer_digest_finish(digest, &sum)
  let alphabet = Array("0123456789abcdef".utf8)
  return sum.prefix(8).flatMap { [alphabet[Int($0 >> 4)], alphabet[Int($0 & 15)]] }
}
