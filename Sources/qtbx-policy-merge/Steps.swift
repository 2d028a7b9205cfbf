import Base
import Glibc
import Processes
import Requests
import Toolbox

extension Job {
  private static let new = "new_policy_id.xml"
  private static let old = "old_policy_id.xml"
  private static let selection = "old_policy_id_cid_list_for_merge.xml"
  /// The policy as merged here: what is expected.
  private static let expected = "offline_merged_policy.xml"
  /// The new policy under its merged title.
  private static let copy = "import_new_policy.xml"
  private static let mergedID = "merged_policy_id"
  private static let result = "merged_policy_id_file.xml"

  // MARK: A preview

  /// Shows what the merge would change, here and there. It leaves the job alone.
  func preview() throws(Complaint) -> Bool {
    try Folder.remove(home.preview)
    try Folder.make(home.preview)
    try Folder.enter(home.preview)
    try enter("export")
    try export(description.newPolicy, to: Self.new)
    try export(description.oldPolicy, to: Self.old)
    try choose()
    try enter("preview")
    try run(Sisters.merge, ["--old", Self.old, "--preview"] + mergeOptions + [Self.new]).throwIfFailed()
    try Folder.put("POST\t\(description.mergeCall(into: description.newPolicy))&preview_merge=1\t@\(Self.selection)\n", at: "preview.urls")
    let answer = "preview_merge_results_file.xml"
    try send("preview", answer: answer).throwIfFailed()
    log.info("nothing was changed; what the service would make of it is in \(home.preview)/\(answer)")
    try say("\nNothing was changed. The preview of the service itself is in \(home.preview.shown)/\(answer)\n")
    return true
  }

  // MARK: The job

  /// Begins the job, or goes on with it, to its end. Returns whether the result is what was expected, or may be another one.
  func run(again: Bool, differences: Severity) throws(Complaint) -> Bool {
    try Folder.enter(home.data)
    isAtWork = true
    try begin(again: again)
    if !Folder.isFilled("verified") {
      try enter("export_new_policy")
      try export(description.newPolicy, to: Self.new)
      try enter("export_old_policy")
      try export(description.oldPolicy, to: Self.old)
      try choose()
      try enter("merge_here")
      if !Folder.isFilled(Self.expected) {
        let options = ["--old", Self.old, "--merged-title", "--time", started, "--report", "merge_report.tsv"]
        _ = try make(Self.expected, Sisters.merge, options + mergeOptions + [Self.new])
      }
      try importCopy()
      try mergeThere()
      try verify()
    }
    return try finish() || differences == .warn
  }

  /// Puts another job aside, writes down what this one is, or reads when it began.
  private func begin(again: Bool) throws(Complaint) {
    let known = (Folder.text(of: "job") ?? "").split(separator: "\n").map { String($0) }
    let beginning = known.first { $0.hasPrefix("started\t") }?.dropFirst(8)
    if let beginning, !again, isSame(known.filter { !$0.hasPrefix("started\t") }) {
      started = String(beginning)
      return log.info("goes on with the job of \(started)")
    }
    if try Descriptor.names(in: ".").contains(where: { !$0.hasPrefix(".") }) {
      // Without the file that says which job it is, the journal still knows of a policy. The tool before this one had no journal.
      if !again, isOpen, !known.isEmpty || fate(of: "import.journal") != .never { throw overrun(of: known) }
      try putAside()
    }
    started = UTC.now().stamp
    // The title tells one policy from another, and has no more than the second.
    while beginning.map({ String($0) }) == started {
      usleep(50_000)
      started = UTC.now().stamp
    }
    let lines = description.lines + ["started\t\(started)"]
    try Folder.put(lines.map { $0 + "\n" }.joined(), at: "job")
    log.info("a new job: " + lines.map(Self.blanks).joined(separator: "; "))
  }

  /// Whether lines are those of this job. A server may be written in several ways: another spelling would be another job, and a second copy.
  private func isSame(_ lines: [String]) -> Bool {
    lines.elementsEqual(description.lines) { one, other in
      one == other
        || one.hasPrefix("server\t") && other.hasPrefix("server\t") && Server.isSame(String(one.dropFirst(7)), String(other.dropFirst(7)))
    }
  }

  private func putAside() throws(Complaint) {
    var aside = home.archive + "/" + UTC.now().digits
    while Folder.has(aside) { aside += "+" }
    log.info("puts an earlier job aside: \(aside)")
    try Folder.make(home.archive)
    isAtWork = false
    try Folder.rename(home.data, to: aside)
    try Folder.make(home.data)
    Descriptor.syncName(of: home.data)
    try Folder.enter(home.data)
    isAtWork = true
  }

  /// Another job stands between: nobody would know of its policy any more.
  private func overrun(of known: [String]) -> Complaint {
    let words = known.filter { line in !["server", "user", "started"].contains(where: line.hasPrefix) }.map(Self.blanks).joined(separator: ",")
    description.mergesHere = known.contains("merge\there")
    if known.isEmpty {
      log.complain("\(home.data) has a job that is not finished, and the file job, which says which one it is, is empty or gone")
      advice = "to go on: put that file back, or say --again to put the job aside"
    } else {
      log.complain("\(home.data) has another job, which is not finished: \(words)")
      advice = "to go on: give the command of that job again, or say --again to put it aside"
    }
    return Complaint(.refused, "nothing was done")
  }

  private static func blanks(_ line: String) -> String { String(line.map { $0 == "\t" ? " " : $0 }) }

  /// The exports are documents of their own: they are kept as the service sends them, with user-defined controls.
  private func export(_ policy: String, to path: String) throws(Complaint) {
    if !Folder.isFilled(path) { try fetch(["policy", "--id", policy], into: path) }
  }

  /// Takes the chosen controls of the old policy, as the service's merge call gets them.
  private func choose() throws(Complaint) {
    try enter("select")
    if let cids = description.cids { try Folder.put(cids.map { "\($0)\n" }.joined(), at: "cids") }
    if Folder.isFilled(Self.selection) { return }
    // A copy that nothing is merged into is of no use to anybody.
    if try make(Self.selection, Sisters.merge, ["--select"] + choice + [Self.old]).hasWrittenNothing {
      try Folder.remove(Self.selection)
      throw Complaint(.refused, "the old policy has none of the chosen controls")
    }
  }

  private var choice: [String] { description.cids == nil ? [] : ["--cid-file", "cids", "--missing", description.missing.rawValue] }

  private var mergeOptions: [String] {
    choice + (description.updatesExisting ? [] : ["--no-update-existing"]) + (description.addsNew ? [] : ["--no-add-new"])
      + (description.addsTechnologies ? ["--add-technologies"] : [])
  }

  // MARK: Importing

  private func importCopy() throws(Complaint) {
    try enter("import")
    if Folder.isFilled(Self.mergedID) { return }
    let body = description.mergesHere ? Self.expected : Self.copy
    if !Folder.isFilled(body) {
      _ = try make(body, Sisters.merge, ["--quiet", "--select", "--merged-title", "--time", started, Self.new])
    }
    if !Folder.isFilled("import.urls") {
      _ = try make("import.urls", Sisters.toURLs, ["--quiet", "--exports", "--api-version", description.importVersion, body])
    }
    log.info("imports \"\(title)\"")
    let isResolved = Folder.has("import.journal")
    try send("import", answer: "import_new_policy_results_file.xml", isResolved ? ["--resolve"] : []).throwIfFailed()
    let id: String
    if let answered = results(of: "import").first(where: { $0.count > 1 && $0[1].isNumber && !$0[1].hasPrefix("0") }) {
      id = answered[1]
    } else {
      log.warn("the answer names no id: the policy is looked up by its title")
      id = try lookUp()
    }
    try Folder.put(id + "\n", at: Self.mergedID)
    log.info("the merged policy is \(id)")
  }

  /// The rows of a list that was sent.
  private func results(of name: String) -> [[String]] {
    (Folder.text(of: name + ".tsv") ?? "").split(separator: "\n").map { row in
      row.split(separator: "\t", omittingEmptySubsequences: false).map { String($0) }
    }
  }

  /// The id of the policy of the imported title, if there is exactly one. Errors: `remote` if not.
  private func lookUp() throws(Complaint) -> String {
    let (list, requests) = ("policies.xml", "policies.urls")
    advice = "to go on: put its id into \(home.data)/\(Self.mergedID), and give the same command again"
    try fetch(["policies"], into: list)
    _ = try make(requests, Sisters.toURLs, ["--quiet", list])
    let wanted = value(of: "title")
    var found: [String] = []
    try ListReader([requests]).forEachRequest { request, _, _ in
      if let origin = request.origin, request.parameters.contains(where: { $0.name == "title" && $0.value == wanted }) { found.append(origin.id) }
    }
    for name in [list, requests] { try Folder.remove(name) }
    guard found.count == 1 else { throw Complaint(.remote, "the policy was imported, but it cannot be found by its title") }
    advice = Self.again
    return found[0]
  }

  // MARK: Merging

  private func mergeThere() throws(Complaint) {
    try enter("merge")
    if description.mergesHere || Folder.has("merged") { return }
    let id = try mergedPolicy()
    if !Folder.isFilled("merge.urls") {
      try Folder.put("POST\t\(description.mergeCall(into: id))#policy=\(id)\t@\(Self.selection)\n", at: "merge.urls")
    }
    let answer = "merged_policy_results_file.xml"
    let isRepeated = Folder.has("merge.journal")
    let ending = try send("merge", answer: answer)
    if ending.status != 0 {
      guard isRepeated, !ending.isInterrupted, results(of: "merge").map({ $0[0] }) == ["unknown"] else { return try ending.throwIfFailed() }
      // An earlier run does not know whether the merge was done. The policy itself does: it is a copy of the new one until then.
      let now = "unclear.xml"
      try fetch(["policy", "--id", id], into: now)
      let isChanged = try !compare(Self.copy, with: now).rows.isEmpty
      try Folder.remove(now)
      if isChanged {
        log.warn("the answer to the merge was lost, but the policy \(id) has changed: the merge was done")
      } else {
        log.warn("the answer to the merge was lost, and the policy \(id) has not changed: the merge is sent again")
        try Folder.rename("merge.journal", to: "merge.journal.lost")
        try send("merge", answer: answer).throwIfFailed()
      }
    }
    try Folder.put("", at: "merged")
    log.info("the service has merged the controls into \(id)")
  }

  // MARK: Comparing

  private func verify() throws(Complaint) {
    try enter("verify")
    try fetch(["policy", "--id", mergedPolicy()], into: Self.result)
    let comparison = try compare(Self.expected, with: Self.result)
    if comparison.rows.isEmpty {
      try Folder.remove("differences.tsv")
    } else {
      try Folder.put(Comparison.columns + comparison.text, at: "differences.tsv")
    }
    try Folder.put(comparison.verdict + "\n", at: "verified")
  }

  private func compare(_ expected: String, with result: String) throws(Complaint) -> Comparison {
    func changes(of one: String, by other: String) throws(Complaint) -> String {
      let answer = try answer(Sisters.merge, ["--quiet", "--preview", "--format", "tsv", "--old", other, one])
      try answer.ending.throwIfFailed()
      return answer.text
    }
    return Comparison(forth: try changes(of: result, by: expected), back: try changes(of: expected, by: result))
  }

  /// Says how the job has ended. Returns whether the result is what was expected.
  private func finish() throws(Complaint) -> Bool {
    log.step = "verify"
    let (id, verdict) = (try mergedPolicy(), Folder.text(of: "verified") ?? "")
    log.info("\(verdict): policy \(id) \"\(title)\"")
    try say("\(id)\t\(title)\n")
    guard Folder.isFilled("differences.tsv"), let table = Folder.text(of: "differences.tsv") else { return true }
    for row in table.split(separator: "\n").dropFirst() { log.warn("control " + Self.blanks(String(row))) }
    if !description.addsTechnologies, !description.mergesHere, table.contains("\tlacking\t") {
      log.warn("the service may leave out a control of which the policy lists no technology: --add_technologies adds these")
    }
    log.warn("\(verdict): see \(home.data)/differences.tsv. The policy \(id) stays as it is")
    return false
  }

  private func say(_ text: String) throws(Complaint) {
    do throws(Complaint) { try Descriptor.write(Array(text.utf8), to: STDOUT_FILENO) } catch { throw error.at("standard output") }
  }

  // MARK: What is known of the job

  /// The id of the policy that was imported. Errors: `refused` if the file does not hold one.
  private func mergedPolicy() throws(Complaint) -> String {
    guard let id = Folder.text(of: Self.mergedID), id.isNumber else {
      throw Complaint(.refused, "there is no id of a policy in it", at: "\(home.data)/\(Self.mergedID)")
    }
    return id
  }

  /// What the merged policy is called, as a person reads it.
  private var title: String { value(of: "title").shown }

  /// The value of a parameter of the import.
  private func value(of parameter: String) -> String {
    var value = ""
    guard Folder.has("import.urls") else { return value }
    try? ListReader(["import.urls"]).forEachRequest { request, _, _ in
      value = request.parameters.first { $0.name == parameter }?.value ?? value
    }
    return value
  }

  /// What became of a request.
  private enum Fate { case never, done, perhaps }

  /// What became of the request of a journal. One that cannot be read tells of nothing that was not done.
  private func fate(of journal: String) -> Fate {
    guard Folder.has(journal) else { return .never }
    guard let told = try? answer(Sisters.push, ["--status", "--quiet", "--journal", journal], isQuiet: true), [0, 5].contains(told.ending.status)
    else { return .perhaps }
    let states = told.text.split(separator: "\n").dropFirst().map { $0.prefix { $0 != "\t" } }
    switch states {
    case [], ["refused"], ["unsent"]: return .never
    case ["done"]: return .done
    default: return .perhaps
    }
  }

  /// Whether the job may have created a policy that nobody has compared yet.
  private var isOpen: Bool {
    !Folder.isFilled("verified") && (Folder.isFilled(Self.mergedID) || fate(of: "import.journal") != .never)
  }

  /// What is in the subscription now.
  var standing: String {
    guard Folder.isFilled(Self.mergedID), let id = Folder.text(of: Self.mergedID) else {
      switch fate(of: "import.journal") {
      case .never: return "nothing was created"
      case .done: return "the policy \"\(title)\", a copy of the new policy"
      case .perhaps: return "perhaps a policy \"\(title)\": it is not certain whether the import has arrived. The next run asks the service"
      }
    }
    let policy = "the policy \(id) \"\(title)\""
    if Folder.isFilled("verified") { return "\(policy), merged and compared" }
    let fate = description.mergesHere || Folder.has("merged") ? .done : fate(of: "merge.journal")
    switch fate {
    case .done: return "\(policy), merged, but not yet compared with what was expected"
    case .never: return "\(policy), a copy of the new policy without the controls of the old one"
    case .perhaps: return "\(policy), a copy of the new policy: it is not certain whether it has the controls of the old one"
    }
  }
}
