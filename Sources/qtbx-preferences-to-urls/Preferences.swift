import Base
import Catalog
import Markup
import Requests
import Toolbox

/// An export of a user's preferences.
struct PreferenceFile {
  /// What is read.
  let path: String
  /// What the request names.
  let body: String
  /// Whose preferences they are; nil if nothing says it.
  let user: String?
  /// Whose they are by the name of the file, where that is another user.
  let otherUser: String?

  /// - Parameter user: nil if the name of the file says it: `20001.xml`.
  init(path: String, body: String, user: String?) {
    (self.path, self.body) = (path, body)
    let name = path.split(separator: "/").last ?? ""
    let id = String(name.dropLast(4))
    let named = name.hasSuffix(".xml") && Self.isID(id) ? id : nil
    self.user = user ?? named
    otherUser = named == self.user ? nil : named
  }

  /// A login is none: the export refuses it.
  static func isID(_ text: String) -> Bool { (1...20).contains(text.utf8.count) && text.utf8.allSatisfy(\.isDigit) }
}

/// Preferences of users, as the requests that import them.
struct Preferences {
  let files: [PreferenceFile]
  let users: TranslationRule?
  let dropsUnmapped: Bool

  init(of files: [PreferenceFile], users: TranslationRule?, dropsUnmapped: Bool) {
    (self.files, self.users, self.dropsUnmapped) = (files, users, dropsUnmapped)
  }

  private static let resource = Resource.userPreferences

  /// The request for each file. Errors: `refused` if one holds something else; `usage` if nothing says whose it is, or two are of one user.
  func answer() throws(Complaint) -> (requests: [Request], notes: [Note]) {
    var requests: [Request] = []
    var notes: [Note] = []
    var known: [String: String] = [:]
    var taken: [String: String] = [:]
    for file in files {
      guard let user = file.user else {
        throw Complaint(.usage, "whose preferences are these? The name of the file is no ID.xml, and --user is not given", at: file.path.shown)
      }
      // Importing a second one would take the first one away.
      if let other = known.updateValue(file.path, forKey: user) {
        throw Complaint(.usage, other == file.path ? "it is given twice" : "\(other.shown) is of the same user", at: file.path.shown)
      }
      // Its path in an export of the subscription's settings, whatever the root is called.
      var isOfSubscription = false
      try WholeDocument.read(file.path, as: Self.resource.document) { part in
        guard case .opened(let element) = part, element.name.uppercased() == "SUBSCRIPTION", element.path.count <= 2 else { return }
        if element.path.last?.uppercased() == "RECORD" { isOfSubscription = true }
      }
      if isOfSubscription {
        let reason = "these are the settings of a subscription, not of a user: qtbx-subscription-to-urls reads them"
        throw Complaint(.refused, reason, at: file.path.shown)
      }
      let subject = Subject(kind: Self.resource.kind, id: user)
      if let other = file.otherUser {
        notes.append(Note(.noted, subject, element: "user_id", "by the name of the file, the preferences would be those of \(other)"))
      }
      var unmapped: [Unmapped] = []
      guard let target = users?.target(of: user, in: subject, element: "user_id", &unmapped) else {
        let option = unmapped.first?.missingOption.map { " (\($0) not given; another subscription has other ids)" } ?? ""
        let reason = "the user \(user) is in no map\(option)"
        notes.append(dropsUnmapped ? Note(.unmapped, subject, reason) : Note(.refused, subject, element: "user_id", reason))
        continue
      }
      if let other = taken.updateValue(user, forKey: target) {
        notes.append(
          Note(.refused, subject, element: "user_id", "the map has \(target) for the user \(other), too, and the second would replace the first"))
        continue
      }
      var request = Request(path: "/api/2.0/fo/user_prefs/")
      request.parameters = [Request.Parameter(name: "action", value: "import"), Request.Parameter(name: "user_id", value: target)]
      request.body = .file(file.body)
      request.origin = (subject.kind, user)
      requests.append(request)
    }
    if !requests.isEmpty {
      notes.append(
        Note(
          .noted, Subject(kind: Self.resource.kind),
          "the documents are sent as they are: none of their elements is documented, and an id in one is still the source's"))
    }
    return (requests, notes)
  }
}
