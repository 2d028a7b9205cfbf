internal import Base
internal import Requests

/// The notes that a refusal is about. Its line names the first of them, and how many others there are: all of them are rows of the report.
struct NoteSample {
  private static let most = 50
  private var first: [Note] = []
  private var count = 0

  var isEmpty: Bool { count == 0 }

  mutating func add(_ note: Note) {
    count += 1
    if first.count < Self.most { first.append(note) }
  }

  /// `tag "Web" (1): name: empty; tag "DB" (2): …; and 3 others`
  var words: String {
    let named = first.map { note in "\(note.subject.description): \(note.element.isEmpty ? "" : note.element + ": ")\(note.reason)" }
    return (named + Self.others(than: first.count, of: count)).joined(separator: "; ")
  }

  /// How many are not named; nothing if all are.
  static func others(than named: Int, of count: Int) -> [String] {
    count > named ? ["and \(count - named) other\(count - named == 1 ? "" : "s")"] : []
  }
}

/// The values that no map has a single target for. The line of the refusal names the first of them, with some of the records that they stand in; the rows of the
/// report have all, and are put aside until the run has ended. So memory does not grow with the records.
struct UnmappedValues: ~Copyable {
  private static let mostValues = 20
  private static let mostSubjects = 10

  fileprivate struct Value {
    let words: String
    var subjects: [String] = []
    var latest = ""
    var count = 0
  }

  /// What is the matter with some of the values: without a target, with one that no list can hold, with several.
  fileprivate struct Values {
    var named: [Value] = []
    /// By its words, the place of a value among those that are named; -1 for the others.
    var places: [String: Int] = [:]
  }

  private var values = [Values](repeating: Values(), count: 3)
  private var missingOptions: [String] = []
  private var rows = SpillBuffer()
  private(set) var isEmpty = true

  /// - Parameter row: writes a row of the report; nil if there is none.
  /// - Errors: `local`.
  mutating func add(_ missing: [Unmapped], row: ((Note) -> [UInt8])?) throws(Complaint) {
    for one in missing {
      isEmpty = false
      if let row {
        let reason = one.targets.isEmpty ? "the \(one.description) is in no map" : "\(one.description): \(one.reason)"
        try rows.append(row(Note(.refused, one.subject, element: one.element, reason)))
      }
      if one.targets.isEmpty, let option = one.missingOption, !missingOptions.contains(option) { missingOptions.append(option) }
      values[min(one.targets.count, 2)].add(one, mostValues: Self.mostValues, mostSubjects: Self.mostSubjects)
    }
  }

  /// Hands on the rows of the report. Errors: `local`.
  func forEachPieceOfRows(_ body: ([UInt8]) throws(Complaint) -> Void) throws(Complaint) { try rows.forEachPiece(of: 0..<rows.count, body) }

  /// `1 id has no target: appliance 78 of asset group "Web" (1), asset group "DB" (2); 1 name is in …`
  var words: String {
    var sentences: [String] = []
    if let (count, list) = values[0].listed {
      let advice = missingOptions.isEmpty ? "" : " (\(missingOptions.joined(separator: " and ")) not given; another subscription has other ids)"
      sentences.append("\(count) \(count == 1 ? "id has" : "ids have") no target\(advice): \(list)")
    }
    if let (count, list) = values[1].listed {
      sentences.append("\(count) \(count == 1 ? "name has a target" : "names have targets") with a comma, which a list would make two: \(list)")
    }
    if let (count, list) = values[2].listed {
      sentences.append("\(count) \(count == 1 ? "name is" : "names are") in a map more than once: \(list)")
    }
    return sentences.joined(separator: "; ")
  }
}

extension UnmappedValues.Values {
  fileprivate mutating func add(_ one: Unmapped, mostValues: Int, mostSubjects: Int) {
    let targets = one.targets.count == 1 ? "\"\(one.targets[0])\"" : one.listedTargets
    let words = one.description + (one.targets.isEmpty ? "" : ", for \(targets),")
    let place = places[words] ?? (named.count < mostValues ? named.count : -1)
    places[words] = place
    guard place >= 0 else { return }
    if place == named.count { named.append(UnmappedValues.Value(words: words)) }
    // The same id may stand in one record many times.
    let subject = one.subject.description
    if named[place].latest == subject { return }
    named[place].latest = subject
    named[place].count += 1
    if named[place].subjects.count < mostSubjects { named[place].subjects.append(subject) }
  }

  /// How many values there are, and where: `appliance 78 of asset group "Web" (1), asset group "DB" (2); network 9 of …`. Nil if there is none.
  fileprivate var listed: (count: Int, list: String)? {
    if named.isEmpty { return nil }
    let list = named.map { value in
      "\(value.words) of " + (value.subjects + NoteSample.others(than: value.subjects.count, of: value.count)).joined(separator: ", ")
    }
    return (places.count, (list + NoteSample.others(than: named.count, of: places.count)).joined(separator: "; "))
  }
}
