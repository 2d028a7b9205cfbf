/// A type of authentication record: what its call takes, and how its list shows it. The rules are those of the guides, U16 p. 185-286 and U12 p. 560-752;
/// of younger types those of the help pages of the service, and their lists show elements that are called like the parameters.
struct AuthenticationType: Sendable {
  /// A parameter, and the element that shows it.
  struct Field: Sendable {
    var parameter: String
    /// Below the record, `HOSTS/HOST`; nil for what no list shows.
    var element: String?
    var check: Check
    var isRequired = false
    /// It is never shown, and kept as a digest.
    var isSecret = false
    /// What is printed for a value, where that is another word.
    var words: [String: String] = [:]
    /// What is printed if nothing was sent.
    var standard: String?
  }

  /// How several records stand to one host.
  enum Sharing: Sendable {
    /// A host is in one record of the type.
    case never
    /// Of one host, these differ from record to record.
    case unlessEqual([String])
    /// Any number.
    case always
  }

  /// `ms_sql`
  var slug: String
  var fields: [Field]
  var combinations: [Combination] = []
  /// The types of vaults that it takes; nil if none, empty if any.
  var vaults: [String]?
  var needsHosts = true
  var sharing = Sharing.never
  /// A published list begins with these, in this order; others follow.
  var order: [String] = []

  /// Of records of application servers the guide says that comments have no tags.
  var forbidsTags: Bool { ["apache", "ms_iis", "ibm_websphere", "tomcat"].contains(slug) }

  static func plain(_ parameter: String, _ element: String? = nil, _ check: Check = .any, words: [String: String] = [:], standard: String? = nil)
    -> Field
  {
    Field(parameter: parameter, element: element, check: check, words: words, standard: standard)
  }

  static func needed(_ parameter: String, _ element: String? = nil, _ check: Check = .any) -> Field {
    Field(parameter: parameter, element: element, check: check, isRequired: true)
  }

  static func secret(_ parameter: String, required: Bool = false, _ check: Check = .any) -> Field {
    Field(parameter: parameter, element: nil, check: check, isRequired: required, isSecret: true)
  }

  static func flag(_ parameter: String, _ element: String, standard: String? = nil) -> Field {
    Field(parameter: parameter, element: element, check: .flag, standard: standard)
  }

  // MARK: Logins and vaults

  private static let user = needed("username", "USERNAME", .ascii(255))
  /// Of the lengths that editions of the manual have printed, the largest one: 31 or 13 were 100 later.
  private static let password = secret("password", .ascii(100))
  private static let login = [user, password]
  private static let unixVaults = [
    "BeyondTrust PBPS", "CA Access Control", "CyberArk AIM", "CyberArk PIM Suite", "Hitachi ID PAM", "Lieberman ERPM", "Quest Vault",
    "Thycotic Secret Server", "Wallix AdminBastion (WAB)",
  ]
  private static let databaseVaults = ["BeyondTrust PBPS", "CyberArk AIM", "CyberArk PIM Suite", "Quest Vault", "Thycotic Secret Server"]

  private static func name(of limit: Int, without characters: String) -> Check {
    .matching { text in
      if text.unicodeScalars.count > limit { return "longer than \(limit) characters" }
      return text.contains { characters.contains($0) } ? "a character that is not allowed" : nil
    }
  }

  /// What records with a login may say of a vault: U16 p. 282-286.
  static let vaultFields: [Field] = [
    // A slash at its end is taken, and not kept.
    plain(
      "folder", "VAULT_FOLDER",
      .matching { name(of: 169, without: "/:*?\"<>|\t").fault(of: $0.hasSuffix("/") ? String($0.dropLast()) : $0, Subscription()) }),
    plain("file", "VAULT_FILE", name(of: 165, without: "\\/:*?\"<>|\t")),
    plain("secret_name", "VAULT_SECRET_NAME", .ascii(256)), plain("system_name", "VAULT_SYSTEM_NAME"),
    plain("system_name_single_host", "VAULT_SYSTEM_NAME"), plain("account_name", "VAULT_ACCOUNT_NAME"), plain("end_point_name", "VAULT_EP_NAME"),
    plain("end_point_type", "VAULT_EP_TYPE"), plain("end_point_container", "VAULT_EP_CONT"),
    plain("system_type", "VAULT_NS_TYPE", .oneOf(["auto", "windows", "unix", "oracle", "mssq", "ldap", "cisco", "custom"])),
    plain("custom_system_type", "VAULT_NS_NAME"), plain("auto_discover_system_name", nil, .flag), plain("authorization_name"), plain("target_name"),
    plain("ak_secret_name"), plain("vault_service_type"),
  ]

  /// What each type of vault needs, and what else it takes.
  static let vaultNeeds: [String: (needs: [String], takes: [String])] = [
    "BeyondTrust PBPS": ([], ["system_name", "account_name"]),
    "CA Access Control": (["end_point_name", "end_point_type", "end_point_container"], []), "CyberArk AIM": (["folder", "file"], []),
    "CyberArk PIM Suite": (["folder", "file"], []), "Hitachi ID PAM": ([], []),
    "Lieberman ERPM": (["auto_discover_system_name", "system_type"], ["system_name_single_host", "custom_system_type"]),
    "Quest Vault": (["system_name"], []), "Thycotic Secret Server": (["secret_name"], []),
    "Wallix AdminBastion (WAB)": (["authorization_name", "target_name"], []), "HashiCorp": ([], []), "Azure Key": (["ak_secret_name"], []),
    "ARCON PAM": (["vault_service_type"], []), "CA PAM": ([], []),
  ]

  // MARK: The types

  private static let port = plain("port", "PORT", .integer(1...65535))
  private static let neededPort = needed("port", "PORT", .integer(1...65535))
  private static let hosts = plain("hosts", "HOSTS/HOST", .list(.any))
  /// What is printed as a word.
  private static let printed = ["1": "true", "0": "false"]

  static let all: [AuthenticationType] = hostTypes + databaseTypes + serverTypes + youngerTypes

  private static let hostTypes: [AuthenticationType] = [
    AuthenticationType(
      slug: "unix",
      fields: [
        plain("sub_type", nil, .oneOf(["cisco", "checkpoint_firewall"])), user, password, flag("skip_password", "SKIP_PASSWORD"),
        flag("cleartext_password", "CLEARTEXT_PASSWORD"), secret("enable_password", .ascii(31)), secret("expert_password", .ascii(31)),
        plain("target_type", "TARGET_TYPE", .oneOf(["A10", "HP_COMWARE", "CISCO_ASA_WITH_FIREPOWE", "auto"])),
        plain("port", "PORT", .list(.integer(1...65535))),
        flag("use_agentless_tracking", "USE_AGENTLESS_TRACKING"), plain("agentless_tracking_path", "AGENTLESS_TRACKING_PATH"),
        // Younger than the guides.
        flag("use_kerberos", "USE_KERBEROS"), plain("realm_discovery", "REALM_DISCOVERY"), plain("user_realm", "USER_REALM"), secret("krb5_password"),
      ],
      combinations: [
        .required(["password"], with: "cleartext_password", is: "1"), .required(["agentless_tracking_path"], with: "use_agentless_tracking", is: "1"),
        .only(["enable_password"], with: "sub_type", is: ["cisco"], standard: "unix"),
        .only(["expert_password"], with: "sub_type", is: ["checkpoint_firewall"], standard: "unix"),
        .only(["skip_password", "use_agentless_tracking", "agentless_tracking_path"], with: "sub_type", is: ["unix"], standard: "unix"),
      ], vaults: unixVaults),
    AuthenticationType(
      slug: "windows",
      fields: [
        needed("username", "USERNAME", .ascii(31)), password, flag("ntlm", "NTLM"), flag("ntlmv2", "NTLM_V2", standard: "1"),
        flag("kerberos", "KERBEROS", standard: "1"), plain("windows_domain", "WINDOWS_DOMAIN"),
        plain("windows_ad_domain", "WINDOWS_AD_DOMAIN", .emptyOr(.matching { $0.contains(".") ? nil : "not a fully qualified domain name" })),
        flag("use_agentless_tracking", "USE_AGENTLESS_TRACKING"),
        plain("minimum_smb_version", "MINIMUM_SMB_VERSION", .emptyOr(.oneOf(["1", "2.0.2", "2.1", "3.0", "3.0.2", "3.1.1"]))),
        flag("require_smb_signing", "REQUIRE_SMB_SIGNING", standard: "0"),
      ], combinations: [.exclusive(["windows_domain", "windows_ad_domain"]), .apart(["ips"], ["windows_ad_domain"])], vaults: unixVaults,
      needsHosts: false),
    AuthenticationType(
      slug: "snmp",
      fields: [
        plain("version", "VERSION", .oneOf(["v1", "v2c", "v3"]), words: ["v2c": "v2"], standard: "v1"), secret("community_strings"),
        plain("username", "USERNAME", .ascii(128)), secret("password", .text(128)),
        plain("auth_alg", "AUTH_ALG", .oneOf(["MD5", "SHA1", "SHA224", "SHA256", "SHA384", "SHA512"])), secret("encrypt_password", .text(128)),
        plain("priv_alg", "PRIV_ALG", .oneOf(["DES", "AES"])), plain("security_engine_id", "SEC_ENG", .text(128)),
        plain("context_engine_id", "CONTEXT_ENG", .text(128)), plain("context", "CONTEXT", .text(128)),
      ],
      combinations: [
        .only(["community_strings"], with: "version", is: ["v1", "v2c"], standard: "v1"),
        .only(
          ["username", "password", "auth_alg", "encrypt_password", "priv_alg", "security_engine_id", "context_engine_id", "context"], with: "version",
          is: ["v3"], standard: "v1"),
        .required(["password", "auth_alg"], with: "username", is: nil), .required(["username", "auth_alg"], with: "password", is: nil),
        .required(["username", "password"], with: "auth_alg", is: nil), .required(["priv_alg"], with: "encrypt_password", is: nil),
        .required(["encrypt_password"], with: "priv_alg", is: nil),
      ]),
    AuthenticationType(
      slug: "vmware",
      fields: [
        plain("username", "USERNAME", .ascii(255)), password, port, plain("ssl_verify", "SSL_VERIFY", .oneOf(["all", "skip", "none"])),
        plain("hosts", "HOSTS", .list(.any)), flag("is_disconnect", "IS_DISCONNECT"),
      ],
      combinations: [.only(["is_disconnect"], with: "login_type", is: ["vcenter"], standard: "basic")],
      vaults: [
        "BeyondTrust PBPS", "CA Access Control", "CyberArk AIM", "CyberArk PIM Suite", "Lieberman ERPM", "Quest Vault", "Thycotic Secret Server",
      ]),
    AuthenticationType(slug: "palo_alto_firewall", fields: login, vaults: databaseVaults),
  ]

  private static let sqlFields: [Field] = [
    needed("username", "USERNAME", .text(128)), secret("password", .text(128)), flag("ntlmv1", "NTLM_V1"), flag("ntlmv2", "NTLM_V2"),
    flag("kerberos", "KERBEROS"),
    plain("instance", "INSTANCE", .ascii(128), standard: "MSSQLSERVER"), flag("auto_discover_instances", "AUTO_DISCOVER_INSTANCES"),
    plain("database", "DATABASE", .text(128), standard: "master"),
    flag("auto_discover_databases", "AUTO_DISCOVER_DATABASES"), port, flag("auto_discover_ports", "AUTO_DISCOVER_PORTS"),
    flag("db_local", "DB_LOCAL", standard: "1"), plain("windows_domain", "WINDOWS_DOMAIN", .ascii(256)), plain("member_domain", "MEMBER_DOMAIN"),
    plain("auth_os_type", "AUTH_OS_TYPE", .oneOf(["unix", "windows"])), plain("mssql_unix_insta_path", "MSSQL_UNIX_INSTA_PATH"),
    plain("mssql_unix_conf_path", "MSSQL_UNIX_CONF_PATH"), plain("provider_name", "PROVIDER_NAME"), flag("use_ad_hashicorp", "USE_AD_HASHICORP"),
  ]
  private static let sqlCombinations: [Combination] =
    ["instance", "database", "port"].map { .exclusive([$0, "auto_discover_\($0)s"]) } + [
      // An instance and a database that are not said are MSSQLSERVER and master: U16 p. 219.
      .atLeastOne(["port", "auto_discover_ports"]),
      .required(["windows_domain"], with: "db_local", is: "0"), .only(["windows_domain"], with: "db_local", is: ["0"], standard: "1"),
      .exclusive(["ips", "member_domain"]), .atLeastOne(["ips", "member_domain"]),
    ]
  private static let mysqlFields: [Field] = [
    user, secret("password"), needed("database", "DATABASE"), neededPort, hosts,
    plain("ssl_verify", "SSL_VERIFY", .flag, words: printed, standard: "false"), plain("windows_config_file", "WINDOWS_CONF_FILE", standard: ""),
    plain("unix_config_file", "UNIX_CONF_FILE", standard: ""), secret("client_cert"), secret("client_key"),
  ]
  private static let windowsPaths = [
    "win_ora_home_name", "win_ora_home_path", "win_init_ora_path", "win_spfile_ora_path", "win_listener_ora_path", "win_sqlnet_ora_path",
    "win_tnsnames_ora_path",
  ]
  private static let unixPaths = [
    "unix_ora_home_path", "unix_init_ora_path", "unix_spfile_ora_path", "unix_listener_ora_path", "unix_sqlnet_ora_path", "unix_tnsnames_ora_path",
  ]
  private static let oracleFields: [Field] =
    [
      needed("username", "USERNAME", .ascii(31)), secret("password", .ascii(31)), plain("sid", "SID"), plain("servicename", "SERVICENAME", .text(30)),
      port,
      flag("pc_only", "PC_ONLY"), flag("perform_windows_os_checks", "WINDOWS_OS_CHECKS", standard: "0"),
    ]
    + windowsPaths.map { path in
      plain(path, "WINDOWS_OS_OPTIONS/" + (path == "win_ora_home_name" ? "WIN_ORA_HOME" : path.uppercased()))
    } + [
      flag("perform_unix_opatch_checks", "UNIX_OPATCH_CHECKS", standard: "0"), flag("perform_unix_os_checks", "UNIX_OS_CHECKS", standard: "0"),
    ] + unixPaths.map { plain($0, "UNIX_OS_OPTIONS/" + $0.uppercased()) } + [
      plain("unix_invptrloc", "UNIX_OS_OPTIONS/UNIX_INVPTRLOC_PATH"), flag("is_cdb", "IS_CDB"), flag("is_template", "IS_TEMPLATE"), secret("cwallet"),
      secret("ewallet"), secret("passphrase"),
    ]
  private static let sqlVaults = [
    "BeyondTrust PBPS", "CA Access Control", "CyberArk AIM", "CyberArk PIM Suite", "Hitachi ID PAM", "Lieberman ERPM", "Quest Vault",
    "Thycotic Secret Server",
  ]

  private static let databaseTypes: [AuthenticationType] = [
    AuthenticationType(
      slug: "oracle", fields: oracleFields,
      combinations: [
        .exclusive(["sid", "servicename"]), .atLeastOne(["sid", "servicename"]), .required(windowsPaths, with: "perform_windows_os_checks", is: "1"),
        .only(windowsPaths, with: "perform_windows_os_checks", is: ["1"], standard: "0"),
        .required(unixPaths, with: "perform_unix_os_checks", is: "1"),
        .required(unixPaths, with: "perform_unix_opatch_checks", is: "1"),
        .needs(unixPaths, anyOf: ["perform_unix_os_checks", "perform_unix_opatch_checks"]),
        .only(["unix_invptrloc"], with: "perform_unix_opatch_checks", is: ["1"], standard: "0"),
      ], vaults: sqlVaults, sharing: .unlessEqual(["PORT", "PC_ONLY"])),
    AuthenticationType(slug: "oracle_listener", fields: [secret("password", required: true, .ascii(31))], sharing: .always),
    AuthenticationType(
      slug: "ms_sql", fields: sqlFields, combinations: sqlCombinations, vaults: sqlVaults, needsHosts: false,
      sharing: .unlessEqual(["INSTANCE", "DATABASE", "PORT", "USERNAME", "AUTO_DISCOVER_INSTANCES", "AUTO_DISCOVER_DATABASES", "AUTO_DISCOVER_PORTS"])
    ),
    AuthenticationType(
      slug: "mysql", fields: mysqlFields, combinations: [.atLeastOne(["windows_config_file", "unix_config_file"])], vaults: databaseVaults),
    AuthenticationType(
      slug: "mariadb", fields: mysqlFields, combinations: [.atLeastOne(["windows_config_file", "unix_config_file"])], vaults: databaseVaults),
    AuthenticationType(
      slug: "postgresql",
      fields: [
        user, password, needed("pgsql_db_name", "DATABASE"), port, flag("ssl_verify", "SSL_VERIFY", standard: "0"), hosts,
        plain("pgsql_unix_conf_path", "UNIX_CONF_FILE"), plain("pgsql_win_conf_path", "WINDOWS_CONF_FILE"), plain("resource_id", "RESOURCE_ID"),
        plain("client_key_type", nil, .oneOf(["basic", "vault"])), secret("client_key"), plain("client_key_vault_type"), plain("client_key_vault_id"),
        plain("client_key_folder"), plain("client_key_file"), plain("client_key_secret_name"),
        plain("passphrase_type", nil, .oneOf(["basic", "vault"])),
        secret("passphrase"), plain("passphrase_vault_type"), plain("passphrase_vault_id"), plain("passphrase_username"), plain("passphrase_folder"),
        plain("passphrase_file"), plain("passphrase_secret_name"), plain("passphrase_system_name"), plain("passphrase_end_point_name"),
        plain("passphrase_end_point_type"), plain("passphrase_end_point_container"), secret("client_cert"),
      ],
      combinations: [
        .atLeastOne(["pgsql_unix_conf_path", "pgsql_win_conf_path"]), .required(["hosts"], with: "ssl_verify", is: "1"),
        .required(["client_key_vault_type", "client_key_vault_id"], with: "client_key_type", is: "vault"),
        .required(["client_key"], with: "client_key_type", is: "basic"),
        .required(["passphrase_vault_type", "passphrase_vault_id"], with: "passphrase_type", is: "vault"),
      ], vaults: ["CA Access Control", "CyberArk AIM", "CyberArk PIM Suite", "Hitachi ID PAM", "Quest Vault", "Thycotic Secret Server"]),
    AuthenticationType(
      slug: "mongodb",
      fields: [
        plain("username", "USERNAME", .ascii(100)), password, needed("database_name", "DATABASE", .ascii(255)), neededPort,
        needed("unix_conf_path", "UNIX_CONFIGURATION_FILE", .ascii(255)), flag("ssl_verify", "SSL_VERIFY"), hosts, plain("private_key_vault_id"),
        plain("passphrase_vault_id"), secret("private_key"), secret("passphrase", .ascii(255)), secret("certificate"),
        plain("credential_type", "CREDENTIAL_TYPE", .oneOf(["local", "external"])), flag("cleartext", "CLEARTEXT"),
        flag("is_template", "IS_TEMPLATE"),
      ], combinations: [.required(["hosts"], with: "ssl_verify", is: "1")],
      vaults: ["BeyondTrust PBPS", "CA Access Control", "CyberArk AIM", "CyberArk PIM Suite", "Quest Vault", "Thycotic Secret Server"]),
    AuthenticationType(
      slug: "sybase",
      fields: [
        user, password, plain("database", "DATABASE"), neededPort, plain("installation_dir", "INSTALLATION_DIR"),
        flag("auto_discover_databases", "AUTO_DISCOVER_DATABASES"), flag("password_encryption", "PASSWORD_ENCRYPTION"),
      ], combinations: [.exclusive(["database", "auto_discover_databases"]), .atLeastOne(["database", "auto_discover_databases"])],
      vaults: ["CyberArk AIM", "CyberArk PIM Suite", "Lieberman ERPM", "Quest Vault", "Thycotic Secret Server"]),
    AuthenticationType(
      slug: "ibm_db2",
      fields: [
        needed("username", "USERNAME", .ascii(13)), password, needed("database", "DATABASE", .ascii(8)), neededPort,
        flag("pc_only", "PC_ONLY"),
      ]
        + ["win", "unix"].flatMap { system in
          ["db2dir", "prilogfile", "seclogfile", "terlogfile", "mirlogfile"].map { path in
            plain(
              "\(system)_\(path)", nil,
              // U16 p. 203.
              name(of: 255, without: ";&|#%?!*`()[]\"'><=^" + (system == "win" ? "/" : "\\")))
          }
        }, vaults: ["CA Access Control", "CyberArk AIM", "CyberArk PIM Suite", "Lieberman ERPM", "Quest Vault", "Thycotic Secret Server"],
      sharing: .unlessEqual(["PORT", "DATABASE"])),
  ]

  private static let serverTypes: [AuthenticationType] = [
    AuthenticationType(
      slug: "http",
      fields: [
        user, secret("password", required: true, .ascii(100)), plain("realm", "REALM"), plain("vhost", "VHOST"), flag("ssl", "SSL", standard: "0"),
      ],
      combinations: [.exclusive(["realm", "vhost"]), .atLeastOne(["realm", "vhost"])], needsHosts: false, sharing: .always),
    AuthenticationType(
      slug: "docker", fields: [plain("docker_deamon_conf_file", "DAEMON_CONFIGURATION_FILE"), plain("docker_command", "DOCKER_COMMAND")]),
    AuthenticationType(
      slug: "apache",
      fields: [
        plain("unix_apache_config_file", "UNIX_CONFIGURATION_FILE"), plain("unix_apache_control_command", "UNIX_CONTROL_COMMAND"),
        plain("windows_apache_config_file", "WINDOWS_CONFIGURATION_FILE"), plain("windows_apache_control_command", "WINDOWS_CONTROL_COMMAND"),
        flag("status", "STATUS"),
      ],
      combinations: [
        .atLeastOne(["unix_apache_config_file", "windows_apache_config_file"]),
        .required(["unix_apache_control_command"], with: "unix_apache_config_file", is: nil),
        .required(["unix_apache_config_file"], with: "unix_apache_control_command", is: nil),
        .required(["windows_apache_control_command"], with: "windows_apache_config_file", is: nil),
        .required(["windows_apache_config_file"], with: "windows_apache_control_command", is: nil),
      ]),
    AuthenticationType(slug: "ms_iis", fields: []),
    AuthenticationType(slug: "ibm_websphere", fields: [needed("unix_install_dir", "UNIX_INSTLLATION_DIRECTORY")]),
    AuthenticationType(
      slug: "tomcat",
      fields: [
        plain("installation_path", "INSTALLATION_PATH"), plain("instance_path", "INSTANCE_PATH"),
        flag("auto_discover_instances", "AUTO_DISCOVER_INSTANCES"),
        plain("installation_path_windows", "INSTALLATION_PATH_WINDOWS"), plain("instance_path_windows", "INSTANCE_PATH_WINDOWS"),
        plain("service_name", "SERVICE_NAME"), flag("status", "STATUS"),
      ], combinations: [.atLeastOne(["installation_path", "installation_path_windows"])]),
    AuthenticationType(
      slug: "oracle_weblogic",
      fields: [needed("installation_path", "INSTALLATION_PATH"), flag("auto_discover", "AUTO_DISCOVER", standard: "1"), plain("domain", "DOMAIN")],
      combinations: [.required(["domain"], with: "auto_discover", is: "0"), .only(["domain"], with: "auto_discover", is: ["0"], standard: "1")]),
    AuthenticationType(
      slug: "jboss",
      fields: ["windows", "unix"].flatMap { system -> [Field] in
        let mode = "\(system)_working_mode"
        return [
          Field(
            parameter: mode, element: "\(system.uppercased())/DOMAIN_MODE", check: .oneOf(["standalone_mode", "domain_controller_mode"]),
            words: ["standalone_mode": "false", "domain_controller_mode": "true"])
        ]
          + ["home_path", "base_path", "conf_dir_path", "conf_file_path", "conf_host_file_path"].map {
            plain("\(system)_\($0)", "\(system.uppercased())/\($0.uppercased())")
          }
      } + [plain("comment", "COMMENTS", .text(1999))],
      combinations: ["windows", "unix"].flatMap { system -> [Combination] in
        let paths = ["home_path", "base_path", "conf_dir_path", "conf_file_path"].map { "\(system)_\($0)" }
        return [
          .required(paths, with: "\(system)_working_mode", is: nil),
          .required(["\(system)_conf_host_file_path"], with: "\(system)_working_mode", is: "domain_controller_mode"),
          .needs(paths + ["\(system)_conf_host_file_path"], anyOf: ["\(system)_working_mode"]),
        ]
      } + [.atLeastOne(["windows_working_mode", "unix_working_mode"])]),
  ]

  // MARK: Younger than the guides

  private static func younger(_ slug: String, _ fields: [Field], _ combinations: [Combination] = [], vaults: [String]? = [], login: Bool = true)
    -> AuthenticationType
  {
    AuthenticationType(
      slug: slug, fields: (login ? [needed("username", "USERNAME"), secret("password")] : []) + fields, combinations: combinations,
      vaults: login ? vaults : nil)
  }

  private static func same(_ parameter: String, _ check: Check = .any, required: Bool = false) -> Field {
    Field(parameter: parameter, element: parameter.uppercased(), check: check, isRequired: required)
  }

  private static let clusterFields: [Field] = [
    plain("username", "USERNAME"), secret("password"), same("port"), same("ssl_verify_with_host", .flag), hosts, same("require_cert", .flag),
    secret("certificate"), secret("private_key"), secret("passphrase"), same("confpath"), same("basepath"), same("cleartext", .flag),
    plain("use_vault_passphrase"), plain("pp_vault_type"), plain("pp_vault_record"),
  ]
  private static let clusterCombinations: [Combination] = [
    .atLeastOne(["login_type"]), .required(["hosts"], with: "ssl_verify_with_host", is: "1"),
    .required(["certificate", "private_key"], with: "require_cert", is: "1"),
  ]

  private static let youngerTypes: [AuthenticationType] = [
    younger(
      "network_ssh",
      [
        secret("password2"), same("port"), same("target_type", .oneOf(["A10", "HP_COMWARE", "CISCO_ASA_WITH_FIREPOWE", "Auto"])),
        same("cleartext_password", .flag),
      ]), younger("vcenter", []),
    younger(
      "nsx", [same("port"), hosts, same("ssl_verify_with_host", .flag), same("use_ad_hashicorp", .flag)],
      [.required(["hosts"], with: "ssl_verify_with_host", is: "1")]),
    younger("infoblox", [same("api_version", required: true), same("ssl_verify", .flag, required: true)]), younger("cisco_apic", []),
    AuthenticationType(
      slug: "azure_ms_sql", fields: sqlFields, combinations: sqlCombinations, vaults: [], needsHosts: false,
      sharing: .unlessEqual(["INSTANCE", "DATABASE", "PORT", "USERNAME"])),
    younger(
      "greenplum",
      [
        needed("greenplum_db_name", "DATABASE"), needed("greenplum_unix_conf_file", "UNIX_CONF_FILE"), port, flag("ssl_verify", "SSL_VERIFY"), hosts,
      ], [.required(["hosts"], with: "ssl_verify", is: "1")]),
    younger(
      "sapiq",
      [
        same("database", required: true), same("port", required: true), same("installation_dir"), same("password_encryption", .flag),
        same("resource_id"),
      ]), younger("informixdb", [same("ssl_verify", .flag), hosts]), younger("neo4j", [same("database"), same("port", required: true)]),
    younger(
      "sap_hana",
      [same("database", required: true), same("port", required: true), same("unix_conf_path"), same("ssl_verify", .flag), hosts],
      [.required(["hosts"], with: "ssl_verify", is: "1")]),
    AuthenticationType(slug: "cassandra", fields: clusterFields, combinations: clusterCombinations, vaults: []),
    AuthenticationType(slug: "datastax", fields: clusterFields, combinations: clusterCombinations, vaults: []), younger("marklogic", []),
    younger(
      "nginx", ["unix_base_path", "unix_bin_path", "unix_conf_path", "unix_prefix_path"].map { same($0) }, login: false),
    younger("ms_exchange", [], login: false), younger("kubernetes", [same("unix_bin_path"), same("unix_conf_path")], login: false),
    younger(
      "microsoft_sharepoint",
      [
        same("db_local", .flag), same("windows_domain", .ascii(256)), same("kerberos", .flag), flag("ntlmv2", "NTLM_V2"), flag("ntlmv1", "NTLM_V1"),
      ], [.required(["windows_domain"], with: "db_local", is: "0"), .only(["windows_domain"], with: "db_local", is: ["0"], standard: "1")]),
    younger("bind", [], login: false), younger("oracle_http_server", [], login: false),
  ]
}
