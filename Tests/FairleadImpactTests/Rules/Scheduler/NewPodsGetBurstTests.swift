// Tests of SCH-03: new pods under LeastConnection.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("SCH-03: LeastConnection gives new pods a burst")
struct NewPodsGetBurstTests {
  static func facts(pods: Int? = nil, connections: Int? = nil) -> Facts {
    var facts: Facts = [:]
    facts[.podsPerService] = pods.map { .count($0) }
    facts[.connectionsPerService] = connections.map { .count($0) }
    return facts
  }

  @Test("Where LeastConnection is new it has the size of the burst")
  func fires() {
    for before in [KubeProxyConfig.iptables, .nftables, .ipvs()] {
      let finding = finding(
        NewPodsGetBurst.self, in: change(before, .leastConnection, Self.facts(pods: 10, connections: 5000)))
      #expect(finding?.severity == .medium)
      #expect(finding?.certainty == .will)
      #expect(finding?.detail.contains("5000 connections on 10 pods that is about 500 in one burst") == true)
    }
  }

  @Test("With the numbers unknown SCH-02 names the facts, and folds it")
  func unknown() {
    let move = change(.ipvs(), .leastConnection)
    let alone = NewPodsGetBurst.evaluate(move)
    #expect(alone?.certainty == .unknown)
    #expect(alone?.severity == .low)
    #expect(alone?.missingFact == .podsPerService)
    #expect(alone?.remedy.contains("--pods-per-service and --connections-per-service") == true)
    #expect(finding(LeastConnectionUneven.self, in: move)?.folds == ["SCH-03"])
    let half = NewPodsGetBurst.evaluate(change(.ipvs(), .leastConnection, Self.facts(pods: 5)))
    #expect(half?.missingFact == .connectionsPerService)
  }

  @Test("Where it is certain SCH-02 does not fold it")
  func beside() {
    let facts = LeastConnectionUnevenTests.facts(nodes: 50, pods: 10, connections: 100)
    let rules = judged(change(.ipvs(), .leastConnection, facts)).map(\.rule)
    #expect(rules.contains("SCH-02") && rules.contains("SCH-03"))
  }

  @Test("With one node it fires, although SCH-02 does not")
  func oneNode() {
    #expect(finding(NewPodsGetBurst.self, in: change(.ipvs(), .leastConnection, [.nodeCount: .count(1)])) != nil)
  }

  @Test("It is silent without pods, with few connections, for the same scheduler, another one, and creation")
  func silent() {
    let facts = Self.facts(pods: 10, connections: 5000)
    for few in [
      Self.facts(pods: 0), Self.facts(connections: 0), Self.facts(connections: 1),
      Self.facts(pods: 10, connections: 10),
    ] {
      #expect(NewPodsGetBurst.evaluate(change(.ipvs(), .leastConnection, few)) == nil)
    }
    #expect(NewPodsGetBurst.evaluate(change(.leastConnection, .ipvs(.leastConnection, [.tcp: 60]), facts)) == nil)
    #expect(NewPodsGetBurst.evaluate(change(.leastConnection, .ipvs(), facts)) == nil)
    #expect(NewPodsGetBurst.evaluate(change(.iptables, .ipvs(), facts)) == nil)
    #expect(NewPodsGetBurst.evaluate(change(nil, .leastConnection, facts)) == nil)
  }
}
