// The options that name one cluster.

internal import ArgumentParser
internal import FairleadJSON
internal import FairleadModel

struct ClusterOptions: ParsableArguments {
  @Option(name: [.customShort("g"), .long], help: ArgumentHelp("The cluster's resource group.", valueName: "name"))
  var resourceGroup: String

  @Option(name: [.short, .long], help: ArgumentHelp("The cluster's name.", valueName: "name"))
  var name: String

  init() {}

  init?(_ words: inout PlainWords) {
    guard let group = words.take("--resource-group", "-g"), let name = words.take("--name", "-n") else { return nil }
    resourceGroup = group
    self.name = name
  }

  func key(_ global: GlobalOptions) -> ClusterKey {
    ClusterKey(subscription: global.namedSubscription ?? defaultSubscription, resourceGroup: resourceGroup, name: name)
  }

  /// The parameters that name this cluster, to which the others are added.
  func parameters(_ global: GlobalOptions) -> ObjectBuilder {
    var builder = ObjectBuilder()
    key(global).write(to: &builder)
    return builder
  }
}

extension ObjectBuilder {
  /// The members that were set.
  var object: JSONObject { json.objectValue ?? JSONObject() }
}
