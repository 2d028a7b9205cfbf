/// Where a result is not what was expected, control by control.
struct Comparison {
  /// What a row says: control, section, element, difference, reason. The fields are as `qtbx-merge-policy` has written them.
  private(set) var rows: [[Substring]] = []

  static let columns = "cid\tsection\telement\tdifference\treason\n"

  /// - Parameters:
  ///   - forth: the preview of what would have to be taken from what was expected, as rows of tab-separated values.
  ///   - back: the preview of the other direction.
  init(forth: String, back: String) {
    for note in Self.controls(forth) {
      switch (note.element.isEmpty, note.outcome) {
      case (true, "added"): add(note, "lacking", "the result does not have this control")
      case (true, "noted"): add(note, "lacking", "the result does not have this control in this section")
      case (true, "replaced") where note.reason.contains("user-defined"): add(note, "kind", "user-defined on one side only")
      case (false, "changed"), (false, "added"), (false, "dropped"): add(note, note.outcome, note.reason)
      default: break
      }
    }
    for note in Self.controls(back) where note.element.isEmpty {
      switch note.outcome {
      case "added": add(note, "extra", "only the result has this control")
      case "noted": add(note, "extra", "only the result has this control in this section")
      default: break
      }
    }
  }

  /// The rows as a table.
  var text: String { rows.map { $0.joined(separator: "\t") + "\n" }.joined() }

  /// `2 controls are not what was expected`
  var verdict: String {
    let count = Set(rows.map { $0[0] }).count
    switch count {
    case 0: return "every control is what was expected"
    case 1: return "1 control is not what was expected"
    default: return "\(count) controls are not what was expected"
    }
  }

  private mutating func add(_ note: Note, _ difference: Substring, _ reason: Substring) {
    rows.append([note.cid, note.section, note.element, difference, reason])
  }

  private struct Note {
    var cid: Substring
    var section: Substring
    var element: Substring
    var outcome: Substring
    var reason: Substring
  }

  /// The rows of a preview that speak of controls.
  private static func controls(_ preview: String) -> [Note] {
    preview.split(separator: "\n").compactMap { row in
      let fields = row.split(separator: "\t", omittingEmptySubsequences: false)
      guard fields.count == 6, fields[0] == "control" else { return nil }
      return Note(cid: fields[1], section: fields[2], element: fields[3], outcome: fields[4], reason: fields[5])
    }
  }
}
