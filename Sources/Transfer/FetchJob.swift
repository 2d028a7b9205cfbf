package import Base
package import Catalog
internal import Glibc
internal import Markup
package import Requests
internal import Toolbox

/// What a fetch is sent out for: one answer, or one document for each id of a file.
package struct FetchJob: Sendable {
  /// What is fetched.
  package var resource: Resource
  /// What a person has said about the call.
  package var callOptions = PageRequest.CallOptions()
  /// The one document that is asked for.
  package var id: String?
  /// Where the answer goes; nil or `-` is standard output. `{id}` stands for the id of each document.
  package var output: String?
  /// The answer is written as it came, page by page.
  package var isRaw = false
  /// A list that the service has cut off is taken, and says so.
  package var allowsTruncated = false
  /// The closing line is left out.
  package var isQuiet = false

  package init(_ resource: Resource) { self.resource = resource }

  private var wholeness: Wholeness { allowsTruncated ? .truncated : .whole }

  /// The ids of a file, one a line, each once. Errors: `refused` for one that could lead out of its folder.
  package static func ids(in path: String) throws(Complaint) -> [String] {
    var ids: [String] = []
    var known: Set<String> = []
    for (number, line) in try Input(path).rest().split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let id = String(decoding: line, as: UTF8.self).trimmed
      if id.isEmpty || id.hasPrefix("#") { continue }
      guard PageRequest.isID(id) else { throw Complaint(.refused, "\"\(id)\" is not an id", at: "\(path.shown):\(number + 1)") }
      if known.insert(id).inserted { ids.append(id) }
    }
    return ids
  }

  /// Prints the first request of each answer as a curl command, and sends nothing.
  package func print(_ ids: [String]?, for server: Server) throws(Complaint) {
    var spool = HeldOutput(unbuffered: false)
    for id in ids ?? [self.id] as [String?] {
      try spool.append(Array(PageRequest(resource, callOptions, id: id).request.curlCommand(for: server).utf8))
    }
    try spool.flush()
  }

  /// Errors: `remote` if the service refused; `unanswered` if no whole answer came.
  package func run(_ options: ServerOptions) throws(Complaint) {
    let question = try PageRequest(resource, callOptions, id: id)
    let progress = Progress()
    var fetcher = try Self.fetcher(options, progress)
    switch try fetcher.fetch(question, to: output, isRaw: isRaw, wholeness) {
    case .refused(let reason): throw Complaint(.remote, reason, at: resource.name)
    case .whole(let records, let pages): if !isQuiet { progress.say(resource.counted(records, pages, isRaw: isRaw)) }
    }
  }

  /// Fetches a document for each id that has no file yet. What the service refuses is named, and the run goes on.
  ///
  /// Errors: `remote` at the end, if any was refused; at once, if nothing can be asked any more; `unanswered` then, if nothing was refused.
  package func run(each ids: [String], _ options: ServerOptions) throws(Complaint) {
    guard let output, output.contains("{id}") else { throw Complaint(.usage, "--each needs -o with {id} in it, such as -o 'policies/{id}.xml'") }
    var questions: [(id: String, path: String, question: PageRequest)] = []
    var present = 0
    for id in ids {
      let path = output.replacing("{id}", with: id)
      var status = stat()
      // A file appears whole or not at all, so one that is there is whole.
      if stat(path, &status) == 0, status.st_size > 0 {
        present += 1
      } else {
        questions.append((id, path, try PageRequest(resource, callOptions, id: id)))
      }
    }
    var refused: [String] = []
    let progress = Progress(of: questions.count)
    if !questions.isEmpty {
      var fetcher = try Self.fetcher(options, progress)
      for (done, next) in questions.enumerated() {
        do throws(Complaint) {
          let ending = try fetcher.fetch(next.question, to: next.path, isRaw: isRaw, wholeness)
          if case .refused(let reason) = ending {
            refused.append(next.id)
            progress.say("\(resource.name) \(next.id): refused: \(reason)")
            progress.count(isRefused: true)
          } else {
            progress.count(isRefused: false)
          }
        } catch {
          let left = questions.count - done - 1
          let advice = "\(done - refused.count) fetched, \(left + 1) not: the same command goes on from here"
          let kind = Self.kind(error.kind, afterRefusals: refused.count)
          throw Complaint(kind, "\(error.reason); \(advice)", at: error.place ?? "\(resource.name) \(next.id)")
        }
      }
    }
    let line = "\(resource.name): \(questions.count - refused.count) fetched, \(present) there already, \(refused.count) refused"
    guard refused.isEmpty else { throw Complaint(.remote, line) }
    if !isQuiet { progress.say(line) }
  }

  /// Whether what is asked for is a list of each type of authentication records, of which this resource only has the ids.
  package var isByType: Bool { resource.name == Resource.authentication.name && output?.contains("{type}") == true }

  /// Asks of which types there are authentication records, and fetches the list of each that has no file yet.
  ///
  /// Errors: `remote` if the service refuses one, after all have been asked for; at once, if nothing can be asked any more; `unanswered` then, if nothing was
  /// refused.
  package func run(eachTypeOf options: ServerOptions) throws(Complaint) {
    let output = output ?? ""
    let progress = Progress()
    var fetcher = try Self.fetcher(options, progress)
    let types = RecordTypes()
    let stream = try RecordStream(records: resource.document.records, into: types)
    let ending = try fetcher.fetch(PageRequest(resource, callOptions, id: nil), wholeness) { piece throws(Complaint) in try stream.feed(piece) }
    if case .refused(let reason) = ending { throw Complaint(.remote, reason, at: resource.name) }
    try stream.finish()
    for name in types.unknown { fetcher.say("warning: records of a type that is not known here are not fetched: \(name.shown)") }
    var (fetched, present, refused) = (0, 0, 0)
    for type in Resource.authenticationTypes where types.names.contains(type.recordName) {
      let path = output.replacing("{type}", with: type.name.dropFirst("auth-".count))
      var status = stat()
      if stat(path, &status) == 0, status.st_size > 0 {
        present += 1
        continue
      }
      let ending: Fetcher.Ending
      do throws(Complaint) { ending = try fetcher.fetch(PageRequest(type, callOptions, id: nil), to: path, isRaw: false, wholeness) } catch {
        throw Complaint(Self.kind(error.kind, afterRefusals: refused), error.reason, at: error.place)
      }
      switch ending {
      case .refused(let reason):
        refused += 1
        progress.say("\(type.name): refused: \(reason)")
      case .whole(let records, let pages):
        fetched += 1
        if !isQuiet { progress.say(type.counted(records, pages, isRaw: false)) }
      }
    }
    let line = "\(resource.name): \(fetched) fetched, \(present) there already, \(refused) refused"
    guard refused == 0 else { throw Complaint(.remote, line) }
    if !isQuiet { progress.say(line) }
  }

  /// What a run ends with that is broken off by an error when the service has refused something already.
  private static func kind(_ kind: Complaint.Kind, afterRefusals count: Int) -> Complaint.Kind {
    kind == .unanswered && count > 0 ? Complaint.Kind.gravest(of: [kind, .remote]) ?? kind : kind
  }

  private static func fetcher(_ options: ServerOptions, _ progress: Progress) throws(Complaint) -> Fetcher {
    let server = try options.destination()
    let connection = try options.connection(to: server)
    Interruption.watch()
    return Fetcher(connection, policy: options.retryPolicy(), progress: progress)
  }
}

/// Of which types the list of all ids has any.
private final class RecordTypes: RecordSink {
  /// The names of elements: `AUTH_UNIX`.
  private(set) var names: Set<String> = []
  /// What holds the ids of types that the catalog has not.
  private(set) var unknown: [String] = []

  func skeleton(_ bytes: Span<UInt8>) {}
  func closed(_ element: SkeletonElement, text: String?) {}

  func opened(_ element: SkeletonElement) {
    if element.path.last == "AUTH_RECORDS" { unknown.append(element.name) }
  }

  func record(_ bytes: Span<UInt8>, line: Int, in surroundings: Surroundings) {
    var outline = Outline()
    outline.read(bytes.withUnsafeBytes { Array($0) })
    let name = outline.string(outline.elements[0].name)
    // What holds the ids of a type is called after its records.
    if let end = name.lastIndex(of: "_") { names.insert(String(name[..<end])) }
  }
}

extension Resource {
  /// What one of its records is called: `AUTH_UNIX`.
  fileprivate var recordName: String { document.records.first.map { String($0.split(separator: "/").last ?? "") } ?? "" }

  /// `asset-groups: 120 records in 3 pages`
  fileprivate func counted(_ count: Int, _ pages: Int, isRaw: Bool) -> String {
    if isRaw || pageRecords.isEmpty { return "\(name): fetched" }
    return "\(name): \(count) record\(count == 1 ? "" : "s") in \(pages) page\(pages == 1 ? "" : "s")"
  }
}
