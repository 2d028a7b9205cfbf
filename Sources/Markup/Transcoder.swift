import Base
internal import Glibc

/// Makes UTF-8 of a document, so that everything behind it can count bytes.
///
/// UTF-8 passes through untouched. UTF-16 needs its byte order mark; other encodings are read as their XML declaration names them. A
/// document that was transcoded says `encoding="UTF-8"` afterwards. Errors: `refused` for bytes that are not in the encoding, for an
/// encoding that is not known here, and for a declaration that contradicts the bytes.
struct Transcoder: ~Copyable {
  /// The name of the input's encoding, nil until enough has been read, and where it is UTF-8.
  private(set) var foreign: String?
  private var held: [UInt8] = []
  private var decided = false
  /// Enough has been read to tell the encoding.
  var hasDecided: Bool { decided }
  private var conversion: iconv_t?
  /// Half a character at the end is left out.
  private let takesHalf: Bool
  /// How many bytes were left out so.
  private(set) var lost = 0
  /// Transcoded bytes that wait for the end of the XML declaration.
  private var declaration: [UInt8]? = []

  init(takesHalf: Bool = false) { self.takesHalf = takesHalf }

  deinit { if let conversion { iconv_close(conversion) } }

  /// Takes the next bytes of the input and gives the next bytes of the document. `last` says that the input has ended.
  mutating func transcode(_ bytes: consuming [UInt8], last: Bool) throws(Complaint) -> [UInt8] {
    if !decided {
      held += bytes
      guard try decide(last: last) else { return [] }
      bytes = held
      held = []
    }
    guard foreign != nil else { return bytes }
    return try redeclared(converted(bytes, last: last), last: last)
  }

  /// Looks at the first bytes. False if more of them are needed.
  private mutating func decide(last: Bool) throws(Complaint) -> Bool {
    if held.count < 4, !last { return false }
    if held.starts(with: [0x1F, 0x8B]) { throw Complaint(.refused, "the input is compressed: unpack it first (gzip -dc)") }
    if held.starts(with: [0x50, 0x4B, 0x03, 0x04]) { throw Complaint(.refused, "the input is a zip archive: unpack it first") }
    if held.starts(with: [0xFF, 0xFE, 0, 0]) || held.starts(with: [0, 0, 0xFE, 0xFF]) {
      throw Complaint(.refused, "the input is UTF-32, which is not read here")
    }
    if held.starts(with: [0xFF, 0xFE]) { return try open("UTF-16LE", "UTF-16", dropping: 2) }
    if held.starts(with: [0xFE, 0xFF]) { return try open("UTF-16BE", "UTF-16", dropping: 2) }
    if held.starts(with: ["<", 0]) || held.starts(with: [0, "<"]) {
      throw Complaint(.refused, "the input is UTF-16 without a byte order mark")
    }
    if held.starts(with: [0x4C, 0x6F, 0xA7, 0x94]) { throw Complaint(.refused, "the input is EBCDIC, which is not read here") }
    let marked = held.starts(with: [0xEF, 0xBB, 0xBF])
    let start = marked ? 3 : 0
    switch Self.begins(held[start...]) {
    case nil where !last: return false
    case nil, false?:
      decided = true
      return true
    default: break
    }
    guard let end = held.prefix(Self.longest).firstIndex(of: ">") else {
      if held.count < Self.longest, !last { return false }
      throw Complaint(.refused, "the XML declaration does not end", at: "1")
    }
    decided = true
    guard let range = Self.encoding(in: held[start..<end]) else { return true }
    let name = String(decoding: held[range], as: UTF8.self)
    if name.isEmpty { throw Complaint(.refused, "the XML declaration names no encoding") }
    switch name.uppercased() {
    case "UTF-8", "UTF8": return true
    case let wide where wide.hasPrefix("UTF-16") || wide.hasPrefix("UTF-32") || wide.hasPrefix("UCS-") || wide.hasPrefix("ISO-10646-UCS"):
      throw Complaint(.refused, "the XML declaration says \(name), but the bytes are not")
    default:
      if marked { throw Complaint(.refused, "the XML declaration says \(name), but the byte order mark says UTF-8") }
      return try open(name, name, dropping: 0)
    }
  }

  private mutating func open(_ encoding: String, _ name: String, dropping count: Int) throws(Complaint) -> Bool {
    // A name from the document reaches iconv only if it is a plain name: "//IGNORE" behind one would lose characters in silence.
    let plain = encoding.utf8.allSatisfy { $0 == "-" || $0 == "_" || $0 == "." || $0.isDigit || ("A"..."Z").contains($0 & 0xDF) }
    let handle = plain ? iconv_open("UTF-8", encoding) : nil
    guard let handle, Int(bitPattern: handle) != -1 else { throw Complaint(.refused, "the encoding \(name) is not known here") }
    conversion = handle
    foreign = name
    held.removeFirst(count)
    decided = true
    return true
  }

  private mutating func converted(_ input: [UInt8], last: Bool) throws(Complaint) -> [UInt8] {
    var source = held + input
    held = []
    // No encoding makes more than four bytes of UTF-8 out of one.
    var output = [UInt8](repeating: 0, count: source.count * 4 + 16)
    var failure: Int32 = 0
    var left = source.count
    var room = output.count
    source.withUnsafeMutableBytes { from in
      output.withUnsafeMutableBytes { to in
        var read = from.baseAddress?.assumingMemoryBound(to: CChar.self)
        var write = to.baseAddress?.assumingMemoryBound(to: CChar.self)
        if iconv(conversion, &read, &left, &write, &room) == -1 { failure = errno }
        if last, failure == 0 { _ = iconv(conversion, nil, nil, &write, &room) }
      }
    }
    if failure == EINVAL, !last {
      // A character is cut by the end of the chunk.
      held = Array(source.suffix(left))
    } else if failure == EINVAL, takesHalf {
      lost = left
    } else if failure != 0 {
      throw Complaint(.refused, "the input has bytes that are not \(foreign ?? "in its encoding")")
    }
    output.removeLast(room)
    return output
  }

  /// The document with the encoding of its declaration replaced.
  private mutating func redeclared(_ bytes: [UInt8], last: Bool) throws(Complaint) -> [UInt8] {
    guard var start = declaration else { return bytes }
    start += bytes
    switch Self.begins(start[...]) {
    case nil where !last:
      declaration = start
      return []
    case nil, false?:
      declaration = nil
      return start
    default: break
    }
    guard let end = start.prefix(Self.longest).firstIndex(of: ">") else {
      if start.count >= Self.longest || last { throw Complaint(.refused, "the XML declaration does not end", at: "1") }
      declaration = start
      return []
    }
    declaration = nil
    guard let range = Self.encoding(in: start[..<end]) else { return start }
    let name = String(decoding: start[range], as: UTF8.self).uppercased()
    if foreign == "UTF-16", name != "UTF-16" {
      throw Complaint(.refused, "the XML declaration says \(name), but the byte order mark says UTF-16")
    }
    start.replaceSubrange(range, with: "UTF-8".utf8)
    return start
  }

  /// How long an XML declaration may be: none has more than two hundred characters.
  private static let longest = 1024

  /// Whether a document begins with an XML declaration, nil if these bytes are too few to tell. `<?xml-stylesheet` is none.
  private static func begins(_ bytes: ArraySlice<UInt8>) -> Bool? {
    let word = Array("<?xml".utf8)
    guard bytes.count > word.count else { return word.starts(with: bytes) ? nil : false }
    let next = bytes[bytes.startIndex + word.count]
    return bytes.starts(with: word) && (next == " " || next == "\t" || next == "\n" || next == "\r")
  }

  /// Where the encoding's name stands in an XML declaration.
  private static func encoding(in declaration: ArraySlice<UInt8>) -> Range<Int>? {
    let word = Array("encoding".utf8)
    var at = declaration.startIndex
    while at + word.count < declaration.endIndex, !declaration[at...].starts(with: word) { at += 1 }
    guard let open = declaration[at...].firstIndex(where: { $0 == "\"" || $0 == "'" }), at + word.count < declaration.endIndex,
      let close = declaration[(open + 1)...].firstIndex(of: declaration[open])
    else { return nil }
    return open + 1..<close
  }
}
