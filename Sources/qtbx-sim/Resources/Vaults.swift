import Base
import Catalog
import Markup

/// Vaults: U16 p. 287-297, the elements U12 p. 753-756. No answer has a secret: of each that arrives, its digest is kept for a test.
///
/// What the guides do not say, and is rehearsed here: a setting of another type of vault is refused, what a new vault needs cannot be emptied, and the port of a list is shown if it was sent or
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

  static let vaultSecrets: Set<String> = [
    "appkey", "password", "cert", "private_key", "private_key_pwd", "access_key", "ca_web_password", "passphrase", "secret_id", "app_key",
  ]

  /// A text without certain characters, and not longer than that; white space at its ends does not count, nor do periods of a name.
  private static func name(_ limit: Int, inBytes: Bool = false, without characters: String) -> Check {
    .matching { text in
      let text = text.trimmed
      if inBytes ? text.utf8.count > limit : text.unicodeScalars.count > limit { return "longer than \(limit) \(inBytes ? "bytes" : "characters")" }
      return text.unicodeScalars.contains { characters.unicodeScalars.contains($0) } ? "a character that is not allowed" : nil
    }
  }

  private static let address = Check.matching { text in
    let lowered = text.lowercased()
    return (lowered.hasPrefix("http://") && lowered.utf8.count > 7) || (lowered.hasPrefix("https://") && lowered.utf8.count > 8)
      ? nil : "not an HTTP or HTTPS URL"
  }

  private static let unfit = "\\/:*?\"<>|\t\r\n\u{1F}"

  /// What an application ID may not have: U16 p. 295.
  private static let reserved: Set<String> = [
    "users", "addresses", "areas", "xuserrules", "unknown", "locations", "safes", "schedule", "vaultcategories", "builtin",
  ]

  /// What a setting may be in a vault of one type alone: U16 p. 293-297.
  private static let typeChecks: [String: [String: Check]] = [
    "BeyondTrust PBPS": [
      "appkey": .matching { key in
        let key = key.trimmingPrefix { " .".contains($0) }
        let kept = key.prefix(upTo: key.lastIndex { !" .".contains($0) }.map { key.index(after: $0) } ?? key.startIndex)
        return kept.utf8.count > 128 ? "longer than 128 bytes" : kept.allSatisfy { $0.isLetter || $0.isNumber } ? nil : "not alphanumeric"
      },
      "username": .matching { $0.contains("@") ? "an @" : $0.unicodeScalars.count > 64 ? "longer than 64 characters" : nil },
    ],
    "CyberArk AIM": [
      "appid": .matching { id in
        let words = id.lowercased().split { !$0.isLetter && !$0.isNumber }
        return words.contains { reserved.contains(String($0)) } ? "a word that is not allowed" : nil
      }
    ],
    "CyberArk PIM Suite": ["port": .integer(1025...65535), "safe": name(28, without: "\\/:*?\"<>.|")],
    "Thycotic Secret Server": ["url": .ascii(256), "domain": .ascii(128)],
    "Wallix AdminBastion (WAB)": [
      "appkey": .matching { key in
        if key.hasPrefix(" ") || key.hasPrefix(".") || key.hasSuffix(" ") || key.hasSuffix(".") { return "a blank or a period at an end" }
        return key.utf8.contains { $0 > 0x7F || "\\/:*?\"<>|".utf8.contains($0) } ? "a character that is not allowed" : nil
      }
    ],
  ]

  private static let vaultChecks: [String: Check] = [
    "url": address, "ca_url": address, "ssl_verify": .flag,
    "ca_ssl_verify": .flag, "appid": name(128, inBytes: true, without: unfit), "safe": name(28, without: unfit),
    "server_address": .matching { $0.contains("-") || Addresses.range($0) == nil ? "not an IP address" : nil }, "port": .integer(1...65535),
    "domain": .text(128), "auth_type": .oneOf(["userpass", "cert", "approle"]),
  ]

  /// Documents have another spelling of it than the calls.
  private static func plain(_ type: String) -> String { type.replacing("Cyber-Ark", with: "CyberArk") }

  /// What a list is ordered by. The system is the host that a vault is at.
  private static func key(_ vault: Element, by order: String) -> (number: Int, text: String) {
    switch order {
    case "id": (Int(vault.value("ID")) ?? 0, "")
    case "title": (0, vault.value("TITLE"))
    case "system_name": (0, vault.value("SERVER_ADDRESS"))
    case "last_modified": (0, vault.child("LAST_MODIFIED")?.value("DATETIME") ?? "")
    default: (0, vault.child("LAST_MODIFIED")?.value("BY") ?? "")
    }
  }

  private static let vaultActions: [Action] = [
    Action(
      name: "list", methods: ["GET", "POST"],
      rules: [
        // One of the guides writes Cyber-Ark here: U12 p. 454.
        Rule("title"), Rule("type", .optional, .matching { type in vaultTypes.contains { $0.name == plain(type) } ? nil : "no type of vault" }),
        Rule("modified", .optional, .matching(dateTimeFault)),
        Rule("orderby", .optional, .oneOf(["id", "title", "system_name", "last_modified", "last_modified_by"])),
        Rule("sortorder", .optional, .oneOf(["asc", "desc"])), Rule("limit", .optional, .integer(0...Check.largestID)),
        Rule("offset", .optional, .integer(0...Check.largestID)),
      ], combinations: [.required(["offset"], with: "limit", is: nil), .required(["limit"], with: "offset", is: nil)]
    ) { call, subscription throws(Refusal) in
      var records = subscription[.vaults].all.map { Element($0.xml) }
      if let title = call["title"] { records = records.filter { $0.value("TITLE").contains(title) } }
      if let type = call["type"] { records = records.filter { plain($0.value("VAULT_TYPE")) == plain(type) } }
      if let since = call["modified"].map(instant) { records = records.filter { ($0.child("LAST_MODIFIED")?.value("DATETIME") ?? "") >= since } }
      if let order = call["orderby"] {
        let keys = records.map { key($0, by: order) }
        records = records.indices.sorted { (keys[$0].number, keys[$0].text, $0) < (keys[$1].number, keys[$1].text, $1) }.map { records[$0] }
      }
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
    Action(
      name: "update",
      rules: [Rule("id", .required, .existing(.vaults, noun: "vault ID")), Rule("title"), Rule("comments")]
        + Set(vaultTypes.flatMap { $0.required + $0.optional + $0.either }).sorted().map { Rule($0, .optional, .emptyOr(vaultChecks[$0] ?? .any)) }
    ) { call, subscription throws(Refusal) in try updateVault(call, &subscription) },
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
    let missing = type.required.filter { (call[$0] ?? "").trimmed.isEmpty }
    if !missing.isEmpty { throw Refusal.missing(missing) }
    if !type.either.isEmpty, !type.either.contains(where: { call[$0] != nil }) { throw Refusal.atLeastOne(type.either) }
    try checkSettings(of: type, call, subscription)
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
    show(call, in: &vault)
    if vault.child("PORT") == nil, let port = ["CyberArk PIM Suite": "1858", "Quest Vault": "22"][type.name] {
      vault.children.append(Element("PORT", port, cdata: true))
    }
    vault.children.append(Element("ID", String(id)))
    vault.sort(settingsOrder)
    for name in call.order where vaultSecrets.contains(name) { subscription.keep(call[name] ?? "", as: "vault/\(title)/\(name)") }
    subscription[.vaults].put(RecordStore.Record(id: id, name: title, xml: vault.xml(level: 2)))
    subscription[.vaults].isKnown = true
    return Answer(Document.simpleReturn("Success", items: [("ID", String(id))], for: call))
  }
}

extension RehearsedResource {
  private static let settingsOrder = [
    "TITLE", "COMMENTS", "VAULT_TYPE", "CREATED_ON", "OWNER", "LAST_MODIFIED", "APPID", "USERNAME", "URL", "SSL_VERIFY", "DOMAIN", "API_USERNAME",
    "WEB_USERNAME", "SERVER_ADDRESS", "PORT", "SAFE", "ID",
  ]

  /// What a call says, as the view shows it. What is empty is taken away.
  private static func show(_ call: Call, in vault: inout Element) {
    let shown: [(element: String, parameters: [String])] = [
      ("APPID", ["appid"]), ("USERNAME", ["username"]), ("URL", ["url", "ca_url"]), ("SSL_VERIFY", ["ssl_verify", "ca_ssl_verify"]),
      ("DOMAIN", ["domain"]), ("API_USERNAME", ["ca_api_username"]), ("WEB_USERNAME", ["ca_web_username"]), ("SERVER_ADDRESS", ["server_address"]),
      ("PORT", ["port"]), ("SAFE", ["safe"]),
    ]
    for (element, parameters) in shown {
      guard let value = parameters.lazy.compactMap({ call[$0] }).first else { continue }
      if value.isEmpty { vault.remove(element) } else { vault.set(Element(element, value, cdata: true)) }
    }
  }

  /// Errors: `Refusal` for settings that a vault of the type does not have, or not together, or not so.
  private static func checkSettings(of type: VaultType, _ call: Call, _ subscription: borrowing Subscription) throws(Refusal) {
    let known = Set(type.required + type.optional + type.either + ["id", "title", "type", "comments", "action", "echo_request"])
    let odd = call.order.filter { !known.contains($0) }
    if !odd.isEmpty { throw Refusal.unsupported((call["type"] == nil ? ["id"] : ["type"]) + odd, call) }
    let given = type.either.filter { call[$0] != nil }
    if given.count > 1 { throw Refusal.tooMany(given) }
    for pair in type.pairs where pair.contains(where: { call[$0] != nil }) {
      let missing = pair.filter { call[$0] == nil }
      if !missing.isEmpty { throw Refusal.missing(missing) }
    }
    for (name, check) in (typeChecks[type.name] ?? [:]).sorted(by: { $0.key < $1.key }) {
      guard let value = call[name], !value.isEmpty, let why = check.fault(of: value, subscription) else { continue }
      throw Refusal.invalid(name, value, why)
    }
  }

  /// U16 p. 291. The type stays, and so does what is not said.
  private static func updateVault(_ call: Call, _ subscription: inout Subscription) throws(Refusal) -> Answer {
    guard let old = call["id"].flatMap({ Int($0) }).flatMap({ subscription[.vaults][$0] }) else {
      throw Refusal.invalid("id", call["id"] ?? "", "No such vault ID")
    }
    var vault = Element(old.xml)
    let name = plain(vault.value("VAULT_TYPE"))
    guard let type = vaultTypes.first(where: { $0.name == name }) else { throw Refusal.invalid("id", String(old.id), "a vault of an unknown type") }
    if let title = call["title"], title.trimmed.isEmpty { throw Refusal.invalid("title", title, "empty") }
    try checkSettings(of: type, call, subscription)
    // What a new vault must have, no vault can lose.
    if let empty = type.required.first(where: { call[$0].map { $0.trimmed.isEmpty } ?? false }) { throw Refusal.invalid(empty, "", "empty") }
    let title = call["title"]?.trimmed ?? old.name
    vault.set(Element("TITLE", title, cdata: true))
    if let comments = call["comments"] { vault.set(Element("COMMENTS", comments, cdata: true)) }
    show(call, in: &vault)
    vault.set(Element("LAST_MODIFIED", children: [Element("DATETIME", Document.now()), Element("BY", call.user)]))
    vault.sort(settingsOrder)
    for name in call.order where vaultSecrets.contains(name) { subscription.keep(call[name] ?? "", as: "vault/\(title)/\(name)") }
    subscription[.vaults].put(RecordStore.Record(id: old.id, name: title, xml: vault.xml(level: 2)))
    return Answer(Document.simpleReturn("Success", items: [("ID", String(old.id))], for: call))
  }
}

extension Subscription {
  /// Keeps the digest of a secret that has arrived, and nothing else of it.
  mutating func keep(_ secret: String, as name: String) { secrets[name] = SHA256.hex(Array(secret.utf8)) }
}
