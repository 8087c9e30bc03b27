// MODE-01: a mode change interrupts new connections on each node.

package import FairleadModel

/// Into NFTABLES and out of it, kube-proxy removes the other mode's rules at its start and writes its own afterwards.
/// In between, a node has no rules for new connections to Services.
///
/// Between IPTABLES and IPVS kube-proxy removes nothing since Kubernetes 1.14, so the old rules serve until the new
/// ones are there. The AKS article expects the gap of every mode change; upstream's start order speaks against it on
/// these two moves, for which only the article's general warning remains. MODE-02 and MODE-03 say what is worse about
/// them.
///
/// - When: the nodes change their mode.
/// - Severity: high into NFTABLES and out of it; medium, as something that may be, between IPTABLES and IPVS.
/// - Remedy: keep the change out of busy hours, and watch the first node before the rollout reaches the others.
package enum BriefInterruption: Rule {
  package static let id = "MODE-01"
  package static let kind = RuleKind.transition
  package static let title = "New connections fail for a moment on each node"
  package static let source =
    "kubernetes cmd/kube-proxy/app/options.go Run(); kubernetes/kubernetes#75360, #76376; AKS article 'Configure "
    + "kube-proxy'"

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard change.changesMode, let from = change.modeOnNodes, let to = change.after.mode else { return nil }
    let remedy = "Keep the change out of busy hours, and watch the first node before the rollout reaches the others."
    let verify = NodeCommands.rollout
    guard from == .nftables || to == .nftables else {
      return finding(
        .medium, .may,
        detail: "Between \(from.rawValue) and \(to.rawValue) kube-proxy removes nothing at its start, so the old rules "
          + "serve until the new ones are written. The AKS article warns of a slight interruption of service traffic "
          + "all the same.",
        more: change.lastRunNote,
        remedy: remedy, verify: verify)
    }
    let length =
      change.services.map { "as long as it takes to write \($0)" } ?? "seconds with few Services, longer with many"
    return finding(
      .high, change.certaintyOfRules,
      detail: "kube-proxy removes the \(from.rawValue) rules before it writes the \(to.rawValue) ones. On "
        + "\(change.eachNode) new connections to Services fail until its first sync ends: \(length). This is the "
        + "slight interruption that the AKS article warns of.\(change.lastRunNote)",
      remedy: remedy, verify: verify)
  }
}
