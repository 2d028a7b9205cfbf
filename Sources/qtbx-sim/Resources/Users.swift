import Base
import Catalog
import Markup

/// The users of the subscription: U16 p. 523-538. A refusal comes with HTTP 200, as a RETURN whose status is FAILED.
extension RehearsedResource {
  static let users = RehearsedResource(
    .users,
    endpoints: [
      Endpoint(path: "/msp/user_list.php", direct: list), Endpoint(path: "/msp/user.php", direct: change),
      Endpoint(path: "/msp/password_change.php", direct: changePasswords), Endpoint(path: "/msp/acceptEULA.php", direct: acceptEULA),
    ],
    saved: { records in userList(records.map(\.xml)) })

  // MARK: Lists

  @Sendable private static func list(_ call: Call, _ subscription: inout Subscription) throws(Refusal) -> Answer {
    let filters = ["external_id_contains", "external_id_assigned"]
    let rules = [
      Rule(filters[0], .optional, externalID), Rule(filters[1], .optional, .flag),
      // Younger than the guides, and nobody knows what it adds.
      Rule("show_access_permissions", .optional, .matching { $0 == "0" ? nil : $0 == "1" ? "not rehearsed" : "must be 0 or 1" }),
    ]
    let action = Action(name: "list", methods: ["GET", "POST"], rules: rules, combinations: [.exclusive(filters)], usual: []) { call, subscription in
      let users = subscription[.users].all.map(\.xml).filter { record in
        let id = record.child("EXTERNAL_ID") ?? ""
        if let flag = call[filters[1]] { return (flag == "1") == !id.isEmpty }
        return call[filters[0]].map { id.contains($0) } ?? true
      }
      return Answer(userList(users))
    }
    do throws(Refusal) { return try action.checked(call, &subscription) } catch {
      let root = Element("USER_LIST_OUTPUT", children: [Element("ERROR", error.text, attributes: [("number", error.code)])])
      return Answer(opening("USER_LIST_OUTPUT") + root.xml() + ["\n"])
    }
  }

  /// Neither a date nor a RESPONSE, as the recorded ones.
  private static func userList(_ users: [[UInt8]]) -> [UInt8] {
    var xml = opening("USER_LIST_OUTPUT") + Array("<USER_LIST_OUTPUT>\n  <USER_LIST>\n".utf8)
    for user in users { xml += Array("    ".utf8) + user + ["\n"] }
    return xml + Array("  </USER_LIST>\n</USER_LIST_OUTPUT>\n".utf8)
  }

  private static func opening(_ root: String) -> [UInt8] {
    let doctype = "<!DOCTYPE \(root) SYSTEM \"\(Document.host)/\(root.lowercased()).dtd\">\n"
    return Array(("<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n" + doctype + Document.before).utf8)
  }

  /// A user as a glossary names one. Of most, a login is all that is known here.
  static func namedUser(_ login: String, _ subscription: Subscription) -> Element {
    let info = subscription[.users].all.lazy.map { Element($0.xml) }.first { $0.value("USER_LOGIN") == login }?.child("CONTACT_INFO")
    return Element(
      "USER",
      children: [
        Element("USER_LOGIN", login), Element("FIRST_NAME", info?.text("FIRSTNAME") ?? "", cdata: true),
        Element("LAST_NAME", info?.text("LASTNAME") ?? login, cdata: true),
      ])
  }

  // MARK: One user

  @Sendable private static func change(_ call: Call, _ subscription: inout Subscription) throws(Refusal) -> Answer {
    do throws(Refusal) {
      guard let name = call["action"], !name.isEmpty else { throw Refusal.missing("action") }
      guard let action = actions.first(where: { $0.name == name }) else {
        throw Refusal.invalid("action", name, "must be one of: \(actions.map(\.name).joined(separator: ", "))")
      }
      return try action.checked(call, &subscription)
    } catch {
      return output("USER_OUTPUT", call, status: "FAILED", number: error.code, error.text)
    }
  }

  private static func output(
    _ root: String, _ call: Call, status: String = "SUCCESS", number: String? = nil, _ message: String, behind: [Element] = []
  ) -> Answer {
    let name = call.path.split(separator: "/").last.map { String($0) } ?? ""
    let attributes = [("status", status)] + (number.map { [("number", $0)] } ?? [])
    let output = Element(
      root,
      children: [
        Element("API", attributes: [("name", name), ("username", call.user), ("at", Document.now())]),
        Element("RETURN", attributes: attributes, children: [Element("MESSAGE", message, cdata: status != "SUCCESS")]),
      ] + behind)
    return Answer(opening(root) + output.xml() + ["\n"])
  }

  private static let actions = [
    Action(
      name: "add", methods: ["GET", "POST"],
      rules: [
        Rule("user_role", .required, .oneOf(["manager", "unit_manager", "scanner", "reader", "contact", "administrator"])),
        Rule("business_unit", .required), Rule("send_email", .optional, .flag),
      ] + general(isNew: true),
      combinations: [
        .only(["asset_groups"], with: "user_role", is: ["scanner", "reader", "contact"], standard: ""),
        .only(["send_email"], with: "user_role", is: ["manager", "unit_manager", "scanner", "reader", "administrator"], standard: ""),
      ], perform: add),
    Action(name: "edit", methods: ["GET", "POST"], rules: [Rule("login", .required)] + general(isNew: false)) { call, subscription throws(Refusal) in
      let record = try named(call["login"] ?? "", subscription)
      var user = Element(record.xml)
      // What a new user of the role cannot have, one who is there cannot be given: U16 p. 527.
      if call["asset_groups"] != nil, !["Scanner", "Reader", "Contact"].contains(user.value("USER_ROLE")) {
        throw Refusal.unsupported(["login", "asset_groups"], call)
      }
      try set(call, on: &user)
      keep(user, &subscription)
      return output("USER_OUTPUT", call, "\(call["login"] ?? "") user has been successfully updated.")
    },
    switching("activate", from: "Inactive", to: "Active"), switching("deactivate", from: "Active", to: "Inactive"),
  ]

  private static func switching(_ name: String, from before: String, to after: String) -> Action {
    Action(name: name, methods: ["GET", "POST"], rules: [Rule("login", .required)]) { call, subscription throws(Refusal) in
      let record = try named(call["login"] ?? "", subscription)
      var user = Element(record.xml)
      let status = user.value("USER_STATUS")
      guard status == before else { throw Refusal.invalid("login", call["login"] ?? "", "the status is \(status)") }
      user.set(Element("USER_STATUS", after))
      keep(user, &subscription)
      return output("USER_OUTPUT", call, "\(call["login"] ?? "") user has been successfully \(name)d.")
    }
  }

  /// General information, and the elements of a list that show it.
  private static let fields: [(parameter: String, element: String, limit: Int, isNeeded: Bool)] = [
    ("first_name", "FIRSTNAME", 50, true), ("last_name", "LASTNAME", 50, true), ("title", "TITLE", 100, true), ("phone", "PHONE", 40, true),
    ("fax", "FAX", 40, false), ("email", "EMAIL", 100, true), ("address1", "ADDRESS1", 80, true), ("address2", "ADDRESS2", 80, false),
    ("city", "CITY", 50, true), ("zip_code", "ZIP_CODE", 20, false),
  ]

  private static let externalID = Check.matching {
    $0.contains("<") ? "HTML or PHP tags" : $0.unicodeScalars.count > 256 ? "longer than 256 characters" : nil
  }

  private static func general(isNew: Bool) -> [Rule] {
    let styles = Check.oneOf(["standard_blue", "navy_blue", "coral_red", "olive_green", "accessible_high_contrast"])
    let groups = Check.list(.named(.assetGroups, noun: "asset group"))
    return fields.map { field in
      let check = field.parameter == "email" ? Check.matching { isAddress($0, limit: field.limit) } : .text(field.limit)
      return Rule(field.parameter, isNew && field.isNeeded ? .required : .optional, check)
    } + [
      Rule("country", isNew ? .required : .optional, .oneOf(UserValues.countries.sorted())), Rule("state"),
      Rule("external_id", .optional, externalID),
      Rule("asset_groups", .optional, isNew ? groups : .emptyOr(groups)), Rule("ui_interface_style", .optional, isNew ? styles : .emptyOr(styles)),
      // Empty is the time zone of the browser: U16 p. 531.
      Rule("time_zone_code", .optional, .emptyOr(.matching(zoneFault))),
    ]
  }

  private static func isAddress(_ text: String, limit: Int) -> String? {
    let halves = text.trimmed.split(separator: "@", omittingEmptySubsequences: false)
    let isOne = halves.count == 2 && halves.allSatisfy { !$0.isEmpty && !$0.contains(where: \.isWhitespace) }
    return !isOne ? "not a properly formatted address" : text.unicodeScalars.count > limit ? "longer than \(limit) characters" : nil
  }

  private static let roles = [
    "manager": "Manager", "unit_manager": "Unit Manager", "scanner": "Scanner", "reader": "Reader", "contact": "Contact",
    "administrator": "Administrator",
  ]

  @Sendable private static func add(_ call: Call, _ subscription: inout Subscription) throws(Refusal) -> Answer {
    let role = call["user_role"] ?? ""
    let unit = (call["business_unit"] ?? "").trimmed
    let hasManager = subscription[.users].all.contains { record in
      record.xml.child("BUSINESS_UNIT") == unit && record.xml.child("USER_ROLE") == "Unit Manager"
    }
    if unit != "Unassigned", role != "unit_manager", !hasManager {
      throw Refusal.invalid("business_unit", unit, "the first user of a business unit must be unit_manager")
    }
    var user = Element("USER")
    let id = subscription[.users].newID()
    let login = role == "contact" ? nil : newLogin(call, subscription)
    if let login { user.set(Element("USER_LOGIN", login)) }
    user.set(Element("USER_ID", String(id)))
    var info = Element("CONTACT_INFO")
    // What is not given is that of the user who asks, of whom nothing is known here: U16 p. 532.
    for (name, text) in [("ZIP_CODE", "00000"), ("COMPANY", "Rehearsal")] { info.set(Element(name, text, cdata: true)) }
    info.set(Element("TIME_ZONE_CODE", "Auto", cdata: true))
    user.set(info)
    user.set(Element("UI_INTERFACE_STYLE", role == "contact" ? "" : "standard_blue"))
    try set(call, on: &user)
    let mails = call["send_email"] != "0"
    user.set(Element("USER_STATUS", mails && role != "contact" ? "Pending Activation" : "Active"))
    user.set(Element("CREATION_DATE", Document.now()))
    user.set(Element("LAST_LOGIN_DATE", "N/A"))
    user.set(Element("USER_ROLE", roles[role] ?? role))
    user.set(Element("BUSINESS_UNIT", unit, cdata: true))
    user.set(Element("UNIT_MANAGER_POC", role == "unit_manager" && !hasManager ? "1" : "0"))
    user.set(Element("MANAGER_POC", "0"))
    let creates = role == "unit_manager" || role == "scanner"
    user.set(Element("PERMISSIONS", children: [Element("CREATE_OPTION_PROFILES", creates ? "1" : "0")]))
    user.set(Element("NOTIFICATIONS", children: [Element("LATEST_VULN", role == "administrator" ? "none" : "weekly")]))
    keep(user, &subscription)
    guard let login else { return output("USER_OUTPUT", call, "The contact has been successfully created.") }
    let credentials = Element("USER", children: [Element("USER_LOGIN", login), Element("PASSWORD", password(id))])
    return output("USER_OUTPUT", call, "\(login) user has been successfully created.", behind: mails ? [] : [credentials])
  }

  /// The same for the same user, so that whoever rehearses can look for it where it must not be.
  private static func password(_ id: Int) -> String { "rehearsed-\(id)&Secret" }

  /// Of letters of the name, and a number.
  private static func newLogin(_ call: Call, _ subscription: borrowing Subscription) -> String {
    func initial(_ name: String) -> String { (call[name] ?? "").lowercased().first { $0.isASCII && $0.isLetter }.map { String($0) } ?? "x" }
    let start = "rehrs_" + initial("first_name") + initial("last_name")
    let taken = Set(subscription[.users].all.compactMap { $0.xml.child("USER_LOGIN") })
    var number = 1
    while taken.contains(start + String(number)) { number += 1 }
    return start + String(number)
  }

  /// What the call says of a user, new or not. An empty value clears what may be empty.
  private static func set(_ call: Call, on user: inout Element) throws(Refusal) {
    var info = user.child("CONTACT_INFO") ?? Element("CONTACT_INFO")
    for field in fields {
      guard let value = call[field.parameter] else { continue }
      if field.isNeeded, value.trimmed.isEmpty { throw Refusal.missing(field.parameter) }
      info.set(Element(field.element, value, cdata: true))
    }
    if let country = call["country"] {
      info.set(Element("COUNTRY", country))
      info.set(Element("STATE"))
    }
    let country = info.value("COUNTRY")
    let states = UserValues.states[country]
    if let state = call["state"], !state.isEmpty {
      guard states?.contains(state) ?? (state == "none") else { throw Refusal.invalid("state", state, "not a state of \(country)") }
      info.set(Element("STATE", states == nil ? "" : state))
    }
    if states != nil, info.value("STATE").isEmpty { throw Refusal.missing("state") }
    if let zone = call["time_zone_code"] { info.set(Element("TIME_ZONE_CODE", zone.isEmpty ? "Auto" : zone, cdata: true)) }
    info.sort([
      "FIRSTNAME", "LASTNAME", "TITLE", "PHONE", "FAX", "EMAIL", "COMPANY", "ADDRESS1", "ADDRESS2", "CITY", "COUNTRY", "STATE", "ZIP_CODE",
      "TIME_ZONE_CODE",
    ])
    user.set(info)
    if let id = call["external_id"] { if id.isEmpty { user.remove("EXTERNAL_ID") } else { user.set(Element("EXTERNAL_ID", id, cdata: true)) } }
    if let style = call["ui_interface_style"] { user.set(Element("UI_INTERFACE_STYLE", style.isEmpty ? "standard_blue" : style)) }
    guard let groups = call["asset_groups"] else { return }
    user.remove("ASSIGNED_ASSET_GROUPS")
    if groups.parts.isEmpty { return }
    user.set(Element("ASSIGNED_ASSET_GROUPS", children: groups.parts.map { Element("ASSET_GROUP_TITLE", $0, cdata: true) }))
  }

  private static func named(_ login: String, _ subscription: borrowing Subscription) throws(Refusal) -> RecordStore.Record {
    guard let record = subscription[.users].all.first(where: { $0.xml.child("USER_LOGIN") == login }) else {
      throw Refusal.invalid("login", login, "no such user")
    }
    return record
  }

  private static func keep(_ user: Element, _ subscription: inout Subscription) {
    var user = user
    user.sort([
      "USER_LOGIN", "USER_ID", "EXTERNAL_ID", "CONTACT_INFO", "ASSIGNED_ASSET_GROUPS", "USER_STATUS", "CREATION_DATE", "LAST_LOGIN_DATE", "USER_ROLE",
      "BUSINESS_UNIT", "UNIT_MANAGER_POC", "MANAGER_POC", "UI_INTERFACE_STYLE", "PERMISSIONS", "NOTIFICATIONS",
    ])
    guard let id = Check.number(user.value("USER_ID")) else { return }
    subscription[.users].put(RecordStore.Record(id: id, name: "", xml: user.xml(level: 2)))
    subscription[.users].isKnown = true
    follow(user, &subscription)
  }

  // MARK: Passwords

  @Sendable private static func changePasswords(_ call: Call, _ subscription: inout Subscription) throws(Refusal) -> Answer {
    let rules = [Rule("user_logins", .required), Rule("email", .optional, .flag)]
    let action = Action(name: "change", methods: ["GET", "POST"], rules: rules) { call, subscription throws(Refusal) in
      let logins = call["user_logins"] ?? ""
      // Nobody changes their own password so: U16 p. 537.
      var named =
        logins.trimmed == "all"
        ? subscription[.users].all.filter { record in record.xml.child("USER_LOGIN").map { !$0.isEmpty && $0 != call.user } ?? false } : []
      if logins.trimmed != "all" {
        for login in logins.parts {
          if login == call.user { throw Refusal.invalid("user_logins", login, "the user who asks") }
          named.append(try Self.named(login, subscription))
        }
      }
      let mails = call["email"] != "0"
      // Who is told a password here may use it at once: U16, "User Password Change".
      if !mails {
        for record in named {
          var user = Element(record.xml)
          if user.value("USER_STATUS") != "Pending Activation" { continue }
          user.set(Element("USER_STATUS", "Active"))
          keep(user, &subscription)
        }
      }
      let changes = named.map { record in
        let login = Element("USER_LOGIN", record.xml.child("USER_LOGIN") ?? "")
        return Element("USER", children: mails ? [login] : [login, Element("PASSWORD", password(record.id))])
      }
      let list = Element("CHANGES", attributes: [("count", String(changes.count))], children: [Element("USER_LIST", children: changes)])
      return output("PASSWORD_CHANGE_OUTPUT", call, "Password successfully changed.", behind: [list])
    }
    do throws(Refusal) { return try action.checked(call, &subscription) } catch {
      return output("PASSWORD_CHANGE_OUTPUT", call, status: "FAILED", number: error.code, error.text)
    }
  }

  // MARK: Registration

  /// Whether a user who was created here has a password: the one that an answer has told.
  static func isPassword(_ bytes: [UInt8], of login: String, _ subscription: borrowing Subscription) -> Bool {
    (try? named(login, subscription)).map { Array(password($0.id).utf8) == bytes } ?? false
  }

  /// Errors: `Refusal` for a user who may not ask: who is not active, or has not accepted the EULA yet, which is all that such a user may do.
  /// U16 p. 534 and 552.
  static func checkRegistration(of login: String, _ call: Call, _ subscription: borrowing Subscription) throws(Refusal) {
    guard let user = try? Element(named(login, subscription).xml) else { return }
    if user.value("USER_STATUS") == "Inactive", let refusal = Refusal.published("2002") { throw refusal }
    let isNew = user.value("USER_STATUS") == "Pending Activation" || user.value("LAST_LOGIN_DATE") == "N/A"
    if isNew, call.path != "/msp/acceptEULA.php", let refusal = Refusal.published("2003") { throw refusal }
  }

  /// The first login of a user, which ends the registration: U16 p. 535. It has no parameters.
  @Sendable private static func acceptEULA(_ call: Call, _ subscription: inout Subscription) throws(Refusal) -> Answer {
    do throws(Refusal) {
      guard ["GET", "POST"].contains(call.method) else { throw Refusal.method("acceptEULA.php") }
      if !call.order.isEmpty { throw Refusal.unrecognized(call.order) }
    } catch {
      return Document.genericReturn("FAILED", message: error.text, number: error.code, for: call)
    }
    if let record = try? named(call.user, subscription) {
      var user = Element(record.xml)
      if user.value("USER_STATUS") == "Pending Activation" { user.set(Element("USER_STATUS", "Active")) }
      user.set(Element("LAST_LOGIN_DATE", Document.now()))
      keep(user, &subscription)
    }
    return Document.genericReturn("SUCCESS", text: "TNC accepted within MSP", for: call)
  }
}
