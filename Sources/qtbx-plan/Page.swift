import Base
import Glibc
import Toolbox

/// How a plan is written.
protocol Page: ~Copyable {
  /// A record of a group.
  mutating func add(_ finding: Finding, of group: String) throws(Complaint)
  /// A group is done.
  mutating func end(_ group: String, _ counts: Counts, _ remarks: [String]) throws(Complaint)
  /// What no call does.
  mutating func add(byHand items: [HandItem], more: Int) throws(Complaint)
  /// All is done.
  consuming func close(_ counts: Counts, _ verdict: String, _ estimate: Estimate, _ unseen: [String]) throws(Complaint)
}

/// A line of the checklist.
struct HandItem {
  let kind: String
  let name: String
  let who: String
  let what: String
}

/// Text for people: a heading with counts for each group, and a line for each record that is not the same.
struct TextPage: Page, ~Copyable {
  private var output = HeldOutput(unbuffered: false)
  private var lines = SpillBuffer()
  private let isColoured: Bool

  /// Colours are for a terminal that knows them, and for whoever has not said NO_COLOR.
  init() {
    func value(_ name: String) -> String { unsafe getenv(name).map { unsafe String(cString: $0) } ?? "" }
    isColoured = isatty(STDOUT_FILENO) == 1 && value("NO_COLOR").isEmpty && !["", "dumb"].contains(value("TERM"))
  }

  private func paint(_ text: String, _ state: State) -> String {
    guard isColoured else { return text }
    let colour =
      switch state {
      case .create: "32"
      case .differs: "33"
      case .cannot, .byHand, .ambiguous: "31"
      case .onlyInTarget, .left: "2"
      case .same, .sent: "0"
      }
    return colour == "0" ? text : "\u{1B}[\(colour)m\(text)\u{1B}[0m"
  }

  private static func quoted(_ name: String) -> String { "\"" + name.shown + "\"" }

  /// A value in one line: names of objects stand in quotation marks, and what is long is cut.
  private static func shown(_ values: [String]) -> String {
    if values.isEmpty { return "(nothing)" }
    return values.prefix(4).map { value in
      let holdsNames = value.unicodeScalars.contains("\u{1}")
      let plain = value.replacing("\u{1}", with: "\"").replacing("\u{2}", with: "\"").shown
      let text = holdsNames ? plain : "\"\(plain)\""
      return text.count > 120 ? text.prefix(116) + "…" + (holdsNames ? "" : "\"") : text
    }.joined(separator: ", ") + (values.count > 4 ? " and \(values.count - 4) more" : "")
  }

  mutating func add(_ finding: Finding, of group: String) throws(Complaint) {
    let isSet = finding.isSet
    switch finding.state {
    case .same where finding.isCompared: return
    case .sent: return
    // What the service makes by itself is no news, and there are many.
    case .left where group == "tags": return
    default: break
    }
    let reasons = finding.reasons.map(\.shown)
    var text = "  " + finding.state.words.sign + " " + (isSet ? finding.name.shown : Self.quoted(finding.name))
    if !reasons.isEmpty {
      text += (isSet ? "  (" : ": ") + (finding.isCompared ? "" : "not compared: ") + reasons.joined(separator: "; ") + (isSet ? ")" : "")
    }
    text = paint(text, finding.state) + "\n"
    for difference in finding.differences {
      text += "      \(difference.parameter.shown): \(Self.shown(difference.target)) -> \(Self.shown(difference.source))\n"
    }
    try lines.append(Array(text.utf8))
  }

  mutating func end(_ group: String, _ counts: Counts, _ remarks: [String]) throws(Complaint) {
    let words = State.allCases.filter { counts.all($0) > 0 }.map { state in
      let addresses = counts.addresses(state)
      let number = addresses > 0 ? "\(addresses) address\(addresses == 1 ? "" : "es")" : "\(counts[state])"
      return paint("\(state.words.sign) \(state.words.text) \(number)", state)
    }
    var text = group.replacing("-", with: " ") + ": " + (words.isEmpty ? "nothing" : words.joined(separator: ", ")) + "\n"
    for remark in remarks { text += "  ! " + remark.shown + "\n" }
    if counts.doubled > 0 {
      text += "  ! \(counts.doubled) of these would be doubled if \(group).urls were sent: the service takes another of the same name\n"
    }
    try output.append(Array(text.utf8))
    try lines.forEachPiece(of: 0..<lines.count) { piece throws(Complaint) in try output.append(piece) }
    let kept = ["changed", "unknown", "unmapped", "dropped", "noted"].compactMap { word in counts.values[word].map { "\($0) \(word)" } }
    if counts.all(.create) > 0, !kept.isEmpty {
      try output.append(Array("    values: \(kept.joined(separator: ", ")); the filter's report names them\n".utf8))
    }
    lines = SpillBuffer()
  }

  mutating func add(byHand items: [HandItem], more: Int) throws(Complaint) {
    if items.isEmpty { return }
    var text = paint("by hand: ! by hand \(items.count)", .byHand) + "\n"
    var rest = items[...]
    while let item = rest.first {
      // What is done with several is said once.
      let alike = rest.prefix { $0.kind == item.kind && $0.what == item.what && $0.who == item.who }
      rest = rest.dropFirst(alike.count)
      let names = alike.filter { !$0.name.isEmpty }.map { Self.quoted($0.name) }.joined(separator: ", ")
      text += "  ! \(item.kind.shown)\(names.isEmpty ? "" : " " + names): \(item.what.shown) By \(item.who.shown).\n"
    }
    if more > 0 { text += "    and \(more) that every migration has, or no list given here can tell: qtbx-checklist\n" }
    try output.append(Array(text.utf8))
  }

  consuming func close(_ counts: Counts, _ verdict: String, _ estimate: Estimate, _ unseen: [String]) throws(Complaint) {
    var text = "\n"
    if !unseen.isEmpty { text += "Not looked at, since the source folder has no list of them: \(unseen.joined(separator: ", ")).\n" }
    for line in estimate.lines { text += line + "\n" }
    text += verdict + "\n"
    try output.append(Array(text.utf8))
    try output.flush()
  }
}

/// JSON, an object on each line: of a record, of a resource, and of the plan, which is the last.
struct JSONPage: Page, ~Copyable {
  private var output = HeldOutput(unbuffered: false)

  private static func list(_ values: [String]) -> String { "[" + values.map { JSONText.string($0) }.joined(separator: ",") + "]" }

  /// Names of objects stand as they are.
  private static func plain(_ values: [String]) -> [String] {
    values.map { $0.replacing("\u{1}", with: "").replacing("\u{2}", with: "") }
  }

  mutating func add(_ finding: Finding, of group: String) throws(Complaint) {
    var members = ["\"type\":\"record\"", "\"resource\":" + JSONText.string(group), "\"state\":\"\(finding.state.rawValue)\""]
    members.append("\"kind\":" + JSONText.string(finding.kind))
    if !finding.id.isEmpty { members.append("\"id\":" + JSONText.string(finding.id)) }
    if !finding.targetID.isEmpty { members.append("\"target_id\":" + JSONText.string(finding.targetID)) }
    members.append("\"name\":" + JSONText.string(finding.name))
    if finding.isSet || finding.count != 1 { members.append("\"count\":\(finding.count)") }
    if finding.requests > 0 { members.append("\"requests\":\(finding.requests)") }
    if finding.isDoubled { members.append("\"doubled\":true") }
    if !finding.differences.isEmpty {
      let all = finding.differences.map { difference in
        "{\"parameter\":\(JSONText.string(difference.parameter)),\"source\":\(Self.list(Self.plain(difference.source))),\"target\":"
          + "\(Self.list(Self.plain(difference.target)))}"
      }
      members.append("\"differences\":[" + all.joined(separator: ",") + "]")
    }
    if !finding.reasons.isEmpty { members.append("\"reasons\":" + Self.list(finding.reasons)) }
    try write(members)
  }

  private mutating func write(_ members: [String]) throws(Complaint) {
    try output.append(Array(("{" + members.joined(separator: ",") + "}\n").utf8))
  }

  private static func counts(_ counts: Counts) -> [String] {
    let states = State.allCases.map { "\"\($0.rawValue)\":\(counts[$0])" }.joined(separator: ",")
    let addresses = State.allCases.filter { counts.addresses($0) > 0 }.map { "\"\($0.rawValue)\":\(counts.addresses($0))" }
    let values = counts.values.sorted { $0.key < $1.key }.map { "\(JSONText.string($0.key)):\($0.value)" }.joined(separator: ",")
    return [
      "\"counts\":{\(states)}", "\"addresses\":{\(addresses.joined(separator: ","))}", "\"doubled\":\(counts.doubled)", "\"values\":{\(values)}",
      "\"calls\":{\"ask\":\(counts.questions),\"send\":\(counts.requests),\"fetch\":\(counts.fetches),\"saved\":\(counts.saved)}",
    ]
  }

  mutating func end(_ group: String, _ counts: Counts, _ remarks: [String]) throws(Complaint) {
    try write(["\"type\":\"resource\"", "\"resource\":" + JSONText.string(group)] + Self.counts(counts) + ["\"remarks\":" + Self.list(remarks)])
  }

  mutating func add(byHand items: [HandItem], more: Int) throws(Complaint) {
    for item in items {
      try write([
        "\"type\":\"by-hand\"", "\"kind\":" + JSONText.string(item.kind), "\"name\":" + JSONText.string(item.name),
        "\"who\":" + JSONText.string(item.who), "\"what\":" + JSONText.string(item.what),
      ])
    }
  }

  consuming func close(_ counts: Counts, _ verdict: String, _ estimate: Estimate, _ unseen: [String]) throws(Complaint) {
    let limit = "\"limit\":{\"calls\":\(estimate.level.calls),\"seconds\":\(estimate.level.seconds),\"concurrency\":\(estimate.level.concurrency)}"
    let waits = "\"wait_seconds\":{\"by_api\":\(estimate.waitByAPI),\"all_apis_together\":\(estimate.waitTogether)}"
    try write(
      ["\"type\":\"plan\"", "\"nothing_to_do\":\(!counts.isToDo)"] + Self.counts(counts) + [limit, waits, "\"not_looked_at\":" + Self.list(unseen)])
    try output.flush()
  }
}
