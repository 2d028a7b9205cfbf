package import Base

/// Bytes as they come, line by line. Of all of them, no more is kept than the line that has no end yet.
package struct LineSplitter {
  /// How many lines were handed on.
  package private(set) var count = 0
  /// What has come since the last line end.
  package private(set) var rest: [UInt8] = []

  package init() {}

  /// Takes bytes, and hands on each line that ends in them, without its end.
  ///
  /// Errors: those of the body.
  package mutating func add(
    _ bytes: [UInt8], _ body: (_ line: ArraySlice<UInt8>, _ number: Int) throws(Complaint) -> Void
  ) throws(Complaint) {
    var start = 0
    while let end = bytes[start...].firstIndex(of: "\n") {
      if rest.isEmpty {
        count += 1
        try body(bytes[start..<end], count)
      } else {
        rest += bytes[start..<end]
        try finish(body)
      }
      start = end + 1
    }
    rest += bytes[start...]
  }

  /// Hands on what has no end, if that is anything. Errors: those of the body.
  package mutating func finish(_ body: (_ line: ArraySlice<UInt8>, _ number: Int) throws(Complaint) -> Void) throws(Complaint) {
    if rest.isEmpty { return }
    count += 1
    try body(rest[...], count)
    rest.removeAll(keepingCapacity: true)
  }
}
