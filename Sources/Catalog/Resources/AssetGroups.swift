extension Resource {
  /// Asset groups: addresses, names and domains, with the network and the appliances that scan them.
  package static let assetGroups = Resource(
    "asset-groups", kind: "asset-group",
    document: DocumentKind(
      "asset group list", roots: ["ASSET_GROUP_LIST_OUTPUT"], records: ["ASSET_GROUP_LIST_OUTPUT/RESPONSE/ASSET_GROUP_LIST/ASSET_GROUP"],
      skeleton: ["ASSET_GROUP_LIST"]),
    identity: Identity(id: "ID", name: ["TITLE"]) { _, name in name == "All" },
    list: ListCall(
      .getOrPost, "/api/{version}/fo/asset/group/", versions: "3.0", ["action": "list", "show_attributes": "ALL"],
      others: "ids id_min id_max title network_ids unit_id user_id truncation_limit"),
    creations: [Creation("/api/{version}/fo/asset/group/", action: "add", name: "title", listed: ["show_attributes=ID,TITLE"])],
    // U16 p. 359: schedules of the group are deactivated.
    undoings: [.deletion(of: "/api/{version}/fo/asset/group/", "add")]
      + Undoing.person("/api/{version}/fo/asset/group/", ["edit"], Undoing.unknownBefore),
    references: [
      Reference("appliance", at: .element("DEFAULT_APPLIANCE_ID"), constants: Reference.zero),
      Reference("appliance", at: .element("APPLIANCE_IDS"), isList: true, constants: Reference.zero),
      Reference("network", at: .element("NETWORK_ID"), isVital: true, constants: Reference.zero),
      Reference("network", at: .element("NETWORK_IDS"), isList: true, isVital: true, constants: Reference.zero),
      Reference("network", at: .attribute("network_id"), constants: Reference.zero),
    ],
    follows: ["address", "domain"], readers: ["qtbx-ag-rewrite", "qtbx-ag-to-urls"])
}
