import Base
import Catalog
import Markup
import Processes
import Requests
import Toolbox

/// Compares the records of a group: what its filters write of one side, and of the other.
struct Comparison: ~Copyable {
  private let group: Group
  private let ways: Ways
  private let book: NameBook
  private let runner: Runner
  private let sent: Sent
  private let keys = RecordKeys()
  /// The kinds of ids that its filters translate.
  private let kinds: [String]
  private var source = Records()
  private var target = Records()
  /// What the last row of a report was about: those of a record stand together.
  private var lastRow: (id: String, kind: String, name: String, side: Side, key: Int?)?
  private var remarks: [Side: Remarks] = [.source: Remarks(), .target: Remarks()]
  private var addresses: [Side: [String: AddressFindings]] = [.source: [:], .target: [:]]
  /// The trees of tags of which something is to be created.
  private var trees: [Int: Int] = [:]
  /// Of the roots of those trees, the name of each, and the id in the target of what it is below.
  private var roots: [Int: (name: String, parent: String)] = [:]

  /// Addresses that have something in common.
  private struct AddressFindings {
    var ranges: [ClosedRange<UInt32>] = []
    var others: Set<String> = []
    var requests = 0
    /// In which network they are, as the requests say it; empty if they do not.
    var network = ""
    /// What the requests say besides addresses, and what they call.
    var parameters: [Request.Parameter] = []
    var call = ""
    var set: AddressSet { AddressSet(ranges) }
  }

  /// How many reasons are kept of records that are not compared.
  private static let most = 100

  init(_ group: Group, _ ways: Ways, _ runner: Runner, _ sent: Sent) {
    self.group = group
    self.ways = ways
    book = ways.book
    kinds = ways.kinds(of: group)
    self.runner = runner
    self.sent = sent
  }

  // MARK: Reading

  /// Reads both sides, and hands on what there is to say of each record, in the order of the source, then of the target.
  ///
  /// Returns what there is to say of the group as a whole. Errors: those of its filters.
  mutating func compare(_ take: (Finding) throws(Complaint) -> Void) throws(Complaint) -> (remarks: [String], values: [String: Int]) {
    var words: [String] = []
    if group.shape == .records {
      let kinds = group.name == "auth" ? Resource.authenticationTypes.map(\.kind) : [listed(group.kind)]
      for side in Side.allCases {
        for kind in kinds { for number in try book.numbers(of: kind, side) { _ = keys.number(of: number, book) } }
      }
    }
    for side in Side.allCases {
      if ways.exports(of: group, side).isEmpty {
        if ways.hasNamesOnly(group, side) {
          words.append("the \(side.word) folder has a list of these, and not their documents: only names are compared")
        } else if side == .target, !ways.isKnown(group, .target) {
          words.append("the target folder has no list of these: it is taken for a subscription that has none")
        }
        continue
      }
      for step in group.steps { try read(step, side) }
    }
    for kind in kinds {
      for side in Side.allCases where remarks[side]?.unlisted.contains(kind) == true {
        words.append("the \(side.word) folder has no list of \(Self.plural(of: kind)): ids of these stand for nothing, and are left out")
      }
    }
    if group.shape == .mappings, sent.unnamedMappings > 0 {
      words.append("a journal has requests for some of these, and does not say for which: it is of an earlier version")
    }
    switch group.shape {
    case .addresses: try compareAddresses(take)
    default: try compareRecords(take)
    }
    let values = remarks[.source]?.counts ?? [:]
    return (words, values)
  }

  /// What messages call an object of a kind: not always the words of it.
  private static func noun(of kind: String, beside text: some StringProtocol) -> String {
    kind == "appliance" && text.hasPrefix("scanner") ? "scanner" : Resource.noun(of: kind)
  }

  private static func plural(of kind: String) -> String {
    let noun = Resource.noun(of: kind)
    return noun.hasSuffix("y") ? noun.dropLast() + "ies" : noun + "s"
  }

  private mutating func read(_ step: String, _ side: Side) throws(Complaint) {
    let line = try ways.line(of: group, step: step, side)
    var output: NamelessFile?
    var rows: [[UInt8]] = []
    for command in line.commands {
      do throws(Complaint) {
        output = try runner.run(command, input: output, files: line.files) { row throws(Complaint) in
          // A report may have more rows than there is room for: what is kept of them is.
          rows.append(row)
          if rows.count >= 4096 {
            for row in rows { try note(row, step: step, side) }
            rows.removeAll(keepingCapacity: true)
          }
        }
      } catch {
        // Of one document, the filter's verdict is that on its record.
        guard group.shape == .document, error.kind == .refused else { throw error }
        remarks[side]?.refused[keys.number(of: group.name, name: group.name)] = error.reason
        output = nil
        break
      }
      for row in rows { try note(row, step: step, side) }
      rows = []
    }
    guard let output else { return }
    var failure: Complaint?
    do throws(Complaint) {
      try ListReader(["/dev/fd/\(output.descriptor)"]).forEachRequest { request, _, _ throws(Complaint) in
        do throws(Complaint) { try self.take(request, side) } catch {
          failure = error
          throw error
        }
      }
    } catch {
      if let failure { throw failure }
      // Its place is a file without a name.
      throw Complaint(error.kind, "what \(line.commands.last?.program ?? "") has written is no request list: \(error.reason)")
    }
  }

  /// What an import of option profiles takes anew: whose it is, and when it was changed.
  private static let owned: Set<String> = ["ID", "USER_ID", "UNIT_ID", "SUBSCRIPTION_ID", "UPDATE_DATE"]

  private mutating func take(_ request: Request, _ side: Side) throws(Complaint) {
    switch group.shape {
    case .records:
      let form = try Form(request, book, ignoring: group.resource == "option-profiles" ? Self.owned : [])
      let origin = request.origin ?? (group.kind, "")
      try add(form, origin.kind, id: origin.id, key: key(of: origin.id, origin.kind, side), of: request, side)
    case .document:
      try add(
        Form(request, book), id: group.name, key: keys.number(of: group.name, name: group.name), of: request, side)
    case .mappings:
      guard case let text? = request.parameters.first(where: { $0.name == "xml_data" })?.value else { return }
      var outline = Outline()
      outline.read(Array(text.utf8))
      let address = outline.text(at: "IP_MAP/V4") ?? text
      try add(Form([("V6", outline.text(at: "IP_MAP/V6") ?? "")]), id: address, key: keys.number(of: address, name: address), side)
    case .tags: try take(tree: request, side)
    case .addresses:
      var common: [String] = []
      var findings = AddressFindings()
      for parameter in request.parameters {
        switch parameter.name {
        case "action", "comment": continue
        case "ips":
          for part in parameter.value.utf8.split(separator: UInt8(ascii: ",")) {
            if let range = ClosedRange<UInt32>(addresses: Array(part)[...]) {
              findings.ranges.append(range)
            } else {
              findings.others.insert(String(decoding: Array(part), as: UTF8.self))
            }
          }
        default:
          let value = book.spelled(parameter.value).replacing("\u{1}", with: "\"").replacing("\u{2}", with: "\"")
          common.append("\(parameter.name)=\(value)")
          if parameter.name == "network_id" { findings.network = value }
        }
      }
      let name = common.joined(separator: ", ")
      var known = addresses[side]?[name] ?? AddressFindings()
      known.ranges += findings.ranges
      known.others.formUnion(findings.others)
      known.requests += 1
      known.network = findings.network
      known.parameters = request.parameters
      known.call = Sent.call(of: request)
      addresses[side]?[name] = known
    }
  }

  private mutating func add(
    _ form: Form, _ kind: String = "", id: String, key: Int, of request: Request? = nil, _ side: Side
  ) throws(Complaint) {
    let call = request.map { Sent.call(of: $0) } ?? ""
    let isChange = request?.changesWhatIsThere ?? false
    if side == .source {
      try source.add(form, kind, id: id, key: key, call: call, isChange: isChange)
    } else {
      try target.add(form, kind, id: id, key: key, call: call, isChange: isChange)
    }
  }

  /// The kind by whose list the ids of a request's origin have names.
  private func listed(_ kind: String) -> String { kind == "user-preference" ? "user" : kind }

  private func key(of id: String, _ kind: String, _ side: Side) throws(Complaint) -> Int {
    if let number = try book.number(of: id, listed(kind), side) { return keys.number(of: number, book) }
    return keys.number(of: "\(kind)=\(id)", name: id)
  }

  /// A tree, tag by tag: each is known by the names from the top down to it.
  private mutating func take(tree request: Request, _ side: Side) throws(Complaint) {
    guard case .xml(let xml) = request.body else { return }
    var outline = Outline()
    outline.read(xml)
    var paths: [Int: String] = [:]
    var root = -1
    for index in outline.elements.indices where ["Tag", "TagSimple"].contains(outline.string(outline.elements[index].name)) {
      let name = outline.text(ofChild: "name", of: index) ?? ""
      var above = Int(outline.elements[index].parent)
      while above >= 0, paths[above] == nil { above = Int(outline.elements[above].parent) }
      // The mark between names is no letter of any.
      var path = (above >= 0 ? (paths[above] ?? "") + " / " : "") + name
      if above < 0, let parent = outline.text(ofChild: "parentTagId", of: index) {
        path = book.spelled(parent).filter { $0 != "\u{1}" && $0 != "\u{2}" } + " / " + path
      }
      paths[index] = path
      var pairs: [(String, String)] = []
      for (at, element) in outline.elements.enumerated().dropFirst(index + 1) {
        if element.whole.lowerBound >= outline.elements[index].whole.upperBound { break }
        guard Int(element.parent) == index else { continue }
        let parameter = outline.string(element.name)
        if ["name", "children", "parentTagId"].contains(parameter) { continue }
        pairs.append((parameter, book.spelled(element.isLeaf ? outline.text(element.content) : outline.ownText(of: at))))
      }
      let key = keys.number(of: path, name: path)
      if root < 0 {
        root = key
        let parent = outline.text(ofChild: "parentTagId", of: index).flatMap { book.number(written: $0) }
        if side == .source { roots[key] = (name, parent.map { book.id(of: $0, "tag", .target) } ?? "") }
      }
      trees[key] = root
      try add(Form(pairs), id: path, key: key, side)
    }
  }

  /// A row of a report.
  private mutating func note(_ line: [UInt8], step: String, _ side: Side) throws(Complaint) {
    guard let row = ReportRow(line), var said = remarks[side] else { return }
    remarks[side] = nil
    defer { remarks[side] = said }
    let key = try key(of: row, side)
    var reason: String { row.element.isEmpty ? row.reason : row.element + ": " + row.reason }
    // Without a reference that it cannot be without, it would be another record: whoever reads a plan has something to do.
    switch row.disposition {
    case "refused",
      "unmapped" where row.element.isEmpty:
      guard let key else {
        if said.others.count < Self.most { said.others.append((row.name.isEmpty ? row.id : row.name, reason)) } else { said.more += 1 }
        return
      }
      if said.refused[key] == nil { said.refused[key] = reason }
    case "skipped", "by-hand":
      // That there is nothing else to set is no news.
      guard let key, step.isEmpty else { return }
      if said.skipped[key] == nil { said.skipped[key] = reason }
      if row.disposition == "by-hand" { said.byHand.insert(key) }
    default:
      said.counts[row.disposition, default: 0] += 1
      guard row.disposition == "unmapped", let key else { return }
      let named = row.named
      // Where there is no list of these at all, that is said once.
      for kind in kinds where named.hasPrefix(Self.noun(of: kind, beside: named)) {
        if said.unlisted.contains(kind) { return }
        if try !book.isListed(kind, side) {
          said.unlisted.insert(kind)
          return
        }
      }
      let text = "names \(named), which no list of the \(side.word) has"
      if said.dangling[key]?.contains(text) != true { said.dangling[key, default: []].append(text) }
    }
  }

  /// What a row is about; nil if that is no record.
  private mutating func key(of row: ReportRow, _ side: Side) throws(Complaint) -> Int? {
    if let last = lastRow, last.id == row.id, last.kind == row.kind, last.name == row.name, last.side == side { return last.key }
    var key: Int?
    if !row.id.isEmpty, group.shape == .records {
      key = try self.key(of: row.id, row.kind, side)
    } else if group.shape == .tags, let number = try book.number(of: row.id, "tag", side) {
      key = keys.number(of: book.name(of: number), name: book.name(of: number))
    } else if group.shape == .mappings, !row.id.isEmpty {
      key = keys.number(of: row.name, name: row.name)
    }
    lastRow = (row.id, row.kind, row.name, side, key)
    return key
  }

  // MARK: Comparing

  private func compareRecords(_ take: (Finding) throws(Complaint) -> Void) throws(Complaint) {
    let mine = remarks[.source] ?? Remarks()
    let theirs = remarks[.target] ?? Remarks()
    // A tree is read from the top: by names. Of the others, the list has the order.
    var order = Array(0..<keys.count)
    if group.shape == .tags { order.sort { keys.names[$0].utf8.lexicographicallyPrecedes(keys.names[$1].utf8) } }
    for number in order {
      let here = source.byKey[number] ?? []
      let there = target.byKey[number] ?? []
      let isListed = try self.isListed(number, .target)
      if here.isEmpty, there.isEmpty, mine.refused[number] == nil, mine.skipped[number] == nil, theirs.refused[number] == nil { continue }
      var reasons = (mine.dangling[number] ?? [])
      // What the first filter leaves out may have requests of the second one, which sets what is there.
      if here.isEmpty || mine.skipped[number] != nil && there.isEmpty {
        if let reason = mine.refused[number] {
          var found = try finding(number, there.isEmpty && !isListed ? .cannot : .same, reasons + [reason])
          found.isCompared = found.state != .same
          try take(found)
        } else if let reason = mine.skipped[number] {
          if isEverywhere(number) { continue }
          if !there.isEmpty || isListed {
            try take(finding(number, .same, []))
          } else {
            try take(finding(number, mine.byHand.contains(number) ? .byHand : .left, [reason]))
          }
        } else if try !self.isListed(number, .source), !there.isEmpty || theirs.refused[number] != nil {
          try take(finding(number, .onlyInTarget, theirs.dangling[number] ?? []))
        }
        continue
      }
      if let reason = mine.refused[number] { reasons.append(reason) }
      if there.isEmpty {
        for place in here {
          let fate = isListed ? nil : fate(of: source.entries[place], number)
          var found = try finding(number, isListed ? .same : fate == .done ? .sent : .create, reasons, place)
          if let reason = fate?.reason {
            found.reasons.append(reason)
            // No push sends it a second time by itself.
            found.requests = max(0, found.requests - 1)
          }
          if source.entries[place].lacksDocument { found.reasons.append("the source folder has no export of it, which its request sends") }
          found.isCompared = !isListed
          if isListed { found.reasons.append(theirs.refused[number] ?? theirs.skipped[number] ?? "the target's own list says nothing of it") }
          try take(found)
        }
        continue
      }
      try pair(number, here, there, reasons, take)
    }
    try tellOthers(mine, take)
  }

  /// What no request can create, and is none of the records that are compared.
  private func tellOthers(_ remarks: Remarks, _ take: (Finding) throws(Complaint) -> Void) throws(Complaint) {
    for (label, reason) in remarks.others { try take(Finding(state: .cannot, kind: group.kind, name: label, reasons: [reason])) }
    if remarks.more > 0 { try take(Finding(state: .cannot, kind: group.kind, name: "others", count: remarks.more, reasons: ["refused as well"])) }
  }

  /// Records of one name. One of each side is the same object; of several, those are that say the same.
  private func pair(
    _ number: Int, _ here: [Int], _ there: [Int], _ reasons: [String], _ take: (Finding) throws(Complaint) -> Void
  ) throws(Complaint) {
    var rest: [Int] = []
    var others = there
    for place in here {
      let bytes = try source.bytes(of: place)
      var match: Int?
      // What has no export says nothing of what it holds.
      for other in others where match == nil && !source.entries[place].lacksDocument {
        if try target.bytes(of: other) == bytes { match = other }
      }
      guard let match else {
        rest.append(place)
        continue
      }
      others.removeAll { $0 == match }
      var found = try finding(number, .same, reasons, place, match)
      found.isDoubled = group.mayBeDoubled && fate(of: source.entries[place], number) != .done
      try take(found)
    }
    if rest.count == 1, others.count == 1, here.count == 1, there.count == 1 {
      let differences = try differences(rest[0], others[0])
      var found = try finding(number, differences.isEmpty ? .same : .differs, reasons, rest[0], others[0])
      let lacking = [(Side.source, source.entries[rest[0]]), (.target, target.entries[others[0]])].filter { $0.1.lacksDocument }
      if !lacking.isEmpty {
        found.reasons.append(
          "the \(lacking.map(\.0.word).joined(separator: " and the ")) folder has no export of it, so what it holds is not compared")
        found.isCompared = found.state != .same
      }
      found.differences = differences
      found.isDoubled = group.mayBeDoubled && fate(of: source.entries[rest[0]], number) != .done
      // What was changed since the list was fetched is not there yet.
      if found.state == .differs, isChangedSince(source.entries[rest[0]]) { found.state = .sent }
      if found.state == .differs, found.changes > 0, lacking.isEmpty, try isSet(rest[0], differences) {
        found.reasons.append("a request sets it as the source has it")
      }
      try take(found)
      return
    }
    for place in rest {
      let words =
        here.count > 1 ? "the source has \(here.count) of this name, and the target \(there.count)" : "the target has \(there.count) of this name"
      try take(finding(number, .ambiguous, reasons + [words], place))
    }
    if rest.isEmpty {
      for place in others { try take(finding(number, .onlyInTarget, ["there are others of this name"], nil, place)) }
    }
  }

  /// What journals say of the request of a record of the source.
  private func fate(of entry: Records.Entry, _ number: Int) -> Sent.Fate? {
    switch group.shape {
    case .records: return sent.fate(of: entry.call, kind: entry.kind, id: entry.id)
    case .document: return sent.fate(of: entry.call, kind: "", id: "")
    case .tags: return trees[number].flatMap { roots[$0] }.flatMap { sent.fate(ofTree: $0.name, below: $0.parent) }
    case .mappings: return sent.fate(ofMapping: entry.id)
    case .addresses: return nil
    }
  }

  /// A request that changes what is there has been sent since the target's lists were fetched.
  private func isChangedSince(_ entry: Records.Entry) -> Bool {
    let isDocument = group.shape == .document
    guard let time = sent.change(by: entry.call, kind: isDocument ? "" : entry.kind, id: isDocument ? "" : entry.id) else { return false }
    return ways.exports(of: group, .target).allSatisfy { (Folder.status(of: $0)?.changed.0 ?? 0) < time }
  }

  private func differences(_ place: Int, _ other: Int) throws(Complaint) -> [Difference] {
    func merged(_ forms: [Form]) -> Form {
      if forms.count == 1 { return forms[0] }
      return Form(forms.flatMap { form in form.fields.flatMap { field in field.values.map { (field.name, $0) } } })
    }
    let all = try merged(source.form(of: place)).differences(from: merged(target.form(of: other)))
    guard let index = all.firstIndex(where: { $0.parameter == "(document)" }) else { return all }
    var differences = all
    if source.entries[place].lacksDocument || target.entries[other].lacksDocument {
      differences.remove(at: index)
      return differences
    }
    if let mine = source.entries[place].files.first, let theirs = target.entries[other].files.first,
      let lines = try DocumentLines.firstDifference(mine, theirs)
    {
      differences[index] = Difference("(document)", [lines.source], [lines.target])
    }
    return differences
  }

  /// Whether requests that set what is there say all that differs.
  private func isSet(_ place: Int, _ differences: [Difference]) throws(Complaint) -> Bool {
    let forms = try source.form(of: place)
    let names = Set(source.entries[place].changes.flatMap { forms[$0.at].fields.map(\.name) }).subtracting(["(call)"])
    return !differences.isEmpty && differences.allSatisfy { names.contains($0.parameter) }
  }

  private func finding(
    _ number: Int, _ state: State, _ reasons: [String], _ place: Int? = nil, _ other: Int? = nil
  ) throws(Complaint) -> Finding {
    var found = Finding(state: state, kind: group.kind, name: keys.names[number], reasons: reasons)
    if group.shape == .records {
      found.id = place.map { source.entries[$0].id } ?? ""
      found.targetID = other.map { target.entries[$0].id } ?? ""
    }
    if let place, !source.entries[place].kind.isEmpty { found.kind = source.entries[place].kind }
    if let place { found.requests = group.shape == .tags ? (trees[number] == number ? 1 : 0) : source.entries[place].places.count }
    if let place {
      let entry = source.entries[place]
      let isDocument = group.shape == .document
      found.changes = entry.changes.count { sent.fate(of: $0.call, kind: isDocument ? "" : entry.kind, id: isDocument ? "" : entry.id) == nil }
      found.requests -= min(found.requests, entry.changes.count - found.changes)
    }
    return found
  }

  /// Whether every subscription has it, so that there is nothing to say.
  private func isEverywhere(_ number: Int) -> Bool {
    guard let identity = Catalog.all.first(where: { $0.name == group.resource })?.identity, let named = keys.named(number) else { return false }
    return identity.isEverywhere(book.id(of: named, group.kind, .source), book.name(of: named))
  }

  /// Whether the list of a side has the name of a key.
  private func isListed(_ number: Int, _ side: Side) throws(Complaint) -> Bool {
    // That an appliance is there says nothing of its network, and that a user is there nothing of what the user has set.
    guard group.shape == .records, group.name != "network-appliances", group.name != "user-preferences", let named = keys.named(number) else {
      return false
    }
    let kind = group.kind
    if group.name == "auth" {
      for type in Resource.authenticationTypes where book.has(named, type.kind, side) { return true }
      return false
    }
    return book.has(named, kind, side)
  }

  /// What journals say was to be added, of addresses with the network, the tracking method and the modules of these: by what became of that, what is
  /// certain first.
  private func sent(_ findings: AddressFindings) throws(Complaint) -> [(fate: Sent.Fate, set: AddressSet, others: Set<String>)] {
    var alike: [Sent.Addresses] = []
    for one in sent.addresses where one.call == findings.call {
      var isAlike = true
      for parameter in one.parameters {
        let own = findings.parameters.first { $0.name == parameter.name }?.value
        if try known(parameter) != own { isAlike = false }
      }
      if isAlike { alike.append(one) }
    }
    return Sent.byFate(alike).map { fate, all in (fate, AddressSet(all.flatMap(\.ranges)), Set(all.flatMap(\.others))) }
  }

  /// What a parameter of a journal is here: a network of the target, which may be younger than its list, by the number of its name.
  private func known(_ parameter: Request.Parameter) throws(Complaint) -> String {
    guard parameter.name == "network_id", parameter.value != "0" else { return parameter.value }
    if let number = try book.number(of: parameter.value, "network", .target) { return book.written(number) }
    guard let source = sent.networks[parameter.value], let number = try book.number(of: source, "network", .source) else { return parameter.value }
    return book.written(number)
  }

  /// All addresses of a side, by their networks.
  private static func byNetwork(_ findings: [String: AddressFindings]) -> [String: (set: AddressSet, others: Set<String>)] {
    Dictionary(grouping: findings.values, by: \.network).mapValues { all in
      (AddressSet(all.flatMap(\.ranges)), all.reduce(into: Set<String>()) { $0.formUnion($1.others) })
    }
  }

  private func compareAddresses(_ take: (Finding) throws(Complaint) -> Void) throws(Complaint) {
    let mine = addresses[.source] ?? [:]
    let theirs = addresses[.target] ?? [:]
    // Of another network, it is another address.
    let (known, asked) = (Self.byNetwork(theirs), Self.byNetwork(mine))
    for (name, findings) in mine.sorted(by: { $0.key < $1.key }) {
      let set = findings.set
      let (all, allOthers) = known[findings.network] ?? (AddressSet(), [])
      let there = theirs[name]?.set ?? AddressSet()
      let missing = set.subtracting(there)
      let others = findings.others.subtracting(theirs[name]?.others ?? [])
      let (new, elsewhere) = (missing.subtracting(all), missing.intersection(all))
      let (newOthers, elsewhereOthers) = (others.subtracting(allOthers), others.intersection(allOthers))
      func tell(_ state: State, _ set: AddressSet, _ others: Set<String>, _ reason: String = "", requests: Int = 0) throws(Complaint) {
        let count = set.count + others.count
        if count == 0 { return }
        let ranges = set.isEmpty ? others.sorted().prefix(4).joined(separator: ", ") : set.firstRanges
        try take(
          Finding(
            state: state, kind: group.kind, name: ranges, count: count, requests: requests,
            reasons: (name.isEmpty ? [] : [name]) + (reason.isEmpty ? [] : [reason]), isSet: true))
      }
      var (create, createOthers) = (new, newOthers)
      var parts: [(state: State, set: AddressSet, others: Set<String>, reason: String)] = []
      for (fate, set, others) in try sent(findings) {
        parts.append((fate == .done ? .sent : .create, create.intersection(set), createOthers.intersection(others), fate.reason ?? ""))
        (create, createOthers) = (create.subtracting(set), createOthers.subtracting(others))
      }
      // What has been sent is not sent a second time by itself, whatever became of it.
      try tell(.create, create, createOthers, requests: findings.requests)
      for part in parts { try tell(part.state, part.set, part.others, part.reason) }
      let same = set.subtracting(missing)
      try tell(.same, same, findings.others.subtracting(others), requests: missing.isEmpty && others.isEmpty ? findings.requests : 0)
      try tell(.differs, elsewhere, elsewhereOthers, "the target has them otherwise")
    }
    for (name, findings) in theirs.sorted(by: { $0.key < $1.key }) {
      let (wanted, wantedOthers) = asked[findings.network] ?? (AddressSet(), [])
      let more = findings.set.subtracting(wanted)
      let others = findings.others.subtracting(wantedOthers)
      if more.isEmpty, others.isEmpty { continue }
      try take(
        Finding(
          state: .onlyInTarget, kind: group.kind, name: more.isEmpty ? others.sorted().prefix(4).joined(separator: ", ") : more.firstRanges,
          count: more.count + others.count, reasons: name.isEmpty ? [] : [name], isSet: true))
    }
    try tellOthers(remarks[.source] ?? Remarks(), take)
  }
}
