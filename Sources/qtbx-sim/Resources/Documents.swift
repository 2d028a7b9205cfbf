import Base
import Catalog
import Markup

/// Documents of which no element is described: what was imported last is exported again, byte for byte. The calls are those of the vendor's guide,
/// "Qualys (API Driven) Subscription Migration": the document is the raw body of a POST, with Content-Type text/xml.
extension RehearsedResource {
  static let subscription = RehearsedResource(
    .subscription, endpoints: ["/api/*/fo/subscription/index.php", "/api/*/fo/subscription/"].map { Endpoint(path: $0, actions: settingsActions) })

  static let userPreferences = RehearsedResource(
    .userPreferences, noun: "document of user preferences",
    endpoints: [
      Endpoint(
        path: "/api/*/fo/user_prefs/",
        actions: [
          Action(name: "export", methods: ["GET"], rules: [user]) { call, subscription throws(Refusal) in
            let id = call["user_id"] ?? ""
            guard let known = Int(id).flatMap({ subscription[.userPreferences][$0] }) else {
              throw Refusal.invalid("user_id", id, "no preferences of this user were loaded or imported")
            }
            return Answer(known.document, contentType: "text/xml")
          },
          Action(name: "import", rules: [user]) { call, subscription throws(Refusal) in
            let document = try document(in: call)
            subscription[.userPreferences].put(RecordStore.Record(id: Int(call["user_id"] ?? "") ?? 0, name: "", xml: [], document: document))
            subscription[.userPreferences].isKnown = true
            return Answer(Document.simpleReturn("User preferences imported", for: call))
          },
        ])
    ])

  /// A login is none: clients have seen it refused, and a POST of the export as well.
  private static let user = Rule("user_id", .required, .existing(.users, noun: "user ID"))

  private static let settingsActions = [
    Action(name: "export", methods: ["GET"], rules: []) { call, subscription throws(Refusal) in
      guard let known = subscription[.subscription].all.first else {
        throw Refusal.invalid("action", "export", "no settings were loaded or imported")
      }
      return Answer(known.document, contentType: "text/xml")
    },
    Action(name: "import", rules: []) { call, subscription throws(Refusal) in
      let document = try document(in: call)
      subscription[.subscription].put(RecordStore.Record(id: 1, name: "", xml: [], document: document))
      subscription[.subscription].isKnown = true
      return Answer(Document.simpleReturn("Subscription settings imported", for: call))
    },
  ]

  /// The document in a request's body.
  private static func document(in call: Call) throws(Refusal) -> [UInt8] {
    if call.body.isEmpty || call.isForm { throw Refusal.missing("xml_file") }
    guard call.contentType.lowercased().contains("xml") else {
      throw Refusal.invalid("Content-Type", call.contentType, "the body is sent as text/xml")
    }
    do throws(Complaint) {
      _ = try SplitDocument(call.body, records: [])
    } catch {
      throw Refusal(1905, "parameter xml_file has invalid value: the XML is not valid: \(error.reason)")
    }
    return call.body
  }
}
