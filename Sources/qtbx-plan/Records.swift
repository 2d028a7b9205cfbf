import Base
import Markup
import Requests
import Toolbox

/// What the records of a group are known by, on both sides: a number for each.
final class RecordKeys {
  /// By bytes: to the service, an accent of its own is another name.
  private var numbers: [[UInt8]: Int] = [:]
  private(set) var names: [String] = []
  private var named: [Int: Int] = [:]
  private var byName: [Int: Int] = [:]

  /// The number of a text that says all: a path of tags, an address.
  func number(of text: String, name: String) -> Int {
    let bytes = Array(text.utf8)
    if let known = numbers[bytes] { return known }
    numbers[bytes] = names.count
    names.append(name)
    return names.count - 1
  }

  /// The number of a name of the book.
  func number(of name: Int, _ book: NameBook) -> Int {
    if let known = byName[name] { return known }
    let number = number(of: "\u{1}\(name)", name: book.name(of: name))
    named[number] = name
    byName[name] = number
    return number
  }

  /// The number in the book; nil if it is known by something else.
  func named(_ number: Int) -> Int? { named[number] }

  var count: Int { names.count }
}

/// The records of one side: where the normal form of each waits, and what the filters have said of it.
struct Records: ~Copyable {
  struct Entry {
    let kind: String
    let id: String
    let key: Int
    /// What its first request calls.
    let call: String
    /// The same of those of its requests that set what is there, and which of its requests they are: they are sent whether the target has it or not.
    var changes: [(call: String, at: Int)] = []
    /// Where its forms stand in the spool, one for each of its requests.
    var places: [Range<Int>] = []
    /// The files of its requests.
    var files: [String] = []
    /// One of them is not there.
    var lacksDocument = false
  }

  private var spool = SpillBuffer()
  private(set) var entries: [Entry] = []
  private var byID: [String: Int] = [:]
  private var lastCall = ""
  /// The records of a key.
  private(set) var byKey: [Int: [Int]] = [:]
  /// How many requests there are.
  private(set) var requests = 0

  mutating func add(_ form: Form, _ kind: String, id: String, key: Int, call: String, isChange: Bool) throws(Complaint) {
    let place = byID[kind + "=" + id] ?? entries.count
    if place == entries.count {
      byID[kind + "=" + id] = place
      // One text for all that call the same.
      if call != lastCall { lastCall = call }
      entries.append(Entry(kind: kind, id: id, key: key, call: lastCall))
      byKey[key, default: []].append(place)
    }
    let start = spool.count
    try spool.append(form.bytes)
    entries[place].places.append(start..<spool.count)
    entries[place].files += form.files
    if form.lacksDocument { entries[place].lacksDocument = true }
    if isChange { entries[place].changes.append((call, entries[place].places.count - 1)) }
    requests += 1
  }

  /// All that the requests of a record say. What stands behind the first request has its call before it.
  func bytes(of place: Int) throws(Complaint) -> [UInt8] {
    var bytes: [UInt8] = []
    for range in entries[place].places { bytes += try spool.bytes(in: range) }
    return bytes
  }

  func form(of place: Int) throws(Complaint) -> [Form] {
    var forms: [Form] = []
    for range in entries[place].places { forms.append(Form(stored: try spool.bytes(in: range))) }
    return forms
  }
}

/// What the filters have said of the records of one side, besides requests.
struct Remarks {
  /// Why a record cannot be made, and why one is left out: by key.
  var refused: [Int: String] = [:]
  var skipped: [Int: String] = [:]
  /// Those of the latter that a person makes.
  var byHand: Set<Int> = []
  /// The same where the record is none that is compared: by what it is.
  var others: [(label: String, reason: String)] = []
  /// What a record names and no list has.
  var dangling: [Int: [String]] = [:]
  /// The kinds of which there is no list at all.
  var unlisted: Set<String> = []
  /// How many values have each disposition.
  var counts: [String: Int] = [:]
  /// More of them than are kept.
  var more = 0
}
