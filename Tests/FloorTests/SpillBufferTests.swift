import Base
import Glibc
import Support
import SystemPackage
import Testing
import Toolbox

/// What is held back until it is whole: in memory first, then in a file without a name.
@Suite struct SpillBufferTests {
  /// Bytes that say where they stand.
  private static func pattern(_ range: Range<Int>) -> [UInt8] { range.map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) } }

  /// Around the size where it goes over into the file, and far beyond.
  @Test(arguments: [0, 1, 1 << 18, 1 << 18 | 1, 1 << 20, 1 << 20 | 1, 5_000_003]) func whatIsHeldIsReadAgain(_ count: Int) throws {
    var hold = SpillBuffer()
    var random = Seeded(UInt64(count))
    var at = 0
    while at < count {
      let next = min(count, at + 1 + random.below(90_000))
      try hold.append(Self.pattern(at..<next))
      at = next
    }
    let held = hold.count
    #expect(held == count)
    for _ in 0..<40 {
      let start = random.below(count + 1)
      let range = start..<min(count, start + random.below(3_000))
      let bytes = try hold.bytes(in: range)
      #expect(bytes == Self.pattern(range), "\(range)")
    }
    var whole: [UInt8] = []
    try hold.forEachPiece(of: 0..<count) { whole += $0 }
    #expect(whole == Self.pattern(0..<count))
  }

  /// Back into memory, back into the file, and on from there.
  @Test(arguments: [0, 5, 900_000, 3_000_000, 3_999_999, 4_000_000, 9_000_000]) func whatIsTakenBackIsGone(_ kept: Int) throws {
    var hold = SpillBuffer()
    for start in stride(from: 0, to: 4_000_000, by: 50_000) { try hold.append(Self.pattern(start..<start + 50_000)) }
    try hold.rewind(to: kept)
    let left = min(kept, 4_000_000)
    let held = hold.count
    #expect(held == left)
    try hold.append(Array("the end".utf8))
    let end = try hold.bytes(in: max(0, left - 10)..<left + 7)
    #expect(end == Self.pattern(max(0, left - 10)..<left) + Array("the end".utf8))
  }

  /// Also where they stand in the file already.
  @Test(arguments: [0, 3, 1 << 18, 1 << 20]) func blanksAtTheEndAreTrimmed(_ before: Int) throws {
    var hold = SpillBuffer()
    try hold.append([UInt8](repeating: 0x78, count: before))
    try hold.append([UInt8](repeating: 0x20, count: 700) + Array("\n\t\r".utf8))
    try hold.trim()
    let held = hold.count
    #expect(held == before)
  }

  /// What a body throws reaches the caller, with no piece more.
  @Test func aTakerMayFail() throws {
    var hold = SpillBuffer()
    try hold.append([UInt8](repeating: 0x78, count: 3_000_000))
    var pieces = 0
    #expect(throws: Complaint.self) {
      try hold.forEachPiece(of: 0..<hold.count) { _ throws(Complaint) in
        pieces += 1
        if pieces == 2 { throw Complaint(.local, "full") }
      }
    }
    #expect(pieces == 2)
  }

  @Test func theFrameStandsAroundTheParts() throws {
    var spool = HeldOutput(unbuffered: false, frame: HeldOutput.Frame(root: "list"))
    func contents() throws -> String {
      var bytes: [UInt8] = []
      try spool.pour { bytes += $0 }
      return String(decoding: bytes, as: UTF8.self)
    }
    try spool.append([])
    let held = spool.count
    #expect(held == 0, "nothing is no part")
    try spool.append(Array("<a/>".utf8))
    try spool.append(Array("<b/>".utf8))
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<list>\n"
    #expect(try contents() == head + "<a/><b/>")
    // Nothing was written after all: the next part is the first again.
    try spool.rewind(to: 0)
    try spool.append(Array("<c/>".utf8))
    #expect(try contents() == head + "<c/>")
  }

  // MARK: Processes of their own, whose limits and standard output are nobody else's

  /// 400 MB are held by a process that may have 40 MB more than it has at first.
  @Test func memoryIsBounded() async {
    await #expect(processExitsWith: .success) {
      var usage = rusage()
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      let before = usage.ru_maxrss
      var hold = SpillBuffer()
      let piece = [UInt8](repeating: 0x78, count: 1 << 18)
      for _ in 0..<1_600 { try hold.append(piece) }
      var count = 0
      try hold.forEachPiece(of: 0..<hold.count) { count += $0.count }
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      exit(count == 1_600 << 18 && usage.ru_maxrss < before + 40_000 ? EXIT_SUCCESS : EXIT_FAILURE)
    }
  }

  /// A file that may not grow is an error of this machine, with a reason.
  @Test func aFullDiskIsAnError() async {
    await #expect(processExitsWith: .success) {
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 100_000, rlim_max: 100_000)
      setrlimit(__rlimit_resource_t(UInt32(RLIMIT_FSIZE.rawValue)), &limit)
      var hold = SpillBuffer()
      do throws(Complaint) {
        for _ in 0..<40 { try hold.append([UInt8](repeating: 0x78, count: 1 << 16)) }
      } catch {
        exit(error.kind == .local && error.reason.contains("File too large") ? EXIT_SUCCESS : EXIT_FAILURE)
      }
      exit(EXIT_FAILURE)
    }
  }

  /// The whole answer, or an error: never a part and a good status.
  @Test func aFullStandardOutputIsAnError() async {
    await #expect(processExitsWith: .success) {
      dup2(open("/dev/full", O_WRONLY), STDOUT_FILENO)
      var spool = HeldOutput(unbuffered: false)
      try spool.append([UInt8](repeating: 0x78, count: 3_000_000))
      do throws(Complaint) {
        try spool.flush()
      } catch {
        exit(error.kind == .local && error.place == "standard output" ? EXIT_SUCCESS : EXIT_FAILURE)
      }
      exit(EXIT_FAILURE)
    }
  }
}

/// A file that appears whole or not at all.
@Suite struct AtomicFileTests {
  private func text(_ path: FilePath) throws -> String? { try Files.read(path).map { String(decoding: $0, as: UTF8.self) } }

  private func mode(_ path: FilePath) -> mode_t {
    var status = stat()
    return stat(path.string, &status) == 0 ? status.st_mode & 0o777 : 0
  }

  @Test func appearsWhenItIsKept() async throws {
    try await Files.withScratch { folder in
      let path = folder.appending("report.tsv")
      var file = try AtomicFile(path.string)
      try file.append("one\n")
      try file.append(Array("two\n".utf8))
      try file.append("three\n")
      let count = file.count
      #expect(count == 14)
      #expect(!Files.exists(path), "it is there before it is whole")
      try file.commit()
      #expect(try text(path) == "one\ntwo\nthree\n")
      #expect(Files.names(in: folder) == ["report.tsv"])
    }
  }

  /// Two files in one place: one of them would be lost.
  @Test func aPlaceIsTakenOnce() async throws {
    try await Files.withScratch { folder in
      let (path, link) = (folder.appending("report.tsv"), folder.appending("link"))
      symlink("report.tsv", link.string)
      func both() throws(Complaint) {
        var file = try AtomicFile(path.string)
        var other = try AtomicFile(link.string)
        try other.commit()
        try file.commit()
      }
      #expect(throws: Complaint(.usage, "something else is being written there", at: link.string)) { try both() }
      #expect(Files.names(in: folder) == ["link"])
      // Whoever was refused has not freed the place.
      let first = try AtomicFile(path.string)
      for _ in 1...2 {
        #expect(throws: Complaint(.usage, "something else is being written there", at: link.string)) { _ = try AtomicFile(link.string) }
      }
      #expect(first.count == 0)
      _ = consume first
      // A link that leads nowhere yet is followed.
      var file = try AtomicFile(link.string)
      try file.append("one\n")
      try file.commit()
      #expect(try text(path) == "one\n")
      #expect(Files.names(in: folder) == ["link", "report.tsv"])
      var status = stat()
      #expect(lstat(link.string, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    }
  }

  @Test func nothingIsLeftOfWhatIsNotKept() async throws {
    try await Files.withScratch { folder in
      let path = folder.appending("report.tsv")
      try Files.write(Array("old\n".utf8), to: path)
      func fail() throws(Complaint) {
        var file = try AtomicFile(path.string)
        try file.append(String(repeating: "new\n", count: 100_000))
        throw Complaint(.local, "something else")
      }
      #expect(throws: Complaint.self) { try fail() }
      #expect(Files.names(in: folder) == ["report.tsv"])
      #expect(try text(path) == "old\n")
    }
  }

  /// A name that is there is replaced, and keeps its rights: what nobody else could read, nobody else can read afterwards. A new file has those that the
  /// mask leaves.
  @Test(arguments: [0o600, 0o666, 0o400]) func aNameThatExistsIsReplaced(_ before: Int) async throws {
    try await Files.withScratch { folder in
      let (path, fresh, plain) = (folder.appending("report.tsv"), folder.appending("fresh"), folder.appending("plain"))
      try Files.write(Array("old\n".utf8), to: path)
      chmod(path.string, mode_t(before))
      close(open(plain.string, O_CREAT | O_WRONLY, 0o666))
      var new = try AtomicFile(fresh.string)
      try new.commit()
      #expect(mode(fresh) == mode(plain))
      var file = try AtomicFile(path.string)
      try file.append("new\n")
      #expect(try text(path) == "old\n")
      try file.commit()
      #expect(try text(path) == "new\n")
      #expect(mode(path) == mode_t(before))
      #expect(Files.names(in: folder) == ["fresh", "plain", "report.tsv"])
    }
  }

  /// Behind a link the file is replaced, and the link stays one.
  @Test func aLinkStaysALink() async throws {
    try await Files.withScratch { folder in
      let (path, link) = (folder.appending("file"), folder.appending("link"))
      try Files.write(Array("old\n".utf8), to: path)
      symlink("file", link.string)
      var file = try AtomicFile(link.string)
      try file.append("new\n")
      try file.commit()
      var status = stat()
      #expect(lstat(link.string, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
      #expect(try text(path) == "new\n")
      #expect(Files.names(in: folder) == ["file", "link"])
    }
  }

  @Test func whatIsTakenBackIsGone() async throws {
    try await Files.withScratch { folder in
      let path = folder.appending("answer")
      var file = try AtomicFile(path.string)
      try file.append("one\n")
      let count = file.count
      try file.append(String(repeating: "two\n", count: 50_000))
      let canRewind = file.canRewind
      #expect(canRewind)
      try file.rewind(to: count)
      try file.append("three\n")
      try file.commit()
      #expect(try text(path) == "one\nthree\n")
    }
  }

  @Test func aPlaceThatCannotBeIsNamed() async throws {
    try await Files.withScratch { folder in
      for name in ["missing/report.tsv", "."] {
        let path = folder.appending(FilePath(name).components).string
        do throws(Complaint) {
          _ = try AtomicFile(path)
          Issue.record("\(name) was opened")
        } catch {
          #expect(error.kind == .local)
          #expect(error.place?.hasPrefix(folder.string) == true)
        }
      }
      #expect(Files.names(in: folder) == [])
    }
  }

  /// A device is written as it stands, and nothing stands beside it.
  @Test func aFullDeviceIsAnError() throws {
    do throws(Complaint) {
      var file = try AtomicFile("/dev/full")
      let canRewind = file.canRewind
      #expect(!canRewind)
      try file.append("row\n")
      try file.commit()
      Issue.record("it was written")
    } catch {
      #expect(error.kind == .local && error.reason.contains("No space left on device") && error.place == "/dev/full")
    }
    #expect(!Files.names(in: "/dev").contains { $0.hasPrefix("full.") })
  }

  /// What there is no room for leaves the old file as it was, and nothing beside it.
  @Test func aFullDiskLeavesTheOldFile() async {
    await #expect(processExitsWith: .success) {
      try await Files.withScratch { folder in
        let path = folder.appending("report.tsv")
        try Files.write(Array("old\n".utf8), to: path)
        signal(SIGXFSZ, SIG_IGN)
        var limit = rlimit(rlim_cur: 100_000, rlim_max: 100_000)
        setrlimit(__rlimit_resource_t(UInt32(RLIMIT_FSIZE.rawValue)), &limit)
        var reason = ""
        func write() throws(Complaint) {
          var file = try AtomicFile(path.string)
          for _ in 0..<40 { try file.append(String(repeating: "x", count: 10_000)) }
          try file.commit()
        }
        do throws(Complaint) { try write() } catch { reason = error.reason }
        let old = try Files.read(path)
        guard reason.contains("File too large"), old == Array("old\n".utf8), Files.names(in: folder) == ["report.tsv"] else { exit(EXIT_FAILURE) }
      }
    }
  }
}
