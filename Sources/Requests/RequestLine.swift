package import Base
internal import Markup

/// A line of a request list.
package enum RequestLine: Sendable, Equatable {
  case request(Request)
  /// An empty line, or one that begins with `#`, without its line feed.
  case comment(String)

  /// Reads a line, without its line feed. Errors: `refused`, with the reason that it is not one.
  package init(parsing line: [UInt8]) throws(Complaint) {
    guard let text = String(validating: line, as: UTF8.self) else { throw Complaint(.refused, "the line is not UTF-8") }
    if line.starts(with: [0xEF, 0xBB, 0xBF]) {
      throw Complaint(.refused, "the line begins with a byte order mark: save the list as UTF-8 without one")
    }
    if let control = Self.control(in: line) {
      let isLineEnd = control == "000D" && line.last == "\r"
      throw Complaint(.refused, isLineEnd ? "the line ends with a carriage return" : "the line has the control character U+\(control)")
    }
    if line.isEmpty || line[0] == "#" {
      self = .comment(text)
      return
    }
    let fields = line.split(separator: "\t", maxSplits: 2, omittingEmptySubsequences: false)
    var request: Request
    if fields.count == 1 {
      request = try Self.url(line[...])
    } else {
      let method = String(decoding: fields[0], as: UTF8.self)
      guard ["GET", "POST", "PUT", "DELETE"].contains(method) else { throw Complaint(.refused, "\"\(method)\" is not a method") }
      request = try Self.url(fields[1])
      request.method = method
      if fields.count == 3, method == "GET" { throw Complaint(.refused, "a GET has no body") }
      if fields.count == 3 {
        request.body = try Self.body(fields[2])
      } else if method == "POST" {
        throw Complaint(.refused, "a POST line with a method has a body, too; a form is a bare URL")
      }
    }
    self = .request(request)
  }

  // MARK: The characters of a line

  /// The number of the first control character in UTF-8, U+0080 to U+009F among them, nil if there is none but tabs.
  private static func control(in line: [UInt8]) -> String? {
    for at in line.indices {
      let byte = line[at]
      switch byte {
      case " "..<0x7F: continue
      case "\t": continue
      case 0..<" ", 0x7F: return (byte < 0x10 ? "000" : "00") + String(byte, radix: 16, uppercase: true)
      // The second byte of such a character is its number; behind 0xC2, there is no other.
      case 0xC2 where line[at + 1] < 0xA0: return "00" + String(line[at + 1], radix: 16, uppercase: true)
      default: continue
      }
    }
    return nil
  }

  /// A body with its control characters as references, as a line needs it. In comments and processing instructions there are none, so what
  /// has one there stays, and is refused.
  static func escapingControls(in body: [UInt8]) -> [UInt8] {
    guard body.contains(where: { $0 == 0x7F || $0 == 0xC2 }) else { return body }
    var escaped: [UInt8] = []
    escaped.reserveCapacity(body.count + 64)
    var at = 0
    while at < body.count {
      let end = body[at] != "<" ? nil : body[at...].starts(with: "<!--".utf8) ? "-->" : body[at...].starts(with: "<?".utf8) ? "?>" : nil
      if let end {
        let behind = body[at...].firstRange(of: Array(end.utf8))?.upperBound ?? body.count
        escaped += body[at..<behind]
        at = behind
      } else if body[at] == 0x7F {
        escaped += "&#127;".utf8
        at += 1
      } else if body[at] == 0xC2, at + 1 < body.count, body[at + 1] < 0xA0 {
        escaped += "&#\(body[at + 1]);".utf8
        at += 2
      } else {
        escaped.append(body[at])
        at += 1
      }
    }
    return escaped
  }

  // MARK: The parts of a request

  private static func url(_ url: ArraySlice<UInt8>) throws(Complaint) -> Request {
    guard url.first == "/", url.dropFirst().first != "/" else {
      throw Complaint(
        .refused,
        url.starts(with: "http".utf8) ? "the URL names a server: a list begins every URL with its path" : "the line is not a URL that begins with /")
    }
    if let odd = url.first(where: { !isURL($0) }) {
      let shown = odd < 0x80 ? "\"\(Character(Unicode.Scalar(odd)))\"" : "a character that is not ASCII"
      throw Complaint(.refused, "the URL has \(shown), which must be percent-encoded")
    }
    let (target, origin) = halves(of: url, at: "#")
    let (path, query) = halves(of: target, at: "?")
    guard !path.contains(where: { $0 == "{" || $0 == "}" }) else { throw Complaint(.refused, "the path has a brace") }
    // One sender would resolve them and another would not.
    for segment in path.split(separator: "/") {
      guard let plain = PercentCoding.decode(segment), !plain.utf8.contains(0) else {
        throw Complaint(.refused, "the path is not percent-encoded UTF-8")
      }
      if plain == "." || plain == ".." { throw Complaint(.refused, "the path has a segment \".\" or \"..\"") }
    }
    var request = Request(path: String(decoding: path, as: UTF8.self))
    var rest = query
    var names: Set<String> = []
    while let pairs = rest {
      let (pair, others) = halves(of: pairs, at: "&")
      rest = others
      let parameter = try parameter(pair)
      if !names.insert(parameter.name).inserted {
        throw Complaint(.refused, "the parameter \(parameter.name) is given twice: the service would keep the last one only")
      }
      request.parameters.append(parameter)
    }
    if let origin {
      let (kind, encoded) = halves(of: origin, at: "=")
      guard let encoded, isKind(kind), !encoded.isEmpty, let id = PercentCoding.decode(encoded), !id.utf8.contains(0), !encoded.contains("#")
      else { throw Complaint(.refused, "the fragment is not a kind and an id, such as #asset-group=4000001") }
      request.origin = (String(decoding: kind, as: UTF8.self), id)
    }
    return request
  }

  /// Whether this is a kind, as a fragment names it: small letters, digits and hyphens.
  static func isKind(_ kind: some Collection<UInt8>) -> Bool {
    !kind.isEmpty && kind.allSatisfy { $0 == "-" || $0.isDigit || ("a"..."z").contains($0) }
  }

  /// Whether a path is one that nobody can take for another: names of letters, digits and a few marks, none of which begins with a dot. There are
  /// paths beyond these.
  static func isPlain(path: String) -> Bool {
    var last: UInt8 = 0
    for byte in path.utf8 {
      switch byte {
      case "a"..."z", "0"..."9", "A"..."Z", "-", "_": if last == 0 { return false }
      case "." where last != 0 && last != "/": break
      case "/" where last != "/": break
      default: return false
      }
      last = byte
    }
    return last != 0
  }

  /// What stands before the first mark, and what stands behind it; nil if there is none.
  private static func halves(of bytes: ArraySlice<UInt8>, at mark: UInt8) -> (ArraySlice<UInt8>, ArraySlice<UInt8>?) {
    guard let at = bytes.firstIndex(of: mark) else { return (bytes, nil) }
    return (bytes[..<at], bytes[(at + 1)...])
  }

  private static func parameter(_ pair: ArraySlice<UInt8>) throws(Complaint) -> Request.Parameter {
    let (encodedName, encodedValue) = halves(of: pair, at: "=")
    guard var encoded = encodedValue, !encodedName.isEmpty else {
      throw Complaint(.refused, "\"\(String(decoding: pair, as: UTF8.self))\" is not a parameter, name=value")
    }
    guard !pair.contains("+") else { throw Complaint(.refused, "\"+\" may mean a blank: write %20 or %2B") }
    guard let name = PercentCoding.decode(encodedName), !name.utf8.contains(0), !encodedName.contains("{"), !encodedName.contains("}") else {
      throw Complaint(.refused, "a parameter's name is not percent-encoded UTF-8")
    }
    let isSecret = encoded.starts(with: "{secret:".utf8) && encoded.last == "}"
    if isSecret { encoded = encoded.dropFirst(8).dropLast() }
    guard !encoded.contains(where: { $0 == "{" || $0 == "}" }) else {
      throw Complaint(.refused, "the value of \(name) has a brace: only {secret:KIND/TITLE/FIELD} may, and a genuine one is %7B or %7D")
    }
    guard let value = PercentCoding.decode(encoded), !value.utf8.contains(0) else {
      throw Complaint(.refused, "the value of \(name) is not percent-encoded UTF-8")
    }
    if isSecret, SecretName(value) == nil {
      throw Complaint(.refused, "the secret of \(name) is not KIND/TITLE/FIELD")
    }
    return Request.Parameter(name: name, value: value, isSecret: isSecret)
  }

  private static func body(_ field: ArraySlice<UInt8>) throws(Complaint) -> Request.Body {
    if field.first == "@" {
      guard field.count > 1 else { throw Complaint(.refused, "the body names no file") }
      return .file(String(decoding: field.dropFirst(), as: UTF8.self))
    }
    let body = Array(field)
    guard body.first == "<", body.count > 1, body[1] != "!", body[1] != "?" else {
      throw Complaint(.refused, "the body is not one element: it has no declaration, no DOCTYPE and no comment before it")
    }
    let checker = WellFormedness()
    do throws(Complaint) {
      let stream = try RecordStream(records: [], into: checker)
      try stream.feed(body)
      try stream.finish()
    } catch {
      throw Complaint(.refused, "the body is not XML: " + error.reason)
    }
    _ = try Placeholder.all(inBody: body)
    return .xml(body)
  }

  /// The characters of RFC 3986 URLs, and the braces of a secret.
  private static func isURL(_ byte: UInt8) -> Bool {
    switch byte {
    case "a"..."z", "0"..."9", "A"..."Z", "{", "}": true
    // - . / , : & = % and the others: all that is printed but " < > \ ^ ` |
    case "!", "#"..."/", ":", ";", "=", "?", "@", "[", "]", "_", "~": true
    default: false
    }
  }
}

/// Throws the parts of a document away: only whether it is one matters.
private final class WellFormedness: RecordSink {
  func skeleton(_ bytes: Span<UInt8>) {}
  func opened(_ element: SkeletonElement) {}
  func closed(_ element: SkeletonElement, text: String?) {}
  func record(_ bytes: Span<UInt8>, line: Int, in surroundings: Surroundings) {}
}
