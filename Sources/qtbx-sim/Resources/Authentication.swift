import Base
import Catalog
import Markup
import Requests

/// Authentication records: U16 p. 185-278, the lists U12 p. 560-752. No list has a secret that has arrived: of each, its digest is kept for a test.
///
/// What the guides do not say, and is rehearsed here: that a vault is of the type that a record names, and that younger types print what they were sent.
extension RehearsedResource {
  /// The types, each with its list.
  static let authentication: [RehearsedResource] = AuthenticationType.all.compactMap { type in
    let name = "auth-" + type.slug.replacing("_", with: "-")
    guard let resource = Resource.authenticationTypes.first(where: { $0.name == name }) else { return nil }
    let element = "AUTH_" + type.slug.uppercased()
    return RehearsedResource(
      resource, wrapper: element + "_LIST", dtd: "auth_\(type.slug)_list_output.dtd",
      endpoints: [Endpoint(path: "/api/*/fo/auth/\(type.slug)/", versions: ["2.0", "3.0"], actions: actions(of: type, resource))])
  }

  /// The ids of all.
  static let allAuthentication = RehearsedResource(
    pages: "auth",
    endpoints: [
      Endpoint(
        path: "/api/*/fo/auth/", versions: ["2.0", "3.0"],
        actions: [
          Action(name: "list", methods: ["GET", "POST"], rules: selection) { call, subscription throws(Refusal) in
            let found = AuthenticationType.all.map { type in
              (type: type, ids: resource(of: type).map { subscription[$0].all.filter { isAsked($0, call) }.map(\.id) } ?? [])
            }
            // A page is of all types together, in the order of ids.
            let limit = pageLimit(call, subscription)
            let ids = found.flatMap(\.ids).sorted()
            let next = ids.dropFirst(limit).first
            var lists = ""
            for (type, ids) in found {
              let ids = ids.filter { id in next.map { id < $0 } ?? true }
              if ids.isEmpty { continue }
              let element = "AUTH_\(type.slug.uppercased())_IDS"
              lists += "      <\(element)>\n\(idSet(ids))      </\(element)>\n"
            }
            let behind = (lists.isEmpty ? "" : "    <AUTH_RECORDS>\n\(lists)    </AUTH_RECORDS>\n") + warnings(limit, next, call)
            return Document.list(root: "AUTH_RECORDS_OUTPUT", dtd: "auth_records.dtd", wrapper: "", records: [], behind: behind, for: call)
          }
        ])
    ])

  static func resource(of type: AuthenticationType) -> Resource? {
    Resource.authenticationTypes.first { $0.name == "auth-" + type.slug.replacing("_", with: "-") }
  }

  // MARK: Lists

  private static let selection = [
    Rule("title"), Rule("comments"), Rule("ids", .optional, .ids), Rule("id_min", .optional, Check.id), Rule("id_max", .optional, Check.id),
  ]

  /// That there is more, in a list of its own.
  private static func warnings(_ limit: Int, _ next: Int?, _ call: Call) -> String {
    guard let next else { return "" }
    return "    <WARNING_LIST>\n\(Document.warning(limit: limit, nextID: String(next), for: call, saysLimit: false))    </WARNING_LIST>\n"
  }

  private static func isAsked(_ record: RecordStore.Record, _ call: Call) -> Bool {
    guard AskedIDs(call).contains(record.id) else { return false }
    // Of records that nobody has switched off, a list need not say it.
    if let status = call["status"], ["", "1"].contains(record.xml.child("STATUS") ?? "") != (status == "1") { return false }
    if let flag = call["is_system_created"], ["", "0"].contains(record.xml.child("IS_SYSTEM_CREATED") ?? "") != (flag == "0") { return false }
    if let title = call["title"], !record.name.contains(title) { return false }
    if let comments = call["comments"], !(record.xml.child("COMMENTS") ?? "").contains(comments) { return false }
    return true
  }

  private static func actions(of type: AuthenticationType, _ resource: Resource) -> [Action] {
    let element = "AUTH_" + type.slug.uppercased()
    let fields = type.fields + (type.vaults == nil ? [] : AuthenticationType.vaultFields)
    // The table of Docker records alone names 0, which is the default: U16 p. 194.
    let network = Check.existing(.networks, noun: "network ID", zero: type.slug == "docker")
    var rules = [Rule("title", .required, .ascii(255)), Rule("network_id", .optional, network)]
    if type.slug != "jboss" { rules.append(Rule("comments", .optional, type.forbidsTags ? .matching(commentFault) : .text(1999))) }
    rules.append(Rule("ips", type.needsHosts ? .required : .optional, .addresses))
    rules += fields.map { Rule($0.parameter, $0.isRequired ? .required : .optional, $0.check) }
    if type.vaults != nil {
      let words = ["basic", "vault"] + (type.slug == "vmware" ? ["vcenter"] : type.slug == "mongodb" ? ["pkcert"] : [])
      rules += [Rule("login_type", .optional, .oneOf(words)), Rule("vault_type"), Rule("vault_id", .optional, .existing(.vaults, noun: "vault ID"))]
    }
    return [
      Action(
        name: "list", methods: ["GET", "POST"],
        // The last two are of Apache servers alone: U16 p. 192.
        rules: selection + [Rule("details", .optional, .oneOf(["None", "Basic", "All"]))]
          + (type.slug == "apache" ? [Rule("status", .optional, .flag), Rule("is_system_created", .optional, .flag)] : [])
      ) { call, subscription throws(Refusal) in
        let limit = pageLimit(call, subscription)
        let (records, next) = page(of: subscription[resource], limit: limit) { isAsked($0, call) }
        var behind = ""
        if call["details"] == "None", !records.isEmpty { behind += idSet(records.map(\.id)) }
        behind += warnings(limit, next, call)
        let owners = call["details"] == "All" ? Set(records.compactMap { $0.xml.child("CREATED/BY") }).sorted() : []
        if !owners.isEmpty {
          let users = Element("USER_LIST", children: owners.map { namedUser($0, subscription) })
          behind += "    \(String(decoding: Element("GLOSSARY", children: [users]).xml(level: 2), as: UTF8.self))\n"
        }
        return Document.list(
          root: element + "_LIST_OUTPUT", dtd: "auth_\(type.slug)_list_output.dtd", wrapper: element + "_LIST",
          records: call["details"] == "None" ? [] : records.map(\.xml), behind: behind, for: call)
      },
      Action(
        name: "create", rules: rules, combinations: type.combinations,
        flags: type.fields.map(\.parameter).filter { $0.hasPrefix("auto_discover_") }
      ) { call, subscription throws(Refusal) in
        try create(call, type, resource, &subscription)
      },
      authenticationUpdate(of: type, resource, rules),
      Action(name: "delete", rules: [Rule("ids", .required, .ids)]) { call, subscription throws(Refusal) in
        let ids = call["ids"].flatMap { IDSet($0) }
        let gone = subscription[resource].ids.filter { ids?.contains($0) ?? false }
        if gone.isEmpty { throw Refusal.invalid("ids", call["ids"] ?? "", "No such record ID") }
        for id in gone { subscription[resource].remove(id) }
        return batch("Successfully Deleted", ids: gone, for: call)
      },
    ]
  }

  /// U16 p. 191.
  @Sendable private static func commentFault(_ comment: String) -> String? {
    if comment.unicodeScalars.count > 1999 { return "longer than 1999 characters" }
    return comment.contains(#/<\/?[A-Za-z!?]/#) ? "a tag" : nil
  }

  static func batch(_ text: String, code: String? = nil, ids: [Int] = [], for call: Call) -> Answer {
    var xml =
      "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<!DOCTYPE BATCH_RETURN SYSTEM \"\(Document.host)/api/2.0/batch_return.dtd\">\n<BATCH_RETURN>\n"
    xml += Document.echo(call) + "  <RESPONSE>\n    <DATETIME>\(Document.now())</DATETIME>\n    <BATCH_LIST>\n      <BATCH>\n"
    if let code { xml += "        <CODE>\(code)</CODE>\n" }
    xml += "        <TEXT>\(Document.escaped(text))</TEXT>\n"
    if !ids.isEmpty { xml += idSet(ids) }
    return Answer(Array((xml + "      </BATCH>\n    </BATCH_LIST>\n  </RESPONSE>\n</BATCH_RETURN>\n").utf8))
  }

  // MARK: Creating

  private static func create(
    _ call: Call, _ type: AuthenticationType, _ resource: Resource, _ subscription: inout Subscription
  ) throws(Refusal) -> Answer {
    let title = (call["title"] ?? "").trimmed
    for other in AuthenticationType.all {
      guard let kept = Self.resource(of: other), subscription[kept].contains(name: title), other.slug == type.slug else { continue }
      throw Refusal.invalid("title", title, "a record of this title is there already")
    }
    try checkLogin(call, type, subscription)
    let hosts = try hosts(call, "ips", subscription)
    var record = Element("AUTH_" + type.slug.uppercased())
    // Ids are those of records of any type.
    let id = AuthenticationType.all.compactMap { Self.resource(of: $0) }.map { subscription[$0].nextID }.max() ?? 1
    record.children = [Element("ID", String(id)), Element("TITLE", title, cdata: true)]
    for field in type.fields where field.parameter != "comment" {
      guard let path = field.element else { continue }
      guard let value = call[field.parameter] ?? (isStandard(field, call) ? field.standard : nil) else { continue }
      if call[field.parameter] == nil, call.isOn("auto_discover_\(field.parameter)s") { continue }
      put(field.words[value] ?? value, at: path, into: &record)
    }
    // A list shows those of a user, U12 p. 734. What has arrived is no longer here; that there is something says as much to who reads the list.
    if call["community_strings"] != nil { put("masked", at: "COMMUNITY_STRINGS", into: &record) }
    if !hosts.isEmpty { record.children.append(addressSet(hosts)) }
    let isVault = call["login_type"] == "vault"
    if let login = call["login_type"] { record.children.append(Element("LOGIN_TYPE", login, cdata: true)) }
    if isVault {
      record.children.append(
        vault(call["vault_id"] ?? "", call["vault_type"] ?? "", AuthenticationType.vaultFields, subscription) { call[$0.parameter] })
    }
    var secrets = type.fields.filter(\.isSecret).compactMap { field in call[field.parameter].map { (field.parameter, $0) } }
    if type.slug == "postgresql" || type.slug == "mongodb" {
      if let keys = keys(call, type, subscription) { record.children.append(keys) }
    }
    if !call.isForm, !call.body.isEmpty {
      guard ["unix", "network_ssh"].contains(type.slug) else { throw Refusal.invalid("body", "", "this type has no body") }
      if call["sub_type"] != nil { throw Refusal.unsupported(["sub_type"], call) }
      let (children, found) = try AuthenticationBody(type.slug).read(call.body, subscription)
      record.children += children
      secrets += found
    }
    record.children.append(Element("NETWORK_ID", call["network_id"] ?? "0"))
    let date = Element("DATETIME", Document.now())
    record.children.append(Element("CREATED", children: [date, Element("BY", call.user)]))
    record.children.append(Element("LAST_MODIFIED", children: [date]))
    if let comments = call["comments"] ?? call["comment"], !comments.isEmpty { record.children.append(Element("COMMENTS", comments, cdata: true)) }
    if let users = users(of: hosts, beside: record, call["network_id"] ?? "0", type, subscription) { return batch(users, code: "1920", for: call) }
    for (field, value) in secrets { subscription.keep(value, as: "\(type.slug)/\(title)/\(field)") }
    subscription[resource].put(RecordStore.Record(id: id, name: title, xml: record.xml(level: 3)))
    subscription[resource].isKnown = true
    return batch("Successfully Created", ids: [id], for: call)
  }

  /// A flag of a group is printed for the group only.
  private static func isStandard(_ field: AuthenticationType.Field, _ call: Call) -> Bool { !(field.element?.contains("/") ?? false) }

  static func addressSet(_ hosts: AddressSet) -> Element {
    Element("IP_SET", children: hosts.ranges.map { Element($0.count == 1 ? "IP" : "IP_RANGE", Addresses.text($0)) })
  }

  static func put(_ value: String, at path: String, into record: inout Element) {
    let parts = path.split(separator: "/").map { String($0) }
    if parts.count == 1 {
      record.children.append(Element(parts[0], value, cdata: !value.utf8.allSatisfy(\.isDigit) || value.isEmpty))
      return
    }
    var group = record.child(parts[0]) ?? Element(parts[0])
    if parts[1] == "HOST" {
      group.children += value.parts.map { Element("HOST", $0, cdata: true) }
    } else {
      group.children.append(Element(parts[1], value, cdata: true))
    }
    record.set(group)
  }

  /// The addresses of a record must be in the subscription.
  static func hosts(_ call: Call, _ parameter: String, _ subscription: borrowing Subscription) throws(Refusal) -> AddressSet {
    guard let text = call[parameter] else { return AddressSet() }
    let hosts = AddressSet(text.parts.compactMap { Addresses.range($0) })
    guard subscription[.ips].isKnown else { return hosts }
    let there = AddressSet(subscription[.ips].all.compactMap { Addresses.range(Element($0.xml).text) })
    let missing = hosts.subtracting(there)
    if !missing.isEmpty { throw Refusal.invalid(parameter, missing.firstRanges, "not in the subscription") }
    return hosts
  }

  /// What is said of hosts that another record has, a line for each range; nil if none has.
  static func users(
    of hosts: AddressSet, beside record: Element, _ network: String, _ type: AuthenticationType, _ subscription: borrowing Subscription
  ) -> String? {
    let own = record.value("ID")
    var differing: [String] = []
    switch type.sharing {
    case .always: return nil
    case .unlessEqual(let names): differing = names
    case .never: break
    }
    var lines: [String] = []
    // A host of a Network SSH record is in no Unix record, and the other way round.
    let others = ["unix", "network_ssh"].contains(type.slug) ? ["unix", "network_ssh"] : [type.slug]
    for other in AuthenticationType.all where others.contains(other.slug) {
      guard let resource = resource(of: other) else { continue }
      for kept in subscription[resource].all {
        let element = Element(kept.xml)
        if String(kept.id) == own { continue }
        if (element.child("NETWORK_ID")?.text ?? "0") != network { continue }
        if !differing.isEmpty, differing.contains(where: { element.value($0) != record.value($0) }) { continue }
        let ranges = (element.child("IP_SET")?.children ?? []).compactMap { Addresses.range($0.text.trimmed) }
        let both = AddressSet(ranges).intersection(hosts)
        lines += both.ranges.map { "\(Addresses.text($0)) is used by \(kept.name)" }
      }
    }
    if lines.isEmpty { return nil }
    return "The requested operation is blocked by one or more existing Business Objects\n" + lines.joined(separator: "\n")
  }

  // MARK: Logins

  static func checkLogin(_ call: Call, _ type: AuthenticationType, _ subscription: borrowing Subscription) throws(Refusal) {
    if type.slug == "windows", call.isOn("kerberos"), call["windows_domain"] == nil, call["windows_ad_domain"] == nil {
      throw Refusal.unsupported(["kerberos"], call)
    }
    if type.slug == "windows", call["ips"] == nil, call["windows_domain"] == nil, call["windows_ad_domain"] == nil { throw Refusal.missing("ips") }
    if type.slug == "oracle" {
      let paths = type.fields.map(\.parameter).filter { $0.hasPrefix("unix_") && $0.hasSuffix("_path") }
      if !call.isOn("perform_unix_os_checks"), !call.isOn("perform_unix_opatch_checks"), let odd = paths.first(where: { call[$0] != nil }) {
        throw Refusal.unsupported([odd], call)
      }
    }
    guard let vaults = type.vaults else { return }
    let own = AuthenticationType.vaultFields.map(\.parameter) + ["vault_type", "vault_id"]
    switch call["login_type"] ?? "basic" {
    case "vault":
      if call["password"] != nil { throw Refusal.unsupported(["login_type", "vault_id"], call) }
      let missing = ["vault_type", "vault_id"].filter { (call[$0] ?? "").trimmed.isEmpty }
      if !missing.isEmpty { throw Refusal.missing(missing) }
      if call.isOn("skip_password") { throw Refusal.unsupported(["skip_password", "login_type"], call) }
      if call["cleartext_password"] != nil { throw Refusal.unsupported(["cleartext_password", "vault_id"], call) }
      let kind = call["vault_type"] ?? ""
      guard let rule = AuthenticationType.vaultNeeds[kind], vaults.isEmpty || vaults.contains(kind) || isYounger(kind) else {
        throw Refusal.invalid("vault_type", kind, "no type of vault that this type of record takes")
      }
      let known = call["vault_id"].flatMap { Int($0) }.flatMap { subscription[.vaults][$0] }
      if let known, let name = known.xml.child("VAULT_TYPE"), name.replacing("Cyber-Ark", with: "CyberArk") != kind {
        throw Refusal.invalid("vault_id", call["vault_id"] ?? "", "a vault of another type")
      }
      let lacking = rule.needs.filter { (call[$0] ?? "").trimmed.isEmpty }
      if !lacking.isEmpty { throw Refusal.missing(lacking) }
      let odd = AuthenticationType.vaultFields.map(\.parameter).filter { call[$0] != nil && !rule.needs.contains($0) && !rule.takes.contains($0) }
      if !odd.isEmpty { throw Refusal.unsupported(odd + ["vault_type"], call) }
      if call.isOn("auto_discover_system_name") == (call["system_name_single_host"] != nil), kind == "Lieberman ERPM" {
        throw Refusal.unsupported(["auto_discover_system_name"], call)
      }
      if (call["system_type"] == "custom") != (call["custom_system_type"] != nil) { throw Refusal.unsupported(["system_type"], call) }
      if (call["folder"] ?? "").unicodeScalars.count + (call["file"] ?? "").unicodeScalars.count > 170 {
        throw Refusal.invalid("folder", call["folder"] ?? "", "with the file longer than 170 characters")
      }
    case "basic":
      let odd = own.filter { call[$0] != nil }
      if !odd.isEmpty { throw Refusal.unsupported(odd, call) }
      if call.isOn("skip_password"), call["password"] != nil { throw Refusal.unsupported(["skip_password"], call) }
      // The password of a Unix record is empty if it is not said, and so is that of a cluster.
      let optional = ["unix", "network_ssh", "cassandra", "datastax"].contains(type.slug)
      if call["password"] == nil, !optional { throw Refusal.missing("password") }
    default: break
    }
    if call["login_type"] != "vcenter", call["login_type"] != "pkcert", ["vmware", "mongodb"].contains(type.slug), call["username"] == nil {
      throw Refusal.missing("username")
    }
    if call["login_type"] == "pkcert", call["private_key"] == nil, call["private_key_vault_id"] == nil { throw Refusal.missing("private_key") }
  }

  /// The matrix of the guides, U16 p. 279-282, does not have them.
  private static func isYounger(_ vault: String) -> Bool { ["HashiCorp", "Azure Key", "ARCON PAM", "CA PAM"].contains(vault) }

  static func vault(
    _ id: String, _ type: String, _ fields: [AuthenticationType.Field], _ subscription: borrowing Subscription,
    _ value: (AuthenticationType.Field) -> String?
  ) -> Element {
    var vault = Element("DIGITAL_VAULT", children: [Element("DIGITAL_VAULT_ID", id, cdata: true), Element("DIGITAL_VAULT_TYPE", type, cdata: true)])
    let title = Int(id).flatMap { subscription[.vaults][$0] }?.name ?? "vault \(id)"
    vault.children.append(Element("DIGITAL_VAULT_TITLE", title, cdata: true))
    for field in fields {
      if let element = field.element, let said = value(field) { vault.children.append(Element(element, said, cdata: true)) }
    }
    return vault
  }

  /// The key of a database, of which the list shows where it comes from.
  private static func keys(_ call: Call, _ type: AuthenticationType, _ subscription: borrowing Subscription) -> Element? {
    let isMongo = type.slug == "mongodb"
    let keyVault = call[isMongo ? "private_key_vault_id" : "client_key_vault_id"]
    let passphraseVault = call["passphrase_vault_id"]
    guard keyVault != nil || passphraseVault != nil || call["client_key"] != nil || call["private_key"] != nil else { return nil }
    func source(_ name: String, _ vaultID: String?, _ prefix: String) -> Element {
      guard let vaultID else { return Element(name, attributes: [("type", "basic")]) }
      let said = vault(vaultID, call[prefix + "_vault_type"] ?? "", AuthenticationType.vaultFields, subscription) {
        call[prefix + "_" + $0.parameter]
      }
      return Element(name, attributes: [("type", "vault")], children: [said])
    }
    var key = Element("PRIVATE_KEY_CERTIFICATE", children: [Element("ID", "1"), source("PRIVATE_KEY_INFO", keyVault, "client_key")])
    if passphraseVault != nil || call["passphrase"] != nil { key.children.append(source("PASSPHRASE_INFO", passphraseVault, "passphrase")) }
    if call["client_cert"] != nil || call["certificate"] != nil { key.children.append(Element("CERTIFICATE", attributes: [("type", "x.509")])) }
    return Element("PRIVATE_KEY_CERTIFICATE_LIST", children: [key])
  }
}
