import Base
import Glibc

/// What has arrived, as JSON lines. No header is written, so no password that a request carries there; values that may be one are masked, and bodies
/// that have an element for one.
final class RequestLog: Sendable {
  private let descriptor: Int32
  private let path: String

  /// Errors: `local`.
  init(_ path: String) throws(Complaint) {
    descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    self.path = path
    if descriptor < 0 { throw Complaint(.local, "cannot open: " + Descriptor.reason(errno), at: path) }
  }

  deinit { close(descriptor) }

  func write(_ call: Call, number: Int, step: String) throws(Complaint) {
    var parsed = call
    parsed.readParameters()
    let isSecret =
      parsed.order.contains(where: SecretNames.has) || SecretNames.stand(in: call.body) || SecretNames.stand(in: Array(call.query.utf8))
      || !call.isForm && (call.path.contains("/fo/auth/") && !call.body.isEmpty || Self.secretElements.contains { call.body.contains($0) })
    // What stands behind a semicolon in a path is a parameter, too.
    let path = SecretNames.stand(in: Array(call.path.utf8)) ? call.path.prefix { $0 != ";" } + ";masked" : call.path
    var line = "{\"n\":\(number),\"time\":\"\(Document.now())\",\"method\":\(JSONText.string(call.method)),\"path\":\(JSONText.string(path))"
    line += ",\"query\":\(JSONText.string(isSecret ? "masked" : call.query))"
    line += ",\"body\":\(JSONText.string(isSecret ? "masked" : String(decoding: call.body, as: UTF8.self))),\"parameters\":{"
    func shown(_ name: String) -> String {
      let value = parsed[name] ?? ""
      return SecretNames.has(name) || SecretNames.stand(in: Array(value.utf8)) ? "masked" : value
    }
    line += parsed.order.map { "\(JSONText.string($0)):\(JSONText.string(shown($0)))" }.joined(separator: ",")
    line += "},\"fault\":\(JSONText.string(step))}\n"
    do throws(Complaint) { try Descriptor.write(Array(line.utf8), to: descriptor) } catch { throw error.at(path) }
  }

  /// Of an exported option profile, in clear.
  private static let secretElements: [StaticString] = ["<LOGIN_PASSWORD", "<CUSTOM_PASSWORD_DICTIONARY"]
}

/// Names of parameters whose values nobody is shown: neither in the log nor in an answer.
enum SecretNames {
  /// Of the calls that are rehearsed.
  private static let known = Set(AuthenticationType.all.flatMap(\.fields).filter(\.isSecret).map(\.parameter)).union(RehearsedResource.vaultSecrets)

  private static let words =
    ["pass", "pwd", "secret", "token", "community", "certificate"]
    + ["private", "app", "access", "api", "client"].flatMap { [$0 + "_key", $0 + "key"] }

  /// Those, and whatever else is named so.
  static func has(_ name: String) -> Bool {
    let name = name.lowercased()
    if known.contains(name) || name.hasSuffix("_cert") { return true }
    return words.contains { name.contains($0) }
  }

  /// Whether a text has one of these, whatever it is made of: as the name of a parameter, behind `&`, `;`, `?` or at its start, or of an element or an
  /// attribute.
  static func stand(in text: [UInt8]) -> Bool {
    var name: [UInt8] = []
    func isNamed() -> Bool { !name.isEmpty && has(String(decoding: name, as: UTF8.self)) }
    var isElement = false
    for byte in text {
      switch byte {
      case "=":
        if isNamed() { return true }
        name = []
      case "<":
        name = []
        isElement = true
      case ">", "/", " ", "\n", "\r", "\t":
        if isElement, isNamed() { return true }
        name = []
        if byte == ">" { isElement = false }
      case "&", ";", "?", ":": name = []
      default: name.append(byte)
      }
    }
    return false
  }
}
