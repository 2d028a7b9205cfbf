import Catalog
import Markup

/// Lists of addresses and of names, as they were exported. They are only read here.
extension RehearsedResource {
  /// Hosts that are never scanned: U16 p. 336-338.
  static let excludedHosts: RehearsedResource = RehearsedResource(
    .excludedHosts, noun: "excluded entry", wrapper: "IP_SET",
    dtd: "ip_list_output.dtd", address: "/asset/excluded_ip/",
    endpoints: [
      Endpoint(
        path: "/api/*/fo/asset/excluded_ip/",
        actions: [
          Action(
            name: "list", methods: ["GET", "POST"],
            rules: [Rule("ips", .optional, .addresses), Rule("network_id", .optional, .ids)] + unrehearsed
          ) { call, subscription throws(Refusal) in
            for rule in unrehearsed { if let value = call[rule.name] { throw Refusal.invalid(rule.name, value, "not rehearsed") } }
            let asked = call["ips"].map { Addresses.merged($0) }
            let networks = call["network_id"].flatMap { IDSet($0) }
            let records = subscription[.excludedHosts].all.map(\.xml).filter { record in
              let entry = Element(record)
              if let networks, Check.number(entry.attribute("network_id") ?? "0").map({ networks.contains($0) }) != true { return false }
              guard let asked else { return true }
              return Addresses.range(entry.text.trimmed).map { range in asked.contains { $0.overlaps(range) } } ?? false
            }
            return excludedHosts.list(records, subscription, for: call)
          }
        ])
    ])

  private static let unrehearsed = [
    "ag_ids", "ag_titles", "use_tags", "tag_include_selector", "tag_exclude_selector", "tag_set_by", "tag_set_include", "tag_set_exclude",
  ].map { Rule($0) }

  /// U16 p. 346-347.
  static let virtualHosts: RehearsedResource = RehearsedResource(
    .virtualHosts, noun: "virtual host",
    dtd: "vhost_list_output.dtd",
    endpoints: [
      Endpoint(
        path: "/api/*/fo/asset/vhost/",
        actions: [
          Action(
            name: "list", methods: ["GET", "POST"], rules: [Rule("ip", .optional, .addresses), Rule("port", .optional, .integer(0...65535))]
          ) { call, subscription throws(Refusal) in
            let records = subscription[.virtualHosts].all.map(\.xml).filter { record in
              if let ip = call["ip"], record.child("IP") != ip.trimmed { return false }
              return call["port"].map { record.child("PORT") == $0 } ?? true
            }
            return virtualHosts.list(records, subscription, for: call)
          }
        ])
    ])

  /// From where one may log in: U16 p. 349-350.
  static let restrictedIPs: RehearsedResource = RehearsedResource(
    .restrictedIPs, noun: "restricted entry", wrapper: "IP_SET",
    endpoints: [
      Endpoint(
        path: "/api/*/fo/setup/restricted_ips/",
        actions: [
          Action(
            name: "list", methods: ["GET", "POST"], rules: [Rule("output_format", .optional, .anyCase(["xml", "csv"]))]
          ) { call, subscription throws(Refusal) in
            let records = subscription[.restrictedIPs].all.map(\.xml)
            let status = subscription.restrictsIPs ? "enabled" : "disabled"
            guard call["output_format"]?.lowercased() == "csv" else { return restrictedIPs.list(records, subscription, for: call) }
            let lines = records.map { Element($0).text.trimmed + "\n" }.joined()
            let text =
              "----BEGIN_RESPONSE_BODY_CSV\n\(lines)----END_RESPONSE_BODY_CSV\n"
              + "----BEGIN_RESPONSE_FOOTER_CSV\nSTATUS\n\(status)\n----END_RESPONSE_FOOTER_CSV\n"
            return Answer(Array(text.utf8), contentType: "text/csv;charset=UTF-8")
          }
        ])
    ],
    learn: { values, subscription in subscription.restrictsIPs = values["STATUS"] == "enabled" },
    behind: { "    <STATUS>\($0.restrictsIPs ? "enabled" : "disabled")</STATUS>\n" })

  /// What search lists call vendors: U16 p. 180.
  static let vendors: RehearsedResource = RehearsedResource(
    .vendors, noun: "vendor", wrapper: "VENDORS",
    endpoints: [
      Endpoint(
        path: "/api/*/fo/vendor/",
        actions: [
          Action(name: "list_vendors", methods: ["GET", "POST"], rules: [Rule("ids", .optional, .ids)]) { call, subscription throws(Refusal) in
            let asked = call["ids"].flatMap { IDSet($0) }
            return vendors.list(subscription[.vendors].all.filter { asked?.contains($0.id) ?? true }.map(\.xml), subscription, for: call)
          }
        ])
    ])
}
