import Support
import SystemPackage
import Testing

/// A migration of everything, and then what its journals say is taken back: what a call can delete is as it was before, byte for byte but for dates, and what
/// only a person takes back is named, all of it.
@Suite struct UndoTests {
  /// What calls delete: its lists must be the same.
  private static let deletable = [
    "appliances", "tags", "static-search-lists", "dynamic-search-lists", "vaults", "virtual-hosts", "auth-unix", "auth-windows", "auth-snmp",
    "auth-mysql",
    "auth-oracle", "auth-docker", "asset-groups", "option-profiles", "report-templates", "schedules", "pc-schedules", "map-schedules",
  ]
  /// What no call takes back, or not all of it.
  private static let lasting = ["networks", "ips", "ipv6-mappings", "domains", "excluded-hosts", "users", "policies"]

  /// Two servers, the secrets of the demo, and a copy of the target's lists, without dates, and without the network of an appliance: a person sets that back.
  private static let prelude =
    sourceOfDemo() + """
      seal
      copy() {
        mkdir $1
        for list in $2; do
          qtbx-fetch -q --server $url $list -o - | sed -E '/<DATETIME>|<!--|LAST_UPDATE|LAST_MODIFIED|UPDATE_DATE|<modified>/d' > $1/$list.xml
          [ $list != appliances ] || sed -i '/<NETWORK_ID>/d' $1/$list.xml
        done
      }

      """

  @Test func takesAWholeMigrationBack() async throws {
    let lines = try await rehearse(
      "--load \"$fixtures/demo/target\" --first-id 8000001",
      Self.prelude + """
        lists='\((Self.deletable + Self.lasting).joined(separator: " "))'; copy before "$lists"
        make --no-print-directory -f "$scripts/migrate.mk" source=$from target=$url out=out send_email=no "${sealed[@]}" \\
          auth_options='--secret snmp/Printers/community_strings' push > told 2>> messages || cat messages
        copy between "$lists"; { diff -rq before between || true; } | wc -l
        qtbx-undo --report undo.tsv out/sent/*.journal > undo.urls 2> said; cat said
        awk -F '\t' '$5 == "by hand" { print $1 ": " $6 }' undo.tsv | sort | uniq -c | sed 's/^ *//'; grep -c '^# by hand' undo.urls
        qtbx-push --server $url --journal undo.journal undo.urls > undone 2> said || cat undone
        sed -n "1s|.* to $url as rehearsal: ||p; \\$p" said; cut -f 1 undone | sort | uniq -c | sed 's/^ *//'
        copy after "$lists"; { diff -rq before after || true; } | sed 's|.* after/||; s|.xml differ||' | sort | paste -sd ' '
        # Every request of every journal is accounted for.
        [ $(cat out/sent/*.journal | grep -c ^intent) = $(sed 1d undo.tsv | wc -l) ] && echo whole
        # And what is deleted is not asked for again: by another push, nor in another list.
        wc -l < log > sent; qtbx-push --server $url --journal undo.journal undo.urls > nothing 2> said; tail -1 said; wc -l < log | diff - sent && echo 'nothing sent'
        qtbx-undo out/sent/*.journal undo.journal 2> said | grep -c '^[/P]' || true; cat said
        """)
    #expect(
      lines == [
        "25", "qtbx-undo: 65 requests: 45 to delete, 16 by hand, 4 with these",
        "3 address: no call removes an address from a subscription", "3 appliance: no answer says in which network it was before",
        "1 domain: the first API deletes no domain, and answers without an id",
        "1 excluded-host: removing them would let scans touch hosts that were excluded before, too",
        "1 ipv6-mapping: removing a record deletes what scans have found, and records that were there before", "1 network: no call deletes a network",
        "2 policy: no call of this API deletes a policy", "1 subscription: the settings before stand in the export that was made of them, if any",
        "1 user-preference: no answer says what it was before",
        "2 user: no call deletes a user; action=deactivate takes one who has logged in", "16",
        "delete 1 map schedule, delete 2 pc schedules, delete 6 schedules, delete 2 report templates, delete 2 option profiles, delete 8 asset groups, and 12 more kinds",
        "qtbx-push: 45 done, 0 already done, 0 refused, 0 unknown", "45 done", Self.lasting.sorted().joined(separator: " "), "whole",
        "qtbx-push: 0 done, 45 already done, 0 refused, 0 unknown", "nothing sent", "0",
        "qtbx-undo: 110 requests: 0 to delete, 16 by hand, 4 with these, 45 gone already, 45 without anything to undo",
      ])
  }
}
