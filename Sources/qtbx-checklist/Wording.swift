/// A sentence in which it is known what is ours, and what is a name of somebody else's: each format writes the second so that it does nothing.
struct Wording: ExpressibleByStringInterpolation, Hashable, Sendable {
  enum Part: Hashable, Sendable {
    case words(String)
    case name(String)
  }

  /// `"Create it for \(mail)"`: what is interpolated is a name, unless it says that it is not.
  struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var parts: [Part] = []

    init(literalCapacity: Int, interpolationCount: Int) {}

    mutating func appendLiteral(_ words: String) { if !words.isEmpty { parts.append(.words(words)) } }
    mutating func appendInterpolation(_ name: String) { parts.append(.name(name)) }
    mutating func appendInterpolation(words: String) { appendLiteral(words) }
    mutating func appendInterpolation(_ wording: Wording) { parts += wording.parts }

    mutating func appendInterpolation(names: [String]) {
      for (index, name) in names.enumerated() {
        if index > 0 { appendLiteral(", ") }
        parts.append(.name(name))
      }
    }
  }

  private(set) var parts: [Part]

  init(stringLiteral words: String) { parts = words.isEmpty ? [] : [.words(words)] }
  init(stringInterpolation: StringInterpolation) { parts = stringInterpolation.parts }

  /// One behind the other.
  static func + (one: Wording, other: Wording) -> Wording { "\(one)\(other)" }

  /// The names in quotation marks, for where nothing else sets them apart.
  var plain: String {
    parts.map { part in
      switch part {
      case .words(let words): words
      case .name(let name): "\"" + name + "\""
      }
    }.joined()
  }
}
