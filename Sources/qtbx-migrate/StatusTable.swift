import ArgumentParser
import Base

/// How `status` is written.
enum StatusFormat: String, CaseIterable, ExpressibleByArgument { case table, json }

extension FolderState {
  private static let columns = ["read", "to send", "sent", "refused", "unknown", "there", "more", "by hand"]

  private static func numbers(_ row: Row) -> [Int?] {
    [row.read, row.toSend, row.sent, row.refused, row.unknown, row.there, row.more, row.byHand]
  }

  /// The table, with its line ends. What nobody knows yet is a hyphen.
  var table: String {
    var text = Self.line("resource", Self.columns)
    for row in rows { text += Self.line(row.resource, Self.numbers(row).map { $0.map { String($0) } ?? "-" }) }
    if let otherItems, otherItems > 0 { text += Self.line("others", Self.columns.map { $0 == "by hand" ? String(otherItems) : "-" }) }
    return text
  }

  private static func line(_ name: String, _ fields: [String]) -> String {
    name + String(repeating: " ", count: max(0, 27 - name.utf8.count))
      + fields.map { " " + String(repeating: " ", count: max(0, 7 - $0.utf8.count)) + $0 }.joined() + "\n"
  }

  /// The same as an object of JSON, with what comes next.
  func json(_ next: NextStep, _ folder: MigrationFolder) -> String {
    func number(_ value: Int?) -> String { value.map { String($0) } ?? "null" }
    let names = Self.columns.map { $0.replacing(" ", with: "_") }
    let rows = rows.map { row in
      let numbers = zip(names, Self.numbers(row)).map { ",\"\($0)\":\(number($1))" }.joined()
      return "{\"resource\":\(JSONText.string(row.resource))\(numbers)}"
    }
    let files = next.files.map { JSONText.string(folder.shown($0)) }.joined(separator: ",")
    let command = next.verb.map { JSONText.string(next.command($0, folder)) } ?? "null"
    return "{\"out\":\(JSONText.string(folder.shown)),\"rows\":[\(rows.joined(separator: ","))],\"other_by_hand\":\(number(otherItems)),"
      + "\"next\":{\"state\":\"\(next.state.rawValue)\",\"command\":\(command),\"files\":[\(files)],\"text\":\(JSONText.string(next.text(folder)))}}\n"
  }
}
