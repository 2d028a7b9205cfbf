package import Base

/// A document that is held back while it is read, since what stands early in it follows from what comes later.
package struct PieceTable: ~Copyable {
  /// What takes the place of a range.
  package enum Piece {
    case bytes([UInt8])
    /// A range of the other bytes that `write` draws on.
    case drawn(Range<Int>)
  }

  /// The document as it has been read.
  package var hold = SpillBuffer()
  private var changes: [(range: Range<Int>, pieces: [Piece])] = []

  package init() {}

  /// Puts something else in the place of a range, or into an empty one. No two ranges may overlap.
  package mutating func replace(_ range: Range<Int>, with pieces: [Piece]) { changes.append((range, pieces)) }

  /// Puts a text in the place of a range, or into an empty one. No two ranges may overlap.
  package mutating func replace(_ range: Range<Int>, with text: String) { replace(range, with: [.bytes(Array(text.utf8))]) }

  /// Writes the document to standard output, with its changes. Errors: `local`, also for what only closing shows.
  package mutating func write(drawingOn other: borrowing SpillBuffer) throws(Complaint) {
    // What was put into the same place stays in its order.
    let order = changes.indices.sorted { (changes[$0].range.lowerBound, $0) < (changes[$1].range.lowerBound, $1) }
    var output = Output()
    var at = 0
    for index in order {
      try hold.forEachPiece(of: at..<changes[index].range.lowerBound) { piece throws(Complaint) in try output.add(piece) }
      at = changes[index].range.upperBound
      for piece in changes[index].pieces {
        switch piece {
        case .bytes(let bytes): try output.add(bytes)
        case .drawn(let range): try other.forEachPiece(of: range) { piece throws(Complaint) in try output.add(piece) }
        }
      }
    }
    try hold.forEachPiece(of: at..<hold.count) { piece throws(Complaint) in try output.add(piece) }
    try output.end()
  }

  /// Standard output, in few writes.
  private struct Output {
    private var pending: [UInt8] = []

    mutating func add(_ bytes: [UInt8]) throws(Complaint) {
      pending += bytes
      guard pending.count >= 1 << 18 else { return }
      try HeldOutput.output(pending)
      pending.removeAll(keepingCapacity: true)
    }

    mutating func end() throws(Complaint) {
      try HeldOutput.output(pending)
      try HeldOutput.end()
    }
  }
}
