import Support
import SystemPackage
import Testing

/// A program under test: arguments and an input with which it succeeds, and how to read its answer.
///
/// Each is a folder, `fixtures/faults/<room>/`, or `fixtures/faults/<room>+<way>/` for a room that is asked in a second way:
///
///     subject         how to read the answer, and what kind of program this is: see `Subject.init`
///     args            the arguments, one a line; no file if none
///     opening.xml     what stands before the first record
///     record.xml      a record, with {title}, {number}, {4000000+number} and {number%250} in it; record.urls for a list of requests
///     closing.xml     what stands behind the last record
///     files/          small files that it reads besides its input
///
/// Whatever the documents hold is made here: example.com names, RFC 5737 and RFC 1918 addresses.
struct Subject: CustomTestStringConvertible, Sendable {
  /// How an answer holds the titles of the records.
  enum Titles: Equatable {
    /// As a parameter of each request.
    case parameter(String)
    /// As an element, of the document or of each request's body.
    case element(String)
    /// As a column of a table, counted from 1, of so many.
    case column(Int, of: Int)
    /// Not at all.
    case none
  }

  /// What a second way of asking a room is there for: the rest is tried of the first.
  enum Part: String {
    case reading
    /// It succeeds with a status of its own, so what succeeds is asked of others.
    case writing
    /// What it reads are journals, which cannot be made of a template, since each line has a checksum: cases and fuzzing try what is wrong with one.
    case output
  }

  /// The folder's name.
  var folder: String
  var name: String
  /// What makes it succeed. Its files stand in the folder it runs in.
  var arguments: [String] = []
  /// Small files that it reads besides its input.
  var files: [String: String] = [:]
  /// A file that holds the same document as the input, if the program compares two.
  var twin: String?
  /// The declaration, and what else stands before the first record; a request list has neither.
  var opening: [String] = []
  var closing = ""
  /// A record, with placeholders for its number and its title.
  var template = ""
  var titles = Titles.none
  /// It writes while it reads if told `--unbuffered`.
  var streams = false
  /// It writes XML.
  var writesXML = false
  /// It gives its input back but for the ids.
  var splices = false
  /// It has no threads and no maps.
  var isAlone = false
  /// A report names its records by something else than the title of an answer.
  private(set) var isNamedOtherwise = false
  /// It takes any document that is well-formed, an error of the service, too.
  private(set) var takesAny = false
  var only: Part?

  var testDescription: String { folder }
  var program: FilePath { Place.program(name) }
  var readsXML: Bool { !opening.isEmpty }
  /// It has a report: all but the checker of request lists.
  var isFilter: Bool { readsXML }
  /// It has threads: all but what only collects, and what only copies.
  var hasJobs: Bool { readsXML && twin == nil && !isAlone }

  /// What makes it meet the code that rooms share in its own way: see `shapes`.
  var shape: [String] {
    let answer =
      switch titles {
      case .parameter: "parameters"
      case .element: "elements"
      case .column: "columns"
      case .none: "none"
      }
    let facts = [(readsXML, "xml"), (streams, "streams"), (writesXML, "writes"), (splices, "splices"), (isAlone, "alone"), (twin != nil, "twin")]
    return [answer] + facts.filter(\.0).map(\.1)
  }

  /// It writes a list of requests.
  var writesRequests: Bool {
    if case .column = titles { return false }
    return !writesXML
  }

  /// It writes requests whose titles stand in forms.
  var writesForms: Bool {
    if case .parameter = titles { return true }
    return false
  }

  /// Where the title of the first record stands.
  static let mark = "Qmark"

  /// A part of a template.
  private enum Piece: Sendable {
    case text([UInt8])
    case title
    /// The number of the record and so many more.
    case number(Int)
    /// What the number leaves.
    case remainder(Int)
  }

  /// The template, taken apart once: a document may have thousands of records.
  private var pieces: [Piece] = []

  private static func pieces(of template: String) -> [Piece] {
    var pieces: [Piece] = []
    var rest = template[...]
    while let found = rest.firstMatch(of: /\{(?:(title)|(number)|number%(\d+)|(\d+)\+number)\}/) {
      pieces.append(.text(Array(rest[..<found.range.lowerBound].utf8)))
      let (_, title, _, divisor, start) = found.output
      pieces.append(title != nil ? .title : divisor.map { .remainder(Int($0) ?? 1) } ?? .number(start.map { Int($0) ?? 0 } ?? 0))
      rest = rest[found.range.upperBound...]
    }
    return pieces + [.text(Array(rest.utf8))]
  }

  private func add(_ number: Int, _ title: [UInt8], to document: inout [UInt8]) {
    for piece in pieces {
      switch piece {
      case .text(let text): document += text
      case .title: document += title
      case .number(let start): document += String(start + number).utf8
      case .remainder(let divisor): document += String(number % divisor).utf8
      }
    }
  }

  /// A record: its number, and its title as it must stand in the document.
  func record(_ number: Int, _ title: String) -> String {
    var record: [UInt8] = []
    add(number, Array(title.utf8), to: &record)
    return String(decoding: record, as: UTF8.self)
  }

  /// Answers have the names that the input has.
  var tellsTitles: Bool { if case .none = titles { false } else { true } }

  /// Reports have them, too.
  var reportsTitles: Bool { tellsTitles && !isNamedOtherwise }

  /// The titles that an answer holds, in its order; nil if such answers hold none.
  func titles(in answer: [UInt8]) -> [String]? {
    switch titles {
    case .parameter(let name): Percent.values(of: name, in: answer)
    case .element(let name): XMLText.contents(of: name, in: answer)
    case .column(let column, let count):
      CSVText.rows(of: answer).dropFirst().map { $0.count == count ? $0[column - 1] : "not a row of \(count): \($0)" }
    case .none: nil
    }
  }

  /// True if an answer holds these titles, or such answers hold none.
  func says(_ expected: [String], in answer: [UInt8]) -> Bool { titles(in: answer).map { $0 == expected } ?? true }

  /// A title as it must stand in the document to mean this text.
  func escaped(_ title: String) -> [UInt8] { readsXML ? XMLText.escaped(title) : Percent.encoded(title) }

  /// A document of one record with a title that already is as the document needs it: broken, perhaps.
  func document(titled title: [UInt8]) -> [UInt8] {
    Array((opening.joined() + record(1, Self.mark) + closing).utf8).replacing(Array(Self.mark.utf8), with: title)
  }

  func document(titled title: String) -> [UInt8] { document(titled: escaped(title)) }

  /// A document of many records, all with different titles.
  func document(records count: Int, padding: Int = 0) -> [UInt8] {
    let filler = [UInt8](repeating: UInt8(ascii: "x"), count: padding)
    var document = Array(opening.joined().utf8)
    document.reserveCapacity(document.count + count * (template.utf8.count + padding + 32))
    for number in 1...count { add(number, escaped("Site \(number) & annex ") + filler, to: &document) }
    return document + closing.utf8
  }

  /// One record, less than 1 KiB.
  var sample: [UInt8] { document(titled: "R&D") }
  /// Some 10 MB in, and as much out.
  var large: [UInt8] { document(records: 3_000, padding: 3_300) }

  /// An XML document in the place where this program reads one: its input, or the body of a request.
  func input(_ document: String) -> [UInt8] { readsXML ? Array(document.utf8) : Array("POST\t/qps/rest/2.0/create/am/tag\t\(document)\n".utf8) }

  /// The name of the root element.
  var root: Substring { opening[1].dropFirst().prefix { $0 != ">" } }

  /// A document with something behind the name in its DOCTYPE, and with markup in a title or between the records.
  func document(doctype: String, titled title: String = "", between: String = "") -> [UInt8] {
    // A line feed would end a request.
    guard readsXML else { return input("<!DOCTYPE a \(doctype)><a><b>\(title)</b>\(between)</a>") }
    return Array((opening[0] + "<!DOCTYPE \(root) \(doctype)>" + opening[1] + record(1, title) + between + closing).utf8)
  }
}

extension Subject {
  struct Flaw: Error, CustomStringConvertible { var description: String }

  static let fixtures = Place.root.appending("fixtures/faults")

  /// Reads a folder of `fixtures/faults`. Its file `subject` has a fact a line:
  ///
  ///     titles parameter NAME       or `element NAME`, `column 3 of 3`, `none`
  ///     streams, writes-xml, splices, alone, any
  ///     twin FILE
  ///     only reading                or `only writing`, `only output`
  init(folder: String) throws {
    self.folder = folder
    name = "qtbx-" + folder.prefix { $0 != "+" }
    let place = Self.fixtures.appending(folder)
    func text(_ file: String) throws -> String? { try Files.read(place.appending(file)).map { String(decoding: $0, as: UTF8.self) } }
    arguments = try text("args")?.utf8Lines ?? []
    for file in Files.names(in: place.appending("files")) { files[file] = try text("files/" + file) }
    if let before = try text("opening.xml") {
      let declaration = before.utf8Lines.first.map { $0 + "\n" } ?? ""
      opening = [declaration, String(before.dropFirst(declaration.count))]
      closing = try text("closing.xml") ?? ""
    }
    template = try text(opening.isEmpty ? "record.urls" : "record.xml") ?? ""
    pieces = Self.pieces(of: template)
    guard template.contains("{title}"), opening.isEmpty || opening[1].hasPrefix("<") && !closing.isEmpty else {
      throw Flaw(description: "\(place): it needs a record with {title} in it, and an opening of a declaration and more if it has a closing")
    }
    var isRead = false
    for line in try text("subject")?.utf8Lines ?? [] {
      let words = line.split(separator: " ").map { String($0) }
      switch (words.first, words.count) {
      case ("titles", 3) where words[1] == "parameter": titles = .parameter(words[2])
      case ("titles", 3) where words[1] == "element": titles = .element(words[2])
      case ("titles", 5) where words[1] == "column" && words[3] == "of":
        guard let column = Int(words[2]), let count = Int(words[4]), (1...count).contains(column) else { throw unknown(line) }
        titles = .column(column, of: count)
      case ("titles", 2) where words[1] == "none": titles = .none
      case ("streams", 1): streams = true
      case ("writes-xml", 1): writesXML = true
      case ("splices", 1): splices = true
      case ("alone", 1): isAlone = true
      case ("any", 1): takesAny = true
      case ("named", 2) where words[1] == "otherwise": isNamedOtherwise = true
      case ("twin", 2): twin = words[1]
      case ("only", 2):
        guard let part = Part(rawValue: words[1]) else { throw unknown(line) }
        only = part
      default: throw unknown(line)
      }
      if words.first == "titles" { isRead = true }
    }
    if !isRead { throw Flaw(description: "\(place)/subject: how are titles read?") }
    func unknown(_ line: String) -> Flaw { Flaw(description: "\(place)/subject: nobody knows: \(line)") }
  }

  static func named(_ folder: String) -> Subject {
    do { return try Subject(folder: folder) } catch { preconditionFailure("\(error)") }
  }

  /// Every folder.
  static let known = Files.names(in: fixtures).map(named)

  /// Every room, as it is asked first.
  static let all = known.filter { $0.only == nil }
  static let filters = all.filter(\.isFilter)
  /// Everything that writes: with rows, qtbx-verify has a status of its own, so what succeeds is asked of the others.
  static let writers = known.filter { $0.only != .reading }
  /// Every way of reading.
  static let everyReading = known.filter { $0.only == nil || $0.only == .reading }
  /// Everything that reads XML on standard input, and the place where it does so.
  static let readers = everyReading.filter(\.readsXML)

  /// The first room of each shape, by name. What costs many runs, megabytes or a slow tool is tried with these: what a fault meets is the code that
  /// rooms share, and a room more of a shape that is known makes the suite longer by the cheap faults only.
  static let shapes: [Subject] = {
    var known: Set<[String]> = []
    return all.filter { known.insert($0.shape).inserted }
  }()

  /// The same, and the ways of writing that have a status of their own.
  static let shapeWriters = shapes + writers.filter { $0.only != nil }
  /// Those whose answers are as long as their input: what sums up its input says little, however much it reads.
  static let longWriters = shapeWriters.filter(\.tellsTitles)

  /// These rooms, and the second ways of asking them.
  static func everyReading(of rooms: [Subject]) -> [Subject] {
    everyReading.filter { one in rooms.contains { $0.name == one.name } }
  }

  static let rewrite = named("ag-rewrite")
  static let groupsToURLs = named("ag-to-urls")
  static let map = named("map")
  static let requests = named("requests")
}
