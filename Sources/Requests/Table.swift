package import Markup

/// Comma-separated values as RFC 4180 has them: fields with a comma, a quote or a line end stand in quotes, and a quote is doubled.
package enum CSV {
  /// The rows of a table, each with the number of its first line. Errors: `refused`, at the line.
  package static func rows(of bytes: [UInt8]) throws(Complaint) -> [(line: Int, fields: [String])] {
    guard let text = String(validating: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...], as: UTF8.self) else {
      throw Complaint(.refused, "the table is not UTF-8")
    }
    var rows: [(line: Int, fields: [String])] = []
    var fields: [String] = []
    var field: [UInt8] = []
    var line = 1
    var rowLine = 1
    var state = State.start
    func ended() {
      fields.append(String(decoding: field, as: UTF8.self))
      field = []
    }
    func rowEnded() {
      ended()
      if fields != [""] { rows.append((rowLine, fields)) }
      fields = []
      rowLine = line + 1
    }
    for byte in text.utf8 {
      switch (state, byte) {
      case (.quoted, 0x22): state = .quoteInQuoted
      case (.quoted, _): field.append(byte)
      case (.quoteInQuoted, 0x22):
        field.append(byte)
        state = .quoted
      case (.start, 0x22): state = .quoted
      case (_, 0x2C):
        ended()
        state = .start
      case (_, 0x0A):
        rowEnded()
        state = .start
      case (.afterReturn, _): throw Complaint(.refused, "a carriage return outside quotes", at: String(line))
      case (_, 0x0D): state = .afterReturn
      case (.quoteInQuoted, _): throw Complaint(.refused, "text behind the closing quote of a field", at: String(line))
      case (_, 0x22): throw Complaint(.refused, "a quote inside a field that is not quoted", at: String(line))
      default:
        field.append(byte)
        state = .plain
      }
      if byte == 0x0A { line += 1 }
    }
    if state == .quoted { throw Complaint(.refused, "a quoted field does not end", at: String(rowLine)) }
    if state != .start || !fields.isEmpty { rowEnded() }
    return rows
  }

  private enum State { case start, plain, quoted, quoteInQuoted, afterReturn }

  /// A row, with its line end.
  package static func row(_ fields: [String]) -> String {
    fields.map { field in
      guard field.utf8.contains(where: { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }) else { return field }
      return "\"" + field.doubling("\"") + "\""
    }.joined(separator: ",") + "\n"
  }
}

/// What an id, or a name, of the source subscription is called in the target: `source_id,target_id,name`.
package struct IDMap: Sendable {
  /// What a value is, and what is wanted for it.
  package enum Reading: Sendable {
    /// An id, for an id.
    case id
    /// A name, for a name. A map made by `qtbx-map` matches equal names, so a name in its third column stands for itself.
    case name
    /// A name, for an id: by the third column, else the first.
    case idOfName
  }

  private var targets: [String: String] = [:]
  /// Target ids by name; nil for a name that stands for two.
  private var byName: [String: String?] = [:]

  package init() {}

  /// Reads a map: with the header `source_id,target_id` and perhaps `name`, or two columns without one. Errors: `refused`, at the line.
  package init(parsing bytes: [UInt8]) throws(Complaint) {
    var rows = try CSV.rows(of: bytes)[...]
    let hasHeader = rows.first.map { $0.fields.prefix(2) == ["source_id", "target_id"] } ?? false
    if hasHeader { rows = rows.dropFirst() }
    for (line, fields) in rows {
      guard fields.count == 2 || hasHeader && fields.count == 3 else {
        throw Complaint(.refused, "a map has the columns source_id,target_id and perhaps name; without that header it has two", at: String(line))
      }
      try add(fields[0], fields[1], name: fields.count == 3 ? fields[2] : nil, at: line)
    }
  }

  package mutating func add(_ source: String, _ target: String, name: String?, at line: Int? = nil) throws(Complaint) {
    let place = line.map { String($0) }
    guard !source.isEmpty, !target.isEmpty else { throw Complaint(.refused, "a map entry lacks its source or its target", at: place) }
    if let other = targets[source], other != target {
      throw Complaint(.refused, "\"\(source)\" is mapped to \"\(other)\" and to \"\(target)\"", at: place)
    }
    targets[source] = target
    guard let name, !name.isEmpty else { return }
    if let known = byName[name] { byName[name] = known == target ? target : .some(nil) } else { byName[name] = target }
  }

  /// The target of a value, nil if the map does not say.
  package func target(of value: String, as reading: Reading) -> String? {
    switch reading {
    case .id: targets[value]
    case .name: targets[value] ?? (byName[value] == nil ? nil : value)
    case .idOfName: (byName[value] ?? nil) ?? targets[value]
    }
  }
}

extension String {
  /// By scalars: one with an accent behind it is another character, and still counts.
  func doubling(_ scalar: Unicode.Scalar) -> String {
    var doubled = ""
    for one in unicodeScalars {
      if one == scalar { doubled.unicodeScalars.append(one) }
      doubled.unicodeScalars.append(one)
    }
    return doubled
  }
}
