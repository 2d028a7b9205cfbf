import Base
import Catalog

extension RehearsedResource {
  static let policies = RehearsedResource(
    .policies, roots: Resource.policies.document.roots + Resource.policy.document.roots,
    records: Resource.policies.pageRecords + ["RESPONSE/POLICY"],
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
      if var known = subscription[.policies].all.first(where: { $0.name == title && $0.document.isEmpty }) {
        known.document = record
        subscription[.policies].put(known)
      } else {
        let id = subscription[.policies].newID()
        subscription[.policies].put(RecordStore.Record(id: id, name: title, xml: listed(id, title, policy, user: "rehearsal"), document: record))
      }
    },
    whole: { record in
      let declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n"
      let opening = "<POLICY_EXPORT_OUTPUT>\n  <RESPONSE>\n    <DATETIME>\(Document.now())</DATETIME>\n    "
      return Array((declaration + opening).utf8) + record.document + Array("\n  </RESPONSE>\n</POLICY_EXPORT_OUTPUT>\n".utf8)
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
    // EVALUATE_NOW is not shown until somebody has said it: what a list says otherwise is not documented.
    listed.children += [Element("IS_LOCKED", "0"), Element("INCLUDE_AGENT_IPS", "0")]
    return listed.xml(level: 3)
  }

  /// The order of the grammar, U12 p. 641. Tags that are excluded are younger than it.
  private static let order = [
    "ID", "TITLE", "CREATED", "LAST_MODIFIED", "LAST_EVALUATED", "STATUS", "IS_LOCKED", "EVALUATE_NOW", "ASSET_GROUP_IDS", "TAG_SET_INCLUDE",
    "TAG_INCLUDE_SELECTOR", "TAG_SET_EXCLUDE", "TAG_EXCLUDE_SELECTOR", "INCLUDE_AGENT_IPS", "CONTROL_LIST",
  ]

  private static let policyList = Action(
    name: "list", methods: ["GET", "POST"],
    rules: [
      Rule("details", .optional, .oneOf(["Basic", "All", "None"])), Rule("ids", .optional, .ids), Rule("id_min", .optional, Check.id),
      // The dates are younger than the guides.
      Rule("id_max", .optional, Check.id), Rule("updated_after_datetime", .optional, .matching(dateTimeFault)),
      Rule("created_after_datetime", .optional, .matching(dateTimeFault)),
    ]
  ) { call, subscription throws(Refusal) in
    let ids = AskedIDs(call)
    let limit = pageLimit(call, subscription)
    let (records, next) = page(of: subscription[.policies], from: ids.first, limit: limit) { record in
      guard ids.contains(record.id) else { return false }
      // Dates of one form compare as text.
      for (parameter, element) in [("updated_after_datetime", "LAST_MODIFIED"), ("created_after_datetime", "CREATED")] {
        if let after = call[parameter].map(instant), Element(record.xml).child(element)?.value("DATETIME") ?? "" <= after { return false }
      }
      return true
    }
    // In a list of its own, and the glossary behind it: U12 p. 641.
    let more = next.map { next in
      "    <WARNING_LIST>\n\(Document.warning(limit: limit, nextID: String(next), for: call, saysLimit: false))    </WARNING_LIST>\n"
    }
    let isBare = call["details"] == "None"
    let isWhole = call["details"] == "All"
    let idList = isBare && !records.isEmpty ? idSet(records.map(\.id)) : ""
    return Document.list(
      root: "POLICY_LIST_OUTPUT", dtd: "policy_list_output.dtd", wrapper: "POLICY_LIST",
      records: isBare ? [] : records.map { isWhole ? $0.xml : withoutTechnologies($0.xml) },
      behind: idList + (more ?? "") + (isBare ? "" : glossary(records, subscription, isWhole: isWhole)), for: call)
  }

  /// Only `details=All` shows the technologies of controls.
  private static func withoutTechnologies(_ record: [UInt8]) -> [UInt8] {
    guard record.contains("<TECHNOLOGY_LIST") else { return record }
    var policy = Element(record)
    edit("CONTROL", in: &policy) { $0.remove("TECHNOLOGY_LIST") }
    return policy.xml(level: 3)
  }

  /// What the ids in policies are called, as far as it is known here.
  private static func glossary(_ records: [RecordStore.Record], _ subscription: Subscription, isWhole: Bool) -> String {
    let policies = records.map { Element($0.xml) }
    let groupIDs = policies.compactMap { IDSet($0.value("ASSET_GROUP_IDS")) }
    let groups = subscription[.assetGroups].all.filter { group in groupIDs.contains { $0.contains(group.id) } }.map { group in
      var element = Element("ASSET_GROUP", children: [Element("ID", String(group.id)), Element("TITLE", group.name, cdata: true)])
      if isWhole, let addresses = Element(group.xml).child("IP_SET") { element.children.append(addresses) }
      return element
    }
    let tagIDs = Set(policies.flatMap { $0.descendants("TAG_ID") }.compactMap { Check.number($0.text.trimmed) })
    let tags = tagIDs.sorted().compactMap { subscription[.tags][$0] }.map { tag in
      Element("TAG", children: [Element("TAG_ID", String(tag.id)), Element("TAG_NAME", tag.name, cdata: true)])
    }
    let logins = isWhole ? Set(policies.flatMap { $0.descendants("BY") }.map { $0.text.trimmed }).sorted() : []
    let users = logins.map { namedUser($0, subscription) }
    let lists = [("ASSET_GROUP_LIST", groups), ("ASSET_TAG_LIST", tags), ("USER_LIST", users)].filter { !$0.1.isEmpty }
    if lists.isEmpty { return "" }
    let glossary = Element("GLOSSARY", children: lists.map { Element($0.0, children: $0.1) })
    return "    \(String(decoding: glossary.xml(level: 2), as: UTF8.self))\n"
  }

  static func dateTimeFault(_ value: String) -> String? {
    let shape = String(value.map { $0.isASCII && $0.isNumber ? "9" : $0 })
    return ["9999-99-99", "9999-99-99T99:99:99Z"].contains(shape) ? nil : "not YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ"
  }

  /// A day begins at midnight: U16 p. 472.
  static func instant(_ date: String) -> String { date.contains("T") ? date : date + "T00:00:00Z" }

  // MARK: Export

  private static let policyExport = Action(
    name: "export", methods: ["GET", "POST"],
    rules: [
      Rule("id", .optional, .integer(1...Int.max)), Rule("title"), Rule("show_user_controls", .optional, .flag),
      Rule("show_appendix", .optional, .flag),
    ],
    combinations: [.exclusive(["id", "title"]), .atLeastOne(["id", "title"])]
  ) { call, subscription throws(Refusal) in
    let policy: RecordStore.Record
    if let title = call["title"] {
      guard let found = subscription[.policies].named(title) else { throw Refusal.invalid("title", title, "No such policy") }
      policy = found
    } else {
      guard let found = call["id"].flatMap({ Int($0) }).flatMap({ subscription[.policies][$0] }) else {
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
    let address = Document.host + call.path + (call.path.hasSuffix("/") ? "" : "/") + root.lowercased() + ".dtd"
    var xml = "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<!DOCTYPE \(root) SYSTEM \"\(address)\">\n"
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
    let id = subscription[.policies].newID()
    var imported = Element(document)
    imported.set(Element("TITLE", title, cdata: true))
    // Only the title changes; where it says the same already, not a byte does.
    if Element(document).value("TITLE") != title { document = imported.xml(level: 2) }
    subscription[.policies].put(RecordStore.Record(id: id, name: title, xml: listed(id, title, imported, user: call.user), document: document))
    subscription[.policies].isKnown = true
    return Answer(
      Document.simpleReturn(
        "Successfully imported compliance policy", items: [("ID", String(id)), ("TITLE", title)], for: call, declaration: false))
  }

  /// The policy in a request's body, checked as far as its structure is known.
  private static func policy(in call: Call) throws(Refusal) -> [UInt8] {
    if call.body.isEmpty || call.isForm { throw Refusal.missing("xml_file") }
    func refuse(_ why: String) -> Refusal { Refusal(1905, "parameter xml_file has invalid value: the XML is not valid: \(why)") }
    let cut: SplitDocument
    do throws(Complaint) { cut = try SplitDocument(call.body, records: ["RESPONSE/POLICY"]) } catch { throw refuse(error.reason) }
    guard cut.root == "POLICY_EXPORT_OUTPUT", cut.records.count == 1 else { throw refuse("not a POLICY_EXPORT_OUTPUT with one POLICY") }
    let policy = Element(cut.records[0])
    if policy.child("APPENDIX") != nil { throw refuse("APPENDIX is not expected") }
    try order(
      policy, ["TITLE", "DESCRIPTION", "LOCKED", "EXPORTED", "COVER_PAGE", "STATUS", "TECHNOLOGIES", "SECTIONS"],
      needed: ["TITLE", "EXPORTED", "TECHNOLOGIES", "SECTIONS"], refuse)
    for section in policy.descendants("SECTION") {
      try order(section, ["NUMBER", "HEADING", "CONTROLS"], needed: ["NUMBER", "HEADING", "CONTROLS"], refuse)
    }
    for control in policy.descendants("CONTROL") {
      // The grammar of 2018 has IS_CONTROL_DISABLE first, exports of today have REFERENCE_TEXT first.
      let names = control.children.map(\.name)
      let isYoung = names.firstIndex(of: "REFERENCE_TEXT") ?? 0 < names.firstIndex(of: "IS_CONTROL_DISABLE") ?? 0
      let two = isYoung ? ["REFERENCE_TEXT", "IS_CONTROL_DISABLE"] : ["IS_CONTROL_DISABLE", "REFERENCE_TEXT"]
      try order(control, ["ID", "CRITICALITY"] + two + ["TECHNOLOGIES"], needed: ["ID", "TECHNOLOGIES"], refuse)
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
    name: "merge",
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
    guard let id = call["id"].flatMap({ Int($0) }), var target = subscription[.policies][id] else {
      throw Refusal.invalid("id", call["id"] ?? "", "No such policy ID")
    }
    let hasBody = !call.isForm && !call.body.isEmpty
    var policy = Element(target.document)
    var list = Element(target.xml)
    var changes = Changes()
    let source: Element
    if let text = call["merge_policy_id"] {
      if hasBody { throw Refusal.tooMany(["merge_policy_id", "xml_file"]) }
      guard let other = Int(text).flatMap({ subscription[.policies][$0] }) else {
        throw Refusal.invalid("merge_policy_id", text, "No such policy ID")
      }
      source = Element(other.document)
      let before = groupIDs(list)
      let groups = groupIDs(Element(other.xml))
      if call.isOn("replace_asset_groups") {
        setGroups(groups, of: &list)
      } else if call.isOn("add_asset_groups") || call.isOn("add_new_asset_groups") {
        setGroups(before.union(groups), of: &list)
      }
      changes.groups = groupIDs(list).subtracting(before).sorted().map { ($0, subscription[.assetGroups][$0]?.name ?? "Asset group \($0)") }
    } else {
      guard hasBody else { throw Refusal.atLeastOne(["merge_policy_id", "xml_file"]) }
      // An XML has no asset groups. The table excludes this one, a sample has it: U16 p. 489, 492.
      if call["replace_asset_groups"] != nil { throw Refusal.unsupported(["replace_asset_groups"], call) }
      source = Element(try Self.policy(in: call))
    }
    guard !target.document.isEmpty, source.name == "POLICY" else { throw Refusal(1905, "the rehearsal holds no export of one of these policies") }
    merge(source, into: &policy, call, &changes)
    recount(&policy)
    target.document = policy.xml(level: 2)
    list.sort(order)
    target.xml = list.xml(level: 3)
    if !call.isOn("preview_merge") { subscription[.policies].put(target) }
    return Answer(exported(changes.element(isPreview: call.isOn("preview_merge")).xml(level: 2), for: call, root: "POLICY_MERGE_RESULT_OUTPUT"))
  }

  /// What a merge has changed: the answer says it by ids, not with the policy. U16 p. 490-491; no grammar of it was published.
  private struct Changes {
    var coverPage: Element?
    var groups: [(id: Int, title: String)] = []
    var technologies: [Element] = []
    /// Sections with new headings.
    var headings: [Element] = []
    /// Controls by the numbers of their sections, in the order of the policy.
    var updated: [String: [String]] = [:]
    var added: [String: [String]] = [:]
    var sections: [String] = []

    mutating func note(_ control: Element, in section: Element, isNew: Bool) {
      let number = section.value("NUMBER")
      if !sections.contains(number) { sections.append(number) }
      if isNew { added[number, default: []].append(control.value("ID")) } else { updated[number, default: []].append(control.value("ID")) }
    }

    func element(isPreview: Bool) -> Element {
      let note =
        isPreview
        ? "Policy changes were not merged or saved since the request had preview_merge=1." : "Policy changes have been merged successfully."
      var result = Element("POLICY_MERGE_RESULT", children: [Element("NOTE", note)])
      func add(_ name: String, _ children: [Element]) { if !children.isEmpty { result.children.append(Element(name, children: children)) } }
      if let coverPage { result.children.append(Element("NEW_COVER_PAGE", coverPage.text, cdata: true)) }
      add(
        "ASSET_GROUPS_ADDED",
        groups.map { Element("ASSET_GROUP", children: [Element("ID", String($0.id)), Element("NAME", $0.title, cdata: true)]) })
      add(
        "TECHNOLOGIES_ADDED",
        technologies.map { Element("TECHNOLOGY", children: [Element("ID", $0.value("ID")), Element("NAME", $0.value("NAME"))]) })
      add(
        "SECTIONS_UPDATED",
        headings.map { Element("SECTION", children: [Element("ID", $0.value("NUMBER")), Element("HEADING", $0.value("HEADING"), cdata: true)]) })
      let changed = sections.map { number in
        var section = Element("SECTION", children: [Element("ID", number)])
        for (name, ids) in [("CONTROLS_UPDATED", updated[number]), ("CONTROLS_ADDED", added[number])] {
          guard let ids else { continue }
          section.children.append(Element(name, children: ids.map { Element("CONTROL", children: [Element("ID", $0)]) }))
        }
        return section
      }
      add("SECTIONS", changed)
      return result
    }
  }

  private static func merge(_ source: Element, into policy: inout Element, _ call: Call, _ changes: inout Changes) {
    if call.isOn("replace_cover_page"), let page = source.child("COVER_PAGE") {
      policy.set(page)
      changes.coverPage = page
    }
    let isWider = call.isOn("add_new_technologies")
    if isWider, var own = policy.child("TECHNOLOGIES") {
      for technology in source.child("TECHNOLOGIES")?.children ?? [] where !own.children.contains(where: { $0.value("ID") == technology.value("ID") })
      {
        own.children.append(technology)
        changes.technologies.append(technology)
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
          if call.isOn("update_existing_controls") { changes.note(control, in: sections.children[place.section], isNew: false) }
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
          changes.note(control, in: sections.children[at], isNew: true)
        }
      }
    }
    // Sections that both have, by their numbers: U16 p. 490.
    if call.isOn("update_section_heading") {
      for section in source.child("SECTIONS")?.children ?? [] {
        guard let heading = section.child("HEADING"),
          let at = sections.children.firstIndex(where: { $0.value("NUMBER") == section.value("NUMBER") }),
          sections.children[at].text("HEADING") != heading.text
        else { continue }
        sections.children[at].set(heading)
        changes.headings.append(sections.children[at])
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
            Rule("asset_group_ids", .required, .list(.existing(.assetGroups, noun: "asset group ID"))),
            Rule("evaluate_now", .optional, .flag),
          ]
        ) { call, subscription throws(Refusal) in
          try changeScope(call, &subscription) { policy, subscription throws(Refusal) in
            let given = (call["asset_group_ids"] ?? "").parts.compactMap { Int($0) }
            for id in given where verb != "remove" {
              if let group = subscription[.assetGroups][id], group.xml.child("IP_SET") == nil {
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
                call["tag_set_by"] == "name" ? subscription[.tags].named(tag).map { String($0.id) } ?? tag : tag
              }
              let element = "TAG_SET_" + set.uppercased()
              var own = verb == "set" ? [] : (policy.child(element)?.children ?? []).map { $0.text.trimmed }
              own.removeAll { given.contains($0) }
              if verb != "remove" { own += given }
              policy.remove(element)
              policy.remove("TAG_\(set.uppercased())_SELECTOR")
              guard !own.isEmpty else { continue }
              policy.children.append(Element(element, children: own.map { Element("TAG_ID", $0, cdata: true) }))
              // In capitals, as the sample has it: U16 p. 478.
              policy.children.append(Element("TAG_\(set.uppercased())_SELECTOR", (call["tag_\(set)_selector"] ?? "any").uppercased()))
            }
          }
        },
      ]
    }

  private static func changeScope(
    _ call: Call, _ subscription: inout Subscription, _ change: (inout Element, Subscription) throws(Refusal) -> Void
  ) throws(Refusal) -> Answer {
    guard let id = call["id"].flatMap({ Int($0) }), var record = subscription[.policies][id] else {
      throw Refusal.invalid("id", call["id"] ?? "", "No such policy ID")
    }
    var policy = Element(record.xml)
    try change(&policy, subscription)
    // The box stays ticked for later: U16 p. 495.
    if let isNow = call["evaluate_now"] { policy.set(Element("EVALUATE_NOW", isNow == "1" ? "yes" : "no", cdata: true)) }
    policy.sort(order)
    record.xml = policy.xml(level: 3)
    subscription[.policies].put(record)
    return Answer(Document.simpleReturn("Compliance Policy successfully modified.", items: [("ID", String(id))], for: call))
  }

  /// A group that is deleted is in no scope any more.
  static func leavePolicies(_ group: Int, _ subscription: inout Subscription) {
    for var record in subscription[.policies].all {
      var policy = Element(record.xml)
      let groups = groupIDs(policy)
      guard groups.contains(group) else { continue }
      setGroups(groups.subtracting([group]), of: &policy)
      policy.sort(order)
      record.xml = policy.xml(level: 3)
      subscription[.policies].put(record)
    }
  }

  private static func groupIDs(_ policy: Element) -> Set<Int> {
    Set(IDSet(policy.value("ASSET_GROUP_IDS"))?.ranges.flatMap { Array($0.prefix(100_000)) } ?? [])
  }

  private static func setGroups(_ ids: Set<Int>, of policy: inout Element) {
    policy.remove("ASSET_GROUP_IDS")
    let ranges = ranges(of: ids.sorted()).map { $0.count == 1 ? String($0.lowerBound) : "\($0.lowerBound)-\($0.upperBound)" }
    if !ranges.isEmpty { policy.children.append(Element("ASSET_GROUP_IDS", ranges.joined(separator: ","))) }
  }
}
