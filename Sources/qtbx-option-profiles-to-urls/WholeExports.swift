import Base
import Catalog
import Markup
import Requests
import Toolbox

/// Exports that are sent as they are, each in one request: what is in them is looked at all the same.
struct WholeExports {
  let paths: [String]
  let searchLists: SearchLists?

  /// The request for each document. Errors: `refused` if one is no export; `usage` if one is given twice.
  func answer() throws(Complaint) -> (requests: [Request], notes: [Note]) {
    var requests: [Request] = []
    var notes: [Note] = []
    var known: Set<String> = []
    let profiles = SeenProfiles()
    for path in paths {
      // Importing it twice would make two of each profile.
      guard known.insert(path).inserted else { throw Complaint(.usage, "it is given twice", at: path.shown) }
      let reader = ExportReader(searchLists, profiles)
      try WholeDocument.read(path, as: Resource.optionProfiles.document) { part in reader.visit(part) }
      if reader.count == 0 { throw Complaint(.refused, "there is no option profile in it", at: path.shown) }
      notes += reader.notes
      guard !reader.isRefused else { continue }
      var request = Request(path: "/api/2.0/fo/subscription/option_profile/")
      request.parameters = [Request.Parameter(name: "action", value: "import")]
      request.body = .file(path)
      requests.append(request)
    }
    return (requests, notes)
  }
}

/// The profiles of all documents so far.
private final class SeenProfiles {
  var ids: Set<String> = []
  /// By type and title, byte by byte.
  var titles: Set<[UInt8]> = []
}

/// What there is to say of an export.
private final class ExportReader {
  private(set) var notes: [Note] = []
  private(set) var count = 0
  private let searchLists: SearchLists?
  private var subject = Subject(kind: Resource.optionProfiles.kind)

  private let profiles: SeenProfiles
  private var type = ""

  init(_ searchLists: SearchLists?, _ profiles: SeenProfiles) {
    self.searchLists = searchLists
    self.profiles = profiles
  }

  var isRefused: Bool { notes.contains { $0.disposition == .refused } }

  func visit(_ part: WholeDocument.Part) {
    switch part {
    case .whole: break
    case .opened(let element):
      guard element.path == ["OPTION_PROFILES"], element.name == "OPTION_PROFILE" else { return }
      count += 1
      subject = Subject(kind: Resource.optionProfiles.kind)
      type = ""
    case .closed(let element, _) where element.path == ["OPTION_PROFILES"] && element.name == "OPTION_PROFILE":
      if !subject.id.isEmpty, !profiles.ids.insert(subject.id).inserted {
        notes.append(Note(.refused, subject, element: "BASIC_INFO/ID", "another profile has this id: the same one would be created twice"))
      } else if !subject.name.isEmpty, !profiles.titles.insert(Array("\(type)\n\(subject.name)".utf8)).inserted {
        notes.append(Note(.noted, subject, element: "BASIC_INFO/GROUP_NAME", "another profile of its type has this title"))
      }
    case .closed(let element, let text): closed(element.path.dropFirst(2) + [element.name], text)
    }
  }

  private func closed(_ path: [String], _ text: String?) {
    let place = path.joined(separator: "/")
    func note(_ disposition: Disposition, _ reason: String) { notes.append(Note(disposition, subject, element: place, reason)) }
    switch (place, path.last ?? "") {
    case ("BASIC_INFO/ID", _): subject.id = text?.trimmed ?? ""
    case ("BASIC_INFO/GROUP_NAME", _): subject.name = text?.unframed ?? ""
    case ("BASIC_INFO/GROUP_TYPE", _):
      type = text?.trimmed ?? ""
      if ["rv10", "sans20"].contains(type) { note(.noted, "the service provides it in every subscription: this makes another one") }
    case ("BASIC_INFO/IS_DEFAULT", _):
      if text?.trimmed == "1" { note(.noted, "a subscription has one default profile: look whether it is this one afterwards") }
    case (_, "LOGIN_PASSWORD"): note(.noted, "logins and passwords in clear are sent along: an import takes none")
    case (_, "CUSTOM_PASSWORD_DICTIONARY"): note(.noted, "passwords in clear are sent along")
    case ("SCAN/SCAN_RESTRICTION/SCAN_BY_POLICY", _): note(.noted, "an import takes no policies: --step complete restricts the scan again")
    case ("SCAN/PASSWORD_BRUTE_FORCING/CUSTOM_LIST", _): note(.noted, "an import takes no lists for brute forcing: --step complete chooses them")
    case ("SCAN/VULNERABILITY_DETECTION/CUSTOM_LIST/CUSTOM/TITLE", _), ("SCAN/VULNERABILITY_DETECTION/DETECTION_EXCLUDE/CUSTOM_LIST/CUSTOM/TITLE", _):
      guard let title = text?.unframed, !title.isEmpty else {
        return note(.refused, "this search list has no title, by which the target knows it")
      }
      let loss = path.contains("DETECTION_EXCLUDE") ? "a scan would not exclude what is in it" : "the scan would be for everything"
      if let searchLists {
        if !searchLists.has(title) { note(.refused, "the target has no search list \"\(title)\": without it, \(loss)") }
      } else {
        note(.refused, "without the search list \"\(title)\", \(loss): --search-lists says which the target has")
      }
    default: break
    }
  }
}
