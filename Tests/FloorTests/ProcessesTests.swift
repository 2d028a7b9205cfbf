import Base
import Glibc
import Processes
import Support
import SystemPackage
import Testing

/// Names of files and folders, and what is done by them.
@Suite struct FolderTests {
  @Test(arguments: [
    ("", ".", ""), (".", ".", "."), ("a", ".", "a"), ("a/", ".", "a"), ("/", "/", ""), ("//", "/", ""), ("/a", "/", "a"), ("/a//", "/", "a"),
    ("a/b/c/", "a/b", "c"), ("../x", "..", "x"),
    // An accent of its own behind a slash makes one character of both.
    ("a/\u{301}b", "a", "\u{301}b"), ("a/\u{301}/", "a", "\u{301}"),
  ])
  func aNameHasTwoParts(_ path: String, _ around: String, _ name: String) {
    let parts = Folder.parts(of: path)
    #expect(Array(parts.around.utf8) == Array(around.utf8) && Array(parts.name.utf8) == Array(name.utf8))
  }

  @Test func aThingHasOneName() async throws {
    try await Files.withScratch { scratch in
      let root = try Folder.resolved(scratch.string)
      let inner = root + "/a/\u{301}b"
      try Folder.make(inner)
      #expect(symlink(inner, root + "/link") == 0 && symlink(root + "/gone", root + "/dangling") == 0)
      for path in [inner, root + "/link", root + "/link/", root + "/a/../link/.", root + "/link/../\u{301}b"] {
        #expect(try Folder.resolved(path) == inner, "\(path)")
        #expect(try Folder.place(of: path) == inner, "\(path)")
      }
      for path in ["/missing", "/missing/x", "/dangling", "/missing/.."] {
        let complaint = #expect(throws: Complaint.self) { try Folder.resolved(root + path) }
        #expect(complaint == Complaint(.local, "cannot find: No such file or directory", at: root + path))
      }
      // What shall be there has its name already, if the folder around it is there.
      #expect(try Folder.place(of: root + "/link/\u{302}new/") == inner + "/\u{302}new")
      #expect(try Folder.place(of: root + "/dangling") == root + "/dangling")
      #expect(try Folder.place(of: "/missing-for-certain") == "/missing-for-certain")
      for path in ["/missing/x", "/missing/..", "/missing/."] { #expect(throws: Complaint.self) { try Folder.place(of: root + path) } }
    }
  }

  @Test func whatALinkNamesStays() async throws {
    try await Files.withScratch { scratch in
      let root = scratch.string
      try Folder.make(root + "/one/two/three")
      try Folder.make(root + "/other")
      try Files.write([0x78], to: scratch.appending("other").appending("file"))
      try Files.write([], to: scratch.appending("one").appending(".hidden"))
      #expect(symlink(root + "/other", root + "/one/two/link") == 0)
      #expect(Folder.isFilled(root + "/one/two/link/file") && !Folder.isFilled(root + "/one/.hidden") && !Folder.isFilled(root + "/one/none"))
      try Folder.remove(root + "/one")
      #expect(!Folder.has(root + "/one") && Folder.has(root + "/other/file"))
      try Folder.remove(root + "/one")
      // A folder that is there is no failure. A file of its name is one.
      try Folder.make(root + "/other")
      let complaint = #expect(throws: Complaint.self) { try Folder.make(root + "/other/file") }
      #expect(complaint == Complaint(.local, "cannot make the folder: File exists", at: root + "/other/file"))
    }
  }

  /// The lock is that of a run and of all that it has started: it outlives a run that was killed.
  @Test func aChildHoldsTheLock() async throws {
    try await Files.withScratch { scratch in
      let folder = scratch.string
      #expect(!FolderLock.isHeld(in: folder))
      await #expect(processExitsWith: .signal(SIGKILL)) { [folder = folder as String] in
        let lock = try FolderLock.take(in: folder)
        guard lock != nil, FolderLock.isHeld(in: folder), try FolderLock.take(in: folder) == nil else { exit(1) }
        // Nothing else of this one stays open there: who waits for its end waits for that, too.
        let script = """
          for one in /proc/$$/fd/*; do one=${one##*/}; case $one in [0-2] | 9 | 255) ;; *) eval "exec $one>&-" ;; esac; done
          echo $$ > \(folder)/number; exec sleep 60
          """
        let child = try Child("bash", ["-c", script], output: .nothing, errors: .nothing)
        while !Folder.isFilled(folder + "/number") { usleep(10_000) }
        kill(getpid(), SIGKILL)
        _ = child.wait()
        withExtendedLifetime(lock) {}
      }
      #expect(FolderLock.isHeld(in: folder))
      let number = try #require(pid_t(String(decoding: Files.read(scratch.appending("number")) ?? [], as: UTF8.self).dropLast()))
      kill(number, SIGKILL)
      for _ in 0..<500 where FolderLock.isHeld(in: folder) { usleep(10_000) }
      #expect(!FolderLock.isHeld(in: folder))
    }
  }

  /// A lock that is given back is free, and one that cannot be is said to be none.
  @Test func aLockIsGivenBack() async throws {
    try await Files.withScratch { scratch in
      let folder = scratch.string
      await #expect(processExitsWith: .success) { [folder = folder as String] in
        for _ in 0..<2 {
          let lock = try FolderLock.take(in: folder)
          guard lock != nil, FolderLock.isHeld(in: folder) else { exit(1) }
          withExtendedLifetime(lock) {}
        }
        exit(FolderLock.isHeld(in: folder) ? EXIT_FAILURE : EXIT_SUCCESS)
      }
      let complaint = #expect(throws: Complaint.self) { _ = try FolderLock.take(in: folder + "/none") == nil }
      #expect(complaint == Complaint(.local, "cannot lock: No such file or directory"))
      // A pipe of that name is waited for by nobody.
      #expect(mkfifo(folder + "/lock2", 0o600) == 0 && rename(folder + "/lock2", folder + "/lock") == 0)
      #expect(!FolderLock.isHeld(in: folder))
      #expect(throws: Complaint.self) { _ = try FolderLock.take(in: folder) == nil }
    }
  }
}

/// Programs that are started.
@Suite struct ChildTests {
  private static func sh(_ script: String, errors: Child.Stream = .same) throws(Complaint) -> (status: Int32, text: String) {
    try Child.answer("sh", ["-c", script], errors: errors)
  }

  @Test func anEndHasAStatus() throws {
    #expect(try Self.sh("exit 7").status == 7)
    #expect(try Self.sh("kill -9 $$").status == 128 + SIGKILL)
    #expect(try Self.sh("kill -TERM $$").status == 128 + SIGTERM)
    #expect(try Self.sh("echo one; echo two >&2; cat", errors: .nothing) == (0, "one\n"))
    let complaint = #expect(throws: Complaint.self) { try Child.answer("/nowhere/a\u{7}b", []) }
    #expect(complaint == Complaint(.local, "cannot run: No such file or directory", at: "/nowhere/a\\u{7}b"))
  }

  /// A parent may not care for the ends of its children, and hand that on: then a failure would be none, or would be waited for in vain.
  @Test func anEndIsKnownWhateverWasInherited() async {
    await #expect(processExitsWith: .success) {
      signal(SIGCHLD, SIG_IGN)
      guard try Child("sh", ["-c", "exit 7"]).wait() == 7 else { exit(1) }
      signal(SIGCHLD, SIG_IGN)
      var signals = try SignalPipe()
      exit(try Child("sh", ["-c", "exit 9"]).wait(&signals, reading: Pipe()) { _ in } == 9 ? EXIT_SUCCESS : 3)
    }
  }

  /// Who was started so that a signal means nothing does not hand it on, nor end with it.
  @Test func whatWasIgnoredStaysSo() async {
    await #expect(processExitsWith: .success) {
      for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] {
        signal(number, SIG_IGN)
        guard try Child.run("sh", ["-c", "kill -\(number) $PPID; exit 7"]) == 7 else { exit(number) }
      }
      var signals = try SignalPipe()
      for number in [SIGINT, SIGTERM, SIGHUP] { raise(number) }
      signals.take()
      exit(signals.isInterrupted ? EXIT_FAILURE : EXIT_SUCCESS)
    }
  }

  /// What is ignored here by habit kills there.
  @Test func signalsAreThereAsUsual() async {
    await #expect(processExitsWith: .success) {
      for number in [SIGPIPE, SIGXFSZ] { signal(number, SIG_IGN) }
      for number in [SIGPIPE, SIGXFSZ] {
        guard try Child("sh", ["-c", "kill -\(number) $$"]).wait() == 128 + number else { exit(1) }
      }
      exit(EXIT_SUCCESS)
    }
  }

  /// It gets what it is to get, where it is to be, and nothing else.
  @Test func descriptorsAreMoved() throws {
    let file = try NamelessFile()
    try Descriptor.write(Array("kept\n".utf8), to: file.descriptor)
    lseek(file.descriptor, 0, SEEK_SET)
    let (one, other) = (try NamelessFile(), try NamelessFile())
    let script = "cat; echo error >&2; [ ! -e /dev/fd/\(other.descriptor) ] || [ /dev/fd/\(other.descriptor) -ef /dev/fd/2 ] || echo more"
    #expect(try Child("sh", ["-c", script], input: .descriptor(file.descriptor), output: .descriptor(one.descriptor), errors: .nothing).wait() == 0)
    #expect(try one.text() == "kept\n")
    let path = "/dev/fd/\(file.descriptor)"
    #expect(try Child("cat", [path], output: .descriptor(other.descriptor), keeping: [file.descriptor]).wait() == 0)
    #expect(try other.text() == "kept\n")
  }

  @Test func descriptorsAreExchanged() async {
    await #expect(processExitsWith: .success) {
      let (one, two) = (try NamelessFile(), try NamelessFile())
      dup2(one.descriptor, STDOUT_FILENO)
      dup2(two.descriptor, STDERR_FILENO)
      let status = try Child("sh", ["-c", "echo out; echo err >&2"], output: .descriptor(STDERR_FILENO), errors: .descriptor(STDOUT_FILENO)).wait()
      let texts = (try one.text(), try two.text())
      exit(status == 0 && texts == ("err\n", "out\n") ? EXIT_SUCCESS : EXIT_FAILURE)
    }
  }

  /// Nobody is left behind.
  @Test func whoIsNotWaitedForIsEnded() throws {
    let file = try NamelessFile()
    func start() throws(Complaint) {
      let child = try Child("sh", ["-c", "echo $$; exec sleep 60"], output: .descriptor(file.descriptor))
      while try file.text().isEmpty { usleep(10_000) }
      _ = consume child
    }
    try start()
    let number = try #require(pid_t(try file.text().dropLast()))
    #expect(kill(number, 0) != 0 && errno == ESRCH)
  }

  // MARK: Signals

  /// A second signal, which somebody gives who is impatient, goes to the child at once. The first one is kept back.
  @Test func aSignalIsPassedOn() async {
    await #expect(processExitsWith: .success) {
      var signals = try SignalPipe()
      var errors = try Pipe()
      let script = """
        trap 'echo ended >&2; exit 3' TERM; echo begun >&2
        kill -TERM $PPID; sleep 1.2; echo still >&2; kill -TERM $PPID; i=0; while [ $i -lt 200 ]; do sleep 0.05; i=$((i+1)); done
        """
      let start = ContinuousClock.now
      let child = try Child("sh", ["-c", script], errors: .descriptor(errors.entrance))
      errors.handOver()
      var lines: [String] = []
      let status = child.wait(&signals, reading: errors) { lines.append($0) }
      let isRight = status == 3 && signals.isInterrupted && lines == ["begun", "still", "ended"]
      exit(isRight && start.duration(to: .now) < .seconds(5) ? EXIT_SUCCESS : EXIT_FAILURE)
    }
  }

  /// What has ended leaves something running that keeps its pipe: that is not waited for.
  @Test func whatIsLeftRunningIsNotWaitedFor() async {
    await #expect(processExitsWith: .success) {
      var signals = try SignalPipe()
      var errors = try Pipe()
      let child = try Child("sh", ["-c", "sleep 30 & echo $! >&2; printf 'no end' >&2; exit 4"], errors: .descriptor(errors.entrance))
      errors.handOver()
      var lines: [String] = []
      let status = child.wait(&signals, reading: errors) { lines.append($0) }
      if let left = lines.first.flatMap({ pid_t($0) }) { kill(left, SIGKILL) }
      exit(status == 4 && lines.count == 2 && lines.last == "no end" ? EXIT_SUCCESS : EXIT_FAILURE)
    }
  }

  // MARK: Programs

  @Test func programsAreFoundAsAShellFindsThem() async throws {
    let complaint = #expect(throws: Complaint.self) { try ProgramFolders(.pathFirst).path(of: "qtbx-none") }
    #expect(complaint == Complaint(.local, "qtbx-none is not installed: it is neither beside this program nor in PATH"))
    try await Files.withScratch { scratch in
      let folder = scratch.string
      await #expect(processExitsWith: .success) { [folder = folder as String] in
        try Folder.make(folder + "/bin")
        try Folder.make(folder + "/bin/folder")
        for name in ["bin/one", "two", "bin/three"] {
          try Files.write(Array("#!/bin/sh\n".utf8), to: FilePath(folder + "/" + name))
          chmod(folder + "/" + name, name == "bin/three" ? 0o644 : 0o755)
        }
        // Relative to where it was started, wherever it goes then; an empty part is that folder.
        setenv("PATH", "bin::/nowhere", 1)
        let folders = ProgramFolders(.pathFirst, from: folder)
        guard try folders.path(of: "one") == folder + "/bin/one", try folders.path(of: "two") == folder + "//two" else { exit(1) }
        for name in ["three", "folder"] { if (try? folders.path(of: name)) != nil { exit(2) } }
        let own = (try Folder.resolved("/proc/self/exe"))
        let name = Folder.parts(of: own).name
        exit(try ProgramFolders(.besideFirst).path(of: name) == Folder.parts(of: own).around + "/" + name ? EXIT_SUCCESS : 3)
      }
    }
  }
}

/// Lines, however they come.
@Suite struct LineTests {
  @Test(arguments: 1...12)
  func linesAreTheSameInPieces(_ size: Int) throws {
    let text = "one\n\ntwo \r\nthree\u{301}\n\n\nlast"
    let bytes = Array(text.utf8)
    var splitter = LineSplitter()
    var lines: [String] = []
    func take(_ line: ArraySlice<UInt8>, _ number: Int) {
      lines.append(String(decoding: line, as: UTF8.self))
      #expect(number == lines.count)
    }
    for start in stride(from: 0, to: bytes.count, by: size) { try splitter.add(Array(bytes[start..<min(start + size, bytes.count)]), take) }
    #expect(splitter.count == 6 && splitter.rest == Array("last".utf8))
    try splitter.finish(take)
    try splitter.finish(take)
    #expect(lines == ["one", "", "two \r", "three\u{301}", "", "", "last"])
    #expect(splitter.rest.isEmpty)
  }

  /// A line of many MB costs what its bytes cost, and not more with each piece.
  @Test func aLineMayBeLong() throws {
    let piece = [UInt8](repeating: 0x78, count: 1 << 10)
    var splitter = LineSplitter()
    var lengths: [Int] = []
    for _ in 0..<(1 << 15) { try splitter.add(piece) { line, _ in lengths.append(line.count) } }
    try splitter.add(Array("\nshort\n".utf8)) { line, _ in lengths.append(line.count) }
    #expect(lengths == [1 << 25, 5])
  }

  @Test func aChildMaySayMuch() async {
    await #expect(processExitsWith: .success) {
      var signals = try SignalPipe()
      var errors = try Pipe()
      let child = try Child("sh", ["-c", "{ head -c 8000000 /dev/zero | tr '\\0' x; echo; echo end; } >&2"], errors: .descriptor(errors.entrance))
      errors.handOver()
      var lengths: [Int] = []
      let status = child.wait(&signals, reading: errors) { lengths.append($0.utf8.count) }
      exit(status == 0 && lengths == [8_000_000, 3] ? EXIT_SUCCESS : EXIT_FAILURE)
    }
  }

  /// Two pipes at once, neither of which may block the other; a line that fails ends it.
  @Test func twoPipesAreReadAtOnce() throws {
    var one = try Pipe()
    var other = try Pipe()
    let script = "i=0; while [ $i -lt 3000 ]; do echo $i >&2; echo $i >&\(other.entrance); i=$((i+1)); done; printf end >&2"
    let child = try Child("bash", ["-c", script], errors: .descriptor(one.entrance), keeping: [other.entrance])
    one.handOver()
    other.handOver()
    var counts = [0, 0]
    var last = ""
    while one.isOpen || other.isOpen {
      try Pipe.wait(for: one, other)
      try one.take { line, number in
        counts[0] = number
        last = String(decoding: line, as: UTF8.self)
      }
      try other.take { _, number in counts[1] = number }
    }
    #expect(child.wait() == 0)
    #expect(counts == [3001, 3000] && last == "end")
    var failing = try Pipe()
    try Descriptor.write(Array("a\nb\n".utf8), to: failing.entrance)
    let complaint = #expect(throws: Complaint.self) {
      try failing.take { _, number throws(Complaint) in throw Complaint(.refused, "\(number)") }
    }
    #expect(complaint?.reason == "1")
  }
}
