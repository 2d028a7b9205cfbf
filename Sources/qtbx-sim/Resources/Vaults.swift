import Base
import Catalog
import Markup

/// Vaults: U16 p. 287-297, the elements U12 p. 753-756. No answer has a secret: of each that arrives, its digest is kept for a test.
///
/// What the guides do not say, and is rehearsed here: a setting of another type of vault is refused, and the port of a list is shown if it was sent or
/// has a default. HashiCorp, Azure Key, ARCON PAM and CA PAM are younger: they take what is known of them, and show nothing that is not in the grammar.
extension RehearsedResource {
  static let vaults: RehearsedResource = RehearsedResource(
    .vaults, roots: ["VAULT_OUTPUT", "AUTH_VAULT_OUTPUT", "AUTH_VAULT_LIST_OUTPUT"], records: ["RESPONSE/VAULT_QUEST"],
    endpoints: ["/api/*/fo/vault/", "/api/*/fo/vault/index.php"].map { Endpoint(path: $0, actions: vaultActions) },
    saved: { records in
      let opening = "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<VAULT_OUTPUT>\n  <RESPONSE>\n    <DATETIME>\(Document.now())</DATETIME>\n"
      var xml = Array(opening.utf8)
      for record in records { xml += Array("    ".utf8) + record.xml + ["\n"] }
      return xml + Array("  </RESPONSE>\n</VAULT_OUTPUT>\n".utf8)
    })

  /// What a test asks for: the digest of each secret that has arrived, and its name, as `sha256sum` writes them.
  static let secrets = RehearsedResource(
    pages: "secrets",
    endpoints: [
      Endpoint(path: "/rehearsal/secrets") { _, subscription throws(Refusal) in
        let lines = subscription.secrets.sorted { $0.key < $1.key }.map { "\($0.value)  \($0.key)\n" }
        return Answer(Array(lines.joined().utf8), contentType: "text/plain; charset=UTF-8")
      },
      // Which parameters it takes to create a record of each type.
      Endpoint(path: "/rehearsal/authentication-parameters") { _, _ throws(Refusal) in
        let lines = AuthenticationType.all.flatMap { type in
          type.fields.map { "\(type.slug)\t\($0.parameter)\t\($0.isSecret ? "secret" : $0.isRequired ? "required" : "optional")\n" }
        }
        return Answer(Array(lines.joined().utf8), contentType: "text/plain; charset=UTF-8")
      },
    ])

  // MARK: Rules

  /// A type of vault, with the parameters that it takes.
  private struct VaultType: Sendable {
    var name: String
    var required: [String]
    var optional: [String] = []
    /// One of them, and not more.
    var either: [String] = []
    /// Both or none.
    var pairs: [[String]] = []
  }

  private static let vaultTypes: [VaultType] = [
    VaultType(
      name: "BeyondTrust PBPS", required: ["appkey", "url", "username"],
      optional: ["ssl_verify", "password", "cert", "private_key", "private_key_pwd"],
      pairs: [["cert", "private_key"]]),
    VaultType(
      name: "CA Access Control", required: ["ca_url", "ca_api_username", "ca_ssl_verify"], optional: ["ca_web_username", "ca_web_password"]),
    VaultType(
      name: "CyberArk AIM", required: ["appid", "safe", "url", "ssl_verify"], optional: ["cert", "private_key", "private_key_pwd"],
      pairs: [["cert", "private_key"]]),
    VaultType(name: "CyberArk PIM Suite", required: ["server_address", "safe", "username", "password"], optional: ["port"]),
    VaultType(name: "Hitachi ID PAM", required: ["url", "username", "password", "ssl_verify"]),
    VaultType(name: "Lieberman ERPM", required: ["url", "username", "password", "ssl_verify"], optional: ["domain"]),
    VaultType(name: "Quest Vault", required: ["server_address", "username", "access_key"], optional: ["port"]),
    VaultType(name: "Thycotic Secret Server", required: ["url", "username", "password"], optional: ["domain"]),
    VaultType(name: "Wallix AdminBastion (WAB)", required: ["url", "username"], optional: ["ssl_verify"], either: ["password", "appkey"]),
    VaultType(
      name: "HashiCorp", required: ["url", "auth_type"],
      optional: [
        "api_version", "ssl_verify", "path", "username", "password", "role_name", "private_key", "cert", "passphrase", "role_id", "secret_id",
      ]),
    VaultType(
      name: "Azure Key", required: ["app_id"], optional: ["url", "ssl_verify", "username", "password", "cert", "private_key", "app_key"]),
    VaultType(name: "ARCON PAM", required: ["vault_service_type"], optional: ["url", "ssl_verify", "username", "password"]),
    VaultType(name: "CA PAM", required: [], optional: ["url", "ssl_verify", "username", "password"]),
  ]

  private static let vaultSecrets: Set<String> = [
    "appkey", "password", "cert", "private_key", "private_key_pwd", "access_key", "ca_web_password", "passphrase", "secret_id", "app_key",
  ]

  /// A text without certain characters, and not longer than that.
  private static func name(_ limit: Int, without characters: String) -> Check {
    .matching { text in
      if text.utf8.count > limit { return "longer than \(limit) bytes" }
      return text.contains { characters.contains($0) } ? "a character that is not allowed" : nil
    }
  }

  private static let address = Check.matching { text in
    let lowered = text.lowercased()
    return (lowered.hasPrefix("http://") && lowered.utf8.count > 7) || (lowered.hasPrefix("https://") && lowered.utf8.count > 8)
      ? nil : "not an HTTP or HTTPS URL"
  }

  private static let vaultChecks: [String: Check] = [
    "url": address, "ca_url": address, "ssl_verify": .flag,
    "ca_ssl_verify": .flag, "appid": name(128, without: "\\/:*?\"<>|\t\r\n\u{1F}"), "safe": name(28, without: "\\/:*?\"<>|\t\r\n\u{1F}"),
    "server_address": .addresses, "port": .integer(1...65535), "domain": .text(128), "auth_type": .oneOf(["userpass", "cert", "approle"]),
  ]

  private static let vaultActions: [Action] = [
    Action(
      name: "list", methods: ["GET", "POST"],
      rules: [
        Rule("title"), Rule("type", .optional, .oneOf(vaultTypes.map(\.name))), Rule("modified"),
        Rule("orderby", .optional, .oneOf(["id", "title", "system_name", "last_modified", "last_modified_by"])),
        Rule("sortorder", .optional, .oneOf(["asc", "desc"])), Rule("limit", .optional, .integer(0...Check.largestID)),
        Rule("offset", .optional, .integer(0...Check.largestID)),
      ], combinations: [.required(["offset"], with: "limit", is: nil), .required(["limit"], with: "offset", is: nil)]
    ) { call, subscription throws(Refusal) in
      var records = subscription[.vaults].all.map { Element($0.xml) }
      if let title = call["title"] { records = records.filter { $0.value("TITLE").contains(title) } }
      if let type = call["type"] { records = records.filter { $0.value("VAULT_TYPE") == type } }
      if call["orderby"] == "title" { records.sort { $0.value("TITLE") < $1.value("TITLE") } }
      if call["sortorder"] == "desc" { records.reverse() }
      let count = records.count
      let limit = call["limit"].flatMap { Int($0) } ?? 1000
      records = Array(records.dropFirst(max(1, call["offset"].flatMap { Int($0) } ?? 1) - 1).prefix(limit == 0 ? records.count : limit))
      let rows = records.map { vault in
        var row = Element("AUTH_VAULT", children: [Element("TITLE", vault.text("TITLE"), cdata: true)])
        row.children.append(Element("VAULT_TYPE", vault.text("VAULT_TYPE"), cdata: true))
        row.children += ["LAST_MODIFIED", "SERVER_ADDRESS", "ID"].compactMap { vault.child($0) }
        return row.xml(level: 3)
      }
      let behind = "<STATUS>Success</STATUS>\n    <COUNT>\(count)</COUNT>\n"
      var answer = Document.list(root: "AUTH_VAULT_LIST_OUTPUT", dtd: "vault_output.dtd", wrapper: "AUTH_VAULTS", records: rows, for: call)
      if let at = answer.body.firstRange(of: Array("</DATETIME>\n".utf8))?.upperBound {
        answer.body.insert(contentsOf: Array("    \(behind)".utf8) + (rows.isEmpty ? Array("    <AUTH_VAULTS/>\n".utf8) : []), at: at)
      }
      return answer
    },
    Action(name: "view", methods: ["GET", "POST"], rules: [Rule("id", .required, .existing(.vaults, noun: "vault ID"))]) {
      call, subscription throws(Refusal) in
      guard let vault = call["id"].flatMap({ Int($0) }).flatMap({ subscription[.vaults][$0] }) else {
        throw Refusal.invalid("id", call["id"] ?? "", "No such vault ID")
      }
      var xml = Array("<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<!DOCTYPE VAULT_OUTPUT SYSTEM \"\(Document.host)".utf8)
      xml +=
        "/api/2.0/fo/vault/vault_view.dtd\">\n<VAULT_OUTPUT>\n\(Document.echo(call))  <RESPONSE>\n    <DATETIME>\(Document.now())</DATETIME>\n    "
        .utf8
      return Answer(xml + vault.xml + Array("\n  </RESPONSE>\n</VAULT_OUTPUT>\n".utf8))
    },
    Action(
      name: "create",
      rules: [Rule("title", .required), Rule("type", .required, .oneOf(vaultTypes.map(\.name))), Rule("comments")]
        + Set(vaultTypes.flatMap { $0.required + $0.optional + $0.either }).sorted().map { Rule($0, .optional, vaultChecks[$0] ?? .any) }
    ) { call, subscription throws(Refusal) in try createVault(call, &subscription) },
    Action(name: "delete", rules: [Rule("id", .required, .existing(.vaults, noun: "vault ID"))]) { call, subscription throws(Refusal) in
      guard let id = call["id"].flatMap({ Int($0) }), subscription[.vaults][id] != nil else {
        throw Refusal.invalid("id", call["id"] ?? "", "No such vault ID")
      }
      try Usage.check(vault: id, subscription)
      subscription[.vaults].remove(id)
      return Answer(Document.simpleReturn("Success", items: [("Status", "Deleted")], for: call))
    },
  ]

  private static func createVault(_ call: Call, _ subscription: inout Subscription) throws(Refusal) -> Answer {
    guard let type = vaultTypes.first(where: { $0.name == call["type"] }) else {
      throw Refusal.invalid("type", call["type"] ?? "", "no type of vault")
    }
    let known = Set(type.required + type.optional + type.either + ["title", "type", "comments", "action", "echo_request"])
    let odd = call.order.filter { !known.contains($0) }
    if !odd.isEmpty { throw Refusal.unsupported(["type"] + odd.filter { !vaultSecrets.contains($0) }, call) }
    let missing = type.required.filter { (call[$0] ?? "").trimmed.isEmpty }
    if !missing.isEmpty { throw Refusal.missing(missing) }
    if !type.either.isEmpty {
      let given = type.either.filter { call[$0] != nil }
      if given.isEmpty { throw Refusal.atLeastOne(type.either) }
      if given.count > 1 { throw Refusal.tooMany(type.either) }
    }
    for pair in type.pairs where pair.contains(where: { call[$0] != nil }) {
      let missing = pair.filter { call[$0] == nil }
      if !missing.isEmpty { throw Refusal.missing(missing) }
    }
    if type.name == "CyberArk PIM Suite", let port = call["port"].flatMap({ Int($0) }), port < 1025 {
      throw Refusal.invalid("port", call["port"] ?? "", "1025 to 65535")
    }
    if type.name == "BeyondTrust PBPS", call["username"]?.contains("@") == true { throw Refusal.invalid("username", call["username"] ?? "", "an @") }
    if type.name == "HashiCorp" {
      let needed = ["userpass": ["username", "password"], "cert": ["role_name", "private_key"], "approle": ["role_id", "secret_id"]]
      let missing = (needed[call["auth_type"] ?? ""] ?? []).filter { call[$0] == nil }
      if !missing.isEmpty { throw Refusal.missing(missing) }
    }

    let title = (call["title"] ?? "").trimmed
    let id = subscription[.vaults].newID()
    let date = Element("DATETIME", Document.now())
    var vault = Element(
      "VAULT_QUEST",
      children: [
        Element("TITLE", title, cdata: true), Element("COMMENTS", call["comments"] ?? "", cdata: true), Element("VAULT_TYPE", type.name, cdata: true),
        Element("CREATED_ON", date.text), Element("OWNER", call.user), Element("LAST_MODIFIED", children: [date, Element("BY", call.user)]),
      ])
    let shown: [(element: String, parameters: [String])] = [
      ("APPID", ["appid"]), ("USERNAME", ["username"]), ("URL", ["url", "ca_url"]), ("SSL_VERIFY", ["ssl_verify", "ca_ssl_verify"]),
      ("DOMAIN", ["domain"]), ("API_USERNAME", ["ca_api_username"]), ("WEB_USERNAME", ["ca_web_username"]), ("SERVER_ADDRESS", ["server_address"]),
      ("PORT", ["port"]), ("SAFE", ["safe"]),
    ]
    for (element, parameters) in shown {
      if let value = parameters.lazy.compactMap({ call[$0] }).first { vault.children.append(Element(element, value, cdata: true)) }
    }
    if vault.child("PORT") == nil, let port = ["CyberArk PIM Suite": "1858", "Quest Vault": "22"][type.name] {
      vault.children.append(Element("PORT", port, cdata: true))
    }
    vault.sort([
      "TITLE", "COMMENTS", "VAULT_TYPE", "CREATED_ON", "OWNER", "LAST_MODIFIED", "APPID", "USERNAME", "URL", "SSL_VERIFY", "DOMAIN", "API_USERNAME",
      "WEB_USERNAME", "SERVER_ADDRESS", "PORT", "SAFE",
    ])
    vault.children.append(Element("ID", String(id)))
    for name in call.order where vaultSecrets.contains(name) { subscription.keep(call[name] ?? "", as: "vault/\(title)/\(name)") }
    subscription[.vaults].put(RecordStore.Record(id: id, name: title, xml: vault.xml(level: 2)))
    subscription[.vaults].isKnown = true
    return Answer(Document.simpleReturn("Success", items: [("ID", String(id))], for: call))
  }
}

extension Subscription {
  /// Keeps the digest of a secret that has arrived, and nothing else of it.
  mutating func keep(_ secret: String, as name: String) { secrets[name] = SHA256.hex(Array(secret.utf8)) }
}
