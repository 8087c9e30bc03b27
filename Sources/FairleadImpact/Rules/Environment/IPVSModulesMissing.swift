// ENV-03: IPVS on a node that lacks the kernel's IPVS or ipset.

package import FairleadModel

/// IPVS needs the kernel module ip_vs, the module of the scheduler, and ipset. kube-proxy tries them out at its start
/// and exits with an error where one is missing; articles that promise a fall back to iptables are out of date. A move
/// from NFTABLES has removed the old rules by then, and the node is left with none.
///
/// Where it happens it is critical. Fairlead says info all the same: the node images of AKS have all three, AKS runs no
/// others, and modules are no recorded fact, so a warning could not tell one cluster from another.
///
/// - When: kube-proxy is to run in IPVS on nodes that have not run it before, as far as is recorded.
/// - Severity: info, as something that may be; no recorded fact settles it.
/// - Remedy: nothing to do with the node images of AKS; a look at one node confirms it.
package enum IPVSModulesMissing: Rule {
  package static let id = "ENV-03"
  package static let kind = RuleKind.state
  package static let title = "IPVS needs kernel modules and ipset on every node"
  package static let source =
    "kubernetes cmd/kube-proxy/app/options.go Run(), pkg/proxy/ipvs/supported.go; kubernetes.io, 'Virtual IPs and "
    + "Service Proxies'"

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard change.introduces(.ipvs) else { return nil }
    let modules = ["ip_vs", change.after.scheduler == .leastConnection ? "ip_vs_lc" : "ip_vs_rr"]
    let outcome =
      switch change.modeOnNodes {
      case .nftables: "By then kube-proxy has removed the nftables rules, and the node serves no Service."
      case .iptables: "The iptables rules stay, and nobody updates them."
      case .ipvs, .none: "The node then has no Service rules, or those of an earlier run."
      }
    return finding(
      .info, .may,
      detail: "kube-proxy needs the kernel modules \(modules.joined(separator: " and ")), and ipset, on "
        + "\(change.eachNode), and exits at every start where one is missing. \(outcome) The node images of "
        + "AKS have them all, and nothing recorded says more.",
      remedy: "Nothing to do with AKS's own images.",
      hint: "The command, on a node, is silent where the modules are there.",
      verify: "modprobe --dry-run --all \(modules.joined(separator: " "))")
  }
}
