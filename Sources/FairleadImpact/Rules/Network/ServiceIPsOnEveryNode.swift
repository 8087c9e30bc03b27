// NET-03: IPVS makes every Service IP an address of every node.

package import FairleadModel

/// IPVS needs each Service IP as a local address, so kube-proxy puts them all on an interface of its own, kube-ipvs0, on
/// every node. What looks at a node's addresses then sees them: agents that register or export every local address,
/// daemons that bind to each, monitoring that counts them. Ports of the host stay unreachable through a Service IP;
/// kube-proxy filters that.
///
/// A load balancer that announces addresses by ARP, as MetalLB does in layer 2 mode, also needs the setting strictARP,
/// and AKS has none for it.
///
/// - When: IPVS starts on nodes that do not hold its rules yet.
/// - Severity: medium.
/// - Remedy: have node agents leave out kube-ipvs0, and keep a load balancer that announces by ARP off this mode.
package enum ServiceIPsOnEveryNode: Rule {
  package static let id = "NET-03"
  package static let kind = RuleKind.transition
  package static let title = "Service IPs become addresses of every node"
  package static let source =
    "kubernetes pkg/proxy/ipvs/proxier.go; kubernetes/kubernetes#59976, kubernetes/kubernetes#72236"

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard change.before != nil, change.after.mode == .ipvs, change.modeOnNodes != .ipvs else { return nil }
    let addresses = change.services.map { "the IPs of \($0)" } ?? "every Service IP"
    return finding(
      .medium,
      detail: "The interface kube-ipvs0 appears on \(change.eachNode), with \(addresses) on it. Agents that register, "
        + "export or bind all addresses of a node meet them.",
      more: " A load balancer that announces addresses by ARP, such as MetalLB in layer 2 mode, also needs strictARP, "
        + "which AKS does not offer.",
      remedy: "Have such agents leave out kube-ipvs0, and do not combine IPVS with a load balancer that announces by "
        + "ARP.",
      hint: "The command lists, on a node in IPVS mode, the addresses.",
      verify: "ip -brief address show dev kube-ipvs0")
  }
}
