import Support
import Testing

/// Policies go from one rehearsal to another, step by step as the page says, and say the same there.
@Suite struct PolicyScopeTests {
  private static func listed(_ id: Int, _ title: String, _ scope: String = "") -> String {
    "<POLICY><ID>\(id)</ID><TITLE>\n<![CDATA[\(title)]]>\n</TITLE>\(scope)</POLICY>"
  }

  private static func tags(_ set: String, _ selector: String, _ ids: Int...) -> String {
    "<TAG_SET_\(set)>\(ids.map { "<TAG_ID>\($0)</TAG_ID>" }.joined())</TAG_SET_\(set)><TAG_\(set)_SELECTOR>\(selector)</TAG_\(set)_SELECTOR>"
  }

  private static let list = """
    <POLICY_LIST_OUTPUT><RESPONSE><DATETIME>2031-02-01T08:00:00Z</DATETIME><POLICY_LIST>
    \(listed(71_000_001, "R&D #1", "<ASSET_GROUP_IDS>31-33,35</ASSET_GROUP_IDS>" + tags("INCLUDE", "ALL", 51, 52)))
    \(listed(71_000_002, "Zürich \"x\"", tags("INCLUDE", "any", 51) + tags("EXCLUDE", "any", 53)))
    \(listed(71_000_003, "Bare"))
    </POLICY_LIST></RESPONSE></POLICY_LIST_OUTPUT>
    """

  private static func groups(_ first: Int) -> String {
    let groups = [0, 1, 2, 4].map {
      "<ASSET_GROUP><ID>\(first + $0)</ID><TITLE>Group \($0)</TITLE><IP_SET><IP>10.0.0.\($0)</IP></IP_SET></ASSET_GROUP>"
    }
    return "<ASSET_GROUP_LIST_OUTPUT><RESPONSE><ASSET_GROUP_LIST>\(groups.joined())</ASSET_GROUP_LIST></RESPONSE></ASSET_GROUP_LIST_OUTPUT>\n"
  }

  private static func tags(_ first: Int) -> String {
    let tags = (0...2).map { "<Tag><id>\(first + $0)</id><name>Tag \($0)</name></Tag>" }
    return "<ServiceResponse><responseCode>SUCCESS</responseCode><data>\(tags.joined())</data></ServiceResponse>\n"
  }

  @Test func theScopeArrivesByItsNewIds() async throws {
    let exports = [
      "a.xml": policy.replacing("[Baseline]", with: "[R&D #1]"), "b.xml": policy.replacing("[Baseline]", with: "[Zürich \"x\"]"),
      "c.xml": policy.replacing("[Baseline]", with: "[Bare]"),
    ]
    let lists = [
      "list.xml": Self.list, "groups-old.xml": Self.groups(31), "groups-new.xml": Self.groups(831), "tags-old.xml": Self.tags(51),
      "tags-new.xml": Self.tags(851),
    ]
    let lines = try await rehearse(
      "--load list.xml a.xml b.xml c.xml groups-old.xml tags-old.xml", files: exports.merging(lists) { $1 },
      """
      "$programs/qtbx-sim" --port 0 --exit-after-seconds 120 --load groups-new.xml tags-new.xml > port2 2> said2 &
      other=$!
      trap 'kill $other; stop' EXIT
      for _ in $(seq 200); do [ -s port2 ] && break; sleep 0.05; done
      target=$(sed -n 's/^listening on //p' port2)
      export q_username=rehearsal q_password=any
      steps() { "$programs/qtbx-policies-to-urls" -q "$@"; }
      push() { "$programs/qtbx-push" -q --server "$target" --journal "$@" | cut -f1 | sort | uniq -c | tr -s ' '; }

      get "$pol?action=list" > policies.xml
      mkdir policies
      steps --step export policies.xml | while IFS=$(printf '\\t#') read -r method path origin; do
        get "$path" > "policies/${origin#policy=}.xml"
      done
      "$programs/qtbx-map" -q --source groups-old.xml --target groups-new.xml > groups.csv
      "$programs/qtbx-map" -q --source tags-old.xml --target tags-new.xml > tags.csv
      steps policies.xml > import.urls
      push import.journal --map-out policies.csv import.urls
      steps --step scope --policy-map policies.csv --asset-group-map groups.csv --tag-map tags.csv policies.xml > scope.urls
      push scope.journal scope.urls

      # What the target lists gives the same requests, by its own ids.
      url=$target
      get "$pol?action=list" > after.xml
      grep -o '<ASSET_GROUP_IDS>.*</ASSET_GROUP_IDS>' after.xml
      for map in policies groups tags; do awk -F, 'NR == 1 || $2 { print NR == 1 ? $0 : $2 "," $2 ",x" }' $map.csv > same-$map.csv; done
      steps after.xml | sed 's/#.*//' | diff <(sed 's/#.*//' import.urls) - && echo 'the same imports'
      steps --step scope --policy-map same-policies.csv --asset-group-map same-groups.csv --tag-map same-tags.csv after.xml | sed 's/#.*//' |
        diff <(sed 's/#.*//' scope.urls) - && echo 'the same scopes'
      id=$(sed -n 's/^71000001,\\([0-9]*\\),.*/\\1/p' policies.csv)
      get "$pol?action=export&id=$id&show_user_controls=1" | sed -n '/<POLICY>/,/<\\/POLICY>/p' | diff <(sed -n '/<POLICY>/,/<\\/POLICY>/p' policies/71000001.xml) - && echo 'the same policy'
      """)
    #expect(
      lines == [
        " 3 done", " 3 done", "<ASSET_GROUP_IDS>831-833,835</ASSET_GROUP_IDS>", "the same imports", "the same scopes",
        "the same policy",
      ])
  }

  /// A group without an address is refused by the service: the list is sent, and says so.
  @Test func aGroupWithoutAddressesIsRefused() async throws {
    let lines = try await rehearse(
      "--load policy.xml groups.xml",
      files: ["policy.xml": policy, "groups.xml": Self.groups(31).replacing("<IP_SET><IP>10.0.0.1</IP></IP_SET>", with: "")],
      """
      for ids in 31 31,32 33-35; do post $pol -d "action=set_asset_group_ids&id=9000001&asset_group_ids=$ids" | grep -o -E 'no IP|success|1905'; done
      """)
    #expect(lines == ["success", "1905", "no IP", "1905"])
  }
}
