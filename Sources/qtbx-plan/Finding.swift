/// What a migration would do with a record.
enum State: String, CaseIterable {
  /// The target lacks it, and a request creates it.
  case create
  /// The target has it, and it says the same; or it is there, and no request can say what it is.
  case same
  /// A journal says that it has been sent, and the target's list is older than that.
  case sent
  /// The target has another of this name.
  case differs
  /// No request can create it: the filter has refused it.
  case cannot
  /// A person makes it.
  case byHand = "by-hand"
  /// The filter leaves it out: what the service makes by itself, and what is not wanted.
  case left
  /// Several have its name, and nobody can say which is which.
  case ambiguous
  /// The source lacks it.
  case onlyInTarget = "only-in-target"

  /// The sign and the words of a count.
  var words: (sign: String, text: String) {
    switch self {
    case .create: ("+", "create")
    case .same: ("=", "there already")
    case .sent: ("=", "sent already")
    case .differs: ("~", "differs")
    case .cannot: ("!", "cannot")
    case .byHand: ("!", "by hand")
    case .left: (".", "left out")
    case .ambiguous: ("?", "cannot say which")
    case .onlyInTarget: ("-", "only in the target")
    }
  }

  /// Somebody has something to do before both sides are the same.
  var isToDo: Bool { [.create, .differs, .cannot, .ambiguous].contains(self) }
}

/// What there is to say of a record.
struct Finding {
  var state: State
  var kind: String
  /// In the source, and in the target; empty if it has none there.
  var id = ""
  var targetID = ""
  var name: String
  /// Addresses are counted, and stand for so many records.
  var count = 1
  /// The requests that create it, and that set it as the source has it.
  var requests = 0
  /// The latter of these.
  var changes = 0
  var differences: [Difference] = []
  var reasons: [String] = []
  /// Of what is there: its requests say that it is the same.
  var isCompared = true
  /// Sent again, it would stand there twice.
  var isDoubled = false
  /// It is of addresses.
  var isSet = false
}

/// How many there are of each state, and what that takes.
struct Counts {
  private var states: [State: Int] = [:]
  /// The same of addresses, which are counted one by one.
  private var addresses: [State: Int] = [:]
  /// The records that would stand there twice.
  var doubled = 0
  /// What is to be sent, and what need not be since it is there.
  var requests = 0
  var saved = 0
  /// The calls that ask what is there, before anything is sent.
  var questions = 0
  /// The calls that fetch it back.
  var fetches = 0
  /// Values of records, by what became of them.
  var values: [String: Int] = [:]

  subscript(state: State) -> Int {
    get { states[state] ?? 0 }
    set { states[state] = newValue }
  }

  func addresses(_ state: State) -> Int { addresses[state] ?? 0 }

  /// How many there are of either.
  func all(_ state: State) -> Int { self[state] + addresses(state) }

  var isToDo: Bool { State.allCases.contains { $0.isToDo && all($0) > 0 } }

  mutating func add(_ finding: Finding) {
    if finding.isSet { addresses[finding.state, default: 0] += finding.count } else { self[finding.state] += finding.count }
    if finding.isDoubled { doubled += 1 }
    switch finding.state {
    case .create: requests += finding.requests
    // What sets it is sent all the same.
    case .same, .differs:
      requests += finding.changes
      if finding.state == .same { saved += finding.requests - finding.changes }
    default: break
    }
  }

  mutating func add(_ other: Counts) {
    for state in State.allCases {
      self[state] += other[state]
      addresses[state, default: 0] += other.addresses(state)
    }
    doubled += other.doubled
    requests += other.requests
    saved += other.saved
    questions += other.questions
    fetches += other.fetches
    for (word, count) in other.values { values[word, default: 0] += count }
  }
}
