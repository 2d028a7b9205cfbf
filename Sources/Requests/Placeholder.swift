package import Base
internal import Glibc
internal import Markup

/// A place in a request where a secret belongs.
package struct Placeholder: Sendable, Equatable {
  /// Of the bytes that the secret takes the place of.
  package let range: Range<Int>
  /// What belongs there.
  package let name: SecretName

  private static let opening = Array("<?qtbx-secret".utf8)

  /// Whether something that is read piece by piece holds the name of a secret.
  package struct Search {
    /// It does.
    package private(set) var isFound = false
    /// The end of the piece before: what is looked for may stand across two.
    private var tail: [UInt8] = []

    package init() {}

    /// Looks at the next piece.
    package mutating func look(at piece: [UInt8]) {
      isFound = isFound || (tail + piece).contains("<?qtbx-secret")
      tail = Array((tail + piece).suffix(opening.count - 1))
    }
  }

  /// Whether a file holds the name of a secret; nil if there is no such file. Errors: `local` if it cannot be read.
  static func isNamed(inFile path: String) throws(Complaint) -> Bool? {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else {
      if errno == ENOENT { return nil }
      throw Complaint(.local, "cannot open the body: " + Descriptor.reason(errno), at: path.shown)
    }
    defer { close(file) }
    var search = Search()
    while !search.isFound {
      var piece: [UInt8] = []
      if try Descriptor.read(file, 1 << 16, into: &piece) == 0 { break }
      search.look(at: piece)
    }
    return search.isFound
  }

  /// Those of a URL or a form: a value has no brace that is not one's.
  package static func all(inForm bytes: [UInt8]) throws(Complaint) -> [Placeholder] {
    var found: [Placeholder] = []
    var at = 0
    while let start = bytes[at...].firstIndex(of: "{") {
      guard bytes[start...].starts(with: "{secret:".utf8), let end = bytes[start...].firstIndex(of: "}"),
        let name = PercentCoding.decode(bytes[(start + 8)..<end]).flatMap({ SecretName($0) })
      else { throw Complaint(.refused, "a brace in a URL or a form is no secret's: {secret:KIND/TITLE/FIELD}") }
      found.append(Placeholder(range: start..<(end + 1), name: name))
      at = end + 1
    }
    return found
  }

  /// Those of a body: each is a processing instruction, and all that its element holds. Errors: `refused` for one that stands where nothing is filled
  /// in, or is only a part of a value.
  package static func all(inBody bytes: [UInt8]) throws(Complaint) -> [Placeholder] {
    guard bytes.contains("<?qtbx-secret") else { return [] }
    var found: [Placeholder] = []
    var at = 0
    /// The start of the tag before.
    var tag = -1
    while let start = bytes[at...].firstIndex(of: "<") {
      let rest = bytes[start...]
      if rest.starts(with: opening) {
        let end = try Self.end(of: "?>", behind: start + opening.count, in: bytes)
        let name = try name(bytes[(start + opening.count)..<(end - 2)])
        // <password><?…?></password>
        guard tag >= 0, isOpeningTag(bytes[tag..<start]), bytes[end...].starts(with: "</".utf8) else {
          throw Complaint(.refused, "the secret \(name.text) is not the whole value of an element: a secret is never a part of one")
        }
        found.append(Placeholder(range: start..<end, name: name))
        at = end
      } else if rest.starts(with: "<!--".utf8) {
        at = try aside("-->", start, behind: 4, bytes)
      } else if rest.starts(with: "<![CDATA[".utf8) {
        at = try aside("]]>", start, behind: 9, bytes)
      } else if rest.starts(with: "<?".utf8) {
        at = try aside("?>", start, behind: 2, bytes)
      } else {
        at = start + 1
      }
      tag = start
    }
    return found
  }

  /// Whether this is the tag that begins an element, and nothing more.
  private static func isOpeningTag(_ markup: ArraySlice<UInt8>) -> Bool {
    guard let first = markup.dropFirst().first, ![UInt8]("/!?".utf8).contains(first) else { return false }
    var quote: UInt8?
    for (at, byte) in zip(markup.indices, markup) {
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == "\"" || byte == "'" {
        quote = byte
      } else if byte == ">" {
        return at == markup.endIndex - 1 && markup[at - 1] != "/"
      }
    }
    return false
  }

  /// Behind what is no place for a secret.
  private static func aside(_ ending: String, _ start: Int, behind length: Int, _ bytes: [UInt8]) throws(Complaint) -> Int {
    let end = try end(of: ending, behind: start + length, in: bytes)
    if Array(bytes[start..<end]).contains("<?qtbx-secret") {
      throw Complaint(.refused, "a secret's name stands in a comment or a CDATA section, where nothing is filled in")
    }
    return end
  }

  private static func end(of ending: String, behind start: Int, in bytes: [UInt8]) throws(Complaint) -> Int {
    guard let end = bytes[start...].firstRange(of: Array(ending.utf8))?.upperBound else {
      throw Complaint(.refused, "the body breaks off inside of markup")
    }
    return end
  }

  /// The name in an instruction: encoded like a value, but blanks and letters may stand as they are, and so may a `%` that begins no escape.
  private static func name(_ data: ArraySlice<UInt8>) throws(Complaint) -> SecretName {
    var data = data
    let isSeparate = data.first.map { $0.isBlank } ?? false
    while let first = data.first, first.isBlank { data.removeFirst() }
    while let last = data.last, last.isBlank { data.removeLast() }
    var encoded: [UInt8] = []
    for (at, byte) in zip(data.indices, data) {
      let isEscape = at + 2 < data.endIndex && isHexadecimal(data[at + 1]) && isHexadecimal(data[at + 2])
      encoded += byte == "%" && !isEscape ? Array("%25".utf8) : [byte]
    }
    guard isSeparate, let text = PercentCoding.decode(encoded[...]), let name = SecretName(text) else {
      let shown = String(decoding: data.prefix(200), as: UTF8.self)
      throw Complaint(.refused, "\"\(shown)\" is no secret's name: <?qtbx-secret KIND/TITLE/FIELD?>")
    }
    return name
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool { byte.isDigit || ("a"..."f").contains(byte | 0x20) }
}

extension Request {
  /// What a request needs from outside.
  package struct NeededSecret: Sendable, Equatable {
    /// What it is called.
    package let name: SecretName
    /// Whom it belongs to, where the request says that.
    package let username: String
    /// It stands in XML, which cannot hold every character.
    package let isInBody: Bool
  }

  /// The secrets that the request needs, in their order. A body that is a file is not opened.
  ///
  /// Errors: `refused` for a name that is none, or stands where nothing is filled in.
  package func neededSecrets() throws(Complaint) -> [NeededSecret] {
    let username = parameters.first { $0.name == "username" && !$0.isSecret } ?? parameters.first { $0.name.hasSuffix("_username") && !$0.isSecret }
    var needed: [NeededSecret] = []
    for parameter in parameters where parameter.isSecret {
      guard let name = SecretName(parameter.value) else { throw Complaint(.refused, "the secret of \(parameter.name) is not KIND/TITLE/FIELD") }
      needed.append(NeededSecret(name: name, username: username?.value ?? "", isInBody: false))
    }
    if case .xml(let xml) = body { needed += try Self.neededSecrets(ofBody: xml, username: username?.value ?? "") }
    return needed
  }

  /// The secrets that a body needs.
  ///
  /// - Parameter username: whom they belong to, where the body does not say it.
  package static func neededSecrets(ofBody xml: [UInt8], username: String) throws(Complaint) -> [NeededSecret] {
    try Placeholder.all(inBody: xml).map { placeholder in
      NeededSecret(name: placeholder.name, username: nearestUsername(before: placeholder.range.lowerBound, xml) ?? username, isInBody: true)
    }
  }

  /// The text of the last element USERNAME before a place.
  private static func nearestUsername(before place: Int, _ xml: [UInt8]) -> String? {
    let before = xml[..<place]
    guard let open = before.lastRange(of: Array("<USERNAME>".utf8))?.upperBound,
      let close = before[open...].firstRange(of: Array("</USERNAME>".utf8))?.lowerBound
    else { return nil }
    return Outline.text(of: before[open..<close])
  }
}

extension ArraySlice where Element == UInt8 {
  fileprivate func lastRange(of word: [UInt8]) -> Range<Int>? {
    var found: Range<Int>?
    var rest = self
    while let range = rest.firstRange(of: word) {
      found = range
      rest = rest[range.upperBound...]
    }
    return found
  }
}
