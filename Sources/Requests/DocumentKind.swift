package import Markup

/// A kind of document that a program takes: how to know it, and how to know what came instead.
package struct DocumentKind: Sendable {
  /// What a person calls it: "asset group list".
  package var noun: String
  package var roots: [String]
  /// The element names of its records, as `RecordStream` takes them.
  package var records: [String]
  /// The element names that are known outside the records, besides those of every answer.
  package var skeleton: Set<String>

  package init(_ noun: String, roots: [String], records: [String], skeleton: Set<String> = []) {
    self.noun = noun
    self.roots = roots
    self.records = records
    self.skeleton = skeleton
  }

  /// Known in every answer, wherever they stand outside the records.
  fileprivate static let envelope: Set<String> = [
    "RESPONSE", "DATETIME", "WARNING", "CODE", "TEXT", "URL", "responseCode", "count", "COUNT", "hasMoreRecords", "lastId", "data",
  ]
}

/// What stands around the records of one document: tells the asked-for kind from an error, another kind, or half a list.
package struct Envelope: Sendable {
  private let kind: DocumentKind
  /// What is not known comes out as it went in.
  private let isCopied: Bool
  private var root = ""
  /// The document is no list; why is known when it has ended.
  private var isError = false
  /// The answer of a request that was not one for a list.
  private var isSuccess = false
  private var isEcho = 0
  private var unknownDepth = 0
  private var code = ""
  private var texts: [String] = []
  private var warning: (code: String, text: String, url: String)?
  private var responseCode: String?
  private var hasMore = false
  private var declaredCount: Int?
  private var holdsIDsOnly = false
  private(set) package var notes: [Note] = []

  /// - Parameter isCopied: the document comes out with all that stands around its records.
  package init(_ kind: DocumentKind, isCopied: Bool) {
    self.kind = kind
    self.isCopied = isCopied
  }

  /// The document is none of the kind: its records are nobody's, and why is said when it has ended.
  package var isForeign: Bool { isError }

  /// The document's root element.
  package var rootName: String { root }

  /// The list ends before its records do: the rest must be fetched. What the service says about it.
  package var truncation: String? {
    if let warning, !warning.url.isEmpty { return warning.text.isEmpty ? "there is more" : warning.text }
    return hasMore ? "hasMoreRecords is true" : nil
  }

  package mutating func opened(_ element: SkeletonElement) throws(Complaint) {
    if element.path.isEmpty {
      root = element.name
      let place = String(element.line)
      if element.name.lowercased() == "html" { throw Complaint(.refused, "this is an HTML page, not \(article)", at: place) }
      if element.namespace != nil { throw Complaint(.refused, "this is \(root) in a namespace of its own, not \(article)", at: place) }
      if !kind.roots.contains(root) {
        guard Self.answers.contains(root) || root.hasSuffix("_OUTPUT") else {
          throw Complaint(.refused, "this is a document \(root), not \(article)", at: place)
        }
        isError = true
      }
      return
    }
    if Self.asides.contains(element.name), element.namespace == nil, !isError { isEcho += 1 }
    if element.name == "ERROR" && element.path.count <= 2 || element.name == "RETURN" && root == "GENERIC_RETURN" {
      isError = true
      isSuccess = element.attribute("status") == "SUCCESS"
      code = isSuccess ? "" : element.attribute("number") ?? code
    }
    if element.name == "ID_SET", kind.records.first != "ID_SET" { holdsIDsOnly = true }
    if isError || isEcho > 0 || holdsIDsOnly { return }
    if unknownDepth == 0,
      element.namespace != nil
        || !DocumentKind.envelope.contains(element.name) && !kind.skeleton.contains(element.name) && !Self.errors.contains(element.name)
    {
      unknownDepth = element.path.count
      notes.append(
        Note(
          .unknown, Subject(kind: "document", name: root), element: (element.path.dropFirst() + [element.name]).joined(separator: "/"),
          "this element is not known here" + (isCopied ? "" : ", so it is not carried")))
    }
  }

  package mutating func closed(_ element: SkeletonElement, text: String?) throws(Complaint) {
    if unknownDepth > 0, element.path.count == unknownDepth { unknownDepth = 0 }
    if Self.asides.contains(element.name), isEcho > 0, element.namespace == nil {
      isEcho -= 1
      return
    }
    // What stands in an element that nobody knows means nothing here.
    guard isEcho == 0, unknownDepth == 0 else { return }
    let text = text?.trimmed ?? ""
    switch element.name {
    case _ where element.path.contains("WARNING"):
      var known = warning ?? ("", "", "")
      if element.name == "CODE" { known.code = text }
      if element.name == "TEXT" { known.text = text }
      if element.name == "URL" { known.url = text }
      warning = known
    case "WARNING": if warning == nil { warning = ("", text, "") }
    case "CODE": code = text
    case "TEXT", "MESSAGE", "errorMessage", "errorResolution": if !text.isEmpty { texts.append(text) }
    case "ERROR": if !text.isEmpty { texts.append(text) }
    case "RETURN" where isError: if !text.isEmpty { texts.append(text) }
    case "responseCode": responseCode = text
    case "hasMoreRecords": hasMore = text == "true"
    case "count", "COUNT": declaredCount = Int(text)
    default: break
    }
  }

  /// The document has ended with this many records. Errors: `refused`, with the service's own code and text.
  package mutating func ended(records: Int) throws(Complaint) {
    if isError, code.isEmpty, let responseCode {
      if responseCode == "SUCCESS" { isSuccess = true } else { code = responseCode }
    }
    if isError || !code.isEmpty {
      // Another kind of list may well have elements called TEXT.
      let isOther = code.isEmpty && !Self.answers.contains(root)
      if isOther || code.isEmpty && texts.isEmpty { throw Complaint(.refused, "this is a document \(root), not \(article)") }
      let said = texts.joined(separator: "; ")
      if code.isEmpty, isSuccess || root == "SIMPLE_RETURN" { throw Complaint(.refused, "this is the answer to a request (\(said)), not \(article)") }
      throw Complaint(.refused, "this is the service's error\(code.isEmpty ? "" : " " + code), not \(article)\(said.isEmpty ? "" : ": " + said)")
    }
    if let responseCode, responseCode != "SUCCESS" {
      let said = texts.joined(separator: "; ")
      throw Complaint(.refused, "this is the service's error \(responseCode), not \(article)\(said.isEmpty ? "" : ": " + said)")
    }
    if holdsIDsOnly {
      let parameter = root == "POLICY_LIST_OUTPUT" ? "details=Basic" : "show_attributes=ALL"
      throw Complaint(.refused, "the list holds ids only: fetch it again with its attributes (\(parameter))")
    }
    if let warning, warning.url.isEmpty, !warning.text.isEmpty {
      notes.append(Note(.noted, Subject(kind: "document", name: root), element: "WARNING", warning.text))
    }
    if let declaredCount, declaredCount != records {
      notes.append(
        Note(.noted, Subject(kind: "document", name: root), element: "count", "the answer says \(declaredCount) records and holds \(records)"))
    }
  }

  private var article: String { ("aeiou".contains(kind.noun.first ?? "x") ? "an " : "a ") + kind.noun }

  /// What repeats the request, and what explains the ids in the records: nothing of a record's own.
  private static let asides: Set<String> = ["REQUEST", "GLOSSARY"]
  /// The roots of answers that are no lists.
  private static let answers: Set<String> = ["SIMPLE_RETURN", "GENERIC_RETURN", "BATCH_RETURN", "ServiceResponse"]
  private static let errors: Set<String> = ["errorMessage", "errorResolution", "responseErrorDetails", "MESSAGE", "ERROR", "SUMMARY"]
}

extension DocumentKind {
  package static let assetGroups = DocumentKind(
    "asset group list", roots: ["ASSET_GROUP_LIST_OUTPUT"], records: ["ASSET_GROUP_LIST/ASSET_GROUP"], skeleton: ["ASSET_GROUP_LIST"])
  /// The schedules of vulnerability or compliance scans. The root element of the latter is not confirmed.
  package static let schedules = DocumentKind(
    "schedule list", roots: ["SCHEDULE_SCAN_LIST_OUTPUT", "COMPLIANCE_SCHEDULE_SCAN_LIST_OUTPUT"], records: ["SCAN"],
    skeleton: ["SCHEDULE_SCAN_LIST", "COMPLIANCE_SCHEDULE_SCAN_LIST"])
  /// Compliance policies as they are listed, without their controls' values.
  package static let policies = DocumentKind(
    "policy list", roots: ["POLICY_LIST_OUTPUT"], records: ["POLICY_LIST/POLICY"], skeleton: ["POLICY_LIST"])
  /// A search result of the asset management API.
  package static let tags = DocumentKind("tag search result", roots: ["ServiceResponse"], records: ["data/Tag"])
  /// Any list of objects that have an id and a name.
  package static let named = DocumentKind(
    "list of named objects",
    roots: [
      "ASSET_GROUP_LIST_OUTPUT", "NETWORK_LIST_OUTPUT", "NETWORK_LIST", "APPLIANCE_LIST_OUTPUT", "ServiceResponse", "STATIC_SEARCH_LIST_OUTPUT",
      "DYNAMIC_SEARCH_LIST_OUTPUT", "SEARCH_LIST_OUTPUT", "OPTION_PROFILES", "USER_LIST_OUTPUT", "POLICY_LIST_OUTPUT",
      "DISTRIBUTION_GROUP_LIST_OUTPUT",
    ],
    records: [
      "RESPONSE/ASSET_GROUP_LIST/ASSET_GROUP", "NETWORK_LIST/NETWORK", "RESPONSE/APPLIANCE_LIST/APPLIANCE", "data/Tag", "STATIC_LISTS/STATIC_LIST",
      "DYNAMIC_LISTS/DYNAMIC_LIST", "OPTION_PROFILES/OPTION_PROFILE", "USER_LIST_OUTPUT/USER_LIST/USER", "RESPONSE/POLICY_LIST/POLICY",
      "DISTRIBUTION_GROUP_LIST/DISTRIBUTION_GROUP",
      "DISTRIBUTION_GROUPS/DISTRIBUTION_GROUP",
    ],
    skeleton: [
      "ASSET_GROUP_LIST", "NETWORK_LIST", "APPLIANCE_LIST", "STATIC_LISTS", "DYNAMIC_LISTS", "USER_LIST", "POLICY_LIST", "DISTRIBUTION_GROUP_LIST",
      "DISTRIBUTION_GROUPS", "LICENSE_INFO", "QVSA_LICENSES_COUNT", "QVSA_LICENSES_USED",
    ])
  /// A compliance policy with its controls. Its own technologies are records, too, and come before the sections.
  package static let policyExport = DocumentKind(
    "policy export", roots: ["POLICY_EXPORT_OUTPUT"],
    records: ["TECHNOLOGIES/TECHNOLOGY", "SECTIONS/SECTION/CONTROLS/CONTROL", "SECTIONS/SECTION/CONTROLS/USER_DEFINED_CONTROL"].map {
      "POLICY_EXPORT_OUTPUT/RESPONSE/POLICY/" + $0
    },
    skeleton: [
      "POLICY", "TITLE", "EXPORTED", "COVER_PAGE", "STATUS", "TECHNOLOGIES", "SECTIONS", "SECTION", "NUMBER", "HEADING", "CONTROLS", "APPENDIX",
    ])
  /// What `qtbx-tags-restructure` writes.
  package static let tagTrees = DocumentKind("tag document of qtbx-tags-restructure", roots: ["data"], records: ["data/Tag"])
}
