// The disruption window, compared with published start times of kube-proxy.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("The disruption window")
struct DisruptionWindowTests {
  static func facts(services: Int, pods: Int, nodes: Int) -> Facts {
    [.serviceCount: .count(services), .podsPerService: .count(pods), .nodeCount: .count(nodes)]
  }

  private func estimate(
    _ before: KubeProxyConfig?, _ after: KubeProxyConfig, _ facts: Facts, lastMode: ProxyMode? = nil
  ) -> DisruptionEstimate? {
    DisruptionWindow.estimate(for: change(before, after, facts, lastMode: lastMode))
  }

  @Test("Each published start time is within the estimated range for its size")
  func recorded() {
    func contains(_ range: SecondsRange, _ seconds: Int) -> Bool { (range.from...range.to).contains(seconds) }
    // A small cluster.
    #expect(contains(DisruptionWindow.perNode(.nftables, services: 20, endpoints: 60), 3))
    #expect(contains(DisruptionWindow.perNode(.iptables, services: 20, endpoints: 60), 3))
    // 13m15s, and 16m43s with however few endpoints.
    #expect(contains(DisruptionWindow.perNode(.nftables, services: 5006, endpoints: 250_011), 795))
    #expect(contains(DisruptionWindow.perNode(.nftables, services: 44_125, endpoints: 0), 1003))
    // 696,000 lines took iptables-restore 12.8 s.
    #expect(contains(DisruptionWindow.perNode(.iptables, services: 100_000, endpoints: 99_000), 13))
  }

  @Test("The range is in whole seconds, and the rollout sums the nodes one at a time")
  func rollout() throws {
    let move = try #require(estimate(.iptables, .nftables, Self.facts(services: 1000, pods: 5, nodes: 24)))
    #expect(move.perNode == SecondsRange(from: 1, to: 42))
    #expect(move.rollout == SecondsRange(from: 24 * 2, to: 24 * (32 + 42)))
    #expect(move.nodes == 24 && move.missing == [])
  }

  @Test(
    "Only a move into or out of NFTABLES has a window",
    arguments: [KubeProxyConfig.iptables, .nftables, .leastConnection])
  func acrossNFTables(before: KubeProxyConfig) {
    let facts = Self.facts(services: 100, pods: 3, nodes: 3)
    for after in [KubeProxyConfig.iptables, .nftables, .leastConnection] {
      let crosses = (before.mode == .nftables) != (after.mode == .nftables)
      #expect((estimate(before, after, facts) != nil) == crosses)
    }
    #expect(estimate(before, .disabled, facts) == nil)
    #expect(estimate(nil, before, facts) == nil)
  }

  @Test("Enabling kube-proxy has a window too, since it removes the last mode's rules")
  func enabling() throws {
    let facts = Self.facts(services: 100, pods: 3, nodes: 3)
    let move = try #require(estimate(.disabled, .nftables, facts, lastMode: .iptables))
    #expect(move.perNode != nil)
    #expect(move.basis.limits.contains("while kube-proxy was disabled"))
    #expect(estimate(.disabled, .iptables, facts, lastMode: .iptables) == nil)
    #expect(estimate(.disabled, .nftables, facts) == nil)
  }

  @Test("A missing fact is named, and what depends on it is left out")
  func missing() throws {
    let nothing = try #require(estimate(.iptables, .nftables, [:]))
    #expect(nothing.perNode == nil && nothing.rollout == nil)
    #expect(nothing.missing == [.serviceCount, .podsPerService, .nodeCount])
    let noPods = try #require(estimate(.iptables, .nftables, [.serviceCount: .count(9), .nodeCount: .count(2)]))
    #expect(noPods.missing == [.podsPerService] && noPods.nodes == 2)
    let facts = Self.facts(services: 9, pods: 2, nodes: 1).filter { $0.key != .nodeCount }
    let noNodes = try #require(estimate(.iptables, .nftables, facts))
    #expect(noNodes.perNode != nil && noNodes.rollout == nil && noNodes.missing == [.nodeCount])
  }

  @Test("For a move into IPVS there is no range, since no start times are published")
  func ipvs() throws {
    for facts in [[:], Self.facts(services: 100, pods: 3, nodes: 3)] {
      let move = try #require(estimate(.nftables, .ipvs(), facts))
      #expect(move.perNode == nil && move.rollout == nil && move.missing == [])
      #expect(move.basis.limits.contains("No measurement"))
    }
  }

  @Test("A cluster far larger than the published ones has no range, and the largest one with a range does not overflow")
  func absurd() throws {
    let largest = Int(Int32.max)
    for (services, pods) in [(largest, largest), (largest, 0), (1, largest)] {
      let move = try #require(
        estimate(.iptables, .nftables, Self.facts(services: services, pods: pods, nodes: largest)))
      #expect(move.perNode == nil && move.missing == [])
      #expect(move.basis.limits.contains("more than ten times as large"))
    }
    for after in [KubeProxyConfig.nftables, .iptables] {
      let before: KubeProxyConfig = after == .nftables ? .ipvs() : .nftables
      let facts = Self.facts(services: DisruptionWindow.mostServices, pods: 5, nodes: largest)
      let move = try #require(estimate(before, after, facts))
      #expect((move.rollout?.to ?? 0) > largest)
    }
  }

  @Test("Without nodes there is no rollout, and the limits mention Windows nodes")
  func nodes() throws {
    let none = try #require(estimate(.iptables, .nftables, Self.facts(services: 9, pods: 2, nodes: 0)))
    #expect(none.rollout == nil && none.missing == [])
    let facts = Self.facts(services: 9, pods: 2, nodes: 4).merging([.windowsNodes: .bool(true)]) { $1 }
    #expect(try #require(estimate(.iptables, .nftables, facts)).basis.limits.contains("those of Windows"))
  }
}
