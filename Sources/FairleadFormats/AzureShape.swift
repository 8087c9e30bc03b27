// A cluster in the shape of `az aks show`, as far as the ledger has it.

package import ExactJSON
package import FairleadModel

package enum AzureShape {
  /// Keys sorted, unset members `null`, as `az` prints them. It contains only what the ledger holds: Fairlead does not ask Azure.
  package static func cluster(_ cluster: Cluster) -> JSON {
    let facts = cluster.facts
    func fact(_ key: FactKey) -> JSON { facts[key]?.json ?? .null }
    let document: JSON = [
      "id": .string(
        "/subscriptions/\(cluster.key.subscription)/resourceGroups/\(cluster.key.resourceGroup)"
          + "/providers/Microsoft.ContainerService/managedClusters/\(cluster.key.name)"),
      "agentPoolProfiles": facts.count(.nodeCount).map { [["count": .integer($0)]] } ?? .null,
      "kubernetesVersion": fact(.kubernetesVersion),
      "name": .string(cluster.key.name),
      "networkProfile": [
        "kubeProxyConfig": kubeProxyConfig(cluster.config), "networkDataplane": fact(.networkDataplane),
        "networkPlugin": fact(.networkPlugin), "networkPolicy": fact(.networkPolicy),
      ],
      "resourceGroup": .string(cluster.key.resourceGroup),
      "tags": cluster.labels.values.isEmpty ? .null : cluster.labels.json,
      "type": "Microsoft.ContainerService/ManagedClusters",
    ]
    return document.canonical
  }

  private static func kubeProxyConfig(_ config: KubeProxyConfig) -> JSON {
    guard !config.isEmpty else { return .null }
    var ipvs = JSON.null
    if let settings = config.ipvs {
      var object = JSONObject()
      object.append("scheduler", settings.scheduler.map { .string($0.rawValue) } ?? .null)
      for timeout in IPVSTimeout.allCases {
        object.append(timeout.rawValue, settings.timeouts[timeout].map { .integer($0) } ?? .null)
      }
      ipvs = .object(object)
    }
    return [
      "enabled": config.enabled.map { .bool($0) } ?? .null, "ipvsConfig": ipvs,
      "mode": config.mode.map { .string($0.rawValue) } ?? .null,
    ]
  }

  /// A feature as `az feature show` prints it.
  package static func feature(_ feature: Feature) -> JSON {
    let provider = feature.key.provider
    return [
      "id": .string(
        "/subscriptions/\(provider.subscription)/providers/Microsoft.Features/providers/\(provider.namespace)"
          + "/features/\(feature.key.name)"),
      "name": .string("\(provider.namespace)/\(feature.key.name)"),
      "properties": ["state": .string(feature.state.rawValue)],
      "type": "Microsoft.Features/providers/features",
    ]
  }
}
