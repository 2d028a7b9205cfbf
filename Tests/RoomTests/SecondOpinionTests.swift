import Support
import SystemPackage
import Testing

/// Every stylesheet says the same under stock `xsltproc` on the whole document as in its program, batch by batch.
@Suite struct SecondOpinionTests {
  /// The cases that succeed, and whose record no map changes before the stylesheet sees it.
  static let cases = Case.all.filter { one in
    guard Files.exists(Place.root.appending("xslt/\(one.room).xsl")), one.room != "map", !Files.exists(one.folder.appending("status")) else {
      return false
    }
    // Several pages are several documents to xsltproc.
    let others = ["--business-impact", "--stylesheet", "--refused"]
    return !((try? one.arguments(out: "/")) ?? []).contains { $0.hasSuffix("-map") || others.contains($0) || $0.hasSuffix(".xml") }
  }

  @Test(arguments: cases)
  func agrees(_ one: Case) async throws {
    let parameters = try stringParameters(of: one)
    let stylesheet = Place.root.appending("xslt/\(one.room).xsl")
    let theirs = try await run(
      "/usr/bin/xsltproc", ["--nonet", "--novalid"] + parameters + [stylesheet.string, "-"], input: one.input())
    let ours = try await run(
      one.program, arguments(of: one) + ["--quiet", "--format", "xml"], input: one.input(), in: one.folder)
    #expect(theirs.status == 0, "\(theirs.errorText)")
    #expect(ours.outputText == theirs.outputText)
  }

  @Test func thereAreCases() {
    #expect(Set(Self.cases.map(\.room)).isSuperset(of: ["ag-to-urls", "tags-restructure", "tags-to-urls", "schedule-to-urls", "policies-to-urls"]))
  }

  /// What the programs pass on to their stylesheets, as `xsltproc` takes it.
  private func stringParameters(of one: Case) throws -> [String] {
    let arguments = try one.arguments(out: "/")
    return ["--module", "--active", "--start-after", "--step", "--folder", "--api-version"].flatMap { option in
      arguments.firstIndex(of: option).map { ["--stringparam", String(option.dropFirst(2)), arguments[$0 + 1]] } ?? []
    }
  }

  /// The case's arguments, without those that say where and how the answer is written.
  private func arguments(of one: Case) throws -> [String] {
    var kept: [String] = []
    var skips = 0
    for argument in try one.arguments(out: "/") {
      if ["--report", "--format", "--server", "--log"].contains(argument) { skips = 2 }
      if skips == 0, argument != "--quiet", argument != "-q" { kept.append(argument) }
      skips = max(0, skips - 1)
    }
    return kept
  }
}
