// TMO-05: a longer FIN timeout of IPVS keeps deleted pods in the table for longer.

package import FairleadModel

/// When a pod goes away, kube-proxy gives its entry in IPVS the weight 0 and removes it only once no connection to it is
/// left, open or closing; it looks once a minute. A connection that is closing counts until tcpFinTimeoutSeconds have
/// passed. A longer timeout therefore keeps deleted pods in the table for longer. On kernels before 5.9 a client that
/// uses a source port again within that time is sent to the deleted pod, and gets "No route to host" during rolling
/// updates.
///
/// TIME_WAIT (120 s) and CLOSE_WAIT (60 s) are timers of their own, which no setting of this document changes.
///
/// - When: IPVS stays and tcpFinTimeoutSeconds is set above the number in force, or IPVS starts with one above the
///   kernel's 120 s.
/// - Severity: medium.
/// - Remedy: keep tcpFinTimeoutSeconds at 120 s or less, unless clients are known to close connections slowly.
package enum FINTimeoutRaised: Rule {
  package static let id = "TMO-05"
  package static let kind = RuleKind.transition
  package static let title = "Deleted pods stay in the IPVS table for longer"
  package static let source =
    "kubernetes pkg/proxy/ipvs/graceful_termination.go; kubernetes/kubernetes#81775"

  static let reuseFixed = DottedVersion(5, 9)

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard let raise = TimeoutRaise(.tcpFin, in: change) else { return nil }
    let kernel = change.facts.version(.minKernelVersion)
    let reuse =
      switch kernel {
      case .some(let version) where version >= reuseFixed: ""
      case .some(let version):
        " On kernel \(version.text) a client that uses a source port again meanwhile is sent to the deleted pod."
      case .none:
        " On a kernel before \(reuseFixed.text) a client that uses a source port again meanwhile is sent to the deleted "
          + "pod; the lowest kernel is not recorded (\(FactKey.minKernelVersion.flag))."
      }
    return finding(
      .medium, raise.certainty,
      detail: "\(raise.words) A deleted pod stays in the IPVS table, with weight 0, until its last closing connection "
        + "has timed out; kube-proxy looks once a minute.",
      more: reuse,
      remedy: "Keep tcpFinTimeoutSeconds at \(IPVSTimeout.tcpFin.kernelDefaultSeconds) or less, unless clients close "
        + "slowly.",
      hint: "The command shows, on a node, each pod's weight and closing connections.",
      verify: "ipvsadm -Ln")
  }
}
