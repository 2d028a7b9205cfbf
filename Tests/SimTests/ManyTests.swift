import Glibc
import Support
import SystemPackage
import Testing

/// scripts/many, with two hosts that are real ones for ssh: two servers on loopback that share a folder. One of them is killed in the middle.
@Suite struct ManyTests {
  static let tools = ["/usr/sbin/sshd", "/usr/bin/ssh", "/usr/bin/parallel"]

  @Test(.enabled(if: tools.allSatisfy { Files.exists(FilePath($0)) }, "sshd, ssh or GNU parallel is not installed"))
  func everythingIsThereOnceThoughAHostIsKilled() async throws {
    try await Files.withScratch { folder in
      let outcome = try await shell(Self.script, [Place.programs.string, Place.root.string], in: folder)
      #expect(outcome.status == 0, "\(outcome.outputText.suffix(3000))\n\(outcome.errorText.suffix(3000))")
    }
  }

  @Test(.enabled(if: Files.exists("/usr/bin/parallel"), "GNU parallel is not installed"))
  func twoFoldersOfOneTargetAreRefused() async throws {
    try await Files.withScratch { folder in
      let outcome = try await shell(
        """
        PATH=$1:$PATH
        # By whatever name.
        for target in t.example.com https://T.example.com.:443; do
          name=$([ -e a ] && echo b || echo a)
          qtbx-migrate init --out $name --source s$name.example.com --target $target --target-user same > nothing; echo $name
        done > folders
        "$2/scripts/many" push folders
        """, [Place.programs.string, Place.root.string], in: folder)
      #expect(outcome.status == 1)
      #expect(outcome.errorText == "many: b and a have the same target: same at t.example.com\\n".replacing("\\n", with: "\n"))
    }
  }

  /// Programs of other people that take their time, and note it.
  private static let slow = #"""
    set -u
    many=$1/scripts/many
    mkdir bin
    cat > bin/qtbx-migrate << 'END'
    #!/bin/sh
    [ "$1" != account ] || { echo "any at $3.example.com"; exit 0; }
    echo "$3" >> begun
    trap 'echo "$3" >> stopped; exit 143' TERM
    sleep "${seconds:-30}" & wait
    echo "$3" >> ended
    END
    chmod +x bin/qtbx-migrate
    PATH=$PWD/bin:$PATH
    for name in a b c d; do mkdir $name; printf 'target = %s.example.com\ntarget-user = any\n' $name > $name/settings; echo $name; done > folders
    begun() { for _ in $(seq 200); do [ ! -s begun ] || return 0; sleep 0.05; done; echo 'nothing has begun'; exit 1; }

    """#

  /// What runs is ended, nothing else is begun, and the log is locked until then.
  @Test(
    .enabled(if: Files.exists("/usr/bin/parallel"), "GNU parallel is not installed"), arguments: [("TERM", 143), ("INT", 130), ("HUP", 129)])
  func aSignalEndsAll(_ one: (signal: String, status: Int)) async throws {
    try await Files.withScratch { folder in
      let outcome = try await shell(
        Self.slow + #"""
          # What is started in the background ignores SIGINT, unless it has a group of its own.
          set -m
          "$many" --jobs 1 push folders > said 2>&1 & run=$!
          set +m
          begun
          flock -n folders.push.log.lock true && echo 'the log is not locked'
          kill -$2 $run; wait $run; echo $?
          flock -n folders.push.log.lock true || echo 'the log is locked still'
          sleep 0.5
          paste -sd ' ' begun stopped; [ ! -e ended ] || echo 'one went on'; cat folders.push.log; grep many: said
          """#, [Place.root.string, one.signal], in: folder)
      let expected = "\(one.status)\na\na\nmany: stopped: the same command goes on\n"
      #expect(outcome.outputText == expected, "\(outcome.outputText)\(outcome.errorText)")
    }
  }

  /// Who is killed can tell nobody: the system does.
  @Test(.enabled(if: Files.exists("/usr/bin/parallel"), "GNU parallel is not installed"))
  func whoIsKilledLeavesNothingThatGoesOn() async throws {
    try await Files.withScratch { folder in
      let outcome = try await shell(
        Self.slow + #"""
          "$many" --jobs 1 push folders > said 2>&1 & run=$!
          begun
          kill -KILL $run; wait $run 2> /dev/null
          for _ in $(seq 100); do [ ! -e stopped ] || break; sleep 0.05; done
          sleep 0.5; paste -sd ' ' begun stopped
          """#, [Place.root.string], in: folder)
      #expect(outcome.outputText == "a\na\n", "\(outcome.outputText)\(outcome.errorText)")
    }
  }

  /// A second run with a log of its own does not write over what the first one says.
  @Test(.enabled(if: Files.exists("/usr/bin/parallel"), "GNU parallel is not installed"))
  func whatIsSaidOfAFolderIsOfOneRun() async throws {
    try await Files.withScratch { folder in
      let outcome = try await shell(
        Self.slow + #"""
          export seconds=2
          sed -i '2a echo what was said' bin/qtbx-migrate
          "$many" --jobs 4 plan folders > said & run=$!
          for _ in $(seq 200); do [ "$(cat begun 2> /dev/null | wc -l)" -lt 4 ] || break; sleep 0.05; done
          "$many" --log other plan folders | sort; echo ${PIPESTATUS[0]}
          wait $run; cat a.plan.said; sort said; cut -f 2 other | paste -sd ' '
          """#, [Place.root.string], in: folder)
      let busy = "abcd".map { "\($0): failed: another run is at work\n" }.joined()
      let done = "abcd".map { "\($0): done\n" }.joined()
      #expect(outcome.outputText == busy + "1\nwhat was said\n" + done + "3 3 3 3\n", "\(outcome.outputText)\(outcome.errorText)")
    }
  }

  /// Names come from a file, and a terminal shows them.
  @Test(arguments: [
    (#"printf 'a\r\n' > list"#, 1, #"many: $'a\r': a name with other characters than letters, digits and ._/-"#),
    (#"printf '\033[31ma\n' > list"#, 1, #"many: $'\E[31ma': a name with other characters than letters, digits and ._/-"#),
    ("mkdir list", 3, "many: list cannot be read"), (": > list", 1, "many: list names no folder"),
    (#"printf 'a\na/\n' > list"#, 1, "many: a and a have the same target: any at a.example.com"),
    (#"printf 'a//\n' > list; export seconds=0"#, 0, "many: 1 done, 0 not"),
  ]) func aListIsRead(_ one: (list: String, status: Int, said: String)) async throws {
    try await Files.withScratch { folder in
      let outcome = try await shell(
        Self.slow + one.list + #"""

          "$many" fetch list > output; status=$?
          [ ! -e a/.fetch.said ] || echo 'what is said is in the folder'
          [ $status -ne 0 ] || [ -e a.fetch.said ] || echo 'nothing is said'
          exit $status
          """#, [Place.root.string], in: folder)
      #expect(Int(outcome.status) == one.status && outcome.outputText.isEmpty, "\(outcome.outputText)")
      #expect(outcome.errorText == one.said + "\n")
    }
  }

  /// The table on the page is what the simulation prints. With `QTBX_RECORD=1` it is written instead.
  @Test func thePageHasTheTableOfTheSimulation() async throws {
    let path = Place.root.appending("docs").appending("many.md")
    let page = String(decoding: try Files.read(path) ?? [], as: UTF8.self)
    let begin = try #require(page.firstRange(of: "<!-- simulated: scripts/simulate-many -->\n\n"))
    let end = try #require(page.firstRange(of: "\n<!-- end of simulated -->"))
    let outcome = try await run(Place.root.appending("scripts").appending("simulate-many"), [])
    #expect(outcome.status == 0, "\(outcome.errorText)")
    let expected = String(page[..<begin.upperBound]) + outcome.outputText + page[end.lowerBound...]
    if getenv("QTBX_RECORD") != nil { try Files.write(Array(expected.utf8), to: path) } else { #expect(page == expected) }
  }

  /// What can be computed by hand: no waiting, and then no computing.
  @Test(arguments: [
    // 100 times 900 seconds on two processors, however many are moved at a time.
    (["--hosts", "1", "--jobs", "100", "--latency", "0,0", "--class", "x:1:900:1"], "| 1 | 12.5 |"),
    (["--hosts", "1,2", "--jobs", "2", "--latency", "0,0", "--class", "x:1:900:1"], "| 1 | 12.5 |\n| 2 | 6.2 |"),
    // One at a time, and all at a time, of 601 calls: two hours after the first window.
    (["--count", "4", "--hosts", "1,4", "--jobs", "1", "--latency", "0,0", "--class", "x:1:0:601"], "| 1 | 8.0 |\n| 4 | 2.0 |"),
    (["--count", "4", "--hosts", "1", "--jobs", "1,4", "--latency", "9,9", "--class", "x:1:0:100,100"], "| 1 | 2.0 | 0.5 |"),
  ])
  func theSimulationComputes(_ one: (options: [String], rows: String)) async throws {
    let outcome = try await run(Place.root.appending("scripts").appending("simulate-many"), one.options)
    #expect(outcome.outputText.hasSuffix(one.rows + "\n"), "\(outcome.outputText)\(outcome.errorText)")
  }

  private static let script = #"""
    set -Eeuo pipefail
    export PATH=$1:$PATH
    root=$2 here=$PWD count=6
    mkdir ssh others
    ssh-keygen -q -t ed25519 -N '' -f ssh/host; ssh-keygen -q -t ed25519 -N '' -f ssh/user
    [ "$(id -u)" != 0 ] || mkdir -p /run/sshd
    ports=($(python3 -c '
    import socket
    taken = [socket.socket() for _ in range(2)]
    for one in taken: one.bind(("127.0.0.1", 0))
    print(*[one.getsockname()[1] for one in taken])'))
    for n in 0 1; do
      printf '%s\n' "Port ${ports[$n]}" 'ListenAddress 127.0.0.1' "HostKey $here/ssh/host" "AuthorizedKeysFile $here/ssh/user.pub" "PidFile none" \
        'StrictModes no' 'UsePAM no' 'PasswordAuthentication no' 'PermitRootLogin yes' "SetEnv PATH=$PATH" > ssh/config$n
      timeout 900 /usr/sbin/sshd -D -e -f ssh/config$n 2> ssh/log$n & echo $! > ssh/pid$n
      echo "3/ssh -p ${ports[$n]} -i $here/ssh/user -o UserKnownHostsFile=$here/ssh/known -o StrictHostKeyChecking=accept-new -o BatchMode=yes $(id -un)@127.0.0.1" >> hosts
    done
    trap 'kill $(jobs -p) 2> /dev/null || true; wait' EXIT
    skip=$(qtbx-fetch --list-resources --format make | sed -n 's/^order *:*= *//p' | tr ' ' '\n' | grep -vx -e tags -e static-search-lists | paste -sd ' ')
    for i in $(seq $count); do
      for side in source target; do
        # The first answer to a tag waits, so that there is a middle.
        qtbx-sim --port 0 --user $side$i --load "$root/fixtures/demo/$side" --exit-after-seconds 900 --log-requests others/$side$i.jsonl \
          --fault 'POST /qps/rest/2.0/create/am/tag: slow=3, ok' > others/$side$i 2> /dev/null &
        (umask 077; echo "machine 127.0.0.1 login $side$i password any" > m$i.$side.netrc)
      done
    done
    for i in $(seq $count); do
      for side in source target; do for _ in $(seq 300); do [ -s others/$side$i ] && break; sleep 0.1; done; done
      qtbx-migrate init --out m$i --source "$(sed -n 's/^listening on //p' others/source$i)" --target "$(sed -n 's/^listening on //p' others/target$i)" \
        --source-netrc-file m$i.source.netrc --target-netrc-file m$i.target.netrc --send-email no --skip "$skip" > /dev/null
      echo m$i
    done > folders

    # All that a process has started.
    below() { for child in $(pgrep -P "$1"); do echo $child; below $child; done; }
    kill_a_host() {
      # When it is sending.
      for _ in $(seq 1200); do
        for one in $(below "$(cat ssh/pid0)"); do [ "$(cat /proc/$one/comm 2> /dev/null)" != qtbx-push ] || { kill -9 $(cat ssh/pid0) $(below "$(cat ssh/pid0)"); echo killed > killed; return; }; done
        sleep 0.05
      done
    }
    kill_a_host &
    "$root/scripts/many" --hosts hosts push folders > said 2>&1 || true
    # What a person does then: the request that was under way may have been done. Whatever has outlived its host keeps its folder locked until it has ended.
    # The service may be at work on such a request for minutes, this one is for seconds.
    for _ in $(seq 10); do
      if "$root/scripts/many" --hosts hosts push folders --resolve --push-options=--settle=5 >> said 2>&1; then break; fi
      sleep 3
    done
    cat said folders.push.log
    [ -e killed ]
    grep -q '	255	' folders.push.log
    grep -q 'many: 6 done, 0 not' said || { for one in $(awk -F '\t' '$2 != 0 { print $1 }' folders.push.log | sort -u); do tail -n 4 $one.push.said; done; exit 1; }
    "$root/scripts/many" verify folders
    for i in $(seq $count); do
      jq -r 'select(.method == "POST") | select(.path | test("create|search_list")) | select(.parameters.action != "list") | [.path, .parameters, .body] | tostring' \
        others/target$i.jsonl > sent$i
      [ "$(wc -l < sent$i)" -gt 5 ]
      sort sent$i | uniq -d > twice
      [ ! -s twice ]
    done
    """#
}
