import Glibc
import Support
import SystemPackage
import Testing

@Suite struct CaseTests {
  private static let isRecording = getenv("QTBX_RECORD") != nil

  @Test(arguments: Case.all)
  func isAsExpected(_ one: Case) async throws {
    try await Files.withScratch { out in
      let outcome = try await run(one.program, one.arguments(out: out), input: one.input(), in: one.folder)
      try compare(outcome.output, with: one.folder.appending(one.outputName))
      try compare(hiding(out, in: outcome.error), with: one.folder.appending("stderr"))
      try compare(outcome.status == 0 ? [] : Array("\(outcome.status)\n".utf8), with: one.folder.appending("status"))
      let expected = one.folder.appending("out")
      for name in Set(Files.names(in: out) + Files.names(in: expected)).sorted() {
        if Self.isRecording { Files.makeFolder(expected) }
        try compare(Files.read(out.appending(name)) ?? [], with: expected.appending(name))
      }
    }
  }

  /// The scratch folder has another name each time.
  private func hiding(_ out: FilePath, in text: [UInt8]) -> [UInt8] {
    Array(String(decoding: text, as: UTF8.self).replacing(out.string, with: "{out}").utf8)
  }

  private func compare(_ whole: [UInt8], with path: FilePath) throws {
    let bytes = path.extension == "html" ? Page(whole).plain : whole
    if Self.isRecording {
      if bytes.isEmpty { Files.remove(path) } else { try Files.write(bytes, to: path) }
      return
    }
    let expected = try Files.read(path) ?? []
    if bytes == expected { return }
    let (wanted, found) = (String(decoding: expected, as: UTF8.self), String(decoding: bytes, as: UTF8.self))
    Issue.record("\(path.lastComponent?.string ?? ""):\n--- expected\n\(wanted)\n--- found\n\(found)")
  }

  /// A room without a case would pass everything.
  @Test func everyRoomHasCases() throws {
    for room in Files.names(in: Place.root.appending("Sources")) where room.hasPrefix("qtbx-") {
      #expect(Case.all.count { "qtbx-" + $0.room == room } >= 5, "\(room)")
    }
  }
}
