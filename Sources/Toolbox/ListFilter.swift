internal import ArgumentParser
package import Base
package import Catalog
package import Markup
package import Requests

/// A filter over a list: reads documents record by record, works on batches of records side by side, and gives the whole answer or none.
///
/// A room says what the list is; the rest, from the first byte to the closing line, is done here.
package struct ListFilter: Sendable {
  /// What is to become of a record.
  package enum Fate: Sendable { case keep, remove }

  /// What the records of a list are.
  struct ListedKind: Sendable {
    /// Of the document.
    let name: String
    let kind: String
    let hasRecords: Bool
  }

  /// What the target's lists have.
  struct Present: Sendable {
    var keys: Set<NamedObjects.Key> = []
    var lists: [ListedKind] = []

    /// What they do not tell of the records.
    ///
    /// - Parameter isOneList: the records are those of one list, and so is what the target has of them; else each kind has a list of its own, which the
    ///   target may lack.
    /// - Errors: `refused` if there is one list, and the target's is of another kind: whatever it has would be created again.
    func notes(on records: [ListedKind], isOneList: Bool) throws(Complaint) -> [Note] {
      let known = Set(lists.map(\.kind))
      if known.isEmpty || records.isEmpty { return [] }
      func nouns(_ lists: [ListedKind]) -> String {
        Set(lists.map { Resource.noun(of: $0.kind) }).sorted().map { String($0.counted(2).dropFirst(2)) }.joined(separator: " and ")
      }
      guard !isOneList || records.contains(where: { known.contains($0.kind) }) else {
        throw Complaint(.refused, "it is the target's list of \(nouns(lists)), which says nothing about \(nouns(records))", at: lists[0].name)
      }
      let untold = Set(records.filter { $0.hasRecords && !known.contains($0.kind) }.map(\.kind))
      return untold.sorted().map { kind in
        Note(.noted, Subject(kind: kind), "no list of the target is of this kind: what the target has of it is not known, and would be created again")
      }
    }
  }

  /// What the list is.
  package var document: DocumentKind
  /// What a record is, as in a request's fragment: `asset-group`.
  package var kind: String
  /// What the records of one list are, by its root element and its system identifier, where `kind` is not what all lists hold.
  package var kindOfList: (@Sendable (_ root: String, _ doctype: String) -> String)?
  /// Where a record says what it is.
  let identity: Identity
  /// What is done with the ids and names that it holds.
  package var translation: [TranslationRule]
  /// What a record may hold; nil where the caller keeps the account by itself.
  var grammar: RecordGrammar?
  /// The grammar is one of the user's own.
  private var isGrammarForeign = false
  /// Looks at a record that the grammar does not refuse, before the stylesheet does, and decides: for what only a comparison with another list
  /// can tell. Its notes are added to the account; a record that it refuses, it removes. It runs on any thread.
  package var inspect: (@Sendable (borrowing Outline, Subject, inout [Note]) -> Fate)?
  /// What the stylesheet leaves out, whatever its ids are: they need no target.
  package var isLeftOut: (@Sendable (borrowing Outline) -> Bool)?
  /// Whether it is said what the grammar drops: false where another step from the same records says it.
  package var saysDrops = true
  /// The records that go before all others, wherever they stand in the list; nil where the order of the list is that of the requests. The others
  /// are put aside until the whole list has been read. It is one list: its kind does not depend on the document.
  package var precedence: (@Sendable (borrowing Outline) -> Bool)?
  /// Looks at each request that is written, on any thread: for what only all of them together tell.
  package var observe: (@Sendable (Request) -> Void)?
  /// What is true of the whole list, said once if it has records, or says something of itself.
  package var remarks: [Note]
  let paths: [String]
  let options: CommonOptions
  var skipsRefused = false
  /// How many records are worked on at a time.
  private(set) var batchSize = 64
  /// Records that stand twice, or share an id or a name, are found.
  private(set) var checksIdentity = false
  /// What the target has already: it is not created again.
  private(set) var present = Present()
  /// Whose records these are: one resource's, but for lists of which only ids and names matter.
  let resources: [Resource]

  /// - Parameters:
  ///   - others: further resources, the lists of which it takes as well: their records have the same kind, id and name.
  ///   - document: how the records come, if not as the resource lists them.
  ///   - grammar: the text of the grammar of its records.
  ///   - remarks: elements that no list has, and why.
  ///   - paths: the documents to read, `-` for standard input.
  /// Errors: `fault` if the grammar is none.
  package init(
    _ resource: Resource, besides others: [Resource] = [], as document: DocumentKind? = nil, grammar: [UInt8], translation: [TranslationRule] = [],
    remarks: [(element: String, reason: String)] = [], reading paths: [String], options: CommonOptions
  ) throws(Complaint) {
    resources = [resource] + others
    self.document = document ?? DocumentKind(anyOf: resources)
    kind = resource.kind
    identity = resource.identity ?? Identity(anyOf: [])
    self.translation = translation
    self.grammar = try RecordGrammar(parsing: grammar, named: "the built-in grammar")
    let kind = kind
    self.remarks = remarks.map { Note(.dropped, Subject(kind: kind), element: $0.element, $0.reason) }
    self.paths = paths
    self.options = options
  }

  /// The lists of several resources, of which only ids and names matter; or what another grammar says of their records.
  package init(
    objectsOf resources: [Resource], in document: DocumentKind, grammar text: [UInt8]? = nil, reading paths: [String], options: CommonOptions
  ) throws(Complaint) {
    self.resources = resources
    self.document = document
    kind = resources.count == 1 ? resources[0].kind : "object"
    identity = Identity(anyOf: resources)
    translation = []
    if let text {
      grammar = try RecordGrammar(parsing: text, named: "the built-in grammar")
    } else {
      grammar = try RecordGrammar(identitiesOf: resources)
    }
    remarks = []
    self.paths = paths
    self.options = options
  }

  /// Checks the records against a grammar of the user's own, if one is given. Errors: `local`; `refused` if it is none.
  package mutating func takeGrammar(_ path: String?) throws(Complaint) {
    guard let path else { return }
    grammar = try RecordGrammar(parsing: Input(path).rest(), named: path.shown)
    isGrammarForeign = true
  }

  /// The same for other documents, of which nothing is said.
  init(_ filter: ListFilter, reading paths: [String], options: CommonOptions) {
    resources = filter.resources
    document = filter.document
    kind = filter.kind
    identity = filter.identity
    translation = []
    grammar = filter.grammar
    remarks = []
    self.paths = paths
    self.options = options
  }

  /// Where lists of several calls look alike, a document may say which call it answers. Errors: `refused` if that is another one.
  func refuseAnotherList(_ root: String, asking path: String, doctype: String) throws(Complaint) {
    for (text, what) in [(path, "its request"), (doctype, "its DOCTYPE")] {
      guard let other = Catalog.other(than: resources, answering: text), other.kind != kindOfList?(root, doctype) else { continue }
      throw Complaint(.refused, "by \(what), this is a list of \(other.name), not of \(resources.map(\.name).joined(separator: " or ")): \(text)")
    }
  }

  // MARK: XML to requests

  /// Writes the requests that a stylesheet makes of the records.
  ///
  /// - Parameters:
  ///   - builtIn: the room's own stylesheet, which `--stylesheet` replaces.
  ///   - parameters: the stylesheet's parameters. It also gets `doctype`, the system identifier of the document.
  ///   - conclude: what there is to say of all requests together: by their number, and by what the service says around the records of each document,
  ///     and of each page of the target's list.
  package func writeRequests(
    _ builtIn: [UInt8], parameters: [(name: String, value: String)] = [], as requests: RequestOptions,
    conclude: (_ requests: Int, _ source: [AnswerReader], _ target: [AnswerReader]) -> [Note] = { _, _, _ in [] }
  ) throws(Complaint) {
    let writer = try RequestWriter(requests.format, server: requests.server)
    let format = writer.format
    var spool = HeldOutput(unbuffered: options.unbuffered, frame: HeldOutput.Frame(format))
    var filter = self
    filter.skipsRefused = requests.refused == .skip
    filter.checksIdentity = true
    var count = 0
    var target: [AnswerReader] = []
    if !requests.target.isEmpty {
      var present = Present()
      var list = try ListFilter(
        objectsOf: resources, in: DocumentKind(anyOf: resources), reading: requests.target, options: CommonOptions.silent())
      // Its records are called what those of the source are, by the same rule.
      list.kind = kind
      list.kindOfList = kindOfList
      let said = try list.forEachListed { object in present.keys.insert(object.key) }
      target = said.services
      present.lists = said.lists
      filter.present = present
    }
    try filter.takeGrammar(requests.grammar)
    let observe = filter.observe
    // As XML, what the stylesheet has written is written, so nothing of it can be left out. One of the user's own is wrong as a whole.
    try filter.gather(builtIn, replacedBy: requests.stylesheet, parameters: parameters, refusesRequests: format != .xml && requests.stylesheet == nil)
    {
      result, yield throws(Complaint) -> (bytes: [UInt8], count: Int) in
      if let observe { for request in yield.requests { observe(request) } }
      // The stylesheets' vocabulary is written as they write it, notes and all.
      if format == .xml { return (try result.inside(), yield.requests.count) }
      var list: [UInt8] = []
      for request in yield.requests {
        if !list.isEmpty { list += format.frame.separator.utf8 }
        list += try writer.bytes(of: request)
      }
      return (list, yield.requests.count)
    } take: { list throws(Complaint) in
      count += list.count
      try spool.append(list.bytes)
    } conclude: { source in
      conclude(count, source, target)
    } finish: { () throws(Complaint) in
      try spool.flush()
    }
  }

  /// What a stylesheet has said about a batch.
  package struct StylesheetOutput: Sendable {
    /// In the order of the records.
    package var requests: [Request] = []
    var notes: [Note] = []
    /// What a record holds has made a request that cannot be sent.
    private var unsendable: [Subject] = []

    /// Refuses a record because of one of its requests: it has none then.
    mutating func refuse(_ subject: Subject, _ reason: String) {
      unsendable.append(subject)
      notes.append(Note(.refused, subject, reason))
    }

    /// A record that is refused must not be sent as well. It is asked of what is known to be about one record each.
    mutating func check() throws(Complaint) {
      for subject in unsendable { requests.removeAll { $0.origin?.id == subject.id } }
      for note in notes where note.disposition == .refused {
        if requests.contains(where: { $0.origin?.kind == note.subject.kind && $0.origin?.id == note.subject.id }) {
          throw Complaint(.refused, "the stylesheet refuses \(note.subject.description) and writes it, too")
        }
      }
    }
  }

  /// Applies a stylesheet to batches of records, makes something of each result, and takes these in order.
  ///
  /// Returns what was said about the documents themselves, for a caller that keeps an account of its own, and their root elements.
  /// - Parameters:
  ///   - refusesRequests: a request that is none refuses its record, and not the whole input.
  ///   - make: runs on any thread.
  ///   - conclude: what there is to say when all has been taken, by what the service says around the records of each document.
  ///   - finish: writes the answer, once nothing stands against it.
  @discardableResult
  package func gather<Item: Sendable>(
    _ builtIn: [UInt8], replacedBy path: String? = nil, parameters: [(name: String, value: String)] = [],
    refusesRequests: Bool = false, _ make: @escaping @Sendable (borrowing Stylesheet.Result, StylesheetOutput) throws(Complaint) -> Item,
    take: @escaping (Item) throws(Complaint) -> Void,
    conclude: ([AnswerReader]) throws(Complaint) -> [Note] = { _ in [] }, finish: () throws(Complaint) -> Void = {}
  ) throws(Complaint) -> (notes: [Note], roots: [String]) {
    Stylesheet.register(StylesheetModule(path: "common/vocabulary.xsl", bytes: PackageResources.vocabulary_xsl))
    let source = try path.map { path throws(Complaint) in try Input(path).rest() } ?? builtIn
    let name = path?.shown ?? "the built-in stylesheet"
    // Compiled here once only to complain about it before anything is read.
    if path != nil { _ = try Stylesheet(compiling: source, named: name) }
    let translation = Translation(translation, dropsUnmapped: options.unmapped == .drop)
    var hiding = self
    // To a stylesheet, each element that nobody asks for is one more to look at, and to make a tree of. What a user has written may ask otherwise.
    if path == nil, !isGrammarForeign { hiding.grammar?.hideWholes { Stylesheet.mentions(of: $0, in: source) } }
    let filter = hiding
    let pipeline = ListPipeline<Item>(filter, isSplice: false) { () throws(Complaint) in
      let box = StylesheetBox(try Stylesheet(compiling: source, named: name), named: path?.shown)
      let worker = RecordWorker(filter, translation)
      return { batch throws(Complaint) in
        var yield = BatchResult<Item>()
        worker.begin(batch)
        if batch.bytes.contains("qtbx-target") { try worker.refuseMarks(in: batch) }
        let all = [(name: "doctype", value: batch.doctype)] + parameters
        var records: [PreparedRecord] = []
        for segment in batch.segments {
          guard !segment.finding.isLeftOut else {
            records.append(PreparedRecord(segment.line, notes: segment.finding.notes))
            continue
          }
          let missing = yield.unmapped.count
          let (bytes, subject, notes) = try worker.prepare(Array(batch.bytes[segment.range]), &yield.unmapped)
          let record = PreparedRecord(segment.line, subject, notes: segment.finding.notes + notes, bytes: bytes)
          if bytes == nil, yield.unmapped.count == missing { try record.refuseSilence(in: batch.name) }
          records.append(record)
        }
        /// What the stylesheet says of some of them. Returns how many answers there are, and the records that none of these is known to be about: if
        /// there is one, nothing of it counts.
        func answer(_ records: ArraySlice<PreparedRecord>) throws(Complaint) -> (count: Int, lost: [PreparedRecord]) {
          let handed = records.filter { $0.bytes != nil }
          let subjects = handed.map { $0.subject ?? Subject(kind: batch.kind) }
          var document = batch.surroundings?.opening ?? []
          let closing = batch.surroundings?.closing ?? []
          document.reserveCapacity(handed.reduce(document.count + closing.count) { $0 + ($1.bytes?.count ?? 0) })
          for record in handed { document += record.bytes ?? [] }
          document += closing
          var (count, lost): (Int, [PreparedRecord]) = (0, [])
          try box.apply(to: document, parameters: all) { result throws(Complaint) in
            var said = StylesheetOutput()
            var answers = AnswerCheck(of: subjects)
            var isUnclear = false
            try result.forEachElement { element throws(Complaint) in
              let (kind, id) = (element.attribute("kind"), element.attribute("id"))
              if element.isNamed("request") {
                do throws(Complaint) { said.requests.append(try Request(element)) } catch {
                  guard refusesRequests, !handed.isEmpty else { throw error }
                  if let place = answers.place(kind: kind, id: id) { said.refuse(subjects[place], error.reason) } else { isUnclear = true }
                }
              } else if let note = Note(element) {
                said.notes.append(note)
                if !note.leavesOutRecord, note.disposition != .refused { return }
              }
              count += 1
              answers.take(kind: kind, id: id)
            }
            lost = isUnclear ? handed : answers.unanswered.map { handed[$0] }
            if !lost.isEmpty { return }
            try said.check()
            yield.notes += Self.notes(of: records, and: said.notes)
            yield.items.append(try make(result, said))
          }
          return (count, lost)
        }
        let together = try answer(records[...])
        if together.lost.isEmpty { return yield }
        // Who an answer is about is certain where nobody else is there: a record may have no id, or make requests for other objects only.
        var alone: (count: Int, lost: [PreparedRecord]) = (0, [])
        for index in records.indices {
          guard records[index].bytes != nil else {
            yield.notes += records[index].notes
            continue
          }
          let one = try answer(records[index...index])
          alone.count += one.count
          alone.lost += one.lost
        }
        // A stylesheet that says nothing about a record would lose it in silence; so would one that says something only where no other record is there.
        let lost = alone.lost.isEmpty && alone.count != together.count ? together.lost : alone.lost
        if let first = lost.first {
          let named = lost.prefix(PreparedRecord.mostNamed).map { ($0.subject ?? Subject(kind: batch.kind)).description }
          let words = (named + NoteSample.others(than: named.count, of: lost.count)).joined(separator: ", ")
          throw Complaint(.refused, "the stylesheet says nothing about \(words)", at: "\(batch.name):\(first.line)")
        }
        return yield
      }
    } take: { item throws(Complaint) in
      try take(item)
    }
    try pipeline.run(
      conclude: { () throws(Complaint) in try present.notes(on: pipeline.lists, isOneList: resources.count == 1) + conclude(pipeline.services) },
      finish: finish)
    return (pipeline.documentNotes, pipeline.roots)
  }

  /// What the grammar and the stylesheet have said about some records, record by record.
  ///
  /// Of a record that the stylesheet skips, it does not matter what the call could not have set.
  private static func notes(of records: ArraySlice<PreparedRecord>, and said: [Note]) -> [Note] {
    var notes: [Note] = []
    var rest = said[...]
    for record in records {
      guard let subject = record.subject else {
        notes += record.notes
        continue
      }
      let own = rest.prefix { $0.subject.id == subject.id }
      rest = rest.dropFirst(own.count)
      let isLeftOut = own.contains(where: \.leavesOutRecord)
      notes += record.notes.filter { !isLeftOut || ![.dropped, .unmapped].contains($0.disposition) } + own
    }
    return notes + rest
  }

  /// A record on its way to a stylesheet.
  private struct PreparedRecord {
    /// So many are named of those that a stylesheet says nothing about.
    static let mostNamed = 10

    let line: Int
    /// Nil for one that was left out before.
    let subject: Subject?
    let notes: [Note]
    /// As the stylesheet is to see it; nil for one that it does not see.
    let bytes: [UInt8]?

    init(_ line: Int, _ subject: Subject? = nil, notes: [Note], bytes: [UInt8]? = nil) {
      self.line = line
      self.subject = subject
      self.notes = notes
      self.bytes = bytes
    }

    /// Errors: `fault` if nothing says why the stylesheet does not see it.
    func refuseSilence(in document: String) throws(Complaint) {
      guard !notes.contains(where: { $0.leavesOutRecord || $0.disposition == .refused }) else { return }
      throw Complaint(.fault, "\(subject?.description ?? "a record") would be left out, and nothing says why", at: "\(document):\(line)")
    }
  }

  // MARK: Objects

  /// The ids and names of the records, in their order.
  ///
  /// Returns what was said about the documents themselves, their root elements, and what the service says around their records.
  package func forEachObject(
    _ take: @escaping (NamedObjects.Item) throws(Complaint) -> Void
  ) throws(Complaint) -> (notes: [Note], roots: [String], services: [AnswerReader]) {
    let said = try forEachListed(take)
    return (said.notes, said.roots, said.services)
  }

  /// The same, and what the records of each document are.
  private func forEachListed(
    _ take: @escaping (NamedObjects.Item) throws(Complaint) -> Void
  ) throws(Complaint) -> (notes: [Note], roots: [String], services: [AnswerReader], lists: [ListedKind]) {
    let filter = self
    let resources = NamedObjects.Resources(resources)
    let pipeline = ListPipeline<NamedObjects.Item>(self, isSplice: false) { () throws(Complaint) in
      let worker = RecordWorker(filter, Translation([], dropsUnmapped: false))
      return { batch throws(Complaint) in
        var yield = BatchResult<NamedObjects.Item>()
        worker.begin(batch)
        for segment in batch.segments {
          _ = worker.inspect(Array(batch.bytes[segment.range]), &yield.notes) { record, _, _ in
            var items = NamedObjects.Item.all(in: record, of: resources)
            // Where lists of several kinds have records of one name, the list says what they are.
            if filter.kindOfList != nil { for index in items.indices { items[index].kind = batch.kind } }
            yield.items += items
            return .keep
          }
        }
        return yield
      }
    } take: { item throws(Complaint) in
      try take(item)
    }
    try pipeline.run(conclude: { [] }, finish: {})
    return (pipeline.documentNotes, pipeline.roots, pipeline.services, pipeline.lists)
  }

  // MARK: Values

  /// Reads records that are values, document by document, and gives the account of what they come to together.
  ///
  /// - Parameters:
  ///   - refused: what becomes of a record that cannot be carried.
  ///   - checksIdentity: a record that stands twice is left out, and two of one id are refused.
  ///   - quick: reads a record of the plainest kind, to which the grammar has nothing to say, from its bytes: most are, and need no outline.
  ///   - make: reads any other one that the grammar does not refuse.
  ///   - ended: a document whose records have all been taken: what the service says around them, and what kind its records are.
  ///   - conclude: how many objects all documents come to, since records are not counted one by one, and how many of them are left out.
  package func readValues<Item: Sendable>(
    refused: RefusedRecords = .error, checksIdentity: Bool = false, quick: @escaping @Sendable (ArraySlice<UInt8>) -> Item?,
    make: @escaping @Sendable (borrowing Outline, Subject, inout [Note]) -> Item?, take: @escaping (Item) throws(Complaint) -> Void,
    ended: @escaping (AnswerReader, _ kind: String) throws(Complaint) -> [Note],
    conclude: () throws(Complaint) -> (count: Int, skipped: Int, notes: [Note]) = { (0, 0, []) },
    finish: () throws(Complaint) -> Void = {}
  ) throws(Complaint) {
    var filter = self
    filter.skipsRefused = refused == .skip
    filter.checksIdentity = checksIdentity
    // Values are short.
    filter.batchSize = 4096
    let reading = filter
    let pipeline = ListPipeline<Item>(reading, isSplice: false) { () throws(Complaint) in
      let worker = RecordWorker(reading, Translation([], dropsUnmapped: false))
      return { batch throws(Complaint) in
        var yield = BatchResult<Item>()
        worker.begin(batch)
        for segment in batch.segments {
          if segment.finding.isLeftOut {
            yield.notes += segment.finding.notes
            continue
          }
          let bytes = batch.bytes[segment.range]
          if let item = quick(bytes) ?? worker.value(of: Array(bytes), &yield.notes, make) { yield.items.append(item) }
        }
        return yield
      }
    } take: { item throws(Complaint) in
      try take(item)
    }
    pipeline.documentEnded = ended
    try pipeline.run(summary: conclude, finish: finish)
  }

  // MARK: XML to XML

  /// Writes the document again, byte for byte but for the records that are removed and the values that maps replace.
  ///
  /// - Parameter inspect: looks at a record and decides; its notes are added to the account.
  package func rewrite(_ inspect: @escaping @Sendable (borrowing Outline, Subject, inout [Note]) -> Fate) throws(Complaint) {
    guard paths.count <= 1 else { throw Complaint(.usage, "one document becomes one document: give one file only") }
    let translation = Translation(translation, dropsUnmapped: options.unmapped == .drop)
    let filter = self
    var spool = HeldOutput(unbuffered: options.unbuffered)
    try ListPipeline<[UInt8]>(self, isSplice: true) { () throws(Complaint) in
      let worker = RecordWorker(filter, translation)
      return { batch throws(Complaint) in
        var yield = BatchResult<[UInt8]>()
        worker.begin(batch)
        var output: [UInt8] = []
        output.reserveCapacity(batch.bytes.count + 1024)
        for segment in batch.segments {
          let (said, missing) = (yield.notes.count, yield.unmapped.count)
          if !segment.isRecord {
            output += batch.bytes[segment.range]
          } else if worker.inspect(Array(batch.bytes[segment.range]), &yield.notes, inspect) == .keep,
            let record = try worker.translateInspected(&yield.notes, &yield.unmapped)
          {
            output += record
          } else {
            if yield.unmapped.count == missing {
              try PreparedRecord(segment.line, worker.subject, notes: Array(yield.notes[said...])).refuseSilence(in: batch.name)
            }
            // The line of the record goes with it.
            while let last = output.last, last <= " " { output.removeLast() }
          }
        }
        yield.items = [output]
        return yield
      }
    } take: { output throws(Complaint) in
      try spool.append(output)
    }.run(conclude: { [] }, finish: { () throws(Complaint) in try spool.flush() })
  }
}
