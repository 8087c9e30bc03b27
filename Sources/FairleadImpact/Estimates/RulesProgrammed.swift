// How many kernel objects kube-proxy programs on each node, before a change of mode and after it.

package import FairleadModel

/// Every Service is taken for a ClusterIP Service of one port with the recorded number of pods.
///
/// - IPTABLES: upstream's own test has the numbers, `5 + S(2 + 3E)` nat rules and 3 filter rules for `S` Services of
///   `E` pods; without pods a Service is one filter rule instead, which rejects.
/// - IPVS: a virtual server, an address and an entry of the set KUBE-CLUSTER-IP for each Service, a real server for
///   each pod. The iptables rules are a fixed few.
/// - NFTABLES: an element of the map that dispatches, one of the set of ClusterIPs, and a chain for each Service;
///   without pods the element stands in the map of Services to reject, and there is no chain. Before Kubernetes 1.36
///   each pod of a Service has a chain too.
package enum RulesProgrammed {
  /// The first Kubernetes version in which a pod has a chain in NFTABLES only with ClientIP affinity.
  static let withoutEndpointChains = DottedVersion(1, 36)

  /// `nil` where the mode stays or a fact is missing, and where a count does not fit 64 bits, which no node holds.
  package static func estimate(for change: ConfigChange) -> RulesEstimate? {
    let modes = (before: change.before?.mode, after: change.after.mode)
    guard modes.before != modes.after, let services = change.facts.count(.serviceCount),
      let pods = change.facts.count(.podsPerService)
    else { return nil }
    let version = change.facts.version(.kubernetesVersion)
    var sides: [ProxyMode: ProgrammedRules] = [:]
    for mode in [modes.before, modes.after].compactMap(\.self) {
      guard let objects = objects(mode, services: services, pods: pods, version: version) else { return nil }
      sides[mode] = ProgrammedRules(mode: mode, objects: objects)
    }
    return RulesEstimate(
      services: services, endpoints: pods, before: modes.before.flatMap { sides[$0] },
      after: modes.after.flatMap { sides[$0] }, basis: basis(Set(sides.keys), version: version))
  }

  /// The objects of `mode`, the most telling ones first; `nil` where a count does not fit 64 bits.
  static func objects(
    _ mode: ProxyMode, services: Int, pods: Int, version: DottedVersion? = nil
  ) -> [ProgrammedRules.Objects]? {
    // Both are within int32, so the product fits 64 bits, while three times the product may not.
    let endpoints = services * pods
    let counts: [(String, Int)]
    switch mode {
    case .iptables:
      let (threefold, leaves) = endpoints.multipliedReportingOverflow(by: 3)
      let (nat, leavesToo) = threefold.addingReportingOverflow(pods > 0 ? 2 * services + 5 : 5)
      guard !leaves, !leavesToo else { return nil }
      counts = [("nat rules", nat), ("filter rules", pods > 0 ? 3 : 3 + services)]
    case .ipvs:
      counts = [
        ("virtual servers", services), ("real servers", endpoints), ("addresses on kube-ipvs0", services),
        ("KUBE-CLUSTER-IP entries", services),
      ]
    case .nftables:
      counts =
        [
          ("map elements", services), ("set elements", services), ("service chains", pods > 0 ? services : 0),
        ] + (version.map { $0 < withoutEndpointChains } == true ? [("endpoint chains", endpoints)] : [])
    }
    return counts.map { ProgrammedRules.Objects(name: $0.0, count: $0.1) }
  }

  private static func basis(_ modes: Set<ProxyMode>, version: DottedVersion?) -> Basis {
    var sources: [String] = []
    var limits =
      "ClusterIP Services of one port and one IP family, each with as many pods as the one that matters most; "
      + "NodePorts, load balancers and ClientIP affinity add to it, and what an earlier mode left behind does not "
      + "count."
    if modes.contains(.iptables) { sources.append("pkg/proxy/iptables/number_generated_rules_test.go") }
    if modes.contains(.ipvs) {
      sources.append("pkg/proxy/ipvs/proxier.go")
      limits += " The sets KUBE-IPVS-IPS and KUBE-LOOP-BACK hold more entries."
    }
    if modes.contains(.nftables) {
      sources.append("pkg/proxy/nftables/proxier.go")
      if version == nil { limits += " Before Kubernetes 1.36 NFTABLES has a chain for each endpoint as well." }
    }
    return Basis(source: "kubernetes " + sources.joined(separator: ", "), limits: limits)
  }
}
