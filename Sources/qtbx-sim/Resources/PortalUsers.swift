import Base
import Catalog
import Markup

/// Users as the asset management API knows them, by ids of its own, with their roles and their scope.
extension RehearsedResource {
  static let portalUsers = RehearsedResource(
    .portalUsers, noun: "portal user",
    endpoints: [
      Endpoint(path: "/qps/rest/2.0/search/am/user", direct: search), Endpoint(path: "/qps/rest/2.0/get/am/user/#", direct: get),
      Endpoint(path: "/qps/rest/2.0/update/am/user/#", direct: update),
    ],
    saved: { records in
      var xml = Array(
        "  <responseCode>SUCCESS</responseCode>\n  <count>\(records.count)</count>\n  <hasMoreRecords>false</hasMoreRecords>\n  <data>\n".utf8)
      for record in records { xml += "    ".utf8 + record.xml + ["\n"] }
      return Document.serviceResponse(xml + Array("  </data>\n".utf8))
    })

  /// Those who have been active are there, but for other managers. Whoever is not active keeps the id, the roles and the tags, and is not shown.
  /// The real portal takes some minutes to notice, which is not rehearsed.
  static func follow(_ user: Element, _ subscription: inout Subscription) {
    let login = user.value("USER_LOGIN")
    let known = subscription[.portalUsers].all.first { $0.xml.child("username") == login }
    if known != nil || isEntered(user) { enter(user, known, &subscription) }
  }

  /// The users that were loaded: those that a loaded list of portal users has are as it says.
  static func followLoaded(_ subscription: inout Subscription) {
    var logins = Set(subscription[.portalUsers].all.compactMap { $0.xml.child("username") })
    for record in subscription[.users].all {
      let user = Element(record.xml)
      if isEntered(user), logins.insert(user.value("USER_LOGIN")).inserted { enter(user, nil, &subscription) }
    }
  }

  private static func isEntered(_ user: Element) -> Bool {
    !user.value("USER_LOGIN").isEmpty && user.value("USER_STATUS") == "Active" && !["Manager", "Contact"].contains(user.value("USER_ROLE"))
  }

  private static func enter(_ user: Element, _ known: RecordStore.Record?, _ subscription: inout Subscription) {
    guard let info = user.child("CONTACT_INFO") else { return }
    let login = user.value("USER_LOGIN")
    let id = known?.id ?? subscription[.portalUsers].newID()
    var portal = known.map { Element($0.xml) } ?? Element("User", children: [Element("id", String(id)), Element("username", login)])
    for (name, element) in [("firstName", "FIRSTNAME"), ("lastName", "LASTNAME"), ("emailAddress", "EMAIL"), ("title", "TITLE")] {
      portal.set(Element(name, info.text(element)))
    }
    for list in ["scopeTags", "roleList"] where portal.child(list) == nil { portal.set(Element(list, children: [Element("list")])) }
    subscription[.portalUsers].put(RecordStore.Record(id: id, name: known?.name ?? login, xml: portal.xml(level: 2)))
    subscription[.portalUsers].isKnown = true
  }

  /// The logins of users who are not active.
  private static func hidden(_ subscription: borrowing Subscription) -> Set<String> {
    Set(subscription[.users].all.filter { $0.xml.child("USER_STATUS").map { $0 != "Active" } ?? false }.compactMap { $0.xml.child("USER_LOGIN") })
  }

  @Sendable private static func search(_ call: Call, _ subscription: inout Subscription) throws(Refusal) -> Answer {
    guard call.method == "POST" else { throw Refusal(tag: "INVALID_REQUEST", "the request method \(call.method) is not supported here") }
    let request = try Portal.request(call)
    let hidden = hidden(subscription)
    var users = subscription[.portalUsers].all.filter { record in record.xml.child("username").map { !hidden.contains($0) } ?? true }
    for (field, operation, value) in try Portal.criteria(request, call) {
      let number = Check.number(value) ?? 0
      switch (field, operation) {
      case ("id", "EQUALS"): users = users.filter { $0.id == number }
      case ("id", "GREATER"): users = users.filter { $0.id > number }
      case ("id", "LESSER"): users = users.filter { $0.id < number }
      case ("username", "EQUALS"): users = users.filter { $0.xml.child("username") == value }
      case ("roleName", "EQUALS"):
        users = users.filter { record in
          Element(record.xml).child("roleList")?.descendants("RoleData").contains { $0.value("name") == value } ?? false
        }
      default: throw Refusal(tag: "INVALID_REQUEST", "Invalid field or operator: \(field) \(operation)")
      }
    }
    let (page, hasMore) = try Portal.page(of: users, request, call, subscription)
    return Portal.answer(count: page.count, page.map(\.xml), page: (hasMore, page.last?.id), for: call)
  }

  @Sendable private static func get(_ call: Call, _ subscription: inout Subscription) throws(Refusal) -> Answer {
    Portal.answer(count: 1, [try asked(call, subscription).xml], for: call)
  }

  private static func asked(_ call: Call, _ subscription: borrowing Subscription) throws(Refusal) -> RecordStore.Record {
    let id = call.path.split(separator: "/").last.flatMap { Int($0) } ?? 0
    guard let user = subscription[.portalUsers][id], user.xml.child("username").map({ !hidden(subscription).contains($0) }) ?? true else {
      throw Refusal(tag: "OBJECT_NOT_FOUND", "User not found, or out of your scope: \(id)")
    }
    return user
  }

  /// Tags and roles are added and removed, by id or by name.
  @Sendable private static func update(_ call: Call, _ subscription: inout Subscription) throws(Refusal) -> Answer {
    guard call.method == "POST" else { throw Refusal(tag: "INVALID_REQUEST", "the request method \(call.method) is not supported here") }
    let record = try asked(call, subscription)
    guard let change = try Portal.request(call)?.child("data")?.child("User"), !change.children.isEmpty else {
      throw Refusal(tag: "INVALID_REQUEST", "data must hold one User, and what is to become of it")
    }
    var user = Element(record.xml)
    for list in change.children {
      let item = ["scopeTags": "TagData", "roleList": "RoleData"][list.name]
      guard let item, list.children.allSatisfy({ ["add", "remove"].contains($0.name) && $0.children.allSatisfy { $0.name == item } }) else {
        throw Refusal(tag: "INVALID_REQUEST", "\(list.name): only tags and roles can be added and removed")
      }
      var kept = user.child(list.name)?.child("list")?.children ?? []
      for step in list.children {
        for one in step.children {
          let whole = try known(one, subscription)
          kept.removeAll { $0.value("name") == whole.value("name") }
          if step.name == "add" { kept.append(whole) }
        }
      }
      user.set(Element(list.name, children: [Element("list", children: kept)]))
    }
    subscription[.portalUsers].put(RecordStore.Record(id: record.id, name: record.name, xml: user.xml(level: 2)))
    return Portal.answer(count: 1, [Element("User", children: [Element("id", String(record.id))]).xml(level: 2)], for: call)
  }

  /// A tag or a role with its id and its name. Which roles there are is not known here: any name is one.
  private static func known(_ one: Element, _ subscription: borrowing Subscription) throws(Refusal) -> Element {
    let (id, name) = (one.value("id"), one.value("name"))
    if id.isEmpty, name.isEmpty { throw Refusal(tag: "INVALID_REQUEST", "\(one.name): neither an id nor a name") }
    guard one.name == "TagData", subscription[.tags].isKnown else { return one }
    let found = id.isEmpty ? subscription[.tags].all.first { $0.name == name } : Check.number(id).flatMap { subscription[.tags][$0] }
    guard let found else { throw Refusal(tag: "OBJECT_NOT_FOUND", "scopeTags: no such tag, or out of your scope: \(id)\(name)") }
    return Element("TagData", children: [Element("id", String(found.id)), Element("name", found.name)])
  }
}
