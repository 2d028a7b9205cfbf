import Catalog
import Support
import SystemPackage
import Testing

/// A list that breaks off, and what may be advised against that: whatever is missing from a list is taken for what is not there.
@Suite struct CutListTests {
  /// What is read record by record, with the programs that do.
  private static let lists = Catalog.all.filter { !$0.list.needsID && !$0.document.records.isEmpty && !$0.document.roots.isEmpty }

  /// What a record is called, and the elements that it stands in, below the root.
  private static func place(of resource: Resource, root: String) -> (around: [String], record: String) {
    var around = (resource.document.records.first ?? "").split(separator: "/").map(String.init)
    let record = around.removeLast()
    // Most say only where the record stands in the list, and lists stand in a RESPONSE.
    if around.first == root {
      around.removeFirst()
    } else if root.hasSuffix("_OUTPUT"), around.first != "RESPONSE" {
      around.insert("RESPONSE", at: 0)
    }
    return (around, record)
  }

  /// A list of two records, of which the second breaks off.
  private static func document(of resource: Resource, root: String) -> String {
    let (inner, record) = place(of: resource, root: root)
    let around = [root] + inner
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

  // MARK: One list beside another

  /// A list of one record; one that is cut off says where the rest is.
  private static func page(of resource: Resource, root: String, isCut: Bool) -> String {
    let (around, record) = place(of: resource, root: root)
    let list = around.drop { $0 == "RESPONSE" }
    let warning = "<WARNING><CODE>1980</CODE><TEXT>More.</TEXT><URL>https://example.com/?id_min=2</URL></WARNING>"
    let isSearch = root == "ServiceResponse"
    let more = isSearch ? "<hasMoreRecords>true</hasMoreRecords>" : warning
    let one = "<\(record)><ID>1</ID><TITLE>Web</TITLE></\(record)>"
    let records = list.map { "<\($0)>" }.joined() + one + list.reversed().map { "</\($0)>" }.joined()
    let content = (isCut && isSearch ? more : "") + records + (isCut && !isSearch ? more : "")
    let wrapped = around.first == "RESPONSE" ? "<RESPONSE>\(content)</RESPONSE>" : content
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<\(root)>\(wrapped)</\(root)>\n"
  }

  /// A list that is cut off, and a whole one of another kind, for a program that reads both.
  struct Pair: CustomTestStringConvertible, Sendable {
    let program: String
    let cut: (name: String, root: String)
    let whole: (name: String, root: String)
    var testDescription: String { "\(program) \(cut.name) \(cut.root) beside \(whole.name) \(whole.root)" }
  }

  private static let pairs: [Pair] = {
    let forms = lists.flatMap { resource in resource.document.roots.map { (resource: resource, root: $0) } }
    func record(_ resource: Resource) -> String { resource.document.records.first.flatMap { $0.split(separator: "/").last.map { String($0) } } ?? "" }
    var pairs: [Pair] = []
    // The program for users has an argument that says which of the two lists it reads.
    for program in Set(lists.flatMap { readers(of: $0).map(\.program) }).sorted() where program != "qtbx-users-to-urls" {
      let own = forms.filter { form in readers(of: form.resource).contains { $0.program == program } }
      for (at, cut) in own.enumerated() {
        // Each beside the next one that is told from it.
        let others = Array(own[(at + 1)...]) + Array(own[..<at])
        guard let other = others.first(where: { $0.root != cut.root || record($0.resource) != record(cut.resource) }) else { continue }
        pairs.append(Pair(program: program, cut: (cut.resource.name, cut.root), whole: (other.resource.name, other.root)))
      }
    }
    return pairs
  }()

  /// The last page of one list is not that of another.
  @Test(arguments: pairs) func isNotMadeWholeByAListOfAnotherKind(_ pair: Pair) async throws {
    let (cut, whole) = (try Catalog.listed(pair.cut.name), try Catalog.listed(pair.whole.name))
    try await Files.withScratch { folder in
      try Files.write(Array(Self.page(of: cut, root: pair.cut.root, isCut: true).utf8), to: folder.appending("cut.xml"))
      try Files.write(Array(Self.page(of: whole, root: pair.whole.root, isCut: false).utf8), to: folder.appending("whole.xml"))
      for files in [["cut.xml", "whole.xml"], ["whole.xml", "cut.xml"]] {
        let lists = files.flatMap { pair.program == "qtbx-map" ? ["--source", $0] : [$0] }
        let target = pair.program == "qtbx-map" ? ["--target", "whole.xml"] : []
        let outcome = try await run(Place.program(pair.program), (Self.needed[pair.program] ?? []) + target + lists, in: folder)
        #expect(outcome.status == 1 && outcome.output.isEmpty, "\(outcome.status) \(outcome.errorText)")
        #expect(outcome.errorText.contains("say --allow-truncated") && outcome.errorText.contains("cut.xml"), "\(outcome.errorText)")
      }
    }
  }

  @Test func everyReaderOfSeveralListsIsTried() {
    let programs = Set(Self.pairs.map(\.program))
    let several = Set(Catalog.all.flatMap(\.readers)).filter { program in
      Set(Self.lists.filter { resource in Self.readers(of: resource).contains { $0.program == program } }.flatMap(\.document.roots)).count > 1
    }
    #expect(several.subtracting(programs).isSubset(of: ["qtbx-users-to-urls"]), "\(several.subtracting(programs))")
    #expect(programs.isSuperset(of: ["qtbx-map", "qtbx-search-lists-to-urls", "qtbx-auth-to-urls"]), "\(programs)")
    #expect(Self.pairs.count > 60)
  }

  /// So it is with what the target has.
  @Test(arguments: glances.filter { $0.option == "--target" }) func aTargetIsNotMadeWholeByAnotherList(_ glance: Glance) async throws {
    try await Files.withScratch { folder in
      for name in Files.names(in: glance.one.folder) where name.contains(".") {
        try Files.write(Files.read(glance.one.folder.appending(name)) ?? [], to: folder.appending(name))
      }
      let text = String(decoding: try Files.read(folder.appending(glance.file)) ?? [], as: UTF8.self)
      let warning = "<WARNING><CODE>1980</CODE><URL>https://example.com/?id_min=2</URL></WARNING>"
      guard let end = text.range(ofLast: "</RESPONSE>") ?? text.range(ofLast: "</"), !text.contains("<ServiceResponse") else { return }
      try Files.write(Array(text.replacingCharacters(in: end, with: warning + text[end]).utf8), to: folder.appending(glance.file))
      let others = Self.lists.filter { resource in
        // An argument says which of the two lists of users is read.
        glance.one.room != "users-to-urls" && Self.readers(of: resource).contains { $0.program == "qtbx-\(glance.one.room)" }
          && !resource.document.roots.contains { text.contains("<\($0)") }
      }
      let target = others.first.map { ($0, $0.document.roots[0]) }
      if let (resource, root) = target {
        try Files.write(Array(Self.page(of: resource, root: root, isCut: false).utf8), to: folder.appending("other-list.xml"))
      }
      let more = target == nil ? [] : ["--target", "other-list.xml"]
      let outcome = try await run(glance.one.program, more + glance.one.arguments(out: folder), input: glance.one.input(), in: folder)
      #expect(outcome.status == 1 && outcome.output.isEmpty, "\(outcome.status) \(outcome.errorText)")
      #expect(outcome.errorText.contains("the list is truncated") || outcome.errorText.contains("is cut off"), "\(outcome.errorText)")
    }
  }

  /// Lists of one call that were asked for with other filters are not one list.
  @Test(arguments: [("IP", "DNS", 1), ("IP", "IP", 0)])
  func whatWasAskedForTellsListsApart(_ one: (cut: String, whole: String, status: Int32)) async throws {
    func list(_ tracking: String, _ address: Int, _ more: String = "") -> String {
      let parameters = [
        ("action", "list"), ("tracking_method", tracking), ("compliance_enabled", "0"), ("certview_enabled", "0"), ("id_min", "\(address)"),
      ]
      return "<IP_LIST_OUTPUT><REQUEST><RESOURCE>https://example.com/api/2.0/fo/asset/ip/</RESOURCE><PARAM_LIST>"
        + parameters.map { "<PARAM><KEY>\($0)</KEY><VALUE>\($1)</VALUE></PARAM>" }.joined()
        + "</PARAM_LIST></REQUEST><RESPONSE><IP_SET><IP>192.0.2.\(address)</IP></IP_SET>\(more)</RESPONSE></IP_LIST_OUTPUT>"
    }
    try await Files.withScratch { folder in
      let warning = "<WARNING><CODE>1980</CODE><URL>https://example.com/?id_min=2</URL></WARNING>"
      try Files.write(Array(list(one.cut, 1, warning).utf8), to: folder.appending("cut.xml"))
      try Files.write(Array(list(one.whole, 2).utf8), to: folder.appending("whole.xml"))
      let outcome = try await run(Place.program("qtbx-ips-to-urls"), ["--modules", "vm", "cut.xml", "whole.xml"], in: folder)
      #expect(outcome.status == one.status, "\(outcome.errorText)")
      #expect((one.status == 1) == outcome.errorText.contains("cut.xml: the list is truncated"), "\(outcome.errorText)")
    }
  }

  /// A list of the target that lacks records that it counts.
  @Test func aTargetThatHoldsLessThanItSaysIsNone() async throws {
    func tags(_ ids: ClosedRange<Int>, count: Int) -> String {
      "<ServiceResponse><responseCode>SUCCESS</responseCode><count>\(count)</count><hasMoreRecords>false</hasMoreRecords><data>"
        + ids.map { "<Tag><id>\($0)</id><name>t\($0)</name></Tag>" }.joined() + "</data></ServiceResponse>"
    }
    try await Files.withScratch { folder in
      try Files.write(Array(tags(1...2, count: 2).utf8), to: folder.appending("source.xml"))
      try Files.write(Array(tags(1...1, count: 5).utf8), to: folder.appending("target.xml"))
      let outcome = try await run(Place.program("qtbx-map"), ["--source", "source.xml", "--target", "target.xml"], in: folder)
      #expect(outcome.status == 1, "\(outcome.outputText)")
      let words = "target.xml: the list is truncated (the answer says 5 records and holds 1): fetch it again"
      #expect(outcome.errorText.contains(words), "\(outcome.errorText)")
    }
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
  fileprivate func range(ofLast text: String) -> Range<String.Index>? { ranges(of: text).last }

  fileprivate func replacingCharacters(in range: Range<String.Index>, with text: String) -> String {
    self[..<range.lowerBound] + text + self[range.upperBound...]
  }
}
