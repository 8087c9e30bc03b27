// NET-02: NFTABLES answers for ClusterIPs that nobody serves.

package import FairleadModel

/// In the other modes a packet to a ClusterIP on a port that the Service does not have, or to an address of the Service
/// range that no Service has, goes wherever the routes lead. NFTABLES rejects the first and drops the second. Nothing
/// that works stops working; a client that used to time out is refused at once, and one that probes unused addresses
/// waits.
///
/// - When: the nodes' rules go from IPTABLES or IPVS to NFTABLES.
/// - Severity: info.
/// - Remedy: nothing to do; know it when alerts on refused connections change.
package enum UnusedClusterIPsRejected: Rule {
  package static let id = "NET-02"
  package static let kind = RuleKind.transition
  package static let title = "Unused ClusterIP ports are rejected, unused ClusterIPs dropped"
  package static let source = "kubernetes pkg/proxy/nftables/README.md"

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard change.moves(from: [.iptables, .ipvs], to: [.nftables]) else { return nil }
    return finding(
      .info,
      detail: "NFTABLES refuses connections to ports that a Service does not have, and drops packets to addresses of "
        + "the Service range that no Service has. Nothing that is served is affected.",
      remedy: "Nothing to do.", hint: "The command shows, on a node in NFTABLES mode, the rules that do it.",
      verify: "nft list chain ip kube-proxy cluster-ips-check")
  }
}
