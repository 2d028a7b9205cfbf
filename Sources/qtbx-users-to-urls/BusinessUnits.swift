import Catalog
import Requests
import Synchronization

/// Who is written of each business unit: counted on all threads. Memory grows with the units.
final class BusinessUnits: Sendable {
  private struct Unit {
    var managers = 0
    var others = 0
  }

  private let units = Mutex<[String: Unit]>([:])

  func take(_ request: Request) {
    func value(_ name: String) -> String { request.parameters.first { $0.name == name }?.value ?? "" }
    let unit = value("business_unit")
    if unit.lowercased() == "unassigned" { return }
    let isManager = value("user_role") == "unit_manager"
    units.withLock { if isManager { $0[unit, default: Unit()].managers += 1 } else { $0[unit, default: Unit()].others += 1 } }
  }

  /// The units whose users are written and whose unit managers are not: API (VM, PC) User Guide 8.16, p. 527.
  var notes: [Note] {
    let lacking = units.withLock { $0.filter { $0.value.managers == 0 } }
    // By bytes: no table of a language changes the order.
    return lacking.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { unit, count in
      let who = count.others == 1 ? "1 user of the unit \"\(unit)\" is" : "\(count.others) users of the unit \"\(unit)\" are"
      return Note(
        .noted, Subject(kind: Resource.users.kind), element: "BUSINESS_UNIT",
        "\(who) written, and no unit manager: unless the target's unit has users already, its first must be one, and the service refuses others")
    }
  }
}
