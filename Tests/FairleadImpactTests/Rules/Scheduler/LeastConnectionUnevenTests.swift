// SCH-02: LeastConnection with few connections.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("SCH-02: LeastConnection with few connections")
struct LeastConnectionUnevenTests {
  static func facts(nodes: Int, pods: Int, connections: Int) -> Facts {
    [.nodeCount: .count(nodes), .podsPerService: .count(pods), .connectionsPerService: .count(connections)]
  }

  @Test("The counts are exact, and stand beside the AKS article's own test")
  func fires() {
    let move = change(.iptables, .leastConnection, Self.facts(nodes: 50, pods: 10, connections: 100))
    let finding = finding(LeastConnectionUneven.self, in: move)
    #expect(finding?.severity == .medium)
    #expect(finding?.certainty == .may)
    #expect(finding?.detail.contains("the busiest pod gets 50 and 8 of the 10 pods get none") == true)
    #expect(finding?.detail.contains("an even share is 10.") == true)
    #expect(finding?.detail.contains("twice the nodes (100), does not warn here") == true)
  }

  @Test("Fewer connections than twice the nodes: the article warns too")
  func article() {
    let move = change(.ipvs(), .leastConnection, Self.facts(nodes: 50, pods: 10, connections: 99))
    #expect(LeastConnectionUneven.evaluate(move)?.detail.contains("also warns here") == true)
  }

  @Test("As many connections on a node as the Service has pods are enough")
  func boundary() {
    func speaks(_ connections: Int) -> Bool {
      LeastConnectionUneven.evaluate(
        change(.ipvs(), .leastConnection, Self.facts(nodes: 10, pods: 5, connections: connections))) != nil
    }
    #expect(speaks(48))
    #expect(!speaks(50))
    #expect(!speaks(51))
  }

  @Test("It speaks where LeastConnection is new, and not where it was there before, or on creation")
  func newlyInForce() {
    let facts = Self.facts(nodes: 50, pods: 10, connections: 100)
    #expect(LeastConnectionUneven.evaluate(change(.ipvs(), .leastConnection, facts)) != nil)
    #expect(LeastConnectionUneven.evaluate(change(.disabled, .leastConnection, facts, lastMode: .ipvs)) != nil)
    #expect(LeastConnectionUneven.evaluate(change(.leastConnection, .ipvs(.leastConnection, [.tcp: 60]), facts)) == nil)
    #expect(LeastConnectionUneven.evaluate(change(.iptables, .ipvs(), facts)) == nil)
    #expect(LeastConnectionUneven.evaluate(change(nil, .leastConnection, facts)) == nil)
  }

  @Test("With facts unknown it names the first that is missing, and each in the text")
  func unknown() {
    let none = LeastConnectionUneven.evaluate(change(.iptables, .leastConnection))
    #expect(none?.severity == .low)
    #expect(none?.certainty == .unknown)
    #expect(none?.missingFact == .nodeCount)
    #expect(none?.detail.contains("nodeCount, podsPerService, connectionsPerService") == true)
    let facts: Facts = [.nodeCount: .count(3), .connectionsPerService: .count(6)]
    #expect(LeastConnectionUneven.evaluate(change(.iptables, .leastConnection, facts))?.missingFact == .podsPerService)
  }

  @Test("The spread is looked at afterwards")
  func steps() {
    #expect(LeastConnectionUneven.steps(for: change(.ipvs(), .leastConnection)).map(\.phase) == [.after])
  }

  @Test("One pod, one node or one connection settles the question, whatever else is unknown")
  func settled() {
    for key in [FactKey.nodeCount, .podsPerService, .connectionsPerService] {
      for count in [0, 1] {
        #expect(LeastConnectionUneven.evaluate(change(.iptables, .leastConnection, [key: .count(count)])) == nil)
      }
    }
  }
}
