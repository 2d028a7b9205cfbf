import Support
import SystemPackage
import Testing

/// `qtbx-plan` of a whole subscription, before and after a migration between two rehearsals.
@Suite struct PlanTests {
  /// What is changed in the exports of the demo, and what a plan must say of it: the resource, a file, an expression for sed, the names of the records and the
  /// parameters.
  private static let changes = [
    ("appliances", "appliances.xml", "s/Scans what stands at/Scans what is at/", "CLOUD-01", "comment"),
    ("asset-groups", "asset-groups.xml", "s/Racks 1 to 40/Racks 1 to 41/", "Data Center", "comments"),
    ("tags", "tags.xml", "s/#CC0000/#CC0001/", "Environment / Production", "color"),
    ("static-search-lists", "static-search-lists.xml", "s/Checked by the web team/Checked by nobody/", "Web servers", "comments"),
    ("dynamic-search-lists", "dynamic-search-lists.xml", "s/<GLOBAL>No/<GLOBAL>Yes/", "What the suppliers must mend", "global"),
    ("vaults", "vaults/690001.xml", "s/192.0.2.10/192.0.2.99/", "Safe of Unix", "server_address"),
    ("subscription", "subscription.xml", "s/192.0.2.200/192.0.2.200,192.0.2.250/", "subscription", "(document)"),
    ("ipv6-mappings", "ipv6-mappings.xml", "s/2001:db8::2/2001:db8::4/", "0.0.0.2", "V6"),
    ("domains", "domains.xml", "s/192.0.2.255/192.0.2.254/", "example.com", "netblock"),
    ("virtual-hosts", "virtual-hosts.xml", "s/admin.example.com/adm.example.com/", "192.0.2.3:8443", "fqdn"),
    ("auth", "auth/mysql.xml", "s/3306/3307/", "Shop", "port"),
    (
      "users", "users.xml",
      "/uma@example.com/,/<\\/USER>/s/1 Main Street/2 Main Street/;/<USER_LOGIN>exmpl_um/,/<\\/USER>/s/1 Main Street/2 Main Street/",
      "uma@example.com", "address1"
    ),
    ("policies", "policies/7700001.xml", "0,/<HEADING>/s/<HEADING>.*/<HEADING><![CDATA[Another]]><\\/HEADING>/", "Servers & databases", "(document)"),
    (
      "option-profiles", "option-profiles.xml", "s/<THREE_WAY_HANDSHAKE>1/<THREE_WAY_HANDSHAKE>0/", "Weekly Full",
      "OPTION_PROFILE/SCAN/PORTS/TCP_PORTS/THREE_WAY_HANDSHAKE"
    ),
    ("user-preferences", "user-preferences/510001.xml", "$s/.*/<!-- one --><MORE\\/>&/;", "jo@example.com", "(document)"),
    (
      "report-templates", "report-templates/scan-report-templates.xml", "s/192.0.2.10-192.0.2.30/192.0.2.10-192.0.2.31/",
      "SCANTEMPLATE:Suppliers, weekly", "SCANTEMPLATE/TARGET/INFO[key=ips]"
    ),
    ("schedules", "schedules.xml", "s/<START_HOUR>22/<START_HOUR>21/", "Nightly production", "start_hour"),
    ("pc-schedules", "pc-schedules.xml", "s/<START_HOUR>19/<START_HOUR>18/", "CIS baseline of the data center", "start_hour"),
    ("map-schedules", "map-schedules.xml", "s/<START_HOUR>0/<START_HOUR>2/", "Map of the DMZ", "start_hour"),
  ]

  @Test func theDemoBeforeAndAfter() async throws {
    let table = Self.changes.map { "\($0.0)\t\($0.1)\t\($0.2)" }.joined(separator: "\n")
    let lines = try await Files.withScratch { folder in
      try Files.write(Array((table + "\n").utf8), to: folder.appending("changes"))
      let script = """
        set -eu
        programs=$1; root=$2; demo=$root/fixtures/demo; export PATH=$programs:$PATH
        echo 'a passphrase of no other file' > pass; cp "$demo/secrets.csv" .; chmod 600 secrets.csv
        qtbx-secrets seal -q --passphrase-command 'cat pass' secrets.csv > sealed
        qtbx_programs=$programs "$root/scripts/rehearse" "$demo/source" "$demo/target" out distribution_groups="$demo/distribution-groups.csv" send_email=no \\
          secrets=sealed secret_options="--passphrase-command 'cat pass'" auth_options='--secret snmp/Printers/community_strings' > table 2> said \\
          || { cat said; exit 1; }
        plan() { local status=0; qtbx-plan --source "$1" --target "$2" "${@:3}" > plan || status=$?; echo "$status $(tail -1 plan)"; }
        plan out/source out/before
        plan out/source out/source; plan out/before out/before; plan out/after out/after
        plan out/source out/after --journal out/sent
        mkdir empty; plan out/source empty; grep -c ': it is taken for a subscription' plan
        # From the other side, what was to be created is more, and the other way round.
        qtbx-plan --source out/source --target out/before --format jsonl > there || true
        qtbx-plan --source out/before --target out/source --format jsonl > back || true
        python3 - << 'END'
        import json
        def of(name, state): return sorted((one['resource'], one['name'], one.get('count', 1)) for one in map(json.loads, open(name)) if one.get('state') == state)
        for one, other in (('there', 'back'), ('back', 'there')):
            left, right = of(one, 'create'), of(other, 'only-in-target')
            print('swapped', len(left), left == right or sorted(set(left) ^ set(right)))
        END
        # One value is another, and nothing else is said.
        while IFS=$'\\t' read -r resource file change; do
          rm -rf changed; cp -r out/source changed; sed -i "$change" "changed/$file"
          qtbx-plan --source changed --target out/source --resource "$resource" --format jsonl > said || true
          python3 - << 'END'
        import json
        all = [one for one in map(json.loads, open('said')) if one['type'] == 'record' and one['state'] not in ('same', 'left')]
        print('; '.join(one['name'] + ': ' + one['state'] + ' ' + ', '.join(d['parameter'] for d in one.get('differences', [])) for one in all))
        END
        done < changes
        """
      let outcome = try await shell(script, [Place.programs.string, Place.root.string], in: folder)
      if outcome.status != 0 { throw Failure(text: outcome.outputText + outcome.errorText) }
      return outcome.outputText.split(separator: "\n").map { String($0) }
    }
    let plans = [
      "5 Plan: 74 to create (and 197963 addresses), 1 differs, 16 by hand, 1 only in the target.",
      "0 Plan: nothing to do, 15 by hand.", "0 Plan: nothing to do, 1 by hand.", "0 Plan: nothing to do, 8 by hand.",
      "0 Plan: nothing to do, 15 by hand.",
      // Dynamic search lists name vendors, of which an empty folder has no list.
      "5 Plan: 76 to create (and 197964 addresses), 1 cannot be created, 23 by hand.",
    ]
    #expect(Array(lines.prefix(6)) == plans)
    #expect(Array(lines.dropFirst(7).prefix(2)) == ["swapped 78 True", "swapped 1 True"])
    #expect(Array(lines.dropFirst(9)) == Self.changes.map { "\($0.3): differs \($0.4)" })
  }

  // MARK: And back

  /// A plan that is carried out leaves nothing to do, by the word of the journals and by that of the target. When it is taken back, it is to be done again: the plan
  /// says what the first one said, but for what only a person takes back.
  @Test func whatIsTakenBackIsToBeDoneAgain() async throws {
    let lines = try await rehearse(
      "--load \"$fixtures/demo/target\" --first-id 8000001",
      sourceOfDemo() + #"""
        seal
        migrate() {
          make --no-print-directory -f "$scripts/migrate.mk" source=$from target=$url out=out send_email=no undo=yes "${sealed[@]}" \
            auth_options='--secret snmp/Printers/community_strings' "$@" > told 2>> messages || cat messages
        }
        plan() { local status=0; qtbx-plan --server $url --source out/source --target out/$1 --format jsonl "${@:3}" > $2 || status=$?; echo "$1: $status"; }
        # What there is to do, or was done: of each record, and of each address.
        cat > compare << 'END'
        import json, sys
        def of(name): return sorted((one['resource'], one['name'], one['state'], one.get('count', 1)) for one in map(json.loads, open(name))
                                    if one.get('state') in ('create', 'sent', 'differs', 'cannot', 'ambiguous'))
        first, then = of('first'), of(sys.argv[1])
        print(' '.join(sorted({one[0] for one in first if one not in then} | {one[0] for one in then if one not in first})))
        print(sum(one[2] == 'create' for one in first), sum(one[2] == 'create' for one in then))
        END
        migrate plan; cp out/plan.txt plan.txt; grep -c '^by hand: ' plan.txt; plan before first
        migrate verify; plan before sent --journal out/sent; plan after now; migrate plan; tail -1 out/plan.txt
        migrate undo; migrate plan; tail -1 out/plan.txt; migrate undone; tail -1 messages
        plan before undone --journal out/sent --journal out/undo/undo.journal; python3 compare undone
        # Whoever does not name that journal is told what the others say.
        plan before forgotten --journal out/sent; migrate undone; migrate plan; grep '^asset groups' plan.txt out/plan.txt | cut -d: -f 3
        # And as the target says it itself.
        mv out/before out/first-before; migrate fetch out/before/policies/done; plan before fresh; python3 compare fresh
        """#)
    // No call takes these back, or not all of them.
    let lasting = "domains excluded-hosts ips ipv6-mappings network-appliances networks policies subscription user-preferences users"
    #expect(
      lines == [
        "1", "before: 5", "before: 0", "after: 0", "Plan: nothing to do, 16 by hand.", "Plan: nothing to do, 16 by hand.",
        "qtbx-push: 45 done, 0 already done, 0 refused, 0 unknown", "before: 5", lasting, "77 62", "before: 0", " + create 8", " + create 8",
        "before: 5",
        lasting, "77 63",
      ])
  }
}
