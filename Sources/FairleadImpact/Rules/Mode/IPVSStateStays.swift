// MODE-03: the move from IPVS to IPTABLES leaves the IPVS state where it is.

package import FairleadModel

/// kube-proxy cleans up after another mode only when NFTABLES is one of the two. From IPVS to IPTABLES the virtual
/// servers stay, and so does the interface that makes every Service IP an address of the node itself. Old connections
/// go on through a table that nobody updates, and a Service that is deleted later still ends on the node.
///
/// Upstream names 'kube-proxy --cleanup' and a reboot as equal remedies. Reports disagree: a leftover rule that refers
/// to an ipset has kept both the cleanup and the new mode from working, so Fairlead asks for the reboot.
///
/// - When: the nodes go from IPVS to IPTABLES.
/// - Severity: critical. After a time without kube-proxy, a node that was rebooted since has nothing left of it.
/// - Remedy: drain and reboot each node once it runs IPTABLES; or go by way of NFTABLES, whose start removes the IPVS
///   state at the price of the established connections (MODE-04).
package enum IPVSStateStays: Rule {
  package static let id = "MODE-03"
  package static let kind = RuleKind.transition
  package static let title = "The old IPVS state stays on the nodes"
  package static let source =
    "KEP-2448; kubernetes/kubernetes#109286; gardener/gardener#4599; projectcalico/calico#12476"
  // State that stays until someone cleans the node up is worse than a gap of a moment, which this move hardly has.
  package static let folds: [any Rule.Type] = [BriefInterruption.self]
  package static let leavesBehind = true

  private static let verify = "ip -brief address show dev kube-ipvs0"

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard change.moves(from: [.ipvs], to: [.iptables]) else { return nil }
    let addresses = change.services.map { "the IPs of \($0)" } ?? "every Service IP"
    let detour =
      change.mayRunNFTables
      ? " Or go by way of NFTABLES (Kubernetes 1.33, kernel 5.13), whose start removes the IPVS state at the price of "
        + "the established connections (MODE-04)." : ""
    return finding(
      .critical, change.certaintyOfRules,
      detail: "kube-proxy removes nothing when it goes from IPVS to IPTABLES. \(change.eachNode.sentence) keeps its "
        + "IPVS table, and the interface kube-ipvs0 with \(addresses) on it. Old connections go on "
        + "through a table that nobody updates, and a Service deleted later still ends on the node itself. Leftover "
        + "rules have also kept the iptables mode from working. The slight interruption that the AKS article warns of "
        + "comes on top.\(change.lastRunNote)",
      remedy: "Drain and reboot each node once it runs IPTABLES; 'kube-proxy --cleanup' has failed on the leftovers."
        + detour,
      hint: "The command shows, on a node, the addresses that are left.",
      verify: verify)
  }

  package static func steps(for change: ConfigChange) -> [Step] {
    [
      Step(
        .after,
        "Once a node runs IPTABLES, drain and reboot it to be rid of the IPVS state, one node after the other. The "
          + "second command prints the scale set and the instance for the third.",
        commands: NodeCommands.reboot, rules: [id]),
      Step(
        .after, "Check each node: an interface kube-ipvs0 that does not exist means that it is clean.",
        commands: [NodeCommands.command(verify)], rules: [id]),
    ]
  }
}
