// The options that name one cluster.

internal import ArgumentParser
internal import ExactJSON
internal import FairleadModel

struct ClusterOptions: ParsableArguments {
  @Option(name: [.customShort("g"), .long], help: ArgumentHelp("The cluster's resource group.", valueName: "name"))
  var resourceGroup: String

  @Option(name: [.short, .long], help: ArgumentHelp("The cluster's name.", valueName: "name"))
  var name: String

  func key(_ global: GlobalOptions) -> ClusterKey {
    global.common.key(resourceGroup: resourceGroup, name: name)
  }

  /// The parameters that name this cluster, to which the others are added.
  func parameters(_ global: GlobalOptions) -> JSONObjectBuilder {
    key(global).parameters
  }
}

extension ClusterKey {
  /// The parameters that name the cluster, to which the others are added.
  var parameters: JSONObjectBuilder {
    var builder = JSONObjectBuilder()
    write(to: &builder)
    return builder
  }
}

extension JSONObjectBuilder {
  /// The members that were set.
  var object: JSONObject { json.objectValue ?? JSONObject() }
}
