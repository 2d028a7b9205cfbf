extension Resource {
  /// Users. They have no name that is the same in two subscriptions: the e-mail address stands for it. A login names a user in every other
  /// list; a caller who may not see it gets none.
  package static let users = Resource(
    "users", kind: "user",
    document: DocumentKind("list of users", roots: ["USER_LIST_OUTPUT"], records: ["USER_LIST_OUTPUT/USER_LIST/USER"], skeleton: ["USER_LIST"]),
    identity: Identity(id: "USER_ID", "USER_LOGIN", name: ["CONTACT_INFO/EMAIL"], form: .user),
    list: ListCall(.getOrPost, "/msp/user_list.php", others: "external_id_contains external_id_assigned show_access_permissions"))

  /// Users as the asset management API knows them, with their roles and scopes.
  package static let portalUsers = Resource(
    "portal-users", document: DocumentKind("search result of users", roots: ["ServiceResponse"], records: ["data/User"]),
    list: ListCall(.search, "/qps/rest/{version}/search/am/user/", ["limitResults": "1000"]))

  /// What a user has set for the user interface.
  package static let userPreferences = Resource(
    "user-preferences", kind: "user-preference", document: DocumentKind("document of user preferences", roots: [], records: []),
    list: ListCall(.get, "/api/{version}/fo/user_prefs/", ["action": "export"], id: "user_id", needsID: true, takesAnyRoot: true),
    isReferable: false, references: [Reference("user", at: .child("user_id"))], readers: ["qtbx-preferences-to-urls"])

  /// The parts of a subscription that managers of their own look after.
  package static let businessUnits = Resource(
    "business-units", document: DocumentKind("list of business units", roots: [], records: []),
    list: .none("their titles stand in the users and asset groups"))
}
