// How long the first packet of a connection takes through the Service rules, before a change of mode and after it.

package import FairleadModel

/// Upstream measured IPTABLES and NFTABLES with 5,000, 10,000 and 30,000 Services; the bars of its chart can be read to
/// about 4 us.
///
/// - IPTABLES: the 99th percentile follows `44 + 0.0224 S` us within 6 us, since the first packet walks the Services
///   one by one. The median is interpolated between the three bars. The error is 10 us at a measured count; between two
///   it grows by 8.2 us for each 1,000 Services from the nearer one, which is how far a curve through the bars may sag;
///   below 5,000 by 4 us for each 1,000, above 30,000 by half the slope.
/// - NFTABLES: 14 and 37 us whatever the number, since one lookup finds the Service.
/// - IPVS is not in the chart. Upstream calls it slightly slower than NFTABLES; it is put one reading above it, with
///   twice the error.
package enum FirstPacketLatency {
  /// Ten times as many Services as were measured; beyond that a line through three bars says nothing.
  static let mostServices = 300_000
  private static let measured = 5000...30_000
  private static let reading = 4

  /// `nil` where the mode stays, kube-proxy will not run, a fact is missing, or there are no Services or too many.
  package static func estimate(for change: ConfigChange) -> LatencyEstimate? {
    guard let mode = change.after.mode, change.before?.mode != mode,
      let services = change.facts.count(.serviceCount), (1...mostServices).contains(services)
    else { return nil }
    return LatencyEstimate(
      services: services, before: change.before?.mode.map { firstPacket($0, services: services) },
      after: firstPacket(mode, services: services), basis: basis(services: services))
  }

  static func firstPacket(_ mode: ProxyMode, services: Int) -> FirstPacket {
    switch mode {
    case .iptables:
      FirstPacket(
        mode: mode, p50Microseconds: iptablesMedian(services), p99Microseconds: iptablesSlowest(services),
        errorMicroseconds: iptablesError(services))
    case .ipvs:
      FirstPacket(
        mode: mode, p50Microseconds: 14 + reading, p99Microseconds: 37 + reading, errorMicroseconds: 2 * reading)
    case .nftables:
      FirstPacket(mode: mode, p50Microseconds: 14, p99Microseconds: 37, errorMicroseconds: reading)
    }
  }

  /// The 99th percentile in microseconds: a line through upstream's three measurements.
  static func iptablesSlowest(_ services: Int) -> Int { 44 + rounded(services, 224, 10_000) }

  /// The medians of the chart; without Services the lookup costs what it costs in NFTABLES. The last slope goes on.
  private static func iptablesMedian(_ services: Int) -> Int {
    switch services {
    case ..<5000: 14 + rounded(services, 49 - 14, 5000)
    case ..<10_000: 49 + rounded(services - 5000, 61 - 49, 5000)
    default: 61 + rounded(services - 10_000, 274 - 61, 20_000)
    }
  }

  private static func iptablesError(_ services: Int) -> Int {
    let atABar = reading + 6
    return switch services {
    case ..<5000: atABar + rounded(5000 - services, 4, 1000)
    case ..<10_000: atABar + rounded(min(services - 5000, 10_000 - services), 82, 10_000)
    case ...30_000: atABar + rounded(min(services - 10_000, 30_000 - services), 82, 10_000)
    default: atABar + rounded(services - 30_000, 112, 10_000)
    }
  }

  private static func rounded(_ value: Int, _ dividend: Int, _ divisor: Int) -> Int {
    (value * dividend + divisor / 2) / divisor
  }

  private static func basis(services: Int) -> Basis {
    let beyond =
      measured.contains(services)
      ? "" : " Measured were 5,000 to 30,000 Services; outside, IPTABLES follows the same line with a growing error."
    return Basis(
      source: "KEP-3866 iptables-vs-nftables.svg; Kubernetes blog of 2025-02-28",
      limits: "One measurement on upstream's machines; a later packet of a connection pays none of it, and IPVS, which "
        + "was not measured, is put slightly above NFTABLES.\(beyond)")
  }
}
