import Base
import Requests

/// What there is to do, of all lists together. Memory grows with names, not with records.
struct Checklist {
  /// Records that one item names together, in their order, each once.
  private struct Named {
    private(set) var labels: [String] = []
    private var known: Set<String> = []

    var isEmpty: Bool { labels.isEmpty }

    mutating func add(_ label: String) { if !label.isEmpty, known.insert(label).inserted { labels.append(label) } }
  }

  private struct Unit {
    var managers = Named()
    /// Those whom a migration leaves out.
    var idleManagers = Named()
    var contacts = Named()
    var members = Named()
    /// Those that its members may see, and those that a list of asset groups says to be its own.
    var groups = Named()
    var ownGroups = Named()
    var lists: Set<Listing> = []
  }

  /// What several records name.
  private struct Key: Hashable {
    let id: String
    let name: String
  }

  private struct Mention {
    var named: [Listing: Named] = [:]
  }

  /// The lists that have been read to their end, and those of which all pages were cut off.
  private var read: Set<Listing> = []
  private var whole: Set<Listing> = []
  /// Those of which a page was cut back, whatever the others are.
  private var cutBack: Set<Listing> = []
  /// Those that have records, and those of whose records one says what a list may leave out.
  private var filled: Set<Listing> = []
  private var speaking: Set<Listing> = []

  private var units: [String: Unit] = [:]
  private var unitOfUser: [String: String] = [:]
  private var groupsOfUnit: [String: (groups: Named, owners: Set<String>)] = [:]
  private var networks = Named()
  private var groovyTags = Named()
  private var criteria = Named()
  private var roles: [String: Named] = [:]
  private var distributionGroups: [Key: Mention] = [:]
  private var remediationRules: [Key: Mention] = [:]
  private var hasMappings = false
  private var hasRestrictedIPs = false
  /// What the list of restricted addresses says of itself: whether it is in force.
  private var restriction: String?
  private var exceptions: Set<String> = []
  private var items: Set<Item> = []

  // MARK: Taking

  mutating func take(_ finding: Finding) {
    read.insert(finding.listing)
    filled.insert(finding.listing)
    if finding.speaks { speaking.insert(finding.listing) }
    for fact in finding.facts {
      switch fact {
      case .user(let user): take(user)
      case .group(let group):
        for unit in group.units where !["", "0"].contains(unit) {
          groupsOfUnit[unit, default: (Named(), [])].groups.add(group.title)
        }
        if let unit = group.units.first, !["", "0"].contains(unit), !group.owner.isEmpty { groupsOfUnit[unit]?.owners.insert(group.owner) }
      case .network(let label): networks.add(label)
      case .mapping: hasMappings = true
      case .restrictedIP: hasRestrictedIPs = true
      case .groovyTag(let label): groovyTags.add(label)
      case .criteria(let label): criteria.add(label)
      case .role(let name, let user): roles[name, default: Named()].add(user)
      case .distributionGroup(let name, let id, let by):
        distributionGroups[Key(id: id, name: name), default: Mention()].named[finding.listing, default: Named()].add(by)
      case .remediationRule(let name, let id, let by):
        remediationRules[Key(id: id, name: name), default: Mention()].named[finding.listing, default: Named()].add(by)
      case .exception: exceptions.insert(finding.id)
      case .todo(let task, let wording):
        items.insert(Item(task: task, name: finding.name, id: finding.id, wording: wording, lists: [finding.listing]))
      }
    }
  }

  private mutating func take(_ user: UserFact) {
    if !user.id.isEmpty { unitOfUser[user.id] = user.unit }
    guard !user.unit.isEmpty else { return }
    units[user.unit, default: Unit()].lists.insert(.users)
    switch (user.isManager, user.isLeftOut) {
    case (true, true): units[user.unit]?.idleManagers.add(user.label)
    case (true, false): units[user.unit]?.managers.add(user.label)
    case (false, _): units[user.unit]?.members.add(user.label)
    }
    if user.isContact { units[user.unit]?.contacts.add(user.label) }
    for group in user.groups { units[user.unit]?.groups.add(group) }
  }

  /// A document has ended.
  mutating func ended(_ service: AnswerReader, as listing: Listing?) {
    guard let listing else { return }
    read.insert(listing)
    if service.truncation == nil { whole.insert(listing) }
    if listing == .restrictedIPs, let status = service.listStatus { restriction = status }
    if service.isCutBack { cutBack.insert(listing) }
  }

  /// The lists of which no page is the last, or one was cut back.
  var cutOff: [Listing] { Listing.allCases.filter { read.contains($0) && (!whole.contains($0) || cutBack.contains($0)) } }

  // MARK: Items

  /// All items, in the order of a migration.
  func sorted() -> [Item] {
    var items = self.items
    func add(_ task: Task, name: String = "", id: String = "", _ wording: Wording, _ lists: [Listing], _ state: Item.State = .todo) {
      items.insert(Item(task: task, name: name, id: id, wording: wording, lists: lists, state: state))
    }
    for task in Task.allCases {
      let facts = task.facts
      if let general = facts.general { add(task, general, []) }
      for listing in facts.reads where !read.contains(listing) {
        add(task, "Not looked at: no list of \(words: listing.rawValue) was given.", [listing], .unseen)
      }
      for listing in facts.reads where cutOff.contains(listing) {
        add(task, "Looked at in part: the list of \(words: listing.rawValue) was cut off.", [listing], .unseen)
      }
    }
    for listing in Listing.allCases where !speaking.contains(listing) {
      // Settings are one document, whatever is in it.
      guard let silence = listing.silence, (listing == .subscription ? read : filled).contains(listing) else { continue }
      add(silence.task, "Looked at in part: the list of \(words: listing.rawValue) \(words: silence.reason)", [listing], .unseen)
    }
    if !networks.isEmpty { add(.networkSupport, "Ask for Network Support: the source has the networks \(names: networks.labels).", [.networks]) }
    if hasMappings {
      add(.ipv6Mapping, "Ask for extended IPv6 mapping: then the mapping records need not be added again.", [.ipv6Mappings])
    }
    if !groovyTags.isEmpty { add(.groovy, "Ask for Groovy in tags: the rules of \(names: groovyTags.labels) are written in it.", [.tags]) }
    if !criteria.isEmpty {
      add(
        .threatCriteria,
        """
        Compare these with the source, and add what is missing: threat indicators (RTI) are never shown in a list, so any may have some: \
        \(names: criteria.labels).
        """, [.dynamicSearchLists])
    }
    if hasRestrictedIPs {
      let isDisabled = restriction?.lowercased() == "disabled"
      add(
        .restrictedIPs,
        isDisabled
          ? "The source's list of restricted IPs is not in force: carry it last of all, and leave it so. In force, it may lock you out."
          : "Put the list of restricted IPs into force last of all, where you stay logged in: it may lock you out.", [.restrictedIPs])
    }
    if !exceptions.isEmpty {
      add(
        .complianceScan,
        """
        Scan for compliance the hosts that have exceptions in the source (\(words: exceptions.count == 1 ? "1 exception" : "\(exceptions.count) exceptions")): only \
        for a host that has been scanned one can be requested.
        """, [.exceptions])
    }
    for (role, users) in roles {
      add(.portalRole, name: role, "Create it, if the target has no role of this name. Users: \(names: users.labels).", [.portalUsers])
    }
    for (group, mention) in Self.joined(distributionGroups) {
      // Only schedules name them by their ids.
      let isMapped = !group.id.isEmpty && [.schedules, .pcSchedules].contains { mention.named[$0] != nil }
      let duty: Wording = isMapped ? "Create it under this title, and fill in its row of the map" : "Create it under this title"
      add(.distributionGroup, name: group.name, id: group.id, "\(duty). It is named by \(Self.mentions(mention)).", Self.lists(mention))
    }
    for (rule, mention) in Self.joined(remediationRules) {
      add(.remediation, name: rule.name, id: rule.id, "Create it again. It is named by \(Self.mentions(mention)).", Self.lists(mention))
    }
    items.formUnion(unitItems())
    return items.sorted(by: Item.precedes)
  }

  /// Some lists say the name only: it is that of the one that has it in another list, if there is one.
  private static func joined(_ mentions: [Key: Mention]) -> [Key: Mention] {
    var joined = mentions.filter { !$0.key.id.isEmpty }
    let names = Dictionary(grouping: joined.keys, by: \.name)
    for (key, mention) in mentions where key.id.isEmpty {
      guard let others = names[key.name], others.count == 1 else {
        joined[key] = mention
        continue
      }
      for (listing, named) in mention.named {
        for label in named.labels { joined[others[0]]?.named[listing, default: Named()].add(label) }
      }
    }
    return joined
  }

  private static func lists(_ mention: Mention) -> [Listing] { Listing.allCases.filter { mention.named[$0] != nil } }

  private static func mentions(_ mention: Mention) -> Wording {
    var wording: Wording = ""
    for listing in lists(mention) {
      let names: Wording = "\(words: listing.rawValue): \(names: mention.named[listing]?.labels ?? [])"
      wording = wording.parts.isEmpty ? names : wording + "; " + names
    }
    return wording
  }

  /// Business units: a list of asset groups has their ids, and a list of users their titles. The users who own groups say which is which.
  private func unitItems() -> [Item] {
    var units = self.units
    var ids: [String: String] = [:]
    var items: [Item] = []
    var titles: [String: Set<String>] = [:]
    for (id, unit) in groupsOfUnit { titles[id] = Set(unit.owners.compactMap { unitOfUser[$0] }.filter { !$0.isEmpty }) }
    for (id, unit) in groupsOfUnit {
      if let found = titles[id], found.count == 1, let title = found.first, titles.values.count(where: { $0.contains(title) }) == 1 {
        ids[title] = id
        for group in unit.groups.labels { units[title]?.ownGroups.add(group) }
        units[title]?.lists.insert(.assetGroups)
      } else {
        items.append(
          Item(
            task: .businessUnit, id: id,
            wording: "See that the unit of this id is there: no user tells its title. Its asset groups: \(names: unit.groups.labels).",
            lists: [.assetGroups]))
      }
    }
    for (title, unit) in units {
      var wording: Wording =
        !unit.managers.isEmpty
        ? "Create it. Its unit managers, who come first: \(names: unit.managers.labels)."
        : unit.idleManagers.isEmpty
          ? "Create it. Its first user has to be a unit manager, and the list has none."
          : "Create it. Its first user has to be a unit manager, and the list has only some who are left out unless --include names them."
      if !unit.idleManagers.isEmpty {
        wording = wording + " Unit managers who are left out, since they are not active, or the primary contact: \(names: unit.idleManagers.labels)."
      }
      if !unit.contacts.isEmpty { wording = wording + " Its point of contact: \(names: unit.contacts.labels)." }
      if !unit.members.isEmpty { wording = wording + " Its other users: \(names: unit.members.labels)." }
      if !unit.groups.isEmpty { wording = wording + " Asset groups that its users may see: \(names: unit.groups.labels)." }
      if !unit.ownGroups.isEmpty { wording = wording + " Its asset groups: \(names: unit.ownGroups.labels)." }
      items.append(
        Item(
          task: .businessUnit, name: title, id: ids[title] ?? "", wording: wording, lists: Listing.allCases.filter { unit.lists.contains($0) }))
    }
    return items
  }
}
