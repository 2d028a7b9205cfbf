import Base
import Markup
import Processes
import Requests
import Toolbox

/// The normal form of a record: what the requests that would create it say, with names in place of ids.
///
/// The parameters have the order of their names, and the values of one stand together: of a body, each path of an element is a parameter.
struct Form {
  /// A parameter and its values.
  struct Field {
    let name: String
    var values: [String]
  }

  private(set) var fields: [Field] = []
  /// The files that are sent as they are.
  private(set) var files: [String] = []
  /// One of them is not there.
  private(set) var lacksDocument = false

  init() {}

  /// What a request says. Errors: `local` if a file that it sends cannot be read.
  init(_ request: Request, _ book: NameBook, ignoring ignored: Set<String> = []) throws(Complaint) {
    var pairs: [(String, String)] = [("(call)", Self.call(of: request))]
    for parameter in request.parameters where parameter.name != "action" && !ignored.contains(parameter.name) {
      let value = parameter.isSecret ? "(the secret \(parameter.value))" : Self.canonical(book.spelled(parameter.value))
      pairs.append((parameter.name, value))
    }
    switch request.body {
    case .xml(let xml):
      var outline = Outline()
      outline.read(xml)
      for (name, value) in Self.values(of: outline, ignored) { pairs.append((name, Self.canonical(book.spelled(value)))) }
    case .file(let path):
      files.append(path)
      lacksDocument = !Folder.has(path)
      pairs.append(("(document)", lacksDocument ? "(no export)" : try DocumentLines(path).digest()))
    case nil: break
    }
    add(pairs)
  }

  /// Of values that are known already.
  init(_ pairs: [(String, String)]) { add(pairs) }

  private mutating func add(_ pairs: [(String, String)]) {
    for (name, value) in pairs.sorted(by: { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }) {
      if let last = fields.indices.last, fields[last].name == name {
        fields[last].values.append(value)
      } else {
        fields.append(Field(name: name, values: [value]))
      }
    }
  }

  /// Without the server's side of it: of two versions of a call, both say the same.
  private static func call(of request: Request) -> String {
    let path = request.path.split(separator: "/").filter { segment in
      !(segment.contains(".") && segment.utf8.allSatisfy { $0.isDigit || $0 == "." })
    }
    let action = request.parameters.first { $0.name == "action" }.map { " " + $0.value } ?? ""
    return (request.method == "POST" ? "" : request.method + " ") + "/" + path.joined(separator: "/") + action
  }

  /// Addresses are the same however they are cut into ranges, and in whatever order.
  private static func canonical(_ value: String) -> String {
    guard let first = value.utf8.first, first.isDigit, value.utf8.contains(".") else { return value }
    var ranges: [ClosedRange<UInt32>] = []
    var rest = Array(value.utf8)[...]
    while true {
      let part = rest.prefix { $0 != "," }
      guard let range = ClosedRange<UInt32>(addresses: part) else { return value }
      ranges.append(range)
      if part.endIndex == rest.endIndex { break }
      rest = rest[(part.endIndex + 1)...]
    }
    return AddressSet(ranges).ranges.map(\.addresses).joined(separator: ",")
  }

  /// The texts of a body, each with the path to it below the root element.
  private static func values(of outline: borrowing Outline, _ ignored: Set<String>) -> [(String, String)] {
    var pairs: [(String, String)] = []
    for index in outline.elements.indices {
      let element = outline.elements[index]
      if ignored.contains(outline.string(element.name)) { continue }
      let path = outline.path(to: index)
      for place in element.attributes {
        let attribute = outline.attributes[Int(place)]
        let name = outline.string(attribute.name)
        if name != "key" { pairs.append((path + "/@" + name, outline.text(attribute.value))) }
      }
      if element.isLeaf {
        pairs.append((path, outline.text(element.content)))
      } else if element.holdsText {
        pairs.append((path, outline.ownText(of: index)))
      }
    }
    return pairs
  }

  // MARK: Put aside

  /// Names and values with a mark behind each: no request can hold it.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    for field in fields {
      for value in field.values {
        bytes += field.name.utf8
        bytes.append(0)
        bytes += value.utf8
        bytes.append(0)
      }
    }
    return bytes
  }

  init(stored bytes: [UInt8]) {
    var parts = bytes.split(separator: 0, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }[...]
    while parts.count > 1, let name = parts.popFirst(), let value = parts.popFirst() {
      if let last = fields.indices.last, fields[last].name == name {
        fields[last].values.append(value)
      } else {
        fields.append(Field(name: name, values: [value]))
      }
    }
  }

  /// The parameters in which it is not the same as the other, with the values that only one of them has.
  func differences(from other: Form) -> [Difference] {
    var differences: [Difference] = []
    var mine = fields[...]
    var theirs = other.fields[...]
    while true {
      let one = mine.first
      let two = theirs.first
      if let one, let two, one.name == two.name {
        // By bytes: letters that look the same need not be.
        if !one.values.elementsEqual(two.values, by: { $0.utf8.elementsEqual($1.utf8) }) {
          differences.append(Difference(one.name, one.values, two.values))
        }
        mine.removeFirst()
        theirs.removeFirst()
      } else if let one, two.map({ one.name.utf8.lexicographicallyPrecedes($0.name.utf8) }) ?? true {
        differences.append(Difference(one.name, one.values, []))
        mine.removeFirst()
      } else if let two {
        differences.append(Difference(two.name, [], two.values))
        theirs.removeFirst()
      } else {
        return differences
      }
    }
  }
}

/// A parameter that is not the same on both sides.
struct Difference {
  let parameter: String
  /// As the source says it; none if it says nothing.
  let source: [String]
  let target: [String]

  init(_ parameter: String, _ source: [String], _ target: [String]) {
    self.parameter = parameter
    // Of many values, those that both have say nothing.
    guard source.count > 1 || target.count > 1 else {
      (self.source, self.target) = (source, target)
      return
    }
    var counts: [String: Int] = [:]
    for value in source { counts[value, default: 0] += 1 }
    for value in target { counts[value, default: 0] -= 1 }
    func rest(_ values: [String], _ sign: Int) -> [String] {
      var counts = counts
      return values.filter { value in
        guard let count = counts[value], count * sign > 0 else { return false }
        counts[value] = count - sign
        return true
      }
    }
    let (mine, theirs) = (rest(source, 1), rest(target, -1))
    // The same ones, in another order.
    (self.source, self.target) = mine.isEmpty && theirs.isEmpty ? (source, target) : (mine, theirs)
  }
}
