import Base
import Catalog

/// Exceptions of compliance policies. What the calls take: U16 p. 505-513; what is listed: U12 p. 708-714.
///
/// What the guides do not say, and is rehearsed here: a host, a policy or a user that is not there is refused, and so is a control that a policy does
/// not have; several exceptions may be for the same; a number that is not there refuses a whole update.
extension RehearsedResource {
  static let exceptions = RehearsedResource(
    .exceptions,
    endpoints: [
      Endpoint(
        path: "/api/*/fo/compliance/exception/", versions: ["2.0", "3.0"],
        actions: [exceptionList] + exceptionRequests + [exceptionUpdate, exceptionDelete])
    ])

  // MARK: List

  private static let exceptionList = Action(
    name: "list", methods: ["GET", "POST"],
    rules: [
      Rule("exception_number", .optional, Check.id), Rule("exception_numbers", .optional, .ids),
      Rule("exception_number_min", .optional, .integer(0...Int.max)), Rule("exception_number_max", .optional, .integer(0...Int.max)),
      Rule("ip", .optional, .address), Rule("network_name"),
      Rule("status", .optional, .oneOf(["pending", "approved", "rejected", "expired"])), Rule("control_id", .optional, .integer(1...Int.max)),
      Rule("control_statement"), Rule("policy_id", .optional, .existing(.policies, noun: "policy ID")), Rule("technology_name"),
      Rule("assignee_id", .optional, .existing(.users, noun: "user ID")), Rule("created_by", .optional, .unrehearsed),
      Rule("modified_by", .optional, .unrehearsed), Rule("details", .optional, .oneOf(["Basic", "All", "None"])),
      Rule("is_active", .optional, .flag), Rule("created_after_date", .optional, .date), Rule("updated_after_date", .optional, .date),
      Rule("expired_before_date", .optional, .date), Rule("expired_after_date", .optional, .date),
      Rule("truncation_limit", .optional, .integer(1...1_000_000)),
    ]
  ) { call, subscription throws(Refusal) in
    let limit = pageLimit(call, subscription)
    let numbers = AskedIDs(call, ids: "exception_numbers", from: "exception_number_min", to: "exception_number_max")
    let one = call["exception_number"].flatMap { Int($0) }
    let assignee = call["assignee_id"].flatMap { Int($0) }.map { userName($0, subscription) }
    // When one was created, its history alone says, which a list has with details=All.
    if let date = call["created_after_date"], let other = subscription[.exceptions].all.first(where: { $0.xml.child("HISTORY_LIST") == nil }) {
      throw Refusal.invalid(
        "created_after_date", date, "the rehearsal does not know when exception \(other.id) was created: load a list with its history")
    }
    let (records, next) = page(of: subscription[.exceptions], from: numbers.first, limit: limit) { record in
      guard numbers.contains(record.id), one == nil || one == record.id else { return false }
      let exception = Element(record.xml)
      let (host, control) = (exception.child("HOST"), exception.child("CONTROL"))
      func agrees(_ name: String, _ value: String?) -> Bool { call[name].map { $0 == value } ?? true }
      func agrees(_ name: String, with number: String?) -> Bool { call[name].map { Int($0) == number.flatMap { Int($0) } } ?? true }
      guard agrees("ip", host?.value("IP_ADDRESS")), agrees("network_name", host?.value("NETWORK")), agrees("is_active", exception.value("ACTIVE")),
        agrees("status", exception.value("STATUS").lowercased()), agrees("policy_id", with: exception.child("POLICY")?.value("ID")),
        agrees("technology_name", exception.child("TECHNOLOGY")?.text("NAME")), assignee == nil || assignee == exception.text("ASSIGNEE"),
        // 23 is that of 234, too.
        call["control_id"].map({ control?.value("CID").hasPrefix($0) ?? false }) ?? true,
        call["control_statement"].map({ control?.text("STATEMENT").contains($0) ?? false }) ?? true
      else { return false }
      let created = exception.descendants("INSERTION_DATE").map(\.text).min() ?? ""
      let end = exception.value("EXPIRATION_DATE")
      for (name, date, isAfter) in [
        ("created_after_date", created, true), ("updated_after_date", exception.value("MODIFIED_DATE"), true), ("expired_after_date", end, true),
        ("expired_before_date", end, false),
      ] {
        guard let bound = call[name].map(day) else { continue }
        guard date.first?.isNumber == true else { return false }
        if isAfter ? String(date.prefix(10)) <= bound : String(date.prefix(10)) >= bound { return false }
      }
      return true
    }
    let details = call["details"] ?? "Basic"
    var behind = details == "None" && !records.isEmpty ? numberSet(records.map(\.id), level: 2) : ""
    if let next {
      behind += Document.warning(limit: limit, nextID: String(next), for: call).replacing("&id_min=", with: "&exception_number_min=")
    }
    return Document.list(
      root: "EXCEPTION_LIST_OUTPUT", dtd: "exception_list_output.dtd", wrapper: "EXCEPTION_LIST",
      records: details == "None" ? [] : records.map { details == "All" ? $0.xml : $0.xml.without(["HISTORY_LIST"]) }, behind: behind, for: call)
  }

  /// `2031-12-16` of `12/16/2031`.
  private static func day(_ text: String) -> String {
    let parts = text.split(separator: "/").map { $0.count < 2 ? "0\($0)" : String($0) }
    return "\(parts[2])-\(parts[0])-\(parts[1])"
  }

  private static func numberSet(_ numbers: [Int], level: Int) -> String {
    let blanks = String(repeating: "  ", count: level)
    let lines = ranges(of: numbers).map {
      $0.count == 1 ? "\(blanks)  <NUMBER>\($0.lowerBound)</NUMBER>\n" : "\(blanks)  <NUMBER_RANGE>\($0.lowerBound)-\($0.upperBound)</NUMBER_RANGE>\n"
    }
    return "\(blanks)<NUMBER_SET>\n\(lines.joined())\(blanks)</NUMBER_SET>\n"
  }

  // MARK: Request

  /// In place of a host, for which it has an id: of version 3.0 only.
  private static let tagParameters = ["tag_set_by", "tag_include_selector", "tag_exclude_selector", "tag_set_include", "tag_set_exclude"]

  private static let exceptionRequests = ["request", "create"].map { name in
    Action(
      name: name,
      rules: [
        Rule("control_id", .required, .integer(1...Int.max)), Rule("host_id", .optional, .integer(1...Int.max)),
        Rule("policy_id", .required, .existing(.policies, noun: "policy ID")), Rule("technology_id", .required, .integer(1...Int.max)),
        Rule("instance_string"), Rule("assignee_id", .required, .existing(.users, noun: "user ID")), Rule("comments", .required),
        Rule("reopen_on_evidence_change", .optional, .flag), Rule("tag_set_by", .optional, .oneOf(["id", "name"])),
        Rule("tag_include_selector", .optional, .oneOf(["any", "all"])), Rule("tag_exclude_selector", .optional, .oneOf(["any", "all"])),
        Rule("tag_set_include"), Rule("tag_set_exclude"),
      ], combinations: [.needs(["instance_string"], anyOf: ["host_id"])]
    ) { call, subscription throws(Refusal) in
      let tags = tagParameters.filter { call[$0] != nil }
      if call.version == "2.0", !tags.isEmpty { throw Refusal.unrecognized(tags) }
      guard let host = call["host_id"] else {
        if call["tag_set_include"] == nil { throw Refusal.missing("host_id") }
        return try request(nil, call, &subscription)
      }
      guard let known = Int(host).flatMap({ subscription[.hosts][$0] }) else {
        throw Refusal.invalid("host_id", host, subscription[.hosts].isKnown ? "No such host ID" : "the rehearsal has no hosts: load a host list")
      }
      return try request(known, call, &subscription)
    }
  }

  private static func request(_ host: RecordStore.Record?, _ call: Call, _ subscription: inout Subscription) throws(Refusal) -> Answer {
    let (control, technology, policy) = (call["control_id"] ?? "", call["technology_id"] ?? "", call["policy_id"] ?? "")
    let known = Int(policy).flatMap { subscription[.policies][$0] }
    let export = known.flatMap { $0.document.isEmpty ? nil : Element($0.document) }
    let controls = export.map { $0.descendants("CONTROL") + $0.descendants("USER_DEFINED_CONTROL") }
    let found = controls?.first { $0.value("ID") == control }
    if controls != nil, found == nil { throw Refusal.invalid("control_id", control, "the policy does not have it") }
    let number = subscription[.exceptions].newID()
    let now = Document.now()
    var record = Element("EXCEPTION", children: [Element("EXCEPTION_NUMBER", String(number))])
    if let host {
      let data = Element(host.xml)
      var element = Element(
        "HOST", children: [Element("IP_ADDRESS", host.name), Element("TRACKING_METHOD", data.value("TRACKING_METHOD"))])
      if let network = Int(data.value("NETWORK_ID")) {
        let name = network == 0 ? "Global Default Network" : subscription[.networks][network]?.name ?? "network \(network)"
        element.children.append(Element("NETWORK", name, cdata: true))
      }
      record.children.append(element)
    }
    let technologyName = export?.descendants("TECHNOLOGY").first { $0.value("ID") == technology }?.text("NAME") ?? "technology \(technology)"
    record.children += [
      Element("TECHNOLOGY", children: [Element("ID", technology), Element("NAME", technologyName, cdata: true)]),
      Element("POLICY", children: [Element("ID", policy), Element("NAME", known?.name ?? "policy \(policy)", cdata: true)]),
      Element(
        "CONTROL",
        children: [
          Element("CID", control), Element("STATEMENT", found?.text("STATEMENT") ?? "control \(control)", cdata: true),
          Element("CRITICALITY", children: [Element("VALUE", "3"), Element("LABEL", "SERIOUS", cdata: true)]),
        ]),
      Element("ASSIGNEE", userName(Int(call["assignee_id"] ?? "") ?? 0, subscription), cdata: true), Element("STATUS", "Pending"),
      Element("ACTIVE", "1"), Element("REOPEN_ON_EVIDENCE_CHANGE", call["reopen_on_evidence_change"] ?? "0"),
      // The day of its creation: U16 p. 510.
      Element("EXPIRATION_DATE", now), Element("MODIFIED_DATE", now), Element("HISTORY_LIST", children: [history(call, now)]),
    ]
    subscription[.exceptions].put(RecordStore.Record(id: number, name: "", xml: record.xml(level: 3)))
    subscription[.exceptions].isKnown = true
    return Answer(Document.simpleReturn("Exception created successfully", items: [("EXCEPTION_NUMBER", String(number))], for: call))
  }

  private static func history(_ call: Call, _ now: String) -> Element {
    Element(
      "HISTORY",
      children: [
        Element("USER", "Rehearsal (\(call.user))", cdata: true), Element("COMMENT", call["comments"] ?? "", cdata: true),
        Element("INSERTION_DATE", now),
      ])
  }

  /// The first and the last name.
  private static func userName(_ id: Int, _ subscription: Subscription) -> String {
    guard let user = subscription[.users][id], let info = Element(user.xml).child("CONTACT_INFO") else { return "user \(id)" }
    return "\(info.text("FIRSTNAME")) \(info.text("LASTNAME"))".trimmed
  }

  // MARK: Update and delete

  private static let exceptionUpdate = Action(
    name: "update",
    rules: [
      Rule("exception_numbers", .required, .ids), Rule("comments", .required), Rule("reassign_to", .optional, .existing(.users, noun: "user ID")),
      Rule("reopen_on_evidence_change", .optional, .flag), Rule("status", .optional, .oneOf(["Pending", "Approved", "Rejected"])),
      Rule(
        "end_date", .optional,
        .matching { text in
          if text == "0" { return nil }
          if !Check.isDate(text) { return "neither 0 nor a date mm/dd/yyyy" }
          return day(text) > String(Document.now().prefix(10)) ? nil : "not a date to come"
        }),
    ]
  ) { call, subscription throws(Refusal) in
    let numbers = try asked(call, subscription)
    for number in numbers {
      guard let old = subscription[.exceptions][number] else { continue }
      var changed = Element(old.xml)
      let now = Document.now()
      if let status = call["status"] { changed.set(Element("STATUS", status)) }
      // Both matter to an approved exception only.
      if changed.value("STATUS") == "Approved" {
        if let reopen = call["reopen_on_evidence_change"] { changed.set(Element("REOPEN_ON_EVIDENCE_CHANGE", reopen)) }
        if let end = call["end_date"] { changed.set(Element("EXPIRATION_DATE", end == "0" ? "N/A" : day(end) + "T00:00:00Z")) }
      } else if changed.value("STATUS") == "Rejected" {
        changed.set(Element("EXPIRATION_DATE", "N/A"))
      }
      if let assignee = call["reassign_to"].flatMap({ Int($0) }) {
        changed.set(Element("ASSIGNEE", userName(assignee, subscription), cdata: true))
      }
      changed.set(Element("MODIFIED_DATE", now))
      var list = changed.child("HISTORY_LIST") ?? Element("HISTORY_LIST")
      list.children.append(history(call, now))
      changed.set(list)
      changed.sort(exceptionOrder)
      subscription[.exceptions].put(RecordStore.Record(id: number, name: "", xml: changed.xml(level: 3)))
    }
    return batch("Successfully Updated", numbers, call)
  }

  private static let exceptionDelete = Action(
    name: "delete", rules: [Rule("exception_numbers", .required, .ids)]
  ) { call, subscription throws(Refusal) in
    let numbers = try asked(call, subscription)
    for number in numbers { subscription[.exceptions].remove(number) }
    return batch("Exception(s) deleted successfully", numbers, call)
  }

  private static func asked(_ call: Call, _ subscription: Subscription) throws(Refusal) -> [Int] {
    let asked = call["exception_numbers"] ?? ""
    let ranges = IDSet(asked)?.ranges ?? []
    let numbers = subscription[.exceptions].ids.filter { number in ranges.contains { $0.contains(number) } }
    // Of a range, some are enough.
    for range in ranges where !numbers.contains(where: { range.contains($0) }) {
      throw Refusal.invalid("exception_numbers", asked, "No such exception number")
    }
    return numbers
  }

  private static func batch(_ text: String, _ numbers: [Int], _ call: Call) -> Answer {
    Document.list(
      root: "BATCH_RETURN", dtd: "exception_batch_return.dtd", wrapper: "BATCH_LIST",
      records: [Array("<BATCH>\n        <TEXT>\(text)</TEXT>\n\(numberSet(numbers, level: 4))      </BATCH>".utf8)], for: call)
  }

  /// Of the published grammar: U12 p. 708. What it forgets stands where the sample has it.
  private static let exceptionOrder = [
    "EXCEPTION_NUMBER", "HOST", "TECHNOLOGY", "POLICY", "CONTROL", "ASSIGNEE", "STATUS", "ACTIVE", "REOPEN_ON_EVIDENCE_CHANGE", "EXPIRATION_DATE",
    "MODIFIED_DATE", "HISTORY_LIST",
  ]
}
