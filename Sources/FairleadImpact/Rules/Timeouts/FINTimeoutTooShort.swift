// TMO-06: a very short FIN timeout of IPVS can lose the end of a connection.

package import FairleadModel

/// Once one end has closed a connection, IPVS keeps its entry for tcpFinTimeoutSeconds. If the other end takes longer
/// to finish, its last packets find no entry: they are reset or lost. That follows from the kernel's timer table; no
/// report of it is known, and whether the peers of a cluster are that slow cannot be recorded.
///
/// - When: IPVS stays and tcpFinTimeoutSeconds is lowered to less than 30 s, or IPVS starts with one of less than 30 s.
/// - Severity: low.
/// - Remedy: keep tcpFinTimeoutSeconds at 30 s or more.
package enum FINTimeoutTooShort: Rule {
  package static let id = "TMO-06"
  package static let kind = RuleKind.transition
  package static let title = "The end of slow connections may be lost"
  package static let source = "Linux net/netfilter/ipvs/ip_vs_proto_tcp.c"

  private static let shortSeconds = 30

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard change.before != nil, let seconds = change.after.timeouts[.tcpFin], seconds < shortSeconds else { return nil }
    let old = change.timeoutBefore(.tcpFin)
    guard IPVSTimeoutLimits.answer(to: change.after.timeouts) != .refuses,
      !change.staysIPVS || seconds < old.longest && change.timeoutAfter(.tcpFin).candidates != old.candidates
    else { return nil }
    return finding(
      .low, .may,
      detail: "IPVS forgets a connection \(seconds) s after one end has closed it"
        + "\(change.staysIPVS ? ", instead of \(old.seconds)" : "; the kernel's default is \(old.candidates[0]) s"). "
        + "The last packets of a peer that takes longer are reset or lost.",
      remedy: "Keep tcpFinTimeoutSeconds at \(shortSeconds) or more.",
      hint: "The command lists, on a node, the connections that are closing and their time left.",
      verify: "ipvsadm -Lnc | grep FIN_WAIT")
  }
}
