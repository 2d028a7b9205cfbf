package import Base
internal import CSealing
package import Toolbox

/// A file of secrets under a passphrase: three lines of text.
///
///     qsec1 aes-256-cbc pbkdf2-sha256 iter=600000 salt=9f2c51b0a3e4d867
///     U2FsdGVkX1…
///     5b1d…
///
/// The second line is what `openssl enc -aes-256-cbc -pbkdf2` writes, in Base64. The third one is an HMAC-SHA256 over the two before: nothing of the
/// second one is decrypted before it is right. PBKDF2 gives 96 bytes: the key and the first block, as openssl takes them, and the key of the HMAC.
package struct SealedFile: Sendable {
  /// What a passphrase is made to keys with.
  package struct Derivation: Sendable, Equatable {
    let salt: [UInt8]
    let rounds: Int

    /// Errors: `fault` if libcrypto fails.
    package func keys(of passphrase: Passphrase) throws(Complaint) -> Keys {
      var material = try LockedBytes(capacity: 96)
      let isDone = passphrase.withBytes { passphrase in
        passphrase.withUnsafeBytes { passphrase in
          var isDone = false
          material.fill { into in
            isDone = csealing_derive(passphrase.baseAddress, passphrase.count, salt, salt.count, Int32(rounds), into, 96) == 1
            return 96
          }
          return isDone
        }
      }
      if !isDone { throw Complaint(.fault, "libcrypto cannot be used") }
      return Keys(material)
    }
  }

  /// What a passphrase becomes.
  package final class Keys: Sendable {
    fileprivate let material: LockedBytes

    fileprivate init(_ material: consuming LockedBytes) { self.material = material }

    fileprivate func with<Answer>(_ body: (UnsafePointer<UInt8>, UnsafePointer<UInt8>, UnsafePointer<UInt8>) -> Answer) -> Answer? {
      material.withBytes { bytes in
        bytes.withUnsafeBufferPointer { bytes in bytes.baseAddress.map { body($0, $0 + 32, $0 + 64) } }
      }
    }
  }

  /// What is written.
  static let rounds = 600_000
  /// What is read: fewer can be tried out, and more would only keep a machine busy.
  static let allowedRounds = 210_000...10_000_000
  /// No file of secrets is longer.
  static let limit = 1 << 24

  /// One for all that can be the matter: whoever guesses learns nothing from it.
  package static let unopened = Complaint(.sealed, "cannot be opened: the passphrase is wrong, or the file was changed")

  /// How its keys are made.
  package let derivation: Derivation
  /// Nil for a file of openssl's own, which has none.
  private let seal: (line: [UInt8], code: [UInt8])?
  private let cipher: [UInt8]

  /// Whether a change of the file would be noticed.
  package var isAuthenticated: Bool { seal != nil }

  private static let mark = Array("Salted__".utf8)
  private static let words = ["qsec1", "aes-256-cbc", "pbkdf2-sha256"]

  /// Takes a file apart. Errors: `sealed` for anything that is not one, before anything is computed.
  ///
  /// - Parameter rounds: of a file of openssl's own, which does not say them.
  package init(parsing bytes: [UInt8], rounds: Int = rounds) throws(Complaint) {
    guard let file = Self(container: bytes) ?? Self(openssl: bytes, rounds: rounds) else { throw Self.unopened }
    self = file
  }

  private init?(container bytes: [UInt8]) {
    // In one way only: what could be written otherwise could be changed.
    let lines = bytes.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count == 4, lines[3].isEmpty, bytes.starts(with: "qsec1 ".utf8) else { return nil }
    let fields = lines[0].split(separator: " ", omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    guard fields.count == 5, Array(fields[..<3]) == Self.words, fields[3].hasPrefix("iter="), fields[4].hasPrefix("salt=") else { return nil }
    guard let rounds = Int(fields[3].dropFirst(5)), "iter=\(rounds)" == fields[3], Self.allowedRounds.contains(rounds),
      let salt = Hexadecimal.bytes(of: fields[4].utf8.dropFirst(5)), salt.count == 8, let cipher = Base64.bytes(of: lines[1]),
      let code = Hexadecimal.bytes(of: lines[2]), code.count == 32
    else { return nil }
    guard let body = Self.body(of: cipher), body.salt == salt else { return nil }
    derivation = Derivation(salt: salt, rounds: rounds)
    self.cipher = body.cipher
    seal = (Array(bytes[..<lines[2].startIndex]), code)
  }

  /// Binary, or in Base64, on one line or many.
  private init?(openssl bytes: [UInt8], rounds: Int) {
    let cipher: [UInt8]
    if bytes.starts(with: Self.mark) {
      cipher = bytes
    } else if let plain = Base64.bytes(of: bytes.filter { !$0.isBlank }[...]) {
      cipher = plain
    } else {
      return nil
    }
    guard let body = Self.body(of: cipher) else { return nil }
    derivation = Derivation(salt: body.salt, rounds: rounds)
    self.cipher = body.cipher
    seal = nil
  }

  private static func body(of bytes: [UInt8]) -> (salt: [UInt8], cipher: [UInt8])? {
    guard bytes.starts(with: mark), bytes.count >= 32, bytes.count % 16 == 0 else { return nil }
    return (Array(bytes[8..<16]), Array(bytes[16...]))
  }

  /// What is in it. Errors: `sealed`; `local`.
  package func opened(with passphrase: Passphrase) throws(Complaint) -> LockedBytes { try opened(with: derivation.keys(of: passphrase)) }

  /// The same with keys that are there already.
  package func opened(with keys: Keys) throws(Complaint) -> LockedBytes {
    var plain = try LockedBytes(capacity: cipher.count + 32)
    let isOpen = keys.with { key, block, sealKey in
      if let seal {
        var code = [UInt8](repeating: 0, count: 32)
        guard csealing_authenticate(sealKey, 32, seal.line, seal.line.count, &code) == 1, csealing_is_same(code, seal.code, 32) == 1 else {
          return false
        }
      }
      var length = -1
      plain.fill { into in
        length = csealing_decrypt(key, block, cipher, cipher.count, into)
        return length
      }
      return length >= 0
    }
    guard isOpen == true else { throw Self.unopened }
    return plain
  }

  /// Seals. The salt is new each time, and with it all keys. Errors: `fault` if libcrypto fails; `local`; `refused` if there is too much.
  package static func sealed(_ plain: borrowing LockedBytes, under passphrase: Passphrase) throws(Complaint) -> [UInt8] {
    var salt = [UInt8](repeating: 0, count: 8)
    guard csealing_random(&salt, 8) == 1 else { throw Complaint(.fault, "libcrypto cannot be used") }
    return try sealed(plain, with: Derivation(salt: salt, rounds: rounds).keys(of: passphrase), salt: salt)
  }

  private static func sealed(_ plain: borrowing LockedBytes, with keys: Keys, salt: [UInt8]) throws(Complaint) -> [UInt8] {
    if plain.count > limit { throw Complaint(.refused, "there are more secrets than \(limit >> 20) MiB") }
    var cipher = [UInt8](repeating: 0, count: plain.count + 32)
    let header = words + ["iter=\(rounds)", "salt=" + Hexadecimal.text(of: salt)]
    var file = Array((header.joined(separator: " ") + "\n").utf8)
    let isDone = plain.withBytes { plain in
      plain.withUnsafeBytes { plain in
        keys.with { key, block, sealKey in
          let length = csealing_encrypt(key, block, plain.baseAddress, plain.count, &cipher)
          guard length >= 0 else { return false }
          file += Base64.text(of: mark + salt + cipher[..<length]).utf8 + ["\n"]
          var code = [UInt8](repeating: 0, count: 32)
          guard csealing_authenticate(sealKey, 32, file, file.count, &code) == 1 else { return false }
          file += (Hexadecimal.text(of: code) + "\n").utf8
          return true
        }
      }
    }
    guard isDone == true else { throw Complaint(.fault, "libcrypto cannot be used") }
    return file
  }
}

/// Base64 as RFC 4648 has it, with its padding, and written in one way only.
enum Base64 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// Whether Base64 has this letter, in either alphabet, or fills up with it.
  static func isLetter(_ byte: UInt8) -> Bool { alphabet.contains(byte) || "-_=".utf8.contains(byte) }

  static func text(of bytes: some Collection<UInt8>) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count / 3 * 4 + 4)
    var held: UInt32 = 0
    var count = 0
    for byte in bytes {
      held = held << 8 | UInt32(byte)
      count += 1
      if count == 3 {
        for shift in [18, 12, 6, 0] { text.append(alphabet[Int(held >> UInt32(shift) & 63)]) }
        (held, count) = (0, 0)
      }
    }
    if count > 0 {
      held <<= UInt32(8 * (3 - count))
      for shift in [18, 12, 6].prefix(count + 1) { text.append(alphabet[Int(held >> UInt32(shift) & 63)]) }
      text += Array("==".utf8.prefix(3 - count))
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Nil if it is none, or could be written otherwise.
  static func bytes(of text: ArraySlice<UInt8>) -> [UInt8]? {
    guard text.count % 4 == 0 else { return nil }
    let padding = text.suffix(2).count { $0 == "=" }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 4 * 3)
    var held: UInt32 = 0
    var count = 0
    for letter in text.dropLast(padding) {
      let value: UInt8
      switch letter {
      case "A"..."Z": value = letter - "A"
      case "a"..."z": value = letter - "a" + 26
      case "0"..."9": value = letter - "0" + 52
      case "+": value = 62
      case "/": value = 63
      default: return nil
      }
      held = held << 6 | UInt32(value)
      count += 6
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: held >> UInt32(count)))
      }
    }
    // What the last letter has besides must be nothing.
    guard count == padding * 2, held & (1 << UInt32(count) - 1) == 0 else { return nil }
    return bytes
  }
}

/// Hexadecimal digits in small letters.
enum Hexadecimal {
  private static let digits = Array("0123456789abcdef".utf8)

  static func text(of bytes: [UInt8]) -> String {
    String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// Nil if it is something else.
  static func bytes(of text: some Collection<UInt8>) -> [UInt8]? {
    guard text.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    var high: UInt8?
    for letter in text {
      let value: UInt8
      switch letter {
      case "0"..."9": value = letter - "0"
      case "a"..."f": value = letter - "a" + 10
      default: return nil
      }
      if let half = high {
        bytes.append(half << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    return bytes
  }
}
