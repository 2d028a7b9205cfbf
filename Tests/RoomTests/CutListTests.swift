import Catalog
import Support
import SystemPackage
import Testing

/// A list that breaks off, and what may be advised against that: whatever is missing from a list is taken for what is not there.
@Suite struct CutListTests {
  /// What is read record by record, with the programs that do.
  private static let lists = Catalog.all.filter { !$0.list.needsID && !$0.document.records.isEmpty && !$0.document.roots.isEmpty }

  /// A list of two records, of which the second breaks off.
  private static func document(of resource: Resource, root: String) -> String {
    var around = (resource.document.records.first ?? "").split(separator: "/").map(String.init)
    let record = around.removeLast()
    // Most say only where the record stands in the list, and lists stand in a RESPONSE.
    if around.first == root {
      around.removeFirst()
    } else if root.hasSuffix("_OUTPUT"), around.first != "RESPONSE" {
      around.insert("RESPONSE", at: 0)
    }
    around.insert(root, at: 0)
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + around.map { "<\($0)>" }.joined()
      + "\n<\(record)><ID>1</ID><TITLE>Web</TITLE></\(record)>\n<\(record)><ID>2</ID><TITLE>Off"
  }

  /// Whoever reads a list, of the programs that take it from standard input.
  private static func readers(of resource: Resource) -> [(program: String, arguments: [String])] {
    let own = resource.readers.filter { !$0.contains(" ") && $0 != "qtbx-merge-policy" }.map { ($0, Self.needed[$0] ?? []) }
    return own + (resource.isMappable ? [("qtbx-map", ["--source", "list.xml", "--target", "list.xml"])] : [])
  }

  /// Without these, nothing is read.
  private static let needed = ["qtbx-ips-to-urls": ["--tracking-method", "IP", "--modules", "vm"], "qtbx-users-to-urls": ["--send-email", "no"]]

  @Test(arguments: lists.flatMap { resource in resource.document.roots.map { (resource.name, $0) } })
  func isNeverTakenForAWholeOne(_ name: String, root: String) async throws {
    let resource = try Catalog.listed(name)
    try await Files.withScratch { folder in
      let mended = try await run(Place.program("qtbx-repair"), ["-q"], input: Array(Self.document(of: resource, root: root).utf8), in: folder)
      #expect(mended.status == 0 && mended.errorText.contains("the document breaks off"), "\(mended.errorText)")
      let list = mended.outputText
      #expect(list.contains("<CODE>1980</CODE>"), "\(list)")
      #expect((root == "ServiceResponse") == list.contains("<hasMoreRecords>true</hasMoreRecords>"), "\(list)")
      try Files.write(mended.output, to: folder.appending("list.xml"))
      for (program, arguments) in Self.readers(of: resource) {
        // The other list of users.
        let arguments = name == "portal-users" && program == "qtbx-users-to-urls" ? ["--step", "tags"] : arguments
        let outcome = try await run(Place.program(program), arguments, input: mended.output, in: folder)
        #expect(outcome.status == 1 && outcome.output.isEmpty, "\(program): \(outcome.status) \(outcome.errorText)")
        #expect(outcome.errorText.contains("say --allow-truncated"), "\(program): \(outcome.errorText)")
      }
    }
  }

  @Test func everyReaderIsTried() {
    let tried = Set(Self.lists.flatMap { Self.readers(of: $0).map(\.program) })
    let all = Set(Catalog.all.flatMap(\.readers)).filter { !$0.contains(" ") }
    // One object each, or none at all.
    let others: Set = ["qtbx-merge-policy", "qtbx-preferences-to-urls", "qtbx-subscription-to-urls", "qtbx-vaults-to-urls"]
    #expect(all.subtracting(tried) == others.subtracting(tried))
  }

  // MARK: Lists that are only looked at

  /// A case of a room that reads such a list by an option.
  struct Glance: CustomTestStringConvertible, Sendable {
    let one: Case
    let option: String
    let file: String
    var testDescription: String { "\(one.room) \(option)" }
  }

  private static let glances: [Glance] = {
    var known: Set<String> = []
    // Documents that are what is worked on, and flags before such.
    let others: Set = ["--allow-truncated", "--old", "--body", "--count", "--exports", "--addresses", "--any-network", "--document", "--record"]
    return Case.all.flatMap { one -> [Glance] in
      if one.room == "repair" || Files.exists(one.folder.appending("status")) { return [] }
      let arguments = (try? one.arguments(out: "/")) ?? []
      return zip(arguments, arguments.dropFirst()).compactMap { option, file in
        guard option.hasPrefix("--"), !option.contains("="), file.hasSuffix(".xml"), !others.contains(option),
          known.insert("\(one.room) \(option)").inserted
        else {
          return nil
        }
        return Glance(one: one, option: option, file: file)
      }
    }
  }()

  @Test(arguments: glances) func nothingIsAdvisedAboutAListThatIsLookedAt(_ glance: Glance) async throws {
    try await Files.withScratch { folder in
      for name in Files.names(in: glance.one.folder) where name.contains(".") {
        try Files.write(Files.read(glance.one.folder.appending(name)) ?? [], to: folder.appending(name))
      }
      let whole = String(decoding: try Files.read(folder.appending(glance.file)) ?? [], as: UTF8.self)
      let odd = whole.firstRange(of: "</").map { whole.replacingCharacters(in: $0, with: "\u{1}</") } ?? ""
      let faults = [
        odd, String(whole.dropLast(20)), whole + whole, "\n" + whole, "HTTP/1.1 200 OK\n\n" + whole,
        whole.replacing("</", with: " & </", maxReplacements: 1),
      ]
      for text in faults {
        try Files.write(Array(text.utf8), to: folder.appending(glance.file))
        let outcome = try await run(glance.one.program, glance.one.arguments(out: folder), input: glance.one.input(), in: folder)
        if text == "\n" + whole, outcome.status == 0 { continue }
        #expect(outcome.status == 1 && outcome.output.isEmpty, "\(outcome.status) \(outcome.errorText)")
        #expect(outcome.errorText.contains(glance.file) && !outcome.errorText.contains("qtbx-repair "), "\(outcome.errorText)")
      }
    }
  }

  @Test func everySuchOptionIsTried() {
    let options = Set(Self.glances.map(\.option))
    let known: Set = [
      "--target", "--source", "--target-ips", "--users", "--domains", "--search-lists", "--option-profiles", "--excluded-hosts", "--vendors",
    ]
    #expect(options == known)
    #expect(Self.glances.count { $0.option == "--target" } > 15)
  }
}

extension String {
  fileprivate func replacingCharacters(in range: Range<String.Index>, with text: String) -> String {
    self[..<range.lowerBound] + text + self[range.upperBound...]
  }
}
