// The options that say which clusters a list has.

internal import ArgumentParser

struct SelectionOptions: ParsableArguments {
  @Option(name: [.customShort("g"), .long], help: ArgumentHelp("Only this resource group.", valueName: "name"))
  var resourceGroup: String?

  @Option(help: ArgumentHelp("Only clusters with this label. May be repeated.", valueName: "key=value"))
  var label: [String] = []

  func filter(_ common: CommonOptions) -> ClusterFilter {
    ClusterFilter(subscription: common.namedSubscription, resourceGroup: resourceGroup, labels: label)
  }
}
