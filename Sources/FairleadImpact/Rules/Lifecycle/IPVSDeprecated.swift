// LIFE-01: IPVS is on its way out of Kubernetes.

package import FairleadModel

/// From Kubernetes 1.35 kube-proxy warns at its start that IPVS is deprecated. From 1.40 on its feature gate is off, so
/// that kube-proxy exits with an error instead of running, and the nodes are left with rules that nobody updates;
/// Fairlead blocks from there. From 1.43 on the code is gone.
///
/// Some vendors' notes name 1.38 for the removal; the dates here are those of the enhancement proposal as revised in
/// 2026. AKS has announced nothing about IPVS so far.
///
/// - When: kube-proxy is to run in IPVS on Kubernetes 1.35 or newer, or on an unknown version.
/// - Severity: high from 1.35 on; blocked from 1.40 on, which may be overridden; medium where the version is unknown.
/// - Remedy: plan the move to NFTABLES before the upgrade to 1.40.
package enum IPVSDeprecated: Rule {
  package static let id = "LIFE-01"
  package static let kind = RuleKind.state
  package static let title = "IPVS is deprecated and leaves Kubernetes"
  package static let source = "KEP-5495"
  package static let isOverridable = true
  // Folds only where the version is unknown: the same fact tells whether it is too old for IPVS.
  package static let folds: [any Rule.Type] = [IPVSOnOldKubernetes.self]

  static let deprecated = DottedVersion(1, 35)
  static let gateOff = DottedVersion(1, 40)
  static let removed = DottedVersion(1, 43)

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard change.after.mode == .ipvs else { return nil }
    guard let version = change.facts.version(.kubernetesVersion) else {
      return unverified(
        .kubernetesVersion,
        detail:
          "The Kubernetes version is not recorded. AKS offers IPVS from \(IPVSOnOldKubernetes.minimum.text) on; it is "
          + "deprecated from \(deprecated.text), and from \(gateOff.text) kube-proxy exits with an error in this mode.",
        remedy: "Record the version with \(FactKey.kubernetesVersion.flag), and plan again.", verify: "kubectl version")
    }
    if version >= gateOff {
      let cause =
        version >= removed
        ? "kube-proxy has no IPVS mode any more" : "the feature gate KubeProxyIPVS is off unless someone turns it on"
      return finding(
        .blocked,
        detail: "On Kubernetes \(version.text) \(cause): kube-proxy exits with an error, and on \(change.eachNode) "
          + "nobody updates the Service rules.",
        remedy: "Choose NFTABLES, or IPTABLES.", verify: "kubectl logs -n kube-system daemonset/kube-proxy")
    }
    guard version >= deprecated else { return nil }
    return finding(
      .high,
      detail: "Kubernetes \(version.text) runs IPVS and warns at every start of kube-proxy. An upgrade to "
        + "\(gateOff.text) stops kube-proxy on \(change.eachNode); in \(removed.text) the mode is gone.",
      remedy: "Plan the move to NFTABLES, which upstream names as the successor, before the upgrade to "
        + "\(gateOff.text).",
      verify: "kubectl get events -A --field-selector reason=IPVSDeprecation")
  }
}
