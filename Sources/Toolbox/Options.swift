package import ArgumentParser
package import Base
package import Catalog
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

  /// For a list that is only looked at, to know what there is.
  var isReference = false

  private enum CodingKeys: CodingKey {
    case report, strict, quiet, unbuffered, log, unmapped, allowTruncated, jobs
  }

  package init() {}

  /// For a list that is only read.
  package static func silent(allowsTruncated: Bool = false, report: String? = nil) throws(Complaint) -> CommonOptions {
    let arguments = ["--quiet"] + (allowsTruncated ? ["--allow-truncated"] : []) + (report.map { ["--report", $0] } ?? [])
    do {
      var options = try CommonOptions.parse(arguments)
      options.isReference = true
      return options
    } catch {
      throw Complaint(.usage, CommonOptions.message(for: error))
    }
  }

  package mutating func validate() throws {
    if let jobs, !(1...256).contains(jobs) { throw ValidationError("--jobs takes a number from 1 to 256") }
  }
}

/// Where the account of a run goes.
package struct ReportOptions: ParsableArguments {
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
  @OptionGroup package var account: ReportOptions

  @Flag(help: "Take a list that the service has cut off.")
  package var allowTruncated = false

  package init() {}

  /// For reading: the account is kept of what is made of the lists, not of each. Only where one is refused, its report is the last.
  package func silent() throws(Complaint) -> CommonOptions {
    try CommonOptions.silent(allowsTruncated: allowTruncated, report: account.report)
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

  @Option(
    help: .init("The target's own list: what is in it already is not created again; once for each page.", valueName: "file"), completion: .file())
  package var target: [String] = []

  @Option(help: .init("What becomes of a record that cannot be carried as it is: error or skip.", valueName: "what"))
  package var refused = RefusedRecords.error

  package init() {}
}

/// The maps of a filter that gives records the ids of the target.
package struct MapOptions: ParsableArguments {
  @Option(
    name: .customLong("map"), help: .init("What a kind of object is called in the target: network=networks.csv.", valueName: "kind=file"),
    completion: .file())
  package var maps: [String] = []

  package init() {}

  package mutating func validate() throws {
    var given: Set<String> = []
    for map in maps {
      let parts = map.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[1].isEmpty else { throw ValidationError("--map takes KIND=FILE, such as network=networks.csv") }
      guard Self.kinds.contains(String(parts[0])) else {
        throw ValidationError("--map knows no kind \"\(parts[0])\": \(Self.kinds.sorted().joined(separator: ", "))")
      }
      if !given.insert(String(parts[0])).inserted { throw ValidationError("--map gives \(parts[0]) twice") }
    }
  }

  /// What records may name.
  private static let kinds = Set(Catalog.mappable.map(\.kind)).union(Catalog.all.flatMap(\.references).map(\.kind))

  /// An option for one kind that a program has besides.
  package typealias KindOption = (kind: String, name: String, path: String?)

  /// What becomes of the references of a resource's records.
  ///
  /// - Parameters:
  ///   - others: the program's own options for some kinds.
  ///   - mappedOnly: what no map was given for stays as it is: another program may have translated it.
  /// - Errors: those of a map that cannot be read; `usage` for two maps of one kind.
  package func rules(
    for resource: Resource, _ effect: TranslationRule.Effect, besides others: [KindOption] = [], mappedOnly: Bool = false
  ) throws(Complaint) -> [TranslationRule] {
    var read: [(kind: String, reading: IDMap.Reading, map: IDMap)] = []
    var rules: [TranslationRule] = []
    for reference in resource.references {
      let other = others.first { $0.kind == reference.kind }
      let path = maps.first { $0.hasPrefix(reference.kind + "=") }.map { String($0.dropFirst(reference.kind.utf8.count + 1)) }
      if let other, other.path != nil, path != nil { throw Complaint(.usage, "\(other.name) and --map \(reference.kind) say the same") }
      guard let file = path ?? other?.path else {
        if !mappedOnly {
          rules.append(TranslationRule(reference, option: other?.name ?? "--map \(reference.kind)=FILE", map: nil, effect: effect))
        }
        continue
      }
      let reading = IDMap.Reading(reference.form)
      let known = read.first { $0.kind == reference.kind && $0.reading == reading }?.map
      let map: IDMap
      if let known { map = known } else { map = try Self.map(file, as: reading, ofAddresses: reference.kind == "host") }
      if known == nil { read.append((reference.kind, reading, map)) }
      rules.append(TranslationRule(reference, option: "--map", map: map, effect: effect))
    }
    return rules
  }

  /// Reads a map. Errors: `refused`, at file and line, for an id that is none.
  ///
  /// - Parameter holdsAddresses: its names are addresses of hosts.
  package static func map(_ path: String, as reading: IDMap.Reading, ofAddresses holdsAddresses: Bool = false) throws(Complaint) -> IDMap {
    let bytes = try Input(path).rest()
    do throws(Complaint) {
      return try IDMap(parsing: bytes, for: reading, ofAddresses: holdsAddresses)
    } catch {
      throw Complaint(error.kind, error.reason, at: path.shown + (error.place.map { ":" + $0 } ?? ""))
    }
  }
}
