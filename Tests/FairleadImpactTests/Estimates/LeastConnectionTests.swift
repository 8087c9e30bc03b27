// The least-connection estimate, compared with the sum whose closed form it is, and with recorded simulations.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("The least-connection estimate")
struct LeastConnectionTests {
  /// The definition: connections are assigned node by node and pod by pod.
  private func counts(nodes: Int, pods: Int, connections: Int) -> [Int] {
    let perNode = (0..<nodes).map { connections / nodes + ($0 < connections % nodes ? 1 : 0) }
    return (0..<pods).map { pod in perNode.reduce(0) { $0 + $1 / pods + (pod < $1 % pods ? 1 : 0) } }
  }

  private func estimate(_ nodes: Int, _ pods: Int, _ connections: Int) throws -> LeastConnectionEstimate {
    let facts = ClusterFacts(LeastConnectionUnevenTests.facts(nodes: nodes, pods: pods, connections: connections))
    return try #require(LeastConnection.estimate(facts: facts))
  }

  @Test("Its counts are the sum over all nodes, for every small cluster")
  func definition() throws {
    for nodes in 1...7 {
      for pods in 1...7 {
        for connections in 0...60 {
          let expected = counts(nodes: nodes, pods: pods, connections: connections)
          let facts = ClusterFacts(LeastConnectionUnevenTests.facts(nodes: nodes, pods: pods, connections: connections))
          let counts = try #require(LeastConnection.counts(facts: facts))
          if expected.reduce(0, +) != connections || counts.busiest != expected.max()
            || counts.quietest != expected.min() || counts.idle != expected.count(where: { $0 == 0 })
            || counts.isBelowTwiceTheNodes != (connections < 2 * nodes)
          {
            Issue.record("\(counts) are not \(expected)")
          }
        }
      }
    }
  }

  /// Busiest pod over the mean, and idle pods, in percent, for three ways to choose a pod.
  struct Row: CustomTestStringConvertible {
    let nodes: Int
    let pods: Int
    let connections: Int
    let sameOrder: (busiest: Int, idle: Int)
    let randomOrder: Int
    let randomChoice: (busiest: Int, idle: Int)
    var testDescription: String { "\(nodes) nodes, \(pods) pods, \(connections) connections" }
  }

  static let recorded = [
    Row(nodes: 3, pods: 3, connections: 6, sameOrder: (151, 5), randomOrder: 136, randomChoice: (161, 9)),
    Row(nodes: 10, pods: 5, connections: 20, sameOrder: (222, 13), randomOrder: 142, randomChoice: (159, 1)),
    Row(nodes: 50, pods: 10, connections: 100, sameOrder: (432, 43), randomOrder: 145, randomChoice: (151, 0)),
    Row(nodes: 50, pods: 10, connections: 500, sameOrder: (142, 0), randomOrder: 109, randomChoice: (122, 0)),
    Row(nodes: 100, pods: 20, connections: 200, sameOrder: (867, 68), randomOrder: 159, randomChoice: (161, 0)),
    Row(nodes: 100, pods: 20, connections: 1000, sameOrder: (200, 7), randomOrder: 118, randomChoice: (127, 0)),
    Row(nodes: 100, pods: 50, connections: 500, sameOrder: (994, 77), randomOrder: 173, randomChoice: (177, 0)),
    Row(nodes: 100, pods: 50, connections: 5000, sameOrder: (146, 0), randomOrder: 107, randomChoice: (124, 0)),
  ]

  @Test("It agrees with the recorded simulation to 5 percent of the mean or of the value", arguments: recorded)
  func table(row: Row) throws {
    let estimate = try estimate(row.nodes, row.pods, row.connections)
    func agrees(_ found: Int?, _ expected: Int) -> Bool {
      found.map { abs($0 - expected) <= max(5, expected / 20) } ?? false
    }
    let text = "\(estimate)"
    #expect(agrees(estimate.sameOrder?.busiestPercentOfMean, row.sameOrder.busiest), "\(text)")
    #expect(agrees(estimate.sameOrder?.idlePercent, row.sameOrder.idle), "\(text)")
    #expect(agrees(estimate.randomOrder?.busiestPercentOfMean, row.randomOrder), "\(text)")
    #expect(agrees(estimate.randomOrder?.idlePercent, 0), "\(text)")
    #expect(agrees(estimate.randomChoice?.busiestPercentOfMean, row.randomChoice.busiest), "\(text)")
    #expect(agrees(estimate.randomChoice?.idlePercent, row.randomChoice.idle), "\(text)")
  }

  @Test("The same order on all nodes is the worst case, and random choice the best", arguments: recorded)
  func range(row: Row) throws {
    let estimate = try estimate(row.nodes, row.pods, row.connections)
    let bad = try #require(estimate.sameOrder)
    let good = try #require(estimate.randomOrder)
    #expect(bad.busiestPercentOfMean > good.busiestPercentOfMean)
    #expect(bad.idlePercent >= good.idlePercent)
  }

  @Test("The loads of all pods add up to the connections, and are sorted", arguments: recorded)
  func loads(row: Row) throws {
    let estimate = try estimate(row.nodes, row.pods, row.connections)
    for spread in [estimate.sameOrder, estimate.randomOrder, estimate.randomChoice] {
      let loads = try #require(spread?.loads)
      #expect(loads.count == row.pods)
      #expect(loads == loads.sorted(by: >))
      // Each load is rounded separately.
      #expect(abs(loads.reduce(0, +) - row.connections) <= row.pods)
    }
  }

  @Test("Of many pods a chart's number of loads is given, with the busiest and the least busy")
  func drawn() throws {
    #expect(Spread.drawnPlaces(of: 3) == [0, 1, 2])
    for pods in [64, 65, 100, 1000, Int(Int32.max)] {
      let places = Spread.drawnPlaces(of: pods)
      #expect(places.count == Spread.drawn && Set(places).count == Spread.drawn)
      #expect(places.first == 0 && places.last == pods - 1)
    }
    #expect(try estimate(100, 1000, 5000).randomChoice?.loads.count == Spread.drawn)
  }

  @Test("On one node the order does not matter")
  func oneNode() throws {
    let estimate = try estimate(1, 4, 10)
    #expect(estimate.sameOrder == Spread(busiestPercentOfMean: 120, idlePercent: 0, loads: [3, 3, 2, 2]))
    #expect(estimate.randomOrder == estimate.sameOrder)
  }

  @Test("The same facts have the same estimate, with the number of its trials in it")
  func deterministic() throws {
    let first = try estimate(50, 10, 100)
    #expect(try estimate(50, 10, 100) == first)
    #expect(first.basis.limits.contains("the mean of 90 trials with a fixed seed"))
  }

  @Test("Where a trial would cost too much, the random spreads are left out and the limits say so")
  func tooManyToSimulate() throws {
    for (nodes, pods, connections) in [(3, 3, 20_000), (15_000, 3, 6), (3, 5000, 6)] {
      let estimate = try estimate(nodes, pods, connections)
      #expect(estimate.sameOrder != nil && estimate.randomOrder == nil && estimate.randomChoice == nil)
      #expect(estimate.basis.limits.contains("too many connections, pods or nodes"))
    }
  }

  @Test("With the random spreads left out, idle pods come from the distribution, within 2 percent of the pods")
  func idleFromTheDistribution() throws {
    for (nodes, pods, connections, idle) in [(50, 10, 100, 43), (100, 20, 200, 68), (100, 50, 500, 77)] {
      let onANode = try #require(ConnectionsOnANode(nodes: nodes, connections: connections))
      #expect(abs(100 * onANode.idle(pods: pods) / Double(pods) - Double(idle)) < 2)
    }
  }

  @Test("The largest possible facts neither overflow nor take longer")
  func largest() throws {
    let largest = Int(Int32.max)
    for (nodes, pods, connections) in [
      (largest, largest, largest), (largest, largest, 2), (1, largest, largest), (largest, 2, largest - 1),
      (1, 1, largest), (2, largest, largest), (1_000_000, 100, 100_000_000), (largest, 1, 1),
    ] {
      let facts = LeastConnectionUnevenTests.facts(nodes: nodes, pods: pods, connections: connections)
      let estimate = try #require(LeastConnection.estimate(facts: ClusterFacts(facts)))
      #expect((1...largest).contains(estimate.busiestPodConnections))
      let spread = try #require(estimate.sameOrder)
      #expect((100...100 * largest).contains(spread.busiestPercentOfMean))
      #expect((0...100).contains(spread.idlePercent))
      _ = LeastConnectionUneven.evaluate(change(.iptables, .leastConnection, facts))
    }
  }

  @Test("No nodes, no pods, or a fact that is missing: no estimate")
  func none() {
    #expect(
      LeastConnection.estimate(facts: ClusterFacts(LeastConnectionUnevenTests.facts(nodes: 0, pods: 3, connections: 3)))
        == nil)
    #expect(
      LeastConnection.estimate(facts: ClusterFacts(LeastConnectionUnevenTests.facts(nodes: 3, pods: 0, connections: 3)))
        == nil)
    #expect(LeastConnection.estimate(facts: ClusterFacts([.nodeCount: .count(3), .podsPerService: .count(3)])) == nil)
  }

  @Test("Without connections every pod is idle, and there is no spread")
  func noConnections() throws {
    let estimate = try estimate(3, 4, 0)
    #expect(estimate.busiestPodConnections == 0)
    #expect(estimate.idlePods == 4)
    #expect(estimate.sameOrder == nil && estimate.randomOrder == nil)
  }
}

@Suite("The generator of pseudo-random numbers")
struct SplitMix64Tests {
  @Test("It gives the numbers of the published reference for the seed 1234567")
  func reference() {
    var random = SplitMix64(seed: 1_234_567)
    let numbers = (0..<5).map { _ in random.next() }
    #expect(
      numbers == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423, 4_593_380_528_125_082_431,
        16_408_922_859_458_223_821,
      ])
  }

  @Test("It stays below its bound, and reaches every number below a small one")
  func bound() {
    var random = SplitMix64(seed: 1)
    #expect(Set((0..<200).map { _ in random.next(below: 7) }) == Set(0..<7))
    #expect((0..<9).allSatisfy { _ in random.next(below: 1) == 0 })
  }
}
