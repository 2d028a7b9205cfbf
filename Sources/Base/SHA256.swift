/// SHA-256 (FIPS 180-4) without a library: of lines of a journal, which a program without libcrypto reads, of secrets in a rehearsal, and of the files of a
/// migration.
package struct SHA256: Sendable {
  private var state: [UInt32] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]
  /// What does not fill a block yet.
  private var pending: [UInt8] = []
  private var count: UInt64 = 0

  package init() {}

  /// Takes the next bytes.
  package mutating func add(_ bytes: [UInt8]) {
    count += UInt64(bytes.count)
    var at = 0
    if !pending.isEmpty {
      at = min(64 - pending.count, bytes.count)
      pending += bytes[..<at]
      if pending.count < 64 { return }
      Self.mix(pending, from: 0, blocks: 1, into: &state)
      pending.removeAll(keepingCapacity: true)
    }
    let blocks = (bytes.count - at) / 64
    Self.mix(bytes, from: at, blocks: blocks, into: &state)
    pending += bytes[(at + 64 * blocks)...]
  }

  /// The digest of all that was taken, 32 bytes.
  package var digest: [UInt8] {
    var whole = self
    var end: [UInt8] = [0x80]
    while (Int(count % 64) + end.count) % 64 != 56 { end.append(0) }
    for shift in stride(from: UInt64(56), through: 0, by: -8) { end.append(UInt8(truncatingIfNeeded: (count * 8) >> shift)) }
    whole.add(end)
    return whole.state.flatMap { word in stride(from: UInt32(24), through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> $0) } }
  }

  /// The same as 64 hexadecimal digits.
  package var hex: String {
    var text: [UInt8] = []
    for byte in digest { for half in [byte >> 4, byte & 15] { text.append(half < 10 ? "0" + half : "a" - 10 + half) } }
    return String(decoding: text, as: UTF8.self)
  }

  /// The digest of some bytes, as 64 hexadecimal digits.
  package static func hex(_ bytes: [UInt8]) -> String {
    var digest = SHA256()
    digest.add(bytes)
    return digest.hex
  }

  private static func mix(_ bytes: [UInt8], from start: Int, blocks: Int, into state: inout [UInt32]) {
    if blocks == 0 { return }
    bytes.withUnsafeBytes { bytes in
      constants.withUnsafeBufferPointer { constants in
        state.withUnsafeMutableBufferPointer { state in
          withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { words in
            for block in 0..<blocks { mix(bytes, start + 64 * block, words, constants, state) }
          }
        }
      }
    }
  }

  @inline(__always) private static func mix(
    _ bytes: UnsafeRawBufferPointer, _ start: Int, _ words: UnsafeMutableBufferPointer<UInt32>, _ constants: UnsafeBufferPointer<UInt32>,
    _ state: UnsafeMutableBufferPointer<UInt32>
  ) {
    for at in 0..<16 { words[at] = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: start + 4 * at, as: UInt32.self)) }
    for at in 16..<64 {
      let early = words[at - 15]
      let late = words[at - 2]
      let first: UInt32 = turned(early, 7) ^ turned(early, 18) ^ (early >> 3)
      let second: UInt32 = turned(late, 17) ^ turned(late, 19) ^ (late >> 10)
      words[at] = words[at - 16] &+ first &+ words[at - 7] &+ second
    }
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    for at in 0..<64 {
      let sum: UInt32 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)
      let choice: UInt32 = (e & f) ^ (~e & g)
      let first: UInt32 = h &+ sum &+ choice &+ constants[at] &+ words[at]
      let other: UInt32 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)
      let majority: UInt32 = (a & b) ^ (a & c) ^ (b & c)
      (h, g, f, e) = (g, f, e, d &+ first)
      (d, c, b, a) = (c, b, a, first &+ other &+ majority)
    }
    state[0] &+= a
    state[1] &+= b
    state[2] &+= c
    state[3] &+= d
    state[4] &+= e
    state[5] &+= f
    state[6] &+= g
    state[7] &+= h
  }

  @inline(__always) private static func turned(_ word: UInt32, _ count: UInt32) -> UInt32 { (word &>> count) | (word &<< (32 &- count)) }

  private static let constants: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5, 0xd807_aa98, 0x1283_5b01, 0x2431_85be,
    0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174, 0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa,
    0x5cb0_a9dc, 0x76f9_88da, 0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967, 0x27b7_0a85,
    0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85, 0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3,
    0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070, 0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f,
    0x682e_6ff3, 0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
  ]
}
