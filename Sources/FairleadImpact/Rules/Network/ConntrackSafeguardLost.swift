// NET-01: NFTABLES comes without the workaround for connection tracking that IPTABLES has.

package import FairleadModel

/// When packets of a long-lived TCP connection arrive out of the order that connection tracking expects, the kernel can
/// fail to translate them back, and the client answers with a reset. In IPTABLES mode kube-proxy drops such packets. In
/// NFTABLES mode it does not, since kernels from 6.1 on no longer need it; on older ones long transfers to Service IPs
/// can end in "Connection reset by peer".
///
/// kube-proxy counts the packets that it drops, so a node can be asked before the change. Whether a cluster meets such
/// packets at all is no recorded fact. Upstream's own remedy on an old kernel is `--conntrack-tcp-be-liberal`, a flag of
/// kube-proxy that the AKS document has no setting for. Below 5.13 NFTABLES does not run, and ENV-02 speaks instead.
///
/// - When: the nodes' rules go from IPTABLES to NFTABLES, and a node's kernel is older than 6.1.
/// - Severity: medium; low where the lowest kernel version is not recorded (`--min-kernel-version`).
/// - Remedy: look at the count first; where it grows, move to node images with a kernel of 6.1 or newer before the
///   mode changes.
package enum ConntrackSafeguardLost: Rule {
  package static let id = "NET-01"
  package static let kind = RuleKind.transition
  package static let title = "Long-lived TCP connections lose a safeguard on kernels before 6.1"
  package static let source = "kubernetes.io, 'Virtual IPs and Service Proxies', migrating from iptables to nftables"

  static let fixed = DottedVersion(6, 1)

  private static let metric =
    "curl -s http://127.0.0.1:10249/metrics | grep kubeproxy_iptables_ct_state_invalid_dropped_packets_total"

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard change.moves(from: [.iptables], to: [.nftables]) else { return nil }
    let safeguard = "Packets that connection tracking cannot place are dropped in IPTABLES mode."
    let effect =
      " In NFTABLES mode they pass, and on kernels before \(fixed.text) they can reset a long-lived TCP connection to a "
      + "Service."
    let hint = "Before the change, the command counts such packets on a node."
    guard let kernel = change.facts.version(.minKernelVersion) else {
      return unverified(
        .minKernelVersion, severity: .low,
        detail: "The lowest kernel version among the nodes is not recorded. \(safeguard)\(effect)",
        remedy: "Record the lowest kernel with \(FactKey.minKernelVersion.flag).", hint: hint,
        verify: metric)
    }
    guard kernel < fixed, kernel >= NFTablesSupport.minimumKernel else { return nil }
    return finding(
      .medium, .may,
      detail: "A node runs kernel \(kernel.text). \(safeguard)", more: "\(effect)\(change.lastRunNote)",
      remedy: "Where the count is more than 0, use node images with kernel \(fixed.text) or newer first.", hint: hint,
      verify: metric)
  }

  package static func steps(for change: ConfigChange) -> [Step] {
    // A disabled kube-proxy has no metrics to ask.
    guard change.before?.enabled == true else { return [] }
    return [
      Step(
        .before,
        "On nodes with a kernel before \(fixed.text), look whether IPTABLES drops packets that connection tracking "
          + "cannot place: any number but 0 says so. No line says that this kube-proxy does not count them.",
        commands: [metric], rules: [id])
    ]
  }
}
