// MODE-08: ClientIP affinity starts anew in another mode.

package import FairleadModel

/// A Service with sessionAffinity ClientIP sends a client to the pod that it had last. Which pod that was, each mode
/// keeps in the kernel in a form of its own: lists of recent addresses, IPVS templates, nftables sets. Another mode
/// does not read it, so every client is given a pod anew.
///
/// The facts disagree about what becomes of the old record. It is said to be deleted with the rules, but between
/// IPTABLES and IPVS kube-proxy deletes nothing (MODE-02, MODE-03). It is of no use to the new mode either way.
///
/// - When: the nodes change their mode, and a Service has ClientIP affinity.
/// - Severity: medium; low where it is not recorded whether any Service has it, since few do.
/// - Remedy: have the applications behind these Services find a session on any pod, or change the mode while few are
///   open.
package enum ClientIPAffinityLost: Rule {
  package static let id = "MODE-08"
  package static let kind = RuleKind.transition
  package static let title = "ClientIP affinity is forgotten"
  package static let source =
    "kubernetes pkg/proxy/iptables/proxier.go, pkg/proxy/ipvs/proxier.go, pkg/proxy/nftables/proxier.go"

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard change.changesMode, change.facts.count(.serviceCount) != 0, let from = change.modeOnNodes,
      let to = change.after.mode
    else { return nil }
    let effect =
      "\(to.rawValue) does not read what \(from.rawValue) remembers of clients and their pods, so that each client is "
      + "given a pod anew, node by node."
    guard let usesAffinity = change.facts.bool(.usesSessionAffinity) else {
      return unverified(
        .usesSessionAffinity, severity: .low,
        detail: "It is not recorded whether any Service has ClientIP affinity. \(effect)",
        remedy: "List the Services that have it, record the answer with \(FactKey.usesSessionAffinity.flag), and plan "
          + "again.",
        verify: list)
    }
    guard usesAffinity else { return nil }
    return finding(
      .medium, change.certaintyOfRules,
      detail: "Services of this cluster have ClientIP affinity. \(effect)",
      more: " Sessions that live in one pod's memory are lost to their clients.\(change.lastRunNote)",
      remedy: "Tell the owners of these Services, and change the mode while few sessions are open.", verify: list)
  }

  package static func steps(for change: ConfigChange) -> [Step] {
    guard change.facts.bool(.usesSessionAffinity) == true else { return [] }
    return [
      Step(
        .before, "List the Services with ClientIP affinity, and tell their owners when sessions will move.",
        commands: [list], rules: [id])
    ]
  }

  private static let list =
    "kubectl get services -A -o 'custom-columns=NAMESPACE:.metadata.namespace,NAME:.metadata.name,"
    + "AFFINITY:.spec.sessionAffinity' | grep ClientIP"
}
