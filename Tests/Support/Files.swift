internal import Glibc
package import SystemPackage

/// Files and folders, without Foundation.
package enum Files {
  package static func exists(_ path: FilePath) -> Bool { access(path.string, F_OK) == 0 }

  package static func isFolder(_ path: FilePath) -> Bool {
    var status = stat()
    return stat(path.string, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The names in a folder, sorted; none if there is no such folder.
  package static func names(in folder: FilePath) -> [String] {
    guard let open = opendir(folder.string) else { return [] }
    defer { closedir(open) }
    var names: [String] = []
    while let entry = readdir(open) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }

  /// The bytes of a file, nil if there is none.
  package static func read(_ path: FilePath) throws -> [UInt8]? {
    guard exists(path) else { return nil }
    let file = try FileDescriptor.open(path, .readOnly)
    return try file.closeAfter {
      var bytes: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      while true {
        let count = try buffer.withUnsafeMutableBytes { try file.read(into: $0) }
        if count == 0 { return bytes }
        bytes += buffer[..<count]
      }
    }
  }

  package static func write(_ bytes: [UInt8], to path: FilePath) throws {
    let file = try FileDescriptor.open(path, .writeOnly, options: [.create, .truncate], permissions: [.ownerReadWrite, .groupRead, .otherRead])
    try file.closeAfter { _ = try file.writeAll(bytes) }
  }

  package static func remove(_ path: FilePath) { unlink(path.string) }

  /// Makes a folder, and hands it to the body; it is gone afterwards.
  package static func withScratch<Result>(_ body: (FilePath) async throws -> Result) async throws -> Result {
    var template = Array("/tmp/qtbx-test.XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
    let folder = FilePath(String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
    defer { removeAll(folder) }
    return try await body(folder)
  }

  /// Removes a folder and what is in it. What a link in it names is none of it, and stays.
  package static func removeAll(_ folder: FilePath) {
    for name in names(in: folder) {
      let path = folder.appending(name)
      if isFolder(path), !isLink(path) { removeAll(path) } else { remove(path) }
    }
    rmdir(folder.string)
  }

  private static func isLink(_ path: FilePath) -> Bool {
    var status = stat()
    return lstat(path.string, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  package static func makeFolder(_ path: FilePath) { mkdir(path.string, 0o755) }
}
