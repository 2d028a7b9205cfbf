import Support
import SystemPackage
import Testing

/// A merge of random policies is, by bytes, what the rules make of their pieces; and an independent program agrees about what it means.
@Suite struct MergeTests {
  private static let program = Place.program("qtbx-merge-policy")
  private static let seeds = Array(UInt64(1)...120)

  private func merge(_ arguments: [String], _ input: String, in folder: FilePath) async throws -> String {
    let outcome = try await run(Self.program, arguments, input: Array(input.utf8), in: folder)
    #expect(outcome.status == 0, "\(arguments): \(outcome.errorText)")
    return outcome.outputText
  }

  private func list(_ cids: Set<Int>) -> [String] { ["--cid-list", cids.sorted().map { String($0) }.joined(separator: ",")] }

  @Test(arguments: seeds) func everyByteIsWhereItBelongs(seed: UInt64) async throws {
    var random = Seeded(seed)
    let old = GrownPolicy(&random, repeats: true)
    let new = GrownPolicy(&random, repeats: true)
    let chosen = old.cids.filter { _ in random.chance(50) }
    let (updates, adds) = (random.chance(80), random.chance(80))
    let wishes = (updates ? [] : ["--no-update-existing"]) + (adds ? [] : ["--no-add-new"])
    // Without a list: all.
    let choice = chosen.isEmpty ? [] : list(chosen)
    let isChosen = { chosen.isEmpty || chosen.contains($0) }
    try await Files.withScratch { folder in
      try Files.write(Array(old.text.utf8), to: folder.appending("old.xml"))
      let merged = try await merge(["--old", "old.xml"] + choice + wishes, new.text, in: folder)
      #expect(merged == new.merged(with: old, isChosen, updates: updates, adds: adds))
      if !chosen.isEmpty {
        let selected = try await merge(["--select"] + choice, old.text, in: folder)
        #expect(selected == old.selected(isChosen))
      }
      // What was not chosen stays as it was, whatever has come to stand beside it.
      let rest = new.cids.filter { !isChosen($0) }
      if !rest.isEmpty {
        let after = try await merge(["--select"] + list(rest), merged, in: folder)
        let before = try await merge(["--select"] + list(rest), new.text, in: folder)
        #expect(after == before)
      }
    }
  }

  /// Of two editions of a policy: the chosen controls are the old one's, the others the new one's.
  @Test(arguments: seeds) func aSelectionOfTheMergedIsOneOfTheOld(seed: UInt64) async throws {
    var random = Seeded(seed)
    let old = GrownPolicy(&random, repeats: false)
    var new = old
    new.vary(&random)
    let chosen = old.cids.filter { _ in random.chance(50) }
    let rest = old.cids.subtracting(chosen)
    if chosen.isEmpty { return }
    try await Files.withScratch { folder in
      try Files.write(Array(old.text.utf8), to: folder.appending("old.xml"))
      let merged = try await merge(["--old", "old.xml"] + list(chosen), new.text, in: folder)
      // Once more changes nothing.
      #expect(try await merge(["--old", "old.xml"] + list(chosen), merged, in: folder) == merged)
      let ofMerged = try await merge(["--select"] + list(chosen), merged, in: folder)
      let ofOld = try await merge(["--select"] + list(chosen), old.text, in: folder)
      #expect(ofMerged == ofOld)
      if rest.isEmpty { return }
      let others = try await merge(["--select"] + list(rest), merged, in: folder)
      let ofNew = try await merge(["--select"] + list(rest), new.text, in: folder)
      #expect(others == ofNew)
    }
  }

  // MARK: Titles

  private static let titles = [
    "R&D #1", "\"both\" 'kinds'", "<b>", "]]>", "]]]]>>", "a]]", "<![CDATA[x]]>", "&amp;", "Zürich", "\u{1F5A7} \u{202E}", "a\nb", "a\r\nb\r", "\tx ",
    "%0d%0a", "-->", "--title", "{secret:a/b/c}", "\u{10FFFD}", String(repeating: "ü", count: 255), String(repeating: "]]>", count: 85),
  ]

  /// What an independent reader finds as the title is what was asked for, however the title was written.
  @Test(arguments: ["<![CDATA[A]]>", "A", "\n <![CDATA[A & B]]>\n ", "A<!-- b --><![CDATA[c]]>&amp;", ""])
  func hostileTitlesComeThrough(written: String) async throws {
    let policy = "<POLICY_EXPORT_OUTPUT><RESPONSE><POLICY><TITLE>\(written)</TITLE><SECTIONS/></POLICY></RESPONSE></POLICY_EXPORT_OUTPUT>"
    let blank = written.hasPrefix("\n") ? "\n " : ""
    try await Files.withScratch { folder in
      for title in Self.titles {
        let titled = try await merge(["--select", "--quiet", "--title=\(title)"], policy, in: folder)
        let read = try await run(
          "/usr/bin/xmllint", ["--nonet", "--xpath", "string(/POLICY_EXPORT_OUTPUT/RESPONSE/POLICY/TITLE)", "-"], input: Array(titled.utf8))
        #expect(read.outputText == blank + title + blank + "\n", "\(titled)")
      }
    }
  }

  @Test func theMergedTitleNeedsNoClock() async throws {
    let policy = "<POLICY_EXPORT_OUTPUT><RESPONSE><POLICY><TITLE>A</TITLE><SECTIONS/></POLICY></RESPONSE></POLICY_EXPORT_OUTPUT>"
    try await Files.withScratch { folder in
      let dated = try await merge(["--select", "--merged-title", "--time", "2026-01-02T03:04:05Z"], policy, in: folder)
      #expect(dated.contains("<TITLE>MERGED_POLICY_20260102T030405Z_A</TITLE>"))
      let now = try await merge(["--select", "--merged-title"], policy, in: folder)
      #expect(now.contains(/<TITLE>MERGED_POLICY_20[0-9]{6}T[0-9]{6}Z_A<\/TITLE>/))
    }
  }

  // MARK: Size

  /// Two policies of 53 MB, and every control of one goes into the other.
  @Test(.enabled(if: Files.exists("/usr/bin/time"), "needs time")) func memoryDoesNotGrowWithThePolicies() async throws {
    try await Files.withScratch { folder in
      let data = Place.root.appending("scripts/make-data").string
      let outcome = try await shell(
        "$1 policies 20000 1 > old.xml; $1 policies 20000 2 | /usr/bin/time -o peak -f %M $2 --old old.xml > merged.xml; echo ${PIPESTATUS[@]}; "
          + "sed 's/edition 1/edition 2/' old.xml | cmp - merged.xml", [data, Self.program.string], in: folder)
      #expect(outcome.outputText == "0 0\n", "\(outcome.errorText)")
      #expect(outcome.errorText.contains(": 20000 controls: 20000 written, 0 skipped, 1 note\n"))
      let peak = String(decoding: try Files.read(folder.appending("peak")) ?? [], as: UTF8.self)
      #expect((peak.split(separator: "\n").last.flatMap { Int($0) } ?? .max) < 40_000, "KiB")
    }
  }

  // MARK: A second opinion

  private static let stylesheet = Place.root.appending("xslt/second-opinion/merge-policy.xsl").string

  /// The same document but for blanks, CDATA sections and the DOCTYPE.
  private func canonical(_ document: [UInt8]) async throws -> String {
    let outcome = try await run("/usr/bin/xmllint", ["--nonet", "--noblanks", "--c14n", "-"], input: document)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    return outcome.outputText
  }

  private func compare(_ ours: [UInt8], old: FilePath, new: [UInt8], cids: String) async throws {
    let theirs = try await run(
      "/usr/bin/xsltproc", ["--nonet", "--novalid", "--stringparam", "old", old.string, "--stringparam", "cids", cids, Self.stylesheet, "-"],
      input: new)
    #expect(theirs.status == 0, "\(theirs.errorText)")
    #expect(try await canonical(ours) == canonical(theirs.output))
  }

  @Test(arguments: seeds.filter { $0 % 3 == 0 }) func aStylesheetMakesTheSame(seed: UInt64) async throws {
    var random = Seeded(seed)
    let old = GrownPolicy(&random, repeats: true)
    let new = GrownPolicy(&random, repeats: true)
    let chosen = old.cids.filter { _ in random.chance(50) }
    try await Files.withScratch { folder in
      let path = folder.appending("old.xml")
      try Files.write(Array(old.text.utf8), to: path)
      let ours = try await merge(["--old", "old.xml"] + (chosen.isEmpty ? [] : list(chosen)), new.text, in: folder)
      let cids = chosen.isEmpty ? "" : "," + chosen.map { String($0) }.joined(separator: ",") + ","
      try await compare(Array(ours.utf8), old: path, new: Array(new.text.utf8), cids: cids)
    }
  }

  /// The cases that the stylesheet knows the rules of.
  static let cases = Case.all.filter { one in
    // One keeps blanks in a total, the other declares a prefix once more where it is declared already.
    let written = ["corrects-wrong-totals", "takes-a-prefix-of-its-own"]
    guard one.room == "merge-policy", !Files.exists(one.folder.appending("status")), !written.contains(one.name),
      Files.exists(one.folder.appending("output.xml"))
    else { return false }
    let arguments = (try? one.arguments(out: "/")) ?? []
    let known = ["--old", "old.xml", "--cid-list", "--report", "//report.tsv", "--quiet", "--missing", "warn"]
    return arguments.contains("--old") && arguments.allSatisfy { known.contains($0) || $0.allSatisfy { $0 == "," || $0.isNumber } }
  }

  @Test(arguments: cases) func aStylesheetMakesTheSameOfACase(_ one: Case) async throws {
    let arguments = try one.arguments(out: "/")
    let cids = arguments.firstIndex(of: "--cid-list").map { ",\(arguments[$0 + 1])," } ?? ""
    let ours = try Files.read(one.folder.appending("output.xml")) ?? []
    try await compare(ours, old: one.folder.appending("old.xml"), new: one.input(), cids: cids)
  }

  @Test func thereAreCases() { #expect(Self.cases.count > 15) }
}
