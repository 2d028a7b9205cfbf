import Glibc
import Support
import SystemPackage

/// What the fault server has received.
struct Received: Sendable {
  /// By the names that `faultserver.py` writes.
  let fields: [String: String]

  var method: String { fields["method", default: ""] }
  var path: String { fields["path", default: ""] }
  var body: String { fields["body", default: ""] }
  /// How many requests of its path were under way, itself included.
  var waiting: Int { Int(fields["waiting", default: ""]) ?? 0 }
  /// The number of the connection that it came through.
  var connection: String { fields["connection", default: ""] }
  /// When it came, in seconds of the server's clock.
  var time: Double { Double(fields["t", default: ""]) ?? 0 }
  /// The parts that push and curl must agree about.
  var essence: [String] { ["method", "path", "body", "authorization", "type", "requested-with"].map { fields[$0, default: ""] } }

  /// Reads a line: an object of strings.
  init(parsing line: Substring) {
    var strings: [String] = []
    var scalars = line.unicodeScalars.makeIterator()
    while let scalar = scalars.next() {
      guard scalar == "\"" else { continue }
      var text = String.UnicodeScalarView()
      while let scalar = scalars.next(), scalar != "\"" {
        guard scalar == "\\" else {
          text.append(scalar)
          continue
        }
        switch scalars.next() {
        case "n": text.append("\n")
        case "r": text.append("\r")
        case "t": text.append("\t")
        case "u":
          let digits = String(String.UnicodeScalarView((0..<4).compactMap { _ in scalars.next() }))
          text.append(UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init) ?? "?")
        case let plain?: text.append(plain)
        case nil: break
        }
      }
      strings.append(String(text))
    }
    var fields: [String: String] = [:]
    for index in stride(from: 0, to: strings.count - 1, by: 2) { fields[strings[index]] = strings[index + 1] }
    self.fields = fields
  }
}

/// A running `faultserver.py`.
struct FaultServer: Sendable {
  let folder: FilePath
  let port: Int
  private let process: pid_t

  var url: String { "http://127.0.0.1:\(port)" }

  var received: [Received] {
    get throws {
      String(decoding: try Files.read(folder.appending("log.jsonl")) ?? [], as: UTF8.self).split(separator: "\n").map { Received(parsing: $0) }
    }
  }

  /// Starts one, and ends it after the body. It would end by itself, too.
  ///
  /// - Parameters:
  ///   - plan: JSON, as `faultserver.py` says.
  ///   - certificate: files of a certificate and its key, for TLS.
  ///   - newest: the newest TLS that it speaks: `TLSv1_1`.
  static func with<Answer>(
    _ plan: String, seconds: Int = 120, certificate: (FilePath, FilePath)? = nil, newest: String? = nil, _ body: (FaultServer) async throws -> Answer
  ) async throws -> Answer {
    try await Files.withScratch { folder in
      try Files.write(Array(plan.utf8), to: folder.appending("plan.json"))
      let script = Place.root.appending("Tests/TransferTests/faultserver.py")
      var arguments = ["python3", script.string, folder.string, String(seconds)]
      if let certificate { arguments += [certificate.0.string, certificate.1.string] + (newest.map { [$0] } ?? []) }
      let process = try start(arguments, errors: folder.appending("errors"))
      defer {
        kill(process, SIGKILL)
        waitpid(process, nil, 0)
      }
      for _ in 0..<500 {
        if let port = try Files.read(folder.appending("port")).flatMap({ Int(String(decoding: $0, as: UTF8.self)) }) {
          return try await body(FaultServer(folder: folder, port: port, process: process))
        }
        try await Task.sleep(for: .milliseconds(20))
      }
      let reason = String(decoding: try Files.read(folder.appending("errors")) ?? [], as: UTF8.self)
      throw Silence(reason: reason)
    }
  }

  struct Silence: Error { let reason: String }

  private static func start(_ arguments: [String], errors: FilePath) throws -> pid_t {
    var files = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&files)
    defer { posix_spawn_file_actions_destroy(&files) }
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&files, 2, errors.string, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    var list = arguments.map { strdup($0) } + [nil]
    defer { for argument in list { free(argument) } }
    var process: pid_t = 0
    // By its place, if it has one: what a developer has put before it may take longer than the server.
    let system = "/usr/bin/" + arguments[0]
    let failure = posix_spawnp(&process, access(system, X_OK) == 0 ? system : arguments[0], &files, nil, &list, environ)
    guard failure == 0 else { throw Errno(rawValue: failure) }
    return process
  }
}
