// NET-04: externalTrafficPolicy Local works differently in IPVS.

package import FairleadModel

/// With externalTrafficPolicy Local a node may send outside traffic to its own pods only. Where it has none, IPTABLES
/// and NFTABLES drop the packet. IPVS sends it to a pod on another node, which answers the client directly; the client
/// discards the answer. The connection fails either way, and only the load balancer's health check keeps traffic away
/// from such nodes; in IPVS the other node's pods see the attempts as well.
///
/// Traffic from pods to the address of a load balancer differs too. IPTABLES and NFTABLES treat it like traffic to the
/// ClusterIP. IPVS applies the policy to it: on a node without a pod of the Service it fails, where it worked before.
/// Whether pods do that is no recorded fact, so the finding covers it.
///
/// - When: the nodes' rules go from IPTABLES or NFTABLES to IPVS, and a Service has externalTrafficPolicy Local.
/// - Severity: high; medium where it is not recorded whether any Service has (`--uses-local-traffic-policy`).
/// - Remedy: have pods use the Service's name or ClusterIP instead of the load balancer's address, and see that the
///   health checks of these Services work.
package enum LocalTrafficPolicyDiffers: Rule {
  package static let id = "NET-04"
  package static let kind = RuleKind.transition
  package static let title = "externalTrafficPolicy Local differs in IPVS"
  package static let source =
    "kubernetes pkg/proxy/ipvs/proxier.go syncEndpoint(); kubernetes/kubernetes#93456, kubernetes/kubernetes#115931"

  private static let listing =
    "kubectl get services -A -o 'custom-columns=NAMESPACE:.metadata.namespace,NAME:.metadata.name,"
    + "POLICY:.spec.externalTrafficPolicy' | grep -w Local"

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard change.moves(from: [.iptables, .nftables], to: [.ipvs]), let from = change.modeOnNodes else { return nil }
    let effect =
      "On a node without a pod of such a Service, \(from.rawValue) drops outside traffic; IPVS sends it to another "
      + "node's pod, whose answers the client discards. Pods that call the load balancer's address fail there as well, "
      + "where \(from.rawValue) led them to the ClusterIP."
    let remedy = "Have pods call the Service's name or ClusterIP, and check the load balancer's health checks."
    let hint = "The command lists the Services."
    guard let isUsed = change.facts.bool(.usesLocalTrafficPolicy) else {
      return unverified(
        .usesLocalTrafficPolicy,
        detail: "Whether any Service has externalTrafficPolicy Local is not recorded. \(effect)",
        remedy: "\(remedy) \(hint) Record the answer with \(FactKey.usesLocalTrafficPolicy.flag).", verify: listing)
    }
    guard isUsed else { return nil }
    return finding(
      .high, change.certaintyOfRules,
      detail: "Services of this cluster have externalTrafficPolicy Local. \(effect)\(change.lastRunNote)",
      remedy: remedy, hint: hint, verify: listing)
  }

  package static func steps(for change: ConfigChange) -> [Step] {
    [
      Step(
        .before,
        "List the Services with externalTrafficPolicy Local, and have pods call each by its name or ClusterIP, not by "
          + "its load balancer's address.",
        commands: [listing], rules: [id])
    ]
  }
}
