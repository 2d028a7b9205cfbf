import Base
import Markup
import Requests
import Toolbox

/// What a control is known by.
struct Control {
  let cid: CID
  let isUserDefined: Bool
  /// Of its document.
  let line: Int

  /// - Parameter bytes: a record CONTROL or USER_DEFINED_CONTROL.
  /// Errors: `refused` without a number.
  init(_ bytes: Span<UInt8>, line: Int) throws(Complaint) {
    isUserDefined = bytes[1] == "U"
    self.line = line
    if let cid = Self.firstChild(of: bytes, behind: isUserDefined ? 21 : 8) {
      self.cid = cid
      return
    }
    var record: [UInt8] = []
    record.append(bytes)
    var outline = Outline()
    outline.read(record)
    guard let text = outline.text(ofChild: "ID")?.trimmed else {
      throw Complaint(.refused, "ID: this element is missing in a control", at: String(line))
    }
    guard let cid = ControlFilter.cid(text) else { throw Complaint(.refused, "ID: \"\(text)\" is no CID", at: String(line)) }
    self.cid = cid
  }

  private static let open = Array("<ID>".utf8)
  private static let close = Array("</ID>".utf8)

  /// The number, where it stands as it always does: `<CONTROL>`, blanks, `<ID>1048</ID>`.
  private static func firstChild(of bytes: Span<UInt8>, behind name: Int) -> CID? {
    var at = name
    func has(_ word: [UInt8]) -> Bool {
      guard at + word.count <= bytes.count else { return false }
      for offset in word.indices where bytes[at + offset] != word[offset] { return false }
      return true
    }
    guard bytes[at] == ">" else { return nil }
    at += 1
    while at < bytes.count, bytes[at] == " " || bytes[at] == "\n" || bytes[at] == "\t" || bytes[at] == "\r" { at += 1 }
    guard has(open) else { return nil }
    at += 4
    var cid: CID = 0
    let start = at
    while at < bytes.count, at - start < 18, bytes[at].isDigit {
      cid = cid * 10 + CID(bytes[at] - "0")
      at += 1
    }
    return has(close) && cid > 0 ? cid : nil
  }
}
