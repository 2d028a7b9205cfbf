import Support
import SystemPackage

/// Starts a rehearsal on a free port, runs a shell script against it, and stops it, whatever the script does.
///
/// The script has `$url`, `$programs`, `$fixtures`, and the functions `get PATH`, `post PATH FORM…`, `xml PATH BODY`, `code` (the CODE of
/// an answer, or "none") and `search BODY`. Requests are in `log`, the saved files in `saved` once it has called `stop`.
func rehearse(_ options: String = "", files: [String: String] = [:], _ script: String) async throws -> [String] {
  try await Files.withScratch { folder in
    for (name, text) in files { try Files.write(Array(text.utf8), to: folder.appending(name)) }
    let outcome = try await shell(prelude(options) + script, [Place.programs.string, Place.root.appending("fixtures").string], in: folder)
    if outcome.status != 0 { throw Failure(text: "status \(outcome.status)\n\(outcome.outputText)\n\(outcome.errorText)") }
    return outcome.outputText.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map { String($0) }
  }
}

/// The beginning of a script for `rehearse`: a second server beside the target, the source, with what the demo has there.
///
/// The script has `$from`, `$demo`, `$scripts`, and the function `seal`, which seals the secrets of the demo:
/// `"${sealed[@]}"` is what the makefile of a migration is told of them.
///
/// - Parameters:
///   - options: of the source; without a user of its own, each user is `rehearsal`.
///   - expression: for sed, what is changed in these files of the source.
func sourceOfDemo(_ options: String = "", changed expression: String = "", in files: [String] = []) -> String {
  let isOfAnyUser = !options.contains("--user")
  return """
    demo=$fixtures/demo; scripts=$fixtures/../scripts; export PATH=$programs:$PATH q_password=any \(isOfAnyUser ? "q_username=rehearsal" : "")
    cp -r "$demo/source" loaded-source; chmod -R u+w loaded-source
    \(files.map { "sed -i '\(expression)' loaded-source/\($0)" }.joined(separator: "\n"))
    qtbx-sim --port 0 --exit-after-seconds 400 \(options) --load loaded-source > source-port 2> source-said &
    one=$!; trap 'kill $one; stop' EXIT
    for _ in $(seq 200); do [ -s source-port ] && break; sleep 0.05; done
    from=$(sed -n 's/^listening on //p' source-port)
    seal() { echo 'a passphrase of no other file' > pass; qtbx-secrets seal --passphrase-command 'cat pass' "$demo/secrets.csv" > sealed 2> sealing; }
    sealed=(secrets=sealed secret_options="--passphrase-command 'cat pass'")

    """
}

struct Failure: Error { var text: String }

private func prelude(_ options: String) -> String {
  """
  set -euo pipefail
  programs=$1; fixtures=$2
  "$programs/qtbx-sim" --port 0 --exit-after-seconds 300 --log-requests log \(options) > port 2> said &
  pid=$!
  stop() { [ -z "$pid" ] || { kill "$pid" 2>/dev/null; wait "$pid" || true; pid=; }; }
  trap stop EXIT
  for _ in $(seq 200); do [ -s port ] && break; kill -0 "$pid" || { cat said >&2; exit 9; }; sleep 0.05; done
  url=$(sed -n 's/^listening on //p' port)
  ask() { curl -sS -u rehearsal:any -H 'X-Requested-With: test' --noproxy '*' --max-time 30 "$@"; }
  get() { ask "$url$1"; }
  post() { ask "$url$1" "${@:2}"; }
  xml() { ask -H 'Content-Type: text/xml' --data-binary "$2" "$url$1"; }
  search() { xml /qps/rest/2.0/search/am/tag "$1"; }
  code() { sed -n 's/.*<CODE>\\(.*\\)<\\/CODE>.*/\\1/p; s/.*<responseCode>\\(.*\\)<\\/responseCode>.*/\\1/p' | grep . || echo none; }
  id() { sed -n '/<KEY>[Ii][Dd]</{n;s/[^0-9]//g;p}'; }
  ag=/api/2.0/fo/asset/group/; net=/api/2.0/fo/network/; app=/api/2.0/fo/appliance/; pol=/api/4.0/fo/compliance/policy/
  vm=/api/2.0/fo/schedule/scan/; pc=/api/2.0/fo/schedule/scan/compliance/; tag=/qps/rest/2.0/create/am/tag

  """
}

/// Ten asset groups, ids 4000001 to 4000010.
let groups: String = {
  let records = (1...10).map { number in
    """
          <ASSET_GROUP>
            <ID>\(4_000_000 + number)</ID>
            <TITLE><![CDATA[Group \(number) & <more>]]></TITLE>
            <NETWORK_ID>0</NETWORK_ID>
            <!-- kept as it is -->
            <IP_SET><IP>10.0.0.\(number)</IP></IP_SET>
          </ASSET_GROUP>
    """
  }
  return """
    <?xml version="1.0" encoding="UTF-8" ?>
    <ASSET_GROUP_LIST_OUTPUT>
      <RESPONSE>
        <DATETIME>2031-02-01T08:00:00Z</DATETIME>
        <ASSET_GROUP_LIST>
    \(records.joined(separator: "\n"))
        </ASSET_GROUP_LIST>
      </RESPONSE>
    </ASSET_GROUP_LIST_OUTPUT>

    """
}()

/// A policy of two controls of the service and one of a user.
let policy = """
  <?xml version="1.0" encoding="UTF-8" ?>
  <POLICY_EXPORT_OUTPUT>
    <RESPONSE>
      <DATETIME>2031-01-02T03:04:05Z</DATETIME>
      <POLICY>
        <TITLE><![CDATA[Baseline]]></TITLE>
        <EXPORTED><![CDATA[2031-01-02T03:04:05Z]]></EXPORTED>
        <COVER_PAGE><![CDATA[ours]]></COVER_PAGE>
        <STATUS><![CDATA[active]]></STATUS>
        <TECHNOLOGIES total="1"><TECHNOLOGY><ID>11</ID><NAME>Unix</NAME></TECHNOLOGY></TECHNOLOGIES>
        <SECTIONS total="1">
          <SECTION>
            <NUMBER>1</NUMBER>
            <HEADING><![CDATA[Accounts]]></HEADING>
            <CONTROLS total="3">
              <CONTROL>
                <ID>1045</ID>
                <CRITICALITY><LABEL><![CDATA[SERIOUS]]></LABEL><VALUE>3</VALUE></CRITICALITY>
                <TECHNOLOGIES total="1"><TECHNOLOGY><ID>11</ID><EVALUATE><V><![CDATA[old]]></V></EVALUATE></TECHNOLOGY></TECHNOLOGIES>
              </CONTROL>
              <CONTROL><ID>1046</ID><TECHNOLOGIES total="1"><TECHNOLOGY><ID>11</ID></TECHNOLOGY></TECHNOLOGIES></CONTROL>
              <USER_DEFINED_CONTROL><ID>100005</ID></USER_DEFINED_CONTROL>
            </CONTROLS>
          </SECTION>
        </SECTIONS>
      </POLICY>
    </RESPONSE>
  </POLICY_EXPORT_OUTPUT>

  """
