extension DocumentKind {
  /// The second API gives the list as the root; clients have met an answer around it, too. The root of the first API follows from the name of its
  /// grammar, domain_list.dtd (API (VM, PC) User Guide 8.16, p. 82): it is not confirmed.
  fileprivate static let domains = DocumentKind(
    "list of domains", roots: ["DOMAIN_LIST", "DOMAIN_LIST_OUTPUT"], records: ["DOMAIN_LIST/DOMAIN"], skeleton: ["DOMAIN_LIST"])
}

extension Resource {
  /// Domains and the netblocks that belong to them: a name is unique in its network. Asset groups name them by their names. A list of the first API
  /// has no ids.
  package static let domains = Resource(
    "domains", kind: "domain", document: .domains,
    identity: Identity(id: "DOMAIN_ID", "DOMAIN_NAME", name: ["DOMAIN_NAME"], parent: "NETWORK/NETWORK_ID", names: .host),
    list: ListCall(.getOrPost, "/api/{version}/fo/asset/domain/", ["action": "list"]),
    creations: [
      Creation("/api/{version}/fo/asset/domain/", action: "create", name: "domain", parent: "network_id"),
      Creation("/msp/asset_domain.php", action: "add", name: "domain"),
    ],
    undoings: [.deletion(of: "/api/{version}/fo/asset/domain/", "create", id: "ids", takesSeveral: true)]
      + Undoing.person("/api/{version}/fo/asset/domain/", ["update"], "no answer says which netblocks it had before")
      + Undoing.person("/msp/asset_domain.php", ["add"], creates: true, "the first API deletes no domain, and answers without an id")
      + Undoing.person("/msp/asset_domain.php", ["edit"], "no answer says which netblocks it had before"),
    isReferable: false, references: [Reference("network", at: .element("NETWORK/NETWORK_ID"), isVital: true, constants: Reference.zero)],
    readers: ["qtbx-domains-to-urls"])

  /// The same by the first API, which says nothing of networks.
  static let domainsV1 = Resource(
    "domains-v1", document: .domains,
    list: ListCall(.get, "/msp/asset_domain_list.php", pageRecords: ["DOMAIN"], takesAnyRoot: true), readers: ["qtbx-domains-to-urls"])
}
