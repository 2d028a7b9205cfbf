import Base
import Catalog
import Toolbox

/// What is compared under one heading, and how its requests say which record they are of.
struct Group {
  enum Shape: Sendable {
    /// A request names its record in its fragment.
    case records
    /// A request is a tree of tags, each of which is a record.
    case tags
    /// A request is of many addresses, which are compared as a set.
    case addresses
    /// A request is of one IPv6 mapping.
    case mappings
    /// There is one document, the same for all.
    case document
  }

  /// As `qtbx-fetch` and `scripts/migrate.mk` name it.
  let name: String
  /// The resource whose lists it is made of.
  let resource: String
  /// What its records are.
  let kind: String
  var shape = Shape.records
  /// The filters that make one list of requests, for each of its lists.
  var steps = [""]

  /// Lists that are not made with the target's own list, and whose names no rule of the service keeps apart: what is sent twice stands there twice.
  var mayBeDoubled: Bool { ["policies", "schedules", "pc-schedules"].contains(name) }

  /// The groups of a resource, in the order of a migration.
  static func all(of resource: Resource) -> [Group] {
    let name = resource.name
    switch name {
    case "ips", "excluded-hosts": return [Group(name: name, resource: name, kind: resource.kind, shape: .addresses)]
    case "ipv6-mappings": return [Group(name: name, resource: name, kind: resource.kind, shape: .mappings)]
    case "subscription": return [Group(name: name, resource: name, kind: resource.kind, shape: .document)]
    case "tags": return [Group(name: name, resource: name, kind: resource.kind, shape: .tags)]
    case "appliances": return [Group(name: name, resource: name, kind: resource.kind, steps: ["", "appliance-settings"])]
    case "networks":
      return [
        Group(name: name, resource: name, kind: resource.kind),
        Group(name: "network-appliances", resource: name, kind: "appliance", steps: ["network-appliances"]),
      ]
    case "policies": return [Group(name: name, resource: name, kind: resource.kind, steps: ["", "policy-scopes"])]
    case "option-profiles": return [Group(name: name, resource: name, kind: resource.kind, steps: ["", "option-profile-completions"])]
    case "report-templates": return [Group(name: name, resource: name, kind: "report-template")]
    default: return [Group(name: name, resource: name, kind: resource.kind)]
    }
  }

  /// The calls that fetch it once more: one for each page of a list, and for each document.
  func fetches(_ records: Int) -> Int {
    let pages = max(1, (records + 999) / 1000)
    switch name {
    case "ips": return 7
    case "report-templates": return Resource.reportTemplateExports.count
    case "network-appliances": return 0
    case "vaults", "policies": return pages + records
    case "user-preferences": return records
    case "auth": return 1 + records
    default: return pages
    }
  }

  /// The calls that ask what is there by now, before anything of these kinds is created: `qtbx-push --refuse-there`. What is done twice without harm is not
  /// asked about.
  ///
  /// - Parameters:
  ///   - kinds: what is to be created.
  ///   - records: how many the target has.
  func questions(_ kinds: Set<String>, there records: Int) -> Int {
    let resources = name == "auth" ? Resource.authenticationTypes.filter { kinds.contains($0.kind) } : Catalog.all.filter { $0.name == name }
    return resources.count { !$0.creations.isEmpty } + records / 1000
  }

  /// Calls of the asset management API are not counted by the service.
  var isCounted: Bool { resource != "tags" }
}

/// The filters of each resource with their options, as `scripts/migrate.mk` calls them.
struct Ways {
  let folders: [ExportFolder]
  let book: NameBook
  /// What was given for a list or a program: words.
  let options: [String: [String]]
  let allowsTruncated: Bool
  /// Addresses are among what is moved.
  let movesAddresses: Bool
  /// So that the days until an end are counted from one day.
  let now: String

  /// The filters that make a list of requests, the first of which reads the exports; and the files that their arguments name.
  struct Line {
    var commands: [Command]
    var files: [NamelessFile] = []
  }

  /// The exports of a group; none if there are none. What a second step has changed may have been fetched once more, under its name.
  func exports(of group: Group, step: String = "", _ side: Side) -> [String] {
    let folder = folders[side.rawValue]
    let later = step.isEmpty ? [] : folder.files(of: step)
    if !later.isEmpty { return later }
    switch group.resource {
    case "ips": return folder.documents(in: "ips") + folder.files(of: "ips")
    case "vaults": return folder.documents(in: "vaults")
    case "auth": return NameBook.authentication(in: folder)
    case "user-preferences": return folder.documents(in: "user-preferences")
    case "report-templates": return NameBook.templates(in: folder)
    default: return folder.files(of: group.resource)
    }
  }

  /// Whether it is known what a side has of a group, be it nothing.
  func isKnown(_ group: Group, _ side: Side) -> Bool {
    if !exports(of: group, side).isEmpty { return true }
    return folders[side.rawValue].hasFolder(group.resource)
  }

  /// Whether a side has a list of them that says no more than their names, and the documents are missing.
  func hasNamesOnly(_ group: Group, _ side: Side) -> Bool { !isKnown(group, side) && !folders[side.rawValue].files(of: group.resource).isEmpty }

  /// The target's list of vendors, which is fetched once: it stands with the lists of before.
  private var vendors: String? {
    let before = try? ExportFolder(folders[1].path + "/../before")
    return (folders[1].files(of: "vendors") + (before?.files(of: "vendors") ?? []) + folders[0].files(of: "vendors")).first
  }

  /// Errors: those of the lists that are mapped.
  func line(of group: Group, step: String, _ side: Side) throws(Complaint) -> Line {
    let exports = exports(of: group, step: step, side)
    let folder = folders[side.rawValue]
    var line = Line(commands: [])
    func map(_ kind: String, in line: inout Line) throws(Complaint) -> String {
      let file = try book.map(of: kind, side)
      line.files.append(file)
      return "/dev/fd/\(file.descriptor)"
    }
    func maps(_ kinds: [String], in line: inout Line) throws(Complaint) -> [String] {
      var arguments: [String] = []
      for kind in kinds { arguments += ["--map", "\(kind)=\(try map(kind, in: &line))"] }
      return arguments
    }
    /// The last program of a list, which writes requests.
    func writer(_ program: String, _ arguments: [String]) -> Command {
      let own = (options[step.isEmpty ? group.resource : step] ?? options[group.resource] ?? []) + (options[program] ?? [])
      // What reads documents and no list has fewer options.
      let common =
        switch group.resource {
        case "subscription": ["-q"]
        case "user-preferences": ["-q", "--unmapped", "drop"]
        default: ["-q", "--refused", "skip", "--unmapped", "drop"] + truncated
        }
      return Command(program: program, arguments: common + own + arguments)
    }
    switch (group.resource, step) {
    case ("appliances", ""): line.commands = [writer("qtbx-appliances-to-urls", exports)]
    case ("appliances", _):
      line.commands = [writer("qtbx-appliances-to-urls", ["--step", "settings"] + (try maps(["appliance"], in: &line)) + exports)]
    case ("ips", _): line.commands = [writer("qtbx-ips-to-urls", exports)]
    case ("tags", _):
      var words = options["qtbx-tags-restructure"] ?? ["--orphans-under", "Imported tags"]
      if let agents = try cloudAgents() { words += ["--cloud-agent-parent", agents] }
      // The arguments of the first program are its own: it refuses nothing that can be left out.
      line.commands = [
        Command(program: "qtbx-tags-restructure", arguments: ["-q"] + truncated + words + exports),
        Command(
          program: "qtbx-tags-to-urls",
          arguments: ["-q", "--refused", "skip"] + (options["tags"] ?? []) + (options["qtbx-tags-to-urls"] ?? [])),
      ]
    case ("static-search-lists", _): line.commands = [writer("qtbx-search-lists-to-urls", exports)]
    case ("dynamic-search-lists", _):
      // The requests have the target's ids of vendors: of both sides, if they are to be compared.
      let words = options["dynamic-search-lists"]?.contains("--vendors") ?? false ? [] : vendors.map { ["--vendors", $0] } ?? []
      line.commands = [writer("qtbx-search-lists-to-urls", words + exports)]
    case ("vaults", _): line.commands = [writer("qtbx-vaults-to-urls", exports)]
    case ("subscription", _):
      let excluded = folder.files(of: "excluded-hosts").flatMap { ["--excluded-hosts", $0] }
      line.commands = [writer("qtbx-subscription-to-urls", ["--restricted", "accept"] + excluded + exports)]
    case ("networks", ""): line.commands = [writer("qtbx-networks-to-urls", exports)]
    case ("networks", _):
      line.commands = [writer("qtbx-networks-to-urls", ["--step", "assign"] + (try maps(["network", "appliance"], in: &line)) + exports)]
    case ("ipv6-mappings", _): line.commands = [writer("qtbx-ipv6-to-urls", ["--records", "1"] + exports)]
    case ("domains", _):
      // What the target has is there, whether the source's is sent or not.
      let own = side == .source || options["domains"]?.contains("--none") ?? false ? [] : ["--none", "edit"]
      line.commands = [writer("qtbx-domains-to-urls", own + (try maps(["network"], in: &line)) + exports)]
    case ("excluded-hosts", _):
      line.commands = [writer("qtbx-excluded-hosts-to-urls", ["--time", now] + (try maps(["network"], in: &line)) + exports)]
    case ("virtual-hosts", _): line.commands = [writer("qtbx-virtual-hosts-to-urls", (try maps(["network"], in: &line)) + exports)]
    case ("auth", _):
      // Hosts of records have to be in the target: what it has, and what it is to get.
      let addresses = side == .source ? targetAddresses.flatMap { ["--target-ips", $0] } : []
      line.commands = [writer("qtbx-auth-to-urls", addresses + (try maps(["network", "vault"], in: &line)) + exports)]
    case ("asset-groups", _):
      let words = ["--appliance-map", try map("appliance", in: &line), "--network-map", try map("network", in: &line)]
      line.commands = [
        Command(
          program: "qtbx-ag-rewrite", arguments: ["-q", "--unmapped", "drop"] + truncated + (options["qtbx-ag-rewrite"] ?? []) + words + exports),
        writer("qtbx-ag-to-urls", []),
      ]
    case ("users", _):
      // Those of the target who have not answered the service's mail are there all the same.
      let pending = side == .target && !(options["users"]?.contains("--include") ?? false) ? ["--include", "pending"] : []
      let mail = options["users"]?.contains("--send-email") ?? false ? [] : ["--send-email", "no"]
      line.commands = [writer("qtbx-users-to-urls", mail + pending + exports)]
    case ("policies", ""):
      line.commands = [writer("qtbx-policies-to-urls", ["--folder", folder.path + "/policies"] + exports)]
    case ("policies", _):
      line.commands = [writer("qtbx-policies-to-urls", ["--step", "scope"] + (try maps(["policy", "asset-group", "tag"], in: &line)) + exports)]
    case ("option-profiles", ""):
      let lists = folder.files(of: ["static-search-lists", "dynamic-search-lists"]).flatMap { ["--search-lists", $0] }
      line.commands = [writer("qtbx-option-profiles-to-urls", lists + exports)]
    case ("option-profiles", _):
      line.commands = [
        writer("qtbx-option-profiles-to-urls", ["--step", "complete"] + (try maps(["option-profile", "policy"], in: &line)) + exports)
      ]
    case ("user-preferences", _):
      line.commands = [writer("qtbx-preferences-to-urls", (try maps(["user"], in: &line)) + exports)]
    case ("report-templates", _):
      line.commands = [writer("qtbx-report-templates-to-urls", (try maps(["asset-group", "tag", "network", "search-list"], in: &line)) + exports)]
    case ("schedules", _), ("pc-schedules", _):
      let words = (group.resource == "pc-schedules" ? ["--module", "pc"] : []) + (try maps(scheduled, in: &line))
      line.commands = [writer("qtbx-schedule-to-urls", words + exports)]
    case ("map-schedules", _):
      line.commands = [writer("qtbx-map-schedules-to-urls", folder.files(of: "domains").flatMap { ["--domains", $0] } + exports)]
    default: throw Complaint(.fault, "nobody has said how \(group.name) is compared")
    }
    return line
  }

  /// The lists of the addresses that the target has when all is moved. None if nobody knows what it has now.
  private var targetAddresses: [String] {
    func lists(_ side: Side) -> [String] { folders[side.rawValue].documents(in: "ips") + folders[side.rawValue].files(of: "ips") }
    return lists(.target).isEmpty ? [] : lists(.target) + (movesAddresses ? lists(.source) : [])
  }

  private var truncated: [String] { allowsTruncated ? ["--allow-truncated"] : [] }
  private let scheduled = ["network", "appliance", "asset-group", "distribution-group"]

  /// The kinds of ids that a group's filters translate.
  func kinds(of group: Group) -> [String] {
    switch group.name {
    case "networks", "network-appliances": ["appliance"]
    case "asset-groups": ["appliance", "network"]
    case "policies": ["asset-group", "tag"]
    case "option-profiles": ["policy"]
    case "user-preferences": ["user"]
    case "report-templates": ["asset-group", "tag", "network", "search-list"]
    case "schedules", "pc-schedules": scheduled
    case "auth": ["network", "vault"]
    case "domains", "excluded-hosts", "virtual-hosts": ["network"]
    default: []
    }
  }

  /// The tag of the service below which agents get their tags, where both sides have it.
  private func cloudAgents() throws(Complaint) -> String? {
    try book.common("tag", named: "Cloud Agent").map { book.written($0) }
  }

  init(
    _ source: ExportFolder, _ target: ExportFolder, _ book: NameBook, options: [String: [String]], movesAddresses: Bool, allowsTruncated: Bool
  ) {
    folders = [source, target]
    self.book = book
    self.options = options
    self.movesAddresses = movesAddresses
    self.allowsTruncated = allowsTruncated
    now = UTC.now().stamp
  }

  /// What `--options` may be given for.
  static let known: Set<String> = {
    var names = Set(Catalog.movable.flatMap { Group.all(of: $0) }.flatMap { [$0.name] + $0.steps.filter { !$0.isEmpty } })
    names.formUnion(Catalog.movable.flatMap(\.readers).filter { $0.hasPrefix("qtbx-") && !$0.contains(" ") })
    names.formUnion(["qtbx-tags-to-urls", "qtbx-vaults-to-urls", "qtbx-auth-to-urls", "qtbx-report-templates-to-urls"])
    return names
  }()

  /// Words as a shell would take them apart, of which nothing is expanded: blanks stand between them, quotes and backslashes keep what they hold.
  /// Nil if a quote is not closed.
  static func words(of text: String) -> [String]? {
    var words: [String] = []
    var word: String?
    var quote: Character?
    var rest = text[...]
    while let letter = rest.popFirst() {
      if let open = quote {
        if letter == open {
          quote = nil
        } else if letter == "\\", open == "\"", let next = rest.first, next == "\"" || next == "\\" {
          word = (word ?? "") + String(rest.removeFirst())
        } else {
          word = (word ?? "") + String(letter)
        }
      } else if letter == "'" || letter == "\"" {
        quote = letter
        word = word ?? ""
      } else if letter == "\\" {
        guard let next = rest.popFirst() else { return nil }
        word = (word ?? "") + String(next)
      } else if letter == " " || letter == "\t" || letter == "\n" {
        if let done = word { words.append(done) }
        word = nil
      } else {
        word = (word ?? "") + String(letter)
      }
    }
    if quote != nil { return nil }
    if let word { words.append(word) }
    return words
  }
}
