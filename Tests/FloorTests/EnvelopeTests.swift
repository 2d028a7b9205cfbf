import Base
import Catalog
import Markup
import Requests
import Support
import Testing

/// Reads a document as a filter of its kind does, and keeps its envelope.
private final class Opened: RecordSink {
  var envelope: Envelope
  var records = 0

  private let kind = Resource.assetGroups.document

  init() { envelope = Envelope(kind, isCopied: false) }

  func skeleton(_ bytes: Span<UInt8>) {}
  func opened(_ element: SkeletonElement) throws(Complaint) { try envelope.opened(element) }
  func closed(_ element: SkeletonElement, text: String?) throws(Complaint) { try envelope.closed(element, text: text) }
  func record(_ bytes: Span<UInt8>, line: Int, in surroundings: Surroundings) { records += 1 }

  func read(_ document: String) throws(Complaint) -> Envelope {
    let stream = try RecordStream(records: kind.records, into: self)
    try stream.feed(Array(document.utf8))
    try stream.finish()
    try envelope.ended(records: records)
    return envelope
  }
}

@Suite struct EnvelopeTests {
  private func envelope(of document: String) throws(Complaint) -> Envelope { try Opened().read(document) }

  private func list(_ around: String, _ groups: String = "<ASSET_GROUP><ID>1</ID></ASSET_GROUP>") -> String {
    "<ASSET_GROUP_LIST_OUTPUT><RESPONSE><ASSET_GROUP_LIST>\(groups)</ASSET_GROUP_LIST>\(around)</RESPONSE></ASSET_GROUP_LIST_OUTPUT>"
  }

  static let cut = [
    "<WARNING><URL>x</URL></WARNING>", "<WARNING><CODE>1980</CODE></WARNING>", "<WARNING_LIST><WARNING><URL>x</URL></WARNING></WARNING_LIST>",
    "<WARNING_LIST><WARNING><TEXT>a</TEXT></WARNING><WARNING><CODE>1980</CODE><TEXT>b</TEXT></WARNING></WARNING_LIST>",
    "<WARNING/><WARNING><URL>x</URL></WARNING>",
    "<WARNING_LIST><WARNING><TEXT>a</TEXT><URL>x</URL></WARNING><WARNING><TEXT>b</TEXT></WARNING></WARNING_LIST>",
    "<hasMoreRecords>true</hasMoreRecords>",
  ]

  @Test(arguments: cut) func knowsWhatCutsAListOff(_ around: String) throws {
    #expect(try envelope(of: list(around)).truncation != nil)
  }

  /// A name alone says nothing: of another place, it is somebody else's.
  static let whole = [
    "<X><WARNING><URL>x</URL></WARNING></X>", "<WARNING_LIST><X><WARNING><URL>x</URL></WARNING></X></WARNING_LIST>",
    "<GLOSSARY><WARNING><URL>x</URL></WARNING></GLOSSARY>", "<X><CODE>1</CODE><TEXT>t</TEXT></X>", "<X><ERROR number='1'>t</ERROR></X>",
    "<X><ID_SET><ID>1</ID></ID_SET></X>", "<X><responseCode>FAILED</responseCode></X>", "<WARNING><X><CODE>1980</CODE></X></WARNING>",
    "<n:CODE xmlns:n='urn:x'>1</n:CODE>", "<n:WARNING xmlns:n='urn:x'><URL>x</URL></n:WARNING>", "<X><hasMoreRecords>true</hasMoreRecords></X>",
    "<RETURN status='FAILED' number='1'/>",
  ]

  @Test(arguments: whole) func knowsElementsByTheirPlace(_ around: String) throws {
    #expect(try envelope(of: list(around)).truncation == nil)
  }

  static let refused: [(document: String, reason: String)] = [
    ("<ASSET_GROUP_LIST_OUTPUT><RESPONSE><ID_SET><ID>1</ID></ID_SET></RESPONSE></ASSET_GROUP_LIST_OUTPUT>", "the list holds ids only"),
    ("<ASSET_GROUP_LIST_OUTPUT><RESPONSE><CODE>1905</CODE><TEXT>no</TEXT></RESPONSE></ASSET_GROUP_LIST_OUTPUT>", "the service's error 1905"),
    ("<ASSET_GROUP_LIST_OUTPUT><ERROR number='7'>no</ERROR></ASSET_GROUP_LIST_OUTPUT>", "the service's error 7, not an asset group list: no"),
    ("<ASSET_GROUP_LIST_OUTPUT><RESPONSE><ERROR>no</ERROR></RESPONSE></ASSET_GROUP_LIST_OUTPUT>", "the service's error, not an asset group list: no"),
    ("<ASSET_GROUP_LIST_OUTPUT><RESPONSE><X><Y/></X></RESPONSE></ASSET_GROUP_LIST_OUTPUT>", "the list holds X, and no ASSET_GROUP"),
    ("<HOST_LIST_OUTPUT><RESPONSE><HOST_LIST/></RESPONSE></HOST_LIST_OUTPUT>", "this is a host list, not an asset group list: qtbx-map reads it"),
    ("<NEW_OUTPUT><RESPONSE><TEXT>a</TEXT></RESPONSE></NEW_OUTPUT>", "this is a document NEW_OUTPUT, not"),
    ("<NEW/>", "this is a document NEW, not"),
    (
      "<USER_LIST_OUTPUT><USER_LIST/></USER_LIST_OUTPUT>",
      "this is a list of users, not an asset group list: qtbx-users-to-urls and qtbx-map read it"
    ),
    ("<SIMPLE_RETURN><RESPONSE><TEXT>Done</TEXT></RESPONSE></SIMPLE_RETURN>", "this is the answer to a request (Done)"),
    ("<ServiceResponse><responseCode>SUCCESS</responseCode><data><X/></data></ServiceResponse>", "this is a search result of X, not"),
    ("<ServiceResponse><responseCode>SUCCESS</responseCode></ServiceResponse>", "this is a document ServiceResponse, not"),
    ("<html/>", "this is an HTML page"),
  ]

  @Test(arguments: refused) func refusesWhatIsNone(_ one: (document: String, reason: String)) {
    let reason = refusal { () throws(Complaint) in _ = try envelope(of: one.document) }
    #expect(reason?.contains(one.reason) == true, "\(reason ?? "taken")")
  }

  /// A list without records is one, whatever leaf stands beside it.
  @Test(arguments: ["", "<NEWS>x</NEWS>", "<GLOSSARY><X><Y/></X></GLOSSARY>"]) func takesEmptyLists(_ around: String) throws {
    #expect(try envelope(of: list(around, "")).truncation == nil)
  }

  @Test func countsWhatItDoesNotKnow() throws {
    let many = (0..<500).map { "<N\($0)/>" }.joined()
    let notes = try envelope(of: list("<A/><A><B/></A><A>c</A>" + many)).notes
    #expect(notes.count == 101)
    #expect(notes[0].element == "RESPONSE/A")
    #expect(notes[0].reason == "3 elements are not known here, so they are not carried")
    #expect(notes[1].reason == "this element is not known here, so it is not carried")
    #expect(notes[100].reason == "401 other elements are not known here, so they are not carried")
  }

  /// Text that stands between elements, or in place of records, is not lost in silence.
  @Test func namesTextBetweenElements() throws {
    func elements(_ document: String) throws -> [String] {
      try envelope(of: document).notes.filter { $0.reason == "this text is not known here, so it is not carried" }.map(\.element)
    }
    #expect(try elements(list("lost<DATETIME>x</DATETIME>")) == ["RESPONSE"])
    #expect(try elements(list("", "lost<ASSET_GROUP><ID>1</ID></ASSET_GROUP>")) == ["RESPONSE/ASSET_GROUP_LIST"])
    #expect(try elements(list("", "<![CDATA[lost]]>")) == ["RESPONSE/ASSET_GROUP_LIST"])
    #expect(try elements("<ASSET_GROUP_LIST_OUTPUT>lost<RESPONSE/></ASSET_GROUP_LIST_OUTPUT>") == ["ASSET_GROUP_LIST_OUTPUT"])
    #expect(try elements(list(" <REQUEST>said<A/></REQUEST>\n<!-- x --><?p x?><X>a<Y/></X><DATETIME>x</DATETIME>")) == [])
  }

  /// The memory of an answer is bounded.
  @Test func keepsTheFirstWords() throws {
    let warnings = String(repeating: "<WARNING><TEXT>t</TEXT></WARNING>", count: 1000)
    let notes = try envelope(of: list("<WARNING_LIST>\(warnings)</WARNING_LIST>")).notes
    #expect(notes.count == 21)
    #expect(notes[20].reason == "there are 980 warnings more")
  }
}
