// SCH-02: least-connection scheduling is uneven where a node has fewer connections than a Service has pods.

package import FairleadModel

/// Every node counts its own connections and breaks a tie in the order of its list. With fewer connections on a node
/// than a Service has pods, the first pods of the list get one from every node and the last get none.
///
/// The counts hold when all nodes walk the pods in the same order, as they do after ordinary rollouts. Other orders are
/// milder, and nothing that can be recorded says which it is. One pod, one node or one connection leaves nothing to be
/// uneven, whatever the other facts are, and a spread that is computed to be even is not warned of.
///
/// Two tests disagree. The AKS article warns below two connections per node, whatever the number of pods. The kernel's
/// code says that the pods decide: 100 nodes with 5 connections each load 50 pods badly, where the article is silent.
/// The finding follows the code, and says what the article's test makes of the same numbers.
///
/// - When: LeastConnection starts to run, and the Service that matters most has fewer connections than nodes times pods.
/// - Severity: medium; low where `--node-count`, `--pods-per-service` or `--connections-per-service` is not recorded.
/// - Remedy: choose RoundRobin, or accept the spread while connections are few.
package enum LeastConnectionUneven: Rule {
  package static let id = "SCH-02"
  package static let kind = RuleKind.transition
  package static let title = "LeastConnection with few connections loads pods unevenly"
  package static let source =
    "Linux net/netfilter/ipvs/ip_vs_lc.c; kubernetes/kubernetes#79213; AKS article 'Configure kube-proxy'"

  // Folds only where the numbers are not recorded: the same ones would tell how large the burst of SCH-03 is, and the
  // detail mentions it. Where they are recorded SCH-03 is certain and this rule is not, so the engine does not fold it.
  package static let folds: [any Rule.Type] = [NewPodsGetBurst.self]

  private static let needed: [FactKey] = [.nodeCount, .podsPerService, .connectionsPerService]

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard let before = change.before, change.after.scheduler == .leastConnection,
      before.scheduler != .leastConnection, !needed.contains(where: { (change.facts.count($0) ?? 2) <= 1 })
    else { return nil }
    let verify = "ipvsadm -Ln"
    let missing = needed.filter { change.facts.count($0) == nil }
    if let first = missing.first {
      return unverified(
        first, severity: .low,
        detail: "Each node counts only its own connections, and with fewer of them than a Service has pods the same "
          + "first pods get most; a new pod gets a burst of new ones. Not recorded: "
          + "\(missing.map(\.rawValue).joined(separator: ", ")).",
        remedy: "Record \(missing.map(\.flag).joined(separator: ", ")) for the Service that matters most, and plan "
          + "again.",
        verify: verify)
    }
    guard let counts = LeastConnection.counts(facts: change.facts), counts.connections < counts.pods * counts.nodes,
      counts.busiest - counts.quietest > 1
    else { return nil }
    return finding(
      .medium, .may, detail: spread(counts), more: article(counts),
      remedy: "Choose RoundRobin, or accept the spread while connections are few.",
      hint: "The command shows, on a node, the connections that it gives each pod.", verify: verify)
  }

  package static func steps(for change: ConfigChange) -> [Step] {
    [
      Step(
        .after,
        "Once clients have reconnected, compare the active connections of a Service's pods on several nodes. Where the "
          + "same pods lead everywhere, go back to RoundRobin.",
        commands: ["ipvsadm -Ln"], rules: [id])
    ]
  }

  private static func spread(_ counts: LeastConnection.Counts) -> String {
    let connections = counts.connections
    let pods = counts.pods
    let even =
      connections % pods == 0 ? "\(connections / pods)" : "\(connections / pods) or \(connections / pods + 1)"
    let others =
      counts.idle > 0
      ? "\(counts.idle) of the \(pods) pods get none" : "the quietest gets \(counts.quietest)"
    return "\(connections) connections over \(counts.nodes) nodes are fewer on a node than the \(pods) pods of the "
      + "Service. Spread evenly over nodes that all walk the pods in the same order, the busiest pod gets "
      + "\(counts.busiest) and \(others); an even share is \(even)."
  }

  private static func article(_ counts: LeastConnection.Counts) -> String {
    let answer =
      counts.isBelowTwiceTheNodes
      ? "also warns here" : "does not warn here; it overlooks the number of pods"
    return " The AKS article's own test, fewer connections than twice the nodes (\(2 * counts.nodes)), \(answer)."
  }
}
