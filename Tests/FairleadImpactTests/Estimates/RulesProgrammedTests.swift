// The numbers of kernel objects, compared with upstream's tests.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("The rules that are programmed")
struct RulesProgrammedTests {
  static func facts(services: Int, pods: Int) -> Facts {
    [.serviceCount: .count(services), .podsPerService: .count(pods)]
  }

  private func counts(
    _ mode: ProxyMode, _ services: Int, _ pods: Int, version: DottedVersion? = nil
  ) throws -> [String: Int] {
    let objects = try #require(RulesProgrammed.objects(mode, services: services, pods: pods, version: version))
    return Dictionary(uniqueKeysWithValues: objects.map { ($0.name, $0.count) })
  }

  @Test(
    "IPTABLES has the numbers of upstream's number_generated_rules_test.go",
    arguments: [(1, 1, 10), (1, 2, 13), (1, 10, 37), (10, 1, 55), (10, 2, 85), (10, 10, 325)])
  func golden(services: Int, pods: Int, nat: Int) throws {
    #expect(try counts(.iptables, services, pods) == ["nat rules": nat, "filter rules": 3])
  }

  @Test(
    "Large clusters follow the same formula",
    arguments: [(1000, 5, 17_005), (5000, 5, 85_005), (10_000, 10, 320_005), (30_000, 2, 240_005)])
  func large(services: Int, pods: Int, nat: Int) throws {
    #expect(try counts(.iptables, services, pods)["nat rules"] == nat)
  }

  @Test("Without pods each Service is one rule that rejects, as upstream counts it", arguments: [0, 1, 10])
  func noPods(services: Int) throws {
    #expect(try counts(.iptables, services, 0) == ["nat rules": 5, "filter rules": 3 + services])
  }

  @Test("IPVS has a virtual server for each Service and a real server for each pod behind it")
  func ipvs() throws {
    #expect(
      try counts(.ipvs, 100, 7) == [
        "virtual servers": 100, "real servers": 700, "addresses on kube-ipvs0": 100, "KUBE-CLUSTER-IP entries": 100,
      ])
    #expect(try counts(.ipvs, 100, 0)["real servers"] == 0)
  }

  @Test("NFTABLES has an element and a chain for each Service, and a chain for each pod before 1.36")
  func nftables() throws {
    let plain = ["map elements": 100, "set elements": 100, "service chains": 100]
    #expect(try counts(.nftables, 100, 7) == plain)
    #expect(try counts(.nftables, 100, 7, version: DottedVersion(1, 36)) == plain)
    let old = try counts(.nftables, 100, 7, version: DottedVersion(1, 35))
    #expect(old["endpoint chains"] == 700)
    #expect(try counts(.nftables, 100, 0)["service chains"] == 0)
  }

  @Test("A change of mode is estimated before and after, a creation only after, and disabling only what stays")
  func sides() throws {
    let facts = Self.facts(services: 1000, pods: 5)
    let both = try #require(RulesProgrammed.estimate(for: change(.iptables, .nftables, facts)))
    #expect(both.services == 1000 && both.endpoints == 5)
    #expect(both.before?.mode == .iptables && both.after?.mode == .nftables)
    let created = try #require(RulesProgrammed.estimate(for: change(nil, .ipvs(), facts)))
    #expect(created.before == nil && created.after?.mode == .ipvs)
    let disabled = try #require(RulesProgrammed.estimate(for: change(.ipvs(), .disabled, facts)))
    #expect(disabled.before?.mode == .ipvs && disabled.after == nil)
    let enabled = try #require(RulesProgrammed.estimate(for: change(.disabled, .iptables, facts, lastMode: .ipvs)))
    #expect(enabled.before == nil && enabled.after?.mode == .iptables)
  }

  @Test("Where the mode stays or a fact is missing there is no estimate")
  func none() {
    let facts = Self.facts(services: 1000, pods: 5)
    #expect(RulesProgrammed.estimate(for: change(.ipvs(), .leastConnection, facts)) == nil)
    #expect(RulesProgrammed.estimate(for: change(nil, .disabled, facts)) == nil)
    for missing in [FactKey.serviceCount, .podsPerService] {
      let rest = facts.filter { $0.key != missing }
      #expect(RulesProgrammed.estimate(for: change(.iptables, .nftables, rest)) == nil)
    }
  }

  @Test("The limits say which Services are counted, and the sources are those of the two modes")
  func basis() throws {
    let facts = Self.facts(services: 10, pods: 2)
    let basis = try #require(RulesProgrammed.estimate(for: change(.iptables, .nftables, facts))).basis
    #expect(basis.source.contains("number_generated_rules_test.go") && basis.source.contains("pkg/proxy/nftables"))
    #expect(!basis.source.contains("pkg/proxy/ipvs"))
    #expect(basis.limits.contains("as many pods as the one that matters most"))
    #expect(basis.limits.contains("Before Kubernetes 1.36"))
    let known = facts.merging([.kubernetesVersion: .version(1, 36)]) { $1 }
    let told = try #require(RulesProgrammed.estimate(for: change(.iptables, .nftables, known)))
    #expect(!told.basis.limits.contains("1.36"))
  }

  @Test("A count that does not fit 64 bits is left out, and the largest that does is exact")
  func overflow() throws {
    let largest = Int(Int32.max)
    #expect(RulesProgrammed.objects(.iptables, services: largest, pods: largest) == nil)
    #expect(
      RulesProgrammed.estimate(for: change(.nftables, .iptables, Self.facts(services: largest, pods: largest))) == nil)
    #expect(try counts(.ipvs, largest, largest)["real servers"] == largest * largest)
    #expect(try counts(.iptables, largest, 1)["nat rules"] == 5 * largest + 5)
  }
}
