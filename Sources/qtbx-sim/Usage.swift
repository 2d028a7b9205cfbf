import Base
import Catalog

/// What names an object that is to be deleted. No guide says that the service refuses such a call, nor that it does not: it is refused here, so that
/// whoever deletes does it in the right order.
enum Usage {
  /// Errors: `Refusal` for a search list that an option profile or a report template has.
  static func check(searchList id: Int, _ subscription: borrowing Subscription) throws(Refusal) {
    for profile in subscription[.optionProfiles].all {
      let lists = Element(profile.xml).descendants("CUSTOM_LIST").flatMap(\.children)
      if lists.contains(where: { $0.value("ID") == String(id) }) { throw refusal("id", id, "option profile", profile.name) }
    }
    for template in subscription[.reportTemplates].all where !template.document.isEmpty {
      let settings = Element(template.document).children.flatMap(\.children)
      let named = settings.filter { $0.attribute("key")?.contains("search") == true }.flatMap { $0.text.parts }
      if named.contains(where: { $0.prefix { $0 != "|" } == String(id) }) { throw refusal("id", id, "report template", template.name) }
    }
  }

  /// Errors: `Refusal` for a vault that an authentication record has.
  static func check(vault id: Int, _ subscription: borrowing Subscription) throws(Refusal) {
    for type in Resource.authenticationTypes {
      for record in subscription[type].all {
        let vaults = Element(record.xml).descendants("DIGITAL_VAULT_ID")
        if vaults.contains(where: { $0.text.trimmed == String(id) }) { throw refusal("id", id, "authentication record", record.name) }
      }
    }
  }

  /// Errors: `Refusal` for a profile that a schedule has, and for the default one.
  static func check(profile: RecordStore.Record, isCompliance: Bool, _ subscription: borrowing Subscription) throws(Refusal) {
    if profile.xml.child("BASIC_INFO/IS_DEFAULT") == "1" { throw Refusal.invalid("id", String(profile.id), "it is the default profile") }
    for store in isCompliance ? [Resource.pcSchedules] : [.schedules, .mapSchedules] {
      for schedule in subscription[store].all {
        let titles = Element(schedule.xml).descendants("OPTION_PROFILE").flatMap(\.children)
        if titles.contains(where: { $0.name.hasSuffix("TITLE") && $0.text.trimmed == profile.name }) {
          throw refusal("id", profile.id, "schedule", schedule.name)
        }
      }
    }
  }

  private static func refusal(_ parameter: String, _ id: Int, _ noun: String, _ name: String) -> Refusal {
    Refusal.invalid(parameter, String(id), "it is in use by the \(noun) \(name)")
  }
}
