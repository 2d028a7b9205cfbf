package import Base
internal import Catalog
internal import Glibc
package import Markup
internal import Processes
internal import Synchronization

/// A file that is read, or standard input.
package struct Input: ~Copyable {
  /// As messages name it; standard input is "-".
  package let name: String
  private let descriptor: Int32

  /// Opens a file, or standard input for `-`. Errors: `local`.
  package init(_ path: String) throws(Complaint) {
    name = path
    if path == "-" {
      descriptor = STDIN_FILENO
    } else {
      descriptor = open(path, O_RDONLY | O_CLOEXEC)
      if descriptor < 0 { throw Complaint(.local, "cannot open: " + Descriptor.reason(errno), at: path.shown) }
    }
    Self.note(FileIdentity(descriptor: descriptor))
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      throw Complaint(.local, "is a directory", at: path.shown)
    }
  }

  deinit { if descriptor != STDIN_FILENO { close(descriptor) } }

  /// Reads the next bytes, none at the end.
  package func next(_ count: Int = 1 << 16) throws(Complaint) -> [UInt8] {
    var bytes: [UInt8] = []
    do throws(Complaint) { _ = try Descriptor.read(descriptor, count, into: &bytes) } catch { throw error.at(name.shown) }
    return bytes
  }

  /// Reads all that is left: for maps and stylesheets, which are small.
  package consuming func rest() throws(Complaint) -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      let more = try next()
      if more.isEmpty { return bytes }
      bytes += more
      if bytes.count > 1 << 28 { throw Complaint(.refused, "the file is too large for what it is", at: name.shown) }
    }
  }

  /// Hands on line by line what is left, and keeps no more of it. The last line may have no end.
  ///
  /// - Parameter mustEnd: it may not, since a program writes none without: whoever wrote the file was stopped.
  /// - Errors: `local`; `refused` for a line that is too long or has no end, with file and number; those of the body as they are.
  package consuming func forEachLine(
    mustEnd: Bool = false, _ body: (_ line: ArraySlice<UInt8>, _ number: Int) throws(Complaint) -> Void
  ) throws(Complaint) {
    let place = name.shown
    var lines = try splitLines(body)
    if mustEnd, !lines.rest.isEmpty {
      throw Complaint(.refused, "the last line has no end: the file was cut off", at: "\(place):\(lines.count + 1)")
    }
    try lines.finish(body)
  }

  /// The same of whole lines. What has no end is left.
  consuming func splitLines(_ body: (_ line: ArraySlice<UInt8>, _ number: Int) throws(Complaint) -> Void) throws(Complaint) -> LineSplitter {
    var lines = LineSplitter()
    while true {
      let bytes = try next()
      if bytes.isEmpty { return lines }
      try lines.add(bytes, body)
      if lines.rest.count > Self.longest {
        throw Complaint(.refused, "a line is longer than \(Self.longest) bytes", at: "\(name.shown):\(lines.count + 1)")
      }
    }
  }

  /// A line may hold a whole tree of tags.
  private static let longest = 1 << 28

  /// Reads a document to its end and hands its parts to a sink; `ended` says what must hold of it then.
  ///
  /// A complaint about a line of the document becomes one about that line of the file.
  ///
  /// - Parameter isReference: it says what there is, in the target mostly. Then nothing is advised against a fault: what is mended has lost a record,
  ///   or a character of a name, and what is missing from such a list would be created twice.
  package static func read(
    _ path: String, records: [String], into sink: any RecordSink, isReference: Bool = false, ended: (RecordStream) throws(Complaint) -> Void
  ) throws(Complaint) {
    let input = try Input(path)
    let name = input.name.shown
    let stream = try RecordStream(records: records, into: sink, skims: true)
    do throws(Complaint) {
      while true {
        let bytes = try input.next()
        if bytes.isEmpty { break }
        try stream.feed(bytes)
      }
      try stream.finish()
      try ended(stream)
    } catch {
      var complaint = error
      if !isReference, let advice = advice(stream.mendable, records: records) { complaint.reason += " (\(advice))" }
      if let place = complaint.place, place.utf8.allSatisfy(\.isDigit) { complaint.place = name + ":" + place }
      throw complaint.at(name)
    }
  }

  /// What helps against a fault, if `qtbx-repair` does.
  private static func advice(_ fault: RepairKind?, records: [String]) -> String? {
    switch fault {
    case nil: return nil
    case .truncation:
      // Of one object, a part would be missing.
      let isList = Catalog.all.contains { !$0.list.needsID && !Set($0.document.records).isDisjoint(with: records) }
      return isList ? "fetch it again, or let qtbx-repair cut it back to its last whole record" : nil
    case .concatenation: return "qtbx-repair writes one of several documents"
    default: return "qtbx-repair mends that"
    }
  }

  /// Whether a name is still that of the same bytes when a list that has it is sent: that of a pipe, or standard input by another name, is not.
  package static func isLasting(_ path: String) -> Bool {
    if path == "-" || path.hasPrefix("/dev/") || path.hasPrefix("/proc/") { return false }
    var status = stat()
    // What is not there yet, or is a folder, is for others to tell.
    if stat(path, &status) != 0 { return true }
    return [S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
  }

  // MARK: What is read may not be written

  /// The plain files that this run reads.
  private static let known = Mutex<Set<FileIdentity>>([])

  private static func note(_ identity: FileIdentity?) {
    if let identity { known.withLock { _ = $0.insert(identity) } }
  }

  /// Says what is going to be read, before anything is opened for writing.
  package static func announce(_ paths: [String]) {
    for path in paths { note(path == "-" ? FileIdentity(descriptor: STDIN_FILENO) : FileIdentity(path: path)) }
  }

  /// Errors: `usage` if the file is one that is read: writing it would destroy it.
  static func refuseToWrite(_ path: String) throws(Complaint) {
    guard let identity = FileIdentity(path: path), known.withLock({ $0.contains(identity) }) else { return }
    throw Complaint(.usage, "it is read, so it cannot be written as well", at: path.shown)
  }

  /// True if a person sits at standard input, who would wait for nothing.
  package static var isTerminal: Bool { isatty(STDIN_FILENO) == 1 }
}
