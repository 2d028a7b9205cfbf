import Requests
import Support
import SystemPackage
import Testing

/// The calls that create an option profile field by field take other fields for each type: whatever one of them does not take is named.
@Suite struct OptionProfileTypesTests {
  /// A profile of each type that the calls take, and nothing more.
  private static let bare = [
    "user": "<SCAN><PORTS><TCP_PORTS><TCP_PORTS_TYPE>full</TCP_PORTS_TYPE></TCP_PORTS>"
      + "<UDP_PORTS><UDP_PORTS_TYPE>none</UDP_PORTS_TYPE></UDP_PORTS></PORTS></SCAN>"
      + "<MAP><BASIC_INFO_GATHERING_ON>all</BASIC_INFO_GATHERING_ON></MAP>",
    "compliance": "<SCAN><PORTS><STANDARD_SCAN>1</STANDARD_SCAN></PORTS>"
      + "<PERFORMANCE><OVERALL_PERFORMANCE>Normal</OVERALL_PERFORMANCE></PERFORMANCE></SCAN>",
    "pci": "<SCAN/>",
  ]

  /// What may change without a word: the id by which a profile is known here, and the number of the source's subscription.
  private static let silent: Set<String> = ["BASIC_INFO/ID", "BASIC_INFO/SUBSCRIPTION_ID"]

  @Test(arguments: ["user", "compliance", "pci"])
  func whatACallDoesNotTakeIsNamed(_ type: String) async throws {
    let text = try #require(try Files.read(Place.root.appending("xslt/option-profile.grammar")))
    // Each of them is on, or is 7 of something.
    for value in ["1", "7"] {
      let paths = Self.leaves(of: try RecordGrammar(parsing: text, named: "option-profile.grammar")).filter { path in
        // The standard scan of a PCI profile is always on.
        !Self.silent.contains(path) && !(type == "pci" && path == "ADDITIONAL/HOST_DISCOVERY/TCP_PORTS/STANDARD_SCAN")
          // The bare profile may say so already.
          && Self.profile(type, 1, value, at: path) != Self.profile(type, 1, value, at: "")
      }
      let profiles = ([""] + paths).enumerated().map { number, path in Self.profile(type, 1000 + number, value, at: path) }
      try await Files.withScratch { scratch in
        let report = scratch.appending("report.tsv")
        let outcome = try await run(
          Place.program("qtbx-option-profiles-to-urls"), ["--way", "create", "--refused", "skip", "--quiet", "--report", report.string],
          input: Array("<OPTION_PROFILES>\(profiles.joined(separator: "\n"))</OPTION_PROFILES>\n".utf8))
        #expect(outcome.status == 0, "\(outcome.errorText)")
        let rows = String(decoding: try Files.read(report) ?? [], as: UTF8.self).split(separator: "\n").dropFirst().compactMap { Row($0) }
        var requests: [String: String] = [:]
        for line in outcome.outputText.split(separator: "\n") {
          let parts = line.split(separator: "#option-profile=")
          requests[String(parts[1])] = String(parts[0])
        }
        let bare = try #require(requests["1000"])
        for (number, path) in paths.enumerated() {
          let id = String(1001 + number)
          let isNamed = rows.contains { $0.id == id && ($0.element == path || path.hasPrefix($0.element + "/")) }
          #expect(isNamed || requests[id].map { $0 != bare } ?? false, "\(type): \(path) is \(value), and nothing says so")
        }
      }
    }
  }

  /// The paths of the elements that hold a value, but for those that do not matter.
  private static func leaves(of grammar: RecordGrammar) -> [String] {
    var around: [String] = []
    var paths: [String] = []
    for (index, rule) in grammar.rules.enumerated() where rule.depth > 0 {
      around.removeLast(around.count - min(around.count, rule.depth - 1))
      around.append(rule.names[0])
      if case .ignored = rule.fate { continue }
      let holdsElements = index + 1 < grammar.rules.count && grammar.rules[index + 1].depth > rule.depth
      if !rule.isAttribute, rule.names != ["*"], !holdsElements { paths.append(around.joined(separator: "/")) }
    }
    return paths
  }

  private static func profile(_ type: String, _ id: Int, _ value: String, at path: String) -> String {
    let text =
      "<OPTION_PROFILE><BASIC_INFO><ID>\(id)</ID><GROUP_NAME>Profile</GROUP_NAME><GROUP_TYPE>\(type)</GROUP_TYPE></BASIC_INFO>\(bare[type] ?? "")"
      + "</OPTION_PROFILE>"
    guard var tree = ListDocument(Array("<L>\(text)</L>".utf8), records: ["OPTION_PROFILE"])?.records.first else { return "" }
    if !path.isEmpty { put(value, at: path.split(separator: "/").map { String($0) }[...], in: &tree) }
    return tree.written
  }

  private static func put(_ value: String, at path: ArraySlice<String>, in tree: inout Tree) {
    guard let name = path.first else {
      tree.parts = [.text(value)]
      return
    }
    if !tree.children.contains(where: { $0.tree.name == name }) { tree.parts.append(.element(Tree(name, text: ""))) }
    guard let at = tree.children.first(where: { $0.tree.name == name })?.at else { return }
    var child = tree[[at]]
    put(value, at: path.dropFirst(), in: &child)
    tree[[at]] = child
  }
}
