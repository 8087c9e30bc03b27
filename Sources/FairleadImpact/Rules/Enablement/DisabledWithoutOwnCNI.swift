// ENB-04: AKS lets only a cluster with its own CNI run without kube-proxy.

package import FairleadModel

/// Without kube-proxy something else has to serve Services, and AKS takes that for given only where the cluster brings
/// its own CNI. It refuses the configuration everywhere else, so an override would lead nowhere.
///
/// - When: a document disables kube-proxy, and the network plugin is not none, or unknown.
/// - Severity: blocked; medium where the plugin is unknown.
/// - Remedy: keep kube-proxy enabled, or build the cluster anew with its own CNI; on the Cilium dataplane, leave the
///   configuration empty.
package enum DisabledWithoutOwnCNI: Rule {
  package static let id = "ENB-04"
  package static let kind = RuleKind.state
  package static let title = "Only a cluster with its own CNI may disable kube-proxy"
  package static let source = "Azure/AKS#4563, KubeProxyConfigDisabledBYOCNIOnly"
  package static let azureCode: String? = "KubeProxyConfigDisabledBYOCNIOnly"

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard !change.after.enabled else { return nil }
    let verify = change.networkProfileQuery("networkPlugin")
    guard let plugin = change.facts.word(.networkPlugin) else {
      return unverified(
        .networkPlugin,
        detail: "The network plugin is not recorded. AKS lets kube-proxy be disabled only where it is none, that is, "
          + "where the cluster brings its own CNI.",
        remedy: "Record the plugin with \(FactKey.networkPlugin.flag), and plan again.", verify: verify)
    }
    guard plugin != "none" else { return nil }
    let remedy =
      change.facts.word(.networkDataplane) == "cilium"
      ? "Leave the kube-proxy configuration empty: with the Cilium dataplane AKS runs no kube-proxy anyway."
      : "Keep kube-proxy enabled, or build the cluster anew with --network-plugin none."
    return finding(
      .blocked,
      detail: "This cluster's network plugin is \(plugin). AKS lets kube-proxy be disabled only where it is none, and "
        + "answers KubeProxyConfigDisabledBYOCNIOnly otherwise.",
      remedy: remedy, verify: verify)
  }
}
