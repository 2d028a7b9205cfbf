extension DocumentKind {
  /// The schedules of vulnerability or compliance scans. The root element of the latter is not confirmed.
  fileprivate static let schedules = DocumentKind(
    "schedule list", roots: ["SCHEDULE_SCAN_LIST_OUTPUT", "COMPLIANCE_SCHEDULE_SCAN_LIST_OUTPUT"],
    records: ["RESPONSE/SCHEDULE_SCAN_LIST/SCAN", "RESPONSE/COMPLIANCE_SCHEDULE_SCAN_LIST/SCAN"],
    skeleton: ["SCHEDULE_SCAN_LIST", "COMPLIANCE_SCHEDULE_SCAN_LIST"])
}

extension Resource {
  /// Scheduled vulnerability scans. A job that scans a perimeter is created by a call of its own, and listed here if it is one of this module.
  package static let schedules = Resource(
    "schedules", kind: "schedule", document: .schedules, identity: Identity(id: "ID", name: ["TITLE"]),
    list: ListCall(
      .getOrPost, "/api/{version}/fo/schedule/scan/", version: "5.0", versions: "2.0 3.0",
      ["action": "list", "show_notifications": "1", "show_cloud_details": "1"], others: "id active scan_type fqdn client_id client_name",
      pageRecords: ["SCHEDULE_SCAN_LIST/SCAN", "SCAN"], takesAnyRoot: true),
    creations: [
      Creation("/api/{version}/fo/schedule/scan/", action: "create", name: "scan_title"),
      Creation(
        perimeter, action: "create", name: "scan_title", where: ("module", "vm"), listed: ["scan_type=perimeter"]),
    ],
    // U16 p. 50. A perimeter job is listed among the schedules, so it is deleted as one: no source says so.
    undoings: [
      .deletion(of: "/api/{version}/fo/schedule/scan/", "create"),
      .deletion(of: perimeter, "create", where: ("module", "vm"), at: "/api/{version}/fo/schedule/scan/"),
    ] + Undoing.person("/api/{version}/fo/schedule/scan/", ["update"], Undoing.unknownBefore),
    isReferable: false, references: scanReferences, follows: ["excluded-host", "tag"], readers: ["qtbx-schedule-to-urls"])

  private static let perimeter = "/api/{version}/fo/scan/cloud/perimeter/job/"

  /// Scheduled compliance scans.
  package static let pcSchedules = Resource(
    "pc-schedules", kind: "pc-schedule", document: .schedules, identity: Identity(id: "ID", name: ["TITLE"]),
    list: ListCall(
      .getOrPost, "/api/{version}/fo/schedule/scan/compliance/", ["action": "list", "show_notifications": "1", "show_cloud_details": "1"],
      others: "id active client_id client_name", pageRecords: ["COMPLIANCE_SCHEDULE_SCAN_LIST/SCAN", "SCAN"], takesAnyRoot: true),
    creations: [Creation("/api/{version}/fo/schedule/scan/compliance/", action: "create", name: "scan_title")],
    undoings: [
      .deletion(of: "/api/{version}/fo/schedule/scan/compliance/", "create"),
      .deletion(of: perimeter, "create", where: ("module", "pc"), at: "/api/{version}/fo/schedule/scan/compliance/"),
    ] + Undoing.person("/api/{version}/fo/schedule/scan/compliance/", ["update"], Undoing.unknownBefore),
    isReferable: false, references: scanReferences, follows: ["excluded-host", "tag"], readers: ["qtbx-schedule-to-urls"])

  private static let scanReferences = [
    Reference("network", at: .element("NETWORK_ID"), constants: Reference.zero),
    Reference("appliance", at: .element("ISCANNER_NAME"), noun: "scanner", as: .name, isList: true, constants: choosesScanners),
    Reference("asset-group", at: .element("ASSET_GROUP_TITLE_LIST/ASSET_GROUP_TITLE"), as: .idOfName),
    Reference("distribution-group", at: .element("DISTRIBUTION_GROUP/ID")),
    Reference("option-profile", at: .element("OPTION_PROFILE/TITLE"), as: .name, isLenient: true),
  ]

  /// The words that choose scanners instead of naming one, in all their spellings.
  private static let choosesScanners: @Sendable (String) -> Bool = { name in
    let name = name.lowercased()
    let words = ["external", "external scanner", "external scanners", "default scanner"]
    return words.contains(name) || name.hasPrefix("all in ") || name.hasPrefix("all scanners in ")
  }

  /// Scheduled maps, which the first API alone has. It lists scans, too, if it is asked for all, or not asked for maps.
  package static let mapSchedules = Resource(
    "map-schedules", kind: "map-schedule",
    document: DocumentKind("list of scheduled maps", roots: ["SCHEDULEDSCANS"], records: ["SCHEDULEDSCANS/SCAN", "SCHEDULEDSCANS/MAP"]),
    identity: Identity(id: "@ref", name: ["TITLE"]), list: ListCall(.get, "/msp/scheduled_scans.php", ["type": "map"], takesAnyRoot: true),
    creations: [Creation("/msp/scheduled_scans.php", action: "", name: "scan_title", where: ("add_task", "yes"))],
    // As the vendor's sample script does it.
    undoings: [
      .deletion(
        of: "/msp/scheduled_scans.php", [("add_task", "yes")],
        by: Deletion("/msp/scheduled_scans.php", [("drop_task", "yes")], id: "task_id"))
    ],
    isReferable: false,
    references: [
      Reference("appliance", at: .element("ISCANNER_NAME"), noun: "scanner", as: .name, constants: choosesScanners),
      Reference("asset-group", at: .element("ASSET_GROUPS/ASSET_GROUP/ASSET_GROUP_TITLE"), as: .name, isLenient: true) { $0 == "All" },
      Reference("option-profile", at: .element("OPTION"), as: .name, isLenient: true),
      Reference("option-profile", at: .element("OPTION_PROFILE/OPTION_PROFILE_TITLE"), as: .name, isLenient: true),
    ],
    follows: ["domain", "excluded-host"], readers: ["qtbx-map-schedules-to-urls"])

  /// Who is told about a scan: groups of people, whom no call lists.
  package static let distributionGroups = Resource(
    "distribution-groups", kind: "distribution-group",
    document: DocumentKind(
      "list of distribution groups", roots: ["DISTRIBUTION_GROUP_LIST_OUTPUT"],
      records: ["DISTRIBUTION_GROUP_LIST/DISTRIBUTION_GROUP", "DISTRIBUTION_GROUPS/DISTRIBUTION_GROUP"],
      skeleton: ["DISTRIBUTION_GROUP_LIST", "DISTRIBUTION_GROUPS"]),
    identity: Identity(id: "ID", name: ["TITLE", "NAME"]), list: .none("schedules name them, and qtbx-map makes their map of the schedule lists"))

  /// The same where the schedules of both kinds name them: API (VM, PC) User Guide 8.12, p. 539.
  static let recipients = Resource(
    "schedules", kind: "distribution-group", document: .schedules,
    identity: Identity(id: "ID", name: ["TITLE", "NAME"], within: "NOTIFICATIONS/DISTRIBUTION_GROUPS/DISTRIBUTION_GROUP"),
    list: .none("a list of schedules names them"))
}
