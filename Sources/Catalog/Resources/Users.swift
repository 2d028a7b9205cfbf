extension Resource {
  /// Users. They have no name that is the same in two subscriptions: the e-mail address stands for it. A login names a user in every other
  /// list; a caller who may not see it gets none.
  package static let users = Resource(
    "users", kind: "user",
    document: DocumentKind("list of users", roots: ["USER_LIST_OUTPUT"], records: ["USER_LIST_OUTPUT/USER_LIST/USER"], skeleton: ["USER_LIST"]),
    identity: Identity(id: "USER_ID", "USER_LOGIN", name: ["CONTACT_INFO/EMAIL"], created: "CREATION_DATE", form: .user, names: .mail),
    list: ListCall(.getOrPost, "/msp/user_list.php", others: "external_id_contains external_id_assigned show_access_permissions"),
    creations: [Creation("/msp/user.php", action: "add", name: "email")],
    // U16 p. 536: an account that nobody has activated yet cannot be deactivated, and no account is deleted.
    undoings: Undoing.person("/msp/user.php", ["add"], creates: true, "no call deletes a user; action=deactivate takes one who has logged in")
      + Undoing.person("/msp/user.php", ["edit", "activate", "deactivate"], Undoing.unknownBefore)
      + Undoing.person("/msp/password_change.php", "a new password stays"),
    references: [
      Reference("business-unit", at: .child("BUSINESS_UNIT"), as: .name, isVital: true) { $0.lowercased() == "unassigned" },
      // An asset group that the target lacks would have the whole user refused.
      Reference("asset-group", at: .element("ASSIGNED_ASSET_GROUPS/ASSET_GROUP_TITLE"), as: .name) { $0 == "All" },
    ],
    readers: ["qtbx-users-to-urls"],
    // The login and the password of whoever is not told by e-mail: API (VM, PC) User Guide 8.16, p. 525 and 537.
    secretAnswers: [
      SecretAnswer(path: "/msp/user.php", elements: ["USER", "PASSWORD"], told: [("action", "add"), ("send_email", "0")]),
      SecretAnswer(path: "/msp/password_change.php", elements: ["USER", "PASSWORD"], told: [("email", "0")]),
    ])

  /// Users as the asset management API knows them, with their roles and scopes: by ids of its own. It names active users only, and no managers
  /// but the one who asks.
  package static let portalUsers = Resource(
    "portal-users", kind: "portal-user",
    document: DocumentKind("search result of users", roots: ["ServiceResponse"], records: ["ServiceResponse/data/User"]),
    identity: Identity(id: "id", name: ["emailAddress"], names: .mail),
    list: ListCall(.search, "/qps/rest/{version}/search/am/user/", ["limitResults": "1000"]),
    undoings: Undoing.person("/qps/rest/{version}/update/am/user/{id}", "no answer says which roles and tags the user had before"),
    references: [
      Reference("portal-user", at: .child("id"), isVital: true, isOwn: true),
      Reference("tag", at: .element("scopeTags/list/TagData/id")),
    ],
    readers: ["qtbx-users-to-urls"])

  /// What a user has set for the user interface.
  package static let userPreferences = Resource(
    "user-preferences", kind: "user-preference", document: DocumentKind("document of user preferences", roots: [], records: []),
    list: ListCall(.get, "/api/{version}/fo/user_prefs/", ["action": "export"], id: "user_id", needsID: true, takesAnyRoot: true),
    undoings: Undoing.person("/api/{version}/fo/user_prefs/", ["import"], Undoing.unknownBefore),
    isReferable: false, references: [Reference("user", at: .child("user_id"))], isMoved: true, readers: ["qtbx-preferences-to-urls"])

  /// The parts of a subscription that managers of their own look after.
  package static let businessUnits = Resource(
    "business-units", document: DocumentKind("list of business units", roots: [], records: []),
    list: .none("their titles stand in the users and asset groups"))
}
