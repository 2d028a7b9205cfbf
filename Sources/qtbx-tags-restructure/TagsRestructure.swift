import ArgumentParser
import Base
import Catalog
internal import Markup
import Requests
import Toolbox

/// Makes trees of the asset tags of a search, without what the service makes by itself.
@main
struct TagsRestructure: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-tags-restructure", abstract: "Make trees of asset tags, as the service takes them, out of the pages of a search.",
    version: version)

  enum Output: String, ExpressibleByArgument, CaseIterable { case document, xml }

  @Option(help: .init("The id of the target's tag Cloud Agent: the parent of what stood below the source's.", valueName: "id"))
  var cloudAgentParent: String?

  @Option(help: .init("Put user tags whose parent is not carried below a new tag, not at the top.", valueName: "name"))
  var orphansUnder: String?

  @Option(help: .init("Write the document, or with xml what the stylesheet says about each tag.", valueName: "format"))
  var format = Output.document

  @Option(help: .init("Apply a stylesheet of your own.", valueName: "file"), completion: .file())
  var stylesheet: String?

  @Option(help: .init("Check the tags against a grammar of your own.", valueName: "file"), completion: .file())
  var grammar: String?

  @OptionGroup var common: CommonOptions
  @OptionGroup var input: InputFiles

  func validate() throws {
    if let id = cloudAgentParent, id.isEmpty || !id.utf8.allSatisfy(\.isDigit) {
      throw ValidationError("--cloud-agent-parent takes an id")
    }
    if orphansUnder?.isEmpty == true { throw ValidationError("--orphans-under takes a name") }
  }

  func run() throws {
    var hierarchy = TagHierarchy(cloudAgentParent: cloudAgentParent, orphansUnder: orphansUnder)
    let isVocabulary = format == .xml
    var spool = HeldOutput(unbuffered: false, frame: HeldOutput.Frame(root: isVocabulary ? "requests" : "data"))
    var filter = try ListFilter(.tags, grammar: PackageResources.tag_grammar, reading: input.paths(of: "a document"), options: common)
    try filter.takeGrammar(grammar)
    try filter.gather(PackageResources.tags_restructure_xsl, replacedBy: stylesheet) {
      result, _ throws(Complaint) in
      (tags: try TagHierarchy.tags(in: result), vocabulary: isVocabulary ? try result.inside() : [])
    } take: { item throws(Complaint) in
      hierarchy.add(item.tags)
      try spool.append(item.vocabulary)
    } conclude: { _ in
      hierarchy.settle()
    } finish: { () throws(Complaint) in
      if !isVocabulary { try hierarchy.write { bytes throws(Complaint) in try spool.append(bytes) } }
      try spool.flush()
    }
  }
}
