package import ArgumentParser
internal import Catalog
package import Requests
internal import Synchronization

/// What no list says of a record, and a person has to: values, and which secrets it has. Never a secret itself.
package struct UnlistedValues: ParsableArguments {
  @Option(help: .init("What no list says: KIND/TITLE/PARAMETER=VALUE.", valueName: "parameter=value"))
  package var set: [String] = []

  @Option(help: .init("A secret that a record has, though no list says so: KIND/TITLE/FIELD.", valueName: "secret"))
  package var secret: [String] = []

  package init() {}

  /// Those that may be given more than once.
  package static let repeatable: Set<String> = ["--set", "--secret"]

  package mutating func validate() throws {
    for text in set where !Self.isName(text[...]) || !text.contains("=") {
      throw ValidationError("--set takes KIND/TITLE/PARAMETER=VALUE, not \"\(text)\"")
    }
    // What a request is asked for is the program's, and an echo of it would show its secrets.
    for text in set where text.contains("/action=") || text.contains("/echo_request=") {
      throw ValidationError("--set takes what a record has: action and echo_request are none of it")
    }
    for text in secret where !Self.isName(text[...]) { throw ValidationError("--secret takes KIND/TITLE/FIELD, not \"\(text)\"") }
    if (set + secret).contains(where: { $0.contains { $0.isNewline } }) { throw ValidationError("--set and --secret take one line each") }
  }

  private static func isName(_ text: Substring) -> Bool { text.split(separator: "/").count >= 3 }

  /// For the stylesheet.
  ///
  /// - Parameter others: what other options of the program say in the same form.
  package func parameters(besides others: [String] = []) -> [(name: String, value: String)] {
    [("set", (set + others).joined(separator: "\n")), ("secrets", secret.joined(separator: "\n"))]
  }

  /// Finds those that speak of no record of a list, and records of one title, by which their secrets are named.
  ///
  /// Memory grows with the titles.
  package final class Watch: Sendable {
    private let lines: [(option: String, text: String)]
    private let found = Mutex<Set<Int>>([])
    private let titles = Mutex<[[UInt8]: [Subject]]>([:])

    /// - Parameter others: what other options of the program say in the same form.
    package init(_ values: UnlistedValues, besides others: [(option: String, text: String)] = []) {
      lines = values.set.map { ("--set", $0) } + values.secret.map { ("--secret", $0) } + others
    }

    /// Takes a record. It runs on any thread.
    package func see(_ slug: String, _ subject: Subject) {
      // By bytes, as the stylesheets compare: an accent that is a character of its own makes another title.
      let start = Array("\(slug)/\(subject.name)/".utf8)
      titles.withLock { $0[start, default: []].append(subject) }
      for (index, line) in lines.enumerated() where line.text.utf8.starts(with: start) {
        let name = line.text.utf8.dropFirst(start.count)
        if name.prefix(while: { $0 != UInt8(ascii: "=") }).contains(UInt8(ascii: "/")) { continue }
        found.withLock { _ = $0.insert(index) }
      }
    }

    /// What is said once all records have been seen.
    ///
    /// - Parameter isPartial: some records of the list have not come here, since the target has them.
    package func notes(kind: String, isPartial: Bool) -> [Note] {
      let found = found.withLock { $0 }
      return lines.indices.filter { !found.contains($0) }.map { index in
        Note(
          isPartial ? .noted : .refused, Subject(kind: kind), element: "",
          "\(lines[index].option) \(lines[index].text.prefix { $0 != "=" }) speaks of no record \(isPartial ? "that is written" : "of the list")")
      } + titleNotes
    }

    /// Of each record once, but of the first with its title.
    private var titleNotes: [Note] {
      func isBefore(_ one: Subject, _ other: Subject) -> Bool {
        (one.kind, one.id.utf8.count, one.id, one.name) < (other.kind, other.id.utf8.count, other.id, other.name)
      }
      let later = titles.withLock { $0.values.filter { $0.count > 1 }.flatMap { $0.sorted(by: isBefore).dropFirst() } }
      return later.sorted(by: isBefore).map { subject in
        let other = "another \(Resource.noun(of: subject.kind)) has this title"
        return Note(
          .noted, subject, element: "TITLE", "\(other), by which secrets are named: what is secret in both has one name, and gets one value")
      }
    }
  }
}
