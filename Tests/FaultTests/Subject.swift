import Support
import SystemPackage
import Testing

/// A program under test: arguments and an input with which it succeeds, and how to read its answer.
///
/// A new room is one more row of `all`. Whatever the documents hold is made here: example.com names, RFC 5737 and RFC 1918 addresses.
struct Subject: CustomTestStringConvertible, Sendable {
  var name: String
  /// What makes it succeed. Its files stand in the folder it runs in.
  var arguments: [String] = []
  /// Small files that it reads besides its input.
  var files: [String: String] = [:]
  /// A file that holds the same document as the input, if the program compares two.
  var twin: String?
  /// What stands before the first record and behind the last; a request list has neither.
  var opening: [String] = []
  var closing = ""
  /// A record: its number, and its title as it must stand in the document.
  var record: @Sendable (_ number: Int, _ title: String) -> String
  /// The titles that an answer holds, in its order.
  var titles: @Sendable (_ answer: [UInt8]) -> [String]
  /// It writes while it reads if told `--unbuffered`.
  var streams = false
  /// It writes XML.
  var writesXML = false
  /// It gives its input back but for the ids.
  var splices = false
  /// It has no threads and no maps.
  var isAlone = false

  var testDescription: String { ([name] + arguments).joined(separator: " ") }
  var program: FilePath { Place.program(name) }
  var readsXML: Bool { !opening.isEmpty }
  /// It has a report: all but the checker of request lists.
  var isFilter: Bool { readsXML }
  /// It has threads: all but what only collects, and what only copies.
  var hasJobs: Bool { readsXML && twin == nil && !isAlone }

  /// Where the title of the first record stands.
  static let mark = "Qmark"

  /// A title as it must stand in the document to mean this text.
  func escaped(_ title: String) -> [UInt8] { readsXML ? XMLText.escaped(title) : Percent.encoded(title) }

  /// A document of one record with a title that already is as the document needs it: broken, perhaps.
  func document(titled title: [UInt8]) -> [UInt8] {
    Array((opening.joined() + record(1, Self.mark) + closing).utf8).replacing(Array(Self.mark.utf8), with: title)
  }

  func document(titled title: String) -> [UInt8] { document(titled: escaped(title)) }

  /// A document of many records, all with different titles.
  func document(records count: Int, padding: Int = 0) -> [UInt8] {
    let filler = String(repeating: "x", count: padding)
    var document = Array(opening.joined().utf8)
    for number in 1...count { document += record(number, String(decoding: escaped("Site \(number) & annex "), as: UTF8.self) + filler).utf8 }
    return document + closing.utf8
  }

  /// One record, less than 1 KiB.
  var sample: [UInt8] { document(titled: "R&D") }
  /// Some 10 MB in, and as much out.
  var large: [UInt8] { document(records: 3_000, padding: 3_300) }

  /// An XML document in the place where this program reads one: its input, or the body of a request.
  func input(_ document: String) -> [UInt8] { readsXML ? Array(document.utf8) : Array("POST\t/qps/rest/2.0/create/am/tag\t\(document)\n".utf8) }

  /// The name of the root element.
  var root: Substring { opening[1].dropFirst().prefix { $0 != ">" } }

  /// A document with something behind the name in its DOCTYPE, and with markup in a title or between the records.
  func document(doctype: String, titled title: String = "", between: String = "") -> [UInt8] {
    // A line feed would end a request.
    guard readsXML else { return input("<!DOCTYPE a \(doctype)><a><b>\(title)</b>\(between)</a>") }
    return Array((opening[0] + "<!DOCTYPE \(root) \(doctype)>" + opening[1] + record(1, title) + between + closing).utf8)
  }
}

extension Subject {
  static let all = [rewrite, groupsToURLs, schedulesToURLs, restructure, tagsToURLs, policiesToURLs, map, mergePolicy, requests]
  static let filters = all.filter(\.isFilter)
  /// Everything that writes: with rows, the last one has a status of its own, so what succeeds is asked of the others.
  static let writers = all + [verify]
  /// Everything that reads XML on standard input, and the place where it does so.
  static let readers = filters + [mapTarget, mergeOldPolicy]

  private static let declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

  private static func group(_ number: Int, _ title: String) -> String {
    """
    <ASSET_GROUP><ID>\(4_000_000 + number)</ID><TITLE>\(title)</TITLE><NETWORK_ID>0</NETWORK_ID>\
    <IP_SET><IP network_id="5">192.0.2.\(number % 250)</IP></IP_SET></ASSET_GROUP>

    """
  }

  private static let groupList = [
    declaration, "<ASSET_GROUP_LIST_OUTPUT><RESPONSE><DATETIME>2031-02-01T08:00:00Z</DATETIME><ASSET_GROUP_LIST>\n",
  ]
  private static let groupListEnd = "</ASSET_GROUP_LIST></RESPONSE></ASSET_GROUP_LIST_OUTPUT>\n"

  static let rewrite = Subject(
    name: "qtbx-ag-rewrite", arguments: ["--network-map", "networks.csv"], files: ["networks.csv": "5,15\n15,15\n"],
    opening: groupList, closing: groupListEnd, record: group, titles: { XMLText.contents(of: "TITLE", in: $0) }, streams: true,
    writesXML: true, splices: true)

  static let groupsToURLs = Subject(
    name: "qtbx-ag-to-urls", opening: groupList, closing: groupListEnd, record: group, titles: { Percent.values(of: "title", in: $0) },
    streams: true)

  static let schedulesToURLs = Subject(
    name: "qtbx-schedule-to-urls",
    opening: [declaration, "<SCHEDULE_SCAN_LIST_OUTPUT><RESPONSE><DATETIME>2031-02-01T08:00:00Z</DATETIME><SCHEDULE_SCAN_LIST>\n"],
    closing: "</SCHEDULE_SCAN_LIST></RESPONSE></SCHEDULE_SCAN_LIST_OUTPUT>\n",
    record: { number, title in
      """
      <SCAN><ID>\(7_400_000 + number)</ID><ACTIVE>1</ACTIVE><TITLE>\(title)</TITLE><TARGET>192.0.2.10</TARGET>\
      <ISCANNER_NAME>External Scanner</ISCANNER_NAME><USER_ENTERED_IPS><RANGE><START>192.0.2.10</START><END>192.0.2.20</END></RANGE>\
      </USER_ENTERED_IPS><OPTION_PROFILE><TITLE>Full</TITLE></OPTION_PROFILE><SCHEDULE><DAILY frequency_days="1"/>\
      <START_DATE_UTC>2031-03-10T09:00:00Z</START_DATE_UTC><START_HOUR>10</START_HOUR><START_MINUTE>0</START_MINUTE>\
      <TIME_ZONE><TIME_ZONE_CODE>CH</TIME_ZONE_CODE></TIME_ZONE><DST_SELECTED>0</DST_SELECTED></SCHEDULE></SCAN>

      """
    }, titles: { Percent.values(of: "scan_title", in: $0) }, streams: true)

  static let restructure = Subject(
    name: "qtbx-tags-restructure",
    opening: [declaration, "<ServiceResponse><responseCode>SUCCESS</responseCode><hasMoreRecords>false</hasMoreRecords><data>\n"],
    closing: "</data></ServiceResponse>\n",
    record: { number, title in
      "<Tag><id>\(500_000 + number)</id><name>\(title)</name><created>2024-01-02T03:04:05Z</created><color>#336699</color></Tag>\n"
    }, titles: { XMLText.contents(of: "name", in: $0) }, writesXML: true)

  static let tagsToURLs = Subject(
    name: "qtbx-tags-to-urls", opening: [declaration, "<data>\n"], closing: "</data>\n",
    record: { _, title in "<Tag><name>\(title)</name><color>sky</color></Tag>\n" }, titles: { XMLText.contents(of: "name", in: $0) },
    streams: true)

  static let policiesToURLs = Subject(
    name: "qtbx-policies-to-urls",
    opening: [declaration, "<POLICY_LIST_OUTPUT><RESPONSE><DATETIME>2031-02-01T08:00:00Z</DATETIME><POLICY_LIST>\n"],
    closing: "</POLICY_LIST></RESPONSE></POLICY_LIST_OUTPUT>\n",
    record: { number, title in
      "<POLICY><ID>\(71_000_000 + number)</ID><TITLE>\(title)</TITLE><STATUS>active</STATUS><ASSET_GROUP_IDS>5-7</ASSET_GROUP_IDS></POLICY>\n"
    }, titles: { Percent.values(of: "title", in: $0) }, streams: true)

  // Partial, or it would refuse a document for its title alone.
  static let map = Subject(
    name: "qtbx-map", arguments: ["--source", "-", "--target", "target.xml", "--partial"], twin: "target.xml",
    opening: [declaration, "<NETWORK_LIST_OUTPUT><RESPONSE><NETWORK_LIST>\n"],
    closing: "</NETWORK_LIST></RESPONSE></NETWORK_LIST_OUTPUT>\n",
    record: { number, title in "<NETWORK><ID>\(7000 + number)</ID><NAME>\(title)</NAME></NETWORK>\n" },
    titles: { CSVText.rows(of: $0).dropFirst().map { $0.count == 3 ? $0[2] : "not a row of three: \($0)" } })

  /// The second list of the same program.
  static let mapTarget = {
    var other = map
    other.arguments = ["--source", "target.xml", "--target", "-", "--partial"]
    return other
  }()

  private static let policy = [
    declaration,
    "<POLICY_EXPORT_OUTPUT><RESPONSE><DATETIME>2031-02-01T08:00:00Z</DATETIME><POLICY><TITLE>x</TITLE><TECHNOLOGIES/><SECTIONS>\n",
  ]
  private static let policyEnd = "</SECTIONS></POLICY></RESPONSE></POLICY_EXPORT_OUTPUT>\n"

  /// A section: its heading is what a report names a control by.
  private static func section(_ number: Int, _ heading: String) -> String {
    """
    <SECTION><NUMBER>\(number)</NUMBER><HEADING>\(heading)</HEADING><CONTROLS total="1"><CONTROL><ID>\(5_000 + number)</ID>\
    <TECHNOLOGIES total="0"/></CONTROL></CONTROLS></SECTION>

    """
  }

  static let mergePolicy = Subject(
    name: "qtbx-merge-policy", arguments: ["--old", "old.xml", "--cid-list", "5001"],
    files: ["old.xml": policy.joined() + section(1, "Old").replacing("total=\"0\"", with: "total='0'") + policyEnd],
    opening: policy, closing: policyEnd, record: section, titles: { XMLText.contents(of: "HEADING", in: $0) }, writesXML: true, splices: true,
    isAlone: true)

  /// The other policy of the same program: all its controls come in sections of their own.
  static let mergeOldPolicy = {
    var other = mergePolicy
    other.arguments = ["--old", "-", "new.xml"]
    other.files = ["new.xml": policy.joined() + policyEnd]
    return other
  }()

  /// Its input has requests that the other list lacks, so it has rows to write.
  static let verify = {
    var other = requests
    other.name = "qtbx-verify"
    other.arguments = ["wanted.urls", "-"]
    other.files = ["wanted.urls": "/api/2.0/fo/asset/group/?action=add&title=Wanted#asset-group=3999999\n"]
    other.streams = false
    return other
  }()

  static let requests = Subject(
    name: "qtbx-requests",
    record: { number, title in "/api/2.0/fo/asset/group/?action=add&title=\(title)&ips=192.0.2.\(number % 250)#asset-group=\(4_000_000 + number)\n" },
    titles: { Percent.values(of: "title", in: $0) }, streams: true)
}
