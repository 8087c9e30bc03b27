// Tests of LIFE-02: a mode that nobody has set.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("LIFE-02: an unset mode is to become NFTABLES")
struct UnsetModeBecomesNFTablesTests {
  @Test(
    "The severity follows the version",
    arguments: [
      (1, 7, .low), (1, 34, .low), (1, 36, .low), (1, 37, .medium), (1, 39, .medium), (1, 40, .medium),
      (9, 99, .medium),
    ] as [(Int, Int, Severity)])
  func severity(major: Int, minor: Int, expected: Severity) {
    let facts: Facts = [.kubernetesVersion: .version(major, minor)]
    let finding = finding(UnsetModeBecomesNFTables.self, in: change(.ipvs(), .empty, facts))
    #expect(finding?.severity == expected)
    #expect(finding?.certainty == .may)
  }

  @Test("It distinguishes an upgrade that would change the mode from a version that may have changed it")
  func upgrade() {
    let ahead = UnsetModeBecomesNFTables.evaluate(
      change(nil, .empty, [.kubernetesVersion: .version(1, 38), .nodeCount: .count(3)]))
    #expect(ahead?.detail.contains("the upgrade would change the mode of each of the 3 nodes") == true)
    let past = UnsetModeBecomesNFTables.evaluate(change(nil, .empty, [.kubernetesVersion: .version(1, 41)]))
    #expect(past?.detail.contains("may run NFTABLES") == true)
  }

  @Test("It is a state rule: it fires on creation, and where kube-proxy is enabled without a mode")
  func state() {
    #expect(finding(UnsetModeBecomesNFTables.self, in: change(nil, .empty)) != nil)
    #expect(finding(UnsetModeBecomesNFTables.self, in: change(.disabled, KubeProxyConfig(enabled: true))) != nil)
  }

  @Test("It is silent for a mode that is set, a disabled kube-proxy, and a document without a mode before and after")
  func silent() {
    #expect(UnsetModeBecomesNFTables.evaluate(change(nil, .iptables)) == nil)
    #expect(UnsetModeBecomesNFTables.evaluate(change(.ipvs(), .nftables)) == nil)
    #expect(UnsetModeBecomesNFTables.evaluate(change(.iptables, .disabled)) == nil)
    #expect(UnsetModeBecomesNFTables.evaluate(change(.empty, KubeProxyConfig(enabled: true))) == nil)
  }

  @Test("It is silent on the Cilium dataplane, where no kube-proxy runs")
  func cilium() {
    #expect(UnsetModeBecomesNFTables.evaluate(change(nil, .empty, [.networkDataplane: .word("cilium")])) == nil)
    #expect(UnsetModeBecomesNFTables.evaluate(change(nil, .empty, [.networkDataplane: .word("azure")])) != nil)
  }

  @Test("With the version unknown it says so")
  func unknown() {
    let finding = finding(UnsetModeBecomesNFTables.self, in: change(nil, .empty))
    #expect(finding?.severity == .low)
    #expect(finding?.certainty == .unknown)
    #expect(finding?.missingFact == .kubernetesVersion)
  }
}
