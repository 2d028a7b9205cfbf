internal import Catalog
internal import Requests

/// The documents of a run, as pages of lists: which of these lists are cut off. Each is judged for itself, since no list has what another one lacks.
///
/// One page of many always says that there is more. If all pages of a list do, the last is missing.
struct ListPages {
  /// A document that says that its list has more than it holds.
  struct CutPage {
    let name: String
    let root: String
    let reason: String
    /// No other page has what is missing.
    let isBeyondHelp: Bool
  }

  /// What tells the pages of one list from those of another.
  private struct Traits {
    let root: String
    let doctype: String
    /// The resources whose records it holds; nil if it holds none, and its root does not tell.
    let resources: [String]?
    /// What it was asked by, where it says so.
    let call: String
    let parameters: [String: [String]]
  }

  private let resources: [Resource]
  private var pages: [(traits: Traits, cut: CutPage?)] = []

  /// - Parameter resources: those whose lists may be among the documents.
  init(_ resources: [Resource]) { self.resources = resources }

  /// - Parameters:
  ///   - recordName: what its first record is called; nil if it has none.
  ///   - reason: why it lacks records that it should hold itself; nil if it does not.
  mutating func add(_ service: AnswerReader, named name: String, doctype: String, recordName: String?, lacking reason: String?) {
    var parameters: [String: [String]] = [:]
    for (name, value) in service.echo where !Self.ofOnePage.contains(name.lowercased()) {
      parameters[name.lowercased(), default: []].append(value ?? "")
    }
    let traits = Traits(
      root: service.root, doctype: doctype, resources: resources(of: service.root, recordName), call: service.resource,
      parameters: parameters)
    let cut = (reason ?? service.truncation).map { words in
      CutPage(name: name, root: service.root, reason: words, isBeyondHelp: reason != nil || service.isCutBack)
    }
    pages.append((traits, cut))
  }

  /// Parameters that say which page was asked for, and how.
  private static let ofOnePage: Set<String> = ["id_min", "id_max", "truncation_limit", "echo_request"]

  private func resources(of root: String, _ recordName: String?) -> [String]? {
    func names(of resource: Resource) -> Set<String> {
      Set(resource.document.records.compactMap { $0.split(separator: "/").last.map { String($0) } })
    }
    let alike = resources.filter { $0.document.roots.isEmpty || $0.document.roots.contains(root) }
    guard let recordName else { return Set(alike.map(names)).count > 1 ? nil : alike.map(\.name) }
    let own = alike.filter { names(of: $0).contains(recordName) }
    return own.isEmpty ? [recordName] : own.map(\.name)
  }

  /// The lists of which no page is the last, each by the last page that was given, and the pages that are not what they were. What is beyond help comes first.
  var cutOff: [CutPage] {
    let open = pages.enumerated().filter { _, page in
      guard let cut = page.cut else { return false }
      return cut.isBeyondHelp || !pages.contains { $0.cut == nil && isOneList($0.traits, page.traits) }
    }
    let last = open.filter { at, page in
      page.cut?.isBeyondHelp == true || !open.contains { later, other in later > at && isOneList(other.traits, page.traits) }
    }
    let cuts = last.compactMap(\.element.cut)
    return cuts.filter(\.isBeyondHelp) + cuts.filter { !$0.isBeyondHelp }
  }

  /// Whether two documents may be pages of one list: nothing that they say speaks against it.
  private func isOneList(_ one: Traits, _ other: Traits) -> Bool {
    if one.root != other.root { return false }
    if !one.doctype.isEmpty, !other.doctype.isEmpty, one.doctype != other.doctype { return false }
    if !one.call.isEmpty, !other.call.isEmpty, one.call != other.call { return false }
    if one.parameters.contains(where: { name, values in other.parameters[name].map { $0 != values } ?? false }) { return false }
    if let resources = one.resources, let others = other.resources { return resources == others }
    // A page of nothing is one of the only list that is there.
    return Set(pages.filter { $0.traits.root == one.root }.compactMap(\.traits.resources)).count <= 1
  }
}
