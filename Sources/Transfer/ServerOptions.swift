package import ArgumentParser
package import Base
internal import Glibc
package import Requests
internal import Sealing
internal import Toolbox

/// The options of every program that talks to a server.
package struct ServerOptions: ParsableArguments {
  @Option(help: .init("The API server: a host name (default: q_api_fqdn_server).", valueName: "host"))
  package var server: String?

  @Option(help: .init("Who asks (default: q_username).", valueName: "name"))
  package var user: String?

  @Option(help: .init("A shell command whose first line of output is the password.", valueName: "command"))
  package var passwordCommand: String?

  @Option(help: .init("A descriptor whose first line is the password.", valueName: "n"))
  package var passwordFd: Int32?

  @Option(help: .init("A netrc file with user and password.", valueName: "file"), completion: .file())
  package var netrcFile: String?

  @Option(help: .init("A file of certificate authorities that are trusted besides the system's.", valueName: "file"), completion: .file())
  package var cacert: String?

  @Option(help: .init("Seconds to wait for a connection.", valueName: "n"))
  var connectTimeout = 30

  @Option(help: .init("Seconds without a byte before an exchange fails.", valueName: "n"))
  var stallTimeout = 300

  @Option(help: .init("Seconds that one exchange may take.", valueName: "n"))
  var totalTimeout = 3600

  @Option(help: .init("The longest single wait that the service may ask for, in seconds.", valueName: "n"))
  var longestWait = 3600

  @Option(help: .hidden)
  var timeScale = 1.0

  package init() {}

  package mutating func validate() throws {
    // First of all, while q_password still stands in the environment.
    closeProcess()
    Secret.keepFromChildren(passwordFd)
    // libcurl counts milliseconds in 32 bits.
    if [connectTimeout, stallTimeout, totalTimeout, longestWait].contains(where: { !(1...1_000_000).contains($0) }) {
      throw ValidationError("a time-out is 1 to 1000000 seconds")
    }
    if [passwordCommand != nil, passwordFd != nil, netrcFile != nil].count(where: { $0 }) > 1 {
      throw ValidationError("the password comes from one place: --password-command, --password-fd or --netrc-file")
    }
  }

  /// Where requests go. Errors: `usage` if nobody says.
  package func destination() throws(Complaint) -> Server {
    guard let name = server ?? getenv("q_api_fqdn_server").map({ String(cString: $0) }), !name.isEmpty else {
      throw Complaint(.usage, "which server? set q_api_fqdn_server, or give --server")
    }
    return try Server(name)
  }

  /// Who asks, for a person to read. Errors: `usage` if nobody says.
  func asker() throws(Complaint) -> String {
    if user == nil, let netrcFile { return "the user of \(netrcFile)" }
    return try Credentials.user(user)
  }

  /// How patient the user is with a busy service.
  package func retryPolicy() -> RetryPolicy {
    var policy = RetryPolicy()
    policy.longest = longestWait
    policy.scale = timeScale
    return policy
  }

  /// Asks for the password, if nothing gives it, and gets a connection ready; nothing is sent yet.
  func connection(to server: Server) throws(Complaint) -> Connection { try connections(to: server)() }

  /// The same for any number of connections: the password is asked for once.
  ///
  /// - Parameters:
  ///   - grace: seconds that an answer is still awaited after an interruption.
  ///   - inputIsData: standard input is for somebody else to read.
  func connections(to server: Server, grace: Double = 0, inputIsData: Bool = false) throws(Complaint) -> @Sendable () throws(Complaint) -> Connection
  {
    if let cacert, access(cacert, R_OK) != 0 { throw Complaint(.local, "cannot read: " + Descriptor.reason(errno), at: cacert.shown) }
    let credentials = try Credentials(
      Credentials.Sources(netrcFile: netrcFile, command: passwordCommand, descriptor: passwordFd, user: user, inputIsData: inputIsData), for: server)
    var timeouts = Timeouts()
    timeouts.connect = connectTimeout
    timeouts.stall = stallTimeout
    timeouts.total = totalTimeout
    return { [cacert, timeouts, grace] () throws(Complaint) in
      try Connection(to: server, as: credentials, trusting: cacert, timeouts: timeouts, grace: grace)
    }
  }
}
