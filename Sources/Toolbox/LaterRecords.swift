internal import Base
internal import Markup

/// Records that are put aside until all that go before them have come: their bytes, and where each stood. Some 32 bytes of memory for each.
final class LaterRecords {
  /// What a record needs of its document.
  struct Place {
    var name: String
    var surroundings: Surroundings
  }

  private let goesFirst: @Sendable (borrowing Outline) -> Bool
  private var outline = Outline()
  private var spool = SpillBuffer()
  private var places: [Place] = []
  private var records: [(range: Range<Int>, line: Int, place: Int)] = []

  /// - Parameter goesFirst: a record that does not wait.
  init(besides goesFirst: @escaping @Sendable (borrowing Outline) -> Bool) { self.goesFirst = goesFirst }

  /// Puts a record aside; false if it goes first. Errors: `local`.
  func keep(_ record: Span<UInt8>, line: Int, at place: Place) throws(Complaint) -> Bool {
    var bytes: [UInt8] = []
    bytes.append(record)
    outline.read(bytes)
    if goesFirst(outline) { return false }
    if places.last.map({ $0.name != place.name || $0.surroundings.generation != place.surroundings.generation }) ?? true { places.append(place) }
    records.append((spool.count..<spool.count + bytes.count, line, places.count - 1))
    try spool.append(bytes)
    return true
  }

  /// The records that wait, in their order. Errors: `local`.
  func forEach(_ body: (Place, [UInt8], Int) throws(Complaint) -> Void) throws(Complaint) {
    for record in records { try body(places[record.place], spool.bytes(in: record.range), record.line) }
  }
}
