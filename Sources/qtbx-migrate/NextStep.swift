import Base
import Catalog
import Processes
import Toolbox

/// What comes next in a migration, by the state of its folder.
struct NextStep {
  enum State: String {
    /// A verb goes on.
    case run
    /// A person has to do something first.
    case mend
    /// Another run is at work.
    case wait
    /// All that programs do is done.
    case done
  }

  var state: State
  /// The verb that goes on, then or now.
  var verb: String?
  /// What is the matter, or what else there is to know.
  var words = ""
  /// Where to look, in the folder.
  var files: [String] = []

  /// `next: qtbx-migrate push`, or `next: mend: …, see …; then: …`.
  func line(_ folder: MigrationFolder) -> String { "next: " + text(folder) }

  /// The same without the word before.
  func text(_ folder: MigrationFolder) -> String {
    let see = files.isEmpty ? "" : (words.isEmpty ? "see " : ", see ") + files.map { folder.shown($0).shown }.joined(separator: " ")
    let go = verb.map { command($0, folder) }
    switch state {
    case .run: return (go ?? "") + (words.isEmpty && see.isEmpty ? "" : "  # " + words + see)
    case .mend: return "mend: " + words + see + (go.map { "; then: " + $0 } ?? "")
    case .wait, .done: return words + see
    }
  }

  /// The command of a verb, for this folder.
  func command(_ verb: String, _ folder: MigrationFolder) -> String {
    "qtbx-migrate \(verb)" + (folder.shown == OutOption.usual ? "" : " --out " + ShellWords.quoted(folder.shown).shown)
  }
}

extension FolderState {
  /// Errors: `local` for a file that cannot be read.
  func next(_ options: MigrationOptions) throws(Complaint) -> NextStep {
    // What was sent is being taken back, and is not sent again.
    if has("undo/undo.journal") { return try nextOfUndoing() }
    if !isBegun { return NextStep(state: .run, verb: "lists", words: "fetches both subscriptions, and makes the first lists; nothing is changed") }
    if let step = refusedRequests(options) ?? changedRecords(options) ?? excludedHosts(options) { return step }
    if let step = try refusedRecords() { return step }
    if let step = try recipients() { return step }
    if !isComplete("lists") { return NextStep(state: .run, verb: "lists") }
    if let step = try takenNames(options) ?? missingAppliances(options) ?? unrestrictedProfiles(options) { return step }
    if let step = try missingSecrets(options) { return step }
    if !isComplete("push") || isBehind("lists", "urls", "sent") {
      let isFresh = !rows.contains { $0.sent != nil }
      if isFresh, !has("plan.txt") {
        return NextStep(state: .run, verb: "plan", words: "says what would be created, is there already, or differs; nothing is changed")
      }
      var words = isFresh ? "sends; look through plan.txt, lists/*.txt and checklist.md first" : "goes on with what is not sent"
      if let lacking { words += "; " + lacking }
      return NextStep(state: .run, verb: "push", words: words)
    }
    if !isComplete("verify") || isBehind("sent", "tsv", "verify") {
      return NextStep(state: .run, verb: "verify", words: "fetches the target back, and compares")
    }
    let different = rows.filter { $0.differences > 0 }
    if !different.isEmpty {
      let count = different.map(\.differences).reduce(0, +)
      return NextStep(
        state: .mend, verb: "verify --again", words: "\(Self.counted(count, "difference")) between the two subscriptions",
        files: different.map { "verify/\($0.resource).tsv" })
    }
    let items = rows.compactMap(\.byHand).reduce(otherItems ?? 0, +)
    if let lacking {
      return NextStep(
        state: .mend, verb: "push",
        words: "all that was sent is there; \(lacking), or --skip leaves them out"
          + (items == 0 ? "" : "; \(Self.counted(items, "item")) to do by hand"),
        files: items == 0 ? [] : ["checklist.md"])
    }
    return items == 0
      ? NextStep(state: .done, words: "nothing: all is there, and nothing is left to do by hand")
      : NextStep(state: .done, words: "all is there; \(Self.counted(items, "item")) to do by hand and to tick off", files: ["checklist.md"])
  }

  /// What is not sent for want of secrets; nil if that is nothing.
  private var lacking: String? {
    let names = rows.filter { $0.isUnsent && ($0.read ?? 0) > 0 }.map(\.resource)
    if names.isEmpty { return nil }
    return "without secrets, \(names.joined(separator: " and ")) \(names.count == 1 ? "stays" : "stay") behind: lists/secrets.csv says which"
  }

  /// What comes next where a migration is taken back. Errors: `local` for a file that cannot be read.
  func nextOfUndoing() throws(Complaint) -> NextStep {
    guard has("undo/undo.urls") else { return NextStep(state: .run, verb: "undo") }
    let states = try states(of: "\(folder)/undo/undo.journal", "\(folder)/undo/undo.urls")
    var count = 0
    try ListReader(["\(folder)/undo/undo.urls"]).forEachRequest { _, _, _ in count += 1 }
    let left = count - (states?.count { $0 == "done" } ?? 0)
    var items = 0
    try Input("\(folder)/undo/checklist.md").forEachLine { line, _ in if line.starts(with: ByHand.open) { items += 1 } }
    let hand = items == 0 ? "" : "; \(Self.counted(items, "item")) that only a person takes back"
    let files = items == 0 ? [] : ["undo/checklist.md"]
    let unknown = states?.count { $0 == "unknown" } ?? 0
    if unknown > 0 {
      return NextStep(
        state: .mend, verb: "undo --push --resolve",
        words: "\(Self.counted(unknown, "request")) to delete of which nobody knows what became: --resolve asks the target" + hand,
        files: ["undo/results.tsv"] + files)
    }
    if left > 0, states?.contains("refused") == true || states?.contains("partly") == true {
      return NextStep(
        state: .mend, verb: "undo --push --resolve",
        words: "\(Self.counted(left, "request")) not done: --resolve asks the target which of these are gone already" + hand,
        files: ["undo/results.tsv"] + files)
    }
    if left > 0 {
      return NextStep(state: .run, verb: "undo --push", words: "deletes \(left) in the target; read undo/undo.txt first" + hand, files: files)
    }
    return NextStep(state: .done, words: "nothing is left that a call deletes" + hand + "; to migrate again, begin with a new folder", files: files)
  }

  private static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

  private var isBegun: Bool { needs["fetch", default: []].contains(where: Folder.has) }

  /// Whether all that a verb makes is there.
  private func isComplete(_ verb: String) -> Bool { needs[verb, default: []].allSatisfy(Folder.has) }

  /// Whether what was made of something is older than that.
  private func isBehind(_ source: String, _ suffix: String, _ made: String) -> Bool {
    rows.contains { row in
      guard !row.isByHand, !row.isUnsent, let one = Folder.status(of: "\(folder)/\(source)/\(row.resource).\(suffix)")?.changed,
        let other = Folder.status(of: "\(folder)/\(made)/\(row.resource).tsv")?.changed
      else { return false }
      return other < one
    }
  }

  private func isFilled(_ file: String) -> Bool { Folder.isFilled(folder + "/" + file) }
  private func has(_ file: String) -> Bool { Folder.has(folder + "/" + file) }
  private func isSet(_ value: String?) -> Bool { value?.isEmpty == false }

  // MARK: What was sent

  /// Requests that were refused, or of which nobody knows. Those that were accepted have their results in their place.
  private func refusedRequests(_ options: MigrationOptions) -> NextStep? {
    let open = rows.filter { !has("sent/\($0.resource).tsv") }
    let unknown = open.filter { ($0.unknown ?? 0) > 0 }
    let count = unknown.compactMap(\.unknown).reduce(0, +)
    if count > 0, !isSet(options.refused) {
      // No list shows what became of them, so --resolve would leave them as they are.
      let blind = unknown.filter { !Self.canBeAsked($0.resource) }
      if blind.count == unknown.count {
        return NextStep(
          state: .mend, verb: "push",
          words: "\(Self.counted(count, "request")) of which nobody knows what became, and no list says: look in the target, "
            + "do by hand what is missing, and --refused accept goes on",
          files: unknown.map { "sent/\($0.resource).tsv.part" })
      }
      return NextStep(
        state: .mend, verb: "push --resolve",
        words: "\(Self.counted(count, "request")) of which nobody knows what became: --resolve asks the target, and --refused accept goes on without",
        files: unknown.map { "sent/\($0.resource).tsv.part" })
    }
    let refused = open.filter { ($0.refused ?? 0) > 0 }
    let others = refused.compactMap(\.refused).reduce(0, +)
    if others > 0, !isSet(options.refused) {
      return NextStep(
        state: .mend, verb: "push", words: "\(Self.counted(others, "request")) refused, or done in part: --refused accept goes on without",
        files: refused.map { "sent/\($0.resource).tsv.part" })
    }
    return nil
  }

  /// Whether a list of the target shows by a name what such a request has created.
  private static func canBeAsked(_ name: String) -> Bool {
    Catalog.all.contains { one in
      (one.name == name || name == "auth" && one.name.hasPrefix("auth-")) && !one.creations.isEmpty && one.identity?.name.isEmpty == false
    }
  }

  /// Records that would be created once more.
  private func changedRecords(_ options: MigrationOptions) -> NextStep? {
    let changed = rows.filter { $0.changed > 0 && $0.resource != "policy-scopes" }
    if changed.isEmpty || isSet(options.changed) { return nil }
    let count = changed.map(\.changed).reduce(0, +)
    return NextStep(
      state: .mend, verb: "push",
      words: "\(Self.counted(count, "record")) of \(changed.map(\.resource).joined(separator: ", ")) changed since sent: "
        + "change \(count == 1 ? "it" : "them") in the target by hand, or --changed send creates \(count == 1 ? "it" : "them") once more")
  }

  private func excludedHosts(_ options: MigrationOptions) -> NextStep? {
    guard isFilled("sent/excluded.missing"), !isSet(options.excluded), !has("sent/schedules.tsv") || !has("sent/pc-schedules.tsv") else { return nil }
    return NextStep(
      state: .mend, verb: "push", words: "the target does not exclude hosts that the source excludes: exclude them, or --excluded accept",
      files: ["sent/excluded.missing"])
  }

  // MARK: What is to be sent

  /// Records that no request could be made of: the report is there, and the list is not.
  private func refusedRecords() throws(Complaint) -> NextStep? {
    guard has("lists") else { return nil }
    var reports: [String] = []
    var count = 0
    for name in try Descriptor.names(in: folder + "/lists") where name.hasSuffix(".tsv") {
      let stem = String(name.dropLast(4))
      let made = ["-rewrite", "-restructure"].first(where: stem.hasSuffix).map { String(stem.dropLast($0.count)) + ".xml" } ?? stem + ".urls"
      // Nothing is sent of these, so nothing waits for them.
      if has("lists/" + made) || rows.contains(where: { $0.resource == stem && $0.isUnsent }) { continue }
      var refused = 0
      try Input("\(folder)/lists/\(name)").forEachLine { line, _ in
        let field = line.split(separator: "\t", maxSplits: 5, omittingEmptySubsequences: false).dropFirst(4).first
        if field?.elementsEqual("refused".utf8) == true { refused += 1 }
      }
      if refused == 0 { continue }
      count += refused
      reports.append("lists/" + name)
    }
    if reports.isEmpty { return nil }
    return NextStep(state: .mend, verb: "lists", words: "\(Self.counted(count, "note")) that refuse\(count == 1 ? "s" : "") records", files: reports)
  }

  /// Distribution groups whose ids a person has to fill in.
  private func recipients() throws(Complaint) -> NextStep? {
    guard let path = needs["recipients"]?.first, Folder.has(path),
      rows.contains(where: { $0.resource.hasSuffix("schedules") && $0.toSend == nil })
    else { return nil }
    var count = 0
    try Input(path).forEachLine { line, _ in if line.drop(while: { $0 != "," }).starts(with: ",,".utf8) { count += 1 } }
    if count == 0 { return nil }
    let name = path.hasPrefix(folder + "/") ? [String(path.dropFirst(folder.count + 1))] : []
    return NextStep(
      state: .mend, verb: isComplete("lists") ? "push" : "lists",
      words: "\(Self.counted(count, "distribution group")) whose id in the target nobody knows: fill in \(name.isEmpty ? path : "the second column")",
      files: name)
  }

  /// What would stand there twice.
  private func takenNames(_ options: MigrationOptions) throws(Complaint) -> NextStep? {
    if isSet(options.there) { return nil }
    // What a push has found there, and what the lists say that were fetched before anything was sent.
    var found: [Row] = []
    for row in rows where !has("sent/\(row.resource).tsv") && has("sent/\(row.resource).tsv.part") {
      if try Self.firstFields(of: "\(folder)/sent/\(row.resource).tsv.part").contains("there") { found.append(row) }
    }
    let taken = found.isEmpty ? rows.filter { isFilled("there/\($0.resource).tsv") && !has("sent/\($0.resource).journal") } : found
    if taken.isEmpty { return nil }
    let names = taken.map(\.resource).joined(separator: ", ")
    return NextStep(
      state: .mend, verb: "push", words: "the target has \(names) of these names already: --there accept sends them",
      files: taken.map { found.isEmpty ? "there/\($0.resource).tsv" : "sent/\($0.resource).tsv.part" })
  }

  private func missingAppliances(_ options: MigrationOptions) -> NextStep? {
    guard isFilled("there/appliances.missing"), !isSet(options.appliances), !rows.contains(where: { $0.sent != nil }) else { return nil }
    return NextStep(
      state: .mend, verb: "push",
      words: "appliances that no call creates: activate them there and remove before/appliances.xml, or --appliances accept goes without",
      files: ["there/appliances.missing"])
  }

  private func unrestrictedProfiles(_ options: MigrationOptions) -> NextStep? {
    guard isFilled("there/unrestricted.tsv"), !isSet(options.unrestricted), !rows.contains(where: { $0.sent != nil }) else { return nil }
    return NextStep(
      state: .mend, verb: "push",
      words: "option profiles are restricted to policies that are left out, and would scan for all: --unrestricted accept sends them",
      files: ["there/unrestricted.tsv"])
  }

  private func missingSecrets(_ options: MigrationOptions) throws(Complaint) -> NextStep? {
    guard isSet(options.secrets), has("there/secrets.tsv"), !has("there/checked") else { return nil }
    let count = try Self.firstFields(of: folder + "/there/secrets.tsv").count { $0 == "missing" || $0 == "empty" }
    if count == 0 { return nil }
    return NextStep(state: .mend, verb: "push", words: "\(Self.counted(count, "secret")) missing", files: ["there/secrets.tsv"])
  }
}
