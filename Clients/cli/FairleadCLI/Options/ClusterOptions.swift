// The options that name one cluster.

internal import ArgumentParser
internal import FairleadModel

struct ClusterOptions: TargetOptionGroup {
  static let title = "Cluster"

  @Option(name: [.customShort("g"), .long], help: ArgumentHelp("The cluster's resource group.", valueName: "name"))
  var resourceGroup: String

  @Option(name: [.short, .long], help: ArgumentHelp("The cluster's name.", valueName: "name"))
  var name: String

  func key(_ common: CommonOptions) -> ClusterKey { common.key(resourceGroup: resourceGroup, name: name) }

  func target(to action: String, _ common: CommonOptions) throws(Failure) -> ChangeTarget { .cluster(key(common)) }
}
