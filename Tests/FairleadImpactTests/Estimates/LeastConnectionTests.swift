// The least-connection estimate against the sum that it is the closed form of.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("The least-connection estimate")
struct LeastConnectionTests {
  /// Pod by pod, node by node: the definition.
  private func counts(nodes: Int, pods: Int, connections: Int) -> [Int] {
    let perNode = (0..<nodes).map { connections / nodes + ($0 < connections % nodes ? 1 : 0) }
    return (0..<pods).map { pod in perNode.reduce(0) { $0 + $1 / pods + (pod < $1 % pods ? 1 : 0) } }
  }

  @Test("It is the sum over all nodes, for every small cluster")
  func definition() throws {
    for nodes in 1...7 {
      for pods in 1...7 {
        for connections in 0...60 {
          let counts = counts(nodes: nodes, pods: pods, connections: connections)
          let facts = ClusterFacts(SCH02Tests.facts(nodes: nodes, pods: pods, connections: connections))
          let estimate = try #require(LeastConnection.estimate(facts: facts))
          let quietest = LeastConnection.quietestPodConnections(estimate)
          if counts.reduce(0, +) != connections || estimate.busiestPodConnections != counts.max()
            || quietest != counts.min() || estimate.idlePods != counts.count(where: { $0 == 0 })
            || estimate.belowTwiceTheNodes != (connections < 2 * nodes)
          {
            Issue.record("\(estimate), \(quietest) are not \(counts)")
          }
        }
      }
    }
  }

  @Test("The largest facts there can be do not overflow")
  func largest() {
    let largest = Int(Int32.max)
    for (nodes, pods, connections) in [
      (largest, largest, largest), (largest, largest, 2), (1, largest, largest), (largest, 2, largest - 1),
      (1, 1, largest),
    ] {
      let facts = SCH02Tests.facts(nodes: nodes, pods: pods, connections: connections)
      let estimate = LeastConnection.estimate(facts: ClusterFacts(facts))
      #expect((1...largest).contains(estimate?.busiestPodConnections ?? 0))
      _ = SCH02.evaluate(change(.iptables, .leastConnection, facts))
    }
  }

  @Test("No nodes, no pods, or a fact that is missing: no estimate")
  func none() {
    #expect(LeastConnection.estimate(facts: ClusterFacts(SCH02Tests.facts(nodes: 0, pods: 3, connections: 3))) == nil)
    #expect(LeastConnection.estimate(facts: ClusterFacts(SCH02Tests.facts(nodes: 3, pods: 0, connections: 3))) == nil)
    #expect(LeastConnection.estimate(facts: ClusterFacts([.nodeCount: .count(3), .podsPerService: .count(3)])) == nil)
  }

  @Test("No connections leave every pod idle")
  func noConnections() {
    let estimate = LeastConnection.estimate(
      facts: ClusterFacts(SCH02Tests.facts(nodes: 3, pods: 4, connections: 0)))
    #expect(estimate?.busiestPodConnections == 0)
    #expect(estimate?.idlePods == 4)
  }
}
