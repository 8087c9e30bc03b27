// PERF-01: many Services make the first packet of each connection slow in IPTABLES mode.

package import FairleadModel

/// IPTABLES looks the Service of a new connection up rule by rule, so its first packet takes longer the more Services
/// there are; later packets pay nothing. Upstream measured a 99th percentile of 156 microseconds with 5,000 Services and
/// 715 with 30,000, where NFTABLES stays at 37 with any number. Fairlead's figure is a straight line through these
/// measurements. Writing the rules takes longer as well.
///
/// Two thresholds come from different sources. Amazon recommends NFTABLES above 1,000 Services; 5,000 are the first
/// that upstream measured, at four times the latency of NFTABLES, and Fairlead warns from there.
///
/// - When: IPTABLES runs, with more than 1,000 Services. With their number unknown, only where the mode changes to
///   IPTABLES. Not on the Cilium dataplane, which serves Services by itself.
/// - Severity: info; medium from 5,000 Services; info where their number is not recorded (`--service-count`).
/// - Remedy: move to NFTABLES, which needs Kubernetes 1.33 and a kernel of 5.13.
package enum SlowFirstPacket: Rule {
  package static let id = "PERF-01"
  package static let kind = RuleKind.state
  package static let title = "IPTABLES slows down with the number of Services"
  package static let source =
    "KEP-3866, iptables against nftables latency; Amazon EKS best practices, nftables"

  /// Above this many Services the finding fires: Amazon recommends NFTABLES from there.
  private static let many = 1000
  /// The lowest number of Services that upstream measured; from there the finding is medium.
  private static let measured = 5000
  /// The highest number of Services that upstream measured.
  private static let mostMeasured = 30_000

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard change.after.mode == .iptables, change.facts.word(.networkDataplane) != "cilium" else { return nil }
    let verify = "kubectl get services -A --no-headers | wc -l"
    guard let services = change.facts.count(.serviceCount) else {
      // Every report of a cluster that stays in IPTABLES, or of a new one, would have this remark.
      guard change.changesMode else { return nil }
      return unverified(
        .serviceCount, severity: .info,
        detail:
          "The number of Services is not recorded. With more than \(many), the first packet of each connection is "
          + "measurably slower in IPTABLES mode than in the others.",
        remedy: "Record the number with \(FactKey.serviceCount.flag).", hint: "The command counts them.",
        verify: verify)
    }
    guard services > many else { return nil }
    let latency =
      services > mostMeasured
      ? "With \(mostMeasured), the most that were measured, the slowest hundredth took "
        + "\(FirstPacketLatency.iptablesSlowest(mostMeasured)) microseconds or more; this cluster has \(services)."
      : "With \(services), the slowest hundredth takes about \(FirstPacketLatency.iptablesSlowest(services)) microseconds or more."
    let remedy =
      change.mayRunNFTables
      ? "Move to NFTABLES, which needs Kubernetes \(NFTablesSupport.minimumKubernetes.text) and a kernel of \(NFTablesSupport.minimumKernel.text)."
      : "NFTABLES has no such cost, and needs Kubernetes \(NFTablesSupport.minimumKubernetes.text) and a kernel of \(NFTablesSupport.minimumKernel.text): "
        + "upgrade first."
    return finding(
      services >= measured ? .medium : .info,
      detail:
        "In IPTABLES mode the first packet of a connection passes the Services one by one. \(latency)",
      more: " In NFTABLES mode it is about 37, however many there are.", remedy: remedy,
      hint: "The command counts the Services.", verify: verify)
  }
}
