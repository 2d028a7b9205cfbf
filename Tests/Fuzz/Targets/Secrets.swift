internal import Base
internal import Glibc
internal import Markup
internal import Requests
internal import Sealing
internal import Toolbox

/// What is sealed opens to itself, and what is anything else does not open; whatever names a secret is filled in as it is; no answer repeats one.
@Sendable func fuzzSecrets(_ input: [UInt8]) {
  guard let first = input.first else { return }
  let bytes = Array(input.dropFirst())
  switch first % 5 {
  case 0: openFile(bytes)
  case 1: changeFile(Choices(bytes[...]))
  case 2: readTable(bytes)
  case 3: findPlaceholders(bytes)
  default: fill(Choices(bytes[...]))
  }
}

// MARK: The sealed file

private struct Sealed {
  let plain: [UInt8]
  let file: [UInt8]
  let keys: SealedFile.Keys

  init() throws(Complaint) {
    let ends = try Descriptor.pipe()
    try Descriptor.write(Array("x\n".utf8), to: ends.entrance)
    let passphrase = try Passphrase(firstLineOf: ends.exit)
    let plain = Array("kind,title,field,username,value\nunix,a,b,c,d\n".utf8)
    self.plain = plain
    let locked = try LockedBytes(plain.span)
    file = try SealedFile.sealed(locked, under: passphrase)
    // Once: it takes half a second.
    keys = try SealedFile(parsing: file).derivation.keys(of: passphrase)
  }
}

private let sealed: Sealed = {
  do throws(Complaint) { return try Sealed() } catch { failed(error.line) }
}()

/// Any bytes: nothing but the file itself opens, and a file of openssl's own gives nothing that looks like a table.
private func openFile(_ bytes: [UInt8]) {
  guard let file = try? SealedFile(parsing: bytes) else { return }
  guard let plain = try? file.opened(with: sealed.keys) else { return }
  let text = plain.withBytes { bytes in bytes.withUnsafeBytes { Array($0) } }
  expect(!file.isAuthenticated || bytes == sealed.file, "a changed file opens")
  expect(file.isAuthenticated || !SecretTable.isOne(plain) || text == sealed.plain, "a table out of nothing")
}

/// The file itself, changed here and there.
private func changeFile(_ choices: consuming Choices) {
  var file = sealed.file
  repeat {
    let at = choices.number(below: file.count + 1)
    switch choices.byte() % 4 {
    case 0 where at < file.count: file[at] ^= 1 << (choices.byte() % 8)
    case 1 where at < file.count: file.remove(at: at)
    case 2: file.insert(contentsOf: choices.text().utf8, at: at)
    default: file = Array(file[..<at]) + sealed.file.suffix(choices.number(below: 200))
    }
  } while !choices.isOver && !file.isEmpty
  openFile(file)
}

/// Any table is refused with a line, or has as many values as rows.
private func readTable(_ bytes: [UInt8]) {
  for header in ["", "kind,title,field,username,value\n", "value;field;title;kind\n"] {
    let whole = Array(header.utf8) + bytes
    guard let locked = try? LockedBytes(whole.span) else { return }
    _ = SecretTable.isOne(locked)
    guard let table = try? SecretTable(parsing: locked) else { continue }
    expect(SecretTable.isOne(locked), "a table that is none")
    for row in table.rows {
      expect(SecretName(row.name.text) == row.name, "another name")
      expect(row.isFilled == (table.withValue(of: row.name) { $0.count } != nil), "a value that is not there")
      _ = table.isXML(row.name)
    }
  }
}

// MARK: Placeholders

/// Whatever body is read: what is found stands there, and what was not found is nowhere.
private func findPlaceholders(_ bytes: [UInt8]) {
  if let found = try? Placeholder.all(inBody: bytes) {
    var rest = bytes
    for placeholder in found.reversed() {
      expect(bytes[placeholder.range].starts(with: "<?qtbx-secret".utf8), "a placeholder elsewhere")
      rest.removeSubrange(placeholder.range)
    }
    expect(!rest.contains("<?qtbx-secret"), "a placeholder was not found")
  }
  if let found = try? Placeholder.all(inForm: bytes) {
    for placeholder in found {
      expect(SecretName(placeholder.name.text) == placeholder.name, "another name")
      // However it was encoded.
      let again = placeholder.name.placeholder
      expect((try? Placeholder.all(inForm: again))?.map(\.name) == [placeholder.name], "another name once it is written")
    }
  }
}

/// Names and values of any kind: they arrive, and an answer that repeats them shows the name.
private func fill(_ choices: consuming Choices) {
  guard let name = SecretName(kind: "unix", title: choices.plainText(), field: "password") else { return }
  let value = choices.text().replacing("\0", with: "") + "x"
  let rows = CSV.row(SecretTable.header) + CSV.row([name.kind, name.title, name.field, "", value])
  let text = Array(rows.utf8)
  guard let locked = try? LockedBytes(text.span), let table = try? SecretTable(parsing: locked) else { failed("no table: \(rows)") }
  do throws(Complaint) {
    var request = Request(path: "/a")
    request.parameters = [.init(name: "before", value: "{}"), .init(name: "p", value: name.text, isSecret: true)]
    try request.check()
    let form = request.query
    let filled = try table.filled(form, Placeholder.all(inForm: form), as: .percent)
    let sent = filled.withBytes { bytes in bytes.withUnsafeBytes { Array($0) } }
    let parts = sent.split(separator: 0x26).map { $0.split(separator: 0x3D, omittingEmptySubsequences: false)[1] }
    expect(parts.count == 2 && (PercentCoding.decode(parts[1])?.isSame(value) ?? false), "another value: \(String(decoding: sent, as: UTF8.self))")

    let bare = value.utf8.filter { $0 > 0x20 && $0 != 0x2B }
    guard !bare.isEmpty else { return }
    let filter = try EchoFilter([name], of: table)
    let (front, back) = (choices.plainText(), choices.plainText())
    for echo in [value, String(decoding: parts[1], as: UTF8.self), String(decoding: Outline.escaped(value), as: UTF8.self)] {
      // Beside markup, as in an answer: `&amp` right before a secret that begins with `;` would be an escape together with it.
      let cleared = filter.cleared(front + ">" + echo + "<" + back)
      expect(cleared.utf8.count != 0, "nothing is left")
      // A value that the placeholder itself holds cannot be told from it.
      let names = cleared.replacing(String(decoding: name.placeholder, as: UTF8.self), with: "\0")
      expect(Array(names.utf8).firstRange(of: Array(echo.utf8)) == nil, "it shows \(echo): \(cleared)")
    }
  } catch { failed(error.line) }
}
