// How least-connection scheduling spreads one Service's connections over its pods, from three facts.

package import FairleadModel

/// Every node counts only its own connections, and gives a tie to the first pod of its list. With the same list on
/// every node and `k` connections on a node, the pod at position `j` of `B` gets `k / B` of them, and one more where `j
/// < k % B`; over all nodes the remainders pile up on the same first pods.
///
/// `counts` takes the connections to be spread evenly over the nodes, so that only two kinds of node exist and the sums
/// over all nodes are closed forms. The spreads take the clients to be on random nodes, as they are in a cluster: where a
/// node carries as many connections as there are pods, an even share would promise a balance that no cluster has.
package enum LeastConnection {
  /// The loads of the pods where the connections are spread evenly over the nodes and all nodes have one order.
  struct Counts: Sendable, Hashable {
    let nodes: Int
    let pods: Int
    let connections: Int
    let busiest: Int
    /// The connections of the last pod in the list, which gets none of the remainders.
    let quietest: Int
    let idle: Int
    /// The AKS article's own test.
    var isBelowTwiceTheNodes: Bool { connections < 2 * nodes }
  }

  /// `nil` where a fact is missing, or there is no node or no pod.
  static func counts(facts: ClusterFacts) -> Counts? {
    guard let nodes = facts.count(.nodeCount), nodes > 0, let pods = facts.count(.podsPerService), pods > 0,
      let connections = facts.count(.connectionsPerService), connections >= 0
    else { return nil }
    let mostOnANode = connections / nodes + (connections % nodes == 0 ? 0 : 1)
    return Counts(
      nodes: nodes, pods: pods, connections: connections,
      busiest: load(position: 0, nodes: nodes, pods: pods, connections: connections),
      quietest: load(position: pods - 1, nodes: nodes, pods: pods, connections: connections),
      idle: max(0, pods - mostOnANode))
  }

  /// The simulation is the most expensive part of a report (150 us of 300), and three numbers decide its result.
  private static let remembered = Memo<Counts, LeastConnectionEstimate>(limit: 256)

  /// The counts and the spreads; its cost is bounded whatever the facts are.
  package static func estimate(facts: ClusterFacts) -> LeastConnectionEstimate? {
    counts(facts: facts).map { remembered.value(for: $0, estimate) }
  }

  private static func estimate(_ counts: Counts) -> LeastConnectionEstimate {
    let simulation = SpreadSimulation(nodes: counts.nodes, pods: counts.pods, connections: counts.connections)
    return LeastConnectionEstimate(
      nodes: counts.nodes, podsPerService: counts.pods, connectionsPerService: counts.connections,
      busiestPodConnections: counts.busiest, idlePods: counts.idle, belowTwiceTheNodes: counts.isBelowTwiceTheNodes,
      sameOrder: sameOrder(counts, simulation), randomOrder: simulation?.randomOrder,
      randomChoice: simulation?.randomChoice, basis: basis(simulation))
  }

  /// The bad end of the range. Beyond what the distribution holds, a node's share is taken to be even: 20,000
  /// connections on a node stray from it by less than a percent.
  private static func sameOrder(_ counts: Counts, _ simulation: SpreadSimulation?) -> Spread? {
    guard counts.connections > 0 else { return nil }
    let places = Spread.drawnPlaces(of: counts.pods)
    let loads: [Double]
    let idle: Double
    if let distribution = ConnectionsOnANode(nodes: counts.nodes, connections: counts.connections) {
      loads = places.map { distribution.load(position: $0, pods: counts.pods) }
      idle = distribution.idle(pods: counts.pods)
    } else {
      loads = places.map {
        Double(load(position: $0, nodes: counts.nodes, pods: counts.pods, connections: counts.connections))
      }
      idle = Double(counts.idle)
    }
    return Spread(
      busiestPercentOfMean: rounded(100 * (loads.first ?? 0) * Double(counts.pods) / Double(counts.connections)),
      idlePercent: simulation?.sameOrderIdlePercent ?? rounded(100 * idle / Double(counts.pods)),
      loads: loads.map(rounded))
  }

  private static func basis(_ simulation: SpreadSimulation?) -> Basis {
    let model =
      "Long-lived connections from clients on random nodes; pods that come and go add a burst on each new one. "
    return Basis(
      source: "Linux net/netfilter/ipvs/ip_vs_lc.c and ip_vs_ctl.c; kubernetes/kubernetes#79213",
      limits: model
        + (simulation.map {
          "The random spreads are the mean of \(counted($0.trials, "trial")) with a fixed seed."
        } ?? "There are too many connections, pods or nodes to simulate the random spreads."))
  }

  /// The connections of the pod at `position` when they are spread evenly over the nodes: some have one more than the
  /// others.
  private static func load(position: Int, nodes: Int, pods: Int, connections: Int) -> Int {
    let (share, rest) = connections.quotientAndRemainder(dividingBy: nodes)
    return [(rest, share + 1), (nodes - rest, share)].reduce(0) {
      $0 + $1.0 * ($1.1 / pods + (position < $1.1 % pods ? 1 : 0))
    }
  }

  /// `value` is at most 100 times an int32.
  private static func rounded(_ value: Double) -> Int { Int(value.rounded()) }
}
