// How least-connection scheduling spreads one Service's connections over its pods, from three facts.

package import FairleadModel

/// Every node counts only its own connections, and gives a tie to the first pod of its list. With the same list on
/// every node and `k` connections on a node, the pod at position `j` of `B` gets `k / B` of them, and one more where `j
/// < k % B`; over all nodes the remainders pile up on the same first pods.
///
/// The connections are taken to be spread evenly over the nodes, so that only two kinds of node exist and the sums over
/// all nodes are closed forms: facts may be as large as int32 allows.
package enum LeastConnection {
  /// `nil` where a fact is missing, or there is no node or no pod.
  package static func estimate(facts: ClusterFacts) -> LeastConnectionEstimate? {
    guard let nodes = facts.count(.nodeCount), nodes > 0, let pods = facts.count(.podsPerService), pods > 0,
      let connections = facts.count(.connectionsPerService), connections >= 0
    else { return nil }
    let nodesByLoad = nodesByLoad(nodes: nodes, connections: connections)
    let mostOnANode = nodesByLoad.map(\.connections).max() ?? 0
    return LeastConnectionEstimate(
      nodes: nodes, podsPerService: pods, connectionsPerService: connections,
      busiestPodConnections: nodesByLoad.reduce(0) {
        $0 + $1.nodes * ($1.connections / pods + ($1.connections % pods == 0 ? 0 : 1))
      },
      idlePods: max(0, pods - mostOnANode), belowTwiceTheNodes: connections < 2 * nodes)
  }

  /// The connections of the last pod in the list, which gets none of the remainders.
  static func quietestPodConnections(_ estimate: LeastConnectionEstimate) -> Int {
    nodesByLoad(nodes: estimate.nodes, connections: estimate.connectionsPerService)
      .reduce(0) { $0 + $1.nodes * ($1.connections / estimate.podsPerService) }
  }

  /// The nodes by how many connections they carry: some have one more than the others.
  private static func nodesByLoad(nodes: Int, connections: Int) -> [(nodes: Int, connections: Int)] {
    let (share, rest) = connections.quotientAndRemainder(dividingBy: nodes)
    return [(rest, share + 1), (nodes - rest, share)].filter { $0.0 > 0 }
  }
}
