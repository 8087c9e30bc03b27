// TMO-07: a longer UDP timeout of IPVS keeps stale flows alive.

package import FairleadModel

/// UDP has no end that IPVS could see, and no graceful phase when a pod goes away. A client that goes on sending from
/// the same source port stays with the pod that it had, deleted or not, until udpTimeoutSeconds pass without a packet,
/// 300 s by the kernel's default. DNS and syslog clients have lost their traffic for that long.
///
/// - When: IPVS stays and udpTimeoutSeconds is set above the number in force, or IPVS starts with one above the kernel's
///   300 s; and a Service speaks UDP.
/// - Severity: medium, also where it is not recorded whether any Service speaks UDP (`--uses-udp-services`): the
///   cluster's own DNS does, as a rule.
/// - Remedy: keep udpTimeoutSeconds at 300 s or less.
package enum UDPTimeoutRaised: Rule {
  package static let id = "TMO-07"
  package static let kind = RuleKind.transition
  package static let title = "Stale UDP flows live longer"
  package static let source =
    "kubernetes/kubernetes#71514, kubernetes/kubernetes#76664, kubernetes/kubernetes#77802"

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard let raise = TimeoutRaise(.udp, in: change) else { return nil }
    let verify = "ipvsadm -Lnc | grep UDP"
    let effect =
      "A client that keeps its source port stays with a pod that is gone for up to \(raise.seconds) s after its last "
      + "packet."
    let remedy = "Keep udpTimeoutSeconds at \(IPVSTimeout.udp.kernelDefaultSeconds) or less."
    let hint = "The command lists, on a node, the UDP flows and their time left."
    guard let usesUDP = change.facts.bool(.usesUdpServices) else {
      return unverified(
        .usesUdpServices,
        detail: "\(raise.words) \(effect) Whether any Service speaks UDP is not recorded; the cluster's DNS does, as a "
          + "rule.",
        remedy: "\(remedy) \(hint) Record the answer with \(FactKey.usesUdpServices.flag).", verify: verify)
    }
    guard usesUDP else { return nil }
    return finding(
      .medium, raise.certainty, detail: "\(raise.words) \(effect)", remedy: remedy, hint: hint, verify: verify)
  }
}
