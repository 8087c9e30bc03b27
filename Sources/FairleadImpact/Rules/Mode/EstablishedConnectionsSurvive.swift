// MODE-05: established connections survive a move between IPTABLES and NFTABLES.

package import FairleadModel

/// Both modes translate the first packet of a connection only, and the kernel's connection tracking takes care of the
/// rest. Connections that exist stay with their pods. This is told because it need not be prepared for; new connections
/// are MODE-01's.
///
/// - When: the nodes go from IPTABLES to NFTABLES, or back.
/// - Severity: low.
/// - Remedy: none is needed; no node has to be rebooted or drained for the sake of its connections.
package enum EstablishedConnectionsSurvive: Rule {
  package static let id = "MODE-05"
  package static let kind = RuleKind.transition
  package static let title = "Established connections survive"
  package static let source = "KEP-3866; kubernetes.io blog 2025-02-28 'NFTables mode for kube-proxy'"

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard change.moves(from: [.iptables, .nftables], to: [.iptables, .nftables]),
      let from = change.modeOnNodes, let to = change.after.mode
    else { return nil }
    return finding(
      .low, change.certaintyOfRules,
      detail: "From \(from.rawValue) to \(to.rawValue), connections that exist stay with their pods: both modes choose "
        + "a pod for the first packet, and connection tracking carries the rest.\(change.lastRunNote)",
      remedy: "No node needs a reboot or a drain for their sake.",
      verify: "conntrack -L -p tcp --state ESTABLISHED")
  }
}
