package import Base
internal import CTransfer
internal import Glibc

/// A password in memory that is overwritten when nobody needs it any more. It has no description.
package final class Secret: @unchecked Sendable {
  private let memory: UnsafeMutableBufferPointer<UInt8>

  /// Takes the bytes over, and wipes those of the caller.
  fileprivate init(taking bytes: inout [UInt8]) {
    memory = .allocate(capacity: bytes.count + 1)
    let end = memory.initialize(fromContentsOf: bytes)
    memory.initializeElement(at: end, to: 0)
    bytes.withUnsafeMutableBytes { ctransfer_wipe($0.baseAddress, $0.count) }
  }

  deinit {
    ctransfer_wipe(memory.baseAddress, memory.count)
    memory.deallocate()
  }

  func withPointer<Answer>(_ body: (UnsafePointer<CChar>?) -> Answer) -> Answer {
    memory.withMemoryRebound(to: CChar.self) { body($0.baseAddress.map { UnsafePointer($0) }) }
  }
}

/// Who asks: never an argument, never in a log.
package enum Credentials: Sendable {
  case password(user: String, Secret)
  /// libcurl reads user and password from this file.
  case netrc(String)

  /// Where the password comes from; the first that is given counts, then `q_password`, then the terminal.
  package struct Sources: Sendable {
    /// A file of netrc's form, from which libcurl takes user and password.
    package var netrcFile: String?
    /// A command that prints the password.
    package var command: String?
    /// The number of an open file that holds the password.
    package var descriptor: Int32?
    /// Who asks, if the file does not say it.
    package var user: String?

    package init(netrcFile: String?, command: String?, descriptor: Int32?, user: String?) {
      self.netrcFile = netrcFile
      self.command = command
      self.descriptor = descriptor
      self.user = user
    }
  }

  /// Finds out who asks, and reads the password. Errors: `usage` if nobody says who, or no password is given; `local` if it cannot be read.
  package init(_ sources: Sources) throws(Complaint) {
    // No child gets it. This process's own environment shows it to the same user until it ends: the page says so.
    let known = Self.environment("q_password")
    unsetenv("q_password")
    if let file = sources.netrcFile {
      guard access(file, R_OK) == 0 else { throw Complaint(.local, "cannot read: " + Descriptor.reason(errno), at: file.shown) }
      self = .netrc(file)
      return
    }
    let user = try Self.user(sources.user)
    var bytes: [UInt8]
    if let command = sources.command {
      bytes = try Self.output(of: command)
    } else if let descriptor = sources.descriptor {
      bytes = try Self.line(of: descriptor)
    } else if let known {
      bytes = Array(known.utf8)
    } else {
      bytes = try Self.askTerminal(for: user)
    }
    guard !bytes.isEmpty, !bytes.contains(0) else { throw Complaint(.usage, "the password is empty") }
    self = .password(user: user, Secret(taking: &bytes))
  }

  /// Who asks. Errors: `usage` if nobody says.
  static func user(_ given: String?) throws(Complaint) -> String {
    guard let user = given ?? environment("q_username"), !user.isEmpty, !user.contains(":") else {
      throw Complaint(.usage, "who asks? set q_username, or give --user")
    }
    return user
  }

  private static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  /// The first line that a shell command prints.
  private static func output(of command: String) throws(Complaint) -> [UInt8] {
    guard let pipe = popen(command, "re") else { throw Complaint(.local, "cannot run the password command: " + Descriptor.reason(errno)) }
    let line: Result<[UInt8], Complaint>
    do throws(Complaint) { line = .success(try Self.line(of: fileno(pipe))) } catch { line = .failure(error) }
    // To its end: a command that cannot write all of its output would seem to fail.
    while fgetc(pipe) != EOF {}
    guard pclose(pipe) == 0 else { throw Complaint(.local, "the password command failed") }
    return try line.get()
  }

  private static func line(of descriptor: Int32) throws(Complaint) -> [UInt8] {
    var bytes: [UInt8] = []
    // It must not grow: what is left behind would not be wiped.
    bytes.reserveCapacity(4097)
    while bytes.last != "\n", bytes.count < 4096 {
      if try Descriptor.read(descriptor, 1, into: &bytes) == 0 { break }
    }
    guard bytes.last == "\n" || bytes.count < 4096 else { throw Complaint(.usage, "the password is longer than 4095 bytes") }
    if bytes.last == "\n" { bytes.removeLast() }
    if bytes.last == "\r" { bytes.removeLast() }
    return bytes
  }

  private static func askTerminal(for user: String) throws(Complaint) -> [UInt8] {
    guard SilentTerminal.open() else {
      throw Complaint(.usage, "no password: set q_password, or give --password-command, --password-fd or --netrc-file")
    }
    return try SilentTerminal.ask("Password of \(user.shown): ") { terminal throws(Complaint) in try line(of: terminal) }
  }
}

/// From here on, this process leaves no core file and cannot be looked into.
func ctransferSeal() { ctransfer_seal() }
