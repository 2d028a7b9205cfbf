internal import Markup
internal import Requests

/// The maps, at work on one record after the other in the same memory.
final class Translator {
  private let translation: Translation
  private let kind: String
  private let id: StaticString
  private let name: StaticString
  private var outline = Outline()

  init(_ translation: Translation, kind: String, id: StaticString, name: StaticString) {
    self.translation = translation
    self.kind = kind
    self.id = id
    self.name = name
  }

  private var subject: Subject {
    Subject(kind: kind, id: outline.text(ofChild: id)?.trimmed ?? "", name: (outline.text(ofChild: name) ?? "").unframed)
  }

  func translate(_ record: [UInt8], _ notes: inout [Note], _ unmapped: inout [Unmapped]) throws(Complaint) -> [UInt8]? {
    outline.read(record)
    return try translateInspected(&notes, &unmapped)
  }

  /// The stylesheets believe the attribute that a map puts on an element, so no input may bring its own.
  func refuseMarks(in batch: Batch) throws(Complaint) {
    for segment in batch.segments {
      outline.read(Array(batch.bytes[segment.range]))
      if outline.hasAttribute("qtbx-target") {
        throw Complaint(
          .refused, "\(subject.description) has the attribute qtbx-target, which only a map may give", at: "\(batch.name):\(segment.line)")
      }
    }
  }

  func inspect(_ record: [UInt8], _ notes: inout [Note], _ body: (borrowing Outline, Subject, inout [Note]) -> ListFilter.Fate) -> ListFilter.Fate {
    outline.read(record)
    return body(outline, subject, &notes)
  }

  func translateInspected(_ notes: inout [Note], _ unmapped: inout [Unmapped]) throws(Complaint) -> [UInt8]? {
    try translation.apply(to: outline, of: subject, notes: &notes, unmapped: &unmapped)
  }
}

/// A stylesheet that a thread keeps.
final class StylesheetBox {
  private let stylesheet: Stylesheet
  /// A user's own is named in messages.
  private let name: String?

  init(_ stylesheet: consuming Stylesheet, named name: String?) {
    self.stylesheet = stylesheet
    self.name = name
  }

  func apply(
    to document: [UInt8], parameters: [(name: String, value: String)], _ body: (borrowing Stylesheet.Result) throws(Complaint) -> Void
  ) throws(Complaint) {
    do throws(Complaint) {
      try stylesheet.apply(to: document, parameters: parameters, body)
    } catch {
      throw name.map { error.at($0) } ?? error
    }
  }
}
