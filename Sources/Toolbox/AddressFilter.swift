package import Base
package import Catalog
internal import Markup
package import Requests

/// A filter over lists of addresses: what a request holds follows from all of them, so no stylesheet makes it.
///
/// Memory grows with the ranges of the lists.
package struct AddressFilter: Sendable {
  /// A record: an address or a range.
  package struct Entry: Sendable {
    /// The record, as notes name it.
    package let subject: Subject
    /// Its addresses.
    package let range: ClosedRange<UInt32>
    /// The id of its network in the target; empty if it names none.
    package let network: String
    /// When it expires, in seconds since 1970; nil if it does not.
    package let end: Int?
    /// The same as the list has it.
    package let endText: String
  }

  /// What is to be sent, and what there is to say.
  package struct Answer {
    /// In the order of sending.
    package var requests: [Request] = []
    /// A note `skipped` for each record of which nothing is sent.
    package var notes: [Note] = []

    package init() {}
  }

  private let filter: ListFilter
  private let network: TranslationRule?

  /// - Parameters:
  ///   - translation: of the network of an address.
  ///   - remarks: elements that stand beside the addresses, and what becomes of them.
  package init(
    _ resource: Resource, grammar: [UInt8], translation: [TranslationRule],
    remarks: [(element: String, reason: String)] = [], reading paths: [String], options: CommonOptions
  ) throws(Complaint) {
    filter = try ListFilter(resource, grammar: grammar, remarks: remarks, reading: paths, options: options)
    network = translation.first
  }

  /// Writes the requests that are made of all addresses.
  ///
  /// - Parameter make: gets the addresses, and those of the target.
  package func writeRequests(
    as requests: RequestOptions, _ make: @escaping (_ entries: [Entry], _ there: [Entry]) throws(Complaint) -> Answer
  ) throws(Complaint) {
    guard requests.stylesheet == nil else {
      throw Complaint(.usage, "--stylesheet: a request follows from all addresses of the list, which no stylesheet sees at once")
    }
    let writer = try RequestWriter(requests.format, server: requests.server)
    var filter = filter
    filter.skipsRefused = requests.refused == .skip
    try filter.takeGrammar(requests.grammar)
    let there = try requests.target.isEmpty ? [] : entriesOfTarget(requests.target)
    var entries: [Entry] = []
    var answer = Answer()
    let options = filter.options
    try pipeline(over: filter, network) { entry in
      entries.append(entry)
    }.run { () throws(Complaint) in
      answer = try make(entries, there)
      for request in answer.requests { try request.check() }
      return answer.notes
    } finish: { () throws(Complaint) in
      var output = HeldOutput(unbuffered: options.unbuffered, frame: HeldOutput.Frame(writer.format))
      for request in answer.requests { try output.append(writer.bytes(of: request)) }
      try output.flush()
    }
  }

  /// What the target has: its networks have their own ids already.
  private func entriesOfTarget(_ paths: [String]) throws(Complaint) -> [Entry] {
    var there: [Entry] = []
    let list = ListFilter(filter, reading: paths, options: try CommonOptions.silent())
    try pipeline(over: list, nil) { there.append($0) }.run(conclude: { [] }, finish: {})
    return there
  }

  private func pipeline(over filter: ListFilter, _ network: TranslationRule?, _ take: @escaping (Entry) -> Void) -> ListPipeline<Entry> {
    let grammar = filter.grammar
    let dropsUnmapped = filter.options.unmapped == .drop
    return ListPipeline<Entry>(filter, isSplice: false) { () throws(Complaint) in
      let reader = AddressReader(grammar, network, dropsUnmapped: dropsUnmapped)
      return { batch throws(Complaint) in
        var result = BatchResult<Entry>()
        for segment in batch.segments {
          let record = Array(batch.bytes[segment.range])
          if let entry = reader.read(record, of: batch.kind, &result.notes, &result.unmapped) { result.items.append(entry) }
        }
        return result
      }
    } take: { entry throws(Complaint) in
      take(entry)
    }
  }
}

/// Reads one record after the other in the same memory.
private final class AddressReader {
  private let grammar: RecordGrammar?
  private let network: TranslationRule?
  private let dropsUnmapped: Bool
  private var outline = Outline()
  private var memory = RecordGrammar.Memory()

  init(_ grammar: RecordGrammar?, _ network: TranslationRule?, dropsUnmapped: Bool) {
    self.grammar = grammar
    self.network = network
    self.dropsUnmapped = dropsUnmapped
  }

  /// The record; nil if it goes no further, which the notes say, or what has no target.
  func read(_ record: [UInt8], of kind: String, _ notes: inout [Note], _ unmapped: inout [Unmapped]) -> AddressFilter.Entry? {
    outline.read(record)
    guard let element = outline.elements.first else { return nil }
    let text = outline.ownText(of: 0).trimmed
    let subject = Subject(kind: kind, id: text)
    let found = grammar?.check(outline, of: subject, isCopied: false, in: &memory) ?? []
    notes += found
    if found.contains(where: { $0.disposition == .refused }) { return nil }
    func value(_ name: StaticString) -> String {
      for at in element.attributes where outline.has(outline.attributes[Int(at)].name, name) {
        return outline.text(outline.attributes[Int(at)].value).trimmed
      }
      return ""
    }
    guard let range = ClosedRange<UInt32>(addresses: Array(text.utf8)[...]) else {
      notes.append(Note(.refused, subject, "this is no IPv4 address, no range of them and no network"))
      return nil
    }
    let endText = value("expiration_date")
    let end = UTC.seconds(of: endText)
    if end == nil, !endText.isEmpty {
      notes.append(Note(.refused, subject, element: "@expiration_date", "\"\(endText)\" is no time as 2031-04-28T00:00:00Z"))
      return nil
    }
    var id = value("network_id")
    if !id.isEmpty, let network {
      var missing: [Unmapped] = []
      if let target = network.target(of: id, in: subject, element: "@network_id", &missing) {
        id = target
      } else if dropsUnmapped {
        notes.append(Note(.unmapped, subject, "no map has its network \(id), and in another one it would be another host"))
        return nil
      } else {
        unmapped += missing
        return nil
      }
    }
    return AddressFilter.Entry(subject: subject, range: range, network: id, end: end, endText: endText)
  }
}
