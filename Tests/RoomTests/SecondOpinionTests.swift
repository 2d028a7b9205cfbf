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
    let others = ["--business-impact", "--stylesheet", "--refused", "--vendors", "--set", "--secret", "--sub-type", "--target-ips"]
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

  /// Every stylesheet is asked.
  @Test func everyStylesheetHasCases() {
    let sheets = Files.names(in: Place.root.appending("xslt")).filter { $0.hasSuffix(".xsl") }.map { String($0.dropLast(4)) }
    #expect(!sheets.isEmpty)
    #expect(Set(Self.cases.map(\.room)) == Set(sheets))
  }

  /// What the programs pass on to their stylesheets, as `xsltproc` takes it: the arguments that have the name of a parameter of the sheet.
  private func stringParameters(of one: Case) throws -> [String] {
    let sheet = try Files.read(Place.root.appending("xslt/\(one.room).xsl")).map { String(decoding: $0, as: UTF8.self) } ?? ""
    // Those of a template stand deeper, and with-param is another word.
    let names = sheet.split(separator: "\n").compactMap { line -> String? in
      guard line.hasPrefix("  <xsl:param name=\"") else { return nil }
      return line.split(separator: "\"").dropFirst().first.map { String($0) }
    }
    let arguments = try one.arguments(out: "/")
    return names.flatMap { name -> [String] in
      if let place = arguments.firstIndex(of: "--" + name), place + 1 < arguments.count { return ["--stringparam", name, arguments[place + 1]] }
      let start = "--\(name)="
      return arguments.first { $0.hasPrefix(start) }.map { ["--stringparam", name, String($0.dropFirst(start.count))] } ?? []
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
