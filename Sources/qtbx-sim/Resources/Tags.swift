internal import Base
import Catalog

extension RehearsedResource {
  static let tags = RehearsedResource(
    .tags,
    endpoints: [
      Endpoint(path: "/qps/rest/2.0/search/am/tag", direct: search), Endpoint(path: "/qps/rest/2.0/count/am/tag", direct: count),
      Endpoint(path: "/qps/rest/2.0/get/am/tag/#", direct: get), Endpoint(path: "/qps/rest/2.0/create/am/tag", direct: create),
      Endpoint(path: "/qps/rest/2.0/update/am/tag/#", direct: update), Endpoint(path: "/qps/rest/2.0/update/am/tag", direct: update),
      Endpoint(path: "/qps/rest/2.0/delete/am/tag/#", direct: delete), Endpoint(path: "/qps/rest/2.0/delete/am/tag", direct: delete),
      Endpoint(path: "/qps/rest/2.0/evaluate/am/tag/#", direct: evaluate), Endpoint(path: "/qps/rest/2.0/evaluate/am/tag", direct: evaluate),
    ],
    saved: { records in
      var xml = Array(
        "  <responseCode>SUCCESS</responseCode>\n  <count>\(records.count)</count>\n  <hasMoreRecords>false</hasMoreRecords>\n  <data>\n".utf8)
      for record in records { xml += "    ".utf8 + record.xml + ["\n"] }
      return Document.serviceResponse(xml + Array("  </data>\n".utf8))
    })

  // MARK: Reading

  private static func matching(
    _ request: Element?, _ store: RecordStore, _ call: Call, parameters: [String] = []
  ) throws(Refusal) -> [RecordStore.Record] {
    var criteria: [(field: String, operation: String, value: String)] = []
    for (field, operation, value) in try Portal.criteria(request, call, parameters: parameters) {
      let allowed: [String] =
        switch field {
        case "id", "parent": ["EQUALS", "NOT EQUALS", "GREATER", "LESSER", "IN"]
        case "name", "color": ["CONTAINS", "EQUALS", "NOT EQUALS"]
        case "ruleType", "provider": ["EQUALS", "NOT EQUALS", "IN"]
        default: throw Refusal(tag: "INVALID_REQUEST", "Invalid field: \(field)")
        }
      guard allowed.contains(operation) else {
        throw Refusal(tag: "INVALID_REQUEST", "Invalid operator for \(field): \(operation)")
      }
      criteria.append((field == "parent" ? "parentTagId" : field, operation, value))
    }
    if criteria.isEmpty { return store.all }
    return store.all.filter { record in
      criteria.allSatisfy { criterion in
        let value = criterion.field == "id" ? String(record.id) : criterion.field == "name" ? record.name : record.xml.child(criterion.field) ?? ""
        switch criterion.operation {
        case "EQUALS": return value == criterion.value
        case "NOT EQUALS": return value != criterion.value
        case "CONTAINS": return value.contains(criterion.value)
        case "IN": return criterion.value.parts.contains(value)
        case "GREATER": return (Int(value) ?? 0) > (Int(criterion.value) ?? 0)
        default: return (Int(value) ?? 0) < (Int(criterion.value) ?? 0)
        }
      }
    }
  }

  @Sendable private static func search(_ call: Call, _ subscription: inout Subscription) throws(Refusal) -> Answer {
    try post(call)
    let request = try Portal.request(call)
    let found = try matching(request, subscription[.tags], call, parameters: ["fields"])
    let (page, hasMore) = try Portal.page(of: found, request, call, subscription)
    let fields = call["fields"].map { Set($0.parts) }
    let records = page.map { record in fields.map { fields in record.xml.keeping { fields.contains($0) } } ?? record.xml }
    return Portal.answer(count: page.count, records, page: (hasMore, page.last?.id), for: call)
  }

  @Sendable private static func count(_ call: Call, _ subscription: inout Subscription) throws(Refusal) -> Answer {
    if call.method != "GET" { try post(call) }
    return Portal.answer(count: try matching(Portal.request(call), subscription[.tags], call).count, for: call)
  }

  @Sendable private static func get(_ call: Call, _ subscription: inout Subscription) throws(Refusal) -> Answer {
    let id = call.path.split(separator: "/").last.flatMap { Int($0) } ?? 0
    return Portal.answer(count: 1, [try tag(id, subscription).xml], for: call)
  }

  private static func tag(_ id: Int, _ subscription: borrowing Subscription) throws(Refusal) -> RecordStore.Record {
    guard let tag = subscription[.tags][id] else { throw Refusal(tag: "OBJECT_NOT_FOUND", "Tag not found, or out of your scope: \(id)") }
    return tag
  }

  private static func post(_ call: Call) throws(Refusal) {
    guard call.method == "POST" else {
      throw Refusal(tag: "INVALID_REQUEST", "the request method \(call.method) is not supported here")
    }
  }

  // MARK: Creating

  @Sendable private static func create(_ call: Call, _ subscription: inout Subscription) throws(Refusal) -> Answer {
    try post(call)
    let tag = try onlyTag(of: Portal.request(call))
    try check(tag)
    var parent: Int?
    if tag.child("parentTagId") != nil { parent = try existingParent(tag, subscription) }
    try checkSiblings(tag.text("name"), below: parent, subscription)
    let id = plant(tag, below: parent, &subscription)
    subscription[.tags].isKnown = true
    if let parent { listChildren(of: parent, &subscription) }
    return Portal.answer(count: 1, [try Self.tag(id, subscription).xml], for: call)
  }

  /// The one Tag of a request's data.
  private static func onlyTag(of request: Element?) throws(Refusal) -> Element {
    guard let request else { throw Refusal(tag: "INVALID_REQUEST", "the request has no body") }
    let tags = request.child("data")?.children ?? []
    guard tags.count == 1, tags[0].name == "Tag" else { throw Refusal(tag: "INVALID_REQUEST", "data must hold one Tag") }
    return tags[0]
  }

  private static func existingParent(_ tag: Element, _ subscription: borrowing Subscription) throws(Refusal) -> Int {
    guard let id = Check.number(tag.value("parentTagId")), subscription[.tags][id] != nil else {
      throw Refusal(tag: "OBJECT_NOT_FOUND", "parentTagId: no such tag, or out of your scope: \(tag.value("parentTagId"))")
    }
    return id
  }

  private static func checkSiblings(
    _ name: String, below parent: Int?, besides own: Int? = nil, _ subscription: borrowing Subscription
  ) throws(Refusal) {
    for record in subscription[.tags].all where record.name == name && record.id != own && Self.parent(of: record) == parent {
      throw Refusal(tag: "INVALID_REQUEST", "name: a tag named \(name) exists beside it")
    }
  }

  /// The tag above, nil at the top.
  private static func parent(of record: RecordStore.Record) -> Int? {
    record.xml.child("parentTagId").flatMap { Int($0) }.flatMap { $0 == 0 ? nil : $0 }
  }

  /// What a create call takes, in the order of the schema.
  private static let fields = ["name", "parentTagId", "color", "ruleText", "ruleType", "provider", "children", "criticalityScore", "description"]
  private static let ruleTypes = [
    "STATIC", "GROOVY", "OS_REGEX", "NETWORK_RANGE", "NETWORK_RANGE_ENHANCED", "NAME_CONTAINS", "INSTALLED_SOFTWARE", "OPEN_PORTS", "VULN_EXIST",
    "ASSET_SEARCH", "CLOUD_ASSET", "BUSINESS_INFORMATION", "GLOBAL_ASSET_VIEW", "TAG_SET",
  ]

  private static func refuse(_ field: String, _ why: String) throws(Refusal) -> Never {
    throw Refusal(tag: "INVALID_REQUEST", "\(field): An error occurred while validating the element: \(why)")
  }

  private static func check(_ tag: Element, isNested: Bool = false) throws(Refusal) {
    var seen: Set<String> = []
    for field in tag.children {
      if !seen.insert(field.name).inserted { try refuse(field.name, "given twice") }
      let isKnown = tag.name == "TagSimple" ? field.name == "name" : fields.contains(field.name)
      if !isKnown { try refuse(field.name, "this element cannot be set") }
      if field.name != "children", !field.children.isEmpty { try refuse(field.name, "text is expected, not elements") }
    }
    let name = tag.text("name")
    if name.trimmed.isEmpty { try refuse("name", "a tag needs a name") }
    if name.unicodeScalars.count > 1024 { try refuse("name", "longer than 1024 characters") }
    if isNested, tag.child("parentTagId") != nil { try refuse("parentTagId", "a child's parent is the tag around it") }
    if let color = tag.child("color")?.text.trimmed {
      let digits = color.dropFirst()
      guard color.hasPrefix("#"), digits.count == 3 || digits.count == 6, digits.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
        try refuse("color", "not #RGB or #RRGGBB: \(color)")
      }
    }
    let type = tag.child("ruleType")?.text.trimmed
    if let type {
      if !ruleTypes.contains(type) { try refuse("ruleType", "not a rule type: \(type)") }
      if type != "STATIC", tag.value("ruleText").isEmpty { try refuse("ruleText", "a tag of type \(type) needs one") }
    } else if !tag.value("ruleText").isEmpty {
      try refuse("ruleType", "a ruleText needs one")
    }
    if let provider = tag.child("provider")?.text.trimmed {
      if type != "CLOUD_ASSET" { try refuse("provider", "only for CLOUD_ASSET") }
      if !["EC2", "AZURE", "GCP", "IBM", "OCI"].contains(provider) { try refuse("provider", "not a provider: \(provider)") }
    }
    if let score = tag.child("criticalityScore")?.text.trimmed, Check.number(score).map({ (1...5).contains($0) }) != true {
      try refuse("criticalityScore", "not a number from 1 to 5: \(score)")
    }
    guard let children = tag.child("children") else { return }
    guard children.children.allSatisfy({ $0.name == "set" }), children.children.count <= 1 else { try refuse("children", "only one set is expected") }
    var names: Set<String> = []
    for child in children.child("set")?.children ?? [] {
      guard child.name == "Tag" || child.name == "TagSimple" else { try refuse("children", "not a tag: \(child.name)") }
      try check(child, isNested: true)
      if !names.insert(child.text("name")).inserted { try refuse("name", "two children are named \(child.text("name"))") }
    }
  }

  /// Puts a tag and all below it on the store, and gives its id.
  private static func plant(_ tag: Element, below parent: Int?, _ subscription: inout Subscription) -> Int {
    let id = subscription[.tags].newID()
    let now = Document.now()
    var record = Element("Tag", children: [Element("id", String(id)), Element("name", tag.text("name"))])
    if let parent { record.children.append(Element("parentTagId", String(parent))) }
    record.children += [Element("created", now), Element("modified", now)]
    var children = Element("children", children: [Element("list")])
    for child in tag.child("children")?.child("set")?.children ?? [] {
      let childID = plant(child, below: id, &subscription)
      children.children[0].children.append(simple(childID, child.text("name")))
    }
    for field in fields.dropFirst(2) {
      if field == "children" {
        if !children.children[0].children.isEmpty { record.children.append(children) }
      } else if let given = tag.child(field) {
        // The white space of what a person has written is the person's.
        record.children.append(Element(field, field == "ruleText" || field == "description" ? given.text : given.text.trimmed))
      }
    }
    subscription[.tags].put(RecordStore.Record(id: id, name: tag.text("name"), xml: record.xml(level: 2)))
    return id
  }

  private static func simple(_ id: Int, _ name: String) -> Element {
    Element("TagSimple", children: [Element("id", String(id)), Element("name", name)])
  }

  // MARK: Changing

  @Sendable private static func update(_ call: Call, _ subscription: inout Subscription) throws(Refusal) -> Answer {
    try post(call)
    let request = try Portal.request(call)
    let change = try onlyTag(of: request)
    let ids = try asked(call, request, subscription, own: change.value("id"))
    // All of them, or none.
    var changed = subscription
    for id in ids { try Self.change(id, change, &changed) }
    subscription = changed
    return Portal.answer(count: ids.count, bare(ids), for: call)
  }

  @Sendable private static func delete(_ call: Call, _ subscription: inout Subscription) throws(Refusal) -> Answer {
    try post(call)
    let ids = try asked(call, nil, subscription)
    for id in ids {
      if let tag = subscription[.tags][id], parent(of: tag) == nil, systemTags.contains(tag.name) {
        throw Refusal(tag: "INVALID_REQUEST", "\(tag.name) is a tag of the service: it cannot be deleted")
      }
    }
    for id in ids { remove(id, &subscription) }
    return Portal.answer(count: ids.count, bare(ids), for: call)
  }

  /// No list marks them: they are known by their names.
  private static let systemTags: Set = ["Asset Groups", "Business Units", "Cloud Agent", "Asset Search Tags", "Malware Domain Assets"]

  /// No rule is evaluated here: it says which tags would be.
  @Sendable private static func evaluate(_ call: Call, _ subscription: inout Subscription) throws(Refusal) -> Answer {
    try post(call)
    let id = call.path.split(separator: "/").last.flatMap { Int($0) }
    if let id { _ = try tag(id, subscription) }
    let count = try id == nil ? matching(Portal.request(call), subscription[.tags], call).count : 1
    return Portal.answer(count: count, for: call)
  }

  /// The tags that a call is about: the one of its path, the one that its data names, or those that its filters find.
  private static func asked(_ call: Call, _ request: Element?, _ subscription: borrowing Subscription, own: String = "") throws(Refusal) -> [Int] {
    if let id = call.path.split(separator: "/").last.flatMap({ Int($0) }) ?? Check.number(own) { return [try tag(id, subscription).id] }
    var request = request
    if request == nil { request = try Portal.request(call) }
    guard request?.child("filters")?.children.isEmpty == false else {
      throw Refusal(tag: "INVALID_REQUEST", "neither an id nor filters say which tags are meant")
    }
    return try matching(request, subscription[.tags], call).map(\.id)
  }

  private static func bare(_ ids: [Int]) -> [[UInt8]] { ids.map { Element("Tag", children: [Element("id", String($0))]).xml(level: 2) } }

  private static func change(_ id: Int, _ change: Element, _ subscription: inout Subscription) throws(Refusal) {
    let old = try tag(id, subscription)
    var tag = Element(old.xml)
    for field in change.children where field.name != "id" && field.name != "children" {
      if !fields.contains(field.name) { try refuse(field.name, "this element cannot be set") }
      // An empty field is taken away.
      if field.text.trimmed.isEmpty { tag.remove(field.name) } else { tag.set(field) }
    }
    // The whole of it must be as a tag that is created.
    try check(Element("Tag", children: tag.children.filter { fields.contains($0.name) && $0.name != "children" }))
    let before = parent(of: old)
    var after: Int?
    if !["", "0"].contains(tag.value("parentTagId")) { after = try existingParent(tag, subscription) }
    if let after, lineage(of: after, subscription).contains(id) { try refuse("parentTagId", "a tag cannot stand below itself") }
    try checkSiblings(tag.text("name"), below: after, besides: id, subscription)
    tag.set(Element("modified", Document.now()))
    tag.sort(schema)
    subscription[.tags].put(RecordStore.Record(id: id, name: tag.text("name"), xml: tag.xml(level: 2)))
    if before != after || old.name != tag.text("name") {
      for parent in Set([before, after].compactMap { $0 }) { listChildren(of: parent, &subscription) }
    }
    if let children = change.child("children") { try changeChildren(of: id, children, &subscription) }
  }

  /// Children that are set or added are made, unless they are there; children that are removed are deleted.
  private static func changeChildren(of id: Int, _ children: Element, _ subscription: inout Subscription) throws(Refusal) {
    guard children.children.count <= 1 else { try refuse("children", "adding and removing takes two calls") }
    guard let change = children.children.first else { return }
    let present = subscription[.tags].all.filter { parent(of: $0) == id }
    switch change.name {
    case "set", "add":
      for child in change.children {
        guard child.name == "Tag" || child.name == "TagSimple" else { try refuse("children", "not a tag: \(child.name)") }
        try check(child, isNested: true)
        if !present.contains(where: { $0.name == child.text("name") }) { _ = plant(child, below: id, &subscription) }
      }
    case "remove":
      for child in change.children {
        guard let gone = present.first(where: { String($0.id) == child.value("id") || $0.name == child.text("name") }) else {
          throw Refusal(tag: "OBJECT_NOT_FOUND", "children: no such tag below \(id): \(child.value("id"))\(child.text("name"))")
        }
        remove(gone.id, &subscription)
      }
    default: try refuse("children", "set, add or remove is expected, not \(change.name)")
    }
    listChildren(of: id, &subscription)
  }

  /// Every asset group has a tag of its name below `Asset Groups`, if there is such a tag. Without a title the group is gone.
  static func follow(group id: Int, _ title: String?, _ subscription: inout Subscription) {
    guard let parent = subscription[.tags].all.first(where: { $0.name == "Asset Groups" && Self.parent(of: $0) == nil }) else { return }
    let own = subscription[.tags].all.first { $0.xml.child("srcAssetGroupId") == String(id) }
    guard let title else {
      if let own { remove(own.id, &subscription) }
      return
    }
    if own?.name == title { return }
    let tagID = own?.id ?? plant(Element("Tag", children: [Element("name", title)]), below: parent.id, &subscription)
    guard let record = subscription[.tags][tagID] else { return }
    var tag = Element(record.xml)
    tag.set(Element("name", title))
    tag.set(Element("srcAssetGroupId", String(id)))
    tag.sort(schema)
    subscription[.tags].put(RecordStore.Record(id: tagID, name: title, xml: tag.xml(level: 2)))
    listChildren(of: parent.id, &subscription)
  }

  /// A tag and all above it.
  private static func lineage(of id: Int, _ subscription: borrowing Subscription) -> Set<Int> {
    var line: Set<Int> = []
    var next: Int? = id
    while let id = next, line.insert(id).inserted { next = subscription[.tags][id].flatMap { parent(of: $0) } }
    return line
  }

  /// Deletes a tag and all below it.
  private static func remove(_ id: Int, _ subscription: inout Subscription) {
    guard let tag = subscription[.tags][id] else { return }
    subscription[.tags].remove(id)
    for child in subscription[.tags].all where parent(of: child) == id { remove(child.id, &subscription) }
    if let above = parent(of: tag) { listChildren(of: above, &subscription) }
  }

  /// Makes the list of a tag's children from what there is.
  private static func listChildren(of id: Int, _ subscription: inout Subscription) {
    guard let record = subscription[.tags][id] else { return }
    var tag = Element(record.xml)
    let children = subscription[.tags].all.filter { parent(of: $0) == id }.map { simple($0.id, $0.name) }
    tag.remove("children")
    if !children.isEmpty { tag.set(Element("children", children: [Element("list", children: children)])) }
    tag.sort(schema)
    subscription[.tags].put(RecordStore.Record(id: id, name: record.name, xml: tag.xml(level: 2)))
  }

  /// The order in which a list shows a tag's elements.
  private static let schema = [
    "id", "name", "parentTagId", "created", "modified", "color", "ruleText", "ruleType", "srcAssetGroupId", "srcBusinessUnitId",
    "srcOperatingSystemName", "provider", "children", "criticalityScore", "description",
  ]
}
