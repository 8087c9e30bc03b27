// ENV-01: NFTABLES on a Kubernetes version for which AKS does not run it.

package import FairleadModel

/// Below 1.33 AKS leaves the nftables flag off, whatever the configuration says. It took such a configuration until
/// July 2026 and refuses it since; either way the nodes run iptables and the record would say something else.
package enum ENV01: Rule {
  package static let id = "ENV-01"
  package static let kind = RuleKind.state
  package static let title = "NFTABLES needs Kubernetes 1.33"
  package static let source =
    "AKS article 'Troubleshoot nftables configuration'; AKS release notes 2026-07-17; KEP-3866"
  package static let isOverridable = true

  static let minimum = DottedVersion(1, 33)

  package static func evaluate(_ change: Judgement) -> Finding? {
    guard change.after.mode == .nftables else { return nil }
    guard let version = change.facts.version(.kubernetesVersion) else {
      return unverified(
        .kubernetesVersion,
        detail: "The Kubernetes version is not recorded. Below \(minimum.text) AKS refuses NFTABLES, and until July "
          + "2026 it took the setting and went on running iptables.",
        remedy: "Record the version with \(FactKey.kubernetesVersion.flag), and plan again.", verify: "kubectl version")
    }
    guard version < minimum else { return nil }
    return finding(
      .blocked,
      detail: "The cluster runs Kubernetes \(version.text). AKS refuses NFTABLES there; where it was accepted before "
        + "July 2026, the nodes run iptables under a configuration that says NFTABLES.",
      remedy: "Upgrade the cluster to Kubernetes \(minimum.text) or newer first, or choose another mode.",
      verify: "kubectl version")
  }
}
