import ArgumentParser
import Base
import Catalog
import Requests
import Toolbox

/// Writes the request that gives another subscription the list of addresses from which one may log in.
@main
struct RestrictedIPsToURLs: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-restricted-ips-to-urls", abstract: "Write the request that sets from where one may log in.", version: version)

  @Flag(help: "Also write the request that puts the list into force: from any other address, nobody can log in then.")
  var activate = false

  @OptionGroup var requests: RequestOptions
  @OptionGroup var common: CommonOptions
  @OptionGroup var input: InputFiles

  private static let path = "/api/2.0/fo/setup/restricted_ips/"

  func run() throws {
    let filter = try AddressFilter(
      .restrictedIPs, grammar: PackageResources.restricted_ip_grammar, translation: [],
      remarks: [
        (
          "STATUS",
          activate
            ? "it says whether the source's list is in force; the target's will be, since --activate was given"
            : "it says whether the source's list is in force; if the target's is, these addresses are at once"
        )
      ],
      reading: input.paths(of: "a document"), options: common)
    let (isCompared, activate) = (!requests.target.isEmpty, activate)
    try filter.writeRequests(as: requests) { entries, there throws(Complaint) in
      try Self.answer(entries, there: isCompared ? AddressSet(there.map(\.range)) : nil, activate: activate)
    }
  }

  /// - Parameter there: what the target has, if its list was given.
  private static func answer(_ entries: [AddressFilter.Entry], there: AddressSet?, activate: Bool) throws(Complaint) -> AddressFilter.Answer {
    let wanted = AddressSet(entries.map(\.range))
    if wanted.isEmpty, activate { throw Complaint(.refused, "there is no address to log in from: a list without any is not put into force") }
    var answer = AddressFilter.Answer()
    if wanted.isEmpty {
      if let there, !there.isEmpty {
        let words = there.ranges.map(\.addresses).joined(separator: ",")
        answer.notes.append(Note(.noted, Subject(kind: "restricted-ip"), "no list without an address is sent, so the target keeps its own: \(words)"))
      }
      return answer
    }
    if wanted == there {
      answer.notes = entries.map { Note(.skipped, $0.subject, "the target's list has the same addresses") }
    } else {
      answer.requests.append(request([("action", "replace"), ("ips", wanted.ranges.map(\.addresses).joined(separator: ","))]))
      if let lost = there?.subtracting(wanted), !lost.isEmpty {
        let words = lost.ranges.map(\.addresses).joined(separator: ",")
        answer.notes.append(Note(.noted, Subject(kind: "restricted-ip"), "only the target's list has these, and it loses them: \(words)"))
      }
    }
    if activate { answer.requests.append(request([("action", "activate"), ("enable", "1")])) }
    return answer
  }

  private static func request(_ parameters: [(String, String)]) -> Request {
    var request = Request(path: path)
    request.parameters = parameters.map { Request.Parameter(name: $0.0, value: $0.1) }
    return request
  }
}
