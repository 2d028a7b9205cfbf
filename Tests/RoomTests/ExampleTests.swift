import Support
import SystemPackage
import Testing

/// An example on a page is a case, and says what the case says.
///
/// The block behind `<!-- fixture: ROOM/CASE -->` is one of two:
///
/// - Commands, with `$ ` before them or without. The first one of the room's program has the arguments of the case, in any order. Names of files
///   may be others, if they end alike; the input may be an argument instead of standard input; the case alone may have `--quiet`, `--report`,
///   `--log`, and what keeps a server short. `policies/*.xml` stands for all files of the case that end so. What stands
///   below a command with `$ ` is the case's output, unless the command sends it elsewhere, and what it says behind that.
/// - Lines of a document or a message: the case's input, its output, or what it says.
///
/// Lines may be broken otherwise than in the case, where they are too long for a page. `…` stands for what is left out.
@Suite struct ExampleTests {
  struct Example: CustomTestStringConvertible, Sendable {
    var page: String
    var line: Int
    var one: Case
    var lines: [String]
    var testDescription: String { "\(page):\(line) \(one.testDescription)" }
  }

  /// The examples of all pages.
  static let all: [Example] = {
    let docs = Place.root.appending("docs")
    let pages = ["README.md"] + Files.names(in: docs).filter { $0.hasSuffix(".md") }.map { "docs/" + $0 }
    return pages.flatMap { page -> [Example] in
      let text = (try? Files.read(Place.root.appending(FilePath(page).components))) ?? []
      let lines = String(decoding: text, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
      return lines.indices.compactMap { at -> Example? in
        guard lines[at].hasPrefix("<!-- fixture: "), lines[at].hasSuffix(" -->") else { return nil }
        let parts = lines[at].dropFirst(14).dropLast(4).split(separator: "/")
        guard parts.count == 2 else { return nil }
        return Example(page: page, line: at + 1, one: Case(room: String(parts[0]), name: String(parts[1])), lines: block(of: lines[(at + 1)...]))
      }
    }
  }()

  /// The block that these lines begin with, blank ones aside; empty if they begin with text.
  private static func block(of lines: ArraySlice<String>) -> [String] {
    // Behind other markers, perhaps.
    let lines = lines.drop { $0.isEmpty || $0.hasPrefix("<!-- ") }
    if lines.first?.hasPrefix("```") == true { return Array(lines.dropFirst().prefix { !$0.hasPrefix("```") }) }
    let body = lines.prefix { $0.isEmpty || $0.hasPrefix("    ") }.map { String($0.dropFirst(4)) }
    return Array(body.reversed().drop { $0.isEmpty }.reversed())
  }

  @Test func thereAreExamples() {
    #expect(Self.all.count > 70)
  }

  @Test(arguments: all) func saysWhatTheCaseSays(_ example: Example) throws {
    let one = example.one
    #expect(Files.isFolder(one.folder), "there is no such case")
    #expect(!example.lines.isEmpty, "no block follows")
    func contents(_ name: String) throws -> String { String(decoding: try Files.read(one.folder.appending(name)) ?? [], as: UTF8.self) }
    let (output, said) = (try contents(one.outputName), try contents("stderr"))
    let script = Script(example.lines)
    guard let command = script.commands.first(where: { $0.program == "qtbx-" + one.room }) else {
      #expect(script.commands.isEmpty, "no command is of \(one.room)")
      let shown = example.lines.joined(separator: "\n")
      let documents = [output, said, String(decoding: try one.input(), as: UTF8.self)]
      #expect(documents.contains { Self.isShown(shown, $0) }, "it is neither input nor output nor message of the case")
      return
    }
    let given = try Self.plain(one.arguments(out: "out"), isCase: true, beside: command.words)
    var shown = Self.plain(command.words, isCase: false)
    // The input may be named.
    let input = Files.names(in: one.folder).first { $0.hasPrefix("input.") }
    if shown.count == given.count + 1, !command.readsFile, input != nil,
      let named = shown.firstIndex(where: { $0.hasPrefix("*.") && !given.contains($0) })
        ?? shown.firstIndex(where: { name in name.hasPrefix("*.") && shown.count { $0 == name } > given.count { $0 == name } })
    {
      shown.remove(at: named)
    }
    let globs = Set(command.words.filter { $0.contains("*") }.map(Self.byEnding))
    #expect(shown.filter { !globs.contains($0) } == given.filter { !globs.contains($0) }, "the arguments, sorted")
    #expect(globs.isSubset(of: given))
    if command.isShown, !command.answer.isEmpty {
      let expected = (command.writesFile ? "" : output) + said
      #expect(Self.isShown(command.answer.joined(separator: "\n"), expected), "\(expected)")
    }
  }

  /// Whether a text is another one, but for where lines are broken, and for what an ellipsis stands for.
  static func isShown(_ shown: String, _ whole: String) -> Bool {
    func words(_ text: String) -> [Substring] { text.split { $0 == " " || $0 == "\n" || $0 == "\t" || $0 == "\r\n" } }
    let parts = words(shown).split(separator: "…", omittingEmptySubsequences: false).map { Array($0) }
    var rest = words(whole)[...]
    for (number, part) in parts.enumerated() {
      if number == 0 {
        guard rest.starts(with: part) else { return false }
        rest = rest.dropFirst(part.count)
      } else if number == parts.count - 1 {
        return rest.count >= part.count && Array(rest.suffix(part.count)) == part
      } else {
        guard let place = rest.firstRange(of: part) else { return false }
        rest = rest[place.upperBound...]
      }
    }
    return rest.isEmpty
  }

  /// Arguments that can be compared: without those that only a test needs, names of files by their endings, sorted.
  private static func plain(_ arguments: [String], isCase: Bool, beside shown: [String] = []) -> [String] {
    var kept: [String] = []
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if ["--quiet", "-q"].contains(argument), isCase, !shown.contains(argument) { continue }
      if ["--report", "--log", "--port", "--exit-after-seconds"].contains(argument), isCase, !shown.contains(argument) {
        _ = rest.popFirst()
        continue
      }
      // KIND=FILE, too.
      let parts = argument.split(separator: "=", maxSplits: 1).map { String($0) }
      kept.append(parts.map(byEnding).joined(separator: "="))
    }
    return kept.sorted()
  }

  private static func byEnding(_ word: String) -> String {
    for ending in ["xml", "csv", "tsv", "urls", "txt", "xsl", "grammar", "log"] where word.hasSuffix("." + ending) && !word.contains("{id}") {
      return "*." + ending
    }
    return word
  }
}

/// The commands of a block, as a shell takes them apart, and what stands below each.
private struct Script {
  struct Command {
    var program: String
    var words: [String] = []
    /// Standard input is a file or the command before it.
    var readsFile = false
    /// Standard output goes elsewhere.
    var writesFile = false
    /// It has `$ ` before it, and so an answer below it.
    var isShown: Bool
    var answer: [String] = []
  }

  var commands: [Command] = []

  init(_ lines: [String]) {
    var pending = ""
    let asksByDollar = lines.first?.hasPrefix("$ ") == true
    for line in lines {
      let isContinued = !pending.isEmpty
      guard isContinued || line.hasPrefix("$ ") || !asksByDollar else {
        if !commands.isEmpty { commands[commands.count - 1].answer.append(line) }
        continue
      }
      pending += line.hasPrefix("$ ") && !isContinued ? String(line.dropFirst(2)) : line
      if pending.hasSuffix("\\") {
        pending.removeLast()
        continue
      }
      add(pending, isShown: asksByDollar)
      pending = ""
    }
    // A message begins with a program's name and a colon; a document begins otherwise.
    if !asksByDollar, commands.first?.program.hasPrefix("qtbx-") != true || commands.first?.program.hasSuffix(":") == true {
      commands = []
    }
  }

  private mutating func add(_ line: String, isShown: Bool) {
    var command: Command?
    var redirection: String?
    for word in Self.words(of: line) {
      if let operation = redirection {
        if operation == "<" { command?.readsFile = true } else { command?.writesFile = true }
        redirection = nil
        continue
      }
      if word.hasPrefix("#") { break }
      switch word {
      case "<", ">", ">>": redirection = word
      case "|":
        if var done = command {
          done.writesFile = true
          commands.append(done)
        }
        command = nil
      default:
        if command == nil {
          command = Command(program: word, isShown: isShown)
        } else {
          command?.words.append(word)
        }
      }
    }
    if let command { commands.append(command) }
  }

  /// Words of a command line: quotes and backslashes as in sh, without variables.
  private static func words(of line: String) -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    var isEscaped = false
    for character in line {
      if isEscaped {
        word = (word ?? "") + String(character)
        isEscaped = false
      } else if let open = quote {
        if character == open { quote = nil } else { word = (word ?? "") + String(character) }
      } else if character == "\\" {
        isEscaped = true
      } else if character == "'" || character == "\"" {
        quote = character
        word = word ?? ""
      } else if character == " " {
        if let whole = word { words.append(whole) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    if let whole = word { words.append(whole) }
    return words
  }
}
