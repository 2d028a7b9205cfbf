import Support
import Testing

/// The door: who may ask, how, and from where.
@Suite struct DoorTests {
  @Test func listensOnLoopbackOnly() async throws {
    let lines = try await rehearse("", "case $url in http://127.0.0.1:[0-9]*) echo yes;; esac; wc -l < port")
    #expect(lines == ["yes", "1"])
  }

  /// One that is ignored where it is started stays so: `nohup`.
  @Test func endsWithASignalThatIsNotIgnored() async throws {
    let lines = try await rehearse(
      "",
      """
      for signal in INT TERM HUP; do
        env --ignore-signal=$signal "$programs/qtbx-sim" --port 0 --exit-after-seconds 100 > other & other=$!
        for _ in $(seq 200); do [ -s other ] && break; sleep 0.05; done
        kill -$signal $other; sleep 0.3; kill -0 $other && echo $signal goes on
        kill -$([ $signal = TERM ] && echo HUP || echo TERM) $other; wait $other; echo $?; rm other
      done
      """)
    #expect(lines == ["INT goes on", "0", "TERM goes on", "0", "HUP goes on", "0"])
  }

  @Test func asksForAPassword() async throws {
    let lines = try await rehearse(
      "--user jd --password-fd 7 7<<<secret",
      """
      try() { curl -sS -o answer -w '%{http_code} ' -H 'X-Requested-With: t' "$@" "$url$ag?action=list"; code < answer; }
      try; try -u jd:wrong; try -u other:secret; try -u jd:secret
      ! grep -r secret log said
      """)
    #expect(lines == ["401 2000", "401 2000", "401 2000", "200 none"])
  }

  @Test func asksForTheHeader() async throws {
    let lines = try await rehearse(
      "",
      """
      curl -sS -o /dev/null -w '%{http_code}\\n' -u rehearsal:x "$url$ag?action=list"
      curl -sS -w '%{http_code}\\n' -u rehearsal:x -X POST "$url/qps/rest/2.0/count/am/tag" | tail -1
      """)
    #expect(lines == ["400", "200"])
  }

  /// A library that gives no answer, a buffer that grows, a letter that is repaired: none of that.
  @Test func refusesWhatIsTooMuchOrNoText() async throws {
    let lines = try await rehearse(
      "",
      """
      long=$(head -c 100000 /dev/zero | tr '\\0' x); ask -o answer -w '%{http_code}\\n' "$url$ag?action=list&title=$long"; grep -c -i '<html' answer
      head -c 70000000 /dev/zero > large
      ask -o answer -w '%{http_code}\\n' --data-binary @large "$url$net" || true
      ask -o answer -w '%{http_code}\\n' -H 'Transfer-Encoding: chunked' --data-binary @large "$url$net" || true
      status() { ask -o answer -w '%{http_code} ' "$@"; code < answer; }
      status -d 'action=create&name=%C3' "$url$net"; status -d 'action=create&name=a%00b' "$url$net"; status -d 'action=create&n%FF=a' "$url$net"
      status -H 'Content-Type: text/xml' --data-binary $'<ServiceRequest><data><Tag><name>\\xff</name></Tag></data></ServiceRequest>' "$url$tag"
      status "$url$ag?action=list&title=%ff"; status "$url/qps/rest/2.0/search/am/tag?fields=%ff" -d ''
      python3 - "$url" <<'P'
      import socket, sys
      host, port = sys.argv[1][7:].split(':')
      for raw in [b'GET /?' + b'x' * 2000000 + b' HTTP/1.1\\r\\n\\r\\n', b'GET /msp/\\xff HTTP/1.1\\r\\n\\r\\n', b'GET /\\r\\n\\r\\n', b'GET / HTTP/1.1\\r\\n' + b'a: ' + b'b' * 70000 + b'\\r\\n\\r\\n',
                  b'POST / HTTP/1.1\\r\\nContent-Length: -1\\r\\n\\r\\n', b'POST / HTTP/1.1\\r\\nContent-Length: 99999999999999999999\\r\\n\\r\\n',
                  b'POST / HTTP/1.1\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\nx\\r\\n']:
          with socket.create_connection((host, int(port)), timeout=20) as one:
              one.sendall(raw)
              print(one.recv(100).split(b' ')[1].decode())
      P
      grep -c '"body":""' log; code < /dev/null; awk '/VmHWM/ { print ($2 < 400000) ? "small" : $2 }' "/proc/$pid/status"
      """)
    #expect(
      lines == [
        "414", "1", "413", "413", "400 1905", "400 1905", "400 1905", "200 INVALID_XML", "400 1905", "400 INVALID_REQUEST", "414", "400", "400",
        "400",
        "400", "413", "400", "12", "none", "small",
      ])
  }

  @Test func bearsIdsWithoutEnd() async throws {
    let lines = try await rehearse(
      "--load groups.xml", files: ["groups.xml": groups],
      """
      most=9223372036854775807
      for id in $most 9223372036854775806 99999999999999999999 1000000000000000000; do
        sed "s/<ID>4000001</<ID>$id</" groups.xml > large.xml
        "$programs/qtbx-sim" --port 0 --exit-after-seconds 0 --load large.xml 2> large > nothing || grep -c 'more than 18 digits' large
      done
      "$programs/qtbx-sim" --port 0 --exit-after-seconds 0 --first-id $most 2> large > nothing || grep -c 'at most 18 digits' large
      sed "s/<ID>4000001</<ID>999999999999999999</" groups.xml > large.xml
      "$programs/qtbx-sim" --port 0 --exit-after-seconds 0 --load large.xml 2>&1 > nothing | grep -c '10 asset groups'
      get "$ag?action=list&id_min=$most&id_max=$most" | code; get "$ag?action=list&ids=1-$most" | code
      get "$ag?action=list&ids=99999999999999999999" | code; get "$net?action=list&ids=$most" | code
      post $pol -d "action=set_asset_group_ids&id=$most&asset_group_ids=$most,9223372036854775806" | code
      search "<ServiceRequest><preferences><startFromOffset>$most</startFromOffset></preferences></ServiceRequest>" | code
      search "<ServiceRequest><preferences><startFromId>$most</startFromId></preferences></ServiceRequest>" | code
      post $vm -d "action=create&scan_title=S&active=1&option_id=$most&ip=0.0.0.0-255.255.255.255&start_date=12/31/9999&occurrence=daily&frequency_days=1&start_hour=1&start_minute=0&time_zone_code=JP&recipient_group_ids=$most&after_notify=1" | code
      post $ag -d 'action=add&title=All%20of%20it&ips=0.0.0.0/0' | code
      """)
    #expect(
      lines == [
        "1", "1", "1", "1", "1", "1", "none", "1905", "1905", "1905", "1905", "SUCCESS", "SUCCESS", "none", "none",
      ])
  }

  @Test func refusesLongAddresses() async throws {
    let lines = try await rehearse(
      "",
      """
      ids=$(seq -s, 1 2000); ask -o answer -w '%{http_code} %{content_type}\n' "$url$ag?action=list&ids=$ids"; grep -c -i '<html' answer
      post $ag -d "action=list&ids=$ids" | code; post $ag -d "action=list&ids=x" | head -1 | cut -c1-9
      """)
    #expect(lines == ["414 text/html; charset=iso-8859-1", "1", "none", "<!DOCTYPE"])
  }

  @Test func announcesLimits() async throws {
    let lines = try await rehearse(
      "--rate-limit 2",
      """
      for n in 1 2 3; do get $ag?action=list -D head > answer; ask -D head "$url$ag?action=list" > answer; code < answer; done
      tr -d '\\r' < head | grep -c -E '^X-(RateLimit-(Limit|Window-Sec|Remaining|ToWait-Sec)|Concurrency-Limit-(Limit|Running)): [0-9]+$'
      head -1 head | cut -c10-12; grep -c SECONDS_TO_WAIT answer
      """)
    #expect(lines == ["none", "1965", "1965", "6", "409", "1"])
  }

  @Test func limitsCallsAtOnce() async throws {
    let lines = try await rehearse(
      "--concurrency-limit 1 --fault 'GET /api/2.0/fo/network/: ok slow=2, ok'",
      """
      get "$net?action=list" > first & one=$!
      sleep 0.7
      ask -D head "$url$net?action=list" | code
      grep -c -i ratelimit-towait head || true
      wait $one; code < first
      """)
    #expect(lines == ["1960", "0", "none"])
  }

  @Test func keepsConnectionsAndTakesLargeBodies() async throws {
    let lines = try await rehearse(
      "",
      """
      for n in $(seq 200); do printf 'url = "%s"\\ndata = "action=create&name=N%s"\\nnext\\nuser = "rehearsal:x"\\nheader = "X-Requested-With: t"\\n' "$url$net" $n; done > list
      (printf 'user = "rehearsal:x"\\nheader = "X-Requested-With: t"\\n'; sed '$d' list | sed '$d' | sed '$d') > config
      curl -sS -v -K config > answers 2> talk
      grep -c 'Network created' answers; grep -c 'Connected to' talk
      head -c 5000000 /dev/zero | tr '\\0' x > large
      ask -H 'Expect: 100-continue' -d action=create -d name=L --data-urlencode comment@large "$url$net" | code
      """)
    #expect(lines == ["200", "1", "1901"])
  }

  @Test func stopsOnSignalsAndSaves() async throws {
    for signal in ["TERM", "INT"] {
      let lines = try await rehearse(
        "--load groups.xml --save saved", files: ["groups.xml": groups],
        """
        post $ag -d 'action=add&title=New' > answer
        kill -\(signal) $pid; wait $pid; echo $?; pid=
        ls saved
        "$programs/qtbx-sim" --port 0 --exit-after-seconds 0 --load saved > again 2>&1; cat again | grep groups | sed 's/.*: //'
        diff <(sed -n '/<ID>4000001</,/<\\/ASSET_GROUP>/p' groups.xml) <(sed -n '/<ID>4000001</,/<\\/ASSET_GROUP>/p' saved/asset-groups.xml) && echo same
        """)
      #expect(lines == ["0", "asset-groups.xml", "11 asset groups", "same"])
    }
  }

  @Test func refusesATakenPort() async throws {
    let lines = try await rehearse(
      "",
      #"port=${url##*:}; "$programs/qtbx-sim" --port $port --exit-after-seconds 1 2> taken || echo $?; grep -c "cannot listen on 127.0.0.1:$port" taken"#
    )
    #expect(lines == ["3", "1"])
  }

  @Test func logsWhatArrives() async throws {
    let lines = try await rehearse(
      "--fault 'POST /api/2.0/fo/network/: drop, ok'",
      """
      post $net -d 'action=create&name=A%26B' > /dev/null 2>&1 || true
      post "$net?name=first" -d 'action=create&name=second' > answer
      post $net -d 'action=create&password=hush' > answer
      stop
      python3 - <<'P'
      import json
      for line in open('log'):
          one = json.loads(line)
          print(one['n'], one['method'], one['path'], one['parameters'].get('name'), one['fault'] or '-')
      P
      ! grep hush log
      """)
    #expect(
      lines == [
        "1 POST /api/2.0/fo/network/ A&B drop", "2 POST /api/2.0/fo/network/ second ok", "3 POST /api/2.0/fo/network/ None ok",
      ])
  }
}

/// Faults on request.
@Suite struct FaultTests {
  /// Each step, what curl makes of it, and whether the network was created.
  @Test(arguments: [
    ("409 1965 wait=2", "0 409 1965", false), ("409 1960", "0 409 1960", false), ("409 2003", "0 409 2003", false), ("200 2001", "0 200 2001", false),
    ("503 retry-after=3", "0 503 none", false), ("500 done", "0 500 none", true), ("lost", "52 000 none", true), ("drop", "52 000 none", false),
    ("cut=60", "18 200 none", true), ("reset", "56 000 none", true), ("reset=30", "56 200 none", true), ("html", "0 200 none", false),
    ("empty", "0 200 none", false), ("ok slow=1", "0 200 none", true), ("1981", "0 202 1981", false), ("1981 done", "0 202 1981", true),
    ("1999", "0 503 1999", false), ("999", "0 400 999", false), ("501 999", "0 501 999", false), ("2002", "0 403 2002", false),
    ("2011", "0 409 2011", false), ("2012", "0 403 2012", false),
  ])
  func failsAsTold(_ step: String, _ expected: String, _ isCreated: Bool) async throws {
    let lines = try await rehearse(
      "--fault 'POST /api/2.0/fo/network/: \(step), ok'",
      """
      status=0; : > answer
      code=$(ask -D head -o answer -w '%{http_code}' "$url$net" -d 'action=create&name=X' 2> /dev/null) || status=$?
      echo "$status $code $(code < answer)"
      get "$net?action=list" | grep -c '\\[X\\]' || true
      post $net -d 'action=create&name=Y' | code
      grep -i -E '^(x-ratelimit-towait-sec: 2|retry-after: 3)' head | tr -d '\\r' || true
      """)
    #expect(Array(lines.prefix(3)) == [expected, isCreated ? "1" : "0", "none"])
    if step.contains("wait=2") { #expect(lines.last?.lowercased() == "x-ratelimit-towait-sec: 2") }
    if step.contains("retry-after") { #expect(lines.last?.lowercased() == "retry-after: 3") }
  }

  @Test func repeatsTheLastStep() async throws {
    let lines = try await rehearse(
      "--fault 'GET /api/2.0/fo/network/: ok*2, 503' --fault 'GET /api/: 500'",
      """
      for n in 1 2 3 4; do ask -o /dev/null -w '%{http_code}\\n' "$url$net?action=list"; done
      ask -o /dev/null -w '%{http_code}\\n' "$url$ag?action=list"
      """)
    #expect(lines == ["200", "200", "503", "503", "500"])
  }

  @Test func failsTagsInTheirOwnWay() async throws {
    let lines = try await rehearse(
      "--fault 'POST /qps/: 200 UNAUTHORIZED, ok'", "search '' | code; search '' | code")
    #expect(lines == ["UNAUTHORIZED", "SUCCESS"])
  }
}

/// Lists, page by page.
@Suite struct ListTests {
  @Test func pagesAssetGroups() async throws {
    let lines = try await rehearse(
      "--load groups.xml", files: ["groups.xml": groups],
      """
      count() { grep -c '<ASSET_GROUP>' || true; }
      get "$ag?action=list&show_attributes=ALL" > all; count < all; code < all
      get "$ag?action=list&truncation_limit=0" | count
      get "$ag?action=list&truncation_limit=4&show_attributes=TITLE" > page; count < page; code < page; grep -A1 CDATA page | grep http
      get "$ag?action=list&truncation_limit=4&id_min=4000009" | tee page | count; code < page
      grep -c IP_SET page
      get "$ag?action=list&show_attributes=None" | grep ID_RANGE
      get "$ag?action=list&ids=4000002,4000003,4000005" | count
      get "$ag?action=list&title=Group%203%20%26%20%3Cmore%3E" | count
      get "$ag?action=list&ids=abc" | code
      grep -c 'kept as it is' all
      head -3 all | tail -1 | cut -c1-4; tail -1 all | cut -c1-4; grep -c DOCTYPE all
      """)
    #expect(
      lines == [
        "10", "none", "10", "4", "1980",
        "https://qualysapi.rehearsal.invalid/api/2.0/fo/asset/group/?action=list&show_attributes=TITLE&truncation_limit=4&id_min=4000005", "2",
        "none", "2",
        "      <ID_RANGE>4000001-4000010</ID_RANGE>", "3", "1", "1905", "10", "<!--", "<!--", "1",
      ])
  }

  /// U16 p. 355: six elements, if nothing is asked for.
  @Test func showsFewAttributesUnlessAsked() async throws {
    let lines = try await rehearse(
      "",
      """
      post $ag -d 'action=add&title=A&ips=10.0.0.1&dns_names=a.example&business_impact=high' > answer
      names() { sed -n '/<ASSET_GROUP>/,/<.ASSET_GROUP>/s/^        <\\([A-Z_]*\\)[ >].*/\\1/p' | tr '\\n' ' '; echo; }
      get "$ag?action=list" | names; get "$ag?action=list&show_attributes=OWNER,DNS_LIST" | names; get "$ag?action=list&show_attributes=EC2" | code
      """)
    #expect(lines == ["ID TITLE OWNER_ID UNIT_ID NETWORK_ID IP_SET ", "ID OWNER_USER_ID OWNER_UNIT_ID DNS_LIST ", "1905"])
  }

  @Test func pagesTags() async throws {
    let lines = try await rehearse(
      "--page-size 3",
      """
      for n in 1 2 3 4 5 6 7; do xml $tag "<ServiceRequest><data><Tag><name>T$n</name></Tag></data></ServiceRequest>" > answer; done
      show() { sed -n 's/.*<\\(count\\|hasMoreRecords\\|lastId\\)>\\(.*\\)<.*/\\2/p' | tr '\\n' ' '; echo; }
      search '' | show
      search '<ServiceRequest><preferences><limitResults>1000</limitResults></preferences><filters><Criteria field="id" operator="GREATER">9000003</Criteria></filters></ServiceRequest>' | show
      search '<ServiceRequest><preferences><startFromOffset>7</startFromOffset></preferences></ServiceRequest>' | show
      search '<ServiceRequest><filters><Criteria field="name" operator="EQUALS">T5</Criteria></filters></ServiceRequest>' | grep -c '<name>T5'
      search '<ServiceRequest><filters><Criteria field="name" operator="GREATER">T5</Criteria></filters></ServiceRequest>' | code
      search '<ServiceRequest><preferences><limitResults>1001</limitResults></preferences></ServiceRequest>' | code
      ask -X POST "$url/qps/rest/2.0/search/am/tag?fields=id" | grep -c '<name>' || true
      ask -X POST "$url/qps/rest/2.0/count/am/tag" | show
      get /qps/rest/2.0/get/am/tag/9000002 | code; get /qps/rest/2.0/get/am/tag/5 | code
      """)
    #expect(
      lines == [
        "3 true 9000003 ", "3 true 9000006 ", "1 false 9000007 ", "1", "INVALID_REQUEST", "INVALID_REQUEST", "0", "7 ", "SUCCESS", "OBJECT_NOT_FOUND",
      ])
  }

  /// The address of the next page has only parameters that the call takes.
  @Test func pagesPolicies() async throws {
    let lines = try await rehearse(
      "--page-size 1 --load \"$fixtures/demo/source\"",
      """
      get "/api/4.0/fo/compliance/policy/?action=list&details=All" | grep http | sed 's/.*rehearsal.invalid//' | grep action > next
      cat next; get "$(cat next)" | grep -c '<POLICY>'
      get "$pol?action=list" | sed -n '/<WARNING_LIST>/,/<.WARNING_LIST>/s/^ *<\\(CODE\\|.WARNING_LIST\\)>/\\1/p'
      """)
    #expect(lines == ["/api/4.0/fo/compliance/policy/?action=list&details=All&id_min=7700002", "1", "CODE1980</CODE>", "/WARNING_LIST"])
  }

  @Test func showsPartsOfSchedulesWhenAsked() async throws {
    let lines = try await rehearse(
      "--load \"$fixtures/schedule-to-urls/carries-every-known-element/input.xml\"",
      """
      get "$vm?action=list" > bare; grep -c '<SCAN>' bare; grep -c -E 'NOTIFICATIONS|CLOUD_DETAILS' bare || true
      get "$vm?action=list&show_notifications=1&show_cloud_details=1" > full; grep -c -E '<(NOTIFICATIONS|CLOUD_DETAILS)>' full
      get "$vm?action=list&active=0" | grep -c '<SCAN>'
      get "$vm?action=list&id=7400001" | grep -c '<SCAN>'
      get "$vm?action=list&nonsense=1" | code
      get "$vm?action=list&echo_request=1" | grep -c PARAM_LIST
      get /api/5.0/fo/schedule/scan/?action=list | grep -c '<SCAN>'
      ask -o /dev/null -w '%{http_code}\\n' "$url/api/9.0/fo/schedule/scan/?action=list"
      post /api/5.0/fo/schedule/scan/ -d 'action=delete&id=7400001' | code; post $vm -d 'action=delete&id=7400001' | code
      """)
    #expect(lines.first == "3")
    #expect(Array(lines.dropFirst(1)) == ["0", "3", "2", "1", "1901", "2", "3", "404", "1905", "none"])
  }
}

/// Who has logged in need not say so again.
@Suite struct SessionTests {
  @Test func logsInAndOut() async throws {
    let lines = try await rehearse(
      "--user jd --password-fd 7 7<<<secret",
      """
      try() { curl -sS -D head -o answer -w '%{http_code} ' -H 'X-Requested-With: t' "$@"; code < answer; }
      login='action=login&username=jd&password'; session=$url/api/2.0/fo/session/; list="$url$ag?action=list"
      try -c jar -d "$login=wrong" $session; try -c jar "$session?$login=secret"; try -d 'action=login&username=jd' $session
      try -c jar -d "$login=secret" $session; grep -c -i ratelimit head || true; grep -c 'Logged in' answer
      try -b jar "$list"; grep -c -i ratelimit-limit head; grep -o 'Running: [0-9]*' head; grep -o 'Content-Type: .*' head | tr -d '\\r'
      try -b jar -X POST "$url/qps/rest/2.0/count/am/tag"; try -b QualysSession=1 "$list"; curl -sS -o answer -w '%{http_code}\\n' -b jar "$list"
      try -b jar -d action=logout $session; try -b jar "$list"
      ! grep -r secret log said
      """)
    #expect(
      lines == [
        "401 2000", "400 1908", "400 1903", "200 none", "0", "1", "200 none", "1", "Running: 0",
        "Content-Type: application/xml", "401 UNAUTHORIZED", "401 2000", "400", "200 none", "401 2000",
      ])
  }

  @Test func saysWhoItIsAndWhichTimeZonesItKnows() async throws {
    let lines = try await rehearse(
      "--load \"$fixtures/demo/source/schedules.xml\"",
      """
      curl -sS -o /dev/null -w '%{http_code}\\n' "$url/msp/about.php"
      curl -sS -u rehearsal:x "$url/msp/about.php" | grep -o '<ABOUT>'
      get /msp/time_zone_code_list.php > zones; grep -A2 '>US-CA<' zones | tr -d ' \\n'; echo; grep -A2 '>IN<' zones | tail -1 | tr -d ' '; grep -c '>DE<' zones
      """)
    #expect(
      lines == [
        "401", "<ABOUT>",
        "<TIME_ZONE_CODE>US-CA</TIME_ZONE_CODE><TIME_ZONE_DETAILS><![CDATA[(GMT-0800)UnitedStates:America/Los_Angeles]]></TIME_ZONE_DETAILS>"
          + "<DST_SUPPORTED>1</DST_SUPPORTED>", "<DST_SUPPORTED>0</DST_SUPPORTED>", "1",
      ])
  }
}
