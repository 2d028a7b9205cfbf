import ArgumentParser
import Base
import Catalog
import Markup
import Requests
import Toolbox

/// Writes the requests that create authentication records again.
@main
struct AuthToURLs: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-auth-to-urls", abstract: "Write the requests that create authentication records again, with the names of their secrets.",
    version: version)
  static let repeatable = UnlistedValues.repeatable.union(["--sub-type", "--target-ips"])

  @Option(help: .init("What a Unix record is for, which no list says: TITLE=cisco or TITLE=checkpoint_firewall.", valueName: "title=type"))
  var subType: [String] = []

  @Option(
    help: .init("The target's list of host addresses, which must have those of the records; once for each list.", valueName: "list"),
    completion: .file())
  var targetIps: [String] = []

  @OptionGroup var unlisted: UnlistedValues
  @OptionGroup var maps: MapOptions
  @OptionGroup var requests: RequestOptions
  @OptionGroup var common: CommonOptions
  @OptionGroup var input: InputFiles

  func validate() throws {
    for text in subType where !text.hasSuffix("=cisco") && !text.hasSuffix("=checkpoint_firewall") || subTypeLine(text) == nil {
      throw ValidationError("--sub-type takes TITLE=cisco or TITLE=checkpoint_firewall, not \"\(text)\"")
    }
  }

  /// `unix/TITLE/sub_type=cisco`
  private func subTypeLine(_ text: String) -> String? {
    guard let sign = text.lastIndex(of: "="), sign > text.startIndex, !text.contains(where: \.isNewline) else { return nil }
    return "unix/\(text[..<sign])/sub_type=\(text[text.index(after: sign)...])"
  }

  func run() throws {
    let types = Resource.authenticationTypes
    var document = DocumentKind(anyOf: types)
    document.noun = "list of authentication records"
    let rules = try maps.rules(for: .authentication, .replace)
    var filter = try ListFilter(
      types[0], besides: Array(types.dropFirst()), as: document, grammar: PackageResources.auth_grammar, translation: rules,
      reading: input.paths(of: "a document"), options: common)
    filter.kind = "authentication-record"
    filter.kindOfList = { root, _ in types.first { $0.document.roots.contains(root) }?.kind ?? "" }
    let modules = [
      ("common/rows.xsl", PackageResources.rows_xsl), ("auth/table.xsl", PackageResources.auth_table_xsl),
      ("auth/unix.xsl", PackageResources.auth_unix_xsl),
    ]
    for (path, bytes) in modules { Stylesheet.register(StylesheetModule(path: path, bytes: bytes)) }

    let subTypes = subType.compactMap { subTypeLine($0) }
    let watch = UnlistedValues.Watch(unlisted, besides: subTypes.map { ("--sub-type", $0) })
    let hosts = Hosts(try Hosts.there(in: targetIps), networks: rules.first { $0.path == "NETWORK_ID" })
    let unshown = UnshownParameters(of: PackageResources.auth_table_xsl)
    filter.inspect = { outline, subject, notes in
      // AUTH_MS_SQL is ms_sql.
      let slug = outline.string(outline.elements[0].name).dropFirst(5).lowercased()
      watch.see(slug, subject)
      unshown.see(outline, slug)
      let before = notes.count
      hosts.see(outline, slug, subject, &notes)
      return notes[before...].contains { $0.disposition == .refused } ? .remove : .keep
    }
    let (kind, isPartial) = (filter.kind, !requests.target.isEmpty)
    try filter.writeRequests(
      PackageResources.auth_to_urls_xsl, parameters: unlisted.parameters(besides: subTypes), as: requests
    ) { count, lists, _ in
      let roots = Set(lists.map(\.root))
      var notes = watch.notes(kind: kind, isPartial: isPartial) + hosts.notes
      if count == 0 { return notes }
      for type in types where type.isUnconfirmed && type.document.roots.contains(where: { roots.contains($0) }) {
        notes.append(
          Note(
            .noted, Subject(kind: type.kind),
            "no list of this type is published: what its elements are called is unconfirmed, so compare the requests"))
      }
      notes += unshown.notes
      if roots.contains("AUTH_UNIX_LIST_OUTPUT"), subType.isEmpty {
        notes.append(
          Note(
            .noted, Subject(kind: "auth-unix"), element: "sub_type",
            "no list says which records are of Cisco or Checkpoint hosts: --sub-type does"))
      }
      return notes
    }
  }
}
