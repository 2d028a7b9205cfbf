import ArgumentParser
import Catalog
import Markup
import Requests
import Toolbox

/// Gives the asset groups of a list the ids of another subscription, and leaves every other byte as it is.
@main
struct AssetGroupRewrite: Program {
  static let configuration = CommandConfiguration(
    commandName: "qtbx-ag-rewrite", abstract: "Give asset groups the appliance and network ids of another subscription.", version: version)

  @Option(help: .init("Appliance ids: source_id,target_id.", valueName: "file"), completion: .file())
  var applianceMap: String?

  @Option(help: .init("Network ids: source_id,target_id.", valueName: "file"), completion: .file())
  var networkMap: String?

  @OptionGroup var maps: MapOptions
  @OptionGroup var common: CommonOptions
  @OptionGroup var input: InputFiles

  func run() throws {
    let others: [MapOptions.KindOption] = [("appliance", "--appliance-map", applianceMap), ("network", "--network-map", networkMap)]
    try ListFilter(
      .assetGroups, grammar: PackageResources.asset_group_grammar, translation: maps.rules(for: .assetGroups, .replace, besides: others),
      reading: input.paths(of: "a document"), options: common
    ).rewrite(Self.inspect)
  }

  /// Removes the system group, and names the members that are of another network than their group.
  private static func inspect(_ group: borrowing Outline, _ subject: Subject, _ notes: inout [Note]) -> ListFilter.Fate {
    if subject.name == "All" {
      notes.append(Note(.skipped, subject, "every subscription has its own group \"All\""))
      return .remove
    }
    let networks = group.text(ofChild: "NETWORK_ID") ?? group.text(ofChild: "NETWORK_IDS") ?? "0"
    let own = networks.split(separator: ",").map { $0.unpadded }
    for (index, element) in group.elements.enumerated() where !element.attributes.isEmpty {
      for attribute in element.attributes where group.has(group.attributes[Int(attribute)].name, "network_id") {
        let network = group.text(group.attributes[Int(attribute)].value).unpadded
        if network.isEmpty || own.contains(network) { continue }
        let member = group.text(element.content).unpadded
        notes.append(
          Note(
            .noted, subject, element: group.path(to: index), "\(member) is of network \(network), its group of network \(own.joined(separator: ", "))"
          ))
      }
    }
    return .keep
  }
}
