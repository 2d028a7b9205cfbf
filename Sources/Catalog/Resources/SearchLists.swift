extension Resource {
  /// Lists of vulnerabilities by number. Either kind may come under the root of both.
  package static let staticSearchLists = Resource(
    "static-search-lists", kind: "search-list",
    document: DocumentKind(
      "list of static search lists", roots: ["STATIC_SEARCH_LIST_OUTPUT", "SEARCH_LIST_OUTPUT"], records: ["STATIC_LISTS/STATIC_LIST"],
      skeleton: ["STATIC_LISTS"]),
    identity: Identity(id: "ID", name: ["TITLE"]),
    list: ListCall(.getOrPost, "/api/{version}/fo/qid/search_list/static/", versions: "3.0", ["action": "list"], others: "ids"),
    creations: [Creation("/api/{version}/fo/qid/search_list/static/", action: "create", name: "title")],
    undoings: [.deletion(of: "/api/{version}/fo/qid/search_list/static/", "create")]
      + Undoing.person("/api/{version}/fo/qid/search_list/static/", ["update"], Undoing.unknownBefore),
    readers: ["qtbx-search-lists-to-urls"])

  /// Lists of vulnerabilities by criteria: what they are made of, without the tens of thousands of vulnerabilities that they come to, and
  /// with what only a person makes again: the distribution groups and the remediation rules that use them.
  package static let dynamicSearchLists = Resource(
    "dynamic-search-lists", kind: "search-list",
    document: DocumentKind(
      "list of dynamic search lists", roots: ["DYNAMIC_SEARCH_LIST_OUTPUT", "SEARCH_LIST_OUTPUT"], records: ["DYNAMIC_LISTS/DYNAMIC_LIST"],
      skeleton: ["DYNAMIC_LISTS"]),
    identity: Identity(id: "ID", name: ["TITLE"]),
    list: ListCall(
      .getOrPost, "/api/{version}/fo/qid/search_list/dynamic/", versions: "3.0",
      ["action": "list", "show_qids": "0", "show_option_profiles": "0", "show_report_templates": "0"],
      others: "ids show_distribution_groups show_remediation_policies"),
    creations: [Creation("/api/{version}/fo/qid/search_list/dynamic/", action: "create", name: "title")],
    undoings: [.deletion(of: "/api/{version}/fo/qid/search_list/dynamic/", "create")]
      + Undoing.person("/api/{version}/fo/qid/search_list/dynamic/", ["update"], Undoing.unknownBefore),
    readers: ["qtbx-search-lists-to-urls"])

  /// Dynamic lists have the names of vendors, and the calls that create them want the ids.
  package static let vendors = Resource(
    "vendors", document: DocumentKind("list of vendors", roots: ["VENDOR_LIST_OUTPUT"], records: ["VENDORS/VENDOR"]),
    identity: Identity(id: "ID", name: ["NAME"]),
    list: ListCall(.get, "/api/{version}/fo/vendor/", ["action": "list_vendors"], others: "ids"))
}
