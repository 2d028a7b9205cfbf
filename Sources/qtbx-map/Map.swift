import ArgumentParser
import Markup
import Requests
import Toolbox

/// Makes a map of the ids of one subscription to those of another, from the same list of both.
@main
struct Map: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-map", abstract: "Map the ids of one subscription to those of another, by name.", version: version)

  @Option(help: .init("The list of the source subscription.", valueName: "file"), completion: .file())
  var source: String

  @Option(help: .init("The same list of the target subscription.", valueName: "file"), completion: .file())
  var target: String

  @Flag(help: "Accept names that are missing in the target or stand for several objects.")
  var partial = false

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if source == "-" && target == "-" { throw ValidationError("only one of the lists can be standard input") }
  }

  func run() throws {
    var (sources, targets) = (NamedObjects(), NamedObjects())
    try read(target) { targets.add($0) }
    try read(source) { sources.add($0) }
    try NamedObjects.write(sources, in: targets, isPartial: partial, isQuiet: common.quiet)
  }

  private func read(_ path: String, _ take: @escaping ([NamedObjects.Item]) -> Void) throws {
    var options = common
    options.quiet = true
    try ListFilter(.named, of: "object", reading: [path], options: options).gather(PackageResources.map_xsl) { result, _ throws(Complaint) in
      try NamedObjects.items(in: result)
    } take: {
      take($0)
    }
  }
}
