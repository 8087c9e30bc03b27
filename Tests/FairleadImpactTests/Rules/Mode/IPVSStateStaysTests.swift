// Tests of MODE-03: from IPVS to IPTABLES.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("MODE-03: IPVS state stays after a move to IPTABLES")
struct IPVSStateStaysTests {
  @Test("From IPVS to IPTABLES, by name or by default, it is critical and folds MODE-01")
  func fires() {
    for after in [KubeProxyConfig.iptables, .empty] {
      let finding = finding(IPVSStateStays.self, in: change(.ipvs(), after, [.serviceCount: .count(30)]))
      #expect(finding?.severity == .critical)
      #expect(finding?.certainty == .will)
      #expect(finding?.folds == ["MODE-01"])
      #expect(finding?.detail.contains("the IPs of 30 Services") == true)
    }
  }

  @Test("It is the caveat of a rollback from IPVS")
  func wayBack() throws {
    let back = try #require(change(.iptables, .ipvs()).reversed)
    #expect(caveats(of: back) == ["MODE-03"])
  }

  @Test("It is silent for every other move, and for creation")
  func silent() {
    #expect(IPVSStateStays.evaluate(change(.ipvs(), .nftables)) == nil)
    #expect(IPVSStateStays.evaluate(change(.ipvs(), .disabled)) == nil)
    #expect(IPVSStateStays.evaluate(change(.nftables, .iptables)) == nil)
    #expect(IPVSStateStays.evaluate(change(nil, .iptables)) == nil)
  }

  @Test("Enabling kube-proxy in IPTABLES after IPVS ran last fires it beside ENB-02")
  func enabling() {
    let move = change(.disabled, .iptables, lastMode: .ipvs)
    #expect(finding(IPVSStateStays.self, in: move)?.certainty == .may)
    #expect(finding(TwoServiceProxies.self, in: move) != nil)
  }

  @Test("No fact decides it")
  func noFact() {
    #expect(verdicts(IPVSStateStays.self, .ipvs(), .empty) == ["critical will"])
    #expect(verdicts(IPVSStateStays.self, .iptables, .empty) == ["silent"])
  }

  @Test("Its step reboots each node afterwards, and does not propose the cleanup that fails")
  func steps() {
    let text = words(IPVSStateStays.self, change(.ipvs(), .iptables), .after)
    #expect(text.contains("az vmss restart"))
    #expect(text.contains("kube-ipvs0"))
    #expect(!text.contains("--cleanup"))
  }
}
