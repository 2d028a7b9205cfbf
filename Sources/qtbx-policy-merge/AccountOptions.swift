import ArgumentParser
import Base
import Glibc
import Processes
import Requests
import Toolbox

/// Where the service is, and who asks. The names have underscores here; otherwise they are those of the programs that get them.
struct AccountOptions: ParsableArguments {
  @Option(help: .init("The API server: a host name (default: q_api_fqdn_server).", valueName: "host"))
  var server: String?

  @Option(help: .init("Who asks (default: q_username).", valueName: "name"))
  var user: String?

  @Option(
    name: .customLong("password_command"), help: .init("A shell command whose first line of output is the password.", valueName: "command"))
  var passwordCommand: String?

  @Option(name: .customLong("password_fd"), help: .init("A descriptor whose first line is the password.", valueName: "n"))
  var passwordFD: Int32?

  @Option(name: .customLong("netrc_file"), help: .init("A netrc file with user and password.", valueName: "file"), completion: .file())
  var netrcFile: String?

  @Option(help: .init("A file of certificate authorities that are trusted besides the system's.", valueName: "file"), completion: .file())
  var cacert: String?

  func validate() throws {
    if [passwordCommand.filled != nil, passwordFD != nil, netrcFile.filled != nil].count(where: { $0 }) > 1 {
      throw ValidationError("the password comes from one place: --password_command, --password_fd or --netrc_file")
    }
    if let passwordFD, passwordFD < 0 { throw ValidationError("--password_fd takes the number of a descriptor") }
  }

  /// Errors: `usage` if nobody says which server, or if it is none.
  func serverName() throws(Complaint) -> String {
    guard let name = server ?? Environment.value(of: "q_api_fqdn_server"), !name.isEmpty else {
      throw Complaint(.usage, "q_api_fqdn_server is not set, and there is no --server")
    }
    _ = try Server(name)
    return name
  }

  /// Errors: `usage` if nobody says who asks.
  func userName() throws(Complaint) -> String {
    guard let name = user ?? Environment.value(of: "q_username"), !name.isEmpty else {
      throw Complaint(.usage, "q_username is not set, and there is no --user")
    }
    // It stands in a line of the job.
    if name.shown != name { throw Complaint(.usage, "the user holds a control character") }
    if name.utf8.contains(":") { throw Complaint(.usage, "the user \(name) has a colon, where a password would begin") }
    return name
  }

  /// What a program that talks to the service has to know. Asks for the password if nothing gives it.
  ///
  /// Errors: `usage` if there is no password; `local`.
  func service(at server: String, as user: String, start: String) throws(Complaint) -> Sisters.Service {
    // Out of the environment, whether it is needed or not: no child inherits it.
    let known = Result { () throws(Complaint) in try Secret(takingFromEnvironment: "q_password") }
    var service = Sisters.Service(options: ["--server", server, "--user", user])
    if let passwordFD {
      do throws(Complaint) { service.password = try Secret(firstLineOf: passwordFD) } catch {
        throw Complaint(.usage, "--password_fd gives no password: \(error.reason)")
      }
      // Nobody else is to read on in it.
      if passwordFD > STDERR_FILENO { close(passwordFD) }
    } else if let passwordCommand = passwordCommand.filled {
      // It is meant for the folder where this was started, and what it leaves running must not hold the lock.
      service.options += ["--password-command", "exec \(FolderLock.number)>&-; cd \(Self.quoted(start)) || exit; \(passwordCommand)"]
    } else if let netrcFile = netrcFile.filled {
      service.options += ["--netrc-file", Folder.absolute(netrcFile, from: start)]
    } else {
      service.password = if let known = try known.get() { known } else { try Secret(typedBy: user) }
    }
    if let cacert = cacert.filled { service.options += ["--cacert", Folder.absolute(cacert, from: start)] }
    return service
  }

  /// A word as a shell reads it. By scalars: a quote with an accent behind it is one character, and still a quote.
  private static func quoted(_ word: String) -> String {
    var quoted = "'"
    for scalar in word.unicodeScalars { if scalar == "'" { quoted += "'\\''" } else { quoted.unicodeScalars.append(scalar) } }
    return quoted + "'"
  }
}

/// The environment of this program.
enum Environment {
  /// Nil if the variable is not set.
  static func value(of name: String) -> String? { unsafe getenv(name).map { unsafe String(cString: $0) } }
}
