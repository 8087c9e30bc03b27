// Tests of RST-02: a restart over an IPVS table in use.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("RST-02: pods can be left at weight 0 when kube-proxy restarts in IPVS")
struct PodsLeftAtWeightZeroTests {
  static let old: Facts = [.kubernetesVersion: .version(1, 25)]

  @Test("Before 1.26 it fires for every restart within IPVS, and may happen")
  func fires() {
    for move in [
      change(.ipvs(), .leastConnection, Self.old), change(.ipvs(), .ipvs(nil, [.udp: 60]), Self.old),
      change(.disabled, .ipvs(), Self.old, lastMode: .ipvs),
    ] {
      let finding = finding(PodsLeftAtWeightZero.self, in: move)
      #expect(finding?.severity == .medium)
      #expect(finding?.certainty == .may)
    }
  }

  @Test("It is silent from 1.26 on, where the first sync sets every weight again")
  func fixed() {
    for version in [(1, 26), (1, 36), (9, 99)] {
      let facts: Facts = [.kubernetesVersion: .version(version.0, version.1)]
      #expect(PodsLeftAtWeightZero.evaluate(change(.ipvs(), .leastConnection, facts)) == nil)
    }
  }

  @Test("With the version unknown it names the fact")
  func unknown() {
    let finding = finding(PodsLeftAtWeightZero.self, in: change(.ipvs(), .leastConnection))
    #expect(finding?.certainty == .unknown)
    #expect(finding?.severity == .low)
    #expect(finding?.missingFact == .kubernetesVersion)
  }

  @Test("Its steps hold rollouts back before, and check the weights after")
  func steps() {
    #expect(PodsLeftAtWeightZero.steps(for: change(.ipvs(), .leastConnection)).map(\.phase) == [.before, .after])
  }

  @Test("It is silent for a move into IPVS or out of it, the same configuration, and creation")
  func silent() {
    #expect(PodsLeftAtWeightZero.evaluate(change(.iptables, .ipvs(), Self.old)) == nil)
    #expect(PodsLeftAtWeightZero.evaluate(change(.ipvs(), .nftables, Self.old)) == nil)
    #expect(PodsLeftAtWeightZero.evaluate(change(.ipvs(), .ipvs(.roundRobin), Self.old)) == nil)
    #expect(PodsLeftAtWeightZero.evaluate(change(nil, .ipvs(), Self.old)) == nil)
  }
}
