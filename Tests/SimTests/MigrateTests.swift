import Support
import SystemPackage
import Testing

/// `qtbx-migrate`: a whole migration between two servers, and what it says in each state of its folder.
@Suite struct MigrateTests {
  // MARK: A whole migration

  /// Starts a source beside the target that `rehearse` has started, each with a user of its own, and writes the settings of a migration in `moved`.
  private static let source =
    sourceOfDemo("--user exmpl_jd") + """
      # The status, and then the last line: what comes next.
      migrate() { local status=0; qtbx-migrate "$@" --out moved > told 2>> messages || status=$?; echo "$status $(tail -n 1 told)"; }
      row() { sed -n "/^$1 /s/  */ /gp" told; }
      migrate init --source $from --target $url --source-user exmpl_jd --target-user rehearsal --send-email no
      created() { python3 -c "
      import collections, json
      made = [(one['path'], one['body']) for one in map(json.loads, open('log'))
              if (one['parameters'].get('action') in ('add', 'create', 'import') or 'create/am/tag' in one['path']) and not one['fault'].startswith('4')]
      print(len(made), max(collections.Counter(made).values()))"; }

      """
  private static let target = "--load \"$fixtures/demo/target\" --first-id 8000001"
  private static let begins = "0 next: qtbx-migrate lists --out moved  # fetches both subscriptions, and makes the first lists; nothing is changed"
  private static let left = "without secrets, vaults and auth stay behind: lists/secrets.csv says which"

  /// A lost answer, a refusal and a signal in between: each time the last line says how to go on, and in the end all is there, once.
  @Test func aMigrationIsInterruptedAndGoesOn() async throws {
    let lines = try await rehearse(
      Self.target + " --fault 'POST /api/2.0/fo/asset/group/: ok*3, lost, ok' --fault 'POST /api/2.0/fo/schedule/scan/: ok, 400 1905, ok'"
        + " --fault 'POST /qps/rest/2.0/create/: ok slow=3, ok'",
      Self.source + """
        migrate status; migrate fetch; ls moved moved/source/ips | paste -sd ' '
        migrate lists; migrate plan; grep -c '^Plan: ' told; wc -l < log > before; migrate status; migrate push -n; grep -c '^qtbx-push' told; wc -l < log | diff - before
        # Ended by a signal that reaches this program alone: it waits for what is under way.
        qtbx-migrate push --out moved > told 2>> messages & run=$!; until grep -q create/am/tag log; do sleep 0.05; done; kill -TERM $run
        status=0; wait $run || status=$?; echo $status $(tail -n 1 told)
        { qtbx-push --status -q --journal moved/sent/tags.journal 2> nothing || true; } | cut -f 1 | sort | uniq -c | sed 's/  *//'
        migrate push; row asset-groups; migrate push --resolve --push-options '--settle 0'; row asset-groups; row schedules
        migrate verify; row schedules; row restricted-ips; row others; created; sed '$d' told | diff - moved/table
        sed -i 's/- \\[ \\]/- [x]/' moved/checklist.md; migrate status; migrate status --format json; python3 -m json.tool < told > nothing
        """)
    let first = "0 next: qtbx-migrate push --out moved  # sends; look through plan.txt, lists/*.txt and checklist.md first; \(Self.left)"
    #expect(
      lines.prefix(8) == [
        Self.begins, Self.begins, "0 next: qtbx-migrate lists --out moved",
        "moved: before lock runs.tsv settings source subscriptions table  moved/source/ips: DNS-0.xml DNS-1.xml IP-0.xml IP-1.xml NETBIOS-0.xml NETBIOS-1.xml certview.xml",
        "0 next: qtbx-migrate plan --out moved  # says what would be created, is there already, or differs; nothing is changed",
        first, "1", first,
      ])
    // The dry run ends with a command.
    #expect(
      lines.dropFirst(9).dropLast() == [
        "24", "143 next: qtbx-migrate push --out moved # goes on where a signal has ended it", "1 done", "1 state",
        "8 next: mend: 1 request of which nobody knows what became: --resolve asks the target, and --refused accept goes on without, "
          + "see moved/sent/asset-groups.tsv.part; then: qtbx-migrate push --resolve --out moved",
        "asset-groups 9 8 7 0 1 - - 2",
        "4 next: mend: 1 request refused, or done in part: --refused accept goes on without, see moved/sent/schedules.tsv.part; "
          + "then: qtbx-migrate push --out moved",
        "asset-groups 9 8 8 0 0 - - 2", "schedules 6 6 5 1 0 - - 7",
        "0 next: mend: all that was sent is there; \(Self.left), or --skip leaves them out; 37 items to do by hand, see moved/checklist.md; "
          + "then: qtbx-migrate push --out moved",
        "schedules 6 6 6 0 0 6 0 7", "restricted-ips 1 - - - - 0 - 1", "others - - - - - - - 14", "48 1",
        "0 next: mend: all that was sent is there; \(Self.left), or --skip leaves them out; then: qtbx-migrate push --out moved",
      ])
    #expect(lines.last?.contains("\"next\":{\"state\":\"mend\",\"command\":\"qtbx-migrate push --out moved\",\"files\":[],") == true)
  }

  /// Refused, unknown, no answer: the status says it, as that of the program does whose run make has ended. What had no turn is never gone past.
  @Test func theStatusSaysWhatTheServerHasToDoWithIt() async throws {
    let lines = try await rehearse(
      Self.target + " --fault 'POST /api/2.0/fo/qid/search_list/static/: 409 1905, lost, ok'"
        + " --fault 'POST /api/2.0/fo/qid/search_list/dynamic/: 401, ok'",
      Self.source + """
        all=$(qtbx-fetch --list-resources --format make | sed -n 's/^order *:*= *//p' | tr ' ' '\\n' | grep -v search-lists | paste -sd ' ')
        echo "skip = $all" >> moved/settings; sent() { { ls moved/sent/*.tsv 2> nothing || true; } | paste -sd ' '; }
        for more in '' '' '--refused accept' ''; do migrate push $more | cut -c 1-60; sent; done
        ls moved | grep -c ended || true
        # Nobody is there, and then somebody is who does not know this user. Two at a time.
        for server in http://127.0.0.1:1 $url; do
          rm -rf new; qtbx-migrate init --out new --source $from --target $server --source-user exmpl_jd --target-user another > nothing
          status=0; qtbx-migrate fetch -j 2 --out new --fetch-options '--time-scale 0' > told 2>> messages || status=$?; echo $status $(tail -n 1 told)
        done
        """)
    let dynamic = "moved/sent/dynamic-search-lists.tsv"
    let fixed = "moved/sent/static-search-lists.tsv"
    #expect(
      lines == [
        Self.begins, "4 next: mend: 1 request refused, or done in part: --refused ", "",
        "8 next: mend: 1 request of which nobody knows what became: -", "",
        "4 next: mend: what is said above; then: qtbx-migrate push --", fixed,
        "0 next: qtbx-migrate verify --out moved  # fetches the targe", "\(dynamic) \(fixed)", "0",
        "9 next: qtbx-migrate fetch --out new # goes on where no answer came", "4 next: mend: what is said above; then: qtbx-migrate fetch --out new",
      ], "\(lines)")
  }

  /// A difference is looked at again when somebody has mended it.
  @Test func theTargetIsFetchedOnceMore() async throws {
    let others =
      "tags subscription vaults auth policies dynamic-search-lists option-profiles report-templates users "
      + "user-preferences schedules pc-schedules map-schedules excluded-hosts virtual-hosts ipv6-mappings domains"
    let lines = try await rehearse(
      Self.target,
      Self.source + """
        echo 'skip = \(others)' >> moved/settings; migrate verify | cut -c 1-30; row asset-groups
        id=$(get "$ag?action=list&title=Plant" | sed -n 's/.*<ID>\\(.*\\)<.*/\\1/p')
        post $ag -d "action=edit&id=$id&set_title=Plants" > answer; migrate verify | cut -c 1-30; migrate verify --again
        post $ag -d "action=edit&id=$id&set_title=Plant" > answer; migrate verify --again | cut -c 1-30; created
        """)
    #expect(
      lines == [
        Self.begins, "0 next: all is there; 34 items", "asset-groups 9 8 8 0 0 8 0 2", "0 next: all is there; 34 items",
        "2 next: mend: 2 differences between the two subscriptions, see moved/verify/asset-groups.tsv; then: qtbx-migrate verify --again --out moved",
        "0 next: all is there; 34 items", "14 1",
      ])
  }

  /// Lists with the ids of one target are never sent to another one, what was removed is fetched before anything is compared with it, and what
  /// was taken back is not sent again.
  @Test func aFolderIsOfItsSubscriptions() async throws {
    let others =
      "tags subscription vaults auth policies dynamic-search-lists option-profiles report-templates users "
      + "user-preferences schedules pc-schedules map-schedules excluded-hosts virtual-hosts ipv6-mappings domains"
    let lines = try await rehearse(
      Self.target,
      Self.source + """
        echo 'skip = \(others)' >> moved/settings; migrate verify | cut -c 1-24; sed "s#$from#ONE#; s#$url#OTHER#" moved/subscriptions
        wc -l < log > before; migrate push --target http://127.0.0.1:9 | cut -c 1-7; wc -l < log | diff - before; grep -c 'needs a folder of its own' messages
        migrate push --target-user another | cut -c 1-7; grep -c 'needs a folder of its own' messages
        # A folder of an earlier version says it by its journals.
        mv moved/subscriptions .; wc -l < log > before; migrate push --target http://127.0.0.1:9 | cut -c 1-7; wc -l < log | diff - before
        grep -o 'this journal is of .*, and the target is http://127.0.0.1:9' messages | sed "s#$url#OTHER#" | sort -u; ls moved/subscriptions 2> nothing || true
        migrate push | cut -c 1-7; diff subscriptions moved/subscriptions
        id=$(get "$ag?action=list&title=Plant" | sed -n 's/.*<ID>\\(.*\\)<.*/\\1/p'); post $ag -d "action=delete&id=$id" > answer
        migrate verify | cut -c 1-24; rm moved/after/asset-groups.xml; migrate verify; ls moved/fetched-again.mk 2> nothing || true
        rm moved/source/asset-groups.xml moved/source/networks.xml; migrate lists | cut -c 1-8; ls moved/source/asset-groups.xml moved/source/networks.xml
        migrate undo --push --yes | cut -c 1-10; wc -l < log > before; migrate push | cut -c 1-7; migrate verify | cut -c 1-7; wc -l < log | diff - before
        grep -c 'begin with a new folder' messages; migrate plan | cut -c 1-10
        """)
    #expect(
      lines == [
        Self.begins, "0 next: all is there; 34", "from exmpl_jd at ONE to rehearsal at OTHER", "2 next:", "1", "2 next:", "2",
        "2 next:", "this journal is of OTHER, and the target is http://127.0.0.1:9", "0 next:",
        "0 next: all is there; 34",
        "2 next: mend: 1 difference between the two subscriptions, see moved/verify/asset-groups.tsv; then: qtbx-migrate verify --again --out moved",
        "0 next: ", "moved/source/asset-groups.xml", "moved/source/networks.xml", "4 next: me", "2 next:", "2 next:", "2", "0 next: me",
      ])
  }

  // MARK: Taking it back

  /// Nothing is deleted that nobody has said yes to, and then what was created is gone, each thing once.
  @Test func aMigrationIsTakenBack() async throws {
    let others =
      "tags subscription vaults auth policies dynamic-search-lists option-profiles report-templates users "
      + "user-preferences schedules pc-schedules map-schedules excluded-hosts virtual-hosts ipv6-mappings domains"
    let lines = try await rehearse(
      Self.target + " --fault 'POST /api/2.0/fo/asset/group/: ok*12, 409 1905, ok'",
      Self.source + #"""
        echo 'skip = \#(others)' >> moved/settings; migrate undo; ls moved; migrate verify | cut -c 1-24
        migrate undo; wc -l < moved/undo/checklist.md; grep -c action=delete moved/undo/undo.urls; grep -c deletes moved/undo/undo.txt
        deleted() { grep -c '"action":"delete"' log || true; }
        setsid --wait qtbx-migrate undo --push --out moved > told 2> said < /dev/null || echo $?; grep 'nobody here' said; deleted; migrate undo --yes
        in_terminal() { python3 "$fixtures/../Tests/TransferTests/terminal.py" "$@" | tr -d '\r'; }
        in_terminal '[["Send? (y/n) ",{"type":"n\n"}]]' qtbx-migrate undo --push --out moved > seen; grep -c 'delete 8 asset groups' seen; grep status= seen; deleted
        in_terminal '[["Send? (y/n) ",{"type":"y\n"}]]' qtbx-migrate undo --push --out moved > seen; grep -E '^next|status=' seen; deleted
        migrate undo --push --yes; deleted; migrate status; migrate undo --push --yes; deleted; get "$ag?action=list" | grep -c '<ASSET_GROUP>'
        """#)
    let left = "7 items that only a person takes back"
    let over = "0 next: nothing is left that a call deletes; \(left); to migrate again, begin with a new folder, see moved/undo/checklist.md"
    #expect(
      lines == [
        Self.begins, "2 next: mend: what is said above; then: qtbx-migrate undo --out moved", "lock", "runs.tsv", "settings",
        "subscriptions", "table",
        "0 next: all is there; 34",
        "0 next: qtbx-migrate undo --push --out moved  # deletes 10 in the target; read undo/undo.txt first; \(left), see moved/undo/checklist.md",
        "7", "10", "10", "2", "migrate: nothing was deleted: there is nobody here to ask (--yes)", "0", "2 ", "1", "status=2", "0",
        "next: mend: 1 request not done: --resolve asks the target which of these are gone already; \(left), "
          + "see moved/undo/results.tsv moved/undo/checklist.md; then: qtbx-migrate undo --push --resolve --out moved",
        "status=4", "10", over, "11", over, over, "11", "1",
      ])
  }

  /// What somebody has deleted by hand is refused, as what may not be deleted is: the list of the target says that it is gone.
  @Test func whatIsGoneAlreadyIsTakenBack() async throws {
    let others =
      "tags subscription vaults auth policies dynamic-search-lists option-profiles report-templates users "
      + "user-preferences schedules pc-schedules map-schedules excluded-hosts virtual-hosts ipv6-mappings domains"
    let lines = try await rehearse(
      Self.target,
      Self.source + #"""
        echo 'skip = \#(others)' >> moved/settings; migrate verify | cut -c 1-24
        id=$(get "$ag?action=list&title=Plant" | sed -n 's/.*<ID>\(.*\)<.*/\1/p'); post $ag -d "action=delete&id=$id" > answer
        for _ in 1 2; do migrate undo --push --yes | cut -c 1-88; done; migrate undo --push --yes --resolve | cut -c 1-54; cut -f 1 moved/undo/results.tsv | sort | uniq -c | sed 's/  *//'
        """#)
    let mend = "4 next: mend: 1 request not done: --resolve asks the target which of these are gone alre"
    #expect(
      lines == [Self.begins, "0 next: all is there; 34", mend, mend, "0 next: nothing is left that a call deletes; 7 items t", "1 already"],
      "\(lines)")
  }

  /// A delete whose answer was lost is asked about before it is sent again, and what a person has ticked off stays so.
  @Test func aDeletionWhoseAnswerIsLostIsAskedFor() async throws {
    let others =
      "tags subscription vaults auth policies dynamic-search-lists option-profiles report-templates users "
      + "user-preferences schedules pc-schedules map-schedules excluded-hosts virtual-hosts ipv6-mappings domains"
    let lines = try await rehearse(
      Self.target + " --fault 'POST /api/2.0/fo/asset/group/: ok*9, lost, ok'",
      Self.source + #"""
        echo 'skip = \#(others)' >> moved/settings; migrate verify | cut -c 1-24; sed -i '3,$s/^- \[ \]/- [X]/' moved/checklist.md
        open() { grep -c '^- \[ \]' $1 || true; }
        open moved/checklist.md; touch moved/source/users.xml; migrate lists | cut -c 1-24; open moved/checklist.md
        migrate undo --resolve | cut -c 1-2; migrate undo | cut -c 1-50; sed -i '1s/^- \[ \]/- [x]/' moved/undo/checklist.md
        migrate undo --push --yes; grep -o 'it may have been [a-z]*' messages
        migrate undo --push --yes --resolve --push-options '--settle 0'; head -n 1 moved/undo/checklist.md | cut -c 1-5; get "$ag?action=list" | grep -c '<ASSET_GROUP>'
        """#)
    let hand = "6 items that only a person takes back"
    #expect(
      lines == [
        Self.begins, "0 next: all is there; 34", "0", "0 next: nothing: all is ", "0", "2 ", "0 next: qtbx-migrate undo --push --out moved  # de",
        "8 next: mend: 1 request to delete of which nobody knows what became: --resolve asks the target; \(hand), "
          + "see moved/undo/results.tsv moved/undo/checklist.md; then: qtbx-migrate undo --push --resolve --out moved",
        "it may have been deleted",
        "0 next: nothing is left that a call deletes; \(hand); to migrate again, begin with a new folder, see moved/undo/checklist.md", "- [x]", "1",
      ])
  }

  /// Option profiles that are restricted to policies do not scan for all of them because these are left out, unless somebody says so; then that is named.
  @Test func profilesStayRestricted() async throws {
    let others =
      "tags subscription vaults auth policies report-templates users user-preferences schedules pc-schedules map-schedules excluded-hosts virtual-hosts "
      + "ipv6-mappings domains ips appliances networks asset-groups"
    let lines = try await rehearse(
      Self.target,
      Self.source + #"""
        echo 'skip = \#(others)' >> moved/settings; migrate lists; cut -f 1,2 moved/there/unrestricted.tsv; migrate push | cut -c 1-60; ls moved/sent 2> nothing || echo none
        # The target has policies of these names, made by hand.
        import() { ask -H 'Content-Type: text/xml' --data-binary "@$1" "$url$pol?action=import&title=$2" | code; }
        import "$demo/source/policies/7700001.xml" 'Servers%20%26%20databases'; import "$demo/source/policies/7700002.xml" 'Production,%20hardened'
        rm moved/before/policies.xml; migrate verify | cut -c 1-24; wc -l < moved/there/unrestricted.tsv; row option-profile-completions
        """#)
    let mend =
      "next: mend: option profiles are restricted to policies that are left out, and would scan for all: --unrestricted accept sends them, "
      + "see moved/there/unrestricted.tsv; then: qtbx-migrate push --out moved"
    // Each of two policies that it is restricted to.
    #expect(
      lines == [
        Self.begins, "0 " + mend, "702\tBaseline", "702\tBaseline", "2 next: mend: option profiles are restricted to policies tha", "none", "none",
        "none",
        "0 next: all is there; 34", "0", "option-profile-completions 2 1 1 0 0 1 0 0",
      ])
    let accepted = try await rehearse(
      Self.target,
      Self.source + #"""
        echo 'skip = \#(others)' >> moved/settings; migrate verify --unrestricted accept; grep -c ^missing moved/verify/option-profiles.tsv; row option-profiles
        row option-profile-completions
        """#)
    #expect(
      accepted == [
        Self.begins,
        "2 next: mend: 1 difference between the two subscriptions, see moved/verify/option-profiles.tsv; then: qtbx-migrate verify --again --out moved",
        "1", "option-profiles 2 2 2 0 0 1 0 2", "option-profile-completions 2 0 0 0 0 0 0 0",
      ])
  }

  // MARK: Settings

  /// Whatever is said when a migration begins is what its file says then, or nothing is begun.
  @Test func whatInitWritesIsReadBack() async throws {
    let lines = try await folder(
      #"""
      cat > try.py << 'END'
      import random, shutil, subprocess
      die = random.Random(20)
      # Half of the time, nothing that is refused at once.
      controls = ['\u0085', '\t', '\r', '\n']
      parts = ['a', ' ', ' ', '\\', "'", '"', '#', '=', '$', '$(x)', '%', '\u0301', '\u00e9', '\u2028', '\u00a0', ';', '--x', ',', '/', '~/', '[']
      names = ['group-options', 'tag-options', 'push-options', 'source-user', 'source-password-command', 'secrets', 'passphrase-command']
      def run(*words): return subprocess.run(['qtbx-migrate', *words], capture_output=True)
      begun = refused = 0
      for turn in range(50):
          given = ['--source', 'a.example.com', '--target', 'b.example.com']
          for name in die.sample(names, 2): given.append('--' + name + '=' + ''.join(die.choice(parts + controls * (turn % 2)) for _ in range(die.randrange(6))))
          shutil.rmtree('there', ignore_errors=True); shutil.rmtree('plain', ignore_errors=True)
          if run('init', '--out', 'there', *given).returncode != 0:
              refused += 1
              assert not run('status', '--out', 'there').returncode == 0, given
              continue
          begun += 1
          read = run('lists', '--make-file', 'mk', '-n', '--out', 'there')
          said = run('lists', '--make-file', 'mk', '-n', '--out', 'plain', *given)
          assert (read.returncode, read.stdout) == (said.returncode, said.stdout.replace(b'plain', b'there')), (given, read, said)
      print(begun > 12, refused > 12, begun, refused)
      END
      python3 try.py
      qtbx-migrate init --out blank --group-options 'a\ ' > said; grep '^group' blank/settings; qtbx-migrate init --out none --source-user 'a ' 2>&1 || ls
      """#)
    #expect(lines.first?.hasPrefix("True True") == true, "\(lines)")
    #expect(lines.dropFirst().first == "group-options = 'a '", "\(lines)")
    #expect(
      lines.dropFirst(2).first == "qtbx-migrate: --source-user: a file of settings keeps no blank at the beginning or the end of a value", "\(lines)")
    #expect(!lines.contains("none"))
  }

  /// A run that has failed never says that all is there, however finished the folder is.
  @Test func aFailedRunOfAFinishedMigrationIsNoEnd() async throws {
    let lines = try await folder(
      """
      printf 'source = a.example.com\\ntarget = b.example.com\\n' > migration/settings; touch migration/fetched
      printf 'made-%s:\\n\\t@exit 7\\n' fetch lists plan push verify > mk; printf 'facts:\\n\\t@echo need fetch migration/fetched\\n' >> mk
      qtbx-migrate status --make-file mk | tail -n 1
      for verb in fetch lists plan push verify; do qtbx-migrate $verb --make-file mk 2> err | tail -n 1 || true; done
      """)
    #expect(lines.first == "next: nothing: all is there, and nothing is left to do by hand")
    #expect(
      lines.dropFirst() == ["fetch", "lists", "plan", "push", "verify"].map { "next: mend: what is said above; then: qtbx-migrate \($0)" }[...],
      "\(lines)")
  }

  /// The file is read, the command line goes before it, and what is empty there takes back what it says.
  @Test func theCommandLineGoesBeforeTheFile() async throws {
    let lines = try await folder(
      #"""
      said() { qtbx-migrate lists --make-file mk -n "$@" | sed -n "1s/.*'out=migration' //p"; }
      printf 'source=one.example.com\r\n  target  =\ttwo.example.com \n# skip = tags\n\nskip = tags, users\nsend-email =\ngroup-options = --business-impact "a b=low"' \
        > migration/settings
      said; said --source three.example.com --skip '' --send-email yes --group-options '--quiet'; said --tag-options ''
      qtbx-migrate init 2>&1 || echo $?; qtbx-migrate init --out other --source-netrc-file x --tag-options ''; grep -v '^#' other/settings | grep .
      mkdir elsewhere; cd elsewhere; qtbx-migrate lists --make-file ../mk -n --out ../migration --secrets s --source-netrc-file '~/n' |
        sed -n "s|$HOME|HOME|g; 1p; s|.*secrets=|secrets=|p"
      """#)
    #expect(
      lines == [
        "'source=one.example.com' 'target=two.example.com' 'skip=tags users' 'group_options=--business-impact '\\''a b=low'\\''' lists",
        "'source=three.example.com' 'target=two.example.com' 'send_email=yes' 'group_options=--quiet' lists",
        "'source=one.example.com' 'target=two.example.com' 'skip=tags users' 'group_options=--business-impact '\\''a b=low'\\''' 'tag_options=' lists",
        "qtbx-migrate: migration/settings: it is there already: change it with an editor", "1",
        "next: mend: say what source and target are, see other/settings; then: qtbx-migrate lists --out other", "source-netrc-file = x",
        "tag-options =",
        "cd HOME",
        "secrets=HOME/elsewhere/s' 'group_options=--business-impact '\\''a b=low'\\''' 'source_login='\\''--netrc-file=HOME/n'\\''' lists",
      ])
  }

  /// Who asks which server, as the makefile and `scripts/many` ask for it: one spelling for each, of whatever says it.
  @Test func anAccountHasOneSpelling() async throws {
    let lines = try await folder(
      #"""
      unset q_username; printf 'machine other.example.com login no password login\nmachine\nA.example.com login twin\npassword machine\ndefault login rest password x\n' > net
      account() { qtbx-migrate account "$@" 2>&1 || echo $?; }
      account --server https://a.EXAMPLE.com.:443/ --netrc-file net --password-command 'echo never'; account --server b.example.com:8443 --netrc-file net --user me
      account --server a.example.com --user me; account --server '[::1]'; q_username=env account --server http://127.0.0.1:80
      account --server 'a b'; account --server a.example.com --netrc-file none | sed 's/: cannot.*//'
      printf 'target = https://A.example.com/\ntarget-netrc-file = net\n' > migration/settings; account --out migration
      mkdir j; printf 'qtbx-journal\t2\thttps://a.example.com\t0\n' > j/x.journal; account --server A.example.com --journals j; account --server b.example.com --journals j
      qtbx-migrate help | grep -c -e account -e note || true
      """#)
    #expect(
      lines == [
        "twin at a.example.com", "rest at b.example.com:8443", "me at a.example.com", "somebody at [::1]", "env at http://127.0.0.1",
        "qtbx-migrate: --server takes a host name, or an IPv6 address in brackets, perhaps with a port: no user, no path",
        "Try 'qtbx-migrate --help'.", "2", "qtbx-migrate: none", "3", "twin at a.example.com",
        "somebody at a.example.com",
        "qtbx-migrate: j/x.journal: this journal is of https://a.example.com, and the target is https://b.example.com: "
          + "another subscription needs a folder of its own",
        "1", "0",
      ], "\(lines)")
  }

  /// Whatever a value holds, it is a value: in make, in the makes that it starts, and in the shells of all of them.
  @Test func aValueIsAValue() async throws {
    let lines = try await rehearse(
      Self.target,
      Self.source + #"""
        mkdir bin; export PATH=$PWD/bin:$PATH
        printf '#!/bin/bash\nprintf "%%s\\n" "$@" > got; echo "# no requests"\n' > bin/qtbx-appliances-to-urls; chmod +x bin/*
        hostile="a b'c\"d\$e\`f;g#h|i&j%k,l)m(n\\o{p}*q>r\$(touch pwned)\$(shell touch pwned)\`touch pwned\`"
        quoted="'${hostile//\'/\'\\\'\'}'"
        echo 'machine 127.0.0.1 login exmpl_jd password any' > "net rc '\"\$x#"; chmod 600 net*; sed -i '/^source-user/d' moved/settings
        all='ips,tags,subscription,vaults,auth,policies,static-search-lists,dynamic-search-lists,networks,asset-groups,domains,option-profiles'
        printf '%s\n' "source-netrc-file = net rc '\"\$x#" "appliance-options = $quoted --x \"y z\"" \
          "skip = $all,report-templates,schedules,pc-schedules,map-schedules,excluded-hosts,virtual-hosts,ipv6-mappings,users,user-preferences" >> moved/settings
        migrate lists | cut -c 1-30; [ "$(head -1 got)" = "$hostile" ] && sed -n 2,3p got; rm -r got moved/lists moved/source
        migrate lists --appliance-options "$quoted" --source-netrc-file '' --source-user exmpl_jd \
          --source-password-command "touch used; printf '%s\n' \"any\" # '\$x" | cut -c 1-30
        [ "$(head -1 got)" = "$hostile" ]; ls used pwned 2> nothing || true
        """#)
    #expect(lines == [Self.begins, "0 next: qtbx-migrate plan --ou", "--x", "y z", "0 next: qtbx-migrate plan --ou", "used"])
  }

  /// What make would take for something else is refused before make is run.
  static let impossible = [
    ("--distribution-groups 'a b.csv'", "--distribution-groups=a b.csv: make takes no name with a blank"),
    ("--distribution-groups '$(touch x)'", "--distribution-groups=$(touch x): make takes no name"), ("--out 'a b'", "--out=a b: make takes no name"),
    ("--out 'a=b'", "--out=a=b: make takes no name"), ("--out '$x'", "--out=$x: make takes no name"),
    ("--source 'a b'", "--source=a b: it takes a host name"), ("--source \"a'b\"", "--source=a'b: it takes a host name"),
    ("--source 'a$(x)'", "--source=a$(x): it takes a host name"), ("--source http://example.com", "in clear"),
    ("--skip 'tags tugs'", "--skip: there is no tugs to move, perhaps tags"),
    ("--send-email maybe", "--send-email=maybe: it takes yes or no, or is left out"),
    ("--group-options \"--x 'y\"", "the quotation mark ' has no end"), ("--group-options 'x\\'", "nothing behind the last backslash"),
    ("--source-user $'a\\nb'", "there is a control character in it"), ("--source-netrc-file x --source-password-command y", "comes from one place"),
    ("--jobs 0", "--jobs takes a number from 1 to 16"), ("--grup-options x", "unknown option '--grup-options', perhaps '--group-options'"),
  ]

  /// One rule for all programs that have verbs. The parser takes no verb for a wish for help, and says that all is well.
  @Test(arguments: ["qtbx-migrate", "qtbx-secrets"]) func withoutAVerbNothingIsAskedFor(_ program: String) async throws {
    let outcome = try await run(Place.program(program))
    #expect(outcome.status == 2 && outcome.output.isEmpty)
    #expect(outcome.errorText == "\(program): missing expected argument '<verb>'\nTry '\(program) --help'.\n")
  }

  @Test(arguments: impossible) func whatCannotBeMeantIsRefused(_ one: (line: String, reason: String)) async throws {
    let lines = try await folder(
      """
      printf 'source = a.example.com\\ntarget = b.example.com\\n' > migration/settings
      qtbx-migrate lists --make-file mk \(one.line) > out 2> err || echo $?; cat out; wc -l < err; head -n 1 err; ls
      """)
    #expect(lines.count == 7 && lines[0] == "2" && lines[1] == "2" && lines.suffix(4) == ["err", "migration", "mk", "out"], "\(lines)")
    #expect(lines[2].hasPrefix("qtbx-migrate: ") && lines[2].contains(one.reason), "\(lines)")
  }

  // MARK: What comes next

  /// The last line in each state of a folder, which is made by hand here, but for the journal.
  @Test func eachStateSaysWhatComesNext() async throws {
    let lines = try await rehearse(
      "--load \"$fixtures/demo/target\"",
      #"""
      export PATH=$programs:$PATH q_username=rehearsal q_password=any
      cat > mk << 'END'
      facts:
      	@printf '%s\n' 'row asset-groups ASSET_GROUP|X asset-groups' 'row schedules SCAN schedules' 'row policy-documents - policy-documents' \
      	  'hand restricted-ips IP restricted-ips' 'row auth TITLE auth' $(if $(secrets),,'unsent auth') 'need recipients $(out)/maps/distribution-groups.csv' \
      	  'need fetch $(out)/source/asset-groups.xml' 'need fetch $(out)/before/asset-groups.xml' 'need lists $(out)/lists/asset-groups.txt' \
      	  'need push $(out)/sent/asset-groups.tsv' 'need push $(out)/sent/schedules.tsv' 'need verify $(out)/verify/asset-groups.tsv'
      END
      next() { qtbx-migrate status --make-file mk "$@" > told; tail -n 1 told | sed 's/ migration/ M/g'; }
      row() { sed -n "/^$1 /s/  */ /gp" told; }
      folders() { cd migration; mkdir -p source before lists sent maps there verify after source/auth; cd ..; }
      qtbx-migrate status --make-file mk 2>&1 || echo $?
      mkdir migration; next; ls migration; folders
      echo '<A><ASSET_GROUP><ASSET_GROUP_X></ASSET_GROUP_X></ASSET_GROUP><ASSET_GROUP a="b"/></A>' > migration/source/asset-groups.xml
      echo '<TITLE>' > migration/source/auth/unix.xml; echo '<TITLE><TITLE >' > migration/source/auth/windows.xml; next; row asset-groups; row auth
      printf 'kind\tid\tname\telement\tdisposition\treason\nasset-group\t1\tx\t\trefused\tno\n' > migration/lists/asset-groups.tsv; next
      cp migration/lists/asset-groups.tsv migration/lists/asset-groups-rewrite.tsv
      printf '/api/2.0/fo/asset/group/?action=add&title=One#asset-group=1\n' > migration/lists/asset-groups.urls; next; rm migration/lists/*
      printf 'source_id,target_id,name\n81,9081,A\n82,,B\n' > migration/maps/distribution-groups.csv; next; rm migration/maps/*
      printf '/api/2.0/fo/asset/group/?action=add&title=One#asset-group=1\n' > migration/lists/asset-groups.urls; next; touch migration/lists/asset-groups.txt
      next; touch migration/plan.txt; next; next --secrets s; printf 'missing\tasset-group\n' > migration/there/asset-groups.tsv; next; next --there accept
      : > migration/there/asset-groups.tsv; echo x > migration/there/appliances.missing; next; next --appliances accept; rm migration/there/appliances.missing
      printf 'state\tkind\nmissing\tunix\nempty\tunix\nunused\tunix\n' > migration/there/secrets.tsv; next --secrets s
      printf 'there\t9\t1\tOne\t\n' > migration/sent/asset-groups.tsv.part; next; next --there accept; rm migration/sent/asset-groups.tsv.part
      qtbx-push -q --yes --server $url --journal migration/sent/asset-groups.journal migration/lists/asset-groups.urls > migration/sent/asset-groups.tsv 2> nothing
      next; row asset-groups; sed -i s/One/Two/ migration/lists/asset-groups.urls; touch -d '1 minute ago' migration/lists/asset-groups.urls; next; next --changed send
      sed -i s/Two/One/ migration/lists/asset-groups.urls; touch -d '1 minute ago' migration/lists/asset-groups.urls; echo x > migration/sent/excluded.missing; next
      next --excluded accept; touch migration/sent/schedules.tsv migration/sent/pc-schedules.tsv; next
      touch migration/lists/asset-groups.urls; next; touch migration/sent/asset-groups.tsv
      printf 'missing\tx\nmore\ty\nmore\tz\n' > migration/verify/asset-groups.tsv; next; row asset-groups; : > migration/verify/asset-groups.tsv; next
      touch -d '1 minute ago' migration/verify/asset-groups.tsv; next; touch migration/verify/asset-groups.tsv
      printf '%s\n' '- [ ] **a** `x; from schedules.`: Do it. By Qualys support; from asset-groups, tags.' '- [x] **b**: Done. By Qualys support; from asset-groups.' \
        '- [ ] **c**: Do. By each user; general.' '- [ ] **d**: Not looked at: no list. By a manager, in the user interface.' > migration/checklist.md
      next; row asset-groups; row others; exec 8> migration/lock; flock -x 8; next
      """#)
    let left = "; without secrets, auth stays behind: lists/secrets.csv says which"
    let sends = "next: qtbx-migrate push  # sends; look through plan.txt, lists/*.txt and checklist.md first"
    let goesOn = "next: qtbx-migrate push  # goes on with what is not sent" + left
    #expect(
      lines == [
        "qtbx-migrate: migration: there is no such migration: qtbx-migrate init begins one", "3",
        "next: qtbx-migrate lists  # fetches both subscriptions, and makes the first lists; nothing is changed", "next: qtbx-migrate lists",
        "asset-groups 2 - - - - - - -", "auth 3 - - - - - - -",
        "next: mend: 1 note that refuses records, see M/lists/asset-groups.tsv; then: qtbx-migrate lists",
        "next: mend: 1 note that refuses records, see M/lists/asset-groups-rewrite.tsv; then: qtbx-migrate lists",
        "next: mend: 1 distribution group whose id in the target nobody knows: fill in the second column, see M/maps/distribution-groups.csv; "
          + "then: qtbx-migrate lists",
        "next: qtbx-migrate lists", "next: qtbx-migrate plan  # says what would be created, is there already, or differs; nothing is changed",
        sends + left, sends,
        "next: mend: the target has asset-groups of these names already: --there accept sends them, see M/there/asset-groups.tsv; then: qtbx-migrate push",
        sends + left,
        "next: mend: appliances that no call creates: activate them there and remove before/appliances.xml, or --appliances accept goes without, "
          + "see M/there/appliances.missing; then: qtbx-migrate push",
        sends + left,
        "next: mend: 2 secrets missing, see M/there/secrets.tsv; then: qtbx-migrate push",
        "next: mend: the target has asset-groups of these names already: --there accept sends them, see M/sent/asset-groups.tsv.part; "
          + "then: qtbx-migrate push", sends + left, goesOn, "asset-groups 2 1 1 0 0 - - -",
        "next: mend: 1 record of asset-groups changed since sent: change it in the target by hand, or --changed send creates it once more; "
          + "then: qtbx-migrate push",
        goesOn,
        "next: mend: the target does not exclude hosts that the source excludes: exclude them, or --excluded accept, see M/sent/excluded.missing; "
          + "then: qtbx-migrate push",
        goesOn, "next: qtbx-migrate verify  # fetches the target back, and compares", goesOn,
        "next: mend: 3 differences between the two subscriptions, see M/verify/asset-groups.tsv; then: qtbx-migrate verify --again",
        "asset-groups 2 1 1 0 0 0 2 -",
        "next: mend: all that was sent is there; without secrets, auth stays behind: lists/secrets.csv says which, or --skip leaves them out; then: qtbx-migrate push",
        "next: qtbx-migrate verify  # fetches the target back, and compares",
        "next: mend: all that was sent is there; without secrets, auth stays behind: lists/secrets.csv says which, or --skip leaves them out; "
          + "3 items to do by hand, see M/checklist.md; then: qtbx-migrate push",
        "asset-groups 2 1 1 0 0 1 0 1", "others - - - - - - - 2",
        "next: wait: another run is at work in M",
      ])
  }

  // MARK: The terminal, and other runs

  /// A makefile whose goals wait, ask, or fail.
  private static let goals = #"""
    cat > mk << 'END'
    .SILENT:
    made-push:
    	echo started; sleep 20; echo slept
    made-verify:
    	qtbx-secrets list sealed
    made-lists:
    	echo $(MAKELEVEL) $(filter n,$(MAKEFLAGS)); exit 7
    made-fetch:
    	pwd; touch $(out)/fetched
    facts:
    	echo 'row tags TAG tags'; echo 'need fetch $(out)/fetched'; echo 'need lists $(out)/made'
    END
    printf 'source = a.example.com\ntarget = b.example.com\n' > migration/settings
    in_terminal() { python3 "$root/Tests/TransferTests/terminal.py" "$@" | tr -d '\r' | sed 's/  */ /g'; }

    """#

  /// What is asked is asked on the terminal, and what is typed unseen stays so.
  @Test func aPassphraseIsAskedOnTheTerminal() async throws {
    let lines = try await folder(
      Self.goals + #"""
        echo 'kind,title,field,username,value' > t.csv; echo 'unix,Root,password,root,x' >> t.csv; echo 'a passphrase of this test' > pass; chmod 600 t.csv
        qtbx-secrets seal -q --passphrase-command 'cat pass' t.csv > sealed
        in_terminal '[["assphrase",{"type":"a passphrase of this test\n"}]]' qtbx-migrate verify --make-file mk
        """#)
    #expect(!lines.contains { $0.contains("a passphrase of") }, "\(lines)")
    #expect(lines.contains("unix,Root,password,root,set") && lines.suffix(2) == ["status=0", "echo=on"], "\(lines)")
  }

  /// A Ctrl-C, or a signal to this program alone, ends all that runs; then the table says what was done.
  static let signals = [
    (#"{"type":"\u0003"}"#, "130"), (#"{"signal":"SIGTERM"}"#, "143"), (#"{"signal":"SIGINT"}"#, "130"), (#"{"signal":"SIGHUP"}"#, "129"),
  ]

  @Test(arguments: signals) func aSignalEndsAllAndTheTableIsPrinted(_ one: (action: String, status: String)) async throws {
    let lines = try await folder(
      Self.goals + """
        in_terminal '[["started",\(one.action)]]' qtbx-migrate push --make-file mk --jobs 2
        flock -n migration/lock echo free
        """)
    #expect(!lines.contains("slept") && lines.contains("tags - - - - - - - -"), "\(lines)")
    #expect(
      lines.suffix(4) == ["next: qtbx-migrate push # goes on where a signal has ended it", "status=\(one.status)", "echo=on", "free"], "\(lines)")
  }

  /// A shell stops it with Ctrl-Z, and goes on with it.
  @Test func itIsAJobOfTheShell() async throws {
    let steps = #"""
      [["bash-",{"type":"qtbx-migrate push --make-file mk\n"}],["started",{"type":"\u001a"}],["topped",{"type":"fg\n"}],["--make-file mk",{"type":""}],
       ["--make-file mk",{"type":"\u0003"}],["next: ",{"type":"echo it was $?; exit\n"}]]
      """#
    let lines = try await folder(Self.goals + "in_terminal '\(steps)' bash --norc -i")
    #expect(lines.contains { $0.hasSuffix("it was 130") } && lines.contains { $0.contains("Stopped") }, "\(lines)")
    #expect(lines.suffix(2).first == "status=0", "\(lines)")
  }

  /// make's status is this program's, where no server has to do with it; another make's flags are none of this one's; two runs at a time are one too many.
  @Test func makeRunsOnItsOwn() async throws {
    let lines = try await folder(
      Self.goals + """
        MAKEFLAGS=n MAKELEVEL=3 qtbx-migrate lists --make-file mk 2> err || echo $?; sed 's/.*Error/Error/' err
        flock migration/lock qtbx-migrate fetch --make-file mk 2>&1 || echo $?
        mkdir 'a b' 'a b/c'; cp -r migration 'a b/moved'; cd 'a b/c'; (qtbx-migrate fetch --make-file ../../mk --out ../moved 2>&1) | sed "s|$HOME|HOME|"
        ls ../moved
        """)
    #expect(
      lines.filter { !$0.hasPrefix("resource") && !$0.hasPrefix("tags") } == [
        "0", "next: mend: what is said above; then: qtbx-migrate lists", "2", "Error 7", "qtbx-migrate: migration: another run is at work here", "3",
        "qtbx-migrate: in HOME/a b", "HOME/a b", "next: qtbx-migrate lists --out ../moved", "fetched", "lock", "settings", "table",
      ])
  }

  /// Runs a script in a folder with a makefile that says nothing, and does nothing.
  private func folder(_ script: String) async throws -> [String] {
    try await Files.withScratch { folder in
      let outcome = try await shell(
        """
        set -euo pipefail
        export PATH=$1:$PATH HOME=$PWD; root=$2; mkdir migration
        printf 'made-lists:\\n\\t@:\\nfacts:\\n\\t@:\\n' > mk
        \(script)
        """, [Place.programs.string, Place.root.string], in: folder)
      if outcome.status != 0 { throw Failure(text: "status \(outcome.status)\n\(outcome.outputText)\n\(outcome.errorText)") }
      return outcome.outputText.split(separator: "\n").map { String($0) }
    }
  }
}
