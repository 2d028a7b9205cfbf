import Catalog

extension RehearsedResource {
  static let networks = RehearsedResource(
    .networks,
    endpoints: [
      Endpoint(
        path: "/api/*/fo/network/",
        actions: [
          Action(name: "list", methods: ["GET", "POST"], rules: [Rule("ids", .optional, .list(.integer(0...Check.largestID)))]) {
            call, subscription throws(Refusal) in
            // The list is of custom networks: U16 p. 381. The Global Default Network is in it only if it was in a list that was loaded.
            let asked = call["ids"].flatMap { IDSet($0) }
            let records = subscription[.networks].all.filter { asked?.contains($0.id) ?? true }.map(\.xml)
            return Document.list(root: "NETWORK_LIST_OUTPUT", dtd: "network_list_output.dtd", wrapper: "NETWORK_LIST", records: records, for: call)
          },
          Action(name: "create", rules: [Rule("name", .required)]) { call, subscription throws(Refusal) in
            let name = (call["name"] ?? "").trimmed
            let id = subscription[.networks].newID()
            subscription[.networks].put(RecordStore.Record(id: id, name: name, xml: network(id, name)))
            subscription[.networks].isKnown = true
            return Answer(Document.simpleReturn("Network created with ID", items: [("id", String(id))], for: call))
          },
          Action(
            name: "update", rules: [Rule("id", .required, .existing(.networks, noun: "network ID")), Rule("name", .required)]
          ) { call, subscription throws(Refusal) in
            let name = (call["name"] ?? "").trimmed
            guard let id = call["id"].flatMap({ Int($0) }), let old = subscription[.networks][id] else {
              throw Refusal.invalid("id", call["id"] ?? "", "No such network ID")
            }
            var changed = Element(old.xml)
            changed.set(Element("NAME", name, cdata: true))
            subscription[.networks].put(RecordStore.Record(id: id, name: name, xml: changed.xml(level: 3)))
            return Answer(Document.simpleReturn("Network updated", items: [("id", String(id)), ("name", name)], for: call))
          },
        ])
    ])

  private static func network(_ id: Int, _ name: String) -> [UInt8] {
    Element("NETWORK", children: [Element("ID", String(id)), Element("NAME", name, cdata: true)]).xml(level: 3)
  }
}
