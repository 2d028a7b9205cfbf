import Requests

/// What became of a record, as far as its folder says.
enum Fate: Int, CaseIterable {
  /// It was created, and a journal says that it was deleted again.
  case takenBack
  /// A request was begun, and nobody knows what became of it.
  case unknown
  /// The service has done some of it, or only some of its requests.
  case partly
  /// It was to be deleted again, and the service has refused that.
  case kept
  /// The service has refused it.
  case refused
  /// No request can be made of it.
  case cannot
  /// There is a request, and it was not sent.
  case toSend
  /// It was sent, and the target gives something else back.
  case otherwise
  /// The service has done it.
  case created
  /// The target was asked, and has it.
  case found
  /// The target had it before.
  case before
  /// The target has it now, by another request or by itself.
  case there
  /// The target had it when it was compared, and what it came with may have been taken back since.
  case past
  /// Its program leaves it out.
  case left
  /// Nothing was made of it.
  case none

  /// What a person has to think of it.
  enum Mood: String, CaseIterable {
    case good, open, bad, out
  }

  var words: String {
    switch self {
    case .takenBack: "taken back"
    case .unknown: "unknown"
    case .partly: "done in part"
    case .kept: "not taken back"
    case .refused: "refused"
    case .cannot: "cannot be sent"
    case .toSend: "to send"
    case .otherwise: "differs"
    case .created: "created"
    case .found: "found there"
    case .before: "there before"
    case .there: "there now"
    case .past: "there when compared"
    case .left: "left out"
    case .none: "no request"
    }
  }

  /// For the attribute that the filter looks at.
  var word: String { words.replacing(" ", with: "-") }

  var meaning: String {
    switch self {
    case .takenBack: "it was created, and deleted again"
    case .unknown: "it was begun, or its deletion was, and nobody knows what became of that: look in the target"
    case .partly: "the service has done some of it, or some of its requests only"
    case .kept: "it was created, and the service has refused to delete it again"
    case .refused: "the service has refused it"
    case .cannot: "its program makes no request of it, with the reason"
    case .toSend: "there is a request, and it was not sent"
    case .otherwise: "it was sent, and the target, fetched back, gives something else"
    case .created: "the service has done its request"
    case .found: "the target was asked about a lost answer, and has it"
    case .before: "the target had one of this name before, and nothing was sent"
    case .there: "the target has it now: it came with another request, or the service makes it"
    case .past:
      "the target had it when it was compared, by another request; others of its kind were taken back, or may have been, and it may have gone with them"
    case .left: "its program leaves it out, with the reason"
    case .none: "nothing was made of it, or not yet"
    }
  }

  var mood: Mood {
    switch self {
    case .created, .found, .before, .there: .good
    case .toSend, .none: .open
    case .unknown, .partly, .kept, .refused, .cannot, .otherwise: .bad
    case .left, .takenBack, .past: .out
    }
  }

  /// Says the mood where there is no colour.
  var sign: String {
    switch mood {
    case .good: "✓"
    case .open: "○"
    case .bad: "!"
    case .out: "–"
    }
  }

  /// As a label.
  var label: String { "<span class=\"fate \(mood.rawValue)\"><span aria-hidden=\"true\">\(sign) </span>\(words)</span>" }
}

/// How many records have each fate.
struct Fates {
  private var counts: [Fate: Int] = [:]

  subscript(fate: Fate) -> Int { counts[fate] ?? 0 }
  var total: Int { counts.values.reduce(0, +) }

  mutating func add(_ fate: Fate) { counts[fate, default: 0] += 1 }
  mutating func add(_ other: Fates) { counts.merge(other.counts) { $0 + $1 } }

  func count(_ mood: Fate.Mood) -> Int { counts.reduce(0) { $0 + ($1.key.mood == mood ? $1.value : 0) } }

  /// Those that there are, with the good ones first.
  private var present: [Fate] { Fate.Mood.allCases.flatMap { mood in Fate.allCases.filter { $0.mood == mood && self[$0] > 0 } } }

  /// `8 created, 1 left out`
  var words: String { present.map { "\(HTML.number(self[$0])) \($0.words)" }.joined(separator: ", ") }

  /// A bar of a hundred parts. It says nothing that the words beside it do not.
  var bar: String {
    let total = self.total
    if total == 0 { return "" }
    var bar = "<svg class=\"bar\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\" focusable=\"false\">"
    var before = 0
    for mood in Fate.Mood.allCases where count(mood) > 0 {
      // What there is at all can be seen.
      let (start, end) = (before * 1000 / total, (before + count(mood)) * 1000 / total)
      bar += "<rect class=\"\(mood.rawValue)\" x=\"\(min(start, 988))\" y=\"0\" width=\"\(max(end - start, 12))\" height=\"10\"/>"
      before += count(mood)
    }
    return bar + "</svg>"
  }
}

/// How many notes have each disposition.
struct NoteCounts: Equatable {
  /// One place for each: there are eight.
  private var counts = SIMD16<UInt32>()

  mutating func add(_ disposition: Disposition) {
    if let place = Disposition.allCases.firstIndex(of: disposition) { counts[place] &+= 1 }
  }

  mutating func add(_ other: NoteCounts) { counts &+= other.counts }

  private var present: [(disposition: Disposition, count: Int)] {
    Disposition.allCases.enumerated().filter { counts[$0.offset] > 0 }.map { ($0.element, Int(counts[$0.offset])) }
  }

  var total: Int { Int(counts.wrappedSum()) }
  /// `4 dropped, 1 noted`
  var words: String { present.map { "\(HTML.number($0.count)) \($0.disposition.rawValue)" }.joined(separator: ", ") }
  /// The words alone.
  var names: String { present.map(\.disposition.rawValue).joined(separator: " ") }
}
