import Base
import Markup
import Requests
import Toolbox

/// A run over one input: what is mended waits until libxml2 has taken all of it.
final class RepairRun {
  private let path: String
  private let options: ReportOptions
  private let forms: KnownForms
  private var output = HeldOutput(unbuffered: false)
  private var check: RecordStream?
  /// What stands before the root element, whose name says how the rest is checked.
  private var early: [UInt8]? = []
  /// It was cut back, so what has been checked is not what is written.
  private var isCut = false
  private var bookkeeping: Bookkeeping
  /// What standard error says, of missing records in any case.
  private var said: [(text: String, isLoss: Bool)] = []
  private var places = 0
  /// Those that are only counted, by their kinds.
  private var others: [RepairKind: Int] = [:]

  /// How many places are named; the others are counted.
  static let named = 10_000
  /// How many places standard error names.
  private static let spoken = 20

  init(_ path: String, _ options: ReportOptions, _ forms: KnownForms) throws(Complaint) {
    self.path = path
    self.options = options
    self.forms = forms
    bookkeeping = try Bookkeeping(kind: "document", options: options, isStrict: false)
  }

  /// Reads, mends, checks and writes. Errors: `refused` for what cannot be mended.
  func run(_ repair: consuming DocumentRepair) throws(Complaint) {
    Input.announce([path])
    try bookkeeping.open()
    do throws(Complaint) {
      try readAll(&repair)
      try bookkeeping.settle()
      try output.flush()
    } catch {
      try bookkeeping.failed(error)
    }
    for line in said where line.isLoss || !options.quiet { Terminal.remark(line.text) }
    if places > said.count, !options.quiet {
      let counted = others.values.reduce(0, +)
      let advice = counted == 0 ? ": --report names them" : ": --report names the first \(Self.named)"
      Terminal.remark("and \(places - said.count) more places\(bookkeeping.hasReport ? "" : advice)")
    }
    bookkeeping.close()
  }

  private func readAll(_ repair: inout DocumentRepair) throws(Complaint) {
    let input = try Input(path)
    let name = input.name.shown
    do throws(Complaint) {
      while true {
        let bytes = try input.next()
        if bytes.isEmpty { break }
        try repair.feed(bytes)
        try take(&repair)
      }
      try repair.finish()
      try take(&repair)
      try finish(repair)
    } catch {
      if let place = error.place, place.utf8.allSatisfy(\.isDigit) { throw Complaint(error.kind, error.reason, at: name + ":" + place) }
      throw error.at(name)
    }
    try conclude(repair)
  }

  /// Takes what has been mended so far.
  private func take(_ repair: inout DocumentRepair) throws(Complaint) {
    let part = repair.taken()
    for one in part.repairs { try add(one, root: repair.root) }
    for (kind, count) in part.others {
      others[kind, default: 0] += count
      places += count
    }
    if let cut = part.cut {
      try output.rewind(to: cut)
      isCut = true
      early = nil
      check = nil
    }
    if let (place, bytes) = part.change { try output.overwrite(bytes, at: place) }
    try output.append(part.bytes)
    if isCut || part.bytes.isEmpty { return }
    do throws(Complaint) { try look(at: part.bytes, repair) } catch { throw Self.placed(error, repair) }
  }

  private func look(at bytes: [UInt8], _ repair: borrowing DocumentRepair) throws(Complaint) {
    if let check { return try check.feed(bytes) }
    early = (early ?? []) + bytes
    // Without a root in so many bytes, any way of checking will refuse it.
    if !repair.root.isEmpty || (early?.count ?? 0) > 1 << 21 { try beginCheck(repair) }
  }

  private func beginCheck(_ repair: borrowing DocumentRepair) throws(Complaint) {
    let check = try RecordStream(records: repair.records, into: Witness())
    self.check = check
    if let early, !early.isEmpty { try check.feed(early) }
    early = nil
  }

  /// The verdict on all that is written.
  private func finish(_ repair: borrowing DocumentRepair) throws(Complaint) {
    do throws(Complaint) {
      if check == nil { try beginCheck(repair) }
      if isCut, let check {
        try output.pour { bytes throws(Complaint) in try check.feed(bytes) }
      }
      try check?.finish()
      if let encoding = check?.foreignEncoding {
        throw Complaint(.refused, "the document says that it is \(encoding), which is read only if it stands at the beginning of the file", at: "1")
      }
    } catch {
      throw Self.placed(error, repair)
    }
  }

  /// A line of what is written is one of the input: nothing that is mended has a line end in it but what stands before the document.
  private static func placed(_ complaint: Complaint, _ repair: borrowing DocumentRepair) -> Complaint {
    guard let line = complaint.place.flatMap({ Int($0) }) else { return complaint }
    return Complaint(complaint.kind, complaint.reason, at: String(line + repair.startLine - 1))
  }

  // MARK: The account

  private func add(_ repair: Repair, root: String) throws(Complaint) {
    places += 1
    let kind = repair.record == nil ? "document" : forms.kind(of: root)
    let subject = Subject(kind: kind, id: repair.record?.id ?? "", name: repair.record?.name ?? (repair.kind == .concatenation ? "" : root))
    // Records that are missing are always said.
    if said.count < Self.spoken || repair.kind == .truncation {
      let place = [subject.description, repair.element].filter { !$0.isEmpty }.joined(separator: ", ")
      said.append(("\(path.shown):\(repair.line):\(repair.column): \(place): \(repair.words)".shown, repair.kind == .truncation))
    }
    let disposition: Disposition =
      switch repair.kind {
      case .ampersands, .invalidUTF8: .changed
      case .concatenation: .skipped
      default: .dropped
      }
    let reason = "\(repair.line):\(repair.column): \(repair.kind.rawValue): \(repair.words)"
    try bookkeeping.add([Note(disposition, subject, element: repair.element, reason)])
  }

  private func conclude(_ repair: borrowing DocumentRepair) throws(Complaint) {
    let document = Subject(kind: "document", name: repair.root)
    for kind in RepairKind.allCases {
      guard let count = others[kind] else { continue }
      try bookkeeping.add(row: ReportRow(document, Disposition.noted.rawValue, "\(kind.rawValue): \(count) more places"))
      if kind == .concatenation { bookkeeping.tally.skipped += count } else { bookkeeping.tally.notes += count }
    }
    if let encoding = repair.foreignEncoding {
      try bookkeeping.add([Note(.changed, document, "the document was \(encoding) and is UTF-8 now")])
    }
    bookkeeping.tally.records = repair.documents
  }
}

/// Sees the document, and keeps nothing of it.
private final class Witness: RecordSink {
  func skeleton(_ bytes: Span<UInt8>) {}
  func opened(_ element: SkeletonElement) {}
  func closed(_ element: SkeletonElement, text: String?) {}
  func record(_ bytes: Span<UInt8>, line: Int, in surroundings: Surroundings) {}
}
