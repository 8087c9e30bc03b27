// How long new connections to Services fail on a node, and how long the rollout takes, when the mode crosses NFTABLES.

package import FairleadModel

/// Into NFTABLES and out of it kube-proxy removes the old rules at its start; new connections fail until its first sync
/// has written the new ones. Between IPTABLES and IPVS it removes nothing, so there is no window to estimate.
///
/// Few lengths are on record, so each bound is a line through the ones that bear on it:
///
/// - at least 1 s, and the time that iptables-restore took for as many objects: 12.8 s for 696,000 lines;
/// - into NFTABLES at most the 3 s of a small cluster, and the two slow starts on record laid on top of each other:
///   16m43s for 44,125 Services, and 13m15s for 250,011 endpoints;
/// - into IPTABLES at most the 3 s, and three times iptables-restore. The three is a judgement, no measurement;
/// - into IPVS no measurement is on record, so there is no number.
///
/// A DaemonSet takes one node at a time unless told otherwise. For each node the rollout takes at least its window, or 2 s
/// for the restart of the pod where that is longer; at most it takes each node's window, 30 s for the old pod to end, and
/// 2 s for the new one to start.
package enum DisruptionWindow {
  /// Ten times the largest clusters on record; beyond them a line through two points says nothing.
  static let mostServices = 441_250
  static let mostEndpoints = 2_500_110
  private static let restart = SecondsRange(from: 2, to: 32)

  /// `nil` where there is no such window.
  package static func estimate(for change: ConfigChange) -> DisruptionEstimate? {
    guard
      change.moves(from: [.nftables], to: [.iptables, .ipvs])
        || change.moves(from: [.iptables, .ipvs], to: [.nftables]),
      let mode = change.after.mode
    else { return nil }
    let nodes = change.facts.count(.nodeCount)
    func none(missing: [FactKey], _ limits: String) -> DisruptionEstimate {
      DisruptionEstimate(
        perNode: nil, rollout: nil, nodes: nodes, missing: missing, basis: Basis(source: source(mode), limits: limits))
    }
    guard mode != .ipvs else { return none(missing: [], "No measurement of a first sync of IPVS is on record.") }
    guard let services = change.facts.count(.serviceCount), let pods = change.facts.count(.podsPerService) else {
      let missing = [FactKey.serviceCount, .podsPerService, .nodeCount].filter { change.facts.count($0) == nil }
      return none(missing: missing, "How long a first sync takes depends on the Services and their pods.")
    }
    let endpoints = services * pods
    guard services <= mostServices, endpoints <= mostEndpoints else {
      return none(missing: [], "The cluster is more than ten times as large as any whose first sync is on record.")
    }
    let perNode = perNode(mode, services: services, endpoints: endpoints)
    return DisruptionEstimate(
      perNode: perNode, rollout: nodes.flatMap { rollout(nodes: $0, perNode: perNode) }, nodes: nodes,
      missing: nodes == nil ? [.nodeCount] : [], basis: Basis(source: source(mode), limits: limits(change, mode)))
  }

  /// The bounds lie on lines, rounded outwards.
  static func perNode(_ mode: ProxyMode, services: Int, endpoints: Int) -> SecondsRange {
    // With a nat rule for each dispatch and masquerade, three for each endpoint, and the chains that hold them.
    let objects = mode == .iptables ? 8 + 3 * services + 4 * endpoints : services + endpoints
    let restore = Double(objects) * 12.8 / 696_000
    let slowest =
      mode == .iptables
      ? 3 * restore : Double(services) * 1003 / 44_125 + Double(endpoints) * 795 / 250_011
    return SecondsRange(from: Int((1 + restore).rounded(.down)), to: Int((3 + slowest).rounded(.up)))
  }

  /// `nil` without nodes. Both factors are bounded, so the product stays within 64 bits.
  private static func rollout(nodes: Int, perNode: SecondsRange) -> SecondsRange? {
    guard nodes > 0 else { return nil }
    return SecondsRange(
      from: nodes * max(restart.from, perNode.from), to: nodes * (restart.to + perNode.to))
  }

  private static func source(_ mode: ProxyMode) -> String {
    switch mode {
    case .nftables: "kubernetes/kubernetes#76376, #96018, #132877, #135639, #139513"
    case .iptables: "kubernetes/kubernetes#76376, #96018, #132877"
    case .ipvs: "kubernetes cmd/kube-proxy/app/options.go Run()"
    }
  }

  private static func limits(_ change: ConfigChange, _ mode: ProxyMode) -> String {
    var limits =
      mode == .nftables
      ? "The upper bound lies through two slow starts on record, and a newer kube-proxy may be far faster."
      : "The upper bound is three times what iptables-restore was measured to take."
    limits +=
      " Every Service is taken to have as many pods as the one that matters most, and the DaemonSet to update one node "
      + "at a time; it does not wait for a first sync, so that the windows of several nodes may overlap."
    if change.facts.bool(.windowsNodes) == true {
      limits += " The nodes include those of Windows, which keep their proxy."
    }
    if change.before?.enabled == false {
      limits += " A node that was rebooted while kube-proxy was disabled has no rules to lose."
    }
    return limits
  }
}
