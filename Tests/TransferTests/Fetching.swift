import Support
import SystemPackage

/// A page of an asset group list; `next` is the query of the WARNING's URL, on a host that must never be asked.
func page(_ ids: ClosedRange<Int>, next: String? = nil, root: String = "ASSET_GROUP_LIST_OUTPUT", pad: String = "") -> String {
  let records = ids.map { "      <ASSET_GROUP><ID>\($0)</ID><TITLE><![CDATA[Group \($0) & <more>]]></TITLE>\(pad)</ASSET_GROUP>\n" }.joined()
  return "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<!DOCTYPE \(root) SYSTEM \"https://api.example.com/x.dtd\">\n<\(root)>\n  <RESPONSE>\n"
    + "    <DATETIME>2026-11-22T02:35:55Z</DATETIME>\n    <ASSET_GROUP_LIST>\n\(records)    </ASSET_GROUP_LIST>\n" + (next.map(warning) ?? "")
    + "  </RESPONSE>\n</\(root)>\n<!-- keep-alive //-->\n"
}

/// A WARNING as the service writes it.
func warning(_ query: String) -> String {
  "    <WARNING>\n      <CODE>1980</CODE>\n      <TEXT>There is more.</TEXT>\n"
    + "      <URL><![CDATA[\nhttps://elsewhere.example/api/9.9/fo/other/?\(query)\n]]></URL>\n    </WARNING>\n"
}

/// A page of a tag search.
func tags(_ ids: ClosedRange<Int>?, more: Bool, lastID: Int?) -> String {
  let records = (ids.map { Array($0) } ?? []).map { "    <Tag><id>\($0)</id><name>t\($0)</name></Tag>\n" }.joined()
  return
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ServiceResponse>\n  <responseCode>SUCCESS</responseCode>\n  <count>\(ids?.count ?? 0)</count>\n"
    + "  <hasMoreRecords>\(more)</hasMoreRecords>\n" + (lastID.map { "  <lastId>\($0)</lastId>\n" } ?? "")
    + "  <data>\n\(records)  </data>\n</ServiceResponse>\n"
}

/// A plan in which every list of asset groups takes the next step.
func listing(_ steps: String...) -> String { "{\"GET \(path)\":[\(steps.joined(separator: ","))]}" }

/// A plan in which every tag search takes the next step.
func searching(_ steps: String...) -> String { "{\"POST /qps/rest/2.0/search/am/tag\":[\(steps.joined(separator: ","))]}" }

/// Runs `qtbx-fetch` in a folder. Waits are a hundredth of what they are.
func fetch(
  _ resource: String, from url: String, in folder: FilePath, _ options: [String] = [], environment: [String: String] = [:], scale: String = "0.01"
) async throws -> Outcome {
  try await run(
    Place.program("qtbx-fetch"), [resource, "--server", url, "--time-scale", scale] + options, in: folder,
    environment: plain.merging(environment) { $1 })
}

/// Runs a shell script with `FETCH` as the program.
func fetchScript(_ script: String, from url: String, in folder: FilePath, environment: [String: String] = [:]) async throws -> Outcome {
  let settings = ["FETCH": Place.program("qtbx-fetch").string, "URL": url].merging(plain) { $1 }.merging(environment) { $1 }
  return try await run("/bin/bash", ["-c", script], in: folder, environment: settings)
}

/// What a fetch has left in its folder, apart from what the server keeps there.
func left(_ folder: FilePath) -> [String] {
  Files.names(in: folder).filter { !["plan.json", "log.jsonl", "port", "errors"].contains($0) }
}
