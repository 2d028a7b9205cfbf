extension Resource {
  /// Domains and the netblocks that belong to them.
  package static let domains = Resource(
    "domains", document: DocumentKind("list of domains", roots: ["DOMAIN_LIST", "DOMAIN_LIST_OUTPUT"], records: ["DOMAIN_LIST/DOMAIN"]),
    list: ListCall(.getOrPost, "/api/{version}/fo/asset/domain/", ["action": "list"]))

  /// The same by the first API, whose root element is not confirmed.
  package static let domainsV1 = Resource(
    "domains-v1", document: DocumentKind("list of domains of the first API", roots: [], records: ["DOMAIN"]),
    list: ListCall(.get, "/msp/asset_domain_list.php", takesAnyRoot: true))
}
