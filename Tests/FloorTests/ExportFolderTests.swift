import Base
import Glibc
import Support
import SystemPackage
import Testing
import Toolbox

/// What a folder of exports holds: all of it, or it is said what cannot be read.
@Suite struct ExportFolderTests {
  @Test func pagesFollowEachOther() async throws {
    try await Files.withScratch { folder in
      for name in ["ips.xml", "ips-1.xml", "ips-2.xml", "ips-4.xml", "users-1.xml", "vaults-2.xml"] {
        try Files.write(Array("<A/>".utf8), to: folder.appending(name))
      }
      try Files.write([], to: folder.appending("domains.xml"))
      let exports = try ExportFolder(folder.string)
      func names(_ name: String) -> [String] { exports.files(of: name).map { String($0.dropFirst(folder.string.count + 1)) } }
      #expect(names("ips") == ["ips.xml", "ips-1.xml", "ips-2.xml"])
      #expect(names("users") == ["users-1.xml"])
      #expect(names("vaults") == [])
      #expect(names("domains") == [])
      #expect(exports.isRefused("domains"))
      #expect(!exports.isRefused("ips"))
    }
  }

  /// By a name that was repaired, a file is not found: it would be left out in silence.
  @Test func aNameThatNoTextHoldsIsSaid() async throws {
    try await Files.withScratch { folder in
      let ips = folder.appending("ips")
      mkdir(ips.string, 0o755)
      try Files.write(Array("<A/>".utf8), to: ips.appending("1.xml"))
      #expect(try ExportFolder(folder.string).documents(in: "ips") == ["\(ips)/1.xml"])
      let name = Array("\(ips)/a".utf8CString.dropLast()) + [CChar(bitPattern: 0xFF)] + Array(".xml".utf8CString)
      close(open(name, O_CREAT | O_WRONLY, 0o644))
      #expect(throws: Complaint(.local, "the name of this file is not UTF-8", at: "\(ips)/a\u{FFFD}.xml")) { try ExportFolder(folder.string) }
    }
  }

  /// What cannot be read is not taken for empty.
  @Test func whatCannotBeReadIsSaid() async throws {
    try await Files.withScratch { folder in
      symlink("nowhere", folder.appending("users.xml").string)
      let exports = try ExportFolder(folder.string)
      #expect(exports.files(of: "users") == ["\(folder)/users.xml"])
      symlink("nowhere", folder.appending("ips").string)
      #expect(throws: Complaint(.local, "cannot open: No such file or directory", at: "\(folder)/ips")) { try ExportFolder(folder.string) }
    }
  }
}
