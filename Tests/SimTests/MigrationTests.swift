import Support
import SystemPackage
import Testing

/// scripts/rehearse and scripts/migrate.mk: a migration from end to end, between two servers.
@Suite struct MigrationTests {
  /// Starts a source beside the target that `rehearse` has started. `migrate` runs the graph; its messages are in `said`.
  private static let source = """
    demo=$fixtures/demo; scripts=$fixtures/../scripts; export PATH=$programs:$PATH q_username=rehearsal q_password=any
    qtbx-sim --port 0 --exit-after-seconds 120 --load "$demo/source" > source-port 2> source-said &
    one=$!; trap 'kill $one; stop' EXIT
    for _ in $(seq 200); do [ -s source-port ] && break; sleep 0.05; done
    from=$(sed -n 's/^listening on //p' source-port)
    migrate() {
      local status=0
      make --no-print-directory -f "$scripts/migrate.mk" source=$from target=$url out=out distribution_groups="$demo/distribution-groups.csv" "$@" \\
        2>> messages || status=$?
      echo $status
    }
    # How many requests have created something, and how often the most frequent one.
    created() { python3 -c "
    import collections, json
    made = [(one['path'], one['body']) for one in map(json.loads, open('log'))
            if (one['parameters'].get('action') in ('add', 'create', 'import') or 'create/am/tag' in one['path']) and not one['fault'].startswith('409')]
    print(len(made), max(collections.Counter(made).values()))"; }

    """
  private static let target = "--load \"$fixtures/demo/target\" --first-id 8000001"
  private static let all = [
    "8 of 8 are there", "2 of 2 are there", "2 of 2 are there", "2 of 2 are there, word for word", "2 of 2 are there", "6 of 6 are there",
    "9 of 9 are there",
  ]
  private static let verified = "cat out/verify/{asset-groups,pc-schedules,policies,policy-documents,policy-scopes,schedules,tags}"

  @Test func rehearsesFromExportFiles() async throws {
    let lines = try await Files.withScratch { folder in
      let script = """
        set -eu
        programs=$1; root=$2
        mkdir taken; ! "$root/scripts/rehearse" "$root/fixtures/demo/source" "$root/fixtures/demo/target" taken 2> refused; cat refused
        for time in 1 2; do
          qtbx_programs=$programs "$root/scripts/rehearse" "$root/fixtures/demo/source" "$root/fixtures/demo/target" out -j2 \\
            distribution_groups="$root/fixtures/demo/distribution-groups.csv" 2> said
          \(Self.verified)
        done
        grep -c '<ASSET_GROUP>' out/target-saved/asset-groups.xml; wc -l < out/sent/schedules.tsv
        # Its servers are gone.
        ! curl -s -o nothing --noproxy '*' "$(sed -n 's/^listening on //p' out/servers/target)/msp/about.php"
        """
      let outcome = try await shell(script, [Place.programs.string, Place.root.string], in: folder)
      if outcome.status != 0 { throw Failure(text: outcome.outputText + outcome.errorText) }
      return outcome.outputText.split(separator: "\n").map { String($0) }
    }
    #expect(lines == ["rehearse: taken is there, and not from a rehearsal"] + Self.all + Self.all + ["9", "6"])
  }

  @Test func saysWhatItWouldDo() async throws {
    let lines = try await rehearse(
      Self.target,
      Self.source + """
        migrate -n > plan; grep -c '^qtbx-push' plan; ls out 2> nothing || echo none; wc -l < log
        migrate lists; ls out/lists; migrate verify; grep -c '"action":"create"' log
        : > messages; wc -l < log > before; migrate verify; cat messages; wc -l < log | diff - before
        """)
    #expect(
      lines == [
        "6", "none", "0", "0", "asset-groups-rewrite.tsv", "asset-groups.tsv",
        "asset-groups.txt", "asset-groups.urls", "asset-groups.xml", "policies.tsv", "policies.txt", "policies.urls", "tags-restructure.tsv",
        "tags.tsv", "tags.txt", "tags.urls", "tags.xml", "0",
        "8",
        "0",
      ])
  }

  /// After a lost answer, a reset, a limit and the end of everything the same command goes on, and nothing is created twice.
  @Test func goesOnAfterABadDay() async throws {
    let lines = try await rehearse(
      Self.target
        + " --fault 'POST /api/2.0/fo/asset/group/: ok*3, lost, ok' --fault 'POST /qps/rest/2.0/create/: ok*2, reset, ok'"
        + " --fault 'POST /api/2.0/fo/schedule/: 409 1965 wait=1, ok' --fault 'GET /api/2.0/fo/asset/group/: ok slow=20, ok'",
      Self.source + """
        migrate; grep -o '[0-9]* done, .* unknown:' messages; ls out/sent | grep tsv
        migrate; grep -o '[0-9]* done, .* unknown:' messages | tail -1
        # Killed with all that it has started, while it waits for a list.
        setsid bash -c "$(declare -f migrate); scripts=$scripts from=$from url=$url demo=$demo; migrate refused=accept" &
        run=$!; until [ -s out/sent/asset-groups.tsv ]; do sleep 0.05; done; sleep 0.5; kill -KILL -- -$run; wait $run || true
        ls out/after | grep -c 'xml$' || true
        migrate refused=accept; \(Self.verified); created
        """)
    #expect(
      lines == [
        "2", "7 done, 0 already done, 0 refused, 1 unknown:", "asset-groups.tsv.part", "2", "0 done, 7 already done, 0 refused, 1 unknown:", "0", "0",
      ] + Self.all + ["27 1"])
  }

  /// What was sent is not sent again because its record has changed; what was refused and is mended is.
  @Test func stopsAtRecordsThatHaveChanged() async throws {
    let lines = try await rehearse(
      Self.target + " --fault 'POST /api/2.0/fo/schedule/scan/: ok, 400 1905, ok'",
      Self.source + """
        migrate out/sent/asset-groups.tsv; migrate out/sent/schedules.tsv; grep -o '[0-9]* done, .* unknown' messages | tail -1
        # The second one is mended, and sent. The first one has changed.
        sed -i '/7400002/,/START_HOUR/s/<START_HOUR>1</<START_HOUR>2</' out/source/schedules.xml; migrate out/sent/schedules.tsv
        grep -o '[0-9]* done, .* unknown' messages | tail -1
        sed -i '/7400001/,/START_HOUR/s/<START_HOUR>22</<START_HOUR>21</' out/source/schedules.xml; migrate out/sent/schedules.tsv
        grep -o 'migrate: .*other contents' messages; get "$vm?action=list" | grep -c '<SCAN>'; touch out/source/asset-groups.xml
        migrate out/sent/asset-groups.tsv; grep -o '[0-9]* done, .* unknown' messages | tail -1
        migrate out/sent/schedules.tsv changed=send; grep -o '[0-9]* done, .* unknown' messages | tail -1
        """)
    #expect(
      lines == [
        "0", "2", "5 done, 0 already done, 1 refused, 0 unknown", "0", "1 done, 5 already done, 0 refused, 0 unknown", "2",
        "migrate: schedules: 7400001: sent before with other contents", "6", "0", "0 done, 8 already done, 0 refused, 0 unknown", "0",
        "1 done, 5 already done, 0 refused, 0 unknown",
      ])
  }

  @Test func namesWhatIsNotTheSame() async throws {
    let lines = try await rehearse(
      Self.target,
      Self.source + """
        migrate push
        # Somebody is at work in the target meanwhile.
        id=$(get "$ag?action=list&title=Plant" | sed -n 's/.*<ID>\\(.*\\)<.*/\\1/p'); post $ag -d "action=edit&id=$id&set_comments=changed" > answer
        id=$(search '<ServiceRequest><filters><Criteria field="name" operator="EQUALS">Environment</Criteria></filters></ServiceRequest>' | sed -n 's/.*<id>\\(.*\\)<.*/\\1/p' | head -1)
        xml /qps/rest/2.0/update/am/tag/$id '<ServiceRequest><data><Tag><color>#123456</color></Tag></data></ServiceRequest>' | code
        rm out/after/*; : > messages; migrate -k; grep -o 'verify: .*' messages | sed 's/: see.*//' | sort
        grep -c comments=changed out/verify/asset-groups.more; grep -c '#123456' out/verify/tags.more; cat out/verify/schedules
        """)
    #expect(
      lines == [
        "0", "SUCCESS", "2", "verify: asset-groups: 1 of 8 requests are not what the target says",
        "verify: tags: 1 of 9 requests are not what the target says", "1", "1", "6 of 6 are there",
      ])
  }
}
