import Base
import Catalog
import Markup

/// Option profiles: export and import U16 p. 105-120, the calls for each type p. 120-151; the elements U12 p. 810-826, and the grammar of 2022.
///
/// 1 means on, as the samples print it: the texts of U12 say the reverse of some flags, and the profile that U16 p. 137 creates is listed on p. 141
/// with the flags that the request has. What the guides do not say, and is rehearsed here: a title is one profile's of its type; of several search
/// lists, one that is missing is enough for Complete; an imported profile is the subscription's default if it says so. The schema of an import is
/// not published: its elements are those of the grammars, and its limits those of the calls.
extension RehearsedResource {
  static let optionProfiles: RehearsedResource = RehearsedResource(
    .optionProfiles,
    endpoints: [
      Endpoint(
        path: "/api/*/fo/subscription/option_profile/", versions: ["2.0", "7.0"],
        actions: [
          Action(
            name: "export", methods: ["GET", "POST"],
            rules: [
              Rule("output_format", .optional, .oneOf(["XML"])), Rule("option_profile_id", .optional, .integer(1...Check.largestID)),
              Rule("option_profile_title"), Rule("option_profile_type", .optional, .oneOf(["user", "compliance", "pci"])),
              Rule("include_system_option_profiles", .optional, .flag),
            ], usual: Action.withoutEcho
          ) { call, subscription throws(Refusal) in
            let records = subscription[.optionProfiles].all.filter { record in
              let type = group(of: record)
              if let id = call["option_profile_id"], Int(id) != record.id { return false }
              if let title = call["option_profile_title"], title != record.name { return false }
              if let wanted = call["option_profile_type"], wanted != type { return false }
              return call.isOn("include_system_option_profiles") || ProfileType.allCases.contains { $0.group == type }
            }
            return Answer(document(records))
          },
          Action(name: "import", rules: []) { call, subscription throws(Refusal) in try importProfiles(call, &subscription) },
        ])
    ] + ProfileType.allCases.map(endpoint), saved: document)

  private static func document(_ records: [RecordStore.Record]) -> [UInt8] {
    var xml = Array(
      """
      <?xml version="1.0" encoding="UTF-8" ?>
      <!DOCTYPE OPTION_PROFILES SYSTEM "\(Document.host)/api/2.0/fo/subscription/option_profile/option_profile_info.dtd">
      \(Document.before)<OPTION_PROFILES>

      """.utf8)
    for record in records {
      xml += [" ", " "]
      xml += record.xml
      xml.append("\n")
    }
    return xml + Array("</OPTION_PROFILES>\n\(Document.after)".utf8)
  }

  private static func group(of record: RecordStore.Record) -> String { record.xml.child("BASIC_INFO/GROUP_TYPE") ?? "" }

  // MARK: Import

  /// The number that this subscription has in its documents.
  private static let subscriptionID = "900001"

  private static func importProfiles(_ call: Call, _ subscription: inout Subscription) throws(Refusal) -> Answer {
    if call.body.isEmpty || call.isForm { throw Refusal.missing("option profile XML") }
    guard call.contentType.lowercased().contains("xml") else {
      throw Refusal.invalid("Content-Type", call.contentType, "the body is sent as text/xml")
    }
    let cut: SplitDocument
    do throws(Complaint) {
      cut = try SplitDocument(call.body, records: ["OPTION_PROFILES/OPTION_PROFILE"])
    } catch {
      throw refusal("it is no XML: \(error.reason)")
    }
    guard cut.root == "OPTION_PROFILES", !cut.records.isEmpty else { throw refusal("OPTION_PROFILES with at least one OPTION_PROFILE is expected") }
    // All of them, or none.
    var profiles: [(type: ProfileType, title: String, element: Element)] = []
    for record in cut.records {
      let element = Element(record)
      let (type, title) = try checked(element)
      let isTaken = profiles.contains { $0.type == type && $0.title == title } || has(title, type, besides: nil, subscription)
      if isTaken { throw refusal("an option profile of the title \"\(title)\" is there already") }
      profiles.append((type, title, element))
    }
    var items: [(key: String, value: String)] = []
    for profile in profiles {
      var element = profile.element
      resolve(&element, subscription)
      let id = keep(&element, profile.type, user: call.user, &subscription)
      items.append((String(id), profile.title))
    }
    return Answer(
      Document.simpleReturn("Successfully imported Option profile for the subscription Id \(subscriptionID)", items: items, for: call))
  }

  private static func refusal(_ why: String) -> Refusal { Refusal(1905, "the option profile XML is not valid: \(why)") }

  /// What a document is held to, as far as it is known.
  private static func checked(_ profile: Element) throws(Refusal) -> (type: ProfileType, title: String) {
    try check(profile)
    guard let basic = profile.child("BASIC_INFO"), profile.child("SCAN") != nil else {
      throw refusal("an OPTION_PROFILE has a BASIC_INFO and a SCAN")
    }
    let needed = ["ID", "GROUP_NAME", "GROUP_TYPE", "USER_ID", "UNIT_ID", "SUBSCRIPTION_ID"]
    for name in needed where basic.child(name) == nil { throw refusal("BASIC_INFO lacks \(name)") }
    let title = basic.value("GROUP_NAME")
    if title.isEmpty { throw refusal("GROUP_NAME is empty") }
    guard let type = ProfileType.allCases.first(where: { $0.group == basic.value("GROUP_TYPE") }) else {
      throw refusal("GROUP_TYPE is \"\(basic.value("GROUP_TYPE"))\"")
    }
    // The calls have no subscription to look anything up in here: search lists are told by their titles.
    let nowhere = Subscription()
    for field in type.fields {
      guard field.isPlain, !otherWords.contains(field.parameter), let found = profile.descendant(field.path), !found.text.trimmed.isEmpty else {
        continue
      }
      if field.parameter.hasSuffix("_additional"), isOff(field, in: profile) { continue }
      let said = field.word(for: found.text.trimmed)
      if let why = field.check.fault(of: said, nowhere) { throw refusal("\(field.path.joined(separator: "/")): \(found.text.trimmed) (\(why))") }
      if let why = surplus(field, said, in: profile) { throw refusal("\(field.path.joined(separator: "/")): \(why)") }
    }
    return (type, title)
  }

  /// Documents have other words for these than the calls: U12 p. 818-823, and the samples of both guides.
  private static let otherWords: Set<String> = [
    "map_authentication", "map_netblock_size", "basic_information_gathering", "authentication", "password_brute_forcing_system",
  ]

  /// Elements of the grammars only, each in its place, and once but where they say otherwise.
  private static func check(_ element: Element) throws(Refusal) {
    let known = grammar[element.name]
    var seen: Set<String> = []
    for child in element.children {
      guard known?.contains(child.name) == true else { throw refusal("\(child.name) is not expected in \(element.name)") }
      if !seen.insert(child.name).inserted, !repeated.contains(child.name), !(element.name == "DETECTION_EXCLUDE" && child.name == "CUSTOM_LIST") {
        throw refusal("\(child.name) stands twice in \(element.name)")
      }
      try check(child)
    }
  }

  /// What an import never takes, and search lists by their titles: without one, the detection is Complete, and nobody is told. U16 p. 114.
  private static func resolve(_ profile: inout Element, _ subscription: Subscription) {
    profile.edit(["SCAN", "PASSWORD_BRUTE_FORCING"]) { $0.remove("CUSTOM_LIST") }
    profile.edit(["SCAN"]) { $0.remove("SCAN_RESTRICTION") }
    var isComplete = false
    profile.edit(["SCAN", "VULNERABILITY_DETECTION"]) { detection in
      for at in detection.children.indices where detection.children[at].name == "CUSTOM_LIST" {
        isComplete = !find(&detection.children[at], subscription)
      }
      for at in detection.children.indices where detection.children[at].name == "DETECTION_EXCLUDE" {
        for list in detection.children[at].children.indices {
          // U12 p. 820: then QIDs are not excluded.
          detection.children[at].children[list].children.removeAll { searchList(named: $0.text("TITLE"), subscription) == nil }
          _ = find(&detection.children[at].children[list], subscription)
        }
        detection.children[at].children.removeAll { $0.children.isEmpty }
      }
      detection.children.removeAll { $0.name == "DETECTION_EXCLUDE" && $0.children.isEmpty || isComplete && $0.name == "CUSTOM_LIST" }
      if isComplete { detection.children.insert(Element("COMPLETE", "complete", cdata: true), at: 0) }
    }
  }

  /// Gives the lists the ids that they have here; false if one of them is not there.
  private static func find(_ lists: inout Element, _ subscription: Subscription) -> Bool {
    var isThere = true
    for at in lists.children.indices {
      if let list = searchList(named: lists.children[at].text("TITLE"), subscription) {
        lists.children[at].set(Element("ID", String(list.id)))
      } else {
        isThere = false
      }
    }
    return isThere
  }

  private static func searchList(named title: String, _ subscription: Subscription) -> RecordStore.Record? {
    // Swift takes equivalent letters for the same, and the service does not.
    let wanted = Array(title.trimmed.utf8)
    let all = subscription[.staticSearchLists].all + subscription[.dynamicSearchLists].all
    return all.first { Array($0.name.utf8) == wanted }
  }

  private static func searchList(withID id: String, _ subscription: Subscription) -> RecordStore.Record? {
    Int(id).flatMap { subscription[.staticSearchLists][$0] ?? subscription[.dynamicSearchLists][$0] }
  }

  // MARK: Keeping

  private static func has(_ title: String, _ type: ProfileType, besides id: Int?, _ subscription: Subscription) -> Bool {
    subscription[.optionProfiles].all.contains { $0.id != id && $0.name == title && group(of: $0) == type.group }
  }

  /// Makes a profile one of this subscription.
  private static func keep(_ profile: inout Element, _ type: ProfileType, user: String, _ subscription: inout Subscription) -> Int {
    let id = subscription[.optionProfiles].newID()
    if profile.child("BASIC_INFO") == nil { profile.children.insert(Element("BASIC_INFO"), at: 0) }
    profile.edit(["BASIC_INFO"]) { basic in
      basic.set(Element("ID", String(id)))
      basic.set(Element("GROUP_TYPE", type.group))
      basic.set(Element("USER_ID", "Rehearsal (\(user))", cdata: true))
      basic.set(Element("UNIT_ID", "0"))
      basic.set(Element("SUBSCRIPTION_ID", subscriptionID))
      basic.set(Element("UPDATE_DATE", "N/A"))
      basic.sort(grammar["BASIC_INFO"] ?? [])
    }
    put(profile, id: id, &subscription)
    return id
  }

  private static func put(_ profile: Element, id: Int, _ subscription: inout Subscription) {
    let title = profile.descendant(["BASIC_INFO", "GROUP_NAME"])?.text.trimmed ?? ""
    subscription[.optionProfiles].put(RecordStore.Record(id: id, name: title, xml: profile.xml(level: 1)))
    subscription[.optionProfiles].isKnown = true
    guard profile.descendant(["BASIC_INFO", "IS_DEFAULT"])?.text.trimmed == "1" else { return }
    // There can only be one: U16 p. 120.
    for other in subscription[.optionProfiles].all where other.id != id && other.xml.child("BASIC_INFO/IS_DEFAULT") == "1" {
      var element = Element(other.xml)
      element.edit(["BASIC_INFO"]) { $0.set(Element("IS_DEFAULT", "0")) }
      subscription[.optionProfiles].put(RecordStore.Record(id: other.id, name: other.name, xml: element.xml(level: 1)))
    }
  }

  // MARK: The calls of each type

  private static func endpoint(_ type: ProfileType) -> Endpoint {
    let fields = type.fields
    let id = Rule("id", .required, .integer(1...Check.largestID))
    let create = fields.map { Rule($0.parameter, type.required.contains($0.parameter) ? .required : .optional, $0.check) }
    let update = fields.map { Rule($0.parameter, .optional, $0.check) }
    return Endpoint(
      path: "/api/*/fo/subscription/option_profile/\(type.rawValue)/", versions: type == .vm ? ["2.0", "4.0", "5.0"] : ["2.0"],
      actions: [
        Action(
          name: "list", methods: ["GET", "POST"],
          rules: [Rule("id", .optional, Check.id)] + fields.map { Rule($0.parameter, .optional, isFilter($0) ? $0.check : .unrehearsed) },
          usual: Action.withoutEcho
        ) { call, subscription throws(Refusal) in
          let asked = fields.filter { call[$0.parameter] != nil }
          let records = subscription[.optionProfiles].all.filter { record in
            if group(of: record) != type.group { return false }
            if let id = call["id"], Int(id) != record.id { return false }
            let profile = asked.isEmpty ? Element("") : Element(record.xml)
            return asked.allSatisfy { says(profile, call[$0.parameter] ?? "", at: $0) }
          }
          return Answer(document(records))
        },
        Action(name: "create", rules: create, combinations: type.combinations(isNew: true), flags: flags) { call, subscription throws(Refusal) in
          var profile = Element("OPTION_PROFILE")
          // What the call takes unless it is told: the defaults of the guide, and the words of a scan that nobody describes.
          for (path, text) in type.defaults { profile.place(path, Element(path.last ?? "", text)) }
          try apply(call, type, to: &profile, subscription)
          let title = profile.descendant(["BASIC_INFO", "GROUP_NAME"])?.text.trimmed ?? ""
          if has(title, type, besides: nil, subscription) {
            throw Refusal.invalid("title", title, "an option profile of this title is there already")
          }
          let id = keep(&profile, type, user: call["owner"] ?? call.user, &subscription)
          let text = type == .pc ? "Compliance Option profile successfully added." : "Option profile successfully added."
          return Answer(Document.simpleReturn(text, items: [("ID", String(id))], for: call))
        },
        Action(name: "update", rules: [id] + update, combinations: type.combinations(isNew: false), flags: flags) {
          call, subscription throws(Refusal) in
          let record = try known(call, type, subscription)
          var profile = Element(record.xml)
          try apply(call, type, to: &profile, subscription)
          let title = profile.descendant(["BASIC_INFO", "GROUP_NAME"])?.text.trimmed ?? ""
          if has(title, type, besides: record.id, subscription) {
            throw Refusal.invalid("title", title, "an option profile of this title is there already")
          }
          profile.edit(["BASIC_INFO"]) { $0.set(Element("UPDATE_DATE", Document.now())) }
          put(profile, id: record.id, &subscription)
          let text = type == .pc ? "Compliance Option profile successfully updated." : "Option profile successfully updated."
          return Answer(Document.simpleReturn(text, items: [("ID", String(record.id))], for: call))
        },
        Action(name: "delete", methods: ["GET", "POST"], rules: [id]) { call, subscription throws(Refusal) in
          let record = try known(call, type, subscription)
          try Usage.check(profile: record, isCompliance: type == .pc, subscription)
          subscription[.optionProfiles].remove(record.id)
          return Answer(Document.simpleReturn("Option Profile Deleted Successfully", items: [("ID", String(record.id))], for: call))
        },
      ])
  }

  /// A list is filtered by what the call that creates a profile takes: U16 p. 129, 138, 149. Ports and lists of other objects may be printed in many ways.
  private static func isFilter(_ field: ProfileField) -> Bool {
    switch field.form {
    case .value: !otherWords.contains(field.parameter) && field.parameter != "custom_password_dictionary"
    case .here: true
    case .ports, .own: false
    }
  }

  private static func says(_ profile: Element, _ value: String, at field: ProfileField) -> Bool {
    let found = profile.descendant(field.path)
    if field.form == .here { return (found != nil) == (value == "1") }
    // What is off need not be printed.
    return found.map { field.word(for: $0.text.trimmed) == value.trimmed } ?? (value == "0")
  }

  private static let flags = ["enable_password_auditing", "scan_by_policy", "close_vuln_on_dead_hosts", "blocked_resources"]

  private static func known(_ call: Call, _ type: ProfileType, _ subscription: Subscription) throws(Refusal) -> RecordStore.Record {
    guard let record = call["id"].flatMap({ Int($0) }).flatMap({ subscription[.optionProfiles][$0] }), group(of: record) == type.group else {
      throw Refusal.invalid("id", call["id"] ?? "", "No such option profile ID")
    }
    return record
  }

  /// Writes what a call says into a profile.
  private static func apply(_ call: Call, _ type: ProfileType, to profile: inout Element, _ subscription: Subscription) throws(Refusal) {
    for field in type.fields {
      guard let value = call[field.parameter]?.trimmed, !value.isEmpty else { continue }
      switch field.form {
      case .value(let isCDATA): profile.place(field.path, Element(field.path.last ?? "", field.printed(value), cdata: isCDATA))
      case .ports:
        let around = Array(field.path.dropLast())
        profile.place(around + ["HAS_ADDITIONAL"], Element("HAS_ADDITIONAL", "1"))
        profile.place(field.path, Element(field.path.last ?? "", value))
      case .here:
        if value == "0" {
          profile.take(field.path)
        } else if profile.descendant(field.path) == nil {
          profile.place(field.path, Element(field.path.last ?? ""))
        }
      case .own: break
      }
    }
    if let level = call["scan_overall_performance"]?.lowercased() { profile.setLevel(level, in: ["SCAN", "PERFORMANCE"], scanLevels) }
    if let level = call["map_overall_performance"]?.lowercased() { profile.setLevel(level, in: ["MAP", "MAP_PERFORMANCE"], mapLevels) }
    try detect(call, in: &profile, subscription)
    try restrict(call, in: &profile, subscription)
    if let kind = call["scan_ports"] {
      let name = kind == "standard" ? "STANDARD_SCAN" : "TARGETED_SCAN"
      profile.edit(["SCAN", "PORTS"]) { $0.children.removeAll { ["STANDARD_SCAN", "TARGETED_SCAN"].contains($0.name) } }
      profile.place(["SCAN", "PORTS", name], Element(name, "1"))
    }
    for (parameter, standard, own, word) in choices {
      guard let said = call[parameter] else { continue }
      let around = Array(standard.dropLast())
      profile.edit(around) { $0.children.removeAll { $0.name == standard.last || $0.name == own } }
      if said == word {
        let text = call[parameter.hasSuffix("_type") ? "additional_udp_ports_custom" : parameter + "_custom"] ?? ""
        profile.place(around + [own], Element(own, text, cdata: true))
      } else {
        profile.place(standard, Element(standard.last ?? "", "1"))
      }
    }
    if call.isOn("blocked_resources") {
      // U16 p. 127: the default ports, and all addresses, unless it is told which.
      for (_, standard, own, _) in choices where standard.contains("BLOCK_RESOURCES") {
        let around = Array(standard.dropLast())
        if profile.descendant(standard) == nil, profile.descendant(around + [own]) == nil {
          profile.place(standard, Element(standard.last ?? "", "1"))
        }
      }
    }
    if let titles = call["password_brute_forcing_custom"] {
      // No call lists these, so they are taken as they are.
      let lists = titles.parts.enumerated().map { Element("CUSTOM", children: [Element("ID", String($0 + 1)), Element("TITLE", $1, cdata: true)]) }
      profile.place(["SCAN", "PASSWORD_BRUTE_FORCING", "CUSTOM_LIST"], Element("CUSTOM_LIST", children: lists))
    }
    if call["password_brute_forcing_system"] != nil {
      profile.place(["SCAN", "PASSWORD_BRUTE_FORCING", "SYSTEM", "HAS_SYSTEM"], Element("HAS_SYSTEM", "1"))
    }
    profile.sortAll(grammar)
    for field in type.fields where field.isPlain {
      guard let said = call[field.parameter], let why = surplus(field, said, in: profile) else { continue }
      throw Refusal.invalid(field.parameter, said, why)
    }
  }

  private static func detect(_ call: Call, in profile: inout Element, _ subscription: Subscription) throws(Refusal) {
    var lists: [RecordStore.Record] = []
    for id in call["custom_search_list_ids"]?.parts ?? [] {
      guard let list = searchList(withID: id, subscription) else { throw Refusal.invalid("custom_search_list_ids", id, "No such search list ID") }
      lists.append(list)
    }
    for title in call["custom_search_list_title"]?.parts ?? [] {
      guard let list = searchList(named: title, subscription) else { throw Refusal.invalid("custom_search_list_title", title, "No such search list") }
      lists.append(list)
    }
    let place = ["SCAN", "VULNERABILITY_DETECTION"]
    if let mode = call["vulnerability_detection"] {
      profile.edit(place) { $0.children.removeAll { ["COMPLETE", "CUSTOM_LIST", "RUNTIME"].contains($0.name) } }
      switch mode {
      case "complete": profile.place(place + ["COMPLETE"], Element("COMPLETE", "complete", cdata: true))
      case "runtime": profile.place(place + ["RUNTIME"], Element("RUNTIME", "1"))
      default: break
      }
    }
    if !lists.isEmpty { profile.place(place + ["CUSTOM_LIST"], Element("CUSTOM_LIST", children: lists.map(reference))) }
    guard let excluded = call["exclude_search_list_ids"]?.parts else { return }
    var without: [Element] = []
    for id in excluded {
      guard let list = searchList(withID: id, subscription) else { throw Refusal.invalid("exclude_search_list_ids", id, "No such search list ID") }
      without.append(reference(list))
    }
    profile.place(place + ["DETECTION_EXCLUDE"], Element("DETECTION_EXCLUDE", children: [Element("CUSTOM_LIST", children: without)]))
  }

  private static func reference(_ list: RecordStore.Record) -> Element {
    Element("CUSTOM", children: [Element("ID", String(list.id)), Element("TITLE", list.name, cdata: true)])
  }

  private static func restrict(_ call: Call, in profile: inout Element, _ subscription: Subscription) throws(Refusal) {
    if call["scan_by_policy"] == "0" { profile.edit(["SCAN"]) { $0.remove("SCAN_RESTRICTION") } }
    guard call.isOn("scan_by_policy") else { return }
    var policies: [RecordStore.Record] = []
    for id in call["policy_ids"]?.parts ?? [] {
      guard let policy = Int(id).flatMap({ subscription[.policies][$0] }) else { throw Refusal.invalid("policy_ids", id, "No such policy ID") }
      policies.append(policy)
    }
    for name in call["policy_names"]?.parts ?? [] {
      guard let policy = subscription[.policies].named(name) else { throw Refusal.invalid("policy_names", name, "No such policy") }
      policies.append(policy)
    }
    if policies.count > 20 { throw Refusal.invalid("policy_ids", call["policy_ids"] ?? "", "more than 20 policies") }
    let elements = policies.map { Element("POLICY", children: [Element("ID", String($0.id)), Element("TITLE", $0.name, cdata: true)]) }
    profile.place(["SCAN", "SCAN_RESTRICTION"], Element("SCAN_RESTRICTION", children: [Element("SCAN_BY_POLICY", children: elements)]))
  }

  /// What is standard or of one's own: the parameter, the two elements, and the word for the second.
  private static let choices: [(parameter: String, standard: [String], own: String, word: String)] = [
    ("additional_udp_ports_type", ["ADDITIONAL", "HOST_DISCOVERY", "UDP_PORTS", "STANDARD_SCAN"], "CUSTOM_PORT", "custom"),
    ("protected_ports", ["ADDITIONAL", "BLOCK_RESOURCES", "WATCHGUARD_DEFAULT_BLOCKED_PORTS"], "CUSTOM_PORT_LIST", "custom"),
    ("protected_ips", ["ADDITIONAL", "BLOCK_RESOURCES", "ALL_REGISTERED_IPS"], "CUSTOM_IP_LIST", "custom"),
  ]

  // MARK: Limits

  private static let standardTCP = ["21-23", "25", "53", "80", "88", "110-111", "135", "139", "443", "445"].joined(separator: ",")
  private static let standardUDP = "53,111,135,137,161,500"

  private static func isOff(_ field: ProfileField, in profile: Element) -> Bool {
    profile.descendant(field.path.dropLast() + ["HAS_ADDITIONAL"])?.text.trimmed == "0"
  }

  /// Why there are too many ports, with those of a standard scan where they count.
  private static func surplus(_ field: ProfileField, _ said: String, in profile: Element) -> String? {
    let limits: [String: (limit: Int, standard: String, flag: [String])] = [
      "scan_tcp_ports_additional": (12_500, "", []), "scan_udp_ports_additional": (20_500, "", []),
      "map_tcp_ports_additional": (20, standardTCP, ["MAP", "TCP_PORTS", "TCP_PORTS_STANDARD_SCAN"]),
      "map_udp_ports_additional": (10, standardUDP, ["MAP", "UDP_PORTS", "UDP_PORTS_STANDARD_SCAN"]),
      "additional_tcp_ports_additional": (20, standardTCP, ["ADDITIONAL", "HOST_DISCOVERY", "TCP_PORTS", "STANDARD_SCAN"]),
      "additional_udp_ports_custom": (10, "", []),
    ]
    guard let (limit, standard, flag) = limits[field.parameter] else { return nil }
    let isStandard = profile.descendant(flag)?.text.trimmed == "1"
    let count = Ports.count(said + (isStandard ? "," + standard : ""))
    return count > limit ? "\(count) ports, and \(limit) are allowed" : nil
  }

  /// What each level of performance sets: as the samples print it, U16 p. 105-151.
  private static let scanLevels: [String: [(path: [String], text: String)]] = [
    "high": scanLevel("20", "40", "15", "15", "Short", "Normal"), "normal": scanLevel("10", "30", "10", "10", "Medium", "Normal"),
    "low": scanLevel("5", "10", "4", "2", "Long", "Minimum"),
  ]

  private static func scanLevel(
    _ external: String, _ appliances: String, _ total: String, _ http: String, _ delay: String, _ intensity: String
  ) -> [(path: [String], text: String)] {
    [
      (["HOSTS_TO_SCAN", "EXTERNAL_SCANNERS"], external), (["HOSTS_TO_SCAN", "SCANNER_APPLIANCES"], appliances),
      (["PROCESSES_TO_RUN", "TOTAL_PROCESSES"], total), (["PROCESSES_TO_RUN", "HTTP_PROCESSES"], http), (["PACKET_DELAY"], delay),
      (["PORT_SCANNING_AND_HOST_DISCOVERY"], intensity),
    ]
  }

  /// Only one level of a map is printed: the others are made up.
  private static let mapLevels: [String: [(path: [String], text: String)]] = [
    "high": mapLevel("10", "12", "32768 IPs", "Minimum"), "normal": mapLevel("6", "8", "16384 IPs", "Minimum"),
    "low": mapLevel("2", "4", "4096 IPs", "Medium"),
  ]

  private static func mapLevel(_ external: String, _ appliances: String, _ size: String, _ delay: String) -> [(path: [String], text: String)] {
    [
      (["MAP_PARALLEL", "EXTERNAL_SCANNERS"], external), (["MAP_PARALLEL", "SCANNER_APPLIANCES"], appliances),
      (["MAP_PARALLEL", "NETBLOCK_SIZE"], size), (["PACKET_DELAY"], delay),
    ]
  }
}

/// Ports and ranges of them.
enum Ports {
  static func range(_ text: String) -> ClosedRange<Int>? {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Check.number($0.trimmed) }
    guard ends.count <= 2, let low = ends[0], let high = ends.last ?? nil, low <= high, high <= 65_535 else { return nil }
    return low...high
  }

  /// How many there are, each counted once.
  static func count(_ text: String) -> Int {
    var ports = Set<Int>()
    for part in text.parts { if let range = range(part) { ports.formUnion(range) } }
    return ports.count
  }

  static let check = Check.list(.matching { range($0) == nil ? "not a port or a range of ports" : nil })
}

extension Element {
  /// The element at a path below this one.
  fileprivate func descendant(_ path: [String]) -> Element? {
    guard let first = path.first else { return self }
    return child(first)?.descendant(Array(path.dropFirst()))
  }

  /// Changes the element at a path, if it is there.
  fileprivate mutating func edit(_ path: [String], _ body: (inout Element) -> Void) {
    guard let first = path.first else { return body(&self) }
    guard let at = children.firstIndex(where: { $0.name == first }) else { return }
    children[at].edit(Array(path.dropFirst()), body)
  }

  /// Puts an element at a path, with what has to be around it.
  fileprivate mutating func place(_ path: [String], _ element: Element) {
    guard let first = path.first else { return }
    if path.count == 1 { return set(element) }
    if child(first) == nil { children.append(Element(first)) }
    edit([first]) { $0.place(Array(path.dropFirst()), element) }
  }

  /// Takes the element at a path away.
  fileprivate mutating func take(_ path: [String]) {
    guard let last = path.last else { return }
    edit(path.dropLast()) { $0.remove(last) }
  }

  /// The numbers of a level of performance; Custom leaves those that there are, or are said.
  fileprivate mutating func setLevel(_ level: String, in path: [String], _ levels: [String: [(path: [String], text: String)]]) {
    for (place, text) in levels[level] ?? levels["normal"] ?? [] {
      if level == "custom", descendant(path + place) != nil { continue }
      self.place(path + place, Element(place.last ?? "", text))
    }
  }

  /// The children of each element in an order of names.
  fileprivate mutating func sortAll(_ order: [String: [String]]) {
    if let names = order[name], !children.isEmpty { sort(names) }
    for at in children.indices { children[at].sortAll(order) }
  }
}
