// SCH-03: least-connection scheduling sends a new pod all new connections until it has caught up.

package import FairleadModel

/// A new pod starts without connections, so every node gives it all of that node's new ones until it has as many as the
/// others have from there. With long-lived connections that comes to about as many as an old pod has, in one burst, to
/// a pod that has just started. Every rollout and every scale-up brings it again. RoundRobin gives a new pod its turn
/// and no more.
///
/// - When: LeastConnection starts to run, and the Service that matters most has more connections than pods.
/// - Severity: medium; low where `--pods-per-service` or `--connections-per-service` is not recorded.
/// - Remedy: let pods become ready only when they can take that many connections, or choose RoundRobin.
package enum NewPodsGetBurst: Rule {
  package static let id = "SCH-03"
  package static let kind = RuleKind.transition
  package static let title = "New pods get a burst of connections"
  package static let source = "Linux net/netfilter/ipvs/ip_vs_lc.c, ip_vs_ctl.c"

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard let before = change.before, change.after.scheduler == .leastConnection,
      before.scheduler != .leastConnection
    else { return nil }
    let burst = "LeastConnection gives a new pod all new connections until it has as many as the others."
    let remedy = "Let a pod become ready only when it can take them, or choose RoundRobin."
    let hint = "The command shows, on a node, the connections of each pod."
    let verify = "ipvsadm -Ln"
    let pods = change.facts.count(.podsPerService)
    let connections = change.facts.count(.connectionsPerService)
    // Without pods, or with one connection or none, there is no burst.
    if pods == 0 || connections.map({ $0 <= 1 }) == true { return nil }
    guard let pods, let connections else {
      let missing = [FactKey.podsPerService, .connectionsPerService].filter { change.facts.count($0) == nil }
      return unverified(
        missing[0], severity: .low,
        detail: "\(burst) How many that are cannot be told; not recorded: "
          + "\(missing.map(\.rawValue).joined(separator: ", ")).",
        remedy: "Record \(missing.map(\.flag).joined(separator: " and ")) for the Service that matters most. \(remedy)",
        hint: hint, verify: verify)
    }
    guard connections > pods else { return nil }
    return finding(
      .medium,
      detail: "\(burst) With \(connections) connections on \(counted(pods, "pod")) that is about \(connections / pods) "
        + "in one burst, each time a pod is added or replaced.",
      remedy: remedy, hint: hint, verify: verify)
  }
}
