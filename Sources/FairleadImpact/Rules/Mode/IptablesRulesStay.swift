// MODE-02: the move from IPTABLES to IPVS leaves the iptables rules where they are.

package import FairleadModel

/// kube-proxy cleans up after another mode only when NFTABLES is one of the two. From IPTABLES to IPVS the old filter
/// rules stay in force, among them those that reject traffic to a Service without endpoints. They no longer learn when
/// endpoints appear, so such a Service stays rejected on the node until someone cleans it up.
///
/// - When: the nodes go from IPTABLES to IPVS.
/// - Severity: critical. After a time without kube-proxy, a node that was rebooted since has nothing left of it.
/// - Remedy: drain and reboot each node once it runs IPVS, or run 'kube-proxy --cleanup' on it; or go by way of
///   NFTABLES, whose start removes the iptables rules.
package enum IptablesRulesStay: Rule {
  package static let id = "MODE-02"
  package static let kind = RuleKind.transition
  package static let title = "The old iptables rules stay on the nodes"
  package static let source =
    "KEP-2448; kubernetes cmd/kube-proxy/app/server_linux.go platformCleanup(); kubernetes/kubernetes#102314"
  // Connections that fail until someone cleans the node up are worse than a gap of a moment, which this move hardly has.
  package static let folds: [any Rule.Type] = [BriefInterruption.self]
  package static let leavesBehind = true

  private static let verify = "iptables-save -t filter | grep 'has no endpoints'"

  package static func evaluate(_ change: ConfigChange) -> Finding? {
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
      remedy: "Drain and reboot each node once it runs IPVS, or run 'kube-proxy --cleanup' on it.\(detour)",
      hint: "The command shows, on a node, the rules that still reject.",
      verify: verify)
  }

  package static func steps(for change: ConfigChange) -> [Step] {
    [
      Step(
        .after,
        "Once a node runs IPVS, drain and reboot it to be rid of the iptables rules, one node after the other. The "
          + "second command prints the scale set and the instance for the third.",
        commands: NodeCommands.reboot, rules: [id]),
      Step(
        .after,
        "In place of a reboot, clean a node up from its kube-proxy pod and replace the pod. That removes the rules of "
          + "every mode: the node serves no new connection to a Service until the new pod has ended its first sync.",
        commands: [
          NodeCommands.pods, "kubectl exec -n kube-system POD -- kube-proxy --cleanup",
          "kubectl delete pod -n kube-system POD",
        ], rules: [id]),
      Step(
        .after, "Check each node: no rule that still rejects means that it is clean.",
        commands: [NodeCommands.command(verify)], rules: [id]),
    ]
  }
}
