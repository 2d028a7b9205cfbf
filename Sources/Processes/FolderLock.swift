package import Base
internal import Glibc

/// The lock of a folder, a file `lock` in it: one run at a time is at work there.
///
/// The programs that are started hold it, too, so that nobody begins while one of them is still at work, whatever has become of the program that has
/// started them. For that it is always the same descriptor, one of one digit: a shell closes no others.
package struct FolderLock: ~Copyable {
  /// By what descriptor the programs that are started hold it: whatever a command leaves running closes that.
  package static let number: Int32 = 9

  private let descriptor: Int32

  private init(_ descriptor: Int32) { self.descriptor = descriptor }

  /// Takes the lock, until this value is gone and the programs that were started meanwhile have ended. Nil if another run has it.
  ///
  /// Errors: `local`, without a place.
  package static func take(in folder: String) throws(Complaint) -> FolderLock? {
    // A pipe of that name is not waited for.
    let file = unsafe open(folder + "/lock", O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o666)
    guard file >= 0 else { throw Complaint(.local, "cannot lock: " + Descriptor.reason(errno)) }
    var failure: Int32 = 0
    if flock(file, LOCK_EX | LOCK_NB) != 0 || file != number && dup2(file, number) < 0 { failure = errno }
    if file != number || failure != 0 { close(file) }
    if failure == EWOULDBLOCK { return nil }
    if failure != 0 { throw Complaint(.local, "cannot lock: " + Descriptor.reason(failure)) }
    _ = fcntl(number, F_SETFD, 0)
    return FolderLock(number)
  }

  deinit { close(descriptor) }

  /// Whether a run is at work in a folder: it, or a program that it has started, has the lock.
  package static func isHeld(in folder: String) -> Bool {
    let file = unsafe open(folder + "/lock", O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    if file < 0 { return false }
    defer { close(file) }
    return flock(file, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }
}
