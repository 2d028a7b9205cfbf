extension Resource {
  /// Scanner appliances: virtual ones are created by a call, physical ones are registered where they stand.
  package static let appliances = Resource(
    "appliances", kind: "appliance",
    document: DocumentKind(
      "appliance list", roots: ["APPLIANCE_LIST_OUTPUT"], records: ["RESPONSE/APPLIANCE_LIST/APPLIANCE"],
      skeleton: [
        "APPLIANCE_LIST", "LICENSE_INFO", "LICENSE_INFO/QVSA_LICENSES_COUNT", "LICENSE_INFO/QVSA_LICENSES_USED",
      ]),
    identity: Identity(id: "ID", name: ["NAME"]),
    list: ListCall(
      .getOrPost, "/api/{version}/fo/appliance/", ["action": "list", "output_mode": "full", "show_tags": "1"],
      others: "ids name type busy scan_ref platform_provider scan_detail include_cloud_info include_license_info network_id"),
    creations: [Creation("/api/{version}/fo/appliance/", action: "create", name: "name")])
}
