// ENV-01: NFTABLES on a Kubernetes version for which AKS does not run it.

package import FairleadModel

/// Below Kubernetes 1.33 AKS leaves the nftables flag off, whatever the configuration says. It took such a
/// configuration until July 2026 and refuses it since; AKS's troubleshooting article still describes the former. Either
/// way the nodes run iptables, and the record would say something else.
///
/// Upstream's own dates are older (beta from 1.31, stable from 1.33), and make no difference on AKS.
///
/// - When: kube-proxy is to run in NFTABLES, and Kubernetes is older than 1.33 or its version is unknown.
/// - Severity: blocked below 1.33, which may be overridden; medium where the version is unknown.
/// - Remedy: upgrade the cluster to Kubernetes 1.33 or newer first, or choose another mode.
package enum NFTablesOnOldKubernetes: Rule {
  package static let id = "ENV-01"
  package static let kind = RuleKind.state
  package static let title = "NFTABLES needs Kubernetes 1.33"
  package static let source =
    "AKS article 'Troubleshoot nftables configuration'; AKS release notes 2026-07-17; KEP-3866"
  package static let isOverridable = true
  // Folds only where the version is unknown, since one fact settles both. Below 1.33 ENV-04 does not fire, so an override
  // has nothing to bring back.
  package static let folds: [any Rule.Type] = [OldNftCrashes.self]

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard change.after.mode == .nftables else { return nil }
    guard let version = change.facts.version(.kubernetesVersion) else {
      return unverified(
        .kubernetesVersion,
        detail:
          "The Kubernetes version is not recorded. Below \(NFTablesSupport.minimumKubernetes.text) AKS refuses NFTABLES, and until July "
          + "2026 it took the setting and went on running iptables. Below \(OldNftCrashes.withoutProgram.text) kube-proxy "
          + "relies on its image's nft, which a newer nft on a node can make crash (ENV-04).",
        remedy: "Record the version with \(FactKey.kubernetesVersion.flag), and plan again.", verify: "kubectl version")
    }
    guard version < NFTablesSupport.minimumKubernetes else { return nil }
    return finding(
      .blocked,
      detail: "The cluster runs Kubernetes \(version.text). AKS refuses NFTABLES there; where it was accepted before "
        + "July 2026, the nodes run iptables under a configuration that says NFTABLES.",
      remedy:
        "Upgrade the cluster to Kubernetes \(NFTablesSupport.minimumKubernetes.text) or newer first, or choose another mode.",
      verify: "kubectl version")
  }

  package static func steps(for change: ConfigChange) -> [Step] {
    guard let version = change.facts.version(.kubernetesVersion), version < NFTablesSupport.minimumKubernetes else {
      return []
    }
    return [
      Step(
        .before,
        "Upgrade the cluster to Kubernetes \(NFTablesSupport.minimumKubernetes.text) or newer; the first command lists what AKS offers.",
        commands: [
          "az aks get-upgrades \(change.cluster.flags) -o table",
          "az aks upgrade \(change.cluster.flags) --kubernetes-version VERSION",
        ], rules: [id])
    ]
  }
}
