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
      parsed.order.contains(where: SecretNames.has)
      || !call.isForm && (call.path.contains("/fo/auth/") && !call.body.isEmpty || Self.secretElements.contains { call.body.contains($0) })
    var line = "{\"n\":\(number),\"time\":\"\(Document.now())\",\"method\":\(JSONText.string(call.method)),\"path\":\(JSONText.string(call.path))"
    line += ",\"query\":\(JSONText.string(isSecret ? "masked" : call.query))"
    line += ",\"body\":\(JSONText.string(isSecret ? "masked" : String(decoding: call.body, as: UTF8.self))),\"parameters\":{"
    line += parsed.order.map { "\(JSONText.string($0)):\(JSONText.string(SecretNames.has($0) ? "masked" : parsed[$0] ?? ""))" }.joined(separator: ",")
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

  /// Those, and whatever else is named so.
  static func has(_ name: String) -> Bool {
    let name = name.lowercased()
    if known.contains(name) || name.hasSuffix("_cert") { return true }
    return ["password", "passphrase", "secret", "private_key", "community", "appkey", "app_key", "access_key", "client_key", "certificate", "_pwd"]
      .contains { name.contains($0) }
  }
}
