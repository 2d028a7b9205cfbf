import Support
import Testing

/// Documents that nobody describes, user preferences and subscription settings: they come back byte for byte.
@Suite struct DocumentTests {
  private static let settings = """
    <?xml version="1.0" encoding="UTF-8" ?>
    <!DOCTYPE RECORD SYSTEM "https://qualysapi.example.com/record.dtd">
    <!-- kept --><RECORD><SUBSCRIPTION><FO><SCAN><EXCLUDED_IPS>192.0.2.1</EXCLUDED_IPS></SCAN>
    <USERS ><A><![CDATA[a < b]]></A><B></B><C/></USERS></FO></SUBSCRIPTION></RECORD>

    """

  @Test func answersByTheRules() async throws {
    let lines = try await rehearse(
      "", files: ["settings.xml": Self.settings],
      """
      prefs=/api/2.0/fo/user_prefs/; sub=/api/2.0/fo/subscription/index.php; guide=/api/2.0/fo/subscription/
      get "$sub?action=export" | code; get "$prefs?action=export&user_id=7" | code
      get "$prefs?action=export" | code; get "$prefs?action=export&user_id=exmpl_jd" | code; post $prefs -d 'action=export&user_id=7' | code
      xml "$prefs?action=import&user_id=7" @settings.xml | code; xml "$prefs?action=import" @settings.xml | code; xml "$prefs?action=import&user_id=7" '<a>' | code
      post $prefs -d 'action=import&user_id=7' | code; ask -H 'Content-Type: text/plain' --data-binary @settings.xml "$url$sub?action=import" | code
      xml "$sub?action=import&user_id=7" @settings.xml | code; get "$sub?action=import" | code; xml "$guide?action=import" @settings.xml | code
      for path in "$sub?action=export" "$guide?action=export" "$prefs?action=export&user_id=7"; do get "$path" | cmp - settings.xml && echo same; done
      """)
    #expect(
      lines == [
        "1905", "1905", "1903", "1905", "1908", "none", "1903", "1905", "1903", "1905", "1901", "1908", "none", "same", "same", "same",
      ])
  }

  /// Exported, made into requests, pushed and exported again: not a byte is another one.
  @Test func movesDocumentsByteForByte() async throws {
    let lines = try await rehearse(
      "--save saved", files: ["settings.xml": Self.settings],
      """
      mkdir preferences; printf '<P>\\n <A>1</A ></P>' > preferences/20001.xml; printf '<P><B/></P>\\n' > preferences/20002.xml
      export PATH=$programs:$PATH q_username=rehearsal q_password=any
      printf 'source_id,target_id\\n20001,7\\n20002,8\\n' > users.csv
      qtbx-preferences-to-urls -q --map user=users.csv preferences/*.xml > preferences.urls
      qtbx-subscription-to-urls -q settings.xml > settings.urls
      for list in preferences settings; do qtbx-push -q --server $url --journal $list.journal $list.urls | cut -f 1; done
      mkdir after; printf '7\\n8\\n' > ids; qtbx-fetch -q --server $url user-preferences --each ids -o 'after/{id}.xml'
      qtbx-fetch -q --server $url subscription -o after.xml
      cmp after/7.xml preferences/20001.xml && cmp after/8.xml preferences/20002.xml && cmp after.xml settings.xml && echo same
      stop; find saved -type f | sort; cmp saved/user-preferences/8.xml preferences/20002.xml
      # What was saved can be loaded.
      qtbx-sim --port 0 --exit-after-seconds 60 --load saved --save again > port 2> loaded & pid=$!
      for _ in $(seq 200); do [ -s port ] && break; sleep 0.05; done; stop; diff -r saved again && grep -c 'document of user preferences' loaded
      """)
    #expect(
      lines == [
        "done", "done", "done", "same", "saved/subscription.xml", "saved/user-preferences/7.xml", "saved/user-preferences/8.xml", "2",
      ])
  }
}
