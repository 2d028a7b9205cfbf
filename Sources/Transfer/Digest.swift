internal import Base
internal import CTransfer

/// SHA-256.
struct Digest: ~Copyable {
  private let handle: OpaquePointer

  init() throws(Complaint) {
    guard let handle = ctransfer_digest_new() else { throw Complaint(.fault, "libcrypto cannot be used") }
    self.handle = handle
  }

  deinit { ctransfer_digest_free(handle) }

  mutating func add(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { ctransfer_digest_add(handle, $0.baseAddress, $0.count) }
  }

  /// The first `count` bytes, as hexadecimal digits.
  consuming func digits(_ count: Int = 32) -> String { Self.digits(of: bytes().prefix(count)) }

  /// The first 16 bytes, as two numbers.
  consuming func numbers() -> (UInt64, UInt64) {
    let bytes = bytes()
    func number(_ part: ArraySlice<UInt8>) -> UInt64 { part.reduce(0) { $0 << 8 | UInt64($1) } }
    return (number(bytes[0..<8]), number(bytes[8..<16]))
  }

  private consuming func bytes() -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 32) { memory, used in
      ctransfer_digest_finish(handle, memory.baseAddress)
      used = 32
    }
  }

  /// 16 hexadecimal digits.
  static func digits(of number: UInt64) -> String {
    digits(of: stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> UInt64($0)) })
  }

  private static func digits(of bytes: some Collection<UInt8>) -> String {
    let alphabet = Array("0123456789abcdef".utf8)
    var digits: [UInt8] = []
    digits.reserveCapacity(2 * bytes.count)
    for byte in bytes {
      digits.append(alphabet[Int(byte >> 4)])
      digits.append(alphabet[Int(byte & 15)])
    }
    return String(decoding: digits, as: UTF8.self)
  }
}
