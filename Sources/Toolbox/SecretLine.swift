package import Base
internal import Glibc
internal import Processes

/// What a secret is that is one line: the first that is in a file, that a command prints, or that somebody types. It is never anywhere else than in
/// locked memory.
package struct SecretLine: Sendable {
  /// What it is called: `password`.
  let name: String
  /// In bytes, without its end.
  let limit: Int
  /// A carriage return at its end is a part of it.
  let keepsReturn: Bool

  /// Of a user of the service.
  static let password = SecretLine(name: "password", limit: 4095, keepsReturn: false)
  /// As openssl reads it from a file.
  package static let passphrase = SecretLine(name: "passphrase", limit: 1023, keepsReturn: true)

  /// The first line of an open file. Errors: `local`; `usage` if it is empty, too long, or has a NUL.
  package func first(of descriptor: Int32) throws(Complaint) -> LockedBytes {
    // With room for its end, and a NUL behind it.
    var line = try LockedBytes(capacity: limit + 2)
    while line.count <= limit, !line.ends(with: "\n") {
      if try line.read(descriptor, atMost: 1) == 0 { break }
    }
    if line.ends(with: "\n") {
      line.removeLast()
    } else if line.count > limit {
      throw Complaint(.usage, "the \(name) is longer than \(limit) bytes")
    }
    if line.ends(with: "\r") {
      if keepsReturn { Terminal.remark("warning: the \(name) ends with a carriage return, which is a part of it") } else { line.removeLast() }
    }
    if line.count == 0 { throw Complaint(.usage, "the \(name) is empty") }
    if line.withBytes({ line in line.indices.contains { line[$0] == 0 } }) { throw Complaint(.usage, "the \(name) has a NUL") }
    return line
  }

  /// The first line that a shell command prints. Errors: `local`, also if the command fails; `usage`.
  ///
  /// - Parameter inputIsData: standard input is for somebody else to read.
  package func printed(by command: String, inputIsData: Bool) throws(Complaint) -> LockedBytes {
    let ends = try Descriptor.pipe()
    defer { close(ends.exit) }
    let child: Child
    do throws(Complaint) {
      let isOthers = inputIsData || Secret.inputIsSecret
      child = try Child("/bin/sh", ["-c", command], input: isOthers ? .nothing : .same, output: .descriptor(ends.entrance))
    } catch {
      close(ends.entrance)
      throw error
    }
    close(ends.entrance)
    let line: LockedBytes
    do throws(Complaint) { line = try first(of: ends.exit) } catch {
      try Self.readOn(ends.exit)
      // Why there is none may be that the command has failed.
      throw child.wait() == 0 ? error : Complaint(.local, "the \(name) command failed")
    }
    try Self.readOn(ends.exit)
    guard child.wait() == 0 else { throw Complaint(.local, "the \(name) command failed") }
    return line
  }

  /// To its end: a command that cannot write all of its output would seem to fail.
  private static func readOn(_ descriptor: Int32) throws(Complaint) {
    while true {
      var rest = try LockedBytes(capacity: 1 << 12)
      if try rest.read(descriptor, atMost: 1 << 12) == 0 { return }
    }
  }
}
