package import Base
internal import Glibc
package import Requests
internal import Toolbox

/// What has become of every request that was ever begun: so that nothing is sent twice, whatever happens in between.
///
/// A text file, only ever appended to: `JournalText` says what stands in it. The intent to send is on disk before the first byte is sent; an intent
/// without an outcome is a request of which only the server knows what became.
package struct Journal: ~Copyable, Sendable {
  /// What became of a request.
  package typealias State = JournalText.State
  /// A request, as the journal knows it.
  package typealias Entry = JournalText.Entry

  /// Where the lines are kept safe. It can be asked while another thread writes a line.
  package struct Disk: Sendable {
    fileprivate let descriptor: Int32
    fileprivate let path: String

    /// Returns when all that was written is on disk.
    package func sync() throws(Complaint) {
      guard fdatasync(descriptor) == 0 else { throw Complaint(.local, "cannot write: " + Descriptor.reason(errno), at: path.shown) }
    }
  }

  private let path: String
  private let descriptor: Int32
  private var text = JournalText()
  /// Where the next line begins.
  private var end = 0
  /// Half a line could not be taken back: what came behind it could not be read.
  private var isTorn = false
  /// How many lines this run has written.
  package private(set) var written = 0
  /// For as long as the journal is open.
  package var disk: Disk { Disk(descriptor: descriptor, path: path) }
  /// By the digest of content and source.
  package var entries: [String: Entry] { text.entries }
  /// The digests, in the order of their first intent.
  package var order: [String] { text.order }

  /// Opens a journal, or begins one, for one server, and locks it. A line that was torn by a crash is cut off.
  ///
  /// - Errors: `local` if another push holds it; `refused` if it is damaged or empty, or belongs to another server.
  package init(_ path: String, server: String) throws(Complaint) {
    self.path = path
    // The compiler wants the descriptor before the first error.
    var failure: Complaint?
    if access(path, F_OK) != 0 { do throws(Complaint) { try Self.begin(path, server) } catch { failure = error } }
    descriptor = open(path, O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW)
    if let failure { throw failure }
    guard descriptor >= 0 else { throw Complaint(.local, "cannot open: " + Descriptor.reason(errno), at: path.shown) }
    try JournalText.lock(descriptor, path, isShared: false)
    // Between opening and locking, another push may have put its own here.
    guard FileIdentity(path: path) == identity else {
      throw Complaint(.local, "another push has begun this journal: give the command again", at: path.shown)
    }
    try load(server)
  }

  /// Puts a journal with its first line in its place, whole or not at all: then an empty one has lost what it said, and is never begun again.
  private static func begin(_ path: String, _ server: String) throws(Complaint) {
    let line = JournalText.opening(server)
    if try beginNameless(path, line) { return }
    var template = Array((path + ".XXXXXX").utf8CString)
    let file = mkstemp(&template)
    guard file >= 0 else { throw Complaint(.local, "cannot create: " + Descriptor.reason(errno), at: path.shown) }
    let temporary = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer {
      close(file)
      unlink(temporary)
    }
    do throws(Complaint) { try Descriptor.write(line, to: file) } catch { throw error.at(path.shown) }
    // Linked, not renamed: another push may have begun the same journal meanwhile, and holds it.
    guard fsync(file) == 0, link(temporary, path) == 0 || errno == EEXIST || access(path, F_OK) != 0 && rename(temporary, path) == 0 else {
      throw Complaint(.local, "cannot create: " + Descriptor.reason(errno), at: path.shown)
    }
    Descriptor.syncName(of: path)
  }

  /// The same where a file needs no name before it is whole: a push that is killed leaves nothing. Returns false where that cannot be done.
  private static func beginNameless(_ path: String, _ line: [UInt8]) throws(Complaint) -> Bool {
    let file = Descriptor.openNameless(in: path.lastIndex(of: "/").map { String(path[...$0]) } ?? ".", linkable: true)
    guard file >= 0 else { return false }
    defer { close(file) }
    do throws(Complaint) { try Descriptor.write(line, to: file) } catch { throw error.at(path.shown) }
    // A journal that another push has begun meanwhile is taken as it is.
    guard fsync(file) == 0, linkat(AT_FDCWD, "/proc/self/fd/\(file)", AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0 || errno == EEXIST else {
      return false
    }
    Descriptor.syncName(of: path)
    return true
  }

  deinit { close(descriptor) }

  // MARK: Reading

  /// What a journal says, without writing into it; nothing if there is none.
  package static func entries(of path: String, server: String) throws(Complaint) -> [String: Entry] {
    access(path, F_OK) != 0 && errno == ENOENT ? [:] : try JournalText(reading: path, of: server).entries
  }

  private mutating func load(_ server: String) throws(Complaint) {
    if let tail = try text.read(descriptor, path, server) {
      if tail.isWhole {
        do throws(Complaint) { try Descriptor.write(["\n"], to: descriptor) } catch { throw error.at(path.shown) }
      } else if ftruncate(descriptor, off_t(tail.start)) != 0 {
        throw Complaint(.local, "cannot repair: " + Descriptor.reason(errno), at: path.shown)
      }
    }
    end = Int(lseek(descriptor, 0, SEEK_END))
  }

  /// Which file this is.
  var identity: FileIdentity? { FileIdentity(descriptor: descriptor) }

  /// Errors: `local` if its name leads elsewhere by now. The next run would take the file of that name for all that was ever sent.
  func checkPlace() throws(Complaint) {
    guard FileIdentity(path: path) != identity else { return }
    throw Complaint(
      .local, "the journal was moved, removed or replaced while it was in use: put it back before this list is sent again, or all is sent twice",
      at: path.shown)
  }

  // MARK: Writing

  /// Writes down that a request is about to be sent. It may be sent when this is on disk, not before.
  package mutating func intend(
    _ key: String, kind: String, source: String, name: String, call: String = "", below: String = ""
  ) throws(Complaint) {
    try append(JournalText.intent(key, kind: kind, source: source, name: name, call: call, below: below))
  }

  /// Writes down what became of it. The next sync puts it on disk: until then, it would be unknown after a crash, which is true.
  ///
  /// - Parameter isFound: the target was asked, and has such an object.
  package mutating func settle(_ key: String, _ state: State, isFound: Bool = false) throws(Complaint) {
    try append(JournalText.outcome(key, state, isFound: isFound))
  }

  private mutating func append(_ fields: [String]) throws(Complaint) {
    let line = text.line(fields)
    do throws(Complaint) {
      if isTorn { throw Complaint(.local, "cannot write: the line before is torn") }
      try Descriptor.write(line, to: descriptor)
    } catch {
      // Half a line may be there, and another job may still have something to write down.
      isTorn = isTorn || ftruncate(descriptor, off_t(end)) != 0
      throw error.at(path.shown)
    }
    end += line.count
    written += 1
    try text.add(line, fields)
  }
}
