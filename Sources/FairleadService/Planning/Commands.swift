// The commands that a report prints: Azure's to roll a change out, Fairlead's to go back.

internal import ExactJSON
internal import FairleadModel

enum Commands {
  private static func azure(_ verb: String, _ key: ClusterKey) -> String {
    var command = "az aks \(verb)"
    command.append(option: "--resource-group", key.resourceGroup)
    command.append(option: "--name", key.name)
    if key.subscription != defaultSubscription { command.append(option: "--subscription", key.subscription) }
    return command
  }

  /// Applies a configuration to the cluster. `az aks update` treats `{}` as "no change", so a reset spells the defaults out.
  static func apply(_ cluster: Cluster, creates: Bool) -> [String] {
    let config = cluster.config
    let command = creates ? azure("create", cluster.key) + asRecorded(cluster.facts) : azure("update", cluster.key)
    if creates, config.isEmpty { return [command] }
    let document = config.isEmpty ? EffectiveConfig.defaults.text : config.text
    return [
      "printf '%s\\n' '\(String(decoding: document, as: UTF8.self))' > kube-proxy.json",
      "\(command) --kube-proxy-config kube-proxy.json",
    ]
  }

  static let watchProxyPods = "kubectl get pods -n kube-system -o wide --watch | grep --line-buffered kube-proxy"

  /// The flags that create the cluster with the facts that it was judged by; the names are az's.
  private static func asRecorded(_ facts: ClusterFacts) -> String {
    let known: [FactKey] = [.kubernetesVersion, .nodeCount, .networkPlugin, .networkPolicy, .networkDataplane]
    return known.map { key in
      switch facts[key]?.json {
      case .string(let text): " \(key.flag) \(text)"
      case .integer(let number): " \(key.flag) \(number)"
      default: ""
      }
    }.joined()
  }

  static func delete(_ key: ClusterKey) -> [String] { [azure("delete", key)] }

  static func rollback(_ key: ClusterKey, to revision: Int) -> String {
    "fairlead rollback \(key.flags) --to-revision \(revision)"
  }

  static func confirm(_ key: ClusterKey) -> String { "fairlead confirm \(key.flags)" }

  static func undoCreate(_ key: ClusterKey) -> String { "fairlead delete \(key.flags)" }
}
