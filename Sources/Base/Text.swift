extension String {
  /// The text on one line, with every control character written out, so that no data can steer a terminal or forge a second message.
  package var shown: String {
    if utf8.allSatisfy({ (" "..."~").contains($0) }) { return self }
    var shown = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "\n": shown += "\\n"
      case "\r": shown += "\\r"
      case "\t": shown += "\\t"
      case _ where scalar.steers:
        shown += "\\u{" + String(scalar.value, radix: 16) + "}"
      default: shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }

  /// A number of what the text names one of: `1 policy`, `2 policies`.
  package func counted(_ count: Int) -> String {
    if count == 1 { return "1 \(self)" }
    return "\(count) " + (hasSuffix("y") ? String(dropLast()) + "ies" : hasSuffix("ss") ? self + "es" : self + "s")
  }

  /// The text with each occurrence of a scalar twice. By scalars: one with an accent behind it is another character, and still counts.
  func doubling(_ scalar: Unicode.Scalar) -> String {
    guard unicodeScalars.contains(scalar) else { return self }
    var doubled = ""
    for one in unicodeScalars {
      if one == scalar { doubled.unicodeScalars.append(one) }
      doubled.unicodeScalars.append(one)
    }
    return doubled
  }
}

extension Unicode.Scalar {
  /// Whether a terminal does not show it, but does something because of it: a control character, or one that makes text behind it run backwards.
  package var steers: Bool {
    switch self {
    case "\0"..<" ", "\u{7F}"..<"\u{A0}", "\u{61C}", "\u{200E}"..."\u{200F}", "\u{2028}"..."\u{202E}", "\u{2066}"..."\u{2069}", "\u{FEFF}": true
    default: false
    }
  }

  /// Whether an XML document can hold it.
  package var isXML: Bool {
    switch self {
    case "\t", "\n", "\r", " "..."\u{D7FF}", "\u{E000}"..."\u{FFFD}", "\u{10000}"...: true
    default: false
    }
  }
}
