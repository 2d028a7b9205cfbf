package import Base
internal import Glibc
package import Requests
internal import Toolbox

/// Who asks: never an argument, never in a log.
package struct Credentials: Sendable {
  /// The name of the login.
  let user: String
  /// Its password.
  let password: Secret

  /// Where the password comes from; the first that is given counts, then `q_password`, then the terminal.
  package struct Sources: Sendable {
    /// A file of netrc's form, which has user and password.
    package var netrcFile: String?
    /// A command that prints the password.
    package var command: String?
    /// The number of an open file that holds the password.
    package var descriptor: Int32?
    /// Who asks. A file that has others is none for it.
    package var user: String?

    package init(netrcFile: String?, command: String?, descriptor: Int32?, user: String?) {
      self.netrcFile = netrcFile
      self.command = command
      self.descriptor = descriptor
      self.user = user
    }
  }

  /// Finds out who asks a server, and reads the password. Errors: `usage` if nobody says who, or no password is given; `local` if it cannot be read.
  package init(_ sources: Sources, for server: Server) throws(Complaint) {
    if let file = sources.netrcFile {
      let login = try Netrc.login(in: file, to: server, named: sources.user, orRather: Self.environment("q_username"))
      (user, password) = (try Self.user(login.user), login.password)
      return
    }
    user = try Self.user(sources.user)
    let secret: Secret
    if let command = sources.command {
      secret = try Self.output(of: command)
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

  /// The first line that a shell command prints.
  private static func output(of command: String) throws(Complaint) -> Secret {
    guard let pipe = Secret.commandOutput(command) else { throw Complaint(.local, "cannot run the password command: " + Descriptor.reason(errno)) }
    let line: Result<Secret, Complaint>
    do throws(Complaint) { line = .success(try Secret(firstLineOf: fileno(pipe))) } catch { line = .failure(error) }
    // To its end: a command that cannot write all of its output would seem to fail.
    while fgetc(pipe) != EOF {}
    guard pclose(pipe) == 0 else { throw Complaint(.local, "the password command failed") }
    return try line.get()
  }
}
