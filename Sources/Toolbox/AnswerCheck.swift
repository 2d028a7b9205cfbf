internal import Requests

/// Which of some records a stylesheet has spoken of: each must come out as a request, as left out, or as refused.
///
/// Sums would not tell: a record with two requests would hide one that has none.
struct AnswerCheck {
  private let records: [Subject]
  /// Where a record stands among them, by its id; nil for an id that is not one record's alone.
  private var places: [String: Int?] = [:]
  private var isAnswered: [Bool]

  init(of records: [Subject]) {
    self.records = records
    isAnswered = records.map { _ in false }
    for (place, record) in records.enumerated() {
      let id = record.id.trimmed
      // What has no id can be named by no request.
      if !id.isEmpty { places[id] = .some(places[id] == nil ? place : nil) }
    }
  }

  /// Where the record stands that an answer is about; nil if the answer does not say it.
  ///
  /// - Parameter kind: nil for what can be of one kind only.
  func place(kind: String?, id: String?) -> Int? {
    // Of a single record, it is the answer, whatever it says of other objects: an appliance that is put into a network.
    if records.count == 1 { return 0 }
    guard let id, case .some(.some(let place)) = places[id.trimmed], kind == nil || kind == records[place].kind else { return nil }
    return place
  }

  /// Takes an answer.
  mutating func take(kind: String?, id: String?) {
    if let place = place(kind: kind, id: id) { isAnswered[place] = true }
  }

  /// Where the records stand that no answer is known to be about.
  var unanswered: [Int] { isAnswered.indices.filter { !isAnswered[$0] } }
}
