internal import Base
internal import Markup
internal import Requests

/// The users whom the service has just made, or given another password, as its answer says.
enum NewAccount {
  /// Logins and passwords; none if the answer cannot be read.
  static func all(in body: [UInt8]) -> [(login: String, password: String)] {
    let reader = Reader()
    do {
      let stream = try RecordStream(records: ["USER"], into: reader)
      try stream.feed(body)
      try stream.finish()
    } catch {
      return []
    }
    return reader.accounts
  }

  private final class Reader: RecordSink {
    var accounts: [(login: String, password: String)] = []
    private var outline = Outline()

    func skeleton(_ bytes: Span<UInt8>) {}
    func opened(_ element: SkeletonElement) {}
    func closed(_ element: SkeletonElement, text: String?) {}

    func record(_ bytes: Span<UInt8>, line: Int, in surroundings: Surroundings) {
      var record: [UInt8] = []
      record.append(bytes)
      outline.read(record)
      if let login = outline.text(at: "USER_LOGIN"), let password = outline.text(at: "PASSWORD"), !password.isEmpty {
        accounts.append((login.trimmed, password))
      }
    }
  }
}
