import Base
import Catalog
import Requests

/// What becomes of authentication records that are there: U16 p. 185-286, each table. What is not said stays as it is.
///
/// What the guides do not say, and is rehearsed here: what a new record needs cannot be emptied, what else is empty is taken away, a record that needs
/// hosts keeps one, one title is no title of several records, and a login by a password that becomes one needs the password.
extension RehearsedResource {
  /// - Parameter rules: those of the call that creates.
  static func authenticationUpdate(of type: AuthenticationType, _ resource: Resource, _ rules: [Rule]) -> Action {
    var changes = rules.map { rule in
      Rule(
        rule.name, .optional,
        rule.isRequired || ["network_id", "vault_id", "login_type", "ips"].contains(rule.name) ? rule.check : .emptyOr(rule.check))
    }
    changes += [Rule("ids", .required, .ids), Rule("add_ips", .optional, .addresses), Rule("remove_ips", .optional, .addresses)]
    return Action(
      name: "update", rules: changes, combinations: [.exclusive(["ips", "add_ips"]), .exclusive(["ips", "remove_ips"])] + exclusions(of: type),
      flags: type.fields.map(\.parameter).filter { $0.hasPrefix("auto_discover_") }
    ) { call, subscription throws(Refusal) in
      let asked = call["ids"].flatMap { IDSet($0) }
      let ids = subscription[resource].ids.filter { asked?.contains($0) ?? false }
      if ids.isEmpty { throw Refusal.invalid("ids", call["ids"] ?? "", "No such record ID") }
      if let title = call["title"]?.trimmed {
        if title.isEmpty || ids.count > 1 { throw Refusal.invalid("title", title, title.isEmpty ? "empty" : "a title is one record's") }
        if let other = subscription[resource].named(title), other.id != ids[0] {
          throw Refusal.invalid("title", title, "a record of this title is there already")
        }
      }
      for rule in rules where rule.isRequired && call[rule.name].map({ $0.trimmed.isEmpty }) ?? false {
        throw Refusal.invalid(rule.name, "", "empty")
      }
      // All of them or none.
      var changed: [(id: Int, record: Element)] = []
      var secrets: [(name: String, value: String)] = []
      for id in ids {
        guard let kept = subscription[resource][id] else { continue }
        var record = Element(kept.xml)
        try check(call, on: record, type)
        secrets += try update(&record, call, type, subscription).map { ("\(type.slug)/\(record.value("TITLE"))/\($0)", $1) }
        let hosts = AddressSet((record.child("IP_SET")?.children ?? []).compactMap { Addresses.range($0.text.trimmed) })
        let network = record.value("NETWORK_ID")
        if let users = users(of: hosts, beside: record, network.isEmpty ? "0" : network, type, subscription) {
          return batch(users, code: "1920", for: call)
        }
        changed.append((id, record))
      }
      for (id, record) in changed {
        subscription[resource].put(RecordStore.Record(id: id, name: record.value("TITLE"), xml: record.xml(level: 3)))
      }
      for (name, value) in secrets { subscription.keep(value, as: name) }
      return batch("Successfully Updated", ids: ids, for: call)
    }
  }

  /// What no call may say together; what a new record needs together, another one may have already.
  private static func exclusions(of type: AuthenticationType) -> [Combination] {
    let own = type.combinations.filter { combination in
      switch combination {
      case .exclusive, .apart: true
      default: false
      }
    }
    switch type.slug {
    case "windows": return own + [.apart(["windows_ad_domain"], ["add_ips", "remove_ips"])]
    case "ms_sql", "azure_ms_sql": return own + [.apart(["member_domain"], ["add_ips", "remove_ips"])]
    // In the same request, U16 p. 240.
    case "oracle_weblogic": return own + [.required(["domain"], with: "auto_discover", is: "0"), .needs(["domain"], anyOf: ["auto_discover"])]
    default: return own
    }
  }

  /// Errors: `Refusal` for what does not go with what the record is.
  private static func check(_ call: Call, on record: Element, _ type: AuthenticationType) throws(Refusal) {
    for case .only(let names, let other, let values, _) in type.combinations {
      let odd = names.filter { call[$0].map { !$0.isEmpty } ?? false }
      // No list says everything: what a record is that is not said is not checked.
      guard !odd.isEmpty, let said = call[other] ?? value(of: other, in: record, type) else { continue }
      if !values.contains(said.lowercased()) { throw Refusal.unsupported(odd + [other], call) }
    }
    // U16 p. 192.
    if type.forbidsTags, call["status"] != nil, !["", "0"].contains(record.value("IS_SYSTEM_CREATED")) {
      throw Refusal.unsupported(["status"], call)
    }
    switch type.slug {
    case "windows":
      // The type of a domain stays: U16 p. 276.
      for (name, element) in [("windows_ad_domain", "WINDOWS_DOMAIN"), ("windows_domain", "WINDOWS_AD_DOMAIN")] {
        if call[name].map({ !$0.isEmpty }) ?? false, !record.value(element).isEmpty { throw Refusal.unsupported([name], call) }
      }
      if call.isOn("kerberos"),
        [call["windows_domain"] ?? record.value("WINDOWS_DOMAIN"), call["windows_ad_domain"] ?? record.value("WINDOWS_AD_DOMAIN")]
          .allSatisfy(\.isEmpty)
      {
        throw Refusal.unsupported(["kerberos"], call)
      }
    case "ms_sql", "azure_ms_sql", "microsoft_sharepoint":
      // It has to be emptied by whoever changes to an account of the database: U16 p. 219.
      if call.isOn("db_local"), !(call["windows_domain"] ?? record.value("WINDOWS_DOMAIN")).isEmpty { throw Refusal.missing("windows_domain") }
      if call["db_local"] == "0", (call["windows_domain"] ?? record.value("WINDOWS_DOMAIN")).isEmpty { throw Refusal.missing("windows_domain") }
    case "snmp":
      // Authentication and privacy are taken away as a whole: U16 p. 254-255.
      for names in [["username", "password", "auth_alg"], ["encrypt_password", "priv_alg"]] {
        let empty = names.filter { call[$0]?.isEmpty ?? false }
        if !empty.isEmpty, empty.count < names.count { throw Refusal.missing(names.filter { !empty.contains($0) }) }
      }
    default: break
    }
  }

  /// What a record says of a parameter, in the word of the call; nil for what no list shows.
  private static func value(of parameter: String, in record: Element, _ type: AuthenticationType) -> String? {
    if parameter == "login_type" { return record.value("LOGIN_TYPE").isEmpty ? "basic" : record.value("LOGIN_TYPE") }
    guard let field = type.fields.first(where: { $0.parameter == parameter }), let path = field.element else { return nil }
    let parts = path.split(separator: "/").map { String($0) }
    let element = parts.count == 1 ? record.child(parts[0]) : record.child(parts[0])?.child(parts[1])
    guard let text = element?.text.trimmed, !text.isEmpty else { return field.standard }
    return field.words.first { $0.value == text }?.key ?? text
  }

  /// Puts what a call says on a record, and returns its secrets.
  private static func update(
    _ record: inout Element, _ call: Call, _ type: AuthenticationType, _ subscription: borrowing Subscription
  ) throws(Refusal) -> [(String, String)] {
    if let title = call["title"]?.trimmed { record.set(Element("TITLE", title, cdata: true)) }
    for field in type.fields where field.parameter != "comment" {
      guard let value = call[field.parameter], let path = field.element else { continue }
      let group = String(path.prefix { $0 != "/" })
      var fresh = Element("")
      if !value.isEmpty || field.standard == "" { put(field.words[value] ?? value, at: path, into: &fresh) }
      // Of a group, its other settings stay, but a list of hosts is another one.
      if path.contains("/"), !path.hasSuffix("/HOST") {
        var kept = record.child(group) ?? Element(group)
        kept.remove(String(path.dropFirst(group.count + 1)))
        if let setting = fresh.child(group)?.children.first { kept.children.append(setting) }
        fresh = Element("", children: kept.children.isEmpty ? [] : [kept])
      }
      if let element = fresh.child(group) { record.set(element, before: behind) } else { record.remove(group) }
    }
    // What is found is not named, and what is named is not looked for.
    for one in ["instance", "database", "port"] {
      guard let element = type.fields.first(where: { $0.parameter == one })?.element else { continue }
      if call.isOn("auto_discover_\(one)s") {
        record.remove(element)
      } else if call[one] != nil {
        record.remove("AUTO_DISCOVER_\(one.uppercased())S")
      }
    }
    for (one, other) in [("sid", "SERVICENAME"), ("servicename", "SID"), ("realm", "VHOST"), ("vhost", "REALM"), ("member_domain", "IP_SET")] {
      if call[one].map({ !$0.isEmpty }) ?? false, type.fields.contains(where: { $0.parameter == one }) { record.remove(other) }
    }
    try updateHosts(&record, call, type, subscription)
    try updateLogin(&record, call, type, subscription)
    var secrets = type.fields.filter(\.isSecret).compactMap { field in call[field.parameter].map { (field.parameter, $0) } }
    if call["community_strings"].map({ !$0.isEmpty }) ?? false { record.set(Element("COMMUNITY_STRINGS", "masked", cdata: true), before: behind) }
    if !call.isForm, !call.body.isEmpty {
      guard ["unix", "network_ssh"].contains(type.slug) else { throw Refusal.invalid("body", "", "this type has no body") }
      let (lists, found) = try AuthenticationBody(type.slug, isUpdate: true).read(call.body, subscription)
      // A list is another one then, and none if it is empty.
      for list in lists { if list.children.isEmpty { record.remove(list.name) } else { record.set(list, before: ["NETWORK_ID", "CREATED"]) } }
      secrets += found
    }
    if let network = call["network_id"] { record.set(Element("NETWORK_ID", network), before: ["CREATED"]) }
    record.set(Element("LAST_MODIFIED", children: [Element("DATETIME", Document.now())]), before: ["COMMENTS"])
    if let comments = call["comments"] ?? call["comment"] {
      if comments.isEmpty { record.remove("COMMENTS") } else { record.set(Element("COMMENTS", comments, cdata: true)) }
    }
    return secrets
  }

  /// What stands behind the settings of a record.
  private static let behind: Set<String> = [
    "IP_SET", "LOGIN_TYPE", "DIGITAL_VAULT", "PRIVATE_KEY_CERTIFICATE_LIST", "ROOT_TOOL_INFO_LIST", "NETWORK_ID", "CREATED", "LAST_MODIFIED",
    "COMMENTS",
  ]

  private static func updateHosts(
    _ record: inout Element, _ call: Call, _ type: AuthenticationType, _ subscription: borrowing Subscription
  ) throws(Refusal) {
    guard call["ips"] != nil || call["add_ips"] != nil || call["remove_ips"] != nil else { return }
    var hosts = AddressSet((record.child("IP_SET")?.children ?? []).compactMap { Addresses.range($0.text.trimmed) })
    if call["ips"] != nil { hosts = try Self.hosts(call, "ips", subscription) }
    hosts = hosts.union(try Self.hosts(call, "add_ips", subscription))
    hosts = hosts.subtracting(AddressSet(Addresses.merged(call["remove_ips"] ?? "")))
    if hosts.isEmpty, type.needsHosts { throw Refusal.invalid("remove_ips", call["remove_ips"] ?? "", "a record has one host at least") }
    if hosts.isEmpty { record.remove("IP_SET") } else { record.set(addressSet(hosts), before: behind.subtracting(["IP_SET"])) }
    // It is no longer by its domain that a host belongs to the record.
    record.remove("MEMBER_DOMAIN")
  }

  /// A login by a password or by a vault, and what the vault is told: U16 p. 282-286.
  private static func updateLogin(
    _ record: inout Element, _ call: Call, _ type: AuthenticationType, _ subscription: borrowing Subscription
  ) throws(Refusal) {
    guard type.vaults != nil else { return }
    let fields = AuthenticationType.vaultFields
    let given = (fields.map(\.parameter) + ["vault_type", "vault_id"]).filter { call[$0] != nil }
    let before = value(of: "login_type", in: record, type) ?? "basic"
    let after = call["login_type"] ?? before
    if after == "vault" {
      if call["password"] != nil, call["login_type"] != nil || !given.isEmpty { throw Refusal.unsupported(["login_type", "password"], call) }
      if call["login_type"] == nil, given.isEmpty {
        if call["password"] != nil { throw Refusal.unsupported(["password"], call) }
        return
      }
      // What is not said is as it was, where the vault is of the same type.
      let old = record.child("DIGITAL_VAULT")
      let kind = call["vault_type"] ?? old?.value("DIGITAL_VAULT_TYPE").replacing("Cyber-Ark", with: "CyberArk") ?? ""
      let isSame = kind == old?.value("DIGITAL_VAULT_TYPE").replacing("Cyber-Ark", with: "CyberArk")
      var whole = call
      whole.parameters["login_type"] = "vault"
      whole.parameters["vault_type"] = kind
      whole.parameters["vault_id"] = call["vault_id"] ?? old?.value("DIGITAL_VAULT_ID") ?? ""
      whole.parameters["username"] = call["username"] ?? record.value("USERNAME")
      whole.parameters["ips"] = call["ips"] ?? "0.0.0.0"
      whole.parameters["kerberos"] = nil
      let rule = AuthenticationType.vaultNeeds[kind]
      for field in fields where whole.parameters[field.parameter] == nil && isSame {
        guard let element = field.element, rule?.needs.contains(field.parameter) == true, let text = old?.child(element)?.text else { continue }
        whole.parameters[field.parameter] = text
      }
      try checkLogin(whole, type, subscription)
      record.set(Element("LOGIN_TYPE", "vault", cdata: true), before: behind.subtracting(["IP_SET", "LOGIN_TYPE"]))
      let vault = vault(whole["vault_id"] ?? "", kind, fields, subscription) { whole[$0.parameter] }
      record.set(vault, before: behind.subtracting(["IP_SET", "LOGIN_TYPE", "DIGITAL_VAULT"]))
      return
    }
    if !given.isEmpty { throw Refusal.unsupported(given, call) }
    if call.isOn("skip_password"), call["password"] != nil { throw Refusal.unsupported(["skip_password"], call) }
    if before == "vault", after == "basic", call["password"] == nil, !call.isOn("skip_password") { throw Refusal.missing("password") }
    if let login = call["login_type"] { record.set(Element("LOGIN_TYPE", login, cdata: true), before: behind.subtracting(["IP_SET", "LOGIN_TYPE"])) }
    if after == "basic" { record.remove("DIGITAL_VAULT") }
  }
}
