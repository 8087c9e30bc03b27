// POL-03: Calico's Felix restarts when IPVS comes or goes.

package import FairleadModel

/// Felix, the part of Calico that enforces network policies on a node, tells IPVS by the interface kube-ipvs0. When the
/// interface appears or disappears, Felix restarts so as to write its rules for the other way of forwarding. The rules
/// that it has written stay meanwhile; what changes in that time waits.
///
/// Two facts disagree about the way from IPVS to IPTABLES. Felix is said to restart there too, but kube-proxy leaves
/// the interface on the node (MODE-03), and Felix sees no difference until someone removes it or reboots the node.
///
/// - When: the nodes move into IPVS or out of it, and Calico enforces the policies.
/// - Severity: medium; low where the policy engine is unknown.
/// - Remedy: watch Felix come back on each node; from IPVS to IPTABLES, reboot the nodes as MODE-03 asks.
package enum FelixRestarts: Rule {
  package static let id = "POL-03"
  package static let kind = RuleKind.transition
  package static let title = "Calico's Felix restarts itself"
  package static let source = "projectcalico/felix#1729"

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard !change.isCreation, let to = change.after.mode,
      change.introduces(.ipvs) || change.moves(from: [.ipvs], to: [.iptables, .nftables])
    else { return nil }
    let when =
      switch to {
      case .ipvs: "when kube-proxy creates the interface kube-ipvs0"
      case .nftables: "when kube-proxy removes the interface kube-ipvs0"
      case .iptables:
        "only once the interface kube-ipvs0 is gone, which kube-proxy leaves on the node (MODE-03); until then it "
          + "writes its rules for IPVS"
      }
    guard let policy = change.facts.word(.networkPolicy) else {
      guard change.facts.word(.networkDataplane) != "cilium" else { return nil }
      return unverified(
        .networkPolicy, severity: .low,
        detail: "The network policy engine is not recorded. With Calico, Felix restarts by itself \(when).",
        remedy: "Record the engine with \(FactKey.networkPolicy.flag), and plan again.",
        verify: change.networkProfileQuery("networkPolicy"))
    }
    guard policy == "calico" else { return nil }
    return finding(
      .medium, change.certaintyOfRules,
      detail:
        "Felix enforces this cluster's policies. On \(change.eachNode) it restarts by itself \(when).",
      more: " New pods and changed policies wait for its rules while it does.\(change.lastRunNote)",
      remedy: to == .iptables
        ? "Reboot each node, as MODE-03 asks; Felix then starts for IPTABLES."
        : "Change no policies during the rollout, and watch Felix come back on each node.",
      verify: pods)
  }

  package static func steps(for change: ConfigChange) -> [Step] {
    guard change.facts.word(.networkPolicy) == "calico" else { return [] }
    return [
      Step(.after, "Check that Felix is back, and ready, on every node.", commands: [pods], rules: [id])
    ]
  }

  private static let pods = "kubectl get pods -n calico-system -l k8s-app=calico-node -o wide"
}
