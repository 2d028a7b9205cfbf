import Base
import Requests
import Sealing
import Toolbox

/// The secrets that request lists need, each once, in the order in which they are needed.
struct NeededSecrets {
  private(set) var all: [Request.NeededSecret] = []
  private var known: Set<SecretName> = []
  /// Those that more than one request needs, in their order.
  private(set) var shared: [SecretName] = []

  /// Errors: `refused` for a line that is not a request, or a name that is none, at file and line; `local` for a body that cannot be read.
  init(of paths: [String]) throws(Complaint) {
    var needed: [Request.NeededSecret] = []
    var requests: [SecretName: Int] = [:]
    for path in paths {
      try ListReader([path]).forEachRequest { request, _, number throws(Complaint) in
        do throws(Complaint) {
          let secrets = try request.neededSecrets() + Self.secrets(ofFileOf: request)
          needed += secrets
          for name in Set(secrets.map(\.name)) { requests[name, default: 0] += 1 }
        } catch {
          throw error.at("\(path.shown):\(number)")
        }
      }
    }
    for secret in needed where known.insert(secret.name).inserted {
      all.append(secret)
      if requests[secret.name, default: 0] > 1 { shared.append(secret.name) }
    }
  }

  /// Whether a list needs it.
  func contains(_ name: SecretName) -> Bool { known.contains(name) }

  /// What a body needs that is a file.
  private static func secrets(ofFileOf request: Request) throws(Complaint) -> [Request.NeededSecret] {
    guard case .file(let path) = request.body else { return [] }
    let body = try Input(path).rest()
    let username = request.parameters.first { $0.name == "username" && !$0.isSecret }?.value ?? ""
    do throws(Complaint) { return try Request.neededSecrets(ofBody: body, username: username) } catch { throw error.at(path.shown) }
  }
}
