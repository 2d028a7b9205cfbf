import Base
import Support
import SystemPackage
import Testing

/// What the filters make of a list is sent, listed, and made into requests again: qtbx-verify must find no difference.
///
/// A case whose answer is a request list takes part if there is a file `round-trip` in its folder:
///
///     resource NAME         of qtbx-fetch: the list that holds what was sent
///     through PROGRAM       what the list goes through before the case's own program
///     options OPTION...     of the case's program
///     added EXPRESSION      the parameters that the service adds where a request says nothing, for sed: what cannot be the same
///     mended EXPRESSION     what a request says that the service refuses, for sed: it is sent as it may be
///     # ...                 why
///
/// `{today}` in an expression is the date of today, as the service writes it.
@Suite struct RoundTripTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var room: String
    var fixture: String
    var resource = ""
    var through = ""
    var options = ""
    var added: [String] = []
    var mended: [String] = []
    /// What no line of a file may say.
    var unknown: [String] = []
    var testDescription: String { fixture }

    init?(room: String, name: String) throws {
      self.room = room
      fixture = "\(room)/\(name)"
      guard let text = try Files.read(RoundTripTests.fixtures.appending(room).appending(name).appending("round-trip")) else { return nil }
      for line in String(decoding: text, as: UTF8.self).split(separator: "\n") where !line.hasPrefix("#") {
        let words = line.split(separator: " ", maxSplits: 1)
        let value = words.count == 2 ? String(words[1]) : ""
        switch words.first {
        case "resource": resource = value
        case "through": through = value
        case "options": options = value
        case "added": added.append(value)
        case "mended": mended.append(value)
        default: unknown.append(String(line))
        }
      }
    }
  }

  private static let fixtures = Place.root.appending("fixtures")
  private static let rooms = Files.names(in: fixtures).filter { $0.hasSuffix("-to-urls") }
  private static let cases = rooms.flatMap { room in
    Files.names(in: fixtures.appending(room)).compactMap { name in try? Case(room: room, name: name) }
  }

  /// Rooms whose requests no list gives back.
  private static let withoutList = [
    // What is imported is a document for each policy: MigrationTests and PolicyScopeTests compare those.
    "policies-to-urls",
    // Many lists become one request, and one list shows them: HostAddressRuleTests moves them, and compares what comes back.
    "ips-to-urls", "ipv6-to-urls",
    // A history is another one each time: ExceptionRuleTests moves them, and compares the rest.
    "exceptions-to-urls",
    // A list for each type, by the ids of others: AuthenticationTests moves records of every type, and vaults, with their secrets.
    "auth-to-urls", "vaults-to-urls",
    // Documents that are kept as they are: DocumentTests moves them, and compares their bytes.
    "preferences-to-urls", "subscription-to-urls",
  ]

  /// A new room that writes requests says in its cases what comes back of them.
  @Test func everyRoomTakesPart() {
    #expect(Set(Self.cases.map(\.room)).union(Self.withoutList) == Set(Self.rooms))
    for one in Self.cases {
      #expect(!one.resource.isEmpty && one.unknown.isEmpty, "\(one.fixture): \(one.unknown)")
    }
  }

  @Test(arguments: cases) func givesTheSameRequests(_ one: Case) async throws {
    func expression(_ parts: [String]) -> String { parts.joined(separator: "; ").replacing("{today}", with: "$(TZ=UTC date +%m/%d/%Y)") }
    let lines = try await rehearse(
      "--page-size 3",
      """
      export PATH=$programs:$PATH q_username=rehearsal q_password=any
      cp "$fixtures/\(one.fixture)"/output.* sent.urls; sed -i "\(expression(one.mended))" sent.urls
      qtbx-push -q --server $url --journal journal --map-out map.csv sent.urls > results 2> said || cat said
      qtbx-fetch -q --server $url \(one.resource) -o after.xml
      # Ids that a request names stand for themselves.
      maps=
      ids() {
        grep -o "[?&]$1=[0-9,]*" sent.urls | sed 's/.*=//' | tr , '\\n' | sort -u | sed "s/.*/&,&,$3&/" > found.csv || true
        [ ! -s found.csv ] || { { echo source_id,target_id,name; cat found.csv; } > $2.csv; maps="$maps --map $2=$2.csv"; }
      }
      ids ip_network_id network N; ids network_id network N; ids asset_group_ids asset-group 'Asset group '; ids recipient_group_ids distribution-group G
      \(one.through.isEmpty ? "cat after.xml" : one.through + " -q after.xml") | qtbx-\(one.room) -q $maps \(one.options) > listed.urls
      for list in sent listed; do sed "\(expression(one.added))" $list.urls > $list.bare; done
      [ -s sent.urls ] && "$programs/qtbx-verify" -q sent.bare listed.bare || true
      """)
    #expect(lines == [])
  }
}
