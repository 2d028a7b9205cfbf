internal import Base
import Markup
import Requests

/// Two lists, request by request. Memory grows with the requests of the first one, and with those that only the second one has.
struct Comparison {
  /// A request as it stands in its list.
  private struct Entry {
    let line: [UInt8]
    let name: [UInt8]
    var isThere = false
  }

  /// Parameters, and elements of bodies, that are not compared.
  private let ignored: Set<String>
  private var wanted: [Entry] = []
  /// Where the requests of a normal form stand that have not been found yet, the last one first.
  private var open: [[UInt8]: [Int]] = [:]
  /// The normal forms that are wanted at all.
  private var forms: Set<[UInt8]> = []
  private var more: [(form: [UInt8], entry: Entry)] = []
  /// How many of a normal form were there before.
  private var before: [[UInt8]: Int] = [:]
  private var names: Set<[UInt8]> = []

  init(ignoring ignored: Set<String>) { self.ignored = ignored }

  mutating func want(_ request: Request, _ line: [UInt8]) {
    let form = request.normalForm(without: ignored)
    open[form, default: []].append(wanted.count)
    forms.insert(form)
    wanted.append(Entry(line: line, name: request.objectName))
  }

  mutating func find(_ request: Request, _ line: [UInt8]) {
    let form = request.normalForm(without: ignored)
    if let index = open[form]?.popLast() {
      wanted[index].isThere = true
    } else {
      more.append((form, Entry(line: line, name: request.objectName)))
    }
  }

  /// What was there before is not more. That it is wanted as well is no excuse: then it has been made a second time.
  mutating func excuse(_ request: Request) {
    let form = request.normalForm(without: ignored)
    if !forms.contains(form) { before[form, default: 0] += 1 }
  }

  mutating func find(name request: Request) { names.insert(request.objectName) }

  // MARK: What came of it

  private var extra: [Entry] {
    var left = before
    return more.compactMap { form, entry in
      guard let count = left[form], count > 0 else { return entry }
      left[form] = count - 1
      return nil
    }
  }

  /// The rows, each missing request followed by what is there under its name.
  var differences: [[UInt8]] {
    var rows: [[UInt8]] = []
    var others: [[UInt8]: [Int]] = [:]
    let extra = extra
    for (index, entry) in extra.enumerated() { others[entry.name, default: []].append(index) }
    var isWritten = [Bool](repeating: false, count: extra.count)
    for entry in wanted where !entry.isThere {
      rows.append(row("missing", entry.line))
      for index in others.removeValue(forKey: entry.name) ?? [] {
        rows.append(row("more", extra[index].line))
        isWritten[index] = true
      }
    }
    for (index, entry) in extra.enumerated() where !isWritten[index] { rows.append(row("more", entry.line)) }
    return rows
  }

  /// The requests whose name is there already.
  var present: [[UInt8]] { wanted.filter { names.contains($0.name) }.map { row("there", $0.line) } }

  var verdict: String {
    let missing = wanted.count { !$0.isThere }
    let extra = extra.count
    let there = "\(wanted.count - missing) of \(wanted.count) are there"
    return there + (missing == 0 ? "" : ", \(missing) missing") + (extra == 0 ? "" : ", \(extra) more")
  }

  var absence: String {
    let count = present.count
    return count == 0 ? "none of \(wanted.count) is there" : "\(count) of \(wanted.count) are there already, by name"
  }

  private func row(_ what: String, _ line: [UInt8]) -> [UInt8] { Array(what.utf8) + ["\t"] + line + ["\n"] }
}

extension Request {
  /// What two requests have in common that ask for the same: no origin, the parameters in one order, and any file as a body.
  fileprivate func normalForm(without ignored: Set<String> = []) -> [UInt8] {
    var bare = self
    bare.origin = nil
    if !ignored.isEmpty {
      bare.parameters.removeAll { ignored.contains($0.name) }
      if case .xml(let xml) = bare.body { bare.body = .xml(Self.cut(ignored, from: xml)) }
    }
    bare.parameters.sort { Array($0.name.utf8).lexicographicallyPrecedes(Array($1.name.utf8)) }
    // The name of a file says where its contents come from.
    if case .file = bare.body { bare.body = .file("") }
    return bare.line
  }

  /// XML without the elements of these names, and what is in them.
  private static func cut(_ names: Set<String>, from xml: [UInt8]) -> [UInt8] {
    var outline = Outline()
    outline.read(xml)
    var rest: [UInt8] = []
    var at = 0
    for element in outline.elements where Int(element.whole.lowerBound) >= at && names.contains(outline.string(element.name)) {
      rest += xml[at..<Int(element.whole.lowerBound)]
      at = Int(element.whole.upperBound)
    }
    return rest + xml[at...]
  }

  /// What the request creates, by its path and name. A request without a name is known by all that it says.
  fileprivate var objectName: [UInt8] {
    // Schedules of cloud perimeter scans are listed among the others.
    let kind = path.hasSuffix("/scan/cloud/perimeter/job/") ? "/schedule/scan/" : String(path.drop { $0 != "f" && $0 != "q" })
    for name in ["title", "scan_title", "name"] {
      if let parameter = parameters.first(where: { $0.name == name && !$0.isSecret }) { return Array("\(kind)\t\(parameter.value)".utf8) }
    }
    guard case .xml(let xml) = body, let open = xml.firstRange(of: Array("<name>".utf8))?.upperBound,
      let close = xml[open...].firstRange(of: Array("</name>".utf8))?.lowerBound
    else { return normalForm() }
    return Array("\(kind)\t".utf8) + xml[open..<close]
  }
}
