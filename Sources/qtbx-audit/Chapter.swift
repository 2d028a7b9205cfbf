import Base
import Catalog
import Markup
import Requests
import Toolbox

/// What could not be read, and why.
struct Unread {
  /// From the folder on.
  let path: String
  /// Behind the line, if it is one line's.
  let reason: String

  init(_ path: String, _ complaint: Complaint, in files: MigrationFiles) {
    self.path = path
    var place = complaint.place ?? ""
    let name = files.path(path).shown
    if place.hasPrefix(name) { place = String(place.dropFirst(name.count).drop { $0 == ":" }) }
    reason = (place.isEmpty ? "" : place + ": ") + complaint.reason
  }
}

/// Rows of a table that may be very many: the first are shown, all are counted.
struct Rows {
  static let most = 2000
  private(set) var markup = ""
  private(set) var count = 0

  mutating func add(_ row: @autoclosure () -> String) {
    count += 1
    if count <= Self.most { markup += row() }
  }

  /// What is said below a table of which not all is shown.
  func rest(_ noun: String, in file: String) -> String {
    count > Self.most ? "<p>\(HTML.counted(count - Self.most, "more " + noun)) in <code>\(HTML.text(file))</code>.</p>\n" : ""
  }
}

/// Which files say something of a resource.
struct Source {
  let name: String
  /// Nil for lists that no resource of the catalog has.
  let resource: Resource?
  /// The lists of requests: that which creates, and what completes it.
  let stems: [String]
  /// Reports besides those of the lists.
  let reports: [String]

  /// What a second or third request of a record does.
  private static let further: [String: [String]] = [
    "appliances": ["network-appliances", "appliance-settings"], "policies": ["policy-scopes", "policy-documents"],
    "option-profiles": ["option-profile-completions"],
  ]
  /// What comes before the requests has a report of its own.
  private static let before: [String: [String]] = ["asset-groups": ["asset-groups-rewrite"], "tags": ["tags-restructure"]]

  /// Those of a folder: what is moved, in its order, and then whatever else has a list, a report or a journal.
  static func all(in files: MigrationFiles) -> [Source] {
    var sources = Catalog.movable.map { resource in
      Source(
        name: resource.name, resource: resource, stems: [resource.name] + (further[resource.name] ?? []), reports: before[resource.name] ?? [])
    }
    var known = Set(sources.flatMap { $0.stems + $0.reports })
    let others = files.stems(in: "lists", ".urls") + files.stems(in: "lists", ".tsv") + files.stems(in: "sent", ".journal")
    for stem in others.sorted() where !files.isReserved(stem) && known.insert(stem).inserted {
      sources.append(Source(name: stem, resource: nil, stems: [stem], reports: []))
    }
    return sources
  }
}

extension MigrationFiles {
  fileprivate func isReserved(_ stem: String) -> Bool { stem.contains("secret") || stem.contains("credential") }
}

/// All that there is to say of one resource.
final class Chapter {
  let source: Source
  let ledger = Ledger()
  /// Records of the source, of the target before, and of the target as it was fetched back. Nil for what nobody knows.
  private(set) var read: Int?
  private(set) var before: Int?
  private(set) var after: Int?
  private(set) var requests = 0
  private(set) var hasList = false
  private(set) var hasJournal = false
  /// Requests by the word of the journals.
  private(set) var done = 0
  private(set) var refused = 0
  private(set) var unknown = 0
  private(set) var servers: Set<String> = []
  private(set) var firstTime = 0
  private(set) var lastTime = 0
  /// Notes that are of no record.
  private(set) var general = Rows()
  /// Rows of the comparison.
  private(set) var missing = 0
  private(set) var more = 0
  private var hasComparison = false
  /// One of its comparisons cannot be read, or not all of it: that there is no difference says nothing then.
  private(set) var hasBrokenComparison = false
  var isVerified: Bool { hasComparison && !hasBrokenComparison }
  private(set) var comparison = Rows()
  /// The map of its ids: its rows, and the records that have none.
  private(set) var mapFile: String?
  private(set) var mapRows = 0
  private(set) var holes = Rows()
  private(set) var unread: [Unread] = []

  /// Reads all that is there of it. Errors: `local`.
  ///
  /// - Parameters:
  ///   - target: whose the journals must be.
  ///   - undoing: what was to be deleted again.
  init(_ source: Source, in files: MigrationFiles, _ target: TargetServer, _ undoing: Undoing) throws(Complaint) {
    self.source = source
    readLists(files)
    readMaps(files)
    for (at, stem) in source.stems.enumerated() { try readJournal(stem, files, isFirst: at == 0, target, undoing) }
    for stem in source.stems { try readRequests(stem, files) }
    for report in source.reports { try readNotes(report, files, isFirst: true) }
    for (at, stem) in source.stems.enumerated() { try readNotes(stem, files, isFirst: at == 0) }
    for stem in source.stems { try readComparison(stem, files) }
    countHoles()
  }

  /// What an undoing has left of which no other chapter has a record. Errors: `local`.
  init(ofRestOf undoing: Undoing) throws(Complaint) {
    source = Source(name: "undo", resource: nil, stems: [], reports: [])
    for entry in undoing.rest {
      hasJournal = true
      count(entry)
      let place = place(entry.kind, entry.source, entry.name.isEmpty ? entry.call : entry.name)
      try ledger.add(entry, Self.markup(of: entry, Undoing.file), to: place, isFirst: true)
    }
  }

  private static let titles = [
    "undo": "Other deletions",
    "ips": "IP addresses", "ipv6-mappings": "IPv6 mapping records", "pc-schedules": "Compliance schedules", "auth": "Authentication records",
  ]

  var title: String {
    if let title = Self.titles[source.name] { return title }
    let words = source.name.replacing("-", with: " ")
    return words.prefix(1).uppercased() + words.dropFirst()
  }

  /// There is something to say.
  var isThere: Bool {
    read != nil || hasList || hasJournal || !ledger.entries.isEmpty || general.count > 0 || isVerified || !unread.isEmpty
  }

  /// The fates of its records, and of what else was asked for.
  var fates: Fates {
    var fates = Fates()
    for entry in ledger.entries { fates.add(entry.fate) }
    return fates
  }

  var notes: NoteCounts {
    var notes = ledger.generalNotes
    for entry in ledger.entries { notes.add(entry.notes) }
    return notes
  }

  /// What is said of a file of 0 bytes, where whoever writes it writes a line in any case.
  private static let nothing = Complaint(.refused, "there is nothing at all: whatever was to write the file has failed")

  /// Goes on with the next file when one cannot be read, and keeps the reason.
  private func attempt(_ path: String, _ files: MigrationFiles, _ body: () throws(Complaint) -> Void) {
    do throws(Complaint) { try body() } catch {
      unread.append(Unread(path, error, in: files))
    }
  }

  // MARK: The lists of both sides

  private func exports(_ side: String, _ files: MigrationFiles) -> (resources: [Resource], paths: [String])? {
    guard let resource = source.resource, let folder = try? ExportFolder(files.path(side)) else { return nil }
    let (resources, paths): ([Resource], [String]) =
      switch resource.name {
      case "auth": (Resource.authenticationTypes, folder.documents(in: "auth"))
      case "report-templates":
        (Resource.reportTemplateExports, folder.documents(in: "report-templates") + folder.files(of: Resource.reportTemplateExports.map(\.name)))
      default: ([resource], folder.files(of: resource.name))
      }
    let plain = resources.filter { $0.identity != nil }
    return plain.isEmpty || paths.isEmpty ? nil : (plain, paths)
  }

  private func readLists(_ files: MigrationFiles) {
    // A name that is unique below another object only says nothing by itself.
    let isComparable = source.resource?.identity?.parent == nil
    // One of another kind is another object, whatever it is called: an authentication record of another type.
    var there: [NamedObjects.Key: String] = [:]
    func key(_ kind: String, id: String, name: String) -> NamedObjects.Key? {
      name.isEmpty && id.isEmpty ? nil : NamedObjects.Key(kind: kind, name: name.isEmpty ? id : name)
    }
    read = count("source", files) { item in self.ledger.list(item) }
    for side in ["before", "after"] {
      there.removeAll(keepingCapacity: true)
      let number = count(side, files) { item in if isComparable, let key = key(item.kind, id: item.id, name: item.name) { there[key] = item.id } }
      if side == "before" { before = number } else { after = number }
      if there.isEmpty { continue }
      for (at, entry) in ledger.entries.enumerated() where entry.isListed {
        guard let key = key(ledger.kind(of: entry), id: entry.id, name: entry.name), let id = there[key] else { continue }
        if side == "before" { ledger.set(at, target: nil, wasThere: true) } else { ledger.set(at, target: id, isThere: true) }
      }
    }
  }

  /// Reads the lists of a side, and counts their records; nil if there is none.
  private func count(_ side: String, _ files: MigrationFiles, _ take: @escaping (NamedObjects.Item) -> Void) -> Int? {
    guard let (resources, paths) = exports(side, files) else { return nil }
    var count = 0
    for path in paths {
      attempt(String(path.dropFirst(files.folder.utf8.count + 1)), files) { () throws(Complaint) in
        _ = try ListFilter(
          objectsOf: resources, in: DocumentKind(anyOf: resources), reading: [path], options: .silent(allowsTruncated: true)
        ).forEachObject { item in
          count += 1
          take(item)
        }
      }
    }
    return count
  }

  // MARK: Maps

  private func readMaps(_ files: MigrationFiles) {
    let name = source.name
    let own = name.hasSuffix("search-lists") ? "search-lists" : name
    for (file, isBefore) in [("maps/\(own)-before.csv", true), ("maps/\(own).csv", false), ("sent/\(name).csv", false)] where files.opens(file) {
      attempt(file, files) { () throws(Complaint) in
        let bytes = try Input(files.path(file)).rest()
        guard let last = bytes.last else { throw Self.nothing }
        if last != "\n" { throw Complaint(.refused, "the last row has no end: the map was cut off") }
        var fields: [String] = []
        var field: [UInt8] = []
        try CSV.scan(bytes.span) { part throws(Complaint) in
          switch part {
          case .byte(let byte): field.append(byte)
          case .endOfField:
            fields.append(String(decoding: field, as: UTF8.self))
            field.removeAll(keepingCapacity: true)
          case .endOfRow:
            defer { fields.removeAll(keepingCapacity: true) }
            guard fields.count > 1, fields[0] != "source_id" else { return }
            if !isBefore, self.mapFile == nil || self.mapFile == file { (self.mapFile, self.mapRows) = (file, self.mapRows + 1) }
            guard !fields[1].isEmpty, fields[1] != IDMap.missingMark, let resource = self.source.resource else { return }
            guard let place = self.ledger.known(resource.kind, fields[0]) else { return }
            self.ledger.set(place, target: isBefore ? nil : fields[1], wasThere: isBefore ? true : nil, isThere: isBefore ? nil : true)
          }
        }
      }
    }
  }

  private func countHoles() {
    guard mapFile?.hasPrefix("maps/") == true else { return }
    for entry in ledger.entries where entry.isListed && entry.target.isEmpty {
      holes.add(HTML.row(HTML.name(entry.name), ["<code>\(HTML.text(entry.id, atMost: 80))</code>", entry.fate.label]))
    }
  }

  // MARK: Requests

  /// The record that a request or a journal is about.
  private func place(_ kind: String, _ id: String, _ name: String) -> Int {
    if !id.isEmpty { return ledger.place(of: kind, id, name) }
    // A tree of tags, a range of addresses.
    let own = source.resource?.kind ?? ""
    return ledger.named(name) ?? ledger.place(of: !kind.isEmpty ? kind : own.isEmpty ? "request" : own, "", name)
  }

  private func readRequests(_ stem: String, _ files: MigrationFiles) throws(Complaint) {
    let file = "lists/\(stem).urls"
    guard files.opens(file) else { return }
    hasList = true
    attempt(file, files) { () throws(Complaint) in
      try ListReader([files.path(file)]).forEachRequest { request, _, line throws(Complaint) in
        self.requests += 1
        let place = self.place(request.origin?.kind ?? "", request.origin?.id ?? "", request.name)
        try self.ledger.add(request: request.call, Self.markup(of: request, "\(file):\(line)"), to: place)
      }
    }
  }

  /// How many lines of a body are shown, and how many characters of a value.
  private static let (mostLines, mostCharacters) = (120, 2000)

  private static func markup(of request: Request, _ place: String) -> String {
    var rows = ""
    for (name, lines) in request.rows {
      let value: String
      if lines.count > 1 {
        let shown = lines.prefix(mostLines).map { HTML.text($0, atMost: 400) }.joined(separator: "\n")
        let rest = lines.count > mostLines ? "\n<em>… \(HTML.counted(lines.count - mostLines, "more line"))</em>" : ""
        value = "<pre>\(shown)\(rest)</pre>"
      } else {
        value = HTML.lines(lines.first ?? "", atMost: mostCharacters)
      }
      rows += HTML.row(HTML.text(name, atMost: 100), [value])
    }
    let call = "\(request.deletion == nil ? "" : "deletes: ")\(HTML.text(request.method)) <code>\(HTML.text(request.path, atMost: 400))</code>"
    let caption = "\(call) <span class=\"where\">\(HTML.text(place))</span>"
    if rows.isEmpty { return "<p>\(caption)</p>\n" }
    return HTML.table(caption, ["parameter", "value"], rows, isHidden: false, kind: "request")
  }

  // MARK: Journals

  private func readJournal(_ stem: String, _ files: MigrationFiles, isFirst: Bool, _ target: TargetServer, _ undoing: Undoing) throws(Complaint) {
    let file = "sent/\(stem).journal"
    guard files.exists(file) else { return }
    hasJournal = true
    attempt(file, files) { () throws(Complaint) in
      let journal = try JournalText(reading: files.path(file), of: nil)
      try target.check(journal.server, of: file)
      self.servers.insert(journal.server)
      for entry in journal.requests {
        let place = self.place(entry.kind, entry.source, entry.name)
        try self.ledger.add(entry, Self.markup(of: entry, file), to: place, isFirst: isFirst)
        self.count(entry)
        let id: String
        switch entry.state {
        case .done(let done): id = done
        case .partly(let ids, _): id = ids
        case .refused, .unknown, .unsent: continue
        }
        guard isFirst, let deletion = undoing.deletion(of: entry, id: id) else { continue }
        try self.ledger.add(deletion: deletion, Self.markup(of: deletion, Undoing.file), to: place)
      }
    }
  }

  private func count(_ entry: JournalText.Entry) {
    switch entry.state {
    case .done: done += 1
    case .refused, .partly: refused += 1
    case .unknown: unknown += 1
    case .unsent: break
    }
    if entry.begun > 0 { firstTime = firstTime == 0 ? entry.begun : min(firstTime, entry.begun) }
    lastTime = max(lastTime, entry.latest)
  }

  static func markup(of entry: JournalText.Entry, _ file: String) -> String {
    let words: String =
      switch entry.state {
      case .done(let id) where entry.isDeletion: "deleted" + (id.isEmpty ? "" : ": <code>\(HTML.text(id, atMost: 400))</code>")
      case .done(let id):
        (entry.isFound ? "found there" : "done") + (id.isEmpty ? "" : ", <code>\(HTML.text(id, atMost: 400))</code> in the target")
      case .refused(let code, let text): "refused: \(HTML.text(code.isEmpty ? text : "\(code): \(text)", atMost: 2000))"
      case .partly(let ids, let reason): "done in part: <code>\(HTML.text(ids, atMost: 400))</code>: \(HTML.text(reason, atMost: 2000))"
      case .unknown(let reason): "unknown: \(HTML.text(reason, atMost: 2000))"
      case .unsent: "it has not reached the service"
      }
    let time = entry.latest > 0 ? UTC.stamp(of: entry.latest) : ""
    let call = entry.call.isEmpty ? "" : " <code>\(HTML.text(entry.call, atMost: 300))</code>"
    return "<li>\(time.isEmpty ? "" : "<time>\(time)</time> ")\(words)\(call) <span class=\"where\">\(HTML.text(file))</span></li>\n"
  }

  // MARK: Notes

  private func readNotes(_ stem: String, _ files: MigrationFiles, isFirst: Bool) throws(Complaint) {
    let file = "lists/\(stem).tsv"
    guard files.opens(file) else { return }
    attempt(file, files) { () throws(Complaint) in
      var lines = 0
      try Input(files.path(file)).forEachLine(mustEnd: true) { line, number throws(Complaint) in
        lines = number
        if number == 1 {
          if !Note.columns.utf8.dropLast().elementsEqual(line) { throw Complaint(.refused, "this is no report", at: String(number)) }
          return
        }
        let fields = TSV.fields(of: line, forSpreadsheet: true)
        guard fields.count == 6, let disposition = Disposition(rawValue: fields[4]) else {
          throw Complaint(.refused, "this is no row of a report", at: String(number))
        }
        let (kind, id, name) = (fields[0], fields[1], fields[2])
        let reason = HTML.lines(fields[5], atMost: 2000)
        if let place = self.place(ofNoteOn: kind, id, name) {
          let row = HTML.row(fields[3].isEmpty ? "the record" : "<code>\(HTML.text(fields[3], atMost: 200))</code>", [disposition.rawValue, reason])
          try self.ledger.add(disposition, element: fields[3], row, to: place, isFirst: isFirst)
        } else {
          self.ledger.add(general: disposition)
          let subject = Subject(kind: kind, id: id, name: name).description
          let element = fields[3].isEmpty ? "" : "<code>\(HTML.text(fields[3], atMost: 200))</code>"
          self.general.add(HTML.row("<bdi>\(HTML.text(subject, atMost: 200))</bdi>", [element, disposition.rawValue, reason]))
        }
      }
      if lines == 0 { throw Self.nothing }
    }
  }

  /// The record that a note is on; nil if it is on the list, or on something else than its records.
  private func place(ofNoteOn kind: String, _ id: String, _ name: String) -> Int? {
    if !id.isEmpty, let known = ledger.known(kind, id) { return known }
    if id.isEmpty, !name.isEmpty, let known = ledger.named(name) { return known }
    let isOwn = source.resource.map { $0.kind == kind || $0.name == "auth" && kind.hasPrefix("auth-") } ?? true
    return !isOwn || id.isEmpty && name.isEmpty ? nil : ledger.place(of: kind, id, name)
  }

  // MARK: The comparison

  private func readComparison(_ stem: String, _ files: MigrationFiles) throws(Complaint) {
    let file = "verify/\(stem).tsv"
    guard files.opens(file) else { return }
    hasComparison = true
    let broken = unread.count
    attempt(file, files) { () throws(Complaint) in
      try Input(files.path(file)).forEachLine(mustEnd: true) { line, number throws(Complaint) in
        let word = String(decoding: line.prefix { $0 != "\t" }, as: UTF8.self)
        guard ["missing", "more"].contains(word), line.count > word.utf8.count + 1 else {
          throw Complaint(.refused, "this is no row of a comparison", at: String(number))
        }
        let rest = line.dropFirst(word.utf8.count + 1)
        if word == "more" { self.more += 1 } else { self.missing += 1 }
        var what = HTML.text(String(decoding: rest, as: UTF8.self).replacing("\t", with: " "), atMost: 400)
        if case .request(let request)? = try? RequestLine(parsing: Array(rest)) {
          let subject = Subject(kind: request.origin?.kind ?? "request", id: request.origin?.id ?? "", name: request.name).description
          what = "<bdi>\(HTML.text(subject, atMost: 200))</bdi>"
          if word == "missing" {
            let place = self.place(request.origin?.kind ?? "", request.origin?.id ?? "", request.name)
            let words = "what was asked for is missing in the target, or is there otherwise <span class=\"where\">\(HTML.text(file)):\(number)</span>"
            try self.ledger.add(comparison: "<li>\(words)</li>\n", to: place)
          }
        }
        self.comparison.add(HTML.row(HTML.text(word, atMost: 40), [what, "<code>\(HTML.text(file)):\(number)</code>"]))
      }
    }
    if unread.count > broken { hasBrokenComparison = true }
  }
}
