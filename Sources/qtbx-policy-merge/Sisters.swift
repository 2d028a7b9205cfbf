import Base
import Glibc
import Toolbox

/// The programs that do the work: where they are, and what those that talk to the service are told.
struct Sisters {
  /// What becomes of the options of an account.
  struct Service {
    /// Options without a secret.
    var options: [String]
    /// It goes through a pipe: it is in no argument, no environment and no file. Nil if the programs get it by themselves.
    var password: Secret?
  }

  static let fetch = "qtbx-fetch"
  static let push = "qtbx-push"
  static let merge = "qtbx-merge-policy"
  static let toURLs = "qtbx-policies-to-urls"

  private let paths: [String: String]
  private let service: Service

  /// Looks for the programs in PATH, and then beside this one. Errors: `local` if one is missing.
  init(start: String, service: Service) throws(Complaint) {
    self.service = service
    var folders = (Environment.value(of: "PATH") ?? "/usr/bin:/bin").split(separator: ":", omittingEmptySubsequences: false).map {
      // They run in another folder.
      Folder.absolute(String($0), from: start)
    }
    if let own = try? Folder.resolved("/proc/self/exe"), let end = own.lastIndex(of: "/") { folders.append(String(own[..<end])) }
    var paths: [String: String] = [:]
    for name in [Self.fetch, Self.push, Self.merge, Self.toURLs] {
      paths[name] = folders.lazy.map { $0 + "/" + name }.first(where: Folder.isProgram)
      if paths[name] == nil { throw Complaint(.local, "\(name) is not installed") }
    }
    self.paths = paths
    // Where they spool, too.
    if let folder = Environment.value(of: "TMPDIR").filled { unsafe setenv("TMPDIR", Folder.absolute(folder, from: start), 1) }
  }

  /// Starts a program. Errors: `local`.
  ///
  /// - Parameter asks: it talks to the service.
  func start(_ name: String, _ arguments: [String], output: Int32, asks: Bool) throws(Complaint) -> Child {
    var arguments = arguments
    var input: Int32 = -1
    if asks { arguments += service.options }
    if asks, let password = service.password {
      arguments += ["--password-fd", "0"]
      input = try password.pipe()
    } else {
      input = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
    }
    defer { close(input) }
    return try Child(paths[name] ?? name, arguments, input: input, output: output)
  }
}
