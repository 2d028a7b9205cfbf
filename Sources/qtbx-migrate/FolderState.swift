import Base
import Processes
import Requests
import Toolbox

/// What makefile and folder say of a migration: nothing is asked of a server, and nothing is changed.
struct FolderState {
  /// A line of the table. What nobody knows yet is nil.
  struct Row {
    let resource: String
    /// The elements that are its records.
    fileprivate let records: [String]
    /// The list of the source where they stand.
    fileprivate let list: String
    /// What only a person sends.
    let isByHand: Bool
    /// It is left out, since there are no secrets for it.
    var isUnsent = false
    var read: Int?
    var toSend: Int?
    var sent: Int?
    var refused: Int?
    var unknown: Int?
    var there: Int?
    var more: Int?
    /// What is to be done by hand, and not ticked off.
    var byHand: Int?
    /// Records that were sent with other contents.
    var changed = 0
    /// Rows of the comparison, missing and more.
    var differences = 0
  }

  /// The folder, from where this program is.
  let folder: String
  private(set) var rows: [Row] = []
  /// What the page names that belongs to no row.
  private(set) var otherItems: Int?
  /// The files that each verb makes.
  private(set) var needs: [String: [String]] = [:]

  /// - Parameter facts: the lines of the makefile's goal `facts`.
  /// - Errors: `fault` for facts that are none; `local`.
  init(of folder: String, facts: String) throws(Complaint) {
    self.folder = folder
    var unsent: Set<String> = []
    for line in facts.split(separator: "\n") {
      let words = line.split(separator: " ").map { String($0) }
      switch (words.first, words.count) {
      case ("row", 4), ("hand", 4):
        let records = words[2] == "-" ? [] : words[2].split(separator: "|").map { String($0) }
        rows.append(Row(resource: words[1], records: records, list: words[3], isByHand: words[0] == "hand"))
      case ("unsent", 2): unsent.insert(words[1])
      case ("need", 3): needs[words[1], default: []].append(words[2])
      default: throw Complaint(.fault, "the makefile says what nobody knows: \(line)".shown)
      }
    }
    var items = try ByHand.items(of: folder + "/checklist.md")
    for index in rows.indices {
      rows[index].isUnsent = unsent.contains(rows[index].resource)
      rows[index].byHand = items.map { $0[rows[index].resource] ?? 0 }
      items?[rows[index].resource] = nil
      try count(&rows[index])
    }
    otherItems = items?.values.reduce(0, +)
  }

  private func count(_ row: inout Row) throws(Complaint) {
    row.read = try records(of: "source", row)
    let list = "\(folder)/lists/\(row.resource).urls"
    let comparison = "\(folder)/verify/\(row.resource).tsv"
    if Folder.has(list) {
      var count = 0
      // A list that cannot be read is one that nobody knows.
      do throws(Complaint) {
        try ListReader([list]).forEachRequest { _, _, _ in count += 1 }
        row.toSend = count
      } catch {}
    } else if Folder.has(comparison + ".count") {
      row.toSend = Int(String(decoding: try Input(comparison + ".count").rest(), as: UTF8.self).split { !$0.isNumber }.first ?? "")
    }
    if row.isByHand {
      row.there = try records(of: "before", row)
      return
    }
    try ask("\(folder)/sent/\(row.resource).journal", Folder.has(list) ? list : nil, &row)
    guard Folder.has(comparison) else { return }
    let states = try Self.firstFields(of: comparison)
    let missing = states.count { $0 == "missing" }
    row.more = states.count { $0 == "more" }
    row.there = row.toSend.map { max(0, $0 - missing) }
    row.differences = states.count
  }

  /// What a journal says of a list. What cannot be had is not known.
  private func ask(_ journal: String, _ list: String?, _ row: inout Row) throws(Complaint) {
    guard let states = try states(of: journal, list) else { return }
    row.sent = states.count { $0 == "done" }
    row.refused = states.count { $0 == "refused" || $0 == "partly" }
    row.unknown = states.count { $0 == "unknown" }
    row.changed = states.count { $0 == "changed" }
  }

  /// The states of the requests of a list, by the word of a journal. Nil if there is none, or if it cannot be read now.
  func states(of journal: String, _ list: String?) throws(Complaint) -> [Substring]? {
    guard Folder.has(journal) else { return nil }
    let arguments = ["--status", "--quiet", "--journal", journal] + (list.map { [$0] } ?? [])
    let (status, text) = try Child.answer("qtbx-push", arguments, errors: .nothing)
    guard status == 0 || status == Int32(Complaint.Kind.unfinished.rawValue) else { return nil }
    return text.split(separator: "\n").dropFirst().map { $0.prefix { $0 != "\t" } }
  }

  /// How many records a list of a side has: a file, or a folder of files.
  private func records(of side: String, _ row: Row) throws(Complaint) -> Int? {
    let path = "\(folder)/\(side)/\(row.list)"
    if Folder.has(path + ".xml") { return try Self.count(row.records, in: path + ".xml") }
    guard Folder.has(path) else { return nil }
    var count = 0
    for name in try Descriptor.names(in: path) where name.hasSuffix(".xml") { count += try Self.count(row.records, in: path + "/" + name) }
    return count
  }

  /// How many start tags of these names a file has.
  private static func count(_ names: [String], in path: String) throws(Complaint) -> Int {
    let tags = names.map { Array("<\($0)".utf8) }
    guard let longest = tags.map(\.count).max() else { return 0 }
    let input = try Input(path)
    var count = 0
    var held: [UInt8] = []
    while true {
      let bytes = try input.next()
      held += bytes
      // The name may break off here: it is looked at with the next bytes.
      let end = bytes.isEmpty ? held.count : max(0, held.count - longest)
      var at = 0
      while at < end, let start = held[at..<end].firstIndex(of: "<") {
        for tag in tags where held.count > start + tag.count && held[start..<(start + tag.count)].elementsEqual(tag) {
          if held[start + tag.count] == " " || held[start + tag.count] == ">" { count += 1 }
        }
        at = start + 1
      }
      if bytes.isEmpty { return count }
      held.removeFirst(end)
    }
  }

  /// The first field of each row of a file.
  static func firstFields(of path: String) throws(Complaint) -> [String] {
    var fields: [String] = []
    try Input(path).forEachLine { line, _ in if !line.isEmpty { fields.append(String(decoding: line.prefix { $0 != "\t" }, as: UTF8.self)) } }
    return fields
  }
}

/// What a checklist still asks for.
enum ByHand {
  /// How an item begins that nobody has ticked off.
  static let open = Array("- [ ] ".utf8)

  /// How many items are open of each list that they come from, and under "" how many come from none. Nil if there is no page.
  ///
  /// An item that a person has ticked off, `[x]`, is done.
  static func items(of page: String) throws(Complaint) -> [String: Int]? {
    guard Folder.has(page) else { return nil }
    var items: [String: Int] = [:]
    try Input(page).forEachLine { line, _ in
      guard line.starts(with: open) else { return }
      let line = String(decoding: line, as: UTF8.self)
      // What it ends with is the page's own, whatever the names in it say.
      let source = line.ranges(of: "; from ").last.map { line[$0.upperBound...].prefix { $0 != "," && $0 != "." } } ?? ""
      items[String(source), default: 0] += 1
    }
    return items
  }
}
