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

  /// What requests must keep their order for: the path without versions and ids, and for the asset management API without the verb.
  package var orderingKey: String {
    let parts = path.split(separator: "/").filter { part in !part.hasPrefix("{") && !part.allSatisfy { $0.isNumber || $0 == "." } }
    let isRest = parts.starts(with: ["qps", "rest"]) && parts.count > 2
    return (isRest ? parts[..<2] + parts[3...] : parts[...]).joined(separator: "/")
  }

  /// What a person calls what it is about: the parameter or the element that the catalog names, or else what looks like a name. Empty if nothing does.
  package var name: String {
    let creations = Self.creations[orderingKey] ?? []
    let own = creations.first { !$0.action.isEmpty && !$0.isNamedInBody }.map { ["\($0.name)"] } ?? []
    for name in own + ["title", "scan_title", "name", "username", "email", "domain", "ips"] { if let value = value(name) { return value } }
    var outline = Outline()
    // IPv6 mapping records go by the addresses that stand for them.
    if let data = value("xml_data") {
      outline.read(Array(data.utf8))
      let addresses = outline.elements.indices.filter { outline.path(to: $0).hasSuffix("IP_MAP/V4") }.map {
        outline.text(outline.elements[$0].content)
      }
      if !addresses.isEmpty { return addresses.joined(separator: ",") }
    }
    guard case .xml(let xml) = body else { return "" }
    outline.read(xml)
    for creation in creations where creation.isNamedInBody || creation.action.isEmpty {
      if let name = outline.text(at: creation.name), !name.trimmed.isEmpty { return name }
    }
    guard let open = xml.firstRange(of: Array("<name>".utf8))?.upperBound, let close = xml[open...].firstRange(of: Array("</name>".utf8))?.lowerBound
    else { return "" }
    return Outline.text(of: xml[open..<close])
  }

  /// The calls that create something.
  private static let creations = Dictionary(grouping: Catalog.all.flatMap(\.creations)) { Request(path: $0.path).orderingKey }
}
