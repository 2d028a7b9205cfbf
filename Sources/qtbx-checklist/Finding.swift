import Base
import Markup
import Requests

/// What a record says of what is to be done.
struct Finding: Sendable {
  enum Fact: Sendable {
    case user(UserFact)
    case group(GroupFact)
    case network(String)
    case mapping
    case restrictedIP
    case groovyTag(String)
    case role(name: String, user: String)
    /// A search list that may have more criteria than its list shows.
    case criteria(String)
    case distributionGroup(name: String, id: String, namedBy: String)
    case remediationRule(name: String, id: String, namedBy: String)
    /// One that can be made again, for a host.
    case exception
    /// What needs no other record.
    case todo(Task, Wording)
  }

  let listing: Listing
  /// The record.
  let name: String
  let id: String
  /// It has an element without which a list may say nothing: see `Listing.silence`.
  var speaks = false
  var facts: [Fact] = []
}

/// A user, as far as business units are concerned.
struct UserFact: Sendable {
  let id: String
  /// By which a person knows the user.
  let label: String
  let unit: String
  let isManager: Bool
  /// No call creates this one unless qtbx-users-to-urls is told to: it is not active, or the primary contact.
  let isLeftOut: Bool
  let isContact: Bool
  let groups: [String]
}

/// An asset group: whose it is, and which units have it.
struct GroupFact: Sendable {
  let title: String
  let owner: String
  let units: [String]
}

extension Outline {
  /// Whether an element stands at a path below the record, whose names come from the outermost inwards.
  private func stands(_ index: Int, at names: [[UInt8]]) -> Bool {
    var at = index
    for name in names.reversed() {
      guard at > 0, has(elements[at].name, name) else { return false }
      at = Int(elements[at].parent)
    }
    return at == 0
  }

  private static func names(_ path: String) -> [[UInt8]] { path.utf8.split(separator: UInt8(ascii: "/")).map { Array($0) } }

  /// Whether one of these stands directly in the record.
  func holds(anyOf names: [String]) -> Bool {
    elements.dropFirst().contains { $0.parent == 0 && names.contains(string($0.name)) }
  }

  /// The text of the elements at a path below the record.
  func texts(at path: String) -> [String] {
    let names = Self.names(path)
    return elements.indices.dropFirst().compactMap { stands($0, at: names) ? text(elements[$0].content).unframed : nil }
  }

  /// The text at a path, empty if there is none.
  func value(at paths: String...) -> String {
    for path in paths { if let text = texts(at: path).first { return text.trimmed } }
    return ""
  }

  /// The elements that stand directly in the element at a path.
  func names(in path: String) -> [(name: String, text: String)] {
    let names = Self.names(path)
    return elements.indices.dropFirst().compactMap { index in
      guard elements[index].parent > 0, stands(Int(elements[index].parent), at: names) else { return nil }
      return (string(elements[index].name), text(elements[index].content).trimmed)
    }
  }

  /// Values of records that stand in the record: those at these paths that have one parent.
  func pairs(at path: String, _ first: String, _ second: [String]) -> [(String, String)] {
    let names = Self.names(path)
    return elements.indices.dropFirst().compactMap { index in
      guard stands(index, at: names) else { return nil }
      func child(_ names: [String]) -> String {
        for other in elements[(index + 1)...] {
          if other.whole.lowerBound >= elements[index].whole.upperBound { break }
          if Int(other.parent) == index, names.contains(string(other.name)) { return text(other.content).unframed }
        }
        return ""
      }
      return (child([first]).trimmed, child(second))
    }
  }
}

extension Finding {
  /// A record as another item names it: a name may be that of several.
  static func label(_ name: String, _ id: String) -> String { name.isEmpty ? id : id.isEmpty ? name : "\(name) (\(id))" }

  /// What a record says. Of a record that is in no list of its document, nothing: then it is refused.
  init?(_ record: borrowing Outline, _ subject: Subject, _ notes: inout [Note]) {
    guard let element = record.elements.first else { return nil }
    let recordName = record.string(element.name)
    guard let listing = Listing.of(record: recordName, kind: subject.kind) else {
      notes.append(Note(.refused, subject, "\(recordName) stands in a list of something else"))
      return nil
    }
    let (name, id) = listing == .users ? (subject.name.trimmed, subject.id) : (subject.name, subject.id)
    self.init(listing: listing, name: name, id: id)
    let label = Self.label(name, id)
    speaks = listing == .subscription ? recordName == "USERS" : record.holds(anyOf: listing.speakers)
    switch listing {
    case .networks: if id != "0" { facts = [.network(label)] }
    case .appliances: facts = Self.appliance(record)
    case .assetGroups:
      let assigned = record.value(at: "ASSIGNED_UNIT_IDS", "UNIT_IDS").split(separator: ",").map { String($0).trimmed }
      let units = [record.value(at: "OWNER_UNIT_ID", "UNIT_ID")] + assigned
      facts = [.group(GroupFact(title: name, owner: record.value(at: "OWNER_USER_ID", "OWNER_ID"), units: units))]
    case .ipv6Mappings: facts = [.mapping]
    case .users: facts = Self.user(record, name: name, id: id)
    case .portalUsers: facts = record.texts(at: "roleList/list/RoleData/name").map { .role(name: $0, user: label) }
    case .restrictedIPs: facts = [.restrictedIP]
    case .subscription:
      // The vendor's guide prints these names in several ways.
      let names = record.elements.dropFirst().filter { $0.parent == 0 && !record.text($0.content).trimmed.isEmpty }.map { record.string($0.name) }
        .filter { recordName == "USERS" && ["SUB_IPV6_RESTRICT_MAP", "SUBSCRIPTION_IP_RESTRICT_MAP", "IP_RANGE"].contains($0.uppercased()) }
      if !names.isEmpty {
        facts = [
          .todo(
            .restriction, "They say from where one may log in (\(names: names)), and an import may put that into force: see that you stay within.")
        ]
      }
    case .tags: if record.value(at: "ruleType").uppercased() == "GROOVY" { facts = [.groovyTag(label)] }
    case .schedules, .pcSchedules:
      switch record.value(at: "ACTIVE") {
      case "0": break
      case "1", "2", "3":
        facts = [.todo(.activation, "It is active in the source. Activate it when the first scans of the new subscription look right.")]
      default: facts = [.todo(.activation, "The list does not say whether it is active: see in the source whether it is to be activated.")]
      }
      facts += Self.distributionGroups(record, "NOTIFICATIONS/DISTRIBUTION_GROUPS/DISTRIBUTION_GROUP", label)
    case .optionProfiles: facts = Self.optionProfile(record)
    case .staticSearchLists: facts = Self.searchList(record, label)
    case .dynamicSearchLists: facts = Self.criteria(record, label) + Self.searchList(record, label)
    case .policies: facts = Self.policy(record)
    case .exceptions: facts = Self.exception(record)
    case .reportTemplates: facts = Self.reportTemplate(record)
    }
  }

  private static func appliance(_ record: borrowing Outline) -> [Fact] {
    func said(_ value: String) -> Wording { value.isEmpty ? "not in the list" : "\(value)" }
    let type = record.value(at: "TYPE")
    let source: Wording = "serial number \(said(record.value(at: "SERIAL_NUMBER"))), user \(said(record.value(at: "USER_LOGIN")))"
    switch type.lowercased() {
    case "physical":
      return [
        .todo(
          .deviceRelease,
          """
          Ask to release it from the source (\(source)), or to replace it where the target is on another platform. Then activate it in the target under \
          this name.
          """)
      ]
    case "offline":
      return [
        .todo(
          .deviceRelease,
          """
          Ask to release it from the source (\(source)). Then set it up in the target under this name by hand: no call is known to change an offline \
          appliance.
          """)
      ]
    case "virtual", "containerized":
      return [
        .todo(
          .installation,
          "Install it again (\(words: type.lowercased())) with its new activation code, which the answer to its request has, and under this name.")
      ]
    case "": return [.todo(.untypedAppliance, "The list does not say what it is: fetch it with output_mode=full.")]
    default: return [.todo(.untypedAppliance, "Nobody here knows an appliance of the type \(type): find out how it moves.")]
    }
  }

  private static let roles: Set<String> = ["manager", "unit manager", "scanner", "reader", "contact", "administrator"]

  private static func user(_ record: borrowing Outline, name: String, id: String) -> [Fact] {
    // One e-mail address may be that of several.
    let login = record.value(at: "USER_LOGIN")
    let (role, status, unit) = (record.value(at: "USER_ROLE"), record.value(at: "USER_STATUS"), record.value(at: "BUSINESS_UNIT"))
    var facts: [Fact] = [
      .user(
        UserFact(
          id: id, label: label(name, login.isEmpty ? id : login), unit: unit.lowercased() == "unassigned" ? "" : unit,
          isManager: role.lowercased() == "unit manager", isLeftOut: status != "Active" || record.value(at: "MANAGER_POC") == "1",
          isContact: record.value(at: "UNIT_MANAGER_POC") == "1",
          groups: record.texts(at: "ASSIGNED_ASSET_GROUPS/ASSET_GROUP_TITLE").filter { $0 != "All" }))
    ]
    if role.isEmpty {
      facts.append(.todo(.userRole, "The list does not say the role: see in the source whether a call creates this user."))
    } else if !roles.contains(role.lowercased()) {
      let inactive: Wording = status.isEmpty || status == "Active" ? "" : " In the source, the status is \(status)."
      facts.append(.todo(.userRole, "Create this user: no call creates one with the role \(role).\(inactive)"))
    }
    let permissions = record.names(in: "PERMISSIONS").filter { !["", "0"].contains($0.text) }.map(\.name)
    if !permissions.isEmpty { facts.append(.todo(.permissions, "Give this user the extended permissions \(names: permissions).")) }
    return facts
  }

  private static func distributionGroups(_ record: borrowing Outline, _ path: String, _ label: String) -> [Fact] {
    record.pairs(at: path, "ID", ["TITLE", "NAME"]).map { .distributionGroup(name: $0.1, id: $0.0, namedBy: label) }
  }

  private static func searchList(_ record: borrowing Outline, _ label: String) -> [Fact] {
    distributionGroups(record, "DISTRIBUTION_GROUPS/DISTRIBUTION_GROUP", label)
      + record.pairs(at: "REMEDIATION_POLICIES/REMEDIATION_POLICY", "ID", ["TITLE"]).map { .remediationRule(name: $0.1, id: $0.0, namedBy: label) }
  }

  /// API V2 User Guide 8.12, the grammar of dynamic lists. None of them is a threat indicator.
  private static let criteria: Set<String> = [
    "VULNERABILITY_TITLE", "DISCOVERY_METHOD", "AUTHENTICATION_TYPE", "USER_CONFIGURATION", "CATEGORY", "CONFIRMED_SEVERITY", "POTENTIAL_SEVERITY",
    "INFORMATION_SEVERITY", "VENDOR", "PRODUCT", "CVSS_BASE_SCORE", "CVSS_TEMPORAL_SCORE", "CVSS3_BASE_SCORE", "CVSS3_TEMPORAL_SCORE",
    "CVSS_ACCESS_VECTOR", "PATCH_AVAILABLE", "VIRTUAL_PATCH_AVAILABLE", "CVE_ID", "EXPLOITABILITY", "ASSOCIATED_MALWARE", "VENDOR_REFERENCE",
    "BUGTRAQ_ID", "VULNERABILITY_DETAILS", "SUPPORTED_MODULES", "COMPLIANCE_DETAILS", "COMPLIANCE_TYPE", "QUALYS_TOP_20", "OTHER", "NETWORK_ACCESS",
    "PROVIDER", "CVSS_BASE_SCORE_OPERAND", "CVSS_TEMPORAL_SCORE_OPERAND", "CVSS3_BASE_SCORE_OPERAND", "CVSS3_TEMPORAL_SCORE_OPERAND",
    "USER_MODIFIED", "PUBLISHED", "SERVICE_MODIFIED", "CPE",
  ]

  private static func criteria(_ record: borrowing Outline, _ label: String) -> [Fact] {
    let names = record.names(in: "CRITERIA").filter { !$0.text.isEmpty }.map(\.name)
    let others = names.filter { !criteria.contains($0) }
    if names.isEmpty {
      return [.todo(.threatCriteria, "The list shows no criterion, so there are others: threat indicators (RTI) are never shown. Set them by hand.")]
    }
    if !others.isEmpty { return [.todo(.threatCriteria, "Nobody here knows the criteria \(names: others): set them by hand.")] }
    return [.criteria(label)]
  }

  private static func optionProfile(_ record: borrowing Outline) -> [Fact] {
    var facts: [Fact] = []
    let lists = record.pairs(at: "SCAN/PASSWORD_BRUTE_FORCING/CUSTOM_LIST/CUSTOM", "ID", ["TITLE"]).map { $0.1.isEmpty ? "(without a title)" : $0.1 }
    if !lists.isEmpty {
      facts.append(.todo(.bruteForce, "Create the lists \(names: lists) again, and choose them in this profile: an import takes none."))
    }
    // Not what is in it: these are passwords.
    let dictionary = "SCAN/DISSOLVABLE_AGENT/PASSWORD_AUDITING_ENABLE/CUSTOM_PASSWORD_DICTIONARY"
    if record.texts(at: dictionary).contains(where: { !$0.trimmed.isEmpty }) {
      facts.append(.todo(.bruteForce, "Enter the dictionary of passwords of this profile again: it is not carried."))
    }
    let policies = record.pairs(at: "SCAN/SCAN_RESTRICTION/SCAN_BY_POLICY/POLICY", "ID", ["TITLE"]).map { $0.1.isEmpty ? $0.0 : $0.1 }
    if !policies.isEmpty {
      facts.append(.todo(.policyRestriction, "Restrict this profile to the policies \(names: policies) again: an import does not."))
    }
    return facts
  }

  private static func policy(_ record: borrowing Outline) -> [Fact] {
    var facts: [Fact] = []
    if !["", "0", "unlocked"].contains(record.value(at: "IS_LOCKED").lowercased()) {
      facts.append(.todo(.lockedPolicy, "Lock it: no call locks a policy."))
    }
    if !["", "0"].contains(record.value(at: "INCLUDE_AGENT_IPS")) {
      facts.append(.todo(.agentScope, "Let it include the hosts of agents: no call is known to set that."))
    }
    return facts
  }

  private static func exception(_ record: borrowing Outline) -> [Fact] {
    if record.value(at: "ACTIVE") == "0" || record.value(at: "STATUS").lowercased() == "expired" { return [] }
    if !record.value(at: "HOST/IP_ADDRESS").isEmpty { return [.exception] }
    return [.todo(.exception, "Request it by hand: the list shows no host, and no list shows the tags that an exception may be for.")]
  }

  private static func reportTemplate(_ record: borrowing Outline) -> [Fact] {
    let type = record.value(at: "TEMPLATE_TYPE")
    switch type.lowercased() {
    case "scan", "map", "patch": return []
    case "compliance", "policy", "remediation":
      return [.todo(.reportTemplate, "Create it again with its settings: no call exports or creates a template of the type \(type).")]
    case "": return [.todo(.reportTemplate, "The list does not say of which type it is: see whether a call creates it.")]
    default: return [.todo(.reportTemplate, "Nobody here knows a template of the type \(type): see whether a call creates it.")]
    }
  }
}
