internal import Base
internal import Markup

/// The text of an element, and where each of its bytes stands in the record.
///
/// A value may stand in a CDATA section, be written with references, or have a comment in the middle of it. By the places, a value is
/// replaced, and all that stands beside it or inside it stays.
struct PlacedText {
  /// Where a byte of the text comes from: itself, or the reference that stands for it.
  private struct Origin {
    var range: Range<Int32>
    /// In a CDATA section, where nothing is escaped.
    var isLiteral: Bool
  }

  private(set) var bytes: [UInt8] = []
  private var origins: [Origin] = []

  /// The text in a range of a checked record, as `Outline.text` has it.
  init(_ record: [UInt8], _ content: Range<Int32>) {
    let end = Int(content.upperBound)
    var at = Int(content.lowerBound)
    while at < end {
      let rest = record[at..<end]
      if record[at] == "&" {
        let close = rest.firstIndex(of: ";") ?? end - 1
        let origin = Origin(range: Int32(at)..<Int32(close + 1), isLiteral: false)
        for byte in Outline.text(of: record[at...close]).utf8 { append(byte, origin) }
        at = close + 1
      } else if rest.starts(with: "<![CDATA[".utf8) {
        let close = rest.firstRange(of: Array("]]>".utf8))?.lowerBound ?? end
        append(record, at + 9..<close, isLiteral: true)
        at = close + 3
      } else if rest.starts(with: "<!--".utf8) {
        // The two characters that begin a comment's text are not those that end it: <!-->.
        at = record[min(at + 4, end)..<end].firstRange(of: Array("-->".utf8))?.upperBound ?? end
      } else if rest.starts(with: "<?".utf8) {
        at = rest.firstRange(of: Array("?>".utf8))?.upperBound ?? end
      } else if record[at] == "<" {
        // A ">" may stand in the value of an attribute.
        var quote: UInt8 = 0
        while at < end, quote != 0 || record[at] != ">" {
          if quote == 0, record[at] == "\"" || record[at] == "'" { quote = record[at] } else if record[at] == quote { quote = 0 }
          at += 1
        }
        at += 1
      } else {
        let close = rest.firstIndex { $0 == "&" || $0 == "<" } ?? end
        append(record, at..<close, isLiteral: false)
        at = close
      }
    }
  }

  private mutating func append(_ byte: UInt8, _ origin: Origin) {
    bytes.append(byte)
    origins.append(origin)
  }

  /// XML makes one line feed of a carriage return, with or without a line feed behind it.
  private mutating func append(_ record: [UInt8], _ range: Range<Int>, isLiteral: Bool) {
    for at in range where record[at] != "\n" || at == range.lowerBound || record[at - 1] != "\r" {
      let isReturn = record[at] == "\r"
      let width = isReturn && at + 1 < range.upperBound && record[at + 1] == "\n" ? 2 : 1
      append(isReturn ? "\n" : record[at], Origin(range: Int32(at)..<Int32(at + width), isLiteral: isLiteral))
    }
  }

  /// What is to be done in the record so that a part of the text becomes another one.
  func edits(_ range: Range<Int>, becomes text: String) -> [(range: Range<Int32>, bytes: [UInt8])] {
    var places: [Origin] = []
    for origin in origins[range] {
      if let last = places.last, last.isLiteral == origin.isLiteral, last.range.upperBound >= origin.range.lowerBound {
        places[places.count - 1].range = last.range.lowerBound..<origin.range.upperBound
      } else {
        places.append(origin)
      }
    }
    return places.enumerated().map { number, place in
      if number > 0 { return (place.range, []) }
      return (place.range, place.isLiteral ? Self.literal(text) : Outline.escaped(text))
    }
  }

  /// Text for a CDATA section, which is interrupted for what it cannot hold.
  private static func literal(_ text: String) -> [UInt8] {
    guard text.contains("]]>") || text.utf8.contains("\r") else { return Array(text.utf8) }
    return Array("]]>".utf8) + Outline.escaped(text) + Array("<![CDATA[".utf8)
  }
}
