import Markup

extension Resource {
  static let tags = Resource(
    name: "tags", noun: "tag", roots: ["ServiceResponse"], records: ["data/Tag"], keys: ("id", "name"),
    endpoints: [
      Endpoint(path: "/qps/rest/2.0/search/am/tag", direct: search), Endpoint(path: "/qps/rest/2.0/count/am/tag", direct: count),
      Endpoint(path: "/qps/rest/2.0/get/am/tag/#", direct: get), Endpoint(path: "/qps/rest/2.0/create/am/tag", direct: create),
    ],
    saved: { records in
      var xml = Array(
        "  <responseCode>SUCCESS</responseCode>\n  <count>\(records.count)</count>\n  <hasMoreRecords>false</hasMoreRecords>\n  <data>\n".utf8)
      for record in records { xml += "    ".utf8 + record.xml + [0x0A] }
      return Document.serviceResponse(xml + Array("  </data>\n".utf8))
    })

  // MARK: Reading

  /// The body of a request, nil if there is none.
  private static func request(_ call: Call) throws(Refusal) -> Element? {
    if call.body.allSatisfy({ [0x20, 0x0A, 0x0D, 0x09].contains($0) }) { return nil }
    if !call.contentType.lowercased().contains("xml") {
      throw Refusal(tag: "INVALID_REQUEST", "the rehearsal takes bodies of Content-Type text/xml, not \(call.contentType)")
    }
    guard let cut = try? Cut(call.body, records: ["ServiceRequest"]) else { throw Refusal(tag: "INVALID_XML", "the body is not XML") }
    guard cut.root == "ServiceRequest", let record = cut.records.first else {
      throw Refusal(tag: "INVALID_REQUEST", "the body is not a ServiceRequest")
    }
    return Element(record)
  }

  private static func matching(_ request: Element?, _ shelf: Shelf) throws(Refusal) -> [Shelf.Record] {
    var criteria: [(field: String, operation: String, value: String)] = []
    for element in request?.child("filters")?.children ?? [] {
      let (field, operation) = (element.attribute("field") ?? "", element.attribute("operator") ?? "")
      let allowed: [String] =
        switch field {
        case "id", "parent": ["EQUALS", "NOT EQUALS", "GREATER", "LESSER", "IN"]
        case "name", "color": ["CONTAINS", "EQUALS", "NOT EQUALS"]
        case "ruleType", "provider": ["EQUALS", "NOT EQUALS", "IN"]
        default: throw Refusal(tag: "INVALID_REQUEST", "Invalid field: \(field)")
        }
      guard element.name == "Criteria", allowed.contains(operation) else {
        throw Refusal(tag: "INVALID_REQUEST", "Invalid operator for \(field): \(operation)")
      }
      criteria.append((field == "parent" ? "parentTagId" : field, operation, element.text.trimmed))
    }
    if criteria.isEmpty { return shelf.all }
    return shelf.all.filter { record in
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
    let request = try request(call)
    let preferences = request?.child("preferences")
    func number(_ name: String) throws(Refusal) -> Int? {
      guard let text = preferences?.child(name)?.text.trimmed else { return nil }
      guard let number = Check.number(text) else { throw Refusal(tag: "INVALID_REQUEST", "\(name) is not a number: \(text)") }
      return number
    }
    var limit = try number("limitResults") ?? 100
    guard (1...1000).contains(limit) else { throw Refusal(tag: "INVALID_REQUEST", "limitResults is not from 1 to 1000: \(limit)") }
    if let page = subscription.pageSize { limit = min(limit, page) }
    var found = try matching(request, subscription["tags"])[...]
    if let first = try number("startFromId") { found = found.drop { $0.id < first } }
    if let offset = try number("startFromOffset"), offset > 0 { found = found.dropFirst(offset - 1) }
    let page = found.prefix(limit)
    var xml =
      "  <responseCode>SUCCESS</responseCode>\n  <count>\(page.count)</count>\n  <hasMoreRecords>\(page.count < found.count)</hasMoreRecords>\n"
    if let last = page.last { xml += "  <lastId>\(last.id)</lastId>\n" }
    var bytes = Array((xml + "  <data>\n").utf8)
    let fields = call["fields"].map { Set($0.parts) }
    for record in page {
      bytes += "    ".utf8
      bytes += fields.map { fields in record.xml.keeping { fields.contains($0) } } ?? record.xml
      bytes.append(0x0A)
    }
    return Answer(Array(Document.serviceResponse(bytes + Array("  </data>\n".utf8))))
  }

  @Sendable private static func count(_ call: Call, _ subscription: inout Subscription) throws(Refusal) -> Answer {
    if call.method != "GET" { try post(call) }
    let found = try matching(request(call), subscription["tags"])
    return Answer(Document.serviceResponse(Array("  <responseCode>SUCCESS</responseCode>\n  <count>\(found.count)</count>\n".utf8)))
  }

  @Sendable private static func get(_ call: Call, _ subscription: inout Subscription) throws(Refusal) -> Answer {
    guard let id = call.path.split(separator: "/").last.flatMap({ Int($0) }), let tag = subscription["tags"][id] else {
      throw Refusal(tag: "OBJECT_NOT_FOUND", "Tag not found, or out of your scope: \(call.path.split(separator: "/").last ?? "")")
    }
    return answer(tag.xml)
  }

  private static func post(_ call: Call) throws(Refusal) {
    guard call.method == "POST" else {
      throw Refusal(tag: "INVALID_REQUEST", "the request method \(call.method) is not supported here")
    }
  }

  private static func answer(_ tag: [UInt8]) -> Answer {
    let opening = "  <responseCode>SUCCESS</responseCode>\n  <count>1</count>\n  <data>\n    "
    return Answer(Document.serviceResponse(Array(opening.utf8) + tag + Array("\n  </data>\n".utf8)))
  }

  // MARK: Creating

  @Sendable private static func create(_ call: Call, _ subscription: inout Subscription) throws(Refusal) -> Answer {
    try post(call)
    guard let request = try request(call) else { throw Refusal(tag: "INVALID_REQUEST", "the request has no body") }
    let tags = request.child("data")?.children ?? []
    guard tags.count == 1, tags[0].name == "Tag" else { throw Refusal(tag: "INVALID_REQUEST", "data must hold one Tag") }
    try check(tags[0], isNested: false)
    var parent: Int?
    if let text = tags[0].child("parentTagId")?.text.trimmed {
      guard let id = Check.number(text), subscription["tags"][id] != nil else {
        throw Refusal(tag: "OBJECT_NOT_FOUND", "parentTagId: no such tag, or out of your scope: \(text)")
      }
      parent = id
    }
    let name = tags[0].value("name")
    for record in subscription["tags"].all where record.name == name {
      if record.xml.child("parentTagId").flatMap({ Int($0) }).flatMap({ $0 == 0 ? nil : $0 }) == parent {
        throw Refusal(tag: "INVALID_REQUEST", "name: a tag named \(name) exists beside it")
      }
    }
    let id = plant(tags[0], below: parent, call, &subscription)
    subscription["tags"].isKnown = true
    if let parent, let old = subscription["tags"][parent] {
      var changed = Element(old.xml)
      var children = changed.child("children") ?? Element("children")
      var list = children.child("list") ?? Element("list")
      list.children.append(simple(id, name))
      children.set(list)
      changed.set(children)
      subscription["tags"].put(Shelf.Record(id: parent, name: old.name, xml: changed.xml(level: 2)))
    }
    guard let created = subscription["tags"][id] else { throw Refusal(500, "the new tag is lost", status: 500) }
    return answer(created.xml)
  }

  /// What a create call takes, in the order of the schema.
  private static let fields = ["name", "parentTagId", "color", "ruleText", "ruleType", "provider", "children", "criticalityScore", "description"]
  private static let ruleTypes = [
    "STATIC", "GROOVY", "OS_REGEX", "NETWORK_RANGE", "NETWORK_RANGE_ENHANCED", "NAME_CONTAINS", "INSTALLED_SOFTWARE", "OPEN_PORTS", "VULN_EXIST",
    "ASSET_SEARCH", "CLOUD_ASSET", "BUSINESS_INFORMATION", "GLOBAL_ASSET_VIEW", "TAG_SET",
  ]

  private static func check(_ tag: Element, isNested: Bool) throws(Refusal) {
    func refuse(_ field: String, _ why: String) throws(Refusal) -> Never {
      throw Refusal(tag: "INVALID_REQUEST", "\(field): An error occurred while validating the element: \(why)")
    }
    var seen: Set<String> = []
    for field in tag.children {
      if !seen.insert(field.name).inserted { try refuse(field.name, "given twice") }
      let isKnown = tag.name == "TagSimple" ? field.name == "name" : fields.contains(field.name)
      if !isKnown { try refuse(field.name, "this element cannot be set") }
      if field.name != "children", !field.children.isEmpty { try refuse(field.name, "text is expected, not elements") }
    }
    let name = tag.value("name")
    if name.isEmpty { try refuse("name", "a tag needs a name") }
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
      if !names.insert(child.value("name")).inserted { try refuse("name", "two children are named \(child.value("name"))") }
    }
  }

  /// Puts a tag and all below it on the shelf, and gives its id.
  private static func plant(_ tag: Element, below parent: Int?, _ call: Call, _ subscription: inout Subscription) -> Int {
    let id = subscription["tags"].newID()
    let now = Document.now()
    var record = Element("Tag", children: [Element("id", String(id)), Element("name", tag.value("name"))])
    if let parent { record.children.append(Element("parentTagId", String(parent))) }
    record.children += [Element("created", now), Element("modified", now)]
    var children = Element("children", children: [Element("list")])
    for child in tag.child("children")?.child("set")?.children ?? [] {
      let childID = plant(child, below: id, call, &subscription)
      children.children[0].children.append(simple(childID, child.value("name")))
    }
    for field in fields.dropFirst(2) {
      if field == "children" {
        if !children.children[0].children.isEmpty { record.children.append(children) }
      } else if let given = tag.child(field) {
        // The rule's own white space is the rule's.
        record.children.append(Element(field, field == "ruleText" ? given.text : given.text.trimmed))
      }
    }
    subscription["tags"].put(Shelf.Record(id: id, name: tag.value("name"), xml: record.xml(level: 2)))
    return id
  }

  private static func simple(_ id: Int, _ name: String) -> Element {
    Element("TagSimple", children: [Element("id", String(id)), Element("name", name)])
  }
}
