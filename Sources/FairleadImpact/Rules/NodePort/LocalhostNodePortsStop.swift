// NP-02: only IPTABLES serves NodePorts on 127.0.0.1.

package import FairleadModel

/// IPTABLES is the one mode that lets a process on a node reach a NodePort at 127.0.0.1. In IPVS and NFTABLES mode such
/// connections fail. A registry that nodes pull from at localhost is the usual victim.
///
/// kube-proxy counts the packets, so a node can be asked before the change; an older kube-proxy does not
/// count them, so no answer is not a zero. Kubernetes 1.37 has a feature gate that brings TCP back in NFTABLES mode
/// (`KubeProxyNFTablesLocalhostNodePorts`). It is alpha and off, and AKS has no setting for it.
///
/// - When: the nodes' rules go from IPTABLES to IPVS or NFTABLES, and something reaches NodePorts on 127.0.0.1. Where
///   nothing depends on NodePorts at all, nothing does. Into NFTABLES, NP-01 speaks for it.
/// - Severity: high; medium where it is not recorded whether 127.0.0.1 is used (`--uses-localhost-node-ports`).
/// - Remedy: have these clients use the node's own address, or the Service's ClusterIP.
package enum LocalhostNodePortsStop: Rule {
  package static let id = "NP-02"
  package static let kind = RuleKind.transition
  package static let title = "NodePorts on 127.0.0.1 stop answering"
  package static let source =
    "kubernetes.io, 'Virtual IPs and Service Proxies', migrating from iptables to nftables; KEP-6032; "
    + "kubernetes/kubernetes#132955"

  private static let metric =
    "curl -s http://127.0.0.1:10249/metrics | grep kubeproxy_iptables_localhost_nodeports_accepted_packets_total"

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard change.moves(from: [.iptables], to: [.ipvs, .nftables]), let to = change.after.mode else { return nil }
    let remedy =
      "Have whatever on the nodes uses 127.0.0.1 use the node's own address or the ClusterIP. Before the change, the "
      + "command counts its packets on a node."
    guard let isUsed = change.facts.bool(.usesLocalhostNodePorts) else {
      guard change.facts.bool(.usesNodePorts) != false else { return nil }
      return unverified(
        .usesLocalhostNodePorts,
        detail: "Whether anything reaches NodePorts on 127.0.0.1 is not recorded. IPTABLES serves them there, "
          + "\(to.rawValue) does not.\(change.lastRunNote)",
        remedy: "\(remedy) Record what you find with \(FactKey.usesLocalhostNodePorts.flag).", verify: metric)
    }
    guard isUsed else { return nil }
    return finding(
      .high, change.certaintyOfRules,
      detail: "Something on the nodes reaches NodePorts on 127.0.0.1. IPTABLES serves them there, \(to.rawValue) does "
        + "not: these connections fail on \(change.eachNode).\(change.lastRunNote)",
      remedy: remedy, verify: metric)
  }

  package static func steps(for change: ConfigChange) -> [Step] {
    // A disabled kube-proxy has no metrics to ask.
    guard change.before?.enabled == true else { return [] }
    return [
      Step(
        .before,
        "On each node, look whether NodePorts are reached on 127.0.0.1: any number but 0 says so. No line says that "
          + "this kube-proxy does not count them.",
        commands: [metric], rules: [id])
    ]
  }
}
