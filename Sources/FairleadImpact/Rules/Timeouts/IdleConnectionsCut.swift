// TMO-01: an idle TCP timeout that is shorter than the keepalives cuts connections silently.

package import FairleadModel

/// IPVS forgets a TCP connection that was idle for tcpTimeoutSeconds, 900 s unless something set another number, and
/// tells neither end. The next packet is reset or lost: the first request after a pause fails, and a retry works.
/// Keepalives prevent it if they come sooner. A kernel sends the first after 7200 s, unless the application or a setting
/// of the node says otherwise, and only on connections that ask for keepalives.
///
/// A short timeout has a good side too: connections to a node that died are released sooner, after 15 minutes with the
/// kernel's default. Connection tracking forgets an idle connection after a day in every mode, so a longer timeout than
/// that changes nothing.
///
/// On the way into IPVS, and where the timeout is lowered, TMO-02 and TMO-03 say the same and more, and speak for it.
///
/// - When: IPVS starts to run, or its tcpTimeoutSeconds changes, and the timeout is not longer than the keepalive
///   interval (`--keepalive-seconds`); without that fact, not longer than the 7200 s of a kernel.
/// - Severity: medium; low where the keepalive interval is not recorded and the timeout is raised.
/// - Remedy: set tcpTimeoutSeconds above the keepalive interval, or have the applications send keepalives sooner.
package enum IdleConnectionsCut: Rule {
  package static let id = "TMO-01"
  package static let kind = RuleKind.transition
  package static let title = "Idle TCP connections are cut without a word"
  package static let source =
    "Linux net/netfilter/ipvs/ip_vs_proto_tcp.c; kubernetes/kubernetes#80298, kubernetes/kubernetes#71358; AKS support "
    + "article on TCP keepalive"

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard let before = change.before, change.after.mode == .ipvs else { return nil }
    let old = change.timeoutBefore(.tcp)
    let new = change.timeoutAfter(.tcp)
    guard before.mode != .ipvs || old.candidates != new.candidates else { return nil }
    let timeout = new.shortest
    guard timeout < ConfigChange.conntrackSeconds, change.keepsAlive(within: timeout) != true else { return nil }
    let detail =
      "IPVS forgets a TCP connection that is idle for \(new.seconds). \(change.idleEffect(within: timeout))"
    let verify = "ipvsadm -L --timeout"
    guard let keepalive = change.facts.count(.keepaliveSeconds) else {
      guard timeout <= ConfigChange.kernelKeepaliveSeconds else { return nil }
      let isRaised = before.mode == .ipvs && old.shortest < timeout
      return unverified(
        .keepaliveSeconds, severity: isRaised ? .low : .medium, detail: detail,
        remedy: "Record the longest keepalive interval with \(FactKey.keepaliveSeconds.flag); a kernel's own is "
          + "\(ConfigChange.kernelKeepaliveSeconds) s.",
        hint: "The command shows, on a node, the timeouts in force.", verify: verify)
    }
    let remedy =
      keepalive == 0
      ? "Have the applications send keepalives more often than every \(timeout) s, or set tcpTimeoutSeconds above the "
        + "longest time that a connection may be idle."
      : "Set tcpTimeoutSeconds above \(keepalive), or have the applications send keepalives more often than every "
        + "\(timeout) s."
    let isCut = new.longest < (keepalive == 0 ? ConfigChange.conntrackSeconds : keepalive + 1)
    return finding(.medium, isCut ? .will : .may, detail: detail, remedy: remedy, verify: verify)
  }
}
