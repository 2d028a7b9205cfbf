import Base
import Catalog
import Markup
import Requests
import Synchronization
import Toolbox

/// What an exception is for, and what has become of it.
struct ExceptionRecord: Sendable {
  let number: String
  let address: String
  let network: String
  let technology: String
  let policy: String
  let control: String
  let status: String
  private let isInactive: Bool
  private let end: String

  static let globalNetwork = "Global Default Network"

  init(_ outline: borrowing Outline) {
    number = outline.value(at: "EXCEPTION_NUMBER")
    let text = outline.value(at: "HOST/IP_ADDRESS").lowercased()
    address = IPv6Address(text)?.groups ?? text
    let name = (outline.text(at: "HOST/NETWORK") ?? "").unframed
    network = name.trimmed.isEmpty ? Self.globalNetwork : name
    technology = outline.value(at: "TECHNOLOGY/ID")
    policy = outline.value(at: "POLICY/ID")
    control = outline.value(at: "CONTROL/CID")
    status = outline.value(at: "STATUS")
    isInactive = outline.value(at: "ACTIVE") == "0"
    end = outline.value(at: "EXPIRATION_DATE")
  }

  /// Whether the stylesheet leaves it out. One that it does not leave out after all needs the ids that it has no map for, and is refused.
  func isLeftOut(on today: String, network: String?) -> Bool {
    if isInactive || status.lowercased() == "expired" { return true }
    if let network, self.network != network { return true }
    guard status.lowercased() == "approved", end.utf8.count >= 10 else { return false }
    let parts = end.prefix(10).split { $0 == "-" || $0 == "/" }
    guard parts.count == 3 else { return false }
    let day = parts[0].utf8.count == 4 ? parts.joined() : String(parts[2] + parts[0] + parts[1])
    return day.utf8.count == 8 && day.utf8.allSatisfy(\.isDigit) && day <= today
  }

  /// What it is known by, besides its number, in its own subscription.
  var key: [String] { [address, network, technology, policy, control] }
}

/// Exceptions of one list that are for the same, seen from all threads. A hash stands for what they are for.
final class Twins: Sendable {
  private let seen = Mutex<(first: [Int: Int], all: [Int: Set<Int>])>(([:], [:]))

  func add(_ record: ExceptionRecord) {
    guard let number = Int(record.number) else { return }
    let key = record.key.hashValue
    seen.withLock { seen in
      guard let first = seen.first[key] else {
        seen.first[key] = number
        return
      }
      if first != number { seen.all[key, default: [first]].insert(number) }
    }
  }

  /// In the order of their numbers, whichever thread was faster.
  var notes: [Note] {
    let all = seen.withLock { Array($0.all.values) }.map { $0.sorted() }.sorted { $0[0] < $1[0] }
    return all.map { numbers in
      let others = numbers.dropFirst().map { String($0) }.joined(separator: ", ")
      return Note(
        .noted, Subject(kind: Resource.exceptions.kind, id: String(numbers[0])), element: "instance",
        "\(others): for the same host, control, policy and technology; if they are for instances, which no list shows, request them by hand")
    }
  }
}

extension Outline {
  /// The text at a path below the record, without blanks around it; empty if there is none.
  func value(at path: StaticString) -> String { text(at: path)?.trimmed ?? "" }
}

/// The exceptions that the target has.
struct TargetExceptions: Sendable {
  private var entries: [[String]: (number: String, status: String)] = [:]

  /// Reads the target's list. Errors: `refused` if it is none, or holds what is not understood.
  init(reading paths: [String]) throws(Complaint) {
    let filter = try ListFilter(.exceptions, grammar: PackageResources.exception_grammar, reading: paths, options: .silent())
    var found: [[String]: (number: String, status: String)] = [:]
    try filter.readValues { _ in
      nil
    } make: { outline, _, _ in
      ExceptionRecord(outline)
    } take: { (record: ExceptionRecord) in
      found[record.key] = (record.number, record.status)
    } ended: { _, _ in
      []
    }
    entries = found
  }

  /// Why an exception is not requested: the target has one for the same host, control, policy and technology.
  func note(on record: ExceptionRecord, by rules: ExceptionRules, of subject: Subject) -> Note? {
    // What has no target is told by the map.
    var unmapped: [Unmapped] = []
    func target(_ kind: String, _ id: String) -> String { rules.byKind[kind]?.target(of: id, in: subject, element: "", &unmapped) ?? "" }
    let key = [
      record.address, record.network, target("technology", record.technology), target("policy", record.policy), target("control", record.control),
    ]
    guard unmapped.isEmpty, let entry = entries[key] else { return nil }
    let state = entry.status.isEmpty ? "" : ", \(entry.status)"
    return Note(.skipped, subject, "the target has one for this host, control, policy and technology: exception \(entry.number)\(state)")
  }
}
