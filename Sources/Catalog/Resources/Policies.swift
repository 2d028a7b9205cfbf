extension Resource {
  /// Compliance policies as they are listed, without their controls' values. A list's own records, not those of its glossary.
  package static let policies = Resource(
    "policies", kind: "policy",
    document: DocumentKind(
      "policy list", roots: ["POLICY_LIST_OUTPUT"], records: ["POLICY_LIST_OUTPUT/RESPONSE/POLICY_LIST/POLICY"], skeleton: ["POLICY_LIST"],
      listsWarnings: true),
    identity: Identity(id: "ID", name: ["TITLE"], created: "CREATED"),
    list: ListCall(
      .getOrPost, "/api/{version}/fo/compliance/policy/", version: "4.0", versions: "2.0 3.0 5.0", ["action": "list", "details": "Basic"],
      others: "ids id_min id_max updated_after_datetime created_after_datetime"),
    creations: [Creation("/api/{version}/fo/compliance/policy/", action: "import", name: "title")],
    undoings: Undoing.person("/api/{version}/fo/compliance/policy/", ["import"], creates: true, "no call of this API deletes a policy")
      + Undoing.person("/api/{version}/fo/compliance/policy/", ["merge"], "a merge has overwritten what there was")
      + Undoing.person(
        "/api/{version}/fo/compliance/policy/",
        ["add", "remove", "set"].flatMap { ["\($0)_asset_group_ids", "\($0)_asset_tags"] }, "no answer says what the policy was for before"),
    references: [
      Reference("policy", at: .child("ID"), noun: "policy id", isVital: true, isOwn: true),
      Reference("asset-group", at: .child("ASSET_GROUP_IDS"), isList: true, holdsRanges: true),
      Reference("tag", at: .element("TAG_ID")),
    ],
    readers: ["qtbx-policies-to-urls"])

  /// One policy with its controls, as an import takes it. Its own technologies are records, too, and come before the sections.
  package static let policy = Resource(
    "policy",
    document: DocumentKind(
      "policy export", roots: ["POLICY_EXPORT_OUTPUT"],
      records: ["TECHNOLOGIES/TECHNOLOGY", "SECTIONS/SECTION/CONTROLS/CONTROL", "SECTIONS/SECTION/CONTROLS/USER_DEFINED_CONTROL"].map {
        "POLICY_EXPORT_OUTPUT/RESPONSE/POLICY/" + $0
      },
      skeleton: [
        "POLICY", "POLICY/TITLE", "POLICY/DESCRIPTION", "POLICY/LOCKED", "POLICY/EXPORTED", "POLICY/COVER_PAGE", "POLICY/STATUS",
        "POLICY/TECHNOLOGIES", "POLICY/SECTIONS", "POLICY/SECTIONS/SECTION", "POLICY/SECTIONS/SECTION/NUMBER", "POLICY/SECTIONS/SECTION/HEADING",
        "POLICY/SECTIONS/SECTION/CONTROLS", "APPENDIX", "POLICY/APPENDIX",
      ]),
    list: ListCall(
      .get, "/api/{version}/fo/compliance/policy/", version: "4.0", versions: "2.0 3.0 5.0", ["action": "export", "show_user_controls": "1"],
      others: "title show_appendix", id: "id", needsID: true, pageRecords: []),
    readers: ["qtbx-merge-policy", "qtbx-policies-to-urls --exports"])

  /// The controls that policies are made of. Those of a user have ids of their own in each subscription; what they say is the same.
  package static let controls = Resource(
    "controls", kind: "control",
    document: DocumentKind("list of controls", roots: ["CONTROL_LIST_OUTPUT"], records: ["CONTROL_LIST/CONTROL"], skeleton: ["CONTROL_LIST"]),
    identity: Identity(id: "ID", name: ["STATEMENT"]),
    list: ListCall(
      .getOrPost, "/api/{version}/fo/compliance/control/", version: "4.0", versions: "2.0", ["action": "list", "details": "All"],
      others: "ids id_min id_max updated_after_datetime created_after_datetime truncation_limit", takesAnyRoot: true))

  /// Hosts on which a control may fail for a while. The host must have been scanned before one can be requested, so no migration moves them by itself.
  package static let exceptions = Resource(
    "exceptions", kind: "exception",
    document: DocumentKind(
      "list of exceptions", roots: ["EXCEPTION_LIST_OUTPUT"], records: ["EXCEPTION_LIST/EXCEPTION"], skeleton: ["EXCEPTION_LIST"]),
    identity: Identity(id: "EXCEPTION_NUMBER", name: []),
    list: ListCall(
      .getOrPost, "/api/{version}/fo/compliance/exception/", version: "3.0", versions: "2.0", ["action": "list", "details": "All"],
      others:
        "exception_number exception_numbers exception_number_min exception_number_max ip network_name status control_id control_statement policy_id "
        + "technology_name assignee_id created_by modified_by is_active created_after_date updated_after_date expired_before_date "
        + "expired_after_date truncation_limit"),
    // By its number: U16 p. 512.
    undoings: [.deletion(of: "/api/{version}/fo/compliance/exception/", "request", id: "exception_numbers", takesSeveral: true)]
      + Undoing.person("/api/{version}/fo/compliance/exception/", ["update"], "what was decided before stays in its history"),
    isReferable: false,
    references: [
      Reference("exception", at: .child("EXCEPTION_NUMBER"), noun: "exception number", isVital: true, isOwn: true),
      Reference("host", at: .element("HOST/IP_ADDRESS"), as: .idOfName, isVital: true),
      Reference("technology", at: .element("TECHNOLOGY/ID"), isLenient: true, needsMap: false, isVital: true),
      Reference("policy", at: .element("POLICY/ID"), isVital: true),
      // Those of the service have the same numbers everywhere.
      Reference("control", at: .element("CONTROL/CID"), isVital: true) { Int($0).map { (0..<100_000).contains($0) } ?? false },
      Reference("user", at: .child("ASSIGNEE"), noun: "assignee", as: .idOfName, isVital: true),
    ],
    readers: ["qtbx-exceptions-to-urls"])
}
