import Base
import Glibc
import Support
import SystemPackage
import Testing
import Toolbox

/// What a program needs that runs others: a log of its steps, and a secret that it hands on.
@Suite struct StepLogTests {
  /// Columns, and a message that stays on its line and in its column.
  @Test func anEventIsALine() async throws {
    try await Files.withScratch { folder in
      let path = folder.appending("log")
      let log = try StepLog(path.string, as: "policy_merge")
      log.add("a|b\nc \u{1B}[31m", .warning, in: "import")
      log.add("done", in: "verify")
      try log.check()
      let text = String(decoding: try Files.read(path) ?? [], as: UTF8.self)
      let rows = text.split(separator: "\n").map { $0.split(separator: " | ", omittingEmptySubsequences: false) }
      #expect(rows.map(\.count) == [6, 6])
      #expect(rows.map { $0[1] } == ["WARNING", "INFO"])
      #expect(rows.map { $0[4] } == ["import", "verify"])
      #expect(rows.map { $0[5] } == ["a\\u{7c}b\\nc \\u{1b}[31m", "done"])
      #expect(rows.allSatisfy { $0[2].hasPrefix("policy_merge: ") })
    }
  }

  @Test func aLostLineIsRemembered() throws {
    let log = try StepLog("/dev/full", as: "policy_merge")
    try log.check()
    log.add("lost", in: "import")
    let complaint = #expect(throws: Complaint.self) { try log.check() }
    #expect(complaint?.kind == .local && complaint?.place == "/dev/full")
  }

  /// A secret is the first line of what it is read from, and a line where it goes. C gets it without the line end.
  @Test func aSecretIsHandedOnAsALine() throws {
    let ends = try Descriptor.pipe()
    #expect([ends.exit, ends.entrance].allSatisfy { fcntl($0, F_GETFD) & FD_CLOEXEC != 0 })
    try Descriptor.write(Array("s3cret word\r\nrest".utf8), to: ends.entrance)
    close(ends.entrance)
    let secret = try Secret(firstLineOf: ends.exit)
    #expect(secret.withPointer { $0.map { String(cString: $0) } } == "s3cret word")
    let descriptor = try secret.pipe()
    var bytes: [UInt8] = []
    while try Descriptor.read(descriptor, 100, into: &bytes) > 0 {}
    #expect(String(decoding: bytes, as: UTF8.self) == "s3cret word\n")
    close(descriptor)
    close(ends.exit)
  }
}
