import Base
import Glibc
import Processes
import Toolbox

/// The files of a migration's folder, as they are while the page is made.
struct MigrationFiles {
  struct File: Equatable {
    /// From the folder on.
    let path: String
    let size: Int
    fileprivate let seconds: Int
    fileprivate let nanoseconds: Int
    fileprivate let number: UInt
    fileprivate let isPlain: Bool
  }

  /// A file of which the page says no more than its checksum.
  enum Reserve: String {
    case secret = "not opened: it may hold a secret"
    case answer = "not opened: answers of the service may hold a password"
    case special = "no plain file: not opened"
  }

  let folder: String
  let files: [File]
  private let names: Set<String>
  /// Its own output, which is no part of the migration.
  private let avoided: [String]

  /// - Parameter avoided: full names of what is being written, without links.
  /// Errors: `local`; `refused` if this is no folder of a migration.
  init(_ folder: String, avoiding avoided: [String] = []) throws(Complaint) {
    let plain = Folder.trimmed(folder)
    self.folder = plain
    self.avoided = avoided
    var found: [File] = []
    try Self.gather(plain, "", avoided, &found)
    files = found.sorted { $0.path < $1.path }
    names = Set(files.map(\.path))
    let parts = Set(names.compactMap { $0.split(separator: "/").first.map { String($0) } })
    if parts.isDisjoint(with: ["source", "before", "lists", "sent", "settings", "checklist.md", "plan.txt"]) {
      throw Complaint(.refused, "this is no folder of a migration: it has neither settings nor source, before, lists or sent", at: plain.shown)
    }
  }

  /// What is in a folder, and whether each name is text: an audit names what it cannot read, and goes on. Errors: `local`.
  private static func entries(of folder: String) throws(Complaint) -> [(name: String, isText: Bool)] {
    guard let open = unsafe opendir(folder) else { throw Complaint(.local, "cannot open: " + Descriptor.reason(errno), at: folder.shown) }
    defer { unsafe closedir(open) }
    var entries: [(name: String, isText: Bool)] = []
    while let entry = unsafe readdir(open) {
      let (text, mended) = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe (String(validatingCString: $0), String(cString: $0)) }
      }
      if mended != ".", mended != ".." { entries.append((text ?? mended, text != nil)) }
    }
    return entries.sorted { $0.name < $1.name }
  }

  private static func gather(_ folder: String, _ prefix: String, _ avoided: [String], _ found: inout [File]) throws(Complaint) {
    for (name, isText) in try entries(of: folder) {
      guard isText else {
        // It cannot be opened by a name that was mended, and is said to be there all the same.
        found.append(File(path: prefix + name, size: 0, seconds: 0, nanoseconds: 0, number: 0, isPlain: false))
        continue
      }
      let path = folder + "/" + name
      var status = stat()
      // What went away meanwhile is noticed in the end.
      guard unsafe lstat(path, &status) == 0 else { continue }
      var isFolder = status.st_mode & S_IFMT == S_IFDIR
      if status.st_mode & S_IFMT == S_IFLNK {
        // A link to a file is that file. One to a folder may lead anywhere.
        _ = unsafe stat(path, &status)
        isFolder = false
      }
      if !avoided.isEmpty, let own = try? Folder.resolved(path), avoided.contains(own) { continue }
      if FileIdentity(path: path).map({ $0 == FileIdentity(descriptor: STDOUT_FILENO) }) == true { continue }
      if isFolder {
        try gather(path, prefix + name + "/", avoided, &found)
      } else {
        found.append(
          File(
            path: prefix + name, size: Int(status.st_size), seconds: Int(status.st_mtim.tv_sec), nanoseconds: Int(status.st_mtim.tv_nsec),
            number: UInt(status.st_ino), isPlain: status.st_mode & S_IFMT == S_IFREG))
      }
    }
  }

  // MARK: What is there

  /// A file with something in it.
  func has(_ path: String) -> Bool { names.contains(path) && files.contains { $0.path == path && $0.size > 0 && reserve(of: $0) == nil } }

  /// A file that can be opened, if only of 0 bytes.
  func opens(_ path: String) -> Bool { names.contains(path) && files.contains { $0.path == path && reserve(of: $0) == nil } }

  /// Whether there is one, if only of 0 bytes.
  func exists(_ path: String) -> Bool { names.contains(path) }

  func path(_ path: String) -> String { folder + "/" + path }

  /// The names in a folder that end so, without that ending.
  func stems(in part: String, _ ending: String) -> [String] {
    files.map(\.path).filter { $0.hasPrefix(part + "/") && $0.hasSuffix(ending) && !$0.dropFirst(part.count + 1).contains("/") }.map {
      String($0.dropFirst(part.count + 1).dropLast(ending.count))
    }
  }

  /// Why nothing but the checksum of a file is told; nil for most.
  func reserve(of file: File) -> Reserve? {
    if !file.isPlain { return .special }
    let parts = file.path.lowercased().split(separator: "/")
    let name = parts.last ?? ""
    if ["secret", "credential", "password", "passphrase", "netrc"].contains(where: { name.contains($0) }) || name.hasSuffix(".qsec") {
      return .secret
    }
    return parts.dropLast().contains { $0.contains("answer") } || name.contains("answer") ? .answer : nil
  }

  // MARK: Checksums

  /// Hands on each file with its checksum; nil for what is no plain file. Errors: `local`.
  func forEachChecksum(_ body: (File, String?) throws(Complaint) -> Void) throws(Complaint) {
    for file in files {
      guard file.isPlain else {
        try body(file, nil)
        continue
      }
      let input = try Input(path(file.path))
      var digest = SHA256()
      while true {
        let bytes = try input.next(1 << 18)
        if bytes.isEmpty { break }
        digest.add(bytes)
      }
      try body(file, digest.hex)
    }
  }

  /// Errors: `local` if something was written there meanwhile: the page would be of no state that there was.
  func checkUnchanged() throws(Complaint) {
    let now = try MigrationFiles(folder, avoiding: avoided)
    if now.files == files { return }
    let known = Dictionary(uniqueKeysWithValues: files.map { ($0.path, $0) })
    let changed = now.files.first { known[$0.path] != $0 }?.path ?? files.first { !now.names.contains($0.path) }?.path ?? ""
    throw Complaint(.local, "it was changed while it was read: no page was written", at: path(changed).shown)
  }

  /// Errors: `local` if a run is at work in the folder.
  func checkQuiet() throws(Complaint) {
    if FolderLock.isHeld(in: folder) { throw Complaint(.local, "a run is at work here: wait until it is done", at: folder.shown) }
  }
}
