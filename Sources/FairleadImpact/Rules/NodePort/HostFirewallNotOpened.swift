// NP-03: NFTABLES opens no ports in a host firewall.

package import FairleadModel

/// In IPTABLES mode kube-proxy accepts traffic to NodePorts, and to the health-check ports of Services with
/// externalTrafficPolicy Local, ahead of the host's own filter rules. In nftables a rule that accepts cannot overrule
/// one that drops elsewhere, so kube-proxy no longer tries: a firewall on the node that drops these ports then does so.
/// Where the load balancer's health checks are dropped, it takes the node out of service.
///
/// Few clusters add a firewall to their nodes, so an unknown one is a remark.
///
/// - When: the nodes' rules go from IPTABLES to NFTABLES, the nodes run a host firewall, and something depends on
///   NodePorts or a Service has externalTrafficPolicy Local.
/// - Severity: high; medium where the firewall is known and the ports are not (`--uses-node-ports`,
///   `--uses-local-traffic-policy`); low where the firewall is not recorded (`--host-firewall`).
/// - Remedy: open the NodePort range, 30000-32767 unless the cluster has another, in the host firewall before the mode
///   changes.
package enum HostFirewallNotOpened: Rule {
  package static let id = "NP-03"
  package static let kind = RuleKind.transition
  package static let title = "kube-proxy no longer opens the host firewall"
  package static let source =
    "kubernetes.io, 'Virtual IPs and Service Proxies', migrating from iptables to nftables; KEP-3866"

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard change.moves(from: [.iptables], to: [.nftables]) else { return nil }
    let localPolicy = change.facts.bool(.usesLocalTrafficPolicy)
    guard change.usesNodePorts != false || localPolicy != false else { return nil }
    let verify = "iptables -S INPUT"
    let opening =
      "In IPTABLES mode kube-proxy lets NodePorts and health-check ports through the node's filter rules, in NFTABLES "
      + "mode it cannot."
    let remedy =
      "Open 30000-32767, or the cluster's own NodePort range, in the host firewall first."
    let hint = "The command shows, on a node, whether its filter drops."
    guard let hasFirewall = change.facts.bool(.hostFirewall) else {
      return unverified(
        .hostFirewall, severity: .low,
        detail: "Whether the nodes run a host firewall is not recorded. \(opening)",
        remedy: "Record the answer with \(FactKey.hostFirewall.flag). \(remedy)", hint: hint, verify: verify)
    }
    guard hasFirewall else { return nil }
    let ports: String
    switch (change.usesNodePorts == true, localPolicy == true) {
    case (true, true): ports = "NodePorts and health-check ports, both of which this cluster uses,"
    case (true, false): ports = "NodePorts, which this cluster uses,"
    case (false, true): ports = "the health-check ports of the Services with externalTrafficPolicy Local"
    case (false, false):
      return unverified(
        change.usesNodePorts == nil ? .usesNodePorts : .usesLocalTrafficPolicy,
        detail: "The nodes run a host firewall, and whether anything depends on NodePorts or health-check ports is not "
          + "recorded. \(opening)",
        remedy: "Record the answers with \(FactKey.usesNodePorts.flag) and \(FactKey.usesLocalTrafficPolicy.flag). "
          + remedy,
        hint: hint, verify: verify)
    }
    return finding(
      .high, change.certaintyOfRules,
      detail: "\(opening) On \(change.eachNode) the host firewall decides from then on whether \(ports) can be "
        + "reached.\(change.lastRunNote)",
      remedy: remedy, hint: hint, verify: verify)
  }

  package static func steps(for change: ConfigChange) -> [Step] {
    [
      Step(
        .before,
        "Where the nodes run a host firewall, open the NodePort range in it (30000-32767 unless the cluster has "
          + "another), for TCP and UDP, and the health-check ports. The command lists the ports in use.",
        commands: [NodeCommands.nodePorts], rules: [id])
    ]
  }
}
