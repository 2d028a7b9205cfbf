extension Resource {
  /// Where passwords are kept.
  package static let vaults = Resource(
    "vaults", document: DocumentKind("list of vaults", roots: ["AUTH_VAULT_LIST_OUTPUT"], records: ["AUTH_VAULTS/AUTH_VAULT"]),
    list: ListCall(
      .getOrPost, "/api/{version}/fo/vault/", ["action": "list"], others: "title type modified orderby sortorder limit offset"))

  /// One vault with its settings.
  package static let vault = Resource(
    "vault", document: DocumentKind("settings of a vault", roots: [], records: []),
    list: ListCall(.getOrPost, "/api/{version}/fo/vault/", ["action": "view"], id: "id", needsID: true, takesAnyRoot: true))

  /// The types of authentication records that sources name, each an endpoint of its own.
  private static let types = [
    "apache", "azure_ms_sql", "bind", "cassandra", "cisco_apic", "datastax", "docker", "greenplum", "http", "ibm_db2", "ibm_websphere", "infoblox",
    "informixdb", "jboss", "kubernetes", "mariadb", "marklogic", "microsoft_sharepoint", "mongodb", "ms_exchange", "ms_iis", "ms_sql", "mysql",
    "neo4j", "network_ssh", "nginx", "nsx", "oracle", "oracle_http_server", "oracle_listener", "oracle_weblogic", "palo_alto_firewall",
    "postgresql", "sap_hana", "sapiq", "snmp", "sybase", "tomcat", "unix", "vcenter", "vmware", "windows",
  ]

  /// The ids of all authentication records. Those of each type stand in an element of its own: two pages of one type give two of them.
  package static let authentication = Resource(
    "auth",
    document: DocumentKind(
      "list of authentication records", roots: ["AUTH_RECORDS_OUTPUT"],
      records: types.flatMap { ["AUTH_RECORDS/AUTH_\($0.uppercased())_IDS", "AUTH_RECORDS/AUTH_\($0.uppercased())_RECORDS"] }),
    list: ListCall(
      .getOrPost, "/api/{version}/fo/auth/", versions: "3.0", ["action": "list"],
      others: "title comments ids id_min id_max status is_system_created", takesAnyRoot: true))

  /// The authentication records of each type.
  static let authenticationTypes = types.map { type in
    let element = "AUTH_" + type.uppercased()
    let path = "/api/{version}/fo/auth/\(type)/"
    return Resource(
      "auth-" + type.replacing("_", with: "-"),
      document: DocumentKind(
        "list of authentication records", roots: [element + "_LIST_OUTPUT"], records: ["\(element)_LIST/\(element)"], skeleton: [element + "_LIST"]),
      identity: Identity(id: "ID", name: ["TITLE"]),
      list: ListCall(
        .getOrPost, path, versions: "3.0", ["action": "list"],
        others: "details title comments ids id_min id_max status is_system_created"
          + (["oracle", "mongodb"].contains(type) ? " template_auth_id template_auth_name is_template" : "")),
      creations: [Creation(path, action: "create", name: "title")])
  }
}
