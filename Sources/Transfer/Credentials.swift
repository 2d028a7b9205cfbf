internal import Base
internal import Glibc
internal import Requests
internal import Toolbox

/// Who asks: never an argument, never in a log.
struct Credentials: Sendable {
  /// The name of the login.
  let user: String
  /// Its password.
  let password: Secret

  /// Where the password comes from; the first that is given counts, then `q_password`, then the terminal.
  struct Sources: Sendable {
    /// A file of netrc's form, which has user and password.
    var netrcFile: String?
    /// A command that prints the password.
    var command: String?
    /// The number of an open file that holds the password.
    var descriptor: Int32?
    /// Who asks. A file that has others is none for it.
    var user: String?
    /// Standard input is for somebody else to read.
    var inputIsData: Bool

    init(netrcFile: String?, command: String?, descriptor: Int32?, user: String?, inputIsData: Bool) {
      self.netrcFile = netrcFile
      self.command = command
      self.descriptor = descriptor
      self.user = user
      self.inputIsData = inputIsData
    }
  }

  /// Finds out who asks a server, and reads the password. Errors: `usage` if nobody says who, or no password is given; `local` if it cannot be read.
  init(_ sources: Sources, for server: Server) throws(Complaint) {
    if let file = sources.netrcFile {
      let login = try Netrc.login(in: file, to: server, named: sources.user, orRather: Self.environment("q_username"))
      (user, password) = (try Self.user(login.user), login.password)
      return
    }
    user = try Self.user(sources.user)
    let secret: Secret
    if let command = sources.command {
      secret = try Secret(printedBy: command, inputIsData: sources.inputIsData)
    } else if let descriptor = sources.descriptor {
      secret = try Secret(firstLineOf: descriptor)
    } else if let known = try Secret.ofEnvironment.get() {
      secret = known
    } else {
      secret = try Secret(typedBy: user)
    }
    password = secret
  }

  /// Who asks. Errors: `usage` if nobody says.
  static func user(_ given: String?) throws(Complaint) -> String {
    guard let user = given ?? environment("q_username"), !user.isEmpty else {
      throw Complaint(.usage, "who asks? set q_username, or give --user")
    }
    // By bytes: a letter with an accent behind a colon would be one character with it.
    if user.utf8.contains(":") { throw Complaint(.usage, "the user \(user.shown) has a colon, where a password would begin") }
    return user
  }

  private static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
