internal import Base
internal import Catalog
internal import Markup

extension Request {
  /// What the service is told to do: a parameter says it, or the path, or the method.
  package var action: String {
    if deletion != nil { return "delete" }
    if let action = value("action") { return action }
    let segments = path.split(separator: "/")
    if segments.starts(with: ["qps", "rest"]), segments.count > 3 { return String(segments[3]) }
    return method
  }

  /// What a person calls what it is about: the parameter or the element that the catalog names, or else what looks like a name. Empty if nothing does.
  package var name: String {
    let creations = Self.creations[Self.plain(path)] ?? []
    let own = creations.filter { !$0.action.isEmpty && !$0.isNamedInBody }.map { "\($0.name)" }
    for name in own + ["title", "scan_title", "name", "username", "email", "domain", "ips"] { if let value = value(name) { return value } }
    guard case .xml(let xml) = body else { return "" }
    var outline = Outline()
    outline.read(xml)
    for creation in creations where creation.isNamedInBody || creation.action.isEmpty {
      if let name = outline.text(at: creation.name), !name.trimmed.isEmpty { return name.trimmed }
    }
    return ""
  }

  /// By what their paths have in every version.
  private static let creations = Dictionary(grouping: Catalog.all.flatMap(\.creations)) { plain($0.path) }

  private static func plain(_ path: String) -> String {
    path.split(separator: "/").filter { !$0.hasPrefix("{") && !$0.allSatisfy { $0.isNumber || $0 == "." } }.joined(separator: "/")
  }
}
