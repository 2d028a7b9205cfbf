import Base
import Catalog
import Markup

/// The body of a Unix or Network SSH record, by the published grammar, unix_auth_params.dtd: U12 p. 430-440. The other body's is not published, and is
/// taken to be the same.
struct AuthenticationBody {
  private let root: String
  /// Tools and keys may have ids: they are those of a record that is there.
  private let ids: [String]

  init(_ slug: String, isUpdate: Bool = false) {
    root = slug.uppercased() + "_AUTH_PARAMS"
    ids = isUpdate ? ["ID"] : []
  }

  /// What the list shows of a body, and its secrets by the names that tell them apart.
  func read(_ body: [UInt8], _ subscription: borrowing Subscription) throws(Refusal) -> (shown: [Element], secrets: [(String, String)]) {
    do throws(Complaint) {
      guard try SplitDocument(body, records: []).root == root else { throw Complaint(.refused, "the root is not \(root)") }
    } catch {
      throw Refusal(1905, "parameter body has invalid value: \(error.reason)")
    }
    // Behind the declaration, if there is one.
    guard let start = body.firstRange(of: Array("<\(root)".utf8))?.lowerBound else { throw fault("no \(root)") }
    let params = Element(Array(body[start...]))
    try order(of: params, ["ROOT_TOOLS", "PRIVATE_KEY_CERTIFICATES"])
    var shown: [Element] = []
    var secrets: [(String, String)] = []
    if let tools = params.child("ROOT_TOOLS") {
      var list = Element("ROOT_TOOL_INFO_LIST")
      for (index, tool) in tools.children.enumerated() {
        guard tool.name == "ROOT_TOOL" else { throw fault(tool.name) }
        try order(of: tool, ids + ["STANDARD_TYPE", "CUSTOM_TYPE", "PASSWORD_INFO"])
        var info = Element("ROOT_TOOL_INFO", children: [Element("ID", String(100_001 + index))])
        if let standard = tool.child("STANDARD_TYPE") {
          guard let name = ["sudo": "Sudo", "pimsu": "PIMSU", "powerbroker": "PowerBroker"][standard.attribute("type") ?? ""], standard.text.isEmpty,
            tool.child("CUSTOM_TYPE") == nil
          else { throw fault("STANDARD_TYPE") }
          info.children.append(Element("ROOT_TOOL", name))
        } else {
          guard let custom = tool.child("CUSTOM_TYPE"), !custom.text.trimmed.isEmpty else { throw fault("CUSTOM_TYPE") }
          info.children.append(Element("ROOT_TOOL", custom.text, cdata: true))
        }
        guard let password = tool.child("PASSWORD_INFO") else { throw fault("PASSWORD_INFO") }
        let (element, secret) = try source(password, "PASSWORD", as: "PASSWORD_INFO", hasUser: true, subscription)
        info.children.append(element)
        if let secret { secrets.append(("root_tool_\(index + 1)_password", secret)) }
        list.children.append(info)
      }
      shown.append(list)
    }
    if let keys = params.child("PRIVATE_KEY_CERTIFICATES") {
      var list = Element("PRIVATE_KEY_CERTIFICATE_LIST")
      for (index, key) in keys.children.enumerated() {
        guard key.name == "PRIVATE_KEY_CERTIFICATE" else { throw fault(key.name) }
        try order(of: key, ids + ["PRIVATE_KEY_INFO", "PASSPHRASE_INFO", "CERTIFICATE"])
        var entry = Element("PRIVATE_KEY_CERTIFICATE", children: [Element("ID", String(70_001 + index))])
        guard let info = key.child("PRIVATE_KEY_INFO") else { throw fault("PRIVATE_KEY_INFO") }
        let (element, secret) = try source(info, "PRIVATE_KEY", as: "PRIVATE_KEY_INFO", hasUser: false, subscription)
        entry.children.append(element)
        if let secret { secrets.append(("private_key_\(index + 1)", secret)) }
        if let passphrase = key.child("PASSPHRASE_INFO") {
          let (element, secret) = try source(passphrase, "PASSPHRASE", as: "PASSPHRASE_INFO", hasUser: true, subscription)
          entry.children.append(element)
          if let secret { secrets.append(("passphrase_\(index + 1)", secret)) }
        } else {
          entry.children.append(Element("PASSPHRASE_INFO", attributes: [("type", "basic")]))
        }
        if let certificate = key.child("CERTIFICATE") {
          guard let form = certificate.attribute("type"), ["x.509", "openssh"].contains(form), !certificate.text.trimmed.isEmpty else {
            throw fault("CERTIFICATE")
          }
          entry.children.append(Element("CERTIFICATE", attributes: [("type", form)]))
          secrets.append(("certificate_\(index + 1)", certificate.text))
        }
        list.children.append(entry)
      }
      shown.append(list)
    }
    return (shown, secrets)
  }

  /// Nothing that the grammar does not have, each once, in its order.
  private func order(of element: Element, _ names: [String]) throws(Refusal) {
    var rest = names[...]
    for child in element.children {
      guard let at = rest.firstIndex(of: child.name) else { throw fault(child.name) }
      rest = rest[(at + 1)...]
    }
  }

  private func fault(_ name: String) -> Refusal { Refusal(1905, "parameter body has invalid value: \(name) (not by the grammar)") }

  private func source(
    _ element: Element, _ inner: String, as name: String, hasUser: Bool, _ subscription: borrowing Subscription
  ) throws(Refusal) -> (Element, secret: String?) {
    switch element.attribute("type") {
    case "basic":
      guard element.children.count == 1, let secret = element.child(inner), !secret.text.trimmed.isEmpty else { throw fault(inner) }
      var shown = Element(name, attributes: [("type", "basic")])
      if inner == "PRIVATE_KEY" {
        guard let form = secret.attribute("type"), ["rsa", "dsa", "ecdsa", "ed25519"].contains(form) else { throw fault(inner) }
        shown.children.append(Element(inner, attributes: [("type", form)]))
      }
      return (shown, secret.text)
    case "vault":
      guard element.children.count == 1, let vault = element.child("DIGITAL_VAULT") else { throw fault("DIGITAL_VAULT") }
      try order(
        of: vault,
        (hasUser ? ["VAULT_USERNAME"] : []) + [
          "VAULT_TYPE", "VAULT_ID", "FOLDER", "FILE", "SECRET_NAME", "SYSTEM_NAME", "END_POINT_NAME", "END_POINT_TYPE", "END_POINT_CONTAINER",
          "AUTO_DISCOVER_SYSTEM_NAME", "SYSTEM_NAME_SINGLE_HOST", "SYSTEM_TYPE", "CUSTOM_SYSTEM_TYPE",
        ])
      let (id, type) = (vault.value("VAULT_ID"), vault.value("VAULT_TYPE"))
      if let why = Check.existing(.vaults, noun: "vault ID").fault(of: id, subscription) { throw Refusal.invalid("VAULT_ID", id, why) }
      guard let rule = AuthenticationType.vaultNeeds[type] else { throw Refusal.invalid("VAULT_TYPE", type, "no type of vault") }
      for need in rule.needs where vault.value(need.uppercased()).isEmpty { throw fault(need.uppercased()) }
      var shown = RehearsedResource.vault(id, type, AuthenticationType.vaultFields, subscription) { field in
        vault.child(field.parameter.uppercased())?.text
      }
      if let user = vault.child("VAULT_USERNAME") { shown.children.insert(Element("VAULT_USERNAME", user.text, cdata: true), at: 3) }
      return (Element(name, attributes: [("type", "vault")], children: [shown]), nil)
    default: throw fault(name)
    }
  }
}
