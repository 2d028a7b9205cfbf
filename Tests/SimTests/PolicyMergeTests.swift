import Support
import Testing

/// `qtbx-policy-merge` against a rehearsal: the whole job, on good days and on bad ones.
@Suite struct PolicyMergeTests {
  // MARK: The stage

  /// A control with one value for each technology.
  private static func control(_ cid: Int, _ value: String, technologies: [Int] = [11]) -> String {
    let list = technologies.map {
      "<TECHNOLOGY><ID>\($0)</ID><NAME>Example OS \($0)</NAME><EVALUATE><CTRL><DP><V><![CDATA[\(value) <b> & \"c\" ]]></V></DP></CTRL></EVALUATE></TECHNOLOGY>"
    }
    return """
                  <CONTROL>
                    <ID>\(cid)</ID>
                    <CRITICALITY><LABEL><![CDATA[SERIOUS]]></LABEL><VALUE>3</VALUE></CRITICALITY>
                    <TECHNOLOGIES total="\(list.count)">\(list.joined())</TECHNOLOGIES>
                  </CONTROL>

      """
  }

  private static func policy(_ title: String, _ sections: [(heading: String, controls: [String])]) -> String {
    let list = sections.enumerated().map { number, section in
      """
              <SECTION>
                <NUMBER>\(number + 1)</NUMBER>
                <HEADING><![CDATA[\(section.heading)]]></HEADING>
                <CONTROLS total="\(section.controls.count)">
      \(section.controls.joined())          </CONTROLS>
              </SECTION>

      """
    }
    return """
      <?xml version="1.0" encoding="UTF-8" ?>
      <POLICY_EXPORT_OUTPUT>
        <RESPONSE>
          <DATETIME>2031-01-02T03:04:05Z</DATETIME>
          <POLICY>
            <TITLE><![CDATA[\(title)]]></TITLE>
            <EXPORTED><![CDATA[2031-01-02T03:04:05Z]]></EXPORTED>
            <COVER_PAGE><![CDATA[cover]]></COVER_PAGE>
            <STATUS><![CDATA[active]]></STATUS>
            <TECHNOLOGIES total="1"><TECHNOLOGY><ID>11</ID><NAME>Example OS 11</NAME></TECHNOLOGY></TECHNOLOGIES>
            <SECTIONS total="\(sections.count)">
      \(list.joined())      </SECTIONS>
          </POLICY>
        </RESPONSE>
      </POLICY_EXPORT_OUTPUT>

      """
  }

  private static func new(_ title: String = "Baseline 2") -> String {
    policy(title, [("Accounts", [control(1045, "fresh"), control(1046, "fresh")]), ("Network", [control(1050, "fresh")])])
  }

  private static let old = policy(
    "Baseline",
    [("Accounts", [control(1045, "ours"), control(1049, "ours")]), ("Legacy", [control(2020, "ours")]), ("Network", [control(1050, "ours")])])

  /// Runs a script with the functions `job OPTION…` (the job, with `--cid_list` of three controls unless it is told others), `sent ACTION` (how often a
  /// call has reached the service), and `policies` (how many there are). The new policy is 9000001, the old one 9000002; `$data` is the data folder.
  private func job(sim options: String = "", new: String = new(), old: String = old, _ script: String) async throws -> [String] {
    try await rehearse(
      "--load new.xml old.xml " + options, files: ["new.xml": new, "old.xml": old],
      """
      mkdir bin
      # Waiting takes a hundredth of its time.
      for program in qtbx-fetch qtbx-push; do
        printf '#!/bin/sh\\nexec "%s" --time-scale 0.01 "$@"\\n' "$programs/$program" > bin/$program; chmod +x bin/$program
      done
      # What a killed job leaves behind goes with this folder.
      mkdir -p scratch-files
      export TMPDIR=$PWD/scratch-files PATH="$PWD/bin:$programs:$PATH" QTBX_HOME=$PWD/home q_username=rehearsal q_password=any q_api_fqdn_server=$url
      data=$PWD/home/qtbx_home/policy_merge/data
      tool="$programs/qtbx-policy-merge"
      ids='--new_policy_id=9000001 --old_policy_id=9000002'
      job() { case " $*" in *" --cid_list"*) "$tool" $ids "$@" ;; *) "$tool" $ids --cid_list=1045,1049,2020 "$@" ;; esac; }
      sent() { jq -r 'select(.parameters.action == "'$1'") | .fault' log | wc -l; }
      policies() { get "$pol?action=list" | grep -c '<POLICY>'; }
      # The first line of what a failed run says, and its status.
      fails() { if "$@" > out 2> err; then echo 'status 0'; else echo "status $?"; fi; }

      """ + script)
  }

  // MARK: A good day

  @Test func theJobIsDone() async throws {
    let lines = try await job(
      """
      job > out 2> err; cut -f 1 out; cut -f 2 out | sed 's/[0-9]/9/g'; cat err
      ls "$data" | tr '\\n' ' '; echo
      ls "$data/.." | tr '\\n' ' '; echo
      grep -c '<CONTROL>' "$data/old_policy_id_cid_list_for_merge.xml"
      get "$pol?action=export&id=9000003" | grep -c -E '\\[ours'
      cat "$data/verified"
      sent import; sent merge
      job > again; cmp out again; sent import; sent merge; sent export
      # The same server, as it was written another time.
      sed -i '/^server/s/127.0.0.1/&./' "$data/job"; job > again; cmp out again; sent import
      head -n 1 home/qtbx_home/policy_merge/log/policy_merge.log | cut -d '|' -f 2,5 ; grep -c -v '^....-..-.. ..:..:..,... | [A-Z]* | policy_merge: [0-9]* | [^|]* | [a-z_]* | [^|]*$' home/qtbx_home/policy_merge/log/policy_merge.log || true
      """)
    #expect(
      lines == [
        "9000003", "MERGED_POLICY_99999999T999999Z_Baseline_9",
        "cids import.journal import.tsv import.urls import_new_policy.xml import_new_policy_results_file.xml job merge.journal merge.tsv merge.urls "
          + "merge_report.tsv merged merged_policy_id merged_policy_id_file.xml merged_policy_results_file.xml new_policy_id.xml "
          + "offline_merged_policy.xml old_policy_id.xml old_policy_id_cid_list_for_merge.xml verified ",
        "bin config cred data lock log ", "3", "3", "every control is what was expected", "1", "1", "1", "1", "4", "1", " INFO | start ", "0",
      ])
  }

  static let titles = [
    "R&D #1", "a \"b\" 'c' <d> 100% &amp; ; + | \\ {secret:a/b/c} $(id)", "Zürich – 東京 ✓", String(repeating: "x", count: 255),
    "two\nlines\tand a tab",
    "  blanks  around  ", "-n", "=1+1",
  ]

  /// TBX-15. The title arrives as it is, whatever it holds.
  @Test(arguments: titles) func anyTitleArrives(_ title: String) async throws {
    let lines = try await job(
      new: Self.new(title),
      """
      job | cut -f 1
      title=$(jq -r 'select(.parameters.action == "import") | .parameters.title' log)
      printf '%s\\n' "$title" | sed 's/_[0-9]*T[0-9]*Z_/_/'
      """)
    #expect(lines.first == "9000003")
    let arrived = lines.dropFirst().joined(separator: "\n").drop { $0 == " " }
    #expect(arrived.hasPrefix("MERGED_POLICY_"))
    // White space becomes underscores; nothing else changes.
    let letters = arrived.dropFirst(14).filter { !$0.isWhitespace && $0 != "_" }
    #expect(letters == title.filter { !$0.isWhitespace && $0 != "_" }, "\(arrived)")
  }

  /// TBX-1 to TBX-3: one section, one control, none.
  @Test func smallPoliciesAreMerged() async throws {
    let lines = try await job(
      new: Self.policy("N", [("Accounts", [Self.control(1045, "fresh")]), ("Empty", [])]),
      old: Self.policy("O", [("Accounts", [Self.control(1045, "ours")])]),
      """
      "$tool" $ids --cid_list 1045 --log_to_console 2> err | cut -f 1
      cat "$data/verified"; grep -c '| INFO |' err > count; [ "$(cat count)" -ge 8 ] && ls home/qtbx_home/policy_merge/log
      get "$pol?action=export&id=9000003" | grep -c '\\[ours'
      """)
    #expect(lines == ["9000003", "every control is what was expected", "1"])
  }

  // MARK: What differs

  @Test func aResultThatIsNotWhatWasExpectedIsShown() async throws {
    let lines = try await job(
      old: Self.policy("O", [("Accounts", [Self.control(1045, "ours", technologies: [11, 45])])]),
      """
      fails "$tool" $ids; cut -f 1 out; grep -c 'Example OS 45\\|TECHNOLOGY\\[45\\]' err
      cut -f 1-4 "$data/differences.tsv"
      fails "$tool" $ids --differences warn; policies; sent import
      fails "$tool" $ids --add_technologies --again; cut -f 1 out; policies
      """)
    #expect(lines.prefix(2) == ["status 1", "9000003"])
    #expect(lines.contains("cid\tsection\telement\tdifference"))
    #expect(lines.contains { $0.hasPrefix("1045\tAccounts\tTECHNOLOGIES/TECHNOLOGY[45]") })
    #expect(lines.suffix(6) == ["status 0", "3", "1", "status 0", "9000004", "4"], "\(lines)")
  }

  /// A control that stands in two sections, and in the result in one of them only.
  @Test func aControlThatIsLackingInOneSectionIsShown() async throws {
    func policy(_ value: String) -> String { Self.policy("P", ["Accounts", "Network"].map { ($0, [Self.control(1045, value)]) }) }
    let lines = try await job(
      new: policy("fresh"), old: policy("ours"),
      """
      printf '#!/bin/sh\\n"%s" --time-scale 0.01 "$@" || exit\\n%s\\n' "$programs/qtbx-fetch" \
        '[ ! -e merged_policy_id_file.xml ] || sed -i "/Network/,/<.SECTION>/{/<CONTROL>/,/<.CONTROL>/d}" merged_policy_id_file.xml' > bin/qtbx-fetch
      fails "$tool" $ids --cid_list 1045; grep Network "$data/differences.tsv"
      """)
    #expect(lines == ["status 1", "1045\tNetwork\t\tlacking\tthe result does not have this control in this section"])
  }

  /// What is said of a step is true of it; what an older tool of this name needed is not needed.
  @Test func nothingIsSaidOfAListThatAStepDoesNotNeed() async throws {
    let lines = try await job(
      """
      fails job --rebuild_venv; cut -f 1 out; cat err; grep -c 'no list of CIDs' home/qtbx_home/policy_merge/log/policy_merge.log || true
      "$tool" $ids --again | cut -f 1; grep 'no list of CIDs' home/qtbx_home/policy_merge/log/policy_merge.log | cut -d '|' -f 5 | paste -sd ,
      """)
    #expect(
      lines == [
        "status 0", "9000003", "qtbx-policy-merge: start: warning: --rebuild_venv is not heeded: there is nothing to rebuild here", "0", "9000004",
        " select , merge_here ",
      ])
  }

  @Test func aPreviewChangesNothing() async throws {
    let lines = try await job(
      """
      job --preview > out; grep -c '^1045 ' out; grep -o 'Nothing was changed' out
      policies; sent import; jq -r 'select(.parameters.action == "merge") | .parameters.preview_merge' log
      grep -o '<POLICY_MERGE_RESULT_OUTPUT>' home/qtbx_home/policy_merge/preview/preview_merge_results_file.xml
      ls "$data" | wc -l; get "$pol?action=export&id=9000001" | grep -c '\\[ours' || true
      """)
    #expect(lines == ["1", "Nothing was changed", "2", "0", "1", "<POLICY_MERGE_RESULT_OUTPUT>", "0", "0"])
  }

  @Test func anOfflineMergeImportsWhatWasMergedHere() async throws {
    let lines = try await job(
      """
      job --offline_merge | cut -f 1; sent import; sent merge; cat "$data/verified"
      jq -j 'select(.parameters.action == "import") | .body' log > body; cmp body "$data/offline_merged_policy.xml" && echo 'the same bytes'
      """)
    #expect(lines == ["9000003", "1", "0", "every control is what was expected", "the same bytes"])
  }

  // MARK: The command line

  static let misuses = [
    ("--new_policy_id=9000001", "missing expected argument '--old_policy_id"), ("$ids --cid_list=", "is empty: leave it out"),
    ("$ids --cid_list=,", "is empty: leave it out"), ("$ids --cid_list=1,x", "\"x\" is no CID (entry 2)"),
    ("$ids --cid_list '1 2'", "\"1 2\" is no CID"),
    ("$ids --cid_list", "missing value for '--cid_list"), ("$ids --log_to_console=yes", "does not take any value"),
    ("--new_policy_id=9000002 --old_policy_id 9000002", "are the same"), ("$ids --cid_list=1 --cid-list 2", "--cid_list is given twice"),
    ("$ids --cid_lst=1", "unknown option '--cid_lst', perhaps '--cid_list'"), ("$ids later", "unexpected argument 'later'"),
    ("$ids '--cid_list=1; touch F'", "is no CID"),
    ("$ids --cid_file=none", "none: cannot open: No such file"), ("$ids --cid_file=", "names no file"), ("$ids --cid_file=.", ".: is a directory"),
    ("$ids --password_fd=7", "gives no password"), ("$ids --password_fd=12", "gives no password"), ("$ids --password_fd=x", "invalid"),
    ("$ids --password_command x --netrc_file y", "from one place"), ("$ids --server=http://example.com", "in clear"),
    ("$ids --execute=other", "no tool other"),
    ("$ids --differences=no", "'error' and 'warn'"), ("$ids --no_add_new --no-update-existing", "nothing to merge"),
    ("--new_policy_id=0 --old_policy_id=1", "\"0\" is none"), ("$ids --api_version=4", "a version is like 4.0"),
  ]

  /// TBX-5, TBX-19.
  @Test(arguments: misuses) func misuseIsNamed(_ line: String, _ reason: String) async throws {
    let lines = try await job("fails \"$tool\" \(line); head -n 1 err; wc -l < err; sent export; ls home F 2> /dev/null || true")
    #expect(lines.first == "status 2")
    #expect(lines.dropFirst().first?.contains(reason) == true, "\(lines)")
    #expect(lines.dropFirst(2) == ["2", "0"])
  }

  /// TBX-6, TBX-8, TBX-19: values behind a blank, no list, a control that the old policy does not have.
  @Test func theHabitsOfTheCommandLineAreKept() async throws {
    let lines = try await job(
      """
      "$tool" --execute=policy_merge --new-policy-id 9000001 --old-policy-id 9000002 | cut -f 1
      grep -c 'CONTROL>' "$data/old_policy_id_cid_list_for_merge.xml"
      printf '\\357\\273\\2771045, # the first\\r1049\\r\\n' > cids; "$tool" $ids --cid_file cids | cut -f 1; cat "$data/cids"
      fails job --cid_list '1045, 777 ,888'; head -n 1 err; sed -n 2p err; policies
      fails job --cid_list 1045,777 --missing warn; policies
      fails job --cid_list 777,888 --missing warn; head -n 2 err | tail -n 1; policies
      q_tls_verify_status=False job --cid_list 1050 2>&1 > out | grep -o 'TLS is always verified'
      """)
    #expect(
      lines == [
        "9000003", "8", "9000004", "1045", "1049", "status 1",
        "qtbx-policy-merge: select: qtbx-merge-policy: the policy does not have 2 of the 3 chosen controls (--missing warn goes on without): 777, 888",
        "qtbx-policy-merge: select: in the subscription now: nothing was created", "4", "status 0", "5", "status 1",
        "qtbx-policy-merge: select: in the subscription now: nothing was created", "5", "TLS is always verified",
      ])
  }

  // MARK: Bad days

  /// A fault, and what the first run says: the step, and what is in the subscription.
  static let faults: [(fault: String, step: String, standing: String)] = [
    ("GET /: html, ok", "export_new_policy", "nothing was created"),
    // TBX-23: an error in the clothes of a success.
    ("GET /: ok, 200 1905, ok", "export_old_policy", "nothing was created"),
    ("GET /: ok, 200 2001, ok", "export_old_policy", "nothing was created"),
    // TBX-24: half a document.
    ("GET /: ok*2, cut=300*20, ok", "verify", "merged, but not yet compared"),
    ("POST /: 409 1905, ok", "import", "nothing was created"), ("POST /: 401 2000, ok", "import", "nothing was created"),
    ("POST /: 500, ok", "import", "perhaps a policy"), ("POST /: lost, ok", "import", "perhaps a policy"),
    ("POST /: drop, ok", "import", "perhaps a policy"), ("POST /: 500 done, ok", "import", "perhaps a policy"),
    ("POST /: cut=20, ok", "import", "perhaps a policy"), ("POST /: html, ok", "import", "perhaps a policy"),
    // TBX-22: the merge fails.
    ("POST /: ok, 409 1905, ok", "merge", "without the controls of the old one"),
    ("POST /: ok, 401 2000, ok", "merge", "without the controls of the old one"),
    ("POST /: ok, 500, ok", "merge", "it is not certain"), ("POST /: ok, lost, ok", "merge", "it is not certain"),
    ("POST /: ok, drop, ok", "merge", "it is not certain"), ("POST /: ok, 500 done, ok", "merge", "it is not certain"),
    ("POST /: ok, reset=100, ok", "merge", "it is not certain"),
    ("POST /: ok, empty, ok", "merge", "it is not certain"),
  ]

  /// Whatever goes wrong is named, and the next run goes on: in the end there is one policy more, and it is what was expected.
  @Test(arguments: faults) func aFaultIsNamedAndTheNextRunGoesOn(_ one: (fault: String, step: String, standing: String)) async throws {
    let fault = one.fault.replacing(" /:", with: " /api/4.0/fo/compliance/policy/:")
    let lines = try await job(
      sim: "--fault '\(fault)'",
      """
      fails job; head -n 1 err; sed -n 2p err; sed -n 3p err
      for n in 2 3 4; do fails job > status; grep -q 'status 0' status && break; done
      cat status; cut -f 1 out; policies; cat "$data/verified"
      """)
    #expect(lines.first != "status 0")
    #expect(lines[1].hasPrefix("qtbx-policy-merge: \(one.step): "), "\(lines)")
    #expect(lines[2].contains(one.standing), "\(lines)")
    #expect(lines[3].contains("give the same command again"))
    #expect(lines.dropFirst(4) == ["status 0", "9000003", "3", "every control is what was expected"], "\(lines)")
  }

  static let moments = [
    "new_policy_id.xml", "old_policy_id_cid_list_for_merge.xml", "offline_merged_policy.xml", "import_new_policy.xml", "import.urls",
    "import.journal",
    "import.tsv", "merged_policy_id", "merge.urls", "merge.journal", "merge.tsv", "merged", "merged_policy_id_file.xml", "verified",
  ]

  /// Killed with all its programs as soon as a file is there, three times, and run again.
  @Test(arguments: moments) func killedAtAnyMomentNothingIsImportedTwice(_ file: String) async throws {
    let lines = try await job(
      """
      for run in 1 2 3; do
        setsid "$tool" $ids --cid_list=1045,1049,2020 > out 2> err & mine=$!
        for _ in $(seq 400); do [ -e "$data/\(file)" ] && break; kill -0 $mine 2> /dev/null || break; sleep 0.01; done
        kill -9 -- -$mine 2> /dev/null || true
        wait $mine 2> /dev/null || true
      done
      for run in 1 2 3; do fails job > status; grep -q 'status 0' status && break; done
      cat status; policies; cat "$data/verified"
      """)
    #expect(lines == ["status 0", "3", "every control is what was expected"])
  }

  /// The answer that a run had fetched before it was killed is still that of the import.
  @Test func anAnswerThatWasLeftBehindIsKept() async throws {
    let lines = try await job(
      sim: "--fault 'POST /api/4.0/fo/compliance/policy/: ok, 409 1905, ok'",
      """
      fails job; cd "$data"; cp import_new_policy_results_file.xml ../../../../answer; rm merged_policy_id import.tsv
      mkdir import.answers; mv import_new_policy_results_file.xml import.answers/1.xml; cd ../../../..
      fails job; cmp answer "$data/import_new_policy_results_file.xml" && sent import; ls "$data" | grep -c answers || true
      """)
    #expect(lines == ["status 4", "status 0", "1", "0"])
  }

  /// TBX-25: an answer without an id. The policy is found by its title.
  @Test func anImportWhoseAnswerNamesNoIDIsLookedUp() async throws {
    let lines = try await job(
      """
      printf '#!/bin/bash\\nset -o pipefail\\n"%s" --time-scale 0.01 "$@" | sed "s/^done\\t[0-9]*/done\\t/"\\n' "$programs/qtbx-push" > bin/qtbx-push
      job | cut -f 1; sent import; grep -o 'the answer names no id' home/qtbx_home/policy_merge/log/policy_merge.log
      """)
    #expect(lines == ["9000003", "1", "the answer names no id"])
  }

  // MARK: Signals, full disks, and what is lost on the way

  /// A signal to the job alone ends its program, too: at once if it comes again. The next run goes on.
  @Test(arguments: [true, false]) func anInterruptedJobEndsItsProgram(_ isRepeated: Bool) async throws {
    let lines = try await job(
      sim: "--fault 'GET /api/4.0/fo/compliance/policy/: ok slow=60, ok'",
      """
      "$tool" $ids --cid_list=1045 > out 2> err & mine=$!
      for _ in $(seq 400); do grep -q export log && break; sleep 0.02; done
      SECONDS=0; kill -TERM $mine\(isRepeated ? "; sleep 1.2; kill -TERM $mine" : "")
      wait $mine || echo "status $?"; [ $SECONDS -lt 30 ] && echo 'soon'; cut -d : -f 2- err
      "$tool" $ids --cid_list=1045 | cut -f 1; sent import
      """)
    #expect(
      lines == [
        "status 130", "soon", " export_new_policy: interrupted", " export_new_policy: in the subscription now: nothing was created",
        " export_new_policy: to go on: when the cause is mended, give the same command again. What is done is not done again", "9000003", "1",
      ])
  }

  /// A signal to all of them leaves `qtbx-push` the seconds in which it waits for its answer.
  @Test func anInterruptedImportWaitsForItsAnswer() async throws {
    let lines = try await job(
      sim: "--fault 'POST /api/4.0/fo/compliance/policy/: ok slow=2, ok'",
      """
      printf '#!/bin/sh\nexec "%s" "$@"\n' "$programs/qtbx-push" > bin/qtbx-push
      setsid "$tool" $ids --cid_list=1045 > out 2> err & mine=$!
      for _ in $(seq 400); do grep -qs ^intent "$data/import.journal" && break; sleep 0.02; done
      sleep 0.5; kill -TERM -- -$mine; wait $mine || echo "status $?"
      grep -c 'import: in the subscription now: the policy 9000003 "MERGED_.*", a copy of the new policy without' err; cut -f 1,2 "$data/import.tsv"
      "$tool" $ids --cid_list=1045 | cut -f 1; sent import; policies
      """)
    #expect(lines == ["status 130", "1", "done\t9000003", "9000003", "1", "3"])
  }

  /// While a program of a killed run is still at work, the next one does not begin.
  @Test func whatAKilledRunHasStartedKeepsTheNextOneOut() async throws {
    let lines = try await job(
      sim: "--fault 'POST /api/4.0/fo/compliance/policy/: ok slow=2, ok'",
      """
      "$tool" $ids --cid_list=1045,1049,2020 > out 2> err & mine=$!
      for _ in $(seq 400); do grep -qs ^intent "$data/import.journal" && break; sleep 0.02; done
      sleep 0.5; kill -9 $mine; wait $mine 2> /dev/null || true
      fails job; grep -o 'another run is at work' err
      for _ in $(seq 100); do fails job > status; grep -q 'status 3' status || break; sleep 0.1; done
      cat status; cut -f 1 out; sent import; policies; cat "$data/verified"
      """)
    #expect(lines == ["status 3", "another run is at work", "status 0", "9000003", "1", "3", "every control is what was expected"])
  }

  /// A log that cannot be written ends the run before the next step; a reader of messages that leaves, or of the result, ends nothing half done.
  @Test func whatCannotBeSaidIsNoHalfDoneWork() async throws {
    let lines = try await job(
      """
      mkdir -p home/qtbx_home/policy_merge/log; ln -s /dev/full home/qtbx_home/policy_merge/log/policy_merge.log
      fails job; head -n 1 err | cut -d / -f 1; grep -o 'policy_merge.log: cannot write: No space left on device' err; sent export
      rm home/qtbx_home/policy_merge/log/policy_merge.log
      job --log_to_console 2>&1 > out | head -n 1 | cut -d '|' -f 2 || true; sent import
      fails job; cut -f 1 out; policies
      { job > /dev/full; } 2> err || echo "status $?"; grep -o 'standard output: cannot write' err; policies
      """)
    #expect(
      lines == [
        "status 3", "qtbx-policy-merge: start: ", "policy_merge.log: cannot write: No space left on device", "0", " INFO ", "0", "status 0",
        "9000003", "3", "status 3", "standard output: cannot write", "3",
      ])
  }

  /// A file of the job that cannot be written is named, and nothing is imported that would not be known.
  @Test func aFullDiskIsNamed() async throws {
    let lines = try await job(
      """
      (ulimit -f 2; fails job); head -n 1 err | grep -c 'File too large'; sent import
      fails job; cut -f 1 out; policies
      """)
    #expect(lines == ["status 3", "1", "0", "status 0", "9000003", "3"])
  }

  /// The folder of a job is that of the script before this program: such a job goes on.
  @Test func aJobOfTheScriptGoesOn() async throws {
    let lines = try await job(
      """
      mkdir -p "$data"
      printf '%s\t%s\n' server "$url" user rehearsal new_policy_id 9000001 old_policy_id 9000002 cids 1045,1049,2020 merge '' options '1 1 0 error' \
        versions '4.0 4.0 4.0' started 2031-05-06T07:08:09Z > "$data/job"
      job; cat "$data/merge.urls"; ls "$data/.."
      """)
    #expect(
      lines == [
        "9000003\tMERGED_POLICY_20310506T070809Z_Baseline_2",
        "POST\t/api/4.0/fo/compliance/policy/?action=merge&id=9000003&update_existing_controls=1&add_new_controls=1&add_new_technologies=0"
          + "#policy=9000003\t@old_policy_id_cid_list_for_merge.xml",
        "bin", "config", "cred", "data", "lock", "log",
      ])
  }

  // MARK: The programs, and the person

  /// They are found in PATH, also in a part of it that is meant from here, or beside this one; one that is missing is named.
  @Test func theProgramsAreFound() async throws {
    let lines = try await job(
      """
      PATH=/usr/bin:/bin "$tool" $ids | cut -f 1
      PATH=bin:/usr/bin:/bin "$tool" $ids --again | cut -f 1
      mkdir alone; cp "$tool" alone/; (PATH=/usr/bin:/bin fails alone/qtbx-policy-merge $ids); cat err
      """)
    #expect(
      lines == [
        "9000003", "9000004", "status 3", "qtbx-policy-merge: qtbx-fetch is not installed: it is neither beside this program nor in PATH",
      ])
  }

  /// The password is asked for once, without echo.
  @Test func thePasswordIsAskedForOnce() async throws {
    let lines = try await job(
      """
      unset q_password
      python3 "$fixtures/../Tests/TransferTests/terminal.py" '[["Password of rehearsal: ", {"type": "Kuckuck-73-Zaun\\n"}]]' "$tool" $ids > seen
      grep -c Password seen; grep -c Kuckuck seen || true; grep -o '^9000003' seen; grep = seen
      """)
    #expect(lines == ["1", "0", "9000003", "status=0", "echo=on"])
  }

  // MARK: Other jobs, other runs

  @Test func aFinishedJobIsPutAside() async throws {
    let lines = try await job(
      """
      job | cut -f 1; job --cid_list=1050 | cut -f 1; cat "$data/cids"; cat home/qtbx_home/policy_merge/archive/*/cids | tr '\\n' ' '; echo
      job --cid_list=1050 --again | cut -f 1; ls home/qtbx_home/policy_merge/archive | wc -l
      """)
    #expect(lines == ["9000003", "9000004", "1050", "1045 1049 2020 ", "9000005", "2"])
  }

  /// A journal knows of a policy, also where nobody knows any more which job it was.
  @Test(arguments: ["rm job", ": > job"]) func aJobWhoseNameIsLostIsNotBegunAgain(_ loss: String) async throws {
    let lines = try await job(
      sim: "--fault 'POST /api/4.0/fo/compliance/policy/: ok, 409 1905, ok'",
      """
      fails job; (cd "$data"; \(loss)); fails job; cut -d : -f 3- err | sed 's/"MERGED[^"]*"/"T"/; s#/[^ ]*/data#DATA#'; sent import
      job --again | cut -f 1; policies
      """)
    #expect(
      lines == [
        "status 4", "status 1",
        " DATA has a job that is not finished, and the file job, which says which one it is, is empty or gone", " nothing was done",
        " in the subscription now: the policy 9000003 \"T\", a copy of the new policy without the controls of the old one",
        " to go on: put that file back, or say --again to put the job aside", "1", "9000004", "4",
      ])
  }

  /// A title has the second in which its job began, and tells one policy from another.
  @Test func twoJobsHaveTwoTitles() async throws {
    let lines = try await job("for run in 1 2 3; do job --again | cut -f 2; done | sort -u | wc -l")
    #expect(lines == ["3"])
  }

  /// What is left of another tool, or of another job that has created nothing, is never taken for this job's.
  @Test func staleFilesAreNotReused() async throws {
    let lines = try await job(
      """
      mkdir -p "$data"; cp old.xml "$data/new_policy_id.xml"
      job | cut -f 1; cat "$data/verified"; ls home/qtbx_home/policy_merge/archive/*
      """)
    #expect(lines == ["9000003", "every control is what was expected", "new_policy_id.xml"])
  }

  @Test func anUnfinishedJobIsNotOverrun() async throws {
    let lines = try await job(
      sim: "--fault 'POST /api/4.0/fo/compliance/policy/: ok, 409 1905, ok'",
      """
      fails job; fails job --cid_list=1050; grep -c . err; grep -o 'new_policy_id 9000001,old_policy_id 9000002,cids 1045,1049,2020' err
      grep -o 'in the subscription now: the policy 9000003' err; sent import
      fails job; policies; fails job --cid_list=1050; policies
      """)
    #expect(
      lines == [
        "status 4", "status 1", "4", "new_policy_id 9000001,old_policy_id 9000002,cids 1045,1049,2020", "in the subscription now: the policy 9000003",
        "1",
        "status 0", "3", "status 0", "4",
      ])
  }

  @Test func twoRunsAtATimeAreExcluded() async throws {
    let lines = try await job(
      sim: "--fault 'GET /api/4.0/fo/compliance/policy/: ok slow=2, ok'",
      """
      job > first & mine=$!
      for _ in $(seq 200); do [ -e "$data/job" ] && break; sleep 0.02; done
      fails job; cat err; wait $mine; cut -f 1 first; policies
      """)
    #expect(lines.first == "status 3")
    #expect(lines.dropFirst().first?.hasPrefix("qtbx-policy-merge: start: another run is at work in /") == true)
    #expect(lines.suffix(2) == ["9000003", "3"])
  }

  /// The programs run in the data folder; what the command line names is in the folder of the one who gave it.
  @Test func filesAndCommandsAreThoseOfTheFolderWhereItWasStarted() async throws {
    let lines = try await job(
      """
      unset q_password
      mkdir "it's here"; cd "it's here"
      printf '#!/bin/sh\\necho any\\n' > word; chmod +x word
      printf 'machine 127.0.0.1 login rehearsal password any\\n' > netrc; chmod 600 netrc
      openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=example.com -keyout key.pem -out ca.pem 2> /dev/null
      job --password_command 'sleep 20 > /dev/null 2>&1 & echo $! > sleeper; ./word' | cut -f 1; mkdir scratch; TMPDIR=scratch job --again --netrc_file netrc | cut -f 1; job --again --password_command ./word --cacert ca.pem | cut -f 1
      kill "$(cat sleeper)" && echo 'the lock was free meanwhile'
      """)
    #expect(lines == ["9000003", "9000004", "9000005", "the lock was free meanwhile"])
  }

  /// No program gets the password as an argument or in its environment, and no file holds it.
  @Test func thePasswordIsNowhere() async throws {
    let lines = try await job(
      """
      for program in qtbx-fetch qtbx-push qtbx-merge-policy qtbx-policies-to-urls qtbx-requests; do
        printf '#!/bin/sh\\n{ echo %s "$@"; env; } >> "%s/seen"\\nexec "%s" "$@"\\n' $program "$PWD" "$programs/$program" > bin/$program; chmod +x bin/$program
      done
      # A variable of the script's own that is exported must not carry it, either.
      export q_password=Kuckuck-73-Zaun password=none password_command=false netrc_file=none
      job | cut -f 1; grep -c '^qtbx-' seen > count; [ "$(cat count)" -ge 10 ] && grep -c Kuckuck seen || true
      grep -r -l Kuckuck home || echo 'no file'
      # The second way: a descriptor.
      unset q_password; fails job --password_fd=9 --again 9<<< Kuckuck-73-Zaun; grep -c Kuckuck seen || true
      fails job --again --password_command 'echo Kuckuck-73-Zaun'; policies
      """)
    #expect(lines == ["9000003", "0", "no file", "status 0", "0", "status 0", "5"])
  }
}
