import ArgumentParser
import Base
import Catalog
import Glibc
import Toolbox

/// Says what a migration would do, of two folders of exports. Nothing is asked of a server.
@main
struct Plan: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-plan", abstract: "Say what a migration would do, before anything is sent.", version: version)
  static let repeatable: Set<String> = ["--resource", "--skip", "--options", "--journal"]

  enum PageFormat: String, ExpressibleByArgument, CaseIterable { case text, jsonl }
  enum Level: String, ExpressibleByArgument, CaseIterable { case standard, express }

  @Option(help: .init("The exports of the source, as migrate.mk fetches them.", valueName: "folder"), completion: .directory)
  var source: String

  @Option(help: .init("The exports of the target.", valueName: "folder"), completion: .directory)
  var target: String

  @Option(help: .init("Only this resource; may be repeated.", valueName: "name"), completion: .list(Catalog.movable.map(\.name)))
  var resource: [String] = []

  @Option(help: .init("All but this resource; may be repeated.", valueName: "name"), completion: .list(Catalog.movable.map(\.name)))
  var skip: [String] = []

  @Option(help: .init("Only records whose names have this text in them.", valueName: "text"))
  var name: String?

  @Option(
    help: .init("A journal of qtbx-push, or a folder of them: what it has created is not to be created again; may be repeated.", valueName: "path"),
    completion: .file())
  var journal: [String] = []

  @Option(help: .init("The target's server: a journal of another one is refused.", valueName: "host"))
  var server: String?

  @Option(help: .init("Options of a resource's filter, or of a program: users='--include inactive'.", valueName: "name=options"))
  var options: [String] = []

  @Option(help: .init("Write the plan as text or jsonl.", valueName: "format"))
  var format = PageFormat.text

  @Option(help: .init("The limits of the target's service: standard or express.", valueName: "level"))
  var serviceLevel: Level?

  @Option(help: .init("How many calls of an API the service takes in an hour.", valueName: "n"))
  var callsPerHour: Int?

  @Option(help: .init("How many calls the service takes at once.", valueName: "n"))
  var concurrency: Int?

  @Flag(help: "Take lists that the service has cut off.")
  var allowTruncated = false

  func validate() throws {
    for name in resource + skip where !Catalog.movable.contains(where: { $0.name == name }) {
      throw ValidationError("there is no \"\(name)\" to move: there are \(Catalog.movable.map(\.name).joined(separator: ", "))")
    }
    if Set(resource).count < resource.count { throw ValidationError("--resource names one twice") }
    if Set(skip).count < skip.count { throw ValidationError("--skip names one twice") }
    if !resource.isEmpty, !skip.isEmpty { throw ValidationError("--resource says what is looked at, and --skip what is not: give one of them") }
    _ = try parsedOptions()
    if serviceLevel != nil, callsPerHour != nil || concurrency != nil {
      throw ValidationError("--service-level says what --calls-per-hour and --concurrency say")
    }
    if let callsPerHour, !(1...1_000_000).contains(callsPerHour) { throw ValidationError("--calls-per-hour takes a number from 1 to 1000000") }
    if let concurrency, !(1...1000).contains(concurrency) { throw ValidationError("--concurrency takes a number from 1 to 1000") }
  }

  private func parsedOptions() throws -> [String: [String]] {
    var all: [String: [String]] = [:]
    for one in options {
      let parts = one.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { throw ValidationError("--options takes NAME=OPTIONS, such as users='--include inactive'") }
      let name = String(parts[0])
      guard Ways.known.contains(name) else {
        throw ValidationError("--options knows no \"\(name)\": it takes a resource or a program that reads one")
      }
      guard let words = Ways.words(of: String(parts[1])) else { throw ValidationError("--options \(name): a quote is not closed") }
      if all.updateValue(words, forKey: name) != nil { throw ValidationError("--options gives \(name) twice") }
    }
    return all
  }

  private var level: ServiceLevel {
    if serviceLevel == .express { return .express }
    var level = ServiceLevel.standard
    if let callsPerHour { level.calls = callsPerHour }
    if let concurrency { level.concurrency = concurrency }
    return level
  }

  func run() throws {
    let folders = (try ExportFolder(source), try ExportFolder(target))
    let runner = Runner()
    let book = NameBook(folders.0, folders.1, allowsTruncated: allowTruncated)
    let ways = Ways(
      folders.0, folders.1, book, options: try parsedOptions(), movesAddresses: !skip.contains("ips"), allowsTruncated: allowTruncated)
    let sent = try Sent(journals(), of: server)
    let counts =
      switch format {
      case .text: try write(TextPage(), ways, runner, sent)
      case .jsonl: try write(JSONPage(), ways, runner, sent)
      }
    // The page has said it; the status says it to a program.
    if counts.isToDo { Glibc.exit(Int32(Complaint.Kind.unfinished.rawValue)) }
  }

  /// Errors: `local`; `refused` for a folder without a journal.
  private func journals() throws(Complaint) -> [String] {
    var paths: [String] = []
    for path in journal {
      var status = stat()
      guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
        paths.append(path)
        continue
      }
      let found = try Descriptor.names(in: path).filter { $0.hasSuffix(".journal") }
      if found.isEmpty { throw Complaint(.refused, "there is no file NAME.journal in it", at: path.shown) }
      paths += found.map { path + "/" + $0 }
    }
    return paths
  }

  private func write<Writer: Page & ~Copyable>(
    _ page: consuming Writer, _ ways: Ways, _ runner: Runner, _ sent: Sent
  ) throws(Complaint) -> Counts {
    var page = page
    var all = Counts()
    var estimate = Estimate(level)
    var unseen: [String] = []
    for resource in Catalog.movable where self.resource.isEmpty ? !skip.contains(resource.name) : self.resource.contains(resource.name) {
      for group in Group.all(of: resource) {
        guard !ways.exports(of: group, .source).isEmpty || !ways.exports(of: group, .target).isEmpty else {
          if group.name == resource.name, !ways.isKnown(group, .source) { unseen.append(resource.name) }
          continue
        }
        var counts = Counts()
        var remarks: [String] = []
        var comparison = Comparison(group, ways, runner, sent)
        var records = 0
        var kinds: Set<String> = []
        let said = try comparison.compare { finding throws(Complaint) in
          if let name, !finding.name.lowercased().contains(name.lowercased()) { return }
          counts.add(finding)
          if finding.state == .create {
            records += 1
            kinds.insert(finding.kind)
          }
          try page.add(finding, of: group.name)
        }
        remarks += said.remarks
        remarks += try doubts(group, ways.book)
        counts.values = said.values
        if counts.requests > 0 {
          // What is set is set again without harm.
          if !kinds.isEmpty { counts.questions = group.questions(kinds, there: counts[.same] + counts[.differs] + counts[.onlyInTarget]) }
          counts.fetches = group.fetches(records)
        }
        estimate.add(group, counts)
        all.add(counts)
        // Of a subscription without networks, there is nothing to say of these.
        if group.name != resource.name, State.allCases.allSatisfy({ counts.all($0) == 0 }), remarks.isEmpty { continue }
        try page.end(group.name, counts, remarks)
      }
    }
    if name == nil, resource.isEmpty {
      let (items, more) = try byHand(ways, runner)
      all[.byHand] += items.count
      try page.add(byHand: items, more: more)
    }
    try page.close(all, Self.verdict(all), estimate, unseen)
    return all
  }

  /// Names that stand twice in a list, and circles.
  private func doubts(_ group: Group, _ book: NameBook) throws(Complaint) -> [String] {
    var words: [String] = []
    let kinds = group.name == "auth" ? Resource.authenticationTypes.map(\.kind) : [group.kind]
    for side in Side.allCases {
      for kind in kinds {
        let all = try book.twice(kind, side)
        for (number, ids) in all.prefix(20) {
          words.append("the \(side.word) has \(ids.count) of the name \"\(book.name(of: number))\": \(ids.prefix(4).joined(separator: ", "))")
        }
        if all.count > 20 { words.append("the \(side.word) has \(all.count - 20) more names that stand twice") }
      }
    }
    for (side, names) in book.circles(group.kind) {
      words.append("in the \(side.word), these stand below each other in a circle: " + names.map { "\"\($0)\"" }.joined(separator: ", "))
    }
    return words
  }

  /// Lists that a person goes by also where nothing of them is moved.
  private static let always = ["users", "appliances"]

  /// What qtbx-checklist says of the lists of the source: what a record makes necessary, and how much there is besides.
  private func byHand(_ ways: Ways, _ runner: Runner) throws(Complaint) -> (items: [HandItem], more: Int) {
    let folder = ways.folders[0]
    let lists = [
      "users", "appliances", "asset-groups", "networks", "ipv6-mappings", "tags", "static-search-lists", "dynamic-search-lists", "option-profiles",
      "policies", "schedules", "pc-schedules", "restricted-ips", "portal-users", "subscription", "exceptions", "all-report-templates",
    ].filter { !skip.contains($0) || Self.always.contains($0) }.flatMap { folder.files(of: $0) }
    if lists.isEmpty { return ([], 0) }
    let arguments = ["-q", "--format", "tsv"] + (allowTruncated ? ["--allow-truncated"] : []) + lists
    let output = try runner.run(Command(program: "qtbx-checklist", arguments: arguments, reports: false), files: [])
    var items: [HandItem] = []
    var more = 0
    for line in try Input("/dev/fd/\(output.descriptor)").rest().split(separator: "\n").dropFirst() {
      let fields = TSV.fields(of: line, forSpreadsheet: true)
      guard fields.count == 8 else { continue }
      // Under the appliances, their filter says the same.
      if fields[2] == "physical or offline appliance" { continue }
      if fields[0] == "todo", fields[7] != "general" {
        // What has been done by hand is there under its name.
        let kind = fields[2].hasSuffix("appliance") ? "appliance" : fields[2] == "distribution group" ? "distribution-group" : ""
        if !kind.isEmpty, let number = try ways.book.number(of: fields[4], kind, .source), ways.book.has(number, kind, .target) { continue }
        items.append(HandItem(kind: fields[2], name: fields[3], who: fields[5], what: fields[6]))
      } else {
        more += 1
      }
    }
    return (items, more)
  }

  private static func verdict(_ counts: Counts) -> String {
    if !counts.isToDo { return "Plan: nothing to do" + (counts[.byHand] > 0 ? ", \(counts[.byHand]) by hand." : ".") }
    let parts: [(State, String)] = [
      (.create, "to create"), (.differs, counts[.differs] == 1 ? "differs" : "differ"), (.cannot, "cannot be created"),
      (.ambiguous, "of which nobody can say which"), (.byHand, "by hand"), (.onlyInTarget, "only in the target"),
    ]
    let words = parts.filter { counts.all($0.0) > 0 }.map { state, text in
      let addresses = counts.addresses(state)
      let words = "\(addresses) address\(addresses == 1 ? "" : "es")"
      if counts[state] == 0 { return "\(words) \(text)" }
      return "\(counts[state]) \(text)" + (addresses > 0 ? " (and \(words))" : "")
    }
    return "Plan: " + words.joined(separator: ", ") + "."
  }
}
