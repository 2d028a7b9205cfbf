internal import Base
internal import Glibc
internal import Toolbox

/// Where an answer collects until it is whole: a file that will appear in one piece, or standard output, held back, or a reader.
final class FetchDestination {
  private var spool = HeldOutput(unbuffered: false)
  private var file: AtomicFile?
  /// The answer collects in the file itself, and is not copied at the end.
  private var isDirect = false
  private var pending: [UInt8] = []
  private var take: (([UInt8]) throws(Complaint) -> Void)?

  /// - Parameters:
  ///   - path: nil or `-` is standard output.
  ///   - holdsHead: bytes will be put before all others at the end.
  init(_ path: String?, holdsHead: Bool) throws(Complaint) {
    if let path, path != "-" { file = try AtomicFile(path) }
    if !holdsHead { isDirect = file?.canRewind ?? false }
  }

  /// - Parameter take: gets the whole answer, in pieces.
  init(reading take: @escaping ([UInt8]) throws(Complaint) -> Void) { self.take = take }

  /// How many bytes have been taken.
  var count: Int { (isDirect ? file?.count ?? 0 : spool.count) + pending.count }

  /// Adds bytes at the end. Errors: `local`, and what `take` throws.
  func append(_ bytes: Span<UInt8>) throws(Complaint) {
    pending.append(bytes)
    if pending.count > 1 << 18 { try hand() }
  }

  /// Adds bytes at the end. Errors: `local`, and what `take` throws.
  func append(_ bytes: [UInt8]) throws(Complaint) {
    pending += bytes
    if pending.count > 1 << 18 { try hand() }
  }

  private func hand() throws(Complaint) {
    if isDirect { try file?.append(pending) } else { try spool.append(pending) }
    pending.removeAll(keepingCapacity: true)
  }

  /// Takes back what has come since there were this many bytes.
  func rewind(to count: Int) throws(Complaint) {
    try hand()
    if isDirect { try file?.rewind(to: count) } else { try spool.rewind(to: count) }
  }

  /// Puts the answer in its place, behind some more bytes. Errors: `local`.
  func finish(behind head: [UInt8]) throws(Complaint) {
    try hand()
    if let take {
      try take(head)
      return try spool.pour(take)
    }
    if file == nil { return try spool.flush(behind: head) }
    if !isDirect {
      try file?.append(head)
      try spool.pour { bytes throws(Complaint) in try self.file?.append(bytes) }
    }
    try file?.commit()
  }
}
