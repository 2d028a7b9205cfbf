package import Base
package import Catalog
package import Markup
internal import Requests

/// A document that passes as it is, since nobody has described its elements: all that is asked of it is that it is one, that it is whole, and that
/// it is nothing else. Memory does not depend on its size.
package enum WholeDocument {
  /// What it is made of, for whoever looks at it.
  package enum Part {
    /// An element has begun.
    case opened(SkeletonElement)
    /// An element has ended, with the text in it if it held no element, at most 8 KiB.
    case closed(SkeletonElement, text: String?)
    /// An element that was asked for as a whole, and the names of those around it.
    case whole([UInt8], path: [String])
  }

  /// Reads a file, or standard input for `-`. Errors: `refused` for an error of the service, or a document that is known to be another one.
  ///
  /// - Parameters:
  ///   - wholes: elements that are wanted as wholes, as `RecordStream` takes them.
  ///   - visit: sees the parts in their order.
  package static func read(
    _ path: String, as kind: DocumentKind, wholes: [String] = [], _ visit: @escaping (Part) throws(Complaint) -> Void = { _ in }
  ) throws(Complaint) {
    let reader = DocumentReader(kind, visit)
    try Input.read(path, records: wholes, into: reader) { _ throws(Complaint) in try reader.ended() }
  }
}

/// Tells a document from an answer of the service that came in its place.
private final class DocumentReader: RecordSink {
  private var envelope: Envelope
  private let visit: (WholeDocument.Part) throws(Complaint) -> Void
  private var open: [String] = []
  private var holdsAnything = false

  init(_ kind: DocumentKind, _ visit: @escaping (WholeDocument.Part) throws(Complaint) -> Void) {
    envelope = Envelope(kind, isCopied: true)
    self.visit = visit
  }

  func ended() throws(Complaint) {
    try envelope.ended(records: 1)
    if envelope.service.isCutBack { throw Complaint(.refused, "it is not whole: \(RecordForm.cutBack)") }
    if !holdsAnything { throw Complaint(.refused, "there is nothing in \(envelope.rootName)") }
  }

  func skeleton(_ bytes: Span<UInt8>) {}

  func record(_ bytes: Span<UInt8>, line: Int, in surroundings: Surroundings) throws(Complaint) {
    if envelope.isForeign { return }
    var whole: [UInt8] = []
    whole.append(bytes)
    try visit(.whole(whole, path: open))
  }

  func opened(_ element: SkeletonElement) throws(Complaint) {
    if isAnswer(element) { try envelope.opened(element) }
    open.append(element.name)
    try visit(.opened(element))
  }

  func closed(_ element: SkeletonElement, text: String?) throws(Complaint) {
    if isAnswer(element) { try envelope.closed(element, text: text) }
    if element.path.isEmpty { holdsAnything = element.holdsElements || element.holdsText }
    open.removeLast()
    try visit(.closed(element, text: text))
  }

  /// Whether the service speaks there: in an answer of another kind, or where it puts an error in the place of what was asked for, or a warning
  /// behind it. All other elements are the document's own, whatever they are called.
  private func isAnswer(_ element: SkeletonElement) -> Bool {
    element.path.isEmpty || envelope.isForeign || ["ERROR", "WARNING"].contains(element.path.count == 1 ? element.name : element.path[1])
  }
}
