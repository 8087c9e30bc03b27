// MODE-02: the move from IPTABLES to IPVS leaves the iptables rules where they are.

package import FairleadModel

/// kube-proxy cleans up after another mode only when NFTABLES is one of the two. From IPTABLES to IPVS the old filter
/// rules stay in force, among them those that reject traffic to a Service without endpoints. They no longer learn when
/// endpoints appear.
///
/// It implies MODE-01: connections that fail until someone cleans the node up say more than a moment's gap, which this
/// move hardly has.
package enum MODE02: Rule {
  package static let id = "MODE-02"
  package static let kind = RuleKind.transition
  package static let title = "The old iptables rules stay on the nodes"
  package static let source =
    "KEP-2448; kubernetes cmd/kube-proxy/app/server_linux.go platformCleanup(); kubernetes/kubernetes#102314"
  package static let folds = ["MODE-01"]
  package static let leavesBehind = true

  package static func evaluate(_ change: Judgement) -> Finding? {
    guard change.moves(from: [.iptables], to: [.ipvs]) else { return nil }
    let affected = change.services.map { "Of the \($0), each that" } ?? "Each Service that"
    let detour =
      change.mayRunNFTables
      ? " Or go by way of NFTABLES (Kubernetes 1.33, kernel 5.13), whose start removes the iptables rules." : ""
    return finding(
      .critical, change.certaintyOfRules,
      detail: "kube-proxy removes nothing when it goes from IPTABLES to IPVS. \(affected) has no endpoints at that "
        + "moment keeps a rule that rejects its traffic on \(change.eachNode), even after it gets endpoints, until the "
        + "node is cleaned up or rebooted. The slight interruption that the AKS article warns of comes on top."
        + change.lastRunNote,
      remedy: "Drain and reboot each node once it runs IPVS, or run 'kube-proxy --cleanup' on it.\(detour) The command "
        + "shows, on a node, the rules that still reject.",
      verify: "iptables-save -t filter | grep 'has no endpoints'")
  }
}
