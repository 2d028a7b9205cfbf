import Catalog
import Glibc
import Requests
import Support
import SystemPackage
import Testing

/// The table of authentication records: what it says goes together with the grammar, the catalog and the page, and what comes out for any record of a
/// type is what the type's own rows say.
@Suite struct AuthenticationTableTests {
  // MARK: The table

  /// A line of the table: a row or a rule.
  struct Line: Sendable {
    var tag: String
    var columns: [String: String]
    subscript(_ name: String) -> String { columns[name] ?? "" }

    /// The paths of its element.
    var paths: [String] { self["element"].split(separator: "|").map { $0.trimming } }
  }

  struct Kind: CustomTestStringConvertible, Sendable {
    var slug: String
    var isGuess: Bool
    /// Without the lines of blocks.
    var own: [Line]
    var lines: [Line]

    var testDescription: String { slug }
    var rows: [Line] { lines.filter { $0.tag == "row" } }
  }

  static let kinds: [Kind] = {
    let text = (try? Files.read(Place.root.appending("xslt/auth/table.xsl"))) ?? nil
    var blocks: [String: [Line]] = [:]
    var found: [(slug: String, isGuess: Bool, lines: [Line])] = []
    var open: String?
    for line in String(decoding: text ?? [], as: UTF8.self).split(separator: "\n").map({ $0.trimming }) {
      guard line.hasPrefix("<"), let parsed = Self.parse(line) else { continue }
      switch parsed.tag {
      case "block":
        open = parsed["name"]
        blocks[parsed["name"]] = []
      case "type":
        open = nil
        found.append((parsed["name"], parsed["guess"] == "yes", []))
      case "row", "use", "one", "any", "refuse", "note", "limit":
        if let open { blocks[open]?.append(parsed) } else if !found.isEmpty { found[found.count - 1].lines.append(parsed) }
      default: break
      }
    }
    func expanded(_ lines: [Line]) -> [Line] { lines.flatMap { $0.tag == "use" ? expanded(blocks[$0["block"]] ?? []) : [$0] } }
    return found.map { Kind(slug: $0.slug, isGuess: $0.isGuess, own: $0.lines, lines: expanded($0.lines)) }
  }()

  private static func parse(_ line: String) -> Line? {
    let tag = String(line.dropFirst().prefix { $0.isLetter || $0 == "-" })
    var columns: [String: String] = [:]
    for match in line.matches(of: /([a-z-]+)="([^"]*)"/) {
      let text = String(match.2).replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
      columns[String(match.1)] = text.replacing("&amp;", with: "&")
    }
    return tag.isEmpty ? nil : Line(tag: tag, columns: columns)
  }

  @Test func isReadWhole() throws {
    let text = String(decoding: try #require(try Files.read(Place.root.appending("xslt/auth/table.xsl"))), as: UTF8.self)
    #expect(text.matches(of: #/<type /#).count == Self.kinds.count)
    #expect(Self.kinds.allSatisfy { $0.rows.contains { $0["param"] == "title" } })
    #expect(Set(Self.kinds.map(\.slug)) == Set(Resource.authenticationTypes.map { String($0.kind.dropFirst(5)).replacing("-", with: "_") }))
  }

  @Test func saysOfTheSameTypesAsTheCatalogThatTheyAreUnconfirmed() {
    for kind in Self.kinds {
      let resource = Resource.authenticationTypes.first { $0.kind == "auth-" + kind.slug.replacing("_", with: "-") }
      #expect(resource?.isUnconfirmed == kind.isGuess, "\(kind.slug)")
    }
  }

  /// A vault may be of the same types wherever one is named, in the same spellings.
  @Test func knowsTheSameTypesOfVaultsEverywhere() throws {
    var spellings: [String] = []
    for name in ["xslt/auth/table.xsl", "xslt/vaults/table.xsl"] {
      let text = String(decoding: try #require(try Files.read(Place.root.appending(name))), as: UTF8.self)
      let found = text.matches(of: /(?:DIGITAL_)?VAULT_TYPE"[^>]* values="([^"]*)"/).map { String($0.1) }
      #expect(!found.isEmpty)
      spellings += found
    }
    #expect(Set(spellings).count == 1)
  }

  // MARK: The grammar

  /// What a template beside the table carries, and what the stylesheet says of every record.
  private static func isBeside(_ path: String, of slug: String) -> Bool {
    let tops = ["ROOT_TOOL", "ROOT_TOOL_INFO_LIST", "RSA_PRIVATE_KEY", "DSA_PRIVATE_KEY", "PRIVATE_KEY_CERTIFICATE_LIST"]
    if ["unix", "network_ssh"].contains(slug), tops.contains(String(path.prefix { $0 != "/" })) { return true }
    return path == "ID" || path == "IS_SYSTEM_CREATED"
  }

  /// Every element of a row is in the grammar, and every element that the grammar carries has a row, or a template beside the table.
  @Test(arguments: kinds) func goesTogetherWithTheGrammar(of kind: Kind) throws {
    let bytes = try #require(try Files.read(Place.root.appending("xslt/auth.grammar")))
    let grammar = try RecordGrammar(parsing: bytes, named: "auth.grammar")
    let record = "AUTH_" + kind.slug.uppercased()
    var known = Set<Int>()
    for path in kind.lines.flatMap(\.paths) {
      let names = path.split(separator: "/").map { String($0) }.filter { $0 != "text()" }
      let line = grammar.index(of: names, in: record)
      #expect(line != nil, "the grammar of \(record) has no \(path)")
      if let line { known.insert(line) }
    }
    var isOwn = false
    for (index, rule) in grammar.rules.enumerated() {
      if rule.depth == 0 { isOwn = rule.names == [record] }
      guard isOwn, rule.depth > 0, case .carried = rule.fate, !known.contains(index) else { continue }
      #expect(Self.isBeside(grammar.path(of: index), of: kind.slug), "no row of \(kind.slug) has \(grammar.path(of: index))")
    }
  }

  // MARK: Any record

  /// Of any subset of the elements of a type, with values that the call takes or does not: what comes out has what the rows need, not what they exclude,
  /// and every element is in the request, or is named.
  @Test(arguments: kinds) func everySubsetIsCarriedOrNamed(of kind: Kind) async throws {
    var random = Seeded(UInt64(kind.slug.utf8.reduce(7) { ($0 &* 31 &+ Int($1)) & 0xFFFF }))
    // A row's element, its first spelling.
    let paths = kind.rows.compactMap(\.paths.first).filter { !$0.hasSuffix("text()") }.reduce(into: [String]()) {
      if !$0.contains($1) { $0.append($1) }
    }
    var records: [(id: Int, values: [String: String])] = []
    for id in 1...160 {
      let share = [20, 50, 80, 95][id % 4]
      var values = ["TITLE": "R\(id)"]
      for path in paths where path != "TITLE" && random.chance(share) {
        let row = kind.rows.filter { $0.paths.contains(path) }
        let words = row.map { $0["values"] }.first { !$0.isEmpty }?.split(separator: "|").map { String($0.prefix { $0 != "=" }) } ?? []
        if !words.isEmpty {
          values[path] = random.chance(4) ? Self.strange : random.pick(words)
        } else if path.hasPrefix("IP_SET") {
          values[path] = path.hasSuffix("RANGE") ? "10.\(id % 250).1.0-10.\(id % 250).1.9" : "10.\(id % 250).0.1"
        } else if path == "NETWORK_ID" || path.hasSuffix("DIGITAL_VAULT_ID") || path == "PORT" {
          values[path] = String(1 + random.below(9))
        } else {
          values[path] = "v\(random.below(1000))"
        }
      }
      records.append((id, values))
    }
    let root = "AUTH_\(kind.slug.uppercased())"
    let document =
      "<\(root)_LIST_OUTPUT><RESPONSE><\(root)_LIST>\n"
      + records.map { "<\(root)><ID>\($0.id)</ID>\(Self.xml(of: $0.values))</\(root)>\n" }.joined()
      + "</\(root)_LIST></RESPONSE></\(root)_LIST_OUTPUT>\n"
    let map = "source_id,target_id\n" + (1...9).map { "\($0),\($0)\n" }.joined()
    let (outcome, report) = try await Files.withScratch { folder in
      try Files.write(Array(map.utf8), to: folder.appending("map.csv"))
      let outcome = try await run(
        Place.program("qtbx-auth-to-urls"),
        ["--map", "network=map.csv", "--map", "vault=map.csv", "--refused", "skip", "--format", "jsonl", "--report", "report.tsv"],
        input: Array(document.utf8), in: folder)
      return (outcome, String(decoding: try Files.read(folder.appending("report.tsv")) ?? [], as: UTF8.self))
    }
    #expect(outcome.status == 0, "\(outcome.errorText)")
    let rows = report.split(separator: "\n").dropFirst().compactMap { Row($0) }
    let requests = Dictionary(uniqueKeysWithValues: outcome.outputText.split(separator: "\n").compactMap { Sent($0) }.map { ($0.id, $0) })
    var written = 0
    for record in records {
      let own = rows.filter { $0.id == String(record.id) }
      guard let request = requests[String(record.id)] else {
        #expect(own.contains { ["refused", "skipped"].contains($0.disposition) }, "\(kind.slug) \(record.id) is neither written nor refused")
        // A refusal has its reason in the rows of the type.
        continue
      }
      written += 1
      for fault in faults(of: request, in: kind) { Issue.record("\(kind.slug) \(record.values): \(fault)") }
      for (path, value) in record.values.sorted(by: { $0.key < $1.key }) {
        if own.contains(where: { $0.element == path }) { continue }
        if value == Self.strange { Issue.record("\(kind.slug) \(record.id): a word that nobody knows in \(path) is passed over") }
        let lines = kind.rows.filter { $0.paths.contains(path) }
        if path == "NETWORK_ID" || kind.rows.contains(where: { $0["element"].contains(path) && $0["default"] == value }) { continue }
        let isSent = lines.contains { line in
          let sent = request.parameters[line["param"]]
          return line["param"].hasPrefix("@") ? true : sent != nil
        }
        #expect(isSent, "\(kind.slug) \(record.id): nothing is said of \(path)=\(value)")
      }
    }
    #expect(written > 0, "\(kind.slug): no record at all was written")
  }

  /// A word that no call knows.
  private static let strange = "no such word"

  /// What decides whether other parameters are sent is refused if nobody knows the word: else they would hang on nothing.
  @Test(arguments: kinds) func refusesWordsThatConditionsAskFor(of kind: Kind) async throws {
    func names(_ condition: String) -> [String] {
      condition.split(separator: ";").map { part in String(part.filter { $0 != "!" }.prefix { $0 != "=" }) }
    }
    let asked = Set(kind.lines.flatMap { line in ["when", "need", "if"].flatMap { names(line[$0]) } })
    // Of those that are taken from every record, or only because of what they say themselves.
    let rows = kind.rows.filter { row in
      !row["values"].isEmpty && !row.paths.isEmpty && asked.contains(row["param"])
        && names(row["when"]).allSatisfy { $0 == row["param"] }
    }
    let root = "AUTH_\(kind.slug.uppercased())"
    for (row, path) in rows.flatMap({ row in row.paths.map { (row, $0) } }) {
      let vault = path.hasPrefix("DIGITAL_VAULT/") ? [:] : ["DIGITAL_VAULT/DIGITAL_VAULT_ID": "1", "DIGITAL_VAULT/DIGITAL_VAULT_TYPE": "CA PAM"]
      let hasVault = kind.rows.contains { $0["param"] == "vault_id" }
      let values = (hasVault ? vault : [:]).merging(["TITLE": "T", path: Self.strange]) { $1 }
      let document =
        "<\(root)_LIST_OUTPUT><RESPONSE><\(root)_LIST><\(root)><ID>1</ID>\(Self.xml(of: values))</\(root)></\(root)_LIST></RESPONSE></\(root)_LIST_OUTPUT>"
      let outcome = try await Files.withScratch { folder in
        try Files.write(Array("source_id,target_id\n1,1\n".utf8), to: folder.appending("map.csv"))
        return try await run(Place.program("qtbx-auth-to-urls"), ["--map", "vault=map.csv"], input: Array(document.utf8), in: folder)
      }
      #expect(outcome.status == 1)
      #expect(outcome.errorText.contains("\(path): it is no word that "), "\(row["param"] as String): \(outcome.errorText)")
    }
  }

  /// What a request lacks, and what it should not have, by the rows.
  private func faults(of request: Sent, in kind: Kind) -> [String] {
    let given = request.parameters
    func value(_ name: String) -> String? { given[name] ?? kind.rows.first { $0["param"] == name && !$0["default"].isEmpty }?["default"] }
    /// A condition, as far as the request shows it: nil if it asks what is never sent.
    func holds(_ condition: String) -> Bool? {
      var unknown = false
      for part in condition.split(separator: ";") where part != "true" {
        if part.contains("@") {
          unknown = true
          continue
        }
        let isNegated = part.contains("!")
        let plain = part.replacing("!", with: "")
        let name = String(plain.prefix { $0 != "=" })
        let isTrue: Bool
        if let sign = plain.firstIndex(of: "=") {
          isTrue = value(name).map { plain[plain.index(after: sign)...].split(separator: "|").contains($0[...]) } ?? false
        } else {
          isTrue = given[name] != nil
        }
        if isTrue == isNegated { return false }
      }
      return unknown ? nil : true
    }
    var faults: [String] = []
    for (name, said) in given where name != "action" {
      let rows = kind.rows.filter { $0["param"] == name }
      if rows.isEmpty { faults.append("no row has \(name)") }
      if !rows.contains(where: { holds($0["when"]) != false }) { faults.append("\(name)=\(said) is sent where no row takes it") }
    }
    for row in kind.rows where !row["need"].isEmpty && given[row["param"]] == nil {
      if holds(row["when"]) == true, holds(row["need"]) == true { faults.append("\(row["param"]) is missing") }
    }
    for row in kind.rows where ["yes", "likely"].contains(row["secret"]) && given[row["param"]] == nil {
      if holds(row["when"]) == true { faults.append("the secret \(row["param"]) is not asked for") }
    }
    for line in kind.lines where line.tag == "one" || line.tag == "any" {
      let count = line["of"].split(separator: " ").count { given[String($0)] != nil }
      if line.tag == "one", count > 1 { faults.append("more than one of \(line["of"])") }
      if count == 0, line.tag == "any" || line["need"] == "true" { faults.append("none of \(line["of"])") }
    }
    for line in kind.lines where line.tag == "refuse" && holds(line["if"]) == true { faults.append("not refused: \(line["if"])") }
    return faults
  }

  private struct Sent {
    var id: String
    var parameters: [String: String] = [:]

    init?(_ line: Substring) {
      guard let id = line.firstMatch(of: /"id":"([^"]*)"/)?.1 else { return nil }
      self.id = String(id)
      for match in line.matches(of: /\["([^"]*)",(?:"([^"]*)"|\{"secret":"([^"]*)"\})\]/) {
        parameters[String(match.1)] = String(match.2 ?? match.3 ?? "")
      }
    }
  }

  private static func xml(of values: [String: String]) -> String {
    var groups: [(name: String, inner: [String: String])] = []
    var text = ""
    for (path, value) in values.sorted(by: { $0.key < $1.key }) {
      let name = String(path.prefix { $0 != "/" })
      if name == path {
        text += "<\(name)>\(value)</\(name)>"
      } else if let at = groups.firstIndex(where: { $0.name == name }) {
        groups[at].inner[String(path.dropFirst(name.count + 1))] = value
      } else {
        groups.append((name, [String(path.dropFirst(name.count + 1)): value]))
      }
    }
    for group in groups {
      let attributes = group.inner.filter { $0.key.hasPrefix("@") }.sorted { $0.key < $1.key }.map { " \($0.key.dropFirst())=\"\($0.value)\"" }
        .joined()
      text += "<\(group.name)\(attributes)>\(xml(of: group.inner.filter { !$0.key.hasPrefix("@") }))</\(group.name)>"
    }
    return text
  }

  // MARK: Secrets

  /// What a record logs in without, so that `--secret` alone says that it has one: each for a reason.
  private static let optional: Set<String> = [
    // An empty passphrase, or a key without one.
    "passphrase",
    // Where a list says that there is one, another row asks for it.
    "client_cert", "client_key", "certificate",
    // Behind the login: of a Cisco or Checkpoint host, and of another system.
    "enable_password", "expert_password", "password2",
    // Instead of the password: of Kerberos, and a wallet.
    "krb5_password", "cwallet", "ewallet",
  ]

  /// Records that log in by those of Unix or Windows hosts.
  private static let leaning: Set<String> = [
    "apache", "bind", "docker", "ibm_websphere", "jboss", "kubernetes", "ms_exchange", "ms_iis", "nginx", "oracle_http_server",
    "oracle_weblogic", "tomcat",
  ]

  /// A type that logs in by itself has a secret that is asked for without being told; and what is asked for only if somebody tells is no more than that.
  @Test(arguments: kinds) func asksForTheSecretThatItLogsInWith(of kind: Kind) {
    let asked = Set(kind.rows.filter { $0["secret"] == "asked" }.map { $0["param"] })
    let sought = Set(kind.rows.filter { ["yes", "likely"].contains($0["secret"]) }.map { $0["param"] })
    #expect(asked.isSubset(of: Self.optional), "\(kind.slug)")
    #expect(sought.isEmpty == Self.leaning.contains(kind.slug), "\(kind.slug): \(sought)")
  }

  // MARK: The page

  /// With `QTBX_RECORD=1` the table is written instead of compared.
  @Test func thePageHasTheTable() throws {
    let path = Place.root.appending("docs/qtbx-auth-to-urls.md")
    let text = String(decoding: try #require(try Files.read(path)), as: UTF8.self)
    let (opening, closing) = ("<!-- table: auth -->\n", "<!-- end of table -->")
    let start = try #require(text.firstRange(of: opening)?.upperBound)
    let end = try #require(text[start...].firstRange(of: closing)?.lowerBound)
    let table = "\n" + Self.table.joined(separator: "\n") + "\n\n"
    if getenv("QTBX_RECORD") != nil {
      try Files.write(Array((text[..<start] + table + text[end...]).utf8), to: path)
    } else {
      #expect(String(text[start..<end]) == table)
    }
  }

  private static var table: [String] {
    ["| type | besides title, comments, ips and network | secrets | |", "| --- | --- | --- | --- |"]
      + kinds.map { kind in
        let common: Set<String> = ["title", "comments", "comment", "ips", "network_id"]
        let login = kind.own.contains { $0["block"] == "login" || $0["block"] == "vault" } || kind.lines.contains { $0["param"] == "vault_id" }
        let vault: Set<String> = [
          "login_type", "username", "vault_type", "vault_id", "folder", "file", "secret_name", "system_name", "account_name", "end_point_name",
          "end_point_type", "end_point_container", "auto_discover_system_name", "system_name_single_host", "system_type", "custom_system_type",
          "authorization_name", "target_name", "ak_secret_name", "vault_service_type",
        ]
        var words = login ? ["login"] : []
        var seen = Set<String>()
        for row in kind.rows where row["secret"].isEmpty && !row["param"].hasPrefix("@") && !common.contains(row["param"]) {
          if login, vault.contains(row["param"]) { continue }
          guard seen.insert(row["param"]).inserted else { continue }
          let elements = row.paths.map { $0.replacing("/text()", with: "").split(separator: "/").suffix(2).joined(separator: "/") }.joined(
            separator: " or ")
          words.append((elements.isEmpty ? "(--set)" : row["guess"] == "yes" ? "*\(elements)*" : elements) + " → `\(row["param"])`")
        }
        var secrets: [String] = []
        for row in kind.rows where !row["secret"].isEmpty && !secrets.contains("`\(row["param"])`") { secrets.append("`\(row["param"])`") }
        if ["unix", "network_ssh"].contains(kind.slug) { secrets.append("those of the body") }
        return "| \(kind.slug) | \(words.joined(separator: ", ")) | \(secrets.joined(separator: ", ")) | \(kind.isGuess ? "unconfirmed" : "") |"
      }
  }
}

extension StringProtocol {
  /// Without blanks at either end.
  fileprivate var trimming: String { String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}
