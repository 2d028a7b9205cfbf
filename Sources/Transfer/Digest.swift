internal import CTransfer
internal import Markup

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
  consuming func digits(_ count: Int = 32) -> String {
    let bytes = [UInt8](unsafeUninitializedCapacity: 32) { memory, used in
      ctransfer_digest_finish(handle, memory.baseAddress)
      used = 32
    }
    return bytes.prefix(count).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }
}
