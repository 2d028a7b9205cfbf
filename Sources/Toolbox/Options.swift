package import ArgumentParser
package import Markup
package import Requests

/// What becomes of a record that cannot be carried without changing what it means.
package enum RefusedRecords: String, ExpressibleByArgument, CaseIterable, Sendable { case error, skip }

/// What becomes of an id that no map holds.
package enum UnmappedIDs: String, ExpressibleByArgument, CaseIterable, Sendable { case error, drop }

/// The options of every filter.
package struct CommonOptions: ParsableArguments {
  @Option(help: .init("Write every note as a row of tab-separated values.", valueName: "file"), completion: .file())
  package var report: String?

  @Flag(help: "Refuse elements that nobody here has heard of.")
  package var strict = false

  @Flag(name: .shortAndLong, help: "Do not end with a line that counts.")
  package var quiet = false

  @Flag(help: "Write at once instead of the whole answer or none.")
  package var unbuffered = false

  @Option(help: .init("Append to a log.", valueName: "file"), completion: .file())
  package var log: String?

  @Option(help: .init("What becomes of an id that no map holds: error or drop.", valueName: "what"))
  package var unmapped = UnmappedIDs.error

  @Flag(help: "Take a list that the service has cut off.")
  package var allowTruncated = false

  @Option(help: .init("How many threads work (default: one for each processor).", valueName: "n"))
  package var jobs: Int?

  package init() {}

  package mutating func validate() throws {
    if let jobs, !(1...256).contains(jobs) { throw ValidationError("--jobs takes a number from 1 to 256") }
  }
}

/// Where the account of a run goes.
package struct AccountOptions: ParsableArguments {
  @Option(help: .init("Write every note as a row of tab-separated values.", valueName: "file"), completion: .file())
  package var report: String?

  @Flag(name: .shortAndLong, help: "Do not end with a line that counts.")
  package var quiet = false

  @Option(help: .init("Append to a log.", valueName: "file"), completion: .file())
  package var log: String?

  package init() {}

  /// For the account.
  func full(isStrict: Bool = false) throws(Complaint) -> CommonOptions {
    let arguments = (report.map { ["--report", $0] } ?? []) + (log.map { ["--log", $0] } ?? [])
    let flags = (quiet ? ["--quiet"] : []) + (isStrict ? ["--strict"] : [])
    do { return try CommonOptions.parse(arguments + flags) } catch { throw Complaint(.usage, CommonOptions.message(for: error)) }
  }
}

/// The options of a program that reads lists but writes none.
package struct QuietOptions: ParsableArguments {
  @OptionGroup package var account: AccountOptions

  @Flag(help: "Take a list that the service has cut off.")
  package var allowTruncated = false

  package init() {}

  /// For reading: the account is kept of what is made of the lists, not of each.
  package func silent() throws -> CommonOptions {
    try CommonOptions.parse(["--quiet"] + (allowTruncated ? ["--allow-truncated"] : []))
  }
}

/// What a filter reads.
package struct InputFiles: ParsableArguments {
  @Argument(help: .init("The files to read; - or none is standard input.", valueName: "file"), completion: .file())
  package var files: [String] = []

  package init() {}

  /// The paths to open, in their order. Errors: `usage` if that would mean to wait for a person to type a document.
  package func paths(of what: String) throws(Complaint) -> [String] {
    if files.isEmpty, Input.isTerminal { throw Complaint(.usage, "nothing to read: give a file, or \(what) on standard input") }
    return files.isEmpty ? ["-"] : files
  }
}

extension Format: ExpressibleByArgument {}

/// The options of every filter that writes requests.
package struct RequestOptions: ParsableArguments {
  @Option(help: .init("Apply a stylesheet of your own.", valueName: "file"), completion: .file())
  package var stylesheet: String?

  @Option(help: .init("Check the records against a grammar of your own.", valueName: "file"), completion: .file())
  package var grammar: String?

  @Option(help: .init("Write the requests as url, xml, curl, table or jsonl.", valueName: "format"))
  package var format = Format.url

  @Option(help: .init("Where curl is to send, for --format curl.", valueName: "host"))
  package var server: String?

  @Option(help: .init("What becomes of a record that cannot be carried as it is: error or skip.", valueName: "what"))
  package var refused = RefusedRecords.error

  package init() {}
}

/// Reads the map of an option, nil if it was not given. Errors: `refused`, at file and line, for an id that is none.
///
/// - Parameter reading: what is wanted of the map.
package func map(_ path: String?, as reading: IDMap.Reading = .id) throws(Complaint) -> IDMap? {
  guard let path else { return nil }
  let bytes = try Input(path).rest()
  do throws(Complaint) {
    return try IDMap(parsing: bytes, for: reading)
  } catch {
    throw Complaint(error.kind, error.reason, at: path.shown + (error.place.map { ":" + $0 } ?? ""))
  }
}
