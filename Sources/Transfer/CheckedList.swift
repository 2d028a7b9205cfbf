internal import Glibc
package import Markup
internal import Requests
internal import Toolbox

/// A request list that has been read to its end and found right, before the first request of it is sent.
///
/// The lines wait in a file without a name; in memory are only the digests of the requests.
package struct CheckedList: ~Copyable {
  private let file: Int32

  deinit { close(file) }

  /// Errors: `refused` for a line that is not a request, or that says the same as an earlier one: sent twice, it would be created twice.
  package init(_ paths: [String]) throws(Complaint) {
    // A limit on the size of files must be an error that can be told, not the end: for the journal, too.
    signal(SIGXFSZ, SIG_IGN)
    var template = Array(((getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp") + "/qtbx.XXXXXX").utf8CString)
    file = mkstemp(&template)
    guard file >= 0 else { throw Complaint(.local, "cannot spool: " + Descriptor.reason(errno)) }
    unlink(&template)
    // No password command gets it.
    _ = fcntl(file, F_SETFD, FD_CLOEXEC)
    var lines: [String: Int] = [:]
    var pending: [UInt8] = []
    let spool = file
    try ListReader(paths).forEachRequest { request, line, number throws(Complaint) in
      let prepared: PreparedRequest
      do throws(Complaint) { prepared = try PreparedRequest(request, line: number) } catch { throw error.at("line \(number)") }
      if let first = lines.updateValue(number, forKey: prepared.key) {
        throw Complaint(.refused, "it says the same as line \(first): it would be created twice", at: "line \(number)")
      }
      pending += Array("\(number)\t".utf8) + line + [0x0A]
      if pending.count > 1 << 16 {
        try Descriptor.write(pending, to: spool)
        pending.removeAll(keepingCapacity: true)
      }
    }
    try Descriptor.write(pending, to: file)
  }

  private func forEach(_ body: (Request, Int) throws(Complaint) -> Bool) throws(Complaint) {
    lseek(file, 0, SEEK_SET)
    var held: [UInt8] = []
    while true {
      var bytes: [UInt8] = []
      if try Descriptor.read(file, 1 << 16, into: &bytes) == 0 { return }
      var rest = bytes[...]
      while let end = rest.firstIndex(of: 0x0A) {
        held += rest[..<end]
        rest = rest[(end + 1)...]
        let line = held.split(separator: 0x09, maxSplits: 1, omittingEmptySubsequences: false)
        if line.count == 2, case .request(let request) = try RequestLine(parsing: Array(line[1])) {
          if try !body(request, Int(String(decoding: line[0], as: UTF8.self)) ?? 0) { return }
        }
        held.removeAll(keepingCapacity: true)
      }
      held += rest
    }
  }

  /// Prints what would be sent as curl commands for a shell.
  package func print(for server: Server) throws(Complaint) {
    var spool = Spool(unbuffered: false)
    try forEach { request, _ throws(Complaint) in
      try spool.append(Array(request.curlCommand(for: server).utf8))
      return true
    }
    try spool.flush()
  }

  /// Sends the requests in their order. Errors: `remote` if any of them is not done at the end.
  package func send(_ options: ServerOptions, journal path: String, _ choices: Sender.Choices, mapOut: String?, isQuiet: Bool) throws(Complaint) {
    let server = try options.destination()
    let journal = try Journal(path, server: server.base)
    let connection = try options.connection(to: server)
    Interruption.watch()
    var sender = Sender(connection, journal: journal, choices) {
      Terminal.say("\(Terminal.programName): \($0.shown)")
    } report: { line throws(Complaint) in
      do throws(Complaint) { try Descriptor.write(Array(line.utf8), to: STDOUT_FILENO) } catch { throw error.at("standard output") }
    }
    var isWhole = true
    var failure: Complaint?
    do throws(Complaint) {
      try forEach { request, number throws(Complaint) in
        isWhole = try sender.send(PreparedRequest(request, line: number))
        return isWhole
      }
    } catch { failure = error }
    try sender.finish()
    if let mapOut {
      var file = try WholeFile(mapOut)
      try file.append(sender.map())
      try file.keep()
    }
    if let failure { throw failure }
    try verdict(sender.tally, isWhole: isWhole, path, isQuiet)
  }

  private func verdict(_ tally: Sender.Tally, isWhole: Bool, _ path: String, _ isQuiet: Bool) throws(Complaint) {
    let line = "\(tally.done) done, \(tally.alreadyDone) already done, \(tally.refused) refused, \(tally.unknown.count) unknown"
    if isWhole, tally.refused == 0, tally.unknown.isEmpty {
      if !isQuiet { Terminal.say("\(Terminal.programName): \(line)") }
      return
    }
    var advice: [String] = []
    if !tally.unknown.isEmpty {
      advice.append(
        "look in the target for what is unknown (\(tally.unknown.joined(separator: "; "))): it may have been created, so it is never sent again")
    }
    if !isWhole { advice.append("the same command with the journal \(path.shown) goes on from here") }
    throw Complaint(.remote, line + (advice.isEmpty ? "" : ": " + advice.joined(separator: "; ")))
  }
}
