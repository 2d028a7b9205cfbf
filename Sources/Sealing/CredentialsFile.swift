package import Base
internal import Glibc
internal import Requests
internal import Synchronization
internal import Toolbox

/// A sealed table that grows: the passwords that the service answers with, each on disk before anything else is done.
///
/// It is written anew each time, with another salt, and takes the place of the one before when it is whole. One run at a time can have it.
package final class CredentialsFile: Sendable {
  private struct State: ~Copyable {
    var table: LockedBytes
    var names: Set<SecretName>
    /// The file that is there now. It is locked for as long as this is open.
    var descriptor: Int32

    deinit { close(descriptor) }
  }

  private let path: String
  private let passphrase: Passphrase
  private let state: Mutex<State>

  /// Opens a file, or begins one. Errors: `sealed` if the passphrase is another one; `local`.
  package init(_ path: String, passphrase: Passphrase) throws(Complaint) {
    self.path = path
    self.passphrase = passphrase
    state = Mutex(try Self.opened(path, passphrase))
    // Now, before there is a password that would have no place.
    try state.withLock { state throws(Complaint) in try Self.write(&state, path, passphrase) }
  }

  private static func opened(_ path: String, _ passphrase: Passphrase) throws(Complaint) -> State {
    let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { throw Complaint(.local, "cannot open: " + Descriptor.reason(errno), at: path.shown) }
    do throws(Complaint) {
      var (own, there) = (stat(), stat())
      guard fstat(file, &own) == 0, own.st_mode & S_IFMT == S_IFREG else { throw Complaint(.local, "this is no file that can be written anew") }
      guard flock(file, LOCK_EX | LOCK_NB) == 0, stat(path, &there) == 0, own.st_dev == there.st_dev, own.st_ino == there.st_ino else {
        throw Complaint(.local, "locked: another push is using this file")
      }
      if own.st_size == 0 {
        let header = Array((SecretTable.header.joined(separator: ",") + "\n").utf8)
        return State(table: try LockedBytes(header.span), names: [], descriptor: file)
      }
      SecretFile.warn(of: file, path)
      var bytes: [UInt8] = []
      while try Descriptor.read(file, 1 << 16, into: &bytes) > 0 {}
      let sealed = try SealedFile(parsing: bytes)
      guard sealed.isAuthenticated else { throw SealedFile.unopened }
      let table = try sealed.opened(with: passphrase)
      let names = Set(try SecretTable(parsing: table).rows.map(\.name))
      return State(table: table, names: names, descriptor: file)
    } catch {
      close(file)
      throw error.at(path.shown)
    }
  }

  /// Writes down users, and returns when they are on disk. Errors: `local`, when all others are: whose password is lost.
  ///
  /// - Parameters:
  ///   - accounts: logins and passwords.
  ///   - kind: of what the request has made.
  ///   - title: what the request calls it; if it has made several, each is called by its login.
  package func add(_ accounts: [(login: String, password: String)], of kind: String, named title: String) throws(Complaint) {
    if accounts.isEmpty { return }
    try state.withLock { state throws(Complaint) in
      var lost: [String] = []
      var failure = Complaint(.local, "its answer names nobody", at: path.shown)
      for account in accounts {
        // Without a login, the request still says whose it is.
        let titles = accounts.count == 1 && !title.isEmpty ? [title, account.login] : [account.login, title]
        let known = state.names
        guard let name = titles.lazy.compactMap({ Self.name(kind, $0, besides: known) }).first else {
          lost.append(account.login)
          continue
        }
        do throws(Complaint) {
          try Self.append(name, account, to: &state.table)
          state.names.insert(name)
        } catch {
          lost.append(account.login)
          failure = error
        }
      }
      // What cannot be kept of one is no reason to lose the others.
      do throws(Complaint) { try Self.write(&state, path, passphrase) } catch {
        lost = accounts.map(\.login)
        failure = error
      }
      if lost.isEmpty { return }
      let logins = lost.map { $0.isEmpty ? "a user without a login" : $0.shown }.joined(separator: ", ")
      throw Complaint(
        .local, "\(failure.reason): the password of \(logins) is lost, and another one must be asked for", at: failure.place ?? path.shown)
    }
  }

  /// A name that is not there yet.
  private static func name(_ kind: String, _ title: String, besides known: Set<SecretName>) -> SecretName? {
    let kind = kind.isEmpty ? "user" : kind
    var name = SecretName(kind: kind, title: title, field: "password")
    var number = 1
    while let taken = name, known.contains(taken) {
      number += 1
      name = SecretName(kind: kind, title: "\(title) (\(number))", field: "password")
    }
    return name
  }

  private static func append(_ name: SecretName, _ account: (login: String, password: String), to table: inout LockedBytes) throws(Complaint) {
    let start = Array(CSV.row([name.kind, name.title, name.field, account.login]).utf8.dropLast())
    var password = Array(account.password.utf8)
    var longer = try LockedBytes(capacity: table.count + start.count + 2 * password.count + 4)
    table.withBytes { longer.append($0) }
    longer.append(start.span)
    longer.append(",")
    longer.append("\"")
    for byte in password {
      longer.append(byte)
      if byte == "\"" { longer.append(byte) }
    }
    longer.append("\"")
    longer.append("\n")
    password.wipe()
    table = longer
  }

  private static func write(_ state: inout State, _ path: String, _ passphrase: Passphrase) throws(Complaint) {
    let sealed = try SealedFile.sealed(state.table, under: passphrase)
    var file = try AtomicFile(path, isPrivate: true)
    // The new file is locked before it has its name, and the old one until then.
    let descriptor = fcntl(file.descriptor, F_DUPFD_CLOEXEC, 0)
    guard descriptor >= 0 else { throw Complaint(.local, "cannot lock: " + Descriptor.reason(errno), at: path.shown) }
    do throws(Complaint) {
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw Complaint(.local, "cannot lock: " + Descriptor.reason(errno), at: path.shown) }
      try file.append(sealed)
      try file.commit()
    } catch {
      close(descriptor)
      throw error
    }
    close(state.descriptor)
    state.descriptor = descriptor
  }
}
