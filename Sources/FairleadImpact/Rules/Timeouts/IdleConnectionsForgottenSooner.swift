// TMO-02: IPVS forgets an idle TCP connection much sooner than the other modes do.

package import FairleadModel

/// In IPTABLES and NFTABLES mode connection tracking keeps an idle TCP connection for a day. IPVS has a timer of its
/// own, 15 minutes unless the document, an earlier document or someone on the node set another. It tells neither end
/// when it runs out, so that the next packet is reset or lost.
///
/// A timeout of a day or more is no drop, if the kernel takes it (VAL-03). Keepalives that come sooner than the timeout
/// keep every connection alive: the drop then changes behaviour and breaks nothing. That keepalives may come too late is
/// TMO-01's subject, which this finding covers.
///
/// - When: the nodes' rules go from IPTABLES or NFTABLES to IPVS, with a TCP timeout of less than a day.
/// - Severity: high; medium where keepalives are recorded that come sooner (`--keepalive-seconds`).
/// - Remedy: set tcpTimeoutSeconds above the longest time that a connection may be idle, or have the applications send
///   keepalives sooner.
package enum IdleConnectionsForgottenSooner: Rule {
  package static let id = "TMO-02"
  package static let kind = RuleKind.transition
  package static let title = "Idle TCP connections are forgotten much sooner"
  package static let source =
    "kubernetes pkg/proxy/apis/config/v1alpha1/defaults.go; Linux net/netfilter/ipvs/ip_vs_proto_tcp.c"
  package static let folds: [any Rule.Type] = [IdleConnectionsCut.self]

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard change.moves(from: [.iptables, .nftables], to: [.ipvs]), let from = change.modeOnNodes else { return nil }
    let timeout = change.timeoutAfter(.tcp)
    guard timeout.shortest < ConfigChange.conntrackSeconds else { return nil }
    return finding(
      change.keepsAlive(within: timeout.shortest) == true ? .medium : .high,
      timeout.longest < ConfigChange.conntrackSeconds ? change.certaintyOfRules : .may,
      detail: "In \(from.rawValue) mode an idle TCP connection is kept for \(ConfigChange.conntrackSeconds) s. In IPVS "
        + "mode it is forgotten after \(timeout.words).",
      more: " \(change.idleEffect(within: timeout.shortest))\(change.lastRunNote)",
      remedy: "Set tcpTimeoutSeconds above the longest time that a connection may be idle, or have the applications "
        + "send keepalives more often than every \(timeout.shortest) s.",
      verify: "ipvsadm -L --timeout")
  }
}
