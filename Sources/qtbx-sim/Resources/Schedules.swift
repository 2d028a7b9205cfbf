internal import Base
import Catalog

extension RehearsedResource {
  private static let scans = ["SCHEDULE_SCAN_LIST/SCAN", "COMPLIANCE_SCHEDULE_SCAN_LIST/SCAN"]

  /// Vulnerability scans.
  static let schedules = RehearsedResource(
    .schedules, roots: ["SCHEDULE_SCAN_LIST_OUTPUT"], records: scans,
    endpoints: [
      Endpoint(
        path: "/api/*/fo/schedule/scan/", versions: ["2.0", "3.0", "4.0", "5.0"],
        actions: [
          scheduleList(.schedules, "SCHEDULE_SCAN_LIST"), scheduleCreate(.schedules, isCompliance: false),
          scheduleUpdate(.schedules, isCompliance: false), scheduleDelete(.schedules),
        ])
    ])

  /// Compliance scans. The root element is not confirmed.
  static let complianceSchedules = RehearsedResource(
    .pcSchedules, noun: "compliance schedule", roots: ["COMPLIANCE_SCHEDULE_SCAN_LIST_OUTPUT"], records: scans,
    endpoints: [
      Endpoint(
        path: "/api/*/fo/schedule/scan/compliance/",
        actions: [
          scheduleList(.pcSchedules, "COMPLIANCE_SCHEDULE_SCAN_LIST"), scheduleCreate(.pcSchedules, isCompliance: true),
          scheduleUpdate(.pcSchedules, isCompliance: true), scheduleDelete(.pcSchedules),
        ])
    ])

  private static func scheduleList(_ store: Resource, _ wrapper: String) -> Action {
    let isCompliance = store.name == Resource.pcSchedules.name
    return Action(
      name: "list", methods: ["GET", "POST"],
      rules: [
        Rule("id", .optional, Check.id), Rule("active", .optional, .flag), Rule("show_notifications", .optional, .flag),
        Rule("show_cloud_details", .optional, .flag), Rule("client_id", .optional, .integer(1...Int.max)), Rule("client_name"),
      ]
        + (isCompliance
          ? [] : [Rule("scan_type", .optional, .oneOf(["certview", "ec2certview", "perimeter"])), Rule("fqdn", .optional, .list(.any))]),
      combinations: [.exclusive(["client_id", "client_name"])]
    ) { call, subscription throws(Refusal) in
      var hidden: Set<String> = call.isOn("show_notifications") ? [] : ["NOTIFICATIONS"]
      if !call.isOn("show_cloud_details") { hidden.insert("CLOUD_DETAILS") }
      let records = subscription[store].all.filter { record in
        if let id = call["id"], record.id != Int(id) { return false }
        if let active = call["active"] {
          let state = record.xml.child("ACTIVE") ?? ""
          if (active == "1") != ["1", "2", "3"].contains(state) { return false }
        }
        if let type = call["scan_type"] {
          let scan = Element(record.xml)
          let said = [scan.value("SCAN_TYPE"), scan.child("CLOUD_DETAILS")?.value("SCAN_TYPE") ?? ""].map { $0.lowercased() }
          if !said.contains(type == "perimeter" ? "cloud perimeter" : type) { return false }
        }
        for (parameter, element) in [("client_id", "ID"), ("client_name", "NAME")] {
          if let asked = call[parameter], Element(record.xml).child("CLIENT")?.value(element) != asked { return false }
        }
        if let names = call["fqdn"]?.parts, !Element(record.xml).descendants("FQDN").contains(where: { names.contains($0.text.trimmed) }) {
          return false
        }
        return true
      }
      return Document.list(
        root: wrapper + "_OUTPUT", dtd: wrapper.lowercased() + "_output.dtd", wrapper: wrapper, records: records.map { $0.xml.without(hidden) },
        for: call)
    }
  }

  // MARK: Creating

  private static func scheduleCreate(_ store: Resource, isCompliance: Bool) -> Action {
    let targets = ["ip", "asset_groups", "asset_group_ids"] + (isCompliance ? [] : ["fqdn"])
    let tags = [
      "tag_include_selector", "tag_exclude_selector", "tag_set_by", "tag_set_include", "tag_set_exclude", "use_ip_nt_range_tags",
      "use_ip_nt_range_tags_include", "use_ip_nt_range_tags_exclude",
    ]
    return Action(
      name: "create", versions: ["2.0"], rules: targetRules(isCompliance) + timeRules(hasMonths: true) + noticeRules,
      combinations: choices + [
        .only(tags, with: "target_from", is: ["tags"], standard: "assets"),
        .only(targets + ["exclude_ip_per_scan"], with: "target_from", is: ["assets"], standard: "assets"),
        .required(["tag_set_include"], with: "target_from", is: "tags"),
        .only(["scanners_in_tagset"], with: "target_from", is: ["tags"], standard: "assets"),
        .exclusive(["asset_groups", "asset_group_ids"]), .needs(["default_scanner", "scanners_in_ag"], anyOf: ["asset_groups", "asset_group_ids"]),
      ] + instances + timeCombinations + noticeCombinations, flags: scannerFlags
    ) { call, subscription throws(Refusal) in
      guard call["option_id"] != nil || call["option_title"] != nil else { throw Refusal.atLeastOne(["option_id", "option_title"]) }
      let isByTags = call["target_from"] == "tags"
      if !isByTags, !targets.contains(where: { call[$0] != nil }) { throw Refusal.atLeastOne(targets) }
      try checkTags(call, subscription)
      try checkTimes(call)
      let id = subscription[store].newID()
      let scan = scan(id, call, subscription, isCompliance: isCompliance)
      subscription[store].put(RecordStore.Record(id: id, name: call["scan_title"] ?? "", xml: scan.xml(level: 3)))
      subscription[store].isKnown = true
      return Answer(Document.simpleReturn("New scan scheduled successfully", items: [("ID", String(id))], for: call))
    }
  }

  /// Instances are chosen by tags: U16 p. 40, 47.
  private static let instances: [Combination] = ["connector_name", "connector_uuid"].flatMap { connector -> [Combination] in
    [.required(["ec2_endpoint", "target_from", "tag_set_include"], with: connector, is: nil)]
  }

  private static let scannerFlags = ["default_scanner", "scanners_in_ag", "scanners_in_tagset", "scanners_in_network"]
  private static let scanners = ["iscanner_id", "iscanner_name"] + scannerFlags
  private static let choices: [Combination] = [
    .exclusive(["option_id", "option_title"]), .exclusive(["client_id", "client_name"]), .exclusive(scanners),
    .exclusive(["connector_name", "connector_uuid"]),
  ]

  private static func targetRules(_ isCompliance: Bool) -> [Rule] {
    let selector = Check.oneOf(["any", "all"])
    let common = [
      Rule("scan_title", .required, .ascii(2000)), Rule("active", .required, .flag),
      Rule("option_id", .optional, .existing(.optionProfiles, noun: "option profile ID")),
      Rule("option_title", .optional, .named(.optionProfiles, noun: "option profile")), Rule("target_from", .optional, .oneOf(["assets", "tags"])),
      Rule("ip", .optional, .addresses),
      Rule("asset_groups", .optional, .list(.named(.assetGroups, noun: "asset group"))),
      Rule("asset_group_ids", .optional, .list(.existing(.assetGroups, noun: "asset group ID"))),
      Rule("exclude_ip_per_scan", .optional, .addresses), Rule("tag_include_selector", .optional, selector),
      Rule("tag_exclude_selector", .optional, selector), Rule("tag_set_by", .optional, .oneOf(["id", "name"])), Rule("tag_set_include"),
      Rule("tag_set_exclude"), Rule("use_ip_nt_range_tags", .optional, .flag), Rule("use_ip_nt_range_tags_include", .optional, .flag),
      Rule("use_ip_nt_range_tags_exclude", .optional, .flag),
      Rule("iscanner_id", .optional, .list(.existing(.appliances, noun: "appliance ID", zero: true))),
      Rule("iscanner_name"), Rule("default_scanner", .optional, .flag), Rule("scanners_in_ag", .optional, .flag),
      Rule("scanners_in_tagset", .optional, .flag), Rule("scanners_in_network", .optional, .flag),
      Rule("ip_network_id", .optional, .existing(.networks, noun: "network ID", zero: true)), Rule("connector_name"), Rule("connector_uuid"),
      Rule("ec2_endpoint", .optional, .text(255)), Rule("ec2_only_classic", .optional, .flag),
      Rule(
        "ec2_instance_ids", .optional,
        .matching { value in
          value.parts.count > 10 ? "more than 10 ids" : nil
        }), Rule("runtime_http_header"), Rule("client_id", .optional, .integer(1...Int.max)), Rule("client_name"),
    ]
    if isCompliance { return common }
    return common + [
      // No include_agent_targets: it is for scans on demand, U16 p. 58.
      Rule("fqdn", .optional, .list(.any)), Rule("priority", .optional, .integer(0...9)), Rule("scan_type", .optional, .oneOf(["certview"])),
    ]
  }

  static func timeRules(hasMonths: Bool) -> [Rule] {
    let start = [
      Rule("occurrence", .required, .oneOf(hasMonths ? ["daily", "weekly", "monthly"] : ["daily"])),
      Rule("frequency_days", .optional, .integer(1...365)), Rule("start_date", .optional, .date), Rule("start_hour", .required, .integer(0...23)),
      Rule("start_minute", .required, .integer(0...59)), Rule("time_zone_code", .required, .matching(zoneFault)),
    ]
    if !hasMonths { return start }
    return start + [
      Rule("frequency_weeks", .optional, .integer(1...52)), Rule("weekdays", .optional, .list(.anyCase(weekdays))),
      Rule("frequency_months", .optional, .integer(1...12)), Rule("day_of_month", .optional, .integer(1...31)),
      Rule("day_of_week", .optional, .integer(0...6)), Rule("week_of_month", .optional, .anyCase(weeks)),
      Rule("observe_dst", .optional, .oneOf(["yes", "no"])), Rule("recurrence", .optional, .integer(1...99)),
      Rule("end_after", .optional, .integer(0...119)), Rule("end_after_mins", .optional, .integer(0...59)),
      Rule("pause_after_hours", .optional, .integer(0...119)), Rule("pause_after_mins", .optional, .integer(0...59)),
      Rule(
        "resume_in_days", .optional,
        .matching { value in
          value.lowercased() == "manually" || Check.number(value).map { $0 <= 9 } == true ? nil : "not a number from 0 to 9, nor Manually"
        }), Rule("resume_in_hours", .optional, .integer(0...23)),
    ]
  }

  /// How often: of maps, too.
  static let frequencies: [Combination] = [
    .required(["frequency_days"], with: "occurrence", is: "daily"), .required(["frequency_weeks", "weekdays"], with: "occurrence", is: "weekly"),
    .required(["frequency_months"], with: "occurrence", is: "monthly"),
    .only(["frequency_days"], with: "occurrence", is: ["daily"], standard: ""),
    .only(["frequency_weeks", "weekdays"], with: "occurrence", is: ["weekly"], standard: ""),
    .only(["frequency_months", "day_of_month", "day_of_week", "week_of_month"], with: "occurrence", is: ["monthly"], standard: ""),
    .exclusive(["day_of_month", "day_of_week"]), .exclusive(["day_of_month", "week_of_month"]),
    .required(["week_of_month"], with: "day_of_week", is: nil), .required(["day_of_week"], with: "week_of_month", is: nil),
  ]

  private static let timeCombinations: [Combination] =
    frequencies + [
      .needs(["end_after_mins"], anyOf: ["end_after"]),
      .needs(["pause_after_mins", "resume_in_days", "resume_in_hours"], anyOf: ["pause_after_hours"]),
      .needs(["resume_in_hours"], anyOf: ["resume_in_days"]),
    ]

  private static let noticeRules: [Rule] =
    [
      Rule("before_notify_unit", .optional, .oneOf(["days", "hours", "minutes"])), Rule("before_notify_time", .optional, .integer(1...120)),
      Rule("recipient_group_ids", .optional, .list(.integer(1...Int.max))),
    ]
    + ["before", "after", "delay", "skipped", "deactivate"].flatMap { kind in
      [
        Rule(kind + "_notify", .optional, .flag),
        Rule(
          kind + "_notify_message", .optional,
          .matching { value in
            if value.unicodeScalars.count > 4000 { return "longer than 4000 characters" }
            return value.contains("</") || value.contains("/>") || value.contains("<br") ? "has HTML" : nil
          }),
      ]
    }

  private static let noticeCombinations: [Combination] =
    [
      .required(["before_notify_unit", "before_notify_time"], with: "before_notify", is: "1"),
      .only(["before_notify_unit", "before_notify_time"], with: "before_notify", is: ["1"], standard: "0"),
    ]
    + ["before", "after", "delay", "skipped", "deactivate"].map {
      .only([$0 + "_notify_message"], with: $0 + "_notify", is: ["1"], standard: "0")
    }

  static let weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]
  static let weeks = ["first", "second", "third", "fourth", "last"]

  /// The codes are the service's own and not all known: only their shape is checked.
  static func zoneFault(_ code: String) -> String? {
    let parts = code.split(separator: "-", omittingEmptySubsequences: false)
    let isCode = parts.allSatisfy { part in !part.isEmpty && part.utf8.allSatisfy { ("A"..."Z").contains($0) || $0.isDigit } }
    return isCode && parts[0].count == 2 ? nil : "not a time zone code"
  }

  static func checkTags(_ call: Call, _ subscription: Subscription) throws(Refusal) {
    // Not for instances: U16 p. 40.
    if call["ec2_endpoint"] != nil, call.isOn("use_ip_nt_range_tags") {
      throw Refusal.unsupported(["use_ip_nt_range_tags", "ec2_endpoint"], call)
    }
    for parameter in ["tag_set_include", "tag_set_exclude"] {
      guard let value = call[parameter] else { continue }
      if value.parts.isEmpty { throw Refusal.invalid(parameter, value, "an empty list") }
      for tag in value.parts {
        if call["tag_set_by"] == "name" {
          if subscription[.tags].isKnown, !subscription[.tags].contains(name: tag) { throw Refusal.invalid(parameter, tag, "No such tag") }
        } else {
          guard let id = Check.number(tag) else { throw Refusal.invalid(parameter, tag, "not a tag id") }
          if subscription[.tags].isKnown, subscription[.tags][id] == nil { throw Refusal.invalid(parameter, tag, "No such tag") }
        }
      }
    }
    for name in (call["iscanner_name"] ?? "").parts where !["external", "external scanner"].contains(name.lowercased()) {
      if subscription[.appliances].isKnown, !subscription[.appliances].contains(name: name) {
        throw Refusal.invalid("iscanner_name", name, "No such appliance")
      }
    }
  }

  private static func checkTimes(_ call: Call) throws(Refusal) {
    func number(_ name: String) -> Int { call[name].flatMap { Int($0) } ?? 0 }
    if call["occurrence"] == "monthly", call["day_of_month"] == nil, call["day_of_week"] == nil {
      throw Refusal.missing("day_of_month")
    }
    for (hours, minutes) in [("end_after", "end_after_mins"), ("pause_after_hours", "pause_after_mins")] where call[hours] != nil {
      if number(hours) == 0, number(minutes) < 15 { throw Refusal.invalid(minutes, call[minutes] ?? "", "at least 15 with \(hours)=0") }
    }
    if let days = call["resume_in_days"] ?? call["resume_in_hours"].map({ _ in "0" }), days.lowercased() != "manually" {
      let resume = (Int(days) ?? 0) * 24 + number("resume_in_hours")
      let pause = number("pause_after_hours") * 60 + number("pause_after_mins")
      // After 1 h of scanning at least 2 h, after up to 1:59 at least 3 h.
      let least = (pause + 59) / 60 + 1
      if resume < least { throw Refusal.invalid("resume_in_days", days, "the scan must resume at least \(least) hours after its start") }
    }
    if call.isOn("before_notify") {
      let range = ["days": 1...31, "hours": 1...24, "minutes": 5...120][call["before_notify_unit"] ?? ""] ?? 1...120
      if !range.contains(number("before_notify_time")) {
        throw Refusal.invalid("before_notify_time", call["before_notify_time"] ?? "", "not a number from \(range.lowerBound) to \(range.upperBound)")
      }
    }
    if call["recipient_group_ids"] != nil, !call.isOn("before_notify"), !call.isOn("after_notify") {
      throw Refusal.unsupported(["recipient_group_ids"], call)
    }
  }

  // MARK: Changing

  private static func scheduleDelete(_ store: Resource) -> Action {
    Action(name: "delete", versions: ["2.0"], rules: [Rule("id", .required, .existing(store, noun: "schedule ID"))]) {
      call, subscription throws(Refusal) in
      let old = try schedule(call, subscription[store])
      subscription[store].remove(old.id)
      return Answer(Document.simpleReturn("Schedule scan deleted successfully", items: [("ID", String(old.id))], for: call))
    }
  }

  private static func schedule(_ call: Call, _ store: borrowing RecordStore) throws(Refusal) -> RecordStore.Record {
    guard let id = call["id"].flatMap({ Int($0) }), let schedule = store[id] else {
      throw Refusal.invalid("id", call["id"] ?? "", "No such schedule ID")
    }
    return schedule
  }

  /// A start is changed as a whole or not at all.
  private static let start = ["start_date", "start_hour", "start_minute", "time_zone_code", "observe_dst"]

  private static func scheduleUpdate(_ store: Resource, isCompliance: Bool) -> Action {
    let rules = (targetRules(isCompliance) + timeRules(hasMonths: true) + noticeRules).map { rule in
      Rule(rule.name, .optional, rule.name == "recipient_group_ids" ? .emptyOr(rule.check) : rule.check)
    }
    return Action(
      name: "update", versions: ["2.0"],
      rules: [Rule("id", .required, .existing(store, noun: "schedule ID")), Rule("set_start_time", .optional, .flag)] + rules,
      combinations: choices + [
        .only(start, with: "set_start_time", is: ["1"], standard: "0"), .required(start, with: "set_start_time", is: "1"),
      ] + timeCombinations + noticeCombinations, flags: scannerFlags
    ) { call, subscription throws(Refusal) in
      let old = try schedule(call, subscription[store])
      try checkTags(call, subscription)
      try checkTimes(call)
      let changed = changed(Element(old.xml), call, scan(old.id, call, subscription, isCompliance: isCompliance))
      subscription[store].put(RecordStore.Record(id: old.id, name: call["scan_title"] ?? old.name, xml: changed.xml(level: 3)))
      return Answer(Document.simpleReturn("Edit scheduled Scan Completed successfully", items: [("ID", String(old.id))], for: call))
    }
  }

  /// The elements that parameters stand for: if one of these is given, all of its elements are made anew.
  private static let parts: [(parameters: [String], elements: [String])] = [
    (["scan_title"], ["TITLE"]), (["active"], ["ACTIVE"]), (["option_id", "option_title"], ["OPTION_PROFILE"]),
    (["priority"], ["PROCESSING_PRIORITY"]), (scanners, ["ISCANNER_NAME"]), (["client_id", "client_name"], ["CLIENT"]),
    (
      ["target_from", "ip", "asset_groups", "asset_group_ids", "fqdn", "tag_set_include"],
      ["TARGET", "ASSET_GROUP_TITLE_LIST", "ASSET_TAGS", "USER_ENTERED_IPS", "FQDN_LIST"]
    ), (["exclude_ip_per_scan"], ["EXCLUDE_IP_PER_SCAN"]), (["ip_network_id"], ["NETWORK_ID"]),
    (["ec2_endpoint"], ["EC2_INSTANCE", "CLOUD_DETAILS"]),
  ]
  private static let timeParts: [(parameters: [String], elements: [String])] =
    [
      (["occurrence"], ["DAILY", "WEEKLY", "MONTHLY"]),
      (["set_start_time"], ["START_DATE_UTC", "START_HOUR", "START_MINUTE", "TIME_ZONE", "DST_SELECTED", "NEXTLAUNCH_UTC"]),
    ] + limits.map { ([$0.parameter], [$0.element] + (old[$0.element] ?? [])) }
  /// Other names of limits, which a list that was loaded may have.
  private static let old = [
    "END_AFTER_HOURS": ["END_AFTER"], "END_AFTER_MINUTES": ["END_AFTER_MINS"], "PAUSE_AFTER_MINUTES": ["PAUSE_AFTER_MINS"],
  ]
  private static let order = [
    "ID", "SCAN_TYPE", "ACTIVE", "TITLE", "CLIENT", "USER_LOGIN", "TARGET", "NETWORK_ID", "ISCANNER_NAME", "EC2_INSTANCE", "CLOUD_DETAILS",
    "ASSET_GROUP_TITLE_LIST", "ASSET_TAGS", "EXCLUDE_IP_PER_SCAN", "USER_ENTERED_IPS", "FQDN_LIST", "ELB_DNS", "OPTION_PROFILE",
    "PROCESSING_PRIORITY", "SCHEDULE", "NOTIFICATIONS",
  ]
  /// U12 p. 538. END_AFTER and the names with MINS are in no grammar, but clients read them.
  private static let timeOrder = [
    "DAILY", "WEEKLY", "MONTHLY", "START_DATE_UTC", "START_HOUR", "START_MINUTE", "END_AFTER", "END_AFTER_HOURS", "END_AFTER_MINS",
    "END_AFTER_MINUTES", "PAUSE_AFTER_HOURS", "PAUSE_AFTER_MINS", "PAUSE_AFTER_MINUTES", "RESUME_IN_DAYS", "RESUME_IN_HOURS", "NEXTLAUNCH_UTC",
    "TIME_ZONE", "DST_SELECTED", "MAX_OCCURRENCE",
  ]

  /// - Parameter fresh: what a scan looked like if it had been created by this call.
  private static func changed(_ old: Element, _ call: Call, _ fresh: Element) -> Element {
    func replace(_ parts: [(parameters: [String], elements: [String])], in element: inout Element, from fresh: Element) {
      for part in parts where part.parameters.contains(where: { call[$0] != nil }) {
        for name in part.elements {
          element.remove(name)
          if let new = fresh.child(name) { element.children.append(new) }
        }
      }
    }
    var scan = old
    replace(parts, in: &scan, from: fresh)
    var schedule = scan.child("SCHEDULE") ?? Element("SCHEDULE")
    replace(timeParts, in: &schedule, from: fresh.child("SCHEDULE") ?? Element("SCHEDULE"))
    schedule.sort(timeOrder)
    scan.set(schedule)
    var notices = scan.child("NOTIFICATIONS") ?? Element("NOTIFICATIONS")
    let newNotices = fresh.child("NOTIFICATIONS") ?? Element("NOTIFICATIONS")
    replace(noticeNames.map { ([$0.kind + "_notify"], [$0.element]) }, in: &notices, from: newNotices)
    if let groups = call["recipient_group_ids"] {
      notices.remove("DISTRIBUTION_GROUPS")
      if !groups.parts.isEmpty, let new = newNotices.child("DISTRIBUTION_GROUPS") { notices.children.append(new) }
    }
    // Nobody is told anything any more.
    if call["before_notify"] == "0", call["after_notify"] == "0" { notices.remove("DISTRIBUTION_GROUPS") }
    notices.sort(noticeNames.map(\.element) + ["DISTRIBUTION_GROUPS"])
    if notices.children.isEmpty { scan.remove("NOTIFICATIONS") } else { scan.set(notices) }
    scan.sort(order)
    return scan
  }

  // MARK: Listing what was created

  /// `5 - High`
  static func priority(_ call: Call) -> String {
    let priority = call["priority"].flatMap { Int($0) } ?? 0
    return "\(priority) - \(priorities[priority])"
  }

  private static let priorities = ["No Priority", "Emergency", "Ultimate", "Critical", "Major", "High", "Standard", "Medium", "Minor", "Low"]

  private static func scan(_ id: Int, _ call: Call, _ subscription: Subscription, isCompliance: Bool) -> Element {
    var scan = Element("SCAN", children: [Element("ID", String(id))])
    func add(_ element: String, _ value: String?, cdata: Bool = true) {
      if let value { scan.children.append(Element(element, value, cdata: cdata)) }
    }
    let isByTags = call["target_from"] == "tags"
    let ranges = Addresses.merged(call["ip"] ?? "")
    let written = ranges.map { Addresses.text($0.lowerBound) + ($0.count > 1 ? "-" + Addresses.text($0.upperBound) : "") }
    // U12 p. 541.
    add("SCAN_TYPE", call["scan_type"].map { _ in "CertView" }, cdata: false)
    add("ACTIVE", call["active"], cdata: false)
    add("TITLE", call["scan_title"])
    if call["client_id"] != nil || call["client_name"] != nil {
      scan.children.append(
        Element("CLIENT", children: [Element("ID", call["client_id"] ?? "1"), Element("NAME", call["client_name"] ?? "", cdata: true)]))
    }
    add("USER_LOGIN", call.user, cdata: false)
    let groups: [String] =
      (call["asset_groups"] ?? "").parts
      + (call["asset_group_ids"] ?? "").parts.map { id in Int(id).flatMap { subscription[.assetGroups][$0]?.name } ?? "Asset group \(id)" }
    add("TARGET", isByTags ? "Asset Tags Included" : (written + (call["fqdn"] ?? "").parts).joined(separator: ", "))
    add("NETWORK_ID", call["ip_network_id"])
    add("ISCANNER_NAME", scanner(call, subscription))
    addCloud(call, to: &scan)
    if !groups.isEmpty {
      scan.children.append(Element("ASSET_GROUP_TITLE_LIST", children: groups.map { Element("ASSET_GROUP_TITLE", $0, cdata: true) }))
    }
    if isByTags { scan.children.append(tagElement(call, subscription)) }
    if let excluded = call["exclude_ip_per_scan"] {
      add("EXCLUDE_IP_PER_SCAN", excluded.parts.joined(separator: ","), cdata: false)
    }
    if !ranges.isEmpty {
      let list = ranges.map {
        Element("RANGE", children: [Element("START", Addresses.text($0.lowerBound)), Element("END", Addresses.text($0.upperBound))])
      }
      scan.children.append(Element("USER_ENTERED_IPS", children: list))
    }
    if let names = call["fqdn"] { scan.children.append(Element("FQDN_LIST", children: names.parts.map { Element("FQDN", $0, cdata: true) })) }
    let title = call["option_title"] ?? "Option profile \(call["option_id"] ?? "")"
    scan.children.append(Element("OPTION_PROFILE", children: [Element("TITLE", title, cdata: true), Element("DEFAULT_FLAG", "0")]))
    if !isCompliance { add("PROCESSING_PRIORITY", priority(call), cdata: false) }
    scan.children.append(timeElement(call, subscription))
    if let notices = notices(call, subscription) { scan.children.append(notices) }
    return scan
  }

  static func scanner(_ call: Call, _ subscription: Subscription) -> String? {
    if call.isOn("scanners_in_ag") { return "All Scanners in Asset Group" }
    if call.isOn("scanners_in_tagset") { return "All Scanners in TagSet" }
    if call.isOn("scanners_in_network") { return "All Scanners in Network" }
    if call.isOn("default_scanner") { return "Default Scanner" }
    if let ids = call["iscanner_id"] ?? call["scanner_id"] {
      return ids.parts.map { id in id == "0" ? "External Scanner" : Int(id).flatMap { subscription[.appliances][$0]?.name } ?? "scanner\(id)" }
        .joined(separator: ", ")
    }
    let names = (call["iscanner_name"] ?? "External").parts
    return names.map { $0.lowercased() == "external" ? "External Scanner" : $0 }.joined(separator: ", ")
  }

  static func tagElement(_ call: Call, _ subscription: Subscription) -> Element {
    func names(_ parameter: String) -> String {
      (call[parameter] ?? "").parts.map { tag in
        call["tag_set_by"] == "name" ? tag : Int(tag).flatMap { subscription[.tags][$0]?.name } ?? tag
      }.joined(separator: ", ")
    }
    var tags = Element(
      "ASSET_TAGS",
      children: [
        Element("TAG_INCLUDE_SELECTOR", call["tag_include_selector"] ?? "any"), Element("TAG_SET_INCLUDE", names("tag_set_include"), cdata: true),
      ])
    if call["tag_set_exclude"] != nil {
      tags.children.append(Element("TAG_EXCLUDE_SELECTOR", call["tag_exclude_selector"] ?? "any"))
      tags.children.append(Element("TAG_SET_EXCLUDE", names("tag_set_exclude"), cdata: true))
    }
    // The first one is always there: U12 p. 538. The others are younger.
    tags.children.append(Element("USE_IP_NT_RANGE_TAGS", call["use_ip_nt_range_tags"] ?? "0"))
    for name in ["use_ip_nt_range_tags_include", "use_ip_nt_range_tags_exclude"] {
      if let value = call[name] { tags.children.append(Element(name.uppercased(), value)) }
    }
    return tags
  }

  private static func addCloud(_ call: Call, to scan: inout Element) {
    guard let endpoint = call["ec2_endpoint"] else { return }
    let uuid = call["connector_uuid"] ?? "00000000-0000-4000-8000-000000000001"
    let isVPC = endpoint.hasPrefix("vpc-")
    // A list names a region by a UUID of the subscription, whatever it was created with.
    let place = isVPC ? endpoint : regionUUID(endpoint)
    var instance = Element("EC2_INSTANCE", children: [Element("CONNECTOR_UUID", uuid, cdata: true), Element("EC2_ENDPOINT", place, cdata: true)])
    if let classic = call["ec2_only_classic"] { instance.children.append(Element("EC2_ONLY_CLASSIC", classic, cdata: true)) }
    let target =
      isVPC
      ? [Element("VPC_SCOPE", "Selected"), Element("VPC_LIST", children: [Element("VPC", children: [Element("UUID", endpoint)])])]
      : [Element("REGION", children: [Element("UUID", place), Element("CODE", endpoint)]), Element("VPC_SCOPE", "None")]
    scan.children.append(instance)
    scan.children.append(
      Element(
        "CLOUD_DETAILS",
        children: [
          Element("PROVIDER", "AWS"),
          Element("CONNECTOR", children: [Element("ID", "1"), Element("UUID", uuid), Element("NAME", call["connector_name"] ?? uuid, cdata: true)]),
          // U12 p. 541.
          Element("SCAN_TYPE", "Internal"), Element("CLOUD_TARGET", children: [Element("PLATFORM", isVPC ? "VPC" : "Classic")] + target),
        ]))
  }

  /// A UUID that is none of the service's, made of a region's code.
  static func regionUUID(_ code: String) -> String {
    let sum = code.utf8.reduce(5381) { sum, byte in (sum * 33 + Int(byte)) % 1_000_000_007 }
    return uuid(of: sum)
  }

  static func timeElement(_ call: Call, _ subscription: Subscription) -> Element {
    var schedule = Element("SCHEDULE")
    switch call["occurrence"] {
    case "weekly":
      let days = (call["weekdays"] ?? "").parts.compactMap { weekdays.firstIndex(of: $0.lowercased()) }.sorted().map { String($0) }
      schedule.children.append(
        Element("WEEKLY", attributes: [("frequency_weeks", call["frequency_weeks"] ?? "1"), ("weekdays", days.joined(separator: ","))]))
    case "monthly":
      var monthly = Element("MONTHLY", attributes: [("frequency_months", call["frequency_months"] ?? "1")])
      if let day = call["day_of_month"] {
        monthly.attributes.append(("day_of_month", day))
      } else {
        monthly.attributes.append(("day_of_week", call["day_of_week"] ?? "0"))
        monthly.attributes.append(("week_of_month", String((weeks.firstIndex(of: (call["week_of_month"] ?? "").lowercased()) ?? 0) + 1)))
      }
      schedule.children.append(monthly)
    default: schedule.children.append(Element("DAILY", attributes: [("frequency_days", call["frequency_days"] ?? "1")]))
    }
    let hour = call["start_hour"].flatMap { Int($0) } ?? 0
    let minute = call["start_minute"].flatMap { Int($0) } ?? 0
    let isDST = call["observe_dst"] == "yes"
    let zone = ScheduleTimeZone(code: call["time_zone_code"] ?? "", details: subscription.zones)
    schedule.children += [
      Element("START_DATE_UTC", zone.utc(date: call["start_date"], hour: hour, minute: minute, isDST: isDST) + "Z"),
      Element("START_HOUR", String(hour)), Element("START_MINUTE", String(minute)),
      Element("TIME_ZONE", children: [Element("TIME_ZONE_CODE", zone.code), Element("TIME_ZONE_DETAILS", zone.details)]),
      Element("DST_SELECTED", isDST ? "1" : "0"),
    ]
    for (parameter, element) in limits {
      if let value = call[parameter] { schedule.children.append(Element(element, value)) }
    }
    schedule.sort(timeOrder)
    return schedule
  }

  private static let limits: [(parameter: String, element: String)] = [
    ("recurrence", "MAX_OCCURRENCE"), ("end_after", "END_AFTER_HOURS"), ("end_after_mins", "END_AFTER_MINUTES"),
    ("pause_after_hours", "PAUSE_AFTER_HOURS"), ("pause_after_mins", "PAUSE_AFTER_MINUTES"), ("resume_in_days", "RESUME_IN_DAYS"),
    ("resume_in_hours", "RESUME_IN_HOURS"),
  ]
  private static let noticeNames: [(kind: String, element: String)] = [
    ("before", "BEFORE_LAUNCH"), ("after", "AFTER_COMPLETE"), ("delay", "LAUNCH_DELAY"), ("skipped", "LAUNCH_SKIP"),
    ("deactivate", "DEACTIVATE_SCHEDULE"),
  ]

  private static func notices(_ call: Call, _ subscription: Subscription) -> Element? {
    var notices = Element("NOTIFICATIONS")
    for (kind, name) in noticeNames where call.isOn(kind + "_notify") {
      var notice = Element(name)
      if kind == "before" {
        notice.children = [Element("TIME", call["before_notify_time"] ?? ""), Element("UNIT", call["before_notify_unit"] ?? "", cdata: true)]
      }
      notice.children.append(Element("MESSAGE", call[kind + "_notify_message"] ?? "", cdata: true))
      notices.children.append(notice)
    }
    if let groups = call["recipient_group_ids"] {
      let list = groups.parts.map { id in
        let title = subscription.distributionGroups[id] ?? "Distribution group \(id)"
        return Element("DISTRIBUTION_GROUP", children: [Element("ID", id), Element("TITLE", title, cdata: true)])
      }
      notices.children.append(Element("DISTRIBUTION_GROUPS", children: list))
    }
    return notices.children.isEmpty ? nil : notices
  }
}
