internal import FoundationEssentials

/// A JSON value, as a client sends it.
package enum JSON: Decodable, Sendable {
  case null
  case flag(Bool)
  /// As it is written in decimals.
  case number(String)
  case text(String)
  case list([JSON])
  case members([String: JSON])

  /// Reads a document; nil if it is none.
  package static func read(_ bytes: [UInt8]) -> JSON? { try? JSONDecoder().decode(JSON.self, from: Data(bytes)) }

  package init(from decoder: any Decoder) throws {
    if let members = try? decoder.singleValueContainer().decode([String: JSON].self) {
      self = .members(members)
      return
    }
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let flag = try? value.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? value.decode(Int.self) {
      self = .number(String(number))
    } else if let number = try? value.decode(Double.self) {
      self = .number(String(number))
    } else if let text = try? value.decode(String.self) {
      self = .text(text)
    } else {
      self = .list(try value.decode([JSON].self))
    }
  }
}
