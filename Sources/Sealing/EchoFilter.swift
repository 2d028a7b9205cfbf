package import Base
package import Requests
package import Toolbox

/// Takes secrets out of what a server has answered: whatever repeats one shows its placeholder instead, however it is encoded.
///
/// The answer is decoded layer by layer (percent signs, XML references, backslashes), each byte with its place in the answer; white space and `+` do not
/// count. Each layer is searched for each layer of the secret, and for its Base64 and hexadecimal digits. Of a long secret, a piece is enough.
///
/// The password of the login is one of the secrets, and so is what Basic authentication makes of it. A text that was cleared stays as it is when it is
/// cleared again.
package final class EchoFilter: Sendable {
  /// What is looked for: a range of the needles, and whose it is.
  private struct Needle: Sendable {
    var range: Range<Int>
    var owner: Int
    /// How many bytes that do not count the secret begins and ends with.
    var blanks: (before: Int, behind: Int)
    /// The letters beside it may tell a byte or two of the secret: how many of them.
    var margin = 0
  }

  /// What a secret is replaced by, by its owner.
  private let placeholders: [[UInt8]]
  private let needles: [Needle]
  private let bytes: LockedBytes
  /// Hashes of the pieces of long secrets, and whose they are.
  private let pieces: [UInt64: Int]

  /// No answer is decoded more often.
  private static let depth = 5
  /// A piece of a longer secret tells enough of it.
  fileprivate static let piece = 12
  /// What is so long may occur in pieces.
  fileprivate static let shortest = 16

  /// A shorter password of a login would be found where nobody repeats it, and no service takes it: it is only looked for beside its user.
  private static let shortestPassword = 6

  /// - Parameters:
  ///   - names: the secrets that a request was filled with.
  ///   - login: who asks.
  /// - Errors: `local`.
  package init(_ names: [SecretName] = [], of table: SecretTable? = nil, login: (user: String, password: Secret)? = nil) throws(Complaint) {
    var placeholders = names.map(\.placeholder)
    var room = names.reduce(0) { sum, name in sum + (table?.withValue(of: name) { $0.count } ?? 0) }
    if let login { room += 2 * login.password.withBytes { $0.count } + login.user.utf8.count + 1 }
    var builder = try Builder(room: room)
    for (owner, name) in names.enumerated() {
      _ = table?.withValue(of: name) { value in builder.add(value, of: owner) }
    }
    if let (user, password) = login {
      placeholders.append(SecretName(kind: "login", title: user, field: "password")?.placeholder ?? Array("{secret:login}".utf8))
      password.withBytes { password in
        if password.count >= Self.shortestPassword { builder.add(password, of: names.count) }
        builder.add(user: user, password, of: names.count)
      }
    }
    self.placeholders = placeholders
    needles = builder.needles
    pieces = builder.pieces
    bytes = builder.bytes
  }

  /// What is looked for, on its way into a filter.
  private struct Builder: ~Copyable {
    var bytes: LockedBytes
    var needles: [Needle] = []
    var pieces: [UInt64: Int] = [:]

    init(room: Int) throws(Complaint) {
      // Each layer is no longer than the one before; Base64 is four thirds, three times, and digits twice, twice.
      bytes = try LockedBytes(capacity: room * (EchoFilter.depth + 10) + 100)
    }

    mutating func add(_ value: Span<UInt8>, of owner: Int) {
      var layer = Layer(value)
      for _ in 0..<EchoFilter.depth {
        add(layer.bytes[...], of: owner, isDivisible: true)
        var next = layer.decoded()
        if next.bytes.count == layer.bytes.count {
          next.wipe()
          break
        }
        layer.wipe()
        layer = next
      }
      layer.wipe()
      var plain = value.withUnsafeBytes { Array($0) }
      addDigits(of: plain, of: owner)
      plain.wipe()
    }

    /// Adds a user with the password behind, as Basic authentication joins them. A piece of that is no secret: it may be the user.
    mutating func add(user: String, _ password: Span<UInt8>, of owner: Int) {
      var pair = Array(user.utf8) + [":"]
      pair.reserveCapacity(pair.count + password.count)
      pair.append(password)
      add(pair[...], of: owner, isDivisible: false)
      // As it stands in the header.
      var header = Array(Base64.text(of: pair).utf8)
      add(header.prefix { $0 != "=" }, of: owner, isDivisible: false)
      header.wipe()
      addDigits(of: pair, of: owner)
      pair.wipe()
    }

    /// Adds Base64, wherever in a longer text, and hexadecimal digits.
    private mutating func addDigits(of plain: [UInt8], of owner: Int) {
      // Of less, they are so few that they stand anywhere.
      guard plain.count >= 6 else { return }
      for shift in 0..<3 {
        var shifted = [UInt8](repeating: 0, count: shift) + plain
        var text = Array(Base64.text(of: shifted).utf8)
        // Without the letters that the bytes before and behind have a part in.
        add(text[(shift == 0 ? 0 : shift + 1)..<(shifted.count / 3 * 4)], of: owner, isDivisible: false, margin: 4)
        text.wipe()
        shifted.wipe()
      }
      var digits = Array(Hexadecimal.text(of: plain).utf8)
      add(digits[...], of: owner, isDivisible: false)
      for at in digits.indices where !digits[at].isDigit { digits[at] -= 32 }
      add(digits[...], of: owner, isDivisible: false)
      digits.wipe()
    }

    private mutating func add(_ text: ArraySlice<UInt8>, of owner: Int, isDivisible: Bool, margin: Int = 0) {
      let start = bytes.count
      for byte in text where Layer.counts(byte) { bytes.append(byte) }
      let range = start..<bytes.count
      if range.isEmpty { return }
      let blanks = (text.prefix { !Layer.counts($0) }.count, text.reversed().prefix { !Layer.counts($0) }.count)
      needles.append(Needle(range: range, owner: owner, blanks: blanks, margin: margin))
      guard isDivisible, range.count >= EchoFilter.shortest else { return }
      var pieces = self.pieces
      bytes.withBytes(range) { bytes in EchoFilter.forEachPiece(of: bytes) { hash, _ in pieces[hash] = owner } }
      self.pieces = pieces
    }
  }

  /// A text without the secrets.
  package func cleared(_ text: String) -> String {
    if needles.isEmpty { return text }
    var bytes = Array(text.utf8)
    let cleared = cleared(bytes)
    bytes.wipe()
    return String(decoding: cleared, as: UTF8.self)
  }

  /// An answer without the secrets. What is not in UTF-8 cannot be searched, and nothing of it is left.
  package func cleared(answer: [UInt8]) -> [UInt8] {
    if needles.isEmpty { return answer }
    let start = String(decoding: answer.prefix(200), as: UTF8.self).lowercased()
    let encoding = start.firstRange(of: "encoding=").map { start[$0.upperBound...].dropFirst().prefix { $0 != "\"" && $0 != "'" } }
    let isPlain = encoding.map { ["utf-8", "us-ascii", "ascii"].contains($0) || answer.allSatisfy { $0 < 0x80 } && !$0.hasPrefix("utf-") } ?? true
    guard isPlain, !answer.contains(0), String(validating: answer, as: UTF8.self) != nil else {
      return Array("<!-- The answer is not in UTF-8, and may repeat a secret: it is not kept. -->\n".utf8)
    }
    return cleared(answer)
  }

  /// So much is looked through at once, and so much of it once more with what follows: no secret is longer there, however it is encoded.
  private static let (window, overlap) = (1 << 20, 1 << 17)

  /// Bytes without the secrets, of whatever length and in whatever encoding: letters are found where they are those of ASCII.
  package func cleared(_ answer: [UInt8]) -> [UInt8] {
    var found: [(range: Range<Int>, owner: Int)] = []
    var start = 0
    repeat {
      let end = min(start + Self.window + Self.overlap, answer.count)
      found += places(in: answer.span.extracting(start..<end)).map { ($0.range.lowerBound + start..<$0.range.upperBound + start, $0.owner) }
      start += Self.window
    } while start < answer.count
    if found.isEmpty { return answer }
    // A secret may be a word of its placeholder.
    let known = placeholders.flatMap { answer.ranges(of: $0) }
    found.removeAll { place in known.contains { $0.lowerBound <= place.range.lowerBound && place.range.upperBound <= $0.upperBound } }
    found.sort { ($0.range.lowerBound, -$0.range.upperBound) < ($1.range.lowerBound, -$1.range.upperBound) }
    var cleared: [UInt8] = []
    var at = 0
    for (range, owner) in found where range.upperBound > at {
      // What overlaps, or begins where the last one ends in the middle of an encoded byte, is one place.
      if range.lowerBound >= at {
        cleared += answer[at..<range.lowerBound]
        cleared += placeholders[owner]
      }
      at = range.upperBound
    }
    return cleared + answer[at...]
  }

  /// Where secrets stand in an answer, or in a part of it.
  private func places(in answer: Span<UInt8>) -> [(range: Range<Int>, owner: Int)] {
    var found: [(range: Range<Int>, owner: Int)] = []
    var layer = Layer(answer)
    // A secret that itself looks encoded is only found if not all that looks so is decoded.
    for coding in Layer.Coding.allCases {
      var one = layer.decoded(only: coding)
      if one.bytes.count < layer.bytes.count { found += places(in: one) }
      one.wipe()
    }
    for _ in 0..<Self.depth {
      found += places(in: layer)
      let next = layer.decoded()
      // Whatever is decoded becomes shorter.
      if next.bytes.count == layer.bytes.count { break }
      layer.wipe()
      layer = next
    }
    layer.wipe()
    return found
  }

  /// Where secrets stand in a layer.
  private func places(in layer: Layer) -> [(range: Range<Int>, owner: Int)] {
    var found: [(Range<Int>, Int)] = []
    // Where the bytes that count stand in the layer.
    let counted = layer.bytes.indices.filter { Layer.counts(layer.bytes[$0]) }
    var hay = counted.map { layer.bytes[$0] }
    defer { hay.wipe() }
    /// Of bytes that count, and of so many beside them that do not.
    func place(_ range: Range<Int>, _ blanks: (before: Int, behind: Int) = (0, 0)) -> Range<Int> {
      var (first, last) = (counted[range.lowerBound], counted[range.upperBound - 1])
      let (front, back) = (first - blanks.before, last + blanks.behind)
      while first > max(front, 0), !Layer.counts(layer.bytes[first - 1]) { first -= 1 }
      while last < min(back, layer.bytes.count - 1), !Layer.counts(layer.bytes[last + 1]) { last += 1 }
      return layer.places[first].lowerBound..<layer.places[last].upperBound
    }
    for needle in needles where needle.range.count <= hay.count {
      bytes.withBytes(needle.range) { wanted in
        var at = 0
        while at + wanted.count <= hay.count {
          guard let start = hay[at...(hay.count - wanted.count)].firstIndex(of: wanted[0]) else { break }
          if wanted.indices.allSatisfy({ hay[start + $0] == wanted[$0] }) {
            var range = start..<(start + wanted.count)
            func isLetter(_ at: Int) -> Bool { hay.indices.contains(at) && Base64.isLetter(hay[at]) }
            for _ in 0..<needle.margin {
              if isLetter(range.lowerBound - 1) { range = (range.lowerBound - 1)..<range.upperBound }
              if isLetter(range.upperBound) { range = range.lowerBound..<(range.upperBound + 1) }
            }
            found.append((place(range, needle.blanks), needle.owner))
            at = start + wanted.count
          } else {
            at = start + 1
          }
        }
      }
    }
    guard !pieces.isEmpty else { return found }
    Self.forEachPiece(of: hay.span) { hash, at in
      guard let owner = pieces[hash] else { return }
      found.append((place(at..<(at + Self.piece)), owner))
    }
    return found
  }

  /// Visits the hash of each piece, with where it begins.
  private static func forEachPiece(of bytes: Span<UInt8>, _ body: (UInt64, Int) -> Void) {
    guard bytes.count >= piece else { return }
    let base: UInt64 = 0x9E37_79B9_7F4A_7C15
    let leaving = (1..<piece).reduce(1 as UInt64) { power, _ in power &* base }
    var hash: UInt64 = 0
    for at in bytes.indices {
      if at >= piece { hash = hash &- (UInt64(bytes[at - piece]) &+ 1) &* leaving }
      hash = hash &* base &+ UInt64(bytes[at]) &+ 1
      if at >= piece - 1 { body(hash ^ hash >> 29, at - piece + 1) }
    }
  }
}

/// A text, decoded so and so often, with where each byte stands in what came.
private struct Layer {
  private(set) var bytes: [UInt8] = []
  private(set) var places: [Range<Int>] = []

  init() {}

  init(_ text: Span<UInt8>) {
    bytes = text.withUnsafeBytes { Array($0) }
    places = bytes.indices.map { $0..<($0 + 1) }
  }

  mutating func wipe() { bytes.wipe() }

  /// White space comes and goes, and `+` may stand for a blank.
  static func counts(_ byte: UInt8) -> Bool { byte > " " && byte != "+" }

  /// What may stand for other bytes: by the byte that it begins with.
  enum Coding: CaseIterable {
    case percent, reference, backslash

    var start: UInt8 {
      switch self {
      case .percent: "%"
      case .reference: "&"
      case .backslash: "\\"
      }
    }
  }

  /// The text with everything decoded that looks encoded, or what is encoded in one way alone.
  func decoded(only coding: Coding? = nil) -> Layer {
    var next = Layer()
    next.bytes.reserveCapacity(bytes.count)
    next.places.reserveCapacity(bytes.count)
    var at = 0
    while at < bytes.count {
      let (length, plain) = coding.map { $0.start == bytes[at] } ?? true ? token(at) : (1, [bytes[at]])
      let place = places[at].lowerBound..<places[at + length - 1].upperBound
      for byte in plain {
        next.bytes.append(byte)
        next.places.append(place)
      }
      at += length
    }
    return next
  }

  private static let cut = Array("]]><![CDATA[".utf8)
  private static let words: [(name: [UInt8], byte: UInt8)] = [
    (Array("amp;".utf8), "&"), (Array("lt;".utf8), "<"), (Array("gt;".utf8), ">"), (Array("quot;".utf8), "\""), (Array("apos;".utf8), "'"),
  ]

  /// How many bytes belong together, and what they stand for.
  private func token(_ at: Int) -> (length: Int, plain: [UInt8]) {
    let byte = bytes[at]
    switch byte {
    case "%":
      if let value = number(at + 1, 2, 16) { return (3, [UInt8(truncatingIfNeeded: value)]) }
    case "&":
      for word in Self.words where bytes[(at + 1)...].starts(with: word.name) { return (1 + word.name.count, [word.byte]) }
      guard at + 2 < bytes.count, bytes[at + 1] == "#" else { break }
      let isHexadecimal = bytes[at + 2] | 0x20 == "x"
      let start = at + (isHexadecimal ? 3 : 2)
      guard let end = bytes[start..<min(start + 12, bytes.count)].firstIndex(of: ";"), end > start,
        let value = number(start, end - start, isHexadecimal ? 16 : 10), let scalar = Unicode.Scalar(value)
      else { break }
      return (end + 1 - at, Array(String(scalar).utf8))
    case "\\":
      guard at + 1 < bytes.count else { break }
      switch bytes[at + 1] {
      case "\"", "'", "\\", "/": return (2, [bytes[at + 1]])
      case "n", "r", "t", "b", "f", "v": return (2, [" "])
      case "x":
        if let value = number(at + 2, 2, 16) { return (4, [UInt8(truncatingIfNeeded: value)]) }
      case "u":
        guard let value = number(at + 2, 4, 16) else { break }
        if let scalar = Unicode.Scalar(value) { return (6, Array(String(scalar).utf8)) }
        guard at + 7 < bytes.count, bytes[at + 6] == "\\", bytes[at + 7] == "u", let low = number(at + 8, 4, 16), (0xDC00..<0xE000).contains(low),
          let scalar = Unicode.Scalar(0x10000 + (value & 0x3FF) << 10 + low & 0x3FF)
        else { break }
        return (12, Array(String(scalar).utf8))
      default: break
      }
    case "]":
      if bytes[at...].starts(with: Self.cut) { return (Self.cut.count, []) }
    default: break
    }
    return (1, [byte])
  }

  private func number(_ start: Int, _ count: Int, _ radix: UInt32) -> UInt32? {
    guard count > 0, start + count <= bytes.count else { return nil }
    var value: UInt32 = 0
    for byte in bytes[start..<(start + count)] {
      let digit: UInt32
      switch byte {
      case "0"..."9": digit = UInt32(byte - "0")
      case "a"..."f" where radix == 16: digit = UInt32(byte - "a" + 10)
      case "A"..."F" where radix == 16: digit = UInt32(byte - "A" + 10)
      default: return nil
      }
      let (wider, overflows) = value.multipliedReportingOverflow(by: radix)
      guard !overflows, wider <= 0x10FFFF else { return nil }
      value = wider + digit
    }
    return value
  }
}
