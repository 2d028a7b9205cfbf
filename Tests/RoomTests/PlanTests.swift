import Support
import SystemPackage
import Testing

/// What is true of every plan, by the pairs of folders in `fixtures/plan`, and what becomes of one when something fails.
@Suite struct PlanTests {
  /// Cases of which both sides can be read.
  static let pairs = Case.all.filter { one in
    one.room == "plan" && !one.name.hasPrefix("refuses") && Files.isFolder(one.folder.appending("source"))
      && Files.isFolder(one.folder.appending("target"))
  }

  private struct Line {
    let state: String
    let resource: String
    let name: String
  }

  private func plan(_ one: Case, _ source: String, _ target: String) async throws -> (status: Int, lines: [Line], error: String) {
    let outcome = try await run(one.program, ["--source", source, "--target", target, "--format", "jsonl"], in: one.folder)
    func value(_ name: String, of line: Substring) -> String {
      guard let start = line.firstRange(of: "\"\(name)\":\"")?.upperBound, let end = line[start...].firstRange(of: "\"")?.lowerBound else {
        return ""
      }
      return String(line[start..<end])
    }
    let lines = outcome.outputText.split(separator: "\n").filter { $0.hasPrefix("{\"type\":\"record\"") }.map { line in
      Line(state: value("state", of: line), resource: value("resource", of: line), name: value("name", of: line))
    }
    return (Int(outcome.status), lines, outcome.errorText)
  }

  /// A subscription has nothing to get from itself.
  @Test(arguments: pairs) func nothingIsToBeDoneForTheSame(_ one: Case) async throws {
    for side in ["source", "target"] {
      let (status, lines, error) = try await plan(one, side, side)
      #expect(status == 0, "\(side): \(error) \(lines)")
      #expect(lines.allSatisfy { ["same", "left"].contains($0.state) }, "\(side): \(lines)")
    }
  }

  /// From the other side, what was to be created is only there, and what differs still does.
  @Test(arguments: pairs) func sidesCanBeSwapped(_ one: Case) async throws {
    let there = try await plan(one, "source", "target").lines
    let back = try await plan(one, "target", "source").lines
    func names(_ lines: [Line], _ states: String...) -> [String] {
      lines.filter { states.contains($0.state) }.map { "\($0.resource)/\($0.name)" }.sorted()
    }
    // Of several that have one name, each side says which it has more.
    guard one.name != "names-what-stands-twice" else { return }
    #expect(names(there, "create") == names(back, "only-in-target").filter { !names(there, "cannot", "by-hand").contains($0) })
    #expect(names(back, "create") == names(there, "only-in-target"))
    #expect(names(there, "differs") == names(back, "differs"))
  }

  /// F1. A plan that cannot be written is none, and says so.
  @Test func outputThatFailsIsTold() async throws {
    let one = Case(room: "plan", name: "says-what-would-be-done")
    let outcome = try await shell("exec \"$1\" --source source --target target > /dev/full", [one.program.string], in: one.folder)
    #expect(outcome.status == 3)
    #expect(outcome.complaints.count == 1, "\(outcome.errorText)")
    let closed = try await shell("exec \"$1\" --source source --target target >&-", [one.program.string], in: one.folder)
    #expect(closed.status == 3)
  }

  /// Programs that are not there, that fail, or that are killed: no plan, one line, and what it is.
  @Test func programsThatFailAreTold() async throws {
    let one = Case(room: "plan", name: "says-what-would-be-done")
    let lines = try await Files.withScratch { folder in
      let script = """
        mkdir alone; cp "$1" alone/qtbx-plan; export PATH=$PWD/fakes:/usr/bin:/bin; mkdir fakes
        try() { local status=0; alone/qtbx-plan --source "$2/source" --target "$2/target" > out 2> err || status=$?; echo "$1 $status $(wc -c < out) $(tail -1 err)"; }
        try missing "$2"
        fake() { printf '#!/bin/bash\\n%s\\n' "$1" > fakes/qtbx-appliances-to-urls; chmod +x fakes/qtbx-appliances-to-urls; }
        fake 'echo "qtbx-appliances-to-urls: it is broken" >&2; exit 1'; try fails "$2"
        fake 'kill -KILL $$'; try killed "$2"
        fake 'echo "no request"'; try nonsense "$2"
        fake 'exit 0'; try nothing "$2"
        """
      return try await shell(script, [one.program.string, one.folder.string], in: folder).outputText.split(separator: "\n").map { String($0) }
    }
    #expect(lines.count == 5)
    #expect(lines.first == "missing 3 0 qtbx-plan: qtbx-appliances-to-urls is not installed: it is neither beside this program nor in PATH")
    #expect(lines.dropFirst().first == "fails 1 0 qtbx-plan: qtbx-appliances-to-urls: it is broken")
    #expect(lines.dropFirst(2).first?.hasPrefix("killed 70 0 qtbx-plan: ") == true, "\(lines)")
    #expect(lines.dropFirst(3).allSatisfy { $0.contains(" 1 0 qtbx-plan: ") }, "\(lines)")
  }

  /// A list that was cut anywhere is refused, and nothing is said.
  @Test func listsThatAreCutAreRefused() async throws {
    let one = Case(room: "plan", name: "compares-tags-in-their-tree")
    let list = try #require(try Files.read(one.folder.appending("source/tags.xml")))
    try await Files.withScratch { folder in
      Files.makeFolder(folder.appending("source"))
      for end in stride(from: 1, to: list.count - 1, by: max(1, list.count / 23)) {
        try Files.write(Array(list[..<end]), to: folder.appending("source/tags.xml"))
        let outcome = try await run(one.program, ["--source", "source", "--target", one.folder.appending("target").string], in: folder)
        #expect(outcome.status == 1 && outcome.output.isEmpty && outcome.complaints.count == 1, "\(end): \(outcome.errorText)")
      }
    }
  }

  /// Nothing is left behind, and nothing of a folder is changed.
  @Test func leavesNothingBehind() async throws {
    let one = Case(room: "plan", name: "says-what-would-be-done")
    let outcome = try await Files.withScratch { folder in
      let script = """
        mkdir tmp; cp -r "$2" pair; chmod -R a-w pair; find pair | sort > before
        TMPDIR=$PWD/tmp "$1" --source pair/source --target pair/target > out; find tmp -mindepth 1; find pair | sort | diff before -; chmod -R u+w pair
        """
      return try await shell(script, [one.program.string, one.folder.string], in: folder)
    }
    #expect(outcome.output.isEmpty && outcome.errorText.isEmpty, "\(outcome.outputText)\(outcome.errorText)")
  }

  /// Colours are for a terminal, and for whoever has not said otherwise.
  @Test(arguments: [("xterm", "", true), ("xterm", "1", false), ("dumb", "", false)])
  func coloursAreForTerminals(_ how: (term: String, noColour: String, isColoured: Bool)) async throws {
    let one = Case(room: "plan", name: "compares-tags-in-their-tree")
    let script = "TERM=\(how.term) NO_COLOR=\(how.noColour) script -qec \"'$1' --source source --target target\" /dev/null"
    let outcome = try await shell(script, [one.program.string], in: one.folder)
    // 127: there is no script(1) here.
    guard outcome.status != 127 else { return }
    #expect(outcome.output.contains(0x1B) == how.isColoured)
  }
}

extension Outcome {
  /// What it has said, line by line.
  fileprivate var complaints: [Substring] { errorText.split(separator: "\n") }
}
