internal import Base
internal import CMarkup
internal import Glibc

/// Takes out of a document what XML cannot hold, byte by byte, and makes UTF-8 of what is none: what markup is comes behind that.
///
/// Control characters go first, so that one in the middle of a character harms nothing. Most pieces are clean and pass as they are.
struct Scrubber {
  /// A place that was mended. `at` is where the next byte stands among the clean ones.
  struct Fault {
    var at: Int
    let kind: RepairKind
    let place: InputPlace
    /// Control characters that follow each other.
    let count: Int
    /// The first control character, or the bytes that are no character, the first of them above the others.
    let value: UInt32
    /// How many bytes these are.
    let length: Int
    let readsWindows1252: Bool

    var words: String {
      if kind == .invalidUTF8 {
        let bytes = (0..<length).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
        let text = String(decoding: readsWindows1252 ? bytes.flatMap { Scrubber.windows1252($0) } : Scrubber.replacement, as: UTF8.self)
        let digits = bytes.map { Scrubber.hexadecimal(UInt32($0), 2) }.joined(separator: " ")
        let number = text.unicodeScalars.count == 1 ? text.unicodeScalars.first.map { " (U+\(Scrubber.hexadecimal($0.value, 4)))" } ?? "" : ""
        return "the byte\(length == 1 ? " \(digits) becomes" : "s \(digits) become") \(text)\(number)"
      }
      let name = "U+" + Scrubber.hexadecimal(value, 4)
      return count == 1 ? "the control character \(name) is left out" : "\(count) control characters are left out, the first of them \(name)"
    }
  }

  private let mendsControls: Bool
  private let mendsBytes: Bool
  private let readsWindows1252: Bool

  /// What the last piece has become.
  private(set) var clean: [UInt8] = []
  /// What was mended in it.
  private(set) var faults: [Fault] = []

  /// The last piece as it was.
  private var raw: [UInt8] = []
  /// How many bytes came before it.
  private var base = 0
  /// From a place among the clean bytes on, how far behind in the piece the same byte stands.
  private var shifts: [(at: Int, by: Int)] = []
  /// Of these, the first that has not been passed by what was asked for.
  private var nextShift = 0
  /// A character that is not whole yet, and where its bytes are from: before this piece, the first number is negative.
  private var sequence: [UInt8] = []
  private var sequenceStart = 0
  private var sequencePlace = InputPlace()
  /// Control characters that follow each other: how many, and the first.
  private var run: (count: Int, first: UInt8, place: InputPlace)?

  // Where lines begin, as far as has been looked: once for what is asked of the clean bytes, once while the piece is scrubbed.
  private var asked = LineCursor()
  private var scrubbed = LineCursor()

  init(controls: Bool, bytes: Bool, readsWindows1252: Bool) {
    mendsControls = controls
    mendsBytes = bytes
    self.readsWindows1252 = readsWindows1252
  }

  /// The line that a position of the input is in.
  private struct LineCursor {
    var line = 1
    /// In the input.
    var start = 0
    /// In the piece: so far lines have been counted.
    var at = 0

    mutating func advance(to end: Int, in raw: [UInt8], base: Int) {
      guard end > at else { return }
      raw.withUnsafeBytes { bytes in
        let part = UnsafeRawBufferPointer(rebasing: bytes[at..<end])
        let lines = cmarkup_lines(part.baseAddress, part.count)
        guard lines > 0 else { return }
        line += lines
        if let last = part.lastIndex(of: "\n") { start = base + at + last + 1 }
      }
      at = end
    }
  }

  /// Takes the next piece of the document; `last` says that it has ended.
  mutating func scrub(_ piece: consuming [UInt8], last: Bool) {
    asked.advance(to: raw.count, in: raw, base: base)
    base += raw.count
    sequenceStart -= raw.count
    asked.at = 0
    scrubbed = asked
    raw = piece
    shifts.removeAll(keepingCapacity: true)
    nextShift = 0
    faults.removeAll(keepingCapacity: true)
    if sequence.isEmpty, run == nil, isClean {
      clean = raw
    } else {
      clean = []
      clean.reserveCapacity(raw.count + 64)
      for at in raw.indices { take(raw[at], at: at) }
    }
    if last {
      endRun()
      giveUpSequence()
    }
  }

  /// Counts bytes of the input that no piece of the document holds.
  mutating func pass(over bytes: [UInt8]) {
    scrub([], last: false)
    raw = bytes
  }

  /// Whether nothing in the piece needs a closer look.
  private var isClean: Bool {
    let control = raw.withUnsafeBytes { cmarkup_control($0.baseAddress, $0.count) }
    if control < raw.count { return false }
    guard (try? UTF8Span(validating: raw.span)) != nil else { return false }
    // U+FFFE and U+FFFF are EF BF BE and EF BF BF.
    let odd: [UInt8] = [0xEF, 0xBF]
    return raw.withUnsafeBytes { bytes in
      // One byte is looked for faster than two, and hardly ever found.
      guard let base = bytes.baseAddress, memchr(base, 0xEF, bytes.count) != nil else { return true }
      return cmarkup_find(base, bytes.count, odd, odd.count) < 0
    }
  }

  /// Where a clean byte of the last piece stood in the input. Asked from the front to the back.
  mutating func place(at position: Int) -> InputPlace {
    while nextShift < shifts.count, shifts[nextShift].at <= position { nextShift += 1 }
    let by = nextShift > 0 ? shifts[nextShift - 1].by : 0
    // A character that began in the piece before this one stands before its first byte, in the same line.
    let at = position >= clean.count ? raw.count : min(position + by, raw.count)
    asked.advance(to: at, in: raw, base: base)
    return InputPlace(line: asked.line, column: base + at - asked.start + 1)
  }

  /// Where the clean bytes of the last piece from this one on stood, counted from it: the first of them, and each that does not stand right behind the one before it.
  mutating func places(from position: Int) -> [(at: Int, place: InputPlace)] {
    guard position < clean.count else { return [] }
    var places = [(at: 0, place: place(at: position))]
    for shift in shifts where shift.at > position { places.append((shift.at - position, place(at: shift.at))) }
    return places
  }

  private mutating func rawPlace(at position: Int) -> InputPlace {
    scrubbed.advance(to: position, in: raw, base: base)
    return InputPlace(line: scrubbed.line, column: base + position - scrubbed.start + 1)
  }

  private mutating func take(_ byte: UInt8, at position: Int) {
    if byte < " ", byte != "\n", byte != "\t", byte != "\r", mendsControls {
      if run == nil { run = (0, byte, rawPlace(at: position)) }
      run?.count += 1
      return
    }
    endRun()
    if byte < 0x80 {
      giveUpSequence()
      keep(byte, from: position)
      return
    }
    if sequence.isEmpty || !continues(byte) {
      giveUpSequence()
      sequence = [byte]
      sequenceStart = position
      sequencePlace = rawPlace(at: position)
      if length == 0 { giveUpSequence() }
      return
    }
    sequence.append(byte)
    guard sequence.count == length else { return }
    if sequence[0] == 0xEF, sequence[1] == 0xBF, sequence[2] > 0xBD, mendsControls {
      found(.controlCharacters, at: sequencePlace, 0xFFC0 + UInt32(sequence[2] - 0x80))
    } else {
      for (offset, byte) in sequence.enumerated() { keep(byte, from: sequenceStart + offset) }
    }
    sequence.removeAll(keepingCapacity: true)
  }

  private mutating func endRun() {
    guard let ended = run else { return }
    run = nil
    found(.controlCharacters, at: ended.place, UInt32(ended.first), count: ended.count)
  }

  /// How long the character is that has begun; 0 if no character begins so.
  private var length: Int {
    switch sequence[0] {
    case 0xC2...0xDF: 2
    case 0xE0...0xEF: 3
    case 0xF0...0xF4: 4
    default: 0
    }
  }

  /// Whether a byte may stand next in the character.
  private func continues(_ byte: UInt8) -> Bool {
    guard sequence.count == 1 else { return (0x80...0xBF).contains(byte) }
    // Overlong forms, surrogates, and what is beyond U+10FFFF.
    return switch sequence[0] {
    case 0xE0: (0xA0...0xBF).contains(byte)
    case 0xED: (0x80...0x9F).contains(byte)
    case 0xF0: (0x90...0xBF).contains(byte)
    case 0xF4: (0x80...0x8F).contains(byte)
    default: (0x80...0xBF).contains(byte)
    }
  }

  /// The bytes that have come are no character.
  private mutating func giveUpSequence() {
    if sequence.isEmpty { return }
    if mendsBytes {
      shift(from: sequenceStart)
      found(.invalidUTF8, at: sequencePlace, sequence.reduce(0) { $0 << 8 | UInt32($1) }, length: sequence.count)
      if readsWindows1252 {
        for byte in sequence { clean += Self.characters[Int(byte) - 0x80] }
      } else {
        clean += Self.replacement
      }
    } else {
      for (offset, byte) in sequence.enumerated() { keep(byte, from: sequenceStart + offset) }
    }
    sequence.removeAll(keepingCapacity: true)
  }

  /// U+FFFD.
  private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]
  /// What windows-1252 has from 80 to FF, in UTF-8.
  private static let characters = (UInt8(0x80)...0xFF).map { byte in
    let scalar = Unicode.Scalar(byte >= 0xA0 ? UInt32(byte) : table[Int(byte) - 0x80]) ?? "\u{FFFD}"
    return Array(String(scalar).utf8)
  }
  private static func windows1252(_ byte: UInt8) -> [UInt8] { characters[Int(byte) - 0x80] }

  /// From 80 to 9F.
  private static let table: [UInt32] = [
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD,
    0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178,
  ]

  private mutating func found(_ kind: RepairKind, at place: InputPlace, _ value: UInt32, count: Int = 1, length: Int = 1) {
    faults.append(
      Fault(at: clean.count, kind: kind, place: place, count: count, value: value, length: length, readsWindows1252: readsWindows1252))
  }

  private mutating func keep(_ byte: UInt8, from position: Int) {
    shift(from: position)
    clean.append(byte)
  }

  /// The next of the clean bytes is from a place in the piece.
  private mutating func shift(from position: Int) {
    let by = position - clean.count
    if by != (shifts.last?.by ?? 0) { shifts.append((clean.count, by)) }
  }

  private static func hexadecimal(_ number: UInt32, _ width: Int) -> String {
    let digits = String(number, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}
