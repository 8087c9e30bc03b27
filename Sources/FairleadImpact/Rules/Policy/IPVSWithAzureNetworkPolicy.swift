// POL-01: IPVS on a cluster whose network policies Azure Network Policy enforces.

package import FairleadModel

/// Azure Network Policy works on iptables chains that IPVS traffic does not take, and AKS does not support the two
/// together; a cluster that ran both lost its Service traffic. Whether AKS refuses the change by itself is not known.
///
/// Azure Network Policy needs the network plugin azure, and the Cilium dataplane enforces policies by itself. A plugin
/// or a dataplane that rules it out settles the question where the policy engine is not recorded.
///
/// - When: kube-proxy is to run in IPVS, and Azure Network Policy enforces the policies, or nobody knows which engine
///   does.
/// - Severity: blocked, which may be overridden; medium where the policy engine is unknown.
/// - Remedy: choose NFTABLES, which goes with Azure Network Policy, or move the cluster to another policy engine first.
package enum IPVSWithAzureNetworkPolicy: Rule {
  package static let id = "POL-01"
  package static let kind = RuleKind.state
  package static let title = "IPVS does not go with Azure Network Policy"
  package static let source = "AKS article 'Configure kube-proxy'; Azure/azure-container-networking#1612"
  package static let isOverridable = true
  // Folds only where the policy engine is unknown, since one fact settles all three. Where this rule blocks, the engine
  // is not Calico and neither of the two fires, so an override has nothing to bring back.
  package static let folds: [any Rule.Type] = [FelixNeedsSameBackend.self, FelixRestarts.self]

  /// What the change would mean to Calico, for a cluster whose policy engine may be Calico; empty where nothing.
  private static func calico(_ change: ConfigChange) -> String {
    let rules = [
      (FelixNeedsSameBackend.id, FelixNeedsSameBackend.evaluate(change)),
      (FelixRestarts.id, FelixRestarts.evaluate(change)),
    ]
    .filter { $0.1 != nil }.map { $0.0 }
    return rules.isEmpty ? "" : " With Calico, Felix has to follow the change (\(rules.joined(separator: ", ")))."
  }

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard change.after.mode == .ipvs else { return nil }
    let verify = change.networkProfileQuery("networkPolicy")
    guard let policy = change.facts.word(.networkPolicy) else {
      if let plugin = change.facts.word(.networkPlugin), plugin != "azure" { return nil }
      if change.facts.word(.networkDataplane) == "cilium" { return nil }
      return unverified(
        .networkPolicy,
        detail: "The network policy engine is not recorded. With Azure Network Policy, traffic to Services fails in "
          + "IPVS mode, and AKS does not support it.\(calico(change))",
        remedy: "Record the engine with \(FactKey.networkPolicy.flag), and plan again.", verify: verify)
    }
    guard policy == "azure" else { return nil }
    return finding(
      .blocked,
      detail: "Azure Network Policy enforces this cluster's policies, and AKS does not support it with IPVS. Where the "
        + "two ran together, traffic to Service IPs failed.",
      remedy: "Choose NFTABLES, which goes with Azure Network Policy, or move the cluster to another policy engine "
        + "first.",
      verify: verify)
  }
}
