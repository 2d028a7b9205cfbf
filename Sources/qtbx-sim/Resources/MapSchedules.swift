import Base
import Catalog
import Markup
import Requests

/// Scheduled maps, by the first API: what a sample script of the vendor (scheduledscans, revision 1.17) sends and reads, the targets of maps
/// U16 p. 76-77. The limits are what clients of the call know.
///
/// What none of these says, and is rehearsed here: an error is in the list's own root, a task that is added is the answer, a netblock must be one of its
/// domain's, and the list is one of scans unless it is asked for maps. Scans are not rehearsed here: the second API has them.
extension RehearsedResource {
  static let mapSchedules: RehearsedResource = RehearsedResource(
    .mapSchedules, endpoints: [Endpoint(path: "/msp/scheduled_scans.php", direct: tasks)], saved: { records in document(records.map(\.xml)) },
    adopt: { _, record, subscription throws(Complaint) in
      let task = Element(record)
      guard let id = task.attribute("ref").flatMap({ Check.number($0) }) else { throw Complaint(.refused, "map schedule without a ref") }
      if subscription[.mapSchedules][id] != nil { throw Complaint(.refused, "map schedule \(id) is there twice") }
      if let zone = task.child("SCHEDULE")?.child("TIME_ZONE"), !zone.value("TIME_ZONE_DETAILS").isEmpty {
        subscription.zones[zone.value("TIME_ZONE_CODE")] = zone.value("TIME_ZONE_DETAILS")
      }
      subscription[.mapSchedules].put(RecordStore.Record(id: id, name: task.value("TITLE"), xml: record))
    })

  /// One address for all: adding, removing, and the list.
  @Sendable private static func tasks(_ call: Call, _ subscription: inout Subscription) throws(Refusal) -> Answer {
    do throws(Refusal) {
      if call["add_task"] != nil { return try add.checked(call, &subscription) }
      if call["drop_task"] != nil { return try drop.checked(call, &subscription) }
      return try list.checked(call, &subscription)
    } catch {
      return Answer(document([Element("ERROR", error.text, attributes: [("number", error.code)]).xml(level: 1)]))
    }
  }

  private static func document(_ records: [[UInt8]]) -> [UInt8] {
    let opening =
      "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<!DOCTYPE SCHEDULEDSCANS SYSTEM \"\(Document.host)/scheduled_scans.dtd\">\n<SCHEDULEDSCANS>\n"
    var xml = Array(opening.utf8)
    if records.isEmpty { xml += "  <!-- There are no tasks. //-->\n".utf8 }
    for record in records { xml += Array("  ".utf8) + record + ["\n"] }
    return xml + Array("</SCHEDULEDSCANS>\n".utf8)
  }

  private static let list = Action(
    name: "list", methods: ["GET", "POST"], rules: [Rule("type", .optional, .oneOf(["scan", "map", "all"]))]
  ) { call, subscription throws(Refusal) in
    let type = call["type"] ?? "scan"
    return Answer(
      document(subscription[.mapSchedules].all.map(\.xml).filter { type == "all" || ($0.child("TYPE") ?? "MAP").lowercased() == type }))
  }

  private static let drop = Action(
    name: "drop", methods: ["GET", "POST"],
    rules: [Rule("drop_task", .required, .oneOf(["yes"])), Rule("task_id", .required, .integer(1...Check.largestID))]
  ) { call, subscription throws(Refusal) in
    guard let id = call["task_id"].flatMap({ Int($0) }), subscription[.mapSchedules][id] != nil else {
      throw Refusal.invalid("task_id", call["task_id"] ?? "", "no such task")
    }
    subscription[.mapSchedules].remove(id)
    return Answer(document([]))
  }

  private static let add = Action(
    name: "add", methods: ["GET", "POST"],
    rules: [
      Rule("add_task", .required, .oneOf(["yes"])), Rule("type", .required, .oneOf(["map"])), Rule("scan_title", .required, .text(2000)),
      Rule("active", .required, .oneOf(["yes", "no"])), Rule("scan_target"), Rule("asset_groups"), Rule("iscanner_name"),
      Rule("default_scanner", .optional, .flag), Rule("option", .optional, .text(64)), Rule("end_after", .optional, .integer(1...48)),
    ]
      + timeRules(hasMonths: true).filter {
        !["end_after", "end_after_mins"].contains($0.name) && !$0.name.hasPrefix("pause") && !$0.name.hasPrefix("resume")
      },
    combinations: [.exclusive(["iscanner_name", "default_scanner"]), .atLeastOne(["scan_target", "asset_groups"])] + frequencies,
    flags: ["default_scanner"]
  ) { call, subscription throws(Refusal) in
    if call["occurrence"] == "monthly", call["day_of_month"] == nil, call["day_of_week"] == nil { throw Refusal.missing("day_of_month") }
    if call.isOn("default_scanner"), call["scan_target"] != nil { throw Refusal.unsupported(["default_scanner", "scan_target"], call) }
    for title in (call["asset_groups"] ?? "").parts where title != "All" {
      if let why = Check.named(.assetGroups, noun: "asset group").fault(of: title, subscription) { throw Refusal.invalid("asset_groups", title, why) }
    }
    if let name = call["iscanner_name"], let why = Check.named(.appliances, noun: "appliance").fault(of: name, subscription) {
      throw Refusal.invalid("iscanner_name", name, why)
    }
    let targets = try targets(call["scan_target"] ?? "", subscription)
    let id = subscription[.mapSchedules].newID()
    let task = task(id, call, targets, subscription).xml(level: 1)
    subscription[.mapSchedules].put(RecordStore.Record(id: id, name: call["scan_title"] ?? "", xml: task))
    subscription[.mapSchedules].isKnown = true
    return Answer(document([task]))
  }

  /// Domains with their netblocks, as the list prints them. All of it must be in the subscription.
  private static func targets(_ text: String, _ subscription: Subscription) throws(Refusal) -> [String] {
    var depth = 0
    var entries = [""]
    for letter in text {
      if letter == "[" { depth += 1 }
      if letter == "]" { depth -= 1 }
      if depth < 0 || depth > 1 { throw Refusal.invalid("scan_target", text, "brackets that do not match") }
      if letter == ",", depth == 0 { entries.append("") } else { entries[entries.count - 1].append(letter) }
    }
    if depth != 0 { throw Refusal.invalid("scan_target", text, "brackets that do not match") }
    var printed: [String] = []
    for entry in entries.map(\.trimmed) where !entry.isEmpty {
      let parts = entry.split(separator: ":", maxSplits: 1).map { String($0) }
      let (name, blocks) = (parts[0].lowercased(), parts.count == 2 ? parts[1].filter { $0 != "[" && $0 != "]" }.parts : [])
      if name.hasPrefix("www.") { throw Refusal.invalid("scan_target", entry, "the domain name only, without www.") }
      let known = subscription[.domains].all.filter { $0.name.lowercased() == name }
      if subscription[.domains].isKnown, known.isEmpty, name != "none" { throw Refusal.invalid("scan_target", entry, "No such domain") }
      if name == "none", blocks.isEmpty { throw Refusal.invalid("scan_target", entry, "none needs a netblock") }
      let ranges = known.flatMap { Element($0.xml).descendants("RANGE") }.compactMap { Addresses.range($0.value("START") + "-" + $0.value("END")) }
      for block in blocks {
        guard let range = Addresses.block(block) else { throw Refusal.invalid("scan_target", block, "not an IP address, a range or a netblock") }
        let isThere = AddressSet([range]).subtracting(AddressSet(ranges)).isEmpty
        if subscription[.domains].isKnown, !isThere { throw Refusal.invalid("scan_target", block, "not one of the domain's netblocks") }
      }
      printed.append(parts[0] + (blocks.isEmpty ? "" : ":[" + blocks.joined(separator: ", ") + "]"))
    }
    return printed
  }

  private static func task(_ id: Int, _ call: Call, _ targets: [String], _ subscription: Subscription) -> Element {
    var schedule = timeElement(call, subscription)
    // The first API has no Z.
    for at in schedule.children.indices where schedule.children[at].name == "START_DATE_UTC" && schedule.children[at].text.hasSuffix("Z") {
      schedule.children[at].text.removeLast()
    }
    let start = schedule.value("START_DATE_UTC")
    let isDefault = call.isOn("default_scanner")
    let option = call["option"] ?? "Initial Options"
    var task = Element("SCAN", attributes: [("active", call["active"] ?? "no"), ("ref", String(id))])
    task.children = [
      Element("TITLE", call["scan_title"] ?? "", cdata: true), Element("TARGETS", targets.joined(separator: ", "), cdata: true), schedule,
    ]
    if call["active"] == "yes" { task.children.append(Element("NEXTLAUNCH_UTC", start)) }
    task.children += [
      Element("DEFAULT_SCANNER", isDefault ? "1" : "0"),
      Element("ISCANNER_NAME", isDefault ? "Default Scanner" : call["iscanner_name"] ?? "external"), Element("OPTION", option),
      Element("TYPE", "MAP"),
    ]
    let groups = (call["asset_groups"] ?? "").parts.map { Element("ASSET_GROUP", children: [Element("ASSET_GROUP_TITLE", $0, cdata: true)]) }
    if !groups.isEmpty { task.children.append(Element("ASSET_GROUPS", children: groups)) }
    task.children.append(
      Element(
        "OPTION_PROFILE",
        children: [Element("OPTION_PROFILE_TITLE", option, attributes: [("option_profile_default", call["option"] == nil ? "1" : "0")], cdata: true)])
    )
    return task
  }
}
