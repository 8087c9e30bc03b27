// The two charts over the number of Services: what kube-proxy programs, and how long the first packet takes.

internal import FairleadModel

extension ServiceChart {
  /// Kernel objects on each node. `nil` where kube-proxy runs neither before nor after.
  ///
  /// The IPTABLES line is upstream's own count, 5 + S(2 + 3E) nat and 3 filter rules (Kubernetes
  /// `pkg/proxy/iptables/number_generated_rules_test.go`). IPVS has a virtual server for each Service port and a real
  /// server for each endpoint; NFTABLES a map element, a set element and a chain for each Service port. A mode that the
  /// report counts goes through the report's number.
  init?(_ estimate: RulesEstimate) {
    let endpoints = Double(estimate.endpoints)
    let services = Double(estimate.services)
    func place(_ name: String, _ rules: ProgrammedRules?) -> Place? {
      rules.map { Place(name: name, mode: $0.mode, value: $0.objects.reduce(0) { $0 + Double($1.count) }) }
    }
    let before = place("before", estimate.before)
    let after = place("after", estimate.after)
    guard before != nil || after != nil else { return nil }
    let curves: [Curve] = ProxyMode.allCases.map { mode in
      let (base, slope): (Double, Double) =
        switch mode {
        case .iptables: (8, 2 + 3 * endpoints)
        case .ipvs: (0, 1 + endpoints)
        case .nftables: (1, 3)
        }
      let counted = [after, before].compactMap(\.self).first { $0.mode == mode }
      guard let counted, services > 0 else { return Curve(mode: mode, base: base, perService: slope) }
      return Curve(mode: mode, base: base, perService: max(counted.value - base, 0) / services)
    }
    self.init(
      title: "Kernel objects on each node against the number of Services",
      quantity: "objects on each node", services: estimate.services,
      curves: curves, before: before, after: after)
  }

  /// The first packet's round trip. `nil` where kube-proxy runs neither before nor after.
  ///
  /// Upstream measured IPTABLES and NFTABLES with 5,000 to 30,000 Services (KEP-3866): 44 us and 0.0224 us more for each
  /// Service against a constant 37 us. IPVS is drawn only where the report has a number for it.
  init?(_ estimate: LatencyEstimate) {
    func place(_ name: String, _ packet: FirstPacket?) -> Place? {
      packet.map {
        Place(
          name: name, mode: $0.mode, value: Double($0.p99Microseconds), error: Double($0.errorMicroseconds))
      }
    }
    let before = place("before", estimate.before)
    let after = place("after", estimate.after)
    guard before != nil || after != nil else { return nil }
    var curves = [
      Curve(mode: .iptables, base: 44, perService: 0.0224, measuredTo: 30_000),
      Curve(mode: .nftables, base: 37, perService: 0, measuredTo: 30_000),
    ]
    if let ipvs = [after, before].compactMap(\.self).first(where: { $0.mode == .ipvs }) {
      curves.append(Curve(mode: .ipvs, base: ipvs.value, perService: 0, measuredTo: 0))
    }
    self.init(
      title: "Round trip of a connection's first packet against the number of Services",
      quantity: "99th percentile, microseconds", services: estimate.services, curves: curves, before: before,
      after: after)
  }
}
