import Base
import Catalog
import Markup

/// Domains: by the first API U16 p. 82-83, by the second what its clients send.
///
/// What the documentation does not say, and is rehearsed here: a domain that is there cannot be added, one that is not cannot be edited, names are
/// compared without case, and the domain none is in every subscription.
extension RehearsedResource {
  static let domains: RehearsedResource = RehearsedResource(
    .domains,
    endpoints: [
      Endpoint(path: "/msp/asset_domain_list.php", direct: listOfFirst), Endpoint(path: "/msp/asset_domain.php", direct: changeOfFirst),
      Endpoint(
        path: "/api/*/fo/asset/domain/",
        actions: [
          Action(name: "list", methods: ["GET", "POST"], rules: []) { call, subscription throws(Refusal) in
            Answer(document(subscription[.domains].all.map(\.xml), for: call))
          },
          Action(name: "create", rules: [Rule("domain", .required, name), Rule("netblock", .optional, .netblocks), network]) {
            call, subscription throws(Refusal) in
            let id = try put(call["domain"] ?? "", call["netblock"] ?? "", in: call["network_id"] ?? "0", isNew: true, &subscription)
            return Answer(Document.simpleReturn("Domain created", items: [("ID", String(id))], for: call))
          },
          Action(name: "update", rules: [Rule("domain", .required, name), Rule("netblock", .optional, .emptyOr(.netblocks)), network]) {
            call, subscription throws(Refusal) in
            let id = try put(call["domain"] ?? "", call["netblock"] ?? "", in: call["network_id"] ?? "0", isNew: false, &subscription)
            return Answer(Document.simpleReturn("Domain updated", items: [("ID", String(id))], for: call))
          },
          Action(name: "delete", rules: [Rule("ids", .required, .ids)]) { call, subscription throws(Refusal) in
            let asked = call["ids"].flatMap { IDSet($0) }
            let gone = subscription[.domains].ids.filter { asked?.contains($0) == true }
            if gone.isEmpty { throw Refusal.invalid("ids", call["ids"] ?? "", "No such domain ID") }
            if gone.contains(where: { subscription[.domains][$0]?.name.lowercased() == "none" }) {
              throw Refusal.invalid("ids", call["ids"] ?? "", "the domain none is in every subscription")
            }
            for id in gone { subscription[.domains].remove(id) }
            return Answer(Document.simpleReturn("Domains deleted", for: call))
          },
        ]),
    ],
    saved: { records in document(records.map(\.xml), for: nil) },
    adopt: { _, record, subscription throws(Complaint) in
      // A list of the first API has neither ids nor networks.
      let name = record.child("DOMAIN_NAME") ?? ""
      if name.isEmpty { throw Complaint(.refused, "domain without a DOMAIN_NAME") }
      store(name, Element(record).descendants("RANGE"), in: "0", as: subscription[.domains].newID(), &subscription)
    })

  private static let network = Rule("network_id", .optional, .existing(.networks, noun: "network ID", zero: true))

  private static let name = Check.matching { name in
    name.lowercased().hasPrefix("www.") ? "the domain name only, without www." : nil
  }

  // MARK: The first API

  /// Neither ids nor networks, and all ranges of a domain in one NETBLOCK.
  @Sendable private static func listOfFirst(_ call: Call, _ subscription: inout Subscription) throws(Refusal) -> Answer {
    do throws(Refusal) {
      // What the guide says of them, U16 p. 82, is of saved maps, which nobody has here.
      try Action.check([Rule("last", .optional, .oneOf(["no", "yes"])), Rule("domain", .optional, name)], call, subscription)
    } catch {
      return Document.genericReturn("FAILED", message: error.text, number: error.code, for: call)
    }
    let records = subscription[.domains].all.map { record in
      let domain = Element(record.xml)
      let ranges = domain.descendants("RANGE")
      return Element(
        "DOMAIN",
        children: [Element("DOMAIN_NAME", domain.value("DOMAIN_NAME"))] + (ranges.isEmpty ? [] : [Element("NETBLOCK", children: ranges)])
      ).xml(level: 1)
    }
    return Answer(document(records, for: call, dtd: "domain_list.dtd"))
  }

  /// It has an answer of its own, for errors as well.
  @Sendable private static func changeOfFirst(_ call: Call, _ subscription: inout Subscription) throws(Refusal) -> Answer {
    do throws(Refusal) {
      let action = Rule("action", .required, .oneOf(["add", "edit"]))
      let rules = [action, Rule("domain", .required, name), Rule("netblock", .optional, .emptyOr(.netblocks))]
      try Action.check(rules, call, subscription)
      if call["action"] == "edit", call["netblock"] == nil { throw Refusal.missing("netblock") }
      _ = try put(call["domain"] ?? "", call["netblock"] ?? "", in: "0", isNew: call["action"] == "add", &subscription)
      return Document.genericReturn("SUCCESS", message: call["action"] == "add" ? "Domain added" : "Domain edited", number: "", for: call)
    } catch {
      return Document.genericReturn("FAILED", message: error.text, number: error.code, for: call)
    }
  }

  // MARK: Both

  /// The list is the root of its document.
  private static func document(_ records: [[UInt8]], for call: Call?, dtd: String? = nil) -> [UInt8] {
    var xml = Array("<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n".utf8)
    if let dtd { xml += "<!DOCTYPE DOMAIN_LIST SYSTEM \"\(Document.host)/\(dtd)\">\n".utf8 }
    if call != nil { xml += Document.before.utf8 }
    xml += "<DOMAIN_LIST>\n".utf8
    for record in records { xml += Array("  ".utf8) + record + ["\n"] }
    return xml + Array("</DOMAIN_LIST>\n".utf8)
  }

  /// Creates a domain, or replaces what it has. Returns its id.
  private static func put(
    _ name: String, _ netblock: String, in network: String, isNew: Bool, _ subscription: inout Subscription
  ) throws(Refusal) -> Int {
    let name = name.trimmed
    let there = subscription[.domains].all.first { record in
      record.name.lowercased() == name.lowercased() && Element(record.xml).child("NETWORK")?.value("NETWORK_ID") ?? "0" == network
    }
    let isNone = name.lowercased() == "none"
    if isNew, there != nil || isNone { throw Refusal.invalid("domain", name, "the domain is there already") }
    if !isNew, there == nil, !isNone { throw Refusal.invalid("domain", name, "No such domain") }
    let ranges = netblock.parts.compactMap { Addresses.block($0) }.map { range in
      Element("RANGE", children: [Element("START", Addresses.text(range.lowerBound)), Element("END", Addresses.text(range.upperBound))])
    }
    let id = there?.id ?? subscription[.domains].newID()
    store(there?.name ?? name, ranges, in: network, as: id, &subscription)
    subscription[.domains].isKnown = true
    return id
  }

  /// Keeps a domain as the second API lists it: each range in a NETBLOCK of its own.
  private static func store(_ name: String, _ ranges: [Element], in network: String, as id: Int, _ subscription: inout Subscription) {
    let title = network == "0" ? "Global Default Network" : Int(network).flatMap { subscription[.networks][$0]?.name } ?? ""
    let domain = Element(
      "DOMAIN",
      children: [
        Element("DOMAIN_NAME", name), Element("DOMAIN_ID", String(id)),
        Element("NETWORK", children: [Element("NETWORK_NAME", title, cdata: true), Element("NETWORK_ID", network)]),
      ] + ranges.map { Element("NETBLOCK", children: [$0]) })
    subscription[.domains].put(RecordStore.Record(id: id, name: name, xml: domain.xml(level: 1)))
  }
}
