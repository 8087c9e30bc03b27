// TMO-03: a shorter TCP timeout of IPVS reaches busy connections at once and idle ones late.

package import FairleadModel

/// Each packet of a connection sets its timer anew, to the timeout of that moment. After a decrease, busy connections
/// have the shorter timeout with their next packet, while one that is idle still runs out on the old deadline. From then
/// on every connection that is idle for the shorter time is forgotten, and neither end is told.
///
/// Keepalives that come sooner than the new timeout keep every connection alive, and all that is left is that
/// connections to a dead node are released sooner. That keepalives may come too late is TMO-01's subject, which this
/// finding covers. A decrease that stays above a day changes nothing, since connection tracking forgets earlier.
///
/// A timeout that the document did not set before is what the kernel has: 900 s as a rule, and another number on a node
/// where someone set one. A decrease from there is likely and not certain.
///
/// - When: IPVS stays, and tcpTimeoutSeconds is set below the number in force and below a day.
/// - Severity: high; medium where no keepalive interval is recorded and the new timeout is longer than the 7200 s of a
///   kernel; low where keepalives are recorded that come sooner (`--keepalive-seconds`).
/// - Remedy: have the applications send keepalives more often than the new timeout before it is set.
package enum TCPTimeoutLowered: Rule {
  package static let id = "TMO-03"
  package static let kind = RuleKind.transition
  package static let title = "Idle TCP connections end sooner, and not all at once"
  package static let source =
    "Linux net/netfilter/ipvs/ip_vs_proto_tcp.c set_tcp_state(), net/netfilter/ipvs/ip_vs_conn.c ip_vs_conn_put()"
  package static let folds: [any Rule.Type] = [IdleConnectionsCut.self]

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard change.staysIPVS, change.after.timeouts[.tcp] != nil else { return nil }
    let old = change.timeoutBefore(.tcp)
    let new = change.timeoutAfter(.tcp)
    guard new.shortest < old.longest, new.candidates != old.candidates, new.shortest < ConfigChange.conntrackSeconds
    else {
      return nil
    }
    let severity: Severity =
      switch change.keepsAlive(within: new.shortest) {
      case .some(true): .low
      case .some(false): .high
      case .none: new.shortest > ConfigChange.kernelKeepaliveSeconds ? .medium : .high
      }
    return finding(
      severity, old.isCertain && new.isCertain ? .will : .may,
      detail: "tcpTimeoutSeconds goes from \(old.seconds)\(change.before?.timeouts[.tcp] == nil ? " (unset)" : "") to "
        + "\(new.seconds). A busy connection has the new timeout with its next packet; one that is idle now runs out on "
        + "the old deadline.",
      more: " After that, \(new.shortest) s without a packet end any connection. "
        + change.idleEffect(within: new.shortest),
      remedy: "Have the applications send keepalives more often than every \(new.shortest) s first.",
      hint: "The command shows, on a node, each connection's time left.",
      verify: "ipvsadm -Lnc")
  }
}
