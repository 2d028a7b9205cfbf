extension Resource {
  /// Where passwords are kept. A list has no settings: those of each vault are a document of their own.
  package static let vaults = Resource(
    "vaults", kind: "vault",
    document: DocumentKind(
      "list of vaults", roots: ["AUTH_VAULT_LIST_OUTPUT"], records: ["AUTH_VAULTS/AUTH_VAULT"], skeleton: ["AUTH_VAULTS", "STATUS", "COUNT"]),
    identity: Identity(id: "ID", name: ["TITLE"]),
    list: ListCall(
      .getOrPost, "/api/{version}/fo/vault/", ["action": "list"], others: "title type modified orderby sortorder limit offset"),
    creations: [Creation("/api/{version}/fo/vault/", action: "create", name: "title")],
    // U16 p. 293. The answer has no id.
    undoings: [.deletion(of: "/api/{version}/fo/vault/", "create")], isMoved: true)

  /// One vault with its settings, and without its secrets. The published grammar and its description disagree about the root.
  package static let vault = Resource(
    "vault", kind: "vault",
    document: DocumentKind("document of a vault", roots: ["VAULT_OUTPUT", "AUTH_VAULT_OUTPUT"], records: ["RESPONSE/VAULT_QUEST"]),
    identity: Identity(id: "ID", name: ["TITLE"]),
    list: ListCall(.getOrPost, "/api/{version}/fo/vault/", ["action": "view"], id: "id", needsID: true, pageRecords: []),
    isReferable: false, readers: ["qtbx-vaults-to-urls"])

  /// The types of authentication records that sources name, each an endpoint of its own, and what people call them.
  private static let namedTypes = [
    ("apache", "Apache"), ("azure_ms_sql", "Azure MS SQL"), ("bind", "BIND"), ("cassandra", "Cassandra"), ("cisco_apic", "Cisco APIC"),
    ("datastax", "DataStax"), ("docker", "Docker"), ("greenplum", "Greenplum"), ("http", "HTTP"), ("ibm_db2", "IBM DB2"),
    ("ibm_websphere", "IBM WebSphere"), ("infoblox", "Infoblox"), ("informixdb", "InformixDB"), ("jboss", "JBoss"), ("kubernetes", "Kubernetes"),
    ("mariadb", "MariaDB"), ("marklogic", "MarkLogic"), ("microsoft_sharepoint", "Microsoft SharePoint"), ("mongodb", "MongoDB"),
    ("ms_exchange", "MS Exchange"), ("ms_iis", "MS IIS"), ("ms_sql", "MS SQL"), ("mysql", "MySQL"), ("neo4j", "Neo4j"),
    ("network_ssh", "Network SSH"), ("nginx", "NGINX"), ("nsx", "NSX"), ("oracle", "Oracle"), ("oracle_http_server", "Oracle HTTP Server"),
    ("oracle_listener", "Oracle Listener"), ("oracle_weblogic", "Oracle WebLogic"), ("palo_alto_firewall", "Palo Alto Firewall"),
    ("postgresql", "PostgreSQL"), ("sap_hana", "SAP HANA"), ("sapiq", "SAP IQ"), ("snmp", "SNMP"), ("sybase", "Sybase"), ("tomcat", "Tomcat"),
    ("unix", "Unix"), ("vcenter", "vCenter"), ("vmware", "VMware"), ("windows", "Windows"),
  ]

  private static let types = namedTypes.map { type, _ in type }

  /// `Unix record` by `auth-unix`.
  static let authenticationNouns = Dictionary(uniqueKeysWithValues: namedTypes.map { ("auth-" + $0.replacing("_", with: "-"), $1 + " record") })

  /// Younger than the guides: no list of them is published.
  private static let unconfirmed: Set<String> = [
    "azure_ms_sql", "bind", "cassandra", "cisco_apic", "datastax", "greenplum", "infoblox", "informixdb", "kubernetes", "marklogic",
    "microsoft_sharepoint", "ms_exchange", "neo4j", "network_ssh", "nginx", "nsx", "oracle_http_server", "sap_hana", "sapiq", "vcenter",
  ]

  /// What its elements are called is not confirmed by a published list.
  package var isUnconfirmed: Bool { kind.hasPrefix("auth-") && Self.unconfirmed.contains(String(kind.dropFirst(5)).replacing("-", with: "_")) }

  /// Types that log in by the records of others for the same hosts.
  private static let leaning: Set<String> = [
    "apache", "bind", "docker", "ibm_websphere", "informixdb", "jboss", "kubernetes", "mongodb", "ms_exchange", "ms_iis", "nginx",
    "oracle_http_server", "oracle_weblogic", "tomcat",
  ]

  /// The ids of all authentication records, and what records of any type name. The ids of each type stand in an element of its own: two pages of one
  /// type give two of them.
  package static let authentication = Resource(
    "auth",
    document: DocumentKind(
      "list of the ids of authentication records", roots: ["AUTH_RECORDS_OUTPUT"],
      records: types.flatMap { ["AUTH_RECORDS/AUTH_\($0.uppercased())_IDS", "AUTH_RECORDS/AUTH_\($0.uppercased())_RECORDS"] }, listsWarnings: true),
    list: ListCall(
      .getOrPost, "/api/{version}/fo/auth/", versions: "3.0", ["action": "list"],
      others: "title comments ids id_min id_max status is_system_created", takesAnyRoot: true),
    // Of every type: U16 p. 188. A batch says the ids of several as ranges, and takes them so.
    undoings: types.map { .deletion(of: "/api/{version}/fo/auth/\($0)/", "create", id: "ids", takesSeveral: true) }
      + types.flatMap { Undoing.person("/api/{version}/fo/auth/\($0)/", ["update"], Undoing.unknownBefore) },
    isReferable: false,
    references: [
      Reference("network", at: .child("NETWORK_ID"), isVital: true, constants: Reference.zero),
      Reference("vault", at: .element("DIGITAL_VAULT/DIGITAL_VAULT_ID")),
    ], follows: ["address"], isMoved: true)

  /// The authentication records of each type.
  package static let authenticationTypes = types.map { type in
    let element = "AUTH_" + type.uppercased()
    let path = "/api/{version}/fo/auth/\(type)/"
    return Resource(
      "auth-" + type.replacing("_", with: "-"), kind: "auth-" + type.replacing("_", with: "-"),
      document: DocumentKind(
        "list of authentication records", roots: [element + "_LIST_OUTPUT"], records: ["\(element)_LIST/\(element)"], skeleton: [element + "_LIST"],
        listsWarnings: true),
      // A title is one record's of its type.
      identity: Identity(id: "ID", name: ["TITLE"], parent: "."),
      list: ListCall(
        .getOrPost, path, versions: "3.0", type == "apache" ? ["action": "list", "is_system_created": "0"] : ["action": "list"],
        others: "details title comments ids id_min id_max status" + (type == "apache" ? "" : " is_system_created")
          + (["oracle", "mongodb"].contains(type) ? " template_auth_id template_auth_name is_template" : "")),
      creations: [Creation(path, action: "create", name: "title", below: element)], isReferable: false,
      follows: ["network", "address", "vault"] + (leaning.contains(type) ? ["auth-unix", "auth-windows"] : []), isMoved: false,
      readers: ["qtbx-auth-to-urls"])
  }
}
