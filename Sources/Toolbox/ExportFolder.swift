package import Base
internal import Catalog
internal import Glibc
internal import Processes

/// A folder of exports: one side of a migration.
package struct ExportFolder {
  /// As it was named.
  package let path: String
  private let names: Set<String>
  /// What is in its folders that have the names of resources.
  private let folders: [String: [String]]

  /// Errors: `local` if there is no such folder, or if one in it cannot be read: what it holds would be missing.
  package init(_ path: String) throws(Complaint) {
    self.path = path
    names = Set(try Descriptor.names(in: path))
    var folders: [String: [String]] = [:]
    for name in Set(Catalog.all.map(\.name)).intersection(names).sorted() {
      var status = stat()
      guard stat("\(path)/\(name)", &status) != 0 || status.st_mode & S_IFMT == S_IFDIR else { continue }
      folders[name] = try Descriptor.names(in: "\(path)/\(name)")
    }
    self.folders = folders
  }

  /// Whether there is nothing in it.
  package var isEmpty: Bool { names.isEmpty }

  /// The files that a resource stands in: `NAME.xml`, or its pages, `NAME-1.xml`. One of 0 bytes is what is left where nothing could be fetched.
  package func files(of name: String) -> [String] {
    var files = names.contains(name + ".xml") ? [name + ".xml"] : []
    var page = 1
    while names.contains("\(name)-\(page).xml") {
      files.append("\(name)-\(page).xml")
      page += 1
    }
    return files.map { path + "/" + $0 }.filter { !Self.isEmpty($0) }
  }

  /// The same of several names.
  package func files(of names: [String]) -> [String] { names.flatMap { files(of: $0) } }

  /// The documents in the folder of a resource, `NAME/*.xml`: by their numbers, then by their names.
  package func documents(in name: String) -> [String] {
    let files = (folders[name] ?? []).filter { $0.hasSuffix(".xml") }.sorted { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
    return files.map { "\(path)/\(name)/\($0)" }.filter { !Self.isEmpty($0) }
  }

  /// Whether there is a folder of this name: then what is not in it does not exist.
  package func hasFolder(_ name: String) -> Bool { folders[name] != nil }

  /// A file of 0 bytes stands where a list could not be fetched.
  package func isRefused(_ name: String) -> Bool { names.contains(name + ".xml") && Self.isEmpty("\(path)/\(name).xml") }

  /// Whether a file has 0 bytes. One that cannot even be looked at is not left out: whoever reads it says why it cannot be.
  private static func isEmpty(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && status.st_size == 0
  }
}
