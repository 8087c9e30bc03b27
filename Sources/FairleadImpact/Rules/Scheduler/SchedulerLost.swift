// SCH-04: the other modes have no scheduler to choose.

package import FairleadModel

/// IPTABLES and NFTABLES pick a pod at random for each connection; what the document chose for IPVS has no counterpart
/// there. A scheduler spreads the connections of one node evenly and knows nothing of the others; where every node has
/// many connections it is the more even, and where each has few, random is as even or more so.
///
/// With kube-proxy disabled before the change, the scheduler that the nodes still run is not on record.
///
/// - When: the nodes' rules go from IPVS to IPTABLES or NFTABLES.
/// - Severity: medium.
/// - Remedy: watch the load per pod after the change; neither mode has a setting for it.
package enum SchedulerLost: Rule {
  package static let id = "SCH-04"
  package static let kind = RuleKind.transition
  package static let title = "The choice of scheduler is lost"
  package static let source = "kubernetes.io, 'Virtual IPs and Service Proxies'"

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard change.moves(from: [.ipvs], to: [.iptables, .nftables]), let to = change.after.mode else { return nil }
    let scheduler = change.before?.scheduler.map { "IPVS with \($0.rawValue)" } ?? "the IPVS scheduler that ran last"
    return finding(
      .medium, change.certaintyOfRules,
      detail: "Until now \(scheduler) picks the pod for a connection. \(to.rawValue) picks one at random: less even "
        + "where each node has many connections to a Service, as even or more so where each has few.",
      more: change.lastRunNote,
      remedy: "Watch the load per pod after the change; neither mode has a setting for it.",
      hint: "The command prints, on a node, the mode that runs.",
      verify: NodeCommands.proxyMode)
  }
}
