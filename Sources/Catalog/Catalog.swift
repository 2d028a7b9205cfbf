package import Base

/// All resources, and what is asked of all of them.
package enum Catalog {
  /// In the order in which they are listed.
  package static let all: [Resource] =
    assets + people + tagging + scans + compliance + reports + logins

  private static let assets: [Resource] = [
    .networks, .appliances, .assetGroups, .ips, .hosts, .ipv6Mappings, .domains, .domainsV1, .excludedHosts, .excludedHostsHistory, .virtualHosts,
  ]
  private static let people: [Resource] = [.users, .portalUsers, .userPreferences, .restrictedIPs, .timeZones, .subscription]
  private static let tagging: [Resource] = [.tags, .tag, .agentKeys, .agentKey, .agentProfiles]
  private static let scans: [Resource] =
    [.schedules, .pcSchedules, .mapSchedules, .optionProfiles] + Resource.optionProfileLists
    + [.staticSearchLists, .dynamicSearchLists, .vendors]
  private static let compliance: [Resource] = [.policies, .policy, .controls, .exceptions]
  private static let reports: [Resource] = [.reportTemplates] + Resource.reportTemplateExports
  private static let logins: [Resource] = [.vaults, .vault, .authentication] + Resource.authenticationTypes
  /// What no call lists, and is listed elsewhere all the same.
  package static let unlisted: [Resource] = [.distributionGroups, .recipients, .businessUnits]

  /// Errors: `usage` if there is none of the name, or no call that lists it.
  package static func listed(_ name: String) throws(Complaint) -> Resource {
    if let resource = all.first(where: { $0.name == name }) { return resource }
    if let reason = unlisted.first(where: { $0.name == name })?.list.obstacle {
      throw Complaint(.usage, "no call of the API lists \(name): \(reason)")
    }
    throw Complaint(.usage, "there is no resource \"\(name)\": --list-resources names all")
  }

  /// Whether an answer with this root element may be one to a resource's call. Where none is confirmed, the list of another resource is not.
  package static func takes(root: String, for resource: Resource) -> Bool {
    guard resource.list.takesAnyRoot else { return resource.document.roots.contains(root) }
    return !root.hasSuffix("_ERROR_OUTPUT") && (resource.pageRecords.isEmpty || !confirmedRoots.contains(root))
  }

  private static let confirmedRoots = Set(
    all.filter { !$0.list.takesAnyRoot }.flatMap(\.document.roots).filter { $0.hasSuffix("_OUTPUT") })

  /// The lists that have this root element: of an object for each record, so that one may be missing and the others are still what they were.
  package static func lists(withRoot root: String) -> [Resource] { all.filter { $0.document.roots.contains(root) && !$0.list.needsID } }

  /// What a document answers that looks like the lists of some resources: the list of another one, by a path or the address of a grammar. Nil if that
  /// does not say it.
  package static func other(than resources: [Resource], answering text: String) -> Resource? {
    // What stands in lists of something else has no call of its own.
    if text.isEmpty || resources.contains(where: { $0.list.obstacle != nil }) { return nil }
    let roots = Set(resources.flatMap(\.document.roots))
    let alike = all.filter { $0.list.obstacle == nil && !roots.isDisjoint(with: $0.document.roots) }
    // The last of a path may be a script, a grammar, or the folder itself.
    let asked = text.hasSuffix("/") ? text : text + "/"
    let named = alike.filter { asked.contains($0.list.place) }
    // A call may stand below another one.
    guard let longest = named.map(\.list.place.utf8.count).max() else { return nil }
    let found = named.filter { $0.list.place.utf8.count == longest }
    return found.contains { one in one.kind.isEmpty || resources.contains { $0.kind == one.kind } } ? nil : found.first
  }

  /// The elements of the answers to a path that hold a secret, whatever a request to it asks for: none for most.
  package static func secrets(ofAnswersTo path: String) -> [String] {
    secretAnswers(to: path).flatMap(\.elements)
  }

  /// Whether a request to a path is told a secret, which nobody can ask for again.
  ///
  /// - Parameter has: whether it has a parameter of this value.
  package static func isToldSecret(by path: String, _ has: (_ name: String, _ value: String) -> Bool) -> Bool {
    secretAnswers(to: path).contains { $0.told.allSatisfy { has($0.name, $0.value) } }
  }

  private static func secretAnswers(to path: String) -> [SecretAnswer] {
    let asked = segments(of: path)
    return secretAnswers.filter { asked.starts(with: $0.segments) }.map(\.answer)
  }

  private static let secretAnswers = all.flatMap(\.secretAnswers).map { (segments: segments(of: $0.path), answer: $0) }

  /// Servers find a script whatever stands behind its name: more of the path, a parameter, a blank.
  private static func segments(of path: String) -> [String] {
    if path.utf8.allSatisfy({ $0 < 0x80 }) {
      return path.utf8.split(separator: "/").map { segment in
        let name = segment.prefix { $0.isDigit || ("a"..."z").contains($0 | 0x20) || $0 == "." || $0 == "_" }
        return String(decoding: name.map { ("A"..."Z").contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
      }
    }
    return path.lowercased().split(separator: "/").map { segment in String(segment.prefix { $0.isLetter || $0.isNumber || $0 == "." || $0 == "_" }) }
  }

  /// The table of calls, as tab-separated values.
  package static var table: String {
    let rows = all.map { resource in
      let call = resource.list
      let query = call.parameters.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
      return [
        resource.name, call.method.rawValue, call.path + (query.isEmpty ? "" : "?" + query), call.version, call.otherVersions.joined(separator: " "),
        call.id.map { $0 + (call.needsID ? "" : " (optional)") } ?? "", call.others.joined(separator: " "),
      ].joined(separator: "\t")
    }
    return (["resource\tmethod\trequest\tversion\tother versions\tone by\tother parameters"] + rows).joined(separator: "\n") + "\n"
  }

  /// Those that programs create again, in the order of a migration: each behind all that its records name.
  package static let movable: [Resource] = {
    let all = Catalog.all.filter(\.isMoved)
    var levels: [String: Int] = [:]
    func level(of resource: Resource) -> Int {
      if let known = levels[resource.name] { return known }
      // A circle of references would have no order: each is counted once.
      levels[resource.name] = 0
      let level = all.filter { resource.needs($0) }.map { level(of: $0) + 1 }.max() ?? 0
      levels[resource.name] = level
      return level
    }
    // Of one level, what nothing else names comes last: it begins to work when it is there.
    func key(_ offset: Int, _ resource: Resource) -> (Int, Int, Int) { (level(of: resource), resource.isReferable ? 0 : 1, offset) }
    return all.enumerated().sorted { key($0.offset, $0.element) < key($1.offset, $1.element) }.map(\.element)
  }()

  /// What is moved before a resource, since its records name it, or mean nothing without it.
  package static func before(_ resource: Resource) -> [Resource] { movable.filter { resource.needs($0) } }

  /// What a makefile needs to know, as assignments: the order of a migration; of what is moved, its program, the kinds of ids that this
  /// translates, and what comes before; the list that is mapped for a kind; the elements that are the records of each list.
  package static var makeTable: String {
    let order = "order := " + movable.map(\.name).joined(separator: " ")
    let moved = movable.flatMap { resource in
      var kinds: [String] = []
      for reference in resource.references where reference.kind != resource.kind && !kinds.contains(reference.kind) { kinds.append(reference.kind) }
      return [
        "program.\(resource.name) := \(resource.readers.first { $0.hasSuffix("-to-urls") } ?? "")",
        "maps.\(resource.name) := \(kinds.joined(separator: " "))",
        "follows.\(resource.name) := \(before(resource).map(\.name).joined(separator: " "))",
      ]
    }
    let mapped = mappable.map { "list.\($0.kind) := \($0.name)" }
    let lines = all.filter { !$0.pageRecords.isEmpty }.map { resource in
      var names: [String] = []
      for record in resource.pageRecords {
        let name = String(record.split(separator: "/").last ?? "")
        if !names.contains(name) { names.append(name) }
      }
      return "records.\(resource.name) := \(names.joined(separator: "|"))"
    }
    return ([order] + moved + mapped + lines).joined(separator: "\n") + "\n"
  }

  /// Those whose lists a map can be made of.
  package static let mappable: [Resource] = (all + unlisted).filter(\.isMappable)
}

extension Resource {
  /// Whether another has to be there before.
  fileprivate func needs(_ other: Resource) -> Bool {
    other.kind != kind && (follows.contains(other.kind) || references.contains { $0.kind == other.kind })
  }

  /// The records that pages of its list are joined by: by their name and the list that they stand in, however that is wrapped.
  package var pageRecords: [String] {
    list.pageRecords ?? document.records.map { $0.split(separator: "/").suffix(2).joined(separator: "/") }
  }
}
