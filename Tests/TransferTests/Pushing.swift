import Support
import SystemPackage

/// The user of every test, with a password that no text contains by chance.
enum Login {
  static let user = "quays_ab1"
  static let password = "Kuckuck-73!Zaunkönig"
  static let encoded = "cXVheXNfYWIxOkt1Y2t1Y2stNzMhWmF1bmvDtm5pZw=="
}

/// An answer of the service that something was created.
func created(_ id: Int) -> String {
  "<SIMPLE_RETURN><RESPONSE><DATETIME>2026-11-22T02:35:55Z</DATETIME><TEXT>Asset Group successfully added.</TEXT>"
    + "<ITEM_LIST><ITEM><KEY>ID</KEY><VALUE>\(id)</VALUE></ITEM></ITEM_LIST></RESPONSE></SIMPLE_RETURN>"
}

/// An answer of the service that something was not done.
func refusal(_ code: String, _ text: String = "No.", items: [(String, String)] = []) -> String {
  let list = items.map { "<ITEM><KEY>\($0)</KEY><VALUE>\($1)</VALUE></ITEM>" }.joined()
  return "<SIMPLE_RETURN><RESPONSE><DATETIME>2026-11-22T02:35:55Z</DATETIME><CODE>\(code)</CODE><TEXT>\(text)</TEXT>"
    + (list.isEmpty ? "" : "<ITEM_LIST>\(list)</ITEM_LIST>") + "</RESPONSE></SIMPLE_RETURN>"
}

/// A JSON string.
func quoted(_ text: String) -> String {
  let escaped = text.unicodeScalars.map { scalar in
    if scalar.value < 0x20 { return "\\u00" + (scalar.value < 0x10 ? "0" : "") + String(scalar.value, radix: 16) }
    return scalar == "\"" || scalar == "\\" ? "\\\(scalar)" : String(scalar)
  }
  return "\"" + escaped.joined() + "\""
}

/// A step of the plan that answers with a body; `more` is further JSON: `"delay":1`.
func step(_ status: Int = 200, _ body: String = "", headers: [String: String] = [:], _ more: String = "") -> String {
  let list = headers.map { "\(quoted($0.key)):\(quoted($0.value))" }.joined(separator: ",")
  return "{\"status\":\(status),\"body\":\(quoted(body)),\"headers\":{\(list)}\(more.isEmpty ? "" : "," + more)}"
}

let path = "/api/2.0/fo/asset/group/"
/// A step that creates; the id is always the same.
let success = step(200, created(90001))

/// A plan with one path, which takes these steps.
func plan(_ steps: String...) -> String { "{\"POST \(path)\":[\(steps.joined(separator: ","))]}" }

/// A line of a request list that creates an asset group.
func group(_ title: String, _ id: Int) -> String { "\(path)?action=add&title=\(title)#asset-group=\(id)\n" }

func groups(_ titles: String...) -> String { titles.enumerated().map { group($1, 4_000_001 + $0) }.joined() }

/// Settings that keep the machine's own from getting into a test.
let plain = [
  "http_proxy": "", "https_proxy": "", "HTTPS_PROXY": "", "all_proxy": "", "ALL_PROXY": "", "no_proxy": "", "NO_PROXY": "",
  "q_username": Login.user, "q_password": Login.password,
]

/// Runs `qtbx-push` on a list, with the journal in a folder. Waits are a hundredth of what they are.
func push(
  _ list: String, to url: String, in folder: FilePath, _ options: [String] = [], environment: [String: String] = [:], scale: String = "0.01"
) async throws -> Outcome {
  try await run(
    Place.program("qtbx-push"), ["--server", url, "--journal", "journal", "--time-scale", scale] + options, input: Array(list.utf8), in: folder,
    environment: plain.merging(environment) { $1 })
}

/// Runs a shell script with `PUSH` as the program, and `list.urls` in the folder.
func script(_ script: String, _ list: String, to url: String, in folder: FilePath, environment: [String: String] = [:]) async throws -> Outcome {
  try Files.write(Array(list.utf8), to: folder.appending("list.urls"))
  let settings = ["PUSH": Place.program("qtbx-push").string, "URL": url].merging(plain) { $1 }.merging(environment) { $1 }
  return try await run("/bin/bash", ["-c", script], in: folder, environment: settings)
}

/// The kinds of the lines of a journal, without the first: `intent`, `done`, ….
func states(_ folder: FilePath) throws -> [String] { try journal(folder).map { $0[0] } }

/// The fields of the lines of a journal, without the first.
func journal(_ folder: FilePath) throws -> [[String]] {
  String(decoding: try Files.read(folder.appending("journal")) ?? [], as: UTF8.self).split(separator: "\n").dropFirst().map {
    $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
  }
}

/// How often a title was received.
func count(_ title: String, _ server: FaultServer) throws -> Int {
  try server.received.count { ($0.body + "&" + $0.path).split { "?&".contains($0) }.contains { $0 == "title=\(title)" } }
}
