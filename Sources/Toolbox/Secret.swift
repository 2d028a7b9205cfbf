package import Base
package import Glibc

/// A password in memory that is overwritten when nobody needs it any more. It has no description.
package final class Secret: @unchecked Sendable {
  private let memory: UnsafeMutableBufferPointer<UInt8>

  /// Takes the bytes over, and wipes those of the caller.
  private init(holding bytes: inout [UInt8]) {
    // What crashes leaves no copy of it behind.
    var none = rlimit()
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    memory = .allocate(capacity: bytes.count + 1)
    let end = memory.initialize(fromContentsOf: bytes)
    memory.initializeElement(at: end, to: 0)
    bytes.withUnsafeMutableBytes { if let start = $0.baseAddress { explicit_bzero(start, $0.count) } }
  }

  /// Takes bytes over, and wipes those of the caller. Errors: `usage` if there are none.
  package convenience init(taking bytes: inout [UInt8]) throws(Complaint) {
    guard !bytes.isEmpty, !bytes.contains(0) else { throw Complaint(.usage, "the password is empty") }
    self.init(holding: &bytes)
  }

  deinit {
    if let start = memory.baseAddress { explicit_bzero(start, memory.count) }
    memory.deallocate()
  }

  /// What q_password held when this process was closed to others; an error is for whoever needs it.
  nonisolated(unsafe) package private(set) static var ofEnvironment: Result<Secret?, Complaint> = .success(nil)

  /// Takes q_password out of the environment, before a child is started that would get it.
  package static func takeEnvironment() {
    guard getenv("q_password") != nil else { return }
    ofEnvironment = Result { () throws(Complaint) in try Secret(takingFromEnvironment: "q_password") }
  }

  /// Standard input holds a secret.
  nonisolated(unsafe) private static var inputIsSecret = false

  /// No child gets a descriptor that holds a secret.
  package static func keepFromChildren(_ descriptor: Int32?) {
    guard let descriptor else { return }
    if descriptor == STDIN_FILENO { inputIsSecret = true }
    if descriptor > STDERR_FILENO { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
  }

  /// Starts a shell command whose output is read. Nil, and `errno`, if it cannot be started.
  ///
  /// - Parameter inputIsData: its standard input is nothing: it must not take for its own what another reads.
  package static func commandOutput(_ command: String, inputIsData: Bool = false) -> UnsafeMutablePointer<FILE>? {
    popen((inputIsData || inputIsSecret ? "exec < /dev/null\n" : "") + command, "re")
  }

  /// What a variable of the environment holds; nil if it is not set, or empty. The variable is gone then, so that no child gets it.
  ///
  /// This process's own environment shows it to the same user until it ends: the pages say so.
  ///
  /// It is a line, as from everywhere else: a line end behind it, which a shell leaves there, is none of it. Errors: `usage` if it is none, or very
  /// long.
  package convenience init?(takingFromEnvironment name: String) throws(Complaint) {
    guard let value = getenv(name) else { return nil }
    // As it is: whoever makes text of it would change what is no UTF-8.
    let letters = UnsafeBufferPointer(start: value, count: strlen(value))
    var bytes = letters.map { UInt8(bitPattern: $0) }
    unsetenv(name)
    if bytes.isEmpty { return nil }
    if bytes.last == "\n" { bytes.removeLast() }
    if bytes.last == "\r" { bytes.removeLast() }
    if bytes.contains("\n") { throw Complaint(.usage, "the password in \(name) has several lines") }
    if bytes.count > 4095 { throw Complaint(.usage, "the password in \(name) is longer than 4095 bytes") }
    try self.init(taking: &bytes)
  }

  /// The first line of an open file. Errors: `local`; `usage` if it is empty or very long.
  package convenience init(firstLineOf descriptor: Int32) throws(Complaint) {
    var bytes = try Self.line(of: descriptor)
    try self.init(taking: &bytes)
  }

  /// What a person types at the terminal, without seeing it. Errors: `local`; `usage` if there is no terminal, or nothing is typed.
  package convenience init(typedBy user: String) throws(Complaint) {
    guard SilentTerminal.open() else {
      throw Complaint(.usage, "no password: set q_password, or give --password-command, --password-fd or --netrc-file")
    }
    var bytes = try SilentTerminal.ask("Password of \(user.shown): ") { terminal throws(Complaint) in try Self.line(of: terminal) }
    try self.init(taking: &bytes)
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

  /// Lends the bytes.
  package func withBytes<Answer>(_ body: (Span<UInt8>) -> Answer) -> Answer { body(UnsafeBufferPointer(memory).span.extracting(droppingLast: 1)) }

  /// Hands it to C, with a zero behind it.
  package func withPointer<Answer>(_ body: (UnsafePointer<CChar>?) -> Answer) -> Answer {
    memory.withMemoryRebound(to: CChar.self) { body($0.baseAddress.map { UnsafePointer($0) }) }
  }

  /// A pipe with the secret in it, as a line, for a program to read: the end to read from. Errors: `local`.
  package func pipe() throws(Complaint) -> Int32 {
    let ends = try Descriptor.pipe()
    defer { close(ends.entrance) }
    // It is shorter than what a pipe holds, so nobody needs to read meanwhile.
    var lineEnd: UInt8 = "\n"
    let length = memory.count - 1
    guard write(ends.entrance, memory.baseAddress, length) == length, write(ends.entrance, &lineEnd, 1) == 1 else {
      let reason = Descriptor.reason(errno)
      close(ends.exit)
      throw Complaint(.local, "cannot hand over the password: " + reason)
    }
    return ends.exit
  }
}
