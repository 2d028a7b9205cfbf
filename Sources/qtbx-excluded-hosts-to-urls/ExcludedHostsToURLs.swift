import ArgumentParser
import Base
import Catalog
import Requests
import Toolbox

/// Writes the requests that exclude the same hosts from the scans of another subscription.
@main
struct ExcludedHostsToURLs: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-excluded-hosts-to-urls", abstract: "Write the requests that exclude hosts from scans again.", version: version)

  @Option(help: .init("Why the hosts are excluded: the call needs it, and no list has it.", valueName: "text"))
  var comment = "excluded in the subscription that this one was made of"

  @Option(
    help: .init("The distribution groups to tell before hosts cease to be excluded, as names separated by commas.", valueName: "names"))
  var distributionGroups: String?

  @Option(help: .init("From when days are counted, such as 2031-02-01T08:00:00Z (default: now).", valueName: "time"))
  var time: String?

  @Option(help: .init("How many addresses and ranges a request has at most (default: all).", valueName: "n"))
  var ranges: Int?

  @OptionGroup var maps: MapOptions
  @OptionGroup var requests: RequestOptions
  @OptionGroup var common: CommonOptions
  @OptionGroup var input: InputFiles

  func validate() throws {
    if comment.allSatisfy(\.isWhitespace) { throw ValidationError("--comment needs a text: the call refuses an empty one") }
    if comment.unicodeScalars.count > 1024 { throw ValidationError("--comment takes 1024 characters at most") }
    if let time, UTC.seconds(of: time) == nil { throw ValidationError("--time takes a time as 2031-02-01T08:00:00Z") }
    if let ranges, ranges < 1 { throw ValidationError("--ranges takes a number from 1 on") }
    if let names = distributionGroups?.split(separator: ",", omittingEmptySubsequences: false) {
      if names.contains(where: { $0.allSatisfy(\.isWhitespace) }) { throw ValidationError("--distribution-groups has an empty name") }
      if names.count > 15 { throw ValidationError("--distribution-groups takes 15 names at most") }
    }
  }

  func run() throws {
    let filter = try AddressFilter(
      .excludedHosts, grammar: PackageResources.excluded_host_grammar, translation: maps.rules(for: .excludedHosts, .replace),
      reading: input.paths(of: "a document"), options: common)
    let exclusion = Exclusion(
      comment: comment, distributionGroups: distributionGroups, now: time.flatMap { UTC.seconds(of: $0) } ?? UTC.seconds, most: ranges ?? .max)
    try filter.writeRequests(as: requests) { entries, there throws(Complaint) in exclusion.answer(to: entries, there: there) }
  }
}
