import ArgumentParser
import Base
import Requests
import Sealing
import Toolbox

/// Seals the secrets that request lists name, and says what is missing.
@main
struct Secrets: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-secrets", abstract: "Seal the secrets that request lists name under a passphrase.", version: version)

  enum Verb: String, ExpressibleByArgument, CaseIterable { case template, seal, open, check, reseal, list }

  @Argument(help: .init("template, seal, open, check, reseal or list.", valueName: "verb"))
  var verb: Verb

  @Option(name: .shortAndLong, help: .init("Write here, readable by you alone.", valueName: "file"), completion: .file())
  var output: String?

  @Flag(help: "Write the secrets though no person reads them (open).")
  var plain = false

  @OptionGroup var passphrase: PassphraseOptions

  @Option(help: .init("A descriptor whose first line is the new passphrase (reseal).", valueName: "n"))
  var newPassphraseFd: Int32?

  @Option(help: .init("A shell command whose first line of output is the new passphrase (reseal).", valueName: "command"))
  var newPassphraseCommand: String?

  @Flag(name: .shortAndLong, help: "Do not end with a line that counts.")
  var quiet = false

  @OptionGroup var input: InputFiles

  func validate() throws {
    closeProcess()
    Secret.keepFromChildren(newPassphraseFd)
    if verb == .template, passphrase.isGiven { throw ValidationError("template asks for no passphrase: it only reads lists") }
    if verb == .seal, passphrase.iter != nil { throw ValidationError("--iter is about a file that is read") }
    if plain, verb != .open { throw ValidationError("--plain goes with open") }
    if output != nil, [.check, .list].contains(verb) { throw ValidationError("\(verb.rawValue) writes to standard output only") }
    if output != nil, verb == .open, !plain { throw ValidationError("open writes to a terminal; a file needs --plain as well") }
    if verb != .reseal, newPassphraseFd != nil || newPassphraseCommand != nil { throw ValidationError("a new passphrase goes with reseal") }
    if newPassphraseFd != nil, newPassphraseCommand != nil {
      throw ValidationError("the new passphrase comes from one place: --new-passphrase-command or --new-passphrase-fd")
    }
    if verb == .check, input.files.count < 2 { throw ValidationError("check takes a sealed file and request lists") }
    if ![.template, .check].contains(verb), input.files.count > 1 { throw ValidationError("\(verb.rawValue) takes one file") }
    if input.files.count(where: { $0 == "-" }) > 1 { throw ValidationError("only one of the files can be standard input") }
  }

  func run() throws {
    try checkOutput()
    switch verb {
    case .template: try template()
    case .seal: try seal()
    case .open: try open()
    case .check: try check()
    case .reseal: try reseal()
    case .list: try list()
    }
  }

  /// A file that is read is not written over: its secrets would lie in the open, or where nobody can shred them. Only reseal replaces its file.
  /// Errors: `usage`.
  private func checkOutput() throws(Complaint) {
    guard verb != .reseal, let output, let there = FileIdentity(path: output) else { return }
    if input.files.contains(where: { FileIdentity(path: $0) == there }) || FileIdentity(descriptor: 0) == there {
      throw Complaint(.usage, "this is read, and cannot be written over", at: output.shown)
    }
    if verb == .template, try !Input(output).rest().isEmpty {
      throw Complaint(.usage, "this is there already: a table that was filled in would be lost", at: output.shown)
    }
  }

  /// The one file, or standard input.
  private func file(_ what: String) throws -> String { try input.paths(of: what)[0] }

  private func say(_ words: String) { if !quiet { Terminal.remark(words) } }

  private static func counted(_ count: Int, _ noun: String = "secret") -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

  // MARK: What lists need

  private func template() throws {
    let needed = try NeededSecrets(of: input.paths(of: "a request list"))
    let rows = [SecretTable.header] + needed.all.map { [$0.name.kind, $0.name.title, $0.name.field, $0.username, ""] }
    if let output {
      try SecretFile.write(rows.map { CSV.row($0) }.joined(), to: output)
    } else {
      SecretFile.keepOutput()
      // There is no secret in it yet, so it may wait in a file.
      var held = HeldOutput(unbuffered: false)
      for row in rows { try held.append(Array(CSV.row(row).utf8)) }
      try held.flush()
    }
    if !needed.shared.isEmpty {
      let names = needed.shared.prefix(10).map(\.text).joined(separator: ", ") + (needed.shared.count > 10 ? ", …" : "")
      say("\(Self.counted(needed.shared.count)) for several requests, which get the same value: \(names)")
    }
    say(Self.counted(needed.all.count))
  }

  private func check() throws {
    let needed = try NeededSecrets(of: Array(input.files.dropFirst()))
    let table = try SecretFile.opening(input.files[0], passphrase, inputIsData: input.files.contains("-")).table()
    let missing = needed.all.filter { table.row(of: $0.name)?.isFilled != true }
    let unused = table.rows.filter { !needed.contains($0.name) }
    var lines = ["state\tkind\ttitle\tfield\tusername\n"]
    func add(_ state: String, _ name: SecretName, _ username: String) {
      lines.append(TSV.row([state, name.kind, name.title, name.field, username]))
    }
    for secret in missing { add(table.row(of: secret.name) == nil ? "missing" : "empty", secret.name, secret.username) }
    for row in unused { add("unused", row.name, row.username) }
    try SecretFile.write(lines.joined(), to: nil)
    let verdict = "\(Self.counted(needed.all.count)) needed, \(missing.count) missing, \(unused.count) of the file not needed"
    if !missing.isEmpty { throw Complaint(.refused, verdict) }
    say(verdict)
  }

  // MARK: Files

  private func seal() throws {
    let path = try file("a table of secrets")
    let plain = try SecretFile.reading(path)
    let table = try plain.table()
    try plain.seal(under: passphrase.passphrase(of: "the sealed file", isNew: true, inputIsData: path == "-"), to: output)
    let empty = table.rows.count { !$0.isFilled }
    let rest = (empty > 0 ? ", \(empty) of them empty" : "") + (path == "-" ? "" : "; \(path.shown) is still there")
    say("\(Self.counted(table.rows.count)) sealed" + rest)
  }

  private func reseal() throws {
    let path = try file("a sealed file")
    let plain = try SecretFile.opening(path, passphrase, inputIsData: path == "-")
    _ = try plain.table()
    let new = try PassphraseOptions.passphrase(newPassphraseCommand, newPassphraseFd, of: "the file", isNew: true, inputIsData: path == "-")
    try plain.seal(under: new, to: output)
    say("sealed under the new passphrase; a copy of the old file still opens under the old one")
  }

  private func open() throws {
    let isShown = SecretFile.isShown && output == nil
    if !isShown, !plain {
      throw Complaint(.usage, "standard output is no terminal: whoever gets it gets the secrets (--plain writes them all the same)")
    }
    let path = try file("a sealed file")
    let plain = try SecretFile.opening(path, passphrase, inputIsData: path == "-")
    if isShown { try plain.show() } else { try plain.write(to: output) }
  }

  private func list() throws {
    let path = try file("a sealed file")
    let table = try SecretFile.opening(path, passphrase, inputIsData: path == "-").table()
    let rows = table.rows.map { [$0.name.kind, $0.name.title, $0.name.field, $0.username, $0.isFilled ? "set" : "empty"] }
    try SecretFile.write(([SecretTable.header] + rows).map { CSV.row($0) }.joined(), to: nil)
    say(Self.counted(rows.count))
  }
}
