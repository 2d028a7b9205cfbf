import Requests
import Synchronization

/// Which records have one title, by which their secrets are named.
///
/// Memory grows with the titles.
final class Titles: Sendable {
  private let seen = Mutex<[[UInt8]: [Subject]]>([:])

  /// Takes a record. It runs on any thread.
  func see(_ slug: String, _ subject: Subject) {
    // By bytes, as names of secrets are compared.
    seen.withLock { $0[Array("\(slug)/\(subject.name)".utf8), default: []].append(subject) }
  }

  /// What is said of them once all have been seen: of each record once, but of the first.
  var notes: [Note] {
    func isBefore(_ one: Subject, _ other: Subject) -> Bool {
      (one.kind, one.id.utf8.count, one.id, one.name) < (other.kind, other.id.utf8.count, other.id, other.name)
    }
    return seen.withLock { $0.values.flatMap { $0.sorted(by: isBefore).dropFirst() } }.sorted(by: isBefore).map { subject in
      Note(
        .noted, subject, element: "TITLE",
        "another record of its type has this title, by which secrets are named: what is secret in both has one name, and gets one value")
    }
  }
}
