internal import Base
internal import CLibxml
internal import CMarkup

/// What is read and what is refused: the whole parse policy, in one place.
///
/// Documents come from other people. Fatal are: malformed input, namespace errors, any entity declaration, any reference to an entity that
/// XML does not define itself, and anything behind the root but comments, processing instructions and white space. Nothing is ever
/// loaded: no DTD, no entity, no catalog, no XInclude, no network, no decompression. A DOCTYPE is carried and never fetched.
package enum ParsePolicy {
  /// Elements within elements. libxml2's own bound, and the reason that no recursive walk of a record can run out of stack.
  package static let depth = 256
  /// Bytes between two tags: text, CDATA, comments.
  package static let text = 10_000_000
  /// Bytes of one start tag, with all its attributes.
  package static let tag = 1 << 20
  /// Attributes of one element: libxml2 compares each with each.
  package static let attributes = 1_000
  /// Different names of elements and attributes: they are never forgotten while a document is read.
  package static let names = 10_000
  /// Bytes before the root element.
  package static let prolog = 1 << 20
  /// Bytes of one record. What is made of one takes some thirty times its memory, so this is what bounds the memory of a program.
  package static let record = 1 << 24

  /// Neither `NOENT` nor any DTD option: with one of them, libxml2 opens files. Not `HUGE`: it switches off every limit. What comes is
  /// UTF-8 already: a parser that changed the encoding by itself would count other bytes than these.
  static let checking = Int32(XML_PARSE_NONET.rawValue | XML_PARSE_IGNORE_ENC.rawValue)
  /// For records that have been checked. As `xsltproc` does, CDATA becomes text, so that both see the same nodes.
  static let building = Int32(XML_PARSE_NONET.rawValue | XML_PARSE_NOCDATA.rawValue | XML_PARSE_COMPACT.rawValue | XML_PARSE_IGNORE_ENC.rawValue)

  /// Sets up the libraries. Must have run before the first thread is started and before the first document is read.
  package static func prepare() { _ = prepared }

  private static let prepared: Void = cmarkup_prepare()

  /// Fails the run if any library has asked for an external entity, whatever it then did without it.
  static func complainIfAskedToLoad() throws(Complaint) {
    if cmarkup_was_asked_to_load() != 0 { throw Complaint(.refused, "the input asks for an external document, and none is ever loaded") }
  }
}
