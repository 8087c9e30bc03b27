// MODE-04: the move from IPVS to NFTABLES breaks established connections.

package import FairleadModel

/// In NFTABLES mode kube-proxy starts by emptying the node's whole IPVS table, also of what others put there, and by
/// removing its interface. It had told the kernel to end connections whose server is gone, so the next packet of each
/// one closes it, and the client is told. Flows of UDP go on to whichever pod the new rules choose.
///
/// - When: the nodes go from IPVS to NFTABLES.
/// - Severity: high. After a time without kube-proxy, a node that was rebooted since has no such connections.
/// - Remedy: have clients reconnect on their own, and drain each node before its kube-proxy pod is replaced.
package enum EstablishedConnectionsBreak: Rule {
  package static let id = "MODE-04"
  package static let kind = RuleKind.transition
  package static let title = "Established connections through Service IPs break"
  package static let source =
    "kubernetes pkg/proxy/ipvs/cleanup.go; Linux Documentation/networking/ipvs-sysctl.rst, expire_nodest_conn"
  // Emptying the IPVS table also makes new connections fail (MODE-01) and moves UDP flows (MODE-09); the detail says so.
  package static let folds: [any Rule.Type] = [BriefInterruption.self, UDPFlowsMove.self]

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard change.moves(from: [.ipvs], to: [.nftables]) else { return nil }
    let connections = change.facts.count(.connectionsPerService).flatMap { $0 > 0 ? $0 : nil }
    let scale = connections.map { " The Service that matters most has \(counted($0, "connection")) to lose." } ?? ""
    return finding(
      .high, change.certaintyOfRules,
      detail: "kube-proxy starts in NFTABLES by emptying the whole IPVS table of \(change.eachNode), with whatever "
        + "else uses IPVS there. The next packet of each established connection through a Service IP closes it, UDP "
        + "flows go on to another pod, and new connections fail until the first sync ends.\(scale)"
        + change.lastRunNote,
      remedy: "Have clients reconnect on their own, and drain each node before its kube-proxy pod is replaced.",
      hint: "The command counts, on a node, the connections at stake.",
      verify: "ipvsadm -Lnc | grep -c ESTABLISHED")
  }

  package static func steps(for change: ConfigChange) -> [Step] {
    [
      Step(
        .before,
        "Count, on a node, the connections through Service IPs that will break, and tell the owners of those that do "
          + "not reconnect on their own.",
        commands: [NodeCommands.command("grep -c ESTABLISHED /proc/net/ip_vs_conn")], rules: [id])
    ]
  }
}
