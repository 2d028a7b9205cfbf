package import Base
internal import Glibc

/// A folder of exports: one side of a migration.
package struct ExportFolder {
  /// As it was named.
  package let path: String
  private let names: Set<String>

  /// Errors: `local` if there is no such folder.
  package init(_ path: String) throws(Complaint) {
    self.path = path
    names = Set(try Descriptor.names(in: path))
  }

  /// Whether there is nothing in it.
  package var isEmpty: Bool { names.isEmpty }

  /// The files that a resource stands in: `NAME.xml`, or its pages, `NAME-1.xml`. One of 0 bytes is what is left where nothing could be fetched.
  package func files(of name: String) -> [String] {
    var files = [name + ".xml"]
    for page in 1... where page == 1 || names.contains(files[files.count - 1]) {
      let next = "\(name)-\(page).xml"
      if !names.contains(next) { break }
      files.append(next)
    }
    return files.filter { names.contains($0) }.map { path + "/" + $0 }.filter(Self.isFilled)
  }

  /// The same of several names.
  package func files(of names: [String]) -> [String] { names.flatMap { files(of: $0) } }

  /// The documents in the folder of a resource, `NAME/*.xml`: by their numbers, then by their names.
  package func documents(in name: String) -> [String] {
    guard names.contains(name), let all = try? Descriptor.names(in: path + "/" + name) else { return [] }
    let files = all.filter { $0.hasSuffix(".xml") }.sorted { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
    return files.map { "\(path)/\(name)/\($0)" }.filter(Self.isFilled)
  }

  /// Whether there is a folder of this name: then what is not in it does not exist.
  package func hasFolder(_ name: String) -> Bool {
    var status = stat()
    guard names.contains(name) else { return false }
    return stat(path + "/" + name, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// A file of 0 bytes stands where a list could not be fetched.
  package func isRefused(_ name: String) -> Bool {
    var status = stat()
    guard names.contains(name + ".xml") else { return false }
    return stat("\(path)/\(name).xml", &status) == 0 && status.st_size == 0
  }

  /// Whether there is something of this name.
  package static func isThere(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// When a file was written, in seconds since 1970.
  package static func time(of path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_mtim.tv_sec) : 0
  }

  private static func isFilled(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && status.st_size > 0
  }
}
