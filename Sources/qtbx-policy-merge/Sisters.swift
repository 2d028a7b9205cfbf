import Base
import Glibc
import Processes
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
    // They run in another folder.
    let folders = ProgramFolders(.pathFirst, from: start)
    var paths: [String: String] = [:]
    for name in [Self.fetch, Self.push, Self.merge, Self.toURLs] { paths[name] = try folders.path(of: name) }
    self.paths = paths
    // Where they spool, too.
    if let folder = Environment.value(of: "TMPDIR").filled { unsafe setenv("TMPDIR", Folder.absolute(folder, from: start), 1) }
  }

  /// Runs a program to its end, and hands on what it says while it says it. Returns its exit status, or 128 and a signal. Errors: `local` if it cannot be
  /// started.
  ///
  /// - Parameter asks: it talks to the service.
  func run(
    _ name: String, _ arguments: [String], output: Child.Stream, asks: Bool, _ signals: inout SignalPipe, hearing hear: (String) -> Void
  ) throws(Complaint) -> Int32 {
    var arguments = arguments
    var input = Child.Stream.nothing
    if asks { arguments += service.options }
    if asks, let password = service.password {
      arguments += ["--password-fd", "0"]
      input = .descriptor(try password.pipe())
    }
    defer { if case .descriptor(let pipe) = input { close(pipe) } }
    var errors = try Pipe()
    let child = try Child(paths[name] ?? name, arguments, input: input, output: output, errors: .descriptor(errors.entrance))
    errors.handOver()
    return child.wait(&signals, reading: errors, hear)
  }
}
