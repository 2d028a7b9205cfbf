package import Base
package import Catalog
package import Markup

/// What stands around the records of one document: tells the asked-for kind from an error, another kind, or half a list.
package struct Envelope: Sendable {
  private let kind: DocumentKind
  /// What is not known comes out as it went in.
  private let isCopied: Bool
  private var answer = AnswerReader()
  /// The root element is of another kind; which is said when the document has ended.
  private var hasForeignRoot = false
  /// Nothing stands in the root element.
  private var isEmpty = true
  private var unknownDepth: Int?
  /// What is unknown there, and whether it holds anything.
  private var unknownPlace: (element: String, holdsAnything: Bool) = ("", false)
  /// The first element that stands where records would, or holds elements, and is none that is known.
  private var stranger: String?
  private var unknown = Unknown(noun: "element")
  /// What may be a record of a list that one answer follows from.
  private var missed = Unknown(noun: "element", isVital: true)
  /// Text between elements.
  private var stray: Unknown
  private var said: [Note] = []

  /// - Parameter isCopied: the document comes out with all that stands around its records.
  package init(_ kind: DocumentKind, isCopied: Bool) {
    self.kind = kind
    self.isCopied = isCopied
    stray = Unknown(noun: "text", isVital: kind.isClosed && !isCopied)
  }

  /// The document is none of the kind: its records are nobody's, and why is said when it has ended.
  package var isForeign: Bool { hasForeignRoot || answer.status != nil }

  /// What is open is not known here, or stands in what is not.
  package var isUnknown: Bool { unknownDepth != nil }

  /// The document's root element.
  package var rootName: String { answer.root }

  /// What the service itself says: codes, texts, warnings.
  package var service: AnswerReader { answer }

  /// The list ends before its records do: the rest must be fetched. What the service says about it.
  package var truncation: String? { answer.truncation }

  /// What there is to say about the document; all of it when it has ended.
  package var notes: [Note] { [missed, unknown, stray].flatMap { $0.notes(of: subject, isCopied: isCopied) } + said }

  private var subject: Subject { Subject(kind: "document", name: answer.root) }

  /// Looks at an element that has begun outside the records. Errors: `refused` for what is no document of the kind.
  package mutating func opened(_ element: SkeletonElement) throws(Complaint) {
    if element.path.count == 1 { isEmpty = false }
    if let unknownDepth, element.path.count > unknownDepth {
      // What is unknown holds elements: it may be the list.
      if stranger == nil { stranger = element.path.last }
      if kind.isClosed, !element.attributes.isEmpty { unknownPlace.holdsAnything = true }
      return
    }
    switch answer.opened(element) {
    case .root: try openedRoot(element)
    case .envelope, .aside: break
    case .other:
      if isForeign || element.namespace == nil && kind.skeleton.contains(AnswerReader.place(of: element)) { return }
      unknownDepth = element.path.count
      unknownPlace = ((element.path.dropFirst() + [element.name]).joined(separator: "/"), kind.isClosed && !element.attributes.isEmpty)
      if stranger == nil, let parent = element.path.last, kind.lists.contains(parent) || isRecord(element.name) { stranger = words(for: element) }
    }
  }

  private func isRecord(_ name: String) -> Bool { kind.records.contains { $0.split(separator: "/").last.map(String.init) == name } }

  /// An element that is no record, though it may be called like one.
  private func words(for element: SkeletonElement) -> String {
    if element.namespace != nil { return element.name + " in a namespace of its own" }
    return isRecord(element.name) ? "\(element.name) directly in \(element.path.last ?? "")" : element.name
  }

  private mutating func openedRoot(_ element: SkeletonElement) throws(Complaint) {
    let place = String(element.line)
    if element.name.lowercased() == "html" { throw Complaint(.refused, "this is an HTML page, not \(kind.noun.withArticle)", at: place) }
    if element.namespace != nil {
      throw Complaint(.refused, "this is \(element.name) in a namespace of its own, not \(kind.noun.withArticle)", at: place)
    }
    if kind.roots.contains(element.name) { return }
    // Where no root is confirmed, any will do that is nothing else's.
    if kind.roots.isEmpty, !element.name.hasSuffix("_ERROR_OUTPUT"), !KnownDocument.answers.contains(element.name),
      KnownDocument.of(root: element.name) == nil
    {
      return
    }
    // Whatever is known, or is named as the service names things, may hold an error, whose number and words are worth more than its name.
    guard KnownDocument.answers.contains(element.name) || element.name.hasSuffix("_OUTPUT") || KnownDocument.of(root: element.name) != nil else {
      throw Complaint(.refused, "this is a document \(element.name), not \(kind.noun.withArticle)", at: place)
    }
    hasForeignRoot = true
  }

  /// Looks at an element that has ended outside the records. Errors: `refused` for what is no document of the kind, or an error of the service.
  package mutating func closed(_ element: SkeletonElement, text: String?) throws(Complaint) {
    if let depth = unknownDepth {
      if element.holdsText { unknownPlace.holdsAnything = true }
      if element.path.count > depth { return }
      unknownDepth = nil
      let isMissed = kind.isClosed && !isCopied && unknownPlace.holdsAnything
      if isMissed { missed.add(unknownPlace.element) } else { unknown.add(unknownPlace.element) }
    } else if element.holdsText, !isForeign, !answer.isAside, element.holdsElements || element.path.isEmpty || isList(element) {
      stray.add((element.path.dropFirst() + [element.name]).joined(separator: "/"))
    }
    answer.closed(element, text: text)
  }

  /// Nothing but elements belongs there.
  private func isList(_ element: SkeletonElement) -> Bool { element.name == "RESPONSE" || kind.lists.contains(element.name) }

  /// The document has ended with this many records. Errors: `refused`, with the service's own code and text.
  ///
  /// - Parameters:
  ///   - mustBeWhole: what is not found in the list must not be in it: one that is cut off, holds what nobody knows, or does not hold what it says is refused.
  ///   - isContinued: it is a page, and the next one is read, too.
  ///   - isJoined: it is a page of which only the records are taken: nothing else may hold any.
  package mutating func ended(
    records: Int, mustBeWhole: Bool = false, isContinued: Bool = false, isJoined: Bool = false
  ) throws(Complaint) {
    let noun = kind.noun.withArticle
    let root = answer.root
    let text = answer.text
    // What has been cut out as a record has not been seen here.
    let object = answer.object ?? (records > 0 ? kind.records.first?.split(separator: "/").last.map(String.init) : nil)
    if let code = answer.errorCode {
      throw Complaint(.refused, "this is the service's error\(code.isEmpty ? "" : " " + code), not \(noun)\(text.isEmpty ? "" : ": " + text)")
    }
    if isForeign {
      if let known = KnownDocument.of(root: root, holding: object) { throw known.complaint(insteadOf: noun) }
      // Another list that nobody here knows may well have elements called TEXT.
      guard KnownDocument.answers.contains(root), !text.isEmpty else { throw Complaint(.refused, "this is a document \(root), not \(noun)") }
      throw Complaint(.refused, "this is the answer to a request (\(text)), not \(noun)")
    }
    if answer.holdsIDsOnly {
      let parameter =
        switch root {
        case "POLICY_LIST_OUTPUT": "details=Basic"
        case "EXCEPTION_LIST_OUTPUT": "details=All"
        case _ where root.hasPrefix("AUTH_"): "details=Basic"
        default: "show_attributes=ALL"
        }
      throw Complaint(.refused, "the list holds ids only: fetch it again with its attributes (\(parameter))")
    }
    // The service writes RESPONSE, or what a search says of itself, also where there is nothing to list.
    if records == 0, isEmpty, root.hasSuffix("_OUTPUT") || root == "ServiceResponse" {
      throw Complaint(.refused, "there is nothing in \(root): the answer is not whole")
    }
    if records == 0, let stranger {
      if root == "ServiceResponse", let known = KnownDocument.of(root: root, holding: answer.object) { throw known.complaint(insteadOf: noun) }
      let place = stranger.contains(" ") ? " where one would stand" : ""
      throw Complaint(.refused, "the list holds \(stranger), and no \(kind.recordNames)\(place): nothing in it is known here")
    }
    if isJoined, let stranger {
      throw Complaint(.refused, "the list holds \(stranger), and only \(kind.recordNames) can be joined: that may be one, too")
    }
    for warning in answer.warnings where !warning.isTruncation {
      let words = [warning.code, warning.text].filter { !$0.isEmpty }.joined(separator: ": ")
      if !words.isEmpty { said.append(Note(.noted, subject, element: "WARNING", words)) }
    }
    if answer.moreWarnings > 0 { said.append(Note(.noted, subject, element: "WARNING", "there are \(answer.moreWarnings) warnings more")) }
    if let count = answer.count, count != records {
      said.append(Note(.noted, subject, element: "count", "the answer says \(count) records and holds \(records)"))
    }
    guard mustBeWhole else { return }
    if let truncation = isContinued ? answer.deadEnd : truncation { throw Complaint(.refused, "the list is cut off: \(truncation)") }
    if let count = answer.count, count != records { throw Complaint(.refused, "the answer says \(count) records and holds \(records)") }
    if let note = notes.first(where: { [.unknown, .refused].contains($0.disposition) }) {
      throw Complaint(.refused, "\(note.element): \(note.reason)")
    }
  }
}

/// What nobody knows in a document, counted by where it stands: the memory does not depend on how much there is.
private struct Unknown: Sendable {
  let noun: String
  /// Without it the document would mean something else.
  let isVital: Bool
  private var places: [(element: String, count: Int)] = []
  private var numbers: [String: Int] = [:]
  /// How many stand in still other places.
  private var more = 0
  private static let most = 100

  init(noun: String, isVital: Bool = false) {
    self.noun = noun
    self.isVital = isVital
  }

  mutating func add(_ element: String) {
    if let number = numbers[element] {
      places[number].count += 1
    } else if places.count < Self.most {
      numbers[element] = places.count
      places.append((element, 1))
    } else {
      more += 1
    }
  }

  func notes(of subject: Subject, isCopied: Bool) -> [Note] {
    func words(_ count: Int, _ other: String = "") -> String {
      let end = (one: ", so it is not carried", several: ", so they are not carried")
      let lack = (one: ", and without it the list would mean something else", several: ", and without them the list would mean something else")
      let words = isVital ? lack : isCopied ? (one: "", several: "") : end
      return count == 1 ? "this \(noun) is not known here\(words.one)" : "\(count) \(other)\(noun)s are not known here\(words.several)"
    }
    let disposition: Disposition = isVital ? .refused : .unknown
    return places.map { Note(disposition, subject, element: $0.element, words($0.count)) }
      + (more == 0 ? [] : [Note(disposition, subject, words(more, "other "))])
  }
}
