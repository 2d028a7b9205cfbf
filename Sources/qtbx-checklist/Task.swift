/// The steps of a migration, in their order and in the words of docs/migration.md.
enum Step: String, CaseIterable {
  case networks
  case addresses = "IP addresses"
  case ipv6Mappings = "IPv6 mapping records"
  case excludedHosts = "excluded hosts"
  case virtualHosts = "virtual hosts"
  case domains
  case appliances = "scanner appliances"
  case assetGroups = "asset groups"
  case businessUnits = "business units"
  case users
  case preferences = "preferences of users"
  case subscription = "subscription settings"
  case tags
  case roles = "roles and tags of users"
  case searchLists = "search lists, then option profiles"
  case authentication = "vaults, then authentication records"
  case policies = "compliance policies"
  case distributionGroups = "distribution groups"
  case schedules = "schedules of vulnerability and compliance scans"
  case activation = "activating the schedules"
  case exceptions = "compliance exceptions"
}

/// Before or after a step.
struct Moment: Hashable {
  let isAfter: Bool
  let step: Step

  static func before(_ step: Step) -> Moment { Moment(isAfter: false, step: step) }
  static func after(_ step: Step) -> Moment { Moment(isAfter: true, step: step) }

  var words: String { (isAfter ? "after " : "before ") + step.rawValue }

  /// Where it comes in a migration.
  var rank: Int { (Step.allCases.firstIndex(of: step) ?? 0) * 2 + (isAfter ? 1 : 0) }
}

/// Who can do it.
enum Doer: String {
  case manager = "a manager, in the user interface"
  case primaryManager = "the primary manager"
  case everybody = "each user, in the user interface"
  case support = "Qualys support"
  case installer = "whoever installs"
  case migrator = "whoever runs the migration"
}

/// What no call does: the table of all kinds of items.
enum Task: CaseIterable {
  case module, networkSupport, agents, merchantUnlink
  case licence
  case ipv6Mapping
  case untypedAppliance, deviceRelease, installation
  case businessUnit
  case userRole, permissions, notifications, saml, merchantLink
  case settings, restriction
  case groovy
  case portalRole
  case remediation, bruteForce, threatCriteria
  case secrets
  case lockedPolicy, agentScope, policyRestriction, reportTemplate
  case distributionGroup
  case activation, reports
  case complianceScan, exception
  case restrictedIPs

  /// What is done, when, by whom, and the lists that say whether it has to be.
  struct Facts {
    let kind: String
    let moment: Moment
    let doer: Doer
    var reads: [Listing] = []
    /// What is to be done whatever the lists say; nil where they say it.
    var general: Wording?
  }

  var facts: Facts {
    switch self {
    case .module:
      Facts(
        kind: "modules", moment: .before(.networks), doer: .support,
        general: "Ask for every module that the source has, and for VLANs and static routes where its appliances have any.")
    case .networkSupport:
      Facts(kind: "Network Support", moment: .before(.networks), doer: .support, reads: [.networks])
    case .agents:
      Facts(
        kind: "agents", moment: .before(.networks), doer: .installer,
        general: """
          Uninstall the cloud agents: a key that is made again has another id, and agents do not follow it. Where hosts are tracked without agents, \
          start the cleanup of agentless tracking (Scans, Setup), or remove the host ids by software distribution. The cleanup works at every \
          authenticated scan until agentless tracking is accepted again: do not accept it again while the source is in use.
          """)
    case .merchantUnlink:
      Facts(
        kind: "PCI accounts", moment: .before(.networks), doer: .everybody,
        general: "Unlink the own PCI merchant accounts in the source.")
    case .licence:
      Facts(
        kind: "licences", moment: .before(.addresses), doer: .support,
        general: "Ask for as many licensed addresses and domains as the source has.")
    case .ipv6Mapping:
      Facts(kind: "extended IPv6 mapping", moment: .before(.ipv6Mappings), doer: .support, reads: [.ipv6Mappings])
    case .untypedAppliance:
      Facts(kind: "unknown appliance", moment: .before(.appliances), doer: .migrator, reads: [.appliances])
    case .deviceRelease:
      Facts(kind: "physical or offline appliance", moment: .before(.appliances), doer: .support, reads: [.appliances])
    case .installation:
      Facts(kind: "virtual appliance", moment: .after(.appliances), doer: .installer, reads: [.appliances])
    case .businessUnit:
      Facts(kind: "business unit", moment: .before(.users), doer: .manager, reads: [.users, .assetGroups])
    case .userRole:
      Facts(kind: "user", moment: .after(.users), doer: .manager, reads: [.users])
    case .permissions:
      Facts(kind: "permissions", moment: .after(.users), doer: .manager, reads: [.users])
    case .notifications:
      Facts(
        kind: "notifications", moment: .after(.users), doer: .everybody,
        general: "Set what the own account is told of by e-mail: no call sets it.")
    case .saml:
      Facts(
        kind: "SAML", moment: .after(.users), doer: .manager,
        general: "Set up SAML as it is in the source, and give it to the users who log in with it: no call lists or sets it.")
    case .merchantLink:
      Facts(
        kind: "PCI accounts", moment: .after(.users), doer: .everybody,
        general: "Link the own PCI merchant accounts again, one by one, with their credentials (Scans, Setup, PCI Account Links).")
    case .settings:
      Facts(
        kind: "subscription settings", moment: .before(.subscription), doer: .primaryManager,
        general: "Fetch and send the settings and the preferences of users: these calls work for the primary manager of each subscription only.")
    case .restriction:
      Facts(kind: "restricted logins of the settings", moment: .before(.subscription), doer: .primaryManager, reads: [.subscription])
    case .groovy:
      Facts(kind: "Groovy in tags", moment: .before(.tags), doer: .support, reads: [.tags])
    case .portalRole:
      Facts(kind: "role of the portal", moment: .before(.roles), doer: .manager, reads: [.portalUsers])
    case .remediation:
      Facts(
        kind: "remediation rules", moment: .after(.searchLists), doer: .manager,
        general: "Create the remediation rules again, in their order: no call lists or creates one.")
    case .bruteForce:
      Facts(kind: "brute-force lists", moment: .after(.searchLists), doer: .manager, reads: [.optionProfiles])
    case .threatCriteria:
      Facts(kind: "dynamic search list", moment: .after(.searchLists), doer: .manager, reads: [.dynamicSearchLists])
    case .secrets:
      Facts(
        kind: "passwords", moment: .before(.authentication), doer: .manager,
        general: "Have the passwords and keys of vaults and authentication records at hand: no list shows one.")
    case .lockedPolicy:
      Facts(kind: "locked policy", moment: .after(.policies), doer: .manager, reads: [.policies])
    case .agentScope:
      Facts(kind: "agents of a policy", moment: .after(.policies), doer: .manager, reads: [.policies])
    case .policyRestriction:
      Facts(kind: "scan by policy", moment: .after(.policies), doer: .manager, reads: [.optionProfiles])
    case .reportTemplate:
      Facts(kind: "report template", moment: .after(.policies), doer: .manager, reads: [.reportTemplates])
    case .distributionGroup:
      Facts(
        kind: "distribution group", moment: .before(.distributionGroups), doer: .manager, reads: [.schedules, .pcSchedules],
        general: """
          Create those that only reports or excluded hosts have, too: no call lists distribution groups. Then let one schedule of the target, which \
          is not active, tell all of them: qtbx-map finds their new ids in it.
          """)
    case .activation:
      Facts(kind: "active schedule", moment: .after(.schedules), doer: .manager, reads: [.schedules, .pcSchedules])
    case .reports:
      Facts(
        kind: "reports", moment: .after(.activation), doer: .manager,
        general: "Download every report of the source that is needed as a record, before it ends: no call moves one.")
    case .complianceScan: Facts(kind: "compliance scans", moment: .before(.exceptions), doer: .migrator, reads: [.exceptions])
    case .exception: Facts(kind: "exception", moment: .after(.exceptions), doer: .manager)
    case .restrictedIPs:
      Facts(kind: "restricted IPs", moment: .after(.exceptions), doer: .manager, reads: [.restrictedIPs])
    }
  }
}

/// Something to do.
struct Item: Hashable {
  enum State: String {
    case todo
    /// Nobody knows whether there is anything to do.
    case unseen
  }

  let task: Task
  /// The name of the record that makes it necessary, and its id; empty where no one record does.
  var name = ""
  var id = ""
  let wording: Wording
  /// The lists that say it; none if it is always there.
  var lists: [Listing] = []
  var state = State.todo

  /// What it comes behind, and before.
  static func precedes(_ one: Item, _ other: Item) -> Bool {
    let (first, second) = (one.task.facts, other.task.facts)
    if first.moment.rank != second.moment.rank { return first.moment.rank < second.moment.rank }
    for (left, right) in [
      (first.kind, second.kind), (one.state.rawValue, other.state.rawValue), (one.name, other.name), (one.id, other.id),
      (one.wording.plain, other.wording.plain), (one.lists.map(\.rawValue).joined(), other.lists.map(\.rawValue).joined()),
    ] where left != right {
      // By bytes: no table of a language changes the order.
      return left.utf8.lexicographicallyPrecedes(right.utf8)
    }
    return false
  }
}
