internal import Base
import Catalog

extension RehearsedResource {
  /// What the first API still is for: nothing is kept here.
  static let msp = RehearsedResource(
    pages: "msp",
    endpoints: [
      Endpoint(path: "/msp/about.php", direct: about), Endpoint(path: "/msp/time_zone_code_list.php", direct: timeZones),
    ])

  /// Clients ask this to see whether their password is right.
  @Sendable private static func about(_ call: Call, _ subscription: inout Subscription) throws(Refusal) -> Answer {
    let about = Element(
      "ABOUT", children: [Element("API-VERSION", attributes: [("MAJOR", "1"), ("MINOR", "0")]), Element("WEB-VERSION", "rehearsal")])
    return document(about, dtd: "about.dtd")
  }

  @Sendable private static func timeZones(_ call: Call, _ subscription: inout Subscription) throws(Refusal) -> Answer {
    let details = ScheduleTimeZone.published.merging(subscription.zones) { _, loaded in loaded }
    let zones = details.keys.sorted().map { code in
      Element(
        "TIME_ZONE",
        children: [
          Element("TIME_ZONE_CODE", code), Element("TIME_ZONE_DETAILS", details[code] ?? "", cdata: true),
          Element("DST_SUPPORTED", ScheduleTimeZone(code: code, details: details).hasSummer ? "1" : "0"),
        ])
    }
    return document(Element("TIME_ZONES", children: zones), dtd: "time_zone_code_list.dtd")
  }

  private static func document(_ root: Element, dtd: String) -> Answer {
    let opening = "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<!DOCTYPE \(root.name) SYSTEM \"\(Document.host)/\(dtd)\">\n"
    return Answer(Array(opening.utf8) + root.xml() + ["\n"])
  }
}
