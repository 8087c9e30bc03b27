// Tests of MODE-07: large clusters in NFTABLES.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("MODE-07: the first sync in NFTABLES may take minutes")
struct SlowFirstSyncTests {
  static func facts(services: Int?, pods: Int? = nil) -> Facts {
    var facts: Facts = [:]
    facts[.serviceCount] = services.map { .count($0) }
    facts[.podsPerService] = pods.map { .count($0) }
    return facts
  }

  @Test(
    "With many Services or many endpoints it is high, and may happen",
    arguments: [(5_000, nil), (44_125, 2), (2_000, 50), (30, 4_000), (nil, 100_000)] as [(Int?, Int?)])
  func fires(services: Int?, pods: Int?) {
    for before in [KubeProxyConfig.iptables, .ipvs()] {
      let finding = finding(
        SlowFirstSync.self, in: change(before, .nftables, Self.facts(services: services, pods: pods)))
      #expect(finding?.severity == .high)
      #expect(finding?.certainty == .may)
    }
  }

  @Test("It has the cluster's numbers, and does not fold MODE-01, whose gap it may lengthen")
  func numbers() {
    let move = change(.iptables, .nftables, Self.facts(services: 5_006, pods: 50))
    #expect(SlowFirstSync.evaluate(move)?.detail.contains("5006 Services, with up to 250300 endpoints") == true)
    #expect(finding(BriefInterruption.self, in: move) != nil)
  }

  @Test("After a time without kube-proxy it fires unless NFTABLES ran last")
  func enabling() {
    let facts = Self.facts(services: 6_000)
    #expect(SlowFirstSync.evaluate(change(.disabled, .nftables, facts))?.detail.contains("an earlier run") == true)
    #expect(SlowFirstSync.evaluate(change(.disabled, .nftables, facts, lastMode: .ipvs)) != nil)
    #expect(SlowFirstSync.evaluate(change(.disabled, .nftables, facts, lastMode: .nftables)) == nil)
  }

  @Test("It is silent for small clusters, no Services, other moves, versions without nftables, and creation")
  func silent() {
    for facts in [
      Self.facts(services: 4_999, pods: 20), Self.facts(services: 0), Self.facts(services: 999),
      Self.facts(services: 0, pods: 1_000_000),
    ] {
      #expect(SlowFirstSync.evaluate(change(.iptables, .nftables, facts)) == nil)
    }
    let many = Self.facts(services: 9_000)
    #expect(SlowFirstSync.evaluate(change(.nftables, .iptables, many)) == nil)
    #expect(SlowFirstSync.evaluate(change(.iptables, .ipvs(), many)) == nil)
    #expect(SlowFirstSync.evaluate(change(.nftables, .nftables, many)) == nil)
    #expect(SlowFirstSync.evaluate(change(nil, .nftables, many)) == nil)
    let old = many.merging([.kubernetesVersion: .version(1, 32)]) { $1 }
    #expect(SlowFirstSync.evaluate(change(.iptables, .nftables, old)) == nil)
  }

  @Test("It names the missing fact: the Services, or the pods if the Services are enough for the rule")
  func unknown() {
    let bare = finding(SlowFirstSync.self, in: change(.iptables, .nftables))
    #expect(bare?.severity == .low)
    #expect(bare?.missingFact == .serviceCount)
    #expect(
      SlowFirstSync.evaluate(change(.iptables, .nftables, Self.facts(services: nil, pods: 3)))?.certainty == .unknown)
    let some = SlowFirstSync.evaluate(change(.iptables, .nftables, Self.facts(services: 1_000)))
    #expect(some?.missingFact == .podsPerService)
  }

  @Test("Its steps count the rules before, and wait for the first sync of a large cluster after")
  func steps() {
    let move = change(.iptables, .nftables, Self.facts(services: 6_000))
    #expect(words(SlowFirstSync.self, move, .before).contains("endpointslices"))
    #expect(words(SlowFirstSync.self, move, .after).contains("sync_proxy_rules_last_timestamp_seconds"))
    #expect(words(SlowFirstSync.self, change(.iptables, .nftables), .after) == "")
  }
}
