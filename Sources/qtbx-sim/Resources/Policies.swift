import Markup

extension Resource {
  static let policies = Resource(
    name: "policies", noun: "policy", roots: ["POLICY_LIST_OUTPUT", "POLICY_EXPORT_OUTPUT"], records: ["POLICY_LIST/POLICY", "RESPONSE/POLICY"],
    keys: ("ID", "TITLE"),
    endpoints: [
      Endpoint(
        path: "/api/*/fo/compliance/policy/", versions: ["2.0", "3.0", "4.0", "5.0"],
        actions: [policyList, policyExport, policyImport, policyMerge] + scopeActions)
    ],
    adopt: { root, record, subscription throws(Complaint) in
      guard root == "POLICY_EXPORT_OUTPUT" else { return }
      let policy = Element(record)
      let title = policy.value("TITLE")
      guard !title.isEmpty else { throw Complaint(.refused, "the policy has no TITLE") }
      // An export has no id: it belongs to the listed policy of its title, or is one of its own.
      if var known = subscription["policies"].all.first(where: { $0.name == title && $0.document.isEmpty }) {
        known.document = record
        subscription["policies"].put(known)
      } else {
        let id = subscription["policies"].newID()
        subscription["policies"].put(Shelf.Record(id: id, name: title, xml: listed(id, title, policy, user: "rehearsal"), document: record))
      }
    })

  private static func listed(_ id: Int, _ title: String, _ policy: Element, user: String) -> [UInt8] {
    let stamp = [Element("DATETIME", Document.now()), Element("BY", user)]
    var listed = Element(
      "POLICY",
      children: [
        Element("ID", String(id)), Element("TITLE", title, cdata: true), Element("CREATED", children: stamp),
        Element("LAST_MODIFIED", children: stamp),
      ])
    if !policy.value("STATUS").isEmpty { listed.children.append(Element("STATUS", policy.value("STATUS"), cdata: true)) }
    return listed.xml(level: 3)
  }

  private static let policyList = Action(
    name: "list", methods: ["GET", "POST"],
    rules: [
      Rule("details", .optional, .oneOf(["Basic", "All", "None"])), Rule("ids", .optional, .ids), Rule("id_min", .optional, .integer(0...Int.max)),
      Rule("id_max", .optional, .integer(0...Int.max)), Rule("updated_after_datetime", .optional, .matching(dateTimeFault)),
      Rule("created_after_datetime", .optional, .matching(dateTimeFault)),
    ]
  ) { call, subscription throws(Refusal) in
    let ids = call["ids"].flatMap { IDSet($0) }
    let top = call["id_max"].flatMap { Int($0) } ?? Int.max
    let limit = min(1000, subscription.pageSize ?? 1000)
    let (records, next) = page(of: subscription["policies"], from: call["id_min"].flatMap { Int($0) } ?? 0, limit: limit) { record in
      if record.id > top { return false }
      if let ids, !ids.contains(record.id) { return false }
      // Dates of one form compare as text.
      for (parameter, element) in [("updated_after_datetime", "LAST_MODIFIED"), ("created_after_datetime", "CREATED")] {
        if let after = call[parameter], Element(record.xml).child(element)?.value("DATETIME") ?? "" <= after { return false }
      }
      return true
    }
    let more = next.map { Document.warning(limit: limit, nextID: String($0), for: call, saysLimit: false) } ?? ""
    let isBare = call["details"] == "None"
    return Document.list(
      root: "POLICY_LIST_OUTPUT", dtd: "policy_list_output.dtd", wrapper: "POLICY_LIST", records: isBare ? [] : records.map(\.xml),
      behind: (isBare && !records.isEmpty ? idSet(records.map(\.id)) : "") + more, for: call)
  }

  private static func dateTimeFault(_ value: String) -> String? {
    let shape = String(value.map { $0.isASCII && $0.isNumber ? "9" : $0 })
    return ["9999-99-99", "9999-99-99T99:99:99Z"].contains(shape) ? nil : "not YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ"
  }

  // MARK: Export

  private static let policyExport = Action(
    name: "export", methods: ["GET", "POST"],
    rules: [
      Rule("id", .optional, .integer(1...Int.max)), Rule("title"), Rule("show_user_controls", .optional, .flag),
      Rule("show_appendix", .optional, .flag),
    ],
    combinations: [.exclusive(["id", "title"]), .atLeastOne(["id", "title"])]
  ) { call, subscription throws(Refusal) in
    let policy: Shelf.Record
    if let title = call["title"] {
      guard let found = subscription["policies"].named(title) else { throw Refusal.invalid("title", title, "No such policy") }
      policy = found
    } else {
      guard let found = call["id"].flatMap({ Int($0) }).flatMap({ subscription["policies"][$0] }) else {
        throw Refusal.invalid("id", call["id"] ?? "", "No such policy ID")
      }
      policy = found
    }
    guard !policy.document.isEmpty else {
      throw Refusal.invalid("id", String(policy.id), "the rehearsal holds this policy's list record only: load its export, too")
    }
    var document = call.isOn("show_appendix") ? policy.document : policy.document.without(["APPENDIX"])
    if !call.isOn("show_user_controls") { document = withoutUserControls(document) }
    return Answer(exported(document, for: call))
  }

  private static func exported(_ document: [UInt8], for call: Call, root: String = "POLICY_EXPORT_OUTPUT") -> [UInt8] {
    var xml = "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<!DOCTYPE \(root) SYSTEM \"\(Document.host)\(call.path)\(root.lowercased()).dtd\">\n"
    xml += "\(Document.before)<\(root)>\n\(Document.echo(call))  <RESPONSE>\n    <DATETIME>\(Document.now())</DATETIME>\n    "
    return Array(xml.utf8) + document + Array("\n  </RESPONSE>\n</\(root)>\n\(Document.after)".utf8)
  }

  private static func withoutUserControls(_ document: [UInt8]) -> [UInt8] {
    var policy = Element(document)
    if policy.descendants("USER_DEFINED_CONTROL").isEmpty { return document }
    edit("CONTROLS", in: &policy) { $0.remove("USER_DEFINED_CONTROL") }
    recount(&policy)
    return policy.xml(level: 2)
  }

  private static func edit(_ name: String, in element: inout Element, _ body: (inout Element) -> Void) {
    for at in element.children.indices {
      if element.children[at].name == name { body(&element.children[at]) }
      edit(name, in: &element.children[at], body)
    }
  }

  /// The `total` of each list says how many it holds.
  private static func recount(_ element: inout Element) {
    for at in element.children.indices { recount(&element.children[at]) }
    guard ["TECHNOLOGIES", "SECTIONS", "CONTROLS"].contains(element.name), let at = element.attributes.firstIndex(where: { $0.name == "total" })
    else { return }
    element.attributes[at].value = String(element.children.count)
  }

  // MARK: Import

  private static let policyImport = Action(
    name: "import", rules: [Rule("title", .required), Rule("create_user_controls", .optional, .flag)]
  ) { call, subscription throws(Refusal) in
    let title = (call["title"] ?? "").trimmed
    var document = try policy(in: call)
    if !call.isOn("create_user_controls") { document = withoutUserControls(document) }
    let id = subscription["policies"].newID()
    var imported = Element(document)
    imported.set(Element("TITLE", title, cdata: true))
    // Only the title changes; where it says the same already, not a byte does.
    if Element(document).value("TITLE") != title { document = imported.xml(level: 2) }
    subscription["policies"].put(Shelf.Record(id: id, name: title, xml: listed(id, title, imported, user: call.user), document: document))
    subscription["policies"].isKnown = true
    return Answer(
      Document.simpleReturn(
        "Successfully imported compliance policy", items: [("ID", String(id)), ("TITLE", title)], for: call, declaration: false))
  }

  /// The policy in a request's body, checked as far as its structure is known.
  private static func policy(in call: Call) throws(Refusal) -> [UInt8] {
    if call.body.isEmpty || call.isForm { throw Refusal(1903, "missing required parameter(s): xml_file") }
    func refuse(_ why: String) -> Refusal { Refusal(1905, "parameter xml_file has invalid value: the XML is not valid: \(why)") }
    let cut: Cut
    do throws(Complaint) { cut = try Cut(call.body, records: ["RESPONSE/POLICY"]) } catch { throw refuse(error.reason) }
    guard cut.root == "POLICY_EXPORT_OUTPUT", cut.records.count == 1 else { throw refuse("not a POLICY_EXPORT_OUTPUT with one POLICY") }
    let policy = Element(cut.records[0])
    if policy.child("APPENDIX") != nil { throw refuse("APPENDIX is not expected") }
    try order(
      policy, ["TITLE", "EXPORTED", "COVER_PAGE", "STATUS", "TECHNOLOGIES", "SECTIONS"], needed: ["TITLE", "EXPORTED", "TECHNOLOGIES", "SECTIONS"],
      refuse)
    for section in policy.descendants("SECTION") {
      try order(section, ["NUMBER", "HEADING", "CONTROLS"], needed: ["NUMBER", "HEADING", "CONTROLS"], refuse)
    }
    for control in policy.descendants("CONTROL") {
      try order(control, ["ID", "CRITICALITY", "REFERENCE_TEXT", "IS_CONTROL_DISABLE", "TECHNOLOGIES"], needed: ["ID", "TECHNOLOGIES"], refuse)
      if let criticality = control.child("CRITICALITY") {
        try order(criticality, ["LABEL", "VALUE"], needed: ["LABEL", "VALUE"], refuse)
        if Check.number(criticality.value("VALUE")).map({ (0...5).contains($0) }) != true {
          throw refuse("CRITICALITY/VALUE is not a number from 0 to 5: \(criticality.value("VALUE"))")
        }
      }
    }
    return cut.records[0]
  }

  private static func order(_ element: Element, _ names: [String], needed: [String], _ refuse: (String) -> Refusal) throws(Refusal) {
    var at = 0
    for child in element.children {
      guard let place = names.firstIndex(of: child.name) else { throw refuse("\(child.name) is not expected in \(element.name)") }
      if place < at { throw refuse("\(child.name) stands too late in \(element.name)") }
      at = place + 1
    }
    for name in needed where element.child(name) == nil { throw refuse("\(element.name) lacks \(name)") }
  }

  // MARK: Merge

  private static let policyMerge = Action(
    name: "merge", methods: ["GET", "POST"],
    rules: [Rule("id", .required, .integer(1...Int.max)), Rule("merge_policy_id", .optional, .integer(1...Int.max))]
      + [
        "replace_cover_page", "replace_asset_groups", "add_asset_groups", "add_new_asset_groups", "add_new_technologies", "add_new_controls",
        "update_section_heading", "update_existing_controls", "preview_merge",
      ].map { Rule($0, .optional, .flag) },
    combinations: [
      .apart(["replace_asset_groups"], ["add_asset_groups", "add_new_asset_groups"]),
      .needs(["update_section_heading"], anyOf: ["add_new_controls", "update_existing_controls"]),
    ]
  ) { call, subscription throws(Refusal) in
    guard let id = call["id"].flatMap({ Int($0) }), var target = subscription["policies"][id] else {
      throw Refusal.invalid("id", call["id"] ?? "", "No such policy ID")
    }
    let hasBody = !call.isForm && !call.body.isEmpty
    var policy = Element(target.document)
    var list = Element(target.xml)
    let source: Element
    if let text = call["merge_policy_id"] {
      if hasBody { throw Refusal(1904, "please specify only one of these parameters: merge_policy_id, xml_file") }
      guard let other = Int(text).flatMap({ subscription["policies"][$0] }) else {
        throw Refusal.invalid("merge_policy_id", text, "No such policy ID")
      }
      source = Element(other.document)
      let groups = Element(other.xml).child("ASSET_GROUP_IDS")
      if call.isOn("replace_asset_groups") {
        list.remove("ASSET_GROUP_IDS")
        if let groups { list.set(groups) }
      } else if call.isOn("add_asset_groups") || call.isOn("add_new_asset_groups"), let groups {
        setGroups(groupIDs(list).union(IDSet(groups.text)?.ranges.flatMap { Array($0.prefix(100_000)) } ?? []), of: &list)
      }
    } else {
      guard hasBody else { throw Refusal(1922, "at least one of these parameters is required: merge_policy_id, xml_file") }
      for name in ["replace_asset_groups", "add_asset_groups", "add_new_asset_groups"] where call[name] != nil {
        throw Refusal(1907, "the parameter \(name) cannot be specified with xml_file")
      }
      source = Element(try Self.policy(in: call))
    }
    guard !target.document.isEmpty, source.name == "POLICY" else { throw Refusal(1905, "the rehearsal holds no export of one of these policies") }
    merge(source, into: &policy, call)
    recount(&policy)
    target.document = policy.xml(level: 2)
    target.xml = list.xml(level: 3)
    if !call.isOn("preview_merge") { subscription["policies"].put(target) }
    return Answer(exported(target.document, for: call, root: "POLICY_MERGE_RESULT_OUTPUT"))
  }

  private static func merge(_ source: Element, into policy: inout Element, _ call: Call) {
    if call.isOn("replace_cover_page"), let page = source.child("COVER_PAGE") { policy.set(page) }
    let isWider = call.isOn("add_new_technologies")
    if isWider, var own = policy.child("TECHNOLOGIES") {
      for technology in source.child("TECHNOLOGIES")?.children ?? [] where !own.children.contains(where: { $0.value("ID") == technology.value("ID") })
      {
        own.children.append(technology)
      }
      policy.set(own)
    }
    let technologies = Set((policy.child("TECHNOLOGIES")?.children ?? []).map { $0.value("ID") })
    var sections = policy.child("SECTIONS") ?? Element("SECTIONS")
    var places: [String: (section: Int, control: Int)] = [:]
    for (section, element) in sections.children.enumerated() {
      for (control, one) in (element.child("CONTROLS")?.children ?? []).enumerated() { places[one.name + one.value("ID")] = (section, control) }
    }
    for section in source.child("SECTIONS")?.children ?? [] {
      for var control in section.child("CONTROLS")?.children ?? [] {
        if let place = places[control.name + control.value("ID")] {
          guard var controls = sections.children[place.section].child("CONTROLS") else { continue }
          var own = controls.children[place.control]
          update(&own, from: control, call, isWider: isWider)
          controls.children[place.control] = own
          sections.children[place.section].set(controls)
          if call.isOn("update_section_heading"), call.isOn("update_existing_controls"), let heading = section.child("HEADING") {
            sections.children[place.section].set(heading)
          }
        } else if call.isOn("add_new_controls") {
          edit("TECHNOLOGIES", in: &control) { $0.children.removeAll { !technologies.contains($0.value("ID")) } }
          if control.name == "CONTROL", control.child("TECHNOLOGIES")?.children.isEmpty ?? true { continue }
          let at = sections.children.firstIndex { $0.value("HEADING") == section.value("HEADING") } ?? sections.children.count
          if at == sections.children.count {
            sections.children.append(
              Element(
                "SECTION",
                children: [
                  Element("NUMBER", String(at + 1)), section.child("HEADING") ?? Element("HEADING"),
                  Element("CONTROLS", attributes: [("total", "0")]),
                ]))
          }
          guard var controls = sections.children[at].child("CONTROLS") else { continue }
          controls.children.append(control)
          sections.children[at].set(controls)
        }
      }
    }
    policy.set(sections)
  }

  private static func update(_ own: inout Element, from other: Element, _ call: Call, isWider: Bool) {
    if call.isOn("update_existing_controls") {
      // In their order: each stands before the technologies.
      var rest = own.children.filter { !["CRITICALITY", "REFERENCE_TEXT", "IS_CONTROL_DISABLE"].contains($0.name) }
      let place = rest.firstIndex { $0.name == "TECHNOLOGIES" } ?? rest.count
      rest.insert(contentsOf: ["CRITICALITY", "REFERENCE_TEXT", "IS_CONTROL_DISABLE"].compactMap { other.child($0) ?? own.child($0) }, at: place)
      own.children = rest
    }
    guard var technologies = own.child("TECHNOLOGIES") else { return }
    for technology in other.child("TECHNOLOGIES")?.children ?? [] {
      if let at = technologies.children.firstIndex(where: { $0.value("ID") == technology.value("ID") }) {
        if call.isOn("update_existing_controls") { technologies.children[at] = technology }
      } else if isWider {
        technologies.children.append(technology)
      }
    }
    own.set(technologies)
  }

  // MARK: Scope

  private static let scopeActions: [Action] =
    ["add", "remove", "set"].flatMap { verb in
      [
        Action(
          name: verb + "_asset_group_ids",
          rules: [
            Rule("id", .required, .integer(1...Int.max)),
            Rule("asset_group_ids", .required, .list(.existing("asset-groups", noun: "asset group ID"))),
            Rule("evaluate_now", .optional, .flag),
          ]
        ) { call, subscription throws(Refusal) in
          try changeScope(call, &subscription) { policy, subscription throws(Refusal) in
            let given = (call["asset_group_ids"] ?? "").parts.compactMap { Int($0) }
            for id in given where verb != "remove" {
              if let group = subscription["asset-groups"][id], group.xml.child("IP_SET") == nil {
                throw Refusal.invalid("asset_group_ids", String(id), "the asset group has no IP")
              }
            }
            let own = groupIDs(policy)
            setGroups(verb == "set" ? Set(given) : verb == "add" ? own.union(given) : own.subtracting(given), of: &policy)
          }
        },
        Action(
          name: verb + "_asset_tags",
          rules: [
            Rule("id", .required, .integer(1...Int.max)), Rule("tag_set_by", .optional, .oneOf(["id", "name"])),
            Rule("tag_include_selector", .optional, .oneOf(["any", "all"])), Rule("tag_exclude_selector", .optional, .oneOf(["any", "all"])),
            Rule("tag_set_include"), Rule("tag_set_exclude"), Rule("evaluate_now", .optional, .flag),
          ],
          combinations: [.atLeastOne(["tag_set_include", "tag_set_exclude"])]
        ) { call, subscription throws(Refusal) in
          try checkTags(call, subscription)
          return try changeScope(call, &subscription) { policy, subscription throws(Refusal) in
            for set in ["include", "exclude"] {
              let given = (call["tag_set_" + set] ?? "").parts.map { tag in
                call["tag_set_by"] == "name" ? subscription["tags"].named(tag).map { String($0.id) } ?? tag : tag
              }
              let element = "TAG_SET_" + set.uppercased()
              var own = verb == "set" ? [] : (policy.child(element)?.children ?? []).map { $0.text.trimmed }
              own.removeAll { given.contains($0) }
              if verb != "remove" { own += given }
              policy.remove(element)
              policy.remove("TAG_\(set.uppercased())_SELECTOR")
              guard !own.isEmpty else { continue }
              policy.children.append(Element(element, children: own.map { Element("TAG_ID", $0, cdata: true) }))
              policy.children.append(Element("TAG_\(set.uppercased())_SELECTOR", call["tag_\(set)_selector"] ?? "any"))
            }
          }
        },
      ]
    }

  private static func changeScope(
    _ call: Call, _ subscription: inout Subscription, _ change: (inout Element, Subscription) throws(Refusal) -> Void
  ) throws(Refusal) -> Answer {
    guard let id = call["id"].flatMap({ Int($0) }), var record = subscription["policies"][id] else {
      throw Refusal.invalid("id", call["id"] ?? "", "No such policy ID")
    }
    var policy = Element(record.xml)
    try change(&policy, subscription)
    record.xml = policy.xml(level: 3)
    subscription["policies"].put(record)
    return Answer(Document.simpleReturn("Compliance Policy successfully modified.", items: [("ID", String(id))], for: call))
  }

  private static func groupIDs(_ policy: Element) -> Set<Int> {
    Set(IDSet(policy.value("ASSET_GROUP_IDS"))?.ranges.flatMap { Array($0.prefix(100_000)) } ?? [])
  }

  private static func setGroups(_ ids: Set<Int>, of policy: inout Element) {
    policy.remove("ASSET_GROUP_IDS")
    if !ids.isEmpty { policy.children.append(Element("ASSET_GROUP_IDS", ids.sorted().map { String($0) }.joined(separator: ","), cdata: true)) }
  }
}
