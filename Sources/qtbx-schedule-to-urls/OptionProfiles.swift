import Base
import Catalog
import Markup
import Requests
import Toolbox

/// The option profiles of the target, by title: a schedule says by it how its scans are made.
struct OptionProfiles: Sendable {
  /// By what a profile is for: compliance scans, or all others.
  private var titles: [Bool: Set<[UInt8]>] = [:]
  private let map: TranslationRule?

  /// - Parameters:
  ///   - paths: the target's lists.
  ///   - map: what becomes of a title.
  /// - Errors: those of a list that cannot be read.
  init(in paths: [String], named map: TranslationRule?) throws(Complaint) {
    self.map = map
    var found: [NamedObjects.Item] = []
    _ = try ListFilter(objectsOf: [.optionProfiles], in: Resource.optionProfiles.document, reading: paths, options: .silent()).forEachObject {
      profile in found.append(profile)
    }
    for profile in found { titles[profile.parent.trimmed == "compliance", default: []].insert(Array(profile.name.utf8)) }
  }

  /// Refuses a schedule whose profile the target has not.
  func inspect(_ schedule: borrowing Outline, _ subject: Subject, _ notes: inout [Note]) -> ListFilter.Fate {
    let place: StaticString = "OPTION_PROFILE/TITLE"
    guard let own = schedule.text(at: place)?.unframed, !own.trimmed.isEmpty else { return .keep }
    var unmapped: [Unmapped] = []
    let title = map?.target(of: own, in: subject, element: "\(place)", &unmapped) ?? own
    let isCompliance = subject.kind == Resource.pcSchedules.kind
    func has(_ isCompliance: Bool) -> Bool { titles[isCompliance]?.contains(Array(title.utf8)) == true }
    if has(isCompliance) { return .keep }
    let other = has(!isCompliance) ? ", but one of this title for \(isCompliance ? "vulnerability" : "compliance") scans" : ""
    notes.append(Note(.refused, subject, element: "\(place)", "the target has no option profile \"\(title)\" for such a scan\(other)"))
    return .remove
  }
}
