extension Resource {
  /// Scanner appliances: virtual and containerized ones are created by a call, physical ones are activated where they stand.
  ///
  /// The list of all of them shows those that are containerized, too. Their network stands in the list of networks as well, and is read there.
  package static let appliances = Resource(
    "appliances", kind: "appliance",
    document: DocumentKind(
      "appliance list", roots: ["APPLIANCE_LIST_OUTPUT"], records: ["RESPONSE/APPLIANCE_LIST/APPLIANCE"],
      skeleton: [
        "APPLIANCE_LIST", "LICENSE_INFO", "LICENSE_INFO/QVSA_LICENSES_COUNT", "LICENSE_INFO/QVSA_LICENSES_USED",
      ]),
    identity: Identity(id: "ID", name: ["NAME"]),
    list: ListCall(
      .getOrPost, "/api/{version}/fo/appliance/",
      ["action": "list", "output_mode": "full", "show_tags": "1", "include_cloud_info": "1", "include_license_info": "1"],
      others: "ids name type busy scan_ref platform_provider scan_detail"),
    creations: [
      Creation("/api/{version}/fo/appliance/", action: "create", name: "name"),
      Creation("/api/{version}/fo/appliance/qcss/", action: "create", name: "name"),
    ],
    // A virtual one: U16 p. 94. Of containerized ones, the later editions of the manual speak.
    undoings: [
      .deletion(of: "/api/{version}/fo/appliance/", "create"), .deletion(of: "/api/{version}/fo/appliance/qcss/", "create"),
    ]
      + Undoing.person("/api/{version}/fo/appliance/", ["assign_network_id"], "no answer says in which network it was before")
      + ["", "physical/", "qcss/"].flatMap {
        Undoing.person("/api/{version}/fo/appliance/\($0)", ["update"], Undoing.unknownBefore)
      }
      + Undoing.person("/api/{version}/fo/appliance/replace_iscanner/", ["replace"], Undoing.unknownBefore),
    references: [Reference("appliance", at: .child("ID"), isVital: true, isOwn: true)],
    readers: ["qtbx-appliances-to-urls"])
}
