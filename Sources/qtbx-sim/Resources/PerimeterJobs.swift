import Catalog

extension RehearsedResource {
  /// Scans of what a cloud shows to the world: created here, listed among the schedules.
  static let perimeterJobs = RehearsedResource(
    pages: "perimeter-jobs",
    endpoints: [
      Endpoint(path: "/api/*/fo/scan/cloud/perimeter/job/", versions: ["2.0", "3.0", "4.0"], actions: [perimeterCreate])
    ])

  private static let perimeterCreate = Action(
    name: "create",
    rules: [
      Rule("scan_title", .optional, .ascii(2000)), Rule("module", .required, .oneOf(["vm", "pc"])),
      Rule("cloud_provider", .required, .oneOf(["aws", "azure", "gcp"])), Rule("connector_name"), Rule("connector_uuid"), Rule("cloud_service"),
      Rule("active", .optional, .flag), Rule("option_id", .optional, .existing(.optionProfiles, noun: "option profile ID")),
      Rule("option_title", .optional, .named(.optionProfiles, noun: "option profile")),
      Rule("priority", .optional, .integer(0...9)), Rule("scanner_id", .optional, .list(.existing(.appliances, noun: "appliance ID", zero: true))),
      Rule("iscanner_name"), Rule("platform_type", .optional, .oneOf(["classic", "vpc_peered", "selected_vpc"])), Rule("region_code"), Rule("vpc_id"),
      Rule("tag_include_selector", .optional, .oneOf(["any", "all"])), Rule("tag_exclude_selector", .optional, .oneOf(["any", "all"])),
      Rule("tag_set_by", .optional, .oneOf(["id", "name"])), Rule("tag_set_include"), Rule("tag_set_exclude"), Rule("elb_dns"),
      Rule("schedule", .required, .oneOf(["now", "recurring"])), Rule("include_lb_from_connector", .optional, .flag),
      Rule("include_app_gateway_lb_from_connector", .optional, .flag), Rule("configured_from_source"), Rule("source_scan_type"),
    ] + timeRules(hasMonths: false).map { Rule($0.name, .optional, $0.check) },
    combinations: [
      .exclusive(["option_id", "option_title"]), .atLeastOne(["option_id", "option_title"]), .exclusive(["connector_name", "connector_uuid"]),
      .atLeastOne(["connector_name", "connector_uuid"]), .exclusive(["scanner_id", "iscanner_name"]),
      .required(["occurrence", "frequency_days", "start_hour", "start_minute", "time_zone_code"], with: "schedule", is: "recurring"),
      .only(
        ["occurrence", "frequency_days", "start_date", "start_hour", "start_minute", "time_zone_code"], with: "schedule", is: ["recurring"],
        standard: ""),
      .required(["region_code"], with: "platform_type", is: "classic"), .required(["region_code"], with: "platform_type", is: "vpc_peered"),
      .required(["vpc_id"], with: "platform_type", is: "selected_vpc"), .apart(["region_code"], ["vpc_id"]),
    ]
  ) { call, subscription throws(Refusal) in
    try checkTags(call, subscription)
    let isCompliance = call["module"] == "pc"
    let store = isCompliance ? Resource.pcSchedules : .schedules
    let id = subscription[store].newID()
    // A job of this moment is not listed.
    if call["schedule"] == "recurring" {
      let scan = job(id, call, subscription, isCompliance: isCompliance)
      subscription[store].put(RecordStore.Record(id: id, name: call["scan_title"] ?? "", xml: scan.xml(level: 3)))
      subscription[store].isKnown = true
    }
    return Answer(Document.simpleReturn("New cloud perimeter scan created successfully", items: [("ID", String(id))], for: call))
  }

  private static func job(_ id: Int, _ call: Call, _ subscription: Subscription, isCompliance: Bool) -> Element {
    let uuid = call["connector_uuid"] ?? "00000000-0000-4000-8000-000000000001"
    let endpoint = call["region_code"].map { regionUUID($0) } ?? call["vpc_id"] ?? ""
    var target = Element("CLOUD_TARGET")
    switch call["platform_type"] {
    case "selected_vpc":
      let list = (call["vpc_id"] ?? "").parts.map { Element("VPC", children: [Element("UUID", $0)]) }
      target.children = [Element("PLATFORM", "VPC"), Element("VPC_SCOPE", "Selected"), Element("VPC_LIST", children: list)]
    case let platform:
      let region = call["region_code"] ?? ""
      let isAll = platform == "vpc_peered"
      if platform != nil { target.children = [Element("PLATFORM", isAll ? "VPC Peered" : "Classic")] }
      if !region.isEmpty { target.children.append(Element("REGION", children: [Element("UUID", regionUUID(region)), Element("CODE", region)])) }
      if platform != nil { target.children.append(Element("VPC_SCOPE", isAll ? "All" : "None")) }
    }
    var scan = Element(
      "SCAN",
      children: [
        Element("ID", String(id)), Element("SCAN_TYPE", "Cloud Perimeter"), Element("ACTIVE", call["active"] ?? "1"),
        Element("TITLE", call["scan_title"] ?? "", cdata: true), Element("USER_LOGIN", call.user),
        Element("TARGET", call["tag_set_include"] == nil ? "" : "Asset Tags Included", cdata: true),
        Element("ISCANNER_NAME", scanner(call, subscription) ?? "", cdata: true),
        Element(
          "EC2_INSTANCE",
          children: [Element("CONNECTOR_UUID", uuid, cdata: true), Element("EC2_ENDPOINT", endpoint, cdata: true)]),
        Element(
          "CLOUD_DETAILS",
          children: [
            Element("PROVIDER", (call["cloud_provider"] ?? "").uppercased()),
            Element(
              "CONNECTOR", children: [Element("ID", "1"), Element("UUID", uuid), Element("NAME", call["connector_name"] ?? uuid, cdata: true)]),
            Element("SCAN_TYPE", "Cloud Perimeter"), target,
          ]),
      ])
    if call["tag_set_include"] != nil { scan.children.append(tagElement(call, subscription)) }
    if let names = call["elb_dns"] { scan.children.append(Element("ELB_DNS", children: names.parts.map { Element("DNS", $0, cdata: true) })) }
    let title = call["option_title"] ?? "Option profile \(call["option_id"] ?? "")"
    scan.children.append(Element("OPTION_PROFILE", children: [Element("TITLE", title, cdata: true), Element("DEFAULT_FLAG", "0")]))
    if !isCompliance {
      scan.children.append(Element("PROCESSING_PRIORITY", priority(call)))
    }
    scan.children.append(timeElement(call, subscription))
    return scan
  }
}
