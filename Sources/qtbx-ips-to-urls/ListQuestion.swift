import Base
import Requests

/// What a list was asked for: so much is true of each of its addresses.
struct ListQuestion {
  var trackingMethod: TrackingMethod?
  var isInPC: Bool?
  var isInCertView: Bool?
  /// What else a person should know.
  var notes: [Note] = []

  init() {}

  /// Errors: `refused` for what no list of host addresses is asked for, or nobody here knows.
  init(_ service: AnswerReader) throws(Complaint) {
    // The answer of another call, with the same elements.
    if !service.resource.isEmpty, !service.resource.contains("/fo/asset/ip") {
      throw Complaint(.refused, "this is the answer of \(service.resource), not a list of host addresses")
    }
    let subject = Subject(kind: "document", name: service.root)
    var known: [String: String] = [:]
    for (name, value) in service.echo {
      let value = value ?? ""
      if let other = known.updateValue(value, forKey: name), other != value {
        throw Complaint(.refused, "the list was asked for two values of \(name): \"\(other)\" and \"\(value)\"")
      }
      switch name {
      case "action", "echo_request": break
      case "tracking_method":
        guard let method = TrackingMethod(rawValue: value.uppercased()) else {
          throw Complaint(.refused, "the list was asked for tracking_method=\(value), and addresses are added as IP, DNS or NETBIOS only")
        }
        trackingMethod = method
      case "compliance_enabled": isInPC = try Self.flag(name, value)
      case "certview_enabled": isInCertView = try Self.flag(name, value)
      case "network_id":
        // A number below 0 stands for no one network.
        guard !value.isEmpty, value.utf8.allSatisfy(\.isDigit) else {
          throw Complaint(.refused, "the list was asked for network_id=\(value), which is no network")
        }
        notes.append(Note(.noted, subject, element: "REQUEST", "the list was asked for network \(value): addresses are added to all networks"))
      case "ips": notes.append(Note(.noted, subject, element: "REQUEST", "the list was asked for some addresses only: there may be others"))
      default: notes.append(Note(.unknown, subject, element: "REQUEST", "the list was asked for \(name)=\(value), which is not known here"))
      }
    }
  }

  private static func flag(_ name: String, _ value: String) throws(Complaint) -> Bool {
    guard value == "0" || value == "1" else { throw Complaint(.refused, "the list was asked for \(name)=\(value), which is neither 0 nor 1") }
    return value == "1"
  }
}
