package import Base
internal import Requests

/// A control's number. Those of the service are the same in every subscription, those of user-defined controls are not.
package typealias CID = UInt64

/// The controls that are asked for.
package struct ControlFilter {
  /// Nil for all.
  package let cids: Set<CID>?

  /// - Parameters:
  ///   - list: CIDs with commas between them.
  ///   - path: a file of CIDs, with commas, blanks or line ends between them; `#` begins a comment.
  /// Errors: `usage` and `refused`, with the place, for what is no CID and for a list without one.
  package init(list: String?, file path: String?) throws(Complaint) {
    var cids: Set<CID> = []
    if let list {
      if list.trimmed.isEmpty { throw Complaint(.usage, "--cid-list is empty: leave it out to choose all controls") }
      for (number, entry) in list.split(separator: ",", omittingEmptySubsequences: false).enumerated() {
        guard let cid = Self.cid(entry.trimmed) else {
          throw Complaint(.usage, "--cid-list: \"\(entry)\" is no CID (entry \(number + 1))")
        }
        cids.insert(cid)
      }
    }
    if let path {
      let bytes = try Input(path).rest()
      guard let text = String(validating: bytes[CSV.markLength(of: bytes)...], as: UTF8.self) else {
        throw Complaint(.refused, "the file of CIDs is not UTF-8", at: path.shown)
      }
      var named: Set<CID> = []
      // By bytes: to Swift, CR LF is one character. A carriage return alone ends a line, too, and the comment in it.
      for (number, line) in text.utf8.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
        let uncommented = line.split(separator: "\r").map { $0.prefix { $0 != "#" } }
        let entries = uncommented.flatMap { $0.split { [" ", "\t", ","].contains($0) } }
        for entry in entries.map({ String(Substring($0)) }) {
          guard let cid = Self.cid(entry) else { throw Complaint(.refused, "\"\(entry)\" is no CID", at: "\(path.shown):\(number + 1)") }
          named.insert(cid)
        }
      }
      if named.isEmpty { throw Complaint(.refused, "the file names no CID: leave out --cid-file to choose all controls", at: path.shown) }
      cids.formUnion(named)
    }
    self.cids = list == nil && path == nil ? nil : cids
  }

  /// Whether this one is asked for.
  package func contains(_ cid: CID) -> Bool { cids?.contains(cid) ?? true }

  /// The number that a text is, nil if it is none: digits alone, and not zero.
  package static func cid(_ text: String) -> CID? {
    guard !text.isEmpty, text.utf8.count <= 18, text.utf8.allSatisfy(\.isDigit), let cid = CID(text), cid > 0 else { return nil }
    return cid
  }
}
