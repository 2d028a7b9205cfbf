package import Base
internal import Glibc

/// A password in locked memory, which is overwritten when nobody needs it any more. It has no description.
package final class Secret: Sendable {
  /// With a NUL behind it.
  private let bytes: LockedBytes

  /// - Parameter line: with room for one byte more.
  private init(_ line: consuming LockedBytes) {
    // What crashes leaves no copy of it behind.
    var none = rlimit()
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    line.append(0)
    bytes = line
  }

  /// Takes bytes over, and wipes those of the caller. Errors: `usage` if there are none; `local`.
  package convenience init(taking bytes: inout [UInt8]) throws(Complaint) {
    defer { bytes.withUnsafeMutableBytes { if let start = $0.baseAddress { explicit_bzero(start, $0.count) } } }
    guard !bytes.isEmpty, !bytes.contains(0) else { throw Complaint(.usage, "the password is empty") }
    var line = try LockedBytes(capacity: bytes.count + 1)
    line.append(bytes.span)
    self.init(line)
  }

  /// What q_password held when this process was closed to others; an error is for whoever needs it.
  nonisolated(unsafe) package private(set) static var ofEnvironment: Result<Secret?, Complaint> = .success(nil)

  /// Takes q_password out of the environment, before a child is started that would get it.
  package static func takeEnvironment() {
    guard getenv("q_password") != nil else { return }
    ofEnvironment = Result { () throws(Complaint) in try Secret(takingFromEnvironment: "q_password") }
  }

  /// Standard input holds a secret.
  nonisolated(unsafe) private(set) static var inputIsSecret = false

  /// No child gets a descriptor that holds a secret.
  package static func keepFromChildren(_ descriptor: Int32?) {
    guard let descriptor else { return }
    if descriptor == STDIN_FILENO { inputIsSecret = true }
    if descriptor > STDERR_FILENO { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
  }

  /// What a variable of the environment holds; nil if it is not set, or empty. The variable is gone then, so that no child gets it.
  ///
  /// This process's own environment shows it to the same user until it ends: the pages say so.
  ///
  /// It is a line, as from everywhere else: a line end behind it, which a shell leaves there, is none of it. Errors: `usage` if it is none, or very
  /// long.
  package convenience init?(takingFromEnvironment name: String) throws(Complaint) {
    guard let value = getenv(name) else { return nil }
    let length = strlen(value)
    // As it is: whoever makes text of it would change what is no UTF-8.
    var line = try LockedBytes(capacity: length + 1)
    line.append(UnsafeBufferPointer(start: UnsafeRawPointer(value).assumingMemoryBound(to: UInt8.self), count: length).span)
    unsetenv(name)
    if length == 0 { return nil }
    if line.ends(with: "\n") { line.removeLast() }
    if line.ends(with: "\r") { line.removeLast() }
    if line.withBytes({ line in line.indices.contains { line[$0] == "\n" } }) {
      throw Complaint(.usage, "the password in \(name) has several lines")
    }
    let limit = SecretLine.password.limit
    if line.count > limit { throw Complaint(.usage, "the password in \(name) is longer than \(limit) bytes") }
    if line.count == 0 { throw Complaint(.usage, "the password is empty") }
    self.init(line)
  }

  /// The first line of an open file. Errors: `local`; `usage` if it is empty or very long.
  package convenience init(firstLineOf descriptor: Int32) throws(Complaint) { self.init(try SecretLine.password.first(of: descriptor)) }

  /// The first line that a shell command prints. Errors: `local`, also if the command fails; `usage`.
  ///
  /// - Parameter inputIsData: standard input is for somebody else to read.
  package convenience init(printedBy command: String, inputIsData: Bool) throws(Complaint) {
    self.init(try SecretLine.password.printed(by: command, inputIsData: inputIsData))
  }

  /// What a person types at the terminal, without seeing it. Errors: `local`; `usage` if there is no terminal, or nothing is typed.
  package convenience init(typedBy user: String) throws(Complaint) {
    guard SilentTerminal.open() else {
      throw Complaint(.usage, "no password: set q_password, or give --password-command, --password-fd or --netrc-file")
    }
    self.init(try SilentTerminal.ask("Password of \(user.shown): ") { terminal throws(Complaint) in try SecretLine.password.first(of: terminal) })
  }

  /// Lends the bytes.
  package func withBytes<Answer>(_ body: (Span<UInt8>) -> Answer) -> Answer { bytes.withBytes(0..<bytes.count - 1) { body($0) } }

  /// Hands it to C, with a zero behind it.
  package func withPointer<Answer>(_ body: (UnsafePointer<CChar>?) -> Answer) -> Answer {
    bytes.withBytes { bytes in bytes.withUnsafeBytes { body($0.baseAddress?.assumingMemoryBound(to: CChar.self)) } }
  }

  /// A pipe with the secret in it, as a line, for a program to read: the end to read from. Errors: `local`.
  package func pipe() throws(Complaint) -> Int32 {
    let ends = try Descriptor.pipe()
    defer { close(ends.entrance) }
    do throws(Complaint) {
      // It is shorter than what a pipe holds, so nobody needs to read meanwhile.
      try bytes.withBytes(0..<bytes.count - 1) { line throws(Complaint) in try Descriptor.write(line, to: ends.entrance) }
      try Descriptor.write(["\n"], to: ends.entrance)
    } catch {
      close(ends.exit)
      throw Complaint(error.kind, "cannot hand over the password: " + error.reason)
    }
    return ends.exit
  }
}
