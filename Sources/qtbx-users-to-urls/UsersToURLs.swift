import ArgumentParser
import Base
import Catalog
import Markup
import Requests
import Synchronization
import Toolbox

/// Writes the requests that create users again, and then those that give them their roles and tags in the portal.
@main
struct UsersToURLs: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-users-to-urls", abstract: "Write the requests that create users again.", version: version)

  enum Step: String, ExpressibleByArgument, CaseIterable { case add, tags }
  enum Mail: String, ExpressibleByArgument, CaseIterable { case yes, no }

  @Option(help: .init("Which requests: add or tags.", valueName: "step"))
  var step = Step.add

  @Option(help: .init("Whether the service mails to each new user: yes or no. One of them must be said.", valueName: "answer"))
  var sendEmail: Mail?

  @Option(help: .init("The login, in the source, of the user who sends: no second account is created.", valueName: "login"))
  var sender: String?

  @Option(help: .init("Whom else to create, with commas between: inactive, pending, primary-contact.", valueName: "words"))
  var include: String?

  @Option(help: .init("What is sent for a title, a telephone number, an address or a city that is empty.", valueName: "text"))
  var fill: String?

  @Option(help: .init("The state of a user in the United States of America, where that is empty.", valueName: "state"))
  var fillState: String?

  @OptionGroup var maps: MapOptions
  @OptionGroup var requests: RequestOptions
  @OptionGroup var common: CommonOptions
  @OptionGroup var input: InputFiles

  func validate() throws {
    let others: [(option: String, value: String?)] = [
      ("--send-email", sendEmail?.rawValue), ("--sender", sender), ("--include", include), ("--fill", fill), ("--fill-state", fillState),
      ("--target", requests.target.first),
    ]
    if step == .tags {
      if let (option, _) = others.first(where: { $0.value != nil }) {
        throw ValidationError("\(option) is for --step add: the other step speaks of users who are there")
      }
      return
    }
    guard sendEmail != nil else {
      throw ValidationError("--send-email yes or no is needed: with yes, the service mails to each of these people, and no mail can be called back")
    }
    for (option, value) in others where value?.allSatisfy(\.isWhitespace) == true {
      throw ValidationError("\(option) takes a text that is not empty")
    }
    if let fill, fill.unicodeScalars.count > 40 {
      throw ValidationError("--fill takes 40 characters at most, since a telephone number has no more")
    }
    let words = (include ?? "").split(separator: ",", omittingEmptySubsequences: false)
    if include != nil, let other = words.first(where: { !["inactive", "pending", "primary-contact"].contains($0) }) {
      throw ValidationError("--include knows inactive, pending and primary-contact, not \"\(other)\"")
    }
  }

  func run() throws {
    let resource: Resource = step == .add ? .users : .portalUsers
    var filter = try ListFilter(
      resource, grammar: PackageResources.user_grammar, translation: maps.rules(for: resource, .annotate),
      reading: input.paths(of: "a document"), options: common)
    let sought = sender?.lowercased()
    let isFound = Atomic(false)
    if step == .add {
      filter.precedence = { record in
        if let sought, Self.words(at: "USER_LOGIN", of: record) == [sought] { isFound.store(true, ordering: .relaxed) }
        return Self.words(at: "USER_ROLE", of: record) == ["unit", "manager"]
      }
    }
    let units = BusinessUnits()
    if step == .add { filter.observe = { units.take($0) } }
    try filter.writeRequests(
      PackageResources.users_to_urls_xsl,
      parameters: [
        ("step", step.rawValue), ("send-email", sendEmail?.rawValue ?? ""), ("sender", sender ?? ""), ("include", include ?? ""),
        ("fill", fill ?? ""), ("fill-state", fillState ?? ""),
      ], as: requests
    ) { count, _, _ in
      guard let sender, count > 0, !isFound.load(ordering: .relaxed) else { return units.notes }
      let words = "nobody in the list has the login \(sender.shown) of --sender: perhaps a second account is created"
      if !common.quiet { Terminal.remark("warning: \(words)") }
      return [Note(.noted, Subject(kind: Resource.users.kind), element: "USER_LOGIN", words)] + units.notes
    }
  }

  /// The words of an element, in small letters.
  private static func words(at path: StaticString, of record: borrowing Outline) -> [String] {
    let words = record.text(at: path)?.utf8.split(whereSeparator: \.isBlank) ?? []
    return words.map { String(decoding: $0, as: UTF8.self).lowercased() }
  }
}
