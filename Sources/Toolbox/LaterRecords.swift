internal import Base
internal import Markup

/// Records that are put aside until all that go before them have come: their bytes, and where each stood. 8 bytes of memory for each.
final class LaterRecords {
  /// What a record needs of its document.
  struct Place {
    var name: String
    var surroundings: Surroundings
  }

  private let goesFirst: @Sendable (borrowing Outline) -> Bool
  private var outline = Outline()
  private var spool = SpillBuffer(limit: 1 << 16)
  /// The places, each with the number of its first record.
  private var places: [(place: Place, first: Int)] = []
  /// A record has 16 MiB at most, and a line of more digits is none that a person looks for.
  private var records: [(length: UInt32, line: UInt32)] = []

  /// - Parameter goesFirst: a record that does not wait.
  init(besides goesFirst: @escaping @Sendable (borrowing Outline) -> Bool) { self.goesFirst = goesFirst }

  /// Puts a record aside; false if it goes first. Errors: `local`.
  func keep(_ record: Span<UInt8>, line: Int, at place: Place) throws(Complaint) -> Bool {
    var bytes: [UInt8] = []
    bytes.append(record)
    outline.read(bytes)
    if goesFirst(outline) { return false }
    let last = places.last?.place
    if last.map({ $0.name != place.name || $0.surroundings.generation != place.surroundings.generation }) ?? true {
      places.append((place, records.count))
    }
    records.append((UInt32(clamping: bytes.count), UInt32(clamping: line)))
    try spool.append(bytes)
    return true
  }

  /// The records that wait, in their order. Errors: `local`.
  func forEach(_ body: (Place, [UInt8], Int) throws(Complaint) -> Void) throws(Complaint) {
    var start = 0
    for (number, place) in places.enumerated() {
      let end = number + 1 < places.count ? places[number + 1].first : records.count
      for record in records[place.first..<end] {
        let range = start..<start + Int(record.length)
        try body(place.place, spool.bytes(in: range), Int(record.line))
        start = range.upperBound
      }
    }
  }
}
