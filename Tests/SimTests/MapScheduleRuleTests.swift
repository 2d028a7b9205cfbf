import Support
import Testing

/// Scheduled maps of the first API: what its one call takes, what it answers, and what the list shows of it.
@Suite struct MapScheduleRuleTests {
  private static let domains = """
    <DOMAIN_LIST><DOMAIN><DOMAIN_NAME>example.com</DOMAIN_NAME><DOMAIN_ID>7001</DOMAIN_ID>
    <NETBLOCK><RANGE><START>192.0.2.0</START><END>192.0.2.127</END></RANGE></NETBLOCK></DOMAIN></DOMAIN_LIST>

    """
  private static let prelude = """
    tasks=/msp/scheduled_scans.php
    weekly='add_task=yes&type=map&active=no&occurrence=weekly&frequency_weeks=1&weekdays=Monday&start_hour=0&start_minute=0&time_zone_code=JP&observe_dst=no'
    said() { sed -n 's/.*<ERROR number="\\([0-9]*\\)".*/\\1/p; s/.*<SCAN active="\\(.*\\)" ref="\\(.*\\)">.*/\\1 \\2/p'; }
    add() { post $tasks -d "$weekly&$1" | said; }

    """

  @Test func addsListsAndRemovesTasks() async throws {
    let lines = try await rehearse(
      "--load domains.xml", files: ["domains.xml": Self.domains],
      Self.prelude + """
        add 'scan_title=A&scan_target=Example.com:192.0.2.1-192.0.2.9&start_date=03/03/2031'; post $tasks -d "${weekly/active=no/active=yes}&scan_title=B&asset_groups=All" | said
        get "$tasks?type=map" | said; get $tasks | said; get "$tasks?type=all" | grep -c NEXTLAUNCH; get "$tasks?type=maps" | said
        get "$tasks?type=map" | sed -n 's/ *\\(<TARGETS.*\\|<START_DATE.*\\|<WEEKLY.*\\|<DST.*\\)/\\1/p' | head -4
        post $tasks -d 'drop_task=yes&task_id=9000001' | said; post $tasks -d 'drop_task=yes&task_id=9000001' | said; get "$tasks?type=map" | said
        """)
    #expect(
      lines == [
        "no 9000001", "yes 9000002", "no 9000001", "yes 9000002", "1", "1905", "<TARGETS><![CDATA[Example.com:[192.0.2.1-192.0.2.9]]]></TARGETS>",
        "<WEEKLY frequency_weeks=\"1\" weekdays=\"1\"/>", "<START_DATE_UTC>2031-03-02T15:00:00</START_DATE_UTC>", "<DST_SELECTED>0</DST_SELECTED>",
        "1905", "yes 9000002",
      ])
  }

  @Test func takesWhatItKnowsOnly() async throws {
    let lines = try await rehearse(
      "--load domains.xml", files: ["domains.xml": Self.domains],
      Self.prelude + """
        add 'scan_title=A'; add 'scan_target=example.com'; add 'scan_title=A&scan_target=example.org'; add 'scan_title=A&scan_target=example.com:192.0.2.200'
        add 'scan_title=A&scan_target=example.com:[192.0.2.1'; add 'scan_title=A&scan_target=none'; add 'scan_title=A&scan_target=www.example.com'
        add 'scan_title=A&scan_target=example.com&active=1'; add 'scan_title=A&scan_target=example.com&default_scanner=1'
        add 'scan_title=A&asset_groups=All&default_scanner=1&iscanner_name=DC'; add 'scan_title=A&scan_target=example.com&exclude_ip_per_scan=192.0.2.1'
        add 'scan_title=A&scan_target=example.com&pause_after_hours=1'; add 'scan_title=A&scan_target=example.com&end_after=49'
        add 'scan_title=A&scan_target=example.com&start_date=2031-03-03'; add 'scan_title=A&scan_target=example.com&type=scan'
        add 'scan_title=A&scan_target=example.com&weekdays=Someday'; add 'scan_title=A&scan_target=example.com:[192.0.2.1,192.0.2.5-192.0.2.7]'
        """)
    #expect(
      lines == [
        "1922", "1903", "1905", "1905", "1905", "1905", "1905", "1905", "1907", "1904", "1901", "1901", "1905", "1905", "1905", "1905", "no 9000001",
      ])
  }

  /// The answer is the list of what was added: its id is that of the task.
  @Test func movesMapsAndFindsWhatWasLost() async throws {
    let lines = try await rehearse(
      "--fault 'POST /msp/scheduled_scans.php: ok, lost, ok'",
      """
      export PATH=$programs:$PATH q_username=rehearsal q_password=any
      qtbx-map-schedules-to-urls -q "$fixtures/map-schedules-to-urls/creates-daily-and-monthly-maps/input.xml" > sent.urls
      qtbx-push -q --server $url --journal journal sent.urls | cut -f 1-4 || true
      qtbx-push -q --server $url --journal journal --map-out map.csv --resolve --settle 0 sent.urls | cut -f 1-4
      qtbx-fetch -q --server $url map-schedules -o after.xml; qtbx-map-schedules-to-urls -q after.xml > listed.urls; qtbx-verify -q sent.urls listed.urls
      sed -n 3p map.csv
      """)
    #expect(
      lines == [
        "done\t9000001\t1000001\tWeekly map", "unknown\t\t1000002\tMonthly by day", "done\t9000003\t1000003\tMonthly by week",
        "done\t9000004\t1000004\tSeveral days", "already\t9000001\t1000001\tWeekly map", "found\t9000002\t1000002\tMonthly by day",
        "already\t9000003\t1000003\tMonthly by week", "already\t9000004\t1000004\tSeveral days", "1000002,9000002,Monthly by day",
      ])
  }
}
