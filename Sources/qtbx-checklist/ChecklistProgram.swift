import ArgumentParser
import Base
import Requests
import Toolbox

/// Writes what no call does in a migration, as a page to tick off.
@main
struct ChecklistProgram: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-checklist", abstract: "Write what no call does in a migration, as a page to tick off.", version: version)

  @Option(help: .init("Write the page as md, html or tsv.", valueName: "format"))
  var format = PageFormat.md

  @OptionGroup var common: CommonOptions
  @OptionGroup var input: InputFiles

  func run() throws {
    let paths = try input.paths(of: "a list")
    var filter = try ListFilter(
      objectsOf: Listing.allCases.map(\.resource), in: Listing.document, grammar: Listing.grammar, reading: paths, options: common)
    // What is counted, and what messages are about where no document says it.
    filter.kind = "item"
    filter.kindOfList = { root, doctype in Listing.of(root: root, doctype: doctype)?.kind ?? Listing.undecided }
    var checklist = Checklist()
    var items: [Item] = []
    // The list of a document that more than one list might have written, by its records.
    var last: Listing?
    try filter.readValues(quick: { _ in nil }) { record, subject, notes in
      Finding(record, subject, &notes)
    } take: { finding in
      last = finding.listing
      checklist.take(finding)
    } ended: { service, _ in
      defer { last = nil }
      let listing = last ?? Listing.of(root: service.root, doctype: "").flatMap { $0 == .schedules ? nil : $0 }
      checklist.ended(service, as: listing)
      if listing != nil { return [] }
      return [Note(.noted, Subject(kind: "document", name: service.root), "it is empty, and several lists look like that: it is counted for none")]
    } conclude: { () throws(Complaint) in
      let cutOff = checklist.cutOff
      if !cutOff.isEmpty, !common.allowTruncated {
        throw Complaint(
          .refused,
          "\(cutOff.map(\.rawValue).joined(separator: ", ")): no page given is the last: fetch the rest and give all pages, or say --allow-truncated")
      }
      items = checklist.sorted()
      return (items.count, 0, [])
    } finish: { () throws(Complaint) in
      var held = HeldOutput(unbuffered: false)
      try held.append(Array(format.page(of: items).utf8))
      try held.flush()
    }
  }
}
