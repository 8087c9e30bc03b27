// POL-04: a kube-proxy configuration on a cluster whose dataplane is Cilium.

package import FairleadModel

/// The Cilium dataplane serves Services by itself, and AKS refuses a configuration that keeps kube-proxy enabled beside
/// it. The empty document asks for nothing and is let through.
///
/// Most clusters run the dataplane azure, so an unknown one is a remark. The Cilium dataplane needs the network plugin
/// azure and goes with no policy engine but its own: another plugin or engine settles the question, and the engine
/// cilium makes it likely enough for a warning, though not for a block.
///
/// - When: a document that is not empty keeps kube-proxy enabled, and the dataplane is Cilium or unknown.
/// - Severity: blocked; where the dataplane is unknown info, and medium if the policy engine is cilium.
/// - Remedy: leave the kube-proxy configuration of this cluster empty.
package enum KubeProxyBesideCilium: Rule {
  package static let id = "POL-04"
  package static let kind = RuleKind.state
  package static let title = "The Cilium dataplane takes no enabled kube-proxy"
  package static let source =
    "AKS article 'Troubleshoot nftables configuration', CiliumDataplaneRequiresKubeProxyConfigDisabled"
  package static let azureCode: String? = "CiliumDataplaneRequiresKubeProxyConfigDisabled"

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard change.after.enabled, !change.afterDocument.isEmpty, let mode = change.after.mode else { return nil }
    let verify = change.networkProfileQuery("networkDataplane")
    guard let dataplane = change.facts.word(.networkDataplane) else {
      if let plugin = change.facts.word(.networkPlugin), plugin != "azure" { return nil }
      let policy = change.facts.word(.networkPolicy)
      if policy == "azure" || policy == "calico" { return nil }
      let engine =
        policy == "cilium" ? " The network policy engine is cilium, which AKS offers with that dataplane." : ""
      return unverified(
        .networkDataplane, severity: policy == "cilium" ? .medium : .info,
        detail: "The dataplane is not recorded. On the Cilium dataplane AKS refuses this configuration, which keeps "
          + "kube-proxy enabled in \(mode.rawValue).\(engine)",
        remedy: "Record the dataplane with \(FactKey.networkDataplane.flag), and plan again.", verify: verify)
    }
    guard dataplane == "cilium" else { return nil }
    return finding(
      .blocked,
      detail: "This cluster's dataplane is Cilium, which serves Services by itself. AKS refuses a configuration that "
        + "keeps kube-proxy enabled beside it (here in \(mode.rawValue)).",
      remedy: "Leave the kube-proxy configuration of this cluster empty.", verify: verify)
  }
}
