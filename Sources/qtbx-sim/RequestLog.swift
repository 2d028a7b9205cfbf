import Glibc
import Markup

/// What has arrived, as JSON lines. No header is written, so no password that a request carries there; values that may be one are masked.
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
    let isSecret = parsed.order.contains(where: Self.isSecret)
    var line = "{\"n\":\(number),\"time\":\"\(Document.now())\",\"method\":\(Self.quoted(call.method)),\"path\":\(Self.quoted(call.path))"
    line += ",\"query\":\(Self.quoted(isSecret ? "masked" : call.query))"
    line += ",\"body\":\(Self.quoted(isSecret ? "masked" : String(decoding: call.body, as: UTF8.self))),\"parameters\":{"
    line += parsed.order.map { "\(Self.quoted($0)):\(Self.quoted(Self.isSecret($0) ? "masked" : parsed[$0] ?? ""))" }.joined(separator: ",")
    line += "},\"fault\":\(Self.quoted(step))}\n"
    do throws(Complaint) { try Descriptor.write(Array(line.utf8), to: descriptor) } catch { throw error.at(path) }
  }

  private static func isSecret(_ name: String) -> Bool {
    let name = name.lowercased()
    return ["password", "passphrase", "secret", "private_key", "community"].contains { name.contains($0) }
  }

  static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x22: quoted += "\\\""
      case 0x5C: quoted += "\\\\"
      case 0x0A: quoted += "\\n"
      case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
