// LIFE-02: a mode that is left unset changes with Kubernetes.

package import FairleadModel

/// Without a mode in the document the choice is kube-proxy's. Today it is iptables, which AKS's articles have as the
/// default too. Upstream plans to warn of an unset mode from Kubernetes 1.37 on and to choose nftables from 1.40 on, so
/// that an upgrade would become a mode change that nobody asked for. The plan is provisional and its dates may slip.
///
/// From 1.40 on the two sources disagree about what an unset mode means. Fairlead goes on filling in IPTABLES, as AKS
/// documents it, and this finding says that the nodes may run the other.
///
/// - When: kube-proxy is enabled and the document sets no mode; not told again by a change that leaves it so, and not
///   on the Cilium dataplane, where AKS runs no kube-proxy.
/// - Severity: medium from Kubernetes 1.37 on; low below, where nothing warns yet and the change is several upgrades
///   away, and low where the version is unknown.
/// - Remedy: write the mode into the document, IPTABLES to stay with what runs today.
package enum UnsetModeBecomesNFTables: Rule {
  package static let id = "LIFE-02"
  package static let kind = RuleKind.state
  package static let title = "An unset mode is to become NFTABLES in Kubernetes 1.40"
  package static let source = "KEP-5343"

  static let warned = DottedVersion(1, 37)
  static let flipped = DottedVersion(1, 40)

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard change.after.enabled, change.afterDocument.mode == nil, !wasTold(change),
      change.facts.word(.networkDataplane) != "cilium"
    else { return nil }
    let plan = "KEP-5343 plans nftables as the default from Kubernetes \(flipped.text) on"
    let remedy =
      "Set mode in the document: IPTABLES to stay, or NFTABLES to move at a time of your choice."
    let hint = "The command prints, on a node, the mode that runs."
    let verify = NodeCommands.proxyMode
    guard let version = change.facts.version(.kubernetesVersion) else {
      return unverified(
        .kubernetesVersion, severity: .low,
        detail: "The document sets no mode, and the Kubernetes version is not recorded. Today an unset mode is "
          + "iptables; \(plan).",
        remedy: "Set mode in the document, or record the version with \(FactKey.kubernetesVersion.flag) and plan "
          + "again.",
        verify: verify)
    }
    if version >= flipped {
      return finding(
        .medium, .may,
        detail:
          "The document sets no mode, and the cluster runs Kubernetes \(version.text). \(plan): the nodes may run "
          + "NFTABLES, while AKS documents IPTABLES, which Fairlead fills in.",
        remedy: remedy, hint: hint, verify: verify)
    }
    let warning =
      version >= warned ? "kube-proxy is to warn of it at every start" : "Kubernetes \(version.text) runs iptables then"
    return finding(
      version >= warned ? .medium : .low, .may,
      detail: "The document sets no mode: \(warning). \(plan), so that the upgrade would change the mode of "
        + "\(change.eachNode).",
      remedy: remedy, hint: hint, verify: verify)
  }

  /// Whether the mode was unset before too, so that an earlier report has said this.
  private static func wasTold(_ change: ConfigChange) -> Bool {
    change.before?.enabled == true && change.beforeDocument?.mode == nil
  }
}
