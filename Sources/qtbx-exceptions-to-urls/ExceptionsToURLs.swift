import ArgumentParser
import Base
import Catalog
import Markup
import Requests
import Toolbox

/// Writes the requests that ask for compliance exceptions again, and then those that approve or reject them.
@main
struct ExceptionsToURLs: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-exceptions-to-urls", abstract: "Write the requests that make compliance exceptions again.", version: version)

  enum Step: String, ExpressibleByArgument, CaseIterable { case request, update }

  @Option(help: .init("Which requests: request or update.", valueName: "step"))
  var step = Step.request

  @Option(help: .init("The source's list of users, for whom a name in an exception stands.", valueName: "list"), completion: .file())
  var users: String?

  @Option(help: .init("The network, in the source, of the hosts in the map (default: the Global Default Network).", valueName: "name"))
  var network: String?

  @Option(help: .init("What the history of each exception says (default: what it said in the source).", valueName: "text"))
  var comments: String?

  @Option(help: .init("Before which an exception has ended, such as 2031-02-01T08:00:00Z (default: now).", valueName: "time"))
  var time: String?

  @OptionGroup var maps: MapOptions
  @OptionGroup var requests: RequestOptions
  @OptionGroup var common: CommonOptions
  @OptionGroup var input: InputFiles

  func validate() throws {
    for (option, value) in [("--network", network), ("--comments", comments)] where value?.allSatisfy(\.isWhitespace) == true {
      throw ValidationError("\(option) takes a text that is not empty")
    }
    if let time, UTC.seconds(of: time) == nil { throw ValidationError("--time takes a time as 2031-02-01T08:00:00Z") }
    let kinds = maps.maps.compactMap { $0.split(separator: "=").first.map { String($0) } }
    if step == .update {
      if !requests.target.isEmpty { throw ValidationError("--target is for --step request: an update is for what is there") }
      if users != nil { throw ValidationError("--users is for --step request: an update names nobody") }
      if let kind = kinds.first(where: { $0 != "exception" }) {
        throw ValidationError("--map \(kind) is for --step request: an update knows an exception by its number")
      }
    } else {
      if kinds.contains("exception") { throw ValidationError("--map exception is for --step update: a request makes a new number") }
      if users != nil, !kinds.contains("user") { throw ValidationError("--users needs --map user=FILE, which has the ids of the target") }
    }
  }

  func run() throws {
    let step = step
    let rules = try rules()
    let stamp = time ?? UTC.now().stamp
    let today = String(stamp.prefix(10).filter { $0 != "-" })
    var filter = try ListFilter(
      .exceptions, grammar: PackageResources.exception_grammar, translation: rules.all,
      remarks: step == .request
        ? [("instance", "no list shows the instance of a technology that an exception is for: where a host has several, look at each by hand")] : [],
      reading: input.paths(of: "a document"), options: common)
    // The first step tells what becomes of an exception.
    filter.saysDrops = step == .request
    let network = network
    filter.isLeftOut = { ExceptionRecord($0).isLeftOut(on: today, network: network) }
    let target = try requests.target.isEmpty ? nil : TargetExceptions(reading: requests.target)
    let twins = Twins()
    filter.inspect = { outline, subject, notes in
      let record = ExceptionRecord(outline)
      if step == .update || record.isLeftOut(on: today, network: network) { return .keep }
      if let note = target?.note(on: record, by: rules, of: subject) {
        notes.append(note)
        return .remove
      }
      twins.add(record)
      return .keep
    }
    // The target's list is known by other things than names here.
    var requests = requests
    requests.target = []
    try filter.writeRequests(
      PackageResources.exceptions_to_urls_xsl,
      parameters: [("step", step.rawValue), ("network", network ?? ""), ("comments", comments ?? ""), ("today", today)], as: requests
    ) { _, _, _ in twins.notes }
  }

  /// The rules of the step.
  private func rules() throws -> ExceptionRules {
    var maps = maps
    var assignees: IDMap?
    if let users, let map = maps.maps.first(where: { $0.hasPrefix("user=") }) {
      maps.maps.removeAll { $0 == map }
      assignees = try Assignees.map(
        ofUsersIn: users, by: MapOptions.map(String(map.dropFirst("user=".utf8.count)), as: .id))
    }
    var rules = ExceptionRules()
    for (reference, rule) in zip(Resource.exceptions.references, try maps.rules(for: .exceptions, .annotate)) {
      guard reference.isOwn == (step == .update) else { continue }
      if reference.kind == "user", let assignees {
        rules.all.append(TranslationRule(reference, option: "--map", map: assignees, effect: .annotate))
      } else {
        rules.all.append(rule)
        rules.byKind[reference.kind] = rule
      }
    }
    return rules
  }
}

/// What becomes of the ids in an exception.
struct ExceptionRules: Sendable {
  var all: [TranslationRule] = []
  var byKind: [String: TranslationRule] = [:]
}

/// Names of users, as exceptions have them.
enum Assignees {
  private static let grammar = """
    USER
      USER_LOGIN ? -> who it is
        @* ignored: a name is sought
      USER_ID ? -> who it is
        @* ignored: a name is sought
      CONTACT_INFO ?
        FIRSTNAME ? -> the name
          @* ignored: a name is sought
        LASTNAME ? -> the name
          @* ignored: a name is sought
        @* ignored: a name is sought
        * * ignored: a name is sought
      @* ignored: a name is sought
      * * ignored: a name is sought
    """

  /// The ids of the target by the names of the source. A sample of the vendor's has a first and a last name; a history has the login as well.
  ///
  /// - Parameter map: the users' ids.
  /// - Errors: those of a list that cannot be read.
  static func map(ofUsersIn path: String, by map: IDMap) throws(Complaint) -> IDMap {
    var names = IDMap()
    let filter = try ListFilter(
      objectsOf: [.users], in: Resource.users.document, grammar: Array(grammar.utf8), reading: [path], options: .silent())
    try filter.readValues { _ in
      nil
    } make: { outline, _, _ in
      let name = "\(outline.value(at: "CONTACT_INFO/FIRSTNAME")) \(outline.value(at: "CONTACT_INFO/LASTNAME"))".trimmed
      let login = outline.value(at: "USER_LOGIN")
      return (ids: [outline.value(at: "USER_ID"), login], name: name, login: login)
    } take: { (user: (ids: [String], name: String, login: String)) throws(Complaint) in
      guard let id = user.ids.first(where: { !$0.isEmpty }), let target = user.ids.lazy.compactMap({ map.target(of: $0, as: .id) }).first else {
        return
      }
      for name in [user.name, user.login, "\(user.name) (\(user.login))"] where !name.isEmpty { try names.add(id, target, name: name) }
    } ended: { _, _ in
      []
    }
    return names
  }
}
