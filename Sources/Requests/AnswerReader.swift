internal import Base
package import Markup

/// What the service says around the records of a document, or in place of them: the one reader of lists, answers and errors.
///
/// Every element is known by its place, never by its name alone: below the root element, or below its RESPONSE. What stands deeper belongs to
/// something else, and an object may well have a CODE or a MESSAGE of its own. The memory does not depend on how much is said.
package struct AnswerReader: Sendable {
  /// What the service says beside what it gives.
  package struct Warning: Sendable, Equatable {
    /// Of the service's list of codes; empty if it gives none.
    package var code = ""
    /// For a person.
    package var text = ""
    /// Where the rest of a list is.
    package var url = ""

    /// The list ends before its records do. 1980 says so, too, where the URL is missing.
    var isTruncation: Bool { !url.isEmpty || code == "1980" }

    /// It says so, and not where the rest is.
    var isDeadEnd: Bool { url.isEmpty && code == "1980" }
  }

  /// What an element that has been opened is.
  package enum Role: Sendable {
    case root
    /// What every answer may have.
    case envelope
    /// What repeats the request, or explains the ids in the records, or is inside of that.
    case aside
    /// Anything else: the list and what is around it, or what nobody knows.
    case other
  }

  /// The root element's name.
  package private(set) var root = ""
  /// The number of an error: CODE, or the number of an ERROR or a RETURN.
  package private(set) var code = ""
  /// The status of a RETURN; FAILED for an ERROR.
  package private(set) var status: String?
  /// What the asset management API says of a call: SUCCESS, or the code of an error.
  package private(set) var responseCode: String?
  /// The first warnings: in RESPONSE, or in its WARNING_LIST.
  package private(set) var warnings: [Warning] = []
  /// How many warnings there are besides.
  private(set) var moreWarnings = 0
  /// The last of these, and the first of them that says that the list ends early.
  private var late = Warning()
  private var lateTruncation: Warning?
  /// The first warning, before the last one, that says that the list ends early, and not where it goes on.
  private var deadEndWarning: Warning?
  /// What the asset management API says of a search: there is another page.
  package private(set) var hasMoreRecords = false
  /// Where the next page of a search begins.
  package private(set) var lastID: String?
  /// How many records the answer says that it holds.
  package private(set) var count: Int?
  /// RESPONSE holds an ID_SET, or a NUMBER_SET, in place of records.
  private(set) var holdsIDsOnly = false
  /// The pairs of an ITEM_LIST, by lower-case key: the service spells ID and id.
  package private(set) var items: [String: String] = [:]
  /// The name of the first thing that a search has found, if it is no record to whoever cuts the document.
  package private(set) var object: String?

  /// The licences for virtual appliances, where a list says how many there are and how many are used.
  package private(set) var licenses: (count: Int?, used: Int?)

  /// What was asked for, where the answer repeats it (`echo_request=1`): the first parameters, in their order. A value that is longer than 8 KiB
  /// is nil.
  package private(set) var echo: [(name: String, value: String?)] = []
  /// Where it was asked, where the answer repeats that.
  package private(set) var resource = ""

  /// What a list says of itself as a whole: restricted addresses, whether they are in force.
  package private(set) var listStatus: String?

  private var texts: [String] = []
  private var key = ""
  /// How deep the element stands inside of which nothing is said of the request.
  private var ignoring: Int?
  private static let most = 20
  /// No call has as many parameters.
  private static let mostEchoed = 100
  /// How many elements stand around the deepest that means something here.
  private static let deepest = 4

  package init() {}

  /// What is open repeats the request, or explains ids, or is nothing of the service's.
  package var isAside: Bool { ignoring != nil }

  /// What the service says about an error, or about what it has done.
  package var text: String { texts.joined(separator: "; ") }

  /// The code of an error, empty if the service has none for it; nil if the document says nothing of an error.
  package var errorCode: String? {
    if status == "SUCCESS" { return nil }
    // Some calls put a sentence of success where errors have their code.
    if !code.isEmpty { return code.lowercased().split(separator: " ").contains { $0.hasPrefix("success") } ? nil : code }
    if let responseCode, responseCode != "SUCCESS" { return responseCode }
    return status == nil ? nil : ""
  }

  /// Why a list ends before its records do, in the service's words. Nil if it does not.
  package var truncation: String? {
    if isCutBack { return RecordForm.cutBack }
    if let warning = warnings.first(where: \.isTruncation) ?? lateTruncation { return warning.text.isEmpty ? "there is more" : warning.text }
    return hasMoreRecords ? "hasMoreRecords is true" : nil
  }

  /// Why a list ends before its records do although no page leads on from it, in the service's words. Nil if it does not, or if a warning names the next page.
  package var deadEnd: String? {
    if isCutBack { return RecordForm.cutBack }
    guard let warning = deadEndWarning ?? (late.isDeadEnd ? late : nil) else { return nil }
    return warning.text.isEmpty ? "there is more" : warning.text
  }

  /// The list was cut back: no other page has what is missing.
  package private(set) var isCutBack = false

  /// Where an element stands: the names below the root element, without RESPONSE, which not every document has.
  package static func place(of element: SkeletonElement) -> String {
    // Asked of each element of an answer, so without a list of the names.
    guard let outermost = element.path.dropFirst().first else { return element.path.isEmpty || element.name == "RESPONSE" ? "" : element.name }
    var place = ""
    for name in element.path.dropFirst(outermost == "RESPONSE" ? 2 : 1) {
      place += name
      place += "/"
    }
    return place + element.name
  }

  /// Takes note of an element that has begun, and says what it is.
  package mutating func opened(_ element: SkeletonElement) -> Role {
    let depth = element.path.count
    if depth == 0 {
      root = element.name
      if root == "ERROR" { (status, code) = ("FAILED", element.attribute("number") ?? code) }
      return .root
    }
    if let ignoring, depth > ignoring { return .aside }
    if depth > Self.deepest { return .other }
    // What has a namespace is nothing of the service's.
    if element.namespace != nil {
      ignoring = depth
      return .other
    }
    let place = Self.place(of: element)
    switch place {
    case "REQUEST", "GLOSSARY":
      ignoring = depth
      return .aside
    case "ID_SET" where depth == 2, "NUMBER_SET" where depth == 2:
      holdsIDsOnly = true
      ignoring = depth
      return .aside
    case "WARNING", "WARNING_LIST/WARNING":
      if warnings.count < Self.most { warnings.append(Warning()) } else { moreWarnings += 1 }
      if deadEndWarning == nil, late.isDeadEnd { deadEndWarning = late }
      late = Warning()
    case "ERROR", "RETURN":
      // The calls below /msp/ have no RESPONSE, and no list of theirs has a RETURN: where there is one, it is the answer itself.
      if place == "RETURN", depth != 1 { return .other }
      status = place == "ERROR" ? "FAILED" : element.attribute("status")?.uppercased() ?? status
      if status != "SUCCESS" { code = element.attribute("number") ?? code }
    case _ where depth == 2 && element.path[1] == "data": if object == nil { object = element.name }
    default: break
    }
    return Self.known.contains(place) || place.hasPrefix("ERROR/") ? .envelope : .other
  }

  /// Takes note of an element that has ended, with the text in it if it held no element.
  package mutating func closed(_ element: SkeletonElement, text: String?) {
    let depth = element.path.count
    if let ignoring {
      if depth == ignoring { self.ignoring = nil } else { repeated(element, text) }
      return
    }
    guard depth > 0 || root == "ERROR", depth <= Self.deepest, let text = text?.trimmed, !text.isEmpty else { return }
    let place = Self.place(of: element)
    switch place {
    case "WARNING", "WARNING_LIST/WARNING": warn { if $0.text.isEmpty { $0.text = text } }
    case "WARNING/CODE", "WARNING_LIST/WARNING/CODE": warn { $0.code = text }
    case "WARNING/TEXT", "WARNING_LIST/WARNING/TEXT": warn { $0.text = text }
    case "WARNING/URL", "WARNING_LIST/WARNING/URL": warn { $0.url = text }
    case "CODE": code = text
    case "TEXT", "ERROR", "MESSAGE", "RETURN/MESSAGE", "RETURN/TEXT": say(text)
    case "responseErrorDetails/errorMessage", "responseErrorDetails/errorResolution": say(text)
    case "" where root == "ERROR": say(text)
    case "RETURN" where status != nil: say(text)
    case _ where place.hasPrefix("ERROR/"): say(text)
    case "responseCode": responseCode = text
    case "hasMoreRecords": hasMoreRecords = text.lowercased() != "false"
    case "lastId": lastID = text
    case "count", "COUNT": count = Int(text)
    case "LICENSE_INFO/QVSA_LICENSES_COUNT": licenses.count = Int(text)
    case "LICENSE_INFO/QVSA_LICENSES_USED": licenses.used = Int(text)
    case "STATUS": listStatus = text
    case "ITEM_LIST/ITEM/KEY": key = text.lowercased()
    case "ITEM_LIST/ITEM/VALUE": if items[key] == nil, items.count < Self.most { items[key] = text }
    default: break
    }
  }

  /// Keeps what the answer repeats of its request.
  private mutating func repeated(_ element: SkeletonElement, _ text: String?) {
    guard element.path.count >= 2, element.path[1] == "REQUEST", element.namespace == nil else { return }
    switch (element.path.dropFirst(2).joined(separator: "/"), element.name) {
    case ("", "RESOURCE"): resource = text?.trimmed ?? ""
    case ("PARAM_LIST/PARAM", "KEY"): if echo.count < Self.mostEchoed { echo.append((text?.trimmed ?? "", "")) }
    case ("", "POST_DATA"):
      // A form, encoded as it was sent.
      guard let text else {
        echo.append((element.name, nil))
        return
      }
      for pair in text.trimmed.utf8.split(separator: "&") where echo.count < Self.mostEchoed {
        let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let texts = parts.map { PercentCoding.decode(Array($0)[...]) }
        echo.append(((texts.first ?? nil) ?? "", texts.count == 2 ? texts[1] : ""))
      }
    case ("PARAM_LIST/PARAM", "VALUE"): if !echo.isEmpty { echo[echo.count - 1].value = text?.trimmed }
    default: break
    }
  }

  private mutating func say(_ text: String) {
    if texts.count < Self.most { texts.append(text) }
  }

  /// Changes the warning that is open.
  private mutating func warn(_ change: (inout Warning) -> Void) {
    change(&late)
    if moreWarnings == 0, !warnings.isEmpty { warnings[warnings.count - 1] = late }
    if moreWarnings > 0, late.isTruncation, lateTruncation.map({ $0.text.isEmpty }) ?? true { lateTruncation = late }
    if late.code == "1980", late.text == RecordForm.cutBack { isCutBack = true }
  }

  /// The places that every answer may have.
  private static let known: Set<String> = [
    "", "DATETIME", "WARNING", "WARNING/CODE", "WARNING/TEXT", "WARNING/URL", "WARNING_LIST", "WARNING_LIST/WARNING", "WARNING_LIST/WARNING/CODE",
    "WARNING_LIST/WARNING/TEXT", "WARNING_LIST/WARNING/URL", "CODE", "TEXT", "ERROR", "MESSAGE", "SUMMARY", "responseCode", "responseErrorDetails",
    "responseErrorDetails/errorMessage", "responseErrorDetails/errorResolution", "count", "COUNT", "hasMoreRecords", "lastId", "data",
  ]
}
