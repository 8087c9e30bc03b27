// Tests of SCH-02: LeastConnection with few connections.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("SCH-02: LeastConnection with few connections")
struct LeastConnectionUnevenTests {
  static func facts(nodes: Int, pods: Int, connections: Int) -> Facts {
    [.nodeCount: .count(nodes), .podsPerService: .count(pods), .connectionsPerService: .count(connections)]
  }

  @Test("The counts are exact, and compared with the AKS article's limit")
  func fires() {
    let move = change(.iptables, .leastConnection, Self.facts(nodes: 50, pods: 10, connections: 100))
    let finding = finding(LeastConnectionUneven.self, in: move)
    #expect(finding?.severity == .medium)
    #expect(finding?.certainty == .may)
    #expect(finding?.detail.contains("the busiest pod gets 50 and 8 of the 10 pods get none") == true)
    #expect(finding?.detail.contains("an even share is 10.") == true)
    #expect(finding?.detail.contains("twice the nodes (100), does not warn here") == true)
  }

  @Test("With fewer connections than twice the nodes it says that the article warns too")
  func article() {
    let move = change(.ipvs(), .leastConnection, Self.facts(nodes: 50, pods: 10, connections: 99))
    #expect(LeastConnectionUneven.evaluate(move)?.detail.contains("also warns here") == true)
  }

  @Test("It is silent if a node has as many connections as the Service has pods")
  func boundary() {
    func doesFire(_ connections: Int) -> Bool {
      LeastConnectionUneven.evaluate(
        change(.ipvs(), .leastConnection, Self.facts(nodes: 10, pods: 5, connections: connections))) != nil
    }
    #expect(doesFire(48))
    #expect(!doesFire(50))
    #expect(!doesFire(51))
  }

  @Test("It fires where LeastConnection is new, and not where it was set before, or on creation")
  func newlyInForce() {
    let facts = Self.facts(nodes: 50, pods: 10, connections: 100)
    #expect(LeastConnectionUneven.evaluate(change(.ipvs(), .leastConnection, facts)) != nil)
    #expect(LeastConnectionUneven.evaluate(change(.disabled, .leastConnection, facts, lastMode: .ipvs)) != nil)
    #expect(LeastConnectionUneven.evaluate(change(.leastConnection, .ipvs(.leastConnection, [.tcp: 60]), facts)) == nil)
    #expect(LeastConnectionUneven.evaluate(change(.iptables, .ipvs(), facts)) == nil)
    #expect(LeastConnectionUneven.evaluate(change(nil, .leastConnection, facts)) == nil)
  }

  @Test("With facts unknown it names the first as missing, and all in the text")
  func unknown() {
    let none = LeastConnectionUneven.evaluate(change(.iptables, .leastConnection))
    #expect(none?.severity == .low)
    #expect(none?.certainty == .unknown)
    #expect(none?.missingFact == .nodeCount)
    #expect(none?.detail.contains("nodeCount, podsPerService, connectionsPerService") == true)
    let facts: Facts = [.nodeCount: .count(3), .connectionsPerService: .count(6)]
    #expect(LeastConnectionUneven.evaluate(change(.iptables, .leastConnection, facts))?.missingFact == .podsPerService)
  }

  @Test("Its step checks the spread afterwards")
  func steps() {
    #expect(LeastConnectionUneven.steps(for: change(.ipvs(), .leastConnection)).map(\.phase) == [.after])
  }

  @Test("It is silent with one pod, one node or one connection, whatever else is unknown")
  func settled() {
    for key in [FactKey.nodeCount, .podsPerService, .connectionsPerService] {
      for count in [0, 1] {
        #expect(LeastConnectionUneven.evaluate(change(.iptables, .leastConnection, [key: .count(count)])) == nil)
      }
    }
  }
}
