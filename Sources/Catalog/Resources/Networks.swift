extension Resource {
  /// Custom networks, which partition the addresses of a subscription with Network Support.
  ///
  /// The published DTD has the root `NETWORK_LIST_OUTPUT`; printed samples have `NETWORK_LIST`, or `RESPONSE` without any (API V2 User Guide
  /// 8.12, p. 564, and API (VM, PC) User Guide 8.16, p. 381-384). The Global Default Network, 0, is in every subscription.
  package static let networks = Resource(
    "networks", kind: "network",
    document: DocumentKind(
      "network list", roots: ["NETWORK_LIST_OUTPUT", "NETWORK_LIST", "RESPONSE"], records: ["NETWORK_LIST/NETWORK"], skeleton: ["NETWORK_LIST"]),
    identity: Identity(id: "ID", name: ["NAME"]) { id, _ in id == "0" },
    list: ListCall(.getOrPost, "/api/{version}/fo/network/", ["action": "list"], others: "ids", takesAnyRoot: true),
    creations: [Creation("/api/{version}/fo/network/", action: "create", name: "name")],
    undoings: Undoing.person("/api/{version}/fo/network/", ["create"], creates: true, "no call deletes a network")
      + Undoing.person("/api/{version}/fo/network/", ["update"], Undoing.unknownBefore),
    references: [
      Reference("network", at: .child("ID"), isVital: true, constants: Reference.zero),
      // API (VM, PC) User Guide 8.16, p. 385: an appliance is in one network.
      Reference("appliance", at: .element("SCANNER_APPLIANCE_LIST/SCANNER_APPLIANCE/ID"), isSole: true, constants: Reference.zero),
    ],
    readers: ["qtbx-networks-to-urls"])
}
