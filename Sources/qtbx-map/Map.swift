import ArgumentParser
import Catalog
import Requests
import Toolbox

/// Makes a map of the ids of one subscription to those of another, from the same list of both.
@main
struct Map: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-map", abstract: "Map the ids of one subscription to those of another, by name.", version: version)
  static let repeatable: Set<String> = ["--source", "--target"]

  @Option(help: .init("The list of the source subscription; once for each of its pages.", valueName: "file"), completion: .file())
  var source: [String]

  @Option(help: .init("The same list of the target subscription.", valueName: "file"), completion: .file())
  var target: [String]

  @Flag(help: "Leave out objects that are missing in the target, whose name stands for several, or that lack their name or id.")
  var partial = false

  @Flag(help: "Write a row without a target for these instead, which a person fills in.")
  var skeleton = false

  @Flag(help: "Write a row for these with a hyphen for the target: other programs refuse what names one.")
  var markMissing = false

  @OptionGroup var options: QuietOptions

  func validate() throws {
    if [partial, skeleton, markMissing].count(where: { $0 }) > 1 {
      throw ValidationError("--partial, --skeleton and --mark-missing write the same objects otherwise: give one of them")
    }
    if (source + target).count(where: { $0 == "-" }) > 1 { throw ValidationError("only one of the lists can be standard input") }
  }

  func run() throws {
    // Both sides, before anything is read: no report may take the place of a list.
    Input.announce(source + target)
    var notes: [Note] = []
    let targets = try read(target, of: "target", &notes)
    let filler = skeleton ? "" : markMissing ? IDMap.missingMark : nil
    try NamedObjects.write(read(source, of: "source", &notes), in: targets, saying: notes, isPartial: partial, filler: filler, options: options)
  }

  private func read(_ pages: [String], of side: String, _ notes: inout [Note]) throws -> NamedObjects {
    var objects = NamedObjects()
    var count = 0
    var lists = DocumentKind(anyOf: Catalog.mappable)
    lists.noun = "list of named objects"
    let said = try ListFilter(objectsOf: Catalog.mappable, in: lists, reading: pages, options: options.silent()).forEachObject {
      objects.add($0)
      count += 1
    }
    notes += said.notes
    for root in said.roots { objects.add(root: root) }
    if count == 0, let root = said.roots.first(where: { Resource.schedules.document.roots.contains($0) }) {
      notes.append(
        Note(
          .noted, Subject(kind: "document", name: root),
          "no schedule of the \(side) names a distribution group; a list fetched without show_notifications=1 never does"))
    }
    return objects
  }
}
