// The commands that a report prints: Azure's to carry a change out, Fairlead's to go back.

internal import FairleadJSON
internal import FairleadModel

enum Commands {
  private static func azure(_ verb: String, _ key: ClusterKey) -> String {
    let subscription =
      key.subscription.folded == defaultSubscription ? "" : " --subscription \(shellQuoted(key.subscription))"
    return "az aks \(verb) --resource-group \(shellQuoted(key.resourceGroup)) --name \(key.name)\(subscription)"
  }

  /// Carries a configuration to the cluster. `az aks update` takes `{}` for "no change", so a reset is written out.
  static func apply(_ config: KubeProxyConfig, to key: ClusterKey, creates: Bool) -> [String] {
    if creates, config.isEmpty { return [azure("create", key)] }
    let document = config.isEmpty ? EffectiveConfig.defaults.json : config.json
    return [
      "printf '%s\\n' '\(document.text)' > kube-proxy.json",
      "\(azure(creates ? "create" : "update", key)) --kube-proxy-config kube-proxy.json",
      "kubectl rollout status daemonset/kube-proxy -n kube-system",
    ]
  }

  static func delete(_ key: ClusterKey) -> [String] { [azure("delete", key)] }

  static func rollback(_ key: ClusterKey, to revision: Int) -> String {
    "fairlead rollback \(key.flags) --to-revision \(revision)"
  }

  static func undoCreate(_ key: ClusterKey) -> String { "fairlead delete \(key.flags)" }
}
