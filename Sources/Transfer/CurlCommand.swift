internal import Base
internal import Requests

/// A request as a curl command for a shell; curl takes the password from `~/.netrc`.
struct CurlCommand {
  enum Body {
    case nothing
    case form([UInt8])
    case xml([UInt8])
    case file(String)
  }

  let method: String
  /// Path and query.
  let target: String
  let body: Body

  func text(for server: Server) -> String {
    var command = "curl --fail-with-body --globoff --netrc --header 'X-Requested-With: qtbx'"
    if !["GET", "POST"].contains(method) { command += " --request \(method)" }
    switch body {
    case .xml(let xml): command += " --header 'Content-Type: text/xml' --data-raw \(Self.quoted(String(decoding: xml, as: UTF8.self)))"
    case .file(let path): command += " --header 'Content-Type: text/xml' --data-binary \(Self.quoted("@" + path))"
    case .form(let form): command += " --data-raw \(Self.quoted(String(decoding: form, as: UTF8.self)))"
    case .nothing: break
    }
    return command + " \(Self.quoted(server.base + target))\n"
  }

  // In bytes: an apostrophe and an accent behind it are one character.
  private static func quoted(_ text: String) -> String {
    let parts = text.utf8.split(separator: "'", omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    return "'" + parts.joined(separator: "'\\''") + "'"
  }
}

extension Request {
  /// The request as a curl command for a shell.
  func curlCommand(for server: Server) -> String {
    let content: CurlCommand.Body =
      switch body {
      case .xml(let xml): .xml(xml)
      case .file(let path): .file(path)
      case nil: isForm ? .form(query) : .nothing
      }
    return CurlCommand(method: method, target: target, body: content).text(for: server)
  }
}
