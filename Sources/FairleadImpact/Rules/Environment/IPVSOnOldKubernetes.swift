// ENV-05: IPVS on a Kubernetes version for which AKS does not offer it.

package import FairleadModel

/// AKS offers IPVS from Kubernetes 1.22 on. Versions below that left support years ago, so a version that is not
/// recorded is hardly ever one of them.
///
/// - When: kube-proxy is to run in IPVS, and Kubernetes is older than 1.22 or its version is unknown.
/// - Severity: blocked below 1.22, which may be overridden; info where the version is unknown.
/// - Remedy: upgrade the cluster first, or stay with IPTABLES.
package enum IPVSOnOldKubernetes: Rule {
  package static let id = "ENV-05"
  package static let kind = RuleKind.state
  package static let title = "IPVS needs Kubernetes 1.22"
  package static let source = "AKS API reference, ContainerServiceNetworkProfileKubeProxyConfig.mode"
  package static let isOverridable = true

  static let minimum = DottedVersion(1, 22)

  package static func evaluate(_ change: ConfigChange) -> Finding? {
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
