// ENV-05: IPVS on a Kubernetes version for which AKS does not offer it.

package import FairleadModel

/// AKS offers the mode from Kubernetes 1.22 on. Versions below that left support years ago, so a version that is not
/// recorded is hardly ever one of them, and the finding for it is a remark.
package enum ENV05: Rule {
  package static let id = "ENV-05"
  package static let kind = RuleKind.state
  package static let title = "IPVS needs Kubernetes 1.22"
  package static let source = "AKS API reference, ContainerServiceNetworkProfileKubeProxyConfig.mode"
  package static let isOverridable = true

  static let minimum = DottedVersion(1, 22)

  package static func evaluate(_ change: Judgement) -> Finding? {
    guard change.after.mode == .ipvs else { return nil }
    guard let version = change.facts.version(.kubernetesVersion) else {
      return unverified(
        .kubernetesVersion, severity: .info,
        detail: "The Kubernetes version is not recorded. AKS offers IPVS from \(minimum.text) on.",
        remedy: "Record the version with \(FactKey.kubernetesVersion.flag), and plan again.", verify: "kubectl version")
    }
    guard version < minimum else { return nil }
    return finding(
      .blocked,
      detail: "The cluster runs Kubernetes \(version.text), and AKS offers IPVS from \(minimum.text) on.",
      remedy: "Upgrade the cluster first, or stay with IPTABLES.", verify: "kubectl version")
  }
}
