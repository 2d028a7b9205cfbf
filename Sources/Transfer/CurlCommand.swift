internal import Requests

extension Request {
  /// The request as a curl command for a shell; curl takes the password from `~/.netrc`.
  func curlCommand(for server: Server) -> String {
    var command = "curl --fail-with-body --globoff --netrc --header 'X-Requested-With: qtbx'"
    if !["GET", "POST"].contains(method) { command += " --request \(method)" }
    switch body {
    case .xml(let xml): command += " --header 'Content-Type: text/xml' --data-raw \(Self.quoted(String(decoding: xml, as: UTF8.self)))"
    case .file(let path): command += " --header 'Content-Type: text/xml' --data-binary \(Self.quoted("@" + path))"
    case nil: if isForm { command += " --data-raw \(Self.quoted(String(decoding: query, as: UTF8.self)))" }
    }
    return command + " \(Self.quoted(server.base + target))\n"
  }

  // In bytes: an apostrophe and an accent behind it are one character.
  private static func quoted(_ text: String) -> String {
    let parts = text.utf8.split(separator: 0x27, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    return "'" + parts.joined(separator: "'\\''") + "'"
  }
}
