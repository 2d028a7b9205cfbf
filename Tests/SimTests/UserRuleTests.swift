import Support
import Testing

/// The documented rules of users, and whether what a source has arrives: without the passwords of new users.
@Suite struct UserRuleTests {
  private static let words = """
    list=/msp/user_list.php user=/msp/user.php pu=/qps/rest/2.0/search/am/user/
    said() { sed -n 's/.*<RETURN status="SUCCESS".*/done/p; s/.*<RETURN.*number="\\([0-9]*\\)".*/\\1/p'; }
    base='first_name=Ann&last_name=Example&title=T&phone=1&address1=A&city=C'
    add() { post $user -d "action=add&$base&$1" | said; }
    all='user_role=scanner&business_unit=Unassigned&email=ann@example.com&country=Germany'

    """

  @Test func addsUsersByTheRules() async throws {
    let lines = try await rehearse(
      "",
      Self.words + """
        add "$all"; add "${all/&email=ann@example.com/}"; add "${all/&business_unit=Unassigned/}"; add "${all/user_role=scanner&/}"
        for name in first_name last_name title phone address1 city; do post $user -d "action=add&$all&$base&$name=" | said; done
        add "${all/scanner/auditor}"; add "${all/ann@/ann}"; add "${all/Germany/Atlantis}"; add "$all&fax=$(printf '1%.0s' $(seq 41))"
        add "$all&login=me"; add "$all&company=mine"; add "$all&ui_interface_style=pink"; add "$all&external_id=%3Cb%3E"; add "$all&send_email=2"
        add "$all&state=Bavaria"; add "$all&state=none"; add "${all/Germany/Canada}"; add "${all/Germany/Canada}&state=Ohio"; add "${all/Germany/Canada}&state=No%20State"
        add "${all/Germany/United States of America}"; add "${all/Germany/United States of America}&state=No%20State"; add "${all/Germany/United States of America}&state=Ohio"
        add "${all/scanner/contact}&send_email=0"; add "${all/scanner/contact}"; add "${all/scanner/manager}&asset_groups=Web"; add "$all&asset_groups=Web,DB"
        post $user -d action=remove | said; post $user | said
        ask -c jar -d 'action=login&username=rehearsal&password=any' "$url/api/2.0/fo/session/" -o answer
        curl -sS -b jar -o answer -w '%{http_code}\\n' "$url$list"
        curl -sS -b jar -H 'X-Requested-With: test' -o answer -w '%{http_code}\\n' "$url${ag}?action=list"
        """)
    #expect(
      lines == [
        "done", "1903", "1903", "1903", "1903", "1903", "1903", "1903", "1903", "1903", "1905", "1905", "1905", "1905", "1901", "1901", "1905",
        "1905",
        "1905", "1905", "done", "1903", "1905", "done", "1903", "1905", "done", "1907", "done", "1907", "done", "1905", "1903", "401", "200",
      ])
  }

  /// A new business unit begins with a unit manager, and asset groups must be there.
  @Test func addsUsersToUnitsAndGroups() async throws {
    let lines = try await rehearse(
      "--load groups.xml", files: ["groups.xml": groups],
      Self.words + """
        add "${all/Unassigned/Paris}"; add "user_role=unit_manager&business_unit=Paris&email=u@example.com&country=France"; add "${all/Unassigned/Paris}"
        post $user -d "action=add&$base&$all" --data-urlencode 'asset_groups=Group 1 & <more>,Group 2 & <more>' | said
        add "$all&asset_groups=Nobody"
        get $list | sed -n 's/^ *//; /<USER_LOGIN/p; /<UNIT_MANAGER_POC>1/p; /<ASSET_GROUP_TITLE/p; /<USER_STATUS/p'
        """)
    #expect(
      lines == [
        "1905", "done", "done", "done", "1905", "<USER_LOGIN>rehrs_ae1</USER_LOGIN>", "<USER_STATUS>Pending Activation</USER_STATUS>",
        "<UNIT_MANAGER_POC>1</UNIT_MANAGER_POC>", "<USER_LOGIN>rehrs_ae2</USER_LOGIN>", "<USER_STATUS>Pending Activation</USER_STATUS>",
        "<USER_LOGIN>rehrs_ae3</USER_LOGIN>", "<ASSET_GROUP_TITLE><![CDATA[Group 1 & <more>]]></ASSET_GROUP_TITLE>",
        "<ASSET_GROUP_TITLE><![CDATA[Group 2 & <more>]]></ASSET_GROUP_TITLE>", "<USER_STATUS>Pending Activation</USER_STATUS>",
      ])
  }

  /// Who is told a password may log in at once (U16, User Password Change), and the portal has a user as a user, in JSON as well.
  @Test func aPasswordThatIsToldMakesAUserActive() async throws {
    let lines = try await rehearse(
      "",
      Self.words + """
        add "$all"; get $list | grep -o 'Pending Activation'
        post /msp/password_change.php -d 'user_logins=rehrs_ae1' > answer; get $list | grep -o 'Pending Activation'
        post /msp/password_change.php -d 'user_logins=rehrs_ae1&email=0' > answer; get $list | grep -c 'Pending Activation' || true
        ask -H 'Accept: application/json' -H 'Content-Type: text/xml' -d '<ServiceRequest/>' "$url$pu" | grep -oE '"data":\\[\\{"[A-Za-z]+"'
        """)
    #expect(lines == ["done", "Pending Activation", "Pending Activation", "0", "\"data\":[{\"User\""])
  }

  @Test func changesUsersByTheRules() async throws {
    let lines = try await rehearse(
      "",
      Self.words + """
        add "$all&send_email=0&external_id=E1"; add "$all"
        change() { post $user -d "$1" | said; }
        change 'action=edit&login=rehrs_ae1&title=CIO&external_id='; change 'action=edit&login=nobody&title=CIO'; change 'action=edit&title=CIO'
        change 'action=edit&login=rehrs_ae1&user_role=reader'; change 'action=edit&login=rehrs_ae1&title='
        change 'action=activate&login=rehrs_ae1'; change 'action=deactivate&login=rehrs_ae1'; change 'action=activate&login=rehrs_ae1'
        change 'action=deactivate&login=rehrs_ae2'; change 'action=edit&login=rehrs_ae1&time_zone_code=US-CA'; change 'action=edit&login=rehrs_ae1&time_zone_code='
        change 'action=edit&login=rehrs_ae1&time_zone_code=us-ca'; change 'action=edit&login=rehrs_ae1&asset_groups=Web'
        add "user_role=unit_manager&business_unit=Paris&email=u@example.com&country=France"; change 'action=edit&login=rehrs_ae3&asset_groups=Web'
        get $list | grep -c -E '\\[CIO\\]|EXTERNAL_ID' || true
        get "$list?external_id_assigned=1" | grep -c '<USER>' || true
        get "$list?external_id_assigned=1&external_id_contains=E" | grep -o 'ERROR number="[0-9]*"'
        """)
    #expect(
      lines == [
        "done", "done", "done", "1905", "1903", "1901", "1903", "1905", "done", "done", "1905", "done", "done", "1905", "done", "done", "1907", "1",
        "0",
        "ERROR number=\"1904\"",
      ])
  }

  /// Who has not accepted the EULA may do that and nothing else (U16 p. 534), with the password that was told.
  @Test func aNewUserAcceptsTheEULAFirst() async throws {
    let lines = try await rehearse(
      "",
      Self.words + """
        eula=/msp/acceptEULA.php
        add "$all&send_email=0"
        as() { curl -sS -u "$1" -H 'X-Requested-With: test' --noproxy '*' -o answer -w '%{http_code} ' "$url$2" "${@:3}"; code < answer; }
        me='rehrs_ae1:rehearsed-9000001&Secret'
        as rehrs_ae1:wrong $eula; as nobody:any $eula; as "$me" "$ag?action=list"; as "$me" /msp/user_list.php; as "$me" $pu -H 'Content-Type: text/xml' -d '<ServiceRequest/>'
        as "$me" /api/2.0/fo/session/ -d 'action=login&username=rehrs_ae1' --data-urlencode 'password=rehearsed-9000001&Secret'
        as "$me" "$eula?x=1"; grep -o 'RETURN status="FAILED" number="1901"' answer; as "$me" "$ag?action=list"
        as "$me" $eula; tr -d '\\n' < answer | grep -o '<GENERIC_RETURN>.*' | sed 's/at="[^"]*"/at=""/; s/  *</</g'; echo
        as "$me" "$ag?action=list"; get $list | grep -c 'LAST_LOGIN_DATE>20'; as "$me" $eula -d ''; post $eula | grep -o 'TNC.*MSP'
        as "$me" $net -d 'action=create&name=N'; as "$me" /api/2.0/fo/session/ -d 'action=login&username=rehrs_ae1' --data-urlencode 'password=rehearsed-9000001&Secret'
        post $user -d 'action=deactivate&login=rehrs_ae1' | said; as "$me" "$ag?action=list"; as "$me" $eula
        # The link to the password is in a mail that nobody gets here.
        add "$all"; as 'rehrs_ae2:rehearsed-9000002&Secret' "$ag?action=list"; as 'rehrs_ae2:rehearsed-9000002&Secret' $eula; get $list | grep -c '>Active<'
        post $user -d 'action=activate&login=rehrs_ae1' | said
        curl -sS -u "$me" --noproxy '*' -d 'user_logins=all' "$url/msp/password_change.php" | grep -oE 'count="[0-9]*"|N>rehrs_ae.'
        curl -sS -u "$me" --noproxy '*' -d 'user_logins=rehrs_ae1' "$url/msp/password_change.php" | said
        """)
    #expect(
      lines == [
        "done", "401 2000", "401 2000", "409 2003", "409 2003", "409 UNAUTHORIZED", "409 2003", "200 none",
        "RETURN status=\"FAILED\" number=\"1901\"", "409 2003", "200 none",
        "<GENERIC_RETURN><API name=\"acceptEULA.php\" username=\"rehrs_ae1\" at=\"\"/><RETURN status=\"SUCCESS\">TNC accepted within MSP</RETURN></GENERIC_RETURN>",
        "", "200 none", "1", "200 none", "TNC accepted within MSP", "200 none", "200 none", "done", "403 2002", "403 2002", "done", "409 2003",
        "200 none", "1", "done", "count=\"1\"", "N>rehrs_ae2", "1905",
      ])
  }

  /// The portal has the users of a file, and whoever was away comes back with the same id, the tags and the roles.
  @Test func thePortalKeepsUsers() async throws {
    let lines = try await rehearse(
      "--load $fixtures/users-to-urls/writes-unit-managers-first/input.xml --save saved",
      Self.words + """
        portal() { ask -H 'Content-Type: text/xml' -d '<ServiceRequest/>' "$url$pu" | sed -n 's/^ *<id>\\(.*\\)<.*/\\1/p; s/^ *<username>\\(.*\\)<.*/\\1/p' | paste -sd' '; }
        portal > before; wc -w < before; login=$(cut -d' ' -f2 before); id=$(cut -d' ' -f1 before)
        give() { xml /qps/rest/2.0/update/am/user/$id '<ServiceRequest><data><User><roleList><add><RoleData><name>READER</name></RoleData></add></roleList></User></data></ServiceRequest>' | code; }
        give; post $user -d "action=deactivate&login=$login" | said; portal | wc -w; give; get /qps/rest/2.0/get/am/user/$id | code
        post $user -d "action=edit&login=$login&title=Away" | said
        post $user -d "action=activate&login=$login" | said; portal | diff - before && echo same; get /qps/rest/2.0/get/am/user/$id | grep -cE 'READER|Away'
        post $user -d "action=deactivate&login=$login" | said; stop
        "$programs/qtbx-sim" --port 0 --exit-after-seconds 60 --load saved > port 2>> said & pid=$!
        for _ in $(seq 200); do [ -s port ] && break; sleep 0.05; done; url=$(sed -n 's/^listening on //p' port)
        portal | wc -w; post $user -d "action=activate&login=$login" | said; portal | diff - before && echo same
        """)
    #expect(
      lines == [
        "6", "SUCCESS", "done", "4", "OBJECT_NOT_FOUND", "OBJECT_NOT_FOUND", "done", "done", "same", "2", "done", "4", "done", "same",
      ])
  }

  /// The answer has the password, which shows that it could be found where it must not be.
  @Test func nobodySeesThePasswordsOfNewUsers() async throws {
    let lines = try await rehearse(
      "",
      Self.words + """
        export q_username=rehearsal q_password=any TMPDIR=$PWD/tmp; mkdir tmp answers more
        base=${base// /%20}
        {
          echo "/msp/user.php?action=add&$base&${all/@/%40}&send_email=0#user=510001"
          echo "/msp/user.php?action=add&$base&${all/@/%40}&user_role=scanner&send_email=0#user=510002" | sed 's/user_role=scanner&//; s/ann%40/bob%40/'
          echo "/msp/user.php?action=add&$base&send_email=0&user_role=scanner#user=510003"
          printf 'POST\\t/msp/user.php?action=add&%s&%s&send_email=0\\t<a/>\\n' "$base" "${all/ann@/eve%40}"
          printf 'GET\\t/MSP/user%%2Ephp?action=add&%s&%s&send_email=0\\n' "$base" "${all/ann@/tom%40}"
          echo '/msp/password_change.php?user_logins=all&email=0'
        } > users.urls
        "$programs/qtbx-push" --server $url --journal journal --map-out map.csv --answers answers users.urls > results 2> said || true
        "$programs/qtbx-push" --server $url --journal other --resolve --settle 0 --answers more users.urls >> results 2>> said || true
        for page in list; do "$programs/qtbx-push" --status --journal journal users.urls >> results 2>> said || true; done
        cut -f 1-3 results | head -6; cut -d, -f 1,2 map.csv
        grep -c '<MESSAGE>rehrs_ae1 user has been' answers/1.xml
        grep -l -r -i -E 'rehearsed-|PASSWORD>' . || echo nowhere
        post $user -d "action=add&$base&$all&send_email=0" | grep -o '<PASSWORD>rehearsed-.*'
        post /msp/password_change.php -d 'user_logins=rehrs_ae1&email=0' | grep -o '<PASSWORD>rehearsed-.*'
        post /msp/password_change.php -d 'user_logins=rehrs_ae1' | grep -c PASSWORD\\> || true
        """)
    #expect(
      lines == [
        "done\trehrs_ae1\t510001", "done\trehrs_ae2\t510002", "refused\t\t510003", "done\trehrs_ae3\t", "refused\t\t", "done\t\t",
        "source_id,target_id",
        "510001,rehrs_ae1", "510002,rehrs_ae2", "1", "nowhere", "<PASSWORD>rehearsed-9000007&amp;Secret</PASSWORD>",
        "<PASSWORD>rehearsed-9000001&amp;Secret</PASSWORD>", "0",
      ])
  }

  /// From one subscription to another, with what a person does by hand, and back again.
  @Test func movesUsersWithTheirRolesAndTags() async throws {
    let lines = try await rehearse(
      "--load $fixtures/users-to-urls/writes-unit-managers-first/input.xml",
      """
      export PATH=$programs:$PATH q_username=rehearsal q_password=any
      qtbx-sim --port 0 --exit-after-seconds 100 --save kept > port-2 2> said-2 & other=$!
      trap 'kill $other; stop' EXIT
      for _ in $(seq 200); do [ -s port-2 ] && break; sleep 0.05; done
      from=$url; to=$(sed -n 's/^listening on //p' port-2)
      list() { qtbx-fetch -q --server $1 $2; }
      made() { curl -sS -u rehearsal:any -H 'Content-Type: text/xml' --data-binary "$2" "$1/qps/rest/2.0/create/am/tag" -o answer; }
      made $from '<ServiceRequest><data><Tag><name>first</name></Tag></data></ServiceRequest>'
      for name in first Paris 'R&amp;D'; do made $from "<ServiceRequest><data><Tag><name>$name</name></Tag></data></ServiceRequest>"; done
      for name in 'R&amp;D' Paris; do made $to "<ServiceRequest><data><Tag><name>$name</name></Tag></data></ServiceRequest>"; done
      list $from users > users.xml
      list $from tags > tags.xml; list $to tags > tags-after.xml
      qtbx-map -q --partial --source tags.xml --target tags-after.xml > tags.csv
      give() { xml /qps/rest/2.0/update/am/user/$1 "<ServiceRequest><data><User>$2</User></data></ServiceRequest>" | code; }
      list $from portal-users > portal.xml
      first=$(sed -n 's/^ *<id>\\(.*\\)<.*/\\1/p' portal.xml | head -1)
      give $first '<roleList><add><RoleData><name>READER</name></RoleData></add></roleList><scopeTags><add><TagData><name>R&amp;D</name></TagData></add></scopeTags>'
      give $first '<scopeTags><add><TagData><id>1</id></TagData></add></scopeTags>'; give 1 '<roleList><add><RoleData><name>X</name></RoleData></add></roleList>'
      give $first ''
      list $from portal-users > portal.xml
      qtbx-users-to-urls -q --send-email no users.xml > users.urls
      qtbx-push -q --server $to --journal users.journal users.urls | cut -f 1
      list $to users > users-after.xml; list $to portal-users > portal-after.xml
      qtbx-map -q --source portal.xml --target portal-after.xml > portal.csv
      qtbx-users-to-urls -q --step tags --map portal-user=portal.csv --map tag=tags.csv portal.xml > tags.urls
      qtbx-push -q --server $to --journal tags.journal tags.urls | cut -f 1
      list $to portal-users > portal-after.xml
      grep -c '<name>R&amp;D</name>' portal-after.xml; grep -c '<name>READER</name>' portal-after.xml
      # The users again, of the target's list: the same requests.
      qtbx-users-to-urls -q --send-email no users-after.xml > again.urls
      qtbx-verify -q users.urls again.urls && echo same
      qtbx-users-to-urls --send-email no --target users-after.xml users.xml 2>&1 | tail -1
      kill -TERM $other; wait $other || true; trap stop EXIT
      # What was saved can be loaded: the root of a search does not say what it has found.
      qtbx-sim --port 0 --exit-after-seconds 1 --load kept 2>&1 | grep -o ': [0-9].*' | sort
      """)
    #expect(
      lines == [
        "SUCCESS", "OBJECT_NOT_FOUND", "OBJECT_NOT_FOUND", "INVALID_REQUEST", "done", "done", "done", "done", "1", "1", "same",
        "qtbx-users-to-urls: 3 users: 0 written, 3 skipped, 0 notes", ": 2 tags", ": 3 portal users", ": 3 users",
      ])
  }
}
