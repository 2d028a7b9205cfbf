package import Base
internal import Glibc
internal import Toolbox

/// A file of secrets that has been read, and opened if it was sealed: its text, in locked memory.
package final class SecretFile: Sendable {
  private let path: String
  private let text: LockedBytes

  private init(_ path: String, _ text: consuming LockedBytes) {
    self.path = path
    self.text = text
  }

  /// Reads a table that is not sealed. Errors: `local`.
  ///
  /// - Parameter path: `-` is standard input.
  package static func reading(_ path: String) throws(Complaint) -> SecretFile {
    let file = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw Complaint(.local, "cannot open: " + Descriptor.reason(errno), at: path.shown) }
    defer { if path != "-" { close(file) } }
    // Who gives it as standard input knows whose it is, and it has no name here.
    if path != "-" { warn(of: file, path) }
    do throws(Complaint) { return try SecretFile(path, of: file) } catch { throw error.at(path.shown) }
  }

  private convenience init(_ path: String, of descriptor: Int32) throws(Complaint) { self.init(path, try LockedBytes.reading(descriptor)) }

  /// Reads a sealed file, and opens it. Errors: `sealed`; `refused` for a table that is not sealed; `local`.
  ///
  /// - Parameters:
  ///   - path: `-` is standard input.
  ///   - options: where the passphrase comes from.
  ///   - inputIsData: standard input is something else than a passphrase.
  package static func opening(_ path: String, _ options: PassphraseOptions, inputIsData: Bool) throws(Complaint) -> SecretFile {
    let sealed = try reading(path)
    do throws(Complaint) { return try sealed.opened(options, inputIsData) } catch { throw error.at(path.shown) }
  }

  private func opened(_ options: PassphraseOptions, _ inputIsData: Bool) throws(Complaint) -> SecretFile {
    if SecretTable.isOne(text) { throw Complaint(.refused, "the secrets are not sealed: qtbx-secrets seal seals them") }
    let file = try SealedFile(parsing: text.withBytes { bytes in bytes.withUnsafeBytes { Array($0) } }, rounds: options.iter ?? SealedFile.rounds)
    if options.iter != nil, file.isAuthenticated {
      throw Complaint(.usage, "--iter goes with a file of openssl's own: this one says its rounds itself")
    }
    let keys = try file.derivation.keys(of: options.passphrase(of: path == "-" ? "standard input" : path, inputIsData: inputIsData))
    let plain = SecretFile(path, try file.opened(with: keys))
    if !file.isAuthenticated {
      // A wrong passphrase passes as a right one now and then.
      guard SecretTable.isOne(plain.text) else { throw SealedFile.unopened }
      Terminal.remark(
        "warning: \(path.shown): nothing in a file of openssl's own shows whether it was changed: qtbx-secrets reseal makes one where that shows")
    }
    return plain
  }

  /// What is in it. Errors: `refused`, at file and line.
  package func table() throws(Complaint) -> SecretTable {
    do throws(Complaint) { return try SecretTable(parsing: text) } catch {
      throw Complaint(error.kind, error.reason, at: path.shown + (error.place.map { ":" + $0 } ?? ""))
    }
  }

  // MARK: Writing

  /// Seals it, into a file that you alone can read; without a path, on standard output. Errors: `local`.
  package func seal(under passphrase: Passphrase, to path: String?) throws(Complaint) {
    let sealed = try SealedFile.sealed(text, under: passphrase)
    try Self.write(sealed.span, to: path)
  }

  /// Writes it as it is, for a program. Errors: `local`.
  package func write(to path: String?) throws(Complaint) { try text.withBytes { bytes throws(Complaint) in try Self.write(bytes, to: path) } }

  /// A person sits at standard output.
  package static var isShown: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Shows it to a person. What steers a terminal is written out, but for line ends and tabs. Errors: `local`.
  package func show() throws(Complaint) {
    var shown = try LockedBytes(capacity: 6 * text.count + 1)
    text.withBytes { bytes in
      var at = 0
      while at < bytes.count {
        let byte = bytes[at]
        let length = min(byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4, bytes.count - at)
        var number = UInt32(length == 1 ? byte : byte & (0x7F >> UInt8(length)))
        for next in (at + 1)..<(at + length) { number = number << 6 | UInt32(bytes[next]) % 64 }
        if let scalar = Unicode.Scalar(number), scalar.steers, scalar != "\n", scalar != "\t" {
          for letter in "\\u{\(String(number, radix: 16))}".utf8 { shown.append(letter) }
        } else {
          for place in at..<(at + length) { shown.append(bytes[place]) }
        }
        at += length
      }
    }
    try shown.withBytes { bytes throws(Complaint) in try Self.write(bytes, to: nil) }
  }

  /// Writes a text that may become secret: into a file that you alone can read; without a path, on standard output. Errors: `local`.
  package static func write(_ text: String, to path: String?) throws(Complaint) {
    let bytes = Array(text.utf8)
    try write(bytes.span, to: path)
  }

  /// A file that a shell has just made for standard output becomes one that you alone can read.
  package static func keepOutput() {
    var status = stat()
    if fstat(STDOUT_FILENO, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size == 0, status.st_uid == geteuid() {
      fchmod(STDOUT_FILENO, 0o600)
    }
  }

  /// A file appears whole or not at all.
  private static func write(_ bytes: Span<UInt8>, to path: String?) throws(Complaint) {
    guard let path else {
      keepOutput()
      do throws(Complaint) { try Descriptor.write(bytes, to: STDOUT_FILENO) } catch { throw error.at("standard output") }
      if close(STDOUT_FILENO) != 0, errno != EINTR {
        throw Complaint(.local, "cannot write: " + Descriptor.reason(errno), at: "standard output")
      }
      return
    }
    var file = try AtomicFile(path, isPrivate: true)
    do throws(Complaint) { try Descriptor.write(bytes, to: file.descriptor) } catch { throw error.at(path.shown) }
    try file.commit()
  }

  /// Says what others can do with a file of secrets.
  static func warn(of file: Int32, _ path: String) {
    var (status, link) = (stat(), stat())
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return }
    var faults: [String] = []
    if status.st_mode & 0o077 != 0 { faults.append("others can get at it: chmod go= \(path.shown)") }
    if status.st_uid != geteuid() { faults.append("it belongs to another user") }
    if lstat(path, &link) == 0, link.st_mode & S_IFMT == S_IFLNK { faults.append("it is a symbolic link") }
    for fault in faults { Terminal.remark("warning: \(path.shown): \(fault)") }
  }
}
