internal import Base
internal import Glibc
internal import Requests

/// The addresses of proxies, as the environment has them: user and password may be in them.
enum ProxyAddress {
  /// What libcurl looks at.
  private static let names = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "http_proxy"]

  /// What libcurl says of a failure, or only what it says of all failures of the kind, if the first repeats an address, or a part of the user or the
  /// password in it.
  ///
  /// It takes an address that is not written right for another one, and a part of the password for the host: so each part counts, whatever it is
  /// between.
  static func cleared(_ reason: String, orRather general: String) -> String {
    let addresses = names.compactMap { name in getenv(name).map { (name, Array(String(cString: $0).utf8)) } }.filter { !$0.1.isEmpty }
    guard let name = addresses.first?.0 else { return reason }
    let said = Array(reason.lowercased().utf8)
    // What is cut off may end in the middle of a part.
    let isQuoted = said.contains("proxy") && said.contains("'") || said.count > 250
    guard isQuoted || addresses.contains(where: { parts(of: $0.1).contains { isFound($0, in: said) } }) else { return reason }
    return "\(general) (\(name) is not shown: what is special in its user and its password must be percent-encoded)"
  }

  /// What stands before the last `@`, taken apart wherever it could be, as it is and decoded.
  private static func parts(of address: [UInt8]) -> Set<[UInt8]> {
    guard let end = address.lastIndex(of: "@") else { return [] }
    var login = address[..<end]
    if let scheme = address[..<end].firstRange(of: Array("://".utf8)) { login = login[scheme.upperBound...] }
    var parts: Set<[UInt8]> = []
    for text in [Array(login), PercentCoding.decode(login).map { Array($0.utf8) } ?? []] {
      for part in text.split(whereSeparator: { !isLetter($0) }) { parts.insert(String(decoding: part, as: UTF8.self).lowercased().utf8.map { $0 }) }
    }
    return parts
  }

  /// Whether a part occurs: one of few letters only as a word.
  private static func isFound(_ part: [UInt8], in said: [UInt8]) -> Bool {
    said.ranges(of: part).contains { place in
      part.count >= 4
        || !(place.lowerBound > 0 && isLetter(said[place.lowerBound - 1])) && !(place.upperBound < said.count && isLetter(said[place.upperBound]))
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool { byte.isDigit || ("a"..."z").contains(byte | 0x20) || byte >= 0x80 }
}
